"""What every format of findings is made from, and the table of the formats; each is a module of its own.

A format's module has one function, `render(report)`, that gives the whole text. Nothing here prints or writes.
"""

from __future__ import annotations

import importlib
from hashlib import sha256
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.diagnostics import HEAVIEST_FIRST, Place, Severity
from okr.rules.catalogue import rules_by_name
from okr.rules.fingerprints import fingerprints
from okr.views.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from okr.diagnostics import Diagnostic
    from okr.documents import Document
    from okr.operations.validation.validating import Validation

MODULES = {
    "concise": "findings_concise",
    "jsonl": "findings_jsonl",
    "github": "findings_github",
    "gitlab": "findings_gitlab",
    "sarif": "findings_sarif",
    "junit": "findings_junit",
    "markdown": "findings_markdown",
}
"""The formats that are rendered to text, each with its module; `text` and `json` have shapes of their own."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, with all that a format may show of it.

    Attributes:
        root: the workspace's root.
        validation: the findings and their counts.
        documents: the files that were read, by path, for the lines that findings point at.
        files: the files asked about, those without findings included, in any order; paths relative to the workspace's root.
        folder: the workspace's root as seen from its repository's; empty where they are the same.
        shown: how a file of the workspace is named to somebody in the current folder.
        strict: whether warnings count as failures.
    """

    root: Path
    validation: Validation
    documents: Mapping[str, Document]
    files: Collection[str]
    folder: str
    shown: Callable[[str], str]
    strict: bool = False

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings, by file and from top to bottom."""
        return self.validation.diagnostics

    @property
    def heaviest_first(self) -> list[Diagnostic]:
        """The findings, errors before warnings before infos."""
        return sorted(self.diagnostics, key=lambda each: HEAVIEST_FIRST.index(each.severity))

    def in_repository(self, path: str) -> str:
        """A file of the workspace as its repository names it: what CI systems know files by."""
        return f"{self.folder}/{path}" if self.folder else path

    def fingerprints(self) -> dict[Diagnostic, str]:
        """What each finding is known by from run to run, among all workspaces of its repository."""
        known = dict(zip(self.diagnostics, fingerprints(self.diagnostics, self.documents), strict=True))
        if not self.folder:
            return known
        start = self.folder.encode("utf-8", "replace") + b"\0"
        return {each: sha256(start + own.encode()).hexdigest() for each, own in known.items()}


def render(name: str, report: Report) -> str:
    """The findings in one of the formats of `MODULES`, with a line break at the end unless it is empty."""
    text: str = importlib.import_module(f"okr.views.{MODULES[name]}").render(report)
    return text


def said(diagnostic: Diagnostic) -> str:
    """What is wrong, as one line that is safe to show."""
    return printable(diagnostic.finding.message)


def remedy(diagnostic: Diagnostic) -> str:
    """How to mend it, as one line that is safe to show."""
    return printable(diagnostic.finding.hint or rules_by_name()[diagnostic.code].remedy)


def about_a_whole_file(diagnostic: Diagnostic) -> bool:
    """Whether a finding points at no part of its file."""
    return diagnostic.finding.place == Place()


def summary(validation: Validation) -> str:
    """How many findings there are, such as `3 errors and 1 warning in 2 of 5 files`."""
    counts = validation.counts
    parts = [
        counted(counts[severity], noun)
        for severity, noun in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "info"),
        )
        if counts[severity]
    ]
    files = counted(validation.files, "file")
    if not parts:
        return f"{files}, nothing to report"
    listed = " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
    return f"{listed} in {validation.files_with_findings} of {files}"
