from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.git.history import (
    Contents,
    Edit,
    Touch,
    commits_touching,
    edits_of,
    entries_at,
    every_commit_on,
    files_at,
    has_commits,
    shallow_commits,
    signatures,
    touches,
)
from okr.repository import GitFailed, Repository, create_repository
from tests.history import commit, git, messages

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = "0123456789012345678901234567890123456789"


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return create_repository(tmp_path / "work")


def test_a_repository_begins_without_commits(repo: Repository) -> None:
    assert not has_commits(repo)
    commit(repo, {"a": "1"})
    assert has_commits(repo)
    assert shallow_commits(repo) == frozenset()


def test_a_history_that_can_t_be_read_is_an_error(repo: Repository) -> None:
    commit(repo, {"a": "1"})
    with pytest.raises(GitFailed, match="bad object"):
        list(messages(repo, [NOBODY]))
    with Contents(repo) as contents, pytest.raises(GitFailed, match="missing"):
        contents.read(NOBODY)


def test_what_commits_did_to_files(repo: Repository) -> None:
    start = commit(repo, {"plans/a [1].yaml": "1\n2\n3\n", "other": "x"})
    git(repo, "switch", "--quiet", "--create", "side")
    side = commit(repo, {"plans/b.yaml": "b\n"})
    git(repo, "switch", "--quiet", "main")
    main = commit(repo, {"plans/a [1].yaml": None, "other": "y"})
    git(repo, "merge", "--quiet", "--no-edit", "side")
    merge = git(repo, "rev-parse", "HEAD")
    one, b = (
        git(repo, "rev-parse", f"{start}:plans/a [1].yaml"),
        git(repo, "rev-parse", f"{side}:plans/b.yaml"),
    )
    assert list(touches(repo, [start, side, main, merge], ["plans"])) == [
        Touch(start, ({"plans/a [1].yaml": (None, one)},)),
        Touch(side, ({"plans/b.yaml": (None, b)},)),
        Touch(main, ({"plans/a [1].yaml": (one, None)},)),
        Touch(merge, ({"plans/b.yaml": (None, b)}, {"plans/a [1].yaml": (one, None)})),
    ]
    assert list(touches(repo, [start], ["other/deeper"])) == []
    assert list(touches(repo, [], ["plans"])) == []
    assert files_at(repo, merge, ["plans"]) == {"plans/b.yaml": b}
    with Contents(repo) as contents:
        assert (contents.read(one), contents.read(b), contents.read(None)) == (b"1\n2\n3\n", b"b\n", b"")
    listed = [each.id for each in commits_touching(repo, ["HEAD"], ["plans/b.yaml"])]
    assert listed == [side]
    # A file that is gone: its story is told only where every branch is asked.
    assert {each.id for each in every_commit_on(repo, ["HEAD"], ["plans/a [1].yaml"])} >= {start, main}


def test_which_lines_commits_changed(repo: Repository) -> None:
    first = commit(repo, {"logs/a [1]": "1\n2\n3", "other": "x\n"})
    second = commit(repo, {"logs/a [1]": "1\n-- two\n3\n++\n", "logs/b": "b\r\n"})
    third = commit(repo, {"logs/b": "\0", "logs/a [1]": None, "other": "y"})
    (repo.top / "logs" / "b").chmod(0o755)
    fourth = commit(repo, {"other": "z"})
    fifth = commit(repo, {"other": "a"})
    assert list(edits_of(repo, [fifth, first, second, third, fourth], ["logs"])) == [
        Edit(first, "logs/a [1]", ([b"1", b"2", b"3"], [])),
        Edit(second, "logs/a [1]", ([b"-- two", b"3", b"++"], [b"2", b"3"])),
        Edit(second, "logs/b", ([b"b\r"], [])),
        Edit(third, "logs/a [1]", ([], [b"1", b"-- two", b"3", b"++"])),
        Edit(third, "logs/b", None),
        Edit(fourth, "logs/b", None),
    ]
    assert list(edits_of(repo, [], ["logs"])) == []
    assert entries_at(repo, [first, fifth], "logs/b") == [None, git(repo, "rev-parse", f"{third}:logs/b")]


def test_contents_are_read_ahead(repo: Repository) -> None:
    commit(repo, {"a": "1", "b": "2"})
    ids = [git(repo, "rev-parse", f"HEAD:{name}") for name in "ab"]
    with Contents(repo) as contents:
        assert list(contents.read_all([ids[0], None, ids[1]] * 20)) == [b"1", b"", b"2"] * 20


def test_replaced_commits_do_not_count(repo: Repository) -> None:
    first = commit(repo, {"a": "1"}, "True")
    forged = commit(repo, {"a": "2"}, "Forged")
    git(repo, "reset", "--quiet", "--hard", first)
    git(repo, "replace", first, git(repo, "commit-tree", "-m", "False", f"{forged}^{{tree}}"))
    assert [message for _, message in messages(repo, ["HEAD"])] == [b"True\n"]
    (touch,) = touches(repo, [first], ["."])
    with Contents(repo) as contents:
        assert contents.read(touch.sides[0]["a"][1]) == b"1"


def test_what_is_not_signed(repo: Repository) -> None:
    first = commit(repo, {"a": "1"})
    assert signatures(repo, [first]) == {first: ("N", "")}
    assert signatures(repo, []) == {}
