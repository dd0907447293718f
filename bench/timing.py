"""Timing of commands: taking turns, so that whatever else the machine does falls on all of them alike.

Wall-clock and processor time of a command and all that it started, and the memory of all its processes together.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

OKR = (sys.executable, "-m", "okr")
NOTHING = (sys.executable, "-c", "pass")
MAY_END_WITH = {0, 1}
"""`okr` ends with 1 where files have errors."""
_LOOK_EVERY = 0.05
"""Seconds."""


@dataclass(frozen=True)
class Command:
    """A command to time.

    Attributes:
        arguments: the program and its arguments.
        folder: where it runs.
        before: what is done each time before it, without being timed.
        variables: what its environment has besides ours.
    """

    arguments: tuple[str, ...]
    folder: Path
    before: Callable[[], object] | None = None
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Taken:
    """How long a command took, in seconds: medians over all its turns."""

    wall: float
    processor: float


def take_turns(commands: Mapping[str, Command], rounds: int) -> dict[str, Taken]:
    """Runs each of some commands in turn, so many times; the first turn of each only warms up the disk's cache."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            if command.before is not None:
                command.before()
            once = run(command)
            if turn or rounds == 1:
                taken[name].append(once)
    return {
        name: Taken(*(statistics.median(column) for column in zip(*each, strict=True)))
        for name, each in taken.items()
    }


def run(command: Command) -> tuple[float, float]:
    """How long a command takes once: wall-clock and processor time."""
    with tempfile.TemporaryFile() as talk:
        started = time.perf_counter()
        process = _start(command, talk.fileno())
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in MAY_END_WITH:
            talk.seek(0)
            sys.exit(f"{' '.join(command.arguments)} failed:\n{talk.read().decode()}")
    return wall, used.ru_utime + used.ru_stime


def peak_memory(command: Command) -> float:
    """The most memory that a command's processes had together, in MB; what they share counts once."""
    if command.before is not None:
        command.before()
    with tempfile.TemporaryFile() as talk:
        process = _start(command, talk.fileno())
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, sum(map(_memory_of, _family(process.pid))))
            time.sleep(_LOOK_EVERY)
    return peak


def _start(command: Command, talk: int) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **dict(command.variables)}
    return subprocess.Popen(
        command.arguments, cwd=command.folder, stdout=subprocess.DEVNULL, stderr=talk, env=environment
    )


def _family(process: int) -> Sequence[int]:
    found = [process]
    for each in found:
        try:
            below = Path(f"/proc/{each}/task/{each}/children").read_text()
        except OSError:
            continue
        found += map(int, below.split())
    return found


def _memory_of(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has just ended
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000
