"""What is due from some owners is found in the plans that may ask them; it is what is found in all plans."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from okr.operations.due import due_checkins
from okr.workspace import Workspace

if TYPE_CHECKING:
    from okr.operations.due import DueList
    from tests.conftest import OpenWorkspace

ORG = """\
teams:
  - {id: top, name: Top, lead: ann}
  - {id: left, name: Left, parent: top, lead: robert}
  - {id: right, name: Right, parent: top}
  - {id: low, name: Low, parent: left, lead: cy}
people:
  - {id: ann, name: Ann, team: top}
  - {id: bo, name: Bo, team: left, formerly: robert}
  - {id: cy, name: Cy}
  - {id: di, name: Di, team: right}
"""
OWNERS = ["top", "left", "right", "low", "ann", "robert", "cy", "di"]
KPIS = """\
kpis:
  - {id: sales, name: Sales, owner: left}
  - {id: calls, name: Calls, formerly: rings}
  - {id: visits, name: Visits, owner: robert}
  - {id: costs, name: Costs, owner: stray}
"""
ASKED = [{"owner": each} for each in ("top", "left/...", "right", "bo", "cy", "di", "stray", "top/...")] + [
    {"person": each} for each in ("ann", "bo", "cy", "di", "stranger")
]


def made(dice: Random) -> dict[str, str]:
    """A workspace whose plans name people and KPIs in many ways."""
    files = {
        "org.yaml": ORG,
        "kpis.yaml": KPIS,
        "checkins/kpis.yaml": "- {date: 2026-11-20, kpi: sales, value: 1}\n",
    }
    for cycle in ("2026-Q4", "2026"):
        for owner in ["stray", *dice.sample(OWNERS, dice.randint(2, 7))]:
            said = "".join(
                f"      - {{id: k{number}, title: K, {key_result}{who}}}\n"
                for number in range(dice.randint(1, 3))
                for key_result in [
                    dice.choice(
                        [
                            "from: 0, to: 9",
                            "kpi: sales, to: 9",
                            "kpi: rings, to: 9",
                            "kpi: visits, to: 1",
                            "kpi: costs, to: 2",
                        ]
                    )
                ]
                for who in [
                    dice.choice(
                        ["", "", ", owner: ann", ", owner: robert", ", owner: di", ', owner: "c\\x79"']
                    )
                ]
            )
            whose = dice.choice(["", "    owner: cy\n", "    owner: bo\n"])
            files[f"okrs/{cycle}/{owner}.yaml"] = (
                f"objectives:\n  - id: o\n    title: O\n{whose}    key_results:\n{said}"
            )
            if dice.random() < 0.7:
                day, value = dice.choice(["2026-11-01", "2026-11-20", "2026-12-05"]), dice.choice([1, 9])
                files[f"checkins/{cycle}/{owner}.yaml"] = f"- {{date: {day}, kr: o/k0, value: {value}}}\n"
    return files


@pytest.mark.parametrize("seed", range(6))
def test_it_is_what_all_plans_say(
    open_workspace: OpenWorkspace, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = made(Random(seed))  # the same each time

    def found() -> list[DueList]:
        return [due_checkins(open_workspace(files), **asked) for asked in ASKED]  # type: ignore[arg-type] # names of arguments

    narrowed = found()
    monkeypatch.setattr(Workspace, "owners_naming", lambda *_: None)
    assert narrowed == found()
    assert any(each.due for each in narrowed)


def test_no_other_file_is_read(open_workspace: OpenWorkspace) -> None:
    plan = "objectives:\n  - id: o\n    title: O\n    key_results:\n      - {{id: k, title: K, from: 0, to: 9{}}}\n"
    who = {"top": "", "left": "", "right": "", "low": ", owner: di", "bo": ""}
    files = {f"okrs/2026-Q4/{owner}.yaml": plan.format(said) for owner, said in who.items()}
    workspace = open_workspace(files | {"org.yaml": ORG})
    found = due_checkins(workspace, person="bo")
    assert [each.reference for each in found.due] == ["2026-Q4/left/o/k", "2026-Q4/bo/o/k"]
    asked = {path for path in workspace.asked if path.startswith("okrs/2026-Q4/") and "cycle" not in path}
    assert asked == {"okrs/2026-Q4/left.yaml", "okrs/2026-Q4/bo.yaml"}
