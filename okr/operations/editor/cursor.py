"""Where in a file's data somebody types: at a key or a value of which mapping, though the file is not whole yet.

A mark is put where the cursor is, and the text is read with it; what keeps it from being read is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okr import model, unknown_keys
from okr.dataclass import dataclass
from okr.documents import LocatedList, LocatedMapping, read_document
from okr.operations.formatting import is_log, kind_of
from okr.patterns import LINE_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.edits import Steps

_TOKEN = re.compile(r"[\w./+%-]*")
_BEFORE = re.compile(r"[\w./+%-]*\Z")
_QUOTE = re.compile(r"[\s\[{,]['\"]\Z")
_COMMENT = re.compile(r"(?:^|\s)#")
_MARK = "okrcursormark"
_LEFT_OUT_AT_MOST = 4
"""Lines that can't be read, above or below, before we give up."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where somebody types.

    Attributes:
        model: what the mapping is in which they type; `RuleSeverity` for one of rules to severities.
        steps: the keys and positions that lead to that mapping.
        key: the key whose value they type; None where they type a key.
        typed: what they have typed of it so far.
        start: where it begins in the text.
        end: where what stands there now ends.
        holder: the mapping, with what else it says.
        colon: whether a colon follows already.
        quoted: whether it stands within quotes.
    """

    model: type[model.FileModel | model.RuleSeverity]
    steps: Steps
    key: str | None
    typed: str
    start: int
    end: int
    holder: LocatedMapping
    colon: bool
    quoted: bool


def cursor_at(path: str, text: str, offset: int) -> Cursor | None:
    """Where in a file's data an offset of its text is; None in comments, and where that can't be told.

    Args:
        path: the file, relative to the workspace's root.
        text: its whole text, which need not be YAML.
        offset: where the cursor is, in characters.
    """
    kind = model.LogRecord if is_log(path) else kind_of(path)
    start = _start_of_line(text, offset)
    if kind is None or _MARK in text or _COMMENT.search(text, start, offset):
        return None
    before = _BEFORE.search(text, start, offset)
    token = _TOKEN.match(text, offset)
    begin, end = (before.start() if before else offset), (token.end() if token else offset)
    if text[begin:end] == "-":  # the dash of an item that has not begun
        return None
    line_end = LINE_BREAK.search(text, end)
    cut = line_end.start() if line_end else len(text)
    around = _Around(path, text[:start], text[cut:])
    for line, whole in _candidates(text[start:begin], text[end:cut]):
        root = around.read(line, whole=whole)
        found = None if root is None else _find(root, ())
        if found is not None:
            steps, holder, key = found
            kind_here: type[model.FileModel | model.RuleSeverity] | None
            kind_here = _model_at(kind, steps[1:] if is_log(path) else steps)
            if kind_here is None and _is_of_rules(kind, steps):
                kind_here = model.RuleSeverity
            if kind_here is not None:
                colon = text[end:].lstrip(" \t").startswith(":")
                quoted = _QUOTE.search(text, start, begin) is not None
                return Cursor(kind_here, steps, key, text[begin:offset], begin, end, holder, colon, quoted)
    return None


def steps_at(root: object, line: int, column: int) -> tuple[Steps, bool] | None:
    """What is written at a place of a document: the steps to it, and whether the place is that of its key."""
    if isinstance(root, LocatedMapping):
        for key, place in root.keys_at.items():
            if place[:2] <= (line, column) <= place[2:]:
                return (key,), True
            if root.values_at[key][:2] <= (line, column) <= root.values_at[key][2:]:
                return _deeper(key, root.get(key), line, column)
    if isinstance(root, LocatedList):
        for index, place in enumerate(root.items_at):
            if place[:2] <= (line, column) <= place[2:]:
                return _deeper(index, root[index], line, column)
    return None


def model_at(path: str, steps: Steps) -> type[model.FileModel] | None:
    """What the mapping is to which some steps of a file lead; None where okr knows of none."""
    kind = model.LogRecord if is_log(path) else kind_of(path)
    return None if kind is None else _model_at(kind, steps[1:] if is_log(path) else steps)


def _deeper(step: str | int, value: object, line: int, column: int) -> tuple[Steps, bool]:
    found = steps_at(value, line, column)
    return ((step,), False) if found is None else ((step, *found[0]), found[1])


def _candidates(before: str, behind: str) -> Iterator[tuple[str, bool]]:
    """The cursor's line with the mark, each to be read with the lines below or without them.

    A key first: a word within braces could be either, and a key is what one types there.
    """
    closing = _closing(before)
    for mark in (_MARK if behind.lstrip(" \t").startswith(":") else f"{_MARK}: x", _MARK):
        yield f"{before}{mark}{behind}", True
        if closing:
            yield f"{before}{mark}{closing}", True
        yield f"{before}{mark}{closing}", False


def _closing(line: str) -> str:
    """What closes the quotes, brackets and braces that are open at a line's end."""
    opened: list[str] = []
    quote = ""
    for character in line:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and (not opened or opened[-1] in "]}"):
            quote = character
        elif character in "[{":
            opened.append("]" if character == "[" else "}")
        elif opened and character == opened[-1]:
            opened.pop()
    return quote + "".join(reversed(opened))


