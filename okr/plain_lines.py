"""The fast way into located data: files in which each line says one thing by itself, as people and `okr` write them.

Whatever is not of exactly this form is left to the parser; what is comes to the very data that the parser gives, and
tests hold the two against each other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, Any

from okr.diagnostics import Place
from okr.located import LocatedList, LocatedMapping, resolve
from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_PLAIN = 1_800_000
"""Characters; each value takes three of them, so that no more values than a document may hold fit in."""
DEEPEST = 20

_NAME = r"[a-z][a-z0-9_-]*"
# Plain scalars that mean the same to every parser. In braces and brackets: without colon, comma, bracket and quote.
_INNER = r"(?:[^\W_]|-[0-9])(?:[\w .;!/()+%&@=~*€$£«»’'…–—-]*[\w.;!/()+%&@=~*€$£«»’'…–—-])?"
# Elsewhere: without `: `, and without `#`, which may begin a comment.
_OUTER = r"(?:[\w+./($€£]|-[0-9])[^#:\t]*(?::[^\s#:][^#:\t]*)*"
_DOUBLE, _SINGLE = r'[^"\\]+', "[^']+"
_ANY_ITEM = rf'(?:{_INNER}|"{_DOUBLE}")'
_PAIRS = rf"\{{{_NAME}: {_ANY_ITEM}(?:, {_NAME}: {_ANY_ITEM})*\}}"
_ITEMS = rf"\[(?:{_ANY_ITEM}(?:, {_ANY_ITEM})*)?\]"

RECORD = pattern(rf"( *)- {_PAIRS}")
_PAIR = pattern(rf'({_NAME}): (?:({_INNER})|"({_DOUBLE})")(?:, |\}})')
_ITEM = pattern(rf'(?:({_INNER})|"({_DOUBLE})")(?:, |\])')
_ENTRY = pattern(rf"( *)(- )?(?:({_NAME}):(?: +|$))?")
_VALUE = pattern(
    rf"(?:({_OUTER})|\"({_DOUBLE})\"|'({_SINGLE})'|({_PAIRS})|({_ITEMS})) *(?:(?<= )#.*)?", re.DOTALL
)
_NO_VALUE = pattern(r" *(?:(?<= )#.*)?")
_PLAIN, _OTHERWISE_QUOTED, _MAPPING = 1, 3, 4
# A text of several lines, as the closing of a cycle writes it: the last thing in its file, all of it further in.
_LAST_TEXT = pattern(rf"^({_NAME}): \|\n((?=( +)[^ \n])(?:(?:\3 *[^ \n].*)?\n)*(?<!\n\n))\Z", re.MULTILINE)
LEFT_TO_THE_PARSER = pattern("[\t\r\x85\u2028\u2029]")


resolved = lru_cache(maxsize=8192)(resolve)
"""Most scalars stand in many lines: ids, days, confidences. One object each, as for keys, keeps large logs small."""


class NotPlainError(Exception):
    """A line is not of this form."""


class _Braced(LocatedMapping):
    """A mapping in braces on one line; where its parts stand is worked out when somebody asks for it."""

    __slots__ = ("_found", "_line")

    def __init__(self, pairs: Iterable[tuple[str, Any]], line: str, place: Place) -> None:
        dict.__init__(self, pairs)
        self.place = place
        self.flow = True
        self._line = line
        self._found: tuple[dict[str, Place], dict[str, Place]] | None = None

    @property
    def keys_at(self) -> dict[str, Place]:  # type: ignore[override] # worked out late, and never put in place
        """The place of each key."""
        return self._places()[0]

    @property
    def values_at(self) -> dict[str, Place]:  # type: ignore[override] # as above
        """The place of each value, quotes included."""
        return self._places()[1]

    @property
    def damaged(self) -> set[str]:  # type: ignore[override] # as above
        """None: a line with a value that can't be read is not of this form."""
        return set()

    def says(self, key: str) -> bool:
        """Whether a key is written."""
        return key in self

    def _places(self) -> tuple[dict[str, Place], dict[str, Place]]:
        if self._found is None:
            number, start, _, end = self.place
            keys: dict[str, Place] = {}
            values: dict[str, Place] = {}
            for pair in _PAIR.finditer(self._line, start, end - 1):
                key = pair[1]
                keys[key] = Place(number, pair.start(1) + 1, number, pair.end(1) + 1)
                values[key] = _place_of(pair, number, 2)
            self._found = keys, values
        return self._found


