"""What changed in goals between two states of a workspace, as plain results.

`comparing.py` works it out; views show it. Everything bears the name that it has on the new side, and the last one
where it is no more.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from okr.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from okr.contents import Owner
    from okr.diagnostics import Diagnostic
    from okr.operations.assessing import KeyResultState
    from okr.operations.comparison.org_changes import SettingChanged, SubjectChange
    from okr.plan_changes import CycleChanged, Moved, PlanChange
    from okr.quantities import Language
    from okr.references import Reference
    from okr.revisions import Moment

T = TypeVar("T")

_NOISE = 1e-9


class Presence(StrEnum):
    """On which sides something is."""

    BOTH = "both"
    ADDED = "added"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """One fact on both sides; None where it is unknown or there is nothing that it could be of."""

    old: T | None
    new: T | None

    @property
    def differs(self) -> bool:
        """Whether the two are not the same; numbers may differ by the noise of floating-point sums."""
        if isinstance(self.old, (int, float)) and isinstance(self.new, (int, float)):
            return abs(self.old - self.new) > _NOISE
        return self.old != self.new


@dataclass(frozen=True, slots=True)
class CheckInsDifference:
    """What became of the lines about one key result or KPI.

    Attributes:
        added: check-ins that the new side has and the old one has not.
        removed: those that the old side has and the new one has not: a log is meant only to grow.
        taken_back: how many more of them are taken back than before; fewer where it is below 0.
    """

    added: int
    removed: int
    taken_back: int

    @property
    def any(self) -> bool:
        """Whether there is a difference."""
        return bool(self.added or self.removed or self.taken_back)


@dataclass(frozen=True, slots=True)
class KeyResultDifference:
    """A key result on both sides, or on one.

    Attributes:
        reference: by its new name.
        old_reference: by its old one, as the old side has it; None where it is new.
        title: the new one, or the last.
        presence: on which sides it is.
        changes: of what the plan says; none where it is on one side only.
        score: from 0.0 to 1.0 on either side, as of the same day.
        value: the latest value.
        confidence: the latest one stated.
        checkins: what became of its lines.
        unit: what its values count.
        state: of one that is on one side only, how it stands there; None where its cycle has no days.
    """

    reference: Reference
    old_reference: Reference | None
    title: str
    presence: Presence
    changes: tuple[PlanChange, ...]
    score: Pair[float]
    value: Pair[float | str]
    confidence: Pair[float]
    checkins: CheckInsDifference
    unit: str | None
    state: KeyResultState | None

    @property
    def changed(self) -> bool:
        """Whether anything about it is different."""
        figures = (self.score, self.value, self.confidence)
        return (
            self.presence is not Presence.BOTH
            or bool(self.changes)
            or self.checkins.any
            or any(each.differs for each in figures)
        )


@dataclass(frozen=True, slots=True)
class ObjectiveDifference:
    """An objective on both sides, or on one.

    Attributes:
        reference: by its new name.
        old_reference: by its old one, as the old side has it; None where it is new.
        title: the new one, or the last.
        presence: on which sides it is.
        changes: of what the plan says of the objective itself; none where it is on one side only.
        score: the weighted mean of its key results, on either side.
        key_results: those that changed; of an objective that is on one side only, all of them.
        departed: key results that it had and that stand below another objective now.
        continues: of a new one, the objective of the owner's plan before that it goes on with, if it does.
        less: of such a one, what it asks for less than that one: easier targets, key results that it has no more.
    """

    reference: Reference
    old_reference: Reference | None
    title: str
    presence: Presence
    changes: tuple[PlanChange, ...]
    score: Pair[float]
    key_results: tuple[KeyResultDifference, ...]
    departed: tuple[Moved, ...]
    continues: Reference | None = None
    less: tuple[PlanChange, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything about it is different."""
        return (
            self.presence is not Presence.BOTH
            or bool(self.changes or self.key_results or self.departed)
            or self.score.differs
        )


