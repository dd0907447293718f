"""Where a workspace's files come from: a folder of the working tree; and how a workspace's root is found.

Only names and bytes: what they mean is for `workspace.py`. Nothing outside the root is ever read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from okr.documents import LARGEST_FILE
from okr.errors import OkrError
from okr.files import MissingFile, read_regular_file

SETTINGS = "okr.yaml"


class Files(Protocol):
    """A workspace's files; paths are relative to its root, with forward slashes."""

    def folders(self, path: str) -> list[str]:
        """The names of the folders in a folder, sorted; empty where there is no such folder."""
        ...

    def files(self, path: str) -> list[str]:
        """The names of all other entries in a folder, sorted; empty where there is no such folder."""
        ...

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none.

        Raises:
            UnreadableFile: it is there but can't or must not be read.
        """
        ...


@dataclass(frozen=True)
class Folder:
    """A workspace's files in the working tree."""

    root: Path

    def folders(self, path: str) -> list[str]:
        """The folders in a folder; a link counts as one where it leads to a folder inside the workspace."""
        return sorted(entry.name for entry in self._entries(path) if self._is_folder(entry))

    def files(self, path: str) -> list[str]:
        """All other entries of a folder, links that lead out of the workspace included."""
        return sorted(entry.name for entry in self._entries(path) if not self._is_folder(entry))

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none."""
        try:
            return read_regular_file(self.root / path, root=self.root, limit=LARGEST_FILE)
        except MissingFile:
            if (self.root / path).is_symlink():
                raise
            return None

    def _entries(self, path: str) -> list[os.DirEntry[str]]:
        folder = self.root / path
        if not self._is_inside(folder):
            return []
        try:
            with os.scandir(folder) as entries:
                return [entry for entry in entries if _is_text(entry.name)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except PermissionError as error:
            raise OkrError(f"the folder {path} can't be read", "check its permissions") from error

    def _is_folder(self, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir() and (not entry.is_symlink() or self._is_inside(Path(entry.path)))
        except OSError:
            return False

    def _is_inside(self, path: Path) -> bool:
        try:
            return path.resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError):
            return False


def find_root(start: Path) -> Path:
    """The workspace that a folder lies in: the nearest one upwards with an okr.yaml.

    Raises:
        OkrError: there is none.
    """
    folder = Path(os.path.abspath(start))  # noqa: PTH100 # `resolve` would follow links; the user's own path is meant
    if not folder.is_dir():
        raise OkrError(f"there is no folder {start}")
    for candidate in (folder, *folder.parents):
        if os.path.lexists(candidate / SETTINGS):
            return candidate
    raise OkrError(
        f"{folder} is in no okr workspace: no {SETTINGS} here or above",
        "`okr init` starts a workspace here; `okr -C DIR …` looks elsewhere",
    )


def _is_text(name: str) -> bool:
    """Whether a file name is valid UTF-8; others can't be named in a finding."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
