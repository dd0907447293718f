from __future__ import annotations

import math
from typing import get_args

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from okr.errors import UsageError
from okr.quantities import (
    Language,
    Quantity,
    format_amount,
    format_change,
    format_number,
    format_score,
    format_scores,
    plain_number,
    read_quantity,
)

languages: st.SearchStrategy[Language] = st.sampled_from(get_args(Language))
finite = st.floats(allow_nan=False, allow_infinity=False)
NARROW = "\u202f"
MINUS = "\u2212"


class Slowly(float):
    """A number that is written by exact arithmetic, however ordinary it is."""


@given(
    st.one_of(finite, st.floats(0.01, 1e10), st.decimals(0, 10**9, places=7).map(float), st.integers(0, 10**9).map(lambda n: n + 0.0000005)),
    st.sampled_from([1, -1]), languages,
)  # fmt: skip
def test_ordinary_numbers_are_written_as_exact_arithmetic_writes_them(
    size: float, sign: int, language: Language
) -> None:
    assert format_number(sign * size, language) == format_number(Slowly(sign * size), language)


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize(
    ("typed", "amount", "change", "percent"),
    [
        ("61000", 61000, False, False),
        ("+500", 500, True, False),
        ("-500", -500, True, False),
        (f"{MINUS}500", -500, True, False),
        ("- 500", -500, True, False),
        ("=-500", -500, False, False),
        (f"= {MINUS}500", -500, False, False),
        ("=+500", 500, False, False),
        ("=500", 500, False, False),
        ("61k", 61000, False, False),
        ("61K", 61000, False, False),
        ("61 k", 61000, False, False),
        ("+1.2k", 1200, True, False),
        ("1.2M", 1200000, False, False),
        ("1.23456789M", 1234567.89, False, False),
        ("3bn", 3 * 10**9, False, False),
        ("3B", 3 * 10**9, False, False),
        ("3 Md", 3 * 10**9, False, False),
        ("61 000", 61000, False, False),
        ("61\u00a0000", 61000, False, False),
        ("61\u202f000", 61000, False, False),
        ("61\u2009000", 61000, False, False),
        ("1 234 567.5", 1234567.5, False, False),
        ("61_000", 61000, False, False),
        ("61'000", 61000, False, False),
        ("61’000", 61000, False, False),
        ("1.2", 1.2, False, False),
        (".5", 0.5, False, False),
        ("45%", 45, False, False),
        ("45 %", 45, False, False),
        ("45\u202f%", 45, False, False),
        ("+2.5%", 2.5, True, False),
        ("1e3", 1000, False, False),
        ("1.5E-3", 0.0015, False, False),
        ("0", 0, False, False),
        ("-0", 0, True, False),
        ("0e99999999", 0, False, False),
        ("007", 7, False, False),
        ("  61000\n", 61000, False, False),
        ("9007199254740993", 9007199254740993, False, False),
        ("1e20", 1e20, False, False),
    ],
)
def test_numbers_as_typed(language: Language, typed: str, amount: float, change: bool, percent: bool) -> None:
    read = read_quantity(typed, language)
    assert read == Quantity(amount, change=change, percent=percent or "%" in typed)
    assert type(read.amount) is type(amount)


@pytest.mark.parametrize(
    ("typed", "language", "amount"),
    [
        ("61,000", "en", 61000),
        ("1,234,567.5", "en", 1234567.5),
        ("+1,000", "en", 1000),
        ("61,000", "fr", 61),
        ("1,2", "fr", 1.2),
        (",5", "fr", 0.5),
        ("1,2M", "fr", 1200000),
        ("1 234,5", "fr", 1234.5),
        (f"12{NARROW}345,25", "fr", 12345.25),
        ("99,9 %", "fr", 99.9),
        ("1,5e-7", "fr", 1.5e-7),
    ],
)
def test_the_comma_belongs_to_the_language(typed: str, language: Language, amount: float) -> None:
    assert read_quantity(typed, language).amount == amount


