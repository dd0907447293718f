"""What a story is made of: the things that happened, and those that are to be told before it is worked out what they moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okr.dataclass import dataclass

if TYPE_CHECKING:
    from datetime import datetime

    from okr.git.history import CommitFacts
    from okr.git.messages import CommitRow
    from okr.operations.chronicle.subject_lines import SubjectLines
    from okr.operations.record.log_records import LineRecord
    from okr.operations.record.plan_history import Change, PlanEvent
    from okr.operations.record.recorded import Line

Order = tuple[str, float, int, int, int]
"""What a story is sorted by: the day; the time, in seconds since 1970: a line's own, or that of its commit; how late in
history that is; check-ins above changes of plans; how far down in the file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened.

    Attributes:
        day: when, as its author wrote it.
        time: the time of that day, where it is known.
        commit: the commit that brought it; None where none did, or none is known.
        committed: False for what stands in the files only; None where that can't be known.
    """

    day: str
    time: datetime | None
    commit: CommitFacts | None
    committed: bool | None


@dataclass(frozen=True, slots=True)
class CheckInTold(Entry):
    """A check-in.

    Attributes:
        reference: of the key result, in full, or `kpis/ID`; as the log says it where no plan has it.
        title: of the key result, or the KPI's name; None where no plan has it.
        unit: what its numbers count.
        line: the record and its place.
        value_before: the value before it that counts, where there is one.
        score: the key result's score after it, from 0.0 to 1.0; None where it takes no part in one.
        score_before: the score before it.
        retracted_by: the record that took it back; then it counts nowhere.
    """

    reference: str
    title: str | None
    unit: str | None
    line: Line
    value_before: float | str | None
    score: float | None
    score_before: float | None
    retracted_by: LineRecord | None


@dataclass(frozen=True, slots=True)
class RetractionTold(Entry):
    """A line that takes check-ins back."""

    reference: str
    title: str | None
    line: Line


@dataclass(frozen=True, slots=True)
class PlanTold(Entry):
    """What one commit changed in one plan."""

    event: PlanEvent
    changes: tuple[Change, ...]


ToldLine = tuple[Order, "SubjectLines", int, "CommitFacts | CommitRow | None", "bool | None"]
"""A line that is to be told, before it is worked out what it moved: where in the story; the lines among which it is,
and its place there; by which commit it was brought, where one is known; and False where no commit has it, None where
that can't be known. A bare tuple, as are all things that there are a hundred thousand of."""


class ToldPlan(NamedTuple):
    """What one commit changed in one plan, with its place in the story."""

    order: Order
    entry: PlanTold


Told = ToldLine | ToldPlan
"""What is to be told."""
