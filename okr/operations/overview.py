"""The progress of a cycle: who stands where, what needs attention, and what to do about it.

Chooses what to show and counts; the numbers come from `assessing.py`, the look from `views/status.py`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okr.contents import Owner
from okr.dataclass import dataclass, replace
from okr.errors import UsageError
from okr.model import CycleState, MetricKind
from okr.operations.assessing import (
    KeyResultState,
    ObjectiveState,
    OwnerState,
    assess_among,
    assess_cycle,
    assess_naming,
    assess_owner,
)
from okr.operations.selecting import Selected, Whose, below, select_any_or_below, select_owners
from okr.scoring import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from okr.cycles import Cycle
    from okr.quantities import Language
    from okr.references import Reference
    from okr.revisions import Moment
    from okr.workspace import Workspace

MANY = 13
"""Owners: so many are told by the team right above them, or a few of each kind; fewer are seen at a glance."""

_URGENT = (Status.OFF_TRACK, Status.STALE, Status.NOT_STARTED, Status.AT_RISK)
_SILENT = (Status.STALE, Status.NOT_STARTED)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every answer about a cycle says first.

    Attributes:
        workspace: the workspace's name.
        cycle: the cycle.
        state: what its cycle.yaml says of it.
        as_of: the day that counts as today.
        language: how numbers are written.
        moment: the commit that is shown; None for the working tree.
        closed_on: the day on which it was closed; None where it is open, or nobody says.
    """

    workspace: str
    cycle: Cycle
    state: CycleState
    as_of: date
    language: Language
    moment: Moment | None = None
    closed_on: date | None = None

    @property
    def elapsed(self) -> float:
        """The share of the cycle that has passed, 0.0 to 1.0; the progress that is expected."""
        return self.cycle.elapsed(self.as_of)

    @property
    def over(self) -> bool:
        """Whether the cycle's last day is past, or the cycle is closed: what is shown is its outcome."""
        return self.as_of > self.cycle.ends or self.state is CycleState.CLOSED

    def short(self, reference: object) -> str:
        """A reference without the cycle, which the heading names."""
        return str(reference).removeprefix(f"{self.cycle.name}/")

    @property
    def running(self) -> bool:
        """Whether the plans are being followed today."""
        return self.cycle.contains(self.as_of) and self.state is CycleState.ACTIVE


