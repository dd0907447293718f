"""What `okr status` writes of owners at once is what rich prints of them, codes of colours included."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from okr.contents import KeyResult, Objective, Owner, Source
from okr.cycles import custom_cycle
from okr.diagnostics import Place
from okr.documents import Document, LocatedMapping
from okr.model import CycleState, ObjectiveType
from okr.model import KeyResult as KeyResultDefinition
from okr.model import Objective as ObjectiveDefinition
from okr.operations.assessing import KeyResultState, ObjectiveState, OwnerState
from okr.operations.overview import Frame, Overview
from okr.references import Reference
from okr.scoring import (
    BoundsMetric,
    Metric,
    MilestonesMetric,
    NumberMetric,
    Reading,
    Span,
    assess,
    assess_objective,
    owner_score,
)
from okr.views.layout import show
from okr.views.plain import PlainConsole
from okr.views.status import lines_of, show_status
from okr.views.status_lines import OwnerLines

if TYPE_CHECKING:
    from collections.abc import Callable

    from okr.quantities import Language

STARTS, ENDS = date(2026, 10, 1), date(2026, 12, 31)
CYCLE = custom_cycle("2026-Q4", STARTS, ENDS)
NOWHERE = Source(Document("", "", None), LocatedMapping(Place()))
WORDS = st.sampled_from(
    [
        "a",
        "goal",
        "–",
        "Get to 97,500 visits",
        "a-word-that-is-quite-long",
        "“Grow”",
        "x" * 45,
        "€9",
        "évident",
    ]
)
ODD = st.sampled_from(
    ["日本", "two  blanks", " before", "behind ", "narrow\u202fblank", "\u00a0", "🚀", "a\tb", "\x1b[1m"]
)
TITLES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
FEW_ODD = st.integers(0, 30).flatmap(lambda dice: ODD if dice == 0 else TITLES)
NUMBERS = st.sampled_from([0, 1, 0.5, 45, 99.9, 1200, 42_000, 100_000, -3, 1e7, 1e16])
METRICS: st.SearchStrategy[Metric] = st.one_of(
    st.builds(NumberMetric, st.none() | NUMBERS, NUMBERS),
    st.builds(BoundsMetric, st.none() | NUMBERS, NUMBERS),
    st.dictionaries(
        st.sampled_from(["signed", "beta", "gone live", "日本"]), st.sampled_from([0.3, 0.7, 1.0])
    ).map(MilestonesMetric),
)
VALUES = NUMBERS | st.sampled_from(["signed", "beta", "gone live", "日本"])
DAYS = st.integers(0, 100).map(lambda number: STARTS + timedelta(days=number))
READINGS = st.lists(
    st.builds(Reading, DAYS, st.none() | VALUES, st.none() | st.sampled_from([0.0, 0.3, 0.65, 1.0])),
    max_size=6,
).map(lambda found: tuple(sorted(found, key=lambda reading: reading.day)))
UNITS = st.sampled_from(
    [None, "%", "€", "visits", "orders a week", "orders that nobody has asked for a week", "人", "x  y", "u "]
)


@st.composite
def key_results(draw: Callable[..., Any], today: date, *, committed: bool) -> KeyResultState:
    said: dict[str, Any] = {
        "id": "k",
        "title": draw(FEW_ODD),
        "weight": draw(st.sampled_from([1, 1, 0, 2, 0.5])),
    }
    if draw(st.booleans()):
        said["grade"] = 0.7
    metric, counted = draw(METRICS), draw(READINGS)
    assessment = assess(metric, counted, Span(STARTS, ENDS), today, committed=committed, checkin_every=7)
    definition = KeyResultDefinition.of_plain(said)
    key_result = KeyResult(Reference("2026-Q4", "team", "o", "k"), definition, NOWHERE, None)
    return KeyResultState(key_result, metric, draw(UNITS), (), assessment, counted)


@st.composite
def objectives(draw: Callable[..., Any], today: date) -> ObjectiveState:
    kind = draw(st.sampled_from(ObjectiveType))
    definition = ObjectiveDefinition.of_plain({"id": "o", "title": draw(FEW_ODD), "type": kind})
    committed = kind is ObjectiveType.COMMITTED
    found = tuple(draw(st.lists(key_results(today, committed=committed), max_size=3)))
    whole = Objective(
        Reference("2026-Q4", "team", "o"), definition, NOWHERE, None, tuple(each.key_result for each in found)
    )
    said = assess_objective(
        [(each.assessment, float(each.key_result.definition.weight)) for each in found], committed=committed
    )
    return ObjectiveState(whole, found, said)


@st.composite
def overviews(draw: Callable[..., Any]) -> Overview:
    today = draw(
        st.sampled_from([STARTS - timedelta(days=1), STARTS, date(2026, 11, 20), ENDS, date(2027, 2, 1)])
    )
    state = draw(
        st.sampled_from([CycleState.ACTIVE, CycleState.ACTIVE, CycleState.PLANNING, CycleState.CLOSED])
    )
    language: Language = draw(st.sampled_from(["en", "fr"]))
    owners = []
    for _ in range(draw(st.integers(1, 2))):
        found = tuple(draw(st.lists(objectives(today), max_size=2)))
        owner = Owner("team", draw(FEW_ODD), draw(st.sampled_from(["team", "person", "unknown"])))
        owners.append(OwnerState(owner, found, owner_score(each.assessment.score for each in found)))
    frame = Frame("A", CYCLE, state, today, language)
    return Overview(frame, tuple(owners), (), (), None, None, current=True)


CONSOLES = st.sampled_from(["plain", None, "standard", "truecolor"])


def printed(kind: str | None, width: int, draw: Callable[[Console], object]) -> str:
    """What is printed on a console of a kind."""
    if kind == "plain":
        console: Console = PlainConsole(
            file=StringIO(), color_system=None, width=1000, markup=False, emoji=False, highlight=False
        )
    else:
        console = Console(
            file=StringIO(), width=width, color_system=kind, force_terminal=kind is not None,  # type: ignore[arg-type] # a kind that rich knows
            markup=False, emoji=False, highlight=False, legacy_windows=False,
        )  # fmt: skip
    draw(console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@given(overviews(), CONSOLES, st.sampled_from([40, 60, 80, 99, 100, 120, 140, 200]) | st.integers(30, 220))
@settings(max_examples=60)
def test_what_is_written_at_once_is_what_rich_prints(
    overview: Overview, kind: str | None, width: int
) -> None:
    by_rich = printed(kind, width, lambda console: show(console, lines_of(console, overview)))
    assert printed(kind, width, lambda console: show_status(console, overview)) == by_rich


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("name", ["Team A", "日本", "two  blanks"])
def test_only_what_rich_must_measure_is_left_to_it(name: str, width: int) -> None:
    console = Console(file=StringIO(), width=width, color_system=None)
    lines = OwnerLines(console, Frame("A", CYCLE, CycleState.ACTIVE, ENDS, "en"))
    owner = OwnerState(Owner("team", name, "team"), (), 0.0)
    assert (lines.of(owner) is not None) == (name == "Team A")
