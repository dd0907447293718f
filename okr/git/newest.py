"""The newest part of a history, read only as far as somebody asks: what commits added to files, and which touched a folder.

Nothing here knows what a check-in is. Commits come the newest first, one by one, while git still looks for more.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from okr.dataclass import dataclass
from okr.git.history import CommitFacts
from okr.git.paths import pathspecs
from okr.git.run import GENUINE, PLAIN_DIFF, PLAIN_LOG, run
from okr.git.stream import stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okr.git.run import Repository

# No line of a patch begins with this character.
_MARK = b"\x01"
_FORMAT = "%x01%H%x00%P%x00%at%x00%as%x00%an%x00%ae%x00%ct"
_WIDTH = 7


@dataclass(frozen=True, slots=True)
class Additions:
    """What a commit added to a file that none of its parents has, and what it took away that all of them have.

    Attributes:
        name: the file, relative to the repository's top; None where git writes it in a way of its own.
        added: lines.
        removed: lines.
    """

    name: str | None
    added: list[bytes]
    removed: list[bytes]


class Walked(NamedTuple):
    """A commit that was passed.

    Attributes:
        commit: who made it, and when.
        committed: when it got its place in history, in seconds since 1970.
        touches: whether it changed anything in the folder; of a merge that is not known.
    """

    commit: CommitFacts
    committed: int
    touches: bool


@contextmanager
def newest_additions(
    repo: Repository, names: Sequence[str], patterns: Sequence[str] = ()
) -> Iterator[Iterator[tuple[CommitFacts, list[Additions]]]]:
    """What commits added to files, the newest first; git is stopped at the end of the block.

    Args:
        repo: where.
        names: files and folders, relative to the repository's top.
        patterns: more of them, in which `*` stands for any name; `glob_literal` keeps all else from meaning anything.

    Raises:
        GitFailed: git can't read its history; at the end of the block, and only if all was read.
    """
    patch = (
        "--full-history",
        "-c",
        "--patch",
        "--unified=0",
        "--root",
        "--text",
        "--no-textconv",
        *PLAIN_DIFF,
    )
    prefixes = ("--src-prefix=a/", "--dst-prefix=b/")
    where = [*pathspecs(names), *(f":(top,glob){each}" for each in patterns)]
    arguments = ("log", f"--format={_FORMAT}", *PLAIN_LOG, *patch, *prefixes)
    with stream(repo, *arguments, "HEAD", "--", *where) as chunks:
        yield _additions(_lines(chunks))


def glob_literal(name: str) -> str:
    """A name for a pattern, none of whose characters means anything there."""
    return "".join(f"\\{each}" if each in "*?[]\\" else each for each in name)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
    if rest:
        yield rest


def _additions(lines: Iterator[bytes]) -> Iterator[tuple[CommitFacts, list[Additions]]]:
    commit: CommitFacts | None = None
    files: list[Additions] = []
    parents, in_hunk = 1, False
    for line in lines:
        if line.startswith(_MARK):
            if commit is not None:
                yield commit, files
            commit, files, in_hunk = _walked(line).commit, [], False
            parents = max(commit.parents.count(" ") + 1, 1)
        elif line.startswith(b"diff --"):
            files.append(Additions(None, [], []))
            in_hunk = False
        elif not in_hunk and line.startswith((b"--- a/", b"+++ b/")):
            # What was removed whole has a name on the one side, what is new on the other.
            files[-1] = Additions(line[6:].removesuffix(b"\t").decode("utf-8", "surrogateescape"), [], [])
        elif line.startswith(b"@@"):
            in_hunk = True
        elif in_hunk and line.startswith(b"+" * parents):
            files[-1].added.append(line[parents:])
        elif in_hunk and line.startswith(b"-" * parents):
            files[-1].removed.append(line[parents:])
    if commit is not None:
        yield commit, files


def _walked(line: bytes) -> Walked:
    fields = line.removeprefix(_MARK).decode("utf-8", "replace").split("\0")
    id_, parents, time, day, author, email, committed = fields[:_WIDTH]
    commit = CommitFacts(id_, parents, _seconds(time), day, author, email)
    return Walked(commit, _seconds(committed), touches=False)


def _seconds(text: str) -> int:
    return int(text) if text.lstrip("-").isdigit() else 0


def only_commit(repo: Repository) -> CommitFacts | None:
    """The commit that all of history is made of; None where there are several.

    Raises:
        GitFailed: git can't read its history.
    """
    listed = run(
        repo, GENUINE, "log", "--max-count=2", f"--format={_FORMAT}", *PLAIN_LOG, "--no-patch", "HEAD", "--"
    )
    lines = listed.splitlines()
    found = _walked(lines[0]).commit if len(lines) == 1 else None
    return None if found is None or found.parents else found


@contextmanager
def newest_commits(repo: Repository, name: str) -> Iterator[Iterator[Walked]]:
    """The commits that led to what a folder holds, the newest first, with whether they touched it.

    Git is stopped at the end of the block.

    Args:
        repo: where.
        name: relative to the repository's top.

    Raises:
        GitFailed: git can't read its history; at the end of the block, and only if all was read.
    """
    arguments = ("log", f"--format={_FORMAT}", *PLAIN_LOG)
    shown = ("--sparse", "--raw", "--root", *PLAIN_DIFF)
    with stream(repo, *arguments, *shown, "HEAD", "--", *pathspecs([name])) as chunks:
        yield _commits(_lines(chunks))


def _commits(lines: Iterator[bytes]) -> Iterator[Walked]:
    last: Walked | None = None
    for line in lines:
        if line.startswith(_MARK):
            if last is not None:
                yield last
            last = _walked(line)
        elif last is not None and line.startswith(b":"):
            last = last._replace(touches=True)
    if last is not None:
        yield last
