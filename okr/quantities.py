"""Quantities: numbers as people type them and as they like to read them, in English and in French.

Reading is for the command line; files hold plain numbers (`plain_number`). What a number measures is not known
here.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from okr.dataclass import dataclass
from okr.errors import UsageError
from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Language = Literal["en", "fr"]
Number = int | float

NO_BREAK_SPACE = "\u00a0"
NARROW_SPACE = "\u202f"
MINUS = "\u2212"

_LONGEST = 40
_EXACT_BELOW = 10**16
_FULL_UP_TO = 10**15
_FULL_FROM = Decimal("1e-6")
_PLAIN_FROM = 1e-16
_DECIMALS = 6
_MOST_DECIMALS = 15
_PLAIN_SIZES = 0.1, 1e9
_FRENCH_SIGNS = str.maketrans(",.", f"{NARROW_SPACE},")
# Wide enough for every number shown in full, so that the one rounding is the one asked for.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
# DESIGN, "Bands" and "Status": yellow from 0.4, green from 0.7, a committed objective on track from 1.0.
_BAND_EDGES = (Decimal("0.4"), Decimal("0.7"), Decimal("1.0"))
_FLOAT_NOISE = Decimal("1e-9")
_SURELY_DOWN, _SURELY_UP = (0.001, 0.499), (0.501, 0.999)
"""The part of a hundredth that is rounded down, or up, whatever floating-point numbers do to it."""
_BELOW_EDGES = frozenset(int(edge * 100) - 1 for edge in _BAND_EDGES)
_PARTS = 10_000
_HUNDREDTHS = [f"{hundredths / 100:.2f}" for hundredths in range(101)]
_FRENCH_PLURAL_FROM = 2
_CURRENCIES = frozenset("€$£¥₹₩₽₺₪₫₴")

_SPELLINGS = str.maketrans("\u00a0\u202f\u2009\u2007\t\u2212’", "     -'")
_TYPED = pattern(
    r"(?P<absolute>=)? *(?P<sign>[+-])? *(?P<figures>[.,]?[0-9](?:[0-9 _',.]*[0-9])?)"
    r"(?:[eE](?P<exponent>[+-]?[0-9]+))?(?: *(?P<power>%|k|K|M|B|bn|Bn|Md)(?![^\W\d_]))? *(?P<rest>.*)",
    re.DOTALL,
)
_GROUPED = r"[0-9]+|[0-9]{1,3}(?P<separator>[ _'])[0-9]{3}(?:(?P=separator)[0-9]{3})*"
_FIGURES = {
    "en": pattern(rf"(?P<whole>{_GROUPED}|[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+)?(?:\.(?P<part>[0-9]+))?"),
    "fr": pattern(rf"(?P<whole>{_GROUPED})?(?:[.,](?P<part>[0-9]+))?"),
}
_POWERS = {None: 0, "%": 0, "k": 3, "K": 3, "M": 6, "B": 9, "bn": 9, "Bn": 9, "Md": 9}
_PLURAL = pattern(r"[a-z-]{2,}(?<!ie)(?<!se)(?<!xe)(?<!he)(?<!new)(?<![sui])s")
_FRACTION = pattern("/ *[0-9]+")
_OTHER_BASE = pattern("x[0-9a-f]+|o[0-7]+|b[01]+", re.IGNORECASE)
_PLAINLY = "Write it plainly, such as 61000, +500, 61k, 1.2M or 45%."


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as typed.

    Attributes:
        amount: the number, with its sign; an int where it is whole and below 10**16.
        change: it was written with + or -, and is relative to the last value.
        percent: it was written with %; the amount is what stood before it, 45 for `45%`.
    """

    amount: Number
    change: bool
    percent: bool


