"""`okr report`: reads its arguments, gathers a cycle, and writes it as a site to open in a browser."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path  # noqa: TC003 # Typer reads the annotation at run time
from typing import Annotated

import typer

from okr.commands.completion import complete_cycle
from okr.commands.registry import at_option

app = typer.Typer()


class Language(StrEnum):
    """The languages of a report."""

    EN = "en"
    FR = "fr"


@app.command()
def report(
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="DIR", help="The folder to write into.", show_default=False),
    ],
    cycle: Annotated[
        str | None,
        typer.Option(
            metavar="CYCLE", help="A cycle other than the current one.", autocompletion=complete_cycle
        ),
    ] = None,
    at: Annotated[str | None, at_option()] = None,
    language: Annotated[
        Language | None, typer.Option(help="Of the words.", show_default="that of okr.yaml")
    ] = None,
    audit: Annotated[
        bool, typer.Option("--audit/--no-audit", help="Audit the record for the page on it.")
    ] = True,
) -> None:
    """Write a cycle as a site: pages that open from disk and need no server.

    \b
    Examples:
      okr report -o public
    """  # noqa: D301 # `\b` keeps the help formatter from filling the examples into a paragraph
    from okr.commands.answering import answering
    from okr.commands.opening import open_workspace
    from okr.operations.publishing import publish
    from okr.operations.site import gather_site
    from okr.views.site.pages import pages

    workspace = open_workspace(at)
    with answering(workspace):
        found = gather_site(
            workspace, cycle=cycle, language=language.value if language else None, audited=audit
        )
    published = publish(output, pages(found))
    typer.echo(f"{published}", err=True)
