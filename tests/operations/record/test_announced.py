from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.git.history import CommitFacts
from okr.log_lines import record_line
from okr.operations.checkin.messages import TRAILER, trailer
from okr.operations.record.announced import Announcements
from okr.operations.record.log_columns import columns_of, read_columns
from okr.operations.record.log_names import LogKey
from okr.operations.record.log_records import meant, read_records, read_rows
from okr.operations.record.recorded import LogLines

if TYPE_CHECKING:
    from okr.git.messages import CommitRow

PATH = "checkins/2026-Q4/marketing.yaml"
KEY = LogKey("2026-Q4", "marketing")
ALICE = CommitFacts("1" * 40, "0" * 40, 1, "2026-10-05", "Alice", "alice@acme.example")
BY_ALICE = [b"1" * 40 + b" " + b"0" * 40, b"2026-10-05 1 " + b"2" * 40, b"Alice\nalice@acme.example"]
LINE = (
    "- {date: 2026-10-05, kr: brand/visits, value: 44000, confidence: 0.6, by: alice, note: Wins are live}\n"
)
CLAIM = f"{TRAILER}: 2026-Q4/marketing/brand/visits date=2026-10-05 value=44000 confidence=0.6\n"
SECOND = "- {date: 2026-10-05, kr: speed/hours, value: 20, by: alice}\n"
SECOND_CLAIM = f"{TRAILER}: 2026-Q4/marketing/speed/hours date=2026-10-05 value=20\n"
LIST = "okr: 2 check-ins\n\nmarketing/brand/visits 44000: Wins are live\nmarketing/speed/hours 20"

FIELDS = st.fixed_dictionaries(
    {"date": st.sampled_from(["2026-10-05", "2026-02-30", "2026-10-05T09:31:07+02:00"]), "kr": st.just("brand/visits")},
    optional={
        "value": st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15) | st.floats(-2, 2) | st.sampled_from([0.0001, 1.5, -0.0, "beta", "true", "no", "1e5"]),
        "confidence": st.sampled_from([0, 1, 0.7, 0.125, 1.0, 0.00001]),
        "by": st.sampled_from(["alice", "true", "null", "a-1", "1"]),
        "note": st.text(max_size=20) | st.sampled_from(["null", "a, b", "a #b", "true", "~", "- a", "a: b", 'say "x"', "Été: 30 %"]),
    },
)  # fmt: skip


def row(message: str) -> CommitRow:
    return [*BY_ALICE, f"\n{message}".encode()]


def lines(text: str) -> LogLines:
    plain = read_rows(text.encode())
    assert plain is not None
    found = LogLines()
    found.add(PATH, plain)
    return found


@given(st.lists(FIELDS, max_size=4), st.sampled_from(["", "# A log\n", "\n# A log\n\n"]))
def test_what_is_read_by_one_pattern_is_what_is_read_line_by_line(
    records: list[dict[str, int | float | str]], above: str
) -> None:
    content = (above + "".join(f"- {record_line(fields)}\n" for fields in records)).encode()
    found = read_rows(content)
    if found is not None:
        text = read_records(PATH, content)
        assert text.problems == ()
        assert tuple((number, found.record(at)) for at, number in enumerate(found.numbers)) == text.records


ABOVE = ["", "# A log\n", "\n# A log\n\n", "  \n", "# \ufeff\n", "- x\n"]
NOTES = [
    "",
    "Live",
    "\u00a0x",
    "x\u3000",
    "30\u00a0%",
    "Été",
    '"say \\"x\\""',
    '"a\\nb"',
    '"a\\\\nb"',
    "\x07",
    '"\ufeff"',
    "see: x",
]


@given(
    st.lists(FIELDS | st.sampled_from(NOTES), min_size=1, max_size=4),
    st.sampled_from(ABOVE),
    st.sampled_from(["", "", "", "# More\n", "\r\n", " "]),
)  # fmt: skip
def test_what_is_read_in_columns_is_what_is_read_in_rows(
    records: list[dict[str, int | float | str] | str], above: str, below: str
) -> None:
    lines = [
        f"{{date: 2026-10-05, kr: a/x, value: 1{', note: ' if each else ''}{each}}}"
        if isinstance(each, str)
        else record_line(each)
        for each in records
    ]
    content = (above + "".join(f"- {line}\n" for line in lines) + below).encode()
    columns, rows = read_columns(content), read_rows(content)
    if columns is None:
        return
    assert rows is not None
    assert rows.odd == {}
    assert [columns.fields(at) for at in range(len(columns))] == rows.rows
    assert [columns.above + 1 + at for at in range(len(columns))] == [*rows.numbers]
    assert [each.decode() for each in columns.dates()] == [row[0] for row in rows.rows]
    again = columns_of(rows.texts)
    assert again.dates() == columns.dates()
    called = read_columns(content, b"2026-Q4/a/")
    assert called is not None
    assert called.texts() == columns_of(rows.texts, log=b"2026/b/").texts()
    assert called.fields(0) == rows.rows[0]
    assert called.called(b"") == columns.claims
    for name in ("claims", "subjects", "authors", "notes", "notes_meant", "distinct"):
        assert getattr(again, name) == getattr(columns, name)
    assert [note.decode() for note in columns.notes_meant] == [meant(row[6]) for row in rows.rows]


