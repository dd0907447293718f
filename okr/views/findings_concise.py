"""Findings one a line, as compilers write them and editors read them: `path:line:column: CODE severity message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.views.findings_report import said
from okr.views.text import printable

if TYPE_CHECKING:
    from okr.diagnostics import Diagnostic
    from okr.views.findings_report import Report


def render(report: Report) -> str:
    """One line for each finding and nothing else; files are named as seen from the current folder."""
    return "".join(
        f"{concise(diagnostic, report.shown(diagnostic.finding.path))}\n" for diagnostic in report.diagnostics
    )


def concise(diagnostic: Diagnostic, path: str) -> str:
    """One finding as one line."""
    place = diagnostic.finding.place
    return (
        f"{printable(path)}:{place.line}:{place.column}: "
        f"{diagnostic.code} {diagnostic.severity} {said(diagnostic)}"
    )
