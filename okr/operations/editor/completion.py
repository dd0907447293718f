"""What one may type at a place of a file: keys and their values, references, people, teams, KPIs, rules.

What the workspace offers comes from all files as they are in the editor; the look of a list is the editor's.
"""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from okr import model
from okr.dataclass import dataclass
from okr.operations.editor.things import owner_and_cycle
from okr.operations.formatting import choices_of, shape_of
from okr.operations.schema_texts import TEXTS
from okr.rules.catalogue import catalogue
from okr.rules.severities import can_be_silenced
from okr.unknown_keys import fields_of, models_in
from okr.workspace import KPI_LOG
from okr.yaml_writing import scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from okr.contents import Objective, Plan
    from okr.operations.editor.cursor import Cursor
    from okr.workspace import Workspace

MOST_OFFERED = 400
"""Choices in one answer; the editor asks again once more has been typed."""


class Offer(StrEnum):
    """What kind of thing is offered."""

    KEY = "key"
    VALUE = "value"
    REFERENCE = "reference"
    PERSON = "person"
    TEAM = "team"
    KPI = "KPI"
    RULE = "rule"


NAMED = frozenset({Offer.REFERENCE, Offer.PERSON, Offer.TEAM, Offer.KPI})
"""What has a title or a name beside its id, by which people look for it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that one may type.

    Attributes:
        label: what it is called.
        offer: what kind of thing it is.
        text: what is written for it.
        detail: what it is, in a few words from files or from us.
        told: more about it, in sentences of ours; None where there is nothing to tell.
    """

    label: str
    offer: Offer
    text: str
    detail: str = ""
    told: str | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What is offered, the likeliest first, and whether that is all there is."""

    found: tuple[Choice, ...]
    whole: bool = True


def choices_at(workspace: Workspace, path: str, cursor: Cursor) -> Choices:
    """What one may type where the cursor is.

    Args:
        workspace: all files.
        path: the file in which one types.
        cursor: where in its data.
    """
    found = _keys(path, cursor) if cursor.key is None else _values(workspace, path, cursor, cursor.key)
    fitting = (each for each in found if _fits(each, cursor.typed))
    offered = tuple(islice(fitting, MOST_OFFERED + 1))
    return Choices(offered[:MOST_OFFERED], whole=len(offered) <= MOST_OFFERED)


def _fits(choice: Choice, typed: str) -> bool:
    """Whether a choice holds what has been typed, in order, or its title has a word that begins so.

    Editors sort by how well it does.
    """
    sought = typed.casefold()
    letters = iter(choice.label.casefold())
    if all(letter in letters for letter in sought):
        return True
    words = choice.detail.casefold().split() if choice.offer in NAMED else []
    return any(word.startswith(sought) for word in words)


# Keys


_OF_OTHER_LOGS = {True: ("kr",), False: ("kpi",)}
"""What no line of the log of KPIs says, and no line of an owner's."""


def _keys(path: str, cursor: Cursor) -> Iterator[Choice]:
    if issubclass(cursor.model, model.RuleSeverity):
        yield from _rules(cursor)
        return
    texts = TEXTS[cursor.model.__name__]
    fields = fields_of(cursor.model)
    others = _OF_OTHER_LOGS[path == KPI_LOG] if cursor.model is model.LogRecord else ()
    for key in shape_of(cursor.model).keys:
        if key not in cursor.holder and key not in others:
            block = next(models_in(fields[key].annotation), None) is not None and not cursor.holder.flow
            text = key if cursor.colon else f"{key}:" if block else f"{key}: "
            yield Choice(key, Offer.KEY, text, "required" if fields[key].is_required() else "", texts[key])


def _rules(cursor: Cursor) -> Iterator[Choice]:
    for each in catalogue():
        if can_be_silenced(each) and each.code not in cursor.holder and each.name not in cursor.holder:
            text = each.code if cursor.colon else f"{each.code}: "
            yield Choice(f"{each.code} {each.name}", Offer.RULE, text, each.severity.value, each.what)


# Values


def _values(workspace: Workspace, path: str, cursor: Cursor, key: str) -> Iterator[Choice]:
    if issubclass(cursor.model, model.RuleSeverity):
        yield from (Choice(each.value, Offer.VALUE, each.value) for each in model.RuleSeverity)
        return
    finder = _FINDERS.get((cursor.model, key))
    if finder is not None:
        yield from finder(workspace, path, cursor)
        return
    for word in _words(cursor.model, key):
        yield Choice(word, Offer.VALUE, word)


