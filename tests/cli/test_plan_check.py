from __future__ import annotations

import json

import pytest

from tests.cli.conftest import SMALL_WORKSPACE, Shell, commit_all

PLAN = "okrs/2027-Q1/marketing.yaml"
ORG = """\
teams:
  - {id: company, name: Acme}
  - {id: marketing, name: Marketing, parent: company, lead: alice}
  - {id: design, name: Design & Co, parent: company}
  - {id: sales, name: Sales, parent: company}
people:
  - {id: alice, name: Alice Martin, email: alice@acme.example, team: marketing}
  - {id: bob, name: Bob Stone, email: bob@acme.example, team: marketing}
"""
MARKETING = """\
objectives:
  - id: brand
    title: Make our brand the one people think of first
    owner: alice
    supports: 2027/company/lead/share
    key_results:
      - {id: visits, title: Reach 100000 monthly visits, unit: visits, from: 42000, to: 100000}
      - {id: users, title: More users, unit: users, from: unknown, to: 90}
  - id: speed
    title: Answer everyone while they still remember the question
    owner: alice
    supports: marketing/brand
    key_results:
      - {id: a, title: 4 hours, unit: hours, from: 26, to: 4}
      - {id: b, title: 5 days, unit: days, from: 26, to: 5}
      - {id: c, title: 6 weeks, unit: weeks, from: 26, to: 6}
      - {id: d, title: 7 months, unit: months, from: 26, to: 7}
"""
DESIGN = """\
objectives:
  - id: look
    title: Look like one company
    supports: design/feel
    key_results:
      - {id: pages, title: 80 pages redrawn, unit: pages, from: 0, to: 80, owner: alice}
      - {id: icons, title: 9 icons, unit: icons, from: 0, to: 9, owner: alice}
  - id: feel
    title: Feel like one company
    key_results:
      - {id: forms, title: 8 forms redrawn, unit: forms, from: 0, to: 8, owner: alice}
      - {id: hints, title: 7 hints, unit: hints, from: 0, to: 7, owner: alice}
"""
FILES = SMALL_WORKSPACE | {
    "org.yaml": ORG,
    "okrs/2027/company.yaml": SMALL_WORKSPACE["okrs/2026/company.yaml"],
    "okrs/2026-Q3/marketing.yaml": MARKETING.replace("supports: 2027/", "supports: 2026/"),
    "okrs/2027-Q1/cycle.yaml": "state: planning   # still\n",
    PLAN: MARKETING,
    "okrs/2027-Q1/design.yaml": DESIGN,
    "okrs/2027-Q1/sales.yaml": "objectives: []\n",
}
LATER = "2027-01-03"
NOT_READY = "2027-Q1 is not ready, and was not started: "
ANSWER = """\
Acme · 2027-Q1                                                        3 Jan 2027
1 Jan – 31 Mar 2027 · day 3 of 90, 87 left · planning

Not ready: no plan yet of Sales, Bob Stone.

             objectives  new  carried over  key results  committed
Marketing             2    0             2            6          0
Design & Co           2    2             0            4          0
Sales  no plan yet
Bob Stone  no plan yet, and no file

New: design/look, design/feel
Carried over: marketing/brand (for the second time), marketing/speed (for the
  second time)

Findings, as they will be once it is active
warning OKR409 okrs/2027-Q1/marketing.yaml:8
  2027-Q1 has begun, and the baseline of “users” is still unknown
  Measure it and check the value in: it becomes the baseline. Or write it in
  `from`.
info OKR308 okrs/2027-Q1/design.yaml:9
  “feel” supports nothing, though company has objectives in 2027
  objectives there: 2027/company/lead, 2027/company/team

Questions
? 2026-Q4 is over, and not closed yet. What was learned in it that this plan
  should heed?
? Nobody supports 2027/company/team: Be a place where people want to stay. Who
  works towards it, or is it no longer a goal?
? Design & Co supports only itself. Which goals of the others does it serve?
? Alice Martin is accountable for 2 objectives and 10 key results. What can
  somebody else take, or wait?
? Nobody is accountable for design/look. Who follows it every week?
? Nobody is accountable for design/feel. Who follows it every week?
? All 4 objectives are aspirational. Is there nothing that others rely on in
  full?
? marketing/brand is carried over for the second time. What will be different
  this time?
? marketing/speed is carried over for the second time. What will be different
  this time?
? The baseline of marketing/brand/users is unknown. Who measures it, and by
  when?
? marketing/brand/visits begins at 42,000 visits; 2026-Q4 left it at 47,500
  visits. Which of the two is the baseline?
? marketing/brand goes on without “The new site is live”, not reached in
  2026-Q4. What has become of that?
? marketing/speed goes on without “Answer within 4 hours”, “Keep the site up
  99.9% of the time”, not reached in 2026-Q4. What has become of that?
"""


