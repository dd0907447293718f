from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import Shell, copy_of
from tests.cli.history_shell import LOG, PLAN, Team, trailer

if TYPE_CHECKING:
    from pathlib import Path

BY_ALICE = "- {date: 2026-10-05, kr: brand/visits, value: 44000, confidence: 0.6, by: alice, note: SEO quick wins are live}\n"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory, committed: Path) -> Path:
    """What `team` begins with, to be copied."""
    top = tmp_path_factory.mktemp("planned")
    found = Team(copy_of(committed, Shell(top / "work", top)))
    (found.shell.folder / LOG).unlink()
    found.git("alice", "2026-10-01", "add", "--all")
    found.git("alice", "2026-10-01", "commit", "--quiet", "--amend", "--reset-author", "--no-edit")
    return found.shell.folder


@pytest.fixture(scope="module")
def checked_in(tmp_path_factory: pytest.TempPathFactory, planned: Path) -> Path:
    """What `running` begins with, to be copied."""
    top = tmp_path_factory.mktemp("checked-in")
    found = Team(copy_of(planned, Shell(top / "work", top)))
    found.checkin("alice", "2026-10-05", "visits", "44000", "-c", "0.6", "-m", "SEO: quick wins\n\nare live")
    found.checkin("alice", "2026-10-12", "visits", "47500", "-c", "0.7")
    found.checkin("bob", "2026-10-12", "launch", "signed", "-c", "0.8")
    return found.shell.folder


@pytest.fixture
def team(shell: Shell, planned: Path) -> Team:
    """The small workspace; its plan committed by Alice on 1 October, no check-in yet."""
    return Team(copy_of(planned, shell))


@pytest.fixture
def running(shell: Shell, checked_in: Path) -> Team:
    """Three check-ins by okr, as they should be."""
    return Team(copy_of(checked_in, shell))


def findings(team: Team, *arguments: str) -> list[dict[str, Any]]:
    """What an audit finds; with every commit compared it must find the same."""
    outcome = team.okr("audit", "--json", *arguments)
    assert outcome.err == ""
    found: list[dict[str, Any]] = json.loads(outcome.out)["findings"]
    assert outcome.status == (1 if any(each["severity"] == "error" for each in found) else 0)
    assert json.loads(team.okr("audit", "--json", "--every-commit", *arguments).out)["findings"] == found
    return found


def brief(team: Team, *arguments: str) -> list[tuple[str, str, str | None]]:
    """Each finding's severity and kind, its place, and the subject line of its commit."""
    shown: list[tuple[str, str, str | None]] = []
    for each in findings(team, *arguments):
        line = f":{each['line']}" if each["line"] else ""
        commit = (
            team.shell.git("log", "-1", "--format=%s", each["commit"]["id"]).strip()
            if each["commit"]
            else None
        )
        shown.append((f"{each['severity']} {each['kind']}", f"{each['path']}{line}", commit))
    return shown


def test_a_record_made_by_okr_is_above_suspicion(running: Team) -> None:
    outcome = running.okr("audit")
    assert outcome.out == "Nothing to report in 3 lines of 1 log, traced through 4 commits.\n"
    assert (outcome.status, outcome.err) == (0, "")
    assert findings(running) == []


SCREEN = """\
error[line-removed] checkins/2026-Q4/marketing.yaml {removed}
  The check-in on 2026-Q4/marketing/brand/launch of 2026-10-12 (signed, by bob)
  was removed by Bob Stone on 2026-11-02.

error[line-changed] checkins/2026-Q4/marketing.yaml:2 {changed}
  The check-in on 2026-Q4/marketing/brand/visits of 2026-10-12 (47500, by alice)
  was changed by Bob Stone on 2026-11-03: value 47500 → 57500, confidence 0.7 →
  0.9.

warning[other-author] checkins/2026-Q4/marketing.yaml:2 {changed}
  The check-in on 2026-Q4/marketing/brand/visits of 2026-10-12 (57500, by alice)
  says it is by alice, and was committed by Bob Stone.

warning[uncommitted] checkins/2026-Q4/marketing.yaml:4
  The check-in on 2026-Q4/marketing/speed/hours of 2026-11-23 (20, by bob) is
  recorded but not committed.

warning[target-moved] okrs/2026-Q4/marketing.yaml {moved}
  The target of 2026-Q4/marketing/brand/visits was lowered from 100,000 to
  80,000 visits by Alice Martin on 2026-11-20, when the score was 0.27; it is
  0.41 with the new target.

info[late] checkins/2026-Q4/marketing.yaml:3 {late}
  The check-in on 2026-Q4/marketing/speed/hours of 2026-11-01 (22, by bob) was
  committed 11 days after its date, on 2026-11-12.

info[late] checkins/2026-Q4/marketing.yaml:2 {changed}
  The check-in on 2026-Q4/marketing/brand/visits of 2026-10-12 (57500, by alice)
  was committed 22 days after its date, on 2026-11-03.

info[by-hand] checkins/2026-Q4/marketing.yaml:2 {changed}
  The check-in on 2026-Q4/marketing/brand/visits of 2026-10-12 (57500, by alice)
  was added by hand: the message of the commit by Bob Stone on 2026-11-03 does
  not name it.

2 errors, 3 warnings and 3 remarks in 4 lines of 1 log, traced through 8
commits.
"""


