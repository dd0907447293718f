from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.diagnostics import Severity
from okr.rules.engine import diagnose
from tests.rules.cases import KEY_RESULT, OBJECTIVE, TWO, expect, plan

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
CYCLE = "okrs/2026-Q4/cycle.yaml"


def objectives(*names: str) -> str:
    return "objectives:\n" + "".join(OBJECTIVE % name for name in names)


def marked(text: str, name: str) -> str:
    """The plan with the first line of an objective marked."""
    return text.replace(f"- id: {name}\n", f"- ⟦id: {name}⟧\n", 1)


def marked_list(text: str) -> str:
    """The plan with the first line of its list marked."""
    return text.replace("- id: a\n", "⟦- id: a⟧\n", 1)


@pytest.mark.parametrize("names", [("a", "b"), ("a", "b", "c")], ids=["two", "three"])
def test_two_to_three_objectives_are_fine(open_workspace: OpenWorkspace, names: tuple[str, ...]) -> None:
    expect(open_workspace, {PLAN: objectives(*names)})


def test_one_objective_is_too_few(open_workspace: OpenWorkspace) -> None:
    (found,) = expect(
        open_workspace,
        {PLAN: marked_list(objectives("a"))},
        [("OKR201", "marketing has 1 objective in 2026-Q4, at least 2 are asked for")],
    )
    assert found.severity is Severity.ERROR


def test_no_objective_is_too_few(open_workspace: OpenWorkspace) -> None:
    expect(open_workspace, {PLAN: "objectives: ⟦[]⟧\n"}, [("OKR201", "marketing has no objectives")])
    expect(
        open_workspace,
        {PLAN: "objectives: ⟦[]⟧\n", "okr.yaml": "limits: {objectives: {min: 1, max: 1}}\n"},
        [("OKR201", "marketing has no objectives in 2026-Q4, at least 1 is asked for")],
    )


def test_the_first_surplus_objective_is_reported_once(open_workspace: OpenWorkspace) -> None:
    text = marked(objectives("a", "b", "c", "d", "e"), "d")
    (found,) = expect(
        open_workspace,
        {PLAN: text},
        [("OKR202", "marketing has 5 objectives in 2026-Q4, at most 3 are asked for")],
    )
    assert found.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("facts", "severity"),
    [
        ("state: planning\n", Severity.WARNING),
        ("state: active\n", Severity.ERROR),
        ("state: closed\n", Severity.ERROR),
        ("review: Went well\n", Severity.ERROR),
    ],
)
def test_too_few_is_a_warning_while_planning(
    open_workspace: OpenWorkspace, facts: str, severity: Severity
) -> None:
    text = objectives("a").replace("      - {id: two", "      # - {id: two")
    found = diagnose(open_workspace({PLAN: text, CYCLE: facts}))
    assert [(each.code, each.severity) for each in found] == [("OKR201", severity), ("OKR203", severity)]


def test_too_many_is_an_error_while_planning(open_workspace: OpenWorkspace) -> None:
    found = diagnose(open_workspace({PLAN: objectives(*"abcd"), CYCLE: "state: planning\n"}))
    assert [(each.code, each.severity) for each in found] == [("OKR202", Severity.ERROR)]


@pytest.mark.parametrize(
    "facts",
    ["state: plannning\n", "stat: planning\n", "state: [\n", "- planning\n"],
    ids=["bad value", "misspelt key", "no YAML", "no mapping"],
)
def test_too_few_is_a_warning_where_the_state_cannot_be_read(
    open_workspace: OpenWorkspace, facts: str
) -> None:
    found = diagnose(open_workspace({PLAN: objectives("a"), CYCLE: facts}))
    assert [each.severity for each in found if each.code == "OKR201"] == [Severity.WARNING]
    assert sum(each.finding.path == CYCLE for each in found) == 1


def test_what_okr_yaml_sets_holds_while_planning_too(open_workspace: OpenWorkspace) -> None:
    settings = "name: Acme\nrules: {OKR201: error}\n"
    found = diagnose(
        open_workspace({"okr.yaml": settings, PLAN: objectives("a"), CYCLE: "state: planning\n"})
    )
    assert [(each.code, each.severity) for each in found] == [("OKR201", Severity.ERROR)]


def test_limits_are_settings(open_workspace: OpenWorkspace) -> None:
    limits = "limits:\n  objectives: {min: 1, max: 1}\n  key_results: {min: 1, max: 1}\n"
    text = """\
        objectives:
          - id: a
            title: Make people come back
            key_results:
              - {id: one, title: Visits a month, unit: visits, from: 100, to: 200}
        """
    expect(open_workspace, {"okr.yaml": limits, PLAN: text})


def test_objectives_that_cannot_be_read_count(open_workspace: OpenWorkspace) -> None:
    text = objectives("a", "b").replace("    title: Make people come back\n", "", 1)
    expect(open_workspace, {PLAN: marked(text, "a")}, [("OKR113", "no `title`")])


