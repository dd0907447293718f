"""`okr audit`: what its command line may say. `audit_answer.py` answers it."""

from __future__ import annotations

from typing import Annotated

import typer

from okr.commands.audit_answer import answer
from okr.commands.options import JsonOption

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
    as_json: JsonOption = False,
) -> int:
    """Check whether the record can be trusted.

    Every line of the logs is traced to the commit that brought it: by whom, how long after its date, by hand or
    by okr; whether lines were changed or removed later; which targets, baselines and weights moved after the
    cycle had begun, and when relative to the score; what is recorded but not committed.

    A check-in's commit names its lines in its message. Where messages and logs fit together they are believed,
    which is fast; wherever they don't, and with --every-commit, what each commit changed decides. Only
    --every-commit finds a line or a wrong name that was slipped into one check-in's commit and mended in another's.

    Ends with 1 if there is an error: a line changed or removed, a closed cycle changed, and, with --require-signed,
    a commit without a good signature.

    \b
    Examples:
      okr audit
      okr audit --since v2026-Q3            what happened since that tag
      okr audit --require-signed --json > audit.json
    """
    return answer(since=since, require_signed=require_signed, every_commit=every_commit, as_json=as_json)
