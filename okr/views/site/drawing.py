"""Charts as SVG: what a page shows of check-ins, each with a text that says the same. No script and no style within."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from okr.quantities import format_number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from okr.operations.showing import Course
    from okr.views.site.words import Words

WIDTH, HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 92, 12, 24


@dataclass(frozen=True, slots=True)
class _Scale:
    """From days and heights to places in the drawing."""

    course: Course
    low: float
    high: float

    def x(self, day: date) -> float:
        span = max(1, (self.course.ends - self.course.starts).days)
        share = (day - self.course.starts).days / span
        return _LEFT + min(1.0, max(0.0, share)) * (WIDTH - _LEFT - _RIGHT)

    def y(self, height: float) -> float:
        return _TOP + (self.high - height) / (self.high - self.low) * (HEIGHT - _TOP - _BOTTOM)


def chart(course: Course, words: Words, title: str, number: int) -> Markup:
    """A course over its cycle; nothing where there is no check-in to draw.

    Args:
        course: what to draw.
        words: the page's language.
        title: what it is the course of.
        number: tells the chart from others of the page.
    """
    if not course.points:
        return Markup()
    scale = _scale(course)
    drawn = [
        *_levels(course, scale, words),
        *_expected(course, scale),
        *_forecast(course, scale),
        *_points(course, scale),
        *_axis(course, scale, words),
    ]
    said = escape(_described(course, words))
    head = Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="t{} d{}">'
        '<title id="t{}">{}</title><desc id="d{}">{}</desc>'
    ).format(WIDTH, HEIGHT, number, number, number, title, number, said)
    return head + Markup("").join(drawn) + Markup("</svg>")


def sparkline(points: Iterable[tuple[date, float]]) -> Markup:
    """The last values as a line without axes; decoration, for the value stands beside it."""
    known = list(points)[-12:]
    if len(known) < 2:  # noqa: PLR2004 # two ends of a line
        return Markup()
    first, last = known[0][0], known[-1][0]
    low, high = min(height for _, height in known), max(height for _, height in known)
    span, rise = max(1, (last - first).days), (high - low) or 1.0
    line = " ".join(
        f"{2 + (day - first).days / span * 92:.1f},{3 + (high - height) / rise * 18:.1f}"
        for day, height in known
    )
    return Markup(
        '<svg class="spark" viewBox="0 0 96 24" aria-hidden="true"><polyline class="line" points="{}"/></svg>'
    ).format(line)


def bar(score: float, expected: float | None) -> Markup:
    """A score as a bar with the expected progress marked; decoration, for the score stands beside it."""
    mark = Markup("")
    if expected is not None:
        at = min(1.0, max(0.0, expected)) * 100
        mark = Markup('<line class="mark" x1="{0}" x2="{0}" y1="0" y2="10"/>').format(f"{at:.1f}")
    width = min(1.0, max(0.0, score)) * 100
    return (
        Markup(
            '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
            '<rect class="track" width="100" height="10"/><rect class="fill" width="{}" height="10"/>'
        ).format(f"{width:.1f}")
        + mark
        + Markup("</svg>")
    )


def _scale(course: Course) -> _Scale:
    heights = [height for _, height in course.points]
    heights += [level.height for level in course.levels]
    heights += course.expected or ()
    heights += course.forecast or ()
    low, high = min(heights), max(heights)
    return _Scale(course, low, high) if high > low else _Scale(course, low - 1.0, high + 1.0)


def _levels(course: Course, scale: _Scale, words: Words) -> list[Markup]:
    right = WIDTH - _RIGHT
    taken: list[float] = []
    drawn: list[Markup] = []
    for level in sorted(course.levels, key=lambda level: -level.height):
        y = scale.y(level.height)
        drawn.append(
            Markup('<line class="level" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
                _LEFT, right, f"{y:.1f}", f"{y:.1f}"
            )
        )
        if all(abs(y - other) >= 12 for other in taken):  # noqa: PLR2004 # the height of a line of text
            taken.append(y)
            number = format_number(level.height, words.language)
            label = level.name if course.scores else f"{words(level.name)} {number}"
            drawn.append(
                Markup('<text class="label" x="{}" y="{}">{}</text>').format(
                    right + 6, f"{y + 4:.1f}", label[:18]
                )
            )
    return drawn


def _expected(course: Course, scale: _Scale) -> list[Markup]:
    if course.expected is None:
        return []
    first, last = (f"{scale.y(height):.1f}" for height in course.expected)
    return [
        Markup('<line class="expected" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
            _LEFT, WIDTH - _RIGHT, first, last
        )
    ]


def _forecast(course: Course, scale: _Scale) -> list[Markup]:
    if course.forecast is None:
        return []
    day, height = course.points[-1]
    middle, low, high = course.forecast
    x, y, end = f"{scale.x(day):.1f}", f"{scale.y(height):.1f}", f"{WIDTH - _RIGHT:.1f}"
    cone = f"{x},{y} {end},{scale.y(low):.1f} {end},{scale.y(high):.1f}"
    return [
        Markup('<polygon class="cone" points="{}"/>').format(cone),
        Markup('<line class="foreseen" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
            x, y, end, f"{scale.y(middle):.1f}"
        ),
    ]


def _points(course: Course, scale: _Scale) -> list[Markup]:
    places = [(scale.x(day), scale.y(height)) for day, height in course.points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = [
        Markup('<circle class="dot" cx="{}" cy="{}" r="3"/>').format(f"{x:.1f}", f"{y:.1f}")
        for x, y in places
    ]
    return [Markup('<polyline class="line" points="{}"/>').format(line), *dots]


def _axis(course: Course, scale: _Scale, words: Words) -> list[Markup]:
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    drawn = [
        Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(_LEFT, right, bottom, bottom),
        Markup('<text class="label" x="{}" y="{}">{}</text>').format(
            _LEFT, HEIGHT - 6, words.day(course.starts)
        ),
        Markup('<text class="label end" x="{}" y="{}">{}</text>').format(
            right, HEIGHT - 6, words.day(course.ends)
        ),
    ]
    if course.starts < course.today < course.ends:
        x = f"{scale.x(course.today):.1f}"
        drawn.append(
            Markup('<line class="today" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(x, x, _TOP, bottom)
        )
    return drawn


def _described(course: Course, words: Words) -> str:
    """The chart in words: from where to where, the levels, and the forecast."""

    def height(value: float) -> str:
        return words.score(value) if course.scores else words.amount(value, course.unit)

    (first_day, first), (last_day, last) = course.points[0], course.points[-1]
    said = [f"{words('check-in values')}: {height(first)} ({words.day(first_day)})"]
    if len(course.points) > 1:
        said[0] += f" → {height(last)} ({words.day(last_day)})"
    said += [
        f"{level.name if course.scores else words(level.name)}: {height(level.height)}"
        for level in course.levels
    ]
    if course.forecast is not None:
        middle, low, high = course.forecast
        said.append(
            f"{words('forecast')} {words.day(course.ends)}: {height(middle)} ({height(min(low, high))} – {height(max(low, high))})"
        )
    return "; ".join(said)
