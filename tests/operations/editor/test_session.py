"""The files as the editor has them, over those on disk; what was read once is kept while it is the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from okr.operations.editor import session as editor_session
from okr.operations.editor.session import Desk, OpenFiles
from okr.reader import ReadBefore
from tests.conftest import TODAY, WriteWorkspace

if TYPE_CHECKING:
    import pytest

PLAN = "okrs/2026-Q4/bob.yaml"
FILES = {PLAN: "objectives:\n  - {id: a, title: One}\n", "okrs/2026-Q4/ann.yaml": "objectives: []\n"}


def titles(desk: Desk, files: OpenFiles, root: Path, *, steady: bool = False) -> list[str]:
    opened = desk.steady(files.snapshot(root)) if steady else desk.workspace(files.snapshot(root))
    return [each.title for plan in opened.plans("2026-Q4") for each in plan.objectives]


def test_an_open_file_goes_before_the_one_on_disk_until_it_is_closed(write_workspace: WriteWorkspace) -> None:
    root = write_workspace(FILES)
    files, desk = OpenFiles(lambda: TODAY), Desk()
    assert titles(desk, files, root) == ["One"]
    files.put(root / PLAN, "objectives:\n  - {id: a, title: Two}\n")
    assert titles(desk, files, root) == ["Two"]
    new = root / "okrs/2026-Q4/zoe.yaml"
    files.put(new, "objectives:\n  - {id: b, title: Three}\n")
    assert titles(desk, files, root) == ["Two", "Three"]
    assert files.open_in(root) == (root / PLAN, new)
    files.drop(root / PLAN)
    assert files.text(root / PLAN) is None
    assert titles(desk, files, root) == ["One", "Three"]


def test_a_broken_file_is_steady_as_it_last_was(write_workspace: WriteWorkspace) -> None:
    root = write_workspace(FILES)
    files, desk = OpenFiles(lambda: TODAY), Desk()
    files.put(root / PLAN, "objectives: [\n")
    assert titles(desk, files, root, steady=True) == []  # it has never been readable
    files.put(root / PLAN, "objectives:\n  - {id: a, title: Two}\n")
    assert titles(desk, files, root, steady=True) == ["Two"]
    files.put(root / PLAN, "objectives:\n  - {id: a, title: Two}\n    supp\n")
    assert titles(desk, files, root, steady=True) == ["Two"]
    assert titles(desk, files, root) == []


def test_while_nothing_changes_a_workspace_is_kept_for_a_moment(
    write_workspace: WriteWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_workspace(FILES)
    files, desk = OpenFiles(lambda: TODAY), Desk()
    first = desk.workspace(files.snapshot(root))
    assert desk.workspace(files.snapshot(root)) is first
    files.changed_on_disk()
    second = desk.workspace(files.snapshot(root))
    assert second is not first
    assert second.document(PLAN) is first.document(PLAN)  # what is the same is not read again
    monkeypatch.setattr(editor_session, "STALE_AFTER", 0.0)
    assert desk.workspace(files.snapshot(root)) is not second


def test_the_workspace_of_a_file_that_is_not_there_yet(write_workspace: WriteWorkspace) -> None:
    root = write_workspace(FILES)
    files = OpenFiles(lambda: TODAY)
    assert files.root_of(root / "okrs/2027-Q1/new.yaml") == root
    assert files.root_of(root.parent / "elsewhere.yaml") is None
    assert files.root_of(Path("/nowhere/at/all.yaml")) is None


def test_what_has_changed_is_read_again() -> None:
    before = ReadBefore()
    first = before.document("x.yaml", b"a: 1\n")
    assert before.document("x.yaml", b"a: 1\n") is first
    assert before.document("x.yaml", b"a: 2\n") is not first
    assert before.document("x.yaml", b"a: 2\n").root == {"a": 2}