def _words(kind: type[model.FileModel], key: str) -> Iterator[str]:
    """The few values that a key has, if it has few."""
    yield from choices_of(kind, (key,))
    field = fields_of(kind).get(key)
    if field is not None and field.annotation is bool:
        yield from ("true", "false")


def _people(workspace: Workspace, path: str, cursor: Cursor) -> Iterator[Choice]:
    """Everybody, those first whom the plan, the log or the team is of."""
    whose = owner_and_cycle(workspace, path)
    own = cursor.holder.get("id") if cursor.model is model.Team else whose[0] if whose else None
    people = [each.definition for each in workspace.people]
    for person in sorted(people, key=lambda each: own not in {each.id, each.team}):
        yield Choice(person.id, Offer.PERSON, _written(person.id, cursor), person.name or "")


def _teams(workspace: Workspace, _: str, cursor: Cursor) -> Iterator[Choice]:
    for each in workspace.teams:
        team = each.definition
        if team.id != cursor.holder.get("id"):
            yield Choice(team.id, Offer.TEAM, _written(team.id, cursor), team.name or "")


def _anybody(workspace: Workspace, path: str, cursor: Cursor) -> Iterator[Choice]:
    yield from _people(workspace, path, cursor)
    yield from _teams(workspace, path, cursor)


def _kpis(workspace: Workspace, _: str, cursor: Cursor) -> Iterator[Choice]:
    for each in workspace.kpis:
        kpi = each.definition
        yield Choice(kpi.id, Offer.KPI, _written(kpi.id, cursor), kpi.name)


def _references(workspace: Workspace, path: str, cursor: Cursor) -> Iterator[Choice]:
    """Objectives and key results: those of the longer cycles that hold the plan's, then its own, then the others.

    In each, those of the teams above come first, the nearest before all, and the plan's own last.
    """
    whose = owner_and_cycle(workspace, path)
    if whose is None:
        return
    owner, own = whose
    above = {team: place for place, team in enumerate(_above(workspace, owner))}
    for cycle in _nearest_cycles(workspace, own):
        plans = sorted(workspace.plans(cycle), key=partial(_far, owner=owner, own=own, above=above))
        for plan in plans:
            prefix = f"{plan.owner}/" if cycle == own else f"{cycle}/{plan.owner}/"
            for objective in plan.objectives:
                if not (cycle == own and plan.owner == owner and _is_within(objective, cursor)):
                    yield from _referred(objective, prefix, cursor)


def _above(workspace: Workspace, owner: str) -> Iterator[str]:
    """The teams above an owner, from the nearest on; teams may, by mistake, be above each other."""
    seen = {owner}
    above = workspace.above.get(owner)
    while above is not None and above not in seen:
        yield above
        seen.add(above)
        above = workspace.above.get(above)


def _far(plan: Plan, *, owner: str, own: str, above: Mapping[str, int]) -> tuple[bool, int]:
    return plan.owner == owner and plan.cycle == own, above.get(plan.owner, len(above))


def _nearest_cycles(workspace: Workspace, own: str) -> list[str]:
    mine = workspace.cycles.get(own)
    span = mine.span if mine else None
    if span is None:
        return list(workspace.cycles)

    def distance(name: str) -> tuple[int, int]:
        other = workspace.cycles[name].span
        if other is None:
            return 3, 0
        if name == own:
            return 1, 0
        return (0, other.days) if other.holds(span) else (2, abs((other.starts - span.starts).days))

    return sorted(workspace.cycles, key=distance)


def _is_within(objective: Objective, cursor: Cursor) -> bool:
    """Whether the cursor stands in this very objective: nothing supports itself."""
    return cursor.model is model.Objective and cursor.holder.get("id") == objective.definition.id


def _referred(objective: Objective, prefix: str, cursor: Cursor) -> Iterator[Choice]:
    name = f"{prefix}{objective.definition.id}"
    yield Choice(name, Offer.REFERENCE, _written(name, cursor), objective.title)
    for key_result in objective.key_results:
        inner = f"{name}/{key_result.definition.id}"
        yield Choice(inner, Offer.REFERENCE, _written(inner, cursor), key_result.title)


def _own_key_results(workspace: Workspace, path: str, cursor: Cursor) -> Iterator[Choice]:
    """What a log's `kr` may name; key results that draw on a KPI are checked in by the KPI."""
    plan = _plan_of(workspace, path)
    for objective in plan.objectives if plan else ():
        for each in objective.key_results:
            name = each.reference.within_log
            yield Choice(name, Offer.REFERENCE, _written(name, cursor), each.title)


