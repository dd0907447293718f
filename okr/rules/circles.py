"""Circles in what waits for or supports what. No rules here."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

N = TypeVar("N", bound="Hashable")

_LONGEST_SHOWN, _ENDS_SHOWN = 12, 4
MOST_CIRCLES = 100
"""Each takes a walk over all edges; whoever has more mends the first hundred first."""


def shown(names: Sequence[str]) -> str:
    """The way along a circle, back to where it begins; the middle of a very long one is left out."""
    way = [*names, names[0]]
    if len(way) > _LONGEST_SHOWN:
        way = [*way[:_ENDS_SHOWN], f"… {len(way) - 2 * _ENDS_SHOWN:,} more …", *way[-_ENDS_SHOWN:]]
    return " → ".join(way)


def circles(edges: Iterable[tuple[N, N]]) -> Iterator[list[N]]:
    """Circles that have no edge in common, so that each needs a cut of its own.

    Args:
        edges: pairs of a thing and one that it points at; a thing may point at itself.

    Yields:
        The things of a circle, each pointing at the next and the last at the first. The order of the edges alone
        decides which circles are found and where they begin.
    """
    pointing: dict[N, dict[N, None]] = {}
    for source, target in edges:
        pointing.setdefault(source, {})[target] = None
    for _ in range(MOST_CIRCLES):
        try:
            TopologicalSorter(pointing).prepare()
        except CycleError as error:
            closed: list[N] = error.args[1][::-1]
            for source, target in pairwise(closed):
                del pointing[source][target]
            yield closed[:-1]
        else:
            return
