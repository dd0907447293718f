"""How `okr cycle list` and `okr cycle show` look: a line for each cycle; one with its owners, scores and grades."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.model import CycleState
from okr.quantities import format_number, format_score
from okr.views.figures import NOTHING, next_words, opening, short_day
from okr.views.heading import heading, owner_line, shown_day, standing
from okr.views.layout import GAP, beside, columns, fitted, indented, packed, show
from okr.views.retrospective import paragraphs
from okr.views.terminal import cell, title_cell
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from rich.console import Console

    from okr.operations.assessing import KeyResultState, ObjectiveState, OwnerState
    from okr.operations.cycle_overview import CycleLine, CycleList, CycleShown
    from okr.scoring import Status

_HEADINGS = ("", "cycle", "state", "days", "owners", "objectives", "check-ins", "score")
_DAYS = 3
_FIGURES = range(4, 8)
_BAR = 10
_CURRENT = "›"


def show_cycles(console: Console, found: CycleList) -> None:
    """Prints every cycle."""
    show(console, _list(console, found))


def show_cycle(console: Console, found: CycleShown) -> None:
    """Prints one cycle."""
    show(console, _one(console, found))


def _list(console: Console, found: CycleList) -> Iterator[Text]:
    yield from beside(console, cell(found.workspace, "bold"), shown_day(found.as_of, found.moment))
    yield Text()
    if not found.cycles:
        yield from indented(console, cell("There is no cycle yet. `okr new objective` starts a plan."))
        return
    yield from _table(console, [_row(found, line) for line in found.cycles])
    yield Text()
    if any(line.current for line in found.cycles):
        yield from indented(console, Text(f"{_CURRENT} the current cycle", style="dim"))
    for line in found.cycles:
        if line.waits_for_closing:
            yield from indented(console, cell(f"{line.name} is over and not closed:"))
            yield Text.assemble(GAP, cell(f"okr cycle close {line.name}", "bold"))


def _table(console: Console, rows: list[list[Text]]) -> Iterator[Text]:
    """The cycles in columns; where there is no room for all of them, each one's days stand below it."""
    natural = [max(part.cell_len for part in column) for column in zip(_headings(), *rows, strict=True)]
    right: Container[int] = _FIGURES
    below = sum(natural) + len(GAP) * (len(natural) - 1) > console.width
    if below:
        natural, right = [*natural[:_DAYS], *natural[_DAYS + 1 :]], [each - 1 for each in _FIGURES]
    widths = fitted(natural, console.width - len(GAP) * (len(natural) - 1))
    margin = " " * widths[0] + GAP
    for number, row in enumerate((_headings(), *rows)):
        shown = [*row[:_DAYS], *row[_DAYS + 1 :]] if below else row
        yield from columns(console, shown, widths, right=right)
        if below and number:
            yield from indented(console, row[_DAYS], first=margin, rest=margin)


def _headings() -> list[Text]:
    return [Text(name, style="dim") for name in _HEADINGS]


def _row(found: CycleList, line: CycleLine) -> list[Text]:
    days = NOTHING
    if line.span is not None:
        days = f"{short_day(line.span.starts, beside=line.span.ends)}–{short_day(line.span.ends)}"

    def figure(number: int) -> Text:
        return Text(format_number(number, found.language) if number else NOTHING)

    return [
        Text(_CURRENT if line.current else ""),
        cell(line.name, "bold"),
        Text(_state(line)),
        Text(days, style="dim"),
        figure(len(line.owners)),
        figure(line.objectives),
        figure(line.checkins),
        Text(NOTHING if line.score is None else format_score(line.score), style="bold"),
    ]


def _state(line: CycleLine) -> str:
    return "not closed" if line.waits_for_closing else line.state.value