def read_plain_lines(text: str) -> LocatedMapping | LocatedList | None:
    """A file of this form as located data; None for any other file."""
    if len(text) > LARGEST_PLAIN or LEFT_TO_THE_PARSER.search(text):
        return None
    lines = _Lines()
    last = _LAST_TEXT.search(text) if ": |\n" in text else None
    above = text if last is None else text[: last.start()]
    try:
        for number, line in enumerate(above.split("\n"), start=1):
            lines.read(line, number)
        if last is not None:
            lines.read_text(
                last[1], last[2].replace(f"\n{last[3]}", "\n")[len(last[3]) :], above.count("\n") + 1
            )
        return lines.end()
    except NotPlainError:
        return None


class _Open:
    """A container that is being read.

    Attributes:
        indent: how far its keys, or the dashes of its items, are indented.
        key: the key whose value is to come, in a mapping.
    """

    __slots__ = ("indent", "key", "value")

    def __init__(self, value: LocatedMapping | LocatedList, indent: int) -> None:
        self.value = value
        self.indent = indent
        self.key: str | None = None


class _Lines:
    """Builds located data line by line."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._root: LocatedMapping | LocatedList | None = None

    def read(self, line: str, number: int) -> None:
        """Takes in a line.

        Raises:
            NotPlainError: it is not of this form, or does not follow from those above it.
        """
        record = RECORD.fullmatch(line)
        if record is not None:
            indent = record.end(1)
            items = self._list_at(indent, number)
            item = flow_mapping(line, number, indent + 2, len(line))
            items.append(item)
            items.items_at.append(item.place)
            return
        entry = _ENTRY.match(line)
        if entry is None:
            raise NotPlainError
        indent, (_, dash, key) = entry.end(1), entry.groups()
        if dash is None and key is None:
            if line[indent : indent + 1] not in {"", "#"}:
                raise NotPlainError
            return
        holder: LocatedList | None = None
        if dash is not None:
            holder = self._list_at(indent, number)
            indent += 2
            if key is not None:
                self._push(LocatedMapping(Place(number, indent + 1, number, indent + 1)), indent, item=True)
        if key is not None:
            self._new_key(key, indent, number)
        self._value(line, number, entry.end(), holder if key is None else None)

    def read_text(self, key: str, text: str, number: int) -> None:
        """Takes in the last key of the outermost mapping, on a line, with a text of several lines below it.

        Raises:
            NotPlainError: it does not follow from the lines above it.
        """
        self._new_key(key, 0, number)
        self._put(text, Place(number, len(key) + 3, number + text.count("\n") + 1, 1))

    def end(self) -> LocatedMapping | LocatedList | None:
        """All that was read; None where that is nothing."""
        self._close_down_to(-1)
        return self._root

    def _value(self, line: str, number: int, start: int, holder: LocatedList | None) -> None:
        """Reads what stands behind a key or a dash; behind a key it may be on the lines below."""
        found = read_value(line, number, start)
        if found is None:
            if holder is not None:
                raise NotPlainError
            return
        value, place = found
        if holder is None:
            self._put(value, place)
        else:
            holder.append(value)
            holder.items_at.append(place)

    def _list_at(self, indent: int, number: int) -> LocatedList:
        """The list whose items' dashes stand so far in; opened where it begins here."""
        self._close_down_to(indent)
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.value, LocatedList) and top.indent == indent:
            return top.value
        items = LocatedList(Place(number, indent + 1, number, indent + 1))
        self._push(items, indent)
        return items

    def _new_key(self, key: str, indent: int, number: int) -> None:
        self._close_down_to(indent)
        top = self._open[-1] if self._open else None
        if top is None or top.indent != indent or not isinstance(top.value, LocatedMapping):
            top = self._push(LocatedMapping(Place(number, indent + 1, number, indent + 1)), indent)
        mapping = top.value
        if not isinstance(mapping, LocatedMapping) or top.key is not None or key in mapping.keys_at:
            raise NotPlainError
        mapping.keys_at[key] = Place(number, indent + 1, number, indent + len(key) + 1)
        top.key = intern(key)

    def _push(self, value: LocatedMapping | LocatedList, indent: int, *, item: bool = False) -> _Open:
        """Opens a container: the root, the value of the key above it, or the item behind a dash."""
        above = self._open[-1] if self._open else None
        if above is None:
            fits = self._root is None and (not indent or isinstance(value, LocatedList))
            self._root = value
        elif isinstance(above.value, LocatedList):
            fits = item
        else:
            fits = above.key is not None and indent > above.indent
        if not fits or len(self._open) >= DEEPEST:
            raise NotPlainError
        opened = _Open(value, indent)
        self._open.append(opened)
        return opened

    def _put(self, value: object, place: Place) -> None:
        """Gives the innermost key its value."""
        top = self._open[-1]
        if not isinstance(top.value, LocatedMapping) or top.key is None:
            raise NotPlainError
        top.value[top.key] = value
        top.value.values_at[top.key] = place
        top.key = None

    def _close_down_to(self, indent: int) -> None:
        """Ends what is indented further: with its last value, or last item."""
        while self._open and self._open[-1].indent > indent:
            ended = self._open.pop()
            value, first = ended.value, ended.value.place
            if ended.key is not None:  # a key without a value
                raise NotPlainError
            last = (
                value.items_at[-1]
                if isinstance(value, LocatedList)
                else next(reversed(value.values_at.values()))
            )
            value.place = Place(first.line, first.column, last.end_line, last.end_column)
            if self._open:
                above = self._open[-1].value
                if isinstance(above, LocatedList):
                    above.append(value)
                    above.items_at.append(value.place)
                else:
                    self._put(value, value.place)


