"""One commit of a few files through git's own `commit --only`: hooks, signing and identity are the user's.

Whatever else is staged or dirty stays exactly as it was; a failure leaves the index as it was.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, replace
from okr.errors import OkrError
from okr.git.index import align_names, behind_command, index_behind
from okr.git.paths import ignoring_rule, name_in, pathspecs, require_seen, status_command, status_of
from okr.git.refusals import CommitFailed, NothingToCommit, PathIgnored, failure
from okr.git.run import UNMERGED, GitResult, Repository, ahead, at_top, run, try_run
from okr.git.state import ObstacleFound, is_locked, obstacle
from okr.git.text import safe_line
from okr.git.writing import run_to_end, uninterrupted
from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from okr.git.paths import Status

_SHA1_DIGITS = 40
_LOCK_PATIENCE = 3.0  # seconds to try again while another git command holds a lock
_SUMMARY = pattern(rb"^\[(?:detached HEAD|\S+)(?: \(root-commit\))? ([0-9a-f]{4,64})\] ")
_CONTENDED = pattern(rb"Unable to create '.*\.lock': File exists|cannot lock ref .* but expected")
_FLUSHING = ("config", "--get", "core.fsync")
_MESSAGES_IN_WAITING = ("MERGE_MSG", "SQUASH_MSG")
"""Texts git keeps for the user's next commit, and would remove after ours."""


class CommitIncomplete(OkrError):
    """A commit was made, but without the change it was made for."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that was made.

    Attributes:
        id: its full id.
        remarks: what a person should know about it, in sentences: what a hook changed, say. Mostly empty.
        behind: the logs for which the index lags behind it, where that was asked.
        alone: whether it is known that in their folder nothing else waited to be committed.
    """

    id: str
    remarks: tuple[str, ...] = ()
    behind: tuple[Path, ...] | None = None
    alone: bool = False


def commit_only(
    repo: Repository,
    paths: Iterable[Path],
    message: str,
    *,
    trailers: Sequence[tuple[str, str]] = (),
    logs: Path | None = None,
    was: Status | None = None,
) -> Commit:
    """Commit these files as they are in the work tree, and nothing else.

    The log should be locked meanwhile (`checkin_lock`). While another git command holds a lock, it is
    tried again for some seconds. Ctrl-C leaves either the commit or the index as it was.

    Args:
        repo: where.
        paths: files inside the work tree; new ones are added.
        message: subject and body; the words of people in it went through `safe_paragraph` or `safe_line`.
        trailers: keys and values of the last paragraph; values are put on one line.
        logs: a folder of logs: as soon as the commit is made, git looks whether the index lags behind it there.
        was: what `status_before` said of the folder that they are in, before they were changed; all were there.

    Returns:
        The new commit, checked to hold the files' content.

    Raises:
        ObstacleFound: the repository is not fit for a commit.
        NothingToCommit: no file differs from the last commit.
        PathIgnored: git ignores one of the files.
        HookRejected: a hook said no; its words are in the message.
        SignerFailed: the commit could not be signed.
        IdentityMissing: git does not know who commits.
        CommitFailed: any other reason of git's.
        CommitIncomplete: a hook took the change out of the commit.
        ChangesOverlooked: git was told to overlook what changes in one of the files.
    """
    names = tuple(name_in(repo, path) for path in paths)
    changed = None if was is None else _once_changed(was, names)
    asked = (UNMERGED, _FLUSHING, *([status_command(names, ignored=True)] if changed is None else []))
    with ahead(*(at_top(repo, each) for each in asked if not is_locked(repo))):
        found = obstacle(repo)
        if found is not None:
            raise ObstacleFound(found)
        before = status_of(repo, names, ignored=True) if changed is None else changed
        flushing = _flushing(repo)
    _check_something_to_commit(repo, names, before)
    waiting = _messages_in_waiting(repo)
    new = tuple(name for name in names if name in before.untracked)
    wanted: dict[str, bytes | None] = {}
    try:
        if new:
            _retried(repo, "add", "--intent-to-add", "--", *pathspecs(new))
        wanted = _contents(repo, [name for name in names if name in before.changed or name in new])
        made = _commit(repo, names, (flushing, _compose(message, trailers)), before.head, wanted, logs)
        alone = was is not None and not made.remarks and {*was.changed, *was.untracked} <= {*names}
        return replace(made, alone=alone)
    except CommitIncomplete:
        raise
    except BaseException:
        with uninterrupted():
            _put_back(repo, new, before.head, wanted)
        raise
    finally:
        with uninterrupted():
            for path, content in waiting.items():
                if not path.exists():
                    path.write_bytes(content)


