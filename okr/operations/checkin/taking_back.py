"""`okr undo`: check-ins taken back by lines that say so. The log only grows, and history is never rewritten."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from okr.dataclass import replace
from okr.errors import OkrError, UsageError
from okr.operations.checkin.checking_in import record, require_readable
from okr.operations.checkin.drafting import Drafted, of_date
from okr.operations.checkin.recording import fields_of, records_added_by, subject_of, uncommitted_records
from okr.operations.checkin.subjects import find_subject, refuse_closed
from okr.quantities import plain_number
from okr.workspace import LOGS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from okr.contents import Record
    from okr.log_lines import FieldValue
    from okr.model import Moment
    from okr.operations.checkin.checking_in import Opener, Recorded
    from okr.operations.checkin.subjects import Subject
    from okr.operations.committing import Session
    from okr.workspace import Workspace


_WHOLE_ID = 40
"""The length of a commit's id when nothing is left out."""


def take_back(
    session: Session,
    opener: Opener,
    reference: str,
    *,
    said: Moment,
    of: Moment | None = None,
    by: str | None = None,
    note: str | None = None,
    cycle: str | None = None,
    dry_run: bool = False,
) -> Recorded:
    """Takes back the last check-in of a key result or KPI, or the one of a date.

    Args:
        session: the lock on the logs.
        opener: opens the workspace.
        reference: the key result or KPI, as typed.
        said: when it is taken back.
        of: the date of the check-in; a day stands for the only check-in of that day. None means the last one.
        by: who takes it back.
        note: why, in their words.
        cycle: the only cycle to look for the key result in.
        dry_run: say what would happen, and write nothing.

    Raises:
        OkrError: there is no such check-in, or it has been taken back already.
    """
    workspace = opener()
    subject = find_subject(workspace, reference, cycle)
    require_readable(workspace)
    if of is None and not subject.counted:
        remedy = f"`okr log {subject.reference}` tells what was taken back." if subject.checkins else None
        raise OkrError(f"{subject.reference} has no check-in that could be taken back.", remedy)
    target = subject.counted[-1] if of is None else of_date(subject, of)
    refuse_closed(workspace, subject, target.definition.date)
    drafts = [_draft(0, subject, [target], said, by, note)]
    return _with_remarks(record(session, opener, workspace, drafts, dry_run=dry_run), [(subject, [target])])


def take_back_commit(
    session: Session,
    opener: Opener,
    revision: str,
    *,
    said: Moment,
    by: str | None = None,
    note: str | None = None,
    named: bool = True,
    dry_run: bool = False,
) -> Recorded:
    """Takes back every check-in that a commit recorded and that still counts.

    Args:
        session: the lock on the logs.
        opener: opens the workspace.
        revision: the commit.
        said: when it is taken back.
        by: who takes it back.
        note: why, in their words.
        named: whether the person named this commit; else one with check-ins of several people may not be meant.
        dry_run: say what would happen, and write nothing.

    Raises:
        OkrError: there is no such commit, it recorded no check-in, or all of them have been taken back; or it was not
            named, and has check-ins of several people.
    """
    workspace = opener()
    added = records_added_by(session, revision)
    if len(revision) == _WHOLE_ID:
        revision = revision[:7]  # as git and `okr log` show it
    if not added:
        raise OkrError(
            f"{revision} recorded no check-in.", "`okr log` lists the check-ins with their commits."
        )
    if all("retracts" in fields for _, fields in added):
        raise OkrError(
            f"{revision} recorded no check-in: it took back what another had.",
            "To have that again, record it anew; `okr log` shows it.",
        )
    found: dict[str, tuple[Subject, list[Record]]] = {}
    for path, fields in added:
        if "retracts" in fields or fields.keys().isdisjoint({"kr", "kpi"}):
            continue
        subject = find_subject(workspace, subject_of(path, fields), None)
        records = found.setdefault(subject.reference, (subject, []))[1]
        records += [
            each for each in subject.counted if fields_of(each.source.data) == fields and each not in records
        ]
    require_readable(workspace)
    _refuse_others(revision, found.values(), named=named)
    for subject, records in found.values():
        for each in records:
            refuse_closed(workspace, subject, each.definition.date)
    drafts = [
        _draft(index, subject, records, said, by, note)
        for index, (subject, records) in enumerate(found.values())
        if records
    ]
    if not drafts:
        if _waits(session, {path for path, _ in added}):
            raise OkrError(
                f"All that {revision} recorded has been taken back already, but no commit holds that yet.",
                "`okr checkin --commit-pending` commits it.",
            )
        raise OkrError(
            f"All that {revision} recorded has been taken back already.",
            "`okr undo COMMIT` takes back what an earlier one did; `okr log` shows which there are.",
        )
    return _with_remarks(record(session, opener, workspace, drafts, dry_run=dry_run), found.values())


