from __future__ import annotations

import pytest

from okr.views.bars import bar


@pytest.mark.parametrize(
    ("score", "expected", "width", "drawn"),
    [
        (0.0, None, 4, "░░░░"),
        (1.0, None, 4, "████"),
        (0.5, None, 4, "██░░"),
        (0.001, None, 4, "▏░░░"),
        (0.45, None, 10, "████▌░░░░░"),
        (2.0, None, 4, "████"),
        (-1.0, None, 4, "░░░░"),
        (0.5, 0.5, 5, "██│░░"),
        (0.25, 1.0, 5, "█░░░│"),
        (1.0, 0.0, 5, "│████"),
        (0.5, 7.0, 5, "██░░│"),
    ],
)
def test_bar(score: float, expected: float | None, width: int, drawn: str) -> None:
    assert bar(score, expected, width).plain == drawn
