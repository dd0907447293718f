"""`okr import`: reads a table of objectives and key results, has it put into plans, shows what each got."""

from __future__ import annotations

from typing import Annotated

import typer

from okr.commands.completion import complete_cycle

app = typer.Typer()


@app.command()
def import_(
    source: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV, JSON, JSON lines or YAML; - for what is piped in.")
    ],
    cycle: Annotated[
        str | None,
        typer.Option(
            "--cycle",
            metavar="CYCLE",
            help="Where rows go that name none; the current one by default.",
            autocompletion=complete_cycle,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the changes as a diff, and write nothing.")
    ] = False,
) -> None:
    """Add the objectives and key results of a spreadsheet.

    A row stands for a key result. Save the sheet as CSV; a cell left empty under owner, objective and cycle is as
    in the row above. Either all rows are added, or none; check the plans then, and commit them.

    Columns: owner (or team), cycle, objective, why, type, supports; key_result, from (or start, baseline), to (or
    target), unit, at_least, at_most, commit, stretch, milestones (signed=0.3; live=1), kpi, weight, accountable,
    tags. The values of `current` are shown as check-ins to type; other columns are left out. A number may bear its
    currency or unit; `done` as the target makes a yes or no.

    \b
    Examples:
      okr import goals.csv --dry-run        what would be added, as a diff
      okr import goals.csv --cycle 2027-Q1
    """
    from pathlib import Path

    from okr.commands.answering import answering
    from okr.commands.opening import workspace_at
    from okr.commands.running import invocation
    from okr.commands.sent import read_sent
    from okr.operations.adding.importing import import_plans, write_import
    from okr.sources import find_root
    from okr.views.importing import show_import

    root = find_root(invocation().directory)
    workspace = workspace_at(root)
    with answering(workspace):
        imported = import_plans(workspace, *read_sent(source), cycle=cycle)
    if not dry_run:
        write_import(root, imported)
    show_import(imported, root, Path.cwd(), dry_run=dry_run)
