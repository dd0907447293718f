"""Alignment: which objective supports which, as a graph that can be walked as a tree.

An objective may support several others, and what is written may go in a circle: walking shows each objective
whole once, and as a pointer wherever else it belongs.
"""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from okr.contents import KeyResult, Objective, Owner
from okr.cycles import CycleKind
from okr.dataclass import dataclass
from okr.operations.aligning import Aligned, Held, NotSpreadError, Spread, aligned
from okr.operations.assessing import processes_for_plans, rank_of
from okr.operations.overview import frame_of
from okr.operations.selecting import Whose, below, select_any_or_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from okr.cycles import Cycle
    from okr.operations.aligning import Node
    from okr.operations.assessing import ObjectiveState
    from okr.operations.overview import Frame
    from okr.operations.selecting import Selected
    from okr.references import Reference
    from okr.workspace import Workspace

T = TypeVar("T")


class Branch(StrEnum):
    """Why an objective stands at the root of a tree; of `NOT_FOUND`, nothing that it names as supported is there."""

    TOP = "top"
    SUPPORTS_NOTHING = "supports nothing"
    NOT_FOUND = "not found"
    CIRCLE = "circle"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the tree as it is walked.

    Attributes:
        reference: the objective or key result.
        lasts: for each level from the root's children down to this one, whether it is the last of its siblings.
        pointer: it is an objective that is shown whole elsewhere, further up.
        has_children: something hangs below it here.
    """

    reference: Reference
    lasts: tuple[bool, ...]
    pointer: bool
    has_children: bool


@dataclass(frozen=True, slots=True)
class Alignment(Generic[T]):
    """The objectives of the cycles that overlap one cycle, and what supports what.

    Attributes:
        frame: the cycle asked about.
        objectives: what is told of each objective, by reference.
        key_results: the key results of each.
        owners: the name of each owner, by id.
        roots: the objectives to start from, by why they are roots.
        supporters: the objectives that support an objective or key result directly, in order.
        targets: what was asked for, or nothing where all is shown.
        over: the cycles among them whose outcome is known.
        asked: the owner that was asked for, with `/...` behind it where all below it are meant; or None.
        current: whether the cycle is the one that a reference without one means.
        of_below: how many of those below the owner asked for have objectives, where it has none itself.
    """

    frame: Frame
    objectives: Mapping[Reference, T]
    key_results: Mapping[Reference, tuple[Reference, ...]]
    owners: Mapping[str, str]
    roots: Mapping[Branch, tuple[Reference, ...]]
    supporters: Mapping[Reference, tuple[Reference, ...]]
    targets: frozenset[Reference]
    over: frozenset[str]
    asked: str | None = None
    current: bool = True
    of_below: int = 0

    def steps(self) -> Iterator[tuple[Branch, Step]]:
        """The lines of all branches, each objective whole the first time."""
        shown: set[Reference] = set()
        for branch in Branch:
            for step in self._steps(branch, shown):
                yield branch, step

    def _steps(self, branch: Branch, shown: set[Reference]) -> Iterator[Step]:
        # A stack of our own: chains may be longer than Python's own would hold.
        waiting: list[tuple[Reference, tuple[bool, ...]]] = [
            (root, ()) for root in reversed(self.roots.get(branch, ()))
        ]
        while waiting:
            reference, lasts = waiting.pop()
            pointer = reference in shown
            below = [] if pointer else self._below(reference)
            if reference.key_result is None:
                shown.add(reference)
            yield Step(reference, lasts, pointer, bool(below))
            for place, child in reversed(list(enumerate(below, start=1))):
                waiting.append((child, (*lasts, place == len(below))))

    def _below(self, reference: Reference) -> list[Reference]:
        """What hangs below: an objective's key results that are supported, then what supports it as a whole."""
        if reference.key_result is not None:
            return list(self.supporters.get(reference, ()))
        return [
            *(each for each in self.key_results[reference] if each in self.supporters),
            *self.supporters.get(reference, ()),
        ]


def alignment(workspace: Workspace, *, cycle: str) -> Alignment[ObjectiveState]:
    """How the objectives of a cycle are aligned with those of the cycles that overlap it.

    What they support is there even where it lies in another cycle.

    Raises:
        OkrError: there is no such cycle.
    """
    shown = workspace.cycle(cycle)
    held = Held(workspace, _overlapping(workspace, shown), lambda state: state)
    return _alignment(workspace, shown, held, None)


