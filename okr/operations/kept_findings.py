"""What was found in each owner's files, kept for the next time in the user's own cache folder: only what may have changed is judged.

Whether a file has changed is told by its bytes alone. Nothing that is found depends on what is kept here.
"""

from __future__ import annotations

import os
from functools import cache
from hashlib import new, sha256
from typing import TYPE_CHECKING, Any
from zlib import crc32

from okr.dataclass import dataclass, field
from okr.files import LARGEST_FILE
from okr.operations.kept_answers import ourselves
from okr.revisions import Revision
from okr.rules.known import Known
from okr.rules.packing import pack, unpack
from okr.rules.parts import concerns_all
from okr.rules.workers import examine_in_parts
from okr.sources import SETTINGS, SUM, Watched, sum_of
from okr.user_cache import fetch, keep, mark_used
from okr.workspace import ATTRIBUTES, KPIS, LOGS, ORG, PLANS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from okr.rules.earlier import Between
    from okr.rules.engine import Examination
    from okr.rules.packing import Plain
    from okr.workspace import Workspace

WORTH_KEEPING = 300
"""Files from which on reading what was kept takes less time than it saves."""
_TO_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_TOPS = (SETTINGS, ORG, KPIS, ATTRIBUTES, PLANS, LOGS)
_LONG_ID = 64
_FOLDER = "findings"
_HEAD = 64
_LARGEST, _MOST_BYTES = 64 << 20, 128 << 20
"""How much is kept of one workspace, and of all together; what was not used for longest goes first."""


class _UnusualError(Exception):
    """The workspace holds what can't be looked at as one looks at files."""


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a workspace.

    Attributes:
        sums: of each file's bytes, with git's id of them behind it, by path.
        listed: the folders and files in each folder, as `Watched` takes it.
        changed: the files of which the bytes are not what they were, or that have come or gone.
        listing: whether some have come or gone.
    """

    sums: dict[str, bytes]
    listed: dict[str, tuple[list[str], list[str]]]
    changed: frozenset[str]
    listing: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was kept the last time.

    Attributes:
        form: how git reckoned the ids of contents.
        state: a sum of all that may concern all parts.
        sums: those of all files, as in `_Files`.
        found: what came of the parts, as `Known` takes it.
    """

    form: str
    state: bytes = b""
    sums: Mapping[str, bytes] = field(default_factory=dict)
    found: tuple[Any, ...] = ()


def examine_again(
    workspace: Workspace, root: Path, then: Workspace | None, between: Between, *, keeping: bool
) -> Examination:
    """What `examine_in_parts` finds, with what is kept from the last time, and kept for the next.

    Args:
        workspace: the workspace, of which nothing has been read.
        root: its root.
        then: what it was before; None where the rules that compare are to stay silent.
        between: what is known of the commits between the two.
        keeping: whether what is kept may be used, and more may be kept.

    Raises:
        OkrError: a process that did a part of it died.
    """
    revision = then.files if then and isinstance(then.files, Revision) else None
    form = "sha256" if revision and len(revision.commit) == _LONG_ID else "sha1"
    key = sha256(f"validation\0{root.resolve()}".encode("utf-8", "surrogateescape")).hexdigest()[:40]
    kept = _fetched(key, form) if keeping else _Kept(form)
    try:
        files = _look(root, kept.sums, form)
    except (OSError, _UnusualError):
        return examine_in_parts(workspace, then, between)
    differing = None if revision is None else _differing(revision, files.sums)
    if not keeping or len(files.sums) < WORTH_KEEPING or not isinstance(workspace.files, Watched):
        return examine_in_parts(workspace, then, between, differing)
    workspace.files.expected, workspace.files.listed = files.sums, files.listed
    state = _state(workspace, files)
    known = Known()
    if state == kept.state:
        units, rest, whole = kept.found
        known = Known(units, rest, whole, files.changed, files.listing)
    before = known.rest, known.whole
    examination = examine_in_parts(workspace, then, between, differing, known)
    if known.complete and (files.changed or state != kept.state or before != (known.rest, known.whole)):
        found = known.units, known.rest, known.whole
        _keep(key, (form, state, files.sums, *found))
    return examination


