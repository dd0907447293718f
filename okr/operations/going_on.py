"""Which objective of the cycle before another one goes on with: by the ids that its plan names, never by likeness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import Objective
from okr.references import Reference

if TYPE_CHECKING:
    from okr.cycles import Cycle
    from okr.workspace import Workspace


def same_before(workspace: Workspace, objective: Objective, before: Cycle) -> Objective | None:
    """The objective of the cycle before that one goes on with: of the same owner, by its id or a former one."""
    reference = objective.reference
    for name in (reference.objective, *objective.definition.formerly):
        found = workspace.find(Reference(before.name, reference.owner, name))
        if isinstance(found, Objective):
            return found
    return None
