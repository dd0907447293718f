"""Files made by several processes and put in their place at once, or not at all."""

from __future__ import annotations

import os
import resource
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from okr.errors import OkrError
from okr.forking import PROCESSES
from okr.operations.publishing import Made, Published, publish, publish_made, write_file

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = os.getpid()
COUNT = 40


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def files(said: str, last: Callable[[], bytes] | None = None) -> list[Made]:
    made = [
        Made(f"in/{number % 7}/{number}", partial(str.encode, f"{said} {number}")) for number in range(COUNT)
    ]
    return [*made, *([Made("last", last)] if last else [])]


@pytest.fixture(params=["1", "3"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, to be filled by one process and by three."""
    monkeypatch.setenv(PROCESSES, request.param)
    return tmp_path / "site"


def test_by_any_number_of_processes_the_files_are_the_same(target: Path) -> None:
    assert publish_made(target, files("one"), {}, maker="report")[0] == Published(COUNT, 0, 0)
    found = everything(target)
    assert found.pop("okr-report.json").count(b"in/") == COUNT
    assert found == {each.path: each.content() for each in files("one")}
    assert publish_made(target, files("one"), {}, maker="report")[0] == Published(0, COUNT, 0)
    assert publish(target, [("in/0/0", b"two 0")], maker="report") == Published(1, 0, COUNT - 1)


def test_what_was_made_under_the_same_key_is_not_made_again(target: Path) -> None:
    def never() -> bytes:
        raise AssertionError

    made = [Made(each.path, each.content, "key") for each in files("one")]
    _, before = publish_made(target, made, {}, maker="report")
    again = [Made(each.path, never, "key") for each in made]
    published, kept = publish_made(target, again, before, maker="report")
    assert (published, kept) == (Published(0, COUNT, 0), before)
    (target / "in/0/7").write_text("by hand")
    (target / "in/1/8").unlink()
    with pytest.raises(AssertionError):
        publish_made(target, again, before, maker="report")
    assert publish_made(target, made, before, maker="report")[0] == Published(2, COUNT - 2, 0)
    other = [Made(each.path, each.content, "another") for each in files("two")]
    assert publish_made(target, other, before, maker="report")[0] == Published(COUNT, 0, 0)


def test_where_one_can_not_be_made_all_stay_as_they_were(target: Path) -> None:
    publish_made(target, files("one"), {}, maker="report")
    before = everything(target)
    (target / "in/3/mine").write_text("mine\n")
    mine = [*files("two"), Made("in/3/mine", lambda: b"ours")]
    with pytest.raises(OkrError, match="in/3/mine was not made by okr report"):
        publish_made(target, mine, {}, maker="report")
    (target / "in/3/mine").unlink()
    assert everything(target) == before
    assert sorted(path.name for path in target.iterdir()) == ["in", "okr-report.json"]


def test_a_folder_where_a_file_should_be_is_said(target: Path) -> None:
    (target / "in/0/0").mkdir(parents=True)
    with pytest.raises(OkrError, match="in/0/0 can't be written: Is a directory"):
        publish_made(target, files("one"), {}, maker="report")
    assert [path.name for path in target.iterdir()] == ["in"]


def test_a_process_that_dies_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROCESSES, "3")
    publish_made(tmp_path, files("one"), {}, maker="report")
    before = everything(tmp_path)

    def die() -> bytes:
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitid(
            os.P_ALL, 0, os.WEXITED | os.WNOWAIT
        )  # else this one might have done all before another began
        return b""

    deadly = [Made(each.path, die) for each in files("two")]
    with pytest.raises(OkrError, match="died before it was done"):
        publish_made(tmp_path, deadly, {}, maker="report")
    assert everything(tmp_path) == before
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_what_a_process_fails_at_is_done_again_by_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PROCESSES, "3")

    def only_here() -> bytes:
        if os.getpid() != HERE:
            raise RuntimeError
        return b"here"

    publish_made(tmp_path, [Made(each.path, only_here) for each in files("one")], {}, maker="report")
    found = everything(tmp_path)
    del found["okr-report.json"]
    assert set(found.values()) == {b"here"}
    assert len(found) == COUNT


def test_a_run_that_is_cut_off_while_it_puts_files_in_place_does_not_disown_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as cut:
        cut.setattr("pathlib.Path.unlink", _killed)  # the first thing after all files are in place
        cut.setattr("okr.operations.publishing._is_as", lambda *_: True)
        (tmp_path / "okr-report.json").write_text('{"schema": 1, "files": {"old": "0"}}')
        with pytest.raises(KeyboardInterrupt):
            publish_made(tmp_path, files("one"), {}, maker="report")
    assert publish_made(tmp_path, files("two"), {}, maker="report")[0] == Published(COUNT, 0, 0)


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_what_a_killed_run_had_laid_aside_goes_and_nothing_of_anybody_else(tmp_path: Path) -> None:
    for name, inside in ((".okr-tmp-old", "12"), (".okr-tmp-own", "mine"), (".okr-tmp-new", "3")):
        (tmp_path / name).mkdir()
        (tmp_path / name / inside).write_text("")
        if name != ".okr-tmp-new":
            os.utime(tmp_path / name, (0, 0))
    publish(tmp_path, [("one", b"")], maker="report")
    assert sorted(path.name for path in tmp_path.glob(".*")) == [".okr-tmp-new", ".okr-tmp-own"]


def test_a_page_that_a_run_cut_off_had_renewed_goes_when_nobody_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_made(tmp_path, files("one"), {}, maker="report")
    for said in ("two", "three"):  # the second one starts from what the first had not come to write down
        with monkeypatch.context() as cut:
            cut.setattr("pathlib.Path.replace", _killed_at(Path.replace, tmp_path / "in/5/5"))
            with pytest.raises(KeyboardInterrupt):
                publish_made(tmp_path, files(said), {}, maker="report")
    (tmp_path / "in/1/8").write_text("by hand")
    assert publish(tmp_path, [("in/0/0", b"four")], maker="report") == Published(1, 0, COUNT - 2)
    assert set(everything(tmp_path)) == {"in/0/0", "in/1/8", "okr-report.json"}


def test_what_a_run_that_was_killed_left_goes_with_the_next_one(tmp_path: Path) -> None:
    for name in (".okr-tmp-0123456789abcdef", ".okr-tmp-fedcba9876543210"):
        (tmp_path / name).write_text("half a list")
    os.utime(tmp_path / ".okr-tmp-0123456789abcdef", (0, 0))
    publish(tmp_path, [("page", b"one")], maker="report")
    assert set(everything(tmp_path)) == {"page", "okr-report.json", ".okr-tmp-fedcba9876543210"}
    os.utime(tmp_path / ".okr-tmp-fedcba9876543210", (0, 0))
    write_file(tmp_path / "table.csv", b"1")
    assert set(everything(tmp_path)) == {"page", "okr-report.json", "table.csv"}


def test_where_there_is_no_room_another_folder_is_not_the_remedy(tmp_path: Path) -> None:
    publish(tmp_path, [("page", b"one")], maker="report")
    write_file(tmp_path / "table.csv", b"1")
    before, limits = everything(tmp_path), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(OkrError, match="page was not written: it would pass the limit") as of_page:
            publish(tmp_path, [("page", b"x" * 200)], maker="report")
        with pytest.raises(OkrError, match=r"table\.csv was not written: it would pass the limit"):
            write_file(tmp_path / "table.csv", b"x" * 200)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert of_page.value.remedy == "Raise the limit on file size (`ulimit -f`), then repeat the command."
    assert everything(tmp_path) == before


def _killed_at(replace: Callable[[Path, Path], Path], place: Path) -> Callable[[Path, Path], Path]:
    def done(path: Path, target: Path) -> Path:
        if target == place:
            raise KeyboardInterrupt
        return replace(path, target)

    return done
