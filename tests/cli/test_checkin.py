from __future__ import annotations

import json
import re
import shlex
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Shell, value_of_visits
from tests.forking import fork

if TYPE_CHECKING:
    from pathlib import Path

LOG = "checkins/2026-Q4/marketing.yaml"


def snapshot(shell: Shell) -> str:
    """Everything git knows of the work tree and the staging area."""
    return shell.git("status", "--porcelain=v2") + shell.git("diff", "--cached") + shell.git("diff")


def test_a_check_in_is_one_line_and_one_commit(repository: Shell) -> None:
    before = repository.read(LOG)
    outcome = repository.okr(
        "checkin",
        "marketing/brand/visits",
        "61000",
        "--confidence",
        "0.7",
        "-m",
        "Campaign went live on Tuesday.",
    )
    assert outcome.status == 0, outcome.err
    line = (
        "- {date: 2026-11-23, kr: brand/visits, value: 61000, confidence: 0.7, by: alice,"
        " note: Campaign went live on Tuesday.}\n"
    )
    lines = before.splitlines(keepends=True)
    assert repository.read(LOG) == "".join([*lines[:2], line, *lines[2:]])
    assert repository.git("log", "-1", "--format=%an <%ae>%n%B").rstrip() == (
        "Alice Martin <alice@acme.example>\n"
        "okr: marketing/brand/visits 47500 → 61000 visits (0.09 → 0.33)\n"
        "\n"
        "Campaign went live on Tuesday.\n"
        "\n"
        "OKR-Checkin: 2026-Q4/marketing/brand/visits date=2026-11-23 value=61000 confidence=0.7"
    )
    assert repository.git("show", "--format=", "--name-status", "HEAD") == f"M\t{LOG}\n"
    assert repository.git("show", f"HEAD:{LOG}") == repository.read(LOG)
    assert repository.git("status", "--porcelain") == ""


def test_the_output_says_what_moved_and_by_how_much(repository: Shell) -> None:
    outcome = repository.okr("checkin", "brand/visits", "61k", "-c", "70%")
    commit = repository.git("rev-parse", "--short=7", "HEAD").strip()
    assert [line.rstrip() for line in outcome.out.splitlines()] == [
        "2026-Q4/marketing/brand/visits",
        "  Reach 100,000 monthly visits",
        "  value       47,500 → 61,000 visits (+13,500)",
        "  score       0.09 → 0.33",
        "  objective   0.16 → 0.32  Make our brand the one people think of first",
        "  confidence  0.7 → 0.7",
        f"Recorded in {LOG}:3, committed as {commit}.",
    ]
    assert outcome.err == ""
    assert not [line for line in outcome.out.splitlines() if line != line.rstrip()]


def test_whatever_else_is_staged_or_changed_stays_as_it_was(repository: Shell) -> None:
    repository.write(
        {"notes.txt": "staged\n", "okr.yaml": "name: Acme\nlanguage: en\n", "new.txt": "untracked\n"}
    )
    repository.git("add", "notes.txt")
    repository.write({"notes.txt": "staged\nand changed again\n"})
    before = snapshot(repository)
    assert repository.okr("checkin", "visits", "50000").status == 0
    assert snapshot(repository) == before
    assert repository.git("show", "--format=", "--name-only", "HEAD").split() == [LOG]


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("reference", "typed", "recorded"),
    [
        ("visits", "61000", 61000),
        ("visits", "61k", 61000),
        ("visits", "1.2M", 1200000),
        ("visits", "61 000", 61000),
        ("visits", "61\u202f000", 61000),
        ("visits", "+500", 48000),
        ("visits", "-500", 47000),
        ("visits", "=-500", -500),
        ("uptime", "99.95%", 99.95),
        ("uptime", "99.95", 99.95),
        ("hours", "4.5", 4.5),
        ("launch", "beta", "beta"),
        ("launch", "Live", "live"),
    ],
)
def test_values_are_read_as_people_write_them(
    repository: Shell, reference: str, typed: str, recorded: float | str
) -> None:
    outcome = repository.okr("checkin", reference, typed, "--json")
    assert outcome.status == 0, outcome.err
    assert json.loads(outcome.out)["checkins"][0]["value"] == recorded


