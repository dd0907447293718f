"""Comments that silence a rule at one place: where they stand in a file, what they name, and which places they hold for.

The parser's events have no comments, so that they are read from the lines; the located data tell which `#` stands
inside a text. No rules here; what the comments come to is for `suppression.py`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.diagnostics import Place
from okr.documents import LocatedList, LocatedMapping
from okr.patterns import LINE_BREAK, pattern

if TYPE_CHECKING:
    import re

    from okr.documents import Document

MOST_SUPPRESSIONS = 300
"""Read in one file; each is held against each finding there."""

_HINT = "okr:"
_HASH = pattern(r"(?:(?<=[ \t])|^)#")
_MARK = pattern(r"#[ \t]*okr:[ \t]*(?P<word>[\w-]+)(?P<rest>.*)")
_WORDS = {"ignore": False, "ignore-file": True}
_REST = pattern(r"[ \t]*\[(?P<names>[^\]]*)\](?P<reason>.*)")
_NAME = pattern(r"[^,\s]+")
_SAYS_SOMETHING = pattern(r"\w")


@dataclass(frozen=True, slots=True)
class Named:
    """A rule, or a family of them, as a comment names it."""

    selector: str
    place: Place


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that is to silence rules.

    Attributes:
        path: the file.
        place: the comment.
        named: the rules that it names.
        reason: why, in its own words; empty where it gives none.
        lines: the first and last line that findings may begin on.
        points: the places that findings may begin at besides: of what is written below a key at whose line's end the
            comment stands.
        whole_file: whether it is to hold for the whole file.
        fault: why it can't be read; then it silences nothing.
    """

    path: str
    place: Place
    named: tuple[Named, ...] = ()
    reason: str = ""
    lines: tuple[int, int] = (0, 0)
    points: frozenset[tuple[int, int]] = frozenset()
    whole_file: bool = False
    fault: str | None = None

    def covers(self, place: Place) -> bool:
        """Whether it holds for a finding at a place of its file."""
        if self.fault is not None:
            return False
        first, last = self.lines
        at_end = first <= self.place.line == place.end_line
        return self.whole_file or first <= place.line <= last or at_end or place[:2] in self.points


def suppressions(document: Document) -> tuple[Suppression, ...]:
    """The comments of a file that are to silence rules, from top to bottom; those that can't be read included."""
    if _HINT not in document.text or (document.root is None and not document.readable):
        return ()
    lines = LINE_BREAK.split(document.text)
    layout = _Layout(document.root, lines)
    found: list[Suppression] = []
    for number, line in enumerate(lines, start=1):
        start = layout.comment_in(number, line) if _HINT in line else None
        matched = None if start is None else _MARK.search(line, start)
        if matched is not None:
            suppression = _read(document, layout, number, matched)
            found += [] if suppression is None else [suppression]
            if len(found) > MOST_SUPPRESSIONS:
                many = f"this file has more than {MOST_SUPPRESSIONS:,} of these, and no more are read"
                found[-1] = Suppression(document.path, found[-1].place, fault=many)
                break
    return tuple(found)


