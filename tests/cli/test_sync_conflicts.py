"""`okr sync` where a plan was changed on both sides: both versions are shown, and everything is put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SMALL_WORKSPACE
from tests.cli.team import PLAN, Team, change_plan, checked, everything, make_team, subjects

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return make_team(tmp_path, SMALL_WORKSPACE)


# --- conflicts in plans


def test_a_plan_changed_on_both_sides_is_shown_and_put_back(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    change_plan(alice, "to: 100000", "to: 80000")
    alice.git("push", "--quiet")
    checked(bob, "checkin", "visits", "62k")
    change_plan(bob, "to: 100000", "to: 90000")
    bob.write({"okr.yaml": "name: Dirty\n"})
    before = everything(bob)
    failed = checked(bob, "sync", status=1)
    commit = bob.git("rev-parse", "--short=7", "HEAD").strip()
    assert failed.out == ""
    assert failed.err.splitlines()[2:] == [
        "error: 2026-Q4/marketing/brand/visits was changed here and on origin/main, and git can't tell which is meant.",
        f"  2026-Q4/marketing/brand/visits “Reach 100,000 monthly visits” ({PLAN}:7)",
        "    to: yours 90000, theirs 80000, before 100000",
        f"  Your commit: {commit} Make it to: 90000",
        (
            f"  Nothing was changed here. To decide by hand: `git pull --rebase`, choose in {PLAN}, `git add` it and "
            "go on as git says; then repeat `okr sync`."
        ),
    ]
    assert everything(bob) == before


CLASHES = {
    "neighbours": (
        [("to: 100000", "to: 80000")],
        [("from: 42000", "from: 43000")],
        ["2026-Q4/marketing/brand/visits “Reach 100,000 monthly visits” (okrs/2026-Q4/marketing.yaml:7)",
         "  from: yours 43000, theirs 42000, before 42000", "  to: yours 100000, theirs 80000, before 100000"],
    ),
    "removed there": (
        [("      - {id: launch, title: The new site is live, milestones: {signed: 0.3, beta: 0.7, live: 1.0}}\n", "")],
        [("The new site is live", "The site is live")],
        ["2026-Q4/marketing/brand/launch “The site is live” (okrs/2026-Q4/marketing.yaml:13)",
         "  id: yours launch, theirs absent, before launch",
         "  title: yours The site is live, theirs absent, before The new site is live",
         ('  milestones: yours {"signed": 0.3, "beta": 0.7, "live": 1.0}, theirs absent, before '
         '{"signed": 0.3, "beta": 0.7, "live": 1.0}')],
    ),
    "different ones, too close": (
        [("Answer within 4 hours", "Answer within 5 hours")],
        [("Keep the site up 99.9% of the time", "Keep it up")],
        ["2026-Q4/marketing/speed/hours “Answer within 4 hours” (okrs/2026-Q4/marketing.yaml:19)",
         "  title: yours Answer within 4 hours, theirs Answer within 5 hours, before Answer within 4 hours",
         "2026-Q4/marketing/speed/uptime “Keep it up” (okrs/2026-Q4/marketing.yaml:20)",
         "  title: yours Keep it up, theirs Keep the site up 99.9% of the time, before Keep the site up 99.9% of the time"],
    ),
    "no YAML": (
        [("to: 100000", "to: [80000")],
        [("to: 100000", "to: 90000")],
        ["okrs/2026-Q4/marketing.yaml:11", "  yours:         to: 90000", "  theirs:         to: [80000"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CLASHES)
def test_what_clashes_is_named(team: Team, name: str) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    theirs, own, expected = CLASHES[name]
    for shell, changes in ((alice, theirs), (bob, own)):
        for change in changes:
            change_plan(shell, *change)
    alice.git("push", "--quiet")
    before = everything(bob)
    failed = checked(bob, "sync", status=1)
    assert [line[2:] for line in failed.err.splitlines()[3:-2]] == expected
    assert everything(bob) == before


@pytest.mark.parametrize(
    ("theirs", "own", "expected"),
    [
        ("one\n", "two\n", ["notes.txt:1", "  yours: two", "  theirs: one"]),
        (
            "\n" * 9 + "a\n" * 9,
            "b\n",
            ["notes.txt:1", "  yours: b", *["  theirs: "] * 6, "  theirs: … 12 more lines"],
        ),
        (None, "two\n", ["notes.txt", "  yours: the file was changed", "  theirs: the file was removed"]),
        ("one\n", None, ["notes.txt", "  yours: the file was removed", "  theirs: the file was changed"]),
        ("\0one\n", "\0two\n", ["notes.txt", "  yours: changed", "  theirs: changed otherwise"]),
    ],
    ids=["lines", "many lines", "removed there", "removed here", "no text"],
)
def test_other_files_that_clash_are_shown_by_line(
    team: Team, theirs: str | None, own: str | None, expected: list[str]
) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    alice.write({"notes.txt": "zero\n"})
    alice.git("add", "notes.txt")
    alice.git("commit", "--quiet", "--message", "Notes")
    alice.git("push", "--quiet")
    bob.git("pull", "--quiet")
    for shell, text in ((alice, theirs), (bob, own)):
        shell.write({"notes.txt": text}) if text else (shell.folder / "notes.txt").unlink()
        shell.git("commit", "--quiet", "--all", "--message", "Other notes")
    alice.git("push", "--quiet")
    before = everything(bob)
    failed = checked(bob, "sync", status=1)
    assert [line[2:] for line in failed.err.splitlines()[3:-2]] == expected
    assert everything(bob) == before


def test_a_conflict_after_a_lost_race_puts_the_first_move_back_as_well(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    change_plan(alice, "to: 100000", "to: 80000")
    change_plan(bob, "to: 100000", "to: 90000")
    checked(bob, "checkin", "hours", "20", "--no-commit")
    # While Bob's first push is under way, Alice's commit lands.
    hook = bob.folder / ".git" / "hooks" / "pre-push"
    hook.write_text(f"#!/bin/sh\nenv -u GIT_DIR git -C '{alice.folder}' push --quiet 2>/dev/null\nexit 0\n")
    hook.chmod(0o755)
    before = everything(bob)
    failed = checked(bob, "sync", status=1)
    assert "Somebody else was faster; trying again in " in failed.err
    assert "    to: yours 90000, theirs 80000, before 100000" in failed.err
    assert f"Your commit: {bob.git('rev-parse', '--short=7', 'HEAD').strip()} Make it to: 90000" in failed.err
    assert everything(bob) == before


def test_a_conflict_while_an_own_merge_is_kept_is_put_back_too(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    change_plan(alice, "to: 100000", "to: 80000")
    alice.git("push", "--quiet")
    bob.git("switch", "--quiet", "--create", "topic")
    change_plan(bob, "to: 100000", "to: 90000")
    bob.git("switch", "--quiet", "main")
    bob.git("merge", "--quiet", "--no-ff", "--no-edit", "topic")
    before = everything(bob)
    failed = checked(bob, "sync", status=1)
    assert "    to: yours 90000, theirs 80000, before 100000" in failed.err
    assert everything(bob) == before


def test_what_was_committed_meanwhile_is_not_taken_back(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    change_plan(alice, "to: 100000", "to: 80000")
    change_plan(bob, "to: 100000", "to: 90000")
    # While Bob's first push is under way, Alice's commit lands, and so does another one in Bob's own clone.
    hook = bob.folder / ".git" / "hooks" / "pre-push"
    hook.write_text(
        f"#!/bin/sh\nunset GIT_DIR\ngit -C '{alice.folder}' push --quiet 2>/dev/null\n"
        "git commit --quiet --allow-empty --message Meanwhile\nexit 0\n"
    )
    hook.chmod(0o755)
    failed = checked(bob, "sync", status=1)
    assert "    to: yours 90000, theirs 80000, before 100000" in failed.err
    assert subjects(bob)[:2] == ["Meanwhile", "Make it to: 90000"]
    assert bob.git("status", "--porcelain") == ""
