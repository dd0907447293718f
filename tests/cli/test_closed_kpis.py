"""KPIs in closed cycles: what their key results counted is the record, and measuring goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.screens import answer

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

LOG, FACTS = "checkins/kpis.yaml", "okrs/2026-Q4/cycle.yaml"
KPIS = """\
kpis:
  - {id: churn, name: Customers lost in the month, unit: "%", formerly: lost}
  - {id: nps, name: Customers who recommend us, unit: points}
"""
MEASURED = """\
- {date: 2026-09-30, kpi: churn, value: 4, by: alice}
- {date: 2026-10-31, kpi: churn, value: 3, by: alice}
"""
PLAN = """\
objectives:
  - id: loyal
    title: Make people come back
    owner: alice
    key_results:
      - {id: lost, title: "Customers lost in the month: at most 2%", kpi: lost, to: 2}
      - {id: kept, title: Most customers stay, kpi: churn, at_most: 3}
"""
REFUSED = (
    "2026-Q4 is closed, and 2026-Q4/marketing/loyal/lost draws on kpis/churn: what was measured up to 2026-11-23 is "
    "the record its grade was given on"
)
AGAIN = (
    "`okr cycle reopen 2026-Q4` opens it again; then the grades count no more until it is closed. Measurements after "
    "2026-11-23 are taken as ever."
)
SETTINGS = "name: Acme\nlimits: {objectives: {min: 1, max: 3}}\n"
LATER = "2026-12-10"


@pytest.fixture
def closed(repository: Shell) -> Shell:
    """A quarter closed five weeks before its end, with two key results that draw on a KPI."""
    repository.write(
        {"okr.yaml": SETTINGS, "kpis.yaml": KPIS, LOG: MEASURED, "okrs/2026-Q4/marketing.yaml": PLAN}
    )
    repository.git("rm", "-rq", "checkins/2026-Q4")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Draw on a KPI")
    outcome = repository.okr("cycle", "close", "2026-Q4", "--early", "Merged", "--all-scores")
    assert (outcome.status, outcome.err) == (0, "")
    assert repository.read(FACTS).startswith("state: closed\nclosed: 2026-11-23\nreview: ")
    return repository


def shown(shell: Shell, day: str) -> list[tuple[float, float, int]]:
    """Value, score and number of check-ins of the two key results, on a day."""
    found = answer(shell.okr("--as-of", day, "show", "2026-Q4/marketing/loyal", "--json"))
    return [(each["value"], each["score"], each["checkins"]) for each in found["objective"]["key_results"]]


@pytest.mark.parametrize(
    "call",
    [
        ("kpi", "record", "churn", "2.5", "--date", "2026-11-20"),
        ("kpi", "record", "churn", "2.5", "--date", "2026-11-23"),
        ("checkin", "kpis/churn", "2.5", "--date", "2026-10-01"),
        ("kpi", "record", "churn", "2.5", "--date", "2026-09-30T10:00:00+00:00"),
        ("checkin", "kpis/churn", "2.5", "--replace", "--date", "2026-10-31", "--by", "alice"),
        ("undo", "kpis/churn"),
        ("undo", "kpis/churn", "--date", "2026-09-30"),
    ],
)
def test_what_a_closed_cycle_counts_is_refused(closed: Shell, call: tuple[str, ...]) -> None:
    before = closed.read(LOG)
    outcome = closed.okr("--as-of", LATER, *call)
    assert (outcome.status, outcome.out) == (1, "")
    assert (
        outcome.err.removeprefix("error: ").removeprefix("Nothing was recorded: ")
        == f"{REFUSED}.\n  {AGAIN}\n"
    )
    assert closed.read(LOG) == before


def test_all_else_is_measured_on_and_counts_nothing_there(closed: Shell) -> None:
    at_closing = shown(closed, "2026-11-23")
    assert [number for _, _, number in at_closing] == [1, 1]
    one = closed.okr("--as-of", LATER, "cycle", "show", "2026-Q4")
    assert "\n1 Oct – 31 Dec 2026 · day 71 of 92, 21 left · closed on 23 Nov 2026\n" in one.out
    found = answer(closed.okr("--as-of", LATER, "cycle", "show", "2026-Q4", "--json"))
    assert (found["state"], found["closed"]) == ("closed", "2026-11-23")
    for call in (
        ("kpi", "record", "churn", "1", "--date", "2026-11-24"),
        ("kpi", "record", "churn", "9", "--date", "2026-09-01"),  # not the last one before the cycle
        ("kpi", "record", "nps", "40", "--date", "2026-11-20"),
        ("undo", "kpis/churn", "--date", "2026-11-24"),
        ("kpi", "record", "churn", "1.5"),
    ):
        outcome = closed.okr("--as-of", LATER, *call)
        assert (outcome.status, outcome.err) == (0, ""), call
        assert "2026-Q4" not in outcome.out
    assert shown(closed, LATER) == shown(closed, "2027-02-01") == at_closing
    assert closed.okr("--as-of", LATER, "validate", "--changed-since", "HEAD~5").status == 0
    # Reopened, the same measurements count, and others are taken.
    assert closed.okr("--as-of", LATER, "cycle", "reopen", "2026-Q4").status == 0
    assert closed.read(FACTS).startswith("state: active\nreview: ")
    assert [each[::2] for each in shown(closed, LATER)] == [(1.5, 2), (1.5, 2)]
    outcome = closed.okr("--as-of", LATER, "kpi", "record", "churn", "2.5", "--date", "2026-11-20")
    assert (outcome.status, outcome.err) == (0, "")


def test_a_batch_is_refused_by_its_line_and_a_line_by_hand_by_the_rules(closed: Shell) -> None:
    rows = "ref,value,date\nkpis/nps,33,2026-11-20\nkpis/churn,2.2,2026-11-20\n"
    outcome = closed.okr("--as-of", LATER, "checkin", "--from", "-", stdin=rows)
    assert (outcome.status, outcome.out) == (1, "")
    assert f"\n  standard input:3: {REFUSED}. {AGAIN}\n" in outcome.err
    lines = [
        "- {date: 2026-11-20, kpi: churn, value: 2.2}",
        "- {date: 2026-12-01, kpi: churn, retracts: 2026-10-31}",
        "- {date: 2026-12-01, kpi: churn, value: 2.2}",
        "- {date: 2026-11-20, kpi: nps, value: 33}",
    ]
    closed.write({LOG: MEASURED + "\n".join(lines) + "\n"})
    outcome = closed.okr("--as-of", LATER, "validate", "--format", "json", "--select", "OKR701")
    found = [(each["line"], each["message"]) for each in json.loads(outcome.out)["diagnostics"]]
    counts = "that 2026-Q4/marketing/loyal/lost counts has been added"
    assert (outcome.status, found) == (
        1,
        [
            (3, f"2026-Q4 is closed, but a measurement {counts}"),
            (4, f"2026-Q4 is closed, but a line that takes one back {counts}"),
        ],
    )


def test_closed_by_hand_a_cycle_counts_to_its_last_day(closed: Shell) -> None:
    closed.write({FACTS: "state: closed\n"})
    closed.git("commit", "--quiet", "--all", "--message", "Closed by hand")
    refused = closed.okr("--as-of", "2027-01-04", "kpi", "record", "churn", "1", "--date", "2026-12-31")
    assert "what was measured up to 2026-12-31 is the record" in refused.err
    assert (
        closed.okr("--as-of", "2027-01-04", "kpi", "record", "churn", "1", "--date", "2027-01-01").status == 0
    )
