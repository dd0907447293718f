from __future__ import annotations

import pytest
from rich.console import Console
from rich.text import Text

from okr.views.layout import beside, columns, fitted, folded, indented, packed

CONSOLE = Console(width=30, color_system=None)


def test_beside_folds_the_left() -> None:
    lines = [line.plain for line in beside(CONSOLE, Text("one two three four five"), Text("0.5"), first="- ")]
    assert lines == ["- one two three four five  0.5"]
    lines = [
        line.plain for line in beside(CONSOLE, Text("one two three four fives six"), Text("0.5"), first="- ")
    ]
    assert lines == ["- one two three four       0.5", "  fives six"]


def test_beside_moves_the_right_down_where_it_takes_too_much() -> None:
    lines = [line.plain for line in beside(CONSOLE, Text("one two three"), Text("x" * 20))]
    assert lines == ["one two three", " " * 10 + "x" * 20]


def test_beside_nothing() -> None:
    assert [line.plain for line in beside(CONSOLE, Text("one"), Text())] == ["one"]


def test_text_is_folded_below_where_it_begins() -> None:
    lines = [line.plain for line in indented(CONSOLE, Text("word " * 8), first="a  ", rest="   ")]
    assert lines == ["a  word word word word word", "   word word word"]


def test_packed_breaks_between_parts() -> None:
    lines = [
        line.plain
        for line in packed(CONSOLE, map(Text, ["one two three", "four five six", "seven"]), margin="  ")
    ]
    assert lines == ["  one two three", "  four five six · seven"]
    lines = [line.plain for line in packed(CONSOLE, [Text("word " * 9 + "end"), Text("x")])]
    assert lines == ["word word word word word word", "word word word end · x"]
    assert list(packed(CONSOLE, [])) == []


def test_columns_align_numbers_on_the_right_and_fold_the_others() -> None:
    lines = [
        line.plain for line in columns(CONSOLE, [Text("one two"), Text("7"), Text("é")], [4, 3, 2], right={1})
    ]
    assert lines == ["one     7  é ", "two          "[:13]]


@pytest.mark.parametrize(
    ("widths", "room", "narrowed"),
    [([5, 5], 10, [5, 5]), ([9, 3], 10, [7, 3]), ([9, 8], 10, [5, 5]), ([3, 3, 3], 2, [3, 3, 3]), ([], 0, [])],
)  # fmt: skip
def test_the_widest_columns_give_way_first(widths: list[int], room: int, narrowed: list[int]) -> None:
    assert fitted(widths, room) == narrowed


def test_a_blank_that_holds_a_number_together_is_no_place_to_break_it() -> None:
    text = Text("au moins 14\u202f000 visites et 2,5\u00a0%")
    text.stylize("bold", 9, 15)
    lines = folded(Console(width=80), text, 14)
    assert [line.plain for line in lines] == ["au moins", "14\u202f000 visites", "et 2,5\u00a0%"]
    assert [span.style for line in lines for span in line.spans] == ["bold"]
    # Letters of private use that somebody wrote stay what they are.
    assert [line.plain for line in folded(Console(width=80), Text("a\ue0a0 2\u00a0%"), 4)] == [
        "a\ue0a0 2",
        "%",
    ]
