"""YAML text ↔ located data: mappings, lists and scalars that know the line and column of each of their parts.

Read from the C parser's events under YAML 1.2's core schema, within fixed limits of size, depth and number of
values. What the data may mean is for `model.py`; changing a text is for `edits.py`.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from okr.dataclass import dataclass
from okr.diagnostics import Finding, Place, Problem
from okr.files import LARGEST_FILE
from okr.located import LocatedList as LocatedList
from okr.located import LocatedMapping as LocatedMapping
from okr.located import resolve as resolve
from okr.log_table import LogTable, read_log_table
from okr.patterns import LINE_BREAK, pattern
from okr.plain_blocks import read_plain_blocks
from okr.plain_lines import read_plain_lines

if TYPE_CHECKING:
    from ruamel.yaml.error import YAMLError

DEEPEST_NESTING = 24
"""The deepest file that means anything nests eight levels."""
MOST_VALUES = 600_000
"""Scalars, lists and mappings in one file; keeps memory bounded whatever the text."""

MOST_PROBLEMS = 1_000
"""Noted in one file as YAML; whoever writes more of them in one file is no person."""

# A `:` or `?` within a plain scalar (a time, a URL, a question) is text in YAML 1.2, but inside `{…}` the C
# parser refuses it; and it takes three characters for line breaks that YAML 1.2 does not. All are put aside
# under stand-ins of the same length, so that every mark stays true, and put back in each scalar.
_INNER_COLON = pattern(r"(?<=[^ \t\r\n\"'{}\[\],]):(?=[^ \t\r\n\"'{}\[\],])")
_INNER_QUESTION = pattern(r"(?<=[^ \t\r\n{}\[\],])\?|(?<=[^ \t\r\n{}\[\],:?-] )\?")
_FORMER_BREAKS = "\x85\u2028\u2029"
_PUT_ASIDE = ":?" + _FORMER_BREAKS
_PRIVATE = (range(0xE000, 0xF900), range(0xF0000, 0xFFFFE))
"""Characters that stand for nothing by themselves; those that the text at hand does not use can stand in."""

_CONTROL = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufeff\ufffe\uffff]")


class _WithTable:
    """What a document has besides what makes it equal to another."""

    __slots__ = ("table",)
    table: LogTable | None


@dataclass(frozen=True, slots=True)
class Document(_WithTable):
    """A file as read.

    Attributes:
        path: relative to the workspace's root, with forward slashes.
        text: the whole text, without a byte order mark; line breaks as they are.
        root: the located data; None for an empty file and for one that is not YAML.
        readable: whether all of the file could be read; if not, `problems` says why.
        problems: what is wrong with the file as YAML.
        byte_order_mark: whether the file begins with one.
        table: the check-ins of a log that says nothing else, at a glance; then the root is read when first asked for.
    """

    path: str
    text: str
    root: Any
    readable: bool = True
    problems: tuple[Problem, ...] = ()
    byte_order_mark: bool = False

    @classmethod
    def of_table(cls, path: str, text: str, table: LogTable, *, byte_order_mark: bool) -> Document:
        """A log of which each line is known to be right; its located data are read when somebody asks for them."""
        document = cls.__new__(cls)
        given = (path, text, True, (), byte_order_mark, table)
        for name, value in zip(_WITHOUT_ROOT, given, strict=True):
            object.__setattr__(document, name, value)
        return document

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 # located data is whatever the file says
        """The root, where it has not been read yet; and no table, where there is none."""
        if name not in {"root", "table"}:
            raise AttributeError(name, obj=self, name=name)
        found = read_plain_lines(self.text) if name == "root" else None
        object.__setattr__(self, name, found)
        return found

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return (b"\xef\xbb\xbf" if self.byte_order_mark else b"") + self.text.encode()

    def line(self, number: int) -> str:
        """A line of the text without its line break; lines count from 1."""
        lines = _lines_of(self.text)
        return lines[number - 1] if 0 < number <= len(lines) else ""


_WITHOUT_ROOT = ("path", "text", "readable", "problems", "byte_order_mark", "table")


def unreadable(
    path: str, rule: str, message: str, hint: str | None = None, place: Place = Place()
) -> Document:
    """A document of which nothing could be read, for a reason that one rule stands for."""
    return Document(
        path, "", None, readable=False, problems=(Problem(rule, Finding(path, place, message, hint)),)
    )


def read_document(path: str, content: bytes) -> Document:
    """Reads a file's bytes into located data; whatever is wrong becomes a problem, never an exception.

    Args:
        path: how findings name the file.
        content: all of its bytes.
    """
    if len(content) > LARGEST_FILE:
        return too_large(path)
    marked = content.startswith(b"\xef\xbb\xbf")
    body = content[3:] if marked else content
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        return _not_utf8(path, body, error.start)
    table = read_log_table(text)
    if table is not None:
        return Document.of_table(path, text, table, byte_order_mark=marked)
    control = _CONTROL.search(text)
    if control is not None:
        place = place_of(text, control.start())
        message, hint = f"this file holds a control character, U+{ord(control[0]):04X}", "remove it"
        if control[0] == "\ufeff":
            message = "a byte order mark, U+FEFF, stands within this file, as where two files were joined"
        return unreadable(path, "not-text", message, hint, place)
    plain = read_plain_blocks(text) or read_plain_lines(text)
    if plain is not None:
        return Document(path, text, plain, byte_order_mark=marked)
    composer = _Composer(path, text)
    root = composer.compose()
    return Document(path, text, root, composer.readable, tuple(composer.problems), marked)


def _not_utf8(path: str, body: bytes, offset: int) -> Document:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = "this file is UTF-16, which Windows' programs call Unicode"
        return unreadable(path, "not-text", message, "save it as UTF-8")
    message = f"this file is not UTF-8: byte {offset + 1} is 0x{body[offset]:02x}"
    letter = body[offset : offset + 1].decode("latin-1")
    also = f", which is {letter} in Latin-1" if letter.isalpha() else ""
    return unreadable(path, "not-text", message + also, "save it as UTF-8", _place_of_byte(body, offset))


def too_large(path: str) -> Document:
    """The document for a file over `LARGEST_FILE`."""
    size = LARGEST_FILE // (1024 * 1024)
    return unreadable(
        path,
        "file-too-large",
        f"this file is larger than {size} MiB, and is not read",
        "split it by cycle or owner",
    )


def place_of(text: str, offset: int, end: int | None = None) -> Place:
    """The place of a stretch of text given by its offsets in characters."""
    last = offset + 1 if end is None else end
    line, column = _line_and_column(text, offset)
    end_line, end_column = _line_and_column(text, last)
    return Place(line, column, end_line, end_column)


class _Unusable:
    """Stands for a value that could not be read; its problem has been noted."""


_UNUSABLE = _Unusable()
_NO_KEY = "a key that is no text"
"""Stands, by its identity, for a key that is no text; its problem has been noted, its value has no place."""


class _Composer:
    """Builds located data from the C parser's events, noting problems on the way."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.problems: list[Problem] = []
        self.readable = True
        self._back: dict[int, str] = {}
        self._begun_anew: set[int] = set()

    def compose(self) -> Any:  # noqa: ANN401 # located data is whatever the file says
        from ruamel.yaml.error import YAMLError  # most files are read without the parser

        try:
            if any(character in self.text for character in _FORMER_BREAKS):
                return self._build(self._shielded())
            try:
                return self._build(self.text)
            except YAMLError:
                self.problems.clear()
                self._begun_anew.clear()
                self.readable = True
                return self._build(self._shielded())
        except _TooMuch as error:
            self._fail("file-too-large", error.place, error.message, "no file of a workspace needs that much")
        except YAMLError as error:
            self._syntax(error)
        return None

    def _shielded(self) -> str:
        """The text with stand-ins for what the C parser gets wrong."""
        used = set(self.text)
        unused = (character for character in map(chr, chain(*_PRIVATE)) if character not in used)
        free = list(islice(unused, len(_PUT_ASIDE)))
        if len(free) < len(_PUT_ASIDE):  # only a text made for it uses every private character there is
            return self.text
        self._back = dict(zip(map(ord, free), _PUT_ASIDE, strict=True))
        text = _INNER_QUESTION.sub(free[1], _INNER_COLON.sub(free[0], self.text))
        return text.translate({ord(_PUT_ASIDE[index]): free[index] for index in range(2, len(free))})

    def _build(self, text: str) -> Any:  # noqa: ANN401, C901, PLR0912, PLR0915 # one loop over events: the hot path
        from _ruamel_yaml import CParser
        from ruamel.yaml.events import (
            AliasEvent,
            DocumentStartEvent,
            MappingEndEvent,
            MappingStartEvent,
            ScalarEvent,
            SequenceEndEvent,
            SequenceStartEvent,
            StreamEndEvent,
        )

        parser = CParser(text)
        get_event = parser.get_event
        back = self._back
        anchors: set[str] = set()
        root: Any = None
        container: Any = None
        key: str | None = None
        key_place = Place()
        stack: list[tuple[Any, str | None, Place]] = []
        skipping = 0  # how deep we are inside a key that is no text
        documents = values = 0
        while True:
            event = get_event()
            kind = type(event)
            if kind is ScalarEvent:
                start, end = event.start_mark, event.end_mark
                place = Place(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
                if end.line > start.line or not event.value:
                    place = self._within(place)
                text_value = event.value.translate(back) if back else event.value
                if event.anchor or event.tag:
                    self._refuse_extras(event, place, anchors)
                if skipping:
                    continue
                if type(container) is LocatedMapping and key is None:
                    key, key_place = text_value, place
                    continue
                value = resolve(text_value) if event.implicit[0] and not event.style else text_value
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                start = event.start_mark
                place = Place(start.line + 1, start.column + 1, start.line + 1, start.column + 1)
                if event.anchor or event.tag:
                    self._refuse_extras(event, place, anchors)
                if len(stack) + skipping >= DEEPEST_NESTING:
                    raise _TooMuch(place, f"this file nests deeper than {DEEPEST_NESTING} levels")
                if skipping or (type(container) is LocatedMapping and key is None):
                    if not skipping:
                        self._note("yaml-syntax", place, "a key must be a text, not a mapping or a list")
                    skipping += 1
                    continue
                stack.append((container, key, key_place))
                flow = bool(event.flow_style)
                container = (
                    LocatedMapping(place, flow=flow)
                    if kind is MappingStartEvent
                    else LocatedList(place, flow=flow)
                )
                key = None
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                if skipping:
                    skipping -= 1
                    if not skipping:
                        key, key_place = _NO_KEY, Place()
                    continue
                value = container
                container, key, key_place = stack.pop()
                value.place = place = _closed(value, event.end_mark)
            elif kind is AliasEvent:
                start, end = event.start_mark, event.end_mark
                place = Place(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
                if event.anchor not in anchors:
                    self._note(
                        "anchor-or-alias",
                        place,
                        f"the alias *{event.anchor} points at nothing",
                        "write the value out",
                    )
                self.readable = False
                if skipping:
                    continue
                value = _UNUSABLE
                if type(container) is LocatedMapping and key is None:
                    key, key_place = _NO_KEY, place
                    continue
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    start = event.start_mark
                    place = Place(start.line + 1, start.column + 1, start.line + 1, start.column + 4)
                    self._note(
                        "several-documents",
                        place,
                        "a second YAML document begins here",
                        "keep one document a file",
                    )
                    return root
                continue
            elif kind is StreamEndEvent or event is None:
                return root
            else:
                continue
            values += 1
            if values > MOST_VALUES:
                raise _TooMuch(place, f"this file holds more than {MOST_VALUES:,} values")
            if type(container) is LocatedMapping:
                if key is not None and key is not _NO_KEY:
                    if key in container.keys_at or id(container) in self._begun_anew:
                        self._note_twice(container, key, key_place, in_list=type(stack[-1][0]) is LocatedList)
                    else:
                        container.keys_at[key] = key_place
                        container.values_at[key] = place
                        if value is _UNUSABLE:
                            container.damaged.add(key)
                        else:
                            container[key] = value
                key = None
            elif type(container) is LocatedList:
                if value is not _UNUSABLE:
                    container.append(value)
                    container.items_at.append(place)
            else:
                root = None if value is _UNUSABLE else value

    def _within(self, place: Place) -> Place:
        """A place that the parser puts behind the file's last line, put at its end."""
        lines = _lines_of(self.text)
        end = (len(lines), len(lines[-1]) + 1)
        return Place(*min(place[:2], end), *min(place[2:], end))

    def _note_twice(self, mapping: LocatedMapping, key: str, key_place: Place, *, in_list: bool) -> None:
        """Notes a key that stands twice; the first of them in an item of a list is most likely another item's."""
        if id(mapping) in self._begun_anew:  # all that follows is that other item's
            return
        hint = "keep one of the two"
        if in_list and not mapping.flow and len(mapping.keys_at) > 1 and key == next(iter(mapping.keys_at)):
            self._begun_anew.add(id(mapping))
            hint = "if another item begins here, write a `- ` before it; else keep one of the two"
        first = mapping.keys_at[key].line
        self._note("duplicate-key", key_place, f"the key `{key}` stands twice: first on line {first}", hint)

    def _refuse_extras(self, event: Any, place: Place, anchors: set[str]) -> None:  # noqa: ANN401 # untyped C events
        if event.anchor and event.anchor not in anchors:
            anchors.add(event.anchor)
            line, column = place[:2]
            token = Place(line, column, line, column + 1 + len(event.anchor))
            self._note(
                "anchor-or-alias",
                token if place[:2] == place[2:] else place,
                f"the anchor &{event.anchor} is not allowed here",
                "write the value out where it is used",
            )
        if event.tag:
            shown = event.tag.translate(self._back).replace("tag:yaml.org,2002:", "!!")
            self._note(
                "tag", place, f"the tag {shown} is not allowed here", "remove it: every value's type is known"
            )

    def _note(self, rule: str, place: Place, message: str, hint: str | None = None) -> None:
        self.readable = False
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(rule, Finding(self.path, place, message, hint)))

    def _fail(self, rule: str, place: Place, message: str, hint: str | None) -> None:
        self.problems = [Problem(rule, Finding(self.path, place, message, hint))]
        self.readable = False

    def _syntax(self, error: YAMLError) -> None:
        from okr.syntax_causes import GivenUp, cause_of

        lines = _lines_of(self.text)
        line, column = _marked(getattr(error, "problem_mark", None)) or (1, 1)
        while line > 1 and (line > len(lines) or not lines[line - 1].strip()):
            # The parser notices at the end of the file; the reader looks at the last line that says something.
            line -= 1
            column = len(lines[line - 1]) + 1
        said = str(getattr(error, "problem", None) or "this is not YAML")
        began = _marked(getattr(error, "context_mark", None))
        cause = cause_of(lines, GivenUp(line, column, said, getattr(error, "context", None), began))
        self._fail(cause.rule, cause.place, cause.message, cause.hint)


class _TooMuch(Exception):
    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


def _marked(mark: Any) -> tuple[int, int] | None:  # noqa: ANN401 # untyped C marks
    """The line and column of a mark, from 1."""
    return None if mark is None else (mark.line + 1, mark.column + 1)


@lru_cache(maxsize=2)
def _lines_of(text: str) -> list[str]:
    return LINE_BREAK.split(text)


def _closed(value: LocatedMapping | LocatedList, mark: Any) -> Place:  # noqa: ANN401 # untyped C marks
    """The place of a finished container: a block one ends with its last value, not at the next token."""
    start = value.place
    if value.flow:
        return Place(start.line, start.column, mark.line + 1, mark.column + 1)
    last = value.items_at[-1:] if isinstance(value, LocatedList) else list(value.values_at.values())[-1:]
    if not last:
        return start
    return Place(start.line, start.column, last[0].end_line, last[0].end_column)


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    line, start = 1, 0
    for matched in LINE_BREAK.finditer(text, 0, offset):
        line += 1
        start = matched.end()
    return line, offset - start + 1


def _place_of_byte(body: bytes, offset: int) -> Place:
    before = body[:offset].decode("utf-8", "replace")
    return place_of(before + "?", len(before))
