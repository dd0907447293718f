from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.log_lines import record_line
from okr.operations.record import log_patterns, log_records
from okr.operations.record.log_columns import columns_of, read_columns
from okr.operations.record.log_records import (
    LineRecord,
    added_by_merge,
    changed_records,
    read_records,
    read_rows,
)

PATH = "checkins/2026-Q4/marketing.yaml"


def by_the_parser(content: bytes) -> log_records.LogText:
    return log_records._by_the_parser(PATH, content)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("- {date: 2026-10-05, kr: brand/visits, value: 44000}", LineRecord("brand/visits", "2026-10-05", 44000), id="least"),
        pytest.param('- {date: "2026-10-05T09:31:07+02:00", kr: a/b, value: -1.50, confidence: 0.7, by: alice, note: "a: b"}', LineRecord("a/b", "2026-10-05T09:31:07+02:00", -1.5, 0.7, "alice", "a: b"), id="all"),
        pytest.param("- {date: 2026-10-05, kpi: calls, value: beta, note: Über alles (100%)}", LineRecord("kpis/calls", "2026-10-05", "beta", note="Über alles (100%)"), id="KPI and milestone"),
        pytest.param("  - {date: 2026-10-05, kr: a/b, retracts: 2026-10-01, by: bob}  \r", LineRecord("a/b", "2026-10-05", by="bob", retracts="2026-10-01"), id="retraction, indented, CRLF"),
        pytest.param("- {date: 2026-10-05T09:31:07Z, kr: a/b, value: 1}", LineRecord("a/b", "2026-10-05T09:31:07+00:00", 1), id="another way to write a time"),
        pytest.param("- {kr: a/b, value: 1e3, date: 2026-10-05}", LineRecord("a/b", "2026-10-05", 1000.0), id="another order"),
        pytest.param("- {date: 2026-10-05, kr: a/b, value: true-north}", LineRecord("a/b", "2026-10-05", "true-north"), id="a word that begins like another"),
        pytest.param("- {date: 2026-10-05, kr: a/b, value: 1, note: null and void}", LineRecord("a/b", "2026-10-05", 1, note="null and void"), id="a note that begins like nothing"),
        pytest.param('- {date: 2026-10-05, kr: a/b, value: 1, note: "\\u00e9"}', LineRecord("a/b", "2026-10-05", 1, note="é"), id="escapes"),
    ],
)  # fmt: skip
def test_a_line_says_the_same_to_the_pattern_and_to_the_parser(line: str, expected: LineRecord) -> None:
    content = f"# A log\n\n{line}\n".encode()
    assert read_records(PATH, content).records == ((3, expected),)
    assert by_the_parser(content).records == ((3, expected),)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"- {date: 2026-02-30, kr: a/b, value: 1}\n", "there is no day 2026-02-30", id="no such day"),
        pytest.param(b"- {date: 2026-10-05, kr: a/b, retracts: 2026-02-30}\n", "there is no day 2026-02-30", id="no such day to take back"),
        pytest.param(b"- {date: 2026-10-05, kr: a/b, by: true}\n", "is not a text", id="no text"),
        pytest.param(b"- {date: 2026-10-05, kr: a/b, note: \xff}\n", "this file is not UTF-8", id="not UTF-8"),
        pytest.param(b"- {date: 2026-10-05, kr: a/b, note: \"a\x01b\"}\n", "this file holds a control character, U+0001", id="control character"),
        pytest.param(b"- hello\n", "a log's line must be a mapping", id="no mapping"),
        pytest.param(b"date: 1\n", "a log must be a list", id="no list"),
    ],
)  # fmt: skip
def test_what_can_t_be_read_is_a_problem(content: bytes, message: str) -> None:
    text = read_records(PATH, content)
    assert any(message in problem.finding.message for problem in text.problems), text.problems


