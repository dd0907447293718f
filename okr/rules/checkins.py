"""OKR501 to OKR514: whether each line of a log says something that counts, about something that is there.

How lines are written so that git can merge them is for `logs.py`; what their values come to, for `scoring.py`.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from okr import model
from okr.contents import KeyResult, Log, Record
from okr.dataclass import replace
from okr.diagnostics import Finding, Severity
from okr.documents import LocatedMapping
from okr.errors import UsageError
from okr.model import LogRecord, MetricKind, quoted, read_number
from okr.quantities import plain_number, read_quantity
from okr.references import Reference, nearest
from okr.rules.catalogue import rule
from okr.rules.log_facts import facts_of_logs
from okr.rules.lookup import (
    and_more,
    did_you_mean,
    is_known_owners_log,
    key_results_named,
    kpis_may_have,
    listed,
    org_may_have,
    plan_may_have,
)
from okr.rules.plan_facts import plans_known
from okr.rules.reading import may_say
from okr.workspace import CYCLE_FACTS, KPI_LOG, KPIS, LOGS, PLANS, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okr.contents import Plan

_TENTHS, _HUNDREDTHS = 10, 100
_ALL_OF_SOME = 3
"""Values of which none fits are more than so many slips of the hand."""


@rule(
    "OKR501", "unknown-key-result", Log,
    why="A check-in of a key result that nobody has counts nowhere, though whoever made it believes it does.",
    remedy="Correct `kr`; if the key result has a new id, say `formerly: [old-id]` in its plan. If another owner has it now, "
    "copy the lines to their log, and leave these as they are, below `# okr: ignore[OKR501] went to OWNER`.",
)  # fmt: skip
def unknown_key_result(log: Log, workspace: Workspace) -> Iterator[Finding]:
    """A check-in names a key result of its owner's plan in its cycle."""
    if not is_known_owners_log(log):
        return
    lines: dict[str, list[Record]] = {}
    for record in log.records:
        if record.definition.kr is not None:
            lines.setdefault(record.definition.kr, []).append(record)
    if lines and workspace.plan(log.cycle, log.owner) is None:
        yield from _without_plan(log, next(iter(lines.values()))[0], workspace)
        return
    unknown = [text for text, found in key_results_named(log, workspace).items() if found is None]
    plans = workspace.plan_files_of(log.cycle, log.owner) if unknown else ()
    own = [each.reference.within_log for each in _key_results(plans)]
    for text in unknown:
        if not any(plan_may_have(plan, text, workspace) for plan in plans):
            records = lines[text]
            message = f"{quoted(text)} is no key result of {log.owner} in {log.cycle}{and_more(len(records))}"
            hint = _meant_key_result(log, text, own, workspace)
            yield records[0].source.finding(message, key="kr", hint=hint)


_WENT = (
    "or, if another owner has these goals now, copy the lines to their log, and leave these as they are, below "
    "`# okr: ignore[OKR501] went to OWNER`"
)
"""What to do with a record whose subject moved: lines of a log are never taken away."""


def _without_plan(log: Log, first: Record, workspace: Workspace) -> Iterator[Finding]:
    reserved = f"{log.owner}.yaml" == CYCLE_FACTS
    if workspace.cycles[log.cycle].span is None or (reserved and log.owner in workspace.owners):
        return  # the cycle's own finding, or the owner's, explains why there is no plan
    if log.owner in workspace.strays.names:
        return  # a finding on the plan's file says that it stands where nothing reads it
    message = f"{log.owner} has no plan in {log.cycle}, so that none of the check-ins here counts"
    others = set(plans_known(workspace).owners(log.cycle))
    write = f"write {PLANS}/{log.cycle}/{log.owner}.yaml; {_WENT}"
    near = nearest(log.owner, others, limit=1)
    if reserved:
        write = f"nobody can be called {log.owner}: {CYCLE_FACTS} holds the facts of a cycle"
    hint = (
        f"is this the log of {near[0]}? Then move its lines to {_log_path(log.cycle, near[0])}"
        if near
        else write
    )
    yield first.source.finding(message, key="kr", hint=hint)


def _meant_key_result(log: Log, text: str, own: list[str], workspace: Workspace) -> str | None:
    elsewhere = _named_elsewhere(log, text, workspace)
    if elsewhere is not None and (elsewhere.cycle, elsewhere.owner) == (log.cycle, log.owner):
        return f"write {elsewhere.within_log}: whose it is and in which cycle, the log's own place says"
    if elsewhere is not None:
        place = _log_path(elsewhere.cycle, elsewhere.owner)
        return f"{elsewhere.owner} has it in {elsewhere.cycle}: its check-ins belong in {place}"
    inner = [name for name in own if name.startswith(f"{text}/")]
    if inner:
        return f"{text} is an objective: check in one of its key results, {listed(inner)}"
    if not own:
        return None
    return did_you_mean(
        text, lambda: own, otherwise=f"{log.owner} has {listed(own)}; {_WENT}", within=workspace
    )


