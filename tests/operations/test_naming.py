"""What somebody is accountable for is looked up in the plans that may name them, and no other one is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.operations.assessing import assess_cycle, assess_naming
from okr.operations.overview import overview

if TYPE_CHECKING:
    from okr.operations.assessing import OwnerState
    from tests.conftest import OpenWorkspace

ORG = """\
people:
  - {id: ann, name: Ann, formerly: annie}
  - {id: bo, name: Bo}
  - {id: "12", name: Twelve}
"""
PLAN = "objectives:\n  - id: o\n    title: Grow\n{said}    key_results:\n      - {{id: a, title: A, from: 0, to: 9{inner}}}\n"
WAYS = [
    ("", ""), ("    owner: ann\n", ""), ("    owner: annie\n", ""), ('    owner: "\\x61nn"\n', ""), ("    owner: bo\n", ", owner: ann"),
    ("    owner: 0xC\n", ""), ("    why: ann-marie and joann\n", ""), ("    owner: &who bo\n", ", owner: *who"), ("    # ann\n", ""),
    ("    supports: ann/o\n", ", owner: 'ann'"),
]  # fmt: skip
FILES = {"org.yaml": ORG, "okrs/2026-Q4/ann.yaml": PLAN.format(said="", inner="")} | {
    f"okrs/2026-Q4/t{number}.yaml": PLAN.format(said=said, inner=inner)
    for number, (said, inner) in enumerate(WAYS)
}


def parts(owners: tuple[OwnerState, ...], person: str) -> list[str]:
    """What a person is accountable for among owners."""
    return [
        str(state.key_result.reference)
        for owner in owners
        for objective in owner.objectives
        for state in objective.key_results
        if person in {owner.owner.id, objective.objective.accountable, state.key_result.accountable}
    ]


@pytest.mark.parametrize(("person", "count"), [("ann", 6), ("bo", 2), ("12", 1), ("nobody", 0)])
def test_all_that_name_them_are_found(open_workspace: OpenWorkspace, person: str, count: int) -> None:
    whole, workspace = open_workspace(FILES), open_workspace(FILES)
    found = parts(assess_naming(workspace, workspace.cycle("2026-Q4"), person), person)
    assert found == parts(assess_cycle(whole, whole.cycle("2026-Q4")), person)
    assert len(found) == count


def test_no_other_plan_or_log_is_read(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(FILES)
    found = assess_naming(workspace, workspace.cycle("2026-Q4"), "bo")
    assert [each.owner.id for each in found] == ["t3", "t4", "t7"]  # with an escape one may say anything
    read = {path for path in workspace.asked if path.startswith(("okrs/2026-Q4/t", "checkins/"))}
    assert read == {f"{top}/2026-Q4/t{number}.yaml" for top in ("okrs", "checkins") for number in (3, 4, 7)}


def test_of_a_team_and_all_below_it_no_other_files_are_read(open_workspace: OpenWorkspace) -> None:
    org = "teams:\n  - {id: t1, name: One}\n  - {id: t2, name: Two, parent: t1}\n" + ORG
    workspace = open_workspace(FILES | {"org.yaml": org})
    found = overview(workspace, reference="t1/...")
    assert [each.owner.id for each in found.owners] == ["t1", "t2"]
    whole = assess_cycle(open_workspace(FILES | {"org.yaml": org}), found.frame.cycle)
    assert [each.score for each in found.owners] == [
        each.score for each in whole if each.owner.id in {"t1", "t2"}
    ]
    read = {path for path in workspace.asked if path.startswith(("okrs/2026-Q4/t", "checkins/"))}
    assert read == {f"{top}/2026-Q4/t{number}.yaml" for top in ("okrs", "checkins") for number in (1, 2)}
