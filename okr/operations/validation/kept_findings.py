"""What was found in each owner's files, kept for the next time in the user's own cache folder: only what may have changed is judged.

Whether a file has changed is told by git's ids of contents (`known_files.py`). Nothing that is found depends on what is kept.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING
from zlib import crc32

from okr.dataclass import dataclass, field
from okr.git.unmodified import Look
from okr.operations.kept_answers import ourselves
from okr.operations.validation.known_files import (
    Files,
    Ids,
    Seen,
    UnusualError,
    id_of,
    look_into_all,
    look_with_git,
    vouched_for,
)
from okr.operations.validation.looking_again import FINDINGS, TOPS, key_of_findings
from okr.revisions import Revision
from okr.rules.engine import examine
from okr.rules.known import Known
from okr.rules.lookup import forget_compared
from okr.rules.packing import pack, unpack
from okr.rules.parts import concerns_all
from okr.rules.units import DamagedError, Units
from okr.rules.workers import examine_in_parts
from okr.sources import CYCLE_FACTS, SETTINGS, Watched
from okr.user_cache import fetch_behind, forget, keep, mark_used, opened
from okr.workspace import KPIS, ORG

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path

    from okr.operations.validation.known_files import Listing
    from okr.rules.earlier import Between
    from okr.rules.engine import Examination
    from okr.rules.packing import Plain
    from okr.rules.parts import Unit
    from okr.workspace import Workspace

WORTH_KEEPING = 300
"""Files from which on reading what was kept takes less time than it saves."""
_LONG_ID = 64
_HEAD, _LENGTH = 64, slice(32, 48)
_LARGEST, _MOST_BYTES = 64 << 20, 128 << 20
"""How much is kept of one workspace, and of all together; what was not used for longest goes first."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was kept the last time.

    Attributes:
        files: the files, as they were.
        state: a sum of all that may concern all parts.
        rest: what came of the files of all, as `Known` has it.
        whole: likewise, what came of all plans and logs.
        units: what came of the parts.
        mark: what the greater part of it is known by, which need not be kept anew while little changes; empty for nothing.
        listing: where files stood when that was kept.
    """

    files: Files
    state: bytes = b""
    rest: Unit | None = None
    whole: Unit | None = None
    units: Units = field(default_factory=Units)
    mark: str = ""
    listing: Listing = field(default_factory=dict)


def examine_again(
    workspace: Workspace,
    root: Path,
    then: Workspace | None,
    between: Between,
    *,
    keeping: bool,
    look: Look | None = None,
) -> Examination:
    """What `examine_in_parts` finds, with what is kept from the last time, and kept for the next.

    Args:
        workspace: the workspace, of which nothing has been read.
        root: its root.
        then: what it was before; None where the rules that compare are to stay silent.
        between: what is known of the commits between the two.
        keeping: whether what is kept may be used, and more may be kept.
        look: git's look at the same folder, where it has begun.

    Raises:
        OkrError: a process that did a part of it died.
    """
    key = key_of_findings(root)
    try:
        with ExitStack() as apart:
            return _examined(workspace, root, then, between, _Cache(key, apart) if keeping else None, look)
    except DamagedError:  # as where one process can't do its part
        forget(FINDINGS, key)
        forget_compared(workspace)
        return examine(workspace, then=then, between=between)


@dataclass(frozen=True, slots=True)
class _Cache:
    """Where something is kept.

    Attributes:
        key: its name.
        apart: for as long as it lasts, what was kept of each owner can be asked for.
    """

    key: str
    apart: ExitStack


def _examined(
    workspace: Workspace,
    root: Path,
    then: Workspace | None,
    between: Between,
    cache: _Cache | None,
    look: Look | None,
) -> Examination:
    revision = then.files if then and isinstance(then.files, Revision) else None
    form = "sha256" if revision and len(revision.commit) == _LONG_ID else "sha1"
    kept = _Kept(Files(form)) if cache is None else _fetched(cache, form)
    look = None if cache is None else _look_at(root, revision, look)
    try:
        seen = _seen(root, kept.files, look)
    except (OSError, UnusualError):
        return examine_in_parts(workspace, then, between)
    files = seen.files
    differing = None if revision is None else _differing(revision, seen)
    if cache is None or files.count < WORTH_KEEPING or not isinstance(workspace.files, Watched):
        return examine_in_parts(workspace, then, between, differing)
    workspace.files.expect(files.listed, files.ids.get, lambda content: id_of(content, form))
    state = _state(workspace, files)
    known = Known()
    if state == kept.state:
        known = Known(kept.units, kept.rest, kept.whole, seen.changed, seen.moved)
    before = known.rest, known.whole, kept.state
    examination = examine_in_parts(workspace, then, between, differing, known)
    anew = seen.changed or before != (known.rest, known.whole, state)
    if known.complete and (anew or (files.stamp and _told(files) != _told(kept.files))):
        if look is not None and not files.stamp:
            files = vouched_for(files, look)
        _keep(cache.key, kept, _Kept(files, state, known.rest, known.whole, known.units))
    return examination


def _told(files: Files) -> Plain:
    """What is kept of files but where they stand."""
    return files.form, files.ids.own, files.stamp, files.young


def _look_at(root: Path, revision: Revision | None, begun: Look | None) -> Look | None:
    """Git's look at a workspace: the one that has begun, where that is at the right place."""
    if revision is None:
        return None
    look = Look(root.resolve(), revision.objects.repo, revision.commit)
    there = (look.folder, look.index)
    return begun if begun is not None and (begun.folder, begun.index) == there else look


