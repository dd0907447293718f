"""What a good coach would ask of a plan: about alignment, load, ambition, what goes on again, and where it begins.

No rule is broken by any of it, so none of it is an error: the answer may well be that it is meant so.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.model import CycleState, MetricKind, Next, ObjectiveType
from okr.operations.alignment import supported_by
from okr.operations.assessing import assess_key_result
from okr.operations.comparison.comparing import compare_objectives
from okr.operations.comparison.eased import asks_for_less
from okr.operations.going_on import same_before
from okr.operations.planning.scope import (
    earlier_cycles,
    in_order,
    longer_cycles,
    preceding,
    times_carried,
    whole_objective,
)
from okr.plan_changes import KeyResultDropped
from okr.quantities import format_amount
from okr.rules.alignment import owners_above
from okr.scoring import NumberMetric

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from okr.contents import KeyResult, Objective, Plan
    from okr.cycles import Cycle
    from okr.operations.assessing import KeyResultState
    from okr.references import Reference
    from okr.workspace import Workspace

OFTEN = 2
"""From how many times on one asks why something is carried over again."""

KEY_RESULTS_EACH = 3
"""How many key results go with an objective in what one person can follow: the middle of what is asked for."""

_FEW = 3
"""Below so many objectives there is no telling ambition from chance."""

_ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


class About(StrEnum):
    """What a question is about; the names are stable."""

    UNSUPPORTED = "unsupported"
    ONLY_ITSELF = "only-itself"
    OVERLOADED = "overloaded"
    NOBODY_ACCOUNTABLE = "nobody-accountable"
    AMBITION = "ambition"
    CARRIED_AGAIN = "carried-again"
    UNKNOWN_BASELINE = "unknown-baseline"
    BASELINE_BEHIND = "baseline-behind"
    EASIER = "easier"
    LEFT_OUT = "left-out"
    NOT_CLOSED = "not-closed"


@dataclass(frozen=True, slots=True)
class Question:
    """Something that one would ask of a plan.

    Attributes:
        about: what it is about.
        fact: what there is to be asked about, as a sentence.
        question: the question.
        ref: the objective, key result, owner or cycle that it is about.
        owner: whose plan it is about; None where it is about all of them.
        details: what the fact says besides, by name, for who tells it in other words.
    """

    about: About
    fact: str
    question: str
    ref: str
    owner: str | None
    details: Mapping[str, str | int] = field(default_factory=dict)


def asked_of(workspace: Workspace, cycle: Cycle, planning: Collection[str]) -> Iterator[Question]:
    """The questions about a cycle's plans.

    Args:
        workspace: where to look.
        cycle: the cycle.
        planning: the owners that have a plan in it.
    """
    plans = [plan for plan in workspace.plans(cycle.name) if plan.objectives]
    if not plans:
        return
    objectives = [each for plan in plans for each in plan.objectives]
    yield from _not_closed(workspace, cycle)
    yield from _unsupported(workspace, cycle, plans)
    yield from _only_themselves(workspace, cycle, in_order(workspace, planning))
    yield from _overloaded(workspace, objectives)
    yield from _nobody_accountable(workspace, objectives)
    yield from _ambition(cycle, objectives)
    yield from _carried_again(workspace, cycle, objectives)
    yield from _baselines(workspace, cycle, objectives)


def unknown_baselines(workspace: Workspace, cycle: str) -> tuple[KeyResult, ...]:
    """The key results of a cycle whose way nobody knows the beginning of yet."""
    return tuple(
        state.key_result
        for plan in workspace.plans(cycle)
        for objective in plan.objectives
        for state in _states(workspace, objective)
        if isinstance(state.metric, NumberMetric) and state.assessment.start is None
    )


def _not_closed(workspace: Workspace, cycle: Cycle) -> Iterator[Question]:
    before = preceding(workspace, cycle)
    if before and before.ends < workspace.as_of and workspace.state(before.name) is not CycleState.CLOSED:
        fact = f"{before.name} is over, and not closed yet."
        question = "What was learned in it that this plan should heed?"
        yield Question(About.NOT_CLOSED, fact, question, before.name, None)


# Alignment


def _unsupported(workspace: Workspace, cycle: Cycle, plans: Sequence[Plan]) -> Iterator[Question]:
    """Objectives of longer cycles that nothing serves, be it through a cycle in between."""
    longer = [plan for each in longer_cycles(workspace, cycle) for plan in workspace.plans(each.name)]
    served = {
        whole.reference
        for plan in (*plans, *longer)
        for objective in plan.objectives
        for whole in _served(workspace, objective)
    }
    for plan in longer:
        for objective in plan.objectives:
            if objective.reference not in served:
                fact = f"Nobody supports {objective.reference}: {objective.title}."
                question = "Who works towards it, or is it no longer a goal?"
                yield Question(
                    About.UNSUPPORTED,
                    fact,
                    question,
                    str(objective.reference),
                    plan.owner,
                    {"title": objective.title},
                )


def _served(workspace: Workspace, objective: Objective) -> Iterator[Objective]:
    for found in supported_by(workspace, objective):
        whole = None if isinstance(found, str) else whole_objective(workspace, found)
        if whole is not None and whole.reference != objective.reference:
            yield whole


def _only_themselves(workspace: Workspace, cycle: Cycle, planning: Iterable[str]) -> Iterator[Question]:
    """Teams whose objectives serve nobody else's, though there is somebody above them."""
    longer = {plan.owner for each in longer_cycles(workspace, cycle) for plan in workspace.plans(each.name)}
    for owner in planning:
        plan = workspace.plan(cycle.name, owner)
        above = set(owners_above(owner, workspace)) if workspace.owners else longer - {owner}
        if plan is None or not above or workspace.owner(owner).kind == "person":
            continue
        served = {
            each.reference.owner for objective in plan.objectives for each in _served(workspace, objective)
        }
        if not served - {owner}:
            name = workspace.owner(owner).name
            fact = f"{name} supports {'only itself' if served else 'nothing'}."
            asked = "Which goals of the others does it serve?"
            yield Question(About.ONLY_ITSELF, fact, asked, owner, owner, {"name": name})


