"""Which contents commits changed: asked of git little by little, while other commits are still being read.

Contents are told by their ids alone; an id is also worked out here for a content at hand.
"""

from __future__ import annotations

from contextlib import contextmanager
from hashlib import sha1, sha256
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.repository_paths import pathspecs
from okr.repository_stream import Answering

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.repository_run import Repository

_ABSENT = "0"
_SHA256_LENGTH = 64
_FILE = "100"
_ASKED_AT_ONCE = 128


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
            *("diff-tree", "--stdin", "-r", "-c", "--root", "-z", "--raw", "--no-abbrev"),
            *("--no-renames", "--no-ext-diff", "--ignore-submodules=all", "--", *pathspecs(names)),
        )
        self._answering: Answering | None = None
        self._waiting: list[str] = []

    def ask(self, commit: str) -> None:
        """Has git look at a commit, by its full id."""
        self._waiting.append(commit)
        if len(self._waiting) >= _ASKED_AT_ONCE:
            self._tell()

    def _tell(self) -> None:
        if self._waiting:
            if self._answering is None:
                self._answering = Answering(self._repo, self._arguments)
            self._answering.ask("".join(f"{each}\n" for each in self._waiting).encode())
            self._waiting.clear()

    def answers(self) -> Iterator[Change]:
        """All of it, once there is nothing more to ask for, in the order in which it was asked.

        Raises:
            GitFailed: git can't compare them.
        """
        self._tell()
        if self._answering is not None:
            yield from _changes_in(self._answering.whole())

    def stop(self) -> None:
        """Ends the process, whether or not it has answered."""
        if self._answering is not None:
            self._answering.stop()


def _changes_in(listed: bytes) -> Iterator[Change]:
    commit = ""
    parts = iter(listed.decode("utf-8", "surrogateescape").split("\0"))
    for part in parts:
        if part.startswith(":"):
            count = len(part) - len(part.lstrip(":"))
            fields = part.lstrip(":").split(" ")  # the modes, the parents' and its own; then the ids likewise
            modes = [mode for mode in fields[: count + 1] if mode.strip(_ABSENT)]
            *before, after = map(_content_id, fields[count + 1 : 2 * count + 2])
            regular = all(mode.startswith(_FILE) for mode in modes)
            yield Change(commit, next(parts), tuple(before), after, regular)
        elif part:
            commit = part


def _content_id(text: str) -> str | None:
    return None if text.strip(_ABSENT) == "" else text


def id_of_content(parts: Iterable[bytes], like: str) -> str:
    """The id that git gives a file's content.

    Args:
        parts: the content, in pieces.
        like: any id of the repository: it tells how ids are made there.
    """
    content = b"".join(parts)
    kind = sha256 if len(like) == _SHA256_LENGTH else sha1
    found = kind(b"blob %d\0" % len(content), usedforsecurity=False)
    found.update(content)
    return found.hexdigest()
