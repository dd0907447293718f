"""What changed in goals, as JSON; the shape is described in docs/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.operations.comparison.eased import eased
from okr.operations.comparison.org_changes import SubjectAdded, SubjectChanged, SubjectDropped, SubjectRenamed
from okr.views.comparison_words import subject_words
from okr.views.findings_json import commit_as_json, finding_as_json
from okr.views.log_json import change_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okr.operations.comparison.org_changes import SubjectChange
    from okr.operations.comparison.results import (
        CheckInsDifference,
        Comparison,
        FindingDifference,
        KeyResultDifference,
        ObjectiveDifference,
        OwnerDifference,
        Pair,
    )
    from okr.plan_changes import Moved, PlanChange

_KINDS = {
    SubjectAdded: "added",
    SubjectDropped: "dropped",
    SubjectRenamed: "renamed",
    SubjectChanged: "changed",
}


def comparison_json(found: Comparison) -> dict[str, Any]:
    """The answer of `okr diff --json`."""
    return {
        "schema": 1,
        "workspace": found.workspace,
        "as_of": found.as_of.isoformat(),
        "old": commit_as_json(found.old),
        "new": commit_as_json(found.new),
        "fork": found.fork,
        "refs": list(found.limits),
        "cycle": found.cycle,
        "changed": found.any,
        "owners": [_owner(each) for each in found.owners],
        "cycles": [change_json(each) for each in found.cycles],
        "subjects": [_subject(each) for each in found.subjects],
        "kpis": [
            {
                "ref": f"kpis/{each.id}", "name": each.name, "unit": each.unit,
                "value": _pair(each.value), "checkins": _lines(each.checkins),
            }
            for each in found.measurements
        ],
        "settings": [{"key": each.key, "old": each.old, "new": each.new} for each in found.settings],
        "referred": [
            {
                "tie": each.tie.value, "ref": each.target, "title": each.title, "cycle": each.cycle,
                "lost": list(each.lost), "gained": list(each.gained), "others": each.others,
            }
            for each in found.referred
        ],
        "findings": [_finding(each) for each in found.findings],
    }  # fmt: skip


def _owner(found: OwnerDifference) -> dict[str, Any]:
    return {
        "id": found.owner.id,
        "name": found.owner.name,
        "kind": found.owner.kind,
        "cycle": found.cycle,
        "presence": found.presence.value,
        "objective_count": _pair(found.objectives),
        "score": _scores(found.score),
        "objectives": [_objective(each) for each in found.changed],
        "departed": [_departed(each) for each in found.departed],
    }


def _objective(found: ObjectiveDifference) -> dict[str, Any]:
    return _thing(found, ()) | {
        "key_results": [_key_result(each) for each in found.key_results],
        "departed": [_departed(each) for each in found.departed],
        "continues": None if found.continues is None else str(found.continues),
        "less": _changes(found.less, found.less),
    }


def _key_result(found: KeyResultDifference) -> dict[str, Any]:
    return _thing(found, eased(found.changes)) | {
        "value": _pair(found.value),
        "unit": found.unit,
        "confidence": _scores(found.confidence),
        "checkins": _lines(found.checkins),
    }


def _thing(found: ObjectiveDifference | KeyResultDifference, easier: Iterable[PlanChange]) -> dict[str, Any]:
    return {
        "ref": str(found.reference),
        "old_ref": None if found.old_reference is None else str(found.old_reference),
        "title": found.title,
        "presence": found.presence.value,
        "changes": _changes(found.changes, easier),
        "score": _scores(found.score),
    }


def _changes(changes: Iterable[PlanChange], easier: Iterable[PlanChange]) -> list[dict[str, Any]]:
    less = tuple(easier)
    return [change_json(each) | {"easier": each in less} for each in changes]


def _departed(change: Moved) -> dict[str, Any]:
    return {"old_ref": str(change.old), "ref": str(change.reference), "title": change.title}


def _lines(found: CheckInsDifference) -> dict[str, int]:
    return {"added": found.added, "removed": found.removed, "taken_back": found.taken_back}


def _subject(change: SubjectChange) -> dict[str, Any]:
    return {
        "change": _KINDS[type(change)],
        "kind": change.kind,
        "id": change.id,
        "name": change.name,
        "key": getattr(change, "key", None),
        "old": getattr(change, "old", None),
        "new": getattr(change, "new", change.id if isinstance(change, SubjectRenamed) else None),
        "text": subject_words(change, "en"),
    }


def _finding(found: FindingDifference) -> dict[str, Any]:
    """A finding as `okr validate` gives it, with what became of it."""
    what = {
        "presence": "dropped" if found.new is None else "added" if found.old is None else "both",
        "old_message": found.old.finding.message if found.old and found.new else None,
    }
    return finding_as_json(found.diagnostic) | what


def _pair(pair: Pair[Any]) -> dict[str, Any]:
    return {"old": pair.old, "new": pair.new}


def _scores(pair: Pair[float]) -> dict[str, float | None]:
    return {
        "old": None if pair.old is None else round(pair.old, 6),
        "new": None if pair.new is None else round(pair.new, 6),
    }
