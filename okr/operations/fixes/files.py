"""Fixes for files that can't be read: the text is all there is to go by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okr.documents import read_document
from okr.edit_text import BLANK, Edit
from okr.edits import apply
from okr.layout import same_data
from okr.operations.fixes.registry import Fix, line_removed, mends

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.fixes.registry import Spot

_INDENTATION = re.compile(r"^(?=[ -]*\t)[ \t]*(?:-[ \t]+)*", re.MULTILINE)
_WIDTHS = (2, 4, 8)


@mends("tab-indentation")
def replace_tabs(spot: Spot) -> Iterator[Fix]:
    """Indents with spaces instead of tabs. Safe where the file says the same however wide a tab is taken to be."""
    readings = []
    for width in _WIDTHS:
        edits = [
            Edit(found.start(), found.end(), found[0].replace("\t", " " * width))
            for found in _INDENTATION.finditer(spot.text)
        ]
        document = read_document(spot.document.path, apply(spot.document, edits).encode())
        if document.readable:
            readings.append((edits, document.root))
    if readings and all(same_data(readings[0][1], root) for _, root in readings):
        yield spot.fix("Indent with spaces", readings[0][0], safe=True)


@mends("duplicate-key")
def remove_second(spot: Spot) -> Iterator[Fix]:
    """Removes a key that stands twice with the same value on one line. Safe: both say the same."""
    second = spot.place.line
    line = spot.document.line(second)
    key = spot.source(spot.place)
    below = spot.document.line(second + 1)
    if not line.startswith(" " * (spot.place.column - 1) + key) or _depth(below) > _depth(line):
        return
    for number in range(second - 1, 0, -1):
        other = spot.document.line(number)
        if other[: spot.place.column - 1].strip(BLANK + "-"):
            return  # a line of the same mapping begins no further to the left
        if other[spot.place.column - 1 :].rstrip(BLANK) == line.strip(BLANK):
            yield spot.fix(f"Remove the second “{key}”", [line_removed(spot, second)], safe=True)
            return
        if "-" in other[: spot.place.column - 1]:
            return  # the mapping's first line


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(BLANK)) if line.strip(BLANK) else 0
