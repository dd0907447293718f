"""The lines of an owner in `okr status`, written at once: what `status.py` lays out with rich, in a sixth of the time.

Whatever rich must measure is left to it; tests hold the two against each other.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from okr.model import ObjectiveType
from okr.quantities import format_score, plain_number
from okr.scoring import Disagreement, disagreement
from okr.views.bars import bar_parts, filled_eighths
from okr.views.figures import (
    NOTHING,
    STYLES,
    age,
    confidence,
    outlook_words,
    standing_words,
    status_words,
    widest_status,
)
from okr.views.layout import GAP
from okr.views.painted import NotNarrowError, Painter
from okr.views.plain import PlainConsole
from okr.views.text import brief, printable

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from okr.operations.assessing import KeyResultState, ObjectiveState, OwnerState
    from okr.operations.overview import Frame
    from okr.scoring import Assessment, ObjectiveAssessment, Status
    from okr.views.painted import Cells

WIDE_FROM = 140
SCORE = 4
# The columns of the wide table between the title and the bar, with their widths.
COLUMNS = (("now (plan)", 36), ("checked in", 12), ("confidence", 10), ("forecast", 8))
# Narrow terminals, those between, and the wide table.
_BARS = (10, 20, 14)
_ROOMY_FROM = 100


def bar_width(width: int) -> int:
    """How many characters a bar takes on a page."""
    narrow, roomy, wide = _BARS
    if width >= WIDE_FROM:
        return wide
    return roomy if width >= _ROOMY_FROM else narrow


def is_wide(console: Console) -> bool:
    """Whether there is room for a table."""
    return console.width >= WIDE_FROM and not isinstance(console, PlainConsole)


def confidence_words(said: Assessment | ObjectiveAssessment) -> str:
    """What people say, in the table, and whether that is more or less than the forecast; empty where nobody said any."""
    if said.confidence is None:
        return ""
    words = confidence(said.confidence)
    match disagreement(said.confidence, said.forecast):
        case Disagreement.HOPEFUL:
            words += " above"
        case Disagreement.DOUBTFUL:
            words += " below"
    return words


def remarks(state: KeyResultState) -> list[str]:
    """What is special about how a key result counts."""
    definition = state.key_result.definition
    found = []
    if definition.weight == 0:
        found.append("guardrail")
    elif definition.weight != 1:
        found.append(f"weight {plain_number(definition.weight)}")
    if definition.grade is not None:
        found.append("graded")
    return found


def told_below(state: KeyResultState, frame: Frame, last: str) -> list[str]:
    """What stands below a key result's title where the terminal is narrow.

    Args:
        state: the key result.
        frame: the cycle.
        last: how long ago it was checked in.
    """
    words = [standing_words(state, frame.language)]
    if not frame.over:
        words += outlook_words(state.assessment)
    if state.assessment.last_checkin is not None or frame.running:
        words.append(last)
    return words + remarks(state)


class OwnerLines:
    """Writes owners as lines that fit a console."""

    def __init__(self, console: Console, frame: Frame) -> None:
        """Writes nothing yet."""
        self._painter = painter = Painter(console)
        self._frame = frame
        self._wide = is_wide(console)
        self._bar = bar_width(painter.width)
        self._expected = frame.elapsed if frame.running else None
        self._widest = widest_status(over=frame.over)
        self._cells = self._bar + SCORE + self._widest + 2 * len(GAP)
        self._rights: dict[tuple[int, str, Status | None], tuple[int, str]] = {}
        self._age = lru_cache(maxsize=None)(self._age_of)

    def of(self, owner: OwnerState) -> list[str] | None:
        """The lines of an owner; None where rich must lay them out."""
        try:
            lines = self._owner(owner)
            for objective in owner.objectives:
                lines += self._objective(objective)
                row = self._wide_key_result if self._wide else self._narrow_key_result
                for key_result in objective.key_results:
                    lines += row(key_result)
        except NotNarrowError:
            return None
        return lines

    def _owner(self, state: OwnerState) -> list[str]:
        said = state.owner
        note = GAP + said.kind if said.kind in {"team", "person"} else ""
        return self._beside(
            printable(said.name), "bold underline", note, "dim", self._right(state.score, None), ""
        )

    def _objective(self, state: ObjectiveState) -> list[str]:
        said, title = state.assessment, brief(state.objective.title)
        right = self._right(said.score, said.status)
        committed = state.objective.definition.type is ObjectiveType.COMMITTED
        note, style = (f"{GAP}committed", "bold|dim not bold") if committed else ("", "")
        if not self._wide:
            return self._beside(title, "bold", note, style, right, GAP)
        figures: list[Cells] = [[(0, "")], [(0, "")], *self._outlook(said)]
        return self._row(title, "bold", note, style, figures, right, GAP)

    def _narrow_key_result(self, state: KeyResultState) -> list[str]:
        said = state.assessment
        right = self._right(said.score, said.status)
        lines = self._beside(brief(state.key_result.title), "", "", "", right, GAP * 2)
        below = told_below(state, self._frame, self._age(said.last_checkin))
        return lines + self._painter.packed(map(printable, below), "dim", GAP * 3)

    def _wide_key_result(self, state: KeyResultState) -> list[str]:
        said, special = state.assessment, remarks(state)
        note = f"{GAP}{', '.join(special)}" if special else ""
        standing = printable(standing_words(state, self._frame.language))
        _, now = COLUMNS[0]
        figures: list[Cells] = [
            self._painter.folded(standing, "", now),
            self._painter.folded(self._age(said.last_checkin), "", COLUMNS[1][1]),
            *self._outlook(said),
        ]
        right = self._right(said.score, said.status)
        return self._row(brief(state.key_result.title), "", note, "dim", figures, right, GAP * 2)

    def _outlook(self, said: Assessment | ObjectiveAssessment) -> list[Cells]:
        """The columns of what people say and of the forecast."""
        stated = confidence_words(said)
        ahead = "" if said.forecast is None or self._frame.over else format_score(said.forecast.score)
        nothing = (len(NOTHING), self._painter.paint(NOTHING, "dim"))
        return [[(len(words), words) if words else nothing] for words in (stated, ahead)]

    def _beside(  # the parts of a line, one after the other
        self, title: str, style: str, note: str, note_style: str, right: tuple[int, str], margin: str
    ) -> list[str]:
        painter = self._painter
        room = painter.room_beside(right[0], margin)
        return painter.beside(painter.folded(title, style, room, note, note_style), right, margin)

    def _row(  # likewise
        self, title: str, style: str, note: str, note_style: str, figures: list[Cells], right: tuple[int, str], margin: str
    ) -> list[str]:  # fmt: skip
        painter = self._painter
        widths = [width for _, width in COLUMNS]
        room = painter.width - len(margin) - sum(widths) - right[0] - len(GAP) * (len(widths) + 1)
        left = painter.folded(title, style, room, note, note_style)
        return painter.columns([left, *figures, [right]], [room, *widths, right[0]], margin)

    def _right(self, score: float, status: Status | None) -> tuple[int, str]:
        """What stands at the right end of each line: bar, score, status."""
        key = (filled_eighths(score, self._expected, self._bar), format_score(score), status)
        found = self._rights.get(key)
        if found is None:
            style = "" if status is None else STYLES[status]
            pieces = [*bar_parts(key[0], self._expected, self._bar, style), (GAP, ""), (key[1], "bold")]
            if status is not None:
                pieces += [(GAP, ""), (status_words(status, over=self._frame.over), style)]
            found = self._rights[key] = self._cells, self._painter.paint_all(pieces)
        return found

    def _age_of(self, last: date | None) -> str:
        return age(last, self._frame)
