"""What planning a cycle is about: which cycle, the one before it, the longer ones around it, and who plans in it.

Looks only; what is carried over, written or asked is for the modules beside this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import KeyResult, Objective
from okr.cycles import CycleKind, next_cycle
from okr.errors import UsageError
from okr.model import CycleState, quoted
from okr.operations.assessing import rank_of
from okr.operations.going_on import same_before
from okr.references import is_id, nearest
from okr.workspace import CYCLE_FACTS, ORG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okr.cycles import Cycle
    from okr.workspace import Workspace


def preceding(workspace: Workspace, cycle: Cycle) -> Cycle | None:
    """The latest cycle of the same kind with plans that began before this one; a custom one must be over by then."""
    earlier = [
        span
        for name, loaded in workspace.cycles.items()
        if (span := loaded.span) is not None
        and span.kind is cycle.kind
        and span.starts < cycle.starts
        and not (span.kind is CycleKind.CUSTOM and span.overlaps(cycle))
        and workspace.plan_paths(name)
    ]
    return max(earlier, key=lambda span: (span.starts, span.ends, span.name), default=None)


def longer_cycles(workspace: Workspace, cycle: Cycle) -> tuple[Cycle, ...]:
    """The longer cycles that hold a cycle, the longest first: what it is to serve."""
    found = [
        span
        for loaded in workspace.cycles.values()
        if (span := loaded.span) is not None and span.days > cycle.days and span.holds(cycle)
    ]
    return tuple(sorted(found, key=lambda span: (-span.days, span.name)))


def unplanned(workspace: Workspace, cycle: Cycle, before: Cycle | None) -> str | None:
    """The longer cycle that is to be planned first: it follows one with plans that the cycle before served.

    None where there is no such cycle, and where some longer one around this cycle has plans.
    """
    if before is None or any(workspace.plan_paths(each.name) for each in longer_cycles(workspace, cycle)):
        return None
    for each in longer_cycles(workspace, before):
        following = next_cycle(each, workspace.calendar)
        if workspace.plan_paths(each.name) and following is not None and following.holds(cycle):
            return following.name
    return None


def who_plans(workspace: Workspace, cycle: Cycle) -> tuple[str, ...]:
    """The owners of whom a plan is expected in a cycle, as org.yaml has them.

    Those that its cycle.yaml names, or else that of the preceding cycle. Where neither does: whoever had a plan in
    the preceding cycle, and all other teams, unless they plan in cycles of another kind only; a team without any plan
    begins in the shortest ones. In the first cycle of its kind only teams above all others, or with teams below them,
    may do so.
    """
    before = preceding(workspace, cycle)
    said = named_planners(workspace, cycle.name) or (named_planners(workspace, before.name) if before else ())
    if said:
        return in_order(workspace, said)
    planned = _with_plans(workspace, [before]) if before else set()
    around = [
        span
        for loaded in workspace.cycles.values()
        if (span := loaded.span) is not None
        and span.kind is not cycle.kind
        and (span.overlaps(cycle) or (before is not None and span.overlaps(before)))
    ]
    elsewhere = _with_plans(workspace, around) - planned
    if (
        before is None
    ):  # who planned before tells nothing then: a direction is whoever has nobody above, or teams below
        directing = {team.parent for team in workspace.org.teams}
        elsewhere &= {team.id for team in workspace.org.teams if team.parent is None or team.id in directing}
    elif any(span.days < cycle.days and workspace.plan_paths(span.name) for span in around):
        elsewhere |= {team.id for team in workspace.org.teams if team.parent is not None} - planned
    teams = {team.id for team in workspace.org.teams} - elsewhere
    known = {owner for owner in planned if owner in workspace.owners or not workspace.owners}
    return in_order(workspace, teams | known)


def named_planners(workspace: Workspace, cycle: str) -> tuple[str, ...]:
    """Who plans in a cycle, by present ids, as its cycle.yaml says; empty where it does not say."""
    loaded = workspace.cycles.get(cycle)
    said = loaded.facts.owners if loaded else ()
    return tuple(dict.fromkeys(workspace.former_owners.get(owner, owner) for owner in said))


def in_order(workspace: Workspace, owners: Iterable[str]) -> tuple[str, ...]:
    """Owners as answers list them: teams first, then people, each as org.yaml has them."""
    ranks = workspace.ranks
    return tuple(sorted(set(owners), key=lambda owner: rank_of(ranks, workspace.owner(owner))))


def owners_named(workspace: Workspace, typed: Sequence[str], option: str) -> tuple[str, ...]:
    """Owners as typed on the command line, by their present ids.

    Raises:
        UsageError: org.yaml has no such team or person, or there can be none.
    """
    found: list[str] = []
    for each in typed:
        owner = workspace.former_owners.get(each, each)
        if workspace.owners and owner not in workspace.owners:
            near = nearest(each, workspace.owners)
            remedy = f"did you mean {near[0]}?" if near else f"there are {', '.join(workspace.owners)}"
            raise UsageError(f"{option}: {ORG} knows no team or person {quoted(each)}", remedy)
        if not is_id(owner) or f"{owner}.yaml" == CYCLE_FACTS:
            raise UsageError(
                f"{option}: nobody can be called {quoted(each)}",
                "write an id: lower-case letters, digits and hyphens",
            )
        found.append(owner)
    return tuple(dict.fromkeys(found))


def cycle_in_planning(workspace: Workspace, typed: str | None) -> Cycle:
    """The cycle that is meant: the one typed, else the next one that is being planned, else the current one.

    Raises:
        UsageError: the name stands for no cycle.
    """
    if typed is not None:
        return workspace.cycle(typed)
    found = cycles_in_planning(workspace)
    return found[0] if found else workspace.current_cycle


def cycles_in_planning(workspace: Workspace) -> list[Cycle]:
    """The cycles that are being planned, the next one first; of those that begin on one day, the shorter."""
    spans = [
        loaded.span
        for loaded in workspace.cycles.values()
        if loaded.span is not None and loaded.facts.state is CycleState.PLANNING
    ]
    return sorted(spans, key=lambda span: (span.starts, span.days, span.name))


def earlier_cycles(workspace: Workspace, cycle: Cycle) -> tuple[Cycle, ...]:
    """The cycles that came before one, the latest first, each the one that `preceding` gives for the next."""
    found: list[Cycle] = []
    before = preceding(workspace, cycle)
    while before is not None:
        found.append(before)
        before = preceding(workspace, before)
    return tuple(found)


def times_carried(workspace: Workspace, objective: Objective, earlier: Sequence[Cycle]) -> int:
    """How many cycles in a row an objective has been carried over: 0 for a new one.

    Args:
        workspace: where to look.
        objective: the objective.
        earlier: the cycles before its own, as `earlier_cycles` gives them.
    """
    count = 0
    for before in earlier:
        found = same_before(workspace, objective, before)
        if found is None:
            break
        objective, count = found, count + 1
    return count


def whole_objective(workspace: Workspace, found: Objective | KeyResult) -> Objective | None:
    """An objective itself, or the one that a key result belongs to."""
    if isinstance(found, Objective):
        return found
    parent = found.reference.parent
    objective = None if parent is None else workspace.find(parent)
    return objective if isinstance(objective, Objective) else None


def _with_plans(workspace: Workspace, cycles: Iterable[Cycle]) -> set[str]:
    """The owners with a plan in some of the cycles, by present ids."""
    stems = {stem for cycle in cycles for _, stem in workspace.plan_paths(cycle.name).values()}
    return {workspace.former_owners.get(stem, stem) for stem in stems}
