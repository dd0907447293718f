"""What an audit found, as text: the gravest first, each with its kind and its place, and how many at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from okr.views.piped import asked_width, folded, is_piped, write_lines
from okr.views.text import SEVERITY_STYLES, counted, printable, tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.audit.auditing import Audit, AuditFinding

SHORT_ID = 7
_INDENT = "  "

_Runs = Sequence[tuple[str, str]]
"""A line in pieces, each with its style."""


def show_audit(audit: Audit, *, color: bool | None) -> None:
    """Prints every finding, then the summary.

    Args:
        audit: what was found.
        color: as the command line has it.
    """
    summary = _summary(audit)
    if is_piped():
        width = asked_width()
        lines = ["".join([text for text, _ in runs]) for runs in _lines(audit, width)]
        write_lines([*lines, *folded("".join([text for text, _ in summary]), width)])
        return
    from rich.text import Text

    from okr.views.layout import indented
    from okr.views.terminal import stdout

    console = stdout(color=color)
    for runs in _lines(audit, console.width):
        console.print(Text.assemble(*runs), soft_wrap=True)
    console.print(Text("\n").join(indented(console, Text.assemble(*summary))), soft_wrap=True)


def _lines(audit: Audit, width: int) -> Iterator[_Runs]:
    """The findings, an empty line below each."""
    for finding in audit.findings:
        place, commit = _place(finding)
        yield [
            (f"{finding.severity}[{finding.kind}]", SEVERITY_STYLES[finding.severity]), (place, ""), (commit, "yellow")
        ]  # fmt: skip
        for line in folded(printable(finding.message), width - len(_INDENT)):
            yield [(_INDENT + line, "")]
        yield []


def _place(finding: AuditFinding) -> tuple[str, str]:
    """Where to look: the line as the file is now, and the commit."""
    place = "" if finding.path is None else f" {printable(finding.path)}"
    line = "" if finding.line is None else f":{finding.line}"
    commit = "" if finding.commit is None else f" {finding.commit.id[:SHORT_ID]}"
    return place + line, commit


def _summary(audit: Audit) -> _Runs:
    said = tally(audit.counts, "remark")
    where = (
        f" in {counted(audit.lines, 'line')} of {counted(audit.logs, 'log')},"
        f" traced through {counted(audit.commits, 'commit')}"
    )
    where += f" since {audit.since[:SHORT_ID]}." if audit.since else "."
    return [*(said or [("Nothing to report", "")]), (where, "")]
