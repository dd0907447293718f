"""A story in columns: in which order its entries are told, and by which commits they were brought.

No thing of its own is made for any of a hundred thousand check-ins. Those that say the time they were made at are put
in order before git has told by whom; whatever else is to be told takes its place among them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import compress, count, islice, repeat
from math import inf
from operator import eq, itemgetter, lt
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.git.history import CommitFacts
from okr.operations.chronicle.entries import ToldPlan
from okr.operations.chronicle.lines import as_recorded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from okr.git.messages import CommitRow
    from okr.operations.chronicle.entries import Told
    from okr.operations.chronicle.lines import Origins, StoryLines
    from okr.operations.chronicle.subject_lines import SubjectLines
    from okr.operations.record.log_names import LogKey

_NONE = -1
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
        rows: commits; what stands there for changes of plans, and for lines of which none is known, is of no meaning.

    Args:
        timed: lines with a time.
        others: all else.
        origins: who brought all of them.
    """

    def __init__(self, timed: TimedLines, others: Iterable[Told], origins: Origins) -> None:
        self.timed = timed
        self.others = sorted(others, key=itemgetter(0), reverse=True)
        self.days = [*timed.days, *(each[0][0] for each in self.others)]
        self.rows: Sequence[CommitRow | None] = ()
        self.commits: list[int] = []
        self._starts = [*timed.starts.values()]
        self._known: dict[int, Mapping[int, tuple[SubjectLines, int]]] = {}
        self._bring(origins)
        self.newest_first = self._merged()
        self._set_right(origins)

    def told(self, number: int) -> Told:
        """What an entry is about, by its number."""
        found = number - len(self.timed.days)
        if found >= 0:
            return self.others[found]
        log = bisect_right(self._starts, number) - 1
        place = number - self._starts[log]
        subject, at = self._lines_of(log)[place]
        day, time, _ = subject.orders[at]
        return (day, time, 0, 1, place), subject, at, self.rows[self.commits[number]], True

    def _lines_of(self, log: int) -> Mapping[int, tuple[SubjectLines, int]]:
        """What each line of a log is about, and its position among those that are."""
        if log not in self._known:
            key = [*self.timed.starts][log]
            self._known[log] = {
                place: (subject, at)
                for subject in self.timed.subjects
                if subject.key == key
                for at, (_, _, place) in enumerate(subject.orders)
            }
        return self._known[log]

    def _bring(self, origins: Origins) -> None:
        """Notes which commits brought what."""
        logs = [origins.settled[key] for key in self.timed.starts]
        self.rows = logs[0].rows if logs else ()  # all logs have the same
        more = _More(len(self.rows))
        for log in logs:
            start = len(self.commits)
            self.commits += log.numbers
            for at, row in log.by_hand.items():
                self.commits[start + at] = more.place_of(row)
        self.commits += [
            _NONE if isinstance(each, ToldPlan) or each[3] is None else more.place_of(each[3])
            for each in self.others
        ]
        if more.rows or not self.rows:
            self.rows = [*self.rows, *more.rows, None]

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
                start -= 1  # noqa: PLW2901 # they begin above
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
        found, commits, logs = self.newest_first, self.commits, self._logs()
        for at in compress(count(), map(eq, seconds, islice(seconds, 1, None))):
            above, below = found[at], found[at + 1]
            if commits[above] != commits[below] or logs[above] != logs[below]:
                yield at

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


class _More:
    """Commits besides those that were heard, with their places behind these."""

    def __init__(self, start: int) -> None:
        self.rows: list[CommitRow] = []
        self._start = start
        self._known: dict[int, int] = {}

    def place_of(self, brought: CommitFacts | CommitRow) -> int:
        """Where a commit is, which it is from now on if it was not yet."""
        if id(brought) not in self._known:
            self._known[id(brought)] = self._start + len(self.rows)
            self.rows.append(_row(brought) if isinstance(brought, CommitFacts) else brought)
        return self._known[id(brought)]


def _row(commit: CommitFacts) -> CommitRow:
    """A commit as git tells it, as far as a story shows it."""
    return [commit.id.encode(), b"", f"{commit.author}\n{commit.email}".encode(), b""]
