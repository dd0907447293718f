"""What most commands begin with: the workspace, opened where and as of when the command line says.

The rest of okr takes a workspace; only commands know of the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.commands.running import invocation
from okr.errors import OkrError
from okr.reader import ReadBefore
from okr.sources import Folder, find_root
from okr.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from okr.diagnostics import Diagnostic
    from okr.operations.checkin.checking_in import Opener
    from okr.revisions import Moment
    from okr.sources import Files


class BrokenFilesError(OkrError):
    """Files that the answer needs can't be read; no answer is given without them."""

    def __init__(self, diagnostics: list[Diagnostic], moment: Moment | None = None) -> None:
        count = len(diagnostics)
        where = "" if moment is None else f" at {moment.asked}"
        super().__init__(
            f"the workspace{where} has {count} error{'s' if count > 1 else ''} that keep{'' if count > 1 else 's'} okr from an answer",
            f"mend {'them' if count > 1 else 'it'}, then try again; `okr validate` explains {'each' if count > 1 else 'it'}"
            if moment is None
            else "another commit, or the working tree, may be readable",
        )
        self.diagnostics = diagnostics


def open_workspace(at: str | None = None) -> Workspace:
    """The workspace that the command line means.

    Args:
        at: the commit or day whose files are shown in place of the working tree's; that day counts as today
            unless `--as-of` says otherwise.

    Raises:
        OkrError: there is no workspace, or no such commit.
    """
    root = find_root(invocation().directory)
    if at is None:
        return workspace_at(root)
    from okr.operations.comparison.moments import revision_at

    moment, files = revision_at(root, at)
    as_of = invocation().as_of or moment.day
    return Workspace(files, as_of=as_of, title=root.name or "okr", moment=moment, keep=invocation().cache)


def workspace_at(root: Path, files: Files | None = None, before: ReadBefore | None = None) -> Workspace:
    """The workspace with a root, as of the command line's day; from other files than the folder's where given."""
    asked = invocation()
    files = files or Folder(root)
    return Workspace(files, as_of=asked.today, title=root.name or "okr", before=before, keep=asked.cache)


def opener_at(root: Path) -> Opener:
    """Opens a workspace over and over, as it is each time; what has stayed the same is parsed once."""
    before = ReadBefore()
    return lambda files=None: workspace_at(root, files, before)


def require_readable(workspace: Workspace) -> None:
    """Refuses to answer from files that could not be read, among those read so far.

    Raises:
        BrokenFilesError: there are such files; it holds the findings.
    """
    if workspace.problems:
        from okr.rules.engine import reading_diagnostics

        raise BrokenFilesError(reading_diagnostics(workspace), workspace.moment)
