"""The lines of a log: how a record is written, where a new one goes, and what the file then says.

A record is one whole flow mapping on one line: only then is git's union merge safe. Nothing here writes a file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.documents import LocatedList, LocatedMapping, read_document
from okr.errors import OkrError
from okr.patterns import DAY, LINE_BREAK
from okr.yaml_writing import scalar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okr.documents import Document

FieldValue = int | float | str
"""What a record's key may hold."""

_ITEM_START = re.compile(r"[ ]*-[ ]+")
_MOMENTS = ("date", "retracts")


def record_line(fields: Mapping[str, FieldValue]) -> str:
    """A record as one line of a log, without indentation and line break: `{date: 2026-10-05, kr: …}`."""
    return "{" + ", ".join(f"{key}: {_written(key, value)}" for key, value in fields.items()) + "}"


def _written(key: str, value: FieldValue) -> str:
    """A value within braces; a bare day needs no quotes, which a time does."""
    if key in _MOMENTS and isinstance(value, str) and DAY.fullmatch(value):
        return value
    return scalar(value, flow=True)


@dataclass(frozen=True, slots=True)
class Addition:
    """A record to be added to a log.

    Attributes:
        fields: its keys and values, in the order in which they are written.
        after: the record below which it goes: the last of the same key result; None puts it at the end.
    """

    fields: Mapping[str, FieldValue]
    after: LocatedMapping | None = None


def insert_records(document: Document | None, path: str, additions: Sequence[Addition]) -> bytes:
    """A log with more records.

    Args:
        document: the log as it is; None where there is none yet.
        path: how an error names it.
        additions: the records, in the order in which they are to stand where several go to the same place.

    Returns:
        The log's new content: the old bytes with one line added for each record, read again and found to say
        what it said before and the new records besides.

    Raises:
        OkrError: the file is written in a way that no line can be added to safely.
    """
    text = document.text if document else ""
    breaks = [(found[0], found.end()) for found in LINE_BREAK.finditer(text)]
    newline = breaks[0][0] if breaks else "\n"
    pieces: list[str] = []
    written = 0
    placed = [(_offset(text, breaks, each.after), each.after is None, each) for each in additions]
    for offset, _, addition in sorted(placed, key=lambda item: item[:2]):
        pieces.append(text[written:offset])
        if offset == len(text) and written < offset and not text.endswith(("\n", "\r")):
            pieces.append(newline)
        # The line always gets its line break: two branches that add to a last line without one would be
        # merged into one line.
        pieces.append(f"{_lead(document, addition.after)}{record_line(addition.fields)}{newline}")
        written = offset
    pieces.append(text[written:])
    content = "".join(pieces).encode()
    if document is not None and document.byte_order_mark:
        content = b"\xef\xbb\xbf" + content
    _verify(document, path, content, additions)
    return content


def _offset(text: str, breaks: Sequence[tuple[str, int]], after: LocatedMapping | None) -> int:
    """Where a line goes: behind the line on which a record ends."""
    if after is None or after.place.end_line > len(breaks):
        return len(text)
    return breaks[after.place.end_line - 1][1]


def _lead(document: Document | None, after: LocatedMapping | None) -> str:
    """What stands before the brace: the indentation and the dash, as the neighbouring record has them."""
    root = document.root if document else None
    neighbour = after if after is not None else (root[-1] if isinstance(root, LocatedList) and root else None)
    if document is None or not isinstance(neighbour, LocatedMapping):
        return "- "
    lead = document.line(neighbour.place.line)[: neighbour.place.column - 1]
    return lead if _ITEM_START.fullmatch(lead) else "- "


def _verify(document: Document | None, path: str, content: bytes, additions: Sequence[Addition]) -> None:
    """Reads the content again and compares it with what it should say."""
    old = document.root if document is not None else None
    expected: list[object] = []
    for item in old if isinstance(old, LocatedList) else ():
        expected += [item, *(dict(each.fields) for each in additions if each.after is item)]
    expected += [dict(each.fields) for each in additions if each.after is None]
    read = read_document(path, content)
    if not read.readable or not isinstance(read.root, LocatedList) or [*read.root] != expected:
        raise OkrError(
            f"No line can be added to {path} safely: it is not written one record a line.",
            "Let each record stand on a line of its own, as in "
            "- {date: 2026-10-05, kr: objective/key-result, value: 1}.",
        )
