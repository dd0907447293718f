"""One KPI whole: its measurements, whether it keeps within its bounds, and the key results that draw on it.

The look is `views/show_kpi.py`'s business; objectives and key results are `showing.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.days import days_before
from okr.operations.kpis import (
    DAYS_DRAWN,
    Health,
    bounds_of,
    cycles_of_today,
    drawn_in,
    health_of,
    trend_of,
    values_of,
)
from okr.operations.overview import frame_of
from okr.operations.showing import Course, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from okr.contents import CheckIn
    from okr.cycles import Cycle
    from okr.model import Kpi
    from okr.operations.assessing import KeyResultState
    from okr.operations.kpis import Trend
    from okr.operations.overview import Frame
    from okr.scoring import BoundsMetric
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measurement as the table shows it.

    Attributes:
        checkin: the check-in, with the record that took it back if one did.
        previous: the number measured before it that counts, or None.
    """

    checkin: CheckIn
    previous: float | None


@dataclass(frozen=True, slots=True)
class KpiShowing:
    """One KPI whole.

    Attributes:
        frame: the cycle in which it is looked at.
        kpi: what kpis.yaml says of it.
        measurements: those up to today, in order; with a cycle asked for, that cycle's.
        later: how many bear a later day than today.
        latest: the last value that counts, or None.
        measured: its day, or None.
        bounds: where it is to be kept; None where kpis.yaml says nothing of it.
        health: how the latest value stands to them.
        trend: where the latest values go; None where fewer than two say it.
        course: what the chart draws.
        drawn_by: the key results that draw on it, in the cycle asked for or else in those of today.
        people: the names of people and teams, by id.
    """

    frame: Frame
    kpi: Kpi
    measurements: tuple[Measurement, ...]
    later: int
    latest: float | None
    measured: date | None
    bounds: BoundsMetric | None
    health: Health
    trend: Trend | None
    course: Course
    drawn_by: tuple[KeyResultState, ...]
    people: Mapping[str, str]

    @property
    def kept(self) -> bool | None:
        """Whether the latest value lies within the bounds; None without a value or bounds."""
        return {Health.WITHIN: True, Health.OUTSIDE: False}.get(self.health)


def showing_kpi(workspace: Workspace, kpi: Kpi, *, cycle: str | None = None) -> KpiShowing:
    """One KPI whole.

    Args:
        workspace: where to look.
        kpi: the KPI.
        cycle: shows the measurements and key results of this cycle only.

    Raises:
        OkrError: there is no such cycle.
    """
    asked = workspace.cycle_asked(cycle)
    frame = frame_of(workspace, asked)
    every = [
        each
        for each in _measurements(workspace.measurements(kpi.id))
        if cycle is None or asked.contains(_day(each))
    ]
    past = tuple(each for each in every if _day(each) <= workspace.as_of)
    counted = [each.checkin for each in past if each.checkin.counts]
    points = values_of(counted)
    measured, latest = max(points.items(), default=(None, None))
    bounds = bounds_of(kpi)
    course = _course(workspace, kpi, points, None if cycle is None else asked)
    return KpiShowing(
        frame=frame,
        kpi=kpi,
        measurements=past,
        later=len(every) - len(past),
        latest=latest,
        measured=measured,
        bounds=bounds,
        health=health_of(bounds, latest),
        trend=trend_of(course.points, bounds),
        course=course,
        drawn_by=tuple(
            state
            for each in ([asked] if cycle is not None else cycles_of_today(workspace))
            for name, state in drawn_in(workspace, each)
            if name == kpi.id
        ),
        people=workspace.owner_names,
    )


def _measurements(checkins: Iterable[CheckIn]) -> Iterator[Measurement]:
    last: float | None = None
    for checkin in checkins:
        said = checkin.record.definition.value
        yield Measurement(checkin, last)
        if checkin.counts and isinstance(said, (int, float)):
            last = float(said)


def _day(each: Measurement) -> date:
    return each.checkin.record.definition.date.day


def _course(workspace: Workspace, kpi: Kpi, points: dict[date, float], cycle: Cycle | None) -> Course:
    """The values of a cycle, or of the last year, beside the bounds."""
    ends = workspace.as_of if cycle is None else cycle.ends
    starts = days_before(workspace.as_of, DAYS_DRAWN) if cycle is None else cycle.starts
    drawn = sorted((day, value) for day, value in points.items() if starts <= day <= ends)
    if cycle is None and drawn:
        starts = drawn[0][0]
    bounds = (("at least", kpi.at_least), ("at most", kpi.at_most))
    levels = tuple(Line(name, float(bound)) for name, bound in bounds if bound is not None)
    return Course(starts, ends, workspace.as_of, tuple(drawn), levels, None, None, kpi.unit, scores=False)
