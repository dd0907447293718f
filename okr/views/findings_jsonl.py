"""Findings as JSON Lines: one finding a line, as `--format json` lists them, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.views.findings_json import finding_as_json
from okr.views.text import to_json

if TYPE_CHECKING:
    from okr.views.findings_report import Report


def render(report: Report) -> str:
    """One JSON object a line; paths are relative to the workspace's root."""
    return "".join(f"{to_json(finding_as_json(each), indent=None)}\n" for each in report.diagnostics)
