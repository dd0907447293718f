"""What changed between two versions of a plan: one small class for each kind of change, with the old and the new.

Compared as models: comments, order and layout are no change. Reading versions is for `plan_history.py`, words for
the views.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from okr.dataclass import dataclass
from okr.references import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okr import model
    from okr.contents import Plan

Amount = object
"""What a metric's key may hold: a number, a relative target, `unknown`, a ladder, a KPI's id, or None."""


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """What one version of a plan says; without objectives where there was no plan."""

    cycle: str
    owner: str
    objectives: tuple[model.Objective, ...] = ()

    @classmethod
    def of(cls, plan: Plan) -> PlanVersion:
        """A loaded plan as a version."""
        return cls(plan.cycle, plan.owner, tuple(each.definition for each in plan.objectives))


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A change of an objective or a key result.

    Attributes:
        reference: which, by its new id; by its last one where it was dropped.
        title: its title, new or last.
    """

    reference: Reference
    title: str

    @property
    def moves_score(self) -> bool:
        """Whether a score may be another for it, with the same check-ins."""
        return False


@dataclass(frozen=True, slots=True)
class ObjectiveAdded(PlanChange):
    """A new objective, with so many key results."""

    key_results: int

    @property
    def moves_score(self) -> bool:
        """It counts in the owner's mean."""
        return True


@dataclass(frozen=True, slots=True)
class ObjectiveDropped(PlanChange):
    """An objective that is no more, with so many key results."""

    key_results: int

    @property
    def moves_score(self) -> bool:
        """It counted in the owner's mean."""
        return True


@dataclass(frozen=True, slots=True)
class KeyResultAdded(PlanChange):
    """A new key result of an objective that was there."""

    @property
    def moves_score(self) -> bool:
        """It counts in the objective's mean."""
        return True


@dataclass(frozen=True, slots=True)
class KeyResultDropped(PlanChange):
    """A key result that is no more, of an objective that still is."""

    @property
    def moves_score(self) -> bool:
        """It counted in the objective's mean."""
        return True


@dataclass(frozen=True, slots=True)
class Renamed(PlanChange):
    """It has another id; the old one is in its `formerly`."""

    old: Reference


@dataclass(frozen=True, slots=True)
class Moved(PlanChange):
    """It stands elsewhere: in the plan of another owner or cycle, or, a key result, below another objective.

    Attributes:
        old: where it stood, under the id that it had there.
    """

    old: Reference

    @property
    def moves_score(self) -> bool:
        """It counts in another mean, and its check-ins stand in another log."""
        return True


@dataclass(frozen=True, slots=True)
class Reworded(PlanChange):
    """Its title or its `why` reads otherwise; None where there is none."""

    key: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Retargeted(PlanChange):
    """It is measured otherwise.

    Attributes:
        key: as the plan writes it: `from`, `to`, `commit`, `stretch`, `at_least`, `at_most`, `milestones`, `kpi`
            or `unit`.
        old: what it said; None where it said nothing.
        new: what it says now.
        unit: what the new numbers count.
        old_definition: the whole key result before.
        new_definition: the whole key result after.
    """

    key: str
    old: Amount
    new: Amount
    unit: str | None
    old_definition: model.KeyResult
    new_definition: model.KeyResult

    @property
    def moves_score(self) -> bool:
        """All but the unit's name enter into the score."""
        return self.key != "unit"


@dataclass(frozen=True, slots=True)
class Reweighted(PlanChange):
    """It weighs otherwise in its objective's score."""

    old: float
    new: float

    @property
    def moves_score(self) -> bool:
        """The objective's mean is by weight."""
        return True


@dataclass(frozen=True, slots=True)
class Reassigned(PlanChange):
    """Somebody else is accountable, as far as it says so itself."""

    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Realigned(PlanChange):
    """What it supports, or depends on, is something else; `key` says which of the two."""

    key: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Retyped(PlanChange):
    """It is committed and was aspirational, or the other way round."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Graded(PlanChange):
    """A person's grade of it; None where there is none."""

    old: float | None
    new: float | None

    @property
    def moves_score(self) -> bool:
        """In a closed cycle a grade is the score."""
        return True


