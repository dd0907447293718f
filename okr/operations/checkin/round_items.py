"""What the weekly round walks through, and whether it still stands as it did when the round began.

Brings what is due (`due.py`), what a check-in is about (`subjects.py`) and the chart (`showing.py`) together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.operations.assessing import assess_key_result, readings
from okr.operations.checkin.checking_in import check_in
from okr.operations.checkin.round import Field, Item
from okr.operations.checkin.subjects import find_subject
from okr.operations.selecting import objective_of
from okr.operations.showing import Course, Line, showing
from okr.scoring import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okr.contents import CheckIn
    from okr.log_lines import FieldValue
    from okr.model import Moment
    from okr.operations.checkin.checking_in import Opener, Recorded
    from okr.operations.checkin.drafting import Entry
    from okr.operations.checkin.round import Said
    from okr.operations.checkin.subjects import Subject
    from okr.operations.committing import Session
    from okr.operations.due import Due, DueList
    from okr.workspace import Workspace


class OvertakenError(OkrError):
    """Somebody has checked in on the same key results since the round showed them.

    Attributes:
        references: which ones.
    """

    def __init__(self, references: Sequence[str]) -> None:
        one = len(references) == 1
        super().__init__(
            f"Meanwhile {'a check-in was' if one else 'check-ins were'} made on {', '.join(references)}. "
            "Nothing of yours was recorded.",
            "Look at what is new, then enter yours again or skip.",
        )
        self.references = tuple(references)


@dataclass(frozen=True, slots=True)
class Movement:
    """What a check-in would move: scores from 0.0 to 1.0, None for a KPI."""

    score_before: float | None
    score_after: float | None


def items_of(workspace: Workspace, due: DueList) -> tuple[Item, ...]:
    """Everything that is due, ready to be asked about."""
    return tuple(_item(workspace, due, each) for each in due.due)


def last_said(item: Item) -> CheckIn | None:
    """The last check-in that counts; None where there is none."""
    counted = [each for each in item.subject.checkins if each.counts]
    return counted[-1] if counted else None


def movement(workspace: Workspace, item: Item, said: Said, moment: Moment) -> Movement:
    """What a check-in would move, were it made now."""
    state = item.subject.own_state
    if state is None or item.subject.state is None:
        return Movement(None, None)
    value = float(said.value) if isinstance(said.value, int) else said.value
    further = (Reading(moment.day, value, said.confidence),)
    objective = objective_of(workspace, state.key_result)
    after = assess_key_result(workspace, objective, state.key_result, further=further)
    return Movement(state.assessment.score, after.assessment.score)


def check_in_all(
    session: Session,
    opener: Opener,
    items: Iterable[Item],
    entries: Sequence[Entry],
    *,
    dry_run: bool,
    cycle: str | None,
) -> Recorded:
    """Records a round's entries in one commit, unless somebody was faster.

    Args:
        session: the lock on the logs.
        opener: opens the workspace.
        items: what the entries are about, as the round has shown them.
        entries: what to record.
        dry_run: say what would happen, and write nothing.
        cycle: the round's cycle, where one was given.

    Raises:
        OvertakenError: there are check-ins that the round has not shown.
        RefusedError: an entry can't be recorded.
        OkrError: a log can't be read or written, or git refused the commit.
    """
    workspace = opener()
    overtaken = [
        item.reference
        for item in items
        if heard(find_subject(workspace, item.reference, cycle)) != heard(item.subject)
    ]
    if overtaken:
        raise OvertakenError(overtaken)
    return check_in(session, opener, entries, dry_run=dry_run, cycle=cycle)


def heard(subject: Subject) -> list[tuple[str, FieldValue | None, float | None]]:
    """What has been said of a subject: enough to see whether it was said after the round had begun."""
    said = (each.record.definition for each in subject.checkins if each.counts)
    return [(str(each.date), each.value, each.confidence) for each in said]


def _item(workspace: Workspace, due: DueList, each: Due) -> Item:
    subject = find_subject(workspace, each.reference, None)
    if subject.key_result is None:
        return Item(each, subject, _measured(due, subject), (), (Field.VALUE, Field.NOTE))
    milestones = subject.key_result.definition.milestones
    course = showing(workspace, each.reference).course
    return Item(each, subject, course, tuple(milestones or ()), tuple(Field))


def _measured(due: DueList, subject: Subject) -> Course:
    """The measurements of a KPI in the cycle."""
    cycle, today = due.frame.cycle, due.frame.as_of
    points = {
        each.day: each.value
        for each in readings(subject.checkins)
        if isinstance(each.value, float) and cycle.starts <= each.day <= today
    }
    levels: tuple[Line, ...] = ()
    return Course(
        cycle.starts, cycle.ends, today, tuple(sorted(points.items())), levels, None, None, subject.unit,
        scores=False,
    )  # fmt: skip
