"""`okr watch`: shows the progress of a cycle, and shows it anew whenever files change."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from okr.commands.options import CycleOption, OwnerOption, StateArgument

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

app = typer.Typer()


@app.command()
def watch(
    reference: StateArgument = None,
    cycle: CycleOption = None,
    owner: OwnerOption = None,
    every: Annotated[
        float, typer.Option(metavar="SECONDS", help="How often to look.", min=0.1, max=3600)
    ] = 1.0,
) -> None:
    """Show the progress of a cycle, anew whenever its files change.

    It fills the terminal until Ctrl-C, follows its size, and then leaves it as it was. If a file can't be read, it
    says so, and goes on.

    \b
    Examples:
      okr watch                      the current cycle, beside an editor
      okr watch marketing --every 5
    """
    from okr.commands.answering import console
    from okr.commands.running import invocation
    from okr.errors import UsageError
    from okr.operations.noticing import changes, glance
    from okr.sources import find_root

    if not sys.stdout.isatty():
        raise UsageError("there is no terminal to show it on", "use `okr status`, which shows it once")
    root = find_root(invocation().directory)
    shown = console()
    noticed = changes(root, every, glance(root), besides=lambda: shown.size)
    lines = _lines(shown, reference, cycle, owner)  # a wrong reference ends it before the terminal is taken
    with shown.screen(hide_cursor=True) as screen:
        while True:
            screen.update(_page(shown, lines))
            next(noticed)
            lines = _lines_or_error(shown, reference, cycle, owner)


def _lines(console: Console, reference: str | None, cycle: str | None, owner: str | None) -> list[Text | str]:
    from okr.commands.answering import answering
    from okr.commands.opening import open_workspace
    from okr.operations.overview import overview
    from okr.views.status import written_lines

    workspace = open_workspace()
    with answering(workspace):
        return list(
            written_lines(console, overview(workspace, reference=reference, cycle=cycle, owner=owner))
        )


def _lines_or_error(
    console: Console, reference: str | None, cycle: str | None, owner: str | None
) -> list[Text | str]:
    from okr.errors import OkrError
    from okr.views.errors import error_lines
    from okr.views.layout import indented
    from okr.views.terminal import cell

    try:
        return _lines(console, reference, cycle, owner)
    except OkrError as error:
        return [line for told in error_lines(error) for line in indented(console, cell(told))]


def _page(console: Console, lines: list[Text | str]) -> Text:
    """As much as the terminal shows, and at its foot what there is to know."""
    from datetime import datetime

    from rich.text import Text

    room = max(1, console.height - 2)
    shown = [line if isinstance(line, Text) else Text.from_ansi(line) for line in lines[:room]]
    left_out = len(lines) - len(shown)
    foot = f"{datetime.now().astimezone():%H:%M:%S} · Ctrl-C ends"
    if left_out:
        foot += f" · {left_out} more lines: name an owner to see less"
    blank = [Text()] * (room - len(shown))
    return Text("\n").join([*shown, *blank, Text(), Text(foot, style="dim")])
