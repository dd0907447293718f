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

    _Blob = str | None
    """The id of what a file holds; None where there is no such file."""

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
    """The lines that a commit has and none of its parents has, in the files of a folder; in order.

    What a merge brings in from either side is others' commits' doing, and not its own.

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
        old: Counter[str] = Counter()
        for each in before:
            old |= Counter(_lines(repo, each))
        for line in _lines(repo, after):
            if old[line]:
                old[line] -= 1
            else:
                found.append((repo.top / name, line))
    return found


def _changed(repo: Repository, commit: str, where: list[str]) -> Iterator[tuple[str, list[_Blob], _Blob]]:
    """The files that differ between a commit and each of its parents: what they hold in the parents, and in it, by its id.

    As the commit itself names its parents, whatever is said of them elsewhere: what is not in the clone, for it is shallow or
    partial, is not taken for absent.
    """
    head = run(repo, GENUINE, "cat-file", "commit", commit).partition(b"\n\n")[0]
    parents = [line.split()[1].decode() for line in head.split(b"\n") if line.startswith(b"parent ")]
    if not parents:
        listed = _told(repo, commit, ("ls-tree", "-r", "-z", "--full-tree", commit, "--", *where))
        for meta, _, name in (each.partition("\t") for each in listed):
            mode, _, id_ = meta.split()
            yield name, [], _blob(mode, id_)
        return
    first, *others = [_differences(repo, parent, commit, where) for parent in parents]
    for name, (before, after) in first.items():
        if all(name in other for other in others):
            yield name, [before, *(other[name][0] for other in others)], after


def _differences(
    repo: Repository, parent: str, commit: str, where: list[str]
) -> dict[str, tuple[_Blob, _Blob]]:
    asked = ("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", parent, commit, "--", *where)
    fields = _told(repo, commit, asked)
    found = {}
    for meta, name in zip(fields[::2], fields[1::2], strict=True):
        was, now, before, after, _ = meta.removeprefix(":").split()
        found[name] = (_blob(was, before), _blob(now, after))
    new = {name for name, (before, _) in found.items() if before is None}
    if new:
        found |= {name: sides for name, sides in _renamed(repo, parent, commit) if name in new}
    return found


def _renamed(repo: Repository, parent: str, commit: str) -> Iterator[tuple[str, tuple[_Blob, _Blob]]]:
    """The files that lay elsewhere in the parent, by their new names, wherever that was: the workspace may have been moved."""
    asked = (
        "diff-tree",
        "-r",
        "-z",
        "--raw",
        "--find-renames",
        "--diff-filter=R",
        "--no-abbrev",
        parent,
        commit,
    )
    fields = _told(repo, commit, asked)
    for meta, name in zip(fields[::3], fields[2::3], strict=True):
        was, now, before, after, _ = meta.removeprefix(":").split()
        yield name, (_blob(was, before), _blob(now, after))


def _told(repo: Repository, commit: str, asked: tuple[str, ...]) -> list[str]:
    result = try_run(repo, GENUINE, *asked)
    if result.status:
        if run(repo, *SHALLOW).strip() == b"true":
            raise HistoryCutOff(commit)
        raise GitFailed(at_top(repo, asked), result)
    return result.out.decode("utf-8", "surrogateescape").split("\0")[:-1]


def _blob(mode: str, id_: str) -> _Blob:
    return None if mode == _SUBMODULE else id_or_none(id_)


def latest_commits(repo: Repository, folder: Path, *, email: str) -> list[str]:
    """The ids of the last commits of an author that touch a folder, newest first; at most `MOST_COMMITS`."""
    author = re.escape(f"<{email}>")
    asked = ("log", f"--max-count={MOST_COMMITS}", "--format=%H", "--extended-regexp", f"--author={author}")
    if try_run(repo, "rev-parse", "--verify", "--quiet", "HEAD").status:
        return []  # nothing has been committed yet
    return run(repo, *asked, *PLAIN_LOG, "HEAD", "--", *pathspecs([name_in(repo, folder)])).decode().split()


def _lines(repo: Repository, blob: _Blob) -> list[str]:
    if blob is None:
        return []
    return LINE_BREAK.split(run(repo, "cat-file", "blob", blob).decode("utf-8", "replace"))
