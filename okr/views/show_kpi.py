"""How `okr show kpis/ID` looks: the KPI, its bounds, its measurements, and the key results that draw on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.quantities import format_amount, format_score
from okr.views.charts import chart
from okr.views.figures import STYLES, bounds_words, short_day, status_words
from okr.views.heading import heading
from okr.views.kpis import health_words, trend_words
from okr.views.layout import GAP, SEPARATOR, indented, show
from okr.views.show import fact_lines, labelled, said_cells, table, titled, who
from okr.views.terminal import cell, title_cell
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from okr.operations.showing_kpi import KpiShowing

_MOST_SHOWN = 12


def show_kpi(console: Console, found: KpiShowing) -> None:
    """Prints it."""
    show(console, lines_of(console, found))


def lines_of(console: Console, found: KpiShowing) -> Iterator[Text]:
    """It as lines that fit the console."""
    yield from heading(console, found.frame, expected=False)
    yield Text()
    yield from _facts(console, found)
    yield Text()
    yield from chart(console, found.course, found.frame.language, margin=GAP)
    yield Text()
    yield from _measurements(console, found)


def _facts(console: Console, found: KpiShowing) -> Iterator[Text]:
    kpi, language = found.kpi, found.frame.language
    yield from titled(console, kpi.name, f"kpis/{kpi.id}", "KPI")
    now = None
    if found.latest is not None and found.measured is not None:
        day = short_day(found.measured, beside=found.frame.cycle.ends)
        now = f"{format_amount(found.latest, kpi.unit, language)}{SEPARATOR}{day}"
    facts = [("why", kpi.why), ("owner", who(found.people, kpi.owner)), ("unit", kpi.unit), ("now", now)]
    yield from fact_lines(console, facts)
    if found.bounds is not None:
        words = cell(bounds_words(found.bounds, kpi.unit, language))
        if found.latest is not None:
            words = Text.assemble(words, SEPARATOR, health_words(found.health))
        yield from labelled(console, "bounds", words)
    if found.trend is not None:
        yield from fact_lines(console, [("trend", trend_words(found.trend, found.frame))])
    yield from fact_lines(console, [("formerly", ", ".join(kpi.formerly) or None)])
    for place, state in enumerate(found.drawn_by):
        said = state.assessment
        status = f"{format_score(said.score)} {status_words(said.status, over=found.frame.over)}"
        words = Text(SEPARATOR).join(
            (
                Text(status, style=STYLES[said.status]),
                title_cell(state.key_result.title),
                cell(state.key_result.reference, "dim"),
            )
        )
        yield from labelled(console, "" if place else "drawn on by", words)


def _measurements(console: Console, found: KpiShowing) -> Iterator[Text]:
    """The table of measurements, the latest only."""
    shown = found.measurements[-_MOST_SHOWN:]
    if shown:
        left_out = len(found.measurements) - len(shown)
        note = f", the latest {len(shown)} of them here" if left_out else ""
        yield Text(f"{counted(len(found.measurements), 'measurement')}{note}", style="bold")
        rows = [said_cells(each.checkin, each.previous, found.frame) for each in shown]
        yield from table(console, ("date", "value", "change", "by", "note"), rows)
    if found.later:
        yield from indented(
            console, Text(f"{counted(found.later, 'measurement')} of a later day left out.", style="dim")
        )
