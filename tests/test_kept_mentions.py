"""What is kept of a folder's plans tells the same as reading them, whatever has changed since."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr import disks, kept_mentions, small_files
from okr import reading_ahead as ahead
from okr.kept_mentions import plans_of
from okr.mentions import search
from okr.reading_ahead import nothing_more_is_asked, reading_ahead
from okr.small_files import ELSEWHERE
from okr.sources import Folder
from tests.test_mentions import FOUND, PIECES, TAILS, root

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["root"]

PLACE = "okrs/q"
KEPT = "okr/mentions"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of its own; files count as old as soon as they are written."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(kept_mentions, "_LATELY", -(10**10))
    monkeypatch.setattr(kept_mentions, "on_own_disk", lambda _: True)
    return tmp_path / "cache"


def found(root: Path, tails: tuple[str, ...] = TAILS, *, may_keep: bool = True) -> list[str] | None:
    """What a process that reads ahead finds, and it keeps what there is to keep."""
    folder = small_files.open_folder(str(root), PLACE)
    assert folder is not None
    try:
        plans = plans_of(
            folder,
            f"{root}/{PLACE}",
            lambda: (small_files.plain_files(folder)[0], frozenset()),
            may_keep=may_keep,
        )
        told = plans.found(tails, (), lambda name: (root / PLACE / name).read_bytes())
        plans.keep()
    finally:
        os.close(folder)
    return told


def later() -> None:
    """Waits until the system's clock gives files another time."""
    time.sleep(0.012)


CONTENT = st.lists(st.sampled_from(PIECES), max_size=6).map(b"".join)
EDITS = st.lists(st.dictionaries(st.integers(0, 5), CONTENT | st.none(), max_size=3), min_size=1, max_size=3)


@pytest.mark.unmeasured
@pytest.mark.parametrize("few", [256, 1])
@settings(max_examples=25, deadline=None)
@given(contents=st.lists(CONTENT, min_size=1, max_size=6), edits=EDITS)
def test_after_any_edits_it_tells_what_reading_tells(
    tmp_path_factory: pytest.TempPathFactory,
    few: int,
    contents: list[bytes],
    edits: list[dict[int, bytes | None]],
) -> None:
    root = tmp_path_factory.mktemp("edited")
    (root / PLACE).mkdir(parents=True)
    for number, content in enumerate(contents):
        (root / PLACE / f"t{number}.yaml").write_bytes(content)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(root / "cache"))
        patched.setattr(kept_mentions, "_LATELY", -(10**10))
        patched.setattr(kept_mentions, "_FEW", few)
        patched.setattr(kept_mentions, "on_own_disk", lambda _: True)
        for edit in ({}, *edits):
            later()
            for number, changed in edit.items():
                path = root / PLACE / f"t{number}.yaml"
                if changed is None:
                    path.unlink(missing_ok=True)
                else:
                    before = path.stat() if path.exists() else None
                    path.write_bytes(changed)
                    if before is not None:  # whoever puts a time back can't put back the other one
                        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            expected = search(Folder(root), PLACE, TAILS, ())
            assert found(root) == expected
            assert found(root) == expected, "the next time"
            assert found(root, may_keep=False) == expected


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A workspace whose plans are kept."""
    (tmp_path / PLACE).mkdir(parents=True)
    for name, text in (("a", "x: old/a/b"), ("b", "x: none"), ("c", "x: é\ny: q/team-7/a\nz: other")):
        (tmp_path / PLACE / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert found(tmp_path) == ["a.yaml", "c.yaml"]
    return tmp_path


def read_of(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read from now on."""
    read: list[str] = []
    reads = small_files._read_into

    def noted(space: memoryview, folder: int, name: str) -> int:
        read.append(name)
        return reads(space, folder, name)

    monkeypatch.setattr(small_files, "_read_into", noted)
    return read


