"""The terminal side of closing a cycle: what is shown of a key result at its end, the questions, and the summary.

Which question comes next `operations/closing/walk.py` decides; asking is `views/round.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.model import Next, ObjectiveType
from okr.operations.checkin.walking import LEAVE_OUT
from okr.operations.closing.grading import is_score
from okr.operations.closing.walk import Field
from okr.quantities import format_score
from okr.views.bars import bar
from okr.views.closing import graded_lines
from okr.views.figures import STYLES, metric_words, next_words, short_day, status_words
from okr.views.layout import GAP, beside, indented, packed, show
from okr.views.round_chart import small_chart
from okr.views.round_words import checkin_words
from okr.views.terminal import cell, title_cell
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from okr.operations.closing.commit import Closed
    from okr.operations.closing.grading import Closing
    from okr.operations.closing.walk import ClosingWalk
    from okr.operations.overview import Frame

KEYS = "s takes the score · b goes back · ? explains"
REVIEW_KEYS = "e opens your editor · b goes back"
END_KEYS = "Enter closes it · b goes back"
_REVIEW_HELP = (
    "What was found when looking back: what went well, what did not, what to do otherwise. It is kept in the cycle's "
    "cycle.yaml. Enter keeps what stands in brackets or leaves it out; e opens your editor for more than a line."
)
_BAR = 20


def show_start(console: Console, closing: Closing) -> None:
    """Which cycle is to be closed, and how much there is to grade."""
    frame = closing.frame
    title = Text.assemble(cell(f"{frame.workspace} · closing {frame.cycle.name}", "bold"))
    lines = [*beside(console, title, Text(short_day(frame.as_of), style="dim"))]
    count = counted(len(closing.key_results), "key result")
    owners = counted(len(closing.owners), "owner")
    lines += indented(console, cell(f"{count} of {owners} to grade. Nothing is written before the end."))
    hint = "Enter takes what stands in brackets; Ctrl-C leaves and keeps what was entered."
    lines += indented(console, Text(hint, "dim"))
    show(console, lines)


def show_item(console: Console, at: ClosingWalk, frame: Frame) -> None:
    """The key result that is asked about: its chart, what was said last, and its score at the end."""
    show(console, _header(console, at, frame))


def _header(console: Console, at: ClosingWalk, frame: Frame) -> Iterator[Text]:
    item, language = at.item, frame.language
    key_result, objective = item.state.key_result, item.objective.objective
    yield Text()
    place, owner = f"{at.at + 1} of {len(at.items)}", key_result.reference.owner
    rule = "─" * max(3, console.width - len(place) - len(owner) - 2)
    yield Text.assemble((place, "bold"), " ", (rule, "dim"), " ", cell(owner, "dim"))
    yield from indented(console, title_cell(key_result.title, "bold"))
    name = "/".join(key_result.reference.segments[1:])
    yield from packed(console, [cell(name, "dim"), cell(metric_words(item.state, language), "dim")])
    committed = objective.definition.type is ObjectiveType.COMMITTED
    kind = "committed: only in full a success" if committed else "aspirational: 0.7 is a success"
    yield from packed(console, [title_cell(objective.title, "dim"), Text(kind, "dim")])
    yield from small_chart(console, item.course, language, margin=GAP)
    counted_ones = [each for each in item.state.checkins if each.counts]
    last = counted_ones[-1] if counted_ones else None
    words = checkin_words(last, item.state.unit, language, frame.cycle.ends)
    yield from indented(console, cell(words), first=GAP, rest=GAP)
    said = item.state.assessment
    status = Text(status_words(said.status, over=True), STYLES[said.status])
    drawn = bar(said.score, None, _BAR, STYLES[said.status])
    figures = [drawn, Text(f"score {format_score(said.score)}"), status]
    yield from packed(console, figures, margin=GAP, separator=GAP)
    there = key_result.definition.grade
    if there is not None:
        why = f": {item.reason}" if item.reason else ""
        said_before = f"The plan has the grade {format_score(float(there))} already{why}"
        yield from indented(console, cell(said_before), first=GAP, rest=GAP)


def question(at: ClosingWalk) -> tuple[str, str | None]:
    """The label of the field that is asked, and what Enter takes."""
    item, typed = at.item, at.answer.of(at.field)
    label = at.field.value.capitalize()
    if typed:
        return label, "left out" if typed == LEAVE_OUT else typed
    match at.field:
        case Field.GRADE:
            return label, format_score(item.grade)
        case Field.REASON:
            return label, item.reason
        case Field.LEARNED:
            return label, item.learned
        case _:
            return label, item.next.value


def choices(at: ClosingWalk) -> tuple[str, ...]:
    """What is completed at the question that is asked."""
    return tuple(each.value for each in Next) if at.field is Field.NEXT else ()


def show_help(console: Console, at: ClosingWalk) -> None:
    """What may be typed at the question that is asked."""
    for line in _help(at):
        show(console, indented(console, cell(line), first=GAP * 2, rest=GAP * 2))


def _help(at: ClosingWalk) -> Iterator[str]:
    item = at.item
    match at.field:
        case Field.GRADE:
            yield (
                "How much of it was achieved, from 0 to 1: 0.7 or 70%. The score is reckoned from the check-ins; give "
                "another grade where the number tells half the story, with a reason."
            )
            same = is_score(item.grade, item.score)
            what = "the score" if same else "the grade that the plan has already"
            yield f"Enter takes {what}, {format_score(item.grade)}."
        case Field.REASON:
            yield f"Why the grade is not the score, {format_score(item.score)}, in one line. It is kept beside the grade."
        case Field.LEARNED:
            yield (
                "What you would do otherwise, or again, in one line: it is read when the next cycle is planned. Enter "
                "leaves it out, or keeps what is there; - takes it out."
            )
        case _:
            yield f"What becomes of it in the next cycle. {'. '.join(map(next_words, Next))}."
            yield f"The first letter will do. Enter takes {item.next.value}; - decides nothing."
    yield (
        "s takes the score and goes on, b goes one question back, Ctrl-C leaves and keeps what was entered for the next "
        "time. Nothing is written before the end, and then in one commit."
    )


def show_review(console: Console, closing: Closing) -> None:
    """That the review is asked for now."""
    title = f"The review of {closing.frame.cycle.name}"
    rule = "─" * max(3, console.width - len(title) - 1)
    show(console, [Text(), Text.assemble(cell(title, "bold"), " ", (rule, "dim"))])
    words = "What went well, what did not, what to do otherwise: in a line, or with e in your editor."
    show(console, indented(console, Text(words, "dim"), first=GAP, rest=GAP))


def show_review_help(console: Console) -> None:
    """What may be typed for the review."""
    show(console, indented(console, cell(_REVIEW_HELP), first=GAP * 2, rest=GAP * 2))


def show_understood(console: Console, before: ClosingWalk, after: ClosingWalk) -> None:
    """How a short answer was understood, where it stands for a longer one."""
    if before.field is Field.NEXT:
        from okr.operations.closing.walk import verdict_of

        decided = verdict_of(before.item, after.answers[before.at]).next
        if decided:
            words = cell(next_words(Next(decided)), "dim")
            show(console, indented(console, words, first=GAP * 2, rest=GAP * 2))


def show_summary(console: Console, result: Closed) -> None:
    """What will be written: each owner's score, each grade, and the review."""
    show(console, _summary(console, result))


def _summary(console: Console, result: Closed) -> Iterator[Text]:
    yield Text()
    title = f"{result.frame.cycle.name}, closed"
    yield Text.assemble(cell(title, "bold"), " ", ("─" * max(3, console.width - len(title) - 1), "dim"))
    yield from graded_lines(console, result.owners, result.decisions)
    if result.review:
        from okr.views.retrospective import paragraphs

        for paragraph in paragraphs(result.review):
            yield from indented(console, cell(paragraph), first=GAP, rest=GAP)
            yield Text()
