from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

import pytest

from okr.diagnostics import Severity
from okr.rules.engine import diagnose
from okr.rules.words import numbers_in, vague_word
from tests.rules.cases import expect, plan, with_key_result

if TYPE_CHECKING:
    from okr.quantities import Language
    from tests.conftest import OpenWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
FRENCH = {"okr.yaml": "language: fr\n"}


def with_objective(title: str) -> str:
    inner = "key_results:\n  - {id: a, title: T, from: 1, to: 2}\n  - {id: b, title: T, from: 1, to: 2}"
    return plan(f"id: brand\ntitle: {title}\n{inner}")


@pytest.mark.parametrize(
    ("language", "title", "found"),
    [
        ("en", "Reach 2000 customers", [("2000", {2000})]),
        ("en", "Reach 100,000 monthly visits", [("100,000", {100000})]),
        ("en", "Win 1.5M users and 3 k fans", [("1.5M", {1.5e6}), ("3 k", {3000})]),
        ("en", "Reach 5 million people", [("5", {5e6})]),
        ("en", "€1.2M in sales", [("€1.2M", {1.2e6})]),
        ("en", "Earn 45% more", [("45%", {45})]),
        ("en", "Churn below 3 percent", [("3 percent", {3})]),
        ("en", "Be in the top 10", [("10", {10})]),
        ("en", "Answer within 24h", [("24h", {24})]),
        ("en", "Become 10x faster", [("10x", {10})]),
        ("en", "Offer a 10-minute set-up", [("10", {10})]),
        ("en", "Win 5-10 customers", [("5", {5})]),
        ("en", "5,5 points", [("5,5", {5.5})]),
        ("en", "1,234,567.89 units", [("1,234,567.89", {1234567.89})]),
        ("en", "1.234.567 units", [("1.234.567", {1234567})]),
        ("en", "1.234,5 units", [("1.234,5", {1234.5})]),
        ("en", "REACH 100 CUSTOMERS", [("100", {100})]),
        ("en", "Double Germany's 30 teams", [("30", {30})]),
        ("fr", "100 000 visites mensuelles", [("100 000", {100000})]),
        ("fr", "100\u202f000 visites", [("100\u202f000", {100000})]),
        ("fr", "+30 % d'engagement", [("+30 %", {30})]),
        ("fr", "Passer à 1,5 M€", [("1,5 M€", {1.5e6})]),
        ("fr", "Un panier de 1,250 euros", [("1,250", {1.25})]),
        ("fr", "1.200 clients", [("1.200", {1.2, 1200})]),
        ("fr", "Convaincre 2 milliards de gens", [("2", {2e9})]),
        ("fr", "20 publications média", [("20", {20})]),
        ("fr", "12 marchés ouverts", [("12", {12})]),
        ("en", "45 March parades", [("45", {45})]),
    ],
)
def test_numbers_that_count_something(
    language: Language, title: str, found: list[tuple[str, set[float]]]
) -> None:
    numbers = numbers_in(title, language)
    assert [(each.text, set(each.readings)) for each in numbers] == found
    assert [title[each.start :].startswith(each.text) for each in numbers] == [True] * len(found)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Be ready for 2027 regulations"),
        ("en", "Make 2027 the year of trust"),
        ("en", "Bring 2026-Q4 in order"),
        ("en", "Be the 1st choice, 24/7, on 5G, in B2B for Q4"),
        ("en", "Bring ISO 27001 audits home"),
        ("en", "Move to Python 3 everywhere"),
        ("en", "Be number 1"),
        ("en", "Be the #1 tool"),
        ("en", "Industry 4.0 ready"),
        ("en", "Ship 2.0.1 to everyone"),
        ("en", "Get through the phase 2 trials"),
        ("en", "Leave COVID-19 behind"),
        ("en", "ISO 27001, WITH PRIDE"),
        ("en", "Make people think of us first"),
        ("fr", "Être n° 1 en Bretagne"),
        ("fr", "Être le 1er choix"),
        ("fr", "Devenir la référence d'ici 2027"),
        ("fr", "Préparer le plan 2027"),
        ("fr", "Retrouver la confiance après la panne du 12 mars"),
        ("en", "Win back those who left after 3 March"),
        ("en", "Be ready when the doors open on March 12"),
    ],
)
def test_numbers_that_are_names(language: Language, title: str) -> None:
    assert numbers_in(title, language) == ()


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [
        ("en", "Improve the start", "Improve"),
        ("en", "A better start", "better"),
        ("en", "Work on the start", "Work on"),
        ("en", "As fast as possible", "As fast as possible"),
        ("en", "Moreover", None),
        ("en", "Améliorer l'accueil", None),
        ("fr", "Améliorer l'accueil", "Améliorer"),
        ("fr", "Un accueil AMÉLIORÉ", "AMÉLIORÉ"),
        ("fr", "Être davantage cités", "davantage"),
        ("fr", "Au plus tard lundi", None),
        ("fr", "Maximiser l'engagement", "Maximiser"),
        ("en", "Maximise engagement", "Maximise"),
    ],
)
def test_vague_words(language: Language, title: str, word: str | None) -> None:
    assert vague_word(title, language) == word


