"""The quick look at a history: which logs are just what the messages tell, and which need the thorough look.

Messages are matched with lines in `announced.py`; here git is asked what the commits without a word did. The thorough
look is `tracing.py`'s.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from okr.operations.announced import announced_in, may_announce
from okr.operations.listening import LOGS, PLANS
from okr.operations.log_records import added_by_merge, fields_of, records_in_lines
from okr.operations.regrowing import Growth, Step
from okr.repository_changes import changes_asked
from okr.repository_history import edits_of
from okr.repository_messages import is_merge, message_of, tree_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
    from collections.abc import Set as AbstractSet

    from okr.operations.announced import AnnouncedLog, Announcements, Message
    from okr.operations.tracing import LogKey, Names
    from okr.repository import Repository
    from okr.repository_changes import Change, ChangesAsked
    from okr.repository_history import CommitFacts, Contents
    from okr.repository_messages import CommitRow, Messages


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
        self._silent: dict[str, Message] = {}
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
        missed: list[Message] = []
        with changes_asked(self._repo, [*self._folders, self._plans]) as asked:
            for each in announcements.hear(heard.batches()):
                missed.append(each)
                self._look_at(each, asked)
            self._judge(asked.answers())
        settled = announcements.settled()
        if not self._elsewhere and all(key in settled for key, lines in logs.items() if len(lines)):
            return []
        return announcements.left(missed)

    def _look_at(self, missed: Message, asked: ChangesAsked) -> None:
        """Looks at a message that could not be matched; has git look at what it does not tell."""
        row = missed.row
        merge = is_merge(row)
        if not merge and may_announce(row[3]):
            claims = announced_in(message_of(row))
            keys = {self._names.announced_key(claim.decode("utf-8", "replace")) for claim in claims}
            self._announcements.doubt(keys)
            self._elsewhere |= {key for key in keys - self._announcements.logs.keys() if self._matters(key)}
            if claims:
                return
        # The commit that git told of next is a parent most often, and mostly it has been read already.
        rows, trees = self._announcements.rows, None
        following = rows[missed.number + 1] if missed.number + 1 < len(rows) else None
        if following is not None and row[0].find(following[0].partition(b" ")[0]) >= 0:
            before, after = tree_of(following), tree_of(row)
            if before == after:
                return  # it has all files as that parent has them
            trees = None if merge else (before.decode("ascii"), after.decode("ascii"))
        commit = _id_of(row)
        if not merge:
            self._silent[commit] = missed
        asked.ask(commit, trees)

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
        left = {
            (change.commit, key)
            for key, theirs in by_hand.items()
            if not logs[key].doubtful
            for change in self._not_proven(logs[key], theirs)
        }
        self._bring(left)

    def _not_proven(self, log: AnnouncedLog, changes: Sequence[Change]) -> Iterable[Change]:
        """Finds the lines that commits without a word brought to a log; gives the commits that have to be asked."""
        path, content = log.lines.paths[0], log.columns.content
        if not content or any(each.name != self._names.in_repository(path) for each in changes):
            return changes
        growth = Growth(content, log.columns.above, log.numbers, log.columns.dates)
        steps = [
            Step(self._silent[each.commit].number, each.before[0], each.after)
            for each in changes
            if each.regular and each.after is not None
        ]
        brought = growth.follow(steps)
        for number, lines in brought.items():
            log.by_hand.update((at, log.rows[number]) for at in lines)
        return (each for each in changes if self._silent[each.commit].number not in brought)

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
                    log.bring(fields, self._silent[edit.commit].row)
            log.doubtful |= brought is None or None in brought


def _is_in(name: str, folder: str) -> bool:
    return name == folder or name.startswith(f"{folder}/")


def _id_of(row: CommitRow) -> str:
    return row[0].partition(b" ")[0].decode("ascii")
