"""`okr query`: asks a question in SQL, shows or writes the answer."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from okr.commands.formats import form_of
from okr.commands.options import AtOption, JsonFormatOption

if TYPE_CHECKING:
    from okr.operations.tables import Table

app = typer.Typer()


class Format(StrEnum):
    """How the answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


@app.command()
def query(
    question: Annotated[str, typer.Argument(metavar="SQL", help="One statement; - reads it from stdin.")],
    at: AtOption = None,
    as_format: Annotated[
        Format | None, typer.Option("--format", help="table, csv, json or parquet.", show_default="table")
    ] = None,
    as_json: JsonFormatOption = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where parquet goes.", show_default=False),
    ] = None,
) -> None:
    """Ask the whole workspace a question in SQL.

    The tables are objectives, key_results, checkins, kpis, people and plan_changes, over all cycles; scores are as
    of today. docs/tables.md has their columns. The engine is DuckDB, and it can't touch your files.

    \b
    Examples:
      okr query "select owner, avg(score) from key_results group by 1"
      okr query "select title, value from key_results where status = 'at risk'"
      okr query "select day, ref, note from checkins
                 where note ilike '%blocked%' order by 1 desc"
      okr query "from key_results" --format parquet -o key_results.parquet
    """
    from okr.commands.answering import answering, note_uncommitted
    from okr.commands.extras import require_extra
    from okr.commands.opening import open_workspace
    from okr.errors import UsageError

    form = form_of(as_format, Format.JSON, Format.TABLE, as_json=as_json)
    if (output is None) is (form is Format.PARQUET):
        raise UsageError(
            "--format parquet goes into a file, and nothing else does",
            "give both `--format parquet` and `-o FILE`",
        )
    require_extra("sql", "duckdb", "okr query")
    from okr.operations.publishing import refuse_our_own, write_file
    from okr.operations.querying import query as answer_to
    from okr.operations.querying import query_parquet

    asked = typer.get_text_stream("stdin").read() if question == "-" else question
    workspace = open_workspace(at)
    if output is not None:
        refuse_our_own(output, "file")
        with answering(workspace):
            content = query_parquet(workspace, asked)
        write_file(output, content)
    else:
        with answering(workspace):
            found = answer_to(workspace, asked)
        _show(found, form)
    if at is None:
        note_uncommitted()


def _show(found: Table, form: Format) -> None:
    from okr.commands.answering import console, print_json
    from okr.views.tables import csv_text, json_rows, show_table
    from okr.views.workflow_commands import for_log

    if form is Format.JSON:
        columns = [column.name for column in found.columns]
        print_json({"schema": 1, "columns": columns, "rows": json_rows(found)})
    elif form is Format.CSV:
        typer.echo(for_log(csv_text(found)), nl=False)
    else:
        show_table(console(), found)
