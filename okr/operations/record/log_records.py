"""What a log's lines say, for reading very many of them: by a pattern where a line is as `okr` writes it.

Any other log goes through the YAML parser and the model, and comes to the same records. Positions within the
line, and findings about it, are `workspace.py`'s business.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from okr.dataclass import dataclass, field
from okr.operations.record.log_patterns import (
    ALL_LINES,
    ANY_LINE,
    GROUPS,
    PLAIN_LINE,
    PLAIN_ROWS,
    USUAL_ROWS,
    WORD,
)
from okr.plan_table import number_in
from okr.quantities import plain_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from okr import model
    from okr.diagnostics import Problem

_LEAP_DAY = "-02-29"
_ESCAPE = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t"}
_ITEM = re.compile(" *- +\\{")
_REMARKS = re.compile(r"(?:#.*\n|\n)*")
_UNUSUAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ue000-\uf8ff]|\r(?!\n|\\Z)"
)
_USUAL = bytes(range(0x20, 0x7F)) + b"\t\n"
"""Bytes after which no search is needed: all that most logs have."""


class LineRecord(NamedTuple):
    """What one line of a log says; equal records say the same, however they are laid out.

    Attributes:
        subject: what it is about, as the line writes it: `brand/visits`, or `kpis/site-visits`.
        date: a day, or a day and a time to the second with its offset.
        value: a number or the name of a milestone; None where there is none, as for all that follow.
        retracts: the date of what it takes back.
    """

    subject: str
    date: str
    value: float | str | None = None
    confidence: float | None = None
    by: str | None = None
    note: str | None = None
    retracts: str | None = None

    @property
    def day(self) -> str:
        """The day as written, such as `2026-11-23`."""
        return self.date[:10]


@dataclass(frozen=True, slots=True)
class LogText:
    """A log as read.

    Attributes:
        records: each record with the number of its line.
        problems: what could not be read; where there are any, the records are not all.
    """

    records: tuple[tuple[int, LineRecord], ...]
    problems: tuple[Problem, ...] = ()


Fields = tuple[str, str, str, str, str, str, str]
"""What stands in a line, empty where it has none: date, key result or KPI, value, confidence, date taken back, by, note."""
Texts = tuple[Sequence[str], ...]
"""The same of many lines: a column for each of the `Fields`."""
DATE, SUBJECT, VALUE, SHARE, RETRACTS, _, NOTE = range(7)
"""Where they stand."""


@dataclass(frozen=True, slots=True)
class LogRows:
    """A log whose lines are not yet made into records.

    Attributes:
        texts: what stands in the lines.
        numbers: the number of each line.
        odd: the records of the lines that are not as `okr` writes them, by their place; their texts are what it
            would have written.
        content: the file that they are read from, where no line stands between or below theirs; empty elsewhere.
    """

    texts: Texts
    numbers: Sequence[int]
    odd: Mapping[int, LineRecord] = field(default_factory=dict)
    content: bytes = b""

    @property
    def rows(self) -> list[Fields]:
        """What stands in each line."""
        return [*zip(*self.texts, strict=True)]

    def record(self, at: int) -> LineRecord:
        """The record on the line at a place."""
        return self.odd[at] if at in self.odd else plain_record(*[column[at] for column in self.texts])


def read_rows(content: bytes) -> LogRows | None:
    """Reads all of a log's bytes by one pattern for all its lines, or line by line; None where that can't be done."""
    text = usual_text(content)
    if text is None:
        return None
    remarks = _REMARKS.match(text)
    start = remarks.end() if remarks else 0
    above = text.count("\n", 0, start)
    texts = _texts(text, start)
    if texts is not None:
        return LogRows(texts, range(above + 1, above + 1 + len(texts[0])), content=content)
    return _rows_by_line(text, content)


def _texts(text: str, start: int) -> Texts | None:
    """What stands in the lines of a text from a place on; None where there are none, or any is not plain."""
    likely = all(
        USUAL_ROWS.match(text, text.rfind("\n", start, at) + 1 or start) for at in thirds(start, len(text))
    )
    width = GROUPS + 1  # if it isn't all, the few others are best looked at one by one
    parts = (USUAL_ROWS if likely else PLAIN_ROWS).split(text[start:])
    if any(parts[::width]) or len(parts) < width:
        return None
    texts = tuple(parts[at::width] for at in range(1, width))
    certain = RETRACTS if likely else VALUE  # from there on, what is not in a line is None
    texts = (*texts[:certain], *([each or "" for each in column] for column in texts[certain:]))
    return texts if likely or _are_days(text, zip(texts[0], texts[4], strict=True)) else None


def _rows_by_line(text: str, content: bytes) -> LogRows | None:
    """The same for a text with any other lines: each of these is read by itself."""
    rows: list[Fields] = []
    numbers: list[int] = []
    odd: dict[int, LineRecord] = {}
    margins: set[int] = set()
    for number, found in enumerate(ALL_LINES.findall(text), start=1):
        row, line = found[:7], found[7]
        if not row[0]:
            if says_nothing(line):
                continue
            record = _read_line(line)
            written = None if record is None else fields_of(record)
            if record is None or written is None:
                return None
            row = written
            odd[len(rows)] = record
        margins.add(len(line) - len(line.lstrip(" ")))
        rows.append(row)
        numbers.append(number)
    if len(margins) > 1 or not _are_days(text, [(row[0], row[4]) for row in rows]):
        return None
    whole = text.endswith("\n") and numbers and numbers[-1] == text.count("\n") == numbers[0] + len(rows) - 1
    return LogRows(tuple(zip(*rows, strict=True)) or ((),) * GROUPS, numbers, odd, content if whole else b"")


def thirds(start: int, end: int) -> Sequence[int]:
    """Three places to look whether what lies between two others is likely to be all of one form."""
    return [start + (end - start) * part // 3 for part in (0, 1, 2)]


def usual_text(content: bytes) -> str | None:
    """A log as text; None where it holds characters of which the parser has to judge."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    others = content.translate(None, _USUAL)
    if not others:
        return text
    # Most often all letters beyond ASCII together are but few; a carriage return depends on what follows it.
    return None if _UNUSUAL.search(text if b"\r" in others else others.decode()) else text


