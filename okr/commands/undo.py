"""`okr undo`: reads which check-in is meant, takes it back by a line, shows what that moved."""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated

import typer

from okr.commands.completion import complete_owner, complete_reference
from okr.commands.options import (
    DryRunOption,
    JsonOption,
    NoCommitOption,
    OnlyCycleOption,
    PushOption,
)
from okr.commands.recorded import require_commit

app = typer.Typer()

_COMMIT = re.compile(r"[0-9a-f]{7,64}|HEAD([~^@].*)?")


@app.command()
def undo(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[REF|COMMIT]",
            help="The key result, kpis/ID for a KPI, or a commit; your last check-in commit by default.",
            autocompletion=complete_reference,
        ),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option("--date", metavar="DATE", help="The check-in of that day or time, not the last one."),
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", "-m", metavar="TEXT", help="Why it is taken back.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="ID",
            help="Who takes it back; git's identity by default.",
            autocompletion=complete_owner,
        ),
    ] = None,
    cycle: OnlyCycleOption = None,
    no_commit: NoCommitOption = False,
    dry_run: DryRunOption = False,
    push: PushOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a check-in back.

    A line that says so is added to the log and committed; nothing is removed, and history stays as it is. What
    was taken back counts nowhere any more, and `okr show` and `okr log` say when it was
    taken back. A commit with check-ins of several people is only taken back if you name it.

    \b
    Examples:
      okr undo                          what your last check-in commit recorded
      okr undo visits                   the last check-in of a key result
      okr undo visits --date 2026-11-20 -m "Wrong month"
      okr undo 1a2b3c4                  all that a commit recorded
    """
    from okr.commands.opening import workspace_at
    from okr.commands.recorded import answer_recorded
    from okr.commands.running import invocation
    from okr.errors import UsageError
    from okr.operations.checkin.entries import moment_of, now
    from okr.operations.checkin.recording import recording
    from okr.operations.checkin.taking_back import last_commit_of, take_back, take_back_commit
    from okr.operations.identity import author
    from okr.sources import find_root

    asked = invocation()
    root = find_root(asked.directory)
    commit = target if target is not None and _COMMIT.fullmatch(target) else None
    whole = target is None or commit is not None
    if date is not None and whole:
        raise UsageError("--date needs a key result.", "Name it: okr undo REF --date DATE")
    require_commit(push=push, commit=not (no_commit or dry_run))
    said, opener = now(asked.as_of), partial(workspace_at, root)
    with recording(root, commit=not (no_commit or dry_run), history=whole) as session:
        workspace = workspace_at(root)
        who = by or author(workspace, session.identity)
        if target is not None and not whole:
            of = moment_of(date, asked.today) if date else None
            result = take_back(
                session, opener, target, said=said, of=of, by=who, note=note, cycle=cycle, dry_run=dry_run
            )
        else:
            revision = commit or last_commit_of(session, workspace)
            result = take_back_commit(
                session,
                opener,
                revision,
                said=said,
                by=who,
                note=note,
                named=commit is not None,
                dry_run=dry_run,
            )
    answer_recorded(root, opener, result, push=push, as_json=as_json)
