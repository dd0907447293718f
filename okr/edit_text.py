"""A document's text by lines, and the questions that edits ask of it: where things end, how it is indented.

Looks only; the edits themselves are `edits.py`'s.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, replace
from okr.documents import LocatedList, LocatedMapping
from okr.errors import OkrError
from okr.patterns import LINE_BREAK
from okr.yaml_writing import Layout

if TYPE_CHECKING:
    from okr.diagnostics import Place
    from okr.documents import Document

BLANK = " \t"
_MOST_BLANK_LINES = 2


class EditImpossible(OkrError):
    """A change that can't be made without risk to the rest of the file; nothing has been changed.

    Attributes:
        path: the file.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} can't be changed safely: {reason}",
            "Nothing was written. Make this change in an editor, then run `okr validate`.",
        )
        self.path = path


def newline_of(text: str) -> str:
    """The line break that ends a text's first line; a line feed where it has only one line."""
    found = LINE_BREAK.search(text)
    return found[0] if found else "\n"


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a document's text, in characters, and what stands there afterwards."""

    offset: int
    end: int
    text: str


class SourceText:
    """A document's text by lines, with the questions that edits ask of it."""

    def __init__(self, document: Document, *, blocks: bool = True) -> None:
        if not document.readable:
            raise EditImpossible(document.path, "it has errors; `okr validate` shows them")
        self.document = document
        self.text = document.text
        self.starts = [0, *(found.end() for found in LINE_BREAK.finditer(self.text))]
        self.layout = replace(_layout_of(document.root), blocks=blocks)

    def offset(self, line: int, column: int) -> int:
        """Where a place is in the text; lines and columns count from 1."""
        return self.starts[line - 1] + column - 1 if line <= len(self.starts) else len(self.text)

    def line_at(self, offset: int) -> int:
        """The number of the line that holds an offset."""
        return bisect_right(self.starts, offset)

    def end_of_line(self, line: int) -> int:
        """Where a line ends, before its line break."""
        following = LINE_BREAK.search(self.text, self.starts[line - 1])
        return following.start() if following else len(self.text)

    def line(self, line: int) -> str:
        """A line without its line break."""
        return self.text[self.starts[line - 1] : self.end_of_line(line)]

    def newline(self, line: int) -> str:
        """The line break that ends a line; that of the file's first line where it has none."""
        found = LINE_BREAK.match(self.text, self.end_of_line(line))
        return found[0] if found else newline_of(self.text)

    @property
    def last_line_of_text(self) -> int:
        """The last line that is not blank; 1 where there is none."""
        return self.line_at(len(self.text.rstrip(" \t\r\n")))

    def start_of(self, place: Place) -> int:
        """Where a place begins in the text."""
        return self.offset(place.line, place.column)

    def end_of(self, value: object, place: Place) -> int:
        """Where a value's own text ends; blank lines below a block scalar are no part of it unless it keeps them."""
        while isinstance(value, (LocatedMapping, LocatedList)) and value and not value.flow:
            value, place = _last_of(value)
        start, end = self.start_of(place), self.offset(place.end_line, place.end_column)
        if self.text[start : start + 1] not in {"|", ">"} or end == start:
            return end
        header = self.text[start : self.end_of_line(place.line)].partition("#")[0]
        if "+" in header:
            return self.end_of_line(self.line_at(end) - 1) if end in self.starts else end
        return self.end_of_line(self.line_at(start + len(self.text[start:end].rstrip(" \t\r\n")) - 1))

    def tail(self, line: int, column: int) -> int:
        """The last line of what ends on a line, with the comments below it that stand right of a column."""
        last = line
        for number in range(line + 1, len(self.starts) + 1):
            content = self.line(number)
            bare = content.lstrip(BLANK)
            if bare.startswith("#") and len(content) - len(bare) >= column:
                last = number
            elif bare:
                break
        return last

    def only_comments_below(self, line: int) -> bool:
        """Whether nothing but comments and blank lines follows."""
        below = (self.line(number).lstrip(BLANK) for number in range(line + 1, len(self.starts) + 1))
        return all(bare.startswith("#") or not bare for bare in below)

    def item_lines(self, target: LocatedList, index: int) -> tuple[int, int]:
        """The first and last line of an item of a block list, with the comments right above it and below it."""
        column = target.place.column
        first = target.items_at[index].line
        while not self.line(first).lstrip(BLANK).startswith("-"):  # a dash may stand alone above its item
            first -= 1
        above = 0
        if index:
            end = self.end_of(target[index - 1], target.items_at[index - 1])
            above = self.tail(self.line_at(end), column)
        while first - 1 > above and self.line(first - 1).lstrip(BLANK).startswith("#"):
            first -= 1
        last = self.tail(self.line_at(self.end_of(target[index], target.items_at[index])), column)
        return first, last

    def blank_lines(self, first: int, last: int) -> int:
        """How many lines between two are blank, up to two."""
        blank = sum(not self.line(number).strip(BLANK) for number in range(first + 1, last))
        return min(blank, _MOST_BLANK_LINES)

    def below(self, line: int, lines: list[str], gap: int = 0) -> Edit:
        """Whole lines, inserted below a line after some blank ones."""
        newline = self.newline(line)
        new = newline * gap + "".join(each + newline for each in lines)
        end = self.end_of_line(line)
        if end < len(self.text):
            offset = self.starts[line]
            return Edit(offset, offset, new)
        return Edit(end, end, (newline if self.line(line) else "") + new)


def layout_of_items(text: SourceText, target: LocatedList) -> Layout:
    """The file's layout, with the indentation that the last mapping of this list has within its item."""
    for each in reversed(target):
        if isinstance(each, LocatedMapping) and not target.flow:
            return replace(text.layout, item=each.place.column - target.place.column)
    return text.layout


def _layout_of(root: object) -> Layout:
    """How a file indents: each distance as it is where the file has one, from top to bottom."""
    found: dict[str, int] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, LocatedMapping) and not node.flow:
            for key, value in node.items():
                _note_distance(found, node.keys_at[key].column, value, "sequence", "mapping")
            waiting += node.values()
        elif isinstance(node, LocatedList) and not node.flow:
            for value in node:
                _note_distance(found, node.place.column, value, "", "item")
            waiting += node
    return Layout(**found)  # type: ignore[arg-type] # distances only


def _note_distance(
    found: dict[str, int], column: int, value: object, for_list: str, for_mapping: str
) -> None:
    if isinstance(value, (LocatedMapping, LocatedList)) and value and not value.flow:
        name = for_list if isinstance(value, LocatedList) else for_mapping
        if name:
            found.setdefault(name, value.place.column - column)


def _last_of(value: LocatedMapping | LocatedList) -> tuple[object, Place]:
    if isinstance(value, LocatedMapping):
        key = next(reversed(value.keys_at))
        return value[key], value.values_at[key]
    return value[-1], value.items_at[-1]
