"""Answers about a long history are kept for the next time, and are always those that would be worked out anew."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.cli.history_shell import LOG, PLAN, Team

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Outcome, Shell

LONG = "".join(
    f"- {{date: 2026-10-{13 + at // 20:02}, kr: speed/hours, value: {at}, by: bob, note: {'x' * 900}}}\n"
    for at in range(300)
)
"""So many lines that an answer about them is worth keeping."""


@pytest.fixture
def team(repository: Shell) -> Team:
    found = Team(repository)
    repository.write({LOG: repository.read(LOG) + LONG})
    found.commit("bob", "2026-11-02", "Catch up")
    return found


def kept(team: Team) -> list[Path]:
    folder = team.shell.home / ".cache" / "okr" / "answers"
    return sorted(folder.iterdir()) if folder.exists() else []


def both(team: Team, *arguments: str) -> Outcome:
    """An answer as it is given the first time, the next time, and worked out anew: all the same."""
    first, again, anew = team.okr(*arguments), team.okr(*arguments), team.okr("--no-cache", *arguments)
    assert first == again == anew
    return anew


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "arguments", [["log"], ["log", "--json"], ["log", "hours"], ["audit"], ["audit", "--json"]]
)
def test_the_next_time_an_answer_is_as_it_was(team: Team, arguments: list[str]) -> None:
    outcome = both(team, *arguments)
    assert outcome.out
    assert len(kept(team)) == 1
    kept(team)[0].write_bytes(
        kept(team)[0].read_bytes().replace(b"a", b"b")
    )  # what is damaged is not believed
    assert both(team, *arguments) == outcome


@pytest.mark.unmeasured
def test_an_answer_kept_is_given(team: Team) -> None:
    team.okr("audit")
    file = kept(team)[0]
    before = file.stat().st_mtime_ns
    assert team.okr("audit").status == team.okr("--no-cache", "audit").status
    assert kept(team) == [file]
    assert file.stat().st_mtime_ns > before
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.unmeasured
def test_what_is_not_the_answer_is_passed_over(team: Team) -> None:
    outcome = both(team, "audit")
    (file,) = kept(team)
    whole = file.read_bytes()
    for content in (b"", whole[:-1], whole + b".", whole.replace(b" 0 ", b" 1 ", 1), b"x" * 300, whole[:30]):
        file.write_bytes(content)
        assert team.okr("audit") == outcome
        assert file.read_bytes() == whole
    file.rename(file.with_name("0" * 40))
    file.with_name("0" * 40).rename(file.with_name("1" * 40))
    file.mkdir()
    assert team.okr("audit") == outcome
    file.rmdir()
    file.symlink_to(file.with_name("1" * 40))
    assert team.okr("audit") == outcome


@pytest.mark.unmeasured
def test_nothing_is_kept_in_the_repository_or_with_talk_or_of_what_may_change(team: Team) -> None:
    for arguments in (["audit", "--since", "HEAD~1"], ["audit", "--require-signed"], ["log", "-n", "3"], ["log", "company", "--checkins"], ["--no-cache", "audit"]):  # fmt: skip
        team.okr(*arguments)
    assert kept(team) == []
    team.okr("audit")
    assert team.shell.git("status", "--porcelain", "--ignored") == ""
    team.shell.write({LOG: team.shell.read(LOG) + "- {date: \n"})
    assert (team.okr("audit").status, len(kept(team))) == (1, 1)


def test_a_small_workspace_keeps_nothing(repository: Shell) -> None:
    team = Team(repository)
    team.okr("audit")
    assert kept(team) == []


@pytest.mark.unmeasured
def test_where_nothing_can_be_kept_answers_are_given_all_the_same(team: Team) -> None:
    (team.shell.home / ".cache").write_text("in the way")
    both(team, "audit")
    both(team, "log", "hours")


def test_only_so_much_is_kept(team: Team) -> None:
    team.okr("audit")
    (old,) = kept(team)
    other = old.with_name("0" * 40)
    with other.open("wb") as file:
        file.truncate(64 << 20)
    team.okr("log", "hours")
    assert len(kept(team)) == 2
    assert old.exists()
    assert not other.exists()


def amend(team: Team, at: int) -> None:
    team.git(
        "alice", "2026-11-05", "commit", "--quiet", "--amend", "--message", f"Anew {at}", "--reset-author"
    )


def another(team: Team, at: int) -> None:
    team.checkin("bob", "2026-11-06", "visits", str(50_000 + at))


def by_hand(team: Team, at: int) -> None:
    team.append(LOG, f"- {{date: 2026-11-07, kr: brand/visits, value: {at}}}")


def tampered(team: Team, at: int) -> None:
    text = team.shell.read(LOG)
    team.shell.write({LOG: text.replace(f"value: {at},", f"value: {1000 + at},", 1)})
    team.commit("alice", "2026-11-08", "Nothing to see")


def moved(team: Team, at: int) -> None:
    lines = team.shell.read(PLAN).replace("weight: 2", f"weight: {3 + at}")
    team.shell.write({PLAN: lines})


def undone(team: Team, at: int) -> None:
    del at
    team.shell.git(
        "reset",
        "--quiet",
        "--hard",
        "HEAD~1" if team.shell.git("rev-list", "--count", "HEAD") > "3" else "HEAD",
    )


def replaced(team: Team, at: int) -> None:
    del at
    team.shell.git("replace", "--force", "--graft", "HEAD")


def grafted(team: Team, at: int) -> None:
    del at
    (team.shell.folder / ".git/info/grafts").write_text(team.shell.git("rev-parse", "HEAD"))


def whole_again(team: Team, at: int) -> None:
    del at
    (team.shell.folder / ".git/info/grafts").unlink(missing_ok=True)


def shallow(team: Team, at: int) -> None:
    del at
    (team.shell.folder / ".git/shallow").write_text(team.shell.git("rev-parse", "HEAD"))


def deepened(team: Team, at: int) -> None:
    del at
    (team.shell.folder / ".git/shallow").unlink(missing_ok=True)


def renamed(team: Team, at: int) -> None:
    text = team.shell.read("org.yaml")
    team.shell.write({"org.yaml": text.replace("name: Bob", f"name: B{at} Bob", 1)})


def untracked(team: Team, at: int) -> None:
    team.shell.write(
        {"checkins/2026/company.yaml": f"- {{date: 2026-01-{10 + at}, kr: lead/share, value: 1}}\n"}
    )


EDITS = (amend, another, by_hand, tampered, moved, undone, replaced, grafted, whole_again, shallow, deepened, renamed, untracked)  # fmt: skip


def play(team: Team, seed: int, steps: int) -> None:
    chance = random.Random(seed)
    for at in range(steps):
        chance.choice(EDITS)(team, at)
        for arguments in (["audit", "--json"], ["log", "--json"]):
            anew = team.okr("--no-cache", *arguments)
            assert team.okr(*arguments) == anew
            assert team.okr(*arguments) == anew


@pytest.mark.unmeasured
def test_whatever_becomes_of_history_no_answer_is_out_of_date(team: Team) -> None:
    play(team, seed=7, steps=8)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_the_same_of_many_histories(team: Team, seed: int) -> None:
    play(team, seed, steps=40)


def test_a_comparison_of_commits_is_kept_where_there_is_much_to_compare(team: Team) -> None:
    compare = ["diff", "HEAD~1..HEAD"]
    team.shell.write({PLAN: team.shell.read(PLAN).replace("to: 4", "to: 5")})
    team.commit("bob", "2026-11-03", "Aim lower")
    assert "target" in both(team, *compare).out
    assert kept(team) == []  # that took no time
    noise = random.Random(1).randbytes(9 << 20)
    (team.shell.folder / "talk.mp4").write_bytes(noise)
    team.commit("bob", "2026-11-04", "Keep the talk")
    team.shell.git("repack", "-adq")
    outcome = both(team, "diff", "HEAD~2..HEAD~1")
    (file,) = kept(team)
    file.write_bytes(file.read_bytes().replace(b"a", b"b"))  # what is damaged is not believed
    assert both(team, "diff", "HEAD~2..HEAD~1") == outcome
    for number, more in enumerate((["--json"], ["--format", "md"], ["speed"], ["--exit-code"]), start=2):
        assert both(team, "diff", "HEAD~2..HEAD~1", *more).status == (more == ["--exit-code"])
        assert len(kept(team)) == number
    assert both(team, *compare).out != outcome.out
    number = len(kept(team))
    team.shell.write({PLAN: team.shell.read(PLAN).replace("to: 5", "to: 6")})
    team.commit("bob", "2026-11-05", "Aim lower still")
    assert "5 → 6" in both(team, *compare).out  # other commits by the same names
    assert len(kept(team)) == number + 1
    both(team, "diff", "HEAD~1")
    assert len(kept(team)) == number + 1  # the work tree may be another the next time
