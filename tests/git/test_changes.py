from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.git.changes import Change, changes_asked, id_of_content
from okr.repository import GitFailed, Repository, create_repository
from tests.history import commit, git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return create_repository(tmp_path / "work")


@pytest.mark.usefixtures("through_any")
def test_what_commits_changed_and_what_merges_made_by_themselves(repo: Repository) -> None:
    first = commit(repo, {"logs/a": "1\n2\n3\n", "logs/b": "1\n", "other": "x"})
    git(repo, "switch", "--quiet", "--create", "side")
    second = commit(repo, {"logs/a": "1\n2\n3\n4\n", "logs/b": None})
    git(repo, "switch", "--quiet", "-")
    third = commit(repo, {"logs/a": "0\n1\n2\n3\n", "other": "y"})
    git(repo, "merge", "--quiet", "--no-commit", "side")
    merge = commit(repo, {"logs/c": "new\n"})
    (repo.top / "logs/a").unlink()
    (repo.top / "logs/a").symlink_to("c")
    linked = commit(repo, {"other": "z"})
    begun, side, main, mixed, new = (
        git(repo, "rev-parse", name)
        for name in (
            f"{first}:logs/a",
            f"{second}:logs/a",
            f"{third}:logs/a",
            f"{merge}:logs/a",
            f"{merge}:logs/c",
        )
    )
    with changes_asked(repo, ["logs"]) as asked:
        assert list(asked.answers()) == []
        for each in (linked, merge, third, second, first):
            asked.ask(each.encode())
        assert list(asked.answers()) == [
            Change(linked, "logs/a", (mixed,), git(repo, "rev-parse", f"{linked}:logs/a"), regular=False),
            Change(merge, "logs/a", (main, side), mixed, regular=True),
            Change(merge, "logs/c", (None, None), new, regular=True),
            Change(third, "logs/a", (begun,), main, regular=True),
            Change(second, "logs/a", (begun,), side, regular=True),
            Change(second, "logs/b", (git(repo, "rev-parse", f"{first}:logs/b"),), None, regular=True),
            Change(first, "logs/a", (None,), begun, regular=True),
            Change(first, "logs/b", (None,), git(repo, "rev-parse", f"{first}:logs/b"), regular=True),
        ]  # fmt: skip
    before, after = (git(repo, "rev-parse", f"{name}^{{tree}}").encode() for name in (first, third))
    with changes_asked(repo, ["logs"]) as asked:
        asked.ask(third.encode(), (before, after))
        asked.ask(b"another", (before, after))
        asked.ask(b"nothing", (after, after))
        asked.ask(b"undone", (after, before))
        asked.ask(second.encode())
        asked.ask(b"last", (after, after))
        assert list(asked.answers()) == [
            Change(third, "logs/a", (begun,), main, regular=True),
            Change("another", "logs/a", (begun,), main, regular=True),
            Change("undone", "logs/a", (main,), begun, regular=True),
            Change(second, "logs/a", (begun,), side, regular=True),
            Change(second, "logs/b", (git(repo, "rev-parse", f"{first}:logs/b"),), None, regular=True),
        ]  # fmt: skip
    assert id_of_content(b"1\n2\n3\n", begun) == begun


def test_an_id_is_made_as_the_repository_makes_its_own(tmp_path: Path) -> None:
    git(create_repository(tmp_path), "init", "--quiet", "--object-format=sha256", "other")
    repo = Repository(tmp_path / "other", tmp_path / "other/.git", tmp_path / "other/.git")
    commit(repo, {"a": "1\n"})
    made = git(repo, "rev-parse", "HEAD:a")
    assert len(made) == 64
    assert id_of_content(b"1\n", made) == made


@pytest.mark.usefixtures("through_any")
def test_answers_come_while_git_looks_at_others(repo: Repository) -> None:
    first = commit(repo, {"log": "1\n"})
    second = commit(repo, {"log": "1\n2\n"})
    merge = commit(repo, {"other": "x"})
    with changes_asked(repo, ["log"]) as asked:
        assert asked.are_all_known()
        asked.ask(second.encode())
        asked.begin()  # of one alone it is not worth it
        assert asked.are_all_known()
        for each in ([merge] * 40 + [first]) * 500:  # far more than a pipe holds
            asked.ask(each.encode())
            asked.begin()
        assert not asked.are_all_known()  # it may be asked more
        found = [each.commit for each in asked.answers()]
        assert asked.are_all_known()
    assert found == [second, *[first] * 500]


@pytest.mark.unmeasured
def test_changes_are_asked_for_little_by_little(repo: Repository) -> None:
    first = commit(repo, {"log": "1\n"})
    second = commit(repo, {"log": "1\n2\n"})
    with changes_asked(repo, ["log"]) as asked:
        for each in [first] * 100_000:  # far more than pipes hold, and nobody waits for the answers
            asked.ask(each.encode())
    broken = repo.common_dir / "objects" / first[:2] / first[2:]
    broken.chmod(0o644)
    broken.write_bytes(b"broken")
    with changes_asked(repo, ["log"]) as asked:
        asked.ask(second.encode())
        with pytest.raises(GitFailed, match=first):
            list(asked.answers())