@given(
    st.fixed_dictionaries(
        {"date": st.sampled_from(["2026-10-05", "2026-10-05T09:31:07+02:00"]), "kr": st.just("brand/visits")},
        optional={
            "value": st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15) | st.sampled_from(["beta", "true", "null", "no", "y", "1e5"]),
            "confidence": st.sampled_from([0, 1, 0.7, 0.125]),
            "by": st.sampled_from(["alice", "true", "null", "a-1", "1"]),
            "note": st.text(max_size=20) | st.sampled_from(["null", "a, b", "a #b", "true", "~", "- a", "a: b", 'say "x"']),
        },
    )
)  # fmt: skip
def test_whatever_okr_writes_the_pattern_reads_as_the_parser_does(
    fields: dict[str, int | float | str],
) -> None:
    content = f"- {record_line(fields)}\n".encode()
    assert read_records(PATH, content) == by_the_parser(content)


def test_changes_between_two_contents() -> None:
    old = b"- {date: 2026-10-05, kr: a/b, value: 1}\n- {date: 2026-10-06, kr: a/b, value: 2}\n"
    new = b"# log\n- {date: 2026-10-05, kr: a/b, value: 1}\r\n- {date: 2026-10-07, kr: a/b, value: 3}\n"
    first, second, third = (
        LineRecord("a/b", f"2026-10-0{day}", value) for day, value in ((5, 1), (6, 2), (7, 3))
    )
    assert changed_records(old, new) == ((third,), (second,))
    assert changed_records(b"", old) == ((first, second), ())
    fourth = LineRecord("a/b", "2026-10-08", 1)
    assert changed_records(old, old + b"- {kr: a/b, date: 2026-10-08, value: 1}\n") == ((fourth,), ())
    assert changed_records(old, old + b"- {kr: a/b,\n   date: 2026-10-08, value: 1}\n") is None
    assert changed_records(old + b"<<<<<<< HEAD\n", old) is None
    assert changed_records(old, old + b"# \xff\n") is None


LINES = [
    "- {date: 2026-10-05, kr: a/b, value: 1}", "- {kr: a/b, date: 2026-10-06, value: 1.0}", "# remark", "", "  # remark",
    '- {"date": 2026-10-06, kr: a/b, value: 1}', " - {date: 2026-10-05, kr: a/b, value: 1}", "   ", "- hello", "[]",
    "- {date: 2026-10-05, kr: a/b, value: 1} # why", "- {date: 2026-10-05, kr: a/b,", "   value: 1}", "---", "...",
    "- date: 2026-10-05", "  kr: a/b", "  value: 1", "- {date: 2026-10-05, kr: a/b, value: 1}\r", "<<<<<<< HEAD",
    "-  {date: 2026-10-05, kr: a/b, value: 1}", "- {date: 2026-10-05, kr: a/b, by: &x al, value: 1}", "\t", "- ", "-",
    "- {date: 2026-10-05, kr: a/b, by: *x, value: 1}", '- {date: 2026-10-05, kr: a/b, value: 1, note: "x', 'y"}',
    "- {date: 2026-10-05, kr: a/b, value: 1, note: 'it''s'}", "%YAML 1.2", "- {date: 2026-02-29, kr: a/b, value: 1}",
    "- {date: 2028-02-29, kr: a/b, value: 1}", "- {date: 2026-10-05, kr: a/b, value: .inf}", "- # x",
    "- {date: 2026-10-05, kr: a/b, value: 1, value: 2}", "- {date: 2026-10-05T09:00:00Z, kr: a/b, note: a\\b}",
    '- {date: 2026-10-05, kr: a/b, note: "a\\\\b \\"c\\""}', "- {date: 2026-10-05, kr: a/b, value: 1},",
    '- {date: "2026-10-05T09:31:07+02:00", kr: a/b, value: 7, confidence: 0.7, by: bob, note: Live now}',
]  # fmt: skip


@given(
    st.lists(st.sampled_from(LINES) | st.sampled_from([*LINES[:8], LINES[-1]]), max_size=5),
    st.sampled_from(["\n", ""]),
)
def test_lines_read_by_themselves_say_what_the_whole_file_says(lines: list[str], end: str) -> None:
    content = ("\n".join(lines) + end).encode()
    whole, found, rows = by_the_parser(content), read_records(PATH, content), read_rows(content)
    assert bool(found.problems) == bool(whole.problems)
    assert whole.problems or found == whole
    if rows is not None:
        assert tuple((number, rows.record(at)) for at, number in enumerate(rows.numbers)) == whole.records
        assert rows.content in {b"", content}
        if rows.content:  # nothing stands between or below the records' lines
            assert [*rows.numbers] == [*range(rows.numbers[0], content.count(b"\n") + 1)]


