"""The JSON of `okr kpi list`, and the entry for a KPI that `okr show` has as well; documented in docs/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.views.status_json import frame_entry, key_result_entry, value

if TYPE_CHECKING:
    from datetime import date

    from okr.model import Kpi
    from okr.operations.kpis import Health, KpiList, KpiStanding, Trend


def kpis_json(found: KpiList) -> dict[str, Any]:
    """The whole answer."""
    return frame_entry(found.frame) | {
        "owner": found.owner,
        "kpis": [_standing(each) for each in found.standings],
    }


def kpi_entry(
    kpi: Kpi, latest: float | None, measured: date | None, health: Health, trend: Trend | None
) -> dict[str, Any]:
    """What is known of a KPI but its measurements and what draws on it."""
    return {
        "ref": f"kpis/{kpi.id}",
        "name": kpi.name,
        "unit": kpi.unit,
        "owner": kpi.owner,
        "why": kpi.why,
        "at_least": kpi.at_least,
        "at_most": kpi.at_most,
        "formerly": list(kpi.formerly),
        "value": value(latest),
        "last_checkin": None if measured is None else measured.isoformat(),
        "within": {"within": True, "outside": False}.get(health.value),
        "health": health.value,
        "trend": None
        if trend is None
        else {"drift": trend.drift.value, "since": trend.since.isoformat(), "towards": trend.towards},
    }


def _standing(each: KpiStanding) -> dict[str, Any]:
    return kpi_entry(each.kpi, each.latest, each.measured, each.health, each.trend) | {
        "values": [{"date": day.isoformat(), "value": value(number)} for day, number in each.values],
        "drawn_by": [key_result_entry(state) for state in each.drawn_by],
    }
