"""A plan that is read at a glance says the same as one that is read with care, and nothing is wrong with it."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

import pytest

from okr.plan_table import KeyResultRow, number_in, read_plan_table
from okr.rules.glance import is_measured_plainly
from okr.sources import Folder
from okr.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

PATH = "okrs/2026-Q4/marketing.yaml"
PLAN = """\
objectives:
  - id: brand
    title: Make our brand, and ours alone, the one people think of
    why: Inbound leads cost a third; nobody doubts it (not even we)
    owner: alice
    type: committed
    supports: 2026/company/lead
    key_results:
      - id: visits
        title: Reach 100,000 visits
        owner: bob
        unit: visits
        from: 42000
        to: 100000
        weight: 2
        initiatives:
          - title: Rewrite the landing pages
            link: https://example.org/issues/12
            owner: alice
            done: false
          - title: Ask
      - {id: leads, title: Win leads, owner: bob, unit: "%", from: -1.5, to: 9, weight: 0.5}
  - id: second
    title: "Answer: soon"
    key_results:
      - {id: a, title: "1,000 of them", from: 0, to: 5}
      - id: b
        title: Été
        from: 5
        to: 0
"""
PIECES = [
    *PLAN.splitlines(keepends=True), "null", "True", "yes", "on", "~", "12", "0x1f", "1e5", "007", "-0", "1_000", "+3", "12.", ".5",
    "{", "}", "[a]", '"', "'", "\\", ":", ": ", " #", "#", ",", ", ", "- ", "  ", "\n", "\n\n", "\t", "\r", "\x85", "\u2028", "\ufeff",
    "&a ", "*a", "!x ", "|", ">", "%", "@", "`", "?", "? ", "--- ", "...", "id: b", "title: x", "weight: 0", "to: +30%", "from: unknown",
    "a" * 101, "a-", "-a", "a--b", "A", "é", "\u00a0", "\u0301", "https://a:b", "a:", "tags: [x]", "supports: second", "'x'",
]  # fmt: skip


def _rows(text: str) -> list[tuple[object, ...]] | None:
    rows = read_plan_table(text)
    return (
        None
        if rows is None
        else [
            (row.id, row.title, row.supports, [_said(text, each) for each in row.key_results]) for row in rows
        ]
    )


def _said(text: str, row: KeyResultRow) -> tuple[object, ...]:
    assert text.startswith(f"to: {row.target}", row.target_at - 4)
    numbers = (
        number_in(row.start),
        number_in(row.target),
        1 if row.weight is None else number_in(row.weight),
    )
    return (row.id, row.title, row.unit, *map(repr, numbers))


def _with_care(files: Folder) -> list[tuple[object, ...]]:
    workspace = Workspace(files, as_of=date(2026, 11, 23), title="A")
    plan = workspace.plan("2026-Q4", "marketing")
    assert plan is not None
    assert not workspace.problems
    found: list[tuple[object, ...]] = []
    for each in plan.objectives:
        said = each.definition
        key_results = []
        for one in each.key_results:
            assert is_measured_plainly(one)
            of = one.definition
            key_results.append((of.id, of.title, of.unit, *map(repr, (of.start, of.target, of.weight))))
            assert not of.depends_on
        assert len(said.supports) <= 1
        assert not said.depends_on
        found.append((said.id, said.title, said.supports[0] if said.supports else None, key_results))
    return found


def _check(seed: int, times: int, root: Path) -> int:
    """How many of the plans were read at a glance."""
    (root / "okr.yaml").write_text("name: Acme\n")
    (root / PATH).parent.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)  # the same every time
    told = 0
    for _ in range(times):
        text = PLAN
        for _ in range(chance.randrange(1, 4)):
            start = chance.randrange(len(text))
            kind = chance.random()
            if kind < 0.4:
                text = text[:start] + chance.choice(PIECES) + text[start:]
            elif kind < 0.7:
                end = start + chance.randrange(1, 12)
                text = text[:start] + chance.choice(("", chance.choice(PIECES))) + text[end:]
            else:
                lines = text.splitlines(keepends=True)
                place = chance.randrange(len(lines))
                lines[place : place + 1] = chance.choice(([], [lines[place]] * 2, [chance.choice(PIECES)]))
                text = "".join(lines)
        rows = _rows(text)
        if rows is not None:
            told += 1
            (root / PATH).write_text(text, newline="")
            assert rows == _with_care(Folder(root)), text
    return told


def test_it_says_the_same(tmp_path: Path) -> None:
    rows = _rows(PLAN)
    assert rows is not None
    assert [each[0] for each in rows] == ["brand", "second"]
    assert _check(1, 2_000, tmp_path) > 100


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_it_always_says_the_same(seed: int, tmp_path: Path) -> None:
    assert _check(seed, 40_000, tmp_path) > 2_000
