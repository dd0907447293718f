"""What changes between two states of a workspace, told in few words; how it looks is tested with the command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest

from okr.operations.comparison.comparing import compare_workspaces
from okr.views.change_words import change_words
from okr.workspace import Workspace
from tests.cli.conftest import SMALL_WORKSPACE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.comparison.results import (
        Comparison,
        KeyResultDifference,
        ObjectiveDifference,
        OwnerDifference,
        Pair,
    )

COMPANY, PLAN, LOG = (
    "okrs/2026/company.yaml",
    "okrs/2026-Q4/marketing.yaml",
    "checkins/2026-Q4/marketing.yaml",
)
SALES = """\
objectives:
  - id: deals
    title: Be the first call of everyone who buys
    supports: 2026/company/lead
    key_results:
      - {id: won, title: Win deals worth two million, unit: EUR, from: 0, to: 2000000}
      - {id: calls, title: Talk to people every week, unit: calls, from: 10, to: 40}
  - id: trust
    title: Be the partner people trust
    supports: 2026/company/team
    key_results:
      - {id: renewals, title: Renew most contracts, unit: "%", from: 60, to: 90}
      - {id: quotes, title: Quote within a day, unit: days, from: 4, to: 1}
"""
ORG = """\
teams:
  - {id: company, name: Acme}
  - {id: marketing, name: Marketing, parent: company, lead: alice}
  - {id: sales, name: Sales, parent: company, lead: bob}
people:
  - {id: alice, name: Alice Martin, email: alice@acme.example, team: marketing}
  - {id: bob, name: Bob Stone, email: bob@acme.example, team: marketing}
"""
BASE = SMALL_WORKSPACE | {"okrs/2026-Q4/sales.yaml": SALES, "org.yaml": ORG}


@dataclass(frozen=True)
class Texts:
    """Files in memory."""

    texts: dict[str, str]

    def folders(self, path: str) -> list[str]:
        return sorted({rest.partition("/")[0] for rest in self._below(path) if "/" in rest})

    def files(self, path: str) -> list[str]:
        return sorted(rest for rest in self._below(path) if "/" not in rest)

    def read(self, path: str) -> bytes | None:
        return self.texts[path].encode() if path in self.texts else None

    def attributes_above(self) -> None:
        return None

    def _below(self, path: str) -> list[str]:
        start = f"{path}/" if path else ""
        return [name.removeprefix(start) for name in self.texts if name.startswith(start)]


def opened(texts: dict[str, str]) -> Workspace:
    return Workspace(Texts(texts), as_of=date(2026, 11, 23), title="acme")


def compared(old: dict[str, str], new: dict[str, str]) -> Comparison:
    sides = opened(old), opened(new)
    found = compare_workspaces(*sides)
    assert [*sides[0].problems, *sides[1].problems] == []
    return found


def edited(path: str, old: str, new: str, files: dict[str, str] = BASE) -> dict[str, str]:
    assert old in files[path]
    return files | {path: files[path].replace(old, new)}


def told(found: Comparison) -> list[str]:
    return list(_told(found))


def _told(found: Comparison) -> Iterator[str]:
    for setting in found.settings:
        yield f"setting {setting.key}: {setting.old} → {setting.new}"
    for subject in found.subjects:
        rest = [str(getattr(subject, name)) for name in ("key", "old", "new") if hasattr(subject, name)]
        yield " ".join((type(subject).__name__, subject.kind, subject.id, *rest))
    for change in found.cycles:
        yield f"{change.cycle}: {change_words(change, 'en')}"
    for owner in found.owners:
        yield from _owner(owner)
    for each in found.measurements:
        yield f"kpis/{each.id} +{each.checkins.added}{_pair('', each.value)}"
    for tie in found.referred:
        yield f"{tie.target} {tie.tie} from {tie.cycle}: +{len(tie.gained)} -{len(tie.lost)}{' others' if tie.others else ''}"
    for finding in found.findings:
        sign = "gone" if finding.new is None else "came" if finding.old is None else "now"
        yield f"{sign} {finding.diagnostic.code} {finding.diagnostic.finding.message}"


def _owner(owner: OwnerDifference) -> Iterator[str]:
    yield f"{owner.cycle}/{owner.owner.id} {owner.presence}{_pair(' objectives', owner.objectives)}{_pair(' score', owner.score)}"
    for objective in owner.changed:
        yield from _difference("  ", objective)
        for key_result in objective.key_results:
            yield from _difference("    ", key_result)
            lines = key_result.checkins
            if lines.any:
                yield f"      lines +{lines.added} -{lines.removed} back {lines.taken_back}{_pair('', key_result.value)}"
        yield from (f"    {each.title} went to {each.reference}" for each in objective.departed)
    yield from (f"  {each.title} went to {each.reference}" for each in owner.departed)


def _difference(indent: str, found: ObjectiveDifference | KeyResultDifference) -> Iterator[str]:
    name = "/".join(found.reference.segments[1:])
    yield f"{indent}{name} {found.presence}{_pair(' score', found.score)}"
    for change in found.changes:
        yield f"{indent}  {change_words(change, 'en')}"


def _pair(what: str, pair: Pair[float] | Pair[int] | Pair[float | str]) -> str:
    def shown(value: object) -> object:
        return round(value, 2) if isinstance(value, float) else value

    return f"{what} {shown(pair.old)} → {shown(pair.new)}" if pair.differs else ""


def test_a_target_that_moves_is_told_with_what_it_does() -> None:
    assert told(compared(BASE, edited(PLAN, "to: 100000", "to: 80000"))) == [
        "2026-Q4/marketing both score 0.08 → 0.1",
        "  marketing/brand both score 0.16 → 0.2",
        "    marketing/brand/visits both score 0.09 → 0.14",
        "      target moved from 100,000 to 80,000 visits",
        "came OKR411 the title says “100,000”, but `to` is “80000”",
        "came OKR704 the target of “visits” was 100000 and is 80000, which is easier to reach, and 2026-Q4 has begun",
    ]


REORDERED = """\
# Agreed on 1 October.
objectives:

