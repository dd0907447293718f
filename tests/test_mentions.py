"""Looking through many files at once finds those that looking into each by itself finds."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from okr.files import UnreadableFile
from okr.mentions import mentioning
from okr.references import ids_before, is_id
from okr.sources import Folder, Overlay, holds, is_owners

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from okr.sources import Files

PIECES = [
    b"team",
    b"team-7/",
    b"a-",
    b"old",
    b"/",
    b" ",
    b"\n",
    "é".encode(),
    b"\xc3",
    b"\xa9",
    b"\\",
    b"\0",
    b"x",
]
OWNERS = ("team-7", "old")


def by_itself(files: Files, path: str) -> bool:
    """Whether a file may name one of the owners; what can't be read may say anything."""
    try:
        content = files.read(path) or b""
        text = content.decode()
    except (UnreadableFile, UnicodeDecodeError):
        return True
    return "\\" in text or "\0" in text or re.search(r"(?<![a-z0-9-])(team-7|old)/", text) is not None


@settings(max_examples=60, deadline=None)
@given(contents=st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map(b"".join), max_size=9))
def test_what_each_says_is_found(tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]) -> None:
    root = tmp_path_factory.mktemp("many")
    (root / "okrs").mkdir()
    for number, content in enumerate(contents):
        (root / f"okrs/{number}").write_bytes(content)
    paths = [f"okrs/{number}" for number in range(len(contents) + 1)]  # and one that isn't there
    for files in (Folder(root), Overlay(Folder(root), {"okrs/0": b"old/x"})):
        assert list(mentioning(files, paths, OWNERS)) == [path for path in paths if by_itself(files, path)]


def test_files_of_all_kinds(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "okrs" / "folder").mkdir(parents=True)
    (tmp_path / "outside").write_bytes(b"nothing")
    kinds = {
        "large": b"x" * 70_000,
        "large-one": b"x" * 70_000 + b" old/",
        "one": b"- team-7/x",
        "none": b"a-team-7/",
    }
    for name, content in kinds.items():
        (root / "okrs" / name).write_bytes(content)
    for number in range(600):
        (root / f"okrs/n{number:03}").write_bytes(b"old/x" if number in {0, 299, 599} else b"none")
    os.mkfifo(root / "okrs/pipe")
    (root / "okrs/to-one").symlink_to("one")
    (root / "okrs/to-none").symlink_to("none")
    (root / "okrs/out").symlink_to(tmp_path / "outside")
    (root / "linked").symlink_to("okrs")
    files = Folder(root)
    for folder in ("okrs", "linked"):
        paths = [f"{folder}/{name}" for name in sorted(path.name for path in (root / "okrs").iterdir())]
        found = list(mentioning(files, paths, OWNERS))
        assert found == [path for path in paths if by_itself(files, path)]
        names = {path.rpartition("/")[2] for path in found}
        assert names == {"folder", "large-one", "n000", "n299", "n599", "one", "out", "pipe", "to-one"}
    assert list(mentioning(files, ["nowhere/a"], OWNERS)) == []


NAMES = st.text(alphabet="aé09-._Z\n", max_size=5)


@given(names=st.lists(st.builds("{}{}".format, NAMES, st.sampled_from([".yaml", ".yml", ".yaml.yaml", ""]))))
def test_ids_are_found_among_names(names: list[str]) -> None:
    stems = [name.removesuffix(".yaml") for name in names if name.endswith(".yaml")]
    assert ids_before(".yaml", names) == [stem for stem in stems if is_id(stem)]


def test_a_folder_holds_what_it_lists(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}").mkdir()
    (tmp_path / "1" / "cycle.yaml").touch()
    (tmp_path / "1" / "a.yaml").mkdir()
    (tmp_path / "1" / "B.yaml").touch()
    (tmp_path / "2" / "b.yaml").touch()
    folder = Folder(tmp_path)
    assert [holds(folder, name, is_owners) for name in ("0", "1", "2", "3")] == [False, False, True, False]
    assert holds(Overlay(folder, {"0/b.yaml": b""}), "0", is_owners)
    assert not holds(Overlay(folder, {"0/x/b.yaml": b""}), "0", is_owners)
    assert holds(Overlay(folder, {"0/b.yaml": b""}), "2", is_owners)
