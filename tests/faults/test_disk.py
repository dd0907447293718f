"""A disk that is full, read-only or broken: the reason and the remedy, and everything as it was before."""

from __future__ import annotations

import os
import platform
import re
import resource
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SMALL_WORKSPACE, TODAY, Shell
from tests.faults.striking import LOG, check_in_as_told, everything, strike, workshop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL = "the disk is full"
COMMAND = ("checkin", "visits", "60000")


@contextmanager
def mounted(place: Path, options: str) -> Iterator[Path]:
    """A small disk in memory; skips where this user may not mount one."""
    place.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("There is no `mount` here.")
    if done.returncode:
        pytest.skip(f"A disk can't be mounted here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def fill(folder: Path) -> None:
    """Leaves no byte free on the disk a folder is on."""
    with (folder / "ballast").open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            while True:
                try:
                    file.write(b"x" * size)
                except OSError:
                    break


def refused(shell: Shell, *said: str, full: Path | None = None) -> None:
    """Asserts that a check-in is refused with these words, and that everything is as it was.

    Where a folder is named, its disk is full meanwhile.
    """
    before = everything(shell)
    if full:
        fill(full)
    outcome = shell.okr(*COMMAND)
    if full:
        (full / "ballast").unlink()
    assert (outcome.status, outcome.out) == (1, ""), outcome.err
    for words in said:
        assert words in outcome.err
    assert everything(shell) == before


@pytest.mark.parametrize("with_log", [True, False], ids=["a line more", "a new log"])
def test_no_space_for_the_log(tmp_path: Path, *, with_log: bool) -> None:
    shell = workshop(tmp_path, with_log=with_log)
    apart = tmp_path / "repository"
    (shell.folder / ".git").rename(apart)
    content = {path: path.read_bytes() for path in shell.folder.rglob("*") if path.is_file()}
    with mounted(shell.folder, "size=256k"):
        for path, text in content.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        (shell.folder / ".git").write_text(f"gitdir: {apart}\n")
        (shell.folder / "checkins").mkdir(exist_ok=True)
        shell.git("status")  # the new times are known to git before the disk is full
        refused(shell, f"{LOG} was not written: {FULL}.", "Free some space", full=shell.folder)
        assert shell.okr(*COMMAND).status == 0


@pytest.mark.parametrize("with_log", [True, False], ids=["a line more", "a new log"])
def test_no_space_for_git(tmp_path: Path, *, with_log: bool) -> None:
    shell = workshop(tmp_path, with_log=with_log)
    git = shell.folder / ".git"
    git.rename(tmp_path / "kept")
    with mounted(git, "size=512k"):
        subprocess.run(["cp", "-a", f"{tmp_path / 'kept'}/.", str(git)], check=True)
        shell.git("status")  # the new times are known to git before the disk is full
        (git / "okr-checkin.lock").touch()
        refused(shell, "Nothing was committed: the disk is full.", "Free some space", full=git)
        assert shell.okr(*COMMAND).status == 0


def test_a_disk_that_is_mounted_read_only(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    apart = tmp_path / "repository"
    (shell.folder / ".git").rename(apart)
    content = {path: path.read_bytes() for path in shell.folder.rglob("*") if path.is_file()}
    with mounted(shell.folder, "size=1m"):
        for path, text in content.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        (shell.folder / ".git").write_text(f"gitdir: {apart}\n")
        shell.git("status")  # the new times are known to git before the disk is full
        subprocess.run(["mount", "-o", "remount,ro", str(shell.folder)], check=True)
        refused(shell, f"{LOG} was not written: its file system is read-only.", "Mount it for writing.")


def test_a_repository_that_is_mounted_read_only(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    git = shell.folder / ".git"
    git.rename(tmp_path / "kept")
    with mounted(git, "size=2m"):
        subprocess.run(["cp", "-a", f"{tmp_path / 'kept'}/.", str(git)], check=True)
        shell.git("status")  # the new times are known to git before the disk is full
        subprocess.run(["mount", "-o", "remount,ro", str(git)], check=True)
        refused(
            shell, "okr-checkin.lock was not written: its file system is read-only.", "Mount it for writing."
        )


def test_a_log_that_is_read_only(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    (shell.folder / LOG).chmod(0o444)
    refused(shell, f"{LOG} is read-only; nothing was written.", "Allow writing: chmod u+w ")


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions of folders do not stop the superuser")
def test_a_folder_that_is_read_only(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    folder = (shell.folder / LOG).parent
    folder.chmod(0o555)
    try:
        refused(shell, f"{LOG} was not written: permission denied.", f"Allow writing to the folder {folder}.")
    finally:
        folder.chmod(0o755)


def test_a_limit_on_the_size_of_files(tmp_path: Path) -> None:
    shell = workshop(tmp_path)
    shell.write({LOG: SMALL_WORKSPACE[LOG] + "# a long comment\n" * 1000})
    shell.git("commit", "--quiet", "--message", "A long log", "--", LOG)
    before = everything(shell)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, limits[1]))
    try:
        outcome = shell.run(sys.executable, "-B", "-m", "okr", "--as-of", TODAY, *COMMAND)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (outcome.status, outcome.out) == (1, "")
    assert f"{LOG} was not written: it would pass the limit on file size." in outcome.err
    assert "`ulimit -f`" in outcome.err
    assert everything(shell) == before


@pytest.mark.parametrize("most", [9, 12, 15])
def test_a_limit_on_open_files(tmp_path: Path, most: int) -> None:
    shell = workshop(tmp_path)
    before = everything(shell)
    limited = ("sh", "-c", f'ulimit -n {most} && exec "$@"', "sh", sys.executable, "-B", "-m", "okr")
    outcome = shell.run(*limited, "--as-of", TODAY, *COMMAND)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.splitlines() == [
        "error: Too many files are open at once for what was asked.",
        "  Raise the limit (`ulimit -n 256`) or close other programs, then repeat the command.",
    ]
    assert everything(shell) == before


# --- an error of the system at any call


def check_error(place: Path, point: int, error: str, *, with_log: bool) -> str:
    """Lets the call of that number fail, and asserts that all is as before, or committed."""
    shell = workshop(place, with_log=with_log)
    before, head = everything(shell), shell.git("rev-parse", "HEAD").strip()
    struck = strike(shell, point, error, *COMMAND)
    if len(struck.calls) < point:
        return "over before"
    assert "this is a bug" not in struck.err, struck.err
    shell.git("fsck", "--strict", "--no-progress")
    if shell.git("rev-parse", "HEAD").strip() == head:
        assert (struck.status, struck.out) == (1, "")
        first, *remedy = struck.err.splitlines()
        assert first.startswith("error: ")
        assert remedy
        assert everything(shell) == before, struck.calls[point - 1 :]
    else:
        assert struck.status == 0, struck.err
        assert shell.git("show", "--format=", "--name-only", "HEAD") == f"{LOG}\n"
        assert shell.git("status", "--porcelain", "--", "checkins") == ""
    check_in_as_told(shell, "hours", "20")  # git may have failed to remove a lock of its own
    return struck.err.splitlines()[0] if struck.err else "committed"


only_here = pytest.mark.skipif(
    platform.machine() != "x86_64", reason="the tracer makes calls fail on x86-64 only"
)


@only_here
@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EROFS"])
def test_an_error_of_the_disk_at_a_sample_of_the_calls(tmp_path: Path, error: str) -> None:
    count = len(strike(workshop(tmp_path / "count"), 0, "kill", *COMMAND).calls)
    for point in range({"ENOSPC": 3, "EIO": 5, "EROFS": 7}[error], count, 19):
        check_error(tmp_path / str(point), point, error, with_log=True)


@only_here
@pytest.mark.parametrize("with_log", [True, False], ids=["a line more", "a new log"])
def test_an_error_after_the_log_is_in_its_place(tmp_path: Path, *, with_log: bool) -> None:
    calls = strike(workshop(tmp_path / "count", with_log=with_log), 0, "kill", *COMMAND).calls
    point = 1 + next(at for at, call in enumerate(calls) if call.endswith(": fsync checkins/2026-Q4"))
    said = check_error(tmp_path / "struck", point, "EIO", with_log=with_log)
    assert said == f"error: {tmp_path}/struck/work/{LOG} was not written: Input/output error."


@only_here
def test_an_error_of_the_disk_while_git_writes_is_named(tmp_path: Path) -> None:
    calls = strike(workshop(tmp_path / "count"), 0, "kill", *COMMAND).calls
    point = 1 + next(at for at, call in enumerate(calls) if call.startswith("git: write .git/objects/"))
    said = check_error(tmp_path / "struck", point, "EIO", with_log=True)
    assert said == "error: Nothing was committed: the disk reports an error. It said:"


@pytest.mark.slow
@only_here
@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EROFS"])
@pytest.mark.parametrize("with_log", [True, False], ids=["a line more", "a new log"])
def test_an_error_of_the_disk_at_every_call(tmp_path: Path, error: str, *, with_log: bool) -> None:
    count = len(strike(workshop(tmp_path / "count", with_log=with_log), 0, "kill", *COMMAND).calls)
    for point in range(1, count + 1):
        check_error(tmp_path / str(point), point, error, with_log=with_log)


# --- a power cut


def flushed(shell: Shell) -> set[str]:
    """What a check-in flushes to the disk; objects as their folder."""
    struck = strike(shell, 0, "kill", *COMMAND)
    assert struck.status == 0, struck.err
    paths = [call.rpartition(" ")[2] for call in struck.calls if "fsync" in call]
    return {re.sub(r"(objects|\.okr-tmp-).*", r"\1", path) for path in paths}


def test_what_is_acknowledged_is_on_the_disk(tmp_path: Path) -> None:
    log = {"checkins/2026-Q4", "checkins/2026-Q4/.okr-tmp-"}
    assert flushed(workshop(tmp_path / "by default")) == {*log, ".git/objects", ".git/refs/heads/main.lock"}
    shell = workshop(tmp_path / "as said")
    shell.git("config", "core.fsync", "none")
    assert flushed(shell) == log
