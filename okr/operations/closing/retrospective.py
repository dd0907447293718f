"""Looking back on a cycle that is over: grades, hits and misses, lessons, ambition, and how well confidence foretold.

Before the cycle is closed, scores stand in for the grades that nobody has given yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.model import CycleState, ObjectiveType
from okr.operations.assessing import assess_cycle, reckoned_on
from okr.operations.overview import frame_of
from okr.operations.selecting import select_owners
from okr.scoring import ASPIRATIONAL_FROM, COMMITTED_FROM, calibration, came_true

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from okr.contents import KeyResult, Objective
    from okr.model import Next
    from okr.operations.assessing import KeyResultState, OwnerState
    from okr.operations.overview import Frame
    from okr.scoring import Calibration
    from okr.workspace import Workspace

AMBITION = {ObjectiveType.ASPIRATIONAL: ASPIRATIONAL_FROM[0], ObjectiveType.COMMITTED: COMMITTED_FROM[0]}
"""What the grades of well-set goals come to on average. DESIGN, "What the method says": aspirational ones are set so
high that 0.7 is a good result; committed ones are promises."""

_NEAR = 0.1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a key result that was scored.

    Attributes:
        state: how it ended; its score is the grade where one was given and the cycle is closed.
        kind: aspirational or committed, as its objective.
        hit: whether that is the success its kind asks for: 0.7, or 1.0.
    """

    state: KeyResultState
    kind: ObjectiveType
    hit: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned from an objective or a key result, or why its grade is not its score."""

    subject: Objective | KeyResult
    learned: str | None
    grade_reason: str | None
    next: Next | None


@dataclass(frozen=True, slots=True)
class Ambition:
    """How high the goals of one kind were set.

    Attributes:
        kind: aspirational or committed.
        count: how many key results.
        average: the mean of their scores, 0.0 to 1.0.
        aim: what it should be near: 0.7, or 1.0.
    """

    kind: ObjectiveType
    count: int
    average: float
    aim: float

    @property
    def verdict(self) -> str:
        """`low` or `high` where the average is more than 0.1 away from the aim, else `near`."""
        if self.average < self.aim - _NEAR:
            return "low"
        return "high" if self.average > self.aim + _NEAR else "near"


@dataclass(frozen=True, slots=True)
class Retrospective:
    """What there is to say of a cycle that is over.

    Attributes:
        frame: which cycle of which workspace, on which day.
        owner: the only owner it is about, by id, with `/...` behind it where all below it are meant; None for all.
        text: the review in the cycle's cycle.yaml, where there is one.
        owners: how each owner ended.
        outcomes: every key result that counts in a score, in the order of the plans.
        lessons: what was written down, in the order of the plans.
        ambition: by kind, those kinds only that there are.
        calibration: over all confidences stated in closed cycles, of the owners asked for.
        closed: the cycles it is reckoned over.
        ungraded: how many key results nobody has graded.
    """

    frame: Frame
    owner: str | None
    text: str | None
    owners: tuple[OwnerState, ...]
    outcomes: tuple[Outcome, ...]
    lessons: tuple[Lesson, ...]
    ambition: tuple[Ambition, ...]
    calibration: Calibration
    closed: tuple[str, ...]
    ungraded: int


def retrospective(
    workspace: Workspace, *, cycle: str | None = None, owner: str | None = None
) -> Retrospective:
    """Looks back on a cycle.

    Args:
        workspace: where to look.
        cycle: the cycle, by any of its names; the current one if left out.
        owner: only this owner's plan; a team's id with `/...` behind it means whoever is below it as well.

    Raises:
        UsageError: there is no such owner.
        OkrError: there is no such cycle.
    """
    shown = workspace.cycle_asked(cycle)
    wanted = None if owner is None else select_owners(workspace, owner, cycle=shown.name)

    def asked(name: str) -> tuple[OwnerState, ...]:
        states = assess_cycle(workspace, workspace.cycle(name))
        return tuple(each for each in states if wanted is None or each.owner.id in wanted.ids)

    owners = asked(shown.name)
    outcomes = tuple(_outcomes(owners))
    closed = tuple(name for name in workspace.cycles if workspace.state(name) is CycleState.CLOSED)
    return Retrospective(
        frame=frame_of(workspace, shown),
        owner=None if wanted is None else wanted.name,
        text=workspace.cycles[shown.name].facts.review if shown.name in workspace.cycles else None,
        owners=owners,
        outcomes=outcomes,
        lessons=tuple(_lessons(owners)),
        ambition=tuple(_ambition(outcomes)),
        calibration=calibration(
            pair
            for name in closed
            for pair in _foretold(asked(name), reckoned_on(workspace, workspace.cycle(name)))
        ),
        closed=closed,
        ungraded=sum(each.state.key_result.definition.grade is None for each in outcomes),
    )


def _outcomes(owners: Iterable[OwnerState]) -> Iterator[Outcome]:
    for objective in (each for owner in owners for each in owner.objectives):
        kind = objective.objective.definition.type
        committed = kind is ObjectiveType.COMMITTED
        for state in objective.key_results:
            if state.key_result.definition.weight:
                yield Outcome(state, kind, came_true(state.assessment.score, committed=committed))


def _lessons(owners: Iterable[OwnerState]) -> Iterator[Lesson]:
    for objective in (each for owner in owners for each in owner.objectives):
        said = objective.objective.definition
        if said.learned or said.next:
            yield Lesson(objective.objective, said.learned, None, said.next)
        for state in objective.key_results:
            own = state.key_result.definition
            if own.learned or own.grade_reason or own.next:
                yield Lesson(state.key_result, own.learned, own.grade_reason, own.next)


def _ambition(outcomes: tuple[Outcome, ...]) -> Iterator[Ambition]:
    for kind, aim in AMBITION.items():
        scores = [each.state.assessment.score for each in outcomes if each.kind is kind]
        if scores:
            yield Ambition(kind, len(scores), sum(scores) / len(scores), aim)


def _foretold(owners: Iterable[OwnerState], until: date) -> Iterator[tuple[float, bool]]:
    """Each confidence stated by a day on a key result that counts, and whether it came true."""
    for outcome in _outcomes(owners):
        for checkin in outcome.state.checkins:
            said = checkin.record.definition
            if checkin.counts and said.confidence is not None and said.date.day <= until:
                yield float(said.confidence), outcome.hit