@pytest.mark.parametrize(
    ("typed", "message", "remedy"),
    [
        ("", "The value is empty.", None),
        (" \u202f", "The value is empty.", None),
        ("nan", "“nan” is not a number.", None),
        ("-inf", "“-inf” is not a number.", None),
        ("abc", "“abc” is not a number.", None),
        ("+", "“+” is not a number.", None),
        ("--5", "“--5” is not a number.", None),
        ("+=5", "“+=5” is not a number.", None),
        ("%", "“%” is not a number.", None),
        ("٣", "“٣” is not a number.", None),
        ("\x1b[2J", "“\ufffd[2J” is not a number.", None),
        ("9" * 41, f"The value “{'9' * 40}…” is longer than 40 characters.", None),
        (
            "61000 visits",
            "“61000 visits” has “visits” behind the number.",
            "Write 61000 alone: the plan already says the unit.",
        ),
        (
            "-61k visits",
            "“-61k visits” has “visits” behind the number.",
            "Write -61k alone: the plan already says the unit.",
        ),
        (
            "0x10",
            "“0x10” is not a decimal number.",
            "Write it plainly, such as 61000, +500, 61k, 1.2M or 45%.",
        ),
        ("-0b11", "“-0b11” is not a decimal number.", None),
        (
            "3/4",
            "“3/4” is a fraction.",
            "Write 3 if that is what is counted, or the share of the whole, such as 0.75 or 75%.",
        ),
        ("5km", "“5km” has “km” behind the number.", "Write 5 alone: the plan already says the unit."),
        (
            "5m",
            "“5m” has “m” behind the number.",
            "Write 5M for millions, or 5 alone: the plan already says the unit.",
        ),
        ("61k%", "“61k%” has “%” behind the number.", "Write 61k alone: the plan already says the unit."),
        ("5²", "“5²” has “²” behind the number.", "Write 5 alone: the plan already says the unit."),
        (
            "5\x1b",
            "“5\ufffd” has “\ufffd” behind the number.",
            "Write 5 alone: the plan already says the unit.",
        ),
        (
            "€1,200",
            "“€1,200” has “€” before the number.",
            "Write the number alone: the plan already says the unit.",
        ),
        (
            "1,2",
            "The comma in “1,2” could mean decimals or thousands.",
            "Write 1.2 if it is the decimal sign, or 12 if it is not.",
        ),
        (
            "-0,500k",
            "The comma in “-0,500k” could mean decimals or thousands.",
            "Write -0.500k if it is the decimal sign, or -0500k if it is not.",
        ),
        ("1,00,000", "The separators in “1,00,000” can't be read in one way only.", None),
        ("1.200.000", "The separators in “1.200.000” can't be read in one way only.", None),
        ("1.200,5", "The separators in “1.200,5” can't be read in one way only.", None),
        ("6 1000", "The separators in “6 1000” can't be read in one way only.", None),
        ("1 000_000", "The separators in “1 000_000” can't be read in one way only.", None),
        ("1e400", "“1e400” is too large to reckon with.", "Write a number below 1e300."),
        ("1e99999999999999999999", "“1e99999999999999999999” is too large to reckon with.", None),
        ("1e308M", "“1e308M” is too large to reckon with.", None),
        ("1e-400", "“1e-400” is too small to tell from zero.", "Write 0 instead."),
    ],
)
def test_what_is_refused_and_the_remedy(typed: str, message: str, remedy: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        read_quantity(typed, "en")
    assert caught.value.message == message
    assert caught.value.remedy
    assert remedy is None or caught.value.remedy == remedy


@pytest.mark.parametrize("typed", ["1,234,567", "1.234,5", "1 2,5"])
def test_separators_refused_in_french(typed: str) -> None:
    with pytest.raises(UsageError, match="can't be read in one way only"):
        read_quantity(typed, "fr")


@given(st.text(max_size=45) | st.text(st.sampled_from("0123456789+-=., '_kMe%€"), max_size=20), languages)
def test_any_text_is_a_number_or_refused_with_a_remedy(typed: str, language: Language) -> None:
    refused: UsageError | None = None
    read: Quantity | None = None
    try:
        read = read_quantity(typed, language)
    except UsageError as error:
        refused = error
    if read is not None:
        assert math.isfinite(read.amount)
    else:
        assert refused is not None
        assert refused.exit_status == 2
        assert refused.message.isprintable()
        assert refused.remedy
        assert refused.remedy.isprintable()


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (0, "0", "0"),
        (-0.0, "0", "0"),
        (7, "7", "7"),
        (1200, "1,200", f"1{NARROW}200"),
        (100000, "100,000", f"100{NARROW}000"),
        (-500, f"{MINUS}500", f"{MINUS}500"),
        (0.1 + 0.2, "0.3", "0,3"),
        (61000.0, "61,000", f"61{NARROW}000"),
        (1234567.891, "1,234,567.891", f"1{NARROW}234{NARROW}567,891"),
        (2 / 3, "0.666667", "0,666667"),
        (0.012345678, "0.0123457", "0,0123457"),
        (0.000001, "0.000001", "0,000001"),
        (1.5e-7, "1.5e-7", "1,5e-7"),
        (99999.9999999, "100,000", f"100{NARROW}000"),
        (10**15, "1,000,000,000,000,000", NARROW.join(["1", *["000"] * 5])),
        (10**15 + 1, "1e15", "1e15"),
        (-1.5e18, f"{MINUS}1.5e18", f"{MINUS}1,5e18"),
        (9.9999999e20, "1e21", "1e21"),
        (10**400, "1e400", "1e400"),
        (math.inf, "inf", "inf"),
        (-math.inf, f"{MINUS}inf", f"{MINUS}inf"),
        (math.nan, "nan", "nan"),
    ],
)
def test_numbers_as_shown(number: float, english: str, french: str) -> None:
    assert format_number(number, "en") == english
    assert format_number(number, "fr") == french