@dataclass(frozen=True, slots=True)
class Totals:
    """What is counted of all that is shown.

    Attributes:
        objectives: how many are shown.
        key_results: likewise.
        graded: how many of these have a grade.
        attention: how many need attention, by their status.
        pressing: the most pressing of these.
        next_checkin: the key result that most needs a check-in; KPIs are measured elsewhere.
    """

    objectives: int
    key_results: int
    graded: int
    attention: Mapping[Status, int]
    pressing: KeyResultState | None
    next_checkin: KeyResultState | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The progress of a cycle.

    Attributes:
        frame: which cycle of which workspace, on which day.
        owners: those shown, with the objectives and key results shown. Scores are those of the whole owner and
            the whole objective, even where only a part of them is shown.
        attention: the key results shown that need attention, the most pressing first.
        others: where nothing is shown, the cycles in which there are plans: of the owner asked for, or of anybody.
        asked: the owner that was asked for, with `/...` behind it where all below it are meant; or None for all.
        person: the person whose part is shown, or None for everybody's.
        current: whether this is the cycle that a reference without one means.
        accountable: where the owner asked for has no plan, the objectives and key results that name them all the same.
        team: in that case, the team they belong to, if it has a plan.
        below: in that case, how many of those below the owner have one.
        theirs: where one person's part was asked for and there is none, the other cycles of today in which there is.
    """

    frame: Frame
    owners: tuple[OwnerState, ...]
    attention: tuple[KeyResultState, ...]
    others: tuple[str, ...]
    asked: str | None
    person: str | None
    current: bool
    accountable: tuple[Reference, ...] = ()
    team: str | None = None
    below: int = 0
    theirs: tuple[str, ...] = ()

    @property
    def key_results(self) -> tuple[KeyResultState, ...]:
        """All key results shown."""
        return tuple(_key_results(self.owners))

    @property
    def totals(self) -> Totals:
        """What is counted of all that is shown."""
        return Totals(
            sum(len(owner.objectives) for owner in self.owners),
            len(self.key_results),
            sum(state.key_result.definition.grade is not None for state in self.key_results),
            Counter(state.assessment.status for state in self.attention),
            self.attention[0] if self.attention else None,
            min(filter(is_silent, self.attention), key=last_heard, default=None),
        )


def frame_of(workspace: Workspace, cycle: Cycle) -> Frame:
    """What an answer about a cycle says first."""
    state, language = workspace.state(cycle.name), workspace.settings.language
    loaded = workspace.cycles.get(cycle.name)
    closed_on = loaded.closed_on if loaded else None
    return Frame(workspace.name, cycle, state, workspace.as_of, language, workspace.moment, closed_on)


def overview(
    workspace: Workspace,
    *,
    reference: str | None = None,
    cycle: str | None = None,
    owner: str | None = None,
    person: str | None = None,
) -> Overview:
    """The progress of a cycle, whole or in part.

    Args:
        workspace: where to look.
        reference: an owner, objective or key result, as typed; its cycle is the one shown. A team's id with `/...`
            behind it means the team and all below it.
        cycle: the cycle, by any of its names; the current one if left out.
        owner: an owner's id, as typed: the same as a reference to that owner.
        person: shows only what this person is accountable for, and their own plan.

    Raises:
        UsageError: the reference or owner names nothing or several things, or both are given.
        OkrError: there is no such cycle.
    """
    if reference is not None and owner is not None:
        raise UsageError(
            "a reference and --owner both say what to show",
            "give one of the two: a reference may name an owner",
        )
    wanted: Owner | Whose | Selected | None = None
    if owner is not None:
        whose = select_owners(workspace, owner, cycle=cycle)
        wanted = whose if whose.all_below else whose.owner
    elif reference is not None:
        wanted = select_any_or_below(workspace, reference, cycle=cycle)
    if wanted is None or isinstance(wanted, Whose):
        shown = workspace.cycle_asked(cycle)
        owners = _assessed(workspace, shown, wanted, person)
    elif isinstance(wanted, Owner):
        shown = workspace.cycle(cycle) if cycle is not None else _cycle_of(workspace, wanted)
        owners = tuple(state for state in (assess_owner(workspace, shown, wanted.id),) if state)
    else:
        shown = workspace.cycle(wanted.reference.cycle)
        whole = assess_owner(workspace, shown, wanted.reference.owner)
        owners = _narrowed((whole,) if whole else (), wanted.reference)
    if person is not None:
        owners = _of_person(owners, person)
    frame = frame_of(workspace, shown)
    asked = None
    if isinstance(wanted, Owner | Whose):
        asked = wanted.id if isinstance(wanted, Owner) else wanted.name
    others = () if owners else cycles_with_plans(workspace, asked)
    attention = _attention(frame, owners, workspace.settings.checkin_every)
    current = shown.name == workspace.current_cycle.name
    if not isinstance(wanted, Owner) or asked is None or owners:
        theirs = () if owners or person is None else tuple(_cycles_of(workspace, shown.name, person))
        return Overview(frame, owners, attention, others, asked, person, current, theirs=theirs)
    named = tuple(_named(assess_cycle(workspace, shown), asked))
    above = workspace.above.get(asked)
    team = above if above is not None and workspace.plan(shown.name, above) is not None else None
    under = sum(workspace.plan(shown.name, each) is not None for each in below(workspace, asked))
    return Overview(frame, owners, attention, others, asked, person, current, named, team, under)


def _assessed(
    workspace: Workspace, cycle: Cycle, whose: Whose | None, person: str | None
) -> tuple[OwnerState, ...]:
    """How owners stand in a cycle, those who can't be meant left out."""
    if whose is not None:
        return assess_among(workspace, cycle, whose.ids)
    return assess_cycle(workspace, cycle) if person is None else assess_naming(workspace, cycle, person)


def cycles_with_plans(workspace: Workspace, owner: str | None = None) -> tuple[str, ...]:
    """The cycles in which an owner has a plan, or anybody."""
    return tuple(
        name
        for name in workspace.cycles
        if (workspace.has_plans(name) if owner is None else workspace.plan(name, owner))
    )


