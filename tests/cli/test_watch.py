"""`okr watch` in a terminal: it shows what changes while it runs, and gives the terminal back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.terminal import CTRL_C, Terminal

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

PLAN = "okrs/2026-Q4/marketing.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"


def test_it_shows_what_changes_until_it_is_stopped(workspace: Shell) -> None:
    terminal = Terminal(workspace, "watch", "marketing/brand", "--every", "0.1", rows=24)
    terminal.shows("47,500 visits (42,000 → 100,000)")
    terminal.shows("Ctrl-C ends")
    log = workspace.read(LOG)
    workspace.write({LOG: log + "- {date: 2026-11-20, kr: brand/visits, value: 61000}\n"})
    terminal.shows("61,000 visits (42,000 → 100,000)")
    plan = workspace.read(PLAN)
    workspace.write({PLAN: "objectives: [\n"})
    terminal.shows("The workspace has 1 error that keeps okr from an answer.")
    workspace.write({PLAN: plan.replace("to: 100000", "to: 80000")})
    terminal.shows("61,000 visits (42,000 → 80,000)")
    terminal.type(CTRL_C)
    assert terminal.ends() == 130
    assert b"\x1b[?1049h" in terminal.raw
    assert b"\x1b[?1049l" in terminal.raw  # the terminal is given back


def test_what_does_not_fit_is_counted(workspace: Shell) -> None:
    terminal = Terminal(workspace, "watch", "--every", "0.1", rows=10)
    terminal.shows("more lines: name an owner to see less")
    terminal.type(CTRL_C)
    assert terminal.ends() == 130


def test_it_takes_the_room_that_the_terminal_has_now(workspace: Shell) -> None:
    last = workspace.okr("status").out.rstrip().splitlines()[-1]
    terminal = Terminal(workspace, "watch", "--every", "0.1", rows=10)
    terminal.shows("more lines: name an owner to see less")
    assert last not in terminal.text
    terminal.resize(80, 100)
    terminal.shows(last)
    terminal.type(CTRL_C)
    assert terminal.ends() == 130


def test_without_a_terminal_or_with_a_wrong_reference_it_does_not_start(workspace: Shell) -> None:
    outcome = workspace.okr("watch")
    assert (outcome.status, outcome.out) == (2, "")
    assert "use `okr status`" in outcome.err.lower()
    terminal = Terminal(workspace, "watch", "nothing")
    assert terminal.ends() == 2
    assert b"\x1b[?1049h" not in terminal.raw
