"""The lines of logs by what they are about, in the order in which they count, and what each of them moved.

The same meaning as `workspace.py` gives to check-ins, made for very many lines: nothing is reckoned before it is
asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import count
from operator import itemgetter
from sys import intern
from typing import TYPE_CHECKING

from okr.contents import KeyResult
from okr.dataclass import dataclass, field
from okr.operations.assessing import metric_of, unit_of
from okr.operations.record.log_records import DATE, RETRACTS, SUBJECT, VALUE, value_of
from okr.references import Reference
from okr.scores import scores_along
from okr.scoring import Span, assess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from okr.measures import Metric, Reading
    from okr.operations.chronicle.scope import Scope
    from okr.operations.record.log_names import LogKey
    from okr.operations.record.log_records import LineRecord
    from okr.operations.record.recorded import Line, LogLines
    from okr.workspace import Workspace

Order = tuple[str, float, int]
"""Day, time and line: sorts check-ins as they count."""
Moment = tuple[str, float]
"""Day and time, in seconds since 1970; minus one where only the day is known."""
Moments = tuple[Sequence[str], Sequence[float]]
"""The days of many, and their times."""
Value = float | str | None

_DAY = len("2026-11-23")
_PLACE: Callable[[Order], int] = itemgetter(2)
_NO_TIME = -1.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What a check-in moved: the value that counted before it, and the score before and after."""

    value_before: Value
    score_before: float | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Moves:
    """What the check-ins that count moved, each at the same place.

    Attributes:
        counting: which lines they are, by their position.
        values: what each says.
        before: the value that counted before it.
    """

    counting: Sequence[int]
    values: Sequence[Value]
    before: Sequence[Value]


@dataclass(eq=False)
class SubjectLines:
    """The lines about one key result or KPI.

    Attributes:
        key: whose log they are in.
        log: all lines of that log.
        reference: in full, or `kpis/ID`; as the log says it where no plan has it.
        title: None where no plan has it.
        unit: what its numbers count.
        metric: how it is measured; None for a KPI, and where no plan has it.
        span: the days of its cycle.
        orders: of its lines, in the order in which they count, retractions included; each ends with the line's place
            in the log.
        retractions: the moment of what is taken back → the line that does it.
        moments: the days and times of all lines of the log, by their places; None where only some are of the story.
    """

    key: LogKey
    log: LogLines
    reference: str
    title: str | None = None
    unit: str | None = None
    metric: Metric | None = None
    span: Span | None = None
    orders: list[Order] = field(default_factory=list)
    retractions: dict[Moment, LineRecord] = field(default_factory=dict)
    moments: Moments | None = None

    def line(self, at: int) -> Line:
        """The line at a position."""
        return self.log[self.orders[at][2]]

    @property
    def as_text(self) -> bool:
        """Whether it is known what stands in the lines, as text, or would if `okr` had written them."""
        return self.log.texts is not None

    def column(self, which: int) -> Sequence[str]:
        """One of the `Fields` of each line; only where `as_text`."""
        texts = self.log.texts
        return [] if texts is None else [*map(texts[which].__getitem__, map(_PLACE, self.orders))]

    def retraction_of(self, at: int) -> LineRecord | None:
        """The line that takes the one at a position back; None where it counts."""
        return self.retractions.get(self.orders[at][:2]) if self.retractions else None

    def standing(self, at: int) -> Standing:
        """What the line at a position moved; it must be one that counts."""
        place, scores = self._places[at], self.scores
        before = self.moves.before[place]
        if not scores:
            return Standing(before, None, None)
        return Standing(before, scores[place - 1] if place else None, scores[place])

    def forget(self) -> None:
        """Lets go of what was worked out of the lines; it is worked out again when it is asked for."""
        for name in ("moves", "scores", "_places"):
            self.__dict__.pop(name, None)

    @cached_property
    def _places(self) -> Mapping[int, int] | Sequence[int]:
        counting = self.moves.counting
        return (
            counting
            if len(counting) == len(self.orders)
            else {at: place for place, at in enumerate(counting)}
        )

    @cached_property
    def moves(self) -> Moves:
        """What all lines that count moved."""
        counting: Sequence[int] = range(len(self.orders))
        if self.retractions:
            counting = [
                at
                for at in counting
                if self.retraction_of(at) is None and self.line(at).record.retracts is None
            ]
        values = self._values(counting)
        before: list[Value] = [None, *values][: len(values)]
        if None in values:
            before, last = [], None
            for value in values:
                before.append(last)
                last = last if value is None else value
        return Moves(counting, values, before)

    def _values(self, counting: Sequence[int]) -> Sequence[Value]:
        if not self.as_text:
            return [self.line(at).record.value for at in counting]
        said, odd = self.column(VALUE), self.log.odd
        if odd:  # a number may be written in more than one way, and is told as it is
            return [
                odd[place].value if (place := self.orders[at][2]) in odd else value_of(said[at])
                for at in counting
            ]
        said = said if len(counting) == len(said) else [said[at] for at in counting]
        plainly = "" not in said and "".join(said).isdigit()
        return [*map(int, said)] if plainly else [*map(value_of, said)]

    @cached_property
    def scores(self) -> Sequence[float]:
        """The score after each check-in that counts; empty where none is reckoned."""
        if self.metric is None or self.span is None:
            return ()
        days = (_day(self.orders[at][0]) for at in self.moves.counting)
        return scores_along(self.metric, days, self.moves.values, self.span)


