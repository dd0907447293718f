"""What a check-in moved, as text: value, score, objective and confidence, before and after; and where it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.quantities import format_course, format_score, format_value, plain_number, plain_value
from okr.views.layout import folded, indented, show
from okr.views.terminal import cell, stderr, stdout, title_cell
from okr.views.text import brief, moment_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

    from okr.log_lines import FieldValue
    from okr.operations.assessing import KeyResultState
    from okr.operations.checkin.checking_in import Moved, Recorded
    from okr.quantities import Language

ARROW = " → "


def show_recorded(result: Recorded, language: Language, *, color: bool | None) -> None:
    """Writes what was recorded to stdout, and what else there is to know to stderr."""
    console = stdout(color=color)
    for moved in result.moved:
        show(console, _lines(console, moved, language))
    show(console, folded(console, cell(kept_words(result)), console.width))
    talk = stderr(color=color)
    said = []
    for diagnostic in result.warnings:
        finding = diagnostic.finding
        hint = f" ({finding.hint})" if finding.hint else ""
        said.append(f"warning: {diagnostic.code} {finding.message}{hint}")
    if result.earlier:
        count = len(result.earlier)
        which = "A check-in that was" if count == 1 else f"{count} check-ins that were"
        done = "were committed" if count > 1 else "was committed"
        verb = done if result.commit else "would be committed"
        said.append(f"{which} recorded before but not committed {verb} as well.")
    for words in (*said, *result.remarks):
        show(talk, folded(talk, cell(words), talk.width))


def _lines(console: Console, moved: Moved, language: Language) -> Iterator[Text]:
    yield from folded(console, cell(moved.reference, "bold"), console.width)
    yield from indented(console, title_cell(moved.subject.title), first="  ", rest="  ")
    rows = _rows(moved, language)
    width = max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        head = Text(f"  {name:{width}}  ", style="dim")
        yield from indented(console, cell(text), first=head, rest=" " * (width + 4))


def _rows(moved: Moved, language: Language) -> list[tuple[str, str]]:
    rows = [
        ("taken back", _taken_back(taken, moved, language) + _whose(taken, moved))
        for taken in moved.taken_back
    ]
    if moved.said is not None and not moved.is_latest:
        rows.append(("recorded", _taken_back(moved.said, moved, language)))
    if moved.taken_back or "value" in moved.records[-1]:
        rows.append(("value", _value_change(moved, language)))
    states = moved.before_and_after
    if states is not None and moved.subject.state and moved.after.state:
        rows.append(("score", _scores(states[0].assessment.score, states[1].assessment.score)))
        objectives = moved.subject.state.assessment.score, moved.after.state.assessment.score
        rows.append(("objective", f"{_scores(*objectives)}  {brief(moved.after.state.objective.title)}"))
    for before, after in moved.drawn:
        scores = _scores(before.assessment.score, after.assessment.score)
        rows.append(("score", f"{scores}  {after.key_result.reference}"))
    if states is not None and moved.said is not None and "confidence" in moved.said:
        rows.append(("confidence", _confidence(*states)))
    return rows


def _confidence(before: KeyResultState, after: KeyResultState) -> str:
    old, new = before.assessment.confidence, after.assessment.confidence
    start = "" if old is None else f"{plain_number(old)}{ARROW}"
    return start + ("none any more" if new is None else plain_number(new))


def _taken_back(record: dict[str, FieldValue], moved: Moved, language: Language) -> str:
    value = record.get("value")
    if value is None:
        said = f"confidence {plain_value(record.get('confidence', ''))}"
    else:
        said = format_value(value, moved.subject.unit, language)
    return f"{said} of {moment_words(str(record['date']))}"


def _whose(taken: dict[str, FieldValue], moved: Moved) -> str:
    """Who had said what is taken back, where somebody else does that."""
    by = taken.get("by")
    return f", by {by}" if by and by != moved.records[-1].get("by") else ""


def _value_change(moved: Moved, language: Language) -> str:
    before, after, unit = moved.subject.last, moved.after.last, moved.subject.unit
    if after is None:
        return "none any more"
    if moved.said is not None and not moved.is_latest:
        as_before = ", as before" if before == after else ""
        return f"{format_value(after, unit, language)}{as_before}: there is a later check-in"
    return format_course(before, after, unit, language)


def _scores(before: float, after: float) -> str:
    return f"{format_score(before)}{ARROW}{format_score(after)}"


def kept_words(result: Recorded) -> str:
    """Where it was recorded, and in which commit."""
    by_path: dict[str, list[int]] = {}
    for moved in result.moved:
        by_path.setdefault(moved.path, []).append(moved.line)
    places = ", ".join(f"{path}:{_numbers(lines)}" for path, lines in by_path.items())
    if not result.written:
        return f"Nothing was written. It would go to {places}."
    if result.commit is None:
        return f"Recorded in {places}, and not committed."
    return f"Recorded in {places}, committed as {result.commit.id[:7]}."


def _numbers(lines: Iterable[int]) -> str:
    """Numbers of lines, those in a row as a span: `3, 5–7`."""
    spans: list[tuple[int, int]] = []
    for line in sorted(set(lines)):
        start = spans.pop()[0] if spans and spans[-1][1] == line - 1 else line
        spans.append((start, line))
    return ", ".join(f"{start}" if start == end else f"{start}–{end}" for start, end in spans)
