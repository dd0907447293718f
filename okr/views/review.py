"""How `okr review` looks while a cycle is running: one section for each thing a weekly meeting talks about."""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING

from rich.text import Text

from okr.quantities import format_change, format_number, format_score
from okr.scoring import Disagreement
from okr.views.change_words import change_words, subject_words
from okr.views.due import late
from okr.views.figures import STYLES, age, confidence, short_day, standing_words, status_words, value_words
from okr.views.heading import heading
from okr.views.layout import GAP, beside, indented, packed, show
from okr.views.terminal import cell, title_cell
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

    from okr.contents import CheckIn, KeyResult, Objective
    from okr.operations.assessing import KeyResultState
    from okr.operations.record.plan_history import PlanEvent
    from okr.operations.reviewing import Blocker, Course, Review, TeamsWeek, Waiting
    from okr.operations.showing import Link

_MOST_CHANGES = 20
MOST_OF_MANY = 10
"""What is told of each kind where many owners have a plan."""


def show_review(console: Console, found: Review) -> None:
    """Prints what there is to talk about."""
    show(console, lines_of(console, found))


def lines_of(console: Console, found: Review) -> Iterator[Text]:
    """What there is to talk about, as lines that fit the console."""
    yield from heading(console, found.frame)
    yield from indented(console, Text(opening(found), style="bold"))
    commits = [tuple(events) for _, events in groupby(found.plan_changes, key=lambda each: each.commit.id)]
    changes = commits[:_MOST_CHANGES]
    sections: tuple[tuple[str, int, Iterator[Iterator[Text]]], ...] = (
        ("Moved", len(found.moved), (_moved(console, each, found) for each in found.moved)),
        ("Did not move", len(found.unmoved), (_unmoved(console, each, found) for each in found.unmoved)),
        ("At risk", len(found.attention), (_at_risk(console, each, found) for each in found.attention)),
        (
            "Confidence and forecast disagree",
            len(found.disagreements),
            (_disagreement(console, state, kind, found) for state, kind in found.disagreements),
        ),
        ("In the way", len(found.blockers), (_blocker(console, each, found) for each in found.blockers)),
        ("Waiting", len(found.waiting), (_waiting(console, each, found) for each in found.waiting)),
        ("Plans changed", len(changes), (_changed(console, each, found) for each in changes)),
    )
    if found.teams:
        yield Text()
        yield Text("By team", style="bold underline")
        for each in found.teams:
            yield from beside(
                console, cell(team_words(each, "above all others")), Text(week_words(each)), first=GAP
            )
    most = MOST_OF_MANY if found.teams else None
    for title, count, items in sections:
        if count:
            yield Text()
            yield Text.assemble((title, "bold underline"), (f"  {count}", "dim"))
            for lines in islice(items, most):
                yield from lines
            yield from _and_more(console, count, most)
    left_out = len(commits) - _MOST_CHANGES
    if left_out > 0:
        yield from indented(
            console, Text(f"and {left_out} more: `okr log --plan` has them all.", style="dim")
        )
    yield Text()
    yield from _due(console, found)
    if not found.git:
        yield from indented(
            console,
            Text("There are no commits here: how plans have changed, only git can tell.", style="dim"),
        )


def _and_more(console: Console, count: int, most: int | None) -> Iterator[Text]:
    """How many are not told, and what tells them."""
    if most is not None and count > most:
        words = (
            f"and {count - most} more: `okr review --owner ID/...` tells those of a team and all below it."
        )
        yield from indented(console, Text(words, style="dim"), first=GAP, rest=GAP)


def team_words(each: TeamsWeek, nobody: str) -> str:
    """Whose: `Sales (11)`."""
    return f"{each.above.name if each.above else nobody} ({each.owners})"


def week_words(each: TeamsWeek) -> str:
    """Its week: `40 of 49 moved · 20 need attention · 8 due`."""
    need = "needs" if each.attention == 1 else "need"
    return f"{each.moved} of {each.key_results} moved · {each.attention} {need} attention · {each.due} due"


def opening(found: Review) -> str:
    """The review in a sentence."""
    total, moved = len(found.courses), len(found.moved)
    since = short_day(found.since, beside=found.frame.as_of)
    if not total:
        nothing = f"There is no key result in {found.frame.cycle.name} to talk about."
        if not found.below:
            return nothing
        has = "One below it has" if found.below == 1 else f"{found.below} below it have"
        return f"{nothing} {has} a plan: `okr review --owner {found.owner}/...`."
    verb = "has" if moved == 1 else "have"
    return f"Since {since}, {moved} of {counted(total, 'key result')} {verb} moved."


def movement(course: Course, found: Review) -> tuple[str, str]:
    """How the value and the score went: `47,500 → 61,000 visits (+13,500)` and `score 0.09 → 0.33`."""
    state, language = course.state, found.frame.language
    before, now = course.before.value, value_words(state, language) or "nothing"
    words = now
    if isinstance(before, str):
        words = f"{before} → {now}"
    elif before is not None:
        words = f"{format_number(before, language)} → {now}"
        if isinstance(state.assessment.value, float):
            points = "%" if state.unit == "%" else None
            words += f" ({format_change(before, state.assessment.value, language, points)})"
    old, new = format_score(course.before.score), format_score(state.assessment.score)
    return words, f"score {new}" if old == new else f"score {old} → {new}"


def stillness(course: Course, found: Review) -> str:
    """Why it counts as unmoved: no check-in at all, none since, or one that said the same."""
    state = course.state
    if not course.news:
        return (
            age(state.assessment.last_checkin, found.frame)
            if state.assessment.last_checkin
            else "no check-in yet"
        )
    return f"checked in, still at {value_words(state, found.frame.language) or 'no value'}"