def test_a_change_follows_the_exact_decimal_sum(repository: Shell) -> None:
    repository.okr("checkin", "hours", "0.1")
    outcome = repository.okr("checkin", "hours", "+0.2", "--date", "2026-11-22", "--json")
    assert json.loads(outcome.out)["checkins"][0]["value"] == 0.3


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("nowhere", "1"), 2, "nowhere"),
        (("launch", "betta"), 2, "Did you mean “beta”?"),
        (("visits", "many"), 2, "many"),
        (("visits", "45%"), 2, "counts visits, not a percentage"),
        (
            ("hours", "+1"),
            2,
            "no value yet that +1 could change.\n  Write the value itself: 27, if it stood at the baseline of 26.",
        ),
        (("uptime", "+1"), 2, "no value yet that +1 could change.\n  Write the value itself.\n"),
        (("visits", "60000", "--date", "2026-11-24"), 1, "2026-11-24"),
        (("visits", "60000", "--date", "2026-09-30"), 1, "2026-12-31).\n  Correct the date."),
        (("visits", "60000", "--date", "tomorrow"), 2, "“tomorrow” is not a day.\n  Write 2026-11-20, or"),
        (("visits", "60000", "--date", "20.11.2026"), 2, "“20.11.2026” is not a day.\n  Write 2026-11-20.\n"),
        (
            ("visits", "60000", "--date", "2026-11-20T09:30"),
            2,
            "has no offset.\n  Write it as 2026-11-20T09:30+00:00.",
        ),
        (("visits", "60000", "-c", "7"), 2, "not from 0 to 1"),
        (("visits",), 2, "`okr checkin visits VALUE`"),
        (("visits", "-m", "Busy"), 2, "`-c 0.7`"),
        (("brand", "5"), 2, "is an objective"),
        (("visits", "1e400"), 2, "1e400"),
    ],
)
def test_what_validate_would_report_is_refused_and_nothing_changes(
    repository: Shell, arguments: tuple[str, ...], status: int, said: str
) -> None:
    before, head = repository.read(LOG), repository.git("rev-parse", "HEAD")
    outcome = repository.okr("checkin", *arguments)
    assert outcome.status == status, outcome.err
    assert said in outcome.err
    assert outcome.out == ""
    assert repository.read(LOG) == before
    assert repository.git("rev-parse", "HEAD") == head
    assert repository.git("status", "--porcelain") == ""


def test_a_closed_cycle_takes_no_check_in(repository: Shell) -> None:
    repository.write({"okrs/2026-Q4/cycle.yaml": "state: closed\n"})
    outcome = repository.okr("checkin", "visits", "60000")
    assert outcome.status == 1
    assert "2026-Q4 is closed" in outcome.err


def test_a_log_that_cannot_be_read_is_an_error_and_is_left_alone(repository: Shell) -> None:
    repository.write({LOG: "- {date: 2026-10-05, kr: brand/visits, value: 44000\n"})
    outcome = repository.okr("checkin", "visits", "60000")
    assert outcome.status == 1
    assert outcome.out == ""
    assert repository.read(LOG) == "- {date: 2026-10-05, kr: brand/visits, value: 44000\n"


def test_confidence_alone_is_a_check_in(repository: Shell) -> None:
    outcome = repository.okr("checkin", "visits", "--confidence", "0.4")
    assert outcome.status == 0, outcome.err
    assert "- {date: 2026-11-23, kr: brand/visits, confidence: 0.4, by: alice}\n" in repository.read(LOG)
    assert (
        repository.git("log", "-1", "--format=%s").strip()
        == "okr: marketing/brand/visits confidence 0.7 → 0.4"
    )


def test_a_dry_run_writes_nothing(repository: Shell) -> None:
    before, head = repository.read(LOG), repository.git("rev-parse", "HEAD")
    outcome = repository.okr("checkin", "visits", "60000", "--dry-run")
    assert outcome.status == 0
    assert outcome.out.endswith(f"Nothing was written. It would go to {LOG}:3.\n")
    assert (repository.read(LOG), repository.git("rev-parse", "HEAD")) == (before, head)


def test_without_a_commit_only_the_log_changes(repository: Shell) -> None:
    head = repository.git("rev-parse", "HEAD")
    assert repository.okr("checkin", "visits", "60000", "--no-commit").status == 0
    assert repository.git("rev-parse", "HEAD") == head
    assert repository.git("status", "--porcelain") == f" M {LOG}\n"


