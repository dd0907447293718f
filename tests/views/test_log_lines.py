"""Entries made many at once are those made one by one, whatever lines say."""

from __future__ import annotations

import subprocess
import tempfile
from contextlib import redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from okr.log_lines import record_line
from okr.operations.chronicle.story import Wish, chronicle
from okr.sources import Folder
from okr.views.log import show_log
from okr.views.log_lines import fitting
from okr.views.piped import Pipe
from okr.views.text import printable
from okr.workspace import Workspace

if TYPE_CHECKING:
    from okr.log_lines import FieldValue
    from okr.operations.chronicle.story import Chronicle
    from okr.quantities import Language

PLAN = """\
objectives:
  - id: a
    title: Be known
    key_results:
      - {id: visits, title: Visits, unit: visits, from: 10, to: 2000}
      - {id: cost, title: Costs, unit: €, from: -3, at_most: 50, weight: 0}
      - {id: share, title: Share, unit: "%", from: 0.5, to: -20%, stretch: 0.2}
      - {id: wide, title: Wide, unit: 訪問者, from: unknown, to: +30%}
      - {id: steps, title: Steps, milestones: {begun: 0.3, live: 1.0}}
"""
NAMES = ["a/visits", "a/cost", "a/share", "a/wide", "a/steps", "a/gone"]
DATES = [
    f"2026-10-{5 + day:02}{time}"
    for day in range(9)
    for time in ("", "T09:31:07+02:00", "T07:31:07+00:00", "T22:10:00-09:30")
]
NUMBERS = (
    st.integers(-3, 3)
    | st.integers(0, 2000)
    | st.integers(-(10**16), 10**16)
    | st.sampled_from([0.5, 12.25, -0.001, 1e-7, 123456.789, 1e17])
    | st.floats(-1e6, 1e6)
)
NOTES = (
    st.sampled_from(
        ["Live now", "one\n\ntwo", 'They said: "no", twice \\o/', "Enfin 🎉 fini", "a\u00a0b  c", "訪 " * 30]
    )
    | st.text(st.sampled_from("abc déf. → 訪🎉"), max_size=120)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Co", "Cn"]), max_size=30)
)


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A line about something, written as `okr` does it or nearly so."""
    name = draw(st.sampled_from(NAMES))
    fields: dict[str, FieldValue] = {"date": draw(st.sampled_from(DATES)), "kr": name}
    what = draw(st.sampled_from(["both"] * 6 + ["value", "value", "confidence", "retracts"]))
    if what == "retracts":
        fields["retracts"] = draw(st.sampled_from(DATES))
    if what in {"both", "value"}:
        steps = st.sampled_from(["begun", "live", "lost"])
        fields["value"] = draw(steps if name == "a/steps" else NUMBERS)
    if what in {"both", "confidence"}:
        fields["confidence"] = draw(st.sampled_from([0, 0.05, 0.5, 0.7, 1]))
    fields |= draw(st.sampled_from([{}, {"by": "bob"}]))
    note = draw(st.just("") | NOTES)
    said = record_line(fields | ({"note": note} if note else {}))
    return f"- {said}\n" if draw(st.integers(0, 99)) else f"- {said.replace('{', '{ ', 1)}  # by hand\n"


@given(st.text(st.characters(codec="utf-8"), max_size=40) | NOTES, st.sampled_from([2, 4]))
def test_a_line_that_fits_is_printed_as_rich_prints_it(said: str, indent: int) -> None:
    shown, out = printable(said), StringIO()
    console = Console(file=out, width=80, color_system=None, markup=False, emoji=False, highlight=False)
    line = Text.assemble(shown)
    line.rstrip()
    console.print(Text.assemble(" " * indent, line), soft_wrap=True)
    found = fitting(shown, indent, 80)
    assert found == (out.getvalue() if Text(shown).cell_len + indent <= 80 else None)


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Bob", "-c", "user.email=bob@acme.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True)


def text(story: Chronicle, language: Language, width: int, system: str | None, at_once: int) -> str:
    out = StringIO()
    console = Console(
        file=out, width=width, color_system=system, force_terminal=bool(system), markup=False, emoji=False, highlight=False  # type: ignore[arg-type] # one of rich's names
    )  # fmt: skip
    show_log(console, story, language, at_once=at_once)
    return out.getvalue()


def piped(story: Chronicle, language: Language, width: int) -> str:
    """The same where nothing is asked of rich but what nothing else can lay out."""
    with redirect_stdout(StringIO()) as out:
        pipe = Pipe()
        pipe.width = width
        show_log(pipe, story, language)
    return out.getvalue()


def agree(log: str) -> str:
    """Holds the ways of telling a log to one another; gives what they tell at 48 columns without colours."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for path, content in {
            "okr.yaml": "name: Acme\n",
            "okrs/2026-Q4/t0.yaml": PLAN,
            "checkins/2026-Q4/t0.yaml": log,
        }.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content, encoding="utf-8", newline="")
        git(folder, "init", "--quiet")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", "Add what there is")
        workspace = Workspace(Folder(folder), as_of=date(2026, 12, 31), title="acme")
        story = chronicle(workspace, Wish())
        assert not workspace.problems
        looks: list[tuple[Language, int, str | None]] = [
            ("en", 80, None), ("fr", 200, "standard"), ("fr", 44, None), ("en", 48, "truecolor"),
        ]  # fmt: skip
        for look in looks:
            one_by_one = text(story, *look, at_once=10**9)
            assert text(story, *look, at_once=0) == one_by_one
            assert text(story, *look, at_once=3) == one_by_one
            assert look[2] or piped(story, *look[:2]) == one_by_one
        return text(story, "en", 48, None, at_once=0)


