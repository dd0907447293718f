"""`okr checkin`: values checked against the plan, one line each in the log, all of them in one commit.

Writing and committing is `recording.py`'s; reckoning how things stand is `assessing.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okr.contents import Objective
from okr.diagnostics import Severity
from okr.errors import OkrError, UsageError
from okr.log_lines import Addition, insert_records
from okr.model import CycleState, MetricKind, quoted
from okr.operations.assessing import assess_one
from okr.operations.messages import Said, commit_message, trailer
from okr.operations.recording import LogChange, fields_of, uncommitted_records, write_and_commit
from okr.operations.selecting import select_key_result
from okr.quantities import read_quantity
from okr.references import nearest
from okr.sources import Overlay
from okr.workspace import KPI_LOG, LOGS, PLANS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from okr.contents import KeyResult, Located, Log, Record
    from okr.diagnostics import Diagnostic
    from okr.documents import LocatedMapping
    from okr.log_lines import FieldValue
    from okr.model import Kpi, Moment
    from okr.operations.assessing import KeyResultState, ObjectiveState
    from okr.operations.recording import Session
    from okr.quantities import Quantity
    from okr.repository import Commit
    from okr.sources import Files
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody says of a key result or a KPI, before it is checked.

    Attributes:
        subject: the reference, as typed.
        value: the value, as typed; None where only the confidence is said.
        confidence: how sure they are that the target will be reached, 0.0–1.0.
        note: in their words.
        moment: when.
        by: who; None leaves it out.
    """

    subject: str
    moment: Moment
    value: str | None = None
    confidence: float | None = None
    note: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a check-in moved.

    Attributes:
        reference: the key result, or the KPI as `kpis/<id>`.
        title: its title, or the KPI's name.
        unit: what its numbers count.
        path: the log that holds the new line.
        line: the new line's number, from 1.
        fields: the record.
        value_before: the latest value before; None where there was none.
        before: the objective as it stood; None for a KPI.
        after: the objective as it stands; None for a KPI.
    """

    reference: str
    title: str
    unit: str | None
    path: str
    line: int
    fields: dict[str, FieldValue]
    value_before: float | str | None
    before: ObjectiveState | None
    after: ObjectiveState | None

    def key_result(self, state: ObjectiveState | None) -> KeyResultState | None:
        """The key result itself in one of the two states."""
        found = (
            (each for each in state.key_results if str(each.key_result.reference) == self.reference)
            if state
            else ()
        )
        return next(iter(found), None)


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """What came of a check-in.

    Attributes:
        moved: what each entry moved, in their order.
        commit: the commit that holds them; None where nothing was committed.
        earlier: records found uncommitted in the same logs, which the commit holds as well.
        warnings: what the rules say of the new lines short of an error.
        message: the commit's message, without its trailers.
        written: whether anything was written; False for a dry run.
    """

    moved: tuple[Moved, ...]
    commit: Commit | None
    earlier: tuple[dict[str, FieldValue], ...]
    warnings: tuple[Diagnostic, ...]
    message: str
    written: bool


class RefusedError(OkrError):
    """`validate` would report the check-in: nothing was written. Holds the findings."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        first = diagnostics[0]
        more = f" (and {len(diagnostics) - 1} more)" if len(diagnostics) > 1 else ""
        super().__init__(f"{_sentence(first.finding.message)}{more} Nothing was recorded.", _remedy(first))
        self.findings = tuple(diagnostics)


@dataclass(slots=True)
class _Subject:
    """What an entry is about, as found in the plan."""

    reference: str
    path: str
    key: str
    name: str
    title: str
    unit: str | None
    last: float | str | None
    after: LocatedMapping | None
    key_result: KeyResult | None = None
    state: ObjectiveState | None = None


@dataclass(slots=True)
class _Batch:
    """The entries of one commit while they are being prepared."""

    subjects: list[_Subject] = field(default_factory=list)
    records: list[dict[str, FieldValue]] = field(default_factory=list)


