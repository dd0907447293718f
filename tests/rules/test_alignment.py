from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.diagnostics import Severity
from okr.rules.circles import MOST_CIRCLES, circles
from okr.rules.engine import diagnose
from tests.rules.cases import OBJECTIVE, TWO, expect

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace

YEAR = "okrs/2026/company.yaml"
COMPANY = "okrs/2026-Q4/company.yaml"
PLAN = "okrs/2026-Q4/marketing.yaml"
ANY_YEAR = {"okr.yaml": "rules: {OKR310: off}\n"}
"""Years whose objectives nothing supports, as other things are tested."""


def objective(name: str, lines: str = "") -> str:
    """An objective with more lines below its id."""
    more = "".join(f"    {line}\n" for line in lines.splitlines())
    return (OBJECTIVE % name).replace("    title", f"{more}    title", 1)


def plan(*objectives: str) -> str:
    return "objectives:\n" + "".join(objectives)


def marketing(lines: str, more: str = "") -> str:
    """A plan whose objective `brand` has these lines."""
    return plan(objective("brand", lines), objective("more", more))


@pytest.mark.parametrize(
    "supports",
    [
        "2026/company/first",
        "[2026/company/first, 2026/company/second/one]",
        "company/first",
        "company/first/two",
        "marketing/more",
        "2026-q4/company/first",
        "FY26-Q4/company/first",
    ],
)
def test_what_exists_may_be_supported(open_workspace: OpenWorkspace, supports: str) -> None:
    expect(open_workspace, ANY_YEAR | {YEAR: TWO, COMPANY: TWO, PLAN: marketing(f"supports: {supports}")})


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "text", ["brand", "company", "2026/company/First", "a/b/c/d/e", "company//first", '""  ']
)
@pytest.mark.parametrize("key", ["supports", "depends_on"])
def test_a_reference_has_a_form(open_workspace: OpenWorkspace, key: str, text: str) -> None:
    code, phrase = ("OKR114", "empty") if text.startswith('"') else ("OKR301", f"“{text}” is no reference")
    expect(
        open_workspace,
        {COMPANY: TWO, PLAN: marketing(f"{key}: ⟦{text.strip()}⟧")},
        [(code, phrase)],
    )


def test_a_malformed_reference_gets_the_nearest_ones(open_workspace: OpenWorkspace) -> None:
    text = marketing("supports: [company/first, ⟦frist⟧]")
    (found,) = expect(open_workspace, {COMPANY: TWO, PLAN: text}, [("OKR301", "“frist” is no reference")])
    assert found.finding.hint is not None
    assert found.finding.hint.startswith("did you mean 2026-Q4/company/first")
    assert found.finding.ref == "2026-Q4/marketing/brand"


def test_a_malformed_reference_like_nothing_is_told_the_form(open_workspace: OpenWorkspace) -> None:
    (found,) = diagnose(open_workspace({PLAN: marketing("supports: ÀÉÎÕÜ")}))
    assert found.finding.hint == (
        "write owner/objective or cycle/owner/objective, with /key-result behind it for a key result"
    )


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("company/frist", "company has no objective “frist” in 2026-Q4"),
        ("company/first/oen", "2026-Q4/company/first has no key result “oen”"),
        ("company/frist/one", "company has no objective “frist” in 2026-Q4"),
        ("comapny/first", "comapny has no plan in 2026-Q4"),
        ("2026-Q1/company/first", "there is no cycle 2026-Q1 here"),
    ],
)
@pytest.mark.parametrize(("key", "code"), [("supports", "OKR302"), ("depends_on", "OKR306")])
def test_what_is_named_exists(
    open_workspace: OpenWorkspace, key: str, code: str, text: str, phrase: str
) -> None:
    (found,) = expect(
        open_workspace,
        {COMPANY: TWO, PLAN: marketing(f"{key}: [company/second, ⟦{text}⟧]")},
        [(code, f"“{text}” names nothing: {phrase}")],
    )
    assert found.severity is Severity.ERROR
    assert found.finding.hint is not None
    assert "2026-Q4/company/first" in found.finding.hint


