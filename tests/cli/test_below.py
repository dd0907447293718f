"""A team and all below it, `ID/...`: what whoever leads a division looks at, which may have no plan of its own."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.test_completion import complete

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

ORG = """teams:
  - {id: group, name: Group}
  - {id: sales, name: Sales, parent: group, lead: ann}
  - {id: france, name: France, parent: sales}
  - {id: paris, name: Paris, parent: france}
  - {id: labs, name: Labs, parent: group}
people:
  - {id: ann, name: Ann Roy, team: sales}
  - {id: bo, name: Bo Li, team: paris}
"""


def plan(title: str) -> str:
    return (
        f"objectives:\n  - id: {title.lower()}\n    title: {title} for everybody\n    key_results:\n"
        f"      - {{id: first, title: First of {title}, unit: deals, from: 0, to: 10}}\n"
    )


@pytest.fixture
def division(shell: Shell) -> Shell:
    plans = {"paris": "Joy", "labs": "Wit", "bo": "Calm"}
    shell.write({
        "okr.yaml": "name: Acme\nlimits: {objectives: {min: 1, max: 3}, key_results: {min: 1, max: 5}}\n", "org.yaml": ORG,
        **{f"okrs/2026-Q4/{owner}.yaml": plan(title) for owner, title in plans.items()},
        "okrs/2026-Q3/paris.yaml": plan("Ease"), "okrs/2026-Q3/labs.yaml": plan("Pace"),
    })  # fmt: skip
    return shell


def told(shell: Shell, *words: str) -> dict[str, Any]:
    outcome = shell.okr(*words, "--json")
    assert (outcome.err, outcome.status) == ("", 0)
    found: dict[str, Any] = json.loads(outcome.out)
    return found


@pytest.mark.parametrize(
    "words", [("sales/...",), ("--owner", "sales/..."), ("--owner=sales/...", "--cycle", "2026-Q4")]
)
def test_status_shows_a_team_and_all_below(division: Shell, words: tuple[str, ...]) -> None:
    owners = told(division, "status", *words)["owners"]
    assert [each["id"] for each in owners] == ["paris", "bo"]


def test_due_and_reviews_are_of_a_team_and_all_below(division: Shell) -> None:
    due = told(division, "due", "--owner", "sales/...")["due"]
    assert [each["ref"] for each in due] == ["2026-Q4/bo/calm/first", "2026-Q4/paris/joy/first"]
    weekly = told(division, "review", "--owner", "france/...")
    assert weekly["owner"] == "france/..."
    assert [each["ref"] for each in weekly["unmoved"]] == [
        "2026-Q4/paris/joy/first", "2026-Q4/bo/calm/first",
    ]  # fmt: skip
    past = told(division, "review", "2026-Q3", "--owner", "sales/...")
    assert [each["id"] for each in past["owners"]] == ["paris"]


def test_a_tree_is_of_a_team_and_all_below(division: Shell) -> None:
    found = told(division, "tree", "sales/...")["objectives"]
    assert [each["ref"] for each in found] == ["2026-Q4/paris/joy", "2026-Q4/bo/calm"]
    assert told(division, "tree", "sales")["objectives"] == []
    for words, said in (
        (
            ("sales",),
            "sales has no objective in 2026-Q4 and the cycles around it, but 2 below it have: `okr tree sales/...`.",
        ),
        (
            ("sales", "--cycle", "2026-Q3"),
            (
                "sales has no objective in 2026-Q3 and the cycles around it, but one below it has: "
                "`okr tree sales/... --cycle 2026-Q3`."
            ),
        ),
        (("ann/...",), "ann/... has no objective in 2026-Q4 and the cycles around it yet."),
    ):
        assert said in " ".join(division.okr("tree", *words).out.split())
    past = division.okr("tree", "france/...", "--cycle", "2026-Q3").out
    assert ("▶ Ease" in past, "Pace" in past) == (True, False)


def test_a_calendar_is_of_a_team_and_all_below(division: Shell) -> None:
    def titles(whose: str) -> list[str]:
        lines = division.okr("report", "--format", "ics", "--owner", whose).out.splitlines()
        return sorted(each.partition(":")[2] for each in lines if each.startswith("SUMMARY:Check in"))

    assert titles("sales/...") == ["Check in: First of Calm", "Check in: First of Joy"]
    assert titles("sales") == []


def test_completion_offers_it_where_it_is_taken(division: Shell) -> None:
    offered = ["sales", "sales/..."]
    for line in (
        "status sa",
        "tree sa",
        "watch sa",
        "due --owner sa",
        "review --owner sa",
        "report --owner sa",
        "export --owner sa",
        "log sa",
        "diff sa",
        "validate sa",
    ):
        assert sorted(complete(division, f"okr {line}")) == offered
    assert complete(division, "okr status sales/")["sales/..."] == "Sales and all below"
    assert "paris/..." not in complete(division, "okr status pa")  # no team is below it
    assert complete(division, "okr status .") == {}
    assert sorted(complete(division, "okr checkin --owner sa")) == ["sales"]


def test_whoever_has_no_plan_is_told_of_those_below(division: Shell) -> None:
    def said(*words: str) -> str:
        return " ".join(division.okr(*words).out.split())

    assert "sales has no plan for 2026-Q4, but 2 below it have one: `okr status sales/...`." in said(
        "status", "sales"
    )
    assert "2 check-ins of those below are due: `okr due --owner sales/...`." in said(
        "due", "--owner", "sales"
    )
    assert "to talk about. 2 below it have a plan: `okr review --owner sales/...`." in said(
        "review", "--owner=sales"
    )
    assert "sales/... has no plan for 2026-Q2 yet." in said("status", "sales/...", "--cycle", "2026-Q2")
    assert "okr checkin walks you through yours" in said("due", "--owner", "sales/...")
    assert "No check-in of Group and all below is due" in " ".join(
        division.okr("--as-of", "2026-10-02", "due", "--owner", "group/...").out.split()
    )


def test_nobody_is_below_an_owner_that_there_is_none_of(division: Shell) -> None:
    outcome = division.okr("status", "sale/...")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("error: There is no owner “sale”.\n")


def test_teams_that_are_below_each_other_are_a_mistake_and_no_endless_search(division: Shell) -> None:
    division.write({"org.yaml": ORG.replace("name: Sales, parent: group", "name: Sales, parent: paris")})
    assert division.okr("status", "sales/...").status in {0, 1}


@pytest.fixture
def history(division: Shell) -> Shell:
    """The same in a repository, with a check-in of each, all committed."""
    for words in (
        ("init", "--quiet"), ("config", "user.name", "Bo Li"), ("config", "user.email", "bo@acme.example"), ("add", "-A"),
        ("commit", "--quiet", "-m", "Plans"),
    ):  # fmt: skip
        division.git(*words)
    for name in ("joy/first", "calm/first", "wit/first"):
        assert division.okr("checkin", name, "3").status == 0
    return division


def test_a_log_is_of_a_team_and_all_below(history: Shell) -> None:
    def subjects(*words: str) -> list[str]:
        entries = told(history, "log", *words)["entries"]
        return sorted(
            name for each in entries for name in (*map(itemgetter("ref"), each.get("changes", [])), each.get("ref")) if name
        )  # fmt: skip

    theirs = ["2026-Q4/bo/calm/first", "2026-Q4/paris/joy/first"]
    assert subjects("sales/...", "--checkins") == theirs
    assert subjects("sales/...", "--checkins", "-n", "2") == theirs  # read no further than they reach
    plans = ["2026-Q3/paris/ease", "2026-Q4/bo/calm", "2026-Q4/paris/joy"]
    assert subjects("sales/...", "--plan") == plans
    assert subjects("france/...", "--cycle", "2026-Q4") == sorted([*theirs, *plans[1:]])
    assert told(history, "log", "france/...")["ref"] == "france/..."
    assert subjects("labs/...", "--checkins") == ["2026-Q4/labs/wit/first"]
    assert subjects("sales") == []


def test_a_comparison_is_of_a_team_and_all_below_on_either_side(history: Shell) -> None:
    org = ORG.replace("name: Paris, parent: france", "name: Paris, parent: labs")  # with all that it has
    history.write({
        "org.yaml": f"{org}  - {{id: cy, name: Cy Day, team: sales}}\n", "okrs/2026-Q4/cy.yaml": plan("Zest"),
        **{f"okrs/2026-Q4/{name}.yaml": plan(title).replace("10", "8") for name, title in (("paris", "Joy"), ("labs", "Wit"))},
    })  # fmt: skip

    def owners(*words: str) -> list[str]:
        found = told(history, "diff", *words)
        assert found["refs"] == [each for each in words if "..." in each]
        return [each["id"] for each in found["owners"]]

    assert owners("sales/...") == owners("HEAD", "sales/...") == ["paris", "cy"]
    assert owners("labs/...") == ["paris", "labs"]
    assert owners("france/...", "cy/...") == ["paris", "cy"]
    assert [each["id"] for each in told(history, "diff", "sales/...")["subjects"]] == ["paris", "cy"]
    cycle = told(history, "diff", "sales/...", "--cycle", "2026-Q3")
    assert (cycle["refs"], cycle["owners"]) == (["2026-Q3/sales/..."], [])
    heading = history.okr("diff", "sales/...", "--cycle", "2026-Q4").out.splitlines()[0]
    assert heading.endswith(" · 2026-Q4/sales/...")
    assert history.okr("diff", "--cycle", "2026-Q4").out.splitlines()[0].endswith(" → working tree · 2026-Q4")
    history.write(
        {
            "org.yaml": ORG.replace("people:", "  - {id: north, parent: sales}\npeople:"),
            "okrs/2026-Q4/north.yaml": plan("New"),
        }
    )
    assert owners("north/...") == ["north"]  # a team that there was not before
    outcome = history.okr("diff", "sale/...")
    assert (outcome.status, outcome.err) == (
        2, "error: “sale/...” names no commit, and there is no owner “sale”.\n  Did you mean sales/...?\n",
    )  # fmt: skip


def test_findings_are_those_of_owners_where_no_file_is_called_so(division: Shell) -> None:
    def found(*words: str) -> tuple[set[str], int]:
        answer = json.loads(division.okr("validate", *words, "--json").out)
        return {each["path"] for each in answer["diagnostics"]}, answer["files"]

    for name in ("paris", "labs", "bo"):
        division.write({f"okrs/2026-Q4/{name}.yaml": plan("Joy").replace(", from: 0", "")})
    theirs = {"okrs/2026-Q4/bo.yaml", "okrs/2026-Q4/paris.yaml"}
    assert found("sales/...") == (theirs, 3)
    assert found("paris") == ({"okrs/2026-Q4/paris.yaml"}, 2)
    assert found("labs", "okrs/2026-Q4/bo.yaml") == ({"okrs/2026-Q4/bo.yaml", "okrs/2026-Q4/labs.yaml"}, 3)
    assert found("ann") == (set(), 0)
    outcome = division.okr("validate", "sale/...")
    assert (outcome.status, outcome.err) == (
        2, "error: There is no file, folder or owner sale/...\n  Did you mean sales/...?\n",
    )  # fmt: skip
    division.write({"org.yaml": "teams: [\n"})  # which would have told who is below, and who there is
    assert found("paris/...") == ({"org.yaml", "okrs/2026-Q4/paris.yaml"}, 3)
    assert found("sales/...") == ({"org.yaml"}, 1)
    division.write({"sales": "no owner\n"})
    assert found("sales") == (set(), 0)


def test_texts_and_tables_are_of_a_team_and_all_below(history: Shell) -> None:
    def report(*words: str) -> list[str]:
        outcome = history.okr("report", "--owner", "sales/...", "--format", *words)
        assert (outcome.err, outcome.status) == ("", 0)
        return outcome.out.splitlines()

    whole = report("markdown")
    assert whole[0] == "# Acme · 2026-Q4 · Sales and all below"
    assert [each for each in whole if each.startswith("## ")][:2] == ["## Paris: 0.30", "## Bo Li: 0.30"]
    assert not [each for each in whole if "labs" in each.casefold()]
    assert report("markdown", "--digest", "--language", "fr")[0].startswith(
        "**Acme · 2026-Q4 · Sales et tout ce qui en dépend**, 23 nov. 2026"
    )
    assert [each.partition(",")[0] for each in report("csv")[1:]] == [
        "2026-Q4/paris/joy/first", "2026-Q4/bo/calm/first",
    ]  # fmt: skip
    assert [each.partition(",")[0] for each in report("csv", "--table", "people")[1:]] == [
        "sales", "france", "paris", "ann", "bo",
    ]  # fmt: skip
    assert "labs/wit" not in "\n".join(whole)
    tables = json.loads("\n".join(report("json")))
    assert {row["owner"] for row in tables["plan_changes"]} == {"paris", "bo"}
    assert history.okr("export", "-o", "out", "--table", "objectives", "--owner", "sales/...").status == 0
    rows = (history.folder / "out/objectives.csv").read_text().splitlines()[1:]
    assert [each.partition(",")[0] for each in rows] == [
        "2026-Q3/paris/ease", "2026-Q4/paris/joy", "2026-Q4/bo/calm",
    ]  # fmt: skip
    assert history.okr("report", "--format", "markdown", "--owner", "sales").err == (
        "error: sales has no plan in 2026-Q4: there is nothing to report.\n"
        "  `okr status sales` says where there is one; another cycle is named with --cycle.\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            ("badge", "sales/..."),
            "A badge shows one score, and “sales/...” is a team and all below it: scores are not summed up over teams.\n"
            "  Name one owner, objective or key result; `okr status sales/...` shows them all.",
            id="badge",
        ),
        pytest.param(
            ("badge", "sale/..."), "There is no owner “sale”.\n  Did you mean sales/...?", id="near"
        ),
        pytest.param(
            ("report", "--owner", "sales/...", "-o", "x"),
            "--owner does not go with --format html, which has a page for every team and person.\n"
            "  Leave it out, or write another format: markdown, json, csv, xlsx or ics.",
            id="site",
        ),
        *(
            pytest.param(
                words,
                "“sales/...” is a team and all below it, and just one thing is asked for here.\n"
                "  `okr status sales/...` and `okr tree sales/...` show what they have.",
                id="-".join(words[:2]).replace("/...", ""),
            )
            for words in (("show", "sales/..."), ("checkin", "--owner", "sales/..."))
        ),
    ],
)
def test_where_one_thing_is_asked_for_it_is_refused(
    division: Shell, words: tuple[str, ...], said: str
) -> None:
    outcome = division.okr(*words)
    assert (outcome.status, outcome.out, outcome.err) == (2, "", f"error: {said}\n")


def test_a_report_says_what_each_objective_supports_and_who_supports_it(division: Shell) -> None:
    below = plan("Calm").replace(
        "    key_results:", '    supports: [paris/joy/first, paris/joy, "@all `x`"]\n    key_results:'
    )
    division.write({"okrs/2026-Q4/bo.yaml": below, **{
        f"okrs/2026-Q4/t{number}.yaml": below.replace("paris/joy/first, ", "") for number in range(11)
    }})  # fmt: skip
    told = division.okr("report", "--format", "markdown").out
    joy = told.partition("### Joy for everybody")[2].partition("|")[0].splitlines()[4:]
    assert joy[0] == "- Supported by: Calm for everybody (`2026-Q4/t0/calm`, 0.00, t0)"
    assert (len(joy), joy[10], joy[11]) == (12, "- and 2 more", "")
    calm = told.partition(" (`2026-Q4/bo/calm`)\n\n")[2].partition("|")[0].splitlines()
    assert calm == [
        "- Supports: First of Joy (`2026-Q4/paris/joy/first`)",
        "- Supports: Joy for everybody (`2026-Q4/paris/joy`)",
        "- Supports: &#64;&#8203;all &#96;x&#96;",
        "",
    ]
