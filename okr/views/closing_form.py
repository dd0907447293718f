"""The review as a text for an editor: what was written so far, and below a line the scores, which are left out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.operations.closing.words import tidy
from okr.quantities import format_score
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.closing.grading import Closing

CUT = "# ------------------------ >8 ------------------------"
"""The line below which everything is left out, as in git's own messages."""


def review_form(closing: Closing, text: str | None) -> str:
    """The text, and below the line each key result with its score.

    Args:
        closing: the cycle.
        text: what the review begins with.
    """
    written = [text.rstrip("\n"), ""] if text else [""]
    return "\n".join([*written, *_reminder(closing)]) + "\n"


def read_review(saved: str) -> str | None:
    """What stands above the line; None where that is nothing."""
    return tidy(saved.partition(CUT)[0]) or None


def _reminder(closing: Closing) -> Iterator[str]:
    yield CUT
    yield f"# The review of {printable(closing.frame.cycle.name)} stands above this line; what is below is left out."
    yield "# What went well, what did not, what to do otherwise?"
    for owner in closing.owners:
        yield "#"
        yield f"# {printable(owner.owner.name)}, {format_score(owner.score)}"
        for objective in owner.objectives:
            for state in objective.key_results:
                yield f"#   {format_score(state.assessment.score)}  {printable(state.key_result.title)}"
