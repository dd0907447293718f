"""Closing a cycle as a walk: of each key result the grade, a reason where it is not the score, the lesson, what comes next.

Pure: it knows no terminal and writes nothing. `operations/checkin/walking.py` says which question comes next, `views/closing_walk.py` asks.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, replace
from okr.errors import OkrError, UsageError
from okr.operations.checkin.round_items import OvertakenError
from okr.operations.checkin.walking import KEEP, LEAVE_OUT, Walk, beyond, with_answer
from okr.operations.closing.grading import (
    REMOVED,
    Verdict,
    final_score,
    grade_of,
    is_score,
    next_of,
    suggested,
)
from okr.operations.showing import showing

if TYPE_CHECKING:
    from okr.log_lines import FieldValue
    from okr.model import Next
    from okr.operations.assessing import KeyResultState, ObjectiveState
    from okr.operations.checkin.walking import Answer
    from okr.operations.closing.grading import Closing
    from okr.operations.showing import Course
    from okr.workspace import Workspace


class Field(StrEnum):
    """What is asked of a key result."""

    GRADE = "grade"
    REASON = "reason"
    LEARNED = "learned"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Item:
    """A key result that is to be graded.

    Attributes:
        state: the key result as it stands.
        objective: its objective as it stands.
        course: what its chart draws.
    """

    state: KeyResultState
    objective: ObjectiveState
    course: Course

    @property
    def reference(self) -> str:
        """The key result, in full."""
        return str(self.state.key_result.reference)

    @property
    def score(self) -> float:
        """The score at the end, with two decimals."""
        return final_score(self.state)

    @property
    def grade(self) -> float:
        """What Enter takes: the grade that the plan has already where it explains it or it is the score, else the score."""
        definition = self.state.key_result.definition
        if definition.grade is not None and definition.grade_reason:
            return float(definition.grade)
        return self.score

    @property
    def reason(self) -> str | None:
        """The reason that the plan has already."""
        return self.state.key_result.definition.grade_reason

    @property
    def learned(self) -> str | None:
        """What the plan says already that was learned."""
        return self.state.key_result.definition.learned

    @property
    def next(self) -> Next:
        """What Enter takes: what the plan says already, else what mostly becomes of such a key result."""
        return (
            self.state.key_result.definition.next
            or self.objective.objective.definition.next
            or suggested(self.state)
        )

    @property
    def heard(self) -> list[tuple[str, FieldValue | None, float | None]]:
        """What has been said of it: enough to see whether something was said since it was shown."""
        said = (each.record.definition for each in self.state.checkins if each.counts)
        return [(str(each.date), each.value, each.confidence) for each in said]

    def asks(self, answer: Answer) -> tuple[Field, ...]:
        """What is asked: a reason only where the grade is not the score."""
        try:
            grade = self.grade if answer.of(Field.GRADE) is None else _grade(self, answer)
        except UsageError:
            grade = self.score
        if is_score(grade, self.score):
            return Field.GRADE, Field.LEARNED, Field.NEXT
        return tuple(Field)


ClosingWalk = Walk[Item]
"""Where the closing stands."""


def items_of(workspace: Workspace, closing: Closing) -> tuple[Item, ...]:
    """Every key result of a cycle, ready to be asked about, owner by owner as the plans have them."""
    return tuple(
        Item(state, objective, showing(workspace, str(state.key_result.reference)).course)
        for owner in closing.owners
        for objective in owner.objectives
        for state in objective.key_results
    )


def enter(at: ClosingWalk, typed: str) -> ClosingWalk:
    """The walk after an answer; an empty one takes what was typed before, or what stands in the brackets.

    Raises:
        UsageError: it can't be read, or a reason is needed and none given.
    """
    text = typed.strip()
    before = at.answer.of(at.field)
    answer = at.answer.with_field(at.field, text if text or before is None else before)
    if at.field is Field.REASON and not _reason(at.item, answer):
        raise UsageError(
            "A grade that is not the score needs a reason.",
            "b goes back to the grade: Enter takes the score.",
        )
    verdict_of(at.item, answer)
    if Field.REASON not in at.item.asks(answer):
        answer = answer.with_field(Field.REASON, None)  # it was one for another grade
    moved = with_answer(at, answer)
    if at.asked + 1 < len(moved.asks):
        return replace(moved, asked=at.asked + 1)
    return beyond(moved)


def verdict_of(item: Item, answer: Answer) -> Verdict:
    """What an answer comes to; of a key result that was skipped, the grade alone.

    Raises:
        UsageError: something in it can't be read.
    """
    grade = _grade(item, answer)
    if answer.skipped:
        return Verdict(item.reference, grade)
    typed = answer.of(Field.LEARNED)
    learned = {"": None, KEEP: None, LEAVE_OUT: REMOVED}.get(typed or "", typed)
    following: Next | str | None
    match answer.of(Field.NEXT):
        case None:
            following = None
        case "" | "=":
            following = item.next
        case "-":
            following = REMOVED
        case typed:
            following = next_of(typed)
    # A reason is one for the grade that was given: where that is the score by now, there is nothing to explain.
    reason = _reason(item, answer) if Field.REASON in item.asks(answer) else None
    return Verdict(item.reference, grade, reason, learned, following)


def verdicts(at: ClosingWalk) -> tuple[Verdict, ...]:
    """What was answered, one verdict for each key result.

    Raises:
        UsageError: something can't be read.
    """
    return tuple(verdict_of(item, answer) for item, answer in zip(at.items, at.answers, strict=True))


def require_unchanged(at: ClosingWalk, now: tuple[Item, ...]) -> None:
    """Refuses to record what was answered over something else than what was shown.

    Args:
        at: the walk.
        now: the key results of the cycle as they are now.

    Raises:
        OvertakenError: something was said of a key result meanwhile, or its score is another.
        OkrError: a key result is no more, or there is a new one.
    """
    by_reference = {item.reference: item for item in now}
    if [*by_reference] != [item.reference for item in at.items]:
        raise OkrError(
            "The plans have other key results than when this began. Nothing was recorded.",
            "Start again: what you entered is offered where it still fits.",
        )
    moved = [
        item.reference
        for item in at.items
        if (by_reference[item.reference].score, by_reference[item.reference].heard)
        != (item.score, item.heard)
    ]
    if moved:
        raise OvertakenError(moved)


def _grade(item: Item, answer: Answer) -> float:
    match answer.of(Field.GRADE):
        case None | "" | "=":
            return item.grade
        case "-":
            raise UsageError("Every key result gets a grade.", "Enter takes the one in brackets.")
        case typed:
            return grade_of(typed)


def _reason(item: Item, answer: Answer) -> str | None:
    match answer.of(Field.REASON):
        case None | "-":
            return None
        case "" | "=":
            return item.reason
        case typed:
            return typed
