"""`okr review`: reads its arguments, puts together what a meeting talks about, shows it in one of three formats."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from okr.commands.completion import complete_cycle
from okr.commands.formats import form_of
from okr.commands.options import AtOption, CycleArgument, JsonFormatOption, OwnerOption, PlainOption
from okr.commands.registry import day_of

if TYPE_CHECKING:
    from datetime import date

    from okr.workspace import Workspace

app = typer.Typer()


class Format(StrEnum):
    """How the answer is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


@app.command()
def review(
    cycle: CycleArgument = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="The day of the last review; `checkin_every` days ago if left out.",
            show_default=False,
        ),
    ] = None,
    owner: OwnerOption = None,
    named: Annotated[
        str | None,
        typer.Option("--cycle", metavar="CYCLE", help="The same as CYCLE.", autocompletion=complete_cycle),
    ] = None,
    at: AtOption = None,
    as_format: Annotated[
        Format | None, typer.Option("--format", help="text, markdown or json.", show_default="text")
    ] = None,
    plain: PlainOption = False,
    as_json: JsonFormatOption = False,
) -> None:
    """Put together what a review talks about: weekly, or of a cycle that is over.

    Of a running cycle: what moved since the last review and what did not, what is at risk, where people and numbers
    disagree, what notes say is in the way, what is due, and how plans have changed. Of one that is over: grades by
    owner, hits and misses, lessons, ambition, and how often what people were confident of came true.

    \b
    Examples:
      okr review                               the weekly meeting
      okr review --owner marketing             one team's
      okr review --owner sales/...             a team's, and of all below it
      okr review --since 2026-11-09            after two weeks
      okr review 2026-Q3 --format markdown     the retrospective, for a wiki
      okr review --at 2026-11-16               as it would have read that day
    """
    from okr.commands.answering import answering, note_uncommitted, note_uncommitted_closing
    from okr.commands.opening import open_workspace
    from okr.errors import UsageError

    if cycle is not None and named is not None:
        raise UsageError("The cycle is named twice.", "Leave --cycle out.")
    cycle = cycle if named is None else named
    form = form_of(as_format, Format.JSON, Format.TEXT, as_json=as_json)
    workspace = open_workspace(at)
    with answering(workspace):
        from okr.operations.overview import frame_of

        shown = workspace.cycle_asked(cycle)
        over = frame_of(workspace, shown).over
    if over and since is not None:
        raise UsageError(
            f"{shown.name} is over: it is looked back on as a whole, and --since says nothing of it",
            "leave --since out",
        )
    if over:
        _look_back(workspace, shown.name, owner, form, plain=plain)
    else:
        _weekly(
            workspace,
            shown.name,
            None if since is None else day_of("--since", since),
            owner,
            form,
            plain=plain,
        )
    if at is None:
        note_uncommitted()
        if over:
            note_uncommitted_closing(workspace, shown.name)


def _look_back(workspace: Workspace, cycle: str, owner: str | None, form: Format, *, plain: bool) -> None:
    from okr.commands.answering import answering, console, print_json
    from okr.operations.closing.retrospective import retrospective

    with answering(workspace):
        found = retrospective(workspace, cycle=cycle, owner=owner)
    if form is Format.JSON:
        from okr.views.review_json import retrospective_json

        print_json(retrospective_json(found))
    elif form is Format.MARKDOWN:
        if found.frame.language == "fr":
            from okr.views.review_markdown_fr import retrospective_markdown_fr as retrospective_markdown
        else:
            from okr.views.review_markdown import retrospective_markdown

        typer.echo(retrospective_markdown(found))
    else:
        from okr.views.retrospective import show_retrospective

        show_retrospective(console(plain=plain), found)


def _weekly(
    workspace: Workspace, cycle: str, since: date | None, owner: str | None, form: Format, *, plain: bool
) -> None:
    from okr.commands.answering import answering, console, print_json
    from okr.operations.reviewing import review as review_of

    with answering(workspace):
        found = review_of(workspace, cycle=cycle, since=since, owner=owner)
    if form is Format.JSON:
        from okr.views.review_json import review_json

        print_json(review_json(found))
    elif form is Format.MARKDOWN:
        if found.frame.language == "fr":
            from okr.views.review_markdown_fr import review_markdown_fr as review_markdown
        else:
            from okr.views.review_markdown import review_markdown

        typer.echo(review_markdown(found))
    else:
        from okr.views.review import show_review

        show_review(console(plain=plain), found)
