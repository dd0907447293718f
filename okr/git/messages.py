"""All commits with their messages, as a stream from one git process that works while we do other things.

Nothing here knows what a check-in is. Made for very many commits: what is not asked for is not even decoded.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import compress
from typing import TYPE_CHECKING

from okr.git.course import Course, Way
from okr.git.history import CommitFacts
from okr.git.memory import keeping_little
from okr.git.paths import pathspecs
from okr.git.run import PLAIN_DIFF, PLAIN_LOG
from okr.git.stream import stream, stream_ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from okr.git.run import Repository

# A commit begins with what no field can be: each of them holds a blank or a line break besides.
_FORMAT = "%x01%x00%H %P%x00%as %at %T%x00%an%n%ae%x00%n%B"
_MARK = b"\1"
_BEGINNING = b"\0%b\0" % _MARK
_WIDTH = 4

CommitRow = list[bytes]
"""A commit as git tells it: its id and its parents' · the author's day, seconds since 1970, and the id of the tree of
all files · name and address, on two lines · a line break and the message. What follows says which files it touched. As bytes, for speed."""


def facts_of(row: CommitRow) -> CommitFacts:
    """Who made a commit, and when."""
    id_, _, parents = row[0].decode("ascii").partition(" ")
    day, time, _ = row[1].decode("ascii", "replace").split(" ")
    author, _, email = row[2].decode("utf-8", "replace").partition("\n")
    return CommitFacts(id_, parents, int(time) if time.lstrip("-").isdigit() else 0, day, author, email)


def tree_of(row: CommitRow) -> bytes:
    """The id of all files that a commit has."""
    return row[1].rpartition(b" ")[2]


def is_merge(row: CommitRow) -> bool:
    """Whether a commit has several parents."""
    return row[0].count(b" ") > 1


def message_of(row: CommitRow) -> bytes:
    """A commit's whole message."""
    return row[3][1:]


class Messages:
    """Commits with their messages, to be gone through once, the newest first.

    Attributes:
        wanted: which of them are given; all if None. It has to be set before the first is.
    """

    def __init__(self, chunks: Iterable[bytes], leaves_time: Callable[[], bool] = lambda: True) -> None:
        """Reads nothing yet.

        Args:
            chunks: what git says.
            leaves_time: whether there is time for something else: git has yet to tell the next, or has told all.
        """
        self.wanted: Callable[[CommitRow], bool] | None = None
        self.leaves_time = leaves_time
        self._chunks = chunks
        self._heads: list[bytes] = []
        self._way = Way()
        self._touching: list[CommitRow] = []
        self._turning: list[CommitRow] = []  # those, and all merges
        self._has_merges = False

    @property
    def heads(self) -> Sequence[bytes]:
        """The id of every commit that was read, and its parents', parted by blanks."""
        return self._heads

    def led_to(
        self,
        entries: Callable[[Sequence[str]], Sequence[str | None]],
        own: Collection[str] | None = None,
    ) -> list[CommitFacts]:
        """Of all commits that were read, those that led to the present content of what was named.

        As git has it: a commit counts that changed it; and where a merge took it over from one of its parents, only
        what led to that one.

        Args:
            entries: gives what commits hold under that name, for ids of commits.
            own: the ids of the merges that have something else there than each of their parents, where they are known.
        """
        if not self._has_merges:
            return [facts_of(row) for row in self._touching]
        self._way.end()
        touching = [_id_of(row[0]) for row in self._touching]
        heads = self._way.heads if self._way.whole else self._heads
        course = Course(heads, touching, None if own is None else {each.encode() for each in own})
        held = entries([each.decode("ascii") for merge in course.questions for each in merge])
        counting = course.counting(_taken_over(course.questions, iter(held)))
        return [facts_of(row) for row in self._turning if _id_of(row[0]) in counting]

    def batches(self) -> Iterator[list[CommitRow]]:
        """Goes through them, as many at a time as have come."""
        rest = b"\0"
        for chunk in self._chunks:
            end = chunk.rfind(_BEGINNING)
            if end < 0:
                rest += chunk
            else:
                yield self._rows(b"".join((rest, memoryview(chunk)[:end])))
                rest = chunk[end:]
        if rest.startswith(_BEGINNING):
            yield self._rows(rest.removesuffix(b"\0"))

    def __iter__(self) -> Iterator[tuple[CommitFacts, bytes]]:
        """Goes through them one by one."""
        for rows in self.batches():
            for row in rows:
                yield facts_of(row), message_of(row)

    def _rows(self, whole: bytes) -> list[CommitRow]:
        parts = whole.split(b"\0")
        touching: list[CommitRow] = []
        rows = _alike(parts)
        if not rows:
            rows = [each.split(b"\0") for each in whole.split(_BEGINNING)[1:]]
            touching = [row for row in rows if len(row) > _WIDTH]
            self._touching += touching
        heads = [row[0] for row in rows]
        self._heads += heads
        of_one_parent = 2 * len(_id_of(heads[0])) + 1
        merges = [*compress(rows, map(of_one_parent.__lt__, map(len, heads)))]
        if self._has_merges:
            self._way.lead_on(heads, {_id_of(row[0]) for row in touching})
        elif merges:  # until the first of them nobody need know
            self._has_merges = True
            self._way.lead_on(self._heads, {_id_of(row[0]) for row in self._touching})
        self._turning += [row for row in rows if len(row) > _WIDTH or is_merge(row)] if touching else merges
        return rows if self.wanted is None else [*filter(self.wanted, rows)]

    def places(self) -> dict[str, int]:
        """The place of each commit that was read among all of them, by its id; the newest has 0."""
        return {head[: head.find(b" ")].decode("ascii"): at for at, head in enumerate(self._heads)}


