from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from okr.sources import Folder
from okr.workspace import Workspace
from tests.rules.cases import TWO, codes_and_messages, with_key_results

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace, WriteWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"
KPIS = "kpis:\n  - {id: site, name: Visits, unit: visits, formerly: [traffic]}\n"
DONE = "{id: %s, title: The site is live, milestones: {done: 1.0}}"
LADDER = "{id: %s, title: The site is live, milestones: {beta: 0.5, live: 1.0}}"

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
