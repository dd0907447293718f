from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okr.easing import is_easier
from okr.measures import BoundsMetric, Metric, MilestonesMetric, NumberMetric, Relative
from okr.scoring import number_progress, number_score

UP, DOWN = NumberMetric(40, 100), NumberMetric(26, 4)
LADDER = MilestonesMetric({"signed": 0.3, "live": 1.0})


@pytest.mark.parametrize(
    ("before", "after", "easier"),
    [
        pytest.param(UP, NumberMetric(40, 90), True, id="a target nearer"),
        pytest.param(UP, NumberMetric(40, 110), False, id="a target further"),
        pytest.param(DOWN, NumberMetric(26, 5), True, id="a target nearer from above"),
        pytest.param(DOWN, NumberMetric(26, 3), False, id="a target further from above"),
        pytest.param(UP, NumberMetric(40, 20), True, id="a target on the other side"),
        pytest.param(UP, NumberMetric(30, 100), True, id="a baseline further"),
        pytest.param(UP, NumberMetric(50, 100), False, id="a baseline nearer"),
        pytest.param(UP, NumberMetric(40, 100, stretch=120), False, id="a stretch more"),
        pytest.param(NumberMetric(40, 100, stretch=120), UP, True, id="a stretch less"),
        pytest.param(NumberMetric(40, 100, stretch=120), NumberMetric(40, 100, stretch=110), True, id="a stretch nearer"),
        pytest.param(NumberMetric(40, 100, commit=80), NumberMetric(40, 100, commit=70), True, id="a commitment nearer"),
        pytest.param(NumberMetric(40, 100, commit=70), NumberMetric(40, 100, commit=80), False, id="a commitment further"),
        pytest.param(UP, NumberMetric(40, Relative(1.5)), False, id="the same in other words"),
        pytest.param(UP, NumberMetric(40, Relative(1.2)), True, id="less in other words"),
        pytest.param(UP, UP, False, id="the same"),
        pytest.param(NumberMetric(None, 100), UP, False, id="a baseline measured meanwhile"),
        pytest.param(NumberMetric(None, 100), NumberMetric(40, 90), True, id="and a target nearer"),
        pytest.param(UP, NumberMetric(None, 100), None, id="a baseline forgotten"),
        pytest.param(NumberMetric(None, 100), NumberMetric(None, 90), None, id="no baseline that says which way"),
        pytest.param(NumberMetric(None, Relative(0.3)), NumberMetric(None, Relative(0.2)), True, id="a share less"),
        pytest.param(NumberMetric(None, Relative(-0.3)), NumberMetric(None, Relative(-0.4)), False, id="a share more"),
        pytest.param(NumberMetric(4, 4), NumberMetric(4, 5), None, id="no way to go"),
        pytest.param(BoundsMetric(1, 5), BoundsMetric(2, 4), False, id="bounds within"),
        pytest.param(BoundsMetric(1, 5), BoundsMetric(1, 5), False, id="the same bounds"),
        pytest.param(BoundsMetric(1, 5), BoundsMetric(2, 6), True, id="bounds above"),
        pytest.param(BoundsMetric(1, 5), BoundsMetric(None, 5), True, id="a bound less"),
        pytest.param(BoundsMetric(1, None), BoundsMetric(1, 5), False, id="a bound more"),
        pytest.param(LADDER, MilestonesMetric({"signed": 0.4, "live": 1.0}), True, id="a milestone worth more"),
        pytest.param(LADDER, MilestonesMetric({"signed": 0.2, "beta": 0.5, "live": 1.0}), False, id="a milestone between"),
        pytest.param(UP, LADDER, None, id="another kind"),
        pytest.param(LADDER, BoundsMetric(1), None, id="another kind still"),
    ],
)  # fmt: skip
def test_what_is_easier(before: Metric, after: Metric, easier: bool | None) -> None:
    assert is_easier(before, after) is easier


AMOUNTS = st.integers(-20, 20)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, st.lists(AMOUNTS, min_size=1))
def test_it_is_told_by_the_scores_of_all_values(
    start: int, target: int, new_start: int, new_target: int, values: list[int]
) -> None:
    if target == start or new_target == new_start:
        return
    gained = any(
        number_score(number_progress(value, start=new_start, target=new_target))
        > number_score(number_progress(value, start=start, target=target)) + 1e-9
        for value in values
    )
    if gained:
        assert is_easier(NumberMetric(start, target), NumberMetric(new_start, new_target))
