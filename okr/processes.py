"""Work shared by several processes, each forked from this one; the others' results come back through pipes.

What the work is, the caller knows. A process that dies is an error; what one of them fails at is done again by the
first.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from okr.errors import OkrError
from okr.forking import PROCESSES, forked, stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

MOST_SHARES = 1_000
"""So many numbers fit into any pipe."""
_NUMBER = 4
_FAILED, _DONE = b"\0", b"\1"


class Aside(Generic[T]):
    """Something worked out in a process of its own, while this one does other things; no threads may be running."""

    def __init__(self, work: Callable[[], T], about: str) -> None:
        """Starts it.

        Args:
            work: gives what can be pickled.
            about: what the whole is, such as `the report`.
        """
        self._about = about
        self._answer, source = os.pipe()
        self._process = forked(lambda: _work(work, self._answer, source))
        os.close(source)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends it, if nobody has waited for it."""
        if self._process:
            os.close(self._answer)
            stop(self._process)
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
        import pickle  # most commands share no work

        return (pickle.loads(content[:-1]),)  # noqa: S301 # from a process of our own, through our own pipe


class Shares:
    """The numbers of a work's shares, in a pipe from which whoever is at work takes the next."""

    def __init__(self, count: int) -> None:
        """Nobody has taken any yet.

        Args:
            count: how many there are, at most `MOST_SHARES`, so that nobody has to stay and write.
        """
        self._left, source = os.pipe()
        os.write(source, b"".join(number.to_bytes(_NUMBER, "big") for number in range(count)))
        os.close(source)
        self._owner = os.getpid()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nobody takes any more here."""
        os.close(self._left)

    def __iter__(self) -> Iterator[int]:
        """The next ones that nobody has taken yet, until there are none, or the process that began is gone."""
        while self._owner in {os.getpid(), os.getppid()} and (number := os.read(self._left, _NUMBER)):
            yield int.from_bytes(number, "big")


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
    with ExitStack() as ending:
        left = ending.enter_context(Shares(shares))
        others = [ending.enter_context(Aside(lambda: work(iter(left)), about)) for _ in range(count - 1)]
        found = [(work(iter(left)),), *(each.result() for each in others)]
    done = [each[0] for each in found if each is not None]
    return done if len(done) == len(found) else None


def _work(work: Callable[[], T], answer: int, source: int) -> None:
    """What a forked process does."""
    os.close(answer)
    content = _FAILED
    with suppress(Exception):  # the other process does it again, and tells what happened
        import pickle

        content = pickle.dumps(work(), pickle.HIGHEST_PROTOCOL) + _DONE
    with os.fdopen(source, "wb") as target:
        target.write(content)
