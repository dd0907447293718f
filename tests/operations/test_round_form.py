from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.operations.checkin.round_items import items_of
from okr.operations.checkin.walking import Answer
from okr.operations.due import due_checkins
from okr.views.round_form import Problem, faults, marked, parse, render
from tests.operations.checkin.test_round import FILES, typed

if TYPE_CHECKING:
    from okr.operations.checkin.round import Item
    from okr.operations.due import DueList
    from okr.views.round_form import Form
    from tests.conftest import OpenWorkspace

VISITS, SITE = "2026-Q4/web/o/visits", "kpis/site"
Asked = tuple["DueList", "tuple[Item, ...]"]


@pytest.fixture
def asked(open_workspace: OpenWorkspace) -> Asked:
    workspace = open_workspace(FILES)
    due = due_checkins(workspace)
    return due, items_of(workspace, due)


def form(asked: Asked, text: str) -> Form:
    return parse(text, asked[1], asked[0])


def test_an_untouched_form_says_nothing(asked: Asked) -> None:
    due, items = asked
    found = form(asked, render(due, items, {}))
    assert found.problems == ()
    assert [*found.answers.values()] == [Answer()] * 3


def test_what_is_filled_in_comes_back(asked: Asked) -> None:
    due, items = asked
    kept = {VISITS: typed("61k", "70%", "two\nlines"), SITE: typed("5", None, "# no comment")}
    found = form(asked, render(due, items, kept))
    assert found.answers[VISITS] == typed("61k", "70%", "two lines")
    assert found.answers[SITE] == typed("5", None, "# no comment")


def test_a_file_that_an_editor_rewrote(asked: Asked) -> None:
    text = "[web/o/visits]\r\nValue : 5\r\nnote: a\r\n  b\r\n\tc\r\n\r\n# d\r\nconfidence:0.5\r\n[ 2026-Q4/web/o/launch ]\r\n"
    found = form(asked, text)
    assert found.problems == ()
    assert found.answers[VISITS] == typed("5", "0.5", "a b c")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("value: 5\n", Problem(1, "This stands before the first [key result].")),
        (
            "[web/o/other]\nvalue: 5\nwords\n",
            Problem(1, "No check-in of “web/o/other” is asked for in this form."),
        ),
        ("[web/o/visits]\n\n[web/o/visits]\n", Problem(3, "“web/o/visits” stands in this form twice.")),
        (
            "[kpis/site]\nconfidence: 1\n",
            Problem(2, "“confidence” is not asked for here; what is: value, note."),
        ),
        ("[kpis/site]\nvalue: 1\nvalue: 2\n", Problem(3, "“value” stands here twice.")),
        (
            "[kpis/site]\nfive\n",
            Problem(2, "This line belongs to nothing; write `note:` before it, or # for a comment."),
        ),
    ],
)
def test_what_can_not_be_used_is_named_by_its_line(asked: Asked, text: str, problem: Problem) -> None:
    assert form(asked, text).problems == (problem,)


def test_marks_stand_above_the_lines_and_go_away_again() -> None:
    text = "a\nb\nc\n"
    once = marked(text, [Problem(2, "wrong\nhere"), Problem(2, "twice")])
    first, *rest = once.split("\n")
    assert first.startswith("#! 2 things are wrong below.")
    assert rest == ["a", "#! wrong here", "#! twice", "b", "c", ""]
    again = marked(once, [Problem(6, "still")])
    first, *rest = again.split("\n")
    assert first.startswith("#! 1 thing is wrong below.")
    assert rest == ["a", "b", "#! still", "c", ""]
    assert marked(once, []) == text


def test_marks_keep_to_80_columns_and_are_told_as_they_were() -> None:
    said = "“abc” is not a number. Write it plainly, such as 61000, +500, 61k, 1.2M or 45%."
    text = marked("[visits]\nvalue: abc\n", [Problem(2, said), Problem(2, "twice")] * 6)
    assert max(map(len, text.split("\n"))) <= 80
    assert faults(text) == [f"[visits] {said}", "[visits] twice"] * 6
    assert marked(text, []) == "[visits]\nvalue: abc\n"
