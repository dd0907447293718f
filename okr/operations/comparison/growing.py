"""Comparing all owners that can be compared at a glance (`grown.py`); if they are many, by several processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from okr.forking import processes_for
from okr.operations.comparison.glanced_owners import Told, aims_elsewhere_plainly, difference_of, told_owner
from okr.operations.comparison.grown import Grown, aims_elsewhere, grown_owner, may_have_grown
from okr.revisions import Revision
from okr.sources import Part, Without
from okr.workspace import PLANS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from okr.contents import Plan
    from okr.operations.comparison.grown import Differing
    from okr.operations.comparison.translation import PlanKey
    from okr.sources import Files
    from okr.workspace import Workspace

Found = dict["PlanKey", "tuple[Differing, Grown]"]
_Found = dict["PlanKey", "tuple[Differing, Told | Grown]"]

May = Sequence[tuple["PlanKey", "Differing"]]

_WORTH_IT = 150
"""Owners from which on a further process takes less time than it saves."""
_AT_ONCE = 24
"""Owners whose files are asked for together."""


def grown_owners(
    old: Workspace, new: Workspace, paths: set[str], key_of: Callable[[str], PlanKey | None]
) -> Found:
    """What became of those of whom only the log differs, by further lines, and the plan, by targets.

    Args:
        old: the state before, in which nothing else is read.
        new: the state after, likewise.
        paths: the files that differ.
        key_of: whose plan or log a file is.

    Returns:
        By owner, with the files that differ.
    """
    may = sorted(may_have_grown(old, new, paths, key_of).items())
    changed = {key for path in paths if path.startswith(f"{PLANS}/") and (key := key_of(path)) is not None}
    aimed = [(key, files.plan) for key, files in may if files.plan]
    count = processes_for(len(may), _WORTH_IT) if may else 1
    if count == 1:
        _look_ahead(old, new, may[:_AT_ONCE])
    for each in (old, new):
        fetch_at_once(each.files, (path for _, path in aimed))
    changed -= {
        key for key, path in aimed if aims_elsewhere_plainly(old, new, path) or aims_elsewhere(old, new, key)
    }
    found = _by_several(count, old, new, may, changed) if count > 1 else None
    if found is None:
        found = _found(old, new, _parts(may, _AT_ONCE), changed)
    return {key: (files, _as_shown(new, key, each)) for key, (files, each) in found.items()}


def _as_shown(new: Workspace, key: PlanKey, found: Told | Grown) -> Grown:
    return Grown(difference_of(new, key, found), found.asked) if isinstance(found, Told) else found


def aimed_plans(old: Workspace, new: Workspace, keys: Iterable[PlanKey]) -> tuple[tuple[Plan, Plan], ...]:
    """The plans in which targets differ, each before and after."""
    pairs = ((old.plan(*key), new.plan(*key)) for key in keys)
    return tuple((was, is_now) for was, is_now in pairs if was is not None and is_now is not None)


def _by_several(
    count: int,
    old: Workspace,
    new: Workspace,
    may: May,
    changed: AbstractSet[PlanKey],
) -> _Found | None:
    """The same, found by several processes; None where one of them could not do its part."""
    import os

    from okr.processes import MOST_SHARES, shared

    parts = _parts(may, max(_AT_ONCE, -(-len(may) // MOST_SHARES)))
    above = os.getpid()

    def work(numbers: Iterator[int]) -> _Found:
        if os.getpid() != above:
            for each in (old.files, new.files):
                _ask_by_itself(each)
        return _found(old, new, (parts[number] for number in numbers), changed)

    done = shared(count, len(parts), work, "the comparison")
    if done is None:
        return None
    together = {key: each for found in done for key, each in found.items()}
    return {key: together[key] for key, _ in may if key in together}


def _parts(may: May, size: int) -> list[May]:
    return [may[start : start + size] for start in range(0, len(may), size)]


def _found(old: Workspace, new: Workspace, parts: Iterable[May], changed: AbstractSet[PlanKey]) -> _Found:
    found: _Found = {}
    for part in parts:
        logs = [files.log for _, files in part if files.log]
        fetch_at_once(old.files, logs)
        plans = (f"{PLANS}/{new.cycles[key.cycle].folders[0]}/{key.owner}.yaml" for key, _ in part)
        fetch_at_once(new.files, (*logs, *plans))
        for key, files in part:
            told = told_owner(old, new, key, files.log, files.plan, changed)
            grown = grown_owner(old, new, key, files, changed) if told is None else told
            if grown is not None:
                found[key] = (files, grown)
    return found


def _look_ahead(old: Workspace, new: Workspace, part: May) -> None:
    """Has git look for the files that are read of some owners."""
    logs = [files.log for _, files in part if files.log]
    plans = [f"{PLANS}/{new.cycles[key.cycle].folders[0]}/{key.owner}.yaml" for key, _ in part]
    for each, paths in (
        (old, [*(files.plan for _, files in part if files.plan), *logs]),
        (new, [*plans, *logs]),
    ):
        below = _revision_below(each.files)
        if below is not None:
            below.ahead(paths)


def fetch_at_once(files: Files, paths: Iterable[str]) -> None:
    """Reads files of a commit together, for whoever asks for them one by one; those of the work tree need no waiting."""
    below = _revision_below(files)
    if below is not None:
        below.fetch(paths)


def _ask_by_itself(files: Files) -> None:
    """Lets a forked process ask a git of its own for a commit's files."""
    below = _revision_below(files)
    if below is not None:
        below.objects.ask_another()


def _revision_below(files: Files) -> Revision | None:
    """The commit that some files are of; None where they are the work tree's."""
    while isinstance(files, (Part, Without)):
        files = files.files_below
    return files if isinstance(files, Revision) else None
