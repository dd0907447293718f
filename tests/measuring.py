"""What is measured of the coverage, and what is not, because measuring doubles the time that Python takes."""

from __future__ import annotations

import functools
import importlib
import os
import pkgutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MEASURING: dict[str, str] = {}
"""The variables with which a process measures itself; empty where nothing is measured."""


def measure_no_processes() -> None:
    """From now on a process that a test starts measures itself only where it is given `MEASURING`."""
    for name in [name for name in os.environ if name.startswith("COVERAGE_PROCESS_")]:
        MEASURING[name] = os.environ.pop(name)


@contextmanager
def nothing_measured() -> Iterator[None]:
    """Meanwhile not even a process that is given `MEASURING` measures itself."""
    held = dict(MEASURING)
    MEASURING.clear()
    try:
        yield
    finally:
        MEASURING.update(held)


@functools.cache
def import_everything() -> None:
    """Imports all modules of okr, also those that it imports when it needs them."""
    import okr

    for found in pkgutil.walk_packages(okr.__path__, "okr."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
