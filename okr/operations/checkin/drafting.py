"""What somebody says, as the records it comes to: the value read, the date made one of its own.

Nothing is judged or written here: that is `checking_in.py`'s.
"""

from __future__ import annotations

from datetime import MINYEAR, UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError, UsageError
from okr.model import Moment
from okr.operations.checkin.recording import fields_of
from okr.operations.checkin.subjects import find_subject, read_value, refuse_closed
from okr.references import is_id, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from okr.contents import Record
    from okr.log_lines import FieldValue
    from okr.operations.checkin.subjects import Subject
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody says of a key result or a KPI, before it is checked.

    Attributes:
        subject: the reference, as typed.
        moment: when it was so.
        value: the value, as typed; a number where it was sent as one; None where only the confidence is said.
        confidence: how sure they are that the target will be reached, 0.0–1.0.
        note: in their words.
        by: who; None leaves it out.
        replaces: whether it corrects a check-in of theirs; what is left out is taken from that one.
        of: the date that was given, if any: where it corrects a check-in, that one's; None stands for their last.
        moment_is_given: whether the moment was said, rather than being now.
        by_is_given: whether the author was said, rather than known from git.
    """

    subject: str
    moment: Moment
    value: str | float | None = None
    confidence: float | None = None
    note: str | None = None
    by: str | None = None
    replaces: bool = False
    of: Moment | None = None
    moment_is_given: bool = False
    by_is_given: bool = False


@dataclass(frozen=True, slots=True)
class Drafted:
    """The records that one entry comes to, and what they take back, before they are judged and written."""

    entry: int
    subject: Subject
    records: tuple[dict[str, FieldValue], ...]
    taken_back: tuple[dict[str, FieldValue], ...] = ()


def draft(
    workspace: Workspace, entry: Entry, index: int, drafts: Sequence[Drafted], cycle: str | None
) -> Drafted:
    """The records that an entry comes to.

    Args:
        workspace: where its subject is.
        entry: what somebody says.
        index: which entry it is, from 0.
        drafts: those before it that are to be recorded with it.
        cycle: the only cycle to look for key results in.

    Raises:
        UsageError: it names nothing, its value can't be read, or nobody is called as its author.
        OkrError: its cycle is closed, there is nothing to correct, or the very check-in is recorded already.
    """
    if entry.by_is_given and entry.by is not None:
        _check_author(workspace, entry.by)
    subject = find_subject(workspace, entry.subject, cycle)
    same = [each for each in drafts if each.subject.reference == subject.reference]
    if entry.replaces:
        return _correction(workspace, entry, index, subject)
    fields = _fields(
        workspace, subject, entry, _last(subject, same), entry.value, entry.confidence, entry.note
    )
    _check_new(subject, fields, same, given=entry.moment_is_given)
    refuse_closed(workspace, subject, entry.moment)
    waiting = {str(record["date"]) for each in same for record in each.records}
    fields["date"] = str(free_moment(entry.moment, subject, waiting))
    return Drafted(index, subject, (fields,))


def free_moment(moment: Moment, subject: Subject, waiting: Collection[str] = ()) -> Moment:
    """The moment, or one a little later on the same day where the subject has a line that bears it already.

    A retraction takes back every record of exactly its date, so a new record must never bear the date of one
    that was taken back; and two records of one date could not be told apart.

    Args:
        moment: when it was so.
        subject: what it was so of.
        waiting: dates, as written, of records that are to be recorded together with it.

    Raises:
        OkrError: no second of that day is left.
    """
    taken = {record.definition.retracts or record.definition.date for record in subject.lines}
    if moment not in taken and str(moment) not in waiting:
        return moment
    of_that_day = [each.time for each in taken if each.day == moment.day and each.time is not None]
    midnight = _midnight(moment.day)
    start = moment.time or max((each for each in of_that_day if each.date() == moment.day), default=midnight)
    candidate = Moment(moment.day, start)
    while candidate in taken or str(candidate) in waiting:
        start += timedelta(seconds=1)
        if start.date() != moment.day:
            raise OkrError(
                f"{subject.reference} has check-ins up to the last second of {moment.day}.",
                "Give another time with --date.",
            )
        candidate = Moment(moment.day, start)
    return candidate


def _midnight(day: date) -> datetime:
    """A day's first second where people are: one elsewhere may lie behind what they check in during the day.

    Of the first year that there is Python can't tell the local time.
    """
    start = datetime.combine(day, time.min)
    return start.replace(tzinfo=UTC) if day.year == MINYEAR else start.astimezone()


def moment_beside(replaced: Record, subject: Subject) -> Moment:
    """The moment of what corrects a check-in: on its day, and before the next check-in of that day.

    Raises:
        OkrError: no second is left between the two.
    """
    moment = replaced.definition.date
    others = [each.definition.date for each in subject.counted if each.definition.date.order > moment.order]
    following = others[0] if others else None
    if following is None or following.time is None or following.day != moment.day:
        return free_moment(moment, subject)
    # What corrects a bare day has to come before any time of that day; of a time it is one of the next seconds.
    midnight = datetime.combine(moment.day, time.min, tzinfo=following.time.tzinfo)
    found = free_moment(Moment(moment.day, moment.time or midnight), subject)
    if found.order < following.order:
        return found
    raise OkrError(
        f"{subject.reference} has another check-in right after that of {moment}: a correction would count after it.",
        f"Take both back, `okr undo {subject.reference} --date {moment}` and `… --date {following}`, "
        "and record them anew in their order.",
    )


def of_date(subject: Subject, date: Moment) -> Record:
    """The check-in of a subject that was so at a date and still counts; a day stands for the only one of that day.

    Raises:
        UsageError: there is more than one of that day.
        OkrError: there is none, or it has been taken back.
    """
    exact = [each for each in subject.checkins if each.record.definition.date == date]
    same_day = [each for each in subject.checkins if each.record.definition.date.day == date.day]
    found = [each for each in exact if each.counts] or (same_day if date.time is None else exact)
    counted = [each.record for each in found if each.counts]
    if len({record.definition.date for record in counted}) > 1:
        times = ", ".join(str(record.definition.date) for record in counted)
        raise UsageError(
            f"{subject.reference} has more than one check-in of {date}.", f"Say which: --date {times}"
        )
    if counted:
        return counted[0]
    if found:
        raise OkrError(
            f"The check-in of {date} has been taken back already.", "`okr show` marks what no longer counts."
        )
    known = ", ".join(str(record.definition.date) for record in subject.counted[-5:])
    remedy = f"Its last ones are of {known}." if known else None
    raise OkrError(f"{subject.reference} has no check-in of {date}.", remedy)


def _correction(workspace: Workspace, entry: Entry, index: int, subject: Subject) -> Drafted:
    replaced = _own(subject, entry)
    refuse_closed(workspace, subject, replaced.definition.date)
    old = fields_of(replaced.source.data)
    if entry.value is None and entry.confidence is None and entry.note is None:
        raise UsageError(
            "A correction says what is to be corrected.", "Give the value, --confidence or --note."
        )
    fields = _fields(
        workspace,
        subject,
        entry,
        subject.last,
        old.get("value") if entry.value is None else entry.value,
        _number(old.get("confidence")) if entry.confidence is None else entry.confidence,
        str(old.get("note", "")) if entry.note is None else entry.note,
    )
    fields["date"] = str(moment_beside(replaced, subject))
    taking: dict[str, FieldValue] = {"date": str(entry.moment), subject.key: subject.name}
    taking["retracts"] = str(replaced.definition.date)
    if entry.by:
        taking["by"] = entry.by
    taken = [record for record in subject.counted if record.definition.date == replaced.definition.date]
    return Drafted(index, subject, (taking, fields), tuple(fields_of(record.source.data) for record in taken))


def _own(subject: Subject, entry: Entry) -> Record:
    """The check-in that a person corrects: their own, and the last one or the one of a date.

    Raises:
        OkrError: there is none, or it is somebody else's.
    """
    if not subject.counted:
        raise OkrError(
            f"{subject.reference} has no check-in that could be replaced.", "Record one without --replace."
        )
    last = subject.counted[-1] if entry.of is None else of_date(subject, entry.of)
    if last.definition.by != entry.by:
        whose = last.definition.by or "nobody named"
        which = "last check-in" if entry.of is None else "check-in"
        raise OkrError(
            f"The {which} of {subject.reference}, of {last.definition.date}, is by {whose}, not by {entry.by}.",
            f"`okr undo {subject.reference}` takes it back whoever made it; `--by {whose}` says you speak for them.",
        )
    return last


def _fields(
    workspace: Workspace,
    subject: Subject,
    entry: Entry,
    last: float | str | None,
    value: FieldValue | None,
    confidence: float | None,
    note: str | None,
) -> dict[str, FieldValue]:
    fields: dict[str, FieldValue] = {"date": str(entry.moment), subject.key: subject.name}
    if value is not None:
        fields["value"] = read_value(workspace, subject, value, last)
    if confidence is not None:
        fields["confidence"] = confidence
    if entry.by:
        fields["by"] = entry.by
    if note is not None and note.strip():
        fields["note"] = note.strip()
    return fields


def _last(subject: Subject, same: Sequence[Drafted]) -> float | str | None:
    """The subject's latest value, those of the same batch included."""
    records = (each.records[-1] for each in reversed(same))
    return next((record["value"] for record in records if "value" in record), subject.last)


def _check_new(
    subject: Subject, fields: dict[str, FieldValue], same: Sequence[Drafted], *, given: bool
) -> None:
    """Refuses the very check-in that is there already: the same file sent twice must not count twice."""
    there = [fields_of(record.source.data) for record in subject.counted]
    there += [record for each in same for record in each.records]
    if given and fields in there:
        raise OkrError(
            f"{subject.reference} has this very check-in of {fields['date']} already.", "Leave it out."
        )


def _check_author(workspace: Workspace, person: str) -> None:
    if workspace.is_person(workspace.former_owners.get(person, person)) or (
        not workspace.names_people and is_id(person)
    ):
        return
    people = [each.id for each in workspace.org.people]
    near = nearest(person, people, limit=1)
    known = f"Did you mean {near[0]}?" if near else f"Its people are {', '.join(people[:10])}."
    message = f"Nobody in org.yaml is called “{person}”." if people else f"“{person}” is no id."
    raise UsageError(message, known if people else "Use lower-case letters, digits and hyphens.")


def _number(value: FieldValue | None) -> float | None:
    return value if isinstance(value, (int, float)) else None
