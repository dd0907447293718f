"""One objective or key result whole: what its plan says, what its check-ins came to, and what it is aligned with.

Reckons the score after each check-in and the lines of the chart; the look is `views/show.py`'s business.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from okr.contents import KeyResult, Objective
from okr.dataclass import dataclass, replace
from okr.model import ObjectiveType
from okr.operations.alignment import supported_by, supporters_of
from okr.operations.assessing import assess_key_result, assess_one, metric_of, readings
from okr.operations.overview import frame_of
from okr.operations.selecting import objective_of, select
from okr.scoring import (
    COMMIT_SCORE,
    TARGET_SCORE_BELOW_STRETCH,
    BoundsMetric,
    NumberMetric,
    Span,
    assess,
    assess_objective,
    resolve,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from okr.contents import CheckIn
    from okr.operations.assessing import KeyResultState, ObjectiveState
    from okr.operations.overview import Frame
    from okr.references import Reference
    from okr.scoring import Assessment, ObjectiveAssessment, Reading
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Entry:
    """A check-in as the table shows it.

    Attributes:
        key_result: what it is about.
        checkin: the check-in, with the record that took it back if one did.
        previous: the number checked in before it that counts; None where there is none, or it states no number.
        score: the key result's score after it; None where it was taken back.
    """

    key_result: KeyResultState
    checkin: CheckIn
    previous: float | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """A level line of a chart, such as the target: a name and its height."""

    name: str
    height: float


@dataclass(frozen=True, slots=True)
class Course:
    """What a chart draws: heights over the days of a cycle.

    Attributes:
        starts: the cycle's first day.
        ends: its last day.
        today: the day asked about.
        points: (day, height) of each day with a check-in, in order.
        levels: target, bounds or milestones.
        expected: where the expected line begins and ends, or None where none is to be drawn.
        forecast: the height at the cycle's end, with the ends of its interval, or None.
        unit: what the heights count; None where they are scores.
        scores: whether the heights are scores rather than values.
    """

    starts: date
    ends: date
    today: date
    points: tuple[tuple[date, float], ...]
    levels: tuple[Line, ...]
    expected: tuple[float, float] | None
    forecast: tuple[float, float, float] | None
    unit: str | None
    scores: bool

    def span(self, *, ahead: bool = True) -> tuple[float, float]:
        """The lowest and the highest height that has to be seen, with the forecast's or without."""
        heights = [height for _, height in self.points]
        heights += [level.height for level in self.levels]
        heights += self.expected or ()
        heights += (self.forecast or ()) if ahead else ()
        low, high = min(heights), max(heights)
        return (low, high) if high > low else (low - 1.0, high + 1.0)


@dataclass(frozen=True, slots=True)
class Link:
    """Something that an objective or key result is aligned with, or waits for.

    Attributes:
        written: what the plan says, as a full reference where it is one.
        title: its title; None where there is no such thing.
        state: the objective with its numbers, where the link names an objective.
        key_result: the key result with its numbers, where it names one.
        over: whether its cycle is over, so that its numbers are an outcome.
        through: the key result of the objective asked for that it supports, where it does not support it as a whole.
    """

    written: str
    title: str | None
    state: ObjectiveState | None = None
    key_result: KeyResultState | None = None
    over: bool = False
    through: Reference | None = None

    @property
    def assessment(self) -> Assessment | ObjectiveAssessment | None:
        """The numbers of what the link names; None where there is no such thing."""
        state = self.key_result or self.state
        return None if state is None else state.assessment


@dataclass(frozen=True, slots=True)
class Showing:
    """One objective, or one key result of it, whole.

    Attributes:
        frame: its cycle.
        objective: the objective.
        key_result: the key result that was asked for; None where it was the objective.
        supports: what the objective supports.
        supporters: what supports the one that was asked for, or one of its key results.
        depends_on: what the one that was asked for waits for.
        entries: the check-ins up to today, in order.
        later: how many check-ins bear a later day than today.
        course: what the chart draws.
        reckoned: the score without the grade, where there is a grade that counts.
        people: the names of people and teams, by id.
        alone: whether the objective supports nothing, though its owner has a team above.
    """

    frame: Frame
    objective: ObjectiveState
    key_result: KeyResultState | None
    supports: tuple[Link, ...]
    supporters: tuple[Link, ...]
    depends_on: tuple[Link, ...]
    entries: tuple[Entry, ...]
    later: int
    course: Course
    reckoned: float | None
    people: Mapping[str, str]
    alone: bool = False


