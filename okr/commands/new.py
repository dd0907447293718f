"""`okr new`: reads what is to be added, has it prepared and written, shows where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okr.commands.completion import complete_cycle, complete_objective, complete_owner, complete_reference
from okr.commands.options import DiffDryRunOption, WeightOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from okr.operations.adding.adding import Addition
    from okr.workspace import Workspace

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Lower-case letters, digits and hyphens.")]
Id = Annotated[str | None, typer.Option("--id", metavar="ID", help="Its id; made from the title by default.")]
Cycle = Annotated[
    str | None,
    typer.Option("--cycle", metavar="CYCLE", help="Such as 2026-Q4.", autocompletion=complete_cycle),
]
Accountable = Annotated[
    str | None,
    typer.Option(
        "--accountable", metavar="ID", help="The person accountable for it.", autocompletion=complete_owner
    ),
]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="May be repeated.")]
DependsOn = Annotated[
    list[str] | None,
    typer.Option(
        "--depends-on",
        metavar="REF",
        help="What it waits for; may be repeated.",
        autocompletion=complete_reference,
    ),
]
Unit = Annotated[
    str | None, typer.Option("--unit", metavar="TEXT", help="What is counted: visits, %, euros.")
]
AtLeast = Annotated[str | None, typer.Option("--at-least", metavar="N", help="Keep it at this or above.")]
AtMost = Annotated[str | None, typer.Option("--at-most", metavar="N", help="Keep it at this or below.")]


@app.callback()
def new() -> None:
    """Add an objective, a key result, a team, a person or a KPI.

    It goes to the end of the file it belongs in; every other byte there stays as it is. Nothing is written that
    would be an error in the workspace, with one exception: plans are built step by step, so for a while they may
    have too few objectives or key results. `okr validate` reports that, and this command says what to add next.

    \b
    Examples:
      okr new objective "Make our brand the one people think of first" \\
          --owner marketing --id brand
      okr new key-result "Reach 100,000 monthly visits" --objective brand \\
          --from 42k --to 100k --unit visits
      okr new team design --name Design --parent company
    """


@app.command()
def objective(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="A direction, without a number in it.")],
    owner: Annotated[
        str,
        typer.Option(
            "--owner",
            metavar="ID",
            help="The team or person whose plan it goes into.",
            autocompletion=complete_owner,
        ),
    ],
    cycle: Cycle = None,
    id_: Id = None,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="Why it matters now.")] = None,
    accountable: Accountable = None,
    type_: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help="aspirational (the default) or committed.")
    ] = None,
    supports: Annotated[
        list[str] | None,
        typer.Option(
            "--supports",
            metavar="REF",
            help="What it contributes to; may be repeated.",
            autocompletion=complete_reference,
        ),
    ] = None,
    depends_on: DependsOn = None,
    tags: Tags = None,
    dry_run: DiffDryRunOption = False,
) -> None:
    """Add an objective to a plan.

    Without --cycle it goes to the current cycle's.

    \b
    Example:
      okr new objective "Win a loyal following in Germany" \\
          --owner marketing --type committed --supports lead
    """
    from okr.operations.adding.adding import NewObjective, add_objective

    asked = NewObjective(
        title, owner, cycle, id_, why, accountable, type_,
        tuple(supports or ()), tuple(tags or ()), tuple(depends_on or ()),
    )  # fmt: skip
    add(lambda workspace: add_objective(workspace, asked), dry_run=dry_run)


@app.command("key-result")
def key_result(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="An outcome that can be verified.")],
    objective: Annotated[
        str,
        typer.Option(
            "--objective", metavar="REF", help="The objective it measures.", autocompletion=complete_objective
        ),
    ],
    start: Annotated[
        str | None, typer.Option("--from", metavar="N", help="The baseline; `unknown` while planning.")
    ] = None,
    target: Annotated[
        str | None, typer.Option("--to", metavar="N", help="The target: a number, or +30% of the baseline.")
    ] = None,
    commit: Annotated[
        str | None, typer.Option("--commit", metavar="N", help="The least that is promised.")
    ] = None,
    stretch: Annotated[str | None, typer.Option("--stretch", metavar="N", help="Beyond the target.")] = None,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    milestones: Annotated[
        list[str] | None,
        typer.Option(
            "--milestone", metavar="NAME=SCORE", help="A step of a ladder that ends at 1; repeat it."
        ),
    ] = None,
    kpi: Annotated[
        str | None, typer.Option("--kpi", metavar="ID", help="The KPI that supplies its values.")
    ] = None,
    unit: Unit = None,
    weight: WeightOption = None,
    accountable: Accountable = None,
    cycle: Cycle = None,
    id_: Id = None,
    depends_on: DependsOn = None,
    tags: Tags = None,
    dry_run: DiffDryRunOption = False,
) -> None:
    """Add a key result to an objective. Say in one way how it is measured.

    \b
    Examples:
      okr new key-result "Reach 100,000 visits" --objective brand \\
          --from 42k --to 100k --unit visits
      okr new key-result "Grow sign-ups by 30%" --objective brand \\
          --from 240 --to +30% --unit sign-ups
      okr new key-result "Stay up 99.9% of the time" --objective speed \\
          --at-least 99.9%
      okr new key-result "The site is live" --objective brand \\
          --milestone beta=0.5 --milestone live=1
      okr new key-result "1,200 active teams" --objective brand \\
          --kpi active-teams --to 1200
    """
    from okr.operations.adding.adding import Metric, NewKeyResult, add_key_result

    metric = Metric(
        kpi, unit, start, commit, target, stretch, at_least, at_most, tuple(milestones or ()), None
    )
    asked = NewKeyResult(
        title, objective, metric, cycle, id_, accountable, weight, tuple(tags or ()), tuple(depends_on or ())
    )
    add(lambda workspace: add_key_result(workspace, asked), dry_run=dry_run)


@app.command()
def team(
    id_: IdArgument,
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="What people call it.")] = None,
    parent: Annotated[
        str | None,
        typer.Option("--parent", metavar="ID", help="The team it belongs to.", autocompletion=complete_owner),
    ] = None,
    lead: Annotated[
        str | None, typer.Option("--lead", metavar="ID", help="Who leads it.", autocompletion=complete_owner)
    ] = None,
    dry_run: DiffDryRunOption = False,
) -> None:
    """Add a team to org.yaml.

    \b
    Example:
      okr new team design --name Design --parent company --lead alice
    """
    from okr.operations.adding.adding import NewTeam, add_team

    add(lambda workspace: add_team(workspace, NewTeam(id_, name, parent, lead)), dry_run=dry_run)


@app.command()
def person(
    id_: IdArgument,
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="Their name.")] = None,
    email: Annotated[
        list[str] | None,
        typer.Option("--email", metavar="ADDRESS", help="The address they use in git; may be repeated."),
    ] = None,
    team: Annotated[
        str | None, typer.Option("--team", metavar="ID", help="Their team.", autocompletion=complete_owner)
    ] = None,
    dry_run: DiffDryRunOption = False,
) -> None:
    """Add a person to org.yaml.

    \b
    Example:
      okr new person alice --name "Alice Martin" \\
          --email alice@acme.example --team marketing
    """
    from okr.operations.adding.adding import NewPerson, add_person

    asked = NewPerson(id_, name, tuple(email or ()), team)
    add(lambda workspace: add_person(workspace, asked), dry_run=dry_run)


@app.command()
def kpi(
    id_: IdArgument,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="What is measured.")],
    unit: Unit = None,
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner",
            metavar="ID",
            help="The team or person it is in the care of.",
            autocompletion=complete_owner,
        ),
    ] = None,
    why: Annotated[str | None, typer.Option("--why", metavar="TEXT", help="Why it is watched.")] = None,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    dry_run: DiffDryRunOption = False,
) -> None:
    """Add a KPI to kpis.yaml.

    \b
    Example:
      okr new kpi churn --name "Customers lost in the month" \\
          --unit % --owner company --at-most 3
    """
    from okr.operations.adding.adding import NewKpi, add_kpi

    asked = NewKpi(id_, name, unit, owner, why, at_least, at_most)
    add(lambda workspace: add_kpi(workspace, asked), dry_run=dry_run)


def add(prepare: Callable[[Workspace], Addition], *, dry_run: bool) -> None:
    """Prepares an addition, writes it unless it is only to be shown, and says what came of it."""
    from pathlib import Path

    from okr.commands.opening import workspace_at
    from okr.commands.running import invocation
    from okr.operations.adding.adding import write_addition
    from okr.sources import find_root
    from okr.views.adding import show_addition

    root = find_root(invocation().directory)
    addition = prepare(workspace_at(root))
    if not dry_run:
        write_addition(root, addition)
    show_addition(addition, root, Path.cwd(), dry_run=dry_run)
