"""Located data: mappings and lists that know the line and column of each of their parts, and what a scalar means.

How they come out of a text is for `documents.py` and `plain_lines.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.diagnostics import Place
from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_INTEGER = 400
"""Characters; a longer one is read as a float: the model refuses it by its size."""

_INTEGER = pattern(r"[-+]?[0-9]+")
_FLOAT = pattern(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_OTHER_BASE = pattern(r"0o[0-7]{1,20}|0x[0-9a-fA-F]{1,16}")
_NAMED = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".inf": float("inf"), ".Inf": float("inf"), ".INF": float("inf"),
    "+.inf": float("inf"), "+.Inf": float("inf"), "+.INF": float("inf"),
    "-.inf": float("-inf"), "-.Inf": float("-inf"), "-.INF": float("-inf"),
    ".nan": float("nan"), ".NaN": float("nan"), ".NAN": float("nan"),
}  # fmt: skip


class LocatedMapping(dict[str, Any]):
    """A mapping that knows where it stands, and each of its keys and values.

    Attributes:
        place: from its first key to its end.
        keys_at: the place of each key.
        values_at: the place of each value.
        damaged: keys whose value could not be read; they are left out of the mapping, and a problem says why.
        flow: whether it is written in braces.
    """

    __slots__ = ("damaged", "flow", "keys_at", "place", "values_at")

    keys_at: dict[str, Place]
    values_at: dict[str, Place]
    damaged: set[str]

    def __init__(self, place: Place = Place(), *, flow: bool = False) -> None:
        super().__init__()
        self.place = place
        self.flow = flow
        self.keys_at = {}
        self.values_at = {}
        self.damaged = set()

    def says(self, key: str) -> bool:
        """Whether a key is written, its value readable or not."""
        return key in self.keys_at

    @property
    def line(self) -> int:
        """The line on which it begins."""
        return self.place.line

    def value_at(self, key: str) -> Place | None:
        """The place of a key's value; None where the key is not written."""
        return self.values_at.get(key)


class LocatedList(list[Any]):
    """A list that knows where it stands, and each of its items.

    Attributes:
        place: from its first item, or bracket, to its end.
        items_at: the place of each item.
        flow: whether it is written in brackets.
    """

    __slots__ = ("flow", "items_at", "place")

    def __init__(self, place: Place = Place(), *, flow: bool = False) -> None:
        super().__init__()
        self.place = place
        self.flow = flow
        self.items_at: list[Place] = []


def node_at(root: Any, steps: Iterable[str | int]) -> Any:  # noqa: ANN401 # whatever the file says
    """What stands at some steps in located or plain data: `("objectives", 0, "title")`; None where nothing does."""
    node = root
    for step in steps:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None
    return node


def resolve(text: str) -> str | int | float | bool | None:
    """What an unquoted scalar means under YAML 1.2's core schema: `no` is a text, `010` is ten."""
    first = text[:1]
    if first.isdigit() or first in {"-", "+", "."}:
        if _INTEGER.fullmatch(text):
            return int(text) if len(text) <= LONGEST_INTEGER else float(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        if _OTHER_BASE.fullmatch(text):
            return int(text, 0)
    if text in _NAMED:
        return _NAMED[text]
    return text
