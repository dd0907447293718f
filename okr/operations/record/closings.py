"""Which commit closed a cycle, and which lines of logs came over a closing: made without knowing of it, or in spite of it.

A line is made when the author made its commit; what brings it in later (a rebase, a merge) leaves that time as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.cycles import canonical_name
from okr.git.history import commits_touching, files_at
from okr.model import CycleState
from okr.operations.record.plan_history import plan_story
from okr.plan_changes import CycleChanged
from okr.roots import CYCLE_FACTS, PLANS

if TYPE_CHECKING:
    from collections.abc import Collection

    from okr.git.history import CommitFacts
    from okr.operations.record.log_names import Names
    from okr.repository import Repository


def made_after(commit: CommitFacts, closing: CommitFacts) -> bool:
    """Whether a commit was made after a closing; of one second nobody can tell, and the doubt is in its favour."""
    return commit.time > closing.time


def last_closings(
    repo: Repository, names: Names, revision: str, cycles: Collection[str]
) -> dict[str, CommitFacts]:
    """The commit that closed each of some cycles last, up to a revision.

    Args:
        repo: where.
        names: how its files are named.
        revision: a full commit id, in which they are closed.
        cycles: their names.

    Returns:
        Without those of which history does not tell, as in a shallow clone.

    Raises:
        GitFailed: git can't read its history.
    """
    if not cycles:
        return {}
    facts = [name for name, cycle in facts_files(repo, names, revision).items() if cycle in cycles]
    commits = commits_touching(repo, [revision], facts) if facts else []
    story = plan_story(repo, names, commits, lambda key: not key.owner and key.cycle in cycles)
    found: dict[str, CommitFacts] = {}
    for event in story.events:
        for change in event.changes:
            if isinstance(change, CycleChanged) and change.key == "state" and change.new == CycleState.CLOSED:
                found.setdefault(event.key.cycle, event.commit)
    return found


def facts_files(repo: Repository, names: Names, revision: str) -> dict[str, str]:
    """The files of a commit that say what state a cycle is in, by their names in the repository: each with its cycle."""
    listed = files_at(repo, revision, [names.in_repository(PLANS)])
    parts = {name: names.in_workspace(name).split("/") for name in listed}
    return {
        name: canonical_name(folders[0])
        for name, (_, *folders, file) in parts.items()
        if file == CYCLE_FACTS and len(folders) == 1
    }
