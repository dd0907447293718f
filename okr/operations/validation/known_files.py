"""What the files of a workspace hold, as the ids that git gives to contents, and which have changed since the last time.

They are read for that, except those of which git's index vouches that nobody has touched them since.
"""

from __future__ import annotations

import os
import stat
from hashlib import new, sha1
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.files import LARGEST_FILE
from okr.git.unmodified import listed_id, listed_ids, listed_otherwise
from okr.operations.validation.looking_again import TOPS
from okr.user_cache import TO_READ
from okr.workspace import LOGS, PLANS

if TYPE_CHECKING:
    from pathlib import Path

    from okr.git.unmodified import Look

_FEW = 100
"""Files that are found in a text sooner than all of it is taken apart."""

Listing = dict[str, tuple[bytes, tuple[str, ...], str]]
"""What stands in each folder of a workspace, by its path: a sum of all names in the system's order, and of folders and files
the names, sorted; those of files with NUL between them. At the root only what is read."""


class UnusualError(Exception):
    """The workspace holds what can't be looked at as one looks at files."""


@dataclass(slots=True)
class Ids:
    """The id of each file's content.

    Attributes:
        own: of the files that are not as in git's index, or not there: then it is None.
        index: what git's index has of the others, as `Look.listed` gives it; empty for nothing.
    """

    own: dict[str, bytes | None] = field(default_factory=dict)
    index: bytes = b""
    _asked: int = 0
    _all: dict[str, bytes] | None = None

    def get(self, path: str) -> bytes | None:
        """That of a file; None where it is not there."""
        if path in self.own:
            return self.own[path]
        if not self.index:
            return None
        self._asked += 1
        if self._asked > _FEW:
            return self.in_index.get(path)
        return listed_id(self.index, path)

    @property
    def in_index(self) -> dict[str, bytes]:
        """What git's index has of all files."""
        if self._all is None:
            self._all = listed_ids(self.index)
        return self._all

    def all(self) -> dict[str, bytes]:
        """Those of all files that are there."""
        return {path: id_ for path, id_ in (self.in_index | self.own).items() if id_ is not None}


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a workspace at one time.

    Attributes:
        form: how git reckons ids.
        ids: those of their contents.
        listing: where they stand.
        stamp: of git's index, where it vouches for those that are not `ids.own`; empty where nobody vouches.
        young: those among them that have changed so lately that it can't vouch for them the next time.
    """

    form: str
    ids: Ids = field(default_factory=Ids)
    listing: Listing = field(default_factory=dict)
    stamp: bytes = b""
    young: frozenset[str] = frozenset()

    @property
    def paths(self) -> set[str]:
        """Their names."""
        return {
            f"{folder}/{name}" if folder else name
            for folder, (_, _, files) in self.listing.items()
            for name in _split(files)
        }

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(files.count("\0") + bool(files) for _, _, files in self.listing.values())

    @property
    def listed(self) -> dict[str, tuple[list[str], list[str]]]:
        """The folders and files in each folder, as `Watched` takes it; what else stands at the root is not known."""
        return {
            folder: ([*folders], _split(files))
            for folder, (_, folders, files) in self.listing.items()
            if folder
        }


@dataclass(frozen=True, slots=True)
class Seen:
    """What the files of a workspace are now, beside what they were.

    Attributes:
        files: the files.
        changed: those that are not what they were, or that have come or gone.
        moved: whether some have come or gone.
        unlike_commit: those that may differ from the last commit, where git has told; None where all may.
    """

    files: Files
    changed: frozenset[str]
    moved: bool
    unlike_commit: frozenset[str] | None = None


def look_with_git(root: Path, before: Files, look: Look) -> Seen | None:
    """Looks at the files of a workspace, and into those only that may have changed.

    Args:
        root: its root.
        before: what was seen the last time.
        look: git's look at the same folder.

    Returns:
        None where git can't vouch for any.

    Raises:
        OSError: one of the files can't be read.
        UnusualError: one of them is no file.
    """
    listing = _listing_again(root, before.listing)
    touched = look.touched()
    stamp = look.stamp()
    if touched is None or not stamp:
        return None
    index = before.ids.index
    unsure = (
        before.ids.own.keys() | before.young | {path for path in touched if path.partition("/")[0] in TOPS}
    )
    if stamp != before.stamp:
        listed = look.listed(TOPS, index)
        if listed is None:
            return None
        unsure |= listed_otherwise(index, listed)
        index = listed
    young = before.young
    if young or stamp != before.stamp:
        young = look.young(index, b"" if young else before.ids.index)
    files = Files(before.form, Ids({}, index), listing, stamp, young)
    if listing is not before.listing:
        unsure |= files.paths ^ before.paths
    read = _Read(root, before.form)
    now = {path: read.id_of(path) for path in unsure}
    files.ids.own.update((path, id_) for path, id_ in now.items() if id_ != files.ids.get(path))
    changed = frozenset(path for path in unsure if before.ids.get(path) != now[path])
    moved = any((before.ids.get(path) is None) != (now[path] is None) for path in changed)
    return Seen(files, changed, moved, frozenset(unsure))


def look_into_all(root: Path, before: Files) -> Seen:
    """Reads all files of a workspace; the rest is as above."""
    listing = _listing(root)
    files = Files(before.form, Ids(), listing)
    read = _Read(root, before.form)
    own = files.ids.own
    own.update((path, read.id_of(path)) for path in files.paths)
    known = before.ids.all()
    changed = {path for path, id_ in own.items() if known.get(path) != id_}
    changed.update(known.keys() - own.keys())
    return Seen(files, frozenset(changed), own.keys() != known.keys())


def vouched_for(files: Files, look: Look) -> Files:
    """Files that have all been read since git's look began, with its index to vouch for them the next time where it can."""
    stamp = look.stamp()
    listed = look.listed(TOPS) if stamp else None
    if not stamp or listed is None:
        return files
    known = listed_ids(listed)
    own: dict[str, bytes | None] = {
        path: id_ for path, id_ in files.ids.own.items() if known.get(path) != id_
    }
    own.update((path, None) for path in known.keys() - files.ids.own.keys())
    return Files(files.form, Ids(own, listed), files.listing, stamp, look.young(listed))