@pytest.mark.parametrize(
    ("title", "phrase"),
    [
        ("Reach ⟦100,000⟧ monthly visits", "the title of “brand” has a number in it: “100,000”"),
        ("'Grow by ⟦30%⟧, then by 40%'", "“30%”"),
        ('"Win our first ⟦20⟧ customers"', "“20”"),
        ('⟦"Win \\u0032\\u0030 customers"⟧', "“20”"),
        (">\n    ⟦Win our first⟧", ""),
    ],
    ids=["plain", "single quotes", "double quotes", "escaped", "folded"],
)
def test_an_objective_is_a_direction(open_workspace: OpenWorkspace, title: str, phrase: str) -> None:
    if title.startswith(">"):
        text = with_objective(">\n    Win our first\n    20 customers")
        (found,) = diagnose(open_workspace({PLAN: text}))
        assert (found.code, found.finding.place[:2]) == ("OKR401", (3, 12))
    else:
        (found,) = expect(open_workspace, {PLAN: with_objective(title)}, [("OKR401", phrase)])
    assert found.severity is Severity.ERROR


@pytest.mark.parametrize("title", ["Be the one people name first", "Win 2027", "Be ready for ISO 27001"])
def test_a_direction_has_no_quantity(open_workspace: OpenWorkspace, title: str) -> None:
    expect(open_workspace, {PLAN: with_objective(title)})


def test_a_french_direction(open_workspace: OpenWorkspace) -> None:
    title = "Porter la notoriété à ⟦45 %⟧ des PME"
    expect(open_workspace, FRENCH | {PLAN: with_objective(title)}, [("OKR401", "“45 %”")])


def test_the_rule_can_be_turned_off(open_workspace: OpenWorkspace) -> None:
    settings = "rules: {OKR401: off}\n"
    expect(open_workspace, {"okr.yaml": settings, PLAN: with_objective("Win 20 customers")})


@pytest.mark.parametrize(
    ("lines", "phrase"),
    [
        (
            "title: ⟦Improve⟧ satisfaction\nfrom: 3\nto: 5",
            "nobody can verify “Improve satisfaction”: “Improve”",
        ),
        ("title: A ⟦better⟧ start\nat_least: 3", "“better” says neither what is counted nor how much"),
        ("title: ⟦Streamline⟧ sales\nmilestones: {done: 1.0}", "“Streamline”"),
    ],
)
def test_a_key_result_can_be_verified(open_workspace: OpenWorkspace, lines: str, phrase: str) -> None:
    (found,) = expect(open_workspace, {PLAN: with_key_result(f"id: x\n{lines}")}, [("OKR410", phrase)])
    assert found.severity is Severity.WARNING
    assert found.finding.hint is not None


@pytest.mark.parametrize(
    "lines",
    [
        "title: Improve satisfaction\nunit: points\nfrom: 3\nto: 5",
        "title: Improve satisfaction to 5\nfrom: 3\nto: 5",
        "title: Visits\nfrom: 3\nto: 5",
        "title: Improve the start\nmilestones: {tested: 0.5, live: 1.0}",
        "title: Improve reach\nkpi: reach\nto: 80",
    ],
    ids=["a unit", "a number", "nothing vague", "a ladder", "a KPI"],
)
def test_something_to_hold_on_to(open_workspace: OpenWorkspace, lines: str) -> None:
    files = {
        "kpis.yaml": "kpis: [{id: reach, name: Reach, unit: people}]\n",
        "checkins/kpis.yaml": "- {date: 2026-09-20, kpi: reach, value: 50}\n",
    }
    expect(open_workspace, files | {PLAN: with_key_result(f"id: x\n{lines}")})


