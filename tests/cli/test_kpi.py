from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from okr.views.text import printable

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

PLAN, LOG = "okrs/2026-Q4/marketing.yaml", "checkins/kpis.yaml"
KPIS = """\
kpis:
  - {id: uptime, name: Time the site is up, unit: "%", owner: marketing, at_least: 99.5, at_most: 100}
  - {id: cash, name: Cash at the end of the month, unit: EUR, owner: company}
  - {id: nps, name: Customers who recommend us, unit: points, at_least: 40, formerly: fans}
  - {id: churn, name: Customers lost in the month, unit: "%", owner: alice, at_most: 3}
"""
MEASURED = """\
- {date: 2026-08-31, kpi: churn, value: 2.4, by: alice}
- {date: 2026-09-30, kpi: churn, value: 2.9, by: alice}
- {date: 2026-10-31, kpi: churn, value: 4.1, by: alice, note: Two large customers left}
- {date: 2026-11-01, kpi: churn, value: 9, by: alice}
- {date: 2026-11-02, kpi: churn, retracts: 2026-11-01, by: alice, note: Of another month}
- {date: 2025-10-31, kpi: uptime, value: 99.1, by: bob}
- {date: 2026-10-31, kpi: uptime, value: 99.8, by: bob}
- {date: 2026-11-15, kpi: uptime, value: 99.8, by: bob}
- {date: 2026-11-15, kpi: cash, value: 120000, by: bob}
"""
DRAWS = '      - {id: lost, title: "Customers lost in the month: at most 2%", kpi: churn, from: 2.9, to: 2}\n'


@pytest.fixture
def watched(repository: Shell) -> Shell:
    """The small workspace with four KPIs, one of each health, and a key result that draws on the one outside."""
    plan = repository.read(PLAN)
    repository.write({"kpis.yaml": KPIS, LOG: MEASURED, PLAN: plan + DRAWS})
    repository.git("commit", "--quiet", "--all", "--message", "Plans")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Watch")
    return repository


def listed(shell: Shell, *arguments: str) -> list[dict[str, Any]]:
    answer = json.loads(shell.okr("kpi", "list", "--json", *arguments).out)
    assert answer["schema"] == 1
    kpis: list[dict[str, Any]] = answer["kpis"]
    return kpis


def test_the_kpis_at_a_glance(watched: Shell) -> None:
    outcome = watched.okr("kpi", "list")
    assert (outcome.status, outcome.err) == (0, "")
    assert (
        outcome.out
        == """\
Acme · 2026-Q4                                                       23 Nov 2026
1 Oct – 31 Dec 2026 · day 54 of 92, 38 left

Customers lost in the month                                                 4.1%
  ▼ outside · at most 3% · measured 23 days ago · Alice Martin · kpis/churn
  ▁▃█  rising since 31 Aug, further from its bounds
  drawn on by 2026-Q4/marketing/speed/lost · 0.00 … stale

Customers who recommend us
  ○ never measured · at least 40 points · in nobody's care · kpis/nps

Time the site is up                                                        99.8%
  ✓ within · between 99.5 and 100% · measured 8 days ago · Marketing
  kpis/uptime
  ▄▄  steady since 31 Oct

Cash at the end of the month                                         120,000 EUR
  ◆ no bounds · measured 8 days ago · Acme · kpis/cash

4 KPIs: 1 outside its bounds, 1 never measured, 1 within its bounds, 1 without
bounds.
  okr kpi record nps VALUE  measures it
"""
    )
    assert all(len(line) <= 50 for line in watched.okr("kpi", "list", COLUMNS="50").out.splitlines())


def test_they_are_said_in_words_too(watched: Shell) -> None:
    lines = watched.okr("kpi", "list", "--plain").out.splitlines()
    assert lines[3:7] == [
        "Customers lost in the month; 4.1%",
        "outside, at most 3%, measured 23 days ago, Alice Martin, kpis/churn",
        "rising since 31 Aug, further from its bounds",
        "drawn on by 2026-Q4/marketing/speed/lost, 0.00 stale",
    ]
    assert "never measured, at least 40 points, in nobody's care, kpis/nps" in lines


