"""`okr checkin`: what its command line may say, and the ways of checking in that are for more than one key result.

`checkin_answer.py` answers what is for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand

from okr.commands.checkin_answer import answer
from okr.commands.completion import complete_owner, complete_reference, complete_value
from okr.commands.options import (
    ByOption,
    DateOption,
    DryRunOption,
    JsonOption,
    NoCommitOption,
    NoteOption,
    OnlyCycleOption,
    PushOption,
)
from okr.commands.recorded import require_commit
from okr.commands.running import invocation
from okr.sources import find_root

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from okr.commands.checkin_round import RoundOptions
    from okr.operations.checkin.checking_in import Opener, Recorded

app = typer.Typer()


class CheckInCommand(TyperCommand):
    """A command that takes `-500` for a value, not for an option."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override] # typer's own class of context
        """Puts a minus sign in place of the hyphen that begins a number."""
        return super().parse_args(
            ctx, ["\u2212" + arg[1:] if arg[:1] == "-" and arg[1:2].isdigit() else arg for arg in args]
        )


@app.command(cls=CheckInCommand)
def checkin(
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="[REF]", help="The key result, or kpis/ID for a KPI.", autocompletion=complete_reference
        ),
    ] = None,
    value: Annotated[
        str | None,
        typer.Argument(
            metavar="[VALUE]",
            help="61000, 61k, 1.2M, +500, -500, =-500, 45% or a milestone.",
            autocompletion=complete_value,
        ),
    ] = None,
    confidence: Annotated[
        str | None,
        typer.Option(
            "--confidence", "-c", metavar="0..1", help="How sure you are of the target: 0.7 or 70%."
        ),
    ] = None,
    note: NoteOption = None,
    date: DateOption = None,
    by: ByOption = None,
    cycle: OnlyCycleOption = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Correct your last check-in, or the one of --date; what you leave out stays."
        ),
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE|-",
            help="Record the rows of a file, or of what is piped in: CSV, JSON, JSON lines or YAML.",
        ),
    ] = None,
    mine: Annotated[
        bool,
        typer.Option("--mine", help="Without REF: walk through what is due from you (the default)."),
    ] = False,
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner", metavar="ID", help="Without REF: what is due from ID.", autocompletion=complete_owner
        ),
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help="Without REF: what is due from everybody.")] = False,
    editor: Annotated[
        bool, typer.Option("--editor", help="Without REF: the same as a text form in your editor.")
    ] = False,
    pending: Annotated[
        bool,
        typer.Option(
            "--commit-pending", help="Commit what was recorded but not committed, and nothing else."
        ),
    ] = False,
    no_commit: NoCommitOption = False,
    dry_run: DryRunOption = False,
    push: PushOption = None,
    as_json: JsonOption = False,
) -> int:
    """Record a check-in as a commit.

    The value is checked against the plan, added to the owner's log as one line, and committed, that file alone.
    Whatever else is staged or changed stays as it is. Without a value, only the confidence is recorded.

    Without REF, it walks you through what is due, one key result after the other, and records it in one commit.

    \b
    Examples:
      okr checkin                           what is due from you, one by one
      okr checkin --owner bob --editor      what is due from Bob, as a text form
      okr checkin brand/visits 61k -c 0.7 -m "Campaign went live on Tuesday"
      okr checkin visits +500               added to the last value
      okr checkin platform/launch beta      a milestone
      okr checkin visits -c 60%             the confidence alone
      okr checkin kpis/site-visits 61000    a KPI, and all that draws on it
      okr checkin visits 58000 --replace    the last one was wrong
      okr checkin visits 58000 --date 2026-11-20 --dry-run
      okr checkin --from week.csv           ref,value,confidence,date,note
    """
    said = {"REF": reference, "--confidence": confidence, "--note": note, "--replace": replace}
    whose = {"--mine": mine, "--owner": owner, "--all": everyone, "--editor": editor}
    others = {"--date": date, "--from": source, "--no-commit": no_commit, "--dry-run": dry_run}
    if reference is not None and source is None and not pending:
        _refuse(whose, "a key result: it says whose round it is")
        return answer(
            reference=reference,
            value=value,
            confidence=confidence,
            note=note,
            date=date,
            by=by,
            cycle=cycle,
            replace=replace,
            no_commit=no_commit,
            dry_run=dry_run,
            push=push,
            as_json=as_json,
        )
    root = find_root(invocation().directory)
    commit = not (no_commit or dry_run)
    require_commit(push=push, commit=commit)
    if pending:
        _refuse(said | whose | others | {"--json": as_json}, "--commit-pending: it makes no check-in")
        from okr.commands.checkin_round import commit_pending_now

        commit_pending_now(root)
        return 0
    from okr.commands.opening import opener_at
    from okr.operations.checkin.entries import moment_of

    opener = opener_at(root)
    moment = moment_of(date, invocation().today) if date else None
    result: Recorded | None
    if source is not None:
        _refuse(said | whose | {"--date": date}, "--from: each row says its own")
        from okr.commands.checkin_rows import check_in_rows

        result = check_in_rows(source, root, opener, by=by, commit=commit, dry_run=dry_run, cycle=cycle)
    else:
        from okr.commands.checkin_round import RoundOptions

        _refuse(said | {"--json": as_json}, "a round through all that is due: it is for one key result")
        options = RoundOptions(owner, everyone, by, moment, cycle, commit, dry_run)
        result = _hold_round(root, opener, options, mine=mine, editor=editor)
    if result is not None:
        from okr.commands.recorded import answer_recorded

        answer_recorded(root, opener, result, push=push, as_json=as_json, whole=source is not None)
    return 0


def _refuse(given: Mapping[str, object], beside: str) -> None:
    """Refuses options that do not go with what was asked.

    Raises:
        UsageError: one of them was given.
    """
    from okr.errors import UsageError

    surplus = next((name for name, value in given.items() if value), None)
    if surplus:
        raise UsageError(f"{surplus} does not go with {beside}.", "Leave one of the two out.")


def _hold_round(
    root: Path, opener: Opener, options: RoundOptions, *, mine: bool, editor: bool
) -> Recorded | None:
    """Holds the round at the prompt or in an editor; None where there was nothing to record.

    Raises:
        UsageError: the options say in more than one way whose round it is.
    """
    from okr.errors import UsageError

    if sum(map(bool, (mine, options.owner, options.everyone))) > 1:
        raise UsageError("--mine, --owner and --all each say whose round it is.", "Give one of them.")
    if editor:
        from okr.commands.checkin_editor import edit_round

        return edit_round(root, opener, options)
    from okr.commands.checkin_round import hold_round

    return hold_round(root, opener, options)
