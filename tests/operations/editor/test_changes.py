from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okr.documents import Document
from okr.edit_text import Edit
from okr.edits import apply
from okr.operations.editor.changes import changes_between

TEXTS = st.text("ab\n\r", max_size=30)


@given(TEXTS, TEXTS)
def test_the_edits_make_one_text_of_the_other(before: str, after: str) -> None:
    edits = changes_between(before, after)
    assert apply(Document("x", before, None), edits) == after
    assert bool(edits) == (before != after)


def test_only_what_differs_is_replaced() -> None:
    before = "one\r\ntwo\r\nthree\r\nfour"
    assert changes_between(before, before.replace("two", "2").replace("four", "4")) == (
        Edit(5, 10, "2\r\n"),
        Edit(17, 21, "4"),
    )


@pytest.mark.parametrize("lines", [2_500, 4])
def test_what_is_very_different_is_replaced_as_one(lines: int) -> None:
    before = "".join(f"{number}\n" for number in range(lines))
    after = before.replace("1", "x")
    edits = changes_between(before, after)
    assert apply(Document("x", before, None), edits) == after
    assert len(edits) == 1
