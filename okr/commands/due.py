"""`okr due`: what its command line may say. `due_answer.py` answers it."""

from __future__ import annotations

from typing import Annotated

import typer

from okr.commands.completion import complete_owner_or_below
from okr.commands.due_answer import Format, answer
from okr.commands.options import AtOption, CycleOption, JsonFormatOption, PlainOption

app = typer.Typer()


@app.command()
def due(
    cycle: CycleOption = None,
    owner: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Only one team's or person's; ID/... with all below.",
            autocompletion=complete_owner_or_below,
        ),
    ] = None,
    mine: Annotated[
        bool, typer.Option("--mine", help="Only what you are asked for; git says who you are.")
    ] = False,
    at: AtOption = None,
    as_format: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="text, markdown (or md), json, or slack for a message there.",
            show_default="text",
        ),
    ] = None,
    as_json: JsonFormatOption = False,
    plain: PlainOption = False,
    check: Annotated[
        bool, typer.Option("--check", help="End with 1 if something is due, so that a job can remind people.")
    ] = False,
) -> int:
    """Show what needs a check-in, by person, and how late it is.

    A key result is due `checkin_every` days after its last check-in, or after the cycle's first day if it has none.
    It is asked of the person accountable, else of the team's lead. What is achieved is left out, and a KPI is asked
    for once, however many key results draw on it. Only a running cycle has anything due; of the other cycles that
    run, such as the year, it says how many are due there, and --check counts these as well. With --cycle, both are
    about that one alone.

    \b
    Examples:
      okr due
      okr due --mine
      okr due --format slack --check     for a job: 1 where something is due
      okr due --owner marketing --format markdown
      okr due --owner sales/...          a team's, and of all below it
      okr due --at 2026-11-16            what was due at the end of that day
    """
    return answer(
        cycle=cycle,
        owner=owner,
        mine=mine,
        at=at,
        as_format=as_format,
        as_json=as_json,
        plain=plain,
        check=check,
    )
