"""`okr report`: reads its arguments, gathers a cycle, and writes it for people who never type a command."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from okr.commands.completion import complete_owner_or_below
from okr.commands.options import AtOption, CycleOption, LanguageOption

app = typer.Typer()


class Format(StrEnum):
    """What a report is written as."""

    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    ICS = "ics"


@app.command()
def report(
    as_format: Annotated[
        Format,
        typer.Option(
            "--format",
            help="html: a site of pages; markdown, json, csv: text; xlsx: a workbook; ics: for calendars.",
        ),
    ] = Format.HTML,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            show_default="stdout, for text",
            help="The file to write, or for html the folder.",
        ),
    ] = None,
    digest: Annotated[bool, typer.Option("--digest", help="With markdown: the week in a few lines.")] = False,
    table: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="With csv: which table.", show_default="key_results"),
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Only this team's or person's part, with ID/... that of all below too; not with html, which has a page for each.",
            autocompletion=complete_owner_or_below,
        ),
    ] = None,
    cycle: CycleOption = None,
    at: AtOption = None,
    language: LanguageOption = None,
    audit: Annotated[
        bool, typer.Option("--audit/--no-audit", help="Audit the record for the page on it.")
    ] = True,
) -> None:
    """Write a report for people who never type a command.

    As html: an overview, a page for each owner and objective, the alignment map, the review, KPIs, and whether the
    record can be trusted; it needs no server and no network. Only pages that may have changed are made (--no-cache
    makes all of them), pages that are no longer needed are removed, and files that okr did not make are never
    touched. markdown is for a wiki, with --digest for a chat or an e-mail; json, csv and xlsx hold the tables of
    the cycle; ics reviews and due dates.

    \b
    Examples:
      okr report -o public                       then open public/index.html
      okr report -o public --at main             the same bytes on any day
      okr report --format markdown --digest      the week in a few lines
      okr report --format xlsx --owner sales/... -o sales.xlsx
      okr report --format csv --table checkins   for a spreadsheet
      okr report --format ics --owner alice -o alice.ics
    """
    from okr.commands import report_files
    from okr.commands.answering import note_uncommitted
    from okr.commands.opening import open_workspace

    asked = report_files.Asked(
        as_format.value, output, cycle, language.value if language else None, audit, digest, table, owner
    )
    report_files.check(asked)
    workspace = open_workspace(at)
    if as_format is Format.HTML:
        report_files.write_site(workspace, asked)
    else:
        report_files.write_one(workspace, asked)
    if at is None:
        note_uncommitted()
