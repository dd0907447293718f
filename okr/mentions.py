"""Which of many files may name an owner in a reference: told by their bytes, without parsing any.

Ten thousand plans are looked through in the time in which ten are parsed. What a reference means is for `workspace.py`.
"""

from __future__ import annotations

import os
import re
import stat
from itertools import groupby
from typing import TYPE_CHECKING

from okr.files import UnreadableFile
from okr.sources import Folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from okr.sources import Files

_MOST_BYTES = 1 << 16
"""A larger file is read by itself."""
_AT_ONCE = 250
"""Files that are searched together: whatever none of them holds need not be looked for in each."""
_TO_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def mentioning(files: Files, paths: Iterable[str], owners: Iterable[str]) -> Iterator[str]:
    """Those of some files in which a reference may name one of some owners.

    A file that can't be read may say anything, and so may one with a backslash, which can stand for any letter.

    Args:
        files: where they come from.
        paths: the files, those of a folder one after the other.
        owners: ids.
    """
    wanted = _Wanted(owners)
    for folder, group in groupby(paths, key=lambda path: path.rpartition("/")[0]):
        names = [path.rpartition("/")[2] for path in group]
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            contents = [
                _read(files, f"{folder}/{name}") if content is None else content
                for name, content in zip(some, _contents(files, folder, some), strict=True)
            ]
            if (
                wanted.may_be_in(b"\n".join(each for each in contents if each is not None))
                or None in contents
            ):
                for name, content in zip(some, contents, strict=True):
                    if content is None or wanted.may_be_in(content):
                        yield f"{folder}/{name}"


class _Wanted:
    """What is looked for."""

    def __init__(self, owners: Iterable[str]) -> None:
        owners = tuple(owners)
        self._parts = [f"{owner}/".encode() for owner in owners]
        self._whole = re.compile(f"(?<![a-z0-9-])(?:{'|'.join(map(re.escape, owners))})/".encode())

    def may_be_in(self, content: bytes) -> bool:
        """Whether a text may hold it; where the bytes are UTF-8, ASCII letters stand there as they are."""
        if b"\\" in content or b"\0" in content:
            return True
        if any(part in content for part in self._parts) and self._whole.search(content):
            return True
        if content.isascii():
            return False
        try:
            content.decode()
        except UnicodeDecodeError:
            return True
        return False


def _read(files: Files, path: str) -> bytes | None:
    """A file's bytes; None where it can't be read."""
    try:
        return files.read(path) or b""
    except UnreadableFile:
        return None


def _contents(files: Files, folder: str, names: Sequence[str]) -> Iterator[bytes | None]:
    """The bytes of a folder's files, with as little said to the system as it takes; None for one to be read by itself."""
    descriptor = _open_folder(files.root, folder) if isinstance(files, Folder) else None
    if descriptor is None:
        yield from [None] * len(names)
        return
    try:
        for name in names:
            yield _content(name, descriptor)
    finally:
        os.close(descriptor)


def _content(name: str, folder: int) -> bytes | None:
    try:
        file = os.open(name, _TO_READ, dir_fd=folder)
    except OSError:
        return None
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
            return None
        content = os.read(file, _MOST_BYTES)
    except OSError:
        return None
    finally:
        os.close(file)
    return content if len(content) == status.st_size else None


def _open_folder(root: Path, path: str) -> int | None:
    """A folder below a root, opened step by step; None where a link is on the way, which may lead anywhere."""
    try:
        folder = os.open(root, _FOLDER & ~os.O_NOFOLLOW)
    except OSError:
        return None
    for part in path.split("/"):
        try:
            below = os.open(part, _FOLDER, dir_fd=folder)
        except OSError:
            return None
        finally:
            os.close(folder)
        folder = below
    return folder
