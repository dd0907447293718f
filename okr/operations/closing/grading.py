"""Closing a cycle: what is to be graded, and what people's verdicts come to. Decides only.

Writing it into the files is `files.py`'s, doing it `commit.py`'s business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from okr.contents import Objective
from okr.dataclass import dataclass
from okr.errors import OkrError, UsageError
from okr.model import CycleState, Next, quoted
from okr.operations.assessing import assess_cycle
from okr.operations.checkin.checking_in import Refusal, RefusedError
from okr.operations.overview import frame_of
from okr.operations.selecting import select
from okr.quantities import format_score
from okr.references import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okr.contents import KeyResult
    from okr.operations.assessing import KeyResultState, OwnerState
    from okr.operations.overview import Frame
    from okr.workspace import Workspace

MOST_NAMED = 5
"""References that a message names; of more it gives the number."""

_HALF = 0.005 + 0.000001
"""Half of what is shown of a score, and what tables leave out of it beyond six decimals."""

REMOVED: Literal[""] = ""
"""What stands for a text that is taken out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody says of a key result, or of an objective, at the end.

    Attributes:
        subject: the reference, as typed.
        grade: from 0.0 to 1.0; None leaves it at the one in the plan, or else at the score.
        reason: why the grade is not the score.
        learned: what was learned.
        next: what becomes of it.

    None leaves what the plan says; an empty text takes it out.
    """

    subject: str
    grade: float | None = None
    reason: str | None = None
    learned: str | None = None
    next: Next | Literal[""] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the plan will say of a key result, or of an objective: then without a grade; None where it says nothing."""

    subject: KeyResult | Objective
    grade: float | None
    reason: str | None
    learned: str | None
    next: Next | None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """A cycle that can be closed, as it stands.

    Attributes:
        frame: which cycle, on which day.
        owners: every owner with a plan in it; the scores are reckoned, for grades do not count yet.
        review: the text that its cycle.yaml has already.
    """

    frame: Frame
    owners: tuple[OwnerState, ...]
    review: str | None

    @property
    def key_results(self) -> tuple[KeyResultState, ...]:
        """Every key result of the cycle."""
        return tuple(
            state
            for owner in self.owners
            for objective in owner.objectives
            for state in objective.key_results
        )

    @property
    def days_left(self) -> int:
        """How many days of the cycle are still to come; 0 on its last day and after it."""
        return max(0, (self.frame.cycle.ends - self.frame.as_of).days)


def cycle_to_close(workspace: Workspace, typed: str | None) -> str:
    """The cycle that is to be closed: the one that was named, else the only one that is over and not closed.

    Raises:
        UsageError: there is no such cycle, or several are over and not closed.
        OkrError: the cycle has no plan, or none was named and none is over.
    """
    if typed is not None:
        name = workspace.cycle(typed).name
    else:
        waiting = cycles_to_close(workspace)
        if len(waiting) > 1:
            raise UsageError(
                f"{', '.join(waiting[:-1])} and {waiting[-1]} are over and not closed.",
                f"Say which: okr cycle close {waiting[-1]}",
            )
        if not waiting:
            raise _nothing_over(workspace)
        name = waiting[0]
    if not workspace.plan_paths(name):
        raise OkrError(
            f"There is no plan in {name}, so there is nothing to close.", "`okr cycle list` shows the cycles."
        )
    return name


def _nothing_over(workspace: Workspace) -> OkrError:
    """That nothing waits for being closed: what runs is closed early only where somebody names it."""
    running = [
        cycle.span
        for name, cycle in workspace.cycles.items()
        if cycle.span is not None
        and cycle.span.starts <= workspace.as_of <= cycle.span.ends
        and cycle.facts.state is not CycleState.CLOSED
        and workspace.plan_paths(name)
    ]
    if not running:
        return OkrError("No cycle is over and not closed.", "`okr cycle list` shows the cycles.")
    runs = " and ".join(f"{each.name} runs until {each.ends}" for each in running)
    shortest = min(running, key=lambda each: each.ends - each.starts)
    return OkrError(
        f"No cycle is over and not closed: {runs}.",
        f"To close one before its end, name it and say why: okr cycle close {shortest.name} --early WHY",
    )


