"""What an audit found, in the words of a page. English is the audit's own sentence; French says what its kind means.

The place, the commit and its author stand in columns of their own, so that a French sentence need not hold them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.operations.audit.auditing import Kind

if TYPE_CHECKING:
    from okr.operations.audit.auditing import AuditFinding
    from okr.quantities import Language

FRENCH = {
    Kind.LINE_REMOVED: "Une ligne du journal a été supprimée",
    Kind.LINE_CHANGED: "Une ligne du journal a été modifiée après coup",
    Kind.CLOSED_CYCLE_CHANGED: "Quelque chose a changé dans un cycle déjà clos",
    Kind.CYCLE_REOPENED: "Un cycle clos a été rouvert ; ses notes finales ne comptaient plus",
    Kind.AFTER_CLOSING: "Une mesure d’un KPI qu’un cycle clos comptait est venue après sa clôture",
    Kind.UNSIGNED: "Un commit n’a pas de signature valable",
    Kind.OTHER_AUTHOR: "Des points de suivi sont au nom d’une autre personne que l’auteur du commit",
    Kind.BY_MERGE: "Une fusion a ajouté des lignes qu’aucune des branches fusionnées ne contient",
    Kind.UNCOMMITTED: "Un point de suivi est écrit dans le journal mais pas encore dans un commit",
    Kind.DUPLICATE: "Deux points de suivi portent la même date",
    Kind.TARGET_MOVED: "La cible a changé en cours de cycle",
    Kind.BASELINE_MOVED: "La valeur de départ a changé en cours de cycle",
    Kind.WEIGHT_MOVED: "Le poids a changé en cours de cycle",
    Kind.DROPPED: "Abandon en cours de cycle",
    Kind.LATE: "Des points de suivi sont entrés dans un commit bien après leur date",
    Kind.AHEAD: "Des points de suivi sont datés d’après leur commit",
    Kind.BY_HAND: "Des lignes ont été ajoutées à la main : le message du commit ne les nomme pas",
    Kind.UNREADABLE: "Un fichier n’a pas pu être lu tel que ce commit l’a laissé",
}
"""A sentence for each kind, to which the subject is added."""


def finding_words(finding: AuditFinding, language: Language) -> str:
    """What happened, in a sentence. Plain text, not yet made printable."""
    if language != "fr":
        return finding.message
    said = FRENCH[finding.kind]
    return f"{said} : {finding.ref}." if finding.ref else f"{said}."


def no_audit_words(reason: str, language: Language) -> str:
    """Why the record was not audited."""
    return "Le contrôle demande un dépôt git avec toute son histoire." if language == "fr" else reason
