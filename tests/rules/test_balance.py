from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from okr.diagnostics import Severity
from okr.rules.engine import diagnose
from okr.sources import Folder
from okr.workspace import Workspace
from tests.rules.cases import TWO, expect, plan

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace, WriteWorkspace

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


def with_key_results(*key_results: str, more: str = "", title: str = "Be known") -> str:
    lines = "".join(f"\n  - {each}" for each in key_results)
    return plan(f"id: brand\ntitle: {title}\n{more}key_results:{lines}")


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


def codes_and_messages(workspace: Workspace, code: str) -> list[tuple[str, str]]:
    return [(each.finding.path, each.finding.message) for each in diagnose(workspace) if each.code == code]


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


KPIS = "kpis:\n  - {id: site, name: Visits, unit: visits, formerly: [traffic]}\n"
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
    files = {"kpis.yaml": KPIS, PLAN: with_key_results(first, second)}
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
    found = diagnose(open_workspace({"kpis.yaml": KPIS, PLAN: text}))
    assert "OKR419" not in {each.code for each in found}


def test_what_cannot_be_read_is_not_compared(open_workspace: OpenWorkspace) -> None:
    text = with_key_results(
        "{id: a, title: A, kpi: nope, to: [5]}",
        "{id: b, title: B, kpi: nope, to: 5}",
        "{id: c, title: C, kpi: nope, to: 5}",
    )
    found = diagnose(open_workspace({"kpis.yaml": KPIS, PLAN: text}))
    assert "OKR419" not in {each.code for each in found}


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


# What check-ins say of the plan

LOG = "checkins/2026-Q4/marketing.yaml"
NUMBERS = with_key_results(
    "{id: a, title: A, unit: fans, from: 10, to: 20}",
    "{id: b, title: B, unit: sales, from: 90, to: -30%}",
    "{id: c, title: C, unit: talks, from: 1, to: 5, stretch: 9}",
    "{id: d, title: D, kpi: site, from: 1, to: 5}",
    "{id: e, title: E, unit: calls, from: unknown, to: 5}",
)
FIRST_DAYS = {
    "at the target": ("- {date: 2026-10-01, kr: brand/a, value: 20}", ["“a” is to get to “20”, but was at 20 on 2026-10-01 already"]),
    "beyond it": ("- {date: 2026-10-07, kr: brand/a, value: 25.5}", ["“a” is to get to “20”, but was at 25.5 on 2026-10-07 already"]),
    "down to it": ("- {date: 2026-10-02, kr: brand/b, value: 60}", ["“b” is to get to “-30%”, but was at 60 on 2026-10-02 already"]),
    "a week later": ("- {date: 2026-10-08, kr: brand/a, value: 20}", []),
    "on the way": ("- {date: 2026-10-01, kr: brand/a, value: 19}\n- {date: 2026-10-02, kr: brand/a, value: 20}", []),
    "taken back": ("- {date: 2026-10-01, kr: brand/a, value: 20}\n- {date: 2026-10-02, kr: brand/a, retracts: 2026-10-01}", []),
    "at the target, not the stretch": ("- {date: 2026-10-01, kr: brand/c, value: 5}", []),
    "at the stretch": ("- {date: 2026-10-01, kr: brand/c, value: 9}", ["“c” is to get to “5”, but was at 9 on 2026-10-01 already"]),
    "a baseline": ("- {date: 2026-10-01, kr: brand/e, value: 7}", []),
    "no number": ("- {date: 2026-10-01, kr: brand/a, value: many}", []),
}  # fmt: skip


@pytest.mark.parametrize(("log", "messages"), FIRST_DAYS.values(), ids=FIRST_DAYS.keys())
def test_a_target_is_not_reached_on_the_first_day(
    open_workspace: OpenWorkspace, log: str, messages: list[str]
) -> None:
    workspace = open_workspace({"kpis.yaml": KPIS, PLAN: NUMBERS, LOG: f"{log}\n"})
    assert codes_and_messages(workspace, "OKR420") == [(PLAN, message) for message in messages]


def test_nor_by_its_kpi(open_workspace: OpenWorkspace) -> None:
    files = {
        "kpis.yaml": KPIS,
        PLAN: NUMBERS,
        "checkins/kpis.yaml": "- {date: 2026-10-03, kpi: traffic, value: 6}\n",
    }
    assert codes_and_messages(open_workspace(files), "OKR420") == [
        (PLAN, "“d” is to get to “5”, but was at 6 on 2026-10-03 already")
    ]
    closed = files | {"okrs/2026-Q4/cycle.yaml": "state: closed\n"}
    assert codes_and_messages(open_workspace(closed), "OKR420") == []


