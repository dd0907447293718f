"""How to mend a value that is not what its key asks for: what it most likely means, as the file should say it.

One function for each kind of value; each gives a hint, or None where there is nothing better to say than the rule does.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from okr.days import days_meant, month_number, why_no_such_day
from okr.documents import LocatedList, LocatedMapping
from okr.errors import shortened
from okr.patterns import pattern
from okr.quantities import plain_number
from okr.references import is_id, slug

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHARES = frozenset({"confidence", "grade"})
_PEOPLE = frozenset({"owner", "lead"})
_OTHERS_IDS = frozenset({"owner", "lead", "parent", "team", "kpi"})
_WHOLE = {
    "checkin_every": "write it as a number of days, such as 7",
    "year_starts": "write the month as a number, from 1 to 12",
}
_TRUE = frozenset({"yes", "y", "on", "oui", "o", "vrai", "x", "1", "done", "fait", "true"})
_FALSE = frozenset({"no", "n", "off", "non", "faux", "0", "open", "false"})
_TENTHS, _HUNDREDTHS = 10, 100
_QUANTITY = pattern(
    r"(?P<currency>[€$£])?\s*(?P<sign>[-+\u2212])?\s*(?P<figures>\d(?:[\d.,'’_\s]*\d)?)\s*(?P<power>[kKM](?![^\W\d_]))?"
    r"(?P<unit>\s+[^\d\s].*|\s*[a-zà-ÿ€$£°].*)?"
)
_GROUPED = pattern(r"\d{1,3}(?P<sign>[.,])\d{3}(?:(?P=sign)\d{3})*")
_POWERS = {None: 1, "k": 1_000, "K": 1_000, "M": 1_000_000}
_LONGEST_SHOWN = 60


def for_number(key: str, value: object, otherwise: str) -> str:
    """How to write a number that stands there as something else; what else there is to say where it can't be told."""
    text = value.strip() if isinstance(value, str) else ""
    if key in _SHARES:
        return _for_share(text)
    if otherwise:
        return otherwise
    if key == "from" and not re.search(r"\d", text):
        return "write a number, or `unknown` until somebody has measured it"
    found = _QUANTITY.fullmatch(text)
    amount = None if found is None else _amount(found["figures"])
    if found is None or amount is None:
        return "write a number, such as 61000 or 4.5"
    number = plain_number(amount * _POWERS[found["power"]] * (-1 if found["sign"] in {"-", "\u2212"} else 1))
    unit = (found["unit"] or found["currency"] or "").strip()
    return f"write {number}" if not unit else f"write {number}, and what it counts, “{unit}”, as its `unit`"


def _for_share(text: str) -> str:
    found = re.fullmatch(r"(?P<figures>\d+(?:[.,]\d+)?)\s*(?P<percent>%|/\s*10)?", text)
    if found is not None:
        amount = float(found["figures"].replace(",", "."))
        amount /= {"%": _HUNDREDTHS, None: 1}.get(found["percent"], _TENTHS)
        if amount <= 1:
            return f"write {amount:g}"
    return "write a number from 0 to 1, such as 0.7"


def _amount(figures: str) -> float | None:
    """What digits with separators come to; None where these leave it open."""
    bare = re.sub(r"[\s_'’]", "", figures)
    grouped = _GROUPED.fullmatch(bare)
    if grouped is not None and (grouped["sign"] == "," or bare.count(".") > 1):
        bare = bare.replace(grouped["sign"], "")
    try:
        return float(bare.replace(",", "."))
    except ValueError:
        return None


def for_size(key: str, value: object, limit: str) -> str:
    """How to write a number that is too small or too large for its key."""
    if key in _SHARES and isinstance(value, (int, float)) and 1 < value <= _HUNDREDTHS:
        whole, said = (_TENTHS, "out of ten") if value <= _TENTHS else (_HUNDREDTHS, "%")
        return f"write {value / whole:g} if {value:g} {said} is meant"
    return f"write {limit}"


def for_whole_number(key: str, value: object) -> str:
    """How to write a whole number."""
    month = month_number(value) if key == "year_starts" and isinstance(value, str) else None
    return f"write {month}" if month else _WHOLE.get(key, "write a whole number, such as 7")


def for_truth(value: object) -> str:
    """How to write true or false."""
    said = str(value).strip().lower()
    return "write true" if said in _TRUE else "write false" if said in _FALSE else "write true or false"


def for_choice(value: object, choices: Sequence[str]) -> str:
    """Which of some words was meant."""
    from difflib import get_close_matches

    near = get_close_matches(str(value).strip().lower(), choices, n=1, cutoff=0.6)
    listed = " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))
    return f"did you mean {near[0]}?" if near else f"write {listed}"


def for_day(value: object) -> str | None:
    """How to write a day."""
    text = str(value).strip()
    meant = days_meant(text)
    return f"write {' or '.join(map(str, meant))}" if meant else why_no_such_day(text)


def for_id(key: str, value: object) -> str | None:
    """How to write an id, be it the thing's own or another's."""
    text = str(value)
    hidden = next(
        (letter for letter in text if unicodedata.category(letter) in {"Cf", "Zs"} and letter != " "), None
    )
    if hidden is not None:
        bare = "".join(letter for letter in text if unicodedata.category(letter) not in {"Cf", "Zs"})
        instead = f": write {bare}" if is_id(bare) else ""
        return f"it holds a character that nobody sees, U+{ord(hidden):04X}{instead}"
    if key in _OTHERS_IDS and text.casefold() != text:
        whose = "the person's id" if key in _PEOPLE else "the id"
        return f"write {whose}, as it stands in {'kpis.yaml' if key == 'kpi' else 'org.yaml'}"
    own = slug(text, fallback="")
    return f"write {own}, in lower-case letters, digits and hyphens" if own and own != text else None


def for_text(key: str, value: object) -> str | None:
    """How to write a text where a list or a mapping stands."""
    if isinstance(value, LocatedList):
        return "name one person" if key in _PEOPLE else "write one text, without brackets and dashes"
    if isinstance(value, LocatedMapping):
        return "put the text in quotes if it holds `: ` or stands in braces"
    return None


def for_list(value: object) -> str:
    """How to write a list."""
    if isinstance(value, LocatedMapping) and value and all(isinstance(each, dict) for each in value.values()):
        return f"write each as an item: `- id: {next(iter(value))}`, with what belongs to it below"
    return "write each item on a line of its own after `- `"


def for_mapping(key: str, value: object, known: Sequence[str]) -> str:
    """How to write a mapping that may have some keys; its own key is empty for an item of a list."""
    if key == "milestones":
        items = value if isinstance(value, LocatedList) else [value]
        if items and all(isinstance(each, LocatedMapping) for each in items):
            return "write the milestones without the `-` before each"
        first = next((each for each in items if isinstance(each, str)), "signed")
        return (
            f"write each milestone with its score, rising to 1.0: `{shortened(first, _LONGEST_SHOWN)}: 0.3`"
        )
    if (
        not key
        and known
        and isinstance(value, str)
        and ":" not in value
        and "\n" not in value
        and value.strip()
    ):
        first = "title" if "title" in known and " " in value else "id"
        return (
            f"write `{first}: {shortened(value, _LONGEST_SHOWN)}`, and what else there is to say of it below"
        )
    return "write `key: value` pairs below it"