def check_in(
    session: Session,
    open_files: Callable[[Files | None], Workspace],
    entries: Sequence[Entry],
    *,
    dry_run: bool = False,
    cycle: str | None = None,
) -> CheckedIn:
    """Records check-ins: all of them, or none.

    Args:
        session: the lock on the logs; the workspace is read under it, so that it can't change meanwhile.
        open_files: opens the workspace, from other files than the working tree's where some are given.
        entries: what to record.
        dry_run: say what would happen, and write nothing.
        cycle: the only cycle to look for key results in.

    Raises:
        UsageError: an entry names nothing, or its value can't be read.
        RefusedError: the rules would report one of the new lines as an error.
        OkrError: the cycle is closed, a log can't be read or written, or git refused the commit.
    """
    workspace = open_files(None)
    batch = _Batch()
    for entry in entries:
        _prepare(workspace, entry, batch, cycle)
    _require_readable(workspace)
    changes = _changes(workspace, batch)
    changed = open_files(Overlay(workspace.files, {change.path: change.after for change in changes}))
    warnings = _judge(workspace, changed, batch)
    moved = tuple(
        _moved(changed, subject, record)
        for subject, record in zip(batch.subjects, batch.records, strict=True)
    )
    earlier = _earlier(session, changes)
    said = [_said(each) for each in moved]
    message = commit_message(said)
    result = CheckedIn(moved, None, tuple(record for _, record in earlier), warnings, message, written=False)
    if dry_run:
        return result
    trailers = [
        *(trailer(*each) for each in earlier),
        *(trailer(each.reference, each.fields) for each in said),
    ]
    commit = write_and_commit(session, changes, message, trailers)
    return CheckedIn(moved, commit, result.earlier, warnings, message, written=True)


def _prepare(workspace: Workspace, entry: Entry, batch: _Batch, cycle: str | None) -> None:
    subject = _subject(workspace, entry.subject, cycle)
    earlier = [
        record
        for each, record in zip(batch.subjects, batch.records, strict=True)
        if each.reference == subject.reference
    ]
    last = next((record["value"] for record in reversed(earlier) if "value" in record), subject.last)
    record: dict[str, FieldValue] = {"date": str(entry.moment), subject.key: subject.name}
    if entry.value is not None:
        record["value"] = _value(workspace, subject, entry.value, last)
    if entry.confidence is not None:
        record["confidence"] = entry.confidence
    if entry.by:
        record["by"] = entry.by
    if entry.note and entry.note.strip():
        record["note"] = entry.note.strip()
    batch.subjects.append(subject)
    batch.records.append(record)


def _subject(workspace: Workspace, typed: str, cycle: str | None) -> _Subject:
    kpi = workspace.kpi(typed.removeprefix("kpis/"))
    if kpi is not None and (typed.startswith("kpis/") or not _names_key_result(workspace, typed, cycle)):
        return _kpi_subject(workspace, kpi)
    objective, key_result = select_key_result(workspace, typed, cycle)
    reference = key_result.reference
    if workspace.state(reference.cycle) is CycleState.CLOSED:
        raise OkrError(
            f"{reference.cycle} is closed: its check-ins are the record its grades were given on.",
            f"To go on, set `state: active` in {PLANS}/{reference.cycle}/cycle.yaml in a pull request.",
        )
    state = assess_one(workspace, objective)
    own = next(each for each in state.key_results if each.key_result is key_result)
    lines = [checkin.record for checkin in workspace.checkins(key_result)]
    logs = workspace.owner_logs(reference.cycle, reference.owner)
    path = logs[-1].path if logs else f"{LOGS}/{_folder(workspace, reference.cycle)}/{reference.owner}.yaml"
    within = [record for record in lines if record.source.path == path]
    return _Subject(
        str(reference), path, "kr", reference.within_log, key_result.title, own.unit, _whole(own.assessment.value),
        max(within, key=lambda record: record.position).source.data if within else None,
        key_result=key_result, state=state,
    )  # fmt: skip


