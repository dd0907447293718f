"""Changes of a file as small insertions into its text: what is not meant to change keeps every byte.

Every change is read again before anybody gets to see it: unless exactly the intended data come out, it is refused.
How new data are spelled is `yaml_writing.py`'s business; writing the file is the caller's.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from okr.documents import LocatedList, LocatedMapping, read_document
from okr.edit_flow import flow_insertion, out_of_flow
from okr.edit_text import BLANK, Edit, EditImpossible, SourceText, layout_of_items
from okr.located import node_at
from okr.yaml_writing import WIDEST_FLOW, block_lines, in_flow, indented, item_lines, key_lines, scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from okr.documents import Document

Steps = tuple[str | int, ...]
"""Where something stands in a document: the keys and positions that lead to it from the root."""


def apply(document: Document, edits: Iterable[Edit]) -> str:
    """The document's text after the edits; those at the same place come out in the order given.

    Raises:
        ValueError: two edits overlap, or one lies outside the text.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda each: each.offset):
        if not done <= edit.offset <= edit.end <= len(document.text):
            raise ValueError("edits must lie within the text and not overlap")
        parts += (document.text[done : edit.offset], edit.text)
        done = edit.end
    return "".join((*parts, document.text[done:]))


def append_item(
    document: Document, steps: Steps, item: object, *, flow: bool = False, gap: int = 0
) -> Document:
    """Adds an item below the last one of a list; makes the list where its key is empty or missing.

    It is laid out as the items there are: indentation, braces or not, blank lines between them.

    Args:
        document: the file.
        steps: where the list stands; empty where it is the root.
        item: plain data: mappings, lists, texts, numbers, days.
        flow: where there is no other item to imitate, write a mapping within braces.
        gap: blank lines before it, where there are no two items to imitate.

    Returns:
        The document with the item in it.

    Raises:
        EditImpossible: the file can't be read, what stands there is no list, or other data would change.
    """
    new = _normal(item)

    def appended(old: Any) -> list[Any]:  # noqa: ANN401 # plain data
        return [*(old or []), new]

    return _first_safe(
        document,
        lambda text: _appending(text, steps, item, flow=flow, gap=gap),
        lambda: _replaced(plain(document.root), steps, appended),
    )


def _appending(text: SourceText, steps: Steps, item: object, *, flow: bool, gap: int) -> list[Edit]:
    document = text.document
    target = node_at(document.root, steps)
    if isinstance(target, LocatedList):
        if target.flow:
            return _into_flow_list(text, steps, target, item, flow=flow)
        return [_below_last_item(text, target, item, gap)]
    if target is not None:
        raise EditImpossible(document.path, f"`{steps[-1] if steps else 'the file'}` is not a list")
    if steps:
        return _new_value(text, steps[:-1], str(steps[-1]), [item], flow_items=flow)
    return [text.below(text.last_line_of_text, item_lines(item, text.layout, flow=flow))]


def set_key(
    document: Document, steps: Steps, key: str, value: object, *, after: str | None = None
) -> Document:
    """Gives a key of a mapping a value, in its place where the key is there.

    Args:
        document: the file.
        steps: where the mapping stands; empty where it is the root.
        key: the key.
        value: plain data.
        after: the key below which a new one goes; None, or one that is not there: the last.

    Returns:
        The document with the value in it.

    Raises:
        EditImpossible: the file can't be read, what stands there is no mapping, or other data would change.
    """

    def with_key(old: Any) -> dict[str, Any]:  # noqa: ANN401 # plain data
        return {**(old or {}), key: _normal(value)}

    return _first_safe(
        document,
        lambda text: _new_value(text, steps, key, value, after=after),
        lambda: _replaced(plain(document.root), steps, with_key),
    )


def remove_key(document: Document, steps: Steps, key: str) -> Document:
    """Takes a key and its value out of a mapping; the comments around it stay.

    Returns:
        The document without the key; unchanged where it has none.

    Raises:
        EditImpossible: the file can't be read, what stands there is no mapping, or other data would change.
    """
    text = SourceText(document)
    mapping = mapping_at(document, steps)
    if key not in mapping:
        return document
    edit = _flow_removal(text, mapping, key) if mapping.flow else _block_removal(text, mapping, key)

    def without_key(old: Any) -> dict[str, Any]:  # noqa: ANN401 # plain data
        return {name: each for name, each in old.items() if name != key}

    return _checked(document, [edit], _replaced(plain(document.root), steps, without_key))


