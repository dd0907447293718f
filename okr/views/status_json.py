"""The JSON of `okr status`, and the entries for objectives and key results that other answers share.

The shape is documented in docs/json.md and stable. Nothing heavy is imported: machines ask often.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.scoring import MilestonesMetric
from okr.views.text import to_json

if TYPE_CHECKING:
    from okr.operations.assessing import KeyResultState, ObjectiveState, OwnerState
    from okr.operations.everybody import Everybody
    from okr.operations.overview import Frame, Overview
    from okr.revisions import Moment
    from okr.scoring import Assessment, Forecast

SCHEMA = 1
_DECIMALS = 6
_WHOLE_BELOW = 1e15
_WITHIN = " " * 4
_NOBODY = "[]\n}"


def status_json(overview: Overview) -> dict[str, Any]:
    """The whole answer."""
    return frame_entry(overview.frame) | {"owners": [_owner(owner) for owner in overview.owners]}


def owner_text(owner: OwnerState) -> str:
    """The entry of an owner as it is written in the whole answer."""
    return _WITHIN + to_json(_owner(owner)).replace("\n", f"\n{_WITHIN}")


def everybody_text(found: Everybody[str]) -> str:
    """The whole answer, of which every owner's entry has been written already."""
    whole = to_json(frame_entry(found.frame) | {"owners": []})
    owners = ",\n".join(found.told)
    return f"{whole.removesuffix(_NOBODY)}[\n{owners}\n  ]\n}}"


def frame_entry(frame: Frame) -> dict[str, Any]:
    """What every answer about a cycle begins with."""
    return {
        "schema": SCHEMA,
        "workspace": frame.workspace,
        "cycle": frame.cycle.name,
        "as_of": frame.as_of.isoformat(),
        "at": moment_entry(frame.moment),
        "elapsed": rounded(frame.elapsed),
    }


def moment_entry(moment: Moment | None) -> dict[str, str] | None:
    """The commit that is shown, and what was asked for; null for the working tree."""
    if moment is None:
        return None
    return {"asked": moment.asked, "commit": moment.commit, "day": moment.day.isoformat()}


def objective_entry(state: ObjectiveState) -> dict[str, Any]:
    """An objective with its key results."""
    objective, said = state.objective, state.assessment
    return {
        "ref": str(objective.reference),
        "title": objective.title,
        "type": objective.definition.type.value,
        "owner": objective.accountable,
        "supports": list(state.supports),
        "score": rounded(said.score),
        **_forecast(said.forecast),
        "status": said.status.value,
        "key_results": [key_result_entry(each) for each in state.key_results],
    }


def key_result_entry(state: KeyResultState) -> dict[str, Any]:
    """A key result; `from` and `to` are reckoned: a relative target and a KPI's baseline are numbers here."""
    definition, said = state.key_result.definition, state.assessment
    return {
        "ref": str(state.key_result.reference),
        "title": state.key_result.title,
        "owner": state.key_result.accountable,
        "kind": None if definition.kind is None else definition.kind.value,
        "from": number(said.start),
        "to": _target(state, said),
        "at_least": definition.at_least,
        "at_most": definition.at_most,
        "kpi": definition.kpi,
        "unit": state.unit,
        "weight": definition.weight,
        "value": value(said.value),
        "progress": None if said.progress is None else rounded(said.progress),
        "score": rounded(said.score),
        "expected": rounded(said.expected),
        **_forecast(said.forecast),
        "confidence": None if said.confidence is None else rounded(said.confidence),
        "status": said.status.value,
        "grade": definition.grade,
        "last_checkin": None if said.last_checkin is None else said.last_checkin.isoformat(),
        "checkins": said.checkins,
    }


def rounded(share: float) -> float:
    """A score or another share, to six decimals: the noise of sums is no news."""
    return round(float(share), _DECIMALS) + 0.0


def number(amount: float | None) -> int | float | None:
    """A value as a file would write it: whole numbers without a point, no noise behind the twelfth figure."""
    if amount is None:
        return None
    plain = float(f"{amount:.12g}") if abs(amount) < _WHOLE_BELOW else float(amount)
    return int(plain) if plain.is_integer() and abs(plain) < _WHOLE_BELOW else plain


def value(said: float | str | None) -> int | float | str | None:
    """A check-in's value: a number, a milestone's name, or nothing."""
    return said if isinstance(said, str) else number(said)


def _owner(owner: OwnerState) -> dict[str, Any]:
    return {
        "id": owner.owner.id,
        "name": owner.owner.name,
        "kind": owner.owner.kind,
        "score": rounded(owner.score),
        "objectives": [objective_entry(state) for state in owner.objectives],
    }


def _target(state: KeyResultState, said: Assessment) -> int | float | str | None:
    if isinstance(state.metric, MilestonesMetric):
        ladder = state.metric.ladder
        return max(ladder, key=lambda name: ladder[name], default=None)
    return number(said.target)


def _forecast(forecast: Forecast | None) -> dict[str, float | None]:
    return {
        "forecast": None if forecast is None else rounded(forecast.score),
        "forecast_low": None if forecast is None else rounded(forecast.low),
        "forecast_high": None if forecast is None else rounded(forecast.high),
    }
