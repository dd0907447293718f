"""What people type or send of a check-in besides its value: how confident they are, and when it was so."""

from __future__ import annotations

from datetime import date, datetime

from okr.errors import UsageError
from okr.model import Moment, quoted, read_moment
from okr.patterns import pattern

_SHARE = pattern(r"(\d+(?:[.,]\d+)?)\s*(%?)")


def confidence_of(text: str) -> float | int:
    """A confidence, from 0 to 1, typed as `0.7`, `0,7` or `70%`.

    Raises:
        UsageError: it is something else.
    """
    number = share_of(text)
    if number is None:
        raise UsageError(f"The confidence {quoted(text)} is not from 0 to 1.", "Write 0.7 or 70%.")
    return number


def share_of(text: str) -> float | int | None:
    """A number from 0 to 1, typed as `0.7`, `0,7` or `70%`; None for anything else."""
    matched = _SHARE.fullmatch(text.strip())
    number = float(matched[1].replace(",", ".")) / (100 if matched[2] else 1) if matched else -1
    if not 0 <= number <= 1:
        return None
    return int(number) if number in {0, 1} else round(number, 6)


def moment_of(text: str, today: date | None = None) -> Moment:
    """A day, or a day and a time with its offset.

    Args:
        text: what was typed or sent.
        today: the day that `yesterday` is reckoned from; where it is left out, a day is in figures.

    Raises:
        UsageError: it is something else.
    """
    from okr.days import day_in_words, days_meant

    day = None if today is None else day_in_words(text, today)
    if day is not None:
        return Moment(day)
    try:
        return read_moment(text.strip())
    except ValueError as error:
        message, _, form = str(error).partition(": write it as ")
        remedy = f"Write it as {form}." if "T" in form else "Write 2026-11-20, or 2026-11-20T09:30:00+01:00."
        meant = days_meant(text.strip())
        if meant:
            remedy = f"Write {' or '.join(map(str, meant))}."
        raise UsageError(f"The date can't be read: {message}.", remedy) from error


def now(as_of: date | None) -> Moment:
    """This moment, to the second and with its offset; or the day that was given for today."""
    if as_of is not None:
        return Moment(as_of)
    time = datetime.now().astimezone().replace(microsecond=0)
    return Moment(time.date(), time)