def showing(workspace: Workspace, text: str, *, cycle: str | None = None) -> Showing:
    """One objective or key result whole.

    Raises:
        UsageError: the reference names nothing, or more than one thing.
        OkrError: there is no such cycle.
    """
    selected = select(workspace, text, cycle=cycle)
    objective = selected if isinstance(selected, Objective) else objective_of(workspace, selected)
    whole = assess_one(workspace, objective)
    frame = frame_of(workspace, workspace.cycle(objective.reference.cycle))
    chosen = next((each for each in whole.key_results if each.key_result is selected), None)
    shown = whole.key_results if chosen is None else (chosen,)
    span = Span(frame.cycle.starts, frame.cycle.ends)
    entries = [entry for state in shown for entry in _entries(workspace, objective, state, span)]
    past = [entry for entry in entries if _day(entry) <= workspace.as_of]
    if chosen is None:
        # Sorting is stable: within a day, key results stand as in the plan, each in its own order.
        past.sort(key=_day)
    definition = selected.definition
    waits = (link_to(workspace, written, selected.reference.cycle) for written in definition.depends_on)
    return Showing(
        frame=frame,
        objective=whole,
        key_result=chosen,
        supports=tuple(
            _known(workspace, written, found)
            for written, found in zip(whole.supports, supported_by(workspace, objective), strict=True)
        ),
        depends_on=tuple(waits),
        entries=tuple(past),
        later=len(entries) - len(past),
        course=course_of(frame, chosen)
        if chosen is not None
        else _objective_course(frame, whole, workspace.settings.checkin_every),
        reckoned=None if chosen is None else _reckoned(workspace, objective, chosen, span),
        people=workspace.owner_names,
        alone=not whole.supports and workspace.above.get(objective.reference.owner) is not None,
        supporters=tuple(  # last, for another process may be looking for them
            replace(
                _known(workspace, str(each.reference), each),
                through=None if part == selected.reference else part,
            )
            for each, part in supporters_of(workspace, selected.reference)
        ),
    )


def link_to(workspace: Workspace, written: str, cycle: str) -> Link:
    """What a reference in a file of a cycle leads to, with where that stands.

    Args:
        workspace: where to look.
        written: the reference, as the file has it.
        cycle: the file's cycle.
    """
    named = workspace.parse(written, cycle)
    if named is None:
        return Link(written, None)
    return _known(workspace, str(named), workspace.find(named) or written)


def _known(workspace: Workspace, written: str, found: Objective | KeyResult | str) -> Link:
    if isinstance(found, str):
        return Link(written, None)
    over = frame_of(workspace, workspace.cycle(found.reference.cycle)).over
    if isinstance(found, Objective):
        return Link(str(found.reference), found.title, state=assess_one(workspace, found), over=over)
    state = assess_key_result(workspace, objective_of(workspace, found), found)
    return Link(str(found.reference), found.title, key_result=state, over=over)


def _day(entry: Entry) -> date:
    return entry.checkin.record.definition.date.day


def _entries(
    workspace: Workspace, objective: Objective, state: KeyResultState, span: Span
) -> Iterable[Entry]:
    """The check-ins with what each came to: the score as it was on that day, with all check-ins before it."""
    committed = objective.definition.type is ObjectiveType.COMMITTED
    counted: list[Reading] = []
    last: float | None = None
    for checkin in state.checkins:
        if not checkin.counts:
            yield Entry(state, checkin, None, None)
            continue
        counted += readings((checkin,))
        said = checkin.record.definition
        score = assess(
            state.metric,
            counted,
            span,
            said.date.day,
            committed=committed,
            checkin_every=workspace.settings.checkin_every,
        ).score
        value = None if isinstance(said.value, str) else said.value
        yield Entry(state, checkin, None if value is None else last, score)
        last = last if value is None else value


