"""What the reviewer of a plan has to see first: what got easier, what was left out, and what whoever left had."""

from __future__ import annotations

import json
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

ORG = """teams:
  - {id: acme, name: Acme}
  - {id: app, name: App Makers, parent: acme}
  - {id: web, name: Web Makers, parent: acme}
"""
PLAN = """objectives:
  - id: glad
    title: Make shops glad
    supports: 2026/acme/lead
    key_results:
      - {id: wait, title: Hours of waiting, unit: hours, from: 48, to: 12}
      - {id: happy, title: Shops content, unit: shops, from: 60, to: 80, commit: 70}
      - {id: up, title: Hours up, unit: hours, at_least: 99}
      - {id: done, title: Ship it, milestones: {beta: 0.4, live: 1.0}}
      - {id: load, title: Hours of overtime, unit: hours, from: 120, to: 40}
"""
LEAD = """objectives:
  - id: lead
    title: Be the first choice
    key_results: [{id: shops, title: Shops, unit: shops, from: 1200, to: 2000}]
"""


@pytest.fixture
def planned(shell: Shell) -> Shell:
    """Two teams in a quarter and one above them in the year; one key result has been reached."""
    shell.write({
        "okr.yaml": "name: Acme\nlimits: {objectives: {min: 1, max: 3}, key_results: {min: 1, max: 5}}\n", "org.yaml": ORG,
        "okrs/2026/acme.yaml": LEAD, "okrs/2026-Q4/app.yaml": PLAN, "okrs/2026-Q4/web.yaml": PLAN,
        "checkins/2026-Q4/app.yaml": "- {date: 2026-11-02, kr: glad/wait, value: 12}\n",
    })  # fmt: skip
    for words in (
        ("init", "--quiet"), ("config", "user.name", "Bo Li"), ("config", "user.email", "bo@acme.example"), ("add", "-A"),
        ("commit", "--quiet", "-m", "Plans"),
    ):  # fmt: skip
        shell.git(*words)
    return shell


def edit(shell: Shell, path: str, *pairs: tuple[str, str], to: str = "") -> None:
    text = shell.read(path)
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    shell.write({to or path: text})


def test_what_got_easier_is_said_and_counted_before_and_after_a_cycle_has_begun(planned: Shell) -> None:
    for cycle in ("2026-Q4", "2027-Q1"):
        edit(
            planned,
            "okrs/2026-Q4/web.yaml",
            ("2026/acme/lead", "2026/acme/lead"),
            to=f"okrs/{cycle}/web.yaml",
        )
    planned.write({"okrs/2027-Q1/cycle.yaml": "state: planning\n"})
    planned.git("add", "-A")
    planned.git("commit", "--quiet", "-m", "Next")
    edit(
        planned, "okrs/2027-Q1/web.yaml", ("from: 48, to: 12", "from: 48, to: 20"), ("to: 80, commit: 70", "to: 90, commit: 75"),
        ("at_least: 99", "at_least: 98"), ("beta: 0.4", "beta: 0.6"), ("from: 120, to: 40", "from: 150, to: 40"),
    )  # fmt: skip
    lines = planned.okr("diff").out.splitlines()
    assert lines[1] == "Key results: 5 changed. Easier to reach: 4."
    assert [line.strip() for line in lines if "→" in line and line.startswith("      ")] == [
        "target 12 → 20 hours (+67%), easier to reach",
        "target 80 → 90 shops (+13%)",
        "commitment 70 → 75 shops (+7.1%)",
        "lower bound 99 → 98 hours (−1%), easier to reach",
        "milestones beta 0.4, live 1 → beta 0.6, live 1, easier to reach",
        "baseline 120 → 150 hours (+25%), easier to reach",
    ]
    found = json.loads(planned.okr("diff", "--json").out)
    changes = [
        each for owner in found["owners"] for one in owner["objectives"] for each in one["key_results"]
    ]
    assert [[each["easier"] for each in one["changes"]] for one in changes] == [
        [True], [False, False], [True], [True], [True],
    ]  # fmt: skip


