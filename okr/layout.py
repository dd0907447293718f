"""One canonical layout for plans, settings and the like: the same data, every comment, other lines.

Keys in one order, two spaces of indentation, lists indented below their key. Quotes, numbers and texts stay as they are
written, and what stands in braces stays there where it fits. What is laid out is read again before anybody sees it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.documents import LocatedList, LocatedMapping, read_document
from okr.edit_text import BLANK, SourceText
from okr.layout_tree import Block, Entry, LayoutImpossible, Leaf, Tree
from okr.patterns import LINE_BREAK
from okr.yaml_writing import WIDEST_FLOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from okr.diagnostics import Place
    from okr.documents import Document
    from okr.edits import Steps

_STEP = 2
"""Spaces by which each level is indented."""
_BETWEEN = re.compile(r"[\s,]*:?\s*")
_SILENCES = re.compile(r"#\s*okr:\s*ignore\[")
_DIGIT = re.compile(r"[1-9]")
_NO_LAST_BREAK = re.compile(r"^([|>][1-9]?)[+-]?([1-9]?)")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a mapping's keys are called, in the order in which they are written.

    Attributes:
        keys: the order; other keys go below, as they stand.
        inner: the shapes of the mappings, or lists of mappings, that its keys hold.
        spaced: whether a blank line parts it from its neighbours in a list.
    """

    keys: tuple[str, ...] = ()
    inner: Mapping[str, Shape] = field(default_factory=dict)
    spaced: bool = False

    def below(self, key: str) -> Shape:
        """The shape of what a key holds."""
        return self.inner.get(key, _ANY)

    def at(self, steps: Steps) -> Shape:
        """The shape of what stands at some steps: keys, and positions in lists."""
        shape = self
        for step in steps:
            if isinstance(step, str):
                shape = shape.below(step)
        return shape

    def rank(self, key: str) -> int:
        """Where a key stands in the order."""
        return self.keys.index(key) if key in self.keys else len(self.keys)

    def ordered(self, keys: Iterable[str]) -> list[str]:
        """Some keys in the order."""
        return sorted(keys, key=self.rank)


_ANY = Shape()


def laid_out(document: Document, shape: Shape) -> bytes:
    """A file's content in the canonical layout.

    Args:
        document: the file.
        shape: what it is.

    Returns:
        The whole content: the same bytes where the layout is canonical, or where there is nothing to lay out.

    Raises:
        EditImpossible: the file can't be read.
        LayoutImpossible: it is written in a way that can't be laid out without changing what it says.
    """
    source = SourceText(document)
    if not isinstance(document.root, (LocatedMapping, LocatedList)) or document.root.flow:
        return document.content
    tree = Tree(document)
    header, tree.root.entries[0].leading = (
        tree.root.entries[0].leading,
        [],
    )  # it speaks of the file, not of a key
    leading, lines = _Writer(source).block(tree.root, 0, shape)
    text = source.newline(1).join([*_opened(_indented([*header, *leading], 0)), *lines, ""])
    if text == document.text:
        return document.content
    content = (b"\xef\xbb\xbf" if document.byte_order_mark else b"") + text.encode()
    _check(tree, read_document(document.path, content), shape)
    return content


def _check(tree: Tree, after: Document, shape: Shape) -> None:
    """Refuses a layout that says anything else than the file, or less."""
    before = tree.text.document
    if after.readable and same_data(before.root, after.root, shape):
        if Counter(tree.comments) == Counter(Tree(after).comments):
            return
        raise LayoutImpossible(before.path, 1, "a comment would be lost")
    raise LayoutImpossible(before.path, 1, "it would say something else when laid out anew")


