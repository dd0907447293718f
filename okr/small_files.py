"""The small files of a folder, read one after the other with as few system calls as possible; no link is followed.

Imports next to nothing, because it is used while the rest of okr is still being imported.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # not from `typing`, as in `forking.py`
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

ELSEWHERE: dict[str, Callable[[str, Sequence[str], Sequence[str]], list[str] | None]] = {}
"""Who looks through the folders below a root in our place, as `mentions.search` does; None where it can't."""
_MOST_BYTES = 1 << 16
"""A larger file is read by itself."""
_TOGETHER = 1 << 20
_TO_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def open_folder(root: str, path: str) -> int | None:
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


def plain_files(folder: int) -> tuple[list[str], bool]:
    """The plain files in an open folder, sorted, and whether anything else is in it."""
    with os.scandir(folder) as entries:
        found = [entry.name if entry.is_file(follow_symlinks=False) else None for entry in entries]
    names = [name for name in found if name is not None]
    return sorted(names), len(names) < len(found)


class Together:
    """The bytes of some files, each with a line break behind it.

    Attributes:
        names: the files.
        content: what they hold.
        ends: where in it each comes to its end, its line break not counted.
        apart: those that must be read by themselves: nothing of them is here.
        plain: whether all of it is ASCII, without a sign that may stand for another one.
    """

    def __init__(self) -> None:
        """Holds nothing yet."""
        self.names: list[str] = []
        self.content: bytes | bytearray = bytearray()
        self.ends: list[int] = []
        self.apart: set[str] = set()
        self.plain = False

    def each(self) -> Iterator[tuple[str, bytes | bytearray]]:
        """Each file with its bytes."""
        start = 0
        for name, end in zip(self.names, self.ends, strict=True):
            yield name, self.content[start:end]
            start = end + 1


def together(
    folder: int,
    names: Sequence[str],
    unread: AbstractSet[str] = frozenset(),
    apart: AbstractSet[str] = frozenset(),
) -> Iterator[Together]:
    """Files of an open folder, about a megabyte at a time.

    Args:
        folder: the folder.
        names: its plain files; what else may stand among them is in `apart`.
        unread: those of which nothing is read, as if they were empty.
        apart: those that must be read by themselves.
    """
    position = 0
    while position < len(names):
        some = Together()
        some.content = bytearray(_TOGETHER)
        end = 0
        with memoryview(some.content) as whole:
            for name in names[position:]:
                if end + _MOST_BYTES >= _TOGETHER:
                    break
                position += 1
                size = 0
                if name not in unread:
                    size = -1 if name in apart else _read_into(whole[end : end + _MOST_BYTES], folder, name)
                    if size <= 0:  # an empty one is told from a pipe, say, by whoever reads it by itself
                        some.apart.add(name)
                        size = 0
                end += size
                whole[end] = _LINE_BREAK
                some.names.append(name)
                some.ends.append(end)
                end += 1
        del some.content[end:]
        some.plain = is_plain(some.content)
        yield some


def is_plain(content: bytes | bytearray) -> bool:
    """Whether bytes say what they seem to say: ASCII letters, and none that may stand for another one."""
    return content.isascii() and b"\\" not in content and b"\0" not in content


def all_apart(names: Sequence[str]) -> Together:
    """Files that must all be read by themselves."""
    some = Together()
    some.names, some.ends, some.apart = list(names), list(range(len(names))), set(names)
    some.content = bytearray(b"\n") * len(names)
    return some


_LINE_BREAK = ord("\n")


def _read_into(space: memoryview, folder: int, name: str) -> int:
    """Reads a file of an open folder; gives its length, or -1 where it is too large or can't be read."""
    try:
        file = os.open(name, _TO_READ, dir_fd=folder)
    except OSError:
        return -1
    try:
        size = os.readv(file, (space,))  # all of it: of a plain file, less comes only where it ends
        return size if size < len(space) else -1
    except OSError:
        return -1
    finally:
        os.close(file)
