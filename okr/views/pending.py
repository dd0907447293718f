"""What is said of check-ins that were recorded but not committed. Imports nothing heavy: every answer may say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.views.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okr.operations.checkin.pending import Pending

_NAMED = 3


def pending_words(found: Sequence[Pending]) -> str:
    """Which check-ins were recorded but not committed."""
    first = ", ".join(dict.fromkeys(each.reference for each in found[:_NAMED]))
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    were = "was" if len(found) == 1 else "were"
    return printable(f"{counted(len(found), 'check-in')} {were} recorded but not committed ({first}{more}).")


def pending_note(found: Sequence[Pending]) -> str:
    """The same as a remark beside another answer, with what commits them."""
    what = "it" if len(found) == 1 else "them"
    return f"note: {pending_words(found)} `okr checkin --commit-pending` commits {what}."


def declined(found: Sequence[Pending]) -> tuple[str, str]:
    """Why nothing goes on while they stay uncommitted, and what to do about it."""
    one = len(found) == 1
    what, lines = ("it", "its line") if one else ("them", "their lines")
    logs = printable(", ".join(dict.fromkeys(each.path for each in found)))
    return (
        f"Nothing was recorded: a commit of the same log would take {what} along.",
        f"`okr checkin --commit-pending` commits {what}; or take {lines} out of {logs} by hand. Then try again.",
    )


def left_out_note(names: Sequence[str]) -> str:
    """That files are not in the work tree, as a remark beside an answer that knows nothing of them."""
    such = printable(names[0])
    what = f"{such} is" if len(names) == 1 else f"{counted(len(names), 'file')}, such as {such}, are"
    return (
        f"note: This checkout is sparse: {what} not in it, and counted nowhere here. "
        "`git sparse-checkout disable` brings all files back."
    )
