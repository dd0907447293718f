"""Fixes for values that are written in another way than their key asks for, though what they mean is plain."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from okr.documents import LocatedMapping
from okr.errors import UsageError
from okr.operations.fixes import Fix, mends
from okr.operations.formatting import is_log
from okr.quantities import plain_number, read_quantity
from okr.references import slug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.fixes import Spot

_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_LETTERS = re.compile(r"[^\W\d_]|%")
_TRUE = frozenset({"true", "yes", "y", "on", "oui", "vrai"})
_FALSE = frozenset({"false", "no", "n", "off", "non", "faux"})
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})(?:[T ]00:00(?::00)?)?"
)
_YEAR_LAST = re.compile(r"(?P<one>\d{1,2})[-/. ](?P<other>\d{1,2})[-/. ](?P<year>\d{4})")
_IN_WORDS = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|er)?\.? (?P<month>[^\W\d_]+)\.?|(?P<name>[^\W\d_]+)\.? (?P<number>\d{1,2})),? "
    r"(?P<year>\d{4})"
)
_MONTHS = (
    ("jan", "january", "janvier", "janv"), ("feb", "february", "février", "fevrier", "févr", "fév"),
    ("mar", "march", "mars"), ("apr", "april", "avril", "avr"), ("may", "mai"), ("jun", "june", "juin"),
    ("jul", "july", "juillet", "juil"), ("aug", "august", "août", "aout"), ("sep", "sept", "september", "septembre"),
    ("oct", "october", "octobre"), ("nov", "november", "novembre"), ("dec", "december", "décembre", "decembre", "déc"),
)  # fmt: skip
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_MONTHS_IN_A_YEAR = 12


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
    day = _day_in(str(spot.value).strip())
    if day is not None:
        yield spot.fix(f"Write {day}", [spot.replaced(spot.place, day)], safe=True)


def _day_in(text: str) -> str | None:
    if re.fullmatch(r"[12]\d{7}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    first, last, words = (
        _YEAR_FIRST.fullmatch(text),
        _YEAR_LAST.fullmatch(text),
        _IN_WORDS.fullmatch(text.lower()),
    )
    if first is not None:
        year, month, day = first["year"], int(first["month"]), int(first["day"])
    elif last is not None:
        year, one, other = last["year"], int(last["one"]), int(last["other"])
        if one != other and max(one, other) <= _MONTHS_IN_A_YEAR:
            return None
        day, month = max(one, other), min(one, other)
    elif words is not None:
        year, month = words["year"], _MONTH_OF.get(words["month"] or words["name"], 0)
        day = int(words["day"] or words["number"])
    else:
        return None
    try:
        return date(int(year), month, day).isoformat()
    except ValueError:
        return None


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
