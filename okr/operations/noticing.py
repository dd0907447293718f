"""Noticing that a workspace's files changed, for what shows them as they are: by looking again and again.

Looking costs two microseconds a file, works on every file system, and misses nothing; a watch of the system's would have
to be set on the whole folder, which may hold far more than a workspace.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from okr.sources import SETTINGS
from okr.workspace import KPIS, LOGS, ORG, PLANS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Glance = tuple[tuple[str, int, int, int], ...]

_SETTLED = 0.05
"""Seconds without a further change after which a burst of them, as git makes, is over."""


def glance(root: Path) -> Glance:
    """What the files of a workspace look like from outside: name, time, size and number of each."""
    seen: list[tuple[str, int, int, int]] = []
    for name in (SETTINGS, ORG, KPIS):
        _look(root / name, seen)
    for folder in (PLANS, LOGS):
        for top, folders, files in os.walk(root / folder):
            folders.sort()
            for name in sorted(files):
                _look(os.path.join(top, name), seen)  # noqa: PTH118 # thousands of paths a second
    return tuple(seen)


def changes(
    root: Path,
    every: float,
    since: Glance,
    stopped: Callable[[], bool] = lambda: False,
    besides: Callable[[], object] = lambda: None,
) -> Iterator[None]:
    """Comes back each time the files have changed and settled, and never ends by itself.

    Args:
        root: the workspace's root.
        every: seconds between two looks.
        since: what the files looked like before they were read: a change made meanwhile is noticed too.
        stopped: asked before each look; ends it.
        besides: what else counts as a change when it is not what it was at the call, as the size of a terminal.
    """
    return _changes(root, every, since, stopped, besides, besides())


def _changes(
    root: Path,
    every: float,
    before: Glance,
    stopped: Callable[[], bool],
    besides: Callable[[], object],
    beside: object,
) -> Iterator[None]:
    while not stopped():
        time.sleep(every)
        now = glance(root)
        if now == before:
            if (other := besides()) != beside:
                beside = other
                yield
            continue
        while (later := _after(root, _SETTLED)) != now:
            now = later
        before = now
        yield


def _after(root: Path, seconds: float) -> Glance:
    time.sleep(seconds)
    return glance(root)


def _look(path: str | os.PathLike[str], seen: list[tuple[str, int, int, int]]) -> None:
    try:
        found = os.stat(path)  # noqa: PTH116 # thousands of paths a second
    except OSError:
        return
    seen.append((os.fspath(path), found.st_mtime_ns, found.st_size, found.st_ino))
