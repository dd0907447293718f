"""Days as people write them, `13/5/2026`, `1er octobre 2026`, `yesterday`, and days reckoned from others.

Files hold `2026-10-05` and nothing else; this only finds out what was meant. Pure.
"""

from __future__ import annotations

from datetime import date

from okr.patterns import pattern

MONTHS_IN_A_YEAR = 12

_PLAIN = pattern(r"(\d{4})-(\d{2})-(\d{2})")
_DIGITS = pattern(r"[12]\d{7}")
_YEAR_FIRST = pattern(r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})(?:[T ]00:00(?::00)?)?")
_YEAR_LAST = pattern(r"(?P<one>\d{1,2})(?P<sign>[-/. ])(?P<other>\d{1,2})(?P=sign)(?P<year>\d{4})")
_IN_WORDS = pattern(
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

_WEEKDAYS = (
    ("monday", "mon", "lundi"), ("tuesday", "tue", "mardi"), ("wednesday", "wed", "mercredi"),
    ("thursday", "thu", "jeudi"), ("friday", "fri", "vendredi"), ("saturday", "sat", "samedi"),
    ("sunday", "sun", "dimanche"),
)  # fmt: skip
_WEEKDAY_OF = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_BEFORE = {
    "today": 0, "aujourd'hui": 0, "yesterday": 1, "hier": 1, "avant-hier": 2,
    "last week": 7, "a week ago": 7, "la semaine dernière": 7,
}  # fmt: skip
_AGO = pattern(
    r"(?P<number>\d{1,4}) (?P<unit>day|week)s? ago|il y a (?P<nombre>\d{1,4}) (?P<sorte>jour|semaine)s?"
)
_WEEKDAY = pattern(r"(?P<last>last )?(?P<name>[a-z]+)(?P<dernier> dernier)?")
DAYS_IN_A_WEEK = 7


def day_in_words(text: str, today: date) -> date | None:
    """The day that `yesterday`, `last friday` or `3 days ago` means, in English or in French; None for anything else.

    A weekday is the latest one there was, and today may be it; `last friday` is before today.
    """
    said = " ".join(text.lower().replace("’", "'").split())
    before = _BEFORE.get(said)
    ago, weekday = _AGO.fullmatch(said), _WEEKDAY.fullmatch(said)
    if ago is not None:
        number, unit = int(ago["number"] or ago["nombre"]), ago["unit"] or ago["sorte"]
        before = number * (DAYS_IN_A_WEEK if unit in {"week", "semaine"} else 1)
    elif before is None and weekday is not None and weekday["name"] in _WEEKDAY_OF:
        before = (today.weekday() - _WEEKDAY_OF[weekday["name"]]) % DAYS_IN_A_WEEK
        if before == 0 and (weekday["last"] or weekday["dernier"]):
            before = DAYS_IN_A_WEEK
    return None if before is None else days_before(today, before)


def days_meant(text: str) -> tuple[date, ...]:
    """The days that a text may mean: one where it can be one only, two for `3/5/2026`, none where it is no day.

    A point stands between days and months only where the day comes first: `3.5.2026` is the third of May.
    """
    first = _YEAR_FIRST.fullmatch(_spelled_out(text))
    last, words = _YEAR_LAST.fullmatch(text), _IN_WORDS.fullmatch(text.lower())
    if first is not None:
        found = [_day(first["year"], int(first["month"]), int(first["day"]))]
    elif last is not None:
        one, other = int(last["one"]), int(last["other"])
        found = [_day(last["year"], other, one)]
        found += [] if last["sign"] == "." or one == other else [_day(last["year"], one, other)]
    elif words is not None:
        month = month_number(words["month"] or words["name"])
        found = [_day(words["year"], month or 0, int(words["day"] or words["number"]))]
    else:
        found = []
    return tuple(day for day in found if day is not None)


def days_before(day: date, number: int) -> date:
    """The day so many days before another; the first there is where that would be before it."""
    return date.fromordinal(max(day.toordinal() - number, 1))


def days_after(day: date, number: int) -> date:
    """The day so many days after another; the last there is where that would be after it."""
    return date.fromordinal(min(day.toordinal() + number, date.max.toordinal()))


def month_number(text: str) -> int | None:
    """The month that a name means, in English or in French; None where it is none."""
    return _MONTH_OF.get(text.strip().rstrip(".").lower())


def why_no_such_day(text: str) -> str | None:
    """Why there is no day `2027-02-29`; None where there is, or where it is not written so."""
    matched = _PLAIN.fullmatch(text)
    if matched is None:
        return None
    year, month, day = map(int, matched.groups())
    if not 1 <= month <= MONTHS_IN_A_YEAR:
        return f"a year has {MONTHS_IN_A_YEAR} months"
    if year == 0:
        return "there is no year 0"
    from calendar import month_name, monthrange  # with it comes `locale`

    length = monthrange(year, month)[1]
    return None if 1 <= day <= length else f"{month_name[month]} {year} has {length} days"


def _spelled_out(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if _DIGITS.fullmatch(text) else text


def _day(year: str, month: int, day: int) -> date | None:
    try:
        return date(int(year), month, day)
    except ValueError:
        return None
