"""`okr review` as Markdown, for the notes of a meeting, an issue or a wiki: text from files shows as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.operations.overview import MANY
from okr.quantities import format_score
from okr.views import retrospective as closing
from okr.views import review as weekly
from okr.views.change_words import change_words, subject_words
from okr.views.due import late
from okr.views.figures import short_day, standing_words, status_words
from okr.views.findings_markdown import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.contents import CheckIn
    from okr.operations.assessing import KeyResultState
    from okr.operations.closing.retrospective import Retrospective
    from okr.operations.overview import Frame
    from okr.operations.reviewing import Review


_MORE = "- and {} more: `okr review --owner ID/...`"


def review_markdown(found: Review) -> str:
    """The weekly review."""
    lines = [_title("Review", found.frame), "", escaped(weekly.opening(found))]
    if found.teams:
        lines += ["", "## By team", "", "| | Moved | Need attention | Due |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {escaped(weekly.team_words(each, 'Above all others'))} | {each.moved} of {each.key_results} "
        f"| {each.attention} | {each.due} |"
        for each in found.teams
    ]
    for title, items in _weekly(found):
        told = list(items)
        if told:
            lines += ["", f"## {title}", "", *few(told, bool(found.teams), _MORE)]
    if not found.git:
        lines += ["", "There are no commits here: how plans have changed, only git can tell."]
    return "\n".join(lines)


def retrospective_markdown(found: Retrospective) -> str:
    """The review of a cycle that is over."""
    lines = [_title("Retrospective", found.frame), "", escaped(closing.opening(found))]
    if found.text:
        lines += ["", "\n>\n".join(f"> {escaped(each)}" for each in closing.paragraphs(found.text))]
    if found.owners:
        lines += [
            "",
            "## Grades by owner",
            "",
            "| Owner | Objective | Grade | |",
            "| --- | --- | --- | --- |",
        ]
    for owner in found.owners:
        lines.append(f"| **{escaped(owner.owner.name)}** | | {format_score(owner.score)} | |")
        lines += [
            f"| | {escaped(each.objective.title)} | {format_score(each.assessment.score)} "
            f"| {status_words(each.assessment.status, over=True)} |"
            for each in (owner.objectives if len(found.owners) < MANY else ())
        ]
    for title, hit in (("Hits", True), ("Misses", False)):
        told = [
            f"- {named(each.state, found.frame)}: {format_score(each.state.assessment.score)}, "
            f"{escaped(standing_words(each.state, found.frame.language))}"
            for each in found.outcomes
            if each.hit is hit
        ]
        several = len(found.owners) >= MANY
        lines += ["", f"## {title}", "", *few(told, several, _MORE)] if told else []
    if found.lessons:
        lines += ["", "## Lessons", ""]
        for lesson in found.lessons:
            lines.append(f"- {escaped(lesson.subject.title)}")
            lines += [f"  - {label}: {escaped(words)}" for label, words in closing.lesson_words(lesson)]
    if found.ambition:
        lines += ["", "## Ambition", "", *(f"- {closing.ambition_words(each)}" for each in found.ambition)]
    lines += ["", "## Calibration", "", closing.calibration_words(found.calibration, found.closed)]
    if found.calibration.bins:
        lines += ["", "| Confidence | Said | Came true |", "| --- | --- | --- |"]
        lines += [
            f"| {row.low:.1f} – {row.high:.1f} | {row.count} | {format_score(row.came_true)} |"
            for row in found.calibration.bins
        ]
    return "\n".join(lines)


def few(told: list[str], many: bool, more: str) -> Iterator[str]:  # noqa: FBT001 # what the caller has found out
    """The lines of a section; where many owners have a plan its first entries, and how many more there are."""
    entries, most = sum(not line.startswith(" ") for line in told), weekly.MOST_OF_MANY
    shown = 0
    for line in told:
        shown += not line.startswith(" ")
        if many and shown > most:
            yield more.format(entries - most)
            return
        yield line


def _title(kind: str, frame: Frame) -> str:
    return f"# {kind}: {escaped(frame.workspace)}, {escaped(frame.cycle.name)}, {short_day(frame.as_of)}"


def _weekly(found: Review) -> Iterator[tuple[str, Iterable[str]]]:
    frame = found.frame
    yield "Moved", _moved(found)
    yield (
        "Did not move",
        (f"- {named(each.state, frame)}: {escaped(weekly.stillness(each, found))}" for each in found.unmoved),
    )
    yield (
        "At risk",
        (
            f"- {status_words(state.assessment.status, over=frame.over)}: {named(state, frame)}, "
            f"{escaped(standing_words(state, frame.language))}"
            for state in found.attention
        ),
    )
    yield (
        "Confidence and forecast disagree",
        (
            f"- {named(state, frame)}: {weekly.disagreement_words(state, kind)}"
            for state, kind in found.disagreements
        ),
    )
    yield "In the way", (f"- {named(each.state, frame)}: {_quoted(each.checkin)}" for each in found.blockers)
    yield (
        "Waiting",
        (
            f"- {escaped(each.subject.title)} waits for {escaped(weekly.awaited_words(each.awaited, found))}"
            for each in found.waiting
        ),
    )
    yield (
        "Due",
        (
            f"- [ ] {escaped(each.title)}, {escaped(found.due.names.get(each.person or '', each.person or 'nobody in particular'))}: {late(each)}"
            for each in found.due.due
        ),
    )
    yield (
        "Plans changed",
        (
            f"- {escaped(found.frame.short(subject_words(change)))}: {escaped(change_words(change, frame.language))} "
            f"({escaped(event.commit.author or event.commit.email)}, {weekly.short_day_of(event)}, {event.commit.id[:7]})"
            for event in found.plan_changes
            for change in event.changes
        ),
    )


def _moved(found: Review) -> Iterator[str]:
    for course in found.moved:
        yield f"- {named(course.state, found.frame)}: {escaped(', '.join(weekly.movement(course, found)))}"
        for checkin in course.news:
            if checkin.record.definition.note:
                yield f"  - {_quoted(checkin)}"


def named(state: KeyResultState, frame: Frame) -> str:
    """A key result by its title and reference."""
    reference = frame.short(state.key_result.reference)
    return f"{escaped(state.key_result.title)} (`{reference}`)"


def _quoted(checkin: CheckIn) -> str:
    return f"{escaped(checkin.record.definition.note or '')} ({escaped(weekly.noted(checkin))})"