def test_each_owner_and_cycle_counts_for_itself(open_workspace: OpenWorkspace) -> None:
    found = expect(
        open_workspace,
        {
            "okr.yaml": "rules: {OKR310: off}\n",
            "okrs/2026-Q4/sales.yaml": marked_list(objectives("a")),
            PLAN: TWO,
            "okrs/2026/sales.yaml": marked_list(objectives("a")),
        },
        [("OKR201", "sales has 1 objective in 2026-Q4"), ("OKR201", "sales has 1 objective in 2026,")],
    )
    assert len(found) == 2


def test_an_objective_has_two_to_five_key_results(open_workspace: OpenWorkspace) -> None:
    inner = "".join(f"\n  - {KEY_RESULT % name}" for name in "abcde")
    expect(open_workspace, {PLAN: plan(f"id: brand\ntitle: Be liked\nkey_results:{inner}")})


def test_one_key_result_is_too_few(open_workspace: OpenWorkspace) -> None:
    inner = f"id: brand\ntitle: Be liked\nkey_results:\n  ⟦- {KEY_RESULT % 'a'}⟧"
    (found,) = expect(
        open_workspace,
        {PLAN: plan(inner)},
        [("OKR203", "“brand” has 1 key result, at least 2 are asked for")],
    )
    assert found.severity is Severity.ERROR
    assert found.finding.ref == "2026-Q4/marketing/brand"


@pytest.mark.parametrize(
    "inner", ["⟦id: brand⟧\ntitle: Be liked", "id: brand\ntitle: Be liked\nkey_results: ⟦[]⟧"]
)
def test_no_key_result_is_too_few(open_workspace: OpenWorkspace, inner: str) -> None:
    expect(open_workspace, {PLAN: plan(inner)}, [("OKR203", "“brand” has no key results")])


def test_the_first_surplus_key_result_is_reported(open_workspace: OpenWorkspace) -> None:
    inner = "".join(f"\n  - {KEY_RESULT % name}" for name in "abcde")
    inner += f"\n  - ⟦{KEY_RESULT % 'f'}⟧\n  - {KEY_RESULT % 'g'}"
    expect(
        open_workspace,
        {PLAN: plan(f"id: brand\ntitle: Be liked\nkey_results:{inner}")},
        [("OKR204", "“brand” has 7 key results, at most 5 are asked for")],
    )


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        (
            f"id: brand\ntitle: Be liked\n⟦key_result⟧:\n  - {KEY_RESULT % 'a'}\n  - {KEY_RESULT % 'b'}",
            "OKR112",
        ),
        ("id: brand\ntitle: Be liked\nkey_results: ⟦none⟧", "OKR114"),
        (
            f"id: brand\ntitle: Be liked\nkey_results:\n  - {KEY_RESULT % 'a'}\n  - ⟦{{id: b, from: 1, to: 2}}⟧",
            "OKR113",
        ),
    ],
    ids=["misspelt key", "no list", "a key result without a title"],
)
def test_too_few_is_silent_about_what_cannot_be_read(
    open_workspace: OpenWorkspace, inner: str, code: str
) -> None:
    expect(open_workspace, {PLAN: plan(inner)}, [(code, "")])


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        (
            TWO.replace("id: second", "id: ⟦first⟧"),
            "the id “first” is taken by another objective of this plan, on line 2",
        ),
        (
            TWO.replace("id: second", "id: second\n    formerly: [old, ⟦first⟧]"),
            "“first” was this one's id, and is now that of another objective of this plan, on line 2",
        ),
        (
            TWO.replace("id: first", "id: first\n    formerly: old").replace(
                "id: second", "id: second\n    formerly: ⟦old⟧"
            ),
            "“old” was the id of another objective of this plan too, says line 3",
        ),
        (
            TWO.replace("id: first", "id: first\n    formerly: ⟦second⟧"),
            "“second” was this one's id, and is now that of another objective of this plan, on line 8",
        ),
        (
            TWO.replace("{id: two", "{id: ⟦one⟧", 1),
            "the id “one” is taken by another key result of this objective, on line 5",
        ),
        (
            TWO.replace("{id: two", "{formerly: [⟦one⟧], id: two", 1),
            "“one” was this one's id, and is now that of another key result of this objective, on line 5",
        ),
    ],
    ids=[
        "objectives",
        "former and present",
        "both former",
        "present further down",
        "key results",
        "former key result",
    ],
)
def test_an_id_names_one_thing(open_workspace: OpenWorkspace, text: str, phrase: str) -> None:
    expect(open_workspace, {PLAN: text}, [("OKR205", phrase)])


def test_a_copied_objective_is_one_finding(open_workspace: OpenWorkspace) -> None:
    copied = OBJECTIVE.replace("title", "formerly: old\n    title", 1)
    text = "objectives:\n" + copied % "a" + (copied % "a").replace("id: a", "id: ⟦a⟧")
    expect(open_workspace, {PLAN: text}, [("OKR205", "the id “a” is taken")])


