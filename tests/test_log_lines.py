from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.documents import read_document
from okr.errors import OkrError
from okr.log_lines import Addition, insert_records, record_line

PATH = "checkins/2026-Q4/marketing.yaml"


def test_days_stand_bare_and_times_in_quotes() -> None:
    record = {"date": "2026-11-23", "kr": "a/b", "retracts": "2026-10-12T09:31:07+02:00"}
    assert record_line(record) == '{date: 2026-11-23, kr: a/b, retracts: "2026-10-12T09:31:07+02:00"}'


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
FIELDS = st.fixed_dictionaries(
    {"date": st.dates().map(str), "kr": st.sampled_from(["brand/visits", "speed/hours"])},
    optional={
        "value": st.integers(-(10**9), 10**9)
        | st.floats(-1e9, 1e9).map(lambda number: round(number, 6))
        | TEXT,
        "confidence": st.floats(0, 1),
        "by": TEXT,
        "note": TEXT,
    },
)
SPACING = st.sampled_from(["", "# a comment", "   # indented: {comment}", ""])
LINES = st.lists(st.tuples(SPACING, FIELDS, st.sampled_from(["", "  # behind", "   "])), max_size=6)


@given(
    LINES,
    FIELDS,
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "  "]),
    st.booleans(),
    st.booleans(),
    st.data(),
)
def test_a_new_line_leaves_every_other_byte(
    lines: list[tuple[str, dict[str, float | str], str]],
    fields: dict[str, float | str],
    newline: str,
    indentation: str,
    closed: bool,
    marked: bool,
    data: st.DataObject,
) -> None:
    rows = [
        row
        for before, record, behind in lines
        for row in (before, f"{indentation}- {record_line(record)}{behind}")
    ]
    text = newline.join(rows) + (newline if closed and rows else "")
    content = (b"\xef\xbb\xbf" if marked else b"") + text.encode()
    document = read_document(PATH, content)
    assert document.readable, document.problems
    records = document.root or []
    after = data.draw(st.sampled_from([None, *records]) if records else st.none())
    changed = insert_records(document, PATH, [Addition(fields, after)])
    # The old bytes are all there, in order, around one new line.
    added = changed.decode().removeprefix(content.decode()) if after is None else None
    new_lines = changed.decode().splitlines(keepends=True)
    position = next(
        i
        for i in range(len(new_lines))
        if record_line(fields) in new_lines[i] and _rest_is(new_lines, i, content.decode())
    )
    assert new_lines[position].strip().removeprefix("\ufeff") == f"- {record_line(fields)}"
    assert added is None or record_line(fields) in added
    expected = [dict(record) for record in records]
    index = (
        len(expected) if after is None else next(i for i, record in enumerate(records) if record is after) + 1
    )
    expected.insert(index, fields)
    assert read_document(PATH, changed).root == expected
    assert changed.startswith(b"\xef\xbb\xbf") is marked


def _rest_is(lines: list[str], position: int, before: str) -> bool:
    """Whether the lines but one are the old text, but for the line break that a last line may have lacked."""
    rest = "".join(lines[:position] + lines[position + 1 :])
    return (
        rest == before
        or rest.rstrip("\r\n") == before.rstrip("\r\n")
        or rest.removeprefix("\ufeff") == before.removeprefix("\ufeff")
    )


@pytest.mark.parametrize(
    "text",
    [
        "[{date: 2026-10-05, kr: a/b, value: 1},\n {date: 2026-10-06, kr: a/b, value: 1}]\n",
        "---\n- {date: 2026-10-05, kr: a/b, value: 1}\n...\n",
    ],
)
def test_a_log_in_another_layout_is_refused_rather_than_damaged(text: str) -> None:
    document = read_document(PATH, text.encode())
    with pytest.raises(OkrError, match="one record a line"):
        insert_records(document, PATH, [Addition({"date": "2026-11-23", "kr": "a/b", "value": 2})])


def test_several_records_keep_their_order_at_each_place() -> None:
    text = "- {date: 2026-10-05, kr: a/b, value: 1}\n- {date: 2026-10-05, kr: c/d, value: 1}"
    document = read_document(PATH, text.encode())
    first = document.root[0]
    changed = insert_records(
        document, PATH, [Addition({"value": 1}), Addition({"value": 2}, first), Addition({"value": 3}, first)]
    )
    assert changed.decode().splitlines() == [
        "- {date: 2026-10-05, kr: a/b, value: 1}",
        "- {value: 2}",
        "- {value: 3}",
        "- {date: 2026-10-05, kr: c/d, value: 1}",
        "- {value: 1}",
    ]


def test_what_goes_below_the_last_record_comes_before_what_goes_to_the_end_and_no_line_is_blank() -> None:
    document = read_document(PATH, b"- {date: 2026-10-05, kr: a/b, value: 1}")
    (last,) = document.root
    changed = insert_records(document, PATH, [Addition({"value": 2}), Addition({"value": 3}, last)])
    assert changed == b"- {date: 2026-10-05, kr: a/b, value: 1}\n- {value: 3}\n- {value: 2}\n"


def test_a_new_log_is_its_records() -> None:
    changed = insert_records(None, PATH, [Addition({"value": 1}), Addition({"value": 2})])
    assert changed == b"- {value: 1}\n- {value: 2}\n"
