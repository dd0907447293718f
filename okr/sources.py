"""Where a workspace's files come from: a folder of the working tree; and how a workspace's root is found.

Only names and bytes: what they mean is for `workspace.py`. Nothing outside the root is ever read, but for the
.gitattributes of the folders above it within its repository.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import stat
from bisect import bisect_left
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from okr import roots
from okr.dataclass import dataclass
from okr.errors import OkrError, UsageError
from okr.files import LARGEST_FILE, MissingFile, UnreadableFile, read_regular_file
from okr.patterns import pattern
from okr.references import is_id
from okr.roots import ATTRIBUTES
from okr.roots import CYCLE_FACTS as CYCLE_FACTS
from okr.roots import SETTINGS as SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


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

    def attributes_above(self) -> list[tuple[str, bytes]] | None:
        """The .gitattributes of the repository's folders above the workspace, from its root downwards.

        Returns:
            Each with the way down from its folder to the workspace, such as `company/goals/`; None where the
            workspace lies in no repository.
        """
        ...


@runtime_checkable
class Knowing(Protocol):
    """Files of which it may be known whether one is there, without listing its folder."""

    def is_there(self, path: str) -> bool | None:
        """Whether a plain file is there; None where nobody knows."""
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

    def holds(self, path: str, wanted: Callable[[str], bool]) -> bool:
        """Whether `files` would list a name that is wanted; looks at no more entries than it takes to know."""
        return any(wanted(entry.name) and not self._is_folder(entry) for entry in self._entries(path))

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none."""
        try:
            return read_regular_file(self.root / path, root=self.root, limit=LARGEST_FILE)
        except MissingFile:
            if (self.root / path).is_symlink():
                raise
            return None

    def attributes_above(self) -> list[tuple[str, bytes]] | None:
        """The .gitattributes above, up to the nearest folder that holds a .git; nothing beyond it is looked at."""
        root = self.root.resolve()
        top = next((folder for folder in (root, *root.parents) if os.path.lexists(folder / ".git")), None)
        if top is None:
            return None
        found: list[tuple[str, bytes]] = []
        for folder in reversed(root.parents):
            if folder.is_relative_to(top):
                with contextlib.suppress(
                    UnreadableFile
                ):  # git takes no heed of one that it can't read, either
                    content = read_regular_file(folder / ATTRIBUTES, root=folder, limit=LARGEST_FILE)
                    found.append((f"{root.relative_to(folder).as_posix()}/", content))
        return found

    def _entries(self, path: str) -> Iterator[os.DirEntry[str]]:
        """The entries of a folder, as the system gives them; none where there is no such folder.

        Raises:
            OkrError: it can't be read.
        """
        folder = self.root / path
        if not self._is_inside(folder):
            return
        try:
            with os.scandir(folder) as entries:
                yield from entries
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            message = f"the folder {path or self.root} can't be read: {error.strerror}"
            raise OkrError(message, "check its permissions") from error

    def _is_folder(self, entry: os.DirEntry[str]) -> bool:
        try:
            return entry.is_dir() and (not entry.is_symlink() or self._leads_down(Path(entry.path)))
        except OSError:
            return False

    def _leads_down(self, link: Path) -> bool:
        """Whether a link leads to a folder of the workspace that does not hold the link itself."""
        target = link.resolve()
        return self._is_inside(target) and not link.parent.resolve().is_relative_to(target)

    def _is_straight(self, path: Path) -> bool:
        """Whether no link is on the way from the workspace down to a path: then it need not be asked where it leads."""
        above = len(self.root.parts)
        if path.parts[:above] != self.root.parts or ".." in path.parts[above:]:
            return False
        way = str(self.root)
        for name in path.parts[above:]:
            way = os.path.join(way, name)  # noqa: PTH118 # many times a second, on texts
            try:
                if stat.S_ISLNK(os.lstat(way).st_mode):
                    return False
            except FileNotFoundError:
                return True
            except OSError:
                return False
        return True

    def _is_inside(self, path: Path) -> bool:
        if self._is_straight(path):
            return True
        try:
            return path.resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError):
            return False


class _PassedOn:
    """Other files, all that is not said otherwise as it is; the .gitattributes above lie outside of any change."""

    files_below: Files

    def folders(self, path: str) -> list[str]:
        """The folders of a folder."""
        return self.files_below.folders(path)

    def read(self, path: str) -> bytes | None:
        """A file's bytes."""
        return self.files_below.read(path)

    def attributes_above(self) -> list[tuple[str, bytes]] | None:
        """The .gitattributes above."""
        return self.files_below.attributes_above()


