"""Files and links of a workspace that are where nothing reads them: a goal written there would go missing unnoticed."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from okr.cycles import looks_standard
from okr.dataclass import dataclass
from okr.diagnostics import Finding, Place
from okr.files import FileTooLarge, UnreadableFile
from okr.patterns import pattern
from okr.references import is_id, slug

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from okr.sources import Files

DEEPEST_FOLDERS = 8
"""How far below a cycle's folder files are looked for that stand in the wrong place."""

_NOTHING_READS = "nothing reads this file: its name or its folder is not what okr expects"
_COPY = pattern(
    r"(?P<of>.+?)(?:[ _-]*(?:\(?(?:copy|copie)\b.*|\(\d+\))|\.orig|_(?:BACKUP|BASE|LOCAL|REMOTE)_\d+)"
)
_OWNERS = pattern(r"(?:[a-z0-9]{1,20}(?:-[a-z0-9]{1,20}){0,2}\.yaml\0)++")
"""The names of thousands of plans or logs are seen at once to be such."""
_SEPARATORS = pattern(r"[\s_.-]+")
_CALLED = {"okrs": "okr okrs objectives", "checkins": "checkin checkins"}
"""Folders → what else people call them, in lower case, without hyphens."""
_ROOT_FILES = {
    "org.yaml": "org orgs organisation organization",
    "kpis.yaml": "kpi kpis",
    "okr.yaml": "okr okrs",
}
"""Files at the root, likewise."""


@dataclass(frozen=True, slots=True)
class Strays:
    """What nothing reads.

    Attributes:
        findings: one for each file, and one for each folder under a wrong name.
        names: what these files may have been meant to be: owners' ids, and `org` and `kpis`.
    """

    findings: tuple[Finding, ...]
    names: frozenset[str]


def find_strays(files: Files, tops: Collection[str], read_at_top: Collection[str]) -> Strays:
    """YAML files that nothing reads, because of their name or their place.

    Args:
        files: the workspace's files.
        tops: the folders that hold a folder for each cycle.
        read_at_top: paths directly in those folders that are read nevertheless.
    """
    findings = [*_at_root(files, tops)]
    names: set[str] = set()
    for top in tops:
        findings += _below(files, top, read_at_top)
        for folder in _called_otherwise(files, top):
            inside = _in_cycles(files, folder)
            names.update(PurePosixPath(path).stem for path in inside)
            findings += [_whole_folder(files, folder, top, inside)] if inside else []
    for finding in findings:
        path = PurePosixPath(finding.path)
        names.update((path.stem, *path.parts[:-1], *_root_file(path.name)))
    return Strays(tuple(findings), frozenset(name.casefold() for name in names))


def in_place_of_folders(files: Files, tops: Collection[str]) -> Iterator[str]:
    """What stands where a folder would and can't be entered, such as a link that leads out of the workspace."""
    at_root = [name for name in files.files("") if name in tops]
    below = [f"{top}/{name}" for top in tops for name in files.files(top)]
    for path in (*at_root, *below):
        name = path.rpartition("/")[2]
        if not _is_yaml(name) and not name.startswith(".") and _is_blocked(files, path):
            yield path


def _at_root(files: Files, tops: Collection[str]) -> Iterator[Finding]:
    names = files.files("")
    for name in names:
        if name in tops and not _is_blocked(files, name):
            yield _stray(name, f"rename it: {name} is the name of a folder of the workspace")
        for meant in _root_file(name) if _is_yaml(name) and name not in _ROOT_FILES else ():
            there = f"move what it says to {meant}, or remove it"
            yield _stray(name, there if meant in names else f"rename it to {meant}")


def _root_file(name: str) -> Iterator[str]:
    """The file at the root that a name was to be."""
    stem = name.rpartition(".")[0].casefold()
    return (meant for meant, called in _ROOT_FILES.items() if stem in called.split())


def _below(files: Files, top: str, read_at_top: Collection[str]) -> Iterator[Finding]:
    for name in files.files(top):
        if _is_yaml(name) and f"{top}/{name}" not in read_at_top:
            yield _stray(f"{top}/{name}", f"move it to {top}/<cycle>/{name}")
    for folder in files.folders(top):
        if not folder.startswith("."):
            yield from _strays_in(files, f"{top}/{folder}")


def _strays_in(files: Files, folder: str) -> Iterator[Finding]:
    names = files.files(folder)
    owned = _OWNERS.fullmatch("\0".join([*names, ""])) is not None
    for name in () if owned else names:
        stem, _, ending = name.rpartition(".")
        if not _is_yaml(name):
            continue
        if ending != "yaml":
            yield _stray(f"{folder}/{name}", f"rename it to {stem}.yaml")
        elif not is_id(stem):
            yield _stray(f"{folder}/{name}", _name_for(stem, names))
    for path in _paths_below(files, folder, DEEPEST_FOLDERS):
        name = path.rpartition("/")[2]
        if _is_yaml(name):
            yield _stray(path, f"move it to {folder}/{name}")


def _name_for(stem: str, names: Collection[str]) -> str:
    """What to do with a file whose name is no owner's id."""
    copied = _COPY.fullmatch(stem)
    if copied is not None and f"{copied['of']}.yaml" in names:
        return f"remove it, if it is a copy of {copied['of']}.yaml; else name it after its owner"
    meant = slug(stem, fallback="") if stem.isprintable() else ""
    if not meant:
        return "name it after its owner: lower-case letters, digits and hyphens"
    if f"{meant}.yaml" in names:
        return f"move what it says to {meant}.yaml, which is there already, or remove it"
    return f"rename it to {meant}.yaml, or otherwise after its owner's id"


def _paths_below(files: Files, folder: str, depth: int) -> Iterator[str]:
    for inner in files.folders(folder) if depth else ():
        yield from (f"{folder}/{inner}/{name}" for name in files.files(f"{folder}/{inner}"))
        yield from _paths_below(files, f"{folder}/{inner}", depth - 1)


def _called_otherwise(files: Files, top: str) -> Iterator[str]:
    """The folders at the root that were most likely to be one of the workspace's."""
    there = files.folders("")
    for folder in there:
        same = folder.casefold() == top and top not in there and bool(files.folders(top))
        if (
            folder != top
            and not same
            and _SEPARATORS.sub("", folder.casefold()) in _CALLED.get(top, "").split()
        ):
            yield folder


def _in_cycles(files: Files, top: str) -> list[str]:
    """The YAML files in a folder's folders that are named as cycles are."""
    cycles = [f"{top}/{name}" for name in files.folders(top) if looks_standard(name)]
    return [f"{cycle}/{name}" for cycle in cycles for name in files.files(cycle) if _is_yaml(name)]


def _whole_folder(files: Files, folder: str, top: str, inside: list[str]) -> Finding:
    more = f", nor the {len(inside) - 1} others in {folder}" if len(inside) > 1 else ""
    hint = f"rename the folder to {top}"
    if top in files.folders(""):
        hint = f"move it to {inside[0].replace(folder, top, 1)}"
        hint += ", and the others likewise" if more else ""
    return Finding(inside[0], Place(), f"nothing reads this file{more}: the folder's name is {top}", hint)


def _is_blocked(files: Files, path: str) -> bool:
    try:
        files.read(path)
    except FileTooLarge:
        return False
    except UnreadableFile:
        return True
    return False


def _stray(path: str, hint: str) -> Finding:
    return Finding(path, Place(), _NOTHING_READS, hint)


def _is_yaml(name: str) -> bool:
    return not name.startswith(".") and name.lower().endswith((".yaml", ".yml"))
