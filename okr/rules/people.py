"""OKR601 to OKR605, OKR609, OKR612 and OKR615: whether teams and people are who the files take them for.

Without an org.yaml they are silent: then owners are whoever has a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from okr.contents import LoadedCycle
from okr.cycles import canonical_name, looks_standard
from okr.diagnostics import Finding, Place
from okr.model import quoted
from okr.references import is_id
from okr.rules.catalogue import rule
from okr.rules.circles import shown
from okr.rules.lookup import and_more, did_you_mean, org_may_have, repeated_ids
from okr.rules.plan_facts import plans_known
from okr.workspace import CYCLE_FACTS, ORG, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.contents import Located, Source
    from okr.model import Person, Team
    from okr.rules.plan_facts import PlanFacts


@rule(
    "OKR601", "unknown-owner", Workspace,
    why="A plan belongs to somebody who answers for it; under a name that nobody has, its goals are no one's.",
    remedy="Name the file after a team or a person of org.yaml; keep those who left there, as files name them.",
    of_all=True,
)  # fmt: skip
def unknown_owner(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """A plan's file is named after a team or a person of org.yaml, where it lists any."""
    if not workspace.owners:
        return
    plans: dict[str, list[PlanFacts]] = {}
    for plan in plans_known(workspace).all():  # of a list a finding says what it is
        if plan.owner not in workspace.owners and is_id(plan.owner) and not plan.is_list:
            plans.setdefault(plan.owner, []).append(plan)
    for owner, found in plans.items():
        if org_may_have(workspace, owner):
            continue
        more = len(found) - 1
        also = f"; {more} more plan{'s bear' if more > 1 else ' bears'} the name" if more else ""
        add = f"add it to {ORG}: `okr new team` or `okr new person` does it"
        hint = did_you_mean(owner, lambda: workspace.owners, otherwise=add, within=workspace)
        message = f"{ORG} knows no team or person {quoted(owner)}{also}"
        yield Finding(found[0].path, Place(), message, hint)


class _Mention(NamedTuple):
    """A person whom a file names where org.yaml knows none of that name, the first of so many times."""

    name: str
    path: str
    place: Place
    whose: str
    ref: str | None = None
    times: int = 1


