"""Sparing the end of a process the taking apart of all that it has made. Nothing else is collected: see `okr.cli.main`."""

from __future__ import annotations

_HELD: list[object] = []


def hold(thing: object) -> None:
    """Keeps a thing to the end of the process: taking apart what holds very many others takes long."""
    _HELD.append(thing)
