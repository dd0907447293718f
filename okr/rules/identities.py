"""Whether what bears an id is still the same thing, by what it says: guesses, for people to judge. No rules here."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from okr.contents import KeyResult, Objective
from okr.model import Kpi, Person, Team
from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okr.rules.earlier import Both, Thing, Z

MOST_COMPARED = 40
"""Things that are gone, and things that are new, in one plan or file; whoever changes more at once starts anew."""

_WORD = pattern(r"[^\W\d_]{4,}")
_NAME = pattern(r"[^\W\d_]{2,}")
_STEM = 5
"""Letters that forms of a word have in common: visits, visitors."""
_ALIKE = 0.5
_NUMBERS = ("start", "target", "commit", "stretch", "at_least", "at_most", "unit")


def renames(both: Sequence[Both[Z]]) -> list[tuple[Z, Z]]:
    """Things that are gone, each with the new one beside it that seems to be the same under another id."""
    gone = [then for then, now in both if then is not None and now is None][:MOST_COMPARED]
    new = [now for then, now in both if now is not None and then is None][:MOST_COMPARED]
    found: list[tuple[Z, Z]] = []
    for then in gone:
        like = [
            (likeness, -place)
            for place, now in enumerate(new)
            if (likeness := _likeness(then, now)) >= _ALIKE
        ]
        if like:
            found.append((then, new.pop(-max(like)[1])))
    return found


def is_another(then: Thing, now: Thing) -> bool:
    """Whether what bears an id has nothing in common with what bore it."""
    if isinstance(then, Objective) and isinstance(now, Objective):
        return not (
            _words(then.title) & _words(now.title) or _ids(then) & _ids(now) or then.title == now.title
        )
    if isinstance(then, KeyResult) and isinstance(now, KeyResult):
        return not (
            _words(then.title) & _words(now.title) or _measures_alike(then, now) or then.title == now.title
        )
    old, new = then.definition, now.definition
    if isinstance(old, Person) and isinstance(new, Person):
        named = bool(old.name and new.name) and not _names(old) & _names(new)
        return named and not set(old.email) & set(new.email)
    if isinstance(old, Kpi) and isinstance(new, Kpi):
        return old.unit != new.unit and not _words(old.name) & _words(new.name)
    return False  # a team may call itself what it likes


def _likeness(then: Thing, now: Thing) -> float:
    """From 0 to 1: how much one thing looks like another."""
    if isinstance(then, Objective) and isinstance(now, Objective):
        return max(_shared(_words(then.title), _words(now.title)), _shared(_ids(then), _ids(now)))
    if isinstance(then, KeyResult) and isinstance(now, KeyResult):
        return max(_shared(_words(then.title), _words(now.title)), float(_is_measured_alike(then, now)))
    old, new = then.definition, now.definition
    if isinstance(old, Person) and isinstance(new, Person):
        return float(bool(set(old.email) & set(new.email)) or (old.name is not None and old.name == new.name))
    if isinstance(old, Team) and isinstance(new, Team):
        return float(old.name is not None and old.name == new.name)
    if isinstance(old, Kpi) and isinstance(new, Kpi):
        return _shared(_words(old.name), _words(new.name)) * (old.unit == new.unit)
    return 0.0


def _is_measured_alike(then: KeyResult, now: KeyResult) -> bool:
    """Whether two key results have the same metric, and one that hardly two would have."""
    old, new = then.definition, now.definition
    telling = old.kpi is not None or (old.unit is not None and old.milestones is None)
    return (
        telling and old.kpi == new.kpi and all(getattr(old, each) == getattr(new, each) for each in _NUMBERS)
    )


def _measures_alike(then: KeyResult, now: KeyResult) -> bool:
    """Whether two key results are measured in the same way, or count the same, or get to the same."""
    old, new = then.definition, now.definition
    if old.kind is not new.kind:
        return False
    return any(
        getattr(old, each) == getattr(new, each) is not None
        for each in ("unit", "target", "kpi", "milestones")
    )


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


@lru_cache(maxsize=4096)
def _words(title: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(title.casefold()))


def _names(person: Person) -> set[str]:
    return set(_NAME.findall((person.name or "").casefold()))


def _ids(objective: Objective) -> frozenset[str]:
    return frozenset(each.definition.id for each in objective.key_results)