@pytest.mark.parametrize(
    ("content", "read"),
    [
        (LINE + SECOND, True),
        (f"# A log\n\n{LINE}", True),
        ("", False),
        (LINE + "# A remark\n", False),
        (LINE.removesuffix("\n"), False),
        (LINE.replace("2026-10-05", "2028-02-29"), True),
        (LINE.replace("2026-10-05", "2026-02-29"), False),
        (LINE.replace("Wins", "\u00a0Wins"), False),
        (LINE.replace("are", "a\u00a0re"), True),
        (LINE.replace("Wins", "\x07"), False),
        (f"# \ufeff\n{LINE}", False),
    ],
)
def test_which_logs_are_read_in_columns(content: str, read: bool) -> None:
    assert (read_columns(content.encode()) is not None) is read
    assert read_columns(content.encode().replace(b"live", b"\xff")) is None


@given(FIELDS)
def test_a_line_that_is_read_so_is_announced_as_okr_announces_it(
    fields: dict[str, int | float | str],
) -> None:
    plain = read_rows(f"- {record_line(fields)}\n".encode())
    if plain is None or "by" not in fields:
        return
    for read in (plain, read_columns(f"- {record_line(fields)}\n".encode())):
        if read is None:
            continue
        log = LogLines()
        log.add(PATH, read)
        announcements = Announcements({KEY: log}, str, lambda _name, _address: str(fields["by"]))
        key, value = trailer("2026-Q4/marketing/brand/visits", fields)
        note = f"{fields['note']}\n\n" if fields.get("note") else ""
        assert [*announcements.hear([[row(f"okr: visits\n\n{note}{key}: {value}\n")]])] == []
        assert [*announcements.settled()] == [KEY]


@pytest.mark.parametrize(
    ("content", "first", "odd"),
    [
        pytest.param(f"# A log\n\n{LINE}", 3, False, id="remarks above"),
        pytest.param(
            LINE.replace("44000", "44000.0"), 1, True, id="a number that a trailer writes otherwise"
        ),
        pytest.param(
            LINE.replace("by: alice, ", "").replace("{", "{by: alice, "), 1, True, id="another order"
        ),
        pytest.param(LINE + "# remark\n" + SECOND, 1, False, id="a remark between lines"),
        pytest.param(LINE.removesuffix("\n"), 1, False, id="no line break at the end"),
        pytest.param(LINE.replace("\n", "\r\n"), 1, True, id="line breaks of another system"),
    ],
)
def test_lines_of_other_forms_are_announced_as_okr_would_write_them(
    content: str, first: int, odd: bool
) -> None:
    found = read_rows(content.encode())
    assert found is not None
    assert (first, found.record(0)) == read_records(PATH, content.encode()).records[0]
    assert found.numbers[0] == first
    assert found.rows[0] == ("2026-10-05", "brand/visits", "44000", "0.6", "", "alice", "Wins are live")
    assert bool(found.odd) is odd


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(LINE.replace("10-05", "02-30"), id="no such day"),
        pytest.param(LINE.replace("10-05", "02-29"), id="no leap year"),
        pytest.param("x" + LINE, id="something before a line"),
        pytest.param(LINE + "  " + LINE, id="lines that begin at different places"),
        pytest.param(LINE.replace("live", "\ufeff"), id="a byte order mark"),
        pytest.param(LINE.replace("44000", ".inf"), id="a number that no trailer bears"),
        pytest.param(LINE.replace("Wins are live", '"a\\0b"'), id="a note that no message bears"),
        pytest.param(LINE.replace("44000", '"1"'), id="a milestone that is no word"),
        pytest.param("hello\n", id="no line at all"),
    ],
)
def test_other_logs_are_left_to_the_thorough_reader(content: str) -> None:
    assert read_rows(content.encode()) is None


def test_bytes_that_are_no_text_are_left_to_the_thorough_reader() -> None:
    assert read_rows(b"# \xff\n" + LINE.encode()) is None


