"""What a fix is, and the functions that propose them, found by the name of the rule whose findings they mend.

A fix is a value: the language server offers it, `fixing.py` applies it. To add one, copy the shortest function of a
module beside this one; they are found by themselves.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from okr.dataclass import dataclass
from okr.documents import Document, LocatedList, LocatedMapping
from okr.edit_text import Edit, EditImpossible
from okr.files import UnreadableFile
from okr.layout_tree import LayoutImpossible
from okr.located import node_at
from okr.patterns import LINE_BREAK
from okr.references import edit_distance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okr.diagnostics import Diagnostic, Place
    from okr.edits import Steps
    from okr.workspace import Workspace

MOST_CANDIDATES = 20_000
"""Things that may have been meant among which one is looked for; no workspace has as many."""

_FOLDED = re.compile(r"[\s_.-]+")
_DIGITS = re.compile(r"\d")
_LONG = 5
"""Characters from which on two typing mistakes leave a word recognisable; a shorter one may have one."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of files that mends one finding.

    Attributes:
        rule: the name of the rule whose finding it mends.
        message: what it does, as an order: `Rename the key to title`.
        edits: the files, each with the stretch of its text that is replaced; a file that is not there counts as empty.
        safe: whether nobody could have meant anything else: then `--fix` applies it without asking.
    """

    rule: str
    message: str
    edits: tuple[tuple[str, Edit], ...]
    safe: bool


@dataclass(frozen=True)
class Spot:
    """A finding, and its file as a fix looks at it.

    Attributes:
        workspace: all files.
        diagnostic: what is to be mended.
        document: its file, located data or at least text.
    """

    workspace: Workspace
    diagnostic: Diagnostic
    document: Document

    @property
    def place(self) -> Place:
        """Where the finding stands."""
        return self.diagnostic.finding.place

    @property
    def text(self) -> str:
        """The file's text."""
        return self.document.text

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins."""
        return [0, *(found.end() for found in LINE_BREAK.finditer(self.text))]

    def offset(self, line: int, column: int) -> int:
        """Where a line and column, from 1, are in the text."""
        return (
            min(self.starts[line - 1] + column - 1, len(self.text))
            if line <= len(self.starts)
            else len(self.text)
        )

    def line_at(self, offset: int) -> int:
        """The number of the line that holds an offset."""
        return bisect_right(self.starts, offset)

    def span(self, place: Place) -> tuple[int, int]:
        """Where a place begins and ends in the text."""
        return self.offset(place.line, place.column), self.offset(place.end_line, place.end_column)

    def source(self, place: Place) -> str:
        """What is written at a place."""
        start, end = self.span(place)
        return self.text[start:end]

    def replaced(self, place: Place, new: str) -> Edit:
        """The edit that writes something else at a place."""
        return Edit(*self.span(place), new)

    def fix(self, message: str, edits: Iterable[Edit], *, safe: bool) -> Fix:
        """A fix that changes this finding's own file."""
        path = self.document.path
        return Fix(self.diagnostic.name, message, tuple((path, edit) for edit in edits), safe)

    @cached_property
    def steps(self) -> Steps | None:
        """The keys and positions that lead to what stands at the finding's place; None where nothing does."""
        return next((steps for steps, _, place in self.parts if place == self.place), None)

    @cached_property
    def key_steps(self) -> Steps | None:
        """The same for a finding that points at a key."""
        return next((steps for steps, place, _ in self.parts if place == self.place), None)

    @cached_property
    def parts(self) -> list[tuple[Steps, Place | None, Place]]:
        """Everything in the file: the steps to it, the place of its key if it has one, and its own."""
        return list(_parts(self.document.root, ()))

    def at(self, steps: Steps) -> Any:  # noqa: ANN401 # located data is whatever the file says
        """What stands at some steps; they must come from `parts`."""
        return node_at(self.document.root, steps)

    @property
    def holder(self) -> LocatedMapping | None:
        """The mapping that the finding's value or key stands in."""
        steps = self.steps or self.key_steps
        found = self.at(steps[:-1]) if steps else None
        return found if isinstance(found, LocatedMapping) else None

    @property
    def value(self) -> object:
        """The value that the finding points at; None where it points at none."""
        return None if self.steps is None else self.at(self.steps)


