"""`okr sync`: fetch, bring own commits on top, send them, and again when somebody else was faster.

The branch is moved before its commits are sent, so that at any moment what is here is what will be there: a command
that dies on the way leaves nothing to be sent twice. How git does each step is for `repository_*`.
"""

from __future__ import annotations

import random
import re
import time
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field, replace
from okr.errors import OkrError
from okr.git.move import Move, forget_leftovers, move, move_back
from okr.git.paths import name_in
from okr.git.replay import Conflict, hidden_tree
from okr.git.run import run as run_git
from okr.git.sync import (
    Answer,
    PushFailed,
    commits_between,
    count_new,
    current_branch,
    divergence,
    fetch,
    found_again,
    is_ancestor,
    remembered,
    remote_address,
    require_version,
    same_tree,
    send,
    set_ref,
    tip,
    tips,
    upstream_of,
)
from okr.locks import locked
from okr.operations.clashes import SyncConflictError, clashes_in
from okr.operations.closed_over import ClosedOver, MadeAfterClosingError, as_they_are_here, closed_over
from okr.operations.committing import LOCK_PATIENCE
from okr.repository import ObstacleFound, checkin_lock, find_repository, has_uncommitted_changes, obstacle
from okr.workspace import LOGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from okr.git.replay import HiddenTree
    from okr.git.sync import CommitLine, Upstream
    from okr.repository import Repository

OWN_BRANCHES = "okr"
"""Branches made for a pull request are called `okr/<person>/<branch>`."""

_PROPOSED = "refs/okr/proposed"
_OWN_BRANCH = re.compile(rf"{OWN_BRANCHES}/[^/]+/(?P<base>.+)")
_FIRST_WAIT = 0.2  # seconds
_LONGEST_WAIT = 8.0
_PATIENT_ATTEMPTS = 4


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


_PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A branch of one's own that waits to be merged into another by a pull request.

    Attributes:
        branch: its name on the remote.
        base: the branch it is to be merged into.
        url: where to open the pull request; None where the remote's address does not tell.
    """

    branch: str
    base: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did.

    Attributes:
        branch: the branch that is checked out.
        remote: the remote's name.
        target: the branch on the remote that holds the commits now.
        pushed: whether anything was sent.
        commits: own commits that were sent, oldest first.
        pulled: how many commits of others were brought in.
        attempts: how often commits were sent, the last time with success; 0 where there was nothing to send.
        waited: seconds spent waiting between attempts.
        proposal: the pull request to open, where the remote does not let anybody change the branch directly.
        unsent: how many own commits were left, because sending was not asked for.
        uncommitted: logs and other files of the workspace's `checkins` folder with changes that no commit holds.
        closed: the cycles that others had closed before own check-ins of them came on top.
    """

    branch: str
    remote: str
    target: str
    pushed: bool
    commits: tuple[CommitLine, ...]
    pulled: int
    attempts: int
    waited: float
    proposal: Proposal | None
    unsent: int
    uncommitted: tuple[str, ...]
    closed: tuple[str, ...] = ()


def id_now(root: Path, commit: str) -> str:
    """What a commit made here is called by now: bringing it on top of what others had sent gave it another id.

    Args:
        root: the workspace's root.
        commit: the id it was made under.
    """
    repo = find_repository(root)
    return commit if repo is None else found_again(repo, commit, "HEAD") or commit


@dataclass(slots=True)
class _Run:
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
        matched = _OWN_BRANCH.fullmatch(self.upstream.branch)
        return matched["base"] if matched else None


@dataclass(frozen=True, slots=True)
class _Standing:
    """The branch once own commits are on top of what was fetched: where to send it, and whether that is needed."""

    target: str
    new: str
    fetched: tuple[str, ...]
    closed: tuple[ClosedOver, ...]
    to_send: bool


