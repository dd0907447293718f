"""Every kind of change in words, on a workspace in which nearly everything is another, and back again."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from okr.views.comparison_html import comparison_html
from okr.views.comparison_json import comparison_json
from okr.views.comparison_markdown import comparison_markdown
from okr.views.comparison_outline import outline_of
from okr.views.comparison_outline_fr import outline_fr
from okr.views.comparison_text import show_comparison
from tests.operations.comparison.test_comparing import BASE, ORG, compared

if TYPE_CHECKING:
    from okr.operations.comparison.results import Comparison
    from okr.views.comparison_outline import Outline, Sign

GOLDEN = Path(__file__).parent / "golden"
OWN, LOG = "okrs/2026-Q4/alice.yaml", "checkins/2026-Q4/alice.yaml"
OLD = BASE | {
    "kpis.yaml": """\
kpis:
  - {id: nps, name: Promoters, unit: points, at_least: 30, owner: company}
  - {id: churn, name: Churn, unit: "%", at_most: 3}
""",
    "checkins/kpis.yaml": """\
- {date: 2026-09-01, kpi: nps, value: 30}
- {date: 2026-11-01, kpi: nps, value: 35}
""",
    OWN: """\
objectives:
  - id: learn
    title: Become someone people ask
    tags: [growth]
    depends_on: marketing/brand
    key_results:
      - id: talks
        title: Give talks
        unit: talks
        from: 0
        to: 4
        stretch: 6
        tags: [a]
        initiatives: [{title: Ask the meetup}, {title: Write, done: false, owner: bob}]
      - {id: book, title: The book is out, milestones: {drafted: 0.4, out: 1.0}, depends_on: marketing/brand/visits}
      - {id: nps, title: Make them happy, kpi: nps, to: 60}
      - {id: calm, title: Few complaints, unit: complaints, at_most: 5}
""",
    LOG: """\
- {date: 2026-10-05, kr: learn/talks, value: 1, confidence: 0.5, by: alice}
- {date: 2026-10-06, kr: learn/book, value: drafted, by: alice}
- {date: 2026-10-07, kr: learn/calm, value: 3, by: alice}
""",
}
NEW = OLD | {
    "okr.yaml": "name: Acme\nlanguage: fr\nlimits: {objectives: {min: 1, max: 3}}\ncheckin: {push: true}\nrules: {OKR401: off}\n",
    "org.yaml": ORG.replace(
        "  - {id: bob, name: Bob Stone, email: bob@acme.example, team: marketing}\n", ""
    ).replace("lead: bob", "lead: alice"),
    "kpis.yaml": """\
kpis:
  - {id: nps, name: Promoters, unit: points, at_least: 40, owner: company}
  - {id: loss, formerly: [churn], name: Loss, unit: "%", at_most: 3}
  - {id: calls, name: Calls, unit: calls}
""",
    "checkins/kpis.yaml": """\
- {date: 2026-09-01, kpi: nps, value: 30}
- {date: 2026-11-01, kpi: nps, value: 35}
- {date: 2026-11-15, kpi: nps, value: 41}
- {date: 2026-11-15, kpi: calls, value: 300}
- {date: 2026-11-15, kpi: loss, value: 2}
""",
    "okrs/2026-Q4/cycle.yaml": "state: closed\nends: 2026-12-20\nreview: |\n  A good\n  quarter.\n",
    OWN: """\
objectives:
  - id: learn
    title: Become someone people ask
    why: It is fun.
    type: committed
    tags: [growth, fame]
    depends_on: [marketing/brand, sales/deals]
    next: carry
    key_results:
      - id: talks
        title: Give many talks
        unit: speeches
        from: unknown
        to: +30%
        commit: 2
        initiatives: [{title: Ask the meetup, done: true, link: "https://x.example"}, {title: Sing}]
        grade: 0.7
        grade_reason: Two were cancelled.
        learned: Ask early.
      - {id: book, title: The book is out, milestones: {drafted: 0.3, printed: 0.8, out: 1.0}}
      - {id: nps, title: Make them happy, kpi: nps, to: 50, weight: 0.5}
      - {id: calm, title: Few complaints, unit: complaints, at_most: 4, at_least: 1}
""",
    LOG: """\
