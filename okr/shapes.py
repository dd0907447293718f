"""Located data → models: what a file says, read as what it may say.

Nothing is thrown away for one mistake: the smallest part that can't be read is left out and noted, so that the
rest still loads and no rule reports a consequence as if it were a cause of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from okr import advice
from okr.diagnostics import Finding, Place, Problem
from okr.documents import MOST_PROBLEMS, LocatedList, LocatedMapping
from okr.errors import shortened
from okr.located import node_at
from okr.model import FileModel, Settings, quoted
from okr.unknown_keys import Slip, for_unknown_key, slips_in_braces
from okr.unknown_keys import keys_at as _known_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic_core import ErrorDetails

    from okr.documents import Document

M = TypeVar("M", bound=FileModel)

_LONGEST_SHOWN = 40
_SIDES = {"greater_than_equal": ("less", "more"), "less_than_equal": ("more", "less")}
_TYPES = {
    "tuple_type": "list", "list_type": "list",
    "model_type": "mapping", "model_attributes_type": "mapping", "dict_type": "mapping",
    "int_type": "whole", "int_from_float": "whole", "bool_type": "truth",
}  # fmt: skip
"""pydantic's names for a value of the wrong type."""
_ROUNDS = 50
"""How often a file is read again after leaving parts out; each round leaves out all that the last one found."""


def shape(
    document: Document, model: type[M], data: LocatedMapping
) -> tuple[M | None, LocatedMapping, list[Problem]]:
    """Reads located data as a model.

    Args:
        document: the file the data come from.
        model: what the data are to be.
        data: a mapping of the file.

    Returns:
        The model, or None where too little could be read; the data it was read from, in which parts that could
        not be read are left out (a mapping they stood in names them as `damaged`); and the problems found.
    """
    plain = model.read(data)
    return (plain, data, []) if plain is not None else _checked(document, model, data)


def _checked(
    document: Document, model: type[M], data: LocatedMapping
) -> tuple[M | None, LocatedMapping, list[Problem]]:
    """As `shape`, for data in which something may be wrong: pydantic says what."""
    from pydantic import ValidationError  # a third of what a short command takes, where all is well

    problems: list[Problem] = []
    for _ in range(_ROUNDS):
        try:
            return model.check(data), data, problems
        except ValidationError as error:
            pruning = _Pruning(document, model, data)
            details = error.errors(include_url=False, include_context=False)
            # Unknown keys first: one that is plainly another misspelt is not missing as well.
            for detail in sorted(details, key=pruning.turn):
                pruning.note(detail)
            problems += pruning.problems
            pruned = pruning.apply()
            if pruned is None:
                return None, data, problems
            data = pruned
    return None, data, problems


def expect_mapping(document: Document, what: str) -> tuple[LocatedMapping | None, list[Problem]]:
    """A document's root as a mapping; an empty document counts as an empty mapping."""
    if document.root is None:
        return LocatedMapping(), []
    if isinstance(document.root, LocatedMapping):
        return document.root, []
    message = f"{what} must be a mapping of keys to values, not {_kind_of(document.root)}"
    return None, [Problem("wrong-type", Finding(document.path, _root_place(document), message))]


def log_items(document: Document) -> Iterator[LocatedMapping | Problem]:
    """The items of a log, each a mapping that may be a record, or what is wrong instead; an empty document has none."""
    root = LocatedList() if document.root is None else document.root
    if not isinstance(root, LocatedList):
        message = f"a log must be a list, one item a line, not {_kind_of(root)}"
        yield Problem("wrong-type", Finding(document.path, _root_place(document), message))
        return
    for index, item in enumerate(root):
        if isinstance(item, LocatedMapping):
            yield item
        else:
            message = (
                f"a log's line must be a mapping such as {{date: …, kr: …, value: …}}, not {quoted(item)}"
            )
            yield Problem("wrong-type", Finding(document.path, root.items_at[index], message))