def looks_before(repo: Repository, folder: Path) -> tuple[tuple[str, ...], ...]:
    """What git is asked before files of a folder are changed and committed: by `status_before`, and by `commit_only`."""
    return (status_command([name_in(repo, folder)], ignored=True), UNMERGED, _FLUSHING)


def status_before(repo: Repository, folder: Path) -> Status:
    """How the files of a folder stand before some of them are changed, as `commit_only` takes it."""
    return status_of(repo, [name_in(repo, folder)], ignored=True)


def _once_changed(was: Status, names: Sequence[str]) -> Status | None:
    """How files stand once they are changed, of which git had nothing to tell before; None where it had."""
    if any(name in was.changed or name in was.untracked or was.ignores(name) for name in names):
        return None
    return replace(was, changed=dict.fromkeys(names, ".M"))


def checkin_lock(repo: Repository) -> Path:
    """The lock file for `locks.locked` that serialises the check-ins of all work trees of a clone."""
    return repo.common_dir / "okr-checkin.lock"


def _check_something_to_commit(repo: Repository, names: tuple[str, ...], before: Status) -> None:
    for name in names:
        if before.ignores(name):
            raise PathIgnored(
                f"Git ignores {name}, because of {ignoring_rule(repo, repo.top / name)}.",
                "Take that rule away or make an exception to it, then repeat the command.",
            )
        if name not in before.changed and not (repo.top / name).exists():
            raise CommitFailed(f"{name} does not exist, so it can't be committed.", "Check its name.")
    nothing = not any(name in before.changed or name in before.untracked for name in names)
    if nothing or len(names) > 1:  # of several files git would commit the others
        require_seen(repo, names)
    if nothing:
        raise NothingToCommit(
            f"There is nothing to commit in {', '.join(names)}: the last commit holds it already.",
            "See it with `git log`.",
        )


def _compose(message: str, trailers: Sequence[tuple[str, str]]) -> bytes:
    text = message.rstrip() + "\n"
    if trailers:
        text += "\n" + "".join(f"{key}: {safe_line(value)}\n" for key, value in trailers)
    return text.encode("utf-8", "replace")


def _messages_in_waiting(repo: Repository) -> dict[Path, bytes]:
    paths = (repo.git_dir / name for name in _MESSAGES_IN_WAITING)
    return {path: path.read_bytes() for path in paths if path.is_file()}


def _retried(repo: Repository, *arguments: str, input: bytes = b"") -> GitResult:  # noqa: A002 # as in run
    """Run a command that writes, again while a lock is held; raises what its failure means."""
    deadline = time.monotonic() + _LOCK_PATIENCE
    while True:
        result = run_to_end(repo, *arguments, input=input)
        if not result.status:
            return result
        if not _CONTENDED.search(result.err) or time.monotonic() > deadline:
            raise failure(repo, result)
        import random  # seldom needed, and slow to import

        time.sleep(random.uniform(0.02, 0.1))  # noqa: S311 # jitter, no secret


def _commit(
    repo: Repository,
    names: tuple[str, ...],
    words: tuple[tuple[str, ...], bytes],
    before: str | None,
    wanted: dict[str, bytes | None],
    logs: Path | None,
) -> Commit:
    """Commits files with some settings and a message, looks whether that went well, and whether the index followed."""
    settings, message = words
    try:
        done = _retried(
            repo,
            *("-c", "i18n.commitEncoding=UTF-8"),
            *settings,
            *("commit", "--only", "--cleanup=whitespace", "--file=-", "--", *pathspecs(names)),
            input=message,
        )
    except (CommitFailed, ObstacleFound) as error:
        landed = _landed(repo, before, wanted)
        if landed is None:
            require_seen(repo, names)
            raise
        align_names(repo, names)
        said = " ".join(error.message.partition(" It said:\n")[2].split())
        reported = "The commit was made, but git reported a failure after it."
        return Commit(landed, (f"{reported} It said: {said}" if said else reported,))
    summary = _SUMMARY.search(done.out)
    asked = (_changes_command("HEAD"), *([] if logs is None else [behind_command(repo, logs)]))
    with ahead(*(at_top(repo, each) for each in asked)):
        made = _verified(repo, summary[1].decode() if summary else "HEAD", wanted)
        return made if logs is None else replace(made, behind=index_behind(repo, logs))


