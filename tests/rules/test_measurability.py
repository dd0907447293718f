from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.diagnostics import Severity
from okr.rules.engine import diagnose
from tests.rules.cases import TWO, expect, plan, with_key_result, with_key_results

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
CYCLE = "okrs/2026-Q4/cycle.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"
KPIS = {
    "kpis.yaml": "kpis: [{id: reach, name: Reach, unit: people}]\n",
    "checkins/kpis.yaml": "- {date: 2026-09-20, kpi: reach, value: 50}\n",
}

FINE = {
    "up": "from: 1\nto: 2",
    "down": "from: 2.5\nto: -1",
    "relative": "from: 40\nto: -20%",
    "relative to a negative baseline": "from: -40\nto: +20%\nstretch: +30%",
    "thresholds": "from: 0\ncommit: 5\nto: 10\nstretch: 20",
    "thresholds downwards": "from: 20\ncommit: 15\nto: 10\nstretch: 5",
    "relative thresholds": "from: 100\ncommit: +10%\nto: 130\nstretch: +50%",
    "thresholds of a KPI": "kpi: reach\ncommit: 60\nto: 80\nstretch: 90",
    "at least": "at_least: 99.9",
    "at most": "at_most: 5\nweight: 0",
    "both bounds": "at_least: 5\nat_most: 5",
    "yes or no": "milestones: {done: 1.0}",
    "ladder": "milestones: {begun: 0, signed: 0.3, live: 1}",
    "KPI to a target": "kpi: reach\nto: 80",
    "KPI within bounds": "kpi: reach\nat_least: 40",
    "KPI as a guardrail": "kpi: reach\nat_most: 40\nweight: 0",
    "KPI with a baseline": "kpi: reach\nfrom: 40\nto: +10%",
}

