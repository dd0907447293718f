"""Tables as text: CSV for spreadsheets, JSON and JSON lines for programs, and columns for a terminal."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from okr.views.text import printable, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    from okr.operations.tables import Table, Value

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
"""What a spreadsheet takes for the beginning of a formula."""


_NARROWEST = 12
"""Characters that a column needs to be readable, unless it has no more to say."""
_BETWEEN = 3
"""Characters between two columns of a table."""
_AS_THEY_ARE = frozenset({str, int, bool})
_WHOLE_BELOW = 1e15
"""Up to here a number without a fraction is written without a point."""


def csv_text(table: Table) -> str:
    """A table as CSV with a head; text that a spreadsheet would reckon with begins with an apostrophe."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([neutral(column.name) for column in table.columns])
    writer.writerows([[_cell(value) for value in row] for row in table.rows])
    return written.getvalue()


def json_rows(table: Table) -> list[dict[str, Any]]:
    """A table as a list of objects, one for each row."""
    names = [column.name for column in table.columns]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in table.rows]


def json_lines(table: Table) -> str:
    """A table as JSON lines."""
    return "".join(f"{to_json(row, indent=None)}\n" for row in json_rows(table))


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    shown = printable(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def show_table(console: Console, table: Table) -> None:
    """Prints a table for people, row by row where its columns would be too narrow to read.

    Cells are folded, none is cut off.
    """
    shown = [[_shown(value) for value in row] for row in table.rows]
    if _readable(console, table, shown):
        console.print(_drawn(table, shown))
    else:
        from okr.views.layout import show

        show(console, _by_rows(console, table, shown))


def _drawn(table: Table, shown: Sequence[Sequence[str]]) -> Drawn:
    from rich import box
    from rich.table import Table as Drawn
    from rich.text import Text

    drawn = Drawn(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in table.columns:
        right = column.kind in {"integer", "number"}
        drawn.add_column(
            Text(printable(column.name)),
            justify="right" if right else "left",
            overflow="fold",
            header_style="dim",
        )
    for row in shown:
        drawn.add_row(*map(Text, row))
    return drawn


def _readable(console: Console, table: Table, shown: Sequence[Sequence[str]]) -> bool:
    """Whether every column gets what it needs, or at least room for a word."""
    from rich.cells import cell_len

    widest = [max(map(cell_len, cells)) for cells in zip(_names(table), *shown, strict=True)]
    return sum(min(each, _NARROWEST) + _BETWEEN for each in widest) - _BETWEEN <= console.width


def _by_rows(console: Console, table: Table, shown: Sequence[Sequence[str]]) -> Iterator[Text]:
    from rich.cells import cell_len
    from rich.text import Text

    from okr.views.layout import GAP, indented

    if not shown:
        yield Text("no rows", style="dim")
    names = _names(table)
    longest = min(max(map(cell_len, names)), console.width // 3)
    margin = " " * (longest + 2 * len(GAP))
    for number, row in enumerate(shown, start=1):
        if number > 1:
            yield Text()
        yield Text(f"row {number} of {len(shown)}", style="dim")
        for name, words in zip(names, row, strict=True):
            label = Text(f"{GAP}{name}", style="dim")
            if cell_len(name) > longest:
                yield from indented(console, Text(name, style="dim"), first=GAP, rest=GAP)
                label = Text()
            label.append(" " * (len(margin) - label.cell_len))
            yield from indented(console, Text(words), first=label, rest=margin)


def _names(table: Table) -> list[str]:
    return [printable(column.name) for column in table.columns]


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):  # most are as they may stand
        return value if value.isprintable() and not value.startswith(_FORMULA) else neutral(value)
    return str(_plain(value))


def _shown(value: Value) -> str:
    if value is None:
        return "–"
    return f"{value:.6g}" if isinstance(value, float) else printable(_plain(value))


def _plain(value: Any) -> Any:  # noqa: ANN401 # whatever an engine answers with
    """A value as JSON has it: days and times in ISO's form, what JSON does not know as its text."""
    if value is None or type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        rounded = round(value, 6)
        return int(rounded) if rounded.is_integer() and abs(rounded) < _WHOLE_BELOW else rounded
    if isinstance(value, (bool, int, str)):
        return value
    return json.loads(json.dumps(value, default=str)) if isinstance(value, (list, dict)) else str(value)


def tables_json(found: Sequence[Table], workspace: str, as_of: date) -> str:
    """Several tables as one JSON answer."""
    answer: dict[str, Any] = {"schema": 1, "workspace": workspace, "as_of": as_of.isoformat()}
    return to_json(answer | {table.name: json_rows(table) for table in found})