def test_a_check_in_left_uncommitted_goes_into_the_next_commit(repository: Shell) -> None:
    repository.okr("checkin", "visits", "60000", "--no-commit", "--by", "bob")
    outcome = repository.okr("checkin", "launch", "beta")
    assert outcome.status == 0
    assert "recorded before but not committed was committed as well" in outcome.err
    assert repository.git("log", "-1", "--format=%(trailers:key=OKR-Checkin,valueonly)").split("\n")[:2] == [
        "2026-Q4/marketing/brand/visits date=2026-11-23 value=60000",
        "2026-Q4/marketing/brand/launch date=2026-11-23 value=beta",
    ]
    assert repository.git("status", "--porcelain") == ""


def test_a_log_with_other_changes_is_not_committed(repository: Shell) -> None:
    edited = repository.read(LOG).replace("44000", "45000")
    repository.write({LOG: edited})
    outcome = repository.okr("checkin", "launch", "beta")
    assert outcome.status == 1
    assert f"{LOG} has changes that are not committed" in outcome.err
    assert repository.read(LOG) == edited


def test_a_command_to_be_pasted_names_files_as_they_are_seen_from_where_one_stands(
    repository: Shell, tmp_path: Path
) -> None:
    before = repository.read(LOG)
    inside, outside = (
        Shell(repository.folder / "okrs/2026-Q4", repository.home),
        Shell(tmp_path, repository.home),
    )
    elsewhere = ("-C", str(repository.folder))

    def told(shell: Shell, *options: str) -> str:
        outcome = shell.okr(*options, "checkin", "visits", "60000")
        assert outcome.status == 1
        return outcome.err.splitlines()[-1]

    repository.git("update-index", "--skip-worktree", LOG)
    for shell, options in ((inside, ()), (outside, elsewhere)):
        command = told(shell, *options).partition(": git ")[2]
        shell.git(*shlex.split(command))
        repository.git("update-index", "--skip-worktree", LOG)
    repository.git("update-index", "--no-skip-worktree", LOG)
    repository.write({LOG: before.replace("44000", "45000")})
    for shell, options in ((inside, ()), (outside, elsewhere)):
        look = re.search("`git (.*?)`", told(shell, *options))
        assert look is not None
        assert "+" in shell.git(*shlex.split(look[1]))


@pytest.mark.parametrize("flag", ["skip-worktree", "assume-unchanged"])
def test_a_log_whose_changes_git_was_told_to_overlook_is_refused_by_name(
    repository: Shell, flag: str
) -> None:
    before, head = repository.read(LOG), repository.git("rev-parse", "HEAD")
    repository.git("update-index", f"--{flag}", LOG)
    told = (
        f"error: Git was told to overlook what changes in {LOG} (`git update-index --{flag}`), so nothing was committed.\n"
        f"  Take that back, then repeat the command: git update-index --no-{flag} -- {LOG}\n"
    )
    assert repository.okr("checkin", "visits", "60000", "--no-commit").status == 0
    pending = repository.okr("checkin", "--commit-pending")
    assert (pending.status, pending.out, pending.err) == (1, "", told)
    repository.write({LOG: before})
    if flag == "skip-worktree":  # the other git commits all the same, where it is named
        rows = "ref,value\nvisits,60000\nchurn,1\n"  # in two logs, of which git would commit the other
        for outcome in (
            repository.okr("checkin", "visits", "60000"),
            repository.okr("checkin", "--from", "-", stdin=rows),
        ):
            assert (outcome.status, outcome.out, outcome.err) == (1, "", told)
        assert (repository.read(LOG), repository.git("rev-parse", "HEAD")) == (before, head)
    assert repository.okr("checkin", "--commit-pending").status == 0  # nothing is missing
    repository.git(*told.rpartition(": git ")[2].split())
    assert repository.okr("checkin", "visits", "60000").status == 0


def test_outside_a_repository_no_commit_is_needed(workspace: Shell) -> None:
    refused = workspace.okr("checkin", "visits", "60000")
    assert refused.status == 1
    assert "--no-commit" in refused.err
    outcome = workspace.okr("checkin", "visits", "60000", "--no-commit")
    assert outcome.status == 0, outcome.err
    assert "- {date: 2026-11-23, kr: brand/visits, value: 60000}\n" in workspace.read(LOG)


