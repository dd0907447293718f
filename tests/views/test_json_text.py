"""JSON is written as the standard library writes it."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okr.views.json_text import json_text


class _Kind(StrEnum):
    ONE = "one"


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8) | st.sampled_from(["é", "\u2028\"\\/", "\ud800", _Kind.ONE, 10**30, -0.0, 1e22])
)  # fmt: skip
KEYS = st.text(max_size=4) | st.sampled_from([1, None, True, 2.5, _Kind.ONE])
ANSWERS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


@given(ANSWERS, st.booleans(), st.sampled_from([2, 2, 2, None, 4]))
@settings(max_examples=200)
def test_as_the_standard_library_writes_it(answer: Any, ascii_only: bool, indent: int | None) -> None:
    expected = json.dumps(answer, ensure_ascii=ascii_only, indent=indent, allow_nan=False)
    assert json_text(answer, ascii_only=ascii_only, indent=indent) == expected


@pytest.mark.parametrize("wrong", [float("inf"), float("nan"), object(), {(1, 2): 3}, {1, 2}])
def test_what_json_has_not_is_refused_as_there(wrong: Any) -> None:
    with pytest.raises((ValueError, TypeError)) as found:
        json.dumps([wrong], indent=2, allow_nan=False)
    with pytest.raises(found.type):
        json_text([wrong], ascii_only=False, indent=2)