@pytest.mark.unmeasured
def test_a_record_that_was_tampered_with(running: Team) -> None:
    team = running
    lines = team.shell.read(LOG).splitlines(keepends=True)
    team.shell.write({LOG: "".join(line for line in lines if "launch" not in line)})
    ids = {"removed": team.commit("bob", "2026-11-02", "Tidy up")}
    team.edit(LOG, "value: 47500, confidence: 0.7", "value: 57500, confidence: 0.9")
    ids["changed"] = team.commit("bob", "2026-11-03", "Correct")
    ids["late"] = team.commit("bob", "2026-11-12", "Nothing", "--allow-empty")
    team.git("bob", "2026-11-12", "reset", "--quiet", "--hard", "HEAD~1")
    outcome = team.okr(
        "checkin", "hours", "22", "--date", "2026-11-01", **team.as_person("bob", "2026-11-12")
    )
    assert outcome.status == 0, outcome.err
    ids["late"] = team.head()
    team.edit(PLAN, "to: 100000", "to: 80000")
    ids["moved"] = team.commit("alice", "2026-11-20", "Be realistic")
    assert team.okr("checkin", "hours", "20", "--no-commit", "--by", "bob").status == 0
    outcome = team.okr("audit")
    assert outcome.out == SCREEN.format(**ids)
    assert outcome.status == 1
    assert [each[0] for each in brief(team)] == [
        "error line-removed", "error line-changed", "warning other-author", "warning uncommitted",
        "warning target-moved", "info late", "info late", "info by-hand",
    ]  # fmt: skip


def test_json_has_a_stable_shape(running: Team) -> None:
    running.edit(LOG, "value: 47500", "value: 57500")
    answer = json.loads(running.okr("audit", "--json").out)
    assert answer == {
        "schema": 1, "workspace": "Acme", "since": None, "lines": 3, "logs": 1, "commits": 4,
        "summary": {"errors": 1, "warnings": 0, "infos": 0},
        "findings": [{
            "kind": "line-changed", "severity": "error", "path": LOG, "line": 2, "commit": None,
            "ref": "2026-Q4/marketing/brand/visits",
            "message": "The check-in on 2026-Q4/marketing/brand/visits of 2026-10-12 (47500, by alice) was changed,"
            " and that is not committed yet: value 47500 → 57500.",
        }],
    }  # fmt: skip


def test_a_removal_that_is_not_committed(running: Team) -> None:
    lines = running.shell.read(LOG).splitlines(keepends=True)
    running.shell.write({LOG: "".join(lines[:2])})
    assert brief(running) == [("error line-removed", LOG, None)]


def test_a_whole_log_removed(running: Team) -> None:
    running.shell.git("rm", "--quiet", LOG)
    running.commit("bob", "2026-11-02", "Away with it")
    assert brief(running) == [("error line-removed", LOG, "Away with it")] * 3


def test_an_edit_hidden_in_the_commit_of_a_check_in(running: Team) -> None:
    # The commit speaks of another line only; the note no longer is the message's.
    team = running
    team.edit(LOG, "SEO: quick wins", "Everything is fine")
    team.append(LOG, "- {date: 2026-10-19, kr: speed/hours, value: 20, by: bob}")
    message = "okr: hours\n\n" + trailer("2026-Q4/marketing/speed/hours date=2026-10-19 value=20")
    team.commit("bob", "2026-10-19", message)
    assert [each for each in brief(team) if "error" in each[0]] == [
        ("error line-changed", f"{LOG}:1", "okr: hours")
    ]


