"""Alignment: which objective supports which, as a graph that can be walked as a tree.

An objective may support several others, and what is written may go in a circle: walking shows each objective
whole once, and as a pointer wherever else it belongs.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from okr.contents import KeyResult, Objective, Owner
from okr.cycles import CycleKind
from okr.dataclass import dataclass
from okr.operations.assessing import assess_one, rank_of
from okr.operations.overview import frame_of
from okr.operations.selecting import Whose, below, select_any_or_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from okr.cycles import Cycle
    from okr.operations.assessing import ObjectiveState
    from okr.operations.overview import Frame
    from okr.operations.selecting import Selected
    from okr.references import Reference
    from okr.workspace import Workspace


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
class Alignment:
    """The objectives of the cycles that overlap one cycle, and what supports what.

    Attributes:
        frame: the cycle asked about.
        objectives: how each objective stands, by reference.
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
    objectives: Mapping[Reference, ObjectiveState]
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
        key_results = [state.key_result.reference for state in self.objectives[reference].key_results]
        return [
            *(each for each in key_results if each in self.supporters),
            *self.supporters.get(reference, ()),
        ]


def alignment(workspace: Workspace, *, reference: str | None = None, cycle: str | None = None) -> Alignment:
    """How the objectives of a cycle are aligned with those of the cycles that overlap it.

    What they support is there even where it lies in another cycle.

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
    found, parents = _gathered(workspace, shown)
    targets = _targets(wanted, found)
    under: set[str] = set()
    if isinstance(wanted, Owner) and not targets:
        under = {each.owner for each in found}.intersection(below(workspace, wanted.id))
    if wanted is not None:
        kept = _related(targets, found, parents)
        found = {each: objective for each, objective in found.items() if each in kept}
        parents = {
            child: [parent for parent in above if parent in kept]
            for child, above in parents.items()
            if child in kept
        }
    order = _order(workspace, found)
    supporters: dict[Reference, list[Reference]] = {}
    for child in order:
        for parent in parents[child]:
            supporters.setdefault(parent, []).append(child)
    frozen = {parent: tuple(children) for parent, children in supporters.items()}
    return Alignment(
        frame_of(workspace, shown),
        {each: assess_one(workspace, found[each]) for each in order},
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
    for each in map(found.__getitem__, _order(workspace, found)):
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
    workspace: Workspace, cycle: Cycle
) -> tuple[dict[Reference, Objective], dict[Reference, list[Reference]]]:
    """The objectives of all cycles that overlap one, with all they support; and what each of them supports."""
    found: dict[Reference, Objective] = {}
    parents: dict[Reference, list[Reference]] = {}
    waiting = [
        objective
        for name in _overlapping(workspace, cycle)
        for plan in workspace.plans(name)
        for objective in plan.objectives
    ]
    for objective in waiting:  # It grows as it is walked.
        if objective.reference in found:
            continue
        found[objective.reference] = objective
        above: dict[Reference, None] = {}
        for parent in supported_by(workspace, objective):
            if isinstance(parent, str) or workspace.cycles[parent.reference.cycle].span is None:
                continue
            above[parent.reference] = None
            whole = parent if isinstance(parent, Objective) else workspace.find(_objective(parent.reference))
            if isinstance(whole, Objective):
                waiting.append(whole)
        parents[objective.reference] = list(above)
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


def _targets(
    wanted: Owner | Whose | Selected | None, found: Mapping[Reference, Objective]
) -> frozenset[Reference]:
    if wanted is None:
        return frozenset()
    if isinstance(wanted, Owner | Whose):
        ids = frozenset((wanted.id,)) if isinstance(wanted, Owner) else wanted.ids
        return frozenset(each for each in found if each.owner in ids)
    return frozenset({wanted.reference})


def _related(
    targets: Iterable[Reference],
    found: Mapping[Reference, Objective],
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
        inside = [] if reference.key_result else [each.reference for each in found[reference].key_results]
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


def _order(workspace: Workspace, found: Mapping[Reference, Objective]) -> list[Reference]:
    """Longer cycles first, then by first day; within one, by owner, then as the plan has them."""
    ranks = workspace.ranks

    def place(item: tuple[Reference, Objective]) -> tuple[int, int, tuple[bool, int, str], int, Reference]:
        reference, objective = item
        cycle = workspace.cycle(reference.cycle)
        rank = rank_of(ranks, workspace.owner(reference.owner))
        line = objective.source.place().line
        return -cycle.days, cycle.starts.toordinal(), rank, line, reference

    return [reference for reference, _ in sorted(found.items(), key=place)]


def _roots(
    workspace: Workspace,
    cycle: Cycle,
    found: Mapping[Reference, Objective],
    order: list[Reference],
    parents: Mapping[Reference, list[Reference]],
    supporters: Mapping[Reference, tuple[Reference, ...]],
) -> dict[Branch, tuple[Reference, ...]]:
    """Where to start from, so that everything is reached."""
    free = [each for each in order if not parents[each]]
    lost = [each for each in free if found[each].definition.supports]
    top = [each for each in free if each not in lost and _is_at_top(workspace, cycle, each, supporters)]
    loose = [each for each in free if each not in set(top) and each not in lost]
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


def _is_at_top(
    workspace: Workspace,
    cycle: Cycle,
    reference: Reference,
    supporters: Mapping[Reference, tuple[Reference, ...]],
) -> bool:
    """Whether an objective that supports nothing is one that need not: of a year, a longer cycle, a root team.

    Where no org.yaml says which teams are roots, whatever is supported by something counts as one.
    """
    own = workspace.cycle(reference.cycle)
    if own.kind is CycleKind.YEAR or own.days > cycle.days:
        return True
    if workspace.has_org:
        teams = {team.id: team for team in workspace.org.teams}
        return reference.owner in teams and teams[reference.owner].parent is None
    return any(_objective(each) == reference for each in supporters)


if TYPE_CHECKING:
    from collections.abc import Callable

    _Onward = Callable[[Reference], list[Reference]]
