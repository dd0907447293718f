"""What can go wrong with a file: one small error class a reason, each with its remedy.

`files.py` raises them; whoever needs to tell the reasons apart catches the class.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from okr.errors import OkrError

if TYPE_CHECKING:
    from pathlib import Path

_REMEDY_FULL = "Free some space (or ask for a larger quota), then repeat the command."
_REMEDY_LIMIT = "Raise the limit on file size (`ulimit -f`), then repeat the command."


class UnreadableFile(OkrError):
    """A file that can't be read; its subclasses say why.

    Attributes:
        path: the file, as the caller named it.
        reason: why, as the end of a sentence that begins with the file.
        kind: the same in one word, for machines.
    """

    kind = "failed"

    def __init__(self, path: Path, reason: str, remedy: str | None = None) -> None:
        super().__init__(f"{path} can't be read: {reason}.", remedy)
        self.path = path
        self.reason = reason


class MissingFile(UnreadableFile):
    """Nothing is there, or a symbolic link leads nowhere."""

    kind = "missing"


class FileOutside(UnreadableFile):
    """A symbolic link or the path itself leads out of the folder to stay in."""

    kind = "outside"


class NotRegularFile(UnreadableFile):
    """A folder, a pipe, a socket or a device."""

    kind = "not-regular"


class FileTooLarge(UnreadableFile):
    """More bytes than the caller is ready to read."""

    kind = "too-large"


class FileForbidden(UnreadableFile):
    """The user may not read it."""

    kind = "permission"


class LinkLoop(UnreadableFile):
    """A symbolic link that leads back to itself."""

    kind = "loop"


class UnwritableFile(OkrError):
    """A file that could not be written; what was there before is as it was.

    Attributes:
        path: the file, as the caller named it.
    """

    def __init__(self, path: Path, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.path = path


class ReadOnlyFile(UnwritableFile):
    """The file, its folder or the whole file system is read-only for this user."""


class DiskFull(UnwritableFile):
    """No space, no quota, or a limit on file size."""


class FileChanged(UnwritableFile):
    """Somebody else wrote, made or removed the file in the meantime."""


class WriteNotVerified(UnwritableFile):
    """What was read back is not what was written; here, alone, the file is not as it was before."""


class LockTimeout(OkrError):
    """Another process holds the lock and did not give it up in time."""


def unreadable(path: Path, error: OSError) -> UnreadableFile:
    """The named error for what the system said while a file was opened or read."""
    if error.errno == errno.ELOOP:
        return LinkLoop(path, "its symbolic links lead back to themselves", "Remove or mend the link.")
    if error.errno in {errno.EACCES, errno.EPERM}:
        return FileForbidden(path, "permission denied", "Ask for permission to read it and its folders.")
    if error.errno == errno.ENXIO:  # what opening a socket answers
        return NotRegularFile(path, "it is a socket, not a regular file")
    if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG}:
        return MissingFile(path, "there is no such file")
    return UnreadableFile(path, os.strerror(error.errno or 0), "Check the disk.")


def too_large(path: Path, limit: int) -> FileTooLarge:
    """The error for a file of more than `limit` bytes."""
    return FileTooLarge(path, f"it is larger than {limit:,} bytes", "Split it, or remove what is not needed.")


def kind_of(mode: int) -> str:
    """What a file is, in words, from its mode: for those that are not regular."""
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    return kinds.get(stat.S_IFMT(mode), "a device")


def changed(path: Path) -> FileChanged:
    """The error for a file that no longer holds what the caller read."""
    return FileChanged(
        path, f"{path} was changed by somebody else meanwhile; nothing was written.", "Repeat the command."
    )


def exists(path: Path) -> FileChanged:
    """The error for a new file whose name is taken."""
    return FileChanged(
        path, f"{path} exists already; nothing was overwritten.", "Move it away, or choose another name."
    )


def not_verified(path: Path) -> WriteNotVerified:
    """The error for a file that reads back otherwise than it was written."""
    return WriteNotVerified(
        path, f"{path} does not hold what was just written to it.", "Look at the file before you go on."
    )


def unwritable(path: Path, error: OSError) -> UnwritableFile:
    """The named error for what the system said while a file was written, and its remedy."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(path, f"{path} was not written: the disk is full.", _REMEDY_FULL)
    if error.errno == errno.EFBIG:
        return DiskFull(path, f"{path} was not written: it would pass the limit on file size.", _REMEDY_LIMIT)
    if error.errno == errno.EROFS:
        return ReadOnlyFile(
            path, f"{path} was not written: its file system is read-only.", "Mount it for writing."
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        folder = path.parent
        return ReadOnlyFile(
            path, f"{path} was not written: permission denied.", f"Allow writing to the folder {folder}."
        )
    reason = os.strerror(error.errno or 0)
    return UnwritableFile(
        path, f"{path} was not written: {reason}.", "Check the path and the disk, then repeat."
    )
