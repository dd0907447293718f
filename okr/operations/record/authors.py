"""Who the authors of commits are, by the e-mail addresses of org.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.operations.identity import person_of
from okr.repository import Identity

if TYPE_CHECKING:
    from okr.git.history import CommitFacts
    from okr.operations.record.log_records import LineRecord
    from okr.workspace import Workspace


class Authors:
    """Whether commits are by whom the lines say: by the e-mail addresses of org.yaml."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._people: dict[tuple[str, str], str | None] = {}
        self._former = workspace.former_owners

    def made(self, commit: CommitFacts, record: LineRecord) -> bool:
        """Whether the record says that it is by the author of the commit."""
        by = record.by
        return by is not None and self._former.get(by, by) == self.person(commit.author, commit.email)

    def person(self, name: str, address: str) -> str | None:
        """The id of an author; None where that is nobody known."""
        known = (name, address)
        try:
            return self._people[known]
        except KeyError:
            person = self._people[known] = person_of(self._workspace, Identity(*known))
            return person
