"""A file's text as a tree of blocks in which every comment hangs on what it speaks of.

Reads only; `layout.py` writes the tree anew, `log_layout.py` takes the records of a log from it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from okr.dataclass import dataclass, field
from okr.documents import LocatedList, LocatedMapping
from okr.edit_text import BLANK, SourceText
from okr.errors import OkrError
from okr.patterns import LINE_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.diagnostics import Place
    from okr.documents import Document

_BLANKS = re.compile(r"[ \t]*")
_COMMENT = re.compile(r"#[^\r\n]*")
_COLON = re.compile(r"[ \t]*:")
_MARKER = re.compile(r"(?:(?:---|\.\.\.)[ \t]*(?:#[^\r\n]*)?|%[^\r\n]*)(?=[\r\n]|\Z)")
"""Lines that begin or end a YAML document, or tell a reader how to read it: kept where they stand."""


class LayoutImpossible(OkrError):
    """A file that can't be laid out anew without risk; it stays as it is.

    Attributes:
        path: the file.
        line: where the trouble is.
    """

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}", "Nothing was changed. `okr validate` tells more.")
        self.path = path
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar, or a list or mapping in brackets, as it is written.

    Attributes:
        source: its text, line breaks included.
        value: what it was read as.
        place: where it stands.
        parent_column: the column of the key or dash that it belongs to, from 0: what its further lines are indented by.
        at_end: whether nothing follows in the file, not even a line break.
    """

    source: str
    value: object
    place: Place
    parent_column: int
    at_end: bool = False


@dataclass(slots=True)
class Block:
    """A list or mapping with a line or more for each entry.

    Attributes:
        is_list: whether its entries begin with dashes.
        column: where its entries begin, from 0.
        entries: from top to bottom.
        trailing: the comments below its last entry that are indented as its entries are; `""` is a blank line.
    """

    is_list: bool
    column: int
    entries: list[Entry] = field(default_factory=list)
    trailing: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """A key with its value, or an item of a list.

    Attributes:
        start: where its key or dash stands in the text.
        column: the same as a column, from 0.
        key: the key as written, and as read; None for an item.
        leading: the comments above it; `""` is a blank line.
        value: None where nothing is written.
        remark: the comment at the end of its line, or of its last one where the value is written over several.
        remark_column: where that comment begins, from 0.
    """

    start: int = 0
    column: int = 0
    key: tuple[str, str] | None = None
    leading: list[str] = field(default_factory=list)
    value: Leaf | Block | None = None
    remark: str = ""
    remark_column: int = 0


class _Comment(NamedTuple):
    text: str
    column: int
    own_line: bool
    after_blank: bool


