"""The KPIs at a glance: whether each keeps within its bounds, where it goes, and what draws on it.

One KPI whole is `showing_kpi.py`'s business, the look `views/kpis.py`'s.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.days import days_before
from okr.forecasting import RECENT
from okr.operations.assessing import assess_cycle, readings
from okr.operations.overview import frame_of
from okr.operations.selecting import select_owner
from okr.scoring import BoundsMetric, Drift, drift, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from okr.contents import CheckIn
    from okr.cycles import Cycle
    from okr.model import Kpi
    from okr.operations.assessing import KeyResultState
    from okr.operations.overview import Frame
    from okr.workspace import Workspace

DAYS_DRAWN = 365
"""How far back values are looked at where no cycle is asked for."""


class Health(StrEnum):
    """How a KPI stands to its bounds, what asks for somebody first."""

    OUTSIDE = "outside"
    UNMEASURED = "never measured"
    WITHIN = "within"
    UNBOUNDED = "no bounds"


UNHEALTHY = frozenset({Health.OUTSIDE, Health.UNMEASURED})
"""What somebody has to look after."""


@dataclass(frozen=True, slots=True)
class Trend:
    """Where a KPI goes.

    Attributes:
        drift: rising, falling, steady, or up and down.
        since: the day of the first of the values that say so.
        towards: whether it goes to the bounds that it lies outside of; None where it lies within, or goes nowhere.
    """

    drift: Drift
    since: date
    towards: bool | None


@dataclass(frozen=True, slots=True)
class KpiStanding:
    """How a KPI stands today.

    Attributes:
        kpi: what kpis.yaml says of it.
        health: how it stands to its bounds.
        bounds: where it is to be kept; None where kpis.yaml says nothing of it.
        latest: the last value that counts, or None.
        measured: its day, or None.
        values: the latest value of each day of the last year that has one, in order.
        trend: where they go; None where fewer than two say it.
        drawn_by: the key results of the cycles of today that draw on it.
    """

    kpi: Kpi
    health: Health
    bounds: BoundsMetric | None
    latest: float | None
    measured: date | None
    values: tuple[tuple[date, float], ...]
    trend: Trend | None
    drawn_by: tuple[KeyResultState, ...]


@dataclass(frozen=True, slots=True)
class KpiList:
    """The KPIs that were asked for, what asks for somebody first.

    Attributes:
        frame: the cycle in which they are looked at.
        standings: those that were asked for; of equal health as kpis.yaml has them.
        total: how many there are in all.
        owner: whose were asked for; None for everybody's.
        unhealthy: whether only those were asked for that somebody has to look after.
        people: the names of people and teams, by id.
    """

    frame: Frame
    standings: tuple[KpiStanding, ...]
    total: int
    owner: str | None
    unhealthy: bool
    people: Mapping[str, str]


def kpi_list(workspace: Workspace, *, owner: str | None = None, unhealthy: bool = False) -> KpiList:
    """The KPIs of a workspace.

    Args:
        workspace: where to look.
        owner: only those in the care of this team or person.
        unhealthy: only those outside their bounds, or never measured.

    Raises:
        UsageError: there is no such owner.
    """
    whose = None if owner is None else select_owner(workspace, owner).id
    drawing: dict[str, list[KeyResultState]] = {}
    for cycle in cycles_of_today(workspace):
        for name, state in drawn_in(workspace, cycle):
            drawing.setdefault(name, []).append(state)
    found = [
        standing_of(workspace, each.definition, tuple(drawing.get(each.definition.id, ())))
        for each in workspace.kpis
        if whose is None or _present(workspace, each.definition.owner) == whose
    ]
    ranks = {health: place for place, health in enumerate(Health)}
    return KpiList(
        frame_of(workspace, workspace.current_cycle),
        tuple(
            sorted(
                (each for each in found if not unhealthy or each.health in UNHEALTHY),
                key=lambda each: ranks[each.health],
            )
        ),
        len(workspace.kpis),
        whose,
        unhealthy,
        workspace.owner_names,
    )


def standing_of(workspace: Workspace, kpi: Kpi, drawn_by: tuple[KeyResultState, ...] = ()) -> KpiStanding:
    """How a KPI stands today."""
    counted = [
        each
        for each in workspace.measurements(kpi.id)
        if each.counts and each.record.definition.date.day <= workspace.as_of
    ]
    points = values_of(counted)
    measured, latest = max(points.items(), default=(None, None))
    bounds = bounds_of(kpi)
    starts = days_before(workspace.as_of, DAYS_DRAWN)
    values = tuple(sorted((day, value) for day, value in points.items() if day >= starts))
    return KpiStanding(
        kpi, health_of(bounds, latest), bounds, latest, measured, values, trend_of(values, bounds), drawn_by
    )


def values_of(counted: list[CheckIn]) -> dict[date, float]:
    """The latest number of each day, of check-ins that count."""
    return {each.day: each.value for each in readings(tuple(counted)) if isinstance(each.value, float)}


def bounds_of(kpi: Kpi) -> BoundsMetric | None:
    """Where a KPI is to be kept; None where kpis.yaml says nothing of it."""
    if kpi.at_least is None and kpi.at_most is None:
        return None
    low, high = (None if bound is None else float(bound) for bound in (kpi.at_least, kpi.at_most))
    return BoundsMetric(low, high)


def health_of(bounds: BoundsMetric | None, latest: float | None) -> Health:
    """How a value stands to bounds."""
    if latest is None:
        return Health.UNMEASURED
    if bounds is None:
        return Health.UNBOUNDED
    return Health.WITHIN if within(bounds, latest) else Health.OUTSIDE


def trend_of(values: tuple[tuple[date, float], ...], bounds: BoundsMetric | None) -> Trend | None:
    """Where the latest of some values go, in order of their days: as many as tell a forecast's trend."""
    recent = values[-RECENT:]
    going = drift([(day.toordinal(), value) for day, value in recent])
    if going is None:
        return None
    towards: bool | None = None
    if going in {Drift.RISING, Drift.FALLING} and bounds is not None and not within(bounds, recent[-1][1]):
        below = bounds.at_least is not None and recent[-1][1] < bounds.at_least
        towards = below is (going is Drift.RISING)
    return Trend(going, recent[0][0], towards)


def cycles_of_today(workspace: Workspace) -> list[Cycle]:
    """The current cycle, then the others that hold today, such as the year."""
    current = workspace.current_cycle
    spans = [loaded.span for loaded in workspace.cycles.values() if loaded.span is not None]
    return [
        current,
        *(each for each in spans if each.contains(workspace.as_of) and each.name != current.name),
    ]


def drawn_in(workspace: Workspace, cycle: Cycle) -> Iterator[tuple[str, KeyResultState]]:
    """The key results of a cycle that draw on KPIs, each with the present id of its KPI."""
    for owner in assess_cycle(workspace, cycle):
        for objective in owner.objectives:
            for state in objective.key_results:
                named = state.key_result.definition.kpi
                found = None if named is None else workspace.kpi(named)
                if found is not None:
                    yield found.definition.id, state


def _present(workspace: Workspace, owner: str | None) -> str | None:
    known: Mapping[str, str] = workspace.former_owners
    return None if owner is None else known.get(owner, owner)
