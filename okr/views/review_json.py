"""The JSON of `okr review`, of a running cycle and of one that is over; the shape is described in docs/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.views.due import due_json
from okr.views.log_json import change_json, commit_json
from okr.views.status_json import frame_entry, key_result_entry, rounded, value

if TYPE_CHECKING:
    from okr.contents import CheckIn
    from okr.operations.assessing import OwnerState
    from okr.operations.closing.retrospective import Lesson, Outcome, Retrospective
    from okr.operations.reviewing import Blocker, Course, Review, Waiting


def review_json(found: Review) -> dict[str, Any]:
    """The answer of a running cycle."""
    return frame_entry(found.frame) | {
        "state": found.frame.state.value,
        "kind": "weekly",
        "owner": found.owner,
        "since": found.since.isoformat(),
        "moved": [_course(course) for course in found.moved],
        "unmoved": [_course(course) for course in found.unmoved],
        "attention": [key_result_entry(state) for state in found.attention],
        "disagreements": [
            {
                "ref": str(state.key_result.reference),
                "title": state.key_result.title,
                "kind": kind.name.lower(),
                "confidence": state.assessment.confidence,
                "forecast": None
                if state.assessment.forecast is None
                else rounded(state.assessment.forecast.score),
            }
            for state, kind in found.disagreements
        ],
        "blockers": [_blocker(blocker) for blocker in found.blockers],
        "waiting": [_waiting(waiting) for waiting in found.waiting],
        "due": due_json(found.due)["due"],
        "git": found.git,
        "plan_changes": [
            {
                "path": event.path,
                "commit": commit_json(event.commit),
                "changes": [change_json(change) for change in event.changes],
            }
            for event in found.plan_changes
        ],
    }


def retrospective_json(found: Retrospective) -> dict[str, Any]:
    """The answer of a cycle that is over."""
    return frame_entry(found.frame) | {
        "state": found.frame.state.value,
        "kind": "retrospective",
        "owner": found.owner,
        "review": found.text,
        "ungraded": found.ungraded,
        "owners": [_owner(owner) for owner in found.owners],
        "hits": [_outcome(each) for each in found.outcomes if each.hit],
        "misses": [_outcome(each) for each in found.outcomes if not each.hit],
        "lessons": [_lesson(each) for each in found.lessons],
        "ambition": [
            {
                "type": each.kind.value,
                "key_results": each.count,
                "average": rounded(each.average),
                "aim": each.aim,
                "verdict": each.verdict,
            }
            for each in found.ambition
        ],
        "calibration": _calibration(found),
    }


def _owner(owner: OwnerState) -> dict[str, Any]:
    return {
        "id": owner.owner.id,
        "name": owner.owner.name,
        "score": rounded(owner.score),
        "objectives": [
            {
                "ref": str(each.objective.reference),
                "title": each.objective.title,
                "type": each.objective.definition.type.value,
                "score": rounded(each.assessment.score),
                "status": each.assessment.status.value,
            }
            for each in owner.objectives
        ],
    }


def _calibration(found: Retrospective) -> dict[str, Any]:
    foretold = found.calibration
    return {
        "cycles": list(found.closed),
        "count": foretold.count,
        "brier": None if foretold.brier is None else rounded(foretold.brier),
        "bins": [
            {
                "low": rounded(row.low),
                "high": rounded(row.high),
                "count": row.count,
                "confidence": rounded(row.confidence),
                "came_true": rounded(row.came_true),
            }
            for row in foretold.bins
        ],
    }


def _course(course: Course) -> dict[str, Any]:
    return key_result_entry(course.state) | {
        "value_before": value(course.before.value),
        "score_before": rounded(course.before.score),
        "checkins_since": [_said(checkin) for checkin in course.news],
    }


def _said(checkin: CheckIn) -> dict[str, Any]:
    said = checkin.record.definition
    return {
        "date": str(said.date),
        "value": value(said.value),
        "confidence": said.confidence,
        "by": said.by,
        "note": said.note,
    }


def _blocker(blocker: Blocker) -> dict[str, Any]:
    key_result = blocker.state.key_result
    return {"ref": str(key_result.reference), "title": key_result.title, **_said(blocker.checkin)}


def _waiting(waiting: Waiting) -> dict[str, Any]:
    said = waiting.awaited.assessment
    return {
        "ref": str(waiting.subject.reference),
        "title": waiting.subject.title,
        "depends_on": waiting.awaited.written,
        "depends_on_title": waiting.awaited.title,
        "score": None if said is None else rounded(said.score),
        "status": None if said is None else said.status.value,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return key_result_entry(outcome.state) | {"type": outcome.kind.value}


def _lesson(lesson: Lesson) -> dict[str, Any]:
    return {
        "ref": str(lesson.subject.reference),
        "title": lesson.subject.title,
        "learned": lesson.learned,
        "grade_reason": lesson.grade_reason,
        "next": None if lesson.next is None else lesson.next.value,
    }
