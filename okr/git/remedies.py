"""How a git command in a remedy names the repository and its files, so that it works pasted where the user stands."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def git_here(top: Path) -> str:
    """How a command to be pasted calls git: `git`, or `git -C TOP` where the user stands outside."""
    real = os.path.realpath(top)
    return "git" if Path.cwd().is_relative_to(real) else f"git -C {shlex.quote(real)}"


def names_here(top: Path, paths: Iterable[Path]) -> str:
    """Files as `git_here` finds them from where the user stands: `../okrs/growth.yaml`.

    Args:
        top: as for `git_here`.
        paths: absolute.
    """
    real = os.path.realpath(top)
    start = Path.cwd() if Path.cwd().is_relative_to(real) else real
    return shlex.join(os.path.relpath(_real_place(path), start) for path in paths)


def _real_place(path: Path) -> str:
    """Where a path is, with links on the way to it followed but not one that it is itself."""
    return os.path.join(os.path.realpath(path.parent), path.name)  # noqa: PTH118 # as what it is compared with