def _fetched(key: str, form: str) -> _Kept:
    """What was kept by this very version of okr; nothing where it is not whole, or git reckons otherwise than it did."""
    content = memoryview(fetch(_FOLDER, key) or b"")
    head, body = content[:_HEAD], content[_HEAD:]
    if head != _head(key, body):
        return _Kept(form)
    mark_used(_FOLDER, key)
    was, state, sums, *found = unpack(body)
    return _Kept(form, state, sums, tuple(found)) if was == form else _Kept(form)


def _keep(key: str, kept: Plain) -> None:
    body = pack(kept)
    length = _HEAD + len(body)
    if length <= _LARGEST:
        keep(_FOLDER, key, (_head(key, body), body), length=length, most=_MOST_BYTES)


def _head(key: str, body: bytes | memoryview) -> bytes:
    """What stands before what is kept, so that nobody takes it for another's, or for whole where it is not."""
    return sha256(_version() + key.encode()).digest() + b"%016d%016d" % (len(body), crc32(body))


@cache
def _version() -> bytes:
    return sha256("\n".join(ourselves()).encode("utf-8", "surrogateescape")).digest()


def _state(workspace: Workspace, files: _Files) -> bytes:
    """A sum of all that may concern all parts: the day, settings, org and KPIs, the cycles, and what nothing reads."""
    shared = sorted((path, known[:SUM]) for path, known in files.sums.items() if concerns_all(path))
    strays = workspace.strays
    told = (
        shared,
        sorted(files.listed),
        strays.findings,
        sorted(strays.names),
        workspace.files.attributes_above(),
    )
    return sha256(f"{workspace.as_of} {told}".encode("utf-8", "surrogateescape")).digest()


# What the files are


def _look(root: Path, known: Mapping[str, bytes], form: str) -> _Files:
    """Reads all files of a workspace.

    Args:
        root: its root.
        known: the sums of files as they were.
        form: how git reckons ids.

    Raises:
        OSError: one of them can't be read.
        _UnusualError: one of them is no file.
    """
    sums: dict[str, bytes] = {}
    changed: list[str] = []
    listed = _listed(root)
    room = memoryview(bytearray(LARGEST_FILE + 1))
    for folder, (_, names) in listed.items():
        for name in names:
            path = f"{folder}/{name}" if folder else name
            content = _content(f"{root}/{path}", room)
            sum_ = sum_of(content)
            before = known.get(path)
            if before is None or before[:SUM] != sum_:
                changed.append(path)
                head = b"blob %d\0" % len(content)
                before = sum_ + new(form, head + content, usedforsecurity=False).digest()
            sums[path] = before
    gone = known.keys() - sums.keys()
    del listed[""]  # what else stands there is not known
    return _Files(sums, listed, frozenset((*changed, *gone)), sums.keys() != known.keys())


def _listed(root: Path) -> dict[str, tuple[list[str], list[str]]]:
    """The folders and files in each folder of a workspace, sorted; at its root only those that are read."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    left = [""]
    while left:
        path = left.pop()
        folders, files = found[path] = ([], [])
        with os.scandir(f"{root}/{path}") as entries:
            for entry in entries:
                if not path and entry.name not in _TOPS:
                    continue
                if entry.is_dir(follow_symlinks=False) and (path or entry.name in {PLANS, LOGS}):
                    folders.append(entry.name)
                elif entry.is_file(follow_symlinks=False):
                    files.append(entry.name)
                else:
                    raise _UnusualError
        folders.sort()
        files.sort()
        left += [f"{path}/{name}" if path else name for name in folders]
    return found


def _content(path: str, room: memoryview) -> memoryview:
    descriptor = os.open(path, _TO_READ)
    try:
        size = os.readv(descriptor, (room,))
    finally:
        os.close(descriptor)
    if size == len(room):
        raise _UnusualError
    return room[:size]


def _differing(revision: Revision, sums: Mapping[str, bytes]) -> frozenset[str] | None:
    """The files that are not the same in a commit; None where it holds anything else than files and folders."""
    ids = revision.ids(_TOPS)
    if ids is None:
        return None
    found = {path for path, known in sums.items() if ids.pop(path, None) != known[SUM:]}
    return frozenset(found.union(ids))
