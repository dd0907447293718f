"""Fixes for numbers in the wrong order. None is safe: they change what is promised, though hardly anything else can be meant."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from okr.documents import LocatedMapping
from okr.operations.fixes.registry import Fix, mends
from okr.quantities import plain_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.fixes.registry import Spot

_PERCENT = 100


@mends("bounds-order", "kpi-bounds")
def swap_bounds(spot: Spot) -> Iterator[Fix]:
    """Swaps `at_least` and `at_most` where no value lies between them."""
    yield from _swapped(spot, "at_least", "at_most")


@mends("impossible-limits")
def swap_limits(spot: Spot) -> Iterator[Fix]:
    """Swaps the least and the most that a limit allows."""
    yield from _swapped(spot, "min", "max")


@mends("cycle-dates")
def swap_days(spot: Spot) -> Iterator[Fix]:
    """Swaps the first and the last day of a cycle that ends before it starts."""
    yield from _swapped(spot, "starts", "ends")


@mends("thresholds-order")
def sort_thresholds(spot: Spot) -> Iterator[Fix]:
    """Puts the values of `commit`, `to` and `stretch` in order, each further from the baseline than the one before."""
    data = spot.holder
    keys = [key for key in ("commit", "to", "stretch") if data is not None and key in data]
    if data is None or not all(_is_number(data[key]) for key in keys):
        return
    start = data.get("from")
    basis = start if _is_number(start) else data["commit" if "commit" in data else "to"]
    falls = max(data[key] for key in keys) <= basis
    ordered = sorted(keys, key=lambda key: data[key], reverse=falls)
    edits = [
        spot.replaced(data.values_at[key], spot.source(data.values_at[other]))
        for key, other in zip(keys, ordered, strict=True)
        if key != other
    ]
    if edits:
        yield spot.fix("Put the values of commit, to and stretch in order", edits, safe=False)


@mends("milestones-ladder")
def complete_ladder(spot: Spot) -> Iterator[Fix]:
    """Lets the last milestone score 1.0, or divides scores by a hundred that end at 100."""
    ladder = spot.holder
    if ladder is None or not all(map(_is_number, ladder.values())) or not ladder:
        return
    scores = list(ladder.values())
    rising = all(one < other for one, other in pairwise(scores))
    last = next(reversed(ladder.values_at.values()))
    if rising and scores[0] >= 0 and scores[-1] < 1:
        yield spot.fix("Let the last milestone score 1.0", [spot.replaced(last, "1.0")], safe=False)
    elif rising and scores[0] >= 1 and scores[-1] == _PERCENT:
        edits = [
            spot.replaced(place, "1.0" if ladder[key] == _PERCENT else plain_number(ladder[key] / _PERCENT))
            for key, place in ladder.values_at.items()
        ]
        yield spot.fix("Write the scores as shares of 1", edits, safe=False)


def _swapped(spot: Spot, one: str, other: str) -> Iterator[Fix]:
    data = spot.holder
    if isinstance(data, LocatedMapping) and one in data and other in data:
        mine, theirs = data.values_at[one], data.values_at[other]
        edits = [spot.replaced(mine, spot.source(theirs)), spot.replaced(theirs, spot.source(mine))]
        yield spot.fix(f"Swap {one} and {other}", edits, safe=False)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
