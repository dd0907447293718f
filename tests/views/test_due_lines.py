"""What `okr due` writes at once is what rich prints of it, codes of colours included."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from okr.model import CycleState
from okr.operations.due import Due, DueList
from okr.operations.overview import Frame
from okr.views.due_text import lines_of, show_due
from okr.views.layout import show
from tests.views.test_status_lines import CONSOLES, CYCLE, FEW_ODD, STARTS, printed

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = date(2026, 11, 23)
REFERENCES = st.sampled_from(["2026-Q4/web/o/a", "kpis/sales", f"2026-Q4/web/{'long-' * 30}o/a"])
WHO = st.sampled_from(["web", "ann", "bo", None])


@st.composite
def dues(draw: Callable[..., Any], person: str | None) -> Due:
    last = draw(st.none() | st.integers(-400, 50).map(lambda number: STARTS + timedelta(days=number)))
    due = (last or STARTS) + timedelta(days=draw(st.sampled_from([1, 7, 30])))
    return Due(draw(REFERENCES), draw(FEW_ODD), person, draw(WHO), last, due, (TODAY - due).days)


@st.composite
def lists(draw: Callable[..., Any]) -> DueList:
    found: list[Due] = []
    for person in draw(st.lists(WHO, max_size=3, unique=True)):
        found += draw(st.lists(dues(person), min_size=1, max_size=3))
    frame = Frame("A", CYCLE, CycleState.ACTIVE, TODAY, "en")
    names = {name: draw(FEW_ODD) for name in ("web", "ann")}
    current = draw(st.booleans())
    elsewhere = draw(st.sampled_from([(), (("2026", 3),)]))
    return DueList(
        frame, tuple(found), None, current, None, None, names, frozenset({"web"}), ("2026-Q4",), 0, 0, elsewhere
    )  # fmt: skip


@given(lists(), CONSOLES, st.sampled_from([40, 60, 80, 120, 200]) | st.integers(30, 220))
@settings(max_examples=60)
def test_what_is_written_at_once_is_what_rich_prints(found: DueList, kind: str | None, width: int) -> None:
    by_rich = printed(kind, width, lambda console: show(console, lines_of(console, found)))
    assert printed(kind, width, lambda console: show_due(console, found)) == by_rich
