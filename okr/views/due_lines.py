"""The lines of what is due, written at once: what `due_text.py` lays out with rich, in a fraction of the time.

Whatever rich must measure is left to it; tests hold the two against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.views.due import late, named
from okr.views.figures import short_day
from okr.views.layout import GAP
from okr.views.painted import NotNarrowError, Painter
from okr.views.text import brief, counted, printable

if TYPE_CHECKING:
    from rich.console import Console

    from okr.operations.due import Due, DueList

# As for a status that is stale: twice the days between two check-ins.
_VERY_LATE = "red"
_LATE = "yellow"


def lateness(each: Due) -> tuple[str, str]:
    """How late a check-in is, and the style in which that is said."""
    style = _VERY_LATE if each.last_checkin is None or each.days_late > _days_between(each) else _LATE
    return late(each), style if each.days_late else ""


def _days_between(each: Due) -> int:
    """How many days lie between two check-ins."""
    return 0 if each.last_checkin is None else (each.due - each.last_checkin).days


def told_below(each: Due, found: DueList) -> list[str]:
    """What stands below the title of what is due, none of it made printable yet."""
    last = each.last_checkin
    ago = "no check-in yet" if last is None else f"last on {short_day(last, beside=found.frame.cycle.ends)}"
    words = [found.short(each.reference), ago]
    if each.owner not in {None, each.person}:
        words.append(found.names.get(each.owner or "", each.owner or ""))
    return words


class DueLines:
    """Writes what is due as lines that fit a console."""

    def __init__(self, console: Console, found: DueList) -> None:
        """Writes nothing yet."""
        self._painter = Painter(console)
        self._found = found

    def of(self, person: str | None, theirs: list[Due]) -> list[str] | None:
        """The lines of what one person is asked for; None where rich must lay them out."""
        painter = self._painter
        try:
            count = f"{counted(len(theirs), 'check-in')} due"
            lines = self._beside(printable(named(self._found, person)), "bold underline", (count, "dim"), "")
            for each in theirs:
                lines += self._beside(brief(each.title), "", lateness(each), GAP)
                words = map(printable, told_below(each, self._found))
                lines += painter.packed(words, "dim", GAP * 3)
        except NotNarrowError:
            return None
        return lines

    def _beside(self, title: str, style: str, right: tuple[str, str], margin: str) -> list[str]:
        painter, (words, words_style) = self._painter, right
        room = painter.room_beside(len(words), margin)
        left = painter.folded(title, style, room)
        return painter.beside(left, (len(words), painter.paint(words, words_style)), margin)