@dataclass(frozen=True, slots=True)
class GradeExplained(PlanChange):
    """Why the grade is not the score, in other words than before."""

    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class NextDecided(PlanChange):
    """What becomes of it in the following cycle: `keep`, `carry` or `drop`; None where nothing is decided."""

    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Learned(PlanChange):
    """What was learned, in other words than before."""

    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Retagged(PlanChange):
    """It bears other tags."""

    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InitiativesChanged(PlanChange):
    """How we mean to get there; titles only, those done marked."""

    old: tuple[tuple[str, bool], ...]
    new: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class InitiativeChanged(PlanChange):
    """An initiative that was there has another `link` or `owner`, as `key` says.

    Attributes:
        initiative: its title.
    """

    initiative: str
    key: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class OwnerRenamed:
    """The plan's file bears another id of its owner."""

    cycle: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class CycleChanged:
    """A fact of a cycle: `state`, `starts`, `ends`, `owners` or `review`; None where its cycle.yaml did not say it."""

    cycle: str
    key: str
    old: str | None
    new: str | None


_METRIC = (
    ("from", "start"),
    ("to", "target"),
    ("commit", "commit"),
    ("stretch", "stretch"),
    ("at_least", "at_least"),
    ("at_most", "at_most"),
    ("milestones", "milestones"),
    ("kpi", "kpi"),
    ("unit", "unit"),
)

T = TypeVar("T", "model.Objective", "model.KeyResult")


class Identified(Protocol):
    """What has an id, and had others before."""

    @property
    def id(self) -> str:
        """Its present id."""
        ...

    @property
    def formerly(self) -> tuple[str, ...]:
        """Those it had before."""
        ...


W = TypeVar("W", bound=Identified)


def compare(old: PlanVersion, new: PlanVersion) -> tuple[PlanChange, ...]:
    """What changed from one version of a plan to another, in the order of the plan; dropped ones stand last.

    An objective or key result is the same in both where the ids are equal, or where one names the other's in
    its `formerly`. The owner's id may differ: the references are those of the new version.
    """
    changes: list[PlanChange] = []
    pairs = paired(old.objectives, new.objectives)

    def named(objective: model.Objective) -> Reference:
        return Reference(new.cycle, new.owner, objective.id)

    for before, after in pairs:
        if after is None and before is not None:
            changes.append(ObjectiveDropped(named(before), before.title, len(before.key_results)))
        elif after is not None and before is None:
            changes.append(ObjectiveAdded(named(after), after.title, len(after.key_results)))
        elif after is not None and before is not None:
            changes += _objective(named(after), named(before), before, after)
    return tuple(changes)


def compare_facts(
    cycle: str, old: model.CycleFacts | None, new: model.CycleFacts | None
) -> tuple[CycleChanged, ...]:
    """What changed in a cycle's cycle.yaml; None where there is none."""

    def said(facts: model.CycleFacts | None, key: str) -> str | None:
        value = None if facts is None or key not in facts.model_fields_set else getattr(facts, key)
        return ", ".join(value) if isinstance(value, tuple) else None if value is None else str(value)

    return tuple(
        CycleChanged(cycle, key, said(old, key), said(new, key))
        for key in ("state", "closed", "starts", "ends", "owners", "review")
        if (said(old, key) or "").split() != (said(new, key) or "").split()
        and not (
            key == "closed" and said(old, "state") != said(new, "state")
        )  # it comes and goes with the state
    )


def paired(old: Sequence[W], new: Sequence[W]) -> list[tuple[W | None, W | None]]:
    """Those that are the same thing in both, in the new order, None before what is new; then the dropped ones."""
    left: dict[str, W] = {}
    for each in old:
        left.setdefault(each.id, each)
    present = {each.id for each in new}
    found: list[tuple[W | None, W | None]] = []
    for each in new:
        before = left.pop(each.id, None)
        if before is None:
            # Renamed, or, in a change undone, named as it was before the renaming.
            was = next((name for name in each.formerly if name in left and name not in present), None)
            back = next(
                (name for name, one in left.items() if each.id in one.formerly and name not in present), None
            )
            name = was or back
            before = left.pop(name) if name is not None else None
        found.append((before, each))
    found.extend((each, None) for each in left.values())
    return found


def _objective(
    reference: Reference, old_reference: Reference, old: model.Objective, new: model.Objective
) -> Iterator[PlanChange]:
    yield from objective_changes(reference, old_reference, old, new)
    for was, is_now in paired(old.key_results, new.key_results):
        if is_now is None and was is not None:
            yield KeyResultDropped(inner(reference, was), was.title)
        elif is_now is not None and was is None:
            yield KeyResultAdded(inner(reference, is_now), is_now.title)
        elif is_now is not None and was is not None:
            yield from key_result_changes(inner(reference, is_now), inner(old_reference, was), was, is_now)


