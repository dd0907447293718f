"""Places in an editor's units: every kind of line break, characters beyond one unit, and whatever is out of range."""

from __future__ import annotations

import pytest

from okr.diagnostics import Place
from okr.operations.editor.positions import EditorText, Position, Units

TEXT = "a😀b\r\né\n\rend"


@pytest.mark.parametrize(
    ("units", "character"), [(Units.UTF8, 5), (Units.UTF16, 3), (Units.UTF32, 2)], ids=str
)
def test_a_character_counts_as_many_units_as_its_encoding_takes(units: Units, character: int) -> None:
    text = EditorText(TEXT, units)
    assert text.position(2) == Position(0, character)
    assert text.offset(Position(0, character)) == 2
    assert text.line_and_column(Position(0, character)) == (1, 3)
    assert text.positions(Place(1, 2, 1, 3)) == (Position(0, 1), Position(0, character))


@pytest.mark.parametrize("units", Units, ids=str)
def test_there_and_back_again_for_every_place_between_characters(units: Units) -> None:
    text = EditorText(TEXT, units)
    inside_a_break = {TEXT.index("\r\n") + 1}
    offsets = [offset for offset in range(len(TEXT) + 1) if offset not in inside_a_break]
    assert [text.offset(text.position(offset)) for offset in offsets] == offsets
    assert [text.position(TEXT.index(word)).line for word in ("a", "é", "end")] == [0, 1, 3]


def test_what_is_out_of_range_is_at_the_nearest_end() -> None:
    text = EditorText(TEXT, Units.UTF16)
    assert text.offset(Position(0, 99)) == 3
    assert text.offset(Position(99, 0)) == len(TEXT)
    assert text.position(4) == Position(0, 4)  # within CRLF: the end of the line
    assert text.offset(Position(0, 2)) == 1  # within a character: before it
    assert text.positions(Place(3, 1, 9, 9)) == (Position(2, 0), Position(3, 3))
    assert EditorText("", Units.UTF8).positions(Place()) == (Position(0, 0), Position(0, 0))


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_other_separators_end_no_line(character: str) -> None:
    text = EditorText(f"one{character}two\nthree", Units.UTF16)
    assert text.position(text.text.index("three")) == Position(1, 0)
    assert text.offset(Position(0, 4)) == 4


@pytest.mark.parametrize(("units", "ahead"), [(Units.UTF8, 3), (Units.UTF16, 1), (Units.UTF32, 1)], ids=str)
def test_a_mark_that_an_editor_shows_is_a_character_of_its_first_line_alone(units: Units, ahead: int) -> None:
    text = EditorText("\ufeffone\ntwo", units)
    assert text.text == "one\ntwo"
    assert [text.position(0), text.position(2), text.position(4)] == [(0, ahead), (0, ahead + 2), (1, 0)]
    assert [text.offset(Position(0, each)) for each in (0, ahead, ahead + 2)] == [0, 0, 2]
    assert text.offset(Position(1, 1)) == 5
