"""The JSON of `okr tree`: the objectives with what they support and what supports them, and where trees begin.

A flat list: what supports what is a graph, and a machine can walk it as it likes. Documented in docs/json.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.operations.alignment import Branch
from okr.scoring import band
from okr.views.status_json import frame_entry, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okr.operations.alignment import Alignment
    from okr.operations.assessing import KeyResultState, ObjectiveState
    from okr.references import Reference


def tree_json(found: Alignment) -> dict[str, Any]:
    """The whole answer."""
    return frame_entry(found.frame) | {
        "roots": _named(found.roots[Branch.TOP]),
        "supports_nothing": _named(found.roots[Branch.SUPPORTS_NOTHING]),
        "not_found": _named(found.roots[Branch.NOT_FOUND]),
        "circles": _named(found.roots[Branch.CIRCLE]),
        "objectives": [_objective(found, state) for state in found.objectives.values()],
    }


def _objective(found: Alignment, state: ObjectiveState) -> dict[str, Any]:
    reference, said = state.objective.reference, state.assessment
    return {
        "ref": str(reference),
        "title": state.objective.title,
        "cycle": reference.cycle,
        "plan_of": {"id": reference.owner, "name": found.owners[reference.owner]},
        "owner": state.objective.accountable,
        "type": state.objective.definition.type.value,
        "score": rounded(said.score),
        "band": band(said.score).value,
        "forecast": None if said.forecast is None else rounded(said.forecast.score),
        "status": said.status.value,
        "supports": list(state.supports),
        "supported_by": _named(found.supporters.get(reference, ())),
        "key_results": [_key_result(found, each) for each in state.key_results],
    }


def _key_result(found: Alignment, state: KeyResultState) -> dict[str, Any]:
    reference, said = state.key_result.reference, state.assessment
    return {
        "ref": str(reference),
        "title": state.key_result.title,
        "score": rounded(said.score),
        "band": band(said.score).value,
        "status": said.status.value,
        "supported_by": _named(found.supporters.get(reference, ())),
    }


def _named(references: Iterable[Reference]) -> list[str]:
    return [str(reference) for reference in references]
