"""All commits with their messages, as a stream from one git process that works while we do other things.

Nothing here knows what a check-in is. Made for very many commits: what is not asked for is not even decoded.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from okr.repository_history import PLAIN_DIFF, PLAIN_LOG, CommitFacts
from okr.repository_paths import pathspecs
from okr.repository_stream import stream

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from okr.repository_run import Repository

# A commit begins with what no field can be: each of them holds a blank or a line break besides.
_FORMAT = "%x01%x00%H %P%x00%as %at%x00%an%n%ae%x00%n%B"
_BEGINNING = b"\0\1\0"
_WIDTH = 4

CommitRow = list[bytes]
"""A commit as git tells it: its id and its parents' · the author's day, and seconds since 1970 · name and address,
on two lines · a line break and the message. What follows says which files it touched. As bytes, for speed."""


def facts_of(row: CommitRow) -> CommitFacts:
    """Who made a commit, and when."""
    id_, _, parents = row[0].decode("ascii").partition(" ")
    day, _, time = row[1].decode("ascii", "replace").partition(" ")
    author, _, email = row[2].decode("utf-8", "replace").partition("\n")
    return CommitFacts(id_, parents, int(time) if time.lstrip("-").isdigit() else 0, day, author, email)


def is_merge(row: CommitRow) -> bool:
    """Whether a commit has several parents."""
    return row[0].count(b" ") > 1


def message_of(row: CommitRow) -> bytes:
    """A commit's whole message."""
    return row[3][1:]


class Messages:
    """Commits with their messages, to be gone through once, the newest first.

    Attributes:
        merged: what is called, once, when a merge is met: what touches files can't be told from it so simply.
        merges: whether a merge was met.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.merged: Callable[[], None] | None = None
        self.merges = False
        self._touching: list[CommitRow] = []
        self._chunks = chunks

    @property
    def touching(self) -> list[CommitFacts]:
        """The commits without or with one parent that touch what was named, as far as was read."""
        return [facts_of(row) for row in self._touching]

    def batches(self) -> Iterator[list[CommitRow]]:
        """Goes through them, as many at a time as have come."""
        rest = b"\0"
        for chunk in self._chunks:
            rest += chunk
            end = rest.rfind(_BEGINNING)
            if end > 0:
                yield self._rows(rest[:end])
                rest = rest[end:]
        if rest.startswith(_BEGINNING):
            yield self._rows(rest.removesuffix(b"\0"))

    def __iter__(self) -> Iterator[tuple[CommitFacts, bytes]]:
        """Goes through them one by one."""
        for rows in self.batches():
            for row in rows:
                yield facts_of(row), message_of(row)

    def _rows(self, whole: bytes) -> list[CommitRow]:
        rows = [each.split(b"\0") for each in whole.split(_BEGINNING)[1:]]
        self._touching += [row for row in rows if len(row) > _WIDTH]
        if not self.merges and b"".join([row[0] for row in rows]).count(b" ") > len(rows):
            self.merges = True
            if self.merged is not None:
                self.merged()
        return rows


def messages(repo: Repository, revisions: Sequence[str]) -> Generator[tuple[CommitFacts, bytes], None, None]:
    """Every commit that can be reached, the newest first, with its whole message.

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
    """The same, with git at work from the beginning of the block; they have to be read within the block.

    Args:
        repo: where.
        revisions: as for `messages`.
        names: files and folders, relative to the repository's top, of which to note what commits touch them.

    Raises:
        GitFailed: git can't read its history; at the end of the block, and only if all was read.
    """
    touched = ("--sparse", "--full-history", "--raw", "--root", *PLAIN_DIFF) if names else ("--no-patch",)
    arguments = (
        *("log", "-z", f"--format={_FORMAT}", *PLAIN_LOG, *touched),
        *(*revisions, "--", *pathspecs(names)),
    )
    with stream(repo, *arguments, buffered=True) as chunks:
        yield Messages(chunks)
