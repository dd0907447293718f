"""The files that let other systems run okr: held to their schemas, to a linter, and run as those systems run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from okr.errors import OkrError
from okr.operations.starting.ci_files import (
    CiSystem,
    add_ci_files,
    ci_text,
    own_requirement,
    requirement_from,
)
from okr.operations.starting.pages_files import PATHS as PAGES_PATHS
from tests.cli.conftest import Outcome, Shell, shell
from tests.views.runner import commands

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["shell"]  # a fixture

CHECKOUT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
ACTION = CHECKOUT / "action.yml"
HOOKS = CHECKOUT / ".pre-commit-hooks.yaml"
TEMPLATE = CHECKOUT / "ci/gitlab/okr.yml"
REQUIREMENT = "okr==0.1.0"
PATHS: dict[CiSystem, str] = {"github": ".github/workflows/okr.yml", "gitlab": ".gitlab-ci.yml"}

# Nothing in it has to do with a day: the scripts below check it as of the day on which the tests run.
WORKSPACE = {
    "okr.yaml": "name: Acme\n",
    ".gitattributes": "checkins/** merge=union\n",
    "org.yaml": """\
teams:
  - {id: company, name: Acme}
  - {id: marketing, name: Marketing, parent: company}
""",
}
BROKEN = {"okr.yaml": "name: Acme\ncolour: blue\n"}
WARNING = {
    "goals/org.yaml": WORKSPACE["org.yaml"].replace("parent: company", "parent: nobody"),
    "goals/okr.yaml": "name: Acme\nrules: {OKR603: warning}\n",
}


def read_yaml(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


@pytest.fixture
def repository(shell: Shell) -> Shell:
    """A workspace in the folder `goals` of a repository."""
    shell.write({f"goals/{path}": text for path, text in WORKSPACE.items()})
    shell.git("init", "--quiet")
    return shell


def schema_errors(schema: str, path: Path) -> str:
    """What check-jsonschema says against a file, by one of the schemas that it carries; nothing is fetched."""
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", schema, path],
        capture_output=True, text=True, check=False, env={"PATH": "", "HOME": str(path.parent)},
    )  # fmt: skip
    return "" if done.returncode == 0 else done.stdout + done.stderr


def linted(*paths: Path) -> list[str]:
    """What zizmor, a linter for what GitHub runs, has against some files; offline."""
    config = paths[0].parent / "zizmor.yml"
    # A tag moves, but those of GitHub's own actions only by GitHub, and a pinned one grows old unseen.
    config.write_text(
        'rules:\n  unpinned-uses:\n    config:\n      policies:\n        "actions/*": ref-pin\n'
    )
    done = subprocess.run(
        [BIN / "zizmor", "--offline", "--pedantic", "--no-progress", "--format", "json", "--config", config, *paths],
        capture_output=True, text=True, check=False, env={"PATH": "", "HOME": str(paths[0].parent)},
    )  # fmt: skip
    return [f"{each['ident']}: {each['desc']}" for each in json.loads(done.stdout)]


# The files of this repository.


def test_the_action_is_as_github_wants_it(tmp_path: Path) -> None:
    assert schema_errors("vendor.github-actions", ACTION) == ""
    copy = tmp_path / "action.yml"
    copy.write_text(ACTION.read_text(encoding="utf-8"), encoding="utf-8")
    assert linted(copy) == []


def test_the_linter_is_one_that_says_no(tmp_path: Path) -> None:
    text = ACTION.read_text(encoding="utf-8")
    bad = tmp_path / "action.yml"
    bad.write_text(text.replace("run: |", "run: |\n        echo ${{ github.head_ref }}", 1), encoding="utf-8")
    assert any(each.startswith("template-injection") for each in linted(bad))
    bad.write_text(text.replace("shell: bash", "shel: bash", 1), encoding="utf-8")
    assert "shell" in schema_errors("vendor.github-actions", bad)


def test_no_script_of_the_action_holds_an_expression() -> None:
    scripts = [
        step["run"]
        for step in read_yaml(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]
        if "run" in step
    ]
    assert len(scripts) == 4
    assert [script for script in scripts if "${{" in script] == []


def test_the_template_for_gitlab_is_the_job_that_init_writes() -> None:
    assert schema_errors("vendor.gitlab-ci", TEMPLATE) == ""
    assert TEMPLATE.read_text(encoding="utf-8") == ci_text("gitlab", ".", f"okr=={metadata.version('okr')}")


def test_the_hooks_are_as_pre_commit_wants_them(tmp_path: Path) -> None:
    done = subprocess.run(
        [BIN / "pre-commit", "validate-manifest", HOOKS],
        capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("path", "hooks"),
    [
        ("okr.yaml", ["okr-validate", "okr-format"]),
        ("goals/org.yaml", ["okr-validate", "okr-format"]),
        ("a/b/kpis.yaml", ["okr-validate", "okr-format"]),
        ("okrs/2026-Q4/marketing.yaml", ["okr-validate", "okr-format"]),
        ("goals/checkins/2026-Q4/marketing.yaml", ["okr-validate", "okr-format"]),
        ("goals/okrs/2026-Q4/notes.txt", ["okr-validate"]),
        (".gitattributes", ["okr-validate"]),
        ("README.md", []),
        ("myokr.yaml", []),
        ("okr.yaml.bak", []),
        ("src/notokrs/a.yaml", []),
    ],
)
def test_a_hook_runs_for_the_files_of_a_workspace(path: str, hooks: list[str]) -> None:
    every = read_yaml(HOOKS.read_text(encoding="utf-8"))
    assert [hook["id"] for hook in every if re.search(hook["files"], path)] == hooks


# What `okr init --ci` makes.


@pytest.mark.parametrize("folder", [".", "goals", "nos objectifs/été 2026", "it's"])
@pytest.mark.parametrize(
    "requirement", [REQUIREMENT, "okr @ git+https://git.example.org/team/okr.git@0a1b2c3"]
)
def test_a_workflow_for_github(tmp_path: Path, folder: str, requirement: str) -> None:
    path = tmp_path / PATHS["github"]
    path.parent.mkdir(parents=True)
    path.write_text(ci_text("github", folder, requirement), encoding="utf-8")
    assert schema_errors("vendor.github-workflows", path) == ""
    assert linted(path) == []
    workflow = read_yaml(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    job = workflow["jobs"]["validate"]
    assert job["env"] == {"OKR_REQUIREMENT": requirement, "OKR_WORKSPACE": folder, "OKR_CHANGED_SINCE": ""}
    assert [step["run"] for step in job["steps"] if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("folder", [".", "goals", "nos objectifs/été 2026", "it's"])
def test_a_job_for_gitlab(tmp_path: Path, folder: str) -> None:
    path = tmp_path / PATHS["gitlab"]
    path.write_text(ci_text("gitlab", folder, REQUIREMENT), encoding="utf-8")
    assert schema_errors("vendor.gitlab-ci", path) == ""
    job = read_yaml(path.read_text(encoding="utf-8"))["okr"]
    assert job["variables"] == {
        "OKR_REQUIREMENT": REQUIREMENT,
        "OKR_WORKSPACE": folder,
        "OKR_CHANGED_SINCE": "",
    }
    assert job["artifacts"]["reports"] == {
        "codequality": "gl-code-quality-report.json",
        "junit": "okr-junit.xml",
    }


@pytest.mark.parametrize(
    ("system", "schema"), [("github", "vendor.github-workflows"), ("gitlab", "vendor.gitlab-ci")]
)
def test_what_publishes_the_report(repository: Shell, system: CiSystem, schema: str) -> None:
    outcome = repository.okr("init", "goals", "--ci", system, "--pages")
    path = PAGES_PATHS[system]
    assert (outcome.status, outcome.err) == (0, "")
    assert f"Made {path}, which publishes the report as a site; add it to your commit.\n" in outcome.out
    assert ("Add to .gitlab-ci.yml:  include: [{local: /.gitlab/okr-pages.yml}]" in outcome.out) is (
        system == "gitlab"
    )
    written = repository.folder / path
    assert schema_errors(schema, written) == ""
    made = read_yaml(written.read_text(encoding="utf-8"))
    if system == "github":
        assert linted(written) == []
        assert made["permissions"] == {}
        assert made["jobs"]["build"]["permissions"] == {"contents": "read"}
        variables = made["jobs"]["build"]["env"]
        (script,) = (
            step["run"] for step in made["jobs"]["build"]["steps"] if "report" in step.get("run", "")
        )
    else:
        variables, script = made["pages"]["variables"], made["pages"]["script"][-1]
        assert made["pages"]["artifacts"]["paths"] == ["public"]
    assert variables["OKR_REQUIREMENT"] == own_requirement().replace("okr", "okr[report]", 1)
    out = repository.folder.parent / "out"
    given = {"OKR_WORKSPACE": "goals", "RUNNER_TEMP": str(out), "CI_PROJECT_DIR": str(out)}
    done = run_script(repository, script, PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}", **given)
    assert done.returncode == 0, done.stderr
    assert (out / ("site" if system == "github" else "public") / "index.html").exists()
    kept = repository.okr("init", "goals", "--ci", system, "--pages")
    assert f"Kept {path} as it was" in kept.out


@pytest.mark.parametrize("folder", ["${{ github.token }}", "$HOME", 'a"b', "a\nb", "a`b", "a;b", "a\x1bb"])
def test_a_folder_that_a_ci_system_would_read_otherwise_is_refused(folder: str) -> None:
    with pytest.raises(OkrError, match="a name that CI files can't hold"):
        ci_text("github", folder, REQUIREMENT)


@pytest.mark.parametrize("system", PATHS)
def test_init_makes_a_workspace_and_its_check(shell: Shell, system: CiSystem) -> None:
    outcome = shell.okr("init", "--ci", system)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith("Started the workspace work in ")
    assert (
        f"\nMade {PATHS[system]} for CI; add it to your commit.\n"
        f"  CI installs {own_requirement()}: change that where your okr comes from elsewhere.\n"
    ) in outcome.out
    assert f" {PATHS[system].split('/')[0]} && git commit" in outcome.out
    assert shell.read(PATHS[system]) == ci_text(system, ".", own_requirement())
    assert shell.okr("validate", "--strict").status == 0


@pytest.mark.parametrize("system", PATHS)
def test_in_a_workspace_that_is_there_only_the_check_is_added(repository: Shell, system: CiSystem) -> None:
    outcome = repository.okr("-C", "goals", "init", "--ci", system)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith(f"Made {PATHS[system]} for CI")
    assert repository.read(PATHS[system]) == ci_text(system, "goals", own_requirement())
    made = repository.git("status", "--porcelain", "--untracked-files=all").split()
    assert PATHS[system] in made
    assert [path for path in made if "goals/.git" in path] == ["goals/.gitattributes"]


def test_nothing_is_overwritten(repository: Shell) -> None:
    repository.write({".github/workflows/okr.yml": "mine\n", ".gitlab-ci.yml": "mine: {script: [true]}\n"})
    kept = repository.okr("init", "goals", "--ci", "github")
    assert (kept.status, repository.read(".github/workflows/okr.yml")) == (0, "mine\n")
    assert kept.out == "Kept .github/workflows/okr.yml as it was; docs/ci.md of okr says what it needs.\n"
    beside = repository.okr("init", "goals", "--ci", "gitlab")
    assert beside.out.splitlines()[0] == "Made .gitlab/okr.yml for CI; add it to your commit."
    assert beside.out.splitlines()[2] == (
        "  .gitlab-ci.yml was there already; add to it:  include: [{local: /.gitlab/okr.yml}]"
    )
    assert repository.read(".gitlab-ci.yml") == "mine: {script: [true]}\n"
    assert repository.read(".gitlab/okr.yml") == ci_text("gitlab", "goals", own_requirement())
    assert repository.okr("init", "goals", "--ci", "gitlab").out.startswith("Kept .gitlab/okr.yml as it was")


def test_without_a_repository_the_workspace_holds_the_file(tmp_path: Path) -> None:
    made = add_ci_files(tmp_path, "gitlab")
    assert (made.top, made.path, made.made, made.include) == (tmp_path, ".gitlab-ci.yml", True, None)


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "work").mkdir()
    (tmp_path / "work/.github").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OkrError, match="it leads out of"):
        add_ci_files(tmp_path / "work", "github")
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--ci", "jenkins"], "error: --ci: okr does not know “jenkins”\n  Write github, gitlab or none.\n"),
        (["goals", "--ci", "github", "--name", "X"], "are for a new one.\n  Give --ci alone.\n"),
        (["goals", "--ci", "github", "--team", "X"], "are for a new one.\n  Give --ci alone.\n"),
        (["goals", "--ci", "github", "--empty"], "are for a new one.\n  Give --ci alone.\n"),
    ],
)
def test_what_init_can_not_mean(repository: Shell, arguments: list[str], said: str) -> None:
    outcome = repository.okr("init", *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.endswith(said)
    assert not (repository.folder / ".github").exists()


@pytest.mark.parametrize(
    ("recorded", "requirement"),
    [
        pytest.param(None, REQUIREMENT, id="from an index"),
        pytest.param({"url": "file:///home/me/okr", "dir_info": {"editable": True}}, REQUIREMENT, id="from a folder"),
        pytest.param(
            {"url": "https://git.example.org/a/okr.git", "vcs_info": {"vcs": "git", "commit_id": "0a1b2c"}},
            "okr @ git+https://git.example.org/a/okr.git@0a1b2c",
            id="from a repository",
        ),
        pytest.param(
            {"url": "https://me:secret@git.example.org/okr", "vcs_info": {"vcs": "git", "commit_id": "0a1b2c"}},
            REQUIREMENT,
            id="with a password, which nobody may commit",
        ),
        pytest.param(
            {"url": "ssh://git@git.example.org/okr", "vcs_info": {"vcs": "git", "commit_id": "0a1b2c"}},
            REQUIREMENT,
            id="by ssh, whose key CI does not have",
        ),
    ],
)  # fmt: skip
def test_ci_installs_what_made_the_file(recorded: dict[str, Any] | None, requirement: str) -> None:
    assert requirement_from(json.dumps(recorded) if recorded else None) == requirement


# The scripts, run as the systems run them.


def run_script(shell: Shell, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """One step, in the way GitHub and GitLab run bash."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=shell.folder, env=shell.environment(**variables), capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def runner(repository: Shell, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables that GitHub's runner gives a step, and okr where the action installs it."""
    temporary = tmp_path / "temp"
    (temporary / "okr/bin").mkdir(parents=True)
    for name in ("okr", "python"):
        (temporary / "okr/bin" / name).symlink_to(BIN / name)
    for name in ("summary", "output"):
        (temporary / name).touch()
    yield {
        "RUNNER_TEMP": str(temporary),
        "GITHUB_STEP_SUMMARY": str(temporary / "summary"),
        "GITHUB_OUTPUT": str(temporary / "output"),
        "GITHUB_ACTIONS": "true",
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
    assert not (repository.folder / "forged").exists()


def action_step(name: str) -> str:
    steps = read_yaml(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]
    (script,) = [step["run"] for step in steps if step["name"] == name]
    assert isinstance(script, str)
    return script


@pytest.mark.parametrize(("strict", "status"), [("false", 0), ("true", 1), ("$(touch forged)", 0)])
def test_the_action_checks_and_fails_as_asked(
    repository: Shell, runner: dict[str, str], strict: str, status: int
) -> None:
    repository.write(WARNING)
    script = action_step("Check the goals")
    done = run_script(repository, script, OKR_WORKSPACE="goals", OKR_STRICT=strict, **runner)
    assert (done.returncode, done.stderr) == (status, "")
    assert [each.name for each in commands(done.stdout)] == ["group", "endgroup", "warning"]
    outputs = dict(line.split("=", 1) for line in Path(runner["GITHUB_OUTPUT"]).read_text().splitlines())
    assert json.loads(Path(outputs["sarif"]).read_text())["version"] == "2.1.0"
    summary = run_script(repository, action_step("Show the findings on the run's page"), **runner)
    assert summary.returncode == 0
    assert Path(runner["GITHUB_STEP_SUMMARY"]).read_text() == Path(outputs["markdown"]).read_text()


def test_the_action_says_what_is_wrong_with_its_inputs(repository: Shell, runner: dict[str, str]) -> None:
    script = action_step("Check the goals")
    done = run_script(repository, script, OKR_WORKSPACE="--help", OKR_STRICT="false", **runner)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: There is no file or folder --help.\n"
    assert (
        run_script(repository, action_step("Show the findings on the run's page"), **runner).returncode == 0
    )
    assert Path(runner["GITHUB_STEP_SUMMARY"]).read_text() == ""


GH = """\
import json, os, sys
from pathlib import Path
import jq
store = Path(os.environ["HOME"], "comments.json")
comments = json.loads(store.read_text())
arguments = [each for each in sys.argv[1:] if each not in {"--paginate", "--silent"}]
assert arguments.pop(0) == "api" and os.environ["GH_TOKEN"] == "token"
given = {}
for option in ("--method", "--jq", "--field"):
    if option in arguments:
        place = arguments.index(option)
        given[option] = arguments.pop(place + 1)
        del arguments[place]
(endpoint,) = arguments
if "--jq" in given:
    assert endpoint == "repos/acme/goals/issues/7/comments"
    for found in jq.compile(given["--jq"]).input_value(comments).all():
        print(found)
else:
    key, _, path = given["--field"].partition("=@")
    assert key == "body"
    text = Path(path).read_text()
    if given["--method"] == "PATCH":
        base, _, number = endpoint.rpartition("/")
        assert base == "repos/acme/goals/issues/comments"
        next(each for each in comments if each["id"] == int(number))["body"] = text
    else:
        assert (given["--method"], endpoint) == ("POST", "repos/acme/goals/issues/7/comments")
        comments.append({"id": len(comments) + 1, "user": {"type": "Bot"}, "body": text})
    store.write_text(json.dumps(comments))
"""
"""What `gh api` does for comments, with a file for GitHub's memory."""


@pytest.fixture
def comments(repository: Shell, runner: dict[str, str], tmp_path: Path) -> Path:
    """The comments of a pull request, a person's that looks like ours among them; and a `gh` that knows them."""
    (tmp_path / "gh.py").write_text(GH)
    program = tmp_path / "programs/gh"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path}/gh.py" "$@"\n')
    program.chmod(0o755)
    runner["PATH"] = f"{program.parent}{os.pathsep}{runner['PATH']}"
    memory = repository.home / "comments.json"
    forged = {"id": 1, "user": {"type": "User"}, "body": "<!-- okr validate: goals -->\nforged"}
    other = {"id": 2, "user": {"type": "Bot"}, "body": "<!-- okr validate -->\nanother workspace"}
    memory.write_text(json.dumps([forged, other]))
    return memory


