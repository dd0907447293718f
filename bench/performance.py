"""The table of docs/performance.md: what okr takes beside what it could not do without, each a ratio within one run.

Workspaces and histories are made in a temporary folder. Commands take turns; medians; both sides are printed.
Usage: python bench/performance.py [--quick] [--only WORD ...] [--rounds N] [--json FILE] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import history
import workspaces
from timing import NOTHING, OKR, Command, Taken, peak_memory, run, take_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
RESULT = HERE / "results/performance.json"
EXAMPLE = HERE.parent / "examples" / "startup"
BESIDE = (sys.executable, str(HERE / "beside.py"))
AS_OF = ("--as-of", workspaces.TODAY)
SMALL = 20


@dataclass(frozen=True)
class Sizes:
    """How large everything is made."""

    owners: int = 10_000
    linted: int = 200
    commits: int = 100_000
    reported: int = 1_000
    between: int = 1_000
    curve: tuple[int, ...] = (10, 100, 1_000, 10_000)
    years: tuple[int, ...] = (1, 10, 100)


QUICK = Sizes(1_000, 50, 5_000, 100, 200, (10, 100, 1_000), (1, 10))


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes:
        what: what was measured.
        took: seconds, or megabytes.
        beside: what that is held against.
        limit_of: how much that took, in the same unit.
        bar: how many times as much is allowed.
        at_least: whether it must rather be that many times faster.
        processor: the same ratio of processor time; None for memory.
        unit: `s` or `MB`.
    """

    what: str
    took: float
    beside: str
    limit_of: float
    bar: float
    at_least: bool = False
    processor: float | None = None
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """How many times as much it took; for `at_least`, how many times as fast it was."""
        return self.limit_of / self.took if self.at_least else self.took / self.limit_of

    def passes(self, *, by_processor: bool) -> bool:
        """Whether the bar is reached."""
        ratio = self.processor if by_processor and self.processor is not None else self.ratio
        return ratio >= self.bar if self.at_least else ratio <= self.bar


def beside(what: str, took: Taken, name: str, other: Taken, bar: float, *, at_least: bool = False) -> Row:
    """A row of two commands that took turns."""
    processor = other.processor / took.processor if at_least else took.processor / max(other.processor, 0.001)
    return Row(what, took.wall, name, other.wall, bar, at_least, processor)


def plus(*parts: tuple[float, Taken]) -> Taken:
    """So many times what some commands took, together."""
    return Taken(
        sum(times * each.wall for times, each in parts), sum(times * each.processor for times, each in parts)
    )


@dataclass
class Bench:
    """One run: where its workspaces are, how large, how often each command is timed."""

    folder: Path
    sizes: Sizes
    rounds: int
    by_processor: bool = False

    def okr(self, folder: Path, *arguments: str, before: Callable[[], object] | None = None) -> Command:
        """An okr command in a workspace, as of the day it was made for."""
        return Command((*OKR, *AS_OF, *arguments), folder, before, (("COLUMNS", "80"),))

    def workspace(self, owners: int) -> Path:
        """A workspace of so many owners, made when first asked for."""
        return self._made(f"owners-{owners}", lambda folder: workspaces.write(folder, owners))

    def years(self, years: int) -> Path:
        """A workspace of a few owners over so many years."""
        cycles = workspaces.quarters(years)
        return self._made(f"years-{years}", lambda folder: workspaces.write(folder, 10, cycles=cycles))

    def quarter(self) -> Path:
        """A large workspace with a quarter's commits."""
        size = self.sizes
        commits = lambda: workspaces.busy_quarter(size.owners, size.between, 20)  # noqa: E731
        return self._made("quarter", lambda folder: workspaces.write_history(folder, commits()))

    def quarter_of_a_few(self) -> Path:
        """The same, whose commits are all made by the teams whose plans change."""
        size = self.sizes
        commits = lambda: workspaces.quarter_of_a_few(size.owners, size.between, 20)  # noqa: E731
        return self._made("quarter-of-a-few", lambda folder: workspaces.write_history(folder, commits()))

    def checkins(self) -> Path:
        """A long history of check-ins."""
        return self._made("checkins", lambda folder: history.make(folder, self.sizes.commits))

    def odd_checkins(self) -> Path:
        """The same as companies have it: with rounds, lines by hand, merges and other work."""
        return self._made("checkins-odd", lambda folder: history.make(folder, self.sizes.commits, odd=True))

    def copy(self, source: Path, name: str) -> Path:
        """A copy that a command may change."""
        return self._made(name, lambda folder: shutil.copytree(source, folder, symlinks=True))

    def _made(self, name: str, make: Callable[[Path], object]) -> Path:
        folder = self.folder / name
        if not folder.exists():
            print(f"… making {name}", file=sys.stderr)
            make(folder)
        return folder


