"""`okr sync`: fetch, bring own commits on top (`bringing.py`), send them, and again when somebody else was faster.

The branch is moved before its commits are sent, so that at any moment what is here is what will be there: a command
that dies on the way leaves nothing to be sent twice. How git does each step is for `okr/git`.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.git.paths import name_in
from okr.git.run import run as run_git
from okr.git.sync import (
    Answer,
    PushFailed,
    commits_between,
    count_new,
    current_branch,
    fetch,
    found_again,
    remembered,
    remote_address,
    require_version,
    send,
    set_ref,
    tip,
    upstream_of,
)
from okr.operations.sync.bringing import (
    OWN_BRANCH,
    OWN_BRANCHES,
    PROPOSED,
    Patience,
    Run,
    Standing,
    bring,
    require_fit,
)
from okr.repository import find_repository, has_uncommitted_changes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from okr.git.sync import CommitLine

_FIRST_WAIT = 0.2  # seconds
_LONGEST_WAIT = 8.0
_PATIENT_ATTEMPTS = 4


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
        standing = bring(run)
        if not push or not standing.to_send:
            return _result(run, first, standing, attempt - 1, sent=False)
        run.say(f"Sending to {run.upstream.remote}/{standing.target} …")
        sent = send(run.repo, run.upstream, standing.target, silence=patience.silence)
        if sent.answer is Answer.SENT:
            if run.own_branch is not None:
                set_ref(run.repo, f"{PROPOSED}/{run.own_branch}", standing.new)
            return _result(run, first, standing, attempt, sent=True)
        if sent.answer is Answer.REFUSED:
            _turn_to_own_branch(run, standing.target, sent.words)
        elif not _wait(run, attempt, time.monotonic() - begun):
            break
    raise PushFailed(
        f"Others were faster each time: your commits are on top of {run.upstream} as it was a moment ago, but not sent.",
        "Nothing is lost. Repeat `okr sync`.",
    )


def _started(root: Path, person: Callable[[], str], say: Callable[[str], None], patience: Patience) -> Run:
    require_version()
    repo = find_repository(root)
    if repo is None:
        raise OkrError(
            f"{root} is in no git repository, so there is nothing to exchange.", "`git init` makes one."
        )
    require_fit(repo)
    if tip(repo, "HEAD") is None:
        raise OkrError("There is no commit yet, so there is nothing to send.", "Commit the workspace first.")
    upstream = upstream_of(repo, current_branch(repo))
    name = name_in(repo, root)
    run = Run(repo, "" if name == "." else f"{name}/", upstream, person, say, patience)
    run.own_branch = _proposed_branch(run)
    return run


def _proposed_branch(run: Run) -> str | None:
    """The branch of one's own that commits of this branch were sent to before, and that waits to be merged."""
    listed = run_git(run.repo, "for-each-ref", "--format=%(refname)", f"{PROPOSED}/").decode().split()
    for ref in listed:
        name = ref.removeprefix(f"{PROPOSED}/")
        matched = OWN_BRANCH.fullmatch(name)
        if matched and matched["base"] == run.upstream.branch:
            return name
    return None


def _fetch(run: Run) -> None:
    run.say(f"Fetching from {run.upstream.remote} …")
    others = [name for name in (run.own_branch, run.base) if name is not None]
    fetch(run.repo, run.upstream, others, silence=run.patience.silence)


def _turn_to_own_branch(run: Run, target: str, words: str) -> None:
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


def _wait(run: Run, attempt: int, took: float) -> bool:
    """Waits before the next attempt, at random, at first longer each time; False where there is none.

    An attempt that took long (a slow remote, a busy machine) is followed by a longer wait: others take as long.
    Whoever has lost often waits little: else those who have just come would win for ever.
    """
    doubled = attempt - 1 if attempt <= _PATIENT_ATTEMPTS else 0
    longest = min(_LONGEST_WAIT, max(_FIRST_WAIT, took) * 2**doubled)
    pause = random.uniform(0.1, 1.0) * longest  # noqa: S311 # jitter, no secret
    passed = time.monotonic() - run.started
    if attempt >= run.patience.attempts or passed + pause > run.patience.seconds:
        return False
    run.say(f"Somebody else was faster; trying again in {pause:.1f} seconds (attempt {attempt + 1}) …")
    time.sleep(pause)
    run.waited += pause
    return True


def _result(run: Run, first: str, standing: Standing, attempts: int, *, sent: bool) -> Synced:
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


def _proposal(run: Run) -> Proposal | None:
    branch = run.own_branch or (run.upstream.branch if run.base else None)
    if branch is None:
        return None
    from okr.operations.sync.pull_requests import pull_request_url

    base = run.base or run.upstream.branch
    url = pull_request_url(remote_address(run.repo, run.upstream.remote), branch, base)
    return Proposal(branch, base, url)
