"""What there is to know about what stands at a place of a file: a goal's numbers, an owner, a KPI, a key, a rule.

Facts only; their words are the views' business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from okr.contents import KeyResult, Objective
from okr.dataclass import dataclass
from okr.documents import LocatedMapping
from okr.errors import OkrError
from okr.located import node_at
from okr.operations.alignment import supported_by, supporters_of
from okr.operations.assessing import assess_key_result, assess_one, assess_owner, readings
from okr.operations.editor.cursor import model_at, steps_at
from okr.operations.editor.things import Kind, found_thing, mention_at
from okr.operations.formatting import choices_of
from okr.operations.overview import frame_of
from okr.operations.schema_texts import TEXTS
from okr.operations.selecting import objective_of
from okr.rules.catalogue import Rule, rules_meant

if TYPE_CHECKING:
    from okr import model
    from okr.contents import CheckIn, Owner
    from okr.diagnostics import Place
    from okr.documents import Document
    from okr.edits import Steps
    from okr.operations.assessing import KeyResultState, ObjectiveState, OwnerState
    from okr.operations.editor.things import Mention
    from okr.operations.overview import Frame
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ObjectiveFacts:
    """An objective with its numbers; without them where its cycle has no days.

    Attributes:
        last: the latest check-in up to today that counts, one with a note before any other.
        about: the id of the key result that it is about.
        accountable: the name of the person accountable; None where nobody is, or org.yaml does not know them.
        supports: the titles of what it supports, or what is written where there is no such thing.
        supporters: how many objectives support it or one of its key results.
    """

    objective: Objective
    frame: Frame | None
    state: ObjectiveState | None
    last: CheckIn | None
    about: str | None
    accountable: str | None = None
    supports: tuple[str, ...] = ()
    supporters: int = 0


@dataclass(frozen=True, slots=True)
class KeyResultFacts:
    """A key result with its numbers; without them where its cycle has no days.

    Attributes:
        values: the numbers checked in up to today, in order; the scores of milestones.
        last: the latest check-in up to today that counts.
        noted: the latest one with a note.
        accountable: the name of the person accountable; None where nobody is, or org.yaml does not know them.
    """

    key_result: KeyResult
    frame: Frame | None
    state: KeyResultState | None
    values: tuple[float, ...]
    last: CheckIn | None
    noted: CheckIn | None
    accountable: str | None = None


@dataclass(frozen=True, slots=True)
class OwnerFacts:
    """A team or a person, and how their goals of the current cycle stand, if they have any.

    Attributes:
        lead: who leads the team.
        above: the team that a team belongs to, or a person.
    """

    owner: Owner
    lead: str | None
    above: str | None
    frame: Frame
    state: OwnerState | None


@dataclass(frozen=True, slots=True)
class KpiFacts:
    """A KPI and its measurements up to today; the last of them that counts."""

    kpi: model.Kpi
    frame: Frame
    values: tuple[float, ...]
    last: CheckIn | None


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a key of a file means, and the few values that it may have."""

    key: str
    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A rule that a file names."""

    rule: Rule


Facts: TypeAlias = ObjectiveFacts | KeyResultFacts | OwnerFacts | KpiFacts | KeyFacts | RuleFacts


@dataclass(frozen=True, slots=True)
class Hover:
    """What is known, and the place in the file that it is about."""

    facts: Facts
    place: Place


def hover_at(workspace: Workspace, document: Document, line: int, column: int) -> Hover | None:
    """What is known about what stands at a place; None where nothing is."""
    mention = mention_at(workspace, document, line, column)
    if mention is not None:
        facts = _facts(workspace, mention)
        return None if facts is None else Hover(facts, mention.place)
    found = steps_at(document.root, line, column)
    if found is None:
        return None
    steps, is_key = found
    return _of_key(document, steps, is_key=is_key)


def _facts(workspace: Workspace, mention: Mention) -> Facts | None:
    thing = mention.thing
    found = found_thing(workspace, thing)
    if isinstance(found, Objective):
        return _of_objective(workspace, found)
    if isinstance(found, KeyResult):
        return _of_key_result(workspace, found)
    if thing.kind is Kind.OWNER:
        return _of_owner(workspace, thing.name)
    return _of_kpi(workspace, thing.name) if thing.kind is Kind.KPI else None


def _frame(workspace: Workspace, cycle: str) -> Frame | None:
    try:
        return frame_of(workspace, workspace.cycle(cycle))
    except OkrError:  # no day says when the cycle is; a finding tells so
        return None


def _of_objective(workspace: Workspace, objective: Objective) -> ObjectiveFacts:
    frame = _frame(workspace, objective.reference.cycle)
    if frame is None:
        return ObjectiveFacts(objective, None, None, None, None)
    state = assess_one(workspace, objective)
    past = [(each, one.key_result) for one in state.key_results for each in _past(one.checkins, workspace)]

    def rank(said: tuple[CheckIn, KeyResult]) -> tuple[object, ...]:
        definition = said[0].record.definition
        return bool(definition.note), *definition.date.order

    last, about = max(past, key=rank, default=(None, None))
    return ObjectiveFacts(
        objective, frame, state, last, about.definition.id if about else None, _name(workspace, objective.accountable),
        tuple(each if isinstance(each, str) else each.title for each in supported_by(workspace, objective)),
        len({each.reference for each, _ in supporters_of(workspace, objective.reference)}),
    )  # fmt: skip


def _name(workspace: Workspace, person: str | None) -> str | None:
    return workspace.owner_names.get(person) if person is not None else None


def _of_key_result(workspace: Workspace, key_result: KeyResult) -> KeyResultFacts:
    frame = _frame(workspace, key_result.reference.cycle)
    if frame is None:
        return KeyResultFacts(key_result, None, None, (), None, None)
    state = assess_key_result(workspace, objective_of(workspace, key_result), key_result)
    past = _past(state.checkins, workspace)
    ladder = {name: float(score) for name, score in (key_result.definition.milestones or {}).items()}
    said = (each.value for each in readings(tuple(past)))
    values = tuple(
        ladder[value] if isinstance(value, str) else value
        for value in said
        if value is not None and (not isinstance(value, str) or value in ladder)
    )
    noted = next((each for each in reversed(past) if each.record.definition.note), None)
    last, name = past[-1] if past else None, _name(workspace, key_result.accountable)
    return KeyResultFacts(key_result, frame, state, values, last, noted, name)


def _of_owner(workspace: Workspace, name: str) -> OwnerFacts:
    cycle = workspace.current_cycle
    team = next((each.definition for each in workspace.teams if each.definition.id == name), None)
    person = next((each.definition for each in workspace.people if each.definition.id == name), None)
    return OwnerFacts(
        workspace.owner(name),
        team.lead if team else None,
        team.parent if team else person.team if person else None,
        frame_of(workspace, cycle),
        assess_owner(workspace, cycle, name),
    )


def _of_kpi(workspace: Workspace, name: str) -> KpiFacts | None:
    found = workspace.kpi(name)
    if found is None:
        return None
    past = _past(workspace.measurements(found.definition.id), workspace)
    said = (each.record.definition.value for each in past)
    values = tuple(float(value) for value in said if isinstance(value, (int, float)))
    frame = frame_of(workspace, workspace.current_cycle)
    return KpiFacts(found.definition, frame, values, past[-1] if past else None)


def _past(checkins: tuple[CheckIn, ...], workspace: Workspace) -> list[CheckIn]:
    return [each for each in checkins if each.counts and each.record.definition.date.day <= workspace.as_of]


def _of_key(document: Document, steps: Steps, *, is_key: bool) -> Hover | None:
    """What a key means, or what a rule finds that okr.yaml names; nothing for a value, which speaks for itself."""
    key = steps[-1]
    holder = node_at(document.root, steps[:-1])
    if not (is_key and isinstance(key, str) and isinstance(holder, LocatedMapping)):
        return None
    place = holder.keys_at[key]
    kind = model_at(document.path, steps[:-1])
    if kind is not None and key in TEXTS[kind.__name__]:
        return Hover(KeyFacts(key, TEXTS[kind.__name__][key], choices_of(kind, (key,))), place)
    rules = rules_meant(key) if steps[-2:-1] == ("rules",) else ()
    return Hover(RuleFacts(rules[0]), place) if len(rules) == 1 else None
