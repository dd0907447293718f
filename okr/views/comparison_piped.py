"""What changed in goals, as it goes into a pipe or a file: the lines of `comparison_text.py`, without rich to lay them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.views.piped import folded, is_narrow
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.views.comparison_outline import Line, Outline, Section

_GAP = "  "
_NARROWEST_LEFT = 16


def outline_lines(outline: Outline, width: int) -> list[str] | None:
    """What changed, line by line.

    Args:
        outline: what changed.
        width: how wide the lines may be, in cells.

    Returns:
        None where any text is wider or narrower than it is long, or has blanks of its own: rich lays these out.
    """
    if not all(map(is_narrow, filter(None, _texts(outline)))):
        return None
    return [line.rstrip() for line in _lines(outline, width)]


def _texts(outline: Outline) -> Iterator[str]:
    yield from map(printable, (outline.title, outline.sides, outline.summary))
    for section in outline.sections:
        yield from map(printable, (section.title, section.note, section.figures))
        for line in section.lines:
            yield from map(printable, (line.text or _GAP, line.note, line.figures))


def _lines(outline: Outline, width: int) -> Iterator[str]:
    yield from _indented(f"{printable(outline.title)} · {printable(outline.sides)}", width, rest=_GAP)
    if outline.summary:
        yield from _indented(printable(outline.summary), width)
    for section in outline.sections:
        yield ""
        yield from _section(section, width)


def _section(section: Section, width: int) -> Iterator[str]:
    title = printable(section.title)
    if section.note:
        title += _GAP + printable(section.note)
    yield from _beside(title, printable(section.figures), width, "", "")
    for line in section.lines:
        yield from _line(line, width)


def _line(line: Line, width: int) -> Iterator[str]:
    margin = _GAP * (line.depth + 1)
    head = f"{margin}{line.sign} " if line.sign else margin
    rest = " " * len(head) if line.sign else margin + _GAP
    text, note, figures = printable(line.text), printable(line.note), printable(line.figures)
    beneath = ""
    if note:
        whole = f"{text}{_GAP}{note}"
        text, beneath = (
            (whole, "") if len(whole) <= width - len(head) - len(figures) - len(_GAP) else (text, note)
        )
    yield from _beside(text, figures, width, head, rest)
    if beneath:
        yield from _indented(beneath, width, first=rest, rest=rest)


def _beside(left: str, right: str, width: int, first: str, rest: str) -> Iterator[str]:
    """As `layout.beside` lays them out."""
    room = width - len(first) - len(right) - 2
    if room < _NARROWEST_LEFT:
        yield from _indented(left, width, first=first, rest=rest)
        if right:
            yield rest + " " * max(0, width - len(rest) - len(right)) + right
        return
    lines = folded(left, room)
    gap = width - len(first) - len(lines[0]) - len(right)
    yield f"{first}{lines[0]}{' ' * gap}{right}" if right else first + lines[0]
    yield from (rest + line for line in lines[1:])


def _indented(text: str, width: int, *, first: str = "", rest: str = "") -> Iterator[str]:
    """As `layout.indented` folds it."""
    lines: Iterable[str] = folded(text, max(width - max(len(first), len(rest)), 1))
    for number, line in enumerate(lines):
        yield (rest if number else first) + line
