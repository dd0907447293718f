"""How `okr kpi list` looks: each KPI with its value, its bounds, where it goes, and what draws on it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from okr.operations.kpis import Health
from okr.quantities import format_amount, format_score
from okr.views.figures import STYLES, age, bounds_words, short_day, status_words
from okr.views.heading import heading
from okr.views.layout import GAP, beside, indented, packed, show
from okr.views.sparkline import sparkline
from okr.views.terminal import cell
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from okr.operations.kpis import KpiList, KpiStanding, Trend
    from okr.operations.overview import Frame

_WIDEST_LINE = 20
_SIGNS = {Health.OUTSIDE: "▼", Health.UNMEASURED: "○", Health.WITHIN: "✓", Health.UNBOUNDED: "◆"}
_STYLES = {
    Health.OUTSIDE: "red",
    Health.UNMEASURED: "yellow",
    Health.WITHIN: "green",
    Health.UNBOUNDED: "dim",
}
_COUNTED = {
    Health.OUTSIDE: "outside its bounds",
    Health.UNMEASURED: "never measured",
    Health.WITHIN: "within its bounds",
    Health.UNBOUNDED: "without bounds",
}


def show_kpis(console: Console, found: KpiList) -> None:
    """Prints them."""
    show(console, lines_of(console, found))


def lines_of(console: Console, found: KpiList) -> Iterator[Text]:
    """They as lines that fit the console."""
    yield from heading(console, found.frame, expected=False)
    yield Text()
    if not found.standings:
        yield from indented(console, cell(_none(found)))
        return
    for each in found.standings:
        yield from _kpi(console, each, found)
        yield Text()
    yield from _advice(console, found)


def health_words(health: Health) -> Text:
    """How a KPI stands, with its sign: `▼ outside`."""
    return Text(f"{_SIGNS[health]} {health.value}", style=_STYLES[health])


def trend_words(trend: Trend, frame: Frame) -> str:
    """Where a KPI goes: `rising since 2 Aug, further from its bounds`."""
    words = f"{trend.drift.value} since {short_day(trend.since, beside=frame.as_of)}"
    if trend.towards is None:
        return words
    return f"{words}, {'towards' if trend.towards else 'further from'} its bounds"


def _kpi(console: Console, each: KpiStanding, found: KpiList) -> Iterator[Text]:
    kpi, frame = each.kpi, found.frame
    value = "" if each.latest is None else format_amount(each.latest, kpi.unit, frame.language)
    yield from beside(console, cell(kpi.name, "bold"), cell(value, "bold"))
    standing = [health_words(each.health)]
    if each.bounds is not None:
        standing.append(cell(bounds_words(each.bounds, kpi.unit, frame.language)))
    if each.measured is not None:
        standing.append(Text(f"measured {age(each.measured, frame)}", style="dim"))
    owner = "in nobody's care" if kpi.owner is None else found.people.get(kpi.owner, kpi.owner)
    standing += [cell(owner, "dim"), cell(f"kpis/{kpi.id}", "dim")]
    yield from packed(console, standing, margin=GAP)
    if each.trend is not None:
        drawn = sparkline([value for _, value in each.values], _WIDEST_LINE)
        yield from packed(console, [Text(f"{drawn}{GAP}{trend_words(each.trend, frame)}")], margin=GAP)
    for state in each.drawn_by:
        said = state.assessment
        status = f"{format_score(said.score)} {status_words(said.status, over=False)}"
        parts = [
            cell(f"drawn on by {state.key_result.reference}", "dim"),
            Text(status, style=STYLES[said.status]),
        ]
        yield from packed(console, parts, margin=GAP)


def _none(found: KpiList) -> str:
    if not found.total:
        return "There are no KPIs yet. `okr new kpi ID --name TEXT` adds one."
    whose = "" if found.owner is None else f" in the care of {found.people.get(found.owner, found.owner)}"
    if found.unhealthy:
        return f"No KPI{whose} is outside its bounds, and every one of them has been measured."
    return f"No KPI is{whose}. `okr kpi list` shows all {found.total}."


def _advice(console: Console, found: KpiList) -> Iterator[Text]:
    """How many stand how, and what to type next."""
    counts = Counter(each.health for each in found.standings)
    listed = ", ".join(
        f"{count} {words if count == 1 else words.replace('its', 'their')}"
        for health, words in _COUNTED.items()
        if (count := counts[health])
    )
    yield from indented(console, Text(f"{counted(len(found.standings), 'KPI')}: {listed}."))
    outside = next(
        (each for each in found.standings if each.health is Health.OUTSIDE and not each.drawn_by), None
    )
    unmeasured = next((each for each in found.standings if each.health is Health.UNMEASURED), None)
    if outside is not None:
        yield from packed(
            console, [cell(f"okr kpi promote {outside.kpi.id}", "bold"), Text("drafts a key result from it", style="dim")],
            margin=GAP, separator=GAP,
        )  # fmt: skip
    if unmeasured is not None:
        yield from packed(
            console, [cell(f"okr kpi record {unmeasured.kpi.id} VALUE", "bold"), Text("measures it", style="dim")],
            margin=GAP, separator=GAP,
        )  # fmt: skip
