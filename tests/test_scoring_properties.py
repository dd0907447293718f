"""Properties of the numbers: whatever the files say, they stay numbers, in range and in order."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.scores import scores_along
from okr.scoring import (
    BoundsMetric,
    Forecast,
    Metric,
    MilestonesMetric,
    NumberMetric,
    Reading,
    Relative,
    Span,
    assess,
    assess_objective,
    calibration,
    mean_score,
    number_progress,
    number_score,
    plain_mean,
    plain_score,
    standing,
    theil_sen,
)
from tests.ten_days import SPAN, assessed, on

HALF = assess(NumberMetric(0, 100), [Reading(on(5), 25, 0.6)], SPAN, on(5), committed=False, checkin_every=7)


ANY = st.floats(allow_nan=True, allow_infinity=True)
TAME = st.floats(min_value=-1e6, max_value=1e6)
AMOUNTS = st.one_of(ANY, st.builds(Relative, ANY))
METRICS: st.SearchStrategy[Metric] = st.one_of(
    st.builds(
        NumberMetric, st.none() | ANY, AMOUNTS, commit=st.none() | AMOUNTS, stretch=st.none() | AMOUNTS
    ),
    st.builds(BoundsMetric, st.none() | ANY, st.none() | ANY),
    st.builds(MilestonesMetric, st.dictionaries(st.sampled_from(["a", "b", "c"]), ANY)),
)
DAYS = st.integers(min_value=-20, max_value=40)
READINGS = st.lists(
    st.builds(
        Reading,
        st.builds(on, DAYS),
        st.none() | ANY | st.sampled_from(["a", "b", "c", "d"]),
        st.none() | st.floats(min_value=0, max_value=1),
    ),
    max_size=40,
).map(lambda readings: sorted(readings, key=lambda reading: reading.day))
SPANS = st.builds(Span, st.builds(on, DAYS), st.builds(on, DAYS))


def in_order(forecast: Forecast | None) -> bool:
    return forecast is None or 0 <= forecast.low <= forecast.score <= forecast.high <= 1


@given(METRICS, READINGS, SPANS, DAYS, st.booleans(), st.none() | ANY, ANY)
def test_every_number_stays_in_its_range(
    metric: Metric,
    readings: list[Reading],
    span: Span,
    day: int,
    committed: bool,
    grade: float | None,
    weight: float,
) -> None:
    found = assess(metric, readings, span, on(day), committed=committed, checkin_every=7, grade=grade)
    assert 0 <= found.score <= 1
    assert 0 <= found.expected <= 1
    assert -1 <= found.pace <= 1
    assert in_order(found.forecast)
    assert found.progress is None or math.isfinite(found.progress)
    objective = assess_objective([(found, weight), (HALF, 1)], committed=committed)
    assert 0 <= objective.score <= 1
    assert in_order(objective.forecast)


@given(METRICS, READINGS, SPANS, DAYS)
def test_where_nobody_looks_ahead_the_rest_is_the_same(
    metric: Metric, readings: list[Reading], span: Span, day: int
) -> None:
    found = assess(metric, readings, span, on(day), committed=False, checkin_every=7)
    assert standing(metric, readings, span, on(day)) == (found.score, found.value, found.confidence)


@given(METRICS, READINGS, SPANS)
def test_scores_in_one_go_are_those_one_by_one(metric: Metric, readings: list[Reading], span: Span) -> None:
    expected = [
        assess(
            metric, readings[:count], span, readings[count - 1].day, committed=False, checkin_every=7
        ).score
        for count in range(1, len(readings) + 1)
    ]
    assert (
        scores_along(metric, [each.day for each in readings], [each.value for each in readings], span)
        == expected
    )


WHOLE = st.integers(-50, 50)


@given(st.none() | WHOLE | TAME, WHOLE | TAME, st.lists(WHOLE | st.integers(-(10**20), 10**20), max_size=20))
def test_scores_of_whole_numbers_in_one_go_are_those_one_by_one(
    start: float | None, target: float, values: list[int]
) -> None:
    metric = NumberMetric(start, target)
    days = [on(day) for day in range(len(values))]
    readings = [Reading(day, value, None) for day, value in zip(days, values, strict=True)]
    span = Span(on(0), on(30))
    expected = [
        assess(metric, readings[: at + 1], span, day, committed=False, checkin_every=7).score
        for at, day in enumerate(days)
    ]
    found = scores_along(metric, days, values, span)
    assert [(each, math.copysign(1, each)) for each in found] == [(each, 1) for each in expected]


@given(
    st.none() | WHOLE | TAME,
    st.none() | WHOLE | TAME,
    st.lists(st.tuples(st.integers(-5, 40), WHOLE), max_size=20),
)
def test_scores_of_whole_numbers_within_bounds_in_one_go_are_those_one_by_one(
    low: float | None, high: float | None, said: list[tuple[int, int]]
) -> None:
    metric, span = BoundsMetric(low, high), Span(on(0), on(30))
    readings = [Reading(on(day), value, None) for day, value in sorted(said)]
    expected = [
        assess(metric, readings[: at + 1], span, each.day, committed=False, checkin_every=7).score
        for at, each in enumerate(readings)
    ]
    assert (
        scores_along(metric, [each.day for each in readings], [each.value for each in readings], span)
        == expected
    )


@given(TAME, TAME, AMOUNTS, AMOUNTS, TAME, TAME)
def test_nearer_the_target_never_scores_less(
    start: float,
    target: float,
    commit: float | Relative,
    stretch: float | Relative,
    one: float,
    other: float,
) -> None:
    metric = NumberMetric(start, target, commit, stretch)
    nearer = max if target >= start else min
    near = nearer(one, other)
    far = one if near == other else other
    if target != start:
        assert assessed(metric, (5, near)).score >= assessed(metric, (5, far)).score


@given(st.lists(st.tuples(st.integers(0, 100), TAME), max_size=20, unique_by=lambda point: point[0]), TAME)
def test_a_trend_shifts_with_its_points_and_keeps_its_order(
    points: list[tuple[int, float]], shift: float
) -> None:
    slope, low, high = theil_sen(sorted(points))
    assert low <= slope <= high
    moved = theil_sen(sorted((day, value + shift) for day, value in points))
    assert moved == pytest.approx((slope, low, high), abs=1e-6)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1e300)), max_size=8), st.floats(0, 1))
def test_a_mean_lies_between_its_scores_and_rises_with_them(
    pairs: list[tuple[float, float]], raised: float
) -> None:
    mean = mean_score(pairs)
    scored = [score for score, weight in pairs if weight > 0]
    assert min(scored, default=0) - 1e-12 <= mean <= max(scored, default=0) + 1e-12
    assert mean_score((max(score, raised), weight) for score, weight in pairs) >= mean


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1), st.integers(1, 20))
def test_calibration_counts_everything_once(pairs: list[tuple[float, bool]], bins: int) -> None:
    found = calibration(pairs, bins=bins)
    assert sum(row.count for row in found.bins) == found.count == len(pairs)
    assert found.brier is not None
    assert 0 <= found.brier <= 1
    assert all(row.low - 1e-9 <= row.confidence <= row.high + 1e-9 for row in found.bins)


@given(st.floats(-3, 3), st.floats(0, 2), st.floats(0, 4))
def test_a_score_is_continuous(progress: float, commit: float, stretch: float) -> None:
    """A small step in progress is a small step in score, anchors included."""
    if min(abs(commit), abs(1 - commit), abs(stretch - 1)) > 0.01:
        step = number_score(progress + 1e-9, commit=commit, stretch=stretch)
        assert 0 <= step - number_score(progress, commit=commit, stretch=stretch) < 1e-6


@given(TAME, TAME, TAME)
def test_the_mirror_image_has_the_same_progress(start: float, target: float, value: float) -> None:
    mirrored = number_progress(-value, start=-start, target=-target)
    assert mirrored == number_progress(value, start=start, target=target)


@given(st.lists(st.one_of(st.just(0.0), st.floats(min_value=1e-30, max_value=1.0)), max_size=20))
def test_the_plain_mean_is_the_mean_of_scores_of_one_weight(scores: list[float]) -> None:
    assert plain_mean(scores) == mean_score((score, 1.0) for score in scores)


@given(TAME, TAME, TAME)
def test_the_plain_score_is_that_of_progress_without_anchors(
    value: float, start: float, target: float
) -> None:
    expected = number_score(number_progress(value, start=start, target=target))
    assert repr(plain_score(value, start=start, target=target)) == repr(expected)
