"""Texts from files made safe to show."""

from __future__ import annotations

import sys
import unicodedata

from okr.views.text import moment_words, printable

_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
_REORDERING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


def test_what_no_terminal_should_get_is_spelled_out_and_nothing_else() -> None:
    kept = "".join(
        each for each in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(each) not in _UNSEEN and each not in _REORDERING
    )  # fmt: skip
    assert printable(kept) == kept
    assert printable(f"a{kept}\n") == f"a{kept} "
    assert printable(_REORDERING) == "".join(f"\\u{ord(each):04x}" for each in _REORDERING)
    assert printable("Größe → 5\x1b[1m\ud800") == "Größe → 5\\u001b[1m\\ud800"


def test_a_moment_is_shown_to_the_minute() -> None:
    assert moment_words("2026-11-23T09:31:07+02:00") == "2026-11-23 09:31"
    assert moment_words("2026-11-23") == "2026-11-23"
