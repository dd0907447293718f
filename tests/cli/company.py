"""A company at work: a bare remote, a clone for each person, and a host that merges their branches."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.cli.conftest import Outcome, Shell

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {"alice": "Alice Martin", "bob": "Bob Stone", "carol": "Carol Reed", "host": "Host"}


def dated(name: str, day: str) -> dict[str, str]:
    """The variables by which git takes somebody for the author, at noon of a day."""
    return {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in {
            "NAME": NAMES[name],
            "EMAIL": f"{name}@acme.example",
            "DATE": f"{day}T12:00:00+00:00",
        }.items()
    }


@dataclass(frozen=True)
class Person:
    """Somebody's clone; whatever they do, they do on some day."""

    name: str
    shell: Shell

    def git(self, day: str, *arguments: str) -> str:
        """Runs git; it must succeed."""
        outcome = self.shell.run("git", *arguments, **dated(self.name, day))
        assert outcome.status == 0, outcome.err + outcome.out
        return outcome.out.strip()

    def okr(self, day: str, *arguments: str, status: int = 0, stdin: str | None = None) -> Outcome:
        """Runs okr; it must end with the status."""
        outcome = self.shell.okr("--as-of", day, *arguments, stdin=stdin, **dated(self.name, day))
        assert outcome.status == status, f"{arguments}: {outcome.status}\n{outcome.err}{outcome.out}"
        return outcome

    def asks(self, day: str, *arguments: str, status: int = 0) -> Any:
        """What okr answers, as JSON."""
        return json.loads(self.okr(day, *arguments, "--json", status=status).out)

    def edit(self, path: str, *changes: tuple[str, str]) -> None:
        """Replaces texts in a file, each where it stands once."""
        text = self.shell.read(path)
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in\n{text}"
            text = text.replace(old, new)
        self.shell.write({path: text})

    def propose(self, day: str, branch: str, message: str) -> None:
        """Commits everything on a branch and sends it, as for a pull request."""
        self.git(day, "add", "--all")
        self.git(day, "commit", "--quiet", "--message", message)
        self.git(day, "push", "--quiet", "--set-upstream", "origin", branch)

    def home(self, day: str) -> None:
        """Back to main, as the remote has it."""
        self.git(day, "switch", "--quiet", "main")
        self.git(day, "pull", "--quiet", "--ff-only")


@dataclass(frozen=True)
class Company:
    """A bare remote and whoever has a clone of it."""

    folder: Path
    home: Path

    def clone(self, name: str, folder: str = "") -> Person:
        """A new clone, in a folder that is called as its owner if left out."""
        at = Shell(self.folder, self.home)
        who = ("-c", f"user.name={NAMES[name]}", "-c", f"user.email={name}@acme.example")
        at.git("clone", "--quiet", *who, str(self.folder / "remote.git"), folder or name)
        return Person(name, Shell(self.folder / (folder or name), self.home))


def found_company(folder: Path, files: dict[str, str], day: str) -> Company:
    """Commits the files as Carol, and makes the remote of it."""
    company = Company(folder, folder / "home")
    company.home.mkdir()
    seed = Person("carol", Shell(folder / "seed", company.home))
    seed.shell.folder.mkdir()
    seed.shell.write(files)
    seed.git(day, "init", "--quiet", "--initial-branch=main")
    seed.git(day, "add", "--all")
    seed.git(day, "commit", "--quiet", "--message", "Found the company")
    seed.git(day, "clone", "--quiet", "--bare", ".", str(folder / "remote.git"))
    return company


def merge(host: Person, day: str, branch: str, how: str) -> None:
    """What a host does when it merges a pull request in one of its four ways, and then drops the branch."""
    host.git(day, "fetch", "--quiet", "--prune")
    host.git(day, "switch", "--quiet", "main")
    host.git(day, "reset", "--quiet", "--hard", "origin/main")
    there = f"origin/{branch}"
    match how:
        case "merge commit":
            host.git(day, "merge", "--quiet", "--no-ff", "--message", f"Merge {branch}", there)
        case "squash":
            host.git(day, "merge", "--quiet", "--squash", there)
            host.git(day, "commit", "--quiet", "--message", f"{branch} (#1)\n\n* squashed")
        case "rebase":
            host.git(day, "switch", "--quiet", "--detach", there)
            host.git(day, "rebase", "--quiet", "--force-rebase", "main")
            moved = host.git(day, "rev-parse", "HEAD")
            host.git(day, "switch", "--quiet", "main")
            host.git(day, "merge", "--quiet", "--ff-only", moved)
        case _:
            host.git(day, "merge", "--quiet", "--ff-only", there)
    host.git(day, "push", "--quiet", "origin", "main", f":{branch}")
