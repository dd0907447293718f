"""`okr checkin`: values checked against the plan, one line each in the log, all of them in one commit.

Writing and committing is `committing.py`'s; reckoning how things stand is `assessing.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from okr.dataclass import dataclass, replace
from okr.diagnostics import Severity
from okr.documents import LocatedList
from okr.errors import OkrError
from okr.log_lines import Addition, insert_records
from okr.model import CycleState
from okr.operations.assessing import assess_one
from okr.operations.checkin.drafting import draft as drafted
from okr.operations.checkin.messages import Said, commit_message, trailer
from okr.operations.checkin.recording import (
    asking_of_commits,
    fields_of,
    logs_before,
    subject_of,
    uncommitted_records,
)
from okr.operations.checkin.slips import slip_in
from okr.operations.checkin.subjects import find_subject
from okr.operations.committing import FileChange, write_and_commit
from okr.patterns import pattern
from okr.references import nearest
from okr.sources import Overlay

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okr.contents import Log, Record
    from okr.diagnostics import Diagnostic
    from okr.log_lines import FieldValue
    from okr.operations.assessing import KeyResultState
    from okr.operations.checkin.drafting import Drafted, Entry
    from okr.operations.checkin.subjects import Subject
    from okr.operations.committing import Session
    from okr.repository import Commit
    from okr.sources import Files
    from okr.workspace import Workspace


_ORDINARY = pattern(r"(?:A|It|No|Nobody|Nothing|The|There|This|Your) ")


@dataclass(frozen=True, slots=True)
class Moved:
    """What a check-in moved.

    Attributes:
        subject: what it is about, as it stood before.
        path: the log that holds the new lines.
        line: the number of the last new line, from 1.
        records: the new records, in order: a retraction, a check-in, or the one and then the other.
        taken_back: the records that no longer count because of it.
        after: the subject as it stands now.
        drawn: where it is a KPI, the key results that draw on it, as they stood and as they stand.
    """

    subject: Subject
    path: str
    line: int
    records: tuple[dict[str, FieldValue], ...]
    taken_back: tuple[dict[str, FieldValue], ...]
    after: Subject
    drawn: tuple[tuple[KeyResultState, KeyResultState], ...] = ()

    @property
    def reference(self) -> str:
        """The key result, or the KPI as `kpis/<id>`."""
        return self.subject.reference

    @property
    def said(self) -> dict[str, FieldValue] | None:
        """The new check-in; None where one was only taken back."""
        last = self.records[-1]
        return None if "retracts" in last else last

    @property
    def is_latest(self) -> bool:
        """Whether the new check-in is the subject's latest, rather than one of an earlier day."""
        key = "value" if "value" in self.records[-1] else "confidence"
        speaking = [fields for each in self.after.counted if key in (fields := fields_of(each.source.data))]
        return bool(speaking) and speaking[-1] == self.records[-1]

    @property
    def before_and_after(self) -> tuple[KeyResultState, KeyResultState] | None:
        """The key result as it stood and as it stands; None for a KPI."""
        before, after = self.subject.own_state, self.after.own_state
        return None if before is None or after is None else (before, after)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of check-ins and retractions.

    Attributes:
        moved: what each of them moved, in their order.
        commit: the commit that holds them; None where nothing was committed.
        earlier: records found uncommitted in the same logs, which the commit holds as well.
        warnings: what the rules say of the new lines short of an error.
        message: the commit's message, without its trailers.
        written: whether anything was written; False for a dry run.
        remarks: what else a person should know, in sentences.
    """

    moved: tuple[Moved, ...]
    commit: Commit | None
    earlier: tuple[dict[str, FieldValue], ...]
    warnings: tuple[Diagnostic, ...]
    message: str
    written: bool
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one entry can't be recorded.

    Attributes:
        entry: which one, from 0; None where it is about none of them.
        message: what is wrong.
        remedy: how to mend it.
        code: the rule that says so; None where no rule does.
        exit_status: what the process ends with: 2 where what was typed is wrong.
    """

    entry: int | None
    message: str
    remedy: str | None
    code: str | None = None
    exit_status: int = 1


class RefusedError(OkrError):
    """Nothing was recorded, for reasons that stand in `refusals`."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        first = refusals[0]
        more = f" (And {len(refusals) - 1} more like it.)" if len(refusals) > 1 else ""
        super().__init__(f"Nothing was recorded: {_within(first.message).rstrip('.')}.{more}", first.remedy)
        self.refusals = tuple(refusals)
        self.exit_status = first.exit_status


def _within(message: str) -> str:
    """A message as it reads behind a colon; one that begins with somebody's name of something stays as it is."""
    return message[0].lower() + message[1:] if _ORDINARY.match(message) else message


class Opener(Protocol):
    """Opens the workspace, from other files than the working tree's where some are given."""

    def __call__(self, files: Files | None = None) -> Workspace:
        """The workspace as it is at the moment of the call."""
        ...


