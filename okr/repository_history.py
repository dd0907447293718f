"""What git's history holds: who committed what and when, which commits touched which files, and old contents.

Nothing here knows what a check-in is. Replacement objects (`git replace`) never count: they would let a clone
show another history than the one that is signed and shared.
"""

from __future__ import annotations

import queue
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple, Self

from okr.repository_paths import pathspecs
from okr.repository_run import GENUINE, GitFailed, GitResult, Repository, open_process, run

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

_FIELDS = ("%H", "%P", "%at", "%as", "%an", "%ae", "%B")
_CHUNK = 1 << 20
_CHUNKS_AHEAD = 64  # how far git may run ahead of us, in chunks: bounds the memory
_ABSENT = "0"


class CommitFacts(NamedTuple):
    """Who committed, and when: what git says of the author.

    Attributes:
        id: the commit's full id.
        parents: the ids of its parents, parted by blanks; empty for a first commit.
        time: seconds since 1970 when the author made it.
        day: that day where the author was, such as `2026-11-23`.
        author: the author's name, as it stands in the commit.
        email: the author's address, likewise.
    """

    id: str
    parents: str
    time: int
    day: str
    author: str
    email: str

    @property
    def is_merge(self) -> bool:
        """Whether it has several parents."""
        return " " in self.parents


@dataclass(frozen=True, slots=True)
class Touch:
    """What one commit did to some files.

    Attributes:
        commit: its full id.
        sides: for each parent whose files differ from the commit's, the files that do: path → the ids of the
            contents before and after, None where there is none. A commit with one parent has one side.
    """

    commit: str
    sides: tuple[dict[str, tuple[str | None, str | None]], ...]


def messages(repo: Repository, revisions: Sequence[str]) -> Generator[tuple[CommitFacts, bytes], None, None]:
    """Every commit that can be reached, the newest first, with its whole message.

    Read as a stream from one process, with bounded memory.

    Args:
        repo: where.
        revisions: what git's `rev-list` takes: full ids, `HEAD`, and `^ID` for what is left out.

    Raises:
        GitFailed: git can't read its history.
    """
    with messages_begun(repo, revisions) as found:
        yield from found


@contextmanager
def messages_begun(
    repo: Repository, revisions: Sequence[str], names: Sequence[str] = ()
) -> Iterator[Messages]:
    """The same, with git at work from the beginning of the block; all of it has to be read within the block.

    Args:
        repo: where.
        revisions: as for `messages`.
        names: files and folders, relative to the repository's top, of which to note what commits touch them.

    Raises:
        GitFailed: git can't read its history.
    """
    touched = ("--sparse", "--full-history", "--raw", "--root", *_PLAIN_DIFF) if names else ("--no-patch",)
    arguments = (
        *("log", "-z", f"--format=%x01%x00{'%x00'.join(_FIELDS)}", *_PLAIN_LOG, *touched),
        *(*revisions, "--", *pathspecs(names)),
    )
    with _stream(repo, *arguments) as chunks:
        yield Messages(chunks)


_MARK = b"\1"
_WIDTH = len(_FIELDS) + 1
_DIFFERENCE = (b":", b"\n:")


