"""When the lines were made that have come into logs since a commit: before their cycle was closed, or after."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from okr.git.history import Contents, commits_touching, touches
from okr.operations.record.closings import last_closings, made_after
from okr.operations.record.log_names import Names
from okr.repository import name_in
from okr.workspace import LOGS

if TYPE_CHECKING:
    from pathlib import Path

    from okr.contents import Record
    from okr.git.history import CommitFacts
    from okr.repository import Repository


class Arrivals:
    """Lines of logs that commits have brought since another; git is asked only once somebody wants to know.

    Args:
        repo: where.
        root: the workspace's root in the working tree.
        since: the full id of the commit after which they came.
    """

    def __init__(self, repo: Repository, root: Path, since: str) -> None:
        name = name_in(repo, root)
        self._repo = repo
        self._since = since
        self._names = Names("" if name == "." else f"{name}/", {})
        self._closings: dict[str, CommitFacts | None] = {}

    def made_before(self, cycle: str, record: Record) -> bool:
        """Whether a line of a closed cycle's record was made before that was closed; False where no commit has it.

        Raises:
            GitFailed: git can't read its history.
        """
        if cycle not in self._closings:
            self._closings[cycle] = last_closings(self._repo, self._names, self._since, {cycle}).get(cycle)
        line = record.source.document.line(record.source.place().line)
        commit = self._commits.get((record.source.path, line.strip()))
        closing = self._closings[cycle]
        return commit is not None and (closing is None or not made_after(commit, closing))

    @cached_property
    def _commits(self) -> dict[tuple[str, str], CommitFacts]:
        """The last commit to bring each line, by the file's path in the workspace and the line itself."""
        folder = self._names.in_repository(LOGS)
        commits = {
            each.id: each
            for each in reversed(commits_touching(self._repo, ["HEAD", f"^{self._since}"], [folder]))
            if not each.is_merge
        }
        found: dict[tuple[str, str], CommitFacts] = {}
        with Contents(self._repo) as contents:
            for touch in touches(self._repo, list(commits), [folder]):
                for name, (before, after) in touch.sides[0].items() if touch.sides else ():
                    old, new = (
                        Counter(
                            line.strip()
                            for line in contents.read(each).decode("utf-8", "replace").split("\n")
                        )
                        for each in (before, after)
                    )
                    path = self._names.in_workspace(name)
                    found.update(((path, line), commits[touch.commit]) for line in new - old)
        return found
