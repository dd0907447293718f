"""A line of a file that is no YAML, as far as it can be read by itself: its quotes, its brackets, its indentation.

The parser has given up; what stands here only serves to find out why. What follows from it is for `syntax_causes.py`.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from okr.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

CLOSING = {"[": "]", "{": "}"}

MOST_ABOVE, MOST_BELOW = 1_000, 50
"""Lines that are looked at, above and below where the parser gave up: a slip stands near, and a file may be made to be
long."""
LONGEST_READ = 2_000
"""Characters of a line, likewise."""

_KEY = re.compile(r"(?P<lead>[ ]*(?:-[ ]+)*)(?P<key>[\w][\w.-]*)(?P<colon>[ ]?:(?= |$))?")
_OPENS_TEXT = re.compile(r"(?:^|[:\-][ ])[ ]*[|>][+\-0-9]*[ ]*(?:#.*)?$")
_BLANKS = " \t"


@dataclass(frozen=True, slots=True)
class Opened:
    """A quote or a bracket that opens something; the column counts from 0."""

    sign: str
    column: int


@dataclass(frozen=True)
class Line:
    """One line of a file.

    Attributes:
        number: from 1.
        text: without its line break.
    """

    number: int
    text: str

    @property
    def indent(self) -> int:
        """How many spaces stand before its text."""
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def says_something(self) -> bool:
        """Whether it is neither empty nor a comment."""
        return self.text.strip()[:1] not in {"", "#"}

    @property
    def key(self) -> re.Match[str] | None:
        """The word that it begins with, behind its dashes: `lead`, `key`, and `colon` where it is written as a key."""
        return _KEY.match(self.text)

    @property
    def begins_entry(self) -> bool:
        """Whether it looks like a key with its value, or like an item of a list."""
        bare = self.text.lstrip(" ")
        return bare.startswith("- ") or bare == "-" or bool(self.key and self.key["colon"])

    @property
    def opens_text(self) -> bool:
        """Whether a block of text begins below it: `why: |`."""
        return bool(_OPENS_TEXT.search(self.text))

    @property
    def key_column(self) -> int:
        """Where its first key stands, from 0: behind the dashes."""
        lead = re.match(r"[ ]*(?:-[ ]+)*", self.text)
        return lead.end() if lead else 0

    @cached_property
    def scan(self) -> Scan:
        """Its quotes and brackets, as if a new value began with the line."""
        return scanned(self.text)


@dataclass(frozen=True, slots=True)
class Scan:
    """The quotes and brackets of a line; columns count from 0.

    Attributes:
        quote: the quote that is not closed on the line; None where all are.
        closed: behind which columns a quoted text ends.
        brackets: those that are not closed on the line, from the outermost.
        ended: behind which columns the outermost brackets close.
    """

    quote: Opened | None
    closed: tuple[int, ...]
    brackets: tuple[Opened, ...]
    ended: tuple[int, ...]


def scanned(text: str) -> Scan:
    """The quotes and brackets of a text, as if a new value began with it."""
    quote: Opened | None = None
    brackets: list[Opened] = []
    closed: list[int] = []
    ended: list[int] = []
    begins = True  # whether a value may begin here
    position = 0
    while position < len(text):
        sign, following = text[position], text[position + 1 : position + 2]
        if quote is not None:
            skips = (quote.sign == '"' and sign == "\\") or (quote.sign == "'" == sign == following)
            if sign == quote.sign and not skips:
                closed.append(position + 1)
                quote, begins = None, False
            position += 1 + skips
            continue
        if sign == "#" and (position == 0 or text[position - 1] in _BLANKS):
            break
        if begins and sign in {'"', "'"}:
            quote = Opened(sign, position)
        elif begins and sign in CLOSING:
            brackets.append(Opened(sign, position))
        elif brackets and sign in CLOSING.values():
            brackets.pop()
            ended += [] if brackets else [position + 1]
            begins = False
        elif sign not in _BLANKS:
            separates = (sign == "," and bool(brackets)) or (
                sign in ":-" and following in {"", " ", "\t"} and (sign == ":" or begins)
            )
            begins = separates
        position += 1
    return Scan(quote, tuple(closed), tuple(brackets), tuple(ended))


class Lines:
    """The lines of a file around one of them, as far as they are looked at."""

    def __init__(self, texts: list[str], around: int) -> None:
        first = max(around - MOST_ABOVE, 1)
        last = min(around + MOST_BELOW, len(texts))
        self._lines = {
            number: Line(number, texts[number - 1][:LONGEST_READ]) for number in range(first, last + 1)
        }

    def line(self, number: int) -> Line:
        """A line by its number; an empty one where none is looked at."""
        return self._lines.get(number) or Line(number, "")

    @property
    def all(self) -> Iterable[Line]:
        """Every line, from top to bottom."""
        return self._lines.values()

    @cached_property
    def structure(self) -> tuple[Line, ...]:
        """The lines that say something and stand in no block of text."""
        found: list[Line] = []
        text_below: int | None = None
        for line in self.all:
            if text_below is not None and (not line.text.strip() or line.indent > text_below):
                continue
            text_below = None
            if line.says_something:
                found.append(line)
                if line.opens_text:
                    text_below = line.indent
        return tuple(found)

    def before(self, number: int) -> Line | None:
        """The last line above a line that says something."""
        above = [line for line in self.structure if line.number < number]
        return above[-1] if above else None

    def after(self, number: int) -> Line | None:
        """The first line below a line that says something."""
        return next((line for line in self.structure if line.number > number), None)

    def levels(self, number: int, *, dashes: bool) -> dict[int, int]:
        """The indentations that a line may have: column of keys, or of dashes, → the last line that stands so."""
        keys_at: dict[int, int] = {}
        dashes_at: dict[int, int] = {}
        for line in self.structure:
            if line.number >= number:
                break
            if not line.begins_entry:
                continue
            for levels in (keys_at, dashes_at):
                for column in [column for column in levels if column > line.indent]:
                    del levels[column]
            column = line.indent
            while line.text[column:].startswith("- "):
                dashes_at[column] = line.number
                column += 1 + len(line.text[column + 1 :]) - len(line.text[column + 1 :].lstrip(" "))
            if line.key and line.key["colon"]:
                keys_at[column] = line.number
        return dashes_at if dashes else keys_at