def test_a_line_hidden_in_the_commit_of_another(running: Team) -> None:
    running.append(LOG, "- {date: 2026-10-19, kr: speed/hours, value: 20, by: bob}")
    running.append(LOG, "- {date: 2026-10-19, kr: speed/uptime, value: 99.9, by: alice}")
    message = "okr: hours\n\n" + trailer("2026-Q4/marketing/speed/hours date=2026-10-19 value=20")
    running.commit("bob", "2026-10-19", message)
    assert brief(running) == [
        ("warning other-author", f"{LOG}:5", "okr: hours"), ("info by-hand", f"{LOG}:5", "okr: hours"),
    ]  # fmt: skip


def test_a_line_slipped_in_and_taken_out_under_other_names_is_found_by_looking_at_every_commit(
    running: Team,
) -> None:
    team = running
    slipped = "- {date: 2026-10-18, kr: speed/uptime, value: 12, by: bob}"
    for day, value in (("19", 20), ("20", 21)):
        text = team.shell.read(LOG).replace(f"{slipped}\n", "")
        team.shell.write({LOG: text + (f"{slipped}\n" if day == "19" else "")})
        team.append(LOG, f"- {{date: 2026-10-{day}, kr: speed/hours, value: {value}, by: bob}}")
        claim = trailer(f"2026-Q4/marketing/speed/hours date=2026-10-{day} value={value}")
        team.commit("bob", f"2026-10-{day}", f"okr: hours\n\n{claim}")
    assert json.loads(team.okr("audit", "--json").out)["findings"] == []
    (found,) = json.loads(team.okr("audit", "--json", "--every-commit").out)["findings"]
    assert (found["kind"], found["ref"]) == ("line-removed", "2026-Q4/marketing/speed/uptime")


def test_by_hand_in_another_layout_and_with_branches_of_both_kinds(running: Team) -> None:
    team = running
    team.append(LOG, '- {by: bob, note: "say \\"20\\"", kr: speed/hours, date: 2026-10-19, value: 20.0}')
    team.commit("bob", "2026-10-19", "By hand")
    team.git("bob", "2026-10-19", "switch", "--quiet", "--create", "week")
    team.checkin("bob", "2026-10-20", "hours", "19", "-m", "First this.\n\nThen that: done")
    team.git("alice", "2026-10-20", "switch", "--quiet", "-")
    team.checkin("alice", "2026-10-20", "visits", "50000", "-m", "🎉")
    team.git("alice", "2026-10-21", "merge", "--quiet", "--no-edit", "week")
    assert brief(team) == [("info by-hand", f"{LOG}:5", "By hand")]


def test_a_message_that_claims_a_line_of_another_commit(running: Team) -> None:
    running.append(LOG, "- {date: 2026-10-19, kr: speed/hours, value: 20, by: bob}")
    running.commit("alice", "2026-10-19", "By hand")
    message = "okr: hours\n\n" + trailer("2026-Q4/marketing/speed/hours date=2026-10-19 value=20")
    running.commit("bob", "2026-10-19", message, "--allow-empty")
    assert brief(running) == [
        ("warning other-author", f"{LOG}:4", "By hand"), ("info by-hand", f"{LOG}:4", "By hand"),
    ]  # fmt: skip


def test_a_trailer_forged_in_a_note_is_none(team: Team) -> None:
    team.checkin("bob", "2026-10-19", "hours", "20", "-m", "x\n" + trailer("2026-Q4/marketing/speed/uptime date=2026-10-19 value=99"))  # fmt: skip
    team.append(LOG, "- {date: 2026-10-19, kr: speed/uptime, value: 99, by: bob}")
    team.commit("bob", "2026-10-19", "By hand")
    assert brief(team) == [("info by-hand", f"{LOG}:2", "By hand")]


def test_lines_by_hand_are_told_once_a_commit(team: Team) -> None:
    team.shell.write({LOG: BY_ALICE + BY_ALICE.replace("10-05", "10-06").replace("44000", "45000")})
    team.commit("alice", "2026-10-06", "Start")
    (found,) = findings(team)
    assert found["message"] == (
        "2 lines, the first of them the check-in on 2026-Q4/marketing/brand/visits of 2026-10-05 (44000, by alice),"
        " were added by hand: the message of the commit by Alice Martin on 2026-10-06 does not name them."
    )


def test_trailers_that_can_mean_no_log_have_git_look_for_none(team: Team, tmp_path: Path) -> None:
    team.append(LOG, BY_ALICE.strip())
    team.commit("alice", "2026-10-05", f"Visits\n\nOKR-Checkin: {BY_ALICE}")
    team.edit(LOG, "44000", "45000")
    team.commit(
        "bob", "2026-10-06", "Visits\n\nOKR-Checkin: 2026-Q4/../brand/visits date=2026-10-05 value=45000"
    )
    trace = tmp_path / "trace"
    team.okr("audit", "--no-cache", GIT_TRACE2_EVENT=str(trace))
    assert not re.search(r"\{date|/\.\./", trace.read_text(encoding="utf-8"))
    assert brief(team) == [
        ("error line-changed", f"{LOG}:1", "Visits"),
        ("warning other-author", f"{LOG}:1", "Visits"),
        ("info by-hand", f"{LOG}:1", "Visits"),
    ]


