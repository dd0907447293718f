"""Bytes on disk: read without surprises, written whole or not at all.

It knows nothing of git or YAML, and never follows a symbolic link out of the folder it is told to stay in.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import signal
import stat
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from okr.file_errors import (
    DiskFull,
    FileChanged,
    FileForbidden,
    FileOutside,
    FileTooLarge,
    LinkLoop,
    MissingFile,
    NotRegularFile,
    ReadOnlyFile,
    UnreadableFile,
    UnwritableFile,
    WriteNotVerified,
    changed,
    exists,
    kind_of,
    not_verified,
    too_large,
    unreadable,
    unwritable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

__all__ = [
    "LARGEST_FILE", "LEFTOVER_AGE", "TEMPORARY_PREFIX", "DiskFull", "FileChanged", "FileForbidden", "FileOutside",
    "FileTooLarge", "LinkLoop", "MissingFile", "NotRegularFile", "ReadOnlyFile",
    "UnreadableFile", "UnwritableFile", "WriteNotVerified", "interrupt_held", "is_taken",
    "read_regular_file", "remove_leftovers", "replace_file", "write_new_file",
]  # fmt: skip

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes that a file of a workspace may have; a year of daily measurements of a hundred KPIs is a quarter of it."""

TEMPORARY_PREFIX = ".okr-tmp-"
"""What the name of every temporary file begins with: such a file may be removed when no `okr` is running."""

LEFTOVER_AGE = 3600.0
"""Seconds after which a temporary file is taken for one of a process that died."""

_LEAST_READ = 1 << 12
_O_DIRECTORY = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
_O_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_O_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def read_regular_file(path: Path, *, root: Path, limit: int) -> bytes:
    """Read a regular file that lies within `root`, without ever blocking.

    Symbolic links are followed while they stay within `root`. Folders are opened one below the other, so a
    folder replaced by a link while this runs leads nowhere else.

    Args:
        path: the file; relative paths start at the current folder.
        root: the folder that must hold it, once links are followed.
        limit: the largest size in bytes that is accepted.

    Returns:
        The file's bytes, at most `limit`.

    Raises:
        UnreadableFile: one of its subclasses, by reason.
    """
    try:
        descriptor = _open_within(path, root)
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        return _read_descriptor(descriptor, path, limit)
    except OSError as error:
        raise unreadable(path, error) from error
    finally:
        os.close(descriptor)


def _read_descriptor(descriptor: int, path: Path, limit: int) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularFile(path, f"it is {kind_of(status.st_mode)}, not a regular file")
    if status.st_size > limit:
        raise too_large(path, limit)
    chunks: list[bytes] = []
    left = limit + 1  # one more than allowed shows that the file has grown since its size was asked for
    # All at once that the file says it has: to fill a buffer that is too large takes longer than to read a small file,
    # and to put pieces together takes the memory of a large one twice.
    wanted = max(status.st_size, _LEAST_READ)
    while left and (chunk := os.read(descriptor, min(left, wanted))):
        chunks.append(chunk)
        left -= len(chunk)
        wanted = _LEAST_READ if len(chunk) == wanted else wanted
    if not left:
        raise too_large(path, limit)
    return b"".join(chunks)


def _open_within(path: Path, root: Path) -> int:
    if "\0" in str(path):
        raise MissingFile(path, "no file's name holds a NUL byte")
    parts = _parts_below(path, root)
    if parts is not None:
        with contextlib.suppress(OSError):  # a link on the way, or a real failure: the slow way tells which
            return _open_steps(root, parts)
    real_root = Path(os.path.realpath(root))
    try:
        real = Path(os.path.realpath(path, strict=True))
    except FileNotFoundError as error:
        reason = "it is a symbolic link to nothing" if path.is_symlink() else "there is no such file"
        raise MissingFile(path, reason) from error
    if not real.is_relative_to(real_root):
        raise FileOutside(
            path, f"it leads out of {root}", "Put the file itself there, or a link that stays inside."
        )
    return _open_steps(real_root, real.relative_to(real_root).parts)


def _parts_below(path: Path, root: Path) -> tuple[str, ...] | None:
    """The path's steps below `root`, or None where they can't be told without looking at the disk."""
    above, parts = root.parts, path.parts
    below = parts[len(above) :]
    inside = (
        path.root == root.root and parts[: len(above)] == above
    )  # as `relative_to` has it, which takes longer
    return below if inside and below and ".." not in below else None


def _open_steps(root: Path, parts: tuple[str, ...]) -> int:
    if not parts:
        return os.open(root, _O_READ)
    folder = os.open(root, _O_DIRECTORY & ~os.O_NOFOLLOW)
    try:
        for part in parts[:-1]:
            below = os.open(part, _O_DIRECTORY, dir_fd=folder)
            os.close(folder)
            folder = below
        return os.open(parts[-1], _O_READ, dir_fd=folder)
    finally:
        os.close(folder)


