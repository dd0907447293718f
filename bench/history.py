"""How long `okr log` and `okr audit` take beside a bare `git log`, on a history of many check-in commits.

Makes the repository with `git fast-import`: 40 teams over five years' last quarters, one commit a check-in,
as `okr checkin` makes them. Wall-clock time, and processor time of the command and all that it ran, each with its
ratio to a bare `git log` with whole messages: on a busy machine only the second is to be trusted. Usage: python bench/history.py [--commits 20000] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TEAMS = 40
YEARS = range(2022, 2027)
KEY_RESULTS = (("brand", "visits"), ("brand", "leads"), ("speed", "hours"), ("speed", "calls"))
AS_OF = "2026-12-31"
_MARKS = count(1)

SETTINGS = "name: A group\nlimits:\n  objectives: {min: 2, max: 3}\n"
PLAN = """\
objectives:
  - id: brand
    title: Make our brand the one people think of first
    owner: person-{team}
    key_results:
      - {{id: visits, title: Reach many visits, unit: visits, from: 42000, to: 100000, weight: 2}}
      - {{id: leads, title: Win many leads, unit: leads, from: 100, to: 90000}}
  - id: speed
    title: Answer everyone while they still remember the question
    key_results:
      - {{id: hours, title: Answer soon, unit: hours, from: 90000, to: 4}}
      - {{id: calls, title: Keep calls below a limit, unit: calls, at_most: 50000}}
"""


def _data(text: str) -> bytes:
    content = text.encode()
    return b"data %d\n%s\n" % (len(content), content)


def _commit(who: int, when: datetime, message: str, *, merged: bool = False) -> bytes:
    """A commit's beginning; `merged` makes it one that takes the last commit in as a branch of its own."""
    person = f"Person {who} <person-{who}@acme.example> {int(when.timestamp())} +0000"
    mark = next(_MARKS)
    begun = f"commit refs/heads/main\nmark :{mark}\nauthor {person}\ncommitter {person}\n".encode() + _data(
        message
    )
    return begun + (f"from :{mark - 2}\nmerge :{mark - 1}\n".encode() if merged else b"")


