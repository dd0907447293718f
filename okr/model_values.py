"""The values that a file may hold: how each is read from what the YAML says, and what is wrong where it can't be.

Imports nothing else of okr, and pydantic only where something is wrong.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import shortened
from okr.patterns import DAY, pattern

if TYPE_CHECKING:
    from pydantic_core import PydanticCustomError

LARGEST_NUMBER = 1e15
"""Beyond this, doubles no longer hold every whole number, and no metric is that large."""

LONGEST_ID = 100
LONGEST_QUOTE = 60

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"

_ID = pattern(ID_PATTERN)
_TIME = pattern(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(?P<offset>[Zz]|[+-]\d{2}:?\d{2})?")
_RELATIVE = pattern(r"([+\-\u2212])\s*(\d{1,12}(?:[.,]\d{1,12})?)\s*%")


@dataclass(frozen=True, slots=True)
class RelativeTarget:
    """A target given as a change of the baseline: `+30%` is a share of 0.30."""

    share: float

    def __str__(self) -> str:
        """As a person writes it."""
        return f"{self.share * 100:+g}%"


@dataclass(frozen=True, slots=True)
class Moment:
    """When a check-in was made: the day as written and, where it was given, the time with its offset."""

    day: date
    time: datetime | None = None

    @property
    def order(self) -> tuple[date, datetime]:
        """Sorts by the day as written, then by the time; a bare day comes before every time of that day."""
        return (self.day, self.time or datetime.min.replace(tzinfo=UTC))

    def __str__(self) -> str:
        """As the log writes it: to the second, with the offset."""
        return self.time.isoformat(timespec="seconds") if self.time else self.day.isoformat()


def _shaped(kind: str, message: str) -> PydanticCustomError:
    from pydantic_core import PydanticCustomError  # nothing of it is needed where all is well

    # The message is shown as it is; braces in what a file says must not be taken for a template.
    return PydanticCustomError(f"okr_{kind}", "{text}", {"text": message})


def read_day(value: object) -> date:
    """A day written `2026-10-05`.

    Raises:
        PydanticCustomError: it is something else; the message quotes it.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _shaped("day", f"there is no day {value}") from None
    raise _shaped("day", f"{quoted(value)} is not a day: write it as 2026-10-05")


def read_moment(value: object) -> Moment:
    """A day, or a day and a time with its offset from UTC.

    Raises:
        PydanticCustomError: it is something else, or a time without an offset; the message quotes it.
    """
    if isinstance(value, Moment):
        return value
    if isinstance(value, str):
        matched = _TIME.fullmatch(value)
        if matched and matched["offset"] is None:
            text = f"the time {quoted(value)} has no offset: write it as {value.replace(' ', 'T')}+00:00"
            raise _shaped("moment", text)
        if matched:
            try:
                time = datetime.fromisoformat(value.upper())
                time.astimezone(
                    UTC
                )  # a few hours beyond the first or last day that there is are no time, either
            except (ValueError, OverflowError):
                raise _shaped("moment", f"there is no such time as {quoted(value)}") from None
            return Moment(time.date(), time)
    return Moment(read_day(value))


def read_target(value: object) -> object:
    """A number as it is, or `+30%` and `-20%` as a change of the baseline."""
    if isinstance(value, str):
        matched = _RELATIVE.fullmatch(value.strip())
        if matched:
            share = float(matched[2].replace(",", ".")) / 100
            return RelativeTarget(share if matched[1] == "+" else -share)
    if isinstance(value, RelativeTarget):
        return value
    return read_number(value)


def read_number(value: object) -> int | float:
    """A finite number of a size that a metric can have.

    Raises:
        PydanticCustomError: it is something else; the message quotes it and, where it can, says how to write it.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _shaped("number", f"{quoted(value)} is not a number{_number_advice(value)}")
    if not abs(value) <= LARGEST_NUMBER:
        raise _shaped("number", "this number is too large, or none at all")
    return value


def read_start(value: object) -> object:
    """A number, or `unknown` for a baseline that nobody has measured yet."""
    return value if value == "unknown" else read_number(value)


def read_text(value: object) -> str:
    """A text that says something.

    Raises:
        PydanticCustomError: it is something else, or blank.
    """
    if not isinstance(value, str):
        advice = (
            ""
            if value is None or isinstance(value, (dict, list))
            else ": put it in quotes if it is meant as text"
        )
        raise _shaped("text", f"{quoted(value)} is not a text{advice}")
    if not value.strip():
        raise _shaped("text", "this text is empty")
    return value


def read_id(value: object) -> str:
    """An identifier: lower-case letters, digits and hyphens."""
    text = value if isinstance(value, str) else str(value) if type(value) is int else read_text(value)
    if len(text) > LONGEST_ID or not _ID.fullmatch(text):
        raise _shaped("id", f"{quoted(text)} is no id: use lower-case letters, digits and hyphens")
    return text


def read_list(value: object) -> object:
    """A list as it is; a single text stands for a list of one."""
    return [value] if isinstance(value, str) else value


def quoted(value: object) -> str:
    """A value of a file as a message quotes it: short, on one line."""
    match value:
        case None:
            return "nothing"
        case True | False:
            return str(value).lower()
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            text = str(value)
            short = shortened(text, LONGEST_QUOTE)
            return f"“{short}”"


def _number_advice(value: object) -> str:
    if not isinstance(value, str):
        return ""
    bare = re.sub(r"[\s_'\u00a0\u202f\u2009]", "", value)
    if re.fullmatch(r"[-+]?\d+(\.\d+)?", bare):
        return f": write {bare.lstrip('+')}, without spaces or quotes"
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", bare):
        return f": write {bare.replace(',', '')}, without separators"
    if re.fullmatch(r"[-+]?\d+,\d+", bare):
        return f": write {bare.replace(',', '.')}, with a point"
    if re.fullmatch(r"\d+([.,]\d+)?%", bare):
        return (
            f': write {bare[:-1].replace(",", ".")} and `unit: "%"`, or +{bare} for a change of the baseline'
        )
    return ""
