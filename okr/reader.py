"""The files of a workspace, each read once, with whatever was found wrong while reading.

Bytes in, located data and models out; which files there are and what they mean is for `workspace.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from okr.contents import Located, Source
from okr.documents import MOST_PROBLEMS, Document, LocatedMapping, read_document, too_large, unreadable
from okr.files import FileTooLarge, UnreadableFile
from okr.shapes import M, expect_mapping, shape

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from okr.diagnostics import Finding, Problem
    from okr.sources import Files

G = TypeVar("G")


class ReadBefore:
    """What was read of files, kept for whoever reads them over and over: a file that is the same is not read again.

    Two threads may share it: at worst a file is read twice. What it gives must not be changed.
    """

    def __init__(self, *, threads: bool = True) -> None:
        """Knows nothing yet; where several `threads` may ask, no document is left to be read on when somebody asks."""
        self._threads = threads
        self._documents: dict[str, tuple[bytes, Document]] = {}
        self._shaped: dict[
            str, tuple[Document, dict[Hashable, tuple[Any, LocatedMapping, list[Problem]]]]
        ] = {}
        self._glances: dict[str, tuple[bytes, Any]] = {}

    def document(self, path: str, content: bytes) -> Document:
        """A file's bytes as located data."""
        known = self._documents.get(path)
        if known is None or known[0] != content:
            known = self._documents[path] = (content, read_document(path, content))
            if self._threads:
                _ = known[1].root  # read now: two threads that asked for it at once would have two of it
        return known[1]

    def glance(self, path: str, content: bytes, look: Callable[[bytes], G | None]) -> G | None:
        """What a file's bytes come to at a glance."""
        known = self._glances.get(path)
        if known is None or known[0] != content:
            known = self._glances[path] = (content, look(content))
        found: G | None = known[1]
        return found

    def shaped(
        self, document: Document, kind: type[M], data: LocatedMapping
    ) -> tuple[M | None, LocatedMapping, list[Problem]]:
        """A mapping of a document as a model, as `shape` gives it."""
        known = self._shaped.get(document.path)
        if known is None or known[0] is not document:
            known = self._shaped[document.path] = (document, {})
        key = (kind, id(data))  # the document holds the mapping, so that no other one can have its identity
        if key not in known[1]:
            known[1][key] = shape(document, kind, data)
        return known[1][key]


