"""Fixes for values that are written in another way than their key asks for, though what they mean is plain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okr.days import days_meant
from okr.documents import LocatedMapping
from okr.errors import UsageError
from okr.operations.fixes.registry import Fix, mends
from okr.operations.formatting import is_log
from okr.patterns import DAY
from okr.quantities import plain_number, read_quantity
from okr.references import slug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.fixes.registry import Spot

_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_LETTERS = re.compile(r"[^\W\d_]|%")
_TRUE = frozenset({"true", "yes", "y", "on", "oui", "vrai"})
_DAYS = frozenset({"starts", "ends", "date", "retracts"})
_FALSE = frozenset({"false", "no", "n", "off", "non", "faux"})


@mends("wrong-type")
def write_number(spot: Spot) -> Iterator[Fix]:
    """Writes a number as one: `100 000` or `"100000"` as 100000. Safe: in the workspace's language it is no other."""
    value = spot.value
    if is_log(spot.document.path) or not isinstance(value, str) or _LETTERS.search(value):
        return
    number = _number_in(value.strip(), spot)
    if number is not None:
        yield spot.fix(f"Write {number}", [spot.replaced(spot.place, number)], safe=True)


def _number_in(text: str, spot: Spot) -> str | None:
    if _NUMBER.fullmatch(text):
        return text.removeprefix("+")
    sign, bare = ("-", text[1:]) if text[:1] in {"-", "−"} else ("", text)
    try:
        quantity = read_quantity(bare, spot.workspace.settings.language)
    except UsageError:
        return None
    return None if quantity.change else sign + plain_number(quantity.amount)


@mends("wrong-type")
def write_truth(spot: Spot) -> Iterator[Fix]:
    """Writes `yes` and the like as true or false. Safe: YAML's older version took them for that too."""
    value = spot.value
    if isinstance(value, str) and value.strip().lower() in _TRUE | _FALSE:
        truth = "true" if value.strip().lower() in _TRUE else "false"
        yield spot.fix(f"Write {truth}", [spot.replaced(spot.place, truth)], safe=True)


@mends("wrong-type")
def quote_text(spot: Spot) -> Iterator[Fix]:
    """Puts a number, or true and false, in quotes where a text belongs. Safe: it says what stands there."""
    if isinstance(spot.value, (int, float)) and not is_log(spot.document.path):
        written = f'"{spot.source(spot.place)}"'
        yield spot.fix(f"Write {written}", [spot.replaced(spot.place, written)], safe=True)


@mends("bad-value")
def write_day(spot: Spot) -> Iterator[Fix]:
    """Writes a day as 2026-10-05. Safe where it can be one day only: 13/5/2026, but not 3/5/2026."""
    if is_log(spot.document.path) or not isinstance(spot.value, (str, int)):
        return
    days = days_meant(str(spot.value).strip())
    if len(days) == 1:
        yield spot.fix(f"Write {days[0]}", [spot.replaced(spot.place, days[0].isoformat())], safe=True)


@mends("quoted-day")
def unquote_days(spot: Spot) -> Iterator[Fix]:
    """Takes the quotes off all days of a file. Safe but in a log: a branch may hold the same line, and union keeps both."""
    days = [
        (place, value)
        for steps, _, place in spot.parts
        if steps[-1] in _DAYS and DAY.fullmatch(str(value := spot.at(steps)))
    ]
    edits = [spot.replaced(place, value) for place, value in days if spot.source(place) != value]
    safe = not is_log(spot.document.path)
    yield spot.fix(f"Write {'the days' if len(edits) > 1 else 'the day'} without quotes", edits, safe=safe)


@mends("bad-value")
def write_id(spot: Spot) -> Iterator[Fix]:
    """Turns an id into lower-case letters, digits and hyphens. Not safe: it is the people's to say what it is called."""
    value, steps = spot.value, spot.steps
    if steps and steps[-1] == "id" and isinstance(value, str) and isinstance(spot.holder, LocatedMapping):
        name = slug(value)
        if name:
            yield spot.fix(f"Write {name}", [spot.replaced(spot.place, name)], safe=False)


@mends("bad-value")
def write_persons_id(spot: Spot) -> Iterator[Fix]:
    """Writes a person's id where their name or address stands. Safe where only one person of org.yaml bears it."""
    value = spot.value
    if not isinstance(value, str) or not spot.steps or spot.steps[-1] not in {"owner", "lead"}:
        return
    said = value.strip().casefold()
    bearers = {
        person.id
        for person in spot.workspace.org.people
        if said in {(person.name or "").casefold(), person.id, *(each.casefold() for each in person.email)}
    }
    if len(bearers) == 1:
        name = bearers.pop()
        yield spot.fix(f"Write {name}", [spot.replaced(spot.place, name)], safe=True)
