"""Text from files and commits made safe to show, and JSON made safe to print. Imports nothing heavy.

Whatever comes from a file passes through `printable` before it reaches a terminal.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from okr.diagnostics import Severity
from okr.patterns import pattern
from okr.views.workflow_commands import in_json

if TYPE_CHECKING:
    from collections.abc import Mapping

SEVERITY_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}

# Control characters of both blocks, line and paragraph separators, the marks that reorder text, and lone surrogates.
_UNSAFE = pattern(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
LONGEST_TITLE = 240
"""In characters; `okr validate` warns of half as many."""
_BLANKS = pattern(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")


def printable(text: object) -> str:
    """A text as one line that no terminal takes for a command: breaks become blanks, other controls are spelled out."""
    whole = str(text)
    if whole.isprintable():  # most are, and it is quickly seen: nothing that is spelled out here is
        return whole
    return _UNSAFE.sub(_spelled, _BLANKS.sub(" ", whole))


def brief(title: object) -> str:
    """A title made printable, and cut where it is longer than anybody means it to be."""
    said = printable(title)
    return said if len(said) <= LONGEST_TITLE else f"{said[: LONGEST_TITLE - 1].rstrip()}…"


def printable_lines(text: object) -> list[str]:
    """A text of several lines, each made printable."""
    return [printable(line) for line in re.split(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", str(text))]


def folded(line: str, width: int) -> list[str]:
    """A line in lines of at most a width, broken at blanks only; what follows stands as far in as it does.

    Args:
        line: one line, made printable.
        width: in characters; a word that is longer keeps its line to itself.
    """
    indent = line[: len(line) - len(line.lstrip(" "))]
    lines = [indent]
    for word in line[len(indent) :].split(" "):
        if len(lines[-1]) + 1 + len(word) <= width or lines[-1] == indent:
            lines[-1] += f" {word}" if lines[-1] != indent else word
        else:
            lines.append(indent + word)
    return lines


def moment_words(date: str) -> str:
    """When a record was so, to the minute where it says so: `2026-11-23 09:31` of `2026-11-23T09:31:07+02:00`."""
    day, separator, time = date.partition("T")
    return f"{day} {time[:5]}" if separator else date


def counted(number: int, noun: str) -> str:
    """A number with its noun in the singular or plural, such as `2 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def tally(counts: Mapping[Severity, int], remark: str) -> list[tuple[str, str]]:
    """How many findings there are of each severity, such as `1 error and 2 warnings`: in pieces, each with its style.

    Args:
        counts: how many.
        remark: what one is called that is neither an error nor a warning.
    """
    nouns = ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, remark))
    said = [(counted(counts[each], noun), SEVERITY_STYLES[each]) for each, noun in nouns if counts[each]]
    between = [", "] * (len(said) - 2) + [" and "] * (len(said) > 1) + [""]
    return [run for part, text in zip(said, between, strict=False) for run in (part, (text, ""))][:-1]


def to_json(answer: Any, *, indent: int | None = 2) -> str:  # noqa: ANN401 # whatever JSON can hold
    """An answer as JSON, readable by people as well; what a terminal or a CI system would obey is escaped.

    So are all beyond ASCII where the output is not UTF-8: there a question mark would take their place.
    """
    utf8 = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"
    from okr.views.json_text import json_text  # `json` is slow to import, and most answers are for people

    written = json_text(answer, ascii_only=not utf8, indent=indent)
    safe = re.sub(
        "[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]",
        _spelled,
        written,
    )
    return in_json(safe)


def _spelled(matched: re.Match[str]) -> str:
    return f"\\u{ord(matched[0]):04x}"
