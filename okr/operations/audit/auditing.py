"""Is the record trustworthy? What git's history says of each line of the logs and of each move of a target.

It reports; it judges nobody. Tracing is for `operations/record/tracing.py`, the plans' past for `operations/record/plan_history.py`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.diagnostics import Severity
from okr.errors import OkrError
from okr.git.history import signatures
from okr.git.messages import facts_of
from okr.operations.audit.closings import Closings
from okr.operations.audit.plans import PlanAudit
from okr.operations.audit.words import arrival_words, change_of, record_words, signature_words, who
from okr.operations.record.announced import Announcements
from okr.operations.record.authors import Authors
from okr.operations.record.plan_history import plan_commits_heard, plan_story
from okr.operations.record.recorded import committed, looking_at_logs, past_of, recorded
from okr.operations.record.tracing import Origin, trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from okr.git.history import CommitFacts
    from okr.operations.audit.closings import Arrival
    from okr.operations.record.announced import AnnouncedLog
    from okr.operations.record.listening import Listening
    from okr.operations.record.log_names import LogKey
    from okr.operations.record.log_records import LineRecord
    from okr.operations.record.plan_history import PlanStory
    from okr.operations.record.recorded import Committed, Line, LogLines, Past
    from okr.operations.record.tracing import Subject, Trace
    from okr.workspace import Workspace

LATE_AFTER = 7
"""Days between a check-in's date and its commit beyond which it is worth a remark."""
VERY_LATE_AFTER = 28
"""Days beyond which it is worth a warning: by then the outcome may have been known."""
AHEAD_AFTER = 1
"""Days that a date may be ahead of its commit: people live in other time zones than their servers."""


class Kind(StrEnum):
    """What a finding is about; the names are stable."""

    LINE_REMOVED = "line-removed"
    LINE_CHANGED = "line-changed"
    CLOSED_CYCLE_CHANGED = "closed-cycle-changed"
    CYCLE_REOPENED = "cycle-reopened"
    AFTER_CLOSING = "after-closing"
    UNSIGNED = "unsigned"
    OTHER_AUTHOR = "other-author"
    BY_MERGE = "by-merge"
    UNCOMMITTED = "uncommitted"
    DUPLICATE = "duplicate"
    TARGET_MOVED = "target-moved"
    BASELINE_MOVED = "baseline-moved"
    WEIGHT_MOVED = "weight-moved"
    DROPPED = "dropped"
    LATE = "late"
    AHEAD = "ahead"
    BY_HAND = "by-hand"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Something that whoever relies on the record should know.

    Attributes:
        kind: what it is about.
        severity: error, warning or info.
        message: what happened, in a sentence.
        path: the file, relative to the workspace's root; None where it is about no file.
        line: the line that it is about as the file is now; None where there is none.
        ref: the objective, key result or KPI, in full, where it is about one.
        commit: the commit that did it; None where none did.
    """

    kind: Kind
    severity: Severity
    message: str
    path: str | None = None
    line: int | None = None
    ref: str | None = None
    commit: CommitFacts | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found, the gravest first.

    Attributes:
        findings: what was found.
        lines: how many lines of logs were looked at.
        logs: in how many logs.
        commits: how many commits were read.
        since: the commit after which was looked, in full; None for all.
    """

    findings: tuple[AuditFinding, ...]
    lines: int
    logs: int
    commits: int
    since: str | None

    @property
    def counts(self) -> Counter[Severity]:
        """How many findings of each severity."""
        return Counter(finding.severity for finding in self.findings)


