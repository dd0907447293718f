"""Several processes that judge a workspace's parts at the same time. No rules here.

Each is forked from this one and takes parts until there are none left; what it found comes back through a pipe.
One that dies is an error of the whole answer.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from okr.errors import OkrError, UsageError
from okr.rules.earlier import Earlier
from okr.rules.engine import Examination, examine
from okr.rules.lookup import forget_compared, names_compared
from okr.rules.parts import Judged, finish, judge, judge_whole, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.rules.earlier import Between
    from okr.rules.parts import Whose
    from okr.workspace import Workspace

PROCESSES = "OKR_PROCESSES"
"""The environment's variable that says how many processes may judge a workspace."""
_MOST_PROCESSES = 64
_WORTH_IT = 300
"""Plans and logs from which on a further process takes less time than it saves."""
_MOST_SHARES = 1_000
_NUMBER = 4
_FAILED, _DONE = b"\0", b"\1"


def examine_in_parts(workspace: Workspace, then: Workspace | None, between: Between) -> Examination:
    """What `examine` gives, with several processes where that pays, and without holding all plans and logs at once.

    Raises:
        OkrError: a process died before it could tell what it found.
    """
    _ = workspace.settings, workspace.org, workspace.kpis, workspace.kpi_log, workspace.strays
    parts = parts_of(workspace)
    processes = _processes(sum(map(len, parts)))
    files = workspace.documents
    earlier = None if then is None else Earlier(workspace, then, between)
    judged = Judged()
    size = max(1, -(-len(parts) // _MOST_SHARES))
    with _Workers(
        workspace, [parts[start : start + size] for start in range(0, len(parts), size)]
    ) as workers:
        workers.start(processes - 1)
        whole = judge_whole(workspace, files, earlier)
        for share in workers.shares():
            judge(workspace, share, judged)
        complete = workers.collect(judged)
    found = finish(workspace, judged, earlier, whole) if complete else None
    # What one process can't do, or might have come to otherwise, is done at once.
    if found is None:
        forget_compared(workspace)
        return examine(workspace, then=then, between=between)
    return found


def _processes(parts: int) -> int:
    given = os.environ.get(PROCESSES, "")
    if given:
        if not (given.isascii() and given.isdigit() and 1 <= int(given) <= _MOST_PROCESSES):
            raise UsageError(
                f"{PROCESSES} is “{given[:20]}”",
                f"write a number from 1 to {_MOST_PROCESSES}, or leave it out",
            )
        return int(given)
    if (
        sys.platform != "linux" or parts < _WORTH_IT
    ):  # elsewhere, a forked process can't rely on the system's libraries
        return 1
    return min(len(os.sched_getaffinity(0)), _MOST_PROCESSES)


class _Workers:
    """Processes that share parts, by a pipe that holds the numbers of those left."""

    def __init__(self, workspace: Workspace, shares: list[list[list[Whose]]]) -> None:
        self._workspace = workspace
        self._shares = shares
        self._left, source = os.pipe()
        # So few numbers fit into any pipe, so that nobody has to stay and write.
        os.write(source, b"".join(number.to_bytes(_NUMBER, "big") for number in range(len(shares))))
        os.close(source)
        self._running: dict[int, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends whoever is still at work: an answer is there, or there will be none."""
        os.close(self._left)
        for process, answers in self._running.items():
            os.close(answers)
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)

    def start(self, count: int) -> None:
        """Starts further processes."""
        sys.stdout.flush()
        sys.stderr.flush()
        for _ in range(count):
            answers, source = os.pipe()
            above = os.getpid()
            process = os.fork()
            if process == 0:
                os.close(answers)
                self._work(above, source)
            os.close(source)
            self._running[process] = answers

    def shares(self, above: int | None = None) -> Iterator[list[list[Whose]]]:
        """The next parts that nobody has taken yet, until there are none, or the process `above` is gone."""
        while (above is None or os.getppid() == above) and (number := os.read(self._left, _NUMBER)):
            yield self._shares[int.from_bytes(number, "big")]

    def collect(self, judged: Judged) -> bool:
        """Takes in what the others found.

        Returns:
            Whether all of them could do their part.

        Raises:
            OkrError: one of them died.
        """
        complete = True
        for process, answers in list(self._running.items()):
            with os.fdopen(answers, "rb", closefd=False) as source:
                content = source.read()
            del self._running[process]
            os.close(answers)
            _, status = os.waitpid(process, 0)
            if status != 0 or content[-1:] not in {_FAILED, _DONE}:
                raise OkrError(
                    "a process that did its share of the validation died before it was done",
                    f"try again; with the variable {PROCESSES}=1 a single process does it all, with less memory",
                )
            if content[-1:] == _DONE:
                judged.add(pickle.loads(content[:-1]))  # noqa: S301 # from a process of our own, through our own pipe
            else:
                complete = False
        return complete

    def _work(self, above: int, source: int) -> None:
        """What a forked process does; it never returns, for its caller's work is the other process's."""
        try:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            answer = _FAILED
            with suppress(Exception):  # the other process does it again, and tells what happened
                answer = self._judged(above) + _DONE
            with os.fdopen(source, "wb") as target:
                target.write(answer)
            os._exit(0)
        finally:
            os._exit(1)

    def _judged(self, above: int) -> bytes:
        judged = Judged()
        for share in self.shares(above):
            judge(self._workspace, share, judged)
        judged.others.update(each.path for each in self._workspace.documents if each.path not in judged.files)
        judged.compared = names_compared(self._workspace)
        return pickle.dumps(judged, pickle.HIGHEST_PROTOCOL)
