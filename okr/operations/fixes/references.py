"""Fixes for names of objectives, key results, people, teams and KPIs that nothing bears, where one was meant plainly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okr.cycles import canonical_name
from okr.documents import LocatedList
from okr.edit_text import BLANK, Edit
from okr.operations.fixes.registry import Fix, mends, obvious
from okr.yaml_writing import scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.operations.fixes.registry import Spot

_SEPARATORS = re.compile(r"\s*[/\\>:→]+\s*")
_OF_PEOPLE = frozenset({"owner", "lead"})
_OF_TEAMS = frozenset({"parent", "team"})


@mends("malformed-reference", "unknown-support", "unknown-dependency")
def correct_reference(spot: Spot) -> Iterator[Fix]:
    """Corrects a reference. Safe where only one thing's reference is like it, or where only its cycle is missing."""
    if not isinstance(spot.value, str):
        return
    said = _SEPARATORS.sub("/", spot.value.strip()).strip("/")
    own = spot.document.path.split("/")[1]
    meant = _reference_meant(said, own, spot)
    if meant is not None and meant != spot.value:
        yield spot.fix(
            f"Write {meant}", [spot.replaced(spot.place, _written(meant, spot.source(spot.place)))], safe=True
        )


def _reference_meant(said: str, own: str, spot: Spot) -> str | None:
    workspace = spot.workspace
    cycle = canonical_name(own)
    first = canonical_name(said.partition("/")[0])
    things: list[str] = []
    for plan in workspace.all_plans:
        for objective in plan.objectives:
            things += [str(objective.reference), *(str(each.reference) for each in objective.key_results)]
    ending = [each for each in things if each == said or each.endswith(f"/{said}")]
    if first in workspace.cycles:
        within = [each for each in things if each.startswith(f"{first}/")]
        return said if said in within else _obvious_path(said, within)
    mine = [each.partition("/")[2] for each in things if each.startswith(f"{cycle}/")]
    if len(ending) == 1 or said in mine:
        return said if said in mine else ending[0].removeprefix(f"{cycle}/")
    if ending:
        return None
    return _obvious_path(said, mine) or _obvious_elsewhere(said, things)


def _obvious_elsewhere(said: str, things: list[str]) -> str | None:
    """The same among the references of all cycles, whose cycle is then written."""
    meant = _obvious_path(said, (each.partition("/")[2] for each in things))
    bearing = [each for each in things if meant is not None and each.partition("/")[2] == meant]
    return bearing[0] if len(bearing) == 1 else None


def _obvious_path(said: str, candidates: Iterable[str]) -> str | None:
    """The one candidate of as many parts that differs in one part only, and there plainly."""
    parts = said.split("/")
    found = set()
    for candidate in candidates:
        others = candidate.split("/")
        if len(others) == len(parts):
            wrong = [(mine, other) for mine, other in zip(parts, others, strict=True) if mine != other]
            if all(obvious(mine, [other]) for mine, other in wrong):
                found.add(candidate)
    return found.pop() if len(found) == 1 else None


@mends("unknown-person")
def correct_person(spot: Spot) -> Iterator[Fix]:
    """Corrects a person's id wherever the file has it. Safe where only one person's id or name is like it."""
    people = spot.workspace.org.people
    known = {person.id: person.id for person in people} | {
        person.name: person.id for person in people if person.name
    }
    if spot.value not in {team.definition.id for team in spot.workspace.teams}:
        yield from _correct_everywhere(spot, _OF_PEOPLE, known)


@mends("unknown-team")
def correct_team(spot: Spot) -> Iterator[Fix]:
    """Corrects a team's id. Safe where only one team's id or name is like it."""
    teams = spot.workspace.org.teams
    known = {team.id: team.id for team in teams} | {team.name: team.id for team in teams if team.name}
    yield from _correct_everywhere(spot, _OF_TEAMS, known)


@mends("unknown-kpi")
def correct_kpi(spot: Spot) -> Iterator[Fix]:
    """Corrects a KPI's id. Safe where only one KPI's id is like it."""
    known = {kpi.definition.id: kpi.definition.id for kpi in spot.workspace.kpis}
    yield from _correct_everywhere(spot, frozenset({"kpi"}), known)


def _correct_everywhere(spot: Spot, keys: frozenset[str], known: dict[str, str]) -> Iterator[Fix]:
    """Corrects a name in each place of the file that has it under one of some keys: one finding stands for all."""
    if not isinstance(spot.value, str):
        return
    meant = obvious(spot.value, known.values()) or known.get(obvious(spot.value, known) or "")
    if meant is not None and meant != spot.value:
        edits = [
            spot.replaced(place, _written(meant, spot.source(place)))
            for steps, _, place in spot.parts
            if steps[-1] in keys and spot.at(steps) == spot.value
        ]
        yield spot.fix(f"Write {meant}", edits, safe=True)


@mends("repeated-reference")
def remove_repeated(spot: Spot) -> Iterator[Fix]:
    """Removes a reference that stands twice in a list. Not safe: another one may have been meant."""
    items = spot.at(spot.steps[:-1]) if spot.steps else None
    if not isinstance(items, LocatedList):
        return
    start, end = spot.span(spot.place)
    index = items.items_at.index(spot.place)
    if items.flow:
        before = spot.span(items.items_at[index - 1])[1]
        gap = spot.text[before:start]
        edits = [Edit(before, end, "")] if not gap.strip(BLANK + ",") else []
    else:
        line = spot.place.line
        alone = spot.document.line(line)
        bare = not (
            alone[: spot.place.column - 1].strip(BLANK + "-")
            or alone[spot.place.column - 1 :].strip(BLANK)[end - start :]
        )
        after = spot.starts[line] if line < len(spot.starts) else len(spot.text)
        edits = [Edit(spot.starts[line - 1], after, "")] if bare else []
    if edits:
        yield spot.fix(f"Remove the second {spot.value}", edits, safe=False)


def _written(text: str, source: str) -> str:
    """A name as YAML, in the quotes that the old one has."""
    quote = source[:1] if source[:1] in {"'", '"'} else ""
    return f"{quote}{text}{quote}" if quote else scalar(text, flow=True)