def check_in(
    session: Session,
    opener: Opener,
    entries: Sequence[Entry],
    *,
    dry_run: bool = False,
    cycle: str | None = None,
) -> Recorded:
    """Records check-ins: all of them, or none.

    Args:
        session: the lock on the logs; the workspace is read under it, so that it can't change meanwhile.
        opener: opens the workspace.
        entries: what to record.
        dry_run: say what would happen, and write nothing.
        cycle: the only cycle to look for key results in.

    Raises:
        RefusedError: an entry names nothing, its value can't be read, its cycle is closed, or the rules would
            report its line as an error; it names all such entries.
        OkrError: a log can't be read or written, or git refused the commit.
    """
    with asking_of_commits(session):
        workspace = opener()
        drafts: list[Drafted] = []
        refusals: list[Refusal] = []
        for index, entry in enumerate(entries):
            try:
                drafts.append(drafted(workspace, entry, index, drafts, cycle))
            except OkrError as error:
                refusals.append(Refusal(index, error.message, error.remedy, exit_status=error.exit_status))
        result = record(session, opener, workspace, drafts, refusals, dry_run=dry_run)
    language = workspace.settings.language
    slips = [slip_in(moved, language, recorded=result.written) for moved in result.moved]
    return replace(result, remarks=(*result.remarks, *(slip for slip in slips if slip is not None)))


def record(
    session: Session,
    opener: Opener,
    workspace: Workspace,
    drafts: Sequence[Drafted],
    refusals: Sequence[Refusal] = (),
    *,
    dry_run: bool = False,
) -> Recorded:
    """Judges drafts by the rules, writes them and commits them: all of them, or none.

    Args:
        session: the lock on the logs.
        opener: opens the workspace.
        workspace: the workspace that the drafts were made from.
        drafts: the records.
        refusals: what was refused while drafting; with any of these, nothing is written.
        dry_run: say what would happen, and write nothing.

    Raises:
        RefusedError: there are refusals, or the rules would report a line as an error.
        OkrError: a log can't be read or written, or git refused the commit.
    """
    require_readable(workspace)
    changes = _changes(workspace, drafts)
    with asking_of_commits(session, [change.path for change in changes]):
        changed = opener(Overlay(workspace.files, {change.path: change.after for change in changes}))
        warnings, judged = _judge(workspace, changed, drafts)
        if refusals or judged:
            raise RefusedError(
                sorted((*refusals, *judged), key=lambda each: -1 if each.entry is None else each.entry)
            )
        moved = tuple(_moved(workspace, changed, each) for each in drafts)
        earlier = _earlier(session, changes)
        message = commit_message([_said(each) for each in moved])
        result = Recorded(
            moved,
            None,
            tuple(fields for _, fields in earlier),
            warnings,
            message,
            False,
            _strangers(workspace, drafts),
        )
        if dry_run:
            return result
        new = [(each.reference, fields) for each in moved for fields in each.records]
        trailers = [trailer(reference, fields) for reference, fields in (*earlier, *new)]
        commit = write_and_commit(session, changes, message, trailers, logs_before(session, changes))
    remarks = (*result.remarks, *(commit.remarks if commit else ()))
    return replace(result, commit=commit, written=True, remarks=remarks)


def _changes(workspace: Workspace, drafts: Sequence[Drafted]) -> list[FileChange]:
    by_path: dict[str, list[Addition]] = {}
    for draft in drafts:
        additions = by_path.setdefault(draft.subject.path, [])
        additions += [Addition(fields, draft.subject.after) for fields in draft.records]
    changes = []
    for path, additions in by_path.items():
        document = workspace.document(path)
        before = document.content if document else None
        changes.append(FileChange(path, before, insert_records(document, path, additions)))
    return changes


def _judge(
    before: Workspace, after: Workspace, drafts: Sequence[Drafted]
) -> tuple[tuple[Diagnostic, ...], list[Refusal]]:
    """What the rules say of the logs that they did not say before: warnings, and errors as refusals."""
    from okr.rules.glance import finds_nothing

    subjects = {draft.subject.path: draft.subject for draft in drafts}.values()
    if all(finds_nothing(log, after) for each in subjects for log in _logs_of(after, each)):
        return (), []  # nearly always: then no rule need be imported
    from okr.rules.engine import diagnose_logs

    known = {_kind(each) for each in diagnose_logs(before, _things(before, subjects))}
    found = [each for each in diagnose_logs(after, _things(after, subjects)) if _kind(each) not in known]
    lines = {(draft.subject.path, _line(after, draft)): draft.entry for draft in drafts}
    refusals = [
        Refusal(
            lines.get((each.finding.path, each.finding.place.line)),
            each.finding.message,
            each.finding.hint or _remedy(each),
            each.code,
        )
        for each in found
        if each.severity is Severity.ERROR
    ]
    return tuple(each for each in found if each.severity is Severity.WARNING), refusals


