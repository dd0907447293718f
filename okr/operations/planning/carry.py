"""What a cycle leaves for the next: which objectives are unfinished, and how each key result would go on.

What people decided when they closed the cycle (`next`) comes first; the rest is reckoned. Writing it is for
`text.py`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.model import MetricKind, Next, ObjectiveType
from okr.operations.assessing import assess_one
from okr.operations.planning.scope import times_carried, whole_objective
from okr.references import Reference
from okr.scoring import came_true, reaches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from okr.contents import KeyResult, Objective
    from okr.cycles import Cycle
    from okr.operations.assessing import KeyResultState, ObjectiveState
    from okr.workspace import Workspace


class Way(StrEnum):
    """How a key result goes on in the next cycle."""

    CARRY = "carry"
    KEEP = "keep"
    LEAVE = "leave"


class Reason(StrEnum):
    """Why something is left behind."""

    REACHED = "reached"
    DROPPED = "dropped when the cycle was closed"
    NOT_CHOSEN = "not chosen"
    NOT_VALID = "not valid in the new cycle"


@dataclass(frozen=True, slots=True)
class KeyResultOffer:
    """A key result, and how it would go on.

    Attributes:
        way: on from its last value, on as it was, or not at all.
        reason: why it is left behind; None where it goes on.
    """

    state: KeyResultState
    way: Way
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """An objective of the cycle before, and what would become of it.

    Attributes:
        state: how it stands, or ended.
        key_results: each with the way it would go.
        reason: why it stays behind; None where it is offered for carrying over.
        times_carried: how often it has been carried over already.
    """

    state: ObjectiveState
    key_results: tuple[KeyResultOffer, ...]
    reason: Reason | None
    times_carried: int

    @property
    def objective(self) -> Objective:
        """The objective as its plan has it."""
        return self.state.objective

    @property
    def going_on(self) -> tuple[KeyResultOffer, ...]:
        """The key results that go on."""
        return tuple(each for each in self.key_results if each.way is not Way.LEAVE)


def offers(workspace: Workspace, earlier: Sequence[Cycle], owner: str) -> tuple[Offer, ...]:
    """The objectives that an owner had in the last cycle, each with what would become of it.

    Args:
        workspace: where to look.
        earlier: the cycles before the new one, the latest first.
        owner: whose objectives.
    """
    plan = workspace.plan(earlier[0].name, owner) if earlier else None
    return tuple(_offer(workspace, objective, earlier[1:]) for objective in (plan.objectives if plan else ()))


def _offer(workspace: Workspace, objective: Objective, earlier: Sequence[Cycle]) -> Offer:
    state = assess_one(workspace, objective)
    marks = [each.key_result.definition.next or objective.definition.next for each in state.key_results]
    committed = objective.definition.type is ObjectiveType.COMMITTED
    key_results = tuple(
        _key_result_offer(each, mark) for each, mark in zip(state.key_results, marks, strict=True)
    )
    reason: Reason | None = None
    leaving = [each.reason for each in key_results if each.way is Way.LEAVE]
    if key_results and len(leaving) == len(key_results):
        reason = Reason.REACHED if Reason.REACHED in leaving else Reason.DROPPED
    elif not key_results:
        reason = Reason.DROPPED if objective.definition.next is Next.DROP else None
    elif not {Next.CARRY, Next.KEEP} & set(marks):
        done = came_true(state.assessment.score, committed=committed)
        reason = Reason.REACHED if done or not any(map(_goes_somewhere, key_results)) else None
    return Offer(state, key_results, reason, times_carried(workspace, objective, earlier))


def _key_result_offer(state: KeyResultState, mark: Next | None) -> KeyResultOffer:
    if mark is Next.DROP:
        return KeyResultOffer(state, Way.LEAVE, Reason.DROPPED)
    if mark is Next.KEEP:
        return KeyResultOffer(state, Way.KEEP)
    if _is_reached(state):
        return KeyResultOffer(state, Way.LEAVE, Reason.REACHED)
    return KeyResultOffer(state, Way.CARRY)


def _is_reached(state: KeyResultState) -> bool:
    """Whether nothing is left of the way to the target; bounds are to be kept for ever."""
    done = max(state.assessment.score, state.assessment.progress or 0.0)
    return not state.key_result.definition.has_bounds and reaches(done, 1.0)


def _goes_somewhere(offer: KeyResultOffer) -> bool:
    """Whether a key result that goes on is more than a guardrail."""
    return offer.way is not Way.LEAVE and offer.state.key_result.definition.weight > 0


def going_on(chosen: Iterable[Offer], cycle: str) -> dict[Reference, Reference]:
    """What the objectives and key results that go on are called in the new cycle, by what they are called now."""
    found: dict[Reference, Reference] = {}
    for offer in chosen:
        references = [
            offer.objective.reference,
            *(each.state.key_result.reference for each in offer.going_on),
        ]
        found |= {each: Reference(cycle, each.owner, each.objective, each.key_result) for each in references}
    return found


def renewed(
    workspace: Workspace, text: str, own: str, cycle: Cycle, going: Mapping[Reference, Reference]
) -> str | None:
    """A reference of a plan as it reads in the next cycle.

    Args:
        workspace: where to look.
        text: what the plan says.
        own: the plan's cycle.
        cycle: the next one.
        going: what goes on from the one to the other.

    Returns:
        What goes on by its new name; what lies in a longer cycle that still runs as it is; what lies in one that is
        over by its namesake in the cycle that follows. None where there is no such thing.
    """
    named = workspace.parse(text, own)
    target = workspace.find(named) if named else None
    whole = whole_objective(workspace, target) if target else None
    if target is None or whole is None:
        return None
    for each in (target.reference, whole.reference):
        if each in going:
            return written(going[each], cycle.name)
    span = workspace.cycles[target.reference.cycle].span
    if span is None:
        return None
    if target.reference.cycle != own and span.holds(cycle):
        return str(target.reference)
    for name, loaded in workspace.cycles.items():
        follows = loaded.span is not None and loaded.span.kind is span.kind and loaded.span.holds(cycle)
        if follows and name != target.reference.cycle:
            successor = _namesake(workspace, target.reference, name)
            if successor is not None:
                return written(successor, cycle.name)
    return None


def renewed_dependency(
    workspace: Workspace, text: str, own: str, cycle: Cycle, going: Mapping[Reference, Reference]
) -> str | None:
    """What something waits for, as it reads in the next cycle; None where it was left behind with the last one."""
    named = workspace.parse(text, own)
    target = workspace.find(named) if named else None
    if target is None:
        return None
    if target.reference.cycle != own:
        return str(target.reference)
    return renewed(workspace, text, own, cycle, going) if target.reference in going else None


def written(reference: Reference, own: str) -> str:
    """A reference as a plan of some cycle writes it: without the cycle where it is the plan's own."""
    return "/".join(reference.segments[1:] if reference.cycle == own else reference.segments)


def _namesake(workspace: Workspace, reference: Reference, cycle: str) -> Reference | None:
    """The thing of the same owner and id in another cycle; the objective alone where only that is there."""
    wanted = Reference(cycle, reference.owner, reference.objective, reference.key_result)
    for each in (wanted, wanted.parent):
        found = None if each is None else workspace.find(each)
        if found is not None:
            return found.reference
    return None


def last_number(state: KeyResultState) -> int | float | None:
    """The latest value of a key result that is measured by numbers, whole where it is; None where there is none."""
    return whole_number(state.assessment.value)


def whole_number(value: float | str | None) -> int | float | None:
    """A number as plans write it: without a fraction of nought."""
    if value is None or isinstance(value, str):
        return None
    return int(value) if float(value).is_integer() else value


def is_by_number(key_result: KeyResult) -> bool:
    """Whether a key result moves a number to a target: its own, or a KPI's."""
    definition = key_result.definition
    kind = definition.kind
    return definition.target is not None and kind in {MetricKind.NUMBER, MetricKind.KPI}
