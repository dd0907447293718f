"""Writing made files into a folder of the user's: only what changed, and nothing that somebody else put there.

A manifest beside the files says which are ours and what they held, so that pages nobody needs any more can go.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MANIFEST = "okr-report.json"


@dataclass(frozen=True, slots=True)
class Published:
    """What became of the files: how many were written, were as they should be, and were removed."""

    written: int
    unchanged: int
    removed: int


def publish(folder: Path, made: Iterable[tuple[str, bytes]]) -> Published:
    """Writes files into a folder, which is made where there is none.

    Args:
        folder: where.
        made: each file's path below it, with forward slashes, and its bytes.

    Raises:
        OkrError: a file there is not ours, a folder there is a link, or the folder can't be written.
    """
    try:
        return _publish(folder, made)
    except OSError as error:
        raise OkrError(
            f"{error.filename or folder} can't be written: {error.strerror}", "choose another folder with -o"
        ) from error


def write_file(target: Path, content: bytes) -> None:
    """Writes one file that the user named; what was there before is replaced at once, or stays.

    Raises:
        OkrError: it is a link or a folder, or can't be written.
    """
    try:
        if target.is_symlink() or target.is_dir():
            kind = "link" if target.is_symlink() else "folder"
            raise OkrError(f"{target} is a {kind}; nothing is written there", "name a file with -o")
        _write(target, content)
    except OSError as error:
        raise OkrError(
            f"{target} can't be written: {error.strerror}", "choose another file with -o"
        ) from error


def _publish(folder: Path, made: Iterable[tuple[str, bytes]]) -> Published:
    folder.mkdir(parents=True, exist_ok=True)
    known = _known(folder)
    digests: dict[str, str] = {}
    written = unchanged = 0
    folders: set[Path] = set()
    for path, content in made:
        digests[path] = digest = hashlib.sha256(content).hexdigest()
        target = folder / path
        if target.parent not in folders:
            _make(folder, target.parent)
            folders.add(target.parent)
        before = _content(target)
        if before == content:
            unchanged += 1
            continue
        if before is not None and path not in known:
            message = f"{target} was not made by okr report; it would be written over"
            raise OkrError(message, "choose another folder with -o, or remove the file")
        _write(target, content)
        written += 1
        known.setdefault(path, digest)
    removed = [path for path in known if path not in digests and _is_as(folder / path, known[path])]
    for path in removed:
        (folder / path).unlink()
    manifest = json.dumps({"schema": 1, "files": dict(sorted(digests.items()))}, indent=1) + "\n"
    if _content(folder / MANIFEST) != manifest.encode():
        _write(folder / MANIFEST, manifest.encode())
    return Published(written, unchanged, len(removed))


def _known(folder: Path) -> dict[str, str]:
    """What an earlier run wrote, by its manifest; nothing where it can't be read."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    listed = found.get("files") if isinstance(found, dict) else None
    return {
        path: digest
        for path, digest in (listed.items() if isinstance(listed, dict) else ())
        if isinstance(path, str) and isinstance(digest, str) and _is_inside(path)
    }


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and all(step not in {"", ".", ".."} for step in path.split("/"))


def _make(top: Path, folder: Path) -> None:
    """Makes a folder below another, none of whose steps may be a link: it might lead anywhere."""
    steps = folder.relative_to(top).parts
    for depth in range(1, len(steps) + 1):
        here = top.joinpath(*steps[:depth])
        if here.is_symlink():
            raise OkrError(
                f"{here} is a link; nothing is written through it",
                "remove it, or choose another folder with -o",
            )
        here.mkdir(exist_ok=True)


def _content(target: Path) -> bytes | None:
    if target.is_symlink():
        raise OkrError(
            f"{target} is a link; nothing is written through it",
            "remove it, or choose another folder with -o",
        )
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return None


def _is_as(target: Path, digest: str) -> bool:
    """Whether a file still holds what we wrote, so that removing it loses nothing."""
    content = None if any(each.is_symlink() for each in (target, *target.parents)) else _content(target)
    return content is not None and hashlib.sha256(content).hexdigest() == digest


def _write(target: Path, content: bytes) -> None:
    """Never half a page: whoever reads it meanwhile has the old one or the new one."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
