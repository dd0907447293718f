from __future__ import annotations

from okr.repository_course import Course

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
