"""Writing made files into a folder of the user's: only what changed, and nothing that somebody else put there.

A manifest beside the files says which are ours and what they held, so that pages nobody needs any more can go.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.file_errors import unwritable
from okr.files import LEFTOVER_AGE, TEMPORARY_PREFIX, remove_leftovers
from okr.forking import processes_for
from okr.processes import MOST_SHARES, shared
from okr.roots import SETTINGS, workspace_above
from okr.workspace import KPIS, LOGS, ORG, PLANS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_MANIFEST = "okr-{}.json"
"""Each command has one of its own: what the other made in the same folder is not its to write over or to remove."""
_OUR_FOLDERS = {PLANS, LOGS}
_OUR_FILES = {SETTINGS, ORG, KPIS}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_WORTH_IT = 100
"""Files to be made from which on a further process takes less time than it saves."""
_SHARE = 16


@dataclass(frozen=True, slots=True)
class Published:
    """What became of the files: how many were written, were as they should be, and were removed."""

    written: int
    unchanged: int
    removed: int


@dataclass(frozen=True, slots=True)
class Made:
    """A file to be published.

    Attributes:
        path: where it lies in the folder, with forward slashes.
        content: makes its bytes.
        key: all that they depend on, in one word; None where they are to be made each time.
    """

    path: str
    content: Callable[[], bytes]
    key: str | None = None


def publish(folder: Path, made: Iterable[tuple[str, bytes]], *, maker: str) -> Published:
    """Writes files into a folder, which is made where there is none.

    Args:
        folder: where.
        made: each file's path below it, with forward slashes, and its bytes.
        maker: the command that makes them, `report` or `export`; what others made is left alone.

    Raises:
        OkrError: a file there is not ours, a folder there is a link, or the folder can't be written; all files there are
            as they were.
    """
    files = [Made(path, partial(bytes, content)) for path, content in made]
    return publish_made(folder, files, {}, maker=maker)[0]


def publish_made(
    folder: Path, made: Sequence[Made], before: Mapping[str, tuple[str, str]], *, maker: str
) -> tuple[Published, dict[str, tuple[str, str]]]:
    """The same of files that are made only where they have to be, by all processors.

    Args:
        folder: where.
        made: the files.
        before: the key and the digest of each file when it was published before. One that has the same key is not made
            again, unless the file there is another by now.
        maker: the command that makes them, as for `publish`.

    Returns:
        What became of the files, and what is to be handed in the next time.

    Raises:
        OkrError: as `publish`; or a process died before its files were made.
    """
    refuse_our_own(folder, "folder")
    try:
        return _Target(folder, made, before, maker).publish()
    except OSError as error:
        raise _failed(Path(os.fsdecode(error.filename or folder)), error, "folder") from error


def write_file(target: Path, content: bytes) -> None:
    """Writes one file that the user named; what was there before is replaced at once, or stays.

    Raises:
        OkrError: it is a link or a folder, or can't be written.
    """
    refuse_our_own(target, "file")
    try:
        if target.is_symlink() or target.is_dir():
            kind = "link" if target.is_symlink() else "folder"
            raise OkrError(f"{target} is a {kind}; nothing is written there", "name a file with -o")
        remove_leftovers(target.parent)
        _write(target, content)
    except OSError as error:
        raise _failed(target, error, "file") from error


def refuse_our_own(target: Path, kind: str) -> None:
    """Refuses to write where the plans, the logs and the settings of a workspace are.

    Raises:
        OkrError: it is such a file, or in a folder of such.
    """
    real = os.path.realpath(target)
    root = workspace_above(os.path.dirname(real))  # noqa: PTH120 # as the root is looked for
    if root is None:
        return
    within = Path(os.path.relpath(real, root))
    if within.parts[0] in _OUR_FOLDERS or within.as_posix() in _OUR_FILES:
        raise OkrError(
            f"{target} is where the workspace {root} keeps its plans, logs and settings; nothing is written there",
            f"choose another {kind} with -o",
        )


class _Target:
    """A folder and what is to stand in it. All is made and laid aside first, then put in its place at once."""

    def __init__(
        self, folder: Path, made: Sequence[Made], before: Mapping[str, tuple[str, str]], maker: str
    ) -> None:
        self._folder = folder
        self._maker = maker
        self._manifest = folder / _MANIFEST.format(maker)
        self._made = made
        self._before = before
        self._aside = folder / f"{TEMPORARY_PREFIX}{os.urandom(8).hex()}"
        self._looked_at: set[Path] = set()
        self._known: dict[str, str] = {}

    def publish(self) -> tuple[Published, dict[str, tuple[str, str]]]:
        self._folder.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(self._folder)
        self._known = _known(self._manifest, self._maker)
        try:
            found = self._prepared()
            changed = [place for place, (_, new) in enumerate(found) if new]
            digests = {each.path: digest for each, (digest, _) in zip(self._made, found, strict=True)}
            self._put_in_place(changed, digests)
        finally:
            shutil.rmtree(self._aside, ignore_errors=True)
        removed = self._remove_others(digests)
        # A file that stood there before us, with the same bytes, stays somebody else's.
        ours = {self._made[place].path for place in changed} | self._known.keys()
        self._write_manifest({path: digest for path, digest in digests.items() if path in ours})
        keys = {each.path: (each.key, digests[each.path]) for each in self._made if each.key is not None}
        return Published(len(changed), len(found) - len(changed), removed), keys

    def _prepared(self) -> list[tuple[str, bool]]:
        """The digest of each file, and whether a new version of it has been laid aside."""
        anew = [place for place, each in enumerate(self._made) if self._digest_before(each) is None]
        count = processes_for(len(anew), _WORTH_IT)
        if count > 1:
            shares = self._shares()
            done = shared(
                count,
                len(shares),
                lambda numbers: [
                    (place, self._prepare(place)) for number in numbers for place in shares[number]
                ],
                "the report",
            )
            if done is not None:
                return [each for _, each in sorted(pair for theirs in done for pair in theirs)]
        return [self._prepare(place) for place in range(len(self._made))]

    def _shares(self) -> list[list[int]]:
        """What processes take in turns: first each file that is made every time, for those are the largest."""
        alone = [place for place, each in enumerate(self._made) if each.key is None][: MOST_SHARES // 2]
        rest = sorted(set(range(len(self._made))) - set(alone))
        size = max(_SHARE, -(-len(rest) // (MOST_SHARES // 2)))
        return [
            *([each] for each in alone),
            *(rest[start : start + size] for start in range(0, len(rest), size)),
        ]

    def _digest_before(self, made: Made) -> str | None:
        """The digest of a file that would come out as it was published before."""
        key, digest = self._before.get(made.path, ("", ""))
        return digest if made.key is not None and made.key == key else None

    def _prepare(self, place: int) -> tuple[str, bool]:
        """Makes one file, and lays it aside where it differs from the one that is there."""
        made = self._made[place]
        target = self._folder / made.path
        self._look_at(target.parent)
        there = _content(target)
        expected = self._digest_before(made)
        if expected is not None and there is not None and hashlib.sha256(there).hexdigest() == expected:
            return expected, False
        content = made.content()
        digest = hashlib.sha256(content).hexdigest()
        if there == content:
            return digest, False
        if there is not None and made.path not in self._known:
            raise _not_ours(target, self._maker)
        try:
            self._aside.mkdir(exist_ok=True)
            (self._aside / str(place)).write_bytes(content)
        except OSError as error:
            raise _of(target, error) from error
        return digest, True

    def _look_at(self, folder: Path) -> None:
        """Sees to it that no step on the way to a folder is a link: it might lead anywhere."""
        if folder in self._looked_at or folder == self._folder:
            return
        self._look_at(folder.parent)
        if folder.is_symlink():
            raise OkrError(
                f"{folder} is a link; nothing is written through it",
                "remove it, or choose another folder with -o",
            )
        self._looked_at.add(folder)

    def _put_in_place(self, changed: list[int], digests: Mapping[str, str]) -> None:
        paths = {self._made[place].path: place for place in changed}
        if paths:
            # Whoever comes after a run that was cut off here must know these files as ours, old or new.
            coming = {path: digests[path] for path in paths}
            self._write_manifest({**coming, **self._known}, coming)
        made: set[Path] = set()
        for path, place in paths.items():
            target = self._folder / path
            if target.parent not in made:
                self._looked_at.clear()
                self._look_at(target.parent)
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            try:
                (self._aside / str(place)).replace(target)
            except OSError as error:
                raise _of(target, error) from error

    def _remove_others(self, digests: Mapping[str, str]) -> int:
        removed = [
            path
            for path, digest in self._known.items()
            if path not in digests and _is_as(self._folder / path, digest)
        ]
        for path in removed:
            (self._folder / path).unlink()
        return len(removed)

    def _write_manifest(self, digests: Mapping[str, str], coming: Mapping[str, str] | None = None) -> None:
        """Writes which files are ours; `coming` has what some of them are about to hold."""
        told = {"schema": 1, "files": dict(sorted(digests.items()))}
        if coming:
            told["coming"] = dict(sorted(coming.items()))
        manifest = json.dumps(told, indent=1) + "\n"
        if _content(self._manifest) != manifest.encode():
            _write(self._manifest, manifest.encode())


def _remove_leftovers(folder: Path) -> None:
    """Removes what runs that were cut off had laid aside; nothing that may be another run's, or anybody else's."""
    remove_leftovers(folder)
    for found in folder.glob(f"{TEMPORARY_PREFIX}*"):
        if found.is_symlink() or not found.is_dir() or time.time() - found.stat().st_mtime < LEFTOVER_AGE:
            continue
        if all(each.name.isdigit() for each in found.iterdir()):
            shutil.rmtree(found, ignore_errors=True)


def _known(manifest: Path, maker: str) -> dict[str, str]:
    """What an earlier run wrote, by its manifest; nothing where there is none.

    Raises:
        OkrError: a file of somebody else's is called so.
    """
    content = _content(manifest)
    try:
        found = {"files": {}} if content is None else json.loads(content)
    except ValueError:
        found = None
    told = found if isinstance(found, dict) else {}
    listed, coming = told.get("files"), told.get("coming")
    if not isinstance(listed, dict):
        raise _not_ours(manifest, maker)
    known = _digests(listed)
    # A run that was cut off did not come to write down what it had put in place.
    arrived = {
        path: digest
        for path, digest in _digests(coming if isinstance(coming, dict) else {}).items()
        if path in known and _is_as(manifest.parent / path, digest)
    }
    return known | arrived


def _digests(listed: Mapping[str, object]) -> dict[str, str]:
    """What a manifest may say: digests of files below its folder."""
    return {path: digest for path, digest in listed.items() if isinstance(digest, str) and _is_inside(path)}


def _not_ours(target: Path, maker: str) -> OkrError:
    return OkrError(
        f"{target} was not made by okr {maker}; it would be written over",
        "choose another folder with -o, or remove the file",
    )


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and all(step not in {"", ".", ".."} for step in path.split("/"))


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
    temporary = target.with_name(f"{TEMPORARY_PREFIX}{os.urandom(8).hex()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(target)
    except OSError as error:
        raise _of(target, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _of(target: Path, error: OSError) -> OSError:
    """What went wrong with a file under a name of ours, told of the one that it was for."""
    return OSError(error.errno, error.strerror, str(target))


def _failed(target: Path, error: OSError, kind: str) -> OkrError:
    if error.errno in _NO_ROOM:
        return unwritable(target, error)
    return OkrError(f"{target} can't be written: {error.strerror}", f"choose another {kind} with -o")