def remove_item(document: Document, steps: Steps, index: int) -> Document:
    """Takes an item out of a list, with the comments that are its own; the last one leaves `[]` behind.

    Args:
        document: the file.
        steps: where the list stands; it is the value of a key.
        index: which item, from 0.

    Returns:
        The document without the item.

    Raises:
        EditImpossible: the file can't be read, what stands there is no such list, or other data would change.
    """
    text = SourceText(document)
    target = node_at(document.root, steps)
    if not isinstance(target, LocatedList) or not steps or index >= len(target):
        raise EditImpossible(document.path, f"`{steps[-1] if steps else 'the file'}` has no such item")
    if target.flow:
        edit = _flow_item_removal(text, target, index)
    elif len(target) == 1:
        holder, key = mapping_at(document, steps[:-1]), str(steps[-1])
        start = text.offset(holder.keys_at[key].end_line, holder.keys_at[key].end_column)
        edit = Edit(text.text.index(":", start) + 1, text.end_of(target, target.place), " []")
    else:
        edit = _block_item_removal(text, target, index)

    def without_item(old: Any) -> list[Any]:  # noqa: ANN401 # plain data
        return [*old[:index], *old[index + 1 :]]

    return _checked(document, [edit], _replaced(plain(document.root), steps, without_item))


def set_item(document: Document, steps: Steps, index: int, value: str | float) -> Document:
    """Gives an item of a list another value, in its place; the comments around it stay.

    Args:
        document: the file.
        steps: where the list stands.
        index: which item, from 0.
        value: a single value.

    Raises:
        EditImpossible: the file can't be read, or other data would change.
    """
    text, target = SourceText(document), node_at(document.root, steps)
    place = target.items_at[index]
    edit = Edit(text.start_of(place), text.end_of(target[index], place), scalar(value, flow=target.flow))

    def with_item(old: Any) -> list[Any]:  # noqa: ANN401 # plain data
        return [*old[:index], value, *old[index + 1 :]]

    return _checked(document, [edit], _replaced(plain(document.root), steps, with_item))


def set_comment(document: Document, steps: Steps, key: str, words: str) -> Document:
    """Puts a comment at the end of the line on which a key's value ends, in place of one that stands there.

    Where no comment can stand, or one that silences a rule does, the document stays as it is.

    Args:
        document: the file.
        steps: where the mapping stands.
        key: the key.
        words: on one line.

    Raises:
        EditImpossible: the file can't be read, or what stands there is no mapping.
    """
    text, mapping = SourceText(document), mapping_at(document, steps)
    end = text.end_of(mapping[key], mapping.values_at[key])
    line_end = text.end_of_line(text.line_at(end))
    rest = text.text[end:line_end].strip(BLANK)
    if mapping.flow:
        comma, rest = rest[:1], rest[1:].lstrip(BLANK)
        if comma != "," or not rest.startswith("#"):  # only in place of one that would be wrong now
            return document
        end = text.text.index(",", end) + 1
    if rest and (not rest.startswith("#") or "okr:" in rest):
        return document
    return _checked(document, [Edit(end, line_end, f"  # {words}")], plain(document.root))


def _block_item_removal(text: SourceText, target: LocatedList, index: int) -> Edit:
    """Whole lines: up to where the next item begins; of the last one, from where the one before ends."""
    first, last = text.item_lines(target, index)
    if index + 1 < len(target):
        return Edit(text.starts[first - 1], text.starts[text.item_lines(target, index + 1)[0] - 1], "")
    before = text.item_lines(target, index - 1)[1]
    return Edit(text.end_of_line(before), text.end_of_line(last), "")


def _flow_item_removal(text: SourceText, target: LocatedList, index: int) -> Edit:
    spans = [
        (text.start_of(place), text.end_of(each, place))
        for each, place in zip(target, target.items_at, strict=True)
    ]
    return out_of_flow(text, spans, index)


def _first_safe(
    document: Document, edits: Callable[[SourceText], list[Edit]], intended: Callable[[], object]
) -> Document:
    """The edited document: with texts of several lines as blocks or, where what follows forbids that, in quotes."""
    try:
        return _checked(document, edits(SourceText(document)), intended())
    except EditImpossible:
        return _checked(document, edits(SourceText(document, blocks=False)), intended())


