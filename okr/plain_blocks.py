"""The fastest way into located data: plans as they mostly are, keys in blocks, taken apart all at once.

A form that `plain_lines.py` reads as well, to the very same data; where the parts stand is worked out when somebody asks.
"""

from __future__ import annotations

from re import MULTILINE
from sys import intern
from typing import TYPE_CHECKING, Any

from okr.diagnostics import Place
from okr.located import LocatedList, LocatedMapping
from okr.patterns import pattern
from okr.plain_lines import (
    DEEPEST,
    LARGEST_PLAIN,
    LEFT_TO_THE_PARSER,
    RECORD,
    NotPlainError,
    flow_mapping,
    read_value,
    resolved,
)

# As in `plain_lines.py`, but that the line ends with it.
_PLAIN = r"(?:[\w+./($€£]|-[0-9])[^#:\t\n]*(?::[^\s#:][^#:\t\n]*)*(?<! )"
_ROW = pattern(rf"^( *)(?:(- )?([a-z][a-z0-9_-]*):(?= |$)(?: ({_PLAIN})$|(.*)$)|(.*)$)", MULTILINE)

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = tuple[str, str, str, str, str, str]
"""A line: its indentation, a dash, a key, a plain value or else whatever stands behind the key; a line without a key."""

_NOTHING: Any = frozenset()


class _Block(LocatedMapping):
    """A mapping in a block.

    Attributes:
        rows: the lines of the file.
        first: the line of its first key, from 0.
        indent: how far its keys are indented.
    """

    __slots__ = ("first", "indent", "rows")

    def __init__(self, rows: list[Row], first: int, indent: int) -> None:
        self.rows = rows
        self.first = first
        self.indent = indent
        self.flow = False
        self.damaged = _NOTHING

    def says(self, key: str) -> bool:
        """Whether a key is written."""
        return key in self

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 # a place, or those of all keys or values
        """Where its parts stand, where nobody has asked so far."""
        if name not in {"place", "keys_at", "values_at"}:
            raise AttributeError(name, obj=self, name=name)
        keys_at: dict[str, Place] = {}
        values_at: dict[str, Place] = {}
        last = Place()
        for number in self._lines():
            key = self.rows[number][2]
            keys_at[key] = Place(number + 1, self.indent + 1, number + 1, self.indent + 1 + len(key))
            last = values_at[key] = self._value_on(number)
        self.keys_at, self.values_at = keys_at, values_at
        self.place = Place(self.first + 1, self.indent + 1, last.end_line, last.end_column)
        return getattr(self, name)

    @property
    def line(self) -> int:
        """The line on which it begins, without working out its end."""
        return self.first + 1

    def value_at(self, key: str) -> Place | None:
        """The place of a key's value, without working out those of all others."""
        if key not in self:
            return None
        return self._value_on(next(number for number in self._lines() if self.rows[number][2] == key))

    def _lines(self) -> Iterator[int]:
        """The lines on which its own keys stand; those further in are its values'."""
        yield self.first
        for number in range(self.first + 1, len(self.rows)):
            spaces, dash, key, _, _, other = self.rows[number]
            if len(spaces) < self.indent and (key or other[:1] == "-"):
                break
            if key and len(spaces) + len(dash) == self.indent:
                yield number

    def _value_on(self, number: int) -> Place:
        """The place of the value of the key on a line."""
        _, _, key, plain, rest, _ = self.rows[number]
        end = self.indent + len(key)
        if plain:
            return Place(number + 1, end + 3, number + 1, end + 3 + len(plain))
        found = _behind(rest, number + 1, end + 1)
        place: Place = self[key].place if found is None else found[1]
        return place


class _Items(LocatedList):
    """A list in a block, an item a line or mapping.

    Attributes:
        first: the line of its first item, from 0.
        indent: how far its dashes are indented.
    """

    __slots__ = ("first", "indent")

    def __init__(self, first: int, indent: int) -> None:
        self.first = first
        self.indent = indent
        self.flow = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 # as above
        """Where it stands, or its items, where nobody has asked so far."""
        if name not in {"place", "items_at"}:
            raise AttributeError(name, obj=self, name=name)
        self.items_at = [item.place for item in self]
        last = self.items_at[-1]
        self.place = Place(self.first + 1, self.indent + 1, last.end_line, last.end_column)
        return getattr(self, name)


