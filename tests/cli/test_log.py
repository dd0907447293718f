from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import Shell, copy_of
from tests.cli.history_shell import LOG, PLAN, Team

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def team(repository: Shell) -> Team:
    """The small workspace, planned by Alice on 1 October."""
    found = Team(repository)
    found.git("alice", "2026-10-01", "commit", "--quiet", "--amend", "--reset-author", "--no-edit")
    return found


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory, committed: Path) -> tuple[Path, dict[str, str]]:
    """What `busy` begins with, to be copied."""
    top = tmp_path_factory.mktemp("worked")
    team = Team(copy_of(committed, Shell(top / "work", top)))
    team.git("alice", "2026-10-01", "commit", "--quiet", "--amend", "--reset-author", "--no-edit")
    ids = {"start": team.head()}
    ids["visits"] = team.checkin(
        "alice", "2026-10-19", "visits", "61k", "-c", "0.8", "-m", "Campaign went live"
    )
    team.edit(PLAN, "to: 100000", "to: 80000")
    ids["plan"] = team.commit("bob", "2026-10-20", "Be realistic")
    ids["hours"] = team.checkin("bob", "2026-10-26", "hours", "20")
    team.append(
        LOG, "- {date: 2026-10-27, kr: speed/hours, retracts: 2026-10-26, by: alice, note: wrong team}"
    )
    ids["back"] = team.commit("alice", "2026-10-27", "Take it back")
    return team.shell.folder, ids


@pytest.fixture
def busy(shell: Shell, worked: tuple[Path, dict[str, str]]) -> tuple[Team, dict[str, str]]:
    """Some weeks of work: check-ins, a target moved, a check-in taken back."""
    made, ids = worked
    return Team(copy_of(made, shell)), ids


def entries(team: Team, *arguments: str) -> list[dict[str, Any]]:
    outcome = team.okr("log", "--json", *arguments)
    assert outcome.status == 0, outcome.err
    found: list[dict[str, Any]] = json.loads(outcome.out)["entries"]
    return found


def told(team: Team, *arguments: str) -> list[str]:
    """Each entry in a few words: day, what, value or change."""
    found: list[str] = []
    for entry in entries(team, *arguments):
        if entry["kind"] == "plan":
            found += [
                f"{entry['date']} {each['ref'] or each['cycle']}: {each['text']}" for each in entry["changes"]
            ]
        elif entry["kind"] == "retraction":
            found.append(f"{entry['date']} {entry['ref']} takes back {entry['retracts']}")
        else:
            found.append(f"{entry['date']} {entry['ref']} {entry['value']}")
    return found


STORY = """\
27 Oct 2026 · Alice Martin · {back}
  2026-Q4/marketing/speed/hours  takes back the check-in of 2026-10-26
    wrong team

26 Oct 2026 · Bob Stone · {hours}
  2026-Q4/marketing/speed/hours  20 hours
    taken back on 2026-10-27 by alice: wrong team

20 Oct 2026 · Bob Stone · {plan}
  2026-Q4/marketing/brand/visits  target moved from 100,000 to 80,000 visits

19 Oct 2026 · Alice Martin · {visits}
  2026-Q4/marketing/brand/visits  47,500 → 61,000 visits (+13,500)
    score 0.14 → 0.50 · confidence 0.8
    Campaign went live

12 Oct 2026 · Alice Martin · {start}
  2026-Q4/marketing/brand/launch  signed · score 0.30 · confidence 0.8
  2026-Q4/marketing/brand/visits  44,000 → 47,500 visits (+3,500)
    score 0.05 → 0.14 · confidence 0.7

5 Oct 2026 · Alice Martin · {start}
  2026-Q4/marketing/brand/visits  44,000 visits · score 0.05 · confidence 0.6
    SEO quick wins are live

1 Oct 2026 · Alice Martin · {start}
  2026/company/lead  objective added with 2 key results: Lead our market
  2026/company/team  objective added with 2 key results: Be a place where people
    want to stay
  2026-Q4/marketing/brand  objective added with 2 key results: Make our brand
    the one people think of first
  2026-Q4/marketing/speed  objective added with 2 key results: Answer everyone
    while they still remember the question
"""


