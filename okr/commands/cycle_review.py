"""The review of a cycle in the user's own editor, with the cycle's scores below it for a reminder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.commands.editing import edited

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.closing.grading import Closing

_FORM = "REVIEW.md"


def edit_review(root: Path, closing: Closing, text: str | None) -> str | None:
    """The review as it was saved; None where nothing was written.

    Args:
        root: the workspace's root.
        closing: the cycle.
        text: what it begins with.

    Raises:
        OkrError: the editor failed.
    """
    from okr.views.closing_form import read_review, review_form

    return read_review(edited(root, _FORM, review_form(closing, text)))
