"""What `okr status` answers: works out the overview, shows it as text or JSON.

It needs no typer, as `log_answer.py`.
"""

from __future__ import annotations

from contextlib import nullcontext

from okr.commands.plain_words import PlainWords
from okr.commands.running import invocation
from okr.sources import find_root

PLAINLY = PlainWords(
    {
        "--cycle": ("cycle", str),
        "--owner": ("owner", str),
        "--mine": ("mine", None),
        "--at": ("at", str),
        "--plain": ("plain", None),
        "--json": ("as_json", None),
    },
    names="reference",
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
        from okr.operations.overview import overview

        workspace = open_workspace(at)
        with answering(workspace):
            person = None
            if mine:
                from okr.operations.identity import current_person

                person = current_person(workspace)
            found = overview(workspace, reference=reference, cycle=cycle, owner=owner, person=person)
        if as_json:
            from okr.views.status_json import status_json

            print_json(status_json(found))
        else:
            from okr.views.status import show_status

            show_status(console(plain=plain), found)
        if at is None:
            note_uncommitted(root)
    return 0