def _kpi_subject(workspace: Workspace, kpi: Located[Kpi]) -> _Subject:
    definition = kpi.definition
    checkins = workspace.measurements(definition.id)
    counted = [each.record.definition.value for each in checkins if each.counts]
    last = next((value for value in reversed(counted) if value is not None), None)
    records = [each.record for each in checkins]
    after = max(records, key=lambda record: record.position).source.data if records else None
    return _Subject(
        f"kpis/{definition.id}", KPI_LOG, "kpi", definition.id, definition.name, definition.unit, last, after
    )


def _names_key_result(workspace: Workspace, typed: str, cycle: str | None) -> bool:
    try:
        select_key_result(workspace, typed, cycle)
    except UsageError:
        return False
    return True


def _folder(workspace: Workspace, cycle: str) -> str:
    """The folder that stands for a cycle below `checkins/`: the one its plans are in."""
    loaded = workspace.cycles.get(cycle)
    return loaded.folders[0] if loaded else cycle


def _value(workspace: Workspace, subject: _Subject, typed: str, last: float | str | None) -> FieldValue:
    if subject.key_result is None:
        return _amount(subject, read_quantity(typed, workspace.settings.language), last, negative=True)
    definition = subject.key_result.definition
    if definition.kind is MetricKind.KPI:
        raise UsageError(
            f"“{subject.title}” draws its numbers from the KPI {definition.kpi}: check the KPI in, and every key "
            "result that uses it moves.",
            f"okr checkin kpis/{definition.kpi} {typed}",
        )
    if definition.milestones is not None:
        return _milestone(subject, list(definition.milestones), typed)
    ends = (definition.start, definition.target, definition.at_least, definition.at_most, last)
    negative = any(isinstance(end, (int, float)) and end < 0 for end in ends)
    return _amount(subject, read_quantity(typed, workspace.settings.language), last, negative=negative)


def _milestone(subject: _Subject, ladder: list[str], typed: str) -> str:
    found = [name for name in ladder if name.casefold() == typed.strip().casefold()]
    if found:
        return found[0]
    near = nearest(typed, ladder, limit=1)
    meant = f"did you mean “{near[0]}”? " if near else ""
    raise UsageError(
        f"{quoted(typed)} is no milestone of “{subject.title}”.",
        f"{meant}Its milestones: {', '.join(ladder)}",
    )


def _amount(
    subject: _Subject, quantity: Quantity, last: float | str | None, *, negative: bool
) -> int | float:
    amount = quantity.amount
    if quantity.percent and subject.unit is not None and "%" not in subject.unit:
        raise UsageError(
            f"“{subject.title}” counts {subject.unit}, not a percentage.",
            f"Write the number of {subject.unit}.",
        )
    if quantity.percent and subject.unit is None:
        raise UsageError(
            f"“{subject.title}” has no unit that says what a percentage means.",
            f"Write the number itself: {amount} or {amount / 100}.",
        )
    if not quantity.change:
        return amount
    if amount < 0 and negative:
        raise UsageError(
            f"{amount} could be the value or a change of it: “{subject.title}” may go below zero.",
            f"Write ={amount} for the value; for a change, write what it comes to.",
        )
    if not isinstance(last, (int, float)):
        raise UsageError(
            f"“{subject.title}” has no value yet that {amount:+g} could change.", "Write the value itself."
        )
    return _exactly(last, amount)


def _exactly(last: float, change: float) -> int | float:
    """The sum as people reckon it: 0.1 and 0.2 make 0.3."""
    from decimal import Decimal

    total = Decimal(repr(last)) + Decimal(repr(change))
    return int(total) if total == total.to_integral_value() else float(total)