class _Read:
    """Reads files."""

    def __init__(self, root: Path, form: str) -> None:
        self._root = root
        self._form = form

    def id_of(self, path: str) -> bytes | None:
        """The id of a file's content; None where there is no such file."""
        try:
            descriptor = os.open(f"{self._root}/{path}", TO_READ)
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            state = os.fstat(descriptor)
            if not stat.S_ISREG(state.st_mode) or state.st_size > LARGEST_FILE:
                raise UnusualError
            content = os.read(descriptor, state.st_size + 1)
            while len(content) > state.st_size and (more := os.read(descriptor, LARGEST_FILE)):
                content += more  # it has grown
        finally:
            os.close(descriptor)
        if len(content) > LARGEST_FILE:
            raise UnusualError
        return id_of(content, self._form)


def id_of(content: bytes, form: str) -> bytes:
    """The id that git gives to a content, reckoned in a form."""
    found = new(form, b"blob %d\0" % len(content), usedforsecurity=False)
    found.update(content)
    return found.digest()


# What stands where


def _listing_again(root: Path, before: Listing) -> Listing:
    """What stands where: the very same as before where all names are the same, in the same order.

    That these are files still is for those to tell who vouch for them, or read them.
    """
    for folder, (sum_, _, _) in before.items():
        if folder and _sum_of_names(f"{root}/{folder}") != sum_:
            return _listing(root)
    return before if before.get("") == _at_root(root) else _listing(root)


def _sum_of_names(folder: str) -> bytes | None:
    """A sum of all names in a folder, in the order in which the system tells them; None where there is no folder."""
    try:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            return None
        names = os.listdir(os.fsencode(folder))  # noqa: PTH208 # in a third of the time
    except (FileNotFoundError, NotADirectoryError):
        return None
    return sha1(b"\0".join(names), usedforsecurity=False).digest()


def _listing(root: Path) -> Listing:
    found: Listing = {"": _at_root(root)}
    left = [*found[""][1]]
    while left:
        path = left.pop()
        folders, files, names = [], [], []
        with os.scandir(f"{root}/{path}") as entries:
            for entry in entries:
                names.append(entry.name)
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                elif entry.is_file(follow_symlinks=False):
                    files.append(entry.name)
                else:
                    raise UnusualError
        sum_ = sha1(os.fsencode("\0".join(names)), usedforsecurity=False).digest()
        found[path] = (sum_, tuple(sorted(folders)), "\0".join(sorted(files)))
        left += [f"{path}/{name}" for name in folders]
    return found


def _at_root(root: Path) -> tuple[bytes, tuple[str, ...], str]:
    """The folders and files at the root that are read."""
    folders, files = [], []
    for name in TOPS:
        try:
            mode = os.lstat(f"{root}/{name}").st_mode
        except FileNotFoundError:
            continue
        if stat.S_ISDIR(mode) and name in {PLANS, LOGS}:
            folders.append(name)
        elif stat.S_ISREG(mode):
            files.append(name)
        else:
            raise UnusualError
    return b"", tuple(sorted(folders)), "\0".join(sorted(files))


def _split(names: str) -> list[str]:
    return names.split("\0") if names else []
