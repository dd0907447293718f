"""Findings to render: a few of every kind, written by hand so that the formats alone decide what comes out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from okr.diagnostics import Diagnostic, Finding, Place, Severity
from okr.documents import read_document
from okr.operations.validation.validating import Validation
from okr.views.findings_report import Report, render

if TYPE_CHECKING:
    from collections.abc import Iterable

GOLDEN = Path(__file__).parent / "golden"

PLAN = "okrs/2026-Q4/marketing.yaml"
FILES = {
    "checkins/2026-Q4/marketing.yaml": "- {date: 2026-10-05, kr: brand/visits, value: 44000}\n",
    "okr.yaml": "name: Acme\nyear_strats: 2\n",
    PLAN: "objectives:\n  - id: brand\n    title: Optimiser 😀 notre é-réputation\n    key_results:\n      - {id: visits}\n",
}

FEW = (
    Diagnostic("OKR112", "unknown-key", Severity.ERROR, Finding("okr.yaml", Place(2, 1, 2, 12), "this mapping has no key “year_strats”", "did you mean `year_starts`?")),
    Diagnostic("OKR201", "too-few-objectives", Severity.WARNING, Finding(PLAN, Place(), "marketing has 1 objective in 2026-Q4", "add 1 more", "2026-Q4/marketing")),
    Diagnostic("OKR403", "mixed-metrics", Severity.INFO, Finding(PLAN, Place(5, 9, 6, 1), "“visits” has no metric", "add `to`", "2026-Q4/marketing/brand/visits")),
)  # fmt: skip

HOSTILE = {
    "workflow command": "::error::forged",
    "old workflow command": "x ##[set-output name=a]b",
    "command of another system": "##vso[task.setvariable variable=a]b",
    "escaped line break": "%0A::set-output name=a::b",
    "line break": "first\n::add-mask::second\r\n::stop-commands::third",
    "end of CDATA": "]]><testsuite/>",
    "script": "<script>alert('x')</script><!-- -->",
    "table": "a | b || \\| c",
    "mention": "@team @acme/owners ping",
    "picture": "![x](http://evil.example/x.png) [y](javascript:alert(1))",
    "links": "see https://evil.example, www.evil.example, mailto:a@evil.example <https://evil.example>",
    "references": "#1 !2 ~bug %3 &4 $5 ^alert#6 GH-7 acme/okr#8 :rocket: Closes #9",
    "markup": "`code` **bold** _it_ ~~no~~ # head > quote - item 1. one &amp; &lt;b&gt;",
    "details": "</details></table></code><h1>x</h1>",
    "colour": "\x1b[31mred\x1b[0m \x9b31m",
    "direction": "abc\u202edef\u2066ghi",
    "surrogate": "half \ud800 of a pair",
    "not in XML": "\ufffe\uffff\x00\x0b\x0c",
    "invisible": "zero\u200bwidth \u00ad soft",
    "long": "abc|@x " * 1500,
}


def report(
    diagnostics: Iterable[Diagnostic] = FEW,
    *,
    folder: str = "",
    strict: bool = False,
    files: dict[str, str] = FILES,
) -> Report:
    """A report on some findings, as seen from the repository's root."""
    found = tuple(diagnostics)
    read = {path: read_document(path, text.encode("utf-8", "surrogatepass")) for path, text in files.items()}
    count = len(set(files) | {each.finding.path for each in found})
    return Report(
        Path("/somewhere"), Validation(found, count), read, tuple(files), folder,
        lambda path: f"{folder}/{path}" if folder else path, strict,
    )  # fmt: skip


def saying(
    message: str, *, path: str = PLAN, hint: str | None = None, number: int = 1
) -> tuple[Diagnostic, ...]:
    """Some findings with the same message, one a line."""
    return tuple(
        Diagnostic(
            "OKR112", "unknown-key", Severity.ERROR, Finding(path, Place(line, 1, line, 4), message, hint)
        )
        for line in range(1, number + 1)
    )


def golden(name: str, written: str) -> str:
    """What a format is expected to give; with OKR_WRITE_SCREENS set, what it gave becomes that."""
    path = GOLDEN / name
    if os.environ.get("OKR_WRITE_SCREENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(written, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def rendered(
    name: str, diagnostics: Iterable[Diagnostic] = FEW, *, folder: str = "", strict: bool = False
) -> str:
    """Some findings in a format."""
    return render(name, report(diagnostics, folder=folder, strict=strict))