def _whole(value: float | str | None) -> float | str | None:
    """A whole number without a fraction of nought, as the log writes it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _changes(workspace: Workspace, batch: _Batch) -> list[LogChange]:
    by_path: dict[str, list[Addition]] = {}
    for subject, record in zip(batch.subjects, batch.records, strict=True):
        by_path.setdefault(subject.path, []).append(Addition(record, subject.after))
    changes = []
    for path, additions in by_path.items():
        document = workspace.document(path)
        before = document.content if document else None
        changes.append(LogChange(path, before, insert_records(document, path, additions)))
    return changes


def _judge(before: Workspace, after: Workspace, batch: _Batch) -> tuple[Diagnostic, ...]:
    """What the rules say of the logs that they did not say before; errors are refused."""
    from okr.rules.engine import diagnose_subjects

    logs = {subject.path: subject for subject in batch.subjects}.values()
    known = {_kind(each) for each in diagnose_subjects(before, _things(before, logs))}
    found = [each for each in diagnose_subjects(after, _things(after, logs)) if _kind(each) not in known]
    errors = [diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR]
    if errors:
        raise RefusedError(errors)
    return tuple(diagnostic for diagnostic in found if diagnostic.severity is Severity.WARNING)


def _kind(diagnostic: Diagnostic) -> tuple[str, str]:
    return (diagnostic.code, diagnostic.finding.message)


def _things(workspace: Workspace, subjects: Iterable[_Subject]) -> list[Log | Record]:
    things: list[Log | Record] = []
    for subject in subjects:
        for log in _logs_of(workspace, subject):
            things += [log, *log.records]
    return things


def _logs_of(workspace: Workspace, subject: _Subject) -> tuple[Log, ...]:
    if subject.key_result is None:
        return (workspace.kpi_log,) if workspace.kpi_log else ()
    reference = subject.key_result.reference
    return workspace.owner_logs(reference.cycle, reference.owner)


def _moved(after: Workspace, subject: _Subject, record: dict[str, FieldValue]) -> Moved:
    found = [
        each
        for log in _logs_of(after, subject)
        if log.path == subject.path
        for each in log.records
        if dict(each.source.data) == record
    ]
    state = None
    if subject.key_result is not None and subject.key_result.reference.parent is not None:
        objective = after.find(subject.key_result.reference.parent)
        state = assess_one(after, objective) if isinstance(objective, Objective) else None
    return Moved(
        subject.reference, subject.title, subject.unit, subject.path, found[-1].source.data.place.line, record,
        subject.last, subject.state, state,
    )  # fmt: skip


def _said(moved: Moved) -> Said:
    before, after = moved.key_result(moved.before), moved.key_result(moved.after)
    return Said(
        moved.reference,
        moved.fields,
        moved.unit,
        moved.value_before,
        None if before is None else before.assessment.confidence,
        None if before is None or not before.assessment.checkins else before.assessment.score,
        None if after is None else after.assessment.score,
    )


def _earlier(session: Session, changes: Sequence[LogChange]) -> list[tuple[str, dict[str, FieldValue]]]:
    """The records that are in the logs but in no commit, each with its reference."""
    found = []
    for change in changes:
        for record in uncommitted_records(session, change.path):
            fields = fields_of(record)
            # checkins/<cycle>/<owner>.yaml, or checkins/kpis.yaml
            parts = change.path.removeprefix(f"{LOGS}/").removesuffix(".yaml")
            found.append((f"{parts}/{fields.get('kr', fields.get('kpi', ''))}", fields))
    return found


def _require_readable(workspace: Workspace) -> None:
    if workspace.problems:
        from okr.rules.engine import reading_diagnostics

        raise RefusedError(reading_diagnostics(workspace))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _remedy(diagnostic: Diagnostic) -> str:
    from okr.rules.catalogue import rules_by_name

    return diagnostic.finding.hint or rules_by_name()[diagnostic.code].remedy
