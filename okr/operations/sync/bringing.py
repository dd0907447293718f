"""Bringing own commits on top of what was fetched: by repeating them or by a merge, and moving the branch there.

Fetching, sending, and trying again are for `syncing.py`. How git does each step is for `okr/git`.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field, replace
from okr.errors import OkrError
from okr.git.move import Move, forget_leftovers, move, move_back
from okr.git.replay import Conflict, hidden_tree
from okr.git.sync import (
    commits_between,
    divergence,
    is_ancestor,
    remembered,
    same_tree,
    set_ref,
    tip,
    tips,
)
from okr.locks import locked
from okr.operations.committing import LOCK_PATIENCE
from okr.operations.sync.clashes import SyncConflictError, clashes_in
from okr.operations.sync.closed_over import ClosedOver, MadeAfterClosingError, as_they_are_here, closed_over
from okr.repository import ObstacleFound, checkin_lock, obstacle
from okr.workspace import LOGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from okr.git.replay import HiddenTree
    from okr.git.sync import Upstream
    from okr.repository import Repository

OWN_BRANCHES = "okr"
"""Branches made for a pull request are called `okr/<person>/<branch>`."""

PROPOSED = "refs/okr/proposed"
OWN_BRANCH = re.compile(rf"{OWN_BRANCHES}/[^/]+/(?P<base>.+)")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try.

    Attributes:
        attempts: how often to send at most.
        seconds: after which no further attempt is begun.
        silence: seconds without a word of the remote's after which it is given up.
    """

    attempts: int = 100
    seconds: float = 120.0
    silence: float = 300.0


@dataclass(slots=True)
class Run:
    """One sync while it goes on."""

    repo: Repository
    prefix: str
    upstream: Upstream
    person: Callable[[], str]
    say: Callable[[str], None]
    patience: Patience
    started: float = field(default_factory=time.monotonic)
    moves: list[Move] = field(default_factory=list)
    waited: float = 0.0
    own_branch: str | None = None
    """The branch of one's own that commits go to; None while they go to the upstream."""
    landed: str | None = None
    """The reference of a proposal that was seen to be merged: to be removed once the branch has moved."""
    own_before: str | None = None
    """The commit the branch of one's own was seen at before this sync: what it holds is nobody else's."""

    @property
    def logs(self) -> str:
        """The folder of the logs, from the repository's top."""
        return f"{self.prefix}{LOGS}"

    @property
    def base(self) -> str | None:
        """The branch that the branch checked out is to be merged into, where it is one made for that."""
        matched = OWN_BRANCH.fullmatch(self.upstream.branch)
        return matched["base"] if matched else None


@dataclass(frozen=True, slots=True)
class Standing:
    """The branch once own commits are on top of what was fetched: where to send it, and whether that is needed."""

    target: str
    new: str
    fetched: tuple[str, ...]
    closed: tuple[ClosedOver, ...]
    to_send: bool


def bring(run: Run) -> Standing:
    """Brings own commits on top of what was fetched, and moves the branch there.

    Raises:
        SyncConflictError: a plan was changed in the same place here and there; everything is as it was.
        MadeAfterClosingError: own check-ins were made in a cycle that others had closed by then; likewise.
        ObstacleFound: the repository is not fit for it.
    """
    with locked(checkin_lock(run.repo), timeout=LOCK_PATIENCE):
        require_fit(run.repo)
        forget_leftovers(run.repo)
        there = tips(run.repo, [f"refs/heads/{run.upstream.local}", *_sources(run)])
        head, theirs = there[f"refs/heads/{run.upstream.local}"], there.get(run.upstream.tracking)
        try:
            new = _settled(run, head, theirs)
        except Conflict as conflict:
            raise _conflict(run, conflict, theirs) from conflict
        fetched = tuple(there[ref] for ref in _sources(run) if ref in there)
        closed = closed_over(run.repo, run.prefix, new, fetched) if new not in fetched else ()
        late = next((each for each in closed if each.late), None)
        if late is not None:
            _put_back(run)
            own = as_they_are_here(run.repo, run.prefix, head, fetched, late.late)
            raise MadeAfterClosingError(replace(late, late=own))
        if new != head:
            run.moves.append(move(run.repo, run.upstream.local, head, new, logs=run.logs))
        if run.landed is not None:
            set_ref(run.repo, run.landed, None)
            run.landed = None
        target = run.own_branch or run.upstream.branch
        at = there.get(remembered(run.upstream, target)) if run.own_branch else theirs
        return Standing(target, new, fetched, closed, to_send=new != at)


