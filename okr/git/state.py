"""Whether a repository is fit for a check-in now, and who the author would be.

It only looks: at the files in git's own folder first, then at one git command.
"""

from __future__ import annotations

import os
import shlex
import time
from enum import StrEnum
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.git.run import AUTHOR, UNMERGED, Repository, run, try_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOCK_PATIENCE = 1.0
"""Seconds to wait for a lock of git's that was made a moment ago: editors take it for an instant, often."""

_FRESH = 5.0  # seconds; an older lock is not waited for
_PERIODS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


class ObstacleKind(StrEnum):
    """What keeps a check-in from being committed."""

    BARE = "bare"
    MERGE = "merge"
    REBASE = "rebase"
    CHERRY_PICK = "cherry-pick"
    REVERT = "revert"
    AM = "am"
    BISECT = "bisect"
    UNMERGED = "unmerged"
    DETACHED = "detached"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something about the repository that the user has to settle first.

    Attributes:
        kind: what it is, for machines.
        message: what it is, in a sentence.
        remedy: what to do about it.
        path: the file to look at, for a lock and for unmerged paths; else None.
    """

    kind: ObstacleKind
    message: str
    remedy: str
    path: Path | None = None


class ObstacleFound(OkrError):
    """The repository is not fit for a commit.

    Attributes:
        obstacle: why.
    """

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.message, obstacle.remedy)
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom git would name as the author of a commit made now."""

    name: str
    email: str


def identity(repo: Repository) -> Identity | None:
    """The author git would put into a commit: settings, environment and `user.useConfigOnly` all count.

    Returns:
        None where git would refuse to commit for want of one.
    """
    result = try_run(repo, *AUTHOR)
    if result.status:
        return None
    name, _, rest = result.out.decode("utf-8", "replace").rpartition(" <")
    return Identity(name, rest.partition("> ")[0])


def signs(repo: Repository) -> bool:
    """Whether git signs commits without being told to."""
    return try_run(repo, "config", "--type=bool", "--get", "commit.gpgSign").out.strip() == b"true"


def obstacle(repo: Repository) -> Obstacle | None:
    """What keeps a check-in from being committed now, the gravest first; None where nothing does.

    A repository without any commit yet is fine. A lock made a moment ago is waited for, `LOCK_PATIENCE`
    seconds at most.

    Raises:
        GitFailed: git can't read the index.
    """
    if repo.bare:
        return Obstacle(
            ObstacleKind.BARE,
            f"{repo.top} is a bare repository: it has no files to write to.",
            f"Work in a clone of it: git clone {shlex.quote(str(repo.top))}",
        )
    return _under_way(repo.git_dir) or _unmerged(repo) or _detached(repo) or _lock(repo)


_UNDER_WAY = {
    ObstacleKind.REBASE: (
        "A rebase is under way",
        "Finish it with `git rebase --continue`, or give it up with `git rebase --abort`.",
    ),
    ObstacleKind.AM: (
        "`git am` is applying patches",
        "Finish it with `git am --continue`, or give it up with `git am --abort`.",
    ),
    ObstacleKind.MERGE: (
        "A merge is under way",
        "Finish it with `git merge --continue`, or give it up with `git merge --abort`.",
    ),
    ObstacleKind.CHERRY_PICK: (
        "A cherry-pick is under way",
        "Finish it with `git cherry-pick --continue`, or give it up with `git cherry-pick --abort`.",
    ),
    ObstacleKind.REVERT: (
        "A revert is under way",
        "Finish it with `git revert --continue`, or give it up with `git revert --abort`.",
    ),
    ObstacleKind.BISECT: (
        "A bisect is under way",
        "End it with `git bisect reset`, which brings back the branch you came from.",
    ),
}


def _under_way(git_dir: Path) -> Obstacle | None:
    kind = _kind_under_way(git_dir)
    if kind is None:
        return None
    what, remedy = _UNDER_WAY[kind]
    return Obstacle(kind, f"{what} in this repository; a commit now would become part of it.", remedy)


def under_way(repo: Repository) -> ObstacleKind | None:
    """What git is in the middle of, so that the files are partly another branch's; None where it is at rest."""
    return _kind_under_way(repo.git_dir)


