"""Looking ahead: the trend of check-ins, what it forecasts, and how well confidence foretold the outcome.

Pure arithmetic on progress and scores; which check-ins count, and what they score, `scoring.py` says.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from okr.measures import TOLERANCE, Calibration, Disagreement, Drift, Forecast, ReliabilityBin, clamp, reaches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from okr.measures import Span

T = TypeVar("T")

# The trend goes through the baseline and this many of the latest days with a check-in. `bench/forecasts.py` compares:
# of 1 to 30, this errs least over its kinds of quarters, and notices soonest that things got stuck or took off.
RECENT = 3
# Standard normal quantile of a two-sided interval of 80 %, wide enough to act on: it is no proof.
INTERVAL_Z = 1.2816
# How far the pace of the days left may be from the trend's, in planned paces (1 / days of the cycle): what makes the
# interval hold 4 times in 5 over the kinds of quarters of `bench/forecasts.py`; without it, it held every second time.
PACE_DOUBT = 0.65
# The width of the yellow band: from this distance on, confidence and forecast cannot mean the same band.
DISAGREEMENT_FROM = 0.3


def theil_sen(points: Sequence[tuple[int, float]]) -> tuple[float, float, float]:
    """Slope of the robust trend through points of distinct x, with the limits of its 80 % interval.

    The slope is the median of the slopes between every two points (Theil 1950, Sen 1968): up to 29 % of wild
    points do not move it. With n points, N slopes in order and C = z·√(n(n−1)(2n+5)/18), the limits are the
    slopes of rank (N − C)/2 and (N + C)/2 + 1 (Gilbert 1987, section 16.4.2), or the outermost. A single
    point has no slope: 0.

    Returns:
        (slope, low, high) per unit of x, low ≤ slope ≤ high.
    """
    slopes = sorted(
        (later[1] - point[1]) / (later[0] - point[0])
        for position, point in enumerate(points)
        for later in points[position + 1 :]
    )
    if not slopes:
        return 0.0, 0.0, 0.0
    count, size = len(points), len(slopes)
    middle = (slopes[(size - 1) // 2] + slopes[size // 2]) / 2
    reach = INTERVAL_Z * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low = max(0, math.floor((size - reach) / 2) - 1)
    high = min(size - 1, math.ceil((size + reach) / 2))
    return middle, slopes[low], slopes[high]


def trend_forecast(
    points: Sequence[tuple[int, float]], days: int, score_of: Callable[[float], float]
) -> Forecast:
    """The score at the cycle's end if the robust trend goes on from the latest check-in.

    Progress at the end = latest progress + slope × days left since the latest check-in, with `theil_sen`'s
    slope; then its score, so that anchors apply and the result lies within 0…1. Going on from the latest
    value rather than from the line's own height keeps what has been reached, however suddenly it came.

    The interval adds three doubts, as the root of the sum of their squares; all widen with the days left.
    The slope: to its limits. The jumps: z · `scatter` · √(days left). The course: that the days left will not be
    as those before, by `PACE_DOUBT` planned paces (1 / `days`); chosen by `bench/forecasts.py`, as `RECENT` is.

    Args:
        points: (days of the cycle passed, progress), in order; at least one.
        days: the days of the cycle.
        score_of: turns a progress into a score; must not fall where progress rises.
    """
    slope, low, high = theil_sen(points)
    passed, progress = points[-1]
    left = max(0, days - passed)
    jumps = INTERVAL_Z * scatter(points, slope) * math.sqrt(left)
    course = PACE_DOUBT * left / days
    end = progress + slope * left
    down = math.hypot((slope - low) * left, jumps, course)
    up = math.hypot((high - slope) * left, jumps, course)
    return Forecast(*(clamp(score_of(progress)) for progress in (end, end - down, end + up)))


def scatter(points: Sequence[tuple[int, float]], slope: float) -> float:
    """How far check-ins jump about the trend, as the standard deviation of one day's jump; 0.0 on a line.

    √(π/2) × the mean of |change − slope × days| / √days from each point to the next: jumps of a random walk
    grow with the root of time, and the mean of |x| of a normal x is √(2/π) of its standard deviation.
    """
    jumps = [
        abs(later - before - slope * (until - since)) / math.sqrt(until - since)
        for (since, before), (until, later) in pairwise(points)
    ]
    return math.sqrt(math.pi / 2) * math.fsum(jumps) / len(jumps) if jumps else 0.0


def trend_points(
    trail: Sequence[tuple[date, float]], span: Span, *, unmeasured_since: date | None = None
) -> list[tuple[int, float]]:
    """The recent progress by days of the cycle passed, behind the baseline's point.

    The baseline stands where the cycle starts, with no day passed, or just before an earlier first check-in;
    one that was first measured by a check-in stands on that day.
    """
    points = [(span.passed(day), progress) for day, progress in trail]
    first = points[0][0]
    baseline = min(0, first - 1) if unmeasured_since is None else span.passed(unmeasured_since)
    return [(baseline, 0.0), *points] if baseline < first else points


def drift(points: Sequence[tuple[int, float]]) -> Drift | None:
    """Where values go: rising or falling where both limits of `theil_sen`'s 80 % interval say so.

    Else steady where all of them are equal, and up and down where they are not. A single value goes nowhere: None.

    Args:
        points: (day, value), of distinct days, in order; of three or fewer all have to go the same way.
    """
    if len(points) < 2:  # noqa: PLR2004 # a way has a beginning and an end
        return None
    _, low, high = theil_sen(points)
    if low > 0:
        return Drift.RISING
    if high < 0:
        return Drift.FALLING
    return Drift.STEADY if len({value for _, value in points}) == 1 else Drift.UNSTEADY


def recent_values(values: Sequence[tuple[date, T]]) -> list[tuple[date, T]]:
    """The latest value of each of the last `RECENT` days that have one, in order."""
    latest: dict[date, T] = {}
    for day, value in reversed(values):
        if day not in latest:
            if len(latest) == RECENT:
                break
            latest[day] = value
    return list(reversed(latest.items()))


def disagreement(confidence: float | None, forecast: Forecast | None) -> Disagreement | None:
    """How confidence and forecast disagree; None where they do not, or one of them is missing.

    They do where confidence lies outside the forecast's interval and at least `DISAGREEMENT_FROM` (0.3, the
    width of the yellow band) away from its score: while the trend says little, it contradicts nobody.
    """
    if confidence is None or forecast is None:
        return None
    if not reaches(abs(confidence - forecast.score), DISAGREEMENT_FROM):
        return None
    if confidence > forecast.high:
        return Disagreement.HOPEFUL
    return Disagreement.DOUBTFUL if confidence < forecast.low else None


def calibration(pairs: Iterable[tuple[float, bool]], *, bins: int = 10) -> Calibration:
    """How often what was foretold with a confidence came true.

    Reliability table: predictions grouped by confidence into bins of equal width; in each, the mean
    confidence beside the share that came true. Brier score: mean of (confidence − outcome)², outcome 1 or 0
    (Brier 1950); 0.0 is perfect, 0.25 what always saying 0.5 earns, 1.0 the worst.
    """
    foretold = [(clamp(confidence), outcome) for confidence, outcome in pairs]
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, outcome in foretold:
        place = min(bins - 1, math.floor(confidence * bins + TOLERANCE))
        groups.setdefault(place, []).append((confidence, outcome))
    table = tuple(
        ReliabilityBin(
            low=place / bins,
            high=(place + 1) / bins,
            count=len(group),
            confidence=math.fsum(confidence for confidence, _ in group) / len(group),
            came_true=sum(outcome for _, outcome in group) / len(group),
        )
        for place, group in sorted(groups.items())
    )
    squares = [(confidence - outcome) ** 2 for confidence, outcome in foretold]
    return Calibration(table, math.fsum(squares) / len(squares) if squares else None, len(squares))
