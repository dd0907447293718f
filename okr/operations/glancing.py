"""The quick look at a history: which logs are just what the messages tell, and which need the thorough look.

Messages are matched with lines in `announced.py`; here git is asked what the commits without a word did. The thorough
look is `tracing.py`'s.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from okr.forking import processes_for
from okr.git.changes import changes_asked
from okr.git.history import edits_of
from okr.git.messages import is_merge, message_of, tree_of
from okr.operations.announced import announced_in, may_announce
from okr.operations.listening import LOGS, PLANS
from okr.operations.log_records import added_by_merge, fields_of, records_in_lines
from okr.operations.regrowing import Growth, Step
from okr.side_by_side import side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
    from collections.abc import Set as AbstractSet

    from okr.git.changes import Change, ChangesAsked
    from okr.git.history import CommitFacts, Contents
    from okr.git.messages import CommitRow, Messages
    from okr.operations.announced import AnnouncedLog, Announcements
    from okr.operations.tracing import LogKey, Names
    from okr.repository import Repository


_WORTH_THREADS = 8
"""Logs from which on a second thread saves more than it takes: most of the work is hashing."""


class Glance:
    """One quick look.

    Attributes:
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
        with changes_asked(self._repo, [*self._folders, self._plans]) as asked:
            for numbers in announcements.hear(heard.batches()):
                missed += numbers
                self._look_at(numbers, asked)
            self._judge(asked.answers())
        settled = announcements.settled()
        if not self._elsewhere and all(key in settled for key, lines in logs.items() if len(lines)):
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
        """Notes the logs that a message speaks of which could not be matched; gives whether there are any."""
        claims = announced_in(message_of(row))
        keys = {self._names.announced_key(claim.decode("utf-8", "replace")) for claim in claims}
        self._announcements.doubt(keys)
        self._elsewhere |= {key for key in keys - self._announcements.logs.keys() if self._matters(key)}
        return bool(claims)

    def _judge(self, changes: Iterable[Change]) -> None:
        """Judges what merges, and commits without a word, did to logs.

        Lines that a merge dropped are no matter here: they had been announced, and then nobody finds them; or a
        commit without a word had brought them, and then it is in doubt.
        """
        logs = self._announcements.logs
        by_hand: defaultdict[LogKey, list[Change]] = defaultdict(list)
        for change in changes:
            key = self._names.log_key(self._names.in_workspace(change.name))
            if key is None or not self._matters(key):
                if len(change.before) > 1 and _is_in(change.name, self._plans):
                    self.plans_merged.add(change.commit)
                continue
            if key not in logs:
                self._elsewhere.add(key)
            elif change.commit in self._silent:
                by_hand[key].append(change)
            else:
                before = [*self._contents.read_all(change.before)]
                if added_by_merge(before, self._contents.read(change.after)):
                    self._announcements.doubt([key])
        grown = [(key, logs[key], theirs) for key, theirs in by_hand.items() if not logs[key].doubtful]
        count = processes_for(len(grown), _WORTH_THREADS)
        proofs = side_by_side(lambda each: self._not_proven(*each[1:]), grown, count)
        self._bring(
            {(change.commit, key) for (key, _, _), left in zip(grown, proofs, strict=True) for change in left}
        )

    def _not_proven(self, log: AnnouncedLog, changes: Sequence[Change]) -> Sequence[Change]:
        """Finds the lines that commits without a word brought to a log; gives the commits that have to be asked."""
        path, content = log.lines.paths[0], log.columns.content
        if not content or any(each.name != self._names.in_repository(path) for each in changes):
            return changes
        growth = Growth(content, log.columns.above, log.numbers, log.columns.dates)
        steps = [
            Step(self._silent[each.commit], each.before[0], each.after)
            for each in changes
            if each.regular and each.after is not None
        ]
        brought = growth.follow(steps)
        for number, lines in brought.items():
            log.by_hand.update((at, log.rows[number]) for at in lines)
        return [each for each in changes if self._silent[each.commit] not in brought]

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


def _is_in(name: str, folder: str) -> bool:
    return name == folder or name.startswith(f"{folder}/")
