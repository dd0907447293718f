"""Is a plan ready? What the rules find once the cycle runs, who has no plan yet, and what a good coach would ask.

The questions are `questions.py`'s; starting the cycle is `start.py`'s.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, replace
from okr.diagnostics import Severity
from okr.edits import set_key
from okr.errors import OkrError
from okr.model import CycleState, ObjectiveType
from okr.operations.overview import MANY, frame_of
from okr.operations.planning.questions import asked_of
from okr.operations.planning.scope import (
    cycle_in_planning,
    earlier_cycles,
    in_order,
    preceding,
    times_carried,
    who_plans,
)
from okr.operations.selecting import select_owners
from okr.rules.engine import diagnose
from okr.sources import SETTINGS, Overlay
from okr.workspace import KPIS, ORG, PLANS, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.contents import Objective, Owner
    from okr.cycles import Cycle
    from okr.diagnostics import Diagnostic
    from okr.operations.overview import Frame
    from okr.operations.planning.questions import Question

_TOO_FEW = "too-few-objectives"


@dataclass(frozen=True, slots=True)
class PlannedObjective:
    """An objective of the plan, and how many cycles in a row it has been carried over; 0 for a new one."""

    objective: Objective
    times_carried: int


@dataclass(frozen=True, slots=True)
class OwnersPlan:
    """The plan of one owner.

    Attributes:
        above: the team right above them, as org.yaml has it; None for those above all others.
        path: its file; None where there is none.
        objectives: none where there is no plan yet.
    """

    owner: Owner
    above: Owner | None
    path: str | None
    objectives: tuple[PlannedObjective, ...]

    @property
    def key_results(self) -> int:
        """How many key results there are in it."""
        return sum(len(each.objective.key_results) for each in self.objectives)

    @property
    def committed(self) -> int:
        """How many of the objectives are committed ones."""
        types = (each.objective.definition.type for each in self.objectives)
        return sum(kind is ObjectiveType.COMMITTED for kind in types)

    @property
    def carried(self) -> int:
        """How many of the objectives are carried over."""
        return sum(each.times_carried > 0 for each in self.objectives)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the plans of a cycle are ready.

    Attributes:
        frame: which cycle of which workspace, on which day.
        before: the cycle that it goes on from; None for the first of its kind.
        plans: those there are, and those that are expected.
        diagnostics: what the rules find in the cycle's files, and in the settings, once the cycle is active.
        questions: what else one would ask.
        meant: the owners that it is about; None for all.
    """

    frame: Frame
    before: Cycle | None
    plans: tuple[OwnersPlan, ...]
    diagnostics: tuple[Diagnostic, ...]
    questions: tuple[Question, ...]
    meant: frozenset[str] | None = None

    @property
    def missing(self) -> tuple[OwnersPlan, ...]:
        """Who has no plan yet, or an empty one."""
        return tuple(plan for plan in self.plans if not plan.objectives)

    @property
    def groups(self) -> tuple[tuple[Owner | None, tuple[OwnersPlan, ...]], ...]:
        """The plans: all together, or where they are many those below each team."""
        groups: dict[Owner | None, list[OwnersPlan]] = {}
        for plan in self.plans:
            groups.setdefault(plan.above, []).append(plan)
        if len(self.plans) < MANY or len(groups) == 1:
            return ((None, self.plans),)
        return tuple((above, tuple(plans)) for above, plans in groups.items())

    @property
    def counts(self) -> Counter[Severity]:
        """How many findings there are of each severity."""
        return Counter(each.severity for each in self.diagnostics)

    def is_ready(self, *, strict: bool) -> bool:
        """Whether there are no errors and everybody has a plan; if strict, also no warnings and no questions."""
        if self.counts[Severity.ERROR] or self.missing or not self.plans:
            return False
        return not strict or not (self.counts[Severity.WARNING] or self.questions)


