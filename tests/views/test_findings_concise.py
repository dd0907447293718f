from __future__ import annotations

import pytest

from tests.views.findings import HOSTILE, golden, rendered, saying


def test_one_line_for_each_finding() -> None:
    written = rendered("concise", folder="goals")
    assert written == golden("findings.concise.txt", written)


def test_nothing_found_is_nothing_said() -> None:
    assert rendered("concise", ()) == ""


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
def test_a_text_from_a_file_stays_on_its_line(message: str) -> None:
    (line,) = rendered("concise", saying(message)).splitlines()
    assert line.startswith("okrs/2026-Q4/marketing.yaml:1:1: OKR112 error ")
    assert line.isprintable() or {letter for letter in line if not letter.isprintable()} <= set(
        "\u200b\u00ad\ufffe\uffff"
    )
