"""What people call the keys of okr's files, in English, in French and in other tools. Pure."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Collection

_CALLED = {
    "title": "titre intitule libelle name nom label summary headline resume objective objectif goal keyresult result "
    "resultat resultatcle",
    "name": "nom title titre label libelle fullname nomcomplet",
    "objectives": "objective objectifs objectif goals okrs okr buts",
    "key_results": "keyresult krs kr results resultats resultatscles resultatcle indicators indicateurs",
    "why": "description desc rationale reason reasons motivation because context contexte pourquoi raison raisons purpose",
    "owner": "responsable responsables proprietaire porteur pilote assignee accountable responsible driver dri who qui lead "
    "person personne team equipe",
    "type": "kind nature ambition genre",
    "supports": "parent parents alignedto alignedwith alignswith aligns alignment contributesto contribution serves soutient "
    "alignesur contribuea",
    "depends_on": "dependencies dependency dependances dependance needs requires blockedby waitsfor dependde attend",
    "tags": "labels etiquettes keywords motscles categories",
    "formerly": "aliases alias oldid oldids formerid formerids previousid previousids ancienid anciensids ancien",
    "learned": "learnings learning lessons lessonslearned retrospective retro lecons appris enseignements",
    "unit": "unite units unites uom",
    "from": "baseline start startvalue startingvalue initial initialvalue depart pointdedepart de depuis base",
    "to": "target goal targetvalue objectif cible valeurcible until jusqua a",
    "commit": "committed engagement engage promise promesse",
    "stretch": "stretchgoal moonshot depassement",
    "at_least": "min minimum auminimum aumoins floor plancher above lowerbound",
    "at_most": "max maximum aumaximum auplus ceiling plafond below upperbound",
    "milestones": "steps stages jalons etapes paliers",
    "kpi": "indicator indicateur kpis",
    "weight": "poids importance ponderation weighting",
    "initiatives": "actions action tasks taches projects projets activities activites todo todos",
    "grade": "finalscore finalgrade scorefinal notefinale",
    "link": "url lien href issue ticket",
    "done": "completed complete finished fait termine fini",
    "date": "day jour when quand at on",
    "kr": "keyresult keyresultid resultat resultatcle ref reference",
    "value": "val valeur current currentvalue actual progress mesure",
    "confidence": "confiance conf confidencelevel certainty certitude",
    "by": "who qui author auteur par user person personne owner from",
    "note": "notes comment comments commentaire commentaires message remark remarque text texte",
    "retracts": "retract undo undoes takesback annule revokes retire",
    "starts": "start startdate startson from begin begins beginning debut commence datedebut du",
    "ends": "end enddate endson to until finish fin finit datefin au",
    "closed": "closedon closeddate closedat clos cloture cloturele datecloture",
    "state": "status etat statut phase",
    "review": "retro retrospective bilan revue",
    "teams": "team equipes equipe groups departments",
    "people": "persons person personnes personne members membres users employees",
    "parent": "parentteam belongsto partof above equipeparente",
    "lead": "leader manager head owner responsable chef cheffe",
    "email": "mail mails emails emailaddress courriel adresse",
    "team": "equipe department group",
    "paths": "path files file fichiers chemins",
    "rules": "rule severities regles",
    "language": "lang langue locale",
    "limits": "limit limites",
    "checkin_every": "checkininterval interval frequency frequence cadence",
    "year_starts": "fiscalyearstart yearstart debutannee",
}
"""Key → what it is called elsewhere, in lower case, without accents, blanks and hyphens."""

_IN_LOGS = (
    "current currentvalue actual actualvalue value val valeur valeuractuelle progress progression avancement score status "
    "statut confidence confiance updated lastupdate checkins checkin"
)
"""What other tools keep in the plan, and okr in the log."""

_DROPPED = pattern(r"[\s_.-]+")


def folded(word: str) -> str:
    """A word in lower case, without accents, blanks, hyphens and underscores."""
    plain = unicodedata.normalize("NFKD", _DROPPED.sub("", word.casefold()))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def key_called(word: str, known: Collection[str]) -> str | None:
    """The one of some keys that is called so elsewhere; None where none is."""
    wanted = folded(word)
    return next((key for key in known if wanted in _CALLED.get(key, "").split()), None)


def stands_in_logs(word: str) -> bool:
    """Whether a word names what okr keeps in the log, not in the plan."""
    return folded(word) in _IN_LOGS.split()
