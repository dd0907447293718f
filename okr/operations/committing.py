"""Changes of several files, all of them or none: under a lock, each written whole, in one commit of them alone.

What the files say is decided by the operations above this one; nothing here knows of key results or cycles.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, replace
from okr.errors import OkrError
from okr.files import interrupt_held, remove_leftovers, replace_file
from okr.locks import LockTimeout, held_above, locked
from okr.sources import SETTINGS
from okr.workspace import LOGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from okr.git.paths import Status
    from okr.repository import Commit, Identity, Repository

LOCK_PATIENCE = 60.0
"""Seconds to wait for other okr commands in the same clone; each holds the lock for a fraction of one."""


@dataclass(frozen=True, slots=True)
class Session:
    """The right to change the files of a workspace, alone, until it ends.

    Attributes:
        root: the workspace's root.
        repository: the git repository to commit to or to read from; None where neither is wanted.
        commits: whether what is changed is committed.
        identity: whom git will name as the author, where that has been asked; None where it has not.
    """

    root: Path
    repository: Repository | None
    commits: bool
    identity: Identity | None = None


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file before and after; `path` is relative to the workspace's root, `before` is None for a new one."""

    path: str
    before: bytes | None
    after: bytes


@contextmanager
def committing(root: Path, *, commit: bool, history: bool = False, what: str = "change") -> Iterator[Session]:
    """Holds the lock on a workspace's files; looks at the repository first.

    Args:
        root: the workspace's root.
        commit: whether what is changed will be committed.
        history: whether commits will be read, though nothing may be committed.
        what: what would be committed, as messages call it: a noun that goes with `a`.

    Raises:
        OkrError: there is nothing to commit to, the repository is not fit for a commit, git has no identity,
            or another okr command holds the lock for too long.
    """
    repository, who = _repository_for(root, what) if commit or history else (None, None)
    with locked(_lock_of(root, repository), timeout=LOCK_PATIENCE):
        yield Session(root, repository, commit, who)


@contextmanager
def changing(root: Path) -> Iterator[Session]:
    """Holds the lock on a workspace's files for a change of them that nobody commits.

    What was read before is compared under it: two commands that both found the same file would else replace it one
    after the other, and the earlier change would be lost without a word. A hook that formats what a check-in is about
    to commit is not kept waiting for that check-in, which waits for the hook.

    Args:
        root: the workspace's root.

    Raises:
        OkrError: another okr command holds the lock for too long.
    """
    lock = _lock_of(root, None)
    with ExitStack() as stack:
        above = held_above(lock)
        try:
            stack.enter_context(locked(lock, timeout=0.0 if above else LOCK_PATIENCE))
        except LockTimeout:
            if not above:
                raise
        yield Session(root, None, commits=False)


def require_committed(session: Session, paths: Iterable[str]) -> None:
    """Refuses to change files that bear work of somebody's own, which the commit would take along.

    Nothing is refused where nothing is to be committed.

    Args:
        session: the lock, and where to commit.
        paths: the files, relative to the workspace's root.

    Raises:
        OkrError: some of them differ from the last commit, staged or not, or are in none.
    """
    names = sorted(set(paths))
    if session.repository is None or not session.commits or not names:
        return
    from okr.git.remedies import git_here, names_here
    from okr.repository import name_in, status_of

    top = session.repository.top
    by_name = {name_in(session.repository, session.root / path): path for path in names}
    status = status_of(session.repository, by_name)
    changed = [by_name[name] for name in sorted(status.changed) if name in by_name]
    if changed:
        these = names_here(top, [session.root / path for path in changed])
        if all(_is_as_committed(session.repository, session.root / path) for path in changed):
            raise OkrError(
                f"{_listed(changed)} {'is' if len(changed) == 1 else 'are'} as in the last commit, but staged otherwise: "
                "a command may have been cut off.",
                f"Stage what is there, then repeat the command: {git_here(top)} add -- {these}",
            )
        raise OkrError(
            f"{_listed(changed)} {'has' if len(changed) == 1 else 'have'} changes that are not committed.",
            f"Look at them with `{git_here(top)} diff HEAD -- {these}` and `git status`; commit them or take them back, then "
            "repeat the command.",
        )
    new = [by_name[name] for name in sorted(status.untracked) if name in by_name]
    if new:
        these, git = names_here(top, [session.root / path for path in new]), git_here(top)
        raise OkrError(
            f"{_listed(new)} {'is' if len(new) == 1 else 'are'} in no commit yet.",
            f"Commit {'it' if len(new) == 1 else 'them'} first: {git} add {these} && {git} commit",
        )


