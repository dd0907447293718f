"""The progress of everybody in a cycle, worked out by all processors, and told owner by owner: what is told is given back.

The same as `overview.py` finds and a view tells of each owner, but that nobody holds all of a large workspace at once.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Generic, TypeVar

from okr.dataclass import dataclass
from okr.operations.assessing import assess_owner, rank_of
from okr.operations.overview import Totals, frame_of, in_attention, is_silent, last_heard, urgency
from okr.processes import MOST_SHARES, shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okr.cycles import Cycle
    from okr.operations.assessing import KeyResultState, OwnerState
    from okr.operations.overview import Frame
    from okr.scoring import Status
    from okr.workspace import Workspace

T = TypeVar("T")

_SHARE = 40
"""Owners at once: few enough that all processes end at about the same time, and that little is held."""
_Found = tuple[int, int, int, int]
"""A key result: how it is ranked, in two numbers; the place of its owner, and which of the owner's it is."""


@dataclass(frozen=True, slots=True)
class Everybody(Generic[T]):
    """The progress of everybody.

    Attributes:
        frame: which cycle of which workspace, on which day.
        told: what was told of each owner with a plan, in the order of `assess_cycle`.
        totals: what is counted of all of them.
        current: whether this is the cycle that a reference without one means.
    """

    frame: Frame
    told: tuple[T, ...]
    totals: Totals
    current: bool


class _BrokenFilesError(Exception):
    """Files can't be read: whoever reads all of them in one process tells which."""


def tell_everybody(
    workspace: Workspace, shown: Cycle, count: int, teller: Callable[[Frame], Callable[[OwnerState], T]]
) -> Everybody[T] | None:
    """What is to be told of everybody's progress, by several processes.

    Args:
        workspace: where to look.
        shown: the cycle.
        count: how many processes.
        teller: gives what tells of an owner what can be pickled.

    Returns:
        None where there is no plan, and where files are broken: whoever reads all of them in one process tells which.

    Raises:
        OkrError: a process died.
    """
    owners = workspace.plan_owners(shown.name)
    if not owners:
        return None
    # What all of them need is read before there are several processes.
    frame, ranks = frame_of(workspace, shown), workspace.ranks
    _ = workspace.kpis, workspace.kpi_log
    ordered = sorted(owners, key=lambda name: rank_of(ranks, workspace.owner(name)))
    size = max(_SHARE, -(-len(ordered) // MOST_SHARES))
    tell = teller(frame)

    def work(numbers: Iterator[int]) -> _Part[T]:
        part: _Part[T] = _Part(frame, workspace.settings.checkin_every)
        for number in numbers:
            for place in range(number * size, min((number + 1) * size, len(ordered))):
                part.files += len(workspace.plan_files_of(shown.name, ordered[place]))
                state = assess_owner(workspace, shown, ordered[place])
                if state is not None:
                    part.add(place, state, tell(state))
            if workspace.problems:
                raise _BrokenFilesError
            workspace.forget_owned()
            workspace.worked_out.clear()
        return part

    try:
        parts = shared(count, -(-len(ordered) // size), work, "the answer")
    except _BrokenFilesError:
        return None
    # A plan that is in the way of another one has to be read as well, and is told of where it can't be.
    if parts is None or sum(part.files for part in parts) < len(workspace.plan_paths(shown.name)):
        return None
    told = sorted((each for part in parts for each in part.told), key=lambda each: each[0])
    return Everybody(
        frame,
        tuple(said for _, said in told),
        _totals(workspace, shown, ordered, parts),
        shown.name == workspace.current_cycle.name,
    )


class _Part(Generic[T]):
    """What one process has told and counted."""

    def __init__(self, frame: Frame, checkin_every: int) -> None:
        self._frame = frame
        self._checkin_every = checkin_every
        self.told: list[tuple[int, T]] = []
        self.files = self.objectives = self.key_results = self.graded = 0
        self.attention: Counter[Status] = Counter()
        self.pressing: _Found | None = None
        self.silent: _Found | None = None

    def add(self, place: int, owner: OwnerState, told: T) -> None:
        """Takes in an owner.

        Args:
            place: the owner's place among all.
            owner: how the owner stands.
            told: what was told of it.
        """
        self.told.append((place, told))
        self.objectives += len(owner.objectives)
        for number, state in enumerate(_key_results(owner)):
            self.key_results += 1
            self.graded += state.key_result.definition.grade is not None
            if not in_attention(state, self._frame, self._checkin_every):
                continue
            rank = urgency(state)
            self.attention[state.assessment.status] += 1
            self.pressing = _first(self.pressing, (rank, 0, place, number))
            if is_silent(state):
                self.silent = _first(self.silent, (last_heard(state), rank, place, number))


def _totals(workspace: Workspace, cycle: Cycle, owners: list[str], parts: list[_Part[T]]) -> Totals:
    def found(which: Iterator[_Found | None]) -> KeyResultState | None:
        first = min((each for each in which if each is not None), default=None)
        owner = None if first is None else assess_owner(workspace, cycle, owners[first[2]])
        return None if first is None or owner is None else list(_key_results(owner))[first[3]]

    return Totals(
        sum(part.objectives for part in parts),
        sum(part.key_results for part in parts),
        sum(part.graded for part in parts),
        sum((part.attention for part in parts), Counter()),
        found(part.pressing for part in parts),
        found(part.silent for part in parts),
    )


def _first(known: _Found | None, other: _Found) -> _Found:
    return other if known is None else min(known, other)


def _key_results(owner: OwnerState) -> Iterator[KeyResultState]:
    for objective in owner.objectives:
        yield from objective.key_results
