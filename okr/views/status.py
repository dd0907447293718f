"""How `okr status` looks: a line for each objective and key result, in two lines where the terminal is narrow.

Which ones are shown, and what needs attention, `operations/overview.py` has decided.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from rich.text import Text

from okr.model import CycleState, ObjectiveType
from okr.quantities import format_score
from okr.scoring import Status
from okr.views.figures import (
    NOTHING,
    SIGNS,
    STYLES,
    age,
    elsewhere,
    no_plan,
    standing_words,
)
from okr.views.heading import heading, owner_line, standing
from okr.views.layout import GAP, beside, columns, drawn, indented, packed, show, write
from okr.views.plain import PlainConsole, plain_lines
from okr.views.status_lines import (
    COLUMNS,
    SCORE,
    OwnerLines,
    bar_width,
    confidence_words,
    is_wide,
    remarks,
    told_below,
)
from okr.views.terminal import cell, title_cell
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from okr.operations.assessing import KeyResultState, ObjectiveState, OwnerState
    from okr.operations.everybody import Everybody
    from okr.operations.overview import Frame, Overview, Totals
    from okr.scoring import Assessment, ObjectiveAssessment

_COUNTED = (Status.OFF_TRACK, Status.AT_RISK, Status.STALE, Status.NOT_STARTED)


def show_status(console: Console, overview: Overview) -> None:
    """Prints the progress of a cycle."""
    show(console, written_lines(console, overview))


def written_lines(console: Console, overview: Overview) -> Iterator[Text | str]:
    """The progress of a cycle, as lines that fit the console, most of them as they are written, colours included."""
    return _lines(console, overview, OwnerLines(console, overview.frame), headed=True)


def lines_of(console: Console, overview: Overview, *, headed: bool = True) -> Iterator[Text]:
    """The progress of a cycle, as lines that fit the console; below workspace and cycle where headed by them."""
    for line in _lines(console, overview, None, headed=headed):
        yield line if isinstance(line, Text) else Text(line)


def _lines(
    console: Console, overview: Overview, at_once: OwnerLines | None, *, headed: bool
) -> Iterator[Text | str]:
    """The lines, those of owners as they are written wherever that can be told at once."""
    frame = overview.frame
    if headed:
        yield from heading(console, frame)
    if not overview.owners:
        yield Text()
        yield from indented(console, cell(_nothing(overview)))
        return
    yield from _headings(console, frame)
    for owner in overview.owners:
        yield ""
        yield from (at_once and at_once.of(owner)) or _of_owner(console, owner, frame)
    yield Text()
    yield from _totals(console, frame, overview.totals, current=overview.current)


def teller(console: Console, frame: Frame) -> Callable[[OwnerState], str]:
    """What tells of an owner for `show_everybody`, in lines as they are written."""
    at_once = OwnerLines(console, frame)

    def tell(owner: OwnerState) -> str:
        lines = at_once.of(owner) or drawn(console, _of_owner(console, owner, frame))
        return "\n".join(plain_lines(lines) if isinstance(console, PlainConsole) else lines)

    return tell


def show_everybody(console: Console, found: Everybody[str]) -> None:
    """Prints the progress of a cycle, of which every owner has been told already."""
    head = chain(heading(console, found.frame), _headings(console, found.frame))
    foot = _totals(console, found.frame, found.totals, current=found.current)
    told = chain.from_iterable(("", each) for each in found.told)
    if isinstance(console, PlainConsole):
        above, below = (plain_lines(line.plain for line in lines) for lines in (head, foot))
        write(console, chain(above, told, ("",), below))
    else:
        show(console, chain(head, told, ("",), foot))


def _of_owner(console: Console, owner: OwnerState, frame: Frame) -> Iterator[Text]:
    wide = is_wide(console)
    yield from owner_line(console, owner.owner, _right(console, frame, owner.score, None))
    for objective in owner.objectives:
        yield from _objective(console, objective, frame, wide=wide)


def _objective(console: Console, state: ObjectiveState, frame: Frame, *, wide: bool) -> Iterator[Text]:
    said = state.assessment
    title = title_cell(state.objective.title, "bold")
    if state.objective.definition.type is ObjectiveType.COMMITTED:
        title.append("  committed", style="dim not bold")
    right = _right(console, frame, said.score, said.status)
    if wide:
        figures = [Text(), Text(), _confidence(said), _forecast(frame, said)]
        yield from _wide_row(console, title, figures, right, margin=GAP)
    else:
        yield from beside(console, title, right, first=GAP, rest=GAP)
    for key_result in state.key_results:
        row = _wide_key_result if wide else _narrow_key_result
        yield from row(console, key_result, frame)


def _narrow_key_result(console: Console, state: KeyResultState, frame: Frame) -> Iterator[Text]:
    said = state.assessment
    margin = GAP * 2
    right = _right(console, frame, said.score, said.status)
    yield from beside(console, title_cell(state.key_result.title), right, first=margin, rest=margin)
    words = told_below(state, frame, age(said.last_checkin, frame))
    yield from packed(console, [cell(word, "dim") for word in words], margin=GAP * 3)


def _wide_key_result(console: Console, state: KeyResultState, frame: Frame) -> Iterator[Text]:
    said = state.assessment
    special = remarks(state)
    title = title_cell(state.key_result.title)
    if special:
        title.append(f"  {', '.join(special)}", style="dim")
    figures = [
        cell(standing_words(state, frame.language)),
        Text(age(said.last_checkin, frame)),
        _confidence(said),
        _forecast(frame, said),
    ]
    right = _right(console, frame, said.score, said.status)
    yield from _wide_row(console, title, figures, right, margin=GAP * 2)


def _wide_row(
    console: Console, title: Text, figures: list[Text], right: Text, *, margin: str = ""
) -> Iterator[Text]:
    """A line of the wide table: each column folded within its width, the title behind a margin."""
    widths = [width for _, width in COLUMNS]
    room = console.width - len(margin) - sum(widths) - right.cell_len - len(GAP) * (len(widths) + 1)
    for line in columns(console, [title, *figures, right], [room, *widths, right.cell_len]):
        yield Text.assemble(margin, line)


def _headings(console: Console, frame: Frame) -> Iterator[Text]:
    """What stands above the columns where there are some."""
    if not is_wide(console):
        return
    yield Text()
    last = Text(
        "progress".ljust(bar_width(console.width)) + GAP + "score".ljust(SCORE) + " " + "status", style="dim"
    )
    last.pad_right(max(0, _right(console, frame, 0.0, Status.AT_RISK).cell_len - last.cell_len))
    names = [Text(name, style="dim") for name, _ in COLUMNS]
    yield from _wide_row(console, Text("objectives and key results", style="dim"), names, last)


def _right(console: Console, frame: Frame, score: float, status: Status | None) -> Text:
    return standing(frame, score, status, bar_width(console.width))


def _confidence(said: Assessment | ObjectiveAssessment) -> Text:
    words = confidence_words(said)
    return Text(words) if words else Text(NOTHING, style="dim")


def _forecast(frame: Frame, said: Assessment | ObjectiveAssessment) -> Text:
    if said.forecast is None or frame.over:
        return Text(NOTHING, style="dim")
    return Text(format_score(said.forecast.score))


def _totals(console: Console, frame: Frame, totals: Totals, *, current: bool) -> Iterator[Text]:
    total = f"{counted(totals.objectives, 'objective')}, {counted(totals.key_results, 'key result')}"
    if not frame.running:
        yield from indented(console, Text(f"{total}. {_outcome(frame, totals)}".rstrip()))
        return
    if totals.pressing is None:
        yield from indented(console, Text(f"{total}. None needs attention."))
        return
    many = sum(totals.attention.values())
    needs = "1 needs attention" if many == 1 else f"{many} need attention"
    shown_statuses = [status for status in _COUNTED if status in totals.attention]
    told = [
        Text.assemble(
            (f"{SIGNS[status]} {totals.attention[status]} {status.value}", STYLES[status]),
            "." if status is shown_statuses[-1] else ",",
        )
        for status in shown_statuses
    ]
    words = [*Text(f"{total};").split(" "), *Text.assemble((needs, "bold"), ":").split(" ")]
    yield from packed(console, [*words, *told], separator=" ")
    if frame.moment is None:
        yield from _advice(console, frame, totals.next_checkin, totals.pressing, current=current)


def _advice(
    console: Console, frame: Frame, late: KeyResultState | None, pressing: KeyResultState, *, current: bool
) -> Iterator[Text]:
    """What to type next: a check-in for what has been silent longest, or a closer look."""
    reference = (late or pressing).key_result.reference
    name = "/".join(reference.segments[1:]) if current else str(reference)
    if late is None:
        words, command = f"The most pressing is {name}:", f"okr show {name}"
    else:
        last = late.assessment.last_checkin
        silent = "has had no check-in yet" if last is None else f"was last checked in {age(last, frame)}"
        words, command = f"{name} {silent}:", f"okr checkin {name} VALUE"
    yield from indented(console, cell(words))
    yield Text.assemble(GAP, cell(command, "bold"))


def _outcome(frame: Frame, totals: Totals) -> str:
    """What to say in place of what needs attention, in a cycle that is not running."""
    if frame.state is CycleState.CLOSED:
        return f"{totals.graded} graded." if totals.graded else "The cycle is closed."
    if frame.as_of < frame.cycle.starts:
        return "Nothing is due before the cycle begins."
    if frame.state is CycleState.PLANNING:
        return f"The cycle is still being planned: `okr plan start {frame.cycle.name}` starts it once the plans are agreed."
    return f"The cycle is over: `okr cycle close {frame.cycle.name}` grades its key results and closes it."


def _nothing(overview: Overview) -> str:
    """What to say where there is nothing to show."""
    cycle = overview.frame.cycle.name
    if overview.theirs:
        other = overview.theirs[0]
        return (
            f"{overview.person} is accountable for nothing in {cycle}, but for something in {other}: "
            f"`okr status --mine --cycle {other}`."
        )
    if overview.person is not None:
        return f"{overview.person} is accountable for nothing in {cycle}. `okr status` shows everybody's."
    others = elsewhere(cycle, overview.others)
    in_it = "" if overview.current else f" --cycle {cycle}"
    if overview.accountable:
        first, *more = overview.accountable
        besides = f" and {len(more)} more" if more else ""
        due = f"okr due --owner {overview.asked}{in_it}"
        return (
            f"{overview.asked} has no plan for {cycle}, but is accountable for {overview.frame.short(first)}{besides}: "
            f"`{due if overview.frame.running else f'okr status {first}'}`.{others}"
        )
    if overview.team is not None:
        return (
            f"{overview.asked} has no plan for {cycle}, but belongs to {overview.team}: "
            f"`okr status {overview.team}{in_it}`.{others}"
        )
    if overview.below:
        has = "one below it has" if overview.below == 1 else f"{overview.below} below it have"
        return f"{overview.asked} has no plan for {cycle}, but {has} one: `okr status {overview.asked}/...{in_it}`.{others}"
    return no_plan(overview.frame, overview.others, overview.asked)