NOT_FINE = {
    "nothing": ("⟦id: x⟧\ntitle: T", "OKR402", "“x” has no metric"),
    "a unit alone": ("⟦id: x⟧\ntitle: T\nunit: visits", "OKR402", "“x” has no metric"),
    "a baseline alone": (
        "id: x\ntitle: T\nfrom: ⟦0⟧",
        "OKR402",
        "where it starts, but not where it is to get",
    ),
    "number and bounds": (
        "id: x\ntitle: T\nfrom: 1\nto: 2\n⟦at_least⟧: 3",
        "OKR403",
        "measured in more than one way: `to` and `at_least` don't go together",
    ),
    "bounds and a baseline": ("id: x\ntitle: T\nat_most: 3\n⟦from⟧: 1", "OKR403", "`at_most` and `from`"),
    "bounds and a target": ("id: x\ntitle: T\nat_most: 3\n⟦to⟧: 1", "OKR403", "`at_most` and `to`"),
    "bounds and a stretch": (
        "id: x\ntitle: T\nat_most: 3\n⟦stretch⟧: 1",
        "OKR403",
        "`at_most` and `stretch`",
    ),
    "milestones and a target": (
        "id: x\ntitle: T\nto: 1\n⟦milestones⟧: {done: 1.0}",
        "OKR403",
        "`to` and `milestones`",
    ),
    "milestones and a unit": (
        "id: x\ntitle: T\nmilestones: {done: 1.0}\n⟦unit⟧: steps",
        "OKR403",
        "`milestones` and `unit`",
    ),
    "milestones and bounds": (
        "id: x\ntitle: T\nmilestones: {done: 1.0}\n⟦at_least⟧: 2",
        "OKR403",
        "`milestones` and `at_least`",
    ),
    "milestones and a KPI": (
        "id: x\ntitle: T\nmilestones: {done: 1.0}\n⟦kpi⟧: reach",
        "OKR403",
        "`milestones` and `kpi`",
    ),
    "three kinds": (
        "id: x\ntitle: T\nfrom: 1\nto: 2\n⟦milestones⟧: {done: 1.0}\nat_least: 3",
        "OKR403",
        "`to` and `milestones`",
    ),
    "a KPI alone": ("id: x\ntitle: T\nkpi: ⟦reach⟧", "OKR403", "doesn't say where that is to get"),
    "a KPI with a commit": ("id: x\ntitle: T\nkpi: ⟦reach⟧\ncommit: 60", "OKR403", "doesn't say where"),
    "a commit alone": ("id: x\ntitle: T\nfrom: 1\ncommit: ⟦2⟧", "OKR403", "“x” has `commit`, but no target"),
    "a stretch alone": ("id: x\ntitle: T\nstretch: ⟦2⟧", "OKR403", "“x” has `stretch`, but no target"),
    "no way to go": ("id: x\ntitle: T\nfrom: 5\nto: ⟦5.0⟧", "OKR404", "to get from where it is to “5.0”"),
    "no way to go, with a stretch": ("id: x\ntitle: T\nfrom: 5\nto: ⟦5⟧\nstretch: 9", "OKR404", "“5”"),
    "zero per cent": ("id: x\ntitle: T\nfrom: 5\nto: ⟦+0%⟧", "OKR404", "“+0%”"),
    "zero per cent of a KPI": ("id: x\ntitle: T\nkpi: reach\nto: ⟦-0%⟧", "OKR404", "“-0%”"),
    "a percentage of zero": (
        "id: x\ntitle: T\nfrom: 0\nto: ⟦+30%⟧",
        "OKR405",
        "`to` is “+30%” of a baseline of 0",
    ),
    "zero per cent of zero": ("id: x\ntitle: T\nfrom: 0\nto: ⟦+0%⟧", "OKR405", "“+0%”"),
    "a commit relative to zero": (
        "id: x\ntitle: T\nfrom: 0\nto: 5\ncommit: ⟦+1%⟧",
        "OKR405",
        "`commit` is “+1%”",
    ),
    "several relative to zero": ("id: x\ntitle: T\nfrom: 0.0\nto: ⟦+5%⟧\nstretch: +9%", "OKR405", "`to`"),
    "no milestones": ("id: x\ntitle: T\nmilestones: ⟦{}⟧", "OKR406", "these milestones are empty"),
    "not up to 1.0": (
        "id: x\ntitle: T\nmilestones: {signed: 0.3, live: ⟦0.9⟧}",
        "OKR406",
        "the last milestone, “live”, scores 0.9, not 1.0",
    ),
    "falling": (
        "id: x\ntitle: T\nmilestones: {live: 1.0, beta: ⟦0.7⟧, signed: 0.3}",
        "OKR406",
        "“beta” scores 0.7, no more than “live” before it with 1",
    ),
    "twice the same": (
        "id: x\ntitle: T\nmilestones: {signed: 0.3, beta: ⟦0.3⟧, live: 1.0}",
        "OKR406",
        "“beta” scores 0.3, no more than “signed”",
    ),
    "above 1": (
        "id: x\ntitle: T\nmilestones: {signed: ⟦30⟧, live: 100}",
        "OKR406",
        "“signed” is 30, outside 0 to 1",
    ),
    "below 0": ("id: x\ntitle: T\nmilestones: {lost: ⟦-0.1⟧, live: 1}", "OKR406", "“lost” is -0.1, outside"),
    "commit beyond the target": (
        "id: x\ntitle: T\nfrom: 0\ncommit: ⟦12⟧\nto: 10",
        "OKR407",
        "`commit`, “12”, isn't short of `to`, “10”",
    ),
    "commit at the target": (
        "id: x\ntitle: T\nfrom: 0\ncommit: ⟦10⟧\nto: 10",
        "OKR407",
        "`commit`, “10”, isn't short",
    ),
    "commit before the baseline": (
        "id: x\ntitle: T\nfrom: 5\ncommit: ⟦5⟧\nto: 10",
        "OKR407",
        "`commit`, “5”, isn't beyond `from`, “5”",
    ),
    "stretch short of the target": (
        "id: x\ntitle: T\nfrom: 0\nto: 10\nstretch: ⟦9⟧",
        "OKR407",
        "`stretch`, “9”, isn't beyond `to`, “10”",
    ),
    "stretch short of the target downwards": (
        "id: x\ntitle: T\nfrom: 20\nto: 10\nstretch: ⟦11⟧",
        "OKR407",
        "`stretch`, “11”, isn't beyond `to`, “10”",
    ),
    "a relative stretch": (
        "id: x\ntitle: T\nfrom: 100\nto: 130\nstretch: ⟦+20%⟧",
        "OKR407",
        "`stretch`, “+20%”, isn't beyond `to`, “130”",
    ),
    "thresholds of a KPI": (
        "id: x\ntitle: T\nkpi: reach\ncommit: 60\nto: 80\nstretch: ⟦70⟧",
        "OKR407",
        "`stretch`, “70”, isn't beyond `to`, “80”",
    ),
    "bounds": (
        "id: x\ntitle: T\nat_least: 9\nat_most: ⟦5⟧",
        "OKR408",
        "no value is at least 9 and at most 5",
    ),
    "a weight of 0": (
        "id: x\ntitle: T\nfrom: 1\nto: 2\nweight: ⟦0⟧",
        "OKR412",
        "“x” weighs 0, though it has no bounds",
    ),
    "milestones of weight 0": (
        "id: x\ntitle: T\nmilestones: {done: 1.0}\nweight: ⟦0⟧",
        "OKR412",
        "“x” weighs 0",
    ),
    "no baseline": (
        "id: x\ntitle: T\nto: ⟦100⟧",
        "OKR413",
        "“x” is to get to “100”, but doesn't say from where",
    ),
    "a relative target of no baseline": ("id: x\ntitle: T\nto: ⟦+10%⟧", "OKR413", "“+10%”"),
    "a grade": (
        "id: x\ntitle: T\nfrom: 1\nto: 2\ngrade: ⟦0.7⟧",
        "OKR414",
        "“x” has a grade, but 2026-Q4 isn't closed",
    ),
}

