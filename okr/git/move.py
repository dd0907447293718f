"""Moving the branch that is checked out to another commit, with uncommitted changes left exactly as they are.

As `git checkout` does it: files that differ between the two commits follow, all others stay byte for byte, in the
index too. A log with lines not committed yet gets the new lines beside them. Any other file that would have to
follow but has uncommitted changes stops the move before anything is touched.
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.errors import OkrError
from okr.files import replace_file
from okr.git.paths import status_of
from okr.git.run import GitResult, run, without_local_variables
from okr.git.text import quoted_output
from okr.git.writing import uninterrupted

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from okr.git.paths import Status
    from okr.git.run import Repository

_PATIENCE = 3.0  # seconds to wait for another git command that holds the index
_LOCKED = re.compile(rb"Unable to create '.*\.lock': File exists")
_REGULAR = ("100644", "100755")
_NOTHING = "000000"
_NO_ROOM = re.compile(rb"No space left on device|Disk quota exceeded|Out of diskspace|File too large")
_IN_THE_WAY = re.compile(rb"not uptodate|would be overwritten|would be removed|would lose|overlaps")
_TRIES_TO_PUT_BACK = 3


class WorkTreeInTheWay(OkrError):
    """Uncommitted changes in files that would have to follow; nothing was changed.

    Attributes:
        names: the files, relative to the top of the repository.
    """

    def __init__(self, names: tuple[str, ...], words: str = "") -> None:
        if names:
            listed = f"{', '.join(names[:3])}{f' and {len(names) - 3} more' if len(names) > 3 else ''}"  # noqa: PLR2004 # enough to recognise
            verb = "has" if len(names) == 1 else "have"
            message = (
                f"{listed} {verb} changes that are not committed, and others changed the same on the remote."
            )
        else:
            message = (
                f"Files that are not committed are in the way of what others changed. Git said:\n{words}"
            )
        super().__init__(
            f"{message}", "Nothing was changed. Commit them, or put them aside with `git stash`, then repeat."
        )
        self.names = names


class WorkTreeGone(WorkTreeInTheWay):
    """The uncommitted changes are that files are gone: to commit or to put aside that would be to lose them."""

    def __init__(self, repo: Repository, names: tuple[str, ...]) -> None:
        super().__init__(names)
        from okr.git.remedies import git_here, names_here

        these = names_here(repo.top, [repo.top / name for name in names])
        self.remedy = (
            f"Nothing was changed. What is gone here comes back with `{git_here(repo.top)} checkout HEAD -- {these}`; "
            "then repeat."
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index, or a commit, holds for a file: its mode and the id of its content."""

    mode: str
    blob: str


Changes = dict[str, tuple[Entry | None, Entry | None]]
"""What two commits have of the files that differ between them."""


@dataclass(frozen=True, slots=True)
class Swap:
    """A log with uncommitted lines, on one side of a move and on the other.

    Attributes:
        name: relative to the top of the repository.
        work: the file's bytes.
        commit: what the commit holds; None where it has no such file.
        index: what the index holds; None where it has no such file.
    """

    name: str
    work: tuple[bytes, bytes]
    commit: tuple[Entry | None, Entry | None]
    index: tuple[Entry | None, Entry | None]

    def reversed(self) -> Swap:
        """The same, the other way round."""
        return Swap(self.name, self.work[::-1], self.commit[::-1], self.index[::-1])


@dataclass(frozen=True, slots=True)
class Move:
    """A branch that was moved, as needed to move it back.

    Attributes:
        branch: its short name.
        old: the commit it was at.
        new: the commit it is at.
        swaps: the logs with uncommitted lines.
        clean: what the commits have of the files that differ between them and had no changes of the user's.
    """

    branch: str
    old: str
    new: str
    swaps: tuple[Swap, ...] = ()
    clean: Changes = field(default_factory=dict)


def move(repo: Repository, branch: str, old: str, new: str, *, logs: str) -> Move:
    """Move the branch that is checked out from one commit to another; the check-in lock must be held.

    Ctrl-C is held off meanwhile, so that all of it happens or nothing.

    Args:
        repo: where.
        branch: its short name.
        old: the commit it is at.
        new: the commit to move it to.
        logs: the folder of the logs, relative to the top.

    Raises:
        WorkTreeInTheWay: uncommitted changes are in the way.
        OkrError: git could not.
    """
    changes, status = _changes(repo, old, new), status_of(repo, ())
    swaps = _swaps(repo, changes, logs, status)
    done = Move(branch, old, new, swaps, _clean(changes, status))
    with uninterrupted():
        _apply(repo, done)
    return done


