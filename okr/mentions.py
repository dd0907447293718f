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
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from okr.sources import Files

_MOST_BYTES = 1 << 16
"""A larger file is read by itself."""
_AT_ONCE = 250
"""Files that are searched together: whatever none of them holds need not be looked for in each."""
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


def search(
    files: Files, folder: str, tails: Sequence[str], known: Sequence[str], read: Mapping[str, bytes] = {}
) -> list[str]:
    """The same; `read` has the contents of some of the files."""
    wanted, found = _Wanted(tails), set(known)
    names = plans_in(files, folder)
    for start in range(0, len(names), _AT_ONCE):
        some = [name for name in names[start : start + _AT_ONCE] if name not in found]
        missing = [name for name in some if name not in read]
        contents = {
            **read_small(files, folder, missing),
            **{name: read[name] for name in some if name in read},
        }
        if len(contents) == len(some) and not wanted.may_be_in(b"\n".join(contents.values())):
            continue
        for name in some:
            content = contents[name] if name in contents else _read(files, f"{folder}/{name}")
            if content is None or wanted.may_be_in(content):
                found.add(name)
    return [name for name in names if name in found]


def plans_in(files: Files, folder: str) -> list[str]:
    """The names of the plans that a folder lists."""
    names = (f"{stem}.yaml" for stem in ids_before(".yaml", files.files(folder)))
    return [name for name in names if name != CYCLE_FACTS]


def read_small(files: Files, folder: str, names: Iterable[str]) -> dict[str, bytes]:
    """The bytes of a folder's files, with as little said to the system as it takes; without those to be read each by itself."""
    descriptor = _open_folder(files.root, folder) if isinstance(files, Folder) else None
    if descriptor is None:
        return {}
    try:
        found = ((name, _content(name, descriptor)) for name in names)
        return {name: content for name, content in found if content is not None}
    finally:
        os.close(descriptor)


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