def test_the_action_keeps_one_comment_up_to_date(
    repository: Shell, runner: dict[str, str], comments: Path
) -> None:
    variables = runner | {
        "GH_TOKEN": "token", "OKR_REPOSITORY": "acme/goals", "OKR_PULL_REQUEST": "7", "OKR_FROM_FORK": "false",
    }  # fmt: skip
    headings = []
    for files in (WARNING, {"goals/org.yaml": WORKSPACE["org.yaml"]}):
        repository.write(files)
        run_script(
            repository, action_step("Check the goals"), OKR_WORKSPACE="goals", OKR_STRICT="false", **runner
        )
        done = run_script(repository, action_step("Comment on the pull request"), **variables)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        forged, other, ours = (each["body"] for each in json.loads(comments.read_text()))
        assert (forged, other) == (
            "<!-- okr validate: goals -->\nforged",
            "<!-- okr validate -->\nanother workspace",
        )
        headings.append(ours.splitlines()[:2])
    assert headings == [
        ["<!-- okr validate: goals -->", "### okr validate: 1 warning in 1 of 2 files"],
        ["<!-- okr validate: goals -->", "### okr validate: 2 files, nothing to report"],
    ]


@pytest.mark.parametrize("reason", ["from a fork", "nothing was checked"])
def test_the_action_says_why_it_does_not_comment(
    repository: Shell, runner: dict[str, str], comments: Path, reason: str
) -> None:
    before = comments.read_text()
    if reason == "from a fork":
        (Path(runner["RUNNER_TEMP"]) / "okr.md").write_text("findings\n")
    script = action_step("Comment on the pull request")
    done = run_script(repository, script, OKR_FROM_FORK="true", **runner)
    assert (done.returncode, done.stderr, comments.read_text()) == (0, "", before)
    said = (
        "from a fork, which may not comment" if reason == "from a fork" else "could not check the workspace"
    )
    assert said in done.stdout