def test_the_whole_story_the_newest_first(busy: tuple[Team, dict[str, str]]) -> None:
    team, ids = busy
    outcome = team.okr("log")
    assert outcome.out == STORY.format(**ids)
    assert (outcome.status, outcome.err) == (0, "")
    assert max(map(len, outcome.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["hours"], ["2026-10-27 2026-Q4/marketing/speed/hours takes back 2026-10-26", "2026-10-26 2026-Q4/marketing/speed/hours 20", "2026-10-01 2026-Q4/marketing/speed: objective added with 2 key results: Answer everyone while they still remember the question"], id="a key result"),
        pytest.param(["brand", "--checkins", "-n", "2"], ["2026-10-19 2026-Q4/marketing/brand/visits 61000", "2026-10-12 2026-Q4/marketing/brand/launch signed"], id="an objective"),
        pytest.param(["company", "--checkins"], [], id="an owner without check-ins"),
        pytest.param(["marketing", "--plan", "-n", "1"], ["2026-10-20 2026-Q4/marketing/brand/visits: target moved from 100,000 to 80,000 visits"], id="an owner's plan"),
        pytest.param(["--since", "2026-10-26"], ["2026-10-27 2026-Q4/marketing/speed/hours takes back 2026-10-26", "2026-10-26 2026-Q4/marketing/speed/hours 20"], id="since a day"),
        pytest.param(["--since", "HEAD~2"], ["2026-10-27 2026-Q4/marketing/speed/hours takes back 2026-10-26", "2026-10-26 2026-Q4/marketing/speed/hours 20"], id="since a revision"),
        pytest.param(["--author", "STONE"], ["2026-10-26 2026-Q4/marketing/speed/hours 20", "2026-10-20 2026-Q4/marketing/brand/visits: target moved from 100,000 to 80,000 visits", "2026-10-12 2026-Q4/marketing/brand/launch signed"], id="an author"),
        pytest.param(["--cycle", "2026", "--plan", "-n", "1"], ["2026-10-01 2026/company/lead: objective added with 2 key results: Lead our market", "2026-10-01 2026/company/team: objective added with 2 key results: Be a place where people want to stay"], id="a cycle"),
        pytest.param(["-n", "0"], [], id="none"),
    ],
)  # fmt: skip
def test_a_part_of_the_story(
    busy: tuple[Team, dict[str, str]], arguments: list[str], expected: list[str]
) -> None:
    assert told(busy[0], *arguments) == expected


def test_json_says_everything_of_a_check_in(busy: tuple[Team, dict[str, str]]) -> None:
    team, _ = busy
    entry = entries(team, "visits", "--checkins", "-n", "1")[0]
    assert entry == {
        "kind": "checkin", "date": "2026-10-19", "time": None, "committed": True,
        "commit": {
            "id": team.shell.git("rev-parse", "HEAD~3").strip(), "author": "Alice Martin",
            "email": "alice@acme.example", "date": "2026-10-19", "time": 1792411200,
        },
        "ref": "2026-Q4/marketing/brand/visits", "title": "Reach 100,000 monthly visits", "value": 61000,
        "value_before": 47500, "unit": "visits", "score": 0.5, "score_before": 0.144737, "confidence": 0.8,
        "by": "alice", "note": "Campaign went live", "retracted": None, "path": LOG, "line": 3,
    }  # fmt: skip
    back, taken = entries(team, "hours", "--checkins")
    assert (back["kind"], back["retracts"], back["path"], back["line"]) == (
        "retraction",
        "2026-10-26",
        LOG,
        6,
    )
    assert taken["retracted"] == {"date": "2026-10-27", "by": "alice", "note": "wrong team"}
    assert (taken["score"], taken["value"]) == (None, 20)