def move_back(repo: Repository, done: Move) -> bool:
    """Undo a move, unless the branch has moved on; the check-in lock must be held.

    Returns:
        Whether everything is as it was before the move.
    """
    swaps = tuple(swap.reversed() for swap in done.swaps)
    at = run(repo, "rev-parse", f"refs/heads/{done.branch}").decode().strip()
    unchanged = all((repo.top / swap.name).read_bytes() == swap.work[0] for swap in swaps)
    if at != done.new or not unchanged:
        return False
    clean = _clean(_changes(repo, done.new, done.old), status_of(repo, ()))
    with uninterrupted():
        _apply(repo, Move(done.branch, done.new, done.old, swaps, clean))
    return True


def _clean(changes: Changes, status: Status) -> Changes:
    return {
        name: entries
        for name, entries in changes.items()
        if name not in status.changed and name not in status.untracked
    }


def _changes(repo: Repository, old: str, new: str) -> Changes:
    listed = run(repo, "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", old, new)
    fields = listed.decode("utf-8", "surrogateescape").split("\0")[:-1]
    found: Changes = {}
    for meta, name in zip(fields[::2], fields[1::2], strict=True):
        before, after, was, now, _ = meta.removeprefix(":").split(" ")
        found[name] = (_entry(before, was), _entry(after, now))
    return found


def _entry(mode: str, blob: str) -> Entry | None:
    return None if mode == _NOTHING else Entry(mode, blob)


def _swaps(repo: Repository, changes: Changes, logs: str, status: Status) -> tuple[Swap, ...]:
    dirty = [
        name
        for name, (_, new) in changes.items()
        if (name in status.changed or name in status.untracked)
        and not _follows_already(repo, name, new, status)
    ]
    swaps = {
        name: _swap(repo, name, changes[name], status, union=name.startswith(f"{logs}/")) for name in dirty
    }
    stuck = tuple(name for name in dirty if swaps.get(name) is None) + tuple(
        name
        for name, (old, _) in changes.items()
        if old is None and name not in status.changed and name not in dirty and _hides(repo, name, changes)
    )
    if stuck:
        if all(changes[name][0] and not os.path.lexists(repo.top / name) for name in stuck):
            raise WorkTreeGone(repo, stuck)
        raise WorkTreeInTheWay(stuck)
    return tuple(swap for swap in swaps.values() if swap is not None)


def _hides(repo: Repository, name: str, changes: Container[str]) -> bool:
    """Whether a new file would take the place of one that git ignores: git itself would overwrite it."""
    path = repo.top / name
    parents = [repo.top / parent for parent in Path(name).parents[:-1]]
    return os.path.lexists(path) or any(
        os.path.lexists(parent)
        and not parent.is_dir()
        and parent.relative_to(repo.top).as_posix() not in changes
        for parent in parents
    )


def _follows_already(repo: Repository, name: str, new: Entry | None, status: Status) -> bool:
    """Whether a file is in the index as it is to be: a move that was killed had come so far, say."""
    letters = status.changed.get(name, "??")
    if new is None:
        return letters in {"D.", ".D"}
    return letters[1] == "." and _in_index(repo, name) == new


def _swap(
    repo: Repository, name: str, commit: tuple[Entry | None, Entry | None], status: Status, *, union: bool
) -> Swap | None:
    """The log with both sides' lines, or the file as it is where it holds what it is to hold; else None.

    It can't be joined where it was removed, or is no plain file.
    """
    path = repo.top / name
    old, new = commit
    letters = status.changed.get(name, "??")
    plain = path.is_file() and not path.is_symlink() and new is not None and new.mode in _REGULAR
    if not plain or "D" in letters or new is None:
        return None
    before, target = path.read_bytes(), _as_written(repo, name, new)
    if not union and (before != target or letters[0] not in ".?"):
        return None
    after = before if before == target else _union(repo, before, _as_written(repo, name, old), target)
    staged = _in_index(repo, name)
    index: Entry | None = new
    if staged is not None and letters[0] not in ".?":
        joined = _union(repo, _blob(repo, staged), _blob(repo, old), _blob(repo, new))
        written = run(repo, "hash-object", "-w", "--stdin", input=joined).decode().strip()
        index = Entry(staged.mode, written)
    return Swap(name, (before, after), commit, (staged, index))


def _in_index(repo: Repository, name: str) -> Entry | None:
    listed = run(repo, "ls-files", "--stage", "-z", "--", f":(top,literal){name}").decode().split()
    return Entry(listed[0], listed[1]) if listed else None


