from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.operations.surroundings import folder_in_repository, repository_top

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("mark", ["folder", "file"])
def test_the_nearest_repository_upwards(tmp_path: Path, mark: str) -> None:
    goals = tmp_path / "outer" / "inner" / "company" / "goals"
    goals.mkdir(parents=True)
    (tmp_path / "outer" / ".git").mkdir()
    inner = tmp_path / "outer" / "inner" / ".git"
    inner.mkdir() if mark == "folder" else inner.write_text("gitdir: elsewhere\n")
    assert repository_top(goals) == tmp_path / "outer" / "inner"
    assert folder_in_repository(goals) == "company/goals"
    assert folder_in_repository(tmp_path / "outer" / "inner") == ""
    assert folder_in_repository(tmp_path / "outer") == ""


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "goals").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "repository" / "goals")
    assert folder_in_repository(tmp_path / "link") == "goals"


def test_outside_of_any_repository(tmp_path: Path) -> None:
    assert repository_top(tmp_path) is None
    assert folder_in_repository(tmp_path) == ""
