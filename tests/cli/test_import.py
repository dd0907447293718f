"""`okr import`: the sheet in which a start-up kept its goals becomes its plans."""

from __future__ import annotations

import json
import re

import pytest

from okr.operations.adding.new_ids import short_id
from tests.cli.conftest import Shell

ORG = """\
teams:
  - {id: company, name: Nimbus}
  - {id: product, name: Product, parent: company}
  - {id: sales, name: Sales, parent: company}
people:
  - {id: ben, name: Ben Okoro, team: product}
"""

SHEET = """\
Team,Objective,Key Result,Start,Target,Current,Unit,Owner,Supports,Mood
Nimbus,Become the tool small teams cannot work without,Paying teams,120,400,180,teams,,
,,Net revenue retention,98%,110%,99%,,Ben Okoro,
product,Make the app a joy to use,Crash-free sessions,97.5%,99.8%,98%,,ben,Become the tool small teams cannot work without
,,"App starts fast, everywhere",4.1 seconds,2,3.5,,,
,,New onboarding is live,,Done,,,,
,Ship without fear,Deploys a week,?,15,5,deploys,,,good
,,Change failure rate,,8%,,,,
Sales,Win customers who stay,Monthly recurring revenue,"€61,000","€120,000",€70k,,,
"""

PRODUCT = """\
objectives:
  - id: make-app-joy-use
    title: Make the app a joy to use
    supports: company/become-tool-small-teams
    key_results:
      - id: crash-free-sessions
        title: Crash-free sessions
        owner: ben
        unit: "%"
        from: 97.5
        to: 99.8
      - id: app-starts-fast-everywhere
        title: App starts fast, everywhere
        unit: seconds
        from: 4.1
        to: 2
      - id: new-onboarding-live
        title: New onboarding is live
        milestones: {done: 1.0}

  - id: ship-without-fear
    title: Ship without fear
    key_results:
      - id: deploys-week
        title: Deploys a week
        unit: deploys
        from: unknown
        to: 15
      - id: change-failure-rate
        title: Change failure rate
        unit: "%"
        from: unknown
        to: 8
"""


@pytest.fixture
def sheet(shell: Shell) -> Shell:
    """A new workspace without examples, its teams, and the sheet beside it; the quarter is being planned."""
    goals = Shell(shell.folder / "goals", shell.home)
    assert shell.okr("init", "goals", "--empty", "--name", "Nimbus").status == 0
    cycle = "state: planning\n"
    goals.write({"org.yaml": ORG, "okrs/2026-Q4/cycle.yaml": cycle, "../sheet.csv": SHEET})
    return goals


def test_a_sheet_becomes_plans(sheet: Shell) -> None:
    tried = sheet.okr("import", "../sheet.csv", "--dry-run")
    assert (tried.status, "+      - id: paying-teams\n" in tried.out) == (0, True)
    assert not (sheet.folder / "okrs/2026-Q4/product.yaml").exists()
    outcome = sheet.okr("import", "../sheet.csv")
    assert outcome.out == (
        "Added 4 objectives and 8 key results from ../sheet.csv\n"
        "  okrs/2026-Q4/company.yaml  1 objective and 2 key results\n"
        "  okrs/2026-Q4/product.yaml  2 objectives and 5 key results\n"
        "  okrs/2026-Q4/sales.yaml    1 objective and 1 key result\n"
        "Next:\n"
        "  okr validate\n"
        "  git add okrs/2026-Q4/company.yaml okrs/2026-Q4/product.yaml okrs/2026-Q4/sales.yaml\n"
        "Then check in the values that the table gives:\n"
        "  okr checkin 2026-Q4/company/become-tool-small-teams/paying-teams 180\n"
        "  okr checkin 2026-Q4/company/become-tool-small-teams/net-revenue-retention 99%\n"
        "  okr checkin 2026-Q4/product/make-app-joy-use/crash-free-sessions 98%\n"
        "  okr checkin 2026-Q4/product/make-app-joy-use/app-starts-fast-everywhere 3.5\n"
        "  okr checkin 2026-Q4/product/ship-without-fear/deploys-week 5\n"
        "  okr checkin 2026-Q4/sales/win-customers-who-stay/monthly-recurring-revenue 70k\n"
    )
    first, second = outcome.err.splitlines()
    assert first == "note: left out the column “mood”; `okr import --help` names those that are read."
    assert second.startswith("note: `okr validate` finds ")
    assert sheet.read("okrs/2026-Q4/product.yaml").partition("checks it.\n")[2] == PRODUCT
    assert "unit: €\n        from: 61000\n        to: 120000\n" in sheet.read("okrs/2026-Q4/sales.yaml")


