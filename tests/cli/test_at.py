"""`--at REV|DATE` on what shows the workspace: any commit, branch or day, read from git's objects."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.history_shell import LOG, PLAN, Team

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


@pytest.fixture
def story(workspace: Shell) -> Team:
    """A quarter on main with a check-in of October and one of November, and a branch that moves a target."""
    team = Team(workspace)
    team.git("alice", "2026-10-01", "init", "--quiet", "--initial-branch=main")
    team.commit("alice", "2026-10-12", "Plan the quarter")
    team.append(LOG, "- {date: 2026-11-09, kr: brand/visits, value: 61000, by: alice}")
    team.commit("alice", "2026-11-09", "Check in")
    team.git("bob", "2026-11-10", "switch", "--quiet", "--create", "less")
    team.edit(PLAN, "to: 100000", "to: 80000")
    team.commit("bob", "2026-11-10", "Ask for less")
    team.git("alice", "2026-11-10", "switch", "--quiet", "main")
    return team


def now(team: Team, *arguments: str, day: str | None = None) -> dict[str, Any]:
    """The answer of a process of its own: without `--as-of`, unless a day is given."""
    asked = () if day is None else ("--as-of", day)
    outcome = team.shell.run(sys.executable, "-m", "okr", *asked, *arguments, "--json")
    assert (outcome.status, outcome.err) == (0, "")
    answer = json.loads(outcome.out)
    assert isinstance(answer, dict)
    return answer


def visits(answer: dict[str, Any]) -> tuple[object, object, object]:
    found = answer["owners"][0]["objectives"][0]["key_results"][0]
    return found["value"], found["to"], found["last_checkin"]


def test_a_day_is_the_last_commit_up_to_its_end(story: Team) -> None:
    october = now(story, "status", "--at", "2026-11-08")
    assert visits(october) == (47500, 100000, "2026-10-12")
    assert (october["as_of"], october["at"]["day"], october["at"]["asked"]) == (
        "2026-11-08",
        "2026-11-08",
        "2026-11-08",
    )
    assert october["at"]["commit"] == story.shell.git("rev-parse", "main~").strip()
    assert visits(now(story, "status", "--at", "2026-11-09")) == (61000, 100000, "2026-11-09")
    # The first parent is the branch; what a later merge brings in was not there on its own day.
    story.git("alice", "2026-11-20", "merge", "--quiet", "--no-ff", "--no-edit", "less")
    assert visits(now(story, "status", "--at", "2026-11-19")) == (61000, 100000, "2026-11-09")
    assert visits(now(story, "status", "--at", "2026-11-20")) == (61000, 80000, "2026-11-09")


def test_a_revision_is_shown_as_of_its_own_day(story: Team) -> None:
    less = now(story, "status", "--at", "less")
    assert visits(less) == (61000, 80000, "2026-11-09")
    assert (less["as_of"], less["at"]["day"], less["at"]["asked"]) == ("2026-11-10", "2026-11-10", "less")
    first = now(story, "status", "--at", "HEAD~", day="2026-12-01")
    assert visits(first) == (47500, 100000, "2026-10-12")
    assert (first["as_of"], first["at"]["day"]) == ("2026-12-01", "2026-10-12")


def test_nothing_of_the_working_tree_shows(story: Team) -> None:
    before = story.okr("status", "--at", "HEAD")
    story.append(LOG, "- {date: 2026-11-12, kr: brand/visits, value: 99000, by: alice}")
    story.shell.write({PLAN: "objectives: [\n"})
    story.git("alice", "2026-11-12", "add", PLAN)
    after = story.okr("status", "--at", "HEAD")
    assert (after.status, after.out, after.err) == (0, before.out, "")
    assert story.shell.git("status", "--porcelain") == f" M {LOG}\nM  {PLAN}\n"


def test_the_heading_names_the_commit(story: Team) -> None:
    commit = story.shell.git("rev-parse", "less").strip()[:7]
    lines = story.okr("--as-of", "2026-11-15", "status", "--at", "less").out.splitlines()
    assert lines[0].split() == ["Acme", "·", "2026-Q4", "at", commit, "(less)", "·", "15", "Nov", "2026"]
    assert not any("okr checkin" in line or "okr show" in line for line in lines)
    assert story.okr("status", "--at", commit).out.splitlines()[0].endswith(f"at {commit} · 23 Nov 2026")
    assert story.okr("tree", "--at", "less").out.splitlines()[0].endswith(f"at {commit} (less) · 23 Nov 2026")


def test_show_and_tree_are_of_the_commit_too(story: Team) -> None:
    shown = json.loads(story.okr("show", "visits", "--at", "less", "--json").out)
    assert (shown["key_result"]["to"], shown["at"]["asked"]) == (80000, "less")
    story.shell.write({"kpis.yaml": "kpis:\n  - {id: traffic, name: Traffic, unit: visits}\n"})
    story.commit("alice", "2026-11-11", "A KPI")
    assert (
        json.loads(story.okr("show", "kpis/traffic", "--at", "HEAD", "--json").out)["kpi"]["ref"]
        == "kpis/traffic"
    )
    assert story.okr("show", "kpis/traffic", "--at", "less").status == 2
    tree = json.loads(story.okr("tree", "--at", "HEAD~", "--json").out)
    assert (
        tree["objectives"][1]["key_results"][0]["score"]
        == json.loads(story.okr("tree", "--at", "2026-11-09", "--json").out)["objectives"][1]["key_results"][
            0
        ]["score"]
    )


def test_what_was_due_then(story: Team) -> None:
    found = json.loads(story.okr("due", "--at", "2026-10-12", "--json").out)
    assert found["at"]["asked"] == "2026-10-12"
    shown = story.okr("due", "--at", "less")
    assert (shown.status, shown.err) == (0, "")
    assert " (less) · " in shown.out.splitlines()[0]
    due = json.loads(story.okr("due", "--at", "less", "--json").out)["due"]
    assert (len(due), shown.out.splitlines()[-2:]) == (
        4,
        ["4 check-ins due.", "4 check-ins are due in 2026."],
    )


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("nothing", 2, "There is no commit “nothing”"),
        ("last friday", 2, "in this repository. A day is named in figures here, such as 2026-11-23. See `git log"),
        ("--all", 2, "There is no commit “--all”"),
        ("^HEAD", 2, "There is no commit “^HEAD”"),
        ("2026-02-30", 2, "there is no day 2026-02-30"),
        ("2026-10-11", 1, "has no commit of 2026-10-11 or earlier"),
        ("", 2, "There is no commit “”"),
    ],
)  # fmt: skip
def test_what_names_no_commit_is_refused(story: Team, asked: str, status: int, said: str) -> None:
    outcome = story.okr("status", f"--at={asked}")
    assert (outcome.status, outcome.out) == (status, "")
    assert said in " ".join(outcome.err.split())


def test_a_commit_whose_files_are_broken_gives_no_answer(story: Team) -> None:
    story.shell.write({PLAN: "objectives: [\n"})
    story.commit("alice", "2026-11-12", "Break it")
    story.git("alice", "2026-11-13", "revert", "--no-edit", "HEAD")
    outcome = story.okr("status", "--at", "HEAD~")
    assert (outcome.status, outcome.out) == (1, "")
    assert f"{PLAN}:1:" in outcome.err
    assert "The workspace at HEAD~ has" in outcome.err
    assert story.okr("status").status == 0


def test_without_a_repository_or_a_commit_there_is_no_other_moment(workspace: Shell) -> None:
    outcome = workspace.okr("status", "--at", "2026-11-01")
    assert outcome.status == 1
    assert "is in no git repository" in outcome.err
    workspace.git("init", "--quiet")
    assert "has no commit of 2026-11-01 or earlier" in " ".join(
        workspace.okr("tree", "--at", "2026-11-01").err.split()
    )


def test_a_shallow_clone_says_how_to_get_the_rest(story: Team) -> None:
    story.shell.git("clone", "--quiet", "--depth=1", f"file://{story.shell.folder}", "shallow")
    outcome = story.okr("-C", "shallow", "status", "--at", "2026-10-20")
    assert outcome.status == 1
    assert "git fetch --unshallow" in outcome.err


def test_a_workspace_in_a_folder_is_found_in_the_commit(story: Team) -> None:
    story.shell.git("clone", "--quiet", ".", "outer")
    outer = Team(type(story.shell)(story.shell.folder / "outer", story.shell.home))
    (outer.shell.folder / "goals").mkdir()
    outer.git("alice", "2026-11-12", "mv", "okrs", "checkins", "okr.yaml", "org.yaml", "goals")
    outer.commit("alice", "2026-11-12", "Into a folder")
    assert visits(json.loads(outer.okr("-C", "goals", "status", "--at", "HEAD", "--json").out))[0] == 61000
    before = outer.okr("-C", "goals", "status", "--at", "HEAD~")
    assert (before.status, before.out) == (1, "")
    assert "HEAD~ has no workspace in this folder" in before.err
