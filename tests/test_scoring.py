"""The numbers against hand-calculated tables, as properties, and as docs/scoring.md shows them."""

from __future__ import annotations

import doctest
import math
import re
from pathlib import Path
from typing import Any

import pytest

from okr import scoring
from okr.scoring import (
    Assessment,
    Band,
    BoundsMetric,
    Forecast,
    Metric,
    MilestonesMetric,
    NumberMetric,
    Reading,
    Relative,
    Span,
    Status,
    assess,
    assess_objective,
    band,
    bounds_days,
    came_true,
    expected_progress,
    mean_score,
    number_score,
    outlook,
    owner_score,
    pace_of,
    resolve,
)
from tests.ten_days import SPAN, assessed, on

PAGE = Path(__file__).parent.parent / "docs" / "scoring.md"
LADDER = MilestonesMetric({"signed": 0.3, "beta": 0.7, "live": 1.0})
HUGE = 1.7e308


@pytest.mark.parametrize(
    ("start", "target", "value", "progress", "score"),
    [
        pytest.param(0, 100, 25, 0.25, 0.25, id="up"),
        pytest.param(42000, 100000, 71000, 0.5, 0.5, id="up from a baseline"),
        pytest.param(8, 4, 7, 0.25, 0.25, id="down"),
        pytest.param(-10, 10, 0, 0.5, 0.5, id="through zero"),
        pytest.param(0, 100, 0, 0.0, 0.0, id="at the baseline"),
        pytest.param(0, 100, 100, 1.0, 1.0, id="at the target"),
        pytest.param(0, 100, 150, 1.5, 1.0, id="past the target"),
        pytest.param(8, 4, 3, 1.25, 1.0, id="past the target, down"),
        pytest.param(0, 100, -50, -0.5, 0.0, id="before the baseline"),
        pytest.param(8, 4, 9, -0.25, 0.0, id="before the baseline, down"),
        pytest.param(5, 5, 5, 1.0, 1.0, id="target is the baseline, reached"),
        pytest.param(5, 5, 6, 0.0, 0.0, id="target is the baseline, not reached"),
        pytest.param(0, 1e-300, 1e300, 1e9, 1.0, id="held within the limit"),
        pytest.param(0, 1e-300, -1e300, -1e9, 0.0, id="held within the limit below"),
        pytest.param(-HUGE, HUGE, 0, 0.5, 0.5, id="differences too large for a float"),
    ],
)
def test_number(start: float, target: float, value: float, progress: float, score: float) -> None:
    found = assessed(NumberMetric(start, target), (5, value))
    assert (found.start, found.target, found.value) == (start, target, value)
    assert (found.progress, found.score) == (progress, score)


@pytest.mark.parametrize(
    ("amount", "start", "expected"),
    [
        (120, 100, 120),
        (120, None, 120),
        (None, 100, None),
        (Relative(0.5), 100, 150),
        (Relative(-0.25), 8, 6),
        (Relative(0.5), -100, -50),
        (Relative(0.5), 0, 0),
        (Relative(0.5), None, None),
        (Relative(9), HUGE, None),
        (math.nan, 1, None),
    ],
)
def test_resolve(amount: float | Relative | None, start: float | None, expected: float | None) -> None:
    assert resolve(amount, start) == expected


@pytest.mark.parametrize(
    ("value", "plain", "commit", "stretch", "both"),
    [
        (100, 0.0, 0.0, 0.0, 0.0),
        (110, 0.1, 0.06, 0.07, 0.06),
        (150, 0.5, 0.3, 0.35, 0.3),
        (175, 0.75, 0.65, 0.525, 0.5),
        (200, 1.0, 1.0, 0.7, 0.7),
        (220, 1.0, 1.0, 0.82, 0.82),
        (250, 1.0, 1.0, 1.0, 1.0),
        (300, 1.0, 1.0, 1.0, 1.0),
        (90, 0.0, 0.0, 0.0, 0.0),
    ],
)
@pytest.mark.parametrize("kind", ["absolute", "relative", "down"])
def test_anchors(kind: str, value: float, plain: float, commit: float, stretch: float, both: float) -> None:
    """From 100 to 200, a commit at 150, a stretch at 250; relative to 100; and mirrored."""
    start, shown = (-100.0, -value) if kind == "down" else (100.0, value)
    if kind == "relative":
        to, least, beyond = Relative(1.0), Relative(0.5), Relative(1.5)
        metrics = [NumberMetric(start, to, low, top) for low in (None, least) for top in (None, beyond)]
    else:
        sign = math.copysign(1, start)
        metrics = [
            NumberMetric(start, sign * 200, low, top)
            for low in (None, sign * 150)
            for top in (None, sign * 250)
        ]
    found = [assessed(metric, (5, shown)).score for metric in metrics]
    assert found == pytest.approx([plain, stretch, commit, both], abs=1e-12)


