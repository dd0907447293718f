from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from okr.git.objects import GitEnded, Objects
from okr.processes import Aside
from okr.repository import create_repository, find_repository
from tests.history import commit, git

if TYPE_CHECKING:
    from pathlib import Path


def test_a_forked_process_lets_go_of_git_without_waiting_for_it(tmp_path: Path) -> None:
    repo = create_repository(tmp_path / "work")
    commit(repo, {"a": "1\n"})
    held = [Objects(repo)]
    blob = git(repo, "rev-parse", "HEAD:a")
    assert held[0].blob(blob) == b"1\n"

    def let_go() -> str:
        held.clear()
        gc.collect()
        return "let go"

    with Aside(let_go, "the test") as aside:
        assert aside.result() == ("let go",)
    assert held[0].blob(blob) == b"1\n"


def test_what_a_partial_clone_lacks_is_no_answer_and_keeps_nothing_else_from_being_answered(
    tmp_path: Path,
) -> None:
    whole = create_repository(tmp_path / "whole")
    for text in ("1\n", "2\n", "3\n"):
        commit(whole, {"a": text})
    git(whole, "config", "uploadpack.allowFilter", "true")
    git(whole, "clone", "--quiet", "--filter=blob:none", f"file://{whole.top}", str(tmp_path / "part"))
    part = find_repository(tmp_path / "part")
    assert part is not None
    git(part, "config", "remote.origin.url", f"file://{tmp_path / 'nowhere'}")
    oldest, older, here = (git(whole, "rev-parse", f"{name}:a") for name in ("HEAD~2", "HEAD~1", "HEAD"))
    asking = Objects(part)
    asking.ahead([oldest, here])
    assert asking.blob(here) == b"3\n"
    with pytest.raises(GitEnded, match="This clone is partial"):
        asking.blob(oldest)
    with pytest.raises(GitEnded, match="This clone is partial"):
        asking.commit(older)  # which is not to say that there is no such commit
    with pytest.raises(GitEnded, match="This clone is partial"):
        asking.fetch([older], 10)
    assert asking.blob(here) == b"3\n"
