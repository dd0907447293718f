from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from okr.operations.due import due_checkins

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace

ORG = """\
teams:
  - {id: web, name: Web, lead: alicia}
  - {id: shop, name: Shop}
people:
  - {id: bob, name: Bob}
  - {id: alice, name: Alice, formerly: [alicia]}
"""
KR = "- {id: %s, title: %s, unit: x, from: 0, to: 10%s}"

TAKEN_BACK = """\
- {date: 2026-11-10, kr: o/a, value: 1}
- {date: 2026-11-20, kr: o/a, value: 2}
- {date: 2026-11-21, kr: o/a, retracts: 2026-11-20}
"""


def plan(*key_results: str, owner: str = "") -> str:
    lines = "".join(f"      {each}\n" for each in key_results)
    return f"objectives:\n  - id: o\n    title: Be seen\n{owner}    key_results:\n{lines}"


def told(
    open_workspace: OpenWorkspace,
    files: dict[str, str],
    *,
    owner: str | None = None,
    person: str | None = None,
) -> list[tuple[str, str | None, int]]:
    found = due_checkins(open_workspace({"org.yaml": ORG} | files), owner=owner, person=person)
    return [(found.short(each.reference), each.person, each.days_late) for each in found.due]


@pytest.mark.parametrize(
    ("log", "late"),
    [
        ("", 46),
        ("- {date: 2026-11-16, kr: o/a, value: 1}\n", 0),
        ("- {date: 2026-11-15, kr: o/a, confidence: 0.5}\n", 1),
        ("- {date: 2026-11-17, kr: o/a, value: 1}\n", None),
        ("- {date: 2026-11-24, kr: o/a, value: 1}\n", 46),
        (
            TAKEN_BACK,
            6,
        ),
        ("- {date: 2026-11-01, kr: o/a, value: 10}\n", None),
    ],
    ids=["never", "today", "confidence only", "not yet", "of the future", "taken back", "achieved"],
)
def test_days_late(open_workspace: OpenWorkspace, log: str, late: int | None) -> None:
    files = {"okrs/2026-Q4/web.yaml": plan(KR % ("a", "A", ""))}
    if log:
        files["checkins/2026-Q4/web.yaml"] = log
    assert [each[2] for each in told(open_workspace, files)] == ([] if late is None else [late])


def test_whom_it_is_asked_of(open_workspace: OpenWorkspace) -> None:
    files = {
        "okrs/2026-Q4/web.yaml": plan(
            KR % ("a", "A", ""), KR % ("b", "B", ", owner: bob"), KR % ("c", "C", ", weight: 0")
        ),
        "okrs/2026-Q4/shop.yaml": plan(KR % ("a", "A", "")),
        "okrs/2026-Q4/bob.yaml": plan(KR % ("a", "A", ""), owner="    owner: alice\n"),
    }
    every = [
        ("web/o/b", "bob", 46),
        ("web/o/a", "alice", 46),
        ("web/o/c", "alice", 46),
        ("bob/o/a", "alice", 46),
        ("shop/o/a", "shop", 46),
    ]
    assert told(open_workspace, files) == every
    assert [each[0] for each in told(open_workspace, files, owner="web")] == ["web/o/b", "web/o/a", "web/o/c"]
    assert [each[0] for each in told(open_workspace, files, owner="bob")] == ["web/o/b", "bob/o/a"]
    assert [each[0] for each in told(open_workspace, files, person="alicia")] == []
    assert [each[0] for each in told(open_workspace, files, person="alice")] == [
        "web/o/a",
        "web/o/c",
        "bob/o/a",
    ]


@pytest.mark.parametrize(
    ("owner", "person"),
    [(", owner: bob", "bob"), (", owner: web", "alice"), (", owner: shop", "shop"), ("", "alice")],
    ids=["a person", "a team with a lead", "a team without", "nobody"],
)
def test_a_kpi_is_asked_for_once(open_workspace: OpenWorkspace, owner: str, person: str) -> None:
    files = {
        "kpis.yaml": f"kpis:\n  - {{id: site, name: Visits{owner}}}\n  - {{id: idle, name: Idle}}\n",
        "checkins/kpis.yaml": "- {date: 2026-09-28, kpi: site, value: 4}\n- {date: 2026-12-01, kpi: site, value: 4}\n",
        "okrs/2026-Q4/shop.yaml": plan("- {id: k, title: K, kpi: site, to: 20}"),
        "okrs/2026-Q4/web.yaml": plan(
            "- {id: k, title: K, kpi: site, to: 20}",
            "- {id: l, title: L, kpi: site, at_least: 2}",
            "- {id: m, title: M, kpi: unknown, to: 2}",
        ),
    }
    assert told(open_workspace, files) == [("kpis/site", person, 49)]


def test_a_kpi_that_only_achieved_key_results_use_is_left_out(open_workspace: OpenWorkspace) -> None:
    files = {
        "kpis.yaml": "kpis:\n  - {id: site, name: Visits, owner: bob}\n",
        "checkins/kpis.yaml": "- {date: 2026-10-05, kpi: site, value: 30}\n",
        "okrs/2026-Q4/web.yaml": plan("- {id: k, title: K, kpi: site, from: 1, to: 20}"),
    }
    assert told(open_workspace, files) == []


def test_a_kpi_of_nobody(open_workspace: OpenWorkspace) -> None:
    files = {
        "org.yaml": "teams: [{id: shop, name: Shop}]\n",
        "kpis.yaml": "kpis:\n  - {id: site, name: Visits}\n",
        "okrs/2026-Q4/shop.yaml": plan("- {id: k, title: K, kpi: site, from: 1, to: 20}"),
    }
    assert told(open_workspace, files) == [("kpis/site", None, 46)]


def test_what_names_no_metric_is_left_to_validation(open_workspace: OpenWorkspace) -> None:
    assert told(open_workspace, {"okrs/2026-Q4/web.yaml": plan("- {id: a, title: A}")}) == []


def test_the_next_one(open_workspace: OpenWorkspace) -> None:
    files = {
        "okr.yaml": "checkin_every: 14\n",
        "okrs/2026-Q4/web.yaml": plan(KR % ("a", "A", ""), KR % ("b", "B", "")),
        "checkins/2026-Q4/web.yaml": "- {date: 2026-11-20, kr: o/a, value: 1}\n- {date: 2026-11-18, kr: o/b, value: 1}\n",
    }
    found = due_checkins(open_workspace(files))
    assert found.due == ()
    assert found.next is not None
    assert (found.next.reference, found.next.due, found.next.days_late) == (
        "2026-Q4/web/o/b",
        date(2026, 12, 2),
        -9,
    )


def test_nothing_is_next_beyond_the_end_of_the_cycle(open_workspace: OpenWorkspace) -> None:
    files = {
        "okr.yaml": "checkin_every: 60\n",
        "okrs/2026-Q4/web.yaml": plan(KR % ("a", "A", "")),
        "checkins/2026-Q4/web.yaml": "- {date: 2026-11-20, kr: o/a, value: 1}\n",
    }
    found = due_checkins(open_workspace(files))
    assert (found.due, found.next) == ((), None)
