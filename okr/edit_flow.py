"""Entries within brackets and braces: where one goes in, and what goes with one that is taken out.

The edits of a whole file, and what holds them safe, are `edits.py`'s.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okr.edit_text import BLANK, Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okr.edit_text import SourceText

_COMMA = re.compile(r"(?:\s|(?<=\s)#[^\r\n]*+)*+,")
_SPACE = " \t\r\n"


def flow_insertion(
    text: SourceText, within: tuple[int, int], last: tuple[int, int] | None, new: str
) -> list[Edit]:
    """An entry behind the last one in brackets or braces, on a line of its own where that one has one."""
    opening, closing = within[0], within[1] - 1
    if last is None:
        pad = " " if text.text[opening + 1] == "#" else ""
        return [Edit(opening + 1, opening + 1, new + pad)]
    begin, end = last
    comma = _comma(text.text, end, closing)
    line = text.line_at(end if comma is None else comma)
    before = text.text[text.starts[text.line_at(begin) - 1] : begin]
    here = end if comma is None else comma + 1
    separator = "" if comma is not None else ","
    if before.strip(BLANK):
        return [Edit(here, here, f"{separator} {new}")]
    newline = text.newline(line)
    if text.line_at(closing) == line:
        return [Edit(here, here, f"{separator}{newline}{before}{new}")]
    line_end = text.end_of_line(line)
    edits = [Edit(end, end, ",")] if comma is None else []
    return [*edits, Edit(line_end, line_end, f"{newline}{before}{new}{'' if comma is None else ','}")]


def _comma(text: str, start: int, end: int) -> int | None:
    """Where a comma stands between the last entry and the closing bracket, comments left aside."""
    found = _COMMA.match(text, start, end)
    return None if found is None else found.end() - 1


def out_of_flow(text: SourceText, spans: Sequence[tuple[int, int]], index: int) -> Edit:
    """An entry in brackets or braces with its comma and the comment behind it; comments of others stay."""
    start, end = spans[index]
    if index + 1 < len(spans):
        following = spans[index + 1][0]
        line_end = text.end_of_line(text.line_at(end))
        own = text.text[end:line_end].partition("#")[0]
        if "#" in text.text[line_end:following] and own.strip(BLANK) == ",":
            rest = len(text.text) - len(text.text[line_end:].lstrip(_SPACE))
            return Edit(start, rest, "" if text.text[start - 1] in _SPACE else " ")
        return Edit(start, following, "")
    if not index:
        return Edit(start, end, "")
    before = spans[index - 1][1]
    if "#" not in text.text[before:start]:
        return Edit(before, end, "")
    line_end = text.end_of_line(text.line_at(end))
    if text.text[end:line_end].strip(BLANK).startswith("#"):
        end = line_end
    return Edit(before + len(text.text[before:start].rstrip(_SPACE)), end, "")
