from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.git.changes import id_of_content
from okr.operations.record.regrowing import Growth, Step

ABOVE = b"# A log\n\n"
LINES = [f"- {{date: 2026-10-{day:02}, kr: a/x, value: {day}}}\n".encode() for day in range(1, 8)]
DATES = [f"2026-10-{day:02}".encode() for day in range(1, 8)]
NO_FILE = None


def content(places: str, *, above: bytes = ABOVE) -> bytes:
    return above + b"".join(LINES[int(at)] for at in places)


def step(number: int, before: str | None, after: str, *, above: bytes = ABOVE) -> Step:
    ids = [
        None if places is None else id_of_content(content(places, above=above), "0" * 40)
        for places in (before, after)
    ]
    return Step(number, ids[0], ids[1] or "")


@pytest.mark.parametrize(
    ("numbers", "steps", "expected"),
    [
        pytest.param([9, -1, 5], [step(7, "0", "01")], {7: [1]}, id="between two that are announced"),
        pytest.param([-1, 5], [step(7, NO_FILE, "0")], {7: [0]}, id="the first of a file"),
        pytest.param(
            [9, -1, 5, -1], [step(3, "012", "0123"), step(7, "0", "01")], {7: [1], 3: [3]}, id="one upon the other"
        ),
        pytest.param([9, -1, -1, -1, 5], [step(7, "0", "0123")], {7: [1, 2, 3]}, id="three at once"),
        pytest.param([9, -1, -1, 5], [step(7, "0", "02"), step(3, "023", "0123")], {7: [2], 3: [1]}, id="the later date first"),
        pytest.param([5, -1, 9, -1], [step(7, "2", "12"), step(3, "012", "0123")], {7: [1], 3: [3]}, id="below those of its key result"),
        pytest.param([9, -1, 5], [step(7, "0", "01", above=b"# Other\n")], {}, id="other remarks"),
        pytest.param([9, -1, 5], [step(7, "02", "012")], {}, id="from another branch"),
        pytest.param([9, -1, 5], [step(7, "0", "016")], {}, id="a line that is gone"),
        pytest.param([9, -1, 5], [step(7, "06", "01")], {}, id="one removed and one added"),
        pytest.param([9, -1, 5], [step(7, "0", "10")], {}, id="in another order"),
        pytest.param([9, -1, 5], [step(7, NO_FILE, "1")], {}, id="no file before, although it had a line"),
        pytest.param([9, 5], [step(7, "0", "0", above=b"# New\n")], {}, id="nothing but remarks"),
        pytest.param([9, -1, 5, -1], [step(7, "0", "016"), step(3, "012", "0123")], {}, id="what rests on what has no proof"),
    ],
)  # fmt: skip
def test_what_has_no_other_explanation_is_proven(
    numbers: list[int], steps: list[Step], expected: dict[int, list[int]]
) -> None:
    now = content("".join(map(str, range(len(numbers)))))
    found = Growth(now, 2, numbers, lambda: DATES).follow(steps)
    assert {number: [*lines] for number, lines in found.items()} == expected


@given(st.data())
def test_any_order_proves_what_is_proven_one_after_the_other(data: st.DataObject) -> None:
    numbers: list[int] = []
    steps: list[Step] = []
    time = 90
    while len(numbers) < len(LINES) and data.draw(st.integers(0, 9)):
        time -= 10
        size = data.draw(st.integers(0, min(4, len(LINES) - len(numbers))))
        if size:
            before, after = "0123456"[: len(numbers)], "0123456"[: len(numbers) + size]
            steps.append(step(time, before or NO_FILE, after))
            numbers += [-1] * size
        else:
            numbers.append(time)
    now = content("0123456"[: len(numbers)])
    damaged = data.draw(st.sampled_from(["", "", "late", "forgotten", "twice"])) if steps else ""
    some = data.draw(st.sampled_from(steps)) if damaged else None
    if some is not None:
        steps = [each for each in steps if each is not some]
        late = Step(some.number - data.draw(st.sampled_from([3, 10, 15, 25])), some.before, some.after)
        steps += {"late": [late], "twice": [some, late], "forgotten": []}[damaged]
    growth = Growth(now, 2, numbers, lambda: DATES)
    found = {each.number: growth.added_by(each) for each in data.draw(st.permutations(steps))}
    proven = {number: lines for number, lines in found.items() if lines is not None}
    in_full = len(proven) == len(steps) and growth.are_all(proven)
    assert in_full or damaged
    if in_full:
        followed = growth.follow(steps)
        assert {number: [*lines] for number, lines in followed.items()} == {
            number: [*lines] for number, lines in proven.items()
        }


def test_lines_that_two_commits_claim_are_proven_for_neither() -> None:
    growth = Growth(content("012"), 2, [9, -1, 5], lambda: DATES)
    twice = {each.number: growth.added_by(each) for each in (step(7, "0", "01"), step(6, "0", "01"))}
    assert twice == {7: range(1, 2), 6: range(1, 2)}
    assert not growth.are_all({number: lines for number, lines in twice.items() if lines})
    growth = Growth(content("012"), 2, [9, -1, -1], lambda: DATES)
    later = growth.added_by(step(6, "01", "012"))
    assert later == range(2, 3)
    assert not growth.are_all({6: later})  # by whom the line above it came, nobody knows
    assert growth.are_all({7: range(1, 2), 6: later})
    assert not growth.are_all({5: range(1, 2), 6: later})
    assert Growth(content("012"), 2, [5, -1, 9], lambda: DATES).added_by(step(7, "0", "01")) is None