def test_json_of_a_value_that_is_no_number(team: Team) -> None:
    for day, value in ((12, ".inf"), (13, "-.inf"), (14, "45000")):
        team.append(LOG, f"- {{date: 2026-10-{day}, kr: brand/visits, value: {value}, by: alice}}")
    said = [(each["value"], each["value_before"]) for each in entries(team, "visits") if "value" in each]
    assert said[:3] == [(45000, None), (None, None), (None, 47500)]


def test_json_of_a_plan_change(busy: tuple[Team, dict[str, str]]) -> None:
    entry = entries(busy[0], "visits", "--plan", "-n", "1")[0]
    assert entry["path"] == PLAN
    assert entry["changes"] == [
        {
            "change": "retargeted", "ref": "2026-Q4/marketing/brand/visits", "cycle": "2026-Q4",
            "title": "Reach 100,000 monthly visits", "key": "to", "old": 100000, "new": 80000,
            "text": "target moved from 100,000 to 80,000 visits",
        }
    ]  # fmt: skip


def test_a_check_in_that_is_not_committed_says_so(team: Team) -> None:
    assert team.okr("checkin", "visits", "50000", "--no-commit", "--by", "bob").status == 0
    out = team.okr("log", "-n", "1").out
    assert out.startswith(
        "23 Nov 2026 · bob · not committed\n  2026-Q4/marketing/brand/visits  47,500 → 50,000"
    )
    assert entries(team, "-n", "1")[0]["committed"] is False


@pytest.mark.unmeasured
def test_within_a_day_what_came_later_stands_above(repository: Shell, tmp_path: Path) -> None:
    """Three people in three clones check in on the same day, without a time, and their lines end up in any order."""
    day = "2026-11-20"
    repository.git("config", "receive.denyCurrentBranch", "updateInstead")
    for name in ("alice", "bob", "carla"):
        repository.git("clone", "--quiet", str(repository.folder), str(tmp_path / name))
    for at, (name, wanted) in enumerate(
        (("carla", "visits"), ("alice", "hours"), ("bob", "uptime"), ("alice", "launch"))
    ):
        clone = ("-C", str(tmp_path / name))
        moment = f"{day}T{9 + at:02}:30:00+00:00"
        person = Team(repository).as_person(name, day) | {
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_DATE": moment,
        }
        value = {"visits": "50000", "hours": "20", "uptime": "99.95", "launch": "signed"}[wanted]
        done = repository.okr(
            *clone, "--as-of", day, "checkin", wanted, value, "--by", "bob", "--push", **person
        )
        assert done.status == 0, done.err
    found = entries(Team(repository), "--since", day, "--checkins")
    order = ["brand/launch", "speed/uptime", "speed/hours", "brand/visits"]
    assert [each["ref"].removeprefix("2026-Q4/marketing/") for each in found] == order
    lines = [each["line"] for each in found]
    assert lines != sorted(lines)
    assert lines != sorted(lines, reverse=True)
    newest = entries(Team(repository), "--checkins", "-n", "2")
    assert [each["ref"].removeprefix("2026-Q4/marketing/") for each in newest] == order[:2]


@pytest.mark.unmeasured
def test_what_moves_between_percentages_is_points(repository: Shell) -> None:
    for day, value in (("01", "90"), ("11", "91"), ("21", "93")):
        assert repository.okr("checkin", "uptime", value, "--date", f"2026-11-{day}").status == 0
    assert "90 → 91% (+1 point)" in repository.okr("log", "uptime").out
    for words in (("log",), ("log", "uptime", "-n", "2"), ("review", "--since", "2026-11-12")):
        assert "91 → 93% (+2 points)" in " ".join(repository.okr(*words).out.split())


