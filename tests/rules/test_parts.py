"""A workspace judged in parts, by one process or by several, comes to the very same as judged at once."""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from okr.errors import OkrError, UsageError
from okr.forking import PROCESSES
from okr.rules import lookup
from okr.rules.earlier import NOTHING_BETWEEN
from okr.rules.engine import Examination, examine
from okr.rules.workers import examine_in_parts
from okr.sources import Folder, Overlay
from okr.workspace import Workspace
from tests.mutating import mutated

if TYPE_CHECKING:
    from collections.abc import Callable

    from okr.sources import Files

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = date(2026, 11, 23)
WRONG = {
    "okr.yaml": "overrides:\n  - {paths: okrs/2026-Q4/**, rules: {OKR4: info}}\n  - {paths: nowhere/**, rules: {OKR4: off}}\n",
    "org.yaml": "teams:\n  - {id: company}\n  - {id: marketing, formerly: growth}\npeople:\n  - {id: alice}\n",
    "okrs/2026-Q4/marketing.yaml": """\
objectives:
  - id: brand
    title: Make our brand the one people think of first  # okr: ignore[OKR401] the board asked for it
    supports: 2026-Q4/company/led
    owner: alic
    key_results:
      - {id: visits, title: Many visits a month, unit: visits, from: 42000, to: 100000}  # okr: ignore[OKR402]
      - {id: visits, title: Again, unit: visits, from: 1, to: 2}
""",
    "okrs/2026-Q4/company.yaml": "objectives: [\n",
    "checkins/2026-Q4/growth.yaml": """\
- {date: "2026-10-05", kr: brand/visits, value: 43000, by: alica}
- {date: 2026-10-12, kr: brand/visits, value: many, by: alice}  # okr: ignore[OKR505] they say so
""",
    "checkins/2026-Q4/marketing.yaml": """\
- {date: 2026-10-12, kr: brand/visit, value: 43000, by: alica}
- {date: "2026-10-19", kr: brand/visits, value: 43000, by: bob}
- {date: 2026-10-12, kr: brand/visits, value: 43000}
- {date: 2026-10-26, kr: brand/visits, retracts: 2026-10-27}
""",
    "checkins/2026-Q4/nobody.yaml": '- {date: "2026-10-19", kr: brand/visits, value: 1, by: alica}\n',
    "checkins/kpis.yaml": '- {date: "2026-10-19", kpi: nps, value: 1, by: alica}\n',
}


def opened(files: Files, like: Workspace | None = None) -> Workspace:
    return Workspace(files, as_of=TODAY, title="parts", like=like)


def in_parts(
    monkeypatch: pytest.MonkeyPatch, processes: int, now: Files, then: Files | None = None
) -> Examination:
    monkeypatch.setenv(PROCESSES, str(processes))
    workspace = opened(now)
    return examine_in_parts(workspace, opened(then, workspace) if then else None, NOTHING_BETWEEN)


def at_once(now: Files, then: Files | None = None) -> Examination:
    workspace = opened(now)
    return examine(workspace, then=opened(then, workspace) if then else None)


def wrong() -> Overlay:
    return Overlay(Folder(Path("nowhere")), {path: text.encode() for path, text in WRONG.items()})


@pytest.mark.parametrize("processes", [1, 3])
def test_mistakes_that_concern_several_files(monkeypatch: pytest.MonkeyPatch, processes: int) -> None:
    expected = at_once(wrong())
    codes = {each.code for each in expected.diagnostics}
    assert {"OKR104", "OKR119", "OKR122", "OKR501", "OKR509", "OKR514", "OKR602", "OKR616"} <= codes
    assert expected.suppressed
    assert in_parts(monkeypatch, processes, wrong()) == expected


def test_what_has_been_judged_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROCESSES, "1")
    workspace = opened(wrong())
    examination = examine_in_parts(workspace, None, NOTHING_BETWEEN)
    assert {each.path for each in workspace.documents} == {"okr.yaml", "org.yaml", "checkins/kpis.yaml"}
    assert examination.files > {each.path for each in workspace.documents}


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "seed", [*range(10), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(10, 40))]
)
def test_random_mistakes_in_many_files(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    chance = random.Random(seed)
    folder = chance.choice([each for each in sorted(EXAMPLES.iterdir()) if (each / "okr.yaml").exists()])
    names = sorted(
        str(each.relative_to(folder)) for each in folder.rglob("*.yaml") if ".okr" not in each.parts
    )
    changed = chance.sample(names, min(len(names), 8))
    files = {name: mutated((folder / name).read_text(), chance).encode() for name in changed}
    now, then = Overlay(Folder(folder), files), Folder(folder)
    assert in_parts(monkeypatch, 2, now, then) == at_once(now, then)
    assert in_parts(monkeypatch, 1, then, now) == at_once(then, now)


def test_where_so_much_is_wrong_that_not_all_is_compared_all_is_judged_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_full = at_once(wrong())
    monkeypatch.setattr(lookup, "_MOST_COMPARED", 0)
    expected = at_once(wrong())
    assert expected != in_full
    assert in_parts(monkeypatch, 2, wrong()) == expected


class Watched(Overlay):
    """The same files; another process than this one does something when it reads a plan or a log."""

    here = os.getpid()
    there: Callable[[], object] = staticmethod(lambda: None)
    begin: Callable[[], object] = staticmethod(lambda: None)

    def read(self, path: str) -> bytes | None:
        if "2026-Q4" in path and "cycle" not in path:
            if os.getpid() == type(self).here:
                type(self).begin()
            else:
                type(self).there()
        return super().read(path)


def watched(tmp_path: Path, there: Callable[[], object]) -> type[Watched]:
    """Files of which the other process reads one before this one goes on."""
    mark = tmp_path / "begun"

    def other() -> None:
        mark.write_text(str(os.getpid()))
        there()

    def wait() -> None:
        while not mark.exists() or not mark.read_text():
            time.sleep(0.001)

    return type(
        "Here", (Watched,), {"here": os.getpid(), "there": staticmethod(other), "begin": staticmethod(wait)}
    )


def test_a_process_that_is_killed_is_an_error_of_the_whole_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kind = watched(tmp_path, lambda: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(OkrError, match="died before it was done"):
        in_parts(monkeypatch, 2, kind(*_fields(wrong())))


def test_what_a_process_fails_at_is_done_again_by_this_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail() -> None:
        raise RuntimeError

    kind = watched(tmp_path, fail)
    assert in_parts(monkeypatch, 2, kind(*_fields(wrong()))) == at_once(wrong())


def test_an_interrupt_ends_every_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kind = watched(tmp_path, lambda: time.sleep(60))
    wait = kind.begin

    def interrupted() -> None:
        wait()
        raise KeyboardInterrupt

    kind.begin = staticmethod(interrupted)
    with pytest.raises(KeyboardInterrupt):
        in_parts(monkeypatch, 2, kind(*_fields(wrong())))
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "begun").read_text()), 0)


@pytest.mark.parametrize("given", ["0", "65", "two", "-1", "１"])
def test_a_number_of_processes_that_is_none(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv(PROCESSES, given)
    with pytest.raises(UsageError, match="OKR_PROCESSES is"):
        examine_in_parts(opened(wrong()), None, NOTHING_BETWEEN)


def _fields(files: Overlay) -> tuple[Files, dict[str, bytes]]:
    return files.files_below, files.changed
