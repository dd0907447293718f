"""Located data → models: what a file says, read as what it may say.

Nothing is thrown away for one mistake: the smallest part that can't be read is left out and noted, so that the
rest still loads and no rule reports a consequence as if it were a cause of its own.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from okr.diagnostics import Finding, Place, Problem
from okr.documents import LocatedList, LocatedMapping
from okr.model import FileModel, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic_core import ErrorDetails

    from okr.documents import Document

M = TypeVar("M", bound=FileModel)

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
    problems: list[Problem] = []
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(data), data, problems
        except ValidationError as error:
            pruning = _Pruning(document, model, data)
            details = error.errors(include_url=False, include_context=False)
            # Unknown keys first: one that is plainly another misspelt is not missing as well.
            for detail in sorted(details, key=lambda detail: detail["type"] != "extra_forbidden"):
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
    return None, [Problem("wrong-type", Finding(document.path, _root_place(document.root), message))]


def expect_list(document: Document, what: str) -> tuple[LocatedList | None, list[Problem]]:
    """A document's root as a list; an empty document counts as an empty list."""
    if document.root is None:
        return LocatedList(), []
    if isinstance(document.root, LocatedList):
        return document.root, []
    message = f"{what} must be a list, one item a line, not {_kind_of(document.root)}"
    return None, [Problem("wrong-type", Finding(document.path, _root_place(document.root), message))]


class _Pruning:
    """One round of leaving out: notes each error where it stands, then rebuilds the data without what erred."""

    def __init__(self, document: Document, model: type[FileModel], data: LocatedMapping) -> None:
        self.document = document
        self.model = model
        self.data = data
        self.problems: list[Problem] = []
        self._left_out: set[tuple[str | int, ...]] = set()
        self._missing: set[tuple[str | int, ...]] = set()
        self._noted: set[tuple[str | int, ...]] = set()
        self._meant: dict[tuple[str | int, ...], str] = {}
        self._meant_in: dict[tuple[str | int, ...], set[str]] = {}

    def note(self, detail: ErrorDetails) -> None:
        """Turns an error of pydantic's into a problem and decides what is left out for it."""
        path = self._real_path(detail["loc"])
        if path in self._noted:  # a union reports once for each of its members
            return
        self._noted.add(path)
        if detail["type"] == "missing":
            self._note_missing(path)
        else:
            rule, message, hint = self._described(detail, path)
            key_itself = rule == "unknown-key"
            self._add(rule, self._place(path, of_key=key_itself), message, hint)
            self._left_out.add(path)

    def apply(self) -> LocatedMapping | None:
        """The data without what was left out; None where nothing would remain."""
        if () in self._left_out or any(len(path) == 0 for path in self._missing):
            return None
        pruned: LocatedMapping = _without(self.data, self._left_out, self._missing, self._meant)
        return pruned

    def _note_missing(self, path: tuple[str | int, ...]) -> None:
        parent, key = path[:-1], str(path[-1])
        holder = _at(self.data, parent)
        if key in self._meant_in.get(parent, ()):
            return  # it is there under a misspelt key, which a finding names
        if not (isinstance(holder, LocatedMapping) and key in holder.damaged):
            if key == "objectives" and not parent:
                hint = "write `objectives:` and the objectives below it"
            else:
                hint = f"add `{key}:`"
            name = _name_of(holder)
            self._add("missing-key", self._start_of(parent), f"{name} has no `{key}`", hint)
        self._missing.add(parent)

    def _described(self, detail: ErrorDetails, path: tuple[str | int, ...]) -> tuple[str, str, str | None]:
        kind, value = detail["type"], detail["input"]
        last = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this item"
        if kind == "extra_forbidden":
            known = _known_keys(self.model, path[:-1])
            holder = _at(self.data, path[:-1])
            near = get_close_matches(str(path[-1]), known, n=1, cutoff=0.6)
            if near and near[0] not in holder.keys_at and near[0] not in self._meant_in.get(path[:-1], ()):
                self._meant[path] = near[0]
                self._meant_in.setdefault(path[:-1], set()).add(near[0])
            here = f"{_name_of(holder)} has no key {quoted(str(path[-1]))}"
            hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(sorted(known))}"
            return "unknown-key", here, hint
        if kind == "okr_text" and value is None:
            return "wrong-type", f"{last} is empty", "give it a value, or remove the key"
        if kind.startswith("okr_"):
            message, _, hint = detail["msg"].partition(": ")
            rule = "bad-value" if kind in {"okr_id", "okr_day", "okr_moment"} else "wrong-type"
            return rule, f"{last}: {message}", hint or None
        return _plain_description(kind, detail["msg"], value, last)

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
        holder = _at(self.data, path)
        place: Place = (
            holder.place if isinstance(holder, (LocatedMapping, LocatedList)) else self._place(path)
        )
        text = self.document.line(place.line)
        end = len(text) + 1 if place.end_line > place.line else place.end_column
        return Place(place.line, place.column, place.line, max(end, place.column + 1))

    def _place(self, path: tuple[str | int, ...], *, of_key: bool = False) -> Place:
        if not path:
            return self.data.place
        holder = _at(self.data, path[:-1])
        if isinstance(holder, LocatedMapping):
            key = str(path[-1])
            place = (holder.keys_at if of_key else holder.values_at).get(key) or holder.place
            empty = place[:2] == place[2:]
            return holder.keys_at.get(key, place) if empty else place
        if isinstance(holder, LocatedList) and isinstance(path[-1], int):
            return holder.items_at[path[-1]]
        return self.data.place


