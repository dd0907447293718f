"""`okr status`: what its command line may say. `status_answer.py` answers it."""

from __future__ import annotations

from typing import Annotated

import typer

from okr.commands.completion import complete_any_or_below
from okr.commands.registry import at_option, cycle_option, json_option, owner_option, plain_option
from okr.commands.status_answer import answer

app = typer.Typer()


@app.command()
def status(
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="[REF]",
            help="An owner, ID/... with all below, an objective or a key result; everything if left out.",
            autocompletion=complete_any_or_below,
            show_default=False,
        ),
    ] = None,
    cycle: Annotated[str | None, cycle_option()] = None,
    owner: Annotated[str | None, owner_option()] = None,
    mine: Annotated[
        bool, typer.Option("--mine", help="Only what you are accountable for; git says who you are.")
    ] = False,
    at: Annotated[str | None, at_option()] = None,
    plain: Annotated[bool, plain_option()] = False,
    as_json: Annotated[bool, json_option()] = False,
) -> int:
    """Show the progress of a cycle.

    Each objective and key result has its value beside the plan, a bar with the progress expected by today,
    its score, the forecast for the end of the cycle, people's confidence and a status.

    \b
    Examples:
      okr status                          the current cycle
      okr status marketing                one team
      okr status sales/...                a team, and all below it
      okr status brand/visits             one key result
      okr status --mine                   what you are accountable for
      okr status --cycle 2026-Q3 --json   an earlier quarter, for a program
      okr status --at 2026-11-01          as it stood at the end of that day
    """
    return answer(
        reference=reference, cycle=cycle, owner=owner, mine=mine, at=at, plain=plain, as_json=as_json
    )
