from __future__ import annotations

import json

import pytest

from tests.cli.conftest import SMALL_WORKSPACE, Shell
from tests.cli.terminal import Terminal

BEFORE = "2026-12-20"
ORG = """\
teams:
  - {id: company, name: Acme}
  - {id: marketing, name: Marketing, parent: company, lead: alice}
  - {id: design, name: Design, parent: company, formerly: [ux]}
people:
  - {id: alice, name: Alice Martin, email: alice@acme.example, team: marketing}
  - {id: bob, name: Bob Stone, email: bob@acme.example, team: marketing}
"""
MARKETING = """\
# For the fourth quarter.
objectives:

-   id: brand
    title: Make our brand the one people think of first   # our words
    # Alice has asked for it.
    owner: alice
    supports: [2026/company/lead, design/look/pages, company/gone]
    formerly: [fame]
    depends_on: marketing/speed
    learned: Patience.
    key_results:
    # What counts most.
    -   id: visits
        title: Reach 100,000 monthly visits
        unit: visits
        from: 42000          # counted by hand
        commit: 50000
        to: +150%
        stretch: 120000
        initiatives:
        - {title: Rewrite the pages, done: true}
        - {title: Ask a painter, done: false}
    -   id: launch
        title: The new site is live
        milestones:        # scored before we began
            signed: 0.3
            beta: 0.7      # with friends
            live: 1.0
        grade: 0.2
    -   id: done
        title: 10 partners
        unit: partners
        from: 0
        to: 10
    -   id: worth
        title: 20 thousand users of the site
        kpi: users
        from: 8000
        to: 20000
    -   {id: calm, title: At most 5 complaints, at_most: 5, weight: 0}   # watched


# The second one is a promise.
-   id: speed
    title: Answer everyone while they still remember the question
    type: committed
    supports: 2026/company/lead
    key_results:
    -   {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}
    -   {id: uptime, title: Keep the site up 99.9% of the time, unit: "%", at_least: 99.9}
"""
FILES = SMALL_WORKSPACE | {
    "org.yaml": ORG,
    "kpis.yaml": "kpis:\n  - {id: users, name: Users of the site, unit: users}\n",
    "okrs/2026-Q4/marketing.yaml": MARKETING,
    "okrs/2026-Q4/ux.yaml": """\
objectives:
  - id: look
    title: Look like one company
    key_results:
      - {id: pages, title: 80 pages redrawn, unit: pages, from: unknown, to: 80}
      - {id: icons, title: Icons drawn anew, milestones: {done: 1.0}}
""",
    "okrs/2026-Q4/bob.yaml": """\
objectives:
  - id: learn
    title: Learn to write
    supports: 2026/company/team
    key_results:
      - {id: posts, title: 10 posts, unit: posts, from: 0, to: 10}
      - {id: course, title: The course is done, milestones: {done: 1.0}}
""",
    "okrs/2027/company.yaml": SMALL_WORKSPACE["okrs/2026/company.yaml"],
    "checkins/2026-Q4/marketing.yaml": """\
- {date: 2026-12-01, kr: fame/visits, value: 61000, confidence: 0.6, by: alice}
- {date: 2026-12-01, kr: brand/launch, value: signed, by: bob}
- {date: 2026-12-01, kr: brand/done, value: 11, by: bob}
- {date: 2026-12-01, kr: speed/hours, value: 4, by: bob}
- {date: 2026-12-01, kr: speed/uptime, value: 99.95, by: bob}
""",
    "checkins/2026-Q4/design.yaml": "- {date: 2026-12-01, kr: look/pages, value: 12.5, by: bob}\n",
    "checkins/2026-Q4/bob.yaml": """\
- {date: 2026-12-01, kr: learn/posts, value: 10, by: bob}
- {date: 2026-12-01, kr: learn/course, value: done, by: bob}
""",
    "checkins/kpis.yaml": "- {date: 2026-11-30, kpi: users, value: 9500, by: bob}\n",
}
OPENED = """\
# yaml-language-server: $schema=../../.okr/schema/plan.json
# The plan of Marketing for 2027-Q1: 2–3 objectives, each with 2–5 key results.
# `okr plan check 2027-Q1` says what is still missing; `okr new objective` adds to this file.
#
# What `supports` may name:
#   2027/company/lead  Lead our market
#   2027/company/team  Be a place where people want to stay
#
# Left behind in 2026-Q4:
#   2026-Q4/marketing/speed  Answer everyone while they still remember the question
objectives:
  -   id: brand
      title: Make our brand the one people think of first   # our words
      # Alice has asked for it.
      owner: alice
      supports: [2027/company/lead, design/look/pages]
      key_results:
      # What counts most.
      -   id: visits
          title: Reach 100,000 monthly visits
          unit: visits
          from: 61000  # last value of 2026-Q4
          to: 105000
          stretch: 120000
          initiatives:
          - {title: Ask a painter, done: false}
      -   id: launch
          title: The new site is live
          milestones:        # scored before we began
              beta: 0.57      # with friends
              live: 1.0
      -   id: worth
          title: 20 thousand users of the site
          kpi: users
          to: 20000
      -   {id: calm, title: At most 5 complaints, at_most: 5, weight: 0}   # watched
"""
TOLD = """\
Opened 2027-Q1 for planning: 2027-01-01 to 2027-03-31, after 2026-Q4
  okrs/2027-Q1/cycle.yaml
  .okr/schema/plan.json
  .okr/schema/cycle.json
  okrs/2027-Q1/marketing.yaml  1 objective carried over
      brand (0.45): Make our brand the one people think of first
        supports 2027/company/lead; no longer supports 2026/company/lead,
        company/gone
        visits: baseline moved from 42,000 to 61,000 visits
        visits: target moved from +150% to 105,000 visits
        visits: commitment removed (it was 50,000 visits)
        launch: milestones changed from signed 0.3, beta 0.7, live 1 to beta
        0.57, live 1
        worth: baseline removed (it was 8,000)
        done: left, reached
      left: speed (1.00), reached
  okrs/2027-Q1/design.yaml  1 objective carried over
      look (0.00): Look like one company
        pages: baseline moved from unknown to 12.5 pages
  okrs/2027-Q1/bob.yaml  empty
      left: learn (1.00), reached
Next:
  okr new objective TITLE --owner bob --cycle 2027-Q1
  okr plan check 2027-Q1
  git add okrs/2027-Q1 .okr/schema && git commit -m 'Plan 2027-Q1'
"""


