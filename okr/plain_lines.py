"""The fast way into located data: files whose items are mappings in braces, one a line, as `okr` writes them.

All logs and most org.yaml are so. Whatever is not of exactly this form is left to the parser; what is comes to the
very data that the parser gives, and a test holds the two against each other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from okr.diagnostics import Place
from okr.located import LocatedList, LocatedMapping, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_PLAIN = 2 * 1024 * 1024
"""Characters; so much text can't hold more values than a document may."""

# A plain scalar that means the same to every parser: no colon, comma, bracket, and no sign that means something in front.
_PLAIN = r"(?:[^\W_]|-[0-9])(?:[\w .;!/()+%&@=~*€$£«»’'…–—-]*[\w.;!/()+%&@=~*€$£«»’'…–—-])?"
_QUOTED = r'[^"\\]+'
_ANY_PAIR = rf'[a-z_]+: (?:{_PLAIN}|"{_QUOTED}")'
_PAIR = re.compile(rf'([a-z_]+): (?:({_PLAIN})|"({_QUOTED})")(?:, |\}})')
_ITEM = re.compile(rf"( *)- \{{{_ANY_PAIR}(?:, {_ANY_PAIR})*\}}")
_KEY = re.compile(r"([a-z_]+):")
_LEFT_TO_THE_PARSER = re.compile("[\t\r\x85\u2028\u2029]")


class _Braced(LocatedMapping):
    """A mapping in braces on one line; where its parts stand is worked out when somebody asks for it."""

    __slots__ = ("_found", "_line", "_start")

    def __init__(self, pairs: Iterable[tuple[str, Any]], line: str, start: int, place: Place) -> None:
        dict.__init__(self, pairs)
        self.place = place
        self.flow = True
        self._line = line
        self._start = start
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
            number = self.place.line
            keys: dict[str, Place] = {}
            values: dict[str, Place] = {}
            for pair in _PAIR.finditer(self._line, self._start):
                key = pair[1]
                keys[key] = Place(number, pair.start(1) + 1, number, pair.end(1) + 1)
                quoted = pair[3] is not None
                start, end = pair.span(3) if quoted else pair.span(2)
                values[key] = Place(number, start + 1 - quoted, number, end + 1 + quoted)
            self._found = keys, values
        return self._found


def read_plain_lines(text: str) -> LocatedMapping | LocatedList | None:  # noqa: C901, PLR0911 # the hot path: one loop over lines
    """A file of this form as located data; None for any other file.

    It is a list of mappings in braces, or a mapping of keys to such lists, with comments on lines of their own.
    """
    if len(text) > LARGEST_PLAIN or _LEFT_TO_THE_PARSER.search(text):
        return None
    root: LocatedMapping | None = None
    items: LocatedList | None = None
    key, indent = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        matched = _ITEM.fullmatch(line)
        if matched is not None:
            start = matched.end(1)
            if not items:
                if root is not None and not start:  # a list that is not indented below its key
                    return None
                indent = start
                items = LocatedList(Place(number, start + 1, number, start + 1))
            item = _item(line, number, start + 2) if start == indent else None
            if item is None:
                return None
            items.append(item)
            items.items_at.append(item.place)
        elif line.strip(" ") and not line.lstrip(" ").startswith("#"):
            named = _KEY.fullmatch(line)
            # A key ends the list above it, which is no mapping's where no key stands above.
            if named is None or (items is not None and root is None) or (root is not None and not items):
                return None
            if root is None:
                root = LocatedMapping(Place(number, 1, number, 1))
            else:
                _end(root, key, items)
            key, items = named[1], None
            if key in root.keys_at:
                return None
            root.keys_at[key] = Place(number, 1, number, len(key) + 1)
    if not items:
        return None
    _end(root, key, items)
    return items if root is None else root


def _item(line: str, number: int, start: int) -> _Braced | None:
    """The mapping in braces that begins at some place of a line; None where a key stands in it twice."""
    found = _PAIR.findall(line, start + 1)
    place = Place(number, start + 1, number, len(line) + 1)
    item = _Braced([(key, quoted or resolve(plain)) for key, plain, quoted in found], line, start + 1, place)
    return item if len(item) == len(found) else None


def _end(root: LocatedMapping | None, key: str, items: LocatedList | None) -> None:
    """Ends a list with its last item, and the mapping that it stands in, if any, with it."""
    if items:
        items.place = _through(items.place, items.items_at[-1])
        if root is not None:
            root[key] = items
            root.values_at[key] = items.place
            root.place = _through(root.place, items.place)


def _through(first: Place, last: Place) -> Place:
    return Place(first.line, first.column, last.end_line, last.end_column)