EVERYTHING = """\
- {date: "2026-10-05T09:31:07+02:00", kr: a/visits, value: 1, confidence: 0.5, by: bob, note: Begun}
- {date: "2026-10-06T09:31:07+02:00", kr: a/visits, value: 1500, confidence: 0.7, by: bob, note: "A note that says so much that it stands on two lines"}
- {date: "2026-10-07T09:31:07+02:00", kr: a/visits, value: 1500, note: "訪訪訪訪訪 訪訪訪訪訪 訪訪訪訪訪 訪訪訪訪訪 訪訪訪訪訪"}
- {date: "2026-10-08T09:31:07+02:00", kr: a/visits, value: 9, by: bob}
- {date: "2026-10-09T09:31:07+02:00", kr: a/visits, retracts: "2026-10-08T09:31:07+02:00", by: bob}
- {date: "2026-10-10T09:31:07+02:00", kr: a/visits, confidence: 1}
- {date: 2026-10-10, kr: a/cost, value: -2.50, note: 🎉}
- {date: 2026-10-11, kr: a/cost, value: 12}
- {date: 2026-10-11, kr: a/steps, value: begun}
- {date: 2026-10-12, kr: a/steps, value: live}
"""


@pytest.mark.parametrize("twice", [False, True], ids=["each line once", "a line that stands twice"])
def test_a_log_with_everything(twice: bool) -> None:
    told = agree(EVERYTHING + (EVERYTHING.splitlines(keepends=True)[0] if twice else ""))
    for entry in (
        "  2026-Q4/t0/a/visits  1,500 visits (unchanged)\n    score 0.75\n    訪訪訪訪訪 訪訪訪訪訪 訪訪訪訪訪\n      訪訪訪訪訪 訪訪訪訪訪\n",
        "  2026-Q4/t0/a/visits  1 → 1,500 visits (+1,499)\n    score 0.00 → 0.75 · confidence 0.7\n    A note that says so much that it stands on\n      two lines\n",
        "  2026-Q4/t0/a/visits  confidence 1\n",
        "  2026-Q4/t0/a/cost  −2.5 → €12 (+14.5)\n    score 1.00\n",
        "  2026-Q4/t0/a/steps  begun → live\n    score 0.30 → 1.00\n",
    ):
        assert entry in told


def test_a_log_of_whole_check_ins() -> None:
    values = [10, 1500, 1500, 900, 0, 1_000_000, 2_500_000]
    told = agree("".join(
        f'- {{date: "2026-10-0{day}T09:31:07+02:00", kr: a/visits, value: {value}, confidence: 0.5, by: bob, note: Live}}\n'
        for day, value in enumerate(values, start=1)
    ))  # fmt: skip
    for entry in (
        "a/visits  10 visits\n    score 0.00 · confidence 0.5\n    Live\n",
        "a/visits  10 → 1,500 visits\n    (+1,490)\n    score 0.00 → 0.75 · confidence 0.5\n",
        "a/visits  1,500 visits (unchanged)\n    score 0.75 · confidence 0.5\n",
        "a/visits  1,500 → 900 visits (−600)\n    score 0.75 → 0.45 · confidence 0.5\n",
        "a/visits  0 → 1,000,000 visits\n    (+1,000,000)\n    score 0.00 → 1.00 · confidence 0.5\n",
    ):
        assert entry in told


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_entries_made_many_at_once_are_those_made_one_by_one(data: st.DataObject) -> None:
    agree("".join(data.draw(st.lists(lines(), min_size=15, max_size=40))))


@pytest.mark.slow
@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_the_same_for_very_many_logs(data: st.DataObject) -> None:
    agree("".join(data.draw(st.lists(lines(), min_size=15, max_size=40))))