def test_each_as_json(watched: Shell) -> None:
    churn, nps, uptime, cash = listed(watched)
    (drawing,) = churn.pop("drawn_by")
    assert (drawing["ref"], drawing["score"], drawing["kpi"]) == ("2026-Q4/marketing/speed/lost", 0, "churn")
    assert churn == {
        "ref": "kpis/churn", "name": "Customers lost in the month", "unit": "%", "owner": "alice", "why": None,
        "at_least": None, "at_most": 3, "formerly": [], "value": 4.1, "last_checkin": "2026-10-31", "within": False,
        "health": "outside", "trend": {"drift": "rising", "since": "2026-08-31", "towards": False},
        "values": [
            {"date": "2026-08-31", "value": 2.4}, {"date": "2026-09-30", "value": 2.9}, {"date": "2026-10-31", "value": 4.1},
        ],
    }  # fmt: skip
    assert (nps["health"], nps["value"], nps["within"], nps["trend"], nps["values"]) == (
        "never measured",
        None,
        None,
        None,
        [],
    )
    assert (uptime["health"], uptime["within"], uptime["trend"]["drift"]) == ("within", True, "steady")
    assert [each["date"] for each in uptime["values"]] == [
        "2026-10-31",
        "2026-11-15",
    ]  # those of the last year
    assert (cash["health"], cash["within"], cash["trend"]) == ("no bounds", None, None)


def test_only_those_that_are_asked_for(watched: Shell) -> None:
    assert [each["ref"] for each in listed(watched, "--unhealthy")] == ["kpis/churn", "kpis/nps"]
    assert [each["ref"] for each in listed(watched, "--owner", "marketing")] == ["kpis/uptime"]
    fine = watched.okr("kpi", "list", "--unhealthy", "--owner", "company")
    assert fine.out.endswith(
        "No KPI in the care of Acme is outside its bounds, and every one of them has been\nmeasured.\n"
    )
    assert watched.okr("kpi", "list", "--owner", "bob").out.endswith(
        "No KPI is in the care of Bob Stone. `okr kpi list` shows all 4.\n"
    )
    unknown = watched.okr("kpi", "list", "--owner", "nobody")
    assert (unknown.status, unknown.out) == (2, "")


def test_an_owner_by_a_former_id_and_another_commit(watched: Shell) -> None:
    org = watched.read("org.yaml").replace("{id: alice,", "{id: alicia, formerly: alice,")
    watched.write({"org.yaml": org})
    assert [each["ref"] for each in listed(watched, "--owner", "alicia")] == ["kpis/churn"]
    assert listed(watched, "--at", "HEAD~1") == []


def test_without_kpis_or_with_broken_ones(workspace: Shell) -> None:
    empty = workspace.okr("kpi", "list")
    assert empty.out.endswith("There are no KPIs yet. `okr new kpi ID --name TEXT` adds one.\n")
    workspace.write({"kpis.yaml": "kpis: 3\n"})
    broken = workspace.okr("kpi", "list")
    assert (broken.status, broken.out) == (1, "")
    assert "OKR114" in broken.err


def test_what_is_hostile_in_a_name_stays_text(workspace: Shell) -> None:
    workspace.write(
        {
            "kpis.yaml": 'kpis:\n  - {id: x, name: "[red]\\e[31m:smile:", unit: "[b]", at_least: 1}\n',
            LOG: "- {date: 2026-11-01, kpi: x, value: 0}\n",
        }
    )
    out = workspace.okr("kpi", "list").out
    assert printable("[red]\x1b[31m:smile:") in out
    draft = workspace.okr("kpi", "promote", "x")
    assert "\x1b" not in out + draft.out
    assert 'title: "[red]\\e[31m:smile:: at least 1 [b]"' in draft.out.replace("\\x1b", "\\e").replace(
        "\\x1B", "\\e"
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((50, 45, 42), "falling since 1 Nov, towards its bounds"),
        ((42, 45, 50), "rising since 1 Nov, further from its bounds"),
        ((42, 50, 45), "up and down since 1 Nov"),
        ((45, 45, 45), "steady since 1 Nov"),
        ((50, 45, 35), "falling since 1 Nov"),
        ((5, 7, 9), "rising since 1 Nov, towards its bounds"),
        ((9, 7, 5), "falling since 1 Nov, further from its bounds"),
        ((5, 60, 50, 45), "falling since 2 Nov, towards its bounds"),
    ],
)
def test_where_a_kpi_goes(workspace: Shell, values: tuple[int, ...], words: str) -> None:
    lines = "".join(
        f"- {{date: 2026-11-{day:02d}, kpi: x, value: {value}}}\n"
        for day, value in enumerate(values, start=1)
    )
    workspace.write({"kpis.yaml": "kpis:\n  - {id: x, name: Speed, at_least: 10, at_most: 40}\n", LOG: lines})
    (line,) = (line for line in workspace.okr("kpi", "list").out.splitlines() if " since " in line)
    assert line.split("  ")[2] == words


