"""Days in words, as they are typed for `--date`, `--since` and `--as-of`."""

from __future__ import annotations

from datetime import date

import pytest

from okr.days import day_in_words

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", 27), ("Yesterday", 26), (" hier ", 26), ("aujourd’hui", 27), ("avant-hier", 25),
        ("thursday", 26), ("Thu", 26), ("last thursday", 26), ("friday", 27), ("last friday", 20), ("saturday", 21),
        ("lundi", 23), ("lundi dernier", 23), ("vendredi dernier", 20),
        ("3 days ago", 24), ("1 day ago", 26), ("2 weeks ago", 13), ("last week", 20), ("il y a 3 jours", 24),
        ("il y a 1 semaine", 20),
    ],
)  # fmt: skip
def test_a_day_in_words_is_reckoned_from_today(text: str, day: int) -> None:
    assert day_in_words(text, FRIDAY) == date(2026, 11, day)


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "next friday", "last", "friday 13", "main", "2026-11-20", "-2d"]
)
def test_anything_else_is_no_day_in_words(text: str) -> None:
    assert day_in_words(text, FRIDAY) is None


def test_there_is_no_day_before_the_first() -> None:
    assert day_in_words("9999 weeks ago", date(2, 1, 1)) == date(1, 1, 1)
