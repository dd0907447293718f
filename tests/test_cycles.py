from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.cycles import (
    Calendar,
    Cycle,
    CycleKind,
    canonical_name,
    current_cycle,
    custom_cycle,
    cycle_meant,
    looks_standard,
    named_cycle,
    next_cycle,
    quarter_holding,
    year_holding,
)
from okr.errors import OkrError

JANUARY = Calendar()
FEBRUARY_END = Calendar(2, "end")
FEBRUARY_START = Calendar(2, "start")
DECEMBER_END = Calendar(12, "end")
DECEMBER_START = Calendar(12, "start")

naming: st.SearchStrategy[Literal["start", "end"]] = st.sampled_from(["start", "end"])
calendars = st.builds(Calendar, st.integers(1, 12), naming)
parts_of_a_year = st.sampled_from(
    [[""], ["-H1", "-H2"], ["-Q1", "-Q2", "-Q3", "-Q4"], [f"-{month:02}" for month in range(1, 13)]]
)


def cycle(name: str, calendar: Calendar = JANUARY) -> Cycle:
    found = named_cycle(name, calendar)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "canonical", "standard"),
    [
        ("2026", "2026", True),
        ("2026-Q4", "2026-Q4", True),
        ("2026-q4", "2026-Q4", True),
        ("2026-h2", "2026-H2", True),
        ("2026-11", "2026-11", True),
        ("FY21-Q3", "2021-Q3", True),
        ("fy2021", "2021", True),
        ("Fy2021-h1", "2021-H1", True),
        ("FY99", "2099", True),
        ("2026-Q5", "2026-Q5", True),
        ("2026-13", "2026-13", True),
        ("0000", "0000", True),
        ("FY21-11", "FY21-11", False),
        ("21-Q3", "21-Q3", False),
        ("FY", "FY", False),
        ("FY210", "FY210", False),
        ("2026Q4", "2026Q4", False),
        ("2026-Q4\n", "2026-Q4\n", False),
        ("2026-Q44", "2026-Q44", False),
        ("２０２６", "２０２６", False),
        ("launch", "launch", False),
        ("", "", False),
    ],
)
def test_spellings_of_names(written: str, canonical: str, standard: bool) -> None:
    assert canonical_name(written) == canonical
    assert looks_standard(written) is standard


@pytest.mark.parametrize(
    ("name", "calendar", "starts", "ends", "days"),
    [
        ("2026", JANUARY, date(2026, 1, 1), date(2026, 12, 31), 365),
        ("2024", JANUARY, date(2024, 1, 1), date(2024, 12, 31), 366),
        ("2026-H2", JANUARY, date(2026, 7, 1), date(2026, 12, 31), 184),
        ("2026-Q1", JANUARY, date(2026, 1, 1), date(2026, 3, 31), 90),
        ("2026-Q4", JANUARY, date(2026, 10, 1), date(2026, 12, 31), 92),
        ("2024-02", JANUARY, date(2024, 2, 1), date(2024, 2, 29), 29),
        ("2021", FEBRUARY_END, date(2020, 2, 1), date(2021, 1, 31), 366),
        ("FY21-Q3", FEBRUARY_END, date(2020, 8, 1), date(2020, 10, 31), 92),
        ("2021-Q4", FEBRUARY_END, date(2020, 11, 1), date(2021, 1, 31), 92),
        ("2021-H1", FEBRUARY_END, date(2020, 2, 1), date(2020, 7, 31), 182),
        ("2021", FEBRUARY_START, date(2021, 2, 1), date(2022, 1, 31), 365),
        ("2021-Q4", FEBRUARY_START, date(2021, 11, 1), date(2022, 1, 31), 92),
        ("2026-11", FEBRUARY_END, date(2026, 11, 1), date(2026, 11, 30), 30),
        ("2026", Calendar(1, "start"), date(2026, 1, 1), date(2026, 12, 31), 365),
        ("0001", JANUARY, date(1, 1, 1), date(1, 12, 31), 365),
        ("9999", JANUARY, date(9999, 1, 1), date(9999, 12, 31), 365),
        ("9999-12", JANUARY, date(9999, 12, 1), date(9999, 12, 31), 31),
        ("0002", FEBRUARY_END, date(1, 2, 1), date(2, 1, 31), 365),
        ("9999-Q3", FEBRUARY_START, date(9999, 8, 1), date(9999, 10, 31), 92),
    ],
)
def test_days_of_a_named_cycle(name: str, calendar: Calendar, starts: date, ends: date, days: int) -> None:
    found = named_cycle(name, calendar)
    assert found == Cycle(canonical_name(name), starts, ends)
    assert found.days == days


