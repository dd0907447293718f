"""The numbers: progress, scores, forecasts, statuses and calibration, as pure arithmetic.

Each formula is stated once, in its function's docstring; what looks ahead, in `forecasting.py`.
Nothing here reads a file or reports a problem: what validation refuses gets a defined number.
"""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.forecasting import (
    calibration,
    disagreement,
    drift,
    recent_values,
    theil_sen,
    trend_forecast,
    trend_points,
)
from okr.measures import (
    Assessment,
    Band,
    BoundsMetric,
    Calibration,
    Disagreement,
    Drift,
    Forecast,
    Metric,
    MilestonesMetric,
    NumberMetric,
    ObjectiveAssessment,
    Reading,
    Relative,
    ReliabilityBin,
    Span,
    Status,
    clamp,
    ladder_of,
    number_of,
    reaches,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

__all__ = [
    "ASPIRATIONAL_FROM", "COMMITTED_FROM", "COMMIT_SCORE", "GREEN_FROM", "PROGRESS_LIMIT", "STALE_AFTER",
    "TARGET_SCORE_BELOW_STRETCH", "YELLOW_FROM", "Assessment", "Band", "BoundsMetric", "Calibration",
    "Disagreement", "Drift", "Forecast", "Metric", "MilestonesMetric", "NumberMetric", "ObjectiveAssessment",
    "Reading", "Relative", "ReliabilityBin", "Span", "Status", "assess", "assess_objective", "band",
    "bounds_days", "bounds_forecast", "calibration", "came_true", "clamp", "disagreement", "drift",
    "expected_progress", "mean_score", "number_progress", "number_score", "outlook", "owner_score", "pace_of",
    "reaches", "resolve", "standing", "theil_sen", "within",
]  # fmt: skip

# DESIGN, "The numbers": the bands of a score, and the scores that the anchors of a number stand for.
GREEN_FROM = 0.7
YELLOW_FROM = 0.4
COMMIT_SCORE = 0.3
TARGET_SCORE_BELOW_STRETCH = 0.7
# (on track from, at risk from), by type of objective.
ASPIRATIONAL_FROM = (0.7, 0.4)
COMMITTED_FROM = (1.0, 0.7)
# A key result is stale after this many times the days within which a check-in is due.
STALE_AFTER = 2
# Progress is held within so many times the way to the target: more would say nothing, and sums stay finite.
PROGRESS_LIMIT = 1e9


@dataclass(frozen=True, slots=True)
class _Measured:
    """What the check-ins of one metric say."""

    start: float | None = None
    target: float | None = None
    value: float | str | None = None
    progress: float | None = None
    score: float = 0.0
    forecast: Forecast | None = None
    reached: bool = False


def resolve(amount: float | Relative | None, start: float | None) -> float | None:
    """A target, commit or stretch as a number: start + share × |start| where it is relative.

    With |start|, `+30%` means "up" below zero as well. None where it is relative and the baseline is unknown.
    """
    if not isinstance(amount, Relative):
        return number_of(amount)
    return None if start is None else number_of(start + amount.share * abs(start))


def number_progress(value: float, *, start: float, target: float) -> float:
    """Progress of a number: (value − start) / (target − start); 0.0 at the baseline, 1.0 at the target.

    The same formula serves numbers that move down. It is not clamped: past the target it exceeds 1, before
    the baseline it is negative (held within ±`PROGRESS_LIMIT`). A target equal to the baseline, which
    validation refuses, is reached (1.0) where the value is at it, else 0.0.
    """
    if target == start:
        return 1.0 if value == target else 0.0
    moved, way = value - start, target - start
    if not (math.isfinite(moved) and math.isfinite(way)):
        moved, way = value / 4 - start / 4, target / 4 - start / 4
    return min(PROGRESS_LIMIT, max(-PROGRESS_LIMIT, moved / way))


def number_score(progress: float, *, commit: float | None = None, stretch: float | None = None) -> float:
    """Score of a number: piecewise linear in progress between anchors, and clamped to 0…1.

    Anchors (DESIGN, "The numbers"): baseline 0.0, commit 0.3 where given, target 1.0, or 0.7 where there is a
    stretch, stretch 1.0. Without commit and stretch that is progress clamped to 0…1.

    Args:
        progress: as of `number_progress`; the target stands at 1.0.
        commit: the progress at which the least that is promised stands; passed over unless between 0 and 1.
        stretch: the progress at which the stretch stands; passed over unless beyond 1.
    """
    if commit is None and stretch is None:  # the same, told at once
        return clamp(progress) if progress < 1 else 1.0
    anchors = [(0.0, 0.0)]
    if commit is not None and 0 < commit < 1:
        anchors.append((commit, COMMIT_SCORE))
    if stretch is not None and stretch > 1:
        anchors += [(1.0, TARGET_SCORE_BELOW_STRETCH), (stretch, 1.0)]
    else:
        anchors.append((1.0, 1.0))
    for (left, low), (right, high) in pairwise(anchors):
        if progress < right:
            return clamp(min(high, low + (high - low) * (progress - left) / (right - left)))
    return 1.0


def plain_score(value: float, *, start: float, target: float) -> float:
    """The same as `number_score` of `number_progress`, without commit and stretch."""
    return clamp(number_progress(value, start=start, target=target))


def number_scale(metric: NumberMetric, start: float, target: float) -> Callable[[float], float]:
    """What progress from a baseline to a target scores, by `number_score` with the metric's commit and stretch."""
    places = (resolve(amount, start) for amount in (metric.commit, metric.stretch))
    commit, stretch = (
        None if at is None else number_progress(at, start=start, target=target) for at in places
    )
    return partial(number_score, commit=commit, stretch=stretch)


def latest_score(metric: NumberMetric, latest: float | None) -> float:
    """The score of a number whose baseline is known, by its latest value; 0 without one.

    It is what `standing` gives, for whoever has no readings.
    """
    start = number_of(metric.start)
    target = resolve(metric.target, start)
    if latest is None or start is None or target is None:
        return 0.0
    return number_scale(metric, start, target)(number_progress(latest, start=start, target=target))


def within(metric: BoundsMetric, value: float) -> bool:
    """Whether a value lies within the bounds; a value equal to a bound does."""
    return (metric.at_least is None or value >= metric.at_least) and (
        metric.at_most is None or value <= metric.at_most
    )


def bounds_days(metric: BoundsMetric, values: Mapping[date, float], until: date) -> tuple[int, int]:
    """Days within the bounds, and days in all, from the first check-in up to and including `until`.

    A value lasts until the next one. The score of bounds is the first number over the second.

    Args:
        metric: the bounds.
        values: the latest value of each day with a check-in, in order of day.
        until: the last day that counts; later values are passed over.
    """
    inside = total = 0
    days = [day for day in values if day <= until]
    for position, day in enumerate(days):
        last = position + 1 == len(days)
        lasted = (until - day).days + 1 if last else (days[position + 1] - day).days
        total += lasted
        inside += lasted if within(metric, values[day]) else 0
    return inside, total


def bounds_forecast(metric: BoundsMetric, values: Mapping[date, float], span: Span, until: date) -> Forecast:
    """The share of days within the bounds at the cycle's end if the latest state lasts.

    The interval reaches from there to what comes out if the remaining days are within the bounds as often as
    the check-ins were so far, by Laplace's rule of succession: (k + 1) / (n + 2) for k of n check-ins within.
    So few check-ins leave it wide, many narrow; best and worst case would nearly always span everything.
    """
    inside, total = bounds_days(metric, values, until)
    remaining = max(0, (span.ends - until).days)
    checked = [within(metric, value) for day, value in values.items() if day <= until]
    lasting = (inside + remaining * checked[-1]) / (total + remaining)
    share = (sum(checked) + 1) / (len(checked) + 2)
    usual = (inside + remaining * share) / (total + remaining)
    return Forecast(lasting, min(lasting, usual), max(lasting, usual))


def expected_progress(span: Span, as_of: date) -> float:
    """Days of the cycle up to and including `as_of` over all its days: 0.0 before it, 1.0 from its end on."""
    if as_of >= span.ends:
        return 1.0
    return clamp(span.passed(as_of) / span.days)


def pace_of(score: float, expected: float) -> float:
    """Pace: score − expected, from −1.0 (nothing done, all time gone) to 1.0."""
    return score - expected


def band(score: float) -> Band:
    """Band of a score: green from 0.7, yellow from 0.4, red below."""
    if reaches(score, GREEN_FROM):
        return Band.GREEN
    return Band.YELLOW if reaches(score, YELLOW_FROM) else Band.RED


def outlook(forecast: float, *, committed: bool) -> Status:
    """Status from a forecast's score alone.

    Aspirational: on track from 0.7, at risk from 0.4, off track below. Committed: on track from 1.0, at risk
    from 0.7.
    """
    on_track, at_risk = COMMITTED_FROM if committed else ASPIRATIONAL_FROM
    if reaches(forecast, on_track):
        return Status.ON_TRACK
    return Status.AT_RISK if reaches(forecast, at_risk) else Status.OFF_TRACK


def came_true(score: float, *, committed: bool) -> bool:
    """Whether a final score is the success that confidence foretold: what would have been on track."""
    return outlook(score, committed=committed) is Status.ON_TRACK


def plain_mean(scores: Sequence[float]) -> float:
    """Mean of scores that all weigh the same; what `mean_score` gives for these."""
    return clamp(math.fsum(scores) / len(scores)) if scores else 0.0


def mean_score(pairs: Iterable[tuple[float, float]]) -> float:
    """Mean of (score, weight) pairs: Σ weight × score / Σ weight; the score of an objective.

    A weight of 0 is never scored (a guardrail). Where nothing is scored the mean is 0.0: what cannot be
    scored has not been achieved.
    """
    scored = [(score, weight) for score, weight in pairs if _scored(weight)]
    if not scored:
        return 0.0
    # Weights are brought near 1 by a power of two: that rounds nothing, and no sum of them overflows.
    _, size = math.frexp(max(weight for _, weight in scored))
    sized = [(score, math.ldexp(weight, -size)) for score, weight in scored]
    total = math.fsum(weight for _, weight in sized)
    return clamp(math.fsum(score * weight for score, weight in sized) / total)


def owner_score(scores: Iterable[float]) -> float:
    """Score of an owner: the plain mean of the objectives' scores; 0.0 without objectives."""
    return mean_score((score, 1.0) for score in scores)


def assess(
    metric: Metric,
    readings: Sequence[Reading],
    span: Span,
    as_of: date,
    *,
    committed: bool,
    checkin_every: int,
    grade: float | None = None,
) -> Assessment:
    """Everything that is known of a key result on a day.

    The cycle is over from its last day on; the forecast is then the score, with an interval of width zero.
    Status, the first that holds: with a grade, achieved at 1.0, else the grade's outlook · achieved (the
    latest value is at the target or on the highest milestone; bounds: the cycle is over with a score of 1.0)
    · not started (no check-in at all) · stale (the cycle is not over, and the last check-in is more than 2 ×
    `checkin_every` days old) · the outlook of the forecast, 0.0 where there is none.

    Args:
        metric: what is measured.
        readings: the check-ins in order, retracted ones left out. Those after `as_of` are ignored, those
            outside the cycle count as any other; a value of the wrong kind or not finite counts as None.
        span: the cycle.
        as_of: the day asked about.
        committed: whether the objective is committed rather than aspirational.
        checkin_every: days within which a check-in is due.
        grade: the score a person gave in a closed cycle; it overrides score, forecast and status.
    """
    seen = [reading for reading in readings if reading.day <= as_of]
    over = as_of >= span.ends
    measured = _measure(metric, seen, span, as_of)
    given = number_of(grade)
    score = measured.score if given is None else clamp(given)
    forecast = measured.forecast
    if given is not None or (over and forecast is not None):
        forecast = Forecast(score, score, score)
    last = seen[-1].day if seen else None
    status = _status(
        measured,
        forecast,
        given,
        silent=None if last is None else (as_of - last).days,
        patience=math.inf if over else STALE_AFTER * checkin_every,
        committed=committed,
    )
    expected = expected_progress(span, as_of)
    return Assessment(
        start=measured.start,
        target=measured.target,
        value=measured.value,
        progress=measured.progress,
        score=score,
        expected=expected,
        pace=pace_of(score, expected),
        forecast=forecast,
        confidence=next((r.confidence for r in reversed(seen) if r.confidence is not None), None),
        status=status,
        last_checkin=last,
        checkins=len(seen),
    )


def standing(
    metric: Metric, readings: Sequence[Reading], span: Span, as_of: date
) -> tuple[float, float | str | None, float | None]:
    """The score, the latest value and the latest confidence that `assess` gives where there is no grade; looks not ahead.

    Args:
        metric: what is measured.
        readings: as for `assess`.
        span: the cycle.
        as_of: the day asked about.
    """
    seen = [reading for reading in readings if reading.day <= as_of]
    measured = _measure(metric, seen, span, as_of, ahead=False)
    confidence = next((r.confidence for r in reversed(seen) if r.confidence is not None), None)
    return measured.score, measured.value, confidence


def assess_objective(pairs: Iterable[tuple[Assessment, float]], *, committed: bool) -> ObjectiveAssessment:
    """An objective from its key results and their weights, all of one cycle and one day.

    Score, and each end of the forecast: `mean_score`. The interval is thus that of key results which rise and
    fall together, wider than if they were independent. A key result without a forecast counts with its score;
    without any forecast there is none. Weights of 0 count nowhere.

    Status, the first that holds: not started (nothing is scored, or no scored key result has started) ·
    achieved (all scored ones are) · stale (of those not achieved at least one is stale, and the others stale
    or not started) · the outlook of the forecast.
    """
    every = list(pairs)
    scored = [(assessment, weight) for assessment, weight in every if _scored(weight)]
    forecast = _mean_forecast(scored)
    score = mean_score((assessment.score, weight) for assessment, weight in scored)
    expected = every[0][0].expected if every else 0.0
    stated = [(kr.confidence, weight) for kr, weight in scored if kr.confidence is not None]
    statuses = {assessment.status for assessment, _ in scored}
    unfinished = statuses - {Status.ACHIEVED}
    if statuses <= {Status.NOT_STARTED}:
        status = Status.NOT_STARTED
    elif not unfinished:
        status = Status.ACHIEVED
    elif Status.STALE in unfinished and unfinished <= {Status.STALE, Status.NOT_STARTED}:
        status = Status.STALE
    else:
        status = outlook(forecast.score if forecast else score, committed=committed)
    confidence = mean_score(stated) if stated else None
    return ObjectiveAssessment(score, expected, pace_of(score, expected), forecast, status, confidence)


def _status(
    measured: _Measured,
    forecast: Forecast | None,
    grade: float | None,
    *,
    silent: int | None,
    patience: float,
    committed: bool,
) -> Status:
    """As `assess` says; `silent` are the days since the last check-in, stale beyond `patience`."""
    if grade is not None:
        return Status.ACHIEVED if reaches(grade, 1.0) else outlook(grade, committed=committed)
    if measured.reached:
        return Status.ACHIEVED
    if silent is None:
        return Status.NOT_STARTED
    if silent > patience:
        return Status.STALE
    return outlook(forecast.score if forecast else 0.0, committed=committed)


def _mean_forecast(scored: Sequence[tuple[Assessment, float]]) -> Forecast | None:
    if all(assessment.forecast is None for assessment, _ in scored):
        return None
    ends = [(kr.forecast or Forecast(kr.score, kr.score, kr.score), weight) for kr, weight in scored]
    return Forecast(
        mean_score((forecast.score, weight) for forecast, weight in ends),
        mean_score((forecast.low, weight) for forecast, weight in ends),
        mean_score((forecast.high, weight) for forecast, weight in ends),
    )


def _measure(
    metric: Metric, readings: Sequence[Reading], span: Span, as_of: date, *, ahead: bool = True
) -> _Measured:
    """What the check-ins say; without a forecast where nobody looks `ahead`."""
    if isinstance(metric, NumberMetric):
        return _measure_number(metric, readings, span, ahead=ahead)
    if isinstance(metric, BoundsMetric):
        return _measure_bounds(metric, readings, span, as_of, ahead=ahead)
    return _measure_milestones(metric, readings, span, ahead=ahead)


def _measure_number(
    metric: NumberMetric, readings: Sequence[Reading], span: Span, *, ahead: bool
) -> _Measured:
    """A number; an unknown baseline is the first value, and its progress 0 on that day."""
    values = _numbers(readings)
    known = number_of(metric.start)
    start = values[0][1] if known is None and values else known
    target = resolve(metric.target, start)
    if not values or start is None or target is None:
        return _Measured(start=start, target=target, value=values[-1][1] if values else None)
    score_of = number_scale(metric, start, target)
    progress_of = partial(number_progress, start=start, target=target)
    progress, forecast = progress_of(values[-1][1]), None
    if ahead:
        points = [(day, progress_of(value)) for day, value in recent_values(values)]
        trend = trend_points(points, span, unmeasured_since=None if known is not None else values[0][0])
        forecast = trend_forecast(trend, span.days, score_of)
    return _Measured(
        start=start,
        target=target,
        value=values[-1][1],
        progress=progress,
        score=score_of(progress),
        forecast=forecast,
        reached=reaches(progress, 1.0),
    )


def _measure_bounds(
    metric: BoundsMetric, readings: Sequence[Reading], span: Span, as_of: date, *, ahead: bool
) -> _Measured:
    """Bounds; reached only once the cycle is over, because until then they can still be left."""
    values = dict(_numbers(readings))
    if not values:
        return _Measured()
    latest = values[max(values)]
    until = min(as_of, span.ends)
    inside, total = bounds_days(metric, values, until)
    if not total:
        return _Measured(value=latest)
    score = inside / total
    return _Measured(
        value=latest,
        progress=score,
        score=score,
        forecast=bounds_forecast(metric, values, span, until) if ahead else None,
        reached=as_of >= span.ends and reaches(score, 1.0),
    )


def _measure_milestones(
    metric: MilestonesMetric, readings: Sequence[Reading], span: Span, *, ahead: bool
) -> _Measured:
    """Milestones; a name that is not on the ladder says nothing."""
    ladder = ladder_of(metric)
    values = [(r.day, r.value) for r in readings if isinstance(r.value, str) and r.value in ladder]
    if not values:
        return _Measured()
    latest, forecast = values[-1][1], None
    if ahead:
        trail = trend_points([(day, ladder[name]) for day, name in recent_values(values)], span)
        forecast = trend_forecast(trail, span.days, clamp)
    return _Measured(
        value=latest,
        progress=ladder[latest],
        score=ladder[latest],
        forecast=forecast,
        reached=reaches(ladder[latest], max(ladder.values())),
    )


def _numbers(readings: Iterable[Reading]) -> list[tuple[date, float]]:
    return [(reading.day, value) for reading in readings if (value := number_of(reading.value)) is not None]


def _scored(weight: float) -> bool:
    number = number_of(weight)
    return number is not None and number > 0
