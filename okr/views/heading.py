"""What answers about a cycle have in common: the first lines, which say of what they are, those of owners, and right ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.quantities import format_score
from okr.views.bars import bar
from okr.views.figures import STYLES, short_day, status_words, time_words, widest_status
from okr.views.layout import GAP, beside, indented
from okr.views.terminal import cell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rich.console import Console

    from okr.contents import Owner
    from okr.operations.overview import Frame
    from okr.revisions import Moment
    from okr.scoring import Status

_SHORT_ID = 7


def heading(console: Console, frame: Frame, *, expected: bool = True) -> Iterator[Text]:
    """Workspace and cycle, the day, and how far the cycle has come."""
    title = Text.assemble(cell(frame.workspace, "bold"), " · ", cell(frame.cycle.name, "bold"))
    yield from beside(console, title, shown_day(frame.as_of, frame.moment))
    cycle = frame.cycle
    span = f"{short_day(cycle.starts, beside=cycle.ends)} – {short_day(cycle.ends)}"
    words = f"{span} · {time_words(frame)}"
    if expected and frame.running:
        words += f" · expected by today {format_score(frame.elapsed)}"
    yield from indented(console, Text(words, style="dim"))


def owner_line(console: Console, owner: Owner, right: Text) -> Iterator[Text]:
    """The line of an owner, above their objectives."""
    named = cell(owner.name, "bold underline")
    if owner.kind in {"team", "person"}:
        named = Text.assemble(named, (f"  {owner.kind}", "dim"))
    yield from beside(console, named, right)


def standing(frame: Frame, score: float, status: Status | None, width: int) -> Text:
    """What stands at the right end of each line: bar, score, status.

    Args:
        frame: the cycle.
        score: how much of the bar is filled.
        status: how things are; None for an owner, of whom nobody says it.
        width: of the bar.
    """
    style = "" if status is None else STYLES[status]
    words = Text("" if status is None else status_words(status, over=frame.over), style=style)
    words.pad_right(widest_status(over=frame.over) - words.cell_len)
    drawn = bar(score, frame.elapsed if frame.running else None, width, style)
    return Text.assemble(drawn, GAP, (format_score(score), "bold"), GAP, words)


def shown_day(as_of: date, moment: Moment | None) -> Text:
    """The day an answer is of, behind the commit where one is shown."""
    day = Text(short_day(as_of), style="dim")
    return day if moment is None else _moment(moment) + day


def _moment(moment: Moment) -> Text:
    """Which commit it is of, with what was asked for where that says more."""
    named = moment.commit.startswith(moment.asked) or moment.asked == moment.day.isoformat()
    asked = Text() if named else Text.assemble(" (", cell(moment.asked), ")")
    return Text.assemble("at ", moment.commit[:_SHORT_ID], asked, " · ", style="dim")