def test_a_key_result_may_depend_on_something(open_workspace: OpenWorkspace) -> None:
    text = TWO.replace("{id: two", "{depends_on: [company/first/one, ⟦company/third⟧], id: two", 1)
    (found,) = expect(open_workspace, {COMPANY: TWO, PLAN: text}, [("OKR306", "no objective “third”")])
    assert found.finding.ref == "2026-Q4/marketing/first/two"


def test_former_ids_are_still_known(open_workspace: OpenWorkspace) -> None:
    company = TWO.replace("id: first", "id: first\n    formerly: start").replace(
        "{id: one", "{formerly: [won], id: one", 1
    )
    org = "teams: [{id: company, formerly: [all]}]\n"
    text = marketing("supports: [all/start/won, company/start]")
    expect(open_workspace, {"org.yaml": org + "people: [{id: marketing}]\n", COMPANY: company, PLAN: text})


@pytest.mark.parametrize(
    ("damage", "reference", "code"),
    [
        (("    title: Make people come back\n", ""), "company/first", "OKR113"),
        (("title: Visits a month, ", ""), "company/first/one", "OKR113"),
        (("id: first", "id: First"), "company/first", "OKR115"),
        (
            ("    key_results:\n      - {id: one", "    key_results: x\n    tags:\n      - {id: one"),
            "company/first/one",
            "OKR114",
        ),
        (("objectives:", "objectives: [\n"), "company/first", "OKR104"),
        (("objectives:", "objectivs:"), "company/first", "OKR1"),
    ],
    ids=["objective", "key result", "id", "list of key results", "file", "list of objectives"],
)
def test_what_cannot_be_read_is_not_called_unknown(
    open_workspace: OpenWorkspace, damage: tuple[str, str], reference: str, code: str
) -> None:
    found = diagnose(
        open_workspace({COMPANY: TWO.replace(*damage, 1), PLAN: marketing(f"supports: {reference}")})
    )
    assert found
    assert {each.finding.path for each in found} == {COMPANY}
    assert found[0].code.startswith(code)


@pytest.mark.parametrize(
    "path", ["okrs/2026-Q4/company.yml", "okrs/2026-Q4/Company.yaml", "okrs/company.yaml"]
)
def test_a_plan_under_a_wrong_name_is_one_finding(open_workspace: OpenWorkspace, path: str) -> None:
    found = diagnose(open_workspace({path: TWO, PLAN: marketing("supports: company/first")}))
    assert [(each.code, each.finding.path) for each in found] == [("OKR116", path)]


def test_a_second_plan_is_one_finding(open_workspace: OpenWorkspace) -> None:
    """Nothing finds what only the second of two plans holds; that they are two says it all."""
    second = plan(objective("third"), objective("fourth"))
    files = {COMPANY: TWO, "okrs/FY26-Q4/company.yaml": second, PLAN: marketing("supports: company/third")}
    assert [each.code for each in diagnose(open_workspace(files))] == ["OKR206"]


def test_owners_may_have_been_renamed_in_an_org_that_cannot_be_read(open_workspace: OpenWorkspace) -> None:
    files = {"org.yaml": "teams: [\n", PLAN: marketing("supports: company/first")}
    assert [each.finding.path for each in diagnose(open_workspace(files))] == ["org.yaml"]


@pytest.mark.unmeasured
def test_candidates_are_looked_for_a_bounded_number_of_times(open_workspace: OpenWorkspace) -> None:
    texts = ", ".join(f"company/first{number}" for number in range(102))
    found = diagnose(open_workspace({COMPANY: TWO, PLAN: marketing(f"supports: [{texts}]")}))
    hinted = [each for each in found if (each.finding.hint or "").startswith("did you mean")]
    assert (len(found), len(hinted)) == (102, 100)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("marketing/brand", "“brand” supports itself: “marketing/brand”"),
        ("2026-Q4/marketing/brand/one", "“brand” supports its own key result"),
    ],
)
def test_nothing_supports_itself(open_workspace: OpenWorkspace, text: str, phrase: str) -> None:
    expect(open_workspace, {PLAN: marketing(f"supports: ⟦{text}⟧")}, [("OKR303", phrase)])