def _plain_description(kind: str, said: str, value: object, last: str) -> tuple[str, str, str | None]:
    if kind in {"tuple_type", "list_type"}:
        return (
            "wrong-type",
            f"{last} must be a list, not {_kind_of(value)}",
            "write each item on a line of its own after `- `",
        )
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        return (
            "wrong-type",
            f"{last} must be a mapping, not {_kind_of(value)}",
            "write `key: value` pairs below it",
        )
    if kind in {"int_type", "int_from_float"}:
        return "wrong-type", f"{last}: {quoted(value)} is not a whole number", None
    if kind == "bool_type":
        return "wrong-type", f"{last}: {quoted(value)} is neither true nor false", "write true or false"
    if kind in {"enum", "literal_error"}:
        choices = said.removeprefix("Input should be ").replace("'", "")
        return "bad-value", f"{last}: {quoted(value)} is not one of its values", f"write {choices}"
    message = said.removeprefix("Input should be ")
    return "bad-value", f"{last}: {quoted(value)} should be {message}", None


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


def _at(node: Any, path: Sequence[str | int]) -> Any:  # noqa: ANN401 # located data is whatever the file says
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None
    return node


def _known_keys(model: type[FileModel], path: Sequence[str | int]) -> list[str]:
    """The keys that the mapping at a path may have, by the model's own fields."""
    here: Any = model
    for step in path:
        if isinstance(step, int):
            continue
        fields: Mapping[str, Any] = here.model_fields
        field = next((field for name, field in fields.items() if (field.alias or name) == step), None)
        inner = next(_models_in(field.annotation), None) if field else None
        if inner is None:
            return []
        here = inner
    return [field.alias or name for name, field in here.model_fields.items()]


def _models_in(annotation: Any) -> Iterator[type[FileModel]]:  # noqa: ANN401 # annotations have no common type
    if isinstance(annotation, type) and issubclass(annotation, FileModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)


def _name_of(node: object) -> str:
    if isinstance(node, LocatedMapping):
        for key in ("id", "title", "kr", "kpi"):
            if isinstance(node.get(key), str):
                return quoted(node[key])
        return "this mapping" if node else "this file"
    return "this"


def _kind_of(value: object) -> str:
    return "empty" if value is None else quoted(value)


def _root_place(root: object) -> Place:
    return root.place if isinstance(root, (LocatedMapping, LocatedList)) else Place()
