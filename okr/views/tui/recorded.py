"""What to say once a check-in is recorded: what moved, where it is, and what else there is to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.quantities import format_score
from okr.views.checkin import kept_words
from okr.views.text import counted, printable

if TYPE_CHECKING:
    from okr.operations.checkin.checking_in import Moved, Recorded


def recorded_words(result: Recorded) -> tuple[str, tuple[str, ...]]:
    """What was recorded; and warnings and remarks, one sentence each."""
    moved = [words for each in result.moved if (words := _moved_words(each))]
    done = "\n".join([*moved, kept_words(result)])
    remarks = []
    for each in result.warnings:
        hint = f" ({each.finding.hint})" if each.finding.hint else ""
        remarks.append(f"{each.code} {each.finding.message}{hint}")
    if result.earlier:
        were = "was" if len(result.earlier) == 1 else "were"
        remarks.append(
            f"{counted(len(result.earlier), 'check-in')} recorded before but not committed {were} committed as well."
        )
    return done, tuple(printable(each) for each in (*remarks, *result.remarks))


def _moved_words(moved: Moved) -> str:
    pairs = [states for states in (moved.before_and_after, *moved.drawn) if states is not None]
    return "\n".join(
        f"{after.key_result.reference}: score {format_score(before.assessment.score)} → "
        f"{format_score(after.assessment.score)}"
        for before, after in pairs
    )