def sync(
    root: Path,
    person: Callable[[], str],
    *,
    say: Callable[[str], None],
    push: bool = True,
    patience: Patience = _PATIENCE,
) -> Synced:
    """Exchanges commits with the branch's upstream.

    Args:
        root: the workspace's root.
        person: gives the id of the person at the keyboard, for the name of a branch of their own.
        say: is told what is going on, in sentences.
        push: whether own commits are sent, or others' only brought in.
        patience: how long to try.

    Raises:
        SyncConflictError: a plan was changed in the same place here and there; everything is as it was.
        MadeAfterClosingError: own check-ins were made in a cycle that others had closed by then; likewise.
        OkrError: there is no upstream, the remote can't be reached, uncommitted changes are in the way, or
            others were faster every time. Nothing is lost.
    """
    run = _started(root, person, say, patience)
    first = str(tip(run.repo, "HEAD"))
    for attempt in range(1, patience.attempts + 1):
        begun = time.monotonic()
        _fetch(run)
        standing = _bring(run)
        if not push or not standing.to_send:
            return _result(run, first, standing, attempt - 1, sent=False)
        run.say(f"Sending to {run.upstream.remote}/{standing.target} …")
        sent = send(run.repo, run.upstream, standing.target, silence=patience.silence)
        if sent.answer is Answer.SENT:
            if run.own_branch is not None:
                set_ref(run.repo, f"{_PROPOSED}/{run.own_branch}", standing.new)
            return _result(run, first, standing, attempt, sent=True)
        if sent.answer is Answer.REFUSED:
            _turn_to_own_branch(run, standing.target, sent.words)
        elif not _wait(run, attempt, time.monotonic() - begun):
            break
    raise PushFailed(
        f"Others were faster each time: your commits are on top of {run.upstream} as it was a moment ago, but not sent.",
        "Nothing is lost. Repeat `okr sync`.",
    )


def _started(root: Path, person: Callable[[], str], say: Callable[[str], None], patience: Patience) -> _Run:
    require_version()
    repo = find_repository(root)
    if repo is None:
        raise OkrError(
            f"{root} is in no git repository, so there is nothing to exchange.", "`git init` makes one."
        )
    _require_fit(repo)
    if tip(repo, "HEAD") is None:
        raise OkrError("There is no commit yet, so there is nothing to send.", "Commit the workspace first.")
    upstream = upstream_of(repo, current_branch(repo))
    name = name_in(repo, root)
    run = _Run(repo, "" if name == "." else f"{name}/", upstream, person, say, patience)
    run.own_branch = _proposed_branch(run)
    return run


def _require_fit(repo: Repository) -> None:
    found = obstacle(repo)
    if found is not None:
        raise ObstacleFound(found)


def _proposed_branch(run: _Run) -> str | None:
    """The branch of one's own that commits of this branch were sent to before, and that waits to be merged."""
    listed = run_git(run.repo, "for-each-ref", "--format=%(refname)", f"{_PROPOSED}/").decode().split()
    for ref in listed:
        name = ref.removeprefix(f"{_PROPOSED}/")
        matched = _OWN_BRANCH.fullmatch(name)
        if matched and matched["base"] == run.upstream.branch:
            return name
    return None


def _fetch(run: _Run) -> None:
    run.say(f"Fetching from {run.upstream.remote} …")
    others = [name for name in (run.own_branch, run.base) if name is not None]
    fetch(run.repo, run.upstream, others, silence=run.patience.silence)


def _bring(run: _Run) -> _Standing:
    """Brings own commits on top of what was fetched, and moves the branch there."""
    with locked(checkin_lock(run.repo), timeout=LOCK_PATIENCE):
        _require_fit(run.repo)
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
        return _Standing(target, new, fetched, closed, to_send=new != at)


def _sources(run: _Run) -> list[str]:
    """What is fetched: the upstream, the branch of one's own, the branch it is to be merged into."""
    names = (run.own_branch, run.base)
    return [run.upstream.tracking, *(remembered(run.upstream, name) for name in names if name is not None)]


def _settled(run: _Run, head: str, theirs: str | None) -> str:
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


def _without_what_landed(run: _Run, head: str, theirs: str) -> str:
    """The branch without commits whose pull request was merged, by whatever means; else as it is."""
    ref = f"{_PROPOSED}/{run.own_branch}"
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


def _has_landed(run: _Run, proposed: str, theirs: str) -> bool:
    try:
        with hidden_tree(run.repo, theirs, proposed, logs=run.logs) as tree:
            merged = tree.merge(proposed, "okr: has it landed", own=proposed)
            return same_tree(run.repo, merged, theirs)
    except Conflict:
        return False