def cycles_to_close(workspace: Workspace) -> tuple[str, ...]:
    """The cycles with plans whose last day is past and that are not closed, in order of their first day."""
    return tuple(
        name
        for name, cycle in workspace.cycles.items()
        if cycle.span is not None
        and workspace.as_of > cycle.span.ends
        and cycle.facts.state is not CycleState.CLOSED
        and workspace.plan_paths(name)
    )


def closing_of(workspace: Workspace, name: str, *, early: bool) -> Closing:
    """A cycle as it is to be closed.

    Args:
        workspace: where it is.
        name: its name.
        early: whether it may still be running.

    Raises:
        OkrError: it is closed already, or not over yet.
        UsageError: it is over, and was to be closed early.
    """
    cycle = workspace.cycle(name)
    loaded = workspace.cycles[cycle.name]
    if loaded.facts.state is CycleState.CLOSED:
        raise OkrError(
            f"{cycle.name} is closed already.",
            f"`okr cycle show {cycle.name}` shows its grades; `okr cycle reopen {cycle.name}` opens it again.",
        )
    if workspace.as_of < cycle.starts:
        raise OkrError(
            f"{cycle.name} has not begun: it starts on {cycle.starts}.", "There is nothing to grade yet."
        )
    left = (cycle.ends - workspace.as_of).days
    if left >= 0 and not early:
        days = f"{left} day{'' if left == 1 else 's'} {'is' if left == 1 else 'are'} left"
        raise OkrError(
            f"{cycle.name} is not over: it ends on {cycle.ends}, and {days if left else 'that is today'}.",
            f"To close it all the same, say why: okr cycle close {cycle.name} --early WHY",
        )
    if left < 0 and early:
        raise UsageError(f"{cycle.name} is over, so it is not closed early.", "Leave --early out.")
    return Closing(frame_of(workspace, cycle), assess_cycle(workspace, cycle), loaded.facts.review)


def decide(
    workspace: Workspace, closing: Closing, verdicts: Sequence[Verdict], *, all_scores: bool
) -> tuple[Decision, ...]:
    """What each key result gets, and each objective of which something was said.

    Args:
        workspace: where the references are looked for.
        closing: the cycle.
        verdicts: what people say; a key result of which nobody says anything keeps the grade in its plan.
        all_scores: whether a key result without a grade, or with one that nothing explains, gets its score.

    Raises:
        RefusedError: a verdict names nothing, or the same as another, or a grade that is not the score has no
            reason, or key results are left without a grade; it names all such verdicts.
    """
    refusals: list[Refusal] = []
    named: dict[str, tuple[int, Verdict]] = {}
    found: list[Objective] = []
    for index, verdict in enumerate(verdicts):
        try:
            subject = select(workspace, verdict.subject, cycle=closing.frame.cycle.name)
            _refuse_twice(subject, named)
            if isinstance(subject, Objective):
                _refuse_grade(subject, verdict)
                found.append(subject)
            named[str(subject.reference)] = (index, verdict)
        except OkrError as error:
            refusals.append(Refusal(index, error.message, error.remedy, exit_status=error.exit_status))
    decisions: list[Decision] = []
    ungraded: list[str] = []
    for state in closing.key_results:
        entry = named.get(str(state.key_result.reference))
        at, said = (None, None) if entry is None else entry
        if said is None and state.key_result.definition.grade is None and not all_scores:
            ungraded.append(str(state.key_result.reference))
            continue
        try:
            decisions.append(_decision(state, said, all_scores=all_scores))
        except OkrError as error:
            refusals.append(Refusal(at, error.message, error.remedy, exit_status=error.exit_status))
    if ungraded:
        refusals.append(_without_grade(closing, ungraded))
    if refusals:
        raise RefusedError(
            sorted(refusals, key=lambda each: len(verdicts) if each.entry is None else each.entry)
        )
    return (*decisions, *(_of_objective(each, named) for each in found))


def grade_of(typed: str) -> float:
    """A grade, from 0 to 1, typed as `0.7`, `0,7` or `70%`.

    Raises:
        UsageError: it is something else.
    """
    from okr.operations.checkin.entries import share_of

    number = share_of(typed)
    if number is None:
        raise UsageError(f"The grade {quoted(typed)} is not from 0 to 1.", "Write 0.7 or 70%.")
    return float(number)


