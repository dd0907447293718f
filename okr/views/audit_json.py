"""What an audit found, as JSON; the shape is described in docs/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.diagnostics import Severity
from okr.views.log_json import commit_json
from okr.views.text import to_json

if TYPE_CHECKING:
    from okr.operations.audit.auditing import Audit


def audit_json(audit: Audit, workspace: str) -> str:
    """The answer of `okr audit --json`."""
    counts = audit.counts
    return to_json(
        {
            "schema": 1,
            "workspace": workspace,
            "since": audit.since,
            "lines": audit.lines,
            "logs": audit.logs,
            "commits": audit.commits,
            "summary": {
                "errors": counts[Severity.ERROR],
                "warnings": counts[Severity.WARNING],
                "infos": counts[Severity.INFO],
            },
            "findings": [
                {
                    "kind": finding.kind.value,
                    "severity": finding.severity.value,
                    "message": finding.message,
                    "path": finding.path,
                    "line": finding.line,
                    "ref": finding.ref,
                    "commit": commit_json(finding.commit),
                }
                for finding in audit.findings
            ],
        }
    )
