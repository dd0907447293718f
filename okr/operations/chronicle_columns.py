"""A story in columns: in which order its entries are told, and by which commits they were brought.

No thing of its own is made for any of a hundred thousand check-ins. Those that say the time they were made at are put
in order before git has told by whom; whatever else is to be told takes its place among them.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from itertools import compress, count, islice, repeat
from math import inf
from operator import and_, eq, gt, itemgetter, lt
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.git.history import CommitFacts
from okr.operations.chronicle_entries import ToldPlan
from okr.operations.chronicle_lines import as_recorded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from okr.git.messages import CommitRow
    from okr.operations.chronicle_entries import Told
    from okr.operations.chronicle_lines import Origins, StoryLines
    from okr.operations.subject_lines import SubjectLines
    from okr.operations.tracing import LogKey

_FEW = 8
"""Of so many entries one may be another than a line with a time where it is worth to tell these by themselves."""


@dataclass(frozen=True, slots=True)
class TimedLines:
    """All lines of logs in which each says a time, and which the last commit has as they are.

    Each line has a number: its place in its log, behind those of the logs before.

    Attributes:
        subjects: what they are about, a log after the other.
        starts: the number of each log's first line.
        days: the lines' days.
        times: their times, in seconds since 1970.
        newest_first: the numbers in the order in which the lines are told.
    """

    subjects: Sequence[SubjectLines] = ()
    starts: Mapping[LogKey, int] = field(default_factory=dict)
    days: Sequence[str] = ()
    times: Sequence[float] = ()
    newest_first: Sequence[int] = ()

    def brought(self, origins: Origins) -> TimedLines:
        """Those of logs that are as the messages of commits tell; none where that is not so of most."""
        subjects = [each for each in self.subjects if each.key in origins.settled]
        if len(subjects) == len(self.subjects):
            return self
        found = _in_order(subjects)
        return found if len(self.days) - len(found.days) <= len(self.days) // _FEW else TimedLines()


def timed_lines(lines: StoryLines) -> TimedLines:
    """Puts lines in order as far as that can be done before it is known who brought them; of few it is left alone."""
    known: dict[LogKey, bool] = {}
    subjects = [
        each
        for each in lines.subjects
        if (known[each.key] if each.key in known else known.setdefault(each.key, lines.is_timed(each)))
    ]
    found = _in_order(subjects)
    every = sum(len(each.orders) for each in lines.subjects)
    return found if every - len(found.days) <= every // _FEW else TimedLines()


def _in_order(subjects: Sequence[SubjectLines]) -> TimedLines:
    starts: dict[LogKey, int] = {}
    days: list[str] = []
    times: list[float] = []
    for subject in subjects:
        if subject.key not in starts and subject.moments is not None:
            starts[subject.key] = len(days)
            days += subject.moments[0]
            times += subject.moments[1]
    # What is further down in a log stands above where both bear the same second.
    numbers = range(len(days) - 1, -1, -1)
    found = sorted(numbers, key=times.__getitem__, reverse=True)
    told = [*map(days.__getitem__, found)]
    if any(map(lt, told, islice(told, 1, None))):  # where days begin at several times
        found = sorted(numbers, key=[*zip(days, times, strict=True)].__getitem__, reverse=True)
    return TimedLines(subjects, starts, days, times, found)


class StoryColumns:
    """What is to be told, each entry with a number: lines with a time have theirs, all else follows.

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

    def __init__(self, timed: TimedLines, others: Iterable[Told], origins: Origins) -> None:
        self.timed = timed
        self.others = sorted(others, key=itemgetter(0), reverse=True)
        self.days = [*timed.days, *(each[0][0] for each in self.others)]
        self.rows: list[CommitRow | None] = []
        self.commits: list[int] = []
        self._bring(origins)
        self.newest_first = self._merged()
        self._set_right(origins)

    def told(self, number: int) -> Told:
        """What an entry is about, by its number."""
        found = number - len(self.timed.days)
        if found >= 0:
            return self.others[found]
        subject, at = self._lines[number]
        day, time, place = subject.orders[at]
        return (day, time, 0, 1, place), subject, at, self.rows[self.commits[number]], True

    @cached_property
    def _lines(self) -> Mapping[int, tuple[SubjectLines, int]]:
        """What each line with a time is about, and its place among those that are."""
        return {
            self.timed.starts[subject.key] + place: (subject, at)
            for subject in self.timed.subjects
            for at, (_, _, place) in enumerate(subject.orders)
        }

    def tell(self) -> Iterator[Told]:
        """All entries, the newest first."""
        return map(self.told, self.newest_first)

    def _bring(self, origins: Origins) -> None:
        """Notes which commits brought what."""
        rows, found = self.rows, _Places(self.rows)
        for key in self.timed.starts:
            log = origins.settled[key]
            if not rows:
                rows += log.rows  # all logs have the same
            start = len(self.commits)
            self.commits += log.numbers
            for at, row in log.by_hand.items():
                self.commits[start + at] = found.of(row)
        self.commits += [found.of(None if isinstance(each, ToldPlan) else each[3]) for each in self.others]

    def _merged(self) -> list[int]:
        """All numbers, in order: that of each other entry between those of lines."""
        lines, days, times = self.timed.newest_first, self.timed.days, self.timed.times
        found: list[int] = []
        start = 0
        for number, each in enumerate(self.others, start=len(days)):
            order = each[0]
            end = bisect_left(
                lines, True, start, key=lambda line: (days[line], times[line], 0, 1) < order
            )  # fmt: skip
            found += lines[start:end]
            found.append(number)
            start = end
        found += lines[start:]
        return found

    def _set_right(self, origins: Origins) -> None:
        """Puts what bears the same second in the order in which it was recorded."""
        found = self.newest_first
        times = [*self.timed.times, *(each[0][1] for each in self.others)]
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
        ends = [*islice(self.timed.starts.values(), 1, None), len(self.timed.days)]
        for (key, start), end in zip(self.timed.starts.items(), ends, strict=False):
            found += repeat(known.setdefault((key, 0), len(known)), end - start)
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
