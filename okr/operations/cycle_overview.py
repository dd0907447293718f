"""The cycles of a workspace: all of them in a line each, and one with its facts, its owners and what is left to do.

Puts together; the numbers come from `assessing.py`, the look from `views/cycles.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import NamedTuple, dataclass
from okr.errors import UsageError
from okr.model import CycleState
from okr.operations.alignment import alignment
from okr.operations.assessing import assess_cycle, assess_owner, processes_for_plans
from okr.operations.overview import frame_of
from okr.scoring import owner_score

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from okr.contents import KeyResult
    from okr.cycles import Cycle
    from okr.operations.assessing import KeyResultState, OwnerState
    from okr.operations.overview import Frame
    from okr.quantities import Language
    from okr.references import Reference
    from okr.revisions import Moment
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CycleLine:
    """A cycle in a line.

    Attributes:
        name: its name.
        state: what its cycle.yaml says of it.
        closed_on: the day on which it was closed; None where it is open, or nobody says.
        span: its days; None where nothing says them, which is an error of its files.
        current: whether it is the one that a reference without a cycle means.
        over: whether its last day is past.
        owners: whose plans are in it.
        objectives: how many.
        key_results: how many.
        graded: how many of them bear a grade.
        checkins: how many check-ins in its logs count.
        score: the mean of its owners' scores; None without plans.
        review: what was found when looking back; None where nobody has.
    """

    name: str
    state: CycleState
    closed_on: date | None
    span: Cycle | None
    current: bool
    over: bool
    owners: tuple[str, ...]
    objectives: int
    key_results: int
    graded: int
    checkins: int
    score: float | None
    review: str | None

    @property
    def waits_for_closing(self) -> bool:
        """Whether it is over, has plans, and is not closed."""
        return self.over and bool(self.owners) and self.state is not CycleState.CLOSED


@dataclass(frozen=True, slots=True)
class CycleList:
    """Every cycle that has a folder, in order of the first day.

    Attributes:
        workspace: what it is called.
        as_of: the day it is shown on.
        moment: the commit that is shown; None for the working tree.
        language: in which numbers are written.
        cycles: what there is to say of each.
    """

    workspace: str
    as_of: date
    moment: Moment | None
    language: Language
    cycles: tuple[CycleLine, ...]


@dataclass(frozen=True, slots=True)
class CycleShown:
    """One cycle.

    Attributes:
        frame: which one, on which day.
        line: the same as in the list of all.
        owners: every owner with a plan in it.
        supporters: the objectives of any cycle that support one of this, by the objective they support.
        last_checkin: the day of the latest check-in in its logs that counts.
        ungraded: the key results that bear no grade, once it is over; before, none is expected.
    """

    frame: Frame
    line: CycleLine
    owners: tuple[OwnerState, ...]
    supporters: Mapping[Reference, tuple[Reference, ...]]
    last_checkin: date | None
    ungraded: tuple[KeyResultState, ...]


class _Counts(NamedTuple):
    """What counts of an owner in a cycle's line.

    Attributes:
        owner: whose plan it is.
        score: the owner's.
        objectives: how many.
        key_results: how many.
        graded: how many of them bear a grade.
        checkins: how many check-ins in the owner's logs count.
    """

    owner: str
    score: float
    objectives: int
    key_results: int
    graded: int
    checkins: int


def list_cycles(workspace: Workspace) -> CycleList:
    """Every cycle that has a folder; what was read is given back where several processes have read it.

    No threads may be running.
    """
    cycles = [each.span for each in workspace.cycles.values() if each.span]
    counts = _spread(workspace, cycles)
    if counts is None:
        counts = {
            each.name: [_counted(workspace, owner) for owner in assess_cycle(workspace, each)]
            for each in cycles
        }
    lines = tuple(_line(workspace, name, counts.get(name, ())) for name in workspace.cycles)
    return CycleList(workspace.name, workspace.as_of, workspace.moment, workspace.settings.language, lines)


def _spread(workspace: Workspace, cycles: list[Cycle]) -> dict[str, list[_Counts]] | None:
    """What counts of each owner, by cycle, counted by several processes; None where one has to do it."""
    count = processes_for_plans(workspace, [cycle.name for cycle in cycles])
    if count == 1:
        return None
    from okr.operations.spreading import every_owned_plan, owner_by_owner  # only large workspaces are spread

    def work(cycle: Cycle, owner: str) -> _Counts | None:
        state = assess_owner(workspace, cycle, owner)
        return None if state is None else _counted(workspace, state)

    owned = every_owned_plan(workspace, cycles)
    found = None if owned is None else owner_by_owner(workspace, owned, work, count)
    if owned is None or found is None:
        return None
    counts: dict[str, list[_Counts]] = {}
    for (cycle, _), each in zip(owned, found, strict=True):
        if each is not None:
            counts.setdefault(cycle.name, []).append(each)
    return counts


def show_cycle(workspace: Workspace, typed: str | None) -> CycleShown:
    """One cycle: the one that is named, else the current one.

    Raises:
        UsageError: there is no such cycle, or it has no files.
    """
    cycle = workspace.current_cycle if typed is None else workspace.cycle(typed)
    if cycle.name not in workspace.cycles:
        known = ", ".join(workspace.cycles)
        coming = cycle.starts > workspace.as_of
        start = f"`okr {f'plan open {cycle.name}` makes' if coming else 'new objective` starts'} a plan."
        raise UsageError(
            f"{cycle.name} has no files yet.",
            f"{start} {f'Cycles here: {known}' if known else ''}".rstrip(),
        )
    owners = assess_cycle(workspace, cycle)
    frame = frame_of(workspace, cycle)
    key_results = _key_results(owners)
    last = [day for state in key_results if (day := _last_checkin(workspace, state.key_result)) is not None]
    graph = alignment(workspace, cycle=cycle.name)
    supporters: dict[Reference, tuple[Reference, ...]] = {}
    for owner in owners:
        for objective in owner.objectives:
            own = (
                objective.objective.reference,
                *(each.key_result.reference for each in objective.key_results),
            )
            found = dict.fromkeys(each for reference in own for each in graph.supporters.get(reference, ()))
            supporters[objective.objective.reference] = tuple(found)
    ungraded = tuple(state for state in key_results if state.key_result.definition.grade is None)
    return CycleShown(
        frame, _line(workspace, cycle.name, [_counted(workspace, owner) for owner in owners]), owners, supporters, max(last, default=None),
        ungraded if frame.over else (),
    )  # fmt: skip


def _counted(workspace: Workspace, owner: OwnerState) -> _Counts:
    key_results = _key_results((owner,))
    return _Counts(
        owner.owner.id,
        owner.score,
        len(owner.objectives),
        len(key_results),
        sum(state.key_result.definition.grade is not None for state in key_results),
        sum(_checkins(workspace, state.key_result) for state in key_results),
    )


def _checkins(workspace: Workspace, key_result: KeyResult) -> int:
    """How many check-ins in its owner's logs count; told at a glance at the log wherever that is possible."""
    counting = workspace.readings(key_result)
    if counting is not None:
        return len(counting)
    return sum(each.counts for each in workspace.checkins(key_result))


def _last_checkin(workspace: Workspace, key_result: KeyResult) -> date | None:
    """The day of the latest of them."""
    counting = workspace.readings(key_result)
    if counting is not None:
        return max((each.day for each in counting), default=None)
    said = (each.record.definition.date.day for each in workspace.checkins(key_result) if each.counts)
    return max(said, default=None)


def _line(workspace: Workspace, name: str, owners: Sequence[_Counts]) -> CycleLine:
    loaded = workspace.cycles[name]
    span = loaded.span
    return CycleLine(
        name=name,
        state=loaded.facts.state,
        closed_on=loaded.closed_on,
        span=span,
        current=name == workspace.current_cycle.name,
        over=span is not None and workspace.as_of > span.ends,
        owners=tuple(each.owner for each in owners),
        objectives=sum(each.objectives for each in owners),
        key_results=sum(each.key_results for each in owners),
        graded=sum(each.graded for each in owners),
        checkins=sum(each.checkins for each in owners),
        score=owner_score(each.score for each in owners) if owners else None,
        review=loaded.facts.review,
    )


def _key_results(owners: Iterable[OwnerState]) -> list[KeyResultState]:
    return [state for owner in owners for objective in owner.objectives for state in objective.key_results]
