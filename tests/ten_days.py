"""A cycle of ten days, so that shares of it are tenths, and what comes of check-ins in it: what tests of the numbers share."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from okr.scoring import Assessment, Metric, Reading, Span, assess

SPAN = Span(date(2026, 10, 1), date(2026, 10, 10))


def on(day: int) -> date:
    """The day of the cycle; 0 is the day before it."""
    return SPAN.starts + timedelta(days=day - 1)


def checkins(*rows: tuple[int, float | str | None]) -> list[Reading]:
    return [Reading(on(day), value) for day, value in rows]


def assessed(
    metric: Metric, *rows: tuple[int, float | str | None], day: int = 5, **options: Any
) -> Assessment:
    settings = {"committed": False, "checkin_every": 7} | options
    return assess(metric, checkins(*rows), SPAN, on(day), **settings)
