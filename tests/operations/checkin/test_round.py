from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from okr.errors import OkrError, UsageError
from okr.model import Moment
from okr.operations.checkin.drafts import DraftPlace, draft_place, drop_draft, load_draft, save_draft
from okr.operations.checkin.round import Field, Round, Said, answers_of, enter, entries, read, to_record
from okr.operations.checkin.round_items import items_of, movement
from okr.operations.checkin.walking import (
    Answer,
    Command,
    Walk,
    answered,
    at_item,
    back,
    begin,
    command_of,
    skip,
    usable,
)
from okr.operations.due import due_checkins

if TYPE_CHECKING:
    from pathlib import Path

    from okr.workspace import Workspace
    from tests.conftest import OpenWorkspace

FILES = {
    "okrs/2026-Q4/web.yaml": """\
        objectives:
          - id: o
            title: Be seen
            key_results:
              - {id: visits, title: Visits, unit: visits, from: 0, to: 100}
              - {id: launch, title: Launch, milestones: {s: 0.3, beta: 0.7, live: 1.0}}
              - {id: traffic, title: Traffic, kpi: site, from: 0, to: 100}
        """,
    "kpis.yaml": "kpis:\n  - {id: site, name: Site visits, unit: visits}\n",
    "checkins/2026-Q4/web.yaml": "- {date: 2026-10-05, kr: o/visits, value: 20, confidence: 0.5}\n",
}


@pytest.fixture
def workspace(open_workspace: OpenWorkspace) -> Workspace:
    return open_workspace(FILES)


@pytest.fixture
def start(workspace: Workspace) -> Round:
    """Launch first, the KPI last: what was never checked in is latest."""
    found = begin(items_of(workspace, due_checkins(workspace)))
    assert [item.reference for item in found.items] == [
        "2026-Q4/web/o/launch",
        "2026-Q4/web/o/visits",
        "kpis/site",
    ]
    return found


def typed(value: str | None = None, confidence: str | None = None, note: str | None = None) -> Answer:
    """What was typed for each field; None for one that was not asked yet."""
    texts = {Field.VALUE: value, Field.CONFIDENCE: confidence, Field.NOTE: note}
    return Answer({name: text for name, text in texts.items() if text is not None})


def walk(workspace: Workspace, at: Round, *entered: str) -> Round:
    for each in entered:
        at = enter(workspace, at, each)
    return at


def test_a_walk_through_everything(workspace: Workspace, start: Round) -> None:
    at = walk(workspace, start, "Beta", "70%", "On time", "+5", "", "")
    assert (at.item.reference, at.field, at.finished) == ("kpis/site", Field.VALUE, False)
    at = walk(workspace, at, "50", "Measured")
    assert at.finished
    said = to_record(workspace, at)
    assert said == (
        (0, Said("beta", 0.7, "On time")),
        (1, Said(25, 0.5, None)),
        (2, Said(50, None, "Measured")),
    )
    moment = Moment(date(2026, 11, 23))
    first, second, third = entries(at, said, moment, "bob", moment_is_given=True)
    assert (first.subject, first.value, first.confidence, first.note, first.by) == (
        "2026-Q4/web/o/launch", "beta", 0.7, "On time", "bob",
    )  # fmt: skip
    assert (second.value, third.subject, third.moment_is_given, third.replaces) == (
        25,
        "kpis/site",
        True,
        False,
    )
    assert movement(workspace, at.items[1], said[1][1], moment).score_after == 0.25
    assert movement(workspace, at.items[2], said[2][1], moment).score_before is None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (typed("", "", ""), Said(20, 0.5, None)),
        (typed("=", "=", "="), Said(20, 0.5, "=")),
        (typed("-", "-", "-"), Said(None, None, None)),
        (Answer(), Said(None, None, None)),
        (typed("-5", None, "x"), Said(15, None, "x")),
        (typed("=-5", "0", None), Said(-5, 0, None)),
    ],
    ids=["kept", "kept by sign", "left out", "not asked", "change", "below zero"],
)
def test_what_an_answer_says(workspace: Workspace, start: Round, answer: Answer, said: Said) -> None:
    assert read(workspace, start.items[1], answer) == said


