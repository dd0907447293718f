"""What files name: objectives, key results, owners and KPIs, each place where one is defined or referred to.

Read from the located data, not from models, so that a file that is half right still tells what it names.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from okr.contents import mappings
from okr.cycles import canonical_name
from okr.dataclass import dataclass
from okr.diagnostics import Place
from okr.documents import LocatedList, LocatedMapping
from okr.owned_files import place_of
from okr.references import Reference, is_id
from okr.workspace import CYCLE_FACTS, KPI_LOG, KPIS, LOGS, ORG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.contents import KeyResult, Objective
    from okr.documents import Document
    from okr.workspace import Workspace


class Kind(StrEnum):
    """What kind of thing it is."""

    OBJECTIVE = "objective"
    KEY_RESULT = "key result"
    OWNER = "owner"
    KPI = "KPI"


class Role(StrEnum):
    """What a file says of a thing at some place."""

    DEFINITION = "definition"
    FORMER = "former id"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that bears an id, by its present name: a full reference, or the id of a team, a person or a KPI."""

    kind: Kind
    name: str

    @property
    def id(self) -> str:
        """Its id alone."""
        return self.name.rpartition("/")[2]

    @property
    def reference(self) -> Reference:
        """The reference of an objective or key result."""
        cycle, owner, objective, *rest = self.name.split("/")
        return Reference(cycle, owner, objective, rest[0] if rest else None)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a file that names a thing.

    Attributes:
        thing: what is named; there need not be such a thing.
        role: whether it is defined there, or referred to.
        path: the file.
        place: the id's own place; that of the whole text where the id can't be told from the rest.
        whole: the place of the whole text, which may name several things: `2026/company/lead`.
        written: the whole text.
        part: which part of it, between slashes, is the id, from 0.
        exact: whether `place` holds the id and nothing else.
    """

    thing: Thing
    role: Role
    path: str
    place: Place
    whole: Place
    written: str
    part: int
    exact: bool


def mentions_in(workspace: Workspace, document: Document, line: int | None = None) -> tuple[Mention, ...]:
    """All that a file names, from top to bottom; nothing of a file that okr does not read.

    Args:
        workspace: where the things are.
        document: the file.
        line: the only line that is asked about, from 1: of a log, which may be long, no others are looked at.
    """
    found = list(_Walk(workspace, document, line).mentions())
    return tuple(sorted(found, key=lambda mention: (*mention.place[:2], -mention.part)))


def mentions_of(workspace: Workspace, thing: Thing) -> tuple[Mention, ...]:
    """Every place in the workspace that names a thing, by file and from top to bottom."""
    workspace.load_everything()
    return tuple(
        mention
        for document in workspace.documents
        for mention in mentions_in(workspace, document)
        if mention.thing == thing
    )


def mention_at(workspace: Workspace, document: Document, line: int, column: int) -> Mention | None:
    """What is named at a place; of a reference the part that is there, its last thing where that names none."""
    here = [each for each in mentions_in(workspace, document, line) if _holds(each.whole, line, column)]
    exact = [each for each in here if each.exact and _holds(each.place, line, column)]
    return (exact or sorted(here, key=lambda each: each.part))[-1] if here else None


def definition_of(workspace: Workspace, thing: Thing) -> tuple[str, Place] | None:
    """The file and place of a thing's `id`; None where there is no such thing, or no file that lists it."""
    if thing.kind in {Kind.OBJECTIVE, Kind.KEY_RESULT}:
        found = workspace.find(thing.reference)
        return None if found is None else (found.source.path, found.source.place("id"))
    if thing.kind is Kind.KPI:
        kpi = workspace.kpi(thing.name)
        return None if kpi is None else (kpi.source.path, kpi.source.place("id"))
    sources = [each.source for each in workspace.teams if each.definition.id == thing.name]
    sources += [each.source for each in workspace.people if each.definition.id == thing.name]
    return next(((source.path, source.place("id")) for source in sources), None)


def owner_and_cycle(workspace: Workspace, path: str) -> tuple[str, str] | None:
    """Whose plan or log a file is, by present id, and for which cycle; None for other files."""
    place = place_of(path)
    if place is None or path.endswith(f"/{CYCLE_FACTS}") or not is_id(place[2]):
        return None
    return workspace.former_owners.get(place[2], place[2]), canonical_name(place[1])


def _holds(place: Place, line: int, column: int) -> bool:
    """Whether a place holds a cursor, which may also stand right behind it."""
    return place[:2] <= (line, column) <= place[2:]


