"""What git's history holds: who committed what and when, which commits touched which files, and old contents.

Nothing here knows what a check-in is. Replacement objects (`git replace`) never count: they would let a clone
show another history than the one that is signed and shared.
"""

from __future__ import annotations

import contextlib
import subprocess
from collections import deque
from datetime import UTC, date, datetime, time, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple, Self

from okr.dataclass import dataclass, field
from okr.git.paths import pathspecs
from okr.git.run import (
    GENUINE,
    PLAIN_DIFF,
    PLAIN_LOG,
    GitFailed,
    GitResult,
    Repository,
    at_top,
    call_git,
    open_process,
    run,
)
from okr.git.stream import stream
from okr.git.text import id_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_FIELDS = ("%H", "%P", "%at", "%as", "%an", "%ae")
_ASKED_AHEAD = 16  # few enough that neither side ever waits for the other with both pipes full


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


def commits_touching(repo: Repository, revisions: Sequence[str], names: Iterable[str]) -> list[CommitFacts]:
    """The commits that led to the present content of some files or folders, the newest first.

    Args:
        repo: where.
        revisions: what git's `rev-list` takes: full ids, `HEAD`, and `^ID` for what is left out.
        names: files and folders, relative to the repository's top.

    Raises:
        GitFailed: git can't read its history.
    """
    return _facts(repo, [*revisions, "--", *pathspecs(names)])


def every_commit_on(repo: Repository, revisions: Sequence[str], names: Iterable[str]) -> list[CommitFacts]:
    """Every commit that touched some files or folders on any branch, those whose work was undone included.

    Raises:
        GitFailed: git can't read its history.
    """
    return _facts(repo, ["--full-history", *revisions, "--", *pathspecs(names)])


def _facts(repo: Repository, asked: Sequence[str]) -> list[CommitFacts]:
    form = f"--format={'%x00'.join(_FIELDS)}"
    listed = run(repo, GENUINE, "log", "-z", form, *PLAIN_LOG, "--no-patch", *asked)
    parts = listed.decode("utf-8", "replace").removesuffix("\0").split("\0")
    width = len(_FIELDS)
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
        *(GENUINE, "diff-tree", "--stdin", "-r", "-m", "--root", "-z", "--raw", *PLAIN_DIFF),
        *("--", *pathspecs(names)),
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
                sides[-1][path] = (id_or_none(before), id_or_none(after))
        elif part:
            if part != commit and commit:
                yield Touch(commit, tuple(sides))
            if part != commit:
                commit, sides = part, []
            sides.append({})
    if commit:
        yield Touch(commit, tuple(sides))


@dataclass(frozen=True, slots=True)
class Edit:
    """What a commit with one parent or none changed in a file.

    Attributes:
        commit: its full id.
        name: the file, relative to the repository's top.
        lines: those that it added, and those that it removed; None where git does not take the file for text.
    """

    commit: str
    name: str
    lines: tuple[list[bytes], list[bytes]] | None


def edits_of(repo: Repository, commits: Sequence[str], names: Iterable[str]) -> Iterator[Edit]:
    """Which lines commits changed in some files or folders.

    Args:
        repo: where.
        commits: full ids of commits that are no merges.
        names: files and folders, relative to the repository's top.

    Raises:
        GitFailed: git can't compare them.
    """
    if not commits:
        return
    listed = run(
        repo,
        *(GENUINE, "diff-tree", "--stdin", "-r", "--root", "-z", "--raw", "--patch", "--unified=0"),
        *("--no-color", "--no-textconv", *PLAIN_DIFF, "--", *pathspecs(names)),
        input="".join(f"{each}\n" for each in commits).encode(),
    )
    yield from _edits_in(listed)


def _edits_in(listed: bytes) -> Iterator[Edit]:
    commit = b""
    files: list[bytes] = []
    parts = iter(listed.split(b"\0"))
    for part in parts:
        if part.startswith(b":"):
            files.append(next(parts))
            continue
        patch, _, following = part.rpartition(b"\n")
        if files and patch:
            patches = [b"diff --git " + each for each in b"\n".join((b"", patch)).split(b"\ndiff --git ")[1:]]
            for name, each in zip_longest(files, patches if len(patches) == len(files) else ()):
                lines = None if each is None else _lines_in(each)
                yield Edit(commit.decode(), name.decode("utf-8", "surrogateescape"), lines)
            files = []
        commit = following or commit


def _lines_in(patch: bytes) -> tuple[list[bytes], list[bytes]] | None:
    """The lines that a patch of one file adds and removes; None where it does not say."""
    _, hunk, rest = patch.partition(b"\n@@ ")
    if not hunk:
        return None
    lines = rest.split(b"\n")[1:]
    return [line[1:] for line in lines if line[:1] == b"+"], [line[1:] for line in lines if line[:1] == b"-"]


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


