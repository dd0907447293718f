"""One KPI whole: its measurements, whether it keeps within its bounds, and the key results that draw on it.

The look is `views/show_kpi.py`'s business; objectives and key results are `showing.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from okr.operations.assessing import assess_cycle, readings
from okr.operations.overview import frame_of
from okr.operations.showing import Course, Line
from okr.scoring import BoundsMetric, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from okr.contents import CheckIn
    from okr.cycles import Cycle
    from okr.model import Kpi
    from okr.operations.assessing import KeyResultState
    from okr.operations.overview import Frame
    from okr.workspace import Workspace

DAYS_DRAWN = 365
"""How far back the chart reaches where no cycle is asked for."""


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
        kept: whether the latest value lies there; None without a value or bounds.
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
    kept: bool | None
    course: Course
    drawn_by: tuple[KeyResultState, ...]
    people: dict[str, str]


def showing_kpi(workspace: Workspace, kpi: Kpi, *, cycle: str | None = None) -> KpiShowing:
    """One KPI whole.

    Args:
        workspace: where to look.
        kpi: the KPI.
        cycle: shows the measurements and key results of this cycle only.

    Raises:
        OkrError: there is no such cycle.
    """
    asked = workspace.current_cycle if cycle is None else workspace.cycle(cycle)
    frame = frame_of(workspace, asked)
    every = [
        each
        for each in _measurements(workspace.measurements(kpi.id))
        if cycle is None or asked.contains(_day(each))
    ]
    past = tuple(each for each in every if _day(each) <= workspace.as_of)
    counted = [each.checkin for each in past if each.checkin.counts]
    points = {each.day: each.value for each in readings(tuple(counted)) if isinstance(each.value, float)}
    measured, latest = max(points.items(), default=(None, None))
    bounds = None
    if kpi.at_least is not None or kpi.at_most is not None:
        bounds = BoundsMetric(_float(kpi.at_least), _float(kpi.at_most))
    return KpiShowing(
        frame=frame,
        kpi=kpi,
        measurements=past,
        later=len(every) - len(past),
        latest=latest,
        measured=measured,
        bounds=bounds,
        kept=None if bounds is None or latest is None else within(bounds, latest),
        course=_course(workspace, kpi, points, None if cycle is None else asked),
        drawn_by=tuple(
            state
            for each in ([asked] if cycle is not None else _cycles_of_today(workspace))
            for state in _drawing(workspace, each, kpi.id)
        ),
        people={owner.id: owner.name for owner in workspace.owners.values()},
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


def _float(number: float | None) -> float | None:
    return None if number is None else float(number)


def _course(workspace: Workspace, kpi: Kpi, points: dict[date, float], cycle: Cycle | None) -> Course:
    """The values of a cycle, or of the last year, beside the bounds."""
    ends = workspace.as_of if cycle is None else cycle.ends
    starts = workspace.as_of - timedelta(days=DAYS_DRAWN) if cycle is None else cycle.starts
    drawn = sorted((day, value) for day, value in points.items() if starts <= day <= ends)
    if cycle is None and drawn:
        starts = drawn[0][0]
    bounds = (("at least", kpi.at_least), ("at most", kpi.at_most))
    levels = tuple(Line(name, float(bound)) for name, bound in bounds if bound is not None)
    return Course(starts, ends, workspace.as_of, tuple(drawn), levels, None, None, kpi.unit, scores=False)


def _cycles_of_today(workspace: Workspace) -> list[Cycle]:
    """The current cycle, then the others that hold today, such as the year."""
    current = workspace.current_cycle
    spans = [loaded.span for loaded in workspace.cycles.values() if loaded.span is not None]
    return [
        current,
        *(each for each in spans if each.contains(workspace.as_of) and each.name != current.name),
    ]


def _drawing(workspace: Workspace, cycle: Cycle, kpi: str) -> Iterator[KeyResultState]:
    for owner in assess_cycle(workspace, cycle):
        for objective in owner.objectives:
            for state in objective.key_results:
                named = state.key_result.definition.kpi
                found = None if named is None else workspace.kpi(named)
                if found is not None and found.definition.id == kpi:
                    yield state
