"""`okr report`: reads its arguments, gathers a cycle, and writes it for people who never type a command."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path  # noqa: TC003 # Typer reads the annotation at run time
from typing import Annotated

import typer

from okr.commands.completion import complete_cycle
from okr.commands.registry import at_option

app = typer.Typer()


class Format(StrEnum):
    """What a report is written as."""

    HTML = "html"


class Language(StrEnum):
    """The languages of a report."""

    EN = "en"
    FR = "fr"


@app.command()
def report(
    as_format: Annotated[
        Format, typer.Option("--format", help="html: a site of pages that open from disk.")
    ] = Format.HTML,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="The folder to write into.", show_default=False),
    ] = None,
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
    """Write a report for people who never type a command.

    As HTML: an overview, a page for each owner and objective, the alignment map, the review, KPIs, and whether the
    record can be trusted. It needs no server and no network. Only pages that changed are written, those of
    nobody any more are removed, and a file that okr did not make is never touched.

    \b
    Examples:
      okr report -o public                 the current cycle, to open public/index.html
      okr report -o public --at main       the same bytes for the same commit, on any day
      okr report -o site --cycle 2026-Q3 --language fr
    """  # noqa: D301 # `\b` keeps the help formatter from filling the examples into a paragraph
    from okr.commands.answering import answering, note_uncommitted
    from okr.commands.extras import require_extra
    from okr.commands.opening import open_workspace
    from okr.errors import UsageError

    if output is None:
        raise UsageError(f"--format {as_format} is many files", "name the folder they go to: `-o public`")
    require_extra("report", "jinja2", "okr report --format html")
    from okr.operations.publishing import publish
    from okr.operations.site import gather_site
    from okr.views.publishing import published_words
    from okr.views.site.pages import pages

    workspace = open_workspace(at)
    with answering(workspace):
        found = gather_site(
            workspace, cycle=cycle, language=language.value if language else None, audited=audit
        )
    published = publish(output, pages(found))
    typer.echo(published_words(output, published), err=True)
    if at is None:
        note_uncommitted()
