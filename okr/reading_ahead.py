"""A process beside this one that reads the plans of a large cycle while this one still starts, and looks through them for it.

It only saves time: where there is none, or it has died, `mentions.py` does the same here. What it has read is as old as a
process that started with it would have read it; nothing outlives the block. It imports nothing before it has read.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress

from okr.errors import UsageError
from okr.forking import forked, processes_for, stop
from okr.small_files import ELSEWHERE, open_folder, plain_files, together

TYPE_CHECKING = False  # not from `typing`, as in `forking.py`
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import BufferedReader, BufferedWriter

    from okr.small_files import Together

_WORTH_IT = 30_000
"""Bytes of a folder itself, a few dozen for each file: below, a process takes more time than it saves."""


@contextmanager
def reading_ahead(root: str, folder: str) -> Iterator[None]:
    """Within it another process looks through plans, where that is worth it; no threads may be running.

    Args:
        root: the workspace's root.
        folder: below it, what holds the folders of plans; that which changed last is read at once.
    """
    name = None if root in ELSEWHERE else _largest(root, folder)
    if name is None:
        yield
        return
    beside = _Beside(root, f"{folder}/{name}")
    ELSEWHERE[root] = beside.search
    try:
        yield
    finally:
        del ELSEWHERE[root]
        beside.end()


def is_read_ahead(root: str) -> bool:
    """Whether another process looks through plans of a workspace."""
    return root in ELSEWHERE


def _largest(root: str, folder: str) -> str | None:
    """The folder that changed last, if it is a large one; what can't be looked at is told by whoever reads it."""
    try:
        with os.scandir(f"{root}/{folder}") as entries:
            folders = [(entry.stat(), entry.name) for entry in entries if entry.is_dir()]
    except OSError:
        return None
    status, name = max(folders, key=lambda each: each[0].st_mtime_ns, default=(None, ""))
    if status is None or status.st_size < _WORTH_IT:
        return None
    with suppress(UsageError):
        return name if processes_for(status.st_size, _WORTH_IT) > 1 else None
    return None


class _Beside:
    """The other process, and how it is asked."""

    def __init__(self, root: str, folder: str) -> None:
        questions, ask = os.pipe()
        hear, answers = os.pipe()

        def work() -> None:
            os.close(ask)
            os.close(hear)
            _answer(root, folder, questions, answers)

        self._folder = folder
        self._process = forked(work)
        os.close(questions)
        os.close(answers)
        self._ask: BufferedWriter = os.fdopen(ask, "wb")
        self._hear: BufferedReader = os.fdopen(hear, "rb")

    def search(self, folder: str, tails: Sequence[str], known: Sequence[str]) -> list[str] | None:
        """As `mentions.search`, other files than plans among them; None where the other process can't tell."""
        if folder == self._folder:
            import marshal

            with suppress(BrokenPipeError, EOFError):
                self._ask.write(marshal.dumps((list(tails), list(known))))
                self._ask.flush()
                found: list[str] = marshal.load(self._hear)  # noqa: S302 # from a process of our own
                return found
        return None

    def end(self) -> None:
        """Ends it."""
        stop(self._process)
        with suppress(BrokenPipeError):
            self._ask.close()
        self._hear.close()


def _answer(root: str, folder: str, questions: int, answers: int) -> None:
    """What the other process does, until there is nobody who asks."""
    plans = _read(root, folder)
    import marshal

    from okr.searching import found_in

    with os.fdopen(questions, "rb") as asked, os.fdopen(answers, "wb") as told, suppress(EOFError):
        while plans is not None:
            tails, known = marshal.load(asked)  # noqa: S302 # from the process that this was forked from
            found = found_in(plans, tails, known, lambda name: _by_itself(root, f"{folder}/{name}"))
            marshal.dump(found, told)
            told.flush()


def _read(root: str, path: str) -> list[Together] | None:
    """What the files of a folder hold that may be plans; None where it is a link, say."""
    above, held = os.getppid(), []
    folder = open_folder(root, path)
    if folder is None:
        return None
    plain, more = plain_files(folder)
    names = plain
    if more:
        from pathlib import Path

        from okr.sources import Folder  # which tells what of it is a file

        names = Folder(Path(root)).files(path)
    names = [name for name in names if name.endswith(".yaml")]
    for some in together(folder, names, apart=frozenset(names).difference(plain) if more else frozenset()):
        held.append(some)
        if os.getppid() != above:  # nobody will ask
            os._exit(0)
    os.close(folder)
    return held


def _by_itself(root: str, path: str) -> bytes | None:
    from pathlib import Path

    from okr.mentions import read  # few folders hold such files
    from okr.sources import Folder

    return read(Folder(Path(root)), path)
