from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from okr.diagnostics import Finding, Place, Severity
from okr.documents import Document
from okr.model import RuleSeverity, Settings
from okr.rules.catalogue import catalogue, rules_by_name
from okr.rules.engine import diagnose
from okr.rules.severities import severity_of
from okr.sources import Folder
from okr.workspace import Workspace
from tests.conftest import TODAY
from tests.rules.cases import OBJECTIVE, TWO

if TYPE_CHECKING:
    from okr.rules.catalogue import Rule
    from tests.conftest import OpenWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
ONE = "objectives:\n" + OBJECTIVE % "only"
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("each", catalogue(), ids=lambda each: each.code)
def test_every_rule_explains_itself(each: Rule) -> None:
    assert re.fullmatch(r"OKR[1-7]\d\d", each.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each.name)
    for text in (each.what, each.why, each.remedy):
        assert text[0].isupper() or text.startswith(("git", "`"))
        assert text.endswith(".")
        assert "!" not in text
    assert each.severity is not Severity.OFF


def test_no_code_and_no_name_stands_for_two_rules() -> None:
    assert len({each.name for each in catalogue()}) == len(catalogue())
    assert [each.code for each in catalogue()] == sorted({each.code for each in catalogue()})
    assert rules_by_name()["OKR201"] is rules_by_name()["too-few-objectives"]
    assert len(rules_by_name()) == 2 * len(catalogue())


@pytest.mark.parametrize(
    ("rules", "severity"),
    [
        ({}, Severity.ERROR),
        ({"OKR201": "info"}, Severity.INFO),
        ({"too-few-objectives": "warning"}, Severity.WARNING),
        ({"OKR2xx": "warning"}, Severity.WARNING),
        ({"OKR2": "warning"}, Severity.WARNING),
        ({"OKR2xx": "off", "too-few-objectives": "warning", "OKR201": "info"}, Severity.INFO),
        ({"OKR2xx": "off", "too-few-objectives": "warning"}, Severity.WARNING),
        ({"OKR202": "off"}, Severity.ERROR),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else "",
)
def test_the_nearest_setting_holds(rules: dict[str, str], severity: Severity) -> None:
    settings = Settings(rules={key: RuleSeverity(value) for key, value in rules.items()})
    assert severity_of(rules_by_name()["OKR201"], settings) is severity


@pytest.mark.parametrize(
    ("own", "wanted", "severity"),
    [
        (None, None, Severity.ERROR),
        (Severity.WARNING, None, Severity.WARNING),
        (Severity.INFO, None, Severity.INFO),
        (Severity.WARNING, RuleSeverity.ERROR, Severity.ERROR),
        (Severity.WARNING, RuleSeverity.INFO, Severity.INFO),
    ],
)
def test_a_finding_may_weigh_less_than_its_rule(
    own: Severity | None, wanted: RuleSeverity | None, severity: Severity
) -> None:
    finding = Finding(PLAN, Place(), "message", severity=own)
    settings = Settings(rules={} if wanted is None else {"OKR2xx": wanted})
    assert severity_of(rules_by_name()["OKR201"], settings, finding) is severity


def test_a_finding_never_weighs_more_than_its_rule() -> None:
    finding = Finding(PLAN, Place(), "message", severity=Severity.ERROR)
    assert severity_of(rules_by_name()["OKR415"], Settings(), finding) is Severity.INFO


def test_what_cannot_be_read_is_an_error_whatever_the_settings_say(open_workspace: OpenWorkspace) -> None:
    unreadable = [each for each in catalogue() if each.subject is Document]
    assert len(unreadable) == 15
    settings = "rules: {OKR1xx: off, OKR104: off, yaml-syntax: info}\n"
    found = diagnose(open_workspace({"okr.yaml": settings, PLAN: "objectives: [\n"}))
    assert [(each.code, each.name, each.severity) for each in found] == [
        ("OKR614", "fixed-severity", Severity.WARNING),
        ("OKR614", "fixed-severity", Severity.WARNING),
        ("OKR104", "yaml-syntax", Severity.ERROR),
    ]


@pytest.mark.parametrize("key", ["OKR201", "too-few-objectives", "OKR2xx"])
def test_a_rule_can_be_turned_off(open_workspace: OpenWorkspace, key: str) -> None:
    assert diagnose(open_workspace({"okr.yaml": f"rules: {{{key}: off}}\n", PLAN: ONE})) == []


def test_findings_come_by_file_and_from_top_to_bottom(open_workspace: OpenWorkspace) -> None:
    files = {
        "okrs/2026-Q4/b.yaml": ONE.replace("Make people come back", "Win 7 fans"),
        "okrs/2026-Q4/a.yaml": ONE,
        "okr.yaml": "nmae: Acme\n",
    }
    assert [
        (each.finding.path, each.finding.place.line, each.code) for each in diagnose(open_workspace(files))
    ] == [
        ("okr.yaml", 1, "OKR112"),
        ("okrs/2026-Q4/a.yaml", 2, "OKR201"),
        ("okrs/2026-Q4/b.yaml", 2, "OKR201"),
        ("okrs/2026-Q4/b.yaml", 3, "OKR401"),
    ]


def test_looking_twice_finds_the_same(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace({PLAN: ONE})
    assert diagnose(workspace) == diagnose(workspace)


def test_an_empty_workspace_has_nothing_wrong_with_it(open_workspace: OpenWorkspace) -> None:
    assert diagnose(open_workspace({})) == []
    assert diagnose(open_workspace({PLAN: TWO})) == []


@pytest.mark.parametrize("name", ["startup", "agence"])
@pytest.mark.parametrize("day", [TODAY, date(2026, 12, 31)], ids=str)
def test_the_examples_are_clean(name: str, day: date) -> None:
    workspace = Workspace(Folder(EXAMPLES / name), as_of=day, title=name)
    found = Counter(each.severity for each in diagnose(workspace))
    assert found[Severity.ERROR] == found[Severity.WARNING] == 0
