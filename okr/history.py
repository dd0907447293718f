"""Which check-ins count: log records by what they are about, in order, with those that were taken back marked.

Pure functions on records; what the values mean for a score is for `scoring.py`.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from okr.contents import CheckIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from okr.contents import Record


def by_subject(
    records: Iterable[Record], subject_of: Callable[[Record], str | None]
) -> dict[str, tuple[CheckIn, ...]]:
    """The check-ins of each key result or KPI, in the order in which they count.

    A retraction takes back every record of the same subject that bears exactly its date, wherever it stands.

    Args:
        records: the records of one log, or of several that belong together.
        subject_of: what a record is about, by its present id; None where it is about nothing known.

    Returns:
        For each subject its check-ins by day as written, then by time, then by line; retractions are not among
        them, but bound to what they took back.
    """
    kept: dict[str, list[Record]] = {}
    taken_back: dict[str, list[Record]] = {}
    for record in records:
        subject = subject_of(record)
        if subject is not None:
            target = kept if record.definition.retracts is None else taken_back
            target.setdefault(subject, []).append(record)
    return {
        subject: _marked(sorted(found, key=attrgetter("order")), taken_back.get(subject))
        for subject, found in kept.items()
    }


def _marked(records: Iterable[Record], retractions: Iterable[Record] | None) -> tuple[CheckIn, ...]:
    """Records as check-ins, with what took them back."""
    if retractions is None:
        return tuple([CheckIn(record) for record in records])
    return tuple([CheckIn(record, _retraction_of(record, retractions)) for record in records])


def _retraction_of(record: Record, retractions: Iterable[Record]) -> Record | None:
    return next((each for each in retractions if each.definition.retracts == record.definition.date), None)
