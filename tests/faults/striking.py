"""What the tests of faults share: a workspace with other work in progress, and the means to strike a check-in."""

from __future__ import annotations

import json
import os
import shlex
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SMALL_WORKSPACE, TODAY, Shell, commit_all
from tests.faults.tracer import UNABLE
from tests.forking import fork

if TYPE_CHECKING:
    from pathlib import Path

LOG = "checkins/2026-Q4/marketing.yaml"
LINE = "- {date: 2026-11-23, kr: brand/visits, value: 60000, by: alice}\n"
LOCKS = ("index.lock", "HEAD.lock", "refs/heads/main.lock")


@dataclass(frozen=True)
class Struck:
    """How a command ended that was struck, and the calls it had made until then."""

    status: int
    calls: tuple[str, ...]
    out: str
    err: str


def strike(shell: Shell, at: int, deed: str, *arguments: str) -> Struck:
    """Runs `okr` under the tracer, which strikes at the call of that number; skips where it can't trace."""
    report = shell.home / "report.json"
    outcome = fork(
        shell,
        *("tests.faults.tracer", str(report), str(shell.folder), str(at), deed),
        *("okr", "--as-of", TODAY, *arguments),
    ).ends()
    if outcome.status == UNABLE:
        pytest.skip(outcome.err.strip())
    found = json.loads(report.read_text())
    return Struck(found["status"], tuple(found["calls"]), outcome.out, outcome.err)


def disturb(shell: Shell) -> None:
    """Other work in progress: staged, half staged, changed, new, marked, renamed."""
    shell.write({"staged.txt": "s\n", "half.txt": "1\n", "marked.txt": "m\n", "notes/untracked.txt": "u\n"})
    shell.git("add", "staged.txt", "half.txt")
    shell.git("add", "--intent-to-add", "marked.txt")
    shell.write({"half.txt": "2\n", "okr.yaml": "name: Acme\nlanguage: en\n"})


def isolate(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Sees to it that no setting of the machine or the user reaches git, also where a test calls it by itself."""
    for name in [name for name in os.environ if name.startswith("GIT_") or name == "XDG_CONFIG_HOME"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def workshop(place: Path, *, with_log: bool = True) -> Shell:
    """A workspace in a repository below a new folder, with other work in progress; with or without a log so far."""
    shell = Shell(place / "work", place / "home")
    for folder in (shell.folder, shell.home):
        folder.mkdir(parents=True)
    shell.write({name: text for name, text in SMALL_WORKSPACE.items() if with_log or name != LOG})
    commit_all(shell)
    disturb(shell)
    return shell


def other_work(shell: Shell) -> tuple[str, ...]:
    """Everything git knows of the work tree and the staging area, but for the logs."""
    others = ("--", ".", ":(exclude)checkins")
    return (
        shell.git("diff", "--cached", *others),
        shell.git("diff", *others),
        shell.git("ls-files", "--others", *others),
        shell.git("ls-files", "--stage", *others),
    )


def everything(shell: Shell) -> tuple[str, ...]:
    """Everything git knows of the work tree and the staging area, the branch, and the logs' bytes."""
    logs = sorted((shell.folder / "checkins").rglob("*"))
    return (
        shell.git("diff", "--cached"),
        shell.git("diff"),
        shell.git("status", "--porcelain=v2", "--branch", "--untracked-files=all"),
        shell.git("ls-files", "--stage"),
        *(f"{path}: {path.read_bytes()!r}" for path in logs if path.is_file()),
    )


def leftovers(shell: Shell) -> list[str]:
    """Temporary files and locks that something left behind; our own lock, which is meant to stay, aside."""
    found = [*shell.folder.rglob(".okr-tmp-*"), *(shell.folder / ".git").rglob("*.lock")]
    names = [path.relative_to(shell.folder).as_posix() for path in found]
    return sorted(name for name in names if name != ".git/okr-checkin.lock")


def age_locks(shell: Shell) -> None:
    """Makes git's locks a minute old, as they are when somebody comes back: fresh ones would be waited for."""
    then = time.time() - 60
    for name in LOCKS:
        lock = shell.folder / ".git" / name
        if lock.exists():
            os.utime(lock, (then, then))


def check_in_as_told(shell: Shell, *arguments: str) -> int:
    """Checks in; where that is refused, does what the remedy says, word for word, and tries again, once.

    Returns:
        How many times a remedy was needed: 0 or 1.
    """
    age_locks(shell)
    outcome = shell.okr("checkin", *arguments)
    if outcome.status == 0:
        return 0
    assert outcome.out == ""
    told = [line.rpartition("remove what it left: ")[2] for line in outcome.err.splitlines() if "rm " in line]
    assert len(told) == 1, outcome.err
    command = shlex.split(told[0])
    assert command[0] == "rm", outcome.err
    assert all(path.endswith(".lock") for path in command[1:]), outcome.err
    assert shell.run(*command).status == 0
    again = shell.okr("checkin", *arguments)
    assert again.status == 0, again.err
    return 1
