"""Tables as a workbook for spreadsheet programs: a sheet each, numbers as numbers, days as days, text never a formula."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import xlsxwriter

from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okr.operations.tables import Table, Value

_LONGEST = 32_000
"""Characters that a cell can hold, nearly."""

_WIDEST = 60


def workbook(found: Sequence[Table], title: str, as_of: date) -> bytes:
    """The bytes of an .xlsx file; the same for the same tables and day."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(
        written,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    made = datetime.combine(as_of, time(), UTC).replace(tzinfo=None)
    book.set_properties({"title": printable(title), "created": made})
    head = book.add_format({"bold": True})
    formats = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "share": book.add_format({"num_format": "0.00"}),
    }
    for table in found:
        sheet = book.add_worksheet(table.name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column.name, head)
            lengths = [len(str(row[place])) for row in table.rows[:200] if row[place] is not None]
            sheet.set_column(place, place, min(_WIDEST, max([len(column.name), *lengths]) + 2))
        for number, row in enumerate(table.rows, start=1):
            for place, value in enumerate(row):
                _write(sheet, number, place, value, formats)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    book.close()
    return written.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    value: Value,
    formats: dict[str, xlsxwriter.format.Format],
) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, float):
        sheet.write_number(row, column, value, formats["share"] if not value.is_integer() else None)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_string(row, column, value.isoformat(timespec="seconds"))
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time()), formats["date"])
    else:
        sheet.write_string(row, column, printable(value)[:_LONGEST])
