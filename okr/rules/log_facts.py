"""What rules on the whole workspace ask of each log, worked out log by log. No rules here.

So they need not hold all logs at once, and whoever judges logs in parts says this of each (`parts.py`).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.diagnostics import Finding, Place
from okr.patterns import pattern
from okr.rules.lookup import org_may_have

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okr.contents import Log, Source
    from okr.log_table import LogTable
    from okr.workspace import Workspace

_QUOTED_DAY = pattern(r"""(["'])(\d{4}-\d{2}-\d{2})\1""")
_KNOWN = "facts of logs"


@dataclass(frozen=True, slots=True)
class LogFacts:
    """What the whole-workspace rules need of one log.

    Attributes:
        quoted_days: the finding on its days in quotes, if there are any.
        authors: each name that a line gives as `by` and org.yaml does not know, where there is one: a finding at the
            first of them, its words left out, and how many.
    """

    quoted_days: tuple[Finding, ...]
    authors: dict[str, tuple[Finding, int]]


def facts_of(log: Log, workspace: Workspace) -> LogFacts:
    """What one log says."""
    authors: dict[str, tuple[Finding, int]] = {}
    table = log.document.table
    if table is not None:  # no day without a time stands in quotes there
        counts = Counter(table.authors) if workspace.owners else {}
        for author, count in counts.items():
            if author and not org_may_have(workspace, author, "people"):
                place = _first_place(log.document.text, table, author)
                authors[author] = (Finding(log.path, place, ""), count)
        return LogFacts((), authors)
    known: set[str | None] = {None}
    for record in log.records if workspace.owners else ():
        name = record.definition.by
        if name is None or name in known:
            continue
        if name not in authors and org_may_have(workspace, name, "people"):
            known.add(name)
            continue
        first, count = authors.get(name) or (record.source.finding("", key="by"), 0)
        authors[name] = (first, count + 1)
    quoted = quoted_days([record.source for record in log.records], "date", "retracts")
    return LogFacts(tuple(quoted), authors)


def _first_place(text: str, table: LogTable, name: str) -> Place:
    """Where a name first stands as an author; nothing but a note stands behind it, in which it may stand again."""
    index = table.authors.index(name)
    line = text.split("\n", table.above + index + 1)[table.above + index]
    start = line.index(f", by: {name}") + len(", by: ") + 1
    number = table.above + index + 1
    return Place(number, start, number, start + len(name))


def facts_of_logs(workspace: Workspace) -> Iterator[LogFacts]:
    """What each log says, in the order of cycles and owners, the KPIs' measurements last."""
    known: dict[tuple[str, str], list[LogFacts]] = workspace.worked_out.get(_KNOWN, {})
    for cycle in workspace.cycles:
        for owner in workspace.log_owners(cycle):
            if (cycle, owner) in known:
                yield from known[cycle, owner]
            else:
                yield from (facts_of(log, workspace) for log in workspace.owner_logs(cycle, owner))
    if workspace.kpi_log is not None:
        yield facts_of(workspace.kpi_log, workspace)


def remember_facts(workspace: Workspace, facts: dict[tuple[str, str], list[LogFacts]]) -> None:
    """Takes over what was worked out of the logs of owners, by cycle and owner."""
    workspace.worked_out.setdefault(_KNOWN, {}).update(facts)


def quoted_days(sources: Sequence[Source], *keys: str) -> Iterator[Finding]:
    """One finding a file, at the first of its days in quotes: they have one cause."""
    if not sources or not _QUOTED_DAY.search(sources[0].document.text):
        return
    found = [
        (source, key, written)
        for source in sources
        for key in keys
        if key in source.data and (written := _QUOTED_DAY.fullmatch(source.written(key)))
    ]
    if found:
        source, key, written = found[0]
        more = len(found) - 1
        also = f", and {more} more day{'s' if more > 1 else ''} in this file" if more else ""
        message = f"the day {written[2]} stands in quotes{also}"
        yield source.finding(message, key=key, hint=f"write {written[2]}")