def entries_at(repo: Repository, commits: Sequence[str], name: str) -> list[str | None]:
    """What commits hold under a name, as the ids of contents or folders; None where they hold nothing.

    Args:
        repo: where.
        commits: full ids.
        name: relative to the repository's top, without a line break.

    Raises:
        GitFailed: git can't read its objects.
    """
    listed = run(
        repo, GENUINE, "cat-file", "--batch-check=%(objectname)",
        input="".join(f"{each}:{name}\n" for each in commits).encode("utf-8", "surrogateescape"),
    )  # fmt: skip
    return [None if " " in line else line for line in listed.decode("utf-8", "surrogateescape").splitlines()]


def has_commits(repo: Repository) -> bool:
    """Whether the branch that is checked out has a commit yet."""
    from okr.git.run import try_run

    return try_run(repo, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").status == 0


def committed_on(repo: Repository, commit: str) -> date:
    """The day on which a commit was made, where its committer was.

    Raises:
        GitFailed: there is no such commit.
    """
    said = run(repo, GENUINE, "log", "--no-walk", "--format=%cs", *PLAIN_LOG, commit, "--")
    return date.fromisoformat(said.decode().strip())


def commit_named(repo: Repository, name: str) -> tuple[str, date] | None:
    """The full id of a commit and the day on which it was made, where its committer was.

    Args:
        repo: where.
        name: a plain name: of letters, digits and what stands in names of branches, and no option.

    Returns:
        None where there is no such commit, or git can't say it that way.
    """
    from okr.git.run import try_run

    asked = ("log", "--no-walk", "--format=%H %cs", *PLAIN_LOG, f"{name}^{{commit}}", "--")
    result = try_run(repo, GENUINE, *asked)
    if result.status:
        return None
    commit, _, day = result.out.decode().strip().partition(" ")
    return commit, date.fromisoformat(day)


def last_commit_up_to(repo: Repository, day: date, *, of: str = "HEAD") -> str | None:
    """The last commit of a branch, the one that is checked out unless said, which is of a day or of an earlier one.

    Only the branch's own line of commits counts: what a merge brought in was not there before it.

    Returns:
        Its full id; None where there is none that old.
    """
    if not has_commits(repo):
        return None
    # Nowhere on Earth is it still that day a day and a half after its beginning in Greenwich.
    after = datetime.combine(day, time(), UTC) + timedelta(hours=36)
    arguments = ("log", "--first-parent", f"--before={after.timestamp():.0f}", "--format=%H %cs", *PLAIN_LOG)
    with stream(repo, *arguments, "--no-patch", of, "--") as chunks:
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
        return next(self.read_all([content]))

    def read_all(self, contents: Iterable[str | None]) -> Iterator[bytes]:
        """Contents by their ids, in that order; git reads ahead. They have to be gone through to the end.

        Raises:
            GitFailed: git does not have one of them.
        """
        asked: deque[str | None] = deque()
        for content in contents:
            asked.append(content)
            if content is not None:
                self._ask(content)
            if len(asked) > _ASKED_AHEAD:
                yield self._answer(asked.popleft())
        while asked:
            yield self._answer(asked.popleft())

    def _ask(self, content: str) -> None:
        if self._process is None:
            self._process = open_process(
                self.repo, ("cat-file", "--batch"), subprocess.PIPE, subprocess.DEVNULL
            )
        source = self._process.stdin
        if source is None:  # it is a pipe
            raise AssertionError
        with contextlib.suppress(BrokenPipeError):  # git has ended, which whoever takes the answer is told
            source.write(f"{content}\n".encode())
            source.flush()

    def _answer(self, content: str | None) -> bytes:
        if content is None:
            return b""
        answers = None if self._process is None else self._process.stdout
        if answers is None:  # it is a pipe
            raise AssertionError
        head = answers.readline().split()
        if not head:  # it ended, as over what a partial clone can't fetch; another says why
            asked = at_top(self.repo, ("cat-file", "-e", content))
            raise GitFailed(asked, call_git(*asked))
        if len(head) != 3:  # noqa: PLR2004 # id, kind, size
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
        repo, GENUINE, "log", "--no-walk=unsorted", "--stdin", "-z", "--format=%H%x00%G?%x00%GS", *PLAIN_LOG, "--no-patch",
        input="".join(f"{each}\n" for each in commits).encode(),
    )  # fmt: skip
    parts = listed.decode("utf-8", "replace").removesuffix("\0").split("\0")
    return {id_: (letter, signer) for id_, letter, signer in zip(*[iter(parts)] * 3, strict=False)}


def pager_of(repo: Repository | None) -> str:
    """The command that git would page its output with: GIT_PAGER, core.pager, PAGER or `less`, as git decides."""
    from okr.git.run import call_git

    where = () if repo is None else ("-C", str(repo.top))
    return call_git(*where, "var", "GIT_PAGER").out.decode("utf-8", "surrogateescape").strip()
