from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.diagnostics import Severity
from tests.rules.cases import TWO, codes_and_messages, expect, with_key_results

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace

YEAR = "okrs/2026/company.yaml"
PLAN = "okrs/2026-Q4/marketing.yaml"
ORG = """\
teams:
  - {id: company}
  - {id: marketing, parent: company}
  - {id: sales}
people:
  - {id: alice, team: marketing}
  - {id: bob, team: marketing}
  - {id: carol, team: marketing}
"""
DONE = "{id: %s, title: The site is live, milestones: {done: 1.0}}"
LADDER = "{id: %s, title: The site is live, milestones: {beta: 0.5, live: 1.0}}"


def test_all_key_results_done_or_not(open_workspace: OpenWorkspace) -> None:
    text = with_key_results(DONE % "a", DONE % "b", title="⟦Be known⟧")
    (found,) = expect(open_workspace, {PLAN: text}, [("OKR209", "all 2 key results of “brand” are either")])
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    "key_results",
    [
        (DONE % "a", LADDER % "b"),
        (DONE % "a", "{id: b, title: Fans, from: 1, to: 2}"),
        (DONE % "a", "⟦{id: b}⟧"),
    ],
    ids=["a ladder", "a number", "unread"],
)
def test_one_that_can_be_followed_is_enough(
    open_workspace: OpenWorkspace, key_results: tuple[str, ...]
) -> None:
    text = with_key_results(*key_results)
    unread = [("OKR113", "has no `title`")] if "⟦" in text else []
    expect(open_workspace, {PLAN: text}, unread)


def test_all_objectives_committed(open_workspace: OpenWorkspace) -> None:
    text = TWO.replace("    key_results", "    type: ⟦committed⟧\n    key_results", 1)
    (second,) = [line for line in text.splitlines() if "id: second" in line]
    text = text.replace(second, f"{second}\n    type: committed")
    (found,) = expect(open_workspace, {PLAN: text}, [("OKR210", "all 2 objectives of marketing in 2026-Q4")])
    assert (found.severity, found.finding.ref) == (Severity.INFO, None)
    expect(open_workspace, {PLAN: text.replace("⟦committed⟧", "aspirational")})


def test_nothing_supports_the_year(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace({"org.yaml": ORG, YEAR: TWO, PLAN: TWO})
    assert codes_and_messages(workspace, "OKR310") == [
        (YEAR, "none of the 2 objectives of 2026-Q4 supports one of company in 2026")
    ]


def test_a_single_objective_that_supports_nothing(open_workspace: OpenWorkspace) -> None:
    one = TWO.partition("  - id: second")[0]
    assert codes_and_messages(open_workspace({YEAR: TWO, PLAN: one}), "OKR310") == [
        (YEAR, "no objective of 2026-Q4 supports one of company in 2026")
    ]


SUPPORTED = {
    "one supports it": {
        PLAN: TWO.replace("    title", "    supports: 2026/company/second/one\n    title", 1)
    },
    "one did in an earlier quarter": {
        "okrs/2026-Q1/marketing.yaml": TWO.replace(
            "    title", "    supports: 2026/company/first\n    title", 1
        ),
        PLAN: TWO,
    },
    "none is meant to": {PLAN: TWO.replace("    title", "    supports: []\n    title")},
    "no quarter runs": {"okrs/2026-Q3/marketing.yaml": TWO},
    "the quarter is planned": {PLAN: TWO, "okrs/2026-Q4/cycle.yaml": "state: planning\n"},
    "the year is closed": {PLAN: TWO, "okrs/2026/cycle.yaml": "state: closed\n"},
    "only others run": {"okrs/2026-Q4/sales.yaml": TWO},
    "the plan can't be read": {PLAN: f"{TWO}  - id: [third]\n"},
    "no year, but a half": {YEAR: "objectives: []\n", "okrs/2026-H2/company.yaml": TWO, PLAN: TWO},
}


@pytest.mark.parametrize("files", SUPPORTED.values(), ids=SUPPORTED.keys())
def test_a_year_that_is_served_or_not_yet(open_workspace: OpenWorkspace, files: dict[str, str]) -> None:
    assert codes_and_messages(open_workspace({"org.yaml": ORG, YEAR: TWO} | files), "OKR310") == []


def owned(*people: str) -> str:
    """A plan of one objective with a key result for each of them; nobody answers for one without a name."""
    owners = [f", owner: {who}" if who else "" for who in people]
    every = [f"{{id: kr-{at}, title: Fans, from: {at}, to: 100{owner}}}" for at, owner in enumerate(owners)]
    return with_key_results(*every).partition("  - id: yet-more")[0]


@pytest.mark.parametrize(
    ("people", "org", "message"),
    [
        (("alice",) * 4, ORG, "alice is accountable for 4 of 4 key results, in a team of 3"),
        (("alice", "alice", "alice", "bob"), ORG, "alice is accountable for 3 of 4 key results, in a team of 3"),
        (("alice", "alice", "bob", "carol"), ORG, None),
        (("alice", "alice", "bob"), ORG, None),
        (("", "", "", ""), ORG, None),
        (("alice",) * 4, ORG.replace("carol, team: marketing", "carol"), None),
        (("alice",) * 4, "people: [{id: alice}]\n", None),
    ],
    ids=["all", "most", "half", "three are few", "nobody named", "a team of two", "no such team"],
)  # fmt: skip
def test_one_person_for_most_of_it(
    open_workspace: OpenWorkspace, people: tuple[str, ...], org: str, message: str | None
) -> None:
    found = codes_and_messages(open_workspace({"org.yaml": org, PLAN: owned(*people)}), "OKR613")
    assert found == ([] if message is None else [(PLAN, message)])
