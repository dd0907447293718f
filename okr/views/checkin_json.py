"""What a check-in moved, as JSON; the shape is described in docs/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.views.text import to_json

if TYPE_CHECKING:
    from okr.operations.checking_in import CheckedIn, Moved


def checkin_json(result: CheckedIn) -> str:
    """The answer of `okr checkin --json`."""
    return to_json(
        {
            "schema": 1,
            "written": result.written,
            "commit": result.commit.id if result.commit else None,
            "message": result.message,
            "checkins": [_moved(moved) for moved in result.moved],
            "also_committed": [dict(record) for record in result.earlier],
            "warnings": [{"rule": each.code, "message": each.finding.message} for each in result.warnings],
        }
    )


def _moved(moved: Moved) -> dict[str, Any]:
    before, after = moved.key_result(moved.before), moved.key_result(moved.after)
    return {
        "ref": moved.reference,
        "path": moved.path,
        "line": moved.line,
        "date": moved.fields["date"],
        "value": moved.fields.get("value"),
        "value_before": moved.value_before,
        "unit": moved.unit,
        "confidence": moved.fields.get("confidence"),
        "by": moved.fields.get("by"),
        "note": moved.fields.get("note"),
        "score": None if after is None else round(after.assessment.score, 6),
        "score_before": None if before is None else round(before.assessment.score, 6),
        "objective_score": None if moved.after is None else round(moved.after.assessment.score, 6),
        "objective_score_before": None if moved.before is None else round(moved.before.assessment.score, 6),
    }
