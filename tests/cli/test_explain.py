from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from okr.rules.catalogue import catalogue

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

PLAN = "okrs/2026-Q4/marketing.yaml"


def test_a_rule_is_explained_with_its_examples(shell: Shell) -> None:
    outcome = shell.okr("explain", "OKR203")
    assert (outcome.status, outcome.err) == (0, "")
    assert (
        outcome.out
        == """\
OKR203 too-few-key-results
An objective has at least so many key results; too few is only a warning while
the cycle is being planned.

  severity: error
  why: An objective is measured by its key results: a single one is easily
       reached at the cost of everything else, and many are not followed.
  fix: Add a key result that would show whether the objective is reached.
  silence: In okr.yaml: `rules: {OKR203: off}`, or `overrides` for some of the
           files. At one place: a comment, `# okr: ignore[OKR203] why`, at the
           end of the line or above it.

Found:
  okr.yaml
    limits:
      objectives: {min: 1, max: 3}
      key_results: {min: 2, max: 5}
  okrs/2026-Q4/marketing.yaml
    objectives:
      - id: brand
        title: Be the brand people think of first
        key_results:
          - {id: visits, title: Visits a month, unit: visits, from: 42000, to: 100000}

Fine:
  okr.yaml
    limits:
      objectives: {min: 1, max: 3}
      key_results: {min: 2, max: 5}
  okrs/2026-Q4/marketing.yaml
    objectives:
      - id: brand
        title: Be the brand people think of first
        key_results:
          - {id: visits, title: Visits a month, unit: visits, from: 42000, to: 100000}
          - {id: mentions, title: Mentions in the press, unit: mentions, from: 40, to: 60}
"""
    )


def test_several_rules_in_any_case_each_once(shell: Shell) -> None:
    outcome = shell.okr("explain", "okr105", "Too-Few-Key-Results", "OKR203", "OKR10x")
    heads = [line for line in outcome.out.splitlines() if line.startswith("OKR")]
    assert [head[:6] for head in heads] == ["OKR105", "OKR203", *(f"OKR10{n}" for n in "12346789")]
    assert "severity: error\n" in outcome.out
    assert "It can't be silenced: without the file there is no answer." in outcome.out
    assert "\t" not in outcome.out
    assert "    →   key_results:" in outcome.out
    assert "marketing.yaml is a symbolic link to ../../../elsewhere/marketing.yaml" in outcome.out


def test_the_workspaces_own_severity_is_shown(workspace: Shell) -> None:
    workspace.write({"okr.yaml": "rules: {OKR4: info, OKR401: off}\n"})
    assert "  severity: off in this workspace, error by default\n" in workspace.okr("explain", "OKR401").out
    assert "  severity: info in this workspace, error by default\n" in workspace.okr("explain", "OKR402").out
    assert "  severity: info\n" in workspace.okr("explain", "OKR415").out


def test_a_workspace_that_cannot_be_read_explains_all_the_same(workspace: Shell) -> None:
    workspace.write({"okr.yaml": "rules: [\n"})
    outcome = workspace.okr("explain", "OKR401")
    assert outcome.status == 0
    assert "  severity: error\n" in outcome.out


@pytest.mark.parametrize(
    ("rule", "remedy"),
    [("too-few-keyresults", "Did you mean too-few-key-results"), ("xyz", "`okr rules` lists all")],
)
def test_an_unknown_rule_gets_the_nearest(shell: Shell, rule: str, remedy: str) -> None:
    outcome = shell.okr("explain", rule)
    assert (outcome.status, outcome.out) == (2, "")
    assert f"There is no rule “{rule}”" in outcome.err
    assert remedy in outcome.err


def test_a_rule_as_json(shell: Shell) -> None:
    answer = json.loads(shell.okr("explain", "OKR101", "--json").out)
    (rule,) = answer["rules"]
    examples = rule.pop("examples")
    assert answer["schema"] == 1
    assert rule == {
        "rule": "OKR101",
        "name": "unreadable-file",
        "severity": "error",
        "severity_here": None,
        "fixed": True,
        "history": False,
        "what": "Every file is an ordinary file inside the workspace that can be read.",
        "why": "A file that can't be read is an error of the whole answer: skipped, its goals would vanish unseen.",
        "remedy": "Make it an ordinary file inside the workspace that you may read.",
    }
    assert examples["bad"] == {
        "files": {},
        "links": {PLAN: "../../../elsewhere/marketing.yaml"},
        "before": {},
    }
    assert list(examples["good"]["files"]) == [PLAN]


