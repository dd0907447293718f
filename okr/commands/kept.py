"""Answers of earlier runs, given once more word for word; `--no-cache` has them worked out anew."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO, cast

from okr.commands.running import invocation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path


class _Heard:
    """A stream that is written to as before, and what is written."""

    def __init__(self, stream: TextIO) -> None:
        self.pieces: list[str] = []
        self.size = 0
        self._stream = stream

    def write(self, text: str) -> int:
        """Writes, and listens as long as there is any use in it."""
        from okr.operations.kept_answers import LARGEST

        self.size += len(text)
        if self.size <= LARGEST:
            self.pieces.append(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


@contextmanager
def _listening() -> Iterator[tuple[_Heard, _Heard]]:
    said, talk = _Heard(sys.stdout), _Heard(sys.stderr)
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = cast("TextIO", said), cast("TextIO", talk)
    try:
        yield said, talk
    finally:
        sys.stdout, sys.stderr = before


def answered(root: Path, question: Sequence[object], work: Callable[[], int]) -> int:
    """Gives the answer that is kept, or works it out and keeps it where that is worth it; gives the exit status.

    What comes with any talk is not kept.

    Args:
        root: the workspace's root.
        question: the command and its arguments.
        work: writes the answer to standard output, and gives the exit status.

    Raises:
        OkrError: there is no answer.
    """
    from okr.operations.kept_answers import key_of, worth_keeping

    if not invocation().cache or not worth_keeping(root):
        return work()
    return _answered(lambda: key_of(root, _asked(question)), work)


def answered_of_commits(
    root: Path, git_dir: Path, question: Sequence[object], work: Callable[[], int]
) -> int:
    """The same, where the answer depends on nothing but what commits hold, and goes elsewhere than to a terminal.

    Args:
        root: the workspace's root.
        git_dir: git's folder that all work trees share.
        question: the full ids of the commits, the command and its arguments.
        work: as for `answered`.

    Raises:
        OkrError: there is no answer.
    """
    from okr.operations.kept_answers import has_much, key_of_commits

    # Where not all signs can be written, what stands for them is up to the stream itself.
    direct = sys.stdout.isatty() or (sys.stdout.encoding or "").lower() != "utf-8"
    if not invocation().cache or direct or not has_much(git_dir):
        return work()
    # Commits stay as they are: only okr itself may become another meanwhile, and then nobody asks for this key again.
    key = key_of_commits(root, _asked(question))
    return _answered(lambda: key, work)


def _asked(question: Sequence[object]) -> list[str]:
    return [repr(each) for each in (*question, invocation().today, invocation().color)]


def _answered(key_now: Callable[[], str | None], work: Callable[[], int]) -> int:
    from okr.operations.kept_answers import LARGEST, Kept, fetch, keep

    key = key_now()
    kept = None if key is None else fetch(key)
    if kept is not None:
        _write(kept.pieces)
        return kept.status
    with _listening() as (said, talk):
        status = work()
    if key is not None and not talk.size and said.size <= LARGEST and key_now() == key:
        text = "".join(said.pieces)
        keep(key, Kept([text.encode(sys.stdout.encoding, sys.stdout.errors or "strict")], status))
    return status


def _write(pieces: Iterable[bytes]) -> None:
    """Writes what was written before; its encoding is part of its key."""
    direct = getattr(sys.stdout, "buffer", None)
    if direct is None:
        sys.stdout.write(b"".join(pieces).decode(sys.stdout.encoding))
        return
    sys.stdout.flush()
    for piece in pieces:
        direct.write(piece)
