"""Findings about files: where they stand, what is wrong and how to mend it.

A `Problem` is what a loader or a rule found; a `Diagnostic` is that problem under its rule's code and severity.
How they look on a screen or in CI is the views' business.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a finding weighs; `OFF` silences a rule."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"


class Place(NamedTuple):
    """A stretch of a file's text: lines and columns count from 1, columns in characters, the end is exclusive."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, found while reading or by a rule.

    Attributes:
        rule: the rule's name, such as `duplicate-key`.
        message: what is wrong, in one sentence that quotes what the file says.
        hint: how to mend it, or None where the rule's own remedy says it all.
        path: the file, relative to the workspace's root, with forward slashes.
        place: where in the file.
        ref: the objective or key result it is about, as a full reference, or None.
    """

    rule: str
    message: str
    path: str
    place: Place = Place()
    hint: str | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A problem with its rule's code and the severity this workspace gives it."""

    code: str
    severity: Severity
    problem: Problem

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Files in order of their path, then from top to bottom."""
        place = self.problem.place
        return (self.problem.path, place.line, place.column, self.code, self.problem.message)
