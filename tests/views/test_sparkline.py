from __future__ import annotations

import pytest

from okr.views.sparkline import sparkline


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([], ""),
        ([5.0], "▄"),
        ([3.0, 3.0, 3.0], "▄▄▄"),
        ([0.0, 1.0], "▁█"),
        ([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], "▁▂▃▄▅▆▇█"),
        ([-1e15, 1e15, 0.0], "▁█▅"),
        ([9.0, 1.0, 2.0, 3.0, 1.0], "▁▅█▁"),
    ],
)
def test_the_last_values_between_the_lowest_and_the_highest_of_them(values: list[float], drawn: str) -> None:
    assert sparkline(values, 8 if len(values) != 5 else 4) == drawn
