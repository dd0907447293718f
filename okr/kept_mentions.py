"""Which words of a folder's plans have a slash in them, as each reference has: kept while the files stay as they are.

A file counts as unchanged while its inode, size and times are the same, and the times lie well in the past: whoever
changes a file sets the last of them to now. So it is with a folder, whose times tell whether it lists the same files. This
is relied on only on disks of this machine. Imports next to nothing, because it is used while the rest of okr is still
being imported.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager

from okr.disks import on_own_disk
from okr.searching import OF_REFERENCES, found_in, may_say_anything
from okr.small_files import Together, is_plain, together

TYPE_CHECKING = False  # not from `typing`, as in `forking.py`
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

_FOLDER = "mentions"
_HEAD = b"okr mentions 3 %010d\n"
_MOST_BYTES = 32 << 20
_FEW = 256
"""So many files are read each time rather than all of them kept anew."""
_LATELY = 3_000_000_000
"""Nanoseconds: by more the file system's clock is not behind ours, and its seconds are no longer."""
_ANYTHING = b"\\"
"""Stands for what may refer to anything, as `searching` has it."""
_UNKNOWN = bytes(4 * 8)
"""The state of a file that no file has."""
_ITSELF = (b".",)
"""The folder, as a file in it."""
_WORDS = bytes(each if each in OF_REFERENCES else ord("\n") for each in range(256))
"""Takes words apart that no reference goes beyond."""
_ALIKE = 128
"""So many files are compared at once."""


class Plans:
    """The plans of a folder, to be looked through."""

    def __init__(
        self,
        parts: Sequence[Together],
        otherwise: AbstractSet[str] | None = None,
        keep: Callable[[], None] = lambda: None,
    ) -> None:
        """What they hold.

        Args:
            parts: the plans whole, or their words with a slash.
            otherwise: those that come once more as they are by now; None where plans are whole.
            keep: keeps their words with a slash for the next time.
        """
        self._parts, self._otherwise = parts, otherwise
        self._new: Sequence[Together] = ()
        self.keep = keep

    def add(self, new: Sequence[Together]) -> None:
        """Takes plans as they are by now."""
        self._new = new

    def found(
        self, tails: Sequence[str], known: Sequence[str], read: Callable[[str], bytes | None]
    ) -> list[str] | None:
        """As `found_in`, by their names; None where only whole files can tell."""
        otherwise = self._otherwise
        if otherwise is None:
            return found_in(self._parts, tails, known, read)
        if not all("/" in tail and not tail.encode().translate(None, OF_REFERENCES) for tail in tails):
            return None
        found = found_in(self._parts, tails, known, lambda name: b"" if name in otherwise else read(name))
        found = [name for name in found if name not in otherwise]
        return sorted(found + found_in(self._new, tails, known, read))


def plans_of(
    folder: int,
    place: str,
    listed: Callable[[], tuple[Sequence[str], AbstractSet[str]]],
    *,
    may_keep: bool,
) -> Plans:
    """The plans of a folder.

    Args:
        folder: the folder, open until nobody asks for them any more.
        place: its whole path.
        listed: lists its plans, sorted, and those that must be read by themselves, among them every link there is.
        may_keep: whether the user's cache folder may tell of them, and learn it.
    """
    may_keep = may_keep and on_own_disk(folder)
    before = time.time_ns() - _LATELY
    known = _fetched(place) if may_keep else None
    listing = _states(folder, _ITSELF, before) if may_keep else _UNKNOWN
    if known is not None and known.listing == listing != _UNKNOWN:
        names: Sequence[str] = known.names
        apart: AbstractSet[str] = frozenset()
        states = _states(folder, known.raw_names, before)
    else:
        names, apart = listed()
        states = b"" if known is None else _states(folder, names, before, apart)
    if known is not None:
        otherwise, new = _changed(known, names, states)
        if len(new) <= _FEW:
            plans = Plans(known.parts, otherwise)
            plans.add([*_read(folder, new, apart)])
            return plans
    read = [*_read(folder, names, apart)]
    if not may_keep:
        return Plans(read)

    def keep() -> None:
        # Nobody has changed one since it was read if its times are from before that.
        kept = _Kept()
        kept.listing = _UNKNOWN if apart else listing  # where a link leads, its own folder doesn't tell
        kept.names, kept.states, kept.parts = names, _states(folder, names, before, apart), read
        _keep(place, kept)

    return Plans(read, keep=keep)


def _read(folder: int, names: Sequence[str], apart: AbstractSet[str]) -> Iterator[Together]:
    """What the files hold."""
    above = os.getppid()
    for some in together(folder, names, apart=apart):
        yield some
        if os.getppid() != above:  # nobody will ask
            os._exit(0)


def _states(
    folder: int, names: Sequence[str] | Sequence[bytes], before: int, apart: AbstractSet[str] = frozenset()
) -> bytes:
    """What tells that files are the same, one behind the other; nothing of those that were changed later than some time.

    These may be changed again without a trace, and so may one that is mounted there from another disk, or is `apart`.
    """
    from array import array

    found: list[int] = []
    with _in(folder):
        stat, device = os.lstat, os.fstat(folder).st_dev
        for name in names:
            try:
                state = stat(name)
            except OSError:
                found += (0, 0, 0, 0)
                continue
            modified, changed = state.st_mtime_ns, state.st_ctime_ns
            if changed >= before or modified >= before or state.st_dev != device:
                found += (0, 0, 0, 0)
            else:
                found += (state.st_ino, state.st_size, modified, changed)
    for place in [place for place, name in enumerate(names) if name in apart] if apart else ():
        found[4 * place : 4 * place + 4] = (0, 0, 0, 0)
    try:
        return array("Q", found).tobytes()
    except OverflowError:  # a time before 1970, say
        return _UNKNOWN * len(names)