@pytest.mark.parametrize(
    ("name", "calendar"),
    [
        ("launch", JANUARY),
        ("2026-Q5", JANUARY),
        ("2026-Q0", JANUARY),
        ("2026-H3", JANUARY),
        ("2026-13", JANUARY),
        ("2026-00", JANUARY),
        ("0000", JANUARY),
        ("0000-Q4", DECEMBER_START),
        ("0001", FEBRUARY_END),
        ("0001-Q4", FEBRUARY_END),
        ("9999", FEBRUARY_START),
        ("9999-Q4", FEBRUARY_START),
    ],
)
def test_names_that_mean_no_cycle(name: str, calendar: Calendar) -> None:
    assert named_cycle(name, calendar) is None


@pytest.mark.parametrize(
    ("name", "kind", "months"),
    [
        ("2026", CycleKind.YEAR, 12),
        ("2026-H2", CycleKind.HALF, 6),
        ("2026-Q4", CycleKind.QUARTER, 3),
        ("2026-11", CycleKind.MONTH, 1),
        ("2026-13", CycleKind.CUSTOM, 0),
        ("launch", CycleKind.CUSTOM, 0),
    ],
)
def test_kind_is_what_the_name_says(name: str, kind: CycleKind, months: int) -> None:
    found = custom_cycle(name, date(2026, 10, 5), date(2026, 12, 18))
    assert found.kind is kind
    assert found.kind.months == months


def test_kinds_stand_from_the_longest_to_the_shortest() -> None:
    assert [kind.value for kind in CycleKind] == ["year", "half", "quarter", "month", "custom"]


def test_a_custom_cycle_has_the_dates_it_is_given() -> None:
    found = custom_cycle("launch", date(2026, 3, 1), date(2026, 3, 1))
    assert (found.name, found.days) == ("launch", 1)


def test_a_custom_cycle_cannot_end_before_it_starts() -> None:
    with pytest.raises(OkrError) as caught:
        custom_cycle("launch", date(2026, 3, 2), date(2026, 3, 1))
    assert caught.value.message == "The cycle launch ends on 2026-03-01, before it starts on 2026-03-02."
    assert caught.value.remedy == "Put the earlier day in `starts` and the later one in `ends`."


@pytest.mark.parametrize(
    ("as_of", "share"),
    [
        (date(2026, 2, 28), 0.0),
        (date(2026, 3, 1), 0.1),
        (date(2026, 3, 5), 0.5),
        (date(2026, 3, 10), 1.0),
        (date(2027, 1, 1), 1.0),
        (date.min, 0.0),
    ],
)
def test_share_of_a_cycle_that_has_passed(as_of: date, share: float) -> None:
    assert custom_cycle("ten-days", date(2026, 3, 1), date(2026, 3, 10)).elapsed(as_of) == share


def test_both_ends_belong_to_a_cycle() -> None:
    november = cycle("2026-11")
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)]
    assert [november.contains(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("2026-Q4", "2026", True),
        ("2026-Q4", "2026-12", True),
        ("2026-Q4", "2027-Q1", False),
        ("2026-Q4", "2026-09", False),
        ("2026-Q4", "2026-Q4", True),
    ],
)
def test_cycles_with_days_in_common(one: str, other: str, common: bool) -> None:
    assert cycle(one).overlaps(cycle(other)) is common
    assert cycle(other).overlaps(cycle(one)) is common


def test_one_common_day_is_an_overlap() -> None:
    launch = custom_cycle("launch", date(2026, 12, 31), date(2027, 2, 1))
    assert launch.overlaps(cycle("2026-Q4"))
    assert cycle("2026-Q4").overlaps(launch)


