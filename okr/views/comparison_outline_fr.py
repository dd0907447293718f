"""What changed in goals, in French, for comments on pull requests: the sections and lines of `comparison_outline.py`.

Line by line its counterpart; a test holds the two together. Findings are told by what their rule asks for.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okr.diagnostics import Place, Severity
from okr.operations.comparison.eased import eased
from okr.operations.comparison.org_changes import SubjectChanged, SubjectRenamed
from okr.operations.comparison.results import Presence, Tie
from okr.plan_changes import InitiativesChanged, KeyResultDropped, Moved, Retargeted
from okr.views.change_words_fr import change_words_fr, initiative_words_fr
from okr.views.comparison_outline import (
    FindingsVoice,
    Line,
    Outline,
    Section,
    Sign,
    consequences,
    outline_of,
    sign_of,
    subject_lines,
)
from okr.views.comparison_words import (
    NOTHING,
    SHORT_ID,
    plain_words,
    share_words,
    value_words,
    whose_plans,
)
from okr.views.rules_fr import RULES_FR
from okr.views.site.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.operations.comparison.org_changes import SubjectChange
    from okr.operations.comparison.results import (
        CheckInsDifference,
        Comparison,
        FindingDifference,
        KeyResultDifference,
        ObjectiveDifference,
        OwnerDifference,
        Pair,
        ReferredDifference,
    )
    from okr.plan_changes import PlanChange
    from okr.revisions import Moment

NO_CHANGE_FR = "Rien ne change dans nos objectifs."
CONSEQUENCES_FR = "Ce que cela entraîne"
_WORDS = Words("fr")
_KEYS = {
    "why": "raison",
    "owner": "responsable",
    "at_least": "borne basse",
    "at_most": "borne haute",
    "parent": "équipe au-dessus",
    "lead": "responsable",
    "email": "adresse",
    "name": "nom",
    "team": "équipe",
    "unit": "unité",
}
_KINDS = {"team": "équipe", "person": "personne"}
_TIES = {
    Tie.SUPPORTS: (("objectif", "objectifs"), "soutenu par", ("le soutient", "le soutiennent")),
    Tie.DEPENDS_ON: (("autre", "autres"), "attendu par", ("l’attend", "l’attendent")),
    Tie.KPI: (("résultat clé", "résultats clés"), "employé par", ("y puise", "y puisent")),
}
"""What refers, one and many; what is done to the thing; and what these do."""


def outline_for_others(comparison: Comparison) -> tuple[Outline, str]:
    """The outline in the workspace's language, for what others than who asks get to read, and what follows on its title."""
    if comparison.language == "fr":
        return outline_fr(comparison), "\u00a0: ce qui change dans nos objectifs"
    return outline_of(comparison), ": what changes in our goals"


def outline_fr(comparison: Comparison) -> Outline:
    """Puts a comparison into sections, as `outline_of` does."""
    sections = (
        *(_owner(each) for each in comparison.owners),
        *_others(comparison),
        *consequences(comparison, CONSEQUENCES_FR, _referred, _VOICE),
    )
    sides = _sides(comparison)
    about = [*comparison.limits, *([comparison.cycle] if comparison.cycle else [])]
    if about:
        sides += f" · {', '.join(about)}"
    return Outline(comparison.workspace, sides, _summary(comparison) if sections else NO_CHANGE_FR, sections)


def _side(moment: Moment | None) -> str:
    if moment is None:
        return "fichiers de travail"
    short = moment.commit[:SHORT_ID]
    return short if moment.commit.startswith(moment.asked) else f"{moment.asked} ({short})"


def _sides(comparison: Comparison) -> str:
    old, new = _side(comparison.old), _side(comparison.new)
    if comparison.fork is None:
        return f"{old} → {new}"
    left = comparison.fork
    return f"{new} depuis qu’il a quitté {left if len(left) < 40 else left[:SHORT_ID]} à {old}"  # noqa: PLR2004 # a whole id


def _summary(comparison: Comparison) -> str:
    key_results = [each for objective in comparison.objectives for each in objective.key_results]
    objectives = [(each.presence, each.changes) for each in comparison.objectives]
    said = []
    for noun, found in (
        ("Objectifs", objectives),
        ("Résultats clés", [(each.presence, each.changes) for each in key_results]),
    ):
        parts = [
            f"{count} {word}{'s' if count > 1 else ''}" for word, count in _counts(found).items() if count
        ]
        said += [f"{noun}\u00a0: {', '.join(parts)}."] if parts else []
    easier = sum(bool(eased(each.changes)) for each in key_results)
    said += [f"Plus facile{'s' if easier > 1 else ''} à atteindre\u00a0: {easier}."] if easier else []
    less = sum(bool(each.less) for each in comparison.objectives)
    ask = "demandent" if less > 1 else "demande"
    said += [f"{_WORDS.count(less, 'objective')} {ask} moins qu’au cycle précédent."] if less else []
    added = sum(each.checkins.added for each in key_results)
    added += sum(each.checkins.added for each in comparison.measurements)
    said += [f"Points de suivi\u00a0: {added} ajouté{'s' if added > 1 else ''}."] if added else []
    whose = whose_plans(comparison, "et", "{} autres")
    said += [f"Dans les plans de {whose}."] if whose else []
    return " ".join(said)


