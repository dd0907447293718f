"""What a log's lines say, column by column and as bytes: for holding very many of them against messages of commits.

Only of logs in which every line is as `okr` writes it; any other is read row by row, by `log_records.py`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.operations.log_records import (
    are_days,
    meant,
    plain_line_in_columns,
    plain_record,
    says_nothing,
    usual_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okr.operations.log_records import Fields, LineRecord

_GROUPS = 5
_AMOUNTS = "(?: value=([^ \n]+))?(?: confidence=([^ \n]+))?(?: retracts=([^ \n]+))?"
_BLANK_ELSEWHERE = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")


@dataclass(frozen=True, slots=True)
class LogColumns:
    """What stands in a log's lines, as `Fields` have it; each column has as many entries as there are lines.

    Attributes:
        dates: the lines' own dates.
        subjects: the key result or KPI.
        amounts: value, confidence and date taken back, as a trailer says them behind the date.
        authors: by whom; empty where there is none, as for the notes.
        notes: as they stand in the line, without their quotes.
        above: how many lines stand above the first.
        content: the file that they are read from; empty where it can't be put together again from such lines.
    """

    dates: Sequence[bytes]
    subjects: Sequence[bytes]
    amounts: Sequence[bytes]
    authors: Sequence[bytes]
    notes: Sequence[bytes]
    above: int = 0
    content: bytes = b""

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self.dates)

    def fields(self, at: int) -> Fields:
        """What stands in the line at a place."""
        found = _all_amounts().fullmatch(self.amounts[at].decode())
        value, confidence, back = found.groups("") if found else ("", "", "")
        date, subject, by, note = (
            column[at].decode() for column in (self.dates, self.subjects, self.authors, self.notes)
        )
        return date, subject, value, confidence, back, by, note

    def rows(self) -> list[Fields]:
        """What stands in all lines."""
        dates, subjects, authors, notes = (
            b"\0".join(column).decode().split("\0")
            for column in (self.dates, self.subjects, self.authors, self.notes)
        )
        amounts = _all_amounts().findall(b"\n".join(self.amounts).decode())
        values, confidences, backs = zip(*amounts, strict=True)
        return [*zip(dates, subjects, values, confidences, backs, authors, notes, strict=True)]

    def record(self, at: int) -> LineRecord:
        """The record on the line at a place."""
        return plain_record(self.fields(at))

    def claims(self, prefix: bytes) -> Sequence[bytes]:
        """What the trailer that stands for each line says.

        Args:
            prefix: what it begins with: the log's cycle and owner, or the KPIs' folder, with a slash behind each.
        """
        said = zip(self.subjects, self.dates, self.amounts, strict=True)
        return [b"%b%b date=%b%b" % (prefix, subject, date, amounts) for subject, date, amounts in said]

    def notes_meant(self) -> Sequence[bytes]:
        """The notes without their escapes."""
        whole = b"\0".join(self.notes)
        if b"\\" not in whole:
            return self.notes
        if b"\\\\" in whole:
            return [meant(note.decode()).encode() if b"\\" in note else note for note in self.notes]
        return whole.replace(b'\\"', b'"').replace(b"\\n", b"\n").replace(b"\\t", b"\t").split(b"\0")

    @property
    def distinct(self) -> bool:
        """Whether no two lines have the same subject and date."""
        return len({*zip(self.subjects, self.dates, strict=True)}) == len(self.dates)


@cache
def _all_amounts() -> re.Pattern[str]:
    return re.compile(f"^{_AMOUNTS}$", re.MULTILINE)


@cache
def _lines() -> re.Pattern[bytes]:
    return re.compile(plain_line_in_columns().encode())


def read_columns(content: bytes) -> LogColumns | None:
    """Reads a log by one pattern for all its lines; None where any of them is not as `okr` writes it.

    Args:
        content: all of its bytes.
    """
    above, *parts = _lines().split(content)
    width = _GROUPS + 1
    dates, between = parts[::width], parts[_GROUPS::width]
    if not dates or any(between) or not _are_remarks(above):
        return None
    authors, notes = ([each or b"" for each in parts[at::width]] for at in (3, 4))
    if not _is_usual(notes) or not are_days(content):
        return None
    amounts = _as_in_trailers(parts[2::width])
    return LogColumns(dates, parts[1::width], amounts, authors, notes, above.count(b"\n"), content)


def columns_of(rows: Sequence[Fields], above: int = 0, content: bytes = b"") -> LogColumns:
    """The same of lines that have been read otherwise.

    Args:
        rows: what stands in them.
        above: how many lines stand above the first.
        content: the file, where the lines are all that follows; empty elsewhere.
    """
    dates, subjects, values, confidences, backs, authors, notes = zip(*rows, strict=True)
    if "" in values or "" in confidences or any(backs):
        amounts = [
            f"{value and ' value='}{value}{share and ' confidence='}{share}{back and ' retracts='}{back}"
            for value, share, back in zip(values, confidences, backs, strict=True)
        ]
    else:
        both = zip(values, confidences, strict=True)
        amounts = [f" value={value} confidence={share}" for value, share in both]
    return LogColumns(
        _many(dates), _few(subjects), _many(amounts), _few(authors), _many(notes), above, content
    )  # fmt: skip


def _many(column: Sequence[str]) -> Sequence[bytes]:
    return "\0".join(column).encode().split(b"\0")


def _few(column: Sequence[str]) -> Sequence[bytes]:
    """The same for a column in which the same stands over and over."""
    known = {each: each.encode() for each in {*column}}
    return [*map(known.__getitem__, column)]


def _as_in_trailers(amounts: Sequence[bytes]) -> Sequence[bytes]:
    whole = b"\n".join(amounts)
    for name in (b"value", b"confidence", b"retracts"):
        whole = whole.replace(b", %b: " % name, b" %b=" % name)
    return whole.replace(b'"', b"").split(b"\n")


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
    if text is None or not _BLANK_ELSEWHERE.search(text):
        return text is not None
    return not any(_BLANK_ELSEWHERE.match(end) for note in text.split("\n") for end in (note[:1], note[-1:]))
