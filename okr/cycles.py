"""Cycles: the days that `2026`, `2026-H2`, `2026-Q4` or `2026-11` cover in any fiscal year; the current one.

Pure arithmetic on names and days. Which cycles have files, and what a `cycle.yaml` says, the caller knows.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from okr.dataclass import dataclass
from okr.days import month_number
from okr.errors import OkrError
from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

_STANDARD = pattern(r"([0-9]{4})(?:-(?:([QH])([0-9])|([0-9]{2})))?")
_FISCAL_SPELLING = pattern(r"(?:FY([0-9]{2}|[0-9]{4})|([0-9]{4}))(-[QH][0-9])?", re.IGNORECASE)
_LOOSE = (
    pattern(r"(?:FY)?(?P<year>\d{4}|\d{2})[-_. ]?(?P<kind>[QTHS])(?P<number>\d)", re.IGNORECASE),
    pattern(r"(?P<kind>[QTHS])(?P<number>\d)[-_. ]?(?:FY)?(?P<year>\d{4}|\d{2})", re.IGNORECASE),
    pattern(r"(?P<year>\d{4})[-_. ]?(?P<number>\d{1,2})"),
    pattern(r"(?P<number>\d{1,2})[-_. ](?P<year>\d{4})"),
    pattern(r"(?P<year>\d{4})[-_. ](?P<month>[^\W\d_]+)"),
    pattern(r"(?P<month>[^\W\d_]+)[-_. ]?(?P<year>\d{4})"),
)
_KINDS = {"T": "Q", "S": "H"}
"""French quarters and halves: trimestre, semestre."""
_CENTURY = "20"
_MONTHS_A_YEAR = 12


class CycleKind(StrEnum):
    """What a cycle's name says it is; the members stand from the longest to the shortest, custom ones last."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    CUSTOM = "custom"

    @property
    def months(self) -> int:
        """How many months a cycle of this kind covers; 0 for a custom one, whose dates alone say so."""
        return _MONTHS[self]