UNREAD = {
    "a target": "id: x\ntitle: T\nfrom: 1\nto: ⟦many⟧",
    "a bound": "id: x\ntitle: T\nat_least: ⟦many⟧",
    "a misspelt target": "id: x\ntitle: T\nfrom: 1\n⟦too⟧: 2",
    "a misspelt baseline": "id: x\ntitle: T\n⟦form⟧: 1\nto: 2",
    "a baseline": "id: x\ntitle: T\nfrom: ⟦few⟧\nto: 2",
    "a KPI's target": "id: x\ntitle: T\nkpi: reach\nto: ⟦many⟧",
    "milestones": "id: x\ntitle: T\nmilestones: ⟦done⟧",
    "a milestone": "id: x\ntitle: T\nmilestones: {signed: ⟦half⟧, live: 0.9}",
    "a weight": "id: x\ntitle: T\nfrom: 1\nto: 2\nweight: ⟦-1⟧",
    "a bound of weight 0": "id: x\ntitle: T\nat_least: 3\nat_most: ⟦many⟧\nweight: 0",
}


@pytest.mark.unmeasured
@pytest.mark.parametrize("metric", FINE.values(), ids=FINE)
def test_every_kind_of_metric_passes(open_workspace: OpenWorkspace, metric: str) -> None:
    expect(open_workspace, KPIS | {PLAN: with_key_result(f"id: x\ntitle: T\n{metric}")})


@pytest.mark.parametrize(("lines", "code", "phrase"), NOT_FINE.values(), ids=NOT_FINE)
def test_a_metric_that_does_not_hold_is_one_finding(
    open_workspace: OpenWorkspace, lines: str, code: str, phrase: str
) -> None:
    (found,) = expect(open_workspace, KPIS | {PLAN: with_key_result(lines)}, [(code, phrase)])
    assert found.severity is (Severity.WARNING if code in {"OKR412", "OKR414"} else Severity.ERROR)
    assert found.finding.ref == "2026-Q4/marketing/brand/x"


@pytest.mark.parametrize("lines", UNREAD.values(), ids=UNREAD)
def test_what_cannot_be_read_has_no_consequences(open_workspace: OpenWorkspace, lines: str) -> None:
    found = diagnose(open_workspace(KPIS | {PLAN: with_key_result(lines).replace("⟦", "").replace("⟧", "")}))
    assert [each.code[:4] for each in found] == ["OKR1"]


def test_an_unknown_baseline_waits_for_a_first_value(open_workspace: OpenWorkspace) -> None:
    (found,) = expect(
        open_workspace,
        {PLAN: with_key_result("id: x\ntitle: T\nfrom: ⟦unknown⟧\nto: 2")},
        [("OKR409", "2026-Q4 has begun, and the baseline of “x” is still unknown")],
    )
    assert found.severity is Severity.WARNING


UNKNOWN = "id: x\ntitle: T\nfrom: unknown\nto: 2"


@pytest.mark.parametrize(
    "files",
    [
        {PLAN: with_key_result(UNKNOWN), CYCLE: "state: planning\n"},
        {PLAN: with_key_result(UNKNOWN), CYCLE: "state: closed\n"},
        {PLAN: with_key_result(UNKNOWN), LOG: "- {date: 2026-10-05, kr: brand/x, value: 1}\n"},
        {"okrs/2027-Q1/marketing.yaml": with_key_result(UNKNOWN)},
        {
            PLAN: with_key_result(UNKNOWN + "\nformerly: old"),
            LOG: "- {date: 2026-10-05, kr: brand/old, value: 1}\n",
        },
        KPIS
        | {
            PLAN: with_key_result(UNKNOWN + "\nkpi: reach"),
            "checkins/kpis.yaml": "- {date: 2026-10-05, kpi: reach, value: 1}\n",
        },
    ],
    ids=["planning", "closed", "checked in", "not begun", "under its former id", "the KPI is measured"],
)
def test_a_baseline_may_be_unknown(open_workspace: OpenWorkspace, files: dict[str, str]) -> None:
    expect(open_workspace, files)


