"""A line of a file cut to fit, and where the carets under a stretch of it go: counted in cells of a terminal.

Wide characters take two cells, accents that combine take none, tabs four, and what no terminal may see is
spelled out; columns of a place count characters.
"""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len

from okr.views.text import printable

TAB = "    "
CUT = "…"
SHARE_BEFORE = 3
"""A line too long to fit shows about a third of the width before the carets."""


class Excerpt(NamedTuple):
    """A line as shown: its text, how many cells stand before the carets, and how many carets there are."""

    text: str
    offset: int
    length: int


def excerpt(line: str, start: int, end: int, width: int) -> Excerpt:
    """Cuts a line around a stretch of it.

    Args:
        line: the line without its line break.
        start: the stretch's first character, from 0; it may lie just behind the line's end.
        end: the character behind its last; at least one caret is shown.
        width: cells that the line may take.
    """
    start = min(max(start, 0), len(line))
    end = min(max(end, start), len(line))
    # However long the line, no more characters than these can matter, save for accents without end.
    first, last = max(start - width, 0), min(start + width, len(line))
    pieces = [_shown(character) for character in line[first:last]]
    at, to = start - first, min(end, last) - first
    left, right = _window(pieces, at, width, cut_before=first > 0, cut_after=last < len(line))
    before = CUT if left or first else ""
    after = CUT if right < len(pieces) or last < len(line) else ""
    offset = cell_len(before + "".join(pieces[left:at]))
    length = cell_len("".join(pieces[at : min(to, right)]))
    text = before + "".join(pieces[left:right]) + after
    return Excerpt(text, offset, max(length, 1))


def _window(pieces: list[str], at: int, width: int, *, cut_before: bool, cut_after: bool) -> tuple[int, int]:
    """Which pieces fit: all, or a part around the one at the carets, leaving room for the marks of the cuts."""
    sizes = [cell_len(piece) for piece in pieces]
    if sum(sizes) <= width and not cut_before and not cut_after:
        return 0, len(pieces)
    room = width - 2
    left, used = at, 0
    while left and used + sizes[left - 1] <= room // SHARE_BEFORE:
        left -= 1
        used += sizes[left]
    right = at
    while right < len(pieces) and used + sizes[right] <= room:
        used += sizes[right]
        right += 1
    while left and used + sizes[left - 1] <= room:
        left -= 1
        used += sizes[left]
    return left, right


def _shown(character: str) -> str:
    return TAB if character == "\t" else printable(character)