class _Around:
    """The lines around the cursor's; what can't be read of those above is left out once and for all."""

    def __init__(self, path: str, above: str, below: str) -> None:
        # Every line of a log says by itself what it is about, and a log may be long.
        alone = is_log(path)
        self._path = path
        self._above = [] if alone else LINE_BREAK.split(above)[:-1]
        self._below = [] if alone else LINE_BREAK.split(below)[1:]

    def read(self, line: str, *, whole: bool) -> object:
        """The data of the lines with another one in the cursor's place; None where it can't be read."""
        below = list(self._below) if whole else []
        for _ in range(_LEFT_OUT_AT_MOST + 1):
            text = "\n".join((*self._above, line, *below))
            document = read_document(self._path, text.encode("utf-8", "replace"))
            if document.root is not None or not document.problems:
                return document.root
            broken = document.problems[0].finding.place.line - 1
            here = len(self._above)
            part, index = (self._above, broken) if broken < here else (below, broken - here - 1)
            if broken == here or not part[index]:
                return None
            part[index] = ""
        return None


def _find(node: object, steps: Steps) -> tuple[Steps, LocatedMapping, str | None] | None:
    """Where the mark is: the steps to the mapping, the mapping without it, the key whose value it is if it is one."""
    if isinstance(node, LocatedMapping):
        for key, value in node.items():
            if key == _MARK:
                return steps, _without_mark(node), None
            if _is_mark(value):
                return steps, node, key
            found = _find(value, (*steps, key))
            if found is not None:
                return found
    elif isinstance(node, LocatedList):
        for index, item in enumerate(node):
            found = _find(item, (*steps, index))
            if found is not None:
                return found
    return None


def _is_mark(value: object) -> bool:
    """Whether a value is the mark, or a list that holds it."""
    return value == _MARK or (isinstance(value, LocatedList) and _MARK in value)


def _without_mark(node: LocatedMapping) -> LocatedMapping:
    rest = LocatedMapping(node.place, flow=node.flow)
    for key, value in node.items():
        if key != _MARK:
            rest[key], rest.keys_at[key], rest.values_at[key] = value, node.keys_at[key], node.values_at[key]
    return rest


def _model_at(kind: type[model.FileModel], steps: Steps) -> type[model.FileModel] | None:
    return None if steps and isinstance(steps[0], int) else unknown_keys.model_at(kind, steps)


def _is_of_rules(kind: type[model.FileModel], steps: Steps) -> bool:
    """Whether steps lead to a mapping of rules to severities."""
    return steps[-1:] == ("rules",) and _model_at(kind, steps[:-1]) in {model.Settings, model.Override}


def _start_of_line(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