def replace_file(
    path: Path, content: bytes, *, expected: bytes | None, root: Path | None = None, sweep: bool = True
) -> None:
    """Give a file new content, atomically: whoever reads it sees the old bytes or the new ones.

    Mode and, where the system allows it, owner and group stay; a symbolic link stays one and its target is
    written; a hard link is broken, as git does. A failure leaves the file as it was and no temporary file.

    Args:
        path: the file.
        content: all its new bytes.
        expected: the bytes the caller has read, or None where the file must not exist yet. Other `okr`
            commands are kept out by `locked`; of anyone else it is checked just before the replacing.
        root: the folder the file must lie in once links are followed; None: the file's own folder.
        sweep: whether to remove what died processes left beside it; False where the caller does.

    Raises:
        FileChanged: the file does not hold `expected`.
        ReadOnlyFile: its write permission is off (which counts for the superuser too), or its folder's is.
        DiskFull: no space, no quota, or a limit on file size.
        UnwritableFile: any other failure.
        UnreadableFile: the file leads out of `root`, or is none.
    """
    if expected is None:
        write_new_file(path, content, root=root, sweep=sweep)
        return
    with interrupt_held():
        _replace(path, content, expected, root, sweep=sweep)


def _replace(path: Path, content: bytes, expected: bytes, root: Path | None, *, sweep: bool) -> None:
    target = _target(path, root or path.parent)
    temporary: Path | None = None
    replaced: os.stat_result | None = None
    try:
        status = _check_replaceable(path, target, expected)
        if sweep:
            remove_leftovers(target.parent)
        temporary = _write_temporary(target.parent, content, status)
        _check_unchanged(path, target, expected)
        temporary.replace(target)
        temporary, replaced = None, status
        _sync_folder(target.parent)
        written = target.read_bytes()
    except OSError as error:
        if replaced is not None:
            _restore(path, target, expected, replaced)
        raise unwritable(path, error) from error
    finally:
        _discard(temporary)
    if written != content:
        raise not_verified(path)


def is_taken(path: Path) -> bool:
    """Whether anything stands at a path, be it a link that leads nowhere."""
    return path.exists() or path.is_symlink()


def write_new_file(path: Path, content: bytes, *, root: Path | None = None, sweep: bool = True) -> None:
    """Write a file that does not exist yet, with the folders above it; nothing is ever overwritten.

    The file appears whole. After a failure, the folders made for it are gone again.

    Args:
        path: the file.
        content: all its bytes.
        root: the existing folder that must hold it once links are followed; None: no such check.
        sweep: as `replace_file` has it.

    Raises:
        FileChanged: something of that name exists.
        ReadOnlyFile: a folder's write permission is off.
        DiskFull: no space, no quota, or a limit on file size.
        UnwritableFile: any other failure.
        FileOutside: the path leads out of `root`.
    """
    if root is not None and not Path(os.path.realpath(path.parent)).is_relative_to(os.path.realpath(root)):
        raise FileOutside(path, f"it leads out of {root}", "Put the file itself there.")
    with interrupt_held():
        _write_new(path, content, sweep=sweep)


def _write_new(path: Path, content: bytes, *, sweep: bool) -> None:
    temporary: Path | None = None
    made: list[Path] = []
    placed = False
    try:
        if os.path.lexists(path):
            raise exists(path)
        made = _make_folders(path.parent)
        if sweep:
            remove_leftovers(path.parent)
        temporary = _write_temporary(path.parent, content, None)
        _put_in_place(temporary, path, content)
        placed = True
        temporary.unlink(missing_ok=True)  # somebody took it for a left-over: the file itself is in place
        temporary = None
        _sync_folder(path.parent)
        written = path.read_bytes()
        made = []
    except FileExistsError as error:
        raise exists(path) from error
    except OSError as error:
        if placed:
            _discard(path)
        raise unwritable(path, error) from error
    finally:
        _discard(temporary)
        for folder in reversed(made):
            with contextlib.suppress(OSError):  # another process has put something there meanwhile
                folder.rmdir()
    if written != content:
        raise not_verified(path)