def test_what_was_recorded_in_the_same_second_stands_as_it_was_recorded(team: Team) -> None:
    """Whole commits follow each other, whatever log their lines are in, and how far down."""
    for refs in (("hours", "churn"), ("visits", "stay"), ("survey", "uptime")):
        values = {"survey": "done", "uptime": "99.95"}
        rows = [f"{ref},{values.get(ref, 20)},2026-11-20T09:30:00Z\n" for ref in refs]
        sent = team.okr("checkin", "--from", "-", stdin="".join(["ref,value,date\n", *rows]))
        assert sent.status == 0, sent.err
    lines = {each["ref"].rpartition("/")[2]: each["line"] for each in entries(team, "--since", "2026-11-20")}
    order = ["uptime", "survey", "visits", "stay", "hours", "churn"]
    assert [*lines] == order
    assert lines["visits"] < lines["hours"]
    for most in (1, 3, 5):
        newest = entries(team, "--checkins", "-n", str(most))
        assert [each["ref"].rpartition("/")[2] for each in newest] == order[:most]


def test_of_one_key_result_what_counts_stands_above(team: Team) -> None:
    """Two lines of one day, the later one committed first: the arrows lead from one to the next."""
    team.append(LOG, "- {date: 2026-10-26, kr: speed/hours, value: 18}")
    team.commit("bob", "2026-10-27")
    text = team.shell.read(LOG).splitlines(keepends=True)
    team.shell.write(
        {LOG: "".join([*text[:-1], "- {date: 2026-10-26, kr: speed/hours, value: 22}\n", text[-1]])}
    )
    team.commit("alice", "2026-10-28")
    team.append(LOG, "- {date: 2026-10-26, kr: speed/uptime, value: 99.95}")
    found = entries(team, "--since", "2026-10-26", "--checkins")
    assert [(each["value"], each["value_before"]) for each in found] == [(99.95, None), (18, 22), (22, None)]


def test_without_a_repository_the_files_tell_what_they_can(workspace: Shell) -> None:
    outcome = workspace.okr("log", "launch")
    assert outcome.out == (
        "12 Oct 2026 · bob\n  marketing/brand/launch  signed · score 0.30 · confidence 0.8\n"
    )
    assert outcome.err == (
        "There are no commits here: who committed what, and how plans have changed, only git can tell.\n"
    )
    assert outcome.status == 0
    bad = workspace.okr("log", "--since", "HEAD~1")
    assert (bad.status, bad.out) == (2, "")
    assert "is not a day" in bad.err


def test_in_a_shallow_clone_history_is_not_made_up(busy: tuple[Team, dict[str, str]]) -> None:
    team, ids = busy
    team.shell.git("clone", "--quiet", "--depth", "2", f"file://{team.shell.folder}", "shallow")
    outcome = team.okr("-C", "shallow", "log")
    assert outcome.status == 0
    assert "This clone is shallow: its history is cut off" in outcome.err
    assert outcome.out.startswith(f"27 Oct 2026 · Alice Martin · {ids['back']}\n")
    # The commit at which it is cut off names its own check-in; all older ones have no commit.
    assert f"26 Oct 2026 · Bob Stone · {ids['hours']}\n" in outcome.out
    assert "19 Oct 2026 · alice\n" in outcome.out
    assert "objective added" not in outcome.out


def test_a_workspace_in_a_folder_of_a_repository(shell: Shell, repository: Shell) -> None:
    del shell
    team = Team(repository)
    (repository.folder / "goals [1]").mkdir()
    for name in ("okr.yaml", "org.yaml", "okrs", "checkins", ".gitattributes"):
        repository.git("mv", name, f"goals [1]/{name}")
    team.commit("alice", "2026-10-14", "Move everything")
    day = "2026-10-19"
    outcome = repository.okr(
        "-C", "goals [1]", "--as-of", day, "checkin", "hours", "20", **team.as_person("bob", day)
    )
    assert outcome.status == 0, outcome.err
    moved = repository.okr("-C", "goals [1]", "log", "hours", "-n", "1", "--checkins")
    assert moved.out == (
        f"19 Oct 2026 · Bob Stone · {team.head()}\n  marketing/speed/hours  20 hours · score 0.27\n"
    )


