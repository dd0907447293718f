from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from okr.operations.record.lineage import Lineage

LONG_AGO = "0" * 40


@st.composite
def histories(draw: st.DrawFn) -> dict[str, list[str]]:
    """The commits that led to a last one, each with its parents, in an order that clocks may have got wrong."""
    names = [f"{number:040x}" for number in range(1, draw(st.integers(1, 9)) + 1)]
    parents: dict[str, list[str]] = {}
    for place, name in enumerate(names):
        count = min(place, draw(st.sampled_from([1, 1, 1, 2])))
        parents[name] = (
            draw(st.lists(st.sampled_from(names[:place]), min_size=count, max_size=count, unique=True))
            if count
            else []
        )
    there = sorted({names[-1], *_before(parents, names[-1])}, reverse=True)
    return {name: parents[name] for name in draw(st.permutations(there) | st.just(there))}


def _before(parents: dict[str, list[str]], commit: str) -> set[str]:
    """All that led to a commit."""
    found: set[str] = set()
    waiting = [*parents[commit]]
    while waiting:
        each = waiting.pop()
        found.add(each)
        waiting += parents[each]
    return found


@given(histories(), st.data())
def test_what_led_to_what_is_told_as_by_following_each_parent(
    history: dict[str, list[str]], data: st.DataObject
) -> None:
    marks = data.draw(st.lists(st.sampled_from([*history, LONG_AGO]), unique=True))
    lineage = Lineage([" ".join((name, *parents)).encode() for name, parents in history.items()], marks)
    for mark in marks:
        for commit in history:
            led_to_it = mark == LONG_AGO or mark in _before(history, commit)
            assert lineage.came_after(commit, mark) is led_to_it
            assert lineage.came_before(commit, mark) is (
                mark != LONG_AGO and commit in _before(history, mark)
            )
