"""`okr due`: reads its arguments, works out what needs a check-in, shows it in one of four formats."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from okr.commands.completion import complete_owner
from okr.commands.registry import at_option, cycle_option, form_of, plain_option

app = typer.Typer()


class Format(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    SLACK = "slack"


@app.command()
def due(
    cycle: Annotated[str | None, cycle_option()] = None,
    owner: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Only one team's or person's.", autocompletion=complete_owner),
    ] = None,
    mine: Annotated[
        bool, typer.Option("--mine", help="Only what you are asked for; git says who you are.")
    ] = False,
    at: Annotated[str | None, at_option()] = None,
    as_format: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="text, markdown (or md), json, or slack for a message there.",
            show_default="text",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    plain: Annotated[bool, plain_option()] = False,
    check: Annotated[
        bool, typer.Option("--check", help="End with 1 where something is due, so that a job can remind.")
    ] = False,
) -> int:
    """Show what needs a check-in, by person, and how late it is.

    A key result is due `checkin_every` days after its last check-in, or after the cycle's first day where it
    has none. It is asked of the person accountable, else of the team's lead. What is achieved is left out,
    and a KPI is asked for once, however many key results draw on it. Only a running cycle has anything due.

    \b
    Examples:
      okr due
      okr due --mine
      okr due --format slack --check     for a job: 1 where something is due
      okr due --owner marketing --format markdown
      okr due --at 2026-11-16            what was due at the end of that day
    """
    from okr.commands.answering import answering, console, note_uncommitted, print_json
    from okr.commands.opening import open_workspace
    from okr.operations.due import due_checkins

    form = form_of(as_format, Format.JSON, Format.TEXT, as_json=as_json)
    workspace = open_workspace(at)
    with answering(workspace):
        person = None
        if mine:
            from okr.operations.identity import current_person

            person = current_person(workspace)
        found = due_checkins(workspace, cycle=cycle, owner=owner, person=person)
    if form is Format.JSON:
        from okr.views.due import due_json

        print_json(due_json(found))
    elif form is Format.TEXT:
        from okr.views.due_text import show_due

        show_due(console(plain=plain), found)
    else:
        from okr.views.due import markdown, slack

        typer.echo(markdown(found) if form is Format.MARKDOWN else slack(found))
    if at is None:
        note_uncommitted()
    return 1 if check and found.due else 0