def _read(document: Document, layout: _Layout, number: int, matched: re.Match[str]) -> Suppression | None:
    word, path = matched["word"], document.path
    place = Place(number, matched.start() + 1, number, len(matched.string.rstrip()) + 1)
    if word not in _WORDS:
        from difflib import get_close_matches

        near = get_close_matches(word, _WORDS, n=1, cutoff=0.75)
        message = f"“okr: {word}” means nothing: write {near[0]}" if near else ""
        return Suppression(path, place, fault=message) if near else None
    rest = _REST.fullmatch(matched["rest"])
    offset = matched.start("rest") + 1
    named = () if rest is None else tuple(
        Named(name[0], Place(number, offset + name.start(), number, offset + name.end()))
        for name in _NAME.finditer(matched["rest"], rest.start("names"), rest.end("names"))
    )  # fmt: skip
    if rest is None or not named:
        return Suppression(
            path, place, fault=f"this comment does not say in brackets which rules it is to {word}"
        )
    reason = rest["reason"].strip() if _SAYS_SOMETHING.search(rest["reason"]) else ""
    alone = not matched.string[: matched.start()].strip()
    if _WORDS[word]:
        below = not alone or number > layout.first_line
        fault: str | None = (
            "this comment is to hold for the whole file, but stands below its first line" if below else None
        )
        return Suppression(path, place, named, reason, whole_file=True, fault=fault)
    if not alone:
        held = (layout.text_began(number), number)
        return Suppression(path, place, named, reason, held, layout.opened_on(number))
    lines = layout.what_follows(number)
    fault = None if lines else "nothing follows this comment that it could hold for"
    return Suppression(path, place, named, reason, lines or (0, 0), fault=fault)


class _Layout:
    """Where in a file texts stand, and where items and keys begin and end."""

    def __init__(self, root: object, lines: list[str]) -> None:
        self._lines = lines
        self._texts: dict[int, list[tuple[float, float]]] = {}
        self._ends: dict[int, int] = {}
        self._opened: dict[int, set[tuple[int, int]]] = {}
        self._began: dict[int, int] = {}
        self._walk(root)
        self._starts = sorted(self._ends)

    @property
    def first_line(self) -> float:
        """The first line that says something."""
        return self._starts[0] if self._starts else math.inf

    def comment_in(self, number: int, line: str) -> int | None:
        """Where in a line its comment begins, from 0; None where it has none."""
        texts = self._texts.get(number, ())
        for found in _HASH.finditer(line):
            if not any(start <= found.start() + 1 < end for start, end in texts):
                return found.start()
        return None

    def text_began(self, number: int) -> int:
        """The line on which a text begins that ends on a line; that line itself where no text goes over several."""
        return self._began.get(number, number)

    def opened_on(self, number: int) -> frozenset[tuple[int, int]]:
        """Where the values begin, further down, of the keys on a line."""
        return frozenset(self._opened.get(number, ()))

    def what_follows(self, number: int) -> tuple[int, int] | None:
        """The first and last line of the item or key that begins next below a line; of several, the outermost."""
        position = bisect_right(self._starts, number)
        if position == len(self._starts):
            return None
        start = self._starts[position]
        return start, self._ends[start]

    def _walk(self, value: object) -> None:
        if isinstance(value, LocatedMapping):
            for name, key in value.keys_at.items():
                place = value.values_at[name]
                self._add_text(key)
                self._add_node(key.line, place)
                if place.line > key.line:
                    self._opened.setdefault(key.line, set()).add(place[:2])
                self._add_value(value.get(name), place)
        elif isinstance(value, LocatedList):
            for item, place in zip(value, value.items_at, strict=True):
                self._add_node(place.line, place)
                self._add_value(item, place)

    def _add_node(self, start: int, place: Place) -> None:
        ends_before = place.end_column == 1 and place.end_line > place.line
        self._ends[start] = max(self._ends.get(start, 0), place.end_line - ends_before)

    def _add_value(self, value: object, place: Place) -> None:
        if isinstance(value, (LocatedMapping, LocatedList)):
            self._walk(value)
        else:
            self._add_text(place)

    def _add_text(self, place: Place) -> None:
        """Notes where a text stands; the line on which a block of text is opened, `title: >`, may bear a comment."""
        is_block = place.end_line > place.line and self._lines[place.line - 1][
            place.column - 1 : place.column
        ] in {"|", ">"}
        if place.end_line > place.line and not is_block:
            self._began[place.end_line] = place.line
        for line in range(place.line + is_block, place.end_line + 1):
            start = place.column if line == place.line else 0
            end = place.end_column if line == place.end_line else math.inf
            self._texts.setdefault(line, []).append((start, end))
