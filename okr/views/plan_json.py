"""The JSON of `okr plan`; its shapes are documented in docs/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.diagnostics import Severity
from okr.views.findings_json import finding_as_json
from okr.views.log_json import change_json
from okr.views.status_json import frame_entry, rounded

if TYPE_CHECKING:
    from okr.contents import Owner
    from okr.operations.planning.check import OwnersPlan, Readiness
    from okr.operations.planning.open import Carried, Left, Opened
    from okr.operations.planning.paperwork import Paperwork
    from okr.operations.planning.start import Started
    from okr.operations.planning.summary import Summary


def opened_json(
    opened: Opened, workspace: str, paperwork: Paperwork | None, *, branch: str | None, written: bool
) -> dict[str, Any]:
    """The answer of `okr plan open --json`."""
    return {
        "schema": 1,
        "workspace": workspace,
        "cycle": opened.cycle.name,
        "starts": opened.cycle.starts.isoformat(),
        "ends": opened.cycle.ends.isoformat(),
        "before": opened.before.name if opened.before else None,
        "written": written,
        "branch": branch,
        "files": [{"path": each.path, "new": each.before is None} for each in opened.files],
        "plans": [
            {
                "owner": _owner(plan.owner),
                "path": plan.path,
                "carried": [_carried(each) for each in plan.carried],
                "left": [_left(each) for each in plan.left],
            }
            for plan in opened.plans
        ],
        "present": [_owner(each) for each in opened.present],
        "unplanned": opened.unplanned,
        "paperwork": None
        if paperwork is None
        else {
            "made": list(paperwork.made),
            "updated": list(paperwork.updated),
            "kept": list(paperwork.kept),
            "nobody": list(paperwork.nobody),
        },
    }


def readiness_json(found: Readiness, *, strict: bool) -> dict[str, Any]:
    """The answer of `okr plan check --json`."""
    return frame_entry(found.frame) | {
        "state": found.frame.state.value,
        "before": found.before.name if found.before else None,
        "ready": found.is_ready(strict=strict),
        "plans": [plan_json(each) for each in found.plans],
        "summary": {
            "errors": found.counts[Severity.ERROR],
            "warnings": found.counts[Severity.WARNING],
            "infos": found.counts[Severity.INFO],
        },
        "diagnostics": [finding_as_json(each) for each in found.diagnostics],
        "questions": [
            {"about": each.about.value, "ref": each.ref, "fact": each.fact, "question": each.question}
            for each in found.questions
        ],
    }


def summary_json(found: Summary) -> dict[str, Any]:
    """The answer of `okr plan summary --json`."""
    return readiness_json(found.readiness, strict=False) | {
        "above": [{"ref": str(each.reference), "title": each.title} for each in found.above],
        "supports": [{"ref": str(below), "supports": str(above)} for below, above in found.supports],
        "since": [
            {
                "owner": _owner(each.owner),
                "continued": [
                    {
                        "ref": str(objective.objective.reference),
                        "title": objective.objective.title,
                        "times_carried": objective.times_carried,
                        "changes": [change_json(change) for change in objective.changes],
                        "finished": [
                            {"ref": str(done.reference), "title": done.title} for done in objective.finished
                        ],
                    }
                    for objective in each.continued
                ],
                "new": [{"ref": str(new.reference), "title": new.title} for new in each.new],
                "not_continued": [
                    {
                        "ref": str(gone.objective.reference),
                        "title": gone.objective.title,
                        "score": rounded(gone.score),
                        "finished": gone.finished,
                        "dropped": gone.dropped,
                    }
                    for gone in each.not_continued
                ],
            }
            for each in found.successions
        ],
    }


def plan_json(plan: OwnersPlan) -> dict[str, Any]:
    """One owner's plan."""
    return {
        "owner": _owner(plan.owner),
        "path": plan.path,
        "committed": plan.committed,
        "key_results": plan.key_results,
        "objectives": [
            {
                "ref": str(each.objective.reference),
                "title": each.objective.title,
                "type": each.objective.definition.type.value,
                "owner": each.objective.accountable,
                "key_results": len(each.objective.key_results),
                "times_carried": each.times_carried,
            }
            for each in plan.objectives
        ],
    }


def started_json(started: Started, workspace: str) -> dict[str, Any]:
    """The answer of `okr plan start --json`."""
    return {
        "schema": 1,
        "workspace": workspace,
        "cycle": started.cycle.name,
        "path": started.path,
        "commit": started.commit.id if started.commit else None,
        "plans": [plan_json(each) for each in started.readiness.plans],
        "unknown_baselines": [str(each.reference) for each in started.unknown],
    }


def _owner(owner: Owner) -> dict[str, Any]:
    return {"id": owner.id, "name": owner.name}


def _carried(carried: Carried) -> dict[str, Any]:
    return {
        "ref": str(carried.reference),
        "title": carried.title,
        "score": rounded(carried.score),
        "times_carried": carried.times,
        "changes": [change_json(each) for each in carried.changes],
        "left": [_left(each) for each in carried.left],
    }


def _left(left: Left) -> dict[str, Any]:
    return {
        "ref": str(left.reference),
        "title": left.title,
        "score": rounded(left.score),
        "reason": left.reason.name.lower().replace("_", "-"),
        "detail": left.detail,
    }
