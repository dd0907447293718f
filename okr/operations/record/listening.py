"""Git telling its commits from the first moment on, while we still import, open the workspace and read the logs.

It is half of what reading a long history takes. What the commits mean is for `tracing.py` and its neighbours.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.git.history import has_commits
from okr.git.messages import messages_begun
from okr.git.paths import name_in
from okr.repository import find_repository, is_shallow, resolve_revision
from okr.roots import PLANS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from okr.git.messages import Messages
    from okr.repository import Repository


@dataclass(frozen=True, slots=True)
class Listening:
    """A repository whose commits are being told.

    Attributes:
        repo: where it is.
        prefix: the workspace's folder in it, with a slash at its end; empty where it is its root.
        since: the commit after which they are told, in full; None for all.
        shallow: it is a clone without its older commits.
        messages: the commits, the newest first; None where there are none yet.
    """

    repo: Repository
    prefix: str
    since: str | None
    shallow: bool
    messages: Messages | None


@contextmanager
def listening(root: Path, *, since: str | None = None, plans: bool = True) -> Iterator[Listening | None]:
    """Has git tell the commits that lead to the last one, and which of them touch plans.

    Args:
        root: a workspace's root.
        since: a revision; only what was committed after it is told.
        plans: whether it is to be told which of them touch plans.

    Yields:
        None where the workspace lies in no repository.

    Raises:
        OkrError: git refuses to work, or can't read its history.
        RevisionUnknown: `since` names no commit.
    """
    repo = find_repository(root)
    if repo is None:
        yield None
        return
    name = name_in(repo, root.resolve())
    prefix = "" if name == "." else f"{name}/"
    start = None if since is None else resolve_revision(repo, since)
    revisions = ["HEAD"] if start is None else ["HEAD", f"^{start}"]
    with messages_begun(repo, revisions, [f"{prefix}{PLANS}"] if plans else ()) as begun:
        yield Listening(repo, prefix, start, is_shallow(repo), begun if has_commits(repo) else None)
