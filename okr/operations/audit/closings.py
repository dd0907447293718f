"""What came into logs on top of a closing: made before it and brought in later, or made in spite of it.

What counts is where a commit stands in the history, and when its author made it: neither tells all by itself.
"""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from okr.dataclass import dataclass
from okr.model import read_moment
from okr.operations.record.closings import made_after
from okr.operations.record.lineage import Lineage
from okr.rules.draws import counted_until, drawing
from okr.rules.records import cancelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from okr.git.history import CommitFacts
    from okr.operations.record.log_names import LogKey
    from okr.operations.record.recorded import Line
    from okr.workspace import Workspace

_KPI = "kpis/"


class Arrival(NamedTuple):
    """Lines that one commit brought into a closed cycle's record.

    Attributes:
        cycle: the cycle.
        closing: the commit that had closed it; None where history does not tell.
        commit: the one that brought them.
        lines: what it brought.
        made_after: whether they were made when the cycle was closed already.
        taken_back: whether they were, and then taken back, so that they change nothing.
    """

    cycle: str
    closing: CommitFacts | None
    commit: CommitFacts
    lines: tuple[Line, ...]
    made_after: bool
    taken_back: bool


@dataclass
class Closings:
    """The closings of all cycles, and what came on top of them.

    Attributes:
        workspace: as it is now.
        closures: for each cycle that was ever closed, the commits that closed it and opened it again.
        heads: every commit with its parents, as git tells them.
    """

    workspace: Workspace
    closures: Mapping[str, Sequence[tuple[CommitFacts | None, CommitFacts | None]]]
    heads: Sequence[bytes]

    def __post_init__(self) -> None:
        marks = chain.from_iterable(chain.from_iterable(self.closures.values()))
        self._lineage = Lineage(self.heads if self.closures else (), [each.id for each in marks if each])

    def concern(self, key: LogKey) -> bool:
        """Whether anything may have come into a log on top of a closing."""
        return key.cycle in self.closures if key.cycle else bool(self.closures)

    def over(self, key: LogKey, commit: str) -> bool:
        """Whether a commit came on top of a closing that may concern a log."""
        return any(self._closing_below(cycle, commit) for cycle in self._cycles(key))

    def arrivals(
        self, key: LogKey, brought: Iterable[tuple[Line, CommitFacts]], whole: Sequence[Line]
    ) -> Iterator[Arrival]:
        """What came into a log on top of closings.

        Args:
            key: the log.
            brought: lines of it and the commits that brought them.
            whole: all of its lines.
        """
        lines = list(brought)
        for cycle in self._cycles(key):
            found = [
                _Came(line, commit, *span)
                for line, commit in lines
                if (span := self._closing_below(cycle, commit.id)) and self._counts(key, cycle, line, span[0])
            ]
            yield from _told_apart(cycle, found, whole)

    def _cycles(self, key: LogKey) -> Iterable[str]:
        if not key.cycle:
            return self.closures
        return (key.cycle,) if key.cycle in self.closures else ()

    def _closing_below(self, cycle: str, commit: str) -> tuple[CommitFacts | None, CommitFacts | None] | None:
        """What closed the cycle before a commit came on top, and what opened it after that."""
        spans = self.closures[cycle]
        return next((span for span in spans if self._stood(commit, *span)), None)

    def _stood(self, commit: str, closed: CommitFacts | None, opened: CommitFacts | None) -> bool:
        """Whether a commit came on top of a closing while that stood."""
        after, before = self._lineage.came_after, self._lineage.came_before
        if closed is None or after(commit, closed.id):
            return opened is None or not (commit == opened.id or after(commit, opened.id))
        if commit == closed.id or before(commit, closed.id):
            return False
        return opened is None or before(commit, opened.id)  # made beside it, and merged while it stood

    def _counts(self, key: LogKey, cycle: str, line: Line, closing: CommitFacts | None) -> bool:
        """Whether a line is of the record of a cycle: of a KPI's, what its key results count."""
        if key.cycle:
            return True
        kpi = self.workspace.kpi(line.record.subject.removeprefix(_KPI))
        span = self.workspace.cycles[cycle].span if cycle in self.workspace.cycles else None
        if kpi is None or span is None:
            return False
        until = counted_until(self.workspace, cycle)
        if until is None:
            until = min(span.ends, date.fromisoformat(closing.day)) if closing else span.ends
        moment = read_moment(line.record.retracts or line.record.date)
        return any(drawing(self.workspace, cycle, kpi.definition.id, moment, until))


class _Came(NamedTuple):
    """A line that came on top of a closing, the commit that brought it, and what opened the cycle again after that."""

    line: Line
    commit: CommitFacts
    closing: CommitFacts | None
    opened: CommitFacts | None

    @property
    def is_late(self) -> bool:
        """Whether it was made when the cycle was closed already."""
        return self.closing is None or made_after(self.commit, self.closing)


def _told_apart(cycle: str, found: Sequence[_Came], whole: Sequence[Line]) -> Iterator[Arrival]:
    late = [each for each in found if each.is_late]
    theirs = {(each.line.path, each.line.number) for each in late}
    others = (
        (each.record.subject, each.record.date) for each in whole if (each.path, each.number) not in theirs
    )
    said = [(record.subject, record.date, record.retracts) for record in (each.line.record for each in late)]
    back = cancelling(said, others) if late else set()
    taken_back = {id(each) for place, each in enumerate(late) if place in back}
    groups: dict[tuple[str, bool, bool], list[_Came]] = {}
    for each in found:
        harmless = not each.is_late or id(each) in taken_back
        if not harmless or each.opened is None:  # opened since, the cycle could be graded with it
            groups.setdefault((each.commit.id, each.is_late, harmless), []).append(each)
    for (_, is_late, harmless), members in groups.items():
        first = members[0]
        lines = tuple(each.line for each in members)
        yield Arrival(cycle, first.closing, first.commit, lines, is_late, is_late and harmless)
