"""What an audit found, as text: the gravest first, each with its kind and its place, and how many at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.diagnostics import Severity
from okr.views.layout import indented
from okr.views.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from okr.operations.auditing import Audit, AuditFinding

SHORT_ID = 7
WIDEST_PROSE = 110
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}


def show_audit(console: Console, audit: Audit) -> None:
    """Prints every finding, then the summary."""
    for finding in audit.findings:
        for line in _lines(console, finding):
            console.print(line, soft_wrap=True)
        console.print()
    console.print(Text("\n").join(indented(console, _summary(audit))), soft_wrap=True)


def _lines(console: Console, finding: AuditFinding) -> Iterator[Text]:
    style = STYLES[finding.severity]
    yield Text.assemble((f"{finding.severity}[{finding.kind}]", style), _place(finding))
    yield from indented(console, Text(printable(finding.message)), first="  ", rest="  ")


def _place(finding: AuditFinding) -> Text:
    """Where to look: the line as the file is now, and the commit."""
    place = "" if finding.path is None else f" {printable(finding.path)}"
    line = "" if finding.line is None else f":{finding.line}"
    text = Text(place + line)
    if finding.commit is not None:
        text.append(f" {finding.commit.id[:SHORT_ID]}", "yellow")
    return text


def _summary(audit: Audit) -> Text:
    counts = audit.counts
    said = [
        Text(counted(counts[severity], noun), STYLES[severity])
        for severity, noun in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "remark"),
        )
        if counts[severity]
    ]
    where = (
        f" in {counted(audit.lines, 'line')} of {counted(audit.logs, 'log')},"
        f" traced through {counted(audit.commits, 'commit')}"
    )
    where += f" since {audit.since[:SHORT_ID]}." if audit.since else "."
    if not said:
        return Text("Nothing to report" + where)
    text = Text(", ").join(said[:-1])
    if len(said) > 1:
        text.append(" and ")
    return text.append_text(said[-1]).append(where)
