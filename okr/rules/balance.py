"""OKR209, OKR210, OKR310 and OKR613: whether the OKRs of a plan, taken together, are more than a list.

What single objectives and key results say is for the other families; what check-ins say, for `following.py`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okr.contents import Plan
from okr.dataclass import dataclass, replace
from okr.diagnostics import Finding, Severity
from okr.model import CycleState, ObjectiveType, quoted
from okr.references import Reference
from okr.rules.alignment import owners_above
from okr.rules.catalogue import rule
from okr.rules.measurability import is_binary
from okr.rules.plan_facts import plans_known
from okr.rules.reading import first_line, items_of, key_results_as_written, state_of
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.cycles import Cycle
    from okr.rules.plan_facts import PlanFacts

_PEOPLE, _KEY_RESULTS, _MOST = 3, 4, 2 / 3
"""From how many people in a team, and key results in its plan, on more than this share is too much for one person."""

_A_YEAR = 300
"""Days; some fiscal years are shorter than the calendar's."""


@rule(
    "OKR209", "only-binary-key-results", Plan, severity=Severity.WARNING,
    why="A key result is quantified. Where all of an objective's are done or not done, its progress can't be followed: "
        "it is 0 until the last days. Some objectives are like that, so it is no error.",
    remedy="Measure one of them by a number, or give it a ladder of milestones, scored in advance.",
)  # fmt: skip
def only_binary_key_results(plan: Plan, _: Workspace) -> Iterator[Finding]:
    """Not all key results of an objective are either done or not."""
    for objective, items in key_results_as_written(plan):
        every = objective.key_results
        if items is not None and len(every) == len(items) > 1 and all(map(is_binary, every)):
            message = (
                f"all {len(every)} key results of {quoted(objective.definition.id)} are either done or not"
            )
            yield objective.finding(message, key="title")


@rule(
    "OKR210", "only-committed-objectives", Plan, severity=Severity.INFO,
    why="Objectives are ambitious. A committed one is a promise that must be kept in full: who only makes promises "
        "aims no higher than what is certain. Some teams have to, so this is only a remark.",
    remedy="Leave out `type` where 0.7 would be a good result, or add an aspirational objective.",
)  # fmt: skip
def only_committed_objectives(plan: Plan, _: Workspace) -> Iterator[Finding]:
    """Not all objectives of an owner are committed ones."""
    every = plan.objectives
    items = items_of(plan.document.root, "objectives") or ()
    if len(every) == len(items) > 1 and all(
        each.definition.type is ObjectiveType.COMMITTED for each in every
    ):
        message = f"all {len(every)} objectives of {plan.owner} in {plan.cycle} are committed"
        yield replace(every[0].finding(message, key="type"), ref=None)


@rule(
    "OKR310", "unsupported-plan", Workspace, timely=True, severity=Severity.WARNING,
    why="Short cycles serve the longer ones that hold them: annual objectives that no quarter works towards are "
        "wishes. It shows only once the quarter runs, so it is no error.",
    remedy="Say with `supports` which of the running objectives serve them.", of_all=True,
)  # fmt: skip
def unsupported_plan(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Once a shorter cycle of a year runs, something supports the year's objectives, or says that it supports none."""
    supported = {(each.cycle, each.owner) for each in _supported(workspace)}
    below = _running_below(workspace)
    for plan in plans_known(workspace).all():
        if plan.first_title is None or (plan.cycle, plan.owner) in supported:
            continue
        owner = plan.owner if workspace.owners else ""
        within = [cycle for cycle in _running_within(plan.cycle, workspace) if (cycle, owner) in below]
        held = [below[cycle, owner] for cycle in within]
        if all(each.whole for each in held) and not all(each.outspoken for each in held):
            number = sum(each.objectives for each in held)
            cycles = " and ".join(within)
            one = (
                f"no objective of {cycles}" if number == 1 else f"none of the {number} objectives of {cycles}"
            )
            message = f"{one} supports one of {plan.owner} in {plan.cycle}"
            first = Reference(plan.cycle, plan.owner, plan.objectives[0].id)
            hint = f"add `supports: {first}`, or another of its objectives, to what serves it"
            yield Finding(plan.path, plan.first_title, message, hint)


@rule(
    "OKR613", "one-persons-plan", Plan, severity=Severity.INFO,
    why="A team's OKRs are the team's: where one person answers for nearly all, the others have no part in them, and "
        "nobody steps in. Small teams may have no choice, so this is only a remark.",
    remedy="Give key results to those who can move them.",
)  # fmt: skip
def one_persons_plan(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """Of a team of three or more, nobody alone is accountable for more than two thirds of the key results."""
    people = workspace.members.get(plan.owner, ())
    every = [each for objective in plan.objectives for each in objective.key_results]
    if len(people) < _PEOPLE or len(every) < _KEY_RESULTS or plan.owner not in workspace.owners:
        return
    person, number = Counter(each.accountable for each in every).most_common(1)[0]
    if person is not None and number > _MOST * len(every):
        message = (
            f"{person} is accountable for {number} of {len(every)} key results, in a team of {len(people)}"
        )
        place = first_line(plan.document, plan.document.root.values_at["objectives"])
        yield Finding(plan.path, place, message)


def _supported(workspace: Workspace) -> Iterator[PlanFacts]:
    """The plans that hold something that is supported from another plan."""
    known = plans_known(workspace)
    for plan in known.all():
        for said in plan.said:
            reference = workspace.parse(said.text, plan.cycle) if said.key == "supports" else None
            target = None if reference is None else known.first(reference.cycle, reference.owner)
            if target is not None and target.path != plan.path:
                yield target


@dataclass(slots=True)
class _Serving:
    """The plans of a running cycle that are to serve an owner.

    Attributes:
        objectives: how many they hold.
        whole: whether all that they say of supports could be read.
        outspoken: whether each of their objectives says what it supports, be it nothing.
    """

    objectives: int = 0
    whole: bool = True
    outspoken: bool = True


def _running_below(workspace: Workspace) -> dict[tuple[str, str], _Serving]:
    """What is to serve each owner in each running cycle: their own plan, and those of owners below them.

    Without an org.yaml nobody is above anybody, and all plans are to serve everybody, under the name "".
    """
    found: dict[tuple[str, str], _Serving] = {}
    running = {cycle for cycle in workspace.cycles if _running(cycle, workspace)}
    for plan in plans_known(workspace).all():
        if plan.cycle not in running:
            continue
        served = {plan.owner, *owners_above(plan.owner, workspace)} if workspace.owners else {""}
        for owner in served:
            serving = found.setdefault((plan.cycle, owner), _Serving())
            serving.objectives += len(plan.objectives)
            serving.whole &= plan.whole
            serving.outspoken &= all(each.says_supports for each in plan.objectives)
    return found


def _running_within(cycle: str, workspace: Workspace) -> Iterator[str]:
    """The running cycles that are a part of this one, where it is a year and runs as well."""
    span = _running(cycle, workspace)
    if span is not None and span.days >= _A_YEAR:
        for name in workspace.cycles:
            inner = _running(name, workspace)
            if inner is not None and inner.days < span.days and span.holds(inner):
                yield name


def _running(cycle: str, workspace: Workspace) -> Cycle | None:
    span = workspace.cycles[cycle].span
    runs = span is not None and span.contains(workspace.as_of)
    return span if runs and state_of(cycle, workspace) is CycleState.ACTIVE else None
