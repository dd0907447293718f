"""Of many plans only those that matter are read, and the comparison comes out as if all had been."""

from __future__ import annotations

import os
import random
import subprocess
from datetime import date
from typing import TYPE_CHECKING

import pytest

from okr.operations.comparison.comparing import compare_workspaces
from okr.operations.comparison.narrowing import opened_sides
from okr.operations.comparison.sides import sides_of
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from okr.operations.comparison.results import Comparison

TODAY = date(2026, 11, 23)
TEAMS = ("company", "product", "sales", "support", "design", "data")
PEOPLE = ("ada", "bo", "cy")
CYCLES = ("2026", "2026-Q3", "2026-Q4")


class Goals:
    """A workspace that changes at random, as text: one file for each owner and cycle, and all that goes with it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.teams = dict.fromkeys(TEAMS, "")
        self.people = dict.fromkeys(PEOPLE, "")
        self.kpis = {"calls": "", "visits": ""}
        self.settings = "name: A\n"
        self.extra: dict[str, str] = {}
        self.plans: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
        self.logs: dict[tuple[str, str], list[str]] = {}
        self.measured = ["- {date: 2026-09-01, kpi: calls, value: 10}"]
        for cycle in CYCLES:
            for owner in (*TEAMS, *PEOPLE):
                if self.chance.random() < 0.8:
                    self.plans[cycle, owner] = {f"o{n}": self._objective(cycle) for n in (1, 2)}

    def files(self) -> dict[str, str]:
        teams = "".join(
            f"  - {{id: {name}, parent: company{rest}}}\n"
            for name, rest in self.teams.items()
            if name != "company"
        )
        people = "".join(f"  - {{id: {name}, team: product{rest}}}\n" for name, rest in self.people.items())
        kpis = "".join(f"  - {{id: {name}, name: {name}{rest}}}\n" for name, rest in self.kpis.items())
        found = {
            "okr.yaml": self.settings,
            "org.yaml": f"teams:\n  - {{id: company}}\n{teams}people:\n{people}",
            "kpis.yaml": f"kpis:\n{kpis}",
            "checkins/kpis.yaml": "\n".join(self.measured) + "\n",
        }
        for (cycle, owner), objectives in self.plans.items():
            text = "".join(
                f"  - id: {name}\n" + "".join(f"    {key}: {value}\n" for key, value in said.items())
                for name, said in objectives.items()
            )
            found[f"okrs/{cycle}/{owner}.yaml"] = f"objectives:\n{text}" if text else "objectives: []\n"
        for (cycle, owner), lines in self.logs.items():
            found[f"checkins/{cycle}/{owner}.yaml"] = "\n".join(lines) + "\n"
        return found | self.extra

    def change(self) -> str:
        """Does one thing, and says what."""
        does = self.chance.choice([
            self.retarget, self.retarget, self.drop, self.add, self.rename, self.move, self.support, self.support,
            self.depend, self.check_in, self.measure, self.rename_owner, self.drop_person, self.change_kpi, self.drop_plan,
            self.close, self.set_limit, self.reassign, self.reformat,
        ])  # fmt: skip
        does()
        return does.__name__

    def retarget(self) -> None:
        self._any()["key_results"] = self._key_results()

    def drop(self) -> None:
        objectives = self._plan()
        if objectives:
            del objectives[self.chance.choice(list(objectives))]

    def add(self) -> None:
        key = self.chance.choice(list(self.plans))
        self.plans[key][f"o{self.chance.randrange(3, 9)}"] = self._objective(key[0])

    def rename(self) -> None:
        objectives = self._plan()
        if objectives:
            old = self.chance.choice(list(objectives))
            said = objectives.pop(old)
            if self.chance.random() < 0.5:
                said = said | {"formerly": f"[{old}]"}
            objectives[f"n{self.chance.randrange(9)}"] = said

    def move(self) -> None:
        source, target = self._plan(), self._plan()
        if source:
            name = self.chance.choice(list(source))
            target.setdefault(name, source.pop(name))

    def support(self) -> None:
        self._any()["supports"] = self._reference()

    def depend(self) -> None:
        self._any()["depends_on"] = f"[{self._reference()}]"

    def check_in(self) -> None:
        key = self.chance.choice(list(self.plans))
        day = f"2026-1{self.chance.randrange(2)}-0{self.chance.randrange(1, 9)}"
        line = f"- {{date: {day}, kr: o1/k1, value: {self.chance.randrange(100)}, by: ada}}"
        self.logs.setdefault(key, []).append(line)

    def measure(self) -> None:
        self.measured.append(
            f"- {{date: 2026-11-0{self.chance.randrange(1, 9)}, kpi: calls, value: {self.chance.randrange(90)}}}"
        )

    def rename_owner(self) -> None:
        old = self.chance.choice([name for name in self.teams if name != "company"])
        if self.teams[old]:
            return
        new = f"{old}-crew"
        self.teams = {
            new if name == old else name: f", formerly: [{old}]" if name == old else rest
            for name, rest in self.teams.items()
        }
        if self.chance.random() < 0.5:
            self.plans = {
                (cycle, new if owner == old else owner): each for (cycle, owner), each in self.plans.items()
            }

    def drop_person(self) -> None:
        self.people.pop(self.chance.choice(PEOPLE), None)

    def change_kpi(self) -> None:
        name = self.chance.choice(["calls", "visits"])
        if self.chance.random() < 0.5:
            self.kpis.pop(name, None)
        else:
            self.kpis[name] = f", at_most: {self.chance.randrange(1, 9)}"

    def drop_plan(self) -> None:
        if len(self.plans) > 3:
            self.plans.pop(self.chance.choice(list(self.plans)))

    def close(self) -> None:
        self.extra[f"okrs/{self.chance.choice(CYCLES)}/cycle.yaml"] = (
            f"state: {self.chance.choice(['planning', 'closed'])}\n"
        )

    def set_limit(self) -> None:
        if self.chance.random() < 0.3:
            self.settings = "name: A\nlimits: {objectives: {min: 1, max: 2}}\n"

    def reassign(self) -> None:
        self._any()["owner"] = self.chance.choice([*PEOPLE, "nobody"])

    def reformat(self) -> None:
        self._any()["title"] = f'"Do \\x62etter {self.chance.randrange(9)}"  # as agreed'

    def _plan(self) -> dict[str, dict[str, str]]:
        return self.plans[self.chance.choice(list(self.plans))]

    def _any(self) -> dict[str, str]:
        full = [each for each in self.plans.values() if each]
        return self.chance.choice(list(self.chance.choice(full).values()))

    def _objective(self, cycle: str) -> dict[str, str]:
        said = {"title": f"Do something well {self.chance.randrange(99)}", "key_results": self._key_results()}
        if cycle != "2026" or self.chance.random() < 0.2:
            said["supports"] = self._reference()
        return said

    def _reference(self) -> str:
        owner, objective = self.chance.choice(TEAMS), f"o{self.chance.randrange(1, 4)}"
        cycle = self.chance.choice(["2026/", "", "2026-q4/"])
        return f"{cycle}{owner}/{objective}{self.chance.choice(['', '', '/k1'])}"

    def _key_results(self) -> str:
        goal = self.chance.randrange(50, 90)
        metric = self.chance.choice(
            [f"from: 1, to: {goal}", f"from: 1, to: {goal}", f"kpi: calls, to: {goal}", "at_most: 5"]
        )
        return f"[{{id: k1, title: Reach something, {metric}}}, {{id: k2, title: Reach more, unit: h, from: 2, to: {goal}}}]"


def _git(folder: Path, *arguments: str) -> str:
    who = {f"GIT_{role}_{what}": "a@x" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return subprocess.run(
        ("git", "-C", str(folder), *arguments),
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", **who},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def _put(folder: Path, files: dict[str, str]) -> None:
    for path in sorted(folder.rglob("*.yaml")):
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def _facts(found: Comparison) -> list[str]:
    """All that a comparison says, but for hints, which name the nearest of what is listed."""
    told = [
        repr(each)
        for each in (found.settings, found.subjects, found.cycles, found.measurements, found.referred)
    ]
    told += [
        repr((each.cycle, each.owner, each.objectives, each.score, each.departed)) for each in found.owners
    ]
    for objective in found.objectives:
        told.append(
            repr(
                (
                    objective.reference,
                    objective.changes,
                    objective.score,
                    objective.departed,
                    objective.continues,
                    objective.less,
                )
            )
        )
        told += [
            repr((each.reference, each.changes, each.score, each.value, each.checkins))
            for each in objective.key_results
        ]
    for finding in found.findings:
        sides = [
            each and (each.code, each.finding.path, each.finding.message)
            for each in (finding.old, finding.new)
        ]
        told.append(repr(sides))
    return told


PLAN = """\
objectives:
  - id: grow
    title: Win more people
    supports: {supports}
    owner: ada
    key_results:
      - {{id: calls, title: Call people, kpi: calls, to: 60}}
      - {{id: visits, title: Reach visits, unit: visits, from: 1, to: {target}}}
  - id: keep
    title: Keep people
    depends_on: t{next}/grow
    key_results:
      - {{id: stay, title: People stay, unit: "%", from: 10, to: 20}}
      - {{id: leave, title: Few leave, unit: "%", at_most: 5}}