def test_a_circle_is_one_finding_at_its_smallest_reference(open_workspace: OpenWorkspace) -> None:
    (found,) = expect(
        open_workspace,
        {
            "okrs/2026-Q4/c.yaml": plan(objective("x", "supports: a/x/one"), objective("y")),
            "okrs/2026-Q4/b.yaml": plan(objective("x", "supports: c/x"), objective("y", "supports: c/x")),
            "okrs/2026-Q4/a.yaml": plan(objective("x", "supports: [c/y, ⟦b/x⟧]"), objective("y")),
        },
        [
            (
                "OKR304",
                (
                    "these objectives support each other in a circle: "
                    "2026-Q4/a/x → 2026-Q4/b/x → 2026-Q4/c/x → 2026-Q4/a/x"
                ),
            )
        ],
    )
    assert found.finding.ref == "2026-Q4/a/x"


def test_each_circle_is_a_finding(open_workspace: OpenWorkspace) -> None:
    """Two circles through one objective, and one apart: each needs a cut of its own."""
    expect(
        open_workspace,
        {
            "okrs/2026-Q4/a.yaml": plan(
                objective("x", "supports: [⟦a/y⟧, ⟦b/x⟧]"), objective("y", "supports: a/x")
            ),
            "okrs/2026-Q4/b.yaml": plan(
                objective("x", "supports: a/x"),
                objective("y", "supports: ⟦b/z⟧"),
                objective("z", "supports: b/y"),
            ),
        },
        [
            ("OKR304", "2026-Q4/a/x → 2026-Q4/a/y → 2026-Q4/a/x"),
            ("OKR304", "2026-Q4/a/x → 2026-Q4/b/x → 2026-Q4/a/x"),
            ("OKR304", "2026-Q4/b/y → 2026-Q4/b/z → 2026-Q4/b/y"),
        ],
    )


def test_several_ways_up_are_no_circle(open_workspace: OpenWorkspace) -> None:
    text = plan(
        objective("a", "supports: [marketing/b, marketing/c]"),
        objective("b", "supports: marketing/c"),
        objective("c", "supports: 2026/company/first"),
    )
    expect(open_workspace, {YEAR: TWO, PLAN: text})


@pytest.mark.parametrize(
    ("own", "supported", "phrase"),
    [
        ("2026-Q4", "2026-Q3", "2026-Q3 ends on 2026-09-30, before 2026-Q4 begins on 2026-10-01"),
        ("2026-Q4", "2027-Q1", "2027-Q1 begins on 2027-01-01, later than 2026-Q4 on 2026-10-01"),
        ("2026-Q4", "2027", "2027 begins on 2027-01-01"),
        ("2026", "2026-Q4", "2026-Q4 begins on 2026-10-01, later than 2026 on 2026-01-01"),
        ("2026", "2026-H1", "2026-H1 is a part of 2026, and a longer cycle doesn't serve a shorter one"),
    ],
)
def test_support_does_not_cross_time(
    open_workspace: OpenWorkspace, own: str, supported: str, phrase: str
) -> None:
    expect(
        open_workspace,
        ANY_YEAR
        | {
            f"okrs/{supported}/company.yaml": TWO,
            f"okrs/{own}/marketing.yaml": marketing(f"supports: ⟦{supported}/company/first⟧"),
        },
        [("OKR305", phrase)],
    )


@pytest.mark.parametrize(
    ("own", "supported"),
    [
        ("2026-Q4", "2026"),
        ("2026-Q1", "2026-H1"),
        ("2026-11", "2026-Q4"),
        ("2026-Q4", "2026-H2"),
        ("sprint", "2026-Q3"),
    ],
)
def test_a_shorter_cycle_serves_one_that_holds_it(
    open_workspace: OpenWorkspace, own: str, supported: str
) -> None:
    files = {
        f"okrs/{supported}/company.yaml": TWO,
        f"okrs/{own}/marketing.yaml": marketing(f"supports: {supported}/company/first"),
    }
    if own == "sprint":
        files["okrs/sprint/cycle.yaml"] = "starts: 2026-09-15\nends: 2026-10-15\n"
    expect(open_workspace, files)


