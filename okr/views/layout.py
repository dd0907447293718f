"""Laying out lines that fit: text folded on the left, figures aligned on the right. Widths are in terminal cells."""

from __future__ import annotations

from itertools import groupby, islice, zip_longest
from typing import TYPE_CHECKING, cast

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment, Segments
from rich.text import Span, Text

from okr.views.plain import PlainConsole, plain_lines

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from rich.console import Console

NARROWEST_LEFT = 16
NARROWEST_COLUMN = 3
SEPARATOR = " · "
_AT_ONCE = 5_000
"""Lines that are made before they are printed: of very many, few are in memory, and the first are soon there."""
GAP = "  "
_BREAKS = frozenset("\n\t")
_TAB = 8
_NO_BREAKS = {0xA0: "\ue0a0", 0x202F: "\ue0af"}
_STAND_INS = {ord(stand_in): chr(blank) for blank, stand_in in _NO_BREAKS.items()}
"""Of private use, and one cell wide, as the blanks are."""


def folded(console: Console, text: Text, width: int) -> list[Text]:
    """A text in lines of at most a width, broken at blanks where that is possible."""
    if _cells(text.plain) <= width and not _BREAKS.intersection(text.plain):
        line = text.copy()  # as it would come out of all that follows
        line.rstrip()
        return [line]
    lines = wrapped(console, text, width)
    for line in lines:
        line.rstrip()
    return lines or [Text()]


def wrapped(console: Console, text: Text, width: int) -> list[Text]:
    """The same, with the blanks at the ends of lines; `14 000` in French stays whole, as its blank asks for.

    Rich breaks at every blank, those that say no among them: they are something else while it does so.
    """
    plain = text.plain
    if (
        plain.isascii()
        or not _NO_BREAKS.keys() & {*map(ord, plain)}
        or _STAND_INS.keys() & {*map(ord, plain)}
    ):
        return list(text.wrap(console, max(width, 1)))
    text = text.copy()
    text.plain = plain.translate(_NO_BREAKS)
    lines = list(text.wrap(console, max(width, 1)))
    for line in lines:
        line.plain = line.plain.translate(_STAND_INS)
    return lines


def label_within(label: str, width: int) -> str:
    """A label of at most a width, cut in the name before its figure: a figure with a digit less is another one."""
    if cell_len(label) <= width:
        return label
    name, _, figure = label.rpartition(" ")
    room = width - cell_len(figure) - 2
    if name and room > 0:
        return f"{set_cell_size(name, room).rstrip()}… {figure}"
    return figure if cell_len(figure) <= width else f"{set_cell_size(figure, max(0, width - 1))}…"


def beside(
    console: Console, left: Text, right: Text, *, first: str | Text = "", rest: str | Text | None = None
) -> Iterator[Text]:
    """Lines with a text on the left, folded, and figures at the right end of the first.

    Args:
        console: its width is the lines' width.
        left: what is folded.
        right: what is not; it moves to a line of its own where too little would be left for the text.
        first: what the first line begins with.
        rest: what the others begin with; blanks of the same width if left out.
    """
    ahead, behind = _width(first), _cells(right.plain)
    tail = " " * ahead if rest is None else rest
    room = console.width - ahead - behind - 2
    if room < NARROWEST_LEFT:
        yield from indented(console, left, first=first, rest=tail)
        if behind:
            gap = max(0, console.width - _width(tail) - behind)
            yield _joined(tail, " " * gap, right)
        return
    lines = folded(console, left, room)
    gap = console.width - ahead - _cells(lines[0].plain) - behind
    yield _joined(first, lines[0], " " * gap, right) if behind else _joined(first, lines[0])
    for line in lines[1:]:
        yield _joined(tail, line)


def indented(
    console: Console, text: Text, *, first: str | Text = "", rest: str | Text = ""
) -> Iterator[Text]:
    """A text folded behind what its first line and the others begin with."""
    lines = folded(console, text, console.width - max(_width(first), _width(rest)))
    for number, line in enumerate(lines):
        yield _joined(rest if number else first, line)


