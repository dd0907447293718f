from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from okr.operations.closing.grading import is_score
from tests.cli.screens import answer, screen, use_example, widest
from tests.faults.test_repository_states import hook

if TYPE_CHECKING:
    from tests.cli.conftest import Outcome, Shell

PLAN, FACTS = "okrs/2026-Q4/marketing.yaml", "okrs/2026-Q4/cycle.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"
OVER = "2027-01-04"
ROWS = [
    {"ref": "brand/visits", "reason": "", "learned": "Articles, not adverts", "next": "carry"},
    {"ref": "brand/launch", "grade": "0.7", "reason": "Live, but in one language", "next": "drop"},
    {"ref": "marketing/speed", "learned": "Ask: who answers?", "next": "keep"},
]
COMMENTED = """\
# Written by hand, and it should look so afterwards.
objectives:
- id: brand
  title: "Make our brand the one people think of first"   # not the loudest
  owner: alice
  supports: 2026/company/lead
  key_results:
  - id: visits
    title: Reach 100,000 monthly visits
    unit: visits
    from: 42000
    to: 100000
    weight: 2
    learned: Nothing yet     # to be filled in
    # the graph is in the wiki

  - { id: launch,  title: The new site is live, milestones: {signed: 0.3, beta: 0.7, live: 1.0} }  # braces
- id: speed
  title: Answer everyone while they still remember the question
  type: committed
  supports: 2026/company/lead
  key_results:
  - {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4, grade: 0.5, grade_reason: Ill}
  - id: uptime
    title: Keep the site up 99.9% of the time
    unit: "%"
    at_least: 99.9
# The end.
"""


@pytest.fixture
def repository(repository: Shell) -> Shell:
    """The small workspace with its year closed, so that only the quarter is ever over and open."""
    commit(repository, {"okrs/2026/cycle.yaml": "state: closed\n"})
    return repository


def okr(shell: Shell, *arguments: str, stdin: str | None = None) -> Outcome:
    """Runs okr after the quarter is over."""
    return shell.okr("--as-of", OVER, *arguments, stdin=stdin)


def commit(shell: Shell, files: dict[str, str]) -> None:
    shell.write(files)
    shell.git("add", "--all")
    shell.git("commit", "--quiet", "--message", "More")


def csv(rows: list[dict[str, str]] = ROWS) -> str:
    columns = ("ref", "grade", "reason", "learned", "next")
    lines = [",".join(f'"{row.get(column, "")}"' for column in columns) for row in rows]
    return "\n".join([",".join(columns), *lines]) + "\n"


def state(shell: Shell) -> tuple[str, ...]:
    """All that git knows of the files, and the branch."""
    return tuple(
        shell.git(*each.split())
        for each in (
            "rev-parse HEAD",
            "status --porcelain=v2 --untracked-files=all",
            "diff HEAD",
            "ls-files -s",
        )
    )


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.unmeasured
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_closing_changes_what_it_must_and_no_other_byte(repository: Shell, newline: str) -> None:
    commit(repository, {PLAN: COMMENTED.replace("\n", newline), "other.txt": "1\n"})
    repository.write({"other.txt": "2\n", "staged.txt": "s\n", "new.txt": "n\n"})
    repository.git("add", "staged.txt")
    others = repository.git("status", "--porcelain")
    outcome = okr(
        repository, "cycle", "close", "--from", "-", "--all-scores", "--review", "A good one.", stdin=csv()
    )
    assert (outcome.status, outcome.err) == (0, "")
    after = (
        COMMENTED.replace(
            "    learned: Nothing yet     #", "    grade: 0.09\n    learned: Articles, not adverts     #"
        )
        .replace("\n    # the graph is in the wiki\n", "\n    next: carry\n    # the graph is in the wiki\n")
        .replace(
            "live: 1.0} }", 'live: 1.0}, grade: 0.7, grade_reason: "Live, but in one language", next: drop }'
        )
        .replace(
            "    at_least: 99.9\n",
            '    at_least: 99.9\n    grade: 0.0\n  learned: "Ask: who answers?"\n  next: keep\n',
        )
    )
    assert repository.read(PLAN) == after.replace("\n", newline)
    assert repository.read(FACTS) == "state: closed\nclosed: 2027-01-04\nreview: A good one.\n"
    assert repository.git("status", "--porcelain") == others
    assert repository.git("show", "--format=%an%n%B", "--name-only", "HEAD") == (
        "Alice Martin\n"
        "okr: close 2026-Q4 (marketing 0.27)\n\n"
        "A good one.\n\n"
        "marketing/brand/launch 0.70 (score 0.30): Live, but in one language\n"
        "marketing/speed/hours 0.50 (score 0.00): Ill\n\n"
        f"OKR-Cycle: 2026-Q4 closed\n\n\n{FACTS}\n{PLAN}\n"
    )
    assert repository.okr("validate", PLAN, FACTS).status == 0


