"""What each file of a workspace may say: its keys, their types, their defaults and what they mean.

Shape only: whether what is said makes sense beside the rest of the workspace is for the rules. Imports nothing
else of okr.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

LARGEST_NUMBER = 1e15
"""Beyond this, doubles no longer hold every whole number, and no metric is that large."""

LONGEST_ID = 100
LONGEST_QUOTE = 60

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(?P<offset>[Zz]|[+-]\d{2}:?\d{2})?"
)
_RELATIVE = re.compile(r"([+\-\u2212])\s*(\d{1,12}(?:[.,]\d{1,12})?)\s*%")


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
    # The message is shown as it is; braces in what a file says must not be taken for a template.
    return PydanticCustomError(f"okr_{kind}", "{text}", {"text": message})


def read_day(value: object) -> date:
    """A day written `2026-10-05`.

    Raises:
        PydanticCustomError: it is something else; the message quotes it.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
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
    if len(text) > LONGEST_ID or not re.fullmatch(ID_PATTERN, text):
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
            short = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
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


# What JSON Schema says of values that pydantic only knows to go through a function of ours. Where a pattern can't
# say all that the function checks, it allows more, never less.
_NUMBER_SHAPE = {"type": "number", "minimum": -int(LARGEST_NUMBER), "maximum": int(LARGEST_NUMBER)}
_SCORE_SHAPE = {"type": "number", "minimum": 0, "maximum": 1}
_TEXT_SHAPE = {"type": "string", "pattern": r"\S"}
_WRITTEN_ID = {"type": "string", "pattern": ID_PATTERN, "maxLength": LONGEST_ID}
_ID_SHAPE = {"anyOf": [_WRITTEN_ID, {"type": "integer", "minimum": 0}]}
_DAY_PATTERN = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME_PATTERN = (
    r"[Tt ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})"
)
_RELATIVE_SHAPE = {"type": "string", "pattern": r"^\s*[+\-\u2212]\s*[0-9]{1,12}([.,][0-9]{1,12})?\s*%\s*$"}


def _one_or_list(one: dict[str, object], item: dict[str, object], **limits: int) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [one, {"type": "array", "items": item, **limits}]})


Number = Annotated[int | float, BeforeValidator(read_number), WithJsonSchema(_NUMBER_SHAPE)]
Start = Annotated[
    int | float | Literal["unknown"],
    BeforeValidator(read_start),
    WithJsonSchema({"anyOf": [_NUMBER_SHAPE, {"const": "unknown"}]}),
]
Target = Annotated[
    int | float | RelativeTarget,
    BeforeValidator(read_target),
    WithJsonSchema({"anyOf": [_NUMBER_SHAPE, _RELATIVE_SHAPE]}),
]
Text = Annotated[str, BeforeValidator(read_text), WithJsonSchema(_TEXT_SHAPE)]
Id = Annotated[str, BeforeValidator(read_id), Field(pattern=ID_PATTERN), WithJsonSchema(_ID_SHAPE)]
Day = Annotated[
    date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "pattern": f"^{_DAY_PATTERN}$"})
]
When = Annotated[
    Moment,
    BeforeValidator(read_moment),
    WithJsonSchema({"type": "string", "pattern": f"^{_DAY_PATTERN}({_TIME_PATTERN})?$"}),
]
References = Annotated[tuple[Text, ...], BeforeValidator(read_list), _one_or_list(_TEXT_SHAPE, _TEXT_SHAPE)]
Tags = References
FormerIds = Annotated[tuple[Id, ...], BeforeValidator(read_list), _one_or_list(_WRITTEN_ID, _ID_SHAPE)]


class FileModel(BaseModel):
    """The base of everything a file may say: frozen, and unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, arbitrary_types_allowed=True)


class RuleSeverity(StrEnum):
    """What okr.yaml may set a rule to."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"


class Limit(FileModel):
    """How few and how many of something are allowed, both ends included."""

    min: Annotated[int, Field(ge=0, strict=True)]
    max: Annotated[int, Field(ge=1, strict=True)]


class Limits(FileModel):
    """How many OKRs the method allows: few, so that they are remembered and followed."""

    objectives: Limit = Limit(min=2, max=3)
    key_results: Limit = Limit(min=2, max=5)


class CheckIn(FileModel):
    """What `okr checkin` does unless the command line says otherwise."""

    push: Annotated[bool, Field(strict=True)] = False


class Override(FileModel):
    """Other severities for some of the files."""

    paths: Annotated[References, Field(min_length=1), _one_or_list(_TEXT_SHAPE, _TEXT_SHAPE, minItems=1)]
    rules: dict[str, RuleSeverity]


class Settings(FileModel):
    """okr.yaml: the settings of a workspace; its presence marks the workspace's root."""

    name: Text | None = None
    year_starts: Annotated[int, Field(ge=1, le=12, strict=True)] = 1
    year_named_after: Literal["start", "end"] = "end"
    limits: Limits = Limits()
    checkin_every: Annotated[int, Field(ge=1, le=366, strict=True)] = 7
    checkin: CheckIn = CheckIn()
    language: Literal["en", "fr"] = "en"
    rules: dict[str, RuleSeverity] = {}
    overrides: tuple[Override, ...] = ()


