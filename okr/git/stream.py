"""What a git command says, read while it runs: git and we work at the same time, and neither waits for the other."""

from __future__ import annotations

import contextlib
import fcntl
import os
import queue
import subprocess
import tempfile
import threading
import time
from resource import RLIM_INFINITY, RLIMIT_FSIZE, getrlimit
from typing import IO, TYPE_CHECKING

from okr.git.run import GitFailed, GitMissing, GitResult, Repository, open_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_CHUNK = 1 << 18
_CHUNKS_AHEAD = 256  # how far git may run ahead of us, in chunks: bounds the memory
_WITHOUT_LIMIT = 0
_MUCH = 1 << 23  # bytes
_PIPE = 1 << 20  # how far it may while we are not even reading, where the system lets us say so
_ANSWERS = 1 << 15  # bytes of answers that are worth being looked at
_GLANCE = 0.001  # seconds between two looks at whether git has said more


@contextlib.contextmanager
def stream(repo: Repository, *arguments: str, buffered: bool = False) -> Iterator[Said]:
    """A command's output while it runs, so that git never waits for us.

    If nobody reads it to its end, git is stopped, and how it would have ended does not matter.

    Args:
        repo: where.
        *arguments: what follows `git`.
        buffered: all of it is wanted, not the first lines as soon as they are known.

    Raises:
        GitMissing: there is no git.
        GitFailed: git ended with an error; at the end of the block.
    """
    with tempfile.TemporaryFile() as own:
        output: _Kept | _Piped
        errors: IO[bytes] = own
        begun = _BEGUN.pop(_key(repo, arguments), None) if buffered else None
        if begun is not None:
            output, errors = begun
        elif buffered and _may_keep():
            output = _Kept(repo, arguments, subprocess.DEVNULL, errors)
        else:
            output = _Piped(repo, arguments, subprocess.DEVNULL, errors, buffered=buffered)
        said = Said(output)
        try:
            yield said
        finally:
            if not said.read:
                output.stop()
            output.close()
            status = output.process.wait()
        if said.read and status:
            errors.seek(0)
            raise GitFailed(("-C", str(repo.top), *arguments), GitResult(status, b"", errors.read()))


class Said:
    """What a command says, to be gone through once.

    Attributes:
        read: whether all of it has been read.
    """

    def __init__(self, output: _Kept | _Piped) -> None:
        self.read = False
        self._output = output

    def __iter__(self) -> Iterator[bytes]:
        """Goes through it, as much at a time as has come."""
        yield from self._output.chunks()
        self.read = True

    def leaves_time(self) -> bool:
        """Whether whoever reads it has time for something else: the next of it is still to come, or the command has ended."""
        return not self._output.is_ahead() or self._output.process.poll() is not None


_BEGUN: dict[tuple[str, ...], tuple[_Kept, IO[bytes]]] = {}


def _key(repo: Repository, arguments: Sequence[str]) -> tuple[str, ...]:
    return (str(repo.top), *arguments)


@contextlib.contextmanager
def stream_ahead(repo: Repository, *arguments: str) -> Iterator[None]:
    """Begins a command whose whole output `stream` may be asked for within the block; if it is not, git is stopped.

    Args:
        repo: where.
        *arguments: what follows `git`.
    """
    key = _key(repo, arguments)
    with tempfile.TemporaryFile() as errors:
        with contextlib.suppress(GitMissing):  # whoever asks is told
            if _may_keep():
                _BEGUN[key] = _Kept(repo, arguments, subprocess.DEVNULL, errors), errors
        try:
            yield
        finally:
            output, _ = _BEGUN.pop(key, (None, None))
            if output is not None:
                output.stop()
                output.close()
                output.process.wait()


class _Piped:
    """A command whose output comes through a pipe; a thread keeps that empty."""

    def __init__(
        self,
        repo: Repository,
        arguments: Sequence[str],
        source: int,
        errors: IO[bytes],
        *,
        buffered: bool,
        ahead: int = _CHUNKS_AHEAD,
    ) -> None:
        self.process = open_process(repo, arguments, source, errors, buffered=buffered)
        if self.process.stdout is None:  # it is a pipe
            raise AssertionError
        self._output = self.process.stdout
        _widen(self._output)
        self._chunks: queue.Queue[bytes | None] = queue.Queue(ahead)
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()

    def _drain(self) -> None:
        while chunk := self._output.read(_CHUNK):
            self._chunks.put(chunk)
        self._chunks.put(None)

    def chunks(self) -> Iterator[bytes]:
        """What it says, to its end."""
        return iter(self._chunks.get, None)

    def is_ahead(self) -> bool:
        """Whether a further chunk has come."""
        return not self._chunks.empty()

    def stop(self) -> None:
        """Ends it."""
        self.process.kill()
        while self._reader.is_alive():
            _discard(self._chunks)

    def close(self) -> None:
        """Gives everything back, once all has been read or it has been stopped."""
        self._reader.join()
        self._output.close()


