"""What is known of a workspace's parts from the last time they were judged, and which of it still holds. No rules here.

Where it is kept, and how it is told what has changed since then, is for others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.rules.parts import is_owned, parts_of
from okr.rules.plan_facts import LISTED
from okr.rules.units import Units
from okr.workspace import KPI_LOG

if TYPE_CHECKING:
    from okr.rules.parts import Part, Unit
    from okr.workspace import Workspace


@dataclass(slots=True)
class Known:
    """What came of a workspace's parts; all of it was said of the same files.

    Attributes:
        units: what came of each owner's files.
        rest: what came of the files of all; None where that is not known.
        whole: what came of what all plans and logs say; likewise.
        changed: the files that have changed, come or gone since then.
        listing: whether some have come or gone.
        complete: whether it may be kept, with what was found out anew.
    """

    units: Units = field(default_factory=Units)
    rest: Unit | None = None
    whole: Unit | None = None
    changed: frozenset[str] = frozenset()
    listing: bool = True
    complete: bool = False

    def forget_changed(self, workspace: Workspace) -> dict[str, Part]:
        """Forgets what does not hold any more.

        Returns:
            The parts that have to be judged, by their owners.
        """
        seen = self.changed | {LISTED} if self.listing else self.changed
        if self.listing or KPI_LOG in seen:
            self.whole = None
        if self.listing or not all(map(is_owned, seen)) or (self.rest and not seen.isdisjoint(self.rest[1])):
            self.rest = None
        stale = self.units.touching(seen)
        if not self.listing:
            return {owner: _part(workspace, owner, self.units[owner]) for owner in sorted(stale)}
        parts = parts_of(workspace)
        self.units.keep(parts)
        files = _files_of(workspace, parts)
        return {
            owner: part
            for owner, part in parts.items()
            if owner in stale or owner not in self.units or files[owner] != set(self.units[owner][0])
        }

    def learn(self, owner: str, unit: Unit) -> None:
        """Takes in what came of a part that had to be judged."""
        if owner not in self.units or self.units[owner][3] != unit[3]:
            self.whole = None
        self.units[owner] = unit


def _part(workspace: Workspace, owner: str, unit: Unit) -> Part:
    """The cycles of which an owner has files, where these are still the same ones."""
    folders = {path.split("/")[1] for path in unit[0]}
    return [
        (cycle, owner) for cycle, loaded in workspace.cycles.items() if not folders.isdisjoint(loaded.folders)
    ]


def _files_of(workspace: Workspace, parts: dict[str, Part]) -> dict[str, set[str]]:
    """The plans and logs that each owner has."""
    logs = {cycle: workspace.log_paths(cycle) for cycle in workspace.cycles}
    found: dict[str, set[str]] = {}
    for owner, part in parts.items():
        files = found.setdefault(owner, set())
        for cycle, _ in part:
            files.update(workspace.plan_paths_of(cycle, owner))
            files.update(path for path in workspace.log_paths_of(cycle, owner) if path in logs[cycle])
    return found
