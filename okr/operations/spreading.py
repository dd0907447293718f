"""Work that is done for one owner after the other, spread over all processors; what was read for it is given back.

So nobody holds all of a large workspace at once. What the work is, the caller knows: `everybody.py`, `due.py` and others.
"""

from __future__ import annotations

from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar

from okr.operations.assessing import forget_assessed, rank_of
from okr.processes import MOST_SHARES, shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from okr.cycles import Cycle
    from okr.workspace import Workspace

    Owned = tuple[Cycle, str]
    """A cycle, and an owner who has a plan there."""

T = TypeVar("T")

_SHARE = 40
"""Owners at once: few enough that all processes end at about the same time, and that little is held."""


class _BrokenFilesError(Exception):
    """Files can't be read: whoever reads all of them in one process tells which."""


def owned_plans(workspace: Workspace, cycle: Cycle) -> list[Owned]:
    """Who has a plan in a cycle, in the order of `assess_cycle`; reads none of the plans."""
    ranks = workspace.ranks
    owners = workspace.plan_owners(cycle.name)
    return [(cycle, each) for each in sorted(owners, key=lambda name: rank_of(ranks, workspace.owner(name)))]


def every_owned_plan(workspace: Workspace, cycles: Iterable[Cycle]) -> list[Owned] | None:
    """Who has a plan in some cycles; None where several stand for the plan of one owner."""
    owned = []
    for cycle in cycles:
        found = owned_plans(workspace, cycle)
        if len(found) != len(workspace.plan_paths(cycle.name)):
            return None
        owned += found
    return owned


def owner_by_owner(
    workspace: Workspace, owned: Sequence[Owned], work: Callable[[Cycle, str], T], count: int
) -> list[T] | None:
    """What a work gives for owners, by several processes; no threads may be running.

    Args:
        workspace: where to look.
        owned: whose files are looked at.
        work: gives what can be pickled. What it looks up that is of no owner should have been looked up before.
        count: how many processes.

    Returns:
        One for each, in their order. None where files are broken: whoever reads all of them in one process tells which.

    Raises:
        OkrError: a process died.
    """
    if not owned:
        return []
    rest = owned[1:]
    size = max(_SHARE, -(-len(rest) // MOST_SHARES))

    def do(numbers: Iterator[int]) -> list[tuple[int, list[T]]]:
        done = []
        for number in numbers:
            share = rest[number * size : (number + 1) * size]
            done.append((number, [work(cycle, owner) for cycle, owner in share]))
            if workspace.problems:
                raise _BrokenFilesError
            workspace.forget_owned()
            forget_assessed(workspace)
        return done

    if workspace.problems:  # which would be given back as well
        return None
    # What most work needs is read, imported and compiled before there are several processes.
    _ = workspace.kpis, workspace.kpi_log
    first = work(*owned[0])
    try:
        parts = shared(count, -(-len(rest) // size), do, "the answer")
    except _BrokenFilesError:
        return None
    if parts is None:
        return None
    done = sorted(chain.from_iterable(parts), key=itemgetter(0))
    return [first, *chain.from_iterable(share for _, share in done)]
