"""What a git command says, read while it runs: git and we work at the same time, and neither waits for the other."""

from __future__ import annotations

import contextlib
import fcntl
import queue
import subprocess
import tempfile
import threading
from typing import IO, TYPE_CHECKING

from okr.repository_run import GitFailed, GitResult, Repository, open_process

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CHUNK = 1 << 18
_CHUNKS_AHEAD = 256  # how far git may run ahead of us, in chunks: bounds the memory
_PIPE = 1 << 20  # how far it may while we are not even reading, where the system lets us say so


@contextlib.contextmanager
def stream(repo: Repository, *arguments: str, buffered: bool = False) -> Iterator[Iterator[bytes]]:
    """A command's output while it runs; a thread keeps the pipe empty, so that git never waits for us.

    If nobody reads it to its end, git is stopped, and how it would have ended does not matter.

    Args:
        repo: where.
        *arguments: what follows `git`.
        buffered: all of it is wanted, not the first lines as soon as they are known.

    Raises:
        GitMissing: there is no git.
        GitFailed: git ended with an error; at the end of the block.
    """
    chunks: queue.Queue[bytes | None] = queue.Queue(_CHUNKS_AHEAD)
    with tempfile.TemporaryFile() as errors:
        process = open_process(repo, arguments, subprocess.DEVNULL, errors, buffered=buffered)
        output = process.stdout
        if output is None:  # it is a pipe
            raise AssertionError
        _widen(output)

        def drain() -> None:
            while chunk := output.read(_CHUNK):
                chunks.put(chunk)
            chunks.put(None)

        ended = False

        def read() -> Iterator[bytes]:
            nonlocal ended
            yield from iter(chunks.get, None)
            ended = True

        reader = threading.Thread(target=drain, daemon=True)
        reader.start()
        try:
            yield read()
        finally:
            if not ended:
                process.kill()
                while reader.is_alive():
                    _discard(chunks)
            reader.join()
            output.close()
            status = process.wait()
        if ended and status:
            errors.seek(0)
            raise GitFailed(("-C", str(repo.top), *arguments), GitResult(status, b"", errors.read()))


class Answering:
    """A command that is told little by little what to look at, while a thread takes what it says of it.

    However much that is, neither waits for the other.

    Args:
        repo: where.
        arguments: what follows `git`.

    Raises:
        GitMissing: there is no git.
    """

    def __init__(self, repo: Repository, arguments: Sequence[str]) -> None:
        self._command = ("-C", str(repo.top), *arguments)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 # `stop` closes it
        self._process = open_process(repo, arguments, subprocess.PIPE, self._errors, buffered=True)
        if self._process.stdin is not None:
            _widen(self._process.stdin)
        self._said: list[bytes] = []
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()

    def _drain(self) -> None:
        output = self._process.stdout
        while output is not None and (chunk := output.read(_CHUNK)):
            self._said.append(chunk)

    def ask(self, lines: bytes) -> None:
        """Tells the command more; what is wrong when it has ended already, `whole` says."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(lines)
                self._process.stdin.flush()

    def whole(self) -> bytes:
        """Everything it says, once it has been told all.

        Raises:
            GitFailed: it ended with an error.
        """
        self._close_input()
        self._reader.join()
        status = self._process.wait()
        if status:
            self._errors.seek(0)
            raise GitFailed(self._command, GitResult(status, b"", self._errors.read()))
        return b"".join(self._said)

    def stop(self) -> None:
        """Ends the command, whether or not it has said all."""
        if self._process.poll() is None:
            self._process.kill()
        self._close_input()
        self._reader.join()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()

    def _close_input(self) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()


def _discard(chunks: queue.Queue[bytes | None]) -> None:
    try:
        chunks.get(timeout=0.05)
    except queue.Empty:
        return


def _widen(pipe: IO[bytes]) -> None:
    """Lets one side write more before it has to wait for the other; where the system knows no such thing, it waits."""
    command = getattr(fcntl, "F_SETPIPE_SZ", None)
    if command is not None:
        with contextlib.suppress(OSError):  # all pipes of a user together have a limit
            fcntl.fcntl(pipe, command, _PIPE)