@dataclass(frozen=True, slots=True)
class OwnerDifference:
    """What changed in one owner's plan and log of one cycle.

    Attributes:
        cycle: the cycle's name.
        owner: who.
        presence: on which sides there is a plan.
        objectives: how many there are on either side.
        score: the mean of its objectives, on either side; None where there is no plan.
        changed: the objectives in which something changed: those of the new side in its order, then those that are
            no more.
        departed: objectives that the plan had and that stand in another one now.
    """

    cycle: str
    owner: Owner
    presence: Presence
    objectives: Pair[int]
    score: Pair[float]
    changed: tuple[ObjectiveDifference, ...]
    departed: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class MeasurementsDifference:
    """What became of the measurements of a KPI; `value` is the latest one by today."""

    id: str
    name: str
    unit: str | None
    value: Pair[float | str]
    checkins: CheckInsDifference


class Tie(StrEnum):
    """How something refers to something else."""

    SUPPORTS = "supports"
    DEPENDS_ON = "depends_on"
    KPI = "kpi"


@dataclass(frozen=True, slots=True)
class ReferredDifference:
    """Who refers from one cycle to something that is on both sides, where that has changed.

    Attributes:
        tie: how.
        target: an objective or key result in full, or `kpis/ID`.
        title: its title, or the KPI's name.
        cycle: the cycle from whose plans it is referred to.
        lost: what referred to it and does no more, in full and by the new names, in order.
        gained: what refers to it and did not before, likewise.
        others: whether anything refers to it on both sides.
    """

    tie: Tie
    target: str
    title: str
    cycle: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    others: bool

    @property
    def forsaken(self) -> bool:
        """Whether nothing refers to it any more."""
        return not self.gained and not self.others


@dataclass(frozen=True, slots=True)
class FindingDifference:
    """A finding of a rule that came, went, or says something else.

    Attributes:
        old: what was found before; None where it is new.
        new: what is found now; None where it is gone.
    """

    old: Diagnostic | None
    new: Diagnostic | None

    @property
    def diagnostic(self) -> Diagnostic:
        """What is found now, or was last."""
        found = self.new or self.old
        if found is None:
            raise LookupError(self)
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed in goals from one state of a workspace to another.

    Attributes:
        workspace: its name.
        old: the commit of the old side; None for the working tree.
        new: that of the new side.
        as_of: the day that counts as today, for both sides.
        language: how numbers are written.
        settings: what okr.yaml says otherwise.
        subjects: what changed in teams, people and KPIs.
        cycles: what changed in the facts of cycles.
        owners: what changed in plans and logs: by cycle, then teams before people.
        measurements: what changed in the measurements of KPIs.
        referred: to what more or fewer refer than before.
        findings: what the rules find otherwise than before, new ones first, the heaviest first.
        limits: what alone was asked about: owners, objectives, key results, KPIs; empty for everything.
        cycle: the only cycle that was asked about, or None.
        fork: the branch, as the person named it, that the new side left where the old side is; None where the old
            side itself was named.
    """

    workspace: str
    old: Moment | None
    new: Moment | None
    as_of: date
    language: Language
    settings: tuple[SettingChanged, ...]
    subjects: tuple[SubjectChange, ...]
    cycles: tuple[CycleChanged, ...]
    owners: tuple[OwnerDifference, ...]
    measurements: tuple[MeasurementsDifference, ...]
    referred: tuple[ReferredDifference, ...]
    findings: tuple[FindingDifference, ...]
    limits: tuple[str, ...] = ()
    cycle: str | None = None
    fork: str | None = None

    @property
    def any(self) -> bool:
        """Whether there is any change."""
        return bool(
            self.settings
            or self.subjects
            or self.cycles
            or self.owners
            or self.measurements
            or self.referred
            or self.findings
        )

    @property
    def objectives(self) -> Iterator[ObjectiveDifference]:
        """The objectives in which something changed, of all owners."""
        for owner in self.owners:
            yield from owner.changed
