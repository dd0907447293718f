"""What `okr show` answers: gathers everything about one thing, shows it as text or JSON.

It needs no typer, as `log_answer.py`.
"""

from __future__ import annotations

from contextlib import ExitStack
from importlib import import_module

from okr.commands.plain_words import PlainWords
from okr.commands.running import invocation
from okr.reading_ahead import nothing_more_is_asked, reading_ahead
from okr.roots import PLANS
from okr.sources import find_root

PLAINLY = PlainWords(
    {
        "--cycle": ("cycle", str),
        "--at": ("at", str),
        "--plain": ("plain", None),
        "--json": ("as_json", None),
    },
    names=("reference",),
    required=1,
)


def answer(
    *,
    reference: str,
    cycle: str | None = None,
    at: str | None = None,
    plain: bool = False,
    as_json: bool = False,
) -> int:
    """Answers, and gives the exit status.

    Args:
        reference: the objective, key result or KPI that is shown.
        cycle: the only cycle that it is looked for in.
        at: the commit or day that is shown.
        plain: whether a screen reader reads it.
        as_json: whether a program reads it.

    Raises:
        OkrError: there is no answer.
    """
    root = find_root(invocation().directory)
    with ExitStack() as meanwhile:
        if at is None:
            meanwhile.enter_context(reading_ahead(str(root), PLANS, may_keep=invocation().cache))
        from okr.commands.answering import answering, console, note_uncommitted, print_json
        from okr.commands.opening import open_workspace
        from okr.operations.looking import looking_at_logs
        from okr.operations.selecting import named_kpi
        from okr.operations.showing import Showing, showing
        from okr.operations.showing_kpi import KpiShowing, showing_kpi

        if at is None:  # so late that of two processors git needs only the one that has just read ahead
            meanwhile.enter_context(looking_at_logs(root))
        import_module("okr.views.show_json" if as_json else "okr.views.show")  # while the others work
        workspace = open_workspace(at)
        found: Showing | KpiShowing
        with answering(workspace):
            kpi = named_kpi(workspace, reference)
            if kpi is None:
                found = showing(workspace, reference, cycle=cycle)
            else:
                found = showing_kpi(workspace, kpi.definition, cycle=cycle)
        nothing_more_is_asked(str(root))
        if as_json:
            from okr.views.show_json import kpi_json, show_json

            print_json(show_json(found) if isinstance(found, Showing) else kpi_json(found))
        elif isinstance(found, Showing):
            from okr.views.show import show_showing

            show_showing(console(plain=plain), found)
        else:
            from okr.views.show_kpi import show_kpi

            show_kpi(console(plain=plain), found)
        if at is None:
            note_uncommitted(root)
    return 0