def listed_of(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The folders that are listed from now on."""
    listed: list[int] = []
    lists = small_files.plain_files

    def noted(folder: int) -> tuple[list[str], bool]:
        listed.append(folder)
        return lists(folder)

    monkeypatch.setattr(small_files, "plain_files", noted)
    return listed


def test_only_what_has_changed_is_read(few: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_of(monkeypatch)
    assert found(few) == ["a.yaml", "c.yaml"]
    assert read == []
    later()
    (few / PLACE / "b.yaml").write_text("x: team-7/a")
    (few / PLACE / "d.yaml").write_text("x: team-7/a")
    (few / PLACE / "c.yaml").unlink()
    assert found(few) == ["a.yaml", "b.yaml", "d.yaml"]
    assert read == ["b.yaml", "d.yaml"]
    assert found(few, ("a",)) is None, "a tail that is no reference may stand in any line"
    assert found(few, may_keep=False) == ["a.yaml", "b.yaml", "d.yaml"]
    assert [each.name for each in (cache / KEPT).iterdir()] == [kept_mentions._name(f"{few}/{PLACE}")]


def test_a_folder_is_listed_again_only_where_its_times_have_changed(
    few: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = listed_of(monkeypatch)
    assert found(few) == ["a.yaml", "c.yaml"]
    (few / PLACE / "b.yaml").write_text("x: team-7/a")
    assert found(few) == ["a.yaml", "b.yaml", "c.yaml"]
    assert listed == []
    later()
    (few / PLACE / "c.yaml").rename(few / PLACE / "d.yaml")
    os.utime(few / PLACE, (0, 0))  # it still has another time
    assert found(few) == ["a.yaml", "b.yaml", "d.yaml"]
    assert len(listed) == 1
    next((cache / KEPT).iterdir()).unlink()
    monkeypatch.setattr(kept_mentions, "_FEW", 3)
    monkeypatch.setattr(kept_mentions, "_LATELY", 3 * 10**9)
    for count in (2, 3):
        assert found(few) == ["a.yaml", "b.yaml", "d.yaml"]
        assert len(listed) == count, "something may still come without a trace"


def test_a_folder_with_a_link_is_listed_each_time(
    few: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next((cache / KEPT).iterdir()).unlink()  # it tells of the folder as it was without the link
    (few / "elsewhere").mkdir()
    (few / PLACE / "link.yaml").symlink_to(few / "elsewhere")
    monkeypatch.setenv("OKR_PROCESSES", "2")
    monkeypatch.setattr(ahead, "_WORTH_IT", 1)

    def told() -> list[str] | None:
        with reading_ahead(str(few), "okrs", may_keep=True):
            return ELSEWHERE[str(few)](PLACE, TAILS, ())

    for _ in range(2):
        assert told() == ["a.yaml", "c.yaml"]
    (few / "elsewhere").rmdir()
    (few / "elsewhere").write_text("x: team-7/a")
    assert told() == search(Folder(few), PLACE, TAILS, ()) == ["a.yaml", "c.yaml", "link.yaml"]


@pytest.mark.parametrize("damage", ["nothing", "cut off", "another byte", "another folder's", "a folder"])
def test_what_is_damaged_or_of_another_folder_is_passed_over(
    few: Path, cache: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kept,) = (cache / KEPT).iterdir()
    content = kept.read_bytes()
    if damage == "another folder's":
        monkeypatch.setattr(kept_mentions, "_name", lambda _: kept.name)
        (few / "other/okrs/q").mkdir(parents=True)
        assert found(few / "other") == []
    elif damage == "a folder":
        kept.unlink()
        kept.mkdir()
    else:
        kept.write_bytes(
            {
                "nothing": b"",
                "cut off": content[:-9],
                "another byte": content.replace(b"old/a/b", b"old/a/c"),
            }[damage]
        )
    read = read_of(monkeypatch)
    assert found(few) == ["a.yaml", "c.yaml"]
    assert read == ["a.yaml", "b.yaml", "c.yaml"]


def test_what_may_be_changed_again_without_a_trace_is_not_kept(
    few: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_mentions, "_LATELY", 3 * 10**9)
    read = read_of(monkeypatch)
    for _ in range(2):
        assert found(few) == ["a.yaml", "c.yaml"]
    assert read == ["a.yaml", "b.yaml", "c.yaml"] * 2
    monkeypatch.setattr(kept_mentions, "_FEW", 2)
    (kept,) = (cache / KEPT).iterdir()
    kept.unlink()
    assert found(few) == ["a.yaml", "c.yaml"]
    assert list((cache / KEPT).iterdir()) == [], "all are young: it would tell of none"


def test_a_disk_that_is_not_known_to_be_this_machines_is_not_relied_on(
    few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_mentions, "on_own_disk", disks.on_own_disk)
    monkeypatch.setattr(disks, "_MOUNTS", str(few / "okr.yaml"))
    read = read_of(monkeypatch)
    assert found(few) == ["a.yaml", "c.yaml"]
    assert read == ["a.yaml", "b.yaml", "c.yaml"]


@pytest.mark.parametrize(("disk", "known"), [(".", True), ("/dev", False)])
def test_a_file_of_another_disk_than_its_folder_is_not_relied_on(few: Path, disk: str, known: bool) -> None:
    plan = few / PLACE / "a.yaml"
    folder = os.open(few / disk, os.O_RDONLY)
    try:
        states = kept_mentions._states(folder, [str(plan)], time.time_ns() + 10**10)
    finally:
        os.close(folder)
    assert (states != kept_mentions._UNKNOWN) is known


def test_times_that_are_no_numbers_of_ours_are_not_kept(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.utime(few / PLACE / "a.yaml", (-86400, -86400))
    read = read_of(monkeypatch)
    assert found(few) == found(few) == ["a.yaml", "c.yaml"]
    assert read == ["a.yaml", "b.yaml", "c.yaml"] * 2


def test_another_process_keeps_what_it_has_read_and_tells_the_same(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKR_PROCESSES", "2")
    expected = sorted([*FOUND, "cycle.yaml"])
    with reading_ahead(str(root), "okrs"):
        assert ELSEWHERE[str(root)](PLACE, TAILS, ()) == expected
    assert not cache.exists(), "nobody has said that it may be kept"
    with reading_ahead(str(root), "okrs", may_keep=True):
        pass
    assert not cache.exists(), "nobody has asked"
    for _ in range(2):
        with reading_ahead(str(root), "okrs", may_keep=True):
            assert ELSEWHERE[str(root)](PLACE, TAILS, ()) == expected
            assert ELSEWHERE[str(root)](PLACE, TAILS, ("n0001.yaml",)) == sorted([*expected, "n0001.yaml"])
        assert len(list((cache / KEPT).iterdir())) == 1
    assert next((cache / KEPT).iterdir()).stat().st_size < 300_000, "lines with a slash alone"


def test_once_nothing_more_is_asked_another_process_keeps_what_it_has_read_and_ends(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKR_PROCESSES", "2")
    for asked in (False, True):
        with reading_ahead(str(root), "okrs", may_keep=True):
            if asked:
                assert ELSEWHERE[str(root)](PLACE, TAILS, ()) == sorted([*FOUND, "cycle.yaml"])
            process = ahead._ASKED[str(root)]._process
            nothing_more_is_asked(str(root))
            nothing_more_is_asked(str(root))
            assert str(root) not in ELSEWHERE
            ended = os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
            assert ended is not None
            assert ended.si_status == 0
        assert (cache / KEPT).exists() is asked


def test_ctrl_c_while_it_is_kept_ends_the_other_process(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKR_PROCESSES", "2")
    waits, waited = os.waitpid, list[int]()

    def interrupted(process: int, options: int) -> tuple[int, int]:
        waited.append(process)
        if len(waited) == 1:
            raise KeyboardInterrupt
        return waits(process, options)

    monkeypatch.setattr(kept_mentions, "_keep", lambda *_: time.sleep(60))
    with reading_ahead(str(root), "okrs", may_keep=True):
        assert ELSEWHERE[str(root)](PLACE, TAILS, ()) == sorted([*FOUND, "cycle.yaml"])
        monkeypatch.setattr(os, "waitpid", interrupted)
    assert len(set(waited)) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(waited[0], 0)
    assert not cache.exists()
