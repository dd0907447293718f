"""How things stand on a day: every key result, objective and owner with its numbers.

Brings what the files say (`workspace.py`) to the formulas (`scoring.py`); showing the result is the views' business.
"""

from __future__ import annotations

from functools import partial
from sys import maxsize
from typing import TYPE_CHECKING, Any

from okr.dataclass import dataclass
from okr.model import CycleState, ObjectiveType, RelativeTarget
from okr.model import KeyResult as KeyResultDefinition
from okr.scoring import (
    Assessment,
    BoundsMetric,
    Metric,
    MilestonesMetric,
    NumberMetric,
    ObjectiveAssessment,
    Reading,
    Relative,
    Span,
    assess,
    assess_objective,
    owner_score,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from okr.contents import CheckIn, KeyResult, Objective, Owner
    from okr.cycles import Cycle
    from okr.model import Moment
    from okr.workspace import Workspace

_SET = object.__setattr__
_ASSESSED = "assessed"
"""What tells it apart from whatever else is worked out of a workspace."""
PLANS_WORTH_IT = 60
"""Plans from which on a further process takes less time than it saves."""
_AT_A_GLANCE = ("key_result", "metric", "unit", "assessment", "readings", "_read")


class _ToBeRead:
    """What a state has besides what makes it equal to another."""

    __slots__ = ("_read",)
    _read: Callable[[], tuple[CheckIn, ...]]


@dataclass(frozen=True, slots=True)
class KeyResultState(_ToBeRead):
    """A key result on a day.

    Attributes:
        metric: how it is measured, with a KPI's baseline filled in.
        unit: what its numbers count; a KPI's own where the key result says none.
        checkins: all of its check-ins, the KPI's measurements where it draws on one, those taken back included.
        assessment: the numbers.
        readings: the check-ins that count, as the formulas take them.
    """

    key_result: KeyResult
    metric: Metric
    unit: str | None
    checkins: tuple[CheckIn, ...]
    assessment: Assessment
    readings: tuple[Reading, ...]

    @classmethod
    def to_be_read(
        cls, key_result: KeyResult, metric: Metric, unit: str | None, assessment: Assessment,
        readings: tuple[Reading, ...], read: Callable[[], tuple[CheckIn, ...]],
    ) -> KeyResultState:  # fmt: skip
        """A key result that was assessed at a glance at its log; its check-ins are made when somebody asks for them."""
        state = cls.__new__(cls)
        for name, value in zip(
            _AT_A_GLANCE, (key_result, metric, unit, assessment, readings, read), strict=True
        ):
            _SET(state, name, value)
        return state

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 # as of any attribute
        """The check-ins, where they have not been made yet."""
        if name != "checkins":
            raise AttributeError(name, obj=self, name=name)
        checkins = self._read()
        _SET(self, "checkins", checkins)
        return checkins


@dataclass(frozen=True, slots=True)
class ObjectiveState:
    """An objective on a day, with its key results.

    Attributes:
        supports: what it supports, as full references; as the plan writes it where that is none.
    """

    objective: Objective
    key_results: tuple[KeyResultState, ...]
    assessment: ObjectiveAssessment
    supports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnerState:
    """An owner on a day, with the objectives of one cycle; the score is the mean of theirs."""

    owner: Owner
    objectives: tuple[ObjectiveState, ...]
    score: float


def assess_owner(workspace: Workspace, cycle: Cycle, owner: str) -> OwnerState | None:
    """How an owner stands in a cycle today; None where the owner has no plan in it. Reads only that owner's files."""
    plan = workspace.plan(cycle.name, owner)
    if plan is None:
        return None
    states = tuple(assess_one(workspace, objective) for objective in plan.objectives)
    return OwnerState(
        workspace.owner(plan.owner), states, owner_score(state.assessment.score for state in states)
    )


def assess_cycle(workspace: Workspace, cycle: Cycle) -> tuple[OwnerState, ...]:
    """How every owner with a plan stands in a cycle today: teams first, then people, each as org.yaml has them."""
    return _assess_all(workspace, cycle, dict.fromkeys(plan.owner for plan in workspace.plans(cycle.name)))


def assess_naming(workspace: Workspace, cycle: Cycle, person: str) -> tuple[OwnerState, ...]:
    """The same of those owners whose plans may name a person, and of the person; reads no other owner's files.

    Where that can't be told without reading all, it is of everybody.
    """
    found = workspace.owners_naming(cycle.name, (person,))
    return assess_cycle(workspace, cycle) if found is None else _assess_all(workspace, cycle, found)


def assess_among(workspace: Workspace, cycle: Cycle, ids: Iterable[str]) -> tuple[OwnerState, ...]:
    """The same of some owners, as far as they have a plan; reads no other owner's files."""
    return _assess_all(workspace, cycle, workspace.plan_owners_among(cycle.name, ids))


def _assess_all(workspace: Workspace, cycle: Cycle, owners: Iterable[str]) -> tuple[OwnerState, ...]:
    states = [state for owner in owners if (state := assess_owner(workspace, cycle, owner))]
    ranks = workspace.ranks
    return tuple(sorted(states, key=lambda state: rank_of(ranks, state.owner)))


def processes_for_plans(workspace: Workspace, cycles: Iterable[str]) -> int:
    """How many processes should share what is to be worked out for each owner with a plan in some cycles (`spreading.py`).

    Raises:
        UsageError: the environment asks for what is no number of processes.
    """
    from okr.forking import processes_for  # a check-in needs none of it

    return processes_for(sum(len(workspace.plan_paths(cycle)) for cycle in cycles), PLANS_WORTH_IT)


def rank_of(ranks: Mapping[str, int], owner: Owner) -> tuple[bool, int, str]:
    """Sorts owners: teams and unknown owners before people, each as org.yaml has them, then by id.

    Args:
        ranks: the workspace's: parents are usually written above their teams.
        owner: one of its owners.
    """
    return owner.kind == "person", ranks.get(owner.id, maxsize), owner.id


def assess_one(workspace: Workspace, objective: Objective) -> ObjectiveState:
    """How an objective stands today."""
    key = (_ASSESSED, id(objective))  # as with key results: one answer shows an objective in several places
    if key not in workspace.worked_out:
        workspace.worked_out[key] = objective, _assessed_objective(workspace, objective)
    found: ObjectiveState = workspace.worked_out[key][1]
    return found


def forget_assessed(workspace: Workspace) -> None:
    """Gives the memory of what `assess_one` and `assess_key_result` keep back, which holds plans and logs."""
    kept = workspace.worked_out
    for key in [each for each in kept if isinstance(each, tuple) and each[0] == _ASSESSED]:
        del kept[key]


def _assessed_objective(workspace: Workspace, objective: Objective) -> ObjectiveState:
    states = tuple(
        assess_key_result(workspace, objective, key_result) for key_result in objective.key_results
    )
    committed = objective.definition.type is ObjectiveType.COMMITTED
    pairs = [(state.assessment, float(state.key_result.definition.weight)) for state in states]
    written = (
        (text, workspace.parse(text, objective.reference.cycle)) for text in objective.definition.supports
    )
    supports = tuple(text if reference is None else str(reference) for text, reference in written)
    return ObjectiveState(objective, states, assess_objective(pairs, committed=committed), supports)


def assess_key_result(
    workspace: Workspace, objective: Objective, key_result: KeyResult, *, further: tuple[Reading, ...] = ()
) -> KeyResultState:
    """How a key result stands today.

    Args:
        workspace: where its check-ins are.
        objective: the objective it belongs to.
        key_result: the key result.
        further: readings to reckon with that are in no log yet, such as a check-in about to be made.
    """
    if further:
        return _assessed(workspace, objective, key_result, further)
    # One answer shows a key result in several places. Both things are kept with the state, so that nothing else can
    # have their identities.
    key = (_ASSESSED, id(objective), id(key_result))
    if key not in workspace.worked_out:
        state = _assessed(workspace, objective, key_result, ())
        workspace.worked_out[key] = objective, key_result, state
    found: KeyResultState = workspace.worked_out[key][2]
    return found


def _assessed(
    workspace: Workspace, objective: Objective, key_result: KeyResult, further: tuple[Reading, ...]
) -> KeyResultState:
    reference = key_result.reference
    cycle = workspace.cycle(reference.cycle)
    definition = key_result.definition
    at_a_glance = workspace.readings(key_result) if definition.kpi is None else None
    checkins = _checkins(workspace, key_result, cycle) if at_a_glance is None else ()
    counted = readings(checkins) if at_a_glance is None else at_a_glance
    metric = metric_of(workspace, definition, cycle)
    closed = workspace.state(reference.cycle) is CycleState.CLOSED
    as_of = reckoned_on(workspace, cycle)
    assessment = assess(
        metric,
        sorted((*counted, *further), key=lambda reading: reading.day) if further else counted,
        Span(cycle.starts, cycle.ends),
        as_of,
        committed=objective.definition.type is ObjectiveType.COMMITTED,
        checkin_every=workspace.settings.checkin_every,
        grade=definition.grade if closed else None,
    )
    unit = unit_of(workspace, definition)
    if at_a_glance is None:
        return KeyResultState(key_result, metric, unit, checkins, assessment, counted)
    return KeyResultState.to_be_read(
        key_result, metric, unit, assessment, counted, partial(workspace.checkins, key_result)
    )


def metric_of(workspace: Workspace, definition: KeyResultDefinition, cycle: Cycle) -> Metric:
    """A key result's metric as the formulas take it; one that names none is an empty ladder: it never scores."""
    if definition.milestones is not None and definition.kpi is None:
        return MilestonesMetric({name: float(score) for name, score in definition.milestones.items()})
    if definition.has_bounds:
        return BoundsMetric(_float(definition.at_least), _float(definition.at_most))
    if definition.target is None:
        return MilestonesMetric({})
    start = None if definition.start == "unknown" else definition.start
    if start is None and definition.start is None and definition.kpi is not None:
        start = baseline_of(workspace, definition.kpi, cycle)
    return NumberMetric(
        _float(start), _amount(definition.target), _optional(definition.commit), _optional(definition.stretch)
    )


def baseline_of(workspace: Workspace, kpi: str, cycle: Cycle) -> float | None:
    """A KPI's last measurement before a cycle; None where there is none."""
    before = [
        checkin.record.definition.value
        for checkin in _measurements(workspace, kpi)
        if checkin.counts and checkin.record.definition.date.day < cycle.starts
    ]
    return next((float(value) for value in reversed(before) if isinstance(value, (int, float))), None)


def unit_of(workspace: Workspace, definition: KeyResultDefinition) -> str | None:
    """What a key result's numbers count."""
    if definition.unit is not None or definition.kpi is None:
        return definition.unit
    kpi = workspace.kpi(definition.kpi)
    return kpi.definition.unit if kpi else None


def readings(checkins: tuple[CheckIn, ...]) -> tuple[Reading, ...]:
    """The check-ins that count, as the formulas take them."""
    return tuple(
        [
            Reading(said.date.day, _value(said.value), _float(said.confidence))
            for checkin in checkins
            if checkin.counts
            for said in (checkin.record.definition,)
        ]
    )


def _checkins(workspace: Workspace, key_result: KeyResult, cycle: Cycle) -> tuple[CheckIn, ...]:
    own = workspace.checkins(key_result)
    if key_result.definition.kpi is None:
        return own
    # A cycle may be closed before its end, and KPIs are measured on.
    until = min(cycle.ends, _closed_on(workspace, cycle) or cycle.ends)
    drawn = [
        checkin
        for checkin in _measurements(workspace, key_result.definition.kpi)
        if cycle.starts <= checkin.record.definition.date.day <= until
    ]
    return tuple(sorted((*drawn, *own), key=lambda checkin: _moment(checkin).order))


def reckoned_on(workspace: Workspace, cycle: Cycle) -> date:
    """The day of a cycle's scores: today, or the day on which it was closed; what was said later counts nowhere."""
    return min(workspace.as_of, _closed_on(workspace, cycle) or workspace.as_of)


def _closed_on(workspace: Workspace, cycle: Cycle) -> date | None:
    loaded = workspace.cycles.get(cycle.name)
    return loaded.closed_on if loaded else None


def _measurements(workspace: Workspace, kpi: str) -> tuple[CheckIn, ...]:
    found = workspace.kpi(kpi)
    return () if found is None else workspace.measurements(found.definition.id)


def _moment(checkin: CheckIn) -> Moment:
    return checkin.record.definition.date


def _amount(target: float | RelativeTarget) -> float | Relative:
    return Relative(target.share) if isinstance(target, RelativeTarget) else float(target)


def _optional(target: float | RelativeTarget | None) -> float | Relative | None:
    return None if target is None else _amount(target)


def _float(number: float | None) -> float | None:
    return None if number is None else float(number)


def _value(value: float | str | None) -> float | str | None:
    return value if value is None or isinstance(value, str) else float(value)
