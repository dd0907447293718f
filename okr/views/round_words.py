"""What the weekly round says of a key result, in words: what it asks for, where it stands, what was said last.

Plain text, for the terminal and for the text form alike; it still has to pass through `printable`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.operations.checkin.round_items import last_said
from okr.quantities import format_score, format_value
from okr.views.figures import NOTHING, confidence, metric_words, short_day

if TYPE_CHECKING:
    from datetime import date

    from okr.contents import CheckIn
    from okr.log_lines import FieldValue
    from okr.operations.checkin.round import Item
    from okr.quantities import Language


def asks(item: Item, language: Language) -> str:
    """What it asks for: `from 42,000 to 100,000 visits`; a KPI says that it is one."""
    state = item.subject.own_state
    return (
        "a KPI: every key result that draws on it moves" if state is None else metric_words(state, language)
    )


def standing(item: Item) -> str:
    """Score, expected progress and forecast: `score 0.09, expected 0.59, forecast 0.22`; empty for a KPI."""
    state = item.subject.own_state
    if state is None:
        return ""
    said = state.assessment
    words = f"score {format_score(said.score)}, expected {format_score(said.expected)}"
    return words if said.forecast is None else f"{words}, forecast {format_score(said.forecast.score)}"


def last_words(item: Item, language: Language, beside: date) -> str:
    """What was said last: `12 Oct: 47,500 visits, confidence 0.7, by alice: SEO quick wins are live`."""
    return checkin_words(last_said(item), item.subject.unit, language, beside)


def checkin_words(last: CheckIn | None, unit: str | None, language: Language, beside: date) -> str:
    """The same of any check-in; that there is none, where there is none."""
    if last is None:
        return "no check-in yet"
    said = last.record.definition
    parts = []
    if said.value is not None:
        parts.append(amount(said.value, unit, language))
    if said.confidence is not None:
        parts.append(f"confidence {confidence(float(said.confidence))}")
    if said.by:
        parts.append(f"by {said.by}")
    note = f": {said.note}" if said.note else ""
    return f"{short_day(said.date.day, beside=beside)}: {', '.join(parts)}{note}"


def amount(value: FieldValue | None, unit: str | None, language: Language) -> str:
    """A value with its unit, or a milestone."""
    if value is None:
        return NOTHING
    return format_value(value, unit, language)