def _counts(found: Iterable[tuple[Presence, tuple[PlanChange, ...]]]) -> Counter[str]:
    counts = Counter({"ajouté": 0, "abandonné": 0, "déplacé": 0, "changé": 0})
    for presence, changes in found:
        if presence is Presence.BOTH:
            moved = any(isinstance(each, Moved) for each in changes)
            counts["déplacé" if moved else "changé"] += bool(changes)
        else:
            counts["ajouté" if presence is Presence.ADDED else "abandonné"] += 1
    return counts


# Plans


def _owner(found: OwnerDifference) -> Section:
    figures = []
    if found.objectives.differs:
        last = _WORDS.count(found.objectives.new or 0, "objective")
        both = found.presence is Presence.BOTH
        either = _WORDS.count(found.objectives.new or found.objectives.old or 0, "objective")
        figures.append(f"{found.objectives.old} → {last}" if both else either)
    score = _score(found.score, found.presence)
    figures += [f"score {score}"] if score else []
    note = {Presence.ADDED: "nouveau plan", Presence.DROPPED: "plan abandonné"}.get(found.presence, "")
    lines = [line for each in found.changed for line in _objective(each)]
    lines += [_left(each, 0) for each in found.departed]
    return Section(f"{found.owner.name} · {found.cycle}", tuple(lines), note, " · ".join(figures))


def _objective(found: ObjectiveDifference) -> Iterator[Line]:
    note, before = found.reference.objective or "", found.continues
    if before is not None:
        note += f", suite de {before.cycle}"
    yield Line(
        found.title, sign_of(found.presence, found.changes), 0, note, _score(found.score, found.presence)
    )
    yield from (Line(each, depth=1) for each in _plan_words(found.changes))
    less = {each.reference: each for each in found.less}
    for each in found.key_results:
        yield from _key_result(each, found.presence)
        fewer = less.get(each.reference)
        if isinstance(fewer, Retargeted) and before is not None:
            yield Line(f"plus facile qu’en {before.cycle}\u00a0: {_change(fewer)}", depth=2)
    for dropped in found.less:
        if isinstance(dropped, KeyResultDropped) and before is not None:
            note = f"{dropped.reference.key_result}, pas reconduit de {before.cycle}"
            yield Line(dropped.title, Sign.DROPPED, 1, note)
    yield from (_left(each, 1) for each in found.departed)


def _key_result(found: KeyResultDifference, around: Presence) -> Iterator[Line]:
    sign, name = sign_of(found.presence, found.changes), found.reference.key_result or ""
    yield Line(found.title, sign, 1, name, _score(found.score, found.presence))
    if found.presence is not Presence.BOTH:
        if found.state is not None and around is not Presence.DROPPED:
            yield Line(_WORDS.planned(found.state), depth=2)
        if found.checkins.added or found.checkins.taken_back:
            yield from (Line(each, depth=2) for each in _figures(found))
        return
    yield from (Line(each, depth=2) for each in _plan_words(found.changes))
    yield from (Line(each, depth=2) for each in _figures(found))


def _plan_words(changes: Iterable[PlanChange]) -> Iterator[str]:
    told = tuple(changes)
    easier = eased(told)
    for change in told:
        if isinstance(change, InitiativesChanged):
            yield from initiative_words_fr(change)
        else:
            yield _change(change) + (", plus facile à atteindre" if change in easier else "")


def _change(change: PlanChange) -> str:
    share = share_words(change.old, change.new, "fr") if isinstance(change, Retargeted) else None
    return change_words_fr(change) + (f" ({share})" if share else "")


def _left(change: Moved, depth: int) -> Line:
    return Line(change.title, Sign.MOVED, depth, f"parti vers {change.reference}")


def _score(pair: Pair[float], presence: Presence) -> str:
    if presence is not Presence.BOTH and not (pair.old or pair.new):
        return ""
    old, new = (_WORDS.score(each) for each in (pair.old, pair.new))
    return f"{old} → {new}" if old != new else ""


