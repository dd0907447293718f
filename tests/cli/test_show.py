from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.screens import answer, screen, use_example, widest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

RICH_PLAN = """\
objectives:
  - id: brand
    title: Make our brand the one people think of first
    why: Inbound leads cost a third of bought ones.
    owner: alice
    type: committed
    supports: [2026/company/lead, 2026/company/lead/share, gone/away, "no reference"]
    depends_on: [marketing/speed/hours]
    tags: [brand, web]
    formerly: [image]
    learned: Start earlier.
    next: drop
    key_results:
      - id: visits
        title: Reach 100,000 monthly visits
        owner: zoe
        unit: visits
        from: 42000
        to: +30%
        weight: 0
        formerly: [hits]
        tags: [web]
        depends_on: marketing/speed
        grade: 0.25
        grade_reason: Robots came
        learned: Nobody clicks.
        next: carry
        initiatives:
          - {title: Rewrite the landing pages, link: https://example.org/issues/12, owner: alice, done: true}
          - {title: Ask people}
  - id: speed
    title: Answer quickly
    key_results:
      - {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}
"""


@pytest.mark.parametrize("name", ["visits", "brand"])
def test_small_workspace(workspace: Shell, name: str) -> None:
    outcome = workspace.okr("show", name)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == screen(f"small-show-{name}", outcome.out)


@pytest.mark.parametrize(
    ("example", "reference", "name"),
    [
        ("startup", "teams", "startup-show-teams"),
        ("agence", "conseil/budgets/depassements", "agence-show-depassements"),
    ],
)
def test_examples(shell: Shell, example: str, reference: str, name: str) -> None:
    outcome = use_example(shell, example).okr("show", reference)
    assert outcome.out == screen(name, outcome.out)


@pytest.mark.unmeasured
@pytest.mark.parametrize("columns", ["40", "60", "80", "120", "160"])
@pytest.mark.parametrize("reference", ["reseller", "german-market", "habit", "paid-trials", "availability"])
def test_fits_every_width(shell: Shell, columns: str, reference: str) -> None:
    outcome = use_example(shell, "startup").okr("show", reference, COLUMNS=columns)
    assert outcome.status == 0
    assert widest(outcome.out) <= int(columns)


def test_everything_a_plan_may_say(workspace: Shell) -> None:
    workspace.write({"okrs/2026-Q4/marketing.yaml": RICH_PLAN})
    lines = [
        " ".join(line.split()) for line in workspace.okr("show", "visits", COLUMNS="120").out.splitlines()
    ]
    for expected in (
        "objective Make our brand the one people think of first (2026-Q4/marketing/brand)",
        "accountable zoe",
        "metric from 42,000 to 54,600 visits (+30%)",
        "weight 0: a guardrail, watched and never scored",
        "grade 0.25, reckoned: 0.44, counts once the cycle is closed",
        "supports Lead our market · 2026/company/lead · 0.00 ○ not started",
        "Reach a market share of 20% · 2026/company/lead/share · 0.00 ○ not started",
        "2026-Q4/gone/away · there is no such thing",
        "no reference · there is no such thing",
        "depends on Answer quickly · 2026-Q4/marketing/speed · 0.00 ○ not started",
        "tags web",
        "formerly hits",
        "reason Robots came",
        "learned Nobody clicks.",
        "next carry: goes on from its last value",
        "initiatives ✓ Rewrite the landing pages · Alice Martin (alice) · https://example.org/issues/12",
        "○ Ask people",
    ):
        assert expected in lines
    whole = [
        " ".join(line.split()) for line in workspace.okr("show", "image", COLUMNS="120").out.splitlines()
    ]
    for expected in (
        "why Inbound leads cost a third of bought ones.",
        "type committed: a success only if reached in full",
        "depends on Answer within 4 hours · 2026-Q4/marketing/speed/hours · 0.00 ○ not started",
        "tags brand, web",
        "formerly image",
        "learned Start earlier.",
        "next drop: left behind",
    ):
        assert expected in whole


