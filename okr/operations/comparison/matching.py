"""Which objectives and key results of two sets of plans are the same thing, also where they moved or got another id.

Ids and `formerly` decide first. What is then left over on both sides is held against each other: the same id and
title, a former id, the same title, or much the same title and metric. What has changed in it is for others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from okr.dataclass import dataclass
from okr.model import KeyResult, MetricKind, Objective
from okr.plan_changes import PlanVersion, inner, paired
from okr.references import Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

ALIKE = 0.8
"""From this share of common letters on, two titles are much the same."""

_LONGEST_TITLE = 200
_MOST_COMPARED = 40
"""Titles held against one; beyond that, metrics are so common that titles alone would decide."""

T = TypeVar("T", Objective, KeyResult)


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """An objective or key result as a plan has it, with its reference there."""

    reference: Reference
    definition: T


@dataclass(frozen=True, slots=True)
class KeyResultMatch:
    """A key result on both sides, or on the one that has it.

    Attributes:
        moved: whether it stands below another objective than before.
    """

    old: Placed[KeyResult] | None
    new: Placed[KeyResult] | None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class ObjectiveMatch:
    """An objective on both sides, or on the one that has it.

    Attributes:
        key_results: those of the new side in its order, wherever they were before; then those that are no more.
    """

    old: Placed[Objective] | None
    new: Placed[Objective] | None
    key_results: tuple[KeyResultMatch, ...]


def match_plans(old: Sequence[PlanVersion], new: Sequence[PlanVersion]) -> tuple[ObjectiveMatch, ...]:
    """Finds what is the same on both sides.

    Args:
        old: plans, each of another cycle or owner.
        new: likewise; an owner bears the same id on both sides.

    Returns:
        Every objective once: those of the new side in its order, then those that are no more.
    """
    objectives = _objectives(old, new)
    both = [
        (was, is_now, paired(was.definition.key_results, is_now.definition.key_results))
        for was, is_now in objectives
        if was and is_now
    ]
    siblings: dict[Reference, list[tuple[KeyResult | None, KeyResult | None]]] = {}
    dropped: list[Placed[KeyResult]] = []
    added: list[Placed[KeyResult]] = []
    for was, is_now, pairs in both:
        siblings[is_now.reference] = pairs
        dropped += [_key_result(was, each) for each, other in pairs if each is not None and other is None]
        added += [_key_result(is_now, each) for other, each in pairs if each is not None and other is None]
    for was_, is_now_ in objectives:
        if was_ is None and is_now_ is not None:
            added += _key_results(is_now_)
        elif is_now_ is None and was_ is not None:
            dropped += _key_results(was_)
    recognised = _recognised(dropped, added, _KEY_RESULT_WAYS)
    return tuple(_with_key_results(objectives, siblings, recognised))


def _objectives(
    old: Sequence[PlanVersion], new: Sequence[PlanVersion]
) -> list[tuple[Placed[Objective] | None, Placed[Objective] | None]]:
    before = {(each.cycle, each.owner): each for each in old}
    found: list[tuple[Placed[Objective] | None, Placed[Objective] | None]] = []
    gone: list[Placed[Objective]] = []
    for plan in new:
        earlier = before.pop((plan.cycle, plan.owner), PlanVersion(plan.cycle, plan.owner))
        for was, is_now in paired(earlier.objectives, plan.objectives):
            placed = None if was is None else _placed(earlier, was)
            if is_now is not None:
                found.append((placed, _placed(plan, is_now)))
            elif placed is not None:
                gone.append(placed)
    gone += [_placed(plan, each) for plan in before.values() for each in plan.objectives]
    added = [is_now for was, is_now in found if was is None and is_now is not None]
    recognised = _recognised(gone, added, _OBJECTIVE_WAYS)
    taken = {each.reference for each in recognised.values()}
    known = [(was or (recognised.get(is_now.reference) if is_now else None), is_now) for was, is_now in found]
    return [*known, *((each, None) for each in gone if each.reference not in taken)]


def _with_key_results(
    objectives: Iterable[tuple[Placed[Objective] | None, Placed[Objective] | None]],
    siblings: dict[Reference, list[tuple[KeyResult | None, KeyResult | None]]],
    recognised: dict[Reference, Placed[KeyResult]],
) -> Iterator[ObjectiveMatch]:
    elsewhere = {each.reference for each in recognised.values()}
    for was, is_now in objectives:
        matches: list[KeyResultMatch] = []
        if is_now is not None:
            before = {
                id(each): other for other, each in siblings.get(is_now.reference, ()) if each is not None
            }
            for each in _key_results(is_now):
                other = before.get(id(each.definition))
                earlier = (
                    recognised.get(each.reference)
                    if other is None or was is None
                    else _key_result(was, other)
                )
                moved = earlier is not None and (was is None or earlier.reference.parent != was.reference)
                matches.append(KeyResultMatch(earlier, each, moved))
        if was is not None:
            pairs = (
                siblings.get(is_now.reference, [])
                if is_now
                else [(each, None) for each in was.definition.key_results]
            )
            gone = [_key_result(was, each) for each, other in pairs if each is not None and other is None]
            matches += [KeyResultMatch(each, None) for each in gone if each.reference not in elsewhere]
        yield ObjectiveMatch(was, is_now, tuple(matches))


def _placed(plan: PlanVersion, objective: Objective) -> Placed[Objective]:
    return Placed(Reference(plan.cycle, plan.owner, objective.id), objective)


def _key_result(objective: Placed[Objective], key_result: KeyResult) -> Placed[KeyResult]:
    return Placed(inner(objective.reference, key_result), key_result)


def _key_results(objective: Placed[Objective]) -> list[Placed[KeyResult]]:
    return [_key_result(objective, each) for each in objective.definition.key_results]


# What is recognised although it is named otherwise, or stands elsewhere


def _recognised(
    dropped: Sequence[Placed[T]], added: Sequence[Placed[T]], ways: Iterable[_Way[T]]
) -> dict[Reference, Placed[T]]:
    """What was dropped in one place and added in another, by its new reference; each is used once."""
    found: dict[Reference, Placed[T]] = {}
    left = {each.reference: each for each in dropped}
    for way in ways:
        if not left:
            break
        marked: dict[Hashable, list[Placed[T]]] = {}
        for each in left.values():
            for mark in set(way.marks(each.definition)):
                marked.setdefault(mark, []).append(each)
        for each in added:
            if each.reference in found:
                continue
            candidates = {
                other.reference: other
                for mark in way.looked_for(each.definition)
                for other in marked.get(mark, ())[:_MOST_COMPARED]
                if other.reference in left
            }
            ranked = [
                (way.likeness(other.definition, each.definition), _nearness(other, each), other)
                for other in candidates.values()
            ]
            best = max((rank for rank in ranked if rank[0] >= ALIKE), key=lambda rank: rank[:2], default=None)
            if best is not None:
                found[each.reference] = left.pop(best[2].reference)
    return found


def _nearness(one: Placed[T], other: Placed[T]) -> tuple[bool, bool, bool]:
    here, there = one.reference, other.reference
    same_owner, same_cycle = here.owner == there.owner, here.cycle == there.cycle
    return same_owner and same_cycle, same_cycle, same_owner


@dataclass(frozen=True, slots=True)
class _Way(Generic[T]):
    """A way to recognise something: by marks that both bear, and then by how alike they are.

    Attributes:
        marks: what a dropped one is found by.
        looked_for: the marks that an added one looks for.
        likeness: how alike the two are, from 0.0 to 1.0.
    """

    marks: Callable[[T], Iterable[Hashable]]
    looked_for: Callable[[T], Iterable[Hashable]]
    likeness: Callable[[T, T], float]


def _same(_: object, __: object) -> float:
    return 1.0


def _same_kind(one: KeyResult, other: KeyResult) -> float:
    return float(one.kind is other.kind)


def _words(title: str) -> str:
    return " ".join(title.casefold().split())[:_LONGEST_TITLE]


def _id_and_title(each: Objective | KeyResult) -> Iterator[Hashable]:
    yield each.id, _words(each.title)


def _title(each: Objective | KeyResult) -> Iterator[Hashable]:
    yield _words(each.title)


def _names(each: Objective | KeyResult) -> Iterator[Hashable]:
    """The present id looks for those that others had before, and the other way round."""
    yield "now", each.id
    yield from (("then", name) for name in each.formerly)


def _other_names(each: Objective | KeyResult) -> Iterator[Hashable]:
    yield "then", each.id
    yield from (("now", name) for name in each.formerly)


def _likeness(one: Objective | KeyResult, other: Objective | KeyResult) -> float:
    from difflib import SequenceMatcher

    letters = SequenceMatcher(None, _words(one.title), _words(other.title), autojunk=False)
    return letters.ratio() if letters.quick_ratio() >= ALIKE else 0.0


def _metric(each: KeyResult) -> Iterator[Hashable]:
    """What it measures, and from where on; not how far it is to get, which may have changed with the move."""
    kind, unit = each.kind, (each.unit or "").casefold()
    if kind is MetricKind.NUMBER:
        yield kind, unit, each.start
    elif kind is MetricKind.MILESTONES:
        yield kind, tuple(sorted(each.milestones or ()))
    elif kind is not None:
        yield kind, unit, each.kpi


def _metrics(each: Objective) -> Iterator[Hashable]:
    for key_result in each.key_results:
        yield from _metric(key_result)


_OBJECTIVE_WAYS: tuple[_Way[Objective], ...] = (
    _Way(_id_and_title, _id_and_title, _same),
    _Way(_names, _other_names, _same),
    _Way(_title, _title, _same),
    _Way(_metrics, _metrics, _likeness),
)
_KEY_RESULT_WAYS: tuple[_Way[KeyResult], ...] = (
    _Way(_id_and_title, _id_and_title, _same),
    _Way(_names, _other_names, _same_kind),
    _Way(_metric, _metric, _likeness),
)