Mend = Callable[[Spot], Iterator[Fix]]
_mends: dict[str, list[Mend]] = {}


def mends(*rules: str) -> Callable[[Mend], Mend]:
    """Enters a function that proposes fixes for the findings of some rules, by their names."""

    def enter(mend: Mend) -> Mend:
        for name in rules:
            _mends.setdefault(name, []).append(mend)
        return mend

    return enter


@cache
def catalogue_of_fixes() -> dict[str, tuple[Mend, ...]]:
    """The functions that propose fixes, by the name of the rule whose findings they mend."""
    package = importlib.import_module("okr.operations.fixes")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"okr.operations.fixes.{module.name}")
    return {name: tuple(found) for name, found in sorted(_mends.items())}


def fixes_for(workspace: Workspace, diagnostic: Diagnostic) -> tuple[Fix, ...]:
    """What would mend a finding, safe fixes first; nothing is written, and nothing has been tried.

    Args:
        workspace: where it was found.
        diagnostic: what was found.
    """
    found = catalogue_of_fixes().get(diagnostic.name, ())
    document = _document(workspace, diagnostic.finding.path) if found else None
    if document is None:
        return ()
    spot = Spot(workspace, diagnostic, document)
    fixes: list[Fix] = []
    for mend in found:
        try:
            fixes += mend(spot)
        except (EditImpossible, LayoutImpossible):  # written in a way that leaves no safe place for it
            continue
    return tuple(sorted(fixes, key=lambda fix: not fix.safe))


def obvious(text: str, candidates: Iterable[str]) -> str | None:
    """The one thing that was meant by a misspelt text; None where there is none, or another that comes near.

    Case, blanks, hyphens, underscores and points do not count, and a digit is never a typing mistake. Else a word of five characters or more may have two
    typing mistakes (a letter too many, missing, wrong, or swapped with the next), a shorter one one; and the next
    nearest must be farther off by two.
    """
    wanted = _fold(text)
    if not wanted:
        return None
    allowed = 2 if len(wanted) >= _LONG else 1
    near: list[tuple[int, str]] = []
    for candidate in sorted(set(candidates))[:MOST_CANDIDATES]:
        folded = _fold(candidate)
        if (
            _DIGITS.findall(folded) == _DIGITS.findall(wanted)
            and abs(len(folded) - len(wanted)) <= allowed + 1
        ):
            near.append((edit_distance(wanted, folded), candidate))
    near.sort()
    if not near or near[0][0] > min(allowed, max(len(wanted) - 2, 0)):
        return None
    if len(near) > 1 and near[1][0] < near[0][0] + 2 and not (near[0][0] == 0 and near[1][0]):
        return None
    return near[0][1]


def line_removed(spot: Spot, line: int) -> Edit:
    """The edit that takes a whole line out, by its number."""
    end = spot.starts[line] if line < len(spot.starts) else len(spot.text)
    return Edit(spot.starts[line - 1], end, "")


def _fold(text: str) -> str:
    return _FOLDED.sub("", text.casefold())


def _document(workspace: Workspace, path: str) -> Document | None:
    """A file as it was read; one that is no YAML as its text, and an empty one where there is none."""
    document = workspace.document(path) if path.endswith(".yaml") else None
    if document is not None:
        return document if document.readable or document.text else None
    try:
        content = workspace.files.read(path)
        text = (content or b"").decode("utf-8-sig")
    except (UnreadableFile, UnicodeDecodeError):
        return None
    return Document(path, text, None, byte_order_mark=(content or b"").startswith(b"\xef\xbb\xbf"))


def _parts(node: object, steps: Steps) -> Iterator[tuple[Steps, Place | None, Place]]:
    if isinstance(node, LocatedMapping):
        for key, place in node.values_at.items():
            yield (*steps, key), node.keys_at[key], place
            if key in node:
                yield from _parts(node[key], (*steps, key))
    elif isinstance(node, LocatedList):
        for index, (item, place) in enumerate(zip(node, node.items_at, strict=True)):
            yield (*steps, index), None, place
            yield from _parts(item, (*steps, index))
