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

    from okr.operations.aligning import Aligned
    from okr.operations.alignment import Alignment
    from okr.references import Reference


def tree_json(found: Alignment[Aligned]) -> dict[str, Any]:
    """The whole answer."""
    return frame_entry(found.frame) | {
        "roots": _named(found.roots[Branch.TOP]),
        "supports_nothing": _named(found.roots[Branch.SUPPORTS_NOTHING]),
        "not_found": _named(found.roots[Branch.NOT_FOUND]),
        "circles": _named(found.roots[Branch.CIRCLE]),
        "objectives": [_objective(found, reference, said) for reference, said in found.objectives.items()],
    }


def _objective(found: Alignment[Aligned], reference: Reference, said: Aligned) -> dict[str, Any]:
    return {
        "ref": str(reference),
        "title": said.title,
        "cycle": reference.cycle,
        "plan_of": {"id": reference.owner, "name": found.owners[reference.owner]},
        "owner": said.accountable,
        "type": said.type,
        "score": rounded(said.score),
        "band": band(said.score).value,
        "forecast": None if said.forecast is None else rounded(said.forecast),
        "status": said.status.value,
        "supports": list(said.supports),
        "supported_by": _named(found.supporters.get(reference, ())),
        "key_results": [
            {
                "ref": f"{reference}/{each.id}",
                "title": each.title,
                "score": rounded(each.score),
                "band": band(each.score).value,
                "status": each.status.value,
                "supported_by": _named(found.supporters.get(inner, ())),
            }
            for each, inner in zip(said.key_results, found.key_results[reference], strict=True)
        ],
    }


def _named(references: Iterable[Reference]) -> list[str]:
    return [str(reference) for reference in references]