def read_quantity(text: str, language: Language) -> Quantity:
    """Read a number as people type it: `61000`, `+500`, `=-500`, `61k`, `1.2M`, `3bn`, `61 000`, `45%`, `1e3`.

    A leading + or - makes it a change; = before the sign makes it the value itself. Thousands may be parted
    by any kind of space, by `_` or by an apostrophe, in English by commas too; `k`, `M`, `B`, `bn` and `Md`
    stand for thousands, millions and billions. In French the comma is the decimal sign (a point is understood
    as well).

    Raises:
        UsageError: it is no number, has a unit behind it, can't be read in one way only, or is out of range.
    """
    typed = text.strip()
    if not typed:
        raise UsageError("The value is empty.", _PLAINLY)
    if len(typed) > _LONGEST:
        raise UsageError(f"The value {_quoted(typed)} is longer than {_LONGEST} characters.", _PLAINLY)
    found = _TYPED.fullmatch(typed.translate(_SPELLINGS))
    if found is None:
        raise _no_number(typed)
    if found["rest"]:
        raise _unit_behind(typed, typed[: found.start("rest")].strip(), found["rest"])
    whole, part = _whole_and_part(typed, found["figures"], language)
    power = int(found["exponent"] or 0) + _POWERS[found["power"]]
    amount = _amount(typed, f"{whole}.{part}", power)
    if found["sign"] == "-":
        amount = -amount
    return Quantity(
        amount, change=bool(found["sign"]) and not found["absolute"], percent=found["power"] == "%"
    )


def format_number(number: Number, language: Language, *, decimals: int | None = None) -> str:
    """Write a number for reading: `100,000` or `100 000`, `0.3` or `0,3`, `−500`.

    Args:
        number: any number.
        language: en parts thousands by commas, fr by narrow no-break spaces, with a decimal comma.
        decimals: exactly so many (0 to 15), rounded half up. Left out: as many as needed, up to six, of which
            leading zeros don't count.

    Returns:
        In full up to 10**15 and down to a millionth, in scientific form beyond (`1.5e18`); the sign is U+2212
        and never stands before a zero.
    """
    if type(number) is int and decimals is None and abs(number) <= _FULL_UP_TO:  # the same, told at once
        figures = f"{abs(number):,}".replace(",", NARROW_SPACE if language == "fr" else ",")
        return MINUS + figures if number < 0 else figures
    if isinstance(number, float) and not math.isfinite(number):
        return str(number).replace("-", MINUS)
    if type(number) is float and decimals is None and _is_ordinary(number):  # the same, told at once
        plain = f"{abs(number):,.{_DECIMALS}f}".rstrip("0").rstrip(".")
        if language == "fr":
            plain = plain.translate(_FRENCH_SIGNS)
        return MINUS + plain if number < 0 else plain
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    size = exact.copy_abs()
    tiny = 0 < size < _FULL_FROM and decimals is None
    figures = _scientific(size) if tiny or size > _FULL_UP_TO else _in_full(size, decimals)
    if language == "fr":
        figures = figures.translate(_FRENCH_SIGNS)
    return MINUS + figures if exact < 0 and re.search("[1-9]", figures) else figures


def _is_ordinary(number: float) -> bool:
    """Whether the binary number lies on the same side of where rounding turns as the decimal one that is written for it.

    It does unless that one may stand right there, one decimal further than what is shown.
    """
    if not _PLAIN_SIZES[0] <= abs(number) <= _PLAIN_SIZES[1]:
        return False
    return len(repr(number).partition(".")[2]) != _DECIMALS + 1


def format_amount(number: Number, unit: str | None, language: Language) -> str:
    """Write a number with its unit behind it: `100,000 visits`.

    `%` stands close in English (`45%`) and after a narrow no-break space in French; a currency sign stands
    before the number in English (`€1,200`), after it and a no-break space in French (`1 200 €`).
    """
    one = language == "en" and unit is not None and abs(number) == 1
    return _with_unit(format_number(number, language), _singular(unit) if one and unit else unit, language)


def format_score(score: float) -> str:
    """Write a score with two decimals, rounded half up, but never up into a better band.

    So 0.699 shows as 0.69, not as the 0.70 that would be green; 0.999 as 0.99; 0.399 as 0.39. A billionth
    below an edge is the noise of floating-point sums and counts as on it. Progress beyond 0 and 1 is written
    likewise.
    """
    if not abs(score) < _FULL_UP_TO:
        return format_number(score, "en")
    if 0 <= score <= 1:
        hundredths = int(score * 100)
        rest = score * 100 - hundredths
        # Far enough from every edge, the same is told at once.
        if _SURELY_DOWN[0] < rest < _SURELY_DOWN[1]:
            return _HUNDREDTHS[hundredths]
        if _SURELY_UP[0] < rest < _SURELY_UP[1]:
            return _HUNDREDTHS[hundredths if hundredths in _BELOW_EDGES else hundredths + 1]
    exact = Decimal(repr(float(score)))
    shown = _EXACT.quantize(exact, Decimal("0.01"))
    if any(exact + _FLOAT_NOISE < edge <= shown for edge in _BAND_EDGES):
        shown -= Decimal("0.01")
    return f"{MINUS}{-shown}" if shown < 0 else f"{shown.copy_abs()}"


