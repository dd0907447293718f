from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from okr.attributes import Layer, merge_driver, read_merge_lines
from okr.rules.engine import diagnose
from okr.sources import Folder
from okr.workspace import Workspace
from tests.conftest import TODAY
from tests.rules.cases import only, record

if TYPE_CHECKING:
    from pathlib import Path

    from okr.diagnostics import Diagnostic
    from tests.conftest import OpenWorkspace

PLAN = """\
objectives:
  - id: brand
    title: Be thought of first
    key_results:
      - {id: visits, title: Visits, from: 42000, to: 100000, formerly: [traffic]}
      - {id: launch, title: Launch, milestones: {signed: 0.3, beta: 0.7, live: 1.0}}
"""
ORG = """\
teams:
  - {id: marketing, name: Marketing, formerly: [growth]}
people:
  - {id: alice, name: Alice, email: alice@acme.example}
"""
KPIS = "kpis:\n  - {id: site-visits, name: Visits, formerly: [visits]}\n"
LOG = "checkins/2026-Q4/marketing.yaml"
KPI_LOG = "checkins/kpis.yaml"
BASIS = {"okrs/2026-Q4/marketing.yaml": PLAN, "kpis.yaml": KPIS}


def about(found: list[Diagnostic]) -> list[tuple[str, str, int, int]]:
    """What my rules and the reading of files found, by code, path, line and column."""
    return [
        (each.code, each.finding.path, each.finding.place.line, each.finding.place.column)
        for each in found
        if each.code[:4] in {"OKR1", "OKR5"}
    ]


def found_in(open_workspace: OpenWorkspace, files: dict[str, str]) -> list[Diagnostic]:
    before = {KPI_LOG: "- {date: 2026-09-30, kpi: site-visits, value: 5}\n"}
    found = diagnose(open_workspace(BASIS | before | files))
    return [each for each in found if each.code[:4] in {"OKR1", "OKR5"}]


ONE_LINE_SHAPES = {
    "block style": ("- date: 2026-10-05\n  kr: brand/visits\n  value: 1\n", (1, 3, 3), "not in braces"),
    "two lines": ("# log\n- {date: 2026-10-05,\n   kr: brand/visits, value: 1}\n", (2, 3, 3), "goes over 2 lines"),
    "below its dash": ("-\n  {date: 2026-10-05, kr: brand/visits, value: 1}\n", (2, 3, 2), "line of its `-`"),
    "in brackets": ("[{date: 2026-10-05, kr: brand/visits, value: 1},\n {date: 2026-10-06, kr: brand/visits, value: 1}]\n", (1, 1, 2), "list in brackets"),
    "a list without dash of its own": ("- {date: 2026-10-05, kr: brand/visits, value: 1, note: 'a\n\n    b'}\n", (1, 3, 3), "goes over 3 lines"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "lines", "message"), ONE_LINE_SHAPES.values(), ids=ONE_LINE_SHAPES.keys())
def test_records_that_a_merge_could_mix(
    open_workspace: OpenWorkspace, text: str, lines: tuple[int, int, int], message: str
) -> None:
    found = found_in(open_workspace, {LOG: text})
    assert only(found)[:4] == ("OKR507", LOG, lines[0], lines[1])
    assert found[0].finding.place.end_line == lines[2]
    assert message in found[0].finding.message


def test_a_log_that_is_no_list_or_holds_texts_is_left_to_reading(open_workspace: OpenWorkspace) -> None:
    assert [each.code for each in found_in(open_workspace, {LOG: "a: b\n"})] == ["OKR114"]
    assert [each.code for each in found_in(open_workspace, {LOG: "- text\n"})] == ["OKR114"]


RETRACTIONS = {
    "no such day": ("2026-10-04", "its nearest check-ins are of 2026-10-05, 2026-10-12T09:31:07+02:00"),
    "a day for a time": ("2026-10-12", 'write it as it stands there: "2026-10-12T09:31:07+02:00"'),
    "the same instant elsewhere": ('"2026-10-12T07:31:08+00:00"', 'write it as it stands there'),
}  # fmt: skip


