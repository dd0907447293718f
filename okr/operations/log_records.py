"""What a log's lines say, for reading very many of them: by a pattern where a line is as `okr` writes it.

Any other log goes through the YAML parser and the model, and comes to the same records. Positions within the
line, and findings about it, are `workspace.py`'s business.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from okr import model
    from okr.diagnostics import Problem

_DAY = (
    "(?!0000)[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|[12][0-9]))"
)
_LEAP_DAY = "-02-29"
_TIME = "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][+-](?:[01][0-9]|2[0-3]):[0-5][0-9]"
_MOMENT = f'"?((?<="){_DAY}{_TIME}(?=")|(?<!"){_DAY}(?=[,}}]))"?'
_WORD = r"(?!(?:true|false|null)[,}])[a-z][a-z0-9-]*"
# A text without quotes holds nothing that could mean anything, and is neither a number nor one of YAML's words; in
# one with quotes there are no other escapes than these.
_BARE = (
    r"""(?!(?i:true|false|null|yes|no|on|off|y|n)\})(?![-?!|>'%@`=<~+.&*]|[0-9][-0-9a-fA-FxXoOinINtTzZ_.+ ]*\})"""
    r"""[^\s,:?#"\\\[\]{}](?:[^,:?#\\\[\]{}\n\r\t]*[^\s,:?#\\\[\]{}])?"""
)
_QUOTED = r'(?:[^"\\\r\n]|\\["\\nt])'
_ESCAPE = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t"}


def _line(value: str, confidence: str, quoted: str) -> str:
    """The pattern of a line as `okr` writes it, with a group for each of the `Fields`."""
    return (
        rf"- \{{date: {_MOMENT}, k(?:r|pi): ((?<=kr: )[a-z0-9-]+/[a-z0-9-]+|(?<=kpi: ){_WORD})"
        rf"(?:, value: ({value}|{_WORD}))?(?:, confidence: ({confidence}))?(?:, retracts: {_MOMENT})?"
        rf'(?:, by: ({_WORD}))?(?:, note: "?((?<!"){_BARE}(?=\}})|(?<="){quoted}(?="))"?)?\}}'
    )


_LINE = re.compile(
    " *" + _line("-?[0-9]{1,15}(?:\\.[0-9]{1,12})?", "[0-9](?:\\.[0-9]{1,12})?", _QUOTED + "*") + " *\r?"
)
_NUMBER = r"(?!-0[,}])-?(?:(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{0,5}[1-9])?|[1-9][0-9]{9,14})"
_PLAIN_ROWS = re.compile("^" + _line(_NUMBER, r"0|1|0\.[0-9]{0,3}[1-9]", _QUOTED + "+") + "\n", re.MULTILINE)
"""The same for many lines at once, where numbers are written in the one way in which trailers write them."""
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
"""What stands in a line, as text: date, key result or KPI, value, confidence, date taken back, by, note; empty where
there is none."""


@dataclass(frozen=True, slots=True)
class PlainLog:
    """A log as `okr` writes it, its lines not yet made into records.

    Attributes:
        rows: what stands in each line.
        first: the number of the first of them; nothing but remarks stands above it, and nothing between them.
    """

    rows: list[Fields]
    first: int


def plain_log(content: bytes) -> PlainLog | None:
    """Reads a log by one pattern for all its lines; None where any is not as `okr` writes it."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    if content.translate(None, _USUAL) and _UNUSUAL.search(text):
        return None
    remarks = _REMARKS.match(text)
    above = remarks[0].count("\n") if remarks else 0
    rows: list[Fields] = _PLAIN_ROWS.findall(text)
    if len(rows) + above != text.count("\n") or not text.endswith("\n"):
        return None
    if _LEAP_DAY in text and not all(_is_day(said[:10]) for row in rows for said in (row[0], row[4]) if said):
        return None
    return PlainLog(rows, above + 1)


def plain_record(fields: Fields) -> LineRecord:
    """The record that a line stands for whose fields these are."""
    said, subject, value, confidence, retracts, by, note = fields
    return LineRecord(
        subject if "/" in subject else f"kpis/{subject}",
        said,
        (value if value[0].isalpha() else _number(value)) if value else None,
        _number(confidence) if confidence else None,
        by or None,
        meant(note) or None,
        retracts or None,
    )


def meant(note: str) -> str:
    """A note as it was meant, from how it stands in a line, its quotes taken off."""
    return _ESCAPE.sub(lambda found: _MEANT.get(found[1], found[1]), note) if "\\" in note else note


def read_records(path: str, content: bytes) -> LogText:
    """The records of a log.

    Args:
        path: how findings name the file.
        content: all of its bytes.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return _by_the_parser(path, content)
    if content.translate(None, _USUAL) and _UNUSUAL.search(text):
        return _by_the_parser(path, content)
    records: list[tuple[int, LineRecord]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        record = _record_on(line)
        if record is not None:
            records.append((number, record))
        elif not _says_nothing(line):
            return _by_the_parser(path, content)
    return LogText(tuple(records))


def changed_records(
    before: bytes, after: bytes
) -> tuple[tuple[LineRecord, ...], tuple[LineRecord, ...]] | None:
    """The records that a later content of a log has more, and those that it lacks, from its differing lines alone.

    Returns:
        None where one of those lines is not as `okr` writes it: then both contents have to be read whole.
    """
    old, new = Counter(before.split(b"\n")), Counter(after.split(b"\n"))
    added, removed = _records_on(new - old), _records_on(old - new)
    if added is None or removed is None:
        return None
    both = added & removed  # the same record in another layout
    return tuple((added - both).elements()), tuple((removed - both).elements())


def _records_on(lines: Counter[bytes]) -> Counter[LineRecord] | None:
    found: Counter[LineRecord] = Counter()
    for content, count in lines.items():
        line = content.decode("utf-8", "replace")
        if _UNUSUAL.search(line) or "\ufffd" in line:
            return None
        record = _record_on(line)
        if record is not None:
            found[record] += count
        elif not _says_nothing(line):
            return None
    return found


def _record_on(line: str) -> LineRecord | None:
    """The record on a line, where the line is as `okr` writes it."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    if _LEAP_DAY in line and not all(_is_day(said[:10]) for said in (found[1], found[5]) if said):
        return None
    said, subject, value, confidence, retracts, by, note = found.groups("")
    record = plain_record((said, subject, value, confidence, retracts, by, note))
    return record._replace(note="") if found[7] == "" else record


def _says_nothing(line: str) -> bool:
    return line.startswith("#") or not line.strip(" \r")


def _number(text: str) -> float:
    return float(text) if "." in text else int(text)


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _by_the_parser(path: str, content: bytes) -> LogText:
    from okr.diagnostics import Finding, Place, Problem
    from okr.documents import LocatedMapping, read_document
    from okr.model import LogRecord, quoted
    from okr.shapes import expect_list, shape

    document = read_document(path, content)
    items, problems = expect_list(document, "a log")
    problems = [*document.problems, *problems]
    records: list[tuple[int, LineRecord]] = []
    for index, item in enumerate(items or ()):
        if not isinstance(item, LocatedMapping):
            place = items.items_at[index] if items is not None else Place()
            message = (
                f"a log's line must be a mapping such as {{date: …, kr: …, value: …}}, not {quoted(item)}"
            )
            problems.append(Problem("wrong-type", Finding(path, place, message)))
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