def test_vague_and_without_a_metric_is_one_finding(open_workspace: OpenWorkspace) -> None:
    expect(
        open_workspace, {PLAN: with_key_result("⟦id: x⟧\ntitle: Improve sales")}, [("OKR402", "no metric")]
    )


@pytest.mark.parametrize("lines", ["unit: 7\nfrom: 3\nto: 5", "unti: points\nfrom: 3\nto: 5"])
@pytest.mark.parametrize("title", ["Improve sales", "Sales of 9"])
def test_a_unit_that_cannot_be_read_is_one(open_workspace: OpenWorkspace, lines: str, title: str) -> None:
    found = diagnose(open_workspace({PLAN: with_key_result(f"id: x\ntitle: {title}\n{lines}")}))
    assert [each.code[:4] for each in found] == ["OKR1"]


def test_a_french_key_result_can_be_verified(open_workspace: OpenWorkspace) -> None:
    text = with_key_result("id: x\ntitle: ⟦Améliorer⟧ l'accueil\nfrom: 3\nto: 5")
    expect(open_workspace, FRENCH | {PLAN: text}, [("OKR410", "“Améliorer”")])


DISAGREE = {
    "plain": ("en", "title: Reach ⟦120,000⟧ visits\nunit: visits\nfrom: 1\nto: 100000", "“120,000”, but `to` is “100000”"),
    "singular": ("en", "title: Be at ⟦12⟧ visits\nunit: visit\nfrom: 1\nto: 10", "“12”, but `to` is “10”"),
    "power": ("en", "title: ⟦61k⟧ visits\nunit: visits\nfrom: 1\nto: 60000", "“61k”, but `to` is “60000”"),
    "percent": ("en", "title: ⟦45%⟧ of trials\nunit: '%'\nfrom: 1\nto: 54", "“45%”, but `to` is “54”"),
    "relative": ("en", "title: Grow by ⟦30%⟧\nfrom: 50\nto: +20%", "“30%”, but `to` is “+20%”"),
    "bounds": ("en", "title: At least ⟦99.9%⟧\nunit: '%'\nat_least: 99.5", "“99.9%”, but `at_least` is “99.5”"),
    "upper bound": ("en", "title: At most ⟦5⟧ faults\nunit: faults\nat_most: 6", "“5”, but `at_most` is “6”"),
    "no unit": ("en", "title: Visits at ⟦90⟧\nfrom: 5\nto: 80", "“90”, but `to` is “80”"),
    "KPI": ("en", "title: ⟦90⟧ people\nkpi: reach\nto: 80", "“90”, but `to` is “80”"),
    "French": ("fr", "title: ⟦100 000⟧ visites\nunit: visites\nfrom: 1\nto: 10000", "“100 000”, but `to` is “10000”"),
    "French percent": ("fr", "title: ⟦+30 %⟧ d'engagement\nfrom: 50\nto: +20%", "“+30 %”, but `to` is “+20%”"),
}  # fmt: skip