def test_what_is_there_stays_and_is_added_to(sheet: Shell) -> None:
    plan = (
        "objectives:\n  - id: fear   # of Fridays\n    title: Ship without fear\n    key_results:\n"
        "      - {id: deploys, title: Deploys a week, from: 1, to: 15}\n"
    )
    sheet.write({"okrs/2026-Q4/product.yaml": plan})
    row = {
        "owner": "product",
        "objective": "ship without FEAR",
        "key_result": "Rollbacks",
        "at_most": 2,
        "weight": 0,
    }
    ladder = {
        "owner": "product", "objective": "fear", "key_result": "Pipeline rebuilt", "why": None,
        "milestones": "half=0.5; whole=1", "accountable": "ben", "tags": "ci, speed",
    }  # fmt: skip
    other = {
        "owner": "ben",
        "cycle": "2027-Q1",
        "objective": "Teach what we know",
        "type": "committed",
        "key_result": "",
    }
    outcome = sheet.okr("import", "-", stdin=json.dumps([row, ladder, other]))
    assert outcome.out.splitlines()[1:3] == [
        "  okrs/2026-Q4/product.yaml  2 key results", "  okrs/2027-Q1/ben.yaml      1 objective",
    ]  # fmt: skip
    assert sheet.read("okrs/2026-Q4/product.yaml") == plan + (
        "      - {id: rollbacks, title: Rollbacks, at_most: 2, weight: 0}\n"
        "      - {id: pipeline-rebuilt, title: Pipeline rebuilt, owner: ben, "
        "milestones: {half: 0.5, whole: 1.0}, tags: [ci, speed]}\n"
    )
    assert "type: committed" in sheet.read("okrs/2027-Q1/ben.yaml")
    again = sheet.okr("import", "-", stdin=sheet.okr("report", "--format", "csv").out)
    assert again.err.startswith("error: Nothing was added: 3 rows are at fault.\n")
    assert "“Ship without fear” has this key result already." in again.err


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Become the tool small teams cannot work without", "become-tool-small-teams"),
        ("15 deploys a week", "deploys-week"),
        ("Demos booked each week", "demos-booked-week"),
        ("Réduire les délais d'attente de l'accueil", "reduire-delais-attente"),
        ("Internationalisierungsmaßnahmenkatalog", "internationalisierungsmassnahmenkatalog"),
        ("100 %", "100"),
        ("Ship", "ship-2"),
        ("顧客", "item"),
    ],
)
def test_ids_are_short_for_they_are_typed_every_week(title: str, name: str) -> None:
    assert short_id(title, {"ship"}) == name


def test_all_rows_or_none_and_each_fault_with_its_line(sheet: Shell) -> None:
    sheet.write({"okrs/2026-Q3/cycle.yaml": "state: closed\n"})
    outcome = sheet.okr("import", "-", stdin=(
        "owner,objective,key result,from,to,accountable,cycle\n"
        ",Nobody's,Nothing,1,2,,\n"
        "Marketing,Be known,Visits,1,2,,\n"
        ",,Readers,1,2,,\n"
        ",Be loved,Fans,1,2,,\n"
        "Marketing,Be seen,Views,1,2,,\n"
        "product,Ship 3 apps,Apps,0,3,,\n"
        "product,Be quick,Builds,\"4,1\",2,,\n"
        ",,Tests,4,2,Zoë Ng,\n"
        ",,Something,,,,\n"
        ",,Lints,4,2,,\n"
        ",,lints,4,2,,\n"
        "sales,Sell,Calls,1,9,,2026-Q3\n"
    ))  # fmt: skip
    assert (outcome.status, outcome.out) == (1, "")
    lines = outcome.err.splitlines()
    assert lines[0] == "error: Nothing was added: 8 rows are at fault."
    assert lines[-1] == "  Mend that and import it again."
    said = {
        line.strip().split(": ")[0].rsplit(":")[-1]: line.strip().split(": ", 1)[1] for line in lines[1:-1]
    }
    assert said == {
        "2": "This row names no team or person. Give it in the column `owner`.",
        "3": "org.yaml knows no team or person “Marketing”. `okr new team marketing --name Marketing` adds it.",
        "7": said["7"],
        "8": "`from`: The comma in “4,1” could mean decimals or thousands. "
        "Write 4.1 if it is the decimal sign, or 41 if it is not.",
        "9": "org.yaml knows no team or person “Zoë Ng”. `okr new person zoe-ng --name 'Zoë Ng'` adds it.",
        "10": "Nothing says how the key result is measured. Say it with `from` and `to`, with `at_least` or `at_most`, "
        "with `milestone`, or with `kpi`.",
        "12": "“Be quick” has this key result already. Leave out what is in the plan.",
        "13": "The cycle 2026-Q3 is closed: its plans are the record of what was aimed at. "
        "Name another one with `cycle`, or open it again: `okr cycle reopen 2026-Q3`.",
    }
    assert said["7"].startswith("OKR401 The title of “ship-apps” has a number in it")
    assert not (sheet.folder / "okrs/2026-Q4/product.yaml").exists()