# People


def _overloaded(workspace: Workspace, objectives: Iterable[Objective]) -> Iterator[Question]:
    most = workspace.settings.limits.objectives.max
    own: Counter[str] = Counter()
    inner: Counter[str] = Counter()
    for objective in objectives:
        own.update(filter(None, [objective.accountable]))
        inner.update(each.accountable for each in objective.key_results if each.accountable)
    for person in in_order(workspace, {*own, *inner}):
        if own[person] > most or inner[person] > most * KEY_RESULTS_EACH:
            name = workspace.owner(person).name
            fact = f"{name} is accountable for {_count(own[person], 'objective')} and {_count(inner[person], 'key result')}."
            details: dict[str, str | int] = {
                "name": name,
                "objectives": own[person],
                "key_results": inner[person],
            }
            yield Question(
                About.OVERLOADED, fact, "What can somebody else take, or wait?", person, person, details
            )


def _nobody_accountable(workspace: Workspace, objectives: Iterable[Objective]) -> Iterator[Question]:
    if not workspace.org.people:
        return
    for objective in objectives:
        if objective.accountable is None:
            name = "/".join(objective.reference.segments[1:])
            fact = f"Nobody is accountable for {name}."
            asked, reference = "Who follows it every week?", objective.reference
            yield Question(About.NOBODY_ACCOUNTABLE, fact, asked, str(reference), reference.owner)


# Ambition, and what goes on


def _ambition(cycle: Cycle, objectives: Sequence[Objective]) -> Iterator[Question]:
    committed = sum(each.definition.type is ObjectiveType.COMMITTED for each in objectives)
    if len(objectives) < _FEW:
        return
    details = {"objectives": len(objectives), "committed": committed}
    if committed == len(objectives):
        fact = f"All {len(objectives)} objectives are committed."
        asked = "Where do we aim higher than what is certain?"
        yield Question(About.AMBITION, fact, asked, cycle.name, None, details)
    elif not committed:
        fact = f"All {len(objectives)} objectives are aspirational."
        asked = "Is there nothing that others rely on in full?"
        yield Question(About.AMBITION, fact, asked, cycle.name, None, details)


