"""Trend, forecast, disagreement and calibration against hand-calculated tables."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest

from okr.forecasting import drift, recent_values, scatter, trend_forecast, trend_points
from okr.scoring import (
    BoundsMetric,
    Disagreement,
    Forecast,
    Metric,
    MilestonesMetric,
    NumberMetric,
    Reading,
    ReliabilityBin,
    Span,
    assess,
    bounds_forecast,
    calibration,
    disagreement,
    theil_sen,
)
from tests.ten_days import SPAN, assessed, on

LADDER = MilestonesMetric({"signed": 0.3, "beta": 0.7, "live": 1.0})


@pytest.mark.parametrize(
    ("rows", "day", "expected"),
    [
        pytest.param({1: 9}, 5, (1.0, (5 + 5 * 2 / 3) / 10, 1.0), id="one check-in, within"),
        pytest.param({1: 0}, 5, (0.0, 0.0, 5 * (1 / 3) / 10), id="one check-in, outside"),
        pytest.param({1: 9, 2: 9, 3: 9, 4: 0}, 5, (0.3, 0.3, (3 + 5 * 4 / 6) / 10), id="just left"),
        pytest.param({1: 0, 2: 0, 3: 9}, 5, (0.8, (3 + 5 * 2 / 5) / 10, 0.8), id="just come back"),
        pytest.param({1: 0, 6: 9}, 10, (0.5, 0.5, 0.5), id="nothing left"),
    ],
)
def test_bounds_forecast(rows: dict[int, float], day: int, expected: tuple[float, float, float]) -> None:
    values = {on(key): float(value) for key, value in rows.items()}
    found = bounds_forecast(BoundsMetric(at_least=5), values, SPAN, on(day))
    assert (found.score, found.low, found.high) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        pytest.param([], (0, 0, 0), id="none"),
        pytest.param([(3, 5.0)], (0, 0, 0), id="one"),
        pytest.param([(0, 0.0), (4, 2.0)], (0.5, 0.5, 0.5), id="two"),
        pytest.param([(0, 0.0), (1, 1.0), (2, 4.0)], (2, 1, 3), id="three: slopes 1, 2, 3"),
        pytest.param([(0, 0.0), (1, 1.0), (2, 2.0), (3, 30.0), (4, 4.0), (5, 5.0)], (1, 1, 1), id="outlier"),
    ],
)
def test_theil_sen(points: list[tuple[int, float]], expected: tuple[float, float, float]) -> None:
    assert theil_sen(points) == pytest.approx(expected)


def test_fewer_than_two_values_go_nowhere() -> None:
    assert (drift([]), drift([(3, 5.0)])) == (None, None)


def test_the_limits_of_the_slope_are_of_gilberts_ranks() -> None:
    """Five points: N = 10, C = 1.2816 × √(5·4·15/18) = 5.2: ranks 2 and 9."""
    points = [(0, 0.0), (1, 1.0), (2, 3.0), (3, 6.0), (4, 10.0)]
    slopes = sorted([1, 1.5, 2, 2.5, 2, 2.5, 3, 3, 3.5, 4])
    assert theil_sen(points) == (2.5, slopes[1], slopes[8])


@pytest.mark.parametrize(
    ("points", "slope", "expected"),
    [
        pytest.param([(0, 0.0)], 0.0, 0.0, id="one point"),
        pytest.param([(0, 0.0), (4, 2.0), (6, 3.0)], 0.5, 0.0, id="on the line"),
        pytest.param(
            [(0, 0.0), (4, 1.0), (8, 0.0)], 0.0, math.sqrt(math.pi / 2) * 0.5, id="jumps of 1 in 4 days"
        ),
    ],
)
def test_scatter(points: list[tuple[int, float]], slope: float, expected: float) -> None:
    assert scatter(points, slope) == pytest.approx(expected)


def test_the_interval_joins_the_doubts_about_slope_jumps_and_course() -> None:
    """Slopes ¼, 0, −¼: median 0. Four of 12 days left: ¼ × 4 for the slope, 1.2816 × scatter × √4 for the jumps,
    0.65 × 4/12 for the course.
    """
    seen: list[float] = []

    def remember(progress: float) -> float:
        seen.append(progress)
        return progress

    trend_forecast([(0, 0.0), (4, 1.0), (8, 0.0)], 12, remember)
    half = math.hypot(1.0, 1.2816 * math.sqrt(math.pi / 2) * 0.5 * 2, 0.65 * 4 / 12)
    assert seen == pytest.approx([0.0, -half, half])


@pytest.mark.parametrize(
    ("metric", "rows", "day", "expected"),
    [
        pytest.param(NumberMetric(0, 100), [(5, 50)], 5, (1.0, 0.675, 1.0), id="as planned"),
        pytest.param(NumberMetric(0, 100), [(5, 25)], 5, (0.5, 0.175, 0.825), id="half the pace"),
        pytest.param(NumberMetric(0, 100), [(5, 0)], 5, (0.0, 0.0, 0.325), id="nothing yet"),
        pytest.param(NumberMetric(0, 100), [(5, -50)], 5, (0.0, 0.0, 0.0), id="the wrong way"),
        pytest.param(NumberMetric(0, 100), [(5, 25)], 8, (0.5, 0.175, 0.825), id="silence since"),
        pytest.param(NumberMetric(0, 100), [(2, 99), (5, 25)], 5, None, id="falling"),
        pytest.param(NumberMetric(0, 100, stretch=200), [(5, 50)], 5, (0.7, 0.4725, 0.7975), id="stretch"),
        pytest.param(NumberMetric(0, 100, commit=50), [(5, 25)], 5, (0.3, 0.105, 0.755), id="commit"),
        pytest.param(LADDER, [(6, "signed")], 6, (0.5, 0.24, 0.76), id="milestones"),
        pytest.param(NumberMetric(0, 100), [(0, 10)], 0, (1.0, 0.45, 1.0), id="cycle not begun"),
        pytest.param(NumberMetric(0, 100), [(5, 25)], 10, (0.25, 0.25, 0.25), id="last day"),
        pytest.param(NumberMetric(0, 100), [(5, 25)], 99, (0.25, 0.25, 0.25), id="cycle over"),
        pytest.param(
            NumberMetric(0, 100), [(5, 25), (12, 60)], 99, (0.6, 0.6, 0.6), id="checked in after it"
        ),
    ],
)
def test_forecast(
    metric: Metric, rows: list[tuple[int, float]], day: int, expected: tuple[float, float, float] | None
) -> None:
    forecast = assessed(metric, *rows, day=day).forecast
    assert forecast is not None
    found = (forecast.score, forecast.low, forecast.high)
    if expected is None:
        # Slopes 49.5, 5, −24.67: the median, 5 a day, goes on from 25 for 5 days.
        assert forecast.score == pytest.approx(0.5)
        assert forecast.low == 0.0
        assert forecast.high == 1.0
    else:
        assert found == pytest.approx(expected)


def test_the_trend_of_an_unknown_baseline_starts_with_its_measurement() -> None:
    """A quarter of the way in 2 days, 6 days left: 0.25 + 6 × 0.125."""
    forecast = assessed(NumberMetric(None, 200), (2, 100), (4, 125)).forecast
    assert forecast is not None
    assert forecast.score == 1.0
    assert forecast.low == pytest.approx(1.0 - 0.65 * 6 / 10)


def test_an_unknown_baseline_corrected_on_its_day_leaves_no_trend() -> None:
    forecast = assessed(NumberMetric(None, 200), (2, 100), (2, 150)).forecast
    assert forecast == Forecast(0.5, 0.0, 1.0)


def test_the_trend_has_one_point_a_day_behind_the_baseline() -> None:
    trail = recent_values([(on(2), 0.1), (on(4), 0.2), (on(4), 0.3)])
    assert trail == [(on(2), 0.1), (on(4), 0.3)]
    assert trend_points(trail, SPAN) == [(0, 0.0), (2, 0.1), (4, 0.3)]
    assert trend_points([(on(0), 0.1)], SPAN) == [(-1, 0.0), (0, 0.1)]
    assert trend_points([(on(3), 0.0)], SPAN, unmeasured_since=on(3)) == [(3, 0.0)]


def test_a_long_log_is_cut_to_its_latest_three_days() -> None:
    values = [(on(day), float(day)) for day in range(1, 50)]
    assert recent_values(values) == values[-3:]


def test_a_forecast_does_not_see_what_is_older_than_three_days_with_check_ins() -> None:
    year = Span(date(2026, 1, 1), date(2026, 12, 31))
    recent = [Reading(year.starts + timedelta(days=100 + day), 50.0 + day / 10) for day in range(3)]
    old = [Reading(year.starts + timedelta(days=day), 90.0) for day in range(1, 90)]
    day = recent[-1].day
    long, short = (
        assess(NumberMetric(0, 100), log, year, day, committed=False, checkin_every=7)
        for log in (old + recent, recent)
    )
    assert long.forecast == short.forecast


@pytest.mark.parametrize(
    ("confidence", "forecast", "expected"),
    [
        (None, Forecast(0.5, 0.4, 0.6), None),
        (0.9, None, None),
        (0.8, Forecast(0.5, 0.4, 0.6), Disagreement.HOPEFUL),
        (0.79, Forecast(0.5, 0.4, 0.6), None),
        (0.2, Forecast(0.5, 0.4, 0.6), Disagreement.DOUBTFUL),
        (0.21, Forecast(0.5, 0.4, 0.6), None),
        (0.9, Forecast(0.5, 0.1, 0.9), None),
        (0.1, Forecast(0.5, 0.1, 0.9), None),
    ],
)
def test_disagreement(
    confidence: float | None, forecast: Forecast | None, expected: Disagreement | None
) -> None:
    assert disagreement(confidence, forecast) is expected


def test_calibration() -> None:
    found = calibration([(0.7, True), (0.75, False), (0.3, False), (1.0, True), (0.95, True), (0.0, False)])
    assert found.bins == (
        ReliabilityBin(0.0, 0.1, 1, 0.0, 0.0),
        ReliabilityBin(0.3, 0.4, 1, 0.3, 0.0),
        ReliabilityBin(0.7, 0.8, 2, 0.725, 0.5),
        ReliabilityBin(0.9, 1.0, 2, 0.975, 1.0),
    )
    assert found.brier == pytest.approx((0.09 + 0.5625 + 0.09 + 0 + 0.0025 + 0) / 6)
    assert found.count == 6


def test_every_tenth_opens_its_own_bin() -> None:
    found = calibration([(tenth / 10, True) for tenth in range(10)])
    assert [row.low for row in found.bins] == [tenth / 10 for tenth in range(10)]


def test_calibration_of_nothing() -> None:
    found = calibration([])
    assert (found.bins, found.brier, found.count) == ((), None, 0)
