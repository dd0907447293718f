"""`okr cycle`: reads its arguments, lists or shows cycles, closes one with grades or opens it again."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from okr.commands.completion import complete_cycle
from okr.commands.options import (
    AtOption,
    CycleArgument,
    DryRunOption,
    JsonOption,
    PushCommitOption,
)
from okr.commands.recorded import require_commit

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

NoCommit = Annotated[bool, typer.Option("--no-commit", help="Change the files, and commit nothing.")]


@app.callback()
def cycle() -> None:
    """List and show cycles; close one with grades, or open it again.

    \b
    Examples:
      okr cycle list
      okr cycle show 2026-Q3
      okr cycle close 2026-Q4               asks for each key result's grade
      okr cycle close 2026-Q4 --from grades.csv --review "We planned too much."
      okr cycle reopen 2026-Q4 -m "A log was missing"
    """


@app.command("list")
def list_(at: AtOption = None, as_json: JsonOption = False) -> None:
    """List the cycles: state, days, how much is in each, and its score.

    A cycle's score is the mean of its owners' scores.

    \b
    Examples:
      okr cycle list
      okr cycle list --at main --json    as a branch has them, for a program
    """
    from okr.commands.answering import answering, console, note_uncommitted, print_json
    from okr.commands.opening import open_workspace
    from okr.operations.cycle_overview import list_cycles

    workspace = open_workspace(at)
    with answering(workspace):
        found = list_cycles(workspace)
    if as_json:
        from okr.views.cycles_json import list_json

        print_json(list_json(found))
    else:
        from okr.views.cycles import show_cycles

        show_cycles(console(), found)
    if at is None:
        note_uncommitted()


@app.command()
def show(
    name: CycleArgument = None,
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one cycle: its facts, its review, and everybody's scores.

    With the grades, and what is still without one.

    \b
    Examples:
      okr cycle show                            the current cycle
      okr cycle show 2026-Q3
      okr cycle show 2026-Q3 --at 2026-10-05    as it was on that day
    """
    from okr.commands.answering import (
        answering,
        console,
        note_uncommitted,
        note_uncommitted_closing,
        print_json,
    )
    from okr.commands.opening import open_workspace
    from okr.model import CycleState
    from okr.operations.cycle_overview import show_cycle

    workspace = open_workspace(at)
    with answering(workspace):
        found = show_cycle(workspace, name)
    if as_json:
        from okr.views.cycles_json import shown_json

        print_json(shown_json(found))
    else:
        from okr.views.cycles import show_cycle as write

        write(console(), found)
    if at is None:
        note_uncommitted()
        if found.frame.state is CycleState.CLOSED:
            note_uncommitted_closing(workspace, found.frame.cycle.name)


@app.command()
def close(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[CYCLE]",
            help="The cycle; by default the only one that is over and not closed.",
            autocompletion=complete_cycle,
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE|-",
            help="Take grades from a file, or from what is piped in: CSV, JSON, JSON lines or YAML.",
            show_default=False,
        ),
    ] = None,
    all_scores: Annotated[
        bool, typer.Option("--all-scores", help="Take the score for the grade wherever none is given.")
    ] = False,
    review: Annotated[
        str | None,
        typer.Option(
            "--review", metavar="TEXT", help="What was found when looking back.", show_default=False
        ),
    ] = None,
    editor: Annotated[bool, typer.Option("--editor", help="Write the review in your editor.")] = False,
    early: Annotated[
        str | None,
        typer.Option("--early", metavar="WHY", help="Close it before its end.", show_default=False),
    ] = None,
    no_commit: NoCommit = False,
    dry_run: DryRunOption = False,
    push: PushCommitOption = False,
    as_json: JsonOption = False,
) -> None:
    """Close a cycle with grades, lessons and what goes on.

    All of it is one commit.

    At a terminal it walks through the key results: the score and how it came about, then the grade (Enter takes the
    score, another needs a reason), what was learned, and whether it is carried on from its last value, kept as it is
    or dropped in the next cycle. At the end comes the review. Ctrl-C leaves everything as it was.

    Otherwise `--from` reads rows with the columns ref, grade, reason, learned and next. The grades go into the plans,
    the state and the review into the cycle's cycle.yaml; every other byte stays. Check-ins are refused from then on.
    With --push, what others have sent is brought in first, so that it counts.

    \b
    Examples:
      okr cycle close 2026-Q4                        one key result after another
      okr cycle close --all-scores --review "A good quarter." --push
      okr cycle close --from grades.csv --dry-run    show what it comes to
      okr cycle close 2026-Q4 --early "The team was merged" --all-scores
    """
    from okr.commands.answering import console
    from okr.commands.opening import workspace_at
    from okr.commands.running import at_terminal, invocation
    from okr.commands.sync import answer_and_send, bring_in_first
    from okr.errors import UsageError
    from okr.operations.closing.commit import Wish
    from okr.sources import find_root

    root = find_root(invocation().directory)
    opener = partial(workspace_at, root)
    if editor and review is not None:
        raise UsageError("--editor and --review both give the review.", "Leave one of the options out.")
    if early is not None and not early.strip():
        raise UsageError("--early says why, and it is empty.", "Say it in a few words.")
    wish = Wish(name, review, early, all_scores)
    commit = not (no_commit or dry_run)
    require_commit(push=push, commit=commit)
    if push:
        bring_in_first(root)
    asks = source is None and not all_scores and not as_json and at_terminal()
    if asks:
        from okr.commands.cycle_walk import ask_and_close

        result = ask_and_close(root, opener, wish, editor=editor, commit=commit, dry_run=dry_run)
    else:
        from okr.commands.cycle_close import close_with

        result = close_with(root, opener, wish, source, editor=editor, commit=commit, dry_run=dry_run)
    answer = None
    if as_json:
        from okr.views.cycles_json import closed_json

        answer = closed_json(result)
    else:
        from okr.views.closing import show_closed

        show_closed(console(), result, color=invocation().color, whole=not asks)
    answer_and_send(root, answer, result.commit if push else None, "closing")


@app.command()
def reopen(
    name: Annotated[
        str, typer.Argument(metavar="CYCLE", help="A closed cycle.", autocompletion=complete_cycle)
    ],
    why: Annotated[
        str | None,
        typer.Option("--message", "-m", metavar="WHY", help="Why, for the commit.", show_default=False),
    ] = None,
    no_commit: NoCommit = False,
    dry_run: DryRunOption = False,
    push: PushCommitOption = False,
    as_json: JsonOption = False,
) -> None:
    """Open a closed cycle again.

    Its state is active, and check-ins are taken again. The grades stay in the plans, but don't count until the
    cycle is closed again. `okr log` and `okr audit` show that it was opened.

    \b
    Example:
      okr cycle reopen 2026-Q3 -m "The numbers of September came late"
    """
    from okr.commands.answering import console
    from okr.commands.opening import workspace_at
    from okr.commands.running import invocation
    from okr.commands.sync import answer_and_send
    from okr.operations.closing.commit import reopen_cycle
    from okr.operations.committing import committing
    from okr.sources import find_root

    root = find_root(invocation().directory)
    require_commit(push=push, commit=not (no_commit or dry_run))
    with committing(root, commit=not (no_commit or dry_run), what="reopening") as session:
        result = reopen_cycle(session, partial(workspace_at, root), name, why=why, dry_run=dry_run)
    answer = None
    if as_json:
        from okr.views.cycles_json import reopened_json

        answer = reopened_json(result)
    else:
        from okr.views.closing import show_reopened

        show_reopened(console(), result, color=invocation().color)
    answer_and_send(root, answer, result.commit if push else None, "reopening")