def readiness(workspace: Workspace, typed: str | None, owner: str | None = None) -> Readiness:
    """Whether the plans of a cycle are ready.

    Args:
        workspace: where to look.
        typed: the cycle; without one the next that is being planned, else the current one.
        owner: the team or person whose plan is meant, or with `/...` theirs and those below; None for all.

    Raises:
        UsageError: the name stands for no cycle, or the owner for none.
        OkrError: the cycle is closed, or its cycle.yaml can't be changed safely.
    """
    cycle = cycle_in_planning(workspace, typed)
    whose = None if owner is None else select_owners(workspace, owner, cycle=cycle.name)
    if workspace.state(cycle.name) is CycleState.CLOSED:
        raise OkrError(
            f"{cycle.name} is closed: there is nothing left to plan in it", "name a cycle that is to come"
        )
    plans = tuple(_plans(workspace, cycle))
    found = tuple(
        each
        for each in diagnose(once_active(workspace, cycle))
        if _concerns(each, workspace, cycle) and not _says_empty(each, plans)
    )
    questions = tuple(asked_of(workspace, cycle, {each.owner.id for each in plans if each.objectives}))
    every = Readiness(frame_of(workspace, cycle), preceding(workspace, cycle), plans, found, questions)
    return every if whose is None else _only_of(every, whose.ids)


def _only_of(found: Readiness, owners: frozenset[str]) -> Readiness:
    """What concerns some of the owners: their plans, the findings in these, and the questions about them."""
    plans = tuple(each for each in found.plans if each.owner.id in owners)
    paths = {each.path for each in plans}
    return replace(
        found,
        plans=plans,
        diagnostics=tuple(each for each in found.diagnostics if each.finding.path in paths),
        questions=tuple(each for each in found.questions if each.owner in owners),
        meant=owners,
    )


def once_active(workspace: Workspace, cycle: Cycle) -> Workspace:
    """The workspace as it will be once a cycle is active: then too few objectives are no mere warning.

    Raises:
        OkrError: its cycle.yaml can't be changed safely.
    """
    loaded = workspace.cycles.get(cycle.name)
    source = loaded.source if loaded else None
    document = None if source is None else workspace.document(source.path)
    if document is None or workspace.state(cycle.name) is CycleState.ACTIVE:
        return workspace
    active = set_key(document, (), "state", CycleState.ACTIVE.value)
    files = Overlay(workspace.files, {document.path: active.content})
    return Workspace(files, as_of=workspace.as_of, title=workspace.title, like=workspace)


def _plans(workspace: Workspace, cycle: Cycle) -> Iterator[OwnersPlan]:
    present = {plan.owner for plan in workspace.plans(cycle.name)}
    earlier = earlier_cycles(workspace, cycle)
    for owner in in_order(workspace, {*present, *who_plans(workspace, cycle)}):
        plan = workspace.plan(cycle.name, owner)
        objectives = tuple(
            PlannedObjective(each, times_carried(workspace, each, earlier))
            for each in (plan.objectives if plan else ())
        )
        above = workspace.above.get(owner)
        yield OwnersPlan(
            workspace.owner(owner),
            workspace.owner(above) if above else None,
            plan.path if plan else None,
            objectives,
        )


def _concerns(diagnostic: Diagnostic, workspace: Workspace, cycle: Cycle) -> bool:
    """Whether a finding stands in the cycle's own files, or in one that all plans rest on."""
    path = diagnostic.finding.path
    folders = workspace.cycles[cycle.name].folders if cycle.name in workspace.cycles else ()
    return path in {SETTINGS, ORG, KPIS} or any(path.startswith(f"{PLANS}/{each}/") for each in folders)


def _says_empty(diagnostic: Diagnostic, plans: tuple[OwnersPlan, ...]) -> bool:
    """Whether a finding only says that a plan is empty, which the list of the plans says already."""
    empty = {each.path for each in plans if not each.objectives}
    return diagnostic.name == _TOO_FEW and diagnostic.finding.path in empty
