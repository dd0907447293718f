"""Which lines a commit added to the files of a folder, and which commits touched them last.

For one commit or a few; reading a whole history is for `history.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from okr.git.paths import name_in, pathspecs
from okr.git.run import PLAIN_LOG, run, try_run
from okr.patterns import LINE_BREAK

if TYPE_CHECKING:
    from pathlib import Path

    from okr.git.run import Repository

MOST_COMMITS = 50
"""How many commits back a person's last one is looked for."""


def lines_added_by(repo: Repository, commit: str, folder: Path) -> list[tuple[Path, str]]:
    """The lines that a commit has and its first parent has not, in the files of a folder; in order.

    Args:
        repo: where.
        commit: its full id.
        folder: inside the work tree.

    Raises:
        GitFailed: the commit can't be read.
    """
    where = pathspecs([name_in(repo, folder)])
    parent = try_run(repo, "rev-parse", "--verify", "--quiet", f"{commit}^1")
    before = parent.out.decode().strip() if parent.status == 0 else None
    if before is None:
        named = run(repo, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", *where)
    else:
        named = run(
            repo, "diff-tree", "-r", "-z", "--name-only", "--no-renames", before, commit, "--", *where
        )
    found: list[tuple[Path, str]] = []
    for name in filter(None, named.decode("utf-8", "surrogateescape").split("\0")):
        old = Counter(_lines(repo, before, name))
        for line in _lines(repo, commit, name):
            if old[line]:
                old[line] -= 1
            else:
                found.append((repo.top / name, line))
    return found


def latest_commits(repo: Repository, folder: Path, *, email: str) -> list[str]:
    """The ids of the last commits of an author that touch a folder, newest first; at most `MOST_COMMITS`."""
    author = re.escape(f"<{email}>")
    asked = ("log", f"--max-count={MOST_COMMITS}", "--format=%H", "--extended-regexp", f"--author={author}")
    listed = try_run(repo, *asked, *PLAIN_LOG, "HEAD", "--", *pathspecs([name_in(repo, folder)]))
    return listed.out.decode().split() if listed.status == 0 else []


def _lines(repo: Repository, commit: str | None, name: str) -> list[str]:
    if commit is None:
        return []
    shown = try_run(repo, "cat-file", "blob", f"{commit}:{name}")
    return LINE_BREAK.split(shown.out.decode("utf-8", "replace")) if shown.status == 0 else []