@contextlib.contextmanager
def interrupt_held() -> Iterator[None]:
    """Hold Ctrl-C back for the moment in which something must not be cut in two; it takes effect at the end.

    Where handlers can't be set (in another thread) or Ctrl-C is ignored already, nothing changes.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    received: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda _number, frame: received.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if received:
            before(signal.SIGINT, received[0])


def remove_leftovers(folder: Path, *, age: float = LEFTOVER_AGE) -> tuple[Path, ...]:
    """Remove the temporary files that processes which died left in a folder.

    Args:
        folder: where to look; below it nothing is touched.
        age: the seconds after which a file counts as left behind; 0 where a lock keeps all others from
            writing there.

    Returns:
        What was removed: files named as ours and older than `age`.
    """
    removed: list[Path] = []
    names: list[str] = []
    with contextlib.suppress(OSError):
        names = os.listdir(folder)  # noqa: PTH208 # among thousands of names few are made a path of
    for found in [
        folder / name for name in sorted(name for name in names if name.startswith(TEMPORARY_PREFIX))
    ]:
        with contextlib.suppress(OSError):  # gone by now, or not ours to remove
            if not age or time.time() - found.lstat().st_mtime > age:
                found.unlink()
                removed.append(found)
    return tuple(removed)


def _target(path: Path, root: Path) -> Path:
    """The file itself, where the path is a symbolic link, once it is known to lie within `root`."""
    try:
        real = Path(os.path.realpath(path, strict=True))
    except FileNotFoundError as error:
        if path.is_symlink():
            raise MissingFile(path, "it is a symbolic link to nothing") from error
        raise changed(path) from error
    except OSError as error:
        raise unreadable(path, error) from error
    if not real.is_relative_to(os.path.realpath(root)):
        raise FileOutside(path, f"it leads out of {root}", "Put the file itself there.")
    return real


def _check_replaceable(path: Path, target: Path, expected: bytes) -> os.stat_result:
    status = target.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularFile(path, f"it is {kind_of(status.st_mode)}, not a regular file")
    if os.statvfs(target).f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))
    if not status.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise ReadOnlyFile(
            path,
            f"{path} is read-only; nothing was written.",
            f"Allow writing: chmod u+w {shlex.quote(str(path))}",
        )
    _check_unchanged(path, target, expected)
    return status


def _check_unchanged(path: Path, target: Path, expected: bytes) -> None:
    try:
        same = target.stat().st_size == len(expected) and target.read_bytes() == expected
    except FileNotFoundError as error:
        raise changed(path) from error
    if not same:
        raise changed(path)


def _write_temporary(folder: Path, content: bytes, like: os.stat_result | None) -> Path:
    """Write and flush a temporary file, with the mode and owner of `like`; on failure it is gone again."""
    temporary = folder / f"{TEMPORARY_PREFIX}{os.urandom(8).hex()}"
    descriptor = os.open(temporary, _O_NEW, 0o666 if like is None else 0o600)
    try:
        _write_all(descriptor, content)
        if like is not None:
            _make_like(descriptor, like)
        os.fsync(descriptor)
    except BaseException:
        _discard(temporary)
        raise
    finally:
        os.close(descriptor)
    return temporary


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def _make_like(descriptor: int, like: os.stat_result) -> None:
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        with contextlib.suppress(PermissionError):  # only the superuser may give a file away
            os.fchown(descriptor, -1, like.st_gid)
            os.fchown(descriptor, like.st_uid, -1)
    os.fchmod(descriptor, stat.S_IMODE(like.st_mode))  # after fchown, which clears special bits


def _put_in_place(temporary: Path, path: Path, content: bytes) -> None:
    """Give the temporary file its name, unless that name is taken."""
    try:
        os.link(temporary, path)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}:
            raise
    else:
        return
    descriptor = os.open(path, _O_NEW, 0o666)  # a file system without hard links
    try:
        _write_all(descriptor, content)
        os.fsync(descriptor)
    except BaseException:
        _discard(path)
        raise
    finally:
        os.close(descriptor)


def _make_folders(folder: Path) -> list[Path]:
    """Make the folder and those above it; returns the ones that are new, outermost first."""
    missing: list[Path] = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    made: list[Path] = []
    for step in reversed(missing):
        try:
            step.mkdir()
        except FileExistsError:  # another process was faster; a file in the way shows at the next step
            continue
        except OSError:
            for done in reversed(made):
                done.rmdir()
            raise
        made.append(step)
    return made


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut, where the file system can promise that."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def _discard(temporary: Path | None) -> None:
    """Remove a file after a failure, which is what shall be reported: not that this failed as well."""
    if temporary is not None:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _restore(path: Path, target: Path, content: bytes, like: os.stat_result) -> None:
    """Put the old bytes back where a failure came after the new ones were in place."""
    temporary: Path | None = None
    try:
        temporary = _write_temporary(target.parent, content, like)
        temporary.replace(target)
        temporary = None
    except OSError as error:
        raise not_verified(path) from error
    finally:
        _discard(temporary)