@pytest.mark.parametrize(("date", "hint"), RETRACTIONS.values(), ids=RETRACTIONS.keys())
def test_a_retraction_of_nothing(open_workspace: OpenWorkspace, date: str, hint: str) -> None:
    log = f"""\
    - {{date: 2026-10-05, kr: brand/visits, value: 1}}
    - {{date: "2026-10-12T09:31:07+02:00", kr: brand/traffic, value: 1}}
    - {{date: 2026-10-13, kr: brand/visits, retracts: {date}}}
    """
    found = only(found_in(open_workspace, {LOG: log}))
    assert found[:4] == ("OKR509", LOG, 3, 50)
    assert found[4].startswith("brand/visits has no check-in of 2026-10-")
    assert hint in found[5]


def test_a_retraction_where_nothing_was_checked_in(open_workspace: OpenWorkspace) -> None:
    found = only(found_in(open_workspace, record("kr: brand/visits, retracts: 2026-10-04")))
    assert (found[0], found[5][:27]) == ("OKR509", "it has no check-ins at all:")


def test_a_retraction_reaches_the_log_under_the_former_name(open_workspace: OpenWorkspace) -> None:
    files = {
        "org.yaml": ORG,
        "checkins/2026-Q4/growth.yaml": "- {date: 2026-10-04, kr: brand/visits, value: 1}\n",
    }
    assert found_in(open_workspace, files | record("kr: brand/traffic, retracts: 2026-10-04")) == []


def test_a_retraction_in_a_log_that_is_not_read_whole(open_workspace: OpenWorkspace) -> None:
    log = "- {date: 2026-10-05, kr: brand/visits, retracts: 2026-10-04, kr: brand/visits}\n"
    assert [each.code for each in found_in(open_workspace, {LOG: log})] == ["OKR107"]


def test_a_retraction_of_an_unknown_key_result_is_one_finding(open_workspace: OpenWorkspace) -> None:
    found = found_in(open_workspace, record("kr: brand/clicks, retracts: 2026-10-04"))
    assert [each.code for each in found] == ["OKR501"]


def test_two_check_ins_of_one_date_ask_for_the_time(open_workspace: OpenWorkspace) -> None:
    log = """\
    - {date: 2026-10-05, kr: brand/visits, value: 1}
    - {date: 2026-10-05, kr: brand/launch, value: beta}
    - {date: 2026-10-05, kr: brand/traffic, value: 2}
    - {date: 2026-10-05T09:00:00+00:00, kr: brand/visits, value: 3}
    """
    found = found_in(open_workspace, {LOG: log})
    assert only(found)[:5] == (
        "OKR510",
        LOG,
        3,
        10,
        "brand/visits has another check-in of 2026-10-05, on line 1",
    )
    assert found[0].severity.value == "warning"


def test_the_same_line_twice_is_said_to_do_no_harm(open_workspace: OpenWorkspace) -> None:
    line = "- {date: 2026-10-05, kr: brand/visits, value: 1}\n"
    both = found_in(open_workspace, {LOG: line * 2})
    found = only(both)
    assert found[:4] == ("OKR510", LOG, 2, 3)
    assert "stands twice, here and on line 1" in found[4]
    assert "nothing is lost" in found[5]
    assert both[0].severity.value == "info"


def test_the_same_date_in_a_log_under_the_former_name(open_workspace: OpenWorkspace) -> None:
    line = "- {date: 2026-10-05, kr: brand/visits, value: 1}\n"
    files = {"org.yaml": ORG, "checkins/2026-Q4/growth.yaml": line, LOG: line.replace("1}", "2}")}
    found = only(found_in(open_workspace, files))
    assert found[1] == LOG
    assert found[4].endswith("on line 1 of checkins/2026-Q4/growth.yaml")


def test_what_was_taken_back_is_not_ambiguous(open_workspace: OpenWorkspace) -> None:
    line = "- {date: 2026-10-05, kr: brand/visits, value: 1}\n"
    retraction = "- {date: 2026-10-06, kr: brand/visits, retracts: 2026-10-05}\n"
    assert found_in(open_workspace, {LOG: line * 2 + retraction}) == []


