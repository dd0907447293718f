"""Which two states of a workspace a person means by `main..HEAD`, `main...HEAD` or `main`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.errors import OkrError, UsageError
from okr.git.objects import Objects
from okr.operations.comparison.moments import moment_of, where_they_part
from okr.references import BELOW
from okr.repository import RevisionUnknown, find_repository, not_checked_out
from okr.revisions import Moment, Revision
from okr.roots import KPIS, LOGS, ORG, PLANS
from okr.sources import SETTINGS, Folder, Without

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from okr.repository import Repository
    from okr.sources import Files
    from okr.workspace import Workspace

HEAD = "HEAD"
_SHORT_ID = 7
_FILES, _FOLDERS = (ORG, KPIS), (PLANS, LOGS)


@dataclass(frozen=True, slots=True)
class Sides:
    """Two states of a workspace.

    Attributes:
        repository: where the workspace lies.
        root: its root in the working tree.
        old: the commit of the old side.
        new: that of the new side; None for the working tree.
        fork: what was named for the old side, where that is the commit at which the new one has left it.
        objects: where both are read from; they are asked for when the first file is, if not given.
    """

    repository: Repository
    root: Path
    old: Moment
    new: Moment | None
    fork: str | None = None
    objects: Objects | None = None
    _found: list[tuple[Files, Files]] = field(default_factory=list, init=False)

    @property
    def files(self) -> tuple[Files, Files]:
        """The files of the two; what a sparse checkout leaves out of the working tree has not been removed."""
        if not self._found:
            self._found.append(self._find_files())
        return self._found[0]

    def _find_files(self) -> tuple[Files, Files]:
        old = Revision(self.repository, self.old.commit, self.root, self.objects)
        if self.new is not None:
            return old, Revision(self.repository, self.new.commit, self.root, old.objects)
        hidden = not_checked_out(self.repository, self.root)
        return Without(old, hidden) if hidden else old, Folder(self.root)

    def look_ahead(self) -> None:
        """Has git look for what comparing two commits begins with, while we do something else."""
        files = self.files[1]
        if isinstance(files, Revision):
            files.ahead(_FOLDERS)

    def look_further_ahead(self) -> None:
        """Has it look for the folders of cycles too, once it has found where they are.

        Then for files: one of them may be larger than what it can tell before anybody listens.
        """
        files = self.files[1]
        if isinstance(files, Revision):
            files.ahead(f"{top}/{name}" for top in _FOLDERS for name in files.folders(top))
            files.ahead(_FILES)

    def rest(self) -> None:
        """Lets git end, for the two have been read."""
        if self.objects is not None:
            self.objects.rest()

    def opened(self, as_of: date, *, keep: bool = False) -> tuple[Workspace, Workspace]:
        """The workspaces of the two.

        Args:
            as_of: the day that counts as today, for both.
            keep: whether the user's cache folder may help, and be kept up to date.
        """
        from okr.reader import ReadBefore  # while these are imported, git may look at the two already
        from okr.workspace import Workspace

        title, before = self.root.name or "okr", ReadBefore(threads=False)  # most files are the same on both
        old, new = self.files
        return (
            Workspace(old, as_of=as_of, title=title, moment=self.old, before=before, keep=keep),
            Workspace(new, as_of=as_of, title=title, moment=self.new, before=before, keep=keep),
        )


def sides_of(root: Path, asked: str | None) -> Sides:
    """The two states that are to be compared.

    Args:
        root: the workspace's root in the working tree.
        asked: `BASE`, `BASE..HEAD` or `BASE...HEAD`, each a revision or a day, and the current commit where one is
            left out; what BASE alone or nothing names is compared with the working tree.

    Raises:
        OkrError: there is no repository, no commit, no commit in common, or no workspace on either side.
        UsageError: there is no such commit or day.
    """
    repo = find_repository(root)
    if repo is None:
        raise OkrError(
            f"{root} is in no git repository: there is nothing to compare its files with",
            "`git init` makes it one",
        )
    base, dots, head = parts_of(asked or HEAD)
    objects = Objects(repo)
    try:
        old = moment_of(repo, base, objects=objects)
        new = moment_of(repo, head, objects=objects) if dots else None
    except OkrError:
        from okr.git.history import has_commits

        if HEAD in {base, head} and not has_commits(repo):
            raise OkrError(
                "Nothing has been committed here yet: there is nothing to compare the files with",
                "Commit the plans first, with `git add` and `git commit`",
            ) from None
        raise
    if new is None:
        return _with_workspace(Sides(repo, root, old, None, objects=objects))
    if dots == "..":
        return _with_workspace(Sides(repo, root, old, new, objects=objects))
    otherwise = f"`{base}..{head}` compares the two as they are"
    fork = where_they_part(repo, old, new.commit, f"{base} and {head}", otherwise)
    if fork.commit == old.commit:
        return _with_workspace(Sides(repo, root, old, new, objects=objects))
    return _with_workspace(Sides(repo, root, fork, new, base, objects))


def is_range(text: str) -> bool:
    """Whether a text names two revisions: no revision has two dots in its name, and none ends with a slash."""
    return ".." in text and not text.endswith(BELOW)


def is_revision(root: Path, text: str) -> bool:
    """Whether a text names a commit or a day, or two of them.

    Raises:
        OkrError: git refuses to work.
    """
    if is_range(text):
        return True
    repo = find_repository(root)
    if repo is None:
        return False
    try:
        moment_of(repo, text)
    except RevisionUnknown:
        return False
    except UsageError:  # a day that there is not
        return True
    return True


def parts_of(asked: str) -> tuple[str, str, str]:
    """`BASE`, what stands between, and `HEAD`: what is left out is the current commit; empty where only `BASE` is asked for."""
    for dots in ("...", ".."):
        base, found, head = asked.partition(dots)
        if found:
            return base or HEAD, found, head or HEAD
    return asked, "", ""


def _with_workspace(sides: Sides) -> Sides:
    old, new = sides.files
    if isinstance(new, Revision):
        new.fetch([SETTINGS])  # which is read again and again
    if sides.new is not None and new.read(SETTINGS) is None and old.read(SETTINGS) is None:
        short = sides.new.commit[:_SHORT_ID]
        raise OkrError(
            f"Neither side has a workspace in this folder: there is no {SETTINGS} at {short}",
            f"`git log --all -- {SETTINGS}` shows since when there is one",
        )
    return sides
