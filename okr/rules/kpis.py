"""OKR606 to OKR608 and OKR611: whether KPIs can feed the key results that draw on them.

Their measurements, as lines of a log, are for `checkins.py`.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from okr.contents import KeyResult
from okr.diagnostics import Finding, Severity
from okr.history import by_subject
from okr.model import CycleState, quoted
from okr.quantities import plain_number
from okr.rules.catalogue import rule
from okr.rules.lookup import did_you_mean, kpis_may_have, repeated_ids, subject_finder
from okr.rules.plan_facts import plans_known
from okr.rules.reading import state_of
from okr.workspace import KPI_LOG, KPIS, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.contents import CheckIn
    from okr.rules.plan_facts import Fed


@rule(
    "OKR606", "duplicate-kpi", Workspace,
    why="A measurement names its KPI by its id; with two of one id nobody can say which was measured.",
    remedy="Give one of the two another id.",
)  # fmt: skip
def duplicate_kpi(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Every KPI has an id of its own, different from all that other KPIs have or had."""
    yield from repeated_ids(("the KPI", kpi) for kpi in workspace.kpis)


@rule(
    "OKR607", "unknown-kpi", KeyResult,
    why="A key result that draws on a KPI nobody defined has no numbers, and is never scored.",
    remedy=f"Correct `kpi`, or define the KPI in {KPIS}.",
)  # fmt: skip
def unknown_kpi(key_result: KeyResult, workspace: Workspace) -> Iterator[Finding]:
    """A key result draws on a KPI of kpis.yaml."""
    name = key_result.definition.kpi
    if name is None or workspace.kpi(name) is not None or kpis_may_have(workspace, name):
        return
    if workspace.document(KPIS) is None:
        yield key_result.finding(f"there is no KPI {quoted(name)}, as there is no {KPIS}", key="kpi")
    else:
        define = f"define it in {KPIS}: `okr new kpi` does it"
        hint = did_you_mean(name, partial(_ids, workspace), otherwise=define, within=workspace)
        yield key_result.finding(f"there is no KPI {quoted(name)}", key="kpi", hint=hint)


def _ids(workspace: Workspace) -> list[str]:
    return [kpi.definition.id for kpi in workspace.kpis]


@rule(
    "OKR608", "kpi-without-baseline", Workspace, timely=True,
    why="Progress is the way from where we stood to where we want to be; without a baseline none can be reckoned.",
    remedy=f"Say `from:` in the plan, or add the KPI's last measurement before the cycle to {KPI_LOG}.",
    severity=Severity.WARNING,  # the first measurement in the cycle stands in for it, so a score there is
    of_all=True,
)  # fmt: skip
def kpi_without_baseline(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Once the cycle runs, a key result fed by a KPI has a baseline: its own, or a measurement before the cycle."""
    log = workspace.kpi_log
    if log is not None and not log.document.readable:
        return
    measured = by_subject(log.records, subject_finder(log, workspace)) if log else {}
    first = {
        kpi: min((each.record.definition.date.day for each in found if _measures(each)), default=date.max)
        for kpi, found in measured.items()
    }
    fed_by_cycle: dict[str, list[tuple[str, Fed]]] = {}
    for facts in plans_known(workspace).all():
        fed_by_cycle.setdefault(facts.cycle, []).extend((facts.path, each) for each in facts.fed)
    for cycle in workspace.cycles.values():
        span = cycle.span
        if span is None or span.starts > workspace.as_of:
            continue
        if state_of(cycle.name, workspace) is not CycleState.ACTIVE:
            continue
        for path, fed in fed_by_cycle.get(cycle.name, ()):
            kpi = workspace.kpi(fed.kpi)
            if kpi is not None and first.get(kpi.definition.id, date.max) >= span.starts:
                message = (
                    f"the KPI {kpi.definition.id} has no measurement from before {cycle.name}, which began on "
                    f"{span.starts}, and the plan says no `from`"
                )
                yield Finding(path, fed.place, message, ref=fed.ref)


def _measures(checkin: CheckIn) -> bool:
    return checkin.counts and checkin.record.source.says("value")


@rule(
    "OKR611", "kpi-bounds", Workspace,
    why="No value lies above the one bound and below the other: the KPI would always need attention.",
    remedy="Let `at_least` be the smaller of the two.",
)  # fmt: skip
def kpi_bounds(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """A KPI's lower bound is not above its upper one."""
    for kpi in workspace.kpis:
        least, most = kpi.definition.at_least, kpi.definition.at_most
        if least is not None and most is not None and least > most:
            message = f"at least {plain_number(least)} and at most {plain_number(most)} can't both be kept"
            yield kpi.source.finding(message, key="at_least")