class _Kept:
    """A command whose output is kept in a file in memory: neither waits for the other, and there is no thread.

    Where the two take turns with a pipe, waking each other thousands of times costs more than all that is done with it.
    """

    def __init__(self, repo: Repository, arguments: Sequence[str], source: int, errors: IO[bytes]) -> None:
        self._read = 0
        self._emptying: threading.Thread | None = None
        self._file = os.memfd_create("said")
        try:
            self.process = open_process(repo, arguments, source, errors, buffered=True, stdout=self._file)
        except GitMissing:
            os.close(self._file)
            raise

    def chunks(self, least: int = _CHUNK, meanwhile: Callable[[], object] = lambda: None) -> Iterator[bytes]:
        """What it says, to its end.

        Args:
            least: how many bytes are worth being looked at before its end.
            meanwhile: called again and again while there are not so many.
        """
        while True:
            ended = self.process.poll() is not None
            size = os.fstat(self._file).st_size
            while size - self._read >= (1 if ended else least):
                chunk = os.pread(self._file, min(_CHUNK, size - self._read), self._read)
                self._read += len(chunk)
                yield chunk
            if ended:
                self._empty(size)
                return
            meanwhile()
            time.sleep(_GLANCE)

    def is_ahead(self) -> bool:
        """Whether a further chunk has come."""
        return os.fstat(self._file).st_size >= self._read + _CHUNK

    def stop(self) -> None:
        """Ends it."""
        self.process.kill()

    def close(self) -> None:
        """Gives everything back."""
        if self._emptying is not None:
            self._emptying.join()
        os.close(self._file)

    def _empty(self, size: int) -> None:
        """Gives back what has been read: of very much that takes the system a while, and we can do something else."""
        if size >= _MUCH:
            self._emptying = threading.Thread(target=os.ftruncate, args=(self._file, 0))
            self._emptying.start()


def _may_keep() -> bool:
    """Whether the system has files in memory, as large as may be."""
    return hasattr(os, "memfd_create") and getrlimit(RLIMIT_FSIZE)[0] == RLIM_INFINITY


class Answering:
    """A command that is told little by little what to look at, and what it says of it is kept meanwhile.

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
        if _may_keep():
            self._output: _Kept | _Piped = _Kept(repo, arguments, subprocess.PIPE, self._errors)
        else:
            self._output = _Piped(
                repo, arguments, subprocess.PIPE, self._errors, buffered=True, ahead=_WITHOUT_LIMIT
            )
        self._process = self._output.process
        self._questions = bytearray()  # those that it has not been told
        if self._process.stdin is None:  # it is a pipe
            raise AssertionError
        self._input = self._process.stdin
        _widen(self._input)
        os.set_blocking(self._input.fileno(), False)

    def has_ended(self) -> bool:
        """Whether it has answered everything."""
        return self._process.poll() is not None

    def ask(self, lines: bytes) -> None:
        """Tells the command more, or keeps it until the command listens; what is wrong when it has ended, `said` says."""
        self._questions += lines
        self._tell()

    def _tell(self) -> None:
        """Tells as much as it takes now."""
        try:
            while self._questions:
                del self._questions[: os.write(self._input.fileno(), self._questions)]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._questions.clear()

    def said(self) -> Iterator[bytes]:
        """What it says as it comes; nothing more may be asked.

        Raises:
            GitFailed: it ended with an error; at the end.
        """
        if isinstance(self._output, _Piped):
            os.set_blocking(self._input.fileno(), True)  # a thread reads what it says meanwhile
        self._tell_rest()
        if isinstance(self._output, _Kept):
            yield from self._output.chunks(_ANSWERS, self._tell_rest)
        else:
            yield from self._output.chunks()
        status = self._process.wait()
        if status:
            self._errors.seek(0)
            raise GitFailed(self._command, GitResult(status, b"", self._errors.read()))

    def _tell_rest(self) -> None:
        if not self._input.closed:
            self._tell()
            if not self._questions:
                self._input.close()

    def stop(self) -> None:
        """Ends the command, whether or not it has said all."""
        if self._process.poll() is None:
            self._output.stop()
        self._input.close()
        self._output.close()
        self._process.wait()
        self._errors.close()


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
