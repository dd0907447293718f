from __future__ import annotations

import pytest

from okr.views.workflow_commands import command, neutral
from tests.views.runner import Command, commands


def test_what_means_something_to_the_runner_is_escaped() -> None:
    written = command("error", {"file": "a:b,c%3A.yaml", "line": 3, "col": None}, "50%: a,\r\nb::c")
    assert written == "::error file=a%3Ab%2Cc%253A.yaml,line=3::50%25: a,%0D%0Ab::c"
    assert commands(written) == [Command("error", {"file": "a:b,c%3A.yaml", "line": "3"}, "50%: a,\r\nb::c")]


def test_a_command_without_properties() -> None:
    assert command("group", {"title": None}, "x") == "::group::x"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("fine: a::b\nno", "fine: a::b\nno"),
        ("::error::x\n\t ::add-mask::y", ": :error::x\n\t : :add-mask::y"),
        (":::error::x", ": ::error::x"),
        ("a ##[error]b", "a # #[error]b"),
        ("###[error]", "## #[error]"),
        ("##vso[x]y ##teamcity[z] ## heading", "# #vso[x]y # #teamcity[z] ## heading"),
    ],
)
def test_commands_in_other_text_lose_their_meaning(text: str, made: str) -> None:
    assert neutral(text) == made
    assert commands(neutral(text)) == []
