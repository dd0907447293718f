"""What a check-in that was cut off leaves behind, and how the next one deals with it."""

from __future__ import annotations

import fcntl
import os
import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SMALL_WORKSPACE, TODAY
from tests.faults.striking import LOG, everything, leftovers, other_work, workshop
from tests.forking import fork

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell

OTHER = "checkins/2026/company.yaml"
BEHIND = f"The staging area was behind the last commit with {LOG}; it follows now."


def put_index_behind(shell: Shell) -> None:
    """A check-in as `test_kill` finds it where it is cut off after the branch has moved, its lock removed."""
    assert shell.okr("checkin", "visits", "60000").status == 0
    old = shell.git("rev-parse", f"HEAD^:{LOG}").strip()
    shell.git("update-index", "--cacheinfo", f"100644,{old},{LOG}")


def test_locks_left_behind_are_named_at_once(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    then = time.time() - 7300
    paths = [shell.folder / ".git" / name for name in ("index.lock", "HEAD.lock", "refs/heads/main.lock")]
    for path in paths:
        path.touch()
        os.utime(path, (then, then))
    before = everything(shell)
    outcome = shell.okr("checkin", "visits", "60000")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        f"error: Another git command seems to be at work in this repository: {paths[0]} and 2 more locks are"
        " 2 hours old.\n  Let it finish: it may be a commit waiting for its message, or an editor. If nothing is"
        f" running, a command has died there; remove what it left: rm {paths[0]} {paths[1]} {paths[2]}\n"
    )
    assert everything(shell) == before


def test_a_staging_area_left_behind_follows_with_the_next_check_in_of_another_log(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    work = other_work(shell)
    put_index_behind(shell)
    assert shell.git("diff", "--cached", "--numstat", "--", LOG) == f"0\t1\t{LOG}\n"
    outcome = shell.okr("checkin", "2026/company/lead/share", "14")
    assert outcome.status == 0, outcome.err
    assert " ".join(outcome.err.split()) == BEHIND
    assert shell.git("status", "--porcelain", "--", "checkins") == ""
    assert shell.git("show", "--format=", "--name-only", "HEAD") == f"{OTHER}\n"
    assert other_work(shell) == work


def test_a_staging_area_left_behind_does_not_hide_a_check_in_that_waits(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    put_index_behind(shell)
    assert shell.okr("checkin", "hours", "20", "--no-commit").status == 0
    outcome = shell.okr("checkin", "launch", "beta")
    assert outcome.status == 0, outcome.err
    said = " ".join(outcome.err.split())
    assert said == "A check-in that was recorded before but not committed was committed as well."
    assert shell.git("status", "--porcelain", "--", "checkins") == ""
    assert shell.read(LOG).count("value: 60000") == 1


@pytest.mark.parametrize(
    "staged",
    [
        SMALL_WORKSPACE[LOG] + "# a remark of mine\n",
        SMALL_WORKSPACE[LOG].replace("44000", "44001"),
        SMALL_WORKSPACE[LOG].partition("\n")[2],
    ],
    ids=["added", "changed", "removed"],
)
def test_what_somebody_staged_in_another_log_stays(tmp_path: Path, staged: str) -> None:
    shell = workshop(tmp_path)
    shell.write({LOG: staged})
    shell.git("add", LOG)
    before = shell.git("diff", "--cached")
    outcome = shell.okr("checkin", "2026/company/lead/share", "14")
    assert outcome.status == 0, outcome.err
    assert outcome.err == ""
    assert shell.git("diff", "--cached") == before
    assert shell.read(LOG) == staged


def test_a_half_written_file_is_gone_after_the_next_check_in(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    shell.write({"checkins/2026-Q4/.okr-tmp-0123456789abcdef": "- {date: 2026-11-23, kr: br"})
    assert shell.okr("checkin", "visits", "60000").status == 0
    assert leftovers(shell) == []


def test_a_log_that_is_gone_comes_back_as_told(tmp_path: Path) -> None:
    """As git leaves it where it is killed between removing a file and writing its new version."""
    shell = workshop(tmp_path)
    (shell.folder / LOG).unlink()
    refused = shell.okr("checkin", "visits", "60000")
    assert (refused.status, refused.out) == (1, "")
    told = f"git checkout HEAD -- {LOG}"
    assert refused.err == (
        f"error: {LOG} is gone, and the last commit has check-ins in it.\n"
        f"  Bring it back with `{told}`, then repeat the command.\n"
    )
    assert not (shell.folder / LOG).exists()
    assert shell.run(*told.split()).status == 0
    assert shell.okr("checkin", "visits", "60000").status == 0
    assert shell.read(LOG).count("\n") == SMALL_WORKSPACE[LOG].count("\n") + 1


def test_a_check_in_without_a_commit_waits_for_those_with_one(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    lock = shell.folder / ".git/okr-checkin.lock"
    lock.touch()
    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = fork(shell, "okr", "--as-of", TODAY, "checkin", "visits", "60000", "--no-commit")
        assert waiting.works_for(2)
        assert shell.read(LOG) == SMALL_WORKSPACE[LOG]
    assert waiting.ends().status == 0
    assert "value: 60000" in shell.read(LOG)