_day = lru_cache(maxsize=4096)(date.fromisoformat)


def score_on(metric: Metric, readings: Sequence[Reading], span: Span, day: date) -> float:
    """The score on a day by the formulas of `scoring.py`, without a grade."""
    return assess(metric, readings, span, day, committed=False, checkin_every=1).score


def by_subject(
    workspace: Workspace, logs: Iterable[tuple[LogKey, LogLines]], scope: Scope
) -> Iterator[SubjectLines]:
    """The lines that a story is about, by key result and KPI, a log after the other.

    Args:
        workspace: where the plans are.
        logs: the lines.
        scope: what the story is about.
    """
    for key, lines in logs:
        subjects: dict[str, SubjectLines] = {}
        moments = _moments(lines)
        for name, orders in _by_name(lines, moments).items():
            found = _subject(workspace, key, lines, name, scope)
            subject = subjects.setdefault(found.reference, found)
            subject.orders += (
                [each for each in orders if scope.line_matters(subject.reference, each[0])]
                if scope.some_lines
                else orders
            )
        for subject in subjects.values():
            if subject.orders:
                subject.moments = None if scope.some_lines else moments
                subject.orders.sort()
                _retract(subject)
                yield subject


def _moments(lines: LogLines) -> Moments:
    """When a log's lines say that they were made."""
    texts = lines.texts
    dates = [line.record.date for line in lines] if texts is None else texts[DATE]
    moments = map(datetime.fromisoformat, dates)
    if min(map(len, dates), default=0) > _DAY:
        times = [*map(datetime.timestamp, moments)]
    else:
        times = [
            moment.timestamp() if len(date) > _DAY else _NO_TIME
            for date, moment in zip(dates, moments, strict=True)
        ]
    return [intern(date[:_DAY]) for date in dates], times


def _by_name(lines: LogLines, moments: Moments) -> dict[str, list[Order]]:
    """Where a log's lines belong, by what they are about."""
    found: defaultdict[str, list[Order]] = defaultdict(list)
    texts = lines.texts
    names = [line.record.subject for line in lines] if texts is None else texts[SUBJECT]
    for name, order in zip(names, zip(*moments, count()), strict=True):
        found[name].append(order)
    for name in [name for name in found if "/" not in name]:
        found[f"kpis/{name}"] += found.pop(name)
    return found


def _retract(subject: SubjectLines) -> None:
    """Notes what is taken back."""
    texts = subject.log.texts
    places = map(_PLACE, subject.orders)
    if texts is None:
        back = [place for place in places if subject.log[place].record.retracts is not None]
    else:
        back = [place for place in places if texts[RETRACTS][place]] if any(texts[RETRACTS]) else []
    for place in sorted(back):
        record = subject.log[place].record
        if record.retracts is not None:
            subject.retractions.setdefault(_moment(record.retracts), record)


def _moment(text: str) -> Moment:
    return text[:_DAY], datetime.fromisoformat(text).timestamp() if len(text) > _DAY else _NO_TIME


def _subject(workspace: Workspace, key: LogKey, log: LogLines, name: str, scope: Scope) -> SubjectLines:
    if not key.cycle:
        kpi = workspace.kpi(name.removeprefix("kpis/"))
        if kpi is None:
            return SubjectLines(key, log, name)
        subject = SubjectLines(
            key, log, f"kpis/{kpi.definition.id}", kpi.definition.name, kpi.definition.unit
        )
        if scope.drawing is not None and scope.span is not None:
            subject.metric = metric_of(workspace, scope.drawing.definition, scope.span)
            subject.span = Span(scope.span.starts, scope.span.ends)
        return subject
    objective_id, _, key_result_id = name.partition("/")
    found = workspace.find(Reference(key.cycle, key.owner, objective_id, key_result_id))
    cycle = workspace.cycles[key.cycle].span
    if not isinstance(found, KeyResult) or cycle is None:
        return SubjectLines(key, log, f"{key.cycle}/{key.owner}/{name}")
    return SubjectLines(
        key, log, str(found.reference), found.title, unit_of(workspace, found.definition),
        metric_of(workspace, found.definition, cycle), Span(cycle.starts, cycle.ends),
    )  # fmt: skip
