"""The errors a user can cause and mend: one family, each with its remedy.

Problems in files are values (`diagnostics.py`), not exceptions. What is raised and is no `OkrError` is our bug.
"""

from __future__ import annotations


class OkrError(Exception):
    """What was asked can't be done, for a reason the user can see and mend.

    Attributes:
        message: one sentence saying what happened, to what.
        remedy: what to do next, or None where the message already says it.
        exit_status: what the process ends with: 1, or 2 where the command line itself is wrong.
    """

    exit_status = 1

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(OkrError):
    """The command line is wrong: an argument can't be read or names nothing."""

    exit_status = 2


def shortened(text: str, longest: int) -> str:
    """A text as a message quotes it: whole, or cut at so many characters, the last of them an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
