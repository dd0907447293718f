"""Which contents commits changed: asked of git little by little, while other commits are still being read.

Contents are told by their ids alone; an id is also worked out here for a content at hand.
"""

from __future__ import annotations

from contextlib import contextmanager
from hashlib import sha1, sha256
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.git.memory import keeping_little
from okr.git.paths import pathspecs
from okr.git.run import PLAIN_DIFF
from okr.git.stream import Answering
from okr.git.text import id_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okr.git.run import Repository

_SHA256_LENGTH = 64
_FILE = "100"
_WORTH_TELLING, _TOLD_AT_ONCE = 256, 512


@dataclass(frozen=True, slots=True)
class Change:
    """A file that a commit made different from what each of its parents had.

    Attributes:
        commit: the commit's full id.
        name: the file, relative to the repository's top.
        before: the ids of the parents' contents, in their order, and a single one for a commit without parents; None
            where there is no file.
        after: the id of the content; None where the commit removed the file.
        regular: whether it was and is a file, not a link.
    """

    commit: str
    name: str
    before: tuple[str | None, ...]
    after: str | None
    regular: bool


@contextmanager
def changes_asked(repo: Repository, names: Iterable[str]) -> Iterator[ChangesAsked]:
    """What commits changed in some files or folders, asked within the block.

    Args:
        repo: where.
        names: files and folders, relative to the repository's top.
    """
    asked = ChangesAsked(repo, names)
    try:
        yield asked
    finally:
        asked.stop()


class ChangesAsked:
    """Commits whose changes git is asked for, by one process that starts with the first of them."""

    def __init__(self, repo: Repository, names: Iterable[str]) -> None:
        self._repo = repo
        self._arguments = (
            *keeping_little(repo),
            *(
                "diff-tree",
                "--stdin",
                "-r",
                "-c",
                "--root",
                "-z",
                "--raw",
                *PLAIN_DIFF,
                "--",
                *pathspecs(names),
            ),
        )
        self._answering: Answering | None = None
        self._waiting: list[bytes] = []
        self._by_trees: dict[tuple[bytes, bytes], list[bytes]] = {}

    def ask(self, commit: bytes, trees: tuple[bytes, bytes] | None = None) -> None:
        """Has git look at a commit.

        Args:
            commit: its full id.
            trees: the ids of the trees of its only parent and of itself, where they are known: then git looks at those,
                which is half the work.
        """
        if trees is not None:
            if trees in self._by_trees:
                self._by_trees[trees].append(commit)
                return
            self._by_trees[trees] = [commit]
        self._waiting.append(commit if trees is None else b" ".join(trees))

    def begin(self) -> None:
        """Lets git look at some of what it has been asked for so far, once that is worth it."""
        if len(self._waiting) >= _WORTH_TELLING:
            self._tell(_TOLD_AT_ONCE)

    def are_all_known(self) -> bool:
        """Whether git has answered everything, be it read or not."""
        return self._answering is None or self._answering.has_ended()

    def _tell(self, count: int) -> None:
        if self._waiting:
            if self._answering is None:
                self._answering = Answering(self._repo, self._arguments)
            self._answering.ask(b"\n".join((*self._waiting[:count], b"")))
            del self._waiting[:count]

    def answers(self) -> Iterator[Change]:
        """All of it, once there is nothing more to ask for, in the order in which it was first asked, as git finds it.

        Raises:
            GitFailed: git can't compare them; at the end.
        """
        self._tell(len(self._waiting))
        if self._answering is not None:
            yield from self._changes_in(self._answering.said())

    def _changes_in(self, said: Iterable[bytes]) -> Iterator[Change]:
        commits: list[str] = []
        change = ""  # what is to be followed by the name of the file
        for part in _parts(said):
            if change:
                yield from _changed_by(commits, change, part)
                change = ""
                continue
            # Two trees stand on a line of their own, whatever follows; a commit stands alone.
            pairs, line_break, text = part.rpartition("\n")
            if line_break:
                before, _, after = pairs[pairs.rfind("\n") + 1 :].partition(" ")
                same = self._by_trees[before.encode(), after.encode()]
                commits = [each.decode("ascii") for each in same]
            if text.startswith(":"):
                change = text
            elif text:
                commits = [text]

    def stop(self) -> None:
        """Ends the process, whether or not it has answered."""
        if self._answering is not None:
            self._answering.stop()


def _parts(said: Iterable[bytes]) -> Iterator[str]:
    """What stands before each NUL."""
    begun: list[bytes] = []
    for chunk in said:
        whole, found, rest = chunk.rpartition(b"\0")
        if found:
            yield from b"".join((*begun, whole)).decode("utf-8", "surrogateescape").split("\0")
            begun = [rest]
        else:
            begun.append(chunk)


def _changed_by(commits: Sequence[str], said: str, name: str) -> Iterator[Change]:
    count = len(said) - len(said.lstrip(":"))
    fields = said.lstrip(":").split(" ")  # the modes, the parents' and its own; then the ids likewise
    modes = [mode for mode in fields[: count + 1] if id_or_none(mode)]
    *before, after = map(id_or_none, fields[count + 1 : 2 * count + 2])
    regular = all(mode.startswith(_FILE) for mode in modes)
    yield from (Change(commit, name, tuple(before), after, regular) for commit in commits)


def id_of_content(content: bytes | memoryview, like: str) -> str:
    """The id that git gives a file's content.

    Args:
        content: all of it.
        like: any id of the repository: it tells how ids are made there.
    """
    kind = sha256 if len(like) == _SHA256_LENGTH else sha1
    found = kind(b"blob %d\0" % len(content), usedforsecurity=False)
    found.update(content)
    return found.hexdigest()