def startup(bench: Bench) -> Iterator[Row]:
    """Commands that need none of the workspace."""
    complete = (("_OKR_COMPLETE", "complete_bash"), ("COMP_WORDS", "okr che"), ("COMP_CWORD", "1"))
    taken = take_turns(
        {
            "nothing": Command(NOTHING, bench.folder),
            "--version": Command((*OKR, "--version"), bench.folder),
            "--help": Command((*OKR, "--help"), bench.folder),
            "completion": Command(OKR, bench.folder, variables=complete),
        },
        4 * bench.rounds,
    )
    for name in ("--version", "--help", "completion"):
        yield beside(f"okr {name}", taken[name], "python -c pass", taken["nothing"], 7)


def example(bench: Bench) -> Iterator[Row]:
    """The example: a status, and a check-in beside git's own commit of the same line."""
    folder = bench.copy(EXAMPLE, "example")
    if not (folder / ".git").exists():
        for arguments in (
            ("init", "--quiet"), ("config", "user.name", "Tom"), ("config", "user.email", "tom@pipewright.example"),
            ("add", "--all"), ("commit", "--quiet", "--message", "Plan"),
        ):  # fmt: skip
            workspaces.git(folder, *arguments)
    at = ("--as-of", "2026-11-23")
    log = folder / "checkins/2026-Q4/growth.yaml"
    line = "- {date: 2026-11-23, kr: german-market/pipeline, value: 90000}\n"

    def add_line() -> None:
        with log.open("a") as file:
            file.write(line)

    taken = take_turns(
        {
            "nothing": Command(NOTHING, bench.folder),
            "status": Command((*OKR, *at, "status"), folder),
            "checkin": Command((*OKR, *at, "checkin", "german-market/pipeline", "90000"), folder),
            "commit": Command(
                ("git", "commit", "--quiet", "--only", "--message", "x", "--", str(log)), folder, add_line
            ),
        },
        2 * bench.rounds,
    )
    yield beside("okr status (20 files)", taken["status"], "python -c pass", taken["nothing"], 12)
    yield beside("okr status, the first time", taken["status"], "python -c pass", taken["nothing"], 20)
    floor = plus((14, taken["nothing"]), (1.3, taken["commit"]))
    yield beside("okr checkin", taken["checkin"], "14 × python + 1.3 × commit", floor, 1)


def one_owner(bench: Bench) -> Iterator[Row]:
    """What is asked of one owner, among many as among few."""
    commands: dict[str, Command] = {}
    for size in (SMALL, bench.sizes.owners):
        folder = bench.workspace(size)
        commands[f"status {size}"] = bench.okr(folder, "status", "team-7")
        commands[f"show {size}"] = bench.okr(folder, "show", "team-7/first/visits")
        copy = bench.copy(folder, f"checked-in-{size}")
        commands[f"checkin {size}"] = bench.okr(copy, "checkin", "team-7/first/visits", "77000")
    taken = take_turns(commands, bench.rounds)
    for name, shown in (("status", "status OWNER"), ("show", "show REF"), ("checkin", "checkin REF V")):
        few, many = taken[f"{name} {SMALL}"], taken[f"{name} {bench.sizes.owners}"]
        yield beside(f"okr {shown}, {bench.sizes.owners:,} plans", many, f"{SMALL} plans", few, 1.2)


