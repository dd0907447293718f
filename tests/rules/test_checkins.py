from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.rules.engine import diagnose
from okr.sources import Folder
from okr.workspace import Workspace
from tests.conftest import TODAY
from tests.rules.cases import only, record

if TYPE_CHECKING:
    from okr.diagnostics import Diagnostic
    from tests.conftest import OpenWorkspace, WriteWorkspace

PLAN = """\
objectives:
  - id: brand
    title: Be thought of first
    key_results:
      - {id: visits, title: Visits, from: 42000, to: 100000, formerly: [traffic]}
      - {id: launch, title: Launch, milestones: {signed: 0.3, beta: 0.7, live: 1.0}}
      - {id: uptime, title: Uptime, at_least: 99.9}
      - {id: site, title: Site, kpi: site-visits, to: 9}
"""
ORG = """\
teams:
  - {id: marketing, name: Marketing, formerly: [growth]}
people:
  - {id: alice, name: Alice, email: alice@acme.example}
"""
KPIS = "kpis:\n  - {id: site-visits, name: Visits, formerly: [visits]}\n"
LOG = "checkins/2026-Q4/marketing.yaml"
KPI_LOG = "checkins/kpis.yaml"
BASIS = {"okrs/2026-Q4/marketing.yaml": PLAN, "kpis.yaml": KPIS}


def found_in(open_workspace: OpenWorkspace, files: dict[str, str]) -> list[Diagnostic]:
    before = {KPI_LOG: "- {date: 2026-09-30, kpi: site-visits, value: 5}\n"}
    found = diagnose(open_workspace(BASIS | before | files))
    return [each for each in found if each.code[:4] in {"OKR1", "OKR5"} and each.code != "OKR515"]


def test_check_ins_of_every_kind_are_fine(open_workspace: OpenWorkspace) -> None:
    log = """\
    # The team's log.
    - {date: 2026-10-01, kr: brand/visits, value: 44000, confidence: 0, by: anybody, note: "a: b"}
    - {date: 2026-10-12T09:31:07+02:00, kr: brand/visits, value: 47500.5, confidence: 1}
    - {date: 2026-10-13, kr: brand/traffic, value: -3}
    - {date: 2026-10-12, kr: brand/launch, value: beta}
    - {date: 2026-10-12, kr: brand/uptime, value: 99}
    - {date: 2026-10-12, kr: brand/site, confidence: 0.5}
    - {date: 2026-11-23, kr: brand/visits, value: 1}
    - {date: 2026-11-23, kr: brand/visits, retracts: 2026-10-13, note: wrong month}
    """
    kpis = "- {date: 2026-11-22, kpi: site-visits, value: 7}\n- {date: 2025-01-01, kpi: visits, value: 6.5}\n"
    assert found_in(open_workspace, {LOG: log, KPI_LOG: kpis}) == []


