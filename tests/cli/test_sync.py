"""`okr sync` and `okr checkin --push`: what comes, what goes, and what stays as it is."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SMALL_WORKSPACE
from tests.cli.team import LOG, Team, change_plan, checked, everything, lines, make_team, subjects

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return make_team(tmp_path, SMALL_WORKSPACE)


# --- the plain way


@pytest.mark.unmeasured
def test_check_ins_of_two_clones_come_together(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "-m", "from Alice", "--push")
    checked(bob, "checkin", "visits", "62k", "-m", "from Bob")
    checked(bob, "checkin", "hours", "20")
    before = bob.git("log", "-2", "--format=%an %ae %at %B")
    done = checked(bob, "sync")
    assert done.out.splitlines()[:2] == ["Brought in 1 commit of others.", "Sent 2 commits to origin/main."]
    assert [line.split(" ", 3)[3] for line in done.out.splitlines()[2:]] == [
        "okr: marketing/brand/visits 47500 → 62000 visits (0.09 → 0.34)",
        "okr: marketing/speed/hours 20 hours (0.27)",
    ]
    assert done.err.splitlines() == [
        "Fetching from origin …",
        "Bringing 2 commits on top of origin/main …",
        "Sending to origin/main …",
    ]
    assert bob.git("log", "-2", "--format=%an %ae %at %B") == before
    assert [line for line in lines(team.remote) if "from" in line] == [
        "- {date: 2026-11-23, kr: brand/visits, value: 61000, by: alice, note: from Alice}",
        "- {date: 2026-11-23, kr: brand/visits, value: 62000, by: bob, note: from Bob}",
    ]
    assert len(lines(team.remote)) == 6
    assert team.remote.git("rev-list", "--merges", "main") == ""
    assert bob.git("status", "--porcelain", "--branch") == "## main...origin/main\n"
    assert checked(bob, "sync").out == "Everything is in step with origin/main.\n"
    assert checked(alice, "sync").out == "Brought in 2 commits of others.\n"
    assert everything(alice)["files"] == everything(bob)["files"]


@pytest.mark.unmeasured
def test_check_ins_that_come_after_a_closing_are_kept_and_said(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(bob, "checkin", "visits", "62k")
    checked(alice, "checkin", "hours", "20")
    checked(alice, "cycle", "close", "2026-Q4", "--early", "Merged", "--all-scores")
    assert json.loads(checked(alice, "sync", "--json").out)["closed"] == []
    done = checked(bob, "sync")
    assert "Sent 1 commit to origin/main." in done.out
    assert done.err.splitlines()[-1] == (
        "2026-Q4 was closed meanwhile: your check-ins in it, made before, are kept, and its grades stand. `okr cycle "
        "reopen 2026-Q4` opens it, to grade with them."
    )
    assert any("value: 62000" in line for line in lines(team.remote))
    assert "2026-Q4 is closed" in bob.okr("checkin", "visits", "63k").err
    checked(bob, "cycle", "reopen", "2026-Q4")
    checked(bob, "checkin", "visits", "63k")
    assert json.loads(checked(bob, "sync", "--json").out)["closed"] == []


def test_nothing_of_ours_stays_in_git(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    before = everything(bob)["git"]
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(bob, "checkin", "visits", "62k", "--push")
    assert everything(bob)["git"] == before
    assert bob.git("worktree", "list").count("\n") == 1
    assert bob.git("for-each-ref", "--format=%(refname)").split() == [
        "refs/heads/main", "refs/remotes/origin/HEAD", "refs/remotes/origin/main",
    ]  # fmt: skip
    assert bob.git("fsck", "--strict", "--no-dangling") == ""


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("prefix", "attributes"),
    [
        ("", None),
        ("", "*.yaml merge=binary\n"),
        ("", "checkins/** -merge\n"),
        ("", "* text=auto\n"),
        ("goals/deep/", None),
        ("goals/deep/", "goals/deep/checkins/** -merge\n"),
    ],
)
def test_logs_are_joined_whatever_the_attributes_say(
    tmp_path: Path, prefix: str, attributes: str | None
) -> None:
    files = {prefix + path: text for path, text in SMALL_WORKSPACE.items() if path != ".gitattributes"}
    team = make_team(tmp_path, files if attributes is None else {**files, ".gitattributes": attributes})
    alice, bob = team.clone("alice"), team.clone("bob")
    for clone, value in ((alice, "61k"), (bob, "62k")):
        checked(clone, "-C", prefix or ".", "checkin", "visits", value, "--push")
        checked(clone, "-C", prefix or ".", "checkin", "2026/company/team/stay", "96", "--date", "2026-11-22")
    checked(alice, "-C", prefix or ".", "sync")
    checked(bob, "-C", prefix or ".", "sync")
    assert [line[-40:] for line in lines(team.remote, path=prefix + LOG)[2:4]] == [
        "kr: brand/visits, value: 61000, by: alice}"[-40:], "kr: brand/visits, value: 62000, by: bob}"[-40:],
    ]  # fmt: skip
    # A log that both sides made anew.
    assert lines(team.remote, path=f"{prefix}checkins/2026/company.yaml") == [
        f"- {{date: 2026-11-22, kr: team/stay, value: 96, by: {who}}}" for who in ("alice", "bob")
    ]
    changed = team.remote.git("diff", "--name-only", "main~4", "main").split()
    assert changed == [f"{prefix}checkins/2026-Q4/marketing.yaml", f"{prefix}checkins/2026/company.yaml"]


def test_attributes_of_the_user_and_inside_the_logs_still_count(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    alice.write({"checkins/.gitattributes": "*.yaml merge=union\n", "notes.txt": "1\n"})
    alice.git("add", "--all")
    alice.git("commit", "--quiet", "--message", "Say it in the folder")
    checked(alice, "checkin", "visits", "61k", "--push")
    (team.home / "attributes").write_text("*.txt merge=union\n")
    bob.git("config", "core.attributesFile", str(team.home / "attributes"))
    bob.write({"notes.txt": "2\n"})
    bob.git("add", "--all")
    bob.git("commit", "--quiet", "--message", "A note of Bob's")
    checked(bob, "checkin", "visits", "62k", "--push")
    assert lines(team.remote, path="notes.txt") == ["1", "2"]
    assert len(lines(team.remote)) == 5


def test_nothing_is_dropped_as_applied_already(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--by", "alice", "--push")
    checked(bob, "checkin", "visits", "61k", "--by", "alice")
    bob.git("commit", "--quiet", "--allow-empty", "--message", "Empty on purpose")
    bob.git("commit", "--quiet", "--allow-empty", "--allow-empty-message", "--message", "")
    (team.home / "message").write_text("Odd\n\n# kept\n\n\n  kept too  \n")
    bob.git("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--file", str(team.home / "message"))
    bodies = bob.git("log", "-4", "--format=%B|")
    assert "Sent 4 commits" in checked(bob, "sync").out
    assert team.remote.git("log", "-4", "--format=%B|") == bodies
    assert subjects(team.remote)[4] == "okr: marketing/brand/visits 47500 → 61000 visits (0.09 → 0.33)"
    assert sum("61000" in line for line in lines(team.remote)) == 1


def test_commits_are_signed_again_where_signing_is_configured(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    bob.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(team.home / "key"))
    key = (team.home / "key.pub").read_text()
    (team.home / "signers").write_text(f"bob@acme.example {key}")
    for name, value in (
        ("gpg.format", "ssh"), ("user.signingKey", str(team.home / "key.pub")), ("commit.gpgSign", "true"),
        ("gpg.ssh.allowedSignersFile", str(team.home / "signers")),
    ):  # fmt: skip
        bob.git("config", name, value)
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(bob, "checkin", "visits", "62k", "--push")
    assert bob.git("log", "-2", "--format=%G? %s").split("\n")[0].startswith("G okr: ")
    # A signer that fails leaves everything as it was.
    checked(alice, "checkin", "visits", "63k", "--push")
    checked(bob, "checkin", "visits", "64k")
    bob.git("config", "gpg.ssh.program", "false")
    before = everything(bob)
    failed = checked(bob, "sync", status=1)
    assert "error: Your commits could not be brought on top of the others: signing failed." in failed.err
    assert everything(bob) == before


def test_hooks_of_the_clone_are_not_asked_again(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(bob, "checkin", "visits", "62k")
    for name in ("prepare-commit-msg", "commit-msg", "pre-commit", "post-checkout", "post-commit"):
        hook = bob.folder / ".git" / "hooks" / name
        hook.write_text('#!/bin/sh\necho changed >> "$1"; exit 1\n')
        hook.chmod(0o755)
    message = bob.git("log", "-1", "--format=%B")
    checked(bob, "sync")
    assert bob.git("log", "-1", "--format=%B") == message
    assert bob.git("status", "--porcelain") == ""


@pytest.mark.unmeasured
def test_own_merges_are_kept_as_merges(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    bob.git("switch", "--quiet", "--create", "topic")
    checked(bob, "checkin", "hours", "20")
    bob.git("switch", "--quiet", "main")
    checked(bob, "checkin", "visits", "62k")
    bob.git("merge", "--quiet", "--no-edit", "topic")
    head = bob.git("rev-parse", "HEAD").strip()
    checked(alice, "checkin", "visits", "61k", "--push")
    done = checked(bob, "sync")
    assert "Merging origin/main …" in done.err
    assert "Sent 4 commits to origin/main." in done.out
    assert team.remote.git("rev-parse", "main^1").strip() == head
    assert subjects(team.remote)[0] == "Merge main of origin"
    assert len(lines(team.remote)) == 6


def test_no_push_only_brings_in(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(bob, "checkin", "visits", "62k")
    assert checked(bob, "sync", "--no-push").out.splitlines() == [
        "Brought in 1 commit of others.", "1 commit of yours to be sent: `okr sync` does it.",
    ]  # fmt: skip
    assert len(subjects(team.remote)) == 2
    assert len(subjects(bob)) == 3


def test_the_answer_in_json(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(bob, "checkin", "visits", "62k")
    bob.write({LOG: bob.read(LOG) + "- {date: 2026-11-23, kr: speed/hours, value: 9}\n"})
    answer = json.loads(checked(bob, "sync", "--json").out)
    assert answer.pop("commits") == [
        {
            "id": team.remote.git("rev-parse", "main").strip(),
            "subject": "okr: marketing/brand/visits 47500 → 62000 visits (0.09 → 0.34)",
        }
    ]
    assert answer == {
        "schema": 1, "pushed": True, "branch": "main", "remote": "origin", "target": "main", "pulled": 1,
        "unsent": 0, "attempts": 1, "waited_seconds": 0.0, "proposal": None, "uncommitted": [LOG], "closed": [],
    }  # fmt: skip
    answer = json.loads(checked(bob, "sync", "--json").out)
    assert (answer["pushed"], answer["attempts"], answer["commits"]) == (False, 0, [])


# --- uncommitted changes


def test_uncommitted_changes_stay_byte_for_byte(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    alice.write({"notes.txt": "x\n", "sub/other.txt": "y\n"})
    alice.git("add", "--all")
    alice.git("commit", "--quiet", "--message", "Notes")
    alice.git("push", "--quiet")
    bob.git("pull", "--quiet")
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(bob, "checkin", "visits", "62k")
    bob.write({"notes.txt": "staged\n", "new-staged.txt": "n\n"})
    bob.git("add", "--all")
    bob.write({"notes.txt": "staged and changed\r\n", "okr.yaml": "name: Changed\n", "untracked.txt": "u\n"})
    bob.git("mv", "org.yaml", "people.yaml")
    (bob.folder / "sub/other.txt").unlink()
    (bob.folder / "untracked.txt").chmod(0o755)
    before, status = everything(bob), bob.git("status", "--porcelain")
    assert "Sent 1 commit" in checked(bob, "sync").out
    after = everything(bob)
    assert bob.git("status", "--porcelain") == status
    different = {
        name
        for name in {*before["files"], *after["files"]}
        if before["files"].get(name) != after["files"].get(name)
    }
    assert different == {LOG}
    assert set(str(before["index"]).splitlines()) ^ set(str(after["index"]).splitlines()) == {
        line
        for index in (before["index"], after["index"])
        for line in str(index).splitlines()
        if line.endswith(f"\t{LOG}")
    }
    assert team.remote.git("diff", "--name-only", "main~2", "main") == f"{LOG}\n"


@pytest.mark.unmeasured
def test_check_ins_that_are_not_committed_keep_their_place(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(alice, "checkin", "2026/company/team/stay", "96", "--push")
    checked(bob, "checkin", "visits", "62k", "--no-commit")
    checked(bob, "checkin", "2026/company/team/stay", "97", "--no-commit")
    checked(bob, "checkin", "hours", "20", "--no-commit")
    done = checked(bob, "sync")
    assert done.err.endswith(f"Not committed, and so not sent: {LOG}, checkins/2026/company.yaml\n")
    assert bob.git("diff", "HEAD", "--stat").count("|") == 2
    added = [
        line for line in bob.git("diff", "HEAD").splitlines() if line.startswith(("+-", "--")) and "{" in line
    ]
    assert added == [
        "+- {date: 2026-11-23, kr: brand/visits, value: 62000, by: bob}",
        "+- {date: 2026-11-23, kr: speed/hours, value: 20, by: bob}",
        "+- {date: 2026-11-23, kr: team/stay, value: 97, by: bob}",
    ]
    checked(bob, "checkin", "uptime", "99.95", "--push")
    assert len(lines(team.remote)) == 7


def test_staged_check_ins_stay_staged(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(bob, "checkin", "visits", "62k", "--no-commit")
    bob.git("add", LOG)
    checked(bob, "checkin", "hours", "20", "--no-commit")
    checked(bob, "sync")
    staged = [
        line
        for line in bob.git("diff", "--cached").splitlines()
        if line.startswith(("+-", "--")) and "{" in line
    ]
    unstaged = [
        line for line in bob.git("diff").splitlines() if line.startswith(("+-", "--")) and "{" in line
    ]
    assert staged == ["+- {date: 2026-11-23, kr: brand/visits, value: 62000, by: bob}"]
    assert unstaged == ["+- {date: 2026-11-23, kr: speed/hours, value: 20, by: bob}"]


@pytest.mark.parametrize(
    "how", ["changed", "staged", "deleted", "untracked", "log removed", "ignored", "ignored folder"]
)
def test_a_file_that_would_have_to_follow_stops_it(team: Team, how: str) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    if how == "log removed":
        alice.git("rm", "--quiet", LOG)
        alice.git("commit", "--quiet", "--message", "Start again")
    new = "notes.txt/deep.txt" if how == "ignored folder" else "notes.txt"
    alice.write({"okr.yaml": "name: Acme\nlanguage: fr\n", new: "n\n"})
    alice.git("add", "--all")
    alice.git("commit", "--quiet", "--message", "Parlons français")
    alice.git("push", "--quiet")
    name = (
        LOG
        if how == "log removed"
        else new
        if how in {"untracked", "ignored", "ignored folder"}
        else "okr.yaml"
    )
    bob.write({LOG: bob.read(LOG) + "# more\n"} if name == LOG else {name.partition("/")[0]: "mine\n"})
    if how == "staged":
        bob.git("add", "okr.yaml")
    if how == "deleted":
        (bob.folder / "okr.yaml").unlink()
        bob.write({"sub/okr.yaml": "name: Sub\n"})
    if how.startswith("ignored"):
        (bob.folder / ".git" / "info" / "exclude").write_text("notes.txt\n")
    before = everything(bob)
    failed = checked(bob, "-C", "sub" if how == "deleted" else ".", "sync", status=1)
    assert f"error: {name} has changes that are not committed, and others changed the same" in failed.err
    remedy = "Commit them, or put them aside with `git stash`, then repeat."
    if how == "deleted":  # in the same words that would be to lose it
        remedy = "What is gone here comes back with `git checkout HEAD -- okr.yaml`; then repeat."
    assert failed.err.endswith(f"Nothing was changed. {remedy}\n")
    assert everything(bob) == before


# --- checkin --push


def test_the_setting_pushes_every_check_in(tmp_path: Path) -> None:
    settings = {"okr.yaml": "name: Acme\ncheckin: {push: true}\n"}
    team = make_team(tmp_path, SMALL_WORKSPACE | settings)
    alice = team.clone("alice")
    assert checked(alice, "validate").status == 0
    assert "Sent 1 commit to origin/main." in checked(alice, "checkin", "visits", "61k").out
    assert "Sent" not in checked(alice, "checkin", "visits", "62k", "--no-push").out
    assert "Sent" not in checked(alice, "checkin", "visits", "63k", "--no-commit").out
    assert len(subjects(team.remote)) == 2


@pytest.mark.unmeasured
def test_the_id_that_is_read_last_is_the_one_the_commit_has_after_the_sync(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    said = checked(bob, "checkin", "visits", "62k", "--push").out.splitlines()
    head = bob.git("rev-parse", "HEAD").strip()
    before = next(line for line in said if line.startswith("Recorded in")).split()[-1].rstrip(".")
    assert before != head[:7]
    assert (
        said[-1] == f"The check-in committed as {before} is {head[:7]} now, on top of what others had sent."
    )
    # Alice has no part in it now: where the id stays, nothing more is said.
    assert "on top of" not in checked(bob, "checkin", "visits", "63k", "--push").out
    rows = "ref,value\nvisits,64000\nhours,20\n"
    answer = json.loads(checked(alice, "checkin", "--from", "-", "--push", "--json", stdin=rows).out)
    assert answer["commit"] == alice.git("rev-parse", "HEAD").strip() == answer["sync"]["commits"][0]["id"]
    hook = team.remote.folder / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    failed = checked(bob, "checkin", "visits", "65k", "--push", "--json", status=1)
    head = bob.git("rev-parse", "HEAD").strip()
    assert json.loads(failed.out)["commit"] == head
    assert f"committed here as {head[:7]}, but" in failed.err


def test_a_cycle_is_started_closed_and_reopened_for_everybody(tmp_path: Path) -> None:
    files = {"okr.yaml": "checkin: {push: true}\n", "okrs/2026-Q4/cycle.yaml": "state: planning\n"}
    team = make_team(tmp_path, SMALL_WORKSPACE | files)
    alice, bob = team.clone("alice"), team.clone("bob")
    assert "Sent 1 commit to origin/main." in checked(alice, "plan", "start", "--push").out
    close = ("cycle", "close", "2026-Q4", "--early", "Merged", "--all-scores")
    checked(bob, "sync")
    # The setting is for check-ins: what changes plans goes out where somebody says so.
    assert "Sent" not in checked(bob, *close).out
    checked(bob, "cycle", "reopen", "2026-Q4", "-m", "Too early")
    change_plan(alice, "Answer everyone", "Answer all")
    checked(alice, "checkin", "visits", "72k", "--push")
    answer = json.loads(checked(bob, *close, "--push", "--json").out)
    assert (answer["written"], answer["sync"]["pushed"], answer["sync"]["pulled"]) == (True, True, 0)
    # What Alice had sent was brought in before the grades were given.
    grades = {each["ref"].rpartition("/")[2]: each["grade"] for each in answer["decisions"]}
    assert grades["visits"] == 0.52, answer
    assert answer["sync"]["problem"] is None
    assert [each.split(" (")[0] for each in subjects(team.remote)[:3]] == [
        "okr: close 2026-Q4", "okr: reopen 2026-Q4", "okr: close 2026-Q4",
    ]  # fmt: skip
    assert "Sent 1 commit to origin/main." in checked(bob, "cycle", "reopen", "2026-Q4", "--push").out
    bob.git("remote", "set-url", "origin", str(team.folder / "gone.git"))
    failed = checked(bob, *close, "--push", status=1)
    assert failed.err.splitlines()[1].startswith("error: Nothing was closed: what others have sent counts")
    assert bob.git("status", "--porcelain") == ""
    checked(bob, *close)
    failed = checked(bob, "cycle", "reopen", "2026-Q4", "--push", status=1)
    head = bob.git("rev-parse", "--short=7", "HEAD").strip()
    said = f"error: The reopening is committed here as {head}, but it is not on the remote yet.\n"
    assert said in failed.err
    for command in (
        ("plan", "start", "--no-commit"),
        (*close, "--dry-run"),
        ("cycle", "reopen", "2026-Q4", "--no-commit"),
    ):
        assert checked(bob, *command, "--push", status=2).err.startswith(
            "error: --push sends a commit, and none is"
        )


def test_push_without_a_commit_is_refused(team: Team) -> None:
    alice = team.clone("alice")
    failed = checked(alice, "checkin", "visits", "61k", "--push", "--no-commit", status=2)
    assert failed.err.startswith("error: --push sends a commit, and none is to be made.\n")


def test_a_check_in_that_is_not_sent_says_so_in_json(team: Team) -> None:
    alice = team.clone("alice")
    alice.git("remote", "set-url", "origin", str(team.folder / "gone-403.git"))  # no answer of a server's
    failed = checked(alice, "checkin", "visits", "61k", "--push", "--json", status=1)
    answer = json.loads(failed.out)
    assert answer["commit"] == alice.git("rev-parse", "HEAD").strip()
    assert answer["sync"]["pushed"] is False
    assert answer["sync"]["problem"].startswith("origin (")


def test_many_commits_are_shown_in_short_and_a_touched_file_is_no_obstacle(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    alice.write({"okr.yaml": "name: New name\n"})
    alice.git("commit", "--quiet", "--all", "--message", "Rename")
    alice.git("push", "--quiet")
    for number in range(12):
        bob.git("commit", "--quiet", "--allow-empty", "--message", f"Commit {number} \x1b[31m")
    os.utime(bob.folder / "okr.yaml", (0, 0))
    done = checked(bob, "sync")
    assert [line[10:] for line in done.out.splitlines()[2:-1]] == [
        f"Commit {number} \\u001b[31m" for number in range(2, 12)
    ]
    assert done.out.splitlines()[-1] == "  and 2 commits before them"
    assert bob.read("okr.yaml") == "name: New name\n"


def test_without_an_identity_nothing_is_brought_on_top(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(bob, "checkin", "visits", "62k")
    for name in ("user.name", "user.email"):
        bob.git("config", "--unset", name)
    bob.git("config", "user.useConfigOnly", "true")
    before = everything(bob)
    failed = checked(bob, "sync", status=1)
    assert (
        "error: Git does not know who you are, so your commits can't be brought on top of the others."
        in failed.err
    )
    assert everything(bob) == before