def test_a_fiscal_year_shifts_what_overlaps(open_workspace: OpenWorkspace) -> None:
    """With a year from February on, 2026-Q4 lasts into January of the next year's calendar."""
    files = {
        "okr.yaml": "year_starts: 2\nyear_named_after: start\n",
        "okrs/2026/company.yaml": TWO,
        "okrs/2027-01/marketing.yaml": marketing("supports: 2026/company/first"),
    }
    expect(open_workspace, files)


def test_a_circle_through_time_is_one_finding(open_workspace: OpenWorkspace) -> None:
    """The year that supports its quarter is the cause; the circle follows from it."""
    expect(
        open_workspace,
        {
            YEAR: plan(objective("a", "supports: ⟦2026-Q4/marketing/brand⟧"), objective("b")),
            PLAN: marketing("supports: 2026/company/a"),
        },
        [("OKR305", "can't be supported from 2026")],
    )


def test_cycles_without_days_are_not_compared(open_workspace: OpenWorkspace) -> None:
    found = diagnose(
        open_workspace({"okrs/summer/company.yaml": TWO, PLAN: marketing("supports: summer/company/first")})
    )
    assert [each.code for each in found] == ["OKR117"]


@pytest.mark.parametrize(
    ("lines", "phrase"),
    [
        ("depends_on: ⟦marketing/brand⟧", "“brand” waits for itself"),
        (
            "depends_on: ⟦marketing/brand/one⟧",
            "2026-Q4/marketing/brand → 2026-Q4/marketing/brand/one → 2026-Q4/marketing/brand",
        ),
    ],
)
def test_an_objective_does_not_wait_for_itself(
    open_workspace: OpenWorkspace, lines: str, phrase: str
) -> None:
    expect(open_workspace, {PLAN: marketing(lines)}, [("OKR307", phrase)])


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("marketing/first/one", "“one” waits for itself"),
        (
            "marketing/first",
            "2026-Q4/marketing/first/one → 2026-Q4/marketing/first → 2026-Q4/marketing/first/one",
        ),
    ],
)
def test_a_key_result_does_not_wait_for_itself(open_workspace: OpenWorkspace, text: str, phrase: str) -> None:
    marked = TWO.replace("{id: one", f"{{depends_on: ⟦{text}⟧, id: one", 1)
    expect(open_workspace, {PLAN: marked}, [("OKR307", phrase)])


def test_waiting_in_a_circle_through_an_objective(open_workspace: OpenWorkspace) -> None:
    """One key result waits for a whole objective, of which another waits for the first: neither can end."""
    first = objective("brand").replace("{id: one", "{depends_on: ⟦sales/deals⟧, id: one")
    second = objective("deals").replace("{id: two", "{depends_on: marketing/brand/one, id: two")
    expect(
        open_workspace,
        {PLAN: plan(first, objective("more")), "okrs/2026-Q4/sales.yaml": plan(second, objective("more"))},
        [
            (
                "OKR307",
                (
                    "these wait for each other in a circle: 2026-Q4/marketing/brand/one → 2026-Q4/sales/deals → "
                    "2026-Q4/sales/deals/two → 2026-Q4/marketing/brand/one"
                ),
            )
        ],
    )


def test_waiting_for_a_sibling_is_no_circle(open_workspace: OpenWorkspace) -> None:
    text = plan(
        objective("brand", "depends_on: marketing/more").replace(
            "{id: two", "{depends_on: marketing/brand/one, id: two"
        ),
        objective("more"),
    )
    expect(open_workspace, {PLAN: text})


ORG = """\
    teams:
      - {id: company}
      - {id: product, parent: company}
      - {id: marketing, parent: product}
    people:
      - {id: alice, team: marketing}
    """


def test_what_supports_nothing_is_remarked_on(open_workspace: OpenWorkspace) -> None:
    """Nobody between marketing and the company has objectives, so the company's are the level above."""
    text = plan(
        objective("brand", "supports: 2026/company/first"),
        objective("more").replace("title: Make", "title: ⟦Make"),
    ).replace("⟦Make people come back", "⟦Make people come back⟧")
    (found,) = expect(
        open_workspace,
        {"org.yaml": ORG, YEAR: TWO, PLAN: text},
        [("OKR308", "“more” supports nothing, though company has objectives in 2026")],
    )
    assert found.severity is Severity.INFO
    assert found.finding.hint == "objectives there: 2026/company/first, 2026/company/second"