def test_one_is_shown_as_okr_show_does(watched: Shell) -> None:
    whole = watched.okr("kpi", "show", "churn")
    assert whole.out == watched.okr("show", "kpis/churn").out
    assert "  trend         rising since 31 Aug, further from its bounds\n" in whole.out
    assert (
        watched.okr("kpi", "show", "kpis/churn", "--json").out
        == watched.okr("show", "kpis/churn", "--json").out
    )
    answer = json.loads(watched.okr("kpi", "show", "fans", "--json").out)
    assert (answer["kpi"]["ref"], answer["kpi"]["health"], answer["kpi"]["trend"]) == (
        "kpis/nps",
        "never measured",
        None,
    )
    unknown = watched.okr("kpi", "show", "chrun")
    assert (unknown.status, unknown.err) == (
        2,
        "error: There is no KPI “kpis/chrun”.\n  Did you mean kpis/churn?\n",
    )


def test_a_measurement_moves_every_key_result_that_draws_on_it(watched: Shell) -> None:
    year = watched.read("okrs/2026/company.yaml")
    watched.write(
        {
            "okrs/2026/company.yaml": year
            + "      - {id: loss, title: Few leave, kpi: churn, from: 5, to: 1}\n"
        }
    )
    outcome = watched.okr("kpi", "record", "churn", "2.0%", "-m", "Called all of them", "--by", "alice")
    assert outcome.status == 0
    assert "  score  0.23 → 0.75  2026/company/team/loss" in outcome.out
    assert "  score  0.00 → 1.00  2026-Q4/marketing/speed/lost" in outcome.out
    assert (
        "- {date: 2026-11-23, kpi: churn, value: 2, by: alice, note: Called all of them}\n"
        in watched.read(LOG)
    )
    assert watched.git("log", "-1", "--format=%(trailers:only,key=OKR-Checkin)").startswith(
        "OKR-Checkin: kpis/churn date=2026-11-23 value=2"
    )
    assert watched.git("status", "--porcelain") == " M okrs/2026/company.yaml\n"


def test_a_measurement_has_the_options_of_a_check_in(watched: Shell) -> None:
    head = watched.git("rev-parse", "HEAD")
    dry = json.loads(
        watched.okr("kpi", "record", "cash", "-20000", "--date", "2026-11-20", "--dry-run", "--json").out
    )
    assert (dry["written"], dry["checkins"][0]["value"], dry["checkins"][0]["date"]) == (
        False,
        100000,
        "2026-11-20",
    )
    assert watched.okr("kpi", "record", "nps", "44", "--no-commit", "--by", "bob").status == 0
    assert watched.git("rev-parse", "HEAD") == head
    assert watched.okr("kpi", "record", "nps", "45", "--replace", "--by", "bob").status == 0
    assert (
        watched.git("rev-parse", "HEAD") != head,
        {each["ref"]: each["value"] for each in listed(watched)}["kpis/nps"],
    ) == (True, 45)
    refused = watched.okr("kpi", "record", "nps", "46", "--push", "--no-commit")
    assert (refused.status, refused.out) == (2, "")
    assert watched.okr("kpi", "record", "brand/visits", "3").status == 2
    mistyped = watched.okr("kpi", "record", "chrun", "3")
    assert (mistyped.status, mistyped.out) == (2, "")
    assert mistyped.err == (
        "error: Nothing was recorded: there is no KPI “kpis/chrun”.\n  Did you mean kpis/churn?\n"
    )


# Making a key result of one.


def test_a_draft_writes_nothing(watched: Shell) -> None:
    outcome = watched.okr("kpi", "promote", "churn")
    assert (outcome.status, outcome.err) == (0, "")
    assert (
        outcome.out
        == """\
kpis/churn is outside its bounds: 4.1%, at most 3%.

  - id: churn
    title: "Customers lost in the month: at most 3%"
    owner: alice
    kpi: churn
    from: 4.1
    to: 3

Nothing was written. Into an objective:
  okr kpi promote churn --objective 2026-Q4/marketing/brand
"""
    )
    assert watched.git("status", "--porcelain") == ""


