"""A run of okr: what its command line says for all commands, and how it ends: every failure is a message and an exit status.

Whoever reads the command line is above: `cli.py`, or `plainly.py` where that takes no more than a glance.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import sys
import threading
from datetime import UTC, date, datetime, time
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from okr.dataclass import dataclass
from okr.errors import OkrError

if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED = 130
BROKEN_PIPE = 141
BUG = 3

TOO_MANY_OPEN = {errno.EMFILE, errno.ENFILE}
OUTPUT_IS_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


@dataclass(slots=True)
class Invocation:
    """What was said for all commands.

    Attributes:
        directory: where to look for the workspace.
        as_of: the day that counts as today, where one was given.
        color: False where colours were refused; None leaves it to the terminal.
        cache: False where everything is to be worked out anew.
    """

    directory: Path = Path()
    as_of: date | None = None
    color: bool | None = None
    cache: bool = True

    @property
    def today(self) -> date:
        """The day that counts as today."""
        return self.as_of or date.today()

    @property
    def moment(self) -> datetime:
        """The moment that counts as now: the middle of the day where one was given."""
        return datetime.combine(self.as_of, time(12), UTC) if self.as_of else datetime.now(UTC)


_invocation = Invocation()
_held: list[object] = []


def invocation() -> Invocation:
    """What was said for all commands in this run."""
    return _invocation


def reset_invocation() -> None:
    """Forgets what an earlier run in this process said."""
    global _invocation  # noqa: PLW0603 # one process, one command line
    _invocation = Invocation()


def at_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class Stopped(Exception):
    """The user interrupted the command, or whoever read its output stopped reading; the cause says which."""


class Left(Exception):
    """The user left a command with Ctrl-C, and was told what became of what had been entered."""


def ended(arguments: list[str], work: Callable[[], int]) -> int:
    """Runs one command line.

    Args:
        arguments: what follows `okr`.
        work: reads it and does what it says; gives the exit status.

    Returns:
        0 fine; 1 the files have errors, or what was asked can't be done; 2 the command line is wrong; 3 a bug
        of ours; 130 interrupted; 141 whoever read our output stopped reading.
    """
    _write_whole()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show a character gets a question mark rather than an error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    reset_invocation()
    try:
        status = _status_of(arguments, work)
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up_output()
        return BROKEN_PIPE
    except OSError as error:
        _give_up_output()
        _say(f"error: The answer can't be written: {error.strerror}.")
        return 1
    return status


def _write_whole() -> None:
    """Has stdout write all that it is given, or fail.

    Where Python was told not to buffer (`PYTHONUNBUFFERED`, which many containers set), what a full disk or a reader that
    left takes only in part would end there, without an error.
    """
    if isinstance(getattr(sys.stdout, "buffer", None), RawIOBase):
        sys.stdout = open(sys.stdout.fileno(), "w", encoding=sys.stdout.encoding, closefd=False)  # noqa: SIM115 # open until the process ends


def hold(thing: object) -> None:
    """Keeps a thing to the end of the process: taking apart what holds very many others takes long."""
    _held.append(thing)


def leave(status: int) -> NoReturn:
    """Ends the process without taking all apart that it holds: a tenth of what a short command takes."""
    if threading.active_count() > 1:
        sys.exit(status)
    atexit._run_exitfuncs()  # noqa: SLF001 # as Python itself does next
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with contextlib.suppress(
            OSError, ValueError
        ):  # as Python does: `ended` has said what there is to say
            stream.flush()
    os._exit(status)


def _give_up_output() -> None:
    """Keeps the interpreter from trying once more, at its end, to write what nobody takes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def _status_of(arguments: list[str], work: Callable[[], int]) -> int:
    try:
        return work()
    except OkrError as error:
        from okr.views.errors import show_error

        show_error(error)
        return error.exit_status
    except (KeyboardInterrupt, Stopped) as stopped:
        if isinstance(stopped.__cause__, BrokenPipeError):
            raise stopped.__cause__ from None
        _say(str(stopped.__cause__ or stopped) or "Interrupted.")
        return INTERRUPTED
    except Left:
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and (
            error.errno in OUTPUT_IS_FULL or isinstance(error, BrokenPipeError)
        ):
            raise
        return _unforeseen(error, arguments)


def _unforeseen(error: Exception, arguments: list[str]) -> int:
    """Says what nothing below has foreseen: our bug, or that the system opens no more files; what was begun is put back."""
    from okr.views.errors import show_bug, show_error

    if not isinstance(error, OSError) or error.errno not in TOO_MANY_OPEN:
        show_bug(error, arguments)  # the one boundary: whatever else is raised is our bug
        return BUG
    remedy = "Raise the limit (`ulimit -n 256`) or close other programs, then repeat the command."
    show_error(OkrError("Too many files are open at once for what was asked.", remedy))
    return 1