- {date: 2026-10-05, kr: learn/talks, value: 1, confidence: 0.5, by: alice}
- {date: 2026-10-06, kr: learn/book, value: drafted, by: alice}
- {date: 2026-10-20, kr: learn/book, value: printed, by: alice}
- {date: 2026-10-21, kr: learn/talks, retracts: 2026-10-05, by: alice}
""",
}


def shown(found: Comparison, *, color: bool = False) -> str:
    file = StringIO()
    console = Console(
        file=file, width=80, markup=False, emoji=False, highlight=False,
        color_system="standard" if color else None, force_terminal=color,
    )  # fmt: skip
    show_comparison(console, found)
    return file.getvalue()


@pytest.mark.parametrize("name", ["there", "back"])
def test_nearly_everything_is_another(name: str) -> None:
    found = compared(OLD, NEW) if name == "there" else compared(NEW, OLD)
    text = shown(found)
    assert text == (GOLDEN / f"comparison-{name}.txt").read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 80
    subjects = [each["text"] for each in comparison_json(found)["subjects"]]
    assert (
        subjects
        == {
            "there": [
                "lead bob → alice",
                "person bob dropped",
                "lower bound 30 → 40",
                "id churn → loss",
                "name Churn → Loss",
                "KPI calls added",
            ],
            "back": [
                "lead alice → bob",
                "person bob added",
                "lower bound 40 → 30",
                "id loss → churn",
                "name Loss → Churn",
                "KPI calls dropped",
            ],
        }[name]
    )
    said = comparison_html(found), comparison_markdown(found)
    for line in ("Become someone people ask", "Promoters", "Ask the meetup"):
        assert all(line in each for each in said)


def _shape(outline: Outline) -> list[list[tuple[Sign, int, str]]]:
    """What an outline has besides its words: lines with signs, how far in they stand, and their scores."""
    return [
        [(line.sign, line.depth, line.figures.replace(",", ".")) for line in section.lines]
        for section in outline.sections
    ]


def test_in_french_it_is_the_same_line_by_line() -> None:
    plan = "okrs/2026-Q4/marketing.yaml"
    line = "      - {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}\n"
    moved = BASE[plan].replace(line, "").replace("  - id: speed", f"{line}  - id: speed")
    follow = OLD | {
        "okrs/2027-Q1/alice.yaml": OLD[OWN].replace("to: 4", "to: 3"),
        "okrs/2027-Q1/bob.yaml": OLD[OWN],
    }
    for old, new in (
        (OLD, NEW),
        (NEW, OLD),
        (BASE, BASE | {plan: moved}),
        (OLD, follow),
        (follow, OLD),
        (OLD, OLD),
    ):
        found = compared(old, new)
        assert _shape(outline_fr(found)) == _shape(outline_of(found))
        assert outline_fr(found).summary.count(". ") == outline_of(found).summary.count(". ")
    assert " Plus faciles à atteindre\u00a0: 2. Points de suivi" in outline_fr(compared(NEW, OLD)).summary
    assert outline_fr(compared(OLD, follow)).summary.endswith(
        " 1 objectif demande moins qu’au cycle précédent."
    )
    less = BASE | {plan: BASE[plan].replace("    supports: 2026/company/lead\n", "", 1)}
    referred = [line.text for section in outline_fr(compared(less, BASE)).sections for line in section.lines]
    assert any("de plus le soutient" in each or "est maintenant soutenu par" in each for each in referred)
    there = outline_fr(compared(OLD, NEW))
    told = f"{there.sides}\n{there.summary}\n" + "".join(
        f"{section.title} | {section.note} | {section.figures}\n"
        + "".join(
            f"{'  ' * line.depth}{line.sign} {line.text} | {line.note} | {line.figures}\n"
            for line in section.lines
        )
        for section in there.sections
    )
    if os.environ.get("OKR_WRITE_SCREENS"):
        (GOLDEN / "comparison-fr.txt").write_text(told, encoding="utf-8")
    assert told == (GOLDEN / "comparison-fr.txt").read_text(encoding="utf-8")
    page, comment = comparison_html(compared(OLD, NEW)), comparison_markdown(compared(OLD, NEW))
    assert '<html lang="fr">' in page
    assert "<h1>Acme\u00a0: ce qui change dans nos objectifs</h1>" in page
    assert "### Acme\u00a0: ce qui change dans nos objectifs\n" in comment
    assert comment.index("Ce que cela entraîne") < comment.index("Équipes et personnes")


def test_what_is_alike_in_many_files_is_told_of_the_first_ones() -> None:
    plan = "objectives:\n  - {id: a, title: Become the one, key_results: [{id: b, title: 9 songs, from: 1, to: 9}, {id: c, title: 8 songs, from: 2, to: 8}]}\n"
    org = OLD["org.yaml"].replace(
        "people:", "".join(f"  - {{id: t{number}}}\n" for number in range(8)) + "people:"
    )
    new = OLD | {"org.yaml": org} | {f"okrs/2026-Q4/t{number}.yaml": plan for number in range(8)}
    found = compared(OLD, new)
    assert (
        shown(found).count(" OKR201 okrs/2026-Q4/t") + shown(found).count("OKR201 okrs/2026-Q4/t") >= 8
    )  # errors
    planning = {"okrs/2026-Q4/cycle.yaml": "state: planning\n"}
    found = compared(OLD | planning, new | planning)
    text = shown(found)
    assert sum("OKR201 okrs/2026-Q4/t" in line for line in text.splitlines()) == 5
    assert "  ! 3 more of the same kind in 3 other files  OKR201\n" in text
    assert _shape(outline_fr(found)) == _shape(outline_of(found))
    assert "3 de plus du même genre dans 3 autres fichiers" in str(outline_fr(found))
    assert outline_fr(found).summary.endswith(" Dans les plans de t0, t1, t2, t3, t4, t5, t6 et t7.")


def test_colours_repeat_what_signs_say() -> None:
    plain, colored = shown(compared(OLD, NEW)), shown(compared(OLD, NEW), color=True)
    assert "\x1b[33m~" in colored
    assert "\x1b[32m✓" in colored
    assert (
        "".join(
            part.partition("m")[2] if number else part for number, part in enumerate(colored.split("\x1b["))
        )
        == plain
    )


def test_what_goes_on_in_the_next_cycle_is_told_from_what_is_new() -> None:
    plan = OLD[OWN].replace("id: learn", "id: teach\n    formerly: [learn]")
    text = shown(compared(OLD, OLD | {"okrs/2027-Q1/alice.yaml": plan, "okrs/2027-Q1/bob.yaml": plan}))
    assert "  + Become someone people ask  teach, goes on from 2026-Q4\n" in text
    renamed = shown(compared(OLD, OLD | {OWN: plan}))
    assert "  ~ Become someone people ask  teach\n    id learn → teach\n" in renamed
    assert "  + Become someone people ask  teach\n" in text


def test_what_moves_is_told_where_it_was_and_where_it_is() -> None:
    line = "      - {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}\n"
    plan = "okrs/2026-Q4/marketing.yaml"
    moved = BASE[plan].replace(line, "").replace("  - id: speed", f"{line}  - id: speed")
    text = shown(compared(BASE, BASE | {plan: moved, "checkins/kpis.yaml": NEW["checkins/kpis.yaml"]}))
    assert "    → Answer within 4 hours  hours\n      moved from 2026-Q4/marketing/speed/hours\n" in text
    assert "    → Answer within 4 hours  moved to 2026-Q4/marketing/brand/hours\n" in text
    new = NEW | {
        "checkins/kpis.yaml": NEW["checkins/kpis.yaml"] + "- {date: 2026-11-16, kpi: nps, value: 44}\n"
    }
    # What that brings about stands below: a closed cycle counts it.
    assert "KPIs\n  ~ Promoters  KPI nps\n    1 measurement added: 41 → 44 points\n" in shown(
        compared(NEW, new)
    )


def test_who_supports_what_is_told_by_more_and_fewer() -> None:
    plan, supports = "okrs/2026-Q4/marketing.yaml", "    supports: 2026/company/lead\n"
    less = BASE | {plan: BASE[plan].replace(supports, "", 1)}
    none = BASE | {
        plan: BASE[plan].replace(supports, ""),
        "okrs/2026-Q4/sales.yaml": BASE["okrs/2026-Q4/sales.yaml"].replace(supports, ""),
    }
    moved = less | {
        "okrs/2026-Q4/sales.yaml": none["okrs/2026-Q4/sales.yaml"]
        .replace("  - id: trust\n", f"  - id: trust\n{supports}")
        .replace("    supports: 2026/company/team\n", "")
    }

    def told(old: dict[str, str], new: dict[str, str]) -> list[str]:
        lines = shown(compared(old, new)).splitlines()
        return [line.strip().partition("  ")[0] for line in lines if "2026/company/lead" in line[4:22]]

    assert told(BASE, less) == ["~ 2026/company/lead: in 2026-Q4 1 no longer supports it, others still do"]
    assert told(BASE, none) == ["! 2026/company/lead is no longer supported by anyone in 2026-Q4"]
    assert told(none, BASE) == ["~ 2026/company/lead is now supported by 3 objectives of 2026-Q4"]
    assert told(less, BASE) == ["~ 2026/company/lead: in 2026-Q4 1 more supports it"]
    assert told(BASE, moved) == ["~ 2026/company/lead: in 2026-Q4 1 more supports it, 2 no longer do"]
