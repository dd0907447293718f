"""The user's own cache folder: what was worked out once, for the next time. Any of it may be deleted at any time.

What is there was put there by this user's `okr`, never by a repository. Whoever reads something back still has to
check that it is whole, and that it belongs to what they ask about; `plain_org.py` and the `kept_*` modules of
`operations/` do. Imports next to nothing, because a process that reads ahead uses it before anything else is
imported.
"""

from __future__ import annotations

import contextlib
import os
import stat
from io import FileIO

TYPE_CHECKING = False  # not from `typing`, as in `forking.py`
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TO_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_TO_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_UNFINISHED = "unfinished-"
_AT_ONCE = 1 << 16


class NoHomeError(Exception):
    """Nobody knows where this user is at home."""


def opened(folder: str, name: str) -> FileIO | None:
    """What is kept under a name, to be read piece by piece and closed; None where there is nothing."""
    try:
        file = os.open(f"{_place(folder)}/{name}", TO_READ)
    except (OSError, NoHomeError):
        return None
    if stat.S_ISREG(os.fstat(file).st_mode):
        return FileIO(file)
    os.close(file)
    return None


def fetch_behind(folder: str, name: str, size: int) -> tuple[bytes, bytes]:
    """What its first bytes are, and what stands behind them; both empty where there is nothing."""
    file = opened(folder, name)
    if file is None:
        return b"", b""
    try:
        with file:
            return file.read(size), file.readall()
    except OSError:
        return b"", b""


def is_kept(folder: str, name: str, *pieces: bytes) -> bool:
    """Whether just these bytes are kept under a name; little of them is in memory twice, which takes time to be had."""
    file = opened(folder, name)
    if file is None:
        return False
    try:
        with file:
            for piece in pieces:
                for start in range(0, len(piece), _AT_ONCE):
                    part = piece[start : start + _AT_ONCE]
                    if file.read(len(part)) != part:
                        return False
            return not file.read(1)
    except OSError:
        return False


def keep(folder: str, name: str, pieces: Iterable[bytes], *, length: int, most: int) -> None:
    """Keeps something, whole or not at all; where it can't, nothing is kept.

    Args:
        folder: of okr's.
        name: what it is fetched by.
        pieces: what is kept.
        length: how many bytes these are.
        most: how many bytes the folder may hold; what was not used for longest goes first.
    """
    with contextlib.suppress(OSError, NoHomeError):
        place = _place(folder)
        os.makedirs(place, mode=0o700, exist_ok=True)  # noqa: PTH103 # pathlib takes long to import
        _make_room(place, most - length)
        unfinished = f"{place}/{_UNFINISHED}{os.urandom(8).hex()}"
        descriptor = os.open(unfinished, _TO_WRITE, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(pieces)
            os.replace(unfinished, f"{place}/{name}")  # noqa: PTH105 # as above
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(unfinished)  # noqa: PTH108 # as above
            raise


def forget(folder: str, name: str) -> None:
    """Keeps something no longer."""
    with contextlib.suppress(OSError, NoHomeError):
        os.unlink(f"{_place(folder)}/{name}")  # noqa: PTH108 # as above


def mark_used(folder: str, name: str) -> None:
    """Lets something stay longer."""
    with contextlib.suppress(OSError, NoHomeError):
        os.utime(f"{_place(folder)}/{name}")


def cache_folder(folder: str) -> Path:
    """Where a folder of okr's is, or would be.

    Raises:
        NoHomeError: nobody knows where the user is at home.
    """
    from pathlib import Path

    return Path(_place(folder))


def _place(folder: str) -> str:
    return f"{_home('XDG_CACHE_HOME', '.cache')}/okr/{folder}"


def home(variable: str, otherwise: str) -> Path:
    """One of the user's folders, as the XDG specification has it: a relative one is passed over.

    Raises:
        NoHomeError: nobody knows where the user is at home.
    """
    from pathlib import Path

    return Path(_home(variable, otherwise))


def _home(variable: str, otherwise: str) -> str:
    asked = os.environ.get(variable, "")
    if asked.startswith("/"):
        return asked
    home = os.path.expanduser("~")  # noqa: PTH111 # pathlib takes long to import
    if home.startswith("~"):
        raise NoHomeError
    return f"{home}/{otherwise}"


def _make_room(folder: str, left: int) -> None:
    entries = []
    for entry in os.scandir(folder):
        with contextlib.suppress(FileNotFoundError):
            entries.append((entry.stat().st_mtime, entry.stat().st_size, entry.path))
    for _, size, path in sorted(entries, reverse=True):
        if size <= left:
            left -= size
            continue
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)  # noqa: PTH108 # as above
