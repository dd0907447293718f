from __future__ import annotations

from typing import TYPE_CHECKING

from okr.git.memory import keeping_little
from okr.repository import Repository, create_repository
from tests.history import commit, git, messages

if TYPE_CHECKING:
    from pathlib import Path


def test_little_is_kept_in_mind_where_folders_are_small(tmp_path: Path) -> None:
    repo = create_repository(tmp_path / "work")
    commit(repo, {"a": "1"}, "First")
    assert keeping_little(repo) == ("-c", "core.deltaBaseCacheLimit=4m")
    git(repo, *keeping_little(repo), "rev-parse", "HEAD")
    (repo.top / ".git" / "index").write_bytes(bytes(1 << 18))
    assert keeping_little(repo) == ()
    assert [message for _, message in messages(repo, ["HEAD"])] == [b"First\n"]
    git(repo, "worktree", "add", "--quiet", "--no-checkout", str(tmp_path / "other"))
    other = Repository(tmp_path / "other", repo.git_dir / "worktrees" / "other", repo.common_dir)
    assert keeping_little(other) == ()
