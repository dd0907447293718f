"""What `okr tree` writes at once is what rich prints of it, codes of colours included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from okr.model import CycleState
from okr.operations.aligning import Aligned, AlignedKeyResult
from okr.operations.alignment import Alignment, Branch
from okr.operations.overview import Frame
from okr.references import Reference
from okr.scoring import Status
from okr.views.layout import show
from okr.views.tree import lines_of, show_tree
from tests.views.test_status_lines import CONSOLES, CYCLE, ENDS, FEW_ODD, printed

if TYPE_CHECKING:
    from collections.abc import Callable

SCORES = st.sampled_from([0.0, 0.333, 0.7, 1.0])
STATUSES = st.sampled_from(Status)
PLACES = [Reference("2026-Q4", owner, name) for owner in ("web", "ann") for name in ("o", "p", "q")]


@st.composite
def trees(draw: Callable[..., Any]) -> Alignment[Aligned]:
    found, roots = {}, []
    supporters: dict[Reference, tuple[Reference, ...]] = {}
    key_results: dict[Reference, tuple[Reference, ...]] = {}
    for number, each in enumerate(PLACES):
        inner = AlignedKeyResult("k", draw(FEW_ODD), draw(SCORES), draw(STATUSES))
        found[each] = Aligned(
            draw(FEW_ODD), "committed", None, draw(SCORES), None, draw(STATUSES), (), (inner,)
        )
        key_results[each] = (Reference(each.cycle, each.owner, each.objective, "k"),)
        above = draw(st.integers(-2, number - 1))
        if above < 0:
            roots.append(each)
            continue
        whole = draw(st.integers(0, 3))
        parent = PLACES[above] if whole else key_results[PLACES[above]][0]
        supporters[parent] = (*supporters.get(parent, ()), *([each, each] if whole == 1 else [each]))
    names = {name: draw(FEW_ODD) for name in ("web", "ann")}
    targets = frozenset(draw(st.sampled_from([[], [], PLACES[:2], [key_results[PLACES[0]][0]]])))
    branches = dict.fromkeys(Branch, ()) | {draw(st.sampled_from(Branch)): tuple(roots)}
    frame = Frame("A", CYCLE, CycleState.ACTIVE, ENDS, "en")
    over = frozenset(draw(st.sampled_from([[], ["2026-Q4"]])))
    return Alignment(frame, found, key_results, names, branches, supporters, targets, over)


@given(trees(), CONSOLES, st.sampled_from([40, 52, 60, 80, 120, 200]) | st.integers(30, 220))
@settings(max_examples=60)
def test_what_is_written_at_once_is_what_rich_prints(
    found: Alignment[Aligned], kind: str | None, width: int
) -> None:
    by_rich = printed(kind, width, lambda console: show(console, lines_of(console, found)))
    assert printed(kind, width, lambda console: show_tree(console, found)) == by_rich
