"""Many clones that check in at once through a git daemon: `okr checkin --push` beside plain git by hand.

Both begin with the same check-in (`okr checkin`), then send it: okr with `--push`, plain git with
`git pull --rebase && git push` in a hot loop until it lands. Afterwards every value is looked for on the remote.
Usage: python bench/sync.py [--clones 20] [--turns 50] [--only okr|git]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOG = "checkins/2026-Q4/marketing.yaml"
FILES = {
    "okr.yaml": "name: Acme\n",
    ".gitattributes": "checkins/** merge=union\n",
    "okrs/2026-Q4/marketing.yaml": """\
objectives:
  - id: brand
    title: Make our brand the one people think of first
    key_results:
      - {id: visits, title: Reach many visits, unit: visits, from: 1, to: 1000000}
      - {id: leads, title: Win many leads, unit: leads, from: 1, to: 1000000}
""",
    LOG: "- {date: 2026-10-05, kr: brand/visits, value: 1}\n- {date: 2026-10-05, kr: brand/leads, value: 1}\n",
}
MOST_ATTEMPTS = 200


@dataclass(frozen=True)
class Landed:
    """What one person saw: how often each check-in was sent until it landed, and how many never did."""

    values: list[int]
    attempts: list[int]
    conflicts: int
    given_up: int


def main() -> None:
    """Runs both ways in fresh folders and prints one line each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clones", type=int, default=8)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--only", choices=("okr", "git"))
    asked = parser.parse_args()
    print(f"{asked.clones} clones × {asked.turns} check-ins, {os.cpu_count()} processors")
    print("way  landed  lost  doubled  conflicts  given up  attempts each  check-ins a second")
    for way in [asked.only] if asked.only else ["okr", "git"]:
        with tempfile.TemporaryDirectory(prefix="okr-bench-") as folder:
            measure(Path(folder), way, asked.clones, asked.turns)


def measure(folder: Path, way: str, clones: int, turns: int) -> None:
    """Prints how one way did."""
    seed(folder)
    with served(folder) as address, ThreadPoolExecutor(clones) as pool:
        places = [clone(folder, address, number) for number in range(clones)]
        send = with_okr if way == "okr" else by_hand
        begun = time.perf_counter()
        seen = list(pool.map(lambda number: send(places[number], number, turns), range(clones)))
        took = time.perf_counter() - begun
    attempts = [each for person in seen for each in person.attempts]
    text = git(folder / "remote.git", "show", f"main:{LOG}").stdout
    found = Counter(re.findall(r"value: (\d+)", text))
    acknowledged = [str(value) for person in seen for value in person.values]
    lost = sum(not found[value] for value in acknowledged)
    doubled = sum(found[value] > 1 for value in acknowledged)
    mean = sum(attempts) / len(attempts) if attempts else 0.0
    conflicts, given_up = sum(each.conflicts for each in seen), sum(each.given_up for each in seen)
    print(
        f"{way}  {len(attempts):6}  {lost:4}  {doubled:7}  {conflicts:9}  {given_up:8}  {mean:13.2f}  "
        f"{len(attempts) / took:18.2f}",
        flush=True,
    )


def value_of(number: int, turn: int) -> int:
    """A value nobody else reports."""
    return 1000 + 1000 * number + turn


def check_in(place: Path, number: int, turn: int, *options: str) -> subprocess.CompletedProcess[str]:
    """The same check-in in both ways: odd turns all on one key result, even ones on two."""
    reference = "brand/visits" if turn % 2 or number % 2 else "brand/leads"
    command = [sys.executable, "-m", "okr", "checkin", reference, str(value_of(number, turn)), *options]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)


def with_okr(place: Path, number: int, turns: int) -> Landed:
    """One person, with `okr checkin --push`."""
    values: list[int] = []
    attempts: list[int] = []
    given_up, conflicts = 0, 0
    for turn in range(turns):
        done = check_in(place, number, turn, "--push", "--json")
        conflicts += "git can't tell which is meant" in done.stderr
        if done.returncode:
            given_up += 1
            print(done.stderr, file=sys.stderr)
        else:
            values.append(value_of(number, turn))
            attempts.append(json.loads(done.stdout)["sync"]["attempts"])
    return Landed(values, attempts, conflicts, given_up)


def by_hand(place: Path, number: int, turns: int) -> Landed:
    """One person, with `git pull --rebase && git push`, again and again."""
    values: list[int] = []
    attempts: list[int] = []
    given_up, conflicts = 0, 0
    for turn in range(turns):
        check_in(place, number, turn)
        for attempt in range(1, MOST_ATTEMPTS + 1):
            if git(place, "pull", "--quiet", "--rebase", check=False).returncode:
                conflicts += 1
                git(place, "rebase", "--abort", check=False)
            elif git(place, "push", "--quiet", check=False).returncode == 0:
                values.append(value_of(number, turn))
                attempts.append(attempt)
                break
        else:
            given_up += 1
    return Landed(values, attempts, conflicts, given_up)


def git(place: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Runs git."""
    return subprocess.run(["git", *arguments], cwd=place, capture_output=True, text=True, check=check)


def seed(folder: Path) -> None:
    """The bare repository that all clone."""
    for path, text in FILES.items():
        target = folder / "seed" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    git(folder / "seed", "init", "--quiet", "--initial-branch=main")
    git(folder / "seed", "add", "--all")
    who = ("-c", "user.name=Alice Martin", "-c", "user.email=alice@acme.example")
    git(folder / "seed", *who, "commit", "--quiet", "--message", "Plan the quarter")
    git(folder, "clone", "--quiet", "--bare", "seed", "remote.git")


def clone(folder: Path, address: str, number: int) -> Path:
    """One person's clone."""
    place = folder / f"clone-{number}"
    git(folder, "clone", "--quiet", address, str(place))
    git(place, "config", "user.name", f"Person {number}")
    git(place, "config", "user.email", f"person-{number}@acme.example")
    git(place, "config", "gc.auto", "0")
    return place


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder's repositories through a git daemon on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ("--listen=127.0.0.1", f"--port={port}", "--reuseaddr", "--export-all", "--max-connections=0")
    daemon = subprocess.Popen(
        ["git", "daemon", *options, f"--base-path={folder}", "--enable=receive-pack"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0,
    )  # fmt: skip
    try:
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield f"git://127.0.0.1:{port}/remote.git"
    finally:
        daemon.terminate()
        daemon.wait(20)


if __name__ == "__main__":
    main()