def _named_elsewhere(log: Log, text: str, workspace: Workspace) -> Reference | None:
    """The key result that a longer reference names, or that the same owner has in another cycle."""
    objective, _, key_result = text.partition("/")
    wanted = [Reference(cycle, log.owner, objective, key_result) for cycle in reversed(workspace.cycles)]
    if "/" in key_result:
        parsed = workspace.parse(text, log.cycle)
        wanted = [] if parsed is None else [parsed]
    found = (workspace.find(each) for each in wanted if each.key_result)
    return next((each.reference for each in found if isinstance(each, KeyResult)), None)


def _key_results(plans: Sequence[Plan]) -> Iterator[KeyResult]:
    for plan in plans:
        for objective in plan.objectives:
            yield from objective.key_results


def _log_path(cycle: str, owner: str) -> str:
    return f"{LOGS}/{cycle}/{owner}.yaml"


@rule(
    "OKR502", "unknown-kpi-checkin", Log,
    why="A measurement that belongs to no KPI, or stands in the wrong log, is read by nothing.",
    remedy=f"Measurements of KPIs stand in {KPI_LOG}, check-ins of key results in their owner's log.",
)  # fmt: skip
def unknown_kpi_checkin(log: Log, workspace: Workspace) -> Iterator[Finding]:
    """A measurement names a KPI of kpis.yaml and stands in the KPIs' own log, a check-in in its owner's."""
    if log.owner:
        for record in log.records:
            if record.definition.kpi is not None:
                message = f"this line is about the KPI {quoted(record.definition.kpi)}, but the log is {log.owner}'s"
                yield record.source.finding(message, key="kpi", hint=f"move the measurement to {KPI_LOG}")
        return
    unknown: dict[str, list[Record]] = {}
    for record in log.records:
        kpi = record.definition.kpi
        if record.definition.kr is not None:
            message = (
                f"this line is about the key result {quoted(record.definition.kr)}, but the log is the KPIs'"
            )
            hint = f"move the check-in to {_log_path('<cycle>', '<owner>')}"
            yield record.source.finding(message, key="kr", hint=hint)
        elif kpi is not None and workspace.kpi(kpi) is None and not kpis_may_have(workspace, kpi):
            unknown.setdefault(kpi, []).append(record)
    yield from _unknown_kpis(unknown, workspace)


def _unknown_kpis(unknown: dict[str, list[Record]], workspace: Workspace) -> Iterator[Finding]:
    if unknown and not workspace.kpis:
        first = next(iter(unknown.values()))[0]
        message = f"no KPI is defined, so that none of the measurements here counts: there is no {KPIS}"
        if workspace.document(KPIS) is not None:
            message = f"no KPI is defined in {KPIS}, so that none of the measurements here counts"
        hint = f"define {quoted(first.definition.kpi)} in {KPIS}: `okr new kpi` does it"
        yield first.source.finding(message, key="kpi", hint=hint)
        return
    known = [kpi.definition.id for kpi in workspace.kpis]
    for name, records in unknown.items():
        hint = did_you_mean(name, lambda: known, otherwise=f"the KPIs are {listed(known)}", within=workspace)
        message = f"there is no KPI {quoted(name)}{and_more(len(records))}"
        yield records[0].source.finding(message, key="kpi", hint=hint)


@rule(
    "OKR503", "checkin-outside-cycle", Log,
    why="A cycle is scored by what was reached within its days; a value from another time would move its score.",
    remedy="Correct `date`, or move the line to the log of the cycle that holds that day.",
)  # fmt: skip
def checkin_outside_cycle(log: Log, workspace: Workspace) -> Iterator[Finding]:
    """A check-in bears a day of its log's cycle; only a line that takes one back may come later."""
    for record in log.records:
        if _is_outside(log, record, workspace):
            span, day = workspace.cycles[log.cycle].span, record.definition.date.day
            days = f" ({span.starts} to {span.ends})" if span else ""
            others = [
                cycle.span
                for cycle in workspace.cycles.values()
                if cycle.span and cycle.span.contains(day) and workspace.plan(cycle.name, log.owner)
            ]
            best = min(others, key=lambda cycle: (cycle.days, cycle.name), default=None)
            hint = best and f"what {log.owner} reached that day belongs in {_log_path(best.name, log.owner)}"
            message = f"{day} is not within {log.cycle}{days}"
            yield record.source.finding(message, key="date", hint=hint or "correct the date")