def test_a_renamed_owner_and_key_result_keep_one_story(busy: tuple[Team, dict[str, str]]) -> None:
    team, _ = busy
    for folder in ("okrs", "checkins"):
        team.shell.git("mv", f"{folder}/2026-Q4/marketing.yaml", f"{folder}/2026-Q4/growth.yaml")
    team.edit(
        "org.yaml", "{id: marketing, name: Marketing,", "{id: growth, formerly: [marketing], name: Growth,"
    )
    team.edit("org.yaml", "{id: alice, name: Alice Martin, email: alice@acme.example, team: marketing}", "{id: alice, name: Alice Martin, email: alice@acme.example, team: growth}")  # fmt: skip
    team.edit("org.yaml", "team: marketing}", "team: growth}")
    team.edit("okrs/2026-Q4/growth.yaml", "- id: visits\n", "- id: traffic\n        formerly: [visits]\n")
    team.commit("alice", "2026-11-02", "We are growth now")
    assert told(team, "growth/brand/traffic") == [
        "2026-11-02 2026-Q4/growth/brand/traffic: id changed from brand/visits to brand/traffic",
        "2026-10-20 2026-Q4/growth/brand/visits: target moved from 100,000 to 80,000 visits",
        "2026-10-19 2026-Q4/growth/brand/traffic 61000",
        "2026-10-12 2026-Q4/growth/brand/traffic 47500",
        "2026-10-05 2026-Q4/growth/brand/traffic 44000",
        "2026-10-01 2026-Q4/growth/brand: objective added with 2 key results: Make our brand the one people think of first",
    ]
    assert told(team, "marketing", "--plan", "--since", "2026-11-01") == [
        "2026-11-02 2026-Q4: owner renamed from marketing to growth",
        "2026-11-02 2026-Q4/growth/brand/traffic: id changed from brand/visits to brand/traffic",
    ]
    found = {entry["date"]: entry["commit"]["author"] for entry in entries(team, "traffic", "--checkins")}
    assert found == dict.fromkeys(("2026-10-19", "2026-10-12", "2026-10-05"), "Alice Martin")


def test_a_key_result_that_was_dropped_is_told_of_as_long_as_a_log_names_it(
    busy: tuple[Team, dict[str, str]],
) -> None:
    team, _ = busy
    team.edit(
        PLAN,
        next(line for line in team.shell.read(PLAN).splitlines(keepends=True) if "id: launch" in line),
        "",
    )
    team.commit("bob", "2026-11-02", "Drop it")
    assert told(team, "marketing/brand/launch") == [
        "2026-11-02 2026-Q4/marketing/brand/launch: key result dropped: The new site is live",
        "2026-10-12 2026-Q4/marketing/brand/launch signed",
        "2026-10-01 2026-Q4/marketing/brand: objective added with 2 key results: Make our brand the one people think of first",
    ]
    unknown = team.okr("log", "marketing/brand/nothing")
    assert (unknown.status, "There is no owner, objective or key result" in unknown.err) == (2, True)


def test_a_plan_that_could_not_be_read_is_passed_over_with_a_remark(team: Team) -> None:
    team.edit(PLAN, "to: 100000", "to: [")
    broken = team.commit("bob", "2026-10-20", "Oops")
    team.shell.git("checkout", "--quiet", "HEAD~1", "--", PLAN)
    team.edit(PLAN, "to: 100000", "to: 90000")
    team.commit("bob", "2026-10-21", "Mended")
    outcome = team.okr("log", "--plan", "-n", "1")
    assert "target moved from 100,000 to 90,000 visits" in outcome.out
    assert outcome.err == f"{PLAN} could not be read at {broken}.\n"