@rule(
    "OKR602", "unknown-person", Workspace,
    why="Accountability is one person's: a goal owned by nobody, or by a whole team, is nobody's to follow.",
    remedy="Write the id of a person of org.yaml; keep people who left there, as closed plans name them.",
    of_all=True,
)  # fmt: skip
def unknown_person(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Who is accountable for something is a person of org.yaml; a KPI may be a team's as well."""
    leads = (
        (team.definition.lead, team.source, "lead", f"the team {team.definition.id}")
        for team in (() if workspace.leads_are_known else workspace.teams)
    )
    of_kpis = (
        (kpi.definition.owner, kpi.source, "owner", f"the KPI {kpi.definition.id}") for kpi in workspace.kpis
    )
    yield from _unknown(workspace, [*_named(workspace, leads, "people"), *_in_plans(workspace)], "people")
    yield from _unknown(workspace, _named(workspace, of_kpis, "teams", "people"), "teams", "people")


def _named(
    workspace: Workspace, mentions: Iterable[tuple[str | None, Source, str, str]], *keys: str
) -> list[_Mention]:
    """The unknown names among those that a file gives: its cause is the name, however often it stands there."""
    found: dict[str, _Mention] = {}
    for name, source, key, whose in mentions:
        if name and name in found:
            found[name] = found[name]._replace(times=found[name].times + 1)
        elif name and not org_may_have(workspace, name, *keys):
            found[name] = _Mention(name, source.path, source.place(key), whose)
    return list(found.values())


def _in_plans(workspace: Workspace) -> Iterator[_Mention]:
    for facts in plans_known(workspace).all():
        for each in facts.unknown:
            yield _Mention(each.name, facts.path, each.place, each.whose, each.ref, each.times)


def _unknown(workspace: Workspace, mentions: Iterable[_Mention], *keys: str) -> Iterator[Finding]:
    for each in mentions:
        finding = _unknown_name(workspace, each.name, each.whose, keys)
        if finding is not None:
            message, hint = finding
            yield Finding(each.path, each.place, message + and_more(each.times), hint, each.ref)


def _unknown_name(
    workspace: Workspace, name: str, whose: str, keys: tuple[str, ...]
) -> tuple[str, str] | None:
    team = next((each.definition for each in workspace.teams if _bears(each, name)), None)
    if team is not None:
        example = f"such as {team.lead}, who leads it" if team.lead else "one of its people"
        return (
            f"{quoted(name)} is a team, but the accountable for {whose} is a person",
            f"name a person, {example}",
        )
    if not workspace.org.people:
        return None
    add = f"add them to {ORG}: `okr new person` does it"
    hint = did_you_mean(name, lambda: _owners(workspace, keys), otherwise=add, within=workspace)
    kinds = "team or person" if "teams" in keys else "person"
    return f"{ORG} knows no {kinds} {quoted(name)}, named by {whose}", hint


def _owners(workspace: Workspace, keys: tuple[str, ...]) -> Iterator[str]:
    """The ids of the people, and of the teams where these may be meant as well."""
    return (each.id for each in workspace.owners.values() if each.kind == "person" or "teams" in keys)


def _bears(item: Located[Team] | Located[Person], name: str) -> bool:
    return name == item.definition.id or name in item.definition.formerly


@rule(
    "OKR603", "unknown-team", Workspace,
    why="Teams within teams are how goals are rolled up; a team below one that isn't there is missing above.",
    remedy="Write the id of a team of org.yaml.",
)  # fmt: skip
def unknown_team(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """The team that another team, or a person, belongs to is in org.yaml."""
    known = [team.definition.id for team in workspace.teams]
    named = [(team.definition.parent, team.source, "parent") for team in workspace.teams]
    named += [(person.definition.team, person.source, "team") for person in workspace.people]
    for name, source, key in named:
        if name is not None and not org_may_have(workspace, name, "teams"):
            if org_may_have(workspace, name, "people"):
                message, hint = f"{quoted(name)} is a person, not a team", "write the id of a team"
            else:
                message = f"{ORG} knows no team {quoted(name)}"
                add = "add it below `teams:`: `okr new team` does it"
                hint = did_you_mean(name, lambda: known, otherwise=add, within=workspace)
            yield source.finding(message, key=key, hint=hint)


@rule(
    "OKR604", "circular-teams", Workspace,
    why="Each team belongs to one above it, up to the whole company; in a circle nothing is above.",
    remedy="Let the topmost of them have no `parent`.",
)  # fmt: skip
def circular_teams(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """No team is above itself."""
    teams = {team.definition.id: team for team in reversed(workspace.teams)}
    present = {old: team.definition.id for team in workspace.teams for old in team.definition.formerly}
    above = {
        name: parent if (parent := team.definition.parent) in teams else present.get(parent or "")
        for name, team in teams.items()
    }
    seen: set[str] = set()
    for team in workspace.teams:
        way: list[str] = []
        name: str | None = team.definition.id
        while name is not None and name not in seen:
            seen.add(name)
            way.append(name)
            name = above[name]
        if name in way:
            circle = way[way.index(name) :]
            first = teams[circle[0]]
            if len(circle) == 1:
                message = f"the team {circle[0]} is its own parent"
            else:
                message = f"these teams go in a circle: {shown(circle)}"
            yield first.source.finding(message, key="parent")


@rule(
    "OKR605", "duplicate-org-id", Workspace,
    why="A plan's file is named after its owner, team or person: with two of one id, nobody can say whose it is.",
    remedy="Give one of the two another id.",
)  # fmt: skip
def duplicate_org_id(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Every team and person has an id of its own, different from all that others of either kind have or had."""
    teams = (("the team", team) for team in workspace.teams)
    people = (("the person", person) for person in workspace.people)
    yield from repeated_ids([*teams, *people])


@rule(
    "OKR609", "reserved-id", Workspace,
    why="A path must say one thing: cycle.yaml holds a cycle's facts, and 2026/brand/visits begins with a cycle.",
    remedy="Give the team or person an id that is neither `cycle` nor a cycle's name.",
)  # fmt: skip
def reserved_id(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """No owner is called `cycle`, or as a cycle is called."""
    ids = [(team.definition.id, team.source) for team in workspace.teams]
    ids += [(person.definition.id, person.source) for person in workspace.people]
    for name, source in ids:
        if f"{name}.yaml" == CYCLE_FACTS:
            message = f"nobody can be called {quoted(name)}: a plan named {CYCLE_FACTS} would be taken for the facts of its cycle"
            yield source.finding(message, key="id")
        elif looks_standard(name) or _is_cycle(name, workspace):
            message = f"nobody can be called {quoted(name)}: a reference that begins so begins with a cycle"
            yield source.finding(message, key="id")


def _is_cycle(name: str, workspace: Workspace) -> bool:
    """Whether a cycle bears this name; a folder that stands for no cycle has a finding of its own."""
    cycle = workspace.cycles.get(canonical_name(name))
    return cycle is not None and cycle.span is not None


@rule(
    "OKR615", "unknown-planner", LoadedCycle,
    why="A cycle waits for the plans of those that its cycle.yaml names; for one that nobody is, it waits for ever.",
    remedy="Write the ids of teams and people of org.yaml.",
)  # fmt: skip
def unknown_planner(cycle: LoadedCycle, workspace: Workspace) -> Iterator[Finding]:
    """Who plans in a cycle, as its cycle.yaml says, is a team or a person of org.yaml, where it lists any."""
    source = cycle.source
    for index, name in enumerate(cycle.facts.owners if source and workspace.owners else ()):
        if source is not None and not org_may_have(workspace, name):
            lists = f"{ORG} lists the teams and people"
            hint = did_you_mean(name, lambda: workspace.owners, otherwise=lists, within=workspace)
            yield source.finding(
                f"{ORG} knows no team or person {quoted(name)}", key="owners", item=index, hint=hint
            )


@rule(
    "OKR612", "duplicate-email", Workspace,
    why="Who checks in is told by git's e-mail address; with one address for two people, `by` would be a guess.",
    remedy="Give each address to one person.",
)  # fmt: skip
def duplicate_email(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """An e-mail address is one person's, however it is capitalised."""
    taken: dict[str, Located[Person]] = {}
    for person in workspace.people:
        for index, address in enumerate(person.definition.email):
            bearer = taken.setdefault(address.casefold(), person)
            if bearer.definition.id != person.definition.id:
                message = f"{quoted(address)} is the address of {bearer.definition.id} as well"
                yield person.source.finding(message, key="email", item=index)
