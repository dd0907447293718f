"""What others read of a French workspace is French: the Markdown of reviews, plans and comparisons, and messages."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from okr.operations.planning.questions import About
from okr.rules.catalogue import catalogue
from okr.views.plan_voices import ASKED, FACTS
from okr.views.rules_fr import RULES_FR
from tests.cli.history_shell import LOG, PLAN, Team
from tests.cli.test_plan_summary import BEFORE
from tests.cli.test_review import CLOSED

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

SUMMARY = """\
<!-- okr plan -->
## Plan 2027-Q1

Acme · 1er janv. 2027 – 31 mars 2027 · commence le 1er janv. 2027 · en préparation

**Pas prêt : pas encore de plan pour Sales.**

### Constats

| | Endroit | Règle | Ce qu’elle demande |
| --- | --- | --- | --- |
| remarque | okrs/2027-Q1/design.yaml:\u200b9 | OKR308 unaligned-objective | Un objectif en soutient un du niveau supérieur, dès que celui-ci a des objectifs dans le même cycle ou un plus long. |

### Questions

- Personne ne soutient 2027/company/team : Be a place where people want to stay. **Qui y travaille, ou n’est-ce plus un but ?**
- Design & Co ne soutient les objectifs de personne d’autre. **Lesquels ce plan sert-il ?**
- Alice Martin répond de 2 objectifs et de 10 résultats clés. **Que peut reprendre quelqu’un d’autre, qu’est-ce qui peut attendre ?**
- Personne ne répond de design/look. **Qui le suit chaque semaine ?**
- Personne ne répond de design/feel. **Qui le suit chaque semaine ?**
- Objectifs engagés : 0 sur 4. **Où visons-nous plus haut que le certain, et sur quoi les autres peuvent-ils compter ?**
- marketing/brand est reconduit pour la 2e fois. **Qu’est-ce qui sera différent cette fois ?**
- marketing/speed est reconduit pour la 2e fois. **Qu’est-ce qui sera différent cette fois ?**
- La valeur de départ de marketing/brand/users est inconnue. **Qui la mesure, et pour quand ?**

### En bref

| Responsable | Objectif | Résultats clés | Qui en répond |
| --- | --- | --- | --- |
| **Marketing** | Make our brand the one people think of first<br>*reconduit pour la 2e fois* | Reach 100000 monthly visits : de 42 000 à 100 000 visits<br>More users : d’une valeur de départ inconnue à 90 users | Alice Martin |
|  | Answer everyone while they still remember the question<br>*reconduit pour la 2e fois* | 4 hours : de 26 à 4 hours<br>5 days : de 26 à 5 days<br>6 weeks : de 26 à 6 weeks<br>7 months : de 26 à 7 months | Alice Martin |
| **Design & Co** | Look like one company<br>*reconduit* | 80 pages redrawn : de 0 à 80 pages<br>9 icons : de 0 à 9 icons |  |
|  | Feel like one company<br>*nouveau* | 8 forms redrawn : de 0 à 8 forms<br>7 hints : de 0 à 7 hints |  |
| **Sales** | *pas encore de plan* | | |

### Alignement

```mermaid
flowchart BT
  subgraph g1["Acme #183; 2027"]
    n1["Lead our market"]
    n2["Be a place where people want to stay"]
  end
  subgraph g2["Marketing #183; 2027#45;Q1"]
    n3["Make our brand the one people think of first"]
    n4["Answer everyone while they still remember the question"]
  end
  subgraph g3["Design #38; Co #183; 2027#45;Q1"]
    n5["Look like one company"]
    n6["Feel like one company"]
  end
  n3 --> n1
  n4 --> n3
  n5 --> n6
```

### Depuis 2026-Q4

- **Marketing**
  - reconduit pour la 2e fois : Make our brand the one people think of first
    - More users : valeur de départ : 30 → inconnu
  - reconduit pour la 2e fois : Answer everyone while they still remember the question
- **Design & Co**
  - reconduit : Look like one company
  - nouveau : Feel like one company
  - achevé : Feel like one company (1,00)