def _blob(repo: Repository, entry: Entry | None) -> bytes:
    return run(repo, "cat-file", "blob", entry.blob) if entry else b""


def _as_written(repo: Repository, name: str, entry: Entry | None) -> bytes:
    """The content as git would write it into the work tree: with its line endings, say."""
    return run(repo, "cat-file", "--filters", f"--path={name}", entry.blob) if entry else b""


def _union(repo: Repository, own: bytes, base: bytes, theirs: bytes) -> bytes:
    """All lines of both sides."""
    files = [repo.git_dir / f"okr-union-{secrets.token_hex(4)}" for _ in range(3)]
    try:
        for file, content in zip(files, (own, base, theirs), strict=True):
            file.write_bytes(content)
        return run(repo, "merge-file", "--union", "--stdout", "--", *map(str, files))
    finally:
        for file in files:
            file.unlink(missing_ok=True)


def _apply(repo: Repository, planned: Move) -> None:
    """Everything but Ctrl-C, which the caller holds off: index, files, branch, in git's own order."""
    if planned.swaps:
        _rehearse(repo, planned)
    done: list[Swap] = []
    try:
        for swap in planned.swaps:
            replace_file(repo.top / swap.name, swap.work[1], expected=swap.work[0], root=repo.top)
            done.append(swap)
        _set_entries(repo, ((swap.name, swap.commit[1]) for swap in planned.swaps))
        _follow(repo, planned.old, planned.new, planned.clean)
    except BaseException:
        _restore(repo, [swap.reversed() for swap in done])
        raise
    message = f"okr sync: moving from {planned.old[:10]} to {planned.new[:10]}"
    ref = f"refs/heads/{planned.branch}"
    result = _shielded(repo, "update-ref", "-m", message, ref, planned.new, planned.old)
    if result.status:
        back = [swap.reversed() for swap in planned.swaps]
        _set_entries(repo, ((swap.name, swap.commit[1]) for swap in back))
        clean = {name: entries[::-1] for name, entries in planned.clean.items()}
        _follow(repo, planned.new, planned.old, clean)
        _restore(repo, back)
        raise OkrError(
            f"The branch {planned.branch} was moved by another command meanwhile; nothing was changed.",
            f"Repeat the command. Git said: {quoted_output(result.err)}",
        )
    _set_entries(repo, ((swap.name, swap.index[1]) for swap in planned.swaps))


def _restore(repo: Repository, swaps: list[Swap]) -> None:
    for swap in swaps:
        replace_file(repo.top / swap.name, swap.work[1], expected=swap.work[0], root=repo.top)
    _set_entries(repo, ((swap.name, swap.index[1]) for swap in swaps))


def _rehearse(repo: Repository, planned: Move) -> None:
    """Try the move in a copy of the index, so that logs are written only when all of it will go through."""
    copy = repo.git_dir / f"okr-index-{secrets.token_hex(4)}"
    try:
        index = repo.git_dir / "index"
        if index.exists():
            copy.write_bytes(index.read_bytes())
        _set_entries(repo, ((swap.name, swap.commit[1]) for swap in planned.swaps), index=copy)
        _shielded(repo, "update-index", "-q", "--refresh", index=copy)
        result = _shielded(repo, "read-tree", "-n", "-m", "-u", planned.old, planned.new, index=copy)
        if result.status:
            raise _refused(result)
    finally:
        copy.unlink(missing_ok=True)
        copy.with_name(f"{copy.name}.lock").unlink(missing_ok=True)


def _follow(repo: Repository, old: str, new: str, clean: Changes) -> None:
    """Index and files follow from one commit to the other; git looks at all of it before it changes any.

    Where it fails after that, as on a full disk, what it had written or removed is put back.
    """
    command = ("read-tree", "-m", "-u", old, new)
    result = _shielded(repo, *command)
    if not result.status:
        return
    # A file that was touched and not changed stops it too, until the index has had another look.
    looked = _shielded(repo, "update-index", "-q", "--refresh")
    if _put_back(repo, clean, result):
        raise _refused(result)
    failed = next((each for each in (result, looked) if _NO_ROOM.search(each.err)), None)
    result = failed or _shielded(repo, *command)
    if result.status:
        _put_back(repo, clean, result)
        raise _refused(result)


