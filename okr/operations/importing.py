"""`okr checkin --from`: rows of CSV, JSON or JSON lines read as check-ins, each with the line it stands on.

Only reading: whether the rows can be recorded is decided by `checking_in.py`, for all of them together.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from okr.errors import OkrError, UsageError
from okr.model import quoted
from okr.operations.checking_in import Refusal
from okr.operations.drafting import Entry
from okr.operations.entries import confidence_of, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okr.model import Moment

COLUMNS = ("ref", "value", "confidence", "date", "note", "by")
LARGEST_IMPORT = 16 * 1024 * 1024
"""Bytes; a hundred thousand check-ins fit."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of what was sent: the line it begins on, its fields by column, and why it can't be read, if so."""

    line: int
    fields: dict[str, Any]
    fault: OkrError | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """What was sent, read as check-ins.

    Attributes:
        name: how messages name where it came from.
        entries: the check-ins.
        lines: the line of each of them.
        refusals: what can't be read, `entry` being the number of a line rather than of an entry.
    """

    name: str
    entries: tuple[Entry, ...]
    lines: tuple[int, ...]
    refusals: tuple[Refusal, ...]


class ImportRefusedError(OkrError):
    """Nothing of an import was recorded. Holds a line and a reason for every row that is at fault."""

    def __init__(self, name: str, faults: Sequence[tuple[int | None, Refusal]]) -> None:
        count = len(faults)
        lines = [_fault(name, line, refusal) for line, refusal in faults]
        rows = "one row is" if count == 1 else f"{count} rows are"
        super().__init__(
            "\n".join([f"Nothing was recorded: {rows} at fault.", *lines]),
            "Mend them and send everything again.",
        )
        self.faults = tuple(faults)


def read_import(name: str, content: bytes, *, now: Moment, by: str | None) -> Import:
    """Reads CSV with a header, a JSON list, or JSON lines; which of them, the content says.

    Args:
        name: how messages name where it came from.
        content: what was sent.
        now: when a row that gives no date was so.
        by: who says so where a row does not.

    Raises:
        UsageError: it is none of these, or too large.
    """
    if len(content) > LARGEST_IMPORT:
        raise UsageError(f"{name} is larger than {LARGEST_IMPORT // (1024 * 1024)} MiB.", "Send it in parts.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name} is not UTF-8 text: byte {error.start + 1} is at fault.", "Save it as UTF-8."
        ) from error
    start = text.lstrip()[:1]
    rows = (
        _json_rows(name, text)
        if start == "["
        else _json_line_rows(text)
        if start == "{"
        else _csv_rows(name, text)
    )
    entries: list[Entry] = []
    lines: list[int] = []
    refusals: list[Refusal] = []
    for row in rows:
        try:
            if row.fault is not None:
                raise row.fault
            entries.append(_entry(row, now, by))
            lines.append(row.line)
        except OkrError as error:
            refusals.append(Refusal(row.line, error.message, error.remedy))
    if not entries and not refusals:
        raise UsageError(
            f"{name} holds no check-in.", f"Write a row for each, with the columns {', '.join(COLUMNS)}."
        )
    return Import(name, tuple(entries), tuple(lines), tuple(refusals))


def faults_of(sent: Import, refusals: Sequence[Refusal]) -> ImportRefusedError:
    """All that is wrong with what was sent, in the order of its lines: what could not be read, and what was refused."""
    found: list[tuple[int | None, Refusal]] = [(each.entry, each) for each in sent.refusals]
    found += [(None if each.entry is None else sent.lines[each.entry], each) for each in refusals]
    return ImportRefusedError(sent.name, sorted(found, key=lambda fault: fault[0] or 0))


def _entry(row: Row, now: Moment, by: str | None) -> Entry:
    fields = {key: value for key, value in row.fields.items() if value is not None and value != ""}
    unknown = [key for key in fields if key not in COLUMNS]
    if unknown:
        raise UsageError(
            f"There is no column {quoted(unknown[0])}.", f"The columns are {', '.join(COLUMNS)}."
        )
    reference = fields.get("ref")
    if not isinstance(reference, str) or not reference.strip():
        raise UsageError("This row names no key result.", "Give its reference in the column `ref`.")
    for key, value in fields.items():
        if isinstance(value, (bool, list, dict)):
            raise UsageError(f"`{key}` is neither a text nor a number: {quoted(value)}.")
    date, confidence = fields.get("date"), fields.get("confidence")
    return Entry(
        reference.strip(),
        now if date is None else moment_of(str(date)),
        _value(fields.get("value")),
        None if confidence is None else confidence_of(str(confidence)),
        None if "note" not in fields else str(fields["note"]),
        str(fields["by"]) if "by" in fields else by,
        moment_is_given=date is not None,
        by_is_given="by" in fields,
    )