@pytest.fixture
def year_end(shell: Shell) -> Shell:
    """A workspace shortly before the end of 2026, with three plans for the quarter that ends."""
    shell.write(FILES)
    return shell


def test_a_quarter_goes_on_from_the_one_before(year_end: Shell) -> None:
    done = year_end.okr("--as-of", BEFORE, "plan", "open", "2027-q1")
    assert (done.status, done.err, done.out) == (0, "", TOLD)
    assert year_end.read("okrs/2027-Q1/cycle.yaml") == (
        "# yaml-language-server: $schema=../../.okr/schema/cycle.json\n"
        "# Facts of 2027-Q1 that its name does not say.\n"
        "state: planning  # active from `okr plan start`, closed from `okr cycle close`\n"
    )
    assert year_end.read("okrs/2027-Q1/marketing.yaml") == OPENED
    assert year_end.read("okrs/2027-Q1/bob.yaml").endswith(
        "#   2026-Q4/bob/learn  Learn to write\n"
        "#\n"
        "# An objective looks like this:\n"
        "#  - id: brand\n"
        "#    title: A direction, in words\n"
        "#    supports: 2027/company/lead\n"
        "#    key_results:\n"
        "#      - {id: visits, title: 'What will be different, as a number', unit: visits, from: 42000, to: 100000}\n"
        "objectives: []\n"
    )
    for path, text in FILES.items():
        assert year_end.read(path) == text
    assert year_end.okr("--as-of", BEFORE, "validate", "okrs/2027-Q1").status == 0
    added = year_end.okr("new", "objective", "Write every day", "--owner", "bob", "--cycle", "2027-Q1")
    assert added.status == 0
    assert "\nobjectives:\n  - id: write-every-day\n" in year_end.read("okrs/2027-Q1/bob.yaml")


