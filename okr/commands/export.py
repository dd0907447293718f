"""`okr export`: writes the tables of the whole workspace as files, for a warehouse."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from okr.commands.options import AtOption, OwnerOption

app = typer.Typer()


class Format(StrEnum):
    """What each table is written as."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


@app.command()
def export(
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="DIR", help="The folder to write into.", show_default=False),
    ],
    as_format: Annotated[
        Format, typer.Option("--format", help="csv, jsonl for JSON lines, or parquet.")
    ] = Format.CSV,
    table: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this table; may be given again.", show_default="all"),
    ] = None,
    owner: OwnerOption = None,
    at: AtOption = None,
) -> None:
    """Write the tables of the whole workspace as files, for a data warehouse.

    One file for each of objectives, key_results, checkins, kpis, people and plan_changes, over all cycles.
    docs/tables.md has their columns. Only files that changed are written, and only files that okr made itself are
    removed.

    \b
    Examples:
      okr export -o warehouse
      okr export -o warehouse --format parquet --table checkins --table kpis
      okr export -o sales --owner sales/...   a team and all below it
    """
    from okr.commands.answering import answering, note_uncommitted
    from okr.commands.extras import require_extra
    from okr.commands.opening import open_workspace
    from okr.operations.publishing import publish
    from okr.operations.selecting import select_owners
    from okr.operations.tables import COLUMNS, tables
    from okr.views.publishing import exported_words
    from okr.views.tables import csv_text, json_lines

    if as_format is Format.PARQUET:
        require_extra("sql", "duckdb", "okr export --format parquet")
    workspace = open_workspace(at)
    with answering(workspace):
        whose = None if owner is None else select_owners(workspace, owner)
        found = tables(workspace, table or COLUMNS.keys(), whose=whose)
    if as_format is Format.PARQUET:
        from okr.operations.querying import parquet_bytes

        made = [(f"{each.name}.parquet", parquet_bytes(each)) for each in found]
    else:
        write = csv_text if as_format is Format.CSV else json_lines
        made = [(f"{each.name}.{as_format.value}", write(each).encode("utf-8", "replace")) for each in found]
    typer.echo(exported_words(output, publish(output, made, maker="export")), err=True)
    if at is None:
        note_uncommitted()