@pytest.mark.parametrize("squashed", ["git", "host"])
def test_a_squash_merge_keeps_everything_but_the_trailers(running: Team, squashed: str) -> None:
    team = running
    team.git("bob", "2026-10-19", "switch", "--quiet", "--create", "week")
    team.checkin("bob", "2026-10-19", "hours", "20", "-m", "Faster")
    team.checkin("bob", "2026-10-20", "uptime", "99.95")
    team.git("alice", "2026-10-21", "switch", "--quiet", "main")
    team.git("alice", "2026-10-21", "merge", "--quiet", "--squash", "week")
    if squashed == "git":  # git's own message indents what it squashes
        team.git("bob", "2026-10-21", "commit", "--quiet", "--no-edit")
        assert findings(team) == []
    else:  # a host's message may name nothing
        team.git("bob", "2026-10-21", "commit", "--quiet", "--message", "Week 43 (#12)")
        assert brief(team) == [("info by-hand", f"{LOG}:4", "Week 43 (#12)")]


@pytest.mark.unmeasured
def test_merges_and_rebases_leave_each_line_its_commit(running: Team) -> None:
    team = running
    team.git("bob", "2026-10-19", "switch", "--quiet", "--create", "week")
    team.checkin("bob", "2026-10-19", "hours", "20")
    team.git("alice", "2026-10-19", "switch", "--quiet", "main")
    team.checkin("alice", "2026-10-19", "visits", "50000")
    team.git("alice", "2026-10-20", "merge", "--quiet", "--no-edit", "week")
    team.git("bob", "2026-10-21", "switch", "--quiet", "--create", "next", "HEAD~1")
    team.checkin("bob", "2026-10-21", "uptime", "99.95")
    team.git("bob", "2026-10-22", "rebase", "--quiet", "main")
    team.git("bob", "2026-10-22", "switch", "--quiet", "main")
    team.git("bob", "2026-10-22", "merge", "--quiet", "--ff-only", "next")
    assert team.shell.read(LOG).count("\n") == 6
    assert findings(team) == []


def test_what_a_merge_adds_drops_and_changes_by_itself(running: Team) -> None:
    team = running
    team.git("bob", "2026-10-19", "switch", "--quiet", "--create", "week")
    team.checkin("bob", "2026-10-19", "hours", "20")
    team.git("alice", "2026-10-19", "switch", "--quiet", "main")
    team.checkin("alice", "2026-10-19", "visits", "50000")
    team.git("alice", "2026-10-20", "merge", "--quiet", "--no-commit", "--no-ff", "week")
    lines = [line for line in team.shell.read(LOG).splitlines(keepends=True) if "speed/hours" not in line]
    team.shell.write({LOG: "".join(lines) + "- {date: 2026-10-20, kr: speed/uptime, value: 99, by: alice}\n"})
    team.commit("alice", "2026-10-20", "Merge week")
    assert brief(team) == [
        ("error line-removed", LOG, "Merge week"), ("warning by-merge", f"{LOG}:5", "Merge week"),
    ]  # fmt: skip


def test_a_merge_that_takes_one_side_whole(running: Team) -> None:
    team = running
    team.git("bob", "2026-10-19", "switch", "--quiet", "--create", "week")
    team.checkin("bob", "2026-10-19", "hours", "20")
    team.git("alice", "2026-10-19", "switch", "--quiet", "main")
    team.checkin("alice", "2026-10-19", "visits", "50000")
    team.git("alice", "2026-10-20", "merge", "--quiet", "--strategy", "ours", "--message", "Ours", "week")
    assert brief(team) == [("error line-removed", LOG, "Ours")]


def test_a_removed_line_that_comes_back_is_forgiven(running: Team) -> None:
    running.git("bob", "2026-10-20", "revert", "--no-edit", "HEAD")
    assert brief(running) == [
        ("error line-removed", LOG, 'Revert "okr: marketing/brand/launch signed (0.30)"')
    ]
    running.git("bob", "2026-10-21", "revert", "--no-edit", "HEAD")
    assert findings(running) == []