def test_a_cycle_holds_what_begins_and_ends_with_it_and_nothing_longer() -> None:
    year = cycle("2026")
    assert all(year.holds(cycle(name)) for name in ("2026", "2026-Q1", "2026-Q2", "2026-Q4"))
    assert not any(cycle(name).holds(year) for name in ("2026-Q1", "2026-Q2", "2026-Q4"))
    assert not year.holds(custom_cycle("launch", date(2026, 12, 31), date(2027, 1, 1)))
    assert not year.holds(custom_cycle("launch", date(2025, 12, 31), date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Q1-2027", "2027-Q1"),
        ("27-Q1", "2027-Q1"),
        ("2027T1", "2027-Q1"),
        ("S2 2026", "2026-H2"),
        ("2027-1", "2027-01"),
        ("12-2027", "2027-12"),
        ("2027-janvier", "2027-01"),
        ("2027-Q1", None),  # it is the standard name, and another spelling of it that is understood
        ("FY27-Q1", None),
        ("Q5-2027", None),
        ("2027-13", None),
        ("2027-someday", None),
        ("launch", None),
    ],
)
def test_other_spellings_of_standard_names_are_recognised(written: str, meant: str | None) -> None:
    assert cycle_meant(written) == meant


@pytest.mark.parametrize(
    ("day", "calendar", "quarter", "year"),
    [
        (date(2026, 11, 23), JANUARY, "2026-Q4", "2026"),
        (date(2026, 1, 31), FEBRUARY_END, "2026-Q4", "2026"),
        (date(2026, 2, 1), FEBRUARY_END, "2027-Q1", "2027"),
        (date(2026, 1, 31), FEBRUARY_START, "2025-Q4", "2025"),
        (date(2026, 2, 1), FEBRUARY_START, "2026-Q1", "2026"),
        (date(2026, 12, 1), DECEMBER_END, "2027-Q1", "2027"),
        (date(2026, 11, 30), DECEMBER_END, "2026-Q4", "2026"),
    ],
)
def test_quarter_and_year_that_hold_a_day(day: date, calendar: Calendar, quarter: str, year: str) -> None:
    assert quarter_holding(day, calendar) == cycle(quarter, calendar)
    assert year_holding(day, calendar) == cycle(year, calendar)


@pytest.mark.parametrize(
    ("day", "calendar", "expected"),
    [
        (date.min, FEBRUARY_END, Cycle("0001-Q4", date.min, date(1, 1, 31))),
        (date.max, FEBRUARY_END, Cycle("10000-Q4", date(9999, 11, 1), date.max)),
        (date.max, FEBRUARY_START, Cycle("9999-Q4", date(9999, 11, 1), date.max)),
    ],
)
def test_the_quarters_at_the_ends_of_time_are_cut_short(
    day: date, calendar: Calendar, expected: Cycle
) -> None:
    assert quarter_holding(day, calendar) == expected


def test_the_year_at_the_end_of_time_is_cut_short() -> None:
    assert year_holding(date.max, FEBRUARY_START) == Cycle("9999", date(9999, 2, 1), date.max)


DAY = date(2026, 11, 23)
EARLY = custom_cycle("early", date(2026, 11, 1), date(2026, 11, 30))
LATE = custom_cycle("late", date(2026, 11, 10), date(2026, 12, 9))
LATE_TOO = custom_cycle("late-too", date(2026, 11, 10), date(2026, 12, 9))


@pytest.mark.parametrize(
    ("with_files", "expected"),
    [
        pytest.param([], "2026-Q4", id="the quarter where nothing has files"),
        pytest.param([cycle("2026")], "2026", id="the only one with files"),
        pytest.param([cycle("2026"), cycle("2026-Q4")], "2026-Q4", id="the shortest"),
        pytest.param([cycle("2026-Q4"), cycle("2026-11")], "2026-11", id="a month with files"),
        pytest.param([cycle("2026-Q3"), cycle("2027")], "2026-Q4", id="none that holds the day"),
        pytest.param([EARLY, LATE], "late", id="equally short: the later start"),
        pytest.param([LATE_TOO, LATE, EARLY], "late", id="the same days: by name"),
    ],
)
def test_current_cycle(with_files: list[Cycle], expected: str) -> None:
    assert current_cycle(DAY, JANUARY, with_files).name == expected
    assert current_cycle(DAY, JANUARY, reversed(with_files)).name == expected


