from __future__ import annotations

import sys
from io import StringIO

import pytest
from rich.cells import cell_len

from okr.views.excerpts import excerpt
from okr.views.text import counted, printable, printable_lines, to_json


def carets(line: str, stretch: str, width: int = 80) -> str:
    """The line as shown, and below it the carets under a stretch of it."""
    start = line.index(stretch) if stretch else len(line)
    shown = excerpt(line, start, start + len(stretch), width)
    return f"{shown.text}\n{' ' * shown.offset}{'^' * shown.length}"


@pytest.mark.parametrize(
    ("line", "stretch", "shown"),
    [
        ("title: brand", "brand", "title: brand\n       ^^^^^"),
        ("\ttitle:\tbrand", "brand", "    title:    brand\n              ^^^^^"),
        ("日本: 目標 x", "目標", "日本: 目標 x\n      ^^^^"),
        ("a: 😀 b", "b", "a: 😀 b\n      ^"),
        ("e\u0301te\u0301: x", "x", "e\u0301te\u0301: x\n     ^"),
        ("a\u202eb: x", "x", "a\\u202eb: x\n          ^"),
        ("a: ", "", "a: \n   ^"),
        ("", "", "\n^"),
    ],
    ids=ascii,
)
def test_the_carets_stand_below_their_stretch(line: str, stretch: str, shown: str) -> None:
    assert carets(line, stretch) == shown


@pytest.mark.parametrize(
    ("line", "stretch", "shown"),
    [
        ("0123456789abcdefghijk", "012", "0123456789abcdefgh…\n^^^"),
        ("0123456789abcdefghijk", "ijk", "…3456789abcdefghijk\n                ^^^"),
        ("0123456789abcdefghij" * 9, "0123456789abcdefghij", "0123456789abcdefgh…\n^^^^^^^^^^^^^^^^^^"),
        ("x" * 500 + "abc" + "y" * 500, "abc", "…xxxxxxabcyyyyyyyyy…\n       ^^^"),
        ("x" * 500, "", "…xxxxxxxxxxxxxxxxxx\n                   ^"),
        ("目" * 500 + "a" + "標" * 500, "a", "…目目目a標標標標標…\n       ^"),
    ],
    ids=ascii,
)
def test_a_long_line_is_cut_around_the_carets(line: str, stretch: str, shown: str) -> None:
    assert carets(line, stretch, width=20) == shown
    assert cell_len(shown.split("\n", maxsplit=1)[0]) <= 20


@pytest.mark.parametrize(("start", "end"), [(-5, -1), (99, 200), (3, 1)])
def test_a_place_outside_its_line_is_brought_inside(start: int, end: int) -> None:
    shown = excerpt("abcdef", start, end, 20)
    assert shown.text == "abcdef"
    assert 0 <= shown.offset <= 6
    assert shown.length == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\tc\u2028d\x85e", "a b c d e"),
        ("\x1b[2J\x07\x9b", "\\u001b[2J\\u0007\\u009b"),
        ("\u202e\u2066\ufeff\udce9", "\\u202e\\u2066\\ufeff\\udce9"),
        ("[red]:smile:[/red] é目😀", "[red]:smile:[/red] é目😀"),
        (12, "12"),
    ],
    ids=ascii,
)
def test_text_is_made_safe_for_a_terminal(text: object, shown: str) -> None:
    assert printable(text) == shown


def test_lines_are_made_safe_one_by_one() -> None:
    assert printable_lines("a\r\nb\x1b\u2028c") == ["a", "b\\u001b", "c"]


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (12345, "12,345 files")]
)
def test_things_are_counted(number: int, said: str) -> None:
    assert counted(number, "file") == said


class Narrow(StringIO):
    encoding = "latin-1"


@pytest.mark.parametrize(
    ("stream", "written"),
    [
        (StringIO(), '{\n  "a": "é目\\u202e\\u0085\\udce9"\n}'),
        (Narrow(), '{\n  "a": "\\u00e9\\u76ee\\u202e\\u0085\\udce9"\n}'),
    ],
    ids=["utf-8", "latin-1"],
)
def test_json_says_what_the_output_can_hold(
    monkeypatch: pytest.MonkeyPatch, stream: StringIO, written: str
) -> None:
    monkeypatch.setattr(sys, "stdout", stream)
    assert to_json({"a": "é目\u202e\x85\udce9"}) == written
