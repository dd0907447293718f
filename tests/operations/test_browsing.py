from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.errors import UsageError
from okr.operations.browsing import (
    Filter,
    Place,
    candidates,
    filtered,
    has_key,
    key_results_of,
    part_of,
    place_of,
    status_counts,
)
from okr.operations.overview import overview
from okr.scoring import Status

if TYPE_CHECKING:
    from okr.workspace import Workspace
    from tests.conftest import OpenWorkspace

FILES = {
    "org.yaml": "teams:\n  - {id: web, name: Web team}\n  - {id: shop, name: Shop}\n",
    "okrs/2026-Q4/web.yaml": """\
        objectives:
          - id: seen
            title: Be seen
            tags: [brand]
            key_results:
              - {id: visits, title: Reach more visits, from: 0, to: 100}
              - {id: launch, title: Launch the page, milestones: {beta: 0.7, live: 1.0}}
        """,
    "okrs/2026-Q4/shop.yaml": """\
        objectives:
          - id: sell
            title: Sell with joy
            key_results:
              - {id: visits, title: Visits that end in a sale, from: 0, to: 10}
        """,
    "okrs/2026/web.yaml": """\
        objectives:
          - {id: loved, title: Be loved, key_results: [{id: nps, title: Score, from: 0, to: 50}]}
        """,
    "checkins/2026-Q4/web.yaml": "- {date: 2026-11-22, kr: seen/launch, value: live, confidence: 1.0}\n",
}
WEB, SHOP = "2026-Q4/web/seen", "2026-Q4/shop/sell"


@pytest.fixture
def workspace(open_workspace: OpenWorkspace) -> Workspace:
    return open_workspace(FILES)


@pytest.mark.parametrize(
    ("by", "left"),
    [
        (Filter(), [f"{SHOP}/visits", f"{WEB}/visits", f"{WEB}/launch"]),
        (Filter("VISITS"), [f"{SHOP}/visits", f"{WEB}/visits"]),
        (Filter("visits brand"), [f"{WEB}/visits"]),  # a tag of the objective counts for what is below it
        (Filter("web team"), [f"{WEB}/visits", f"{WEB}/launch"]),
        (Filter(status=Status.ACHIEVED), [f"{WEB}/launch"]),
        (Filter(attention=True), [f"{SHOP}/visits", f"{WEB}/visits"]),
        (Filter("launch", attention=True), []),
    ],
)
def test_what_a_filter_leaves(workspace: Workspace, by: Filter, left: list[str]) -> None:
    owners = filtered(overview(workspace), by)
    assert sorted(str(each.key_result.reference) for each in key_results_of(owners)) == sorted(left)


def test_an_objective_stays_for_its_own_words_and_keeps_its_score(workspace: Workspace) -> None:
    found = overview(workspace)
    (owner,) = filtered(found, Filter("brand launch"))
    whole = next(each for each in found.owners if each.owner.id == "web")
    assert (owner.score, owner.objectives[0].assessment) == (whole.score, whole.objectives[0].assessment)
    assert [has_key((owner,), key) for key in ("web", WEB, f"{WEB}/launch", f"{WEB}/visits", "shop")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_one_owner_alone(workspace: Workspace) -> None:
    part = part_of(overview(workspace), "web", Filter())
    assert ([each.owner.id for each in part.owners], part.asked) == (["web"], "web")
    assert [str(each.key_result.reference) for each in part.attention] == [f"{WEB}/visits"]
    assert status_counts(part) == {Status.NOT_STARTED: 1, Status.ACHIEVED: 1}


def test_the_likeliest_comes_first(workspace: Workspace) -> None:
    found = overview(workspace)
    assert [each.name for each in candidates(found, "seen/visits")] == ["web/seen/visits"]
    assert next(each.name for each in candidates(found, "web")) == "web"
    assert [each.title for each in candidates(found, "joy SELL")] == ["Sell with joy"]
    assert len(candidates(found, " ")) == 2 + 2 + 3


def test_where_a_reference_leads(workspace: Workspace) -> None:
    assert place_of(workspace, "web", "2026-Q4") == Place("2026-Q4", "web")
    assert place_of(workspace, "seen/visits", "2026-Q4") == Place("2026-Q4", f"{WEB}/visits")
    assert place_of(workspace, "loved", "2026-Q4") == Place("2026", "2026/web/loved")
    for typed in ("visits", "nothing"):
        with pytest.raises(UsageError):
            place_of(workspace, typed, "2026-Q4")