def _figures(found: KeyResultDifference) -> Iterator[str]:
    lines = _checkins(found.checkins, "point de suivi", "points de suivi")
    value = value_words(found.value, found.unit, "fr") if found.value.differs else ""
    if lines:
        yield f"{lines}\u00a0: {value}" if value else lines
    elif value:
        yield f"valeur {value}"
    if found.confidence.differs:
        yield f"confiance {_WORDS.share(found.confidence.old)} → {_WORDS.share(found.confidence.new)}"


def _checkins(lines: CheckInsDifference, one: str, many: str, *, feminine: bool = False) -> str:
    """What became of lines of a log: `2 points de suivi ajoutés, 1 retiré`."""
    taken = "retiré" if lines.taken_back > 0 else "rétabli"
    counts = ((lines.added, "ajouté"), (lines.removed, "disparu"), (abs(lines.taken_back), taken))
    parts: list[str] = []
    for count, participle in counts:
        if count:
            what = str(count) if parts else _some(count, one, many)
            parts.append(f"{what} {participle}{'e' if feminine else ''}{'s' if count > 1 else ''}")
    return ", ".join(parts)


# What is not one owner's


def _others(comparison: Comparison) -> Iterator[Section]:
    if comparison.cycles:
        lines = [
            Line(f"{each.cycle}\u00a0: {change_words_fr(each)}", Sign.CHANGED) for each in comparison.cycles
        ]
        yield Section("Cycles", tuple(lines))
    people = [each for each in comparison.subjects if each.kind != "KPI"]
    if people:
        yield Section("Équipes et personnes", tuple(subject_lines(people, _subject, {}, _KINDS)))
    kpis = [each for each in comparison.subjects if each.kind == "KPI"]
    measured = {}
    for each in comparison.measurements:
        value = value_words(each.value, each.unit, "fr") if each.value.differs else ""
        measured[each.id] = "\u00a0: ".join(
            filter(None, (_checkins(each.checkins, "mesure", "mesures", feminine=True), value))
        )
    lines = list(subject_lines(kpis, _subject, measured, _KINDS))
    for each in comparison.measurements:
        if each.id in measured:
            lines.append(Line(each.name, Sign.CHANGED, 0, f"KPI {each.id}"))
            lines.append(Line(measured[each.id], depth=1))
    if lines:
        yield Section("KPI", tuple(lines))
    if comparison.settings:
        changed = [
            Line(f"{each.key} {_plain(each.old)} → {_plain(each.new)}", Sign.CHANGED)
            for each in comparison.settings
        ]
        yield Section("Réglages", tuple(changed))


def _subject(change: SubjectChange) -> str:
    if isinstance(change, SubjectRenamed):
        return f"id {change.old} → {change.id}"
    if isinstance(change, SubjectChanged):
        old, new = (_plain(each) for each in (change.old, change.new))
        return f"{_KEYS.get(change.key, change.key)} {old} → {new}"
    raise AssertionError(change)


def _plain(value: str | float | None) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "oui" if value else "non"
    return plain_words(value, "fr")


# What all of it brings about


def _referred(found: ReferredDifference) -> str:
    nouns, done, (does, do) = _TIES[found.tie]
    lost, gained = len(found.lost), len(found.gained)
    if found.forsaken:
        return f"{found.target} n’est plus {done} aucun {nouns[0]} de {found.cycle}"
    if not found.others and not lost:
        return f"{found.target} est maintenant {done} {_some(gained, *nouns)} de {found.cycle}"
    parts = [f"{_some(gained, *nouns)} de plus {do if gained > 1 else does}"] if gained else []
    no_more = f"ne {do if lost > 1 else does} plus".replace("ne y", "n’y")
    parts += [f"{_some(lost, *nouns)} {no_more}"] if lost else []
    return f"{found.target}\u00a0: en {found.cycle}, {', '.join(parts)}"


def _some(count: int, one: str, many: str) -> str:
    return f"{count} {many if count > 1 else one}"


def _finding(found: FindingDifference) -> Line:
    diagnostic = found.diagnostic
    finding = diagnostic.finding
    asked = RULES_FR[diagnostic.code]
    if found.new is None:
        return Line(f"réglé\u00a0: {asked}", Sign.BETTER, 0, diagnostic.code)
    place = "" if finding.place == Place() else f":{finding.place.line}"
    weight = "" if diagnostic.severity is Severity.ERROR else f"{_WORDS(diagnostic.severity.value)} "
    sign = Sign.CHANGED if diagnostic.severity is Severity.INFO else Sign.WORSE
    return Line(asked, sign, 0, f"{weight}{diagnostic.code} {finding.path}{place}")


_VOICE = FindingsVoice(
    _finding,
    lambda count: f"{count} de plus du même genre dans ce fichier",
    lambda count, files: (
        f"{count} de plus du même genre dans {_some(files, 'autre fichier', 'autres fichiers')}"
    ),
)
