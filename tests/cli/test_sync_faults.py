"""`okr sync` cut off, crowded and in odd clones: afterwards everything is as it was, or complete."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SMALL_WORKSPACE, TODAY, Shell
from tests.cli.team import LOG, Team, checked, everything, lines, make_team, subjects
from tests.faults.striking import everything as everything_here
from tests.faults.striking import leftovers
from tests.faults.test_disk import fill, mounted
from tests.forking import Forked, fork

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return make_team(tmp_path, SMALL_WORKSPACE)


# --- faults


def start(shell: Shell, *arguments: str) -> Forked:
    return fork(shell, "okr", "--as-of", TODAY, *arguments, group=True)


@pytest.mark.parametrize("name", ["SIGINT", "SIGKILL"])
def test_a_sync_that_is_cut_off_leaves_nothing_half_done(team: Team, name: str) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(bob, "checkin", "visits", "62k")
    bob.write({"okr.yaml": "name: Dirty\n"})
    for step in range(8):
        running = start(bob, "sync")
        time.sleep(0.02 + 0.03 * step)
        os.killpg(running.pid, getattr(signal, name))
        running.ends(30)
        lock = bob.folder / ".git" / "index.lock"
        if name == "SIGKILL":
            time.sleep(0.3)  # the move of a killed command goes on to its end
            for name_left in leftovers(bob):
                (bob.folder / name_left).unlink()
        assert not lock.exists()
        assert bob.git("symbolic-ref", "HEAD") == "refs/heads/main\n"
        assert not (bob.folder / ".git" / "rebase-merge").exists()
        assert bob.read("okr.yaml") == "name: Dirty\n"
        assert sum("62000" in line for line in bob.read(LOG).splitlines()) == 1
        if team.remote.git("rev-list", "--count", "main") == "3\n":
            break
    checked(bob, "sync")
    assert bob.git("status", "--porcelain") == " M okr.yaml\n"
    assert not (bob.folder / ".git" / "okr-sync").exists()
    assert sum("62000" in line for line in lines(team.remote)) == 1
    assert len(lines(team.remote)) == 5
    assert len(subjects(team.remote)) == 3


@pytest.mark.parametrize("own", [True, False], ids=["a line not committed", "all committed"])
def test_a_full_disk_leaves_no_half_written_log(team: Team, *, own: bool) -> None:
    """Git cut the log off where the disk was full, and okr said to commit that."""
    alice, bob = team.clone("alice"), team.clone("bob")
    more = "".join(
        f"- {{date: 2026-11-{day}, kr: brand/visits, value: {day}, by: alice, note: {'x' * 900}}}\n"
        for day in range(10, 23)
    )
    alice.write({LOG: alice.read(LOG) + more, "a-new/file.txt": "new\n", "okr.yaml": "name: New name\n"})
    alice.git("rm", "--quiet", "org.yaml")
    alice.git("add", "--all")
    alice.git("commit", "--quiet", "--message", "A lot")
    alice.git("push", "--quiet")
    (bob.folder / ".git").rename(team.folder / "apart")
    shutil.copytree(bob.folder, team.folder / "kept")
    with mounted(bob.folder, "size=96k"):
        shutil.copytree(team.folder / "kept", bob.folder, dirs_exist_ok=True)
        bob.write({".git": f"gitdir: {team.folder / 'apart'}\n"})
        if own:
            checked(bob, "checkin", "hours", "20", "--no-commit")
        bob.git("status")  # the new times are known to git before the disk is full
        fill(bob.folder)
        before = everything_here(bob)
        refused = bob.okr("sync")
        assert refused.status == 1
        assert everything_here(bob)[:2] == before[:2]
        assert everything_here(bob)[3:] == before[3:]  # without the branch's line on what it has fetched
        assert not (bob.folder / "a-new/file.txt").exists()
        assert (
            f"{LOG} was not written: the disk is full." if own else "Nothing was changed. Free some"
        ) in refused.err
        (bob.folder / "ballast").unlink()
        checked(bob, "sync")
        assert set(alice.read(LOG).splitlines()) <= {*bob.read(LOG).splitlines()}
        assert len(bob.read(LOG).splitlines()) == len(alice.read(LOG).splitlines()) + own


@pytest.mark.parametrize("reached", ["files", "index"])
def test_a_move_that_was_killed_is_completed(team: Team, reached: str) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    alice.git("rm", "--quiet", "org.yaml")
    alice.write({"okr.yaml": "name: New name\n", "notes.txt": "new\n"})
    alice.git("add", "--all")
    alice.git("commit", "--quiet", "--message", "Other changes")
    alice.git("push", "--quiet")
    checked(bob, "checkin", "visits", "62k")
    bob.git("fetch", "--quiet")
    # As far as git had got: all files as they are to be, and perhaps the index; the branch not yet.
    checked(bob, "checkin", "hours", "20")
    head = bob.git("rev-parse", "HEAD").strip()
    checked(bob, "sync", "--no-push")
    index = bob.git("ls-files", "--stage")
    bob.git("update-ref", "refs/heads/main", head)
    if reached == "files":
        bob.git("reset", "--quiet", "--mixed")
    assert bob.git("status", "--porcelain") != ""
    checked(bob, "sync")
    assert bob.git("status", "--porcelain") == ""
    assert bob.git("ls-files", "--stage") == index
    assert len(lines(team.remote)) == 6
    assert len(subjects(team.remote)) == 5


def test_what_a_killed_command_left_is_removed(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(bob, "checkin", "visits", "62k")
    left = {
        ".git/okr-sync/git/HEAD": "x",
        ".git/okr-sync/work/f": "x",
        ".git/okr-union-1": "x",
        ".git/okr-index-1": "x",
    }
    bob.write(left)
    checked(bob, "sync")
    assert not any((bob.folder / path).exists() for path in left)


def test_a_branch_moved_by_hand_meanwhile_is_left_alone(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(bob, "checkin", "hours", "20", "--no-commit")
    checked(bob, "checkin", "visits", "62k", "--no-commit")
    bob.git("commit", "--quiet", "--message", "x", "--allow-empty")
    # The reference is held while okr wants to move it: as if another command had just moved it.
    hook = bob.folder / ".git" / "hooks" / "reference-transaction"
    hook.write_text('#!/bin/sh\n[ "$1" = prepared ] && grep -q refs/heads/main && exit 1\nexit 0\n')
    hook.chmod(0o755)
    before = everything(bob)
    failed = checked(bob, "sync", status=1)
    assert "error: The branch main was moved by another command meanwhile; nothing was changed." in failed.err
    assert everything(bob) == before


def test_an_index_that_stays_locked_is_named(team: Team) -> None:
    alice = team.clone("alice")
    alice.write({".git/index.lock": ""})
    assert (
        "Another git command seems to be at work in this repository" in checked(alice, "sync", status=1).err
    )


def test_a_lock_that_a_fetch_which_died_left_is_named_and_can_be_removed(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(bob, "checkin", "hours", "20", "--push")
    lock = alice.folder / ".git/refs/remotes/origin/main.lock"
    alice.write({".git/refs/remotes/origin/main.lock": ""})
    refused = checked(alice, "sync", status=1).err
    assert f"at work in this repository: {lock} is " in refused
    assert refused.endswith(f" died there; remove what it left: rm {lock}\n")
    assert "can't be reached" not in refused
    lock.unlink()
    assert "Brought in 1 commit of others." in checked(alice, "sync").out


def test_a_lock_that_only_a_remote_speaks_of_is_not_named_as_ours(team: Team) -> None:
    alice = team.clone("alice")
    private = alice.home / "diary.lock"
    private.write_text("mine")
    said = f"remote: error: Unable to create '{private}': File exists."
    alice.git("config", "remote.origin.uploadpack", f"echo {shlex.quote(said)} >&2; false")
    refused = checked(alice, "sync", status=1).err
    assert "can't be reached" in refused
    assert "rm " not in refused


def test_several_commands_in_one_clone_lose_nothing(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    values = [str(62000 + number) for number in range(4)]
    running = [start(bob, "checkin", "visits", value, "--push") for value in values]
    for process in running:
        outcome = process.ends(60)
        assert outcome.status == 0, outcome
    mine = [line for line in lines(team.remote) if "by: bob" in line and "62" in line]
    assert sorted(line.partition("kr: ")[2] for line in mine) == [
        f"brand/visits, value: {value}, by: bob}}" for value in values
    ]
    assert bob.git("status", "--porcelain") == ""
    assert bob.git("rev-parse", "main") == team.remote.git("rev-parse", "main")


# --- odd clones


def test_a_shallow_clone_and_a_worktree(team: Team) -> None:
    alice = team.clone("alice")
    checked(alice, "checkin", "visits", "61k", "--push")
    Shell(team.folder, team.home).git("clone", "--quiet", "--depth=1", team.remote.folder.as_uri(), "shallow")
    shallow = Shell(team.folder / "shallow", team.home)
    shallow.git("config", "user.name", "Bob Stone")
    shallow.git("config", "user.email", "bob@acme.example")
    checked(alice, "checkin", "visits", "62k", "--push")
    checked(shallow, "checkin", "visits", "63k", "--push")
    alice.git("config", "extensions.worktreeConfig", "true")
    alice.git("worktree", "add", "--quiet", "-b", "tree", "../tree", "main")
    tree = Shell(team.folder / "tree", team.home)
    tree.git("config", "--worktree", "user.email", "bob@acme.example")
    tree.git("branch", "--quiet", "--set-upstream-to=origin/main")
    checked(tree, "checkin", "visits", "64k", "--push")
    assert [line.partition("value: ")[2][:5] for line in lines(team.remote) if "by: " in line][-5:] == [
        "61000", "62000", "63000", "64000", "signe",
    ]  # fmt: skip
    assert team.remote.git("log", "-1", "--format=%ae %ce", "main") == "bob@acme.example bob@acme.example\n"