def test_two_measurements_of_one_date(open_workspace: OpenWorkspace) -> None:
    line = "- {date: 2026-09-30, kpi: site-visits, value: 1}\n"
    found = only(found_in(open_workspace, {KPI_LOG: line + line.replace("site-visits", "visits")}))
    assert found[:3] == ("OKR510", KPI_LOG, 2)


UNION = {
    "the usual line": "checkins/** merge=union",
    "from the root": "/checkins/** merge=union",
    "folder by folder": "checkins/*.yaml merge=union\ncheckins/*/*.yaml merge=union",
    "every YAML file": "# ours\n\n*.yaml text merge=union",
    "any depth": "**/checkins/**/*.yaml merge=union",
    "a later line wins": "*.yaml merge=binary\r\ncheckins/** merge=union\r\n",
    "a macro": "[attr]log merge=union\ncheckins/** log",
    "quoted": '"checkins/**" -text merge=union',
    "classes": "checkins/** merge=union\ncheckins/[^c-k0-9]* -merge",
    "another file": "checkins/** merge=union\nokrs/** -merge\nokr.yaml -merge\n!checkins/** -merge\ncheckins/ -merge",
    "an escape": r"\checkins/** merge=union",
}
NO_UNION = {
    "empty": ("", 1),
    "another attribute": ("checkins/** text", 1),
    "only the folder": ("checkins merge=union\ncheckins/ merge=union", 1),
    "only one depth": ("checkins/* merge=union", 1),
    "only below": ("checkins/*/* merge=union", 1),
    "only this year's": ("checkins/kpis.yaml merge=union\ncheckins/2025-*/** merge=union", 1),
    "taken away": ("checkins/** merge=union\n*.yaml -merge", 2),
    "made unspecified": ("checkins/** merge=union\n\n*.yaml !merge", 3),
    "binary": ("checkins/** merge=union\nkpis.yaml binary", 2),
    "another driver": ("checkins/** merge=ours", 1),
    "an escaped star": (r"checkins/\*\* merge=union", 1),
    "an exclusion": ("!checkins/** merge=union", 1),
}  # fmt: skip


@pytest.mark.unmeasured
@pytest.mark.parametrize("text", UNION.values(), ids=UNION.keys())
def test_attributes_that_give_the_union_merge(open_workspace: OpenWorkspace, text: str) -> None:
    assert found_in(open_workspace, {".gitattributes": text}) == []


@pytest.mark.unmeasured
@pytest.mark.parametrize(("text", "line"), NO_UNION.values(), ids=NO_UNION.keys())
def test_attributes_that_do_not(open_workspace: OpenWorkspace, text: str, line: int) -> None:
    found = only(found_in(open_workspace, {".gitattributes": text}))
    assert found[:4] == ("OKR511", ".gitattributes", line, 1)
    assert "add the line `checkins/** merge=union` to .gitattributes" in found[5]


def bare(tmp_path: Path, files: dict[str, str], root: str = ".") -> list[tuple[str, str, int, int]]:
    for path, text in ({f"{root}/okr.yaml": "name: Acme\n"} | files).items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return about(diagnose(Workspace(Folder(tmp_path / root), as_of=TODAY, title="acme")))


def test_a_plain_folder_without_logs_needs_no_attributes(tmp_path: Path) -> None:
    assert bare(tmp_path, {}) == []


def test_logs_need_attributes_in_a_plain_folder_too(tmp_path: Path) -> None:
    assert bare(tmp_path, {"checkins/kpis.yaml": ""}) == [("OKR511", ".gitattributes", 1, 1)]


def test_a_repository_needs_attributes_before_its_first_log(tmp_path: Path) -> None:
    assert bare(tmp_path, {".git/HEAD": ""}) == [("OKR511", ".gitattributes", 1, 1)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".gitattributes", "company/goals/checkins/** merge=union"),
        (".gitattributes", "checkins/** -merge\n**/checkins/** merge=union"),
        ("company/.gitattributes", "goals/checkins/** merge=union"),
        ("company/goals/checkins/.gitattributes", "* merge=union"),
    ],
    ids=["the repository's root", "any folder", "a folder between", "the logs' own folder"],
)
def test_a_workspace_in_a_folder_of_a_repository(tmp_path: Path, path: str, text: str) -> None:
    assert bare(tmp_path, {".git/HEAD": "", path: text}, "company/goals") == []


