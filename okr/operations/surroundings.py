"""Where a workspace lies in its repository: CI systems name files from there. Found without running git."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def repository_top(folder: Path) -> Path | None:
    """The nearest folder upwards that holds a `.git`: a repository's, a worktree's or a submodule's."""
    real = folder.resolve()
    return next((each for each in (real, *real.parents) if os.path.lexists(each / ".git")), None)


def folder_in_repository(folder: Path) -> str:
    """A folder as its repository names it, with forward slashes; empty for its top, or outside of any."""
    top = repository_top(folder)
    name = "" if top is None else folder.resolve().relative_to(top).as_posix()
    return "" if name == "." else name