def test_its_own_id_may_stand_among_the_former_ones(open_workspace: OpenWorkspace) -> None:
    expect(open_workspace, {PLAN: TWO.replace("id: first", "id: first\n    formerly: [first, old]")})


def test_key_results_of_two_objectives_may_have_the_same_id(open_workspace: OpenWorkspace) -> None:
    assert TWO.count("id: one") == 2
    expect(open_workspace, {PLAN: TWO})


@pytest.mark.parametrize(
    ("first", "second", "org"),
    [
        (PLAN, "okrs/2026-Q4/brand.yaml", "teams: [{id: marketing, formerly: brand}]\n"),
        ("okrs/2026-Q4/marketing.yaml", "okrs/FY26-Q4/marketing.yaml", "teams: [{id: marketing}]\n"),
    ],
    ids=["a former id", "another spelling of the cycle"],
)
def test_two_plans_of_one_owner(open_workspace: OpenWorkspace, first: str, second: str, org: str) -> None:
    """One objective in each file: whether that is too few can only be told once there is one file."""
    files = {"org.yaml": org, first: objectives("a"), second: objectives("b")}
    (found,) = diagnose(open_workspace(files))
    assert (found.code, found.finding.path, found.finding.place[:2]) == ("OKR206", second, (1, 1))
    assert f"a second plan of marketing in 2026-Q4, beside {first}" in found.finding.message


def test_the_same_owner_in_two_cycles_has_two_plans(open_workspace: OpenWorkspace) -> None:
    expect(open_workspace, {PLAN: TWO, "okrs/2026-Q3/marketing.yaml": TWO})


def test_weights_of_zero_score_nothing(open_workspace: OpenWorkspace) -> None:
    """That two of them are no bounds either is a consequence."""
    inner = """
        id: brand
        title: Be liked
        key_results:
          - {id: a, title: Visits a month, unit: visits, from: 100, to: 200, weight: ⟦0⟧}
          - {id: b, title: Visits a week, unit: visits, from: 10, to: 20, weight: 0}
          - {id: c, title: Complaints, unit: complaints, at_most: 3, weight: 0}
        """
    (found,) = expect(
        open_workspace, {PLAN: plan(inner)}, [("OKR207", "all 3 key results of “brand” weigh 0")]
    )
    assert found.finding.ref == "2026-Q4/marketing/brand"


def test_a_single_key_result_of_weight_zero(open_workspace: OpenWorkspace) -> None:
    inner = """
        id: brand
        title: Be liked
        key_results:
          - {id: a, title: Complaints, unit: complaints, at_most: 3, weight: ⟦0⟧}
        """
    settings = "limits:\n  key_results: {min: 1, max: 2}\n"
    expect(
        open_workspace,
        {"okr.yaml": settings, PLAN: plan(inner)},
        [("OKR207", "the only key result of “brand” weighs 0")],
    )


def test_weights_are_not_judged_where_a_key_result_cannot_be_read(open_workspace: OpenWorkspace) -> None:
    inner = """
        id: brand
        title: Be liked
        key_results:
          - {id: a, title: Complaints, unit: complaints, at_most: 3, weight: 0}
          - ⟦{id: b, from: 1, to: 2, weight: 2}⟧
        """
    expect(open_workspace, {PLAN: plan(inner)}, [("OKR113", "“b” has no `title`")])


def test_limits_that_nothing_can_keep(open_workspace: OpenWorkspace) -> None:
    """What they would make of each plan is a consequence."""
    settings = """\
        limits:
          objectives: {min: ⟦3⟧, max: 1}
          key_results: {min: ⟦9⟧, max: 8}
        """
    expect(
        open_workspace,
        {"okr.yaml": settings, PLAN: TWO},
        [
            ("OKR208", "no number of objectives is at least 3 and at most 1"),
            ("OKR208", "no number of key results is at least 9 and at most 8"),
        ],
    )


@pytest.mark.parametrize(
    "settings",
    [
        "limits:\n  objectives: {min: 1}\n",
        "limits: two\n",
        "limits: {objectives: [1, 2]}\n",
        "limits: [\n",
        "version: 2\nrepos: []\n",
    ],
    ids=["no max", "no limits", "no mapping", "no YAML", "another tool's"],
)
def test_limits_are_silent_where_okr_yaml_cannot_be_read(
    open_workspace: OpenWorkspace, settings: str
) -> None:
    found = diagnose(open_workspace({"okr.yaml": settings, PLAN: objectives("a")}))
    assert [each.finding.path for each in found] == ["okr.yaml"]


@pytest.mark.parametrize(
    "text", ["", "objectives:\n", "objectives: none\n", "objectives: [\n", "[]\n"], ids=str.strip
)
def test_limits_are_silent_where_the_plan_cannot_be_read(open_workspace: OpenWorkspace, text: str) -> None:
    assert [each.code[:4] for each in diagnose(open_workspace({PLAN: text}))] == ["OKR1"]
