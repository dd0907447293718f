"""Findings as a good compiler shows them: what is wrong, where, the line itself with carets, why it matters, the fix.

A rule's reason is given with its first finding only. All text of files passes through `printable`.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from okr.diagnostics import Place
from okr.rules.catalogue import rules_by_name
from okr.views.excerpts import excerpt
from okr.views.layout import wrapped
from okr.views.text import SEVERITY_STYLES, counted, printable, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rich.console import Console

    from okr.diagnostics import Diagnostic
    from okr.documents import Document
    from okr.operations.validation.validating import Validation

WIDEST_PROSE = 110
"""Columns; longer lines of prose tire the eye, however wide the window."""

MOST_ALIKE = 100
"""Findings of one rule in one file that are shown; nobody reads more of them, and JSON has them all."""

GUTTER = "blue"


def show_findings(
    console: Console, validation: Validation, documents: Mapping[str, Document], shown: Callable[[str], str]
) -> None:
    """Prints every finding and, at the end, how many there are.

    Args:
        console: where to.
        validation: what was found.
        documents: the files that were read, by path, for the lines to show.
        shown: how a file, given relative to the workspace's root, is named to the user.
    """
    explained: set[str] = set()
    alike: Counter[tuple[str, str]] = Counter()
    for diagnostic in validation.diagnostics:
        path = diagnostic.finding.path
        alike[path, diagnostic.code] += 1
        if alike[path, diagnostic.code] > MOST_ALIKE:
            continue
        why = diagnostic.code not in explained
        explained.add(diagnostic.code)
        for line in _lines(console, diagnostic, documents, shown(path), why=why):
            console.print(line, soft_wrap=True)
        console.print()
    for (path, code), number in alike.items():
        if number > MOST_ALIKE:
            said = f"{printable(shown(path))}: {number - MOST_ALIKE:,} more findings of {code}, not shown."
            console.print(Text(f"{said} `--format json` lists them all."), soft_wrap=True)
    if validation.suppressed:
        number = len(validation.suppressed)
        verb = "is" if number == 1 else "are"
        console.print(
            f"{counted(number, 'finding')} {verb} silenced by comments in the files.", soft_wrap=True
        )
    console.print(_summary(validation), soft_wrap=True)


def _lines(
    console: Console, diagnostic: Diagnostic, sources: Mapping[str, Document], path: str, *, why: bool
) -> Iterator[Text]:
    finding, rule = diagnostic.finding, rules_by_name()[diagnostic.code]
    style = SEVERITY_STYLES[diagnostic.severity]
    head = Text.assemble((f"{diagnostic.severity}[{diagnostic.code} {diagnostic.name}]", style), ": ")
    yield from _folded(console, head.append(printable(finding.message), "bold"), Text())
    document = sources.get(finding.path)
    known = bool(document and (document.text or not document.readable)) and finding.place != Place()
    place = f":{finding.place.line}:{finding.place.column}" if known else ""
    gutter = len(str(finding.place.line)) + 1
    absent = "" if document or os.path.lexists(path) else " (gone)" if rule.history else " (not there yet)"
    yield Text.assemble((" " * (gutter - 1) + "--> ", GUTTER), printable(path) + place + absent)
    if document is not None and known and document.text:
        yield from _excerpt(console, document, finding.place, gutter, style)
    if why:
        yield from _labelled(console, "why", rule.why)
    yield from _labelled(console, "fix", finding.hint or rule.remedy)


def _excerpt(console: Console, document: Document, place: Place, gutter: int, style: str) -> Iterator[Text]:
    line = document.line(place.line)
    end = place.end_column if place.end_line == place.line else len(line) + 1
    margin = gutter + 3
    found = excerpt(line, place.column - 1, end - 1, max(console.width - margin, 20))
    yield Text(" " * gutter + " |", GUTTER)
    yield Text.assemble((f"{place.line:>{gutter}} |", GUTTER), f" {found.text}" if found.text else "")
    carets = "^" * min(found.length, max(console.width - margin - found.offset, 1))
    yield Text.assemble((" " * gutter + " |", GUTTER), " " * (found.offset + 1), (carets, style))


def _labelled(console: Console, label: str, text: str) -> Iterator[Text]:
    yield from _folded(console, Text(printable(text)), Text.assemble("  ", (f"{label}: ", GUTTER)))


def _folded(console: Console, text: Text, label: Text) -> Iterator[Text]:
    """A text folded to the console's width behind a label; further lines stand below the first."""
    width = min(console.width, WIDEST_PROSE)
    for number, line in enumerate(wrapped(console, text, width - len(label))):
        line.rstrip()
        yield (Text(" " * len(label)) if number else label.copy()).append_text(line)


def _summary(validation: Validation) -> Text:
    files, said = counted(validation.files, "file"), tally(validation.counts, "info")
    if not said:
        return Text(f"{files}, nothing to report.")
    return Text.assemble(*said, f" in {validation.files_with_findings} of {files}.")
