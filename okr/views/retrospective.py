"""How `okr review` looks once a cycle is over: how it ended, what was learned, and how well it was foretold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from okr.model import ObjectiveType
from okr.operations.overview import MANY
from okr.quantities import format_score
from okr.views.figures import SIGNS, STYLES, next_words, standing_words, status_words
from okr.views.heading import heading
from okr.views.layout import GAP, SEPARATOR, beside, indented, packed, show
from okr.views.terminal import cell, title_cell
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from okr.operations.closing.retrospective import Ambition, Lesson, Outcome, Retrospective
    from okr.scoring import Calibration

_VERDICTS = {
    (ObjectiveType.ASPIRATIONAL, "low"): "set too high, or not followed",
    (ObjectiveType.ASPIRATIONAL, "near"): "set about right",
    (ObjectiveType.ASPIRATIONAL, "high"): "reached with ease: aim higher",
    (ObjectiveType.COMMITTED, "low"): "promises were not kept",
    (ObjectiveType.COMMITTED, "near"): "promises were kept",
    (ObjectiveType.COMMITTED, "high"): "promises were kept",
}
_MOST_OF_MANY = 10
GUESSING = 0.25
"""The Brier score of who always says 0.5."""


def show_retrospective(console: Console, found: Retrospective) -> None:
    """Prints it."""
    show(console, lines_of(console, found))


def lines_of(console: Console, found: Retrospective) -> Iterator[Text]:
    """It as lines that fit the console."""
    yield from heading(console, found.frame, expected=False)
    yield from indented(console, Text(opening(found), style="bold"))
    for paragraph in paragraphs(found.text or ""):
        yield Text()
        yield from indented(console, cell(paragraph), first=GAP, rest=GAP)
    yield from _grades(console, found)
    for title, hit in (("Hits", True), ("Misses", False)):
        yield from _outcomes(console, title, [each for each in found.outcomes if each.hit is hit], found)
    if found.lessons:
        yield from _headed("Lessons")
        for lesson in found.lessons:
            yield from _lesson(console, lesson, found)
    if found.ambition:
        yield from _headed("Ambition")
        for each in found.ambition:
            yield from indented(console, Text(ambition_words(each)), first=GAP, rest=GAP * 2)
    yield from _headed("Calibration")
    yield from _calibration(console, found)


def _headed(title: str, count: int | None = None) -> Iterator[Text]:
    yield Text()
    yield Text.assemble((title, "bold underline"), ("" if count is None else f"  {count}", "dim"))


def _grades(console: Console, found: Retrospective) -> Iterator[Text]:
    if not found.owners:
        return
    yield from _headed("Grades by owner")
    for owner in found.owners:
        yield from beside(console, cell(owner.owner.name, "bold"), Text(format_score(owner.score)), first=GAP)
        for objective in owner.objectives if len(found.owners) < MANY else ():
            said = objective.assessment
            words = (status_words(said.status, over=True), STYLES[said.status])
            right = Text.assemble(words, "  ", format_score(said.score))
            yield from beside(
                console, title_cell(objective.objective.title), right, first=GAP * 2, rest=GAP * 3
            )


def _outcomes(console: Console, title: str, chosen: list[Outcome], found: Retrospective) -> Iterator[Text]:
    if chosen:
        yield from _headed(title, len(chosen))
    most = _MOST_OF_MANY if len(found.owners) >= MANY else len(chosen)
    for each in chosen[:most]:
        yield from _outcome(console, each, found)
    if len(chosen) > most:
        words = f"and {len(chosen) - most} more: `okr review {found.frame.cycle.name} --owner ID/...` tells those of a team and all below it."
        yield from indented(console, cell(words, "dim"), first=GAP, rest=GAP)


def opening(found: Retrospective) -> str:
    """The outcome in a sentence or two."""
    total, hits = len(found.outcomes), sum(each.hit for each in found.outcomes)
    name = found.frame.cycle.name
    if not total:
        return f"There is no key result in {name} to look back on."
    words = f"{hits} of {counted(total, 'key result')} hit what they aimed at."
    if found.frame.state.value != "closed":
        words += f" {name} is not closed: these are scores, not grades; `okr cycle close {name}` takes them."
    elif found.ungraded:
        words += f" {counted(found.ungraded, 'key result')} without a grade: the score stands."
    return words


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs, each on one line: files break lines where editors do, and blank lines mean something."""
    folded = (" ".join(each.split()) for each in re.split(r"\n\s*\n", text))
    return [each for each in folded if each]


def ambition_words(each: Ambition) -> str:
    """`aspirational: 0.62 on average over 5 key results, near 0.7 is right: set about right`."""
    verdict = _VERDICTS[each.kind, each.verdict]
    count = counted(each.count, "key result")
    return f"{each.kind.value}: {format_score(each.average)} on average over {count}; {each.aim:.1f} is the aim: {verdict}"


def calibration_words(found: Calibration, cycles: tuple[str, ...]) -> str:
    """How well confidence foretold the outcome, in a sentence."""
    if found.brier is None:
        return (
            "No confidence was stated in a closed cycle yet: there is nothing to compare with what came true."
        )
    over = counted(len(cycles), "closed cycle")
    judged = "better" if found.brier < GUESSING else "worse" if found.brier > GUESSING else "no better"
    said = counted(found.count, "stated confidence")
    return f"Over {over} and {said}, the Brier score is {found.brier:.2f}: {judged} than always saying 0.5 ({GUESSING}); 0 is perfect."


def _outcome(console: Console, outcome: Outcome, found: Retrospective) -> Iterator[Text]:
    state = outcome.state
    sign = "✓" if outcome.hit else SIGNS[state.assessment.status]
    right = Text(f"{sign} {format_score(state.assessment.score)}", style="green" if outcome.hit else "red")
    yield from beside(console, title_cell(state.key_result.title), right, first=GAP)
    parts = [
        cell(found.frame.short(state.key_result.reference), "dim"),
        cell(standing_words(state, found.frame.language), "dim"),
    ]
    if outcome.kind is ObjectiveType.COMMITTED:
        parts.append(Text("committed", style="dim"))
    yield from packed(console, parts, margin=GAP * 2)


def _lesson(console: Console, lesson: Lesson, found: Retrospective) -> Iterator[Text]:
    yield from indented(console, title_cell(lesson.subject.title), first=GAP, rest=GAP * 2)
    yield from indented(
        console, cell(found.frame.short(lesson.subject.reference), "dim"), first=GAP * 2, rest=GAP * 2
    )
    for label, words in lesson_words(lesson):
        said = Text.assemble((f"{label}{SEPARATOR}", "dim"), cell(words))
        yield from indented(console, said, first=GAP * 2, rest=GAP * 3)


def lesson_words(lesson: Lesson) -> list[tuple[str, str]]:
    """What is known of a lesson, each with its label."""
    said = [("learned", lesson.learned), ("the grade", lesson.grade_reason)]
    said.append(("next", next_words(lesson.next) if lesson.next else None))
    return [(label, words) for label, words in said if words]


def _calibration(console: Console, found: Retrospective) -> Iterator[Text]:
    yield from indented(
        console, Text(calibration_words(found.calibration, found.closed)), first=GAP, rest=GAP
    )
    if found.calibration.bins:
        yield Text(f"{GAP}confidence       said   came true", style="dim")
    for row in found.calibration.bins:
        yield Text(f"{GAP}{row.low:.1f} – {row.high:.1f}{row.count:>12}{format_score(row.came_true):>12}")
