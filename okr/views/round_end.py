"""What came of a round, or of check-ins that were committed later, in a few lines: the summary said the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.views.layout import indented, show
from okr.views.terminal import cell, stderr, stdout
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okr.operations.checkin.checking_in import Recorded
    from okr.operations.checkin.pending import Pending
    from okr.repository import Commit


def show_round_recorded(result: Recorded, *, color: bool | None) -> None:
    """How many check-ins were recorded and where to stdout; warnings and remarks to stderr."""
    console = stdout(color=color)
    count = counted(len(result.moved), "check-in")
    if not result.written:
        words = f"Nothing was written: {count} would be recorded."
    elif result.commit is None:
        words = f"Recorded {count}, and committed nothing."
    else:
        words = f"Recorded {count}, committed as {result.commit.id[:7]}."
    show(console, indented(console, cell(words)))
    talk = stderr(color=color)
    said = [
        f"warning: {each.code} {each.finding.message}"
        + (f" ({each.finding.hint})" if each.finding.hint else "")
        for each in result.warnings
    ]
    if result.earlier:
        were = "was" if len(result.earlier) == 1 else "were"
        verb = "committed" if result.commit else "still uncommitted"
        said.append(f"{counted(len(result.earlier), 'check-in')} recorded before {were} {verb} as well.")
    for each in (*said, *result.remarks):
        talk.print(cell(each), soft_wrap=True)


def show_pending_committed(found: Sequence[Pending], commit: Commit | None, *, color: bool | None) -> None:
    """What was committed of what had been recorded before."""
    console = stdout(color=color)
    if commit is None:
        show(console, indented(console, cell("Every check-in is committed already.")))
        return
    words = f"Committed {counted(len(found), 'check-in')} recorded before, as {commit.id[:7]}."
    show(console, indented(console, cell(words)))
    for remark in commit.remarks:
        stderr(color=color).print(cell(remark), soft_wrap=True)
