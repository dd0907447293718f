"""The check-ins of a story: who committed each of its lines, and in which order they are told.

Which commit brought a line is for `operations/record/tracing.py` and its neighbours; what a line moved is for `subject_lines.py`.
"""

from __future__ import annotations

from functools import cached_property
from math import inf
from operator import itemgetter
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.git.history import CommitFacts
from okr.git.messages import facts_of, is_merge
from okr.operations.record.announced import Announcements, trailers_apart
from okr.operations.record.authors import Authors
from okr.operations.record.tracing import trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from okr.git.messages import CommitRow, Messages
    from okr.operations.chronicle.entries import ToldLine
    from okr.operations.chronicle.scope import Scope
    from okr.operations.chronicle.subject_lines import SubjectLines
    from okr.operations.record.announced import AnnouncedLog
    from okr.operations.record.log_names import LogKey
    from okr.operations.record.recorded import Committed, LogLines, Past
    from okr.operations.record.tracing import Subject
    from okr.workspace import Workspace

_NO_TIME = -1.0
_UNKNOWN: tuple[float, int] = (-1.0, 0)
_NOT_COMMITTED: tuple[float, int] = (inf, 0)


def facts(brought: CommitFacts | CommitRow) -> CommitFacts:
    """Who made a commit, and when."""
    return brought if isinstance(brought, CommitFacts) else facts_of(brought)


@dataclass(frozen=True)
class Origins:
    """By which commits lines were brought.

    Attributes:
        settled: of logs that are as the messages of commits tell.
        by_record: of all other lines.
        places: gives the place in history of each commit by its id; the newest has 0.
        plans_merged: the merges that made plans which none of their parents has; None where that was not looked at.
    """

    settled: Mapping[LogKey, AnnouncedLog] = field(default_factory=dict)
    by_record: Mapping[Subject, CommitFacts | CommitRow] = field(default_factory=dict)
    places: Callable[[], Mapping[str, int]] = dict
    plans_merged: frozenset[str] | None = None
    _by_line: dict[LogKey, Sequence[CommitRow | None]] = field(default_factory=dict)

    def by_line(self, key: LogKey) -> Sequence[CommitRow | None] | None:
        """The commits of a log's lines; None where they are not what the messages tell."""
        if key in self.settled and key not in self._by_line:
            self._by_line[key] = self.settled[key].commits()
        return self._by_line.get(key)

    def of(self, subject: SubjectLines, at: int) -> CommitFacts | CommitRow | None:
        """The commit of a line."""
        lines = self.by_line(subject.key)
        if lines is None:
            return self.by_record.get((subject.key, subject.line(at).record))
        return lines[subject.orders[at][2]]

    def moment(self, brought: CommitFacts | CommitRow) -> tuple[int, int]:
        """When a commit's author made it, in seconds since 1970, and how late in history it is."""
        known = facts(brought)
        return known.time, -self._places.get(known.id, 0)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return self.places()


@dataclass(frozen=True, slots=True)
class StoryLines:
    """The lines that a story is about.

    Attributes:
        logs: all lines of their logs.
        subjects: those of the story, by what they are about.
        at_head: what the last commit holds of the logs; None outside a repository.
    """

    logs: Mapping[LogKey, LogLines]
    subjects: tuple[SubjectLines, ...]
    at_head: Committed | None

    def told(
        self, origins: Origins, since: str = "", apart: Sequence[SubjectLines] = ()
    ) -> Iterator[ToldLine]:
        """The lines with their places in the story.

        Of a key result's lines of one day the one that counts more stands above, whenever they were committed.

        Args:
            origins: who brought them.
            since: only lines of this day and later ones are wanted.
            apart: subjects that are left out.
        """
        others = {*apart}
        for subject in self.subjects:
            if subject not in others:
                yield from self._told(subject, origins, since)

    def is_timed(self, subject: SubjectLines) -> bool:
        """Whether all lines of its log are of the story and have a time of their own, and the last commit has them."""
        if self.at_head is None or (self.at_head.not_committed and subject.key in self.at_head.changed):
            return False
        return subject.moments is not None and _NO_TIME not in subject.moments[1]

    def _told(self, subject: SubjectLines, origins: Origins, since: str) -> Iterator[ToldLine]:
        new = self.at_head.not_committed if self.at_head else frozenset()
        today, latest = "", _UNKNOWN
        for at, (day, time, place) in enumerate(subject.orders):
            if day < since:
                continue
            known = None if self.at_head is None else not new or subject.line(at) not in new
            brought = origins.of(subject, at) if known else None
            if time != _NO_TIME:
                moment = (time, 0)
            elif known is False:
                moment = _NOT_COMMITTED
            else:
                moment = _UNKNOWN if brought is None else origins.moment(brought)
            latest = max(moment, latest) if day == today else moment
            today = day
            yield (day, *latest, 1, place), subject, at, brought, known


def as_recorded(lines: Sequence[ToldLine], origins: Origins) -> list[ToldLine]:
    """Lines that bear the same second, the last recorded first: by their commits, then by logs, then down the file.

    Of one key result the one that counts more stands above, whenever it was committed.

    Args:
        lines: as they are sorted by what they say.
        origins: who brought them.
    """
    late: dict[int, int] = {}
    ranked: list[tuple[tuple[int, LogKey, int], ToldLine]] = []
    alone = len({None if each[3] is None else facts(each[3]).id for each in lines}) == 1
    for each in reversed(lines):
        order, subject, _, brought, _ = each
        of = 0 if alone or brought is None else origins.moment(brought)[1]
        late[id(subject)] = of = max(of, late.get(id(subject), of))
        ranked.append(((of, subject.key, order[4]), each))
    return [each for _, each in sorted(ranked, key=itemgetter(0), reverse=True)]


def origins_of(
    workspace: Workspace, past: Past, scope: Scope, lines: StoryLines, heard: Messages, since: str | None
) -> Origins:
    """Who brought each line of the logs.

    Args:
        workspace: where people and their addresses are known.
        past: the repository, which has commits.
        scope: what the story is about.
        lines: what it is told by.
        heard: the commits that git tells; none of them has been read. Afterwards all have.
        since: a full commit id; only what was committed after it is of interest.

    Raises:
        GitFailed: git can't read its history.
    """
    at_head = lines.at_head
    if at_head is None:
        return Origins()
    quick = None
    authors = Authors(workspace)
    if since is None:
        same = {key: each for key, each in lines.logs.items() if key not in at_head.changed}
        quick = Announcements(same, past.names.present, authors.person)
    if not scope.whole:
        heard.wanted = _speaks_of(past, scope.log_matters)
    traced = trace(
        past.repo, past.names, at_head.logs, only_these=not scope.whole, since=since,
        fits=authors.made, heard=heard, announcements=quick, latest=True,
    )  # fmt: skip
    return Origins(
        traced.settled,
        {subject: origin.commit for subject, origin in traced.origins.items()}, heard.places,
        traced.plans_merged,
    )  # fmt: skip


def _speaks_of(past: Past, matters: Callable[[LogKey], bool]) -> Callable[[CommitRow], bool]:
    """Whether a commit may have to do with the logs that matter: it names one of them, or doesn't say which."""
    known: dict[bytes, bool] = {}

    def speaks(row: CommitRow) -> bool:
        claims = trailers_apart(row[3])
        if claims is None or is_merge(row):
            return True
        for claim in claims:
            log = claim[: claim.find(b"/", claim.find(b"/") + 1)]
            if log not in known:
                key = past.names.announced_key(claim.decode("utf-8", "replace"))
                known[log] = key is None or matters(key)
            if known[log]:
                return True
        return False

    return speaks
