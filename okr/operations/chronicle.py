"""The story of a key result, an objective, an owner or the whole workspace: check-ins and changes of plans.

Check-ins are read from the files, which say everything; git adds who committed them, and how plans have changed.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from okr.operations.chronicle_scope import scope_of
from okr.operations.plan_history import plan_commits, plan_story
from okr.operations.recorded import committed, past_of, recorded, revision_or_day
from okr.operations.subject_lines import by_subject
from okr.operations.tracing import trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from okr.operations.chronicle_scope import Scope
    from okr.operations.log_records import LineRecord
    from okr.operations.plan_history import Change, PlanEvent, PlanStory
    from okr.operations.recorded import Line, Past
    from okr.operations.subject_lines import SubjectLines
    from okr.operations.tracing import Origin, Subject
    from okr.repository import Repository
    from okr.repository_history import CommitFacts
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wish:
    """What of the story is asked for.

    Attributes:
        reference: an owner, objective, key result, or `kpis/ID`; None for the whole workspace.
        cycle: only this cycle, by any of its names.
        since: a day, or a revision after which it was committed; None for everything.
        author: a part of a name, an address or an id.
        checkins: whether check-ins and their retractions are told.
        plan: whether changes of plans and cycles are told.
        most: how many entries at most; None for all.
    """

    reference: str | None = None
    cycle: str | None = None
    since: str | None = None
    author: str | None = None
    checkins: bool = True
    plan: bool = True
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened.

    Attributes:
        day: when, as its author wrote it.
        time: the time of that day, where it is known.
        commit: the commit that brought it; None where none did, or none is known.
        committed: False for what stands in the files only; None where that can't be known.
    """

    day: str
    time: datetime | None
    commit: CommitFacts | None
    committed: bool | None


@dataclass(frozen=True, slots=True)
class CheckInTold(Entry):
    """A check-in.

    Attributes:
        reference: of the key result, in full, or `kpis/ID`; as the log says it where no plan has it.
        title: of the key result, or the KPI's name; None where no plan has it.
        unit: what its numbers count.
        line: the record and its place.
        value_before: the value before it that counts, where there is one.
        score: the key result's score after it, from 0.0 to 1.0; None where it takes no part in one.
        score_before: the score before it.
        retracted_by: the record that took it back; then it counts nowhere.
    """

    reference: str
    title: str | None
    unit: str | None
    line: Line
    value_before: float | str | None
    score: float | None
    score_before: float | None
    retracted_by: LineRecord | None


@dataclass(frozen=True, slots=True)
class RetractionTold(Entry):
    """A line that takes check-ins back."""

    reference: str
    title: str | None
    line: Line


@dataclass(frozen=True, slots=True)
class PlanTold(Entry):
    """What one commit changed in one plan."""

    event: PlanEvent
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Chronicle:
    """A story, the newest first.

    Attributes:
        tell: gives the entries one by one; scores are reckoned on the way.
        count: how many there are.
        reference: of what it is the story, in full; None for the whole workspace.
        cycle: the only cycle that is told of, or None.
        repository: where it comes from, or None.
        git: whether there was a repository with commits to ask.
        shallow: whether history is cut off.
        unreadable: commits in which a file could not be read, with the file.
    """

    tell: Callable[[], Iterator[Entry]]
    count: int
    reference: str | None
    cycle: str | None
    repository: Repository | None
    git: bool
    shallow: bool
    unreadable: tuple[tuple[CommitFacts, str], ...]


class _Pending(NamedTuple):
    """An entry before it is worked out: enough of it to choose and to sort."""

    order: tuple[str, float, int]
    commit: CommitFacts | None
    committed: bool | None
    by: str
    tell: Callable[[], Entry]