def audit(
    workspace: Workspace,
    heard: Listening | None,
    *,
    require_signed: bool = False,
    every_commit: bool = False,
    hold: Callable[[object], object] = id,
) -> Audit:
    """Audits a workspace.

    Args:
        workspace: in the working tree of a repository.
        heard: the commits that are looked at, as git tells them; None where the workspace is in no repository.
        require_signed: verify the signatures of all commits that brought lines or moved plans.
        every_commit: compare what each commit changed, rather than believe the messages where all fits.
        hold: is given all that was read, and may keep it: to take that apart takes long.

    Raises:
        OkrError: there is no repository, its history is cut off, or git refuses to work.
    """
    past = past_of(workspace, heard)
    if past is None or heard is None:
        raise OkrError(
            f"{workspace.name} is in no git repository, so there is no history to audit.",
            "`git init` makes one; `okr log` shows the check-ins without it.",
        )
    if past.shallow:
        raise OkrError(
            "This clone is shallow: who brought the older lines, and what became of them, can't be known here.",
            "`git fetch --unshallow` brings the rest of the history.",
        )
    with looking_at_logs(past):
        lines = recorded(workspace, lambda _: True, in_columns=True)
        at_head = committed(past, lines, lambda _: True)
    traced, story, start = None, None, heard.since
    if heard.messages is not None:
        authors = Authors(workspace)
        quick = None
        if start is None and not require_signed and not every_commit:
            same = {key: each for key, each in lines.items() if key not in at_head.changed}
            quick = Announcements(same, past.names.present, authors.person, compare_days=True)
            hold(quick)
        traced = trace(
            past.repo, past.names, at_head.logs, since=start, every_commit=every_commit,
            fits=authors.made, heard=heard.messages, announcements=quick,
        )  # fmt: skip
        commits = plan_commits_heard(past, heard.messages, start, traced.plans_merged)
        if commits:
            story = plan_story(past.repo, past.names, commits, lambda _: True, beginnings=False)
    heads = heard.messages.heads if heard.messages else ()
    auditing = _Auditing(workspace, past, lines, at_head, traced, story, start, heads)
    hold(auditing)
    found = list(auditing.findings())
    if require_signed:
        found += auditing.unsigned()
    found.sort(key=_sort_key)
    return Audit(
        tuple(found), sum(map(len, lines.values())), sum(1 for each in lines.values() if each),
        traced.commits if traced else 0, start,
    )  # fmt: skip


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2, Severity.OFF: 3}
_KINDS = {kind: place for place, kind in enumerate(Kind)}


def _sort_key(finding: AuditFinding) -> tuple[int, int, int, str, int, str]:
    time = 0 if finding.commit is None else -finding.commit.time
    place = finding.path or "", finding.line or 0, finding.message
    return _RANKS[finding.severity], _KINDS[finding.kind], time, *place