@pytest.mark.parametrize(
    ("commit", "stretch"), [(0.0, None), (1.0, None), (1.5, None), (-1.0, 1.0), (None, 0.5), (None, None)]
)
def test_anchors_out_of_order_are_passed_over(commit: float | None, stretch: float | None) -> None:
    assert [number_score(progress, commit=commit, stretch=stretch) for progress in (-1, 0.25, 1, 2)] == [
        0.0,
        0.25,
        1.0,
        1.0,
    ]


def test_an_unknown_baseline_is_the_first_value() -> None:
    metric = NumberMetric(None, Relative(0.5))
    nothing = assessed(metric)
    assert (nothing.start, nothing.target, nothing.progress, nothing.score) == (None, None, None, 0.0)
    assert nothing.forecast is None
    first = assessed(metric, (2, 200))
    assert (first.start, first.target, first.value, first.progress) == (200, 300, 200, 0.0)
    later = assessed(metric, (2, 200), (4, 225))
    assert (later.start, later.target, later.progress, later.score) == (200, 300, 0.25, 0.25)


@pytest.mark.parametrize(
    ("start", "target", "value"),
    [
        pytest.param(math.nan, 10, 5, id="baseline not a number"),
        pytest.param(0, math.inf, 5, id="target infinite"),
        pytest.param(0, 10, math.nan, id="value not a number"),
        pytest.param(0, 10, "done", id="a milestone's name"),
        pytest.param(0, 10, 10**400, id="a whole number beyond any float"),
    ],
)
def test_what_is_no_number_scores_nothing(start: float, target: float, value: float | str) -> None:
    found = assessed(NumberMetric(start, target), (3, value))
    assert found.score == 0.0
    assert found.checkins == 1
    assert found.progress in (None, 0.0)
    if found.progress is None:
        assert found.forecast is None
        assert found.status is Status.OFF_TRACK


@pytest.mark.parametrize(
    ("rows", "day", "inside", "total"),
    [
        pytest.param({1: 99.9}, 4, 4, 4, id="on the lower bound"),
        pytest.param({1: 100.5}, 4, 4, 4, id="on the upper bound"),
        pytest.param({1: 99.8}, 4, 0, 4, id="below"),
        pytest.param({1: 100.6}, 4, 0, 4, id="above"),
        pytest.param({1: 100, 3: 99, 4: 100}, 6, 5, 6, id="left and back"),
        pytest.param({3: 100}, 6, 4, 4, id="from the first check-in"),
        pytest.param({4: 100}, 4, 1, 1, id="on the day"),
        pytest.param({1: 100, 8: 99}, 6, 6, 6, id="later ones do not count"),
        pytest.param({8: 99}, 6, 0, 0, id="none yet"),
    ],
)
def test_bounds_days(rows: dict[int, float], day: int, inside: int, total: int) -> None:
    metric = BoundsMetric(at_least=99.9, at_most=100.5)
    assert bounds_days(metric, {on(key): value for key, value in rows.items()}, on(day)) == (inside, total)