class ReadOnce(_PassedOn):
    """Other files, each read a single time: edits are made to the very bytes with which the file is compared in the end."""

    def __init__(self, files_below: Files) -> None:
        """Reads nothing yet."""
        self.files_below = files_below
        self._contents: dict[str, bytes | None] = {}

    def files(self, path: str) -> list[str]:
        """The files of a folder."""
        return self.files_below.files(path)

    def read(self, path: str) -> bytes | None:
        """A file's bytes, as they were the first time."""
        if path not in self._contents:
            self._contents[path] = self.files_below.read(path)
        return self._contents[path]


class Watched(_PassedOn):
    """Other files, of which it is noted where they are not what they were when somebody else looked.

    Attributes:
        unlike: the files that were read and were not as expected.
    """

    def __init__(self, files_below: Files) -> None:
        """Expects nothing yet."""
        self.files_below = files_below
        self.unlike: set[str] = set()
        self._listed: Mapping[str, tuple[list[str], list[str]]] = {}
        self._sum_expected: Callable[[str], bytes | None] | None = None
        self._sum_of: Callable[[bytes], bytes] = bytes

    def expect(
        self,
        listed: Mapping[str, tuple[list[str], list[str]]],
        sum_expected: Callable[[str], bytes | None],
        sum_of: Callable[[bytes], bytes],
    ) -> None:
        """Says what was seen.

        Args:
            listed: what stood in each folder: its folders, and its files, both sorted; of others nobody knows.
            sum_expected: gives the sum of a file's bytes, by its path; None where there was none.
            sum_of: reckons such a sum, which no other bytes have.
        """
        self._listed, self._sum_expected, self._sum_of = listed, sum_expected, sum_of

    def folders(self, path: str) -> list[str]:
        """The folders of a folder, as they were or are."""
        return self._listed[path][0] if path in self._listed else self.files_below.folders(path)

    def files(self, path: str) -> list[str]:
        """The files of a folder, likewise."""
        return self._listed[path][1] if path in self._listed else self.files_below.files(path)

    def is_there(self, path: str) -> bool | None:
        """Whether a file is there, where its folder was listed."""
        folder, _, name = path.rpartition("/")
        if folder not in self._listed:
            return None
        names = self._listed[folder][1]
        place = bisect_left(names, name)
        return place < len(names) and names[place] == name

    def read(self, path: str) -> bytes | None:
        """A file's bytes, as they are."""
        content = self.files_below.read(path)
        if self._sum_expected is not None:
            found = None if content is None else self._sum_of(content)
            if found != self._sum_expected(path):
                self.unlike.add(path)
        return content


@dataclass(frozen=True)
class Overlay(_PassedOn):
    """Other files with some of them as they would be after a change; nothing is written."""

    files_below: Files
    changed: dict[str, bytes]

    def folders(self, path: str) -> list[str]:
        """The folders of a folder, those that the change would make included."""
        inner = {rest.partition("/")[0] for rest in self._below(path) if "/" in rest}
        return sorted({*self.files_below.folders(path), *inner})

    def files(self, path: str) -> list[str]:
        """The files of a folder, those that the change would make included."""
        return sorted(
            {*self.files_below.files(path), *(rest for rest in self._below(path) if "/" not in rest)}
        )

    def holds(self, path: str, wanted: Callable[[str], bool]) -> bool:
        """Whether `files` would list a name that is wanted."""
        new = any(wanted(rest) for rest in self._below(path) if "/" not in rest)
        return new or holds(self.files_below, path, wanted)

    def read(self, path: str) -> bytes | None:
        """A file's bytes as they would be."""
        return self.changed[path] if path in self.changed else self.files_below.read(path)

    def _below(self, path: str) -> list[str]:
        start = f"{path}/" if path else ""
        return [name.removeprefix(start) for name in self.changed if name.startswith(start)]


