"""The lines of logs by what they are about, in the order in which they count, and what each of them moved.

The same meaning as `workspace.py` gives to check-ins, made for very many lines: nothing is reckoned before it is
asked for.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from okr.contents import KeyResult
from okr.dataclass import dataclass, field
from okr.operations.assessing import metric_of, unit_of
from okr.references import Reference
from okr.scores import scores_along
from okr.scoring import Span, assess

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okr.measures import Metric, Reading
    from okr.operations.chronicle_scope import Scope
    from okr.operations.log_records import LineRecord
    from okr.operations.recorded import Line
    from okr.operations.tracing import LogKey
    from okr.workspace import Workspace

Order = tuple[str, float, int]
"""Day, time and line: sorts check-ins as they count."""
Moment = tuple[str, float]
"""Day and time, in seconds since 1970; minus one where only the day is known."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a check-in moved: the value that counted before it, and the score before and after."""

    value_before: float | str | None
    score_before: float | None
    score: float | None


@dataclass
class SubjectLines:
    """The lines about one key result or KPI.

    Attributes:
        reference: in full, or `kpis/ID`; as the log says it where no plan has it.
        title: None where no plan has it.
        unit: what its numbers count.
        metric: how it is measured; None for a KPI, and where no plan has it.
        span: the days of its cycle.
        lines: in the order in which they count, retractions included.
        retractions: the moment of what is taken back → the line that does it.
    """

    reference: str
    title: str | None = None
    unit: str | None = None
    metric: Metric | None = None
    span: Span | None = None
    lines: list[tuple[Order, LogKey, Line]] = field(default_factory=list)
    retractions: dict[Moment, LineRecord] = field(default_factory=dict)

    @cached_property
    def counting(self) -> list[int]:
        """Which lines count, by their position."""
        return [
            at
            for at, (_, _, line) in enumerate(self.lines)
            if line.record.retracts is None and self.retraction_of(line.record) is None
        ]

    def retraction_of(self, record: LineRecord) -> LineRecord | None:
        """The line that takes a check-in back; None where it counts."""
        return self.retractions.get(_moment(record.date)) if self.retractions else None

    def standing(self, at: int) -> Standing:
        """What the line at a position moved; it must be one that counts."""
        place, scores = self._places[at], self._scores
        if not scores:
            return Standing(self._values_before[place], None, None)
        return Standing(self._values_before[place], scores[place - 1] if place else None, scores[place])

    @cached_property
    def _places(self) -> dict[int, int]:
        return {at: place for place, at in enumerate(self.counting)}

    @cached_property
    def _values(self) -> list[float | str | None]:
        return [self.lines[at][2].record.value for at in self.counting]

    @cached_property
    def _values_before(self) -> list[float | str | None]:
        found: list[float | str | None] = []
        last: float | str | None = None
        for value in self._values:
            found.append(last)
            last = last if value is None else value
        return found

    @cached_property
    def _scores(self) -> list[float]:
        if self.metric is None or self.span is None:
            return []
        days = [_day(self.lines[at][2].record.date[:10]) for at in self.counting]
        return scores_along(self.metric, zip(days, self._values, strict=True), self.span)


_day = lru_cache(maxsize=4096)(date.fromisoformat)


def score_on(metric: Metric, readings: Sequence[Reading], span: Span, day: date) -> float:
    """The score on a day by the formulas of `scoring.py`, without a grade."""
    return assess(metric, readings, span, day, committed=False, checkin_every=1).score


def by_subject(
    workspace: Workspace, logs: Mapping[LogKey, Sequence[Line]], scope: Scope
) -> Iterator[SubjectLines]:
    """The lines that a story is about, by key result and KPI.

    Args:
        workspace: where the plans are.
        logs: the lines.
        scope: what the story is about.
    """
    for key, lines in logs.items():
        subjects: dict[str, SubjectLines] = {}
        known: dict[str, SubjectLines] = {}
        for place, line in enumerate(lines):
            name = line.record.subject
            subject = known.get(name)
            if subject is None:
                found = _subject(workspace, key, name, scope)
                subject = known[name] = subjects.setdefault(found.reference, found)
            if scope.line_matters(subject.reference, line.record.day):
                subject.lines.append(((*_moment(line.record.date), place), key, line))
                if line.record.retracts is not None:
                    subject.retractions.setdefault(_moment(line.record.retracts), line.record)
        for subject in subjects.values():
            subject.lines.sort(key=lambda each: each[0])
            if subject.lines:
                yield subject


def _moment(text: str) -> Moment:
    time = datetime.fromisoformat(text).timestamp() if len(text) > len("2026-11-23") else -1.0
    return text[:10], time


def _subject(workspace: Workspace, key: LogKey, name: str, scope: Scope) -> SubjectLines:
    if not key.cycle:
        kpi = workspace.kpi(name.removeprefix("kpis/"))
        if kpi is None:
            return SubjectLines(name)
        subject = SubjectLines(f"kpis/{kpi.definition.id}", kpi.definition.name, kpi.definition.unit)
        if scope.drawing is not None and scope.span is not None:
            subject.metric = metric_of(workspace, scope.drawing.definition, scope.span)
            subject.span = Span(scope.span.starts, scope.span.ends)
        return subject
    objective_id, _, key_result_id = name.partition("/")
    found = workspace.find(Reference(key.cycle, key.owner, objective_id, key_result_id))
    cycle = workspace.cycles[key.cycle].span
    if not isinstance(found, KeyResult) or cycle is None:
        return SubjectLines(f"{key.cycle}/{key.owner}/{name}")
    return SubjectLines(
        str(found.reference), found.title, unit_of(workspace, found.definition),
        metric_of(workspace, found.definition, cycle), Span(cycle.starts, cycle.ends),
    )  # fmt: skip
