"""`okr badge`: writes the score of one thing as a small picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from okr.commands.completion import complete_any
from okr.commands.options import AtOption, CycleOption

app = typer.Typer()


@app.command()
def badge(
    reference: Annotated[
        str,
        typer.Argument(
            metavar="REF", help="An owner, an objective or a key result.", autocompletion=complete_any
        ),
    ],
    cycle: CycleOption = None,
    at: AtOption = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="The file to write.", show_default="stdout"),
    ] = None,
) -> None:
    """Write a score as an SVG badge, for a README or a wiki.

    \b
    Examples:
      okr badge marketing > marketing.svg
      okr badge brand/visits -o visits.svg
    """
    from okr.commands.answering import answering, note_uncommitted
    from okr.commands.opening import open_workspace
    from okr.operations.badges import badge as badge_of
    from okr.views.badge import badge_svg

    workspace = open_workspace(at)
    with answering(workspace):
        drawn = badge_svg(badge_of(workspace, reference, cycle=cycle))
    if output is None:
        typer.echo(drawn, nl=False)
    else:
        from okr.operations.publishing import write_file

        write_file(output, drawn.encode("utf-8", "replace"))
    if at is None:
        note_uncommitted()