@dataclass(frozen=True)
class Without(_PassedOn):
    """Other files without some of them."""

    files_below: Files
    hidden: frozenset[str]

    def files(self, path: str) -> list[str]:
        """The files of a folder that are not hidden."""
        start = f"{path}/" if path else ""
        return [name for name in self.files_below.files(path) if start + name not in self.hidden]

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where it is hidden."""
        return None if path in self.hidden else self.files_below.read(path)


Few = Callable[[str, str, Collection[str]], list[str]]


class Part(_PassedOn):
    """Other files, whose folders within folders list only some of theirs; the others can be read all the same.

    What is no owner's file by its name is listed beside those that are.
    """

    def __init__(self, files_below: Files, few: Few | None = None) -> None:
        """Lists nothing in folders within folders yet.

        Args:
            files_below: the files.
            few: gives the files of a folder without those of plain names that are not wanted, where that is quicker.
        """
        self.files_below = files_below
        self._few = few
        self._shown: dict[str, set[str]] = {}
        self._listed: dict[str, list[str]] = {}

    def show(self, paths: Iterable[str]) -> None:
        """Lists these files, as far as they are there; to be called before anybody asks for a list."""
        for path in paths:
            folder, _, name = path.rpartition("/")
            self._shown.setdefault(folder, set()).add(name)

    def files(self, path: str) -> list[str]:
        """The files of a folder that are to be listed."""
        if path not in self._listed:
            shown = self._shown.get(path, set())
            if "/" in path and shown and self._few:
                names = self._few(path, PLAINLY_OWNERS, shown)
            else:
                names = self.files_below.files(path) if shown or "/" not in path else []
            if "/" in path:
                plainly = _PLAINLY_OWNERS.fullmatch
                names = [name for name in names if name in shown or not (plainly(name) or is_owners(name))]
            self._listed[path] = names
        return self._listed[path]


def holds(files: Files, path: str, wanted: Callable[[str], bool]) -> bool:
    """Whether a folder holds a file of a name that is wanted; a large one is not listed for that."""
    if isinstance(files, (Folder, Overlay)):
        return files.holds(path, wanted)
    return any(map(wanted, files.files(path)))


_PATIENCE = 1000

PLAINLY_OWNERS = r"(?!cycle\.)[a-z0-9]{1,20}(?:-[a-z0-9]{1,20}){0,2}\.yaml"
_PLAINLY_OWNERS = pattern(PLAINLY_OWNERS)
"""Many names of plans are seen at once to be such."""


def is_owners(name: str) -> bool:
    """Whether a plan may be called so."""
    return name.endswith(".yaml") and is_id(name.removesuffix(".yaml")) and name != CYCLE_FACTS


def find_root(start: Path) -> Path:
    """The workspace that a folder lies in: the nearest one upwards with an okr.yaml.

    Raises:
        OkrError: there is none.
        UsageError: there is no such folder.
    """
    found = root_above(start)
    if found is None:
        folder = _absolute(start)
        bare = next(filter(_is_bare, (folder, *folder.parents)), None)
        if bare is not None:
            raise OkrError(
                f"{bare} is a bare repository: it has no files to read or write",
                f"Work in a clone of it: git clone {shlex.quote(str(bare))}",
            )
        named = "" if folder == _absolute(Path()) else f" {shlex.quote(str(start))}"
        beside = _beside(folder)
        raise OkrError(
            f"{folder} is in no okr workspace: there is no {SETTINGS} in it, nor in a folder above it",
            f"`okr init{named}` starts a workspace there; `okr -C DIR …` looks elsewhere"
            if beside is None
            else f"There is one in {beside}: `okr -C {shlex.quote(beside)} …`; `okr init{named}` starts another",
        )
    return found


def _beside(folder: Path) -> str | None:
    """A workspace that is likely to be meant, seen from here: in the folder, or elsewhere in its repository; else None.

    Looked for no further than two folders down, and among no more than a thousand files.
    """
    top = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)
    patience, level = _PATIENCE, [top]
    for _ in range(2):
        below: list[Path] = []
        for each in level:
            with contextlib.suppress(OSError), os.scandir(each) as entries:
                for entry in entries:
                    patience -= 1
                    if patience < 0:
                        return None
                    if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                        below.append(each / entry.name)
        level = sorted(below)
        found = next((each for each in level if (each / SETTINGS).is_file()), None)
        if found is not None:
            return os.path.relpath(found)
    return None


def _is_bare(folder: Path) -> bool:
    """Whether a folder looks like a repository without files."""
    has = (folder / "HEAD").is_file() and all((folder / name).is_dir() for name in ("objects", "refs"))
    return has and folder.name != ".git"


def root_above(start: Path) -> Path | None:
    """The same, or None where the folder lies in no workspace.

    Raises:
        UsageError: there is no such folder.
    """
    folder = _absolute(start)
    if not folder.is_dir():
        raise UsageError(f"there is no folder {start}")
    found = roots.workspace_above(str(folder))
    return None if found is None else Path(found)


def _absolute(path: Path) -> Path:
    try:
        return Path(os.path.abspath(path))  # noqa: PTH100 # `resolve` would follow links; the user's own path is meant
    except FileNotFoundError:
        raise OkrError("the current folder no longer exists", "change to another one") from None
