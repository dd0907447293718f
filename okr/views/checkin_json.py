"""What a check-in moved, as JSON; the shape is described in docs/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.views.text import to_json

if TYPE_CHECKING:
    from okr.operations.checkin.checking_in import Moved, Recorded


def recorded_json(result: Recorded) -> str:
    """The answer of `okr checkin --json` and `okr undo --json`."""
    return to_json(
        {
            "schema": 1,
            "written": result.written,
            "commit": result.commit.id if result.commit else None,
            "message": result.message,
            "checkins": [_moved(moved) for moved in result.moved],
            "also_committed": [dict(record) for record in result.earlier],
            "warnings": [{"rule": each.code, "message": each.finding.message} for each in result.warnings],
            "remarks": list(result.remarks),
        }
    )


def _moved(moved: Moved) -> dict[str, Any]:
    states, last = moved.before_and_after, moved.records[-1]
    objectives = (moved.subject.state, moved.after.state)
    return {
        "ref": moved.reference,
        "path": moved.path,
        "line": moved.line,
        "date": last["date"],
        "value": last.get("value"),
        "value_before": moved.subject.last,
        "unit": moved.subject.unit,
        "confidence": last.get("confidence"),
        "by": last.get("by"),
        "note": last.get("note"),
        "taken_back": [dict(record) for record in moved.taken_back],
        "latest": moved.is_latest if moved.said else None,
        "key_results": [
            {
                "ref": str(after.key_result.reference),
                "score": round(after.assessment.score, 6),
                "score_before": round(before.assessment.score, 6),
            }
            for before, after in moved.drawn
        ],
        "score": round(states[1].assessment.score, 6) if states else None,
        "score_before": round(states[0].assessment.score, 6) if states else None,
        "objective_score": round(objectives[1].assessment.score, 6) if objectives[1] else None,
        "objective_score_before": round(objectives[0].assessment.score, 6) if objectives[0] else None,
    }
