"""How failures look on stderr: a user's error with its remedy, and a bug of ours with a report to paste.

Also the one way by which other talk of ours gets there as plain text.
"""

from __future__ import annotations

import platform
import re
import shutil
import sys
import tempfile
import traceback
from typing import TYPE_CHECKING

from okr import __version__
from okr.views.text import folded, printable, printable_lines
from okr.views.workflow_commands import for_log

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okr.diagnostics import Diagnostic
    from okr.errors import OkrError


SENTENCES_BEGIN = frozenset(
    re.findall(
        r"\w+",
        "a add ask begin change check choose close commit correct cycles decide define did edits entry give go if indent install it its "
        "keep leave line measure mend merge move name no nobody nothing open pass put remove rename run save say start such swap team tell "
        "that the there these this try use validate what write your",
    )
)
"""The words that our messages begin with. Any other may be somebody's name of something, and stays as it is."""

_WORD = re.compile(r"[a-z]+(?![^ ,])")
_STOPPED = re.compile(r"[.:;?!…]\)?$|://\S*$|: (?:git|okr) [^`]*$|: [^“”`]*\S*/\S*$")


def show_error(error: OkrError) -> None:
    """Writes what can't be done, and the remedy; findings that an error carries go before it."""
    tell(error_lines(error))


def error_lines(error: OkrError) -> list[str]:
    """The same as lines, made printable."""
    diagnostics: list[Diagnostic] = getattr(error, "diagnostics", [])
    lines = [_finding(diagnostic) for diagnostic in diagnostics]
    first, *rest = printable_lines(error.message)
    lines += [f"error: {sentence(first)}", *(f"  {line}" for line in rest)]
    if error.remedy:
        first, *rest = printable_lines(error.remedy)
        lines += [f"  {first if rest else sentence(first)}", *(f"  {line}" for line in rest)]
    return lines


def sentence(text: str) -> str:
    """A message as a sentence: a capital letter at the beginning, a full stop at the end.

    What begins with a quoted thing, a path, a command or a name stays as it is, and so does an address at the end.
    """
    word = _WORD.match(text)
    if word is not None and word[0] in SENTENCES_BEGIN:
        text = text[0].upper() + text[1:]
    return text if not text or _STOPPED.search(text) else f"{text}."


def in_one(message: str, remedy: str | None) -> str:
    """What is wrong and the remedy as sentences, one after the other."""
    return " ".join(sentence(each) for each in (message, remedy) if each)


def tell(lines: Iterable[str]) -> None:
    """Writes lines to stderr: folded at blanks on a terminal, and with nothing in them that CI takes for a command.

    Args:
        lines: each made printable already, without its break.
    """
    if sys.stderr.isatty():
        width = shutil.get_terminal_size().columns
        lines = (part for line in lines for part in folded(line, width))
    sys.stderr.write(for_log("".join(f"{line}\n" for line in lines)))
    sys.stderr.flush()


def show_bug(error: Exception, arguments: list[str]) -> None:
    """Writes that okr is at fault, and where the report lies that tells us why."""
    report = "".join(
        (
            f"okr {__version__}, Python {platform.python_version()}, {platform.platform()}\n",
            f"arguments: {arguments!r}\n\n",
            *traceback.format_exception(error),
        )
    )
    said = printable(f"{type(error).__name__}: {error}")
    lines = [f"error: This is a bug in okr ({said[:200]})."]
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="okr-report-", suffix=".txt", delete=False, encoding="utf-8", errors="replace"
        ) as file:
            file.write(report)
    except OSError:  # a disk that is full may be what brought it about
        lines += [
            "  Your files are as they were. Please report it with this:",
            *map(printable, report.splitlines()),
        ]
    else:
        lines.append(f"  Your files are as they were. Please report it with what is in {file.name}")
    tell(lines)


def _finding(diagnostic: Diagnostic) -> str:
    finding = diagnostic.finding
    place = f"{printable(finding.path)}:{finding.place.line}:{finding.place.column}"
    hint = f" ({printable(finding.hint)})" if finding.hint else ""
    return f"{place}: {diagnostic.severity}: {diagnostic.code} {printable(finding.message)}{hint}"
