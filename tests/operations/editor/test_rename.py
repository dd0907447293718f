"""A new id: every reference follows, the old id is kept, and no log line or closed plan changes."""

from __future__ import annotations

import pytest

from okr.errors import OkrError, UsageError
from okr.operations.editor.rename import rename
from okr.operations.editor.things import Kind, Thing
from okr.rules.engine import diagnose
from okr.sources import Overlay
from okr.workspace import Workspace
from tests.cli.conftest import SMALL_WORKSPACE
from tests.conftest import TODAY, OpenWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
COMPANY = "okrs/2026/company.yaml"
MORE = {
    "kpis.yaml": "kpis:\n  - {id: mau, name: Users, owner: marketing}\n",
    "checkins/kpis.yaml": "- {date: 2026-10-01, kpi: mau, value: 3, by: bob}\n",
    "okrs/2026-Q4/bob.yaml": """\
objectives:
  - id: help
    title: Help everyone find us
    supports: [marketing/brand, "\\x6darketing/brand"]   # both the same
    depends_on: '2026-Q4/marketing/brand/visits'
    key_results:
      - {id: users, title: 10 users more, kpi: mau, from: 3, to: 13, owner: bob}
      - {id: calls, title: 5 calls a day, from: 1, to: 5}
  - id: learn
    title: Learn what they came for
    supports: marketing/speed
    key_results:
      - {id: talks, title: 10 talks, from: 0, to: 10}
      - {id: notes, title: 8 notes, from: 0, to: 8}
""",
    "okrs/2025-Q4/cycle.yaml": "state: closed\n",
    "okrs/2025-Q4/bob.yaml": """\
objectives:
  - id: before
    title: Begin
    owner: bob
    key_results:
      - {id: first, title: 3 firsts, kpi: mau, from: 1, to: 3, grade: 1.0}
""",
}


@pytest.fixture
def workspace(open_workspace: OpenWorkspace) -> Workspace:
    return open_workspace(SMALL_WORKSPACE | MORE)


def changed(workspace: Workspace, thing: Thing, new: str) -> dict[str, list[str]]:
    """The lines that a new id brings, by file; what nobody changes stays, and no finding is new."""
    found = rename(workspace, thing, new)
    files = Overlay(workspace.files, {each.document.path: each.after.encode() for each in found})
    after = Workspace(files, as_of=TODAY, title="acme")
    assert [(each.code, each.finding.path) for each in diagnose(after)] == [
        (each.code, each.finding.path) for each in diagnose(workspace)
    ]
    lines = {}
    for each in found:
        old, now = each.document.text.splitlines(), each.after.splitlines()
        lines[each.document.path] = [line.strip() for line in now if line not in old]
    return lines


def test_an_objective(workspace: Workspace) -> None:
    assert changed(workspace, Thing(Kind.OBJECTIVE, "2026-Q4/marketing/brand"), "name") == {
        "okrs/2026-Q4/bob.yaml": [
            "supports: [marketing/name, marketing/name]   # both the same",
            "depends_on: '2026-Q4/marketing/name/visits'",
        ],
        PLAN: ["- id: name", "formerly: [brand]"],
    }


def test_a_key_result_of_many_lines_keeps_its_order_and_its_log(workspace: Workspace) -> None:
    thing = Thing(Kind.KEY_RESULT, "2026-Q4/marketing/brand/visits")
    (other, own) = rename(workspace, thing, "hits")
    assert (other.document.path, own.document.path) == ("okrs/2026-Q4/bob.yaml", PLAN)
    assert own.after == SMALL_WORKSPACE[PLAN].replace("id: visits", "id: hits").replace(
        "        weight: 2\n", "        weight: 2\n        formerly: [visits]\n"
    )
    assert changed(workspace, thing, "hits")["okrs/2026-Q4/bob.yaml"] == [
        "depends_on: '2026-Q4/marketing/brand/hits'"
    ]


def test_a_key_result_within_braces(workspace: Workspace) -> None:
    assert changed(workspace, Thing(Kind.KEY_RESULT, "2026-Q4/marketing/brand/launch"), "on") == {
        PLAN: [
            '- {id: "on", title: The new site is live, milestones: {signed: 0.3, beta: 0.7, live: 1.0}, formerly: [launch]}'
        ]
    }


def test_a_kpi_leaves_closed_plans_and_logs_as_they_are(workspace: Workspace) -> None:
    assert changed(workspace, Thing(Kind.KPI, "mau"), "users") == {
        "kpis.yaml": ["- {id: users, name: Users, owner: marketing, formerly: [mau]}"],
        "okrs/2026-Q4/bob.yaml": [
            "- {id: users, title: 10 users more, kpi: users, from: 3, to: 13, owner: bob}"
        ],
    }