@pytest.fixture
def planned(shell: Shell) -> Shell:
    """A workspace in which a quarter is being planned; Bob had a plan of his own before."""
    bob = "okrs/2026-Q4/bob.yaml"
    shell.write(FILES | {bob: SMALL_WORKSPACE["okrs/2026-Q4/marketing.yaml"]})
    return shell


def test_a_plan_is_looked_at_as_a_coach_would(planned: Shell) -> None:
    done = planned.okr("--as-of", LATER, "plan", "check")
    assert (done.status, done.err, done.out) == (1, "", ANSWER)
    assert max(map(len, done.out.splitlines())) <= 80


def test_of_a_cycle_that_runs_the_findings_are_those_of_now(repository: Shell) -> None:
    repository.write(
        {"okr.yaml": f"{repository.read('okr.yaml')}limits: {{objectives: {{min: 3, max: 4}}}}\n"}
    )
    told = repository.okr("plan", "check", "2026-Q4").out.splitlines()
    assert "Findings" in told


def test_the_same_for_programs(planned: Shell) -> None:
    answer = json.loads(planned.okr("--as-of", LATER, "plan", "check", "2027-q1", "--json").out)
    assert (answer["cycle"], answer["state"], answer["before"]) == ("2027-Q1", "planning", "2026-Q4")
    assert answer["ready"] is False
    assert [(plan["owner"]["id"], plan["path"]) for plan in answer["plans"]] == [
        ("marketing", PLAN),
        ("design", "okrs/2027-Q1/design.yaml"),
        ("sales", "okrs/2027-Q1/sales.yaml"),
        ("bob", None),
    ]
    assert answer["plans"][0]["objectives"][0] == {
        "ref": "2027-Q1/marketing/brand", "title": "Make our brand the one people think of first",
        "type": "aspirational", "owner": "alice", "key_results": 2, "times_carried": 2,
    }  # fmt: skip
    assert answer["summary"] == {"errors": 0, "warnings": 1, "infos": 1}
    assert [each["about"] for each in answer["questions"]] == [
        "not-closed", "unsupported", "only-itself", "overloaded", "nobody-accountable", "nobody-accountable",
        "ambition", "carried-again", "carried-again", "unknown-baseline", "baseline-behind", "left-out",
        "left-out",
    ]  # fmt: skip


@pytest.mark.unmeasured
def test_what_keeps_a_plan_from_being_ready(planned: Shell) -> None:
    # Named as those who plan, nobody else is waited for; questions and warnings count only if strict.
    planned.write({"okrs/2027-Q1/cycle.yaml": "state: planning\nowners: [marketing, design]\n"})
    (planned.folder / "okrs/2027-Q1/sales.yaml").unlink()
    done = planned.okr("--as-of", LATER, "plan", "check")
    assert (done.status, done.out.splitlines()[3]) == (0, "Ready, with 1 warning and 13 questions.")
    done = planned.okr("--as-of", LATER, "plan", "check", "--strict")
    assert (done.status, done.out.splitlines()[3]) == (1, "Not ready: 1 warning, 13 questions.")
    planned.write({PLAN: MARKETING.partition("  - id: speed")[0]})
    done = planned.okr("--as-of", LATER, "plan", "check")
    assert (done.status, done.out.splitlines()[3]) == (1, "Not ready: 1 error.")
    assert "  marketing has 1 objective in 2027-Q1, at least 2 are asked for\n" in done.out
    planned.write({PLAN: "objectives: [\n"})
    done = planned.okr("--as-of", LATER, "plan", "check")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"{PLAN}:1:14: error: OKR104 ")