- title: "Answer everyone while they still remember the question"
  id: speed
  key_results:
  - id: uptime
    title: Keep the site up 99.9% of the time
    at_least: 9.99e1
    unit: '%'
  - {to: 4, from: 26, unit: hours, title: Answer within 4 hours, id: hours}
  supports: [2026/company/lead]
  type: committed
- id: brand
  title: >-
    Make our brand the one
    people think of first
  owner: alice
  supports:
    - 2026/company/lead
  key_results:
  - id: launch
    title: The new site is live
    milestones: {signed: 0.3, beta: 0.70, live: 1}
  - id: visits
    title: Reach 100,000 monthly visits
    weight: 2.0
    unit: visits
    from: 42000   # in September
    to: 100000
"""


def test_comments_order_layout_and_line_breaks_are_no_change() -> None:
    reformatted = {path: text.replace("\n", "\r\n") for path, text in (BASE | {PLAN: REORDERED}).items()}
    found = compared(BASE, reformatted)
    assert told(found) == []
    assert not found.any


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "  - id: speed\n", "  - id: pace\n    formerly: speed\n",
            ["    id changed from speed to pace"], id="with the former id"),
        pytest.param(
            "  - id: speed\n", "  - id: pace\n", ["    id changed from speed to pace"], id="without"),
        pytest.param(
            "id: visits\n", "id: traffic\n        formerly: [visits]\n",
            ["      id changed from brand/visits to brand/traffic"], id="a key result"),
    ],
)  # fmt: skip
def test_an_id_that_changes_is_no_drop(old: str, new: str, expected: list[str]) -> None:
    for sides in ((BASE, edited(PLAN, old, new)), (edited(PLAN, old, new), BASE)):
        found = [line for line in told(compared(*sides)) if "OKR" not in line]
        assert len([line for line in found if "id changed" in line]) == 1
        assert not [line for line in found if "added" in line or "dropped" in line]
    lines = told(compared(BASE, edited(PLAN, old, new)))
    assert [line for line in lines if "id changed" in line] == expected


def test_an_id_without_its_former_one_leaves_check_ins_behind() -> None:
    assert told(compared(BASE, edited(PLAN, "id: visits\n", "id: traffic\n"))) == [
        "2026-Q4/marketing both score 0.08 → 0.05",
        "  marketing/brand both score 0.16 → 0.1",
        "    marketing/brand/traffic both score 0.09 → 0.0",
        "      id changed from brand/visits to brand/traffic",
        "      lines +0 -2 back 0 47500.0 → None",
        "came OKR501 “brand/visits” is no key result of marketing in 2026-Q4; 1 more line names it too",
        "came OKR708 this seems to be “visits” under another id, but doesn't say so",
    ]


def test_an_objective_moves_to_another_owner_with_all_that_changes() -> None:
    speed = PLAN_OF["speed"].replace("from: 26, to: 4", "from: 26, to: 6")
    moved = BASE | {PLAN: BASE[PLAN].replace(PLAN_OF["speed"], ""), "okrs/2026-Q4/sales.yaml": SALES + speed}
    assert told(compared(BASE, moved)) == [
        "2026-Q4/marketing both objectives 2 → 1 score 0.08 → 0.16",
        "  Answer everyone while they still remember the question went to 2026-Q4/sales/speed",
        "2026-Q4/sales both objectives 2 → 3",
        "  sales/speed both",
        "    moved from 2026-Q4/marketing/speed",
        "    sales/speed/hours both",
        "      target moved from 4 to 6 hours",
        "came OKR201 marketing has 1 objective in 2026-Q4, at least 2 are asked for",
        "came OKR411 the title says “4”, but `to` is “6”",
    ]


PLAN_OF = {"speed": BASE[PLAN][BASE[PLAN].index("  - id: speed") :]}


def test_a_file_that_moves_to_another_owner_or_cycle_moves_all_of_it() -> None:
    for path, name in (
        ("okrs/2026-Q4/alice.yaml", "2026-Q4/alice"),
        ("okrs/2026-H2/marketing.yaml", "2026-H2/marketing"),
    ):
        moved = {path if each == PLAN else each: text for each, text in BASE.items()}
        lines = told(compared(BASE, moved))
        assert "2026-Q4/marketing dropped objectives 2 → 0 score 0.08 → None" in lines
        assert f"{name} added objectives 0 → 2 score None → 0.0" in lines
        assert [line for line in lines if "moved from" in line] == [
            "    moved from 2026-Q4/marketing/brand", "    moved from 2026-Q4/marketing/speed",
        ]  # fmt: skip
        assert not [line for line in lines if "key result" in line and "OKR" not in line]


def test_a_key_result_moves_below_another_objective() -> None:
    line = "      - {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}\n"
    new = edited(PLAN, line, "")
    new[PLAN] = new[PLAN].replace("  - id: speed", line + "  - id: speed").replace("{id: hours", "{id: reply")
    assert told(compared(BASE, new)) == [
        "2026-Q4/marketing both score 0.08 → 0.06",
        "  marketing/brand both score 0.16 → 0.12",
        "    marketing/brand/reply both",
        "      moved from 2026-Q4/marketing/speed/hours",
        "  marketing/speed both",
        "    Answer within 4 hours went to 2026-Q4/marketing/brand/reply",
        "came OKR203 “speed” has 1 key result, at least 2 are asked for",
    ]
