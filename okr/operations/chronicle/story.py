"""The story of a key result, an objective, an owner or the whole workspace: check-ins and changes of plans.

Check-ins are read from the files, which say everything; git adds who committed them, and how plans have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.git.messages import messages_begun
from okr.operations.chronicle.columns import StoryColumns, TimedLines, timed_lines
from okr.operations.chronicle.entries import CheckInTold, PlanTold, RetractionTold, ToldPlan
from okr.operations.chronicle.lines import Origins, StoryLines, facts, origins_of
from okr.operations.chronicle.recent import logs_of_newest, newest
from okr.operations.chronicle.scope import scope_of
from okr.operations.chronicle.subject_lines import by_subject
from okr.operations.record.plan_history import plan_commits, plan_commits_heard, plan_story
from okr.operations.record.recorded import committed, each_recorded, log_files, past_of, revision_or_day
from okr.roots import PLANS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.git.history import CommitFacts
    from okr.git.messages import Messages
    from okr.operations.chronicle.entries import Entry, Told
    from okr.operations.chronicle.scope import Scope
    from okr.operations.chronicle.subject_lines import SubjectLines
    from okr.operations.record.listening import Listening
    from okr.operations.record.log_names import LogKey
    from okr.operations.record.plan_history import PlanStory
    from okr.operations.record.recorded import LogLines, Past
    from okr.repository import Repository
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


Meanwhile = Callable[["Workspace", "SubjectLines", "str | None"], None]


@dataclass(frozen=True, slots=True)
class Chronicle:
    """A story, the newest first.

    Within a day what was said or committed later stands above.

    Attributes:
        parts: gives what is to be told, part by part, each as columns and the numbers of the entries that it is about; all
            that comes after the first part is found out on the way.
        unreadable: gives the commits in which a file could not be read, with the file, as far as is known yet.
        empty: whether there is nothing to tell.
        reference: of what it is the story, in full; None for the whole workspace.
        cycle: the only cycle that is told of, or None.
        repository: where it comes from, or None.
        git: whether there was a repository with commits to ask.
        shallow: whether history is cut off.
    """

    parts: Callable[[], Iterator[tuple[StoryColumns, Sequence[int]]]]
    unreadable: Callable[[], Sequence[tuple[CommitFacts, str]]]
    empty: bool
    reference: str | None
    cycle: str | None
    repository: Repository | None
    git: bool
    shallow: bool

    def tell(self) -> Iterator[Entry]:
        """The entries one by one; what they moved is found out on the way."""
        for columns, numbers in self.parts():
            yield from map(self.entry, map(columns.told, numbers))

    @staticmethod
    def entry(told: Told) -> Entry:
        """What is told, with what it moved."""
        return _entry(told)


def chronicle(
    workspace: Workspace,
    wish: Wish,
    *,
    first: int | None = None,
    heard: Listening | None = None,
    meanwhile: Meanwhile | None = None,
) -> Chronicle:
    """Puts the story together.

    Args:
        workspace: what it is about.
        wish: what of it is asked for.
        first: so many entries are wanted at once, and the others when they are asked for.
        heard: the repository whose commits are being told, all of them and whether they touch plans; for all entries at
            once only.
        meanwhile: called with the workspace, all lines about a key result or KPI, and the only cycle that the story is about, as
            soon as these lines are read: who brought them is found out later, and takes its time.

    Raises:
        UsageError: the reference names nothing or several things, or `since` is neither day nor revision.
        OkrError: there is no such cycle, or git refuses to work.
    """
    scope = scope_of(workspace, wish.reference, wish.cycle)
    past = past_of(workspace, heard)
    since = None if wish.since is None else revision_or_day(past, wish.since)
    writing = _Writing(
        workspace, wish, scope, past, since, None if heard is None else heard.messages, meanwhile
    )
    most = wish.most
    begun = writing.newest(most)
    if begun is None and first is not None:
        begun, most = writing.newest(first), first
    columns, most = (writing.whole(), wish.most) if begun is None else (begun, most)
    whole = begun is None or wish.most is not None
    numbers = columns.newest_first[:most]
    return Chronicle(
        lambda: writing.parts(columns, numbers, whole=whole), lambda: tuple(writing.unreadable), not numbers,
        scope.reference, scope.cycle, past.repo if past else None, past is not None and not past.empty,
        past is not None and past.shallow,
    )  # fmt: skip


class _Writing:
    """A story in the making."""

    def __init__(
        self,
        workspace: Workspace,
        wish: Wish,
        scope: Scope,
        past: Past | None,
        since: str | None,
        heard: Messages | None,
        meanwhile: Meanwhile | None,
    ) -> None:
        self._workspace = workspace
        self._wish = wish
        self._scope = scope
        self._past = past
        self._git = past if past is not None and not past.empty else None
        self._since = since
        self._after = since if since is not None and "-" not in since else None  # an id has no hyphen
        self._heard = heard
        self._meanwhile = meanwhile
        self.unreadable: dict[tuple[CommitFacts, str], None] = {}

    def newest(self, most: int | None) -> StoryColumns | None:
        """The first entries, at least so many, read no further than they reach; None where they need more."""
        wish, git = self._wish, self._git
        if git is None or not most or not wish.checkins or wish.author or self._since is not None:
            return None
        files = log_files(self._workspace, self._scope.log_matters)
        chosen = logs_of_newest(self._workspace, self._scope, most, files)
        lines = self._read(self._scope.log_matters if chosen is None else chosen.__contains__)
        found = newest(git, self._scope, lines, most, plans=wish.plan)
        if found is None:
            return None
        told: list[Told] = [
            each for each in lines.told(found.origins, found.from_day) if each[0][0] >= found.from_day
        ]
        told += self._plans(found.plans) if found.plans else ()
        return StoryColumns(TimedLines(), told, found.origins)

    def whole(self) -> StoryColumns:
        """All of it."""
        wish, git = self._wish, self._git
        told: list[Told] = []
        timed = TimedLines()
        story: PlanStory | None = None
        with ExitStack() as stack:
            heard = self._heard
            if git and wish.checkins and heard is None:
                revisions = ["HEAD"] if self._after is None else ["HEAD", f"^{self._after}"]
                plans = [git.names.in_repository(PLANS)] if wish.plan else []
                heard = stack.enter_context(messages_begun(git.repo, revisions, plans))
            origins = Origins()
            lines = self._read(self._scope.log_matters) if wish.checkins else None
            if git and lines and heard:
                timed = timed_lines(lines) if self._since is None and not wish.author else timed
                origins = origins_of(self._workspace, git, self._scope, lines, heard, self._after)
                timed = timed.brought(origins)
            if git and wish.plan:
                commits = (
                    plan_commits(git.repo, git.names, self._after)
                    if heard is None
                    else plan_commits_heard(git, heard, self._after, origins.plans_merged)
                )
                story = plan_story(git.repo, git.names, commits, self._scope.plan_matters)
            told += lines.told(origins, apart=timed.subjects) if lines else ()
        told += self._plans(story) if story else ()
        return StoryColumns(timed, self._wanted(told), origins)

    def parts(
        self, columns: StoryColumns, numbers: Sequence[int], *, whole: bool
    ) -> Iterator[tuple[StoryColumns, Sequence[int]]]:
        """Gives what is to be told.

        Args:
            columns: a story that begins as it does.
            numbers: which entries of it.
            whole: this is all.
        """
        yield columns, numbers
        if not whole:
            before = {_mark(columns.told(number)) for number in numbers}
            more = self.whole()
            yield more, [each for each in more.newest_first if _mark(more.told(each)) not in before]

    def _read(self, matters: Callable[[LogKey], bool]) -> StoryLines:
        logs: dict[LogKey, LogLines] = {}
        subjects = tuple(self._subjects(matters, logs))
        at_head = None if self._past is None else committed(self._past, logs, matters)
        return StoryLines(logs, subjects, at_head)

    def _subjects(
        self, matters: Callable[[LogKey], bool], logs: dict[LogKey, LogLines]
    ) -> Iterator[SubjectLines]:
        """The lines of the story a log at a time, which then is at hand for all that is to be done with it; fills `logs`."""

        def read() -> Iterator[tuple[LogKey, LogLines]]:
            for key, lines in each_recorded(self._workspace, matters):
                logs[key] = lines
                yield key, lines
                if self._meanwhile is not None:
                    lines.keep_columns()

        for subject in by_subject(self._workspace, read(), self._scope):
            if self._meanwhile is not None:
                self._meanwhile(self._workspace, subject, self._scope.cycle)
            yield subject

    def _plans(self, story: PlanStory) -> Iterator[ToldPlan]:
        self.unreadable.update(dict.fromkeys(story.unreadable))
        for number, event in enumerate(reversed(story.events)):
            changes = tuple(
                change for change in event.changes if self._scope.change_matters(event.key, change)
            )
            if changes:
                commit = event.commit
                time = datetime.fromtimestamp(commit.time, UTC)
                entry = PlanTold(commit.day, time, commit, committed=True, event=event, changes=changes)
                yield ToldPlan((commit.day, commit.time, 0, 0, number), entry)

    def _wanted(self, told: list[Told]) -> list[Told]:
        if self._after is not None:
            told = [each for each in told if _is_told_after(each)]
        elif self._since is not None:
            told = [each for each in told if each[0][0] >= self._since]
        author = self._wish.author
        return [each for each in told if self._is_by(each, author.casefold())] if author else told

    def _is_by(self, told: Told, wanted: str) -> bool:
        if isinstance(told, ToldPlan):
            commit, by = told.entry.commit, ""
        else:
            _, subject, at, brought, _ = told
            commit = None if brought is None else facts(brought)
            by = subject.line(at).record.by or ""
        names = [by, self._workspace.owner(by).name if by else ""]
        if commit is not None:
            names += [commit.author, commit.email]
        return any(wanted in name.casefold() for name in names)


def _is_told_after(told: Told) -> bool:
    return isinstance(told, ToldPlan) or told[3] is not None or told[4] is False


def _mark(told: Told) -> tuple[str, str | int]:
    """What tells an entry from all others."""
    if isinstance(told, ToldPlan):
        return told.entry.event.commit.id, told.entry.event.path
    line = told[1].line(told[2])
    return line.path, line.number


def _entry(told: Told) -> Entry:
    if isinstance(told, ToldPlan):
        return told.entry
    _, subject, at, brought, known = told
    line = subject.line(at)
    record = line.record
    time = datetime.fromisoformat(record.date) if len(record.date) > len("2026-11-23") else None
    commit = None if brought is None else facts(brought)
    if record.retracts is not None:
        return RetractionTold(record.day, time, commit, known, subject.reference, subject.title, line)
    taken_back = subject.retraction_of(at)
    standing = subject.standing(at) if taken_back is None else None
    return CheckInTold(
        record.day, time, commit, known, subject.reference, subject.title, subject.unit, line,
        standing.value_before if standing else None, standing.score if standing else None,
        standing.score_before if standing else None, taken_back,
    )  # fmt: skip