def _taken_over(merges: Iterable[Sequence[bytes]], held: Iterator[str | None]) -> dict[bytes, bytes | None]:
    """For each merge the parent that it took over what was named from; None where it has something else."""
    found: dict[bytes, bytes | None] = {}
    for commit, *parents in merges:
        own = next(held)
        alike = [each for each, theirs in [(each, next(held)) for each in parents] if theirs == own]
        found[commit] = alike[0] if alike else None
    return found


def _id_of(head: bytes) -> bytes:
    return head.partition(b" ")[0]


def _alike(parts: Sequence[bytes]) -> list[CommitRow]:
    """The rows of commits that touch nothing, as most do: they are of one width. Empty where any is wider.

    Args:
        parts: what they say, and a mark before each, all behind an empty part.
    """
    width = _WIDTH + 1
    marks = parts[1::width]
    if len(parts) % width != 1 or marks.count(_MARK) < len(marks):
        return []
    return [*map(list, zip(parts[2::width], parts[3::width], parts[4::width], parts[5::width], strict=True))]


@contextmanager
def messages_begun(
    repo: Repository, revisions: Sequence[str], names: Sequence[str] = ()
) -> Iterator[Messages]:
    """Every commit that can be reached, the newest first, with its whole message.

    Git is at work from the beginning of the block, and they have to be read within it.

    Args:
        repo: where.
        revisions: what git's `rev-list` takes: full ids, `HEAD`, and `^ID` for what is left out.
        names: files and folders, relative to the repository's top, of which to note what commits touch them.

    Raises:
        GitFailed: git can't read its history; at the end of the block, and only if all was read.
    """
    with stream(repo, *_asking(repo, revisions, names), buffered=True) as chunks:
        yield Messages(chunks, chunks.leaves_time)


def messages_ahead(
    repo: Repository, revisions: Sequence[str], names: Sequence[str]
) -> AbstractContextManager[None]:
    """Within it git is at work already for whoever begins to hear the same messages.

    Args:
        repo: where.
        revisions: as for `messages_begun`.
        names: likewise.
    """
    return stream_ahead(repo, *_asking(repo, revisions, names))


def _asking(repo: Repository, revisions: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    touched = ("--sparse", "--full-history", "--raw", "--root", *PLAIN_DIFF) if names else ("--no-patch",)
    return (
        *(*keeping_little(repo), "log", "-z", f"--format={_FORMAT}", *PLAIN_LOG, *touched),
        *(*revisions, "--", *pathspecs(names)),
    )