class Reader:
    """Reads files as documents and as models, and keeps the problems met on the way."""

    def __init__(self, files: Files, before: ReadBefore | None = None, like: Reader | None = None) -> None:
        """Reads nothing yet.

        Args:
            files: where they come from.
            before: what was read of them before.
            like: the reader of another version of the workspace; a file that is the same in both is read there, and
                its document is the very same object.
        """
        self.files = files
        self._before = before
        self._like = like
        self._documents: dict[str, Document | None] = {}
        self._problems: dict[str, list[Problem]] = {}
        self._glanced: dict[str, bytes] = {}
        self._looked: dict[str, tuple[bytes, Any]] = {}
        self.asked: set[str] = set()
        self.shared: frozenset[str] = frozenset()
        """Files that are the same in the version that it is like, as somebody has found out."""

    def document(self, path: str) -> Document | None:
        """A file as located data; None where there is none. Each file is looked for once."""
        self.asked.add(path)
        if path not in self._documents:
            self._documents[path] = self._read(path)
        return self._documents[path]

    def content(self, path: str) -> bytes | str | None:
        """A file's bytes, without keeping them; None where there is none, and why where it can't be read."""
        known = self._documents.get(path)
        if known is not None and known.readable:
            return known.content
        if path in self._glanced:
            return self._glanced[path]
        try:
            return self.files.read(path)
        except UnreadableFile as error:
            return error.reason

    def at_a_glance(self, path: str, look: Callable[[bytes], G | None]) -> G | None:
        """What a file comes to that need not be read; None where there is none, and where it must be read or has been.

        Args:
            path: the file; if it is read later on, it is from the same bytes.
            look: tells what bytes come to of which it sees that nothing is wrong with them; None of others.
        """
        if path in self._documents:
            return None
        if self._like is not None and path in self.shared:
            return self._like.at_a_glance(path, look)
        try:
            content = self.files.read(path)
        except UnreadableFile:
            return None
        if content is None:
            self._documents[path] = None
            return None
        self._glanced[path] = content
        known = self._like._looked.get(path) if self._like else None  # noqa: SLF001 # of its own kind
        if known is None or known[0] != content:
            known = (
                content,
                look(content) if self._before is None else self._before.glance(path, content, look),
            )
        self._looked[path] = known
        found: G | None = known[1]
        return found

    def mentioning(self, folder: str, tails: Sequence[str]) -> list[str]:
        """The plans in a folder in which a reference may have one of some tails; those that have been read may anyhow."""
        from okr.mentions import mentioning  # few commands ask

        below = f"{folder}/"
        read = [path for path, document in self._documents.items() if document is not None]
        known = [path.removeprefix(below) for path in read if path.startswith(below)]
        return [below + name for name in mentioning(self.files, folder, tails, known)]

    @property
    def documents(self) -> tuple[Document, ...]:
        """The files read so far, by path."""
        return tuple(document for _, document in sorted(self._documents.items()) if document is not None)

    @property
    def paths(self) -> list[str]:
        """The names of the files read so far."""
        return [path for path, document in self._documents.items() if document is not None]

    def forget(self, path: str) -> None:
        """Gives the memory of a file back; whoever asks for it reads it again."""
        self._documents.pop(path, None)
        self._problems.pop(path, None)

    def problems_of(self, document: Document) -> tuple[Problem, ...]:
        """What was found wrong with one file."""
        return (*document.problems, *self._problems.get(document.path, ()))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found wrong with the files read so far: as YAML, and in their shape."""
        as_yaml = (
            problem for document in self._documents.values() if document for problem in document.problems
        )
        return (*as_yaml, *(problem for found in self._problems.values() for problem in found))

    def found(self, rule: str, document: Document) -> list[Finding]:
        """What was found while reading a file that is filed under a rule's name."""
        return [problem.finding for problem in self.problems_of(document) if problem.rule == rule]

    def note(self, document: Document, problems: list[Problem]) -> None:
        """Keeps what was found wrong with a file; of very many problems, the first ones."""
        if problems:
            kept = self._problems.setdefault(document.path, [])
            kept += problems[: max(MOST_PROBLEMS - len(kept), 0)]

    def shaped(self, document: Document, kind: type[M], data: LocatedMapping) -> tuple[M | None, Source]:
        """A mapping of a file as a model, with its source; no model where too little of it can be read."""
        shaped = shape if self._before is None else self._before.shaped
        found, kept, problems = shaped(document, kind, data)
        self.note(document, problems)
        return found, Source(document, kept)

    def whole_file(self, path: str, kind: type[M]) -> Located[M] | None:
        """A file that is one mapping, as a model; None where there is no such file or too little of it can be read."""
        document = self.document(path)
        if document is None:
            return None
        data, problems = expect_mapping(document, path.rpartition("/")[2])
        self.note(document, problems)
        if data is None:
            return None
        found, source = self.shaped(document, kind, data)
        return None if found is None else Located(found, source)

    def _read(self, path: str) -> Document | None:
        if self._like is not None and path in self.shared:
            return self._like.document(path)
        try:
            content = self._glanced.pop(path, None) or self.files.read(path)
        except FileTooLarge:
            return too_large(path)
        except UnreadableFile as error:
            return unreadable(path, "unreadable-file", f"this can't be read: {error.reason}", error.remedy)
        if content is None:
            return None
        known = self._like.document(path) if self._like else None
        if known is not None and known.readable and known.content == content:
            return known
        return read_document(path, content) if self._before is None else self._before.document(path, content)