def _flushing(repo: Repository) -> tuple[str, ...]:
    """Settings that make git flush what it writes, unless the user has said how: by default it does not.

    Otherwise a power cut soon after leaves a branch that names an empty object.
    """
    said = not try_run(repo, *_FLUSHING).status
    return () if said else ("-c", "core.fsync=added,reference")


def _verified(repo: Repository, revision: str, wanted: dict[str, bytes | None]) -> Commit:
    """The commit git says it made, once it is seen to be on the branch and to hold what it should."""
    remarks: list[str] = []
    made, changes = _changes(repo, "HEAD")
    if revision != "HEAD" and not made.startswith(revision):  # something came after it
        head = made
        made = (
            run(repo, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
        )
        if head != made and try_run(repo, "merge-base", "--is-ancestor", made, "HEAD").status:
            remarks.append(f"A hook of this repository replaced the commit {made[:10]} by {head[:10]}.")
            made = head
        _, changes = _changes(repo, made)
    for name, content in wanted.items():
        if name not in changes:
            raise CommitIncomplete(
                f"The commit {made[:10]} was made, but a hook left the change of {name} out of it.",
                f"Look at it with `git show {made[:10]}` and at the hooks of this repository.",
            )
        if not _is_what_git_keeps(repo, name, content, changes[name]):
            remarks.append(f"A hook of this repository changed {name} while it was committed.")
    extra = [name for name in changes if name not in wanted]
    if extra:
        remarks.append(f"A hook of this repository added {', '.join(extra)} to the commit.")
    return Commit(made, tuple(remarks))


def _landed(repo: Repository, before: str | None, wanted: dict[str, bytes | None]) -> str | None:
    """The last commit, if it is new and changes all the files: a failure or Ctrl-C came after it was made."""
    head = _head(repo)
    if not wanted or head is None or head == before:
        return None
    _, changes = _changes(repo, head)
    return head if all(name in changes for name in wanted) else None


def _head(repo: Repository) -> str | None:
    return try_run(repo, "rev-parse", "--verify", "--quiet", "HEAD").out.decode().strip() or None


def _contents(repo: Repository, names: Sequence[str]) -> dict[str, bytes | None]:
    """What the files hold now; None for one that is gone."""
    return {name: (repo.top / name).read_bytes() if (repo.top / name).is_file() else None for name in names}


def _is_what_git_keeps(repo: Repository, name: str, content: bytes | None, found: str) -> bool:
    """Whether an id is that of a content, as git keeps it: after its filters (line endings, say)."""
    if content is None or not found:
        return content is None and not found
    if content_id(content, found) == found:  # nearly always: then git need not be asked
        return True
    return run(repo, "hash-object", f"--path={name}", "--stdin", input=content).decode().strip() == found


def content_id(content: bytes, like: str) -> str:
    """The id that git gives a content, by the kind of id that it has in a repository.

    Args:
        content: as git keeps it.
        like: any id of the repository: SHA-1 has 40 digits, SHA-256 has 64.
    """
    kept = b"blob %d\0%b" % (len(content), content)
    if len(like) != _SHA1_DIGITS:
        from hashlib import sha256

        return sha256(kept).hexdigest()
    try:
        # Python's own, for to load OpenSSL's takes 2 ms.
        from _sha1 import sha1  # type: ignore[import-not-found] # it is described as a part of hashlib alone
    except ImportError:
        from hashlib import sha1
    return str(sha1(kept, usedforsecurity=False).hexdigest())


def _changes(repo: Repository, commit: str) -> tuple[str, dict[str, str]]:
    """A commit's full id and what it changed: each path with the id of its new content, empty where it was removed."""
    raw = run(repo, *_changes_command(commit))
    made, *fields = raw.decode("utf-8", "surrogateescape").split("\0")[:-1]
    return made, {
        name: "" if meta.endswith("D") else meta.split()[3]
        for meta, name in zip(fields[::2], fields[1::2], strict=True)
    }


def _changes_command(commit: str) -> tuple[str, ...]:
    return ("diff-tree", "-r", "-z", "--root", "--no-abbrev", "--always", commit)


def _put_back(
    repo: Repository, new: tuple[str, ...], before: str | None, wanted: dict[str, bytes | None]
) -> None:
    """After a failure: if git had got as far as the commit, let the index follow; else forget new files."""
    if _landed(repo, before, wanted) is not None:
        align_names(repo, wanted)
    elif new:
        given = "".join(f"{name}\0" for name in new).encode("utf-8", "surrogateescape")
        run_to_end(repo, "update-index", "--force-remove", "-z", "--stdin", input=given)
