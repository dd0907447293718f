"""OKR701 and OKR710: whether a closed cycle still says what it said, and which one was opened again.

That lines of logs are neither changed nor removed is asked of every cycle, in `history_logs.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import replace
from okr.diagnostics import Finding, Place, Severity
from okr.model import quoted
from okr.plan_changes import (
    Graded,
    GradeExplained,
    InitiativesChanged,
    KeyResultAdded,
    KeyResultDropped,
    Learned,
    NextDecided,
    ObjectiveAdded,
    ObjectiveDropped,
    PlanChange,
    Realigned,
    Reassigned,
    Renamed,
    Retagged,
    Retyped,
    Reweighted,
    compare,
    compare_facts,
)
from okr.rules.catalogue import history_rule
from okr.rules.draws import drawing_in_closed, moment_meant
from okr.rules.earlier import Earlier, Pair, as_written, versions_of
from okr.rules.records import LogChanges, cancelling, log_changes
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okr.contents import KeyResult, Objective, Plan, Record

_KEYS: dict[type[PlanChange], str] = {
    Reweighted: "weight",
    Reassigned: "owner",
    Retyped: "type",
    Graded: "grade",
    GradeExplained: "grade_reason",
    NextDecided: "next",
    Learned: "learned",
    Retagged: "tags",
    InitiativesChanged: "initiatives",
}
_COME_OR_GONE: dict[type[PlanChange], str] = {
    ObjectiveAdded: "the objective {} has been added",
    ObjectiveDropped: "the objective {} has been removed",
    KeyResultAdded: "the key result {} has been added",
    KeyResultDropped: "the key result {} has been removed",
}
_CLOSED = (
    "A closed cycle is the record that its grades were given on, and that later cycles, reviews and the calibration of "
    "confidence are measured against."
)
_OPEN_AGAIN = "open the cycle again (`okr cycle reopen`), correct it and close it once more"


@history_rule(
    "OKR701", "closed-cycle-changed", Workspace, why=_CLOSED,
    remedy=f"Put back what it said. If the record itself is wrong, {_OPEN_AGAIN}: then everybody sees it.",
)  # fmt: skip
def closed_cycle_changed(workspace: Workspace, _: Workspace, earlier: Earlier) -> Iterator[Finding]:
    """The plans, logs and dates of a closed cycle stay as they were when it was closed."""
    for pair in earlier.plans:
        if earlier.stays_closed(pair.cycle):
            for change in compare(*versions_of(pair)):
                if not _says_the_same(change, workspace):
                    yield _changed_plan(pair, change, workspace)
    for changes in log_changes(earlier):
        if not changes.pair.cycle:
            yield from _measured(changes, earlier)
        elif earlier.stays_closed(changes.pair.cycle):
            yield from _added(changes, earlier)
    for cycle in earlier.then.cycles:
        if earlier.stays_closed(cycle):
            yield from _changed_facts(cycle, earlier)


@history_rule(
    "OKR710", "cycle-reopened", Workspace, severity=Severity.INFO,
    why=f"{_CLOSED} It may have to be corrected, and then everybody must be able to see that it was.",
    remedy="Close it again once it is right.",
)  # fmt: skip
def cycle_reopened(workspace: Workspace, _: Workspace, earlier: Earlier) -> Iterator[Finding]:
    """A closed cycle that is opened again is named, so that the correction is seen."""
    for cycle in filter(earlier.is_reopened, earlier.then.cycles):
        source = workspace.cycles[cycle].source
        place = source.place("state") if source and source.says("state") else Place()
        message = f"{cycle} was closed, and is {workspace.state(cycle).value} again"
        if cycle in earlier.between.opened:
            message = f"{cycle} was closed, has been opened again, and is closed once more"
        yield Finding(earlier.facts_path(cycle), place, message)


def _says_the_same(change: PlanChange, workspace: Workspace) -> bool:
    """Whether a change is none but in names: an id with the old one in `formerly`, and what names such a thing."""
    if isinstance(change, Renamed):
        return True
    if isinstance(change, Reassigned):
        old, new = (workspace.former_owners.get(each or "", each) for each in (change.old, change.new))
        return old == new
    if isinstance(change, Realigned):
        old_, new_ = (
            {_meant(text, change.reference.cycle, workspace) for text in texts}
            for texts in (change.old, change.new)
        )
        return old_ == new_
    return False


def _meant(text: str, cycle: str, workspace: Workspace) -> str:
    reference = workspace.parse(text, cycle)
    found = None if reference is None else workspace.find(reference)
    return str(found.reference if found else reference or text)


def _changed_plan(pair: Pair[Plan], change: PlanChange, workspace: Workspace) -> Finding:
    name = quoted(change.reference.key_result or change.reference.objective)
    key = _KEYS.get(type(change), getattr(change, "key", ""))
    if type(change) in _COME_OR_GONE:
        what, key = _COME_OR_GONE[type(change)].format(name), "id"
    else:
        what = f"`{key}` of {name} has been changed{_from_to(change)}" if key else f"{name} has been changed"
    message = f"{pair.cycle} is closed, but {what}"
    severity = Severity.ERROR if change.moves_score else Severity.WARNING
    found = _thing(change, workspace)
    if found is None:
        whole = Finding(pair.path, Place(), message, ref=str(change.reference), severity=severity)
        return whole if pair.now else replace(whole, message=f"{message} with its plan")
    return replace(found.finding(message, key=key or None), severity=severity)


def _thing(change: PlanChange, workspace: Workspace) -> Objective | KeyResult | None:
    """What a change is about; the objective that it was dropped from, where it is a key result."""
    reference = change.reference
    found = None if isinstance(change, ObjectiveDropped) else workspace.find(reference)
    if found is None and isinstance(change, KeyResultDropped):
        return workspace.find(replace(reference, key_result=None))
    return found


def _from_to(change: PlanChange) -> str:
    old, new = getattr(change, "old", None), getattr(change, "new", None)
    if isinstance(old, (dict, tuple)) or isinstance(new, (dict, tuple)):
        return ""
    return f" from {as_written(old)} to {as_written(new)}"


def _added(changes: LogChanges, earlier: Earlier) -> Iterator[Finding]:
    cycle = changes.pair.cycle
    yield from _come(cycle, changes, earlier, [(record, "") for record in changes.added])


def _come(
    cycle: str, changes: LogChanges, earlier: Earlier, added: Sequence[tuple[Record, str]]
) -> Iterator[Finding]:
    """Lines that came into a closed cycle's record, each with what else is to be said of it.

    Those made before the closing, and those that take each other back, change nothing that anybody could mend.
    """
    late = [record for record, _ in added if not earlier.between.made_before(cycle, record)]
    theirs = {id(record) for record in late}
    others = (each for log in changes.pair.now for each in log.records if id(each) not in theirs)
    back = cancelling([_about(each) for each in late], (_about(each)[:2] for each in others))
    cancelled = {id(record) for place, record in enumerate(late) if place in back}
    for record, counted in added:
        what = "a check-in" if record.definition.kpi is None else "a measurement"
        what = f"{what if record.definition.retracts is None else 'a line that takes one back'}{counted}"
        if id(record) not in theirs:
            message = f"{cycle} is closed, and {what} has come in, made before: its grades do not count it"
        elif id(record) in cancelled:
            message = f"{cycle} is closed, and {what} has come in and changes nothing: it was taken back"
        else:
            yield record.source.finding(f"{cycle} is closed, but {what} has been added")
            continue
        yield replace(record.source.finding(message), severity=Severity.INFO)


def _about(record: Record) -> tuple[str, str, str | None]:
    said = record.definition
    back = None if said.retracts is None else str(said.retracts)
    return said.kr or f"kpis/{said.kpi}", str(said.date), back


def _measured(changes: LogChanges, earlier: Earlier) -> Iterator[Finding]:
    """Measurements of KPIs that key results of closed cycles count."""
    by_cycle: dict[str, list[tuple[Record, str]]] = {}
    for record in changes.added:
        kpi = earlier.now.kpi(record.definition.kpi) if record.definition.kpi else None
        if kpi is None:
            continue
        counting = drawing_in_closed(earlier.now, kpi.definition.id, moment_meant(record.definition))
        found = next((each for each in counting if earlier.stays_closed(each.reference.cycle)), None)
        if found is not None:
            by_cycle.setdefault(found.reference.cycle, []).append((record, f" that {found.reference} counts"))
    for cycle, added in by_cycle.items():
        yield from _come(cycle, changes, earlier, added)


def _changed_facts(cycle: str, earlier: Earlier) -> Iterator[Finding]:
    loaded, path = earlier.now.cycles.get(cycle), earlier.facts_path(cycle)
    source = loaded.source if loaded else None
    if source is None:
        yield Finding(path, Place(), f"{cycle} is closed, but the file that says so has been removed")
        return
    for fact in compare_facts(cycle, earlier.then.cycles[cycle].facts, earlier.now.cycles[cycle].facts):
        what = f"`{fact.key}` has been changed from {as_written(fact.old)} to {as_written(fact.new)}"
        found = source.finding(f"{cycle} is closed, but {what}", key=fact.key)
        severity = Severity.ERROR if fact.key in {"state", "closed", "starts", "ends"} else Severity.WARNING
        yield replace(found, severity=severity)