def test_the_first_check_in_makes_the_log(repository: Shell) -> None:
    repository.git("rm", "--quiet", LOG)
    repository.git("commit", "--quiet", "--message", "Start over")
    assert repository.okr("checkin", "hours", "20").status == 0
    assert repository.read(LOG) == "- {date: 2026-11-23, kr: speed/hours, value: 20, by: alice}\n"
    assert repository.git("show", "--format=", "--name-status", "HEAD") == f"A\t{LOG}\n"


def test_the_first_commit_of_a_repository_may_be_a_check_in(workspace: Shell) -> None:
    workspace.git("init", "--quiet", "--initial-branch=main")
    workspace.git("config", "user.name", "Zoë Quill")
    workspace.git("config", "user.email", "zoe@elsewhere.example")
    outcome = workspace.okr("checkin", "hours", "20")
    assert outcome.status == 0, outcome.err
    assert workspace.git("show", "--format=%s", "--name-only", "HEAD").split("\n")[2:] == [LOG, ""]
    assert "by: zoe-quill" in workspace.read(LOG)
    assert "Nobody in org.yaml is called zoe-quill." in outcome.err


def test_real_time_is_written_with_its_offset(repository: Shell) -> None:
    plan = repository.read("okrs/2026-Q4/marketing.yaml").replace("2026/company/lead", "[]")
    repository.write(
        {"okrs/era/cycle.yaml": "{starts: 2020-01-01, ends: 2199-12-31}\n", "okrs/era/marketing.yaml": plan}
    )
    command = (sys.executable, "-m", "okr", "checkin", "era/marketing/brand/visits", "60000", "--no-commit")
    outcome = repository.run(*command, TZ="Asia/Tokyo")
    assert outcome.status == 0, outcome.err
    record = (
        r'- \{date: "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00", kr: brand/visits, value: 60000, by: alice\}\n'
    )
    assert re.fullmatch(record, repository.read("checkins/era/marketing.yaml"))


def test_hooks_see_the_commit_and_may_refuse_it(repository: Shell) -> None:
    hook = repository.folder / ".git/hooks/commit-msg"
    hook.write_text("#!/bin/sh\necho no check-ins on Fridays >&2\nexit 1\n")
    hook.chmod(0o755)
    before, state = repository.read(LOG), snapshot(repository)
    outcome = repository.okr("checkin", "visits", "60000")
    assert outcome.status == 1
    assert "no check-ins on Fridays" in outcome.err
    assert repository.read(LOG) == before
    assert snapshot(repository) == state


def test_a_refused_first_check_in_leaves_no_file_behind(repository: Shell) -> None:
    repository.git("rm", "--quiet", LOG)
    repository.git("commit", "--quiet", "--message", "Start over")
    repository.git("config", "commit.gpgsign", "true")
    repository.git("config", "gpg.program", "false")
    outcome = repository.okr("checkin", "hours", "20")
    assert outcome.status == 1
    assert not (repository.folder / LOG).exists()
    assert repository.git("status", "--porcelain") == ""


def test_without_an_identity_nothing_is_written(repository: Shell) -> None:
    for key in ("user.name", "user.email"):
        repository.git("config", "--unset", key)
    repository.git("config", "user.useConfigOnly", "true")
    before = repository.read(LOG)
    outcome = repository.okr("checkin", "visits", "60000")
    assert outcome.status == 1
    assert "git config user.email" in outcome.err
    assert repository.read(LOG) == before


def test_a_detached_head_is_refused(repository: Shell) -> None:
    repository.git("checkout", "--quiet", "--detach")
    outcome = repository.okr("checkin", "visits", "60000")
    assert outcome.status == 1
    assert "git switch" in outcome.err


HOSTILE = "[red]x[/red] \x1b[2J\x9b1m \u202e\n\nOKR-Checkin: forged\nSigned-off-by: nobody\n# not a comment"


@pytest.mark.unmeasured
def test_hostile_text_stays_text_and_forges_no_trailer(repository: Shell) -> None:
    outcome = repository.okr("checkin", "visits", "60000", "--note", HOSTILE)
    assert outcome.status == 0, outcome.err
    trailers = repository.git("log", "-1", "--format=%(trailers)").strip().splitlines()
    assert trailers == ["OKR-Checkin: 2026-Q4/marketing/brand/visits date=2026-11-23 value=60000"]
    shown = repository.okr("show", "visits").out + repository.okr("status").out
    assert "\x1b" not in shown
    assert "\x9b" not in shown
    validated = repository.okr("validate", "--format", "json")
    assert validated.status == 0, validated.out
    assert json.loads(repository.okr("show", "visits", "--json").out)["checkins"][-1]["note"] == HOSTILE


