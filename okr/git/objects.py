"""Git's own objects, folders and contents, asked for one after the other from a single git process.

Nothing is checked out, and the index is not looked at; what the files mean is for others.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import subprocess
import weakref
from functools import cached_property
from typing import IO, TYPE_CHECKING

from okr.dataclass import dataclass
from okr.git.run import GitFailed, GitMissing, GitResult, at_top, call_git, open_process

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from okr.git.run import Repository

FOLDER = "40000"
LINK = "120000"
SUBMODULE = "160000"
_FOLDER, _LINK = FOLDER.encode(), LINK.encode()
_FILES = {b"100644", b"100755"}
_CHUNK = 1 << 20
_ROOM, _READ_AT_ONCE = 1 << 20, 1 << 16
"""Bytes that a pipe has room for, where the system allows."""
_MOST_SEARCHES = 20
"""Searches through a folder, after which taking it apart takes less."""
_AT_ONCE = 400
"""Ids that are asked for before the answers are read; so many fit into any pipe, so that neither side waits for ever."""


class GitEnded(GitFailed):
    """Git ended rather than answer, be it over something else: what is not said is not known to be missing."""


class ContentTooLarge(Exception):
    """A content has more bytes than the caller is ready to read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name in a folder stands for: git's mode, as `40000` for a folder, and the object's id."""

    mode: str
    id: str


class Tree:
    """A folder: what each name in it stands for, made when somebody asks for it."""

    def __init__(self, content: bytes = b"", length: int = 0) -> None:
        """Takes nothing apart yet.

        Args:
            content: of a tree object: mode, blank, name, NUL, the bytes of the id; one behind the other.
            length: how many bytes an id has.
        """
        self._content = content
        self._length = length
        self._asked = 0

    @cached_property
    def _entries(self) -> dict[bytes, tuple[bytes, bytes]]:
        """Mode and id by name."""
        entry = rb"([0-7]+) ([^\0]+)\0(.{%d})" % self._length
        found = re.findall(entry, self._content, re.DOTALL) if self._content else []
        return {name: (mode, id_) for mode, name, id_ in found}

    def get(self, name: str) -> Entry | None:
        """What a name stands for; None for one that is not there."""
        encoded = name.encode("utf-8", "surrogateescape")
        if self._asked < _MOST_SEARCHES and "_entries" not in self.__dict__:
            self._asked += 1
            at = self._content.find(b" %s\0" % encoded)
            if at < 0:
                return None
            mode = self._content[at - 6 : at]
            if mode in _FILES:  # else it may be the end of an id that looks so
                start = at + len(encoded) + 2
                return Entry(mode.decode(), self._content[start : start + self._length].hex())
        found = self._entries.get(encoded)
        return None if found is None else Entry(found[0].decode(), found[1].hex())

    def __contains__(self, name: str) -> bool:
        """Whether there is anything of that name."""
        return self.get(name) is not None

    def __iter__(self) -> Iterator[tuple[str, str, bytes]]:
        """Each name with git's mode and the bytes of the id."""
        for name, (mode, id_) in self._entries.items():
            yield name.decode("utf-8", "surrogateescape"), mode.decode(), id_

    def named(self, *, folders: bool) -> list[str]:
        """The names of the folders in it, or those of all else, sorted; a link is no folder, wherever it leads."""
        if folders and not self._may_have_folders:
            return []
        found = [name for name, (mode, _) in self._entries.items() if (mode == _FOLDER) == folders]
        return sorted(name.decode("utf-8", "surrogateescape") for name in found)

    def named_otherwise(self, plain: str) -> list[str]:
        """The names of all that is neither a folder nor of a name that is plainly as a pattern has it.

        Args:
            plain: the pattern, of ASCII alone; it takes in no blank and no NUL.
        """
        entry = rb"100644 %s\0.{%d}" % (plain.encode(), self._length)
        odd = re.findall(
            rb"(?:%s)*+(?:([0-7]+) ([^\0]+)\0.{%d})?" % (entry, self._length), self._content, re.DOTALL
        )
        return [name.decode("utf-8", "surrogateescape") for mode, name in odd if mode and mode != _FOLDER]

    @property
    def links(self) -> list[str]:
        """The names of the symbolic links in it."""
        if not self.has_links:
            return []
        found = [name for name, (mode, _) in self._entries.items() if mode == _LINK]
        return [name.decode("utf-8", "surrogateescape") for name in found]

    @cached_property
    def _may_have_folders(self) -> bool:
        return b"40000 " in self._content  # most large ones have none, which is seen at once

    @cached_property
    def has_links(self) -> bool:
        """Whether a symbolic link is among them."""
        # Likewise.
        return b"120000 " in self._content and any(mode == _LINK for mode, _ in self._entries.values())


