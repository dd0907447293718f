"""What `okr status` answers: works out the overview, shows it as text or JSON.

It needs no typer, as `log_answer.py`.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

from okr.commands.plain_words import PlainWords
from okr.commands.running import invocation
from okr.sources import find_root

if TYPE_CHECKING:
    from rich.console import Console

    from okr.operations.everybody import Everybody
    from okr.workspace import Workspace

PLAINLY = PlainWords(
    {
        "--cycle": ("cycle", str),
        "--owner": ("owner", str),
        "--mine": ("mine", None),
        "--at": ("at", str),
        "--plain": ("plain", None),
        "--json": ("as_json", None),
    },
    names=("reference",),
)


def answer(
    *,
    reference: str | None = None,
    cycle: str | None = None,
    owner: str | None = None,
    mine: bool = False,
    at: str | None = None,
    plain: bool = False,
    as_json: bool = False,
) -> int:
    """Answers, and gives the exit status.

    Args:
        reference: the owner, objective or key result that is asked about; everything if left out.
        cycle: the cycle that is asked about; the current one if left out.
        owner: the only owner whose plan is asked about.
        mine: whether only what the user is accountable for is asked about.
        at: the commit or day that is shown.
        plain: whether a screen reader reads it.
        as_json: whether a program reads it.

    Raises:
        OkrError: there is no answer.
    """
    from okr.operations.looking import looking_at_logs

    root = find_root(invocation().directory)
    with looking_at_logs(root) if at is None else nullcontext():
        from okr.commands.answering import answering, console, note_uncommitted, print_json
        from okr.commands.opening import open_workspace
        from okr.model import CycleState
        from okr.operations.overview import Overview, overview

        workspace = open_workspace(at)
        found: Overview | Everybody[str] | None = None
        with answering(workspace):
            if reference is None and owner is None and not mine:
                found = _everybody(workspace, cycle, None if as_json else console(plain=plain))
            if found is None:
                person = None
                if mine:
                    from okr.operations.identity import current_person

                    person = current_person(workspace)
                found = overview(workspace, reference=reference, cycle=cycle, owner=owner, person=person)
        if not isinstance(found, Overview):
            _show_everybody(found, None if as_json else console(plain=plain))
        elif as_json:
            from okr.views.status_json import status_json

            print_json(status_json(found))
        else:
            from okr.views.status import show_status

            show_status(console(plain=plain), found)
        if at is None:
            note_uncommitted(root)
            if found.frame.state is CycleState.CLOSED:
                from okr.commands.answering import note_uncommitted_closing

                note_uncommitted_closing(workspace, found.frame.cycle.name)
    return 0


def _everybody(workspace: Workspace, cycle: str | None, page: Console | None) -> Everybody[str] | None:
    """Everybody's progress as text, or as JSON where there is no page for it, where several processes work it out."""
    from okr.operations.assessing import processes_for_plans

    shown = workspace.cycle_asked(cycle)
    count = processes_for_plans(workspace, (shown.name,))
    if count == 1:
        return None
    from okr.operations.everybody import tell_everybody

    if page is None:
        from okr.views.status_json import owner_text

        return tell_everybody(workspace, shown, count, lambda _: owner_text)
    from okr.views.status import teller

    return tell_everybody(workspace, shown, count, partial(teller, page))


def _show_everybody(found: Everybody[str], page: Console | None) -> None:
    if page is None:
        from okr.views.status_json import everybody_text

        sys.stdout.write(everybody_text(found) + "\n")
    else:
        from okr.views.status import show_everybody

        show_everybody(page, found)