def _on_top(run: _Run, head: str, theirs: str | None) -> str:
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
    run.say(f"Bringing {_counted(apart.own, 'commit')} on top of {run.upstream} …")
    return _replayed(run, theirs, head, theirs)


def _replayed(run: _Run, start: str, head: str, onto: str) -> str:
    """The commits of `head` that are not in `start`, once more on top of another."""
    if start == head:
        return onto
    with hidden_tree(run.repo, onto, head, logs=run.logs) as tree:
        return tree.pick(start, head)


def _merged(run: _Run, head: str, other: str | None, name: str) -> str:
    if other is None or is_ancestor(run.repo, other, head):
        return head
    run.say(f"Merging {run.upstream.remote}/{name} …")
    tree: HiddenTree
    with hidden_tree(run.repo, head, other, logs=run.logs) as tree:
        return tree.merge(other, f"Merge {name} of {run.upstream.remote}", own=head)


def _conflict(run: _Run, conflict: Conflict, theirs: str | None) -> SyncConflictError:
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


def _put_back(run: _Run) -> None:
    """Puts the branch back to where it was."""
    for done in reversed(run.moves):
        if not move_back(run.repo, done):
            break  # somebody has committed here meanwhile: it stays on top of what was fetched before


def _turn_to_own_branch(run: _Run, target: str, words: str) -> None:
    """After the remote refused commits for a branch: the next attempt goes to a branch of one's own.

    Raises:
        PushFailed: that was such a branch already.
    """
    if run.own_branch is not None or run.base is not None:
        raise PushFailed(
            f"{run.upstream.remote} does not take the commits on the branch {target} either. It said:\n{words}",
            "Mend what it says, then repeat `okr sync`; the commits are safe here.",
        )
    run.own_branch = f"{OWN_BRANCHES}/{run.person()}/{run.upstream.branch}"
    run.own_before = tip(run.repo, remembered(run.upstream, run.own_branch))
    run.say(f"{run.upstream} does not take commits directly; {run.own_branch} is used instead.")


def _wait(run: _Run, attempt: int, took: float) -> bool:
    """Waits before the next attempt, at random, at first longer each time; False where there is none.

    An attempt that took long (a slow remote, a busy machine) is followed by a longer wait: others take as long.
    Whoever has lost often waits little: else those who have just come would win for ever.
    """
    doubled = attempt - 1 if attempt <= _PATIENT_ATTEMPTS else 0
    longest = min(_LONGEST_WAIT, max(_FIRST_WAIT, took) * 2**doubled)
    pause = random.uniform(0.1, 1.0) * longest  # noqa: S311 - jitter, no secret
    passed = time.monotonic() - run.started
    if attempt >= run.patience.attempts or passed + pause > run.patience.seconds:
        return False
    run.say(f"Somebody else was faster; trying again in {pause:.1f} seconds (attempt {attempt + 1}) …")
    time.sleep(pause)
    run.waited += pause
    return True


def _result(run: _Run, first: str, standing: _Standing, attempts: int, *, sent: bool) -> Synced:
    dirty = has_uncommitted_changes(run.repo, [run.repo.top / run.logs])
    commits = commits_between(run.repo, standing.fetched, standing.new)
    return Synced(
        branch=run.upstream.local,
        remote=run.upstream.remote,
        target=standing.target,
        pushed=sent,
        commits=commits if sent else (),
        pulled=count_new(run.repo, standing.fetched, [first, run.own_before]),
        attempts=attempts,
        waited=run.waited,
        proposal=_proposal(run),
        unsent=len(commits) if standing.to_send and not sent else 0,
        uncommitted=tuple(path.relative_to(run.repo.top / run.prefix).as_posix() for path in dirty),
        closed=tuple(each.cycle for each in standing.closed),
    )


def _proposal(run: _Run) -> Proposal | None:
    branch = run.own_branch or (run.upstream.branch if run.base else None)
    if branch is None:
        return None
    from okr.operations.pull_requests import pull_request_url

    base = run.base or run.upstream.branch
    url = pull_request_url(remote_address(run.repo, run.upstream.remote), branch, base)
    return Proposal(branch, base, url)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
