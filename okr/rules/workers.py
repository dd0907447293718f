"""Several processes that judge a workspace's parts at the same time. No rules here.

Each is forked from this one and takes parts until there are none left; what it found comes back through a pipe.
One that dies is an error of the whole answer.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from okr.forking import processes_for
from okr.processes import MOST_SHARES, Aside, Shares
from okr.rules.earlier import Earlier
from okr.rules.engine import Examination, examine
from okr.rules.known import Known
from okr.rules.lookup import forget_compared
from okr.rules.packing import pack, unpack
from okr.rules.parts import finish, is_owned, judge, judge_facts, judge_history, judge_rest
from okr.sources import Watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.rules.earlier import Between
    from okr.rules.parts import Part
    from okr.workspace import Workspace

_WORTH_IT = 300
"""Plans and logs from which on a further process takes less time than it saves."""


def examine_in_parts(
    workspace: Workspace,
    then: Workspace | None,
    between: Between,
    differing: frozenset[str] | None = None,
    known: Known | None = None,
) -> Examination:
    """What `examine` gives, with several processes where that pays, and without holding all plans and logs at once.

    Args:
        workspace: the workspace.
        then: what it was before; None where the rules that compare are to stay silent.
        between: what is known of the commits between the two.
        differing: the files that are not the same in both, where that is known.
        known: what is known of it from the last time; takes in what is found out anew.

    Raises:
        OkrError: a process died before it could tell what it found.
    """
    known = Known() if known is None else known
    parts = known.forget_changed(workspace)
    compared = frozenset[str]() if then is None else differing
    few = compared is not None and all(map(is_owned, compared)) and len(parts) < _WORTH_IT
    if known.rest is None or not few:
        _ = workspace.settings, workspace.org, workspace.kpis, workspace.kpi_log
        _ = workspace.cycles, workspace.strays
    earlier = None if then is None else Earlier(workspace, then, between, differing)
    found = _examined(workspace, earlier, known, parts)
    # What one process can't do, or might have come to otherwise, is done at once.
    if found is None:
        forget_compared(workspace)
        return examine(workspace, then=then, between=between)
    return found


def _examined(
    workspace: Workspace, earlier: Earlier | None, known: Known, parts: dict[str, Part]
) -> Examination | None:
    """What is found; None where it has to be found out at once."""
    files = workspace.documents_read
    with _Workers(workspace, parts) as workers:
        workers.start(processes_for(sum(map(len, parts.values())), _WORTH_IT) - 1)
        workspace.asked.clear()
        rest = judge_rest(workspace, files) if known.rest is None else None
        looked_at = set(workspace.asked)
        before = {each.path for each in workspace.documents_read}
        total = judge_history(workspace, earlier)
        # A folder may stand where a log stood then: that is none of the files.
        compared = {each.path for each in workspace.documents_read} - before
        for owner in workers.owners():
            known.learn(owner, judge(workspace, parts[owner]))
        if not workers.collect(known):
            return None
    for path in workers.others:
        workspace.document(path)
    total.add_units(known.units)
    shared = set(known.rest[0]) if known.rest else {each.path for each in files}
    foreseen = all(each.path in shared or each.path in total.files for each in workspace.documents_read)
    known.complete = foreseen and not workers.unlike
    whole = judge_facts(workspace, known.units.values()) if known.whole is None else None
    if known.rest is not None:
        total.add_unit(known.rest)
    others = [each for each in workspace.documents_read if each.path not in compared | total.files]
    if rest is None:
        total.note(workspace, others)
    else:
        rest.note(workspace, others)
        known.rest = rest.as_unit(looked_at)
        total.add(rest)
    if whole is not None:
        known.whole = whole.as_unit(())
    if known.whole is not None:
        total.add_unit(known.whole)
    known.complete &= not unlike(workspace)
    return finish(workspace, total)


def unlike(workspace: Workspace) -> bool:
    """Whether a file was not as it was expected to be when it was read."""
    return isinstance(workspace.files, Watched) and bool(workspace.files.unlike)


class _Workers:
    """Processes that share parts."""

    def __init__(self, workspace: Workspace, parts: dict[str, Part]) -> None:
        self._workspace = workspace
        self._parts = parts
        size = max(1, -(-len(parts) // MOST_SHARES))
        self._shares = [list(parts)[start : start + size] for start in range(0, len(parts), size)]
        self._ending = ExitStack()
        self._left = self._ending.enter_context(Shares(len(self._shares)))
        self._running: list[Aside[bytes]] = []
        self.others: set[str] = set()
        self.unlike = unlike(workspace)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends whoever is still at work: an answer is there, or there will be none."""
        self._ending.close()

    def start(self, count: int) -> None:
        """Starts further processes."""
        for _ in range(count):
            self._running.append(self._ending.enter_context(Aside(self._judged, "the validation")))

    def owners(self) -> Iterator[str]:
        """The next owners whose parts nobody has taken yet."""
        for number in self._left:
            yield from self._shares[number]

    def collect(self, known: Known) -> bool:
        """Takes in what the others found, and notes which other files they have read.

        Returns:
            Whether all of them could do their part.

        Raises:
            OkrError: one of them died.
        """
        complete = True
        for each in self._running:
            found = each.result()
            if found is None:
                complete = False
                continue
            units, others, differing = unpack(found[0])
            self.others.update(others)
            self.unlike |= bool(differing)
            for owner, unit in units:
                known.learn(owner, unit)
        return complete

    def _judged(self) -> bytes:
        known = {each.path for each in self._workspace.documents_read}
        units = [(owner, judge(self._workspace, self._parts[owner])) for owner in self.owners()]
        others = [each.path for each in self._workspace.documents_read if each.path not in known]
        return pack((units, others, unlike(self._workspace)))
