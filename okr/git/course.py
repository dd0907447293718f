"""Which commits led to what some files hold now, of all commits that git has told. No git here.

A merge that took the files over from one of its parents leads on to that one alone, as git has it.
"""

from __future__ import annotations

from itertools import compress, count
from operator import ne
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


class Way:
    """Commits as they are told, without those that only lead on from the one told before them to the next.

    Attributes:
        heads: the commits that are left, each with its parents, or with what its only parent leads on to.
        whole: whether each parent is among the commits told after it, so that these are enough to know the course.
    """

    def __init__(self) -> None:
        self.heads: list[bytes] = []
        self._ahead: set[bytes] = set()  # parents that have to come still, the last commit's only one aside
        self._commit = b""
        self._following: bytes | None = None  # what the last one leads on to, and nobody else so far

    @property
    def whole(self) -> bool:
        """Whether each parent was told after its children."""
        return not self._ahead and not self._following

    def lead_on(self, heads: Sequence[bytes], touching: Collection[bytes]) -> None:
        """Takes further commits in.

        Args:
            heads: commits with their parents, parted by blanks; there are some.
            touching: the ids of those that have to be left.
        """
        size = len(heads[0].partition(b" ")[0])
        commits = [head[:size] for head in heads]
        parents = [head[size + 1 :] for head in heads]
        ahead, following, start = self._ahead, self._following, self._commit
        turns = [*compress(count(), map(ne, parents, commits[1:]))]
        known = {*ahead, *touching}.union(*(parents[at].split() for at in turns))
        apart = commits[0] != following
        if apart and following is not None:
            known.add(following)
        # All but these are the only parent of the one before them, and nobody else's as yet, and have one parent at most.
        odd = {*(at + 1 for at in turns), *compress(count(), map(known.__contains__, commits))}
        odd.update(at for at in (*turns, len(heads) - 1) if b" " in parents[at])
        if apart:
            odd.add(0)
        for at in sorted(odd):
            commit = commits[at]
            if at and following is not None:
                following = parents[at - 1]
            if following is not None:
                self.heads.append(b"%b %b" % (start, following))
                if following and following != commit:
                    ahead.add(following)
            ahead.discard(commit)
            if parents[at].find(b" ") < 0:
                start, following = commit, parents[at]
            else:
                self.heads.append(heads[at])
                ahead.update(parents[at].split())
                following = None
        self._following, self._commit = None if following is None else parents[-1], start

    def end(self) -> None:
        """Takes in that there are no more."""
        if self._following is not None:
            self.heads.append(b"%b %b" % (self._commit, self._following))
            if self._following:
                self._ahead.add(self._following)
            self._following = None


class Course:
    """The way that files took through a history, with only the commits that count.

    Attributes:
        questions: merges, each with its parents, of which it has to be known what they took over.

    Args:
        heads: every commit with its parents, parted by blanks, the newest first as far as clocks were right.
        touching: the ids of the commits with one parent or none that changed the files.
        own: the ids of the merges that have the files otherwise than all of their parents; None where that is not known.
    """

    def __init__(
        self, heads: Sequence[bytes], touching: Collection[bytes], own: Collection[bytes] | None
    ) -> None:
        self._own = own
        self._last = heads[0].partition(b" ")[0] if heads else b""
        self._touching = frozenset(touching)
        self._nodes: dict[bytes, bytes] = {}  # for each commit the last one that counts, itself included
        self._above: dict[bytes, list[bytes]] = {}  # the parents of those that count
        self.questions: list[list[bytes]] = []
        waiting = [*reversed(heads)]
        while waiting:  # once more only where clocks were so wrong that a child stands before its parent
            waiting = self._place(waiting)
            apart = {head.partition(b" ")[0] for head in waiting}
            for parent in {parent for head in waiting for parent in head.split()[1:]} - apart:
                self._nodes.setdefault(parent, parent)  # it is not among the commits

    def _place(self, heads: Sequence[bytes]) -> list[bytes]:
        """Finds the last commit that counts for each; gives those whose parents have not been met."""
        nodes, touching = self._nodes, self._touching
        left: list[bytes] = []
        for head in heads:
            commit, _, parent = head.partition(b" ")
            if parent in nodes and commit not in touching:
                nodes[commit] = nodes[parent]
                continue
            parents = parent.split()
            if any(each not in nodes for each in parents):
                left.append(head)
                continue
            above = [nodes[each] for each in parents]
            if len(above) > 1 and self._own is not None and commit not in self._own and len({*above}) == 1:
                nodes[commit] = above[0]
                continue
            nodes[commit] = commit
            self._above[commit] = above
            if len(above) > 1:
                self.questions.append([commit, *parents])
        return left

    def counting(self, taken_over: Mapping[bytes, bytes | None]) -> set[bytes]:
        """The ids of the commits that led to what is there now.

        Args:
            taken_over: for each merge in question the parent that it took the files over from; None where none has
                them so.
        """
        found: set[bytes] = set()
        ahead = [self._nodes[self._last]] if self._last else []
        met: set[bytes] = set()
        while ahead:
            commit = ahead.pop()
            if commit in met:
                continue
            met.add(commit)
            if commit in self._touching or (commit in taken_over and taken_over[commit] is None):
                found.add(commit)
            parent = taken_over.get(commit)
            ahead += self._above.get(commit, ()) if parent is None else [self._nodes[parent]]
        return found
