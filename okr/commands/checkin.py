"""`okr checkin`: reads what somebody says of a key result, records it, shows what it moved."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Annotated

import typer
from typer.core import TyperCommand

from okr.commands.completion import complete_owner, complete_reference

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
        typer.Argument(metavar="[VALUE]", help="61000, 61k, 1.2M, +500, -500, =-500, 45% or a milestone."),
    ] = None,
    confidence: Annotated[
        str | None,
        typer.Option(
            "--confidence", "-c", metavar="0..1", help="How sure you are of the target: 0.7 or 70%."
        ),
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", "-m", metavar="TEXT", help="What is behind it.")
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(
            "--date", metavar="DATE", help="When it was so: 2026-11-20, or with a time and its offset."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="ID",
            help="Who says so; git's identity by default.",
            autocompletion=complete_owner,
        ),
    ] = None,
    cycle: Annotated[
        str | None, typer.Option("--cycle", metavar="CYCLE", help="Look in this cycle only.")
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Correct your last check-in; what you leave out stays as it was."),
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE|-",
            help="Record the rows of a file, or of what is piped in: CSV, JSON or JSON lines.",
        ),
    ] = None,
    no_commit: Annotated[
        bool, typer.Option("--no-commit", help="Add the line to the log, and commit nothing.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would happen, and write nothing.")
    ] = False,
    push: Annotated[
        bool | None,
        typer.Option(
            "--push/--no-push", show_default=False, help="Send it at once, as `okr sync` does; or keep it here."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Record a check-in as a commit.

    The value is checked against the plan, added to the owner's log as one line, and committed: that file only.
    Whatever else is staged or changed stays as it is. Without a value, only the confidence is recorded.

    \b
    Examples:
      okr checkin brand/visits 61k -c 0.7 -m "Campaign went live on Tuesday"
      okr checkin visits +500                  added to the last value
      okr checkin platform/launch beta         a milestone
      okr checkin visits -c 60%                the confidence alone
      okr checkin kpis/site-visits 61000       a KPI: every key result that uses it moves
      okr checkin visits 58000 --replace       the last one was wrong
      okr checkin visits 58000 --date 2026-11-20 --dry-run
      okr checkin --from week.csv              ref,value,confidence,date,note: all of them, or none
    """  # noqa: D301 # `\b` keeps the help formatter from filling the examples into a paragraph
    from okr.commands.opening import workspace_at
    from okr.commands.registry import invocation
    from okr.errors import UsageError
    from okr.operations.checking_in import Entry, check_in
    from okr.operations.entries import confidence_of, moment_of, now
    from okr.operations.identity import author
    from okr.operations.recording import recording
    from okr.sources import find_root

    asked = invocation()
    root = find_root(asked.directory)
    commit = not (no_commit or dry_run)
    opener = partial(workspace_at, root)
    if push and not commit:
        raise UsageError("--push sends a commit, and none is to be made.", "Leave one of the options out.")
    if source is not None:
        typed = {
            "REF": reference,
            "--confidence": confidence,
            "--note": note,
            "--date": date,
            "--replace": replace,
        }
        surplus = next((name for name, given in typed.items() if given), None)
        if surplus:
            raise UsageError(f"{surplus} does not go with --from: each row says its own.", "Leave it out.")
        from okr.commands.checkin_rows import check_in_rows

        result = check_in_rows(source, root, opener, by=by, commit=commit, dry_run=dry_run, cycle=cycle)
    else:
        entry = Entry(
            reference or "",
            moment_of(date) if date else now(asked.as_of),
            value,
            confidence_of(confidence) if confidence else None,
            note,
            replaces=replace,
            moment_is_given=date is not None,
        )
        with recording(root, commit=commit) as session:
            entry = dataclasses.replace(entry, by=by or author(opener()))
            result = check_in(session, opener, [entry], dry_run=dry_run, cycle=cycle)
    settings = opener().settings
    sending = result.commit is not None and (settings.checkin.push if push is None else push)
    answer = None
    if as_json:
        from okr.views.checkin_json import recorded_json

        answer = recorded_json(result)
        if not sending:
            typer.echo(answer)
    else:
        from okr.views.checkin import show_recorded

        show_recorded(result, settings.language, color=asked.color)
    if sending and result.commit is not None:
        from okr.commands.sync import send_recorded

        send_recorded(root, result.commit.id, answer)
