"""`okr tree`: reads its arguments, works out the alignment, shows it as text or JSON."""

from __future__ import annotations

from typing import Annotated

import typer

from okr.commands.completion import complete_any_or_below
from okr.commands.options import AtOption, CycleOption, JsonOption, PlainOption

app = typer.Typer()


@app.command()
def tree(
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="[REF]",
            help="An owner, ID/... with all below, an objective or a key result: what it supports and what supports it.",
            autocompletion=complete_any_or_below,
            show_default=False,
        ),
    ] = None,
    cycle: CycleOption = None,
    at: AtOption = None,
    plain: PlainOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show how objectives are aligned.

    Each objective stands below what it supports, with its own score: what supports an objective is shown beside its
    score, never mixed into it. An objective that supports several is shown whole under the first, and as a pointer
    under the others.

    \b
    Examples:
      okr tree                   the current cycle, and the year above it
      okr tree marketing/brand   one objective, with what is above and below it
      okr tree sales/...         a team and all below it
      okr tree --cycle 2026      everything in a year
      okr tree --json            the same, for a program
      okr tree --at plan-2027    as a branch has it
    """
    from okr.commands.answering import answering, console, note_uncommitted, print_json
    from okr.commands.opening import open_workspace
    from okr.operations.alignment import tree as tree_of

    workspace = open_workspace(at)
    with answering(workspace):
        found = tree_of(workspace, reference=reference, cycle=cycle)
    if as_json:
        from okr.views.tree_json import tree_json

        print_json(tree_json(found))
    else:
        from okr.views.tree import show_tree

        show_tree(console(plain=plain), found)
    if at is None:
        note_uncommitted()
