"""Git's talk with a remote: which branch a branch follows, fetching it, sending to it, and what the answers mean.

Bringing commits on top of others is `replay`, moving a branch `move`; when to do what is
decided by `operations/sync/syncing.py`.
"""

from __future__ import annotations

import os
import re
import shlex
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.git.run import PLAIN_LOG, call_git, run, try_run
from okr.git.state import ObstacleFound, locked_by
from okr.git.text import quoted_output
from okr.git.writing import GitSilent, run_to_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okr.git.run import GitResult, Repository
    from okr.git.state import Obstacle

OLDEST_GIT = (2, 30)
"""What the README asks for; `okr sync` was tried with 2.39 and uses nothing newer than this."""

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_PROGRESS = re.compile(
    r"(?:remote: )?(?:\w+ (?:objects|deltas): .*, done\.|Delta compression using .*|Total \d+ \(delta \d+\).*)"
)
_REFUSAL = re.compile(rb"^!\t[^\t]*\t\[([a-z ]+)\](?: \((.*)\))?", re.MULTILINE)
_OVERTAKEN = re.compile(
    r"fetch first|non-fast-forward|stale info|remote ref updated|cannot lock ref|failed to update ref"
    r"|incorrect old value|failed to lock|reference already exists|atomic"
)
_NOT_OF_THE_BRANCH = re.compile(
    r"currently checked out|unpacker error|shallow update|missing necessary objects|n/a|bad pack"
)
_LOCKED = re.compile(rb"cannot lock ref|Unable to create '.*\.lock': File exists|shallow file has changed")
_LOCK_FILE = re.compile(rb"Unable to create '([^\n]*\.lock)': File exists")
_GONE = re.compile(rb"couldn't find remote ref")
_AUTHENTICATION = re.compile(
    r"Authentication failed|Permission denied|could not read (?:Username|Password)|terminal prompts disabled"
    r"|access denied|\b(?:error|HTTP|code|status):? 40[13]\b|Host key verification failed|not exported"
    r"|service not enabled|publickey",
    re.IGNORECASE,
)
_NO_REPOSITORY = re.compile(r"does not appear to be a git repository|repository .* not found", re.IGNORECASE)
_TRIES_AT_A_LOCK = 5


class NoUpstream(OkrError):
    """The branch follows none of a remote."""


class RemoteUnreachable(OkrError):
    """A remote could not be spoken with: offline, no such address, no permission, or no answer."""


class PushFailed(OkrError):
    """Commits could not be sent, for a reason that trying again won't mend."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """The branch of a remote that a local branch follows.

    Attributes:
        local: the local branch's short name, such as `main`.
        remote: the remote's name, such as `origin`.
        branch: the short name of the branch on the remote.
        tracking: the full name of the reference that remembers it here.
    """

    local: str
    remote: str
    branch: str
    tracking: str

    def __str__(self) -> str:
        """As git names it: `origin/main`."""
        return f"{self.remote}/{self.branch}"


class Answer(StrEnum):
    """What came of sending commits to a branch."""

    SENT = "sent"
    OVERTAKEN = "overtaken"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Sent:
    """The answer, and the remote's own words, made fit for a terminal."""

    answer: Answer
    words: str = ""


@dataclass(frozen=True, slots=True)
class CommitLine:
    """A commit by its full id and its subject."""

    id: str
    subject: str


@dataclass(frozen=True, slots=True)
class Divergence:
    """How two branches stand to each other.

    Attributes:
        own: how many commits only the own one has.
        theirs: how many only the other has.
        merges: whether a merge is among the own ones.
        related: whether they have a forebear in common.
    """

    own: int
    theirs: int
    merges: bool
    related: bool


def require_version() -> None:
    """Refuses a git that is too old.

    Raises:
        GitMissing: there is no git.
        OkrError: it is older than `OLDEST_GIT`.
    """
    said = call_git("version").out.decode("utf-8", "replace").strip()
    found = re.search(r"(\d+)\.(\d+)", said)
    if found and (int(found[1]), int(found[2])) < OLDEST_GIT:
        oldest = ".".join(map(str, OLDEST_GIT))
        raise OkrError(f"okr sync needs git {oldest} or later; this is {said}.", "Install a newer git.")