def test_what_is_shown_of_a_closing(repository: Shell) -> None:
    commit(repository, {PLAN: COMMENTED})
    outcome = okr(repository, "cycle", "close", "2026-Q4", "--from", "-", "--all-scores", stdin=csv())
    assert (outcome.status, outcome.err) == (0, "")
    head = repository.git("rev-parse", "HEAD")[:7]
    assert outcome.out == screen("small-cycle-closed", outcome.out.replace(head, "abcdef0")).replace(
        "abcdef0", head
    )


FORMS = {
    "JSON": json.dumps(ROWS, indent=1),
    "JSON lines": "".join(f"{json.dumps(row)}\n" for row in ROWS),
    "YAML": "# said on Monday\n" + "".join(f"- {json.dumps(row)}\n" for row in ROWS),
    "CSV with semicolons": csv()
    .replace(",", ";")
    .replace("Articles;", "Articles,")
    .replace("Live;", "Live,"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_rows_in_every_form_come_to_the_same(repository: Shell, form: str) -> None:
    outcome = okr(
        repository, "cycle", "close", "--from", "-", "--all-scores", "--dry-run", "--json", stdin=form
    )
    assert (outcome.status, outcome.err) == (0, "")
    found = json.loads(outcome.out)
    assert [tuple(each.values()) for each in found["decisions"]] == [
        ("2026-Q4/marketing/brand/visits", "Reach 100,000 monthly visits", 0.094828, 0.09, None, "Articles, not adverts", "carry"),
        ("2026-Q4/marketing/brand/launch", "The new site is live", 0.3, 0.7, "Live, but in one language", None, "drop"),
        ("2026-Q4/marketing/speed/hours", "Answer within 4 hours", 0.0, 0.0, None, None, None),
        ("2026-Q4/marketing/speed/uptime", "Keep the site up 99.9% of the time", 0.0, 0.0, None, None, None),
        ("2026-Q4/marketing/speed", "Answer everyone while they still remember the question", None, None, None, "Ask: who answers?", "keep"),
    ]  # fmt: skip
    assert (found["state"], found["written"], found["commit"]) == ("closed", False, None)
    assert found["paths"] == [PLAN, FACTS]


def test_dry_run_and_no_commit(repository: Shell) -> None:
    before = state(repository)
    outcome = okr(repository, "cycle", "close", "--all-scores", "--dry-run")
    assert outcome.out.endswith(f"\nNothing was written: 2026-Q4 would be closed, in {PLAN},\n{FACTS}.\n")
    assert state(repository) == before
    outcome = okr(repository, "cycle", "close", "--all-scores", "--no-commit")
    assert outcome.out.endswith(f"\nClosed 2026-Q4 in {PLAN}, {FACTS}; nothing\nwas committed.\n")
    assert repository.git("rev-parse", "HEAD") == before[0]
    assert repository.git("status", "--porcelain") == f" M {PLAN}\n?? {FACTS}\n"


def test_a_plain_folder_needs_no_commit(workspace: Shell) -> None:
    outcome = okr(workspace, "cycle", "close", "2026-Q4", "--all-scores")
    assert (outcome.status, outcome.out) == (1, "")
    assert "is in no git repository, so a closing can't be committed." in outcome.err
    assert okr(workspace, "cycle", "close", "2026-Q4", "--all-scores", "--no-commit").status == 0
    assert workspace.read(FACTS) == "state: closed\nclosed: 2027-01-04\n"


def test_a_hook_that_refuses_leaves_everything_as_it_was(repository: Shell) -> None:
    hook("pre-commit", "echo 'Not on Mondays'; exit 1")(repository)
    before = state(repository), repository.read(PLAN)
    outcome = okr(repository, "cycle", "close", "--all-scores")
    assert (outcome.status, outcome.out) == (1, "")
    assert "(pre-commit) refused the commit. It said:\n  Not on Mondays" in outcome.err
    assert (state(repository), repository.read(PLAN)) == before
    assert not (repository.folder / FACTS).exists()


REFUSED: dict[str, tuple[dict[str, str], tuple[str, ...], int, str]] = {
    "no grades": (
        {}, (), 1,
        ("error: Nothing was recorded: 4 key results have no grade: marketing/brand/visits, marketing/brand/launch, "
        "marketing/speed/hours, marketing/speed/uptime. At a terminal, `okr cycle close "
        "2026-Q4` asks for them; `--from FILE` reads them; `--all-scores` takes the scores."),
    ),
    "not over": (
        {}, ("2026-Q4", "--all-scores", "--as-of", "2026-11-23"), 1,
        ("error: 2026-Q4 is not over: it ends on 2026-12-31, and 38 days are left. "
        "To close it all the same, say why: okr cycle close 2026-Q4 --early WHY"),
    ),
    "its last day": (
        {}, ("2026-Q4", "--all-scores", "--as-of", "2026-12-31"), 1,
        ("error: 2026-Q4 is not over: it ends on 2026-12-31, and that is today. "
        "To close it all the same, say why: okr cycle close 2026-Q4 --early WHY"),
    ),
    "not begun": (
        {}, ("2026-Q4", "--early", "x", "--all-scores", "--as-of", "2026-09-01"), 1,
        "error: 2026-Q4 has not begun: it starts on 2026-10-01. There is nothing to grade yet.",
    ),
    "early, but over": (
        {}, ("--early", "x", "--all-scores"), 2, "error: 2026-Q4 is over, so it is not closed early. Leave --early out."
    ),
    "early, for no reason": (
        {}, ("--early", " "), 2, "error: --early says why, and it is empty. Say it in a few words."
    ),
    "two reviews": (
        {}, ("--review", "x", "--editor"), 2,
        "error: --editor and --review both give the review. Leave one of the options out.",
    ),
    "closed already": (
        {FACTS: "state: closed\n"}, ("2026-Q4", "--all-scores"), 1,
        ("error: 2026-Q4 is closed already. `okr cycle show 2026-Q4` shows its grades; `okr cycle reopen 2026-Q4` "
        "opens it again."),
    ),
    "no plan": (
        {}, ("2026-Q3", "--all-scores"), 1,
        "error: There is no plan in 2026-Q3, so there is nothing to close. `okr cycle list` shows the cycles.",
    ),
    "none is over, and none was named": (
        {"okrs/2026-H2/company.yaml": "objectives: []\n"}, ("--early", "x", "--all-scores", "--as-of", "2026-11-23"), 1,
        ("error: No cycle is over and not closed: 2026-H2 runs until 2026-12-31 and 2026-Q4 runs until 2026-12-31. "
        "To close one before its end, name it and say why: okr cycle close 2026-Q4 --early WHY"),
    ),
    "none runs": (
        {}, ("--as-of", "2026-09-01"), 1,
        "error: No cycle is over and not closed. `okr cycle list` shows the cycles.",
    ),
    "several are over": (
        {"okrs/2025/company.yaml": "objectives: []\n"}, ("--all-scores",), 2,
        "error: 2025 and 2026-Q4 are over and not closed. Say which: okr cycle close 2026-Q4",
    ),
    "two grades that nothing explains": (
        {PLAN: COMMENTED.replace(", grade_reason: Ill", "").replace("weight: 2\n", "grade: 0.5\n")
            .replace("1.0} }", "1.0}, grade: 0.3 }").replace("99.9\n#", "99.9\n    grade: 0.0\n#")}, (), 1,
        ("error: Nothing was recorded: 2026-Q4/marketing/brand/visits has the grade 0.50 and the score 0.09, and "
        "nothing says why. (And 1 more like it.) Give a reason, or the score as the grade."),
    ),
    "one grade that nothing explains": (
        {PLAN: COMMENTED.replace("weight: 2\n", "grade: 0.5\n")
            .replace("1.0} }", "1.0}, grade: 0.3 }").replace("99.9\n#", "99.9\n    grade: 0.0\n#")}, (), 1,
        ("error: Nothing was recorded: 2026-Q4/marketing/brand/visits has the grade 0.50 and the score 0.09, and "
        "nothing says why. Give a reason, or the score as the grade."),
    ),
    "errors in its files": (
        {LOG: "- {date: 2026-10-05, kr: brand/visits, value: 1}\n- {date: 2026-10-05, kr: brand/gone, value: 1}\n"},
        ("--all-scores",), 1,
        "2026-Q4 can't be closed: its files have 1 error. Mend it, then try again; `okr validate` explains it.",
    ),
    "a grade that nothing explains": (
        {PLAN: COMMENTED.replace(", grade_reason: Ill", "")}, ("--from", "-"), 1,
        ("error: Nothing was recorded. standard input: 2026-Q4/marketing/speed/hours has the grade "
        "0.50 and the score 0.00, and nothing says why. Give a reason, or the score as the grade. "
        "standard input: 1 key result has no grade: marketing/speed/uptime."),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_cycle_that_can_not_be_closed_stays_as_it_is(repository: Shell, case: str) -> None:
    files, arguments, status, said = REFUSED[case]
    if files:
        commit(repository, files)
    before = state(repository)
    outcome = okr(repository, "cycle", "close", *arguments, stdin=csv())
    assert (outcome.status, outcome.out) == (status, "")
    assert said in words(outcome.err)
    assert state(repository) == before


def test_how_many_goals_there_were_hinders_no_closing(repository: Shell) -> None:
    repository.write(
        {"okr.yaml": "name: Acme\nlimits:\n  objectives: {min: 4, max: 5}\n  key_results: {min: 4, max: 5}\n"}
    )
    commit(repository, {})
    before = [each["rule"] for each in found(repository)]
    assert {"OKR201", "OKR203"} <= {*before}
    outcome = okr(repository, "cycle", "close", "--all-scores")
    assert (outcome.status, outcome.err) == (0, "")
    assert [each["rule"] for each in found(repository)] == before


def found(repository: Shell) -> list[dict[str, str]]:
    """The errors that `okr validate` reports."""
    findings: list[dict[str, str]] = json.loads(okr(repository, "validate", "--json").out)["diagnostics"]
    return [each for each in findings if each["severity"] == "error"]


BAD_ROWS = [
    ({"ref": "brand/visits", "grade": "7"}, "The grade “7” is not from 0 to 1. Write 0.7 or 70%."),
    (
        {"ref": "brand/visits", "next": "carried"},
        "“carried” says nothing of what comes next. Did you mean carry? It is",
    ),
    ({"ref": "brand/visits", "next": "?"}, "“?” says nothing of what comes next. Write keep, carry or drop."),
    ({"ref": "brand/visitors"}, "There is no objective or key result “brand/visitors” in 2026-Q4."),
    ({"ref": "launch"}, "2026-Q4/marketing/brand/launch was named before. Say all of it in one row."),
    (
        {"ref": "brand", "grade": "0.5"},
        "2026-Q4/marketing/brand is an objective: its score is that of its key results.",
    ),
    (
        {"ref": "brand/visits", "grade": "0.5"},
        "2026-Q4/marketing/brand/visits has the grade 0.50 and the score 0.09, and nothing says why.",
    ),
]


def test_rows_at_fault_are_named_by_their_lines(repository: Shell) -> None:
    before = state(repository)
    rows = [ROWS[1], *(row for row, _ in BAD_ROWS)]
    outcome = okr(repository, "cycle", "close", "--all-scores", "--from", "-", stdin=csv(rows))
    assert (outcome.status, outcome.out) == (1, "")
    told = words(outcome.err)
    assert told.startswith("error: Nothing was recorded: 7 rows are at fault.")
    for line, (_, said) in enumerate(BAD_ROWS, start=3):
        assert f"standard input:{line}: {said}" in told
    assert state(repository) == before
    for sent, said in (
        (
            "ref,grade\n",
            "standard input holds no verdict. Write a row for each, with the columns ref, grade, reason",
        ),
        ("- brand: 1\n- [x\n", "standard input:2: this is not a list in YAML"),
        ("- brand/visits\n", "This is “brand/visits”, not a verdict. Write {"),
    ):
        outcome = okr(repository, "cycle", "close", "--all-scores", "--from", "-", stdin=sent)
        assert outcome.status in {1, 2}
        assert said in words(outcome.err)


def test_a_heading_that_there_is_none_of_is_said_once(repository: Shell) -> None:
    sent = "ref,titre,grade\nbrand/visits,Visites,0.09\nbrand/launch,Lancement,0.3\nspeed/hours,Heures,0\n"
    outcome = okr(repository, "cycle", "close", "--from", "-", stdin=sent)
    assert (outcome.status, outcome.out) == (1, "")
    assert words(outcome.err) == (
        "error: Nothing was recorded: 3 rows are at fault. standard input:2 and 2 more rows: There is no column “titre”."
        " The columns are ref, grade, reason, learned, next. Mend that and send everything again."
    )


def test_half_a_hundredth_may_be_rounded_either_way() -> None:
    assert is_score(0.70, 0.69499999)
    assert is_score(0.69, 0.695)
    assert not is_score(0.70, 0.6949)


@pytest.mark.unmeasured
def test_check_ins_and_files_that_no_commit_holds_are_in_the_way(repository: Shell) -> None:
    assert repository.okr("checkin", "visits", "60000", "--no-commit").status == 0
    outcome = okr(repository, "cycle", "close", "--all-scores")
    assert (outcome.status, outcome.out) == (1, "")
    assert words(outcome.err) == (
        "error: 1 check-in of 2026-Q4 is recorded but not committed: marketing/brand/visits. "
        "`okr checkin --commit-pending` commits it; then close the cycle."
    )
    assert repository.okr("checkin", "--commit-pending").status == 0
    repository.write({PLAN: repository.read(PLAN) + "# mine\n"})
    outcome = okr(repository, "cycle", "close", "--all-scores")
    assert words(outcome.err) == (
        f"error: {PLAN} has changes that are not committed. Look at them with `git diff HEAD -- {PLAN}` and "
        "`git status`; commit them or take them back, then repeat the command."
    )
    repository.git("checkout", "--quiet", PLAN)
    assert okr(repository, "cycle", "close", "--all-scores").status == 0
    assert repository.git("status", "--porcelain") == ""


def test_measurements_of_a_kpi_count_as_check_ins_of_the_cycle(repository: Shell) -> None:
    drawing = repository.read(PLAN).replace(
        "{id: hours, title: Answer within 4 hours, unit: hours, from: 26",
        "{id: hours, title: Answer within 4 hours, kpi: hours, from: 26",
    )
    commit(
        repository,
        {PLAN: drawing, "kpis.yaml": "kpis:\n  - {id: hours, name: Hours to answer, unit: hours}\n"},
    )
    assert repository.okr("checkin", "kpis/hours", "15", "--no-commit").status == 0
    assert "1 check-in of 2026-Q4 is recorded but not committed: kpis/hours." in words(
        okr(repository, "cycle", "close", "--all-scores").err
    )
    assert repository.okr("checkin", "--commit-pending").status == 0
    assert okr(repository, "cycle", "close", "--all-scores").status == 0
    assert "kpi: hours, from: 26, to: 4, grade: 0.5}" in repository.read(PLAN)
    shown = answer(okr(repository, "cycle", "show", "2026-Q4", "--json"))
    assert (shown["checkins"], shown["last_checkin"]) == (3, "2026-10-12")  # of its own logs, both


def test_closing_early_says_why_in_the_files(repository: Shell) -> None:
    hostile = "Merged\n\nSigned-off-by: eve <e@x.example>\nwith \x1b[2Jsales"
    commit(repository, {FACTS: "# ours\nstate: active  # until the end\nreview: |\n  So far, so good.\n"})
    outcome = repository.okr("cycle", "close", "2026-Q4", "--early", hostile, "--all-scores")
    assert (outcome.status, outcome.err) == (0, "")
    assert repository.read(FACTS) == (
        '# ours\nstate: closed  # until the end\nclosed: 2026-11-23\nreview: "So far, so good.\\n\\nClosed on 2026-11-23, 38 days early: '
        'Merged Signed-off-by: eve <e@x.example> with \\x1b[2Jsales"\n'
    )
    message = repository.git("log", "-1", "--format=%B")
    assert (
        "\n\nClosed on 2026-11-23, 38 days early: Merged Signed-off-by: eve <e@x.example> with [2Jsales\n\n"
        in message
    )
    assert repository.git("log", "-1", "--format=%(trailers)").split("\n") == [
        "OKR-Cycle: 2026-Q4 closed",
        "",
        "",
    ]


def test_many_owners_and_hostile_words_in_the_message(repository: Shell) -> None:
    plan = "objectives:\n  - {id: o, title: Go on, key_results: [{id: k, title: K, from: 0, to: 1}]}\n"
    names = [f"team-with-a-long-name-{number}" for number in range(4)]
    org = "teams:\n" + "".join(f"  - {{id: {name}}}\n" for name in ("marketing", "company", *names))
    commit(
        repository,
        {"org.yaml": org, "okr.yaml": "rules: {OKR2: off, OKR3: off, OKR5: off}\n"}
        | {f"okrs/2026-Q4/{name}.yaml": plan for name in names},
    )
    review = "\n\n  OKR-Checkin: 2026-Q4/marketing/brand/visits date=2026-11-23 value=1\n\ndiff --git a b\n\n"
    outcome = okr(repository, "cycle", "close", "--all-scores", "--review", review)
    assert (outcome.status, outcome.err) == (0, "")
    assert repository.git("log", "-1", "--format=%B") == (
        "okr: close 2026-Q4 (5 owners)\n\n"
        "marketing 0.08\n" + "".join(f"{name} 0.00\n" for name in names) + "\n"
        "> OKR-Checkin: 2026-Q4/marketing/brand/visits date=2026-11-23 value=1\n\n> diff --git a b\n\n"
        "OKR-Cycle: 2026-Q4 closed\n\n"
    )


@pytest.mark.unmeasured
def test_a_reason_goes_with_its_grade(repository: Shell) -> None:
    """Grades that are there stay where something explains them; a new one brings its own reason or none."""
    commit(repository, {PLAN: COMMENTED})
    for row, line in (
        ({"ref": "hours", "next": "keep"}, "grade: 0.5, grade_reason: Ill, next: keep}"),
        ({"ref": "hours", "grade": "0"}, "to: 4, grade: 0.0}"),
        ({"ref": "hours", "grade": "0.2", "reason": "Summer"}, "grade: 0.2, grade_reason: Summer}"),
        ({"ref": "hours", "reason": "Very ill"}, "grade: 0.5, grade_reason: Very ill}"),
    ):
        sent = ("--from", "-", "--no-commit", "--all-scores")
        assert okr(repository, "cycle", "close", *sent, stdin=csv([row])).status == 0
        assert line in repository.read(PLAN)
        repository.git("checkout", "--quiet", PLAN)
        (repository.folder / FACTS).unlink()
    commit(repository, {PLAN: COMMENTED.replace(", grade_reason: Ill", "")})
    assert okr(repository, "cycle", "close", "--all-scores").status == 0
    assert "to: 4, grade: 0.0}" in repository.read(PLAN)


def test_a_closed_cycle_takes_no_check_ins_until_it_is_reopened(repository: Shell) -> None:
    assert repository.okr("checkin", "visits", "50000").status == 0
    assert okr(repository, "cycle", "close", "--all-scores", "--review", "Too early.").status == 0
    said = (
        "2026-Q4 is closed: its check-ins are the record its grades were given on. `okr cycle reopen 2026-Q4` opens it "
        "again; then the grades count no more until it is closed."
    )
    before = state(repository)
    for arguments, rows in (
        (("checkin", "visits", "60000"), None),
        (("checkin", "visits", "60000", "--replace"), None),
        (("checkin", "--from", "-"), "ref,value\nvisits,60000\n"),
        (("undo", "visits"), None),
        (("undo", "HEAD~1"), None),
        (("undo",), None),
    ):
        outcome = repository.okr(*arguments, stdin=rows)
        assert outcome.status == 1, arguments
        assert said in words(outcome.err), arguments
    assert "2026-Q4 is closed: nothing is due in it any more." in words(
        repository.okr("due", "--cycle", "2026-Q4").out
    )
    assert (
        "`okr cycle reopen 2026-Q4`"
        in repository.okr("new", "objective", "Go", "--owner", "marketing", "--cycle", "2026-Q4").err
    )
    assert state(repository) == before

    outcome = okr(repository, "cycle", "reopen", "2026-Q4", "-m", "A log was missing\n\nOKR-Cycle: x closed")
    assert (outcome.status, outcome.err) == (0, "")
    head = repository.git("rev-parse", "--short=7", "HEAD").strip()
    assert outcome.out == (
        f"2026-Q4 is active again, committed as {head}.\n"
        "4 grades stay in the plans and count no more, until `okr cycle close 2026-Q4`.\n"
    )
    assert repository.git("show", "--format=%B", "--name-only", "HEAD") == (
        f"okr: reopen 2026-Q4\n\nA log was missing\n\n> OKR-Cycle: x closed\n\nOKR-Cycle: 2026-Q4 active\n\n\n{FACTS}\n"
    )
    assert repository.read(FACTS) == "state: active\nreview: Too early.\n"
    assert repository.okr("checkin", "visits", "71000").status == 0
    # The old grade is no longer the score, and nobody gave it a reason: the score takes its place.
    assert okr(repository, "cycle", "close", "--all-scores").status == 0
    assert "grade: 0.5\n" in repository.read(PLAN)
    assert repository.read(FACTS) == "state: closed\nclosed: 2027-01-04\nreview: Too early.\n"


def test_only_a_closed_cycle_is_opened_again_and_keeps_its_files(repository: Shell) -> None:
    outcome = okr(repository, "cycle", "reopen", "2026-Q4")
    assert (outcome.status, outcome.out) == (1, "")
    assert (
        words(outcome.err)
        == "error: 2026-Q4 is not closed: its state is active. `okr cycle list` shows the cycles."
    )
    commit(repository, {FACTS: "# q4\nstate: closed # done\n"})
    dry = okr(repository, "cycle", "reopen", "2026-Q4", "--dry-run")
    assert dry.out == f"Nothing was written: 2026-Q4 would be active again, in {FACTS}.\n"
    found = answer(okr(repository, "cycle", "reopen", "2026-Q4", "--no-commit", "--json"))
    assert found == {
        "schema": 1, "workspace": "Acme", "cycle": "2026-Q4", "as_of": OVER, "elapsed": 1.0, "at": None, "state": "active",
        "written": True, "commit": None, "message": "okr: reopen 2026-Q4", "remarks": [], "paths": [FACTS], "graded": 0,
    }  # fmt: skip
    assert repository.read(FACTS) == "# q4\nstate: active # done\n"
    repository.write({FACTS: "# q4\nstate: closed\n"})
    assert okr(repository, "cycle", "reopen", "2026-Q4", "--no-commit").out.startswith(
        f"2026-Q4 is active again, in {FACTS}; nothing was committed.\n"
    )
    repository.write({FACTS: "state: closed\nreview: [\n"})
    outcome = okr(repository, "cycle", "reopen", "2026-Q4")
    assert outcome.status == 1
    assert f"{FACTS}:" in outcome.err


@pytest.mark.unmeasured
def test_all_cycles(shell: Shell) -> None:
    use_example(shell, "startup")
    outcome = okr(shell, "cycle", "list")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == screen("startup-cycle-list", outcome.out)
    narrow = shell.okr("cycle", "list", COLUMNS="60").out
    assert narrow == screen("startup-cycle-list-60", narrow)
    assert widest(narrow) <= 60
    assert widest(outcome.out) <= 80
    found = answer(okr(shell, "cycle", "list", "--json"))
    assert [each["name"] for each in found["cycles"]] == ["2026", "2026-Q3", "2026-Q4", "2027", "2027-Q1"]
    quarter = found["cycles"][1]
    assert quarter.pop("review").startswith("The scheduler took the whole summer")
    assert quarter == {
        "name": "2026-Q3", "state": "closed", "closed": None, "starts": "2026-07-01", "ends": "2026-09-30", "current": False,
        "over": True, "owners": ["growth", "platform"], "objectives": 4, "key_results": 11, "graded": 11,
        "checkins": 90, "score": 0.675,
    }  # fmt: skip
    assert [each["current"] for each in found["cycles"]] == [False, False, False, False, True]
    assert (
        "17 key results have no grade: growth/word-of-mouth/teams, growth/word-of-mouth/signups, "
        in words(refused := okr(shell, "cycle", "close", "2026-Q4", "--no-commit").err)
    )
    assert "growth/word-of-mouth/complaints and 13 more." in words(refused)


@pytest.mark.parametrize("columns", ["50", "80", "140"])
def test_one_cycle(shell: Shell, columns: str) -> None:
    use_example(shell, "agence")
    outcome = shell.okr("cycle", "show", "2026-Q3", COLUMNS=columns)
    assert (outcome.status, outcome.err) == (0, "")
    assert widest(outcome.out) <= int(columns)
    if columns == "80":
        assert outcome.out == screen("agence-cycle-show", outcome.out)


def test_what_is_left_to_do_about_a_cycle(repository: Shell) -> None:
    running = repository.okr("cycle", "show")
    assert running.out[-2:-1].strip()
    assert "2 objectives, 4 key results · 3 check-ins, the last on 12 Oct" in running.out
    assert "okr cycle close" not in running.out
    over = okr(repository, "cycle", "show", "2026-Q4").out
    assert over.endswith(
        "The cycle is over; 4 key results without a grade:\n"
        "  marketing/brand/visits · marketing/brand/launch · marketing/speed/hours\n"
        "  marketing/speed/uptime\n"
        "  okr cycle close 2026-Q4\n"
    )
    commit(
        repository,
        {PLAN: COMMENTED.replace("at_least: 99.9", "at_least: 99.9\n    grade: 0.1\n    next: drop")},
    )
    told = okr(repository, "cycle", "show", "2026-Q4").out
    assert "grade 0.50, counts once the cycle is closed: Ill" in told
    commit(repository, {FACTS: "state: closed\n"})
    told = okr(repository, "cycle", "show", "2026-Q4").out
    assert "grade 0.50: Ill" in told
    assert "drop: left behind" in told
    assert told.endswith(
        "2 key results without a grade: the score counts.\n  marketing/brand/visits · marketing/brand/launch\n"
    )
    found = answer(okr(repository, "cycle", "show", "2026-Q4", "--json"))
    assert found["ungraded"] == ["2026-Q4/marketing/brand/visits", "2026-Q4/marketing/brand/launch"]
    assert found["owners"][0]["objectives"][1]["key_results"][0]["grade_reason"] == "Ill"
    year = answer(okr(repository, "cycle", "show", "2026", "--json"))
    assert year["owners"][0]["objectives"][0]["supported_by"] == [
        "2026-Q4/marketing/brand",
        "2026-Q4/marketing/speed",
    ]
    nothing = okr(repository, "cycle", "show", "2027-Q1")
    assert (nothing.status, nothing.out) == (2, "")
    assert "2027-Q1 has no files yet." in nothing.err


def test_an_empty_workspace_has_no_cycle(shell: Shell) -> None:
    shell.write({"okr.yaml": "name: Acme\n"})
    assert shell.okr("cycle", "list").out.endswith(
        "There is no cycle yet. `okr new objective` starts a plan.\n"
    )
    shell.write({"okrs/2026-Q4/cycle.yaml": "state: planning\n", "okrs/sprint/cycle.yaml": "state: active\n"})
    listed = shell.okr("cycle", "list").out
    assert "   sprint   active" in listed
    assert shell.okr("cycle", "show", "2026-Q4").out.endswith(
        "There is no plan in 2026-Q4 yet. `okr new objective` starts one.\n"
    )


def test_grades_are_shown_as_they_were_at_a_commit(repository: Shell) -> None:
    assert okr(repository, "cycle", "close", "--all-scores").status == 0
    assert "2026-Q4  closed" in okr(repository, "cycle", "list").out
    earlier = okr(repository, "cycle", "list", "--at", "HEAD~1").out
    assert "2026-Q4  not closed" in earlier
    assert " (HEAD~1) · " in earlier.partition("\n")[0]
    at = answer(okr(repository, "cycle", "list", "--at", "HEAD~1", "--json"))["at"]
    assert (at["asked"], at["commit"]) == ("HEAD~1", repository.git("rev-parse", "HEAD~1").strip())
    assert (
        "4 key results without a grade" in okr(repository, "cycle", "show", "2026-Q4", "--at", "HEAD~1").out
    )