def test_only_what_is_missing_is_added_while_planning(year_end: Shell) -> None:
    first = year_end.okr("plan", "open", "2027-Q1", "--owners", "ux,bob", "--carry", "none", "--json")
    answer = json.loads(first.out)
    assert [plan["owner"]["id"] for plan in answer["plans"]] == ["design", "bob"]
    assert answer["plans"][0]["left"] == [
        {
            "ref": "2026-Q4/design/look", "title": "Look like one company", "score": 0.0,
            "reason": "not-chosen", "detail": None,
        }
    ]  # fmt: skip
    facts = year_end.read("okrs/2027-Q1/cycle.yaml")
    assert facts.endswith("closed from `okr cycle close`\nowners: [design, bob]\n")
    again = year_end.okr("plan", "open", "2027-Q1")
    assert (again.status, again.err.splitlines()[0]) == (1, "error: Everybody has a plan in 2027-Q1 already.")
    more = year_end.okr("plan", "open", "2027-Q1", "--owners", "bob,marketing", "--json")
    answer = json.loads(more.out)
    assert [each["path"] for each in answer["files"]] == [
        "okrs/2027-Q1/cycle.yaml",
        "okrs/2027-Q1/marketing.yaml",
    ]
    assert [each["id"] for each in answer["present"]] == ["design", "bob"]
    assert year_end.read("okrs/2027-Q1/cycle.yaml") == facts.replace("bob]", "bob, marketing]")
    # The next quarter is planned by the same.
    later = year_end.okr("--as-of", "2027-03-20", "plan", "open", "2027-Q2", "--dry-run", "--json")
    assert [plan["owner"]["id"] for plan in json.loads(later.out)["plans"]] == ["marketing", "design", "bob"]
    assert not (year_end.folder / "okrs/2027-Q2").exists()


def test_what_people_noted_when_they_closed_the_quarter_counts(year_end: Shell) -> None:
    plan = FILES["okrs/2026-Q4/bob.yaml"]
    year_end.write({
        "okrs/2026-Q4/bob.yaml": plan.replace("to: 10}", "to: 10, next: keep}"),
        "okrs/2026-Q4/ux.yaml": FILES["okrs/2026-Q4/ux.yaml"].replace("80}", "80, next: drop}").replace(
            "1.0}}", "1.0}, next: drop}"
        ),
        "okrs/2026-Q4/cycle.yaml": "state: closed\n",
    })  # fmt: skip
    done = year_end.okr("--as-of", BEFORE, "plan", "open", "2027-Q1", "--owners", "bob,design", "--json")
    design, bob = json.loads(done.out)["plans"]
    assert [each["reason"] for each in design["left"]] == ["dropped"]
    assert [each["ref"] for each in bob["carried"]] == ["2027-Q1/bob/learn"]
    assert "      - {id: posts, title: 10 posts, unit: posts, from: 0, to: 10}\n" in year_end.read(
        "okrs/2027-Q1/bob.yaml"
    )


@pytest.mark.unmeasured
def test_a_branch_is_made_and_nothing_else_touched(repository: Shell) -> None:
    org = repository.read("org.yaml") + "# mine\n"
    repository.write({"org.yaml": org, "new.txt": "new"})
    repository.git("add", "new.txt")
    done = repository.okr("plan", "open", "2027-Q1", "--branch")
    note = "note: 2027 has no plan yet that these could support: okr plan open 2027\n"
    assert (done.status, done.err) == (0, note)
    assert done.out.splitlines()[-5:] == [
        "You are on the new branch plan-2027-Q1.",
        "Next:",
        "  okr plan check 2027-Q1",
        "  git add okrs/2027-Q1 .okr/schema && git commit -m 'Plan 2027-Q1'",
        "  git push -u origin HEAD",
    ]
    assert repository.git("branch", "--show-current") == "plan-2027-Q1\n"
    assert sorted(repository.git("status", "--short").splitlines()) == [
        " M org.yaml", "?? .okr/", "?? okrs/2027-Q1/", "A  new.txt"
    ]  # fmt: skip
    assert repository.read("org.yaml") == org
    repository.okr("plan", "open", "2027-Q2", "--branch-name", "next")
    assert repository.git("branch", "--show-current") == "next\n"


