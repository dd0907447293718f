"""Several people at work in one repository, each day at noon, for the tests of what history tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okr.operations.checkin.messages import TRAILER

if TYPE_CHECKING:
    from tests.cli.conftest import Outcome, Shell

LOG = "checkins/2026-Q4/marketing.yaml"
PLAN = "okrs/2026-Q4/marketing.yaml"


@dataclass(frozen=True)
class Team:
    """A repository, and the people who commit to it."""

    shell: Shell

    def as_person(self, name: str, day: str) -> dict[str, str]:
        """The environment in which git takes somebody for the author, on some day."""
        full = {"alice": "Alice Martin", "bob": "Bob Stone"}.get(name, name)
        moment = f"{day}T12:00:00+00:00"
        return {
            "GIT_AUTHOR_NAME": full, "GIT_AUTHOR_EMAIL": f"{name}@acme.example", "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_NAME": full, "GIT_COMMITTER_EMAIL": f"{name}@acme.example", "GIT_COMMITTER_DATE": moment,
        }  # fmt: skip

    def git(self, name: str, day: str, *arguments: str) -> str:
        """Runs git as somebody; it must succeed."""
        outcome = self.shell.run(
            "git", "-c", "maintenance.auto=false", *arguments, **self.as_person(name, day)
        )
        assert outcome.status == 0, outcome.err + outcome.out
        return outcome.out

    def commit(self, name: str, day: str, message: str = "Work", *options: str) -> str:
        """Commits everything as somebody, and gives the short id."""
        self.git(name, day, "add", "--all")
        self.git(name, day, "commit", "--quiet", "--message", message, *options)
        return self.head()

    def head(self) -> str:
        """The short id of the last commit."""
        return self.shell.git("rev-parse", "HEAD").strip()[:7]

    def checkin(self, name: str, day: str, *arguments: str) -> str:
        """Somebody checks in with okr, on some day; gives the short id of the commit."""
        outcome = self.shell.okr("--as-of", day, "checkin", *arguments, **self.as_person(name, day))
        assert outcome.status == 0, outcome.err
        return self.head()

    def edit(self, path: str, old: str, new: str) -> None:
        """Replaces a text in a file, where it stands once."""
        text = self.shell.read(path)
        assert text.count(old) == 1, text
        self.shell.write({path: text.replace(old, new)})

    def append(self, path: str, line: str) -> None:
        """Adds a line to the end of a file."""
        before = self.shell.read(path) if (self.shell.folder / path).exists() else ""
        self.shell.write({path: before + line + "\n"})

    def okr(self, *arguments: str, **extra: str) -> Outcome:
        """Runs okr."""
        return self.shell.okr(*arguments, **extra)


def trailer(text: str) -> str:
    """A trailer as okr writes it."""
    return f"{TRAILER}: {text}"