def validation(bench: Bench) -> Iterator[Row]:
    """Everything validated, nothing cached; then again with one file changed; and its memory."""
    folder = bench.workspace(bench.sizes.owners)
    plan = folder / "okrs" / workspaces.CYCLE / "team-7.yaml"
    texts = [plan.read_text(), plan.read_text().replace("to: 100000", "to: 100001")]

    def change() -> None:
        texts.reverse()
        plan.write_text(texts[0])

    run(bench.okr(folder, "validate"))  # so that there is a last time
    taken = take_turns(
        {
            "validate": bench.okr(folder, "--no-cache", "validate"),
            "events": Command((*BESIDE, "events", str(folder)), folder),
            "again": bench.okr(folder, "validate", before=change),
            "git status": Command(("git", "status", "--short"), folder),
            "version": Command((*OKR, "--version"), folder),
        },
        max(1, bench.rounds // 3),
    )
    size = f"{bench.sizes.owners:,} plans + logs"
    yield beside(f"okr validate, {size}", taken["validate"], "bare events, one core", taken["events"], 1.3)
    floor = plus((4, taken["git status"]), (1, taken["version"]))
    yield beside("the same, one file changed", taken["again"], "4 × git status + start-up", floor, 1)
    memory = peak_memory(bench.okr(folder, "--no-cache", "validate"))
    yield Row("peak memory of okr validate", memory, "300 MB", 300, 1, unit="MB")


def linters(bench: Bench) -> Iterator[Row]:
    """Beside the linters that check the YAML alone, or the shape alone."""
    folder = bench.workspace(bench.sizes.linted)
    commands = {"okr": bench.okr(folder, "--no-cache", "validate")}
    programs = Path(sys.executable).parent
    if (programs / "yamllint").exists():
        commands["yamllint"] = Command(
            (str(programs / "yamllint"), "-d", "relaxed", "okrs", "checkins"), folder
        )
    if (programs / "check-jsonschema").exists():
        import subprocess

        subprocess.run(
            [*OKR, "schema", "--write", ".okr/schema"], cwd=folder, check=True, capture_output=True
        )
        script = (
            f"{programs}/check-jsonschema --schemafile .okr/schema/plan.json okrs/*/*.yaml &&"
            f" {programs}/check-jsonschema --schemafile .okr/schema/log.json checkins/*/*.yaml"
        )
        commands["check-jsonschema"] = Command(("sh", "-c", script), folder)
    taken = take_turns(commands, 1)
    for name in commands:
        if name != "okr":
            what = f"okr validate, {bench.sizes.linted:,} plans + logs"
            yield beside(what, taken["okr"], name, taken[name], 5, at_least=True)


def histories(bench: Bench) -> Iterator[Row]:
    """A long history of check-ins."""
    folder = bench.checkins()
    again = {f"okr {name}": bench.okr(folder, name) for name in ("log", "audit")}
    take_turns(again, 1)  # what is kept for the next time
    taken = take_turns(
        {
            "git log": Command(("git", "log", "--format=%H%n%an%n%ae%n%at%n%B"), folder),
            "log": bench.okr(folder, "--no-cache", "log"),
            "log -n 50": bench.okr(folder, "log", "-n", "50"),
            "audit": bench.okr(folder, "--no-cache", "audit"),
            **again,
        },
        max(1, bench.rounds // 3),
    )
    for name in ("log", "log -n 50", "audit"):
        what = f"okr {name}, {bench.sizes.commits:,} commits"
        yield beside(what, taken[name], "git log, whole messages", taken["git log"], 2)
    for name in again:
        yield beside(f"{name}, the next time", taken[name], "git log, whole messages", taken["git log"], 0.3)
    yield from _odd_history(bench)


def _odd_history(bench: Bench) -> Iterator[Row]:
    folder = bench.odd_checkins()
    taken = take_turns(
        {
            "git log": Command(("git", "log", "--format=%H%n%an%n%ae%n%at%n%B"), folder),
            "audit": bench.okr(folder, "--no-cache", "audit"),
            "log": bench.okr(folder, "--no-cache", "log"),
        },
        max(1, bench.rounds // 3),
    )
    for name in ("audit", "log"):
        what = f"okr {name}, {bench.sizes.commits:,} commits, odd ones among them"
        yield beside(what, taken[name], "git log, whole messages", taken["git log"], 2)


def report(bench: Bench) -> Iterator[Row]:
    """The cycle as a site, nothing kept, beyond what loading takes; then again after one plan has changed."""
    folder = bench.workspace(bench.sizes.reported)
    target = bench.folder / "site"
    plan = folder / "okrs" / workspaces.CYCLE / "team-7.yaml"
    texts = [plan.read_text(), plan.read_text().replace("to: 100000", "to: 100001")]
    before = target.with_name(f"{target.name}-before")
    again = ("report", "--format", "html", "--output", str(target))

    def change() -> None:
        texts.reverse()
        plan.write_text(texts[0])

    def put_away() -> None:
        # Not removed yet: just after that ext4 takes three times as long to make a file.
        if target.exists():
            before.mkdir(exist_ok=True)
            target.rename(before / str(len([*before.iterdir()])))

    taken = take_turns(
        {
            "load": Command((*BESIDE, "load", str(folder)), folder),
            "report": bench.okr(folder, "--no-cache", *again, before=put_away),
            "again": bench.okr(folder, *again, before=change),
        },
        max(1, bench.rounds // 3),
    )
    shutil.rmtree(before, ignore_errors=True)
    for name, what in (("report", "okr report --format html"), ("again", "the same, one plan changed")):
        beyond = taken[name].wall - taken["load"].wall
        processor = (taken[name].processor - taken["load"].processor) / 3
        yield Row(
            f"{what}, {bench.sizes.reported:,} owners", beyond, "3 s beyond loading", 3, 1, False, processor
        )


def diff(bench: Bench) -> Iterator[Row]:
    """Two revisions far apart in a large workspace: where a few teams did it all, and where nearly a thousand checked in.

    Each comparison once with no answer kept, and once as one that was asked for before.
    """
    few = f"okr diff, {bench.sizes.between:,} commits apart"
    cache = bench.folder / "cache"
    surroundings = (("COLUMNS", "80"), ("XDG_CACHE_HOME", str(cache)))
    for folder, what in (
        (bench.quarter_of_a_few(), f"{few}, by 20 teams"),
        (bench.quarter(), f"{few}, by anybody"),
    ):
        revisions = (f"HEAD~{bench.sizes.between}", "HEAD")
        compare = (*OKR, *AS_OF, "diff", "..".join(revisions))
        forget = partial(shutil.rmtree, cache / "okr" / "answers", ignore_errors=True)
        taken = take_turns(
            {
                "okr diff": Command(compare, folder, forget, surroundings),
                "again": Command(compare, folder, None, surroundings),
                "git diff": Command(("git", "diff", "--stat", *revisions), folder),
                "version": Command((*OKR, "--version"), folder),
            },
            bench.rounds,
        )
        floor = plus((3, taken["git diff"]), (1, taken["version"]))
        yield beside(what, taken["okr diff"], "3 × git diff --stat + start-up", floor, 1)
        yield beside(f"{what}, the next time", taken["again"], "3 × git diff --stat + start-up", floor, 1)


TABLE = (startup, example, one_owner, validation, linters, histories, report, diff)


def curves(bench: Bench) -> Iterator[tuple[str, str, int, float, float]]:
    """How the time of some commands grows: with owners, then with years of ten owners."""
    asked = {
        "validate": ("--no-cache", "validate"),
        "status": ("status",),
        "status OWNER": ("status", "team-7"),
        "due": ("due",),
        "due --owner ID": ("due", "--owner", "team-7"),
        "tree": ("tree",),
    }
    for by, sizes, made in (
        ("owners", bench.sizes.curve, bench.workspace),
        ("years", bench.sizes.years, bench.years),
    ):
        for size in sizes:
            folder = made(size)
            for name, arguments in asked.items():
                wall, processor = run(bench.okr(folder, *arguments))
                yield f"okr {name}", by, size, wall, processor


def main() -> None:
    """Measures what was asked for, printing each row as soon as it is known."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="smaller workspaces, and fewer turns")
    parser.add_argument("--rounds", type=int, help="how often each command is timed; 5, or 3 with --quick")
    names = [each.__name__ for each in (*TABLE, curves)]
    parser.add_argument("--only", nargs="+", choices=names, metavar="WORD", help=f"of {', '.join(names)}")
    parser.add_argument(
        "--by",
        choices=("wall", "processor"),
        default="wall",
        help="which ratio decides; on a busy machine only processor time is to be trusted",
    )
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        default=RESULT,
        help="write what was measured there; bench/results/performance.json if left out",
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="make the workspaces there, and keep them"
    )
    asked = parser.parse_args()
    wanted = asked.only or names
    sizes = QUICK if asked.quick else Sizes()
    with tempfile.TemporaryDirectory(prefix="okr-bench-") as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        rounds = asked.rounds or (3 if asked.quick else 5)
        bench = Bench(folder.resolve(), sizes, rounds, asked.by == "processor")
        # As pip does when it installs. From a checkout Python would compile okr anew for each command wherever it may
        # not write: PYTHONDONTWRITEBYTECODE alone made `okr status` take a third longer than it takes people.
        compileall.compile_dir(HERE.parent / "okr", quiet=1)
        machine = _machine()
        print(", ".join(f"{key} {value}" for key, value in machine.items()))
        rows = _print_table(bench, [each for each in TABLE if each.__name__ in wanted])
        points = list(_print_curves(bench)) if curves.__name__ in wanted else []
    found = {
        "schema": 1,
        "decides": asked.by,
        "machine": machine,
        "sizes": asdict(sizes),
        "rows": [
            asdict(row) | {"ratio": row.ratio, "passes": row.passes(by_processor=bench.by_processor)}
            for row in rows
        ],
        "curves": points,
    }
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps(found, indent=2) + "\n")
    print(f"\nAll of it as JSON: {asked.json}")


def _print_table(bench: Bench, parts: list[Callable[[Bench], Iterator[Row]]]) -> list[Row]:
    if parts:
        print(f"\n{'what':44} {'took':>9} {'ratio':>7} {'bar':>7} {'cpu':>6}", flush=True)
    rows: list[Row] = []
    for part in parts:
        for row in part(bench):
            rows.append(row)
            print("\n".join(_lines(row, by_processor=bench.by_processor)), flush=True)
    return rows


def _lines(row: Row, *, by_processor: bool) -> tuple[str, str]:
    """A row in two lines of at most 80 columns: what took how long, and below it beside what."""
    took, limit_of = (_amount(each, row.unit) for each in (row.took, row.limit_of))
    bar = f"{'≥' if row.at_least else '≤'} {row.bar:g}"
    processor = "" if row.processor is None else f"{row.processor:.2f}"
    verdict = "pass" if row.passes(by_processor=by_processor) else "falls short"
    return (
        f"{row.what:44} {took:>9} {row.ratio:7.2f} {bar:>7} {processor:>6}",
        f"  {row.beside:42} {limit_of:>9}  {verdict}",
    )


def _print_curves(bench: Bench) -> Iterator[dict[str, object]]:
    print(f"\n{'command':20} {'of':>8} {'':8} {'wall':>9} {'cpu':>9}")
    for command, by, size, wall, processor in curves(bench):
        print(
            f"{command:20} {size:>8,} {by:8} {_amount(wall, 's'):>9} {_amount(processor, 's'):>9}", flush=True
        )
        yield {"command": command, "by": by, "size": size, "wall": wall, "processor": processor}


def _amount(value: float, unit: str) -> str:
    if unit == "MB":
        return f"{value:,.0f} MB"
    return f"{value * 1000:,.0f} ms" if value < 1 else f"{value:,.2f} s"


def _machine() -> dict[str, str]:
    git = workspaces.git(Path.cwd(), "--version").split()[2]
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": str(os.cpu_count()),
        "Python": platform.python_version(),
        "git": git,
        "load": load,
    }


if __name__ == "__main__":
    main()
