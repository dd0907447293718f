from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okr.operations.chronicle import recent
from okr.operations.chronicle.story import Wish, chronicle
from okr.sources import Folder
from okr.workspace import Workspace
from tests.operations.test_audit_histories import STEPS, History

AFTERWARDS = ["nothing odd", "hand", "again", "remove", "broken", "plan"]

if TYPE_CHECKING:
    from okr.operations.chronicle.entries import Entry


def told(folder: Path, wish: Wish, first: int | None = None) -> list[Entry]:
    workspace = Workspace(Folder(folder), as_of=date(2026, 12, 31), title="acme")
    return list(chronicle(workspace, wish, first=first).tell())


def agree(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        history = History(Path(temporary), data)
        for what in data.draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=4)):
            for _ in range(data.draw(st.integers(0, 3))):
                history.step("nothing odd")
            history.step(what)
        compare(history, data)


def compare(history: History, data: st.DataObject) -> None:
    history.write()
    reference = data.draw(st.sampled_from([None, "t0", "2026-Q4/t1/a/x"]))
    plan = data.draw(st.booleans())
    whole = told(history.folder, Wish(reference, plan=plan))
    for most in (1, 2, 4):
        assert told(history.folder, Wish(reference, plan=plan, most=most)) == whole[:most]
    assert told(history.folder, Wish(reference, plan=plan), first=2) == whole


def agree_on_an_import(data: st.DataObject) -> None:
    """One commit brings all that there was before, on a day before, among or after those of its lines."""
    with tempfile.TemporaryDirectory() as temporary:
        history = History(Path(temporary), data)
        for what in data.draw(st.lists(st.sampled_from(STEPS), min_size=2, max_size=5)):
            history.step("nothing odd")
            history.step(what)
        history.parts.clear()
        history.day += timedelta(days=data.draw(st.sampled_from([-3, 0, 3])))
        history.commit("p0", "Bring everything", history.versions[-1], [], history.day)
        for what in data.draw(st.lists(st.sampled_from(AFTERWARDS), max_size=2)):
            history.step(what)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(recent, "_MOST_LINES", data.draw(st.sampled_from([0, 2000])))
            compare(history, data)


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_newest_entries_are_those_the_whole_story_begins_with(data: st.DataObject) -> None:
    agree(data)


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_same_where_one_commit_brought_everything(data: st.DataObject) -> None:
    agree_on_an_import(data)


@pytest.mark.slow
@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_same_in_very_many_imports(data: st.DataObject) -> None:
    agree_on_an_import(data)


@pytest.mark.slow
@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_same_in_very_many_histories(data: st.DataObject) -> None:
    agree(data)