ONE_LINE = {
    "unknown": ("kr: brand/vists, value: 1", "OKR501", 26, "“brand/vists” is no key result of marketing in 2026-Q4", "did you mean brand/visits, "),
    "unlike anything": ("kr: xx/qqqqq, value: 1", "OKR501", 26, "no key result", "marketing has brand/visits, brand/launch"),
    "the objective": ("kr: brand, value: 1", "OKR501", 26, "“brand” is no key result", "check in one of its key results, brand/visits, brand/launch"),
    "with its owner": ("kr: marketing/brand/visits, value: 1", "OKR501", 26, "no key result", "write brand/visits: whose it is"),
    "with its cycle": ("kr: 2026-Q4/growth/brand/traffic, value: 1", "OKR501", 26, "no key result", "write brand/visits: whose it is"),
    "no reference": ("kr: 'a b/c/d', value: 1", "OKR501", 26, "no key result", "marketing has"),
    "a KPI": ("kpi: site-visits, value: 1", "OKR502", 27, "about the KPI “site-visits”, but the log is marketing's", "move the measurement to checkins/kpis.yaml"),
    "both": ("kr: brand/visits, kpi: site-visits, value: 1", "OKR502", 45, "about the KPI", "move"),
    "text for a number": ("kr: brand/visits, value: 61k", "OKR505", 47, "“61k” is not a number, but 2026-Q4/marketing/brand/visits is measured by one", "write 61000, without quotes"),
    "quoted number": ("kr: brand/visits, value: '61 000'", "OKR505", 47, "“61 000” is not a number", "write 61000, without quotes"),
    "change": ("kr: brand/visits, value: '+500'", "OKR505", 47, "not a number", "write the value that was reached, not by how much it changed"),
    "words": ("kr: brand/visits, value: many", "OKR505", 47, "not a number", "without its unit"),
    "boolean": ("kr: brand/visits, value: true", "OKR505", 47, "true is not a number", "write the number that was measured"),
    "infinite": ("kr: brand/uptime, value: .inf", "OKR505", 47, "too large, or none at all", "write the number"),
    "unknown milestone": ("kr: brand/launch, value: bta", "OKR505", 47, "“bta” is no milestone of 2026-Q4/marketing/brand/launch", "did you mean beta?"),
    "number for a milestone": ("kr: brand/launch, value: 0.7", "OKR505", 47, "“0.7” is no milestone", "its milestones are signed, beta, live"),
    "fed by a KPI": ("kr: brand/site, value: 8", "OKR505", 45, "is fed by the KPI site-visits", "measure the KPI in checkins/kpis.yaml"),
    "too sure": ("kr: brand/visits, confidence: 1.5", "OKR506", 52, "a confidence of 1.5 is not between 0 and 1", "write 0.15 if 1.5 out of ten"),
    "in percent": ("kr: brand/visits, confidence: 70", "OKR506", 52, "a confidence of 70", "write 0.7 if 70 % is meant"),
    "out of ten": ("kr: brand/visits, confidence: 7", "OKR506", 52, "a confidence of 7", "write 0.7 if 7 out of ten is meant"),
    "negative": ("kr: brand/visits, confidence: -0.1", "OKR506", 52, "a confidence of -0.1", ""),
    "far too sure": ("kr: brand/visits, confidence: 700", "OKR506", 52, "a confidence of 700", ""),
    "nothing said": ("kr: brand/visits, note: busy", "OKR508", 3, "neither a value nor a confidence", "add `value:`"),
    "empty value": ("kr: brand/visits, value: }\n#{", "OKR508", 3, "neither a value nor a confidence", "add `value:`"),
    "about nothing": ("value: 3", "OKR508", 3, "does not say which key result", "add `kr: objective/key-result`"),
    "retraction and value": ("kr: brand/visits, retracts: 2026-10-04, value: 3, confidence: 0.2", "OKR508", 50, "gives a value and a confidence as well", "in two lines"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "column", "message", "hint"), ONE_LINE.values(), ids=ONE_LINE.keys()
)
def test_one_line_gets_one_finding(
    open_workspace: OpenWorkspace, text: str, code: str, column: int, message: str, hint: str
) -> None:
    files = record(text)
    if "retracts" in text:
        files[LOG] += "- {date: 2026-10-04, kr: brand/visits, value: 2}\n"
    found = only(found_in(open_workspace, {"org.yaml": ORG} | files))
    assert found[:4] == (code, LOG, 1, column)
    assert message in found[4]
    assert hint in found[5]


def test_an_unknown_key_result_is_one_finding_however_many_lines_name_it(
    open_workspace: OpenWorkspace,
) -> None:
    lines = "".join(f"- {{date: 2026-10-0{day}, kr: brand/clicks, value: {day}}}\n" for day in (1, 2, 3))
    found = only(found_in(open_workspace, {LOG: lines}))
    assert found[:4] == ("OKR501", LOG, 1, 26)
    assert found[4].endswith("; 2 more lines name it too")


def test_a_key_result_of_another_cycle_or_owner_is_sent_to_its_log(open_workspace: OpenWorkspace) -> None:
    other = PLAN.replace("brand", "story").replace("site-visits, to: 9", "site-visits, from: 1, to: 9")
    files = {
        "okrs/2026-Q3/marketing.yaml": other,
        "okrs/2026-Q4/sales.yaml": PLAN,
        LOG: """\
        - {date: 2026-10-05, kr: story/visits, value: 1}
        - {date: 2026-10-05, kr: sales/brand/visits, value: 1}
        """,
    }
    found = found_in(open_workspace, files)
    assert [(each.code, each.finding.hint) for each in found] == [
        ("OKR501", "marketing has it in 2026-Q3: its check-ins belong in checkins/2026-Q3/marketing.yaml"),
        ("OKR501", "sales has it in 2026-Q4: its check-ins belong in checkins/2026-Q4/sales.yaml"),
    ]


