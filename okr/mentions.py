"""Which of many plans may refer to something: told by their bytes, without parsing any.

Ten thousand plans are looked through in the time in which ten are parsed. What a reference means is for `workspace.py`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from okr.files import UnreadableFile
from okr.references import ids_of_files
from okr.searching import found_in
from okr.small_files import ELSEWHERE, all_apart, open_folder, plain_files, together
from okr.sources import CYCLE_FACTS, Folder, is_owners

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from okr.small_files import Together
    from okr.sources import Files

_NO_OWNER = CYCLE_FACTS.removesuffix(".yaml")


def mentioning(files: Files, folder: str, tails: Sequence[str], known: Sequence[str]) -> list[str]:
    """Those of the plans in a folder in which a reference may have one of some tails, by their files' names.

    A file that can't be read may say anything, and so may one with a backslash, which can stand for any letter.

    Args:
        files: where they come from.
        folder: a folder of plans.
        tails: such as `marketing/brand`: whole ids; with a slash at the end, more may stand behind it.
        known: names of files that count in any case, where the folder lists them.
    """
    elsewhere = ELSEWHERE.get(str(files.root)) if isinstance(files, Folder) else None
    found = None if elsewhere is None else elsewhere(folder, tails, known)
    return search(files, folder, tails, known) if found is None else list(filter(is_owners, found))


def search(files: Files, folder: str, tails: Sequence[str], known: Sequence[str]) -> list[str]:
    """The same, looked through here."""
    plans = _read_plans(files, folder, frozenset(known))
    return found_in(plans, tails, known, lambda name: read(files, f"{folder}/{name}"))


def _read_plans(files: Files, folder: str, known: AbstractSet[str]) -> Iterator[Together]:
    """The plans that a folder lists, without those that are known."""
    names = [f"{stem}.yaml" for stem in ids_of_files(files.files(folder)) if stem != _NO_OWNER]
    descriptor = open_folder(str(files.root), folder) if isinstance(files, Folder) else None
    if descriptor is None:
        yield all_apart(names)
        return
    try:
        plain, _ = plain_files(descriptor)
        yield from together(descriptor, names, known, frozenset(names).difference(plain))
    finally:
        os.close(descriptor)


def read(files: Files, path: str) -> bytes | None:
    """A file's bytes; None where it can't be read."""
    try:
        return files.read(path) or b""
    except UnreadableFile:
        return None