def test_a_branch_needs_a_commit_and_a_repository_at_rest(workspace: Shell) -> None:
    workspace.git("init", "--quiet", "--initial-branch=main")
    done = workspace.okr("plan", "open", "2027-Q1", "--branch")
    assert (done.status, done.err.splitlines()[0]) == (
        1, "error: There is no commit yet that a branch could begin at."
    )  # fmt: skip
    workspace.git(
        "-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "--quiet", "--allow-empty", "-m", "x"
    )
    (workspace.folder / ".git/MERGE_HEAD").write_text(workspace.git("rev-parse", "HEAD"))
    done = workspace.okr("plan", "open", "2027-Q1", "--branch")
    assert (done.status, done.err.splitlines()[0]) == (1, "error: A merge is under way in this repository.")
    (workspace.folder / ".git/MERGE_HEAD").unlink()
    workspace.git("switch", "--quiet", "--detach")
    assert workspace.okr("plan", "open", "2027-Q1", "--branch").status == 0


def test_where_the_branch_can_not_be_made_nothing_is_written(repository: Shell) -> None:
    repository.git("branch", "plan-2027-Q1/draft")
    repository.write({"okrs/2027-Q1/cycle.yaml": "# Ours\n"})
    done = repository.okr("plan", "open", "2027-Q1", "--branch")
    assert done.status == 1
    assert "The branch plan-2027-Q1 could not be made: " in done.err
    assert repository.read("okrs/2027-Q1/cycle.yaml") == "# Ours\n"
    assert repository.git("status", "--short", "--untracked-files=all") == "?? okrs/2027-Q1/cycle.yaml\n"
    assert not (repository.folder / ".okr").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "error"),
    [
        (["2027-Q1", "--branch-name", "main"], 1, "There is a branch main already."),
        (["2027-Q1", "--branch-name", "-f"], 2, "No branch can be called “-f”."),
        (["2027-Q1", "--branch-name", "@{-1}"], 2, "No branch can be called “@{-1}”."),
        (["2026-Q4"], 1, "2026-Q4 is under way: its plans are the agreement."),
        (["2026-Q3"], 1, "2026-Q3 is closed: its plans are the record of what was aimed at."),
        (["2026-Q2"], 1, "2026-Q2 is over since 2026-06-30, and plans are for what is to come."),
        (["spring", "--starts", "2026-03-01", "--ends", "2026-11-22"], 1, "spring is over since 2026-11-22, and"),
        ([], 2, "Say which cycle is to be planned."),
        (["2027-Q5"], 2, "No cycle can be called “2027-Q5”."),
        (["../x", "--starts", "2027-01-01", "--ends", "2027-02-01"], 2, "No cycle can be called “../x”."),
        (["launch"], 2, "Nothing says when “launch” begins and ends."),
        (["launch", "--starts", "2027-01-01"], 2, "Nothing says when “launch” begins and ends."),
        (["launch", "--starts", "soon"], 2, "--starts: “soon” is not a day."),
        (["2026-Q3", "--starts", "2026-07-02"], 2, "okrs/2026-Q3/cycle.yaml says when 2026-Q3 is."),
        (["2027-Q1", "--owners", "marketting"], 2, "--owners: org.yaml knows no team or person “marketting”."),
        (["2027-Q1", "--carry", "ask"], 2, "--carry ask asks on a terminal, and there is none."),
        (["2027-Q1", "--template", "none.yaml"], 2, "--template: there is no file none.yaml."),
        (["2027-Q1", "--template", "latin.yaml"], 1, "The template latin.yaml can't be read: it is not UTF-8 text."),
        (["2027-Q1", "--template", "."], 1, "The template . can't be read: it is a folder, not a regular file."),
        (["2027-Q1", "--template", "broken.yaml"], 1, "The template broken.yaml is no plan: line 2: "),
        (["2027-Q1", "--template", "list.yaml"], 1, "The template list.yaml is no plan: it has no list of"),
        (["marketing", "--starts", "2027-01-01", "--ends", "2027-02-01"], 1, "marketing was not opened: that"),
    ],
)  # fmt: skip
def test_what_can_not_be_opened_is_refused(
    repository: Shell, arguments: list[str], status: int, error: str
) -> None:
    repository.write({
        "okrs/2026-Q3/cycle.yaml": "state: closed\n",
        "broken.yaml": "objectives:\n- {\n",
        "list.yaml": "objectives: many\n",
    })  # fmt: skip
    (repository.folder / "latin.yaml").write_bytes(b"# \xe9t\xe9\n")
    before = repository.git("status", "--short", "--untracked-files=all")
    done = repository.okr("plan", "open", *arguments)
    said = next(line for line in done.err.splitlines() if line.startswith("error: "))
    assert (done.status, done.out) == (status, "")
    assert said.startswith(f"error: {error}"), done.err
    assert arguments or done.err.endswith("\n  The next one is 2027-Q1: `okr plan open 2027-Q1`.\n")
    assert repository.git("status", "--short", "--untracked-files=all") == before
    assert repository.git("branch", "--show-current") == "main\n"
    if "is over" in error:
        later = "Open a later cycle." if "spring" in error else "`okr plan open 2027-Q1` opens the next."
        assert done.err.splitlines()[-1] == f"  {later}"


