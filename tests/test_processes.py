"""`processes.py`: works shared by real processes, of which some fail, die or are left alone."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from okr.errors import OkrError, UsageError
from okr.forking import PROCESSES, processes_for
from okr.processes import Aside, shared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = os.getpid()


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_each_share_is_done_once() -> None:
    done = shared(3, 100, lambda numbers: (os.getpid(), list(numbers)), "it")
    assert done is not None
    assert sorted(number for _, numbers in done for number in numbers) == list(range(100))
    assert len({process for process, _ in done}) == 3
    assert done[0][0] == HERE


def test_aside_something_is_worked_out_by_another_process() -> None:
    with Aside(lambda: {"by": os.getpid()}, "it") as aside:
        (found,) = aside.result() or ({},)
    assert found["by"] not in {HERE, None}
    assert not is_alive(found["by"])


def test_what_another_process_fails_at_is_told_apart_from_what_it_found() -> None:
    def work(numbers: Iterator[int]) -> list[int]:
        if os.getpid() != HERE:
            raise ValueError
        return list(numbers)

    assert shared(2, 5, work, "it") is None
    with Aside(lambda: lambda: None, "it") as aside:  # what can't be pickled
        assert aside.result() is None


def test_one_that_dies_is_an_error() -> None:
    with (
        Aside(lambda: os.kill(os.getpid(), signal.SIGKILL), "the report") as aside,
        pytest.raises(OkrError, match="its share of the report died before it was done"),
    ):
        aside.result()


def test_whoever_is_still_at_work_ends_with_this_one(tmp_path: Path) -> None:
    mark = tmp_path / "begun"

    def work(numbers: Iterator[int]) -> list[int]:
        if os.getpid() != HERE:
            mark.write_text(str(os.getpid()))
            time.sleep(60)
        while not mark.exists() or not mark.read_text():
            time.sleep(0.001)
        raise KeyboardInterrupt(*numbers)

    with pytest.raises(KeyboardInterrupt):
        shared(2, 5, work, "it")
    assert not is_alive(int(mark.read_text()))


def test_how_many_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PROCESSES, raising=False)
    assert (processes_for(99, 100), processes_for(100, 100)) == (1, len(os.sched_getaffinity(0)))
    monkeypatch.setattr("sys.platform", "darwin")
    assert processes_for(100, 100) == 1
    monkeypatch.setenv(PROCESSES, "3")
    assert processes_for(1, 100) == 3
    monkeypatch.setenv(PROCESSES, "many")
    with pytest.raises(UsageError, match="OKR_PROCESSES is “many”"):
        processes_for(1, 100)
