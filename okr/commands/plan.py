"""`okr plan`: opens a cycle, says whether its plans are ready, and starts it. Reads arguments, calls one operation each."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from okr.commands.completion import complete_cycle, complete_owner
from okr.commands.formats import form_of
from okr.commands.options import AtOption, JsonFormatOption, JsonOption, OwnerOption, PushCommitOption
from okr.commands.plan_options import Carry
from okr.commands.recorded import require_commit

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

PlannedCycle = Annotated[
    str | None,
    typer.Argument(
        metavar="[CYCLE]",
        help="The next that is being planned by default, else the current one.",
        autocompletion=complete_cycle,
        show_default=False,
    ),
]


class Format(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


@app.callback()
def plan() -> None:
    """Open a cycle for planning, see whether its plans are ready, and start it.

    A cycle is planned in a pull request: `okr plan open` makes the files, everybody edits their own,
    `okr plan check` says what is missing, `okr plan summary` writes the pull request's description, and once it is
    merged `okr plan start` makes the plans the agreement.

    \b
    Examples:
      okr plan open 2027-Q1 --branch     the files, on a branch of their own
      okr plan check                     is it ready?
      okr plan summary > description.md
      okr plan start
    """


@app.command("open")
def open_command(
    cycle: Annotated[
        str | None,
        typer.Argument(
            metavar="CYCLE",
            help="2027, 2027-H1, 2027-Q1, 2027-01, or any other name with --starts and --ends.",
            show_default=False,
        ),
    ] = None,
    *,
    owners: Annotated[
        list[str] | None,
        typer.Option(
            "--owners",
            metavar="ID,…",
            help="Whose plans to make; cycle.yaml then says so. [default: see above]",
            autocompletion=complete_owner,
            show_default=False,
        ),
    ] = None,
    carry: Annotated[
        Carry | None,
        typer.Option(
            "--carry",
            metavar="all|none|ask",
            help="Which unfinished objectives go on. [default: ask on a terminal, else all]",
            show_default=False,
        ),
    ] = None,
    branch: Annotated[
        bool, typer.Option("--branch", help="Make a branch for it, plan-CYCLE, and go to it.")
    ] = False,
    branch_name: Annotated[
        str | None, typer.Option("--branch-name", metavar="NAME", help="The same, under another name.")
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            "--template",
            metavar="FILE",
            help="Begin plans with FILE; $owner, $name and $cycle are filled in.",
        ),
    ] = None,
    starts: Annotated[
        str | None,
        typer.Option("--starts", metavar="DAY", help="The first day, where the name does not say it."),
    ] = None,
    ends: Annotated[str | None, typer.Option("--ends", metavar="DAY", help="The last day.")] = None,
    paperwork: Annotated[
        str | None,
        typer.Option(
            "--paperwork",
            metavar="github|gitlab",
            help="Also what it takes to plan in pull requests, as `okr init --paperwork` makes it.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be made, and write nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make the files of a cycle to plan.

    These are cycle.yaml, in state planning, and a plan for each owner: for all teams of org.yaml, except those that
    only plan in cycles of another kind (the company in the year, say), and for the people who had a plan in the
    cycle before. What is unfinished in the cycle before goes on as it is written there: its last value becomes the
    baseline, a relative target becomes the number that it came to, and reached milestones and done initiatives stay
    behind. What `okr cycle close` has noted for the next cycle holds. Finished objectives stay behind. A comment
    lists what `supports` may name.

    If the cycle is being planned already, only the missing plans are made. Nothing is committed.

    \b
    Examples:
      okr plan open 2027-Q1                             everybody's
      okr plan open 2027-Q1 --branch --carry ask        on the branch plan-2027-Q1
      okr plan open 2027-Q1 --owners marketing,alice    these two only
      okr plan open launch --starts 2027-02-01 --ends 2027-04-15
    """
    from pathlib import Path

    from okr.commands.answering import answering, print_json
    from okr.commands.opening import workspace_at
    from okr.commands.plan_options import (
        branch_of,
        chosen_of,
        cycle_to_open,
        day_named,
        listed,
        system_of,
        template_of,
    )
    from okr.commands.running import invocation
    from okr.operations.planning.files import new_branch, write_files
    from okr.operations.planning.open import open_cycle
    from okr.operations.planning.paperwork import prepare_paperwork
    from okr.operations.planning.proposal import Asked, propose
    from okr.sources import find_root
    from okr.views.plan_json import opened_json
    from okr.views.plan_open import show_opened

    directory, system = invocation().directory, system_of(paperwork)
    root = find_root(directory)
    workspace = workspace_at(root)
    with answering(workspace):
        asked = Asked(
            cycle_to_open(workspace, cycle),
            listed(owners),
            day_named("--starts", starts),
            day_named("--ends", ends),
            template_of(directory, template),
        )
        proposal = propose(workspace, asked)
        name = branch_of(proposal.cycle.name, branch_name) if branch or branch_name else None
        if name is not None:
            new_branch(root, name)
        chosen = chosen_of(proposal, carry)
        opened = open_cycle(workspace, asked, proposal, chosen)
    papers, more = prepare_paperwork(workspace, root, system) if system else (None, ())
    if dry_run:
        papers = None
    else:
        write_files(root, opened.files, branch=name, above=papers.top if papers else None, more=more)
    if as_json:
        print_json(opened_json(opened, workspace.name, papers, branch=name, written=not dry_run))
    else:
        language = workspace.settings.language
        show_opened(opened, language, root, Path.cwd(), papers, branch=name, written=not dry_run)


