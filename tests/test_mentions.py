"""Looking through many files at once finds those that looking into each by itself finds."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr.files import UnreadableFile
from okr.mentions import mentioning, search
from okr.reading_ahead import reading_ahead
from okr.references import ids_of_files, is_id
from okr.small_files import ELSEWHERE
from okr.sources import Folder, Overlay, holds, is_owners

if TYPE_CHECKING:
    from pathlib import Path

    from okr.sources import Files

PIECES = [
    b"team",
    b"team-7/a",
    b"a-",
    b"old/a/b",
    b"/",
    b" ",
    b"\n",
    b"b",
    "é".encode(),
    b"\xc3",
    b"\xa9",
    b"\\",
    b"\0",
]
TAILS = ("team-7/a", "old/a/b")


def by_itself(files: Files, path: str, *, behind: str = "/") -> bool:
    """Whether a file may refer to one of them; what can't be read may say anything."""
    try:
        content = files.read(path) or b""
        text = content.decode()
    except (UnreadableFile, UnicodeDecodeError):
        return True
    return (
        "\\" in text
        or "\0" in text
        or re.search(rf"(?<![a-z0-9-])(team-7/a|old/a/b)(?![a-z0-9{behind}-])", text) is not None
    )


@pytest.mark.unmeasured
@settings(max_examples=50)
@given(contents=st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map(b"".join), max_size=9))
def test_what_each_says_is_found(tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]) -> None:
    root = tmp_path_factory.mktemp("many")
    (root / "okrs").mkdir()
    for number, content in enumerate(contents):
        (root / f"okrs/{number}.yaml").write_bytes(content)
    for files in (Folder(root), Overlay(Folder(root), {"okrs/0.yaml": b"old/a/b"})):
        names = [name for name in files.files("okrs") if is_owners(name)]
        expected = [name for name in names if by_itself(files, f"okrs/{name}")]
        assert mentioning(files, "okrs", TAILS, ()) == expected
        more = [name for name in names if by_itself(files, f"okrs/{name}", behind="")]
        assert mentioning(files, "okrs", [f"{tail}/" for tail in TAILS], ()) == more


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with files of all kinds, and so many that a process of its own reads them."""
    root = tmp_path / "root"
    (root / "okrs" / "q" / "folder.yaml").mkdir(parents=True)
    (tmp_path / "outside").write_bytes(b"nothing")
    kinds = {
        "large": b"x" * 70_000,
        "large-one": b"x" * 70_000 + b" old/a/b",
        "one": b"- team-7/a",
        "none": b"old/a/bc",
        "the-largest-together": b"x" * 65_527 + b" old/a/b",
        "the-smallest-alone": b"x" * 65_528 + b" old/a/b",
    } | {f"megabyte-{number:02}": b"x" * 60_000 + b" old/a/b" * (number == 17) for number in range(20)}
    for name, content in kinds.items():
        (root / f"okrs/q/{name}.yaml").write_bytes(content)
    for number in range(1_600):
        (root / f"okrs/q/n{number:04}.yaml").write_bytes(b"old/a/b" if number in {0, 299, 1599} else b"none")
    os.mkfifo(root / "okrs/q/pipe.yaml")
    (root / "okrs/q/to-one.yaml").symlink_to("one.yaml")
    (root / "okrs/q/to-none.yaml").symlink_to("none.yaml")
    (root / "okrs/q/out.yaml").symlink_to(tmp_path / "outside")
    (root / "okrs/q/cycle.yaml").write_bytes(b"team-7/a")
    (root / "linked").symlink_to("okrs/q")
    return root


FOUND = [
    "large-one.yaml",
    "megabyte-17.yaml",
    "n0000.yaml",
    "n0299.yaml",
    "n1599.yaml",
    "one.yaml",
    "out.yaml",
    "pipe.yaml",
    "the-largest-together.yaml",
    "the-smallest-alone.yaml",
    "to-one.yaml",
]


@pytest.mark.unmeasured
def test_files_of_all_kinds(root: Path) -> None:
    files = Folder(root)
    for folder in ("okrs/q", "linked"):
        found = mentioning(files, folder, TAILS, ())
        assert (
            found
            == [
                name
                for name in files.files(folder)
                if is_owners(name) and by_itself(files, f"{folder}/{name}")
            ]
            == FOUND
        )
    assert (
        mentioning(files, "okrs/q", TAILS, ("n0001.yaml", "cycle.yaml", "folder.yaml", "gone.yaml"))[3]
        == "n0001.yaml"
    )
    assert mentioning(files, "nowhere", TAILS, ()) == []
    assert mentioning(files, "okrs/q", (), ()) == ["out.yaml", "pipe.yaml"]


def test_another_process_finds_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKR_PROCESSES", "2")
    files = Folder(root)
    (root / "okrs" / "small").mkdir()
    (root / "okrs" / "small" / "a.yaml").write_bytes(b"team-7/a")
    os.utime(root / "okrs" / "small", (0, 0))
    with reading_ahead(str(root), "okrs"):
        assert ELSEWHERE[str(root)]("okrs/small", TAILS, ()) is None
        assert mentioning(files, "okrs/small", TAILS, ()) == ["a.yaml"]
        assert ELSEWHERE[str(root)]("okrs/q", TAILS, ()) == sorted([*FOUND, "cycle.yaml"])
        assert mentioning(files, "okrs/q", TAILS, ()) == FOUND
        assert mentioning(files, "okrs/q", TAILS, ()) == search(files, "okrs/q", TAILS, ())
        assert mentioning(files, "okrs/q", ("old/a/bc",), ("n0001.yaml",)) == [
            "n0001.yaml",
            "none.yaml",
            "out.yaml",
            "pipe.yaml",
            "to-none.yaml",
        ]
    assert ELSEWHERE == {}


def test_where_another_process_dies_this_one_looks(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKR_PROCESSES", "2")
    with reading_ahead(str(root), "okrs"):
        os.kill(beside_of(root), signal.SIGKILL)
        assert [ELSEWHERE[str(root)]("okrs/q", TAILS, ()) for _ in range(2)] == [None, None]
        assert mentioning(Folder(root), "okrs/q", TAILS, ()) == FOUND


def test_a_folder_of_nothing_but_plans_is_searched_by_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKR_PROCESSES", "2")
    folder = tmp_path / "okrs" / "q"
    folder.mkdir(parents=True)
    for number in range(1_600):
        (folder / f"{number:04}.yaml").write_bytes(
            b"old/a/b" if number % 500 == 0 else b"" if number == 7 else b"n"
        )
    with reading_ahead(str(tmp_path), "okrs"):
        found = ELSEWHERE[str(tmp_path)]("okrs/q", TAILS, ("0002.yaml",))
    assert found == ["0000.yaml", "0002.yaml", "0500.yaml", "1000.yaml", "1500.yaml"]
    assert search(Folder(tmp_path), "okrs/q", TAILS, ("0002.yaml",)) == found


def beside_of(root: Path) -> int:
    process: int = ELSEWHERE[str(root)].__self__._process  # type: ignore[attr-defined] # of a bound method
    return process


@pytest.mark.parametrize("processes", ["1", "none"])
def test_one_process_is_enough_where_it_is_asked_for_or_there_is_little(
    root: Path, processes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKR_PROCESSES", processes)
    with reading_ahead(str(root), "okrs"):
        assert ELSEWHERE == {}
    monkeypatch.setenv("OKR_PROCESSES", "2")
    with reading_ahead(str(root), "nowhere"), reading_ahead(str(root), "okrs/q"):
        assert ELSEWHERE == {}


NAMES = st.text(alphabet="aé09-._Z\n", max_size=5)


@pytest.mark.unmeasured
@given(names=st.lists(st.builds("{}{}".format, NAMES, st.sampled_from([".yaml", ".yml", ".yaml.yaml", ""]))))
def test_ids_are_found_among_names(names: list[str]) -> None:
    stems = [name.removesuffix(".yaml") for name in names if name.endswith(".yaml")]
    assert ids_of_files(names) == [stem for stem in stems if is_id(stem)]


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