def list_for_a_plan(document: Document, logs: str) -> Problem:
    """What is wrong with a plan that is a list: a log in the wrong folder, or objectives without their key.

    Args:
        document: the file.
        logs: the folder of its cycle's logs.
    """
    first = next(iter(document.root), None)
    if isinstance(first, LocatedMapping) and "date" in first.keys_at:
        message, hint = "this is a log, not a plan", f"move it to {logs}, under its owner's id"
    else:
        message, hint = "a plan must be a mapping, not a list", "write `objectives:` above the objectives"
    return Problem("wrong-type", Finding(document.path, _root_place(document), message, hint))


def plan_for_a_log(document: Document, path: str) -> Problem:
    """What is wrong with a log that says objectives: it is a plan, whose path is another."""
    message = "this is a plan, not a log"
    return Problem("wrong-type", Finding(document.path, _root_place(document), message, f"move it to {path}"))


def is_foreign(root: LocatedMapping) -> bool:
    """Whether an okr.yaml holds no settings of okr, be they misspelt, but keys of something else."""
    known = Settings.file_keys()
    if any(key in root.keys_at for key in known):
        return False
    from difflib import get_close_matches

    misspelt = any(get_close_matches(key, known, n=1, cutoff=0.75) for key in root.keys_at)
    return len(root.keys_at) > 0 and not misspelt