def _waits(session: Session, paths: Iterable[str]) -> bool:
    """Whether one of these logs takes something back by a line that was not committed, as where that was cut off."""
    waiting = (record for path in paths for record in uncommitted_records(session, path))
    return any("retracts" in fields_of(record) for record in waiting)


def last_commit_of(session: Session, workspace: Workspace) -> str:
    """The last commit of the person at the keyboard that recorded check-ins, by its id.

    Raises:
        OkrError: there is none among the last commits, or there is no repository.
    """
    from okr.git.lines import latest_commits
    from okr.repository import identity

    if session.repository is None:
        raise UsageError("Without a repository okr can't tell your last check-in.", "Name the key result.")
    mine = identity(session.repository)
    folder = session.root / LOGS
    for commit in latest_commits(session.repository, folder, email=mine.email) if mine else ():
        if any("retracts" not in fields for _, fields in records_added_by(session, commit)):
            return commit
    raise OkrError(
        "None of your last commits recorded a check-in.",
        f"Name the key result: `okr undo REF`. `okr log` lists the check-ins of {workspace.name}.",
    )


def _draft(
    index: int, subject: Subject, targets: Iterable[Record], said: Moment, by: str | None, note: str | None
) -> Drafted:
    dates = dict.fromkeys(target.definition.date for target in targets)
    records: list[dict[str, FieldValue]] = []
    for date in dates:
        fields: dict[str, FieldValue] = {"date": str(said), subject.key: subject.name, "retracts": str(date)}
        fields |= {key: text for key, text in (("by", by), ("note", (note or "").strip())) if text}
        records.append(fields)
    # A retraction takes back every record of exactly its date, so all of them are named.
    taken = [fields_of(each.source.data) for each in subject.counted if each.definition.date in dates]
    return Drafted(index, subject, tuple(records), tuple(taken))


def _refuse_others(revision: str, found: Collection[tuple[Subject, list[Record]]], *, named: bool) -> None:
    """Refuses to take back what another commit recorded: a retraction takes back every record of its date."""
    if not named:
        _refuse_several_people(revision, found)
    for subject, records in found:
        dates = {record.definition.date for record in records}
        if any(each.definition.date in dates and each not in records for each in subject.counted):
            date = records[0].definition.date
            raise OkrError(
                f"{subject.reference} has another check-in of {date}, which {revision} did not record.",
                f"`okr undo {subject.reference} --date {date}` takes back all of that date.",
            )


def _refuse_several_people(revision: str, found: Iterable[tuple[Subject, list[Record]]]) -> None:
    """Refuses to take back the work of others as well, such as what a squashed pull request brought, unless asked to."""
    people = sorted({each.definition.by for _, records in found for each in records if each.definition.by})
    if len(people) > 1:
        raise OkrError(
            f"Your last check-in commit, {revision}, has check-ins of {len(people)} people: {', '.join(people)}.",
            f"`okr undo REF` takes back one of a key result, `okr undo {revision}` all that the commit recorded.",
        )


def _with_remarks(result: Recorded, taken: Iterable[tuple[Subject, list[Record]]]) -> Recorded:
    """With a word on what came in place of another check-in: that one is not back."""
    remarks = [
        f"What {subject.reference} had before it stays taken back, and counts only if it is recorded anew: `okr checkin {subject.reference} {_as_typed(old)} --date {old.definition.date}`."
        for subject, records in taken
        for each in records
        for old in _stood_before(subject, each)
    ]
    return replace(result, remarks=(*result.remarks, *remarks))


def _stood_before(subject: Subject, record: Record) -> list[Record]:
    """What was taken back in favour of a check-in: `okr checkin --replace` says so in the line above it."""
    place = subject.lines.index(record)
    above = subject.lines[place - 1].definition if place else None
    if above is None or above.retracts is None or above.by != record.definition.by:
        return []
    return [
        each.record
        for each in subject.checkins
        if each.record.definition.date == above.retracts and above.retracts.day == record.definition.date.day
    ]


def _as_typed(record: Record) -> str:
    """A check-in's value and confidence as they are typed behind its reference."""
    said = fields_of(record.source.data)
    value, confidence = said.get("value"), said.get("confidence")
    below_zero = isinstance(value, (int, float)) and value < 0
    parts = [] if value is None else [f"={_written(value)}" if below_zero else _written(value)]
    return " ".join([*parts, *(["-c", _written(confidence)] if confidence is not None else [])])


def _written(value: FieldValue) -> str:
    return shlex.quote(value) if isinstance(value, str) else plain_number(value)