@contextmanager
def _in(folder: int) -> Iterator[None]:
    """Within it that is the folder in which the system looks for names: so it finds each of many in less time."""
    before = os.open(".", getattr(os, "O_PATH", os.O_RDONLY) | os.O_CLOEXEC)
    try:
        os.fchdir(folder)
        yield
    finally:
        os.fchdir(before)
        os.close(before)


def _changed(known: _Kept, names: Sequence[str], now: bytes) -> tuple[set[str], list[str]]:
    """Of two states of a folder, the files that are otherwise or gone, and those that must be read."""
    if known.names == names:
        otherwise = {*known.unknown, *(names[place] for place in _different(known.states, now))}
        return otherwise, [name for name in names if name in otherwise] if otherwise else []
    then, are = _each(known.names, known.states), _each(names, now)
    otherwise = {name for name, state in then.items() if state == _UNKNOWN or are.get(name) != state}
    return otherwise, [name for name in names if name not in then or name in otherwise]


def _different(one: bytes, other: bytes) -> Iterator[int]:
    """Where two rows of states, as long as each other, differ."""
    size = len(_UNKNOWN)
    for first in range(0, len(one), _ALIKE * size):
        end = first + _ALIKE * size
        if one[first:end] != other[first:end]:
            places = range(first, min(end, len(one)), size)
            yield from (at // size for at in places if one[at : at + size] != other[at : at + size])


def _each(names: Sequence[str], states: bytes) -> dict[str, bytes]:
    size = len(_UNKNOWN)
    return {name: states[place * size : place * size + size] for place, name in enumerate(names)}


# What is kept


def _name(place: str) -> str:
    from zlib import crc32

    whole = os.fsencode(place)
    return f"{len(whole)}-{crc32(whole)}"


class _Kept:
    """What is kept of a folder.

    Attributes:
        listing: the state of the folder itself; unknown where it doesn't tell what is in it.
        names: its plans.
        raw_names: the same, as the system has them.
        states: theirs.
        unknown: those whose state is unknown.
        parts: their words with a slash.
    """

    listing: bytes
    names: Sequence[str]
    raw_names: Sequence[bytes]
    states: bytes
    unknown: Sequence[str]
    parts: Sequence[Together]


def _fetched(place: str) -> _Kept | None:
    """What is kept of a folder; None where there is nothing that is whole and ours."""
    import marshal
    from zlib import crc32

    from okr.user_cache import fetch_behind, mark_used

    head, content = fetch_behind(_FOLDER, _name(place), len(_HEAD % 0))
    if head != _HEAD % crc32(content):
        return None
    whose, *rest = marshal.loads(content)  # noqa: S302 # it has the sum that this very code gave it
    if whose != place:
        return None
    mark_used(_FOLDER, _name(place))
    kept = _Kept()
    kept.listing, names, kept.states, kept.unknown, parts = rest
    kept.raw_names, kept.names = names.split(b"\0")[:-1], os.fsdecode(names).split("\0")[:-1]
    kept.parts = _parts(kept.names, parts)
    return kept


def _parts(names: Sequence[str], parts: Sequence[tuple[bytes, bytes, list[str], bool]]) -> list[Together]:
    from array import array

    found, at = list[Together](), 0
    for content, ends, apart, plain in parts:
        part = Together()
        part.content, part.ends = content, array("I", ends).tolist()
        part.names = [*names[at : at + len(part.ends)]]
        part.apart, part.plain = set(apart), plain
        at += len(part.ends)
        found.append(part)
    return found


def _keep(place: str, kept: _Kept) -> None:
    """Keeps it, where it tells of nearly all files."""
    import marshal
    from array import array
    from zlib import crc32

    from okr.user_cache import keep

    unknown = [name for name, state in _each(kept.names, kept.states).items() if state == _UNKNOWN]
    if len(unknown) > _FEW:
        return
    parts = []
    for part in kept.parts:
        content, ends = _with_slashes(part)
        parts.append((content, array("I", ends).tobytes(), sorted(part.apart), is_plain(content)))
    names = os.fsencode("".join(f"{name}\0" for name in kept.names))
    content = marshal.dumps((place, kept.listing, names, kept.states, unknown, parts))
    head = _HEAD % crc32(content)
    keep(_FOLDER, _name(place), (head, content), length=len(head) + len(content), most=_MOST_BYTES)


def _with_slashes(some: Together) -> tuple[bytes, list[int]]:
    """Of each file only its words with a slash, each a line, and where each file comes to its end."""
    content, words, ends = some.content, bytearray(), []
    lines = content.translate(_WORDS)
    start = 0
    for end in some.ends:
        if not some.plain and may_say_anything(content[start:end]):
            words += _ANYTHING
        else:
            at = lines.find(b"/", start, end)
            while at >= 0:
                after = lines.find(b"\n", at)  # there is one behind each file
                words += lines[lines.rfind(b"\n", 0, at) + 1 : after + 1]
                at = lines.find(b"/", after, end)
        ends.append(len(words))
        words += b"\n"
        start = end + 1
    return bytes(words), ends