def test_json_is_exact(workspace: Shell) -> None:
    workspace.write(
        {
            "okrs/2026-Q4/marketing.yaml": RICH_PLAN,
            "okrs/2026-Q4/cycle.yaml": "state: closed\n",
            "checkins/2026-Q4/marketing.yaml": """\
- {date: 2026-10-05, kr: brand/visits, value: 44000, by: alice}
- {date: "2026-10-12T09:31:07+02:00", kr: brand/hits, value: 99, confidence: 1, by: bob, note: Oops}
- {date: 2026-10-13, kr: brand/visits, retracts: 2026-10-12T09:31:07+02:00, by: bob, note: wrong month}
- {date: 2026-12-24, kr: brand/visits, value: 60000}
""",
        }
    )
    found = answer(workspace.okr("show", "hits", "--json"))
    assert found["state"] == "closed"
    assert found["objective"]["why"] == "Inbound leads cost a third of bought ones."
    shown = found["key_result"]
    # 2,000 of the 12,600 visits that 30% of 42,000 are.
    assert (shown["score"], shown["grade"], shown["reckoned"]) == (0.25, 0.25, 0.15873)
    assert shown["initiatives"] == [
        {"title": "Rewrite the landing pages", "link": "https://example.org/issues/12", "owner": "alice", "done": True},
        {"title": "Ask people", "link": None, "owner": None, "done": False},
    ]  # fmt: skip
    assert (shown["tags"], shown["formerly"], shown["learned"]) == (["web"], ["hits"], "Nobody clicks.")
    assert (shown["grade_reason"], shown["next"], found["objective"]["next"]) == (
        "Robots came",
        "carry",
        "drop",
    )
    of_its_own = answer(workspace.okr("show", "hours", "--json"))["key_result"]
    assert (of_its_own["grade_reason"], of_its_own["next"]) == (None, None)
    assert found["supports"] == [
        {"ref": "2026/company/lead", "title": "Lead our market", "score": 0.0, "status": "not started"},
        {"ref": "2026/company/lead/share", "title": "Reach a market share of 20%", "score": 0.0, "status": "not started"},
        {"ref": "2026-Q4/gone/away", "title": None, "score": None, "status": None},
        {"ref": "no reference", "title": None, "score": None, "status": None},
    ]  # fmt: skip
    assert [each["ref"] for each in found["depends_on"]] == ["2026-Q4/marketing/speed"]
    ref = "2026-Q4/marketing/brand/visits"
    assert found["checkins"] == [
        {"ref": ref, "date": "2026-10-05", "value": 44000, "confidence": None, "score": 0.15873, "by": "alice",
         "note": None, "retracted": None},
        {"ref": ref, "date": "2026-10-12T09:31:07+02:00", "value": 99, "confidence": 1, "score": None, "by": "bob",
         "note": "Oops", "retracted": {"date": "2026-10-13", "by": "bob", "note": "wrong month"}},
    ]  # fmt: skip


def test_json_of_an_objective(workspace: Shell) -> None:
    found = answer(workspace.okr("show", "2026/company/lead", "--json"))
    assert found["key_result"] is None
    assert [each["ref"] for each in found["supported_by"]] == [
        "2026-Q4/marketing/brand", "2026-Q4/marketing/speed",
    ]  # fmt: skip
    assert found["checkins"] == []


def test_taken_back_and_later_check_ins(workspace: Shell) -> None:
    log = workspace.read("checkins/2026-Q4/marketing.yaml")
    log += """\
- {date: 2026-10-13, kr: brand/visits, retracts: 2026-10-12, by: alice, note: wrong month}
- {date: 2026-12-01, kr: brand/visits, value: 60000}
"""
    workspace.write({"checkins/2026-Q4/marketing.yaml": log})
    out = workspace.okr("show", "visits").out
    assert "12 Oct  47,500      –    0.7  alice  taken back on 13 Oct: wrong month" in out
    assert "Checked in on one day, 5 Oct 2026: a chart begins with two." in out
    assert "1 check-in of a later day left out." in out
    assert "now           44,000 visits · 49 days ago" in out


def test_nothing_checked_in_yet(workspace: Shell) -> None:
    out = workspace.okr("show", "hours").out
    assert "No check-in to draw yet." in out
    assert out.rstrip().endswith("No check-in to draw yet.")


def test_confidence_without_a_value(workspace: Shell) -> None:
    workspace.write(
        {"checkins/2026-Q4/marketing.yaml": "- {date: 2026-11-02, kr: speed/hours, confidence: 0.55}\n"}
    )
    out = workspace.okr("show", "hours").out
    assert "now           no value yet · 21 days ago" in out
    assert "  2 Nov   0.00   0.55" in out


