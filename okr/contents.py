"""What a loaded workspace holds: cycles, plans, objectives, key results, log records, teams, people, KPIs.

Each thing keeps its source, so that every finding can point at it. Loading them is `workspace.py`'s business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from okr.dataclass import dataclass
from okr.diagnostics import Finding, Place
from okr.documents import LocatedList, LocatedMapping
from okr.model import CycleState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from okr import model
    from okr.cycles import Cycle
    from okr.documents import Document
    from okr.references import Reference

L = TypeVar("L", "Objective", "KeyResult")
_SET = object.__setattr__
M_co = TypeVar("M_co", bound="model.FileModel", covariant=True)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a thing stands: its file, and the located mapping it was read from."""

    document: Document
    data: LocatedMapping

    @property
    def path(self) -> str:
        """The file, relative to the workspace's root."""
        return self.document.path

    def says(self, key: str) -> bool:
        """Whether the file has this key here, readable or not."""
        return self.data.says(key)

    def is_damaged(self, key: str) -> bool:
        """Whether the value of this key could not be read; a finding says so already."""
        return key in self.data.damaged

    def place(self, key: str | None = None, item: int | None = None) -> Place:
        """The place of a key's value, of one item of it, or, without a key, of the thing's first line."""
        found = None if key is None else self.data.value_at(key)
        if found is not None:
            value = self.data.get(key or "") if item is not None else None
            if item is not None and isinstance(value, LocatedList) and item < len(value.items_at):
                return value.items_at[item]
            return found
        whole = self.data.place
        if whole.end_line == whole.line:
            return whole
        return Place(whole.line, whole.column, whole.line, len(self.document.line(whole.line)) + 1)

    def written(self, key: str) -> str:
        """How the value of a key is written, quotes included; empty where it goes over several lines."""
        line, column, end_line, end_column = self.data.values_at[key]
        return "" if end_line > line else self.document.line(line)[column - 1 : end_column - 1]

    def key_place(self, key: str) -> Place:
        """The place of a key itself."""
        return self.data.keys_at.get(key) or self.place()

    def finding(
        self,
        message: str,
        *,
        key: str | None = None,
        item: int | None = None,
        hint: str | None = None,
        ref: Reference | None = None,
    ) -> Finding:
        """A finding about this thing, placed at one of its values where a key is given."""
        return Finding(self.path, self.place(key, item), message, hint, None if ref is None else str(ref))


@dataclass(frozen=True, slots=True)
class Located(Generic[M_co]):
    """A part of a file as a model, with its source."""

    definition: M_co
    source: Source


@dataclass(frozen=True, slots=True)
class KeyResult:
    """A key result of a plan.

    Attributes:
        reference: its full reference.
        accountable: the person accountable: the key result's own, the objective's, or the owner if a person.
    """

    reference: Reference
    definition: model.KeyResult
    source: Source
    accountable: str | None

    @property
    def title(self) -> str:
        """Its title, as the plan writes it."""
        return self.definition.title

    def finding(
        self, message: str, *, key: str | None = None, item: int | None = None, hint: str | None = None
    ) -> Finding:
        """A finding about this key result."""
        return self.source.finding(message, key=key, item=item, hint=hint, ref=self.reference)


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective of a plan, with its key results.

    Attributes:
        reference: its full reference.
        accountable: the person accountable: the objective's own, or the owner if a person.
    """

    reference: Reference
    definition: model.Objective
    source: Source
    accountable: str | None
    key_results: tuple[KeyResult, ...]

    @property
    def title(self) -> str:
        """Its title, as the plan writes it."""
        return self.definition.title

    def finding(
        self, message: str, *, key: str | None = None, item: int | None = None, hint: str | None = None
    ) -> Finding:
        """A finding about this objective."""
        return self.source.finding(message, key=key, item=item, hint=hint, ref=self.reference)


@dataclass(frozen=True, slots=True)
class Plan:
    """The OKRs of one owner in one cycle.

    Attributes:
        cycle: the cycle's canonical name.
        owner: the owner's present id.
        document: the file.
        objectives: those that could be read.
        mentioned: ids that the file names, whether or not what bears them could be read: `brand`, `brand/visits`.
    """

    cycle: str
    owner: str
    document: Document
    objectives: tuple[Objective, ...]
    mentioned: frozenset[str]

    @property
    def path(self) -> str:
        """The file, relative to the workspace's root."""
        return self.document.path


class _ToBePlaced:
    """What a record has besides what makes it equal to another."""

    __slots__ = ("_log",)
    _log: tuple[Document, int]