def _sources(run: Run) -> list[str]:
    """What is fetched: the upstream, the branch of one's own, the branch it is to be merged into."""
    names = (run.own_branch, run.base)
    return [run.upstream.tracking, *(remembered(run.upstream, name) for name in names if name is not None)]


def _settled(run: Run, head: str, theirs: str | None) -> str:
    """The commit the branch is to be at: own commits and all that was fetched."""
    if run.own_branch is not None and theirs is not None:
        head = _without_what_landed(run, head, theirs)
    if run.own_branch is not None:
        own = tip(run.repo, remembered(run.upstream, run.own_branch))
        return _merged(run, _merged(run, head, own, run.own_branch), theirs, run.upstream.branch)
    new = _on_top(run, head, theirs)
    if run.base is None:
        return new
    return _merged(run, new, tip(run.repo, remembered(run.upstream, run.base)), run.base)


def _without_what_landed(run: Run, head: str, theirs: str) -> str:
    """The branch without commits whose pull request was merged, by whatever means; else as it is."""
    ref = f"{PROPOSED}/{run.own_branch}"
    proposed = tip(run.repo, ref)
    if proposed is None:
        return head
    new = head
    if not is_ancestor(run.repo, proposed, head):
        pass  # the branch was reset meanwhile: what was proposed says nothing of it
    elif not is_ancestor(run.repo, proposed, theirs):
        if not _has_landed(run, proposed, theirs):
            return head
        # A squash or a rebase on the host: the same lines under other commits.
        if not divergence(run.repo, head, proposed).merges:
            new = _replayed(run, proposed, head, theirs)
    run.landed, run.own_branch = ref, None
    return new


def _has_landed(run: Run, proposed: str, theirs: str) -> bool:
    try:
        with hidden_tree(run.repo, theirs, proposed, logs=run.logs) as tree:
            merged = tree.merge(proposed, "okr: has it landed", own=proposed)
            return same_tree(run.repo, merged, theirs)
    except Conflict:
        return False


def _on_top(run: Run, head: str, theirs: str | None) -> str:
    apart = divergence(run.repo, head, theirs) if theirs is not None else None
    if theirs is None or apart is None or not apart.theirs:
        return head
    if not apart.own:
        return theirs
    if not apart.related:
        raise OkrError(
            f"{run.upstream.local} and {run.upstream} have no commit in common, so they can't be brought together.",
            "If this clone is shallow, `git fetch --unshallow` may help; else `git log` shows what each holds.",
        )
    if apart.merges:
        return _merged(run, head, theirs, run.upstream.branch)
    commits = "1 commit" if apart.own == 1 else f"{apart.own} commits"
    run.say(f"Bringing {commits} on top of {run.upstream} …")
    return _replayed(run, theirs, head, theirs)


def _replayed(run: Run, start: str, head: str, onto: str) -> str:
    """The commits of `head` that are not in `start`, once more on top of another."""
    if start == head:
        return onto
    with hidden_tree(run.repo, onto, head, logs=run.logs) as tree:
        return tree.pick(start, head)


def _merged(run: Run, head: str, other: str | None, name: str) -> str:
    if other is None or is_ancestor(run.repo, other, head):
        return head
    run.say(f"Merging {run.upstream.remote}/{name} …")
    tree: HiddenTree
    with hidden_tree(run.repo, head, other, logs=run.logs) as tree:
        return tree.merge(other, f"Merge {name} of {run.upstream.remote}", own=head)


def _conflict(run: Run, conflict: Conflict, theirs: str | None) -> SyncConflictError:
    """Puts everything back and says what clashes."""
    own = commits_between(run.repo, [theirs], str(tip(run.repo, "HEAD")))
    place = (
        [each.id for each in own].index(conflict.commit)
        if conflict.commit in {each.id for each in own}
        else -1
    )
    _put_back(run)
    own = commits_between(run.repo, [theirs], str(tip(run.repo, "HEAD")))
    branch = run.base or run.upstream.branch
    by_merge = run.own_branch is not None or run.base is not None
    command = f"git pull --no-rebase {run.upstream.remote} {branch}" if by_merge else "git pull --rebase"
    commit = own[place] if 0 <= place < len(own) and not by_merge else None
    clashes = clashes_in(conflict.files, run.prefix)
    return SyncConflictError(f"{run.upstream.remote}/{branch}", commit, clashes, command)


def _put_back(run: Run) -> None:
    """Puts the branch back to where it was."""
    for done in reversed(run.moves):
        if not move_back(run.repo, done):
            break  # somebody has committed here meanwhile: it stays on top of what was fetched before


def require_fit(repo: Repository) -> None:
    """Raises `ObstacleFound` where a merge, a lock or the like is in the way."""
    found = obstacle(repo)
    if found is not None:
        raise ObstacleFound(found)
