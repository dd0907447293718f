from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from okr.contents import KeyResult, Objective, Owner
from okr.errors import OkrError, UsageError
from okr.operations.selecting import objective_of, select, select_any, select_key_result, select_owner
from okr.sources import Folder
from okr.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import OpenWorkspace, WriteWorkspace

ORG = """\
teams:
  - {id: company, name: Acme}
  - {id: marketing, name: Marketing, parent: company, formerly: [promo]}
  - {id: sales, parent: company}
people:
  - {id: alice, name: Alice Martin, email: [alice@acme.example, ALICE@home.example]}
"""


def plan(*names: str, extra: str = "") -> str:
    """A plan from names such as `brand: visits, launch`."""
    text = "objectives:\n"
    for name in names:
        objective, _, inside = name.partition(":")
        text += f"  - id: {objective}\n    title: {objective.title()}\n{extra}    key_results:\n"
        for each in inside.split(","):
            text += f"      - {{id: {each.strip()}, title: Do {each.strip()}, from: 0, to: 10}}\n"
    return text


FILES = {
    "org.yaml": ORG,
    "okrs/2026/company.yaml": plan("lead: share, churn", "team: stay"),
    "okrs/2026-Q3/marketing.yaml": plan("brand: visits, press", "summer: fairs"),
    "okrs/2026-Q2/marketing.yaml": plan("spring: fairs"),
    "okrs/2026-Q4/marketing.yaml": plan("brand: visits, launch", extra="    formerly: [image]\n"),
    "okrs/2026-Q4/sales.yaml": plan("brand: deals", "marketing: brand", "deals: visits"),
}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("launch", "2026-Q4/marketing/brand/launch", id="tail of one part"),
        pytest.param("brand/launch", "2026-Q4/marketing/brand/launch", id="tail of two parts"),
        pytest.param("marketing/brand/visits", "2026-Q4/marketing/brand/visits", id="without the cycle"),
        pytest.param("2026-Q4/marketing/brand", "2026-Q4/marketing/brand", id="whole"),
        pytest.param("FY26-q4/marketing/brand", "2026-Q4/marketing/brand", id="cycle in another spelling"),
        pytest.param(" marketing/brand/ ", "2026-Q4/marketing/brand", id="blanks and a slash"),
        pytest.param("marketing/brand", "2026-Q4/marketing/brand", id="an owner comes before an objective"),
        pytest.param("promo/brand", "2026-Q4/marketing/brand", id="former owner"),
        pytest.param("marketing/image/visits", "2026-Q4/marketing/brand/visits", id="former objective"),
        pytest.param("image/launch", "2026-Q4/marketing/brand/launch", id="tail of a former name"),
        pytest.param("churn", "2026/company/lead/churn", id="the year's, where the quarter has none"),
        pytest.param("company/lead", "2026/company/lead", id="owner of the year"),
        pytest.param("press", "2026-Q3/marketing/brand/press", id="an earlier quarter's"),
        pytest.param("marketing/summer", "2026-Q3/marketing/summer", id="owner of an earlier quarter"),
        pytest.param("deals", None, id="objective or key result"),
        pytest.param("brand", None, id="two owners"),
        pytest.param("fairs", None, id="two earlier quarters"),
    ],
)
def test_select(open_workspace: OpenWorkspace, text: str, meant: str | None) -> None:
    workspace = open_workspace(FILES)
    if meant is None:
        with pytest.raises(UsageError, match="may mean any of"):
            select(workspace, text)
    else:
        assert str(select(workspace, text).reference) == meant


@pytest.mark.parametrize(
    ("text", "cycle", "meant"),
    [
        ("visits", "2026-Q3", "2026-Q3/marketing/brand/visits"),
        ("marketing/brand", "FY26-Q3", "2026-Q3/marketing/brand"),
        ("2026-Q3/marketing/brand", "2026-Q3", "2026-Q3/marketing/brand"),
    ],
)
def test_select_in_one_cycle(open_workspace: OpenWorkspace, text: str, cycle: str, meant: str) -> None:
    assert str(select(open_workspace(FILES), text, cycle=cycle).reference) == meant


