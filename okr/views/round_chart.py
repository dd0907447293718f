"""The course of a key result in four lines: the latest value of each day as an area, and what is expected as dots.

Small enough to stand above a prompt; `charts.py` draws the large one of `okr show`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from okr.quantities import format_number
from okr.views.figures import short_day
from okr.views.layout import label_within
from okr.views.terminal import cell
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rich.console import Console

    from okr.operations.showing import Course
    from okr.quantities import Language

HEIGHT = 4
WIDEST = 60
_FEWEST = 2
_PARTS = " ▁▂▃▄▅▆▇█"
_EXPECTED = "·"
_TODAY = "┊"
_LEVEL = "─"


def small_chart(console: Console, course: Course, language: Language, *, margin: str = "") -> Iterator[Text]:
    """The course as lines that fit the console; nothing where there are too few check-ins to draw."""
    if len(course.points) < _FEWEST:
        return
    low, high = course.span(ahead=False)
    labels = {0: _label(course, high, language), HEIGHT - 1: _label(course, low, language)}
    for level in course.levels:
        labels.setdefault(_row_of(level.height, low, high), _label(course, level.height, language))
    gutter = min(max(map(cell_len, labels.values())), console.width // 3)
    width = min(WIDEST, console.width - cell_len(margin) - gutter - 3)
    heights = _heights(course, width)
    for row in range(HEIGHT):
        label = labels.get(row, "")
        shown = cell(label_within(label, gutter), "dim")
        shown.pad_left(gutter - shown.cell_len)
        drawn = _row(course, row, heights, width, low, high)
        yield Text.assemble(margin, shown, " ", ("│", "dim"), drawn)
    first, last = short_day(course.starts, beside=course.ends), short_day(course.ends, beside=course.ends)
    days = f"{first}{last:>{max(0, width - len(first))}}"
    yield Text.assemble(margin, " " * (gutter + 2), (days, "dim"))


def _label(course: Course, height: float, language: Language) -> str:
    """What stands beside the highest and the lowest line: the target by its name where it lies there."""
    figure = f"{height:.1f}" if course.scores else format_number(float(f"{height:.4g}"), language)
    level = next((each for each in course.levels if each.height == height), None)
    return printable(figure if level is None else f"{level.name[:12]} {figure}")


def _day(course: Course, column: int, width: int) -> int:
    """The day that a column ends on, as an ordinal."""
    days = (course.ends - course.starts).days + 1
    return course.starts.toordinal() + round((column + 1) * days / width) - 1


def _heights(course: Course, width: int) -> list[float | None]:
    """The latest value by the end of each column; None before the first check-in and after today."""
    heights: list[float | None] = []
    for column in range(width):
        day = _day(course, column, width)
        before = _day(course, column - 1, width)
        known = [height for at, height in course.points if at.toordinal() <= day]
        heights.append(known[-1] if known and before < course.today.toordinal() else None)
    return heights


def _row(course: Course, row: int, heights: list[float | None], width: int, low: float, high: float) -> Text:
    """One line: the area, in eighths of a character, and beside it what is expected."""
    drawn = Text()
    floor = HEIGHT - 1 - row
    # Bounds lie amid the area, and are what it has to keep to; other levels are named at its edge.
    bounds = course.levels if course.expected is None else ()
    levels = {_row_of(level.height, low, high) for level in bounds}
    today = course.today if course.starts <= course.today <= course.ends else None
    for column, height in enumerate(heights):
        eighths = 0
        if height is not None:
            share = min(1.0, max(0.0, (height - low) / (high - low)))
            eighths = min(8, max(0, max(1, round(share * HEIGHT * 8)) - floor * 8))
        if eighths:
            drawn.append(_PARTS[eighths], style="cyan")
        elif _expected_row(course, column, width, low, high) == row and column % 2 == 0:
            drawn.append(_EXPECTED, style="dim")
        elif today is not None and _is_at(course, column, width, today):
            drawn.append(_TODAY, style="dim")
        elif row in levels:
            drawn.append(_LEVEL, style="dim")
        else:
            drawn.append(" ")
    return drawn


def _row_of(height: float, low: float, high: float) -> int:
    share = (height - low) / (high - low)
    return HEIGHT - 1 - min(HEIGHT - 1, max(0, math.ceil(share * HEIGHT) - 1))


def _expected_row(course: Course, column: int, width: int, low: float, high: float) -> int | None:
    if course.expected is None:
        return None
    first, final = course.expected
    return _row_of(first + (final - first) * (column + 1) / width, low, high)


def _is_at(course: Course, column: int, width: int, day: date) -> bool:
    return _day(course, column - 1, width) < day.toordinal() <= _day(course, column, width)
