"""What a check-in moved, as text: value, score, objective and confidence, before and after; and where it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from okr.quantities import format_amount, format_change, format_score, plain_number
from okr.views.terminal import cell, stderr, stdout

if TYPE_CHECKING:
    from rich.text import Text

    from okr.log_lines import FieldValue
    from okr.operations.checking_in import CheckedIn, Moved
    from okr.quantities import Language

ARROW = " → "


def show_checkin(result: CheckedIn, language: Language, *, color: bool | None) -> None:
    """Writes what was recorded to stdout, and what else there is to know to stderr."""
    console = stdout(color=color)
    for moved in result.moved:
        console.print(cell(moved.reference, "bold"), cell(moved.title), soft_wrap=True)
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim")
        table.add_column(overflow="fold")
        for name, text in _rows(moved, language):
            table.add_row(f"  {name}", text)
        console.print(table)
    console.print(cell(_kept(result)), soft_wrap=True)
    talk = stderr(color=color)
    for diagnostic in result.warnings:
        finding = diagnostic.finding
        hint = f" ({finding.hint})" if finding.hint else ""
        talk.print(cell(f"warning: {diagnostic.code} {finding.message}{hint}"), soft_wrap=True)
    if result.earlier:
        count = len(result.earlier)
        which = "a check-in that was" if count == 1 else f"{count} check-ins that were"
        verb = "was committed" if result.commit else "would be committed"
        talk.print(cell(f"{which} recorded before but not committed {verb} as well."), soft_wrap=True)
    for remark in result.commit.remarks if result.commit else ():
        talk.print(cell(remark), soft_wrap=True)


def _rows(moved: Moved, language: Language) -> list[tuple[str, Text]]:
    rows: list[tuple[str, Text]] = []
    before, after = moved.key_result(moved.before), moved.key_result(moved.after)
    if "value" in moved.fields:
        rows.append(("value", cell(_value_change(moved, language))))
    if after is not None and moved.before is not None and moved.after is not None:
        old = before.assessment.score if before else 0.0
        rows.append(("score", cell(_scores(old, after.assessment.score))))
        rows.append(
            (
                "objective",
                cell(
                    f"{_scores(moved.before.assessment.score, moved.after.assessment.score)}  {moved.after.objective.title}"
                ),
            )
        )
    if "confidence" in moved.fields:
        old_confidence = before.assessment.confidence if before else None
        start = "" if old_confidence is None else f"{plain_number(old_confidence)}{ARROW}"
        rows.append(("confidence", cell(f"{start}{_plain(moved.fields['confidence'])}")))
    return rows


def _value_change(moved: Moved, language: Language) -> str:
    value, before = moved.fields["value"], moved.value_before
    shown = value if isinstance(value, str) else format_amount(value, moved.unit, language)
    if before is None:
        return shown
    if isinstance(before, str) or isinstance(value, str):
        return f"{before}{ARROW}{shown}"
    # The unit stands behind the value already; only a change of a percentage must say that it is points.
    change = format_change(before, value, language, moved.unit if moved.unit == "%" else None)
    return f"{format_amount(before, None, language)}{ARROW}{shown} ({change})"


def _scores(before: float, after: float) -> str:
    return f"{format_score(before)}{ARROW}{format_score(after)}"


def _kept(result: CheckedIn) -> str:
    places = ", ".join(f"{moved.path}:{moved.line}" for moved in result.moved)
    if not result.written:
        return f"Nothing was written. It would go to {places}."
    if result.commit is None:
        return f"Recorded in {places}, and not committed."
    return f"Recorded in {places}, committed as {result.commit.id[:7]}."


def _plain(value: FieldValue) -> str:
    return value if isinstance(value, str) else plain_number(value)
