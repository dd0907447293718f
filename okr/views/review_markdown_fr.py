"""The review of a cycle as French Markdown; `review_markdown.py` is the English one, section by section the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.model import ObjectiveType
from okr.operations.overview import MANY
from okr.scoring import Disagreement
from okr.views.change_words import subject_words
from okr.views.figures import SIGNS
from okr.views.findings_markdown import escaped
from okr.views.retrospective import GUESSING, paragraphs
from okr.views.review import team_words
from okr.views.review_markdown import few, named
from okr.views.site.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.contents import CheckIn
    from okr.operations.assessing import KeyResultState
    from okr.operations.closing.retrospective import Lesson, Retrospective
    from okr.operations.due import Due
    from okr.operations.overview import Frame
    from okr.operations.reviewing import Course, Review
    from okr.operations.showing import Link

_VERDICTS = {
    (ObjectiveType.ASPIRATIONAL, "low"): "placée trop haut, ou pas suivie",
    (ObjectiveType.ASPIRATIONAL, "near"): "bien placée",
    (ObjectiveType.ASPIRATIONAL, "high"): "atteinte sans peine, visons plus haut",
    (ObjectiveType.COMMITTED, "low"): "des promesses n’ont pas été tenues",
    (ObjectiveType.COMMITTED, "near"): "les promesses ont été tenues",
    (ObjectiveType.COMMITTED, "high"): "les promesses ont été tenues",
}


_MORE = "- et {} de plus\u00a0: `okr review --owner ID/...`"


def review_markdown_fr(found: Review) -> str:
    """The weekly review."""
    words = Words("fr")
    lines = [_title("Revue", found.frame, words), "", escaped(_opening(found, words))]
    if found.teams:
        lines += [
            "",
            "## Par équipe",
            "",
            "| | Ont bougé | Demandent de l’attention | À faire |",
            "| --- | --- | --- | --- |",
        ]
    lines += [
        f"| {escaped(team_words(each, 'Au-dessus de tous'))} | {each.moved} sur {each.key_results} "
        f"| {each.attention} | {each.due} |"
        for each in found.teams
    ]
    for title, items in _weekly(found, words):
        told = list(items)
        if told:
            lines += ["", f"## {words(title)}", "", *few(told, bool(found.teams), _MORE)]
    if not found.git:
        lines += ["", "Il n’y a pas de commits ici : seul git peut dire comment les plans ont changé."]
    return "\n".join(lines)


def retrospective_markdown_fr(found: Retrospective) -> str:
    """The review of a cycle that is over."""
    words = Words("fr")
    lines = [_title("Rétrospective", found.frame, words), "", escaped(_outcome(found, words))]
    if found.text:
        lines += ["", "\n>\n".join(f"> {escaped(each)}" for each in paragraphs(found.text))]
    for title, items in _looking_back(found, words):
        told = list(items)
        if told:
            lines += ["", f"## {words(title)}", "", *told]
    return "\n".join(lines)


def _title(kind: str, frame: Frame, words: Words) -> str:
    day = words.day(frame.as_of)
    return f"# {kind}{words.colon}{escaped(frame.workspace)}, {escaped(frame.cycle.name)}, {day}"


def _opening(found: Review, words: Words) -> str:
    """The review in a sentence."""
    total, moved, cycle = len(found.courses), len(found.moved), found.frame.cycle.name
    if not total:
        nothing = f"Aucun résultat clé de {cycle} n’est à passer en revue."
        if not found.below:
            return nothing
        have = "Un plan existe" if found.below == 1 else f"{found.below} plans existent"
        return f"{nothing} {have} en dessous{words.colon}`okr review --owner {found.owner}/...`."
    since = f"Depuis le {words.day(found.since)},"
    if not moved:
        return f"{since} aucun résultat clé n’a bougé, sur {total}."
    return f"{since} {words.count(moved, 'key result')} sur {total} {'a' if moved == 1 else 'ont'} bougé."


def _outcome(found: Retrospective, words: Words) -> str:
    """How the cycle ended, in a sentence or two."""
    total, hits, cycle = len(found.outcomes), sum(each.hit for each in found.outcomes), found.frame.cycle.name
    if not total:
        return f"Aucun résultat clé de {cycle} n’est à revoir."
    has = "a atteint ce qu’il visait" if hits < 2 else "ont atteint ce qu’ils visaient"  # noqa: PLR2004 # French counts 0 as one
    said = f"{words.count(hits, 'key result')} sur {total} {has}."
    if found.frame.state.value != "closed":
        said += f" {cycle} n’est pas clos{words.colon}ce sont des scores, pas des notes finales."
        said += f" `okr cycle close {cycle}` les recueille."
    elif found.ungraded:
        said += f" {words.count(found.ungraded, 'key result')} sans note finale{words.colon}le score en tient lieu."
    return said


def _weekly(found: Review, words: Words) -> Iterator[tuple[str, Iterable[str]]]:
    yield "Moved", _moved(found, words)
    yield (
        "Did not move",
        (
            f"- {named(each.state, found.frame)}{words.colon}{escaped(_stillness(each, found, words))}"
            for each in found.unmoved
        ),
    )
    yield "At risk", (_stands(state, found.frame, words) for state in found.attention)
    yield (
        "Confidence and forecast disagree",
        (
            f"- {named(state, found.frame)}{words.colon}{_disagreement(state, kind, words)}"
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
            f"- {escaped(each.subject.title)} {words('waits for')} {escaped(_awaited(each.awaited, found, words))}"
            for each in found.waiting
        ),
    )
    yield "Due", (_due(each, found, words) for each in found.due.due)
    yield (
        "Plans changed",
        (
            f"- {escaped(found.frame.short(subject_words(change)))}{words.colon}{escaped(words.change(change))} "
            f"({escaped(event.commit.author or event.commit.email)}, {words.day_text(event.commit.day)}, {event.commit.id[:7]})"
            for event in found.plan_changes
            for change in event.changes
        ),
    )


def _due(each: Due, found: Review, words: Words) -> str:
    person = each.person
    name = found.due.names.get(person, person) if person else words("nobody in particular")
    late = f"{words.count(each.days_late, 'day')} {words('late')}" if each.days_late else words("due today")
    return f"- [ ] {escaped(each.title)}{words.colon}{escaped(name)}, {late}"


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


def _stillness(course: Course, found: Review, words: Words) -> str:
    """Why it counts as unmoved: no check-in at all, none since, or one that said the same."""
    said = course.state.assessment
    if course.news:
        return f"relevé, toujours à {words.value(said.value, course.state.unit)}"
    if said.last_checkin is None:
        return "aucun point de suivi pour l’instant"
    ago = (found.frame.as_of - said.last_checkin).days
    when = {0: "aujourd’hui", 1: "hier"}.get(ago, f"il y a {words.count(ago, 'day')}")
    return f"dernier point de suivi {when}"


def _disagreement(state: KeyResultState, kind: Disagreement, words: Words) -> str:
    said = state.assessment
    trend = words.score(said.forecast.score if said.forecast else 0.0)
    judged = "plus optimiste" if kind is Disagreement.HOPEFUL else "plus pessimiste"
    return f"l’équipe dit {words.share(said.confidence)}, la tendance {trend}{words.colon}{judged} que les chiffres"


def _awaited(link: Link, found: Review, words: Words) -> str:
    said, reference = link.assessment, found.frame.short(link.written)
    if said is None:
        return f"{reference}, que nul plan ne contient"
    return f"{reference} (score {words.score(said.score)}), {link.title}"


def _looking_back(found: Retrospective, words: Words) -> Iterator[tuple[str, Iterable[str]]]:
    yield "Grades by owner", _grades(found, words)
    several = len(found.owners) >= MANY
    for title, hit in (("Hits", True), ("Misses", False)):
        told = [_stands(each.state, found.frame, words) for each in found.outcomes if each.hit is hit]
        yield title, few(told, several, _MORE)
    yield "Lessons", (line for lesson in found.lessons for line in _lesson(lesson, words))
    yield (
        "Ambition",
        (
            f"- {words(each.kind.value)}{words.colon}{words.score(each.average)} en moyenne sur "
            f"{words.count(each.count, 'key result')}{words.semicolon}on vise {words.share(each.aim)}{words.colon}"
            f"{_VERDICTS[each.kind, each.verdict]}"
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
        for each in owner.objectives if len(found.owners) < MANY else ():
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
        yield "Aucune confiance n’a encore été exprimée dans un cycle clos : rien à comparer avec ce qui s’est réalisé."
        return
    judged = "mieux" if brier < GUESSING else "moins bien" if brier > GUESSING else "pas mieux"
    count, cycles = found.calibration.count, len(found.closed)
    yield (
        f"Sur {cycles} cycle{'s' if cycles > 1 else ''} clos et {count} confiance{'s' if count > 1 else ''} "
        f"exprimée{'s' if count > 1 else ''}, le score de Brier est de {words.score(brier)}{words.colon}{judged} que de "
        f"toujours dire 0,5 ({words.score(GUESSING)}){words.semicolon}0 est parfait."
    )
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