def tree(
    workspace: Workspace, *, reference: str | None = None, cycle: str | None = None
) -> Alignment[Aligned]:
    """The same, as far as a tree tells it; what was read is given back where several processes have read it.

    Args:
        workspace: where to look.
        reference: an owner, objective or key result, as typed: shows what it supports and what supports it. A team's
            id with `/...` behind it means the team and all below it.
        cycle: the cycle; the current one, or the reference's own, if left out.

    Raises:
        UsageError: the reference names nothing, or more than one thing.
        OkrError: there is no such cycle.
    """
    wanted: Owner | Whose | Selected | None = None
    if reference is not None:
        wanted = select_any_or_below(workspace, reference, cycle=cycle)
    if cycle is not None:
        shown = workspace.cycle(cycle)
    elif isinstance(wanted, Objective | KeyResult):
        shown = workspace.cycle(wanted.reference.cycle)
    else:
        shown = workspace.current_cycle
    names = _overlapping(workspace, shown)
    if processes_for_plans(workspace, names) > 1:
        with suppress(NotSpreadError):
            cycles = [workspace.cycle(name) for name in names]
            plans = Spread(workspace, cycles, aligned, whole=wanted is None)
            return _alignment(workspace, shown, plans, wanted)
    return _alignment(workspace, shown, Held(workspace, names, aligned), wanted)


def _alignment(
    workspace: Workspace, shown: Cycle, plans: Held[T] | Spread[T], wanted: Owner | Whose | Selected | None
) -> Alignment[T]:
    found, parents = _gathered(workspace, plans)
    targets = _targets(wanted, found)
    under: set[str] = set()
    if isinstance(wanted, Owner) and not targets:
        under = {each.owner for each in found}.intersection(below(workspace, wanted.id))
    if wanted is not None:
        kept = _related(targets, found, parents)
        found = {each: node for each, node in found.items() if each in kept}
        parents = {
            child: [parent for parent in above if parent in kept]
            for child, above in parents.items()
            if child in kept
        }
    order = _order(workspace, {each: node.line for each, node in found.items()})
    supporters: dict[Reference, list[Reference]] = {}
    for child in order:
        for parent in parents[child]:
            supporters.setdefault(parent, []).append(child)
    frozen = {parent: tuple(children) for parent, children in supporters.items()}
    return Alignment(
        frame_of(workspace, shown),
        plans.told(order),
        {each: found[each].key_results for each in order},
        {each.owner: workspace.owner(each.owner).name for each in order},
        _roots(workspace, shown, found, order, parents, frozen),
        frozen,
        targets,
        frozenset(name for name in {each.cycle for each in order} if _is_over(workspace, name)),
        wanted.id if isinstance(wanted, Owner) else wanted.name if isinstance(wanted, Whose) else None,
        shown.name == workspace.current_cycle.name,
        len(under),
    )


def supporters_of(workspace: Workspace, reference: Reference) -> tuple[tuple[Objective, Reference], ...]:
    """The objectives that support an objective or key result directly, in cycles that overlap its own.

    Those that support one of an objective's key results stand behind those that support it as a whole. Each comes with
    what of it is supported.
    """
    found: dict[Reference, Objective] = {}
    for name in _overlapping(workspace, workspace.cycle(reference.cycle)):
        for plan in workspace.plans_mentioning(name, reference):
            for objective in plan.objectives:
                if objective.reference not in found:
                    found[objective.reference] = objective
    if workspace.cycles[reference.cycle].span is None:
        return ()
    whole: list[tuple[Objective, Reference]] = []
    inside: list[tuple[Objective, Reference]] = []
    lines = {each: objective.source.data.line for each, objective in found.items()}
    for each in map(found.__getitem__, _order(workspace, lines)):
        resolved = (parent for parent in supported_by(workspace, each) if not isinstance(parent, str))
        named = dict.fromkeys(parent.reference for parent in resolved)
        if reference in named:
            whole.append((each, reference))
        else:
            inside += [(each, name) for name in named if name.parent == reference]
    return (*whole, *inside)


def supported_by(workspace: Workspace, objective: Objective) -> tuple[Objective | KeyResult | str, ...]:
    """What an objective supports; what can't be found as it is written."""
    resolved: list[Objective | KeyResult | str] = []
    for text in objective.definition.supports:
        named = workspace.parse(text, objective.reference.cycle)
        resolved.append((workspace.find(named) if named is not None else None) or text)
    return tuple(resolved)


def _gathered(
    workspace: Workspace, plans: Held[T] | Spread[T]
) -> tuple[dict[Reference, Node], dict[Reference, list[Reference]]]:
    """The objectives of all cycles that overlap one, with all they support; and what each of them supports."""
    found: dict[Reference, Node] = {}
    parents: dict[Reference, list[Reference]] = {}
    waiting = list(plans.nodes())
    for node in waiting:  # It grows as it is walked.
        if node.reference in found:
            continue
        found[node.reference] = node
        above: dict[Reference, None] = {}
        for parent in map(plans.find, node.supports):
            if parent is None or workspace.cycles[parent.cycle].span is None:
                continue
            above[parent] = None
            whole = None if _objective(parent) in found else plans.node(_objective(parent))
            if whole is not None:
                waiting.append(whole)
        parents[node.reference] = list(above)
    return found, parents


def _overlapping(workspace: Workspace, cycle: Cycle) -> list[str]:
    """The cycles with files that have days in common with one, itself included."""
    return [
        name
        for name, loaded in workspace.cycles.items()
        if name == cycle.name or (loaded.span is not None and loaded.span.overlaps(cycle))
    ]


def _is_over(workspace: Workspace, cycle: str) -> bool:
    return frame_of(workspace, workspace.cycle(cycle)).over


