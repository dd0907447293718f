"""Work done by several threads at once.

That helps where most of it is done by libraries that let other threads go on meanwhile, such as hashing. For what
Python does itself there are processes (`processes.py`).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(work: Callable[[T], R], parts: Sequence[T], count: int) -> list[R]:
    """Does a work on each part, and gives what came of them in their order.

    Args:
        work: does one; it changes nothing that another part's looks at.
        parts: what is to be done.
        count: how many threads there are to be, this one among them.
    """
    found: dict[int, R] = {}
    numbers = iter(range(len(parts)))  # each is given to one thread alone

    def take() -> None:
        for number in numbers:
            found[number] = work(parts[number])

    others = [threading.Thread(target=take) for _ in range(min(count, len(parts)) - 1)]
    for each in others:
        each.start()
    try:
        take()
    finally:
        for each in others:
            each.join()
    # What one of the others failed at is done again here, where it can be told.
    return [found[number] if number in found else work(part) for number, part in enumerate(parts)]