_MONTHS = {
    CycleKind.YEAR: 12,
    CycleKind.HALF: 6,
    CycleKind.QUARTER: 3,
    CycleKind.MONTH: 1,
    CycleKind.CUSTOM: 0,
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a workspace cuts time: DESIGN's `year_starts` and `year_named_after`.

    Attributes:
        year_starts: the month (1 to 12) on whose first day a year begins.
        year_named_after: whether a year bears the number of the calendar year in which it ends or starts.
            Where the year starts in January both are the same.
    """

    year_starts: int = 1
    year_named_after: Literal["start", "end"] = "end"

    @property
    def names_by_end(self) -> bool:
        """Whether the number of a year is one more than that of the calendar year in which it begins."""
        return self.year_starts > 1 and self.year_named_after == "end"


@dataclass(frozen=True, slots=True)
class Cycle:
    """A named span of days; the first and the last day both belong to it."""

    name: str
    starts: date
    ends: date

    @property
    def kind(self) -> CycleKind:
        """What the name says: a `2026-Q4` whose `cycle.yaml` moves its dates is still a quarter."""
        parts = _parts(self.name)
        return CycleKind.CUSTOM if parts is None else parts[0]

    @property
    def days(self) -> int:
        """How many days the cycle has."""
        return (self.ends - self.starts).days + 1

    def contains(self, day: date) -> bool:
        """Whether the day belongs to the cycle."""
        return self.starts <= day <= self.ends

    def holds(self, inner: Cycle) -> bool:
        """Whether all days of another cycle belong to it."""
        return self.starts <= inner.starts and inner.ends <= self.ends

    def overlaps(self, other: Cycle) -> bool:
        """Whether the two cycles have at least one day in common."""
        return self.starts <= other.ends and other.starts <= self.ends

    def elapsed(self, as_of: date) -> float:
        """The share of the cycle that has passed, from 0.0 (not begun) to 1.0 (its last day, or later).

        Days up to and including `as_of`, over days of the cycle (DESIGN, "Expected" progress).
        """
        passed = (as_of - self.starts).days + 1
        return min(max(passed, 0), self.days) / self.days


def canonical_name(text: str) -> str:
    """The one spelling of a standard cycle's name: `FY21-Q3` is `2021-Q3`, `2026-q4` is `2026-Q4`.

    Two figures after FY mean the years 2000 to 2099. Every other name comes back unchanged.
    """
    found = _FISCAL_SPELLING.fullmatch(text)
    if found is None:
        return text
    fiscal, plain, part = found.groups()
    year = plain or (fiscal if len(fiscal) > len(_CENTURY) else _CENTURY + fiscal)
    return year + (part or "").upper()


def cycle_meant(name: str) -> str | None:
    """The standard name that another spelling means, such as `Q1-2027`, `2027T1` or `2027-janvier`; None for others."""
    found = next(filter(None, (pattern.fullmatch(name) for pattern in _LOOSE)), None)
    if found is None:
        return None
    parts = found.groupdict()
    year = parts["year"] if len(parts["year"]) > len(_CENTURY) else _CENTURY + parts["year"]
    month = parts.get("month")
    number = month_number(month) if month else int(parts["number"])
    kind = parts.get("kind")
    meant = f"{year}-{number or 0:02}"
    if kind:
        meant = f"{year}-{_KINDS.get(kind.upper(), kind.upper())}{number}"
    return meant if _parts(meant) is not None and meant != canonical_name(name) else None


def looks_standard(name: str) -> bool:
    """Whether the name has the shape of a year, half, quarter or month, in any spelling that is understood.

    Impossible ones such as `2026-Q5` look standard too: they are wrong cycles, not names of something else.
    """
    return _STANDARD.fullmatch(canonical_name(name)) is not None


def named_cycle(name: str, calendar: Calendar) -> Cycle | None:
    """The cycle that a standard name means.

    Args:
        name: in any spelling `canonical_name` understands; the cycle bears the canonical one.
        calendar: shifts years, halves and quarters. A month such as `2026-11` is never shifted.

    Returns:
        None for a custom name, for an impossible one (`2026-Q5`, `2026-13`, `0000`), and for a cycle that
        would lie partly outside the years 1 to 9999.
    """
    name = canonical_name(name)
    parts = _parts(name)
    if parts is None:
        return None
    kind, year, number = parts
    first = year * _MONTHS_A_YEAR + (number - 1) * kind.months
    if kind is not CycleKind.MONTH:
        first += calendar.year_starts - 1
        if calendar.names_by_end:
            first -= _MONTHS_A_YEAR
    starts, ends = _first_day(first), _last_day(first + kind.months - 1)
    return None if starts is None or ends is None else Cycle(name, starts, ends)


def custom_cycle(name: str, starts: date, ends: date) -> Cycle:
    """A cycle whose dates a `cycle.yaml` gives.

    Raises:
        OkrError: the cycle would end before it starts.
    """
    if ends < starts:
        raise OkrError(
            f"The cycle {name} ends on {ends.isoformat()}, before it starts on {starts.isoformat()}.",
            "Put the earlier day in `starts` and the later one in `ends`.",
        )
    return Cycle(name, starts, ends)


def quarter_holding(day: date, calendar: Calendar) -> Cycle:
    """The quarter that holds the day; cut short where it would leave the years 1 to 9999."""
    return _holding(day, calendar, CycleKind.QUARTER)


def year_holding(day: date, calendar: Calendar) -> Cycle:
    """The (fiscal) year that holds the day; cut short where it would leave the years 1 to 9999."""
    return _holding(day, calendar, CycleKind.YEAR)


def current_cycle(day: date, calendar: Calendar, with_files: Iterable[Cycle]) -> Cycle:
    """The cycle that a command means when none is named.

    The shortest of the cycles with files that holds the day, and among equally short ones the one that starts
    later, then the first by name. Where none holds the day: the quarter that does.
    """
    holding = [cycle for cycle in with_files if cycle.contains(day)]
    if not holding:
        return quarter_holding(day, calendar)
    return min(holding, key=lambda cycle: (cycle.days, -cycle.starts.toordinal(), cycle.name))


def next_cycle(cycle: Cycle, calendar: Calendar) -> Cycle | None:
    """The cycle of the same kind after this one, by name; None for a custom one and after the year 9999."""
    parts = _parts(cycle.name)
    if parts is None:
        return None
    kind, year, number = parts
    year, number = divmod(year * (_MONTHS_A_YEAR // kind.months) + number, _MONTHS_A_YEAR // kind.months)
    return named_cycle(_name(kind, year, number + 1), calendar)


def _parts(name: str) -> tuple[CycleKind, int, int] | None:
    """Kind, year and place within the year (from 1) of a canonical name; None unless it is a possible one."""
    found = _STANDARD.fullmatch(name)
    if found is None:
        return None
    kind, number = CycleKind.YEAR, 1
    if found[2]:
        kind, number = (CycleKind.QUARTER if found[2] == "Q" else CycleKind.HALF), int(found[3])
    elif found[4]:
        kind, number = CycleKind.MONTH, int(found[4])
    year = int(found[1])
    possible = year >= 1 and 1 <= number <= _MONTHS_A_YEAR // kind.months
    return (kind, year, number) if possible else None


def _name(kind: CycleKind, year: int, number: int) -> str:
    suffix = {
        CycleKind.HALF: f"-H{number}",
        CycleKind.QUARTER: f"-Q{number}",
        CycleKind.MONTH: f"-{number:02}",
    }
    return f"{year:04}{suffix.get(kind, '')}"


def _holding(day: date, calendar: Calendar, kind: CycleKind) -> Cycle:
    month = day.year * _MONTHS_A_YEAR + day.month - 1
    year, within = divmod(month - (calendar.year_starts - 1), _MONTHS_A_YEAR)
    first = month - within % kind.months
    if calendar.names_by_end:
        year += 1
    return Cycle(
        _name(kind, year, within // kind.months + 1),
        _first_day(first) or date.min,
        _last_day(first + kind.months - 1) or date.max,
    )


def _first_day(month: int) -> date | None:
    """The first day of a month counted from January of the year 0; None outside the years 1 to 9999."""
    year, index = divmod(month, _MONTHS_A_YEAR)
    return date(year, index + 1, 1) if date.min.year <= year <= date.max.year else None


def _last_day(month: int) -> date | None:
    """The last day of a month counted likewise."""
    if _first_day(month) is None:
        return None
    following = _first_day(month + 1)
    return date.max if following is None else following - timedelta(days=1)