@pytest.mark.parametrize(
    ("metric", "rows", "day", "score", "status"),
    [
        pytest.param(BoundsMetric(at_most=5), [(1, 5)], 5, 1.0, Status.ON_TRACK, id="kept so far"),
        pytest.param(BoundsMetric(at_most=5), [(1, 5)], 10, 1.0, Status.ACHIEVED, id="kept to the end"),
        pytest.param(BoundsMetric(at_most=5), [(1, 5)], 40, 1.0, Status.ACHIEVED, id="kept, looked at later"),
        pytest.param(BoundsMetric(at_most=5), [(1, 5), (10, 6)], 10, 0.9, Status.ON_TRACK, id="left at last"),
        pytest.param(BoundsMetric(at_least=5), [(1, 4), (6, 5)], 10, 0.5, Status.AT_RISK, id="half the days"),
        pytest.param(BoundsMetric(at_least=5), [(1, 4)], 40, 0.0, Status.OFF_TRACK, id="never"),
        pytest.param(
            BoundsMetric(at_least=5), [(1, 4), (1, 5)], 3, 1.0, Status.ON_TRACK, id="latest of a day"
        ),
        pytest.param(BoundsMetric(at_least=5), [(1, 5), (2, None)], 2, 1.0, Status.ON_TRACK, id="no value"),
        pytest.param(BoundsMetric(), [(1, 5)], 3, 1.0, Status.ON_TRACK, id="no bound at all"),
        pytest.param(
            BoundsMetric(at_least=5), [(-1, 4), (2, 5)], 3, 0.4, Status.ON_TRACK, id="before the cycle"
        ),
    ],
)
def test_bounds(
    metric: BoundsMetric, rows: list[tuple[int, float | None]], day: int, score: float, status: Status
) -> None:
    found = assessed(metric, *rows, day=day)
    assert (found.score, found.progress, found.status) == (score, score, status)
    assert (found.start, found.target) == (None, None)


def test_bounds_without_a_value_or_only_with_later_ones() -> None:
    assert assessed(BoundsMetric(at_least=5)).progress is None
    after = assessed(BoundsMetric(at_least=5), (12, 6), day=15)
    assert (after.value, after.progress, after.score, after.forecast) == (6, None, 0.0, None)


@pytest.mark.parametrize(
    ("rows", "value", "score", "status"),
    [
        pytest.param([], None, 0.0, Status.NOT_STARTED, id="none"),
        pytest.param([(2, "signed")], "signed", 0.3, Status.ON_TRACK, id="first"),
        pytest.param([(2, "signed"), (4, "beta")], "beta", 0.7, Status.ON_TRACK, id="second"),
        pytest.param([(2, "live")], "live", 1.0, Status.ACHIEVED, id="last"),
        pytest.param([(2, "beta"), (4, "signed")], "signed", 0.3, Status.ON_TRACK, id="fallen back"),
        pytest.param([(2, "beta"), (4, "sold")], "beta", 0.7, Status.ON_TRACK, id="unknown name"),
        pytest.param([(2, "sold")], None, 0.0, Status.OFF_TRACK, id="only an unknown name"),
        pytest.param([(2, 0.7)], None, 0.0, Status.OFF_TRACK, id="a number"),
    ],
)
def test_milestones(rows: list[tuple[int, str]], value: str | None, score: float, status: Status) -> None:
    found = assessed(LADDER, *rows)
    assert (found.value, found.score, found.status) == (value, score, status)
    assert found.progress == (None if value is None else score)


def test_the_highest_milestone_of_a_ladder_that_stays_below_one_is_achieved() -> None:
    found = assessed(MilestonesMetric({"draft": 0.2, "sent": 0.8, "odd": math.nan}), (2, "sent"))
    assert (found.score, found.status) == (0.8, Status.ACHIEVED)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(-30, 0.0), (0, 0.0), (1, 0.1), (5, 0.5), (9, 0.9), (10, 1.0), (11, 1.0), (400, 1.0)],
)
def test_expected_and_pace(day: int, expected: float) -> None:
    assert expected_progress(SPAN, on(day)) == expected
    assert pace_of(0.5, expected) == 0.5 - expected
    found = assessed(NumberMetric(0, 100), day=day)
    assert (found.expected, found.pace) == (expected, -expected)