def test_a_log_without_a_plan_is_one_finding(open_workspace: OpenWorkspace) -> None:
    line = "- {date: 2026-10-05, kr: brand/visits, value: 1}\n"
    path = "checkins/2026-Q4/marketin.yaml"
    found = only(found_in(open_workspace, {path: line + line.replace("05", "06")}))
    assert found[:4] == ("OKR501", path, 1, 26)
    assert found[4] == "marketin has no plan in 2026-Q4, so that none of the check-ins here counts"
    assert found[5] == "is this the log of marketing? Then move its lines to checkins/2026-Q4/marketing.yaml"


@pytest.mark.parametrize(
    ("owner", "hint"),
    [("zzz", "write okrs/2026-Q4/zzz.yaml"), ("cycle", "nobody can be called cycle")],
    ids=["unlike any owner", "the cycle's facts"],
)
def test_a_log_that_is_like_no_plan(open_workspace: OpenWorkspace, owner: str, hint: str) -> None:
    files = {f"checkins/2026-Q4/{owner}.yaml": "- {date: 2026-10-05, kr: brand/visits, value: 1}\n"}
    found = only(found_in(open_workspace, files))
    assert found[0] == "OKR501"
    assert hint in found[5]


NOTHING_TO_ADD = {
    "the plan can't be parsed": {"okrs/2026-Q4/marketing.yaml": "objectives: [\n"},
    "the plan is empty": {"okrs/2026-Q4/marketing.yaml": ""},
    "the plan is a list": {"okrs/2026-Q4/marketing.yaml": "- a\n"},
    "its objectives are no list": {"okrs/2026-Q4/marketing.yaml": "objectives: brand\n"},
    "an objective has no id": {"okrs/2026-Q4/marketing.yaml": PLAN.replace("id: brand\n    ", "")},
    "a key result has no id": {"okrs/2026-Q4/marketing.yaml": PLAN.replace("id: visits, ", "")},
    "the key results are no list": {
        "okrs/2026-Q4/marketing.yaml": "objectives:\n  - {id: brand, title: B, key_results: x}\n"
    },
    "the key result has no title": {"okrs/2026-Q4/marketing.yaml": PLAN.replace("title: Visits, ", "")},
    "its ladder is misspelt": {
        "okrs/2026-Q4/marketing.yaml": PLAN.replace("from: 42000", "milestons: {a: 1}, from: 42000")
    },
    "its target can't be read": {"okrs/2026-Q4/marketing.yaml": PLAN.replace("100000", "many")},
}


@pytest.mark.parametrize("files", NOTHING_TO_ADD.values(), ids=NOTHING_TO_ADD.keys())
def test_what_cannot_be_read_in_a_plan_is_not_reported_again_in_its_log(
    open_workspace: OpenWorkspace, files: dict[str, str]
) -> None:
    log = {LOG: "- {date: 2026-10-05, kr: brand/visits, value: 5}\n"}
    found = found_in(open_workspace, files | log)
    assert [(each.code[:4], each.finding.path) for each in found] == [("OKR1", "okrs/2026-Q4/marketing.yaml")]


CONSEQUENCES = {
    "a value that can't be read": ("kr: brand/visits, value: [1]", "OKR114"),
    "a subject that can't be read": ("kr: 12, value: 1", "OKR114"),
    "a confidence that can't be read": ("kr: brand/visits, confidence: high", "OKR114"),
    "a retraction that can't be read": ("kr: brand/visits, retracts: soon", "OKR115"),
    "a misspelt value": ("kr: brand/visits, valeu: 3", "OKR112"),
    "a misspelt subject": ("k: brand/visits, value: 3", "OKR112"),
    "a wrong value of an unknown key result": ("kr: brand/clicks, value: many", "OKR501"),
}


@pytest.mark.unmeasured
@pytest.mark.parametrize(("text", "code"), CONSEQUENCES.values(), ids=CONSEQUENCES.keys())
def test_a_line_with_one_cause_gets_one_finding(open_workspace: OpenWorkspace, text: str, code: str) -> None:
    assert [each.code for each in found_in(open_workspace, record(text))] == [code]


def test_a_milestone_whose_score_cannot_be_read_is_still_a_milestone(open_workspace: OpenWorkspace) -> None:
    plan = {"okrs/2026-Q4/marketing.yaml": PLAN.replace("beta: 0.7", "beta: most")}
    found = found_in(open_workspace, plan | record("kr: brand/launch, value: beta"))
    assert [each.code for each in found] == ["OKR114"]


