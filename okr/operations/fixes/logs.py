"""Fixes for logs and for how git merges them. What a log's line says is never changed: logs only grow."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from okr.documents import read_document
from okr.edit_text import Edit
from okr.edits import apply
from okr.log_layout import checked, line_edits
from okr.operations.fixes.registry import Fix, mends
from okr.operations.formatting import is_log
from okr.rules.logs import UNION_LINE
from okr.workspace import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.fixes.registry import Spot

_RECORD = re.compile(r"^(?P<indent>[ ]*)- \{[^\r\n]*\}[ ]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)", re.MULTILINE)


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
    yield spot.fix(f"Add “{UNION_LINE}”", [Edit(end, end, f"{before}{UNION_LINE}{newline}")], safe=True)


@mends("yaml-syntax")
def align_records(spot: Spot) -> Iterator[Fix]:
    """Lets all lines of a log begin where most of them do. Safe: only where the log can be read so, and says no more."""
    if not is_log(spot.document.path):
        return
    found = list(_RECORD.finditer(spot.text))
    widths = Counter(len(each["indent"]) for each in found)
    usual = widths.most_common(1)[0][0] if widths else 0
    edits = [
        Edit(each.start("indent"), each.end("indent"), " " * usual)
        for each in found
        if len(each["indent"]) != usual
    ]
    if edits and read_document(spot.document.path, apply(spot.document, edits).encode()).readable:
        yield spot.fix("Indent the records alike", edits, safe=True)


@mends("not-one-line")
def join_record(spot: Spot) -> Iterator[Fix]:
    """Brings a record to one line. Safe: it says the same, comments inside it go above it, and no line moves."""
    for edit, place in line_edits(spot.document):
        if place == spot.place:
            checked(spot.document, [edit])
            yield spot.fix("Bring the record to one line", [edit], safe=True)