def _milestones(workspace: Workspace, path: str, cursor: Cursor) -> Iterator[Choice]:
    """What a log's `value` may be where the line is about milestones."""
    plan, named = _plan_of(workspace, path), cursor.holder.get("kr")
    for objective in plan.objectives if plan else ():
        for each in objective.key_results:
            if each.reference.within_log == named:
                for name, score in (each.definition.milestones or {}).items():
                    yield Choice(name, Offer.VALUE, _written(name, cursor), f"score {score:g}")


def _dates(workspace: Workspace, path: str, cursor: Cursor) -> Iterator[Choice]:
    """What a log's `retracts` may name: the check-ins of the line's key result, or the KPI's measurements, the latest first."""
    plan, named, kpi = _plan_of(workspace, path), cursor.holder.get("kr"), cursor.holder.get("kpi")
    found = list(workspace.measurements(kpi)) if isinstance(kpi, str) and path == KPI_LOG else []
    for objective in plan.objectives if plan else ():
        for each in objective.key_results:
            found += workspace.checkins(each) if each.reference.within_log == named else ()
    for checkin in reversed(found):
        said = checkin.record.definition
        if checkin.counts:
            value = "" if said.value is None else str(said.value)
            name = str(said.date)
            yield Choice(name, Offer.VALUE, _written(name, cursor) if "T" in name else name, value)


def _plan_of(workspace: Workspace, path: str) -> Plan | None:
    whose = owner_and_cycle(workspace, path)
    return None if whose is None else workspace.plan(whose[1], whose[0])


def _days(workspace: Workspace, *_: Any) -> Iterator[Choice]:  # noqa: ANN401 # nor the file
    today = workspace.as_of.isoformat()
    yield Choice(today, Offer.VALUE, today, "today")


def _baselines(*_: Any) -> Iterator[Choice]:  # noqa: ANN401 # it needs nothing
    yield Choice("unknown", Offer.VALUE, "unknown", "not measured yet", "The first check-in is the baseline.")


def _units(workspace: Workspace, path: str, cursor: Cursor) -> Iterator[Choice]:
    """Units that the KPIs and the plan's other key results have, so that a thing is called by one name."""
    found = [each.definition.unit for each in workspace.kpis]
    plan = _plan_of(workspace, path)
    found += [each.definition.unit for one in (plan.objectives if plan else ()) for each in one.key_results]
    yield from (Choice(unit, Offer.VALUE, _written(unit, cursor)) for unit in dict.fromkeys(found) if unit)


def _tags(workspace: Workspace, path: str, cursor: Cursor) -> Iterator[Choice]:
    """Tags that objectives and key results of the cycle have, so that a theme is called by one name."""
    whose = owner_and_cycle(workspace, path)
    found: dict[str, None] = {}
    for plan in workspace.plans(whose[1]) if whose else ():
        for objective in plan.objectives:
            found |= dict.fromkeys(objective.definition.tags)
            for each in objective.key_results:
                found |= dict.fromkeys(each.definition.tags)
    yield from (Choice(tag, Offer.VALUE, _written(tag, cursor)) for tag in found)


def _written(text: str, cursor: Cursor) -> str:
    """A text as the file writes it: with quotes where it needs some and none stand there yet."""
    return text if cursor.quoted else scalar(text, flow=cursor.holder.flow)


_FINDERS: dict[tuple[type[model.FileModel], str], Callable[[Workspace, str, Cursor], Iterator[Choice]]] = {
    (model.Objective, "supports"): _references,
    (model.Objective, "depends_on"): _references,
    (model.Objective, "owner"): _people,
    (model.Objective, "tags"): _tags,
    (model.KeyResult, "depends_on"): _references,
    (model.KeyResult, "owner"): _people,
    (model.KeyResult, "kpi"): _kpis,
    (model.KeyResult, "from"): _baselines,
    (model.KeyResult, "unit"): _units,
    (model.KeyResult, "tags"): _tags,
    (model.Initiative, "owner"): _people,
    (model.Team, "parent"): _teams,
    (model.Team, "lead"): _people,
    (model.Person, "team"): _teams,
    (model.Kpi, "owner"): _anybody,
    (model.LogRecord, "kr"): _own_key_results,
    (model.LogRecord, "kpi"): _kpis,
    (model.LogRecord, "by"): _people,
    (model.LogRecord, "value"): _milestones,
    (model.LogRecord, "date"): _days,
    (model.LogRecord, "retracts"): _dates,
    (model.CycleFacts, "owners"): _anybody,
}
"""What looks for the values of a key, where they are things of the workspace."""