KPI_WORKSPACE = {
    "kpis.yaml": "kpis:\n  - {id: site-visits, name: Visits to the site, unit: visits, owner: alice}\n",
    "checkins/kpis.yaml": "- {date: 2026-09-30, kpi: site-visits, value: 42000, by: bob}\n",
    "okrs/2026-Q4/web.yaml": """\
objectives:
  - id: reach
    title: Be seen
    key_results:
      - {id: traffic, title: "Reach 62,000 visits", kpi: site-visits, to: 62000}
      - {id: mood, title: Readers rate us 8 of 10, unit: points, from: 6, to: 8}
  - id: care
    title: Be liked
    key_results:
      - {id: more-traffic, title: "Keep 40,000 visits", kpi: site-visits, at_least: 40000}
      - {id: letters, title: Get 10 letters, unit: letters, from: 0, to: 10}
""",
}


def test_one_measurement_of_a_kpi_moves_every_key_result_that_uses_it(repository: Shell) -> None:
    repository.write(KPI_WORKSPACE)
    refused = repository.okr("checkin", "traffic", "50000")
    assert refused.status == 2
    assert "\n  `okr checkin kpis/site-visits 50000` does.\n" in refused.err
    outcome = repository.okr("checkin", "site-visits", "+10k")
    assert outcome.status == 0, outcome.err
    assert repository.read("checkins/kpis.yaml").endswith(
        "- {date: 2026-11-23, kpi: site-visits, value: 52000, by: alice}\n"
    )
    assert repository.git("log", "-1", "--format=%s").strip() == "okr: kpis/site-visits 42000 → 52000 visits"
    status = json.loads(repository.okr("status", "--owner", "web", "--json").out)
    scores = {kr["ref"]: kr["score"] for o in status["owners"][0]["objectives"] for kr in o["key_results"]}
    assert scores["2026-Q4/web/reach/traffic"] == 0.5
    assert scores["2026-Q4/web/care/more-traffic"] == 1.0


def test_json_says_what_moved(repository: Shell) -> None:
    answer = json.loads(repository.okr("checkin", "visits", "61000", "-c", "0.7", "-m", "Live", "--json").out)
    assert answer == {
        "schema": 1,
        "written": True,
        "commit": repository.git("rev-parse", "HEAD").strip(),
        "message": "okr: marketing/brand/visits 47500 → 61000 visits (0.09 → 0.33)\n\nLive",
        "checkins": [
            {
                "ref": "2026-Q4/marketing/brand/visits", "path": LOG, "line": 3, "date": "2026-11-23",
                "value": 61000, "value_before": 47500, "unit": "visits", "confidence": 0.7, "by": "alice",
                "note": "Live", "taken_back": [], "latest": True, "key_results": [], "score": 0.327586, "score_before": 0.094828, "objective_score": 0.318391,
                "objective_score_before": 0.163218,
            }
        ],
        "also_committed": [],
        "warnings": [],
        "remarks": [],
    }  # fmt: skip


def test_a_rule_that_only_warns_is_told_and_the_check_in_recorded(repository: Shell) -> None:
    repository.write({"okr.yaml": "name: Acme\nrules: {OKR503: warning, OKR508: info}\n"})
    outcome = repository.okr("checkin", "hours", "20", "--date", "2026-09-30", "--json")
    (warning,) = json.loads(outcome.out)["warnings"]
    assert (outcome.status, warning["rule"]) == (0, "OKR503")
    assert "value: 20" in repository.read(LOG)
    said = repository.okr("checkin", "hours", "19", "--date", "2026-09-29").out
    assert "2026-09-29" in said


