"""Findings as GitLab's code quality report: what a merge request shows as new and as mended.

GitLab compares two reports by fingerprint, so none depends on a line's number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.diagnostics import Severity
from okr.views.findings_report import remedy, said
from okr.views.text import printable, to_json

if TYPE_CHECKING:
    from okr.views.findings_report import Report

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report) -> str:
    """One JSON list; paths are relative to the repository's root."""
    known_by = report.fingerprints()
    entries = [
        {
            "description": f"{said(each)} ({remedy(each)})",
            "check_name": f"{each.code} {each.name}",
            "fingerprint": known_by[each],
            "severity": _SEVERITIES[each.severity],
            "location": {
                "path": printable(report.in_repository(each.finding.path)),
                "lines": {"begin": each.finding.place.line, "end": each.finding.place.end_line},
            },
        }
        for each in report.diagnostics
    ]
    return f"{to_json(entries)}\n"