AGREE = {
    "plain": "title: Reach 100,000 visits\nunit: visits\nfrom: 1\nto: 100000",
    "power": "title: 61k visits\nunit: visits\nfrom: 1\nto: 61000",
    "in thousands": "title: 61,000 visits\nunit: visits\nfrom: 1\nto: 61",
    "relative": "title: Cut costs by 20%\nunit: cents\nfrom: 35\nto: -20%",
    "relative in full": "title: 60 visits\nunit: visits\nfrom: 50\nto: +20%",
    "by a percentage": "title: Cut costs by 20%\nunit: '%'\nfrom: 35\nto: 28",
    "by a difference": "title: 5 more visits\nunit: visits\nfrom: 10\nto: 15",
    "by a factor": "title: 3x visits\nunit: visits\nfrom: 10\nto: 30",
    "as a share": "title: 45% of trials\nunit: '%'\nfrom: 0.1\nto: 0.45",
    "rounded": "title: 33% of trials\nunit: '%'\nfrom: 10\nto: 33.3",
    "baseline": "title: Get below 40 faults\nunit: faults\nfrom: 40\nto: 20",
    "commit": "title: At least 20 visits\nunit: visits\nfrom: 1\ncommit: 20\nto: 30",
    "stretch": "title: Up to 50 visits\nunit: visits\nfrom: 1\nto: 30\nstretch: 50",
    "bound": "title: Answers within 6 hours\nunit: hours\nat_most: 6",
    "from zero": "title: 15 articles\nunit: articles\nfrom: 0\nto: 15",
    "one of two": "title: Answer 95% within 24 hours\nunit: hours\nfrom: 48\nto: 24",
    "another unit": "title: Set-up within 2 hours\nunit: minutes\nfrom: 300\nto: 120",
    "a percentage of something else": "title: Visits from 5% of towns\nunit: visits\nfrom: 1\nto: 30",
    "two numbers without a unit": "title: 7 talks on 3 days\nfrom: 1\nto: 30",
    "a name": "title: Pass ISO 27001\nfrom: 1\nto: 30",
    "a target that looks like a year": "title: Clients from 1200 to 2000\nunit: clients\nfrom: 1672.5\nto: 2000",
    "none of what the number counts": "title: No outage on all 50 sites\nunit: outages\nat_most: 0",
    "milestones": "title: Open 3 shops\nmilestones: {first: 0.5, second: 1.0}",
    "unknown baseline": "title: 250 visits\nunit: visits\nfrom: unknown\nto: 250",
}


@pytest.mark.unmeasured
@pytest.mark.parametrize(("language", "lines", "phrase"), DISAGREE.values(), ids=DISAGREE)
def test_a_title_that_disagrees(
    open_workspace: OpenWorkspace, language: str, lines: str, phrase: str
) -> None:
    files = {
        "okr.yaml": f"language: {language}\n",
        "kpis.yaml": "kpis: [{id: reach, name: Reach, unit: people}]\n",
        "checkins/kpis.yaml": "- {date: 2026-09-20, kpi: reach, value: 50}\n",
        PLAN: with_key_result(f"id: x\n{lines}"),
    }
    (found,) = expect(open_workspace, files, [("OKR411", f"the title says {phrase}")])
    assert found.severity is Severity.WARNING


@pytest.mark.unmeasured
@pytest.mark.parametrize("lines", AGREE.values(), ids=AGREE)
def test_a_title_that_agrees(open_workspace: OpenWorkspace, lines: str) -> None:
    text = with_key_result(f"id: x\n{lines}")
    expect(open_workspace, {PLAN: text, "okrs/2026-Q4/cycle.yaml": "state: planning\n"})


def test_a_mixed_metric_is_not_compared_with_its_title(open_workspace: OpenWorkspace) -> None:
    text = with_key_result("id: x\ntitle: Reach 9 visits\nfrom: 1\nto: 2\n⟦at_least⟧: 3")
    expect(open_workspace, {PLAN: text}, [("OKR403", "`to` and `at_least`")])


def test_a_kpi_without_a_goal_is_not_compared_with_its_title(open_workspace: OpenWorkspace) -> None:
    files = {
        "kpis.yaml": "kpis: [{id: reach, name: Reach, unit: people}]\n",
        "checkins/kpis.yaml": "- {date: 2026-09-20, kpi: reach, value: 50}\n",
        PLAN: with_key_result("id: x\ntitle: 90 people\nkpi: ⟦reach⟧"),
    }
    expect(open_workspace, files, [("OKR403", "doesn't say where")])


@pytest.mark.parametrize("title", ["a" * 300_000 + " 5", "5 " * 150_000, "1 000" * 60_000, "9" * 300_000])
def test_a_title_of_any_length_is_read_at_once(title: str) -> None:
    started = process_time()
    assert len(numbers_in(title, "en")) <= 500
    assert vague_word(title, "fr") is None
    assert process_time() - started < 2


def test_titles_are_short(open_workspace: OpenWorkspace) -> None:
    long, longest = "x" * 121, "y" * 120
    text = plan(
        f"""
        id: brand
        title: ⟦{long}⟧
        key_results:
          - {{id: a, title: ⟦{long}⟧, from: 1, to: 2}}
          - {{id: b, title: {longest}, from: 1, to: 2}}
        """
    )
    found = expect(
        open_workspace,
        {PLAN: text},
        [
            ("OKR415", "the title of “brand” has 121 characters"),
            ("OKR415", "the title of “a” has 121 characters"),
        ],
    )
    assert {each.severity for each in found} == {Severity.INFO}
