"""The commit messages of check-ins: what moved, in a line; the notes; and one trailer for each record.

Words of people go in only through `safe_line` and `safe_paragraph`, so that none of them becomes a trailer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import shortened
from okr.git.text import safe_line, safe_paragraph
from okr.quantities import format_score, plain_number, plain_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okr.log_lines import FieldValue

TRAILER = "OKR-Checkin"
LONGEST_SUBJECT = 100

_SIMPLE = re.compile(r"[\w.+:-]+")


@dataclass(frozen=True, slots=True)
class Said:
    """What one check-in says and moves, as a message needs it; scores run from 0.0 to 1.0, None where there is none."""

    reference: str
    fields: Mapping[str, FieldValue]
    unit: str | None
    value_before: float | str | None
    confidence_before: float | None
    score_before: float | None
    score_after: float | None
    taken_back: Sequence[Mapping[str, FieldValue]] = ()
    is_latest: bool = True


def commit_message(said: Sequence[Said]) -> str:
    """The subject and body of the commit that holds these check-ins, without its trailers."""
    if len(said) == 1:
        subject = f"okr: {_shown(said[0].reference)} {_movement(said[0])}"
        notes = [safe_paragraph(str(said[0].fields.get("note", "")))]
    else:
        subject = _common_subject(said)
        lines = [f"{_shown(each.reference)} {_movement(each)}{_quoted_note(each)}" for each in said]
        notes = [safe_paragraph("\n".join(lines))]
    return "\n\n".join([shortened(safe_line(subject), LONGEST_SUBJECT), *(note for note in notes if note)])


def trailer(reference: str, fields: Mapping[str, FieldValue]) -> tuple[str, str]:
    """The trailer that stands for one record: its key and its value."""
    parts = [
        f"{key}={_token(fields[key])}" for key in ("date", "value", "confidence", "retracts") if key in fields
    ]
    return TRAILER, " ".join([reference, *parts])


def _shown(reference: str) -> str:
    """A reference without its cycle, which the trailer names; a KPI's stays whole."""
    return reference if reference.startswith("kpis/") else reference.partition("/")[2]


def _movement(said: Said) -> str:
    if "retracts" in said.fields:
        values = [plain_value(each["value"]) for each in said.taken_back if "value" in each]
        what = f" {' and '.join(values)}{_unit(said)}" if values else ""
        return f"takes back{what} of {plain_value(said.fields['retracts'])}{_scores(said)}"
    unit = _unit(said)
    if not said.is_latest:
        value, confidence = said.fields.get("value"), said.fields.get("confidence")
        what = (
            f"confidence {plain_value(confidence or 0)}" if value is None else f"{plain_value(value)}{unit}"
        )
        return f"{what} on {plain_value(said.fields['date'])}{_scores(said)}"
    if "value" not in said.fields:
        confidence = _token(said.fields.get("confidence", ""))
        before = "" if said.confidence_before is None else f"{plain_number(said.confidence_before)} → "
        return f"confidence {before}{confidence}"
    if said.value_before == said.fields["value"] and said.score_before == said.score_after:
        score = "" if said.score_after is None else f" ({format_score(said.score_after)})"
        return f"still {plain_value(said.fields['value'])}{unit}{score}"
    before = "" if said.value_before is None else f"{plain_value(said.value_before)} → "
    return f"{before}{plain_value(said.fields['value'])}{unit}{_scores(said)}"


def _unit(said: Said) -> str:
    """What stands behind a value: `%` close to it, as on the screen, all else behind a blank."""
    return said.unit if said.unit == "%" else f" {said.unit}" if said.unit else ""


def _scores(said: Said) -> str:
    if said.score_after is None:
        return ""
    before = "" if said.score_before is None else f"{format_score(said.score_before)} → "
    return f" ({before}{format_score(said.score_after)})"


def _common_subject(said: Sequence[Said]) -> str:
    owners = sorted({_shown(each.reference).partition("/")[0] for each in said})
    by = sorted({str(each.fields["by"]) for each in said if "by" in each.fields})
    whose = f" of {owners[0]}" if len(owners) == 1 else f" of {len(owners)} owners"
    return f"okr: {len(said)} check-ins{whose}{' by ' + by[0] if len(by) == 1 else ''}"


def _quoted_note(said: Said) -> str:
    note = safe_line(str(said.fields.get("note", "")))
    return f": {note}" if note else ""


def _token(value: FieldValue) -> str:
    """A value as one word: in quotes where it holds anything that a word does not."""
    text = plain_value(value)
    if _SIMPLE.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