def test_a_cycle_of_one_day_and_one_the_wrong_way_round() -> None:
    one = Span(on(1), on(1))
    assert (one.days, expected_progress(one, on(0)), expected_progress(one, on(1))) == (1, 0.0, 1.0)
    wrong = Span(on(5), on(1))
    assert (wrong.days, expected_progress(wrong, on(0)), expected_progress(wrong, on(3))) == (1, 0.0, 1.0)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (1.0, Band.GREEN),
        (0.7, Band.GREEN),
        (0.1 + 0.6, Band.GREEN),
        (0.6999, Band.YELLOW),
        (0.4, Band.YELLOW),
        (0.3999, Band.RED),
        (0.0, Band.RED),
    ],
)
def test_band(score: float, expected: Band) -> None:
    assert band(score) is expected


@pytest.mark.parametrize(
    ("forecast", "aspirational", "committed"),
    [
        (1.0, Status.ON_TRACK, Status.ON_TRACK),
        (1.0 - 1e-12, Status.ON_TRACK, Status.ON_TRACK),
        (0.99, Status.ON_TRACK, Status.AT_RISK),
        (0.1 + 0.6, Status.ON_TRACK, Status.AT_RISK),
        (0.69, Status.AT_RISK, Status.OFF_TRACK),
        (0.4, Status.AT_RISK, Status.OFF_TRACK),
        (0.39, Status.OFF_TRACK, Status.OFF_TRACK),
    ],
)
def test_outlook(forecast: float, aspirational: Status, committed: Status) -> None:
    assert outlook(forecast, committed=False) is aspirational
    assert outlook(forecast, committed=True) is committed
    assert came_true(forecast, committed=False) is (aspirational is Status.ON_TRACK)
    assert came_true(forecast, committed=True) is (committed is Status.ON_TRACK)


@pytest.mark.parametrize(
    ("metric", "rows", "day", "options", "status"),
    [
        pytest.param(NumberMetric(0, 9), [], 5, {}, Status.NOT_STARTED, id="no check-in"),
        pytest.param(NumberMetric(0, 9), [(6, 9)], 5, {}, Status.NOT_STARTED, id="check-in still to come"),
        pytest.param(NumberMetric(0, 9), [], 99, {}, Status.NOT_STARTED, id="no check-in, cycle over"),
        pytest.param(NumberMetric(0, 9), [(2, 9)], 5, {}, Status.ACHIEVED, id="target reached"),
        pytest.param(
            NumberMetric(0, 9), [(1, 9)], 9, {"checkin_every": 1}, Status.ACHIEVED, id="reached, silent"
        ),
        pytest.param(NumberMetric(0, 9), [(2, 9), (5, 6)], 5, {}, Status.ON_TRACK, id="reached and lost"),
        pytest.param(
            NumberMetric(0, 9, stretch=18), [(5, 9)], 5, {"committed": True}, Status.ACHIEVED, id="stretch"
        ),
        pytest.param(
            NumberMetric(0, 9), [(5, 4.5)], 7, {"checkin_every": 1}, Status.ON_TRACK, id="twice, not more"
        ),
        pytest.param(NumberMetric(0, 9), [(5, 4.5)], 8, {"checkin_every": 1}, Status.STALE, id="stale"),
        pytest.param(
            NumberMetric(0, 9), [(5, 4.5)], 10, {"checkin_every": 1}, Status.AT_RISK, id="never when over"
        ),
        pytest.param(NumberMetric(0, 9), [(5, None)], 5, {}, Status.OFF_TRACK, id="confidence only"),
        pytest.param(NumberMetric(0, 9), [(5, 4.5)], 5, {"committed": True}, Status.ON_TRACK, id="committed"),
        pytest.param(
            NumberMetric(0, 9), [(5, 4)], 5, {"committed": True}, Status.AT_RISK, id="committed, behind"
        ),
        pytest.param(NumberMetric(0, 9), [], 99, {"grade": 1.0}, Status.ACHIEVED, id="graded 1.0"),
        pytest.param(NumberMetric(0, 9), [(5, 9)], 99, {"grade": 0.4}, Status.AT_RISK, id="graded down"),
        pytest.param(
            NumberMetric(0, 9), [], 99, {"grade": 0.7, "committed": True}, Status.AT_RISK, id="graded 0.7"
        ),
        pytest.param(NumberMetric(0, 9), [], 99, {"grade": 0.0}, Status.OFF_TRACK, id="graded 0.0"),
        pytest.param(NumberMetric(0, 9), [], 99, {"grade": math.nan}, Status.NOT_STARTED, id="no real grade"),
    ],
)
def test_status(
    metric: Metric, rows: list[tuple[int, float]], day: int, options: dict[str, Any], status: Status
) -> None:
    assert assessed(metric, *rows, day=day, **options).status is status


