"""Findings as JUnit XML: a suite for each file, a case for each finding, and one that passes where there is none.

What lets `okr validate` fail is a failure; what does not is a case that passes and says so in its output. Names of
cases hold no line numbers, so that CI systems can tell new failures from old ones.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from okr.diagnostics import Severity
from okr.errors import shortened
from okr.views.findings_report import remedy, said
from okr.views.text import printable
from okr.views.workflow_commands import in_markup

if TYPE_CHECKING:
    from okr.diagnostics import Diagnostic
    from okr.views.findings_report import Report

LONGEST_NAME = 200

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render(report: Report) -> str:
    """One XML document; paths are relative to the repository's root."""
    by_file: dict[str, list[Diagnostic]] = {path: [] for path in report.files}
    for diagnostic in report.diagnostics:
        by_file.setdefault(diagnostic.finding.path, []).append(diagnostic)
    suites = [
        _suite(report.in_repository(path), found, strict=report.strict)
        for path, found in sorted(by_file.items())
    ]
    root = ET.Element("testsuites", _counts("okr validate", suites))
    root.extend(suites)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{in_markup(ET.tostring(root, encoding="unicode"))}\n'


def _suite(path: str, found: list[Diagnostic], *, strict: bool) -> ET.Element:
    name = _legal(printable(path))
    cases = [ET.Element("testcase", {"classname": name, "name": "nothing to report"})] if not found else []
    failures = 0
    names: Counter[str] = Counter()
    for diagnostic in found:
        fails = diagnostic.severity is Severity.ERROR or (strict and diagnostic.severity is Severity.WARNING)
        failures += fails
        cases.append(_case(diagnostic, name, names, fails=fails))
    numbers = {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": "0"}
    suite = ET.Element("testsuite", {"name": name, **numbers})
    suite.extend(cases)
    return suite


def _case(diagnostic: Diagnostic, path: str, names: Counter[str], *, fails: bool) -> ET.Element:
    message, place = _legal(said(diagnostic)), diagnostic.finding.place
    name = f"{diagnostic.code} {shortened(message, LONGEST_NAME)}"
    names[name] += 1
    if names[name] > 1:
        name = f"{name} ({names[name]})"
    case = ET.Element("testcase", {"classname": path, "name": name})
    where = f"{path}:{place.line}:{place.column}"
    detail = f"{where}: {diagnostic.severity}: {message}\nfix: {_legal(remedy(diagnostic))}"
    if fails:
        kind = f"{diagnostic.code} {diagnostic.name}"
        ET.SubElement(case, "failure", {"type": kind, "message": message}).text = detail
    else:
        ET.SubElement(case, "system-out").text = detail
    return case


def _counts(name: str, suites: list[ET.Element]) -> dict[str, str]:
    totals = {
        key: str(sum(int(suite.attrib[key]) for suite in suites)) for key in ("tests", "failures", "errors")
    }
    return {"name": name, **totals}


def _legal(text: str) -> str:
    """A text without the characters that XML has no way to write."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
