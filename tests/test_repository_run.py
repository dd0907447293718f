"""Git at work ahead of being asked."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from okr import repository, repository_run
from okr.repository_commit import index_behind, index_behind_in
from okr.repository_paths import status_of
from okr.repository_run import GitMissing, ahead, call_git
from tests.test_repository import LOG, add_line, clone, found, git, isolated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["clone", "isolated"]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every process that is started, in order."""
    started: list[subprocess.Popen[bytes]] = []

    class Listed(subprocess.Popen[bytes]):
        def __init__(self, *arguments: object, **more: object) -> None:
            super().__init__(*arguments, **more)  # type: ignore[call-overload] # whatever it is given
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Listed)
    return started


def test_what_was_begun_answers_once_with_what_was_so_then(
    clone: Path, begun: list[subprocess.Popen[bytes]]
) -> None:
    asked = ("-C", str(clone), "config", "--get", "okr.test")
    git(clone, "config", "okr.test", "before")
    begun.clear()
    with ahead(asked, ("-C", str(clone), "rev-parse", "HEAD")):
        begun[0].wait()
        git(clone, "config", "okr.test", "after")
        assert call_git(*asked).out == b"before\n"
        assert call_git(*asked).out == b"after\n"
    assert len(begun) == 2 + 2  # the two, our own change, and the one that was asked anew
    assert all(each.poll() is not None for each in begun), "none is left running, nor unheard of"
    assert repository_run._AHEAD == {}


def test_what_fails_is_told_as_ever_and_what_is_never_asked_for_is_stopped(
    clone: Path, begun: list[subprocess.Popen[bytes]]
) -> None:
    waiting = ("-C", str(clone), "-c", "alias.wait=!sleep 60", "wait")
    with ahead(("-C", str(clone), "nonsense"), waiting):
        result = call_git("-C", str(clone), "nonsense")
        assert (result.status, b"not a git command" in result.err) == (1, True)
    assert [each.poll() is not None for each in begun] == [True, True]


def test_what_reads_its_input_is_never_taken_for_what_was_begun(clone: Path) -> None:
    asked = ("-C", str(clone), "hash-object", "--stdin")
    with ahead(asked):
        assert call_git(*asked, input=b"a").out == b"2e65efe2a145dda7ee51d1741299f848e5bf752e\n"


def test_without_git_whoever_asks_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with ahead(("version",)), pytest.raises(GitMissing):
        call_git("version")


def _behind_after_a_cut_off_commit(folder: Path) -> None:
    add_line(folder)
    before = (folder / ".git/index").read_bytes()
    git(folder, "commit", "-qam", "more")
    (folder / ".git/index").write_bytes(before)


def _stage(folder: Path) -> None:
    add_line(folder)
    git(folder, "add", LOG)


def _mean_to_add(folder: Path) -> None:
    add_line(folder, "checkins/a b.yaml")
    git(folder, "add", "-N", ".")


STATES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "as committed": (lambda _: None, []),
    "a line more": (add_line, []),
    "a line staged": (_stage, []),
    "behind": (_behind_after_a_cut_off_commit, [LOG]),
    "as if the commit had brought it": (lambda folder: git(folder, "rm", "-q", "--cached", LOG), [LOG]),
    "meant to be added": (_mean_to_add, []),
    "new": (lambda folder: add_line(folder, "checkins/new.yaml"), []),
    "gone": (lambda folder: (folder / LOG).unlink(), []),
}


@pytest.mark.parametrize("state", STATES)
def test_the_status_shows_where_the_index_is_behind_as_a_comparison_does(clone: Path, state: str) -> None:
    act, expected = STATES[state]
    act(clone)
    repo = found(clone)
    told = index_behind_in(repo, status_of(repo, ["checkins"]))
    assert told == index_behind(repo, clone / "checkins") == tuple(clone / name for name in expected)


def test_a_commit_tells_how_the_files_around_it_stand(clone: Path) -> None:
    add_line(clone, "checkins/2026-Q4/sales.yaml")
    (clone / "other").write_text("changed, but elsewhere\n")
    commit = repository.commit_only(found(clone), [add_line(clone)], "okr: x", around=clone / "checkins")
    assert commit.around is not None
    assert (commit.around.changed, set(commit.around.untracked)) == ({}, {"checkins/2026-Q4/sales.yaml"})
    assert not commit.around.clean
    again = repository.commit_only(found(clone), [add_line(clone)], "okr: y", around=clone / "okrs")
    assert again.around is not None
    assert again.around.clean
    assert repository.commit_only(found(clone), [add_line(clone)], "okr: z").around is None
