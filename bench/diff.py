"""How long `okr diff` takes beside `git diff --stat`, in a workspace of many plans of which few differ.

Makes the repository with `git fast-import`: so many owners in each of so many quarters, all supporting the company's
annual objectives, then a branch that changes some of the plans, and some check-ins. Wall-clock time, and processor time of the
command and all that it ran, each with its ratio to `git diff --stat`. What `okr --version` takes is what Python and
its packages need to start.
Usage: python bench/diff.py [--owners 250] [--cycles 40] [--changed 20] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

AS_OF = "2026-11-23"
PLAN = """\
objectives:
  - id: brand
    title: Make our brand the one people think of first
    why: Inbound leads cost a third of bought ones, and those who know us stay for longer than those who do not.
    owner: person-{n}
    supports: {year}/company/lead
    key_results:
      - {{id: visits, title: Reach many visits, unit: visits, from: 42000, to: {target}, weight: 2}}
      - {{id: leads, title: Win many leads, unit: leads, from: 100, to: 90000}}
      - id: press
        title: Be written about
        unit: articles
        from: 2
        to: 30
        initiatives:
          - {{title: Invite those who write about us, owner: person-{n}}}
  - id: speed
    title: Answer everyone while they still remember the question
    supports: {year}/company/team
    key_results:
      - {{id: hours, title: Answer soon, unit: hours, from: 90000, to: 4}}
      - {{id: calls, title: Keep calls below a limit, unit: calls, at_most: 50000}}
"""
COMPANY = """\
objectives:
  - id: lead
    title: Lead our market
    key_results:
      - {id: share, title: Reach a large share, unit: "%", from: 12, to: 20}
      - {id: churn, title: Keep churn low, unit: "%", at_most: 2}
  - id: team
    title: Be a place where people want to stay
    key_results:
      - {id: stay, title: Most people stay, unit: "%", at_least: 95}
      - {id: survey, title: Run the survey, milestones: {done: 1.0}}
"""


def _data(text: str) -> bytes:
    content = text.encode()
    return b"data %d\n%s\n" % (len(content), content)


def _file(path: str, text: str) -> bytes:
    return f"M 644 inline {path}\n".encode() + _data(text)


def _commit(branch: str, message: str) -> bytes:
    person = f"Person <person@acme.example> {1_760_000_000} +0000"
    return f"commit refs/heads/{branch}\nauthor {person}\ncommitter {person}\n".encode() + _data(message)


def _history(owners: int, cycles: int, changed: int) -> Iterator[bytes]:
    quarters = [f"{2026 - back // 4}-Q{4 - back % 4}" for back in range(cycles)]
    teams = "".join(f"  - {{id: team-{n}, name: Team {n}, parent: company}}\n" for n in range(owners))
    people = "".join(f"  - {{id: person-{n}, name: Person {n}, team: team-{n}}}\n" for n in range(owners))
    yield _commit("main", "Plan everything")
    yield _file("okr.yaml", "name: A group\n")
    yield _file(".gitattributes", "checkins/** merge=union\n")
    yield _file("org.yaml", f"teams:\n  - {{id: company, name: Acme}}\n{teams}people:\n{people}")
    for year in sorted({quarter[:4] for quarter in quarters}):
        yield _file(f"okrs/{year}/company.yaml", COMPANY)
    for quarter in quarters:
        for n in range(owners):
            text = PLAN.format(n=n, year=quarter[:4], target=100000)
            yield _file(f"okrs/{quarter}/team-{n}.yaml", text)
    yield _commit("plan", "Aim lower")
    yield b"from refs/heads/main\n"
    for number in range(changed):
        n = number * max(1, owners // changed) % owners
        text = PLAN.format(n=n, year="2026", target=80000)
        if number % 4 == 0:
            text = text.replace("    supports: 2026/company/team\n", "")
        yield _file(f"okrs/2026-Q4/team-{n}.yaml", text)
        line = f"- {{date: 2026-11-02, kr: brand/visits, value: 61000, by: person-{n}}}\n"
        yield _file(f"checkins/2026-Q4/team-{n}.yaml", line)


def make(folder: Path, owners: int, cycles: int, changed: int) -> None:
    """Makes the repository, packed as `git gc` packs it, with the branch checked out."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
    importer = subprocess.Popen(["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE)
    if importer.stdin is None:  # it is a pipe
        raise AssertionError
    for part in _history(owners, cycles, changed):
        importer.stdin.write(part)
    importer.stdin.close()
    if importer.wait():
        sys.exit("git fast-import failed")
    subprocess.run(["git", "-C", str(folder), "repack", "-adq"], check=True)
    subprocess.run(["git", "-C", str(folder), "checkout", "--quiet", "--force", "plan"], check=True)


def _seconds(command: list[str]) -> tuple[float, float]:
    """How long a command takes: wall-clock and processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    taken = time.perf_counter() - started
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stderr.decode()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Makes the repository, takes turns at the commands, prints medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--owners", type=int, default=250)
    parser.add_argument("--cycles", type=int, default=40)
    parser.add_argument("--changed", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--keep", type=Path, help="make the repository here and keep it, or use the one there"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary) / "plans"
        if not (folder / ".git").exists():
            make(folder, asked.owners, asked.cycles, asked.changed)
        _measure(folder, asked.rounds)


def _measure(folder: Path, rounds: int) -> None:
    git = ["git", "-C", str(folder)]
    okr = [sys.executable, "-m", "okr", "-C", str(folder), "--as-of", AS_OF]
    commands = {
        "git diff --stat main...": [*git, "diff", "--stat", "main..."],
        "git diff --stat main": [*git, "diff", "--stat", "main"],
        "okr --version": [*okr, "--version"],
        "okr diff main...": [*okr, "diff", "main..."],
        "okr diff main": [*okr, "diff", "main"],
        "okr diff": [*okr, "diff"],
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(_seconds(command))
    base: tuple[float, ...] | None = None
    for name, each in taken.items():
        wall, cpu = (statistics.median(times) for times in zip(*each, strict=True))
        base = base or (wall, cpu)
        print(
            f"{name:<26}{wall * 1000:>8.0f} ms{wall / base[0]:>8.1f} ×"
            f"{cpu * 1000:>10.0f} ms of processor{cpu / base[1]:>8.1f} ×"
        )


if __name__ == "__main__":
    main()
