from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.rules.engine import diagnose
from tests.rules.cases import short

if TYPE_CHECKING:
    from okr.diagnostics import Diagnostic
    from tests.conftest import OpenWorkspace

ORG = """\
teams:
  - {id: company, name: Acme}
  - {id: marketing, name: Marketing, parent: company, lead: alice, formerly: [growth]}
people:
  - {id: alice, name: Alice, email: alice@acme.example, team: growth, formerly: [ally]}
  - {id: bob, name: Bob, email: [bob@acme.example, b@home.example], team: marketing}
"""
PLAN = """\
objectives:
  - id: brand
    title: Be thought of first
    owner: ally
    key_results:
      - id: visits
        title: Visits
        owner: bob
        from: 1
        to: 2
        initiatives:
          - {title: Rewrite the pages, owner: bob}
"""
PATH = "okrs/2026-Q4/marketing.yaml"


def found_in(open_workspace: OpenWorkspace, files: dict[str, str]) -> list[Diagnostic]:
    found = diagnose(open_workspace(files))
    return [each for each in found if each.code[:4] in {"OKR1", "OKR5", "OKR6"}]


def hints(found: list[Diagnostic]) -> list[str | None]:
    return [each.finding.hint for each in found]


def test_teams_and_people_who_are_there_are_fine(open_workspace: OpenWorkspace) -> None:
    files = {"org.yaml": ORG, PATH: PLAN, "okrs/2026-Q3/growth.yaml": PLAN, "okrs/2026-Q4/alice.yaml": PLAN}
    assert found_in(open_workspace, files) == []


def test_without_an_org_anybody_may_own(open_workspace: OpenWorkspace) -> None:
    files = {PATH: PLAN, "kpis.yaml": "kpis:\n  - {id: visits, name: V, owner: zoe}\n"}
    assert found_in(open_workspace, files) == []
    assert found_in(open_workspace, files | {"org.yaml": ""}) == []


def test_a_plan_of_nobody(open_workspace: OpenWorkspace) -> None:
    found = found_in(open_workspace, {"org.yaml": ORG, "okrs/2026-Q4/marketting.yaml": PLAN})
    assert short(found) == [
        ("OKR601", "okrs/2026-Q4/marketting.yaml", 1, 1, "org.yaml knows no team or person “marketting”")
    ]
    assert hints(found) == ["did you mean marketing?"]


def test_an_owner_nobody_knows_is_one_finding_over_all_cycles(open_workspace: OpenWorkspace) -> None:
    paths = ["okrs/2026-Q2/zz.yaml", "okrs/2026-Q3/zz.yaml", "okrs/2026-Q4/zz.yaml"]
    found = found_in(open_workspace, {"org.yaml": ORG} | dict.fromkeys(paths, PLAN))
    message = "org.yaml knows no team or person “zz”; 2 more plans bear the name"
    assert short(found) == [("OKR601", paths[0], 1, 1, message)]
    assert hints(found) == ["add it to org.yaml: `okr new team` or `okr new person` does it"]
    two = found_in(open_workspace, {"org.yaml": ORG, paths[0]: PLAN})
    assert len(two) == 1


UNREAD_ORGS = {
    "not YAML": "teams: [\n",
    "not a mapping": "- marketing\n",
    "no list": "teams: marketing\npeople: [{id: someone}]\n",
    "a team without an id": "teams:\n  - {name: Marketing}\n  - {id: company}\n",
    "a damaged team": "teams:\n  - {id: marketing, colour: red, name: []}\n  - {id: company}\n",
}


@pytest.mark.parametrize("org", UNREAD_ORGS.values(), ids=UNREAD_ORGS.keys())
def test_nobody_is_unknown_whom_an_unread_part_may_name(open_workspace: OpenWorkspace, org: str) -> None:
    plan = "objectives:\n  - {id: brand, title: Be thought of first, key_results: []}\n"
    found = found_in(open_workspace, {"org.yaml": org, PATH: plan})
    assert {(each.code[:4], each.finding.path) for each in found} == {("OKR1", "org.yaml")}


def test_a_misnamed_plan_is_reported_once(open_workspace: OpenWorkspace) -> None:
    found = found_in(open_workspace, {"org.yaml": ORG, "okrs/2026-Q4/Marketing.yaml": PLAN})
    assert [each.code for each in found] == ["OKR116"]