def read_plain_blocks(text: str) -> LocatedMapping | None:
    """A file of this form as located data; None for any other file."""
    if len(text) > LARGEST_PLAIN or LEFT_TO_THE_PARSER.search(text):
        return None
    building = _Building(_ROW.findall(text))
    try:
        return building.build()
    except NotPlainError:
        return None


class _Building:
    """Puts lines together.

    Attributes:
        rows: the lines.
        top: the innermost container that is open; its indentation is `indent`.
        waiting: its key whose value is to come on the lines below.
        around: those that it stands in, each with its indentation.
    """

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.top: Any = None
        self.indent = -1
        self.waiting: str | None = None
        self.around: list[tuple[Any, int]] = []

    def build(self) -> LocatedMapping | None:
        """All that the lines say; None where that is nothing.

        Raises:
            NotPlainError: they are not of this form.
        """
        top: Any = None
        for number, (spaces, dash, key, plain, rest, other) in enumerate(self.rows):
            start = len(spaces)
            if not key:
                if other[:1] not in {"", "#"}:
                    top = self._list_at(start, number)
                    top.append(_record(spaces + other, number + 1, start))
                continue
            if dash or start != self.indent or self.waiting is not None:
                top = self._item(start, number) if dash else self._block_at(start, number)
            elif type(top) is not _Block:
                top = self._block_at(start, number)
            if key in top:
                raise NotPlainError
            if plain:
                top[intern(key)] = resolved(plain)
            elif (found := _behind(rest, number + 1, start + len(dash) + len(key) + 1)) is not None:
                top[intern(key)] = found[0]
            else:
                self.waiting = intern(key)
        if self.waiting is not None:
            raise NotPlainError
        root: LocatedMapping | None = self.around[0][0] if self.around else top
        return root

    def _item(self, start: int, number: int) -> _Block:
        """A mapping that begins behind a dash."""
        items = self._list_at(start, number)
        block = _Block(self.rows, number, start + 2)
        items.append(block)
        self._open(block, start + 2)
        return block

    def _list_at(self, start: int, number: int) -> _Items:
        """The list whose dashes stand so far in."""
        if self.waiting is not None:
            self._open(self._value(_Items(number, start), start), start)
        self._close_down_to(start)
        if self.indent != start or type(self.top) is not _Items:
            raise NotPlainError
        return self.top

    def _block_at(self, start: int, number: int) -> _Block:
        """The mapping whose keys stand so far in."""
        if self.waiting is not None:
            self._open(self._value(_Block(self.rows, number, start), start), start)
        elif self.top is None and not start:
            self._open(_Block(self.rows, number, start), start)
        self._close_down_to(start)
        if self.indent != start or type(self.top) is not _Block:
            raise NotPlainError
        return self.top

    def _value(self, opened: _Block | _Items, start: int) -> _Block | _Items:
        """Gives what begins here to the key that waits for it."""
        if start <= self.indent:
            raise NotPlainError
        self.top[self.waiting] = opened
        self.waiting = None
        return opened

    def _open(self, opened: _Block | _Items, indent: int) -> None:
        if len(self.around) >= DEEPEST - 1:
            raise NotPlainError
        if self.top is not None:
            self.around.append((self.top, self.indent))
        self.top, self.indent = opened, indent

    def _close_down_to(self, indent: int) -> None:
        while self.indent > indent and self.around:
            self.top, self.indent = self.around.pop()


def _behind(rest: str, number: int, start: int) -> tuple[Any, Place] | None:
    """What stands behind a key's colon; None where it is to come on the lines below."""
    if not rest:
        return None
    line = " " * start + rest
    return read_value(line, number, len(line) - len(rest.lstrip(" ")))


def _record(line: str, number: int, start: int) -> LocatedMapping:
    """An item in braces."""
    if RECORD.fullmatch(line) is None:
        raise NotPlainError
    return flow_mapping(line, number, start + 2, len(line))
