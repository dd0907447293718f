"""Running git commands that write: they are heard to their end, even after Ctrl-C, so that git removes its locks."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import threading
import time
from typing import IO, TYPE_CHECKING

from okr.errors import OkrError
from okr.git.run import GitMissing, GitResult, without_local_variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okr.git.run import Repository

_GLANCE = 0.5  # seconds between two looks at whether git has said something
_PATIENCE_AFTER_INTERRUPT = 0.3
_PATIENCE_AFTER_TERMINATE = 10.0


class GitSilent(OkrError):
    """A git command said nothing for so long that it was stopped."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Git was stopped: it had said nothing for {seconds:g} seconds.")


_MEANWHILE: list[Callable[[], object]] = []


@contextlib.contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Does something while the first git command that writes is at work within the block; if none is, not at all.

    Args:
        work: what will be needed next, and would be done then; it changes nothing.
    """
    _MEANWHILE.append(work)
    try:
        yield
    finally:
        _MEANWHILE.clear()


def run_to_end(
    repo: Repository,
    *arguments: str,
    input: bytes = b"",  # noqa: A002 # as subprocess calls it
    silence: float | None = None,
) -> GitResult:
    """Run a git command that writes, with the user's own locale for hooks; only git's words are English.

    After Ctrl-C git gets the time to remove its locks, and only then does the interrupt go on. The output
    goes to files, so that a hook which leaves a process behind cannot make us wait for it.

    Args:
        repo: where.
        *arguments: what follows `git`.
        input: its standard input.
        silence: seconds without a word of git's after which it is stopped; None waits for ever.

    Raises:
        GitMissing: there is no git.
        GitSilent: it said nothing for too long.
        OkrError: there is no room for temporary files.
    """
    import tempfile  # slow to import, and what only reads needs none

    environment = without_local_variables(os.environ.items()) | {"LANGUAGE": "C"}
    command = ["git", "-C", str(repo.top), *arguments]
    try:
        with (
            tempfile.TemporaryFile() as source,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            source.write(input)
            source.seek(0)
            status = _wait(_start(command, environment, source, out, err), silence, (out, err))
            out.seek(0)
            err.seek(0)
            return GitResult(status, out.read(), err.read())
    except OSError as error:
        if error.errno in {errno.EMFILE, errno.ENFILE}:
            raise
        raise OkrError(
            "Git could not be run: there is no room for temporary files.",
            "Free some space, or set TMPDIR to a folder that has some.",
        ) from error


def _start(
    command: list[str], environment: dict[str, str], source: IO[bytes], out: IO[bytes], err: IO[bytes]
) -> subprocess.Popen[bytes]:
    with _signals_for_git() as restore:
        try:
            return subprocess.Popen(
                command, env=environment, stdin=source, stdout=out, stderr=err, restore_signals=restore
            )
        except (FileNotFoundError, PermissionError) as error:
            raise GitMissing from error


def _wait(process: subprocess.Popen[bytes], silence: float | None, said: tuple[IO[bytes], ...]) -> int:
    try:
        while _MEANWHILE:
            _MEANWHILE.pop()()
        return process.wait() if silence is None else _wait_while_talking(process, silence, said)
    except BaseException:
        with uninterrupted():
            _stop(process)
        raise


def _wait_while_talking(process: subprocess.Popen[bytes], silence: float, said: tuple[IO[bytes], ...]) -> int:
    size, since = -1, time.monotonic()
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(min(silence, _GLANCE))
        now = sum(os.fstat(stream.fileno()).st_size for stream in said)
        if now != size:
            size, since = now, time.monotonic()
        elif time.monotonic() - since > silence:
            raise GitSilent(silence)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Let git end: in a terminal Ctrl-C reached it as well, elsewhere it has to be told."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE_AFTER_INTERRUPT)
        return
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE_AFTER_TERMINATE)
        return
    process.kill()
    process.wait()


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def _signals_for_git() -> Iterator[bool]:
    """Let git inherit that SIGXFSZ is ignored, so that a limit on file size is an error it can clean up after.

    Python would restore the default for the child, which is to be killed with the locks left behind.
    """
    if not _is_main_thread():
        yield True
        return
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        yield False
    finally:
        signal.signal(signal.SIGPIPE, before)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C off while something is put back in order; git commands run inside may still get it."""
    if not _is_main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
