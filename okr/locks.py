"""One `okr` command at a time where they would get in each other's way: a lock that goes with its process.

What is done meanwhile is for whoever takes the lock.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from typing import TYPE_CHECKING

from okr.file_errors import LockTimeout, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["LockTimeout", "held_above", "locked"]

_HELD = "OKR_LOCK_HELD"


@contextlib.contextmanager
def locked(path: Path, *, timeout: float) -> Iterator[None]:
    """Hold an exclusive advisory lock while the block runs.

    The kernel gives it back when the process ends, however it ends. The lock file stays behind, empty; it
    may be removed when no `okr` is running. Not re-entrant. Processes started within it can tell: `held_above`.

    Args:
        path: the lock file, in an existing folder; made if it is missing.
        timeout: seconds to wait for whoever holds it; 0 tries once.

    Raises:
        LockTimeout: it was not free in time.
        OkrError: the lock file can't be opened or locked.
    """
    try:
        descriptor = _open_lock(path)
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        _acquire(descriptor, path, timeout)
        with _told_to_processes(path):
            yield
    finally:
        os.close(descriptor)


def held_above(path: Path) -> bool:
    """Whether whoever started this process held the lock: a check-in whose commit runs a hook, say."""
    return os.environ.get(_HELD) == str(path)


@contextlib.contextmanager
def _told_to_processes(path: Path) -> Iterator[None]:
    before = os.environ.get(_HELD)
    os.environ[_HELD] = str(path)
    try:
        yield
    finally:
        os.environ.pop(_HELD, None)
        if before is not None:
            os.environ[_HELD] = before


def _open_lock(path: Path) -> int:
    flags = os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        return os.open(path, flags | os.O_RDWR, 0o666)
    except PermissionError:
        if not path.exists():
            raise
        # Made by somebody else in a shared repository: a lock needs no more than reading.
        return os.open(path, flags & ~os.O_CREAT | os.O_RDONLY)


def _acquire(descriptor: int, path: Path, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            left = deadline - time.monotonic()
            if left <= 0:
                raise LockTimeout(
                    f"Another okr command has held the lock {path} for more than {timeout:g} seconds.",
                    "Let it finish or end it, then repeat the command.",
                ) from None
            import random  # seldom needed, and slow to import

            time.sleep(min(left, random.uniform(0.005, 0.03)))  # noqa: S311 # jitter, no secret
        except OSError as error:
            raise unwritable(path, error) from error
        else:
            return
