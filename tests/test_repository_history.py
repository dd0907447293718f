from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.repository import GitFailed, Repository, create_repository
from okr.repository_history import (
    Contents,
    Touch,
    commits_touching,
    every_commit_on,
    files_at,
    has_commits,
    shallow_commits,
    signatures,
    touches,
)
from okr.repository_messages import messages
from tests.history import commit, git

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