def _refused(result: GitResult) -> OkrError:
    words = quoted_output(result.err)
    if _NO_ROOM.search(result.err):
        return OkrError(
            f"What others changed could not be written: the disk is full. Git said:\n{words}",
            "Nothing was changed. Free some space, then repeat the command.",
        )
    if _IN_THE_WAY.search(result.err):
        return WorkTreeInTheWay((), words)
    return OkrError(
        f"What others changed could not be written. Git said:\n{words}",
        "Nothing was changed. Free some space if the disk is full, or mend what it says; then repeat the command.",
    )


def _put_back(repo: Repository, clean: Changes, failed: GitResult) -> bool:
    """Puts back what git changed before it failed; what anybody else has written since stays.

    Returns:
        Whether there was anything to put back.

    Raises:
        OkrError: not all of it could be put back.
    """
    listed = run(repo, "diff-files", "-z", "--name-only").decode("utf-8", "surrogateescape")
    differ = {*listed.split("\0")}  # one question for all: a process for each of thousands would take minutes
    touched = [
        name
        for name, (old, new) in clean.items()
        if (name in differ or (old is None and os.path.lexists(repo.top / name)))
        and _half_done(repo, name, old, new)
    ]
    if not touched:
        return False
    for name in touched:
        if clean[name][0] is None:
            (repo.top / name).unlink(missing_ok=True)
    there_before = [name for name in touched if clean[name][0] is not None]
    left = there_before
    for _ in range(_TRIES_TO_PUT_BACK):  # the space that one gives back may be what another needs
        if left:
            given = b"".join(os.fsencode(name) + b"\0" for name in left)
            _shielded(repo, "checkout-index", "--force", "-z", "--stdin", input=given)
            left = [name for name in left if _half_done(repo, name, *clean[name])]
    _shielded(repo, "update-index", "-q", "--refresh")
    if left:
        from okr.git.remedies import git_here, names_here

        these = names_here(repo.top, [repo.top / name for name in left])
        raise OkrError(
            f"What others changed could not be written, and {', '.join(left)} could not be put back. Git said:\n"
            f"{quoted_output(failed.err)}",
            f"Do not commit that. Free some space, run `{git_here(repo.top)} checkout HEAD -- {these}`, then repeat.",
        )
    return True


def _half_done(repo: Repository, name: str, old: Entry | None, new: Entry | None) -> bool:
    """Whether a file is no longer as it was, and holds no more than the beginning of what git was to write."""
    if any(entry is not None and entry.mode not in _REGULAR for entry in (old, new)):
        return False
    path = repo.top / name
    now = path.read_bytes() if path.is_file() and not path.is_symlink() else None
    if now is None:
        return old is not None and not os.path.lexists(path)
    if old is not None and now == _as_written(repo, name, old):
        return False
    return new is not None and _as_written(repo, name, new).startswith(now)


def _set_entries(
    repo: Repository, entries: Iterable[tuple[str, Entry | None]], *, index: Path | None = None
) -> None:
    given_entries = list(entries)
    width = max((len(entry.blob) for _, entry in given_entries if entry), default=40)
    lines = [
        f"{entry.mode} {entry.blob}\t{name}\0" if entry else f"0 {'0' * width}\t{name}\0"
        for name, entry in given_entries
    ]
    if lines:
        given = "".join(lines).encode("utf-8", "surrogateescape")
        result = _shielded(repo, "update-index", "-z", "--index-info", input=given, index=index)
        if result.status:
            raise OkrError(
                f"Git could not write its index. It said:\n{quoted_output(result.err)}", "Repeat the command."
            )


def _shielded(repo: Repository, *arguments: str, input: bytes = b"", index: Path | None = None) -> GitResult:  # noqa: A002 # as subprocess calls it
    """Run a git command that Ctrl-C in the terminal does not reach; again while the index is locked."""
    environment = without_local_variables(os.environ.items()) | {"LANGUAGE": "C"}
    if index is not None:
        environment["GIT_INDEX_FILE"] = str(index)
    deadline = time.monotonic() + _PATIENCE
    while True:
        done = subprocess.run(
            ["git", "-C", str(repo.top), *arguments],
            env=environment, input=input, capture_output=True, check=False, start_new_session=True,
        )  # fmt: skip
        if not done.returncode or not _LOCKED.search(done.stderr) or time.monotonic() > deadline:
            return GitResult(done.returncode, done.stdout, done.stderr)
        time.sleep(0.05)


def forget_leftovers(repo: Repository) -> None:
    """Remove what a killed move left in git's own folder; the check-in lock must be held."""
    for pattern in ("okr-union-*", "okr-index-*"):
        for found in repo.git_dir.glob(pattern):
            found.unlink(missing_ok=True)
