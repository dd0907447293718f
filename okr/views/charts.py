"""Charts of box and braille characters: check-ins over a cycle, what is expected, and where it leads.

Everything has a character of its own, so that a chart reads without colour.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from okr.quantities import format_number
from okr.views.figures import short_day
from okr.views.layout import GAP, indented, label_within, packed
from okr.views.plain import PlainConsole
from okr.views.terminal import cell
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rich.console import Console

    from okr.operations.showing import Course
    from okr.quantities import Language

HEIGHT = 12
WIDEST = 110
POINT, EXPECTED, LEVEL, TODAY, FORECAST, INTERVAL = "●", "·", "─", "┊", "◆", "│"
_STYLES = {
    POINT: "bold cyan", EXPECTED: "dim", LEVEL: "green", TODAY: "dim", FORECAST: "bold magenta",
    INTERVAL: "magenta",
}  # fmt: skip
_BRAILLE = 0x2800
# The bit of each dot of a braille character, by row from the top and column.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_DOT_ROWS, _DOT_COLUMNS = 4, 2
_FEWEST = 2


class _Canvas:
    """A grid of characters; lines are drawn in braille dots below whatever else is put."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._dots: dict[tuple[int, int], tuple[int, str]] = {}
        self._put: dict[tuple[int, int], tuple[str, str]] = {}

    def put(self, column: int, row: int, character: str, *, over: bool = True) -> None:
        """One character; `over` whatever is there, or only where nothing is."""
        if over or not ((column, row) in self._dots or (column, row) in self._put):
            self._put[column, row] = (character, _STYLES[character])

    def line(self, start: tuple[float, float], end: tuple[float, float], *, dotted: bool) -> None:
        """A line between two points given in characters, drawn with all dots or every third."""
        (x1, y1), (x2, y2) = start, end
        steps = max(1, round(max(abs(x2 - x1) * _DOT_COLUMNS, abs(y2 - y1) * _DOT_ROWS)))
        style = _STYLES[FORECAST if dotted else POINT]
        for step in range(0, steps + 1, 3 if dotted else 1):
            x = round((x1 + (x2 - x1) * step / steps) * _DOT_COLUMNS)
            y = round((y1 + (y2 - y1) * step / steps) * _DOT_ROWS)
            place = (x // _DOT_COLUMNS, y // _DOT_ROWS)
            bits, known = self._dots.get(place, (0, style))
            self._dots[place] = (bits | _DOTS[y % _DOT_ROWS][x % _DOT_COLUMNS], known)

    def row(self, row: int, beneath: dict[int, str]) -> Text:
        """One row as text, with what lies beneath the lines where nothing is drawn."""
        drawn = Text()
        for column in range(self.width):
            place = (column, row)
            if place in self._put:
                drawn.append(*self._put[place])
            elif place in self._dots:
                bits, style = self._dots[place]
                drawn.append(chr(_BRAILLE + bits), style=style)
            elif column in beneath:
                drawn.append(beneath[column], style=_STYLES[beneath[column]])
            else:
                drawn.append(" ")
        return drawn


def chart(console: Console, course: Course, language: Language, *, margin: str = "") -> Iterator[Text]:
    """Check-ins over a cycle as lines that fit the console; a sentence where there are too few to draw.

    To a screen reader nothing: the check-ins are listed as well.
    """
    if isinstance(console, PlainConsole):
        return
    if len(course.points) < _FEWEST:
        yield from indented(console, cell(_too_few(course), "dim"), first=margin, rest=margin)
        return
    low, high = course.span()
    labels = _labels(course, low, high, language)
    gutter = min(max(map(cell_len, labels.values())), console.width // 3)
    labels = {row: label_within(label, gutter) for row, label in labels.items()}
    width = min(WIDEST, console.width - len(margin) - gutter - 2)
    canvas = _drawn(course, width, low, high)
    for row in range(HEIGHT):
        label = cell(labels.get(row, ""), "dim")
        label.pad_left(gutter - label.cell_len)
        level = any(row == _row(each.height, low, high) for each in course.levels)
        beneath = _beneath(course, width, level=level)
        tick = "┤" if row in labels else "│"
        yield Text.assemble(margin, label, " ", (tick, "dim"), canvas.row(row, beneath))
    yield from _axis(course, width, margin + " " * (gutter + 1))
    yield from packed(console, _legend(course), margin=margin, separator=GAP)


def _too_few(course: Course) -> str:
    if not course.points:
        return "No check-in to draw yet."
    return f"Checked in on one day, {short_day(course.points[0][0])}: a chart begins with two."


def _row(height: float, low: float, high: float) -> int:
    return min(HEIGHT - 1, int(_depth(height, low, high)))


def _depth(height: float, low: float, high: float) -> float:
    """How far below the top a height lies, in rows; the middle of the first row is the highest."""
    return (high - height) / (high - low) * (HEIGHT - 1) + 0.5


def _column(course: Course, day: date, width: int) -> int:
    share = (day - course.starts).days / max(1, (course.ends - course.starts).days)
    return round(min(1.0, max(0.0, share)) * (width - 1))


def _drawn(course: Course, width: int, low: float, high: float) -> _Canvas:
    canvas = _Canvas(width, HEIGHT)
    points = [(_column(course, day, width) + 0.5, _depth(height, low, high)) for day, height in course.points]
    for start, end in pairwise(points):
        canvas.line(start, end, dotted=False)
    if course.forecast is not None:
        height, lowest, highest = course.forecast
        last = width - 1
        canvas.line(points[-1], (last + 0.5, _depth(height, low, high)), dotted=True)
        ends = sorted((_row(lowest, low, high), _row(highest, low, high)))
        for row in range(ends[0], ends[1] + 1):
            canvas.put(last, row, INTERVAL)
        canvas.put(last, _row(height, low, high), FORECAST)
    if course.expected is not None:
        first, final = course.expected
        for column in range(0, width, 2):
            height = first + (final - first) * column / max(1, width - 1)
            canvas.put(column, _row(height, low, high), EXPECTED, over=False)
    for x, depth in points:
        canvas.put(int(x), min(HEIGHT - 1, int(depth)), POINT)
    return canvas


def _beneath(course: Course, width: int, *, level: bool) -> dict[int, str]:
    """What shows through where nothing is drawn: a level line, and today."""
    beneath = dict.fromkeys(range(width), LEVEL) if level else {}
    if course.starts <= course.today <= course.ends:
        beneath.setdefault(_column(course, course.today, width), TODAY)
    return beneath


def _labels(course: Course, low: float, high: float, language: Language) -> dict[int, str]:
    """What stands beside the rows: the levels by name, then the lowest and the highest height."""
    labels: dict[int, str] = {}
    for level in course.levels:
        figure = "" if course.scores else f" {_figure(level.height, course, language)}"
        labels.setdefault(_row(level.height, low, high), printable(f"{level.name[:20]}{figure}"))
    for height in (high, low):
        labels.setdefault(_row(height, low, high), _figure(height, course, language))
    return labels


def _figure(height: float, course: Course, language: Language) -> str:
    if course.scores:
        return f"{height:.1f}"
    return format_number(float(f"{height:.4g}"), language)


def _axis(course: Course, width: int, margin: str) -> Iterator[Text]:
    """The days below: where the cycle begins and ends, and today between them."""
    first, last = short_day(course.starts, beside=course.ends), short_day(course.ends, beside=course.starts)
    line = [LEVEL] * width
    between = max(1, width - len(first) - len(last))
    dates = list(f"{first}{' ' * between}{last}")
    if course.starts <= course.today <= course.ends:
        column = _column(course, course.today, width)
        line[column] = "┴"
        start = max(0, min(width - 5, column - 2))
        if "".join(dates[max(0, start - 2) : start + 7]).strip() == "":
            dates[start : start + 5] = "today"
    yield Text(f"{margin}└{''.join(line)}", style="dim")
    yield Text(f"{margin} {''.join(dates)}", style="dim")


def _legend(course: Course) -> list[Text]:
    """What each character stands for, of those that are drawn."""
    parts = [(POINT, "score after a check-in" if course.scores else "check-in")]
    if course.expected is not None:
        parts.append((EXPECTED, "expected"))
    if course.levels:
        parts.append((LEVEL, course.levels[0].name if len(course.levels) == 1 else "the levels named"))
    if course.starts <= course.today <= course.ends:
        parts.append((TODAY, "today"))
    if course.forecast is not None:
        parts.append((FORECAST, "forecast with its interval"))
    return [Text.assemble((sign, _STYLES[sign]), " ", cell(words, "dim")) for sign, words in parts]