def are_days(content: bytes) -> bool:
    """Whether all days in plain lines exist; the pattern knows all but the leap days."""
    if _LEAP_DAY.encode() not in content:
        return True
    return all(_is_day(each.decode()) for each in re.findall(rb"[0-9]{4}-02-29", content))


def _are_days(text: str, dates: Iterable[tuple[str, str]]) -> bool:
    """Whether all days exist; the pattern knows all but the leap days."""
    return _LEAP_DAY not in text or all(_is_day(said[:10]) for both in dates for said in both if said)


def fields_of(record: LineRecord) -> Fields | None:
    """What `okr` would write for a record; None for one that it would not make."""
    value, confidence = _as_written(record.value), _as_written(record.confidence)
    note = record.note or ""
    if value is None or confidence is None or "\0" in note:
        return None
    subject, quoted = record.subject.removeprefix("kpis/"), note.replace("\\", "\\\\")
    return record.date, subject, value, confidence, record.retracts or "", record.by or "", quoted


def _as_written(value: float | str | None) -> str | None:
    if value is None or isinstance(value, str):
        return value if value and re.fullmatch(WORD, value) else None if value else ""
    return plain_number(value) if isfinite(value) else None


def plain_record(
    said: str, subject: str, value: str, confidence: str, retracts: str, by: str, note: str
) -> LineRecord:
    """The record that a line stands for in which these `Fields` stand."""
    share = number_in(confidence) if confidence else None
    name = subject if "/" in subject else f"kpis/{subject}"
    return LineRecord(name, said, value_of(value), share, by or None, meant(note) or None, retracts or None)


def value_of(said: str) -> float | str | None:
    """The value that stands in a line."""
    if said.isdigit():
        return int(said)
    return (said if said[0].isalpha() else number_in(said)) if said else None


def meant(note: str) -> str:
    """A note as it was meant, from how it stands in a line, its quotes taken off."""
    return _ESCAPE.sub(lambda found: _MEANT.get(found[1], found[1]), note) if "\\" in note else note


def read_records(path: str, content: bytes) -> LogText:
    """The records of a log.

    Args:
        path: how findings name the file.
        content: all of its bytes.
    """
    text = usual_text(content)
    found = None if text is None else _records_by_line(text)
    if found is None:
        return _by_the_parser(path, content)
    return LogText(tuple(found))


def _records_by_line(text: str) -> list[tuple[int, LineRecord]] | None:
    """Each line's number and record.

    Returns:
        None where not every line can be read by itself: where some begin elsewhere than others, or where any is
        more or less than one record.
    """
    found: list[tuple[int, LineRecord]] = []
    margins: set[int] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        if says_nothing(line):
            continue
        record = _read_line(line)
        margins.add(len(line) - len(line.lstrip(" ")))
        if record is None or len(margins) > 1:
            return None
        found.append((number, record))
    return found


