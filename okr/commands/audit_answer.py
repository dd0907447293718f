"""What `okr audit` answers: asks git whether the record can be trusted, and shows what it says.

It needs no typer, as `log_answer.py`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okr.commands.plain_words import PlainWords
from okr.commands.running import hold, invocation
from okr.sources import find_root

if TYPE_CHECKING:
    from pathlib import Path

PLAINLY = PlainWords(
    {
        "--since": ("since", str),
        "--require-signed": ("require_signed", None),
        "--every-commit": ("every_commit", None),
        "--json": ("as_json", None),
    }
)


def answer(
    *,
    since: str | None = None,
    require_signed: bool = False,
    every_commit: bool = False,
    as_json: bool = False,
) -> int:
    """Answers, and gives the exit status.

    Args:
        since: the revision after which commits are looked at.
        require_signed: whether each must bear a good signature.
        every_commit: whether no message is believed.
        as_json: whether a program reads it.

    Raises:
        OkrError: there is no answer.
    """
    root = find_root(invocation().directory)

    def work() -> int:
        return _audit(root, since, require_signed=require_signed, every_commit=every_commit, as_json=as_json)

    if since is not None or require_signed:  # what a revision names, and whose signature is good, may change
        return work()
    from okr.commands.kept import answered

    return answered(root, ("audit", every_commit, as_json), work)


def _audit(root: Path, since: str | None, *, require_signed: bool, every_commit: bool, as_json: bool) -> int:
    from okr.operations.record.listening import listening

    with listening(root, since=since) as heard:
        from okr.commands.opening import require_readable, workspace_at
        from okr.diagnostics import Severity
        from okr.operations.audit.auditing import audit as run_audit

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
