from __future__ import annotations

import pytest

from okr.diagnostics import Diagnostic, Finding, Place, Severity
from okr.views.text import printable
from tests.views.findings import HOSTILE, PLAN, golden, rendered, saying
from tests.views.runner import Command, commands


def test_a_group_and_annotations() -> None:
    written = rendered("github", folder="goals")
    assert written == golden("findings.github.txt", written)


def test_nothing_found() -> None:
    assert rendered("github", ()) == "::group::okr validate: 3 files, nothing to report\n::endgroup::\n"


def test_the_heaviest_come_first_and_only_as_many_as_github_shows() -> None:
    many = [
        Diagnostic(
            "OKR112", "unknown-key", severity, Finding(PLAN, Place(line, 1, line, 2), f"{severity} {line}")
        )
        for line in range(1, 13)
        for severity in (Severity.INFO, Severity.WARNING, Severity.ERROR)
    ]
    written = rendered("github", many)
    shown = [(each.name, each.message.partition("\n")[0]) for each in commands(written)[2:]]
    assert shown == [
        *(("error", f"error {line}") for line in range(1, 11)),
        *(("warning", f"warning {line}") for line in range(1, 11)),
        *(("notice", f"info {line}") for line in range(1, 11)),
    ]
    log = written.partition("::endgroup::")[0].splitlines()[1:]
    assert len(log) == 36


def test_columns_are_given_only_for_a_place_on_one_line() -> None:
    places = [Place(), Place(2, 3, 2, 9), Place(2, 3, 4, 1)]
    found = [
        Diagnostic("OKR112", "unknown-key", Severity.ERROR, Finding(PLAN, place, "x")) for place in places
    ]
    title = {"title": "OKR112 unknown-key"}
    assert [each.properties for each in commands(rendered("github", found))[2:]] == [
        {"file": PLAN, "line": "1"} | title,
        {"file": PLAN, "line": "2", "endLine": "2", "col": "3", "endColumn": "9"} | title,
        {"file": PLAN, "line": "2", "endLine": "4"} | title,
    ]


@pytest.mark.parametrize("message", [text for name, text in HOSTILE.items() if name != "long"])
def test_no_text_from_a_file_becomes_a_command(message: str) -> None:
    group, end, error = commands(rendered("github", saying(message, hint=message)))
    assert (group.name, end) == ("group", Command("endgroup", {}, ""))
    assert error.name == "error"
    assert error.message == f"{printable(message)}\nfix: {printable(message)}"
    assert set(error.properties) == {"file", "line", "endLine", "col", "endColumn", "title"}


@pytest.mark.parametrize(
    "path",
    [
        "::error::x.yaml",
        "  ::add-mask::x.yaml",
        "a\n::error::x.yaml",
        "##[group]x.yaml",
        "50%,line=9::x: y.yaml",
    ],
)
def test_no_name_of_a_file_becomes_a_command(path: str) -> None:
    found = commands(rendered("github", saying("x", path=path)))
    assert [each.name for each in found] == ["group", "endgroup", "error"]
    assert found[2].properties["file"] == printable(path)
    assert found[2].properties["line"] == "1"


def test_a_long_text_is_cut() -> None:
    (*_, error) = commands(rendered("github", saying(HOSTILE["long"], hint="h")))
    first = error.message.partition("\n")[0]
    assert (len(first), first[-1]) == (2000, "…")