class Team(FileModel):
    """A team: an owner of OKRs with people in it."""

    id: Id
    name: Text | None = None
    parent: Id | None = None
    lead: Id | None = None
    formerly: FormerIds = ()


class Person(FileModel):
    """A person: an owner of OKRs, and who is accountable for objectives and key results."""

    id: Id
    name: Text | None = None
    email: References = ()
    team: Id | None = None
    formerly: FormerIds = ()


class Org(FileModel):
    """org.yaml: the teams and the people."""

    teams: tuple[Team, ...] = ()
    people: tuple[Person, ...] = ()


class Kpi(FileModel):
    """A measure of performance that is watched all year round; key results may draw on it."""

    id: Id
    name: Text
    unit: Text | None = None
    owner: Id | None = None
    why: Text | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    formerly: FormerIds = ()


class Kpis(FileModel):
    """kpis.yaml: the KPIs of the workspace."""

    kpis: tuple[Kpi, ...] = ()


class Initiative(FileModel):
    """Something we mean to do to get to a key result; never scored."""

    title: Text
    link: Text | None = None
    owner: Id | None = None
    done: Annotated[bool, Field(strict=True)] = False


class MetricKind(StrEnum):
    """The four ways in which a key result is measured."""

    NUMBER = "number"
    BOUNDS = "bounds"
    MILESTONES = "milestones"
    KPI = "kpi"


class Next(StrEnum):
    """What becomes of something in the cycle that follows, decided when its own cycle is closed."""

    KEEP = "keep"
    CARRY = "carry"
    DROP = "drop"


class KeyResult(FileModel):
    """A specific, quantified and verifiable outcome that an objective is measured by."""

    id: Id
    title: Text
    owner: Id | None = None
    unit: Text | None = None
    start: Annotated[Start | None, Field(alias="from")] = None
    target: Annotated[Target | None, Field(alias="to")] = None
    commit: Target | None = None
    stretch: Target | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    milestones: dict[str, Number] | None = None
    kpi: Id | None = None
    weight: Annotated[Number, Field(ge=0), WithJsonSchema(_NUMBER_SHAPE | {"minimum": 0})] = 1
    initiatives: tuple[Initiative, ...] = ()
    tags: Tags = ()
    depends_on: References = ()
    formerly: FormerIds = ()
    grade: Annotated[Number, Field(ge=0, le=1), WithJsonSchema(_SCORE_SHAPE)] | None = None
    grade_reason: Text | None = None
    learned: Text | None = None
    next: Next | None = None

    @property
    def has_bounds(self) -> bool:
        """Whether it is to be kept within bounds rather than moved to a target."""
        return self.at_least is not None or self.at_most is not None

    @property
    def kind(self) -> MetricKind | None:
        """How it is measured; None where the plan names no metric."""
        if self.kpi is not None:
            return MetricKind.KPI
        if self.milestones is not None:
            return MetricKind.MILESTONES
        if self.has_bounds:
            return MetricKind.BOUNDS
        if self.target is not None:
            return MetricKind.NUMBER
        return None


class ObjectiveType(StrEnum):
    """Whether reaching most of it is a success, or only all of it."""

    ASPIRATIONAL = "aspirational"
    COMMITTED = "committed"


class Objective(FileModel):
    """A qualitative and ambitious direction, measured by its key results."""

    id: Id
    title: Text
    why: Text | None = None
    owner: Id | None = None
    type: ObjectiveType = ObjectiveType.ASPIRATIONAL
    supports: References = ()
    key_results: tuple[KeyResult, ...] = ()
    tags: Tags = ()
    depends_on: References = ()
    formerly: FormerIds = ()
    learned: Text | None = None
    next: Next | None = None


class Plan(FileModel):
    """okrs/<cycle>/<owner>.yaml: the OKRs of one team or person in one cycle."""

    objectives: tuple[Objective, ...]


class CycleState(StrEnum):
    """Where a cycle stands: its plans are being made, being followed, or graded and over."""

    PLANNING = "planning"
    ACTIVE = "active"
    CLOSED = "closed"


class CycleFacts(FileModel):
    """okrs/<cycle>/cycle.yaml: the facts of a cycle that its name does not say."""

    starts: Day | None = None
    ends: Day | None = None
    state: CycleState = CycleState.ACTIVE
    closed: Day | None = None
    owners: FormerIds = ()
    review: Text | None = None


class LogRecord(FileModel):
    """One line of a log: a check-in of a key result or a KPI, or the line that takes one back."""

    date: When
    kr: Text | None = None
    kpi: Text | None = None
    value: int | float | str | None = None
    confidence: Number | None = None
    by: Text | None = None
    note: str | None = None
    retracts: When | None = None
