"""Which lines a commit added to the files of a folder, and which commits touched them last.

For one commit or a few; reading a whole history is for `history.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from okr.errors import OkrError
from okr.git.paths import name_in, pathspecs
from okr.git.run import GENUINE, PLAIN_LOG, SHALLOW, GitFailed, at_top, run, try_run
from okr.git.text import id_or_none
from okr.patterns import LINE_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from okr.git.run import Repository

_SUBMODULE = "160000"
MOST_COMMITS = 50
"""How many commits back a person's last one is looked for."""


class HistoryCutOff(OkrError):
    """What a commit changed can't be told: its parent is not in this clone, which is shallow."""

    def __init__(self, commit: str) -> None:
        super().__init__(
            f"What {commit[:7]} changed can't be told: this clone is shallow, and lacks the commit before it.",
            "`git fetch --unshallow` brings the older commits; then repeat the command.",
        )


def lines_added_by(repo: Repository, commit: str, folder: Path) -> list[tuple[Path, str]]:
    """The lines that a commit has and its first parent has not, in the files of a folder; in order.

    Args:
        repo: where.
        commit: its full id.
        folder: inside the work tree.

    Raises:
        HistoryCutOff: the clone is shallow, and lacks what was before the commit.
        GitFailed: the commit can't be read.
    """
    where = pathspecs([name_in(repo, folder)])
    found: list[tuple[Path, str]] = []
    for name, before, after in _changed(repo, commit, where):
        old = Counter(_lines(repo, before))
        for line in _lines(repo, after):
            if old[line]:
                old[line] -= 1
            else:
                found.append((repo.top / name, line))
    return found


def _changed(repo: Repository, commit: str, where: list[str]) -> Iterator[tuple[str, str | None, str | None]]:
    """The files that differ between a commit and its first parent, with the ids of what they hold in the parent and in it.

    As the commit itself names its parent, whatever is said of it elsewhere: what is not in the clone, for it is shallow or
    partial, is not taken for absent.
    """
    head = run(repo, GENUINE, "cat-file", "commit", commit).partition(b"\n\n")[0]
    parent = next(
        (line.split()[1].decode() for line in head.split(b"\n") if line.startswith(b"parent ")), None
    )
    if parent is None:
        asked: tuple[str, ...] = ("ls-tree", "-r", "-z", "--full-tree", commit, "--", *where)
    else:
        asked = (
            "diff-tree",
            "-r",
            "-z",
            "--raw",
            "--no-renames",
            "--no-abbrev",
            parent,
            commit,
            "--",
            *where,
        )
    result = try_run(repo, GENUINE, *asked)
    if result.status:
        if run(repo, *SHALLOW).strip() == b"true":
            raise HistoryCutOff(commit)
        raise GitFailed(at_top(repo, asked), result)
    fields = result.out.decode("utf-8", "surrogateescape").split("\0")[:-1]
    if parent is None:
        for meta, _, name in (each.partition("\t") for each in fields):
            mode, _, after = meta.split()
            yield name, None, None if mode == _SUBMODULE else after
    else:
        for meta, name in zip(fields[::2], fields[1::2], strict=True):
            was, now, before, after, _ = meta.removeprefix(":").split()
            yield (
                name,
                None if was == _SUBMODULE else id_or_none(before),
                None if now == _SUBMODULE else id_or_none(after),
            )


def latest_commits(repo: Repository, folder: Path, *, email: str) -> list[str]:
    """The ids of the last commits of an author that touch a folder, newest first; at most `MOST_COMMITS`."""
    author = re.escape(f"<{email}>")
    asked = ("log", f"--max-count={MOST_COMMITS}", "--format=%H", "--extended-regexp", f"--author={author}")
    if try_run(repo, "rev-parse", "--verify", "--quiet", "HEAD").status:
        return []  # nothing has been committed yet
    return run(repo, *asked, *PLAIN_LOG, "HEAD", "--", *pathspecs([name_in(repo, folder)])).decode().split()


def _lines(repo: Repository, blob: str | None) -> list[str]:
    if blob is None:
        return []
    return LINE_BREAK.split(run(repo, "cat-file", "blob", blob).decode("utf-8", "replace"))