class _Auditing:
    """What is known when the reading is done, and the checks, each a generator of findings."""

    def __init__(
        self,
        workspace: Workspace,
        past: Past,
        lines: Mapping[LogKey, LogLines],
        at_head: Committed,
        traced: Trace | None,
        story: PlanStory | None,
        since: str | None,
        heads: Sequence[bytes],
    ) -> None:
        self.workspace = workspace
        self.past = past
        self.lines = lines
        self.at_head = at_head
        self.origins: Mapping[Subject, Origin] = traced.origins if traced else {}
        self.settled: Mapping[LogKey, AnnouncedLog] = traced.settled if traced else {}
        self.thorough = {key: each for key, each in lines.items() if key not in self.settled}
        self.traced = traced
        self.story = story
        self.since = since
        self.plans = PlanAudit(workspace, past, lines, story, since)
        self.closings = Closings(workspace, self.plans.closures, heads)

    def findings(self) -> Iterator[AuditFinding]:
        """Everything but signatures."""
        yield from self._removed()
        yield from self._uncommitted()
        yield from self._duplicates()
        yield from self._origins()
        for change in self.plans.findings():
            yield AuditFinding(
                Kind(change.kind),
                change.severity,
                change.message,
                change.path,
                None,
                change.ref,
                change.commit,
            )
        unreadable = [*(self.traced.unreadable if self.traced else ())]
        unreadable += self.story.unreadable if self.story else ()
        for commit, path in unreadable:
            message = f"{path} could not be read as {who(commit)} committed it on {commit.day}."
            yield AuditFinding(Kind.UNREADABLE, Severity.WARNING, message, path, commit=commit)

    def unsigned(self) -> Iterator[AuditFinding]:
        """The commits without a good signature among those that brought lines or changed plans."""
        commits = {origin.commit.id: origin.commit for origin in self.origins.values()}
        commits |= {event.commit.id: event.commit for event in (self.story.events if self.story else ())}
        found = signatures(self.past.repo, list(commits))
        for id_, commit in commits.items():
            letter, _ = found.get(id_, ("N", ""))
            if letter != "G":
                severity = Severity.WARNING if letter in {"U", "X", "Y"} else Severity.ERROR
                message = f"A commit of {who(commit)} of {commit.day} {signature_words(letter)}."
                yield AuditFinding(Kind.UNSIGNED, severity, message, commit=commit)

    # Lines

    def _removed(self) -> Iterator[AuditFinding]:
        for removal in self.traced.removals if self.traced else ():
            subject, commit = self._ref(removal.key, removal.record), removal.commit
            said = f"The {record_words(removal.record, subject)}"
            if removal.replaced_by is None:
                message = f"{said} was removed by {who(commit)} on {commit.day}."
                yield AuditFinding(
                    Kind.LINE_REMOVED, Severity.ERROR, message, removal.path, None, subject, commit
                )
            else:
                difference = change_of(removal.record, removal.replaced_by)
                message = f"{said} was changed by {who(commit)} on {commit.day}: {difference}."
                line = self._line_of(removal.key, removal.replaced_by)
                path = line.path if line else removal.path
                yield AuditFinding(
                    Kind.LINE_CHANGED,
                    Severity.ERROR,
                    message,
                    path,
                    line.number if line else None,
                    subject,
                    commit,
                )

    def _uncommitted(self) -> Iterator[AuditFinding]:
        replaced: set[Line] = set()
        for key, path, record in self.at_head.taken_away:
            subject = self._ref(key, record)
            instead = next(
                (
                    line
                    for line in self.at_head.not_committed
                    if line.path == path
                    and (line.record.subject, line.record.date) == (record.subject, record.date)
                ),
                None,
            )
            said = f"The {record_words(record, subject)}"
            if instead is None:
                message = f"{said} was removed, and that is not committed yet."
                yield AuditFinding(Kind.LINE_REMOVED, Severity.ERROR, message, path, None, subject)
            else:
                replaced.add(instead)
                difference = change_of(record, instead.record)
                message = f"{said} was changed, and that is not committed yet: {difference}."
                yield AuditFinding(Kind.LINE_CHANGED, Severity.ERROR, message, path, instead.number, subject)
        for key, line in self._not_in_history():
            if line not in replaced:
                subject = self._ref(key, line.record)
                message = f"The {record_words(line.record, subject)} is recorded but not committed."
                yield AuditFinding(
                    Kind.UNCOMMITTED, Severity.WARNING, message, line.path, line.number, subject
                )

    def _not_in_history(self) -> Iterator[tuple[LogKey, Line]]:
        """Lines that no commit has: of changed files, and of logs that git was told to ignore."""
        new = self.at_head.not_committed
        if not new and len(self.origins) == sum(map(len, self.thorough.values())):
            return
        for key, lines in self.thorough.items():
            for line in lines:
                if line in new or (self.since is None and (key, line.record) not in self.origins):
                    yield key, line

    def _duplicates(self) -> Iterator[AuditFinding]:
        for key, lines in self.thorough.items():
            dates = [
                (line.record.subject, line.record.date) for line in lines if line.record.retracts is None
            ]
            if len(set(dates)) == len(dates):
                continue
            taken_back = {
                (line.record.subject, line.record.retracts) for line in lines if line.record.retracts
            }
            groups: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
            for line in lines:
                said = (line.record.subject, line.record.date)
                if line.record.retracts is None and said not in taken_back:
                    groups[said].append(line)
            for first, *others in groups.values():
                for line in others:
                    if self.since is None or (key, line.record) in self.origins:
                        yield self._duplicate(key, first, line)

    def _duplicate(self, key: LogKey, first: Line, second: Line) -> AuditFinding:
        subject = self._ref(key, second.record)
        same = (
            "The same line stands" if first.record == second.record else "Another one of the same date stands"
        )
        message = f"The {record_words(second.record, subject)} is not the only one: {same[0].lower()}{same[1:]} on line {first.number} of {first.path}."
        return AuditFinding(Kind.DUPLICATE, Severity.WARNING, message, second.path, second.number, subject)

    def _origins(self) -> Iterator[AuditFinding]:
        """What is notable about how lines came in: one finding for each kind, commit and log."""
        groups: defaultdict[tuple[Kind, CommitFacts, LogKey], list[Line]] = defaultdict(list)
        made = Authors(self.workspace).made
        brought: defaultdict[LogKey, list[tuple[Line, CommitFacts]]] = defaultdict(list)
        for key, line, origin in self._known_origins():
            record, commit = line.record, origin.commit
            if record.by is not None and not made(commit, record):
                groups[Kind.OTHER_AUTHOR, commit, key].append(line)
            if commit.day != record.date[:10]:
                days = _days_late(line, commit)
                if days > LATE_AFTER or days < -AHEAD_AFTER:
                    groups[Kind.LATE if days > 0 else Kind.AHEAD, commit, key].append(line)
            if not origin.announced:
                groups[Kind.BY_MERGE if commit.is_merge else Kind.BY_HAND, commit, key].append(line)
            if self.closings.concern(key):
                brought[key].append((line, commit))
        for (kind, commit, key), found in groups.items():
            subject = self._ref(key, found[0].record)
            severity, message = _about_origin(kind, commit, found, subject)
            yield AuditFinding(kind, severity, message, found[0].path, found[0].number, subject, commit)
        for key, theirs in brought.items():
            for arrival in self.closings.arrivals(key, theirs, self.lines[key]):
                yield self._arrived(key, arrival)

    def _arrived(self, key: LogKey, arrival: Arrival) -> AuditFinding:
        first = arrival.lines[0]
        subject = self._ref(key, first.record)
        kind = Kind.AFTER_CLOSING
        if arrival.made_after and not arrival.taken_back:
            kind = Kind.CLOSED_CYCLE_CHANGED
        severity = Severity.ERROR if kind is Kind.CLOSED_CYCLE_CHANGED else Severity.WARNING
        message = arrival_words(arrival, _subject_of(arrival.lines, subject))
        return AuditFinding(kind, severity, message, first.path, first.number, subject, arrival.commit)

    def _known_origins(self) -> Iterator[tuple[LogKey, Line, Origin]]:
        """Lines with the commits that brought them; those of settled logs only where anything may be notable."""
        for key, lines in self.lines.items():
            if key in self.settled:
                yield from self._notable(key, lines, self.settled[key])
                continue
            for line in lines:
                origin = self.origins.get((key, line.record))
                if origin is not None:
                    yield key, line, origin

    def _notable(
        self, key: LogKey, lines: Sequence[Line], log: AnnouncedLog
    ) -> Iterator[tuple[LogKey, Line, Origin]]:
        notable = [(at, row, True) for at, row in log.other_days()]
        notable += [(at, row, False) for at, row in log.by_hand.items()]
        if self.closings.concern(key):
            over = self.closings.over
            notable += [
                found for found in log.origins() if over(key, found[1][0].partition(b" ")[0].decode())
            ]
        for at, row, announced in sorted({each[0]: each for each in notable}.values(), key=itemgetter(0)):
            yield key, lines[at], Origin(facts_of(row), announced)

    # Helps

    def _ref(self, key: LogKey, record: LineRecord) -> str:
        return f"{key.cycle}/{key.owner}/{record.subject}" if key.cycle else record.subject

    def _line_of(self, key: LogKey, record: LineRecord) -> Line | None:
        return next((line for line in self.lines.get(key, ()) if line.record == record), None)