def needs_attention(status: Status, frame: Frame, checkin_every: int) -> bool:
    """Whether a key result with this status is something to act on today.

    Only in a cycle that is running; one that has not started counts once its first check-in is overdue.
    """
    if not frame.running or status not in _URGENT:
        return False
    passed = (frame.as_of - frame.cycle.starts).days + 1
    return status is not Status.NOT_STARTED or passed > checkin_every


def in_attention(state: KeyResultState, frame: Frame, checkin_every: int) -> bool:
    """Whether a key result is something to act on today."""
    return needs_attention(state.assessment.status, frame, checkin_every)


def urgency(state: KeyResultState) -> int:
    """Sorts what needs attention: the most pressing first."""
    return _URGENT.index(state.assessment.status)


def is_silent(state: KeyResultState) -> bool:
    """Whether it is a check-in that something in need of attention wants."""
    kind = state.key_result.definition.kind
    return state.assessment.status in _SILENT and kind not in {MetricKind.KPI, None}


def last_heard(state: KeyResultState) -> int:
    """Sorts what is silent: what has been so for the longest time first."""
    last = state.assessment.last_checkin
    return 0 if last is None else last.toordinal()


def _attention(
    frame: Frame, owners: tuple[OwnerState, ...], checkin_every: int
) -> tuple[KeyResultState, ...]:
    found = [state for state in _key_results(owners) if in_attention(state, frame, checkin_every)]
    return tuple(sorted(found, key=urgency))


def _cycle_of(workspace: Workspace, owner: Owner) -> Cycle:
    """The current cycle, or the shortest other one of today in which the owner has a plan."""
    current = workspace.current_cycle
    if workspace.plan(current.name, owner.id) is not None:
        return current
    spans = [loaded.span for loaded in workspace.cycles.values() if loaded.span is not None]
    holding = [
        span
        for span in spans
        if span.contains(workspace.as_of) and workspace.plan(span.name, owner.id) is not None
    ]
    return min(holding, key=lambda span: span.days, default=current)


def _narrowed(owners: tuple[OwnerState, ...], reference: Reference) -> tuple[OwnerState, ...]:
    """Only the objective or key result that is named."""

    def within(objective: ObjectiveState) -> Iterator[ObjectiveState]:
        if reference.key_result is None and objective.objective.reference == reference:
            yield objective
        elif objective.objective.reference == reference.parent:
            named = tuple(state for state in objective.key_results if state.key_result.reference == reference)
            yield replace(objective, key_results=named)

    return _kept(owners, within)


def _of_person(owners: tuple[OwnerState, ...], person: str) -> tuple[OwnerState, ...]:
    """Only what a person is accountable for; an objective of somebody else's with the person's key results."""

    def theirs(objective: ObjectiveState) -> Iterator[ObjectiveState]:
        whose = {objective.objective.reference.owner, objective.objective.accountable}
        mine = tuple(state for state in objective.key_results if state.key_result.accountable == person)
        if person in whose:
            yield objective
        elif mine:
            yield replace(objective, key_results=mine)

    return _kept(owners, theirs)


def _cycles_of(workspace: Workspace, shown: str, person: str) -> Iterator[str]:
    """The other cycles of today, such as the year, in which somebody has a part."""
    for name, cycle in workspace.cycles.items():
        today = cycle.span is not None and cycle.span.contains(workspace.as_of)
        if (
            today
            and name != shown
            and _of_person(assess_naming(workspace, workspace.cycle(name), person), person)
        ):
            yield name


def _named(owners: Iterable[OwnerState], person: str) -> Iterator[Reference]:
    """The objectives a person is accountable for, and the key results of other objectives."""
    for owner in owners:
        for objective in owner.objectives:
            if objective.objective.accountable == person:
                yield objective.objective.reference
                continue
            for state in objective.key_results:
                if state.key_result.accountable == person:
                    yield state.key_result.reference


def _kept(owners: Iterable[OwnerState], choose: _Choice) -> tuple[OwnerState, ...]:
    kept = (
        replace(owner, objectives=tuple(each for objective in owner.objectives for each in choose(objective)))
        for owner in owners
    )
    return tuple(owner for owner in kept if owner.objectives)


def _key_results(owners: Iterable[OwnerState]) -> Iterator[KeyResultState]:
    for owner in owners:
        for objective in owner.objectives:
            yield from objective.key_results


if TYPE_CHECKING:
    from collections.abc import Callable

    _Choice = Callable[[ObjectiveState], Iterator[ObjectiveState]]
