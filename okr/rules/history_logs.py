"""OKR702 and OKR703: whether each line that a log had still stands there, and says what it said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.diagnostics import Finding, Place
from okr.rules.catalogue import history_rule
from okr.rules.earlier import as_written
from okr.rules.records import log_changes
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.contents import Record
    from okr.rules.earlier import Earlier
    from okr.rules.records import LogChanges

_GROWS = (
    "The log only grows: a line removed or changed on one side comes back as it was in a merge, and who relies on "
    "the record must find what was said then."
)


@history_rule(
    "OKR702", "check-in-changed", Workspace, why=_GROWS,
    remedy="Put the line back as it was. `okr checkin --replace` corrects a value by a line of its own.",
)  # fmt: skip
def check_in_changed(_: Workspace, __: Workspace, earlier: Earlier) -> Iterator[Finding]:
    """A line of a log goes on saying what it said."""
    for changes in log_changes(earlier):
        for each in changes.changed:
            then, now = (record.source.data for record in (each.then, each.now))
            said = ", ".join(
                f"`{key}` from {as_written(then.get(key))} to {as_written(now.get(key))}" for key in each.keys
            )
            source, key = each.now.source, each.keys[0]
            message = f"{_named(each.then)} has been changed: {said}"
            yield source.finding(message, key=key if source.says(key) else None)


@history_rule(
    "OKR703", "check-in-removed", Workspace, why=_GROWS,
    remedy="Put the line back. `okr undo` takes a check-in back by a line that says so.",
)  # fmt: skip
def check_in_removed(_: Workspace, __: Workspace, earlier: Earlier) -> Iterator[Finding]:
    """A line of a log stays there."""
    for changes in log_changes(earlier):
        if changes.whole_log_is_gone and changes.removed:
            yield _gone(changes)
            continue
        for record in changes.removed:
            yield Finding(changes.pair.path, Place(), f"{_named(record)} has been removed")


def _gone(changes: LogChanges) -> Finding:
    count = len(changes.removed)
    message = f"this log has been removed, with {count} line{'s' if count > 1 else ''} of its record"
    return Finding(changes.pair.path, Place(), message)


def _named(record: Record) -> str:
    """What a line is: `the check-in of brand/visits of 2026-10-12 (value 47500, by alice)`."""
    said, data = record.definition, record.source.data
    subject = said.kr or f"kpis/{said.kpi}"
    if said.retracts is not None:
        return f"the line that takes back the check-in of {subject} of {said.retracts}"
    known = [f"{key} {data[key]}" for key in ("value", "confidence", "by") if data.get(key) is not None]
    return f"the check-in of {subject} of {said.date} ({', '.join(known)})"