def chronicle(workspace: Workspace, wish: Wish) -> Chronicle:
    """Puts the story together.

    Raises:
        UsageError: the reference names nothing or several things, or `since` is neither day nor revision.
        OkrError: there is no such cycle, or git refuses to work.
    """
    scope = scope_of(workspace, wish.reference, wish.cycle)
    past = past_of(workspace)
    git = past if past is not None and not past.empty else None
    since = None if wish.since is None else revision_or_day(past, wish.since)
    after = since if since is not None and "-" not in since else None  # a commit's id has no hyphen
    pending: list[_Pending] = []
    unreadable: tuple[tuple[CommitFacts, str], ...] = ()
    with ThreadPoolExecutor(1) as pool:  # git looks for the plans' commits while we read the messages
        commits = pool.submit(plan_commits, git.repo, git.names, after) if git and wish.plan else None
        if wish.checkins:
            pending += _checkins(workspace, scope, past, after)
        if git and commits:
            story = plan_story(git.repo, git.names, commits.result(), scope.plan_matters)
            unreadable = story.unreadable
            pending += _plan_changes(scope, story)
    if after is not None:
        pending = [each for each in pending if each.commit or each.committed is False]
    elif since is not None:
        pending = [each for each in pending if each.order[0] >= since]
    if wish.author:
        pending = [each for each in pending if _is_by(workspace, each, wish.author.casefold())]
    pending.sort(key=lambda each: each.order, reverse=True)
    chosen = pending[: wish.most]
    return Chronicle(
        lambda: (each.tell() for each in chosen), len(chosen), scope.reference, scope.cycle,
        past.repo if past else None, git is not None,
        past is not None and past.shallow, unreadable,
    )  # fmt: skip


def _checkins(workspace: Workspace, scope: Scope, past: Past | None, after: str | None) -> list[_Pending]:
    logs = recorded(workspace, scope.log_matters)
    origins: Mapping[Subject, Origin] = {}
    new: frozenset[Line] = frozenset()
    if past is not None:
        at_head = committed(past, logs, scope.log_matters)
        new = at_head.not_committed
        if not past.empty:
            only = not scope.whole
            origins = trace(past.repo, past.names, at_head.logs, only_these=only, since=after).origins
    found: list[_Pending] = []
    for subject in by_subject(workspace, logs, scope):
        for at, (order, key, line) in enumerate(subject.lines):
            origin = origins.get((key, line.record)) if line not in new else None
            commit = origin.commit if origin else None
            known = None if past is None else line not in new
            tell = partial(_told, subject, at, commit, known)
            found.append(_Pending(order, commit, known, line.record.by or "", tell))
    return found


def _told(subject: SubjectLines, at: int, commit: CommitFacts | None, known: bool | None) -> Entry:
    line = subject.lines[at][2]
    time = datetime.fromisoformat(line.record.date) if len(line.record.date) > len("2026-11-23") else None
    basis = (line.record.day, time, commit, known)
    if line.record.retracts is not None:
        return RetractionTold(*basis, subject.reference, subject.title, line)
    taken_back = subject.retraction_of(line.record)
    standing = subject.standing(at) if taken_back is None else None
    return CheckInTold(
        *basis, subject.reference, subject.title, subject.unit, line,
        standing.value_before if standing else None, standing.score if standing else None,
        standing.score_before if standing else None, taken_back,
    )  # fmt: skip


def _plan_changes(scope: Scope, story: PlanStory) -> list[_Pending]:
    found: list[_Pending] = []
    for number, event in enumerate(reversed(story.events)):
        changes = tuple(change for change in event.changes if scope.change_matters(event.key, change))
        if changes:
            commit = event.commit
            time = datetime.fromtimestamp(commit.time, UTC)
            told = PlanTold(commit.day, time, commit, committed=True, event=event, changes=changes)
            found.append(_Pending((commit.day, commit.time, number), commit, True, "", partial(_same, told)))
    return found


def _same(entry: Entry) -> Entry:
    return entry


def _is_by(workspace: Workspace, entry: _Pending, wanted: str) -> bool:
    names = [entry.by, workspace.owner(entry.by).name if entry.by else ""]
    if entry.commit is not None:
        names += [entry.commit.author, entry.commit.email]
    return any(wanted in name.casefold() for name in names)