def format_scores(scores: Iterable[float]) -> list[str]:
    """The same of many scores, each from 0 to 1."""
    at_once = _scores_at_once()
    return [at_once[int(score * _PARTS)] or _kept_score(score) for score in scores]


@cache
def _scores_at_once() -> Sequence[str]:
    """How the scores between two ten-thousandths are shown, from 0 to 1; empty where that depends on which of them it is."""
    down, up = (range(int(low * 100) + 1, int(high * 100)) for low, high in (_SURELY_DOWN, _SURELY_UP))
    sure = {*down, *up}
    return [format_score((part + 0.5) / _PARTS) if part % 100 in sure else "" for part in range(_PARTS + 1)]


_kept_score = lru_cache(maxsize=4096)(format_score)


def format_change(old: Number, new: Number, language: Language, unit: str | None = None) -> str:
    """Write what moved, with its sign and unit: `+17,000 visits`, `−500`; `0` where nothing did.

    Between two percentages the difference is in points: from 42% to 45% is `+3 points`.
    """
    difference: Number
    if type(old) is type(new) is int and abs(new - old) < _EXACT_BELOW:
        difference = new - old
    else:
        exact = Decimal(repr(new)) - Decimal(repr(old))
        whole = exact == exact.to_integral_value() and abs(exact) < _EXACT_BELOW
        difference = int(exact) if whole else float(exact)
    if unit == "%":
        one = abs(difference) == 1 if language == "en" else abs(difference) < _FRENCH_PLURAL_FROM
        unit = "point" if one else "points"
    figures = format_number(difference, language)
    if difference > 0:
        figures = f"+{figures}"
    return _with_unit(figures, unit, language)


def format_value(value: Number | str, unit: str | None, language: Language) -> str:
    """A value as people read it: an amount, or a milestone by its name."""
    return value if isinstance(value, str) else format_amount(value, unit, language)


def format_course(
    before: Number | str | None, after: Number | str, unit: str | None, language: Language
) -> str:
    """What a value becomes: `47,500 → 61,000 visits (+13,500)`; `61,000 visits (unchanged)`."""
    shown = format_value(after, unit, language)
    if before is None:
        return shown
    if before == after:
        return f"{shown} (unchanged)"
    course = f"{format_value(before, None, language)} → {shown}"
    if isinstance(before, str) or isinstance(after, str):
        return course
    # The unit stands behind the value already; only a change of a percentage must say that it is points.
    return f"{course} ({format_change(before, after, language, unit if unit == '%' else None)})"


def plain_value(value: Number | str) -> str:
    """A value as files and command lines have it: a number plainly, a milestone by its name."""
    return value if isinstance(value, str) else plain_number(value)


