"""The files that an editor has open, laid over those on disk: one workspace for both, as it is at this moment.

`OpenFiles` belongs to whoever talks with the editor, a `Desk` to whoever answers; snapshots pass from one to the other.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.reader import ReadBefore
from okr.sources import Folder, Overlay, root_above
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from okr.documents import Document

STALE_AFTER = 3.0
"""Seconds after which files on disk are looked at again, though the editor told of no change."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A workspace's files at one moment.

    Attributes:
        root: the workspace's root.
        texts: what the editor has open there, by path from the root.
        number: the same as an earlier snapshot's where nothing is known to have changed since.
        as_of: the day that counts as today.
        before: what was read earlier.
    """

    root: Path
    texts: Mapping[str, bytes]
    number: int
    as_of: date
    before: ReadBefore

    def workspace(self, texts: Mapping[str, bytes] | None = None) -> Workspace:
        """The workspace; with other texts in place of those open where given."""
        files = Overlay(Folder(self.root), dict(self.texts if texts is None else texts))
        return Workspace(files, as_of=self.as_of, title=self.root.name or "okr", before=self.before)


class OpenFiles:
    """The files that an editor has open, and how often something has changed."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._texts: dict[Path, str] = {}
        self._number = 0
        self._before: dict[Path, ReadBefore] = {}

    @property
    def number(self) -> int:
        """Grows with every change."""
        return self._number

    def put(self, path: Path, text: str) -> None:
        """A file has been opened, or its text has changed."""
        self._texts[path] = text
        self._number += 1

    def drop(self, path: Path) -> None:
        """A file has been closed: what is on disk counts again."""
        self._texts.pop(path, None)
        self._number += 1

    def changed_on_disk(self) -> None:
        """Some file on disk has changed."""
        self._number += 1

    def text(self, path: Path) -> str | None:
        """The text of an open file; None for one that is not open."""
        return self._texts.get(path)

    def root_of(self, path: Path) -> Path | None:
        """The workspace that a file lies in, though the file need not be on disk; None where it lies in none."""
        folder = next((each for each in path.parents if each.is_dir()), None)
        return None if folder is None else root_above(folder)

    def open_in(self, root: Path) -> tuple[Path, ...]:
        """The open files of a workspace; those of another one further down are not among them."""
        return tuple(path for path in self._texts if self.root_of(path) == root)

    def snapshot(self, root: Path) -> Snapshot:
        """A workspace's files as they are now."""
        texts = {
            path.relative_to(root).as_posix(): self._texts[path].encode("utf-8", "replace")
            for path in self.open_in(root)
        }
        before = self._before.setdefault(root, ReadBefore())
        return Snapshot(root, texts, self._number, self._today(), before)


class Desk:
    """Workspaces opened from snapshots, one after the other in one thread; the latest is kept while nothing changes."""

    def __init__(self) -> None:
        self._latest: dict[Path, tuple[Snapshot, Workspace, float]] = {}
        self._whole: dict[tuple[Path, str], bytes] = {}

    def workspace(self, snapshot: Snapshot) -> Workspace:
        """The workspace as it is."""
        known = self._latest.get(snapshot.root)
        if known is not None:
            same = (known[0].number, known[0].as_of) == (snapshot.number, snapshot.as_of)
            if same and time.monotonic() - known[2] < STALE_AFTER:
                return known[1]
        opened = snapshot.workspace()
        self._latest[snapshot.root] = (snapshot, opened, time.monotonic())
        return opened

    def steady(self, snapshot: Snapshot) -> Workspace:
        """The workspace with each open file as it last was when it could be read: one breaks while one types in it."""
        opened = self.workspace(snapshot)
        texts = dict(snapshot.texts)
        for path, content in snapshot.texts.items():
            if _readable(opened.document(path)):
                self._whole[snapshot.root, path] = content
            else:
                texts[path] = self._whole.get((snapshot.root, path), content)
        return opened if texts == snapshot.texts else snapshot.workspace(texts)


def _readable(document: Document | None) -> bool:
    return document is not None and document.readable
