"""What org.yaml says of a workspace's teams and people: whole where all is asked for, else only of those asked about.

The rest of a workspace is `workspace.py`'s; how an org.yaml is looked up in is `plain_org.py`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from okr import model
from okr.contents import Located, Owner, Source
from okr.roots import ORG

if TYPE_CHECKING:
    from okr.plain_org import PlainOrg
    from okr.reader import Reader

M = TypeVar("M", bound=model.FileModel)
V = TypeVar("V")

_SMALLEST_LOOKED_UP = 50_000
"""Bytes; a smaller file is read whole sooner than anything else is got ready."""
_MOST_LOOKED_UP = 3_000
"""Looking up an entry takes a fifteen-thousandth of reading all of them, once it is known where they stand."""


class LookedUp(Mapping[str, V]):
    """What is known of each id, looked up one by one; whole as soon as somebody goes through all, or asks for many."""

    def __init__(self, find: Callable[[str], V], whole: Callable[[], Mapping[str, V]]) -> None:
        """Knows nothing yet.

        Args:
            find: what is known of an id; raises KeyError where there is nothing. All that is found makes it true.
            whole: what is known of all.
        """
        self._find = find
        self._whole = whole
        self._found: dict[str, V] = {}
        self._missing: set[str] = set()
        self._all: Mapping[str, V] | None = None

    def __getitem__(self, name: str) -> V:
        if self._all is not None:
            return self._all[name]
        if name in self._missing:
            raise KeyError(name)
        if name not in self._found:
            if len(self._found) + len(self._missing) >= _MOST_LOOKED_UP:
                return self._everything()[name]
            try:
                self._found[name] = self._find(name)
            except KeyError:
                self._missing.add(name)
                raise
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._everything())

    def __len__(self) -> int:
        return len(self._everything())

    def __bool__(self) -> bool:
        """Only an org.yaml that names many is looked up in."""
        return True

    def _everything(self) -> Mapping[str, V]:
        if self._all is None:
            self._all = self._whole()
        return self._all


class WithOrg:
    """The part of a workspace that org.yaml speaks of."""

    _reader: Reader
    _keep = False
    """Whether the user's cache folder may tell and learn something of it."""

    @cached_property
    def org_file(self) -> Located[model.Org] | None:
        """org.yaml, where there is one and it could be read."""
        return self._reader.whole_file(ORG, model.Org)

    @property
    def org(self) -> model.Org:
        """The teams and people; none where there is no org.yaml."""
        return self.org_file.definition if self.org_file else model.Org()

    @property
    def teams(self) -> tuple[Located[model.Team], ...]:
        """The teams of org.yaml with their sources."""
        return items_of(self.org_file, "teams", self.org.teams)

    @property
    def people(self) -> tuple[Located[model.Person], ...]:
        """The people of org.yaml with their sources."""
        return items_of(self.org_file, "people", self.org.people)

    @property
    def has_org(self) -> bool:
        """Whether there is an org.yaml, readable or not."""
        return self._plain is not None or self._reader.document(ORG) is not None

    @cached_property
    def _plain(self) -> PlainOrg | None:
        """org.yaml to be looked up in; None where it has been read, or must be."""
        return None if "org_file" in self.__dict__ else self._reader.at_a_glance(ORG, self._look)

    def shares_org(self, other: WithOrg) -> bool:
        """Whether another version has the very same org.yaml, and both only look up in it, for nothing is wrong with it."""
        return self._plain is not None and self._plain is other._plain

    @property
    def leads_are_known(self) -> bool:
        """Whether each team's lead is seen at a glance to be a person of org.yaml; else it has to be looked at."""
        return self._plain is not None and self._plain.leads_are_people

    def finish_org(self) -> None:
        """Reads org.yaml, where it has only been looked up in."""
        if self.__dict__.get("_plain") is not None:
            _ = self.org_file

    def _look(self, content: bytes) -> PlainOrg | None:
        if len(content) < _SMALLEST_LOOKED_UP:
            return None
        from okr.plain_org import plain_org  # few workspaces are so large

        return plain_org(content, keep=self._keep)

    @cached_property
    def owners(self) -> Mapping[str, Owner]:
        """The owners that org.yaml names, by id: people first, then teams."""
        plain = self._plain
        if plain is None:
            return self._all_owners()

        def find(name: str) -> Owner:
            found = plain.find(name)
            if found is None:
                raise KeyError(name)
            return Owner(name, found.name or name, "team" if isinstance(found, model.Team) else "person")

        return LookedUp(find, self._all_owners)

    def _all_owners(self) -> dict[str, Owner]:
        teams = {team.id: Owner(team.id, team.name or team.id, "team") for team in self.org.teams}
        people = {
            person.id: Owner(person.id, person.name or person.id, "person") for person in self.org.people
        }
        return people | teams

    @cached_property
    def owner_names(self) -> Mapping[str, str]:
        """What the owners that org.yaml names are called, by id."""
        if self._plain is None:
            return {owner.id: owner.name for owner in self.owners.values()}
        return LookedUp(
            lambda name: self.owners[name].name,
            lambda: {owner.id: owner.name for owner in self.owners.values()},
        )

    @cached_property
    def former_owners(self) -> dict[str, str]:
        """The present id of each team or person that had another one."""
        if self._plain is not None:
            return self._plain.former
        named: list[model.Team | model.Person] = [*self.org.teams, *self.org.people]
        return {old: each.id for each in named for old in each.formerly if old not in self.owners}

    @cached_property
    def _former_names(self) -> dict[str, tuple[str, ...]]:
        """The ids that each team or person had before."""
        found: dict[str, tuple[str, ...]] = {}
        for old, new in self.former_owners.items():
            found[new] = (*found.get(new, ()), old)
        return found

    def former_names(self, owner: str) -> tuple[str, ...]:
        """The ids that an owner had before, in the order of org.yaml."""
        return self._former_names.get(owner, ())

    @cached_property
    def above(self) -> Mapping[str, str | None]:
        """Right above each owner of org.yaml, as written there: a team's parent, or a person's team."""
        plain = self._plain
        if plain is None:
            return self._all_above()

        def find(name: str) -> str | None:
            found = plain.find(name)
            if found is None:
                raise KeyError(name)
            return found.parent if isinstance(found, model.Team) else found.team

        return LookedUp(find, self._all_above)

    def _all_above(self) -> dict[str, str | None]:
        people = {person.id: person.team for person in self.org.people}
        return people | {team.id: team.parent for team in self.org.teams}

    @property
    def person_ids(self) -> list[str]:
        """The ids of the people that org.yaml names, in its order."""
        if self._plain is not None:
            return self._plain.person_ids
        return [person.id for person in self.org.people]

    @cached_property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """The people of each team, as org.yaml writes its id."""
        plain = self._plain
        if plain is None:
            return self._all_members()

        def find(team: str) -> tuple[str, ...]:
            found = plain.members(team)
            if not found:
                raise KeyError(team)
            return found

        return LookedUp(find, self._all_members)

    def _all_members(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for person in self.org.people:
            if person.team is not None:
                found.setdefault(person.team, []).append(person.id)
        return {team: tuple(people) for team, people in found.items()}

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """A number for each owner: among teams, as among people, it rises in the order of org.yaml."""
        plain = self._plain
        if plain is None:
            return {owner: place for place, owner in enumerate(self.owners)}

        def find(name: str) -> int:
            found = plain.place(name)
            if found is None:
                raise KeyError(name)
            return found

        return LookedUp(find, plain.places)

    @property
    def names_people(self) -> bool:
        """Whether org.yaml lists people."""
        return bool(self.org.people) if self._plain is None else self._plain.has_people

    def is_person(self, name: str) -> bool:
        """Whether org.yaml lists a person of this id."""
        if self._plain is None:
            return any(person.id == name for person in self.org.people)
        found = self.owners.get(name)
        return found is not None and found.kind == "person"

    def person_at(self, address: str) -> str | None:
        """The first person of org.yaml with an e-mail address, in whatever case it is written."""
        wanted = address.strip().casefold()
        if not wanted:
            return None
        if self._plain is not None:
            return self._plain.person_at(wanted)
        for person in self.org.people:
            if any(wanted == known.strip().casefold() for known in person.email):
                return person.id
        return None

    def owner(self, owner: str) -> Owner:
        """An owner by its id; one that org.yaml does not name is still an owner."""
        return self.owners.get(owner) or Owner(owner, owner, "unknown" if self.owners else "owner")


def items_of(
    holder: Located[model.FileModel] | None, key: str, definitions: tuple[M, ...]
) -> tuple[Located[M], ...]:
    """The items of a list of a file as models, each with its source."""
    if holder is None:
        return ()
    data = holder.source.data.get(key) or ()
    return tuple(
        Located(each, Source(holder.source.document, mapping))
        for each, mapping in zip(definitions, data, strict=True)
    )