def test_what_the_rules_would_refuse_stays_behind(workspace: Shell) -> None:
    third = """  - id: third
    title: Win our first 20 customers
    key_results:
      - {id: a, title: 5 demos, unit: demos, from: 0, to: 5}
      - {id: b, title: 6 calls, unit: calls, from: 0, to: 6}
"""
    plan = "okrs/2026-Q4/marketing.yaml"
    text = SMALL_WORKSPACE[plan] + third + third.replace("third", "fourth").replace("20 customers", "fans")
    workspace.write({plan: text})
    done = workspace.okr("plan", "open", "2027-Q1", "--json")
    (marketing,) = json.loads(done.out)["plans"]
    assert [each["ref"] for each in marketing["carried"]] == [
        "2027-Q1/marketing/brand", "2027-Q1/marketing/speed", "2027-Q1/marketing/fourth"
    ]  # fmt: skip
    (left,) = marketing["left"]
    assert (left["ref"], left["reason"]) == ("2026-Q4/marketing/third", "not-valid")
    assert left["detail"].startswith("OKR401 ")
    assert workspace.okr("validate", "okrs/2027-Q1").status == 0


def test_a_template_begins_each_plan(workspace: Shell) -> None:
    workspace.write({
        "mine.yaml": "# $name ($owner) in ${cycle}, for $100\nobjectives:\n- id: health\n  title: Stay healthy\n",
        "empty.yaml": "# Nothing yet for $cycle\n",
    })  # fmt: skip
    workspace.okr("plan", "open", "2027-Q1", "--template", "mine.yaml")
    plan = workspace.read("okrs/2027-Q1/marketing.yaml")
    assert plan.startswith(
        "# yaml-language-server: $schema=../../.okr/schema/plan.json\n"
        "# Marketing (marketing) in 2027-Q1, for $100\n"
        "objectives:\n- id: health\n  title: Stay healthy\n\n- id: brand\n  title: Make our brand"
    )
    workspace.okr("plan", "open", "2027-Q2", "--template", "empty.yaml", "--carry", "none")
    assert workspace.read("okrs/2027-Q2/marketing.yaml").endswith(
        "# Nothing yet for 2027-Q2\nobjectives: []\n"
    )


