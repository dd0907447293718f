"""Own check-ins that come on top of a closing: made here before others' closing of the cycle was known.

Those made before it are kept, for nothing may be lost; but whoever made them should know. Those made after it are refused,
as they would have been had the closing been known.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.git.history import commits_touching, touches
from okr.git.lines import lines_added_by
from okr.model import CycleState, read_moment
from okr.operations.record.closings import facts_files, last_closings, made_after
from okr.operations.record.log_names import Names
from okr.operations.record.log_records import read_records
from okr.operations.record.plan_history import states_at
from okr.rules.draws import drawing_in_closed
from okr.rules.records import cancelling
from okr.workspace import KPI_LOG, LOGS, Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from okr.git.history import CommitFacts
    from okr.operations.record.log_records import LineRecord
    from okr.repository import Repository

_SHORT = 7


@dataclass(frozen=True, slots=True)
class ClosedOver:
    """A cycle that was closed by others before own check-ins in it came on top.

    Attributes:
        cycle: its name.
        closing: the commit that closed it; None where history does not tell.
        late: own commits with check-ins that were made after that and that still count.
    """

    cycle: str
    closing: CommitFacts | None
    late: tuple[CommitFacts, ...]


class MadeAfterClosingError(OkrError):
    """Own check-ins were made when their cycle had been closed."""

    def __init__(self, found: ClosedOver) -> None:
        ids = [each.id[:_SHORT] for each in found.late]
        one, closing = len(ids) == 1, found.closing
        by = f" by {closing.author or closing.email} on {closing.day}" if closing else ""
        super().__init__(
            f"{found.cycle} was closed{by}, and {'a check-in' if one else 'check-ins'} of yours in it "
            f"{'was' if one else 'were'} made after that: {', '.join(ids)}. Nothing was sent or brought in.",
            f"{' and '.join(f'`okr undo {each}`' for each in ids)} {'takes it' if one else 'take them'} back; or have "
            f"the cycle opened (`okr cycle reopen {found.cycle}` and `okr sync`, where it was closed). Then repeat "
            "`okr sync`.",
        )


def closed_over(repo: Repository, prefix: str, tip: str, known: Sequence[str]) -> tuple[ClosedOver, ...]:
    """The closed cycles that own commits add check-ins to, though others have closed them.

    Args:
        repo: where.
        prefix: the workspace's folder in the repository, with a slash at its end; empty at the top.
        tip: the branch with the own commits in it.
        known: what others have: the commits that were fetched.

    Raises:
        GitFailed: git can't read its history.
    """
    names = Names(prefix, {})
    range_ = [tip, *(f"^{each}" for each in known)]
    logs = names.in_repository(LOGS)
    own = [each for each in commits_touching(repo, range_, [logs]) if not each.is_merge] if known else []
    closed = _closed(repo, names, range_, known) if own else {}
    if not closed:
        return ()
    added: dict[str, list[tuple[CommitFacts, str, LineRecord]]] = {}
    counting = _Counting(repo, prefix, tip, closed)
    for commit in own:
        for path, line in lines_added_by(repo, commit.id, repo.top / logs):
            log = names.in_workspace(path.relative_to(repo.top).as_posix())
            for _, record in read_records(log, line.encode()).records:
                for cycle in counting.cycles(log, record):
                    added.setdefault(cycle, []).append((commit, log, record))
    found = []
    for cycle in sorted(added):
        closing = last_closings(repo, names, closed[cycle], {cycle}).get(cycle)
        found.append(_found(cycle, closing, added[cycle]))
    return tuple(found)


def as_they_are_here(
    repo: Repository, prefix: str, head: str, known: Sequence[str], commits: Sequence[CommitFacts]
) -> tuple[CommitFacts, ...]:
    """Own commits as the branch still has them, of commits that were repeated on top of others'.

    Args:
        repo: where.
        prefix: the workspace's folder in the repository.
        head: the branch before anything was brought on top.
        known: the commits that were fetched.
        commits: the repeated ones.

    Raises:
        GitFailed: git can't read its history.
    """
    logs = Names(prefix, {}).in_repository(LOGS)
    left = list(reversed(commits_touching(repo, [head, *(f"^{each}" for each in known)], [logs])))
    found = []
    for commit in commits:
        alike = next((each for each in left if each[2:] == commit[2:]), commit)  # all but its id and parents
        if alike in left:
            left.remove(alike)
        found.append(alike)
    return tuple(found)


def _closed(repo: Repository, names: Names, range_: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    """The cycles that others have closed and nobody here has opened, each with a commit in which it is closed."""
    tip = range_[0]
    now = {cycle for cycle, state in states_at(repo, names, tip).items() if state is CycleState.CLOSED}
    there = {
        cycle: each
        for each in (reversed(known) if now else ())
        for cycle, state in states_at(repo, names, each).items()
        if cycle in now and state is CycleState.CLOSED
    }
    files = facts_files(repo, names, tip) if there else {}
    facts = [name for name, whose in files.items() if whose in there]
    # Whoever changed what a cycle says of itself has opened it, or closed it after these check-ins.
    own = [each.id for each in commits_touching(repo, range_, facts) if not each.is_merge] if facts else []
    changed = {name for touch in touches(repo, own, facts) for side in touch.sides for name in side}
    return {cycle: each for cycle, each in there.items() if cycle not in {files[name] for name in changed}}


@dataclass
class _Counting:
    """Of which closed cycles' records lines of logs are."""

    repo: Repository
    prefix: str
    tip: str
    closed: Collection[str]
    _workspace: Workspace | None = None

    def cycles(self, log: str, record: LineRecord) -> Iterator[str]:
        """Those of a line: the log's own cycle; of a KPI's measurement, those whose key results count it."""
        if log != KPI_LOG:
            key = Names("", {}).log_key(log)
            if key is not None and key.cycle in self.closed:
                yield key.cycle
            return
        if self._workspace is None:
            from okr.revisions import Revision

            files = Revision(self.repo, self.tip, self.repo.top / self.prefix)
            self._workspace = Workspace(files, as_of=date.max, title="")
        kpi = self._workspace.kpi(record.subject.removeprefix("kpis/"))
        if kpi is not None:
            moment = read_moment(record.retracts or record.date)
            found = drawing_in_closed(self._workspace, kpi.definition.id, moment)
            yield from dict.fromkeys(
                each.reference.cycle for each in found if each.reference.cycle in self.closed
            )


def _found(
    cycle: str, closing: CommitFacts | None, lines: Sequence[tuple[CommitFacts, str, LineRecord]]
) -> ClosedOver:
    late = [each for each in lines if closing is not None and made_after(each[0], closing)]
    back = cancelling([(f"{log} {said.subject}", said.date, said.retracts) for _, log, said in late])
    commits = {each[0].id: each[0] for place, each in enumerate(late) if place not in back}
    return ClosedOver(cycle, closing, tuple(reversed(commits.values())))
