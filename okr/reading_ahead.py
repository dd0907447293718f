"""A process beside this one that reads the plans of a large cycle while this one still starts, and looks through them for it.

It only saves time: where there is none, or it has died, `mentions.py` does the same here. What it has read is as old as a
process that started with it would have read it; nothing outlives the block.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from okr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import BufferedReader, BufferedWriter
    from pathlib import Path

_WORTH_IT = 30_000
"""Bytes of a folder itself, a few dozen for each file: below, a process takes more time than it saves."""


@contextmanager
def reading_ahead(root: Path, folder: str) -> Iterator[None]:
    """Within it another process looks through plans, where that is worth it; no threads may be running.

    Args:
        root: the workspace's root.
        folder: below it, what holds the folders of plans; that which changed last is read at once.
    """
    name = _largest(root, folder)
    if name is None:
        yield
        return
    from okr.mentions import ELSEWHERE  # few workspaces are so large, here and below

    beside = _Beside(root, f"{folder}/{name}")
    ELSEWHERE[root] = beside.search
    try:
        yield
    finally:
        del ELSEWHERE[root]
        beside.end()


def _largest(root: Path, folder: str) -> str | None:
    """The folder that changed last, if it is a large one; what can't be looked at is told by whoever reads it."""
    try:
        with os.scandir(root / folder) as entries:
            folders = [(entry.stat(), entry.name) for entry in entries if entry.is_dir()]
    except OSError:
        return None
    status, name = max(folders, key=lambda each: each[0].st_mtime_ns, default=(None, ""))
    if status is None or status.st_size < _WORTH_IT:
        return None
    from okr.processes import processes_for

    with suppress(UsageError):
        return name if processes_for(status.st_size, _WORTH_IT) > 1 else None
    return None


class _Beside:
    """The other process, and how it is asked."""

    def __init__(self, root: Path, folder: str) -> None:
        import sys

        sys.stdout.flush()
        sys.stderr.flush()
        questions, ask = os.pipe()
        hear, answers = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            os.close(ask)
            os.close(hear)
            _work(root, folder, questions, answers)
        os.close(questions)
        os.close(answers)
        self._ask: BufferedWriter = os.fdopen(ask, "wb")
        self._hear: BufferedReader = os.fdopen(hear, "rb")

    def search(self, folder: str, tails: Sequence[str], known: Sequence[str]) -> list[str] | None:
        """As `mentions.search`; None where the other process can't tell."""
        import json

        with suppress(BrokenPipeError):
            self._ask.write(json.dumps((folder, tails, known)).encode() + b"\n")
            self._ask.flush()
            answer = self._hear.readline()
            if answer.endswith(b"\n"):
                found: list[str] | None = json.loads(answer)
                return found
        return None

    def end(self) -> None:
        """Ends it."""
        import signal

        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        with suppress(BrokenPipeError):
            self._ask.close()
        self._hear.close()


def _work(root: Path, folder: str, questions: int, answers: int) -> None:
    """What the other process does; it never returns, for its caller's work is the first one's."""
    try:
        import json
        import signal

        from okr.mentions import found_in, read_plans, search
        from okr.sources import Folder

        signal.signal(signal.SIGINT, signal.SIG_DFL)
        files, above = Folder(root), os.getppid()
        plans = []
        for some in read_plans(files, folder):
            plans.append(some)
            if os.getppid() != above:
                os._exit(0)
        with os.fdopen(questions, "rb") as asked, os.fdopen(answers, "wb") as told:
            for question in asked:  # until there is nobody who asks
                where, tails, known = json.loads(question)
                here = where == folder
                found = found_in(plans, tails, known) if here else search(files, where, tails, known)
                told.write(json.dumps(found).encode() + b"\n")
                told.flush()
        os._exit(0)
    finally:
        os._exit(1)
