"""`okr status`: reads its arguments, works out the overview, shows it as text or JSON."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated

import typer

from okr.commands.completion import complete_any
from okr.commands.registry import at_option, cycle_option, owner_option, plain_option

app = typer.Typer()


@app.command()
def status(
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="[REF]",
            help="An owner, an objective or a key result; everything if left out.",
            autocompletion=complete_any,
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
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
) -> None:
    """Show the progress of a cycle.

    Each objective and key result has its value beside the plan, a bar with the progress expected by today,
    its score, the forecast for the end of the cycle, people's confidence and a status.

    \b
    Examples:
      okr status                          the current cycle
      okr status marketing                one team
      okr status brand/visits             one key result
      okr status --mine                   what you are accountable for
      okr status --cycle 2026-Q3 --json   an earlier quarter, for a program
      okr status --at 2026-11-01          as it stood at the end of that day
    """
    from okr.commands.registry import invocation
    from okr.operations.looking import looking_at_logs
    from okr.sources import find_root

    root = find_root(invocation().directory)
    with looking_at_logs(root) if at is None else nullcontext():
        from okr.commands.answering import answering, console, note_uncommitted, print_json
        from okr.commands.opening import open_workspace
        from okr.operations.overview import overview

        workspace = open_workspace(at)
        with answering(workspace):
            person = None
            if mine:
                from okr.operations.identity import current_person

                person = current_person(workspace)
            found = overview(workspace, reference=reference, cycle=cycle, owner=owner, person=person)
        if as_json:
            from okr.views.status_json import status_json

            print_json(status_json(found))
        else:
            from okr.views.status import show_status

            show_status(console(plain=plain), found)
        if at is None:
            note_uncommitted(root)