def _kind_under_way(git_dir: Path) -> ObstacleKind | None:
    """What git is in the middle of; a rebase comes first, for it uses the files of the others as well."""
    if (git_dir / "rebase-merge").is_dir():
        return ObstacleKind.REBASE
    if (git_dir / "rebase-apply").is_dir():
        return ObstacleKind.AM if (git_dir / "rebase-apply" / "applying").exists() else ObstacleKind.REBASE
    for name, kind in (
        ("MERGE_HEAD", ObstacleKind.MERGE),
        ("CHERRY_PICK_HEAD", ObstacleKind.CHERRY_PICK),
        ("REVERT_HEAD", ObstacleKind.REVERT),
        ("BISECT_LOG", ObstacleKind.BISECT),
    ):
        if (git_dir / name).exists():
            return kind
    return _kind_of_sequence(git_dir / "sequencer" / "todo")


def _kind_of_sequence(todo: Path) -> ObstacleKind | None:
    """A cherry-pick or revert of several commits, stopped after a conflict was committed by hand."""
    try:
        words = todo.read_text(encoding="utf-8", errors="replace").split(maxsplit=1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return ObstacleKind.REVERT if words[:1] == ["revert"] else ObstacleKind.CHERRY_PICK


def _unmerged(repo: Repository) -> Obstacle | None:
    listed = run(repo, *UNMERGED).decode("utf-8", "surrogateescape")
    names = list(dict.fromkeys(entry.partition("\t")[2] for entry in listed.split("\0") if entry))
    if not names:
        return None
    from okr.git.remedies import git_here, names_here

    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return Obstacle(
        ObstacleKind.UNMERGED,
        f"{names[0]}{more} has conflicts that are not resolved.",
        f"Resolve them, then tell git: {git_here(repo.top)} add {names_here(repo.top, [repo.top / names[0]])}",
        repo.top / names[0],
    )


def _branch(repo: Repository) -> str | None:
    """The full name of the branch that is checked out, born or not; None where HEAD is detached."""
    head = repo.git_dir / "HEAD"
    content = "" if head.is_symlink() else head.read_text(encoding="utf-8", errors="surrogateescape")
    if content.startswith("ref: ") and content.strip() != "ref: refs/heads/.invalid":
        return content[len("ref: ") :].strip()
    if content and not content.startswith("ref: "):
        return None
    # HEAD as a symbolic link, or kept elsewhere (reftable): git itself has to be asked.
    result = try_run(repo, "symbolic-ref", "--quiet", "HEAD")
    return result.out.decode("utf-8", "surrogateescape").strip() or None


def _detached(repo: Repository) -> Obstacle | None:
    if _branch(repo) is not None:
        return None
    return Obstacle(
        ObstacleKind.DETACHED,
        "No branch is checked out (detached HEAD): a commit made here would be lost when you switch away.",
        "Go to a branch with `git switch NAME`, or make one here with `git switch -c NAME`.",
    )


def is_locked(repo: Repository) -> bool:
    """Whether git holds a lock that would keep a commit from being made; it is not waited for."""
    return any(map(os.path.lexists, _locks(repo)))


def _locks(repo: Repository) -> list[Path]:
    candidates = [repo.git_dir / "index.lock", repo.git_dir / "HEAD.lock"]
    branch = _branch(repo)
    if branch is not None:
        candidates.append(repo.common_dir / f"{branch}.lock")
    return candidates


def _lock(repo: Repository) -> Obstacle | None:
    candidates = _locks(repo)
    deadline = time.monotonic() + LOCK_PATIENCE
    ages = {path: _age_of_lasting(path, deadline) for path in candidates}
    lasting = {path: age for path, age in ages.items() if age is not None}
    return locked_by(lasting) if lasting else None


def locked_by(ages: Mapping[Path, float]) -> Obstacle:
    """The obstacle that lock files of git's are: each with its age in seconds; at least one.

    A command that dies may leave several. The remedy names all of them, so that doing it once is enough.
    """
    path, *others = ages
    which = (
        f"{path} and {len(others)} more {'locks' if len(others) > 1 else 'lock'} are"
        if others
        else f"{path} is"
    )
    return Obstacle(
        ObstacleKind.LOCKED,
        f"Another git command seems to be at work in this repository: {which} {_in_words(ages[path])} old.",
        "Let it finish: it may be a commit waiting for its message, or an editor. If nothing is running, a "
        f"command has died there; remove what it left: rm {shlex.join(str(each) for each in ages)}",
        path,
    )


def _age_of_lasting(path: Path, deadline: float) -> float | None:
    """How old a lock is, in seconds; None where there is none, or none any more after a short wait."""
    while True:
        try:
            age = max(0.0, time.time() - path.lstat().st_mtime)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if age > _FRESH or time.monotonic() >= deadline:
            return age
        time.sleep(0.02)


def _in_words(seconds: float) -> str:
    for size, name in _PERIODS:
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'s' if count > 1 else ''}"
    return "less than a second"