@dataclass(frozen=True, slots=True)
class Record(_ToBePlaced):
    """One line of a log: a check-in, a measurement of a KPI, or the line that takes one back.

    Attributes:
        position: which record of its log it is, from 0; later lines win where dates are equal.
    """

    definition: model.LogRecord
    source: Source
    position: int

    @classmethod
    def of_table(cls, definition: model.LogRecord, log: Document, item: int, first: int) -> Record:
        """A record of a log that is known to be right; where it stands is looked up when somebody asks for it.

        Args:
            definition: what it says.
            log: its file.
            item: which item of the file it is, from 0.
            first: how many records stand in the logs before this one.
        """
        record = cls.__new__(cls)
        for name, value in (("definition", definition), ("position", first + item), ("_log", (log, item))):
            _SET(record, name, value)
        return record

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 # as of any attribute
        """The source, where nobody has asked for it yet."""
        if name != "source":
            raise AttributeError(name, obj=self, name=name)
        log, item = self._log
        source = Source(log, log.root[item])
        _SET(self, "source", source)
        return source

    @property
    def stands(self) -> tuple[str, int]:
        """Its file and line, which of a log that is known to be right is told without reading it again."""
        if not hasattr(self, "_log"):
            return self.source.path, self.source.place().line
        log, item = self._log
        return log.path, item + 1 + (log.table.above if log.table else 0)

    @property
    def order(self) -> tuple[object, ...]:
        """Sorts records by the day as written, then by the time, then by the line."""
        return (*self.definition.date.order, self.position)


class _ToBeRead:
    """What a log has besides what makes it equal to another."""

    __slots__ = ("_read",)
    _read: Callable[[], tuple[Record, ...]]


@dataclass(frozen=True, slots=True)
class Log(_ToBeRead):
    """The check-ins of one owner in one cycle, or the measurements of all KPIs (then cycle and owner are empty)."""

    cycle: str
    owner: str
    document: Document
    records: tuple[Record, ...]

    @classmethod
    def to_be_read(
        cls, cycle: str, owner: str, document: Document, read: Callable[[], tuple[Record, ...]]
    ) -> Log:
        """A log of which nothing is wrong with any line by itself; its records are made when somebody asks for them."""
        log = cls.__new__(cls)
        for name, value in (("cycle", cycle), ("owner", owner), ("document", document), ("_read", read)):
            object.__setattr__(log, name, value)
        return log

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 # as of any attribute
        """The records, where they have not been made yet."""
        if name != "records":
            raise AttributeError(name, obj=self, name=name)
        records = self._read()
        object.__setattr__(self, "records", records)
        return records

    @property
    def path(self) -> str:
        """The file, relative to the workspace's root."""
        return self.document.path


@dataclass(frozen=True, slots=True)
class LoadedCycle:
    """A cycle that has a folder.

    Attributes:
        name: its canonical name.
        folders: the folders that stand for it below `okrs/` and `checkins/`; more than one where a name is
            written in two ways, such as `FY21-Q3` and `2021-Q3`.
        span: its first and last day; None where neither its name nor its cycle.yaml says them.
        facts: what its cycle.yaml says.
        source: that file, or None where there is none.
    """

    name: str
    folders: tuple[str, ...]
    span: Cycle | None
    facts: model.CycleFacts
    source: Source | None

    @property
    def closed_on(self) -> date | None:
        """The day up to which its grades count what was said; None where it is open, or nobody says when it was closed."""
        return self.facts.closed if self.facts.state is CycleState.CLOSED else None


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has OKRs: a team, a person, or an id that org.yaml does not know."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A check-in as it counts: a record of a key result or KPI, and the record that took it back, if one did."""

    record: Record
    retracted_by: Record | None = None

    @property
    def counts(self) -> bool:
        """Whether it still counts."""
        return self.retracted_by is None


def by_id(items: tuple[L, ...]) -> dict[str, L]:
    """Things by their ids, and by those they had before where nothing has these now; of two alike, the first."""
    former = {old: item for item in reversed(items) for old in item.definition.formerly}
    return former | {item.definition.id: item for item in reversed(items)}


def mentioned_ids(root: object) -> frozenset[str]:
    """The ids in a plan's raw data, of objectives and of key results, those they had before included."""
    found: set[str] = set()
    for objective in mappings(root, "objectives"):
        for name in _ids(objective):
            found.add(name)
            found.update(
                f"{name}/{inner}" for each in mappings(objective, "key_results") for inner in _ids(each)
            )
    return frozenset(found)


def mappings(holder: object, key: str) -> Iterator[LocatedMapping]:
    """The mappings in the list that stands under a key; none where there is no such list."""
    items = holder.get(key) if isinstance(holder, LocatedMapping) else None
    if isinstance(items, LocatedList):
        yield from (item for item in items if isinstance(item, LocatedMapping))


def _ids(item: LocatedMapping) -> Iterator[str]:
    former = item.get("formerly")
    for name in (item.get("id"), *(former if isinstance(former, LocatedList) else (former,))):
        if isinstance(name, (str, int)):
            yield str(name)