def test_the_state_of_a_cycle_is_part_of_the_story(team: Team) -> None:
    team.shell.write({"okrs/2026-Q4/cycle.yaml": "state: planning\n"})
    team.commit("alice", "2026-10-20")
    team.shell.write({"okrs/2026-Q4/cycle.yaml": "state: closed\nreview: Well done.\n"})
    team.commit("alice", "2026-10-21")
    assert told(team, "--plan", "--since", "2026-10-10") == [
        "2026-10-21 2026-Q4: state changed from planning to closed",
        "2026-10-21 2026-Q4: review given: “Well done.”",
        "2026-10-20 2026-Q4: state set to planning",
    ]
    team.shell.write(
        {"okrs/era/cycle.yaml": "starts: 2026-10-22\nends: 2026-12-31\nstate: active\nreview: Soon.\n"}
    )
    head = team.commit("bob", "2026-10-22")
    assert team.okr("log", "--plan", "-n", "1").out == (
        f"22 Oct 2026 · Bob Stone · {head}\n"
        "  era  state set to active; first day set to 2026-10-22; last day set to\n"
        "    2026-12-31\n"
        "  era  review given: “Soon.”\n"
    )


def test_of_a_merge_only_what_no_branch_had_is_told(team: Team) -> None:
    team.git("bob", "2026-10-10", "switch", "--quiet", "--create", "plan")
    team.edit(PLAN, "to: 100000", "to: 90000")
    team.commit("bob", "2026-10-20", "Lower")
    team.git("alice", "2026-10-21", "switch", "--quiet", "main")
    team.edit(PLAN, "to: 4}", "to: 5}")
    team.commit("alice", "2026-10-21", "Slower")
    team.git("alice", "2026-10-22", "merge", "--quiet", "--no-commit", "plan")
    team.edit(PLAN, "weight: 2", "weight: 3")
    team.commit("alice", "2026-10-22", "Merge, and a little more")
    assert told(team, "--plan", "-n", "3") == [
        "2026-10-22 2026-Q4/marketing/brand/visits: weight changed from 2 to 3",
        "2026-10-21 2026-Q4/marketing/speed/hours: target moved from 4 to 5 hours",
        "2026-10-20 2026-Q4/marketing/brand/visits: target moved from 100,000 to 90,000 visits",
    ]


def test_kpis_and_what_draws_on_them(team: Team) -> None:
    team.shell.write({"kpis.yaml": "kpis:\n  - {id: calls, name: Calls a day, unit: calls}\n"})
    team.edit(PLAN, "{id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}", "{id: hours, title: Take 50 calls, kpi: calls, from: 10, to: 50}")  # fmt: skip
    team.shell.write({"checkins/kpis.yaml": "- {date: 2026-09-30, kpi: calls, value: 12}\n- {date: 2026-10-07, kpi: calls, value: 30}\n"})  # fmt: skip
    team.commit("alice", "2026-10-08")
    assert told(team, "kpis/calls") == ["2026-10-07 kpis/calls 30", "2026-09-30 kpis/calls 12"]
    drawn = entries(team, "hours", "--checkins")
    assert [(each["ref"], each["value"], each["score"]) for each in drawn] == [("kpis/calls", 30, 0.5)]
    wrong = team.okr("log", "kpis/cals")
    assert (wrong.status, wrong.err) == (2, "error: There is no KPI “cals”.\n  Did you mean kpis/calls?\n")


def test_times_offsets_and_lines_by_hand_read_alike(team: Team) -> None:
    team.append(LOG, "- {kr: speed/hours, date: 2026-10-26T09:31:07+02:00, value: 20, by: bob}")
    team.append(LOG, '- {date: "2026-10-26T07:00:00Z", kr: speed/hours, value: 22}')
    team.append(LOG, '- {date: 2026-10-27, kr: speed/hours, retracts: "2026-10-26T07:31:07+00:00", by: bob}')
    team.commit("bob", "2026-10-27")
    back, counting, first = entries(team, "hours", "--checkins")
    assert back["retracts"] == "2026-10-26T07:31:07+00:00"
    assert (first["value"], first["retracted"]) == (22, None)
    assert (counting["value"], counting["retracted"]["date"]) == (20, "2026-10-27")
    assert counting["time"] == "2026-10-26T09:31:07+02:00"


