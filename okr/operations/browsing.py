"""What somebody who browses a cycle sees of it: what a filter leaves, and where a reference leads.

Pure choice over an overview; reckoning is `overview.py`'s, the look is `views/tui`'s.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okr.contents import Owner
from okr.dataclass import dataclass, replace
from okr.errors import UsageError
from okr.operations.selecting import select_any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.operations.assessing import KeyResultState, ObjectiveState, OwnerState
    from okr.operations.overview import Overview
    from okr.scoring import Status
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Filter:
    """What is to be seen.

    Attributes:
        words: each of them must stand in a key result's titles, reference, tags or names; case does not count.
        status: only key results with this status.
        attention: only key results that need attention.
    """

    words: str = ""
    status: Status | None = None
    attention: bool = False

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.words.split()) or self.status is not None or self.attention


@dataclass(frozen=True, slots=True)
class Place:
    """Something to go to.

    Attributes:
        cycle: the cycle it is in.
        key: an owner's id, or the full reference of an objective or a key result.
    """

    cycle: str
    key: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that somebody may want to go to: where it is, how it is called there, and what it says."""

    place: Place
    name: str
    title: str


def filtered(found: Overview, by: Filter) -> tuple[OwnerState, ...]:
    """What a filter leaves of a cycle, in its order; scores stay those of the whole.

    An objective stays for its key results, or for its own words where no status is asked for.
    """
    if not by.narrows:
        return found.owners
    words = by.words.casefold().split()
    pressing = {state.key_result.reference for state in found.attention}
    by_status = by.status is not None or by.attention

    def stays(state: KeyResultState, above: str) -> bool:
        if by.status is not None and state.assessment.status is not by.status:
            return False
        if by.attention and state.key_result.reference not in pressing:
            return False
        return _has(words, f"{above}\n{_words_of_key_result(state)}")

    owners = []
    for owner in found.owners:
        named = f"{owner.owner.id}\n{owner.owner.name}"
        objectives = []
        for objective in owner.objectives:
            above = f"{named}\n{_words_of_objective(objective)}"
            kept = tuple(state for state in objective.key_results if stays(state, above))
            if kept or (not by_status and _has(words, above)):
                objectives.append(replace(objective, key_results=kept))
        if objectives:
            owners.append(replace(owner, objectives=tuple(objectives)))
    return tuple(owners)


def key_results_of(owners: Iterable[OwnerState]) -> tuple[KeyResultState, ...]:
    """All key results of some owners."""
    return tuple(
        state for owner in owners for objective in owner.objectives for state in objective.key_results
    )


def has_key(owners: Iterable[OwnerState], key: str) -> bool:
    """Whether an owner's id or a full reference is among some owners, their objectives and key results."""
    for owner in owners:
        if key == owner.owner.id:
            return True
        for objective in owner.objectives:
            inner = (state.key_result.reference for state in objective.key_results)
            if any(key == str(each) for each in (objective.objective.reference, *inner)):
                return True
    return False


def part_of(found: Overview, owner: str, by: Filter) -> Overview:
    """The overview of one owner alone, as far as a filter leaves it."""
    owners = tuple(state for state in filtered(found, by) if state.owner.id == owner)
    shown = {state.key_result.reference for state in key_results_of(owners)}
    pressing = tuple(state for state in found.attention if state.key_result.reference in shown)
    return replace(found, owners=owners, attention=pressing, asked=owner)


def status_counts(found: Overview) -> dict[Status, int]:
    """How many key results have each status; those that none has are left out."""
    return dict(Counter(state.assessment.status for state in found.key_results))


def candidates(found: Overview, typed: str) -> tuple[Candidate, ...]:
    """What of a cycle somebody may mean who has typed that much, the likeliest first.

    Every word must stand in its reference or its title. What is called just so comes first, then what ends so,
    then the rest in the order of the cycle.
    """
    words = typed.casefold().split()
    whole = typed.casefold().strip().strip("/")

    def rank(each: Candidate) -> int:
        name = each.name.casefold()
        if name == whole:
            return 0
        return 1 if f"/{name}".endswith(f"/{whole}") else 2

    fitting = [each for each in _all(found) if _has(words, f"{each.place.key}\n{each.title}")]
    return tuple(sorted(fitting, key=rank)) if whole else tuple(fitting)


def place_of(workspace: Workspace, typed: str, cycle: str) -> Place:
    """Where a typed reference leads: within a cycle if it is anything there, else wherever it is.

    Args:
        workspace: where to look.
        typed: an owner, an objective or a key result; any unambiguous tail will do.
        cycle: the cycle to look in first.

    Raises:
        UsageError: it names nothing, or several things.
    """
    try:
        found = select_any(workspace, typed, cycle=cycle)
    except UsageError:
        found = select_any(workspace, typed)
    if isinstance(found, Owner):
        return Place(cycle, found.id)
    return Place(found.reference.cycle, str(found.reference))


def _all(found: Overview) -> Iterator[Candidate]:
    cycle = found.frame.cycle.name
    for owner in found.owners:
        yield Candidate(Place(cycle, owner.owner.id), owner.owner.id, owner.owner.name)
        for objective in owner.objectives:
            yield _candidate(cycle, str(objective.objective.reference), objective.objective.title)
            for state in objective.key_results:
                yield _candidate(cycle, str(state.key_result.reference), state.key_result.title)


def _candidate(cycle: str, reference: str, title: str) -> Candidate:
    return Candidate(Place(cycle, reference), reference.removeprefix(f"{cycle}/"), title)


def _has(words: list[str], text: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _words_of_objective(state: ObjectiveState) -> str:
    objective = state.objective
    said = (str(objective.reference), objective.title, objective.accountable, *objective.definition.tags)
    return "\n".join(each for each in said if each)


def _words_of_key_result(state: KeyResultState) -> str:
    key_result = state.key_result
    said = (str(key_result.reference), key_result.title, key_result.accountable, *key_result.definition.tags)
    return "\n".join(each for each in said if each)
