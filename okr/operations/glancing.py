"""The quick look at a history: which logs are just what the messages tell, and which need the thorough look.

Messages are matched with lines in `announced.py`; here git is asked what the commits without a word did. The thorough
look is `tracing.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.operations.announced import announced_in, may_announce
from okr.operations.listening import LOGS
from okr.operations.log_records import added_by_merge, fields_of, records_in_lines
from okr.repository_history import edits_asked, mixed_by_merges
from okr.repository_messages import is_merge, message_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized

    from okr.operations.announced import Announcements, Message
    from okr.operations.tracing import LogKey, Names
    from okr.repository import Repository
    from okr.repository_history import CommitFacts, Contents, EditsAsked
    from okr.repository_messages import CommitRow, Messages


class Glance:
    """One quick look.

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
        self._folders = [names.in_repository(LOGS)]

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
        with edits_asked(self._repo, self._folders) as edits:
            missed = [*announcements.hear(self._asking(heard.batches(), edits))]
            elsewhere = self._look_at(missed, edits)
        settled = announcements.settled()
        if not elsewhere and all(key in settled for key, lines in logs.items() if len(lines)):
            return []
        return announcements.left(missed)

    def _asking(self, batches: Iterable[list[CommitRow]], edits: EditsAsked) -> Iterator[list[CommitRow]]:
        """Has git compare the commits that say nothing of records while the others' messages are matched."""
        for rows in batches:
            edits.ask(_id_of(row) for row in rows if not may_announce(row[3]) and not is_merge(row))
            yield rows

    def _look_at(self, missed: Sequence[Message], edits: EditsAsked) -> set[LogKey]:
        """Looks at what could not be matched; gives the logs that are touched by it and that are not there."""
        announcements = self._announcements
        silent: dict[str, CommitRow] = {}
        merges: list[str] = []
        elsewhere: set[LogKey] = set()
        for each in missed:
            row = each.row
            if is_merge(row):
                merges.append(_id_of(row))
                continue
            if not may_announce(row[3]):
                silent[_id_of(row)] = row
                continue
            claims = announced_in(message_of(row))
            keys = {self._names.announced_key(claim.decode("utf-8", "replace")) for claim in claims}
            announcements.doubt(keys)
            elsewhere |= {key for key in keys - announcements.logs.keys() if self._matters(key)}
            if not claims:
                silent[_id_of(row)] = row
                edits.ask([_id_of(row)])
        return elsewhere | self._look_at_merges(merges) | self._bring(silent, edits)

    def _bring(self, silent: Mapping[str, CommitRow], edits: EditsAsked) -> set[LogKey]:
        """Finds the lines that commits without a word brought; gives the logs among theirs that are not there."""
        elsewhere: set[LogKey] = set()
        for edit in edits.answers():
            key = self._names.log_key(self._names.in_workspace(edit.name))
            if key is None or not self._matters(key):
                continue
            log = self._announcements.logs.get(key)
            if log is None:
                elsewhere.add(key)
                continue
            changed = None if edit.lines is None else records_in_lines(*edit.lines)
            brought = None if changed is None or changed[1] else [*map(fields_of, changed[0])]
            for fields in brought or ():
                if fields is not None:
                    log.bring(fields, silent[edit.commit])
            log.doubtful |= brought is None or None in brought
        return elsewhere

    def _look_at_merges(self, merges: Sequence[str]) -> set[LogKey]:
        """Doubts logs to which merges added lines; gives the logs that merges made and that are not there.

        Lines that a merge dropped are no matter here: they had been announced, and then nobody finds them; or a
        commit without a word had brought them, and then it is in doubt.
        """
        elsewhere: set[LogKey] = set()
        for mixed in mixed_by_merges(self._repo, merges, self._folders):
            key = self._names.log_key(self._names.in_workspace(mixed.name))
            if key is None or not self._matters(key):
                continue
            if key not in self._announcements.logs:
                elsewhere.add(key)
            elif added_by_merge([*self._contents.read_all(mixed.before)], self._contents.read(mixed.after)):
                self._announcements.doubt([key])
        return elsewhere


def _id_of(row: CommitRow) -> str:
    return row[0].partition(b" ")[0].decode("ascii")
