"""A bare remote and its clones, for tests of `okr sync`: what is there, and whether anything has changed."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.cli.conftest import Outcome, Shell

if TYPE_CHECKING:
    from pathlib import Path

LOG = "checkins/2026-Q4/marketing.yaml"
PLAN = "okrs/2026-Q4/marketing.yaml"


@dataclass(frozen=True)
class Team:
    """A bare remote and whoever clones it."""

    folder: Path
    home: Path

    @property
    def remote(self) -> Shell:
        return Shell(self.folder / "remote.git", self.home)

    def clone(self, name: str, *options: str) -> Shell:
        who = ("-c", f"user.name={name.capitalize()} Martin", "-c", f"user.email={name}@acme.example")
        Shell(self.folder, self.home).git("clone", "--quiet", *who, *options, str(self.remote.folder), name)
        return Shell(self.folder / name, self.home)

    def refuse_direct_pushes(self) -> None:
        hook = self.remote.folder / "hooks" / "pre-receive"
        hook.write_text(
            "#!/bin/sh\nwhile read old new ref; do\n"
            '  [ "$ref" != refs/heads/main ] || { echo "main is \033[31mprotected" >&2; exit 1; }\ndone\n'
        )
        hook.chmod(0o755)

    def merge_in(self, branch: str, *, squash: bool) -> None:
        """What a host does when a pull request is merged: it is not told of the union of logs."""
        (self.remote.folder / "hooks" / "pre-receive").unlink()
        host = self.clone("host")
        (host.folder / ".git" / "info" / "attributes").write_text("* -merge=union merge=text\n")
        if squash:
            host.git("merge", "--quiet", "--squash", f"origin/{branch}")
            host.git("commit", "--quiet", "--message", "Squashed")
        else:
            host.git("merge", "--quiet", "--no-ff", "--no-edit", f"origin/{branch}")
        host.git("push", "--quiet", "origin", "main")
        self.refuse_direct_pushes()


def make_team(tmp_path: Path, files: dict[str, str]) -> Team:
    home, seed = tmp_path / "home", Shell(tmp_path / "seed", tmp_path / "home")
    home.mkdir(exist_ok=True)
    seed.folder.mkdir()
    seed.write(files)
    seed.git("init", "--quiet", "--initial-branch=main")
    seed.git("add", "--all")
    who = ("-c", "user.name=Alice Martin", "-c", "user.email=alice@acme.example")
    seed.git(*who, "commit", "--quiet", "--message", "Plan the quarter")
    seed.git("clone", "--quiet", "--bare", ".", str(tmp_path / "remote.git"))
    return Team(tmp_path, home)


def everything(shell: Shell) -> dict[str, Any]:
    """All that a user can see of a clone: every file's bytes and mode, the index, the branch, git's own state."""
    files = {
        str(path.relative_to(shell.folder)): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
        for path in sorted(shell.folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(shell.folder).parts
    }
    return {
        "files": files,
        "index": shell.git("ls-files", "--stage"),
        "head": shell.git("rev-parse", "HEAD"),
        "branch": shell.git("symbolic-ref", "HEAD"),
        "stash": shell.git("stash", "list"),
        "branches": shell.git("for-each-ref", "refs/heads", "refs/okr"),
        "worktrees": shell.git("worktree", "list"),
        "git": sorted(
            path.name
            for path in (shell.folder / ".git").iterdir()
            if path.name not in {"FETCH_HEAD", "ORIG_HEAD", "COMMIT_EDITMSG", "logs", "okr-checkin.lock"}
        ),
    }


def checked(shell: Shell, *arguments: str, status: int = 0, **extra: str) -> Outcome:
    outcome = shell.okr(*arguments, **extra)
    assert outcome.status == status, (outcome.out, outcome.err)
    assert "Traceback" not in outcome.err
    return outcome


def subjects(shell: Shell, revision: str = "main") -> list[str]:
    return shell.git("log", "--format=%s", revision).splitlines()


def lines(shell: Shell, revision: str = "main", path: str = LOG) -> list[str]:
    return shell.git("show", f"{revision}:{path}").splitlines()


def change_plan(shell: Shell, old: str, new: str) -> None:
    text = shell.read(PLAN)
    assert old in text
    shell.write({PLAN: text.replace(old, new)})
    shell.git("commit", "--quiet", "--message", f"Make it {new.strip()}", PLAN)
