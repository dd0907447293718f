"""What became of plans once they were the agreement: targets, baselines and weights moved, and at which score.

They are from the start of their cycle on, which `okr plan start` may put before its first day.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.diagnostics import Severity
from okr.model import CycleState, RelativeTarget
from okr.operations.assessing import metric_of
from okr.operations.audit.words import who
from okr.operations.chronicle.scope import Scope
from okr.operations.chronicle.subject_lines import by_subject, score_on
from okr.operations.record.closings import last_closings
from okr.operations.record.plan_history import states_at
from okr.plan_changes import (
    CycleChanged,
    KeyResultDropped,
    ObjectiveDropped,
    PlanChange,
    Retargeted,
    Reweighted,
)
from okr.quantities import format_amount, format_number, format_score
from okr.scoring import Reading, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okr.cycles import Cycle
    from okr.git.history import CommitFacts
    from okr.model import KeyResult as Definition
    from okr.operations.record.log_names import LogKey
    from okr.operations.record.plan_history import PlanEvent, PlanStory
    from okr.operations.record.recorded import LogLines, Past
    from okr.quantities import Language
    from okr.references import Reference
    from okr.workspace import Workspace

_NAMES = {
    "from": "baseline",
    "to": "target",
    "commit": "commitment",
    "stretch": "stretch target",
    "at_least": "lower bound",
    "at_most": "upper bound",
    "milestones": "milestone ladder",
    "kpi": "KPI",
}


@dataclass(frozen=True, slots=True)
class PlanFinding:
    """A change of a plan that an audit reports; `kind` is the name of one of its kinds."""

    kind: str
    severity: Severity
    message: str
    path: str
    ref: str
    commit: CommitFacts


class PlanAudit:
    """The plans' past, walked from the oldest commit to the newest.

    Attributes:
        closures: for each cycle that was ever closed, the commits that closed it and opened it again, in their order;
            None for a closing that history does not tell of, and where it has not been opened again.
    """

    def __init__(
        self,
        workspace: Workspace,
        past: Past,
        lines: Mapping[LogKey, LogLines],
        story: PlanStory | None,
        since: str | None,
    ) -> None:
        self._workspace = workspace
        self._lines = lines
        self._events = tuple(reversed(story.events)) if story else ()
        self._states = states_at(past.repo, past.names, since) if since else {}
        closed = {cycle for cycle, state in self._states.items() if state is CycleState.CLOSED}
        self._closed_before = last_closings(past.repo, past.names, since, closed) if since else {}
        self.closures: dict[str, list[tuple[CommitFacts | None, CommitFacts | None]]] = {}
        self._agreed: set[str] = set()
        self._reopened: list[PlanFinding] = []
        self._found = list(self._walk())

    def findings(self) -> Iterator[PlanFinding]:
        """What was changed after the cycle began, or was closed; and which cycles were opened again."""
        yield from self._found
        yield from self._reopened

    def _walk(self) -> Iterator[PlanFinding]:
        states = dict(self._states)
        for cycle, state in states.items():
            if state is CycleState.CLOSED:
                self.closures[cycle] = [(self._closed_before.get(cycle), None)]
        by_commit: defaultdict[str, list[PlanEvent]] = defaultdict(list)
        for event in self._events:
            by_commit[event.commit.id].append(event)
        for events in by_commit.values():
            moved = self._state_changes(events, states)
            for event in events:
                if event.key.cycle not in moved:
                    yield from self._judge(event, states.get(event.key.cycle))

    def _state_changes(self, events: Sequence[PlanEvent], states: dict[str, CycleState]) -> set[str]:
        moved: set[str] = set()
        for event in events:
            for change in event.changes:
                if isinstance(change, CycleChanged) and change.key == "state":
                    self._moved(change, event, states)
                    moved.add(change.cycle)
        return moved

    def _moved(self, change: CycleChanged, event: PlanEvent, states: dict[str, CycleState]) -> None:
        commit = event.commit
        before = states.get(change.cycle, CycleState.ACTIVE)
        now = CycleState(change.new) if change.new else CycleState.ACTIVE
        states[change.cycle] = now
        if before is CycleState.PLANNING and now is CycleState.ACTIVE:
            self._agreed.add(change.cycle)
        elif now is CycleState.PLANNING:
            self._agreed.discard(change.cycle)
        spans = self.closures.setdefault(change.cycle, []) if CycleState.CLOSED in {before, now} else []
        if now is CycleState.CLOSED:
            spans.append((commit, None))
        elif before is CycleState.CLOSED and spans:
            closed = spans[-1][0]
            spans[-1] = (closed, commit)
            after = "" if closed is None else f", after {who(closed)} had closed it on {closed.day}"
            message = f"{change.cycle} was opened again by {who(commit)} on {commit.day}{after}; its grades counted no more."
            self._reopened.append(
                PlanFinding("cycle-reopened", Severity.WARNING, message, event.path, change.cycle, commit)
            )

    def _judge(self, event: PlanEvent, state: CycleState | None) -> Iterator[PlanFinding]:
        loaded = self._workspace.cycles.get(event.key.cycle)
        span = loaded.span if loaded else None
        for change in event.changes:
            if not isinstance(change, PlanChange):
                continue
            if state is CycleState.CLOSED:
                yield self._closed(event, change)
            elif state is not CycleState.PLANNING and span and self._has_begun(event, span):
                yield from self._after_the_start(event, change, span)

    def _has_begun(self, event: PlanEvent, span: Cycle) -> bool:
        """Whether a cycle had begun, or its plans had been made the agreement before that."""
        return span.name in self._agreed or event.commit.day > span.starts.isoformat()

    def _closed(self, event: PlanEvent, change: PlanChange) -> PlanFinding:
        severity = Severity.ERROR if change.moves_score else Severity.WARNING
        message = (
            f"{change.reference} was changed by {who(event.commit)} on {event.commit.day}, when"
            f" {event.key.cycle} was closed: {_kind_words(change)}."
        )
        return PlanFinding(
            "closed-cycle-changed", severity, message, event.path, str(change.reference), event.commit
        )

    def _after_the_start(self, event: PlanEvent, change: PlanChange, span: Cycle) -> Iterator[PlanFinding]:
        commit, ref = event.commit, str(change.reference)
        by = f"by {who(commit)} on {commit.day}"
        if isinstance(change, Retargeted) and change.moves_score:
            kind = "baseline-moved" if change.key == "from" else "target-moved"
            before, after = self._scores(change, commit, span)
            scores, severity = "", Severity.WARNING
            if before is not None and after is not None:
                name = _NAMES[change.key]
                scores = f", when the score was {format_score(before)}; it is {format_score(after)} with the new {name}"
                severity = Severity.WARNING if after > before else Severity.INFO
            message = f"The {_NAMES[change.key]} of {ref} was {self._move(change)} {by}{scores}."
            yield PlanFinding(kind, severity, message, event.path, ref, commit)
        elif isinstance(change, Reweighted):
            old, new = (format_number(each, self._language) for each in (change.old, change.new))
            verb = "lowered" if change.new < change.old else "raised"
            message = f"The weight of {ref} was {verb} from {old} to {new} {by}, after {self._since(change)}."
            yield PlanFinding("weight-moved", Severity.WARNING, message, event.path, ref, commit)
        elif isinstance(change, (KeyResultDropped, ObjectiveDropped)):
            what = "key result" if isinstance(change, KeyResultDropped) else "objective"
            message = f"The {what} {ref} was dropped {by}, after {self._since(change)}."
            yield PlanFinding("dropped", Severity.WARNING, message, event.path, ref, commit)

    def _since(self, change: PlanChange) -> str:
        """From when on a change of a plan counts."""
        started = change.reference.cycle in self._agreed
        return "the cycle was started" if started else "the cycle had begun"

    @property
    def _language(self) -> Language:
        return self._workspace.settings.language

    def _move(self, change: Retargeted) -> str:
        old, new = change.old, change.new
        if isinstance(old, (int, float)) and isinstance(new, (int, float)):
            first = format_amount(old, None, self._language)
            verb = "lowered" if new < old else "raised"
            return f"{verb} from {first} to {format_amount(new, change.unit, self._language)}"
        return f"changed from {self._said(old)} to {self._said(new)}"

    def _said(self, value: object) -> str:
        if isinstance(value, (int, float)):
            return format_number(value, self._language)
        if isinstance(value, dict):
            return ", ".join(f"{name} {format_number(each, self._language)}" for name, each in value.items())
        return str(value) if isinstance(value, (str, RelativeTarget)) else "nothing"

    def _scores(
        self, change: Retargeted, commit: CommitFacts, span: Cycle
    ) -> tuple[float | None, float | None]:
        """The key result's score on the day of a commit, as it was planned before and after."""
        readings = self._readings(change.reference, commit.day)
        if not readings:
            return None, None
        day = date.fromisoformat(commit.day)

        def score(definition: Definition) -> float:
            metric = metric_of(self._workspace, definition, span)
            return score_on(metric, readings, Span(span.starts, span.ends), day)

        return score(change.old_definition), score(change.new_definition)

    def _readings(self, reference: Reference, until: str) -> list[Reading]:
        present = self._workspace.find(reference)
        wanted = str(present.reference if present else reference)
        key = next((key for key in self._lines if key == (reference.cycle, reference.owner)), None)
        if key is None:
            return []
        scope = Scope(subjects=frozenset({wanted}))
        return [
            Reading(date.fromisoformat(day), value)
            for subject in by_subject(self._workspace, [(key, self._lines[key])], scope)
            for at, value in zip(subject.moves.counting, subject.moves.values, strict=True)
            if (day := subject.orders[at][0]) <= until
        ]


def _kind_words(change: PlanChange) -> str:
    if isinstance(change, Retargeted):
        return f"its {_NAMES.get(change.key, change.key)}"
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(change).__name__)
    return words.strip()