def _is_as_committed(repository: Repository, path: Path) -> bool:
    from okr.repository import head_holds

    return path.is_file() and head_holds(repository, path, path.read_bytes())


def change_files(
    session: Session, changes: Sequence[FileChange], message: str, trailers: Sequence[tuple[str, str]] = ()
) -> Commit | None:
    """Writes files, new or changed, in the order given and commits them, and nothing else: all of it or nothing.

    Args:
        session: the lock, and where to commit.
        changes: the files; those that stay as they are are passed over.
        message: the commit's subject and body; words of people went through `safe_line` or `safe_paragraph`.
        trailers: the commit's last paragraph.

    Returns:
        The commit; None where nothing is to be committed.

    Raises:
        OkrError: a file bears changes that are not committed, could not be written or is another by now, or git
            refused the commit; everything is as it was before.
    """
    real = [change for change in changes if change.before != change.after]
    require_committed(session, [change.path for change in real])
    return write_and_commit(session, real, message, trailers) if real else None


def write_and_commit(
    session: Session,
    changes: Sequence[FileChange],
    message: str,
    trailers: Sequence[tuple[str, str]],
    was: Status | None = None,
) -> Commit | None:
    """Writes files and commits them as they then are; where the commit fails, they are put back.

    Args:
        session: the lock, and where to commit.
        changes: the files; what else was changed in them becomes part of the commit.
        message: the commit's subject and body.
        trailers: the commit's last paragraph.
        was: how the logs stand, by `status_before`, where it is them that are changed and none of them is new.

    Returns:
        The commit; None where nothing is to be committed.

    Raises:
        OkrError: a file could not be written, or git refused the commit; everything is as it was before.
    """
    written: list[FileChange] = []
    folders = _missing_folders(session.root, changes)
    try:
        for change in changes:
            with interrupt_held():
                _write(session.root, change)
                written.append(change)
        if session.repository is None or not session.commits:
            _sweep(session.root, changes)
            return None
        from okr.git.writing import meanwhile
        from okr.repository import CommitIncomplete, commit_only

        paths = [session.root / change.path for change in changes]
        try:
            logs = session.root / LOGS
            with meanwhile(partial(_sweep, session.root, changes)):  # a folder of many logs is long to list
                commit = commit_only(
                    session.repository, paths, message, trailers=trailers, logs=logs, was=was
                )
        except CommitIncomplete:
            written.clear()  # a hook has changed things: the files stay, and git shows what is not committed
            raise
        return _with_index_set_right(session, commit, paths)
    except BaseException as error:
        from okr.git.writing import uninterrupted

        with uninterrupted():
            held = _take_back(session, written, folders)
        if held and isinstance(error, KeyboardInterrupt):  # who hears no more than that would do it again
            raise KeyboardInterrupt(
                "Interrupted when all was committed already: `git show` shows it."
            ) from None
        raise


def _lock_of(root: Path, repository: Repository | None) -> Path:
    """The lock of the clone, also where nothing is to be committed: others may be committing the same log."""
    from okr.repository import GitMissing, RepositoryUnusable, checkin_lock, find_repository

    found = repository
    if found is None:
        with suppress(GitMissing, RepositoryUnusable):  # then nobody can commit here
            found = find_repository(root)
    # Without a repository the settings file serves as the lock: it is there, and a lock changes nothing in it.
    lock = root / SETTINGS if found is None else checkin_lock(found)
    if repository is None and not lock.exists() and not os.access(lock.parent, os.W_OK):
        return (
            root / SETTINGS
        )  # files of ours in a repository of somebody else's, where no check-in of ours can come
    return lock


