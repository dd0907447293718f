"""What changed in goals, as text for a terminal: a sign on every line that says what happened, colours that repeat it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from okr.views.comparison_outline import Sign, outline_of
from okr.views.comparison_words import NOTHING
from okr.views.layout import GAP, beside, indented, show
from okr.views.plain import PlainConsole
from okr.views.terminal import cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from okr.operations.comparison.results import Comparison
    from okr.views.comparison_outline import Line, Outline, Section

_WORDS = {
    Sign.ADDED: "added:",
    Sign.DROPPED: "dropped:",
    Sign.CHANGED: "changed:",
    Sign.MOVED: "moved:",
    Sign.WORSE: "look at:",
    Sign.BETTER: "better:",
}
"""What a screen reader says in place of a sign."""

_NOTHING = re.compile(rf"{NOTHING}(?= →)|(?<=→ ){NOTHING}")

_STYLES = {
    Sign.ADDED: "green",
    Sign.DROPPED: "red",
    Sign.CHANGED: "yellow",
    Sign.MOVED: "cyan",
    Sign.WORSE: "bold red",
    Sign.BETTER: "green",
    Sign.NONE: "",
}


def show_comparison(console: Console, comparison: Comparison) -> None:
    """Prints what changed."""
    lines = _lines(console, outline_of(comparison))
    show(console, map(_spoken, lines) if isinstance(console, PlainConsole) else lines)


def _spoken(line: Text) -> Text:
    """A line in which nothing is said in a word."""
    return Text(_NOTHING.sub("none", line.plain))


def _lines(console: Console, outline: Outline) -> Iterator[Text]:
    title = Text.assemble(cell(outline.title, "bold"), " · ", cell(outline.sides))
    yield from indented(console, title, rest=GAP)
    if outline.summary:
        yield from indented(console, cell(outline.summary, "dim" if outline.sections else ""))
    for section in outline.sections:
        yield Text()
        yield from _section(console, section)


def _section(console: Console, section: Section) -> Iterator[Text]:
    title = cell(section.title, "bold underline")
    if section.note:
        title = Text.assemble(title, GAP, cell(section.note, "dim"))
    yield from beside(console, title, cell(section.figures))
    for line in section.lines:
        yield from _line(console, line)


def _line(console: Console, line: Line) -> Iterator[Text]:
    margin = GAP * (line.depth + 1)
    sign = _WORDS.get(line.sign, "") if isinstance(console, PlainConsole) else line.sign
    head = Text.assemble(margin, (sign, _STYLES[line.sign]), " ") if sign else Text(margin)
    rest = Text(" " * head.cell_len) if line.sign else Text(margin + GAP)
    text = cell(line.text, "bold" if line.sign and not line.depth else "")
    note = cell(line.note, "dim not bold")
    beneath = None
    if line.note:
        whole = Text.assemble(text, GAP, note)
        room = console.width - head.cell_len - len(line.figures) - len(GAP)
        text, beneath = (whole, None) if whole.cell_len <= room else (text, note)
    yield from beside(console, text, cell(line.figures), first=head, rest=rest)
    if beneath is not None:
        yield from indented(console, beneath, first=rest, rest=rest)
