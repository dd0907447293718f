"""Forking a process from this one, and how many processes should share some work.

What they do is up to the caller. Imports next to nothing, because the first process is forked before anything else is
imported.
"""

from __future__ import annotations

import os
import sys

from okr.errors import UsageError

TYPE_CHECKING = False  # not from `typing`: the first process is forked before that is imported
if TYPE_CHECKING:
    from collections.abc import Callable

PROCESSES = "OKR_PROCESSES"
"""The environment's variable that says how many processes may share a work."""
MOST_PROCESSES = 64


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


def forked(work: Callable[[], object]) -> int:
    """Starts a process that does a work and ends, with 0 if nothing went wrong; no threads may be running.

    Returns:
        Its number, for `stop` or `os.waitpid`.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process:
        return process
    try:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_DFL)
        work()
        os._exit(0)
    finally:  # it never returns, for what its caller does next is the other process's
        os._exit(1)


def stop(process: int) -> None:
    """Ends a forked process, whatever it is at."""
    import signal

    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