class _Walk:
    """One walk through a file."""

    def __init__(self, workspace: Workspace, document: Document, line: int | None) -> None:
        self._workspace = workspace
        self._document = document
        self._line = line

    def mentions(self) -> Iterator[Mention]:
        path, root = self._document.path, self._document.root
        whose = owner_and_cycle(self._workspace, path)
        if path in {ORG, KPIS}:
            yield from self._listed()
        elif path == KPI_LOG or (whose is not None and path.startswith(f"{LOGS}/")):
            for record in root if isinstance(root, LocatedList) else ():
                if isinstance(record, LocatedMapping) and self._is_asked_about(record):
                    yield from self._record(record, whose)
        elif whose is not None:
            for objective in mappings(root, "objectives"):
                yield from self._objective(objective, *whose)

    def _is_asked_about(self, record: LocatedMapping) -> bool:
        return self._line is None or record.place.line <= self._line <= record.place.end_line

    def _listed(self) -> Iterator[Mention]:
        for key, kind in (("teams", Kind.OWNER), ("people", Kind.OWNER), ("kpis", Kind.KPI)):
            for each in mappings(self._document.root, key):
                yield from self._with_id(each, kind)
                yield from self._owners(each, "parent", "lead", "team", "owner")

    def _objective(self, data: LocatedMapping, owner: str, cycle: str) -> Iterator[Mention]:
        name = f"{cycle}/{owner}/{_text(data.get('id'))}"
        yield from self._with_id(data, Kind.OBJECTIVE, f"{cycle}/{owner}/")
        yield from self._owners(data, "owner")
        yield from self._references(data, cycle, "supports", "depends_on")
        for key_result in mappings(data, "key_results"):
            yield from self._with_id(key_result, Kind.KEY_RESULT, f"{name}/")
            yield from self._owners(key_result, "owner")
            yield from self._kpi(key_result)
            yield from self._references(key_result, cycle, "depends_on")
            for initiative in mappings(key_result, "initiatives"):
                yield from self._owners(initiative, "owner")

    def _record(self, data: LocatedMapping, whose: tuple[str, str] | None) -> Iterator[Mention]:
        yield from self._owners(data, "by")
        yield from self._kpi(data)
        for written, place in _texts(data, "kr") if whose else ():
            parts = written.split("/")
            if whose and len(parts) == 2 and all(map(is_id, parts)):  # noqa: PLR2004 # objective and key result
                yield from self._named(Reference(whose[1], whose[0], *parts), written, place, 0)

    def _with_id(self, data: LocatedMapping, kind: Kind, prefix: str = "") -> Iterator[Mention]:
        for written, place in _texts(data, "id"):
            thing = Thing(kind, prefix + written)
            yield self._mention(thing, Role.DEFINITION, written, place, 0)
            for former, at in _texts(data, "formerly"):
                yield self._mention(thing, Role.FORMER, former, at, 0)

    def _owners(self, data: LocatedMapping, *keys: str) -> Iterator[Mention]:
        for key in keys:
            for written, place in _texts(data, key):
                owner = self._workspace.former_owners.get(written, written)
                yield self._mention(Thing(Kind.OWNER, owner), Role.REFERENCE, written, place, 0)

    def _kpi(self, data: LocatedMapping) -> Iterator[Mention]:
        for written, place in _texts(data, "kpi"):
            kpi = self._workspace.kpi(written)
            thing = Thing(Kind.KPI, written if kpi is None else kpi.definition.id)
            yield self._mention(thing, Role.REFERENCE, written, place, 0)

    def _references(self, data: LocatedMapping, cycle: str, *keys: str) -> Iterator[Mention]:
        for key in keys:
            for written, place in _texts(data, key):
                reference = self._workspace.parse(written, cycle)
                if reference is not None:
                    first = written.count("/") - (reference.key_result is not None)
                    owner = Thing(Kind.OWNER, reference.owner)
                    yield self._mention(owner, Role.REFERENCE, written, place, first - 1)
                    yield from self._named(reference, written, place, first)

    def _named(self, reference: Reference, written: str, place: Place, first: int) -> Iterator[Mention]:
        """The objective that a reference names, by its present ids, and the key result if it names one."""
        parent = reference.parent or reference
        objective = self._workspace.find(parent)
        name = str(parent if objective is None else objective.reference)
        yield self._mention(Thing(Kind.OBJECTIVE, name), Role.REFERENCE, written, place, first)
        if reference.key_result is not None:
            found = self._workspace.find(reference)
            thing = Thing(
                Kind.KEY_RESULT,
                f"{name}/{reference.key_result}" if found is None else str(found.reference),
            )
            yield self._mention(thing, Role.REFERENCE, written, place, first + 1)

    def _mention(self, thing: Thing, role: Role, written: str, whole: Place, part: int) -> Mention:
        start, place = self._start(written, whole), whole
        if start is not None:
            parts = written.split("/")
            column = start + sum(len(each) + 1 for each in parts[:part])
            place = Place(whole.line, column, whole.line, column + len(parts[part]))
        return Mention(thing, role, self._document.path, place, whole, written, part, start is not None)

    def _start(self, written: str, place: Place) -> int | None:
        """The column at which a text begins that is written as it is read, quotes or not; None for any other."""
        if place.line != place.end_line:
            return None
        source = self._document.line(place.line)[place.column - 1 : place.end_column - 1]
        if source == written:
            return place.column
        return place.column + 1 if source in {f"'{written}'", f'"{written}"'} else None


def found_thing(workspace: Workspace, thing: Thing) -> Objective | KeyResult | None:
    """The objective or key result that a thing is; None for other kinds, and where there is none."""
    return workspace.find(thing.reference) if thing.kind in {Kind.OBJECTIVE, Kind.KEY_RESULT} else None


def _texts(data: LocatedMapping, key: str) -> Iterator[tuple[str, Place]]:
    """The text of a key, or those of its list, each with its place; of an id, a whole number counts as its digits."""
    value = data.get(key)
    if isinstance(value, LocatedList):
        pairs = list(zip(value, value.items_at, strict=True))
    else:
        pairs = [(value, data.values_at[key])] if key in data else []
    yield from ((_text(item), place) for item, place in pairs if _is_text(item))


def _is_text(value: object) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and value != ""


def _text(value: object) -> str:
    return str(value) if _is_text(value) else ""
