"""Every command's help: it fits a terminal of 80 columns, and shows how the command is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.main import get_command

from okr.cli import app
from okr.commands.registry import COMMANDS

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

_WIDTH = 80


def _commands() -> list[list[str]]:
    """All of them, with those within others."""
    root = get_command(app)
    found: list[list[str]] = [[]]
    for name in COMMANDS:
        command = root.get_command(None, name)  # type: ignore[attr-defined] # a group of ours
        inner = getattr(command, "commands", {})
        found += [[name], *([name, each] for each in inner)]
    return found


@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_help_fits_and_shows_examples(shell: Shell, command: list[str]) -> None:
    done = shell.okr(*command, "--help", COLUMNS=str(_WIDTH))
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line for line in lines if len(line) > _WIDTH] == []
    assert {"  Example:", "  Examples:"} & set(lines), done.out
    assert [line for line in lines if line.endswith("...") and not line.startswith("Usage: ")] == []
