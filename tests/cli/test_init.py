from __future__ import annotations

import json
import shlex
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from okr.operations.schemas import KINDS, schema_of
from okr.operations.starting.starting import Start, start_workspace
from okr.rules.engine import diagnose
from okr.sources import Folder
from okr.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from okr.quantities import Language
    from tests.cli.conftest import Outcome, Shell

MADE = [
    ".gitattributes",
    *(f".okr/schema/{kind}.json" for kind in sorted(KINDS)),
    "README.md",
    "kpis.yaml",
    "okr.yaml",
    "okrs/2026-Q4/cycle.yaml",
    "okrs/2026-Q4/marketing.yaml",
    "okrs/2026/company.yaml",
    "org.yaml",
]


def files(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(folder)) for path in found if ".git" not in path.parts)


def lines(outcome: Outcome) -> list[str]:
    assert outcome.status == 0, outcome.err
    return outcome.out.splitlines()


@pytest.mark.unmeasured
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "day", [date(2026, 1, 1), date(2026, 12, 31), date(2028, 2, 29), date(2026, 11, 23)], ids=str
)
@pytest.mark.parametrize("year_starts", [1, 2, 12])
def test_what_is_made_is_without_a_finding(
    tmp_path: Path, language: Language, day: date, year_starts: int
) -> None:
    start_workspace(Start(tmp_path / "w", day, None, None, language, year_starts, git=False))
    workspace = Workspace(Folder(tmp_path / "w"), as_of=day, title="w")
    assert diagnose(workspace) == []
    assert workspace.settings.language == language
    assert workspace.settings.year_starts == year_starts
    span = workspace.current_cycle
    assert span.contains(day)
    plans = workspace.plans(span.name)
    assert [len(each.key_results) for each in plans[0].objectives] == [3, 2]
    for objective in plans[0].objectives:
        (above,) = objective.definition.supports
        reference = workspace.parse(above, span.name)
        assert reference is not None
        assert workspace.find(reference) is not None


@pytest.mark.unmeasured
def test_a_workspace_and_a_repository_are_made(shell: Shell) -> None:
    told = lines(shell.okr("init", "goals", "--name", "Acme"))
    goals = shell.folder / "goals"
    assert told[0] == f"Started the workspace Acme in {goals}"
    schemas = ".okr/schema, by which editors check the files"
    assert sorted(line.removeprefix("  made ") for line in told if line.startswith("  made ")) == [
        ".gitattributes",
        schemas,
        *(path for path in MADE[1:] if not path.startswith(".okr/")),
    ]
    assert told[-5:] == [
        "Made a git repository for it; nothing is committed yet.",
        "Put your own goals into okrs/2026-Q4/marketing.yaml, then type:",
        "  cd goals && okr validate",
        "  git add org.yaml kpis.yaml okrs README.md .okr .gitattributes okr.yaml && git commit -m 'Start our OKRs'",
        "  okr checkin marketing/first-impression/visits 13500 --confidence 0.7",
    ]
    assert files(goals) == MADE
    assert shell.read("goals/.gitattributes") == "checkins/** merge=union\n"
    assert shell.read("goals/org.yaml").splitlines()[3:] == [
        "teams:",
        "  - {id: company, name: Acme}",
        "  - {id: marketing, name: Marketing, parent: company}",
        'people: []                           # okr new person alice --name "Alice Martin" --email alice@acme.example',
    ]
    assert shell.run("git", "-C", "goals", "rev-parse", "--verify", "--quiet", "HEAD").status == 1
    assert shell.git("-C", "goals", "check-attr", "merge", "checkins/2026-Q4/marketing.yaml") == (
        "checkins/2026-Q4/marketing.yaml: merge: union\n"
    )