@pytest.mark.parametrize(
    ("path", "files"),
    [
        (PLAN, {}),
        (PLAN, {"okrs/2026-Q3/company.yaml": TWO, "okrs/2026-11/company.yaml": TWO}),
        ("okrs/2026-Q4/company.yaml", {YEAR: TWO}),
        (PLAN, {YEAR: TWO, "okrs/2026-Q4/cycle.yaml": "state: closed\n"}),
        (PLAN, {YEAR: TWO, "org.yaml": "teams: [{id: marketing, parent: marketing}, {id: company}]\n"}),
    ],
    ids=["nobody above", "other cycles only", "nothing above", "closed", "its own parent"],
)
def test_some_objectives_need_not_support_any(
    open_workspace: OpenWorkspace, path: str, files: dict[str, str]
) -> None:
    found = diagnose(open_workspace(ANY_YEAR | {"org.yaml": ORG, path: TWO} | files))
    assert [each for each in found if each.code.startswith("OKR3")] == []


def test_a_persons_level_above_is_the_team(open_workspace: OpenWorkspace) -> None:
    found = diagnose(open_workspace({"org.yaml": ORG, PLAN: TWO, "okrs/2026-11/alice.yaml": TWO}))
    assert [(each.code, each.finding.message) for each in found] == [
        ("OKR308", f"“{name}” supports nothing, though marketing has objectives in 2026-Q4")
        for name in ("first", "second")
    ]


def test_an_objective_may_say_that_it_supports_nothing(open_workspace: OpenWorkspace) -> None:
    expect(
        open_workspace,
        {
            "org.yaml": ORG,
            YEAR: TWO,
            PLAN: plan(objective("a", "supports: []"), objective("b", "supports: []")),
        },
    )


@pytest.mark.parametrize("lines", ["support: 2026/company/first", "supports: {a: b}", "supports: [7]"])
def test_a_support_that_cannot_be_read_is_one(open_workspace: OpenWorkspace, lines: str) -> None:
    text = marketing(lines, "supports: 2026/company/first")
    (found,) = diagnose(open_workspace({"org.yaml": ORG, YEAR: TWO, PLAN: text}))
    assert found.code.startswith("OKR1")


def test_a_cycle_without_days_has_no_level_above(open_workspace: OpenWorkspace) -> None:
    found = diagnose(open_workspace({"org.yaml": ORG, YEAR: TWO, "okrs/summer/marketing.yaml": TWO}))
    assert [each.code for each in found] == ["OKR117"]


@pytest.mark.parametrize("again", ["company/first", "2026-Q4/company/first", "company/start"])
@pytest.mark.parametrize("key", ["supports", "depends_on"])
def test_a_list_names_each_thing_once(open_workspace: OpenWorkspace, key: str, again: str) -> None:
    company = TWO.replace("id: first", "id: first\n    formerly: start")
    (found,) = expect(
        open_workspace,
        {COMPANY: company, PLAN: marketing(f"{key}: [company/first, ⟦{again}⟧]")},
        [("OKR309", f"“{again}” is named in this list already")],
    )
    assert found.severity is Severity.WARNING


def test_something_unknown_named_twice_is_unknown_once(open_workspace: OpenWorkspace) -> None:
    text = marketing("supports: [⟦company/third⟧, ⟦company/third⟧]")
    expect(open_workspace, {COMPANY: TWO, PLAN: text}, [("OKR302", "no objective"), ("OKR309", "already")])


@pytest.mark.unmeasured
def test_circles_share_no_edge_and_are_bounded() -> None:
    assert list(circles([("a", "b"), ("b", "a"), ("b", "c"), ("c", "c")])) in (
        [["a", "b"], ["c"]],
        [["b", "a"], ["c"]],
    )
    assert list(circles([("a", "b"), ("a", "c"), ("b", "c")])) == []
    assert len(list(circles((n, n) for n in range(MOST_CIRCLES + 5)))) == MOST_CIRCLES
    chain = [(n, n + 1) for n in range(50_000)]
    assert list(circles(chain)) == []
    assert [len(circle) for circle in circles([*chain, (50_000, 0)])] == [50_001]
