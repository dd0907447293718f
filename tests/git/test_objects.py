from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from okr.git.objects import Objects
from okr.processes import Aside
from okr.repository import create_repository
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