FOLLOWED = with_key_results(
    "{id: a, title: A, unit: fans, from: 10, to: 20}",
    "{id: b, title: B, unit: sales, from: 90, to: 120}",
    DONE % "c",
    LADDER % "d",
)
ALIVE = "- {date: 2026-11-16, kr: brand/b, value: 91}\n"
STALE = {
    "two periods": ("- {date: 2026-11-09, kr: brand/a, value: 11}\n- {date: 2026-11-09, kr: brand/d, confidence: 0.5}\n", []),
    "a day longer": (
        "- {date: 2026-11-08, kr: brand/a, value: 11}\n- {date: 2026-11-09, kr: brand/d, value: beta}\n",
        ["“a” has had no check-in since 2026-11-08, 15 days ago"],
    ),
    "never": (
        "- {date: 2026-11-09, kr: brand/d, value: beta}\n",
        ["“a” has had no check-in in the 53 days since 2026-Q4 began"],
    ),
    "reached long ago": (
        "- {date: 2026-10-19, kr: brand/a, value: 21}\n- {date: 2026-10-19, kr: brand/d, value: live}\n", [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("log", "messages"), STALE.values(), ids=STALE.keys())
def test_a_key_result_is_not_forgotten_beside_others(
    open_workspace: OpenWorkspace, log: str, messages: list[str]
) -> None:
    workspace = open_workspace({PLAN: FOLLOWED.partition("  - id: yet-more")[0], LOG: log + ALIVE})
    assert codes_and_messages(workspace, "OKR515") == [(PLAN, message) for message in messages]


@pytest.mark.parametrize(
    ("log", "facts"),
    [
        ("- {date: 2026-10-16, kr: brand/b, value: 91}\n", ""),
        (ALIVE, "state: planning\n"),
        (ALIVE, "ends: 2026-11-20\n"),
        (f"{ALIVE}- [\n", ""),
    ],
    ids=["nobody checks in", "planned", "over", "a log that can't be read"],
)
def test_a_plan_that_nobody_follows_now_is_another_matter(
    open_workspace: OpenWorkspace, log: str, facts: str
) -> None:
    files = {PLAN: FOLLOWED, LOG: log} | ({"okrs/2026-Q4/cycle.yaml": facts} if facts else {})
    assert codes_and_messages(open_workspace(files), "OKR515") == []


def closed(cycle: str, *key_results: str, kind: str = "aspirational") -> dict[str, str]:
    text = with_key_results(*key_results, more=f"type: {kind}\n").partition("  - id: yet-more")[0]
    return {f"okrs/{cycle}/cycle.yaml": "state: closed\n", f"okrs/{cycle}/marketing.yaml": text}


GRADED = "{id: a, title: A, from: 10, to: 20, grade: %s}"
PLAIN = "{id: a, title: A, from: 10, to: 20}"
IN_FULL = closed("2026-Q2", GRADED % "1.0") | closed("2026-Q3", GRADED % "1")
ALWAYS = "marketing has reached every aspirational key result of 2026-Q2 and 2026-Q3 in full"


def log_of(cycle: str, line: str) -> dict[str, str]:
    return {f"checkins/{cycle}/marketing.yaml": f"- {{{line}}}\n"}


HISTORY = {
    "twice in full": (IN_FULL, ALWAYS),
    "by what was checked in": (
        closed("2026-Q2", PLAIN, LADDER % "b") | closed("2026-Q3", PLAIN)
        | {"checkins/2026-Q2/marketing.yaml": "- {date: 2026-06-01, kr: brand/a, value: 22}\n- {date: 2026-06-01, kr: brand/b, value: live}\n"}
        | log_of("2026-Q3", "date: 2026-09-01, kr: brand/a, value: 20"),
        ALWAYS,
    ),
    "beside bounds and guardrails": (
        IN_FULL | closed("2026-Q3", GRADED % "1", "{id: b, title: B, at_most: 5}", "{id: c, title: C, from: 1, to: 2, weight: 0}"),
        ALWAYS,
    ),
    "once not": (IN_FULL | closed("2026-Q3", GRADED % "0.7"), None),
    "once only": (closed("2026-Q3", GRADED % "1.0"), None),
    "never checked in": (IN_FULL | closed("2026-Q3", PLAIN), None),
    "a milestone short": (
        IN_FULL | closed("2026-Q3", LADDER % "b") | log_of("2026-Q3", "date: 2026-09-01, kr: brand/b, value: beta"), None,
    ),
    "as promised": (IN_FULL | closed("2026-Q3", GRADED % "1.0", kind="committed"), None),
    "not closed": (IN_FULL | {"okrs/2026-Q3/cycle.yaml": "state: active\n"}, None),
    "other kinds of cycles": (closed("2025", GRADED % "1.0") | closed("2026-09", GRADED % "1.0"), None),
}  # fmt: skip


@pytest.mark.parametrize(("files", "message"), HISTORY.values(), ids=HISTORY.keys())
def test_targets_reached_in_full_cycle_after_cycle(
    open_workspace: OpenWorkspace, files: dict[str, str], message: str | None
) -> None:
    found = codes_and_messages(open_workspace({PLAN: TWO} | files), "OKR211")
    assert found == ([] if message is None else [(PLAN, message)])


def test_what_follows_is_only_told_where_it_can_be_changed(write_workspace: WriteWorkspace) -> None:
    root = write_workspace({PLAN: TWO, "okrs/2026-Q4/cycle.yaml": "state: closed\n"} | IN_FULL)
    workspace = Workspace(Folder(root), as_of=date(2027, 1, 5), title="acme")
    assert codes_and_messages(workspace, "OKR211") == []
    root = write_workspace(
        {
            PLAN: TWO.replace("    key_results", "    type: committed\n    key_results"),
            "okrs/2026-Q4/cycle.yaml": "",
        }
    )
    workspace = Workspace(Folder(root), as_of=date(2026, 11, 23), title="acme")
    assert codes_and_messages(workspace, "OKR211") == []