def test_another_layout_is_no_change(running: Team) -> None:
    text = running.shell.read(LOG).replace("\n", "\r\n").replace("- {date", "-   {date")
    running.shell.write({LOG: "# The log of marketing\r\n" + text})
    running.commit("bob", "2026-10-20", "Prettier")
    assert findings(running) == []


def test_a_log_that_once_could_not_be_read(running: Team) -> None:
    good = running.shell.read(LOG)
    running.shell.write({LOG: "<<<<<<< HEAD\n" + good})
    running.commit("bob", "2026-10-20", "Oops")
    running.shell.write({LOG: good})
    running.commit("bob", "2026-10-21", "Mend")
    assert brief(running) == [("warning unreadable", LOG, "Oops")]


def test_a_renamed_owner_is_no_removal(running: Team) -> None:
    for folder in ("okrs", "checkins"):
        running.shell.git("mv", f"{folder}/2026-Q4/marketing.yaml", f"{folder}/2026-Q4/growth.yaml")
    text = running.shell.read("org.yaml").replace("team: marketing", "team: growth")
    running.shell.write({"org.yaml": text.replace("{id: marketing, name: Marketing", "{id: growth, formerly: marketing, name: Growth")})  # fmt: skip
    running.commit("alice", "2026-10-20", "We are growth now")
    assert findings(running) == []


def test_a_workspace_in_a_folder_of_a_repository(running: Team) -> None:
    team = running
    (team.shell.folder / "goals").mkdir()
    for name in ("okr.yaml", "org.yaml", "okrs", "checkins", ".gitattributes"):
        team.shell.git("mv", name, f"goals/{name}")
    team.commit("alice", "2026-10-14", "Move everything")
    outcome = team.okr("-C", "goals", "--as-of", "2026-10-19", "checkin", "hours", "20", **team.as_person("bob", "2026-10-19"))  # fmt: skip
    assert outcome.status == 0, outcome.err
    found = json.loads(team.okr("-C", "goals", "audit", "--json").out)["findings"]
    # Everything came to this folder with one commit; that is what there is to say.
    assert {(each["kind"], each["commit"]["date"]) for each in found if each["kind"] != "other-author"} == {
        ("by-hand", "2026-10-14"), ("late", "2026-10-14"),
    }  # fmt: skip


def test_two_lines_of_one_date(running: Team) -> None:
    running.append(LOG, "- {date: 2026-10-19, kr: speed/hours, value: 20, by: bob}")
    running.append(LOG, "- {date: 2026-10-19, kr: speed/hours, value: 21, by: bob}")
    running.append(LOG, "- {date: 2026-10-19, kr: speed/hours, value: 21, by: bob}")
    running.append(LOG, "- {date: 2026-10-20, kr: speed/uptime, value: 1, by: bob}")
    running.append(LOG, "- {date: 2026-10-20, kr: speed/uptime, value: 2, by: bob}")
    running.append(LOG, "- {date: 2026-10-20, kr: speed/uptime, retracts: 2026-10-20, by: bob}")
    running.commit("bob", "2026-10-20", "By hand")
    found = [each for each in brief(running) if "duplicate" in each[0]]
    assert found == [("warning duplicate", f"{LOG}:5", None), ("warning duplicate", f"{LOG}:6", None)]


def test_dates_far_from_their_commits(team: Team) -> None:
    for day, value in (
        ("2026-10-02", 43000),
        ("2026-10-30", 45000),
        ("2026-11-04", 46000),
        ("2026-11-06", 47000),
    ):
        team.append(LOG, f"- {{date: {day}, kr: brand/visits, value: {value}, by: alice}}")
    team.commit("alice", "2026-11-04", "All at once")
    assert [each for each in brief(team) if "by-hand" not in each[0]] == [
        ("warning late", f"{LOG}:1", "All at once"), ("warning ahead", f"{LOG}:4", "All at once"),
    ]  # fmt: skip