def next_of(typed: str) -> Next:
    """What becomes of something: `keep`, `carry` or `drop`, or the first letters of one.

    Raises:
        UsageError: it is something else.
    """
    text = typed.strip().casefold()
    meant = [each for each in Next if text and each.value.startswith(text)]
    if meant:
        return meant[0]
    near = nearest(text, [each.value for each in Next], limit=1)
    raise UsageError(
        f"{quoted(typed)} says nothing of what comes next.",
        f"Did you mean {near[0]}? It is keep, carry or drop." if near else "Write keep, carry or drop.",
    )


def suggested(state: KeyResultState) -> Next:
    """What mostly becomes of such a key result: reached ones are left behind, bounds are kept, the others go on."""
    if state.key_result.definition.has_bounds:
        return Next.KEEP
    return Next.DROP if final_score(state) >= 1.0 else Next.CARRY


def final_score(state: KeyResultState) -> float:
    """A key result's score as people see it, with two decimals: what its grade is unless somebody says otherwise."""
    return float(format_score(state.assessment.score))


def is_score(grade: float, score: float) -> bool:
    """Whether a grade is the score, to two decimals, whichever way whoever copied half a hundredth has rounded it."""
    return format_score(grade) == format_score(score) or abs(grade - score) <= _HALF


def named_few(references: Sequence[str]) -> str:
    """Some references in a sentence; of many, the first and how many more there are."""
    if len(references) <= MOST_NAMED:
        return ", ".join(references)
    return f"{', '.join(references[: MOST_NAMED - 1])} and {len(references) - MOST_NAMED + 1} more"


def _refuse_twice(subject: KeyResult | Objective, named: Mapping[str, object]) -> None:
    if str(subject.reference) in named:
        raise UsageError(f"{subject.reference} was named before.", "Say all of it in one row.")


def _refuse_grade(objective: Objective, verdict: Verdict) -> None:
    if verdict.grade is not None or verdict.reason:
        raise UsageError(
            f"{objective.reference} is an objective: its score is that of its key results.",
            "Grade them instead.",
        )


def _decision(state: KeyResultState, said: Verdict | None, *, all_scores: bool) -> Decision:
    """What a key result gets.

    Raises:
        OkrError: its grade is not the score, and nothing says why; a UsageError where somebody gave it just now.
    """
    plan, score = state.key_result.definition, final_score(state)
    grade, why = (None, None) if said is None else (said.grade, said.reason)
    there = None if plan.grade is None else float(plan.grade)
    if grade is None and there is not None:
        explained = is_score(there, score) or bool(plan.grade_reason or why)
        grade = there if explained or not all_scores else None
    if grade is None:
        grade = score
    # The plan's reason is one for the plan's grade.
    reason = why or (plan.grade_reason if grade == there and why is None else None)
    if reason is None and not is_score(grade, score):
        kind = OkrError if said is None or said.grade is None else UsageError
        raise kind(
            f"{state.key_result.reference} has the grade {format_score(grade)} and the score "
            f"{format_score(score)}, and nothing says why.",
            "Give a reason, or the score as the grade.",
        )
    return Decision(
        state.key_result, grade, reason, *_words(said, plan.learned, plan.next), state.assessment.score
    )


def _words(
    said: Verdict | None, learned: str | None, following: Next | None
) -> tuple[str | None, Next | None]:
    """What was learned, and what comes next: as somebody says, else as the plan does."""
    if said is not None and said.learned is not None:
        learned = said.learned or None
    if said is not None and said.next is not None:
        following = said.next or None
    return learned, following


def _of_objective(objective: Objective, named: Mapping[str, tuple[int, Verdict]]) -> Decision:
    _, said = named[str(objective.reference)]
    return Decision(
        objective, None, None, *_words(said, objective.definition.learned, objective.definition.next)
    )


def _without_grade(closing: Closing, references: Sequence[str]) -> Refusal:
    """One refusal for all key results that nobody grades."""
    count, cycle = len(references), closing.frame.cycle.name
    what = "1 key result has" if count == 1 else f"{count} key results have"
    short = [each.partition("/")[2] for each in references]
    return Refusal(
        None,
        f"{what} no grade: {named_few(short)}.",
        f"At a terminal, `okr cycle close {cycle}` asks for them; `--from FILE` reads them; `--all-scores` takes "
        "the scores.",
    )
