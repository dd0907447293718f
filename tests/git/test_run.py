"""Git at work ahead of being asked."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from okr import repository
from okr.disks import _system_of
from okr.errors import OkrError
from okr.git import run as git_run
from okr.git.commit import status_before
from okr.git.index import index_behind
from okr.git.run import GitMissing, ahead, call_git, in_turn
from okr.git.writing import meanwhile
from tests.test_repository import LOG, add_line, clone, found, git, hook, isolated

if TYPE_CHECKING:
    from collections.abc import Callable

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
    assert git_run._AHEAD == {}


def test_what_fails_is_told_as_ever_and_what_is_never_asked_for_is_stopped(
    clone: Path, begun: list[subprocess.Popen[bytes]]
) -> None:
    waiting = ("-C", str(clone), "-c", "alias.wait=!sleep 30", "wait")
    start = time.monotonic()
    with ahead(("-C", str(clone), "nonsense"), waiting):
        result = call_git("-C", str(clone), "nonsense")
        assert (result.status, b"not a git command" in result.err) == (1, True)
    assert [each.poll() is not None for each in begun] == [True, True]
    assert time.monotonic() - start < 25, "what it has started itself is not waited for"


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
def test_where_the_index_is_behind(clone: Path, state: str) -> None:
    act, expected = STATES[state]
    act(clone)
    assert index_behind(found(clone), clone / "checkins") == tuple(clone / name for name in expected)


def test_a_commit_tells_where_the_index_is_behind(clone: Path) -> None:
    _behind_after_a_cut_off_commit(clone)
    other = add_line(clone, "checkins/2026-Q4/sales.yaml")
    commit = repository.commit_only(found(clone), [other], "okr: x", logs=clone / "checkins")
    assert commit.behind == (clone / LOG,)
    plan = add_line(clone, "okrs/x")
    assert repository.commit_only(found(clone), [plan], "okr: y", logs=clone / "okrs").behind == ()
    assert repository.commit_only(found(clone), [add_line(clone, "okrs/x")], "okr: z").behind is None


@pytest.mark.parametrize("state", [*STATES, "ignored"])
def test_looking_before_a_change_comes_to_the_same_commit_as_looking_after_it(
    clone: Path, state: str
) -> None:
    """In the one clone git is asked before the log is written, in the other after it."""
    if state == "ignored":
        (clone / ".gitignore").write_text("checkins/\n")
        git(clone, "rm", "-q", "--cached", LOG)
    else:
        STATES[state][0](clone)
    other = Path(shutil.copytree(clone, clone.parent / "other", symlinks=True))
    git(other, "update-index", "-q", "--refresh", check=False)
    outcomes: list[object] = []
    for folder in (clone, other):
        repo = found(folder)
        was = (
            status_before(repo, folder / "checkins") if folder == clone and (folder / LOG).exists() else None
        )
        log = add_line(folder, LOG, "- {date: 2026-11-02, kr: brand/visits, value: 50000}\n")
        try:
            made = repository.commit_only(repo, [log], "okr: x", logs=folder / "checkins", was=was)
            outcomes.append((made.remarks, [each.relative_to(folder) for each in made.behind or ()]))
        except OkrError as error:
            outcomes.append((error.message, error.remedy))
    assert outcomes[0] == outcomes[1]
    for asked in (("status", "--porcelain"), ("log", "--format=%s%n%T", "--name-status"), ("ls-files", "-s")):
        assert git(clone, *asked) == git(other, *asked)


@pytest.mark.parametrize(
    ("state", "alone"),
    [("as committed", True), ("a line more", True), ("new", False), ("meant to be added", False)],
)
def test_a_commit_tells_whether_something_else_waits(clone: Path, state: str, alone: bool) -> None:
    STATES[state][0](clone)
    repo = found(clone)
    was = status_before(repo, clone / "checkins")
    assert repository.commit_only(repo, [add_line(clone)], "okr: x", was=was).alone is alone
    assert not repository.commit_only(repo, [add_line(clone)], "okr: x").alone
    hook(clone, "pre-commit", "echo >> other; git add other")
    was = status_before(repo, clone / "checkins")
    assert not repository.commit_only(repo, [add_line(clone)], "okr: x", was=was).alone


def test_meanwhile_something_is_done_once_while_git_writes(clone: Path) -> None:
    done: list[str] = []
    with meanwhile(lambda: done.append(git(clone, "rev-parse", "--is-inside-work-tree"))):
        assert repository.run(found(clone), "rev-parse", "--is-bare-repository") == b"false\n"
        assert done == []
        repository.commit_only(found(clone), [add_line(clone)], "okr: x")
        repository.commit_only(found(clone), [add_line(clone)], "okr: x")
    assert done == ["true\n"]
    with meanwhile(lambda: done.append("never")):
        pass
    repository.commit_only(found(clone), [add_line(clone)], "okr: x")
    assert done == ["true\n"]


MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,resuid=65534
31 27 0:44 / /home/team rw - nfs4 server:/home rw,vers=4.2
"""


@pytest.mark.parametrize(("device", "system"), [("254:0", "ext4"), ("0:44", "nfs4"), ("25:0", None)])
def test_linux_tells_what_file_system_is_on_a_device(device: str, system: str | None) -> None:
    assert _system_of(device, MOUNTS.splitlines(keepends=True)) == system


def test_looking_at_one_file_after_the_other_tells_the_same(
    clone: Path, begun: list[subprocess.Popen[bytes]]
) -> None:
    add_line(clone)
    asked = ("-C", str(clone), "status", "--porcelain")
    assert in_turn(clone) in {(), ("-c", "core.preloadIndex=false")}
    assert in_turn(clone / "nowhere") == ()
    with ahead(asked, settings=("-c", "core.preloadIndex=false")):
        assert begun[-1].args == ["git", "-c", "core.preloadIndex=false", *asked]
        started = len(begun)
        assert call_git(*asked).out == f" M {LOG}\n".encode()
        assert len(begun) == started
    assert call_git(*asked).out == f" M {LOG}\n".encode()
