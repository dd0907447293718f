from __future__ import annotations

import re

import pytest

from okr.patterns import pattern

TEXTS = ["", "a1", "A1b22", "b2 a1\nB3"]


@pytest.mark.parametrize("flags", [0, re.IGNORECASE, re.MULTILINE | re.VERBOSE])
def test_a_pattern_finds_what_a_compiled_one_finds(flags: int) -> None:
    ours, theirs = (
        make(r"^(?P<letter>[a-z]) (?P<figure>\d) ?".replace(" ", ""), flags) for make in (pattern, re.compile)
    )
    for text in TEXTS:
        for name in ("match", "fullmatch", "search"):
            found = [getattr(each, name)(text) for each in (ours, theirs)]
            assert [each and (each.span(), each.groupdict()) for each in found[:1]] == [
                each and (each.span(), each.groupdict()) for each in found[1:]
            ]
        assert ours.sub("<\\g<figure>>", text) == theirs.sub("<\\g<figure>>", text)
        assert ours.subn("", text, count=1) == theirs.subn("", text, count=1)
        assert ours.split(text) == theirs.split(text)
        assert ours.findall(text, 1) == theirs.findall(text, 1)
        assert [each.span() for each in ours.finditer(text)] == [
            each.span() for each in theirs.finditer(text)
        ]
    assert (ours.pattern, ours.flags, ours.groupindex) == (theirs.pattern, theirs.flags, theirs.groupindex)


def test_a_pattern_is_compiled_when_it_is_used_and_not_before() -> None:
    wrong = pattern("(")
    with pytest.raises(re.error, match="missing \\)"):
        wrong.search("")
    assert pattern(rb"a+").fullmatch(b"aa")
