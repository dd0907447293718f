"""What became of the lines of logs: which are new, which say something else than they did, and which are gone.

Lines are compared by what they say, whatever their order and layout, and by present ids. No rules here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import KeyResult
from okr.dataclass import dataclass, field
from okr.references import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okr.contents import Log, Record
    from okr.model import LogRecord
    from okr.rules.earlier import Earlier, Pair

FIELDS = ("date", "kr", "kpi", "value", "confidence", "by", "note", "retracts")
"""The keys of a line, in the order in which it is compared."""

_DATE_AND_SUBJECT = slice(0, 3)
_MOST_COMPARED = 20
_WORKED_OUT = "log changes"
Said = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A line that says something else than it did.

    Attributes:
        keys: the keys whose values differ.
    """

    then: Record
    now: Record
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogChanges:
    """What became of the lines of an owner's log, or of the KPIs'.

    Attributes:
        added: in the order of the lines, as are the others.
        changed: those that say something else.
        removed: those that are gone, as they were.
    """

    pair: Pair[Log]
    added: tuple[Record, ...]
    changed: tuple[ChangedRecord, ...]
    removed: tuple[Record, ...]

    @property
    def whole_log_is_gone(self) -> bool:
        """Whether there is no such log any more."""
        return not self.pair.now


@dataclass
class _Left:
    """The lines of one log that have no equal on the other side, by what they say."""

    pair: Pair[Log]
    then: dict[Said, Record]
    now: dict[Said, Record]
    changed: list[ChangedRecord] = field(default_factory=list)


def log_changes(earlier: Earlier) -> tuple[LogChanges, ...]:
    """What became of each log that differs; worked out once for all rules that ask.

    Of a cycle that is not closed those are left out that have only got further lines, as nearly all have.
    """
    if _WORKED_OUT not in earlier.worked_out:
        earlier.worked_out[_WORKED_OUT] = tuple(_log_changes(earlier))
    found: tuple[LogChanges, ...] = earlier.worked_out[_WORKED_OUT]
    return found


def _log_changes(earlier: Earlier) -> Iterator[LogChanges]:
    pairs = earlier.logs
    if all(pair.now for pair in pairs):  # else a line may have come from a log that is gone
        pairs = tuple(pair for pair in pairs if earlier.stays_closed(pair.cycle) or not _has_only_grown(pair))
    found = [_left(pair, earlier) for pair in pairs]
    for each in found:
        _match_changed(each)
    for each in found:
        if not each.pair.now:
            for other in found:
                if other.pair.cycle == each.pair.cycle:
                    _match_moved(each, other)
    for each in found:
        yield LogChanges(each.pair, tuple(each.now.values()), tuple(each.changed), tuple(each.then.values()))


def _has_only_grown(pair: Pair[Log]) -> bool:
    """Whether each line that a log had stands there as it was written; told of logs of which each line is a record."""
    if not pair.cycle or len(pair.then) > 1 or len(pair.now) != 1:
        return False
    if any(log.document.table is None for log in (*pair.then, *pair.now)):
        return False
    now = set(pair.now[0].document.text.split("\n"))
    return all(now.issuperset(log.document.text.split("\n")) for log in pair.then)


def _left(pair: Pair[Log], earlier: Earlier) -> _Left:
    # Of equal lines, as a merge may leave them, one is enough: what it says is still said.
    names = _PresentNames(pair, earlier)
    then, now = (
        {_said(record, names): record for log in logs for record in log.records}
        for logs in (pair.then, pair.now)
    )
    return _Left(
        pair,
        {said: record for said, record in then.items() if said not in now},
        {said: record for said, record in now.items() if said not in then},
    )


def _match_changed(left: _Left) -> None:
    """Finds for each line that is gone the one that stands in its place.

    That is one about the same and of the same date, or one that differs from it in a single key; of several, the one
    that differs least.
    """
    near: dict[object, list[Said]] = {}
    for said in left.now:
        for mark in _marks(said):
            near.setdefault(mark, []).append(said)
    for said, record in list(left.then.items()):
        candidates = (
            other
            for mark in _marks(said)
            for other in near.get(mark, ())[:_MOST_COMPARED]
            if other in left.now
        )
        other = min(candidates, key=lambda other: len(_differing(said, other)), default=None)
        if other is not None:
            del left.then[said]
            left.changed.append(ChangedRecord(record, left.now.pop(other), _differing(said, other)))


def _marks(said: Said) -> Iterator[object]:
    """What a line shares with one that may stand in its place: its subject and date, or all but one of its keys."""
    yield said[_DATE_AND_SUBJECT]
    for place in range(len(FIELDS)):
        yield place, (*said[:place], *said[place + 1 :])


def _match_moved(gone: _Left, other: _Left) -> None:
    """Finds lines of a log that is gone in another: as where an owner is renamed whom no org.yaml names."""
    for said in [each for each in gone.then if each in other.now]:
        del gone.then[said]
        del other.now[said]


def _differing(one: Said, other: Said) -> tuple[str, ...]:
    return tuple(key for key, first, second in zip(FIELDS, one, other, strict=True) if first != second)


class _PresentNames:
    """What the lines of one log name, by present ids: each name is looked up once, however many lines have it."""

    def __init__(self, pair: Pair[Log], earlier: Earlier) -> None:
        self._pair = pair
        self._earlier = earlier
        self._known: dict[tuple[str | None, str | None, str | None], tuple[str | None, ...]] = {}

    def of(self, said: LogRecord) -> tuple[str | None, ...]:
        """The key result, the KPI and the person of a line."""
        written = (said.kr, said.kpi, said.by)
        if written not in self._known:
            by = None if said.by is None else self._earlier.present(said.by)
            self._known[written] = (self._key_result(said.kr), self._kpi(said.kpi), by)
        return self._known[written]

    def _key_result(self, name: str | None) -> str | None:
        objective, _, key_result = (name or "").partition("/")
        if not key_result:
            return name
        found = self._earlier.now.find(Reference(self._pair.cycle, self._pair.owner, objective, key_result))
        return found.reference.within_log if isinstance(found, KeyResult) else name

    def _kpi(self, name: str | None) -> str | None:
        found = None if name is None else self._earlier.now.kpi(name)
        return name if found is None else found.definition.id


def _said(record: Record, names: _PresentNames) -> Said:
    """What a line says, by present ids."""
    said = record.definition
    kr, kpi, by = names.of(said)
    value, confidence = (None if each != each else each for each in (said.value, said.confidence))  # noqa: PLR0124 # no number equals itself but one that is none
    return (said.date, kr, kpi, value, confidence, by, said.note, said.retracts)


def cancelling(
    lines: Sequence[tuple[str, str, str | None]], others: Iterable[tuple[str, str]] = ()
) -> set[int]:
    """The places of lines that cancel each other: check-ins, and what takes back these and nothing else.

    Args:
        lines: of one log: what each is about, its date, and the date of what it takes back.
        others: what further lines of the log are about, and their dates.
    """
    kept = set(others)
    made = {(subject, date) for subject, date, back in lines if back is None} - kept
    taken = {(subject, back) for subject, _, back in lines if back is not None}
    return {
        place
        for place, (subject, date, back) in enumerate(lines)
        if (subject, date if back is None else back) in made & taken
    }
