"""`okr tui`: browse a cycle and check in, on the whole screen."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import Annotated

import typer

from okr.commands.completion import complete_any
from okr.commands.options import CycleOption, MineOption

app = typer.Typer()


class Theme(StrEnum):
    """The colours of the screen."""

    DARK = "dark"
    LIGHT = "light"


@app.command()
def tui(
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="[REF]",
            help="An owner, an objective or a key result to begin at.",
            autocompletion=complete_any,
            show_default=False,
        ),
    ] = None,
    cycle: CycleOption = None,
    mine: MineOption = False,
    theme: Annotated[
        Theme | None, typer.Option(help="Colours; by default as the terminal says it is.", show_default=False)
    ] = None,
) -> None:
    """Browse a cycle and check in, on the whole screen.

    Owners, objectives and key results on the left; on the right what `okr show` says of the one under the cursor,
    with its chart and its check-ins. You type a check-in into a small form, and it becomes one commit, as with
    `okr checkin`. The screen follows the files. The key ? explains the others.

    \b
    Examples:
      okr tui                   the current cycle
      okr tui marketing/brand   beginning there
      okr tui --mine            what you are accountable for
    """
    from okr.commands.extras import require_extra
    from okr.commands.running import invocation
    from okr.errors import UsageError
    from okr.sources import find_root

    require_extra("tui", "textual", "okr tui")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "there is no terminal to browse on",
            "use `okr status`, `okr show REF` and `okr checkin REF VALUE`",
        )
    root = find_root(invocation().directory)
    from okr.commands.tui_desk import FileDesk
    from okr.views.tui.app import Tui

    desk = FileDesk(root)
    # Whatever is wrong with the command line or the files is said before the terminal is taken.
    found = desk.look(cycle, mine=mine)
    at = None
    if reference is not None:
        place = desk.find(reference, found.frame.cycle.name)
        at, found = place.key, desk.look(place.cycle, mine=mine)
    if invocation().color is False:
        os.environ["NO_COLOR"] = "1"
    shown = Tui(desk, found, at=at, mine=mine, light=_is_light(theme))
    shown.run()
    if shown.failure is not None:
        raise shown.failure
    if shown.interrupted:
        raise KeyboardInterrupt


def _is_light(theme: Theme | None) -> bool:
    """Whether dark letters on a light ground are wanted: asked for, or what the terminal says of itself.

    Some terminals tell the colours of their letters and their ground, as numbers, in COLORFGBG.
    """
    if theme is not None:
        return theme is Theme.LIGHT
    ground = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return ground in {"7", "15"}