def test_ten_processes_at_once_keep_every_acknowledged_check_in(repository: Shell) -> None:
    references = ["visits", "launch", "hours", "uptime"]
    running = []
    for number in range(10):
        reference = references[number % 4]
        value = "beta" if reference == "launch" else str(10 + number)
        options = ("--date", f"2026-11-{10 + number}", "-m", f"number {number}")
        running.append(
            fork(repository, "okr", "--as-of", "2026-11-23", "checkin", reference, value, *options)
        )
    acknowledged = [number for number, process in enumerate(running) if process.ends().status == 0]
    assert acknowledged == list(range(10))
    log = repository.read(LOG)
    subjects = repository.git("log", "--format=%b%x00").split("\0")
    for number in acknowledged:
        assert log.count(f"note: number {number}}}") == 1
        assert sum(f"number {number}\n" in body for body in subjects) == 1
    assert repository.git("rev-list", "--count", "HEAD").strip() == "11"
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_other_byte_of_the_log_stays(repository: Shell, newline: str) -> None:
    text = newline.join(
        [
            "# our log",
            "  - {date: 2026-10-05, kr: brand/visits, value: 44000}   # first",
            "",
            '  - {kr: "brand/launch", date: "2026-10-12", value: \'signed\'}',
            "# the end, without a line break",
        ]
    )
    repository.write({LOG: text})
    repository.git("commit", "--quiet", "--all", "--message", "By hand")
    assert repository.okr("checkin", "visits", "60000").status == 0
    lines = text.split(newline)
    added = "  - {date: 2026-11-23, kr: brand/visits, value: 60000, by: alice}"
    assert repository.read(LOG) == newline.join([*lines[:2], added, *lines[2:]])


def test_a_correction_takes_the_last_one_back_and_keeps_its_day(repository: Shell) -> None:
    repository.okr("checkin", "visits", "60000", "-c", "0.5", "-m", "Good week", "--date", "2026-11-20")
    outcome = repository.okr("checkin", "visits", "58000", "--replace")
    assert outcome.status == 0, outcome.err
    assert repository.read(LOG).splitlines()[2:5] == [
        "- {date: 2026-11-20, kr: brand/visits, value: 60000, confidence: 0.5, by: alice, note: Good week}",
        "- {date: 2026-11-23, kr: brand/visits, retracts: 2026-11-20, by: alice}",
        '- {date: "2026-11-20T00:00:00+00:00", kr: brand/visits, value: 58000, confidence: 0.5, by: alice, note: Good week}',
    ]
    assert repository.git("log", "-1", "--format=%s").strip() == (
        "okr: marketing/brand/visits 60000 → 58000 visits (0.31 → 0.28)"
    )
    assert value_of_visits(repository) == 58000
    again = repository.okr("checkin", "visits", "57000", "--replace")
    assert again.status == 0, again.err
    assert value_of_visits(repository) == 57000


def test_only_ones_own_last_check_in_is_corrected(repository: Shell) -> None:
    before = repository.read(LOG)
    outcome = repository.okr("checkin", "launch", "beta", "--replace")
    assert outcome.status == 1
    assert "is by bob, not by alice" in outcome.err
    assert repository.read(LOG) == before
    none = repository.okr("checkin", "hours", "20", "--replace")
    assert none.status == 1
    assert "no check-in that could be replaced" in none.err


def test_a_check_in_after_an_undo_of_the_same_day_counts(repository: Shell) -> None:
    repository.okr("checkin", "visits", "60000")
    repository.okr("undo", "visits")
    outcome = repository.okr("checkin", "visits", "59000")
    assert outcome.status == 0, outcome.err
    assert value_of_visits(repository) == 59000
    assert (
        '- {date: "2026-11-23T00:00:00+00:00", kr: brand/visits, value: 59000, by: alice}\n'
        in repository.read(LOG)
    )


@pytest.mark.unmeasured
def test_a_second_check_in_of_a_day_is_told_apart_by_a_time_behind_the_others(repository: Shell) -> None:
    repository.okr("checkin", "visits", "60000")
    repository.okr("checkin", "visits", "61000", "--date", "2026-11-23T09:00:00+01:00")
    outcome = repository.okr("checkin", "visits", "62000", "--json")
    assert json.loads(outcome.out)["checkins"][0]["date"] == "2026-11-23T09:00:01+01:00"
    assert value_of_visits(repository) == 62000
    assert repository.okr("validate", "--strict").status == 0


def test_the_very_same_check_in_is_not_recorded_twice(repository: Shell) -> None:
    assert repository.okr("checkin", "visits", "60000", "--date", "2026-11-20").status == 0
    before = repository.read(LOG)
    outcome = repository.okr("checkin", "visits", "60000", "--date", "2026-11-20")
    assert outcome.status == 1
    assert "has this very check-in of 2026-11-20 already" in outcome.err
    assert repository.read(LOG) == before


