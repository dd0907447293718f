"""One side of a comparison: the plans that may differ, by the names of the new side, and how what is in them stands.

Where a log shows at a glance that no rule finds anything in it, scores are reckoned from what the glance took apart.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from okr.model import CycleState
from okr.operations.assessing import assess_key_result, metric_of
from okr.operations.comparison.glanced_logs import counting_table, lines_before, lines_by_subject, standing_of
from okr.operations.comparison.translation import PlanKey
from okr.plan_changes import PlanVersion
from okr.references import Reference
from okr.scoring import Span, mean_score, owner_score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from okr.contents import KeyResult, Objective, Plan
    from okr.operations.assessing import KeyResultState
    from okr.operations.comparison.glanced_logs import Lines, Standing
    from okr.workspace import Workspace


class Side:
    """The plans of one side that may differ, by the names of the new one.

    Attributes:
        workspace: whose plans they are.
        plans: the plans.
        objectives: what is in them; of two of one name, the first.
        key_results: likewise.
    """

    def __init__(
        self, workspace: Workspace, owner: Callable[[str], str] | None, keys: Iterable[PlanKey]
    ) -> None:
        """Looks for the plans.

        Args:
            workspace: where.
            owner: what an owner is called on the new side, where that is not this one.
            keys: whose plans, by their names on the new side.
        """
        self.workspace = workspace
        wanted = set(keys)
        self.plans: dict[PlanKey, Plan] = {}
        for plan in workspace.all_plans:
            key = PlanKey(plan.cycle, owner(plan.owner) if owner else plan.owner)
            if key in wanted:
                self.plans.setdefault(key, plan)
        self.objectives: dict[Reference, Objective] = {}
        self.key_results: dict[Reference, KeyResult] = {}
        for key, plan in self.plans.items():
            for objective in plan.objectives:
                own = Reference(key.cycle, key.owner, objective.definition.id)
                if own in self.objectives:
                    continue
                self.objectives[own] = objective
                for each in objective.key_results:
                    self.key_results.setdefault(inside(own, each.definition.id), each)
        self._glanced: dict[PlanKey, Lines | None] = {}
        self._standings: dict[Reference, list[Standing]] = {}

    @property
    def versions(self) -> list[PlanVersion]:
        """What the plans say."""
        return [
            PlanVersion(*key, tuple(each.definition for each in plan.objectives))
            for key, plan in self.plans.items()
        ]

    def score(self, key: PlanKey) -> float | None:
        """The mean of an owner's objectives; None where there is no plan."""
        if key not in self.plans:
            return None
        names = {Reference(*key, each.definition.id): None for each in self.plans[key].objectives}
        scores = [self.objective_score(name) for name in names]
        return owner_score(score for score in scores if score is not None)

    def objective_score(self, name: Reference) -> float | None:
        """The score of an objective; None where its cycle has no days."""
        objective = self.objectives[name]
        if not self._has_days(objective):
            return None
        weights = (float(each.definition.weight) for each in objective.key_results)
        return mean_score(
            (score, weight) for (score, _, _), weight in zip(self._standing(name), weights, strict=True)
        )

    def standing(self, name: Reference) -> Standing | None:
        """The score, value and confidence of a key result; None where its cycle has no days, or it is not looked at."""
        parent, thing = name.parent, self.key_results.get(name)
        if parent is None or thing is None or not self._has_days(self.objectives[parent]):
            return None
        places = [id(each) for each in self.objectives[parent].key_results]
        return self._standing(parent)[places.index(id(thing))]

    def state(self, name: Reference) -> KeyResultState | None:
        """How a key result stands; None where its cycle has no days."""
        parent, thing = name.parent, self.key_results.get(name)
        if parent is None or thing is None or not self._has_days(self.objectives[parent]):
            return None
        return assess_key_result(self.workspace, self.objectives[parent], thing)

    def lines(self, key: PlanKey) -> Lines | None:
        """The lines of a plan's log at a glance, of none where it has no log; None where a closer look is needed."""
        if key not in self._glanced:
            self._glanced[key] = self._lines(self.plans[key])
        return self._glanced[key]

    def _lines(self, plan: Plan) -> Lines | None:
        workspace = self.workspace
        logs = workspace.owner_logs(plan.cycle, plan.owner)
        if workspace.cycles[plan.cycle].span is None or workspace.state(plan.cycle) is CycleState.CLOSED:
            return None
        if not logs:
            return {}
        table = counting_table(logs[0], workspace)
        return None if table is None else lines_by_subject(table, repeat(False, len(table.days)))

    def _has_days(self, objective: Objective) -> bool:
        return self.workspace.cycles[objective.reference.cycle].span is not None

    def _standing(self, name: Reference) -> list[Standing]:
        """How the key results of an objective stand, in its order."""
        if name not in self._standings:
            objective = self.objectives[name]
            lines = self.lines(PlanKey(name.cycle, name.owner))
            self._standings[name] = [self._of(objective, each, lines) for each in objective.key_results]
        return self._standings[name]

    def _of(self, objective: Objective, key_result: KeyResult, lines: Lines | None) -> Standing:
        span = self.workspace.cycles[objective.reference.cycle].span
        if lines is None or span is None or key_result.definition.kpi is not None:
            found = assess_key_result(self.workspace, objective, key_result).assessment
            return found.score, found.value, found.confidence
        metric = metric_of(self.workspace, key_result.definition, span)
        said = lines.get(key_result.reference.within_log, [])
        return standing_of(metric, said, Span(span.starts, span.ends), self.workspace.as_of)


def grown_by(old: Side, new: Side, key: PlanKey) -> dict[str, int] | None:
    """How many lines each key result's log has more, by `objective/key-result`.

    Returns:
        None where that takes a closer look, or where not all lines are there that were.
    """
    if key not in old.plans or key not in new.plans or old.lines(key) is None or not new.lines(key):
        return None
    sides = ((old, old.plans[key]), (new, new.plans[key]))
    before, after = (side.workspace.owner_logs(plan.cycle, plan.owner) for side, plan in sides)
    table = after[0].document.table
    if table is None or (before and before[0].path != after[0].path):
        return None
    there = [False] * (table.above + len(table.days) + 1)
    if before:
        known = lines_before(old.workspace, before[0].path, after[0].document.text.encode())
        if known is None:
            return None
        there = known
    found: dict[str, int] = {}
    for subject, was_there in zip(table.subjects, there[table.above :], strict=False):
        found[subject] = found.get(subject, 0) + (not was_there)
    return found


def inside(objective: Reference, key_result: str) -> Reference:
    """The reference of a key result of an objective."""
    return Reference(objective.cycle, objective.owner, objective.objective, key_result)
