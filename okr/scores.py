"""The score after each check-in of many: what `scoring.py` says of each, found in one go through all of them."""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING, cast

from okr.measures import BoundsMetric, NumberMetric, ladder_of, number_of
from okr.scoring import number_progress, number_scale, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from okr.measures import Metric, Span

_EXACT = 2**53  # up to here, whole numbers are floating-point numbers as well


def scores_along(
    metric: Metric, days: Iterable[date], values: Sequence[float | str | None], span: Span
) -> list[float]:
    """The score after each check-in, on its day: what `assess` gives for all up to it.

    Args:
        metric: what is measured.
        days: those of the check-ins, in order; looked at only where they matter.
        values: what each says, as for `assess`.
        span: the cycle.
    """
    if isinstance(metric, NumberMetric):
        return _of_whole_numbers(metric, values) or list(_of_number(metric, values))
    if isinstance(metric, BoundsMetric):
        ordinals, ends = [day.toordinal() for day in days], span.ends.toordinal()
        return _of_whole_numbers_within(metric, ordinals, values, ends) or list(
            _of_bounds(metric, ordinals, values, ends)
        )
    ladder, score, found = ladder_of(metric), 0.0, []
    for value in values:
        score = ladder.get(value, score) if isinstance(value, str) else score
        found.append(score)
    return found


def _of_whole_numbers(metric: NumberMetric, values: Sequence[float | str | None]) -> list[float]:
    """The same where each check-in is a whole number, and progress is the score; empty for anything else."""
    start = number_of(metric.start)
    target = resolve(metric.target, start)
    if start is None or target is None or metric.commit is not None or metric.stretch is not None:
        return []
    way = target - start
    if not way or not isfinite(way) or not _are_whole(values):
        return []
    moved = [(value - start) / way for value in cast("Sequence[int]", values)]
    return [0.0 if part <= 0 else part if part < 1 else 1.0 for part in moved]


def _are_whole(values: Sequence[float | str | None]) -> bool:
    """Whether there are values, all of them whole and as exact as floating-point numbers."""
    if {*map(type, values)} != {int}:
        return False
    whole = cast("Sequence[int]", values)
    return min(whole) >= -_EXACT and max(whole) <= _EXACT


def _of_number(metric: NumberMetric, values: Sequence[float | str | None]) -> Iterator[float]:
    start, score = number_of(metric.start), 0.0
    target: float | None = None
    score_of: Callable[[float], float] | None = None
    for said in values:
        value = number_of(said)
        if value is not None:
            if score_of is None:
                start = value if start is None else start
                target = resolve(metric.target, start)
                score_of = number_scale(metric, start, start if target is None else target)
            if start is not None and target is not None:
                score = score_of(number_progress(value, start=start, target=target))
        yield score


def _of_whole_numbers_within(
    metric: BoundsMetric, days: Sequence[int], values: Sequence[float | str | None], ends: int
) -> list[float]:
    """The same where each check-in is a whole number, and none is later than the cycle; empty for anything else."""
    if not days or days[-1] > ends or not _are_whole(values):
        return []
    low, high = _bounds(metric)
    found: list[float] = []
    since = first = days[0]
    inside = 0
    holds = False
    for day, value in zip(days, cast("Sequence[int]", values), strict=True):
        if holds:
            inside += day - since
        since, holds = day, low <= value <= high
        found.append((inside + holds) / (day - first + 1))
    return found


def _bounds(metric: BoundsMetric) -> tuple[float, float]:
    return (
        -inf if metric.at_least is None else metric.at_least,
        inf if metric.at_most is None else metric.at_most,
    )


def _of_bounds(
    metric: BoundsMetric, days: Sequence[int], values: Sequence[float | str | None], ends: int
) -> Iterator[float]:
    """As `bounds_days` counts; `inside` and `total` are the days before the latest one with a check-in."""
    low, high = _bounds(metric)
    inside = total = since = 0
    holds = False
    for day, said in zip(days, values, strict=True):
        value = number_of(said)
        if value is not None and day <= ends:
            if since:
                total += day - since
                inside += day - since if holds else 0
            since, holds = day, low <= value <= high
        lasted = min(day, ends) - since + 1 if since else 0
        yield (inside + (lasted if holds else 0)) / (total + lasted) if lasted else 0.0