def test_yes_or_no_and_confidence_against_the_trend(workspace: Shell) -> None:
    workspace.write(
        {
            "checkins/2026/company.yaml": "- {date: 2026-11-02, kr: team/survey, value: done, confidence: 0.2}\n"
        }
    )
    out = workspace.okr("show", "survey").out
    assert "metric        yes or no: done" in out
    assert "confidence    0.2, below what the trend foretells" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param([], "Missing argument", id="none"),
        pytest.param(["2026-q4"], "error: “2026-q4” is a cycle, and no objective or key result.\n  Give it behind --cycle; `okr cycle show 2026-Q4` shows it.\n", id="cycle"),
        pytest.param(["Q4"], "error: “Q4” is a cycle, and no objective or key result.\n  Give it behind --cycle; `okr cycle show 2026-Q4` shows it.\n", id="end of a cycle's name"),
        pytest.param(["marketing"], "error: “marketing” is an owner, and neither an objective nor a key result.\n  `okr status marketing` shows what it has.\n", id="owner"),
        pytest.param(["brand", "--cycle", "2026"], "There is no objective or key result “brand” in 2026", id="cycle"),
    ],
)  # fmt: skip
def test_refusals(workspace: Shell, arguments: list[str], message: str) -> None:
    outcome = workspace.okr("show", *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert message in outcome.err


def test_broken_log_is_an_error(workspace: Shell) -> None:
    workspace.write({"checkins/2026-Q4/marketing.yaml": "- {date: 2026-10-05\n"})
    outcome = workspace.okr("show", "visits", "--json")
    assert (outcome.status, outcome.out) == (1, "")


KPIS = """\
kpis:
  - id: site-visits
    name: Monthly visits of the site
    unit: visits
    owner: alice
    why: Every second customer finds us there.
    at_least: 50000
    formerly: [hits]
"""
MEASURED = """\
- {date: 2026-09-28, kpi: hits, value: 48000, by: alice}
- {date: 2026-10-12, kpi: site-visits, value: 90000, by: alice}
- {date: 2026-10-12, kpi: site-visits, retracts: 2026-10-12, by: alice, note: a robot}
- {date: 2026-10-26, kpi: site-visits, value: 52000, by: bob, note: The campaign}
- {date: 2026-12-01, kpi: site-visits, value: 60000}
"""


@pytest.fixture
def measured(workspace: Shell) -> Shell:
    plan = workspace.read("okrs/2026-Q4/marketing.yaml") + (
        "      - {id: traffic, title: Reach the visits, kpi: site-visits, to: 64000}\n"
    )
    workspace.write({"kpis.yaml": KPIS, "checkins/kpis.yaml": MEASURED, "okrs/2026-Q4/marketing.yaml": plan})
    return workspace


def test_a_kpi(measured: Shell) -> None:
    outcome = measured.okr("show", "kpis/site-visits")
    assert (outcome.status, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert lines[3:15] == [
        "Monthly visits of the site",
        "kpis/site-visits · KPI",
        "  why           Every second customer finds us there.",
        "  owner         Alice Martin (alice)",
        "  unit          visits",
        "  now           52,000 visits · 26 Oct",
        "  bounds        at least 50,000 visits · ✓ within",
        "  trend         rising since 28 Sep",
        "  formerly      hits",
        "  drawn on by   0.25 … stale · Reach the visits ·",
        "                2026-Q4/marketing/speed/traffic",
        "",
    ]
    assert lines[-8:] == [
        "  ● check-in  ─ at least  ┊ today",
        "",
        "3 measurements",
        "  date     value   change  by     note",
        "  28 Sep  48,000           alice",
        "  12 Oct  90,000  +42,000  alice  taken back on 12 Oct: a robot",
        "  26 Oct  52,000   +4,000  bob    The campaign",
        "1 measurement of a later day left out.",
    ]
    assert outcome.out == measured.okr("show", "kpis/hits").out
    assert "kpis/hits" not in outcome.out


def test_a_kpi_outside_its_bounds_in_a_cycle(measured: Shell) -> None:
    measured.write({"checkins/kpis.yaml": MEASURED.replace("52000", "49000")})
    outcome = measured.okr("show", "kpis/site-visits", "--cycle", "2026-Q4")
    assert "  bounds        at least 50,000 visits · ▼ outside\n" in outcome.out
    assert "28 Sep" not in outcome.out
    for columns in ("40", "80"):
        assert widest(measured.okr("show", "kpis/site-visits", COLUMNS=columns).out) <= int(columns)


def test_a_kpi_that_nobody_measured(workspace: Shell) -> None:
    workspace.write({"kpis.yaml": "kpis:\n  - {id: churn, name: Churn, at_most: 2}\n"})
    out = workspace.okr("show", "kpis/churn").out
    assert "  bounds        at most 2\n\n  No check-in to draw yet.\n" in out


def test_json_of_a_kpi(measured: Shell) -> None:
    told = answer(measured.okr("show", "kpis/site-visits", "--json"))
    assert told["kpi"] == {
        "ref": "kpis/site-visits", "name": "Monthly visits of the site", "unit": "visits", "owner": "alice",
        "why": "Every second customer finds us there.", "at_least": 50000, "at_most": None, "formerly": ["hits"],
        "value": 52000, "last_checkin": "2026-10-26", "within": True, "health": "within",
        "trend": {"drift": "rising", "since": "2026-09-28", "towards": None},
    }  # fmt: skip
    assert [(each["ref"], each["score"]) for each in told["drawn_by"]] == [
        ("2026-Q4/marketing/speed/traffic", 0.25)
    ]
    assert (told["objective"], told["key_result"], told["supports"]) == (None, None, [])
    assert told["checkins"][1] == {
        "ref": "kpis/site-visits", "date": "2026-10-12", "value": 90000, "confidence": None, "score": None,
        "by": "alice", "note": None, "retracted": {"date": "2026-10-12", "by": "alice", "note": "a robot"},
    }  # fmt: skip
    assert told.keys() == answer(measured.okr("show", "visits", "--json")).keys()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "kpis/site-visit"), "Did you mean kpis/site-visits?"),
        (("show", "kpis/zzz"), "kpis.yaml lists the KPIs"),
        (("status", "kpis/site-visits"), "`okr show kpis/site-visits` shows its measurements"),
        (("tree", "kpis/hits"), "`okr show kpis/site-visits` shows its measurements"),
    ],
    ids=str,
)
def test_kpis_that_cannot_be_shown(measured: Shell, arguments: tuple[str, ...], said: str) -> None:
    outcome = measured.okr(*arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert said in outcome.err


def test_a_forecast_by_a_single_check_in_does_not_read_as_a_certainty(workspace: Shell) -> None:
    log = "checkins/2026-Q4/marketing.yaml"
    first = "- {date: 2026-10-05, kr: brand/visits, value: 60000}\n"
    workspace.write({log: first})
    shown = workspace.okr("--as-of", "2026-10-05", "show", "visits").out
    assert "1.00 at the end of the cycle, the most there is; by 1 check-in\n" in shown
    workspace.write({log: first + "- {date: 2026-10-12, kr: brand/visits, value: 60000}\n"})
    shown = workspace.okr("--as-of", "2026-10-12", "show", "visits").out
    assert " to 1.00; by 2 check-ins\n" in shown


def test_nothing_blank_stands_at_the_end(workspace: Shell) -> None:
    assert workspace.okr("show", "marketing/speed/hours").out.endswith("  No check-in to draw yet.\n")


def test_what_supports_a_key_result_supports_its_objective(workspace: Shell) -> None:
    workspace.write({
        "okrs/2026-Q4/bob.yaml": """objectives:
  - {id: one, title: One, supports: marketing/brand/visits, key_results: [{id: kr, title: Do 10, from: 0, to: 10}]}
  - id: two
    title: Two
    supports: [marketing/brand/visits, marketing/brand]
    key_results: [{id: kr, title: Do 10, from: 0, to: 10}]
""",
        "okrs/2026-Q4/alice.yaml": """objectives:
  - {id: far, title: Far, supports: marketing/brandy/visits, key_results: [{id: kr, title: Do 10, from: 0, to: 10}]}
""",
    })  # fmt: skip
    lines = workspace.okr("show", "marketing/brand").out.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("  supported by"))
    assert lines[first : first + 2] == [
        "  supported by  Two · 2026-Q4/bob/two · 0.00 ○ not started",
        "                One · 2026-Q4/bob/one · 0.00 ○ not started · through visits",
    ]
    found = answer(workspace.okr("show", "marketing/brand", "--json"))
    assert [each["ref"] for each in found["supported_by"]] == ["2026-Q4/bob/two"]
    assert [(each["ref"], each["key_result"]) for each in found["supported_through"]] == [
        ("2026-Q4/bob/one", "2026-Q4/marketing/brand/visits")
    ]
    inner = answer(workspace.okr("show", "brand/visits", "--json"))
    assert [each["ref"] for each in inner["supported_by"]] == ["2026-Q4/bob/one", "2026-Q4/bob/two"]
    assert inner["supported_through"] == []
    workspace.okr("report", "-o", "site")
    (page,) = (each.read_text() for each in (workspace.folder / "site").rglob("*brand.html"))
    assert page.count("<dt>Supported by</dt>") == 1
    assert page.partition("<dt>Supported by</dt>")[2].partition("</dd>")[0].count("</a>") == 2


def test_what_supports_nothing_below_a_team_says_so(workspace: Shell) -> None:
    workspace.write({
        "okrs/2026-Q4/alice.yaml": "objectives:\n  - {id: far, title: Far, key_results: [{id: kr, title: Do 10, from: 0, to: 10}]}\n"
    })  # fmt: skip
    assert "\n  supports      nothing\n" in workspace.okr("show", "alice/far").out
    assert "supports " not in workspace.okr("show", "2026/company/lead").out.replace("supported", "")
