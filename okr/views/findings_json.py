"""Findings as JSON, for machines: the shape is documented and stable, the paths are relative to the workspace's root."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.diagnostics import Severity
from okr.rules.catalogue import rules_by_name
from okr.views.text import to_json

if TYPE_CHECKING:
    from okr.diagnostics import Diagnostic
    from okr.operations.validation.validating import Validation
    from okr.revisions import Moment


def findings_as_json(validation: Validation) -> str:
    """What was found, as one JSON object; `rule` is the rule's code, `hint` its remedy where the finding has none."""
    counts = validation.counts
    return to_json(
        {
            "schema": 1,
            "files": validation.files,
            "changed_since": commit_as_json(validation.since),
            "summary": {
                "errors": counts[Severity.ERROR],
                "warnings": counts[Severity.WARNING],
                "infos": counts[Severity.INFO],
            },
            "diagnostics": [finding_as_json(diagnostic) for diagnostic in validation.diagnostics],
        }
    )


def commit_as_json(moment: Moment | None) -> dict[str, str] | None:
    """A commit as it was asked for, and its id; nothing for the working tree."""
    return None if moment is None else {"asked": moment.asked, "commit": moment.commit}


def finding_as_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """One finding, as every JSON format lists it."""
    finding = diagnostic.finding
    return {
        "rule": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": finding.message,
        "hint": finding.hint or rules_by_name()[diagnostic.code].remedy,
        "path": finding.path,
        "line": finding.place.line,
        "column": finding.place.column,
        "end_line": finding.place.end_line,
        "end_column": finding.place.end_column,
        "ref": finding.ref,
    }
