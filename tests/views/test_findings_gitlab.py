from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from okr.views.text import printable
from tests.views.findings import FEW, FILES, HOSTILE, PLAN, golden, rendered, report, saying

SCHEMA = json.loads(
    (Path(__file__).parents[1] / "schemas/gitlab-code-quality.json").read_text(encoding="utf-8")
)


def entries(written: str) -> list[dict[str, Any]]:
    """The entries of a report that is as GitLab wants it."""
    found: list[dict[str, Any]] = json.loads(written)
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator)
    return found


def test_a_report() -> None:
    written = rendered("gitlab", folder="goals")
    entries(written)
    assert written == golden("findings.gitlab.json", written)


def test_nothing_found() -> None:
    assert rendered("gitlab", ()) == "[]\n"


def test_fingerprints_are_unique_and_survive_lines_that_move() -> None:
    same = saying("the same", number=4)
    known_by = [each["fingerprint"] for each in entries(rendered("gitlab", same))]
    assert len(set(known_by)) == 4
    moved = [
        replace(
            each, finding=replace(each.finding, place=each.finding.place._replace(line=line, end_line=line))
        )
        for each in FEW
        if (line := each.finding.place.line + 2) and each.finding.path == PLAN
    ]
    below = {PLAN: "# one\n# two\n" + FILES[PLAN]}
    after = report(moved[1:], files=below).fingerprints()
    assert list(after.values()) == [report().fingerprints()[FEW[2]]]


def test_two_workspaces_of_a_repository_do_not_share_fingerprints() -> None:
    one, other, top = (entries(rendered("gitlab", folder=folder)) for folder in ("one", "other", ""))
    assert not {each["fingerprint"] for each in one} & {each["fingerprint"] for each in (*other, *top)}


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
def test_a_text_from_a_file_is_only_a_description(message: str) -> None:
    (entry,) = entries(rendered("gitlab", saying(message, hint="mend it")))
    assert entry["description"] == f"{printable(message)} (mend it)"
