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
    from okr.quantities import Language

_LONGEST = 32_000
"""Characters that a cell can hold, nearly."""

_WIDEST = 60

FRENCH = {
    "objectives": "objectifs", "key_results": "résultats_clés", "checkins": "points_de_suivi", "kpis": "KPI",
    "people": "personnes", "plan_changes": "changements", "ref": "référence", "cycle": "cycle",
    "owner": "responsable", "objective": "objectif", "title": "titre", "why": "pourquoi", "type": "type",
    "accountable": "personne_responsable", "supports": "soutient", "score": "score", "forecast": "prévision",
    "forecast_low": "prévision_basse", "forecast_high": "prévision_haute", "status": "état", "tags": "étiquettes",
    "learned": "leçon", "next": "suite", "path": "fichier", "line": "ligne", "key_result": "résultat_clé",
    "kind": "genre", "unit": "unité", "baseline": "départ", "target": "cible", "at_least": "au_moins",
    "at_most": "au_plus", "kpi": "KPI", "weight": "poids", "value": "valeur", "milestone": "jalon",
    "progress": "progrès", "expected": "attendu", "confidence": "confiance", "last_checkin": "dernier_point",
    "grade": "note_finale", "grade_reason": "raison_de_la_note", "day": "jour", "time": "heure", "said_by": "dit_par",
    "note": "note", "retracted": "retiré", "name": "nom", "within": "dans_les_bornes", "measurements": "mesures",
    "id": "id", "team": "équipe", "lead": "responsable_d_équipe", "email": "e-mail", "change": "changement",
    "key": "clé", "old": "avant", "new": "après", "author": "auteur", "commit_id": "commit",
}  # fmt: skip
"""What sheets and columns are called in French; in csv, json and SQL names stay as they are, for programs."""


def workbook(found: Sequence[Table], title: str, as_of: date, language: Language = "en") -> bytes:
    """The bytes of an .xlsx file; the same for the same tables, day and language of its sheets and columns."""
    words = FRENCH if language == "fr" else {}
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
        sheet = book.add_worksheet(words.get(table.name, table.name))
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            name = words.get(column.name, column.name)
            sheet.write_string(0, place, name, head)
            lengths = [len(str(row[place])) for row in table.rows[:200] if row[place] is not None]
            sheet.set_column(place, place, min(_WIDEST, max([len(name), *lengths]) + 2))
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