def test_a_grade_overrides_score_and_forecast_but_not_what_was_measured() -> None:
    found = assessed(NumberMetric(0, 100), (5, 25), day=99, grade=0.6)
    assert (found.score, found.progress, found.value) == (0.6, 0.25, 25)
    assert found.forecast == Forecast(0.6, 0.6, 0.6)
    assert found.pace == 0.6 - 1.0
    assert assessed(NumberMetric(0, 100), grade=1.4).score == 1.0


def test_a_grade_is_the_forecast_too_where_the_cycle_was_closed_early() -> None:
    found = assessed(NumberMetric(0, 100), (5, 25), day=6, grade=0.6)
    assert found.forecast == Forecast(0.6, 0.6, 0.6)


def test_the_latest_value_is_told_where_nothing_can_be_worked_out_from_it() -> None:
    found = assessed(NumberMetric(HUGE, Relative(9)), (2, 7), (5, 25))
    assert (found.value, found.target, found.progress, found.score) == (25, None, None, 0.0)


def test_a_check_in_without_a_value_counts_but_moves_nothing() -> None:
    readings = [
        Reading(on(2), 20, 0.5),
        Reading(on(4), None, 0.8),
        Reading(on(5), None),
        Reading(on(8), 90, 0.1),
    ]
    found = assess(NumberMetric(0, 100), readings, SPAN, on(6), committed=False, checkin_every=7)
    assert (found.value, found.score, found.checkins) == (20, 0.2, 3)
    assert (found.confidence, found.last_checkin) == (0.8, on(5))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        pytest.param([], 0.0, id="nothing"),
        pytest.param([(0.8, 0)], 0.0, id="all weights zero"),
        pytest.param([(0.5, 1), (1.0, 1)], 0.75, id="equal"),
        pytest.param([(0.9, 2), (0.3, 1)], 0.7, id="weighted"),
        pytest.param([(0.5, 1), (1.0, 0)], 0.5, id="a guardrail"),
        pytest.param([(0.5, 1), (1.0, -1)], 0.5, id="a negative weight"),
        pytest.param([(0.5, 1), (1.0, math.nan)], 0.5, id="a weight that is no number"),
        pytest.param([(0.25, HUGE), (0.75, HUGE)], 0.5, id="huge weights"),
    ],
)
def test_mean_score(pairs: list[tuple[float, float]], expected: float) -> None:
    assert mean_score(pairs) == pytest.approx(expected)


def test_owner_score() -> None:
    assert owner_score([]) == 0.0
    assert owner_score([0.25, 0.75, 0.5]) == 0.5


NUMBER = NumberMetric(0, 100)
DONE = assessed(NUMBER, (5, 100))
NONE = assessed(NUMBER)
HALF = assess(NUMBER, [Reading(on(5), 25, 0.6)], SPAN, on(5), committed=False, checkin_every=7)
SILENT = assessed(NUMBER, (1, 10), checkin_every=1)
UNSAID = assessed(NUMBER, (5, None))


