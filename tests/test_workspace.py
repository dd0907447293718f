from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from okr.cycles import Cycle
from okr.errors import OkrError
from okr.model import CycleState
from okr.references import Reference

if TYPE_CHECKING:
    from okr.workspace import Workspace
    from tests.conftest import OpenWorkspace

ORG = """\
    teams:
      - {id: company, name: Acme}
      - {id: growth, name: Growth, parent: company, formerly: [marketing]}
    people:
      - {id: alice, name: Alice Martin, team: growth, formerly: al}
    """
PLAN = """\
    objectives:
      - id: brand
        title: Make our brand known
        formerly: fame
        owner: al
        key_results:
          - {id: visits, title: Visits, from: 1, to: 9, formerly: [hits]}
          - {id: news, title: News, milestones: {done: 1}, owner: bob}
    """
LOG = """\
    - {date: 2026-10-12, kr: brand/visits, value: 3}
    - {date: 2026-10-05, kr: fame/hits, value: 2}
    - {date: 2026-10-19, kr: brand/visits, value: 4}
    - {date: 2026-10-20, kr: brand/visits, retracts: 2026-10-19}
    - {date: 2026-10-19, kr: brand/nothing, value: 4}
    """
FILES = {
    "org.yaml": ORG,
    "kpis.yaml": "kpis: [{id: site-visits, name: Visits, formerly: clicks}, {id: churn, name: Churn}]",
    "okrs/2026-Q4/growth.yaml": PLAN,
    "okrs/2026-Q4/alice.yaml": PLAN,
    "checkins/2026-Q4/growth.yaml": LOG,
    "checkins/kpis.yaml": "- {date: 2026-09-01, kpi: clicks, value: 1}\n- {date: 2026-08-01, kpi: site-visits, value: 2}",
}


@pytest.fixture
def workspace(open_workspace: OpenWorkspace) -> Workspace:
    return open_workspace(FILES)


def paths_and_rules(workspace: Workspace) -> list[tuple[str, str]]:
    workspace.load_everything()
    return sorted((each.finding.path, each.rule) for each in workspace.problems)


def test_settings_have_defaults_and_names(open_workspace: OpenWorkspace) -> None:
    assert open_workspace({}).name == "Acme"
    plain = open_workspace({"okr.yaml": ""})
    assert plain.name == "acme"
    assert plain.settings.checkin_every == 7
    assert not plain.has_org
    assert plain.kpi_log is None
    assert plain.owner("anyone").kind == "owner"
    assert paths_and_rules(plain) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("services: {web: {image: x}}\nversion: 3\n", [("okr.yaml", "foreign-settings")]),
        ("nmae: Acme\n", [("okr.yaml", "unknown-key")]),
        ("- a\n", [("okr.yaml", "wrong-type")]),
        ("a: 'x\n", [("okr.yaml", "yaml-syntax")]),
    ],
)
def test_settings_that_are_not_ours_or_not_right(
    open_workspace: OpenWorkspace, text: str, found: list[tuple[str, str]]
) -> None:
    workspace = open_workspace({"okr.yaml": text})
    assert paths_and_rules(workspace) == found
    assert workspace.settings.year_starts == 1


def test_owners_are_known_by_present_and_former_ids(workspace: Workspace) -> None:
    assert list(workspace.owners) == ["alice", "company", "growth"]
    assert workspace.former_owners == {"marketing": "growth", "al": "alice"}
    assert (workspace.owner("growth").name, workspace.owner("growth").kind) == ("Growth", "team")
    assert workspace.owner("stranger").kind == "unknown"
    plan = workspace.plan("2026-Q4", "marketing")
    assert plan is not None
    assert (plan.owner, plan.path) == ("growth", "okrs/2026-Q4/growth.yaml")


def test_who_is_accountable(workspace: Workspace) -> None:
    plan = workspace.plan("2026-Q4", "growth")
    assert plan is not None
    (brand,) = plan.objectives
    assert (brand.accountable, [each.accountable for each in brand.key_results]) == (
        "alice",
        ["alice", "bob"],
    )
    assert str(brand.key_results[0].reference) == "2026-Q4/growth/brand/visits"


