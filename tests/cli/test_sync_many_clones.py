"""Eight clones that check in at once through a git daemon: every acknowledged check-in is on the remote, once."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.cli.conftest import SMALL_WORKSPACE, TODAY, Outcome, Shell
from tests.forking import fork

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLONES = 8
TURNS = 2
KEY_RESULTS = ("brand/visits", "speed/hours")
LOG = "checkins/2026-Q4/marketing.yaml"
TIME = re.compile(r'"?2026-11-23T00:00:\d\d\+00:00"?')


def one_person(number: int, clone: Shell) -> list[tuple[str, str, int, str, Any]]:
    """Checks in several times; gives what each time was said, of what, and how it ended."""
    done = []
    for turn in range(TURNS):
        # Odd turns of all clones are on the same key result, the others on different ones.
        reference = KEY_RESULTS[0] if turn % 2 else KEY_RESULTS[number % len(KEY_RESULTS)]
        value = str(1000 + 10 * number + turn)
        command = ("checkin", reference, value, "-m", f"n{value}", "--push", "--json")
        ended = fork(clone, "okr", "--as-of", TODAY, *command).ends(180)
        answer = json.loads(ended.out) if ended.out else {}
        done.append((reference, value, ended.status, ended.err, answer.get("sync")))
    return done


@contextmanager
def served(folder: Path, home: Shell) -> Iterator[str]:
    """The repositories in a folder, through a git daemon of our own on a free port."""
    for _ in range(5):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        daemon = subprocess.Popen(
            ["git", "daemon", "--listen=127.0.0.1", f"--port={port}", "--reuseaddr", "--export-all",
             f"--base-path={folder}", "--enable=receive-pack", "--max-connections=0"],
            env=home.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0,
        )  # fmt: skip
        try:
            if answers(daemon, port):
                yield f"git://127.0.0.1:{port}/remote.git"
                return
        finally:
            daemon.terminate()
            daemon.wait(timeout=20)
    raise AssertionError("no free port for the git daemon")


def answers(daemon: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + 20
    while daemon.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    return False


def people(repository: Shell, address: str) -> list[Shell]:
    clones = []
    for number in range(CLONES):
        folder = repository.folder.parent / f"clone-{number}"
        repository.git("clone", "--quiet", address, str(folder))
        clone = Shell(folder, repository.home)
        clone.git("config", "user.name", f"Person {number}")
        clone.git("config", "user.email", f"person-{number}@acme.example")
        clones.append(clone)
    return clones


def test_eight_clones_check_in_at_once(repository: Shell) -> None:
    remote = Shell(repository.folder.parent / "remote.git", repository.home)
    repository.git("clone", "--quiet", "--bare", ".", str(remote.folder))
    with served(remote.folder.parent, repository) as address:
        clones = people(repository, address)
        # One of them has other work in progress all the while.
        clones[0].write({"okr.yaml": "name: Being renamed\n", "notes.txt": "mine\n"})
        with ThreadPoolExecutor(CLONES) as pool:
            outcomes = [each for done in pool.map(one_person, range(CLONES), clones) for each in done]
        late = [clone.okr("sync") for clone in clones]

    assert len(outcomes) == CLONES * TURNS
    for _, _, status, said, sync in outcomes:
        assert sync is not None, (status, said)
        assert (status, sync["pushed"], sync["problem"], sync["target"]) == (0, True, None, "main"), said
        assert "onflict" not in said
    assert [each.status for each in late] == [0] * CLONES, late

    # Of one clone's check-ins of a day the later ones bear a time, so that they can be told apart.
    log = re.sub(TIME, TODAY, remote.git("show", f"main:{LOG}"))
    recorded = [line for line in log.splitlines() if "note: n" in line]
    assert sorted(recorded) == sorted(
        f"- {{date: {TODAY}, kr: {reference}, value: {value}, by: person-{(int(value) - 1000) // 10}, note: n{value}}}"
        for reference, value, *_ in outcomes
    )
    every = remote.git(
        "log",
        "--format=%an|%(trailers:key=OKR-Checkin,valueonly,separator=%x2C)|%P",
        f"main~{CLONES * TURNS}..main",
    )
    commits = [line.split("|") for line in re.sub(TIME, TODAY, every).splitlines()]
    assert sorted(commit[:2] for commit in commits) == sorted(
        [f"Person {(int(value) - 1000) // 10}", f"2026-Q4/marketing/{reference} date={TODAY} value={value}"]
        for reference, value, *_ in outcomes
    )
    assert remote.git("rev-list", "--count", "main") == f"{1 + CLONES * TURNS}\n"
    assert remote.git("rev-list", "--merges", "main") == ""
    assert remote.git("diff", "--name-only", f"main~{CLONES * TURNS}", "main") == f"{LOG}\n"
    assert remote.git("show", f"main:{LOG}").splitlines()[0] == SMALL_WORKSPACE[LOG].splitlines()[0]
    assert remote.git("fsck", "--strict", "--no-dangling") == ""

    tips = {clone.git("rev-parse", "HEAD") for clone in clones}
    assert tips == {remote.git("rev-parse", "main")}
    assert {clone.git("status", "--porcelain") for clone in clones[1:]} == {""}
    assert clones[0].git("status", "--porcelain") == " M okr.yaml\n?? notes.txt\n"
    assert clones[0].read("okr.yaml") == "name: Being renamed\n"
    assert valid(clones[1]).status == 0


def valid(clone: Shell) -> Outcome:
    return clone.okr("validate")