def test_an_objective_that_goes_on_is_held_against_the_cycle_before(planned: Shell) -> None:
    edit(
        planned, "okrs/2026-Q4/app.yaml", ("      - {id: wait, title: Hours of waiting, unit: hours, from: 48, to: 12}\n", ""),
        ("      - {id: load, title: Hours of overtime, unit: hours, from: 120, to: 40}\n", ""),
        ("from: 60, to: 80, commit: 70", "from: 65, to: 75"), ("at_least: 99", "at_least: 99.5"),
        to="okrs/2027-Q1/app.yaml",
    )  # fmt: skip
    lines = planned.okr("diff").out.splitlines()
    assert lines[1:11] == [
        "Objectives: 1 added. Key results: 3 added. 1 objective asks for less than in the",
        "cycle before.",
        "",
        "App Makers · 2027-Q1  new plan                                       1 objective",
        "  + Make shops glad  glad, goes on from 2026-Q4",
        "    + Shops content  happy",
        "      from 65 to 75 shops",
        "      easier than in 2026-Q4: target 80 → 75 shops (−6.3%)",
        "    + Hours up  up",
        "      keep it at least 99.5 hours",
    ]
    assert "    − Hours of overtime  load, not carried over from 2026-Q4" in lines
    assert not [line for line in lines if "waiting" in line]  # reached: no loss
    found: dict[str, Any] = json.loads(planned.okr("diff", "--json").out)
    (objective,) = found["owners"][0]["objectives"]
    assert [(each["change"], each["ref"], each["easier"]) for each in objective["less"]] == [
        ("retargeted", "2027-Q1/app/glad/happy", True), ("key-result-dropped", "2026-Q4/app/glad/load", True),
    ]  # fmt: skip
    page = planned.okr("diff", "--format", "markdown").out
    assert "easier than in 2026-Q4&#58; target 80 → 75 shops" in page


def test_whoever_is_gone_is_called_by_name_and_one_that_supports_no_longer_does(planned: Shell) -> None:
    edit(planned, "org.yaml", ("  - {id: web, name: Web Makers, parent: acme}\n", ""))
    (planned.folder / "okrs/2026-Q4/web.yaml").unlink()
    out = planned.okr("diff").out
    assert "\nWeb Makers · 2026-Q4  plan dropped" in out
    assert "\n  ~ 2026/acme/lead: in 2026-Q4 1 no longer supports it, others still do\n" in out


def test_a_coach_asks_why_a_plan_asks_for_less(planned: Shell) -> None:
    edit(
        planned, "okrs/2026-Q4/app.yaml", ("      - {id: wait, title: Hours of waiting, unit: hours, from: 48, to: 12}\n", ""),
        ("      - {id: load, title: Hours of overtime, unit: hours, from: 120, to: 40}\n", ""),
        ("      - {id: up, title: Hours up, unit: hours, at_least: 99}\n", ""), ("to: 80", "to: 75"),
        to="okrs/2027-Q1/app.yaml",
    )  # fmt: skip
    planned.write({"okrs/2027-Q1/cycle.yaml": "state: planning\nowners: [app]\n"})

    def asked() -> list[tuple[str, str]]:
        found = json.loads(planned.okr("plan", "check", "2027-Q1", "--json").out)["questions"]
        return [(each["fact"], each["question"]) for each in found if each["about"] in {"easier", "left-out"}]

    assert asked() == [
        (
            "app/glad goes on without “Hours up”, “Hours of overtime”, not reached in 2026-Q4.",
            "What has become of that?",
        ),
        ("app/glad/happy is easier to reach than in 2026-Q4.", "Why ask for less?"),
    ]
    edit(planned, "okr.yaml", ("name: Acme\n", "name: Acme\nlanguage: fr\n"))
    page = unescape(planned.okr("plan", "check", "2027-Q1", "--format", "markdown").out)
    assert (
        "- app/glad est reconduit sans «\u00a0Hours up\u00a0», «\u00a0Hours of overtime\u00a0», non atteint dans 2026-Q4."
        in page
    )
    assert (
        "- app/glad/happy est plus facile à atteindre que dans 2026-Q4. **Pourquoi demander moins\u202f?**"
        in page
    )
    edit(planned, "okrs/2026-Q4/app.yaml", ("title: Hours up,", "title: Hours up, next: drop,"))
    assert "“Hours up”" not in asked()[0][0]  # its closing has said so