def objective_changes(
    reference: Reference, old_reference: Reference, old: model.Objective, new: model.Objective
) -> Iterator[PlanChange]:
    """What changed in an objective itself; its key results are compared one by one.

    Args:
        reference: its new one.
        old_reference: the one before.
        old: what it said.
        new: what it says now.
    """
    if (reference.cycle, reference.owner) != (old_reference.cycle, old_reference.owner):
        yield Moved(reference, new.title, old_reference)
    elif reference != old_reference:
        yield Renamed(reference, new.title, old_reference)
    yield from _wording(reference, new.title, (("title", old.title, new.title), ("why", old.why, new.why)))
    if old.type != new.type:
        yield Retyped(reference, new.title, old.type.value, new.type.value)
    yield from _common(reference, old, new)
    for key, before, after in (
        ("supports", old.supports, new.supports),
        ("depends_on", old.depends_on, new.depends_on),
    ):
        if set(before) != set(after):
            yield Realigned(reference, new.title, key, before, after)


def inner(objective: Reference, key_result: model.KeyResult) -> Reference:
    """The reference of a key result of an objective."""
    return Reference(objective.cycle, objective.owner, objective.objective, key_result.id)


def key_result_changes(
    reference: Reference,
    old_reference: Reference,
    old: model.KeyResult,
    new: model.KeyResult,
    *,
    moved: bool = False,
) -> Iterator[PlanChange]:
    """What changed in a key result.

    Args:
        reference: its new one.
        old_reference: the one before.
        old: what it said.
        new: what it says now.
        moved: whether the objective that it stands below now is not the one that it stood below.
    """
    if moved:
        yield Moved(reference, new.title, old_reference)
    elif reference.key_result != old_reference.key_result:
        yield Renamed(reference, new.title, old_reference)
    yield from _wording(reference, new.title, (("title", old.title, new.title),))
    for key, name in _METRIC:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Retargeted(reference, new.title, key, before, after, new.unit, old, new)
    if old.weight != new.weight:
        yield Reweighted(reference, new.title, old.weight, new.weight)
    yield from _common(reference, old, new)
    if set(old.depends_on) != set(new.depends_on):
        yield Realigned(reference, new.title, "depends_on", old.depends_on, new.depends_on)
    if old.grade != new.grade:
        yield Graded(reference, new.title, old.grade, new.grade)
    if (old.grade_reason or "").split() != (new.grade_reason or "").split():
        yield GradeExplained(reference, new.title, old.grade_reason, new.grade_reason)
    yield from _initiatives(reference, old, new)


def _wording(
    reference: Reference, title: str, texts: Iterable[tuple[str, str | None, str | None]]
) -> Iterator[PlanChange]:
    for key, before, after in texts:
        if (before and before.split()) != (after and after.split()):  # where its lines break is layout
            yield Reworded(reference, title, key, before, after)


def _common(reference: Reference, old: T, new: T) -> Iterator[PlanChange]:
    if old.owner != new.owner:
        yield Reassigned(reference, new.title, old.owner, new.owner)
    if set(old.tags) != set(new.tags):
        yield Retagged(reference, new.title, old.tags, new.tags)
    if (old.learned or "").split() != (new.learned or "").split():
        yield Learned(reference, new.title, old.learned, new.learned)
    if old.next != new.next:
        yield NextDecided(reference, new.title, _word(old.next), _word(new.next))


def _word(decided: model.Next | None) -> str | None:
    return None if decided is None else decided.value


def _initiatives(reference: Reference, old: model.KeyResult, new: model.KeyResult) -> Iterator[PlanChange]:
    before, after = (tuple((each.title, each.done) for each in said.initiatives) for said in (old, new))
    if sorted(before) != sorted(after):
        yield InitiativesChanged(reference, new.title, before, after)
    known = {each.title: each for each in old.initiatives}
    for each in new.initiatives:
        was = known.get(each.title, each)
        for key, said, says in (("link", was.link, each.link), ("owner", was.owner, each.owner)):
            if said != says:
                yield InitiativeChanged(reference, new.title, each.title, key, said, says)