"""
MANY = 30


def _many(supports: str = "2026/t0/grow", **other: str) -> dict[str, str]:
    """Thirty teams that each wait for the next one, and all support the same but one."""
    teams = "".join(f"  - {{id: t{n}}}\n" for n in range(MANY))
    found = {
        "okr.yaml": "name: A\n",
        "org.yaml": f"teams:\n{teams}people:\n  - {{id: ada}}\n  - {{id: bo}}\n",
        "kpis.yaml": "kpis:\n  - {id: calls, name: Calls}\n",
        "checkins/kpis.yaml": "- {date: 2026-09-01, kpi: calls, value: 10}\n",
        "okrs/2026/t0.yaml": PLAN.format(supports="2025/x/y", target=9, next=1).replace(
            "    supports: 2025/x/y\n", ""
        ),
    }
    for n in range(MANY):
        own = "2026/t0/keep" if n == MANY - 1 else supports
        found[f"okrs/2026-Q4/t{n}.yaml"] = PLAN.format(supports=own, target=50, next=(n + 1) % MANY)
    return found | other


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    _put(folder, _many())
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "0")
    return folder


def _plans(cycle: str, *numbers: int) -> set[str]:
    return {f"okrs/{cycle}/t{n}.yaml" for n in numbers}


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("path", "old", "new", "read", "code"),
    [
        # What it waits for is listed, and what that waits for is looked at by the rules.
        pytest.param("okrs/2026-Q4/t3.yaml", "to: 50", "to: 40", [3, 4, 5], None, id="a target"),
        pytest.param("okrs/2026-Q4/t3.yaml", "    depends_on: t4/grow\n", "", [3, 4, 5], None, id="nothing else refers"),
        pytest.param("okrs/2026-Q4/t7.yaml", "id: keep", "id: hold", [7, 8, 9], None, id="nobody names it"),
        pytest.param("okrs/2026-Q4/t7.yaml", "id: grow", "id: rise", [0, 1, 6, 7, 8, 9], "OKR306", id="somebody waits for it"),
        pytest.param("okrs/2026/t0.yaml", "id: grow", "id: rise", range(MANY), "OKR302", id="everybody supports it"),
        pytest.param("okrs/2026-Q4/t29.yaml", "    supports: 2026/t0/keep\n", "", [0, 1, 29], None, id="the only one"),
        pytest.param("okrs/2026-Q4/t9.yaml", "    supports: 2026/t0/grow\n", "", [0, 1, 9, 10, 11], None, id="one of many"),
        pytest.param("org.yaml", "  - {id: ada}\n", "", range(MANY), "OKR602", id="a person whom all name"),
        pytest.param("org.yaml", "  - {id: bo}\n", "", [], None, id="a person whom nobody names"),
        pytest.param("org.yaml", "  - {id: t5}\n", "  - {id: five, formerly: [t5]}\n", [4, 5, 6, 7], None, id="a team's id"),
        pytest.param("kpis.yaml", "id: calls", "id: talks", range(MANY), "OKR607", id="a KPI that all draw on"),
        pytest.param("checkins/kpis.yaml", "value: 10", "value: 11", range(MANY), None, id="a measurement"),
        pytest.param("okr.yaml", "name: A", "name: B", range(MANY), None, id="settings"),
    ],
)  # fmt: skip
def test_no_more_is_read_than_has_to_do_with_it(
    many: Path, path: str, old: str, new: str, read: range | list[int], code: str | None
) -> None:
    text = _many()[path]
    assert old in text
    try:
        (many / path).write_text(text.replace(old, new))
        sides = sides_of(many, None)
        part, whole = opened_sides(sides, TODAY), sides.opened(TODAY)
        found, expected = compare_workspaces(*part), compare_workspaces(*whole)
        assert _facts(found) == _facts(expected)
        assert {each for each in _read(part) if each.startswith("okrs/2026-Q4/t")} == _plans("2026-Q4", *read)
        assert code is None or code in {each.diagnostic.code for each in found.findings if each.new}
    finally:
        (many / path).write_text(text)


def test_a_cycle_that_is_planned_again_touches_all_of_its_plans(many: Path) -> None:
    facts = many / "okrs/2026-Q4/cycle.yaml"
    try:
        facts.write_text("state: planning\n")
        sides = sides_of(many, None)
        part, whole = opened_sides(sides, TODAY), sides.opened(TODAY)
        assert _facts(compare_workspaces(*part)) == _facts(compare_workspaces(*whole))
        assert _plans("2026-Q4", *range(MANY)) < _read(part)
    finally:
        facts.unlink()


@pytest.mark.unmeasured
def test_what_is_left_out_makes_no_difference(tmp_path: Path) -> None:
    _check(8, tmp_path, 3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24))
def test_what_is_left_out_never_makes_a_difference(seed: int, tmp_path: Path) -> None:
    _check(seed, tmp_path, 9)


def _check(seed: int, folder: Path, changes: int) -> None:
    goals = Goals(seed)
    _put(folder, goals.files())
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "0")
    for number in range(1, changes):
        did = [goals.change() for _ in range(number % 3 + 1)]
        _put(folder, goals.files())
        for asked in ("HEAD", "HEAD~1..HEAD"):
            if asked != "HEAD":
                _git(folder, "add", "--all")
                _git(folder, "commit", "--quiet", "--allow-empty", "--message", str(number))
            sides = sides_of(folder, asked)
            part, whole = opened_sides(sides, TODAY), sides.opened(TODAY)
            assert _facts(compare_workspaces(*part)) == _facts(compare_workspaces(*whole)), (
                seed,
                number,
                did,
            )
            assert _read(part) <= _read(whole)


def _read(sides: Sequence[object]) -> set[str]:
    return {each.path for side in sides[:2] if isinstance(side, Workspace) for each in side.documents}