class ChangedTree(Tree):
    """Another folder with some of its entries as they were before, or as they are without it."""

    def __init__(self, tree: Tree, changed: Mapping[str, Entry | None]) -> None:
        """Takes nothing apart yet.

        Args:
            tree: the other folder.
            changed: the entries that are others here; None for what is not here. No link is among them, here or there.
        """
        super().__init__()
        self._other = tree
        self._changed = changed

    @cached_property
    def _entries(self) -> dict[bytes, tuple[bytes, bytes]]:
        found = dict(self._other._entries)  # noqa: SLF001 # of its own kind
        for name, entry in self._changed.items():
            encoded = name.encode("utf-8", "surrogateescape")
            if entry is None:
                found.pop(encoded, None)
            else:
                found[encoded] = (entry.mode.encode(), bytes.fromhex(entry.id))
        return found

    def get(self, name: str) -> Entry | None:
        """What a name stands for; None for one that is not there."""
        return self._changed[name] if name in self._changed else self._other.get(name)

    def named(self, *, folders: bool) -> list[str]:
        """The names of the folders in it, or those of all else, sorted."""
        there = (name for name in self._other.named(folders=folders) if name not in self._changed)
        changed = ((name, entry) for name, entry in self._changed.items() if entry is not None)
        return sorted([*there, *(name for name, entry in changed if (entry.mode == FOLDER) == folders)])

    def named_otherwise(self, plain: str) -> list[str]:
        """The names of all that is neither a folder nor of a name that is plainly as a pattern has it."""
        there = (name for name in self._other.named_otherwise(plain) if name not in self._changed)
        here = (name for name, entry in self._changed.items() if entry is not None and entry.mode != FOLDER)
        return [*there, *(name for name in here if re.fullmatch(plain, name) is None)]

    @cached_property
    def has_links(self) -> bool:
        """Whether a symbolic link is among them."""
        return self._other.has_links


