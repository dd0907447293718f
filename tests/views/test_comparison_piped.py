"""A comparison that goes into a pipe is laid out without rich, and comes out as rich would lay it out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from okr.views import comparison_text
from okr.views.comparison_outline import Line, Outline, Section, Sign
from okr.views.comparison_piped import outline_lines

WORDS = st.sampled_from(
    ["a", "goal", "–", "97,500 visits", "a-word-that-is-quite-long", "“Grow”", "x" * 45, "€9"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)
SOME = st.just("") | TEXTS
FIGURES = st.sampled_from(
    ["", "0.40 → 0.52", "2 objectives · score 0.10 → 0.90", "3 → 2 objectives " + "y" * 30]
)
LINES = st.builds(Line, TEXTS, st.sampled_from(Sign), st.integers(0, 2), SOME, FIGURES)
SECTIONS = st.builds(Section, TEXTS, st.lists(LINES, max_size=4).map(tuple), SOME, FIGURES)
OUTLINES = st.builds(Outline, TEXTS, TEXTS, SOME, st.lists(SECTIONS, max_size=3).map(tuple))


def _by_rich(outline: Outline, width: int) -> list[str]:
    console = Console(width=width, color_system=None)
    return [line.plain.rstrip() for line in comparison_text._lines(console, outline)]


@given(OUTLINES, st.integers(40, 120))
def test_both_lay_out_the_same(outline: Outline, width: int) -> None:
    assert outline_lines(outline, width) == _by_rich(outline, width)


@pytest.mark.parametrize("text", ["日本", "two  blanks", " one before", "one behind ", "narrow\u202fblank"])
def test_what_is_not_as_wide_as_it_is_long_is_left_to_rich(text: str) -> None:
    line = Line("fine", Sign.CHANGED, 0, text)
    assert outline_lines(Outline("A", "a → b", "", (Section("S", (line,)),)), 80) is None
