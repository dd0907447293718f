"""The JSON of `okr show`: status's entry for the objective or key result, with everything else that is known.

Documented in docs/json.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.views.kpis_json import kpi_entry
from okr.views.status_json import frame_entry, key_result_entry, objective_entry, rounded, value

if TYPE_CHECKING:
    from okr.contents import CheckIn
    from okr.operations.showing import Entry, Link, Showing
    from okr.operations.showing_kpi import KpiShowing


def show_json(found: Showing) -> dict[str, Any]:
    """The whole answer; `key_result` is null where it is about an objective."""
    return frame_entry(found.frame) | {
        "state": found.frame.state.value,
        "objective": _objective(found),
        "key_result": _key_result(found),
        "supports": [_link(link) for link in found.supports],
        "supported_by": [_link(link) for link in found.supporters if link.through is None],
        "supported_through": [
            _link(link) | {"key_result": str(link.through)} for link in found.supporters if link.through
        ],
        "depends_on": [_link(link) for link in found.depends_on],
        "checkins": [_entry(entry) for entry in found.entries],
        "kpi": None,
        "drawn_by": [],
    }


def kpi_json(found: KpiShowing) -> dict[str, Any]:
    """The answer about a KPI: the same keys, with what it has none of empty."""
    kpi = found.kpi
    reference = f"kpis/{kpi.id}"
    return frame_entry(found.frame) | {
        "state": found.frame.state.value,
        "objective": None,
        "key_result": None,
        "supports": [],
        "supported_by": [],
        "supported_through": [],
        "depends_on": [],
        "checkins": [_said(reference, each.checkin, None) for each in found.measurements],
        "kpi": kpi_entry(kpi, found.latest, found.measured, found.health, found.trend),
        "drawn_by": [key_result_entry(state) for state in found.drawn_by],
    }


def _objective(found: Showing) -> dict[str, Any]:
    said = found.objective.objective.definition
    return objective_entry(found.objective) | {
        "why": said.why,
        "tags": list(said.tags),
        "formerly": list(said.formerly),
        "learned": said.learned,
        "next": said.next,
    }


def _key_result(found: Showing) -> dict[str, Any] | None:
    if found.key_result is None:
        return None
    said = found.key_result.key_result.definition
    milestones = said.milestones or {}
    return key_result_entry(found.key_result) | {
        "reckoned": None if found.reckoned is None else rounded(found.reckoned),
        "milestones": [{"name": name, "score": score} for name, score in milestones.items()],
        "initiatives": [
            {"title": each.title, "link": each.link, "owner": each.owner, "done": each.done}
            for each in said.initiatives
        ],
        "tags": list(said.tags),
        "formerly": list(said.formerly),
        "grade_reason": said.grade_reason,
        "learned": said.learned,
        "next": said.next or found.objective.objective.definition.next,
    }


def _link(link: Link) -> dict[str, Any]:
    state = link.state or link.key_result
    return {
        "ref": link.written,
        "title": link.title,
        "score": None if state is None else rounded(state.assessment.score),
        "status": None if state is None else state.assessment.status.value,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return _said(str(entry.key_result.key_result.reference), entry.checkin, entry.score)


def _said(reference: str, checkin: CheckIn, score: float | None) -> dict[str, Any]:
    said, back = checkin.record.definition, checkin.retracted_by
    return {
        "ref": reference,
        "date": str(said.date),
        "value": value(said.value),
        "confidence": said.confidence,
        "score": None if score is None else rounded(score),
        "by": said.by,
        "note": said.note,
        "retracted": None
        if back is None
        else {"date": str(back.definition.date), "by": back.definition.by, "note": back.definition.note},
    }
