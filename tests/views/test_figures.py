from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from okr.contents import KeyResult
from okr.operations.assessing import assess_key_result
from okr.operations.selecting import objective_of, select
from okr.scoring import Status
from okr.views.figures import days, metric_words, short_day, standing_words, status_words, widest_status
from okr.views.text import counted

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace


@pytest.mark.parametrize(
    ("metric", "value", "standing", "words"),
    [
        pytest.param("from: 42000, to: 100000, unit: visits", "61000", "61,000 visits (42,000 → 100,000)", "from 42,000 to 100,000 visits", id="number"),
        pytest.param("from: 9.5, to: 4", "5.8", "5.8 (9.5 → 4)", "from 9.5 to 4", id="down, no unit"),
        pytest.param('from: 11, to: 18, commit: 14, stretch: 21, unit: "%"', "14.2", "14.2% (11% → 18%)", "from 11% to 18%, commit 14%, stretch 21%", id="anchors"),
        pytest.param("from: 35, to: -20%, unit: cents", "37", "37 cents (35 → 28)", "from 35 to 28 cents (−20%)", id="relative"),
        pytest.param("from: unknown, to: +30%, unit: cents", None, "nothing measured yet (unknown → +30%)", "from an unknown baseline to +30%", id="unknown"),
        pytest.param("from: unknown, to: 50, unit: cents", "20", "20 cents (20 → 50)", "from 20 to 50 cents", id="unknown, then measured"),
        pytest.param("from: 0, to: 50, unit: €", None, "nothing measured yet (0 → €50)", "from 0 to €50", id="currency"),
        pytest.param('at_least: 99.9, unit: "%"', "99.97", "99.97% (at least 99.9%)", "keep it at least 99.9%", id="at least"),
        pytest.param("at_most: 5, unit: days", None, "nothing measured yet (at most 5 days)", "keep it at most 5 days", id="at most"),
        pytest.param("at_most: 0", "0", "0 (at most 0)", "keep it at most 0", id="at most none"),
        pytest.param("milestones: {signed: 0.3, live: 1.0}", "signed", "signed (1 of 2, next: live)", "signed 0.3, live 1", id="milestones"),
        pytest.param("milestones: {live: 1.0, signed: 0.3}", "live", "live (2 of 2)", "live 1, signed 0.3", id="top, written first"),
        pytest.param("milestones: {signed: 0.3, live: 1.0}", None, "no milestone yet (next: signed)", "signed 0.3, live 1", id="no milestone"),
        pytest.param("milestones: {done: 1.0}", "done", "done", "yes or no: done", id="yes"),
        pytest.param("milestones: {done: 1.0}", None, "not yet done", "yes or no: done", id="not yet"),
        pytest.param("weight: 1", None, "no metric", "none: the plan does not say how it is measured", id="none"),
    ],
)  # fmt: skip
def test_metrics_in_words(
    open_workspace: OpenWorkspace, metric: str, value: str | None, standing: str, words: str
) -> None:
    files = {
        "okrs/2026-Q4/marketing.yaml": "objectives:\n  - id: brand\n    title: B\n    key_results:\n"
        f"      - {{id: kr, title: K, {metric}}}\n"
    }
    if value is not None:
        files["checkins/2026-Q4/marketing.yaml"] = f"- {{date: 2026-11-02, kr: brand/kr, value: {value}}}\n"
    workspace = open_workspace(files)
    found = select(workspace, "kr")
    assert isinstance(found, KeyResult)
    state = assess_key_result(workspace, objective_of(workspace, found), found)
    assert standing_words(state, "en") == standing
    assert metric_words(state, "en") == words


def test_small_words() -> None:
    assert (days(1), days(2), counted(1, "key result"), counted(0, "key result")) == (
        "1 day", "2 days", "1 key result", "0 key results",
    )  # fmt: skip
    assert short_day(date(2026, 3, 1)) == "1 Mar 2026"
    assert short_day(date(2026, 3, 1), beside=date(2026, 12, 31)) == "1 Mar"
    assert short_day(date(2025, 3, 1), beside=date(2026, 12, 31)) == "1 Mar 2025"


def test_statuses_differ_without_colour() -> None:
    for over in (False, True):
        words = [status_words(status, over=over) for status in Status]
        assert len({each[0] for each in words}) == len(Status)
        assert max(map(len, words)) <= widest_status(over=over)
