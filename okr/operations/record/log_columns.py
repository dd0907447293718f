"""What a log's lines say, column by column and as bytes: for holding very many of them against messages of commits.

Only of logs in which every line is as `okr` writes it; any other is read row by row, by `log_records.py`.
"""

from __future__ import annotations

import re
from itertools import repeat
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.operations.record.log_patterns import PLAIN_COLUMNS, USUAL_COLUMNS
from okr.operations.record.log_records import (
    are_days,
    meant,
    plain_record,
    says_nothing,
    thirds,
    usual_text,
)
from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okr.operations.record.log_records import Fields, LineRecord, Texts

_GROUPS = 5
_SAID = pattern(
    "^([^ \n]+) date=([^ \n]+)(?: value=([^ \n]+))?(?: confidence=([^ \n]+))?(?: retracts=([^ \n]+))?$",
    re.MULTILINE,
)
_ASCII = bytes(range(128))
_BLANK_ELSEWHERE = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")


@dataclass(frozen=True, slots=True)
class LogColumns:
    """What stands in a log's lines; each column has as many entries as there are lines.

    Attributes:
        log: what trailers call the log: its cycle and owner, or the KPIs' folder, with a slash behind each.
        claims: what the trailer that stands for each line says.
        subjects: the key result or KPI.
        authors: by whom; empty where there is none, as for the notes.
        notes: as they stand in the line, without their quotes.
        notes_meant: the same without their escapes.
        distinct: whether no two lines have the same subject and date.
        above: how many lines stand above the first.
        content: the file that they are read from; empty where it can't be put together again from such lines.
    """

    log: bytes
    claims: Sequence[bytes]
    subjects: Sequence[bytes]
    authors: Sequence[bytes]
    notes: Sequence[bytes]
    notes_meant: Sequence[bytes]
    distinct: bool
    above: int = 0
    content: bytes = b""
    _dates: Sequence[bytes] = ()

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self.claims)

    def fields(self, at: int) -> Fields:
        """What stands in the line at a place."""
        found = _SAID.fullmatch(self.claims[at][len(self.log) :].decode())
        subject, date, value, confidence, back = found.groups("") if found else ("", "", "", "", "")
        return date, subject, value, confidence, back, self.authors[at].decode(), self.notes[at].decode()

    def texts(self) -> Texts:
        """What stands in all lines, as text."""
        start = len(self.log)
        said = _SAID.findall(b"\n".join([each[start:] for each in self.claims]).decode())
        subjects, *amounts = zip(*said, strict=True)
        authors, notes = (b"\0".join(column).decode().split("\0") for column in (self.authors, self.notes))
        return (amounts[0], subjects, *amounts[1:], authors, notes)

    def dates(self) -> Sequence[bytes]:
        """The lines' own dates."""
        return self._dates or [each.partition(b" date=")[2].partition(b" ")[0] for each in self.claims]

    def called(self, log: bytes) -> Sequence[bytes]:
        """The claims, where trailers call the log so."""
        start = len(self.log)
        return self.claims if log == self.log else [log + each[start:] for each in self.claims]

    def record(self, at: int) -> LineRecord:
        """The record on the line at a place."""
        return plain_record(*self.fields(at))


def read_columns(content: bytes, log: bytes = b"") -> LogColumns | None:
    """Reads a log by one pattern for all its lines; None where any of them is not as `okr` writes it.

    Args:
        content: all of its bytes.
        log: what trailers call it.
    """
    above, *parts = _parts(content)
    width = _GROUPS + 1
    dates, subjects, amounts, authors, notes, between = (parts[at::width] for at in range(width))
    if not dates or any(between) or not _are_remarks(above):
        return None
    # What was not there is None.
    authors, notes = ([each or b"" for each in column] for column in (authors, notes))
    if not _is_usual(notes):
        return None
    return LogColumns(
        log, _claims(log, subjects, dates, amounts), _same(subjects), _same(authors), notes,
        _meant(notes) if b"\\" in content else notes, _are_distinct(subjects, dates),
        above.count(b"\n"), content, dates,
    )  # fmt: skip


