"""Records of a log that spread over several lines, brought to one line each; the other lines keep every byte.

A line that is right as it stands is never touched, however it is spaced: a branch may hold the same line, and a union
merge would then keep both. Lines never move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.documents import LocatedList, LocatedMapping, read_document
from okr.edit_text import BLANK, Edit, EditImpossible, SourceText
from okr.edits import apply
from okr.layout_tree import Block, Leaf, Tree, comments_within
from okr.log_lines import record_line
from okr.yaml_writing import in_flow, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.diagnostics import Place
    from okr.documents import Document
    from okr.layout_tree import Entry


def log_laid_out(document: Document) -> bytes:
    """A log's content with each record on one line, and a line break at its end.

    Raises:
        EditImpossible: the file can't be read, or can't be laid out without changing what it says.
        LayoutImpossible: it is written in a way that okr does not know.
    """
    edits = [edit for edit, _ in line_edits(document)]
    text = SourceText(document)
    if text.text and not text.text.endswith(("\n", "\r")):
        # Two branches that add to a last line without its line break are merged into one line.
        edits.append(Edit(len(text.text), len(text.text), text.newline(1)))
    if not edits:
        return document.content
    return checked(document, edits)


def line_edits(document: Document) -> Iterator[tuple[Edit, Place]]:
    """For each record that is not on one line: the edit that brings it there, and its place.

    Raises:
        EditImpossible: the file can't be read, or a comment stands within brackets around all records.
        LayoutImpossible: it is written in a way that okr does not know.
    """
    text, root = SourceText(document), document.root
    if not isinstance(root, LocatedList) or not root:
        return
    if root.flow:
        if comments_within(text, root, root.place):
            raise EditImpossible(document.path, "comments stand between the records")
        new = text.newline(1).join(f"- {_line(text, item)}" for item in root)
        yield (
            Edit(text.start_of(root.place), text.offset(root.place.end_line, root.place.end_column), new),
            root.place,
        )
        return
    for entry, record, place in zip(Tree(document).root.entries, root, root.items_at, strict=True):
        if not isinstance(record, LocatedMapping):
            continue
        start, end = entry.start, text.end_of(record, place)
        if text.line_at(start) == text.line_at(end) and record.flow:
            continue
        newline = text.newline(place.line)
        comments = list(_comments_of(entry, text, record, place))
        above = "".join(f"{each}{newline}{' ' * entry.column}" for each in comments)
        yield Edit(start, end, f"{above}- {_line(text, record)}"), place


def checked(document: Document, edits: list[Edit]) -> bytes:
    """The content after edits that were to leave the data alone.

    Raises:
        EditImpossible: they would not.
    """
    content = apply(document, edits).encode()
    if document.byte_order_mark:
        content = b"\xef\xbb\xbf" + content
    after = read_document(document.path, content)
    if not after.readable or after.root != document.root:
        raise EditImpossible(document.path, "it would say something else with its records on one line each")
    return content


def _line(text: SourceText, record: object) -> str:
    """A record in braces; what is written fit for them stays as it is written."""
    if not isinstance(record, LocatedMapping):
        return in_flow(record)
    parts = []
    for key, value in record.items():
        place = record.values_at[key]
        source = text.text[text.start_of(place) : text.end_of(value, place)]
        parts.append(f"{scalar(key, flow=True)}: {_value(source, key, value, in_braces=record.flow)}")
    return "{" + ", ".join(parts) + "}"


def _value(source: str, key: str, value: object, *, in_braces: bool) -> str:
    if isinstance(value, (dict, list)):
        return in_flow(value)
    single = source and "\n" not in source and "\r" not in source
    quoted = source[:1] in {"'", '"'}
    number = isinstance(value, (int, float))
    if single and (quoted or number or in_braces):
        return source
    # As okr writes them: a bare day needs no quotes, a time does.
    return (
        record_line({key: value})[len(key) + 3 : -1] if isinstance(value, str) else scalar(value, flow=True)
    )


def _comments_of(entry: Entry, text: SourceText, record: LocatedMapping, place: Place) -> Iterator[str]:
    """The comments inside a record, in order; the one behind its end stays where it is."""
    if isinstance(entry.value, Block):
        yield from [entry.remark] if entry.remark else []
        last = text.line_at(text.end_of(record, place))
        yield from _inside(entry.value, text, last)
    elif isinstance(entry.value, Leaf):
        above = text.text[entry.start + 1 : text.start_of(place)]
        yield from (line.strip(BLANK + "\r\n") for line in above.splitlines() if line.strip())
        yield from comments_within(text, record, place)


def _inside(block: Block, text: SourceText, last: int) -> Iterator[str]:
    for entry in block.entries:
        yield from (each for each in entry.leading if each)
        if isinstance(entry.value, Block):
            yield from [entry.remark] if entry.remark else []
            yield from _inside(entry.value, text, last)
        elif entry.remark and text.line_at(entry.start) < last:
            yield entry.remark