def _below_last_item(text: SourceText, target: LocatedList, item: object, gap: int) -> Edit:
    column = target.place.column
    ends = [
        text.line_at(text.end_of(each, place))
        for each, place in zip(target[-2:], target.items_at[-2:], strict=True)
    ]
    if len(ends) > 1:
        gap = text.blank_lines(ends[0], target.items_at[-1].line)
    layout, flow = layout_of_items(text, target), False
    last = target[-1]
    if isinstance(last, LocatedMapping) and last.flow:
        flow = len(in_flow(item)) + column <= WIDEST_FLOW or last.place.end_line == last.place.line
    lines = indented(item_lines(item, layout, flow=flow), column - 1)
    return text.below(text.tail(ends[-1], column), lines, gap)


def _into_flow_list(
    text: SourceText, steps: Steps, target: LocatedList, item: object, *, flow: bool
) -> list[Edit]:
    start, end = text.start_of(target.place), text.offset(target.place.end_line, target.place.end_column)
    if isinstance(item, dict) and not target and not flow and steps and isinstance(steps[-1], str):
        holder = node_at(text.document.root, steps[:-1])
        if not holder.flow and not text.text[start + 1 : end - 1].strip(BLANK):
            # `objectives: []` is a way to say "none yet": the first one gets lines of its own.
            return _blocks_for_nothing(text, holder, steps[-1], [item], flow_items=False)
    last = (target.items_at[-1].line, target.items_at[-1].column) if target else None
    span = None
    if last is not None:
        span = (text.offset(*last), text.end_of(target[-1], target.items_at[-1]))
    return flow_insertion(text, (start, end), span, in_flow(item))


def _new_value(
    text: SourceText,
    steps: Steps,
    key: str,
    value: object,
    *,
    flow_items: bool = False,
    after: str | None = None,
) -> list[Edit]:
    if not steps and text.document.root is None:
        lines = key_lines(key, value, text.layout, flow_items=flow_items)
        return [text.below(text.last_line_of_text, lines)]
    mapping = mapping_at(text.document, steps)
    if key in mapping.keys_at:
        return _in_place(text, mapping, key, value, flow_items=flow_items)
    behind = after if after in mapping.keys_at else next(reversed(mapping.keys_at), None)
    if mapping.flow:
        return _into_flow_mapping(text, mapping, behind, f"{scalar(key, flow=True)}: {in_flow(value)}")
    lines = key_lines(key, value, text.layout, flow_items=flow_items)
    return [_below_key(text, mapping, behind or "", lines, is_root=not steps)]


def _into_flow_mapping(text: SourceText, mapping: LocatedMapping, behind: str | None, new: str) -> list[Edit]:
    within = text.start_of(mapping.place), text.offset(mapping.place.end_line, mapping.place.end_column)
    if behind is None:
        return flow_insertion(text, within, None, new)
    end = text.end_of(mapping[behind], mapping.values_at[behind])
    if behind != next(reversed(mapping.keys_at)):
        return [Edit(end, end, f", {new}")]
    return flow_insertion(text, within, (text.start_of(mapping.keys_at[behind]), end), new)


def _below_key(
    text: SourceText, mapping: LocatedMapping, behind: str, lines: list[str], *, is_root: bool
) -> Edit:
    keys = list(mapping.keys_at)
    column = mapping.place.column
    line = text.line_at(text.end_of(mapping[behind], mapping.values_at[behind]))
    gap = 0
    if len(keys) > 1 and is_root:
        before, last = keys[-2:]
        end = text.line_at(text.end_of(mapping[before], mapping.values_at[before]))
        gap = text.blank_lines(end, mapping.keys_at[last].line)
    if is_root and behind == keys[-1] and text.only_comments_below(line):
        line = max(line, text.last_line_of_text)
    return text.below(text.tail(line, column), indented(lines, column - 1), gap)


def _in_place(
    text: SourceText, mapping: LocatedMapping, key: str, value: object, *, flow_items: bool
) -> list[Edit]:
    old, place, at = mapping[key], mapping.values_at[key], mapping.keys_at[key]
    several = isinstance(value, list) and any(isinstance(each, dict) for each in value)
    if old is None and several and not mapping.flow:
        return _blocks_for_nothing(text, mapping, key, value, flow_items=flow_items)
    new = in_flow(value) if mapping.flow or isinstance(value, (dict, list, tuple)) else scalar(value)
    start, end = text.start_of(place), text.end_of(old, place)
    block = block_lines(value) if isinstance(value, str) and text.layout.blocks and not mapping.flow else None
    below: list[Edit] = []
    if block is not None:
        # A comment at the end of the line may stand behind a block's header; the text goes below.
        new, *lines = block
        lines = indented(lines, mapping.place.column - 1 + text.layout.mapping)
        below = [text.below(text.line_at(end), lines)]
    if start == end:
        return [Edit(start, end, f" {new}"), *below]
    if place.line == at.end_line:
        return [Edit(start, end, new), *below]
    between = text.text[text.offset(at.end_line, at.end_column) : start]
    if between.strip(" \t\r\n") != ":":  # comments above the value stay where they are
        return [Edit(start, end, new), *below]
    behind_colon = text.offset(at.end_line, at.end_column) + between.index(":") + 1
    return [Edit(behind_colon, end, f" {new}"), *below]