def read_value(line: str, number: int, start: int) -> tuple[Any, Place] | None:
    """What stands behind a key or a dash, and where; None where nothing does but a comment.

    Args:
        line: the line.
        number: which one it is, from 1.
        start: how many characters stand before it.

    Raises:
        NotPlainError: it is not of this form.
    """
    found = _VALUE.fullmatch(line, start)
    if found is None:
        if _NO_VALUE.fullmatch(line, start) is None:
            raise NotPlainError
        return None
    kind = found.lastindex or 0
    if kind == _PLAIN:
        written = found[kind].rstrip(" ")
        return resolved(written), Place(number, start + 1, number, start + len(written) + 1)
    if kind <= _OTHERWISE_QUOTED:
        return found[kind], Place(number, start + 1, number, found.end(kind) + 2)
    made = flow_mapping if kind == _MAPPING else _list
    value = made(line, number, start, found.end(kind))
    return value, value.place


def flow_mapping(line: str, number: int, start: int, end: int) -> _Braced:
    """The mapping in braces that stands at some place of a line."""
    found = _PAIR.findall(line, start + 1, end)
    place = Place(number, start + 1, number, end + 1)
    mapping = _Braced([(intern(key), quoted or resolved(plain)) for key, plain, quoted in found], line, place)
    if len(mapping) != len(found):  # a key stands twice
        raise NotPlainError
    return mapping


def _list(line: str, number: int, start: int, end: int) -> LocatedList:
    """The list in brackets that stands at some place of a line."""
    items = LocatedList(Place(number, start + 1, number, end + 1), flow=True)
    for item in _ITEM.finditer(line, start + 1, end):
        items.append(item[2] or resolved(item[1]))
        items.items_at.append(_place_of(item, number, 1))
    return items


def _place_of(found: re.Match[str], number: int, plain: int) -> Place:
    """Where a scalar stands that is either a plain group or the quoted one behind it."""
    if found[plain] is not None:
        return Place(number, found.start(plain) + 1, number, found.end(plain) + 1)
    return Place(number, found.start(plain + 1), number, found.end(plain + 1) + 2)