def test_what_is_asked_where_all_is_promised_and_nobody_is_above(shell: Shell) -> None:
    plan = MARKETING.replace("    supports: 2027/company/lead/share\n", "").replace("    owner: alice\n", "")
    shell.write(
        {
            "okr.yaml": "",
            "okrs/2027-Q1/a.yaml": plan.replace("title: Make", "type: committed\n    title: Make"),
        }
    )
    shell.write({"okrs/2027-Q1/b.yaml": DESIGN.replace("supports: design/feel", "type: committed")})
    asked = json.loads(shell.okr("plan", "check", "2027-Q1", "--json").out)["questions"]
    assert [each["about"] for each in asked] == ["unknown-baseline"]
    for name in "ab":
        text = shell.read(f"okrs/2027-Q1/{name}.yaml")
        for title in ("title: Answ", "title: Feel"):
            text = text.replace(title, f"type: committed\n    {title}")
        shell.write({f"okrs/2027-Q1/{name}.yaml": text})
    asked = json.loads(shell.okr("plan", "check", "2027-Q1", "--json").out)["questions"]
    assert [(each["about"], each["fact"]) for each in asked] == [
        ("ambition", "All 4 objectives are committed."),
        ("unknown-baseline", "The baseline of a/brand/users is unknown."),
    ]


def test_of_a_cycle_without_plans_nothing_is_asked(shell: Shell) -> None:
    shell.write({"okr.yaml": "", "okrs/2026/cycle.yaml": "state: closed\n"})
    done = shell.okr("plan", "check")
    assert (done.status, done.out.splitlines()[2:]) == (1, ["", "Not ready: nobody has a plan."])
    done = shell.okr("plan", "check", "2026")
    assert (done.status, done.err.splitlines()[0]) == (
        1, "error: 2026 is closed: there is nothing left to plan in it."
    )  # fmt: skip


def test_a_cycle_is_started_in_one_commit_of_its_facts_alone(planned: Shell) -> None:
    (planned.folder / "okrs/2027-Q1/sales.yaml").unlink()
    commit_all(planned)
    planned.write({"org.yaml": f"{ORG}# mine\n"})
    done = planned.okr("plan", "start")
    id_ = planned.git("rev-parse", "HEAD").strip()
    assert done.status == 0
    assert done.out == (
        "2027-Q1 is active, from 2027-01-01 to 2027-03-31.\n"
        "The agreement: 2 plans, 4 objectives, 10 key results.\n"
        f"Recorded in okrs/2027-Q1/cycle.yaml, committed as {id_[:7]}.\n"
    )
    assert done.err == (
        "note: the baseline of 2027-Q1/marketing/brand/users is unknown: the first check-in becomes it.\n"
        "note: sales has no plan in 2027-Q1.\n"
        "note: bob has no plan in 2027-Q1.\n"
    )
    assert planned.read("okrs/2027-Q1/cycle.yaml") == "state: active   # still\n"
    assert planned.git("show", "--format=%B", "--name-only").split("\n") == [
        "okr: start 2027-Q1", "", "The agreement from now on: 2 plans, 4 objectives, 10 key results.", "", "",
        "okrs/2027-Q1/cycle.yaml", "",
    ]  # fmt: skip
    assert planned.git("status", "--short") == " M org.yaml\n"
    again = planned.okr("plan", "start", "2027-Q1")
    assert (again.status, again.err.splitlines()[0]) == (1, "error: 2027-Q1 is active already.")


@pytest.mark.unmeasured
def test_from_the_start_on_every_move_is_shown(planned: Shell) -> None:
    (planned.folder / "okrs/2027-Q1/sales.yaml").unlink()
    commit_all(planned)
    planned.write({PLAN: MARKETING.replace("to: 100000", "to: 90000")})
    planned.git("commit", "--quiet", "--all", "--message", "Still planning")
    assert planned.okr("plan", "start").status == 0
    # Weeks before its first day.
    planned.write({PLAN: MARKETING.replace("to: 100000", "to: 80000").replace("to: 4}", "to: 4, weight: 2}")})
    planned.git("commit", "--quiet", "--all", "--message", "Aim lower")
    found = json.loads(planned.okr("audit", "--json").out)["findings"]
    said = [
        each["message"].partition(" by Alice")[0]
        for each in found
        if each["ref"] and "2027-Q1" in each["ref"]
    ]
    assert said == [
        "The target of 2027-Q1/marketing/brand/visits was lowered from 90,000 to 80,000 visits",
        "The weight of 2027-Q1/marketing/speed/a was raised from 1 to 2",
    ]
    assert next(each for each in found if each["kind"] == "weight-moved")["message"].endswith(
        ", after the cycle was started."
    )
    shown = json.loads(planned.okr("diff", "HEAD^", "--cycle", "2027-Q1", "--json").out)
    assert "target moved from 90,000 to 80,000 visits" in json.dumps(shown)
    assert "2027-Q1  state changed from planning to active" in " ".join(planned.okr("log").out.split("\n"))


