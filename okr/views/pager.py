"""Paging as git does it: on a terminal only, through the pager git would take, and without complaint when it is quit."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from okr.repository import Repository
    from okr.views.piped import Pipe

_PLAIN = re.compile(r"[\w./+-]+(?=\s|$)")
"""A program at the beginning of a command, with nothing that means something to a shell."""


def pager_command(repo: Repository | None) -> str | None:
    """The pager to use: what git says, which heeds GIT_PAGER, core.pager and PAGER; None for none."""
    from okr.git.history import pager_of
    from okr.repository import GitMissing

    if not sys.stdout.isatty():
        return None
    try:
        command = pager_of(repo)
    except GitMissing:
        command = os.environ.get("PAGER", "less")
    if command in {"", "cat"}:
        return None
    if missing := _missing(command):
        from okr.views.errors import tell
        from okr.views.text import printable

        tell(
            [f"note: The pager {printable(missing)} is not installed; `git config core.pager` names another."]
        )
        return None
    return command


def _missing(command: str) -> str | None:
    """What a plain command names and the shell doesn't know; of others only the shell can tell what they come to."""
    plain = _PLAIN.match(command)
    if plain is None:
        return None
    looked = subprocess.run(
        ["sh", "-c", 'command -v -- "$1"', "sh", plain[0]], capture_output=True, check=False
    )
    return plain[0] if looked.returncode else None


class _PagerQuitError(Exception):
    """Nobody reads any more; rich would end the process for a `BrokenPipeError`."""


class _Pipe(io.TextIOWrapper):
    """What leads to the pager."""

    def write(self, text: str, /) -> int:
        """Writes, or says that the pager was quit."""
        try:
            return super().write(text)
        except BrokenPipeError:
            raise _PagerQuitError from None

    def flush(self) -> None:
        """Writes what is left, or says that the pager was quit."""
        try:
            super().flush()
        except BrokenPipeError:
            raise _PagerQuitError from None


@contextmanager
def paged(console: Console | Pipe, command: str | None) -> Iterator[None]:
    """What the console prints inside goes through a pager; quitting it ends the block quietly.

    Args:
        console: made for standard output; it keeps its colours and its width.
        command: the pager, run by a shell as git does; None for none.
    """
    if command is None:
        yield
        return
    console.width = console.width  # fixed now: the pipe has none
    environment = {"LESS": "FRX", "LV": "-c"} | dict(os.environ)
    sys.stdout.flush()
    pager = subprocess.Popen(["sh", "-c", command], stdin=subprocess.PIPE, env=environment)
    if pager.stdin is None:  # it is a pipe
        raise AssertionError
    before, pipe = console.file, _Pipe(pager.stdin, encoding="utf-8", errors="replace")
    console.file = pipe
    # Ctrl-C is for the pager: `less` stops reading and stays.
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with suppress(_PagerQuitError):
            yield
            pipe.flush()
    finally:
        console.file = before
        with suppress(_PagerQuitError, BrokenPipeError):
            pipe.close()
        pager.wait()
        signal.signal(signal.SIGINT, interrupt)
