"""Validating: which workspace is meant, what the rules find in it, and which of that was asked for.

The whole workspace is always read, because what is wrong in one file may only show in another; paths restrict
what is reported. Needs no git. The rules stand in `rules/`; how findings look is the views' business.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, replace
from okr.diagnostics import Diagnostic, Severity
from okr.errors import OkrError, UsageError
from okr.references import BELOW, is_id
from okr.roots import ORG
from okr.rules.earlier import NOTHING_BETWEEN, Between
from okr.rules.engine import examine
from okr.sources import find_root, root_above

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from okr.git.unmodified import Look
    from okr.revisions import Moment
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Selection:
    """A workspace, and which of its files are asked about.

    Attributes:
        root: the workspace's root, as an absolute path.
        paths: files and folders relative to the root, with forward slashes; empty for all of it.
        among: the only files that may be asked about; None for any.
        owners: whose plans and logs are asked about besides, as typed; `with_owners` makes files of them.
        files: these plans and logs, relative to the root; None where no owner was named.
    """

    root: Path
    paths: tuple[str, ...] = ()
    among: frozenset[str] | None = None
    owners: tuple[str, ...] = ()
    files: frozenset[str] | None = None

    def holds(self, path: str) -> bool:
        """Whether a file of the workspace, relative to its root, is among those asked about."""
        if self.among is not None and path not in self.among:
            return False
        if not self.paths and self.files is None:
            return True
        if self.files is not None and path in self.files:
            return True
        return any(path == each or path.startswith(f"{each}/") for each in self.paths)

    def those_of(self, paths: frozenset[str]) -> frozenset[str]:
        """Those of some files that are asked about."""
        if not self.paths and self.files is None and self.among is None:
            return paths
        return frozenset(filter(self.holds, paths))


@dataclass(frozen=True, slots=True)
class Validation:
    """What the rules found in the files asked about.

    Attributes:
        diagnostics: by file, then from top to bottom.
        files: how many files were looked at: those read, and those named by a finding without having been read.
        suppressed: what comments in these files silence; it is never counted with the rest.
        since: the commit it is restricted to the changes since; None where everything is reported.
        read: all files that were read.
    """

    diagnostics: tuple[Diagnostic, ...]
    files: int
    suppressed: tuple[Diagnostic, ...] = ()
    since: Moment | None = None
    read: frozenset[str] = frozenset()

    @property
    def counts(self) -> Counter[Severity]:
        """How many findings there are of each severity."""
        return Counter(diagnostic.severity for diagnostic in self.diagnostics)

    @property
    def files_with_findings(self) -> int:
        """How many files have findings."""
        return len({diagnostic.finding.path for diagnostic in self.diagnostics})

    def passes(self, *, strict: bool) -> bool:
        """Whether there are no errors, and, if strict, no warnings either."""
        return not self.counts[Severity.ERROR] and not (strict and self.counts[Severity.WARNING])


def validate(
    workspace: Workspace,
    selection: Selection,
    codes: Container[str] | None = None,
    then: Workspace | None = None,
    between: Between = NOTHING_BETWEEN,
    *,
    in_parts: bool = False,
    cache: bool = False,
    look: Look | None = None,
) -> Validation:
    """Runs every rule over the whole workspace and keeps what was asked for.

    Args:
        workspace: the workspace.
        selection: the files asked about.
        codes: the rules asked about; None for all.
        then: an earlier version, for the rules on history; without it they find nothing.
        between: what is known of the commits between the two.
        in_parts: whether the workspace need not hold all its logs afterwards: then less memory and all processors do.
        cache: whether what was found the last time may then be used.
        look: git's look at the files for that, where it has begun.

    Raises:
        OkrError: a process that did a part of it died.
    """

    def asked(each: Diagnostic) -> bool:
        return selection.holds(each.finding.path) and (codes is None or each.code in codes)

    if in_parts:
        from okr.operations.validation.kept_findings import examine_again

        examination = examine_again(workspace, selection.root, then, between, keeping=cache, look=look)
    else:
        examination = examine(workspace, then=then, between=between)
    found = tuple(each for each in examination.diagnostics if asked(each))
    read = selection.those_of(examination.files)
    files = len(read) + len({each.finding.path for each in found} - read)
    suppressed = tuple(each for each in examination.suppressed if asked(each))
    return Validation(found, files, suppressed, read=examination.files)


def select(directory: Path, paths: Sequence[str]) -> Selection:
    """Finds the workspace that a command line means, and which of its files.

    The workspace is the one that the folder lies in; where it lies in none, or the paths lie in one further
    down, it is theirs. What is neither a file nor a folder may be the id of an owner, with `/...` behind it or not.

    Args:
        directory: where the command runs; paths are relative to it.
        paths: files and folders as the user named them; none stands for the whole workspace.

    Raises:
        UsageError: a path does not exist.
        OkrError: there is no workspace, or a path lies outside it, or in another one than the path before.
    """
    if not paths:
        return Selection(find_root(directory))
    around = root_above(directory)
    owners = tuple(each for each in paths if around is not None and _may_be_owner(directory, each))
    located = [(name, *_located(directory, name, around)) for name in paths if name not in owners]
    if not located:
        return Selection(find_root(directory), owners=owners)
    first_name, root, _ = located[0]
    for name, other, _ in located:
        if other != root:
            raise OkrError(
                f"“{first_name}” and “{name}” lie in two workspaces, {root} and {other}",
                "validate them one after the other",
            )
    relative = tuple(path for _, _, path in located)
    return Selection(root) if "" in relative else Selection(root, relative, owners=owners)


def with_owners(selection: Selection, workspace: Workspace) -> Selection:
    """The same with the plans and logs of the owners that were named, in all cycles.

    Raises:
        UsageError: nobody is called so, and no file either; the remedy lists the nearest.
    """
    if not selection.owners:
        return selection
    from okr.operations.selecting import select_owners

    found: list[str] = []
    _ = workspace.org_file
    unread = ORG in {each.finding.path for each in workspace.problems}
    for text in selection.owners:
        try:
            whose = select_owners(workspace, text)
        except UsageError as error:
            if not unread:
                raise UsageError(f"there is no file, folder or owner {text}", error.remedy) from None
            found.append(ORG)  # which would have told
            continue
        found += [ORG] if unread and whose.all_below else []
        for cycle in workspace.cycles:
            for each in whose.ids:
                found += workspace.plan_paths_of(cycle, each)
                found += workspace.log_paths_of(cycle, each)
    return replace(selection, owners=(), files=frozenset(found))


def _may_be_owner(directory: Path, name: str) -> bool:
    return is_id(name.removesuffix(BELOW)) and not os.path.lexists(directory / name)


def _located(directory: Path, name: str, around: Path | None) -> tuple[Path, str]:
    """The workspace's root that a path lies below, and the path relative to it; empty for the root itself."""
    path = Path(os.path.abspath(directory / name))  # noqa: PTH100 # links inside a workspace keep their names
    if not os.path.lexists(path):
        raise UsageError(f"there is no file or folder {name}")
    if around is not None and not path.is_relative_to(around):
        path = path.resolve()
    if around is not None and not path.is_relative_to(around):
        raise OkrError(
            f"“{name}” lies outside the workspace {around}",
            "run okr in that folder, or with `-C` and its name",
        )
    root = root_above(path if path.is_dir() and not path.is_symlink() else path.parent)
    if root is None:
        raise OkrError(
            f"“{name}” lies in no okr workspace: no okr.yaml there or above", "`okr init` starts one"
        )
    relative = path.relative_to(root).as_posix()
    return root, "" if relative == "." else relative