PERSONS = {
    "an objective": ("owner: ally", "owner: alcie", 4, 12, "“alcie”, named by 2026-Q4/marketing/brand", "did you mean alice?"),
    "a key result": ("        owner: bob", "        owner: xyz", 8, 16, "“xyz”, named by 2026-Q4/marketing/brand/visits", "add them to org.yaml"),
    "an initiative": ("pages, owner: bob", "pages, owner: bobb", 12, 47, "“bobb”, named by the initiative “Rewrite the pages”", "did you mean bob?"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wrong", "line", "column", "message", "hint"), PERSONS.values(), ids=PERSONS.keys()
)
def test_an_unknown_person(
    open_workspace: OpenWorkspace, text: str, wrong: str, line: int, column: int, message: str, hint: str
) -> None:
    found = found_in(open_workspace, {"org.yaml": ORG, PATH: PLAN.replace(text, wrong)})
    assert short(found) == [("OKR602", PATH, line, column, f"org.yaml knows no person {message}")]
    assert hint in (found[0].finding.hint or "")


def test_an_unknown_person_is_one_finding_a_file(open_workspace: OpenWorkspace) -> None:
    plan = PLAN.replace("bob", "zz").replace("ally", "zz")
    found = found_in(open_workspace, {"org.yaml": ORG, PATH: plan, "okrs/2026-Q3/alice.yaml": plan})
    assert [(code, path, line) for code, path, line, _, _ in short(found)] == [
        ("OKR602", "okrs/2026-Q3/alice.yaml", 4),
        ("OKR602", PATH, 4),
    ]
    assert found[1].finding.message.endswith("; 2 more lines name it too")
    assert found[1].finding.ref == "2026-Q4/marketing/brand"


def test_a_team_is_nobody_to_be_accountable(open_workspace: OpenWorkspace) -> None:
    plan = PLAN.replace("owner: ally", "owner: growth").replace("owner: bob", "owner: company")
    found = found_in(open_workspace, {"org.yaml": ORG, PATH: plan})
    assert [(each.code, each.finding.place.line) for each in found] == [("OKR602", 4), ("OKR602", 8)]
    assert (
        "“growth” is a team, but the accountable for 2026-Q4/marketing/brand is a person"
        in found[0].finding.message
    )
    assert hints(found) == ["name a person, such as alice, who leads it", "name a person, one of its people"]


def test_teams_alone_say_nothing_of_people(open_workspace: OpenWorkspace) -> None:
    org = "teams:\n  - {id: marketing, lead: zoe}\n"
    files = {"org.yaml": org, PATH: PLAN, "kpis.yaml": "kpis:\n  - {id: visits, name: V, owner: zoe}\n"}
    assert found_in(open_workspace, files) == []


def test_who_leads_a_team_is_a_person(open_workspace: OpenWorkspace) -> None:
    found = found_in(open_workspace, {"org.yaml": ORG.replace("lead: alice", "lead: alicia")})
    message = "org.yaml knows no person “alicia”, named by the team marketing"
    assert short(found) == [("OKR602", "org.yaml", 3, 61, message)]


def test_a_kpi_is_a_teams_or_a_persons(open_workspace: OpenWorkspace) -> None:
    kpis = "kpis:\n  - {id: a, name: A, owner: growth}\n  - {id: b, name: B, owner: bob}\n  - {id: c, name: C, owner: marketin}\n"
    found = found_in(open_workspace, {"org.yaml": ORG, "kpis.yaml": kpis})
    message = "org.yaml knows no team or person “marketin”, named by the KPI c"
    assert short(found) == [("OKR602", "kpis.yaml", 4, 29, message)]
    assert hints(found) == ["did you mean marketing?"]


TEAMS = {
    "a parent": ("parent: company", "parent: compny", 3, "org.yaml knows no team “compny”", "did you mean company?"),
    "a person's team": ("team: growth", "team: sales", 5, "org.yaml knows no team “sales”", "add it below `teams:`: `okr new team` does it"),
    "a person": ("team: growth", "team: bob", 5, "“bob” is a person, not a team", "write the id of a team"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wrong", "line", "message", "hint"), TEAMS.values(), ids=TEAMS.keys())
def test_an_unknown_team(
    open_workspace: OpenWorkspace, text: str, wrong: str, line: int, message: str, hint: str
) -> None:
    org = ORG.replace(text, wrong)
    column = org.splitlines()[line - 1].index(wrong.split()[1]) + 1
    found = found_in(open_workspace, {"org.yaml": org})
    assert short(found) == [("OKR603", "org.yaml", line, column, message)]
    assert hints(found) == [hint]


def test_teams_in_a_circle(open_workspace: OpenWorkspace) -> None:
    org = """\
    teams:
      - {id: below, parent: a}
      - {id: a, parent: b}
      - {id: b, parent: old-c}
      - {id: c, parent: a, formerly: [old-c]}
      - {id: own, parent: own}
      - {id: top}
      - {id: under, parent: nobody}
    """
    found = found_in(open_workspace, {"org.yaml": org})
    assert short(found) == [
        ("OKR604", "org.yaml", 3, 21, "these teams go in a circle: a → b → c → a"),
        ("OKR604", "org.yaml", 6, 23, "the team own is its own parent"),
        ("OKR603", "org.yaml", 8, 25, "org.yaml knows no team “nobody”"),
    ]


def test_ids_are_unique_among_teams_and_people_now_and_formerly(open_workspace: OpenWorkspace) -> None:
    org = """\
    teams:
      - {id: a, name: A, formerly: [old-a]}
      - {id: b, name: B, formerly: [a, b]}
      - {id: a, name: A, formerly: [old-a]}
    people:
      - {id: b, name: Bea, email: b@acme.example}
      - {id: c, name: Cem, formerly: [c1, old-a]}
    """
    found = found_in(open_workspace, {"org.yaml": org})
    assert short(found) == [
        ("OKR605", "org.yaml", 3, 33, "the id “a” is taken: the team on line 2 has it"),
        ("OKR605", "org.yaml", 3, 36, "the id “b” is taken: the team on line 3 has it"),
        ("OKR605", "org.yaml", 4, 10, "the id “a” is taken: the team on line 2 has it"),
        ("OKR605", "org.yaml", 6, 10, "the id “b” is taken: the team on line 3 has it"),
        ("OKR605", "org.yaml", 7, 39, "the id “old-a” is taken: the team on line 2 has it"),
    ]


def test_nobody_is_called_as_a_cycle_is(open_workspace: OpenWorkspace) -> None:
    files = {
        "org.yaml": "teams:\n  - {id: cycle}\n  - {id: fy26}\n  - {id: launch}\npeople:\n  - {id: odd}\n",
        "okrs/launch/cycle.yaml": "starts: 2026-10-01\nends: 2026-11-30\n",
        "checkins/2026-Q4/cycle.yaml": "- {date: 2026-10-05, kr: brand/visits, value: 1}\n",
    }
    found = found_in(open_workspace, files)
    assert [each[:4] for each in short(found)] == [
        ("OKR609", "org.yaml", 2, 10),
        ("OKR609", "org.yaml", 3, 10),
        ("OKR609", "org.yaml", 4, 10),
    ]
    assert "would be taken for the facts of its cycle" in found[0].finding.message
    assert "a reference that begins so begins with a cycle" in found[1].finding.message


def test_a_folder_that_is_no_cycle_does_not_take_a_teams_name(open_workspace: OpenWorkspace) -> None:
    found = found_in(open_workspace, {"org.yaml": ORG, "okrs/marketing/alice.yaml": PLAN})
    assert [each.code for each in found] == ["OKR117"]


def test_an_address_is_one_persons(open_workspace: OpenWorkspace) -> None:
    found = found_in(open_workspace, {"org.yaml": ORG.replace("b@home.example", "ALICE@acme.example")})
    message = "“ALICE@acme.example” is the address of alice as well"
    assert short(found) == [("OKR612", "org.yaml", 6, 52, message)]


def test_a_person_who_stands_twice_has_no_address_of_another(open_workspace: OpenWorkspace) -> None:
    person = "  - {id: alice, email: alice@acme.example, formerly: [ally]}\n"
    found = found_in(open_workspace, {"org.yaml": f"people:\n{person}{person}"})
    assert [(each.code, each.finding.place.line) for each in found] == [("OKR605", 3)]


@pytest.mark.parametrize("key", ["OKR401", "OKR4", "OKR4xx", "unknown-owner", "OKR610"])
def test_rules_are_set_by_code_name_or_family(open_workspace: OpenWorkspace, key: str) -> None:
    assert found_in(open_workspace, {"okr.yaml": f"rules: {{{key}: off}}\n"}) == []


RULES = {
    "a misspelt name": ("unkown-owner", "did you mean unknown-owner"),
    "no such code": ("OKR699", "did you mean OKR6"),
    "no such family": ("OKR9", "did you mean OKR"),
    "another linter's": ("qqqq", "`okr rules` lists all"),
}


@pytest.mark.parametrize(("key", "hint"), RULES.values(), ids=RULES.keys())
def test_a_rule_that_is_not_there(open_workspace: OpenWorkspace, key: str, hint: str) -> None:
    found = found_in(open_workspace, {"okr.yaml": f"name: Acme\nrules:\n  {key}: off\n"})
    assert short(found) == [("OKR610", "okr.yaml", 3, 3, f"there is no rule “{key}”")]
    assert hint in (found[0].finding.hint or "")


def test_a_rule_whose_severity_cannot_be_read(open_workspace: OpenWorkspace) -> None:
    assert [each.code for each in found_in(open_workspace, {"okr.yaml": "rules: {unkown: loud}\n"})] == [
        "OKR115"
    ]


def test_an_unknown_owner_may_be_allowed(open_workspace: OpenWorkspace) -> None:
    files = {"okr.yaml": "rules: {unknown-owner: off}\n", "org.yaml": ORG, "okrs/2026-Q4/zz.yaml": PLAN}
    assert found_in(open_workspace, files) == []


def test_who_plans_in_a_cycle_is_somebody(open_workspace: OpenWorkspace) -> None:
    files = {
        "org.yaml": "teams:\n  - {id: marketing, formerly: [market]}\npeople:\n  - {id: bob}\n",
        "okrs/2027-Q1/cycle.yaml": "state: planning\nowners: [marketing, market, bob, markting]\n",
    }
    (found,) = found_in(open_workspace, files)
    assert short([found]) == [
        ("OKR615", "okrs/2027-Q1/cycle.yaml", 2, 34, "org.yaml knows no team or person “markting”")
    ]
    assert found.finding.hint == "did you mean marketing?"
    assert found_in(open_workspace, files | {"org.yaml": "teams: []\n"}) == []