@pytest.mark.parametrize(
    "log",
    [
        "- {date: 2026-10-05, kr: brand/visits, value: 1}\n",
        "- {date: 2026-10-05, kr: brand/x, confidence: 0.5}\n",
        "- {date: 2026-10-05, kr: brand/x, value: 1}\n- {date: 2026-10-06, kr: brand/x, retracts: 2026-10-05}\n",
    ],
    ids=["of another key result", "a confidence", "taken back"],
)
def test_a_baseline_stays_unknown_without_a_value(open_workspace: OpenWorkspace, log: str) -> None:
    found = diagnose(open_workspace({PLAN: with_key_result(UNKNOWN), LOG: log}))
    assert [each.code for each in found] == ["OKR409"]


@pytest.mark.parametrize(
    "kpi_log",
    ["- {date: 2026-09-05, kpi: reach, value: 1}\n", "- {date: 2026-10-05, kpi: other, value: 1}\n", None],
    ids=["before the cycle", "another KPI", "no log"],
)
def test_a_kpis_baseline_stays_unknown_without_a_measurement(
    open_workspace: OpenWorkspace, kpi_log: str | None
) -> None:
    files = {
        "kpis.yaml": "kpis: [{id: reach, name: Reach}, {id: other, name: Other}]\n",
        PLAN: with_key_result(UNKNOWN + "\nkpi: reach"),
    }
    if kpi_log is not None:
        files["checkins/kpis.yaml"] = kpi_log
    assert "OKR409" in [each.code for each in diagnose(open_workspace(files))]


@pytest.mark.parametrize(
    "log",
    ["- {date: [\n", "a: b\n", "- {date: 2026-10-05, kr: brand/x, value: [1]}\n"],
    ids=["no YAML", "no list", "no value"],
)
def test_a_log_that_cannot_be_read_may_hold_the_baseline(open_workspace: OpenWorkspace, log: str) -> None:
    found = diagnose(open_workspace({PLAN: with_key_result(UNKNOWN), LOG: log}))
    assert {each.finding.path for each in found} == {LOG}


@pytest.mark.parametrize(
    "record", ["{date: 2026-10-05, kr: not a reference, value: 1}", "{date: 2026-10-05, value: 1}"]
)
def test_a_line_about_nothing_gives_no_baseline(open_workspace: OpenWorkspace, record: str) -> None:
    found = diagnose(open_workspace({PLAN: with_key_result(UNKNOWN), LOG: f"- {record}\n"}))
    assert "OKR409" in [each.code for each in found]


@pytest.mark.parametrize(("facts", "codes"), [("state: closed\n", []), ("state: planning\n", ["OKR414"])])
def test_a_grade_belongs_to_a_closed_cycle(
    open_workspace: OpenWorkspace, facts: str, codes: list[str]
) -> None:
    graded = with_key_result("id: x\ntitle: T\nfrom: 1\nto: 2\ngrade: 0.7")
    found = diagnose(open_workspace({PLAN: graded, CYCLE: facts}))
    assert [each.code for each in found] == codes


def test_a_grade_is_not_judged_where_the_state_cannot_be_read(open_workspace: OpenWorkspace) -> None:
    graded = with_key_result("id: x\ntitle: T\nfrom: 1\nto: 2\ngrade: 0.7")
    expect(open_workspace, {PLAN: graded, CYCLE: "state: ⟦over⟧\n"}, [("OKR115", "“over”")])


@pytest.mark.parametrize(("facts", "found"), [("closed", []), ("active", ["OKR421", "OKR421"])])
def test_what_comes_next_belongs_to_a_closed_cycle(
    open_workspace: OpenWorkspace, facts: str, found: list[str]
) -> None:
    inner = """
        id: brand
        title: Be the one people think of
        next: drop
        key_results:
          - {id: a, title: T, from: 1, to: 2, next: carry}
          - {id: b, title: T, from: 1, to: 2}
        """
    diagnostics = diagnose(open_workspace({PLAN: plan(inner), CYCLE: f"state: {facts}\n"}))
    assert [each.code for each in diagnostics] == found
    places = [(each.finding.place.line, each.finding.ref) for each in diagnostics]
    assert places == [(4, "2026-Q4/marketing/brand"), (6, "2026-Q4/marketing/brand/a")][: len(found)]


def test_what_comes_next_is_not_judged_where_the_state_cannot_be_read(open_workspace: OpenWorkspace) -> None:
    files = {PLAN: with_key_result("id: x\ntitle: T\nfrom: 1\nto: 2\nnext: keep"), CYCLE: "state: ⟦over⟧\n"}
    expect(open_workspace, files, [("OKR115", "“over”")])