def _history(commits: int, *, odd: bool) -> Iterator[bytes]:
    chance = random.Random(1)
    people = "".join(
        f"  - {{id: person-{n}, name: Person {n}, email: person-{n}@acme.example}}\n" for n in range(TEAMS)
    )
    teams = "".join(f"  - {{id: team-{n}, name: Team {n}, lead: person-{n}}}\n" for n in range(TEAMS))
    yield _commit(0, datetime(YEARS[0], 9, 1, tzinfo=UTC), "Plan everything")
    for path, text in (
        ("okr.yaml", SETTINGS),
        (".gitattributes", "checkins/** merge=union\n"),
        ("org.yaml", f"teams:\n{teams}people:\n{people}"),
        *((f"okrs/{year}-Q4/team-{n}.yaml", PLAN.format(team=n)) for year in YEARS for n in range(TEAMS)),
    ):
        yield f"M 644 inline {path}\n".encode() + _data(text)
    each = commits // len(YEARS)
    for year in YEARS:
        logs: dict[int, list[str]] = {team: [] for team in range(TEAMS)}
        first = datetime(year, 10, 1, tzinfo=UTC)
        for number in range(each):
            when = first + timedelta(seconds=number * (91 * 86400 // each))
            yield from (_odd if odd else _checkin)(chance, year, chance.randrange(TEAMS), when, logs)


def _checkin(
    chance: random.Random, year: int, team: int, when: datetime, logs: dict[int, list[str]]
) -> Iterator[bytes]:
    objective, key_result = chance.choice(KEY_RESULTS)
    note = f"Campaign {chance.randrange(1000)} went live on Tuesday"
    claim, shown = _line(chance, year, team, when, (objective, key_result, note), logs)
    message = f"okr: {shown} (0.03 → 0.33)\n\n{note}\n\n{claim}"
    yield _commit(team, when, message)
    yield _log(year, team, logs)


def _line(
    chance: random.Random, year: int, team: int, when: datetime, said: tuple[str, str, str],
    logs: dict[int, list[str]],
) -> tuple[str, str]:  # fmt: skip
    """Adds a line to a log; gives its trailer, and how a message shows it."""
    objective, key_result, note = said
    value, confidence = chance.randrange(100_000), chance.randrange(1, 10) / 10
    moment = when.isoformat(timespec="seconds")
    written = json.dumps(note, ensure_ascii=False) if set(note) & set(':,#"\n') else note
    last = f", note: {written}" if note else ""
    logs[team].append(
        f'- {{date: "{moment}", kr: {objective}/{key_result}, value: {value}, confidence: {confidence},'
        f" by: person-{team}{last}}}\n"
    )
    subject = f"team-{team}/{objective}/{key_result}"
    claim = f"OKR-Checkin: {year}-Q4/{subject} date={moment} value={value} confidence={confidence}\n"
    return claim, f"{subject} 44000 → {value}"


def _log(year: int, team: int, logs: dict[int, list[str]]) -> bytes:
    return f"M 644 inline checkins/{year}-Q4/team-{team}.yaml\n".encode() + _data("".join(logs[team]))


NOTES = (
    "", "Live", "5 new deals, more to come", 'They said "no"', "On track: see the board", "Half done 🎉",
    "First paragraph.\n\nSecond one.", "Campaign went live on Tuesday", "Waiting for legal",
)  # fmt: skip


def _odd(
    chance: random.Random, year: int, team: int, when: datetime, logs: dict[int, list[str]]
) -> Iterator[bytes]:
    """A commit as companies have them too: rounds, lines by hand, branches merged, other work."""
    note = chance.choice(NOTES)
    kind = chance.choices(("round", "one", "signed off", "hand", "merge", "work"), (25, 25, 10, 1, 2, 10))[0]
    if kind == "round":
        shown, claims = [], []
        for objective, key_result in KEY_RESULTS:
            note = chance.choice(NOTES)
            claim, listed = _line(chance, year, team, when, (objective, key_result, note), logs)
            claims.append(claim)
            shown.append(f"{listed} (0.03 → 0.33)" + (f": {' '.join(note.split())}" if note else ""))
        listing = "\n".join(shown)
        yield _commit(team, when, f"okr: 4 check-ins of team-{team}\n\n{listing}\n\n{''.join(claims)}")
        yield _log(year, team, logs)
        return
    if kind == "work":
        yield _commit(team, when, f"Write about {note or 'it'}\n")
        yield f"M 644 inline docs/page-{chance.randrange(50)}.md\n".encode() + _data(note)
        return
    objective, key_result = chance.choice(KEY_RESULTS)
    claim, shown_one = _line(chance, year, team, when, (objective, key_result, note), logs)
    body = f"{note}\n\n" if note else ""
    message = f"okr: {shown_one}\n\n{body}{claim}"
    if kind == "signed off":
        message += f"Signed-off-by: Person {team} <person-{team}@acme.example>\n"
    if kind == "hand":
        message = "Add what I forgot\n"
    yield _commit(team, when, message)
    yield _log(year, team, logs)
    if kind == "merge":
        yield _commit(team, when, "Merge branch 'week'\n", merged=True)
        yield _log(year, team, logs)


def make(folder: Path, commits: int, *, odd: bool = False) -> None:
    """Makes the repository, packed as `git gc` packs it."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
    importer = subprocess.Popen(["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE)
    if importer.stdin is None:  # it is a pipe
        raise AssertionError
    for part in _history(commits, odd=odd):
        importer.stdin.write(part)
    importer.stdin.close()
    if importer.wait():
        sys.exit("git fast-import failed")
    subprocess.run(["git", "-C", str(folder), "repack", "-adq"], check=True)
    subprocess.run(["git", "-C", str(folder), "checkout", "--quiet", "--force", "main"], check=True)


def _seconds(command: list[str]) -> tuple[float, float]:
    """How long a command takes: wall-clock and processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    taken = time.perf_counter() - started
    if done.returncode not in {0, 1}:
        sys.exit(f"{command} failed:\n{done.stderr.decode()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Makes the repository, takes turns at the commands, prints medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--keep", type=Path, help="make the repository here and keep it, or use the one there"
    )
    parser.add_argument(
        "--odd",
        action="store_true",
        help="with rounds, lines by hand, merges and other work among the commits",
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary) / "history"
        if not (folder / ".git").exists():
            make(folder, asked.commits, odd=asked.odd)
        _measure(folder, asked.rounds, as_json=asked.json)


def _measure(folder: Path, rounds: int, *, as_json: bool) -> None:
    git = ["git", "-C", str(folder)]
    okr = [sys.executable, "-m", "okr", "-C", str(folder), "--as-of", AS_OF]
    commands = {
        "git log, whole messages": [*git, "log", "--format=%H%n%an%n%ae%n%at%n%B"],
        "git log --raw": [*git, "log", "--raw", "--no-abbrev", "--format=%H"],
        "git log -p": [*git, "log", "-p", "--unified=0", "--format=%H"],
        "okr --version": [*okr, "--version"],
        "okr audit": [*okr, "--no-cache", "audit"],
        "okr audit, the next time": [*okr, "audit"],
        "okr audit --json": [*okr, "--no-cache", "audit", "--json"],
        "okr log -n 50": [*okr, "log", "-n", "50"],
        "okr log team-7": [*okr, "--no-cache", "log", "team-7"],
        "okr log": [*okr, "--no-cache", "log"],
        "okr log, the next time": [*okr, "log"],
    }
    for name, command in commands.items():
        if name.endswith("the next time"):
            _seconds(command)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(_seconds(command))
    medians = {
        name: tuple(statistics.median(times) for times in zip(*each, strict=True))
        for name, each in taken.items()
    }
    base_wall, base_cpu = medians["git log, whole messages"]
    rows = [
        (name, wall * 1000, wall / base_wall, cpu * 1000, cpu / base_cpu)
        for name, (wall, cpu) in medians.items()
    ]
    if as_json:
        keys = ("ms", "ratio", "cpu_ms", "cpu_ratio")
        print(
            json.dumps(
                {name: dict(zip(keys, (round(n, 2) for n in row), strict=True)) for name, *row in rows}
            )
        )
        return
    for name, wall, ratio, cpu, cpu_ratio in rows:
        print(f"{name:<26}{wall:>8.0f} ms{ratio:>8.2f} ×{cpu:>10.0f} ms of processor{cpu_ratio:>8.2f} ×")


if __name__ == "__main__":
    main()