def _read_line(line: str) -> LineRecord | None:
    plain = PLAIN_LINE.fullmatch(line)
    if plain is not None:
        said, subject, value, confidence, retracts, by, note = plain.groups("")
        if _are_days(line, [(said, retracts)]):
            return plain_record(said, subject, value, confidence, retracts, by, note)
    return _record_on(line) or _record_alone(line)


def changed_records(
    before: bytes, after: bytes
) -> tuple[tuple[LineRecord, ...], tuple[LineRecord, ...]] | None:
    """The records that a later content of a log has more, and those that it lacks, from its differing lines alone.

    Returns:
        None where one of those lines can't be read by itself: then both contents have to be read whole.
    """
    old, new = (part.split(b"\n") for part in _differing(before, after))
    return records_in_lines(new, old)


def records_in_lines(
    more: Sequence[bytes], less: Sequence[bytes]
) -> tuple[tuple[LineRecord, ...], tuple[LineRecord, ...]] | None:
    """The same, from lines that were added and lines that were removed; what is in both does not count."""
    new, old = Counter(more), Counter(less)
    added, removed = _records_on(new - old), _records_on(old - new)
    if added is None or removed is None:
        return None
    both = added & removed  # the same record in another layout
    return tuple((added - both).elements()), tuple((removed - both).elements())


def _differing(before: bytes, after: bytes) -> tuple[bytes, bytes]:
    """What two contents have between the lines that are the same at their beginning and at their end."""
    most = min(len(before), len(after))
    start = bisect_left(
        range(1, most + 1), True, key=lambda size: before[:size] != after[:size]
    )  # the first that differs
    start = before.rfind(b"\n", 0, start) + 1
    most -= start
    end = bisect_left(range(1, most + 1), True, key=lambda size: before[-size:] != after[-size:])
    rest = before[len(before) - end :]
    end -= rest.find(b"\n") + 1 if b"\n" in rest else end
    return before[start : len(before) - end], after[start : len(after) - end]


def added_by_merge(parents: Sequence[bytes], after: bytes) -> bool:
    """Whether a merged content of a log has a line, other than a remark, that none of the parents has."""
    there = {line for content in parents for line in content.split(b"\n")}
    return any(
        line not in there and not says_nothing(line.decode("utf-8", "replace")) for line in after.split(b"\n")
    )


def _records_on(lines: Counter[bytes]) -> Counter[LineRecord] | None:
    found: Counter[LineRecord] = Counter()
    for content, count in lines.items():
        line = content.decode("utf-8", "replace")
        if _UNUSUAL.search(line) or "\ufffd" in line:
            return None
        record = _read_line(line)
        if record is not None:
            found[record] += count
        elif not says_nothing(line):
            return None
    return found


def _record_on(line: str) -> LineRecord | None:
    """The record on a line, where the line is as `okr` writes it."""
    found = ANY_LINE.fullmatch(line)
    if found is None:
        return None
    if _LEAP_DAY in line and not all(_is_day(said[:10]) for said in (found[1], found[5]) if said):
        return None
    said, subject, value, confidence, retracts, by, note = found.groups("")
    record = plain_record(said, subject, value, confidence, retracts, by, note)
    return record._replace(note="") if found[7] == "" else record


def says_nothing(line: str) -> bool:
    """Whether a line of a log is blank or a remark."""
    return line.startswith("#") or not line.strip(" \r")


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _record_alone(line: str) -> LineRecord | None:
    """The record on a line that is written otherwise, where the parser finds one whole record on it and no more."""
    if not _ITEM.match(line):
        return None
    text = _by_the_parser("", line.encode())
    return None if text.problems or len(text.records) != 1 else text.records[0][1]


def _by_the_parser(path: str, content: bytes) -> LogText:
    from okr.diagnostics import Problem
    from okr.documents import read_document
    from okr.model import LogRecord
    from okr.shapes import log_items, shape

    document = read_document(path, content)
    problems = [*document.problems]
    records: list[tuple[int, LineRecord]] = []
    for item in log_items(document):
        if isinstance(item, Problem):
            problems.append(item)
            continue
        found, _, wrong = shape(document, LogRecord, item)
        problems += wrong
        if found is not None:
            records.append((item.place.line, _record(found)))
    return LogText(tuple(records), tuple(problems))


def _record(said: model.LogRecord) -> LineRecord:
    return LineRecord(
        said.kr or f"kpis/{said.kpi}", str(said.date), said.value, said.confidence, said.by, said.note,
        None if said.retracts is None else str(said.retracts),
    )  # fmt: skip
