"""The score after each check-in of many: what `scoring.py` says of each, found in one go through all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.measures import BoundsMetric, NumberMetric, ladder_of, number_of
from okr.scoring import number_progress, number_scale, resolve, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from okr.measures import Metric, Span

    Readings = Iterable[tuple[date, float | str | None]]


def scores_along(metric: Metric, readings: Readings, span: Span) -> list[float]:
    """The score after each check-in, on its day: what `assess` gives for all up to it.

    Args:
        metric: what is measured.
        readings: days and values of the check-ins in order, as for `assess`.
        span: the cycle.
    """
    if isinstance(metric, NumberMetric):
        return list(_of_number(metric, readings))
    if isinstance(metric, BoundsMetric):
        return list(_of_bounds(metric, readings, span))
    ladder, score, found = ladder_of(metric), 0.0, []
    for _, value in readings:
        score = ladder.get(value, score) if isinstance(value, str) else score
        found.append(score)
    return found


def _of_number(metric: NumberMetric, readings: Readings) -> Iterator[float]:
    start, score = number_of(metric.start), 0.0
    target: float | None = None
    score_of: Callable[[float], float] | None = None
    for _, said in readings:
        value = number_of(said)
        if value is not None:
            if score_of is None:
                start = value if start is None else start
                target = resolve(metric.target, start)
                score_of = number_scale(metric, start, start if target is None else target)
            if start is not None and target is not None:
                score = score_of(number_progress(value, start=start, target=target))
        yield score


def _of_bounds(metric: BoundsMetric, readings: Readings, span: Span) -> Iterator[float]:
    """As `bounds_days` counts; `inside` and `total` are the days before the latest one with a check-in."""
    inside = total = 0
    since: date | None = None
    holds = False
    for day, said in readings:
        value = number_of(said)
        if value is not None and day <= span.ends:
            if since is not None:
                total += (day - since).days
                inside += (day - since).days if holds else 0
            since, holds = day, within(metric, value)
        lasted = 0 if since is None else (min(day, span.ends) - since).days + 1
        yield (inside + (lasted if holds else 0)) / (total + lasted) if lasted else 0.0