@pytest.mark.parametrize(
    ("files", "arguments", "status", "error"),
    [
        ({}, [], 1, f"{NOT_READY}there is no objective in the plan of sales."),
        (
            {PLAN: MARKETING.replace("to: 4}", "to: 26}")}, [], 1,
            f"{NOT_READY}there is 1 error in its files, and no objective in the plan of sales.",
        ),
        (
            {PLAN: MARKETING.replace("to: 4}", "to: 26}"), "okrs/2027-Q1/sales.yaml": DESIGN}, [], 1,
            f"{NOT_READY}there is 1 error in its files.",
        ),
        ({"okrs/2027/cycle.yaml": "state: planning\n"}, [], 2, "There are several cycles in planning: 2027-Q1, 2027."),
        ({}, ["2027-Q2"], 1, "2027-Q2 has no plans yet."),
        ({"okrs/2027-Q1/cycle.yaml": "state: active\n"}, [], 1, "No cycle is being planned."),
    ],
)  # fmt: skip
def test_what_is_not_ready_is_not_started(
    planned: Shell, files: dict[str, str], arguments: list[str], status: int, error: str
) -> None:
    planned.write(files)
    done = planned.okr("plan", "start", *arguments, "--no-commit")
    said = next(line for line in done.err.splitlines() if line.startswith("error: "))
    assert (done.status, done.out, said) == (status, "", f"error: {error}"), done.err
    facts = "okrs/2027-Q1/cycle.yaml"
    assert planned.read(facts) == (FILES | files)[facts]


def test_what_was_checked_is_what_is_agreed(planned: Shell) -> None:
    (planned.folder / "okrs/2027-Q1/sales.yaml").unlink()
    commit_all(planned)
    planned.write({PLAN: MARKETING + "# more\n", "okrs/2027-Q1/design.yaml": DESIGN + "# more\n"})
    done = planned.okr("plan", "start")
    assert (done.status, done.err.splitlines()[0]) == (
        1, "error: okrs/2027-Q1/design.yaml and okrs/2027-Q1/marketing.yaml have changes that are not committed."
    )  # fmt: skip
    done = planned.okr("plan", "start", "--no-commit", "--json")
    answer = json.loads(done.out)
    assert (answer["commit"], answer["unknown_baselines"]) == (None, ["2027-Q1/marketing/brand/users"])
    assert planned.read("okrs/2027-Q1/cycle.yaml") == "state: active   # still\n"
    # A file that can't be read, wherever it is, comes before all else.
    planned.write(
        {"okrs/2027-Q1/cycle.yaml": "state: planning\n", "okrs/2026-Q3/marketing.yaml": "objectives: [\n"}
    )
    done = planned.okr("plan", "start", "--no-commit")
    assert (done.status, done.err.startswith("okrs/2026-Q3/marketing.yaml:1:14: error: OKR104 ")) == (1, True)
    assert planned.read("okrs/2027-Q1/cycle.yaml") == "state: planning\n"


@pytest.mark.unmeasured
def test_what_is_the_same_in_many_plans_is_shown_for_some(shell: Shell) -> None:
    year = "objectives:\n" + "".join(
        f"  - {{id: o{number}, title: {'Be loved by everyone who has ever heard of us and ' * 3}more}}\n"
        for number in range(14)
    )
    team = "".join(f"  - {{id: t{number}, parent: company}}\n" for number in range(3))
    plan = "objectives:\n" + "".join(
        f"  - {{id: o{number}, title: Be loved, supports: [{', '.join(f'2027/company/o{each}' for each in range(14))}]}}\n"
        for number in range(14)
    )
    shell.write({
        "okr.yaml": "limits: {objectives: {min: 1, max: 20}, key_results: {min: 0, max: 5}}\n",
        "org.yaml": f"teams:\n  - {{id: company}}\n{team}",
        "okrs/2027/company.yaml": year,
        **{f"okrs/2027-Q1/t{number}.yaml": plan for number in range(3)},
    })  # fmt: skip
    out = shell.okr("plan", "summary", "2027-Q1").out
    assert "There are too many objectives for a chart here" in out  # 588 arrows
    assert shell.okr("plan", "check", "2027-Q1").out.splitlines()[3] == "Ready, with 1 question."
    opened = shell.okr("plan", "open", "2027-Q2")
    assert opened.status == 0, opened.err
    head = shell.read("okrs/2027-Q2/t0.yaml").partition("objectives:")[0].splitlines()
    assert [line[:21] for line in head[-2:]] == ["#   2027/company/o11 ", "#   …"]
    assert head[-2].endswith("…")
    assert len(head[-2]) == len("#   2027/company/o11  ") + 100
