"""How failures look on stderr: a user's error with its remedy, and a bug of ours with a report to paste."""

from __future__ import annotations

import platform
import sys
import tempfile
import traceback
from typing import TYPE_CHECKING

from okr import __version__
from okr.views.text import printable, printable_lines

if TYPE_CHECKING:
    from okr.diagnostics import Diagnostic
    from okr.errors import OkrError


def show_error(error: OkrError) -> None:
    """Writes what can't be done, and the remedy; findings that an error carries go before it."""
    diagnostics: list[Diagnostic] = getattr(error, "diagnostics", [])
    lines = [_finding(diagnostic) for diagnostic in diagnostics]
    first, *rest = printable_lines(error.message)
    lines += [f"error: {first}", *(f"  {line}" for line in rest)]
    if error.remedy:
        lines += [f"  {line}" for line in printable_lines(error.remedy)]
    sys.stderr.write("\n".join(lines) + "\n")


def show_bug(error: Exception, arguments: list[str]) -> None:
    """Writes that okr is at fault, and where the report lies that tells us why."""
    report = "".join(
        (
            f"okr {__version__}, Python {platform.python_version()}, {platform.platform()}\n",
            f"arguments: {arguments!r}\n\n",
            *traceback.format_exception(error),
        )
    )
    with tempfile.NamedTemporaryFile(
        "w", prefix="okr-report-", suffix=".txt", delete=False, encoding="utf-8", errors="replace"
    ) as file:
        file.write(report)
    said = printable(f"{type(error).__name__}: {error}")
    sys.stderr.write(
        f"error: this is a bug in okr ({said[:200]})\n"
        f"  Your files are as they were. Please report it with what is in {file.name}\n"
    )


def _finding(diagnostic: Diagnostic) -> str:
    finding = diagnostic.finding
    place = f"{printable(finding.path)}:{finding.place.line}:{finding.place.column}"
    hint = f" ({printable(finding.hint)})" if finding.hint else ""
    return f"{place}: {diagnostic.severity}: {diagnostic.code} {printable(finding.message)}{hint}"
