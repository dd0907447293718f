"""Whoever changes a plan while okr works out a change of it keeps what they wrote: okr refuses instead."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from okr.file_errors import FileChanged
from okr.operations.adding.importing import import_plans, write_import
from okr.operations.fixes.fixing import fix, write_fixing
from okr.sources import Folder
from okr.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

PATH = "okrs/2026-Q4/marketing.yaml"
PLAN = """\
objectives:
  - id: brand
    title: Make our brand known
    key_results:
      - {id: visits, title: Many visits, from: 0, to: 10}
      - {id: leads, title: Many leads, form: 0, to: 10}
"""
THEIRS = "# Somebody else's.\n" + PLAN


class Busy(Folder):
    """A folder in which somebody changes the plan as soon as it has been read."""

    def read(self, path: str) -> bytes | None:
        """A file's bytes, as they were until now."""
        content = super().read(path)
        if path == PATH:
            (self.root / path).write_text(THEIRS, encoding="utf-8")
        return content


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "okr.yaml").write_text("name: Acme\n")
    (tmp_path / "org.yaml").write_text("teams:\n  - {id: marketing, name: Marketing}\n")
    return Workspace(Busy(tmp_path), as_of=date(2026, 11, 23), title="acme")


def test_an_import_replaces_nothing_that_it_has_not_read(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / PATH).parent.mkdir(parents=True)
    (tmp_path / PATH).write_text(PLAN.replace("form", "from"))
    rows = b"owner,objective,key_result,from,to\nmarketing,Win the market,Deals,0,9\n,,Wins,0,9\n"
    imported = import_plans(workspace, "rows", rows, cycle="2026-Q4")
    with pytest.raises(FileChanged):
        write_import(tmp_path, imported)
    assert (tmp_path / PATH).read_text() == THEIRS


def test_a_fix_replaces_nothing_that_it_has_not_read(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / PATH).parent.mkdir(parents=True)
    (tmp_path / PATH).write_text(PLAN)
    fixing = fix(workspace, lambda _: True)
    assert [each.path for each in fixing.files] == [PATH]
    with pytest.raises(FileChanged):
        write_fixing(tmp_path, fixing)
    assert (tmp_path / PATH).read_text() == THEIRS
