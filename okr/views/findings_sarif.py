"""Findings as SARIF 2.1.0, for code scanning and for viewers: the rules with their help, and every finding.

Columns count characters, ends are exclusive, as everywhere in okr. Code scanning keeps 5,000 results of a run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from okr import __version__
from okr.diagnostics import Severity
from okr.rules.catalogue import catalogue
from okr.views.findings_report import about_a_whole_file, remedy, said
from okr.views.text import counted, printable, to_json

if TYPE_CHECKING:
    from okr.diagnostics import Diagnostic
    from okr.rules.catalogue import Rule
    from okr.views.findings_report import Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"
MOST_RESULTS = 5_000

_LINK = re.compile(r"\[(?=[^\]]*\]\()")

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note", Severity.OFF: "none"}


def render(report: Report) -> str:
    """One log with one run; paths are relative to the repository's root, and percent-encoded."""
    rules = catalogue()
    numbers = {rule.code: number for number, rule in enumerate(rules)}
    known_by = report.fingerprints()
    kept = report.heaviest_first[:MOST_RESULTS]
    run = {
        "tool": {
            "driver": {
                "name": "okr",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "automationDetails": {"id": f"okr/{quote(_bytes(report.folder))}".rstrip("/") + "/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": _notifications(len(report.diagnostics), len(kept)),
            }
        ],
        "results": [_result(each, report, numbers[each.code], known_by[each]) for each in kept],
    }
    return f"{to_json({'$schema': SCHEMA, 'version': '2.1.0', 'runs': [run]})}\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.what},
        "fullDescription": {"text": f"{rule.what} {rule.why}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "help": {
            "text": f"{rule.why}\n\nTo mend it: {rule.remedy}",
            "markdown": f"**{rule.code} {rule.name}**: {rule.what}\n\n{rule.why}\n\n**To mend it:** {rule.remedy}",
        },
    }


def _result(diagnostic: Diagnostic, report: Report, rule: int, known_by: str) -> dict[str, Any]:
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": _plain(f"{said(diagnostic)}\nfix: {remedy(diagnostic)}")},
        "locations": [_location(diagnostic, report)],
        # The first is the one that GitHub's code scanning knows findings by.
        "partialFingerprints": {"primaryLocationLineHash": known_by, "okrFinding/v1": known_by},
    }


def _location(diagnostic: Diagnostic, report: Report) -> dict[str, Any]:
    finding, place = diagnostic.finding, diagnostic.finding.place
    region = {"startLine": place.line}
    if not about_a_whole_file(diagnostic):
        region |= {
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        }
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {
                "uri": quote(_bytes(report.in_repository(finding.path))),
                "uriBaseId": ROOT,
            },
            "region": region,
        }
    }
    if finding.ref:
        location["logicalLocations"] = [{"fullyQualifiedName": printable(finding.ref)}]
    return location


def _plain(text: str) -> str:
    """A message in which no viewer finds a link: SARIF takes `[text](target)` for one even in plain text."""
    return _LINK.sub(r"\\[", text)


def _bytes(path: str) -> bytes:
    """A path's bytes; a name that is not UTF-8 still gives a URI, if none that leads to a file."""
    return path.encode("utf-8", "surrogatepass")


def _notifications(found: int, kept: int) -> list[dict[str, Any]]:
    if kept == found:
        return []
    said_so = f"{counted(found, 'finding')}; the {kept:,} heaviest are listed. `okr validate --format json` lists all."
    return [{"level": "warning", "message": {"text": said_so}}]
