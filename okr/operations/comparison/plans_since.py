"""What commits have changed in the plans of a cycle, told as `okr diff` tells it: what that calls no change is none.

Which commits touched a plan, and what each seems to have changed, is `operations/record/plan_history.py`'s; where names are concerned, the
two states of the whole workspace are compared.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from okr.git.history import last_commit_up_to
from okr.operations.comparison.comparing import compare_plans
from okr.operations.comparison.narrowing import opened_sides
from okr.operations.comparison.results import Presence
from okr.operations.comparison.sides import Sides
from okr.operations.record.log_names import LogKey
from okr.operations.record.plan_history import PlanEvent, plan_commits, plan_story
from okr.plan_changes import (
    Graded,
    GradeExplained,
    KeyResultAdded,
    KeyResultDropped,
    Learned,
    NextDecided,
    ObjectiveAdded,
    ObjectiveDropped,
    Retagged,
    Retargeted,
    Retyped,
    Reweighted,
    Reworded,
)
from okr.revisions import Moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from okr.cycles import Cycle
    from okr.git.history import CommitFacts
    from okr.operations.comparison.results import KeyResultDifference, ObjectiveDifference, OwnerDifference
    from okr.operations.record.plan_history import Change
    from okr.operations.record.recorded import Past
    from okr.workspace import Workspace

_CERTAIN = (
    Graded, GradeExplained, Learned, NextDecided, Retagged, Retargeted, Retyped, Reweighted, Reworded,
)  # fmt: skip
"""Changes that are the same whatever things are called elsewhere."""


def plans_changed_since(
    workspace: Workspace, past: Past, cycle: Cycle, since: date, owners: Collection[str] | None
) -> tuple[PlanEvent, ...]:
    """What commits made after a day have changed in the facts and plans of a cycle, the latest first.

    Args:
        workspace: the working tree, or a commit, up to which is told.
        past: its repository.
        cycle: the cycle.
        since: the day.
        owners: only these owners' plans, by their present ids, and the cycle's facts.

    Raises:
        GitFailed: git can't read its history.
    """
    until = workspace.moment.commit if workspace.moment else "HEAD"

    def matters(key: LogKey) -> bool:
        return key.cycle == cycle.name and (owners is None or not key.owner or key.owner in owners)

    after = last_commit_up_to(past.repo, since, of=until)
    commits = plan_commits(past.repo, past.names, after, until=until)
    story = plan_story(past.repo, past.names, commits, matters)
    found: list[PlanEvent] = []
    for _, theirs in groupby(story.events, key=lambda event: event.commit.id):
        events = tuple(theirs)
        told = None if all(map(_is_certain, events)) else _compared(workspace, past, events[0].commit, cycle)
        found += events if told is None else (each for each in told if matters(each.key))
    return tuple(found)


def _is_certain(event: PlanEvent) -> bool:
    return all(isinstance(each, _CERTAIN) and getattr(each, "key", "") != "kpi" for each in event.changes)


def _compared(
    workspace: Workspace, past: Past, commit: CommitFacts, cycle: Cycle
) -> tuple[PlanEvent, ...] | None:
    """What a commit has changed, by comparing it with its parent; None where there are several, or none can be read."""
    if not commit.parents or commit.is_merge:
        return None
    root = past.repo.top / past.names.prefix
    before, after = (Moment(each, each, workspace.as_of) for each in (commit.parents, commit.id))
    old, new, grown, _ = opened_sides(Sides(past.repo, root, before, after), workspace.as_of)
    cycles, owners = compare_plans(old, new, grown, cycle.name)
    if old.problems or new.problems:
        return None
    facts = [side.cycles[cycle.name].source for side in (new, old) if cycle.name in side.cycles]
    path = next((each.path for each in facts if each), "")
    found = [PlanEvent(commit, LogKey(cycle.name, ""), path, cycles)] if cycles else []
    for each in owners:
        changes = tuple(_of_owner(each))
        plan = new.plan(cycle.name, each.owner.id) or old.plan(cycle.name, each.owner.id)
        if changes and plan is not None:
            found.append(PlanEvent(commit, LogKey(cycle.name, each.owner.id), plan.path, changes))
    return tuple(found)


def _of_owner(owner: OwnerDifference) -> Iterator[Change]:
    for objective in owner.changed:
        yield from _of_objective(objective)
    yield from (each for each in owner.departed if each.reference.cycle != owner.cycle)


def _of_objective(objective: ObjectiveDifference) -> Iterator[Change]:
    named = objective.reference, objective.title, len(objective.key_results)
    match objective.presence:
        case Presence.ADDED:
            yield ObjectiveAdded(*named)
        case Presence.DROPPED:
            yield ObjectiveDropped(*named)
        case Presence.BOTH:
            yield from objective.changes
            for each in objective.key_results:
                yield from _of_key_result(each)
            yield from (
                each for each in objective.departed if each.reference.cycle != objective.reference.cycle
            )


def _of_key_result(key_result: KeyResultDifference) -> Iterator[Change]:
    match key_result.presence:
        case Presence.ADDED:
            yield KeyResultAdded(key_result.reference, key_result.title)
        case Presence.DROPPED:
            yield KeyResultDropped(key_result.reference, key_result.title)
        case Presence.BOTH:
            yield from key_result.changes
