from __future__ import annotations

from typing import TYPE_CHECKING

from okr.operations.noticing import changes, glance

if TYPE_CHECKING:
    from tests.conftest import WriteWorkspace


def test_a_change_made_while_the_files_are_read_is_noticed(write_workspace: WriteWorkspace) -> None:
    root = write_workspace({"okrs/2026/a.yaml": "objectives: []\n"})
    before = glance(root)
    (root / "okrs/2026/a.yaml").write_text("objectives:\n  []\n")
    assert next(changes(root, 0.01, before)) is None
    # Without a further change there is nothing to notice.
    assert list(changes(root, 0.01, glance(root), iter([False, True]).__next__)) == []


def test_what_is_no_file_of_the_workspace_is_not_looked_at(write_workspace: WriteWorkspace) -> None:
    root = write_workspace({"okrs/2026/a.yaml": "objectives: []\n"})
    before = glance(root)
    (root / "notes.txt").write_text("x")
    assert glance(root) == before
    (root / "okr.yaml").unlink()
    assert len(glance(root)) == len(before) - 1


def test_a_terminal_resized_before_the_first_look_is_noticed(write_workspace: WriteWorkspace) -> None:
    root = write_workspace({"okrs/2026/a.yaml": "objectives: []\n"})
    size = [24]
    noticed = changes(root, 0.01, glance(root), iter([False, False, True]).__next__, lambda: size[0])
    size[0] = 100
    assert list(noticed) == [None]
