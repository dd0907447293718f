"""The part of two states of a workspace that their comparison needs: of ten thousand plans, the few that differ.

Git says which files differ. Besides those, a comparison needs what they refer to, and what refers to something that
came, went or is referred to otherwise: git looks for that in the old commit, where all that does not differ stands as
well. Where settings or dates differ, everything may, and nothing is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.contents import Objective
from okr.cycles import canonical_name, looks_standard
from okr.dataclass import NamedTuple
from okr.git.differences import changed_files, lines_mentioning
from okr.git.paths import name_in
from okr.operations.comparison.comparing import measurement_differences
from okr.operations.comparison.consequences import ties
from okr.operations.comparison.growing import aimed_plans, grown_owners
from okr.operations.comparison.grown import Aimed
from okr.operations.comparison.org_changes import SubjectChanged, subject_changes
from okr.operations.comparison.results import Tie
from okr.operations.comparison.translation import PlanKey, Translation
from okr.owned_files import place_of
from okr.patterns import pattern
from okr.reader import ReadBefore
from okr.references import KPI_PREFIX, Reference
from okr.revisions import Revision
from okr.rules.catalogue import rules_on_targets
from okr.sources import Part, Without
from okr.workspace import LOGS, PLANS, Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from okr import model
    from okr.contents import Plan
    from okr.operations.comparison.org_changes import SubjectChange
    from okr.operations.comparison.results import OwnerDifference
    from okr.operations.comparison.sides import Sides

_ESCAPED = "\\"
"""A text may be written with escapes: then looking for it finds nothing, and what has any is looked at."""

_TOKEN = pattern(r"""[^\s"'\[\]{},]+/[^\s"'\[\]{},]+""")
_WORD = pattern(r"[a-z0-9-]+")

Name = tuple[str, str, str]
"""A cycle, an owner under any name, and an objective under any."""


class Opened(NamedTuple):
    """Two states of a workspace to be compared.

    Attributes:
        old: the state before.
        new: the state after.
        grown: what became of owners of whose files neither lists any, by their further check-ins and targets alone.
        aimed: of those in whose plans targets differ, the two states as such plans were read in them, and each plan
            in both.
    """

    old: Workspace
    new: Workspace
    grown: tuple[OwnerDifference, ...] = ()
    aimed: Aimed | None = None


def opened_sides(sides: Sides, as_of: date, *, keep: bool = False) -> Opened:
    """The two workspaces, each listing no more than what their comparison needs.

    Args:
        sides: which two.
        as_of: the day that counts as today, for both.
        keep: whether the user's cache folder may help, and be kept up to date.

    Raises:
        GitFailed: git can't compare them.
    """
    name = name_in(sides.repository, sides.root)
    head = None if sides.new is None else sides.new.commit
    differing = changed_files(sides.repository, sides.old.commit, head, name)
    prefix = "" if name == "." else f"{name}/"
    paths = {each.removeprefix(prefix) for each in differing.names}
    files = sides.files
    committed = files[0].files_below if isinstance(files[0], Without) else files[0]
    if differing.links or not isinstance(committed, Revision):
        return Opened(*sides.opened(as_of, keep=keep))
    # Of two commits between which no link differs the one has those of the other, and this one is read.
    if _has_links(files[1] if isinstance(files[1], Revision) else committed, paths):
        return Opened(*sides.opened(as_of, keep=keep))
    if differing.entries is not None and isinstance(files[1], Revision):
        was, is_now = (
            {path.removeprefix(prefix): entry for path, entry in each.items() if path.startswith(prefix)}
            for each in differing.entries
        )
        files[1].know(is_now)
        committed.know(was, like=files[1])
        if any(path.startswith(f"{PLANS}/") for path in paths):
            rules_on_targets()  # most of what differs in plans are targets, and git is still looking
    parts = [Part(each, each.files_but if isinstance(each, Revision) else None) for each in (*files, *files)]
    title, before = sides.root.name or "okr", ReadBefore(threads=False)  # most files are the same on both
    old, new, *aside = (
        Workspace(part, as_of=as_of, title=title, moment=moment, before=before, keep=keep)
        for part, moment in zip(parts, (sides.old, sides.new) * 2, strict=True)
    )
    found = _Narrowing(old, new)
    if found.everything_may_differ:
        return Opened(*sides.opened(as_of, keep=keep))
    grown = grown_owners(aside[0], aside[1], paths, found.key)
    folder = f"{prefix}{PLANS}"
    while True:
        found.look_at(paths.difference(path for files, _ in grown.values() for path in files))
        lines = lines_mentioning(sides.repository, sides.old.commit, sorted(found.texts), [folder])
        found.look_through((name.removeprefix(prefix), line) for name, line in lines)
        # Whoever is listed for another reason is compared and judged as all that are listed.
        listed = grown.keys() & {found.key(path) for path in found.paths}
        if not listed:
            break
        grown = {key: each for key, each in grown.items() if key not in listed}
    for part in parts[:2]:
        part.show(found.paths)
    every = [each.difference for _, each in grown.values()]
    changed = tuple(each for each in every if each.changed or each.score.differs)
    plans = aimed_plans(aside[0], aside[1], (key for key, (_, each) in grown.items() if each.aimed))
    return Opened(old, new, changed, Aimed(aside[0], aside[1], plans) if plans else None)


def _has_links(old: Revision, paths: set[str]) -> bool:
    """Whether files may be read through links, so that what is the same by its name may differ."""
    if any(old.has_links(each) for each in (PLANS, LOGS)):
        return True
    folders = {path.rpartition("/")[0] for path in paths}
    return any(old.has_links(each) for each in folders if each.partition("/")[0] in {PLANS, LOGS})


class _Narrowing:
    """What a comparison needs, worked out without any list of plans.

    Attributes:
        everything_may_differ: whether nothing can be left out; then nothing need be looked at.
        paths: the files that differ, those that belong to them, and those that they refer to; once all others were
            looked through, those that refer to something that differs as well.
        texts: what has to be looked for in all others.
    """

    def __init__(self, old: Workspace, new: Workspace) -> None:
        self._sides = (old, new)
        self.everything_may_differ = self._is_about_everything()
        if self.everything_may_differ:
            return
        self._translation = Translation(old, new)
        self._called = self._names_of_owners()

    def look_at(self, paths: Collection[str]) -> None:
        """Works out what has to do with some files that differ, and with everything that bears on others.

        Args:
            paths: the files; all others are taken to be the same on both sides.
        """
        old, new = self._sides
        self.paths = set(paths)
        self._names_wanted: set[Name] = set()
        self._words_wanted: set[str] = set()
        self._ties_wanted: dict[tuple[Tie, str, str], set[Name] | str] = {}
        keys = {key for path in paths if (key := self.key(path)) is not None}
        subjects = subject_changes(old, new)
        keys |= {*self._of_cycles(), *self._of_subjects(subjects)}
        self._look_for_kpis(subjects)
        keys |= {
            PlanKey(cycle, owner) for owner in self._unknown(keys) for cycle in (*old.cycles, *new.cycles)
        }
        before: dict[PlanKey, Plan] = {}
        after: dict[PlanKey, Plan] = {}
        for key in sorted(keys):
            self._add_files(key)
            for side, plans in ((old, before), (new, after)):
                found = (side.plan(key.cycle, name) for name in self._names(key.owner))
                plan = next((each for each in found if each is not None), None)
                if plan is not None:
                    plans[key] = plan
        for side, plans in ((old, before), (new, after)):
            self._add_referred(side, plans.values())
        self._look_for_names(before, after)

    def _unknown(self, keys: Iterable[PlanKey]) -> set[str]:
        """The owners that org.yaml does not name: one finding says so of all of their plans."""
        owners = {key.owner for key in keys}
        return {each for each in owners for side in self._sides if side.owners and each not in side.owners}

    def _is_about_everything(self) -> bool:
        old, new = self._sides
        spans = [{name: each.span for name, each in side.cycles.items()} for side in self._sides]
        common = spans[0].keys() & spans[1].keys()
        return (
            old.settings != new.settings
            or (not old.shares_org(new) and _kinds_of_owners(old) != _kinds_of_owners(new))
            or any(spans[0][name] != spans[1][name] for name in common)
            or any(not looks_standard(name) for name in spans[0].keys() ^ spans[1].keys())
            or any(" " in name for name in common)  # references to it can't be told from text
        )

    def key(self, path: str) -> PlanKey | None:
        """Whose plan or log a file is, by the name on the new side."""
        place = place_of(path)
        if place is None:
            return None
        _, folder, name = place
        return PlanKey(canonical_name(folder), self._translation.owner(name))

    def _names_of_owners(self) -> dict[str, set[str]]:
        """What each owner is and was called on either side, by the name on the new one."""
        found: dict[str, set[str]] = {}
        old, new = self._sides
        if old.shares_org(new):
            for former, name in new.former_owners.items():
                found.setdefault(name, {name}).add(former)
            return found
        for side in self._sides:
            named: list[model.Team | model.Person] = [*side.org.teams, *side.org.people]
            for each in named:
                if each.formerly or self._translation.owner(each.id) != each.id:
                    name = self._translation.owner(each.id)
                    found.setdefault(name, {name}).update((each.id, *each.formerly))
        return found

    def _names(self, owner: str) -> list[str]:
        return [owner, *sorted(self._called.get(owner, {owner}) - {owner})]

    def _folders(self, cycle: str) -> set[str]:
        return {
            folder for side in self._sides if cycle in side.cycles for folder in side.cycles[cycle].folders
        }

    def _add_files(self, key: PlanKey) -> None:
        """Every file that may be a plan's or its log."""
        for folder in self._folders(key.cycle):
            for name in self._names(key.owner):
                self.paths |= {f"{PLANS}/{folder}/{name}.yaml", f"{LOGS}/{folder}/{name}.yaml"}

    def _of_cycles(self) -> Iterator[PlanKey]:
        """The plans of cycles whose state differs."""
        old, new = self._sides
        for cycle in old.cycles.keys() & new.cycles.keys():
            if old.state(cycle) is new.state(cycle):
                continue
            for side in self._sides:
                below = side.files.files_below if isinstance(side.files, Part) else side.files
                for folder in side.cycles[cycle].folders:
                    names = {name for top in (PLANS, LOGS) for name in below.files(f"{top}/{folder}")}
                    keys = (self.key(f"{PLANS}/{folder}/{name}") for name in names)
                    yield from (key for key in keys if key is not None)

    def _of_subjects(self, subjects: Iterable[SubjectChange]) -> Iterator[PlanKey]:
        """The plans of teams and people that differ; who came or went may be named anywhere."""
        for change in subjects:
            if change.kind == "KPI":
                continue
            for side in self._sides:
                yield from (PlanKey(cycle, change.id) for cycle in side.cycles)
            if not isinstance(change, SubjectChanged):
                self._words_wanted.update(self._names(change.id))

    def _look_for_kpis(self, subjects: Iterable[SubjectChange]) -> None:
        """The KPIs that differ, or that were measured."""
        measured = measurement_differences(*self._sides, self._translation)
        changed = {each.id for each in subjects if each.kind == "KPI"}
        for name in {*changed, *(each.id for each in measured)}:
            self._words_wanted |= self._names_of_kpi(name)

    def _names_of_kpi(self, name: str) -> set[str]:
        found = {name}
        for side in self._sides:
            for kpi in side.kpis:
                if name in {kpi.definition.id, self._translation.kpi(kpi.definition.id)}:
                    found.update((kpi.definition.id, *kpi.definition.formerly))
        return found

    def _add_referred(self, side: Workspace, plans: Iterable[Plan]) -> None:
        """What plans refer to, and what that refers to, and so on: circles go through it."""
        waiting: list[tuple[Reference, tuple[str, ...]]] = [
            (each.reference, _referred_to(each)) for plan in plans for each in plan.objectives
        ]
        seen = {reference for reference, _ in waiting}
        while waiting:
            source, texts = waiting.pop()
            for text in texts:
                named = side.parse(text, source.cycle)
                if named is None:
                    continue
                self._add_files(PlanKey(named.cycle, self._translation.owner(named.owner)))
                found = side.find(named.parent or named)
                if isinstance(found, Objective) and found.reference not in seen:
                    seen.add(found.reference)
                    waiting.append((found.reference, _referred_to(found)))

    def _look_for_names(self, before: dict[PlanKey, Plan], after: dict[PlanKey, Plan]) -> None:
        """What came or went by its name, and what more or fewer refer to."""
        for key in {*before, *after}:
            names = [plans[key].mentioned if key in plans else frozenset() for plans in (before, after)]
            for name in names[0] ^ names[1]:
                objective = name.partition("/")[0]
                self._names_wanted |= {(key.cycle, owner, objective) for owner in self._names(key.owner)}
        old, new = self._sides
        tied = ties(old, before.values(), self._translation), ties(new, after.values(), None)
        for found in {*tied[0], *tied[1]}:
            was, is_now = (each.get(found, set()) for each in tied)
            tie, target, _ = found
            if (
                was != is_now and not was & is_now
            ):  # else it is known that something refers to it on both sides
                kpi = tie is Tie.KPI
                self._ties_wanted[found] = target.removeprefix(KPI_PREFIX) if kpi else self._names_of(target)

    def _names_of(self, target: str) -> set[Name]:
        """All names of the objective that is, or holds, something on either side."""
        cycle, owner, objective = target.split("/")[:3]
        found: set[str] = {objective}
        for side in self._sides:
            for name in self._names(owner):
                thing = side.find(Reference(cycle, name, objective))
                if isinstance(thing, Objective):
                    found |= {thing.definition.id, *thing.definition.formerly}
        return {(cycle, name, each) for name in self._names(owner) for each in found}

    @property
    def texts(self) -> set[str]:
        """What has to be looked for in all other plans."""
        names = {*self._names_wanted}
        words = {*self._words_wanted}
        for wanted in self._ties_wanted.values():
            if isinstance(wanted, str):
                words |= self._names_of_kpi(wanted)
            else:
                names |= wanted
        found = {*words, *(f"{owner}/{objective}" for _, owner, objective in names)}
        return found and {*found, _ESCAPED}

    def look_through(self, lines: Iterable[tuple[str, str]]) -> None:
        """Takes in the files that refer to what was looked for.

        Args:
            lines: those of all plans of the old side in which any of `texts` stands, each with its file.
        """
        named: dict[Name, dict[str, None]] = {}
        worded: dict[str, dict[str, None]] = {}
        for path, line in lines:
            steps = path.split("/")
            if path in self.paths or len(steps) != 3:  # noqa: PLR2004 # okrs, a cycle, an owner's file
                continue
            if _ESCAPED in line:
                self.paths.add(path)
            for word in _WORD.findall(line):
                worded.setdefault(word, {})[path] = None
            for token in _TOKEN.findall(line):
                found = self._sides[0].parse(token, canonical_name(steps[1]))
                if found is not None:
                    named.setdefault((found.cycle, found.owner, found.objective), {})[path] = None
        for each in self._names_wanted:
            self.paths.update(named.get(each, ()))
        for word in self._words_wanted:
            self.paths.update(worded.get(word, ()))
        for tie, wanted in self._ties_wanted.items():
            names = self._names_of_kpi(wanted) if isinstance(wanted, str) else wanted
            where: dict[Any, dict[str, None]] = worded if isinstance(wanted, str) else named
            self._take_one(tie, [path for each in names for path in where.get(each, ())])

    def _take_one(self, tie: tuple[Tie, str, str], paths: Iterable[str]) -> None:
        """Takes in the first plan that refers to something, if any of them does."""
        old = self._sides[0]
        for path in paths:
            _, folder, name = path.split("/")
            plan = old.plan(canonical_name(folder), name.removesuffix(".yaml"))
            if (
                canonical_name(folder) == tie[2]
                and plan is not None
                and tie in ties(old, [plan], self._translation)
            ):
                self.paths.add(path)
                return


def _kinds_of_owners(workspace: Workspace) -> tuple[bool, bool, bool]:
    """Whether there is an org.yaml, and whether it lists teams and people: without, rules on them are silent."""
    return workspace.has_org, bool(workspace.org.teams), bool(workspace.org.people)


def _referred_to(objective: Objective) -> tuple[str, ...]:
    said = objective.definition
    inner = (text for each in objective.key_results for text in each.definition.depends_on)
    return (*said.supports, *said.depends_on, *inner)
