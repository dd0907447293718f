"""`okr show`: reads its arguments, gathers everything about one thing, shows it as text or JSON."""

from __future__ import annotations

from contextlib import ExitStack
from importlib import import_module
from typing import Annotated

import typer

from okr.commands.completion import complete_cycle, complete_reference
from okr.commands.registry import at_option, plain_option

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
    cycle: Annotated[
        str | None,
        typer.Option(metavar="CYCLE", help="Look in this cycle only.", autocompletion=complete_cycle),
    ] = None,
    at: Annotated[str | None, at_option()] = None,
    plain: Annotated[bool, plain_option()] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
) -> None:
    """Show one objective, key result or KPI whole.

    What its plan says, where it stands, what it supports and what supports it, a chart, and its check-ins
    with the score after each; those that were taken back are marked. A KPI, as kpis/ID, likewise.

    \b
    Examples:
      okr show visits                           an unambiguous tail will do
      okr show marketing/brand                  an objective
      okr show kpis/site-visits                 a KPI, and what draws on it
      okr show 2026-Q3/marketing/brand --json   of an earlier quarter
      okr show visits --at HEAD~20              as an earlier commit has it
    """
    from okr.commands.registry import invocation
    from okr.reading_ahead import reading_ahead
    from okr.sources import find_root

    root = find_root(invocation().directory)
    with ExitStack() as meanwhile:
        if at is None:
            meanwhile.enter_context(reading_ahead(str(root), "okrs", may_keep=invocation().cache))
            from okr.operations.looking import looking_at_logs

            meanwhile.enter_context(looking_at_logs(root))
        from okr.commands.answering import answering, console, note_uncommitted, print_json
        from okr.commands.opening import open_workspace
        from okr.operations.selecting import named_kpi
        from okr.operations.showing import Showing, showing
        from okr.operations.showing_kpi import KpiShowing, showing_kpi

        import_module("okr.views.show_json" if as_json else "okr.views.show")  # while the others work
        workspace = open_workspace(at)
        found: Showing | KpiShowing
        with answering(workspace):
            kpi = named_kpi(workspace, reference)
            if kpi is None:
                found = showing(workspace, reference, cycle=cycle)
            else:
                found = showing_kpi(workspace, kpi.definition, cycle=cycle)
        if as_json:
            from okr.views.show_json import kpi_json, show_json

            print_json(show_json(found) if isinstance(found, Showing) else kpi_json(found))
        elif isinstance(found, Showing):
            from okr.views.show import show_showing

            show_showing(console(plain=plain), found)
        else:
            from okr.views.show_kpi import show_kpi

            show_kpi(console(plain=plain), found)
        if at is None:
            note_uncommitted(root)
