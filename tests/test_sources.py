from __future__ import annotations

import os
from pathlib import Path

import pytest

from okr.errors import OkrError
from okr.files import FileOutside, FileTooLarge, MissingFile, NotRegularFile
from okr.sources import Folder, Overlay, find_root, root_above


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "okrs" / "2026").mkdir(parents=True)
    (root / "okr.yaml").write_text("name: A\n")
    (root / "okrs" / "2026" / "a.yaml").write_text("a: 1\n")
    return root


def test_folders_and_files_are_told_apart_and_sorted(root: Path) -> None:
    (root / "okrs" / "2025").mkdir()
    (root / "okrs" / "b").write_text("")
    (root / "okrs" / "A").write_text("")
    folder = Folder(root)
    assert folder.folders("okrs") == ["2025", "2026"]
    assert folder.files("okrs") == ["A", "b"]
    assert folder.folders("") == ["okrs"]
    assert folder.files("") == ["okr.yaml"]


@pytest.mark.parametrize("path", ["nothing", "okr.yaml", "okrs/none/at/all"])
def test_what_is_no_folder_holds_nothing(root: Path, path: str) -> None:
    assert Folder(root).folders(path) == []
    assert Folder(root).files(path) == []


def test_a_link_is_a_folder_where_it_leads_to_another_one_inside(root: Path) -> None:
    okrs = root / "okrs"
    (root.parent / "elsewhere/in").mkdir(parents=True)
    (root.parent / "elsewhere/in/b.yaml").write_bytes(b"b: 1\n")
    for name, target in [
        ("inside", "2026"), ("outside", "../../elsewhere"), ("self", "."), ("up", ".."), ("loop", "loop"), ("gone", "x"),
    ]:  # fmt: skip
        (okrs / name).symlink_to(target)
    assert Folder(root).folders("okrs") == ["2026", "inside"]
    assert Folder(root).files("okrs") == ["gone", "loop", "outside", "self", "up"]
    assert Folder(root).files("okrs/inside") == ["a.yaml"]
    for path in (
        "okrs/outside",
        "okrs/outside/in",
        "../elsewhere/in",
        "okrs/../../elsewhere/in",
        "okrs/loop/in",
    ):
        assert Folder(root).files(path) == []
    assert Folder(Path("/")).files(str(root / "okrs/inside")[1:]) == ["a.yaml"]


def test_the_root_itself_may_be_reached_through_a_link(root: Path) -> None:
    alias = root.parent / "alias"
    alias.symlink_to(root)
    assert Folder(alias).files("okrs/2026") == ["a.yaml"]
    assert Folder(alias).read("okrs/2026/a.yaml") == b"a: 1\n"


def test_names_that_are_not_utf_8_are_listed(root: Path) -> None:
    (root / "okrs" / os.fsdecode(b"caf\xe9.yaml")).write_bytes(b"x")
    assert Folder(root).files("okrs") == ["caf\udce9.yaml"]
    assert Folder(root).read("okrs/caf\udce9.yaml") == b"x"


def test_a_file_is_read_or_is_not_there(root: Path) -> None:
    folder = Folder(root)
    assert folder.read("okr.yaml") == b"name: A\n"
    assert folder.read("org.yaml") is None
    assert folder.read("okrs/2027/a.yaml") is None


def test_what_is_there_but_cannot_be_read_is_said(root: Path) -> None:
    (root / "gone").symlink_to("nowhere")
    (root / "out").symlink_to("/etc/hostname")
    os.mkfifo(root / "pipe")
    with (root / "large").open("wb") as file:
        file.truncate(100_000_000)
    folder = Folder(root)
    for name, error in [
        ("gone", MissingFile), ("out", FileOutside), ("pipe", NotRegularFile), ("okrs", NotRegularFile),
        ("large", FileTooLarge),
    ]:  # fmt: skip
        with pytest.raises(error):
            folder.read(name)


def test_a_folder_that_cannot_be_listed_is_an_error(root: Path) -> None:
    name = "x" * 300
    with pytest.raises(OkrError) as raised:
        Folder(root).files(name)
    assert raised.value.message == f"the folder {name} can't be read: File name too long"
    assert raised.value.remedy == "check its permissions"


def test_a_change_is_laid_over_files_without_writing_them(root: Path) -> None:
    overlay = Overlay(Folder(root), {"okrs/2026/b.yaml": b"b", "okrs/2027/a.yaml": b"c", "okr.yaml": b"new"})
    assert overlay.folders("okrs") == ["2026", "2027"]
    assert overlay.files("okrs/2026") == ["a.yaml", "b.yaml"]
    assert overlay.files("okrs/2027") == ["a.yaml"]
    assert overlay.files("") == ["okr.yaml"]
    assert overlay.read("okr.yaml") == b"new"
    assert overlay.read("okrs/2026/a.yaml") == b"a: 1\n"
    assert (root / "okr.yaml").read_text() == "name: A\n"


def test_the_root_is_the_nearest_upwards(root: Path) -> None:
    inner = root / "okrs" / "inner"
    inner.mkdir()
    assert find_root(root) == root
    assert find_root(inner) == root
    (inner / "okr.yaml").symlink_to("nowhere")
    assert find_root(inner) == inner
    assert root_above(root.parent) is None


def test_a_workspace_that_may_be_meant_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top, here = root.parent, root.parent / "src" / "deep"
    here.mkdir(parents=True)

    def remedy(start: Path) -> str:
        monkeypatch.chdir(start)
        with pytest.raises(OkrError) as raised:
            find_root(start)
        return raised.value.remedy or ""

    plain = "`okr init` starts a workspace there; `okr -C DIR …` looks elsewhere"
    assert remedy(top) == f"There is one in {root.name}: `okr -C {root.name} …`; `okr init` starts another"
    assert remedy(here) == plain
    (top / ".git").mkdir()
    assert remedy(here).startswith(f"There is one in ../../{root.name}: `okr -C ../../{root.name} …`; ")
    (root / "okr.yaml").rename(root / "okrs" / "okr.yaml")
    assert remedy(here).startswith(f"There is one in ../../{root.name}/okrs: ")
    (root / "okrs" / "okr.yaml").unlink()
    assert remedy(here) == plain
    for number in range(1001):
        (top / f"{number}.txt").touch()
    assert remedy(here) == plain


def test_no_root_and_no_folder(root: Path) -> None:
    with pytest.raises(OkrError) as raised:
        find_root(root.parent)
    assert raised.value.message == (
        f"{root.parent} is in no okr workspace: there is no okr.yaml in it, nor in a folder above it"
    )
    with pytest.raises(OkrError) as raised:
        find_root(root / "nowhere")
    assert raised.value.message == f"there is no folder {root / 'nowhere'}"
    assert raised.value.exit_status == 2
    with pytest.raises(OkrError):
        find_root(root / "okr.yaml")