def _seen(root: Path, before: Files, look: Look | None) -> Seen:
    """What the files are now.

    Raises:
        OSError: one of them can't be read.
        UnusualError: one of them is no file.
    """
    seen = None
    if look is not None and before.stamp:
        try:
            seen = look_with_git(root, before, look)
        except (OSError, UnusualError):  # then all are looked at
            seen = None
    return look_into_all(root, before) if seen is None else seen


# What is kept


def _fetched(cache: _Cache, form: str) -> _Kept:
    """What was kept by this very version of okr; nothing where it is not whole, or git reckons otherwise than it did."""
    nothing, key = _Kept(Files(form)), cache.key
    file = opened(FINDINGS, key)
    body = None if file is None else _beginning(cache.apart.enter_context(file), key)
    if file is None or body is None:
        return nothing
    mark, listing, packed, *said = unpack(body)
    number, start = file.fileno(), _HEAD + len(body)
    units = Units(packed, lambda begin, end: _stretch(number, start + begin, start + end))
    if os.fstat(number).st_size != start + units.size:
        return nothing
    mark_used(FINDINGS, key)
    lately = _body(f"{key}-lately", mark)
    if lately is not None:
        units_lately, *said = unpack(lately)
        for owner, unit in units_lately.items():
            units[owner] = unit
    state, rest, whole, was, own, stamp, young = said
    index = _body(f"{key}-index", key + stamp.hex()) if stamp else b""
    if was != form or index is None:  # without the index nobody knows any more what the files were
        return nothing
    files = Files(form, Ids(own, index), listing, stamp, young)
    return _Kept(files, state, rest, whole, units, mark, listing)


def _keep(key: str, before: _Kept, now: _Kept) -> None:
    """Keeps what was found: of little that has changed, only that; git's index by itself, which changes less often."""
    files, units = now.files, now.units
    if files.stamp and files.stamp != before.files.stamp:
        _keep_body(f"{key}-index", key + files.stamp.hex(), files.ids.index)
    said = now.state, now.rest, now.whole, *_told(files)
    if before.mark and units is before.units and units.are_few_new and files.listing == before.listing:
        _keep_body(f"{key}-lately", before.mark, pack((units.new, *said)))
    else:
        packed, apart = units.packed()
        body = pack((f"{key} {os.urandom(16).hex()}", files.listing, packed, *said))
        _keep_body(key, key, body, apart)


def _body(name: str, of: str) -> bytes | None:
    head, body = fetch_behind(FINDINGS, name, _HEAD)
    if head != _head(of, body):
        return None
    mark_used(FINDINGS, name)
    return body


def _beginning(file: FileIO, key: str) -> bytes | None:
    """What a file begins with, of which the pieces behind it have their sums; None where it is not whole."""
    try:
        head = file.read(_HEAD)
        length = head[_LENGTH]
        body = file.read(int(length)) if length.isdigit() else b""
    except OSError:
        return None
    return body if head == _head(key, body) else None


def _stretch(file: int, begin: int, end: int) -> bytes:
    """What stands in a file from one place up to another; less than that where it can't be read."""
    try:
        return os.pread(file, end - begin, begin)
    except OSError:
        return b""


def _keep_body(name: str, of: str, body: bytes, apart: bytes = b"") -> None:
    length = _HEAD + len(body) + len(apart)
    if length <= _LARGEST:
        keep(FINDINGS, name, (_head(of, body), body, apart), length=length, most=_MOST_BYTES)


def _head(of: str, body: bytes) -> bytes:
    """What stands before what is kept, so that nobody takes it for another's, or for whole where it is not."""
    return sha256(_version() + of.encode()).digest() + b"%016d%016d" % (len(body), crc32(body))


@cache
def _version() -> bytes:
    return sha256("\n".join(ourselves()).encode("utf-8", "surrogateescape")).digest()


def _state(workspace: Workspace, files: Files) -> bytes:
    """A sum of all that may concern all parts: the day, settings, org and KPIs, the cycles, and what nothing reads."""
    shared = (SETTINGS, ORG, KPIS, *(f"{folder}/{CYCLE_FACTS}" for folder in sorted(files.listing) if folder))
    strays = workspace.strays
    told = (
        [(path, files.ids.get(path)) for path in shared if concerns_all(path)],
        strays.findings,
        sorted(strays.names),
        workspace.files.attributes_above(),
    )
    return sha256(f"{workspace.as_of} {told}".encode("utf-8", "surrogateescape")).digest()


# Beside the last commit


def _differing(revision: Revision, seen: Seen) -> frozenset[str] | None:
    """The files that are not the same in a commit; None where it holds anything else than files and folders."""
    ids = seen.files.ids
    if seen.unlike_commit is not None:
        of_commit = revision.ids_of(seen.unlike_commit)
        if of_commit is None:
            return None
        return frozenset(path for path in seen.unlike_commit if of_commit.get(path) != ids.get(path))
    there = revision.ids(TOPS)
    if there is None:
        return None
    found = {path for path, id_ in ids.all().items() if there.pop(path, None) != id_}
    return frozenset(found.union(there))
