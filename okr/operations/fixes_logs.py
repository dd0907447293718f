"""Fixes for logs and for how git merges them. What a log's line says is never changed: logs only grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.attributes import UNION
from okr.edit_text import Edit
from okr.log_layout import checked, line_edits
from okr.operations.fixes import Fix, mends
from okr.workspace import ATTRIBUTES, LOGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.fixes import Spot

_LINE = f"{LOGS}/** merge={UNION}"


@mends("missing-union-merge")
def add_union_merge(spot: Spot) -> Iterator[Fix]:
    """Adds the line that gives logs git's union merge. Safe: it only concerns logs, and okr relies on it."""
    if (
        spot.document.path != ATTRIBUTES
    ):  # a file in checkins/ overrules it, and somebody wrote that on purpose
        return
    end = len(spot.text)
    newline = "\r\n" if "\r\n" in spot.text else "\n"
    before = newline if spot.text and not spot.text.endswith("\n") else ""
    yield spot.fix(f"Add “{_LINE}”", [Edit(end, end, f"{before}{_LINE}{newline}")], safe=True)


@mends("not-one-line")
def join_record(spot: Spot) -> Iterator[Fix]:
    """Brings a record to one line. Safe: it says the same, comments inside it go above it, and no line moves."""
    for edit, place in line_edits(spot.document):
        if place == spot.place:
            checked(spot.document, [edit])
            yield spot.fix("Bring the record to one line", [edit], safe=True)
