"""What git begins to look at is what is asked for later."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from okr.git import run as git_run
from okr.git.differences import changed_files, difference_commands
from okr.git.run import at_top
from okr.operations.looking import (
    changed_logs,
    looking_at_logs,
    looking_before_a_commit,
    looking_for_commits,
    looking_for_difference,
)
from okr.repository import find_repository, identity, obstacle, resolve_revision
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
    assert git_run._AHEAD == {}


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


def test_git_compares_commits_before_anybody_has_asked(clone: Path) -> None:
    add_line(clone)
    git(clone, "commit", "-qm", "more", LOG)
    commits = [git(clone, "rev-parse", each).strip() for each in ("HEAD~1", "HEAD")]
    repo = find_repository(clone)
    assert repo is not None
    asked = at_top(repo, difference_commands(commits[0], commits[1], ".")[0])
    for names in ("HEAD~1..HEAD", "HEAD~1..", f"{commits[0]}..HEAD"):
        with looking_for_commits(clone, names, plain=True), looking_for_difference(clone, names):
            assert asked in git_run._AHEAD
            with looking_for_commits(clone, names):
                assert resolve_revision(repo, "HEAD~1") == commits[0]
            assert changed_files(repo, commits[0], commits[1], ".").names == {LOG}
            assert asked not in git_run._AHEAD
        assert not git_run._AHEAD
        assert not git_run._PEEKED


@pytest.mark.parametrize("names", ["HEAD", "HEAD~1...HEAD", "HEAD..nowhere", "-x..HEAD", "", "main"])
def test_nothing_else_is_compared_ahead(clone: Path, names: str) -> None:
    add_line(clone)
    git(clone, "commit", "-qm", "more", LOG)
    with looking_for_commits(clone, names, plain=True), looking_for_difference(clone, names):
        assert not any("diff-tree" in each for each in git_run._AHEAD)
    assert not git_run._AHEAD
    assert not git_run._PEEKED


@pytest.mark.parametrize("inside", [".", "okrs"])
def test_one_process_tells_of_the_repository_and_of_both_commits(
    clone: Path, inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_line(clone)
    git(clone, "commit", "-qm", "more", LOG)
    commits = [git(clone, "rev-parse", each).strip() for each in ("HEAD~1", "HEAD")]
    before = find_repository(clone / inside)
    names = "HEAD~1.."
    with looking_for_commits(clone / inside, names, plain=True):
        assert [each[2] for each in git_run._AHEAD] == ["rev-parse"]
        with looking_for_difference(clone / inside, names):
            with monkeypatch.context() as without:
                without.setattr(subprocess, "Popen", None)
                repo = find_repository(clone / inside)
                assert repo == before
                assert repo is not None
                assert [resolve_revision(repo, each) for each in ("HEAD~1", "HEAD")] == commits
            git(clone, "commit", "-q", "--allow-empty", "-m", "later")
            assert resolve_revision(repo, "HEAD") != commits[1], "it answers once"
    assert not git_run._AHEAD
    assert not git_run._PEEKED


def test_a_revision_that_is_told_in_other_words_is_asked_for_by_itself(clone: Path) -> None:
    add_line(clone)
    git(clone, "commit", "-qm", "more", LOG)
    for names in ("^HEAD~1..HEAD", "HEAD..HEAD~1..HEAD", "HEAD:okrs..HEAD", "HEAD~1..HEAD:"):
        with looking_for_commits(clone, names, plain=True), looking_for_difference(clone, names):
            assert not git_run._PEEKED
            assert not any("diff-tree" in each for each in git_run._AHEAD)


def test_without_git_nobody_is_told_before_asking(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with looking_for_commits(clone, "HEAD~1..", plain=True), looking_for_difference(clone, "HEAD~1.."):
        assert not git_run._PEEKED