def test_the_workflow_for_github_checks_the_workspace(repository: Shell, runner: dict[str, str]) -> None:
    repository.write({"goals/okr.yaml": BROKEN["okr.yaml"]})
    job = read_yaml(ci_text("github", "goals", REQUIREMENT))["jobs"]["validate"]
    check, show = (step["run"] for step in job["steps"][-2:])
    done = run_script(repository, check, **runner, **job["env"])
    assert done.returncode == 1
    assert [each.properties.get("file") for each in commands(done.stdout)] == [None, None, "goals/okr.yaml"]
    assert run_script(repository, show, **runner).returncode == 0
    assert Path(runner["GITHUB_STEP_SUMMARY"]).read_text().startswith("<!-- okr validate: goals -->\n")


def test_the_job_for_gitlab_checks_the_workspace(repository: Shell) -> None:
    repository.write({"goals/okr.yaml": BROKEN["okr.yaml"]})
    job = read_yaml(ci_text("gitlab", "goals", REQUIREMENT))["okr"]
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    done = run_script(repository, job["script"][-1], CI="true", PATH=path, **job["variables"])
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "goals/okr.yaml:2:1: OKR112 error this mapping has no key “colour”\n"
    reports = job["artifacts"]["reports"]
    (entry,) = json.loads(repository.read(reports["codequality"]))
    assert entry["location"] == {"path": "goals/okr.yaml", "lines": {"begin": 2, "end": 2}}
    assert '<testsuite name="goals/okr.yaml" tests="1" failures="1"' in repository.read(reports["junit"])


