from __future__ import annotations

import threading

import pytest

from okr.side_by_side import side_by_side


def test_each_part_is_done_once_and_told_in_its_place() -> None:
    done: list[int] = []
    together = threading.Barrier(2)

    def work(part: int) -> tuple[int, str]:
        if len(done) < 2:
            done.append(part)
            together.wait(10)  # two are at work at once
        return part * 2, threading.current_thread().name

    found = side_by_side(work, range(50), 2)
    assert [twice for twice, _ in found] == [*range(0, 100, 2)]
    assert {name for _, name in found} > {threading.current_thread().name}
    assert threading.active_count() == 1
    assert side_by_side(work, [], 4) == []
    assert {name for _, name in side_by_side(work, [1, 2], 1)} == {threading.current_thread().name}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_another_thread_fails_at_is_an_error_here() -> None:
    def work(part: int) -> int:
        return 1 // part

    for count in (1, 3):
        with pytest.raises(ZeroDivisionError):
            side_by_side(work, [1, 0, 2, 0], count)
    assert threading.active_count() == 1
