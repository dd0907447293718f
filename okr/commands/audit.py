"""`okr audit`: asks git whether the record can be trusted, and shows what it says."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path

app = typer.Typer()


@app.command()
def audit(
    *,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="REV", help="Only what was committed after this revision."),
    ] = None,
    require_signed: Annotated[
        bool,
        typer.Option(
            "--require-signed", help="Every commit of a check-in or plan must bear a good signature."
        ),
    ] = False,
    every_commit: Annotated[
        bool,
        typer.Option("--every-commit", help="Compare what each commit changed, whatever its message says."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
) -> int:
    """Check whether the record can be trusted.

    Every line of the logs is traced to the commit that brought it: by whom, how long after its date, by hand or
    by okr; whether lines were changed or removed later; which targets, baselines and weights moved after the
    cycle had begun, and when relative to the score; what is recorded but not committed.

    A check-in's commit names its lines in its message. Where messages and logs fit together they are believed,
    which is fast; wherever they don't, and with --every-commit, what each commit changed decides. What was slipped into
    one check-in's commit and mended in another's, be it a line or a wrong name, is found by --every-commit alone.

    Ends with 1 where there is an error: a line changed or removed, a closed cycle changed, and, with
    --require-signed, a commit without a good signature.

    \b
    Examples:
      okr audit
      okr audit --since v2026-Q3            what happened since that tag
      okr audit --require-signed --json > audit.json
    """
    from okr.commands.registry import invocation
    from okr.sources import find_root

    root = find_root(invocation().directory)

    def work() -> int:
        return _audit(root, since, require_signed=require_signed, every_commit=every_commit, as_json=as_json)

    if since is not None or require_signed:  # what a revision names, and whose signature is good, may change
        return work()
    from okr.commands.kept import answered

    return answered(root, ("audit", every_commit, as_json), work)


def _audit(root: Path, since: str | None, *, require_signed: bool, every_commit: bool, as_json: bool) -> int:
    from okr.commands.garbage import collector_paused, hold
    from okr.commands.registry import invocation
    from okr.operations.listening import listening

    with listening(root, since=since) as heard, collector_paused():
        from okr.commands.opening import require_readable, workspace_at
        from okr.diagnostics import Severity
        from okr.operations.auditing import audit as run_audit

        workspace = workspace_at(root)
        found = run_audit(
            workspace, heard, require_signed=require_signed, every_commit=every_commit, hold=hold
        )
    require_readable(workspace)
    if as_json:
        from okr.views.audit_json import audit_json

        sys.stdout.write(f"{audit_json(found, workspace.name)}\n")
    else:
        from okr.views.audit import show_audit

        show_audit(found, color=invocation().color)
    return 1 if found.counts[Severity.ERROR] else 0
