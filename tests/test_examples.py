"""The example workspaces: without a finding, and between them a lesson on everything that files can say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from okr.contents import KeyResult, Objective
from okr.model import CycleState, MetricKind, ObjectiveType, RelativeTarget
from okr.operations.assessing import assess_cycle
from okr.rules.engine import diagnose
from okr.sources import Folder
from okr.workspace import Workspace

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = ("startup", "agence")
TODAY = date(2026, 11, 23)
YEAR, CLOSED, RUNNING = "2026", "2026-Q3", "2026-Q4"


def _open(name: str, as_of: date = TODAY) -> Workspace:
    return Workspace(Folder(EXAMPLES / name), as_of=as_of, title=name)


@pytest.fixture(params=NAMES)
def example(request: pytest.FixtureRequest) -> Workspace:
    """Each of the example workspaces, as of 2026-11-23."""
    return _open(request.param)


def test_there_are_no_other_examples() -> None:
    assert sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()) == sorted(NAMES)


def test_nothing_to_report(example: Workspace) -> None:
    assert [f"{each.code} {each.finding.path} {each.finding.message}" for each in diagnose(example)] == []


def test_teams_have_plans_for_the_quarter_the_company_for_the_year_and_one_person(example: Workspace) -> None:
    kinds = {
        cycle: [example.owner(plan.owner).kind for plan in example.plans(cycle)] for cycle in (YEAR, RUNNING)
    }
    assert kinds[YEAR] == ["team"]
    assert kinds[RUNNING].count("team") >= 2
    assert kinds[RUNNING].count("person") == 1


@pytest.mark.parametrize("kind", MetricKind)
def test_every_kind_of_metric(example: Workspace, kind: MetricKind) -> None:
    assert kind in {each.definition.kind for each in _key_results(example, RUNNING)}


def test_relative_targets_directions_guardrails_and_stretch(example: Workspace) -> None:
    found = [each.definition for each in _key_results(example, YEAR, CLOSED, RUNNING)]
    assert any(isinstance(each.target, RelativeTarget) for each in found)
    assert any(_falls(each.start, each.target) for each in found)
    assert any(each.commit is not None and each.stretch is not None for each in found)
    assert any(each.weight == 0 for each in found)
    assert any(each.weight not in {0, 1} for each in found)
    assert any(each.initiatives for each in found)
    assert any(each.formerly for each in found)
    assert any(each.depends_on for each in found)


def test_alignment_reaches_across_three_levels(example: Workspace) -> None:
    (person,) = (plan for plan in example.plans(RUNNING) if example.owner(plan.owner).kind == "person")
    chains = []
    for objective in person.objectives:
        chain = [objective]
        while chain[-1].definition.supports:
            reference = example.parse(chain[-1].definition.supports[0], chain[-1].reference.cycle)
            assert reference is not None
            above = example.find(reference.parent or reference)
            assert isinstance(above, Objective)
            chain.append(above)
        chains.append([example.owner(each.reference.owner).kind + each.reference.cycle for each in chain])
    assert ["person2026-Q4", "team2026-Q4", "team2026"] in chains


def test_committed_and_aspirational_objectives(example: Workspace) -> None:
    types = {objective.definition.type for plan in example.plans(RUNNING) for objective in plan.objectives}
    assert types == set(ObjectiveType)


def test_a_closed_quarter_with_a_grade_and_a_lesson_for_each_key_result(example: Workspace) -> None:
    assert example.state(CLOSED) is CycleState.CLOSED
    assert example.cycles[CLOSED].facts.review
    for each in _key_results(example, CLOSED):
        assert each.definition.grade is not None, each.reference
        assert each.definition.learned, each.reference


def test_check_ins_run_to_the_week_of_the_day_and_never_beyond(example: Workspace) -> None:
    days = [record.definition.date.day for log in example.logs(RUNNING) for record in log.records]
    assert len(days) >= 80
    assert (TODAY - max(days)).days in range(8)


def test_logs_show_retractions_times_and_notes(example: Workspace) -> None:
    records = [
        record.definition for cycle in example.cycles for log in example.logs(cycle) for record in log.records
    ]
    assert any(record.retracts for record in records)
    assert any(record.date.time for record in records)
    assert any(record.note for record in records)


def test_the_quarter_has_good_news_and_bad(example: Workspace) -> None:
    states = [
        str(each.assessment.status)
        for owner in assess_cycle(example, example.cycle(RUNNING))
        for objective in owner.objectives
        for each in objective.key_results
    ]
    assert {"on track", "off track", "achieved"} <= set(states)


def test_the_agency_has_the_goals_it_is_known_for() -> None:
    titles = [objective.title for plan in _open("agence").plans(RUNNING) for objective in plan.objectives]
    assert "Renforcer la notoriété de la marque" in titles
    results = [each.title for each in _key_results(_open("agence"), RUNNING)]
    assert "100 000 visites mensuelles sur le site" in results
    assert "+30 % d'engagement sur les réseaux sociaux" in results
    assert "20 publications média dans le trimestre" in results


def test_the_start_up_plans_ahead_with_a_baseline_still_unknown() -> None:
    startup = _open("startup")
    assert startup.state("2027-Q1") is CycleState.PLANNING
    assert "unknown" in {each.definition.start for each in _key_results(startup, "2027-Q1")}


def _key_results(workspace: Workspace, *cycles: str) -> list[KeyResult]:
    return [
        key_result
        for cycle in cycles
        for plan in workspace.plans(cycle)
        for objective in plan.objectives
        for key_result in objective.key_results
    ]


def _falls(start: object, target: object) -> bool:
    return isinstance(start, (int, float)) and isinstance(target, (int, float)) and target < start
