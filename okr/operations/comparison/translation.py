"""What the things of an older state of a workspace are called in a newer one.

Owners and KPIs by their `formerly`; objectives and key results as `matching.py` found them. With it two states can be
compared in one set of names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import KeyResult, Objective
from okr.dataclass import NamedTuple
from okr.operations.comparison.org_changes import same_subjects
from okr.references import Reference, parse_reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okr import model
    from okr.operations.comparison.matching import ObjectiveMatch
    from okr.workspace import Workspace


class PlanKey(NamedTuple):
    """A plan and its log: the cycle's canonical name and the owner's id on the new side."""

    cycle: str
    owner: str


class Translation:
    """From the names of an old state to those of a new one."""

    def __init__(self, old: Workspace, new: Workspace) -> None:
        """Reads teams, people and KPIs of both."""
        self._old = old
        self._new = new
        self._owners: dict[str, str] = {}
        if not old.shares_org(new):
            self._owners |= same_subjects(old.org.people, new.org.people)
            self._owners |= same_subjects(old.org.teams, new.org.teams)
        self._kpis = same_subjects(
            *(side.kpis_file.definition.kpis if side.kpis_file else () for side in (old, new))
        )
        self._things: dict[Reference, Reference] = {}

    def learn(self, matches: Iterable[ObjectiveMatch]) -> None:
        """Takes note of what has another reference, though it is the same."""
        for match in matches:
            if match.old and match.new and match.old.reference != match.new.reference:
                self._things[match.old.reference] = match.new.reference
            for each in match.key_results:
                if each.old and each.new and each.old.reference != each.new.reference:
                    self._things[each.old.reference] = each.new.reference

    @property
    def renamings(self) -> dict[str, str]:
        """Old names and new ones, where they differ: of owners, KPIs, and of objectives and key results in full."""
        same = {**self._owners, **self._kpis, **{str(old): str(new) for old, new in self._things.items()}}
        same |= {old.within_log: new.within_log for old, new in self._things.items()}
        return {old: new for old, new in same.items() if old != new}

    @property
    def moves(self) -> dict[Reference, Reference]:
        """Objectives and key results that are called otherwise now, by the owner's new name and then all of it."""
        return self._things

    def owner(self, name: str) -> str:
        """A team's or person's id on the new side."""
        present = self._old.former_owners.get(name, name)
        return self._owners.get(present) or self._new.former_owners.get(present, present)

    def kpi(self, name: str) -> str:
        """A KPI's id on the new side."""
        found = self._old.kpi(name)
        present = found.definition.id if found else name
        return self._kpis.get(present) or kpi_of(self._new, present)

    def reference(self, reference: Reference) -> Reference:
        """An old objective or key result by its new name."""
        whole = Reference(reference.cycle, self.owner(reference.owner), reference.objective)
        if reference.key_result is None:
            return self._things.get(whole, whole)
        exact = Reference(whole.cycle, whole.owner, whole.objective, reference.key_result)
        if exact in self._things:
            return self._things[exact]
        parent = self._things.get(whole, whole)
        return Reference(parent.cycle, parent.owner, parent.objective, reference.key_result)

    def written(self, text: str) -> str:
        """A whole reference as the old side writes it, or any other text, by the new name."""
        found = parse_reference(text, own_cycle="", known_cycles=self._old.cycles.keys())
        return text if found is None or not found.cycle else str(self.reference(found))

    def old_text(self, text: str, cycle: str) -> str:
        """What an old plan's reference means, in full and by the new name; the text itself where it is none."""
        found = _meant(self._old, text, cycle)
        return text if found is None else str(self.reference(found))

    def new_text(self, text: str, cycle: str) -> str:
        """What a new plan's reference means, in full; the text itself where it is none."""
        found = _meant(self._new, text, cycle)
        return text if found is None else str(found)

    def old_objective(self, objective: model.Objective, cycle: str) -> model.Objective:
        """An old objective with everything that it names by its new name."""
        return _renamed(objective, {
            "owner": _or_none(objective.owner, self.owner),
            "supports": tuple(self.old_text(each, cycle) for each in objective.supports),
            "depends_on": tuple(self.old_text(each, cycle) for each in objective.depends_on),
        })  # fmt: skip

    def new_objective(self, objective: model.Objective, cycle: str) -> model.Objective:
        """A new objective with everything that it names by its whole and present name."""
        return _renamed(objective, {
            "owner": _or_none(objective.owner, self._present),
            "supports": tuple(self.new_text(each, cycle) for each in objective.supports),
            "depends_on": tuple(self.new_text(each, cycle) for each in objective.depends_on),
        })  # fmt: skip

    def old_key_result(self, key_result: model.KeyResult, cycle: str) -> model.KeyResult:
        """An old key result with everything that it names by its new name."""
        return _renamed(key_result, {
            "owner": _or_none(key_result.owner, self.owner),
            "kpi": _or_none(key_result.kpi, self.kpi),
            "depends_on": tuple(self.old_text(each, cycle) for each in key_result.depends_on),
            "initiatives": tuple(
                _renamed(each, {"owner": _or_none(each.owner, self.owner)}) for each in key_result.initiatives
            ),
        })  # fmt: skip

    def new_key_result(self, key_result: model.KeyResult, cycle: str) -> model.KeyResult:
        """A new key result with everything that it names by its whole and present name."""
        return _renamed(key_result, {
            "owner": _or_none(key_result.owner, self._present),
            "kpi": _or_none(key_result.kpi, lambda name: kpi_of(self._new, name)),
            "depends_on": tuple(self.new_text(each, cycle) for each in key_result.depends_on),
            "initiatives": tuple(
                _renamed(each, {"owner": _or_none(each.owner, self._present)})
                for each in key_result.initiatives
            ),
        })  # fmt: skip

    def _present(self, name: str) -> str:
        return self._new.former_owners.get(name, name)


def kpi_of(workspace: Workspace, name: str) -> str:
    """A KPI's present id; the name itself where there is none."""
    found = workspace.kpi(name)
    return name if found is None else found.definition.id


def _meant(workspace: Workspace, text: str, cycle: str) -> Reference | None:
    found = workspace.parse(text, cycle)
    thing = None if found is None else workspace.find(found)
    return thing.reference if isinstance(thing, (Objective, KeyResult)) else found


def _or_none(name: str | None, present: Callable[[str], str]) -> str | None:
    return None if name is None else present(name)


def _renamed(item: M, names: dict[str, object]) -> M:
    """A copy with other names; the item itself where all are as they were."""
    changed = {key: value for key, value in names.items() if getattr(item, key) != value}
    return item.model_copy(update=changed) if changed else item


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    M = TypeVar("M", bound=model.FileModel)