def test_a_plan_is_found_under_a_former_owners_name(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace({"org.yaml": ORG, "okrs/2026-Q4/marketing.yaml": PLAN})
    plan = workspace.plan("2026-Q4", "growth")
    assert plan is not None
    assert (plan.owner, plan.path) == ("growth", "okrs/2026-Q4/marketing.yaml")
    assert workspace.plan("2026-Q4", "company") is None
    assert workspace.plan("2026-Q3", "growth") is None
    assert workspace.plan("2026-Q4", "../secret") is None
    assert [each.owner for each in workspace.all_plans] == ["growth"]


def test_checkins_are_in_order_and_know_whether_they_count(workspace: Workspace) -> None:
    found = workspace.find(Reference("2026-Q4", "growth", "brand", "visits"))
    assert found is not None
    checkins = workspace.checkins(found)  # type: ignore[arg-type] # a key result: the reference names one
    assert [(each.record.definition.value, each.counts) for each in checkins] == [
        (2, True), (3, True), (4, False),
    ]  # fmt: skip


def test_measurements_are_found_by_former_ids_too(workspace: Workspace) -> None:
    kpi = workspace.kpi("clicks")
    assert kpi is not None
    assert kpi.definition.id == "site-visits"
    values = [each.record.definition.value for each in workspace.measurements("site-visits")]
    assert values == [2, 1]
    assert workspace.measurements("churn") == ()
    assert workspace.kpi("nothing") is None


@pytest.mark.parametrize(
    ("written", "reference"),
    [
        ("marketing/brand", "2026-Q4/growth/brand"),
        ("2026-Q4/growth/brand/visits", "2026-Q4/growth/brand/visits"),
        ("brand", None),
    ],
)
def test_references_are_read_with_present_owners(
    workspace: Workspace, written: str, reference: str | None
) -> None:
    found = workspace.parse(written, "2026-Q4")
    assert (None if found is None else str(found)) == reference


def test_references_find_what_they_name_by_present_and_former_ids(workspace: Workspace) -> None:
    for name in ("brand", "fame"):
        found = workspace.find(Reference("2026-Q4", "growth", name))
        assert found is not None
        assert found.definition.id == "brand"
    assert workspace.find(Reference("2026-Q4", "growth", "fame", "hits")) is not None
    assert workspace.find(Reference("2026-Q4", "growth", "nothing")) is None
    assert workspace.find(Reference("2026-Q4", "growth", "brand", "nothing")) is None
    assert workspace.find(Reference("2026-Q4", "nobody", "brand")) is None
    assert workspace.mentions(Reference("2026-Q4", "growth", "fame"))
    assert workspace.mentions(Reference("2026-Q4", "growth", "fame", "hits"))
    assert not workspace.mentions(Reference("2026-Q4", "growth", "nothing"))
    assert not workspace.mentions(Reference("2026-Q4", "nobody", "brand"))


def test_what_a_broken_plan_may_name_is_not_called_unknown(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace({"okrs/2026-Q4/growth.yaml": "objectives: [\n"})
    assert workspace.mentions(Reference("2026-Q4", "growth", "anything"))
    assert workspace.find(Reference("2026-Q4", "growth", "anything")) is None


def test_what_could_not_be_read_is_mentioned_nevertheless(open_workspace: OpenWorkspace) -> None:
    text = "objectives:\n  - {id: brand, key_results: [{id: visits}, {id: 3}, x]}\n  - x\n"
    workspace = open_workspace({"okrs/2026-Q4/growth.yaml": text})
    plan = workspace.plan("2026-Q4", "growth")
    assert plan is not None
    assert plan.objectives == ()
    assert plan.mentioned == {"brand", "brand/visits", "brand/3"}


CUSTOM = "starts: 2026-11-01\nends: 2026-12-15\nstate: planning\n"


def test_cycles_are_in_order_of_their_first_day(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(
        {
            "okrs/2026-Q4/a.yaml": PLAN, "okrs/2026/a.yaml": PLAN, "checkins/2026-Q3/a.yaml": "",
            "okrs/sprint/cycle.yaml": CUSTOM, "okrs/mystery/a.yaml": PLAN, "okrs/.hidden/a.yaml": PLAN,
        }
    )  # fmt: skip
    assert list(workspace.cycles) == ["2026", "2026-Q3", "2026-Q4", "sprint", "mystery"]
    assert workspace.cycle("sprint") == Cycle("sprint", date(2026, 11, 1), date(2026, 12, 15))
    assert workspace.state("sprint") is CycleState.PLANNING
    assert workspace.state("2026-Q4") is CycleState.ACTIVE
    assert workspace.state("2030") is CycleState.ACTIVE
    assert workspace.cycle("FY27-Q1").starts == date(2027, 1, 1)
    assert workspace.current_cycle.name == "2026-Q4"
    for name in ("mystery", "nonsense"):
        with pytest.raises(OkrError) as raised:
            workspace.cycle(name)
        assert raised.value.message == f"there is no cycle “{name}”"
        assert raised.value.remedy == "cycles here: 2026, 2026-Q3, 2026-Q4, sprint, mystery"


def test_the_end_of_a_cycles_name_is_enough_where_one_ends_so(open_workspace: OpenWorkspace) -> None:
    years = {f"okrs/{cycle}/a.yaml": PLAN for cycle in ("2026", "2026-Q3", "2026-Q4", "2027-Q4")}
    workspace = open_workspace(years)
    assert (workspace.cycle("q3").name, workspace.cycle("Q3").name) == ("2026-Q3", "2026-Q3")
    with pytest.raises(OkrError) as raised:
        workspace.cycle("Q4")
    assert raised.value.remedy == "cycles here: 2026-Q4, 2027-Q4"
    with pytest.raises(OkrError):
        workspace.cycle("")


def test_two_ways_to_write_a_cycle_are_one_cycle(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(
        {"okrs/FY26-Q4/a.yaml": PLAN, "okrs/2026-Q4/a.yaml": PLAN, "okrs/2026-Q4/b.yaml": PLAN}
    )
    assert workspace.cycles["2026-Q4"].folders == ("2026-Q4", "FY26-Q4")
    assert [plan.path for plan in workspace.plans("2026-Q4")] == [
        "okrs/2026-Q4/a.yaml", "okrs/FY26-Q4/a.yaml", "okrs/2026-Q4/b.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("okrs/2026-Q4/a.yaml", "", [("okrs/2026-Q4/a.yaml", "missing-key")]),
        ("okrs/2026-Q4/a.yaml", "# nothing yet\n", [("okrs/2026-Q4/a.yaml", "missing-key")]),
        ("okrs/2026-Q4/a.yaml", "- x\n", [("okrs/2026-Q4/a.yaml", "wrong-type")]),
        ("okrs/2026-Q4/a.yaml", "a: [\n", [("okrs/2026-Q4/a.yaml", "yaml-syntax")]),
        ("checkins/2026-Q4/a.yaml", "", []),
        ("checkins/2026-Q4/a.yaml", "# nothing yet\n", []),
        ("checkins/2026-Q4/a.yaml", "a: 1\n", [("checkins/2026-Q4/a.yaml", "wrong-type")]),
        ("checkins/2026-Q4/a.yaml", "- a\n- [b]\n- {date: x}\n", [
            ("checkins/2026-Q4/a.yaml", "bad-value"), ("checkins/2026-Q4/a.yaml", "wrong-type"),
            ("checkins/2026-Q4/a.yaml", "wrong-type"),
        ]),
        ("org.yaml", "- a\n", [("org.yaml", "wrong-type")]),
        ("okrs/2026-Q4/cycle.yaml", "starts: soon\n", [("okrs/2026-Q4/cycle.yaml", "bad-value")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_noted_once(
    open_workspace: OpenWorkspace, path: str, text: str, found: list[tuple[str, str]]
) -> None:
    assert paths_and_rules(open_workspace({path: text})) == found


def test_a_file_whose_name_is_no_owners_is_a_stray_and_nothing_else(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace({"okrs/2026-Q4/My Team.yaml": "a: [", "checkins/2026-Q4/My Team.yaml": "a: ["})
    assert paths_and_rules(workspace) == []
    assert workspace.plans("2026-Q4") == ()
    assert workspace.logs("2026-Q4") == ()
    assert [each.path for each in workspace.strays.findings] == [
        "okrs/2026-Q4/My Team.yaml", "checkins/2026-Q4/My Team.yaml",
    ]  # fmt: skip


def test_an_absent_file_is_looked_for_once(workspace: Workspace) -> None:
    assert workspace.document("okrs/2026-Q4/late.yaml") is None
    (workspace.files.root / "okrs/2026-Q4/late.yaml").write_text("a: 1\n")  # type: ignore[attr-defined] # a folder
    assert workspace.document("okrs/2026-Q4/late.yaml") is None
    assert all(document.path != "okrs/2026-Q4/late.yaml" for document in workspace.documents)
