"""Own check-ins that came on top of a closing: made here before others' closing of the cycle was known.

They are not refused, for the log only grows and nothing may be lost; but whoever made them should know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.cycles import canonical_name
from okr.model import CycleState
from okr.operations.plan_history import states_at
from okr.operations.tracing import Names
from okr.repository_history import commits_touching
from okr.repository_lines import lines_added_by
from okr.workspace import LOGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okr.repository import Repository


def closed_over(repo: Repository, prefix: str, tip: str, known: Sequence[str]) -> tuple[str, ...]:
    """The closed cycles that own commits add check-ins to, though the cycle is closed in the commit below them.

    Args:
        repo: where.
        prefix: the workspace's folder in the repository, with a slash at its end; empty at the top.
        tip: the branch as it is now.
        known: what others have: the commits that were fetched.

    Raises:
        GitFailed: git can't read its history.
    """
    names = Names(prefix, {})
    own = commits_touching(repo, [tip, *(f"^{each}" for each in known)], [names.in_repository(LOGS)])
    if not own:
        return ()
    closed = {cycle for cycle, state in states_at(repo, names, tip).items() if state is CycleState.CLOSED}
    found: dict[str, None] = {}
    for commit in own if closed else ():
        lines = lines_added_by(repo, commit.id, repo.top / names.in_repository(LOGS))
        folders = {path.relative_to(repo.top / names.in_repository(LOGS)).parts[0] for path, _ in lines}
        touched = closed & {canonical_name(folder) for folder in folders}
        if touched and commit.parents:
            before = states_at(repo, names, commit.parents.split()[0])
            found |= dict.fromkeys(each for each in sorted(touched) if before.get(each) is CycleState.CLOSED)
    return tuple(sorted(found))