def test_a_correction_of_a_date_corrects_that_check_in(repository: Shell) -> None:
    repository.okr("checkin", "visits", "60000", "-m", "Then", "--date", "2026-11-20")
    repository.okr("checkin", "visits", "62000", "-m", "Later")
    outcome = repository.okr("checkin", "visits", "60500", "--date", "2026-11-20", "--replace")
    assert outcome.status == 0, outcome.err
    lines = repository.read(LOG).splitlines()
    assert lines[4:6] == [
        "- {date: 2026-11-23, kr: brand/visits, retracts: 2026-11-20, by: alice}",
        '- {date: "2026-11-20T00:00:00+00:00", kr: brand/visits, value: 60500, by: alice, note: Then}',
    ]
    assert value_of_visits(repository) == 62000


def test_a_correction_stays_before_the_next_check_in_of_its_day(repository: Shell) -> None:
    # What okr records for a day stands behind all that is there; people may write a day above a time.
    by_hand = (
        "- {date: 2026-11-20, kr: brand/visits, value: 61000, by: alice}\n"
        '- {date: "2026-11-20T00:31:07+02:00", kr: brand/visits, value: 62000, by: bob}\n'
    )
    repository.write({LOG: repository.read(LOG) + by_hand})
    repository.git("commit", "--quiet", "-am", "By hand")
    outcome = repository.okr("checkin", "visits", "61500", "--date", "2026-11-20", "--replace")
    assert '{date: "2026-11-20T00:00:00+02:00", kr: brand/visits, value: 61500' in repository.read(LOG)
    assert value_of_visits(repository) == 62000
    assert "  value       62,000 visits, as before: there is a later check-in\n" in outcome.out


def test_the_time_of_a_correction_is_one_of_where_people_are(repository: Shell) -> None:
    repository.okr("checkin", "visits", "50000", "--date", "2026-11-20")
    assert repository.okr("checkin", "visits", "51000", "--replace", TZ="Asia/Tokyo").status == 0
    assert '{date: "2026-11-20T00:00:00+09:00", kr: brand/visits, value: 51000' in repository.read(LOG)
    repository.okr("checkin", "visits", "60000", "--date", "2026-11-20T08:30:00+09:00")
    assert value_of_visits(repository) == 60000


def test_a_second_check_in_on_the_first_day_there_is(repository: Shell) -> None:
    plan = repository.read("okrs/2026-Q4/marketing.yaml")
    repository.write(
        {"okrs/old/marketing.yaml": plan, "okrs/old/cycle.yaml": "starts: 0001-01-01\nends: 0001-01-02\n"}
    )
    for value in ("50000", "51000"):
        outcome = repository.okr("checkin", "old/marketing/brand/visits", value, "--date", "0001-01-01")
        assert outcome.status == 0, outcome.err
    assert 'date: "0001-01-01T00:00:00+00:00", kr: brand/visits, value: 51000' in repository.read(
        "checkins/old/marketing.yaml"
    )


def test_a_correction_for_which_no_second_is_left_is_refused(repository: Shell) -> None:
    rows = "ref,value,date\nvisits,61k,2026-11-20\nvisits,62k,2026-11-20\n"
    outcome = repository.okr("checkin", "--from", "-", stdin=rows)
    assert "  value      62,000 visits: there is a later check-in\n" in outcome.out
    before = repository.read(LOG)
    refused = repository.okr("checkin", "visits", "61500", "--date", "2026-11-20", "--replace")
    assert refused.status == 1
    assert refused.err == (
        "error: Nothing was recorded: 2026-Q4/marketing/brand/visits has another check-in right after that of "
        "2026-11-20: a correction would count after it.\n"
        "  Take both back, `okr undo 2026-Q4/marketing/brand/visits --date 2026-11-20` and "
        "`… --date 2026-11-20T00:00:00+00:00`, and record them anew in their order.\n"
    )
    assert repository.read(LOG) == before


def test_without_a_value_what_is_no_key_result_is_said_first(repository: Shell) -> None:
    unknown = repository.okr("checkin", "vists")
    assert (unknown.status, unknown.err) == (
        2,
        "error: There is no key result “vists”.\n  Did you mean marketing/brand/visits?\n",
    )
    assert repository.okr("checkin", "visits").err == (
        "error: Nothing was recorded: the check-in on visits has neither a value nor a confidence.\n"
        "  Add what was measured: `okr checkin visits VALUE`; or, if nothing could be, how sure you are: `-c 0.7`.\n"
    )


