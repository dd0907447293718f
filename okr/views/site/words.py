"""The words of the site in English and French, with figures and days as each language writes them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from okr.model import CycleState
from okr.quantities import format_amount, format_number, format_score
from okr.scoring import BoundsMetric, Disagreement, MilestonesMetric, NumberMetric, Relative, Status
from okr.views.change_words import change_words
from okr.views.change_words_fr import change_words_fr

if TYPE_CHECKING:
    from okr.operations.assessing import KeyResultState
    from okr.operations.overview import Frame
    from okr.plan_changes import CycleChanged, OwnerRenamed, PlanChange
    from okr.quantities import Language

_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
}
_STATUS = {
    Status.ACHIEVED: ("achieved", "atteint"),
    Status.ON_TRACK: ("on track", "en bonne voie"),
    Status.AT_RISK: ("at risk", "à risque"),
    Status.OFF_TRACK: ("off track", "mal parti"),
    Status.NOT_STARTED: ("not started", "pas commencé"),
    Status.STALE: ("stale", "en sommeil"),
}
_OUTCOME = {
    Status.ACHIEVED: ("achieved", "atteint"),
    Status.ON_TRACK: ("met", "réussi"),
    Status.AT_RISK: ("partly met", "en partie réussi"),
    Status.OFF_TRACK: ("missed", "manqué"),
    Status.NOT_STARTED: ("never started", "jamais commencé"),
    Status.STALE: ("missed", "manqué"),
}
_STATE = {
    CycleState.PLANNING: ("planning", "en préparation"),
    CycleState.ACTIVE: ("running", "en cours"),
    CycleState.CLOSED: ("closed", "clos"),
}
_DISAGREEMENT = {
    Disagreement.HOPEFUL: (
        "people are more hopeful than the numbers", "l’équipe est plus confiante que les chiffres",
    ),
    Disagreement.DOUBTFUL: (
        "people are more doubtful than the numbers", "l’équipe est moins confiante que les chiffres",
    ),
}  # fmt: skip
_FRENCH = {
    "and all below": "et tout ce qui en dépend", "Overview": "Vue d’ensemble", "Map": "Carte", "Review": "Revue", "Record": "Registre", "Owners": "Responsables",
    "Skip to the content": "Aller au contenu", "score": "score", "forecast": "prévision", "Forecast": "Prévision", "confidence": "confiance",
    "expected by today": "attendu à ce jour", "expected": "attendu", "Needs attention": "Demande de l’attention",
    "Nothing needs attention.": "Rien ne demande d’attention.", "All plans": "Tous les plans", "Objective": "Objectif",
    "Key result": "Résultat clé", "objectives": "objectifs", "objective": "objectif", "key results": "résultats clés",
    "key result": "résultat clé", "Score": "Score", "Status": "État", "Value": "Valeur", "Day": "Jour", "By": "Par",
    "Note": "Note", "Check-ins": "Points de suivi", "check-in": "point de suivi", "check-ins": "points de suivi",
    "No check-in yet.": "Aucun point de suivi pour l’instant.", "Why": "Pourquoi", "Accountable": "Responsable",
    "Type": "Type", "aspirational: 0.7 is a success": "ambitieux : 0,7 est un succès",
    "committed: a success only if reached in full": "engagé : un succès seulement s’il est atteint en entier",
    "committed": "engagé", "aspirational": "ambitieux", "guardrail": "garde-fou", "Supports": "Soutient", "Supported by": "Soutenu par",
    "Depends on": "Dépend de", "Learned": "Appris", "Grade": "Note finale", "Weight": "Poids",
    "Initiatives": "Actions", "done": "fait", "Metric": "Mesure", "last check-in": "dernier point de suivi",
    "taken back": "retiré", "confidence only": "confiance seule", "Alignment map": "Carte des alignements",
    "Search": "Rechercher", "Status filter": "Filtre par état", "all": "tous", "Expand all": "Tout déplier",
    "Collapse all": "Tout replier", "Nothing fits the filter.": "Rien ne correspond au filtre.",
    "Supports what is not there": "Soutient ce qui n’existe pas", "Supports nothing": "Ne soutient rien", "In a circle": "En cercle", "see above": "voir plus haut",
    "Moved": "A bougé", "Did not move": "N’a pas bougé", "At risk": "À risque", "In the way": "Ce qui gêne",
    "Confidence and forecast disagree": "Confiance et prévision se contredisent", "Waiting": "En attente",
    "waits for": "attend", "Plans changed": "Les plans ont changé", "Due": "À faire",
    "Grades by owner": "Notes par responsable", "Hits": "Réussis", "Misses": "Manqués", "Lessons": "Leçons",
    "Ambition": "Ambition", "Calibration": "Calibrage", "Confidence": "Confiance", "Said": "Dit",
    "Came true": "S’est réalisé", "average": "moyenne", "aim": "cible", "KPIs": "KPI", "No KPI yet.": "Aucun KPI pour l’instant.",
    "within its bounds": "dans ses bornes", "outside its bounds": "hors de ses bornes", "Bounds": "Bornes",
    "never measured": "jamais mesuré", "Owner": "Responsable", "Feeds": "Alimente", "Measurements": "Mesures",
    "Can the record be trusted?": "Le registre est-il fiable ?", "Finding": "Constat", "Severity": "Gravité",
    "Place": "Endroit", "Nothing was found that makes the record doubtful.": "Rien ne fait douter du registre.",
    "lines of the logs were traced to the commits that brought them": "lignes de journal ont été rattachées à leur commit",
    "line of the logs was traced to the commit that brought it": "ligne de journal a été rattachée à son commit",
    "nothing measured yet": "rien de mesuré pour l’instant",
    "The record was not audited.": "Le registre n’a pas été contrôlé.", "Team": "Équipe", "Person": "Personne",
    "chart": "graphique", "target": "cible", "today": "aujourd’hui", "check-in values": "valeurs relevées",
    "This cycle has no plans yet.": "Ce cycle n’a pas encore de plans.", "No plan of its own in this cycle.": "Pas de plan à elle dans ce cycle.", "Below": "En dessous", "Objectives": "Objectifs", "owners": "responsables", "owner": "responsable", "since": "depuis le", "By team": "Par équipe", "no value": "pas de valeur",
    "error": "erreur", "warning": "avertissement", "info": "remarque", "made by okr from the files of": "fait par okr, source :",
    "Commit": "Commit", "commit": "promis", "stretch": "au-delà", "as of": "au", "left": "restants", "day": "jour", "of": "sur", "reason": "raison",
    "number of key results": "nombre de résultats clés", "kept": "maintenir", "more": "de plus", "hit what they aimed at": "ont atteint ce qu’ils visaient", "next": "suite", "keep": "garder tel quel",
    "carry": "reporter", "drop": "laisser", "ended": "terminé le", "begins": "commence le", "Sections": "Rubriques",
    "Brier score": "score de Brier", "0 is perfect, 0.25 is guessing": "0 est parfait, 0,25 revient à deviner",
    "late": "de retard", "due today": "à faire aujourd’hui", "days": "jours", "nobody in particular": "personne en particulier",
    "from": "de", "to": "à", "at least": "au moins", "at most": "au plus", "from an unknown baseline": "d’une valeur de départ inconnue", "between": "entre", "and": "et",
}  # fmt: skip


class Words:
    """The words and figures of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._place = 1 if language == "fr" else 0
        # A site writes the same few figures a hundred thousand times.
        self._amounts: dict[tuple[type, float, str | None], str] = {}
        self._scores: dict[float | None, str] = {None: "–"}
        self._shares: dict[float, str] = {}

    def __call__(self, english: str) -> str:
        """A word of the site.

        Raises:
            LookupError: the French page has none: that is our bug.
        """
        return _FRENCH[english] if self.language == "fr" else english

    def day(self, day: date) -> str:
        """A day with its year: `23 Nov 2026`, `23 nov. 2026`, `1er oct. 2026`."""
        number = "1er" if self.language == "fr" and day.day == 1 else str(day.day)
        return f"{number} {_MONTHS[self.language][day.month - 1]} {day.year}"

    def score(self, score: float | None) -> str:
        """A score with two decimals."""
        found = self._scores.get(score)
        if found is None:
            written = format_score(score or 0.0)
            found = self._scores[score] = written.replace(".", ",") if self.language == "fr" else written
        return found

    def number(self, number: float) -> str:
        """A bare number: `1,200`, `1 200`."""
        return format_number(number, self.language)

    def day_text(self, day: str) -> str:
        """A day that is written as in files."""
        return self.day(date.fromisoformat(day))

    def change(self, change: PlanChange | OwnerRenamed | CycleChanged) -> str:
        """What happened to a plan."""
        return change_words_fr(change) if self.language == "fr" else change_words(change, self.language)

    def standing(self, value: float | str | None, unit: str | None) -> str:
        """The last value, as the terminal says it: `44,000 visits`, `nothing measured yet`."""
        return self("nothing measured yet") if value is None else self.value(value, unit)

    def share(self, share: float | None) -> str:
        """A confidence: `0.7`."""
        if share is None:
            return "–"
        found = self._shares.get(share)
        if found is None:
            written = format_number(share, self.language, decimals=2)
            found = self._shares[share] = written.removesuffix("0")
        return found

    def status(self, status: Status, *, over: bool) -> str:
        """A status, or what came of it."""
        return (_OUTCOME if over else _STATUS)[status][self._place]

    def statuses(self) -> list[tuple[str, str]]:
        """Every status with the class that pages give it."""
        return [(status_class(status), _STATUS[status][self._place]) for status in Status]

    def state(self, state: CycleState) -> str:
        """Where a cycle stands."""
        return _STATE[state][self._place]

    def disagreement(self, kind: Disagreement) -> str:
        """How confidence and forecast disagree."""
        return _DISAGREEMENT[kind][self._place]

    def amount(self, number: float, unit: str | None) -> str:
        """A number with its unit."""
        known = (type(number), number, unit)  # 1 and 1.0 are equal, but need not be written alike
        found = self._amounts.get(known)
        if found is None:
            found = self._amounts[known] = format_amount(number, unit, self.language)
        return found

    def value(self, value: float | str | None, unit: str | None) -> str:
        """A check-in's value: a number with its unit, a milestone's name, or a dash."""
        if value is None:
            return "–"
        return self.milestone(value) if isinstance(value, str) else self.amount(value, unit)

    def milestone(self, name: str) -> str:
        """A milestone by its name; `done` is how files write yes and no, so it is a word of ours."""
        return self(name) if name == "done" else name

    def count(self, number: int, noun: str) -> str:
        """`1 key result`, `2 key results`."""
        one = number < 2 if self.language == "fr" else number == 1  # noqa: PLR2004 # French counts 0 as one
        return f"{format_number(number, self.language)} {self(noun if one else noun + 's')}"

    def planned(self, state: KeyResultState) -> str:
        """What a key result asks for: `from 42,000 to 100,000 visits`."""
        metric = state.metric
        if isinstance(metric, MilestonesMetric):
            steps = sorted(metric.ladder.items(), key=lambda step: step[1])
            return " → ".join(f"{self.milestone(name)} ({self.score(score)})" for name, score in steps)
        if isinstance(metric, BoundsMetric):
            return self.bounds(metric, state.unit)
        return self._way(metric, state)

    def bounds(self, metric: BoundsMetric, unit: str | None) -> str:
        """`at least 99.9%`."""
        low, high = metric.at_least, metric.at_most
        if low is not None and high is not None:
            return f"{self('between')} {format_number(low, self.language)} {self('and')} {self.amount(high, unit)}"
        if low is not None:
            return f"{self('at least')} {self.amount(low, unit)}"
        return f"{self('at most')} {self.amount(high or 0, unit)}"

    @property
    def colon(self) -> str:
        """A colon with the space around it that the language wants."""
        return "\u00a0: " if self.language == "fr" else ": "

    @property
    def semicolon(self) -> str:
        """A semicolon, likewise."""
        return "\u202f; " if self.language == "fr" else "; "

    def time(self, frame: Frame) -> str:
        """How far a cycle has come."""
        cycle, today = frame.cycle, frame.as_of
        if today < cycle.starts:
            return f"{self('begins')} {self.day(cycle.starts)}"
        if today > cycle.ends:
            return f"{self('ended')} {self.day(cycle.ends)}"
        passed, left = (today - cycle.starts).days + 1, (cycle.ends - today).days
        return f"{self('day')} {passed} {self('of')} {cycle.days}, {left} {self('left')}"

    def _way(self, metric: NumberMetric, state: KeyResultState) -> str:
        start, target = state.assessment.start, state.assessment.target
        first = self("from an unknown baseline") if start is None else f"{self('from')} {self.number(start)}"
        if target is None:
            share = metric.target.share if isinstance(metric.target, Relative) else 0.0
            last = f"{share * 100:+g}%"
        else:
            last = self.amount(target, state.unit)
        return f"{first} {self('to')} {last}"


def status_class(status: Status) -> str:
    """A status as a class of a page: `at-risk`."""
    return status.value.replace(" ", "-")
