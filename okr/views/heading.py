"""The first lines of every answer about a cycle: which workspace, which cycle, how much of it has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.quantities import format_score
from okr.views.figures import short_day, time_words
from okr.views.layout import beside, indented
from okr.views.terminal import cell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rich.console import Console

    from okr.operations.overview import Frame
    from okr.revisions import Moment


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


def shown_day(as_of: date, moment: Moment | None) -> Text:
    """The day an answer is of, behind the commit where one is shown."""
    day = Text(short_day(as_of), style="dim")
    return day if moment is None else _moment(moment) + day


def _moment(moment: Moment) -> Text:
    """Which commit it is of, with what was asked for where that says more."""
    named = moment.commit.startswith(moment.asked) or moment.asked == moment.day.isoformat()
    asked = Text() if named else Text.assemble(" (", cell(moment.asked), ")")
    return Text.assemble("at ", moment.commit[:_SHORT_ID], asked, " · ", style="dim")
