"""What all tests share: small workspaces written from text, and a day that counts as today."""

from __future__ import annotations

import gc
import os
import resource
import shutil
import signal
import sys
import tempfile
import textwrap
from collections.abc import Callable, Generator, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import is_hypothesis_test, settings

from okr.sources import Folder
from okr.workspace import Workspace
from tests.forking import end_master
from tests.measuring import import_everything, measure_no_processes, nothing_measured

if TYPE_CHECKING:
    from _typeshed import TraceFunction

pytest.register_assert_rewrite("tests.rules.cases")

# A machine that does other things as well makes nothing wrong.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

TODAY = date(2026, 11, 23)
ROOM = 1 << 30
"""Bytes; many times what the tests that run at once need."""

WriteWorkspace = Callable[[dict[str, str]], Path]
OpenWorkspace = Callable[[dict[str, str]], Workspace]
TRACE: pytest.StashKey[TraceFunction] = pytest.StashKey()
"""What traces for the coverage, where it is measured."""


def pytest_configure() -> None:
    """The tests' folders lie in memory where there is room: tens of thousands of git's files, each of them flushed."""
    memory = Path("/dev/shm")  # noqa: S108 # pytest makes a folder of its own in it
    if not memory.is_dir() or not os.access(memory, os.W_OK | os.X_OK):
        return
    state = os.statvfs(memory)
    if state.f_bavail * state.f_frsize > ROOM and not state.f_flag & getattr(os, "ST_NOEXEC", 0):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """From here on nothing is traced for the coverage but what a test itself does: neither pytest nor fixtures.

    All tests and all that they import stay to the end: Python looks through them for garbage neither now nor later.
    """
    gc.disable()
    trace = sys.gettrace()
    if trace is not None:
        session.stash[TRACE] = trace
        worker = getattr(session.config, "workerinput", {}).get("workerid")
        if worker not in {None, "gw0"}:
            sys.settrace(None)  # one of those that run tests measures what runs as okr is imported
        if worker or session.config.getoption("dist", "no") == "no":
            import_everything()  # what is imported later is there already
        sys.settrace(None)
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """A property, or what is marked `unmeasured`, runs without the coverage's trace, which doubles its time."""
    if item.get_closest_marker("unmeasured") or is_hypothesis_test(getattr(item, "obj", None)):
        with nothing_measured():
            return (yield)
    sys.settrace(item.session.stash.get(TRACE, None))
    try:
        return (yield)
    finally:
        sys.settrace(None)


@pytest.fixture(scope="session", autouse=True)
def processes_are_not_measured() -> None:
    """Nor are most processes."""
    measure_no_processes()


@pytest.fixture(scope="session", autouse=True)
def processes_can_be_interrupted() -> None:
    """Where the tests run in the background of a script, SIGINT is ignored, and so it would be by their processes."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def master_of_forks() -> Iterator[None]:
    """The process that others are forked from ends with the tests."""
    yield
    end_master()


@pytest.fixture
def write_workspace(tmp_path: Path) -> WriteWorkspace:
    """Writes files (path → text, dedented) into a folder of their own; adds what every workspace has."""

    def write(files: dict[str, str]) -> Path:
        root = tmp_path / "workspace"
        basis = {"okr.yaml": "name: Acme\n", ".gitattributes": "checkins/** merge=union\n"}
        for path, text in (basis | files).items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(textwrap.dedent(text).encode())
        return root

    return write


@pytest.fixture
def open_workspace(write_workspace: WriteWorkspace) -> OpenWorkspace:
    """Writes files and loads them as a workspace as of 2026-11-23."""

    def load(files: dict[str, str]) -> Workspace:
        return Workspace(Folder(write_workspace(files)), as_of=TODAY, title="acme")

    return load


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that an ordinary user may enter and write to, wherever pytest keeps its own."""
    folder = Path(tempfile.mkdtemp(prefix="okr-test-"))
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o777)
    shutil.rmtree(folder)


@pytest.fixture(params=["kept in memory", "through a pipe"])
def through_any(request: pytest.FixtureRequest) -> Iterator[None]:
    """What git says comes either way: where files may only be so large, none is made in memory."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if request.param == "through a pipe":
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 40, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
