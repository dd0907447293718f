"""What begins before the command line is read is what the command will wait for, and nothing more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from okr.early import _glance
from tests.test_repository import clone, isolated

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["clone", "isolated"]

RUNNING = "okr.commands.running"
LISTENING = """
import json, sys
heard = []
def listen(event, arguments):
    if event == "import" and arguments[0] in ("okr.commands.running", "okr.commands.answering"):
        heard.append(arguments[0])
    elif event == "os.fork":
        heard.append("fork")
    elif event == "subprocess.Popen":
        heard.append("git " + next(word for word in arguments[1] if word in ("status", "log", "rev-parse")))
sys.addaudithook(listen)
import atexit
atexit.register(lambda: print(json.dumps(heard), file=sys.stderr))
sys.argv[0] = "okr"
from okr.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("show brand", ("show", ".")),
        ("--as-of 2026-11-23 -C elsewhere --no-color status --mine", ("status", "elsewhere")),
        ("--directory elsewhere --no-cache checkin visits 61k -c 0.7", ("checkin", "elsewhere")),
        ("show", ("show", ".")),
        ("show visits --json --as-of=2026-11-23", ("show", ".")),
        ("show visits --at HEAD~1", None),
        ("status --at=HEAD~1", None),
        ("show visits -Celsewhere", None),
        ("show visits --directory=elsewhere", None),
        ("-Celsewhere show visits", None),
        ("show --help", None),
        ("diff main.. --help", None),
        ("due --json", ("due", ".")),
        ("due --at 2026-11-01", None),
        ("checkin", None),
        ("checkin --all", None),
        ("checkin visits 61k --dry-run", None),
        ("--version", None),
        ("log show", ("log", ".")),
        ("log --json marketing --no-pager", ("log", ".")),
        ("-C elsewhere audit --require-signed", ("audit", "elsewhere")),
        ("log -n 5", None),
        ("log --since=2026-11-01", None),
        ("log --checkins", None),
        ("log -Celsewhere", None),
        ("audit --since HEAD~1", None),
        ("--as-of", None),
        ("", None),
    ],
)
def test_what_a_glance_at_the_command_line_tells(line: str, expected: tuple[str, str] | None) -> None:
    told = _glance(line.split())
    assert (told and told[:2]) == expected


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("-C elsewhere diff", ""),
        ("-C elsewhere diff main marketing", "main"),
        ("-C elsewhere diff --cycle 2026-Q4 main.. --json", "main.."),
    ],
)
def test_what_a_glance_takes_for_two_revisions(line: str, names: str) -> None:
    assert _glance(line.split()) == ("diff", "elsewhere", names)


def heard(folder: Path, *arguments: str, **extra: str) -> list[str]:
    """What a command started, and when it imported what comes after the reading of its line, in order."""
    done = subprocess.run(
        [sys.executable, "-c", LISTENING, *arguments], cwd=folder, env=os.environ | extra,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told: list[str] = json.loads(done.stderr.splitlines()[-1])
    return told


@pytest.fixture
def large(clone: Path) -> Path:
    """A clone in which another process reads plans ahead, if only because the folder's own size says so."""
    (clone / "okr.yaml").write_text("name: Acme\n")
    for number in range(1_600):
        (clone / f"okrs/2026-Q4/team-{number}.yaml").write_text("objectives: []\n")
    return clone


def test_it_begins_before_all_else_is_imported_and_is_begun_once(large: Path) -> None:
    # Where plans are read ahead, git is let wait until most of that is done: it is asked last.
    begun = ["fork", RUNNING, "okr.commands.answering", "git status"]
    assert heard(large / "okrs", "show", "nothing", OKR_PROCESSES="2") == begun
    begun = ["git status", RUNNING, "okr.commands.answering"]
    assert heard(large / "okrs", "show", "nothing", OKR_PROCESSES="1") == begun
    assert heard(large / "okrs", "show", "nothing", "--at", "nowhere")[:2] == begun[1:]
    assert heard(large, "-C", "nowhere", "show", "nothing") == [RUNNING]
    assert heard(large.parent, "show", "nothing") == [RUNNING]


@pytest.mark.parametrize("command", ["log", "audit"])
def test_a_history_is_heard_from_the_first_moment_on_and_once(clone: Path, command: str) -> None:
    (clone / "okr.yaml").write_text("name: Acme\n")
    told = heard(clone, command, "--json")
    assert told[:4] == ["git log", "git rev-parse", "git rev-parse", RUNNING]
    assert (told.count("git log"), told.count("git rev-parse")) == (1, 3)
    assert heard(clone, command, "--json", "--since", "HEAD")[0] == RUNNING


def test_what_the_glance_passes_over_the_command_begins_itself(large: Path) -> None:
    told = heard(large.parent, "show", "nothing", f"-C{large}", OKR_PROCESSES="2")
    assert told == [RUNNING, "fork", "okr.commands.answering", "git status"]


@pytest.mark.parametrize("module", ["okr.operations", "okr.commands.running"])
def test_an_interrupt_before_the_command_line_is_read_leaves_nothing(large: Path, module: str) -> None:
    interrupted = f"""
import signal, sys
sys.addaudithook(lambda event, given: event == "import" and given[0] == {module!r} and signal.raise_signal(signal.SIGINT))
sys.argv[0] = "okr"
from okr.__main__ import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", interrupted, "show", "nothing"], cwd=large, env=os.environ | {"OKR_PROCESSES": "2"},
        capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted.\n")