def _carried_again(workspace: Workspace, cycle: Cycle, objectives: Iterable[Objective]) -> Iterator[Question]:
    earlier = earlier_cycles(workspace, cycle)
    for objective in objectives:
        times = times_carried(workspace, objective, earlier)
        if times >= OFTEN:
            name = "/".join(objective.reference.segments[1:])
            fact = f"{name} is carried over for the {_ORDINALS.get(times, f'{times}th')} time."
            question = "What will be different this time?"
            reference = objective.reference
            yield Question(
                About.CARRIED_AGAIN, fact, question, str(reference), reference.owner, {"times": times}
            )


def _baselines(workspace: Workspace, cycle: Cycle, objectives: Iterable[Objective]) -> Iterator[Question]:
    for each in unknown_baselines(workspace, cycle.name):
        fact = f"The baseline of {_short(each.reference)} is unknown."
        asked, reference = "Who measures it, and by when?", each.reference
        yield Question(About.UNKNOWN_BASELINE, fact, asked, str(reference), reference.owner)
    before = preceding(workspace, cycle)
    for objective in objectives:
        earlier = same_before(workspace, objective, before) if before else None
        if earlier is not None and before is not None:
            yield from _behind(workspace, before, objective, earlier)
            yield from _less(workspace, before, objective, earlier)


def _behind(
    workspace: Workspace, before: Cycle, objective: Objective, earlier: Objective
) -> Iterator[Question]:
    """Where a key result that goes on begins elsewhere than it was left."""
    known = {state.key_result.definition.id: state for state in _states(workspace, earlier)}
    for key_result in objective.key_results:
        definition = key_result.definition
        state = known.get(definition.id)
        if state is None or definition.kind is not MetricKind.NUMBER:
            continue
        value, said = state.assessment.value, state.key_result.definition
        kept = Next.KEEP in {said.next, earlier.definition.next} or said.unit != definition.unit
        if kept or not isinstance(value, (int, float)) or not isinstance(definition.start, (int, float)):
            continue
        if value != definition.start:
            language = workspace.settings.language
            start, last = (
                format_amount(each, definition.unit, language) for each in (definition.start, value)
            )
            fact = f"{_short(key_result.reference)} begins at {start}; {before.name} left it at {last}."
            question = "Which of the two is the baseline?"
            reference, details = key_result.reference, {"start": start, "last": last, "before": before.name}
            yield Question(About.BASELINE_BEHIND, fact, question, str(reference), reference.owner, details)


def _less(
    workspace: Workspace, before: Cycle, objective: Objective, earlier: Objective
) -> Iterator[Question]:
    """What an objective that goes on asks for less than before."""
    less = asks_for_less(workspace, earlier, compare_objectives(workspace, earlier, objective))
    lost = [each.title for each in less if isinstance(each, KeyResultDropped)]
    owner = objective.reference.owner
    if lost:
        fact = f"{_short(objective.reference)} goes on without “{'”, “'.join(lost)}”, not reached in {before.name}."
        details: dict[str, str] = {"titles": "\u00a0», «\u00a0".join(lost), "before": before.name}
        asked = "What has become of that?"
        yield Question(About.LEFT_OUT, fact, asked, str(objective.reference), owner, details)
    for change in less:
        if not isinstance(change, KeyResultDropped):
            fact = f"{_short(change.reference)} is easier to reach than in {before.name}."
            asked, details = "Why ask for less?", {"before": before.name}
            yield Question(About.EASIER, fact, asked, str(change.reference), owner, details)


def _states(workspace: Workspace, objective: Objective) -> Iterator[KeyResultState]:
    for key_result in objective.key_results:
        yield assess_key_result(workspace, objective, key_result)


def _short(reference: Reference) -> str:
    return "/".join(reference.segments[1:])


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
