"""CODEOWNERS from org.yaml: whose review a plan needs on GitHub and GitLab. Logs need nobody's.

Plans of a team are its lead's to review, those of a person the lead's of their team; where nobody there can be named
by an address, the nearest lead's above. What somebody else wrote in the file stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okr.errors import OkrError
from okr.operations.planning.scope import in_order
from okr.workspace import LOGS, PLANS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.model import Person
    from okr.operations.starting.ci_files import CiSystem
    from okr.workspace import Workspace

_ADDRESS = re.compile(r"[\w.+%-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_HANDLES = {
    "github": re.compile(r"(?:\d+\+)?([A-Za-z0-9-]+)@users\.noreply\.github\.com"),
    "gitlab": re.compile(r"\d+-([\w.-]+)@users\.noreply\.gitlab\.com", re.ASCII),
}
_BEGIN, _END = "# >>> okr", "# <<< okr"


def reviewers(workspace: Workspace, system: CiSystem) -> dict[str, str]:
    """Who reviews the plans of each owner: an address or a handle; owners for whom there is none are left out."""
    found = {owner: _reviewer(workspace, owner, system) for owner in workspace.owners}
    return {owner: name for owner, name in found.items() if name is not None}


def without_reviewer(workspace: Workspace, system: CiSystem) -> tuple[str, ...]:
    """The teams, and the people with plans, whose plans there is nobody to review."""
    stems = {stem for cycle in workspace.cycles for _, stem in workspace.plan_paths(cycle).values()}
    planning = {workspace.former_owners.get(stem, stem) for stem in stems}
    named = reviewers(workspace, system)
    found = [
        owner.id
        for owner in workspace.owners.values()
        if owner.id not in named and (owner.kind == "team" or owner.id in planning)
    ]
    return in_order(workspace, found)


def codeowners(workspace: Workspace, system: CiSystem, folder: str, before: str) -> str:
    """The file with the part that is ours brought up to date; it stands at the end where it is new.

    Args:
        workspace: whose org.yaml counts.
        system: for which.
        folder: the workspace as its repository names it; empty for the repository itself.
        before: what the file says; empty where there is none.

    Raises:
        OkrError: our part of the file has a beginning and no end.
    """
    name = f" {folder}" if folder else ""
    begin, end = f"{_BEGIN}{name}:", f"{_END}{name}"
    lines = before.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith(begin)]
    part = [
        f"{begin} whose review a plan needs. Made from org.yaml; `okr init --ci {system} --paperwork` brings",
        "# it up to date. Keep it at the end of the file.",
        *_rules(workspace, system, folder),
        end,
    ]
    if not starts:
        gap = [""] if lines and lines[-1].strip() else []
        return "\n".join([*lines, *gap, *part]) + "\n"
    ends = [number for number, line in enumerate(lines) if line.rstrip() == end and number > starts[0]]
    if not ends:
        raise OkrError(
            f"CODEOWNERS has a line “{lines[starts[0]]}”, but no “{end}” below it",
            "put it back where okr's part ends, or remove that part",
        )
    return "\n".join([*lines[: starts[0]], *part, *lines[ends[0] + 1 :]]) + "\n"


def _rules(workspace: Workspace, system: CiSystem, folder: str) -> Iterator[str]:
    top = f"/{folder}".rstrip("/").replace(" ", "\\ ")
    if system == "gitlab":
        yield "[okr]"
    names = reviewers(workspace, system)
    paths = {owner: f"{top}/{PLANS}/*/{owner}.yaml" for owner in in_order(workspace, workspace.owners)}
    width = max((len(path) for owner, path in paths.items() if owner in names), default=0)
    yield from (f"{path:<{width}}  {names[owner]}" for owner, path in paths.items() if owner in names)
    for owner in without_reviewer(workspace, system):
        yield f"# {paths[owner]}: org.yaml has no address of a lead"
    if system == "github":
        # A rule without an owner takes what rules above it say away.
        yield f"{top}/{LOGS}/"


def _reviewer(workspace: Workspace, owner: str, system: CiSystem) -> str | None:
    """The nearest lead above an owner, other than the owner, who can be named."""
    people = {person.id: person for person in workspace.org.people}
    for lead in _leads(workspace, owner):
        person = people.get(workspace.former_owners.get(lead, lead))
        named = None if person is None or person.id == owner else _named(person, system)
        if named is not None:
            return named
    return None


def _leads(workspace: Workspace, owner: str) -> Iterator[str]:
    """The lead of a team and those of the teams above it, or of a person's team and those above that."""
    from okr.rules.alignment import owners_above

    teams = {team.id: team for team in workspace.org.teams}
    for each in (owner, *owners_above(owner, workspace)):
        lead = teams[each].lead if each in teams else None
        if lead is not None:
            yield lead


def _named(person: Person, system: CiSystem) -> str | None:
    """How the system knows a person: by a handle where the address gives one away, else by the address."""
    for address in person.email:
        handle = _HANDLES[system].fullmatch(address)
        if handle is not None:
            return f"@{handle[1]}"
    known = [address for address in person.email if _ADDRESS.fullmatch(address)]
    return next((address for address in known if "@users.noreply." not in address), None)
