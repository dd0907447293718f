"""What a badge says: the name, score and status of an owner, an objective, a key result, or a whole cycle's owners."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import Objective, Owner
from okr.dataclass import dataclass
from okr.errors import OkrError, UsageError
from okr.operations.assessing import assess_key_result, assess_one, assess_owner
from okr.operations.selecting import BELOW, objective_of, select_any, select_owners
from okr.scoring import band

if TYPE_CHECKING:
    from okr.quantities import Language
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Badge:
    """A name, a score from 0.0 to 1.0, and a word for it; and the language that it is written in."""

    label: str
    score: float
    status: str
    language: Language


def badge(workspace: Workspace, reference: str, *, cycle: str | None = None) -> Badge:
    """What a badge says.

    Raises:
        UsageError: the reference names nothing, or more than one thing, such as a team and all below it.
        OkrError: there is no such cycle, or the owner has no plan in it.
    """
    language = workspace.settings.language
    if reference.endswith(BELOW):
        name = select_owners(workspace, reference).name
        raise UsageError(
            f"a badge shows one score, and “{name}” is a team and all below it: scores are not summed up over teams",
            f"name one owner, objective or key result; `okr status {name}` shows them all",
        )
    found = select_any(workspace, reference, cycle=cycle)
    if isinstance(found, Owner):
        shown = workspace.cycle_asked(cycle)
        state = assess_owner(workspace, shown, found.id)
        if state is None:
            raise OkrError(f"{found.id} has no plan in {shown.name}", "name another cycle with --cycle")
        return Badge(f"{found.name} {shown.name}", state.score, band(state.score).value, language)
    if isinstance(found, Objective):
        said = assess_one(workspace, found).assessment
        return Badge(found.title, said.score, said.status.value, language)
    own = assess_key_result(workspace, objective_of(workspace, found), found).assessment
    return Badge(found.title, own.score, own.status.value, language)