def test_a_correction_must_say_something(repository: Shell) -> None:
    repository.okr("checkin", "visits", "60000")
    outcome = repository.okr("checkin", "visits", "--replace")
    assert outcome.status == 2
    assert "says what is to be corrected" in outcome.err


def test_a_check_in_of_an_earlier_day_says_that_a_later_one_stands(repository: Shell) -> None:
    outcome = repository.okr("checkin", "visits", "45000", "-c", "0.2", "--date", "2026-10-08")
    assert [line.rstrip() for line in outcome.out.splitlines()][2:7] == [
        "  recorded    45,000 visits of 2026-10-08",
        "  value       47,500 visits, as before: there is a later check-in",
        "  score       0.09 → 0.09",
        "  objective   0.16 → 0.16  Make our brand the one people think of first",
        "  confidence  0.7 → 0.7",
    ]
    subject = repository.git("log", "-1", "--format=%s").strip()
    assert subject == "okr: marketing/brand/visits 45000 visits on 2026-10-08 (0.09 → 0.09)"


def test_a_percentage_stands_close_to_its_sign_in_the_message_as_well(repository: Shell) -> None:
    for value, said in (("99.95", "99.95%"), ("99.9", "99.95 → 99.9%")):
        assert repository.okr("checkin", "uptime", value, "--date", f"2026-11-{len(said) + 10}").status == 0
        assert f"okr: marketing/speed/uptime {said} (" in repository.git("log", "-1", "--format=%s")


def test_what_stays_as_it_was_is_said_once(repository: Shell) -> None:
    outcome = repository.okr("checkin", "launch", "signed", "--by", "bob")
    assert "  value      signed (unchanged)" in outcome.out.splitlines()
    assert repository.git("log", "-1", "--format=%s") == "okr: marketing/brand/launch still signed (0.30)\n"


def test_a_value_that_looks_like_a_slip_is_recorded_and_said(repository: Shell) -> None:
    outcome = repository.okr("checkin", "visits", "61.000")
    assert outcome.status == 0
    assert " ".join(outcome.err.split()) == (
        "61 visits is far from what was planned and measured so far. If it should be 61,000 visits: "
        "`okr checkin 2026-Q4/marketing/brand/visits 61000 --replace`"
    )
    tried = repository.okr("checkin", "uptime", "0.999", "--dry-run")
    assert tried.err.split("should be ")[1].split() == (
        ["99.9%:", "`okr", "checkin", "2026-Q4/marketing/speed/uptime", "99.9`"]
    )
    assert repository.okr("checkin", "visits", "61000", "--replace").err == ""


def test_a_day_may_be_said_in_words(repository: Shell) -> None:
    repository.okr("checkin", "hours", "20", "--date", "last friday")
    assert "- {date: 2026-11-20, kr: speed/hours, value: 20," in repository.read(LOG)
    outcome = repository.okr("undo", "hours", "--date", "3 days ago")
    assert "taken back  20 hours of 2026-11-20" in outcome.out


def test_a_number_that_the_shell_took_apart_is_to_be_quoted(repository: Shell) -> None:
    outcome = repository.okr("checkin", "visits", "1", "061", "000", "-m", "Live")
    assert (outcome.status, outcome.err.splitlines()[1]) == (
        2, '  Put a number with blanks into quotes: "1 061 000".'
    )  # fmt: skip
    assert "a note goes behind -m" in repository.okr("checkin", "visits", "61k", "now").err


def test_an_author_whom_nobody_knows_is_refused(repository: Shell) -> None:
    outcome = repository.okr("checkin", "visits", "60000", "--by", "bobb")
    assert outcome.status == 2
    assert ": nobody in org.yaml is called “bobb”." in outcome.err
    assert "Did you mean bob?" in outcome.err


def test_a_measurement_shows_the_key_results_that_it_moves(repository: Shell) -> None:
    repository.write(KPI_WORKSPACE)
    outcome = repository.okr("checkin", "site-visits", "52000")
    assert [line.strip() for line in outcome.out.splitlines()][2:5] == [
        "value  42,000 → 52,000 visits (+10,000)",
        "score  0.00 → 0.50  2026-Q4/web/reach/traffic",
        "score  0.00 → 1.00  2026-Q4/web/care/more-traffic",
    ]
