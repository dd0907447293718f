"""What belongs into calendars: the reviews of running cycles, what is due when, and the ends of cycles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from okr.model import CycleState
from okr.operations.due import expected_checkins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something on a day.

    Attributes:
        key: what tells it from all others, the same from one run to the next.
        day: when.
        title: what it is, in a line.
        text: what to do.
    """

    key: str
    day: date
    title: str
    text: str


def appointments(workspace: Workspace, *, owner: str | None = None) -> tuple[Appointment, ...]:
    """The appointments of all cycles that are not closed, from today on, by day.

    A check-in that is overdue stands on today. Reviews are `checkin_every` days apart, from a cycle's first day.

    Args:
        workspace: where to look.
        owner: only the check-ins that this team or person is asked for.
    """
    found = [each for name in workspace.cycles for each in _of_cycle(workspace, name, owner)]
    found.sort(key=lambda each: (each.day, each.key))
    # A KPI that key results of two cycles draw on is measured once.
    return tuple({each.key: each for each in reversed(found)}.values())[::-1]


def _of_cycle(workspace: Workspace, name: str, owner: str | None) -> Iterator[Appointment]:
    span, today = workspace.cycles[name].span, workspace.as_of
    if span is None or workspace.state(name) is CycleState.CLOSED or not workspace.plan_paths(name):
        return
    if workspace.state(name) is CycleState.ACTIVE and span.contains(today):
        every = timedelta(days=workspace.settings.checkin_every)
        day = span.starts + every
        while day <= span.ends:
            if day >= today:
                yield Appointment(
                    f"review/{name}/{day}",
                    day,
                    f"{workspace.name}: review of {name}",
                    "okr review puts it together.",
                )
            day += every
        for due in expected_checkins(workspace, name):
            if owner is None or owner in {due.owner, due.person}:
                yield Appointment(
                    f"due/{due.reference}", max(due.due, today), f"Check in: {due.title}",
                    f"okr checkin {due.reference} VALUE" + (f" (asked of {due.person})" if due.person else ""),
                )  # fmt: skip
    if span.ends >= today:
        yield Appointment(
            f"end/{name}", span.ends, f"{workspace.name}: last day of {name}",
            f"okr cycle close {name} grades it, okr plan open makes the next.",
        )  # fmt: skip
