"""The objectives of some cycles with what they support, looked up in plans that are held here or told by all processors.

What stands below what, and where a tree of them begins, is for `alignment.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from okr.contents import Objective, by_id
from okr.dataclass import NamedTuple, dataclass
from okr.forking import processes_for
from okr.operations.assessing import PLANS_WORTH_IT, assess_one
from okr.operations.spreading import every_owned_plan, owner_by_owner
from okr.references import Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from okr.contents import KeyResult, Plan
    from okr.cycles import Cycle
    from okr.operations.assessing import ObjectiveState
    from okr.scoring import Status
    from okr.workspace import Workspace

T = TypeVar("T")
W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Node:
    """An objective among others.

    Attributes:
        line: where it stands in its plan.
        key_results: the references of its key results.
        supports: what it names as supported, as far as these are references; whether they lead anywhere is another matter.
        says_so: whether it names anything.
    """

    reference: Reference
    line: int
    key_results: tuple[Reference, ...]
    supports: tuple[Reference, ...]
    says_so: bool


class AlignedKeyResult(NamedTuple):
    """A key result as a tree tells it."""

    id: str
    title: str
    score: float
    status: Status


class Aligned(NamedTuple):
    """An objective as a tree tells it.

    Attributes:
        type: aspirational or committed.
        accountable: the person accountable.
        forecast: the score at the cycle's end, if there is a forecast.
        supports: as full references; as the plan writes it where that is none.
    """

    title: str
    type: str
    accountable: str | None
    score: float
    forecast: float | None
    status: Status
    supports: tuple[str, ...]
    key_results: tuple[AlignedKeyResult, ...]


def aligned(state: ObjectiveState) -> Aligned:
    """What a tree tells of an objective."""
    objective, said = state.objective, state.assessment
    return Aligned(
        objective.title,
        objective.definition.type.value,
        objective.accountable,
        said.score,
        None if said.forecast is None else said.forecast.score,
        said.status,
        state.supports,
        tuple(
            [
                AlignedKeyResult(
                    each.key_result.definition.id,
                    each.key_result.title,
                    each.assessment.score,
                    each.assessment.status,
                )
                for each in state.key_results
            ]
        ),
    )


class NotSpreadError(Exception):
    """Several processes can't tell it: one that reads all files knows why."""


class Held(Generic[T]):
    """Plans that are held here."""

    def __init__(
        self, workspace: Workspace, cycles: Iterable[str], tell: Callable[[ObjectiveState], T]
    ) -> None:
        """Reads nothing yet.

        Args:
            workspace: where they are.
            cycles: whose plans are meant.
            tell: what is wanted of an objective.
        """
        self._workspace = workspace
        self._cycles = cycles
        self._tell = tell
        self._objectives: dict[Reference, Objective] = {}

    def nodes(self) -> Iterator[Node]:
        """All objectives of the cycles; of one reference may stand several there, of which the first counts."""
        for cycle in self._cycles:
            for plan in self._workspace.plans(cycle):
                for objective in plan.objectives:
                    yield self._node(objective)

    def find(self, named: Reference) -> Reference | None:
        """What a reference leads to, of these cycles or others, by its present name; None where that is nothing."""
        found = self._workspace.find(named)
        return None if found is None else found.reference

    def node(self, reference: Reference) -> Node | None:
        """An objective of any cycle."""
        found = self._workspace.find(reference)
        return self._node(found) if isinstance(found, Objective) else None

    def told(self, references: Iterable[Reference]) -> dict[Reference, T]:
        """What is wanted of objectives that were given as nodes."""
        return {each: self._tell(assess_one(self._workspace, self._objectives[each])) for each in references}

    def _node(self, objective: Objective) -> Node:
        self._objectives.setdefault(objective.reference, objective)
        return node_of(self._workspace, objective)


def node_of(workspace: Workspace, objective: Objective) -> Node:
    """An objective among others."""
    supports = objective.definition.supports
    named = [workspace.parse(text, objective.reference.cycle) for text in supports]
    return Node(
        objective.reference,
        objective.source.data.line,
        tuple([each.reference for each in objective.key_results]),
        tuple([each for each in named if each is not None]),
        bool(supports),
    )


_Row = tuple[str, int, tuple[str, ...], "dict[str, str]", "list[tuple[str, ...]]", bool, "T | None"]
"""A node as it goes from one process to another: its id, line, key results and what these were called, what it supports."""


