"""Which commit brought each line of the logs, and which lines commits have taken away or changed.

A commit made by `okr checkin` says in its trailers which records it brings, and reading messages is far cheaper
than comparing contents. What the messages say is believed only where it fits: each record of a log named by
exactly one commit, each trailer's record still there, the note the one of the message. Every commit that says
nothing, every merge, and all commits of a log for which the messages do not fit, are judged by what they changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from okr.dataclass import dataclass
from okr.git.history import Contents, every_commit_on, files_at, shallow_commits, touches
from okr.git.messages import messages_begun
from okr.operations.record.announced import announced_in, says
from okr.operations.record.glancing import Glance
from okr.operations.record.log_names import LogKey
from okr.operations.record.log_records import changed_records, read_records
from okr.roots import KPI_LOG, LOGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from okr.git.history import CommitFacts, Touch
    from okr.git.messages import Messages
    from okr.operations.record.announced import AnnouncedLog, Announcements
    from okr.operations.record.log_names import Names
    from okr.operations.record.log_records import LineRecord
    from okr.repository import Repository

Subject = tuple[LogKey, "LineRecord"]
"""One record of one log."""


class Origin(NamedTuple):
    """The commit that brought a record.

    Attributes:
        commit: which.
        announced: whether its message names the record in a trailer, as that of `okr checkin` does.
    """

    commit: CommitFacts
    announced: bool


@dataclass(frozen=True, slots=True)
class Removal:
    """A record that a commit took away and that is in the log no more.

    Attributes:
        key: whose log.
        record: what the line said.
        commit: the commit.
        path: the file it stood in, relative to the workspace's root.
        replaced_by: what the commit put in its place; None where it was removed outright.
    """

    key: LogKey
    record: LineRecord
    commit: CommitFacts
    path: str
    replaced_by: LineRecord | None


@dataclass(frozen=True, slots=True)
class Trace:
    """What history says of the records of the logs.

    Attributes:
        origins: the commit of each record, where one is known.
        removals: what was taken away, the latest first.
        unreadable: commits in which a log could not be read, with the file.
        commits: how many commits were read.
        settled: the logs that were found to be as announced at first sight; none of the above is about them.
        plans_merged: the merges that made plans which none of their parents has; None where that was not looked at.
    """

    origins: dict[Subject, Origin]
    removals: tuple[Removal, ...]
    unreadable: tuple[tuple[CommitFacts, str], ...]
    commits: int
    settled: Mapping[LogKey, AnnouncedLog]
    plans_merged: frozenset[str] | None = None


class _Change(NamedTuple):
    """What one commit did to one log."""

    commit: CommitFacts
    key: LogKey
    path: str
    added: tuple[LineRecord, ...]
    removed: tuple[LineRecord, ...]


def trace(
    repo: Repository,
    names: Names,
    logs: Mapping[LogKey, Sequence[LineRecord]],
    *,
    only_these: bool = False,
    since: str | None = None,
    every_commit: bool = False,
    fits: Callable[[CommitFacts, LineRecord], bool] = lambda _commit, _record: True,
    heard: Messages | None = None,
    announcements: Announcements | None = None,
    latest: bool = False,
) -> Trace:
    """Finds the commit of each record, and what is no longer there.

    Args:
        repo: where; it has at least one commit.
        names: how its files are named.
        logs: the logs' records as the last commit has them.
        only_these: no other logs are of interest.
        since: a full commit id; only what commits after it did is looked at, and what was there is left alone.
        every_commit: believe no message, and compare what every commit changed.
        fits: whether a record can be what a commit that names it brought, by what else is known of both.
        heard: the commits and their messages, where somebody reads them already.
        announcements: for the quick look at logs that are as the messages tell.
        latest: of several commits that added a record, the latest is meant and not the first.

    Raises:
        GitFailed: git can't read its history.
    """
    with Contents(repo) as contents:
        tracing = _Tracing(repo, names, logs, contents, since)
        tracing.fits = fits
        tracing.latest = latest
        tracing.only = frozenset(logs) if only_these else None
        if heard is not None:
            return tracing.run(heard, announcements, every_commit=every_commit)
        with messages_begun(repo, tracing.revisions) as begun:
            return tracing.run(begun, announcements, every_commit=every_commit)


class _Tracing:
    """One search; its steps are the methods, in the order in which `run` calls them."""

    def __init__(
        self,
        repo: Repository,
        names: Names,
        logs: Mapping[LogKey, Sequence[LineRecord]],
        contents: Contents,
        since: str | None,
    ) -> None:
        self.repo = repo
        self.names = names
        self.logs = logs
        self.contents = contents
        self.since = since
        self._folder = names.in_repository(LOGS)
        self.only: frozenset[LogKey] | None = None
        self.settled: frozenset[LogKey] = frozenset()
        self.latest = False
        self.fits: Callable[[CommitFacts, LineRecord], bool] = lambda _commit, _record: True
        self.revisions = ["HEAD"] if since is None else ["HEAD", f"^{since}"]
        self.cut = shallow_commits(repo)
        self.origins: dict[Subject, Origin] = {}
        self.heard: dict[Subject, Origin] = {}
        self.heard_also: defaultdict[Subject, set[str]] = defaultdict(set)
        self.silent: list[CommitFacts] = []
        self.unmet: list[tuple[CommitFacts, str, bytes]] = []
        self.doubtful: set[LogKey] = set()
        self.changes: list[_Change] = []
        self.unreadable: dict[tuple[str, str], tuple[CommitFacts, str]] = {}
        self.paths: set[str] = set()
        self._stand_ins: dict[str, str | None] = {}

    def run(self, begun: Messages, announcements: Announcements | None, *, every_commit: bool) -> Trace:
        settled: dict[LogKey, AnnouncedLog] = {}
        merged: frozenset[str] | None = None
        heard: Iterable[tuple[CommitFacts, bytes]] = begun
        if announcements is not None:
            glance = Glance(self.repo, self.names, self.contents, announcements, self._matters)
            heard = glance.left(begun, self.logs)
            merged = frozenset(glance.plans_merged)
            settled = glance.settled
            self.settled = frozenset(settled)
            self.logs = {key: records for key, records in self.logs.items() if key not in settled}
        before = self._before()
        wanted: dict[Subject, None] = {}
        for key, records in self.logs.items():
            known = before.get(key, ())
            wanted.update(((key, record), None) for record in records if record not in known)
        listened = self._listen(heard, wanted)
        commits = announcements.heard if announcements else listened
        if every_commit:
            commits_on = every_commit_on(self.repo, self.revisions, [self._folder])
            self._judge(self._changes(commits_on, [self._folder]), wanted)
        else:
            self.origins = self.heard.copy()
            self._judge(self._changes(self.silent, [self._folder]), wanted)
            self._doubt(before, wanted)
            self._judge_again(wanted)
        unreadable = tuple(self.unreadable.values())
        return Trace(self.origins, tuple(self._removals()), unreadable, commits, settled, merged)

    def _before(self) -> dict[LogKey, frozenset[LineRecord]]:
        """The records that were there before the first commit that is looked at."""
        if self.since is None:
            return {}
        found: defaultdict[LogKey, set[LineRecord]] = defaultdict(set)
        for name, content in files_at(self.repo, self.since, [self._folder]).items():
            path = self.names.in_workspace(name)
            key = self.names.log_key(path)
            if key is not None and self._matters(key):
                text = read_records(path, self.contents.read(content))
                found[key].update(record for _, record in text.records)
        return {key: frozenset(records) for key, records in found.items()}

    def _matters(self, key: LogKey) -> bool:
        return key not in self.settled and (self.only is None or key in self.only)

    # What the messages say

    def _listen(self, messages: Iterable[tuple[CommitFacts, bytes]], wanted: Mapping[Subject, None]) -> int:
        """Hears what the messages say, and notes where they can't be believed; gives how many there are."""
        announcement = self.names.announcement
        expected = {announcement(*subject): subject for subject in wanted}
        if len(expected) < len(wanted):
            again = Counter(announcement(*subject) for subject in wanted)
            self.doubtful.update(key for key, record in wanted if again[announcement(key, record)] > 1)
        count = 0
        heard, find, fits = self.heard, expected.get, self.fits
        for count, (facts, message) in enumerate(messages, start=1):  # noqa: B007 # the last is the number of all
            claims = () if " " in facts.parents else announced_in(message)
            if not claims:
                self.silent.append(facts)
            named: list[Subject] = []
            for claim in claims:
                said = claim.decode("utf-8", "replace")
                subject = find(said) or find(self.names.present_announcement(said))
                if subject is None:
                    self.unmet.append((facts, said, message))
                    continue
                if subject in heard:
                    self.doubtful.add(subject[0])
                    self.heard_also[subject].add(heard[subject].commit.id)
                heard[subject] = Origin(facts, announced=True)
                named.append(subject)
            if named and not (all(fits(facts, each[1]) for each in named) and says(message, named)):
                self.doubtful.update(key for key, _ in named)
        return count

    def _doubt(self, before: Mapping[LogKey, frozenset[LineRecord]], wanted: Mapping[Subject, None]) -> None:
        """Notes the logs for which messages and changes together do not give what is there."""
        removed = Counter((each.key, record) for each in self.changes for record in each.removed)
        brought = Counter((each.key, record) for each in self.changes for record in each.added)
        brought.update((key, record) for key, records in before.items() for record in records)
        there_still = {key: frozenset(self.logs.get(key, ())) for key, _ in brought.keys() | removed.keys()}
        meant: defaultdict[str, list[Subject]] = defaultdict(list)
        for subject in removed:
            meant[self.names.announcement(*subject)].append(subject)
        for facts, said, message in self.unmet:
            there = meant.get(said) or meant.get(self.names.present_announcement(said), [])
            fitting = [each for each in there if self.fits(facts, each[1]) and says(message, [each])]
            if len(fitting) == 1:
                brought[fitting[0]] += 1
            else:
                key = self.names.announced_key(said)
                self.doubtful |= set() if key is None else {key}
        # What came openly and is not there has to have gone openly too, as often, and the other way round: else a
        # commit that names other records has changed or removed this one.
        for subject in brought.keys() | removed.keys():
            key, record = subject
            there_now = record in there_still[key]
            if (removed[subject] > 0) if there_now else (brought[subject] != removed[subject]):
                self.doubtful.add(key)
        self.doubtful.update(key for key, record in wanted if (key, record) not in self.origins)
        for key, records in before.items():
            if any(record not in there_still[key] and (key, record) not in removed for record in records):
                self.doubtful.add(key)

    # What commits changed

    def _judge(self, changes: Iterable[_Change], wanted: Mapping[Subject, None]) -> None:
        """Goes by what commits changed; the first that added a record brought it, or the latest where asked for."""
        for change in changes:
            self.changes.append(change)
            for record in change.added:
                subject = (change.key, record)
                if subject not in wanted:
                    continue
                known_before = self.origins.get(subject)
                if known_before is None or (self.latest and not known_before.announced):
                    heard = self.heard.get(subject)
                    known = heard is not None and heard.commit.id == change.commit.id
                    known = known or change.commit.id in self.heard_also.get(subject, ())
                    self.origins[subject] = Origin(change.commit, announced=known and not self.latest)
                elif known_before.announced:
                    self.doubtful.add(change.key)

    def _judge_again(self, wanted: Mapping[Subject, None]) -> None:
        """Lets what was changed decide, for the logs that are in doubt."""
        doubtful = {key for key in self.doubtful if self._matters(key)}
        if not doubtful:
            return
        self.changes = [change for change in self.changes if change.key not in doubtful]
        said = {subject: self.origins.pop(subject) for subject in [*self.origins] if subject[0] in doubtful}
        places = sorted(self.names.in_repository(path) for path in self._paths_of(doubtful))
        changes = self.changes
        self.changes = []
        self._judge(self._changes(every_commit_on(self.repo, self.revisions, places), places), wanted)
        self.changes = [*changes, *(change for change in self.changes if change.key in doubtful)]
        if self.cut:
            # Where history is cut off, a message is all there is to know of the last commit.
            self.origins |= {
                subject: origin
                for subject, origin in said.items()
                if subject not in self.origins and origin.commit.id in self.cut
            }

    def _paths_of(self, keys: set[LogKey]) -> set[str]:
        """Every file that these logs have been in, as far as anything names it."""
        listed = files_at(self.repo, "HEAD", [self._folder])
        seen = self.paths | {self.names.in_workspace(name) for name in listed}
        found = {path for path in seen if self.names.log_key(path) in keys}
        former = self.names.former_owners
        for key in keys:
            owners = [key.owner, *(old for old, new in former.items() if new == key.owner)]
            found.update(f"{LOGS}/{key.cycle}/{owner}.yaml" if key.cycle else KPI_LOG for owner in owners)
        return found

    def _changes(self, commits: Sequence[CommitFacts], places: list[str]) -> Iterator[_Change]:
        facts = {each.id: each for each in reversed(commits) if each.id not in self.cut}
        for touch in touches(self.repo, list(facts), places):
            yield from self._changes_of(facts[touch.commit], touch)

    def _changes_of(self, commit: CommitFacts, touch: Touch) -> Iterator[_Change]:
        by_key: defaultdict[LogKey, dict[str, str | None]] = defaultdict(dict)
        for side in touch.sides:
            for name, (_, after) in side.items():
                path = self.names.in_workspace(name)
                self.paths.add(path)
                key = self.names.log_key(path)
                if key is not None and self._matters(key):
                    by_key[key][name] = after
        for key, files in by_key.items():
            added, removed = self._difference(commit, touch, files)
            if added or removed:
                path = self.names.in_workspace(next(iter(files)))
                yield _Change(commit, key, path, added, removed)

    def _difference(
        self, commit: CommitFacts, touch: Touch, files: Mapping[str, str | None]
    ) -> tuple[tuple[LineRecord, ...], tuple[LineRecord, ...]]:
        """What a commit added to a log that none of its parents has, and what it lacks of theirs."""
        if not commit.is_merge and len(files) == 1:
            before, after = touch.sides[0][next(iter(files))]
            quick = changed_records(self.contents.read(before), self.contents.read(after))
            if quick is not None:
                return quick
        sides = [
            {name: side[name][0] if name in side else after for name, after in files.items()}
            for side in touch.sides
        ]
        for name, after in files.items():
            self._keep_readable(commit, name, sides[0][name], after)
        result = self._records(files)
        union: Counter[LineRecord] = Counter()
        for side in sides:
            union |= self._records(side)
        if len(sides) < len(commit.parents.split()):
            union |= result  # a parent whose files are these
        return tuple((result - union).elements()), tuple((union - result).elements())

    def _keep_readable(self, commit: CommitFacts, name: str, before: str | None, after: str | None) -> None:
        """Where a version can't be read, the one before stands in for it, in this comparison and the next."""
        path = self.names.in_workspace(name)
        if after is None or after in self._stand_ins:
            return
        if read_records(path, self.contents.read(after)).problems:
            self.unreadable[after, path] = (commit, path)
            self._stand_ins[after] = self._stand_ins.get(before, before) if before else None

    def _records(self, files: Mapping[str, str | None]) -> Counter[LineRecord]:
        found: Counter[LineRecord] = Counter()
        for name, content in files.items():
            readable = self._stand_ins.get(content, content) if content else None
            text = read_records(self.names.in_workspace(name), self.contents.read(readable))
            found.update(record for _, record in text.records)
        return found

    # What is no longer there

    def _removals(self) -> Iterator[Removal]:
        """What was taken away for good, the latest first; a merge's part only where no other commit did it."""
        there = {(key, record) for key, records in self.logs.items() for record in records}
        by_others = {
            (each.key, record) for each in self.changes if not each.commit.is_merge for record in each.removed
        }
        seen: set[Subject] = set()
        for change in reversed(self.changes):
            left = list(change.added)
            for record in change.removed:
                subject = (change.key, record)
                if subject in there or subject in seen or (change.commit.is_merge and subject in by_others):
                    continue
                seen.add(subject)
                instead = _replacement(record, left, alone=len(change.removed) == len(change.added) == 1)
                if instead is not None:
                    left.remove(instead)
                yield Removal(change.key, record, change.commit, change.path, instead)


def _replacement(record: LineRecord, added: list[LineRecord], *, alone: bool) -> LineRecord | None:
    """The record that took another's place: of the same subject and date, or the only one of the subject."""
    found = (each for each in added if each.subject == record.subject and (alone or each.date == record.date))
    return next(found, None)
