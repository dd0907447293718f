"""Findings for GitHub Actions: all of them as text in a group of the log, the heaviest as annotations.

GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest without a word.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okr.diagnostics import Severity
from okr.errors import shortened
from okr.views.findings_concise import concise
from okr.views.findings_report import about_a_whole_file, remedy, said, summary
from okr.views.text import printable
from okr.views.workflow_commands import command, neutral

if TYPE_CHECKING:
    from okr.diagnostics import Diagnostic
    from okr.views.findings_report import Report

MOST_OF_A_KIND = 10
LONGEST_MESSAGE = 2_000
"""Characters; an annotation is a box beside a line."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """A group with every finding, then at most ten annotations of each kind, errors first."""
    lines = [f"::group::okr validate: {summary(report.validation)}"]
    lines += [neutral(concise(each, report.in_repository(each.finding.path))) for each in report.diagnostics]
    lines.append("::endgroup::")
    shown: Counter[Severity] = Counter()
    for diagnostic in report.heaviest_first:
        shown[diagnostic.severity] += 1
        if shown[diagnostic.severity] <= MOST_OF_A_KIND:
            lines.append(_annotation(diagnostic, report.in_repository(diagnostic.finding.path)))
    return "".join(f"{line}\n" for line in lines)


def _annotation(diagnostic: Diagnostic, path: str) -> str:
    place = diagnostic.finding.place
    pointed = not about_a_whole_file(diagnostic)
    # GitHub takes columns only where the place is on one line.
    columns = pointed and place.line == place.end_line
    message = f"{shortened(said(diagnostic), LONGEST_MESSAGE)}\nfix: {remedy(diagnostic)}"
    return command(
        _COMMANDS[diagnostic.severity],
        {
            "file": printable(path),
            "line": place.line,
            "endLine": place.end_line if pointed else None,
            "col": place.column if columns else None,
            "endColumn": place.end_column if columns else None,
            "title": f"{diagnostic.code} {diagnostic.name}",
        },
        message,
    )