def _kind(diagnostic: Diagnostic) -> tuple[str, str]:
    return (diagnostic.code, diagnostic.finding.message)


def _things(workspace: Workspace, subjects: Iterable[Subject]) -> list[Log | Record]:
    things: list[Log | Record] = []
    for subject in subjects:
        for log in _logs_of(workspace, subject):
            things += [log, *log.records]
    return things


def _logs_of(workspace: Workspace, subject: Subject) -> tuple[Log, ...]:
    if subject.key_result is None:
        return (workspace.kpi_log,) if workspace.kpi_log else ()
    reference = subject.key_result.reference
    return workspace.owner_logs(reference.cycle, reference.owner)


def _line(after: Workspace, draft: Drafted) -> int:
    """The number of the line that holds a draft's last record; the last such line where several say the same."""
    document = after.document(draft.subject.path)
    root = document.root if document else None
    lines = (
        [item.place.line for item in root if item == draft.records[-1]]
        if isinstance(root, LocatedList)
        else []
    )
    return lines[-1] if lines else 0


def _moved(before: Workspace, after: Workspace, draft: Drafted) -> Moved:
    subject = draft.subject
    return Moved(
        subject, subject.path, _line(after, draft), draft.records, draft.taken_back,
        find_subject(after, subject.reference, None), _drawn(before, after, subject),
    )  # fmt: skip


def _drawn(
    before: Workspace, after: Workspace, subject: Subject
) -> tuple[tuple[KeyResultState, KeyResultState], ...]:
    """The key results of running cycles that draw on a KPI, as they stood and as they stand."""
    if subject.key_result is not None:
        return ()
    running = [
        each
        for each in after.cycles.values()
        if each.span and each.span.contains(after.as_of) and each.facts.state is not CycleState.CLOSED
    ]
    found = []
    for plan in (plan for cycle in running for plan in after.plans(cycle.name)):
        for objective in plan.objectives:
            if any(_draws(after, each.definition.kpi, subject) for each in objective.key_results):
                states = zip(
                    assess_one(before, objective).key_results,
                    assess_one(after, objective).key_results,
                    strict=True,
                )
                found += [
                    pair for pair in states if _draws(after, pair[1].key_result.definition.kpi, subject)
                ]
    return tuple(found)


def _draws(workspace: Workspace, kpi: str | None, subject: Subject) -> bool:
    found = workspace.kpi(kpi) if kpi else None
    return found is not None and found.definition.id == subject.name


def _said(moved: Moved) -> Said:
    states = moved.before_and_after
    before, after = (states[0].assessment, states[1].assessment) if states else (None, None)
    return Said(
        reference=moved.reference,
        fields=moved.records[-1],
        unit=moved.subject.unit,
        taken_back=moved.taken_back,
        value_before=moved.subject.last,
        confidence_before=before.confidence if before else None,
        score_before=before.score if before and before.checkins else None,
        score_after=after.score if after else None,
        is_latest=moved.is_latest,
    )


def _earlier(session: Session, changes: Sequence[FileChange]) -> list[tuple[str, dict[str, FieldValue]]]:
    """The records that are in the logs but in no commit, each with its reference."""
    found = []
    for change in changes:
        for each in uncommitted_records(session, change.path):
            fields = fields_of(each)
            found.append((subject_of(change.path, fields), fields))
    return found


def _strangers(workspace: Workspace, drafts: Sequence[Drafted]) -> tuple[str, ...]:
    """A remark for each author of whom org.yaml, where it names people, knows nothing."""
    authors = dict.fromkeys(str(draft.records[-1]["by"]) for draft in drafts if "by" in draft.records[-1])
    strangers = [
        name
        for name in authors
        if workspace.names_people and not workspace.is_person(workspace.former_owners.get(name, name))
    ]
    near = {name: nearest(name, workspace.person_ids, limit=1) for name in strangers}
    return tuple(
        f"Nobody in org.yaml is called {name}."
        + (
            f" If you are {near[name][0]}, add your git e-mail address there, or say `--by {near[name][0]}`."
            if near[name]
            else ""
        )
        for name in strangers
    )


def require_readable(workspace: Workspace) -> None:
    """Refuses to record anything beside files that can't be read, among those read so far.

    Raises:
        RefusedError: there are such files.
    """
    if workspace.problems:
        from okr.rules.engine import reading_diagnostics

        raise RefusedError(
            [
                Refusal(
                    None,
                    f"{each.finding.path}:{each.finding.place.line}: {each.finding.message}",
                    _remedy(each),
                    each.code,
                )
                for each in reading_diagnostics(workspace)
            ]
        )


def _remedy(diagnostic: Diagnostic) -> str:
    from okr.rules.catalogue import rules_by_name

    return diagnostic.finding.hint or rules_by_name()[diagnostic.code].remedy