def disagreement_words(state: KeyResultState, kind: Disagreement) -> str:
    """`people say 0.9, the trend says 0.4: more hopeful than the numbers`."""
    said = state.assessment
    stated = confidence(said.confidence or 0.0)
    trend = format_score(said.forecast.score if said.forecast else 0.0)
    judged = "more hopeful" if kind is Disagreement.HOPEFUL else "more doubtful"
    return f"people say {stated}, the trend says {trend}: {judged} than the numbers"


def awaited_words(link: Link, found: Review) -> str:
    """`platform/api/latency (score 0.20), Answer within 100 ms`."""
    said, reference = link.assessment, found.frame.short(link.written)
    if said is None:
        return f"{reference}, which no plan has"
    return f"{reference} (score {format_score(said.score)}), {link.title}"


def noted(checkin: CheckIn) -> str:
    """Who said so and when: `alice, 21 Nov`."""
    said = checkin.record.definition
    day = short_day(said.date.day, beside=said.date.day)
    return f"{said.by}, {day}" if said.by else day


def _named(
    console: Console, subject: KeyResult | Objective, found: Review, right: Text, *facts: str
) -> Iterator[Text]:
    """Its title with a word on the right, and below it the reference with further facts."""
    yield from beside(console, title_cell(subject.title), right, first=GAP)
    parts = [cell(found.frame.short(subject.reference), "dim"), *(cell(fact) for fact in facts)]
    yield from packed(console, parts, margin=GAP * 2)


def _status(state: KeyResultState, found: Review) -> Text:
    status = state.assessment.status
    return Text(status_words(status, over=found.frame.over), style=STYLES[status])


def _moved(console: Console, course: Course, found: Review) -> Iterator[Text]:
    status = _status(course.state, found)
    yield from _named(console, course.state.key_result, found, status, *movement(course, found))
    for checkin in course.news:
        if checkin.record.definition.note:
            yield from _note(console, checkin)


def _note(console: Console, checkin: CheckIn) -> Iterator[Text]:
    said = Text.assemble(cell(checkin.record.definition.note), cell(f"  {noted(checkin)}", "dim"))
    yield from indented(console, said, first=f"{GAP * 2}› ", rest=GAP * 3)


def _unmoved(console: Console, course: Course, found: Review) -> Iterator[Text]:
    standing = standing_words(course.state, found.frame.language)
    facts = [stillness(course, found)] if course.news else [stillness(course, found), standing]
    if course.state.assessment.last_checkin is None:
        facts = [standing]
    yield from _named(console, course.state.key_result, found, _status(course.state, found), *facts)


def _at_risk(console: Console, state: KeyResultState, found: Review) -> Iterator[Text]:
    said = state.assessment
    facts = [f"score {format_score(said.score)}"]
    if said.forecast is not None:
        facts.append(f"forecast {format_score(said.forecast.score)}")
    if said.confidence is not None:
        facts.append(f"confidence {confidence(said.confidence)}")
    yield from _named(console, state.key_result, found, _status(state, found), *facts)


def _disagreement(
    console: Console, state: KeyResultState, kind: Disagreement, found: Review
) -> Iterator[Text]:
    yield from _named(console, state.key_result, found, Text())
    yield from indented(console, cell(disagreement_words(state, kind)), first=GAP * 2, rest=GAP * 2)


def _blocker(console: Console, blocker: Blocker, found: Review) -> Iterator[Text]:
    yield from _named(console, blocker.state.key_result, found, Text())
    yield from _note(console, blocker.checkin)


def _waiting(console: Console, waiting: Waiting, found: Review) -> Iterator[Text]:
    yield from _named(console, waiting.subject, found, Text())
    words = f"waits for {awaited_words(waiting.awaited, found)}"
    yield from indented(console, cell(words), first=GAP * 2, rest=GAP * 2)


def _changed(console: Console, events: tuple[PlanEvent, ...], found: Review) -> Iterator[Text]:
    """What one commit changed in plans, and which commit that was."""
    event = events[0]
    made = f"{event.commit.author or event.commit.email} · {event.commit.id[:7]}"
    changes = [each for event in events for each in event.changes]
    most = MOST_OF_MANY if found.teams else len(changes)
    for change in changes[:most]:
        name = cell(found.frame.short(subject_words(change)), "cyan")
        words = Text.assemble(name, "  ", cell(change_words(change, found.frame.language)))
        yield from indented(console, words, first=GAP, rest=GAP * 2)
    if len(changes) > most:
        more = f"and {len(changes) - most} more: `okr log --plan` has them all."
        yield from indented(console, Text(more, style="dim"), first=GAP, rest=GAP)
    yield from indented(console, cell(f"{made} · {short_day_of(event)}", "dim"), first=GAP * 2, rest=GAP * 2)


def short_day_of(event: PlanEvent) -> str:
    """The day of the commit that changed a plan."""
    from datetime import date

    return short_day(date.fromisoformat(event.commit.day))


def _due(console: Console, found: Review) -> Iterator[Text]:
    due = found.due.due
    if not due:
        yield from indented(console, Text("No check-in is due."))
        return
    yield Text.assemble(("Due", "bold underline"), (f"  {len(due)}", "dim"))
    most = MOST_OF_MANY if found.teams else None
    for each in due[:most]:
        who = found.due.names.get(each.person or "", each.person or "nobody in particular")
        yield from beside(console, title_cell(each.title), Text(late(each)), first=GAP)
        parts: Iterable[Text] = (cell(found.due.short(each.reference), "dim"), cell(who, "dim"))
        yield from packed(console, parts, margin=GAP * 2)
    yield from _and_more(console, len(due), most)