class Messages:
    """Commits with their messages, to be gone through once.

    Attributes:
        touching: the commits without or with one parent that touch what was named, as far as was read.
        merged: what is called, once, when a merge is met: what touches files can't be told from it so simply.
        merges: whether a merge was met.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.touching: list[CommitFacts] = []
        self.merged: Callable[[], None] | None = None
        self.merges = False
        self._chunks = chunks
        self._last: CommitFacts | None = None

    def __iter__(self) -> Iterator[tuple[CommitFacts, bytes]]:
        """Goes through them, the newest first."""
        rest = b""
        for chunk in self._chunks:
            parts = (rest + chunk).split(b"\0")
            used = yield from self._read(parts, len(parts) - 1)
            rest = b"\0".join(parts[used:])
        if rest:
            parts = rest.split(b"\0")
            yield from self._read(parts, len(parts))

    def _read(self, parts: list[bytes], end: int) -> Generator[tuple[CommitFacts, bytes], None, int]:
        """Reads what is whole of the first parts, and says how many those are."""
        whole = end // _WIDTH * _WIDTH
        if whole and parts[:whole:_WIDTH].count(_MARK) == whole // _WIDTH:
            yield from self._commits(parts, whole)
            return whole
        at = 0
        while at < end:
            if parts[at].startswith(_DIFFERENCE):
                if at + 2 > end:
                    break
                if self._last is not None and self._last not in self.touching[-1:]:
                    self.touching.append(self._last)
                at += 2
            elif parts[at] == _MARK and at + _WIDTH <= end:
                yield from self._commits(parts[at : at + _WIDTH], _WIDTH)
                at += _WIDTH
            else:
                break
        return at

    def _commits(self, parts: list[bytes], end: int) -> list[tuple[CommitFacts, bytes]]:
        columns = [
            b"\n".join(parts[at:end:_WIDTH]).decode("utf-8", "replace").split("\n")
            for at in range(1, _WIDTH - 1)
        ]
        ids, parents, times, days, authors, emails = columns
        if not self.merges and any(map(_is_pair, parents)):
            self.merges = True
            if self.merged is not None:
                self.merged()
        facts = [*map(CommitFacts, ids, parents, map(int, times), days, authors, emails)]
        self._last = facts[-1]
        return [*zip(facts, parts[_WIDTH - 1 : end : _WIDTH], strict=True)]


def _is_pair(parents: str) -> bool:
    return " " in parents


_PLAIN_LOG = ("--no-color", "--no-show-signature", "--encoding=UTF-8", "--no-notes")
_PLAIN_DIFF = ("--no-abbrev", "--no-renames", "--no-ext-diff", "--ignore-submodules=all")


def commits_touching(repo: Repository, revisions: Sequence[str], names: Iterable[str]) -> list[CommitFacts]:
    """The commits that led to the present content of some files or folders, the newest first.

    Args:
        repo: where.
        revisions: as for `messages`.
        names: files and folders, relative to the repository's top.

    Raises:
        GitFailed: git can't read its history.
    """
    listed = run(
        repo,
        *(GENUINE, "log", "-z", f"--format={'%x00'.join(_FIELDS[:-1])}", *_PLAIN_LOG, "--no-patch"),
        *(*revisions, "--", *pathspecs(names)),
    )
    return _facts(listed)


def every_commit_on(repo: Repository, revisions: Sequence[str], names: Iterable[str]) -> list[CommitFacts]:
    """Every commit that touched some files or folders on any branch, those whose work was undone included.

    Raises:
        GitFailed: git can't read its history.
    """
    listed = run(
        repo,
        *(
            GENUINE,
            "log",
            "-z",
            f"--format={'%x00'.join(_FIELDS[:-1])}",
            *_PLAIN_LOG,
            "--no-patch",
            "--full-history",
        ),
        *(*revisions, "--", *pathspecs(names)),
    )
    return _facts(listed)


def _facts(listed: bytes) -> list[CommitFacts]:
    parts = listed.decode("utf-8", "replace").removesuffix("\0").split("\0")
    width = len(_FIELDS) - 1
    rows = zip(*[iter(parts)] * width, strict=False)
    return [CommitFacts(id_, parents, int(time), *rest) for id_, parents, time, *rest in rows]


def touches(repo: Repository, commits: Sequence[str], names: Iterable[str]) -> Iterator[Touch]:
    """What commits did to some files or folders, in the order in which they are given; others are left out.

    Args:
        repo: where.
        commits: full ids.
        names: files and folders, relative to the repository's top.

    Raises:
        GitFailed: git can't compare them.
    """
    if not commits:
        return
    listed = run(
        repo,
        *(GENUINE, "diff-tree", "--stdin", "-r", "-m", "--root", "-z", "--raw", "--no-abbrev"),
        *("--no-renames", "--no-ext-diff", "--ignore-submodules=all", "--", *pathspecs(names)),
        input="".join(f"{each}\n" for each in commits).encode(),
    )
    commit = ""
    sides: list[dict[str, tuple[str | None, str | None]]] = []
    parts = iter(listed.decode("utf-8", "surrogateescape").split("\0"))
    for part in parts:
        if part.startswith(":"):
            path = next(parts)
            _, mode, before, after, _ = part[1:].split(" ")
            if mode != "160000":
                sides[-1][path] = (_content_id(before), _content_id(after))
        elif part:
            if part != commit and commit:
                yield Touch(commit, tuple(sides))
            if part != commit:
                commit, sides = part, []
            sides.append({})
    if commit:
        yield Touch(commit, tuple(sides))


def _content_id(text: str) -> str | None:
    return None if text.strip(_ABSENT) == "" else text


def files_at(repo: Repository, commit: str, names: Iterable[str]) -> dict[str, str]:
    """The files of a commit in some folders: path → id of the content.

    Raises:
        GitFailed: there is no such commit.
    """
    listed = run(
        repo, GENUINE, "ls-tree", "-r", "-z", "--full-tree", commit, "--",
        *(name for name in names if name != "."),
    )  # fmt: skip
    entries = (entry.partition("\t") for entry in listed.decode("utf-8", "surrogateescape").split("\0"))
    return {path: meta.split(" ")[2] for meta, _, path in entries if " blob " in meta}


def has_commits(repo: Repository) -> bool:
    """Whether the branch that is checked out has a commit yet."""
    return bool(run(repo, "rev-list", "--max-count=1", "--all", "HEAD", "--")) if _head(repo) else False


def _head(repo: Repository) -> bool:
    from okr.repository_run import try_run

    return try_run(repo, "rev-parse", "--verify", "--quiet", "HEAD").status == 0


def committed_on(repo: Repository, commit: str) -> date:
    """The day on which a commit was made, where its committer was.

    Raises:
        GitFailed: there is no such commit.
    """
    said = run(repo, GENUINE, "log", "--no-walk", "--format=%cs", "--no-show-signature", commit, "--")
    return date.fromisoformat(said.decode().strip())


def last_commit_up_to(repo: Repository, day: date, *, of: str = "HEAD") -> str | None:
    """The last commit of a branch, the one that is checked out unless said, which is of a day or of an earlier one.

    Only the branch's own line of commits counts: what a merge brought in was not there before it.

    Returns:
        Its full id; None where there is none that old.
    """
    if not _head(repo):
        return None
    # Nowhere on Earth is it still that day a day and a half after its beginning in Greenwich.
    after = datetime.combine(day, time(), UTC) + timedelta(hours=36)
    arguments = ("log", "--first-parent", f"--before={after.timestamp():.0f}", "--format=%H %cs", *_PLAIN_LOG)
    with _stream(repo, *arguments, "--no-patch", of, "--") as chunks:
        rest = b""
        for chunk in chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                commit, _, made = line.decode().partition(" ")
                if made <= day.isoformat():
                    return commit
    return None


def shallow_commits(repo: Repository) -> frozenset[str]:
    """The commits at which the history of a shallow clone is cut off; none in a whole one."""
    try:
        return frozenset((repo.common_dir / "shallow").read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()


@dataclass
class Contents:
    """Old contents of files, asked for one after the other from one git process. Use it with `with`."""

    repo: Repository
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        """Gives itself; the process starts with the first question."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the process."""
        if self._process is not None:
            self._process.communicate()

    def read(self, content: str | None) -> bytes:
        """A content by its id; nothing for None.

        Raises:
            GitFailed: git does not have it.
        """
        if content is None:
            return b""
        if self._process is None:
            self._process = open_process(
                self.repo, ("cat-file", "--batch"), subprocess.PIPE, subprocess.DEVNULL
            )
        source, answers = self._process.stdin, self._process.stdout
        if source is None or answers is None:  # both are pipes
            raise AssertionError
        source.write(f"{content}\n".encode())
        source.flush()
        head = answers.readline().split()
        if len(head) != 3:  # noqa: PLR2004 - id, kind, size
            failed = GitResult(1, b"", b" ".join(head))
            raise GitFailed(("-C", str(self.repo.top), "cat-file", "--batch"), failed)
        body = answers.read(int(head[2]))
        answers.read(1)
        return body