@pytest.mark.parametrize(
    ("pairs", "committed", "score", "forecast", "status"),
    [
        pytest.param([], False, 0.0, None, Status.NOT_STARTED, id="no key results"),
        pytest.param([(DONE, 0)], False, 0.0, None, Status.NOT_STARTED, id="only guardrails"),
        pytest.param([(DONE, 1), (DONE, 2)], False, 1.0, (1, 1, 1), Status.ACHIEVED, id="all achieved"),
        pytest.param([(DONE, 1), (SILENT, 0)], True, 1.0, (1, 1, 1), Status.ACHIEVED, id="a guardrail aside"),
        pytest.param([(NONE, 1), (NONE, 1)], False, 0.0, None, Status.NOT_STARTED, id="none started"),
        pytest.param([(SILENT, 1), (NONE, 1)], False, 0.05, (0.5, 0.2075, 0.5), Status.STALE, id="stale"),
        pytest.param(
            [(SILENT, 1), (DONE, 1)], False, 0.55, (1.0, 0.7075, 1.0), Status.STALE, id="rest achieved"
        ),
        pytest.param(
            [(NONE, 1), (DONE, 1)], False, 0.5, (0.5, 0.5, 0.5), Status.AT_RISK, id="one not started"
        ),
        pytest.param(
            [(SILENT, 1), (HALF, 1)], False, 0.175, (0.75, 0.295, 0.9125), Status.ON_TRACK, id="one stale"
        ),
        pytest.param(
            [(HALF, 2), (DONE, 1)], False, 0.5, (2 / 3, 1.35 / 3, 2.65 / 3), Status.AT_RISK, id="weighted"
        ),
        pytest.param(
            [(HALF, 2), (DONE, 3)], False, 0.7, (0.8, 0.67, 0.93), Status.ON_TRACK, id="aspirational"
        ),
        pytest.param([(HALF, 2), (DONE, 3)], True, 0.7, (0.8, 0.67, 0.93), Status.AT_RISK, id="committed"),
        pytest.param([(UNSAID, 1)], False, 0.0, None, Status.OFF_TRACK, id="confidence only"),
    ],
)
def test_objective(
    pairs: list[tuple[Assessment, float]],
    committed: bool,
    score: float,
    forecast: tuple[float, float, float] | None,
    status: Status,
) -> None:
    found = assess_objective(pairs, committed=committed)
    assert found.score == pytest.approx(score)
    assert found.status is status
    assert found.expected == (0.5 if pairs else 0.0)
    assert found.pace == found.score - found.expected
    if found.forecast is None:
        assert forecast is None
    else:
        ends = (found.forecast.score, found.forecast.low, found.forecast.high)
        assert ends == pytest.approx(forecast)


def test_the_confidence_of_an_objective_is_the_mean_of_those_stated() -> None:
    sure = assess(NUMBER, [Reading(on(5), 25, 0.9)], SPAN, on(5), committed=False, checkin_every=7)
    found = assess_objective([(HALF, 2), (sure, 1), (DONE, 5), (sure, 0)], committed=False)
    assert found.confidence == pytest.approx(0.7)
    assert assess_objective([(DONE, 1)], committed=False).confidence is None


# The page.

SETUP, *SECTIONS = re.split(r"(?m)^## ", PAGE.read_text(encoding="utf-8"))
EXAMPLES = {
    section.splitlines()[0]: "".join(re.findall(r"(?ms)^```python\n(.*?)^```$", section))
    for section in SECTIONS
}


def run_page(source: str, name: str, names: dict[str, Any]) -> int:
    test = doctest.DocTestParser().get_doctest(source, names, name, str(PAGE), 0)
    report: list[str] = []
    doctest.DocTestRunner(verbose=False).run(test, out=report.append, clear_globs=False)
    names.update(test.globs)
    assert not report, "".join(report)
    return len(test.examples)


def test_the_examples_of_the_page_are_true() -> None:
    names: dict[str, Any] = {}
    assert run_page("".join(re.findall(r"(?ms)^```python\n(.*?)^```$", SETUP)), "the opening", names) == 4
    for heading, source in EXAMPLES.items():
        count = run_page(source, heading, names)
        assert count or heading == "Sources"


def test_the_page_shows_every_formula() -> None:
    shown = "".join(EXAMPLES.values())
    formulas = [
        name
        for name in scoring.__all__
        if callable(getattr(scoring, name)) and name.islower() and name not in {"clamp", "reaches"}
    ]
    not_shown = {"assess_objective", "came_true", "standing", "within"}
    assert {name for name in formulas if f"{name}(" not in shown} == not_shown
