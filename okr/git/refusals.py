"""Why git made no commit: what it or a hook said, turned into an error with a remedy."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from okr.errors import OkrError
from okr.git.run import run
from okr.git.state import ObstacleFound, locked_by
from okr.git.text import index_damage, quoted_output
from okr.patterns import pattern

if TYPE_CHECKING:
    from okr.git.run import GitResult, Repository

_LOCK = pattern(r"Unable to create '(.*\.lock)': File exists")
_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg")


class CommitFailed(OkrError):
    """Git made no commit; the index is as it was."""


class HookRejected(CommitFailed):
    """A hook of the repository said no."""


class SignerFailed(CommitFailed):
    """The commit was to be signed and could not be."""


class IdentityMissing(CommitFailed):
    """Git does not know who commits."""


class NothingToCommit(CommitFailed):
    """The files hold nothing that is not committed already."""


class PathIgnored(CommitFailed):
    """A file that git was told to ignore can't be committed."""


_REASONS: tuple[tuple[str, type[CommitFailed], str, str], ...] = (
    (
        r"Please tell me who you are|identity unknown|auto-detection is disabled|auto-detect email|empty ident",
        IdentityMissing,
        "Git does not know who you are, so nothing was committed.",
        'Tell it: git config --global user.name "Your Name" and git config --global user.email you@example.org',
    ),
    (
        r"No space left on device|Disk quota exceeded|Out of diskspace",
        CommitFailed,
        "Nothing was committed: the disk is full.",
        "Free some space, then repeat the command.",
    ),
    (
        r"File too large",
        CommitFailed,
        "Nothing was committed: a file of git's would pass the limit on file size.",
        "Raise the limit (`ulimit -f`), then repeat the command.",
    ),
    (
        r"Input/output error",
        CommitFailed,
        "Nothing was committed: the disk reports an error.",
        "Check the disk, then repeat the command.",
    ),
    (
        r"insufficient permission|Permission denied|Read-only file system",
        CommitFailed,
        "Nothing was committed: git may not write to this repository.",
        "Give yourself the right to write to git's own folder, then repeat the command.",
    ),
    (
        r"failed to sign|failed to write commit object",
        SignerFailed,
        "Nothing was committed: the commit could not be signed.",
        "Mend the signing (see `git config --get-regexp 'gpg|sign'`), then repeat the command.",
    ),
    (
        r"cannot lock ref",
        CommitFailed,
        "Nothing was committed: somebody else committed at the same moment.",
        "Repeat the command.",
    ),
)


def failure(repo: Repository, result: GitResult) -> CommitFailed | ObstacleFound:
    """What is to be told of a command that git ended with an error, on the way to a commit."""
    said = quoted_output(result.err + b"\n" + result.out)
    quoted = f" It said:\n{said}" if said else ""
    if result.status < 0:
        name = signal.Signals(-result.status).name
        return CommitFailed(
            f"Nothing was committed: git was stopped by the signal {name}.{quoted}", "Repeat the command."
        )
    # Git itself ends with 128, or says that it can't write; a hook that refuses makes it end with 1.
    hooks = _hooks(repo) if result.status == 1 and b"Error building trees" not in result.err else ()
    if hooks:
        return HookRejected(
            f"A hook of this repository ({' or '.join(hooks)}) refused the commit.{quoted}",
            "Mend what it complains about, then repeat the command.",
        )
    lock = _LOCK.search(said)
    if lock:
        path = repo.top / lock[1]
        age = time.time() - path.lstat().st_mtime if path.exists() else 0.0
        return ObstacleFound(locked_by({path: age}))
    damage = index_damage(result.err, str(repo.top))
    if damage is not None:
        return CommitFailed(*damage)
    for words, kind, message, remedy in _REASONS:
        if re.search(words, said):
            return kind(f"{message}{quoted}", remedy)
    return CommitFailed(f"Git refused the commit.{quoted}", "Mend what it says, then repeat the command.")


def _hooks(repo: Repository) -> tuple[str, ...]:
    folder = repo.top / Path(run(repo, "rev-parse", "--git-path", "hooks").decode().rstrip("\n"))
    return tuple(
        name for name in _HOOKS if (folder / name).is_file() and (folder / name).stat().st_mode & 0o111
    )
