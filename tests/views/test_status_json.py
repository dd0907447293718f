from __future__ import annotations

import pytest

from okr.views.status_json import number, rounded, value


@pytest.mark.parametrize(
    ("amount", "plain"),
    [
        (42000.0, 42000), (-3.0, -3), (0.1 + 0.2, 0.3), (35 + -0.2 * 35, 28), (6759.999999999999, 6760),
        (1e15, 1e15), (12.5, 12.5), (None, None), (-0.0, 0),
    ],
)  # fmt: skip
def test_numbers_are_whole_where_nothing_is_lost_by_it(amount: float | None, plain: float | None) -> None:
    assert repr(number(amount)) == repr(plain)


def test_a_milestone_is_told_by_its_name_and_a_whole_number_without_a_point() -> None:
    assert (value("signed"), value(3.0), value(None)) == ("signed", 3, None)


def test_shares_have_six_decimals_and_no_negative_zero() -> None:
    assert repr(rounded(-0.0000001)) == "0.0"
    assert rounded(1 / 3) == 0.333333
