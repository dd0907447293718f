"""The difference between two texts of a file as edits, so that an editor keeps cursor, marks and folds where it can."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from okr.edit_text import Edit

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_MOST_COMPARED = 2_000
"""Lines between the first and the last that differ; beyond that they are replaced as one."""


def changes_between(before: str, after: str) -> tuple[Edit, ...]:
    """The edits that make one text of another, whole lines each, from top to bottom."""
    old, new = _lines(before), _lines(after)
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    offset = sum(map(len, old[:start]))
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    if len(old) + len(new) > _MOST_COMPARED:
        return (Edit(offset, offset + sum(map(len, old)), "".join(new)),)
    starts = [offset]
    for line in old:
        starts.append(starts[-1] + len(line))
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(
        Edit(starts[first], starts[last], "".join(new[low:high]))
        for kind, first, last, low, high in blocks
        if kind != "equal"
    )


def _lines(text: str) -> list[str]:
    """The lines with their line breaks; their sum is the text."""
    return [found[0] for found in _LINE.finditer(text) if found[0]]
