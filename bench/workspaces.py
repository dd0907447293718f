"""Workspaces such as companies have them, of any size and with any length of history, the same for the same seed.

A tree of teams, each with two objectives of three key results and thirteen weeks of check-ins. Histories are written
by `git fast-import`, in seconds.
"""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

TODAY = "2026-12-28"
"""The day the newest cycle is looked at: all its weeks have been checked in."""
CYCLE = "2026-Q4"
BRANCHES = 8
"""How many teams a team has below it."""
WEEKS = 13
WITH_TIME, WITH_NOTE = 0.5, 0.3
"""The shares of check-ins made by `okr checkin` rather than by hand, and of those that say something."""

_AIMS = (
    "Make waiting a thing of the past for everyone who calls us",
    "Be the name people think of first",
    "Win back the trust of those who left",
    "Make the first day so good that people tell others",
    "Be so dependable that nobody has to think about us",
    "Answer people while they still remember the question",
)
_WHYS = (
    "Those who wait longer than a day leave twice as often as those who do not.",
    "People who come through a colleague stay twice as long as those an advertisement brought.",
    "Our larger customers now put our availability into their own promises.",
)
_MEASURES = (
    ("visits", "monthly visits", 42000, 100000),
    ("orders", "orders a week", 1200, 2400),
    ("hours", "hours until an answer", 31, 6),
    ("returns", "returned parcels a day", 88, 40),
    ("trials", "trials begun", 300, 900),
    ("score", "points of satisfaction", 31, 55),
    ("signups", "sign-ups through a colleague", 240, 620),
)
_INITIATIVES = ("Rewrite the landing pages", "Share what support hears every Friday", "Ask twenty who left")
_NOTES = (
    "The first campaign went live on Tuesday",
    "Flat for two weeks; price is what people ask about",
    "Nothing new is live yet",
    "Branch offices report for the first time, so the jump is real",
)