def _repository_for(root: Path, what: str) -> tuple[Repository, Identity]:
    from okr.repository import IdentityMissing, ObstacleFound, find_repository, identity, obstacle

    repository = find_repository(root)
    if repository is None:
        raise OkrError(
            f"{root} is in no git repository, so a {what} can't be committed.",
            f"`git init` makes one; `--no-commit` records the {what} without a commit.",
        )
    found = obstacle(repository)
    if found is not None:
        raise ObstacleFound(found)
    who = identity(repository)
    if who is None:
        raise IdentityMissing(
            f"Git does not know who you are, so a {what} can't be committed.",
            "Tell it with `git config user.name NAME` and `git config user.email ADDRESS`.",
        )
    return repository, who


def _with_index_set_right(session: Session, commit: Commit, own: Sequence[Path]) -> Commit:
    """Lets the staging area follow the last commit, with logs alone.

    It is behind where an earlier check-in was cut off, and where a hook has changed a log of this commit.
    """
    from okr.repository import align_index, index_behind

    if session.repository is None:
        return commit
    behind = commit.behind
    if behind is None:
        behind = index_behind(session.repository, session.root / LOGS)
    if not behind:
        return commit
    align_index(session.repository, behind)
    known = {path.resolve() for path in own}
    others = [path.relative_to(session.root.resolve()).as_posix() for path in behind if path not in known]
    if not others:
        return commit
    said = f"The staging area was behind the last commit with {', '.join(others)}; it follows now."
    return replace(commit, remarks=(*commit.remarks, said))


def _write(root: Path, change: FileChange) -> None:
    path, sweep = root / change.path, not _is_log(change)
    replace_file(path, change.after, expected=change.before, root=root, sweep=sweep)


def _sweep(root: Path, changes: Iterable[FileChange]) -> None:
    """Removes what lies half-written beside logs: all who write them hold the lock, so it is of somebody who died."""
    for folder in {(root / each.path).parent for each in changes if _is_log(each)}:
        remove_leftovers(folder, age=0)


def _is_log(change: FileChange) -> bool:
    return change.path.startswith(f"{LOGS}/")


def _missing_folders(root: Path, changes: Iterable[FileChange]) -> list[Path]:
    """The folders that the changes will make, the innermost first."""
    above = {folder for change in changes for folder in (root / change.path).parents}
    return sorted((each for each in above if not each.exists()), reverse=True)


def _take_back(session: Session, written: Sequence[FileChange], folders: Sequence[Path]) -> bool:
    """Puts files back as they were, unless a commit holds them after all; one that can't be stops no other.

    Returns:
        Whether a commit holds all of them.
    """
    stuck: list[OkrError] = []
    held = bool(written)
    for change in reversed(written):
        try:
            held = _put_back(session, change) and held
        except OkrError as error:
            stuck.append(error)
    for folder in folders:
        with suppress(OSError):  # never made, or somebody has put something there meanwhile
            folder.rmdir()
    if stuck:
        raise stuck[0]
    return held


def _put_back(session: Session, change: FileChange) -> bool:
    """Puts a file back, and says whether it stays, for a commit holds it after all."""
    path = session.root / change.path
    if session.repository is not None:
        from okr.repository import head_blob

        if head_blob(session.repository, path) == change.after:
            return True
    if change.before is not None:
        replace_file(path, change.before, expected=change.after, root=session.root)
    elif path.read_bytes() == change.after:
        path.unlink()
    return False


def _listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: `a`, `a and b`, `a, b and 3 more`."""
    if len(names) > 3:  # noqa: PLR2004 # more are too long for a sentence
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
