"""What somebody gets who has not read the list of commands: the help, or what does here what was typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command

from okr import __version__
from okr.cli import app
from okr.commands.misread import OTHER_OPTIONS, OTHER_WORDS
from okr.commands.registry import COMMANDS

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


def test_help_and_version_are_commands_too(shell: Shell) -> None:
    assert shell.okr("help") == shell.okr("--help")
    assert shell.okr("help", "checkin") == shell.okr("checkin", "--help")
    assert shell.okr("help", "kpi", "record") == shell.okr("kpi", "record", "--help")
    assert shell.okr("help", "chekin").err == (
        "error: okr has no command “chekin”.\n  Did you mean `okr checkin`?\n"
    )
    assert shell.okr("version").out == f"okr {__version__}\n"


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ("add", "`okr new` adds an objective, a key result, a team, a person or a KPI."),
        ("Edit", "Goals stand in okrs/CYCLE/OWNER.yaml: edit that file, then `okr validate`."),
        ("ls", "`okr status` shows the goals, `okr cycle list` the cycles, `okr kpi list` the KPIs."),
        ("okr203", "`okr explain OKR203` explains that rule."),
        ("new kr", "Did you mean `okr new key-result`?"),
        ("new it's", "`okr new --help` lists the commands."),
        ("kpi add", "`okr new kpi` adds one."),
        ("kpi lst", "Did you mean `okr kpi list`?"),
    ],
)
def test_another_word_for_a_command_gets_the_command(shell: Shell, typed: str, remedy: str) -> None:
    *parent, name = typed.split(" ")
    outcome = shell.okr(*parent, name)
    said = f"`okr {parent[0]}`" if parent else "okr"
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == f"error: {said} has no command “{name}”.\n  {remedy}\n"


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["status", "--format", "json"], "Did you mean `--json`? `okr status --help` explains it."),
        (["status", "--quarter", "Q4"], "Did you mean `--cycle`? `okr status --help` explains it."),
        (["checkin", "x", "--message", "y"], "Did you mean `--note`? `okr checkin --help` explains it."),
        (["rules", "OKR203"], "`okr explain RULE` explains one of them."),
        (["tree", "--quarters"], "Usage: `okr tree [OPTIONS] [REF]`; `okr tree --help` explains it."),
        (
            ["checkin", "visits", "14k", "The page is live"],
            "One key result and its value at a time: a note goes behind -m, in quotes; `okr checkin --from FILE` records many.",
        ),
    ],
)  # fmt: skip
def test_another_word_for_an_option_gets_the_option(shell: Shell, arguments: list[str], remedy: str) -> None:
    outcome = shell.okr(*arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.splitlines()[1:] == [f"  {remedy}"]


def test_no_other_word_is_a_command_and_what_is_proposed_exists() -> None:
    root: Any = get_command(app)
    for word, remedy in OTHER_WORDS.items():
        *parent, name = word.split(" ")
        if parent:
            assert name not in root.get_command(None, parent[0]).commands
        assert word not in COMMANDS
        for command in re.findall(r"`okr (.*?)`", remedy):
            assert re.split(" ", command)[0] in {*COMMANDS, "--install-completion"}
    options = {name for each in COMMANDS for name in _options(root.get_command(None, each))}
    assert {each for proposed in OTHER_OPTIONS.values() for each in proposed} <= options


def _options(command: Any) -> set[str]:
    found = {name for each in command.params for name in each.opts}
    for below in getattr(command, "commands", {}).values():
        found |= _options(below)
    return found