class Spread(Generic[T]):
    """Plans that are read by all processors, and given back once they have been told."""

    def __init__(
        self,
        workspace: Workspace,
        cycles: Sequence[Cycle],
        tell: Callable[[ObjectiveState], T],
        *,
        whole: bool,
    ) -> None:
        """Reads all plans of the cycles.

        Args:
            workspace: where they are.
            cycles: whose plans are meant.
            tell: gives what is wanted of an objective, which can be pickled.
            whole: whether it will be wanted of all.

        Raises:
            NotSpreadError: it can't be told so.
            OkrError: a process died.
        """
        self._workspace = workspace
        self._tell = tell
        self._held = Held(workspace, (), tell)
        self._nodes: dict[Reference, Node] = {}
        self._told: dict[Reference, T] = {}
        self._plans: dict[tuple[str, str], dict[str, str]] = {}
        self._inside: dict[Reference, dict[str, str]] = {}

        def work(cycle: Cycle, owner: str) -> tuple[dict[str, str], list[_Row[T]]]:
            plan = workspace.plan(cycle.name, owner)
            if plan is None:
                return {}, []
            return _former(by_id(plan.objectives)), list(_rows(workspace, plan, tell if whole else None))

        owned = every_owned_plan(workspace, cycles)
        if owned is None:
            raise NotSpreadError
        for (cycle, owner), (former, rows) in zip(owned, self._by_all(owned, work), strict=True):
            self._plans[cycle.name, owner] = former
            for row in rows:
                self._take(cycle.name, owner, row)

    def nodes(self) -> Iterable[Node]:
        """As `Held`."""
        return self._nodes.values()

    def find(self, named: Reference) -> Reference | None:
        """As `Held`."""
        plan = self._plans.get((named.cycle, named.owner))
        if plan is None:
            return self._held.find(named)
        whole = Reference(named.cycle, named.owner, plan.get(named.objective, named.objective))
        node = self._nodes.get(whole)
        if node is None or named.key_result is None:
            return None if node is None else whole
        name = self._inside[whole].get(named.key_result, named.key_result)
        found = Reference(whole.cycle, whole.owner, whole.objective, name)
        return found if found in node.key_results else None

    def node(self, reference: Reference) -> Node | None:
        """As `Held`."""
        return self._nodes.get(reference) or self._held.node(reference)

    def told(self, references: Iterable[Reference]) -> dict[Reference, T]:
        """As `Held`.

        Raises:
            NotSpreadError: it can't be told so.
            OkrError: a process died.
        """
        wanted = list(references)
        missing = {each for each in wanted if each not in self._told}
        if missing:
            self._tell_of(missing)
        return {each: self._told[each] for each in wanted}

    def _tell_of(self, missing: set[Reference]) -> None:
        workspace, tell = self._workspace, self._tell

        def work(cycle: Cycle, owner: str) -> list[tuple[str, T]]:
            plan = workspace.plan(cycle.name, owner)
            found = by_id(plan.objectives).values() if plan else ()
            return [
                (each.reference.objective, tell(assess_one(workspace, each)))
                for each in found
                if each.reference in missing
            ]

        whose = dict.fromkeys((each.cycle, each.owner) for each in missing)
        owned = [(workspace.cycle(cycle), owner) for cycle, owner in whose]
        for (cycle, owner), found in zip(owned, self._by_all(owned, work), strict=True):
            self._told.update({Reference(cycle.name, owner, name): each for name, each in found})

    def _by_all(self, owned: Sequence[tuple[Cycle, str]], work: Callable[[Cycle, str], W]) -> list[W]:
        found = owner_by_owner(self._workspace, owned, work, processes_for(len(owned), PLANS_WORTH_IT))
        if found is None:
            raise NotSpreadError
        return found

    def _take(self, cycle: str, owner: str, row: _Row[T]) -> None:
        name, line, inside, former, supports, says_so, told = row
        reference = Reference(cycle, owner, name)
        if reference in self._nodes:  # of one id stand two in a plan, and the first counts
            return
        self._nodes[reference] = Node(
            reference,
            line,
            tuple([Reference(cycle, owner, name, each) for each in inside]),
            tuple([Reference(*each) for each in supports]),
            says_so,
        )
        self._inside[reference] = former
        if told is not None:
            self._told[reference] = told


def _rows(workspace: Workspace, plan: Plan, tell: Callable[[ObjectiveState], T] | None) -> Iterator[_Row[T]]:
    for objective in plan.objectives:
        node = node_of(workspace, objective)
        yield (
            node.reference.objective,
            node.line,
            tuple([each.definition.id for each in objective.key_results]),
            _former(by_id(objective.key_results)),
            [each.segments for each in node.supports],
            node.says_so,
            None if tell is None else tell(assess_one(workspace, objective)),
        )


def _former(named: Mapping[str, Objective] | Mapping[str, KeyResult]) -> dict[str, str]:
    """What things are called now that had another id."""
    return {name: each.definition.id for name, each in named.items() if name != each.definition.id}
