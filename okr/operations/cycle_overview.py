"""The cycles of a workspace: all of them in a line each, and one with its facts, its owners and what is left to do.

Puts together; the numbers come from `assessing.py`, the look from `views/cycles.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import UsageError
from okr.model import CycleState
from okr.operations.alignment import alignment
from okr.operations.assessing import assess_cycle
from okr.operations.overview import frame_of
from okr.scoring import owner_score

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

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


def list_cycles(workspace: Workspace) -> CycleList:
    """Every cycle that has a folder."""
    lines = tuple(
        _line(workspace, name, assess_cycle(workspace, cycle.span) if cycle.span else ())
        for name, cycle in workspace.cycles.items()
    )
    return CycleList(workspace.name, workspace.as_of, workspace.moment, workspace.settings.language, lines)


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
    days = [
        each.record.definition.date.day
        for state in key_results
        for each in workspace.checkins(state.key_result)
        if each.counts
    ]
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
        frame, _line(workspace, cycle.name, owners), owners, supporters, max(days, default=None),
        ungraded if frame.over else (),
    )  # fmt: skip


def _line(workspace: Workspace, name: str, owners: tuple[OwnerState, ...]) -> CycleLine:
    loaded = workspace.cycles[name]
    key_results = _key_results(owners)
    span = loaded.span
    return CycleLine(
        name=name,
        state=loaded.facts.state,
        closed_on=loaded.closed_on,
        span=span,
        current=name == workspace.current_cycle.name,
        over=span is not None and workspace.as_of > span.ends,
        owners=tuple(each.owner.id for each in owners),
        objectives=sum(len(each.objectives) for each in owners),
        key_results=len(key_results),
        graded=sum(state.key_result.definition.grade is not None for state in key_results),
        checkins=sum(each.counts for state in key_results for each in workspace.checkins(state.key_result)),
        score=owner_score(each.score for each in owners) if owners else None,
        review=loaded.facts.review,
    )


def _key_results(owners: Iterable[OwnerState]) -> list[KeyResultState]:
    return [state for owner in owners for objective in owner.objectives for state in objective.key_results]
