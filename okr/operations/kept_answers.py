"""Answers kept for the next time, in the user's own cache folder: under a key of all that an answer depends on.

So nothing kept is ever out of date: what has changed has another key. Any of it may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
from importlib.util import find_spec
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from okr.dataclass import dataclass
from okr.git.paths import name_in, pathspecs
from okr.git.run import Run, at_once
from okr.repository import find_repository
from okr.roots import ATTRIBUTES, KPIS, LOGS, ORG, PLANS, SETTINGS
from okr.user_cache import TO_READ, NoHomeError, cache_folder, home, mark_used
from okr.user_cache import keep as keep_file

try:
    from _blake2 import (
        blake2b,  # `hashlib` brings OpenSSL along, which takes longer than all that is hashed here
    )
except ImportError:
    from hashlib import blake2b

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okr.git.run import Repository

_FOLDER = "answers"
_MOST_BYTES = 64 << 20
"""How much is kept of all workspaces together; what was not asked for longest goes first."""
LARGEST = 32 << 20
"""Longer answers are not kept."""
_FOLDERS = (PLANS, LOGS)
_FILES = (SETTINGS, ORG, KPIS, ATTRIBUTES)
# What a workspace must have for an answer to take long enough.
_WORTH_LOGS, _WORTH_HISTORY = 256 << 10, 8 << 20
# They differ from one shell to the next, and no answer depends on them.
_NO_MATTER = frozenset({"_", "OLDPWD", "PWD", "SHLVL", "WINDOWID", "TERM_SESSION_ID", "SSH_AUTH_SOCK"})
_PIECE = 1 << 20
_LONGEST_HEAD = 200
_DIGEST = 20
"""Bytes of a key."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was written, in pieces, and the exit status that came with it."""

    pieces: Iterable[bytes]
    status: int


def worth_keeping(root: Path) -> bool:
    """Whether a workspace's answers about history may take long: its logs are long, or its history is."""
    logs = 0
    for path, _, names in os.walk(root / LOGS):
        logs += sum(_size(Path(path, name)) for name in names)
    return logs >= _WORTH_LOGS or has_much(root / ".git")


def has_much(git_dir: Path) -> bool:
    """Whether a repository holds so much that an answer about its commits may take long.

    Args:
        git_dir: its folder that all work trees share.
    """
    history = 0
    with contextlib.suppress(OSError):
        packs = os.scandir(git_dir / "objects" / "pack")
        history = sum(entry.stat().st_size for entry in packs if entry.name.endswith(".pack"))
    return history >= _WORTH_HISTORY


def key_of_commits(root: Path, question: Sequence[str]) -> str | None:
    """What an answer depends on, where it is about nothing but what commits hold.

    Args:
        root: the workspace's root.
        question: the full ids of the commits, and all else as for `key_of`.

    Returns:
        None where okr itself can't be looked at.
    """
    found = blake2b(digest_size=_DIGEST)
    try:
        _add(found, (question, ourselves(), _surroundings(root)))
    except OSError:
        return None
    return found.hexdigest()


def key_of(root: Path, question: Sequence[str], *, plans: bool = True) -> str | None:
    """What an answer depends on, in one word: what is asked, by whom, of which files and which history.

    Args:
        root: the workspace's root.
        question: the command, its arguments, and the day that counts as today.
        plans: whether it depends on what all plans hold, and not only on which there are.

    Returns:
        None where the workspace is in no repository, or holds what can't be looked at as one looks at files.

    Raises:
        OkrError: git refuses to work.
    """
    repo = find_repository(root)
    if repo is None or repo.bare:
        return None
    found = blake2b(digest_size=_DIGEST)
    with at_once(repo, *_asked(repo, root)) as running:  # while git looks, so do we
        try:
            parts = _contents(root, plans=plans), _history(repo, root, running)
            _add(found, (question, ourselves(), _surroundings(root), *parts))
        except (OSError, _UnknownError):
            return None
    return found.hexdigest()


def _add(found: blake2b, parts: Iterable[Iterable[bytes | str]]) -> None:
    for part in parts:
        for each in (*part, b"\0end"):
            content = each if isinstance(each, bytes) else each.encode("utf-8", "surrogateescape")
            found.update(b"%d\0" % len(content))
            found.update(content)


class _UnknownError(Exception):
    """An answer may depend on something that is not looked at here."""


def ourselves() -> Iterator[str]:
    """This version of okr, of Python and of the packages beside it."""
    package = Path(__file__).parent.parent
    yield sys.version
    yield str(package)
    found, left = [], [str(package)]
    while left:  # not `os.walk`, which takes as long as looking at the files does
        with os.scandir(left.pop()) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    state = entry.stat()
                    found.append(f"{entry.path} {state.st_size} {state.st_mtime_ns}")
                elif entry.name != "__pycache__":
                    left.append(entry.path)
    yield from sorted(found)
    for needed in ("rich", "typer", "jinja2"):
        spec = find_spec(needed)
        where = Path(spec.origin).parent.parent if spec and spec.origin else package
        yield f"{where} {where.stat().st_mtime_ns}"


