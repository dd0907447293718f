"""`okr diff`: what its command line may say. `diff_answer.py` answers it."""

from __future__ import annotations

from typing import Annotated

import typer

from okr.commands.completion import complete_cycle, complete_subject
from okr.commands.diff_answer import Format, answer
from okr.commands.options import JsonFormatOption, PlainOption

app = typer.Typer()


@app.command()
def diff(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[BASE[..HEAD]] [REF]...",
            help="Two revisions, or one to compare the working tree with; and owners (ID/... with all below), objectives, "
            "key results, KPIs or files, to see no more than them. [default: HEAD]",
            autocompletion=complete_subject,
            show_default=False,
        ),
    ] = None,
    *,
    cycle: Annotated[
        str | None,
        typer.Option("--cycle", metavar="CYCLE", help="This cycle only.", autocompletion=complete_cycle),
    ] = None,
    as_format: Annotated[
        Format | None,
        typer.Option("--format", metavar="FORMAT", help="text (the default), markdown, json or html."),
    ] = None,
    as_json: JsonFormatOption = False,
    plain: PlainOption = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 1 if anything changed.")] = False,
) -> int:
    """Show what changes in our goals between two revisions.

    Objectives and key results that were added, dropped, moved, reworded or aimed elsewhere; check-ins and scores;
    and what that does to limits and alignment. Comments, order and layout don't count as changes. Both sides are
    read from git, as of the same day; nothing is checked out.

    BASE alone is compared with the working tree. BASE..HEAD compares two revisions, BASE...HEAD what HEAD brings
    since the two parted, as a pull request does. A revision may be a day, which means the last commit of the
    current branch on or before it.

    \b
    Examples:
      okr diff                       what is not committed yet
      okr diff main...               what this branch brings
      okr diff main marketing        one owner, against the working tree
      okr diff main... sales/...     a team and all below it
      okr diff 2026-10-01..HEAD brand/visits
      okr diff main... --format markdown > comment.md
    """
    return answer(
        names=names or [], cycle=cycle, as_format=as_format, as_json=as_json, plain=plain, exit_code=exit_code
    )
