"""The progress of everybody in a cycle, worked out by all processors, and told owner by owner: what is told is given back.

The same as `overview.py` finds and a view tells of each owner, but that nobody holds all of a large workspace at once.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Generic, TypeVar

from okr.dataclass import NamedTuple, dataclass
from okr.operations.assessing import assess_owner
from okr.operations.overview import Totals, frame_of, in_attention, is_silent, last_heard, urgency
from okr.operations.spreading import every_owned_plan, owner_by_owner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okr.cycles import Cycle
    from okr.operations.assessing import KeyResultState, OwnerState
    from okr.operations.overview import Frame
    from okr.scoring import Status
    from okr.workspace import Workspace

T = TypeVar("T")

_Found = tuple[int, int, int]
"""A key result: how it is ranked, in two numbers; which of its owner's it is."""


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
    frame, owned = frame_of(workspace, shown), every_owned_plan(workspace, (shown,))
    if not owned:
        return None
    tell, every = teller(frame), workspace.settings.checkin_every

    def work(cycle: Cycle, owner: str) -> tuple[T, _Counts] | None:
        state = assess_owner(workspace, cycle, owner)
        return None if state is None else (tell(state), _counted(state, frame, every))

    found = owner_by_owner(workspace, owned, work, count)
    if found is None:
        return None
    told = [(owner, *said) for (_, owner), said in zip(owned, found, strict=True) if said is not None]
    return Everybody(
        frame,
        tuple([said for _, said, _ in told]),
        _totals(workspace, shown, [(owner, counts) for owner, _, counts in told]),
        shown.name == workspace.current_cycle.name,
    )


class _Counts(NamedTuple):
    """What is counted of one owner.

    Attributes:
        objectives: how many there are.
        key_results: likewise.
        graded: how many of these have a grade.
        attention: how many need attention, by their status.
        pressing: the most pressing of these.
        silent: the one that most needs a check-in.
    """

    objectives: int
    key_results: int
    graded: int
    attention: dict[Status, int]
    pressing: _Found | None
    silent: _Found | None


def _counted(owner: OwnerState, frame: Frame, checkin_every: int) -> _Counts:
    states = list(_key_results(owner))
    needing = [
        (number, state) for number, state in enumerate(states) if in_attention(state, frame, checkin_every)
    ]
    return _Counts(
        len(owner.objectives),
        len(states),
        sum(state.key_result.definition.grade is not None for state in states),
        dict(Counter(state.assessment.status for _, state in needing)),
        min(((urgency(state), 0, number) for number, state in needing), default=None),
        min(
            ((last_heard(state), urgency(state), number) for number, state in needing if is_silent(state)),
            default=None,
        ),
    )


def _totals(workspace: Workspace, cycle: Cycle, told: list[tuple[str, _Counts]]) -> Totals:
    def found(each_has: Callable[[_Counts], _Found | None]) -> KeyResultState | None:
        having = ((owner, each_has(counts)) for owner, counts in told)
        first = min(
            ((found[:2], place, found[2], owner) for place, (owner, found) in enumerate(having) if found),
            default=None,
        )
        owner = None if first is None else assess_owner(workspace, cycle, first[3])
        return None if first is None or owner is None else list(_key_results(owner))[first[2]]

    every = [counts for _, counts in told]
    return Totals(
        sum(each.objectives for each in every),
        sum(each.key_results for each in every),
        sum(each.graded for each in every),
        sum((Counter(each.attention) for each in every if each.attention), Counter()),
        found(lambda counts: counts.pressing),
        found(lambda counts: counts.silent),
    )


def _key_results(owner: OwnerState) -> Iterator[KeyResultState]:
    for objective in owner.objectives:
        yield from objective.key_results
