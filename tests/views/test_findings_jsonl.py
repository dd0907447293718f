from __future__ import annotations

import json

import pytest

from okr.views.findings_json import findings_as_json
from tests.views.findings import HOSTILE, golden, rendered, report, saying


def test_one_object_a_line() -> None:
    written = rendered("jsonl", folder="goals")
    assert written == golden("findings.jsonl", written)


def test_the_lines_are_what_json_lists() -> None:
    lines = [json.loads(line) for line in rendered("jsonl").splitlines()]
    assert lines == json.loads(findings_as_json(report().validation))["diagnostics"]


def test_nothing_found_is_nothing_said() -> None:
    assert rendered("jsonl", ()) == ""


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
def test_a_text_from_a_file_comes_back_as_it_was(message: str) -> None:
    written = rendered("jsonl", saying(message))
    assert written.count("\n") == 1
    assert json.loads(written)["message"] == message
    assert not {"\x1b", "\u202e", "\u2066", "\ud800", "\x9b"} & set(written)
