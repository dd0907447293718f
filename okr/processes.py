"""A work shared by several processes, each forked from this one; what the others come to returns through pipes.

What it is about is for whoever shares it. One that dies is an error; what one fails at is to be done again by the first.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from okr.errors import OkrError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

PROCESSES = "OKR_PROCESSES"
"""The environment's variable that says how many processes may share a work."""
MOST_PROCESSES = 64
MOST_SHARES = 1_000
"""So many numbers fit into any pipe."""
_NUMBER = 4
_FAILED, _DONE = b"\0", b"\1"


def processes_for(parts: int, worth_it: int) -> int:
    """How many processes share a work: as many as there are processors, where it is large enough.

    Args:
        parts: how many parts it has.
        worth_it: from how many on a further process takes less time than it saves.

    Raises:
        UsageError: the environment asks for what is no number of processes.
    """
    given = os.environ.get(PROCESSES, "")
    if given:
        if not (given.isascii() and given.isdigit() and 1 <= int(given) <= MOST_PROCESSES):
            raise UsageError(
                f"{PROCESSES} is “{given[:20]}”",
                f"write a number from 1 to {MOST_PROCESSES}, or leave it out",
            )
        return int(given)
    if (
        sys.platform != "linux" or parts < worth_it
    ):  # elsewhere, a forked process can't rely on the system's libraries
        return 1
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


class Aside(Generic[T]):
    """Something worked out in a process of its own, while this one does other things; no threads may be running."""

    def __init__(self, work: Callable[[], T], about: str) -> None:
        """Starts it.

        Args:
            work: gives what can be pickled.
            about: what the whole is, such as `the report`.
        """
        self._about = about
        sys.stdout.flush()
        sys.stderr.flush()
        self._answer, source = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            os.close(self._answer)
            _work(work, source)
        os.close(source)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends it, if nobody has waited for it."""
        if self._process:
            os.close(self._answer)
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
            self._process = 0

    def result(self) -> tuple[T] | None:
        """What it has come to, once it is done; None where it could not, for a reason that is worth finding here.

        Raises:
            OkrError: the process died.
        """
        with os.fdopen(self._answer, "rb", closefd=False) as source:
            content = source.read()
        os.close(self._answer)
        process, self._process = self._process, 0
        _, status = os.waitpid(process, 0)
        if status != 0 or content[-1:] not in {_FAILED, _DONE}:
            raise OkrError(
                f"a process that did its share of {self._about} died before it was done",
                f"try again; with the variable {PROCESSES}=1 a single process does it all, with less memory",
            )
        if content[-1:] == _FAILED:
            return None
        return (pickle.loads(content[:-1]),)  # noqa: S301 # from a process of our own, through our own pipe


def shared(count: int, shares: int, work: Callable[[Iterator[int]], T], about: str) -> list[T] | None:
    """Does a work in several processes, this one among them.

    Args:
        count: how many processes.
        shares: how many shares the work has, at most `MOST_SHARES`.
        work: does the shares whose numbers it is given, and gives what can be pickled.
        about: what the work is, such as `the report`.

    Returns:
        What each process came to; None where one of the others could not do its part.

    Raises:
        OkrError: one of the others died.
    """
    left, source = os.pipe()
    os.write(source, b"".join(number.to_bytes(_NUMBER, "big") for number in range(shares)))
    os.close(source)
    above = os.getpid()
    with ExitStack() as ending:
        ending.callback(os.close, left)
        others = [
            ending.enter_context(Aside(lambda: work(_numbers(left, above)), about)) for _ in range(count - 1)
        ]
        found = [(work(_numbers(left)),), *(each.result() for each in others)]
    done = [each[0] for each in found if each is not None]
    return done if len(done) == len(found) else None


def _numbers(left: int, above: int | None = None) -> Iterator[int]:
    """The next shares that nobody has taken yet, until there are none, or the process `above` is gone."""
    while (above is None or os.getppid() == above) and (number := os.read(left, _NUMBER)):
        yield int.from_bytes(number, "big")


def _work(work: Callable[[], T], source: int) -> None:
    """What a forked process does; it never returns, for its caller's work is the other process's."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        answer = _FAILED
        with suppress(Exception):  # the other process does it again, and tells what happened
            answer = pickle.dumps(work(), pickle.HIGHEST_PROTOCOL) + _DONE
        with os.fdopen(source, "wb") as target:
            target.write(answer)
        os._exit(0)
    finally:
        os._exit(1)
