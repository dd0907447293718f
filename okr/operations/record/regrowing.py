"""The contents a log had, put together again from its lines: so that git need not be asked for any of them.

A log only grows. Where the lines that had come by a commit have just the id that git gives as the content of the file
then, that was the content. Whatever does not fit is left to be asked.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import compress
from operator import neg
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.git.changes import id_of_content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_BY_NONE = -1
_MOST_AT_ONCE = 4
"""Lines that one commit is thought to have added, of those that nobody announces."""
_MOST_SINGLE = 3


@dataclass(frozen=True, slots=True)
class Step:
    """A commit that changed a log.

    Attributes:
        number: its place in history; the newest has 0.
        before: the id of the file's content before it; None where there was no file.
        after: the id of the content after it.
    """

    number: int
    before: str | None
    after: str


class Growth:
    """How one log's file grew.

    Args:
        content: the file as it is now.
        above: how many lines stand above the first record.
        numbers: for each record's line the place in history of the commit that brought it; -1 where that is unknown.
        dates: gives each line's own date.
    """

    def __init__(
        self, content: bytes, above: int, numbers: Sequence[int], dates: Callable[[], Sequence[bytes]]
    ) -> None:
        self._content = content
        # There are many logs, and many lines in each: none is kept by itself before it is needed.
        sizes = [*map(len, content.splitlines(keepends=True))]
        self._count = len(sizes) - above
        self._first = above
        self._above: Sequence[bytes] = ()
        self._lines: Sequence[bytes] = ()
        self._numbers = numbers
        self._unknown = [*_places_of(_BY_NONE, numbers)]
        self._left = self._unknown
        self._dates = dates
        known = [*numbers]
        for at in reversed(self._unknown):
            del known[at]
        # Whether lines stand in the order in which they came; then each content was the beginning of the next.
        self._in_order = known == sorted(known, reverse=True)
        self._known = known
        self._ends = dict(_sums(sizes, above, {at + more for at in self._unknown for more in (0, 1)}))

    def follow(self, steps: Sequence[Step]) -> dict[int, Sequence[int]]:
        """Finds what commits added to the file, and proves that they did nothing else to it.

        Args:
            steps: in any order.

        Returns:
            The places of the lines that each added, by the commit's place in history; nothing for those for which
            there is no proof.
        """
        found: dict[int, Sequence[int]] = {}
        lines = self._content.splitlines(keepends=True)
        self._above, self._lines = lines[: self._first], lines[self._first :]
        self._numbers = [*self._numbers]
        for step in sorted(steps, key=lambda each: -each.number):
            added = self._added_by(step)
            if added is None:
                break
            found[step.number] = added
            for at in added:
                self._numbers[at] = step.number
            self._left = [at for at in self._left if at not in added]
        return found

    def added_by(self, step: Step) -> range | None:
        """The lines that a commit added below all that there were, whatever other commits of nobody's announcing did.

        Returns:
            Their places; None where there is no such proof.
        """
        if self._in_order:
            newer = bisect_left(self._known, -step.number, key=neg)
            start = self._place(newer - 1) + 1 if newer else 0
            end = self._place(newer) if newer < len(self._known) else self._count
            for first in range(start, end):
                if self._is_beginning(first, step.before):
                    rest = range(first, min(end, first + _MOST_AT_ONCE))
                    ends = (at + 1 for at in rest if self._is_beginning(at + 1, step.after))
                    return next((range(first, end) for end in ends), None)
        return None

    def are_all(self, found: Mapping[int, range]) -> bool:
        """Whether such lines, by the commits' places in history, came one upon the other and are the first that nobody announces."""
        added = [at for _, lines in sorted(found.items(), reverse=True) for at in lines]
        return added == self._unknown[: len(added)]

    def _added_by(self, step: Step) -> Sequence[int] | None:
        for lines in self._next(step.number) if self._in_order else ():
            if self._is_beginning(lines[-1] + 1, step.after):
                return lines if self._is_beginning(lines[0], step.before) else None
        self._in_order = False
        there = [*map(step.number.__lt__, self._numbers)]
        if not self._is(there, step.before):
            return None
        for lines in self._guesses():
            then = there.copy()
            for at in lines:
                then[at] = True
            if self._is(then, step.after):
                return lines
        return None

    def _next(self, number: int) -> Iterator[Sequence[int]]:
        """Lines that a commit may have added below all that were there already."""
        newer = bisect_left(self._known, -number, key=neg)
        end = self._place(newer) if newer < len(self._known) else len(self._lines)
        start = self._left[0] if self._left else end
        if newer and start < self._place(newer - 1):
            return  # a line above it has come by nobody knows whom
        yield from (range(start, start + count) for count in range(1, min(end - start, _MOST_AT_ONCE) + 1))

    def _place(self, place: int) -> int:
        """The place of a line among all, by that among those that were known from the beginning."""
        for at in self._unknown:
            if at > place:
                break
            place += 1
        return place

    def _guesses(self) -> Iterator[Sequence[int]]:
        """Lines that a commit may have added anywhere: those of the earliest dates, most often one."""
        left = sorted(self._left, key=self._dates().__getitem__)
        yield from (left[:count] for count in range(1, min(len(left), _MOST_AT_ONCE) + 1))
        yield from ([at] for at in left[1:_MOST_SINGLE])

    def _is_beginning(self, count: int, content: str | None) -> bool:
        """Whether a content is that of the file up to a line."""
        if content is None:
            return not count
        return id_of_content(memoryview(self._content)[: self._ends[count]], content) == content

    def _is(self, there: Sequence[bool], content: str | None) -> bool:
        """Whether a content is made of some of the lines."""
        if content is None:
            return not any(there)
        return id_of_content(b"".join([*self._above, *compress(self._lines, there)]), content) == content


def _sums(sizes: Sequence[int], start: int, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """For each of some places behind a start, the place and the sum of all sizes up to it."""
    last, total = 0, 0
    for place in sorted(places):
        total += sum(sizes[last : start + place])
        last = start + place
        yield place, total


def _places_of(number: int, numbers: Sequence[int]) -> Iterator[int]:
    """Where a number stands among others; it does so in few places."""
    at = -1
    for _ in range(numbers.count(number)):
        at = numbers.index(number, at + 1)
        yield at
