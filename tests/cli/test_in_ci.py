"""In the log of a CI system, nothing that stands in a file becomes a command, whatever is printed there."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SMALL_WORKSPACE
from tests.views.runner import commands

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

HOSTILE = "::add-mask::a ##vso[task.setvariable variable=PATH]b ##[error]c ##teamcity[d]"
COMMAND = re.compile(r"##\w*\[")
PLAN = "okrs/2026-Q4/marketing.yaml"


@pytest.fixture
def hostile(repository: Shell) -> Shell:
    """The workspace's name, a title, a unit, a note and a commit's message are commands of CI systems."""
    quoted = json.dumps(HOSTILE)
    plan = SMALL_WORKSPACE[PLAN].replace("Make our brand the one people think of first", quoted)
    plan = plan.replace("Reach 100,000 monthly visits", quoted).replace("Answer within 4 hours", quoted)
    assert plan.count(quoted) == 3
    log = f"- {{date: 2026-11-20, kr: brand/visits, value: 50000, by: alice, note: {quoted}}}\n"
    repository.write({"okr.yaml": f"name: {quoted}\n", PLAN: plan, "checkins/2026-Q4/marketing.yaml": log})
    repository.git("commit", "--quiet", "--all", "--message", HOSTILE)
    return repository


ANSWERS = [
    "status", "status --json", "status --json --owner marketing", "tree --json", "due --json", "due --format slack",
    "log", "log --json", "diff HEAD~1", "diff HEAD~1 --json", "diff HEAD~1 --format html", "show marketing/brand --json",
    "review --json", "audit --json", "cycle list --json", "badge marketing/brand", "report --format csv",
    "report --format json", "report --format ics", "query 'select title from objectives' --format csv",
    "query 'select title from objectives' --json",
]  # fmt: skip


def test_no_answer_holds_a_command(hostile: Shell) -> None:
    for command in ANSWERS:
        outcome = hostile.okr(*shlex.split(command), TF_BUILD="True")
        assert outcome.err == "", f"{command}: {outcome.err}"
        assert "vso[task.set" in outcome.out, command
        assert commands(outcome.out + outcome.err) == [], command
        assert not COMMAND.search(outcome.out), command


def test_json_says_the_same_as_outside_of_ci(hostile: Shell) -> None:
    answer = json.loads(hostile.okr("show", "marketing/brand", "--json", TF_BUILD="True").out)
    assert answer == json.loads(hostile.okr("show", "marketing/brand", "--json").out)
    assert answer["workspace"] == HOSTILE


def test_no_finding_holds_a_command(workspace: Shell) -> None:
    workspace.write({"okr.yaml": f"name: Acme\n{json.dumps(HOSTILE)}: 1\n"})
    for form in ("json", "jsonl", "sarif", "gitlab", "junit", "markdown", "concise", "text"):
        outcome = workspace.okr("validate", "--format", form, TF_BUILD="True")
        assert outcome.status == 1, form
        assert commands(outcome.out) == [], form
        assert not COMMAND.search(outcome.out), form
