"""Closings that no commit holds: cut off between the first write and the commit, or made with `--no-commit`.

Plans are written first and cycle.yaml last, so whatever is cut off leaves what `--no-commit` leaves, or less of it.
What is told to type is typed here, by a shell, and must lead out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.test_cycle import FACTS, PLAN, commit, okr, repository

if TYPE_CHECKING:
    from tests.cli.conftest import Outcome, Shell

__all__ = ["repository"]  # a fixture

CLOSE = ("cycle", "close", "2026-Q4", "--all-scores")
SAYS = "-m 'okr: close 2026-Q4' -m 'OKR-Cycle: 2026-Q4 closed'"


def lines(outcome: Outcome) -> list[str]:
    assert (outcome.status, outcome.out) == (1, "")
    return outcome.err.splitlines()


def type_in(shell: Shell, said: str) -> None:
    """Types the command at the end of a line of a remedy."""
    done = shell.run("sh", "-c", said.partition(": ")[2])
    assert done.status == 0, done.err


@pytest.mark.parametrize("again", [CLOSE, ("cycle", "close", "--all-scores"), ("cycle", "reopen", "2026-Q4")])
def test_a_closing_that_no_commit_holds_is_told_with_what_commits_it(
    repository: Shell, again: tuple[str, ...]
) -> None:
    assert okr(repository, *CLOSE, "--no-commit").status == 0
    told = lines(okr(repository, *again))
    assert told == [
        "error: 2026-Q4 is closed, but no commit says so: its closing was cut off, or made with --no-commit.",
        f"  Look at it: git diff HEAD -- {PLAN} {FACTS}; git diff --no-index -- /dev/null {FACTS}",
        f"  Commit it: git add -- {FACTS} && git commit {SAYS} -- {PLAN} {FACTS}",
        f"  Or take it back: git checkout HEAD -- {PLAN} && git clean -f -- {FACTS}",
    ]
    shown = repository.run("sh", "-c", told[1].partition(": ")[2]).out
    assert all(part in shown for part in ("+        grade: ", "+state: closed"))
    type_in(repository, told[2])
    assert repository.git("status", "--porcelain") == ""
    assert repository.git("log", "-1", "--format=%B").strip() == (
        "okr: close 2026-Q4\n\nOKR-Cycle: 2026-Q4 closed"
    )
    assert lines(okr(repository, *CLOSE))[0] == "error: 2026-Q4 is closed already."


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("before", "staged", "back"),
    [
        (None, False, f"git checkout HEAD -- {PLAN} && git clean -f -- {FACTS}"),
        (None, True, f"git checkout HEAD -- {PLAN} && git rm -f -- {FACTS}"),
        ("state: active\n", True, f"git checkout HEAD -- {FACTS} {PLAN}"),
    ],
)
def test_it_can_be_taken_back_and_made_again(
    repository: Shell, before: str | None, staged: bool, back: str
) -> None:
    if before is not None:
        commit(repository, {FACTS: before})
    assert okr(repository, *CLOSE, "--no-commit").status == 0
    if staged:  # as a kill leaves a new file: it is announced to git before it is committed
        repository.git("add", "--intent-to-add", "--all")
    told = lines(okr(repository, *CLOSE))
    assert told[-1] == f"  Or take it back: {back}"
    type_in(repository, told[-1])
    assert repository.git("status", "--porcelain") == ""
    assert okr(repository, *CLOSE).status == 0


@pytest.mark.parametrize("way", [2, 3])
def test_many_plans_are_named_by_their_folder(repository: Shell, way: int) -> None:
    plan = repository.read(PLAN)
    names = [f"team-{number}" for number in range(12)]
    org = repository.read("org.yaml").replace(
        "teams:\n", "teams:\n" + "".join(f"  - {{id: {name}}}\n" for name in names)
    )
    commit(repository, {"org.yaml": org, **{f"okrs/2026-Q4/{name}.yaml": plan for name in names}})
    folder = PLAN.rpartition("/")[0]
    closed = okr(repository, *CLOSE, "--no-commit").out.splitlines()
    assert closed[-1] == f"Closed 2026-Q4 in 14 files of {folder}; nothing was committed."
    assert len(closed) == 13 + 2  # an owner a line, and none of what nobody has decided
    told = lines(okr(repository, *CLOSE))
    assert told[1:] == [
        f"  Look at it: git diff HEAD -- {folder}; git diff --no-index -- /dev/null {FACTS}",
        f"  Commit it: git add -- {FACTS} && git commit {SAYS} -- {folder}",
        f"  Or take it back: git checkout HEAD -- {folder} && git clean -f -- {FACTS}",
    ]
    repository.write({f"{folder}/notes.txt": "mine"})  # what differs besides belongs to nobody's closing
    assert f"{folder}/team-11.yaml" in lines(okr(repository, *CLOSE))[2]
    (repository.folder / folder / "notes.txt").unlink()
    type_in(repository, told[way])
    assert repository.git("status", "--porcelain") == ""


def test_whoever_only_looks_is_told_as_well(repository: Shell) -> None:
    note = "note: 2026-Q4 is closed, but no commit says so: `okr cycle close 2026-Q4` says how to go on.\n"
    looks = (("status", "--cycle", "2026-Q4"), ("cycle", "show", "2026-Q4"), ("review", "2026-Q4"))
    assert okr(repository, *CLOSE, "--no-commit").status == 0
    for look in looks:
        assert okr(repository, *look).err.endswith(note)
        assert okr(repository, *look, "--json").err.endswith(note)
    for option in ("--dry-run", "--no-commit"):
        assert "but no commit says so" in lines(okr(repository, *CLOSE, option))[0]
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Close")
    for look in looks:
        assert note not in okr(repository, *look).err
    assert lines(okr(repository, *CLOSE, "--dry-run"))[0] == "error: 2026-Q4 is closed already."


def test_nothing_is_to_be_removed_that_closing_did_not_write(repository: Shell) -> None:
    repository.write({FACTS: "starts: 2026-10-01\nends: 2026-12-31\n"})
    assert okr(repository, *CLOSE, "--no-commit").status == 0
    told = lines(okr(repository, *CLOSE))
    assert told[-1] == "  Or open it again, grades and all: okr cycle reopen 2026-Q4 --no-commit"
    assert okr(repository, "cycle", "reopen", "2026-Q4", "--no-commit").status == 0


def test_what_a_closed_cycle_was_changed_by_since_is_no_closing(repository: Shell) -> None:
    assert okr(repository, *CLOSE).status == 0
    repository.write({FACTS: repository.read(FACTS) + "review: Later thoughts\n"})
    assert lines(okr(repository, *CLOSE))[0] == "error: 2026-Q4 is closed already."
    assert okr(repository, "cycle", "close").err.startswith("error: No cycle is over and not closed.\n")


@pytest.mark.parametrize("way", [2, 3])
def test_grades_of_a_closing_cut_off_before_the_cycle_was_closed(repository: Shell, way: int) -> None:
    assert okr(repository, *CLOSE, "--no-commit").status == 0
    (repository.folder / FACTS).unlink()
    told = lines(okr(repository, *CLOSE))
    assert told == [
        "error: 2026-Q4 is not closed, but has grades or lessons that no commit holds: a closing may have been cut off.",
        f"  Look at them: git diff HEAD -- {PLAN}",
        f"  Take them back, then close the cycle: git checkout HEAD -- {PLAN}",
        f"  Or commit them, then close the cycle: git commit -m 'Grade 2026-Q4' -- {PLAN}",
    ]
    type_in(repository, told[way])
    assert okr(repository, *CLOSE).status == 0
    assert repository.git("status", "--porcelain") == ""


def test_a_reopening_that_no_commit_holds_is_told_too(repository: Shell) -> None:
    assert okr(repository, *CLOSE).status == 0
    assert okr(repository, "cycle", "reopen", "2026-Q4", "--no-commit").status == 0
    told = lines(okr(repository, "cycle", "reopen", "2026-Q4", "-m", "It goes on"))
    assert told == [
        "error: 2026-Q4 is open again, but no commit says so: that was cut off, or made with --no-commit.",
        f"  Look at it: git diff HEAD -- {FACTS}",
        f"  Commit it: git commit -m 'okr: reopen 2026-Q4' -m 'It goes on' -m 'OKR-Cycle: 2026-Q4 active' -- {FACTS}",
        f"  Or take it back: git checkout HEAD -- {FACTS}",
    ]
    type_in(repository, told[2])
    assert repository.git("log", "-1", "--format=%b") == "It goes on\n\nOKR-Cycle: 2026-Q4 active\n\n"
    assert lines(okr(repository, "cycle", "reopen", "2026-Q4"))[0] == (
        "error: 2026-Q4 is not closed: its state is active."
    )
    assert lines(okr(repository, "cycle", "reopen", "2026-Q3"))[0] == (
        "error: There is no plan in 2026-Q3, so there is nothing to open again."
    )


@pytest.mark.parametrize("named", [("2026-Q4",), ()])
def test_a_start_that_no_commit_holds_is_told_too(repository: Shell, named: tuple[str, ...]) -> None:
    commit(repository, {FACTS: "state: planning\n"})
    assert okr(repository, "plan", "start", "--no-commit").status == 0
    told = lines(okr(repository, "plan", "start", *named))
    assert told == [
        "error: 2026-Q4 is active, but no commit says so: that was cut off, or made with --no-commit.",
        f"  Look at it: git diff HEAD -- {FACTS}",
        f"  Commit it: git commit -m 'okr: start 2026-Q4' -- {FACTS}",
        f"  Or take it back: git checkout HEAD -- {FACTS}",
    ]
    type_in(repository, told[2])
    assert lines(okr(repository, "plan", "start", "2026-Q4"))[0] == "error: 2026-Q4 is active already."
    assert lines(okr(repository, "plan", "start"))[0] == "error: No cycle is being planned."


def test_a_target_that_was_moved_is_work_of_somebodys_own(repository: Shell) -> None:
    assert okr(repository, *CLOSE, "--no-commit").status == 0
    (repository.folder / FACTS).unlink()
    repository.write({PLAN: repository.read(PLAN).replace("to: 100000", "to: 90000")})
    assert lines(okr(repository, *CLOSE))[0] == f"error: {PLAN} has changes that are not committed."
