"""A check-in killed at any call that changes a file: nothing is broken, nothing is lost, and the next one works.

All of the points take minutes and are marked `slow`; otherwise an even sample of them is taken, and those beside
each call that makes something take effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SMALL_WORKSPACE
from tests.faults.striking import LINE, LOG, check_in_as_told, leftovers, other_work, strike, workshop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell

COMMAND = ("checkin", "visits", "60000")
OLD = SMALL_WORKSPACE[LOG].splitlines(keepends=True)
BEFORE = {True: SMALL_WORKSPACE[LOG], False: None}
WRITTEN = {True: "".join([*OLD[:2], LINE, *OLD[2:]]), False: LINE}
SHARES = 4  # tests that the points are divided into, for processes to share
SAMPLE_SHARES = 2
STEP = 20  # every twentieth point is in the sample
HARMLESS = ("next-index-", "maintenance.lock")
"""What a git that was killed leaves for good, and that keeps no command of git's or ours from working."""


def text_in(shell: Shell, revision: str) -> str | None:
    """The log's text in a revision, or in the index (an empty name)."""
    shown = shell.run("git", "show", f"{revision}:{LOG}")
    return shown.out if shown.status == 0 else None


def text_of_file(shell: Shell) -> str | None:
    """The log's text as it lies there."""
    return shell.read(LOG) if (shell.folder / LOG).exists() else None


def check_what_is_left(shell: Shell, head: str, work: tuple[str, ...], *, with_log: bool) -> str:
    """Asserts what must hold right after the kill; says how far the check-in had got."""
    shell.git("fsck", "--strict", "--no-progress")
    log = text_of_file(shell)
    assert log in {BEFORE[with_log], WRITTEN[with_log]}
    assert other_work(shell) == work
    if shell.git("rev-parse", "HEAD").strip() == head:
        return "nothing" if log == BEFORE[with_log] else "written"
    assert shell.git("rev-parse", "HEAD^").strip() == head
    assert shell.git("show", "--format=", "--name-only", "HEAD") == f"{LOG}\n"
    assert log == text_in(shell, "HEAD") == WRITTEN[with_log]
    return "committed" if text_in(shell, "") == log else "committed, staging area behind"


def check_the_next_one(shell: Shell, work: tuple[str, ...], reached: str, *, with_log: bool) -> int:
    """Asserts that the next check-in works and that all is right after it; says how many remedies it took."""
    remedies = check_in_as_told(shell, "hours", "20")
    log = shell.read(LOG)
    assert log == text_in(shell, "HEAD") == text_in(shell, "")
    assert log.count(LINE) == (0 if reached == "nothing" else 1)
    assert log.count("kr: speed/hours, value: 20,") == 1
    assert [line for line in log.splitlines(keepends=True) if line in OLD] == (OLD if with_log else [])
    assert shell.git("status", "--porcelain", "--", "checkins") == ""
    assert other_work(shell) == work
    assert shell.git("show", "--format=", "--name-only", "HEAD") == f"{LOG}\n"
    assert [name for name in leftovers(shell) if not any(part in name for part in HARMLESS)] == []
    shell.git("fsck", "--strict", "--no-progress")
    return remedies


def check_point(place: Path, point: int, deed: str, *, with_log: bool) -> str:
    """Strikes a check-in at a point, in a workspace of its own, and asserts all that must hold then."""
    shell = workshop(place, with_log=with_log)
    head, work = shell.git("rev-parse", "HEAD").strip(), other_work(shell)
    struck = strike(shell, point, deed, *COMMAND)
    if len(struck.calls) < point:
        return "over before"
    reached = check_what_is_left(shell, head, work, with_log=with_log)
    if deed == "kill":
        assert struck.status == -9
    elif struck.calls[point - 1].startswith("git"):  # okr itself goes on, and says what is the case
        assert struck.status == (0 if reached.startswith("committed") else 1), struck.err
        assert reached != "written"
        assert bool(struck.out) is (struck.status == 0)
    remedies = check_the_next_one(shell, work, reached, with_log=with_log)
    return f"{reached}, {remedies} remedies"


def points_of(place: Path, *, with_log: bool) -> tuple[int, list[int]]:
    """How many points there are, and a sample: some evenly, and those on both sides of what takes effect."""
    calls = strike(workshop(place, with_log=with_log), 0, "kill", *COMMAND).calls
    effective = {
        point + after
        for point, call in enumerate(calls, 1)
        for after in (0, 1)
        if "rename" in call or ("link" in call and ".okr-tmp" in call)
    }
    return len(calls), sorted(effective | set(range(1, len(calls), STEP)))


@pytest.mark.parametrize("share", range(SAMPLE_SHARES))
@pytest.mark.parametrize("with_log", [True, False], ids=["a line more", "a new log"])
def test_a_check_in_killed_at_a_sample_of_its_calls(tmp_path: Path, share: int, *, with_log: bool) -> None:
    _, sample = points_of(tmp_path / "count", with_log=with_log)
    for point in sample[share::SAMPLE_SHARES]:
        check_point(tmp_path / str(point), point, "kill", with_log=with_log)


@pytest.mark.parametrize("with_log", [True, False], ids=["a line more", "a new log"])
def test_git_alone_killed_at_a_sample_of_its_calls(tmp_path: Path, *, with_log: bool) -> None:
    _, sample = points_of(tmp_path / "count", with_log=with_log)
    for point in sample[::4]:
        check_point(tmp_path / str(point), point, "kill-one", with_log=with_log)


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["kill", "kill-one"])
@pytest.mark.parametrize("with_log", [True, False], ids=["a line more", "a new log"])
@pytest.mark.parametrize("share", range(SHARES))
def test_a_check_in_killed_at_every_one_of_its_calls(
    tmp_path: Path, share: int, deed: str, *, with_log: bool
) -> None:
    count, _ = points_of(tmp_path / "count", with_log=with_log)
    for point in range(1 + share, count + 1, SHARES):
        check_point(tmp_path / str(point), point, deed, with_log=with_log)