def signatures(repo: Repository, commits: Sequence[str]) -> dict[str, tuple[str, str]]:
    """What git says of the signatures of commits: its letter (`G` good, `N` none, `B` bad, …), and the signer.

    Each is verified by another program: a hundred or so take a second.

    Raises:
        GitFailed: git can't verify.
    """
    if not commits:
        return {}
    listed = run(
        repo, GENUINE, "log", "--no-walk=unsorted", "--stdin", "-z", "--format=%H%x00%G?%x00%GS", *_PLAIN_LOG, "--no-patch",
        input="".join(f"{each}\n" for each in commits).encode(),
    )  # fmt: skip
    parts = listed.decode("utf-8", "replace").removesuffix("\0").split("\0")
    return {id_: (letter, signer) for id_, letter, signer in zip(*[iter(parts)] * 3, strict=False)}


def pager_of(repo: Repository | None) -> str:
    """The command that git would page its output with: GIT_PAGER, core.pager, PAGER or `less`, as git decides."""
    from okr.repository_run import call_git

    where = () if repo is None else ("-C", str(repo.top))
    return call_git(*where, "var", "GIT_PAGER").out.decode("utf-8", "surrogateescape").strip()


@contextmanager
def _stream(repo: Repository, *arguments: str) -> Iterator[Iterator[bytes]]:
    """A command's output while it runs; a thread keeps the pipe empty, so that git never waits for us."""
    chunks: queue.Queue[bytes | None] = queue.Queue(_CHUNKS_AHEAD)
    with tempfile.TemporaryFile() as errors:
        process = open_process(repo, arguments, subprocess.DEVNULL, errors)
        output = process.stdout
        if output is None:  # it is a pipe
            raise AssertionError

        def drain() -> None:
            while chunk := output.read(_CHUNK):
                chunks.put(chunk)
            chunks.put(None)

        reader = threading.Thread(target=drain, daemon=True)
        reader.start()
        ended = False
        try:
            yield iter(chunks.get, None)
            ended = True
        finally:
            if not ended:
                process.kill()
                while reader.is_alive():
                    _discard(chunks)
            reader.join()
            output.close()
            status = process.wait()
        if status:
            errors.seek(0)
            raise GitFailed(("-C", str(repo.top), *arguments), GitResult(status, b"", errors.read()))


def _discard(chunks: queue.Queue[bytes | None]) -> None:
    try:
        chunks.get(timeout=0.05)
    except queue.Empty:
        return