def plain_number(number: Number) -> str:
    """Write a number for files and commit trailers: `61000`, `0.7`, `12.5`.

    Whole numbers bear no point. The exponent appears from 10**16 for floats and below 10**-16 only, in the form
    that every version of YAML reads as a number (`1.0e+16`). Reading the text as a float gives the same number.

    Raises:
        ValueError: the number is infinite or not a number; no file may hold it.
    """
    if isinstance(number, int):
        return str(int(number))
    if not math.isfinite(number):
        raise ValueError(f"no file may hold {number}")
    if number.is_integer() and abs(number) < _EXACT_BELOW:
        return str(int(number))
    if _PLAIN_FROM <= abs(number) < _EXACT_BELOW:
        return format(Decimal(repr(number)), "f")
    mantissa, exponent = repr(number).split("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{exponent}"


def _quoted(typed: str) -> str:
    """What was typed, shortened and without control characters, between quotation marks."""
    short = typed if len(typed) <= _LONGEST else f"{typed[:_LONGEST]}…"
    return "“" + "".join(letter if letter.isprintable() else "\ufffd" for letter in short) + "”"


def _no_number(typed: str) -> UsageError:
    if typed[0] in _CURRENCIES:
        return UsageError(
            f"{_quoted(typed)} has {_quoted(typed[0])} before the number.",
            "Write the number alone: the plan already says the unit.",
        )
    return UsageError(f"{_quoted(typed)} is not a number.", _PLAINLY)


def _unit_behind(typed: str, number: str, rest: str) -> UsageError:
    if number.lstrip("=+- ") == "0" and _OTHER_BASE.fullmatch(rest):
        return UsageError(f"{_quoted(typed)} is not a decimal number.", _PLAINLY)
    if _FRACTION.fullmatch(rest):
        remedy = f"Write {number} if that is what is counted, or the share of the whole, such as 0.75 or 75%."
        return UsageError(f"{_quoted(typed)} is a fraction.", remedy)
    remedy = f"Write {number} alone: the plan already says the unit."
    if rest == "m":
        remedy = f"Write {number}M for millions, or {number} alone: the plan already says the unit."
    return UsageError(f"{_quoted(typed)} has {_quoted(rest)} behind the number.", remedy)


def _whole_and_part(typed: str, figures: str, language: Language) -> tuple[str, str]:
    """The digits before and after the decimal sign."""
    found = _FIGURES[language].fullmatch(figures)
    if found is not None:
        return re.sub("[^0-9]", "", found["whole"] or "0"), found["part"] or "0"
    if language == "en" and figures.count(",") == 1 and "." not in figures:
        point, without = typed.replace(",", "."), typed.replace(",", "")
        raise UsageError(
            f"The comma in {_quoted(typed)} could mean decimals or thousands.",
            f"Write {point} if it is the decimal sign, or {without} if it is not.",
        )
    raise UsageError(
        f"The separators in {_quoted(typed)} can't be read in one way only.",
        "Write the number without separators of thousands, such as 61000 or 1200.5.",
    )


def _amount(typed: str, figures: str, power: int) -> Number:
    """The number that the figures mean, times ten to the power: an int where it is whole, else a float."""
    nearest = float(f"{figures}e{power}")
    if not math.isfinite(nearest):
        raise UsageError(f"{_quoted(typed)} is too large to reckon with.", "Write a number below 1e300.")
    if nearest == 0:
        if re.search("[1-9]", figures):
            raise UsageError(f"{_quoted(typed)} is too small to tell from zero.", "Write 0 instead.")
        return 0
    exact = Decimal(f"{figures}e{power}")
    return int(exact) if exact < _EXACT_BELOW and exact == exact.to_integral_value() else nearest


def _in_full(size: Decimal, decimals: int | None) -> str:
    if decimals is not None:
        places = min(max(decimals, 0), _MOST_DECIMALS)
        return f"{_EXACT.quantize(size, Decimal(1).scaleb(-places)):,f}"
    leading_zeros = max(0, -size.adjusted() - 1) if size else 0
    text = f"{_EXACT.quantize(size, Decimal(1).scaleb(-_DECIMALS - leading_zeros)):,f}"
    return text.rstrip("0").rstrip(".")


def _scientific(size: Decimal) -> str:
    power = size.adjusted()
    mantissa = _EXACT.quantize(size.scaleb(-power, _EXACT), Decimal(1).scaleb(-_DECIMALS))
    if mantissa.adjusted():
        mantissa, power = Decimal(1), power + 1
    return f"{f'{mantissa:f}'.rstrip('0').rstrip('.')}e{power}"


def _singular(unit: str) -> str:
    """A unit in English as it stands behind a one: `visit`; as it is where that is not sure."""
    return unit[:-1] if _PLURAL.fullmatch(unit) else unit


def _with_unit(figures: str, unit: str | None, language: Language) -> str:
    if not unit:
        return figures
    if unit == "%":
        return f"{figures}{NARROW_SPACE if language == 'fr' else ''}%"
    if unit not in _CURRENCIES:
        return f"{figures} {unit}"
    if language == "fr":
        return f"{figures}{NO_BREAK_SPACE}{unit}"
    sign = figures[0] if figures[0] in {"+", MINUS} else ""
    return f"{sign}{unit}{figures.removeprefix(sign)}"