def packed(
    console: Console, parts: Iterable[Text], *, margin: str | Text = "", separator: str = SEPARATOR
) -> Iterator[Text]:
    """Texts joined by a separator, as many on a line as fit; only one that is too long by itself is broken."""
    room, between = console.width - _width(margin), cell_len(separator)
    parting = Text(separator, style="dim")
    line: list[Text] = []
    used = 0
    for part in parts:
        width = _cells(part.plain)
        if line and used + between + width > room:
            yield _joined(margin, *line)
            line, used = [], 0
        if line:
            line.append(parting)
            used += between
        line.append(part)
        used += width
        if used > room or not _stays_as_it_is(part.plain):
            *full, last = folded(console, _joined(*line), room)
            for each in full:
                yield _joined(margin, each)
            line, used = [last] if last else [], last.cell_len
    if line:
        yield _joined(margin, *line)


def _joined(*parts: Text | str) -> Text:
    """What `Text.assemble` makes of texts, and of words without control characters, in a third of the time."""
    said: list[str] = []
    spans: list[Span] = []
    at = 0
    for part in parts:
        if isinstance(part, str):
            said.append(part)
            at += len(part)
        elif part:
            plain = part.plain
            end = at + len(plain)
            if part.style:
                spans.append(Span(at, end, part.style))
            spans += [Span(at + since, at + until, style) for since, until, style in part.spans]
            said.append(plain)
            at = end
    return Text("".join(said), spans=spans, tab_size=_TAB)


def _width(part: Text | str) -> int:
    return _cells(part if isinstance(part, str) else part.plain)


def _cells(said: str) -> int:
    """How many cells a text takes; most take as many as they have characters."""
    return len(said) if said.isascii() and said.isprintable() else cell_len(said)


def _stays_as_it_is(said: str) -> bool:
    """Whether folding does nothing to words that there is room for."""
    return bool(said) and not said[-1].isspace() and not _BREAKS.intersection(said)


def columns(
    console: Console, cells: Sequence[Text], widths: Sequence[int], *, right: Container[int] = ()
) -> Iterator[Text]:
    """Lines of a table's row: each cell folded within its width, parted by two blanks.

    Args:
        console: what measures the cells.
        cells: the row.
        widths: the width of each column.
        right: the columns that are aligned to the right.
    """
    stacks = [folded(console, each, width) for each, width in zip(cells, widths, strict=True)]
    for line in zip_longest(*stacks, fillvalue=Text()):
        parts = []
        for place, (part, width) in enumerate(zip(line, widths, strict=True)):
            blank = " " * (width - _cells(part.plain))
            parts.append(_joined(blank, part) if place in right else _joined(part, blank))
        yield Text(GAP).join(parts)


def fitted(widths: Sequence[int], room: int) -> list[int]:
    """Widths that add up to no more than there is room for: the widest give way first, down to three."""
    narrowed = list(widths)
    while sum(narrowed) > room and max(narrowed) > NARROWEST_COLUMN:
        narrowed[narrowed.index(max(narrowed))] -= 1
    return narrowed


def show(console: Console, lines: Iterable[Text | str]) -> None:
    """Prints lines that already fit; to a screen reader, what they say.

    Args:
        console: where.
        lines: a text is a line as it is to be written, colours included (`painted.py`).
    """
    if isinstance(console, PlainConsole):
        write(console, plain_lines(line if isinstance(line, str) else line.plain for line in lines))
        return
    left = iter(lines)
    while drawn := list(islice(left, _AT_ONCE)):
        _draw(console, drawn)


def _draw(console: Console, drawn: list[Text | str]) -> None:
    if console.color_system is None:  # then nothing but what they say is printed, whatever their styles
        said = [line if isinstance(line, str) else line.plain.rstrip() for line in drawn]
        if not any("\t" in line for line in said):  # whose width depends on what stands before it
            write(console, said)
            return
    for written, lines in groupby(drawn, key=lambda line: isinstance(line, str)):
        if written:
            write(console, cast("Iterable[str]", lines))
            continue
        for line in cast("Iterable[Text]", lines):
            line.rstrip()
            console.print(line, soft_wrap=True)


def write(console: Console, lines: Iterable[str]) -> None:
    """Writes lines as they are."""
    console.print(Segments([Segment("".join([f"{line}\n" for line in lines]))]), soft_wrap=True, end="")


def drawn(console: Console, lines: Iterable[Text]) -> list[str]:
    """Lines that already fit as `show` writes them; without tabs."""
    if console.color_system is None:
        return [line.plain.rstrip() for line in lines]
    with console.capture() as captured:
        for line in lines:
            line.rstrip()
            console.print(line, soft_wrap=True)
    return captured.get().splitlines()
