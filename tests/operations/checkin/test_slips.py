"""Values that look like a slip of the keyboard: which they are, and which are only a surprise."""

from __future__ import annotations

import pytest

from okr.operations.checkin.slips import meant_by


@pytest.mark.parametrize(
    ("value", "known", "meant"),
    [
        (14, (12_000, 20_000), 14_000),  # 14.000, as Germans write it
        (61, (42_000, 100_000), 61_000),
        (13.5, (12_000, 20_000), 13_500),
        (0.6, (55, 80), 60),
        (61_000, (40, 100), 61),
        (0.41, (0.25e6, 0.4e6), 410_000),
        (9_990, (99.9,), 99.9),
        (0.999, (99.9,), 99.9),
        (5_500, (0, 10), 5.5),
    ],
)
def test_a_value_far_off_that_zeros_would_bring_near_is_a_slip(
    value: float, known: tuple[float, ...], meant: float
) -> None:
    assert meant_by(value, known) == meant


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (61, (26, 4)),  # a bad week
        (0, (12_000, 20_000)),
        (-5, (12_000, 20_000)),
        (3_000, (12_000, 20_000)),
        (250, (3,)),
        (1e9, (12_000, 20_000)),
        (40, (12_000, 20_000, 14)),  # after a slip there is no telling
        (3, (-10, 10)),
        (7, ()),
    ],
)
def test_a_surprise_is_none(value: float, known: tuple[float, ...]) -> None:
    assert meant_by(value, known) is None
