"""A cycle's plans for those who review them: whether they are ready, how they are aligned, what became of the last ones.

The Markdown of it is `views/plan_markdown.py`'s.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.model import Next, ObjectiveType
from okr.operations.alignment import supported_by
from okr.operations.assessing import assess_one
from okr.operations.comparison.comparing import compare_objectives
from okr.operations.going_on import same_before
from okr.operations.planning.check import readiness
from okr.operations.planning.scope import in_order, longer_cycles, preceding, whole_objective
from okr.plan_changes import (
    KeyResultAdded,
    KeyResultDropped,
    Reassigned,
    Retargeted,
    Retyped,
    Reweighted,
    Reworded,
)
from okr.scoring import came_true

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from okr.contents import KeyResult, Objective, Owner
    from okr.cycles import Cycle
    from okr.operations.assessing import ObjectiveState
    from okr.operations.planning.check import PlannedObjective, Readiness
    from okr.plan_changes import PlanChange
    from okr.references import Reference
    from okr.workspace import Workspace

_TOLD = (KeyResultAdded, KeyResultDropped, Reassigned, Retargeted, Retyped, Reweighted, Reworded)


@dataclass(frozen=True, slots=True)
class Continued:
    """An objective that goes on.

    Attributes:
        times_carried: how often it has by now.
        changes: what is another in it.
        finished: those of its key results that stayed behind as successes; they are in no change.
    """

    objective: Objective
    times_carried: int
    changes: tuple[PlanChange, ...]
    finished: tuple[KeyResult, ...]


@dataclass(frozen=True, slots=True)
class NotContinued:
    """An objective of the cycle before that does not go on.

    Attributes:
        score: where it ended, or stands, from 0.0 to 1.0.
        finished: whether that is a success.
        dropped: whether it was noted at the closing that it does not go on.
    """

    objective: Objective
    score: float
    finished: bool
    dropped: bool


@dataclass(frozen=True, slots=True)
class Succession:
    """What became of an owner's plan of the cycle before."""

    owner: Owner
    continued: tuple[Continued, ...]
    new: tuple[Objective, ...]
    not_continued: tuple[NotContinued, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a reviewer has to know of a cycle's plans.

    Attributes:
        readiness: the plans, the findings and the questions.
        states: each objective of the cycle with its key results, in the order of the plans.
        above: the objectives of longer cycles that it may serve, the longest first.
        supports: which objective supports which.
        successions: what became of the plans of the cycle before, by owner; none where there is no such cycle.
        names: what the owners and the people accountable are called, by id.
    """

    readiness: Readiness
    states: tuple[ObjectiveState, ...]
    above: tuple[Objective, ...]
    supports: tuple[tuple[Reference, Reference], ...]
    successions: tuple[Succession, ...]
    names: Mapping[str, str]

    @property
    def supporters(self) -> Counter[Reference]:
        """How many of the cycle's objectives support each other one, be it through one in a cycle in between."""
        found: Counter[Reference] = Counter()
        for state in self.states:
            reference = state.objective.reference
            found.update(_reached(self.supports, [reference]) - {reference})
        return found


def summary(workspace: Workspace, typed: str | None, owner: str | None = None) -> Summary:
    """The plans of a cycle, summed up.

    Args:
        workspace: where to look.
        typed: the cycle; without one the next that is being planned, else the current one.
        owner: the team or person whose plan is meant, or with `/...` theirs and those below; None for all.

    Raises:
        UsageError: the name stands for no cycle, or the owner for none.
        OkrError: the cycle is closed.
    """
    found = readiness(workspace, typed, owner)
    cycle = found.frame.cycle
    planned = [each for plan in found.plans for each in plan.objectives]
    longer = longer_cycles(workspace, cycle)
    above = tuple(
        objective
        for each in longer
        for owner in in_order(workspace, (plan.owner for plan in workspace.plans(each.name)))
        if (plan := workspace.plan(each.name, owner)) is not None
        for objective in plan.objectives
    )
    shown = [*(each.objective for each in planned), *above]
    supports = tuple(_supports(workspace, shown))
    if owner is not None:  # of what stands above only what these serve, themselves or through others
        served = _reached(supports, [each.objective.reference for each in planned])
        above = tuple(each for each in above if each.reference in served)
        supports = tuple(each for each in supports if served.issuperset(each))
    before = preceding(workspace, cycle)
    people = {person for each in shown for person in (each.reference.owner, each.accountable) if person}
    return Summary(
        found,
        tuple(assess_one(workspace, each.objective) for each in planned),
        above,
        supports,
        tuple(_successions(workspace, before, found, found.meant)) if before else (),
        {each: workspace.owner(each).name for each in people},
    )


def _supports(workspace: Workspace, shown: list[Objective]) -> Iterator[tuple[Reference, Reference]]:
    """Each objective that is shown with each other one that it supports, be it through a key result."""
    known = {each.reference for each in shown}
    for objective in shown:
        targets: dict[Reference, None] = {}
        for found in supported_by(workspace, objective):
            whole = None if isinstance(found, str) else whole_objective(workspace, found)
            if whole is not None and whole.reference != objective.reference and whole.reference in known:
                targets[whole.reference] = None
        yield from ((objective.reference, target) for target in targets)


def _reached(supports: Iterable[tuple[Reference, Reference]], first: Iterable[Reference]) -> set[Reference]:
    """What can be come to from some objectives along `supports`, and these themselves."""
    upwards: dict[Reference, list[Reference]] = {}
    for below, above in supports:
        upwards.setdefault(below, []).append(above)
    found, waiting = set(first), list(first)
    while waiting:
        following = [each for each in upwards.get(waiting.pop(), ()) if each not in found]
        found.update(following)
        waiting += following
    return found


def _successions(
    workspace: Workspace, before: Cycle, found: Readiness, meant: Collection[str] | None
) -> Iterator[Succession]:
    planned = {plan.owner.id: plan.objectives for plan in found.plans}
    had = {plan.owner for plan in workspace.plans(before.name) if plan.objectives}
    had = had if meant is None else had & set(meant)
    for owner in in_order(workspace, {*planned, *had}):
        succession = _succession(workspace, before, owner, planned.get(owner, ()))
        if succession.continued or succession.new or succession.not_continued:
            yield succession


def _succession(
    workspace: Workspace, before: Cycle, owner: str, planned: tuple[PlannedObjective, ...]
) -> Succession:
    continued: list[Continued] = []
    new: list[Objective] = []
    gone_on: set[Reference] = set()
    for each in planned:
        earlier = same_before(workspace, each.objective, before)
        if earlier is None:
            new.append(each.objective)
        else:
            gone_on.add(earlier.reference)
            continued.append(_continued(workspace, earlier, each))
    plan = workspace.plan(before.name, owner)
    rest = [each for each in (plan.objectives if plan else ()) if each.reference not in gone_on]
    return Succession(
        workspace.owner(owner),
        tuple(continued),
        tuple(new),
        tuple(_not_continued(workspace, each) for each in rest),
    )


def _continued(workspace: Workspace, earlier: Objective, planned: PlannedObjective) -> Continued:
    changes = tuple(_changes(workspace, earlier, planned.objective))
    gone = {each.reference.key_result for each in changes if isinstance(each, KeyResultDropped)}
    committed = earlier.definition.type is ObjectiveType.COMMITTED
    finished = tuple(
        each.key_result
        for each in assess_one(workspace, earlier).key_results
        if each.key_result.definition.id in gone and came_true(each.assessment.score, committed=committed)
    )
    names = {each.definition.id for each in finished}
    left = (
        each
        for each in changes
        if not (isinstance(each, KeyResultDropped) and each.reference.key_result in names)
    )
    return Continued(planned.objective, planned.times_carried, tuple(left), finished)


def _changes(workspace: Workspace, earlier: Objective, now: Objective) -> Iterator[PlanChange]:
    """What is another: what is measured, promised and who answers for it; not what only belongs to the cycle."""
    yield from (each for each in compare_objectives(workspace, earlier, now) if isinstance(each, _TOLD))


def _not_continued(workspace: Workspace, objective: Objective) -> NotContinued:
    score = assess_one(workspace, objective).assessment.score
    committed = objective.definition.type is ObjectiveType.COMMITTED
    marks = {objective.definition.next, *(each.definition.next for each in objective.key_results)}
    return NotContinued(objective, score, came_true(score, committed=committed), Next.DROP in marks)
