"""What was found in each owner's files: in some just now, in the others as it was kept the last time. No rules here.

What was kept is only unpacked for whoever asks: after a change of a few files, that is next to nothing of it.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING
from zlib import crc32

from okr.rules.packing import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    from okr.rules.packing import Plain
    from okr.rules.parts import Unit

_FEW = 100
"""Units that are put in the place of others one by one; of more, all are packed anew."""


class DamagedError(Exception):
    """What was kept of an owner is not what was kept."""


class Units:
    """What came of each owner's files, by owner.

    Attributes:
        new: what has come of some since it was packed.
    """

    def __init__(self, packed: Plain = None, read: Callable[[int, int], bytes] | None = None) -> None:
        """Holds what `packed` gave, or nothing.

        Args:
            packed: its plain values.
            read: gives of its bytes those from one place up to another, whenever somebody asks for an owner of these.
        """
        self._packed: Plain = packed or ("", "", {}, (b"", b""), (b"", b""))
        owners, files, said, units, paths = self._packed
        self._owners: list[str] = _split(owners)
        self._place = dict(zip(self._owners, range(len(self._owners)), strict=True))
        self._files: str = files
        self._said: dict[str, bytes] = said
        self._units = _Apart(read, *units)
        self._paths = _Pieces(*paths)
        self.new: dict[str, Unit] = {}

    def __contains__(self, owner: object) -> bool:
        return owner in self.new or owner in self._place

    def __getitem__(self, owner: str) -> Unit:
        """What came of one.

        Raises:
            DamagedError: it is not what was kept.
        """
        if owner in self.new:
            return self.new[owner]
        unit: Unit = unpack(self._units[self._place[owner]])
        return unit

    def __setitem__(self, owner: str, unit: Unit) -> None:
        if owner in self._place and self[owner][0] != unit[0]:
            self._keep_only(self)
        self.new[owner] = unit

    def __iter__(self) -> Iterator[str]:
        yield from self.new
        yield from (owner for owner in self._owners if owner not in self.new)

    def values(self) -> Iterator[Unit]:
        """All of them."""
        self._units.read_all()
        return map(self.__getitem__, self)

    def keep(self, owners: Container[str]) -> None:
        """Lets go of what is of any other owner."""
        if not all(owner in owners for owner in self):
            self._keep_only(owners)

    def touching(self, paths: Iterable[str]) -> set[str]:
        """The owners of whose files, or of what else was looked at for them, some paths are."""
        wanted = {*paths}
        found = {
            owner
            for owner, (files, looked_at, *_) in self.new.items()
            if not (wanted.isdisjoint(files) and wanted.isdisjoint(looked_at))
        }
        for path in wanted:
            places = self._paths.holding(b"\0%s\0" % os.fsencode(path))
            found.update(owner for owner in map(self._owners.__getitem__, places) if owner not in self.new)
        return found

    @property
    def size(self) -> int:
        """How many bytes there are for `read` to give."""
        return self._units.size

    @property
    def files(self) -> set[str]:
        """All files that were judged."""
        found = {*_split(self._files)}
        found.update(*(unit[0] for unit in self.new.values()))
        return found

    @property
    def said(self) -> Iterator[bytes]:
        """What was found, of those of whom something was."""
        yield from (unit[2] for unit in self.new.values() if unit[2])
        yield from (said for owner, said in self._said.items() if owner not in self.new)

    @property
    def are_few_new(self) -> bool:
        """Whether `packed` would give hardly anything else than it gave."""
        return len(self.new) <= _FEW and all(owner in self._place for owner in self.new)

    def packed(self) -> tuple[Plain, bytes]:
        """The same in plain values, and the bytes that most of it is."""
        everything = self._units.read_all()
        if not self.new:
            return self._packed, everything
        units = {owner: self[owner] for owner in sorted(self)}
        said = {owner: unit[2] for owner, unit in units.items() if unit[2]}
        files = "\0".join(path for unit in units.values() for path in unit[0])
        packed, paths = ([*map(how, units.values())] for how in (pack, _paths_of))
        apart = _sizes(packed), array("I", map(crc32, packed)).tobytes()
        return ("\0".join(units), files, said, apart, (b"".join(paths), _sizes(paths))), b"".join(packed)

    def _keep_only(self, owners: Container[str]) -> None:
        self._units.read_all()
        units = {owner: self[owner] for owner in self if owner in owners}
        Units.__init__(self)
        self.new = units


class _Pieces:
    """Bytes one behind the other, in one piece."""

    def __init__(self, content: bytes, sizes: bytes) -> None:
        self._content = content
        self._ends = [*accumulate(array("I", sizes))]

    def holding(self, wanted: bytes) -> set[int]:
        """The places of those that hold something."""
        found = set()
        at = self._content.find(wanted)
        while at >= 0:
            place = bisect_right(self._ends, at)
            found.add(place)
            at = self._content.find(wanted, self._ends[place])
        return found


class _Apart:
    """Bytes one behind the other in another place, read from there when somebody asks for them; each piece has its sum."""

    def __init__(self, read: Callable[[int, int], bytes] | None, sizes: bytes, sums: bytes) -> None:
        self._read = read
        self._content: bytes | None = None
        self._sizes = array("I", sizes)
        self._sums = array("I", sums)
        self._ends = [*accumulate(self._sizes)]

    def __getitem__(self, place: int) -> bytes:
        end = self._ends[place]
        start = end - self._sizes[place]
        piece = self._from(start, end) if self._content is None else self._content[start:end]
        if crc32(piece) != self._sums[place]:
            raise DamagedError
        return piece

    @property
    def size(self) -> int:
        """How many bytes they are together."""
        return self._ends[-1] if self._ends else 0

    def read_all(self) -> bytes:
        """Reads all at once, for whoever will ask for most."""
        if self._content is None:
            self._content = self._from(0, self.size)
        return self._content

    def _from(self, start: int, end: int) -> bytes:
        return b"" if self._read is None else self._read(start, end)


def _sizes(pieces: list[bytes]) -> bytes:
    return array("I", map(len, pieces)).tobytes()


def _paths_of(unit: Unit) -> bytes:
    """The files of a unit, and what was looked at for it."""
    return b"\0%s\0" % b"\0".join(map(os.fsencode, (*unit[0], *unit[1])))


def _split(text: str) -> list[str]:
    return text.split("\0") if text else []