@pytest.mark.parametrize(
    ("number", "decimals", "expected"),
    [
        (1200, 2, "1,200.00"),
        (2.675, 2, "2.68"),
        (0.5, 0, "1"),
        (1234.5, 0, "1,235"),
        (-0.004, 2, "0.00"),
        (-0.005, 2, f"{MINUS}0.01"),
        (1e-9, 2, "0.00"),
        (1, 40, "1.000000000000000"),
        (1, -3, "1"),
    ],
)
def test_numbers_with_fixed_decimals(number: float, decimals: int, expected: str) -> None:
    assert format_number(number, "en", decimals=decimals) == expected


@given(st.integers(-(10**15), 10**15), languages)
def test_a_whole_number_reads_as_it_was_shown(number: int, language: Language) -> None:
    read = read_quantity(format_number(number, language), language)
    assert read == Quantity(number, change=number < 0, percent=False)
    assert type(read.amount) is int


@given(st.decimals(-(10**8), 10**8, places=6), languages)
def test_six_decimals_read_as_they_were_shown(number: object, language: Language) -> None:
    value = float(str(number))
    assert read_quantity(format_number(value, language), language).amount == value


@given(finite, languages)
def test_any_number_reads_nearly_as_it_was_shown(number: float, language: Language) -> None:
    assume(number == 0 or abs(number) > 1e-300)
    assume(abs(number) < 1.79e308)
    read = read_quantity(format_number(number, language), language)
    assert read.amount == pytest.approx(number, rel=5.001e-6, abs=0)


@pytest.mark.parametrize(
    ("number", "unit", "english", "french"),
    [
        (100000, "visits", "100,000 visits", f"100{NARROW}000 visits"),
        (45, "%", "45%", f"45{NARROW}%"),
        (1200, "€", "€1,200", f"1{NARROW}200\u00a0€"),
        (-1200, "$", f"{MINUS}$1,200", f"{MINUS}1{NARROW}200\u00a0$"),
        (1200, "k€", "1,200 k€", f"1{NARROW}200 k€"),
        (0.5, None, "0.5", "0,5"),
        (0.5, "", "0.5", "0,5"),
        (3, "[red]{0}%s", "3 [red]{0}%s", "3 [red]{0}%s"),
    ],
)
def test_numbers_with_their_units(number: float, unit: str | None, english: str, french: str) -> None:
    assert format_amount(number, unit, "en") == english
    assert format_amount(number, unit, "fr") == french


@pytest.mark.parametrize(
    ("unit", "one"),
    [("visits", "visit"), ("sign-ups", "sign-up"), ("people", "people"), ("buses", "buses"), ("analysis", "analysis"),
     ("series", "series"), ("Besuche pro Tags", "Besuche pro Tags")],
)  # fmt: skip
def test_a_single_one_is_no_plural_where_that_is_sure(unit: str, one: str) -> None:
    assert format_amount(1, unit, "en") == f"1 {one}"
    assert format_amount(-1.0, unit, "en") == f"\u22121 {one}"
    assert format_amount(2, unit, "en") == f"2 {unit}"
    assert format_amount(1, unit, "fr") == f"1 {unit}"


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (0, "0.00"),
        (-0.001, "0.00"),
        (0.004, "0.00"),
        (0.005, "0.01"),
        (1 / 3, "0.33"),
        (0.335, "0.34"),
        (0.395, "0.39"),
        (0.4, "0.40"),
        (0.694999, "0.69"),
        (0.699, "0.69"),
        (0.6999999, "0.69"),
        (0.1 + 0.6, "0.70"),
        (0.7, "0.70"),
        (0.995, "0.99"),
        (0.999999, "0.99"),
        (1 - 1e-12, "1.00"),
        (1, "1.00"),
        (1.234, "1.23"),
        (-0.125, f"{MINUS}0.13"),
        (1e300, "1e300"),
        (math.nan, "nan"),
    ],
)
def test_scores(score: float, expected: str) -> None:
    assert format_score(score) == expected


