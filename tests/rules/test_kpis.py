from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.rules.engine import diagnose
from tests.rules.cases import short

if TYPE_CHECKING:
    from okr.diagnostics import Diagnostic
    from tests.conftest import OpenWorkspace

KPIS = "kpis:\n  - {id: site-visits, name: Visits, formerly: [visits]}\n"
PLAN = """\
objectives:
  - id: brand
    title: Be thought of first
    key_results:
      - {id: site, title: Site, kpi: site-visits, to: 100}
"""
PATH = "okrs/2026-Q4/marketing.yaml"
BEFORE = "- {date: 2026-09-30, kpi: site-visits, value: 5}\n"
BASIS = {"kpis.yaml": KPIS, PATH: PLAN, "checkins/kpis.yaml": BEFORE}


def found_in(open_workspace: OpenWorkspace, files: dict[str, str]) -> list[Diagnostic]:
    found = diagnose(open_workspace(BASIS | files))
    return [each for each in found if each.code[:4] in {"OKR1", "OKR5", "OKR6"}]


def test_a_kpi_that_is_there_and_was_measured_is_fine(open_workspace: OpenWorkspace) -> None:
    assert found_in(open_workspace, {}) == []
    former = {PATH: PLAN.replace("site-visits", "visits")}
    assert found_in(open_workspace, former) == []
    assert found_in(open_workspace, former | {"checkins/kpis.yaml": BEFORE.replace("site-", "")}) == []


def test_kpis_have_ids_of_their_own(open_workspace: OpenWorkspace) -> None:
    kpis = KPIS + "  - {id: site-visits, name: Again}\n  - {id: other, name: O, formerly: visits}\n"
    assert short(found_in(open_workspace, {"kpis.yaml": kpis})) == [
        ("OKR606", "kpis.yaml", 3, 10, "the id “site-visits” is taken: the KPI on line 2 has it"),
        ("OKR606", "kpis.yaml", 4, 36, "the id “visits” is taken: the KPI on line 2 has it"),
    ]


def test_an_unknown_kpi(open_workspace: OpenWorkspace) -> None:
    found = found_in(open_workspace, {PATH: PLAN.replace("site-visits", "site-visit")})
    assert short(found) == [("OKR607", PATH, 5, 38, "there is no KPI “site-visit”")]
    assert (found[0].finding.hint, found[0].finding.ref) == (
        "did you mean site-visits?",
        "2026-Q4/marketing/brand/site",
    )


def test_an_unknown_kpi_like_no_other(open_workspace: OpenWorkspace) -> None:
    found = found_in(open_workspace, {PATH: PLAN.replace("site-visits", "zzz")})
    assert [each.finding.hint for each in found] == ["define it in kpis.yaml: `okr new kpi` does it"]


def test_a_kpi_where_there_is_no_file_of_kpis(open_workspace: OpenWorkspace) -> None:
    found = diagnose(open_workspace({PATH: PLAN}))
    mine = short([each for each in found if each.code[:4] == "OKR6"])
    assert mine == [("OKR607", PATH, 5, 38, "there is no KPI “site-visits”, as there is no kpis.yaml")]


UNREAD = {
    "not YAML": "kpis: [\n",
    "no name": "kpis:\n  - {id: site-visits}\n",
    "no id": "kpis:\n  - {name: Visits}\n",
    "no list": "kpis: site-visits\n",
    "empty list of keys": "- site-visits\n",
}


@pytest.mark.parametrize("kpis", UNREAD.values(), ids=UNREAD.keys())
def test_a_kpi_that_cannot_be_read_is_one_finding(open_workspace: OpenWorkspace, kpis: str) -> None:
    found = found_in(open_workspace, {"kpis.yaml": kpis})
    assert [(each.code[:4], each.finding.path) for each in found] == [("OKR1", "kpis.yaml")]


MISSING = "the KPI site-visits has no measurement from before 2026-Q4, which began on 2026-10-01, and the plan says no `from`"
WITHOUT_BASELINE = {
    "no log": {"checkins/kpis.yaml": ""},
    "measured on the first day": {"checkins/kpis.yaml": BEFORE.replace("09-30", "10-01")},
    "taken back": {
        "checkins/kpis.yaml": BEFORE + "- {date: 2026-10-02, kpi: site-visits, retracts: 2026-09-30}\n"
    },
    "confidence alone": {"checkins/kpis.yaml": BEFORE.replace("value", "confidence").replace("5}", "0.5}")},
}
WITH_BASELINE = {
    "from": {PATH: PLAN.replace("to: 100", "from: 5, to: 100")},
    "from unknown, for another rule": {PATH: PLAN.replace("to: 100", "from: unknown, to: 100")},
    "bounds": {PATH: PLAN.replace("to: 100", "at_most: 100")},
    "planning": {"okrs/2026-Q4/cycle.yaml": "state: planning\n"},
    "closed": {"okrs/2026-Q4/cycle.yaml": "state: closed\n"},
    "not begun": {"okrs/2026-Q4/cycle.yaml": "starts: 2026-11-24\n"},
}


@pytest.mark.parametrize("files", WITHOUT_BASELINE.values(), ids=WITHOUT_BASELINE.keys())
def test_a_baseline_that_was_never_measured(open_workspace: OpenWorkspace, files: dict[str, str]) -> None:
    found = found_in(open_workspace, files)
    assert short(found) == [("OKR608", PATH, 5, 38, MISSING)]
    assert found[0].severity.value == "warning"


@pytest.mark.parametrize("files", WITH_BASELINE.values(), ids=WITH_BASELINE.keys())
def test_a_baseline_that_is_there_or_not_needed_yet(
    open_workspace: OpenWorkspace, files: dict[str, str]
) -> None:
    assert found_in(open_workspace, {"checkins/kpis.yaml": ""} | files) == []


UNREAD_STARTS = {
    "misspelt": ({PATH: PLAN.replace("to: 100", "form: 5, to: 100"), "checkins/kpis.yaml": ""}, PATH),
    "the state": (
        {"okrs/2026-Q4/cycle.yaml": "state: plannin\n", "checkins/kpis.yaml": ""},
        "okrs/2026-Q4/cycle.yaml",
    ),
    "the plan's": ({PATH: PLAN.replace("to: 100", "from: many, to: 100"), "checkins/kpis.yaml": ""}, PATH),
    "the log's": ({"checkins/kpis.yaml": BEFORE + "- {\n"}, "checkins/kpis.yaml"),
}


@pytest.mark.parametrize(("files", "path"), UNREAD_STARTS.values(), ids=UNREAD_STARTS.keys())
def test_a_baseline_that_cannot_be_read_is_one_finding(
    open_workspace: OpenWorkspace, files: dict[str, str], path: str
) -> None:
    found = found_in(open_workspace, files)
    assert [(each.code[:4], each.finding.path) for each in found] == [("OKR1", path)]


def test_bounds_that_exclude_each_other(open_workspace: OpenWorkspace) -> None:
    kpis = "kpis:\n  - {id: site-visits, name: V, at_least: 7.5, at_most: 3}\n  - {id: b, name: B, at_least: 3, at_most: 3}\n"
    assert short(found_in(open_workspace, {"kpis.yaml": kpis, "checkins/kpis.yaml": BEFORE})) == [
        ("OKR611", "kpis.yaml", 2, 42, "at least 7.5 and at most 3 can't both be kept")
    ]  # fmt: skip
