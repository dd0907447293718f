"""What each file of a workspace may say: its keys, their types, their defaults and what they mean.

Shape only: whether what is said makes sense beside the rest of the workspace is for the rules. How a value of each
type is read stands in `model_values.py`; the annotations here are read by `model_base.py` and by pydantic alike.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal

from okr.model_base import FileModel
from okr.model_values import (
    ID_PATTERN,
    LARGEST_NUMBER,
    LONGEST_ID,
    Moment,
    RelativeTarget,
    quoted,
    read_day,
    read_id,
    read_list,
    read_moment,
    read_number,
    read_start,
    read_target,
    read_text,
)

if TYPE_CHECKING:
    from okr.model_types import (
        Day,
        DaysOfYear,
        Few,
        Flag,
        FormerIds,
        Grade,
        Id,
        Many,
        Month,
        Number,
        Paths,
        References,
        Start,
        Tags,
        Target,
        Text,
        Weight,
        When,
    )  # fmt: skip

__all__ = [
    "ID_PATTERN", "LARGEST_NUMBER", "LONGEST_ID", "CheckIn", "CycleFacts", "CycleState", "FileModel", "Initiative",
    "KeyResult", "Kpi", "Kpis", "Limit", "Limits", "LogRecord", "MetricKind", "Moment", "Next", "Objective",
    "ObjectiveType", "Org", "Override", "Person", "Plan", "RelativeTarget", "RuleSeverity", "Settings", "Team",
    "quoted", "read_day", "read_id", "read_list", "read_moment", "read_number", "read_start", "read_target",
    "read_text",
]  # fmt: skip


class RuleSeverity(StrEnum):
    """What okr.yaml may set a rule to."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"


class Limit(FileModel):
    """How few and how many of something are allowed, both ends included."""

    min: Few
    max: Many


class Limits(FileModel):
    """How many OKRs the method allows: few, so that they are remembered and followed."""

    objectives: Limit = Limit(min=2, max=3)
    key_results: Limit = Limit(min=2, max=5)


class CheckIn(FileModel):
    """What `okr checkin` does unless the command line says otherwise."""

    push: Flag = False


class Override(FileModel):
    """Other severities for some of the files."""

    paths: Paths
    rules: dict[str, RuleSeverity]


class Settings(FileModel):
    """okr.yaml: the settings of a workspace; its presence marks the workspace's root."""

    name: Text | None = None
    year_starts: Month = 1
    year_named_after: Literal["start", "end"] = "end"
    limits: Limits = Limits()
    checkin_every: DaysOfYear = 7
    checkin: CheckIn = CheckIn()
    language: Literal["en", "fr"] = "en"
    rules: dict[str, RuleSeverity] = {}  # noqa: RUF012 # as frozen as all the rest
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
    done: Flag = False


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

    written_as: ClassVar[dict[str, str]] = {"start": "from", "target": "to"}

    id: Id
    title: Text
    owner: Id | None = None
    unit: Text | None = None
    start: Start | None = None
    target: Target | None = None
    commit: Target | None = None
    stretch: Target | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    milestones: dict[str, Number] | None = None
    kpi: Id | None = None
    weight: Weight = 1
    initiatives: tuple[Initiative, ...] = ()
    tags: Tags = ()
    depends_on: References = ()
    formerly: FormerIds = ()
    grade: Grade | None = None
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
