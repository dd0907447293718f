"""Which of many plans may refer to something: told by their bytes, without parsing any.

Ten thousand plans are looked through in the time in which ten are parsed. What a reference means is for `workspace.py`.
"""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from okr.files import UnreadableFile
from okr.references import ids_before
from okr.sources import CYCLE_FACTS, Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from okr.sources import Files

_MOST_BYTES = 1 << 16
"""A larger file is read by itself."""
_AT_ONCE = 250
_NO_OWNER = CYCLE_FACTS.removesuffix(".yaml")
_TO_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


ELSEWHERE: dict[Path, Callable[[str, Sequence[str], Sequence[str]], list[str] | None]] = {}
"""Who looks through the folders below a root in our place, as `search` does, while somebody does; None where it can't."""


def mentioning(files: Files, folder: str, tails: Sequence[str], known: Sequence[str]) -> list[str]:
    """Those of the plans in a folder in which a reference may have one of some tails, by their files' names.

    A file that can't be read may say anything, and so may one with a backslash, which can stand for any letter.

    Args:
        files: where they come from.
        folder: a folder of plans.
        tails: such as `marketing/brand`: whole ids, with nothing behind them.
        known: names of files that count in any case, where the folder lists them.
    """
    elsewhere = ELSEWHERE.get(files.root) if isinstance(files, Folder) else None
    found = None if elsewhere is None else elsewhere(folder, tails, known)
    return search(files, folder, tails, known) if found is None else found


def search(files: Files, folder: str, tails: Sequence[str], known: Sequence[str]) -> list[str]:
    """The same, looked through here."""
    return found_in(read_plans(files, folder, frozenset(known)), tails, known)


def found_in(plans: Iterable[Some], tails: Sequence[str], known: Sequence[str]) -> list[str]:
    """The same among plans that have been read."""
    wanted, counted = _Wanted(tails), frozenset(known)
    return [name for some in plans for name in some.found(wanted, counted)]


def read_plans(files: Files, folder: str, known: AbstractSet[str] = frozenset()) -> Iterator[Some]:
    """The plans that a folder lists, some hundreds at a time; those that are `known` are not read."""
    stems = ids_before(".yaml", files.files(folder))
    names = [f"{stem}.yaml" for stem in stems if stem != _NO_OWNER]
    for start in range(0, len(names), _AT_ONCE):
        yield Some(files, folder, names[start : start + _AT_ONCE], known)


class Some:
    """Some files of a folder, which are searched together: what none of them holds need not be looked for in each."""

    def __init__(self, files: Files, folder: str, names: Sequence[str], known: AbstractSet[str]) -> None:
        self._files = files
        self._folder = folder
        self._names = names
        contents = _read_small(files, folder, names, known)
        read = [content for content in contents if content is not None]
        self._whole = len(read) == len(names)
        self._together = b"\n".join(read)  # not each besides: that would be twice the memory

    def found(self, wanted: _Wanted, known: AbstractSet[str]) -> Iterator[str]:
        """Those that may hold what is wanted, or are known."""
        if self._whole and not wanted.may_be_in(self._together):
            yield from (name for name in self._names if name in known)
            return
        contents = _read_small(self._files, self._folder, self._names, known)
        for name, read in zip(self._names, contents, strict=True):
            content = (
                read if read is not None or name in known else _read(self._files, f"{self._folder}/{name}")
            )
            if name in known or content is None or wanted.may_be_in(content):
                yield name


class _Wanted:
    """What is looked for."""

    def __init__(self, tails: Sequence[str]) -> None:
        self._parts = [tail.encode() for tail in tails]
        any_of_them = "|".join(map(re.escape, tails))
        self._whole = re.compile(f"(?<![a-z0-9-])(?:{any_of_them})(?![a-z0-9/-])".encode())

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


def _read_small(
    files: Files, folder: str, names: Sequence[str], known: AbstractSet[str]
) -> Sequence[bytes | None]:
    """The bytes of files, with as little said to the system as it takes; None for one that must be read by itself."""
    descriptor = _open_folder(files.root, folder) if isinstance(files, Folder) else None
    if descriptor is None:
        return [None] * len(names)
    try:
        return [b"" if name in known else _content(name, descriptor) for name in names]
    finally:
        os.close(descriptor)


def _content(name: str, folder: int) -> bytes | None:
    try:
        file = os.open(name, _TO_READ, dir_fd=folder)
    except OSError:
        return None
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size >= _MOST_BYTES:
            return None
        content = os.read(file, status.st_size + 1)
        return content if len(content) == status.st_size else None
    except OSError:
        return None
    finally:
        os.close(file)


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
