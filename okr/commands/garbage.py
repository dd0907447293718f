"""Doing without Python's garbage collector while an answer is worked out that keeps nearly all it makes."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


_HELD: list[object] = []


def hold(thing: object) -> None:
    """Keeps a thing to the end of the process, for to take apart what holds very many others takes long too."""
    _HELD.append(thing)


@contextmanager
def collector_paused() -> Iterator[None]:
    """A hundred thousand records live to the end; to look for rubbish among them again and again only costs."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
