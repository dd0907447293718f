"""Which files of a folder git's index vouches for: they are as they were when git last looked into them.

git tells that as for `git status`, by each file's times, size and inode, with its own care for what changed in the moment
in which the index was written. Whatever seems to have been touched is only named here, and what may be touched again
without a trace, in the same second of its times, is named as well.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from hashlib import sha1
from typing import TYPE_CHECKING

from okr.git.run import GENUINE, PLAIN_DIFF, GitFailed, Repository, Run, in_turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_STRICTLY = (
    # What may make git believe more than it has seen.
    *("-c", "core.fsmonitor=false", "-c", "core.trustctime=true", "-c", "core.checkstat=default"),
    GENUINE,
)
_TOUCHED = ("diff-index", "--raw", *PLAIN_DIFF, "--relative", "-z")
_LISTED = ("ls-files", "--stage", "-v", "--debug", "-z")
_HERE = ("--", ".")
_FIRST, _NEXT = b"H ", b"\nH "
_BETWEEN = b" 0\t"
# Plain files, without conflicts, of which git was not told to believe anything; and what it saw of each.
_PLAIN = rb"(?:H 100(?:644|755) [0-9a-f]{40,64} 0\t[^\0]++\0  ctime: [0-9]+:[0-9]+\n(?:  [^\n]*+\n)*+)*+"
_CHANGED = rb"\0  ctime: ([0-9]+):"
_LATELY = 3
"""Seconds: by more the file system's clock is not behind ours, and its seconds are no longer."""
_PIECE = 1 << 14
_MODE = len("H 100644 ")


