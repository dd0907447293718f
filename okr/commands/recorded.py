"""What the commands that record have in common: whether they may push, and at their end the answer and the push."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okr.commands.running import invocation
from okr.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.checkin.checking_in import Opener, Recorded


def require_commit(*, push: bool | None, commit: bool) -> None:
    """Refuses to send where nothing is to be committed.

    Raises:
        UsageError: it was asked for.
    """
    if push and not commit:
        raise UsageError("--push sends a commit, and none is to be made.", "Leave one of the options out.")


def answer_recorded(
    root: Path, opener: Opener, result: Recorded, *, push: bool | None, as_json: bool, whole: bool = True
) -> None:
    """Shows what was recorded, and sends it where that is wanted.

    Args:
        root: the workspace's root.
        opener: opens the workspace.
        result: what was recorded.
        push: whether to send it; None leaves that to `checkin.push` in okr.yaml.
        as_json: answer in JSON.
        whole: show it whole; False where a summary has shown it already.
    """
    settings = opener().settings
    sending = result.commit is not None and (settings.checkin.push if push is None else push)
    answer = None
    if as_json:
        from okr.views.checkin_json import recorded_json

        answer = recorded_json(result)
        if not sending:
            sys.stdout.write(answer + "\n")
    elif whole:
        from okr.views.checkin import show_recorded

        show_recorded(result, settings.language, color=invocation().color)
    else:
        from okr.views.round_end import show_round_recorded

        show_round_recorded(result, color=invocation().color)
    if sending and result.commit is not None:
        from okr.commands.sync import send_recorded

        send_recorded(root, result.commit.id, answer, "check-in" if len(result.moved) == 1 else "check-ins")
