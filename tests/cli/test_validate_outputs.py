from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.views.runner import commands

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

FORMATS = ["text", "concise", "json", "jsonl", "github", "gitlab", "sarif", "junit", "markdown"]


@pytest.fixture
def broken(workspace: Shell) -> Shell:
    """A workspace with one mistake, in a folder of a repository."""
    workspace.write({"okr.yaml": "name: Acme\ncolour: blue\n"})
    return workspace


def in_subfolder(shell: Shell) -> Shell:
    """The same workspace moved into a folder of a repository."""
    (shell.folder / "goals").mkdir()
    for path in list(shell.folder.iterdir()):
        if path.name != "goals":
            shutil.move(path, shell.folder / "goals" / path.name)
    shell.git("init", "--quiet")
    return shell


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", FORMATS)
def test_a_file_holds_what_stdout_would(broken: Shell, name: str) -> None:
    printed = broken.okr("validate", "--format", name)
    written = broken.okr("validate", "--format", "concise", "--output", f"{name}=found")
    assert (printed.status, printed.err) == (written.status, written.err) == (1, "")
    assert broken.read("found") == printed.out
    assert written.out == "okr.yaml:2:1: OKR112 error this mapping has no key “colour”\n"


def test_several_at_once_in_new_folders(broken: Shell) -> None:
    outcome = broken.okr(
        *("validate", "--format", "github", "--output", "sarif=out/okr.sarif"),
        *("--output", "junit=out/x/okr.xml", "--output", f"json={broken.home}/found=all.json"),
    )
    assert outcome.status == 1
    assert [each.name for each in commands(outcome.out)] == ["group", "endgroup", "error"]
    assert json.loads(broken.read("out/okr.sarif"))["runs"][0]["results"][0]["ruleId"] == "OKR112"
    assert 'type="OKR112 unknown-key"' in broken.read("out/x/okr.xml")
    assert json.loads((broken.home / "found=all.json").read_text())["summary"]["errors"] == 1


def test_an_old_file_is_replaced_and_keeps_its_mode(broken: Shell) -> None:
    broken.write({"found": "old\n" * 1000})
    (broken.folder / "found").chmod(0o640)
    assert broken.okr("validate", "--output", "concise=found").status == 1
    assert broken.read("found").startswith("okr.yaml:2:1: ")
    assert (broken.folder / "found").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in broken.folder.iterdir() if path.name.startswith(".okr-tmp")] == []


def test_paths_start_where_the_command_runs(broken: Shell) -> None:
    (broken.folder / "docs" / "sub").mkdir(parents=True)
    assert broken.okr("-C", "docs", "validate", "--output", "concise=sub/found").status == 1
    assert broken.read("docs/sub/found").endswith("OKR112 error this mapping has no key “colour”\n")


def test_nothing_found_is_written_too(workspace: Shell) -> None:
    outcome = workspace.okr("validate", "--output", "jsonl=found", "--output", "gitlab=found.json")
    assert (outcome.status, workspace.read("found"), workspace.read("found.json")) == (0, "", "[]\n")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            "okr.sarif",
            "--output: “okr.sarif” does not say both format and file.\n  Write it as sarif=okr.sarif",
        ),
        ("xml=a", "--output: there is no format “xml”.\n  Write one of text, concise, json, jsonl, github, "),
        ("json=-", "--output: json has no file to go to.\n  `--format json` writes to stdout."),
        ("json=", "--output: json has no file to go to.\n  `--format json` writes to stdout."),
        ("json=okr.yaml", "--output: okr.yaml is a file of the workspace.\n  Name another file"),
        ("json=okrs/../org.yaml", "--output: okrs/../org.yaml is a file of the workspace.\n"),
    ],
)
def test_what_is_no_output_is_refused(workspace: Shell, given: str, said: str) -> None:
    before = {path: path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file()}
    outcome = workspace.okr("validate", "--output", "concise=fine", "--output", given)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith(f"error: {said}")
    assert {path: path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file()} == before