def _days_late(line: Line, commit: CommitFacts) -> int:
    """Days from a line's date to its commit; negative where the date is ahead."""
    return date.fromisoformat(commit.day).toordinal() - date.fromisoformat(line.record.day).toordinal()


def _apart(lines: Sequence[Line], most: int) -> str:
    """So many days, or so many and less where the lines are of several days."""
    days = f"{most} days"
    return days if len({line.record.day for line in lines}) == 1 else f"{days} and less"


def _subject_of(lines: Sequence[Line], first: str) -> str:
    """Some lines, the first of them about what is given, as the subject of a sentence."""
    what = record_words(lines[0].record, first)
    return f"The {what}" if len(lines) == 1 else f"{len(lines)} lines, the first of them the {what},"


def _about_origin(kind: Kind, commit: CommitFacts, lines: Sequence[Line], first: str) -> tuple[Severity, str]:
    """How much it weighs how some lines came in, and the sentence that says it."""
    one, what = len(lines) == 1, _subject_of(lines, first)
    were, them, its = ("was", "it", "its date") if one else ("were", "them", "their dates")
    by, day = who(commit), commit.day
    match kind:
        case Kind.OTHER_AUTHOR:
            said = "says it is" if one else "say they are"
            names = ", ".join(dict.fromkeys(line.record.by or "" for line in lines))
            return Severity.WARNING, f"{what} {said} by {names}, and {were} committed by {by}."
        case Kind.LATE:
            most = max(_days_late(line, commit) for line in lines)
            severity = Severity.WARNING if most > VERY_LATE_AFTER else Severity.INFO
            return severity, f"{what} {were} committed {_apart(lines, most)} after {its}, on {day}."
        case Kind.AHEAD:
            most = max(-_days_late(line, commit) for line in lines)
            return Severity.WARNING, f"{what} {were} committed {_apart(lines, most)} before {its}, on {day}."
        case Kind.BY_MERGE:
            has = f"no merged branch has {them}"
            return Severity.WARNING, f"{what} {were} added by {by} while merging on {day}: {has}."
        case _:
            naming = f"the message of the commit by {by} on {day} does not name {them}"
            return Severity.INFO, f"{what} {were} added by hand: {naming}."