@dataclass
class Team:
    """A team's plan, and its log as far as it has been written."""

    number: int
    plan: str
    log: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its id."""
        return name_of(self.number)


def name_of(number: int) -> str:
    """The id of a team."""
    return "company" if number == 0 else f"team-{number}"


def parent_of(number: int) -> int:
    """The team above another."""
    return (number - 1) // BRANCHES


def files(owners: int, *, cycles: Iterable[str] = (CYCLE,), seed: int = 1) -> Iterator[tuple[str, str]]:
    """Every file of a workspace with so many owners, by its path.

    Args:
        owners: how many teams have a plan and a log in each cycle.
        cycles: quarters, such as `2026-Q4`.
        seed: other numbers give other values, in files of the same size.
    """
    chance = random.Random(seed)
    yield "okr.yaml", "name: A group\n"
    yield ".gitattributes", "checkins/** merge=union\n"
    yield "org.yaml", _org(owners)
    for cycle in cycles:
        for number in range(owners):
            team = Team(number, _plan(chance, number))
            team.log.extend(_log(chance, number, cycle))
            yield f"okrs/{cycle}/{team.name}.yaml", team.plan
            yield f"checkins/{cycle}/{team.name}.yaml", "".join(team.log)


def write(folder: Path, owners: int, *, cycles: Iterable[str] = (CYCLE,), seed: int = 1) -> None:
    """Writes such a workspace, and commits all of it at once."""
    commits = [Commit("Plan the quarter", dict(files(owners, cycles=cycles, seed=seed)))]
    write_history(folder, commits)


def quarters(years: int) -> list[str]:
    """The quarters of so many years, up to the newest cycle."""
    return [f"{year}-Q{quarter}" for year in range(2027 - years, 2027) for quarter in range(1, 5)]


@dataclass(frozen=True)
class Commit:
    """A commit to be: its message, and the files it writes."""

    message: str
    files: dict[str, str]
    by: int = 0


def busy_quarter(owners: int, commits: int, changed_plans: int) -> Iterator[Commit]:
    """A large workspace, then so many commits: check-ins by anybody, and a few plans that move a target.

    Args:
        owners: how many plans there are.
        commits: how many commits follow the first.
        changed_plans: how many of them change a plan.
    """
    start = dict(files(owners))
    yield Commit("Plan the quarter", start)
    chance = random.Random(2)
    every = commits // changed_plans
    logs: dict[str, str] = {}
    for number in range(commits):
        team = chance.randrange(1, owners)
        if number % every == 0:
            path = f"okrs/{CYCLE}/{name_of(team)}.yaml"
            yield Commit(f"Move a target of {name_of(team)}", {path: start[path].replace("to: ", "to: 1", 1)})
            continue
        path = f"checkins/{CYCLE}/{name_of(team)}.yaml"
        key_result = _key_results(team, 0)[0][0]
        line = f"- {{date: 2026-12-28, kr: first/{key_result}, value: {1000 + number}, by: person-{team}}}\n"
        logs[path] = logs.get(path, start[path]) + line
        subject = f"{CYCLE}/{name_of(team)}/first/{key_result}"
        message = f"okr: {subject} → {1000 + number}\n\nOKR-Checkin: {subject} date=2026-12-28 value={1000 + number}\n"
        yield Commit(message, {path: logs[path]}, by=team)


def quarter_of_a_few(owners: int, commits: int, changed_plans: int) -> Iterator[Commit]:
    """A large workspace, then so many commits by few teams: each moves a target, and checks in as its log says.

    Args:
        owners: how many plans there are.
        commits: how many commits follow the first.
        changed_plans: how many of them change a plan, each another one; their teams make the others.
    """
    start = dict(files(owners))
    teams = random.Random(3).sample(range(1, owners), changed_plans)
    ahead = commits // changed_plans - 1
    logs: dict[int, list[str]] = {}
    for team in teams:
        path = f"checkins/{CYCLE}/{name_of(team)}.yaml"
        logs[team] = start[path].splitlines(keepends=True)
        start[path] = "".join(logs[team][:-ahead])
    yield Commit("Plan the quarter", start)
    for team in teams:
        path = f"okrs/{CYCLE}/{name_of(team)}.yaml"
        yield Commit(f"Move a target of {name_of(team)}", {path: start[path].replace("to: ", "to: 1", 1)})
    for left in reversed(range(ahead)):
        for team in teams:
            lines = logs[team][: len(logs[team]) - left]
            path = f"checkins/{CYCLE}/{name_of(team)}.yaml"
            message = f"okr: check in\n\nOKR-Checkin: {lines[-1].strip()}\n"
            yield Commit(message, {path: "".join(lines)}, by=team)


def write_history(folder: Path, commits: Iterable[Commit]) -> None:
    """Makes a repository of commits, a minute apart and the last one on the evening of `TODAY`, packed and checked out."""
    commits = list(commits)
    git(folder.parent, "init", "--quiet", "--initial-branch=main", str(folder))
    importer = subprocess.Popen(["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE)
    if importer.stdin is None:  # it is a pipe
        raise AssertionError
    last = datetime(2026, 12, 28, 18, tzinfo=UTC)
    for number, commit in enumerate(commits, start=1):
        when = int((last - timedelta(minutes=len(commits) - number)).timestamp())
        person = f"Person {commit.by} <person-{commit.by}@acme.example> {when} +0000"
        head = f"commit refs/heads/main\nauthor {person}\ncommitter {person}\n"
        importer.stdin.write(head.encode() + _data(commit.message))
        for path, text in commit.files.items():
            importer.stdin.write(f"M 644 inline {path}\n".encode() + _data(text))
    importer.stdin.close()
    if importer.wait():
        raise SystemExit("git fast-import failed")
    git(folder, "reset", "--quiet", "--hard", "main")
    git(folder, "config", "user.name", "Person 0")
    git(folder, "config", "user.email", "person-0@acme.example")
    git(folder, "config", "gc.auto", "0")


def git(folder: Path, *arguments: str) -> str:
    """Runs git."""
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _data(text: str) -> bytes:
    content = text.encode()
    return b"data %d\n%s\n" % (len(content), content)


def _org(owners: int) -> str:
    teams = [
        f"  - {{id: {name_of(number)}, name: Team {number}, lead: person-{number}"
        + (f", parent: {name_of(parent_of(number))}" if number else "")
        + "}\n"
        for number in range(owners)
    ]
    people = [
        f"  - {{id: person-{number}, name: Person {number}, email: person-{number}@acme.example,"
        f" team: {name_of(number)}}}\n"
        for number in range(owners)
    ]
    return f"teams:\n{''.join(teams)}people:\n{''.join(people)}"


def _key_results(number: int, objective: int) -> list[tuple[str, str, int, int]]:
    return [_MEASURES[(number + 3 * objective + step) % len(_MEASURES)] for step in range(3)]


def _plan(chance: random.Random, number: int) -> str:
    lines = ["objectives:\n"]
    for place, name in enumerate(("first", "second")):
        title = _AIMS[(number + place) % len(_AIMS)]
        lines += [
            f"  - id: {name}\n    title: {title}\n    why: {chance.choice(_WHYS)}\n    owner: person-{number}\n"
        ]
        if number:
            lines.append(f"    supports: {name_of(parent_of(number))}/{name}\n")
        lines.append("    key_results:\n")
        for key, unit, start, target in _key_results(number, place):
            lines.append(
                f"      - id: {key}\n        title: Get from {start:,} to {target:,} {unit}\n"
                f"        owner: person-{number}\n        unit: {unit}\n        from: {start}\n        to: {target}\n"
            )
        lines.append(f"        initiatives:\n          - title: {chance.choice(_INITIATIVES)}\n")
        lines.append(f"            link: https://issues.acme.example/{number}\n            done: false\n")
    return "".join(lines)


def _log(chance: random.Random, number: int, cycle: str) -> Iterator[str]:
    year, quarter = int(cycle[:4]), int(cycle[-1])
    first = date(year, 3 * quarter - 2, 1) + timedelta(days=4)
    for place, name in enumerate(("first", "second")):
        for key, _, start, target in _key_results(number, place):
            value = float(start)
            for week in range(WEEKS - 1):
                value += (target - start) / WEEKS * chance.uniform(0, 1.8)
                day = (first + timedelta(days=7 * week)).isoformat()
                when = (
                    day if chance.random() >= WITH_TIME else f'"{day}T09:{chance.randrange(10, 60)}:07+02:00"'
                )
                note = f", note: {_quoted(chance.choice(_NOTES))}" if chance.random() < WITH_NOTE else ""
                yield (
                    f"- {{date: {when}, kr: {name}/{key}, value: {round(value)},"
                    f" confidence: {chance.randrange(3, 10) / 10}, by: person-{number}{note}}}\n"
                )


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text