"""
FRENCH = {"okr.yaml": "name: Acme\nlanguage: fr\n"}


@pytest.fixture
def french(workspace: Shell) -> Team:
    """A quarter of a French workspace: a week in which a value and a target moved, and a quarter closed before it."""
    workspace.write({**FRENCH, **CLOSED})
    team = Team(workspace)
    team.git("alice", "2026-10-12", "init", "--quiet", "--initial-branch=main")
    team.edit(PLAN, "{id: hours, title:", "{id: hours, depends_on: marketing/brand/launch, title:")
    team.commit("alice", "2026-10-12", "Planifier le trimestre")
    team.append(LOG, "- {date: 2026-11-17, kr: brand/visits, value: 61000, confidence: 0.9, by: alice}")
    team.append(
        LOG, "- {date: 2026-11-20, kr: brand/launch, value: signed, by: bob, note: Bloqué par le juridique}"
    )
    team.edit(PLAN, "to: 100000", "to: 80000")
    team.commit("bob", "2026-11-21", "Viser moins haut")
    return team


def lines(team: Team, *arguments: str) -> list[str]:
    outcome = team.okr(*arguments)
    assert (outcome.status, outcome.err) == (0, "")
    return unescape(outcome.out).replace("\u00a0", " ").replace("\u202f", " ").splitlines()


def test_the_weekly_review(french: Team) -> None:
    told = lines(french, "review", "--format", "markdown")
    assert told[:7] == [
        "# Revue : Acme, 2026-Q4, 23 nov. 2026",
        "",
        "Depuis le 16 nov. 2026, 1 résultat clé sur 4 a bougé.",
        "",
        "## A bougé",
        "",
        "- Reach 100,000 monthly visits (`marketing/brand/visits`) : 47 500 visits → 61 000 visits, score 0,14 → 0,50",
    ]
    assert [line for line in told if line.startswith("## ")] == [
        "## A bougé", "## N’a pas bougé", "## À risque", "## Ce qui gêne", "## En attente", "## À faire",
        "## Les plans ont changé",
    ]  # fmt: skip
    for line in (
        "- The new site is live (`marketing/brand/launch`) : relevé, toujours à signed",
        "- Answer within 4 hours (`marketing/speed/hours`) : aucun point de suivi pour l’instant",
        "- Answer within 4 hours attend marketing/brand/launch (score 0,30), The new site is live",
        "- The new site is live (`marketing/brand/launch`) : Bloqué par le juridique (Bob Stone, 20 nov. 2026)",
        "- [ ] Answer within 4 hours : Alice Martin, 46 jours de retard",
    ):
        assert line in told


def test_the_look_back(french: Team) -> None:
    told = lines(french, "review", "2026-Q3", "--format", "markdown")
    assert told[:8] == [
        "# Rétrospective : Acme, 2026-Q3, 23 nov. 2026",
        "",
        "2 résultats clés sur 3 ont atteint ce qu’ils visaient. 1 résultat clé sans note finale : le score en tient lieu.",
        "",
        "> A quiet summer, well used.",
        ">",
        "> Write less.",
        "",
    ]  # fmt: skip
    for line in (
        "- ambitieux : 0,60 en moyenne sur 2 résultats clés ; on vise 0,7 : bien placée",
        "- engagé : 1,00 en moyenne sur 1 résultat clé ; on vise 1,0 : les promesses ont été tenues",
        (
            "Sur 1 cycle clos et 3 confiances exprimées, le score de Brier est de 0,07 : mieux que de toujours dire 0,5"
            " (0,25) ; 0 est parfait."
        ),
    ):
        assert line in told
    french.shell.write({"okrs/2026-Q3/cycle.yaml": "state: active\n"})
    french.commit("alice", "2026-11-22")
    told = lines(french, "review", "2026-Q3", "--format", "markdown")
    assert "2026-Q3 n’est pas clos" in told[2]
    assert "Aucune confiance n’a encore été exprimée dans un cycle clos : rien à comparer" in "\n".join(told)


def test_what_is_due(french: Team) -> None:
    assert lines(french, "due", "--format", "markdown")[:7] == [
        "## Points de suivi à faire au 23 nov. 2026",
        "",
        "Acme, 2026-Q4 : 2 points de suivi sont à faire. En 2026, 4 points de suivi sont à faire.",
        "",
        "### Alice Martin",
        "",
        "- [ ] Answer within 4 hours (46 jours de retard) : `okr checkin marketing/speed/hours VALEUR`",
    ]
    told = lines(french, "due", "--format", "slack", "--as-of", "2026-11-24")
    assert told[0].startswith("*Points de suivi : Acme, 2026-Q4* – 3 points de suivi sont à faire.")
    assert (
        told[-1]
        == "À la place de VALEUR, écrivez le chiffre ou le jalon du jour. `okr checkin` les demande l’un après l’autre."
    )
    assert "(à faire aujourd’hui) : `okr checkin marketing/brand/visits VALEUR`" in told[-4] + told[-3]


def test_the_summary_of_a_plan(shell: Shell) -> None:
    shell.write(BEFORE | FRENCH)
    team = Team(shell)
    assert lines(team, "plan", "summary", "2027-Q1") == SUMMARY.splitlines()
    outcome = team.okr("plan", "check", "2027-Q1", "--format", "markdown", "--owner", "design")
    assert outcome.status == 0
    assert unescape(outcome.out).splitlines()[1:5] == [
        "## Le plan 2027-Q1 est-il prêt\u202f?",
        "",
        "Acme · 1er janv. 2027 – 31 mars 2027 · commence le 1er janv. 2027 · en préparation",
        "",
    ]
    assert "**Prêt, avec 3 questions.**" in outcome.out
    assert "marketing" not in outcome.out


def test_every_question_and_every_rule_has_its_words() -> None:
    assert {each.code for each in catalogue()} == set(RULES_FR)
    assert set(FACTS) == set(ASKED) == set(About)
