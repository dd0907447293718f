"""How `okr due` looks: each person with what is asked of them, how late it is, and what to type next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.model import CycleState
from okr.operations.selecting import BELOW
from okr.views.due import by_person, named
from okr.views.due_lines import DueLines, lateness, told_below
from okr.views.figures import no_plan, short_day
from okr.views.heading import heading
from okr.views.layout import GAP, beside, indented, packed, show
from okr.views.terminal import cell, title_cell
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from okr.operations.due import Due, DueList
    from okr.operations.overview import Frame


def show_due(console: Console, found: DueList) -> None:
    """Prints what needs a check-in."""
    show(console, _lines(console, found, DueLines(console, found)))


def lines_of(console: Console, found: DueList) -> Iterator[Text]:
    """What needs a check-in, as lines that fit the console."""
    for line in _lines(console, found, None):
        yield line if isinstance(line, Text) else Text(line)


def _lines(console: Console, found: DueList, at_once: DueLines | None) -> Iterator[Text | str]:
    """The lines, those of what is due as they are written wherever that can be told at once."""
    yield from heading(console, found.frame, expected=False)
    yield Text()
    if not found.due:
        yield from why_nothing(console, found)
        return
    for person, theirs in by_person(found):
        yield from (at_once and at_once.of(person, theirs)) or _of_person(console, found, person, theirs)
        yield ""
    yield from _advice(console, found)
    yield from _elsewhere(console, found)


def why_nothing(console: Console, found: DueList) -> Iterator[Text]:
    """Why nothing is due, as lines that fit the console, and where something is."""
    yield from indented(console, cell(nothing_due(found)))
    yield from _elsewhere(console, found)


def _elsewhere(console: Console, found: DueList) -> Iterator[Text]:
    """What is due in other cycles, such as the year: nobody would come to look there."""
    whose = " --mine" if found.person else f" --owner {found.owner}" if found.owner else ""
    for cycle, count in found.elsewhere:
        are = f"{counted(count, 'check-in')} {'is' if count == 1 else 'are'} due in {cycle}"
        command = "" if found.frame.moment else f": `okr due{whose} --cycle {cycle}`"
        yield from indented(console, cell(f"{are}{command}."))


def nothing_due(found: DueList) -> str:
    """Why nothing is due, and when something will be."""
    frame = found.frame
    name = frame.cycle.name
    if found.without_plans:
        return no_plan(frame, found.planned)
    if not frame.running:
        return f"{name} {_why_not(frame)}"
    whom = found.person or found.owner
    of_whom = "" if whom is None else f" of {_called(found, whom)}"
    if found.next is None:
        return (
            f"No check-in{of_whom} is due, and none will be in {name}.{_of_others(found)}{_stranger(found)}"
        )
    upcoming = found.next
    return (
        f"No check-in{of_whom} is due. The next is on {short_day(upcoming.due)}: "
        f"{found.short(upcoming.reference)}, {upcoming.title}.{_of_others(found)}"
    )


def _stranger(found: DueList) -> str:
    """That org.yaml does not list whoever asks: nothing can be due from them before it does."""
    if found.person is None or not found.names or found.person in found.names:
        return ""
    return (
        f" org.yaml lists nobody called {found.person}: add the e-mail address that git uses to yourself there, or "
        f"`okr new person {found.person} --email ADDRESS --team TEAM`."
    )


def _called(found: DueList, whom: str) -> str:
    """Somebody by name, and whether those below are meant as well."""
    one = whom.removesuffix(BELOW)
    return f"{found.names.get(one, one)}{'' if one == whom else ' and all below'}"


def _of_others(found: DueList) -> str:
    """What is due from others, for whoever has nothing to do; an empty text where nothing is."""
    cycle = "" if found.current else f" --cycle {found.frame.cycle.name}"
    if found.of_below and found.owner:
        said = f" {counted(found.of_below, 'check-in')} of those below {'is' if found.of_below == 1 else 'are'} due"
        return f"{said}: `okr due --owner {found.owner}{BELOW}{cycle}`."
    count = found.of_others
    if not count:
        return ""
    said = f" {counted(count, 'check-in')} of others {'is' if count == 1 else 'are'} due"
    if found.frame.moment is not None:
        return f"{said}."
    return f"{said}: `okr due{cycle}` shows whose, `okr checkin --all{cycle}` walks you through them."


def _why_not(frame: Frame) -> str:
    """Why nothing is due in a cycle that is not running."""
    if frame.state is CycleState.CLOSED:
        name = frame.cycle.name
        return f"is closed: nothing is due in it any more. `okr cycle reopen {name}` opens it again."
    if frame.as_of < frame.cycle.starts:
        return f"has not begun: nothing is due before {short_day(frame.cycle.starts)}."
    if frame.as_of > frame.cycle.ends:
        return f"is over: `okr cycle close {frame.cycle.name}` grades its key results and closes it."
    return f"is still being planned: nothing is due before `okr plan start {frame.cycle.name}`."


def _of_person(console: Console, found: DueList, person: str | None, theirs: list[Due]) -> Iterator[Text]:
    count = Text(f"{counted(len(theirs), 'check-in')} due", style="dim")
    yield from beside(console, cell(named(found, person), "bold underline"), count)
    for each in theirs:
        words, style = lateness(each)
        yield from beside(console, title_cell(each.title), Text(words, style=style), first=GAP)
        yield from packed(console, [cell(word, "dim") for word in told_below(each, found)], margin=GAP * 3)


def _advice(console: Console, found: DueList) -> Iterator[Text]:
    """How many are due, and what to type next."""
    asked = {each.person for each in found.due if each.person is not None}
    teams = len(asked & found.teams)
    people = len(asked) - teams
    groups = [
        f"{people} {'person' if people == 1 else 'people'}" if people else "",
        counted(teams, "team") if teams else "",
    ]
    whom = "" if found.person or len(asked) <= 1 else f" from {' and '.join(filter(None, groups))}"
    count = f"{counted(len(found.due), 'check-in')} due{whom}."
    if found.frame.moment is not None:
        yield Text(count)
        return
    cycle = "" if found.current else f" --cycle {found.frame.cycle.name}"
    yield from indented(console, Text(f"{count} One after the other:"))
    whom_one = None if found.owner is None or found.owner.endswith(BELOW) else found.owner
    option = f" --owner {whom_one}" if whom_one else ""
    yield Text.assemble(GAP, cell(f"okr checkin{option}{cycle}", "bold"))
    if not found.person and not whom_one:
        yield from indented(
            console,
            cell("walks you through yours; `--owner ID` through another's.", "dim"),
            first=GAP,
            rest=GAP,
        )
