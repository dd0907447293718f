"""Lines of an answer written at once, codes of colours included, as rich would print what `layout.py` lays out.

Only of texts that plainly take as many cells as they have characters; whoever draws the others lets rich measure them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import COLOR_SYSTEMS

from okr.patterns import pattern
from okr.views.layout import GAP, NARROWEST_LEFT, SEPARATOR
from okr.views.piped import folded, is_narrow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

Cells = list[tuple[int, str]]
"""Lines, each with its width and as it is written."""

# The blanks that part figures and units are one cell wide as well, and words that are never folded may have them.
_NARROW_WORDS = pattern("[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2026\u202f\u20ac\u2192\u2212]*[^\\s]")


class NotNarrowError(Exception):
    """A text may take more or fewer cells than it has characters, or there is not enough room beside it."""


class Painter:
    """Writes texts in styles, and lays them out, for one console.

    Attributes:
        width: of the console.
    """

    def __init__(self, console: Console) -> None:
        """Works out no style yet."""
        self.width = console.width
        self._console = console
        system = console.color_system
        self._system = None if system is None else COLOR_SYSTEMS[system]
        self._codes: dict[str, tuple[str, str]] = {"": ("", "")}

    def paint(self, text: str, style: str) -> str:
        """A text in a style, or in several of which each changes the one before (`bold|dim not bold`)."""
        if self._system is None or not text:
            return text
        codes = self._codes.get(style)
        if codes is None:
            whole = self._console.get_style("none")
            for each in style.split("|"):
                whole += self._console.get_style(each)
            begins, _, ends = whole.render("\0", color_system=self._system).partition("\0")
            codes = self._codes[style] = begins, ends
        return f"{codes[0]}{text}{codes[1]}"

    def paint_all(self, pieces: Iterable[tuple[str, str]]) -> str:
        """Texts, each with its style, one behind the other."""
        return "".join([self.paint(text, style) for text, style in pieces])

    def folded(self, text: str, style: str, room: int, note: str = "", note_style: str = "") -> Cells:
        """A text with a note behind it, in lines of at most so many cells.

        Args:
            text: its words parted by one blank each.
            style: the text's.
            room: cells.
            note: what stands behind it, with the blanks before it.
            note_style: the note's.

        Raises:
            NotNarrowError: nobody knows without measuring how wide it is.
        """
        if not text and not note:
            return [(0, "")]
        if not is_narrow(text):
            raise NotNarrowError
        size = len(text) + len(note)
        if size <= room:
            return [(size, self.paint(text, style) + self.paint(note, note_style))]
        whole = text + note
        found: Cells = []
        at = 0
        for line in folded(whole, room):
            at = whole.index(line, at)
            ours = line[: max(len(text) - at, 0)]
            found.append((len(line), self.paint(ours, style) + self.paint(line[len(ours) :], note_style)))
            at += len(line)
        return found

    def beside(
        self,
        left: Cells,
        right: tuple[int, str],
        margin: str,
        ahead: int | None = None,
        rest: str | None = None,
    ) -> list[str]:
        """As `layout.beside`, where there is room for both.

        Args:
            left: what `folded` makes of it for the `room_beside` the right.
            right: how many cells it takes, and what is written of it.
            margin: what the first line begins with.
            ahead: how many cells that takes; as many as it has characters if left out.
            rest: what the other lines begin with; the same if left out.
        """
        (size, first), *others = left
        gap = " " * (self.width - (len(margin) if ahead is None else ahead) - size - right[0])
        tail = margin if rest is None else rest
        return [f"{margin}{first}{gap}{right[1]}", *[tail + line for _, line in others]]

    def room_beside(self, right: int, margin: str) -> int:
        """The cells that are left for a text.

        Raises:
            NotNarrowError: too few: the two can't stand on one line.
        """
        room = self.width - len(margin) - right - 2
        if room < NARROWEST_LEFT:
            raise NotNarrowError
        return room

    def packed(self, words: Iterable[str], style: str, margin: str, ahead: int | None = None) -> list[str]:
        """As `layout.packed` joins parts of one style, as many on a line as fit.

        Args:
            words: the parts.
            style: theirs.
            margin: what each line begins with.
            ahead: how many cells that takes; as many as it has characters if left out.

        Raises:
            NotNarrowError: one of them must be folded, or measured.
        """
        room = self.width - (len(margin) if ahead is None else ahead)
        begins, ends = self.paint("\0", style).split("\0")
        between = ends + self.paint(SEPARATOR, "dim") + begins
        lines: list[str] = []
        line, used = "", 0
        for word in words:
            size = len(word)
            if size > room or not ((word.isascii() and word[-1:] > " ") or _NARROW_WORDS.fullmatch(word)):
                raise NotNarrowError
            if used and used + len(SEPARATOR) + size > room:
                lines.append(f"{margin}{begins}{line}{ends}")
                line, used = word, size
            elif used:
                line += between + word
                used += len(SEPARATOR) + size
            else:
                line, used = word, size
        if used:
            lines.append(f"{margin}{begins}{line}{ends}")
        return lines

    def columns(self, stacks: list[Cells], widths: Iterable[int], margin: str) -> list[str]:
        """As `layout.columns` lays out a table's row, but that nothing is written behind the last cell of a line."""
        sizes = list(widths)
        lines = []
        for number in range(max(map(len, stacks))):
            line, missing = margin, 0
            for stack, width in zip(stacks, sizes, strict=True):
                size, said = stack[number] if number < len(stack) else (0, "")
                if said:
                    line += " " * missing + said
                    missing = 0
                missing += width - size + len(GAP)
            lines.append(line)
        return lines