def test_every_file_names_its_schema_which_an_editor_finds_without_a_network(shell: Shell) -> None:
    lines(shell.okr("init"))
    named = {}
    for path in (path for path in MADE if path.endswith(".yaml")):
        first = shell.read(path).splitlines()[0]
        start, _, way = first.partition("=")
        assert start == "# yaml-language-server: $schema"
        named[path] = json.loads((shell.folder / path).parent.joinpath(way).read_text(encoding="utf-8"))[
            "$id"
        ]
    assert named == {
        "kpis.yaml": "urn:okr:schema:kpis",
        "okr.yaml": "urn:okr:schema:settings",
        "okrs/2026-Q4/cycle.yaml": "urn:okr:schema:cycle",
        "okrs/2026-Q4/marketing.yaml": "urn:okr:schema:plan",
        "okrs/2026/company.yaml": "urn:okr:schema:plan",
        "org.yaml": "urn:okr:schema:org",
    }
    for kind in KINDS:
        assert json.loads(shell.read(f".okr/schema/{kind}.json")) == schema_of(kind)
    assert shell.okr("format", "--check").status == 0


def test_a_schema_that_is_there_is_kept(shell: Shell) -> None:
    shell.write({".okr/schema/plan.json": "{}"})
    told = lines(shell.okr("init"))
    assert "  kept as it was .okr/schema/plan.json" in told
    assert shell.read(".okr/schema/plan.json") == "{}"


@pytest.mark.parametrize("given", ["", "--ci github --paperwork --pages", "--ci gitlab"])
def test_the_three_commands_that_it_names_work(shell: Shell, given: str) -> None:
    shell.run("git", "config", "--global", "user.name", "Alice Martin")
    shell.run("git", "config", "--global", "user.email", "alice@acme.example")
    validate, record, checkin = (line.strip() for line in lines(shell.okr("init", *given.split()))[-3:])
    assert validate == "okr validate"
    assert shell.okr("validate", "--strict").status == 0
    assert shell.run("sh", "-c", record).status == 0
    done = shell.okr(*checkin.split()[1:])
    assert done.status == 0, done.err
    assert shell.git("log", "--format=%an %s").splitlines()[1:] == ["Alice Martin Start our OKRs"]
    assert shell.git("status", "--porcelain") == ""


def test_whoever_git_knows_is_the_first_person(shell: Shell) -> None:
    shell.run("git", "config", "--global", "user.name", "Zoé: O'Neil")
    shell.run("git", "config", "--global", "user.email", "zoe@acme.example")
    lines(shell.okr("init", "--team", "Zoe O Neil", "--language", "fr"))
    assert shell.read("org.yaml").splitlines()[3:] == [
        "teams:",
        "  - {id: entreprise, name: work}",
        "  - {id: zoe-o-neil, name: Zoe O Neil, parent: entreprise, lead: zoe-oneil}",
        "people:",
        '  - {id: zoe-oneil, name: "Zoé: O\'Neil", email: zoe@acme.example, team: zoe-o-neil}',
    ]
    assert shell.read("okrs/2026-Q4/zoe-o-neil.yaml").count("\n    owner: zoe-oneil\n") == 2
    assert shell.okr("validate", "--strict").status == 0


def test_in_a_folder_of_a_repository_that_one_is_used(shell: Shell) -> None:
    shell.git("init", "--quiet", "--initial-branch=main")
    (shell.folder / "docs").mkdir()
    told = lines(shell.okr("init", "docs/goals"))
    assert f"It is in the git repository {shell.folder}; nothing is committed yet." in told
    assert not (shell.folder / "docs/goals/.git").exists()
    assert told[-3] == "  cd docs/goals && okr validate"
    assert shell.okr("-C", "docs/goals", "validate", "--strict").status == 0


def test_what_others_put_beside_the_files_for_ci_is_left_to_them(shell: Shell) -> None:
    shell.git("init", "--quiet", "--initial-branch=main")
    shell.write({".github/dependabot.yml": "version: 2\n"})
    told = lines(shell.okr("init", "goals", "--ci", "github"))
    assert told[-2].startswith("  git add org.yaml kpis.yaml okrs README.md .okr ")
    assert " okr.yaml ../.github/workflows/okr.yml && git commit" in told[-2]


