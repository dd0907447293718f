"""Findings as Markdown, for a comment on a pull request or merge request and for a job's summary.

Text from files shows as it is: no markup, no mention, no link, no reference to an issue, on GitHub and on GitLab.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from okr.errors import shortened
from okr.views.findings_report import about_a_whole_file, remedy, summary
from okr.views.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.diagnostics import Diagnostic
    from okr.views.findings_report import Report

MOST_IN_VIEW = 10
"""Findings shown at once; the others are folded away."""

LONGEST_COMMENT = 65_000
"""Characters; GitHub refuses a comment of more than 65,536."""

LONGEST_MESSAGE = 300
LONGEST_PATH = 200

HEAD = "| | Where | What | How to mend it |\n| --- | --- | --- | --- |\n"
_ROOM_FOR_THE_END = 400

_BREAK = "&#8203;"
_MEANT = re.compile(
    r"www(?=\.)|\bgh(?=-)|(?P<before>[@#!~%&$^:](?=\S))|[!-+/:-@\[-`{-~]|(?<![a-z0-9])-|-(?![a-z0-9])",
    re.IGNORECASE | re.ASCII,
)
"""Punctuation, and what links begin with. After some of it a name or a number is a mention, an issue, a label, a
milestone, a picture; GitLab has the most of them. A hyphen within a word, as in 2026-Q4, means nothing and stays
readable for whoever gets the text in a mail."""
_PUNCTUATION = re.compile(r"[!-+\-/:-@\[-`{-~]")


def render(report: Report) -> str:
    """A comment that begins with a hidden line of its own, by which it can be found and brought up to date."""
    folder = f": {quote(report.folder.encode('utf-8', 'surrogatepass'))}" if report.folder else ""
    text = f"<!-- okr validate{folder} -->\n### okr validate: {escaped(summary(report.validation))}\n"
    rows = [_row(diagnostic, report) for diagnostic in report.heaviest_first]
    if not rows:
        return text
    in_view = list(_fitting(rows[:MOST_IN_VIEW], LONGEST_COMMENT - len(text) - len(HEAD)))
    text += f"\n{HEAD}{''.join(in_view)}"
    folded = list(_fitting(rows[len(in_view) :], LONGEST_COMMENT - len(text) - len(HEAD)))
    if folded:
        more = counted(len(folded), "more finding")
        text += f"\n<details>\n<summary>{more}</summary>\n\n{HEAD}{''.join(folded)}\n</details>\n"
    left_out = len(rows) - len(in_view) - len(folded)
    if left_out:
        text += f"\n{counted(left_out, 'finding')} did not fit here; `okr validate` shows them all.\n"
    return text


def _fitting(rows: list[str], room: int) -> Iterator[str]:
    """As many rows as fit, with room for what comes below the table."""
    room -= _ROOM_FOR_THE_END
    for row in rows:
        room -= len(row)
        if room < 0:
            return
        yield row


def _row(diagnostic: Diagnostic, report: Report) -> str:
    finding = diagnostic.finding
    place = "" if about_a_whole_file(diagnostic) else f":{finding.place.line}:{finding.place.column}"
    path = _PUNCTUATION.sub(
        _reference, shortened(printable(report.in_repository(finding.path)), LONGEST_PATH) + place
    )
    message = escaped(shortened(printable(finding.message), LONGEST_MESSAGE))
    hint = escaped(shortened(remedy(diagnostic), LONGEST_MESSAGE))
    rule = f"{diagnostic.code} {diagnostic.name}"
    return f"| {diagnostic.severity} | <code>{path}</code> | {message} ({rule}) | {hint} |\n"


def escaped(text: str) -> str:
    """A text as Markdown that shows exactly it.

    Punctuation becomes character references. That keeps the parser from seeing markup; but mentions and the like
    are looked for in what it gives, so an invisible break goes behind what could begin one.
    """
    return _MEANT.sub(_spelled, printable(text))


def _spelled(found: re.Match[str]) -> str:
    if len(found[0]) > 1:
        return found[0] + _BREAK
    return f"&#{ord(found[0])};{_BREAK if found['before'] else ''}"


def _reference(found: re.Match[str]) -> str:
    """A character reference alone: nothing looks for mentions in code."""
    return f"&#{ord(found[0])};"