def _blocks_for_nothing(
    text: SourceText, mapping: LocatedMapping, key: str, value: object, *, flow_items: bool
) -> list[Edit]:
    """Lines below a key that had `null`, `[]` or nothing for its value."""
    place, column = mapping.values_at[key], mapping.place.column
    start, end = text.start_of(place), text.offset(place.end_line, place.end_column)
    lines = indented(key_lines(key, value, text.layout, flow_items=flow_items)[1:], column - 1)
    below = text.below(text.tail(place.end_line, column), lines)
    if start == end:
        return [below]
    return [Edit(start - (text.text[start - 1] in BLANK), end, ""), below]


def _flow_removal(text: SourceText, mapping: LocatedMapping, key: str) -> Edit:
    spans = [
        (text.start_of(mapping.keys_at[each]), text.end_of(mapping[each], mapping.values_at[each]))
        for each in mapping.keys_at
    ]
    return out_of_flow(text, spans, list(mapping.keys_at).index(key))


def _block_removal(text: SourceText, mapping: LocatedMapping, key: str) -> Edit:
    keys = list(mapping.keys_at)
    at = mapping.keys_at[key]
    start, end = text.start_of(at), text.end_of(mapping[key], mapping.values_at[key])
    if len(keys) == 1:
        return Edit(start, end, "{}")
    if not text.line(at.line)[: at.column - 1].strip(BLANK):
        last = text.line_at(end)
        below = text.starts[last] if last < len(text.starts) else len(text.text)
        return Edit(text.starts[at.line - 1], below, "")
    # The first key of an item stands behind the dash: the next key moves up to it, unless a comment is between.
    following = text.start_of(mapping.keys_at[keys[1]])
    between = text.text[end:following]
    if not between.strip(" \t\r\n"):
        return Edit(start, following, "")
    blank = between[: len(between) - len(between.lstrip(" \t"))]
    return Edit(start, end + len(blank) if "\t" in blank else end, "")  # behind a dash no tab may stand


def mapping_at(document: Document, steps: Steps) -> LocatedMapping:
    """The mapping at some steps of a file.

    Raises:
        EditImpossible: there is none.
    """
    mapping = node_at(document.root, steps)
    if not isinstance(mapping, LocatedMapping):
        raise EditImpossible(document.path, f"`{steps[-1] if steps else 'the file'}` is not a mapping")
    return mapping


def _normal(value: object) -> Any:  # noqa: ANN401 # plain data as reading gives it
    if isinstance(value, dict):
        return {str(key): _normal(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_normal(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def plain(node: Any) -> Any:  # noqa: ANN401 # located data becomes plain data
    """Located data as plain data."""
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    return node


def _replaced(data: Any, steps: Steps, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 # plain data
    """The data with what stands at some place changed; a missing key counts as None."""
    if not steps:
        return change(data)
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        return [*data[:step], _replaced(data[step], rest, change), *data[step + 1 :]]
    return {**(data or {}), step: _replaced((data or {}).get(step), rest, change)}


def _checked(document: Document, edits: list[Edit], intended: object) -> Document:
    """The edited document, once reading it has given exactly the intended data."""
    text = apply(document, edits)
    mark = b"\xef\xbb\xbf" if document.byte_order_mark else b""
    after = read_document(document.path, mark + text.encode())
    if not after.readable or not _same(plain(after.root), intended):
        line = document.text.count("\n", 0, edits[0].offset) + 1
        raise EditImpossible(
            document.path, f"the way it is written around line {line} leaves okr no safe place"
        )
    return after


def _same(one: object, other: object) -> bool:
    """Whether two data are equal, `1` and `true` held apart, and every number equal to itself."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other or (one != one and other != other)  # noqa: PLR0124 # what is no number is not itself