def test_git_can_be_left_out(shell: Shell) -> None:
    told = lines(shell.okr("init", "--no-git"))
    assert told[-5:] == [
        "It is in no git repository; `git init` makes one later.",
        "Put your own goals into okrs/2026-Q4/marketing.yaml, then type:",
        "  okr validate",
        "  okr status",
        "  okr checkin marketing/first-impression/visits 13500 --confidence 0.7 --no-commit",
    ]
    assert files(shell.folder) == MADE
    assert not (shell.folder / ".git").exists()


@pytest.mark.parametrize(("language", "team"), [("en", "marketing"), ("fr", "communication")])
def test_an_empty_one_has_no_examples_and_takes_goals_of_ones_own(
    shell: Shell, language: str, team: str
) -> None:
    told = lines(shell.okr("init", "--empty", "--language", language))
    assert files(shell.folder) == [
        path for path in MADE if path != "kpis.yaml" and not path.startswith("okrs/")
    ]
    assert told[-5] == "Next, type:"
    assert told[-2:] == [
        f"  okr new objective TITLE --owner {team}",
        "Goals that are kept in a spreadsheet are taken over by `okr import FILE`.",
    ]
    assert not [line for line in told if "left out" in line]
    assert "impression" not in shell.read("README.md")
    assert shell.okr("validate", "--strict").status == 0
    lines(shell.okr("new", "objective", "Be heard of", "--owner", team))
    assert (shell.folder / f"okrs/2026-Q4/{team}.yaml").exists()


def test_what_is_there_stays_and_is_named(shell: Shell) -> None:
    shell.write(
        {"README.md": "Ours.\r\n", "src/main.c": "int main;\n", ".gitattributes": "*.png binary\r\n*.c text"}
    )
    told = lines(shell.okr("init"))
    assert "  kept as it was README.md" in told
    assert "  added to .gitattributes" in told
    assert "  made README.md" not in told
    assert shell.read("README.md") == "Ours.\r\n"
    assert shell.read(".gitattributes") == "*.png binary\r\n*.c text\r\ncheckins/** merge=union\r\n"
    assert shell.okr("validate", "--strict").status == 0


@pytest.mark.unmeasured
@pytest.mark.parametrize("there", ["*.png binary\n", ""])
def test_attributes_without_the_union_merge_leave_no_example_out(shell: Shell, there: str) -> None:
    shell.git("init", "--quiet")
    shell.write({".gitattributes": there})
    told = lines(shell.okr("init"))
    assert files(shell.folder) == MADE
    assert not [line for line in told if "left out" in line]
    assert shell.read(".gitattributes") == f"{there}checkins/** merge=union\n"
    assert "`okr checkin marketing/first-impression/visits 13500 --confidence 0.7 -m" in shell.read(
        "README.md"
    )
    assert shell.okr("validate", "--strict").status == 0


def test_where_there_are_plans_the_examples_are_left_out(shell: Shell) -> None:
    shell.write({"okrs/2026/board.yaml": "objectives: []\n"})
    told = lines(shell.okr("init"))
    assert "What is left out would not fit your files: there are plans in okrs/ already." in told


def test_a_union_merge_that_is_set_up_already_is_left_alone(shell: Shell) -> None:
    shell.write({".gitattributes": "checkins/**   merge=union\n"})
    assert "  kept as it was .gitattributes" in lines(shell.okr("init"))
    assert shell.read(".gitattributes") == "checkins/**   merge=union\n"


def test_examples_that_would_not_fit_are_left_out(shell: Shell) -> None:
    shell.write({"org.yaml": "teams:\n  - {id: board, name: Board}\n"})
    told = lines(shell.okr("init"))
    unknown = "OKR601 org.yaml knows no team or person “marketing”."
    assert [line for line in told if "left out" in line] == [
        "  left out kpis.yaml",
        "  left out okrs/2026/company.yaml",
        "  left out okrs/2026-Q4/cycle.yaml",
        "  left out okrs/2026-Q4/marketing.yaml",
        f"What is left out would not fit your files: okrs/2026-Q4/marketing.yaml:1: {unknown}",
    ]
    assert "`okr checkin OWNER/OBJECTIVE/KEY-RESULT VALUE --confidence 0.7 -m" in shell.read("README.md")
    assert told[-4] == "Next, type:"
    assert told[-1] == "  okr new objective TITLE --owner OWNER"
    assert shell.okr("validate").status == 0


