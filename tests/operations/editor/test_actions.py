"""What is offered beside a finding: fixes, safe ones first, and a comment that silences the rule and nothing else."""

from __future__ import annotations

import pytest

from okr.documents import Document
from okr.edits import apply
from okr.operations.editor.actions import Action, Nature, action_for_all, actions_for
from okr.rules.engine import diagnose, examine
from okr.sources import Overlay
from okr.workspace import Workspace
from tests.cli.conftest import SMALL_WORKSPACE
from tests.conftest import TODAY, OpenWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"


def offered(workspace: Workspace, code: str) -> list[Action]:
    found = [each for each in diagnose(workspace) if code in {each.code, each.name}]
    assert found
    return list(actions_for(workspace, found))


def after(workspace: Workspace, action: Action) -> tuple[Workspace, dict[str, str]]:
    """The workspace once an action was taken, and the texts of the files that it changed."""
    texts = {}
    for path in {path for path, _ in action.edits}:
        before = (workspace.files.read(path) or b"").decode()
        texts[path] = apply(
            Document(path, before, None), [edit for name, edit in action.edits if name == path]
        )
    files = Overlay(workspace.files, {path: text.encode() for path, text in texts.items()})
    return Workspace(files, as_of=TODAY, title="acme"), texts


def test_a_safe_fix_comes_first_and_mends_the_finding(open_workspace: OpenWorkspace) -> None:
    plan = SMALL_WORKSPACE[PLAN].replace("2026/company/lead", "2026/company/laed", 1)
    workspace = open_workspace(SMALL_WORKSPACE | {PLAN: plan})
    fix, silence = offered(workspace, "OKR302")
    assert (fix.title, fix.nature) == ("Write 2026/company/lead", Nature.SAFE)
    assert silence.title == "Silence OKR302 here with a comment that says why"
    mended, texts = after(workspace, fix)
    assert texts == {PLAN: SMALL_WORKSPACE[PLAN]}
    assert "OKR302" not in {each.code for each in diagnose(mended)}


def test_an_unsafe_fix_says_so(open_workspace: OpenWorkspace) -> None:
    plan = SMALL_WORKSPACE[PLAN].replace("live: 1.0", "live: 0.9")
    workspace = open_workspace(SMALL_WORKSPACE | {PLAN: plan})
    first = offered(workspace, "milestones-ladder")[0]
    assert first.nature is Nature.UNSAFE
    assert first.title == "Let the last milestone score 1.0 (changes what the file says)"
    assert after(workspace, first)[1] == {PLAN: SMALL_WORKSPACE[PLAN]}


SILENCED = {
    "behind a line": (
        "OKR302",
        "    supports: 2026/company/none\n",
        "    supports: 2026/company/none  # okr: ignore[OKR302] \n",
    ),
    "above a line with a comment": (
        "OKR302",
        "    supports: 2026/company/none # as agreed\n",
        "    # okr: ignore[OKR302] \n    supports: 2026/company/none # as agreed\n",
    ),
    "beside a rule that is silenced": (
        "OKR302",
        "    supports: 2026/company/none  # okr: ignore[OKR305] so be it\n",
        "    supports: 2026/company/none  # okr: ignore[OKR305, OKR302] so be it\n",
    ),
    "on a line of many": (
        "OKR302",
        "    supports: [2026/company/lead,\n      2026/company/none]\n",
        "    supports: [2026/company/lead,\n      2026/company/none]  # okr: ignore[OKR302] \n",
    ),
}


@pytest.mark.parametrize(("code", "line", "silenced"), SILENCED.values(), ids=SILENCED)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_comment_silences_that_one_finding(
    open_workspace: OpenWorkspace, code: str, line: str, silenced: str, newline: str
) -> None:
    plan = SMALL_WORKSPACE[PLAN].replace("    supports: 2026/company/lead\n", line, 1).replace("\n", newline)
    workspace = open_workspace(SMALL_WORKSPACE | {PLAN: plan})
    action = offered(workspace, code)[-1]
    assert action.nature is Nature.SILENCING
    quiet, texts = after(workspace, action)
    assert texts[PLAN] == plan.replace(line.replace("\n", newline), silenced.replace("\n", newline))
    found = examine(quiet)
    assert code not in {each.code for each in found.diagnostics}
    assert code in {each.code for each in found.suppressed}


def test_what_is_about_a_whole_file_is_silenced_at_its_top(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(SMALL_WORKSPACE | {"okrs/2026-Q4/zoe.yaml": SMALL_WORKSPACE[PLAN]})
    quiet, texts = after(workspace, offered(workspace, "OKR601")[-1])
    assert texts["okrs/2026-Q4/zoe.yaml"] == f"# okr: ignore-file[OKR601] \n{SMALL_WORKSPACE[PLAN]}"
    assert "OKR601" not in {each.code for each in diagnose(quiet)}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({LOG: SMALL_WORKSPACE[LOG] + "- {date: 2026-11-20, kr: brand/none, value: 1}\n"}, "OKR501"),
        ({PLAN: SMALL_WORKSPACE[PLAN].replace("weight: 2", "wieght: 2")}, "OKR112"),
        ({PLAN: SMALL_WORKSPACE[PLAN].replace("weight: 2", "weight: 2  # okr: ignore[OKR302] no")}, "OKR119"),
        ({PLAN: "objectives: [\n"}, "OKR104"),
    ],
    ids=["a log only grows", "an unknown key", "a comment that is of no use", "no YAML"],
)
def test_what_no_comment_silences_gets_none(
    open_workspace: OpenWorkspace, files: dict[str, str], code: str
) -> None:
    found = offered(open_workspace(SMALL_WORKSPACE | files), code)
    assert Nature.SILENCING not in {each.nature for each in found}


def test_all_of_a_file_at_once_is_what_fix_would_do(open_workspace: OpenWorkspace) -> None:
    plan = SMALL_WORKSPACE[PLAN].replace("company/lead", "company/laed").replace("weight: 2", "wieght: 2")
    log = SMALL_WORKSPACE[LOG].replace("brand/launch", "brand/lanch")
    workspace = open_workspace(SMALL_WORKSPACE | {PLAN: plan, LOG: log})
    action = action_for_all(workspace, PLAN)
    assert action is not None
    assert after(workspace, action)[1] == {PLAN: SMALL_WORKSPACE[PLAN]}
    assert action_for_all(open_workspace(SMALL_WORKSPACE), PLAN) is None