def test_two_formats_need_two_files(workspace: Shell) -> None:
    outcome = workspace.okr("validate", "--output", "json=found", "--output", "sarif=./found")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "error: --output: ./found is named twice.\n  Give each format a file of its own.\n"


def test_a_file_that_can_not_be_written_is_an_error_with_a_remedy(workspace: Shell) -> None:
    workspace.write({"locked": "old\n"})
    (workspace.folder / "locked").chmod(0o444)
    outcome = workspace.okr("validate", "--output", "json=locked")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith(
        "error: locked is read-only; nothing was written.\n  Allow writing: chmod u+w "
    )
    assert workspace.read("locked") == "old\n"


@pytest.mark.parametrize("kind", ["folder", "pipe", "link out"])
def test_what_is_no_plain_file_is_not_written(workspace: Shell, kind: str) -> None:
    target = workspace.folder / "found"
    if kind == "folder":
        target.mkdir()
    elif kind == "pipe":
        os.mkfifo(target)
    else:
        (workspace.home / "profile").write_text("precious\n")
        target.symlink_to(workspace.home / "profile")
    outcome = workspace.okr("validate", "--output", "json=found")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith("error: found ")
    assert kind != "link out" or (workspace.home / "profile").read_text() == "precious\n"


def test_ci_formats_name_files_as_the_repository_does(broken: Shell) -> None:
    shell = in_subfolder(broken)
    outputs = [f"--output={name}=found.{name}" for name in ("gitlab", "sarif", "junit", "markdown", "jsonl")]
    outcome = shell.okr("-C", "goals/okrs", "validate", "--format", "github", *outputs)
    (*_, error) = commands(outcome.out)
    assert error.properties["file"] == "goals/okr.yaml"
    read = {
        name: shell.read(f"goals/okrs/found.{name}")
        for name in ("gitlab", "sarif", "junit", "markdown", "jsonl")
    }
    assert json.loads(read["gitlab"])[0]["location"]["path"] == "goals/okr.yaml"
    (location,) = json.loads(read["sarif"])["runs"][0]["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "goals/okr.yaml"
    assert 'classname="goals/okr.yaml"' in read["junit"]
    assert "<code>goals&#47;okr.yaml&#58;2&#58;1</code>" in read["markdown"]
    assert json.loads(read["jsonl"])["path"] == "okr.yaml"
    assert shell.okr("validate", "goals", "--format", "concise").out.startswith("goals/okr.yaml:2:1: ")


@pytest.mark.parametrize("name", ["text", "concise"])
@pytest.mark.parametrize("system", ["CI", "GITHUB_ACTIONS"])
def test_in_ci_no_title_becomes_a_command(workspace: Shell, name: str, system: str) -> None:
    key = "##[group]x ##vso[a]y word ::add-mask::forged"
    workspace.write({"okr.yaml": f"name: Acme\n{json.dumps(key)}: 1\n"})
    outcome = workspace.okr("validate", "--format", name, **{system: "true"})
    assert outcome.status == 1
    assert commands(outcome.out) == []
    assert "##" not in outcome.out
    assert "add-mask::forged" in outcome.out
    if name == "text":  # here the command would stand at the beginning of a line
        assert "\n: :add-mask::forged" in outcome.out


def test_outside_of_ci_text_stays_as_it_is(workspace: Shell) -> None:
    workspace.write({"okr.yaml": 'name: Acme\n"##[a]": 1\n'})
    assert "“##[a]”" in workspace.okr("validate").out
    assert "“##[a]”" in workspace.okr("validate", "--format", "concise").out


def test_only_the_files_asked_about_are_cases(workspace: Shell) -> None:
    outcome = workspace.okr("validate", "--format", "junit", "okrs/2026", "org.yaml")
    names = [line.split('"')[1] for line in outcome.out.splitlines() if "<testsuite " in line]
    assert names == ["okrs/2026/company.yaml", "org.yaml"]