def test_a_milestone_that_looks_like_a_number_is_to_be_quoted(open_workspace: OpenWorkspace) -> None:
    plan = {"okrs/2026-Q4/marketing.yaml": PLAN.replace("beta: 0.7", "'2': 0.7")}
    found = only(found_in(open_workspace, plan | record("kr: brand/launch, value: 2")))
    assert found[5] == 'write "2", in quotes: a milestone\'s name is a text'


def test_a_key_result_with_two_metrics_has_no_wrong_values(open_workspace: OpenWorkspace) -> None:
    plan = {"okrs/2026-Q4/marketing.yaml": PLAN.replace("at_least: 99.9", "at_least: 99.9, to: 3")}
    assert found_in(open_workspace, plan | record("kr: brand/uptime, value: much")) == []


def test_a_log_of_a_misnamed_owner_or_of_no_cycle_is_reported_once(open_workspace: OpenWorkspace) -> None:
    line = "- {date: 2020-10-05, kr: brand/visits, value: 1}\n"
    files = {"checkins/2026-Q4/Marketing.yaml": line, "checkins/2026q4x/marketing.yaml": line}
    found = found_in(open_workspace, files)
    by_path = {each.finding.path: each.code for each in found}
    assert by_path["checkins/2026q4x/marketing.yaml"] == "OKR117"
    assert [each.code for each in found if each.finding.path.endswith("2026q4x/marketing.yaml")] == ["OKR117"]
    assert "OKR501" not in by_path.values()


def test_plans_under_an_old_and_a_new_name_are_both_looked_into(open_workspace: OpenWorkspace) -> None:
    other = (
        "objectives:\n  - {id: press, title: P, key_results: [{id: articles, title: A, to: 3, from: 0}]}\n"
    )
    files = {"org.yaml": ORG, "okrs/2026-Q4/growth.yaml": other} | record("kr: press/articles, value: 1")
    assert found_in(open_workspace, files) == []


KPI_LINES = {
    "a key result": ("kr: brand/visits, value: 1", "OKR502", 26, "the log is the KPIs'"),
    "unknown": ("kpi: site-vists, value: 1", "OKR502", 27, "there is no KPI “site-vists”"),
    "a text": ("kpi: site-visits, value: many", "OKR505", 47, "the KPI site-visits is measured by one"),
    "about nothing": ("value: 1", "OKR508", 3, "does not say"),
}


@pytest.mark.parametrize(("text", "code", "column", "message"), KPI_LINES.values(), ids=KPI_LINES.keys())
def test_lines_of_the_kpis_log(
    open_workspace: OpenWorkspace, text: str, code: str, column: int, message: str
) -> None:
    found = only(found_in(open_workspace, {KPI_LOG: f"- {{date: 2026-10-05, {text}}}\n"}))
    assert found[:4] == (code, KPI_LOG, 1, column)
    assert message in found[4]


@pytest.mark.parametrize(
    ("kpis", "message"),
    [(None, "there is no kpis.yaml"), ("kpis: []\n", "no KPI is defined in kpis.yaml")],
    ids=["no file", "an empty one"],
)
def test_without_kpis_their_log_is_one_finding(
    write_workspace: WriteWorkspace, kpis: str | None, message: str
) -> None:
    lines = (
        "- {date: 2026-10-05, kpi: site-visits, value: 1}\n- {date: 2026-10-05, kpi: site-time, value: 1}\n"
    )
    root = write_workspace({KPI_LOG: lines} | ({} if kpis is None else {"kpis.yaml": kpis}))
    found = only(diagnose(Workspace(Folder(root), as_of=TODAY, title="acme")))
    assert found[:4] == ("OKR502", KPI_LOG, 1, 27)
    assert message in found[4]


@pytest.mark.parametrize(
    "kpis", ["kpis: [\n", "kpis:\n  - {id: site-time}\n", "- a\n"], ids=["syntax", "item", "root"]
)
def test_a_kpi_that_cannot_be_read_is_not_called_unknown(open_workspace: OpenWorkspace, kpis: str) -> None:
    files = {
        "kpis.yaml": kpis,
        "okrs/2026-Q4/marketing.yaml": PLAN.replace("site-visits", "site-time"),
        KPI_LOG: "- {date: 2026-10-05, kpi: site-time, value: 1}\n",
    }
    found = found_in(open_workspace, files)
    assert [(each.code[:4], each.finding.path) for each in found] == [("OKR1", "kpis.yaml")]