def test_select_in_one_cycle_looks_nowhere_else(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(FILES)
    with pytest.raises(UsageError) as caught:
        select(workspace, "launch", cycle="2026-Q3")
    assert caught.value.message == "there is no objective or key result “launch” in 2026-Q3"
    with pytest.raises(UsageError) as caught:
        select(workspace, "2026-Q4/marketing/brand", cycle="2026-Q3")
    assert (
        caught.value.message
        == "“2026-Q4/marketing/brand” is of the cycle 2026-Q4, and --cycle asks for 2026-Q3"
    )
    with pytest.raises(OkrError, match="there is no cycle “autumn”"):
        select(workspace, "launch", cycle="autumn")


def test_candidates_are_named_nearest_first(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(FILES)
    with pytest.raises(UsageError) as caught:
        select(workspace, "fairs")
    assert caught.value.message == "“fairs” may mean any of 2 objectives or key results"
    assert caught.value.remedy == (
        "Name one of them:\n  2026-Q3/marketing/summer/fairs\n  2026-Q2/marketing/spring/fairs"
    )
    assert caught.value.exit_status == 2


def test_near_misses_are_offered(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(FILES)
    with pytest.raises(UsageError) as caught:
        select(workspace, "lanch")
    assert caught.value.remedy == "did you mean marketing/brand/launch?"
    with pytest.raises(UsageError) as caught:
        select(workspace, "zzzzzz")
    assert caught.value.remedy == "`okr status` and `okr tree` show what there is"
    with pytest.raises(UsageError) as caught:
        select_any(workspace, "x" * 500)
    assert len(caught.value.message) < 150


def test_an_empty_workspace_says_what_to_do(open_workspace: OpenWorkspace) -> None:
    with pytest.raises(UsageError) as caught:
        select(open_workspace({}), "brand")
    assert caught.value.remedy == "no plan has an objective yet: `okr new objective`"


@pytest.mark.parametrize(("count", "last"), [(9, "  marketing/o8/same"), (12, "  and 4 more")])
def test_many_candidates_are_cut_short(open_workspace: OpenWorkspace, count: int, last: str) -> None:
    names = [f"o{number}: same" for number in range(count)]
    with pytest.raises(UsageError) as caught:
        select(open_workspace({"okrs/2026-Q4/marketing.yaml": plan(*names)}), "same")
    assert caught.value.remedy is not None
    assert caught.value.remedy.splitlines()[-1] == last


def test_key_results_only(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(FILES)
    objective, key_result = select_key_result(workspace, "sales/deals/visits")
    assert (str(objective.reference), str(key_result.reference)) == (
        "2026-Q4/sales/deals", "2026-Q4/sales/deals/visits",
    )  # fmt: skip
    # As an objective too, `deals` would be ambiguous; `marketing/brand` is an owner's objective first.
    assert str(select_key_result(workspace, "deals")[1].reference) == "2026-Q4/sales/brand/deals"
    assert (
        str(select_key_result(workspace, "marketing/brand")[1].reference) == "2026-Q4/sales/marketing/brand"
    )
    assert select_key_result(workspace, "press", "2026-Q3")[1].title == "Do press"


@pytest.mark.parametrize("text", ["company/lead", "lead"])
def test_an_objective_is_no_key_result(open_workspace: OpenWorkspace, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        select_key_result(open_workspace(FILES), text)
    assert caught.value.message == f"“{text}” is an objective: a check-in is made on one of its key results"
    assert caught.value.remedy == "Name one of them:\n  2026/company/lead/share\n  2026/company/lead/churn"


def test_an_objective_without_key_results(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(
        {"okrs/2026-Q4/marketing.yaml": "objectives:\n  - {id: bare, title: Bare, key_results: []}\n"}
    )
    with pytest.raises(UsageError, match="is an objective") as caught:
        select_key_result(workspace, "bare")
    assert caught.value.remedy == "it has none yet; add one to its plan"
    with pytest.raises(UsageError) as caught:
        select_key_result(workspace, "nothing")
    assert caught.value.message == "there is no key result “nothing”"


def test_owners_come_first(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(FILES)
    assert select_any(workspace, "marketing") == Owner("marketing", "Marketing", "team")
    assert select_any(workspace, "promo") == Owner("marketing", "Marketing", "team")
    assert isinstance(select_any(workspace, "lead"), Objective)
    assert isinstance(select_any(workspace, "launch"), KeyResult)


def test_owners_are_found_by_id_and_others_get_the_nearest(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(FILES | {"okrs/2026-Q4/stranger.yaml": plan("odd: one")})
    assert select_owner(workspace, "alice").name == "Alice Martin"
    assert select_owner(workspace, "stranger").kind == "unknown"
    with pytest.raises(UsageError) as caught:
        select_owner(workspace, "marketng")
    assert caught.value.remedy == "did you mean marketing?"
    for select_one in (select_owner, select_any):
        with pytest.raises(UsageError) as caught:
            select_one(workspace, "alice martin")
        assert caught.value.remedy == "did you mean alice?"
    with pytest.raises(UsageError) as caught:
        select_owner(workspace, "qqqqqqqq")
    assert caught.value.remedy == "The owners are:\n  alice\n  company\n  marketing\n  sales\n  stranger"


def test_a_named_owner_reads_no_other_plan(write_workspace: WriteWorkspace) -> None:
    root = write_workspace(FILES)
    for text in ("marketing/brand", "marketing/brand/visits", "2026-Q4/marketing/brand", "company/lead"):
        workspace = Workspace(Folder(root), as_of=date(2026, 11, 23), title="acme")
        select(workspace, text)
        owner = text.removeprefix("2026-Q4/").partition("/")[0]
        plans = [each.path for each in workspace.documents if each.path.startswith("okrs/")]
        assert plans
        assert all(path.endswith(f"/{owner}.yaml") for path in plans)


def test_the_current_cycle_is_read_first(write_workspace: WriteWorkspace) -> None:
    workspace = Workspace(Folder(write_workspace(FILES)), as_of=date(2026, 11, 23), title="acme")
    select(workspace, "launch")
    assert not [each.path for each in workspace.documents if "/2026-Q3/" in each.path]


def test_two_plans_of_one_owner(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(FILES | {"okrs/2026-Q4/promo.yaml": plan("hidden: thing")})
    with pytest.raises(UsageError, match="stands in a plan that does not count"):
        select(workspace, "thing")


def test_objective_of_a_stranger(open_workspace: OpenWorkspace, tmp_path: Path) -> None:
    workspace = open_workspace(FILES)
    found = select(workspace, "launch")
    assert isinstance(found, KeyResult)
    assert objective_of(workspace, found).title == "Brand"
    (tmp_path / "empty").mkdir()
    empty = Workspace(Folder(tmp_path / "empty"), as_of=date(2026, 11, 23), title="empty")
    with pytest.raises(LookupError):
        objective_of(empty, found)
