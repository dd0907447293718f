"""`okr review`: the weekly meeting of a running cycle, and the look back on one that is over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.history_shell import LOG, PLAN, Team

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

CLOSED_PLAN = """\
objectives:
  - id: voice
    title: Be heard where people talk
    learned: Two channels are enough.
    key_results:
      - {id: mentions, title: 60 mentions a month, unit: mentions, from: 20, to: 60, grade: 0.7, learned: Answers beat posts., next: carry}
      - id: readers
        title: 5,000 readers
        unit: readers
        from: 4000
        to: 5000
        grade: 0.5
        grade_reason: The count was wrong in July
      - {id: spend, title: Keep the budget, unit: euros, at_most: 9, weight: 0}
  - id: promise
    title: Keep what we promised
    type: committed
    key_results:
      - {id: reply, title: Answer within a day, unit: hours, from: 48, to: 24}
"""
CLOSED_LOG = """\
- {date: 2026-07-10, kr: voice/mentions, value: 30, confidence: 0.8, by: alice}
- {date: 2026-08-10, kr: voice/readers, value: 4800, confidence: 0.4, by: alice}
- {date: 2026-09-10, kr: promise/reply, value: 24, confidence: 0.9, by: bob}
- {date: 2026-09-11, kr: promise/reply, value: 26, confidence: 0.1, by: bob}
- {date: 2026-09-12, kr: promise/reply, retracts: 2026-09-11, by: bob}
- {date: 2026-09-12, kr: voice/spend, value: 7, confidence: 1.0, by: bob}
"""
CLOSED = {
    "okrs/2026-Q3/marketing.yaml": CLOSED_PLAN,
    "okrs/2026-Q3/cycle.yaml": "state: closed\nreview: |\n  A quiet summer,\n  well used.\n\n  Write less.\n",
    "checkins/2026-Q3/marketing.yaml": CLOSED_LOG,
}


@pytest.fixture
def week(workspace: Shell) -> Team:
    """A quarter, committed on 12 October; in the last week two check-ins and a target that moved."""
    team = Team(workspace)
    team.git("alice", "2026-10-12", "init", "--quiet", "--initial-branch=main")
    team.edit(PLAN, "{id: hours, title:", "{id: hours, depends_on: marketing/brand/launch, title:")
    team.commit("alice", "2026-10-12", "Plan the quarter")
    team.append(
        LOG,
        "- {date: 2026-11-17, kr: brand/visits, value: 61000, confidence: 0.9, by: alice, note: Campaign went live}",
    )
    team.append(LOG, "- {date: 2026-11-20, kr: brand/launch, value: signed, by: bob, note: Blocked by legal}")
    team.commit("alice", "2026-11-20", "Check in")
    team.edit(PLAN, "to: 100000", "to: 80000")
    team.commit("bob", "2026-11-21", "Ask for less")
    return team


def answer(team: Team | Shell, *arguments: str) -> dict[str, Any]:
    outcome = team.okr("review", *arguments, "--json")
    assert (outcome.status, outcome.err) == (0, "")
    found = json.loads(outcome.out)
    assert isinstance(found, dict)
    return found


def refs(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["ref"].removeprefix("2026-Q4/marketing/") for entry in entries]


def test_the_week_is_told_apart(week: Team) -> None:
    found = answer(week)
    assert (found["kind"], found["since"], found["state"], found["at"]) == (
        "weekly",
        "2026-11-16",
        "active",
        None,
    )
    (moved,) = found["moved"]
    assert (moved["ref"], moved["value_before"], moved["value"]) == (
        "2026-Q4/marketing/brand/visits",
        47500,
        61000,
    )
    assert (moved["score_before"], moved["score"]) == (round(5500 / 38000, 6), 0.5)
    assert [each["note"] for each in moved["checkins_since"]] == ["Campaign went live"]
    # A check-in that says the same again is none that moved it.
    assert refs(found["unmoved"]) == ["brand/launch", "speed/hours", "speed/uptime"]
    assert [len(each["checkins_since"]) for each in found["unmoved"]] == [1, 0, 0]
    assert refs(found["attention"]) == ["brand/launch", "speed/hours", "speed/uptime"] or refs(
        found["attention"]
    )
    (blocker,) = found["blockers"]
    assert (blocker["ref"], blocker["date"], blocker["by"], blocker["note"]) == (
        "2026-Q4/marketing/brand/launch", "2026-11-20", "bob", "Blocked by legal",
    )  # fmt: skip
    (waiting,) = found["waiting"]
    assert (waiting["ref"], waiting["depends_on"], waiting["score"]) == (
        "2026-Q4/marketing/speed/hours", "2026-Q4/marketing/brand/launch", 0.3,
    )  # fmt: skip
    assert {each["ref"] for each in found["due"]} == {
        "2026-Q4/marketing/speed/hours",
        "2026-Q4/marketing/speed/uptime",
    }
    (event,) = found["plan_changes"]
    assert (event["commit"]["author"], event["changes"][0]["old"], event["changes"][0]["new"]) == (
        "Bob Stone",
        100000,
        80000,
    )


def test_confidence_beside_the_forecast(week: Team) -> None:
    for day, value in (("10-12", 25.5), ("11-02", 25), ("11-16", 24.6), ("11-22", 24.4)):
        week.append(
            LOG, f"- {{date: 2026-{day}, kr: speed/hours, value: {value}, confidence: 0.95, by: alice}}"
        )
    week.commit("alice", "2026-11-22", "Check in")
    (found,) = answer(week)["disagreements"]
    assert (found["ref"], found["kind"], found["confidence"]) == (
        "2026-Q4/marketing/speed/hours",
        "hopeful",
        0.95,
    )
    assert found["forecast"] < 0.2
    text = week.okr("review").out
    assert "people say 0.95, the trend says 0.1" in text
    assert "more hopeful than the numbers" in text


def test_another_day_of_the_last_review(week: Team) -> None:
    found = answer(week, "--since", "2026-10-11")
    # As of the day of the last review nothing had been said of the launch.
    assert refs(found["moved"]) == ["brand/visits", "brand/launch"]
    assert len(found["plan_changes"]) == 2
    assert answer(week, "--since", "2026-11-23")["moved"] == []
    ahead = week.okr("review", "--since", "2026-11-24")
    assert (ahead.status, ahead.out) == (2, "")
    assert "2026-11-24 lies ahead of 2026-11-23" in ahead.err
    assert "“soon” is not a day" in week.okr("review", "--since", "soon").err


def test_a_milestone_that_was_reached(week: Team) -> None:
    week.append(LOG, "- {date: 2026-11-22, kr: brand/launch, value: beta, by: bob}")
    week.append(LOG, "- {date: 2026-11-22, kr: speed/uptime, value: 99.95, by: bob}")
    week.append(LOG, "- {date: 2026-11-22, kr: speed/hours, confidence: 0.5, by: bob}")
    week.commit("bob", "2026-11-22", "Check in")
    text = " ".join(week.okr("review").out.split())
    assert "marketing/brand/launch · signed → beta · score 0.30 → 0.70" in text
    assert "marketing/speed/uptime · 99.95% · score 0.00 → 1.00" in text
    assert "marketing/speed/hours · checked in, still at no value" in text
    assert "No check-in is due." in text


def test_the_cycle_is_an_argument_or_an_option(week: Team) -> None:
    by_name, by_option = week.okr("review", "2026-Q4"), week.okr("review", "--cycle", "2026-Q4")
    assert (by_option.status, by_option.out) == (0, by_name.out)
    twice = week.okr("review", "2026-Q4", "--cycle", "2026")
    assert (twice.status, twice.out) == (2, "")
    assert twice.err.startswith("error: The cycle is named twice.\n  Leave --cycle out.")


def test_a_cycle_without_plans_has_no_grades_to_head(week: Team) -> None:
    for form, head in (("text", "2,153 days ago"), ("markdown", "Retrospective")):
        shown = week.okr("review", "2020", "--format", form)
        assert (shown.status, shown.err) == (0, "")
        assert head in shown.out
        assert "no key result in 2020" in " ".join(shown.out.split())
        assert "Grades by owner" not in shown.out


def test_one_owner(week: Team) -> None:
    assert len(answer(week, "--owner", "marketing")["unmoved"]) == 3
    year = answer(week, "2026", "--owner", "company")
    assert (year["cycle"], year["owner"]) == ("2026", "company")
    assert [each["ref"].split("/")[1] for each in year["unmoved"]] == ["company"] * 4
    assert year["plan_changes"] == []
    assert week.okr("review", "--owner", "nobody").status == 2


def test_as_text(week: Team) -> None:
    outcome = week.okr("review")
    assert (outcome.status, outcome.err) == (0, "")
    assert max(len(line) for line in outcome.out.splitlines()) <= 80
    assert "Since 16 Nov, 1 of 4 key results has moved." in outcome.out
    short = week.head()
    for line in (
        "    marketing/brand/visits · 47,500 → 61,000 visits (+13,500)",
        "    score 0.14 → 0.50",
        "    marketing/speed/hours · nothing measured yet (26 → 4 hours)",
        "    › Campaign went live  alice, 17 Nov",
        "    marketing/brand/launch · checked in, still at signed",
        "    › Blocked by legal  bob, 20 Nov",
        "    waits for marketing/brand/launch (score 0.30), The new site is live",
        f"    Bob Stone · {short} · 21 Nov 2026",
    ):
        assert line in outcome.out.splitlines(), outcome.out


def test_as_it_was_on_another_day(week: Team) -> None:
    found = answer(week, "--at", "2026-11-20")
    assert found["at"]["day"] == "2026-11-20"
    assert found["plan_changes"] == []
    assert found["moved"][0]["score"] == round(19000 / 58000, 6)
    assert (
        "at " + week.shell.git("rev-parse", "HEAD~").strip()[:7]
        in week.okr("review", "--at", "HEAD~").out.splitlines()[0]
    )


def test_without_git_only_the_changes_of_plans_are_missing(workspace: Shell) -> None:
    found = answer(workspace)
    assert (found["git"], found["plan_changes"]) == (False, [])
    assert "how plans have changed, only git can tell" in " ".join(workspace.okr("review").out.split())
    assert "only git can tell" in workspace.okr("review", "--format", "markdown").out


def test_many_changes_are_cut_short(week: Team) -> None:
    for number in range(22):
        week.edit(PLAN, f"to: {80000 + number}", f"to: {80001 + number}")
        week.commit("bob", "2026-11-22", f"Move {number}")
    text = week.okr("review").out
    assert "Plans changed  20" in text
    assert "and 3 more: `okr log --plan` has them all." in text


def test_a_cycle_without_plans(week: Team) -> None:
    outcome = week.okr("review", "2027-Q1")
    assert outcome.status == 0
    assert "There is no key result in 2027-Q1 to talk about." in outcome.out


@pytest.fixture
def closed(week: Team) -> Team:
    """The same with a quarter before it that is closed."""
    week.shell.write(CLOSED)
    week.commit("alice", "2026-11-22", "The summer")
    return week


def test_a_closed_cycle_is_looked_back_on(closed: Team) -> None:
    found = answer(closed, "2026-Q3")
    assert (found["kind"], found["state"], found["review"]) == (
        "retrospective", "closed", "A quiet summer,\nwell used.\n\nWrite less.\n",
    )  # fmt: skip
    (marketing,) = found["owners"]
    assert (marketing["score"], [each["score"] for each in marketing["objectives"]]) == (0.8, [0.6, 1.0])
    assert [each["ref"] for each in found["hits"]] == [
        "2026-Q3/marketing/voice/mentions",
        "2026-Q3/marketing/promise/reply",
    ]
    # A guardrail is neither: it is never scored.
    assert [each["ref"] for each in found["misses"]] == ["2026-Q3/marketing/voice/readers"]
    assert found["lessons"] == [
        {"ref": "2026-Q3/marketing/voice", "title": "Be heard where people talk", "learned": "Two channels are enough.",
         "grade_reason": None, "next": None},
        {"ref": "2026-Q3/marketing/voice/mentions", "title": "60 mentions a month", "learned": "Answers beat posts.",
         "grade_reason": None, "next": "carry"},
        {"ref": "2026-Q3/marketing/voice/readers", "title": "5,000 readers", "learned": None,
         "grade_reason": "The count was wrong in July", "next": None},
    ]  # fmt: skip
    assert found["ambition"] == [
        {"type": "aspirational", "key_results": 2, "average": 0.6, "aim": 0.7, "verdict": "near"},
        {"type": "committed", "key_results": 1, "average": 1.0, "aim": 1.0, "verdict": "near"},
    ]
    # Of three key results that count: 0.8 came true, 0.4 did not, 0.9 came true; what was taken back says nothing.
    assert found["calibration"]["cycles"] == ["2026-Q3"]
    assert found["calibration"]["count"] == 3
    assert found["calibration"]["brier"] == round((0.2**2 + 0.4**2 + 0.1**2) / 3, 6)
    assert [(row["low"], row["count"], row["came_true"]) for row in found["calibration"]["bins"]] == [
        (0.4, 1, 0.0), (0.8, 1, 1.0), (0.9, 1, 1.0),
    ]  # fmt: skip
    assert found["ungraded"] == 1


def test_what_is_said_after_a_cycle_was_closed_foretells_nothing(closed: Team) -> None:
    log, facts = "checkins/2026-Q3/marketing.yaml", "okrs/2026-Q3/cycle.yaml"
    before = answer(closed, "2026-Q3")["calibration"]
    late = "- {date: %s, kr: voice/mentions, confidence: 1.0}\n"
    closed.shell.write({log: closed.shell.read(log) + late % "2026-11-24"})  # tomorrow
    closed.commit("alice", "2026-11-22", "Too early")
    assert answer(closed, "2026-Q3")["calibration"] == before
    closed.shell.write({
        log: closed.shell.read(log) + late % "2026-10-20", facts: closed.shell.read(facts) + "closed: 2026-10-02\n",
    })  # fmt: skip
    closed.commit("alice", "2026-11-22", "Too late")
    assert answer(closed, "2026-Q3")["calibration"] == before


def test_the_look_back_as_text_and_markdown(closed: Team) -> None:
    text = closed.okr("review", "2026-Q3")
    assert (text.status, text.err) == (0, "")
    assert max(len(line) for line in text.out.splitlines()) <= 80
    for words in (
        "2 of 3 key results hit what they aimed at. 1 key result without a grade: the score stands.",
        "A quiet summer, well used.", "Write less.", "next · carry: goes on from its last value",
        "the grade · The count was wrong in July", "the Brier score is 0.07: better than always saying 0.5 (0.25)",
        "5,000 readers ▲ 0.50",  # with the sign that status gives it: partly met
    ):  # fmt: skip
        assert words in " ".join(text.out.split()), text.out
    markdown = closed.okr("review", "2026-Q3", "--format", "markdown").out
    assert "# Retrospective: Acme, 2026-Q3, 23 Nov 2026" in markdown.splitlines()
    assert (
        "> A quiet summer, well used&#46;" in markdown.splitlines()
        or "> A quiet summer, well used." in markdown.splitlines()
    )
    assert "| 0.8 – 0.9 | 1 | 1.00 |" in markdown.splitlines()


def test_a_cycle_that_is_over_but_not_closed_has_scores(closed: Team) -> None:
    closed.shell.write({"okrs/2026-Q3/cycle.yaml": "state: active\n"})
    found = answer(closed, "2026-Q3")
    assert (found["kind"], found["state"]) == ("retrospective", "active")
    assert [each["score"] for each in found["misses"]] == [
        0.25
    ]  # 4,800 readers are 0.8, whatever the grade says
    assert found["calibration"] == {"cycles": [], "count": 0, "brier": None, "bins": []}
    text = " ".join(closed.okr("review", "2026-Q3").out.split())
    assert (
        "2026-Q3 is not closed: these are scores, not grades; `okr cycle close 2026-Q3` takes them." in text
    )
    assert "No confidence was stated in a closed cycle yet" in text
    refused = closed.okr("review", "2026-Q3", "--since", "2026-09-01")
    assert (refused.status, refused.out) == (2, "")
    assert "leave --since out" in refused.err.lower()


def test_both_ways_to_ask_for_a_format(week: Team) -> None:
    assert week.okr("review", "--format", "json").out == week.okr("review", "--json").out
    outcome = week.okr("review", "--json", "--format", "markdown")
    assert (outcome.status, outcome.out) == (2, "")


def test_hostile_words_show_as_they_are(week: Team) -> None:
    week.append(
        LOG,
        '- {date: 2026-11-22, kr: brand/visits, value: 1, by: alice, note: "stuck <b>\\e[31m @team | `x`"}',
    )
    text = week.okr("review").out
    assert "\x1b" not in text
    assert "stuck <b>" in text
    markdown = week.okr("review", "--format", "markdown").out
    assert "<b>" not in markdown
    assert "@team" not in markdown
    assert "\x1b" not in markdown


def test_a_broken_file_gives_no_answer(week: Team) -> None:
    week.shell.write({PLAN: "objectives: [\n"})
    outcome = week.okr("review")
    assert (outcome.status, outcome.out) == (1, "")
    assert PLAN in outcome.err


def test_plans_changed_is_what_a_diff_calls_a_change(week: Team) -> None:
    """Each commit once; names in full, former ones, order, layout and what is so anyway are no change."""
    base = week.head()
    week.edit(PLAN, "depends_on: marketing/brand/launch", "depends_on: [2026-Q4/marketing/brand/launch]")
    week.shell.write({"okrs/2026-Q4/cycle.yaml": "state: active\n"})
    week.commit("bob", "2026-11-22", "Another way to write it")
    before = answer(week)["plan_changes"]
    assert [each["commit"]["id"] for each in before] == [week.shell.git("rev-parse", base).strip()]
    # An owner with a new id, and a key result below another objective of the same plan.
    org = week.shell.read("org.yaml")
    week.shell.write({"org.yaml": org.replace("{id: alice,", "{id: alicia, formerly: alice,")})
    week.edit(PLAN, "owner: alice", "owner: alicia")
    week.commit("bob", "2026-11-22", "Alice has another id")
    assert answer(week)["plan_changes"] == before
    lines = week.shell.read(PLAN).split("      - {id: launch")
    launch = "      - {id: launch" + lines[1].split("\n", 1)[0] + "\n"
    rest = (
        week.shell.read(PLAN).replace(launch, "").replace("marketing/brand/launch", "marketing/speed/launch")
    )
    week.shell.write(
        {PLAN: rest + launch, "okrs/2026-Q4/cycle.yaml": "state: active\nreview: So far, so good.\n"}
    )
    week.commit("bob", "2026-11-23", "Move the launch")
    events = answer(week)["plan_changes"]
    assert [(each["change"], each["ref"]) for event in events[:-1] for each in event["changes"]] == [
        ("cycle-changed", None),
        ("moved", "2026-Q4/marketing/speed/launch"),
    ]
    text = week.okr("review").out
    assert "\nPlans changed  2\n" in text
    assert text.count(week.head()[:7]) == 1
    difference = week.okr("diff", f"{base}..HEAD").out
    assert "\nKey results: 1 moved.\n" in difference
