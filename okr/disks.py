"""Whether files are on a disk of this machine: only such a disk tells at once when a file was last changed.

Imports next to nothing, because it is used while the rest of okr is still being imported.
"""

from __future__ import annotations

import contextlib
import os

TYPE_CHECKING = False  # not from `typing`, as in `forking.py`
if TYPE_CHECKING:
    from collections.abc import Iterable

_OWN = frozenset({"bcachefs", "ext2", "ext3", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs"})
_MOUNTS = "/proc/self/mountinfo"


def on_own_disk(folder: str | int) -> bool:
    """Whether a folder is on one; not where nobody knows.

    Args:
        folder: its path, or itself, open.
    """
    with contextlib.suppress(OSError, UnicodeDecodeError):
        device = os.stat(folder).st_dev  # noqa: PTH116 # pathlib takes long to import
        with open(_MOUNTS, encoding="utf-8") as told:  # noqa: PTH123 # likewise
            return _system_of(f"{os.major(device)}:{os.minor(device)}", told) in _OWN
    return False


def _system_of(device: str, mounts: Iterable[str]) -> str | None:
    """The kind of file system on a device, as Linux tells it; None where nobody knows."""
    for each in mounts:
        where, _, what = each.partition(" - ")
        if where.split(" ", 3)[2] == device:
            return what.partition(" ")[0]
    return None