def current_branch(repo: Repository) -> str:
    """The short name of the branch that is checked out.

    Raises:
        GitFailed: none is (`obstacle` says so beforehand).
    """
    return _text(run(repo, "symbolic-ref", "--short", "HEAD"))


def upstream_of(repo: Repository, branch: str) -> Upstream:
    """The branch of a remote that a local branch follows.

    Raises:
        NoUpstream: there is none; the remedy is the command that sets it.
    """
    asked = "%(upstream)%00%(upstream:remotename)%00%(upstream:remoteref)"
    listed = _text(run(repo, "for-each-ref", f"--format={asked}", f"refs/heads/{branch}"))
    tracking, remote, ref = listed.split("\0") if listed else ("", "", "")
    if tracking and remote != "." and ref.startswith("refs/heads/"):
        return Upstream(branch, remote, ref.removeprefix("refs/heads/"), tracking)
    raise _no_upstream(repo, branch, tracking)


def _no_upstream(repo: Repository, branch: str, tracking: str) -> NoUpstream:
    remotes = _text(run(repo, "remote")).split()
    if not remotes:
        return NoUpstream(
            "This repository has no remote to exchange check-ins with.",
            "Make a repository on your git host, then: git remote add origin ADDRESS && "
            f"git push -u origin {shlex.quote(branch)}",
        )
    if tracking:
        message = (
            f"The branch {branch} follows {tracking.removeprefix('refs/heads/')}, which is on no remote."
        )
    else:
        message = f"The branch {branch} follows no branch of a remote, so okr can't tell where to send it."
    if len(remotes) > 1:
        listed = ", ".join(remotes)
        return NoUpstream(
            message, f"Choose one of {listed} and tell git: git push -u REMOTE {shlex.quote(branch)}"
        )
    remote = remotes[0]
    if tip(repo, f"refs/remotes/{remote}/{branch}"):
        command = f"git branch --set-upstream-to={shlex.quote(f'{remote}/{branch}')}"
        return NoUpstream(message, f"{remote} has a branch of that name; follow it: {command}")
    return NoUpstream(message, f"Tell git, once: git push -u {shlex.quote(remote)} {shlex.quote(branch)}")


def fetch(repo: Repository, upstream: Upstream, others: Sequence[str] = (), *, silence: float) -> None:
    """Fetch a branch from its remote, and others of the same remote where they exist.

    Only their remote-tracking references change; those whose branch is gone there go here as well.

    Args:
        repo: where.
        upstream: the branch.
        others: short names of further branches; each may be missing.
        silence: seconds without a word of git's after which it is given up.

    Raises:
        RemoteUnreachable: it can't be spoken with; git's own words are in the message.
        ObstacleFound: a lock keeps git from noting what it fetched.
    """
    wanted = [f"+refs/heads/{upstream.branch}:{upstream.tracking}"]
    # As a pattern, a branch that does not exist is no error.
    wanted += [f"+refs/heads/{name}*:{remembered(upstream, name)}*" for name in others]
    result = _fetch(repo, upstream, wanted, silence)
    for _ in range(_TRIES_AT_A_LOCK):
        if not result.status or not _LOCKED.search(result.err):
            break
        result = _fetch(repo, upstream, wanted, silence)
    if result.status and _GONE.search(result.err):
        # Nothing was pushed there yet, or the branch was removed; sending makes it again.
        wanted[0] = f"+refs/heads/{upstream.branch}*:{upstream.tracking}*"
        result = _fetch(repo, upstream, wanted, silence)
    if result.status:
        left = _left_lock(repo, result)
        raise _unreachable(repo, upstream.remote, result) if left is None else ObstacleFound(left)


def _left_lock(repo: Repository, result: GitResult) -> Obstacle | None:
    """A lock of git's own in this repository that kept it from noting what it fetched: a command died there, it may be."""
    for named in _LOCK_FILE.finditer(result.err):
        path = Path(os.path.normpath(repo.top / os.fsdecode(named[1])))
        # What a remote says of its own files stands among git's words; only what is git's here may be removed.
        if any(path.is_relative_to(folder) for folder in (repo.git_dir, repo.common_dir)) and path.exists():
            return locked_by({path: max(0.0, time.time() - path.lstat().st_mtime)})
    return None


