from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import pytest

from okr.errors import UsageError
from okr.model import Moment
from okr.operations.checkin.asking import Outcome, Typed, asked_of, outcome, record_typed
from okr.operations.checkin.recording import recording
from okr.operations.checkin.round_items import OvertakenError
from okr.operations.overview import frame_of
from okr.sources import Folder
from okr.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.checkin.asking import Asked
    from okr.sources import Files
    from tests.conftest import WriteWorkspace

NOW = Moment(date(2026, 11, 23))
LOG, KPI_LOG = "checkins/2026-Q4/web.yaml", "checkins/kpis.yaml"
FILES = {
    "okrs/2026-Q4/web.yaml": """\
        objectives:
          - id: seen
            title: Be seen
            key_results:
              - {id: visits, title: Visits, unit: visits, from: 0, to: 100}
              - {id: launch, title: Launch, milestones: {beta: 0.7, live: 1.0}}
              - {id: traffic, title: Traffic, kpi: site, from: 0, to: 100}
        """,
    "kpis.yaml": "kpis:\n  - {id: site, name: Site visits, unit: visits}\n",
    LOG: "- {date: 2026-10-05, kr: seen/visits, value: 20, confidence: 0.5}\n",
}


@pytest.fixture
def root(write_workspace: WriteWorkspace) -> Path:
    return write_workspace(FILES)


def opened(root: Path, files: Files | None = None) -> Workspace:
    return Workspace(files or Folder(root), as_of=NOW.day, title="acme")


def ask(root: Path, name: str) -> Asked:
    workspace = opened(root)
    return asked_of(workspace, f"2026-Q4/web/seen/{name}", frame_of(workspace, workspace.cycle("2026-Q4")))


def record(root: Path, asked: Asked, typed: Typed) -> None:
    with recording(root, commit=False) as session:
        record_typed(session, partial(opened, root), asked, typed, NOW)


def test_what_a_form_asks_for(root: Path) -> None:
    assert ask(root, "launch").milestones == ("beta", "live")
    drawn = ask(root, "traffic")
    assert (drawn.reference, drawn.measured.reference) == ("2026-Q4/web/seen/traffic", "kpis/site")
    workspace = opened(root)
    with pytest.raises(UsageError, match="is an objective"):
        asked_of(workspace, "2026-Q4/web/seen", drawn.frame)


def test_what_was_typed_would_come_to(root: Path) -> None:
    asked = ask(root, "visits")
    assert outcome(opened(root), asked, Typed(" 70 "), NOW) == Outcome(70, 0.2, 0.7)
    assert outcome(opened(root), asked, Typed(confidence="0.4"), NOW) == Outcome(None, 0.2, 0.2)
    assert outcome(opened(root), ask(root, "launch"), Typed("beta"), NOW).after == 0.7
    for wrong in (Typed("many"), Typed(confidence="2")):
        with pytest.raises(UsageError):
            outcome(opened(root), asked, wrong, NOW)


def test_the_value_goes_to_the_kpi_and_the_confidence_to_the_key_result(root: Path) -> None:
    record(root, ask(root, "traffic"), Typed("30", "0.6", "Ads help"))
    assert (root / KPI_LOG).read_text() == "- {date: 2026-11-23, kpi: site, value: 30, note: Ads help}\n"
    assert (root / LOG).read_text().splitlines()[1:] == [
        "- {date: 2026-11-23, kr: seen/traffic, confidence: 0.6}"
    ]


def test_nothing_is_recorded_of_a_note_alone_or_over_another_check_in(root: Path) -> None:
    asked, before = ask(root, "visits"), (root / LOG).read_text()
    assert [Typed(" ").empty, Typed(note="x").empty] == [True, False]
    for typed, said in ((Typed(), "Nothing typed is"), (Typed(note="x"), "A note alone is")):
        with pytest.raises(UsageError, match=said):
            record(root, asked, typed)
    (root / LOG).write_text(before + "- {date: 2026-11-20, kr: seen/visits, value: 60}\n")
    with pytest.raises(OvertakenError):
        record(root, asked, Typed("50"))
    assert (root / LOG).read_text().count("\n") == 2
