"""Which commits of a history led to which others, for many commits at once: asked of what git has told already."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Lineage:
    """What came before and after some marked commits.

    Args:
        heads: every commit with its parents, parted by blanks, the newest first as far as clocks were right.
        marks: full ids; those that are not among the commits came before all of them.
    """

    def __init__(self, heads: Sequence[bytes], marks: Iterable[str]) -> None:
        self._bits = {mark.encode(): 1 << place for place, mark in enumerate(dict.fromkeys(marks))}
        lines = [head.split() for head in heads]
        there = {line[0] for line in lines}
        self._long_ago = sum(bit for mark, bit in self._bits.items() if mark not in there)
        self._after = self._descendants(lines)
        self._before = self._ancestors(lines) if any(len(line) > 2 for line in lines) else None  # noqa: PLR2004 # a merge

    def came_after(self, commit: str, mark: str) -> bool:
        """Whether a marked commit led to another; none leads to itself."""
        return commit != mark and bool(
            (self._after.get(commit.encode(), 0) | self._long_ago) & self._bits[mark.encode()]
        )

    def came_before(self, commit: str, mark: str) -> bool:
        """Whether a commit led to a marked one."""
        if commit == mark:
            return False
        if self._before is None:
            return not self.came_after(commit, mark)
        return bool(self._before.get(commit.encode(), 0) & self._bits[mark.encode()])

    def _descendants(self, lines: list[list[bytes]]) -> dict[bytes, int]:
        found = dict(self._bits)
        again = bool(found)
        while again:  # once more only where clocks were so wrong that a child stands before its parent
            again, done = False, set[bytes]()
            for commit, *parents in reversed(lines):
                old = mask = found.get(commit, 0)
                for parent in parents:
                    mask |= found.get(parent, 0)
                if mask != old:
                    found[commit] = mask
                    again = again or commit in done
                done.update(parents)
        return found

    def _ancestors(self, lines: list[list[bytes]]) -> dict[bytes, int]:
        found = dict(self._bits)
        again = bool(found)
        while again:
            again, done = False, set[bytes]()
            for commit, *parents in lines:
                done.add(commit)
                mask = found.get(commit, 0)
                for parent in parents if mask else ():
                    if found.get(parent, 0) | mask != found.get(parent, 0):
                        found[parent] = found.get(parent, 0) | mask
                        again = again or parent in done
        return found
