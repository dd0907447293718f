"""OKR211, OKR420 and OKR515: what the check-ins say of the plan: too easy, reached before it began, or forgotten.

Findings that come with time are never errors: a pull request must not fail because a day has passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import Plan
from okr.dataclass import replace
from okr.days import days_after, days_before
from okr.diagnostics import Severity
from okr.model import CycleState, ObjectiveType, RelativeTarget, quoted
from okr.model import KeyResult as KeyResultModel
from okr.quantities import plain_number
from okr.rules.catalogue import rule
from okr.rules.glance import early_values, last_days
from okr.rules.measurability import METRIC_KEYS, is_binary
from okr.rules.reading import may_say, state_of
from okr.rules.wording import names_its_baseline
from okr.scoring import STALE_AFTER, Relative, number_progress, reaches, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from okr.contents import CheckIn, KeyResult, Objective
    from okr.cycles import Cycle
    from okr.diagnostics import Finding
    from okr.workspace import Workspace

_NEAR = 0.1
"""As a part of the way from baseline to target."""
_NEARLY = 0.9
"""As far as this is certainly not at the target, whatever is forgiven."""
_CYCLES_IN_A_ROW = 2
_ALIKE = 1.5
"""Two cycles are of the same kind where the longer has no more than so many times the days of the shorter."""


@rule(
    "OKR211", "always-reached", Plan, severity=Severity.WARNING,
    why="Aspirational objectives are set so high that 0.7 is a good result. Reached in full cycle after cycle they say "
        "what would have come anyway. It is for people to judge, so it is no error.",
    remedy="Aim higher, or call what must be reached in full `type: committed`.",
)  # fmt: skip
def always_reached(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """The aspirational objectives of the last two closed cycles were not all reached in full."""
    own = workspace.cycles[plan.cycle].span
    aspiring = next((each for each in plan.objectives if _is_aspirational(each)), None)
    if own is None or aspiring is None or state_of(plan.cycle, workspace) in {CycleState.CLOSED, None}:
        return
    before = _closed_before(own, plan.owner, workspace)
    if len(before) == _CYCLES_IN_A_ROW and all(_all_reached(each, workspace) for each in before):
        cycles = " and ".join(each.cycle for each in reversed(before))
        message = f"{plan.owner} has reached every aspirational key result of {cycles} in full"
        yield replace(aspiring.finding(message, key="title"), ref=None)


@rule(
    "OKR420", "reached-on-first-day", Plan, timely=True, severity=Severity.WARNING,
    why="A target that is reached before the cycle has begun asks nothing of anybody. It shows only with the first "
        "check-in, so it is no error.",
    remedy="Set a target beyond what has been reached, or correct the baseline or the check-in.",
)  # fmt: skip
def reached_on_first_day(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """A target is not reached by what was measured first."""
    span = workspace.cycles[plan.cycle].span
    if span is None or state_of(plan.cycle, workspace) in {CycleState.CLOSED, None}:
        return
    early = early_values(plan, days_after(span.starts, workspace.settings.checkin_every), workspace)
    for key_result in _key_results(plan):
        if early is not None and not _may_reach(key_result, early):
            continue
        first = _first_value(key_result, span, workspace)
        if names_its_baseline(key_result, workspace):  # another rule says that
            continue
        if first is not None and _reaches_target(key_result, first[1]):
            day, value = first
            target = quoted(key_result.source.data["to"])
            message = f"{quoted(key_result.definition.id)} is to get to {target}, but was at {plain_number(value)} on {day} already"
            yield key_result.finding(message, key="to", hint=_swapped(key_result, value))


@rule(
    "OKR515", "stale-key-result", Plan, timely=True, severity=Severity.INFO,
    why="OKRs are followed regularly: what nobody checks in is not steered by anybody. It comes with time and is mended "
        "by a check-in, so it is only a remark.",
    remedy="Check it in; `okr due` lists all that is due, by person.",
)  # fmt: skip
def stale_key_result(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """While others of its plan are checked in, no key result of a running cycle goes without for two periods."""
    span = workspace.cycles[plan.cycle].span
    runs = span is not None and span.contains(workspace.as_of)
    if span is None or not runs or state_of(plan.cycle, workspace) is not CycleState.ACTIVE:
        return
    logs = workspace.owner_logs(plan.cycle, plan.owner)
    longest = STALE_AFTER * workspace.settings.checkin_every
    late, last_seen = days_before(workspace.as_of, longest).isoformat(), last_days(plan, workspace)
    began = span.starts.isoformat()
    if last_seen is not None and all(
        last_seen.get(each.reference.within_log, began) >= late for each in _key_results(plan)
    ):
        return
    days = {each.reference: _last_day(each, span, workspace) for each in _key_results(plan)}
    followed = [day for day in days.values() if day is not None and (workspace.as_of - day).days <= longest]
    if not followed or not all(log.document.readable for log in logs):
        return
    for key_result in _key_results(plan):
        last = days[key_result.reference]
        unmeasured = last is None and key_result.definition.start == "unknown"
        if unmeasured or workspace.find(key_result.reference) is not key_result:
            continue  # another finding says so, or that two of one id can't be told apart
        age = (workspace.as_of - (last or span.starts)).days
        done = is_binary(key_result) or _final_score(key_result, workspace) == 1.0
        if age > longest and not done:
            since = f"since {last}, {age} days ago" if last else f"in the {age} days since {plan.cycle} began"
            yield key_result.finding(
                f"{quoted(key_result.definition.id)} has had no check-in {since}", key="title"
            )


def _key_results(plan: Plan) -> Iterator[KeyResult]:
    for objective in plan.objectives:
        yield from objective.key_results


# Cycle after cycle


def _closed_before(span: Cycle, owner: str, workspace: Workspace) -> list[Plan]:
    """An owner's plans in the closed cycles of the same kind before this one, the latest first."""
    found: list[Plan] = []
    for cycle in reversed(workspace.cycles.values()):
        other = cycle.span
        if (
            other is None
            or other.ends >= span.starts
            or max(other.days, span.days) > _ALIKE * min(other.days, span.days)
        ):
            continue
        plan = (
            workspace.plan(cycle.name, owner)
            if state_of(cycle.name, workspace) is CycleState.CLOSED
            else None
        )
        if plan is not None and len(found) < _CYCLES_IN_A_ROW:
            found.append(plan)
    return found