@given(st.floats(0, 1))
def test_a_shown_score_is_close_and_never_in_a_better_band(score: float) -> None:
    shown = float(format_score(score))
    assert abs(shown - score) <= 0.01
    for edge in (0.4, 0.7, 1.0):
        if score < edge - 1e-9:
            assert shown < edge
        elif score >= edge:
            assert shown >= edge


NEAR_AN_EDGE = [
    edge + sign * distance
    for edge in (0, 0.005, 0.395, 0.4, 0.4951, 0.505, 0.69, 0.7, 0.995, 1)
    for sign in (-1, 1)
    for distance in (0, 1e-17, 1e-12, 1e-9, 2e-9, 9e-6, 1e-5, 1.1e-5, 5e-5, 9.9e-5, 1e-4)
    if 0 <= edge + sign * distance <= 1
]


@given(st.lists(st.floats(0, 1) | st.integers(0, 10**5).map(lambda part: part / 10**5)))
@example(NEAR_AN_EDGE)
def test_many_scores_are_shown_as_each_of_them(scores: list[float]) -> None:
    assert format_scores(scores) == [format_score(score) for score in scores]


@pytest.mark.parametrize(
    ("old", "new", "unit", "english", "french"),
    [
        (44000, 61000, None, "+17,000", f"+17{NARROW}000"),
        (44000, 61000, "visits", "+17,000 visits", f"+17{NARROW}000 visits"),
        (1000, 500, None, f"{MINUS}500", f"{MINUS}500"),
        (0.1, 0.3, None, "+0.2", "+0,2"),
        (0.3, 0.1, None, f"{MINUS}0.2", f"{MINUS}0,2"),
        (5, 5.0, None, "0", "0"),
        (1000, 2200, "€", "+€1,200", f"+1{NARROW}200\u00a0€"),
        (2200, 1000, "€", f"{MINUS}€1,200", f"{MINUS}1{NARROW}200\u00a0€"),
        (42, 45, "%", "+3 points", "+3 points"),
        (42, 41, "%", f"{MINUS}1 point", f"{MINUS}1 point"),
        (42, 43.5, "%", "+1.5 points", "+1,5 point"),
        (1e300, -1e300, None, f"{MINUS}2e300", f"{MINUS}2e300"),
    ],
)
def test_changes(old: float, new: float, unit: str | None, english: str, french: str) -> None:
    assert format_change(old, new, "en", unit) == english
    assert format_change(old, new, "fr", unit) == french


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (61000, "61000"),
        (61000.0, "61000"),
        (0.7, "0.7"),
        (12.5, "12.5"),
        (-0.0, "0"),
        (-3, "-3"),
        (0.00001, "0.00001"),
        (0.1 + 0.2, "0.30000000000000004"),
        (123456789012345.6, "123456789012345.6"),
        (9999999999999998.0, "9999999999999998"),
        (1e16, "1.0e+16"),
        (-1.5e300, "-1.5e+300"),
        (1e-17, "1.0e-17"),
        (10**20, "100000000000000000000"),
        (True, "1"),
    ],
)
def test_plain_numbers(number: float, expected: str) -> None:
    assert plain_number(number) == expected


@given(finite | st.integers(-(10**30), 10**30))
def test_a_plain_number_reads_as_itself(number: float) -> None:
    text = plain_number(number)
    assert float(text) == float(number)
    if abs(number) < 1e16 and (number == 0 or abs(number) >= 1e-16):
        assert "e" not in text


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_no_file_may_hold_an_infinite_number(number: float) -> None:
    with pytest.raises(ValueError, match="no file may hold"):
        plain_number(number)
