"""The contents a log had, put together again from its lines: so that git need not be asked for any of them.

A log only grows. Where the lines that had come by a commit have just the id that git gives as the content of the file
then, that was the content. Whatever does not fit is left to be asked.
"""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.repository_changes import id_of_content

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
        dates: each line's own date.
    """

    def __init__(self, content: bytes, above: int, numbers: Sequence[int], dates: Sequence[bytes]) -> None:
        lines = content.splitlines(keepends=True)
        self._above = lines[:above]
        self._lines = lines[above:]
        self._numbers = [*numbers]
        unknown = (at for at, number in enumerate(numbers) if number < 0)
        self._left = sorted(unknown, key=dates.__getitem__)

    def follow(self, steps: Sequence[Step]) -> dict[int, Sequence[int]]:
        """Finds what commits added to the file, and proves that they did nothing else to it.

        Args:
            steps: in any order.

        Returns:
            The places of the lines that each added, by the commit's place in history; nothing for those for which
            there is no proof.
        """
        found: dict[int, Sequence[int]] = {}
        for step in sorted(steps, key=lambda each: -each.number):
            added = self._added_by(step)
            if added is None:
                break
            found[step.number] = added
            self._left = [at for at in self._left if at not in added]
        return found

    def _added_by(self, step: Step) -> Sequence[int] | None:
        if not self._was(step):
            return None
        for lines in self._guesses():
            for at in lines:
                self._numbers[at] = step.number
            if self._has_become(step):
                return lines
            for at in lines:
                self._numbers[at] = -1
        return None

    def _guesses(self) -> Iterator[Sequence[int]]:
        """Lines that a commit may have added: those of the earliest dates, most often one."""
        left = self._left
        yield from (left[:count] for count in range(1, min(len(left), _MOST_AT_ONCE) + 1))
        yield from ([at] for at in left[1:_MOST_SINGLE])

    def _was(self, step: Step) -> bool:
        """Whether the file had the lines that had come before a commit, and no others."""
        there = [*map(step.number.__lt__, self._numbers)]
        if step.before is None:
            return not any(there)
        return id_of_content([*self._above, *compress(self._lines, there)], step.before) == step.before

    def _has_become(self, step: Step) -> bool:
        there = map(step.number.__le__, self._numbers)
        return id_of_content([*self._above, *compress(self._lines, there)], step.after) == step.after
