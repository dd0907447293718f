"""What is measured and what comes of it: metrics, check-ins and days in, assessments and forecasts out.

Frozen data; `scoring.py` turns the one into the other, and offers all these names as its own.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING

from okr.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


# Rounding must not move a score across a threshold: 0.1 + 0.6 falls just short of 0.7.
TOLERANCE = 1e-9


class Status(StrEnum):
    """Where a key result or an objective stands."""

    ACHIEVED = "achieved"
    ON_TRACK = "on track"
    AT_RISK = "at risk"
    OFF_TRACK = "off track"
    NOT_STARTED = "not started"
    STALE = "stale"


class Band(StrEnum):
    """The colour of a score."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Drift(StrEnum):
    """Where the values of a measure go."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    UNSTEADY = "up and down"


class Disagreement(StrEnum):
    """How stated confidence departs from the forecast."""

    HOPEFUL = "confidence above forecast"
    DOUBTFUL = "confidence below forecast"


@dataclass(frozen=True, slots=True)
class Relative:
    """A target relative to the baseline: `to: +30%` is a share of 0.3."""

    share: float


@dataclass(frozen=True, slots=True)
class NumberMetric:
    """A number that moves from `start` (None: not measured yet) to `target`, up or down."""

    start: float | None
    target: float | Relative
    commit: float | Relative | None = None
    stretch: float | Relative | None = None


@dataclass(frozen=True, slots=True)
class BoundsMetric:
    """A number to be kept within bounds, which are themselves within."""

    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, slots=True)
class MilestonesMetric:
    """A ladder of milestones, each with the score agreed in advance."""

    ladder: Mapping[str, float]


Metric = NumberMetric | BoundsMetric | MilestonesMetric


@dataclass(frozen=True, slots=True)
class Reading:
    """One check-in; a value of None states only a confidence."""

    day: date
    value: float | str | None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a cycle, the first and the last included."""

    starts: date
    ends: date

    @property
    def days(self) -> int:
        """The number of days; at least 1, even where the dates are the wrong way round."""
        return max(1, (self.ends - self.starts).days + 1)

    def passed(self, day: date) -> int:
        """The days up to and including `day`; 0 or negative before the cycle, more than `days` after it."""
        return (day - self.starts).days + 1


@dataclass(frozen=True, slots=True)
class Forecast:
    """The score at the end of the cycle, with its interval: 0 ≤ low ≤ score ≤ high ≤ 1."""

    score: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """A key result on a given day.

    `start` and `target` are a number's, with an unknown baseline taken from the first check-in and a relative
    target reckoned; None where they cannot be known yet, and for other kinds. `progress` is None without a
    usable value, and equals the measured score of bounds and milestones. `confidence` is the latest stated
    one.
    """

    start: float | None
    target: float | None
    value: float | str | None
    progress: float | None
    score: float
    expected: float
    pace: float
    forecast: Forecast | None
    confidence: float | None
    status: Status
    last_checkin: date | None
    checkins: int


@dataclass(frozen=True, slots=True)
class ObjectiveAssessment:
    """An objective on a given day; `confidence` is the weighted mean of those stated."""

    score: float
    expected: float
    pace: float
    forecast: Forecast | None
    status: Status
    confidence: float | None


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The predictions whose confidence lay in [low, high); the last bin includes 1.0."""

    low: float
    high: float
    count: int
    confidence: float
    came_true: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well confidence foretold the outcome; empty bins are left out, and without data so is the score."""

    bins: tuple[ReliabilityBin, ...]
    brier: float | None
    count: int


def clamp(score: float) -> float:
    """The number held within 0.0 and 1.0."""
    return min(1.0, max(0.0, score))


def reaches(score: float, threshold: float) -> bool:
    """Whether a score is at or above a threshold, forgiving rounding (`TOLERANCE`)."""
    return score >= threshold - TOLERANCE


def number_of(value: float | str | None) -> float | None:
    """The value where it is a finite number; None else."""
    if type(value) is float:  # as most are
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str):
        return None
    try:
        number = float(value)
    except OverflowError:  # A whole number of more than 308 digits.
        return None
    return number if math.isfinite(number) else None


def ladder_of(metric: MilestonesMetric) -> dict[str, float]:
    """The scores of the milestones, each from 0.0 to 1.0."""
    return {name: clamp(score) for name, score in metric.ladder.items() if number_of(score) is not None}
