"""`okr validate`: reads its arguments, runs the rules, shows what they find."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

app = typer.Typer()


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"


@app.command()
def validate(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...", help="Report on these files and folders only. [default: the whole workspace]"
        ),
    ] = None,
    *,
    as_format: Annotated[
        Format, typer.Option("--format", help="text for people, json for programs.")
    ] = Format.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings as well.")] = False,
) -> int:
    """Check every file and explain what is wrong.

    The whole workspace is read, whichever PATHs are given: a mistake in one file may only show in another. A
    workspace's own folder will do as PATH from anywhere. No git is needed.

    Ends with 1 where there is an error (with --strict, also a warning), else with 0. Text names files as seen
    from the current folder; JSON names them as seen from the workspace's root, the same on every machine.

    \b
    Examples:
      okr validate                          the whole workspace
      okr validate okrs/2026-Q4             one cycle's plans
      okr validate --strict                 in CI: warnings fail as well
      okr validate --format json > found.json
    """  # noqa: D301 # `\b` keeps the help formatter from filling the examples into a paragraph
    import os

    from okr.commands.opening import workspace_at
    from okr.commands.registry import invocation
    from okr.operations.validating import select
    from okr.operations.validating import validate as run_rules

    asked = invocation()
    selection = select(asked.directory, paths or [])
    workspace = workspace_at(selection.root)
    validation = run_rules(workspace, selection)
    if as_format is Format.JSON:
        from okr.views.findings_json import findings_as_json

        typer.echo(findings_as_json(validation))
    else:
        from okr.views.findings_text import show_findings
        from okr.views.terminal import stdout

        def as_seen_from_here(path: str) -> str:
            return os.path.relpath(selection.root / path)

        show_findings(stdout(color=asked.color), validation, workspace.documents, as_seen_from_here)
    return 0 if validation.passes(strict=strict) else 1
