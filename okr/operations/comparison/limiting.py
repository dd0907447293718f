"""A comparison of which only a part is asked about: some owners, objectives, key results, KPIs or files, or one cycle."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from okr.contents import Owner
from okr.cycles import canonical_name
from okr.dataclass import dataclass, replace
from okr.errors import OkrError, UsageError
from okr.operations.selecting import KPI_PREFIX, Whose, named_kpi, select_any_or_below
from okr.references import is_id
from okr.workspace import LOGS, PLANS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from okr.operations.comparison.results import (
        Comparison,
        FindingDifference,
        ObjectiveDifference,
        OwnerDifference,
        ReferredDifference,
    )
    from okr.references import Reference
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Limit:
    """What alone is asked about; empty parts stand for all.

    Attributes:
        parts: cycle, owner, objective and key result, as many as are meant, an empty text for any.
        kpi: a KPI's id; then there are no parts.
        below: where a team and all below it are meant, its id with `/...` behind it.
        owners: the owners that are meant then, on either side.
    """

    parts: tuple[str, ...] = ()
    kpi: str = ""
    below: str = ""
    owners: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{KPI_PREFIX}{self.kpi}" if self.kpi else "/".join(filter(None, (*self.parts, self.below)))

    def holds(self, names: Sequence[str]) -> bool:
        """Whether something of a plan is meant, or is a part of what is.

        Args:
            names: its cycle, owner, and so on.
        """
        pairs = zip(self.parts, names, strict=False)
        enough = bool(self.parts) and len(names) >= len(self.parts)
        if not enough or not all(one in {"", other} for one, other in pairs):
            return False
        return not self.below or (len(names) > 1 and names[1] in self.owners)


@dataclass(frozen=True, slots=True)
class Limits:
    """What alone is asked about: any of some things, of one cycle where one is named."""

    any_of: tuple[Limit, ...] = ()
    cycle: str | None = None

    def are_around(self, names: Sequence[str]) -> bool:
        """Whether something of a plan is asked about whole."""
        return self._in_cycle(names[0]) and (
            not self.any_of or any(each.holds(names) for each in self.any_of)
        )

    def _in_cycle(self, name: str) -> bool:
        return self.cycle in {None, name}


def limits_of(
    sides: tuple[Workspace, Workspace], texts: Iterable[str], cycle: str | None, root: Path, folder: Path
) -> Limits:
    """What was asked for on the command line.

    Args:
        sides: the old and the new state, all of their files listed; what is on either is understood.
        texts: owners, objectives, key results, `kpis/ID`, or files and folders of the workspace.
        cycle: the only cycle, by any of its names; None for all.
        root: the workspace's root.
        folder: where paths start.

    Raises:
        UsageError: one of them names nothing, or several things.
        OkrError: there is no such cycle.
    """
    name = None
    if cycle is not None:
        name = canonical_name(cycle)
        if name not in sides[0].cycles:
            name = sides[1].cycle(cycle).name
    return Limits(tuple(_limit(sides, text, name, root, folder) for text in texts), name)


def limited(comparison: Comparison, limits: Limits) -> Comparison:
    """The part of a comparison that is asked about.

    Of what is not a plan's, settings and the facts of cycles are left out where single things are asked about.
    """
    if not limits.any_of and limits.cycle is None:
        return comparison
    owners = {each.parts[1] for each in limits.any_of if len(each.parts) > 1}
    owners.update(*(each.owners for each in limits.any_of))
    kpis = {each.kpi for each in limits.any_of}
    whole = not limits.any_of
    return replace(
        comparison,
        settings=comparison.settings if whole else (),
        subjects=tuple(
            each
            for each in comparison.subjects
            if whole or each.id in (kpis if each.kind == "KPI" else owners)
        ),
        cycles=tuple(each for each in comparison.cycles if limits.are_around((each.cycle,))),
        owners=tuple(
            found for each in comparison.owners for found in (_owner(each, limits),) if found is not None
        ),
        measurements=tuple(each for each in comparison.measurements if whole or each.id in kpis),
        referred=tuple(each for each in comparison.referred if _is_referred(each, limits)),
        findings=tuple(each for each in comparison.findings if _is_found(each, limits)),
        limits=tuple(map(str, limits.any_of)),
        cycle=limits.cycle,
    )


def _limit(
    sides: tuple[Workspace, Workspace], text: str, cycle: str | None, root: Path, folder: Path
) -> Limit:
    path = _path(text, root, folder)
    if path is not None:
        return path
    old, new = sides
    try:
        found = _named(new, text, cycle)
    except OkrError as error:
        try:
            return _named(old, text, cycle)
        except OkrError:
            raise error from None
    if not found.below:
        return found
    try:
        before = _named(old, text, cycle)
    except OkrError:  # a team that is new
        return found
    return replace(found, owners=found.owners | before.owners)


def _named(workspace: Workspace, text: str, cycle: str | None) -> Limit:
    kpi = named_kpi(workspace, text)
    if kpi is not None:
        return Limit(kpi=kpi.definition.id)
    found = select_any_or_below(workspace, text, cycle=cycle if cycle in workspace.cycles else None)
    if isinstance(found, Whose):
        return Limit((cycle or "",), below=found.name, owners=found.ids)
    if isinstance(found, Owner):
        return Limit((cycle or "", found.id))
    return Limit(found.reference.segments)


def _path(text: str, root: Path, folder: Path) -> Limit | None:
    """What a file or folder of the workspace is about, there or not; None where the text is no path in one."""
    full = os.path.normpath(os.path.join(os.path.abspath(folder), text))  # noqa: PTH100, PTH118 # links keep their names
    if not PurePosixPath(full).is_relative_to(root):
        return None
    steps = PurePosixPath(full).relative_to(root).parts
    if steps and steps[0] in {PLANS, LOGS}:
        if len(steps) < 3:  # noqa: PLR2004 # okrs, a cycle, an owner's file
            return Limit((canonical_name(steps[1]) if len(steps) > 1 else "",))
        stem = steps[2].removesuffix(".yaml")
        if len(steps) == 3 and stem != steps[2] and is_id(stem):  # noqa: PLR2004 # likewise
            return Limit((canonical_name(steps[1]), stem))
    if steps and text.endswith(".yaml"):
        raise UsageError(
            f"{text} is neither a plan nor a log", f"Name a file or a folder below {PLANS} or {LOGS}"
        )
    return None


def _owner(difference: OwnerDifference, limits: Limits) -> OwnerDifference | None:
    names = (difference.cycle, difference.owner.id)
    if limits.are_around(names):
        return difference
    changed = tuple(
        found for each in difference.changed for found in (_objective(each, limits),) if found is not None
    )
    departed = tuple(each for each in difference.departed if _hold_either(limits, each.reference, each.old))
    return replace(difference, changed=changed, departed=departed) if changed or departed else None


def _objective(difference: ObjectiveDifference, limits: Limits) -> ObjectiveDifference | None:
    named = [each.segments for each in (difference.reference, difference.old_reference) if each]
    if any(map(limits.are_around, named)):
        return difference
    key_results = tuple(
        each for each in difference.key_results if _hold_either(limits, each.reference, each.old_reference)
    )
    departed = tuple(each for each in difference.departed if _hold_either(limits, each.reference, each.old))
    if not key_results and not departed:
        return None
    return replace(difference, changes=(), key_results=key_results, departed=departed)


def _hold_either(limits: Limits, one: Reference, other: Reference | None) -> bool:
    return limits.are_around(one.segments) or (other is not None and limits.are_around(other.segments))


def _is_referred(difference: ReferredDifference, limits: Limits) -> bool:
    names = (difference.target, *difference.lost, *difference.gained)
    if limits.cycle is not None and difference.cycle != limits.cycle:
        return False
    if not limits.any_of:
        return True
    return any(
        each.holds(name.split("/")) or (bool(each.kpi) and name == str(each))
        for each in limits.any_of
        for name in names
    )


def _is_found(difference: FindingDifference, limits: Limits) -> bool:
    found = difference.diagnostic.finding
    steps = found.path.split("/")
    if found.ref is not None:
        return limits.are_around(found.ref.split("/"))
    if len(steps) == 3 and steps[0] in {PLANS, LOGS}:  # noqa: PLR2004 # okrs, a cycle, an owner's file
        return limits.are_around((canonical_name(steps[1]), steps[2].removesuffix(".yaml")))
    return not limits.any_of