def test_on_a_terminal_each_objective_is_asked_for(repository: Shell) -> None:
    terminal = Terminal(repository, "plan", "open", "2027-Q1")
    terminal.answer("Carry it over? [Y/n]:", "n")
    terminal.answer("Carry it over? [Y/n]:", "")
    assert terminal.ends() == 0
    assert terminal.lines[:4] == [
        "marketing/brand (0.16): Make our brand the one people think of first",
        "Carry it over? [Y/n]: n",
        "marketing/speed (0.00): Answer everyone while they still remember the question",
        "Carry it over? [Y/n]:",
    ]
    assert "okrs/2027-Q1/marketing.yaml  1 objective carried over" in terminal.text
    assert "left: brand (0.16), not chosen" in terminal.text


def test_a_cycle_with_a_name_of_its_own(workspace: Shell) -> None:
    days = ("--starts", "2027-02-01", "--ends", "2027-04-15")
    done = workspace.okr("plan", "open", "spring sale", *days)
    assert done.status == 0, done.err
    assert "Opened spring sale for planning: 2027-02-01 to 2027-04-15\n" in done.out
    assert workspace.read("okrs/spring sale/cycle.yaml").endswith("starts: 2027-02-01\nends: 2027-04-15\n")
    later = ("--starts", "2027-05-01", "--ends", "2027-06-15")
    assert "summer for planning: 2027-05-01 to 2027-06-15, after spring sale" in (
        workspace.okr("plan", "open", "summer", *later).out
    )


def test_a_cycle_that_somebody_began_by_hand_is_put_in_planning(workspace: Shell) -> None:
    workspace.okr("new", "objective", "Write every day", "--owner", "bob", "--cycle", "2027-Q1")
    workspace.write({"okrs/2027-Q1/cycle.yaml": "# Ours\nreview: none yet\n"})
    assert workspace.okr("plan", "open", "2027-Q1").status == 0
    assert workspace.read("okrs/2027-Q1/cycle.yaml") == "# Ours\nreview: none yet\nstate: planning\n"
    assert (workspace.folder / "okrs/2027-Q1/marketing.yaml").exists()


def test_without_anybody_there_is_nothing_to_open(shell: Shell) -> None:
    shell.write({"okr.yaml": "language: fr\n"})
    done = shell.okr("plan", "open", "2027-Q1", "--branch")
    assert (done.status, done.err.splitlines()[0]) == (
        2, "error: Nobody is there to plan: no team of org.yaml, and no cycle before with plans."
    )  # fmt: skip
    for name in ("../moi", "cycle"):
        done = shell.okr("plan", "open", "2027-Q1", "--owners", name)
        assert done.status == 2
        assert done.err.startswith(f"error: --owners: nobody can be called “{name}”")
    done = shell.okr("plan", "open", "2027-Q1", "--owners", "moi", "--branch")
    assert (done.status, done.err.partition(" is in no git")[2][:11]) == (1, " repository")
    done = shell.okr("plan", "open", "2027-Q1", "--owners", "moi")
    assert done.status == 0, done.err
    assert shell.read("okrs/2027-Q1/moi.yaml").splitlines()[1] == (
        "# Le plan de moi pour 2027-Q1 : 2–3 objectifs, chacun avec 2–5 résultats clés."
    )