DATES = {
    "the day before": ("2026-09-30", "OKR503", "2026-09-30 is not within 2026-Q4 (2026-10-01 to 2026-12-31)"),
    "the first day": ("2026-10-01", None, ""),
    "today": ("2026-11-23", None, ""),
    "tomorrow": ("2026-11-24", "OKR504", "2026-11-24 is in the future: today is 2026-11-23"),
    "tomorrow in Auckland, today in UTC": ("2026-11-24T00:30:00+13:00", None, ""),
    "tonight in Honolulu, tomorrow in UTC": ("2026-11-23T20:00:00-10:00", None, ""),
    "tomorrow everywhere": ("2026-11-24T12:00:00+00:00", "OKR504", "2026-11-24T12:00:00+00:00 is in the future"),
    "next year: one cause": ("2027-10-05", "OKR503", "2027-10-05 is not within 2026-Q4"),
}  # fmt: skip


@pytest.mark.parametrize(("date", "code", "message"), DATES.values(), ids=DATES.keys())
def test_dates(open_workspace: OpenWorkspace, date: str, code: str | None, message: str) -> None:
    found = found_in(open_workspace, {LOG: f"- {{date: {date}, kr: brand/visits, value: 1}}\n"})
    if code is None:
        assert found == []
    else:
        assert only(found)[:4] == (code, LOG, 1, 10)
        assert only(found)[4].startswith(message)


def test_a_date_of_another_cycle_is_sent_to_its_log(open_workspace: OpenWorkspace) -> None:
    files = {
        "okrs/2026-Q3/marketing.yaml": PLAN,
        LOG: "- {date: 2026-09-30, kr: brand/visits, value: 1}\n",
    }
    assert only(found_in(open_workspace, files))[5] == (
        "what marketing reached that day belongs in checkins/2026-Q3/marketing.yaml"
    )


def test_a_retraction_may_come_after_the_cycle(open_workspace: OpenWorkspace) -> None:
    files = {
        "okrs/2026-Q3/marketing.yaml": PLAN,
        "checkins/2026-Q3/marketing.yaml": """\
        - {date: 2026-09-28, kr: brand/visits, value: 1}
        - {date: 2026-10-02, kr: brand/visits, retracts: 2026-09-28}
        """,
    }
    assert found_in(open_workspace, files) == []


AUTHORS = {
    "a typo": ("alcie", "did you mean alice?"),
    "an address": ("Alice@acme.example", "write alice, whose address this is"),
    "a team": ("marketing", "this is a team"),
    "a stranger": ("zzzzzz", "add them to org.yaml"),
}


@pytest.mark.parametrize(("name", "hint"), AUTHORS.values(), ids=AUTHORS.keys())
def test_an_author_nobody_knows(open_workspace: OpenWorkspace, name: str, hint: str) -> None:
    lines = "".join(f"- {{date: 2026-10-0{n}, kr: brand/visits, value: 1, by: {name}}}\n" for n in (1, 2))
    found = found_in(open_workspace, {"org.yaml": ORG, LOG: lines})
    assert only(found)[:4] == ("OKR514", LOG, 1, 54)
    assert only(found)[4] == f"org.yaml knows no person “{name}”; 1 more line names it too"
    assert hint in only(found)[5]
    assert found[0].severity.value == "warning"


def test_an_author_nobody_knows_is_one_finding_over_all_logs(open_workspace: OpenWorkspace) -> None:
    line = "- {date: 2026-09-30, kpi: site-visits, value: 1, by: zz}\n"
    other = "- {date: 2026-09-30, kr: brand/visits, value: 1, by: zz}\n"
    files = {"org.yaml": ORG, "okrs/2026-Q3/marketing.yaml": PLAN, KPI_LOG: line}
    files["checkins/2026-Q3/marketing.yaml"] = other
    found = [each for each in found_in(open_workspace, files) if each.code == "OKR514"]
    assert only(found)[1] == "checkins/2026-Q3/marketing.yaml"


@pytest.mark.parametrize(
    "org",
    ["teams: [{id: marketing}]\n", "people: [{id: alice}, {id: bob, team: [x]}]\n", "people: [{id: eve}, {name: B}]\n"],
    ids=["no people", "a damaged person", "a person without an id"],
)  # fmt: skip
def test_authors_that_cannot_be_called_unknown(open_workspace: OpenWorkspace, org: str) -> None:
    files = {"org.yaml": org} | record("kr: brand/visits, value: 1, by: bob")
    assert [each for each in found_in(open_workspace, files) if each.code == "OKR514"] == []