def test_crlf_and_bounds_and_an_unknown_key_result(team: Team) -> None:
    text = team.shell.read(LOG) + "- {date: 2026-10-12, kr: speed/uptime, value: 99.95}\n"
    text += "- {date: 2026-10-13, kr: speed/uptime, value: 99}\n- {date: 2026-10-13, kr: gone/away, confidence: 0.5}\n"
    team.shell.write({LOG: text.replace("\n", "\r\n")})
    team.commit("bob", "2026-10-13")
    found = entries(team, "--since", "2026-10-12", "--checkins")
    assert [(each["ref"].removeprefix("2026-Q4/marketing/"), each["value"], each["score"]) for each in found] == [
        ("gone/away", None, None), ("speed/uptime", 99, 0.5), ("speed/uptime", 99.95, 1.0),
        ("brand/launch", "signed", 0.3), ("brand/visits", 47500, 0.094828),
    ]  # fmt: skip


def test_words_of_people_are_no_commands_of_terminals(team: Team) -> None:
    team.append(LOG, r'- {date: 2026-10-20, kr: speed/hours, value: 20, by: bob, note: "\e[2J[red]x[/red]"}')
    team.shell.git("add", "--all")
    hostile = team.as_person("bob", "2026-10-20") | {"GIT_AUTHOR_NAME": "Bob \x1b[31m[bold]\u202eStone"}
    assert team.shell.run("git", "commit", "--quiet", "--message", "\x1b[2J", **hostile).status == 0
    out = team.okr("log", "-n", "1").out
    assert out.splitlines()[0] == f"20 Oct 2026 · Bob \\u001b[31m[bold]\\u202eStone · {team.head()}"
    assert out.splitlines()[-1] == "    \\u001b[2J[red]x[/red]"
    assert "\x1b" not in team.okr("log", "--json").out


def test_a_broken_log_is_an_error_of_the_whole_answer(team: Team) -> None:
    team.append(LOG, "- {date: ")
    outcome = team.okr("log")
    assert (outcome.status, outcome.out) == (1, "")
    assert "checkins/2026-Q4/marketing.yaml:4" in outcome.err
    team.shell.write({"checkins/kpis.yaml": "- 3\n"})
    assert "a log's line must be a mapping" in team.okr("log").err


def test_a_repository_without_commits(workspace: Shell) -> None:
    workspace.git("init", "--quiet")
    outcome = workspace.okr("log", "launch")
    assert outcome.out.startswith("12 Oct 2026 · bob · not committed\n")
    assert "There are no commits here" in outcome.err


def test_nothing_to_tell_is_said(team: Team) -> None:
    outcome = team.okr("log", "--since", "2026-11-20")
    assert (outcome.status, outcome.out, outcome.err) == (
        0,
        "",
        "Nothing has happened yet that was asked for.\n",
    )
    assert team.okr("log", "--since", "3 days ago") == outcome
    unknown = team.okr("log", "--since", "long ago")
    assert unknown.status == 2
    assert "A day is written as 2026-11-23." in " ".join(unknown.err.split())
    impossible = team.okr("log", "--since", "2026-11-31")
    assert (impossible.status, impossible.err.splitlines()[0]) == (2, "error: There is no day 2026-11-31.")