class Objects:
    """Reads objects; the process starts with the first question and ends with this object."""

    def __init__(self, repo: Repository) -> None:
        self.repo = repo
        self._process: subprocess.Popen[bytes] | None = None
        self._trees: dict[str, Tree] = {}
        self._fetched: dict[str, bytes] = {}
        self._coming: dict[str, int | None] = {}
        self._last_id = b""

    def commit(self, name: str) -> tuple[str, bytes] | None:
        """A commit: its full id and its content; None where git does not have it.

        Args:
            name: what git understands as one; it has no line break.
        """
        try:
            content = self.blob(f"{name}^{{commit}}")
        except GitEnded:
            raise
        except GitFailed:
            return None
        return self._last_id.decode(), content

    def tree_of(self, commit: str) -> Tree:
        """The topmost folder of a commit.

        Args:
            commit: its full id.

        Raises:
            GitFailed: there is no such commit.
        """
        return self.tree(f"{commit}^{{tree}}")

    def tree(self, name: str) -> Tree:
        """A folder; each is read once.

        Raises:
            GitFailed: git does not have it.
        """
        if name not in self._trees:
            content = self.blob(name)
            # Ids are as long as the repository's hash makes them: 20 bytes, or 32.
            length = 32 if len(self._last_id) == 64 else 20  # noqa: PLR2004 # digits of a SHA-256
            self._trees[name] = Tree(content, length)
        return self._trees[name]

    def blob(self, name: str, limit: int | None = None) -> bytes:
        """The bytes of an object by its id.

        Args:
            name: the id, or what git understands as one; it has no line break.
            limit: the largest size in bytes that is accepted.

        Raises:
            ContentTooLarge: it is larger.
            GitFailed: git does not have it.
        """
        if name in self._coming:
            with contextlib.suppress(
                GitEnded
            ):  # if it was another that git ended over, this one is asked for anew
                self._take(name)
        known = self._fetched.get(name)
        if known is not None and (limit is None or len(known) <= limit):
            return known
        return self._answer(self._asked([name]), limit, name)

    def ahead(self, ids: Iterable[str], limit: int | None = None) -> None:
        """Asks for objects that somebody will ask for: git looks for them while we do something else.

        Args:
            ids: their full ids; there need not be such objects.
            limit: the largest size in bytes that is kept, where they are contents; of a larger one nothing is.
        """
        known = self._fetched.keys() | self._coming.keys() | self._trees.keys()
        wanted = [each for each in dict.fromkeys(ids) if each not in known][: _AT_ONCE - len(self._coming)]
        if wanted:
            with contextlib.suppress(
                BrokenPipeError
            ):  # git has ended, which whoever asks for something is told
                self._ask(wanted)
                self._coming.update(dict.fromkeys(wanted, limit))

    def _take(self, last: str = "") -> None:
        """Takes what was asked for ahead, all of it or up to one of them."""
        while self._coming:
            name = next(iter(self._coming))
            limit = self._coming.pop(name)
            try:
                self._fetched[name] = self._answer(self._pipes()[1], limit)
            except GitEnded:
                raise
            except (ContentTooLarge, GitFailed):  # whoever asks for it is told
                pass
            if name == last:
                return

    def _ask(self, names: Iterable[str]) -> IO[bytes]:
        source, answers = self._pipes()
        source.write("".join(f"{each}\n" for each in names).encode())
        source.flush()
        return answers

    def _asked(self, names: Sequence[str]) -> IO[bytes]:
        """Asks for objects, and takes what was asked for ahead, so that their answers come next.

        In a partial clone git ends over what it can't fetch. Where that was asked for ahead, another git is asked.
        """
        try:
            answers = self._ask(names)
            self._take()
        except (BrokenPipeError, GitEnded):
            self.rest()
            answers = self._ask(names)
        return answers

    def fetch(self, ids: Iterable[str], limit: int) -> None:
        """Reads many objects at once, for whoever asks for them later: git need not be waited for each time.

        Args:
            ids: their full ids.
            limit: the largest size in bytes that is kept; of a larger one nothing is.

        Raises:
            GitFailed: git does not have one of them.
        """
        known = self._fetched.keys() | self._coming.keys()
        wanted = [each for each in dict.fromkeys(ids) if each not in known]
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            answers = self._asked(some)
            for each in some:
                with contextlib.suppress(ContentTooLarge):
                    self._fetched[each] = self._answer(answers, limit, each)

    def ask_another(self) -> None:
        """Asks a process of its own from now on: for a process that was forked from the one which has asked so far."""
        self._process = None
        self._coming.clear()

    def rest(self) -> None:
        """Lets the process end, though this object doesn't, while we do something else; another starts if anybody asks."""
        if self._process is not None:
            self._process.kill()
            self.ask_another()

    def _answer(self, answers: IO[bytes], limit: int | None, name: str = "") -> bytes:
        """The next answer; `name` is what was asked for, where somebody needs it."""
        head = answers.readline().split()
        if not head:
            self.rest()
            asked = at_top(self.repo, ("cat-file", "-e", name))
            raise GitEnded(asked, call_git(*asked) if name else GitResult(1, b"", b"git ended"))
        if len(head) != 3:  # noqa: PLR2004 # id, kind, size
            failed = GitResult(1, b"", b" ".join(head) or b"git ended")
            raise GitFailed(("-C", str(self.repo.top), "cat-file", "--batch"), failed)
        self._last_id, size = head[0], int(head[2])
        if limit is not None and size > limit:
            left = size + 1
            while left:
                left -= len(answers.read(min(left, _CHUNK)))
            raise ContentTooLarge
        content = answers.read(size)
        answers.read(1)  # a line break stands behind it
        return content

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = _BEGUN.pop(str(self.repo.top), None) or _begun(self.repo)
            weakref.finalize(self, _end_what_we_began, self._process, os.getpid())
        source, answers = self._process.stdin, self._process.stdout
        if source is None or answers is None:  # both are pipes
            raise AssertionError
        return source, answers


def _begun(repo: Repository) -> subprocess.Popen[bytes]:
    process = open_process(
        repo, ("cat-file", "--batch"), subprocess.PIPE, subprocess.DEVNULL, room=_READ_AT_ONCE
    )
    command = getattr(fcntl, "F_SETPIPE_SZ", None)
    if process.stdout is not None and command is not None:
        with contextlib.suppress(OSError):  # the more fits in, the less git waits for whoever reads
            fcntl.fcntl(process.stdout, command, _ROOM)
    return process


_BEGUN: dict[str, subprocess.Popen[bytes]] = {}


@contextlib.contextmanager
def objects_ahead(repo: Repository) -> Iterator[None]:
    """Starts the process that answers questions, for the first who has any within the block.

    Args:
        repo: where.
    """
    top = str(repo.top)
    if top in _BEGUN:
        yield
        return
    with contextlib.suppress(GitMissing):  # whoever asks is told
        _BEGUN[top] = _begun(repo)
    try:
        yield
    finally:
        begun = _BEGUN.pop(top, None)
        if begun is not None:
            _end(begun)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()  # it only reads, and may be at something that nobody asks for any more
    process.communicate()


def _end_what_we_began(process: subprocess.Popen[bytes], us: int) -> None:
    """Ends a process unless ours was forked from the one that began it, which may still ask, and nobody else can wait for."""
    if os.getpid() == us:
        _end(process)
