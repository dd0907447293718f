from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from okr.documents import read_document
from okr.errors import OkrError
from okr.yaml_writing import Layout, block_lines, in_flow, item_lines, key_lines, scalar

PLAIN = ["Reach 100,000 visits", "it's", "a:b", "https://example.org/x", "50%", "é 100\u202f000", "marketing/brand",
         "alice@acme.example", 'the "best"', "v1.2", "a # b".replace(" #", "#"), "+30%", "🎯", "2fast"]  # fmt: skip
QUOTED = ["no", "Yes", "ON", "off", "y", "N", "true", "NULL", "~", "", " a", "a ", "2026", "1e3", "0x1F", "0o7", "1_000",
          ".5", "-1", "+1", "12:30", "2026-10-05", "2026-10-05T10:00:00Z", ".inf", ".NaN", "-.INF", "a: b", "a #b", "a:",
          "- x", "-x", "?", ":x", ",x", "[x", "{x", "#x", "&x", "*x", "!x", "|", ">", "'x", '"x', "%x", "@x", "`x", "=",
          "<<", "...", "---", "100 000"]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_text_needs_no_quotes(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize("text", QUOTED)
def test_text_that_could_be_read_otherwise_is_quoted(text: str) -> None:
    assert scalar(text) == '"' + text.replace('"', '\\"') + '"'


@pytest.mark.parametrize("text", ["a, b", "a:b", "x]", "{x", "https://example.org"])
def test_within_braces_more_texts_are_quoted(text: str) -> None:
    assert scalar(text, flow=True) == f'"{text}"'


def test_hostile_characters_are_spelled_out() -> None:
    assert scalar("a\nb\tc\rd") == '"a\\nb\\tc\\rd"'
    assert scalar("\x1b[2J\x85\u2028\u202e\ufeff\U0001ffff") == (
        '"\\x1b[2J\\x85\\u2028\\u202e\\ufeff\\U0001ffff"'
    )
    assert scalar("C:\\x: y") == '"C:\\\\x: y"'
    with pytest.raises(OkrError, match="is not valid text"):
        scalar("\udcff")


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "null"), (True, "true"), (False, "false"), (42000, "42000"), (0.7, "0.7"), (1.0, "1.0"), (1e18, "1.0e+18"),
     (date(2026, 10, 5), "2026-10-05")],
)  # fmt: skip
def test_values_of_other_kinds(value: object, text: str) -> None:
    assert scalar(value) == text


def test_what_no_file_may_hold() -> None:
    with pytest.raises(OkrError, match="no file may hold the number inf"):
        scalar(float("inf"))
    with pytest.raises(TypeError, match="datetime is no scalar"):
        scalar(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one\ntwo", ["|-", "one", "two"]),
        ("one\n\ntwo\n", ["|", "one", "", "two"]),
        ("one", None),
        ("\none\ntwo", None),
        ("one\ntwo\n\n", None),
        (" one\ntwo", None),
        ("one \ntwo", None),
    ],
)
def test_a_text_of_several_lines_is_a_block_where_a_block_can_hold_it(
    text: str, lines: list[str] | None
) -> None:
    assert block_lines(text) == lines


def test_items_and_keys_in_blocks() -> None:
    item = {
        "id": "a",
        "to": 1,
        "milestones": {"x": 1.0},
        "rows": [{"k": 1, "l": 2}],
        "tags": ["p", "q"],
        "none": {},
    }
    assert item_lines(item, Layout(sequence=0, item=4)) == [
        "-   id: a", "    to: 1", "    milestones: {x: 1.0}", "    rows:", "    -   k: 1", "        l: 2",
        "    tags: [p, q]", "    none: {}",
    ]  # fmt: skip
    assert item_lines({}, Layout()) == ["- {}"]
    assert item_lines("no", Layout()) == ['- "no"']
    assert key_lines("rows", [{"k": 1}], Layout(), flow_items=True) == ["rows:", "  - {k: 1}"]
    assert in_flow({"a": [1, {"b": "x: y"}]}) == '{a: [1, {b: "x: y"}]}'


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(TEXTS)
def test_every_text_is_read_back_as_itself(text: str) -> None:
    document = read_document("x", f"a: {scalar(text)}\nb: {{c: {scalar(text, flow=True)}}}\n".encode())
    assert document.root == {"a": text, "b": {"c": text}}


@given(st.one_of(TEXTS, st.sampled_from(QUOTED + PLAIN)), st.sampled_from(["1.1", "1.2"]))
def test_other_readers_of_yaml_read_the_same(text: str, version: str) -> None:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version
    assert yaml.load(f"a: {scalar(text)}\nb: [{scalar(text, flow=True)}]\n") == {"a": text, "b": [text]}