def test_what_is_written_otherwise_is_carried_over_too(workspace: Shell) -> None:
    workspace.write({
        "okrs/2026-Q4/bob.yaml": "{objectives: [{id: learn, title: Learn to write, next: keep, key_results: ["
        "{id: posts, title: 10 posts, unit: posts, from: unknown, to: +50%},"
        "{id: ladder, title: The book is out, milestones: {a: 0.001, b: 0.002, c: 0.0021, d: 1.0}, next: carry},"
        "{id: quiet, title: Keep it short, at_most: 5}, {id: mail, title: 9 mails, from: 0, to: 9, next: carry,"
        " initiatives: [{title: Buy stamps, done: true}], depends_on: [2026/company/lead, bob/learn/posts, x]}]}]}",
        "okrs/2026-Q4/company.yaml": """\
objectives:
  - id: own   # a comment
    title: Be one company
    supports:
      # the year's
      - 2026/company/lead
    key_results:
      - id: talk
        title: 9 talks
        from:
          # counted by hand
          0
        to: 9
""",
        "checkins/2026-Q4/company.yaml": "- {date: 2026-10-05, kr: own/talk, value: 3.5, by: bob}\n",
        "okrs/2026-Q4/marketing.yaml": """\
objectives:
    - id: brand
      title: Make our brand the one people think of first
  # less indented than what it is about
      supports: [2025/company/lead, 2026-Q4/bob/learn/posts, company/own]
      key_results: [
        {id: calls, title: 9 calls, from: 0, to: 9},
   {id: more, title: 8 visits, from: 0, to: 8}]
    - id: alone
      title: Be liked by everyone
""",
        "checkins/2026-Q4/bob.yaml": """\
- {date: 2026-10-05, kr: learn/posts, value: 4, by: bob}
- {date: 2026-10-12, kr: learn/posts, value: 5, by: bob}
- {date: 2026-10-12, kr: learn/ladder, value: a, by: bob}
""",
    })  # fmt: skip
    done = workspace.okr("plan", "open", "2027-Q1")
    assert done.status == 0, done.err
    assert workspace.read("okrs/2027-Q1/bob.yaml").endswith("""
objectives:
  - id: learn
    title: Learn to write
    key_results:
      - id: posts
        title: 10 posts
        unit: posts
        from: 4
        to: +50%
      - id: ladder
        title: The book is out
        milestones: {b: 0.001, c: 0.0011, d: 1.0}
      - id: quiet
        title: Keep it short
        at_most: 5
      - id: mail
        title: 9 mails
        from: 0
        to: 9
        depends_on: [2026/company/lead, bob/learn/posts]
""")
    assert workspace.read("okrs/2027-Q1/company.yaml").endswith("""
objectives:
  - id: own   # a comment
    title: Be one company
    key_results:
      - id: talk
        title: 9 talks
        from:
          # counted by hand
          3.5  # last value of 2026-Q4
        to: 9
""")
    assert workspace.read("okrs/2027-Q1/marketing.yaml").endswith("""
objectives:
  - id: brand
    title: Make our brand the one people think of first
    supports: [bob/learn/posts, company/own]
    key_results:
      - id: calls
        title: 9 calls
        from: 0
        to: 9
      - id: more
        title: 8 visits
        from: 0
        to: 8

  - id: alone
    title: Be liked by everyone
""")


def test_the_first_quarter_is_planned_by_the_teams_below_the_company(workspace: Shell) -> None:
    (workspace.folder / "okrs/2026-Q4/marketing.yaml").unlink()
    workspace.write({"okrs/2026/marketing.yaml": SMALL_WORKSPACE["okrs/2026/company.yaml"]})
    done = workspace.okr("plan", "open", "2026-H2", "--json")
    assert [plan["owner"]["id"] for plan in json.loads(done.out)["plans"]] == ["marketing"]


def test_a_new_team_begins_in_the_shortest_cycles(workspace: Shell) -> None:
    assert workspace.okr("new", "team", "support", "--name", "Support", "--parent", "company").status == 0
    for cycle, who in (("2027", ["company"]), ("2027-Q1", ["marketing", "support"])):
        done = workspace.okr("--as-of", "2026-12-14", "plan", "open", cycle, "--json")
        assert [plan["owner"]["id"] for plan in json.loads(done.out)["plans"]] == who
    assert workspace.okr("new", "team", "board", "--name", "Board").status == 0
    done = workspace.okr("--as-of", "2026-12-14", "plan", "open", "2027", "--json")
    assert [plan["owner"]["id"] for plan in json.loads(done.out)["plans"]] == ["board"]


def test_a_plan_with_a_part_that_can_t_be_read_is_named_and_nothing_is_opened(shell: Shell) -> None:
    plan = "okrs/2026-Q4/marketing.yaml"
    shell.write(SMALL_WORKSPACE | {plan: SMALL_WORKSPACE[plan].replace("unit: visits", "units: visits")})
    outcome = shell.okr("plan", "open", "2027-Q1")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith(f"{plan}:9:9: error: OKR112 ")
    assert not (shell.folder / "okrs/2027-Q1").exists()
