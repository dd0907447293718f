"""The JSON of `okr plan`; its shapes are documented in docs/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.views.log_json import change_json
from okr.views.status_json import rounded

if TYPE_CHECKING:
    from okr.contents import Owner
    from okr.operations.planning_open import Carried, Left, Opened


def opened_json(opened: Opened, workspace: str, *, branch: str | None, written: bool) -> dict[str, Any]:
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
