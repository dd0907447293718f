"""The lines of an objective in `okr tree`, written at once: what `tree.py` lays out with rich, in a fraction of the time.

Whatever rich must measure is left to it, and so is what is marked or points elsewhere; tests hold the two against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.quantities import format_score
from okr.views.figures import STYLES, status_words, widest_status
from okr.views.layout import GAP
from okr.views.painted import NotNarrowError, Painter
from okr.views.text import brief, counted, printable

if TYPE_CHECKING:
    from rich.console import Console

    from okr.operations.aligning import Aligned
    from okr.operations.alignment import Alignment, Step
    from okr.scoring import Status

# What deep trees must leave of a line for the title and its figures.
_ROOM = 48
_LEAST = 6


def guides(width: int, step: Step) -> tuple[str, str]:
    """What the first line of a step begins with, and what the others do.

    Args:
        width: of the console.
        step: a line of the tree.
    """
    if not step.lasts:
        return "", ""
    above = "".join(["   " if last else "│  " for last in step.lasts[:-1]])
    last = step.lasts[-1]
    first, rest = above + ("└─ " if last else "├─ "), above + ("   " if last else "│  ")
    room = max(_LEAST, width - _ROOM)
    if len(first) > room:
        first, rest = f"⋯{first[1 - room :]}", f"⋯{rest[1 - room :]}"
    return first, rest


def guide_below(step: Step) -> str:
    """What stands behind the guides of all lines of a step but the first."""
    return "│  " if step.has_children else "   "


def told_below(found: Alignment[Aligned], step: Step) -> tuple[str, ...]:
    """What stands below an objective's title, none of it made printable yet."""
    count = len(found.objectives[step.reference].key_results)
    return found.owners[step.reference.owner], step.reference.cycle, counted(count, "key result")


class TreeLines:
    """Writes objectives as lines that fit a console."""

    def __init__(self, console: Console, found: Alignment[Aligned]) -> None:
        """Writes nothing yet."""
        self._painter = Painter(console)
        self._found = found
        self._widest = max(widest_status(over=True), widest_status(over=False))
        self._rights: dict[tuple[str, Status, bool], tuple[int, str]] = {}

    def of(self, step: Step) -> list[str] | None:
        """The lines of a step; None where rich must lay them out."""
        if step.pointer or step.reference.key_result is not None or step.reference in self._found.targets:
            return None
        said, painter = self._found.objectives[step.reference], self._painter
        first, rest = guides(painter.width, step)
        below = guide_below(step)
        margin = painter.paint_all([(rest, "dim"), (below, "dim")])
        right = self._right(said.score, said.status, over=step.reference.cycle in self._found.over)
        try:
            left = painter.folded(brief(said.title), "bold", painter.room_beside(right[0], first))
            words = map(printable, told_below(self._found, step))
            lines = painter.packed(words, "dim", margin, len(rest) + len(below))
        except NotNarrowError:
            return None
        return [*painter.beside(left, right, painter.paint(first, "dim"), len(first), margin), *lines]

    def _right(self, score: float, status: Status, *, over: bool) -> tuple[int, str]:
        """What stands at the right end of the first line: score and status."""
        key = (format_score(score), status, over)
        found = self._rights.get(key)
        if found is None:
            words = (status_words(status, over=over), STYLES[status])
            size = len(key[0]) + len(GAP) + self._widest
            found = self._rights[key] = size, self._painter.paint_all([(key[0], "bold"), (GAP, ""), words])
        return found
