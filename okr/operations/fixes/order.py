"""The fix for keys that stand where nobody looks for them: a thing's keys in the order of `okr format`, comments with them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from okr.documents import LocatedMapping, read_document
from okr.edit_text import BLANK, Edit, SourceText
from okr.edits import apply
from okr.layout import same_data
from okr.layout_tree import Tree, comments_within
from okr.operations.fixes.registry import Fix, mends
from okr.operations.formatting import kind_of, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.fixes.registry import Spot


@mends("key-order")
def put_keys_in_order(spot: Spot) -> Iterator[Fix]:
    """Puts the keys of a thing in the order of `okr format`. Safe: it says the same, and comments go along."""
    kind, steps, data = kind_of(spot.document.path), spot.key_steps, spot.holder
    if kind is None or steps is None or data is None:
        return
    shape = shape_of(kind)
    order = list(shape.at(steps[:-1]).ordered(list(data)))
    text = SourceText(spot.document)
    edit = _in_braces(text, data, order) if data.flow else _in_lines(text, data, order)
    if edit is None:
        return
    after = read_document(spot.document.path, apply(spot.document, [edit]).encode())
    same = after.readable and same_data(spot.document.root, after.root, shape)
    if same and Counter(Tree(spot.document).comments) == Counter(Tree(after).comments):
        yield spot.fix("Put its keys in order", [edit], safe=True)


class _Part(NamedTuple):
    """A key and its value, as text.

    Attributes:
        above: the comments and blank lines above it, in whole lines.
        body: from its key to the end of its last line, line break included, and the comments that belong to it.
    """

    above: str
    body: str


def _in_braces(text: SourceText, data: LocatedMapping, order: list[str]) -> Edit | None:
    """A mapping in braces: what stands between its parts stays; None where that is a comment, for it may speak of one."""
    if comments_within(text, data, data.place):
        return None
    spans = {
        key: (
            text.start_of(place),
            max(
                text.end_of(data[key], data.values_at[key]),
                text.offset(place.end_line, place.end_column),
            ),
        )
        for key, place in data.keys_at.items()
    }
    written = list(spans.values())
    new, position = "", written[0][0]
    for (start, end), key in zip(written, order, strict=True):
        new += text.text[position:start] + text.text[slice(*spans[key])]
        position = end
    return Edit(written[0][0], position, new)


def _in_lines(text: SourceText, data: LocatedMapping, order: list[str]) -> Edit | None:
    """A mapping with a line or more for each key; None where a comment stands above what is to stand behind the dash."""
    first = next(iter(data.keys_at.values()))
    parts, end = _parts(text, data)
    if parts[order[0]].above:
        return None
    newline = text.newline(first.line)
    ended = text.text[:end].endswith(("\n", "\r"))
    new = ""
    for key in order:
        above, body = parts[key]
        broken = body if body.endswith(("\n", "\r")) else body + newline
        new += (above + " " * (first.column - 1) if new else "") + broken
    if not ended:
        new = new.removesuffix("\n").removesuffix("\r")
    return Edit(text.start_of(first), end, new)


def _parts(text: SourceText, data: LocatedMapping) -> tuple[dict[str, _Part], int]:
    """A mapping's parts by their keys, and where the last one ends."""
    found: dict[str, _Part] = {}
    end = text.start_of(next(iter(data.keys_at.values())))
    for key, place in data.keys_at.items():
        start = text.start_of(place)
        above = text.text[end:start].rstrip(BLANK) if found else ""
        written = text.text[start : text.end_of(data[key], data.values_at[key])].rstrip()
        last = max(text.line_at(start + max(len(written) - 1, 0)), place.line)
        last = text.tail(last, place.column + 1)
        end = text.starts[last] if last < len(text.starts) else len(text.text)
        found[key] = _Part(above, text.text[start:end])
    return found, end
