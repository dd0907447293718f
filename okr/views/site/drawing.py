"""Charts as SVG: what a page shows of check-ins, each with a text that says the same. No script and no style within."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from okr.dataclass import dataclass
from okr.errors import shortened
from okr.quantities import format_number
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from okr.operations.showing import Course
    from okr.views.site.words import Words

WIDTH, HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 164, 12, 24
_LINE = 17  # the height of a line of text, on a phone
_LONGEST_LABEL = 17  # characters; on a phone they are as wide as the right margin


@dataclass(frozen=True, slots=True)
class _Scale:
    """From days and heights to places in the drawing."""

    course: Course
    low: float
    high: float

    def x(self, day: date) -> str:
        return _x(self.course.starts, self.course.ends, day)

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
    scale = _Scale(course, *course.span())
    return _markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t{number} d{number}">',
        f'<title id="t{number}">{_text(title)}</title><desc id="d{number}">{_text(_described(course, words))}</desc>',
        *_levels(course, scale, words),
        *_expected(course, scale),
        *_forecast(course, scale),
        *_points(course, scale),
        *_axis(course, scale, words),
        "</svg>",
    )


def bar(score: float, expected: float | None) -> Markup:
    """A score as a bar with the expected progress marked; decoration, for the score stands beside it."""
    mark = ""
    if expected is not None:
        at = f"{min(1.0, max(0.0, expected)) * 100:.1f}"
        mark = f'<line class="mark" x1="{at}" x2="{at}" y1="0" y2="10"/>'
    width = min(1.0, max(0.0, score)) * 100
    return _markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="10"/><rect class="fill" width="{width:.1f}" height="10"/>{mark}</svg>'
    )


@lru_cache(maxsize=10_000)  # the same days stand in all charts of a cycle
def _x(starts: date, ends: date, day: date) -> str:
    """How far to the right a day lies."""
    share = (day - starts).days / max(1, (ends - starts).days)
    return f"{_LEFT + min(1.0, max(0.0, share)) * (WIDTH - _LEFT - _RIGHT):.1f}"


def _markup(*parts: str) -> Markup:
    """Parts of ours, in which each text has gone through `_text` and all else is numbers and names of our own."""
    return Markup("".join(parts))  # noqa: S704 # see above


def _text(text: str) -> str:
    return str(escape(printable(text)))


def _levels(course: Course, scale: _Scale, words: Words) -> Iterator[str]:
    right = WIDTH - _RIGHT
    taken: list[float] = []
    for level in sorted(course.levels, key=lambda level: -level.height):
        y = scale.y(level.height)
        yield f'<line class="level" x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        if all(abs(y - other) >= _LINE for other in taken):
            taken.append(y)
            name = words.milestone(level.name) if course.scores else f"{words(level.name)} "
            yield _label(name if course.scores else _measured(name, level.height, course, words), y)
    for height in () if course.scores else (scale.high, scale.low):
        y = scale.y(height)
        if all(abs(y - other) >= _LINE for other in taken):
            yield _label(_measured("", height, course, words), y)


def _measured(name: str, height: float, course: Course, words: Words) -> str:
    """A height with its unit; where there is no room, without, or without its name: a number is never cut."""
    number = format_number(height, words.language)
    known = (f"{name}{words.amount(height, course.unit)}", f"{name}{number}")
    return next((label for label in known if len(label) <= _LONGEST_LABEL), number)


def _label(label: str, y: float) -> str:
    shown = shortened(label, _LONGEST_LABEL)
    return f'<text class="label" x="{WIDTH - _RIGHT + 6}" y="{y + 4:.1f}">{_text(shown)}</text>'


def _expected(course: Course, scale: _Scale) -> Iterator[str]:
    if course.expected is not None:
        first, last = (scale.y(height) for height in course.expected)
        yield f'<line class="expected" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{first:.1f}" y2="{last:.1f}"/>'


def _forecast(course: Course, scale: _Scale) -> Iterator[str]:
    if course.forecast is None:
        return
    day, height = course.points[-1]
    middle, low, high = (scale.y(each) for each in course.forecast)
    x, y, end = scale.x(day), scale.y(height), WIDTH - _RIGHT
    yield f'<polygon class="cone" points="{x},{y:.1f} {end},{low:.1f} {end},{high:.1f}"/>'
    yield f'<line class="foreseen" x1="{x}" y1="{y:.1f}" x2="{end}" y2="{middle:.1f}"/>'


def _points(course: Course, scale: _Scale) -> Iterator[str]:
    x, y = scale.x, scale.y
    places = [(x(day), f"{y(height):.1f}") for day, height in course.points]
    yield f'<polyline class="line" points="{" ".join([f"{across},{down}" for across, down in places])}"/>'
    yield "".join([f'<circle class="dot" cx="{across}" cy="{down}" r="3"/>' for across, down in places])


def _axis(course: Course, scale: _Scale, words: Words) -> Iterator[str]:
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    yield f'<line class="axis" x1="{_LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/>'
    yield f'<text class="label" x="{_LEFT}" y="{HEIGHT - 6}">{words.day(course.starts)}</text>'
    yield f'<text class="label end" x="{right}" y="{HEIGHT - 6}">{words.day(course.ends)}</text>'
    if course.starts < course.today < course.ends:
        x = scale.x(course.today)
        yield f'<line class="today" x1="{x}" x2="{x}" y1="{_TOP}" y2="{bottom}"/>'


def _described(course: Course, words: Words) -> str:
    """The chart in words: from where to where, the levels, and the forecast."""

    def height(value: float) -> str:
        return words.score(value) if course.scores else words.amount(value, course.unit)

    (first_day, first), (last_day, last) = course.points[0], course.points[-1]
    said = [f"{words('check-in values')}{words.colon}{height(first)} ({words.day(first_day)})"]
    if len(course.points) > 1:
        said[0] += f" → {height(last)} ({words.day(last_day)})"
    said += [
        f"{words.milestone(level.name) if course.scores else words(level.name)}{words.colon}{height(level.height)}"
        for level in course.levels
    ]
    if course.forecast is not None:
        middle, low, high = course.forecast
        said.append(
            f"{words('forecast')} {words.day(course.ends)}{words.colon}{height(middle)} ({height(min(low, high))} – {height(max(low, high))})"
        )
    return words.semicolon.join(said)
