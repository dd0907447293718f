"""`okr log`: what its command line may say. `log_answer.py` answers it."""

from __future__ import annotations

from typing import Annotated

import typer

from okr.commands.completion import complete_subject
from okr.commands.log_answer import answer
from okr.commands.options import JsonOption

app = typer.Typer()


@app.command()
def log(
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="[REF]",
            help="An owner, ID/... with all below, an objective, a key result, or kpis/ID. "
            "[default: the whole workspace]",
            autocompletion=complete_subject,
        ),
    ] = None,
    *,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE|REV",
            help="From this day on, such as 2026-11-01 or yesterday; or committed after this revision.",
        ),
    ] = None,
    author: Annotated[
        str | None,
        typer.Option("--author", metavar="TEXT", help="By somebody whose name, address or id contains TEXT."),
    ] = None,
    cycle: Annotated[str | None, typer.Option("--cycle", metavar="CYCLE", help="This cycle only.")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Changes of plans only.")] = False,
    checkins: Annotated[bool, typer.Option("--checkins", help="Check-ins only.")] = False,
    most: Annotated[
        int | None, typer.Option("-n", "--max-count", metavar="N", min=0, help="At most N entries.")
    ] = None,
    as_json: JsonOption = False,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Do not page on a terminal.")] = False,
) -> int:
    """Tell what happened, the newest first.

    Check-ins with what they moved, and changes of plans: targets moved, titles reworded, key results added or
    dropped. Each with its day, its author and its commit. A check-in that was taken back counts nowhere, and
    its entry says when it was taken back.

    \b
    Examples:
      okr log                               the whole workspace
      okr log visits                        one key result
      okr log marketing --since 2026-11-01  one owner, from that day on
      okr log sales/... --plan              of a team and all below it
      okr log --plan --since main~20        how plans changed in 20 commits
      okr log --author alice -n 10
    """
    return answer(
        reference=reference, since=since, author=author, cycle=cycle, plan=plan, checkins=checkins, most=most,
        as_json=as_json, no_pager=no_pager,
    )  # fmt: skip
