"""What git begins to look at is what is asked for later."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from okr import repository_run
from okr.operations.looking import changed_logs, looking_at_logs, looking_before_a_commit
from okr.repository import find_repository, identity, obstacle
from tests.test_repository import LOG, add_line, clone, git, isolated

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["clone", "isolated"]


@pytest.mark.parametrize("inside", [".", "okrs"])
def test_before_a_commit_no_further_process_is_needed(
    clone: Path, inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with looking_before_a_commit(clone / inside):
        monkeypatch.setattr(subprocess, "Popen", None)
        repo = find_repository(clone / inside)
        assert repo is not None
        who = identity(repo)
        assert (repo.top, obstacle(repo), who and who.email) == (clone, None, "alice@acme.example")
    assert repository_run._AHEAD == {}


def test_what_git_saw_of_the_logs_is_what_it_is_asked(clone: Path) -> None:
    add_line(clone)
    with looking_at_logs(clone):
        assert changed_logs(clone)
        git(clone, "commit", "-qm", "more", LOG)
        assert not changed_logs(clone), "it answers once"
    assert not changed_logs(clone)


def test_outside_a_repository_git_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    with looking_at_logs(tmp_path):
        assert not changed_logs(tmp_path)
