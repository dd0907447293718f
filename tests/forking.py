"""Processes of okr that need no start: each is forked from one that has imported okr and waits for orders.

A short command's time is nearly all Python's start and imports; here they are done once. The rest of such a process is
its own: its folder, environment, output and terminal, the signals it gets, the locks it takes. What is about the start
itself (encodings, options of Python) needs a process started anew: `Shell.run`.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import json
import os
import runpy
import select
import socket
import subprocess
import sys
import tempfile
import termios
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import coverage

from tests.cli.conftest import Outcome
from tests.measuring import MEASURING, import_everything

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.cli.conftest import Shell

TOP = str(Path(__file__).parents[1])


class Forked:
    """A process at work."""

    def __init__(self, pid: int, alive: int, said: tuple[IO[bytes], ...]) -> None:
        self.pid = pid
        self._alive = alive  # a pipe that comes to its end when the process does
        self._said = said

    def works_for(self, seconds: float) -> bool:
        """Whether it is still at work after that time."""
        return not select.select([self._alive], [], [], seconds)[0]

    def ends(self, timeout: float = 120) -> Outcome:
        """Waits for its end; the status is negative where a signal ended it. On a terminal nothing else is known."""
        if self.works_for(timeout):
            raise TimeoutError(self.pid)
        os.close(self._alive)
        status = _master().ask({"ended": self.pid})
        texts = []
        for stream in self._said:
            stream.seek(0)
            texts.append(stream.read().decode())
            stream.close()
        out, err = texts or ("", "")
        return Outcome(status, out, err)


def fork(
    shell: Shell,
    module: str,
    *arguments: str,
    group: bool = False,
    terminal: int | None = None,
    measured: bool = False,
    variables: Mapping[str, str] | None = None,
) -> Forked:
    """Runs a module as `python -m` does, in a process of its own.

    Args:
        shell: Where, and with whose environment.
        module: The module.
        *arguments: Its arguments.
        group: Whether it leads a process group.
        terminal: The terminal it has to itself; without one, stdin is empty and its output is kept.
        measured: Whether its coverage is measured, where that of the tests is.
        variables: More of its environment.
    """
    alive, of_the_process = os.pipe()
    files: tuple[IO[bytes], ...] = ()
    if terminal is None:
        files = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 # closed at its end
    order = {
        "module": module,
        "arguments": arguments,
        "folder": str(shell.folder),
        "environment": shell.environment(**(MEASURING if measured else {}), **(variables or {})),
        "group": group,
        "terminal": terminal is not None,
    }
    outputs = [file.fileno() for file in files] if terminal is None else [terminal, terminal]
    pid = _master().ask(order, *outputs, of_the_process)
    os.close(of_the_process)
    return Forked(pid, alive, files)


class _Master:
    """The process that forks, as seen from the tests."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._socket, theirs = socket.socketpair()
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": TOP, "LANG": "C.UTF-8", "TZ": "UTC"}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "error", "-m", "tests.forking", str(theirs.fileno())],
                env=environment, cwd="/", stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
            )  # fmt: skip
        self._answers = self._socket.makefile("r")

    def ask(self, order: Mapping[str, object], *descriptors: int) -> int:
        """Hands over an order, and files for it; gives the number that is answered."""
        with self._turn:
            socket.send_fds(self._socket, [json.dumps(order).encode() + b"\n"], descriptors)
            return int(self._answers.readline())

    def end(self) -> None:
        self._answers.close()
        self._socket.close()
        self._process.wait()


_starting = threading.Lock()
_masters: list[_Master] = []


def _master() -> _Master:
    with _starting:
        if not _masters:
            _masters.append(_Master())
    return _masters[0]


def end_master() -> None:
    """Ends the process that forks, if there is one."""
    while _masters:
        _masters.pop().end()


# --- on the other side


def _obey(orders: socket.socket) -> None:
    """Does as it is told until nobody is there any more; in a forked process, becomes what was asked for."""
    while True:
        text, descriptors, _, _ = socket.recv_fds(orders, 1 << 16, 3)
        while text and not text.endswith(b"\n"):
            text += orders.recv(1 << 16)
        if not text:
            return
        order: dict[str, Any] = json.loads(text)
        if "ended" in order:
            answer = os.waitstatus_to_exitcode(os.waitpid(order["ended"], 0)[1])
        elif (answer := os.fork()) == 0:
            orders.close()
            _become(order, *descriptors)
            return
        elif order["group"]:
            os.setpgid(answer, answer)  # here as well: the tests may signal the group at once
        for descriptor in descriptors:
            os.close(descriptor)
        orders.sendall(f"{answer}\n".encode())


def _become(order: dict[str, Any], out: int, err: int, _alive: int) -> None:
    """Makes this process the one that was asked for; the last file is open for as long as it lives."""
    if order["group"]:
        os.setpgid(0, 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    if order["terminal"]:
        os.setsid()
        fcntl.ioctl(out, termios.TIOCSCTTY, 0)
        os.dup2(out, 0)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(each, mode, closefd=False) for each, mode in enumerate("rww")
        )
    os.close(out)
    os.close(err)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    coverage.process_startup()
    run_module(order["module"], *order["arguments"])


def _leave(end: SystemExit) -> None:
    """Ends a process as Python does, but for taking itself apart: each touched page would be copied first."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(end.code if isinstance(end.code, int) else end.code is not None)


def run_module(name: str, *arguments: str) -> None:
    """Runs a module in this process, as `python -m` does."""
    sys.argv = [name, *arguments]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def build_models() -> None:
    """Has pydantic build what it otherwise builds when a model is first used, and the parser of YAML imported."""
    from okr.documents import read_document
    from okr.model import FileModel

    read_document("okr.yaml", b"name: [a\n")
    models: list[type[FileModel]] = [FileModel]
    for model in models:
        models += model.__subclasses__()
        model.checked().model_rebuild()
        model.read({})


if __name__ == "__main__":
    import_everything()
    build_models()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as of_the_tests:
        try:
            _obey(of_the_tests)
        except SystemExit as end:  # a forked process is done
            _leave(end)
