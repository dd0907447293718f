"""Files and links below a workspace's folders that stand where nothing reads them: a goal there would be missing unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.diagnostics import Finding, Place
from okr.files import FileTooLarge, UnreadableFile
from okr.references import is_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from okr.sources import Files

DEEPEST_FOLDERS = 8
"""How far below a cycle's folder files are looked for that stand in the wrong place."""


def find_strays(files: Files, tops: Collection[str], read_at_top: Collection[str]) -> Iterator[Finding]:
    """YAML files that nothing reads, because of their name or their place.

    Args:
        files: the workspace's files.
        tops: the folders that hold a folder for each cycle.
        read_at_top: paths directly in those folders that are read nevertheless.
    """
    for top in tops:
        if top in files.files("") and not _is_blocked(files, top):
            yield _stray(top, f"rename it: {top} is the name of a folder of the workspace")
        for name in files.files(top):
            if _is_yaml(name) and f"{top}/{name}" not in read_at_top:
                yield _stray(f"{top}/{name}", f"move it to {top}/<cycle>/{name}")
        for folder in files.folders(top):
            if not folder.startswith("."):
                yield from _strays_in(files, f"{top}/{folder}")


def in_place_of_folders(files: Files, tops: Collection[str]) -> Iterator[str]:
    """What stands where a folder would and can't be entered, such as a link that leads out of the workspace."""
    at_root = [name for name in files.files("") if name in tops]
    below = [f"{top}/{name}" for top in tops for name in files.files(top)]
    for path in (*at_root, *below):
        name = path.rpartition("/")[2]
        if not _is_yaml(name) and not name.startswith(".") and _is_blocked(files, path):
            yield path


def _strays_in(files: Files, folder: str) -> Iterator[Finding]:
    for name in files.files(folder):
        stem, _, ending = name.rpartition(".")
        if not _is_yaml(name):
            continue
        if ending != "yaml":
            yield _stray(f"{folder}/{name}", f"rename it to {stem}.yaml")
        elif not is_id(stem):
            yield _stray(
                f"{folder}/{name}", "name it after its owner: lower-case letters, digits and hyphens"
            )
    for path in _paths_below(files, folder, DEEPEST_FOLDERS):
        name = path.rpartition("/")[2]
        if _is_yaml(name):
            yield _stray(path, f"move it to {folder}/{name}")


def _paths_below(files: Files, folder: str, depth: int) -> Iterator[str]:
    for inner in files.folders(folder) if depth else ():
        yield from (f"{folder}/{inner}/{name}" for name in files.files(f"{folder}/{inner}"))
        yield from _paths_below(files, f"{folder}/{inner}", depth - 1)


def _is_blocked(files: Files, path: str) -> bool:
    try:
        files.read(path)
    except FileTooLarge:
        return False
    except UnreadableFile:
        return True
    return False


def _stray(path: str, hint: str) -> Finding:
    message = "nothing reads this file: its name or its folder is not what okr expects"
    return Finding(path, Place(), message, hint)


def _is_yaml(name: str) -> bool:
    return not name.startswith(".") and name.lower().endswith((".yaml", ".yml"))
