"""Which key results of closed cycles count what is measured of a KPI on a day. No rules here.

A KPI belongs to no cycle, but its measurements are the record that the grades of key results drawing on it were given on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.model import CycleState, MetricKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from okr.contents import KeyResult
    from okr.cycles import Cycle
    from okr.model import LogRecord, Moment
    from okr.workspace import Workspace


def moment_meant(said: LogRecord) -> Moment:
    """The date of what a line is about: its own, or that of the one that it takes back."""
    return said.retracts or said.date


def counted_until(workspace: Workspace, cycle: str) -> date | None:
    """The last day of which a closed cycle counts measurements: that of its closing, its own last one at latest.

    Returns:
        None where it is not closed, or nobody knows its days.
    """
    loaded = workspace.cycles.get(cycle)
    if loaded is None or loaded.span is None or loaded.facts.state is not CycleState.CLOSED:
        return None
    return min(loaded.span.ends, loaded.closed_on or loaded.span.ends)


def drawing_in_closed(workspace: Workspace, kpi: str, moment: Moment) -> Iterator[KeyResult]:
    """The key results of closed cycles that count, or would count, a measurement of a KPI.

    Args:
        workspace: where they are.
        kpi: its present id.
        moment: what it is measured of.
    """
    for cycle in workspace.cycles:
        until = counted_until(workspace, cycle)
        if until is not None and moment.day <= until:
            yield from drawing(workspace, cycle, kpi, moment, until)


def drawing(workspace: Workspace, cycle: str, kpi: str, moment: Moment, until: date) -> Iterator[KeyResult]:
    """The key results of a cycle that count a measurement of a KPI: one of its days, or the one they begin from.

    Args:
        workspace: where they are.
        cycle: the cycle.
        kpi: the KPI's present id.
        moment: what it is measured of.
        until: the last day that counts.
    """
    span = workspace.cycles[cycle].span
    if span is None or moment.day > until:
        return
    for key_result in _by_kpi(workspace, cycle).get(kpi, ()):
        if moment.day >= span.starts or _begins_from(workspace, key_result, span, kpi, moment):
            yield key_result


def _by_kpi(workspace: Workspace, cycle: str) -> dict[str, list[KeyResult]]:
    """The key results of a cycle that draw on KPIs, by the KPIs' present ids."""
    key = ("drawing", cycle)
    if key not in workspace.worked_out:
        found: dict[str, list[KeyResult]] = {}
        for objective in (each for plan in workspace.plans(cycle) for each in plan.objectives):
            for key_result in objective.key_results:
                name = key_result.definition.kpi
                kpi = workspace.kpi(name) if name and key_result.definition.kind is MetricKind.KPI else None
                if kpi is not None:
                    found.setdefault(kpi.definition.id, []).append(key_result)
        workspace.worked_out[key] = found
    by_kpi: dict[str, list[KeyResult]] = workspace.worked_out[key]
    return by_kpi


def _begins_from(workspace: Workspace, key_result: KeyResult, span: Cycle, kpi: str, moment: Moment) -> bool:
    """Whether a measurement before a cycle is, or would be, the last one, which is the baseline of those without one."""
    definition = key_result.definition
    if definition.start is not None or definition.has_bounds:
        return False
    return not any(
        each.counts
        and each.record.definition.value is not None
        and moment.order < each.record.definition.date.order
        and each.record.definition.date.day < span.starts
        for each in workspace.measurements(kpi)
    )
