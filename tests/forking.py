"""Processes of okr that need no start: each is forked from one that has imported okr and waits for orders.

A short command's time is nearly all Python's start and imports; here they are done once. The rest of such a process is
its own: its folder, environment and output, the signals it gets, the locks it takes. What is about the start itself
(encodings, options of Python, terminals) needs a process started anew: `Shell.run`.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tests.cli.conftest import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.cli.conftest import Shell

TOP = str(Path(__file__).parents[1])


class Forked:
    """A process at work."""

    def __init__(self, pid: int, alive: int, out: IO[bytes], err: IO[bytes]) -> None:
        self.pid = pid
        self._alive = alive  # a pipe that comes to its end when the process does
        self._said = out, err

    def works_for(self, seconds: float) -> bool:
        """Whether it is still at work after that time."""
        return not select.select([self._alive], [], [], seconds)[0]

    def ends(self, timeout: float = 120) -> Outcome:
        """Waits for its end; the status is negative where a signal ended it."""
        if self.works_for(timeout):
            raise TimeoutError(self.pid)
        os.close(self._alive)
        status = _master().ask({"ended": self.pid})
        for stream in self._said:
            stream.seek(0)
        out, err = (stream.read().decode() for stream in self._said)
        for stream in self._said:
            stream.close()
        return Outcome(status, out, err)


def fork(shell: Shell, module: str, *arguments: str, group: bool = False, **variables: str) -> Forked:
    """Runs a module as `python -m` does, in a process group of its own where asked; stdin is empty."""
    alive, of_the_process = os.pipe()
    out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 # closed at the end
    order = {
        "module": module,
        "arguments": arguments,
        "folder": str(shell.folder),
        "environment": shell.environment(**variables),
        "group": group,
    }
    pid = _master().ask(order, out.fileno(), err.fileno(), of_the_process)
    os.close(of_the_process)
    return Forked(pid, alive, out, err)


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
    for descriptor, name in ((out, 1), (err, 2)):
        os.dup2(descriptor, name)
        os.close(descriptor)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    run_module(order["module"], *order["arguments"])


def run_module(name: str, *arguments: str) -> None:
    """Runs a module in this process, as `python -m` does."""
    sys.argv = [name, *arguments]
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def import_everything() -> None:
    """Imports all modules of okr, also those that it imports when it needs them."""
    import okr

    for found in pkgutil.walk_packages(okr.__path__, "okr."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)


def build_models() -> None:
    """Has pydantic build what it otherwise builds when a model is first used."""
    from okr.model import FileModel

    models: list[type[FileModel]] = [FileModel]
    for model in models:
        models += model.__subclasses__()
        model.model_rebuild()


if __name__ == "__main__":
    import_everything()
    build_models()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as of_the_tests:
        _obey(of_the_tests)