PLAN_MOVES = [
    pytest.param("to: 100000", "to: 150000", "info target-moved", "The target of {ref} was raised from 100,000 to 150,000 visits by Bob Stone on 2026-11-02, when the score was 0.09; it is 0.05 with the new target.", id="harder"),
    pytest.param("from: 42000", "from: 30000", "warning baseline-moved", "The baseline of {ref} was lowered from 42,000 to 30,000 visits by Bob Stone on 2026-11-02, when the score was 0.09; it is 0.25 with the new baseline.", id="baseline"),
    pytest.param("weight: 2", "weight: 1", "warning weight-moved", "The weight of {ref} was lowered from 2 to 1 by Bob Stone on 2026-11-02, after the cycle had begun.", id="weight"),
    pytest.param("to: 100000", "to: +50%", "warning target-moved", "The target of {ref} was changed from 100,000 to +50% by Bob Stone on 2026-11-02, when the score was 0.09; it is 0.26 with the new target.", id="relative"),
    pytest.param("beta: 0.7", "beta: 0.9", "info target-moved", "The milestone ladder of 2026-Q4/marketing/brand/launch was changed from signed 0.3, beta 0.7, live 1 to signed 0.3, beta 0.9, live 1 by Bob Stone on 2026-11-02, when the score was 0.30; it is 0.30 with the new milestone ladder.", id="milestones"),
    pytest.param("at_least: 99.9", "at_least: 99", "warning target-moved", "The lower bound of 2026-Q4/marketing/speed/uptime was lowered from 99.9 to 99% by Bob Stone on 2026-11-02.", id="never checked in"),
    pytest.param("\n      - {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}", "", "warning dropped", "The key result 2026-Q4/marketing/speed/hours was dropped by Bob Stone on 2026-11-02, after the cycle had begun.", id="dropped"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "kind", "message"), PLAN_MOVES)
def test_moves_of_the_plan_after_the_cycle_began(
    running: Team, old: str, new: str, kind: str, message: str
) -> None:
    running.edit(PLAN, old, new)
    running.commit("bob", "2026-11-02", "Adjust")
    (found,) = findings(running)
    assert f"{found['severity']} {found['kind']}" == kind
    assert found["message"] == message.format(ref="2026-Q4/marketing/brand/visits")
    assert (found["path"], found["commit"]["author"]) == (PLAN, "Bob Stone")


def test_moves_while_planning_and_before_the_cycle_are_planning(team: Team) -> None:
    team.edit(PLAN, "to: 100000", "to: 90000")
    team.commit("alice", "2026-10-01", "On the first day")
    team.shell.write({"okrs/2026-Q4/cycle.yaml": "state: planning\n"})
    team.commit("alice", "2026-10-02", "Plan again")
    team.edit(PLAN, "to: 90000", "to: 95000")
    team.commit("alice", "2026-10-05", "Still planning")
    assert findings(team) == []
    team.shell.write({"okrs/2026-Q4/cycle.yaml": "state: active\n"})
    team.commit("alice", "2026-10-06", "Start")
    team.edit(PLAN, "to: 95000", "to: 90000")
    team.commit("alice", "2026-10-07", "Move")
    assert [each[0::2] for each in brief(team)] == [("warning target-moved", "Move")]
    assert findings(team, "--since", "HEAD") == []


def test_a_closed_cycle_stays_as_it_is(running: Team) -> None:
    team = running
    team.edit(PLAN, "to: 4}", "to: 4, grade: 0.9}")
    team.shell.write({"okrs/2026-Q4/cycle.yaml": "state: closed\n"})
    team.commit("alice", "2026-11-02", "Close, with grades")
    assert findings(team) == []
    closed = team.shell.git("rev-parse", "HEAD").strip()
    team.edit(PLAN, "grade: 0.9", "grade: 1.0")
    team.edit(PLAN, "title: Make our brand", "title: Make the brand")
    team.commit("bob", "2026-11-03", "Better grades")
    team.append(LOG, "- {date: 2026-11-03, kr: speed/hours, value: 4, by: bob}")
    team.commit("bob", "2026-11-03", "One more")
    expected = [
        ("error closed-cycle-changed", f"{LOG}:4", "One more"),
        ("error closed-cycle-changed", PLAN, "Better grades"),
        ("warning closed-cycle-changed", PLAN, "Better grades"),
        ("info by-hand", f"{LOG}:4", "One more"),
    ]
    assert sorted(brief(team)) == sorted(expected)
    assert sorted(brief(team, "--since", closed)) == sorted(expected)
    team.shell.write({"okrs/2026-Q4/cycle.yaml": "state: active\n"})
    team.commit("alice", "2026-11-05", "Reopen")
    team.edit(PLAN, "grade: 1.0", "grade: 0.8")
    team.commit("alice", "2026-11-06", "Regrade")
    reopened = ("warning cycle-reopened", "okrs/2026-Q4/cycle.yaml", "Reopen")
    assert sorted(brief(team)) == sorted([*expected, reopened])
    found = next(each for each in findings(team) if each["kind"] == "cycle-reopened")
    assert (found["ref"], found["message"]) == (
        "2026-Q4",
        (
            "2026-Q4 was opened again by Alice Martin on 2026-11-05, after Alice Martin had closed it on "
            "2026-11-02; its grades counted no more."
        ),
    )


