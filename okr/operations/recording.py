"""Adding lines to logs so that none is ever lost: under a lock, written whole or not at all, in one commit.

What the lines say is decided by the operations above this one; nothing here knows of key results or scores.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from okr.documents import LocatedMapping, read_document
from okr.errors import OkrError
from okr.files import interrupt_held, locked, remove_leftovers, replace_file, write_new_file
from okr.sources import SETTINGS
from okr.workspace import LOGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from okr.repository import Commit, Repository

LOCK_PATIENCE = 60.0
"""Seconds to wait for other check-ins in the same clone; each holds the lock for a fraction of one."""

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Session:
    """The right to change the logs of a workspace, alone, until it ends.

    Attributes:
        root: the workspace's root.
        repository: the git repository to commit to or to read from; None where neither is wanted.
        commits: whether what is recorded is committed.
    """

    root: Path
    repository: Repository | None
    commits: bool


@dataclass(frozen=True, slots=True)
class LogChange:
    """A log before and after; `before` is None for a new one."""

    path: str
    before: bytes | None
    after: bytes


@contextmanager
def recording(root: Path, *, commit: bool, history: bool = False) -> Iterator[Session]:
    """Holds the lock on a workspace's logs; looks at the repository first.

    Args:
        root: the workspace's root.
        commit: whether what is recorded will be committed.
        history: whether commits will be read, though nothing may be committed.

    Raises:
        OkrError: there is nothing to commit to, the repository is not fit for a commit, git has no identity,
            or another okr command holds the lock for too long.
    """
    repository = _repository_for(root) if commit or history else None
    with locked(_lock_of(root, repository), timeout=LOCK_PATIENCE):
        yield Session(root, repository, commit)


def uncommitted_records(session: Session, path: str) -> tuple[LocatedMapping, ...]:
    """Records that a log holds but no commit does: check-ins made with `--no-commit`, or cut off half-way.

    Raises:
        OkrError: the log differs from its last commit by more than added records; committing it would take
            somebody's other work along.
    """
    if session.repository is None or not session.commits:
        return ()
    from okr.repository import head_blob, index_behind, staged_differs

    where = session.root / path
    now = where.read_bytes() if where.exists() else b""
    committed = head_blob(session.repository, where) or b""
    if now == committed:
        return ()
    added = _added_lines(committed.decode("utf-8", "replace"), now.decode("utf-8", "replace"))
    records = None if added is None else [_record_on(line) for line in added if line.strip()]
    staged = staged_differs(session.repository, where) and where not in index_behind(
        session.repository, where
    )
    if records is None or None in records or staged:
        raise OkrError(
            f"{path} has changes that are not committed and are more than added check-ins.",
            f"Look at them with `git diff HEAD -- {path}`; commit them or take them back, then repeat the command.",
        )
    return tuple(record for record in records if record is not None)


def write_and_commit(
    session: Session, changes: Sequence[LogChange], message: str, trailers: Sequence[tuple[str, str]]
) -> Commit | None:
    """Writes logs and commits them, and nothing else; where the commit fails, the logs are put back.

    Args:
        session: the lock, and where to commit.
        changes: the logs.
        message: the commit's subject and body.
        trailers: the commit's last paragraph.

    Returns:
        The commit; None where nothing is to be committed.

    Raises:
        OkrError: a log could not be written, or git refused the commit; everything is as it was before.
    """
    written: list[LogChange] = []
    try:
        for change in changes:
            with interrupt_held():
                _write(session.root, change)
                written.append(change)
        if session.repository is None or not session.commits:
            return None
        from okr.repository import CommitIncomplete, commit_only

        paths = [session.root / change.path for change in changes]
        try:
            commit = commit_only(session.repository, paths, message, trailers=trailers)
        except CommitIncomplete:
            written.clear()  # a hook has changed things: the line stays, and the next command finds it
            raise
        return _with_index_set_right(session, commit, paths)
    except BaseException:
        from okr.repository_run import uninterrupted

        with uninterrupted():
            _take_back(session, written)
        raise


def _lock_of(root: Path, repository: Repository | None) -> Path:
    """The lock of the clone, also where nothing is to be committed: others may be committing the same log."""
    from okr.repository import GitMissing, RepositoryUnusable, checkin_lock, find_repository

    found = repository
    if found is None:
        with suppress(GitMissing, RepositoryUnusable):  # then nobody can commit here
            found = find_repository(root)
    # Without a repository the settings file serves as the lock: it is there, and a lock changes nothing in it.
    return root / SETTINGS if found is None else checkin_lock(found)


def _repository_for(root: Path) -> Repository:
    from okr.repository import IdentityMissing, ObstacleFound, find_repository, identity, obstacle

    repository = find_repository(root)
    if repository is None:
        raise OkrError(
            f"{root} is in no git repository, so a check-in can't be committed.",
            "`git init` makes one; `--no-commit` records the check-in without a commit.",
        )
    found = obstacle(repository)
    if found is not None:
        raise ObstacleFound(found)
    if identity(repository) is None:
        raise IdentityMissing(
            "Git does not know who you are, so a check-in can't be committed.",
            "Tell it with `git config user.name NAME` and `git config user.email ADDRESS`.",
        )
    return repository


def _with_index_set_right(session: Session, commit: Commit, own: Sequence[Path]) -> Commit:
    """Lets the staging area follow the last commit, with logs alone.

    It is behind where an earlier check-in was cut off, and where a hook has changed a log of this commit.
    """
    from okr.repository import align_index, index_behind

    if session.repository is None:
        return commit
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


def _write(root: Path, change: LogChange) -> None:
    path = root / change.path
    # All who write logs hold the lock, so whatever lies here half-written is of somebody who died.
    remove_leftovers(path.parent, age=0)
    if change.before is None:
        write_new_file(path, change.after, root=root)
    else:
        replace_file(path, change.after, expected=change.before, root=root)


def _take_back(session: Session, written: Sequence[LogChange]) -> None:
    """Puts logs back as they were, unless a commit holds them after all."""
    for change in reversed(written):
        path = session.root / change.path
        if session.repository is not None:
            from okr.repository import head_blob

            if head_blob(session.repository, path) == change.after:
                continue
        if change.before is not None:
            replace_file(path, change.before, expected=change.after, root=session.root)
        elif path.read_bytes() == change.after:
            path.unlink()


def _added_lines(before: str, after: str) -> list[str] | None:
    """The lines that were added; None where lines were changed, moved or removed as well."""
    old, new = _LINE_BREAK.split(before.rstrip("\r\n")), _LINE_BREAK.split(after.rstrip("\r\n"))
    added: list[str] = []
    matched = 0
    for line in new:
        if matched < len(old) and line == old[matched]:
            matched += 1
        else:
            added.append(line)
    return added if matched == len(old) or old == [""] else None


def _record_on(line: str) -> LocatedMapping | None:
    """The record that a line holds; None where it holds no whole record, or a comment."""
    read = read_document("", line.strip().encode())
    root = read.root
    whole = read.readable and isinstance(root, list) and len(root) == 1
    record = root[0] if whole else None
    return record if isinstance(record, LocatedMapping) and record.flow else None


def fields_of(record: Mapping[str, object]) -> dict[str, int | float | str]:
    """A record's keys and values, as far as they are what a record may hold."""
    return {
        key: value
        for key, value in record.items()
        if isinstance(value, (int, float, str)) and not isinstance(value, bool)
    }


def records_added_by(session: Session, revision: str) -> list[tuple[str, dict[str, int | float | str]]]:
    """The records that a commit added to logs: each with its log, relative to the workspace's root.

    Raises:
        OkrError: there is no such commit.
    """
    if session.repository is None:
        raise OkrError("Without a repository there are no commits.", "Name the key result.")
    from okr.repository import resolve_revision
    from okr.repository_lines import lines_added_by

    commit = resolve_revision(session.repository, revision)
    lines = lines_added_by(session.repository, commit, session.root / LOGS)
    records = ((path, _record_on(line)) for path, line in lines)
    top = session.root.resolve()
    return [
        (path.relative_to(top).as_posix(), fields_of(record))
        for path, record in records
        if record is not None
    ]
