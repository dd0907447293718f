"""A workspace as loaded: what its files say, each read when it is first asked for, the same from any source.

The working tree and a git revision are two sources of the same shape. Loading collects problems and never stops
at one; whether what was read makes sense is for the rules.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain, product
from typing import TYPE_CHECKING, Any

from okr import model
from okr.contents import (
    CheckIn,
    KeyResult,
    LoadedCycle,
    Located,
    Log,
    Objective,
    Plan,
    Record,
    by_id,
)
from okr.cycles import Calendar, Cycle, canonical_name, current_cycle, custom_cycle, named_cycle
from okr.diagnostics import Finding, Problem
from okr.documents import Document, LocatedMapping
from okr.errors import UsageError
from okr.histories import Histories, read_log
from okr.org import items_of
from okr.owned_files import WithOwnedFiles, in_order
from okr.plan_reading import read_plan
from okr.reader import Reader
from okr.references import Reference, parse_reference
from okr.roots import ATTRIBUTES as ATTRIBUTES
from okr.roots import CYCLE_FACTS as CYCLE_FACTS
from okr.roots import KPI_LOG as KPI_LOG
from okr.roots import KPIS as KPIS
from okr.roots import LOGS as LOGS
from okr.roots import ORG as ORG
from okr.roots import PLANS as PLANS
from okr.roots import SETTINGS
from okr.shapes import is_foreign
from okr.strays import Strays, find_strays, in_place_of_folders

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from okr.measures import Reading
    from okr.reader import ReadBefore
    from okr.revisions import Moment
    from okr.sources import Files
_MOST_NAMES = 20
"""So many ids are looked for in the bytes of all plans; with more, parsing them takes less time."""


class Workspace(WithOwnedFiles):
    """All that the files of a workspace say.

    Attributes:
        files: where they come from.
        as_of: the day that counts as today.
        title: what to call the workspace where its settings give no name.
        moment: the commit the files are of; None for the working tree.
        problems: what was found wrong while reading, for as much as has been read so far.
        worked_out: what whoever reads it has worked out of it, kept for as long as the workspace is.

    Whoever opens a workspace over and over hands in what was read `before`.
    """

    def __init__(
        self,
        files: Files,
        *,
        as_of: date,
        title: str,
        moment: Moment | None = None,
        before: ReadBefore | None = None,
        like: Workspace | None = None,
        keep: bool = False,
    ) -> None:
        """Reads nothing yet.

        Args:
            files: where they come from.
            as_of: the day that counts as today.
            title: what to call it.
            moment: the commit the files are of.
            before: what was read before.
            like: another version, with which it shares the documents that are the same in both.
            keep: whether the user's cache folder may help, and be kept up to date.
        """
        super().__init__()
        self.files = files
        self.as_of = as_of
        self.title = title
        self.moment = moment
        self._reader: Reader = Reader(files, before, like._reader if like else None)  # noqa: SLF001 # of its own kind
        self._keep = keep or (like is not None and like._keep)  # noqa: SLF001 # likewise
        self.worked_out: dict[object, Any] = {}
        self._plans: dict[str, tuple[Plan, ...]] = {}
        self._plan_files: dict[str, Plan] = {}
        self._plans_found: dict[tuple[str, str], Plan | None] = {}
        self._logs: dict[tuple[str, str], tuple[Log, ...]] = {}
        self._objectives_by_id: dict[str, dict[str, Objective]] = {}
        self._key_results_by_id: dict[int, dict[str, KeyResult]] = {}
        self._histories = Histories(self)

    # What is read

    def document(self, path: str) -> Document | None:
        """A file as located data; None where there is none."""
        return self._reader.document(path)

    def has_same(self, path: str, other: Workspace) -> bool:
        """Whether another version's file has the same bytes, or neither version has one; neither need be read for it."""
        return self._reader.content(path) == other._reader.content(path)

    def share(self, paths: Iterable[str]) -> None:
        """Says of files that they are the same in the version that this one was made like; they are read there."""
        self._reader.shared = frozenset(paths)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The files read so far, by path."""
        self.finish_org()
        return self._reader.documents

    @property
    def documents_read(self) -> tuple[Document, ...]:
        """The same, but for an org.yaml that has only been looked up in."""
        return self._reader.documents

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found wrong with the files read so far: as YAML, and in their shape."""
        return self._reader.problems

    def found(self, rule: str, document: Document) -> list[Finding]:
        """What was found while reading a file that is filed under a rule's name."""
        return self._reader.found(rule, document)

    @property
    def paths(self) -> frozenset[str]:
        """The files read so far, and all plans and logs that there are."""
        self.finish_org()
        listed = (self.plan_paths(cycle) | self.log_paths(cycle) for cycle in self.cycles)
        return frozenset(self._reader.paths).union(*listed)

    @property
    def asked(self) -> set[str]:
        """The files that were asked for, be they there or not; whoever wants to know of some time empties it first."""
        return self._reader.asked

    def problems_of(self, document: Document) -> tuple[Problem, ...]:
        """What was found wrong with one file: as YAML, and in its shape, as far as that was looked at."""
        return self._reader.problems_of(document)

    def forget_owned(self) -> None:
        """Gives the memory of all plans and logs back; whoever asks for one reads it again."""
        plans = [plan.path for plan in self._plan_files.values() if self._is_plan(plan.cycle, plan.path)]
        logs = [log.path for found in self._logs.values() for log in found]
        for path in (*plans, *logs):
            self._reader.forget(path)
        for kept in (self._plans, self._plan_files, self._plans_found, self._logs):
            kept.clear()
        self._objectives_by_id.clear()
        self._key_results_by_id.clear()
        self._histories.forget_owners()

    def load_everything(self) -> None:
        """Reads every file of the workspace."""
        # Of an org.yaml that is only looked up in it is known that nothing is wrong in it.
        _ = self.settings, self._plain or self.org, self.kpis, self.kpi_log, self.strays
        for cycle in self.cycles:
            _ = self.logs(cycle), self.plans(cycle)

    # Settings, org, KPIs

    @cached_property
    def settings_file(self) -> Located[model.Settings] | None:
        """okr.yaml, where it could be read."""
        document = self.document(SETTINGS)
        if document is not None and isinstance(document.root, LocatedMapping) and is_foreign(document.root):
            place = next(iter(document.root.keys_at.values()))
            message = "this okr.yaml is another tool's: none of its keys is a setting of okr"
            hint = "a workspace's okr.yaml may say: " + ", ".join(model.Settings.file_keys())
            self._reader.note(
                document, [Problem("foreign-settings", Finding(document.path, place, message, hint))]
            )
            return None
        return self._reader.whole_file(SETTINGS, model.Settings)

    @property
    def settings(self) -> model.Settings:
        """The workspace's settings; the defaults where okr.yaml says nothing."""
        return self.settings_file.definition if self.settings_file else model.Settings()

    @property
    def name(self) -> str:
        """What the workspace is called."""
        return self.settings.name or self.title

    @property
    def calendar(self) -> Calendar:
        """When the workspace's years start and how they are named."""
        return Calendar(self.settings.year_starts, self.settings.year_named_after)

    @cached_property
    def kpis_file(self) -> Located[model.Kpis] | None:
        """kpis.yaml, where there is one and it could be read."""
        return self._reader.whole_file(KPIS, model.Kpis)

    @property
    def kpis(self) -> tuple[Located[model.Kpi], ...]:
        """The KPIs with their sources."""
        return items_of(self.kpis_file, "kpis", self.kpis_file.definition.kpis if self.kpis_file else ())

    def kpi(self, name: str) -> Located[model.Kpi] | None:
        """A KPI by its id, or by one it had before."""
        return self._kpis_by_id.get(name)

    @cached_property
    def _kpis_by_id(self) -> dict[str, Located[model.Kpi]]:
        former = {old: kpi for kpi in self.kpis for old in kpi.definition.formerly}
        return former | {kpi.definition.id: kpi for kpi in reversed(self.kpis)}

    # Cycles

    @cached_property
    def cycles(self) -> dict[str, LoadedCycle]:
        """The cycles that have a folder, by canonical name, in order of their first day."""
        for path in in_place_of_folders(self.files, (PLANS, LOGS)):
            self.document(path)
        folders: dict[str, list[str]] = {}
        for folder in sorted({*self.files.folders(PLANS), *self.files.folders(LOGS)}):
            if not folder.startswith("."):
                folders.setdefault(canonical_name(folder), []).append(folder)
        loaded = [self._load_cycle(name, tuple(found)) for name, found in folders.items()]
        loaded.sort(
            key=lambda cycle: (
                cycle.span is None,
                cycle.span.starts.toordinal() if cycle.span else 0,
                cycle.name,
            )
        )
        return {cycle.name: cycle for cycle in loaded}

    def _load_cycle(self, name: str, folders: tuple[str, ...]) -> LoadedCycle:
        facts: Located[model.CycleFacts] | None = None
        for folder in folders:
            facts = facts or self._reader.whole_file(f"{PLANS}/{folder}/{CYCLE_FACTS}", model.CycleFacts)
        said = facts.definition if facts else model.CycleFacts()
        span = named_cycle(name, self.calendar)
        starts, ends = said.starts or (span and span.starts), said.ends or (span and span.ends)
        if (
            starts
            and ends
            and starts <= ends
            and (span is None or (starts, ends) != (span.starts, span.ends))
        ):
            span = custom_cycle(name, starts, ends)
        return LoadedCycle(name, folders, span, said, facts.source if facts else None)

    @property
    def current_cycle(self) -> Cycle:
        """The shortest cycle with files that holds today, else the quarter that does."""
        holding = (each for each in self.cycles.values() if each.span and each.span.contains(self.as_of))
        spans = [each.span for each in holding if each.span and self.has_plans(each.name)]
        return current_cycle(self.as_of, self.calendar, spans)

    def state(self, cycle: str) -> model.CycleState:
        """Where a cycle stands, as its cycle.yaml says; active where it says nothing."""
        loaded = self.cycles.get(cycle)
        return loaded.facts.state if loaded else model.CycleState.ACTIVE

    def cycle(self, name: str) -> Cycle:
        """A cycle by any of its names, with or without files; `Q4` is enough where only one with files ends so.

        Raises:
            UsageError: the name stands for no cycle.
        """
        wanted = canonical_name(name)
        loaded = self.cycles.get(wanted)
        span = loaded.span if loaded else named_cycle(wanted, self.calendar)
        if span is None:
            ending = [each for each in self.cycles if each.casefold().endswith(f"-{wanted.casefold()}")]
            if len(ending) == 1 and wanted:
                return self.cycle(ending[0])
            known = ", ".join(ending or self.cycles) or "none yet"
            raise UsageError(f"there is no cycle {model.quoted(name)}", f"cycles here: {known}")
        return span

    def cycle_asked(self, name: str | None) -> Cycle:
        """The same, or the current one where none is named."""
        return self.current_cycle if name is None else self.cycle(name)

    # Plans

    def plans(self, cycle: str) -> tuple[Plan, ...]:
        """Every plan file of a cycle; where two stand for one owner, both are here, the present id's first."""
        if cycle not in self._plans:
            found = [self._plan_file(cycle, path, stem) for path, (_, stem) in self.plan_paths(cycle).items()]
            found.sort(key=lambda plan: in_order(plan.owner, plan.path))
            self._plans[cycle] = tuple(found)
        return self._plans[cycle]

    def plan_files_of(self, cycle: str, owner: str) -> tuple[Plan, ...]:
        """Every plan file of one owner in a cycle: several only where they are spread, which is a mistake."""
        found = (self._plan_file(cycle, path, stem) for path, stem in self._paths_of(cycle, owner))
        return tuple(sorted(found, key=_in_order))

    def plans_mentioning(self, cycle: str, reference: Reference) -> Iterator[Plan]:
        """The plans of a cycle that may refer to something or a part of it, in the order of `plans`; no others are parsed."""
        tails = ["/".join((*each, "")) for each in product(*self._called(reference))]
        whose = set()
        for folder in self._folders(cycle):
            for path in self._reader.mentioning(f"{PLANS}/{folder}", tails):
                stem = path.rpartition("/")[2].removesuffix(".yaml")
                self._listed.add(path)
                whose.add(self.former_owners.get(stem, stem))
        for each in sorted(whose):
            yield from self.plan_files_of(cycle, each)

    def owners_naming(
        self, cycle: str, owners: Iterable[str], kpis: Iterable[str] = ()
    ) -> tuple[str, ...] | None:
        """Whose plans in a cycle may name some owners or KPIs, and these owners' own: no plan is parsed to tell.

        Returns:
            None where that would take longer than parsing all of them, or can't be told: numbers can be written in many ways.
        """
        found = set(self.plan_owners_among(cycle, owners))
        names = [*kpis, *chain.from_iterable((owner, *self.former_names(owner)) for owner in owners)]
        if len(names) > _MOST_NAMES or any(name.isdigit() for name in names):
            return None
        for folder in self._folders(cycle):
            for path in self._reader.mentioning(f"{PLANS}/{folder}", names):
                stem = path.rpartition("/")[2].removesuffix(".yaml")
                self._listed.add(path)
                found.add(self.former_owners.get(stem, stem))
        return tuple(sorted(found))

    def _called(self, reference: Reference) -> Iterator[list[str]]:
        """For each part of a reference, behind its cycle, all that it may be called in files."""
        yield [reference.owner, *self.former_names(reference.owner)]
        plan = self.plan(reference.cycle, reference.owner)
        named = by_id(plan.objectives) if plan else {}
        yield _leading_to(Reference(*reference.segments[:3]), named)
        if reference.key_result is not None:
            objectives = {id(each): each for each in named.values()}.values()
            names = (_leading_to(reference, by_id(each.key_results)) for each in objectives)
            yield list(dict.fromkeys(chain.from_iterable(names)))

    def plan(self, cycle: str, owner: str) -> Plan | None:
        """The plan of one owner in one cycle; reads that file only."""
        key = (cycle, owner)
        if key not in self._plans_found:
            self._plans_found[key] = self._find_plan(cycle, owner)
        return self._plans_found[key]

    def _find_plan(self, cycle: str, owner: str) -> Plan | None:
        for path, name in self.plan_places(cycle, owner):
            if self.document(path) is not None:
                return self._plan_file(cycle, path, name)
        return None

    @property
    def all_plans(self) -> Iterator[Plan]:
        """Every plan of every cycle."""
        for cycle in self.cycles:
            yield from self.plans(cycle)

    def _plan_file(self, cycle: str, path: str, stem: str) -> Plan:
        if path not in self._plan_files:
            document = self.document(path) or Document(path, "", None)
            owner = self.former_owners.get(stem, stem)
            self._plan_files[path] = read_plan(self._reader, self, cycle, owner, document)
        return self._plan_files[path]

    # Logs

    def logs(self, cycle: str) -> tuple[Log, ...]:
        """Every log of a cycle."""
        return tuple(log for owner in self.log_owners(cycle) for log in self.owner_logs(cycle, owner))

    def owner_logs(self, cycle: str, owner: str) -> tuple[Log, ...]:
        """The logs that hold one owner's check-ins in a cycle: one, or several where the owner had another id."""
        key = (cycle, owner)
        if key not in self._logs:
            loaded: list[Log] = []
            for path in self.log_paths_of(cycle, owner):
                document = self.document(path)
                if document is not None:
                    first = sum(len(log.records) for log in loaded)
                    loaded.append(read_log(self._reader, cycle, owner, document, first))
            self._logs[key] = tuple(loaded)
        return self._logs[key]

    @property
    def kpi_log(self) -> Log | None:
        """The measurements of the KPIs, or None where there are none yet."""
        self.asked.add(KPI_LOG)
        return self._kpi_log

    @cached_property
    def _kpi_log(self) -> Log | None:
        document = self.document(KPI_LOG)
        return None if document is None else read_log(self._reader, "", "", document, 0)

    # Check-ins, as they count

    def checkins(self, key_result: KeyResult) -> tuple[CheckIn, ...]:
        """The check-ins of a key result in its owner's log, in order, those taken back included and marked."""
        return self._histories.checkins(key_result)

    def readings(self, key_result: KeyResult) -> tuple[Reading, ...] | None:
        """Those of them that count, as the formulas take them; None where that takes more than a glance at the log."""
        return self._histories.readings(key_result)

    def measurements(self, kpi: str) -> tuple[CheckIn, ...]:
        """The measurements of a KPI of all years, in order, those taken back included and marked."""
        self.asked.add(KPI_LOG)
        return self._histories.measurements(kpi)

    def lines_about(self, key_result: KeyResult) -> tuple[Record, ...]:
        """Every record of a key result, retractions included, in the order of the lines."""
        return self._histories.lines_about(key_result)

    def lines_about_kpi(self, kpi: str) -> tuple[Record, ...]:
        """Every record of a KPI, retractions included, in the order of the lines."""
        return self._histories.lines_about_kpi(kpi)

    # References

    def parse(self, text: str, own_cycle: str) -> Reference | None:
        """A reference as a file writes it, with the owner's present id; None where it is malformed."""
        found = parse_reference(text, own_cycle=own_cycle, known_cycles=self.cycles.keys())
        if found is None or found.owner not in self.former_owners:
            return found
        return Reference(found.cycle, self.former_owners[found.owner], found.objective, found.key_result)

    def find(self, reference: Reference) -> Objective | KeyResult | None:
        """The objective or key result that a reference names, by its present id or one it had before."""
        plan = self.plan(reference.cycle, reference.owner)
        objective = None if plan is None else self.objective_in(plan, reference.objective)
        if objective is None or reference.key_result is None:
            return objective
        return self.key_result_in(objective, reference.key_result)

    def objective_in(self, plan: Plan, name: str) -> Objective | None:
        """An objective of a plan, by its present id or one it had before."""
        if plan.path not in self._objectives_by_id:
            self._objectives_by_id[plan.path] = by_id(plan.objectives)
        return self._objectives_by_id[plan.path].get(name)

    def key_result_in(self, objective: Objective, name: str) -> KeyResult | None:
        """A key result of an objective, likewise."""
        key = id(objective)  # its plan is kept, so that no other objective can have its identity
        if key not in self._key_results_by_id:
            self._key_results_by_id[key] = by_id(objective.key_results)
        return self._key_results_by_id[key].get(name)

    def mentions(self, reference: Reference) -> bool:
        """Whether a plan names this id, or can't be read so that it might: then nobody should call it unknown."""
        plan = self.plan(reference.cycle, reference.owner)
        if plan is None:
            return False
        if not plan.document.readable or plan.document.root is None:
            return True
        name = (
            reference.objective
            if reference.key_result is None
            else f"{reference.objective}/{reference.key_result}"
        )
        return name in plan.mentioned

    @cached_property
    def strays(self) -> Strays:
        """YAML files that nothing reads, because of their name or their place."""
        return find_strays(self.files, (PLANS, LOGS), {KPI_LOG})


def _leading_to(reference: Reference, named: Mapping[str, Objective] | Mapping[str, KeyResult]) -> list[str]:
    return [name for name, each in named.items() if each.reference == reference]


def _in_order(plan: Plan) -> tuple[str, bool, str]:
    return in_order(plan.owner, plan.path)
