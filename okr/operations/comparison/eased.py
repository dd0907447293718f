"""Which changes of a plan make something easier to reach, and how much less one asks for than the plan it goes on with.

Whoever reviews a plan has to see that first; whether the cycle has begun, which is for the rules on history, is all one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import replace
from okr.easing import is_easier
from okr.measures import NumberMetric
from okr.model import Next
from okr.operations.assessing import assess_one
from okr.plan_changes import KeyResultDropped, Retargeted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.contents import Objective
    from okr.plan_changes import PlanChange
    from okr.workspace import Workspace

_AIMS = ("to", "commit", "stretch", "at_least", "at_most", "milestones")
_TARGETS = frozenset({"to", "at_least", "at_most", "milestones"})
_REACHED = 1.0


def eased(changes: Iterable[PlanChange]) -> tuple[PlanChange, ...]:
    """Those that make a key result easier to reach; of several that say where it is to get the first."""
    found: dict[tuple[int, bool], PlanChange] = {}
    for each in changes:
        if isinstance(each, Retargeted) and _is_eased(each):
            found.setdefault((id(each.new_definition), each.key == "from"), each)
    return tuple(found.values())


def asks_for_less(
    workspace: Workspace, earlier: Objective, changes: Iterable[PlanChange]
) -> tuple[PlanChange, ...]:
    """What an objective asks for less than the one that it goes on with: easier targets, and key results it has no more.

    A key result that was reached, or that the cycle's closing says to drop, is no loss, and another baseline is where the
    cycle before has left it.

    Args:
        workspace: where both are.
        earlier: the one of the cycle before.
        changes: all that is different in the new one.
    """
    return tuple(_less(workspace, earlier, tuple(changes)))


def _less(workspace: Workspace, earlier: Objective, changes: tuple[PlanChange, ...]) -> Iterator[PlanChange]:
    lost = [each for each in changes if isinstance(each, KeyResultDropped)]
    yield from (
        each
        for each in changes
        if isinstance(each, Retargeted) and each.key in _TARGETS and _is_eased(each, alone=True)
    )
    if lost:
        there = {each.key_result.definition.id: each for each in assess_one(workspace, earlier).key_results}
        for each in lost:
            state = there.get(each.reference.key_result or "")
            decided = state is not None and state.key_result.definition.next is Next.DROP
            if state is not None and not decided and state.assessment.score < _REACHED:
                yield replace(each, reference=state.key_result.reference)


def _is_eased(change: Retargeted, *, alone: bool = False) -> bool:
    """Whether a change makes it easier; `alone` by its target, whatever is promised at least or hoped for."""
    from okr.rules.history_targets import (
        metric_written,  # with all rules, of which most comparisons need none
    )

    was, now = change.old_definition, change.new_definition
    if was.kpi != now.kpi:
        return False  # other numbers altogether
    if change.key == "from":
        before, after = (metric_written(now, start) for start in (was.start, now.start))
        known = isinstance(was.start, (int, float)) and isinstance(now.start, (int, float))
    else:
        before, after = (metric_written(each, was.start) for each in (was, now))
        known = change.key in _AIMS
    if alone and isinstance(before, NumberMetric) and isinstance(after, NumberMetric):
        before, after = (replace(each, commit=None, stretch=None) for each in (before, after))
    return known and before is not None and after is not None and is_easier(before, after) is True
