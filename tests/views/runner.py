"""GitHub's runner as far as it reads commands from a step's output, by both of its notations."""

from __future__ import annotations

import re
from typing import NamedTuple


class Command(NamedTuple):
    """A command that the runner would carry out."""

    name: str
    properties: dict[str, str]
    message: str


def commands(output: str) -> list[Command]:
    """The commands in an output, line by line; `::stop-commands::` is not carried out."""
    return [found for line in re.split(r"\r\n|\r|\n", output) if (found := _command(line)) is not None]


def _command(line: str) -> Command | None:
    if line.lstrip().startswith("::"):
        head, separator, message = line.lstrip()[2:].partition("::")
        return _read(head, message) if separator else None
    _, found, rest = line.partition("##[")
    if not found or "]" not in rest:
        return None
    head, _, message = rest.partition("]")
    return _read(head, message)


def _read(head: str, message: str) -> Command:
    name, _, given = head.strip().partition(" ")
    properties = dict(each.split("=", 1) for each in given.split(",") if "=" in each)
    return Command(
        name,
        {key: _plain(value.replace("%3A", ":").replace("%2C", ",")) for key, value in properties.items()},
        _plain(message),
    )


def _plain(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