def test_millions_are_read_behind_a_currency_or_a_unit_and_what_nobody_knows_is_no_check_in(
    sheet: Shell,
) -> None:
    rows = (
        "owner,objective,key result,from,to,unit,current\n"
        "sales,Sell more,Revenue,€1.2m,€2m,,€1.3m\n"
        ",,Pipeline,1.5 million,2 bn,$,1.6 million\n"
        ",,Orders,$2m ARR,$3M ARR,,n/a\n"
        ",Reach further,Rope,2m,30m,,-\n"
        ",,Line,2 m,30 m,m,2.5m\n"
    )
    outcome = sheet.okr("import", "-", stdin=rows)
    found = re.findall(r"unit: (.+)\n +from: (.+)\n +to: (.+)\n", sheet.read("okrs/2026-Q4/sales.yaml"))
    assert found == [
        ("€", "1200000", "2000000"), ("$", "1500000", "2000000000"), ("$", "2000000", "3000000"),
        ("m", "2", "30"), ("m", "2", "30"),
    ]  # fmt: skip
    typed = [line.split()[-1] for line in outcome.out.splitlines() if line.startswith("  okr checkin")]
    assert typed == ["1.3M", "1.6M", "2.5"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("team,goal,target\nproduct,Be quick,3\n", "has no column `key_result` in its first line."),
        (
            "PK\x03\x04\x14\x00",
            "standard input is a spreadsheet's own file, which can't be read.\n  Save the sheet as CSV.\n",
        ),
        ("key_result,owner\n", "holds no key result."),
        ('[{"key_result": ["a"], "owner": "sales"}]', "`key_result` is neither a text nor a number."),
        ('[{"key_result": "Calls", "owner": "sales"}]', "This row names no objective."),
        ("[3]", "This is “3”, not a key result."),
    ],
)
def test_what_is_no_table_of_goals_is_said(sheet: Shell, sent: str, said: str) -> None:
    outcome = sheet.okr("import", "-", stdin=sent)
    assert (outcome.status in {1, 2}, outcome.out) == (True, "")
    assert said in outcome.err


def test_without_org_yaml_a_name_becomes_an_id_and_a_broken_plan_is_never_replaced(sheet: Shell) -> None:
    (sheet.folder / "org.yaml").unlink()
    row = '[{"owner": "Field Sales", "objective": "Sell", "key_result": "Calls", "kpi": "calls", "to": 3}]'
    sheet.write({"kpis.yaml": "kpis:\n  - {id: calls, name: Calls}\n"})
    assert sheet.okr("import", "-", stdin=row).out.splitlines()[1] == (
        "  okrs/2026-Q4/field-sales.yaml  1 objective and 1 key result"
    )
    broken = "objectives: [\n"
    sheet.write({"okrs/2026-Q4/field-sales.yaml": broken})
    outcome = sheet.okr("import", "-", stdin=row.replace("Calls", "More"))
    assert (outcome.status, outcome.out, sheet.read("okrs/2026-Q4/field-sales.yaml")) == (1, "", broken)