class _Pruning:
    """One round of leaving out: notes each error where it stands, then rebuilds the data without what erred."""

    def __init__(self, document: Document, model: type[FileModel], data: LocatedMapping) -> None:
        self.document = document
        self.model = model
        self.data = data
        self.problems: list[Problem] = []
        self._left_out: set[tuple[str | int, ...]] = set()
        self._missing: set[tuple[str | int, ...]] = set()
        self._slips: dict[tuple[str | int, ...], dict[str, Slip]] = {}
        self._broken: set[tuple[str | int, ...]] = set()
        self._noted: set[tuple[str | int, ...]] = set()
        self._meant: dict[tuple[str | int, ...], str] = {}
        self._meant_in: dict[tuple[str | int, ...], set[str]] = {}

    def turn(self, detail: ErrorDetails) -> tuple[bool, Place]:
        """When an error is noted: unknown keys first, as one that is another misspelt is not missing as well."""
        path = self._real_path(detail["loc"])
        return detail["type"] != "extra_forbidden", self._place(path, of_key=True)

    def note(self, detail: ErrorDetails) -> None:
        """Turns an error of pydantic's into a problem and decides what is left out for it."""
        path = self._real_path(detail["loc"])
        if path in self._noted:  # a union reports once for each of its members
            return
        self._noted.add(path)
        if len(self.problems) >= MOST_PROBLEMS:
            self._leave_out(path, missing=detail["type"] == "missing")
        elif detail["type"] == "missing":
            self._note_missing(path)
        elif detail["type"] == "extra_forbidden":
            self._note_unknown(path)
        else:
            rule, message, hint = self._described(detail, path)
            self._add(rule, self._place(path), message, hint)
            self._left_out.add(path)

    def apply(self) -> LocatedMapping | None:
        """The data without what was left out; None where nothing would remain."""
        if () in self._left_out or any(len(path) == 0 for path in self._missing):
            return None
        pruned: LocatedMapping = _without(self.data, self._left_out, self._missing, self._meant)
        return pruned

    def _leave_out(self, path: tuple[str | int, ...], *, missing: bool) -> None:
        """Leaves out what erred without a word: so many have been noted that nobody reads on."""
        (self._missing if missing else self._left_out).add(path[:-1] if missing else path)

    def _note_missing(self, path: tuple[str | int, ...]) -> None:
        parent, key = path[:-1], str(path[-1])
        holder = node_at(self.data, parent)
        if key in self._meant_in.get(parent, ()) or parent in self._broken:
            return  # it is there under a misspelt key, which a finding names
        if not (isinstance(holder, LocatedMapping) and key in holder.damaged):
            if key == "objectives" and not parent:
                hint = "write `objectives:` and the objectives below it"
            else:
                hint = f"add `{key}:`"
            name = _name_of(holder)
            self._add("missing-key", self._start_of(parent), f"{name} has no `{key}`", hint)
        self._missing.add(parent)

    def _note_unknown(self, path: tuple[str | int, ...]) -> None:
        parent, key = path[:-1], str(path[-1])
        self._left_out.add(path)
        holder = node_at(self.data, parent)
        if parent not in self._slips:
            self._slips[parent] = slips_in_braces(holder, _known_keys(self.model, parent))
        slip = self._slips[parent].get(key)
        if slip is not None:
            self._left_out.update((*parent, name) for name in slip.spoilt)
            if slip.whole:
                self._broken.add(parent)
                self._missing.add(parent)
            if slip.message:
                self._add("unknown-key", self._place(path, of_key=True), slip.message, slip.hint)
            return
        taken = self._meant_in.setdefault(parent, set())
        free = [known for known in _known_keys(self.model, parent) if known not in holder.keys_at]
        meant, hint = for_unknown_key(key, [each for each in free if each not in taken], self.model, parent)
        if meant is not None:
            self._meant[path] = meant
            taken.add(meant)
        message = f"{_name_of(holder)} has no key {quoted(key)}"
        self._add("unknown-key", self._place(path, of_key=True), message, hint)

    def _described(self, detail: ErrorDetails, path: tuple[str | int, ...]) -> tuple[str, str, str | None]:
        kind, value = detail["type"], detail["input"]
        key = path[-1] if path and isinstance(path[-1], str) else ""
        last = f"`{key}`" if key else "this item"
        if kind.startswith("okr_") and value is None:
            return "wrong-type", f"{last} is empty", self._hint_for_nothing(path)
        if kind.startswith("okr_"):
            message, _, said = detail["msg"].partition(": ")
            hint = _advice(kind, key, value, said)
            rule = "bad-value" if kind in {"okr_id", "okr_day", "okr_moment"} else "wrong-type"
            return rule, f"{last}: {message}", hint or said or None
        return _plain_description(kind, detail["msg"], value, key, _known_keys(self.model, path))

    def _hint_for_nothing(self, path: tuple[str | int, ...]) -> str:
        place = self._place(path)
        behind = self.document.line(place.line)[place.end_column :].strip()
        if behind.startswith("#") and behind[1:2].strip():
            return f'a `#` begins a comment: put the text in quotes, `"{shortened(behind, _LONGEST_SHOWN)}"`, if it is meant as one'
        return "give it a value, or remove the key"

    def _add(self, rule: str, place: Place, message: str, hint: str | None) -> None:
        self.problems.append(Problem(rule, Finding(self.document.path, place, message, hint)))

    def _real_path(self, location: Sequence[str | int]) -> tuple[str | int, ...]:
        """The part of an error's location that exists in the file, with the key that is missing or unknown."""
        found: list[str | int] = []
        here: Any = self.data
        for step in location:
            if isinstance(here, LocatedMapping):
                found.append(str(step))
                if step not in here:
                    break
                here = here[str(step)]
            elif isinstance(here, LocatedList) and isinstance(step, int) and step < len(here):
                found.append(step)
                here = here[step]
            else:
                break
        return tuple(found)

    def _start_of(self, path: tuple[str | int, ...]) -> Place:
        holder = node_at(self.data, path)
        place: Place = (
            holder.place if isinstance(holder, (LocatedMapping, LocatedList)) else self._place(path)
        )
        text = self.document.line(place.line)
        end = len(text) + 1 if place.end_line > place.line else place.end_column
        return Place(place.line, place.column, place.line, max(end, place.column + 1))

    def _place(self, path: tuple[str | int, ...], *, of_key: bool = False) -> Place:
        if not path:
            return self.data.place
        holder = node_at(self.data, path[:-1])
        if isinstance(holder, LocatedMapping):
            key = str(path[-1])
            place = (holder.keys_at if of_key else holder.values_at).get(key) or holder.place
            empty = place[:2] == place[2:]
            return holder.keys_at.get(key, place) if empty else place
        if isinstance(holder, LocatedList) and isinstance(path[-1], int):
            return holder.items_at[path[-1]]
        return self.data.place


