"""Rows of CSV, JSON, JSON lines or YAML, each with the line it stands on.

Only reading: what their columns mean is for whoever asks for them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

from okr.dataclass import dataclass
from okr.documents import LocatedList, LocatedMapping, read_document
from okr.errors import OkrError, UsageError
from okr.model import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LARGEST_IMPORT = 16 * 1024 * 1024
"""Bytes; a hundred thousand check-ins fit."""

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of .xlsx, .ods and .xls begin."""
_YAML = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*(?:-(?=[ \t\r\n])|---(?=[ \t\r\n]))")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of what was sent: the line it begins on, its fields by column, and why it can't be read, if so."""

    line: int
    fields: dict[str, Any]
    fault: OkrError | None = None


@dataclass(frozen=True, slots=True)
class RowKind:
    """What is sent in rows.

    Attributes:
        noun: what a row stands for.
        columns: what it may say; the first one must have a column.
        example: one in JSON.
        also: other headings, in lower case, that stand for a column.
    """

    noun: str
    columns: tuple[str, ...]
    example: str
    also: Mapping[str, str] | None = None

    def column(self, heading: str) -> str:
        """The column that a heading stands for; one that none knows is itself, in lower case."""
        plain = " ".join(heading.casefold().split())
        return plain if self.also is None else self.also.get(plain, plain)


def read_rows(name: str, content: bytes, kind: RowKind) -> Iterator[Row]:
    """Reads CSV with a header, a list in JSON or YAML, or JSON lines; which of them, the content says.

    Args:
        name: how messages name where it came from.
        content: what was sent.
        kind: what the rows stand for.

    Raises:
        UsageError: it is none of these, or too large.
    """
    if len(content) > LARGEST_IMPORT:
        raise UsageError(f"{name} is larger than {LARGEST_IMPORT // (1024 * 1024)} MiB.", "Send it in parts.")
    if content.startswith(_SPREADSHEETS):
        raise UsageError(
            f"{name} is a spreadsheet's own file, which can't be read.", "Save the sheet as CSV."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name} is not UTF-8 text: byte {error.start + 1} is at fault.", "Save it as UTF-8."
        ) from error
    start = text.lstrip()[:1]
    if start == "[":
        yield from _json_rows(name, text, kind)
    elif start == "{":
        yield from _json_line_rows(text, kind)
    elif _YAML.match(text):
        yield from _yaml_rows(name, content, kind)
    else:
        yield from _csv_rows(name, text, kind)


def fields_of_row(row: Row, kind: RowKind) -> dict[str, Any]:
    """What a row says, without what it leaves empty.

    Raises:
        OkrError: the row can't be read, has a column that there is none of, lacks the first, or holds a list.
    """
    if row.fault is not None:
        raise row.fault
    fields = {key: value for key, value in row.fields.items() if value is not None and value != ""}
    unknown = [key for key in fields if key not in kind.columns]
    if unknown:
        raise UsageError(
            f"There is no column {quoted(unknown[0])}.", f"The columns are {', '.join(kind.columns)}."
        )
    reference = fields.get("ref")
    if not isinstance(reference, str) or not reference.strip():
        raise UsageError("This row names no key result.", "Give its reference in the column `ref`.")
    for key, value in fields.items():
        if isinstance(value, (bool, list, dict)):
            raise UsageError(f"`{key}` is neither a text nor a number: {quoted(value)}.")
    return fields


def _yaml_rows(name: str, content: bytes, kind: RowKind) -> Iterator[Row]:
    document = read_document(name, content)
    if document.problems or not isinstance(document.root, LocatedList):
        problem = document.problems[0].finding if document.problems else None
        where = "" if problem is None else f":{problem.place.line}"
        said = "no list" if problem is None else problem.message.rstrip(".")
        raise UsageError(f"{name}{where}: this is not a list in YAML: {said}.", "Mend it.")
    for place, item in zip(document.root.items_at, document.root, strict=True):
        yield _mapping_row(place.line, dict(item) if isinstance(item, LocatedMapping) else item, kind)


def _csv_rows(name: str, text: str, kind: RowKind) -> Iterator[Row]:
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
                    _check_columns(name, columns, kind)
                else:
                    yield _csv_row(line, columns, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(
            f"{name}:{line}: this is not CSV: {error}.", "Mend the quotes on that line."
        ) from error


def _check_columns(name: str, columns: list[str], kind: RowKind) -> None:
    if kind.columns[0] not in map(kind.column, columns):
        raise UsageError(
            f"{name} has no column `{kind.columns[0]}` in its first line.",
            f"Begin CSV with a line such as {','.join(kind.columns[:6])}; JSON with `[`, JSON lines with `{{`, YAML with `- `.",
        )


def _csv_row(line: int, columns: list[str], cells: list[str]) -> Row:
    if len(cells) > len(columns):
        surplus = f"This row has {len(cells)} cells, and there are {len(columns)} columns."
        return Row(line, {}, UsageError(surplus, "Put a text that holds a separator in quotes."))
    return Row(line, {column: cell.strip() for column, cell in zip(columns, cells, strict=False)})


def _json_rows(name: str, text: str, kind: RowKind) -> Iterator[Row]:
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
        yield _mapping_row(_line(text, position), value, kind)
        position = after
    if text[position + 1 :].strip():
        line = _line(text, _past_blanks(text, position + 1))
        raise UsageError(f"{name}:{line}: something stands behind the end of the list.", "Remove it.")


def _json_line_rows(text: str, kind: RowKind) -> Iterator[Row]:
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
            yield _mapping_row(number, value, kind)


def _mapping_row(line: int, value: Any, kind: RowKind) -> Row:  # noqa: ANN401 # whatever JSON can hold
    if not isinstance(value, dict):
        fault = UsageError(f"This is {quoted(value)}, not a {kind.noun}.", f"Write {kind.example}.")
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
