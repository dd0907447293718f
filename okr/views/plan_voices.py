"""What `okr plan summary` and `okr plan check` say in Markdown, in English and in French: each sentence once a language.

Where it stands and what it stands beside is for `plan_markdown.py`. Plain text, not yet made safe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.diagnostics import Severity
from okr.operations.planning.questions import About
from okr.rules.catalogue import rules_by_name
from okr.views.change_words import change_words
from okr.views.change_words_fr import change_words_fr
from okr.views.figures import metric_words, short_day, time_words
from okr.views.findings_markdown import escaped
from okr.views.plan_check import verdict
from okr.views.plan_words import some_names, times_words
from okr.views.rules_fr import RULES_FR
from okr.views.site.words import Words
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from okr.diagnostics import Diagnostic
    from okr.operations.assessing import KeyResultState
    from okr.operations.overview import Frame
    from okr.operations.planning.check import OwnersPlan, Readiness
    from okr.operations.planning.questions import Question
    from okr.operations.planning.summary import NotContinued
    from okr.plan_changes import PlanChange
    from okr.quantities import Language


class English:
    """What is said in English."""

    language: Language = "en"
    colon = ": "
    glance, alignment, findings, questions = "At a glance", "Alignment", "Findings", "Questions"
    columns = ("Owner", "Objective", "Key results", "Accountable")
    finding_columns = ("", "Where", "What", "How to mend it")
    no_plan, new, committed = "no plan yet", "new", "committed"
    others = "Above all others"

    def __init__(self, found: Readiness) -> None:
        self.found = found
        self.cycle = escaped(found.frame.cycle.name)

    def title(self) -> str:
        """The summary's."""
        return f"Plan for {self.cycle}"

    def is_ready(self) -> str:
        """The title of the check."""
        return f"Is {self.cycle} ready?"

    def since(self, before: str) -> str:
        """The title of what became of the plans before."""
        return f"Since {before}"

    def verdict(self) -> str:
        """Whether the plans are ready."""
        return verdict(self.found, strict=False)

    def day(self, day: date) -> str:
        """A day with its year."""
        return short_day(day)

    def time(self, frame: Frame) -> str:
        """Where the cycle stands."""
        return time_words(frame)

    def carried(self, times: int) -> str:
        """How often something is carried over."""
        return f"carried over {times_words(times)}".rstrip()

    def metric(self, state: KeyResultState) -> str:
        """What a key result asks for."""
        return metric_words(state, self.language)

    def change(self, change: PlanChange) -> str:
        """What is another in an objective that goes on."""
        return change_words(change, self.language)

    def key_result_finished(self, title: str) -> str:
        """A key result that stays behind as a success."""
        return f"key result finished: {title}"

    def gone(self, gone: NotContinued) -> str:
        """Why an objective stays behind."""
        if gone.finished:
            return "finished"
        return "dropped" if gone.dropped else "not carried over"

    def score(self, score: float) -> str:
        """A score."""
        return Words(self.language).score(score)

    def group(self, plans: Sequence[OwnersPlan]) -> str:
        """How much some plans hold: `11 teams, 22 objectives, 47 key results`."""
        objectives, key_results = (sum(counts) for counts in zip(*map(_size, plans), strict=True))
        without = sum(not plan.objectives for plan in plans)
        said = f"{counted(len(plans), 'owner')}, {counted(objectives, 'objective')}, {counted(key_results, 'key result')}"
        return f"{said}, {without} without a plan" if without else said

    def supporters(self, count: int) -> str:
        """How many objectives support one."""
        return f"supported by {counted(count, 'objective')}" if count else "supported by nothing"

    def too_many(self) -> str:
        """Instead of a chart that nobody could read."""
        return "There are too many objectives for a chart here; `okr tree` shows them all."

    def left_out(self, count: int, noun: str) -> str:
        """What did not fit."""
        return f"{counted(count, noun)} did not fit here."

    def more(self, count: int, noun: str) -> str:
        """What is folded away."""
        return counted(count, f"more {noun}")

    def severity(self, severity: Severity) -> str:
        """How grave a finding is."""
        return severity.value

    def finding(self, diagnostic: Diagnostic) -> tuple[str, str]:
        """What is wrong, and how to mend it."""
        finding = diagnostic.finding
        what = f"{finding.message} ({diagnostic.code} {diagnostic.name})"
        return what, finding.hint or rules_by_name()[diagnostic.code].remedy

    def question(self, question: Question) -> tuple[str, str]:
        """What there is to be asked about, and the question."""
        return question.fact, question.question