@pytest.mark.parametrize(
    ("field", "typed", "command"),
    [
        (0, "s", None),
        (0, "S", None),
        (0, "skip", Command.SKIP),
        (0, "b", Command.BACK),
        (0, " ? ", Command.HELP),
        (1, "s", Command.SKIP),
        (2, "back", Command.BACK),
        (2, "so far", None),
        (0, "", None),
    ],
)
def test_commands_give_way_to_milestones_of_their_name(
    start: Round, field: int, typed: str, command: Command | None
) -> None:
    at = Walk(start.items, start.answers, 0, field)
    assert command_of(typed, answers_of(at)) is command


def test_skipping_leaves_nothing_to_record(workspace: Workspace, start: Round) -> None:
    at = skip(walk(workspace, start, "beta"))
    assert at.item.reference == "2026-Q4/web/o/visits"
    at = skip(skip(at))
    assert at.finished
    assert (to_record(workspace, at), answered(at)) == ((), {})


def test_an_answer_that_says_nothing_is_a_skip(workspace: Workspace, start: Round) -> None:
    at = walk(workspace, start, "", "", "")
    assert at.answers[0].skipped
    assert at.item.reference == "2026-Q4/web/o/visits"


def test_going_back(workspace: Workspace, start: Round) -> None:
    at = back(walk(workspace, start, "beta", "0.5"))
    assert (at.field, at.answer.of(Field.VALUE)) == (Field.CONFIDENCE, "beta")
    at = back(back(walk(workspace, start, "beta", "0.5", "x", "30", "", "", "7", "")))
    assert (at.item.reference, at.field) == ("2026-Q4/web/o/visits", Field.VALUE)
    # What was typed before is what Enter keeps; what is answered already is not asked again.
    at = walk(workspace, at, "")
    assert (at.answer.of(Field.VALUE), at.field) == ("30", Field.CONFIDENCE)
    at = walk(workspace, at, "", "")
    assert at.finished
    with pytest.raises(UsageError, match="first question"):
        back(start)


def test_going_back_to_what_was_skipped_asks_it(workspace: Workspace, start: Round) -> None:
    at = back(skip(start))
    assert (at.at, at.answer) == (0, Answer())
    assert at_item(skip(start), 0).answer.skipped is False
    assert walk(workspace, at, "beta").field is Field.CONFIDENCE


@pytest.mark.parametrize(
    ("before", "typed", "message"),
    [
        ((), "gamma", "is no milestone"),
        (("beta",), "2", "is not from 0 to 1"),
        (("-", "-"), "Hello", "A note alone"),
    ],
    ids=["value", "confidence", "note"],
)
def test_bad_input_leaves_the_question_where_it_is(
    workspace: Workspace, start: Round, before: tuple[str, ...], typed: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        enter(workspace, walk(workspace, start, *before), typed)


def test_what_was_entered_before_is_gone_on_with(workspace: Workspace, start: Round) -> None:
    entered = answered(walk(workspace, start, "beta", "", "", "30"))
    assert entered == {"2026-Q4/web/o/launch": typed("beta", "", ""), "2026-Q4/web/o/visits": typed("30")}
    at = begin(start.items, entered)
    assert (at.item.reference, at.field) == ("2026-Q4/web/o/visits", Field.CONFIDENCE)
    skipped = begin(start.items, {"2026-Q4/web/o/launch": Answer(skipped=True)})
    assert skipped.at == 1


@pytest.mark.parametrize(
    ("kept", "good"),
    [
        (typed("30", "0.5", "x"), typed("30", "0.5", "x")),
        (typed("thirty", "0.5", "x"), typed(None, "0.5", "x")),
        (typed("30", "7", None), typed("30")),
    ],
)
def test_what_can_no_longer_be_read_is_asked_again(
    workspace: Workspace, start: Round, kept: Answer, good: Answer
) -> None:
    assert usable(Field, kept, lambda answer: read(workspace, start.items[1], answer)) == good


# Drafts

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
KEPT = {"2026-Q4/web/o/visits": typed("30", "", None).typed}


@pytest.fixture
def place(tmp_path: Path) -> DraftPlace:
    return DraftPlace(tmp_path / "state/okr/round.json", "/work", "bob", "2026-Q4")


def test_a_draft_is_private_and_comes_back(place: DraftPlace) -> None:
    save_draft(place, {"old": typed("1").typed}, NOW)
    save_draft(place, KEPT, NOW)
    draft = load_draft(place, NOW + timedelta(days=13))
    assert draft is not None
    assert (draft.answers, draft.at) == (KEPT, NOW)
    assert Answer(draft.answers["2026-Q4/web/o/visits"]) == typed("30", "", None)
    assert place.path.stat().st_mode & 0o777 == 0o600
    assert place.path.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in place.path.parent.iterdir()] == ["round.json"]


