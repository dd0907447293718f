"""The quick look at a history: which logs are just what the messages tell, and which need the thorough look.

Messages are matched with lines in `announced.py`; here git is asked what the commits without a word did. The thorough
look is `tracing.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.forking import processes_for
from okr.git.changes import changes_asked
from okr.git.history import edits_of
from okr.git.messages import is_merge, message_of, tree_of
from okr.operations.record.announced import announced_in, may_announce
from okr.operations.record.log_records import added_by_merge, fields_of, records_in_lines
from okr.operations.record.regrowing import Growth, Step
from okr.roots import LOGS, PLANS
from okr.side_by_side import side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
    from collections.abc import Set as AbstractSet

    from okr.git.changes import Change, ChangesAsked
    from okr.git.history import CommitFacts, Contents
    from okr.git.messages import CommitRow, Messages
    from okr.operations.record.announced import AnnouncedLog, Announcements
    from okr.operations.record.log_names import LogKey, Names
    from okr.repository import Repository


_AT_WORK = 3
"""Processes that are busy while git tells all commits, and is asked for changes: where there are fewer processors, they wait for each other."""
_WORTH_THREADS = 8
"""Logs from which on a second thread saves more than it takes: most of the work is hashing."""


class Glance:
    """One quick look.

    Attributes:
        settled: afterwards, the logs of which nothing remains to be found out.
        plans_merged: afterwards, the merges that made plans which none of their parents has.

    Args:
        repo: where.
        names: how its files are named.
        contents: old contents of files.
        announcements: what the messages are expected to say; afterwards it knows which logs are settled.
        matters: whether a log is of interest.
    """

    def __init__(
        self,
        repo: Repository,
        names: Names,
        contents: Contents,
        announcements: Announcements,
        matters: Callable[[LogKey], bool],
    ) -> None:
        self._repo = repo
        self._names = names
        self._contents = contents
        self._announcements = announcements
        self._matters = matters
        self.settled: dict[LogKey, AnnouncedLog] = {}
        self.plans_merged: set[str] = set()
        self._folders = [names.in_repository(LOGS)]
        self._plans = names.in_repository(PLANS)
        self._silent: dict[str, int] = {}
        self._elsewhere: set[LogKey] = set()

    def left(self, heard: Messages, logs: Mapping[LogKey, Sized]) -> list[tuple[CommitFacts, bytes]]:
        """Takes the look, and gives the messages that have to be listened to after it.

        A log is not settled by it where any message that does not fit speaks of the log, or where a commit that says
        nothing did more to it than add lines that are there.

        Args:
            heard: the commits.
            logs: those whose lines are looked for.

        Raises:
            GitFailed: git can't read its history.
        """
        announcements = self._announcements
        missed: list[int] = []
        at_once = processes_for(_AT_WORK, _AT_WORK) >= _AT_WORK
        with changes_asked(self._repo, [*self._folders, self._plans]) as asked:
            for numbers in announcements.hear(heard.batches()):
                missed += numbers
                self._look_at(numbers, asked)
                if at_once or heard.leaves_time():
                    asked.begin()
            self._judge(asked)
        self.settled = announcements.settled()
        if not self._elsewhere and all(key in self.settled for key, lines in logs.items() if len(lines)):
            return []
        return announcements.left(missed)

    def _look_at(self, numbers: Iterable[int], asked: ChangesAsked) -> None:
        """Looks at messages that could not be matched; has git look at what they do not tell."""
        rows, silent = self._announcements.rows, self._silent
        for number in numbers:
            row = rows[number]
            head = row[0]
            merge = is_merge(row)
            if not merge and may_announce(row[3]) and self._doubt(row):
                continue
            # The commit that git told of next is a parent most often, and mostly it has been read already.
            trees = None
            following = rows[number + 1] if number + 1 < len(rows) else None
            if following is not None and head.find(following[0].partition(b" ")[0]) >= 0:
                trees = tree_of(following), tree_of(row)
                if trees[0] == trees[1]:
                    continue  # it has all files as that parent has them
            commit = head.partition(b" ")[0]
            if not merge:
                silent[commit.decode("ascii")] = number
            asked.ask(commit, None if merge else trees)

    def _doubt(self, row: CommitRow) -> bool:
        """Notes the logs that a message speaks of which could not be matched; gives whether there can be any."""
        claims = announced_in(message_of(row))
        named = {self._names.announced_key(claim.decode("utf-8", "replace")) for claim in claims}
        keys = {key for key in named if key is not None}
        self._announcements.doubt(keys)
        self._elsewhere |= {key for key in keys - self._announcements.logs.keys() if self._matters(key)}
        return bool(keys)

    def _judge(self, asked: ChangesAsked) -> None:
        """Judges what merges, and commits without a word, did to logs.

        Lines that a merge dropped are no matter here: they had been announced, and then nobody finds them; or a
        commit without a word had brought them, and then it is in doubt.
        """
        logs = self._announcements.logs
        by_hand: dict[LogKey, _ByHand] = {}
        for change in asked.answers():
            key = self._names.log_key(self._names.in_workspace(change.name))
            if key is None or not self._matters(key):
                if len(change.before) > 1 and _is_in(change.name, self._plans):
                    self.plans_merged.add(change.commit)
                continue
            if key not in logs:
                self._elsewhere.add(key)
            elif change.commit in self._silent:
                theirs = by_hand.get(key)
                if theirs is None:
                    name = self._names.in_repository(logs[key].lines.paths[0])
                    theirs = by_hand[key] = _ByHand(logs[key], name, self._silent)
                theirs.changes.append(change)
                if not asked.are_all_known():  # git looks at others meanwhile
                    theirs.prove()
            else:
                before = [*self._contents.read_all(change.before)]
                if added_by_merge(before, self._contents.read(change.after)):
                    self._announcements.doubt([key])
        grown = {key: theirs for key, theirs in by_hand.items() if not theirs.log.doubtful}
        count = processes_for(len(grown), _WORTH_THREADS)
        proofs = side_by_side(_ByHand.not_proven, [*grown.values()], count)
        self._bring(
            {(change.commit, key) for key, left in zip(grown, proofs, strict=True) for change in left}
        )

    def _bring(self, asked: AbstractSet[tuple[str, LogKey]]) -> None:
        """Finds the lines that commits without a word brought to logs, from the lines that they changed."""
        commits = dict.fromkeys(commit for commit, _ in asked)
        for edit in edits_of(self._repo, list(commits), self._folders):
            key = self._names.log_key(self._names.in_workspace(edit.name))
            if key is None or (edit.commit, key) not in asked:
                continue
            log = self._announcements.logs[key]
            changed = None if edit.lines is None else records_in_lines(*edit.lines)
            brought = None if changed is None or changed[1] else [*map(fields_of, changed[0])]
            for fields in brought or ():
                if fields is not None:
                    log.bring(fields, log.rows[self._silent[edit.commit]])
            log.doubtful |= brought is None or None in brought


class _ByHand:
    """What commits without a word did to one log, and the lines that they are proven to have brought.

    Attributes:
        log: which.
        changes: what they did, as far as it is known.

    Args:
        name: the log's file, relative to the repository's top.
        silent: the places in history of the commits without a word.
    """

    def __init__(self, log: AnnouncedLog, name: str, silent: Mapping[str, int]) -> None:
        self.log = log
        self.changes: list[Change] = []
        self._name = name
        self._silent = silent
        self._growth: Growth | None = None
        self._brought: dict[int, range] = {}
        self._tried = 0

    def prove(self) -> None:
        """Looks for proofs of what has become known; it is of no use where one is missing."""
        while self._tried == len(self._brought) and self._tried < len(self.changes):
            change = self.changes[self._tried]
            self._tried += 1
            step = self._step(change)
            if step is not None and change.name == self._name and self.log.columns.content:
                self._growth = self._growth or self._grown()
                added = self._growth.added_by(step)
                if added is not None:
                    self._brought[step.number] = added

    def not_proven(self) -> Sequence[Change]:
        """Once all is known, notes the lines that they brought to the log; gives the changes that have to be asked for."""
        self.prove()
        found: Mapping[int, Sequence[int]] = self._brought
        if len(found) < len(self.changes) or self._growth is None or not self._growth.are_all(self._brought):
            if not self.log.columns.content or any(each.name != self._name for each in self.changes):
                return self.changes
            growth = self._growth or self._grown()
            found = growth.follow([each for each in map(self._step, self.changes) if each is not None])
        for number, lines in found.items():
            self.log.by_hand.update((at, self.log.rows[number]) for at in lines)
        return [each for each in self.changes if self._silent[each.commit] not in found]

    def _grown(self) -> Growth:
        columns = self.log.columns
        return Growth(columns.content, columns.above, self.log.numbers, columns.dates)

    def _step(self, change: Change) -> Step | None:
        if change.after is None or not change.regular:
            return None
        return Step(self._silent[change.commit], change.before[0], change.after)


def _is_in(name: str, folder: str) -> bool:
    return name == folder or name.startswith(f"{folder}/")
