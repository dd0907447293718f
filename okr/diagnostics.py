"""Findings about files: where they stand, what is wrong and how to mend it.

A `Finding` is what a rule sees; a `Problem` is one that the loader met and files under a rule's name; a
`Diagnostic` is a finding under its rule's code and severity. How they look is the views' business.
"""

from __future__ import annotations

from enum import StrEnum

from okr.dataclass import NamedTuple, dataclass


class Severity(StrEnum):
    """How much a finding weighs, from the heaviest to the lightest; `OFF` silences a rule."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"


HEAVIEST_FIRST = tuple(Severity)


class Place(NamedTuple):
    """A stretch of a file's text: lines and columns count from 1, columns in characters, the end is exclusive."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, and where.

    Attributes:
        path: the file, relative to the workspace's root, with forward slashes.
        place: where in the file.
        message: what is wrong, in one sentence that quotes what the file says.
        hint: how to mend it, or None where the rule's own remedy says it all.
        ref: the objective or key result it is about, as a full reference, or None.
        severity: where this one weighs less than its rule's findings do by default; None for no less.
    """

    path: str
    place: Place
    message: str
    hint: str | None = None
    ref: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding made while a file was read, filed under the name of the rule it belongs to."""

    rule: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding under its rule's code and name, with the severity this workspace gives it."""

    code: str
    name: str
    severity: Severity
    finding: Finding

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Files in order of their path, then from top to bottom."""
        place = self.finding.place
        return (self.finding.path, place.line, place.column, self.code, self.finding.message)
