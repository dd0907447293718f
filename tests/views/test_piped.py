from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from okr.views.layout import folded as folded_by_rich
from okr.views.piped import asked_width, folded

CONSOLE = Console(width=80)
WORDS = st.sampled_from(
    ["a", "word", "is", "longer-than-most", "été", "→", "“so”", "日本", "🎉", "a\u00a0b", "\u00ad", ""]
)


@given(st.lists(WORDS, max_size=30), st.sampled_from([" ", " ", "  ", "   "]), st.integers(1, 40))
def test_text_is_folded_as_rich_folds_it(words: list[str], blank: str, width: int) -> None:
    text = blank.join(words)
    lines = folded(text, width)
    assert lines == [line.plain for line in folded_by_rich(CONSOLE, Text(text), width)]
    assert all(cell_len(line) <= max(width, 2) for line in lines)


@given(st.text(max_size=60), st.integers(1, 20))
def test_whatever_it_is_made_of(text: str, width: int) -> None:
    assert folded(text, width) == [line.plain for line in folded_by_rich(CONSOLE, Text(text), width)]


@pytest.mark.parametrize(
    ("columns", "width"), [("", 80), ("120", 120), ("7", 40), ("wide", 80), ("123456", 80)]
)
def test_the_width_that_is_asked_for(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert asked_width() == width
