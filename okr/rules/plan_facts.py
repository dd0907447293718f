"""What rules on the whole workspace, or on other plans, ask of a plan, worked out plan by plan. No rules here.

So nobody need hold all plans at once: whoever judges plans in parts says this of each (`parts.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from okr.contents import Source
from okr.documents import LocatedList, LocatedMapping
from okr.model import KeyResult as KeyResultModel
from okr.model import quoted
from okr.owned_files import in_order
from okr.references import Reference, is_id
from okr.rules.lookup import org_may_have
from okr.rules.reading import items_of, may_say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.contents import KeyResult, Objective, Plan
    from okr.diagnostics import Place
    from okr.workspace import Workspace

Key = Literal["supports", "depends_on"]

_KNOWN = "facts of plans"
LISTED = "okrs/"
"""Stands among the files that were asked for where it was asked which plans there are."""


class KeyResultFacts(NamedTuple):
    """A key result: its id, its title and the ids it had."""

    id: str
    title: str
    formerly: tuple[str, ...]


class ObjectiveFacts(NamedTuple):
    """An objective.

    Attributes:
        says_supports: whether it says what it supports, be it nothing.
    """

    id: str
    title: str
    formerly: tuple[str, ...]
    says_supports: bool
    key_results: tuple[KeyResultFacts, ...]


class Said(NamedTuple):
    """A reference as a plan writes it.

    Attributes:
        objective: the id of the objective that says it, or of whose key result that says it.
        key_result: likewise; None where the objective says it.
        key: the key in which it stands, as item `item`.
        text: what the file says.
        place: where.
    """

    objective: str
    key_result: str | None
    key: Key
    item: int
    text: str
    place: Place


class Unread(NamedTuple):
    """What a plan may hold beside what could be read of it.

    Attributes:
        anything: whether nobody can say what it holds.
        mentioned: the ids that the file names, whether or not what bears them could be read: `brand`, `brand/visits`.
        open: the ids of objectives of which some key result could not be read.
    """

    anything: bool
    mentioned: frozenset[str]
    open: frozenset[str]


class Unknown(NamedTuple):
    """A person whom a plan names and org.yaml does not know.

    Attributes:
        name: as the plan writes it.
        whose: what they are to be accountable for, for a message.
        ref: the objective or key result that it belongs to.
        place: where the name stands first.
        times: how often it stands in the plan.
    """

    name: str
    whose: str
    ref: str
    place: Place
    times: int


class Fed(NamedTuple):
    """A key result that a KPI is to bring to a target, and whose baseline is left to its measurements."""

    kpi: str
    ref: str
    place: Place


class PlanFacts(NamedTuple):
    """What is asked of one plan file.

    Attributes:
        first_title: where the title of its first objective stands; None where it has none.
        is_list: whether a list stands there where a plan ought to be.
        whole: whether all its objectives could be read.
        said: the references in it, in the order in which rules name them.
        unread: what it may hold beside its objectives; None for nothing.
        unknown: the people it names that org.yaml does not know, where there is one.
        fed: the key results that begin where a KPI stood.
    """

    path: str
    cycle: str
    owner: str
    first_title: Place | None
    is_list: bool
    whole: bool
    objectives: tuple[ObjectiveFacts, ...]
    said: tuple[Said, ...]
    unread: Unread | None
    unknown: tuple[Unknown, ...]
    fed: tuple[Fed, ...]

    def may_hold(self, reference: Reference) -> bool:
        """Whether the plan names this, read or not, or has something whose id could not be read."""
        if self.unread is None:
            return reference.within_log in _names_in(self.objectives)
        return (
            self.unread.anything
            or reference.within_log in self.unread.mentioned
            or (reference.key_result is not None and reference.objective in self.unread.open)
        )

    @property
    def references(self) -> Iterator[tuple[Reference, str]]:
        """Its objectives and key results, each with its title."""
        for objective in self.objectives:
            yield Reference(self.cycle, self.owner, objective.id), objective.title
            for each in objective.key_results:
                yield Reference(self.cycle, self.owner, objective.id, each.id), each.title


# Worked out of a plan


def facts_of_plan(plan: Plan, workspace: Workspace) -> PlanFacts:
    """What one plan says."""
    items = items_of(plan.document.root, "objectives")
    objectives = tuple(map(_objective, plan.objectives))
    return PlanFacts(
        plan.path,
        plan.cycle,
        plan.owner,
        plan.objectives[0].source.place("title") if plan.objectives else None,
        isinstance(plan.document.root, LocatedList),
        plan.document.readable and items is not None and len(items) == len(plan.objectives),
        objectives,
        tuple(_said(plan)),
        _unread(plan, items, objectives),
        tuple(_unknown(plan, workspace)),
        tuple(_fed(plan)),
    )


def _objective(objective: Objective) -> ObjectiveFacts:
    said = objective.definition
    return ObjectiveFacts(
        said.id,
        said.title,
        tuple(said.formerly),
        objective.source.says("supports"),
        tuple(
            KeyResultFacts(each.id, each.title, tuple(each.formerly))
            for each in (key_result.definition for key_result in objective.key_results)
        ),
    )


def _said(plan: Plan) -> Iterator[Said]:
    for objective in plan.objectives:
        yield from _list(objective, "supports", objective.definition.supports)
        things: tuple[Objective | KeyResult, ...] = (objective, *objective.key_results)
        for thing in things:
            yield from _list(thing, "depends_on", thing.definition.depends_on)


def _list(thing: Objective | KeyResult, key: Key, texts: tuple[str, ...]) -> Iterator[Said]:
    reference = thing.reference
    for item, text in enumerate(texts):
        place = thing.source.place(key, item)
        yield Said(reference.objective, reference.key_result, key, item, text, place)


def _unread(plan: Plan, items: LocatedList | None, objectives: tuple[ObjectiveFacts, ...]) -> Unread | None:
    anything = not plan.document.readable or items is None or not all(map(_has_id, items))
    doubtful = set() if items is None else {name for item in items for name in _of_doubtful(item)}
    if not anything and not doubtful and plan.mentioned == _names_in(objectives):
        return None
    return Unread(anything, plan.mentioned, frozenset(doubtful))


def _of_doubtful(item: object) -> Iterator[str]:
    """The ids of an objective, as written, of whose key results not all have one."""
    if not isinstance(item, LocatedMapping) or not item.says("key_results"):
        return
    inner = items_of(item, "key_results")
    if inner is None or not all(map(_has_id, inner)):
        former = item.get("formerly")
        names = (item.get("id"), *(former if isinstance(former, list) else (former,)))
        yield from (name for name in names if isinstance(name, str))


def _has_id(item: object) -> bool:
    return isinstance(item, LocatedMapping) and is_id(str(item.get("id", "")))


def _names_in(objectives: Iterable[ObjectiveFacts]) -> set[str]:
    found: set[str] = set()
    for objective in objectives:
        inner = [name for each in objective.key_results for name in (each.id, *each.formerly)]
        for name in (objective.id, *objective.formerly):
            found.add(name)
            found.update(f"{name}/{each}" for each in inner)
    return found


def _unknown(plan: Plan, workspace: Workspace) -> Iterator[Unknown]:
    if not workspace.owners:  # nobody says who there is
        return
    found: dict[str, Unknown] = {}
    for name, whose, ref, source in _people(plan):
        known = found.get(name)
        if known is not None:
            found[name] = known._replace(times=known.times + 1)
        elif not org_may_have(workspace, name, "people"):
            found[name] = Unknown(name, whose, ref, source.place("owner"), 1)
    yield from found.values()


def _people(plan: Plan) -> Iterator[tuple[str, str, str, Source]]:
    """Whom a plan names as accountable, for what, in which objective or key result, and where."""
    for objective in plan.objectives:
        if objective.definition.owner:
            ref = str(objective.reference)
            yield objective.definition.owner, ref, ref, objective.source
        for key_result in objective.key_results:
            ref = str(key_result.reference)
            if key_result.definition.owner:
                yield key_result.definition.owner, ref, ref, key_result.source
            data = key_result.source.data.get("initiatives") or ()
            for initiative, mapping in zip(key_result.definition.initiatives, data, strict=True):
                if initiative.owner:
                    whose = f"the initiative {quoted(initiative.title)}"
                    yield initiative.owner, whose, ref, Source(plan.document, mapping)


def _fed(plan: Plan) -> Iterator[Fed]:
    for objective in plan.objectives:
        for each in objective.key_results:
            if each.definition.kpi and each.definition.target is not None:
                said = each.source.says("from") or may_say(each.source, KeyResultModel, "from")
                if not said:
                    yield Fed(each.definition.kpi, str(each.reference), each.source.place("kpi"))


# What is known of all plans


class PlansKnown:
    """The facts of a workspace's plans; each is worked out when it is first asked for, or was so by others."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._facts: dict[str, PlanFacts] = {}
        self._first: dict[tuple[str, str], tuple[PlanFacts | None, list[str]]] = {}
        self._things: dict[str, dict[str, tuple[ObjectiveFacts, dict[str, KeyResultFacts]]]] = {}

    def all(self) -> Iterator[PlanFacts]:
        """Those of every plan of every cycle, in the order of cycles and owners."""
        for cycle in self._workspace.cycles:
            for owner in self._workspace.plan_owners(cycle):
                yield from self.of(cycle, owner)

    def of(self, cycle: str, owner: str) -> list[PlanFacts]:
        """Those of every plan file of one owner in a cycle, as `Workspace.plan_files_of` has them."""
        paths = self._workspace.plan_paths_of(cycle, owner)
        paths.sort(key=lambda path: in_order(owner, path))
        self._workspace.asked.update(paths)
        if not all(path in self._facts for path in paths):
            for plan in self._workspace.plan_files_of(cycle, owner):
                self.of_plan(plan)
        return [self._facts[path] for path in paths]

    def of_plan(self, plan: Plan) -> PlanFacts:
        """Those of a plan."""
        if plan.path not in self._facts:
            self._facts[plan.path] = facts_of_plan(plan, self._workspace)
        return self._facts[plan.path]

    def first(self, cycle: str, owner: str) -> PlanFacts | None:
        """Those of the plan of one owner in one cycle, as `Workspace.plan` has it."""
        key = (cycle, owner)
        if key not in self._first:
            self._first[key] = self._find_first(cycle, owner)
        facts, asked = self._first[key]
        self._workspace.asked.update(asked)
        return facts

    def _find_first(self, cycle: str, owner: str) -> tuple[PlanFacts | None, list[str]]:
        """Those of the plan, and the files that were looked for to find it."""
        asked: list[str] = []
        for path, _ in self._workspace.plan_places(cycle, owner):
            asked.append(path)
            if path in self._facts:
                return self._facts[path], asked
            if self._workspace.document(path) is not None:
                plan = self._workspace.plan(cycle, owner)
                return None if plan is None else self.of_plan(plan), asked
        return None, asked

    def owners(self, cycle: str) -> tuple[str, ...]:
        """Who has a plan in a cycle, by their present ids."""
        self._workspace.asked.add(LISTED)
        return self._workspace.plan_owners(cycle)

    def find(self, reference: Reference) -> Reference | None:
        """What a reference names, by its present ids; None for what is not there, as `Workspace.find` has it."""
        facts = self.first(reference.cycle, reference.owner)
        if facts is None:
            return None
        if facts.path not in self._things:
            self._things[facts.path] = {
                name: (each, _by_id(each.key_results)) for name, each in _by_id(facts.objectives).items()
            }
        objective, key_results = self._things[facts.path].get(reference.objective, (None, {}))
        if objective is None:
            return None
        if reference.key_result is None:
            return Reference(facts.cycle, facts.owner, objective.id)
        key_result = key_results.get(reference.key_result)
        return key_result and Reference(facts.cycle, facts.owner, objective.id, key_result.id)

    def remember(self, facts: Iterable[PlanFacts]) -> None:
        """Takes over what others have worked out."""
        self._facts |= {each.path: each for each in facts}


def plans_known(workspace: Workspace) -> PlansKnown:
    """What is known of a workspace's plans."""
    if _KNOWN not in workspace.worked_out:
        workspace.worked_out[_KNOWN] = PlansKnown(workspace)
    known: PlansKnown = workspace.worked_out[_KNOWN]
    return known


F = TypeVar("F", ObjectiveFacts, KeyResultFacts)


def _by_id(items: tuple[F, ...]) -> dict[str, F]:
    former = {old: item for item in reversed(items) for old in item.formerly}
    return former | {item.id: item for item in reversed(items)}
