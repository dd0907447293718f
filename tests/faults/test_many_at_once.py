"""Check-ins of many processes at once, in one clone and in two work trees of one: all that were acknowledged are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import TODAY, Shell
from tests.faults.striking import LOG, other_work, workshop
from tests.forking import fork

if TYPE_CHECKING:
    from pathlib import Path

REFERENCES = ("visits", "hours", "uptime", "2026/company/lead/share", "2026/company/lead/churn")
LOGS = (LOG, "checkins/2026/company.yaml")
COUNT = 10


def at_once(places: list[Shell]) -> None:
    """Runs ten check-ins at once, spread over the places; half of each on one log, and asserts none fails."""
    running = []
    for number in range(COUNT):
        shell = places[number % len(places)]
        reference = REFERENCES[number % len(REFERENCES)]
        options = ["--date", f"2026-11-{10 + number}", "--note", f"number {number}"]
        if number == COUNT - 1:
            options.append("--no-commit")
        running.append(fork(shell, "okr", "--as-of", TODAY, "checkin", reference, str(number), *options))
    ended = [process.ends(300) for process in running]
    assert [each.status for each in ended] == [0] * COUNT, ended


def kept(places: list[Shell]) -> list[int]:
    """The numbers of the check-ins that are in the logs, in order; each once is right."""
    lines = [
        line
        for shell in places
        for log in LOGS
        if (shell.folder / log).exists()
        for line in shell.read(log).splitlines()
    ]
    return sorted(int(line.partition("number ")[2].rstrip("}")) for line in lines if "note: number" in line)


@pytest.mark.parametrize("trees", [1, 2])
def test_ten_processes_lose_nothing(tmp_path: Path, trees: int) -> None:
    first = workshop(tmp_path)
    places = [first]
    if trees == 2:
        first.git("worktree", "add", "--quiet", "-b", "side", "../tree")
        places.append(Shell(tmp_path / "tree", first.home))
    work = [other_work(shell) for shell in places]
    at_once(places)
    assert kept(places) == list(range(COUNT))
    for shell in places:
        shell.git("commit", "--quiet", "--allow-empty", "--only", "--message", "The one without", "--", *(
            log for log in LOGS if shell.git("status", "--porcelain", "--", log)
        ))  # fmt: skip
        for log in LOGS:
            if (shell.folder / log).exists():
                assert shell.git("show", f"HEAD:{log}") == shell.read(log)
        assert shell.git("status", "--porcelain", "--", "checkins") == ""
    assert [other_work(shell) for shell in places] == work
    first.git("fsck", "--strict", "--no-progress")