def on_a_terminal(team: Team, *arguments: str, **extra: str) -> tuple[int, str]:
    """Runs okr with a terminal for its output; gives its status and what came out."""
    master, slave = pty.openpty()
    environment = team.shell.environment(TERM="xterm", COLUMNS="80", **extra)
    process = subprocess.Popen(
        [sys.executable, "-m", "okr", "--as-of", "2026-11-23", *arguments],
        cwd=team.shell.folder, env=environment, stdin=slave, stdout=slave, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(slave)
    found = b""
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:
            break
        if not chunk:
            break
        found += chunk
    _, err = process.communicate(timeout=60)
    os.close(master)
    assert b"Traceback" not in err
    return process.returncode, found.decode()


def test_the_pager_is_git_s_and_gets_everything(busy: tuple[Team, dict[str, str]]) -> None:
    team, _ = busy
    status, out = on_a_terminal(team, "log", GIT_PAGER="sed s/^/paged:/; echo less=$LESS")
    lines = out.replace("\r\n", "\n").splitlines()
    assert status == 0
    assert lines[-1] == "less=FRX"
    assert all(line.startswith("paged:") for line in lines[:-1])
    assert "\x1b[" in lines[0]
    assert len(lines) == STORY.count("\n") + 1


def test_the_first_page_and_what_follows_it_are_one_story(team: Team) -> None:
    for week in (2, 9):
        for day in range(week, week + 7):
            team.append(LOG, "\n".join(f"- {{date: 2026-11-{day:02}, kr: {kr}, value: {day}, by: bob}}" for kr in ("speed/hours", "speed/uptime", "gone/a", "gone/b", "gone/c")))  # fmt: skip
        team.edit(PLAN, "to: 100000" if week == 2 else "to: 90000", "to: 90000" if week == 2 else "to: 80000")
        team.commit("bob", f"2026-11-{week + 7:02}", "Catch up")
    piped = team.okr("log").out
    assert piped.count("gone/a") == 14
    _, paged = on_a_terminal(team, "log", GIT_PAGER="sed -n p")
    assert re.sub(r"\x1b\[[0-9;]*m", "", paged).split() == piped.split()  # colours fold otherwise


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        pytest.param(["log", "-n", "1", "--no-pager"], {"GIT_PAGER": "echo paged"}, id="--no-pager"),
        pytest.param(["log", "-n", "1"], {"GIT_PAGER": "cat"}, id="cat"),
        pytest.param(["log", "-n", "1"], {"GIT_PAGER": ""}, id="empty"),
        pytest.param(["log", "-n", "1"], {"PAGER": "cat"}, id="PAGER"),
    ],
)
def test_no_pager_where_none_is_wanted(
    busy: tuple[Team, dict[str, str]], arguments: list[str], extra: dict[str, str]
) -> None:
    status, out = on_a_terminal(busy[0], *arguments, **extra)
    assert status == 0
    assert "paged" not in out
    assert "takes back the check-in" in out


def test_without_the_pager_everything_is_shown_all_the_same(busy: tuple[Team, dict[str, str]]) -> None:
    status, out = on_a_terminal(busy[0], "log", "-n", "1", GIT_PAGER="no-such-pager -R")
    assert status == 0
    assert "takes back the check-in" in out
    for command in ("LESS=X sed s/^/paged:/", "exec sed s/^/paged:/"):
        status, out = on_a_terminal(busy[0], "log", "-n", "1", GIT_PAGER=command)
        assert status == 0
        assert out.startswith("paged:")


def test_quitting_the_pager_is_no_error(team: Team) -> None:
    lines = "".join(
        f"- {{date: 2026-10-{day:02}, kr: speed/hours, value: {value}, note: {'x' * 200}}}\n"
        for day in range(1, 32) for value in range(60)
    )  # fmt: skip
    team.shell.write({LOG: lines})
    team.commit("bob", "2026-11-01")
    status, out = on_a_terminal(team, "log", GIT_PAGER="head -n 1")
    assert status == 0
    assert len(out.splitlines()) == 1


def test_piped_output_is_never_paged(busy: tuple[Team, dict[str, str]]) -> None:
    assert "paged" not in busy[0].okr("log", "-n", "1", GIT_PAGER="echo paged").out
