"""Values that look like a slip: `14.000` for 14,000, `0.6` for 60%, `61` for 61k. They are recorded, and it is said.

Only what is far from all that the plan and the log say, and would be near if some zeros were added or taken away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.measures import BoundsMetric
from okr.quantities import format_amount, plain_number

if TYPE_CHECKING:
    from okr.operations.checkin.checking_in import Moved
    from okr.quantities import Language, Number

_FACTORS = (1000, 0.001, 100, 0.01, 1_000_000, 0.000_001)
_TENFOLD = 10
_ALIKE = 2
"""Where all numbers known are one, those up to twice and down to half of it are near."""


def slip_in(moved: Moved, language: Language, *, recorded: bool) -> str | None:
    """What to say where another value was probably meant than the one that was typed; None where it looks right.

    Args:
        moved: what the value moved, or would.
        language: how numbers are written.
        recorded: whether the value is in the log by now.
    """
    said = moved.said
    value = None if said is None else said.get("value")
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    meant = meant_by(value, _known(moved))
    if meant is None:
        return None
    import shlex  # few values look like a slip

    unit = moved.subject.unit
    shown, instead = format_amount(value, unit, language), format_amount(meant, unit, language)
    command = (
        f"okr checkin {shlex.quote(moved.reference)} {plain_number(meant)}{' --replace' if recorded else ''}"
    )
    return f"{shown} is far from what was planned and measured so far. If it should be {instead}: `{command}`"


def meant_by(value: Number, known: tuple[Number, ...]) -> Number | None:
    """The number that a value was probably meant for; None where it may well be right.

    Args:
        value: as it was typed.
        known: what the plan names, and what was measured last.
    """
    if not known or value <= 0 or min(known) < 0:
        return None
    low, high = min(known), max(known)
    reach = high - low
    near_low, near_high = (low - reach, high + reach) if reach else (low / _ALIKE, high * _ALIKE)
    near_low = max(near_low, low / _TENFOLD)
    if near_low <= value <= near_high:
        return None
    for factor in _FACTORS:
        other = round(value * factor, 9)
        if max(low - reach, low / _ALIKE) <= other <= high + reach / _ALIKE:
            return int(other) if other == int(other) else other
    return None


def _known(moved: Moved) -> tuple[Number, ...]:
    """The numbers that a value is held against: baseline, target and bounds, and the value before it."""
    state = moved.subject.own_state
    found: tuple[object, ...] = (moved.subject.last,)
    if state is not None:
        found += (state.assessment.start, state.assessment.target)
        if isinstance(state.metric, BoundsMetric):
            found += (state.metric.at_least, state.metric.at_most)
    return tuple(each for each in found if isinstance(each, (int, float)))
