"""Changes of plans in French words, for pages in French: `cible passée de 100 000 à 80 000 visites`.

The counterpart of `change_words.py`, case by case; a test holds the two together. Plain text, not yet made printable.
"""

from __future__ import annotations

from typing import assert_never

from okr.plan_changes import (
    CycleChanged,
    Graded,
    GradeExplained,
    InitiativeChanged,
    InitiativesChanged,
    KeyResultAdded,
    KeyResultDropped,
    Learned,
    Moved,
    NextDecided,
    ObjectiveAdded,
    ObjectiveDropped,
    OwnerRenamed,
    PlanChange,
    Realigned,
    Reassigned,
    Renamed,
    Retagged,
    Retargeted,
    Retyped,
    Reweighted,
    Reworded,
)
from okr.quantities import format_number, format_score
from okr.views.change_words import AMOUNTS, amount_words

_KEYS = {
    "from": "valeur de départ",
    "to": "cible",
    "commit": "minimum promis",
    "stretch": "cible au-delà",
    "at_least": "borne basse",
    "at_most": "borne haute",
    "milestones": "jalons",
    "kpi": "KPI",
    "unit": "unité",
}
_LINKS = {"supports": ("soutient", "ne soutient plus"), "depends_on": ("dépend de", "ne dépend plus de")}
_FACTS = {
    "state": "état",
    "closed": "jour de clôture",
    "starts": "premier jour",
    "ends": "dernier jour",
    "owners": "responsables qui planifient",
}
_TYPES = {"aspirational": "ambitieux", "committed": "engagé"}
_STATES = {"planning": "en préparation", "active": "en cours", "closed": "clos"}
_NEXT = {"keep": "garder tel quel", "carry": "reporter", "drop": "laisser"}


def change_words_fr(change: PlanChange | OwnerRenamed | CycleChanged) -> str:  # noqa: C901, PLR0911, PLR0912 # one case for each kind of change
    """What happened to it, in a few French words without its name."""
    match change:
        case ObjectiveAdded():
            return f"objectif ajouté avec {_key_results(change.key_results)} : {change.title}"
        case ObjectiveDropped():
            return f"objectif abandonné avec {_key_results(change.key_results)} : {change.title}"
        case KeyResultAdded():
            return f"résultat clé ajouté : {change.title}"
        case KeyResultDropped():
            return f"résultat clé abandonné : {change.title}"
        case Renamed():
            return f"id changé : {change.old.within_log} → {change.reference.within_log}"
        case Moved():
            return f"venu de {change.old}"
        case Reworded():
            return _texts("titre" if change.key == "title" else "raison", change.old, change.new)
        case Retargeted():
            return _retargeted(change)
        case Reweighted():
            return f"poids : {format_number(change.old, 'fr')} → {format_number(change.new, 'fr')}"
        case Reassigned():
            return _named("responsable", change.old, change.new)
        case Realigned():
            return _lists(*_LINKS[change.key], change.old, change.new)
        case Retyped():
            return f"type : {_TYPES.get(change.old, change.old)} → {_TYPES.get(change.new, change.new)}"
        case Graded():
            return _named("note finale", _score(change.old), _score(change.new))
        case GradeExplained():
            return _texts("raison de la note", change.old, change.new)
        case NextDecided():
            return _named("suite", _known(_NEXT, change.old), _known(_NEXT, change.new))
        case Learned():
            return _texts("leçon", change.old, change.new)
        case Retagged():
            return _named("étiquettes", ", ".join(change.old) or None, ", ".join(change.new) or None)
        case InitiativesChanged():
            return " ; ".join(initiative_words_fr(change))
        case InitiativeChanged():
            what = "lien" if change.key == "link" else "responsable"
            return _named(f"{what} de l’action « {change.initiative} »", change.old, change.new)
        case OwnerRenamed():
            return f"responsable renommé : {change.old} → {change.new}"
        case CycleChanged():
            return _cycle(change)
        case PlanChange():
            raise AssertionError(change)
        case _:
            assert_never(change)


def _key_results(count: int) -> str:
    return f"{count} résultat{'s' if count > 1 else ''} clé{'s' if count > 1 else ''}"


def _retargeted(change: Retargeted) -> str:
    unit = change.unit if change.key in AMOUNTS else None
    name = _KEYS[change.key]
    old = None if change.old is None else amount_words(change.old, None, "fr")
    new = None if change.new is None else amount_words(change.new, unit, "fr")
    if new is None and change.old is not None:
        old = amount_words(change.old, unit, "fr")
    return _named(name, *(_unknown(each) for each in (old, new)))


def _unknown(text: str | None) -> str | None:
    return "inconnu" if text == "unknown" else text


def _score(grade: float | None) -> str | None:
    return None if grade is None else format_score(grade).replace(".", ",")


def _known(words: dict[str, str], text: str | None) -> str | None:
    return None if text is None else words.get(text, text)


def _named(what: str, old: str | None, new: str | None) -> str:
    # Without a participle, whose ending depends on the noun.
    if old is None:
        return f"{what} : {new}"
    of = "d’" if what[0] in "aeéèêiou" else "de "
    return f"plus {of}{what} (avant : {old})" if new is None else f"{what} : {old} → {new}"


def _texts(what: str, old: str | None, new: str | None) -> str:
    quoted = (None if each is None else f"« {each.strip()} »" for each in (old, new))
    return _named(what, *quoted)


def _lists(now: str, no_more: str, old: tuple[str, ...], new: tuple[str, ...]) -> str:
    added = [each for each in new if each not in old]
    dropped = [each for each in old if each not in new]
    parts = [f"{now} {', '.join(added)}"] if added else []
    return " ; ".join([*parts, *([f"{no_more} {', '.join(dropped)}"] if dropped else [])])


def initiative_words_fr(change: InitiativesChanged) -> list[str]:
    """What became of initiatives, one by one."""
    old, new = dict(change.old), dict(change.new)
    parts = [f"action ajoutée : {title}" for title in new if title not in old]
    parts += [f"action abandonnée : {title}" for title in old if title not in new]
    for title, done in new.items():
        if title in old and done != old[title]:
            parts.append(f"action {'faite' if done else 'reprise'} : {title}")
    return parts or ["actions changées"]


def _cycle(change: CycleChanged) -> str:
    if change.key == "review":
        return _texts("revue", change.old, change.new)
    words = _STATES if change.key == "state" else {}
    return _named(_FACTS[change.key], _known(words, change.old), _known(words, change.new))