@rule(
    "OKR504", "checkin-in-future", Log, timely=True,
    why="A check-in says what has been reached; nobody has reached anything tomorrow.",
    remedy="Correct `date`; what is expected to happen is said by `confidence`.",
)  # fmt: skip
def checkin_in_future(log: Log, workspace: Workspace) -> Iterator[Finding]:
    """A check-in bears today's date or an earlier one."""
    today = workspace.as_of
    for record in log.records:
        moment = record.definition.date
        # Where it is tomorrow already, people check in too: a time with its offset may also be read in UTC.
        day = min(moment.day, moment.time.astimezone(UTC).date()) if moment.time else moment.day
        if day > today and not _is_outside(log, record, workspace):
            yield record.source.finding(f"{moment} is in the future: today is {today}", key="date")


def _is_outside(log: Log, record: Record, workspace: Workspace) -> bool:
    span = workspace.cycles[log.cycle].span if log.cycle else None
    taking_back = record.source.says("retracts")
    return span is not None and not taking_back and not span.contains(record.definition.date.day)


@rule(
    "OKR505", "wrong-value", Log,
    why="A key result is scored without an argument only if its values are of the kind that its plan agreed on.",
    remedy="Write a number for a number, and the milestone's name for a milestone.",
)  # fmt: skip
def wrong_value(log: Log, workspace: Workspace) -> Iterator[Finding]:
    """A check-in's value is of its key result's kind: a number, or the name of one of its milestones."""
    named = key_results_named(log, workspace) if log.owner else {}
    measured = {text: _measured_by(found) for text, found in named.items() if found is not None}
    alike: dict[Reference, list[Finding | None]] = {}
    for record in log.records:
        if record.source.is_damaged("value") or not record.source.says("value") or _takes_back(record):
            continue
        key_result = named.get(record.definition.kr or "")
        if key_result is not None:
            kind = measured[record.definition.kr or ""]
            found = None if kind is None else next(_wrong_for(record, key_result, kind, workspace), None)
            alike.setdefault(key_result.reference, []).append(found)
        elif not log.owner and record.definition.kpi is not None:
            yield from _wrong_number(record, workspace)
    for each in alike.values():
        yield from _once_if_all(each)


def _once_if_all(found: list[Finding | None]) -> Iterator[Finding]:
    """What is wrong with a key result's values; once, where it is all of them, as when its metric was changed."""
    wrong = [each for each in found if each is not None]
    if len(wrong) < len(found) or len(wrong) < _ALL_OF_SOME:
        yield from wrong
        return
    message = f"{wrong[0].message}; nor do its {len(wrong) - 1} other values here fit"
    yield replace(wrong[0], message=message)


def _takes_back(record: Record) -> bool:
    return record.source.says("retracts")


def _measured_by(key_result: KeyResult) -> MetricKind | None:
    """How a key result is measured; None where its plan does not say so for sure."""
    definition = key_result.definition
    metrics = (definition.kpi, definition.milestones, definition.target, definition.has_bounds or None)
    unread = may_say(key_result.source, model.KeyResult, "kpi", "milestones", "to", "at_least", "at_most")
    several = sum(metric is not None for metric in metrics) > 1 and definition.kpi is None
    return None if unread or several else definition.kind


def _wrong_for(
    record: Record, key_result: KeyResult, kind: MetricKind, workspace: Workspace
) -> Iterator[Finding]:
    value = record.source.data["value"]
    if value is None:
        return
    if kind is MetricKind.KPI:
        name, kpi = key_result.reference, key_result.definition.kpi
        message = f"{name} is fed by the KPI {kpi}: its values are that KPI's measurements"
        hint = f"measure the KPI in {KPI_LOG}; here, leave only the confidence"
        yield record.source.finding(message, key="value", hint=hint, ref=key_result.reference)
    elif kind is MetricKind.MILESTONES:
        yield from _wrong_milestone(record, key_result, value)
    else:
        yield from _wrong_number(record, workspace, key_result)


def _wrong_milestone(record: Record, key_result: KeyResult, value: object) -> Iterator[Finding]:
    ladder = key_result.source.data["milestones"]
    steps = list(ladder.keys_at) if isinstance(ladder, LocatedMapping) else list(ladder)
    if isinstance(value, str) and value in steps:
        return
    message = f"{quoted(value)} is no milestone of {key_result.reference}"
    if str(value) in steps:
        hint = f'write "{value}", in quotes: a milestone\'s name is a text'
    else:
        hint = did_you_mean(str(value), lambda: steps, otherwise=f"its milestones are {listed(steps)}")
    yield record.source.finding(message, key="value", hint=hint, ref=key_result.reference)


