"""Writing the files of a cycle together, all of them or none, and going to a branch of their own.

The branch begins at the last commit, so that making it touches no file: whatever is staged or changed stays so.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from okr.errors import OkrError
from okr.files import replace_file, write_new_file
from okr.operations.committing import changing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from okr.operations.committing import FileChange
    from okr.repository import Repository


def new_branch(root: Path, name: str) -> Repository:
    """The repository in which a branch of this name can be made now.

    Raises:
        UsageError: no branch can be called so.
        OkrError: there is no repository, or no branch can be made in it now.
    """
    from okr.git.branch import require_new_branch
    from okr.repository import find_repository

    repository = find_repository(root)
    if repository is None:
        raise OkrError(f"{root} is in no git repository, so there is no branch to make", "leave out --branch")
    require_new_branch(repository, name)
    return repository


def write_files(
    root: Path,
    changes: Sequence[FileChange],
    *,
    branch: str | None = None,
    above: Path | None = None,
    more: Sequence[FileChange] = (),
) -> None:
    """Writes files, then makes a branch; where either fails, all is as it was before.

    Args:
        root: the folder that holds the files.
        changes: what to write.
        branch: the branch to make and go to; None for none.
        above: another folder to write to, such as the repository's.
        more: what to write there, after the rest.

    Raises:
        OkrError: a file has changed meanwhile or can't be written, or no such branch can be made.
    """
    repository = None if branch is None else new_branch(root, branch)
    all_changes = [*((root, each) for each in changes), *((above or root, each) for each in more)]
    with changing(root):
        _write_all(all_changes, repository, branch)


def _write_all(
    changes: Sequence[tuple[Path, FileChange]], repository: Repository | None, branch: str | None
) -> None:
    folders = {(top, parent) for top, each in changes for parent in (top / each.path).parents}
    made = {each for top, each in folders if each.is_relative_to(top) and not each.exists()}
    written: list[tuple[Path, FileChange]] = []
    try:
        for top, each in changes:
            if each.before is None:
                write_new_file(top / each.path, each.after, root=top)
            else:
                replace_file(top / each.path, each.after, expected=each.before, root=top)
            written.append((top, each))
        if repository is not None and branch is not None:
            from okr.git.branch import make_branch

            make_branch(repository, branch)
    except BaseException:
        _take_back(written, made)
        raise


def _take_back(written: Sequence[tuple[Path, FileChange]], made: Iterable[Path]) -> None:
    for top, each in reversed(written):
        if each.before is not None:
            replace_file(top / each.path, each.before, expected=each.after, root=top)
        else:
            (top / each.path).unlink(missing_ok=True)
    for folder in sorted(made, reverse=True):
        with suppress(OSError):  # it was not made, or holds files of somebody else by now
            folder.rmdir()