REASON = "id: x\ntitle: T\nfrom: 1\nto: 2\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("grade_reason: ⟦It fell⟧", [("OKR422", "“x” says why its grade is what it is, but has none")]),
        ("grade: 0.3\ngrade_reason: It fell", []),
        ("grade: ⟦low⟧\ngrade_reason: It fell", [("OKR114", "“low”")]),
        ("⟦grad⟧: 0.3\ngrade_reason: It fell", [("OKR112", "grad")]),
    ],
)
def test_a_reason_is_one_for_a_grade(
    open_workspace: OpenWorkspace, lines: str, expected: list[tuple[str, str]]
) -> None:
    expect(open_workspace, {PLAN: with_key_result(REASON + lines), CYCLE: "state: closed\n"}, expected)


def test_causes_of_their_own_are_findings_of_their_own(open_workspace: OpenWorkspace) -> None:
    inner = """
        id: brand
        title: Be the one people think of
        key_results:
          - {id: a, title: T, from: 1, to: 2, weight: ⟦0⟧, grade: ⟦0.5⟧}
          - {id: b, title: T, at_least: 9, at_most: ⟦5⟧, ⟦from⟧: 3}
        """
    expect(
        open_workspace,
        {PLAN: plan(inner)},
        [("OKR412", "“a”"), ("OKR414", "“a”"), ("OKR408", "no value"), ("OKR403", "“b”")],
    )


def test_nothing_is_found_where_nothing_is_wrong(open_workspace: OpenWorkspace) -> None:
    expect(open_workspace, {PLAN: TWO})


SITE = "kpis:\n  - {id: site, name: Visits, unit: visits, formerly: [traffic]}\n"
REPEATED = {
    "one KPI to two targets": (
        "{id: a, title: A, kpi: site, from: 1, to: 5}",
        "{id: b, title: B, kpi: ⟦traffic⟧, from: 1, to: 6}",
        Severity.WARNING,
    ),
    "one KPI within two bounds": (
        "{id: a, title: A, kpi: site, at_least: 5}",
        "{id: b, title: B, kpi: ⟦site⟧, at_least: 6}",
        Severity.WARNING,
    ),
    "the same way": (
        "{id: a, title: A, unit: Visits, from: 1, to: 5}",
        "{id: b, title: B, unit: visits, from: 1, to: ⟦5⟧}",
        Severity.INFO,
    ),
}


@pytest.mark.parametrize(("first", "second", "severity"), REPEATED.values(), ids=REPEATED.keys())
def test_a_metric_that_stands_twice(
    open_workspace: OpenWorkspace, first: str, second: str, severity: Severity
) -> None:
    files = {"kpis.yaml": SITE, PLAN: with_key_results(first, second)}
    (found,) = expect(open_workspace, files, [("OKR419", "“b” is measured by the same numbers as brand/a")])
    assert found.severity is severity


ALIKE = {
    "a target and a guardrail": ("kpi: site, from: 1, to: 5", "kpi: site, at_least: 5, weight: 0"),
    "shares": ('unit: "%", from: 0, to: 100', 'unit: "%", from: 0, to: 100'),
    "no units": ("from: 1, to: 5", "from: 1, to: 5"),
    "other targets": ("unit: visits, from: 1, to: 5", "unit: visits, from: 1, to: 6"),
    "other units": ("unit: visits, from: 1, to: 5", "unit: fans, from: 1, to: 5"),
    "baselines to be measured": ("unit: visits, from: unknown, to: 5", "unit: visits, from: unknown, to: 5"),
}


@pytest.mark.parametrize(("first", "second"), ALIKE.values(), ids=ALIKE.keys())
def test_metrics_that_are_only_alike(open_workspace: OpenWorkspace, first: str, second: str) -> None:
    text = with_key_results(f"{{id: a, title: A, {first}}}", f"{{id: b, title: B, {second}}}")
    found = diagnose(open_workspace({"kpis.yaml": SITE, PLAN: text}))
    assert "OKR419" not in {each.code for each in found}


def test_what_cannot_be_read_is_not_compared(open_workspace: OpenWorkspace) -> None:
    text = with_key_results(
        "{id: a, title: A, kpi: nope, to: [5]}",
        "{id: b, title: B, kpi: nope, to: 5}",
        "{id: c, title: C, kpi: nope, to: 5}",
    )
    found = diagnose(open_workspace({"kpis.yaml": SITE, PLAN: text}))
    assert "OKR419" not in {each.code for each in found}
