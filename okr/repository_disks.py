"""On what disk a folder is, as far as it matters to how git is to look at its files."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_OWN_DISKS = frozenset({"bcachefs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs"})


def in_turn(folder: Path) -> tuple[str, ...]:
    """Git's settings with which it looks at one file after the other, where that is quick: on a disk of this machine.

    Of its twenty threads each would have its turn before us, who have something else to do meanwhile; where files are
    far away, they are worth it.
    """
    with contextlib.suppress(OSError, UnicodeDecodeError):
        device = folder.stat().st_dev
        with open("/proc/self/mountinfo", encoding="utf-8") as told:  # noqa: PTH123 # as short as it can be
            if _system_of(f"{os.major(device)}:{os.minor(device)}", told) in _OWN_DISKS:
                return ("-c", "core.preloadIndex=false")
    return ()


def _system_of(device: str, mounts: Iterable[str]) -> str | None:
    """The kind of file system on a device, as Linux tells it; None where nobody knows."""
    for each in mounts:
        where, _, what = each.partition(" - ")
        if where.split(" ", 3)[2] == device:
            return what.partition(" ")[0]
    return None
