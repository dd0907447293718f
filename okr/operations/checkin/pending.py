"""Check-ins that were written to a log but not committed: made with `--no-commit`, or cut off half-way.

Finds them and commits them, and nothing else; asking whether to is the commands' business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.operations.checkin.messages import Said, commit_message, trailer
from okr.operations.checkin.recording import fields_of, subject_of, uncommitted_records
from okr.operations.committing import Session
from okr.workspace import LOGS

if TYPE_CHECKING:
    from pathlib import Path

    from okr.git.run import Repository
    from okr.log_lines import FieldValue
    from okr.repository import Commit


@dataclass(frozen=True, slots=True)
class Pending:
    """A record that is in a log but in no commit.

    Attributes:
        path: the log, relative to the workspace's root.
        reference: what it is about: the key result, or the KPI as `kpis/<id>`.
        fields: what it says.
    """

    path: str
    reference: str
    fields: dict[str, FieldValue]


def pending_checkins(root: Path) -> tuple[Pending, ...]:
    """The records that no commit holds; logs with other changes besides are passed over.

    Costs two git processes where there are none: one finds the repository, one looks at the logs.

    Args:
        root: the workspace's root.

    Raises:
        OkrError: git can't be used here.
    """
    from okr.repository import find_repository

    repository = find_repository(root)
    if repository is None or repository.bare:
        return ()
    return _pending(Session(root, repository, commits=True))


def commit_pending(session: Session) -> tuple[tuple[Pending, ...], Commit | None]:
    """Commits all records that no commit holds, and nothing else.

    Args:
        session: the lock on the logs, and the repository.

    Returns:
        The records, and the commit that holds them; none, and no commit, where there was nothing to commit.

    Raises:
        OkrError: git refused the commit, or overlooks a log that it has not got whole; the logs stay as they are.
    """
    found = _pending(session)
    if session.repository is None:
        return (), None
    if not found:
        _require_all_seen(session, session.repository)
        return (), None
    from okr.repository import commit_only

    said = [Said(each.reference, each.fields, None, None, None, None, None) for each in found]
    paths = [session.root / path for path in dict.fromkeys(each.path for each in found)]
    trailers = [trailer(each.reference, each.fields) for each in found]
    return found, commit_only(session.repository, paths, commit_message(said), trailers=trailers)


def _pending(session: Session) -> tuple[Pending, ...]:
    from okr.repository import has_uncommitted_changes

    if session.repository is None:
        return ()
    top = session.root.resolve()
    found: list[Pending] = []
    for changed in has_uncommitted_changes(session.repository, [session.root / LOGS]):
        path = changed.relative_to(top).as_posix()
        if not path.endswith(".yaml") or not changed.is_file():
            continue
        try:
            records = uncommitted_records(session, path)
        except OkrError:
            continue  # more than added records, or not to be read: whoever checks in there is told
        for record in records:
            fields = fields_of(record)
            found.append(Pending(path, subject_of(path, fields), fields))
    return tuple(found)


def _require_all_seen(session: Session, repo: Repository) -> None:
    """Refuses to call everything committed where git was told to overlook a log, and has not got all of it."""
    from okr.git.paths import overlooked, require_seen
    from okr.repository import head_holds, name_in

    for name in overlooked(repo, [name_in(repo, session.root / LOGS)]):
        path = repo.top / name
        if path.is_file() and not head_holds(repo, path, path.read_bytes()):
            require_seen(repo, [name])