def _advice(kind: str, key: str, value: object, said: str) -> str | None:
    if kind == "okr_number":
        return advice.for_number(key, value, said)
    if kind in {"okr_day", "okr_moment"}:
        return advice.for_day(value)
    if kind == "okr_id":
        return advice.for_id(key, value)
    return advice.for_text(key, value) if kind == "okr_text" else None


def _plain_description(
    kind: str, said: str, value: object, key: str, known: Sequence[str]
) -> tuple[str, str, str | None]:
    last, shown = f"`{key}`" if key else "this item", quoted(value)
    if kind in _SIDES:
        limit, (side, other) = said.rpartition(" ")[2], _SIDES[kind]
        hint = advice.for_size(key, value, f"{limit} or {other}")
        return "bad-value", f"{last}: {shown} is {side} than {limit}", hint
    if kind in {"enum", "literal_error"}:
        hint = advice.for_choice(value, re.findall(r"'([^']+)'", said))
        return "bad-value", f"{last}: {shown} is not one of its values", hint
    wanted: dict[str, tuple[str, str]] = {
        "list": (f"{last} must be a list, not {_kind_of(value)}", advice.for_list(value)),
        "mapping": (
            f"{last} must be a mapping, not {_kind_of(value)}",
            advice.for_mapping(key, value, known),
        ),
        "whole": (f"{last}: {shown} is not a whole number", advice.for_whole_number(key, value)),
        "truth": (f"{last}: {shown} is neither true nor false", advice.for_truth(value)),
    }
    if kind in _TYPES:
        return "wrong-type", *wanted[_TYPES[kind]]
    return "bad-value", f"{last}: {shown} should be {said.removeprefix('Input should be ')}", None


def _without(
    node: Any,  # noqa: ANN401 # located data is whatever the file says
    left_out: set[tuple[str | int, ...]],
    incomplete: set[tuple[str | int, ...]],
    meant: dict[tuple[str | int, ...], str],
    path: tuple[str | int, ...] = (),
) -> Any:  # noqa: ANN401 # as above
    """A copy of the data without the parts at `left_out`, and without the list items that are `incomplete`.

    What stands under a misspelt key is read as what was `meant`, so that all that is wrong with it is found at once.
    """
    if isinstance(node, LocatedMapping):
        mapping = LocatedMapping(node.place, flow=node.flow)
        mapping.keys_at, mapping.values_at = dict(node.keys_at), dict(node.values_at)
        mapping.damaged = set(node.damaged)
        for key, value in node.items():
            here = (*path, key)
            if here in meant:
                mapping[meant[here]] = value
                mapping.keys_at[meant[here]], mapping.values_at[meant[here]] = (
                    node.keys_at[key],
                    node.values_at[key],
                )
            elif here in left_out or here in incomplete:
                mapping.damaged.add(key)
            else:
                mapping[key] = _without(value, left_out, incomplete, meant, here)
        return mapping
    if isinstance(node, LocatedList):
        items = LocatedList(node.place, flow=node.flow)
        for index, value in enumerate(node):
            here = (*path, index)
            if here not in left_out and here not in incomplete:
                items.append(_without(value, left_out, incomplete, meant, here))
                items.items_at.append(node.items_at[index])
        return items
    return node


def _name_of(node: object) -> str:
    if isinstance(node, LocatedMapping):
        for key in ("id", "title", "kr", "kpi"):
            if isinstance(node.get(key), str):
                return quoted(node[key])
        return "this mapping" if node else "this file"
    return "this"


def _kind_of(value: object) -> str:
    return "empty" if value is None else quoted(value)


def _root_place(document: Document) -> Place:
    """The first line of what a file says."""
    root = document.root
    if not isinstance(root, (LocatedMapping, LocatedList)):
        return Place()
    line, column, end_line, end_column = root.place
    if end_line > line:
        end_column = len(document.line(line)) + 1
    return Place(line, column, line, max(end_column, column))
