"""A process beside this one that reads the plans of a large cycle while this one still starts, and looks through them for it.

It only saves time: where there is none, or it has died, `mentions.py` does the same here. What it has read is as old as a
process that started with it would have read it, or was read before and is the same; nothing outlives the block.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress

from okr.errors import UsageError
from okr.forking import forked, processes_for, stop
from okr.small_files import ELSEWHERE, open_folder, plain_files

TYPE_CHECKING = False  # not from `typing`, as in `forking.py`
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from io import BufferedReader, BufferedWriter

    from okr.kept_mentions import Plans

_WORTH_IT = 30_000
"""Bytes of a folder itself, a few dozen for each file: below, a process takes more time than it saves."""


@contextmanager
def reading_ahead(root: str, folder: str, *, may_keep: bool = False) -> Iterator[None]:
    """Within it another process looks through plans, where that is worth it; no threads may be running.

    Args:
        root: the workspace's root.
        folder: below it, what holds the folders of plans; that which changed last is read at once.
        may_keep: whether the user's cache folder may tell of them, and learn it.
    """
    name = None if root in ELSEWHERE else _largest(root, folder)
    if name is None:
        yield
        return
    beside = _Beside(root, f"{folder}/{name}", may_keep=may_keep)
    ELSEWHERE[root], _ASKED[root] = beside.search, beside
    try:
        yield
    finally:
        nothing_more_is_asked(root)
        beside.end()


_ASKED: dict[str, _Beside] = {}
"""The other process that may be asked about a root's plans."""


def nothing_more_is_asked(root: str) -> None:
    """Lets another process that looks through a workspace's plans come to its end, while this one goes on."""
    beside = _ASKED.pop(root, None)
    if beside is not None:
        del ELSEWHERE[root]
        beside.dismiss()


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

    def __init__(self, root: str, folder: str, *, may_keep: bool) -> None:
        questions, ask = os.pipe()
        hear, answers = os.pipe()

        def work() -> None:
            os.close(ask)
            os.close(hear)
            _answer(root, folder, questions, answers, may_keep=may_keep)

        self._folder = folder
        self._has_answered = False
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
                found: list[str] | None = marshal.load(self._hear)  # noqa: S302 # from a process of our own
                self._has_answered = True
                return found
        return None

    def dismiss(self) -> None:
        """Tells it that nothing more will be asked."""
        with suppress(BrokenPipeError):
            self._ask.close()

    def end(self) -> None:
        """Ends it; where it has been asked, once it has kept what it would have to read again the next time."""
        if not self._has_answered:
            stop(self._process)
        self._hear.close()
        if self._has_answered:
            try:
                os.waitpid(self._process, 0)
            except KeyboardInterrupt:  # the answer is out: only what it keeps is given up
                with suppress(ProcessLookupError, ChildProcessError):
                    stop(self._process)


def _answer(root: str, folder: str, questions: int, answers: int, *, may_keep: bool) -> None:
    """What the other process does, until there is nobody who asks."""
    plans = _read(root, folder, may_keep=may_keep)
    import marshal

    kept = False
    with os.fdopen(questions, "rb") as asked, os.fdopen(answers, "wb") as told, suppress(EOFError):
        while plans is not None:
            tails, known = marshal.load(asked)  # noqa: S302 # from the process that this was forked from
            found = plans.found(tails, known, lambda name: _by_itself(root, f"{folder}/{name}"))
            marshal.dump(found, told)
            told.flush()
            if not kept:
                plans.keep()
            kept = True


def _read(root: str, path: str, *, may_keep: bool) -> Plans | None:
    """What the files of a folder hold that may be plans; None where it is a link, say."""
    folder = open_folder(root, path)
    if folder is None:
        return None
    from okr.kept_mentions import plans_of

    def listed() -> tuple[list[str], frozenset[str]]:
        names, more = plain_files(folder)
        apart: frozenset[str] = frozenset()
        if more:
            from pathlib import Path

            from okr.sources import Folder  # which tells what of it is a file

            plain, names = names, Folder(Path(root)).files(path)
            with os.scandir(folder) as entries:  # one to a folder may lead to a file the next time
                links = [entry.name for entry in entries if entry.is_symlink()]
            apart = frozenset(names).difference(plain).union(links)
        return [name for name in names if name.endswith(".yaml")], apart

    return plans_of(folder, f"{root}/{path}", listed, may_keep=may_keep)


def _by_itself(root: str, path: str) -> bytes | None:
    from pathlib import Path

    from okr.mentions import read  # few folders hold such files
    from okr.sources import Folder

    return read(Folder(Path(root)), path)
