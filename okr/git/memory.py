"""How much git keeps in mind of what it has read, while it goes through a history.

It may be as much as all folders that a commit of each day had. Where they are small they are soon read once more, and to
take so much memory from the system takes longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from okr.git.run import Repository

_LITTLE = ("-c", "core.deltaBaseCacheLimit=4m")
_FEW = 1 << 18
"""Bytes of an index of some 2,500 files; no folder takes as many."""


def keeping_little(repo: Repository) -> tuple[str, ...]:
    """What stands before a command so that git keeps little in mind; nothing where there are large folders, or may be."""
    try:
        # Found where it mostly is: whoever begins ahead has not looked for it either.
        size = (repo.top / ".git" / "index").stat().st_size
    except OSError:
        return ()
    return _LITTLE if size < _FEW else ()