class French(English):
    """What is said in French."""

    language: Language = "fr"
    colon = "\u00a0: "
    glance, alignment, findings, questions = "En bref", "Alignement", "Constats", "Questions"
    columns = ("Responsable", "Objectif", "Résultats clés", "Qui en répond")
    finding_columns = ("", "Endroit", "Règle", "Ce qu’elle demande")
    no_plan, new, committed = "pas encore de plan", "nouveau", "engagé"
    others = "Au-dessus de tous"

    def __init__(self, found: Readiness) -> None:
        super().__init__(found)
        self.words = Words("fr")

    def title(self) -> str:
        return f"Plan {self.cycle}"

    def is_ready(self) -> str:
        return f"Le plan {self.cycle} est-il prêt\u202f?"

    def since(self, before: str) -> str:
        return f"Depuis {before}"

    def verdict(self) -> str:
        found, counts = self.found, self.found.counts
        in_the_way = [self._counted(counts[Severity.ERROR], "erreur")] if counts[Severity.ERROR] else []
        if found.missing:
            names = some_names([each.owner.name for each in found.missing], "et {} autres")
            in_the_way.append(f"pas encore de plan pour {names}")
        if not found.plans:
            in_the_way.append("personne n’a de plan")
        if in_the_way:
            return f"Pas prêt{self.colon}{', '.join(in_the_way)}."
        rest = [self._counted(counts[Severity.WARNING], "avertissement")] if counts[Severity.WARNING] else []
        rest += [self._counted(len(found.questions), "question")] if found.questions else []
        return f"Prêt, avec {' et '.join(rest)}." if rest else "Prêt."

    def day(self, day: date) -> str:
        return self.words.day(day)

    def time(self, frame: Frame) -> str:
        return f"{self.words.time(frame)} · {self.words.state(frame.state)}"

    def carried(self, times: int) -> str:
        return "reconduit" if times < 2 else f"reconduit pour la {times}e fois"  # noqa: PLR2004 # the first time goes without saying

    def metric(self, state: KeyResultState) -> str:
        return self.words.planned(state)

    def change(self, change: PlanChange) -> str:
        return change_words_fr(change)

    def key_result_finished(self, title: str) -> str:
        return f"résultat clé achevé{self.colon}{title}"

    def gone(self, gone: NotContinued) -> str:
        if gone.finished:
            return "achevé"
        return "abandonné" if gone.dropped else "pas reconduit"

    def group(self, plans: Sequence[OwnersPlan]) -> str:
        objectives, key_results = (sum(counts) for counts in zip(*map(_size, plans), strict=True))
        without = sum(not plan.objectives for plan in plans)
        said = (
            f"{self._counted(len(plans), 'responsable')}, {self.words.count(objectives, 'objective')}, "
            f"{self.words.count(key_results, 'key result')}"
        )
        return f"{said}, {without} sans plan" if without else said

    def supporters(self, count: int) -> str:
        if not count:
            return "aucun objectif ne le soutient"
        return f"soutenu par {self.words.count(count, 'objective')}"

    def too_many(self) -> str:
        return f"Trop d’objectifs pour un schéma ici{self.words.semicolon}`okr tree` les montre tous."

    def left_out(self, count: int, noun: str) -> str:
        del noun  # a French participle would have to agree with each
        return f"Lignes qui n’ont pas tenu ici{self.colon}{count}."

    def more(self, count: int, noun: str) -> str:
        return f"{count} {_NOUNS[noun]}{'s' if count > 1 else ''} de plus"

    def severity(self, severity: Severity) -> str:
        return self.words(severity.value)

    def finding(self, diagnostic: Diagnostic) -> tuple[str, str]:
        return f"{diagnostic.code} {diagnostic.name}", RULES_FR[diagnostic.code]

    def question(self, question: Question) -> tuple[str, str]:
        short, details = question.ref.partition("/")[2] or question.ref, dict(question.details)
        if question.about is About.OVERLOADED:
            details |= {
                key: self.words.count(int(details[key]), key.replace("_", " ").removesuffix("s"))
                for key in ("objectives", "key_results")
            }
        return FACTS[question.about].format(ref=question.ref, short=short, **details), ASKED[question.about]

    @staticmethod
    def _counted(count: int, noun: str) -> str:
        return f"{count} {noun}{'s' if count > 1 else ''}"


_NOUNS = {"finding": "constat", "question": "question"}
FACTS = {
    About.NOT_CLOSED: "{ref} est terminé et pas encore clos.",
    About.UNSUPPORTED: "Personne ne soutient {ref}\u00a0: {title}.",
    About.ONLY_ITSELF: "{name} ne soutient les objectifs de personne d’autre.",
    About.OVERLOADED: "{name} répond de {objectives} et de {key_results}.",
    About.NOBODY_ACCOUNTABLE: "Personne ne répond de {short}.",
    About.AMBITION: "Objectifs engagés\u00a0: {committed} sur {objectives}.",
    About.CARRIED_AGAIN: "{short} est reconduit pour la {times}e fois.",
    About.UNKNOWN_BASELINE: "La valeur de départ de {short} est inconnue.",
    About.BASELINE_BEHIND: "{short} part de {start}\u202f; {before} l’avait laissé à {last}.",
    About.EASIER: "{short} est plus facile à atteindre que dans {before}.",
    About.LEFT_OUT: "{short} est reconduit sans «\u00a0{titles}\u00a0», non atteint dans {before}.",
}
"""What there is to be asked about, by kind; a question's details are filled in."""

ASKED = {
    About.NOT_CLOSED: "Qu’en avons-nous appris dont ce plan devrait tenir compte\u202f?",
    About.UNSUPPORTED: "Qui y travaille, ou n’est-ce plus un but\u202f?",
    About.ONLY_ITSELF: "Lesquels ce plan sert-il\u202f?",
    About.OVERLOADED: "Que peut reprendre quelqu’un d’autre, qu’est-ce qui peut attendre\u202f?",
    About.NOBODY_ACCOUNTABLE: "Qui le suit chaque semaine\u202f?",
    About.AMBITION: "Où visons-nous plus haut que le certain, et sur quoi les autres peuvent-ils compter\u202f?",
    About.CARRIED_AGAIN: "Qu’est-ce qui sera différent cette fois\u202f?",
    About.UNKNOWN_BASELINE: "Qui la mesure, et pour quand\u202f?",
    About.BASELINE_BEHIND: "Laquelle des deux est la valeur de départ\u202f?",
    About.EASIER: "Pourquoi demander moins\u202f?",
    About.LEFT_OUT: "Qu’est-ce que c’est devenu\u202f?",
}
"""The questions, by kind."""


def voice_of(found: Readiness) -> English:
    """Who speaks, in the workspace's language."""
    return French(found) if found.frame.language == "fr" else English(found)


def _size(plan: OwnersPlan) -> tuple[int, int]:
    return len(plan.objectives), plan.key_results