def test_it_is_added_as_a_new_key_result_is(watched: Shell) -> None:
    before = watched.read(PLAN)
    shown = watched.okr("kpi", "promote", "churn", "--objective", "brand", "--dry-run")
    added = '      - {id: churn, title: "Customers lost in the month: at most 3%", owner: alice, kpi: churn, from: 4.1, to: 3}\n'
    assert f"+{added}" in shown.out
    assert watched.read(PLAN) == before
    outcome = watched.okr("kpi", "promote", "churn", "--objective", "brand")
    assert outcome.status == 0
    assert outcome.out.startswith("Added the key result 2026-Q4/marketing/brand/churn\n")
    head, tail = before.split("  - id: speed\n")
    assert watched.read(PLAN) == f"{head}{added}  - id: speed\n{tail}"
    assert watched.okr("validate").status == 0
    again = watched.okr("kpi", "promote", "churn", "--objective", "brand", "--title", "Few customers leave")
    assert again.out.splitlines()[0] == "Added the key result 2026-Q4/marketing/brand/few-customers-leave"


def test_what_was_asked_for_goes_before_what_the_kpi_says(watched: Shell) -> None:
    options = (
        "--to",
        "99.9%",
        "--title",
        "The site is up 99.9% of the time",
        "--id",
        "up",
        "--accountable",
        "bob",
        "--weight",
        "0",
    )
    outcome = watched.okr(
        "kpi", "promote", "uptime", "--objective", "brand", "--cycle", "2026-Q4", "--dry-run", *options
    )
    assert (
        "+      - {id: up, title: The site is up 99.9% of the time, owner: bob, kpi: uptime, from: 99.8, to: 99.9, weight: 0}\n"
        in outcome.out
    )


def test_a_bound_below_zero_and_words_in_french(workspace: Shell) -> None:
    workspace.write({
        "okr.yaml": "name: Acme\nlanguage: fr\n",
        "kpis.yaml": "kpis:\n  - {id: froid, name: Froid, unit: °C, at_most: -18}\n  - {id: solde, name: Solde, unit: €, at_least: -5.5}\n",
        LOG: "- {date: 2026-11-01, kpi: froid, value: -12.5}\n- {date: 2026-11-01, kpi: solde, value: -7}\n",
    })  # fmt: skip
    draft = workspace.okr("kpi", "promote", "froid").out
    assert "    from: -12.5\n    to: -18\n" in draft
    assert "Froid : au plus −18" in draft
    assert "Solde : au moins −5,5" in workspace.okr("kpi", "promote", "kpis/solde").out
    assert (
        "okr kpi promote solde --objective 2026-Q4/marketing/brand\n"
        in workspace.okr("kpi", "promote", "solde").out
    )


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["uptime"], 1, "error: kpis/uptime is within its bounds: 99.8%.\n  To make a key result of it all the same, name a target with `--to`.\n"),
        (["cash"], 1, "error: kpis/cash has no bounds that it could have left.\n  Name a target with `--to`.\n"),
        (["nps"], 1, "error: kpis/nps has never been measured, so that nobody knows whether it keeps within its bounds.\n"),
        (["chrun"], 2, "error: There is no KPI “kpis/chrun”.\n  Did you mean kpis/churn?\n"),
        (["churn", "--to", "soon"], 2, "error: --to: “soon”"),
        (["churn", "--dry-run"], 2, "error: --dry-run is for adding the key result, and nothing says to which objective.\n"),
        (["churn", "--cycle", "2026"], 2, "error: --cycle is for adding the key result"),
        (["churn", "--objective", "brand/visits"], 2, "error: “brand/visits” is a key result.\n"),
        (["churn", "--objective", "nothing"], 2, "error: "),
        (["churn", "--objective", "brand", "--id", "visits"], 2, "error: "),
    ],
)  # fmt: skip
def test_what_can_not_be_promoted(watched: Shell, arguments: list[str], status: int, said: str) -> None:
    outcome = watched.okr("kpi", "promote", *arguments)
    assert (outcome.status, outcome.out) == (status, "")
    assert outcome.err.startswith(said)
    assert watched.git("status", "--porcelain") == ""


def test_one_that_was_never_measured_can_be_drafted_with_a_target(watched: Shell) -> None:
    outcome = watched.okr("kpi", "promote", "nps", "--to", "50")
    assert outcome.out.startswith("kpis/nps has never been measured.\n\n  - id: nps\n")
    assert '    title: "Customers who recommend us: 50 points"\n    kpi: nps\n    to: 50\n' in outcome.out
    assert watched.okr("kpi", "promote", "cash", "--to", "+10%").out.startswith(
        "kpis/cash is at 120,000 EUR.\n"
    )
    assert (
        "kpis/uptime is within its bounds: 99.8%, between 99.5 and 100%."
        in watched.okr("kpi", "promote", "uptime", "--to", "99.9").out
    )
