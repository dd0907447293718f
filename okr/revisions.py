"""A workspace's files as a commit has them, read straight from git's objects: nothing is checked out.

The same shape as the working tree's in `sources.py`. Links lead where they would in a checkout, and never out of
the workspace.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.file_errors import too_large
from okr.files import LARGEST_FILE, FileOutside, LinkLoop, MissingFile, NotRegularFile
from okr.git.objects import FOLDER, LINK, SUBMODULE, ChangedTree, ContentTooLarge, Entry, Objects, Tree
from okr.git.paths import name_in
from okr.roots import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from okr.git.run import Repository

_MOST_LINKS = 40  # as the system allows on one path
_LONGEST_TARGET = 4096  # likewise, in bytes


@dataclass(frozen=True, slots=True)
class Moment:
    """The commit that is shown in place of the working tree.

    Attributes:
        asked: what the person named: a branch, a tag, an id, a day.
        commit: its full id.
        day: the day it was committed, where its committer was; the day asked for where it was a day.
    """

    asked: str
    commit: str
    day: date


class Revision:
    """A workspace's files in one commit.

    Attributes:
        commit: its full id.
        root: the workspace's root in the working tree.
        objects: where they are read from.
    """

    def __init__(self, repo: Repository, commit: str, root: Path, objects: Objects | None = None) -> None:
        """Reads nothing yet.

        Args:
            repo: where the workspace is.
            commit: a full id.
            root: the workspace's root in the working tree; the commit is looked at in the same place.
            objects: where other commits of the same repository are read from: folders that both have are read once.
        """
        self.commit = commit
        self.root = root
        self.objects: Objects = objects or Objects(repo)
        self._trees: dict[tuple[str, ...], Tree] = {}
        self._known: Mapping[str, Entry | None] = {}
        self._like: Revision | None = None
        self._unlike: dict[str, dict[str, Entry | None]] = {}
        name = name_in(repo, root)
        self._above = () if name == "." else tuple(name.split("/"))

    def know(self, entries: Mapping[str, Entry | None], like: Revision | None = None) -> None:
        """Takes over what somebody knows of it, so that it need not be looked for; no link may be among that.

        Args:
            entries: what stands in some places, by their paths below the root; None for nothing.
            like: another commit of which all other places are the same.
        """
        self._known = entries
        self._like = like
        for path, entry in entries.items() if like else ():
            folder, _, name = path.rpartition("/")
            self._unlike.setdefault(folder, {})[name] = entry

    def folders(self, path: str) -> list[str]:
        """The folders in a folder; a link counts as one where it leads to a folder inside the workspace."""
        return self._names(path, folders=True)

    def files(self, path: str) -> list[str]:
        """All other entries of a folder, links that lead out of the workspace included."""
        return self._names(path, folders=False)

    def files_but(self, path: str, plain: str, wanted: Collection[str]) -> list[str]:
        """The same without the files of plain names that are not wanted.

        Args:
            path: the folder's.
            plain: the pattern of plain names, of ASCII alone; it takes in no blank and no NUL.
            wanted: names; some of them may not be there.
        """
        listed = self._listed(path)
        if listed.has_links:
            names = self.files(path)
            return [name for name in names if name in wanted or re.fullmatch(plain, name) is None]
        there = ((name, listed.get(name)) for name in wanted)
        found = {name for name, entry in there if entry is not None and entry.mode != FOLDER}
        return sorted(found.union(listed.named_otherwise(plain)))

    def read(self, path: str) -> bytes | None:
        """A file's bytes; None where there is none.

        Raises:
            UnreadableFile: it is there but can't or must not be read.
        """
        found = self._follow(path)
        if found is None:
            folder, _, name = path.rpartition("/")
            if name in self._listed(folder):
                raise MissingFile(Path(path), "it is a symbolic link to nothing")
            return None
        if found.mode in {FOLDER, SUBMODULE}:
            kind = "a folder" if found.mode == FOLDER else "a submodule"
            raise NotRegularFile(Path(path), f"it is {kind}, not a regular file")
        try:
            return self.objects.blob(found.id, LARGEST_FILE)
        except ContentTooLarge:
            raise too_large(Path(path), LARGEST_FILE) from None

    def fetch(self, paths: Iterable[str]) -> None:
        """Reads many files at once, as far as they are there, for whoever asks for them later."""
        found: list[str] = []
        for path in paths:
            with contextlib.suppress(FileOutside, LinkLoop):  # whoever reads it is told
                entry = self._follow(path)
                if entry is not None and entry.mode not in {FOLDER, SUBMODULE}:
                    found.append(entry.id)
        self.objects.fetch(found, LARGEST_FILE)

    def ahead(self, paths: Iterable[str]) -> None:
        """Has git look for files and folders, as far as they are there, for whoever asks for them soon."""
        found: dict[bool, list[str]] = {True: [], False: []}
        for path in paths:
            with contextlib.suppress(FileOutside, LinkLoop):  # whoever reads it is told
                entry = self._follow(path)
                if entry is not None and entry.id and entry.mode != SUBMODULE:
                    found[entry.mode == FOLDER].append(entry.id)
        self.objects.ahead(found[True])
        self.objects.ahead(found[False], LARGEST_FILE)

    def has_links(self, path: str) -> bool:
        """Whether a folder, or what leads to it, is or has a symbolic link."""
        steps = tuple(step for step in path.split("/") if step)
        for depth in range(len(steps)):
            entry = self._tree((*self._above, *steps[:depth])).get(steps[depth])
            if entry is not None and entry.mode == LINK:
                return True
        return self._tree((*self._above, *steps)).has_links

    def ids(self, names: Iterable[str]) -> dict[str, bytes] | None:
        """The id of each content in some files and folders of the workspace, and in all folders below.

        Returns:
            Its bytes by path; None where one of them is neither a file nor a folder, so that it stands for another's.
        """
        top = self._tree(self._above)
        found: dict[str, bytes] = {}
        left = [(name, entry.mode, bytes.fromhex(entry.id)) for name in names if (entry := top.get(name))]
        while left:
            path, mode, id_ = left.pop()
            if mode in {LINK, SUBMODULE}:
                return None
            if mode == FOLDER:
                inner = self.objects.tree(id_.hex())
                left += [(f"{path}/{name}", its_mode, its_id) for name, its_mode, its_id in inner]
            else:
                found[path] = id_
        return found or None

    def ids_of(self, paths: Iterable[str]) -> dict[str, bytes] | None:
        """The ids of the contents of some files, as far as they are there.

        Returns:
            Their bytes by path; None as above.
        """
        found: dict[str, bytes] = {}
        for path in paths:
            steps = (*self._above, *path.split("/"))
            on_the_way = range(len(self._above), len(steps))
            entries = [self._tree(steps[:depth]).get(steps[depth]) for depth in on_the_way]
            if any(entry is not None and entry.mode in {LINK, SUBMODULE} for entry in entries):
                return None
            if entries[-1] is not None and entries[-1].mode != FOLDER:
                found[path] = bytes.fromhex(entries[-1].id)
        return found

    def is_there(self, path: str) -> bool | None:
        """Whether a file is there; None where nobody has looked, or a link may lead to it."""
        found = self.ids_of([path])
        return True if found else None

    def attributes_above(self) -> list[tuple[str, bytes]] | None:
        """The .gitattributes of the commit's folders above the workspace, from its top downwards."""
        found: list[tuple[str, bytes]] = []
        for depth in range(len(self._above)):
            entry = self._tree(self._above[:depth]).get(ATTRIBUTES)
            if entry is not None and entry.mode not in {FOLDER, LINK, SUBMODULE}:
                with contextlib.suppress(ContentTooLarge):  # git takes no heed of one so large, either
                    content = self.objects.blob(entry.id, LARGEST_FILE)
                    found.append(("/".join(self._above[depth:]) + "/", content))
        return found

    def _names(self, path: str, *, folders: bool) -> list[str]:
        listed = self._listed(path)
        names, links = listed.named(folders=folders), listed.links
        if not links:
            return names
        others = (name for name in links if self._leads_to_folder(path, name) == folders)
        return sorted({*names}.difference(links).union(others))

    def _tree(self, steps: tuple[str, ...]) -> Tree:
        """A folder by its way from the commit's top, no links followed; empty where there is none."""
        if steps not in self._trees:
            self._trees[steps] = self._find_tree(steps)
        return self._trees[steps]

    def _find_tree(self, steps: tuple[str, ...]) -> Tree:
        depth = len(self._above)
        if self._like is not None and steps[:depth] == self._above:
            tree, unlike = self._like._tree(steps), self._unlike.get("/".join(steps[depth:]))  # noqa: SLF001 # of its own kind
            return ChangedTree(tree, unlike) if unlike else tree
        if not steps:
            return self.objects.tree_of(self.commit)
        entry = self._tree(steps[:-1]).get(steps[-1])
        return self.objects.tree(entry.id) if entry is not None and entry.mode == FOLDER else Tree()

    def _listed(self, path: str) -> Tree:
        """The entries of a folder, links to it followed; none where the path leads to no folder inside."""
        try:
            found = self._follow(path)
        except (FileOutside, LinkLoop):
            return Tree()
        return self._tree((*self._above, *found.steps)) if found and found.mode == FOLDER else Tree()

    def _leads_to_folder(self, path: str, name: str) -> bool:
        try:
            holder, found = self._follow(path), self._follow(f"{path}/{name}")
        except (FileOutside, LinkLoop):
            return False
        if holder is None or found is None or found.mode != FOLDER:
            return False
        # A link to a folder that holds it would go round for ever.
        return holder.steps[: len(found.steps)] != found.steps

    def _follow(self, path: str) -> _Found | None:
        """What a path leads to, links followed; None where it leads to nothing.

        Raises:
            FileOutside: a link leads out of the workspace.
            LinkLoop: links lead back to themselves.
        """
        if path in self._known:
            known = self._known[path]
            return None if known is None else _Found(known.mode, known.id, tuple(path.split("/")))
        ahead = path.split("/")[::-1]
        steps: list[str] = []
        entry = _ROOT
        links = 0
        while ahead:
            step = ahead.pop()
            if step == ".." and not steps:
                raise _outside(path)
            if step == "..":
                steps.pop()
                entry = _ROOT  # a folder, whichever
            elif step not in {"", "."}:
                found = self._tree((*self._above, *steps)).get(step)
                if found is None or entry.mode != FOLDER:
                    return None
                if found.mode == LINK:
                    links += 1
                    ahead.extend(self._target(path, found, links))
                else:
                    steps.append(step)
                    entry = found
        return _Found(entry.mode, entry.id, tuple(steps))

    def _target(self, path: str, link: Entry, links: int) -> list[str]:
        """The steps that a link stands for, the last one first."""
        if links > _MOST_LINKS:
            reason = "its symbolic links lead back to themselves"
            raise LinkLoop(Path(path), reason, "Remove or mend the link.")
        try:
            target = self.objects.blob(link.id, _LONGEST_TARGET)
        except ContentTooLarge:
            raise _outside(path) from None
        if target.startswith(b"/"):
            raise _outside(path)
        return target.decode("utf-8", "surrogateescape").split("/")[::-1]


@dataclass(frozen=True, slots=True)
class _Found:
    """What a path leads to: git's mode, the content's id where it is a file, and its real way from the root."""

    mode: str
    id: str
    steps: tuple[str, ...]


_ROOT = Entry(FOLDER, "")


def _outside(path: str) -> FileOutside:
    remedy = "Put the file itself there, or a link that stays inside."
    return FileOutside(Path(path), "it leads out of the workspace", remedy)
