"""A check-in as a form asks for it: what it is about, what the answers would come to, and their recording.

A key result that draws on a KPI is asked for both: its numbers are the KPI's, its confidence is its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import UsageError
from okr.model import MetricKind
from okr.operations.assessing import assess_key_result
from okr.operations.checkin.checking_in import check_in
from okr.operations.checkin.drafting import Entry
from okr.operations.checkin.entries import confidence_of
from okr.operations.checkin.round_items import OvertakenError, heard
from okr.operations.checkin.subjects import find_subject, read_value
from okr.operations.selecting import objective_of
from okr.scoring import Reading

if TYPE_CHECKING:
    from okr.log_lines import FieldValue
    from okr.model import Moment
    from okr.operations.assessing import KeyResultState
    from okr.operations.checkin.checking_in import Opener, Recorded
    from okr.operations.checkin.subjects import Subject
    from okr.operations.committing import Session
    from okr.operations.overview import Frame
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form is about.

    Attributes:
        frame: the cycle.
        state: the key result as it stands.
        subject: what the confidence, and usually the value, is said of: the key result.
        measured: what the value is said of: the key result itself, or the KPI that it draws on.
        milestones: what there is to reach, in order; empty for numbers.
        by: who says so; None where nobody knows.
        waiting: how many check-ins of the same logs were recorded before and not committed.
        signed: whether git signs commits, and may ask on the terminal for a key's passphrase.
    """

    frame: Frame
    state: KeyResultState
    subject: Subject
    measured: Subject
    milestones: tuple[str, ...] = ()
    by: str | None = None
    waiting: int = 0
    signed: bool = False

    @property
    def reference(self) -> str:
        """The key result, in full."""
        return self.subject.reference


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form; empty is not said."""

    value: str = ""
    confidence: str = ""
    note: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.value.strip() or self.confidence.strip() or self.note.strip())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was typed would come to.

    Attributes:
        value: the value, read; None where none was typed.
        before: the score as it stands, 0.0 to 1.0.
        after: the score it would be.
    """

    value: FieldValue | None
    before: float
    after: float


def asked_of(workspace: Workspace, reference: str, frame: Frame) -> Asked:
    """What a form for a key result asks for; who asks and what waits is for others to fill in.

    Raises:
        UsageError: it is an objective, or is nothing.
        OkrError: its cycle is closed.
    """
    subject = find_subject(workspace, reference, None)
    state = subject.own_state
    if subject.key_result is None or state is None:
        raise UsageError(f"{reference} is no key result.", "A check-in is made on one.")
    definition = subject.key_result.definition
    drawn = definition.kpi if definition.kind is MetricKind.KPI else None
    measured = subject if drawn is None else find_subject(workspace, f"kpis/{drawn}", None)
    return Asked(frame, state, subject, measured, tuple(definition.milestones or ()))


def outcome(workspace: Workspace, asked: Asked, typed: Typed, moment: Moment) -> Outcome:
    """What was typed would come to, were it recorded now.

    Raises:
        UsageError: something in it can't be read.
    """
    text = typed.value.strip()
    value = read_value(workspace, asked.measured, text, asked.measured.last) if text else None
    if typed.confidence.strip():
        confidence_of(typed.confidence)
    before = asked.state.assessment.score
    if value is None:
        return Outcome(None, before, before)
    key_result = asked.state.key_result
    number = float(value) if isinstance(value, int) else value
    further = (Reading(moment.day, number, None),)
    after = assess_key_result(workspace, objective_of(workspace, key_result), key_result, further=further)
    return Outcome(value, before, after.assessment.score)


def record_typed(session: Session, opener: Opener, asked: Asked, typed: Typed, moment: Moment) -> Recorded:
    """Records what was typed, in one commit, unless somebody was faster.

    Raises:
        UsageError: there is nothing that makes a check-in, or it can't be read.
        OvertakenError: there are check-ins that the form has not shown.
        RefusedError: the rules would report it as an error.
        OkrError: a log can't be read or written, or git refused the commit.
    """
    value, sure, note = typed.value.strip(), typed.confidence.strip(), typed.note.strip() or None
    if not value and not sure:
        what = "A note alone is" if note else "Nothing typed is"
        raise UsageError(f"{what} no check-in.", "It needs a value or a confidence.")
    workspace = opener()
    shown = {each.reference: each for each in (asked.subject, asked.measured)}
    overtaken = [
        reference
        for reference, each in shown.items()
        if heard(find_subject(workspace, reference, None)) != heard(each)
    ]
    if overtaken:
        raise OvertakenError(overtaken)
    confidence = confidence_of(sure) if sure else None
    if asked.measured is asked.subject or not value:
        said = [Entry(asked.reference, moment, value or None, confidence, note, asked.by)]
    else:
        said = [Entry(asked.measured.reference, moment, value, None, note, asked.by)]
        if confidence is not None:
            said.append(Entry(asked.reference, moment, None, confidence, None, asked.by))
    return check_in(session, opener, said)