def test_a_goal_goes_to_another_team_with_its_check_ins(planned: Shell) -> None:
    """As docs/checkins.md has it: the lines are copied, and stay where they were."""
    whole = planned.read("okrs/2026-Q4/app.yaml").replace(
        "  - id: glad\n    title: Make", "  - id: joy\n    title: Make"
    )
    planned.write({
        "okrs/2026-Q4/acme.yaml": whole.replace("shops glad", "shops glad, as App did"), "okrs/2026-Q4/app.yaml": "objectives: []\n",
    })  # fmt: skip
    edit(planned, "okr.yaml", ("min: 1", "min: 0"))
    line = planned.read("checkins/2026-Q4/app.yaml")

    def findings() -> list[tuple[str, str]]:
        found = json.loads(planned.okr("validate", "--changed-since", "HEAD", "--json").out)["diagnostics"]
        return [(each["rule"], each["hint"]) for each in found if each["severity"] == "error"]

    ((rule, hint),) = findings()
    assert rule == "OKR501"
    assert "copy the lines to their log" in hint
    planned.write({
        "checkins/2026-Q4/acme.yaml": line.replace("glad/wait", "joy/wait"),
        "checkins/2026-Q4/app.yaml": f"# okr: ignore[OKR501] went to acme\n{line}",
    })  # fmt: skip
    assert findings() == []
    assert "went" not in planned.okr("diff").out
    assert json.loads(planned.okr("show", "joy/wait", "--json").out)["key_result"]["score"] == 1.0
    planned.git("add", "-A")
    planned.git("commit", "--quiet", "-m", "Move")
    kinds = {each["kind"] for each in json.loads(planned.okr("audit", "--json").out)["findings"]}
    assert kinds.isdisjoint({"line-removed", "line-changed"})


def test_what_a_branch_has_just_added_is_not_called_silent(planned: Shell) -> None:
    edit(
        planned,
        "okrs/2026-Q4/app.yaml",
        ("id: load, title: Hours of overtime", "id: calls, title: Calls at night"),
    )
    planned.write({"checkins/2026-Q4/app.yaml": "- {date: 2026-11-20, kr: glad/wait, value: 12}\n"})
    found = json.loads(planned.okr("validate", "--changed-since", "HEAD", "--json").out)["diagnostics"]
    silent = [each["ref"].rpartition("/")[2] for each in found if each["rule"] == "OKR515"]
    assert silent == ["happy", "up", "done"]


@pytest.mark.parametrize(("teams", "said"), [
    (3, ""), (4, " In the plans of T0, T1, T2 and T3."),
    (14, f" In the plans of {', '.join(f'T{each}' for each in range(11))} and 3 more."),
])  # fmt: skip
def test_whose_plans_change_is_said_first_where_they_are_many(planned: Shell, teams: int, said: str) -> None:
    org = "".join(f"  - {{id: t{each}, name: T{each}, parent: acme}}\n" for each in range(teams))
    planned.write({"org.yaml": ORG + org, **{f"okrs/2026-Q4/t{each}.yaml": PLAN for each in range(teams)}})
    summary = planned.okr("diff", COLUMNS="300").out.splitlines()[1]
    assert summary == f"Objectives: {teams} added. Key results: {5 * teams} added.{said}"
