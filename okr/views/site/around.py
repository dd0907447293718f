"""What is around an owner in the organisation, for its page: who is above, its other objectives, and what goes on below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okr.operations.assessing import ObjectiveState, OwnerState
    from okr.operations.site import Site


@dataclass(frozen=True, slots=True)
class Passed:
    """A team right below that has no plan in the cycle, though others below it have one.

    Attributes:
        name: what it is called.
        address: its page.
        count: how many below it have a plan.
    """

    name: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class Around:
    """What is around an owner.

    Attributes:
        above: the name and the page of the team right above; None for those above all others.
        elsewhere: its objectives in the cycles around the one that is shown.
        below: those right below that have a plan in the cycle.
        passed: the teams right below that have none.
        everybody: all that have a plan below it, at any distance.
        over: the cycles whose outcome is shown.
    """

    above: tuple[str, str] | None
    elsewhere: tuple[ObjectiveState, ...]
    below: tuple[OwnerState, ...]
    passed: tuple[Passed, ...]
    everybody: tuple[OwnerState, ...]
    over: frozenset[str]

    @property
    def cycles(self) -> tuple[str, ...]:
        """The cycles that its other objectives belong to."""
        return tuple(dict.fromkeys(each.objective.reference.cycle for each in self.elsewhere))


class Surroundings:
    """Who is above and below whom in a site.

    Args:
        site: the site.
        pages: the address of each owner's page, by id.
    """

    def __init__(self, site: Site, pages: Mapping[str, str]) -> None:
        self._site = site
        self._pages = pages
        self._states = {each.owner.id: each for each in site.overview.owners}
        self._under: dict[str, list[str]] = {}
        for name, above in site.above.items():
            if above is not None:
                self._under.setdefault(above, []).append(name)
        self._elsewhere: dict[str, list[ObjectiveState]] = {}
        for reference, state in site.alignment.objectives.items():
            if reference.cycle != site.frame.cycle.name:
                self._elsewhere.setdefault(reference.owner, []).append(state)

    def of(self, owner: str) -> Around:
        """What is around an owner."""
        above = self._site.above.get(owner)
        under = self._under.get(owner, [])
        return Around(
            None if above is None else (self._name(above), self._pages[above]),
            tuple(self._elsewhere.get(owner, ())),
            tuple(self._states[each] for each in under if each in self._states),
            tuple(
                Passed(self._name(each), self._pages[each], len(self._below(each)))
                for each in under
                if each not in self._states
            ),
            tuple(self._below(owner)),
            frozenset(self._site.alignment.over),
        )

    def _below(self, owner: str) -> list[OwnerState]:
        found: dict[str, None] = {}
        waiting = list(self._under.get(owner, ()))
        while waiting:
            name = waiting.pop(0)
            if name not in found and name != owner:  # teams in a circle are below themselves
                found[name] = None
                waiting += self._under.get(name, ())
        return [self._states[each] for each in found if each in self._states]

    def _name(self, owner: str) -> str:
        return self._site.people.get(owner, owner)
