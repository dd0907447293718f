"""Making a branch and going to it. Files, what is staged and what is changed stay exactly as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.errors import OkrError, UsageError
from okr.git.run import try_run
from okr.git.state import ObstacleKind, obstacle
from okr.git.text import plain_text, quoted_output
from okr.git.writing import run_to_end

if TYPE_CHECKING:
    from okr.git.run import Repository

_LEFT_TO_SWITCH = {ObstacleKind.DETACHED}
"""What keeps a check-in from being committed, but no branch from being made."""


def require_new_branch(repo: Repository, name: str) -> None:
    """Sees to it that a branch can be made here, at the last commit.

    Raises:
        UsageError: no branch can be called so.
        OkrError: there is one already, there is no commit yet, or git is in the middle of something.
    """
    shown = plain_text(name)[:60]
    asked = try_run(repo, "check-ref-format", "--branch", name)
    if name.startswith("-") or asked.status or asked.out.decode("utf-8", "replace").strip() != name:
        raise UsageError(
            f"no branch can be called “{shown}”", "choose a name without blanks, such as plan-2027-Q1"
        )
    if not try_run(repo, "rev-parse", "--verify", "--quiet", f"refs/heads/{name}").status:
        raise OkrError(
            f"there is a branch {shown} already",
            f"go to it with `git switch {shown}`, or choose another name",
        )
    if try_run(repo, "rev-parse", "--verify", "--quiet", "HEAD").status:
        raise OkrError(
            "there is no commit yet that a branch could begin at", "commit what is there, then try again"
        )
    found = obstacle(repo)
    if found is not None and found.kind not in _LEFT_TO_SWITCH:
        raise OkrError(found.message.partition(";")[0].rstrip("."), found.remedy)


def make_branch(repo: Repository, name: str) -> None:
    """Makes a branch at the last commit, and goes to it.

    Raises:
        OkrError: git did not; a hook that complains afterwards does not count.
    """
    result = run_to_end(repo, "switch", "--quiet", "--create", name)
    head = try_run(repo, "symbolic-ref", "--quiet", "HEAD").out.decode("utf-8", "replace").strip()
    if head != f"refs/heads/{name}":
        raise OkrError(
            f"the branch {plain_text(name)} could not be made: {quoted_output(result.err)}",
            "try it with `git switch -c`",
        )