def _surroundings(root: Path) -> Iterator[str]:
    """What the process was given: its environment, where it prints, and where the workspace is."""
    yield str(root.resolve())
    yield from sorted(f"{name}={value}" for name, value in os.environ.items() if name not in _NO_MATTER)
    yield f"{sys.stdout.encoding} {sys.stdout.isatty()} {sys.stderr.isatty()}"
    for stream in (sys.stdout, sys.stderr):
        if stream.isatty():
            yield f"{os.get_terminal_size(stream.fileno())}"


def _asked(repo: Repository, root: Path) -> tuple[tuple[str, ...], ...]:
    """What git is asked: where the branch and the logs stand, its settings, and what was put in place of commits."""
    name = name_in(repo, root.resolve())
    where = [LOGS] if name == "." else [f"{name}/{LOGS}"]
    status = ("status", "--porcelain=v2", "--branch", "--no-ahead-behind", "-z", "--no-renames")
    return (
        (*status, "--untracked-files=all", "--", *pathspecs(where)),
        ("config", "--list", "-z", "--show-origin"),
        ("for-each-ref", "refs/replace/"),
    )


def _history(repo: Repository, root: Path, running: Sequence[Run]) -> Iterator[bytes | str]:
    """The last commit, by whose id all before it is known, and all that git lets change how it is told."""
    status, settings, replaced = (each.output() for each in running)
    yield b"\0".join(each for each in status.split(b"\0") if not each.startswith(b"# branch.u"))
    yield settings
    if b"core.attributesfile" in settings:
        raise _UnknownError
    with contextlib.suppress(FileNotFoundError):
        yield (home("XDG_CONFIG_HOME", ".config") / "git" / "attributes").read_bytes()
    yield f"{repo.top} {repo.git_dir} {repo.common_dir} {repo.bare}"
    for inside in ("shallow", "info/grafts", "info/attributes", "info/exclude"):
        with contextlib.suppress(FileNotFoundError):
            yield inside
            yield (repo.common_dir / inside).read_bytes()
    yield replaced
    folder = root.resolve()
    while folder != repo.top and folder.is_relative_to(repo.top):
        folder = folder.parent
        with contextlib.suppress(FileNotFoundError):
            yield (folder / ATTRIBUTES).read_bytes()


def is_plan(path: str) -> bool:
    """Whether a path below the root is that of a plan, by its place: all there but the cycles' facts."""
    return path.startswith("okrs/") and not path.endswith("/cycle.yaml")


def _contents(root: Path, *, plans: bool) -> Iterator[bytes | str]:
    """All files that a workspace is read from, each with its path below the root.

    Raises:
        OSError: one of them can't be read.
    """
    for name in _FILES:
        with contextlib.suppress(FileNotFoundError):
            content = _regular(root / name)
            yield name
            yield content
    for folder in _FOLDERS:
        if (root / folder).is_symlink():
            raise _UnknownError
        for path, folders, names in os.walk(root / folder, onerror=_refuse):
            folders.sort()
            if any(Path(path, each).is_symlink() for each in folders):
                raise _UnknownError
            yield f"{path}/"
            for name in sorted(names):
                yield name
                if plans or not is_plan(f"{Path(path).relative_to(root).as_posix()}/{name}"):
                    yield _regular(f"{path}/{name}")


def _refuse(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _regular(path: Path | str) -> bytes:
    descriptor = os.open(path, TO_READ)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _UnknownError
        return file.read()


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


# Where answers are kept


def fetch(key: str) -> Kept | None:
    """The answer that is kept under a key; None where there is none that is whole and ours."""
    try:
        path = cache_folder(_FOLDER) / key
        file = FileIO(path, opener=lambda name, _: os.open(name, TO_READ))
    except (OSError, NoHomeError):
        return None
    head = _head(file, key)
    if head is None:
        file.close()
        return None
    mark_used(_FOLDER, key)
    return Kept(_body(file, head.end()), int(head[2]))


def _head(file: FileIO, key: str) -> re.Match[bytes] | None:
    """What an answer's file begins with; None where it is not that of this key, or is not whole."""
    try:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return None
        found = re.fullmatch(
            rb"okr answer 2 ([0-9a-f]{40}) ([01]) ([0-9]+) ([0-9]+)\n", file.readline(_LONGEST_HEAD)
        )
        if found is None or found[1] != key.encode():
            return None
        return found if _sums(key, int(found[2]), _pieces(file)) == (int(found[3]), int(found[4])) else None
    except OSError:
        return None


def _body(file: FileIO, start: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        yield from _pieces(file)


def _pieces(file: FileIO) -> Iterator[bytes]:
    """The rest of a file, piece by piece, for answers are long."""
    while piece := file.read(_PIECE):
        yield piece


def _sums(key: str, status: int, pieces: Iterable[bytes]) -> tuple[int, int]:
    """How long an answer is, and a sum by which it shows where it was damaged."""
    length, sum_ = 0, crc32(f"{key} {status}".encode())
    for piece in pieces:
        length += len(piece)
        sum_ = crc32(piece, sum_)
    return length, sum_


def keep(key: str, answer: Kept) -> None:
    """Keeps an answer, and lets go of the oldest where there are too many; where it can't, nothing is kept."""
    pieces = [*answer.pieces]
    length, sum_ = _sums(key, answer.status, pieces)
    if not length or length > LARGEST:
        return
    head = b"okr answer 2 %s %d %d %d\n" % (key.encode(), answer.status, length, sum_)
    keep_file(_FOLDER, key, (head, *pieces), length=length, most=_MOST_BYTES)