def same_data(one: object, other: object, shape: Shape = _ANY) -> bool:
    """Whether two data are equal; keys may be in another order only where a shape gives them one."""
    if isinstance(one, dict) and isinstance(other, dict):
        ordered = bool(shape.keys) or list(one) == list(other)
        return (
            ordered
            and one.keys() == other.keys()
            and all(same_data(one[key], other[key], shape.below(key)) for key in one)
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(
            same_data(mine, theirs, shape) for mine, theirs in zip(one, other, strict=True)
        )
    return type(one) is type(other) and (one == other or (one != one and other != other))  # noqa: PLR0124 # what is no number is not itself


class _Writer:
    """Writes blocks as lines, from the columns that they are to have."""

    def __init__(self, text: SourceText) -> None:
        self._text = text

    def block(self, block: Block, column: int, shape: Shape) -> tuple[list[str], list[str]]:
        """The comments above a block's first entry, unindented, and its lines from there on."""
        above: list[str] = []
        lines: list[str] = []
        before: Entry | None = None
        for entry in _ordered(block.entries, shape):
            leading, own = self._entry(entry, column, shape)
            if before is None:
                above = leading
            else:
                parted = block.is_list and shape.spaced and _is_long(before, entry) and not _keeps(before)
                lines += _indented(["", *leading] if parted else leading, column)
            lines += own
            before = entry
        return above, lines + _indented(block.trailing, column)

    def _entry(self, entry: Entry, column: int, shape: Shape) -> tuple[list[str], list[str]]:
        """The comments above an entry, unindented, and its lines."""
        inner = shape.below(entry.key[1]) if entry.key else shape
        value = entry.value
        if isinstance(value, Leaf):
            written = self._leaf(value, entry, column, inner)
            if isinstance(written, list):
                lines = [" " * column + f"{_head(entry)} {written[0]}", *written[1:]]
                lines[-1] = _remarked(lines[-1], entry, column)
                return entry.leading, lines
            value = written
        first = " " * column + _head(entry)
        if value is None:
            return entry.leading, [_remarked(first, entry, column)]
        above, lines = self.block(value, column + _STEP, inner)
        # What speaks of a whole that was on one line stands above it once it has several.
        remark = [entry.remark] if entry.remark and (entry.key is None or value is not entry.value) else []
        if entry.key is not None:
            opening = first if remark else _remarked(first, entry, column)
            return [*entry.leading, *remark], [opening, *_indented(_opened(above), column + _STEP), *lines]
        joined = first + lines[0][len(first) :]
        if len(above) == 1 and _SILENCES.match(above[0]) and "#" not in lines[0]:
            # Above the dash it would silence a rule for the whole item.
            joined, above = f"{joined}  {above[0]}", []
        return [*entry.leading, *remark, *above], [joined, *lines[1:]]

    def _leaf(self, leaf: Leaf, entry: Entry, column: int, shape: Shape) -> list[str] | Block:
        """A value's lines, the first one without its key or dash; a block where it is too wide for braces."""
        if isinstance(leaf.value, (LocatedMapping, LocatedList)):
            line = self._compact(leaf.value, leaf.place, shape)
            if line is None:
                return _shifted(leaf, column)
            if not leaf.value or column + len(_head(entry)) + 1 + len(line) <= WIDEST_FLOW:
                return [line]
            return self._opened_up(leaf.value)
        first, *others = LINE_BREAK.split(leaf.source)
        if first[0] in "|>":
            return [_header(first, leaf), *_reindented(others, first, leaf.parent_column, column)]
        # How the further lines of a text are indented means nothing, and neither do blanks at their ends.
        pad = " " * (column + _STEP)
        return [_without_blanks(first)] + [
            pad + bare if (bare := _without_blanks(each.lstrip(BLANK))) else "" for each in others
        ]

    def _compact(self, value: object, place: Place, shape: Shape) -> str | None:
        """A value on one line, keys in order; None where a comment or a text of several lines stands in the way."""
        start, end = self._text.start_of(place), self._text.offset(place.end_line, place.end_column)
        source = self._text.text[start:end]
        if not isinstance(value, (LocatedMapping, LocatedList)):
            return None if LINE_BREAK.search(source) else source
        if source[:1] not in {"{", "["}:
            return None
        parts: list[tuple[str, str]] = []
        position = start + 1
        for key, key_place, item, item_place in _children(value):
            name = ""
            if key_place is not None:
                at = self._text.start_of(key_place)
                behind = self._text.offset(key_place.end_line, key_place.end_column)
                name = self._text.text[at:behind]
                if not _BETWEEN.fullmatch(self._text.text, position, at) or LINE_BREAK.search(name):
                    return None
                position = behind
            at = max(self._text.start_of(item_place), position)
            written = self._compact(item, item_place, shape.below(key) if key_place else shape)
            if written is None or not _BETWEEN.fullmatch(self._text.text, position, at):
                return None
            parts.append((key, f"{name}: {written}" if name and written else name or written))
            position = max(self._text.offset(item_place.end_line, item_place.end_column), position)
        if not _BETWEEN.fullmatch(self._text.text, position, end - 1):
            return None
        if isinstance(value, LocatedMapping):
            parts.sort(key=lambda part: shape.rank(part[0]))
        return source[0] + ", ".join(part for _, part in parts) + source[-1]

    def _opened_up(self, value: LocatedMapping | LocatedList) -> Block:
        """What stands in braces, with a line for each entry."""
        block = Block(isinstance(value, LocatedList), 0)
        for key, key_place, item, item_place in _children(value):
            name = None
            if key_place is not None:
                end = self._text.offset(key_place.end_line, key_place.end_column)
                name = (self._text.text[self._text.start_of(key_place) : end], key)
            start, end = (
                self._text.start_of(item_place),
                self._text.offset(item_place.end_line, item_place.end_column),
            )
            source = self._text.text[start:end]
            block.entries.append(Entry(key=name, value=Leaf(source, item, item_place, 0) if source else None))
        return block


def _children(value: LocatedMapping | LocatedList) -> Iterator[tuple[str, Place | None, object, Place]]:
    """The key, its place, the value and its place of each entry; items of lists have no key."""
    if isinstance(value, LocatedMapping):
        for key, place in value.keys_at.items():
            yield key, place, value[key], value.values_at[key]
    else:
        for item, place in zip(value, value.items_at, strict=True):
            yield "", None, item, place


def _ordered(entries: Sequence[Entry], shape: Shape) -> list[Entry]:
    if any(entry.key is None for entry in entries):
        return list(entries)
    return sorted(entries, key=lambda entry: shape.rank(entry.key[1] if entry.key else ""))


def _head(entry: Entry) -> str:
    return f"{entry.key[0]}:" if entry.key else "-"


def _remarked(line: str, entry: Entry, column: int) -> str:
    """A line with the comment at its end, moved as far as the line itself, so that columns of comments stay ones."""
    if not entry.remark:
        return line
    gap = entry.remark_column + column - entry.column - len(line)
    return line + " " * (gap if gap > 0 else 2) + entry.remark


def _is_long(*entries: Entry) -> bool:
    return any(isinstance(entry.value, Block) for entry in entries)


def _keeps(entry: Entry) -> bool:
    """Whether an entry ends with a text to which the blank lines below belong."""
    value = entry.value
    while isinstance(value, Block) and not value.trailing:
        value = value.entries[-1].value
    return isinstance(value, Leaf) and value.source[0] in "|>" and "+" in LINE_BREAK.split(value.source)[0]


def _opened(comments: Sequence[str]) -> list[str]:
    """Comments without the blank lines above them."""
    start = next((number for number, each in enumerate(comments) if each), len(comments))
    return list(comments[start:])


def _indented(comments: Iterable[str], column: int) -> list[str]:
    """Comments at a column, with never more than one blank line in a row."""
    found: list[str] = []
    for each in comments:
        if each or not found or found[-1]:
            found.append(" " * column + each if each else "")
    return found


def _header(first: str, leaf: Leaf) -> str:
    """The `|` or `>` of a text; one that the file ends with, without a line break, gets none to keep."""
    bare = first.rstrip(BLANK)
    return _NO_LAST_BREAK.sub(r"\1-\2", bare) if leaf.at_end else bare


def _reindented(lines: Sequence[str], header: str, old: int, new: int) -> list[str]:
    """The lines of a text below `|` or `>`; blanks beyond their indentation belong to the text."""
    digit = _DIGIT.search(header.partition("#")[0])
    first = next((line for line in lines if line.strip(" ")), "")
    depth = old + int(digit[0]) if digit else len(first) - len(first.lstrip(" "))
    pad = " " * (new + int(digit[0]) if digit else new + _STEP)
    return [pad + line[depth:] if line[depth:] else "" for line in lines]


def _shifted(leaf: Leaf, column: int) -> list[str]:
    """Brackets over several lines that can't be joined, moved as a whole."""
    first, *others = LINE_BREAK.split(leaf.source)
    moved = [_without_blanks(first)]
    for line in others:
        bare = _without_blanks(line.lstrip(BLANK))
        width = max(len(line) - len(line.lstrip(BLANK)) + column - leaf.parent_column, 0)
        moved.append(" " * width + bare if bare else "")
    return moved


def _without_blanks(line: str) -> str:
    """A line without the blanks at its end, unless a backslash makes them part of a text."""
    bare = line.rstrip(BLANK)
    return line if bare.endswith("\\") else bare
