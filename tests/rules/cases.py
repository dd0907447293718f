"""How the rules' tests are written: the YAML is the test, and ⟦ ⟧ in it stand around each place that is reported."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from okr.diagnostics import Place
from okr.rules.engine import diagnose
from okr.sources import Folder, Overlay
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okr.diagnostics import Diagnostic
    from tests.conftest import OpenWorkspace

_MARK = re.compile("[⟦⟧]")

KEY_RESULT = "{id: %s, title: Visits a month, from: 100, to: 200}"
OBJECTIVE = """\
  - id: %s
    title: Make people come back
    key_results:
      - {id: one, title: Visits a month, from: 100, to: 200}
      - {id: two, title: Visits a week, from: 10, to: 20}
"""
TWO = "objectives:\n" + OBJECTIVE % "first" + OBJECTIVE % "second"
"""A plan with nothing wrong in it."""


@dataclass(frozen=True)
class Marked:
    """A text without its marks, and the places that they stood around, in order."""

    text: str
    places: tuple[Place, ...]


def read_marks(text: str) -> Marked:
    places, plain, opened = [], "", (1, 1)
    position = 0
    for mark in _MARK.finditer(text := textwrap.dedent(text)):
        plain += text[position : mark.start()]
        position = mark.end()
        here = (plain.count("\n") + 1, len(plain) - (plain.rfind("\n") + 1) + 1)
        if mark[0] == "⟦":
            opened = here
        else:
            places.append(Place(*opened, *here))
    return Marked(plain + text[position:], tuple(places))


def expect(
    open_workspace: OpenWorkspace,
    files: dict[str, str],
    findings: Iterable[tuple[str, str]] = (),
    before: dict[str, str] | None = None,
) -> list[Diagnostic]:
    """Checks that the rules find exactly what is marked, each with its code and a phrase of its message.

    Args:
        open_workspace: the fixture.
        files: path → text with marks.
        findings: code and phrase of each finding, by path and from top to bottom; those about a file that is gone, or
            about a whole one, are marked nowhere.
        before: what the files said before, for the rules on history.

    Returns:
        What was found.
    """
    marked = {path: read_marks(text) for path, text in files.items()}
    now = open_workspace({path: each.text for path, each in marked.items()})
    found = diagnose(now, None if before is None else earlier(now, before))
    wanted = list(findings)
    places = [(path, place) for path in sorted(marked) for place in marked[path].places]
    if before is not None:
        whole = [(each.finding.path, each.finding.place) for each in found if each.finding.place == Place()]
        places = sorted([*places, *whole])
    assert [(each.code, each.finding.path, each.finding.place) for each in found] == [
        (code, path, place) for (code, _), (path, place) in zip(wanted, places, strict=True)
    ]
    for each, (_, phrase) in zip(found, wanted, strict=True):
        assert phrase in each.finding.message
    return found


def earlier(now: Workspace, files: dict[str, str]) -> Workspace:
    """A workspace with what every workspace has and these files, as the version before another one."""
    basis = {"okr.yaml": "name: Acme\n", ".gitattributes": "checkins/** merge=union\n"}
    content = {path: textwrap.dedent(text).encode() for path, text in (basis | files).items()}
    return Workspace(Overlay(Folder(Path("nowhere")), content), as_of=now.as_of, title="acme", like=now)


def plan(*objectives: str) -> str:
    """A plan of objectives given as the lines below `- `, and as many more as are needed to make two."""
    filling = [OBJECTIVE % name for name in ("more", "yet-more")][len(objectives) :]
    return "objectives:\n" + "".join(_item(each, 2) for each in objectives) + "".join(filling)


def with_key_result(lines: str) -> str:
    """A plan with nothing wrong but what a key result's lines say."""
    return plan(
        "id: brand\ntitle: Be the one people think of\nkey_results:\n  - "
        + KEY_RESULT % "visits"
        + "\n"
        + _item(lines, 2).rstrip()
    )


def with_key_results(*key_results: str, more: str = "", title: str = "Be known") -> str:
    """A plan with an objective of these key results, each on a line, and further lines of the objective."""
    lines = "".join(f"\n  - {each}" for each in key_results)
    return plan(f"id: brand\ntitle: {title}\n{more}key_results:{lines}")


def codes_and_messages(workspace: Workspace, code: str) -> list[tuple[str, str]]:
    """The files and messages of what a rule finds."""
    return [(each.finding.path, each.finding.message) for each in diagnose(workspace) if each.code == code]


def short(found: list[Diagnostic]) -> list[tuple[str, str, int, int, str]]:
    """Findings by code, path, line, column and message."""
    return [
        (
            each.code,
            each.finding.path,
            each.finding.place.line,
            each.finding.place.column,
            each.finding.message,
        )
        for each in found
    ]


def only(found: list[Diagnostic]) -> tuple[str, str, int, int, str, str]:
    """The only finding in the same way, with its hint."""
    assert len(found) == 1, [(each.code, each.finding.message) for each in found]
    return (*short(found)[0], found[0].finding.hint or "")


def _item(lines: str, indent: int) -> str:
    text = textwrap.indent(textwrap.dedent(lines).strip() + "\n", " " * (indent + 2))
    start = re.match(r"\s*", text)
    assert start is not None
    return " " * indent + "- " + text[start.end() :]


def record(text: str) -> dict[str, str]:
    """A log of marketing's with one line of 5 October, by its path."""
    return {"checkins/2026-Q4/marketing.yaml": f"- {{date: 2026-10-05, {text}}}\n"}
