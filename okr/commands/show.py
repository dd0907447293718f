"""`okr show`: what its command line may say. `show_answer.py` answers it."""

from __future__ import annotations

from typing import Annotated

import typer

from okr.commands.completion import complete_reference
from okr.commands.options import AtOption, JsonOption, OnlyCycleOption, PlainOption
from okr.commands.show_answer import answer

app = typer.Typer()


@app.command()
def show(
    reference: Annotated[
        str,
        typer.Argument(
            metavar="REF",
            help="An objective, a key result, or kpis/ID for a KPI.",
            autocompletion=complete_reference,
        ),
    ],
    cycle: OnlyCycleOption = None,
    at: AtOption = None,
    plain: PlainOption = False,
    as_json: JsonOption = False,
) -> int:
    """Show one objective, key result or KPI whole.

    What its plan says, where it stands, what it supports and what supports it, a chart, and its check-ins
    with the score after each; those that were taken back are marked. A KPI, as kpis/ID, likewise.

    \b
    Examples:
      okr show visits                           the end of a reference is enough
      okr show marketing/brand                  an objective
      okr show kpis/site-visits                 a KPI, and what draws on it
      okr show 2026-Q3/marketing/brand --json   of an earlier quarter
      okr show visits --at HEAD~20              as an earlier commit has it
    """
    return answer(reference=reference, cycle=cycle, at=at, plain=plain, as_json=as_json)
