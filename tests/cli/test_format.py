"""`okr format`: files, standard input, --check, --diff and --json, as a user runs them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.conftest import SMALL_WORKSPACE

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

PLAN = "okrs/2026-Q4/marketing.yaml"
UNTIDY = "# x\nobjectives:\n- title: A\u202e\n  id: a\n"
TIDY = "# x\nobjectives:\n  - id: a\n    title: A\u202e\n"


def _tidy(workspace: Shell) -> None:
    assert workspace.okr("format").status == 0


def test_writes_and_says_which_files(workspace: Shell) -> None:
    _tidy(workspace)
    workspace.write({PLAN: UNTIDY})
    (workspace.folder / PLAN).chmod(0o640)
    outcome = workspace.okr("format")
    assert (outcome.status, outcome.out, outcome.err) == (0, f"{PLAN}\nFormatted 1 of 5 files.\n", "")
    assert workspace.read(PLAN) == TIDY
    assert (workspace.folder / PLAN).stat().st_mode & 0o777 == 0o640
    assert workspace.okr("format").out == "5 files, nothing to format.\n"


def test_check_writes_nothing_and_fails(workspace: Shell) -> None:
    _tidy(workspace)
    workspace.write({PLAN: UNTIDY})
    outcome = workspace.okr("format", "--check", "okrs")
    assert outcome.status == 1
    assert outcome.out == f"{PLAN}\n1 of 2 files would change; `okr format` does it.\n"
    assert workspace.read(PLAN) == UNTIDY
    assert workspace.okr("format", "--check", "org.yaml").status == 0


def test_diff_shows_it_with_nothing_that_a_terminal_could_take_for_a_command(workspace: Shell) -> None:
    _tidy(workspace)
    workspace.write({PLAN: UNTIDY})
    outcome = workspace.okr("format", "--diff")
    assert outcome.status == 1
    assert outcome.out.splitlines() == [
        f"--- a/{PLAN}", f"+++ b/{PLAN}", "@@ -1,4 +1,4 @@", " # x", " objectives:",
        "-- title: A\\u202e", "-  id: a", "+  - id: a", "+    title: A\\u202e",
    ]  # fmt: skip
    assert outcome.err == "1 of 5 files would change; `okr format` does it.\n"
    assert workspace.read(PLAN) == UNTIDY


def test_git_applies_the_diff(repository: Shell) -> None:
    repository.write({PLAN: "objectives:\n- title: A\tB\n  id: a"})
    patch = repository.okr("format", "--diff", PLAN).out
    assert "\\ No newline at end of file\n" in patch
    repository.write({"it.patch": patch})
    repository.git("apply", "it.patch")
    assert repository.read(PLAN) == "objectives:\n  - id: a\n    title: A\tB\n"


def test_json_names_what_was_laid_out_and_what_was_refused(workspace: Shell) -> None:
    _tidy(workspace)
    workspace.write({PLAN: UNTIDY, "kpis.yaml": "kpis: [\n"})
    outcome = workspace.okr("format", "--json")
    assert outcome.status == 1
    assert json.loads(outcome.out) == {
        "schema": 1, "files": 6, "written": True, "changed": [PLAN],
        "refused": [{"path": "kpis.yaml", "line": 1, "reason": "a value is missing here"}],
    }  # fmt: skip


def test_a_file_that_can_not_be_read_stays_and_the_others_are_formatted(workspace: Shell) -> None:
    _tidy(workspace)
    workspace.write({PLAN: UNTIDY, "kpis.yaml": "kpis: [\n"})
    outcome = workspace.okr("format")
    assert outcome.status == 1
    assert outcome.out == f"{PLAN}\nFormatted 1 of 6 files.\n"
    assert outcome.err.startswith("error: kpis.yaml:1 can't be formatted: a value is missing here\n")
    assert workspace.okr("format").out == "5 files formatted already.\n"


def test_standard_input(workspace: Shell) -> None:
    outcome = workspace.okr("format", "-", stdin=UNTIDY)
    assert (outcome.status, outcome.out) == (0, TIDY)
    settings = "year_starts: 2\nname: A\n"
    assert workspace.okr("format", "-", "--stdin-filename", "okr.yaml", stdin=settings).out == (
        "name: A\nyear_starts: 2\n"
    )
    below = workspace.okr("-C", "okrs", "format", "-", "--stdin-filename", "2027/x.yaml", stdin=UNTIDY)
    assert below.out == TIDY
    assert workspace.okr("format", "-", "--check", stdin=UNTIDY).status == 1
    assert workspace.okr("format", "-", "--check", stdin=TIDY).status == 0
    assert "+  - id: a\n" in workspace.okr("format", "-", "--diff", stdin=UNTIDY).out


def test_standard_input_that_can_not_be_read(workspace: Shell) -> None:
    outcome = workspace.okr("format", "-", stdin="objectives: [\n")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith("error: standard input:1 can't be formatted: a value is missing here.\n")


def test_wrong_command_lines(workspace: Shell) -> None:
    assert workspace.okr("format", "-", "okrs", stdin="").status == 2
    assert workspace.okr("format", "--stdin-filename", "okr.yaml").status == 2


def test_links_out_of_the_workspace_are_not_written(workspace: Shell) -> None:
    outside = workspace.folder.parent / "outside.yaml"
    outside.write_text(UNTIDY)
    (workspace.folder / PLAN).unlink()
    (workspace.folder / PLAN).symlink_to(outside)
    outcome = workspace.okr("format", PLAN)
    assert outcome.status == 1
    assert f"error: {PLAN}:1 can't be formatted: this can't be read" in outcome.err
    assert outside.read_text() == UNTIDY


def test_formatting_changes_no_finding(workspace: Shell) -> None:
    before = workspace.okr("validate", "--format", "json")
    _tidy(workspace)
    after = workspace.okr("validate", "--format", "json")
    assert (before.status, json.loads(before.out)) == (after.status, json.loads(after.out))
    assert workspace.read("org.yaml") == SMALL_WORKSPACE["org.yaml"]