def _reckoned(workspace: Workspace, objective: Objective, state: KeyResultState, span: Span) -> float | None:
    """The score without a grade, where a grade stands in its place."""
    if state.key_result.definition.grade is None:
        return None
    return assess(
        metric_of(workspace, state.key_result.definition, workspace.cycle(objective.reference.cycle)),
        state.readings,
        span,
        workspace.as_of,
        committed=objective.definition.type is ObjectiveType.COMMITTED,
        checkin_every=workspace.settings.checkin_every,
    ).score


# What the chart draws


def course_of(frame: Frame, state: KeyResultState) -> Course:
    """A key result's values over the cycle; the scores of milestones."""
    metric, said = state.metric, state.assessment
    past = [each for each in state.readings if each.day <= frame.as_of]
    if isinstance(metric, (NumberMetric, BoundsMetric)):
        points = {each.day: each.value for each in past if isinstance(each.value, float)}
    else:
        ladder = metric.ladder
        points = {
            each.day: ladder[each.value]
            for each in past
            if isinstance(each.value, str) and each.value in ladder
        }
    levels: list[Line] = []
    expected = forecast = None
    if isinstance(metric, BoundsMetric):
        bounds = (("at least", metric.at_least), ("at most", metric.at_most))
        levels = [Line(name, bound) for name, bound in bounds if bound is not None]
    elif isinstance(metric, NumberMetric):
        if said.target is not None:
            levels.append(Line("target", said.target))
            levels += [
                Line(name, height)
                for name, amount in (("commit", metric.commit), ("stretch", metric.stretch))
                if (height := resolve(amount, said.start)) is not None
            ]
        if said.start is not None and said.target is not None:
            expected = (said.start, said.target)
            forecast = _foreseen(metric, state)
    else:
        levels = [Line(name, height) for name, height in metric.ladder.items()]
        expected = (0.0, 1.0)
        forecast = _ends(state)
    if frame.over:
        forecast = None
    cycle = frame.cycle
    scores = not isinstance(metric, (NumberMetric, BoundsMetric))
    return Course(
        cycle.starts, cycle.ends, frame.as_of, tuple(sorted(points.items())), tuple(levels), expected,
        forecast, None if scores else state.unit, scores,
    )  # fmt: skip


def _objective_course(frame: Frame, state: ObjectiveState, checkin_every: int) -> Course:
    """An objective's score over the cycle: on each day with a check-in of one of its key results."""
    span = Span(frame.cycle.starts, frame.cycle.ends)
    committed = state.objective.definition.type is ObjectiveType.COMMITTED
    said = [(each, each.readings) for each in state.key_results]
    days = sorted({reading.day for _, every in said for reading in every if reading.day <= frame.as_of})
    points = []
    for day in days:
        scores = (
            (
                assess(each.metric, every, span, day, committed=committed, checkin_every=checkin_every),
                float(each.key_result.definition.weight),
            )
            for each, every in said
        )
        points.append((day, assess_objective(scores, committed=committed).score))
    ahead = state.assessment.forecast
    forecast = None if ahead is None or frame.over else (ahead.score, ahead.low, ahead.high)
    return Course(
        frame.cycle.starts, frame.cycle.ends, frame.as_of, tuple(points), (Line("target", 1.0),), (0.0, 1.0),
        forecast, None, scores=True,
    )  # fmt: skip


def _ends(state: KeyResultState) -> tuple[float, float, float] | None:
    ahead = state.assessment.forecast
    return None if ahead is None else (ahead.score, ahead.low, ahead.high)


def _foreseen(metric: NumberMetric, state: KeyResultState) -> tuple[float, float, float] | None:
    """The forecast as values: where the scores of the forecast lie between the baseline and the last anchor."""
    said, ahead = state.assessment, state.assessment.forecast
    if ahead is None or said.start is None or said.target is None:
        return None
    commit, stretch = resolve(metric.commit, said.start), resolve(metric.stretch, said.start)
    anchors = [(0.0, said.start)]
    if commit is not None:
        anchors.append((COMMIT_SCORE, commit))
    if stretch is None:
        anchors.append((1.0, said.target))
    else:
        anchors += [(TARGET_SCORE_BELOW_STRETCH, said.target), (1.0, stretch)]

    def value_at(score: float) -> float:
        for (low, left), (high, right) in pairwise(anchors):
            if score <= high:
                return left + (right - left) * (score - low) / (high - low)
        return anchors[-1][1]

    return value_at(ahead.score), value_at(ahead.low), value_at(ahead.high)
