"""`okr validate`: reads its arguments, runs the rules, shows what they find."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def validate() -> None:
    """Check every file and explain what is wrong."""
    from okr.commands.opening import open_workspace
    from okr.rules.engine import diagnose

    for diagnostic in diagnose(open_workspace()):
        typer.echo(f"{diagnostic.code} {diagnostic.finding.path} {diagnostic.finding.message}")