def test_since_a_revision_only_what_came_after(running: Team) -> None:
    running.edit(LOG, "value: 47500", "value: 57500")
    running.commit("alice", "2026-10-13", "Correct")
    assert [each[0] for each in brief(running)] == ["error line-changed", "info by-hand"]
    assert findings(running, "--since", "HEAD") == []
    assert json.loads(running.okr("audit", "--json", "--since", "HEAD").out)["commits"] == 0
    running.edit(LOG, "value: 57500", "value: 58500")
    running.commit("alice", "2026-10-14", "Correct again")
    assert [each[2] for each in brief(running, "--since", "HEAD~1")] == ["Correct again"] * 2
    out = running.okr("audit", "--since", "HEAD").out
    assert out == f"Nothing to report in 3 lines of 1 log, traced through 0 commits since {running.head()}.\n"


def test_kpis_are_audited_too(team: Team) -> None:
    team.shell.write({"kpis.yaml": "kpis:\n  - {id: calls, name: Calls a day, unit: calls}\n"})
    team.commit("alice", "2026-10-04", "A KPI")
    team.checkin("bob", "2026-10-05", "kpis/calls", "30")
    assert findings(team) == []
    team.edit("checkins/kpis.yaml", "value: 30", "value: 40")
    team.commit("bob", "2026-10-05", "More")
    assert brief(team) == [
        ("error line-changed", "checkins/kpis.yaml:1", "More"), ("info by-hand", "checkins/kpis.yaml:1", "More"),
    ]  # fmt: skip


def test_an_ignored_log_is_not_committed(team: Team) -> None:
    team.shell.write({".gitignore": "checkins/\n"})
    team.commit("alice", "2026-10-04", "Ignore")
    team.shell.write({LOG: BY_ALICE})
    assert brief(team) == [("warning uncommitted", f"{LOG}:1", None)]


def test_a_repository_without_commits(workspace: Shell) -> None:
    workspace.git("init", "--quiet")
    assert [each[0] for each in brief(Team(workspace))] == ["warning uncommitted"] * 3


def test_what_can_t_be_audited(running: Team, tmp_path_factory: pytest.TempPathFactory) -> None:
    running.shell.git("clone", "--quiet", "--depth", "1", f"file://{running.shell.folder}", "shallow")
    outcome = running.okr("-C", "shallow", "audit")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith("error: This clone is shallow: ")
    assert "`git fetch --unshallow`" in outcome.err
    plain = tmp_path_factory.mktemp("plain")
    shutil.copytree(running.shell.folder / "okrs", plain / "okrs")
    shutil.copy(running.shell.folder / "okr.yaml", plain)
    outcome = running.okr("-C", str(plain), "audit")
    assert (outcome.status, outcome.err.splitlines()[0]) == (
        1, "error: Acme is in no git repository, so there is no history to audit.",
    )  # fmt: skip
    assert running.okr("audit", "--since", "nowhere").status == 2
    running.append(LOG, "- {date: ")
    outcome = running.okr("audit")
    assert (outcome.status, outcome.out) == (1, "")
    assert f"{LOG}:" in outcome.err


def test_names_from_commits_are_no_commands_of_terminals(team: Team) -> None:
    team.shell.write({LOG: BY_ALICE})
    team.shell.git("add", "--all")
    hostile = team.as_person("eve", "2026-10-05") | {
        "GIT_AUTHOR_NAME": "Eve\x1b[2J [red]",
        "GIT_AUTHOR_EMAIL": "e@e",
    }
    assert team.shell.run("git", "commit", "--quiet", "--message", "x", **hostile).status == 0
    out = team.okr("audit").out
    assert "Eve\\u001b[2J [red]" in out
    assert "\x1b" not in out + team.okr("audit", "--json").out


SSH_KEYGEN = shutil.which("ssh-keygen")


@pytest.mark.skipif(SSH_KEYGEN is None, reason="there is no ssh-keygen to sign with")
def test_signatures_where_they_are_asked_for(running: Team) -> None:
    team = running
    key = str(team.shell.home / "key")
    made = team.shell.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "alice", "-f", key)
    assert made.status == 0, made.err
    public = (team.shell.home / "key.pub").read_text()
    (team.shell.home / "signers").write_text(f"alice@acme.example {public}")
    start = team.shell.git("rev-parse", "HEAD").strip()
    for setting, value in (
        ("gpg.format", "ssh"), ("user.signingKey", key), ("commit.gpgSign", "true"),
        ("gpg.ssh.allowedSignersFile", str(team.shell.home / "signers")),
    ):  # fmt: skip
        team.shell.git("config", setting, value)
    team.checkin("alice", "2026-10-19", "visits", "50000")
    assert findings(team, "--require-signed", "--since", start) == []
    found = findings(team, "--require-signed")
    assert [each["kind"] for each in found] == ["unsigned"] * 3
    assert found[0]["message"] == "A commit of Alice Martin of 2026-10-12 is not signed."
    # A signature by somebody who is not among the allowed signers proves nothing.
    (team.shell.home / "signers").write_text("")
    (found_now,) = findings(team, "--require-signed", "--since", start)
    assert found_now["kind"] == "unsigned"
    assert found_now["severity"] in {"warning", "error"}
    assert findings(team) == []


