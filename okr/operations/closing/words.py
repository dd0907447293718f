"""The words that closing a cycle writes: the commit's message and trailer, and that it was closed early.

Words of people go into messages only through `safe_line` and `safe_paragraph`, so that none of them becomes a trailer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.git.text import safe_line, safe_paragraph
from okr.operations.checkin.messages import LONGEST_SUBJECT
from okr.operations.closing.grading import is_score
from okr.quantities import format_score

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okr.model import CycleState
    from okr.operations.assessing import OwnerState
    from okr.operations.closing.grading import Closing, Decision

TRAILER = "OKR-Cycle"

_EARLY = {
    "en": "Closed on {day}, {left}: {why}",
    "fr": "Clos le {day}, {left} : {why}",
}
_LEFT = {
    "en": ("on its last day", "a day early", "{count} days early"),
    "fr": ("au dernier jour", "un jour avant terme", "{count} jours avant terme"),
}


def trailers(cycle: str, state: CycleState) -> tuple[tuple[str, str], ...]:
    """The last paragraph of the commit: `OKR-Cycle: 2026-Q4 closed`."""
    return ((TRAILER, f"{cycle} {state.value}"),)


def closing_message(
    cycle: str, owners: Sequence[OwnerState], decisions: Iterable[Decision], review: str | None
) -> str:
    """The subject and body of the commit that closes a cycle.

    Args:
        cycle: its name.
        owners: its owners as graded.
        decisions: what was decided.
        review: what was found when looking back.
    """
    scores = [f"{each.owner.id} {format_score(each.score)}" for each in owners]
    subject = safe_line(f"okr: close {cycle} ({', '.join(scores)})")
    paragraphs = [subject]
    if len(subject) > LONGEST_SUBJECT:
        paragraphs = [safe_line(f"okr: close {cycle} ({len(owners)} owners)"), _lines(scores)]
    paragraphs += [safe_paragraph(review or ""), _lines(_overridden(decisions))]
    return "\n\n".join(filter(None, paragraphs))


def reopening_message(cycle: str, why: str | None) -> str:
    """The subject and body of the commit that opens a cycle again."""
    return "\n\n".join(filter(None, (safe_line(f"okr: reopen {cycle}"), safe_paragraph(why or ""))))


def early_words(closing: Closing, why: str) -> str:
    """That a cycle was closed before its end, in the workspace's language: for its review."""
    language, left = closing.frame.language, closing.days_left
    last, one, many = _LEFT[language]
    days = last if left == 0 else one if left == 1 else many.format(count=left)
    return _EARLY[language].format(day=closing.frame.as_of, left=days, why=" ".join(why.split()))


def tidy(text: str) -> str:
    """A text of several lines without blanks at the ends of lines, and blank lines at its own ends."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip("\n")


def _overridden(decisions: Iterable[Decision]) -> list[str]:
    """The grades that are not the score, each with its reason."""
    return [
        f"{'/'.join(each.subject.reference.segments[1:])} {format_score(each.grade)} "
        f"(score {format_score(each.score)}): {each.reason}"
        for each in decisions
        if each.grade is not None and each.score is not None and not is_score(each.grade, each.score)
    ]


def _lines(lines: Iterable[str]) -> str:
    return safe_paragraph("\n".join(map(safe_line, lines)))