@pytest.mark.parametrize(
    ("messages", "settled"),
    [
        pytest.param([f"okr: x\n\nWins are live\n\n{CLAIM}", f"okr: y\n\n{SECOND_CLAIM}"], True, id="one each"),
        pytest.param([f"{LIST}\n\n{CLAIM}{SECOND_CLAIM}"], True, id="both in one"),
        pytest.param([f"okr: x\n\nWins are live\n\n{CLAIM}Signed-off-by: A\n", f"okr: y\n\n{SECOND_CLAIM}Signed-off-by: A\n"], True, id="with other trailers"),
        pytest.param([f"{LIST}: more\n\n{CLAIM}{SECOND_CLAIM}"], False, id="a note that the line lacks"),
        pytest.param([f"okr: x\n\nOther words\n\n{CLAIM}", f"okr: y\n\n{SECOND_CLAIM}"], False, id="another note"),
        pytest.param([f"okr: x\n\nWins are live\n\n{CLAIM}", f"okr: y\n\nWords\n\n{SECOND_CLAIM}"], False, id="a note for none"),
        pytest.param([f"okr: x\n\nWins are live\n\n{CLAIM}"], False, id="one is announced by nobody"),
        pytest.param([f"okr: x\n\nWins are live\n\n{CLAIM}", f"okr: y\n\n{SECOND_CLAIM[:-2]}"], False, id="a claim cut short"),
        pytest.param([f"okr: x\n\nWins are live\n\n  {SECOND_CLAIM}{CLAIM}", f"okr: y\n\n{SECOND_CLAIM}"], False, id="an indented claim besides"),
    ],
)  # fmt: skip
def test_a_log_is_settled_where_all_fits(messages: list[str], settled: bool) -> None:
    announcements = Announcements({KEY: lines(LINE + SECOND)}, str, lambda _name, _address: "alice")
    missed = [*chain(*announcements.hear([[row(message)] for message in messages]))]
    assert (KEY in announcements.settled()) is settled
    left = [] if settled else [(ALICE, message.encode()) for message in messages]
    assert announcements.left(missed) == left
    assert announcements.heard == len(messages)

    at_once = Announcements({KEY: lines(LINE + SECOND)}, str, lambda _name, _address: "alice")
    missed_at_once = [*chain(*at_once.hear([[row(message) for message in messages]]))]
    assert (missed_at_once, at_once.settled().keys()) == (missed, announcements.settled().keys())


def test_messages_that_fit_are_found_among_others_that_do_not() -> None:
    third = '- {date: 2026-10-06, kr: speed/hours, value: 21, by: alice, note: "a\\nb"}\n'
    third_claim = f"{TRAILER}: 2026-Q4/marketing/speed/hours date=2026-10-06 value=21\n"
    whole = f"{LIST}\n\n{CLAIM}{SECOND_CLAIM}"
    others = [
        f"okr: x\n\nno list\n\n{CLAIM}{SECOND_CLAIM}",  # as many lines as it should list are not there
        f"{LIST}\nmarketing/speed/hours 21: a b\n\n{CLAIM}{SECOND_CLAIM}{third_claim}",
        f"okr: x\n\nother/speed/hours 21: a b\nother/visits 3\n\n{third_claim}{TRAILER}: 2026-Q4/other/visits\n",
    ]
    for messages, left, settled in (
        ([whole, others[0]], [1], False), ([others[0], whole], [0], False), ([others[1]], [], True),
        ([others[2], whole], [0], False), ([whole, f"okr: y\n\na\nb\n\n{third_claim}"], [], True),
    ):  # fmt: skip
        announcements = Announcements(
            {KEY: lines(LINE + SECOND + third)}, str, lambda _name, _address: "alice"
        )
        missed = [*chain(*announcements.hear([[row(message) for message in messages]]))]
        assert missed == left
        assert (KEY in announcements.settled()) is settled
    nothing = Announcements({}, str, lambda _name, _address: "alice")
    assert [*nothing.hear([[row(whole), row(f"okr: x\n\n{CLAIM}")]])] == [[0, 1]]


@pytest.mark.parametrize("person", ["bob", None])
def test_somebody_else_s_commit_settles_nothing(person: str | None) -> None:
    announcements = Announcements({KEY: lines(LINE)}, str, lambda _name, _address: person)
    message = row(f"okr: x\n\nWins are live\n\n{CLAIM}")
    assert [*announcements.hear([[message]])] == [[0]]
    assert announcements.settled() == {}


def test_doubt_from_elsewhere_and_two_lines_of_one_date_leave_a_log_to_the_thorough_look() -> None:
    announcements = Announcements({KEY: lines(LINE)}, str, lambda _name, _address: "alice")
    assert [*announcements.hear([[row(f"okr: x\n\nWins are live\n\n{CLAIM}")]])] == []
    announcements.doubt([KEY, LogKey("2026-Q4", "other")])
    assert announcements.settled() == {}
    assert len(announcements.left([])) == 1
    assert Announcements({KEY: lines(LINE + LINE)}, str, lambda _name, _address: "alice").logs == {}