def test_all_of_them_report_only_what_has_changed_where_asked(
    repository: Shell, runner: dict[str, str]
) -> None:
    repository.write(WARNING)
    repository.git("add", "--all")
    repository.git(
        "-c", "user.name=A", "-c", "user.email=a@acme.example", "commit", "--quiet", "--message", "Goals"
    )
    github = read_yaml(ci_text("github", "goals", REQUIREMENT))["jobs"]["validate"]
    gitlab = read_yaml(ci_text("gitlab", "goals", REQUIREMENT))["okr"]
    scripts = [action_step("Check the goals"), github["steps"][-2]["run"], gitlab["script"][-1]]
    for given, warnings in (("", 1), ("HEAD...", 0), ("$(touch forged)", None)):
        for script in scripts:
            variables = {"OKR_WORKSPACE": "goals", "OKR_CHANGED_SINCE": given}
            done = run_script(repository, script, **runner, **variables)
            assert ("OKR603" in done.stdout) == bool(warnings), script
            assert done.returncode == (2 if warnings is None else 0)


# The hooks, run by pre-commit itself.


@pytest.mark.slow  # pre-commit builds an environment and installs okr into it
def test_pre_commit_runs_the_hooks(repository: Shell, tmp_path: Path) -> None:
    hooks = tmp_path / "okr"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", CHECKOUT, hooks], check=True)
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=hooks, capture_output=True, text=True, check=True
    ).stdout.strip()
    asked = f"""\
repos:
  - repo: {hooks}
    rev: {commit}
    hooks:
      - id: okr-format
      - id: okr-validate
        args: [goals]
"""
    repository.write({".pre-commit-config.yaml": asked, "README.md": "Goals\n"})
    index = {
        name: text for name, text in os.environ.items() if name.startswith(("PIP_", "SSL_", "REQUESTS_"))
    }

    def hooked() -> Outcome:
        repository.git("add", "--all")
        return repository.run(
            str(BIN / "pre-commit"), "run", "--color=never", PRE_COMMIT_HOME=str(tmp_path / "cache"),
            PYTHONWARNINGS="default", **index,
        )  # fmt: skip

    fine = hooked()
    assert fine.status == 0, fine.out + fine.err
    assert re.findall(r"^(okr \w+)\.+(\w+)$", fine.out, re.MULTILINE) == [
        ("okr format", "Passed"),
        ("okr validate", "Passed"),
    ]
    repository.write({"goals/okr.yaml": "name:     Acme\n"})
    untidy = hooked()
    assert (untidy.status, repository.read("goals/okr.yaml")) == (1, "name: Acme\n")
    assert "files were modified by this hook" in untidy.out
    repository.write({"goals/okr.yaml": BROKEN["okr.yaml"]})
    broken = hooked()
    assert broken.status == 1
    assert "--> goals/okr.yaml:2:1" in broken.out
    repository.write({"goals/okr.yaml": WORKSPACE["okr.yaml"]})
    repository.git("rm", "-r", "-f", "--cached", "--quiet", "goals")
    repository.write({".gitignore": "goals\n"})
    other = hooked()
    assert (other.status, other.out.count("(no files to check)Skipped")) == (0, 2)
