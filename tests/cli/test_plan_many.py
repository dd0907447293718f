"""`okr plan` in a workspace of many teams: told team by team, and whole where somebody asks for some of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

DIVISIONS = ("sales", "works")
TEAMS = [(f"{division}-{number}", division) for division in DIVISIONS for number in range(1, 9)]


def _plan(supports: str) -> str:
    return "objectives:\n" + "".join(
        f"  - id: {name}\n    title: Become the {name} that everybody wants\n    supports: {supports}\n    owner: ann\n"
        "    key_results:\n"
        f"      - {{id: a, title: 20 of {name}, unit: {name}, from: {start}, to: 20, owner: ann}}\n"
        f"      - {{id: b, title: More of {name}, unit: {name}, from: 0, to: {start + 30}}}\n"
        for start, name in enumerate(("team", "place"), start=1)
    )


@pytest.fixture
def group(shell: Shell) -> Shell:
    """Two divisions of eight teams each; the divisions plan the year, the teams their first quarter."""
    teams = [("company", None), *((each, "company") for each in DIVISIONS), *TEAMS]
    above = "\n".join(
        f"  - {{id: {each}, parent: {parent}}}" if parent else f"  - {{id: {each}}}" for each, parent in teams
    )
    year = _plan("2027/company/team").replace("    owner: ann\n", "")
    shell.write({
        "okr.yaml": "name: Acme\n",
        "org.yaml": f"teams:\n{above}\npeople:\n  - {{id: ann, name: Ann, team: company}}\n",
        "okrs/2027/company.yaml": year.replace("    supports: 2027/company/team\n", ""),
        **{f"okrs/2027/{each}.yaml": year for each in DIVISIONS},
        "okrs/2027-Q1/cycle.yaml": "state: planning\n",
        **{f"okrs/2027-Q1/{team}.yaml": _plan(f"2027/{division}/team") for team, division in TEAMS},
    })  # fmt: skip
    return shell


def test_the_check_adds_the_plans_up_and_names_the_first_few(group: Shell) -> None:
    outcome = group.okr("plan", "check")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "Acme · 2027-Q1                                                       23 Nov 2026",
        "1 Jan – 31 Mar 2027 · begins in 39 days, on 1 Jan 2027 · planning",
        "",
        "Ready, with 5 questions.",
        "",
        "           objectives  new  carried over  key results  committed",
        "sales (8)          16   16             0           32          0",
        "works (8)          16   16             0           32          0",
        "",
        "Questions",
        "? Nobody supports 2027/company/place: Become the place that everybody wants. Who",
        "  works towards it, or is it no longer a goal?",
        "? Nobody supports 2027/sales/place: Become the place that everybody wants. Who",
        "  works towards it, or is it no longer a goal?",
        "? Nobody supports 2027/works/place: Become the place that everybody wants. Who",
        "  works towards it, or is it no longer a goal?",
        "? Ann is accountable for 32 objectives and 64 key results. What can somebody",
        "  else take, or wait?",
        "? All 32 objectives are aspirational. Is there nothing that others rely on in",
        "  full?",
        "",
        "Each plan of some of them: okr plan check 2027-Q1 --owner sales/...",
    ]


def test_what_is_alike_is_told_a_few_times(group: Shell) -> None:
    plan = group.read("okrs/2027-Q1/sales-1.yaml")
    group.write({
        "org.yaml": group.read("org.yaml").replace("people:", "people:\n  - {id: bob, name: Bob, team: sales-1}"),
        **{f"okrs/2027-Q1/{team}.yaml": plan.replace("    owner: ann\n", "").replace("More of", "Plenty of") for team, _ in TEAMS},
        **{f"okrs/2027-Q1/sales-{number}.yaml": "objectives: []\n" for number in range(1, 9)},
    })  # fmt: skip
    told = group.okr("plan", "check").out
    assert (
        "Not ready: no plan yet of sales-1, sales-2, sales-3, sales-4, sales-5, sales-6\nand 2 more.\n"
        in told
    )
    assert "sales (8)           0    0             0            0          0\n" in told
    assert told.count("Nobody is accountable for") == 5
    assert "  and 11 more like it: `okr plan check --json` has them all\n" in told
    assert max(map(len, told.splitlines())) <= 80
    group.write(
        {
            f"okrs/2027-Q1/{team}.yaml": plan.replace("    supports: 2027/sales/team\n", "")
            for team, _ in TEAMS
        }
    )
    told = group.okr("plan", "check").out
    assert told.count("\ninfo OKR308 ") == 5
    assert "  and 27 more of OKR308: `okr validate --select OKR308` has them all\n" in told


def test_some_of_the_plans_one_by_one(group: Shell) -> None:
    group.write(
        {"okrs/2027-Q1/works-3.yaml": "objectives: []\n", "okrs/2027-Q1/sales-2.yaml": "objectives: []\n"}
    )
    outcome = group.okr("plan", "check", "--owner", "sales/...")
    assert outcome.status == 1
    assert "Not ready: no plan yet of sales-2.\n" in outcome.out
    assert "works-" not in outcome.out
    assert "sales-8           2    2             0            4          0\n" in outcome.out
    answer = json.loads(group.okr("plan", "check", "--owner", "works-3", "--json").out)
    assert [each["owner"]["id"] for each in answer["plans"]] == ["works-3"]
    assert answer["ready"] is False
    assert group.okr("plan", "check", "--owner", "sales-1").status == 0
    refused = group.okr("plan", "check", "--owner", "sale/...")
    assert (refused.status, refused.out) == (2, "")
    assert "there is no owner “sale”" in refused.err.lower()


def test_the_summary_folds_the_plans_away_team_by_team(group: Shell) -> None:
    outcome = group.okr("plan", "summary")
    assert (outcome.status, outcome.err) == (0, "")
    glance = outcome.out.partition("### At a glance\n\n")[2].partition("\n### Alignment")[0]
    assert glance.count("<details>\n<summary><b>") == glance.count("</details>") == 2
    assert "<summary><b>works</b>: 8 owners, 16 objectives, 32 key results</summary>" in glance
    assert "did not fit" not in glance
    assert "```mermaid" in outcome.out
    some = group.okr("plan", "summary", "--owner", "works/...").out
    assert "sales" not in some
    assert 'subgraph g1["company · 2027"]'.replace(" · ", " #183; ") in some
    assert 'place that everybody wants"]' in some.partition("subgraph g3")[2]
    assert "<details>" not in some.partition("### Alignment")[0]


def test_where_a_chart_would_be_too_large_supporters_are_counted(group: Shell) -> None:
    """Too many objectives for a chart, and titles too long for the tables of all of them."""
    extra = [f"extra-{number}" for number in range(60)]
    long = "20 of " + "those that everybody wants and wants again " * 6
    group.write({
        "org.yaml": group.read("org.yaml").replace("people:", "".join(f"  - {{id: {each}, parent: sales}}\n" for each in extra) + "people:"),
        **{f"okrs/2027-Q1/{each}.yaml": _plan("2027/sales/team").replace("20 of ", long).replace("More of ", long) for each in extra},
    })  # fmt: skip
    out = group.okr("plan", "summary").out
    assert 55_000 < len(out) < 65_000
    told = out.partition("### Alignment\n\n")[2].partition("###")[0].splitlines()
    assert told == [
        "There are too many objectives for a chart here; `okr tree` shows them all.",
        "",
        "- company · 2027: Become the team that everybody wants, supported by 152 objectives",
        "- company · 2027: Become the place that everybody wants, **supported by nothing**",
        "- sales · 2027: Become the team that everybody wants, supported by 136 objectives",
        "- sales · 2027: Become the place that everybody wants, **supported by nothing**",
        "- works · 2027: Become the team that everybody wants, supported by 16 objectives",
        "- works · 2027: Become the place that everybody wants, **supported by nothing**",
    ]
    assert "rows did not fit here." in out
    assert "<b>works</b>: 8 owners, 16 objectives, 32 key results" in out


def test_opening_and_starting_many_is_told_team_by_team(group: Shell) -> None:
    empty = {f"okrs/2027-Q1/sales-{number}.yaml": "objectives: []\n" for number in range(1, 9)}
    group.write(
        {"okrs/2027-Q1/cycle.yaml": "state: active\n", "okrs/2027-Q1/works-1.yaml": "objectives: []\n"}
    )
    opened = group.okr("plan", "open", "2027-Q2")
    assert [line for line in opened.out.splitlines() if ".okr/" not in line][:6] == [
        "Opened 2027-Q2 for planning: 2027-04-01 to 2027-06-30, after 2027-Q1",
        "  okrs/2027-Q2/cycle.yaml",
        "  sales: 8 plans, 16 objectives carried over, 0 left",
        "  works: 8 plans, 14 objectives carried over, 0 left",
        "      empty: works-1",
        "What goes on in each, and from where: okr plan summary 2027-Q2",
    ]
    (group.folder / "okrs/2027-Q2/works-1.yaml").unlink()
    again = " ".join(group.okr("plan", "open", "2027-Q2").out.split())
    assert "As it was: the plan of sales-1" in again
    assert "and 9 more" in again
    unknown = _plan("2027/sales/team").replace("from: 0", "from: unknown")
    group.write({
        "okrs/2027-Q1/cycle.yaml": "state: planning\n",
        **{f"okrs/2027-Q1/{team}.yaml": unknown for team, division in TEAMS if division == "works"},
        **{f"okrs/2027-Q2/{team}.yaml": unknown for team, _ in TEAMS},
    })  # fmt: skip
    for path in empty:
        (group.folder / path).unlink()
    started = group.okr("plan", "start", "2027-Q1", "--no-commit")
    assert started.status == 0, started.err
    notes = started.err.splitlines()
    assert sum(line.startswith("note: the baseline of ") for line in notes) == 5
    assert "note: 11 more baselines are unknown: `okr plan check 2027-Q1 --json` names them." in notes
    assert (
        "note: these have no plan in 2027-Q1: sales-1, sales-2, sales-3, sales-4, sales-5, sales-6 and 2 more."
        in notes
    )
