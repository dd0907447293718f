"""What changed in settings, teams, people and KPIs: one small class for each kind of change, with the old and the new."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from okr import model
from okr.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okr.workspace import Workspace

Value = str | float | None
"""What a key of a team, person, KPI or setting may hold, as it is compared."""


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """A setting of okr.yaml; `key` leads to it, as in `limits.objectives.max`. None is the absence of a value."""

    key: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """A change of a team, a person or a KPI.

    Attributes:
        kind: `team`, `person` or `KPI`.
        id: its new id; its last one where it was dropped.
        name: what it is called, or its id.
    """

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SubjectAdded(SubjectChange):
    """It is new."""


@dataclass(frozen=True, slots=True)
class SubjectDropped(SubjectChange):
    """It is no more."""


@dataclass(frozen=True, slots=True)
class SubjectRenamed(SubjectChange):
    """It has another id; the old one is in its `formerly`."""

    old: str


@dataclass(frozen=True, slots=True)
class SubjectChanged(SubjectChange):
    """One of its keys says something else; None where it says nothing."""

    key: str
    old: Value
    new: Value


_Subject = TypeVar("_Subject", model.Team, model.Person, model.Kpi)

_KEYS = {
    "team": ("name", "parent", "lead"),
    "person": ("name", "team", "email"),
    "KPI": ("name", "unit", "owner", "why", "at_least", "at_most"),
}


def setting_changes(old: model.Settings, new: model.Settings) -> tuple[SettingChanged, ...]:
    """What okr.yaml says otherwise, the defaults included, by key."""
    before, after = (dict(_flat("", each.model_dump())) for each in (old, new))
    return tuple(
        SettingChanged(key, before.get(key), after.get(key))
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    )


def subject_changes(old: Workspace, new: Workspace) -> tuple[SubjectChange, ...]:
    """What changed in teams, people and KPIs, in this order; of each, those that are no more stand last."""
    same = old.shares_org(new)
    return (
        *(() if same else _changes("team", old.org.teams, new.org.teams)),
        *(() if same else _changes("person", old.org.people, new.org.people)),
        *_changes("KPI", *(side.kpis_file.definition.kpis if side.kpis_file else () for side in (old, new))),
    )


def same_subjects(old: Sequence[_Subject], new: Sequence[_Subject]) -> dict[str, str]:
    """The new id of each that is on both sides, by its old one, whichever of the two names the other."""
    if old is new:  # read once for both sides
        return {each.id: each.id for each in old}
    before, after = {each.id: each for each in old}, {each.id: each for each in new}
    found = {name: name for name in before if name in after}
    for each in new:
        for name in each.formerly:
            if each.id not in before and name in before and name not in after:
                found.setdefault(name, each.id)
    for each in old:
        for name in each.formerly:  # a renaming that is undone
            if each.id not in after and name in after and name not in before:
                found.setdefault(each.id, name)
    return found


def _changes(kind: str, old: Sequence[_Subject], new: Sequence[_Subject]) -> Iterator[SubjectChange]:
    if old is new:  # read once for both sides
        return
    same = same_subjects(old, new)
    before = {same[each.id]: each for each in reversed(old) if each.id in same}
    for each in new:
        name, was = each.name or each.id, before.get(each.id)
        if was is None:
            yield SubjectAdded(kind, each.id, name)
            continue
        if was.id != each.id:
            yield SubjectRenamed(kind, each.id, name, was.id)
        for key in _KEYS[kind]:
            said, says = _value(getattr(was, key)), _value(getattr(each, key))
            said = same.get(str(said), said) if key == "parent" else said
            if said != says:
                yield SubjectChanged(kind, each.id, name, key, said, says)
    yield from (SubjectDropped(kind, each.id, each.name or each.id) for each in old if each.id not in same)


def _value(value: object) -> Value:
    if isinstance(value, tuple):
        return ", ".join(sorted(map(str, value))) or None
    if isinstance(value, str):
        return " ".join(value.split())
    return value if isinstance(value, (int, float)) else None


def _flat(key: str, value: object) -> Iterator[tuple[str, Value]]:
    items: Iterable[tuple[object, object]] | None = None
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value, start=1)
    if items is None:
        yield key, value if isinstance(value, (str, int, float)) else None
        return
    for name, inner in items:
        yield from _flat(f"{key}.{name}" if key else str(name), inner)
