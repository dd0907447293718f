"""Plain data → YAML text, in one safe and canonical form that every reader of YAML takes for the same data.

Where the text goes in a file, and how the file is laid out there, is for `edits.py`.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from okr.dataclass import dataclass
from okr.documents import resolve
from okr.errors import OkrError
from okr.quantities import plain_number

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDEST_FLOW = 100
"""Characters; a list or mapping that would be wider within braces gets lines of its own."""

_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`=<~")
_YAML_1_1 = re.compile(r"y|yes|n|no|on|off|true|false|null|~|=|<<", re.IGNORECASE)
# Numbers, dates, times and sexagesimals of any version of YAML hold no other characters than these.
_LIKE_A_NUMBER = re.compile(r"[-+.]*[0-9.][0-9a-fA-FxXoOinINtTzZ_.,:+\- ]*")
_SPECIAL_IN_BLOCK = re.compile(r": | #|:$")
_SPECIAL_IN_FLOW = re.compile(r"[,\[\]{}:?]| #")  # `?` ends a plain text for readers of YAML 1.1
# Controls, line breaks of any kind, direction marks, byte order marks, what is no character, and the stand-ins
# that `documents.py` uses while reading.
_ESCAPED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ue000-\ue003"
    "\ufdd0-\ufdef\ufff0-\uffff\U0001fffe\U0001ffff\U0010fffe\U0010ffff]"
)
_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_TWO_DIGITS, _FOUR_DIGITS = 0xFF, 0xFFFF
_EXACT_BELOW = 1e15


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file indents its blocks, in characters.

    Attributes:
        sequence: how far a list's dashes stand to the right of its key.
        item: how far the content of a list's item stands to the right of its dash.
        mapping: how far the keys of a mapping stand to the right of the key above it.
        blocks: whether a text of several lines gets lines of its own; else it is quoted.
    """

    sequence: int = 2
    item: int = 2
    mapping: int = 2
    blocks: bool = True


def scalar(value: object, *, flow: bool = False) -> str:
    """One value as YAML.

    Args:
        value: a text, a number, a truth value, a day, or None.
        flow: it will stand within brackets or braces, where more texts need quotes.

    Raises:
        OkrError: a text that no file can hold, or a number that is none.
        TypeError: a value of another type.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _decimal(value)
        case str():
            return _text(str(value), flow=flow)
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case _:
            raise TypeError(f"{type(value).__name__} is no scalar")


def in_flow(value: object) -> str:
    """A value as YAML on one line: mappings within braces, lists within brackets."""
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{scalar(key, flow=True)}: {in_flow(each)}" for key, each in value.items()) + "}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(in_flow(each) for each in value) + "]"
    return scalar(value, flow=True)


def block_lines(text: str) -> list[str] | None:
    """A text of several lines as the lines of a literal block, its header first, unindented.

    Returns:
        None for a text of one line, and for one that a block can't hold as it is.
    """
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if len(lines) == 1 or _SURROGATE.search(text) or any(map(_needs_quotes, lines)):
        return None
    # The first line says how far a block is indented, and the last one how it ends.
    if not lines[0] or not lines[-1]:
        return None
    return ["|" if text.endswith("\n") else "|-", *lines]


def _needs_quotes(line: str) -> bool:
    return line != line.rstrip() or line[:1].isspace() or _ESCAPED.search(line) is not None


def key_lines(key: str, value: object, layout: Layout, *, flow_items: bool = False) -> list[str]:
    """A key and its value as lines of a block mapping, unindented.

    Args:
        key: the key.
        value: whatever `in_flow` takes; a list of mappings gets a line or more for each.
        layout: how to indent what stands below the key.
        flow_items: write the mappings of a list within braces.
    """
    name = scalar(key)
    if isinstance(value, (list, tuple)) and any(isinstance(each, dict) for each in value):
        lines = [f"{name}:"]
        for each in value:
            lines += indented(item_lines(each, layout, flow=flow_items), layout.sequence)
        return lines
    if isinstance(value, dict) and value and len(in_flow(value)) > WIDEST_FLOW - len(name):
        return [f"{name}:", *indented(mapping_lines(value, layout), layout.mapping)]
    if isinstance(value, (dict, list, tuple)):
        return [f"{name}: {in_flow(value)}"]
    block = block_lines(value) if isinstance(value, str) and layout.blocks else None
    if block is not None:
        return [f"{name}: {block[0]}", *indented(block[1:], layout.mapping)]
    return [f"{name}: {scalar(value)}"]


def mapping_lines(data: Mapping[str, Any], layout: Layout) -> list[str]:
    """A mapping as lines of a block, unindented."""
    return [line for key, value in data.items() for line in key_lines(key, value, layout)]


def item_lines(item: object, layout: Layout, *, flow: bool = False) -> list[str]:
    """One item of a block list as lines, its dash at the first column.

    Args:
        item: whatever `in_flow` takes.
        layout: how to indent it.
        flow: write a mapping within braces on the dash's line.
    """
    lead = "-" + " " * (layout.item - 1)
    if not isinstance(item, dict) or flow or not item:
        return [f"{lead}{in_flow(item) if isinstance(item, (dict, list, tuple)) else scalar(item)}"]
    first, *rest = mapping_lines(item, layout)
    return [f"{lead}{first}", *indented(rest, layout.item)]


def indented(lines: list[str], columns: int) -> list[str]:
    """The lines, moved to the right; blank ones stay empty."""
    return [f"{' ' * columns}{line}" if line else "" for line in lines]


def _decimal(number: float) -> str:
    if not math.isfinite(number):
        raise OkrError(f"no file may hold the number {number}", "write a finite number")
    whole = number.is_integer() and abs(number) < _EXACT_BELOW
    return f"{number:.1f}" if whole else plain_number(number)


def _text(text: str, *, flow: bool) -> str:
    if _SURROGATE.search(text):
        shown = text.encode("utf-8", "replace").decode()[:60]
        raise OkrError(f"“{shown}” is not valid text", "write it in UTF-8, as the terminal should send it")
    if _is_plain(text, flow=flow):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_ESCAPED.sub(_escape, escaped)}"'


def _is_plain(text: str, *, flow: bool) -> bool:
    """Whether the text without quotes is read as itself by every version of YAML."""
    return (
        text != ""
        and text == text.strip()
        and text[0] not in _INDICATORS
        and not _ESCAPED.search(text)
        and not (_SPECIAL_IN_FLOW if flow else _SPECIAL_IN_BLOCK).search(text)
        and not _YAML_1_1.fullmatch(text)
        and not _LIKE_A_NUMBER.fullmatch(text)
        and not (flow and text.endswith(":"))
        and resolve(text) == text
    )


def _escape(matched: re.Match[str]) -> str:
    character = matched[0]
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    code = ord(character)
    if code <= _TWO_DIGITS:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _FOUR_DIGITS else f"\\U{code:08x}"