def test_a_team_keeps_its_files(workspace: Workspace) -> None:
    assert changed(workspace, Thing(Kind.OWNER, "marketing"), "growth") == {
        "kpis.yaml": ["- {id: mau, name: Users, owner: growth}"],
        "okrs/2026-Q4/bob.yaml": [
            "supports: [growth/brand, growth/brand]   # both the same",
            "depends_on: '2026-Q4/growth/brand/visits'",
            "supports: growth/speed",
        ],
        "org.yaml": [
            "- {id: growth, name: Marketing, parent: company, lead: alice, formerly: [marketing]}",
            "- {id: alice, name: Alice Martin, email: alice@acme.example, team: growth}",
            "- {id: bob, name: Bob Stone, email: bob@acme.example, team: growth}",
        ],
    }


def test_back_to_a_former_id(open_workspace: OpenWorkspace) -> None:
    plan = SMALL_WORKSPACE[PLAN].replace("- id: brand\n", "- id: brand\n    formerly: [name, fame]\n")
    workspace = open_workspace(SMALL_WORKSPACE | {PLAN: plan})
    lines = changed(workspace, Thing(Kind.OBJECTIVE, "2026-Q4/marketing/brand"), "fame")
    assert lines == {PLAN: ["- id: fame", "formerly: [name, brand]"]}


def test_the_same_id_changes_nothing(workspace: Workspace) -> None:
    assert rename(workspace, Thing(Kind.OWNER, "bob"), "bob") == ()


def test_every_other_byte_stays(open_workspace: OpenWorkspace) -> None:
    text = "# Ours\r\nobjectives:\r\n-   id: a   # mine\r\n    title: 'One'\r\n\r\n# end"
    workspace = open_workspace({"okrs/2026-Q4/bob.yaml": text})
    (found,) = rename(workspace, Thing(Kind.OBJECTIVE, "2026-Q4/bob/a"), "b")
    assert found.after == text.replace("id: a ", "id: b ").replace(
        "'One'\r\n", "'One'\r\n    formerly: [a]\r\n"
    )


REFUSED = {
    "no id": (Kind.OBJECTIVE, "2026-Q4/marketing/brand", "Our Brand", UsageError, "“Our Brand” is no id"),
    "a sibling's": (Kind.OBJECTIVE, "2026-Q4/marketing/brand", "speed", UsageError, "the id speed is, or was, another objective's"),
    "a key result's beside it": (Kind.KEY_RESULT, "2026-Q4/marketing/brand/visits", "launch", UsageError, "another key result's"),
    "a person's": (Kind.OWNER, "marketing", "bob", UsageError, "another owner's"),
    "another KPI's": (Kind.KPI, "mau", "nps", UsageError, "another KPI's"),
    "one that a log names": (Kind.KEY_RESULT, "2026-Q4/marketing/brand/visits", "gone", UsageError, "is, or was, another"),
    "a cycle's for a team": (Kind.OWNER, "marketing", "2027", UsageError, "reads like a cycle"),
    "that of a file": (Kind.OWNER, "marketing", "cycle", UsageError, "reads like a cycle"),
    "in a closed cycle": (Kind.OBJECTIVE, "2025-Q4/bob/before", "after", OkrError, "the cycle 2025-Q4 is closed"),
    "of nothing": (Kind.OWNER, "nobody", "somebody", OkrError, "no file defines the owner nobody"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "new", "error", "said"), REFUSED.values(), ids=REFUSED)
def test_what_can_be_no_new_id_is_refused(
    open_workspace: OpenWorkspace, kind: Kind, name: str, new: str, error: type[OkrError], said: str
) -> None:
    kpis = "kpis:\n  - {id: mau, name: Users}\n  - {id: nps, name: NPS}\n"
    log = (
        SMALL_WORKSPACE["checkins/2026-Q4/marketing.yaml"]
        + "- {date: 2026-10-20, kr: brand/gone, value: 1}\n"
    )
    workspace = open_workspace(
        SMALL_WORKSPACE | MORE | {"kpis.yaml": kpis, "checkins/2026-Q4/marketing.yaml": log}
    )
    with pytest.raises(error) as refused:
        rename(workspace, Thing(kind, name), new)
    assert said in refused.value.message
    assert COMPANY in SMALL_WORKSPACE


def test_a_file_that_can_t_be_changed_safely_is_refused(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace({"okrs/2026-Q4/bob.yaml": "objectives:\n  - {id: a, title: &x One}\n"})
    with pytest.raises(OkrError, match=r"okrs/2026-Q4/bob\.yaml can't be changed safely"):
        rename(workspace, Thing(Kind.OBJECTIVE, "2026-Q4/bob/a"), "b")