def _fetch(repo: Repository, upstream: Upstream, wanted: Sequence[str], silence: float) -> GitResult:
    command = ("fetch", "--progress", "--prune", "--no-write-fetch-head", "--no-recurse-submodules")
    return _talk(repo, upstream.remote, (*command, "--", upstream.remote, *wanted), silence)


def remembered(upstream: Upstream, branch: str) -> str:
    """The reference that remembers another branch of the same remote."""
    return f"refs/remotes/{upstream.remote}/{branch}"


def send(repo: Repository, upstream: Upstream, branch: str, *, silence: float) -> Sent:
    """Push the local branch to a branch of its upstream's remote; never by force.

    Args:
        repo: where.
        upstream: whose local branch is sent, and to whose remote.
        branch: the short name of the branch there.
        silence: seconds without a word of git's, or of its hooks', after which it is given up.

    Returns:
        Whether it was sent, somebody else was faster, or the remote does not want it on that branch.

    Raises:
        RemoteUnreachable: the remote can't be spoken with.
        PushFailed: it failed for another reason.
    """
    refs = f"refs/heads/{upstream.local}:refs/heads/{branch}"
    command = ("push", "--porcelain", "--progress", "--no-follow-tags", "--recurse-submodules=no")
    result = _talk(repo, upstream.remote, (*command, "--", upstream.remote, refs), silence)
    if not result.status:
        return Sent(Answer.SENT, _words(result))
    refusal = _REFUSAL.search(result.out)
    if refusal is None:
        if b"failed to push some refs" in result.err:
            raise PushFailed(
                f"The push to {upstream.remote} was stopped here, by a pre-push hook it seems. It said:\n{_words(result)}",
                "Mend what it complains about, then repeat `okr sync`.",
            )
        raise _unreachable(repo, upstream.remote, result)
    reason = f"{_text(refusal[1])} {_text(refusal[2] or b'')}"
    if _OVERTAKEN.search(reason):
        return Sent(Answer.OVERTAKEN, _words(result))
    if _NOT_OF_THE_BRANCH.search(reason):
        raise PushFailed(
            f"{upstream.remote} did not take the commits ({reason.strip()}). It said:\n{_words(result)}",
            "Mend what it says, then repeat `okr sync`; the commits are safe here.",
        )
    return Sent(Answer.REFUSED, _words(result))


def _talk(repo: Repository, remote: str, command: tuple[str, ...], silence: float) -> GitResult:
    try:
        return run_to_end(repo, *command, silence=silence)
    except GitSilent as error:
        raise RemoteUnreachable(
            f"{remote} does not answer. {error.message}", "Nothing is lost. Try again when it is back."
        ) from error


def _unreachable(repo: Repository, remote: str, result: GitResult) -> RemoteUnreachable:
    said = _words(result)
    if _AUTHENTICATION.search(said):
        return RemoteUnreachable(
            f"{remote} does not let you in. Git said:\n{said}",
            f"Nothing is lost. Check your key or token with `git fetch {shlex.quote(remote)}`, then repeat `okr sync`.",
        )
    address = remote_address(repo, remote)
    if _NO_REPOSITORY.search(said):
        return RemoteUnreachable(
            f"{remote}{f' ({address})' if address else ''} is no git repository. Git said:\n{said}",
            f"Nothing is lost. `git remote set-url {shlex.quote(remote)} ADDRESS` says where it is; then repeat `okr sync`.",
        )
    return RemoteUnreachable(
        f"{remote}{f' ({address})' if address else ''} can't be reached. Git said:\n{said}",
        "Nothing is lost: what you committed is here, and `okr sync` sends it when you are online again.",
    )


def _words(result: GitResult) -> str:
    """What git and the remote said: no progress, no advice, nobody's password."""
    said = quoted_output(re.sub(rb"[^\n]*\r(?!\n)", b"", result.err))
    lines = [
        line
        for line in said.split("\n")
        if line and not line.startswith("hint:") and not _PROGRESS.fullmatch(line)
    ]
    return without_credentials("\n".join(lines)) or f"exit status {result.status}"


def without_credentials(text: str) -> str:
    """A text with the names and passwords taken out of the addresses in it."""
    return _CREDENTIALS.sub("", text)


