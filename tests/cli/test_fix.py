"""`okr validate --fix`, `--diff` and `--unsafe-fixes`, as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.cli.conftest import SMALL_WORKSPACE

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

PLAN = "okrs/2026-Q4/marketing.yaml"
RIGHT = SMALL_WORKSPACE[PLAN]
MISSPELT = RIGHT.replace("supports: 2026/company/lead", "suports: 2026/company/laed", 1)
MENDED = RIGHT
SWAPPED = MISSPELT.replace("at_least: 99.9", "at_least: 99.9, at_most: 5")


def test_mends_and_reports_what_is_left(workspace: Shell) -> None:
    workspace.write({PLAN: SWAPPED})
    outcome = workspace.okr("validate", "--fix", "--format", "json")
    assert outcome.err == "Fixed 2 findings in 1 file; 1 more with --unsafe-fixes.\n"
    assert outcome.status == 1
    assert [
        each["rule"] for each in json.loads(outcome.out)["diagnostics"] if each["severity"] == "error"
    ] == ["OKR408"]
    assert workspace.read(PLAN) == MENDED.replace("at_least: 99.9", "at_least: 99.9, at_most: 5")


def test_unsafe_fixes_when_asked_for(workspace: Shell) -> None:
    workspace.write({PLAN: SWAPPED})
    outcome = workspace.okr("validate", "--fix", "--unsafe-fixes")
    assert (outcome.status, outcome.err) == (0, "Fixed 3 findings in 1 file.\n")
    assert "at_least: 5, at_most: 99.9" in workspace.read(PLAN)
    assert workspace.okr("validate", "--fix").err == "Nothing to fix.\n"


def test_diff_writes_nothing(workspace: Shell) -> None:
    workspace.write({PLAN: SWAPPED})
    outcome = workspace.okr("validate", "--diff")
    assert outcome.status == 1
    assert [line for line in outcome.out.splitlines() if line[:1] in {"+", "-"}] == [
        f"--- a/{PLAN}", f"+++ b/{PLAN}",
        "-    suports: 2026/company/laed", "+    supports: 2026/company/lead",
    ]  # fmt: skip
    assert outcome.err == "`okr validate --fix` would fix 2 findings in 1 file; 1 more with --unsafe-fixes.\n"
    assert workspace.read(PLAN) == SWAPPED


def test_diff_with_nothing_safe_to_do(workspace: Shell) -> None:
    workspace.write({PLAN: RIGHT.replace("at_least: 99.9", "at_least: 99.9, at_most: 5")})
    outcome = workspace.okr("validate", "--diff")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "Nothing to fix; 1 with --unsafe-fixes.\n")
    assert workspace.okr("validate", "--diff", "--unsafe-fixes").status == 1


def test_only_the_paths_that_were_named(workspace: Shell) -> None:
    workspace.write({PLAN: MISSPELT, "okr.yaml": "nane: Acme\n"})
    assert workspace.okr("validate", "--fix", "okr.yaml").err == "Fixed 1 finding in 1 file.\n"
    assert workspace.read("okr.yaml") == "name: Acme\n"
    assert workspace.read(PLAN) == MISSPELT


def test_adds_the_file_that_gives_logs_their_merge(workspace: Shell) -> None:
    (workspace.folder / ".gitattributes").unlink()
    assert workspace.okr("validate", "--diff").out.startswith("--- /dev/null\n+++ b/.gitattributes\n")
    assert workspace.okr("validate", "--fix").err == "Fixed 1 finding in 1 file.\n"
    assert workspace.read(".gitattributes") == "checkins/** merge=union\n"


def test_unsafe_fixes_alone_say_nothing(workspace: Shell) -> None:
    outcome = workspace.okr("validate", "--unsafe-fixes")
    assert (outcome.status, outcome.out) == (2, "")
    assert "--fix" in outcome.err


def test_a_read_only_file_is_named_and_stays(workspace: Shell) -> None:
    workspace.write({PLAN: MISSPELT})
    (workspace.folder / PLAN).chmod(0o444)
    outcome = workspace.okr("validate", "--fix")
    assert outcome.status == 1
    assert "is read-only; nothing was written" in outcome.err
    assert workspace.read(PLAN) == MISSPELT


def test_a_terminal_gets_colours_unless_they_are_refused(workspace: Shell) -> None:
    workspace.write({PLAN: MISSPELT})
    coloured = _on_a_terminal(workspace, "validate", "--diff")
    assert "\x1b[31m-    suports: 2026/company/laed\x1b[0m" in coloured
    assert "\x1b[32m+    supports: 2026/company/lead\x1b[0m" in coloured
    assert "\x1b" not in _on_a_terminal(workspace, "--no-color", "validate", "--diff")


def _on_a_terminal(shell: Shell, *arguments: str) -> str:
    """What a command prints where its standard output is a terminal."""
    reading, writing = os.openpty()
    try:
        subprocess.run(
            [sys.executable, "-m", "okr", *arguments], cwd=shell.folder, env=shell.environment(TERM="xterm"),
            stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.DEVNULL, check=False, timeout=60,
        )  # fmt: skip
        return os.read(reading, 1 << 16).decode()
    finally:
        os.close(writing)
        os.close(reading)
