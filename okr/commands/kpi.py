"""`okr kpi`: lists the KPIs, shows one, records a measurement, makes a key result of one. Each calls one operation."""

from __future__ import annotations

from typing import Annotated

import typer

from okr.commands.checkin import CheckInCommand
from okr.commands.completion import (
    complete_cycle,
    complete_kpi,
    complete_objective,
    complete_owner,
)
from okr.commands.options import (
    AtOption,
    ByOption,
    DateOption,
    DiffDryRunOption,
    DryRunOption,
    JsonOption,
    NoCommitOption,
    NoteOption,
    PlainOption,
    PushOption,
    WeightOption,
)

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Id = Annotated[
    str, typer.Argument(metavar="ID", help="The KPI, as kpis.yaml calls it.", autocompletion=complete_kpi)
]


@app.callback()
def kpi() -> None:
    """Watch the KPIs: list and show them, record a measurement, make a key result of one.

    A KPI is measured all year round and kept within bounds; it is no key result, but can supply the numbers of one.
    `okr new kpi` adds one to kpis.yaml.

    \b
    Examples:
      okr kpi list --unhealthy
      okr kpi show churn
      okr kpi record churn 4.1% -m "Two large customers left"
      okr kpi promote churn --objective marketing/keep
    """


@app.command("list")
def list_(
    unhealthy: Annotated[
        bool, typer.Option("--unhealthy", help="Only those outside their bounds, or never measured.")
    ] = False,
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner", metavar="ID", help="Only those in the care of ID.", autocompletion=complete_owner
        ),
    ] = None,
    at: AtOption = None,
    plain: PlainOption = False,
    as_json: JsonOption = False,
) -> None:
    """List the KPIs: their bounds, their trends, what draws on them.

    Those outside their bounds come first, then those that nobody has ever measured. The line of blocks has the values
    of the last year; a trend is told by the last three of them.

    \b
    Examples:
      okr kpi list
      okr kpi list --unhealthy --owner marketing
      okr kpi list --json
    """
    from okr.commands.answering import answering, console, note_uncommitted, print_json
    from okr.commands.opening import open_workspace
    from okr.operations.kpis import kpi_list

    workspace = open_workspace(at)
    with answering(workspace):
        found = kpi_list(workspace, owner=owner, unhealthy=unhealthy)
    if as_json:
        from okr.views.kpis_json import kpis_json

        print_json(kpis_json(found))
    else:
        from okr.views.kpis import show_kpis

        show_kpis(console(plain=plain), found)
    if at is None:
        note_uncommitted()


@app.command()
def show(
    id_: Id,
    cycle: Annotated[
        str | None,
        typer.Option("--cycle", metavar="CYCLE", help="Only this cycle's.", autocompletion=complete_cycle),
    ] = None,
    at: AtOption = None,
    plain: PlainOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show one KPI whole, as `okr show kpis/ID` does.

    \b
    Example:
      okr kpi show churn
    """
    from okr.commands.show_answer import answer

    answer(reference=_reference(id_), cycle=cycle, at=at, plain=plain, as_json=as_json)


@app.command(cls=CheckInCommand)
def record(
    id_: Id,
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="61000, 61k, 1.2M, +500, -500, =-500 or 45%.")
    ],
    note: NoteOption = None,
    date: DateOption = None,
    by: ByOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Correct your last measurement, or the one of --date.")
    ] = False,
    no_commit: NoCommitOption = False,
    dry_run: DryRunOption = False,
    push: PushOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record a measurement as a commit, as `okr checkin kpis/ID` does.

    Every key result that draws on the KPI moves, and is named with its score before and after.

    \b
    Examples:
      okr kpi record churn 4.1%
      okr kpi record site-visits +500 --date 2026-11-20
      okr kpi record site-visits 61k --replace
    """
    from okr.commands.checkin_answer import answer

    answer(
        reference=_reference(id_), value=value, note=note, date=date, by=by,
        replace=replace, no_commit=no_commit, dry_run=dry_run, push=push, as_json=as_json,
    )  # fmt: skip


@app.command()
def promote(
    id_: Id,
    objective: Annotated[
        str | None,
        typer.Option(
            "--objective",
            metavar="REF",
            help="The objective it goes into; without it, the draft is only shown.",
            autocompletion=complete_objective,
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--to", metavar="N", help="The target; the bound that it is outside of by default."),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="Its title; made from the KPI by default.")
    ] = None,
    key_result: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Its id; the KPI's by default.")
    ] = None,
    accountable: Annotated[
        str | None,
        typer.Option(
            "--accountable",
            metavar="ID",
            help="The person accountable for it; the KPI's owner by default.",
            autocompletion=complete_owner,
        ),
    ] = None,
    weight: WeightOption = None,
    cycle: Annotated[
        str | None,
        typer.Option(
            "--cycle",
            metavar="CYCLE",
            help="Look for the objective in this cycle only.",
            autocompletion=complete_cycle,
        ),
    ] = None,
    dry_run: DiffDryRunOption = False,
) -> None:
    """Make a key result of a KPI that is outside its bounds.

    It draws on the KPI, from its last value to the bound; with --to, to another target, and then also of a KPI that is
    within its bounds. Without --objective it is only drafted; with it, it is added as `okr new key-result` does.

    \b
    Examples:
      okr kpi promote churn                              a draft
      okr kpi promote churn --objective marketing/keep
      okr kpi promote site-visits --objective brand --to 120k \\
          --title "120,000 visits a month"
    """
    from okr.commands.answering import answering
    from okr.commands.new import add
    from okr.commands.opening import open_workspace
    from okr.errors import UsageError
    from okr.operations.adding.promoting import Wanted, draft
    from okr.operations.adding.promoting import promote as prepared

    wanted = Wanted(target, title, key_result, accountable, weight)
    if objective is not None:
        add(lambda workspace: prepared(workspace, id_, objective, wanted, cycle), dry_run=dry_run)
        return
    surplus = next((name for name, given in (("--cycle", cycle), ("--dry-run", dry_run)) if given), None)
    if surplus is not None:
        raise UsageError(
            f"{surplus} is for adding the key result, and nothing says to which objective.",
            "Add --objective, or leave it out: a draft writes nothing.",
        )
    from okr.views.promoting import show_draft

    workspace = open_workspace()
    with answering(workspace):
        found = draft(workspace, id_, wanted)
    show_draft(found, workspace.settings.language)


def _reference(id_: str) -> str:
    """The KPI as it is referred to elsewhere; who types it so here means the same."""
    from okr.operations.selecting import KPI_PREFIX

    return f"{KPI_PREFIX}{id_.strip().removeprefix(KPI_PREFIX)}"