@app.command()
def check(
    cycle: PlannedCycle = None,
    *,
    owner: OwnerOption = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail on warnings and open questions as well.")
    ] = False,
    at: AtOption = None,
    as_format: Annotated[
        Format | None,
        typer.Option("--format", metavar="FORMAT", help="text (the default), json or markdown."),
    ] = None,
    as_json: JsonFormatOption = False,
) -> int:
    """Say whether a cycle's plans are ready.

    The rules judge the plans as if the cycle were active: too few objectives are then an error. Besides, there are
    the questions of a good coach: who has no plan yet, which objectives of the year nobody supports, which teams
    support only themselves, who is accountable for too much, whether all objectives are committed or none is, what
    is carried over again, and which baselines are unknown or differ from where the last cycle ended.

    Ends with 1 if there is an error or somebody has no plan; with --strict, also if there is a warning or a
    question.

    \b
    Examples:
      okr plan check                       the cycle that is being planned
      okr plan check 2027-Q1 --strict      in CI, once nothing is left open
      okr plan check --owner sales/...     a team's plan, and of all below it
      okr plan check --at plan-2027-Q1     as a branch has it
    """
    from okr.commands.answering import answering, console, print_json
    from okr.commands.opening import open_workspace
    from okr.operations.planning.check import readiness

    wanted = form_of(as_format, Format.JSON, Format.TEXT, as_json=as_json)
    workspace = open_workspace(at)
    with answering(workspace):
        found = readiness(workspace, cycle, owner)
    if wanted is Format.JSON:
        from okr.views.plan_json import readiness_json

        print_json(readiness_json(found, strict=strict))
    elif wanted is Format.MARKDOWN:
        from okr.views.plan_markdown import readiness_markdown

        typer.echo(readiness_markdown(found, _folder()), nl=False)
    else:
        from okr.views.plan_check import show_readiness

        show_readiness(console(), found, strict=strict)
    return 0 if found.is_ready(strict=strict) else 1


@app.command()
def summary(
    cycle: PlannedCycle = None,
    *,
    owner: OwnerOption = None,
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Describe a cycle's plans for a pull request.

    In Markdown: the plans at a glance, their alignment as a chart that GitHub and GitLab draw, findings and
    questions as in `okr plan check`, and what became of the plans of the cycle before: what was carried over, is
    new or was left behind, and which targets moved. Text from files is shown as it is, and never becomes markup, a
    mention or a link.

    \b
    Examples:
      okr plan summary                          the cycle that is being planned
      okr plan summary 2027-Q1 > description.md
      okr plan summary --at plan-2027-Q1        as a branch has it
      okr plan summary --owner sales/...        a team's plan, and of all below
    """
    from okr.commands.answering import answering, print_json
    from okr.commands.opening import open_workspace
    from okr.operations.planning.summary import summary as summed_up

    workspace = open_workspace(at)
    with answering(workspace):
        found = summed_up(workspace, cycle, owner)
    if as_json:
        from okr.views.plan_json import summary_json

        print_json(summary_json(found))
    else:
        from okr.views.plan_markdown import summary_markdown

        typer.echo(summary_markdown(found, _folder()), nl=False)


@app.command()
def start(
    cycle: Annotated[
        str | None,
        typer.Argument(
            metavar="[CYCLE]",
            help="The only one that is being planned by default.",
            autocompletion=complete_cycle,
            show_default=False,
        ),
    ] = None,
    *,
    no_commit: Annotated[
        bool, typer.Option("--no-commit", help="Change cycle.yaml, and commit nothing.")
    ] = False,
    push: PushCommitOption = False,
    as_json: JsonOption = False,
) -> None:
    """Start a cycle: its plans are the agreement from now on.

    Its state in cycle.yaml becomes active, in one commit of that file alone. It is refused if `okr plan check`
    finds an error, or if a plan has uncommitted changes: exactly what was checked is to be agreed. From then on
    `okr diff`, `okr log` and `okr audit` show every move of a baseline, a target or a weight.

    \b
    Examples:
      okr plan start             the cycle that is being planned
      okr plan start 2027-Q1 --push      and everybody has it
    """
    from okr.commands.answering import answering
    from okr.commands.opening import workspace_at
    from okr.commands.running import invocation
    from okr.commands.sync import answer_and_send
    from okr.operations.planning.start import start_cycle
    from okr.sources import find_root

    require_commit(push=push, commit=not no_commit)
    root = find_root(invocation().directory)
    workspace = workspace_at(root)
    with answering(workspace):
        started = start_cycle(root, lambda: workspace, cycle, commit=not no_commit)
    answer = None
    if as_json:
        from okr.views.plan_json import started_json

        answer = started_json(started, workspace.name)
    else:
        from okr.views.plan_start import show_started

        show_started(started)
    answer_and_send(root, answer, started.commit if push else None, "start")


def _folder() -> str:
    """The workspace's root as seen from its repository's."""
    from okr.commands.running import invocation
    from okr.operations.surroundings import folder_in_repository
    from okr.sources import find_root

    return folder_in_repository(find_root(invocation().directory))
