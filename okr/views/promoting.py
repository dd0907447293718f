"""A key result drafted from a KPI, as a plan would have it, and what adds it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okr.operations.kpis import Health
from okr.quantities import format_amount
from okr.views.figures import bounds_words
from okr.views.text import printable
from okr.views.workflow_commands import for_log
from okr.yaml_writing import Layout, item_lines

if TYPE_CHECKING:
    from okr.operations.adding.promoting import Draft
    from okr.quantities import Language

_MOST_OFFERED = 3


def show_draft(draft: Draft, language: Language) -> None:
    """Writes the draft to stdout, and below it what adds it to an objective."""
    kpi = draft.standing.kpi
    lines = [_standing(draft, language), ""]
    lines += [f"  {line}" for line in item_lines(draft.keys, Layout())]
    offered = draft.objectives[:_MOST_OFFERED] or ("REF",)
    lines += ["", "Nothing was written. Into an objective:"]
    lines += [f"  okr kpi promote {kpi.id} --objective {each}" for each in offered]
    sys.stdout.write(for_log("".join(f"{printable(line)}\n".lstrip("\n") or "\n" for line in lines)))


def _standing(draft: Draft, language: Language) -> str:
    standing = draft.standing
    kpi = standing.kpi
    if standing.latest is None:
        return f"kpis/{kpi.id} has never been measured."
    value = format_amount(standing.latest, kpi.unit, language)
    if standing.bounds is None:
        return f"kpis/{kpi.id} is at {value}."
    where = "outside" if standing.health is Health.OUTSIDE else "within"
    return (
        f"kpis/{kpi.id} is {where} its bounds: {value}, {bounds_words(standing.bounds, kpi.unit, language)}."
    )