def _wrong_number(
    record: Record, workspace: Workspace, key_result: KeyResult | None = None
) -> Iterator[Finding]:
    value = record.source.data["value"]
    if value is None:
        return
    try:
        read_number(value)
    except ValueError as error:
        what = f"the KPI {record.definition.kpi}" if key_result is None else str(key_result.reference)
        message = f"{quoted(value)} is not a number, but {what} is measured by one"
        if not isinstance(value, (str, bool)):
            message = str(error)
        hint = (
            _as_number(value, workspace) if isinstance(value, str) else "write the number that was measured"
        )
        reference = None if key_result is None else key_result.reference
        yield record.source.finding(message, key="value", hint=hint, ref=reference)


def _as_number(text: str, workspace: Workspace) -> str:
    try:
        quantity = read_quantity(text, workspace.settings.language)
    except UsageError:
        return "write the number that was measured, without its unit"
    if quantity.change:
        return "write the value that was reached, not by how much it changed"
    return f"write {plain_number(quantity.amount)}, without quotes"


@rule(
    "OKR506", "confidence-out-of-range", Record,
    why="Confidence is the chance that people give a key result: 0 is none, 1 is certainty.",
    remedy="Write a number from 0 to 1.",
)  # fmt: skip
def confidence_out_of_range(record: Record, _: Workspace) -> Iterator[Finding]:
    """A confidence lies between 0 and 1."""
    confidence = record.definition.confidence
    if confidence is not None and not 0 <= confidence <= 1:
        hint = None
        if 1 < confidence <= _TENTHS:
            hint = f"write {confidence / _TENTHS:g} if {confidence:g} out of ten is meant"
        elif _TENTHS < confidence <= _HUNDREDTHS:
            hint = f"write {confidence / _HUNDREDTHS:g} if {confidence:g} % is meant"
        yield record.source.finding(
            f"a confidence of {confidence:g} is not between 0 and 1", key="confidence", hint=hint
        )


@rule(
    "OKR508", "empty-checkin", Record,
    why="A log's line stands by itself: it says what it is about and what has become of it, or takes a line back.",
    remedy="Give it `kr` (or `kpi`) and a `value`, a `confidence` or both; or `retracts` alone.",
)  # fmt: skip
def empty_checkin(record: Record, _: Workspace) -> Iterator[Finding]:
    """A check-in says what it is about, and a value, a confidence or both; or which one it takes back."""
    said, source = record.definition, record.source
    if said.kr is None and said.kpi is None and not may_say(source, LogRecord, "kr", "kpi"):
        key = "kr" if source.says("kr") else "kpi" if source.says("kpi") else None
        yield source.finding(
            "this line does not say which key result it is about",
            key=key,
            hint="add `kr: objective/key-result`",
        )
        return
    tells = [
        key for key in ("value", "confidence") if source.is_damaged(key) or getattr(said, key) is not None
    ]
    if said.retracts is not None and tells:
        message = f"this line takes a check-in back and gives a {' and a '.join(tells)} as well"
        yield source.finding(message, key="retracts", hint="say the two in two lines")
    elif (
        said.retracts is None
        and not tells
        and not may_say(source, LogRecord, "value", "confidence", "retracts")
    ):
        message = "this check-in has neither a value nor a confidence"
        hint = "add `value:`, or `confidence:` if nothing could be measured"
        yield source.finding(message, hint=hint)


@rule(
    "OKR514", "unknown-author", Workspace,
    why="Accountability is the point of a check-in: whoever asks about a number must find somebody.",
    remedy="Write the id of a person of org.yaml; keep people who left there, since the logs name them.",
    of_all=True,
    severity=Severity.WARNING,  # git knows the commit's author all the same, and the value counts
)  # fmt: skip
def unknown_author(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Whoever made a check-in is a person of org.yaml, where it lists people."""
    if not workspace.org.people:
        return
    lines: dict[str, tuple[Finding, int]] = {}
    for facts in facts_of_logs(workspace):
        for name, (first, count) in facts.authors.items():
            known, so_far = lines.get(name, (first, 0))
            lines[name] = (known, so_far + count)
    people = workspace.org.people
    addresses = {address.casefold(): person.id for person in people for address in person.email}
    for name, (first, count) in lines.items():
        message = f"org.yaml knows no person {quoted(name)}{and_more(count)}"
        yield replace(first, message=message, hint=_meant_author(name, addresses, workspace))


def _meant_author(name: str, addresses: Mapping[str, str], workspace: Workspace) -> str:
    if name.casefold() in addresses:
        return f"write {addresses[name.casefold()]}, whose address this is"
    if org_may_have(workspace, name, "teams"):
        return "this is a team: write the id of the person who checked in"
    ids = (person.id for person in workspace.org.people)
    return did_you_mean(name, lambda: ids, otherwise="add them to org.yaml", within=workspace)