def test_a_workspace_is_never_started_twice(workspace: Shell) -> None:
    before = {path: workspace.read(path) for path in files(workspace.folder)}
    outcome = workspace.okr("init")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        f"error: {workspace.folder} is a workspace already: it has an okr.yaml.\n"
        "  `okr status` shows it, `okr new` adds to it; to start another, name another folder.\n"
    )
    inside = workspace.okr("init", "okrs/inner")
    assert inside.status == 1
    assert f"{workspace.folder}/okrs/inner lies in the workspace {workspace.folder}" in inside.err
    assert {path: workspace.read(path) for path in files(workspace.folder)} == before


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--year-starts", "13"], 2, "--year-starts: there is no month 13"),
        (["--language", "de"], 2, "--language: okr does not know “de”"),
        (["--team", "2026 Q4"], 2, "--team: “2026 Q4” reads like a cycle"),
        (["--name", "  "], 2, "--name is empty"),
        (["file"], 1, "file is not a folder"),
        (["file/inside"], 1, "file is not a folder"),
    ],
)
def test_what_can_not_be_asked_for_makes_nothing(
    shell: Shell, arguments: list[str], status: int, said: str
) -> None:
    shell.write({"file": "x"})
    outcome = shell.okr("init", *arguments)
    assert (outcome.status, outcome.out) == (status, "")
    assert said in outcome.err
    assert files(shell.folder) == ["file"]


def test_a_failure_half_way_leaves_nothing_behind(shell: Shell) -> None:
    shell.write({"okrs/2026": "a file in the way\n", ".gitattributes": "*.c text\n"})
    outcome = shell.okr("init", "--no-git")
    assert outcome.status == 1
    assert files(shell.folder) == [".gitattributes", "okrs/2026"]
    assert shell.read(".gitattributes") == "*.c text\n"


def test_a_failure_at_the_end_takes_the_line_back(shell: Shell) -> None:
    (shell.folder / "inner").mkdir()
    attributes = shell.folder / "inner/.gitattributes"
    attributes.symlink_to("../elsewhere")
    (shell.folder / "elsewhere").write_text("*.c text\n")
    outcome = shell.okr("init", "inner", "--no-git")
    assert outcome.status == 1
    assert ".gitattributes" in outcome.err
    assert files(shell.folder) == ["elsewhere", "inner/.gitattributes"]
    assert (shell.folder / "elsewhere").read_text() == "*.c text\n"


def test_a_full_disk_leaves_everything_as_it_was(shell: Shell) -> None:
    before = {
        ".gitattributes": "*.c text\n",
        "README.md": "Ours\n",
        "org.yaml": "",
        "kpis.yaml": "",
        "okrs/2025/x.yaml": "",
    }
    shell.write(before)
    limited = f"ulimit -f 1; exec {shlex.quote(sys.executable)} -B -m okr init --no-git"
    outcome = shell.run("sh", "-c", limited, PYTHONDONTWRITEBYTECODE="1")
    assert outcome.status == 1
    assert ".okr/schema/plan.json" in outcome.err
    assert not (shell.folder / ".okr").exists()
    assert {path: shell.read(path) for path in files(shell.folder)} == before


def test_a_bare_repository_has_no_place_for_files(shell: Shell) -> None:
    shell.git("init", "--quiet", "--bare", "bare.git")
    outcome = shell.okr("init", "bare.git/goals")
    assert outcome.status == 1
    assert "is in a bare repository" in outcome.err
    assert not (shell.folder / "bare.git/goals").exists()
