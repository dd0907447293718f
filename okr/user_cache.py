"""The user's own cache folder: what was worked out once, for the next time. Any of it may be deleted at any time.

What stands there was put there by this user's `okr`, never by a repository; whoever fetches something still has to see
that it is whole, and of what it is kept for. `operations/kept_answers.py` and `plain_org.py` do.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TO_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_TO_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_UNFINISHED = "unfinished-"


class NoHomeError(Exception):
    """Nobody knows where this user is at home."""


def fetch(folder: str, name: str) -> bytes | None:
    """What is kept under a name in a folder of okr's, whole or not; None where there is nothing."""
    try:
        file = os.open(cache_folder(folder) / name, TO_READ)
    except (OSError, NoHomeError):
        return None
    try:
        with os.fdopen(file, "rb") as opened:
            return opened.read() if stat.S_ISREG(os.fstat(file).st_mode) else None
    except OSError:
        return None


def fetch_behind(folder: str, name: str, size: int) -> tuple[bytes, bytes]:
    """The same, but what its first bytes are, and what stands behind them; both empty where there is nothing."""
    try:
        file = os.open(cache_folder(folder) / name, TO_READ)
    except (OSError, NoHomeError):
        return b"", b""
    try:
        with os.fdopen(file, "rb", buffering=0) as opened:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                return b"", b""
            return opened.read(size), opened.readall()
    except OSError:
        return b"", b""


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
        place = cache_folder(folder)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_room(place, most - length)
        unfinished = place / f"{_UNFINISHED}{os.urandom(8).hex()}"
        descriptor = os.open(unfinished, _TO_WRITE, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(pieces)
            unfinished.replace(place / name)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise


def mark_used(folder: str, name: str) -> None:
    """Lets something stay longer."""
    with contextlib.suppress(OSError, NoHomeError):
        os.utime(cache_folder(folder) / name)


def cache_folder(folder: str) -> Path:
    """Where a folder of okr's is, or would be.

    Raises:
        NoHomeError: nobody knows where the user is at home.
    """
    return home("XDG_CACHE_HOME", ".cache") / "okr" / folder


def home(variable: str, otherwise: str) -> Path:
    """One of the user's folders, as the XDG specification has it: a relative one is passed over.

    Raises:
        NoHomeError: nobody knows where the user is at home.
    """
    asked = os.environ.get(variable, "")
    try:
        return Path(asked) if asked.startswith("/") else Path.home() / otherwise
    except RuntimeError:
        raise NoHomeError from None


def _make_room(folder: Path, left: int) -> None:
    entries = []
    for entry in os.scandir(folder):
        with contextlib.suppress(FileNotFoundError):
            entries.append((entry.stat().st_mtime, entry.stat().st_size, entry.path))
    for _, size, path in sorted(entries, reverse=True):
        if size <= left:
            left -= size
            continue
        with contextlib.suppress(FileNotFoundError):
            Path(path).unlink()
