"""A cycle's state that stands in its cycle.yaml and in no commit: what changed it was cut off, or made with `--no-commit`.

Says how to commit it or take it back; that whole closings are found is `closing/uncommitted.py`'s.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from okr.documents import LocatedMapping, read_document
from okr.errors import OkrError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okr.git.run import Repository
    from okr.model import CycleState
    from okr.operations.committing import Session


def refuse_uncommitted_state(
    session: Session, path: str, before: CycleState, said: str, message: Iterable[str]
) -> None:
    """Refuses to call a change of state made that is in no commit.

    Args:
        session: the lock, and where would be committed; where nothing would be, nothing is refused.
        path: the cycle.yaml, which has another state than `before`.
        before: the state that was changed.
        said: what it is now, such as `2027-Q1 is active`.
        message: the paragraphs of the commit that was not made.

    Raises:
        OkrError: the last commit still has the state `before`.
    """
    if session.repository is None or not session.commits:
        return
    if root_in_head(session, session.repository, path).get("state") != before.value:
        return
    git, file = git_for(session.repository), names_of(session, session.repository, [path])
    raise OkrError(
        f"{said}, but no commit says so: that was cut off, or made with --no-commit.",
        f"Look at it: {git} diff HEAD -- {file}\n"
        f"Commit it: {git} commit {paragraphs(message)} -- {file}\n"
        f"Or take it back: {git} checkout HEAD -- {file}",
    )


def root_in_head(session: Session, repository: Repository, path: str) -> LocatedMapping:
    """What a file says in the last commit; nothing where that has none, or it is no mapping there."""
    from okr.repository import head_blob

    content = head_blob(repository, session.root / path)
    root = None if content is None else read_document(path, content).root
    return root if isinstance(root, LocatedMapping) else LocatedMapping()


def paragraphs(message: Iterable[str]) -> str:
    """A commit's message as git's arguments."""
    return " ".join(f"-m {shlex.quote(each)}" for each in message)


def git_for(repository: Repository) -> str:
    """How a command to be pasted calls git."""
    from okr.git.remedies import git_here

    return git_here(repository.top)


def names_of(session: Session, repository: Repository, paths: Iterable[str]) -> str:
    """Files of the workspace as such a command names them."""
    from okr.git.remedies import names_here

    return names_here(repository.top, [session.root / path for path in paths])
