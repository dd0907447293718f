"""Whether a metric was made easier: whether some value scores higher under it than under the one before. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from okr.dataclass import replace
from okr.measures import TOLERANCE, BoundsMetric, MilestonesMetric, NumberMetric, Relative
from okr.scoring import number_progress, number_score, resolve

if TYPE_CHECKING:
    from okr.measures import Metric

_ANY_START = 1.0
"""Stands in for a baseline that nobody knows: changes of it compare alike whatever it is."""


def is_easier(before: Metric, after: Metric) -> bool | None:
    """Whether a value exists that scores higher under the metric as it is than under the one before.

    Bounds are easier where they allow a value that they did not; milestones where one scores higher. The score of a
    number is piecewise linear and clamped, so that it is enough to compare at the baselines, commits, targets and
    stretches of both.

    Args:
        before: the metric as it was.
        after: the metric as it is.

    Returns:
        None where that can't be told: they are of different kinds, or absolute targets moved and no baseline says
        whether that is nearer or further.
    """
    if isinstance(before, NumberMetric) and isinstance(after, NumberMetric):
        return _easier_number(before, after)
    if isinstance(before, BoundsMetric) and isinstance(after, BoundsMetric):
        return _lowest(after) < _lowest(before) or _highest(after) > _highest(before)
    if isinstance(before, MilestonesMetric) and isinstance(after, MilestonesMetric):
        scores = ((before.ladder[name], after.ladder[name]) for name in before.ladder if name in after.ladder)
        return any(now > then + TOLERANCE for then, now in scores)
    return None


def _easier_number(before: NumberMetric, after: NumberMetric) -> bool | None:
    if before == after:
        return False
    if before.start is None and after.start is None:
        if not all(_is_relative(each) for each in (before, after)):
            return None
        before, after = replace(before, start=_ANY_START), replace(after, start=_ANY_START)
    elif before.start is None:
        before = replace(before, start=after.start)  # measured meanwhile: that moves nothing
    elif after.start is None:
        return None
    then, now = _Scores(before), _Scores(after)
    if then.flat or now.flat:
        return None
    return any(now.of(value) > then.of(value) + TOLERANCE for value in (*then.anchors, *now.anchors))


def _is_relative(metric: NumberMetric) -> bool:
    amounts = (metric.target, metric.commit, metric.stretch)
    return all(amount is None or isinstance(amount, Relative) for amount in amounts)


class _Scores:
    """The scores of a number whose baseline is known."""

    def __init__(self, metric: NumberMetric) -> None:
        self._start = float(metric.start or 0)
        amounts = (metric.target, metric.commit, metric.stretch)
        target, commit, stretch = (resolve(amount, self._start) for amount in amounts)
        self._target = self._start if target is None else target
        self.anchors = [value for value in (self._start, target, commit, stretch) if value is not None]
        self._commit, self._stretch = (None if at is None else self._progress(at) for at in (commit, stretch))

    @property
    def flat(self) -> bool:
        """Whether there is no way to go, which validation refuses."""
        return self._target == self._start

    def of(self, value: float) -> float:
        """The score of a value."""
        return number_score(self._progress(value), commit=self._commit, stretch=self._stretch)

    def _progress(self, value: float) -> float:
        return number_progress(value, start=self._start, target=self._target)


def _lowest(metric: BoundsMetric) -> float:
    return -math.inf if metric.at_least is None else metric.at_least


def _highest(metric: BoundsMetric) -> float:
    return math.inf if metric.at_most is None else metric.at_most