ODD_LETTERS = "abXN019 -+.,:;?!#'\"\\{}[]&*|>%@`=<~\t/()éü日🎉\u00a0\u2009\u200b“”’…_$^eEoO"
ODD_WORDS = ["True", "NULL", "1e5", "0x1f", "0o7", "12:30", "2026-10-05", "-1", ".5", "1 2", "5 new", "yes", "1e5 x", ".inf", "1 - 2"]  # fmt: skip


@given(st.text(ODD_LETTERS, max_size=8) | st.sampled_from(ODD_WORDS), st.sampled_from(["{}", '"{}"', "'{}'"]))
def test_a_note_by_hand_says_the_same_to_the_pattern_and_to_the_parser(note: str, written: str) -> None:
    content = f"- {{date: 2026-10-05, kr: a/b, value: 1, note: {written.format(note)}}}\n".encode()
    whole, rows = by_the_parser(content), read_rows(content)
    assert read_records(PATH, content) == whole
    if rows is not None:
        assert ((1, rows.record(0)),) == whole.records


WHOLE = '- {date: "2026-10-05T09:31:07+02:00", kr: a/b, value: 7, confidence: 0.7, by: bob, note: Live now}'
PARTS = {
    '"2026-10-05T09:31:07+02:00"': [
        "2026-10-05",
        '"2024-02-29T00:00:00-00:00"',
        '"2026-02-29T00:00:00+00:00"',
        '"2026-02-28T23:59:59+00:00"',
        '"2026-11-30T00:00:00+14:00"',
        '"2026-11-31T00:00:00+00:00"',
    ],
    "kr: a/b": ["kpi: calls", "kr: a/b/c"],
    "value: 7": [
        "value: live",
        "value: -0.5",
        "value: 0",
        "value: -0",
        "value: 0.50",
        "value: 12345678901",
        "value: 1e3",
        "value: 1.0",
    ],
    "0.7": ["1", "0.05", "0.70", "2"],
    ", by: bob": ["", ", retracts: 2026-10-01, by: bob", ", by: true"],
    ", note: Live now": [""],
    "Live now": [
        '"a, b: c"',
        '"say \\"x\\""',
        "Über 訪",
        "7",
        "a}",
        "a #b",
        "Live  ",
        "yes",
        "NULL",
        "nope",
        "Nothing",
        "x",
        "Über",
        "Hm\u00a0",
        "live",
        '""',
        '"x',
        '"a\\tb"',
        '"\\u00e9"',
        'say "x"',
    ],
}


@st.composite
def nearly_whole(draw: st.DrawFn) -> str:
    line = WHOLE
    for part in draw(st.lists(st.sampled_from(sorted(PARTS)), max_size=2)):
        line = line.replace(part, draw(st.sampled_from(PARTS[part])))
    return line


@given(st.lists(st.just(WHOLE) | nearly_whole(), min_size=1, max_size=8))
def test_lines_read_by_the_pattern_for_whole_check_ins_or_in_columns_say_what_rows_say(
    lines: list[str],
) -> None:
    lines = ["# remark", *lines] if len(lines) % 2 else lines
    text = "".join(f"{line}\n" for line in lines)
    plain = log_patterns.PLAIN_ROWS.findall(text)
    usual = log_patterns.USUAL_ROWS.findall(text)
    assert [row for row in plain if row in usual] == usual
    rows, columns = read_rows(text.encode()), read_columns(text.encode())
    if columns is not None:
        assert rows is not None
        assert [*zip(*columns.texts(), strict=True)] == rows.rows == plain
    if rows is not None:
        again = columns_of(rows.texts)
        assert [again.fields(at) for at in range(len(again))] == rows.rows


def test_what_a_merge_adds_by_itself() -> None:
    one, two = b"- {date: 2026-10-05, kr: a/b, value: 1}\n", b"- {date: 2026-10-06, kr: a/b, value: 2}\n"
    assert not added_by_merge([one, two], b"# both\n" + one + two)
    assert added_by_merge([one, b""], one + two)
