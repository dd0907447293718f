"""What belongs into calendars: the reviews of running cycles, what is due when, and the ends of cycles."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.model import CycleState
from okr.operations.due import expected_checkins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from okr.operations.selecting import Whose
    from okr.quantities import Language
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


@dataclass(frozen=True, slots=True)
class _Words:
    """What appointments say in one language; with functions, for titles from files may hold braces."""

    review: tuple[Callable[[str, str], str], str]
    checkin: str
    value: str
    asked: Callable[[str], str]
    end: tuple[Callable[[str, str], str], Callable[[str], str]]


_WORDS: dict[Language, _Words] = {
    "en": _Words(
        review=(lambda name, cycle: f"{name}: review of {cycle}", "okr review puts it together."),
        checkin="Check in: ",
        value="VALUE",
        asked=lambda person: f" (asked of {person})",
        end=(
            lambda name, cycle: f"{name}: last day of {cycle}",
            lambda cycle: f"okr cycle close {cycle} grades it, okr plan open makes the next.",
        ),
    ),
    "fr": _Words(
        review=(lambda name, cycle: f"{name} : revue de {cycle}", "okr review la prépare."),
        checkin="Point de suivi : ",
        value="VALEUR",
        asked=lambda person: f" (demandé à {person})",
        end=(
            lambda name, cycle: f"{name} : dernier jour de {cycle}",
            lambda cycle: f"okr cycle close {cycle} en donne les notes, okr plan open prépare le suivant.",
        ),
    ),
}


def appointments(
    workspace: Workspace, *, whose: Whose | None = None, language: Language | None = None
) -> tuple[Appointment, ...]:
    """The appointments of all cycles that are not closed, from today on, by day.

    A check-in that is overdue stands on today. Reviews are `checkin_every` days apart, from a cycle's first day.

    Args:
        workspace: where to look.
        whose: only the check-ins that these teams and people are asked for.
        language: of the words; the workspace's if left out.
    """
    words = _WORDS[language or workspace.settings.language]
    found = [each for name in workspace.cycles for each in _of_cycle(workspace, name, whose, words)]
    found.sort(key=lambda each: (each.day, each.key))
    # A KPI that key results of two cycles draw on is measured once.
    return tuple({each.key: each for each in reversed(found)}.values())[::-1]


def _of_cycle(workspace: Workspace, name: str, whose: Whose | None, words: _Words) -> Iterator[Appointment]:
    span, today = workspace.cycles[name].span, workspace.as_of
    if span is None or workspace.state(name) is CycleState.CLOSED or not workspace.plan_paths(name):
        return
    if workspace.state(name) is CycleState.ACTIVE and span.contains(today):
        every = timedelta(days=workspace.settings.checkin_every)
        day = span.starts + every
        while day <= span.ends:
            if day >= today:
                title, text = words.review
                yield Appointment(f"review/{name}/{day}", day, title(workspace.name, name), text)
            day += every
        for due in expected_checkins(workspace, name):
            if whose is None or not whose.ids.isdisjoint((due.owner, due.person)):
                names = workspace.owner_names
                asked = words.asked(names.get(due.person, due.person)) if due.person else ""
                alone = None if whose is None else whose.name  # of many, each is named
                theirs = due.owner is None or due.owner in {alone, due.person}
                behind = "" if theirs else f" ({names.get(due.owner or '', due.owner)})"
                yield Appointment(
                    f"due/{due.reference}", max(due.due, today), f"{words.checkin}{due.title}{behind}",
                    f"okr checkin {due.reference} {words.value}{asked}",
                )  # fmt: skip
    if span.ends >= today:
        title, text_of = words.end
        yield Appointment(f"end/{name}", span.ends, title(workspace.name, name), text_of(name))
