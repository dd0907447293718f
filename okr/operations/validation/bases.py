"""What a workspace is compared with: the revision that somebody asked for, or else the last commit.

Nothing is checked out, and nothing is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass, replace
from okr.errors import OkrError, UsageError
from okr.model import CycleState
from okr.operations.comparison.moments import moment_of, where_they_part
from okr.operations.surroundings import repository_top
from okr.revisions import Moment, Revision
from okr.rules.earlier import NOTHING_BETWEEN, Between
from okr.sources import SETTINGS, Without
from okr.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from okr.repository import Repository

OPTION = "--changed-since"
_MERGE_BASE = "..."


@dataclass(frozen=True, slots=True)
class Base:
    """An earlier version of a workspace.

    Attributes:
        moment: the commit it is of.
        workspace: as it was; None where there was none in that place.
        between: what is known of the commits since then.
    """

    moment: Moment
    workspace: Workspace | None
    between: Between = NOTHING_BETWEEN


def base_asked_for(workspace: Workspace, root: Path, asked: str) -> Base:
    """The version that somebody asked for.

    Args:
        workspace: as it is now.
        root: its root in the working tree.
        asked: a branch, a tag, an id, a day; with three dots behind it, the commit at which the current branch left it.

    Raises:
        OkrError: the workspace is in no repository, or the two have no commit in common.
        UsageError: there is no such commit.
    """
    from okr.repository import find_repository

    repo = find_repository(root)
    if repo is None:
        raise OkrError(
            f"{root} is in no git repository, so that there is nothing to compare it with",
            f"leave {OPTION} out",
        )
    if ".." in asked.removesuffix(_MERGE_BASE):
        raise UsageError(
            f"{OPTION}: “{asked[:60]}” names two commits",
            "name one: the files are compared as they are now; `main...` stands for the commit at which this branch left main",
        )
    moment = moment_of(repo, asked.removesuffix(_MERGE_BASE), OPTION)
    if asked.endswith(_MERGE_BASE):
        otherwise = f"leave the three dots out to compare with {moment.asked} itself"
        common = where_they_part(repo, moment, "HEAD", f"this branch and {moment.asked}", otherwise)
        moment = replace(common, asked=asked)
    then = _workspace(workspace, root, repo, moment)
    if then is None:
        return Base(moment, None)
    from okr.operations.record.arrivals import Arrivals

    opened = _opened_since(then, workspace, root, repo, moment)
    return Base(moment, then, Between(opened, Arrivals(repo, root, moment.commit).made_before))


def last_commit(workspace: Workspace, root: Path) -> Workspace | None:
    """The version of the last commit, so that what is not committed yet can be held against it.

    Returns:
        None where there is none to be had: no repository, no git, no commit, none of this workspace; nor while git
        is in the middle of a merge or the like, when the last commit is not what the files came from.
    """
    if repository_top(root) is None:
        return None
    from okr.repository import find_repository, resolve_revision, under_way

    try:
        repo = find_repository(root)
        if repo is None or repo.bare or under_way(repo) is not None:
            return None
        commit = resolve_revision(repo, "HEAD")
        return _workspace(workspace, root, repo, Moment("HEAD", commit, workspace.as_of))
    except OkrError:  # whatever keeps git from telling: the files themselves can be checked without it
        return None


def _opened_since(
    then: Workspace, now: Workspace, root: Path, repo: Repository, moment: Moment
) -> frozenset[str]:
    """The cycles closed in both that some commit between has open: whoever closed them again has corrected them."""
    from okr.git.history import every_commit_on
    from okr.repository import name_in

    closed = {
        cycle: {source.path for source in (then.cycles[cycle].source, now.cycles[cycle].source) if source}
        for cycle in then.cycles.keys() & now.cycles.keys()
        if then.state(cycle) is now.state(cycle) is CycleState.CLOSED
    }
    names = [name_in(repo, root / path) for paths in closed.values() for path in paths]
    commits = every_commit_on(repo, ["HEAD", f"^{moment.commit}"], names) if names else []
    opened: set[str] = set()
    for commit in commits:
        files = Revision(repo, commit.id, root)
        between = Workspace(files, as_of=now.as_of, title=now.title, like=now)
        opened |= {
            cycle
            for cycle in closed
            if cycle in between.cycles and between.state(cycle) is not CycleState.CLOSED
        }
    return frozenset(opened)


def _workspace(now: Workspace, root: Path, repo: Repository, moment: Moment) -> Workspace | None:
    from okr.repository import not_checked_out

    files = Revision(repo, moment.commit, root)
    if files.read(SETTINGS) is None:
        return None
    hidden = not_checked_out(repo, root)  # what a sparse checkout leaves out has not been removed
    return Workspace(
        Without(files, hidden) if hidden else files, as_of=now.as_of, title=now.title, moment=moment, like=now
    )
