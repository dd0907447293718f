"""What git's index has of files is looked up, and told apart, without being taken to pieces."""

from __future__ import annotations

import os
import random
import subprocess
from typing import TYPE_CHECKING

import pytest

from okr.git import unmodified
from okr.git.unmodified import Look, listed_id, listed_ids, listed_otherwise
from okr.repository import find_repository

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [
    "a",
    "a-b",
    "a/b",
    "a.b",
    "a b 0\tc",
    "b/\nH 100644 x",
    "é",
    "z/y/x",
    *(f"n/{each}" for each in range(20)),
]


def git(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True).stdout


def listed(folder: Path, before: bytes = b"") -> bytes:
    repo = find_repository(folder)
    assert repo is not None
    found = Look(repo.top, repo).listed(["."], before)
    assert found is not None
    return found


@pytest.fixture
def work(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    for number, name in enumerate(NAMES):
        path = tmp_path / "files" / name.replace("a/b", "c/b").replace("\n", "-")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number}")
    git(tmp_path, "add", "--all")
    return tmp_path


def test_each_file_is_found_by_its_path(work: Path) -> None:
    entries = git(work, "ls-files", "--stage", "-z").decode().split("\0")[:-1]
    expected = {
        path: bytes.fromhex(head.split()[1]) for head, path in (each.split("\t", 1) for each in entries)
    }
    found = listed(work)
    assert listed_ids(found) == expected
    assert {path: listed_id(found, path) for path in expected} == expected
    for path in ("", "files", "files/", "files/n/", "files/n/200", "files/zz", "c", "gid: 0"):
        assert listed_id(found, path) is None
    assert listed_ids(b"") == {}
    assert listed_id(b"", "files/z") is None


def test_what_differs_is_told_whatever_has_come_gone_or_changed(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(3)
    monkeypatch.setattr(unmodified, "_PIECE", 50)
    before, paths = listed(work), sorted(listed_ids(listed(work)))
    assert listed_otherwise(before, before) == set()
    for turn in range(12):
        changed = set(chance.sample(paths, chance.randrange(1, 4)))
        for path in changed:
            if not (work / path).exists():
                (work / path).write_text(f"again {turn}")
            elif chance.random() < 0.3:
                (work / path).unlink()
            else:
                os.utime(work / path, (turn, turn))
        git(work, "add", "--all")
        now = listed(work, before)
        assert now == listed(work)
        assert listed_otherwise(before, now) == listed_otherwise(now, before) == changed
        before = now
    assert listed_otherwise(before, b"") == set(listed_ids(before))


def test_a_path_that_looks_like_an_entry_is_not_believed(work: Path) -> None:
    before = listed(work)
    (work / "files" / f"n/x\nH 100644 {'0' * 40} 0\tb").write_text("")
    git(work, "add", "--all")
    repo = find_repository(work)
    assert repo is not None
    assert Look(repo.top, repo).listed(["."]) is None
    assert Look(repo.top, repo).listed(["."], before) is None
    assert Look(repo.top, repo).listed(["files/a"]) is not None
    assert Look(repo.top, repo).listed(["nothing"]) == b""


def test_what_has_changed_lately_is_named(work: Path) -> None:
    repo = find_repository(work)
    assert repo is not None
    found = listed(work)
    look = Look(repo.top, repo)
    assert look.young(found) == set(listed_ids(found))
    assert len(look.young(found, found)) <= 1  # of what is the same, the last entry at most is looked at
    (work / "files/a").write_text("other")
    git(work, "add", "--all")
    assert "files/a" in look.young(listed(work), found)


def test_a_last_commit_that_becomes_another_one_is_noticed_though_no_log_notes_it(work: Path) -> None:
    repo = find_repository(work)
    assert repo is not None
    git(work, "config", "core.logAllRefUpdates", "false")
    person = ("-c", "user.name=A", "-c", "user.email=a@b")
    git(work, *person, "commit", "--quiet", "--message", "All")
    first = git(work, "rev-parse", "HEAD").decode().strip()
    (work / "files/a").write_text("other")
    git(work, *person, "commit", "--quiet", "--all", "--message", "More")
    assert Look(repo.top, repo).touched() == frozenset()
    assert Look(repo.top, repo, first).touched() == frozenset({"files/a"})
    for packed in (False, True):
        if packed:
            git(work, "pack-refs", "--all")
        look = Look(repo.top, repo)
        assert look.stamp() != b""
        git(work, "update-ref", "refs/heads/other", first)
        assert look.stamp() != b""
        git(work, "update-ref", git(work, "symbolic-ref", "HEAD").decode().strip(), first)
        assert look.stamp() == b""
        git(work, *person, "commit", "--quiet", "--allow-empty", "--message", "On")


def test_nothing_is_said_where_there_is_no_commit_and_where_the_index_has_changed(work: Path) -> None:
    repo = find_repository(work)
    assert repo is not None
    look = Look(repo.top, repo)
    assert look.touched() is None
    assert look.stamp() != b""
    git(work, "-c", "user.name=A", "-c", "user.email=a@b", "commit", "--quiet", "--message", "All")
    assert look.stamp() == b""
    assert look.listed(["files"]) is None
    look = Look(repo.top, repo)
    assert look.touched() == frozenset()
    (work / "files/a").write_text("other")
    assert Look(repo.top, repo).touched() == frozenset({"files/a"})
    assert not look.is_later_than(4e9)
    assert look.is_later_than(0)
    look.index.unlink()
    assert not look.is_later_than(0)
    assert look.stamp() == b""
