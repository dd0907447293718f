"""The line at the top and the one above the list: which cycle is shown, and what of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.quantities import format_score
from okr.views.figures import status_words, time_words
from okr.views.layout import SEPARATOR
from okr.views.terminal import cell
from okr.views.text import counted

if TYPE_CHECKING:
    from okr.operations.browsing import Filter
    from okr.operations.overview import Frame, Overview


def heading_words(frame: Frame) -> Text:
    """The workspace, the cycle, and how far it has come."""
    words = time_words(frame)
    if frame.running:
        words += f"{SEPARATOR}expected by today {format_score(frame.elapsed)}"
    return Text.assemble(
        cell(frame.workspace, "bold"), SEPARATOR, cell(frame.cycle.name, "bold"), SEPARATOR, words
    )


def filter_words(found: Overview, by: Filter, count: int, *, mine: bool) -> Text:
    """How many key results are shown, and why no more."""
    whole = len(found.key_results)
    if not by.narrows and not mine:
        pressing = len(found.attention)
        if not pressing:
            return Text(counted(whole, "key result"), style="dim")
        return Text(f"{pressing} of {whole} {'needs' if pressing == 1 else 'need'} attention", style="dim")
    parts = [f"{count} of {whole}" if by.narrows else counted(whole, "key result")]
    if mine:
        parts.append("mine")
    if by.attention:
        parts.append("needs attention")
    if by.status is not None:
        parts.append(status_words(by.status, over=found.frame.over))
    if by.words.split():
        parts.append(f"“{' '.join(by.words.split())}”")
    return cell(SEPARATOR.join(parts), "bold")