class Look:
    """A look of git's at a folder, for as long as its index stays as it is; it may go on while we do something else.

    Attributes:
        folder: at what.
        index: git's file.
    """

    def __init__(self, folder: Path, repo: Repository, commit: str = "HEAD") -> None:
        """Begins with how the index and the last commit are now.

        Args:
            folder: in the work tree, links resolved.
            repo: the repository around it.
            commit: the last commit, in full where it is known.
        """
        self.folder = folder
        self.index = repo.git_dir / "index"
        self._here = () if folder == repo.top else _HERE
        self._folder = Repository(folder, repo.git_dir, repo.common_dir)
        self._commit = commit
        self._watched = (self.index, *_where_head_is(repo))
        self._state = self._state_now()
        self._began = time.time()
        self._touched: Run | None = None
        self._listed: Run | None = None

    def begin(self) -> None:
        """Lets git look for what `touched` gives.

        Raises:
            GitMissing: there is no git.
        """
        settings = (*in_turn(self.folder), *_STRICTLY)
        self._touched = Run(self._folder, (*settings, *_TOUCHED, self._commit, *self._here))

    def begin_to_list(self, names: Iterable[str]) -> None:
        """Lets git look for what `listed` gives; all else is as above."""
        asked = (f":(literal){name}" for name in names)
        self._listed = Run(self._folder, (*_STRICTLY, *_LISTED, "--", *asked), much=True)

    def is_later_than(self, other: float) -> bool:
        """Whether the index has been written after a time, in seconds since 1970."""
        with contextlib.suppress(OSError):
            return self.index.stat().st_mtime > other
        return False

    def stop(self) -> None:
        """Ends what nobody has asked for."""
        for running in (self._touched, self._listed):
            if running is not None:
                running.stop()

    def touched(self) -> frozenset[str] | None:
        """The files that differ from the last commit, or may: git has not looked into them since they were touched.

        Returns:
            Their paths within the folder, all that is in it; None where git can't tell.
        """
        if self._touched is None:
            self.begin()
        running, self._touched = self._touched, None
        out = _output(running)
        return None if out is None else frozenset(map(os.fsdecode, out.split(b"\0")[1::2]))

    def stamp(self) -> bytes:
        """A sum of the index; empty where there is none, or it has changed since this look began."""
        try:
            content = self.index.read_bytes()
        except OSError:
            return b""
        return sha1(content, usedforsecurity=False).digest() if self._is_the_same() else b""

    def listed(self, names: Iterable[str], before: bytes = b"") -> bytes | None:
        """What the index has of each file, for the functions below.

        Args:
            names: the files and folders in the folder that are asked about.
            before: what this has given before; what is the same is not looked at again.

        Returns:
            None where something of them is no plain file, where git was told to believe something about one, and where
            the index has changed since this look began.
        """
        if self._listed is None:
            self.begin_to_list(names)
        running, self._listed = self._listed, None
        out = _output(running)
        if out is None or not self._is_the_same():
            return None
        new = _new(before, out)
        plain = re.fullmatch(_PLAIN, new) is not None
        # A path could hold what looks like the next entry.
        alone = new.count(b"\0") == new.count(_NEXT) + new.startswith(_FIRST)
        return out if plain and alone else None

    def young(self, listed: bytes, before: bytes = b"") -> frozenset[str]:
        """The files that might be changed once more without a trace, since this look began.

        Each change sets a time that nobody can set otherwise, of which git compares the seconds. Where that of the last
        change is long gone, the next one has another.

        Args:
            listed: as above.
            before: what was listed before, without any such files.
        """
        since = int(self._began) - _LATELY
        new = _new(before, listed)
        late = {second for second in {*re.findall(_CHANGED, new)} if int(second) >= since}
        found = re.finditer(_CHANGED, new) if late else ()  # nearly always none or few of all files
        return frozenset(_path_before(new, each.start()) for each in found if each[1] in late)

    def _is_the_same(self) -> bool:
        return self._state == self._state_now()

    def _state_now(self) -> list[tuple[int, ...]]:
        found: list[tuple[int, ...]] = []
        for path in self._watched:
            with contextlib.suppress(OSError):
                state = path.stat()
                found.append(
                    (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
                )
        return found


def _where_head_is(repo: Repository) -> Iterator[Path]:
    """The files one of which changes when HEAD moves, whether or not that is noted in its log."""
    head = repo.git_dir / "HEAD"
    yield head
    yield repo.git_dir / "logs" / "HEAD"
    with contextlib.suppress(OSError, ValueError):
        yield repo.common_dir / head.read_text(encoding="utf-8").removeprefix("ref:").strip()
    yield repo.common_dir / "packed-refs"
    yield repo.common_dir / "reftable" / "tables.list"


def _output(running: Run | None) -> bytes | None:
    try:
        return None if running is None else running.output()
    except GitFailed:
        return None


def _path_before(listed: bytes, place: int) -> str:
    """The path of the entry that goes on at some place."""
    return os.fsdecode(_said(listed, listed.rfind(_NEXT, 0, place) + 1)[0])


def listed_id(listed: bytes, path: str) -> bytes | None:
    """The id of a file's content in what `Look.listed` gives; None where it is not there."""
    wanted = os.fsencode(path)
    low, high = 0, len(listed)
    while low < high:  # where entries begin; git sorts them by their paths
        start = listed.rfind(_NEXT, low, (low + high) // 2) + 1 or low
        found, id_ = _said(listed, start)
        if found == wanted:
            return id_
        if found > wanted:
            high = start
        else:
            following = listed.find(_NEXT, start, high) + 1
            low = following or high
    return None


def listed_ids(listed: bytes) -> dict[str, bytes]:
    """The ids of all contents, by path."""
    return {os.fsdecode(path): id_ for path, id_ in (_said(entry, 0) for entry in _entries(listed))}


def listed_otherwise(one: bytes, other: bytes) -> set[str]:
    """The files of which two indexes don't have the very same: content, times and all that git has seen."""
    start, end = _same(one, other)
    different = {*_entries(one[start : len(one) - end])}.symmetric_difference(
        _entries(other[start : len(other) - end])
    )
    return {os.fsdecode(_said(entry, 0)[0]) for entry in different}


def _new(before: bytes, listed: bytes) -> bytes:
    """The entries that may not be the same as before."""
    start, end = _same(before, listed)
    return listed[start : len(listed) - end]


def _same(one: bytes, other: bytes) -> tuple[int, int]:
    """How much is the same at the beginning of both, and at their end, in whole entries; to the next few of these."""
    most = min(len(one), len(other))
    start = 0
    while start < most and one[start : start + _PIECE] == other[start : start + _PIECE]:
        start += _PIECE
    start = one.rfind(_NEXT, 0, min(start, most)) + 1
    most -= start
    end = 0
    while end < most and one[-end - _PIECE : -end or None] == other[-end - _PIECE : -end or None]:
        end += _PIECE
    first = one.find(_NEXT, len(one) - min(end, most))
    return start, 0 if first < 0 else len(one) - first - 1


def _said(entries: bytes, start: int) -> tuple[bytes, bytes]:
    """The path and the id of an entry that begins somewhere."""
    end = entries.index(_BETWEEN, start)
    path = entries[end + len(_BETWEEN) : entries.index(b"\0", end)]
    return path, bytes.fromhex(entries[start + _MODE : end].decode())


def _entries(listed: bytes) -> list[bytes]:
    """The entries, each with a line break at its end."""
    return [_FIRST + each + b"\n" for each in listed[len(_FIRST) : -1].split(_NEXT)] if listed else []
