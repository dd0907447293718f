"""What a finding is known by from run to run: the same when lines move, when numbers in its message change, on every machine.

Pure. Baselines use it, and so do the formats that CI systems compare between two runs. No rules here.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from okr.diagnostics import Place
from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from okr.diagnostics import Diagnostic
    from okr.documents import Document

_BLANKS = pattern(r"\s+")
_NUMBERS = pattern(r"\d+")


def fingerprint(diagnostic: Diagnostic, line_text: str, *, occurrence: int = 0) -> str:
    """What a finding is known by: its rule, its file, what it is about, and the text of its line without blanks.

    No line number goes in, so that it survives lines that move, and no message, so that it survives better wording.
    Only where a finding is about a whole file, or its line says nothing, the message stands in, without its numbers:
    they may be lines or days.

    Args:
        diagnostic: the finding.
        line_text: the line of the file that it points at, without its line break.
        occurrence: 0 for the first of several findings that are otherwise the same, 1 for the second, and so on.

    Returns:
        64 hexadecimal digits: a SHA-256.
    """
    finding = diagnostic.finding
    said = "" if finding.place == Place() else _BLANKS.sub("", line_text)
    if not said:
        said = "message " + _NUMBERS.sub("0", finding.message)
    parts = (
        diagnostic.code,
        finding.path,
        finding.ref or "",
        said,
        *([str(occurrence)] if occurrence else []),
    )
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def fingerprints(diagnostics: Iterable[Diagnostic], documents: Mapping[str, Document]) -> list[str]:
    """The fingerprint of each finding, all of them different: findings that are the same are counted through.

    Args:
        diagnostics: the findings, in their order.
        documents: the files that were read, by path, for the lines that are pointed at.
    """
    seen: Counter[str] = Counter()
    found = []
    for diagnostic in diagnostics:
        line_text = line_of(diagnostic, documents)
        first = fingerprint(diagnostic, line_text)
        found.append(fingerprint(diagnostic, line_text, occurrence=seen[first]))
        seen[first] += 1
    return found


def line_of(diagnostic: Diagnostic, documents: Mapping[str, Document]) -> str:
    """The line that a finding points at; empty where the file could not be read."""
    document = documents.get(diagnostic.finding.path)
    return "" if document is None else document.line(diagnostic.finding.place.line)