def _objective(reference: Reference) -> Reference:
    return reference.parent or reference


def _targets(wanted: Owner | Whose | Selected | None, found: Iterable[Reference]) -> frozenset[Reference]:
    if wanted is None:
        return frozenset()
    if isinstance(wanted, Owner | Whose):
        ids = frozenset((wanted.id,)) if isinstance(wanted, Owner) else wanted.ids
        return frozenset(each for each in found if each.owner in ids)
    return frozenset({wanted.reference})


def _related(
    targets: Iterable[Reference],
    found: Mapping[Reference, Node],
    parents: Mapping[Reference, list[Reference]],
) -> set[Reference]:
    """What was asked for, all it supports, and all that supports it, key results among them."""
    children: dict[Reference, list[Reference]] = {}
    for child, above in parents.items():
        for parent in above:
            children.setdefault(parent, []).append(child)

    def above_of(reference: Reference) -> list[Reference]:
        whole = reference.parent
        return [whole] if whole is not None else parents[reference]

    def below_of(reference: Reference) -> list[Reference]:
        inside = () if reference.key_result else found[reference].key_results
        return [*children.get(reference, ()), *inside]

    return _reached(targets, above_of) | _reached(targets, below_of)


def _reached(start: Iterable[Reference], onward: _Onward) -> set[Reference]:
    reached: set[Reference] = set()
    waiting = list(start)
    while waiting:
        reference = waiting.pop()
        if reference not in reached:
            reached.add(reference)
            waiting += onward(reference)
    return reached


def _order(workspace: Workspace, lines: Mapping[Reference, int]) -> list[Reference]:
    """Longer cycles first, then by first day; within one, by owner, then as the plan has them.

    Args:
        workspace: where they are.
        lines: objectives, each with the line on which it stands in its plan.
    """
    ranks = workspace.ranks
    cycles: dict[str, tuple[int, int]] = {}
    owners: dict[str, tuple[bool, int, str]] = {}
    for each in lines:
        if each.cycle not in cycles:
            cycle = workspace.cycle(each.cycle)
            cycles[each.cycle] = -cycle.days, cycle.starts.toordinal()
        if each.owner not in owners:
            owners[each.owner] = rank_of(ranks, workspace.owner(each.owner))
    return sorted(lines, key=lambda each: (cycles[each.cycle], owners[each.owner], lines[each], each))


def _roots(
    workspace: Workspace,
    cycle: Cycle,
    found: Mapping[Reference, Node],
    order: list[Reference],
    parents: Mapping[Reference, list[Reference]],
    supporters: Mapping[Reference, tuple[Reference, ...]],
) -> dict[Branch, tuple[Reference, ...]]:
    """Where to start from, so that everything is reached."""
    free = [each for each in order if not parents[each]]
    is_at_top = _tops(workspace, cycle, supporters)
    lost = [each for each in free if found[each].says_so]
    top = [each for each in free if not found[each].says_so and is_at_top(each)]
    apart = {*lost, *top}
    loose = [each for each in free if each not in apart]
    children: dict[Reference, list[Reference]] = {}
    for child, above in parents.items():
        for parent in above:
            children.setdefault(_objective(parent), []).append(child)

    def onward(reference: Reference) -> list[Reference]:
        return children.get(reference, [])

    reached = _reached(free, onward)
    circles: list[Reference] = []
    for each in order:
        if each not in reached:
            circle = _circle_above(each, parents)
            first = next(member for member in order if member in circle)
            circles.append(first)
            reached |= _reached([first], onward)
    return {
        Branch.TOP: tuple(top),
        Branch.SUPPORTS_NOTHING: tuple(loose),
        Branch.NOT_FOUND: tuple(lost),
        Branch.CIRCLE: tuple(circles),
    }


def _circle_above(reference: Reference, parents: Mapping[Reference, list[Reference]]) -> set[Reference]:
    """The circle that one gets into by going up from an objective that is below no root."""
    trail: list[Reference] = []
    while reference not in trail:
        trail.append(reference)
        reference = _objective(parents[reference][0])
    return set(trail[trail.index(reference) :])


def _tops(
    workspace: Workspace, cycle: Cycle, supporters: Mapping[Reference, tuple[Reference, ...]]
) -> Callable[[Reference], bool]:
    """What tells whether an objective that supports nothing is one that need not: of a year, a longer cycle, a root team.

    Where no org.yaml says which teams are roots, whatever is supported by something counts as one.
    """
    has_org = workspace.has_org
    teams = {team.id: team.parent for team in workspace.org.teams} if has_org else {}
    roots = {name for name, parent in teams.items() if parent is None}
    supported = {_objective(each) for each in supporters}

    def is_at_top(reference: Reference) -> bool:
        own = workspace.cycle(reference.cycle)
        if own.kind is CycleKind.YEAR or own.days > cycle.days:
            return True
        return reference.owner in roots if has_org else reference in supported

    return is_at_top


if TYPE_CHECKING:
    from collections.abc import Callable

    _Onward = Callable[[Reference], list[Reference]]
