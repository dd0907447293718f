"""What logs hold beyond their last commit, what commits added to them, and the lock for adding more.

Writing and committing is `committing.py`'s; nothing here knows of key results or scores.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from okr.documents import LocatedMapping, read_document
from okr.errors import OkrError
from okr.files import LARGEST_FILE, read_regular_file
from okr.operations.committing import Session, committing
from okr.patterns import LINE_BREAK
from okr.workspace import LOGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from okr.git.paths import Status
    from okr.log_lines import FieldValue
    from okr.operations.committing import FileChange

_MOST_AT_ONCE = 4


def recording(root: Path, *, commit: bool, history: bool = False) -> AbstractContextManager[Session]:
    """Holds the lock on a workspace's logs; looks at the repository first.

    Args:
        root: the workspace's root.
        commit: whether what is recorded will be committed.
        history: whether commits will be read, though nothing may be committed.

    Raises:
        OkrError: there is nothing to commit to, the repository is not fit for a commit, git has no identity,
            or another okr command holds the lock for too long.
    """
    return committing(root, commit=commit, history=history, what="check-in")


@contextmanager
def asking_of_commits(session: Session, paths: Sequence[str] = ()) -> Iterator[None]:
    """Within it git looks, while we do something else, at what is asked before logs are changed and committed.

    It must not last: nobody is waited for, and all of it is to end with the commit.

    Args:
        session: the lock on the logs.
        paths: the logs that `uncommitted_records` will be asked for, as soon as they are known; few at once.
    """
    repo = session.repository
    if repo is None or not session.commits:
        yield
        return
    from okr.git.run import ahead, at_top, in_turn
    from okr.git.state import is_locked
    from okr.repository import head_command, looks_before

    looks = () if is_locked(repo) else looks_before(repo, session.root / LOGS)
    heads = [head_command(repo, session.root / path) for path in paths[:_MOST_AT_ONCE]]
    with ahead(*(at_top(repo, each) for each in (*looks, *heads)), settings=in_turn(repo.top)):
        yield


def logs_before(session: Session, changes: Sequence[FileChange]) -> Status | None:
    """How logs stand before they are written, as `write_and_commit` takes it; None where one of them is new."""
    if session.repository is None or not session.commits or any(each.before is None for each in changes):
        return None
    from okr.repository import status_before

    return status_before(session.repository, session.root / LOGS)


def uncommitted_records(session: Session, path: str) -> tuple[LocatedMapping, ...]:
    """Records that a log holds but no commit does: check-ins made with `--no-commit`, or cut off half-way.

    Raises:
        OkrError: the log can't be read, or differs from its last commit by more than added records; committing it
            would take somebody's other work along.
    """
    if session.repository is None or not session.commits:
        return ()
    from okr.repository import head_blob, head_holds, index_behind, staged_differs

    where = session.root / path
    now = read_regular_file(where, root=session.root, limit=LARGEST_FILE) if where.exists() else b""
    if head_holds(session.repository, where, now):
        return ()
    committed = head_blob(session.repository, where) or b""
    if now == committed:
        return ()
    if not where.exists():
        from okr.git.remedies import git_here, names_here
        from okr.repository import not_checked_out

        top = session.repository.top
        if path in not_checked_out(session.repository, session.root):
            raise OkrError(
                f"{path} is not here: this checkout is sparse, and leaves it out.",
                f"`{git_here(top)} sparse-checkout disable` brings all files back; then repeat the command.",
            )
        raise OkrError(
            f"{path} is gone, and the last commit has check-ins in it.",
            f"Bring it back with `{git_here(top)} checkout HEAD -- {names_here(top, [where])}`, then repeat the command.",
        )
    added = _added_lines(committed.decode("utf-8", "replace"), now.decode("utf-8", "replace"))
    records = None if added is None else [_record_on(line) for line in added if line.strip()]
    staged = staged_differs(session.repository, where) and where not in index_behind(
        session.repository, where
    )
    if records is None or None in records or staged:
        from okr.git.remedies import git_here, names_here

        top = session.repository.top
        raise OkrError(
            f"{path} has changes that are not committed and are more than added check-ins.",
            f"Look at them with `{git_here(top)} diff HEAD -- {names_here(top, [where])}`; commit them or take them back, then repeat the command.",
        )
    return tuple(record for record in records if record is not None)


def _added_lines(before: str, after: str) -> list[str] | None:
    """The lines that were added; None where lines were changed, moved or removed as well."""
    old, new = LINE_BREAK.split(before.rstrip("\r\n")), LINE_BREAK.split(after.rstrip("\r\n"))
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


def fields_of(record: Mapping[str, object]) -> dict[str, FieldValue]:
    """A record's keys and values, as far as they are what a record may hold."""
    return {
        key: value
        for key, value in record.items()
        if isinstance(value, (int, float, str)) and not isinstance(value, bool)
    }


def subject_of(path: str, fields: Mapping[str, FieldValue]) -> str:
    """What a record of a log is about, in full: `checkins/<cycle>/<owner>.yaml` or `checkins/kpis.yaml` says the rest."""
    log = path.removeprefix(f"{LOGS}/").removesuffix(".yaml")
    return f"{log}/{fields.get('kr', fields.get('kpi', ''))}"


def records_added_by(session: Session, revision: str) -> list[tuple[str, dict[str, FieldValue]]]:
    """The records that a commit added to logs: each with its log, relative to the workspace's root.

    Raises:
        OkrError: there is no such commit.
    """
    if session.repository is None:
        raise OkrError("Without a repository there are no commits.", "Name the key result.")
    from okr.git.lines import lines_added_by
    from okr.repository import resolve_revision

    commit = resolve_revision(session.repository, revision)
    lines = lines_added_by(session.repository, commit, session.root / LOGS)
    records = ((path, _record_on(line)) for path, line in lines)
    top = session.root.resolve()
    return [
        (path.relative_to(top).as_posix(), fields_of(record))
        for path, record in records
        if record is not None
    ]