@pytest.mark.parametrize(
    ("name", "calendar", "after"),
    [
        ("2026", JANUARY, "2027"),
        ("2026-H1", JANUARY, "2026-H2"),
        ("2026-Q4", JANUARY, "2027-Q1"),
        ("2026-Q1", FEBRUARY_END, "2026-Q2"),
        ("2026-12", JANUARY, "2027-01"),
    ],
)
def test_the_next_one_is_of_the_same_kind(name: str, calendar: Calendar, after: str) -> None:
    assert next_cycle(cycle(name, calendar), calendar) == cycle(after, calendar)


@pytest.mark.parametrize("name", ["9999", "9999-12"])
def test_nothing_lies_beyond_the_end_of_time(name: str) -> None:
    assert next_cycle(cycle(name), JANUARY) is None


def test_a_custom_cycle_has_no_next_one() -> None:
    assert next_cycle(EARLY, JANUARY) is None


@given(st.dates(date(3, 1, 1), date(9997, 12, 31)), calendars)
def test_every_day_lies_in_exactly_one_quarter_of_its_year(day: date, calendar: Calendar) -> None:
    year, quarter = year_holding(day, calendar), quarter_holding(day, calendar)
    assert quarter.contains(day)
    assert year.contains(day)
    quarters = [cycle(f"{year.name}-Q{number}", calendar) for number in range(1, 5)]
    assert [found for found in quarters if found.contains(day)] == [quarter]


@given(st.dates(), calendars)
def test_any_day_has_a_quarter_and_a_year(day: date, calendar: Calendar) -> None:
    year, quarter = year_holding(day, calendar), quarter_holding(day, calendar)
    assert quarter.contains(day)
    assert year.contains(day)
    assert year.starts <= quarter.starts <= quarter.ends <= year.ends


@given(st.integers(2, 9998), calendars, parts_of_a_year)
def test_parts_of_a_year_are_contiguous(year: int, calendar: Calendar, parts: list[str]) -> None:
    if len(parts) == 12:
        calendar = JANUARY  # months are never shifted: they fill the calendar year
    whole = cycle(f"{year:04}", calendar)
    cycles = [cycle(f"{year:04}{part}", calendar) for part in parts]
    assert cycles[0].starts == whole.starts
    assert cycles[-1].ends == whole.ends
    for earlier, later in pairwise(cycles):
        assert earlier.ends + timedelta(days=1) == later.starts
    assert whole.starts.month == calendar.year_starts
    named_day = whole.ends if calendar.year_named_after == "end" else whole.starts
    assert named_day.year == year


@given(st.integers(3, 9996), calendars, parts_of_a_year, st.data())
def test_the_next_one_begins_where_a_cycle_ends(
    year: int, calendar: Calendar, parts: list[str], data: st.DataObject
) -> None:
    here = cycle(f"{year:04}{data.draw(st.sampled_from(parts))}", calendar)
    after = next_cycle(here, calendar)
    assert after is not None
    assert after.starts == here.ends + timedelta(days=1)
    assert after.kind is here.kind


@given(st.text(max_size=12), calendars)
def test_any_text_is_a_name_or_none(text: str, calendar: Calendar) -> None:
    assert canonical_name(canonical_name(text)) == canonical_name(text)
    found = named_cycle(text, calendar)
    assert found is None or looks_standard(found.name)


@given(st.dates(), st.dates(), st.dates())
def test_share_passed_never_falls(one: date, other: date, as_of: date) -> None:
    span = custom_cycle("span", min(one, other), max(one, other))
    share = span.elapsed(as_of)
    assert 0.0 <= share <= 1.0
    assert (share > 0) == (as_of >= span.starts)
    assert (share == 1) == (as_of >= span.ends)
