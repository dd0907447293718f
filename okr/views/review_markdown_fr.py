"""The review of a cycle as French Markdown, as the French site has it; `review_markdown.py` is the English one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.model import ObjectiveType
from okr.views.change_words import subject_words
from okr.views.figures import SIGNS
from okr.views.findings_markdown import escaped
from okr.views.retrospective import paragraphs
from okr.views.review_markdown import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.contents import CheckIn
    from okr.operations.assessing import KeyResultState
    from okr.operations.closing.retrospective import Lesson, Retrospective
    from okr.operations.overview import Frame
    from okr.operations.reviewing import Review
    from okr.views.site.words import Words


def review_markdown_fr(found: Review, words: Words) -> str:
    """The weekly review."""
    lines = [_title(found.frame, words), "", f"{words('since')} {words.day(found.since)}"]
    for title, items in _weekly(found, words):
        told = list(items)
        if told:
            lines += ["", f"## {words(title)}", "", *told]
    return "\n".join(lines)


def retrospective_markdown_fr(found: Retrospective, words: Words) -> str:
    """The review of a cycle that is over."""
    lines = [_title(found.frame, words)]
    for each in paragraphs(found.text or ""):
        lines += ["", f"> {escaped(each)}"]
    for title, items in _looking_back(found, words):
        told = list(items)
        if told:
            lines += ["", f"## {words(title)}", "", *told]
    return "\n".join(lines)


def _title(frame: Frame, words: Words) -> str:
    return f"# {words('Review')} · {escaped(frame.cycle.name)}"


def _weekly(found: Review, words: Words) -> Iterator[tuple[str, Iterable[str]]]:
    yield "Moved", _moved(found, words)
    yield "Did not move", (_stands(each.state, found.frame, words) for each in found.unmoved)
    yield "At risk", (_stands(state, found.frame, words) for state in found.attention)
    yield (
        "Confidence and forecast disagree",
        (
            f"- {named(state, found.frame)}{words.colon}{words('confidence')} {words.share(state.assessment.confidence)}, "
            f"{words('forecast')} {words.score(state.assessment.forecast.score if state.assessment.forecast else None)}"
            f"{words.semicolon}{words.disagreement(kind)}"
            for state, kind in found.disagreements
        ),
    )
    yield (
        "In the way",
        (
            f"- {named(each.state, found.frame)}{words.colon}{_quoted(each.checkin, found, words)}"
            for each in found.blockers
        ),
    )
    yield (
        "Waiting",
        (
            f"- {escaped(each.subject.title)} {words('waits for')} {escaped(each.awaited.title or each.awaited.written)}"
            for each in found.waiting
        ),
    )
    yield (
        "Due",
        (
            f"- [ ] {escaped(each.title)}{words.colon}"
            f"{escaped(found.due.names.get(each.person or '', each.person or words('nobody in particular')))}, "
            + (
                f"{words.count(each.days_late, 'day')} {words('late')}"
                if each.days_late
                else words("due today")
            )
            for each in found.due.due
        ),
    )
    yield (
        "Plans changed",
        (
            f"- {escaped(subject_words(change))}{words.colon}{escaped(words.change(change))} "
            f"({escaped(event.commit.author or event.commit.email)}, {words.day_text(event.commit.day)}, {event.commit.id[:7]})"
            for event in found.plan_changes
            for change in event.changes
        ),
    )


def _moved(found: Review, words: Words) -> Iterator[str]:
    for course in found.moved:
        state = course.state
        yield (
            f"- {named(state, found.frame)}{words.colon}{escaped(words.value(course.before.value, state.unit))} → "
            f"{escaped(words.value(state.assessment.value, state.unit))}, {words('score')} "
            f"{words.score(course.before.score)} → {words.score(state.assessment.score)}"
        )
        for checkin in course.news:
            if checkin.record.definition.note:
                yield f"  - {_quoted(checkin, found, words)}"


def _looking_back(found: Retrospective, words: Words) -> Iterator[tuple[str, Iterable[str]]]:
    yield "Grades by owner", _grades(found, words)
    for title, hit in (("Hits", True), ("Misses", False)):
        yield (
            title,
            (_stands(each.state, found.frame, words) for each in found.outcomes if each.hit is hit),
        )
    yield "Lessons", (line for lesson in found.lessons for line in _lesson(lesson, words))
    yield (
        "Ambition",
        (
            f"- {words('committed' if each.kind is ObjectiveType.COMMITTED else 'aspirational')}{words.colon}"
            f"{words('average')} {words.score(each.average)}, {words('aim')} {words.share(each.aim)}, "
            f"{words.count(each.count, 'key result')}"
            for each in found.ambition
        ),
    )
    yield "Calibration", _calibration(found, words)


def _grades(found: Retrospective, words: Words) -> Iterator[str]:
    if found.owners:
        yield f"| {words('Owner')} | {words('Objective')} | {words('Grade')} | {words('Status')} |"
        yield "| --- | --- | --- | --- |"
    for owner in found.owners:
        yield f"| **{escaped(owner.owner.name)}** | | {words.score(owner.score)} | |"
        for each in owner.objectives:
            said = each.assessment
            yield (
                f"| | {escaped(each.objective.title)} | {words.score(said.score)} "
                f"| {SIGNS[said.status]} {words.status(said.status, over=True)} |"
            )


def _lesson(lesson: Lesson, words: Words) -> Iterator[str]:
    yield f"- {escaped(lesson.subject.title)}"
    for label, said in (
        ("Learned", lesson.learned),
        ("Grade", lesson.grade_reason),
        ("next", words(lesson.next.value) if lesson.next else None),
    ):
        if said:
            yield f"  - {words(label).lower()}{words.colon}{escaped(said)}"


def _calibration(found: Retrospective, words: Words) -> Iterator[str]:
    brier = found.calibration.brier
    if brier is None:
        return
    yield f"{words('Brier score')}{words.colon}{words.score(brier)} ({words('0 is perfect, 0.25 is guessing')})"
    yield ""
    yield f"| {words('Confidence')} | {words('Said')} | {words('Came true')} |"
    yield "| --- | --- | --- |"
    for row in found.calibration.bins:
        yield f"| {words.share(row.low)} – {words.share(row.high)} | {row.count} | {words.score(row.came_true)} |"


def _stands(state: KeyResultState, frame: Frame, words: Words) -> str:
    said = state.assessment
    return (
        f"- {SIGNS[said.status]} {words.status(said.status, over=frame.over)}{words.colon}{named(state, frame)}, "
        f"{escaped(words.standing(said.value, state.unit))} ({escaped(words.planned(state))}), "
        f"{words('score')} {words.score(said.score)}"
    )


def _quoted(checkin: CheckIn, found: Review, words: Words) -> str:
    said = checkin.record.definition
    by = f"{escaped(found.due.names.get(said.by, said.by))}, " if said.by else ""
    return f"{escaped(said.note or '')} ({by}{words.day(said.date.day)})"
