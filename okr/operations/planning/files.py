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
    from collections.abc import Sequence
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


def write_files(root: Path, changes: Sequence[FileChange], *, branch: str | None = None) -> None:
    """Writes files, then makes a branch; where either fails, all is as it was before.

    Args:
        root: the folder that holds the files.
        changes: what to write.
        branch: the branch to make and go to; None for none.

    Raises:
        OkrError: a file has changed meanwhile or can't be written, or no such branch can be made.
    """
    repository = None if branch is None else new_branch(root, branch)
    with changing(root):
        _write_all(root, changes, repository, branch)


def _write_all(
    root: Path, changes: Sequence[FileChange], repository: Repository | None, branch: str | None
) -> None:
    above = {parent for each in changes for parent in (root / each.path).parents}
    made = [each for each in above if each.is_relative_to(root) and not each.exists()]
    written: list[FileChange] = []
    try:
        for each in changes:
            if each.before is None:
                write_new_file(root / each.path, each.after, root=root)
            else:
                replace_file(root / each.path, each.after, expected=each.before, root=root)
            written.append(each)
        if repository is not None and branch is not None:
            from okr.git.branch import make_branch

            make_branch(repository, branch)
    except BaseException:
        _take_back(root, written, made)
        raise


def _take_back(root: Path, written: Sequence[FileChange], made: Sequence[Path]) -> None:
    for each in reversed(written):
        if each.before is not None:
            replace_file(root / each.path, each.before, expected=each.after, root=root)
        else:
            (root / each.path).unlink(missing_ok=True)
    for folder in sorted(made, reverse=True):
        with suppress(OSError):  # it was not made, or holds files of somebody else by now
            folder.rmdir()