def test_an_author_changed_in_the_commit_of_another_check_in(running: Team) -> None:
    running.edit(LOG, "value: 47500, confidence: 0.7, by: alice", "value: 47500, confidence: 0.7, by: bob")
    running.append(LOG, "- {date: 2026-10-19, kr: speed/hours, value: 20, by: bob}")
    message = "okr: hours\n\n" + trailer("2026-Q4/marketing/speed/hours date=2026-10-19 value=20")
    running.commit("bob", "2026-10-19", message)
    assert ("error line-changed", f"{LOG}:2", "okr: hours") in brief(running)


def test_a_round_of_check_ins_in_one_commit(team: Team) -> None:
    team.append(LOG, "- {date: 2026-10-19, kr: speed/hours, value: 20, by: bob, note: Faster}")
    team.append(LOG, "- {date: 2026-10-19, kr: speed/uptime, value: 99.95, by: bob}")
    message = (
        "okr: 2 check-ins of marketing by bob\n\nmarketing/speed/hours 20 hours: Faster\n"
        "marketing/speed/uptime 99.95%\n\n"
        + trailer("2026-Q4/marketing/speed/hours date=2026-10-19 value=20") + "\n"
        + trailer("2026-Q4/marketing/speed/uptime date=2026-10-19 value=99.95")
    )  # fmt: skip
    team.commit("bob", "2026-10-19", message)
    assert findings(team) == []
    team.edit(LOG, ", note: Faster", "")
    team.git("bob", "2026-10-19", "commit", "--quiet", "--all", "--amend", "--no-edit")
    # What the commit brought is what is there, although its message says more: no line was changed.
    assert findings(team) == []


def test_an_import_is_one_finding_of_each_kind(team: Team) -> None:
    for day in (5, 6, 25):
        team.append(LOG, f"- {{date: 2026-10-{day:02}, kr: speed/hours, value: {day}, by: bob}}")
    team.commit("alice", "2026-11-04", "Import")
    assert [(each["kind"], each["line"], each["message"].partition(",")[0]) for each in findings(team)] == [
        ("other-author", 1, "3 lines"), ("late", 1, "3 lines"), ("by-hand", 1, "3 lines"),
    ]  # fmt: skip
    assert findings(team)[1]["message"].endswith(
        " were committed 30 days and less after their dates, on 2026-11-04."
    )
    for ref in ("uptime", "hours"):
        team.append(LOG, f"- {{date: 2026-10-04, kr: speed/{ref}, value: 9, by: alice}}")
    team.commit("alice", "2026-11-04", "Two more of one day")
    said = " were committed 31 days after their dates, on 2026-11-04."
    late = [each["message"] for each in findings(team) if each["kind"] == "late"]
    assert [each.endswith(said) for each in late] == [False, True]


@pytest.mark.unmeasured
def test_settings_of_git_change_no_answer(running: Team) -> None:
    """`log.follow` leaves out commits where one folder is asked about; messages may come in any encoding."""
    git = running.shell.git
    for number, branch in enumerate(("one", "two")):
        git("switch", "--quiet", "-c", branch, "main")
        running.checkin("bob", "2026-10-19", ("hours", "uptime")[number], "20", "-m", "Où en est-on ?")
    git("switch", "--quiet", "main")
    for branch in ("one", "two"):
        git("merge", "--quiet", "--no-ff", "--no-edit", branch)
    commands = (
        "audit --json",
        "log --json",
        "log -n 2 --json",
        "diff HEAD~2 --json",
        "log --plan",
        "status --at HEAD~1",
    )
    answers = [running.okr("--no-cache", *each.split()) for each in commands]
    assert [each.status for each in answers] == [0] * len(commands)
    for name, value in (
        ("log.follow", "true"),
        ("i18n.logOutputEncoding", "UTF-16"),
        ("log.showRoot", "false"),
    ):
        git("config", name, value)
    for command, before in zip(commands, answers, strict=True):
        assert running.okr("--no-cache", *command.split()) == before, command