def remote_address(repo: Repository, remote: str) -> str:
    """Where a remote is, without names and passwords; empty where git can't tell."""
    result = try_run(repo, "remote", "get-url", "--push", "--", remote)
    return without_credentials(quoted_output(result.out)) if not result.status else ""


def tips(repo: Repository, refs: Iterable[str]) -> dict[str, str]:
    """The commits that references are at, by their full names; those that don't exist are left out."""
    listed = _text(run(repo, "for-each-ref", "--format=%(refname) %(objectname)", *refs)).splitlines()
    return dict(line.rsplit(" ", 1) for line in listed)


def tip(repo: Repository, ref: str) -> str | None:
    """The commit a reference is at; None where there is no such reference."""
    return _text(try_run(repo, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").out) or None


def is_ancestor(repo: Repository, older: str, newer: str) -> bool:
    """Whether a commit is another one or a forebear of it."""
    return not try_run(repo, "merge-base", "--is-ancestor", older, newer).status


def are_related(repo: Repository, one: str, other: str) -> bool:
    """Whether two commits have a forebear in common that this clone knows."""
    return not try_run(repo, "merge-base", one, other).status


def commits_between(repo: Repository, starts: Iterable[str | None], end: str) -> tuple[CommitLine, ...]:
    """The commits of `end` that are in none of `starts`, oldest first; None among them stands for nothing."""
    excluded = [f"^{start}" for start in starts if start is not None]
    listed = run(
        repo, "log", "-z", "--reverse", "--topo-order", "--format=%H %s", *PLAIN_LOG, end, *excluded, "--"
    )
    lines = (entry.partition(" ") for entry in listed.decode("utf-8", "replace").split("\0") if entry)
    return tuple(CommitLine(commit, subject) for commit, _, subject in lines)


def found_again(repo: Repository, commit: str, end: str) -> str | None:
    """What a commit is called in `end`: itself, or what it became when it was brought on top of others.

    That one has the same author, the same moment and the same message. None where there is none.
    """
    if is_ancestor(repo, commit, end):
        return commit
    form = ("log", "-z", *PLAIN_LOG, "--format=%H %ae %at %B")
    _, _, said = run(repo, *form, "-1", commit, "--").rstrip(b"\0").partition(b" ")
    listed = (entry.partition(b" ") for entry in run(repo, *form, end, f"^{commit}", "--").split(b"\0"))
    return next((each.decode() for each, _, theirs in listed if theirs == said), None)


def count_new(repo: Repository, sources: Iterable[str | None], known: Iterable[str | None]) -> int:
    """How many commits there are in `sources` that are in none of `known`."""
    there = [source for source in sources if source is not None]
    without = [f"^{each}" for each in known if each is not None]
    return int(run(repo, "rev-list", "--count", *there, *without, "--")) if there else 0


def divergence(repo: Repository, own: str, theirs: str) -> Divergence:
    """How two branches stand to each other, by one look at the commits that only one of them has."""
    listed = (
        run(repo, "rev-list", "--left-right", "--parents", f"{own}...{theirs}", "--").decode().splitlines()
    )
    mine = [line.split() for line in listed if line.startswith("<")]
    begun_anew = any(len(line) == 1 for line in mine)  # a commit without a parent
    return Divergence(
        len(mine),
        len(listed) - len(mine),
        any(len(line) > 2 for line in mine),  # noqa: PLR2004 # itself and one parent
        not begun_anew or are_related(repo, own, theirs),
    )


def same_tree(repo: Repository, one: str, other: str) -> bool:
    """Whether two commits hold the same files."""
    trees = _text(run(repo, "rev-parse", f"{one}^{{tree}}", f"{other}^{{tree}}")).split()
    return trees[0] == trees[1]


def set_ref(repo: Repository, ref: str, commit: str | None) -> None:
    """Make a reference of okr's own point at a commit; None removes it.

    Raises:
        OkrError: git can't write it.
    """
    change = ("-d", ref) if commit is None else (ref, commit)
    result = run_to_end(repo, "update-ref", *change)
    if result.status:
        raise OkrError(f"Git could not write {ref}. It said:\n{_words(result)}", "Repeat the command.")


def _text(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape").strip("\n")
