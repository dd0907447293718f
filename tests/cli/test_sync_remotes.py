"""`okr sync` with remotes that are not as hoped: none, offline, protected."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SMALL_WORKSPACE, Shell
from tests.cli.team import Team, change_plan, checked, everything, lines, make_team, subjects

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return make_team(tmp_path, SMALL_WORKSPACE)


# --- remotes that are not as hoped


def test_without_a_remote(repository: Shell) -> None:
    failed = checked(repository, "sync", status=1)
    assert failed.err == (
        "error: This repository has no remote to exchange check-ins with.\n"
        "  Make a repository on your git host, then: git remote add origin ADDRESS && git push -u origin main\n"
    )
    committed = checked(repository, "checkin", "visits", "61k", "--push", status=1)
    assert "committed as" in committed.out
    assert committed.err.startswith(
        f"error: The check-in is committed here as {repository.git('rev-parse', 'HEAD')[:7]}, but it is not on the "
        "remote yet.\n  This repository has no remote"
    )
    rows = "ref,value\nvisits,62k\nhours,12\n"
    repository.write({"okr.yaml": "name: Acme\ncheckin: {push: true}\n"})
    two = repository.okr("checkin", "--from", "-", stdin=rows)
    assert two.err.startswith(
        f"error: The check-ins are committed here as {repository.git('rev-parse', 'HEAD')[:7]}, but they are not on the "
        "remote yet.\n"
    )


def test_without_an_upstream(team: Team) -> None:
    alice = team.clone("alice")
    alice.git("switch", "--quiet", "--create", "plan-b", "--no-track")
    follows_none = (
        "error: The branch plan-b follows no branch of a remote, so okr can't tell where to send it.\n"
    )
    assert (
        checked(alice, "sync", status=1).err == f"{follows_none}  Tell git, once: git push -u origin plan-b\n"
    )
    alice.git("push", "--quiet", "origin", "plan-b")
    assert checked(alice, "sync", status=1).err == (
        f"{follows_none}  origin has a branch of that name; follow it: git branch --set-upstream-to=origin/plan-b\n"
    )
    alice.git("remote", "add", "backup", str(team.remote.folder))
    assert checked(alice, "sync", status=1).err == (
        f"{follows_none}  Choose one of backup, origin and tell git: git push -u REMOTE plan-b\n"
    )
    alice.git("branch", "--quiet", "--set-upstream-to=main")
    assert checked(alice, "sync", status=1).err.startswith(
        "error: The branch plan-b follows main, which is on no remote.\n"
    )


@pytest.mark.parametrize("state", ["no repository", "detached", "rebase", "no commit"])
def test_a_repository_that_is_not_fit(workspace: Shell, team: Team, state: str) -> None:
    shell = workspace if state == "no repository" else team.clone("alice")
    if state == "detached":
        shell.git("switch", "--quiet", "--detach")
    if state == "rebase":
        (shell.folder / ".git" / "rebase-merge").mkdir()
    if state == "no commit":
        shell.git("switch", "--quiet", "--orphan", "none")
        shell.git("config", "branch.none.remote", "origin")
        shell.git("config", "branch.none.merge", "refs/heads/main")
        shell.write({"okr.yaml": "name: Acme\n"})
    said = {
        "no repository": f"{shell.folder} is in no git repository, so there is nothing to exchange.",
        "detached": "No branch is checked out (detached HEAD): a commit made here would be lost",
        "rebase": "A rebase is under way in this repository",
        "no commit": "There is no commit yet, so there is nothing to send.",
    }[state]
    assert checked(shell, "sync", status=1).err.startswith(f"error: {said}")


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


@pytest.mark.parametrize("kind", ["refused", "gone", "credentials"])
def test_a_remote_that_cannot_be_reached(team: Team, kind: str) -> None:
    alice = team.clone("alice")
    address = {
        "refused": f"git://127.0.0.1:{free_port()}/remote.git",
        "gone": str(team.folder / "gone.git"),
        "credentials": f"http://alice:secret@127.0.0.1:{free_port()}/remote.git",
    }[kind]
    alice.git("remote", "set-url", "origin", address)
    failed = checked(alice, "checkin", "visits", "61k", "--push", status=1)
    shown = address.replace("alice:secret@", "")
    said, remedy = (
        "can't be reached",
        "what you committed is here, and `okr sync` sends it when you are online again",
    )
    if kind == "gone":
        said = "is no git repository"
        remedy = "`git remote set-url origin ADDRESS` says where it is; then repeat `okr sync`"
    assert f"\n  origin ({shown}) {said}. Git said:\n" in failed.err
    assert failed.err.endswith(f"  Nothing is lost{'.' if kind == 'gone' else ':'} {remedy}.\n")
    assert "secret" not in failed.err
    assert len(subjects(alice)) == 2
    alice.git("remote", "set-url", "origin", str(team.remote.folder))
    assert "Sent 1 commit" in checked(alice, "sync").out


def test_a_remote_that_never_answers_is_given_up(team: Team) -> None:
    alice = team.clone("alice")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        alice.git("remote", "set-url", "origin", f"git://127.0.0.1:{server.getsockname()[1]}/remote.git")
        failed = checked(alice, "sync", "--timeout", "1", status=1)
    assert failed.err.splitlines()[1:] == [
        "error: origin does not answer. Git was stopped: it had said nothing for 1 seconds.",
        "  Nothing is lost. Try again when it is back.",
    ]


def test_a_remote_that_does_not_let_one_in(team: Team) -> None:
    alice = team.clone("alice")
    alice.git("remote", "set-url", "origin", "ssh://git@host.invalid/remote.git")
    refuse = team.home / "ssh"
    refuse.write_text(
        "#!/bin/sh\nprintf 'git@host: Permission denied (publickey).\\033[2J\\n' >&2; exit 255\n"
    )
    refuse.chmod(0o755)
    failed = checked(alice, "sync", status=1, GIT_SSH=str(refuse))
    assert (
        "error: origin does not let you in. Git said:\n  git@host: Permission denied (publickey).\n"
        in failed.err
    )
    assert "Check your key or token with `git fetch origin`, then repeat `okr sync`." in failed.err


def test_an_empty_remote_gets_its_first_commits(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    Shell(tmp_path, home).git("init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    Shell(tmp_path, home).run("git", "clone", "--quiet", "remote.git", "alice")
    alice = Shell(tmp_path / "alice", home)
    alice.git("config", "user.name", "Alice Martin")
    alice.git("config", "user.email", "alice@acme.example")
    alice.write(SMALL_WORKSPACE)
    alice.git("add", "--all")
    alice.git("commit", "--quiet", "--message", "Plan")
    assert "Sent 1 commit to origin/main." in checked(alice, "sync").out
    assert "Sent 1 commit to origin/main." in checked(alice, "checkin", "visits", "61k", "--push").out


def test_histories_without_a_common_commit_are_not_mixed(team: Team) -> None:
    alice = team.clone("alice")
    alice.git("switch", "--quiet", "--orphan", "other")
    alice.write(SMALL_WORKSPACE)
    alice.git("add", "--all")
    alice.git("commit", "--quiet", "--message", "Again")
    alice.git("branch", "--quiet", "--set-upstream-to=origin/main")
    assert checked(alice, "sync", status=1).err.splitlines()[1] == (
        "error: other and origin/main have no commit in common, so they can't be brought together."
    )


def test_a_pre_push_hook_that_refuses(team: Team) -> None:
    alice = team.clone("alice")
    hook = alice.folder / ".git" / "hooks" / "pre-push"
    hook.write_text("#!/bin/sh\necho 'not on Fridays' >&2; exit 1\n")
    hook.chmod(0o755)
    failed = checked(alice, "checkin", "visits", "61k", "--push", status=1)
    assert (
        "The push to origin was stopped here, by a pre-push hook it seems. It said:\n  not on Fridays"
        in failed.err
    )


def test_a_branch_checked_out_at_the_remote(team: Team) -> None:
    alice = team.clone("alice")
    alice.git("remote", "set-url", "origin", str(team.folder / "seed"))
    failed = checked(alice, "checkin", "visits", "61k", "--push", status=1)
    assert (
        "origin did not take the commits (remote rejected branch is currently checked out). It said:\n"
        "  remote: error: refusing to update checked out branch: refs/heads/main\n"
    ) in failed.err


def test_a_race_that_is_never_won_ends(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    hook = bob.folder / ".git" / "hooks" / "pre-push"
    hook.write_text(
        f"#!/bin/sh\ncd '{alice.folder}' && unset GIT_DIR && git commit --quiet --allow-empty --message x"
        " && git push --quiet 2>/dev/null\nexit 0\n"
    )
    hook.chmod(0o755)
    failed = checked(bob, "checkin", "visits", "61k")
    failed = checked(bob, "sync", "--attempts", "3", status=1)
    assert "error: Others were faster each time: your commits are on top of origin/main" in failed.err
    assert failed.err.count("Somebody else was faster; trying again in ") == 2
    hook.unlink()
    assert "Sent 1 commit" in checked(bob, "sync").out
    assert len(lines(team.remote)) == 4


# --- branches that take no direct pushes


def test_a_protected_branch_gets_a_branch_of_ones_own(team: Team) -> None:
    team.refuse_direct_pushes()
    alice = team.clone("alice")
    done = checked(alice, "checkin", "visits", "61k", "--push")
    assert done.out.splitlines()[-3:][0] == "Sent 1 commit to origin/okr/alice/main at the 2nd attempt."
    assert done.out.splitlines()[-1] == (
        "To merge okr/alice/main into main, open a pull request on your git host."
    )
    assert "origin/main does not take commits directly; okr/alice/main is used instead.\n" in done.err
    assert alice.git("symbolic-ref", "--short", "HEAD") == "main\n"
    assert team.remote.git("rev-parse", "okr/alice/main") == alice.git("rev-parse", "main")
    # Again: straight to the same branch, on top of nothing rewritten.
    first = alice.git("rev-parse", "HEAD").strip()
    done = checked(alice, "checkin", "hours", "20", "--push", "--json")
    assert json.loads(done.out)["sync"] | {"commits": []} == {
        "pushed": True, "branch": "main", "remote": "origin", "target": "okr/alice/main", "commits": [],
        "pulled": 0, "unsent": 0, "attempts": 1, "waited_seconds": 0.0, "uncommitted": [], "closed": [], "problem": None,
        "proposal": {"branch": "okr/alice/main", "base": "main", "url": None},
    }  # fmt: skip
    assert alice.git("rev-parse", "HEAD~1").strip() == first
    done = checked(alice, "sync")
    assert done.out.splitlines()[0] == "Everything is in step with origin/okr/alice/main."


@pytest.mark.unmeasured
@pytest.mark.parametrize("squash", [False, True], ids=["merged", "squashed"])
def test_the_base_is_merged_so_that_the_host_has_no_conflict(team: Team, *, squash: bool) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(bob, "checkin", "visits", "60k", "--push")
    team.refuse_direct_pushes()
    checked(alice, "checkin", "visits", "61k", "--push")
    team.merge_in("okr/alice/main", squash=squash)  # would fail on a conflict
    assert len(lines(team.remote)) == 5
    # It has landed: the branch follows, nothing is proposed again.
    done = checked(alice, "sync")
    assert "Sent" not in done.out
    assert alice.git("rev-parse", "main") == team.remote.git("rev-parse", "main")
    assert alice.git("for-each-ref", "refs/okr") == ""
    # And from there on it begins anew; what the host left of the branch is nobody else's.
    done = checked(alice, "checkin", "visits", "63k", "--push")
    assert "Brought in" not in done.out
    assert len(lines(team.remote, "okr/alice/main")) == 6


def test_what_was_squashed_does_not_come_back_with_a_new_check_in(team: Team) -> None:
    team.refuse_direct_pushes()
    alice = team.clone("alice")
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(alice, "checkin", "visits", "62k", "--push")
    checked(alice, "checkin", "hours", "20")
    team.merge_in("okr/alice/main", squash=True)
    team.remote.git("branch", "--quiet", "-D", "okr/alice/main")
    done = checked(alice, "sync")
    assert "Sent 1 commit to origin/okr/alice/main at the 2nd attempt." in done.out
    assert subjects(team.remote, "okr/alice/main")[:2] == [
        "okr: marketing/speed/hours 20 hours (0.27)",
        "Squashed",
    ]
    assert len(lines(team.remote, "okr/alice/main")) == 6


@pytest.mark.unmeasured
def test_others_are_merged_into_a_proposal_that_waits(team: Team) -> None:
    team.refuse_direct_pushes()
    alice, bob = team.clone("alice"), team.clone("bob")
    checked(alice, "checkin", "visits", "61k", "--push")
    checked(bob, "checkin", "visits", "62k", "--push")
    team.merge_in("okr/bob/main", squash=False)
    done = checked(alice, "sync")
    assert "Merging origin/main …" in done.err
    assert done.out.splitlines()[0] == "Brought in 2 commits of others."
    assert len(lines(team.remote, "okr/alice/main")) == 5
    (team.folder / "host").rename(team.folder / "host-before")
    team.merge_in("okr/alice/main", squash=False)
    assert len(lines(team.remote)) == 5


def test_on_ones_own_branch_the_base_is_merged(team: Team) -> None:
    alice, bob = team.clone("alice"), team.clone("bob")
    alice.git("switch", "--quiet", "--create", "okr/alice/main")
    checked(alice, "checkin", "visits", "61k")
    alice.git("push", "--quiet", "--set-upstream", "origin", "okr/alice/main")
    checked(bob, "checkin", "visits", "62k", "--push")
    done = checked(alice, "sync", "--json")
    answer = json.loads(done.out)
    assert (answer["target"], answer["pulled"], len(answer["commits"])) == ("okr/alice/main", 1, 1)
    assert answer["proposal"] == {"branch": "okr/alice/main", "base": "main", "url": None}
    assert len(lines(team.remote, "okr/alice/main")) == 5
    # A plan that clashes with the base is shown as any other.
    change_plan(alice, "to: 100000", "to: 80000")
    change_plan(bob, "to: 100000", "to: 90000")
    bob.git("push", "--quiet")
    before = everything(alice)
    failed = checked(alice, "sync", status=1)
    assert "    to: yours 80000, theirs 90000, before 100000" in failed.err
    assert "To decide by hand: `git pull --no-rebase origin main`, choose in" in failed.err
    assert everything(alice) == before


def test_a_remote_that_refuses_every_branch(team: Team) -> None:
    hook = team.remote.folder / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'no pushes at all' >&2\nexit 1\n")
    hook.chmod(0o755)
    alice = team.clone("alice")
    failed = checked(alice, "checkin", "visits", "61k", "--push", status=1)
    assert "origin does not take the commits on the branch okr/alice/main either. It said:" in failed.err
    assert "no pushes at all" in failed.err
    assert len(subjects(alice)) == 2