class Tree:
    """A document's blocks.

    Attributes:
        text: the document's text.
        root: its outermost block.
        comments: every comment outside of brackets, in order.
    """

    def __init__(self, document: Document) -> None:
        """Reads the tree.

        Args:
            document: a readable one whose root is a mapping or list with a line or more for each entry.

        Raises:
            EditImpossible: it is not readable.
            LayoutImpossible: it is written in a way that has no place in the tree, such as keys after `?`.
        """
        self.text = SourceText(document)
        self.comments: list[str] = []
        self._cursor = 0
        self._closed: list[Block] = []
        self._last: Entry | None = None
        root = document.root
        if not isinstance(root, (LocatedMapping, LocatedList)) or root.flow or not root:
            raise self._impossible("there are no lines to lay out")
        self.root = self._block(root)
        self._closed.append(self.root)
        self._lead(Entry(), -1)
        if self._cursor != len(self.text.text):
            raise self._impossible("okr does not know how to lay this out")

    def _impossible(self, reason: str) -> LayoutImpossible:
        return LayoutImpossible(self.text.document.path, self.text.line_at(self._cursor), reason)

    def _block(self, node: LocatedMapping | LocatedList) -> Block:
        block = Block(isinstance(node, LocatedList), node.place.column - 1)
        if isinstance(node, LocatedMapping):
            for key, place in node.keys_at.items():
                block.entries.append(self._keyed(block, key, place, node))
        else:
            for item, place in zip(node, node.items_at, strict=True):
                block.entries.append(self._item(block, item, place))
        return block

    def _keyed(self, block: Block, key: str, place: Place, node: LocatedMapping) -> Entry:
        entry = Entry(column=block.column)
        self._lead(entry, block.column)
        entry.start = self.text.start_of(place)
        end = self.text.offset(place.end_line, place.end_column)
        colon = _COLON.match(self.text.text, end)
        if self._cursor != entry.start or colon is None or place.end_line > place.line:
            raise self._impossible("okr does not know how to lay this key out")
        entry.key = (self.text.text[entry.start : end], key)
        self._cursor = colon.end()
        self._value(entry, node[key], node.values_at[key])
        return entry

    def _item(self, block: Block, item: object, place: Place) -> Entry:
        entry = Entry(column=block.column)
        self._lead(entry, block.column)
        entry.start = self._cursor
        if self.text.text[self._cursor : self._cursor + 1] != "-":
            raise self._impossible("okr does not know how to lay this item out")
        self._cursor += 1
        self._value(entry, item, place)
        return entry

    def _value(self, entry: Entry, value: object, place: Place) -> None:
        self._last = entry
        if isinstance(value, (LocatedMapping, LocatedList)) and not value.flow:
            entry.value = self._block(value)
            self._closed.append(entry.value)
            return
        start, end = self.text.start_of(place), self.text.end_of(value, place)
        if start >= end:
            return
        for comment in self._trivia()[0]:
            entry.leading.append(comment.text)
        if self._cursor != start:
            raise self._impossible("okr does not know how to lay this value out")
        self._cursor = end
        at_end = end == len(self.text.text)
        entry.value = Leaf(self.text.text[start:end], value, place, entry.column, at_end)

    def _lead(self, entry: Entry, column: int) -> None:
        """Reads up to the next entry; each comment on the way goes to what it speaks of."""
        comments, blank = self._trivia()
        if comments and not comments[0].own_line and self._last is not None:
            remark = comments.pop(0)
            self._last.remark, self._last.remark_column = remark.text, remark.column
        closed = sorted(self._closed, key=lambda block: -block.column)
        self._closed = []
        for comment in comments:
            if closed and comment.text[0] != "#":  # the document's end, whatever is indented above it
                closed = closed[-1:]
            while closed and not (column < comment.column and closed[0].column <= comment.column):
                closed.pop(0)
            target = closed[0].trailing if closed else entry.leading
            target += ["", comment.text] if comment.after_blank else [comment.text]
        if blank:
            entry.leading.append("")

    def _trivia(self) -> tuple[list[_Comment], bool]:
        """Passes over blanks and comments; tells whether a blank line comes last."""
        text, position = self.text.text, self._cursor
        comments: list[_Comment] = []
        blank, empty = False, position == 0
        while True:
            found = _BLANKS.match(text, position)
            position = found.end() if found else position
            column = position - self.text.starts[self.text.line_at(position) - 1]
            line_break = LINE_BREAK.match(text, position)
            comment = _COMMENT.match(text, position) or (
                _MARKER.match(text, position) if column == 0 else None
            )
            if line_break is not None:
                blank, empty, position = blank or empty, True, line_break.end()
            elif comment is not None:
                said = comment[0].rstrip(BLANK)
                comments.append(_Comment(said, column, empty, blank))
                blank, empty, position = False, False, comment.end()
            else:
                break
        self.comments += [each.text for each in comments]
        self._cursor = position
        return comments, blank


def comments_within(text: SourceText, value: object, place: Place) -> list[str]:
    """The comments inside a list or mapping in brackets, in order."""
    end = text.offset(place.end_line, place.end_column)
    gaps, position = [], text.start_of(place)
    for start, stop in _spans(text, value, place):
        gaps.append(text.text[position:start])
        position = stop
    gaps.append(text.text[position:end])
    return [found.rstrip(BLANK) for gap in gaps for found in _COMMENT.findall(gap)]


def _spans(text: SourceText, value: object, place: Place) -> Iterator[tuple[int, int]]:
    """Where each key and scalar stands, from left to right."""
    if isinstance(value, LocatedMapping):
        for key, at in value.keys_at.items():
            yield text.start_of(at), text.offset(at.end_line, at.end_column)
            yield from _spans(text, value[key], value.values_at[key])
    elif isinstance(value, LocatedList):
        for item, at in zip(value, value.items_at, strict=True):
            yield from _spans(text, item, at)
    else:
        yield text.start_of(place), text.offset(place.end_line, place.end_column)
