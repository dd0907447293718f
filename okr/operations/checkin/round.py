"""The weekly round as a machine of states: which question is asked, and what each answer leads to.

Pure: it knows no terminal and writes nothing. `round_items.py` builds what it walks through, `views/round.py` asks.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, replace
from okr.errors import UsageError
from okr.operations.checkin.drafting import Entry
from okr.operations.checkin.entries import confidence_of
from okr.operations.checkin.subjects import read_value
from okr.operations.checkin.walking import LEAVE_OUT, Walk, beyond, with_answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okr.log_lines import FieldValue
    from okr.model import Moment
    from okr.operations.checkin.subjects import Subject
    from okr.operations.checkin.walking import Answer
    from okr.operations.due import Due
    from okr.operations.showing import Course
    from okr.workspace import Workspace


class Field(StrEnum):
    """What is asked of a key result."""

    VALUE = "value"
    CONFIDENCE = "confidence"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Item:
    """A key result or KPI that the round asks about.

    Attributes:
        due: what is due.
        subject: what a check-in is about, as it stood when the round began.
        course: what its chart draws.
        choices: its milestones, in the order of the plan; empty for numbers.
        fields: what is asked: a KPI is measured, and nobody is confident of it.
    """

    due: Due
    subject: Subject
    course: Course
    choices: tuple[str, ...]
    fields: tuple[Field, ...]

    @property
    def reference(self) -> str:
        """The key result, in full, or the KPI as `kpis/<id>`."""
        return self.subject.reference

    def asks(self, answer: Answer) -> tuple[Field, ...]:
        """What is asked, whatever was answered."""
        del answer
        return self.fields

    @property
    def last_confidence(self) -> float | None:
        """The confidence stated last; None where there is none."""
        state = self.subject.own_state
        return None if state is None else state.assessment.confidence


@dataclass(frozen=True, slots=True)
class Said:
    """An answer once it is read: what would be recorded."""

    value: FieldValue | None
    confidence: float | None
    note: str | None

    @property
    def is_checkin(self) -> bool:
        """Whether it says anything that a check-in must."""
        return self.value is not None or self.confidence is not None


Round = Walk[Item]
"""Where a round stands."""


def answers_of(at: Round) -> tuple[str, ...]:
    """What is an answer to the question, even where it is called like a command: a milestone is a milestone."""
    return at.item.choices if at.field is Field.VALUE else ()


def enter(workspace: Workspace, at: Round, typed: str) -> Round:
    """The round after an answer; an empty one takes what was typed before, or keeps the last.

    Raises:
        UsageError: it can't be read, or would leave a note alone.
    """
    text = typed.strip()
    before = at.answer.of(at.field)
    answer = at.answer.with_field(at.field, text if text or before is None else before)
    said = read(workspace, at.item, answer)
    if at.asked + 1 < len(at.item.fields):
        return replace(with_answer(at, answer), asked=at.asked + 1)
    if said.note and not said.is_checkin:
        raise UsageError(
            "A note alone is no check-in: it needs a value or a confidence.",
            "b goes back to them, - leaves the note out.",
        )
    return beyond(with_answer(at, answer if said.is_checkin else replace(answer, skipped=True)))


def read(workspace: Workspace, item: Item, answer: Answer) -> Said:
    """What an answer would record.

    Raises:
        UsageError: something in it can't be read.
    """
    value: FieldValue | None = None
    confidence: float | None = None
    last = item.subject.last
    match answer.of(Field.VALUE):
        case "" | "=":
            value = last
        case None | "-":
            pass
        case typed:
            value = read_value(workspace, item.subject, typed, last)
    match answer.of(Field.CONFIDENCE):
        case "" | "=":
            confidence = item.last_confidence
        case None | "-":
            pass
        case typed:
            confidence = confidence_of(typed)
    note = answer.of(Field.NOTE)
    return Said(value, confidence, None if note in {"", LEAVE_OUT} else note)


def to_record(workspace: Workspace, at: Round) -> tuple[tuple[int, Said], ...]:
    """What would be recorded, each with the place of its item.

    Raises:
        UsageError: something in it can't be read.
    """
    said = (
        (place, read(workspace, item, answer))
        for place, (item, answer) in enumerate(zip(at.items, at.answers, strict=True))
        if not answer.skipped
    )
    return tuple((place, each) for place, each in said if each.is_checkin)


def entries(
    at: Round, said: Iterable[tuple[int, Said]], moment: Moment, by: str | None, *, moment_is_given: bool
) -> list[Entry]:
    """The entries to check in: with the values that were shown, whatever was added to the log meanwhile."""
    return [
        Entry(
            at.items[place].reference,
            moment,
            each.value,
            each.confidence,
            each.note,
            by,
            moment_is_given=moment_is_given,
        )
        for place, each in said
    ]
