"""Git looking at the files of a workspace that was validated before, from the command's first moment on.

What is kept of the last time is `kept_findings.py`'s; here is only what it is called, and whether there is anything.
"""

from __future__ import annotations

import contextlib
from hashlib import sha256
from typing import TYPE_CHECKING

from okr.git.run import WHERE, GitMissing, Repository, ahead, resolving_command
from okr.git.unmodified import Look
from okr.operations.surroundings import repository_top
from okr.roots import ATTRIBUTES, KPIS, LOGS, ORG, PLANS, SETTINGS
from okr.user_cache import NoHomeError, cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FINDINGS = "findings"
"""The folder of the user's cache for what was found the last time."""
TOPS = (SETTINGS, ORG, KPIS, ATTRIBUTES, PLANS, LOGS)
"""What of a workspace's root is read."""


@contextlib.contextmanager
def looking_at_files(root: Path | None) -> Iterator[Look | None]:
    """Within it git looks which files have been touched, where something is kept of the last time, and what is compared.

    Args:
        root: the workspace's root; None where nothing is to be looked at.
    """
    folder = None if root is None else root.resolve()
    top = None if folder is None else repository_top(folder)
    kept = None if folder is None else _kept_at(folder)
    if folder is None or top is None or kept is None:
        yield None
        return
    git_dir = top / ".git"
    look = Look(folder, Repository(top, git_dir, git_dir)) if git_dir.is_dir() else None
    with ahead(("-C", str(folder), *WHERE), ("-C", str(top), *resolving_command("HEAD"))):
        try:
            with contextlib.suppress(GitMissing):  # whoever asks is told
                if look is not None:
                    look.begin()
                if look is not None and look.is_later_than(kept):
                    look.begin_to_list(TOPS)  # it will be asked for
            yield look
        finally:
            if look is not None:
                look.stop()


def _kept_at(root: Path) -> float | None:
    """When it was kept or used last what was found in a workspace; None where nothing is kept."""
    with contextlib.suppress(OSError, NoHomeError):
        return (cache_folder(FINDINGS) / key_of_findings(root)).stat().st_mtime
    return None


def key_of_findings(root: Path) -> str:
    """The name under which it is kept what was found in a workspace."""
    return sha256(f"validation\0{root.resolve()}".encode("utf-8", "surrogateescape")).hexdigest()[:40]
