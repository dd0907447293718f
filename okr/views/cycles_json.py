"""The JSON of `okr cycle`: all cycles, one of them, and what closing or opening one did. Documented in docs/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.views.status_json import SCHEMA, frame_entry, moment_entry, objective_entry, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okr.operations.assessing import OwnerState
    from okr.operations.closing.commit import Closed, Reopened
    from okr.operations.closing.grading import Decision
    from okr.operations.cycle_overview import CycleLine, CycleList, CycleShown
    from okr.repository import Commit


def list_json(found: CycleList) -> dict[str, Any]:
    """Every cycle."""
    return {
        "schema": SCHEMA,
        "workspace": found.workspace,
        "as_of": found.as_of.isoformat(),
        "at": moment_entry(found.moment),
        "cycles": [_line(line) for line in found.cycles],
    }


def shown_json(found: CycleShown) -> dict[str, Any]:
    """One cycle."""
    return (
        frame_entry(found.frame)
        | {key: value for key, value in _line(found.line).items() if key not in {"name", "owners"}}
        | {
            "last_checkin": None if found.last_checkin is None else found.last_checkin.isoformat(),
            "ungraded": [str(state.key_result.reference) for state in found.ungraded],
            "owners": [_owner(found, owner) for owner in found.owners],
        }
    )


def closed_json(result: Closed) -> dict[str, Any]:
    """What closing a cycle did, or would do."""
    return _recorded(result, result.paths) | {
        "review": result.review,
        "owners": [
            {"id": each.owner.id, "name": each.owner.name, "score": rounded(each.score)}
            for each in result.owners
        ],
        "decisions": [_decision(each) for each in result.decisions],
    }


def reopened_json(result: Reopened) -> dict[str, Any]:
    """What opening a cycle again did, or would do."""
    return _recorded(result, [result.path]) | {"graded": result.graded}


def _recorded(result: Closed | Reopened, paths: Sequence[str]) -> dict[str, Any]:
    return frame_entry(result.frame) | {
        "state": result.frame.state.value,
        "written": result.written,
        "commit": _commit(result.commit),
        "message": result.message,
        "remarks": list(result.commit.remarks) if result.commit else [],
        "paths": list(paths),
    }


def _line(line: CycleLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "state": line.state.value,
        "closed": None if line.closed_on is None else line.closed_on.isoformat(),
        "starts": None if line.span is None else line.span.starts.isoformat(),
        "ends": None if line.span is None else line.span.ends.isoformat(),
        "current": line.current,
        "over": line.over,
        "owners": list(line.owners),
        "objectives": line.objectives,
        "key_results": line.key_results,
        "graded": line.graded,
        "checkins": line.checkins,
        "score": None if line.score is None else rounded(line.score),
        "review": line.review,
    }


def _owner(found: CycleShown, owner: OwnerState) -> dict[str, Any]:
    objectives = []
    for state in owner.objectives:
        entry = objective_entry(state)
        said = state.objective.definition
        for shown, each in zip(entry["key_results"], state.key_results, strict=True):
            definition = each.key_result.definition
            shown["grade_reason"] = definition.grade_reason
            shown["learned"] = definition.learned
            shown["next"] = definition.next or said.next
        entry["supported_by"] = [str(each) for each in found.supporters[state.objective.reference]]
        entry["learned"] = said.learned
        objectives.append(entry)
    return {
        "id": owner.owner.id,
        "name": owner.owner.name,
        "kind": owner.owner.kind,
        "score": rounded(owner.score),
        "objectives": objectives,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "ref": str(decision.subject.reference),
        "title": decision.subject.title,
        "score": None if decision.score is None else rounded(decision.score),
        "grade": decision.grade,
        "grade_reason": decision.reason,
        "learned": decision.learned,
        "next": decision.next,
    }


def _commit(commit: Commit | None) -> str | None:
    return None if commit is None else commit.id
