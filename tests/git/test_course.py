from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from okr.git.course import Course, Way

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADS = [b"e c d", b"d b", b"c b", b"b a", b"a"]
"""A merge of two branches."""


def test_a_merge_is_asked_about_only_where_its_parents_differ() -> None:
    assert Course(HEADS, [b"a"], []).questions == []
    assert Course(HEADS, [b"a", b"b"], []).counting({}) == {b"a", b"b"}
    assert Course(HEADS, [b"a"], None).questions == [[b"e", b"c", b"d"]]
    assert Course(HEADS, [b"a"], [b"e"]).questions == [[b"e", b"c", b"d"]]
    split = Course(HEADS, [b"a", b"d"], [])
    assert split.questions == [[b"e", b"c", b"d"]]
    assert split.counting({b"e": b"c"}) == {b"a"}
    assert split.counting({b"e": b"d"}) == {b"a", b"d"}
    assert split.counting({b"e": None}) == {b"a", b"d", b"e"}


def test_commits_that_are_told_before_their_children_by_wrong_clocks_count_the_same() -> None:
    skewed = Course([b"e c d", b"b a", b"d b", b"a", b"c b"], [b"a", b"d"], [])
    assert skewed.questions == [[b"e", b"c", b"d"]]
    assert skewed.counting({b"e": b"d"}) == {b"a", b"d"}


def test_parents_that_are_not_told_led_to_nothing() -> None:
    assert Course([b"c b", b"b a"], [b"c"], []).counting({}) == {b"c"}
    assert Course([b"c b x", b"b a"], [], []).questions == [[b"c", b"b", b"x"]]
    assert Course([], [], []).counting({}) == set()


def way_of(heads: list[bytes], touching: set[bytes], size: int) -> Way:
    """What is left of commits that are told some at a time."""
    way = Way()
    for at in range(0, len(heads), size):
        batch = heads[at : at + size]
        way.lead_on(batch, touching.intersection(head.partition(b" ")[0] for head in batch))
    way.end()
    return way


def test_commits_that_only_lead_on_are_left_out() -> None:
    way = way_of([b"f e", b"e d", b"d c", b"c b", b"b a", b"a "], {b"c"}, 2)
    assert (way.heads, way.whole) == ([b"f c", b"c "], True)
    way = way_of([b"f e", b"e c d", b"d x", b"x b", b"c b", b"b a", b"a "], set(), 9)
    assert (way.heads, way.whole) == ([b"f e", b"e c d", b"d b", b"c b", b"b "], True)
    assert not way_of([b"e c d", b"b a", b"d b", b"a ", b"c b"], set(), 9).whole  # told before its children
    assert not way_of([b"c b", b"b a"], set(), 9).whole  # its parent is not told
    assert way_of([], set(), 1).whole


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[bytes], set[bytes], set[bytes], dict[bytes, bytes | None]]:
    """Commits told in any order that clocks may give, those that touch files, merges of their own, what merges took over."""
    size = draw(st.integers(1, 12))
    parents = [
        sorted(draw(st.sets(st.integers(max(0, at - 3), at - 1), min_size=1, max_size=2)), reverse=True)
        if at and draw(st.integers(0, 9)) else []
        for at in range(size)
    ]  # fmt: skip
    ids = [b"%02d" % at for at in range(size)]
    order = sorted(range(size - 1), key=lambda at: (at + draw(st.integers(0, 3)), at))
    heads = [b" ".join((ids[at], *(ids[each] for each in parents[at]))) for at in [size - 1, *order[::-1]]]
    merges = [at for at in range(size) if len(parents[at]) > 1]
    own = {ids[at] for at in merges if draw(st.booleans())}
    touching = {ids[at] for at in range(size) if at not in merges and draw(st.integers(0, 2)) == 0}
    took = {ids[at]: draw(st.sampled_from([ids[each] for each in parents[at]] + [None])) for at in merges}
    return heads, touching, own, took


@given(histories())
def test_what_is_passed_over_changes_nothing(
    history: tuple[list[bytes], set[bytes], set[bytes], dict[bytes, bytes | None]],
) -> None:
    heads, touching, own, took = history
    way = way_of(heads, touching, 5)
    assert {way_of(heads, touching, size).whole for size in (1, 2, 3, 50)} == {way.whole}
    for known, left in product((None, own), (heads, way.heads) if way.whole else (heads,)):
        course = Course(left, touching, known)
        asked = {merge for merge, *_ in course.questions}
        taken = {merge: None if known and merge in known else parent for merge, parent in took.items()}
        expected = counting(heads, touching, known, {each: taken[each] for each in asked})
        assert course.counting(taken) == expected


def counting(
    heads: list[bytes], touching: set[bytes], own: set[bytes] | None, took: Mapping[bytes, bytes | None]
) -> set[bytes]:
    """The commits that count, found one by one."""
    above = {each: parents for each, *parents in (head.split() for head in heads)}

    def last(commit: bytes) -> bytes:
        """The last one up to a commit that counts, or may."""
        parents = [last(each) for each in above[commit]]
        passed = len(parents) > 1 and own is not None and commit not in own and len({*parents}) == 1
        return parents[0] if passed or (len(parents) == 1 and commit not in touching) else commit

    found: set[bytes] = set()
    ahead = [heads[0].split()[0]]
    while ahead:
        commit = last(ahead.pop())
        if commit in touching or (commit in took and took[commit] is None):
            found.add(commit)
        ahead += above[commit] if took.get(commit) is None else [took[commit] or b""]
    return found
