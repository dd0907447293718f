"""Commands that change files wait for each other, also those that commit nothing."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from okr.locks import locked
from okr.operations import committing
from tests.cli.conftest import SMALL_WORKSPACE

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

PLAN, LOG = "okrs/2026-Q4/marketing.yaml", "checkins/2026-Q4/marketing.yaml"
UNTIDY = {
    PLAN: SMALL_WORKSPACE[PLAN].replace(
        "unit: visits\n        from: 42000", "from:   42000\n        unit: visits"
    ),
    LOG: "- date: 2026-10-05\n  kr: brand/visits\n  value: 44000\n",
}


@pytest.mark.parametrize("versioned", [True, False])
def test_no_change_of_a_file_comes_between_another_command_and_its_commit(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, *, versioned: bool
) -> None:
    """Of two that found a file alike and replace it one after the other, the earlier change is lost without a word."""
    shell.write(SMALL_WORKSPACE | UNTIDY)
    if versioned:
        shell.git("init", "--quiet")
    monkeypatch.setattr(committing, "LOCK_PATIENCE", 0.0)
    commands = (
        ("new", "objective", "Grow", "--owner", "marketing"),
        ("new", "team", "design"),
        ("validate", "--fix"),
        ("format",),
        ("plan", "open", "2027-Q1", "--paperwork", "github"),
    )
    before = content(shell)
    with locked(shell.folder / (".git/okr-checkin.lock" if versioned else "okr.yaml"), timeout=0):
        for command in commands:
            outcome = shell.okr(*command)
            assert (outcome.status, "Another okr command has held the lock" in outcome.err) == (1, True), (
                command
            )
            assert content(shell) == before, command
        assert shell.okr("format", "--check").status == 1  # to look takes no lock
        assert shell.okr("new", "team", "design", "--dry-run").status == 0
    for command in commands:
        assert shell.okr(*command).err.startswith("error") is False, command
        assert content(shell) != before, command
        before = content(shell)


def test_a_hook_that_formats_is_not_kept_waiting_by_the_check_in_that_waits_for_it(repository: Shell) -> None:
    repository.write({PLAN: UNTIDY[PLAN]})
    repository.git("commit", "--quiet", "--all", "--message", "Untidy")
    hook = repository.folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    command = shlex.join((sys.executable, "-m", "okr", "format", PLAN))
    hook.write_text(f"#!/bin/sh\nPYTHONPATH={shlex.quote(str(Path(__file__).parents[2]))} {command}\n")
    hook.chmod(0o755)
    outcome = repository.okr("checkin", "visits", "60000")  # would wait for a minute, and then be refused
    assert outcome.status == 0, outcome.err
    assert repository.git("diff", "--name-only").split() == [PLAN]
    assert repository.read(PLAN) != UNTIDY[PLAN]


def content(shell: Shell) -> dict[str, bytes]:
    """All files of the workspace with their bytes, but for those of git."""
    files = (path for path in shell.folder.rglob("*") if path.is_file())
    found = {path.relative_to(shell.folder).as_posix(): path.read_bytes() for path in files}
    return {name: text for name, text in found.items() if not name.startswith(".git/")}