def _one(console: Console, found: CycleShown) -> Iterator[Text]:
    yield from heading(console, found.frame)
    line = found.line
    counts = (
        counted(len(line.owners), "owner"),
        counted(line.objectives, "objective"),
        counted(line.key_results, "key result"),
    )
    facts = [", ".join(counts), _checkins(found)]
    if line.score is not None:
        facts.append(f"score {format_score(line.score)}, the mean of the owners'")
    yield from packed(console, [cell(each) for each in facts])
    if line.review:
        for paragraph in paragraphs(line.review):
            yield Text()
            yield from indented(console, cell(paragraph), first=GAP, rest=GAP)
    for owner in found.owners:
        yield Text()
        yield from _owner(console, owner, found)
    left = [*_left(console, found)]
    yield from [Text(), *left] if left else ()


def _checkins(found: CycleShown) -> str:
    words = counted(found.line.checkins, "check-in")
    if found.last_checkin is None:
        return words
    return f"{words}, the last on {short_day(found.last_checkin, beside=found.frame.cycle.ends)}"


def _owner(console: Console, owner: OwnerState, found: CycleShown) -> Iterator[Text]:
    yield from owner_line(console, owner.owner, _right(found, owner.score, None))
    for objective in owner.objectives:
        yield from _objective(console, objective, found)


def _objective(console: Console, state: ObjectiveState, found: CycleShown) -> Iterator[Text]:
    said = state.assessment
    right = _right(found, said.score, said.status)
    yield from beside(console, title_cell(state.objective.title, "bold"), right, first=GAP, rest=GAP)
    links = [f"supports {each}" for each in state.supports]
    below = len(found.supporters[state.objective.reference])
    if below:
        links.append(f"supported by {counted(below, 'objective')}")
    yield from packed(console, [cell(each, "dim") for each in links], margin=GAP * 3)
    for each in state.key_results:
        yield from _key_result(console, each, state, found)


def _key_result(
    console: Console, state: KeyResultState, objective: ObjectiveState, found: CycleShown
) -> Iterator[Text]:
    said, definition = state.assessment, state.key_result.definition
    right = _right(found, said.score, said.status)
    yield from beside(console, title_cell(state.key_result.title), right, first=GAP * 2, rest=GAP * 2)
    notes = []
    if definition.grade is not None:
        notes.append(f"grade {format_score(float(definition.grade))}")
        if found.frame.state is not CycleState.CLOSED:
            notes[-1] += ", counts once the cycle is closed"
        elif definition.grade_reason is None:
            notes.clear()  # it is the score at the line's end
        if definition.grade_reason:
            notes[-1] += f": {definition.grade_reason}"
    decided = definition.next or objective.objective.definition.next
    if decided is not None:
        notes.append(next_words(decided))
    if definition.learned:
        notes.append(f"learned: {definition.learned}")
    yield from packed(console, [cell(each, "dim") for each in notes], margin=GAP * 3)


def _right(found: CycleShown, score: float, status: Status | None) -> Text:
    return standing(found.frame, score, status, _BAR)


def _left(console: Console, found: CycleShown) -> Iterator[Text]:
    """What is left to do about the cycle, and what to type for it."""
    name, count = found.frame.cycle.name, len(found.ungraded)
    if not found.owners:
        start = opening(found.frame) or "`okr new objective` starts one."
        yield from indented(console, cell(f"There is no plan in {name} yet. {start}"))
        return
    if found.frame.state is CycleState.CLOSED:
        if not count:
            yield from indented(console, cell("Every key result is graded."))
            return
        yield from indented(
            console, cell(f"{counted(count, 'key result')} without a grade: the score counts.")
        )
        yield from _names(console, found)
        return
    if not found.line.waits_for_closing:
        return
    if count:
        yield from indented(
            console, cell(f"The cycle is over; {counted(count, 'key result')} without a grade:")
        )
        yield from _names(console, found)
    else:
        yield from indented(console, cell("The cycle is over, and every key result is graded:"))
    yield Text.assemble(GAP, cell(f"okr cycle close {name}", "bold"))


def _names(console: Console, found: CycleShown) -> Iterator[Text]:
    names = ["/".join(state.key_result.reference.segments[1:]) for state in found.ungraded]
    yield from packed(console, [cell(each, "dim") for each in names], margin=GAP)