def _parts(content: bytes) -> list[bytes]:
    """What stands above all lines; and by turns the groups of each, and what stands below it.

    Only the first where not all days exist.
    """
    first = content.find(b"- {")
    places = [content.rfind(b"\n", 0, at) + 1 for at in thirds(first, len(content))] if first >= 0 else []
    if all(USUAL_COLUMNS.match(content, at) for at in places):
        parts: list[bytes] = USUAL_COLUMNS.split(content)
        if not any(parts[_GROUPS + 1 :: _GROUPS + 1]):
            return parts
    parts = PLAIN_COLUMNS.split(content)
    return parts if are_days(content) else [content]


def columns_of(texts: Texts, above: int = 0, content: bytes = b"", log: bytes = b"") -> LogColumns:
    """The same of lines that have been read otherwise.

    Args:
        texts: what stands in them.
        above: how many lines stand above the first.
        content: the file, where the lines are all that follows; empty elsewhere.
        log: what trailers call the log.
    """
    dates, subjects, values, confidences, backs, authors, notes = texts
    start = log.decode()
    if "" in values or "" in confidences or any(backs):
        claims = [
            f"{start}{subject} date={date}{value and ' value='}{value}{share and ' confidence='}{share}{back and ' retracts='}{back}"
            for subject, date, value, share, back in zip(
                subjects, dates, values, confidences, backs, strict=True
            )
        ]
    else:
        said = zip(subjects, dates, values, confidences, strict=True)
        claims = [
            f"{start}{subject} date={date} value={value} confidence={share}"
            for subject, date, value, share in said
        ]
    written = _many(notes)
    return LogColumns(
        log, _many(claims), _few(subjects), _few(authors), written, _meant(written),
        _are_distinct(subjects, dates), above, content,
    )  # fmt: skip


def _claims(
    log: bytes, subjects: Sequence[bytes], dates: Sequence[bytes], amounts: Sequence[bytes]
) -> Sequence[bytes]:
    """What trailers say of lines; the amounts as they stand in them."""
    whole = b"\n".join(amounts).replace(b'"', b"")
    for name in (b"value", b"confidence", b"retracts"):
        whole = whole.replace(b", %b: " % name, b" %b=" % name)
    said = zip(repeat(log), subjects, repeat(b" date="), dates, whole.split(b"\n"))
    return [*map(b"".join, said)]


def _meant(notes: Sequence[bytes]) -> Sequence[bytes]:
    """Notes without their escapes."""
    whole = b"\0".join(notes)
    if b"\\" not in whole:
        return notes
    if b"\\\\" in whole:
        return [meant(note.decode()).encode() if note.find(b"\\") >= 0 else note for note in notes]
    return whole.replace(b'\\"', b'"').replace(b"\\n", b"\n").replace(b"\\t", b"\t").split(b"\0")


def _are_distinct(subjects: Sequence[object], dates: Sequence[object]) -> bool:
    return len({*zip(subjects, dates, strict=True)}) == len(dates)


def _many(column: Sequence[str]) -> Sequence[bytes]:
    return "\0".join(column).encode().split(b"\0")


def _few(column: Sequence[str]) -> Sequence[bytes]:
    """The same for a column in which the same stands over and over."""
    known = {each: each.encode() for each in {*column}}
    return [*map(known.__getitem__, column)]


def _are_remarks(above: bytes) -> bool:
    """Whether what stands above the lines is nothing but remarks in usual characters."""
    if not above:
        return True
    text = usual_text(above)
    return text is not None and text.endswith("\n") and all(says_nothing(line) for line in text.split("\n"))


def _is_usual(notes: Sequence[bytes]) -> bool:
    """Whether notes are text in usual characters, and none of them begins or ends with a blank of another script."""
    whole = b"\n".join(notes)
    text = usual_text(whole)
    if text is None or not _BLANK_ELSEWHERE.search(whole.translate(None, _ASCII).decode()):
        return text is not None
    return not any(_BLANK_ELSEWHERE.match(end) for note in text.split("\n") for end in (note[:1], note[-1:]))


def _same(column: Sequence[bytes]) -> Sequence[bytes]:
    """A column in which the same stands over and over, each text kept once."""
    known: dict[bytes, bytes] = {}
    return [*map(known.setdefault, column, column)]
