"""Ctrl-C at any moment of a check-in: exit status 130, and either it is committed or everything is as it was."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import TODAY
from tests.faults.striking import LOG, check_in_as_told, everything, leftovers, strike, workshop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell

COMMAND = ("checkin", "visits", "60000")


def logs_of(shell: Shell) -> dict[Path, bytes]:
    """The logs, by their paths."""
    return {path: path.read_bytes() for path in (shell.folder / "checkins").rglob("*") if path.is_file()}


def check_interrupt(place: Path, point: int, *, with_log: bool) -> str:
    """Presses Ctrl-C at the call of that number: all processes get the signal, as from a terminal."""
    shell = workshop(place, with_log=with_log)
    before, logs, head = everything(shell), logs_of(shell), shell.git("rev-parse", "HEAD").strip()
    struck = strike(shell, point, "interrupt", *COMMAND)
    if len(struck.calls) < point:
        return "over before"
    shell.git("fsck", "--strict", "--no-progress")
    assert "Traceback" not in struck.err
    assert "bug" not in struck.err
    left = leftovers(shell)
    if left:  # git itself can't yet remove a lock while the call that makes it has not returned
        assert struck.calls[point - 1] == f"git: openat {left[0]}"
    if shell.git("rev-parse", "HEAD").strip() == head:
        assert (struck.status, struck.out, struck.err) == (130, "", "Interrupted.\n")
        assert logs_of(shell) == logs
        assert left or everything(shell) == before
        reached = "as before"
    else:
        assert struck.status in {0, 130}
        assert shell.git("show", "--format=", "--name-only", "HEAD") == f"{LOG}\n"
        assert shell.git("status", "--porcelain", "--", "checkins") == ""
        reached = "committed"
    remedies = check_in_as_told(shell, "hours", "20")
    assert remedies <= len(left)
    return f"{reached}, {struck.status}, {remedies} remedies"


def count_of(place: Path, *, with_log: bool) -> int:
    return len(strike(workshop(place, with_log=with_log), 0, "interrupt", *COMMAND).calls)


@pytest.mark.parametrize("command", [COMMAND, ("undo", "visits")])
def test_an_interrupt_when_all_is_committed_says_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Else whoever pressed Ctrl-C while a slow hook ran would record the same again."""
    shell = workshop(tmp_path)
    hook = shell.folder / ".git/hooks/post-commit"
    hook.write_text('#!/bin/sh\nkill -INT "$(cut -d" " -f4 "/proc/$PPID/stat")"\nsleep 0.2\n')
    hook.chmod(0o755)
    head = shell.git("rev-parse", "HEAD")
    outcome = shell.run(sys.executable, "-m", "okr", "--as-of", TODAY, *command)
    assert (outcome.status, outcome.out) == (130, "")
    assert outcome.err == "Interrupted when all was committed already: `git show` shows it.\n"
    assert shell.git("rev-parse", "HEAD^") == head
    assert shell.git("status", "--porcelain", "--", "checkins") == ""


@pytest.mark.parametrize("first", [1, 5])
def test_an_interrupt_at_a_sample_of_the_calls(tmp_path: Path, first: int) -> None:
    for point in range(first, count_of(tmp_path / "count", with_log=True) + 1, 13):
        check_interrupt(tmp_path / str(point), point, with_log=True)


@pytest.mark.slow
@pytest.mark.parametrize("with_log", [True, False], ids=["a line more", "a new log"])
def test_an_interrupt_at_every_call(tmp_path: Path, *, with_log: bool) -> None:
    for point in range(1, count_of(tmp_path / "count", with_log=with_log) + 1):
        check_interrupt(tmp_path / str(point), point, with_log=with_log)
