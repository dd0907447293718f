"""Places in a text as editors count them: lines and characters from 0, characters in units of an encoding.

okr counts lines and columns from 1, and columns in characters. Lines end at LF, CRLF or CR, for both.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from okr.patterns import LINE_BREAK

if TYPE_CHECKING:
    from okr.diagnostics import Place

_BEYOND_ONE_UNIT = 0xFFFF
MARK = "\ufeff"
"""The byte order mark, which some editors show as a character of the first line, and most don't."""


class Units(StrEnum):
    """What an editor counts characters in."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


class Position(NamedTuple):
    """A place between two characters as an editor names it, both from 0."""

    line: int
    character: int


class EditorText:
    """A text, and the way between offsets, places and positions in it.

    Attributes:
        text: the text without its byte order mark, as okr reads it: offsets and places count from there.
    """

    def __init__(self, text: str, units: Units) -> None:
        self.text = text.removeprefix(MARK)
        self._units = units
        self._ahead = self._width(MARK) if text != self.text else 0
        text = self.text
        breaks = list(LINE_BREAK.finditer(text))
        self._starts = [0, *(found.end() for found in breaks)]
        self._ends = [*(found.start() for found in breaks), len(text)]

    def offset(self, position: Position) -> int:
        """Where a position is in the text, in characters; one beyond a line's end, or the text's, is at that end.

        One within a character is before it.
        """
        if position.line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[position.line], self._ends[position.line]
        left = position.character - (0 if position.line else self._ahead)
        for offset in range(start, end):
            left -= self._width(self.text[offset])
            if left < 0:
                return offset
        return end

    def position(self, offset: int) -> Position:
        """The position of an offset."""
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        before = sum(map(self._width, self.text[start : min(offset, self._ends[line])]))
        return Position(line, before + (0 if line else self._ahead))

    def place_offsets(self, place: Place) -> tuple[int, int]:
        """Where a place begins and ends in the text; as far as the text goes."""
        return self._at(place.line, place.column), self._at(place.end_line, place.end_column)

    def positions(self, place: Place) -> tuple[Position, Position]:
        """Where a place begins and ends."""
        start, end = self.place_offsets(place)
        return self.position(start), self.position(end)

    def line_and_column(self, position: Position) -> tuple[int, int]:
        """The line and column of a position, from 1, the column in characters."""
        offset = self.offset(position)
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def _at(self, line: int, column: int) -> int:
        if line > len(self._starts):
            return len(self.text)
        return min(self._starts[line - 1] + column - 1, self._ends[line - 1])

    def _width(self, character: str) -> int:
        match self._units:
            case Units.UTF8:
                return len(character.encode("utf-8", "surrogatepass"))
            case Units.UTF16:
                return 2 if ord(character) > _BEYOND_ONE_UNIT else 1
            case _:
                return 1
