"""Git looking at a repository from a command's first moment on, while we still import and read the workspace.

What it sees is asked for elsewhere, by the same commands; here they only begin, and whatever nobody asks for is stopped.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from okr.git.run import (
    AUTHOR,
    SHALLOW,
    UNMERGED,
    WHERE,
    GitMissing,
    Repository,
    ahead,
    at_top,
    call_git,
    in_turn,
    resolving_command,
    told_already,
)
from okr.patterns import pattern
from okr.roots import LOGS, PLANS, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

_PLAINLY = pattern(r"[A-Za-z0-9][\w./-]*|", re.ASCII)
"""Names of commits that are looked up by whoever reads the commits."""
_FILES = frozenset({SETTINGS, "org.yaml", "kpis.yaml"})
_FOLDERS = (f"{PLANS}/", f"{LOGS}/")
_ID = pattern(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)


def looking_at_logs(root: Path) -> AbstractContextManager[None]:
    """Within it git looks whether any log differs from the last commit, as `changed_logs` asks."""
    return ahead(*_of_logs(root), settings=in_turn(root))


def looking_before_a_commit(root: Path) -> AbstractContextManager[None]:
    """Within it git looks where the repository is, whether anything is in a commit's way, and who makes it."""
    folder = root.resolve()
    asked = [("-C", str(folder), *WHERE)]
    top = _top(folder)
    if top is not None:  # nearly always git finds the same, and then these are what it is asked for
        asked += [("-C", str(top), *each) for each in (UNMERGED, AUTHOR)]
    return ahead(*asked)


@contextmanager
def looking_at_history(root: Path) -> Iterator[None]:
    """Within it git tells all its commits and which of them touch plans, as `listening` asks."""
    from okr.git.messages import messages_ahead

    folder = root.resolve()
    top = _top(folder)
    if top is None:
        yield
        return
    repo = _repository(top)
    names = [(folder / PLANS).relative_to(top).as_posix()]
    with messages_ahead(repo, ["HEAD"], names), ahead(("-C", str(folder), *WHERE), at_top(repo, SHALLOW)):
        yield


@contextmanager
def looking_for_commits(root: Path, names: str, *, plain: bool = False) -> Iterator[None]:
    """Within it git looks where the repository is, and for commits that do not plainly bear their names, such as `HEAD~3`.

    And it is ready to tell what is in its objects.

    Args:
        root: the workspace's root.
        names: what a person may mean by one, or by two with `..` between them.
        plain: whether it looks for those that plainly bear their names as well.
    """
    folder = root.resolve()
    top = _top(folder)
    where = ("-C", str(folder), *WHERE)
    if top is None:
        with ahead(where):
            yield
        return
    from okr.git.objects import objects_ahead

    two = _two(names) if plain else None
    if two is None:
        each = dict.fromkeys(names.replace("...", "..").split("..") if ".." in names else ())
        odd = [name for name in each if _is_name(name) and (plain or not _PLAINLY.fullmatch(name))]
        asked = [*(_resolving(top, name) for name in odd), where]
    else:
        asked = [_together(folder, two)]
    with ahead(*asked), objects_ahead(_repository(top)):
        yield


@contextmanager
def looking_for_difference(root: Path, names: str) -> Iterator[None]:
    """Within it git compares two commits, as soon as it has told which they are.

    Args:
        root: the workspace's root.
        names: what a person may mean by two commits, with `..` between them; nothing is compared where it is something
            else. `looking_for_commits` is looking for the same, plainly.
    """
    folder = root.resolve()
    top, two = _top(folder), _two(names)
    if top is None or two is None:
        yield
        return
    where, commits = _told_apart(folder, top, two)
    if not commits:
        yield
        return
    from okr.git.differences import difference_commands

    before, after = commits
    known: dict[tuple[str, ...], bytes] = {("-C", str(folder), *WHERE): where}
    known |= {
        _resolving(top, name): f"{commit}\n".encode() for name, commit in zip(two, commits, strict=True)
    }
    compare = difference_commands(before, after, folder.relative_to(top).as_posix())
    with told_already(known), ahead(*(at_top(_repository(top), each) for each in compare)):
        yield


def _two(names: str) -> tuple[str, str] | None:
    """The two commits that a text names with `..` between them, the current one where one is left out; None else."""
    old, dots, new = names.partition("..")
    return (old or "HEAD", new or "HEAD") if dots and _is_name(old) and _is_name(new) else None


def _resolving(top: Path, name: str) -> tuple[str, ...]:
    return "-C", str(top), *resolving_command(name or "HEAD")


def _together(folder: Path, names: tuple[str, str]) -> tuple[str, ...]:
    """What git is asked for the repository around a folder and for two commits in one process: a start takes it 3 ms."""
    return "-C", str(folder), *WHERE, *(f"{name}^{{commit}}" for name in names)


def _told_apart(folder: Path, top: Path, names: tuple[str, str]) -> tuple[bytes, tuple[str, ...]]:
    """Where the repository is, as git tells that by itself, and the ids of two commits; none where anything is unusual."""
    try:
        told = call_git(*_together(folder, names))
    except GitMissing:  # whoever asks for anything is told
        return b"", ()
    *where, old, new = told.out.split(b"\n")[:-1] if told.status == 0 else (b"", b"")
    commits = tuple(each.decode("ascii", "replace") for each in (old, new))
    plain = where[-1:] == [os.fsencode(top)] and len(where) == len(WHERE) - 1
    if not plain or not all(_ID.fullmatch(each) for each in commits):
        return b"", ()
    return b"".join(b"%s\n" % each for each in where), commits


def _is_name(text: str) -> bool:
    """Whether a text may be put to git as the name of a commit; an empty one stands for the current one."""
    return text.isprintable() and not text.startswith(("-", "."))


def _repository(top: Path) -> Repository:
    """Nearly always; its top is all that matters."""
    return Repository(top, top / ".git", top / ".git")


def changed_logs(root: Path) -> bool:
    """Whether any log differs from the last commit: only then can records be pending.

    One git process in a repository; none elsewhere, for a folder called .git is looked for first.

    Args:
        root: the workspace's root.

    Raises:
        GitMissing: there is no git.
    """
    return any(call_git(*asked).out for asked in _of_logs(root))


def _of_logs(root: Path) -> list[tuple[str, ...]]:
    folder = root.resolve()
    asked = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=normal", "--", f"{LOGS}/")
    return [] if _top(folder) is None else [("-C", str(folder), *asked)]


def _top(folder: Path) -> Path | None:
    """The folder around one that has something called .git in it; None where there is none."""
    return next((each for each in (folder, *folder.parents) if os.path.lexists(each / ".git")), None)


def left_out_here(root: Path) -> tuple[str, ...]:
    """The files of a workspace that a sparse checkout leaves out of the work tree, relative to its root, in order.

    Git is only asked where somebody has asked for a sparse checkout.

    Args:
        root: the workspace's root.

    Raises:
        OkrError: there is no git, or it can't tell.
    """
    folder = root.resolve()
    top = _top(folder)
    git_dir = None if top is None else top / ".git"
    if git_dir is None or (git_dir.is_dir() and not (git_dir / "info/sparse-checkout").exists()):
        return ()
    from okr.repository import find_repository, not_checked_out

    repo = find_repository(folder)
    names = () if repo is None else not_checked_out(repo, folder)
    return tuple(sorted(each for each in names if each in _FILES or each.startswith(_FOLDERS)))
