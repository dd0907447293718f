"""`okr schema`: reads which kinds of file are asked for, prints the schema or has the schemas written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def schema(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[plan|log|org|settings|kpis|cycle]",
            help="The kind of file; with --write, all kinds by default.",
        ),
    ] = None,
    *,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="DIR", help="Write <kind>.json into DIR instead of printing it."),
    ] = None,
) -> None:
    """Write the JSON Schema of a kind of file, for editors.

    Editors complete and check keys and values by it while you type. Draft 2020-12; it needs no network.

    \b
    Examples:
      okr schema plan                     print the schema of plans
      okr schema --write .okr/schema      write all six, as docs/editors.md tells
    """
    from okr.commands.answering import print_json
    from okr.commands.running import invocation
    from okr.errors import UsageError
    from okr.operations.schemas import KINDS, schema_of, write_schemas
    from okr.views.schemas import show_written

    if write is not None:
        folder = invocation().directory / write
        show_written(write_schemas(folder, tuple(KINDS) if kind is None else (kind,)), Path.cwd())
    elif kind is None:
        raise UsageError(
            "okr schema: which kind of file is meant?", f"name one of {', '.join(KINDS)}, or give --write DIR"
        )
    else:
        print_json(schema_of(kind))
