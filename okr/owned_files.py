"""Which plans and logs there are in a cycle and whose they are, by the names of files alone.

What they say is for `workspace.py`; whose id an owner had before, for `org.py`.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from okr.org import WithOrg
from okr.references import ids_of_files, is_id
from okr.roots import LOGS, PLANS
from okr.sources import CYCLE_FACTS, Knowing, holds, is_owners

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from okr.contents import LoadedCycle
    from okr.sources import Files

NO_OWNER = CYCLE_FACTS.removesuffix(".yaml")
"""The name before its ending that no owner has, in a folder of owners' files."""


class WithOwnedFiles(WithOrg):
    """The part of a workspace that lists folders of plans and logs, and knows by whom they are."""

    files: Files
    _plan_paths: dict[str, dict[str, tuple[str, str]]]
    _has_plans: dict[str, bool]
    _listed: set[str]
    """Plan files that are listed for sure, be the rest of their folder or not."""

    def __init__(self) -> None:
        """Lists nothing yet."""
        self._plan_paths = {}
        self._has_plans = {}
        self._listed = set()

    @property
    @abstractmethod
    def cycles(self) -> Mapping[str, LoadedCycle]:
        """The cycles that have a folder, by canonical name; whoever has the rest of the workspace reads them."""

    def plan_paths(self, cycle: str) -> dict[str, tuple[str, str]]:
        """The plan files of a cycle: path → folder and file name without its ending; each folder is listed once."""
        if cycle not in self._plan_paths:
            self._plan_paths[cycle] = self._find_plan_paths(cycle)
        return self._plan_paths[cycle]

    def _find_plan_paths(self, cycle: str) -> dict[str, tuple[str, str]]:
        return {
            f"{PLANS}/{folder}/{stem}.yaml": (folder, stem)
            for folder in self._folders(cycle)
            for stem in ids_of_files(self.files.files(f"{PLANS}/{folder}"))
            if stem != NO_OWNER
        }

    def has_plans(self, cycle: str) -> bool:
        """Whether there is any plan file in a cycle; the folder is not listed for it."""
        if cycle in self._plan_paths:
            return bool(self._plan_paths[cycle])
        if cycle not in self._has_plans:
            folders = (f"{PLANS}/{folder}" for folder in self._folders(cycle))
            self._has_plans[cycle] = any(holds(self.files, folder, is_owners) for folder in folders)
        return self._has_plans[cycle]

    def _folders(self, cycle: str) -> tuple[str, ...]:
        return self.cycles[cycle].folders if cycle in self.cycles else ()

    def plans_folder(self, cycle: str) -> str:
        """The folder of a cycle's plans, as it is spelled where there is one."""
        folders = self.files.folders(PLANS)
        return f"{PLANS}/{next((each for each in folders if each in self._folders(cycle)), cycle)}"

    def plan_owners(self, cycle: str) -> tuple[str, ...]:
        """Who has a plan in a cycle, by their present ids, in the order of `plans`; reads none of them."""
        stems = (stem for _, stem in self.plan_paths(cycle).values())
        return tuple(sorted({self.former_owners.get(stem, stem) for stem in stems}))

    def plan_paths_of(self, cycle: str, owner: str) -> list[str]:
        """An owner's plan files in a cycle; reads none of them."""
        return [path for path, _ in self._paths_of(cycle, owner)]

    def _paths_of(self, cycle: str, owner: str) -> Iterator[tuple[str, str]]:
        """An owner's plan files, each with its name without the ending."""
        if owner in self.former_owners:
            return
        names = sorted(f"{name}.yaml" for name in (owner, *self.former_names(owner)))
        for path in (f"{PLANS}/{folder}/{name}" for folder in self._folders(cycle) for name in names):
            if self._is_plan(cycle, path):
                yield path, path.rpartition("/")[2].removesuffix(".yaml")

    def _is_plan(self, cycle: str, path: str) -> bool:
        """Whether a path in the folders of a cycle is among `plan_paths`; these are not listed where it is known anyway."""
        if path in self._listed:
            return True
        if cycle not in self._plan_paths and isinstance(self.files, Knowing):
            there = self.files.is_there(path) if is_owners(path.rpartition("/")[2]) else False
            if there is not None:
                return there
        return path in self.plan_paths(cycle)

    def plan_owners_among(self, cycle: str, names: Iterable[str]) -> tuple[str, ...]:
        """Those of `plan_owners` that are among some names."""
        return tuple(sorted(name for name in set(names) if self.plan_paths_of(cycle, name)))

    def plan_places(self, cycle: str, owner: str) -> Iterator[tuple[str, str]]:
        """Where an owner's plan in a cycle may stand, and under which name; what stands first is the plan."""
        owner = self.former_owners.get(owner, owner)
        folders = self._folders(cycle)
        for name in (owner, *self.former_names(owner)):
            if name + ".yaml" != CYCLE_FACTS and is_id(name):
                yield from ((f"{PLANS}/{folder}/{name}.yaml", name) for folder in folders)

    # Logs

    def log_paths(self, cycle: str) -> dict[str, tuple[str, str]]:
        """The logs of a cycle: path → folder and file name without its ending."""
        return {
            f"{LOGS}/{folder}/{stem}.yaml": (folder, stem)
            for folder in self._folders(cycle)
            for stem in ids_of_files(self.files.files(f"{LOGS}/{folder}"))
        }

    def log_owners(self, cycle: str) -> tuple[str, ...]:
        """Whose logs a cycle has, by their present ids; reads none of them."""
        stems = (stem for _, stem in self.log_paths(cycle).values())
        return tuple(dict.fromkeys(self.former_owners.get(stem, stem) for stem in stems))

    def log_paths_of(self, cycle: str, owner: str) -> list[str]:
        """Where an owner's logs in a cycle stand, or would stand; reads none of them."""
        names = [*self.former_names(owner), owner]
        folders = self._folders(cycle)
        return [f"{LOGS}/{folder}/{name}.yaml" for name in names for folder in folders]


def place_of(path: str) -> tuple[str, str, str] | None:
    """Top folder, a cycle's folder and name of `okrs/<cycle>/<name>.yaml` or `checkins/<cycle>/<name>.yaml`."""
    top, *rest = path.split("/")
    if top not in {PLANS, LOGS} or len(rest) != 2 or not path.endswith(".yaml"):  # noqa: PLR2004 # as named
        return None
    return top, rest[0], rest[1].removesuffix(".yaml")


def in_order(owner: str, path: str) -> tuple[str, bool, str]:
    """Sorts plans by owner; of several files for one owner, the one under the present id first."""
    return owner, f"/{owner}.yaml" not in path, path
