"""A story in columns: in which order its entries are told, and by which commits they were brought.

No thing of its own is made for any of a hundred thousand check-ins. Those that say the time they were made at are put
in order before git has told by whom; whatever else is to be told takes its place among them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, chain, compress, count, islice, repeat
from math import inf
from operator import and_, eq, gt, itemgetter
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.git.history import CommitFacts
from okr.operations.chronicle_entries import ToldPlan
from okr.operations.chronicle_lines import as_recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okr.git.messages import CommitRow
    from okr.operations.chronicle_entries import Order, Told
    from okr.operations.chronicle_lines import Origins, StoryLines
    from okr.operations.subject_lines import Order as LineOrder
    from okr.operations.subject_lines import SubjectLines
    from okr.operations.tracing import LogKey

_PLACE: Callable[[LineOrder], int] = itemgetter(2)
_FEW = 8
"""Of so many entries one may be another than a line with a time where it is worth to tell these by themselves."""


@dataclass(frozen=True, slots=True)
class TimedLines:
    """Lines that each say a time, and that the last commit has as they are.

    Attributes:
        subjects: what they are about.
        orders: the day, time and place in the log of each line, those about one subject after those about another.
        newest_first: the lines' positions there in the order in which they are told.
    """

    subjects: Sequence[SubjectLines] = ()
    orders: Sequence[LineOrder] = ()
    newest_first: Sequence[int] = ()

    def brought(self, origins: Origins) -> TimedLines:
        """Those of logs that are as the messages of commits tell; all or none where that is most or few of them."""
        subjects = [each for each in self.subjects if each.key in origins.settled]
        if len(subjects) == len(self.subjects):
            return self
        found = _in_order(subjects)
        return found if len(self.orders) - len(found.orders) <= len(self.orders) // _FEW else TimedLines()


def timed_lines(lines: StoryLines) -> TimedLines:
    """Puts lines in order as far as that can be done before it is known who brought them; of few it is left alone."""
    found = _in_order([each for each in lines.subjects if lines.is_timed(each)])
    every = sum(len(each.orders) for each in lines.subjects)
    return found if every - len(found.orders) <= every // _FEW else TimedLines()


def _in_order(subjects: Sequence[SubjectLines]) -> TimedLines:
    orders = [*chain.from_iterable([each.orders for each in subjects])]
    return TimedLines(subjects, orders, sorted(range(len(orders)), key=orders.__getitem__, reverse=True))


class StoryColumns:
    """What is to be told, each entry with a number: lines with a time by their positions, then all else.

    Attributes:
        timed: the lines with a time.
        others: all else.
        newest_first: the numbers in the order in which the story is told.
        days: the day of each entry, by its number.
        commits: where in `rows` the commit is that brought each, by its number.
        rows: commits; None stands for none that is known, and for those of plans.

    Args:
        timed: lines with a time.
        others: all else.
        origins: who brought all of them.
    """

    def __init__(self, timed: TimedLines, others: Sequence[Told], origins: Origins) -> None:
        self.timed = timed
        self.others = sorted(others, key=itemgetter(0), reverse=True)
        self._starts = [*accumulate(map(len, [each.orders for each in timed.subjects]), initial=0)]
        self.days: list[str] = [order[0] for order in timed.orders]
        self.days += [each[0][0] for each in self.others]
        self.rows: list[CommitRow | None] = []
        self.commits: list[int] = []
        self._bring(origins)
        self.newest_first = self._merged()
        self._set_right(origins)

    def told(self, number: int) -> Told:
        """What an entry is about, by its number."""
        found = number - len(self.timed.orders)
        if found >= 0:
            return self.others[found]
        subject = bisect_right(self._starts, number) - 1
        day, time, place = self.timed.orders[number]
        at = number - self._starts[subject]
        return (
            (day, time, 0, 1, place),
            self.timed.subjects[subject],
            at,
            self.rows[self.commits[number]],
            True,
        )

    def tell(self) -> Iterator[Told]:
        """All entries, the newest first."""
        return map(self.told, self.newest_first)

    def _bring(self, origins: Origins) -> None:
        """Notes which commits brought what."""
        rows, commits, by_hand = self.rows, self.commits, _Places(self.rows)
        log = None
        numbers: Sequence[int] = ()
        for subject in self.timed.subjects:
            if origins.settled[subject.key] is not log:
                log = origins.settled[subject.key]
                if not rows:
                    rows += log.rows  # all logs have the same
                numbers = log.numbers
                if log.by_hand:
                    numbers = [*numbers]
                    for at, row in log.by_hand.items():
                        numbers[at] = by_hand.of(row)
            commits += map(numbers.__getitem__, map(_PLACE, subject.orders))
        commits += [by_hand.of(None if isinstance(each, ToldPlan) else each[3]) for each in self.others]

    def _merged(self) -> list[int]:
        """All numbers, in order: that of each other entry between those of lines."""
        lines, orders = self.timed.newest_first, self.timed.orders
        if not self.others:
            return [*lines]
        found: list[int] = []
        start = 0
        for number, each in enumerate(self.others, start=len(orders)):
            order = each[0]
            end = bisect_left(lines, True, start, key=lambda line: _in_story(orders[line]) < order)
            found += lines[start:end]
            found.append(number)
            start = end
        found += lines[start:]
        return found

    def _set_right(self, origins: Origins) -> None:
        """Puts what bears the same second in the order in which it was recorded."""
        found = self.newest_first
        times = [order[1] for order in self.timed.orders] + [each[0][1] for each in self.others]
        seconds = [*map(times.__getitem__, found)]
        end = 0
        for start in self._at_odds(seconds):
            second, day = seconds[start], self.days[found[start]]
            if start < end or not 0 <= second < inf or self.days[found[start + 1]] != day:
                continue
            end = start + 2
            while start and seconds[start - 1] == second and self.days[found[start - 1]] == day:
                start -= 1  # noqa: PLW2901 - they begin above
            while end < len(found) and seconds[end] == second and self.days[found[end]] == day:
                end += 1
            there = [(number, self.told(number)) for number in found[start:end]]
            lines = [told for _, told in there if not isinstance(told, ToldPlan)]
            numbers = {id(told): number for number, told in there}
            plans = [number for number, told in there if isinstance(told, ToldPlan)]
            found[start:end] = [*(numbers[id(each)] for each in as_recorded(lines, origins)), *plans]

    def _at_odds(self, seconds: Sequence[float]) -> Iterator[int]:
        """Where two entries of one second follow each other that one commit did not bring to one log.

        Those that it did stand as they were recorded already.
        """
        found = self.newest_first
        commits = [*map(self.commits.__getitem__, found)]
        logs = [*map(self._logs().__getitem__, found)]
        brought = map(and_, map(eq, commits, islice(commits, 1, None)), map(eq, logs, islice(logs, 1, None)))
        return compress(count(), map(gt, map(eq, seconds, islice(seconds, 1, None)), brought))

    def _logs(self) -> Sequence[int]:
        """For each entry a number that tells in which log it is, and how much later than it says it is told."""
        known: dict[tuple[LogKey, int], int] = {}
        found: list[int] = []
        for subject in self.timed.subjects:
            found += repeat(known.setdefault((subject.key, 0), len(known)), len(subject.orders))
        plans = count(-1, -1)
        found += [
            next(plans)
            if isinstance(each, ToldPlan)
            else known.setdefault((each[1].key, each[0][2]), len(known))
            for each in self.others
        ]
        return found


class _Places:
    """The places of commits that are looked for by themselves; each comes behind those that are there already."""

    def __init__(self, rows: list[CommitRow | None]) -> None:
        self._rows = rows
        self._known: dict[int, int] = {}

    def of(self, brought: CommitFacts | CommitRow | None) -> int:
        """Where a commit is."""
        place = self._known.get(id(brought))
        if place is None:
            place = self._known[id(brought)] = len(self._rows)
            self._rows.append(_row(brought) if isinstance(brought, CommitFacts) else brought)
        return place


def _row(commit: CommitFacts) -> CommitRow:
    """A commit as git tells it, as far as a story shows it."""
    return [commit.id.encode(), b"", f"{commit.author}\n{commit.email}".encode(), b""]


def _in_story(order: LineOrder) -> Order:
    day, time, place = order
    return day, time, 0, 1, place