def _value(value: Any) -> str | float | None:  # noqa: ANN401 # whatever JSON can hold, lists and mappings refused above
    if isinstance(value, (int, float)):
        # A number sent as one means itself: no sign makes a change of it. Its text is read for size and sense.
        return f"={value!r}" if value < 0 else repr(value)
    return None if value is None else str(value)


def _csv_rows(name: str, text: str) -> Iterator[Row]:
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if columns is None:
                    columns = [cell.strip().casefold() for cell in cells]
                    _check_columns(name, columns)
                else:
                    yield _csv_row(line, columns, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(
            f"{name}:{line}: this is not CSV: {error}.", "Mend the quotes on that line."
        ) from error


def _check_columns(name: str, columns: list[str]) -> None:
    if "ref" not in columns:
        raise UsageError(
            f"{name} has no column `ref` in its first line.",
            f"Begin CSV with a line such as {','.join(COLUMNS)}; JSON with `[`, JSON lines with `{{`.",
        )


def _csv_row(line: int, columns: list[str], cells: list[str]) -> Row:
    if len(cells) > len(columns):
        surplus = f"This row has {len(cells)} cells, and there are {len(columns)} columns."
        return Row(line, {}, UsageError(surplus, "Put a text that holds a separator in quotes."))
    return Row(line, {column: cell.strip() for column, cell in zip(columns, cells, strict=False)})


def _json_rows(name: str, text: str) -> Iterator[Row]:
    decoder = json.JSONDecoder()
    position = text.index("[") + 1
    first = True
    while True:
        position = _past_blanks(text, position)
        if text[position : position + 1] == "]":
            break
        if not first:
            position = _past_blanks(text, _past_comma(name, text, position))
        first = False
        value, after = _decoded(decoder, name, text, position)
        yield _json_row(_line(text, position), value)
        position = after
    if text[position + 1 :].strip():
        line = _line(text, _past_blanks(text, position + 1))
        raise UsageError(f"{name}:{line}: something stands behind the end of the list.", "Remove it.")


def _json_line_rows(text: str) -> Iterator[Row]:
    decoder = json.JSONDecoder()
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                value, after = decoder.raw_decode(line, len(line) - len(line.lstrip()))
            except (ValueError, RecursionError) as error:
                yield Row(number, {}, UsageError(f"This is not JSON: {_said(error)}.", "Mend it."))
                continue
            if line[after:].strip():
                yield Row(
                    number, {}, UsageError("There is more than one value on this line.", "Write one a line.")
                )
                continue
            yield _json_row(number, value)


def _json_row(line: int, value: Any) -> Row:  # noqa: ANN401 # whatever JSON can hold
    if not isinstance(value, dict):
        fault = UsageError(f"This is {quoted(value)}, not a check-in.", 'Write {"ref": …, "value": …}.')
        return Row(line, {}, fault)
    return Row(line, value)


def _decoded(decoder: json.JSONDecoder, name: str, text: str, position: int) -> tuple[Any, int]:
    try:
        return decoder.raw_decode(text, position)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else _line(text, position)
        raise UsageError(
            f"{name}:{line}: this is not JSON: {_said(error)}.", "Mend it, and send everything again."
        ) from error


def _said(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else "it can't be read"


def _past_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position


def _past_comma(name: str, text: str, position: int) -> int:
    if text[position : position + 1] != ",":
        raise UsageError(
            f"{name}:{_line(text, position)}: this is not JSON: a `,` or `]` is missing.", "Mend it."
        )
    return position + 1


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _fault(name: str, line: int | None, refusal: Refusal) -> str:
    where = name if line is None else f"{name}:{line}"
    code = f"{refusal.code} " if refusal.code else ""
    # Findings begin in lower case and end without a stop; here each is a sentence with its remedy behind it.
    message = refusal.message[:1].upper() + refusal.message[1:].rstrip(".")
    remedy = f" {refusal.remedy[:1].upper()}{refusal.remedy[1:]}" if refusal.remedy else ""
    return f"{where}: {code}{message}.{remedy}"