def test_keeping_nothing_removes_it(place: DraftPlace) -> None:
    save_draft(place, KEPT, NOW)
    save_draft(place, {}, NOW)
    assert not place.path.exists()
    drop_draft(place)
    assert load_draft(place, NOW) is None


@pytest.mark.parametrize("days", [15, -2])
def test_an_old_draft_or_one_of_the_future_is_passed_over(place: DraftPlace, days: int) -> None:
    save_draft(place, KEPT, NOW)
    assert load_draft(place, NOW + timedelta(days=days)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2}, {"workspace": "/other"}, {"person": "alice"}, {"cycle": "2026-Q3"}, {"at": "yesterday"},
        {"at": "2026-11-23T09:00:00"}, {"answers": []}, {"answers": {"x": 1}}, {"answers": {"x": {"value": 5}}},
        {"answers": {"x": {"note": "a" * 10_001}}},
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_belong_here_is_passed_over(place: DraftPlace, change: dict[str, Any]) -> None:
    save_draft(place, KEPT, NOW)
    held = json.loads(place.path.read_text())
    place.path.write_text(json.dumps(held | change))
    assert load_draft(place, NOW) is None


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000], ids=["empty", "list", "cut", "bytes", "deep"]
)
def test_a_damaged_draft_is_passed_over(place: DraftPlace, content: bytes) -> None:
    save_draft(place, KEPT, NOW)
    place.path.write_bytes(content)
    assert load_draft(place, NOW) is None


def test_a_draft_behind_a_link_is_passed_over(place: DraftPlace, tmp_path: Path) -> None:
    save_draft(place, KEPT, NOW)
    place.path.rename(tmp_path / "elsewhere")
    place.path.symlink_to(tmp_path / "elsewhere")
    assert load_draft(place, NOW) is None


def test_a_place_that_cannot_be_written_is_an_error(place: DraftPlace) -> None:
    place.path.parent.parent.mkdir()
    place.path.parent.write_text("in the way")
    with pytest.raises(OkrError, match="can't be kept"):
        save_draft(place, KEPT, NOW)


@pytest.mark.parametrize(
    ("asked", "below"), [("state", "home/.local/state"), ("", "home/.local/state"), (None, "xdg")]
)
def test_outside_a_repository_it_is_the_users_own_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str | None, below: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg") if asked is None else asked)
    found = draft_place("round", tmp_path, None, "2026-Q4")
    assert found.path.parent == tmp_path / below / "okr"
    assert (found.workspace, found.person) == (os.path.realpath(tmp_path), None)
    assert found.path != draft_place("round", tmp_path, "bob", "2026-Q4").path
    assert found.path.name != draft_place("closing", tmp_path, None, "2026-Q4").path.name