def _all_reached(plan: Plan, workspace: Workspace) -> bool:
    """Whether all that is known of a plan's aspirational key results is that they were reached in full."""
    scores = [
        _final_score(key_result, workspace)
        for objective in plan.objectives
        if _is_aspirational(objective)
        for key_result in objective.key_results
        if key_result.definition.weight > 0 and not key_result.definition.has_bounds
    ]
    return bool(scores) and all(score is not None and reaches(score, 1.0) for score in scores)


def _is_aspirational(objective: Objective) -> bool:
    return objective.definition.type is ObjectiveType.ASPIRATIONAL


def _final_score(key_result: KeyResult, workspace: Workspace) -> float | None:
    """The grade; without one, 1.0 where the last value is at the target or on the highest milestone, else 0.0."""
    definition = key_result.definition
    if definition.grade is not None:
        return float(definition.grade)
    span = workspace.cycles[key_result.reference.cycle].span
    values = [] if span is None else _values(key_result, span, workspace)
    if not values:
        return None
    if definition.milestones is not None:
        return definition.milestones.get(str(values[-1].record.definition.value), 0.0)
    return float(_reaches_target(key_result, _number_in(values[-1])))


# From the first day to the last


def _first_value(key_result: KeyResult, span: Cycle, workspace: Workspace) -> tuple[date, float] | None:
    """What was measured first, within a check-in's period of the cycle's first day; of a KPI, also before it."""
    definition = key_result.definition
    if definition.start is None or definition.start == "unknown":
        return None
    for checkin in _values(key_result, span, workspace):
        day, value = checkin.record.definition.date.day, _number_in(checkin)
        late = (day - span.starts).days >= workspace.settings.checkin_every
        return None if late or value is None else (day, value)
    return None


def _may_reach(key_result: KeyResult, early: dict[str, list[float]]) -> bool:
    """Whether the first value may be at the target: one of the first days is, or measurements of a KPI count as well."""
    definition = key_result.definition
    start, target = definition.start, definition.target
    values = early.get(f"{key_result.reference.objective}/{definition.id}", ())
    if definition.kpi is not None:
        return True
    if not values or definition.stretch is not None or not isinstance(start, (int, float)):
        return bool(values)
    if not isinstance(target, (int, float)) or start == target:
        return True
    return any((each - start) / (target - start) > _NEARLY for each in values)


def _reaches_target(key_result: KeyResult, value: float | None) -> bool:
    """Whether a value is at a number's target, or beyond; at the stretch, where there is one."""
    definition = key_result.definition
    start = definition.start if isinstance(definition.start, (int, float)) else None
    target = _reckoned(definition.stretch if definition.stretch is not None else definition.target, start)
    unread = may_say(key_result.source, KeyResultModel, *METRIC_KEYS)
    if unread or value is None or start is None or target is None or target == start:
        return False
    return reaches(number_progress(value, start=start, target=target), 1.0)


def _swapped(key_result: KeyResult, value: float) -> str | None:
    """What to do where the first value lies so near the target that it was most likely meant to be the baseline."""
    start, target = key_result.definition.start, key_result.definition.target
    if isinstance(start, (int, float)) and isinstance(target, (int, float)):
        near = abs(value - target) <= _NEAR * abs(target - start)
        return (
            "swap `from` and `to` if they are the wrong way round; else set a target beyond what has been reached"
            if near
            else None
        )
    return None


def _reckoned(target: float | RelativeTarget | None, start: float | None) -> float | None:
    return resolve(Relative(target.share) if isinstance(target, RelativeTarget) else target, start)


def _values(key_result: KeyResult, span: Cycle, workspace: Workspace) -> list[CheckIn]:
    """The check-ins of a key result in its cycle that bear a value and count; of a KPI, its measurements."""
    return [each for each in _checkins(key_result, span, workspace) if each.record.source.says("value")]


def _checkins(key_result: KeyResult, span: Cycle, workspace: Workspace) -> list[CheckIn]:
    found = list(workspace.checkins(key_result))
    kpi = workspace.kpi(key_result.definition.kpi) if key_result.definition.kpi else None
    if kpi is not None:
        found += workspace.measurements(kpi.definition.id)
        found.sort(key=lambda each: each.record.definition.date.order)
    return [each for each in found if each.counts and span.contains(each.record.definition.date.day)]


def _last_day(key_result: KeyResult, span: Cycle, workspace: Workspace) -> date | None:
    days = (each.record.definition.date.day for each in _checkins(key_result, span, workspace))
    return max((day for day in days if day <= workspace.as_of), default=None)


def _number_in(checkin: CheckIn) -> float | None:
    value = checkin.record.definition.value
    return None if isinstance(value, (bool, str)) else value