def test_the_rules_are_listed(shell: Shell) -> None:
    outcome = shell.okr("rules")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith(
        "OKR1xx  Files, and comments that silence rules\n"
        "OKR101  unreadable-file  error\n"
        "         Every file is an ordinary file inside the workspace that can be read.\n"
    )
    assert outcome.out.endswith(
        f"{len(catalogue())} rules; `okr explain CODE` shows one with its examples.\n"
    )
    assert [line[:6] for line in outcome.out.splitlines() if line[:3] == "OKR" and "xx" not in line] == [
        each.code for each in catalogue()
    ]
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_the_rules_are_listed_as_the_workspace_has_them(workspace: Shell) -> None:
    workspace.write({"okr.yaml": "rules: {OKR4: warning}\n"})
    assert "OKR401  number-in-objective  warning here, error by default\n" in workspace.okr("rules").out
    listed = json.loads(workspace.okr("rules", "--json").out)
    assert (listed["schema"], len(listed["rules"])) == (1, len(catalogue()))
    entry = next(each for each in listed["rules"] if each["rule"] == "OKR401")
    assert (entry["severity"], entry["severity_here"], entry["fixed"]) == ("error", "warning", False)
    assert "examples" not in entry


# validate: some rules only, comments, a baseline


def with_numbers(workspace: Shell) -> None:
    text = workspace.read(PLAN).replace("Make our brand the one people think of first", "Win 20 fans")
    workspace.write({PLAN: text.replace("title: Answer everyone while", "title: Answer 12 people while")})


def test_only_some_rules_are_reported(workspace: Shell) -> None:
    with_numbers(workspace)
    assert workspace.okr("validate").status == 1
    assert workspace.okr("validate", "--select", "OKR2").out == "5 files, nothing to report.\n"
    assert workspace.okr("validate", "--ignore", "number-in-objective").status == 0
    assert workspace.okr("validate", "--select", "okr4").out.endswith("2 errors in 1 of 5 files.\n")
    outcome = workspace.okr("validate", "--select", "OKR999")
    assert (outcome.status, outcome.out) == (2, "")
    assert "--select: there is no rule “OKR999”" in outcome.err


def test_a_file_that_cannot_be_read_is_reported_whatever_is_selected(workspace: Shell) -> None:
    workspace.write({"org.yaml": "teams: [\n"})
    outcome = workspace.okr("validate", "--select", "OKR415")
    assert outcome.status == 1
    assert "error[OKR104 yaml-syntax]" in outcome.out


def test_what_comments_silence_is_counted_and_never_fails(workspace: Shell) -> None:
    text = workspace.read(PLAN).replace(
        "Make our brand the one people think of first",
        "Win 20 fans  # okr: ignore[OKR401] the board asked for it",
    )
    workspace.write({PLAN: text})
    outcome = workspace.okr("validate", "--strict")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == "1 finding is silenced by comments in the files.\n5 files, nothing to report.\n"
    answer = json.loads(workspace.okr("validate", "--format", "json").out)
    assert answer["summary"] == {"errors": 0, "warnings": 0, "infos": 0}


def test_old_findings_are_left_out_by_a_baseline(workspace: Shell) -> None:
    with_numbers(workspace)
    outcome = workspace.okr("validate", "--write-baseline", "known.json")
    assert (outcome.status, outcome.out) == (0, "5 files, nothing to report.\n")
    assert outcome.err == (
        "2 findings written to known.json; `okr validate --baseline known.json` leaves them out.\n"
        "2 findings left out, as in known.json.\n"
    )
    outcome = workspace.okr("validate", "--baseline", "known.json")
    assert (outcome.status, outcome.out) == (0, "5 files, nothing to report.\n")

    text = workspace.read(PLAN)
    workspace.write({PLAN: "# moved\n" + text.replace("Win 20 fans", "Win 30 fans")})
    outcome = workspace.okr("validate", "--baseline", "known.json")
    assert outcome.status == 1
    assert outcome.out.endswith("1 error in 1 of 5 files.\n")
    assert outcome.err == (
        "1 finding left out, as in known.json.\n"
        "1 finding of known.json is found no more: `okr validate --write-baseline known.json` writes it anew.\n"
    )
    assert workspace.okr("validate", "--baseline", "known.json", "okrs/2026").err == ""


def test_a_baseline_that_is_not_there(workspace: Shell) -> None:
    outcome = workspace.okr("validate", "--baseline", "nowhere.json")
    assert (outcome.status, outcome.out) == (1, "")
    assert "There is no baseline nowhere.json" in outcome.err
    assert "`okr validate --write-baseline FILE` writes one" in outcome.err


def test_a_baseline_lies_where_the_command_runs(workspace: Shell) -> None:
    with_numbers(workspace)
    assert workspace.okr("-C", "okrs", "validate", "--write-baseline", "known.json").status == 0
    assert json.loads(workspace.read("okrs/known.json"))["schema"] == 1