def test_the_workspace_of_a_repository_within_another_looks_no_further(tmp_path: Path) -> None:
    files = {".git/HEAD": "", "goals/.git": "gitdir: x", ".gitattributes": "*.yaml merge=union"}
    assert bare(tmp_path, files, "goals") == [("OKR511", ".gitattributes", 1, 1)]


def test_a_line_above_that_speaks_against_is_mended_in_the_workspace(tmp_path: Path) -> None:
    files = {".git/HEAD": "", ".gitattributes": "\n*.yaml -merge\n"}
    assert bare(tmp_path, files, "goals") == [("OKR511", ".gitattributes", 1, 1)]


def test_the_logs_folder_that_speaks_against_it(tmp_path: Path) -> None:
    files = {".gitattributes": "checkins/** merge=union\n", "checkins/2026-Q4/.gitattributes": "* -merge\n"}
    files["checkins/2026-Q4/marketing.yaml"] = ""
    assert bare(tmp_path, files) == [("OKR511", "checkins/2026-Q4/.gitattributes", 1, 1)]


def test_attributes_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").mkdir()
    assert bare(tmp_path, {"checkins/kpis.yaml": ""}) == [("OKR511", ".gitattributes", 1, 1)]


def test_attributes_above_that_cannot_be_read_say_nothing(tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").mkdir()
    files = {".git/HEAD": "", "goals/.gitattributes": "checkins/** merge=union\n"}
    assert bare(tmp_path, files, "goals") == []


@pytest.mark.unmeasured
def test_a_pattern_of_many_stars_takes_no_time() -> None:
    lines = read_merge_lines(f"{'**/' * 200}{'*a' * 200}b merge=union\n")
    assert merge_driver(f"checkins/{'a/' * 300}{'a' * 300}", [Layer(lines)]) is None


@pytest.mark.parametrize("text", [*UNION.values(), *(text for text, _ in NO_UNION.values())])
def test_attributes_are_read_as_git_reads_them(tmp_path: Path, text: str) -> None:
    (tmp_path / ".gitattributes").write_bytes(text.encode())
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    paths = ["checkins/kpis.yaml", "checkins/2026-Q4/marketing.yaml", "checkins/2025-Q4/a.yaml", "okr.yaml"]
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True, env=environment)
    command = ["git", "-C", str(tmp_path), "check-attr", "merge", "--", *paths]
    answer = subprocess.run(command, check=True, env=environment, capture_output=True, text=True).stdout
    layers = [Layer(read_merge_lines(text))]
    for path, line in zip(paths, answer.splitlines(), strict=True):
        decided = merge_driver(path, layers)
        driver = decided[1].driver if decided else None
        assert (driver or "none") == (line.split(": ")[2] if driver or line.endswith("union") else "none")


def test_what_is_said_where_there_is_no_attributes_file(tmp_path: Path) -> None:
    bare(tmp_path, {"checkins/2026-Q4/marketing.yaml": ""})
    found = [each.finding for each in diagnose(Workspace(Folder(tmp_path), as_of=TODAY, title="acme"))]
    assert [(each.message, each.hint) for each in found] == [
        (
            "there is no .gitattributes that gives checkins/** the union merge",
            "make it, with the line `checkins/** merge=union`",
        )
    ]


def test_a_log_that_is_there_is_named_before_one_to_come(tmp_path: Path) -> None:
    bare(tmp_path, {".gitattributes": "*.png binary\n", "checkins/2026-Q4/marketing.yaml": ""})
    found = [
        each.finding.message for each in diagnose(Workspace(Folder(tmp_path), as_of=TODAY, title="acme"))
    ]
    assert found == ["no line of .gitattributes gives checkins/2026-Q4/marketing.yaml the union merge"]
