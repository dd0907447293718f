"""A team and all below it, `ID/...`: what whoever leads a division looks at, which may have no plan of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.test_completion import complete

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

ORG = """teams:
  - {id: group, name: Group}
  - {id: sales, name: Sales, parent: group, lead: ann}
  - {id: france, name: France, parent: sales}
  - {id: paris, name: Paris, parent: france}
  - {id: labs, name: Labs, parent: group}
people:
  - {id: ann, name: Ann Roy, team: sales}
  - {id: bo, name: Bo Li, team: paris}
"""


def plan(title: str) -> str:
    return (
        f"objectives:\n  - id: {title.lower()}\n    title: {title} for everybody\n    key_results:\n"
        f"      - {{id: first, title: First of {title}, unit: deals, from: 0, to: 10}}\n"
    )


@pytest.fixture
def division(shell: Shell) -> Shell:
    plans = {"paris": "Joy", "labs": "Wit", "bo": "Calm"}
    shell.write({
        "okr.yaml": "name: Acme\nlimits: {objectives: {min: 1, max: 3}, key_results: {min: 1, max: 5}}\n", "org.yaml": ORG,
        **{f"okrs/2026-Q4/{owner}.yaml": plan(title) for owner, title in plans.items()},
        "okrs/2026-Q3/paris.yaml": plan("Ease"), "okrs/2026-Q3/labs.yaml": plan("Pace"),
    })  # fmt: skip
    return shell


def told(shell: Shell, *words: str) -> dict[str, Any]:
    outcome = shell.okr(*words, "--json")
    assert (outcome.err, outcome.status) == ("", 0)
    found: dict[str, Any] = json.loads(outcome.out)
    return found


@pytest.mark.parametrize(
    "words", [("sales/...",), ("--owner", "sales/..."), ("--owner=sales/...", "--cycle", "2026-Q4")]
)
def test_status_shows_a_team_and_all_below(division: Shell, words: tuple[str, ...]) -> None:
    owners = told(division, "status", *words)["owners"]
    assert [each["id"] for each in owners] == ["paris", "bo"]


def test_due_and_reviews_are_of_a_team_and_all_below(division: Shell) -> None:
    due = told(division, "due", "--owner", "sales/...")["due"]
    assert [each["ref"] for each in due] == ["2026-Q4/bo/calm/first", "2026-Q4/paris/joy/first"]
    weekly = told(division, "review", "--owner", "france/...")
    assert weekly["owner"] == "france/..."
    assert [each["ref"] for each in weekly["unmoved"]] == [
        "2026-Q4/paris/joy/first", "2026-Q4/bo/calm/first",
    ]  # fmt: skip
    past = told(division, "review", "2026-Q3", "--owner", "sales/...")
    assert [each["id"] for each in past["owners"]] == ["paris"]


def test_a_tree_is_of_a_team_and_all_below(division: Shell) -> None:
    found = told(division, "tree", "sales/...")["objectives"]
    assert [each["ref"] for each in found] == ["2026-Q4/paris/joy", "2026-Q4/bo/calm"]
    assert told(division, "tree", "sales")["objectives"] == []
    for words, said in (
        (
            ("sales",),
            "sales has no objective in 2026-Q4 and the cycles around it, but 2 below it have: `okr tree sales/...`.",
        ),
        (
            ("sales", "--cycle", "2026-Q3"),
            (
                "sales has no objective in 2026-Q3 and the cycles around it, but one below it has: "
                "`okr tree sales/... --cycle 2026-Q3`."
            ),
        ),
        (("ann/...",), "ann/... has no objective in 2026-Q4 and the cycles around it yet."),
    ):
        assert said in " ".join(division.okr("tree", *words).out.split())
    past = division.okr("tree", "france/...", "--cycle", "2026-Q3").out
    assert ("▶ Ease" in past, "Pace" in past) == (True, False)


def test_a_calendar_is_of_a_team_and_all_below(division: Shell) -> None:
    def titles(whose: str) -> list[str]:
        lines = division.okr("report", "--format", "ics", "--owner", whose).out.splitlines()
        return sorted(each.partition(":")[2] for each in lines if each.startswith("SUMMARY:Check in"))

    assert titles("sales/...") == ["Check in: First of Calm", "Check in: First of Joy"]
    assert titles("sales") == []


def test_completion_offers_it_where_it_is_taken(division: Shell) -> None:
    offered = ["sales", "sales/..."]
    for line in (
        "status sa",
        "tree sa",
        "watch sa",
        "due --owner sa",
        "review --owner sa",
        "report --owner sa",
    ):
        assert sorted(complete(division, f"okr {line}")) == offered
    assert complete(division, "okr status sales/")["sales/..."] == "Sales and all below"
    assert "paris/..." not in complete(division, "okr status pa")  # no team is below it
    assert complete(division, "okr status .") == {}
    assert sorted(complete(division, "okr checkin --owner sa")) == ["sales"]


def test_whoever_has_no_plan_is_told_of_those_below(division: Shell) -> None:
    def said(*words: str) -> str:
        return " ".join(division.okr(*words).out.split())

    assert "sales has no plan for 2026-Q4, but 2 below it have one: `okr status sales/...`." in said(
        "status", "sales"
    )
    assert "2 check-ins of those below are due: `okr due --owner sales/...`." in said(
        "due", "--owner", "sales"
    )
    assert "to talk about. 2 below it have a plan: `okr review --owner sales/...`." in said(
        "review", "--owner=sales"
    )
    assert "sales/... has no plan for 2026-Q2 yet." in said("status", "sales/...", "--cycle", "2026-Q2")
    assert "okr checkin walks you through yours" in said("due", "--owner", "sales/...")
    assert "No check-in of Group and all below is due" in " ".join(
        division.okr("--as-of", "2026-10-02", "due", "--owner", "group/...").out.split()
    )


def test_nobody_is_below_an_owner_that_there_is_none_of(division: Shell) -> None:
    outcome = division.okr("status", "sale/...")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("error: There is no owner “sale”.\n")


def test_teams_that_are_below_each_other_are_a_mistake_and_no_endless_search(division: Shell) -> None:
    division.write({"org.yaml": ORG.replace("name: Sales, parent: group", "name: Sales, parent: paris")})
    assert division.okr("status", "sales/...").status in {0, 1}
