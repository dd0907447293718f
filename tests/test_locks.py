"""The lock that lets one `okr` command write at a time."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from okr import file_errors, locks
from tests.ordinary import run_python

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lock_is_held_by_one_and_released_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locks.locked(path, timeout=0):
        with pytest.raises(locks.LockTimeout) as caught, locks.locked(path, timeout=0.05):
            pytest.fail("two hold the lock")
        assert caught.value.message == (
            f"Another okr command has held the lock {path} for more than 0.05 seconds."
        )
        assert caught.value.remedy == "Let it finish or end it, then repeat the command."
    with locks.locked(path, timeout=0):
        assert path.read_bytes() == b""


def test_a_lock_is_released_when_its_holder_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from okr import locks\n"
        "with locks.locked(Path(sys.argv[1]), timeout=0): print('held', flush=True); time.sleep(60)\n"
    )
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(locks.LockTimeout), locks.locked(path, timeout=0):
            pytest.fail("two hold the lock")
        holder.kill()
        with locks.locked(path, timeout=5):
            pass


def test_a_lock_that_is_no_file_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(file_errors.UnwritableFile, match="No such file"),
        locks.locked(tmp_path / "no" / "lock", timeout=0),
    ):
        pytest.fail("locked nothing")


def test_a_lock_file_of_somebody_else_can_be_locked(open_folder: Path) -> None:
    (open_folder / "lock").touch(mode=0o644)
    code = (
        "import sys; from pathlib import Path; from okr import locks\n"
        "with locks.locked(Path(sys.argv[1]), timeout=0): print('held')\n"
    )
    done = run_python(code, open_folder / "lock", ordinary=True)
    assert (done.stdout, done.stderr) == ("held\n", "")


def test_ten_processes_append_under_the_lock_and_none_is_lost(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from okr import files, locks\n"
        "root, me = Path(sys.argv[1]), sys.argv[2]\n"
        "for turn in range(5):\n"
        "    with locks.locked(root / 'lock', timeout=30):\n"
        "        old = files.read_regular_file(root / 'log', root=root, limit=10**6)\n"
        "        files.replace_file(root / 'log', old + f'{me} {turn}\\n'.encode(), expected=old)\n"
    )
    (tmp_path / "log").touch()
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(n)]) for n in range(10)]
    assert [process.wait() for process in running] == [0] * 10
    lines = (tmp_path / "log").read_text().splitlines()
    assert sorted(lines) == sorted(f"{n} {turn}" for n in range(10) for turn in range(5))
