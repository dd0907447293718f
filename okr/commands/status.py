"""`okr status`: what its command line may say. `status_answer.py` answers it."""

from __future__ import annotations

import typer

from okr.commands.options import (
    AtOption,
    CycleOption,
    JsonOption,
    MineOption,
    OwnerOption,
    PlainOption,
    StateArgument,
)
from okr.commands.status_answer import answer

app = typer.Typer()


@app.command()
def status(
    reference: StateArgument = None,
    cycle: CycleOption = None,
    owner: OwnerOption = None,
    mine: MineOption = False,
    at: AtOption = None,
    plain: PlainOption = False,
    as_json: JsonOption = False,
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
