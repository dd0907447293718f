"""An objective's own lines, with the comments that are about it, as they can stand in another plan.

Looks only; where they go, and what is edited in there, is for `planning/text.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okr.edit_text import BLANK, SourceText
from okr.patterns import LINE_BREAK

if TYPE_CHECKING:
    from okr.contents import Objective
    from okr.documents import LocatedList

_COMMENT = re.compile(r"(?:^|\s)#")
_COMMENT_BEHIND = re.compile(r"[ \t]*,?[ \t]*(#[^\r\n]*)")


def lines_of(objective: Objective) -> list[str] | None:
    """The lines of an objective with its comments, its dash at the first column.

    Returns:
        None where they can't be moved, or stand in brackets without a comment: lines of their own read better.
    """
    document = objective.source.document
    items: LocatedList = document.root["objectives"]
    text = SourceText(document)
    # By its place: where a part of it could not be used, it was read from what remains.
    place = objective.source.data.place
    index = next(at for at, item in enumerate(items) if getattr(item, "place", None) == place)
    return _in_brackets(text, items, index) if items.flow else _in_a_block(text, items, index)


def _in_a_block(text: SourceText, items: LocatedList, index: int) -> list[str] | None:
    column = items.place.column
    first, last = text.item_lines(items, index)
    lines = []
    for line in (text.line(number) for number in range(first, last + 1)):
        bare = line.strip()
        if line[: column - 1].strip() and not bare.startswith("#"):
            return None
        lines.append(bare if bare.startswith("#") and line[: column - 1].strip() else line[column - 1 :])
    return lines


def _in_brackets(text: SourceText, items: LocatedList, index: int) -> list[str] | None:
    """The comments right above an item, the item behind a dash, and the comment behind it."""
    start, end = text.start_of(items.items_at[index]), text.end_of(items[index], items.items_at[index])
    before = text.end_of(items[index - 1], items.items_at[index - 1]) if index else text.start_of(items.place)
    first = text.line_at(start)
    while first - 1 > text.line_at(before) and text.line(first - 1).lstrip(BLANK).startswith("#"):
        first -= 1
    above = [text.line(number).strip(BLANK) for number in range(first, text.line_at(start))]
    column = start - text.starts[text.line_at(start) - 1]
    own = [
        f"- {line}" if not at else _moved(line, column)
        for at, line in enumerate(LINE_BREAK.split(text.text[start:end]))
    ]
    behind = _COMMENT_BEHIND.match(text.text, end)
    lines = [*above, *own[:-1], own[-1] + (f"  {behind[1]}" if behind else "")]
    return lines if any(map(_COMMENT.search, lines)) else None


def _moved(line: str, column: int) -> str:
    """A further line of an item, as far to the right of its dash as it was of where the item began."""
    bare = line.lstrip(BLANK)
    return " " * (2 + max(len(line) - len(bare) - column, 0)) + bare if bare else ""
