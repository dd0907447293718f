"""The paperwork of planning in pull requests: held to schemas and linters, and its scripts run as GitHub and GitLab do."""

from __future__ import annotations

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from okr.operations.planning.paperwork import comment_text
from okr.operations.planning.paperwork_texts import SAID
from okr.operations.starting.ci_files import CiSystem, own_requirement
from tests.cli.conftest import SMALL_WORKSPACE, Shell
from tests.test_ci_files import (
    BIN,
    comments,
    linted,
    read_yaml,
    repository,
    run_script,
    runner,
    schema_errors,
    shell,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["comments", "repository", "runner", "shell"]  # fixtures

MARK = "<!-- okr pull request: goals -->"
ORG = """\
teams:
  - {id: company, name: Acme, lead: zoe}
  - {id: marketing, name: Marketing, parent: company, lead: alice}
  - {id: design, name: Design, parent: company, lead: dan}
  - {id: shop, name: Shop, lead: dan}
people:
  - {id: alice, name: Alice, email: alice@acme.example, team: marketing}
  - {id: bob, name: Bob, email: ["bob@acme.example", 7+bob-b@users.noreply.github.com], team: marketing}
  - {id: dan, name: Dan, email: "dan smith@acme.example # x", team: design}
  - {id: zoe, name: Zoé, email: ["12-zoe.z@users.noreply.gitlab.com", zoe@acme.example], team: company}
"""
OWNERS = """\
# >>> okr goals: whose review a plan needs. Made from org.yaml; `okr init --ci github --paperwork` brings
# it up to date. Keep it at the end of the file.
/goals/okrs/*/company.yaml    zoe@acme.example
/goals/okrs/*/marketing.yaml  alice@acme.example
/goals/okrs/*/design.yaml     zoe@acme.example
/goals/okrs/*/alice.yaml      zoe@acme.example
/goals/okrs/*/bob.yaml        alice@acme.example
/goals/okrs/*/dan.yaml        zoe@acme.example
# /goals/okrs/*/shop.yaml: org.yaml has no address of a lead
/goals/checkins/
# <<< okr goals
"""


def paperwork(repository: Shell, system: CiSystem, *more: str) -> str:
    outcome = repository.okr("-C", "goals", "init", "--ci", system, "--paperwork", *more)
    assert (outcome.status, outcome.err) == (0, "")
    return outcome.out


@pytest.mark.parametrize("folder", ["", "nos objectifs/été 2026/a+b/it's"])
def test_the_comment_of_github(tmp_path: Path, folder: str) -> None:
    path = tmp_path / ".github/workflows/okr-plan.yml"
    path.parent.mkdir(parents=True)
    path.write_text(comment_text("github", folder, own_requirement()), encoding="utf-8")
    assert schema_errors("vendor.github-workflows", path) == ""
    assert linted(path) == []
    workflow = read_yaml(path.read_text(encoding="utf-8"))
    job = workflow["jobs"]["plan"]
    assert workflow["permissions"] == {}
    assert job["permissions"] == {"contents": "read", "pull-requests": "write"}
    # The token is given to the script that needs it, and to that one only if the branch is the repository's own.
    assert [step["name"] for step in job["steps"] if "GH_TOKEN" in step.get("env", {})] == [
        "Comment on the pull request"
    ]
    assert (
        job["steps"][-1]["if"] == "${{ github.event.pull_request.head.repo.full_name == github.repository }}"
    )
    assert [step["run"] for step in job["steps"] if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("folder", ["", "nos objectifs/été 2026"])
def test_the_comment_of_gitlab(tmp_path: Path, folder: str) -> None:
    path = tmp_path / "okr-plan.yml"
    path.write_text(comment_text("gitlab", folder, own_requirement()), encoding="utf-8")
    assert schema_errors("vendor.gitlab-ci", path) == ""
    job = read_yaml(path.read_text(encoding="utf-8"))["okr-plan"]
    assert job["variables"]["OKR_WORKSPACE"] == (folder or ".")
    assert job["rules"][0]["changes"][0] == f"{f'{folder}/' if folder else ''}okrs/**/*"


def test_the_paperwork_is_made_and_kept_up_to_date(repository: Shell) -> None:
    repository.write({"goals/org.yaml": ORG})
    said = paperwork(repository, "github").splitlines()
    assert said[2:] == [
        "Made .github/pull_request_template.md",
        "Made .github/CODEOWNERS",
        "Made .github/workflows/okr-plan.yml",
        "  Nobody is asked to review the plans of shop: org.yaml has no lead with an",
        "  e-mail address for them. Add one, then type this again.",
    ]
    assert repository.read(".github/CODEOWNERS") == OWNERS
    assert repository.read(".github/workflows/okr-plan.yml") == comment_text(
        "github", "goals", own_requirement()
    )
    assert "- [ ] `okr plan check` asks nothing" in repository.read(".github/pull_request_template.md")
    # Whatever people write stays; a reviewer with an address of GitHub's own is named by their handle.
    repository.write({
        ".github/CODEOWNERS": f"* @acme/all\n\n{OWNERS}# mine\n",
        "goals/org.yaml": ORG.replace("lead: dan", "lead: bob"),
    })  # fmt: skip
    assert paperwork(repository, "github").splitlines()[1:] == [
        "Brought up to date .github/CODEOWNERS",
        "Kept as it was .github/pull_request_template.md",
        "Kept as it was .github/workflows/okr-plan.yml",
    ]
    assert (
        repository.read(".github/CODEOWNERS")
        == "* @acme/all\n\n"
        + OWNERS.replace("design.yaml     zoe@acme.example", "design.yaml     @bob-b")
        .replace("dan.yaml        zoe@acme.example", "dan.yaml        @bob-b")
        .replace("# /goals/okrs/*/shop.yaml: org.yaml has no address of a lead\n", "")
        .replace("/goals/okrs/*/alice", "/goals/okrs/*/shop.yaml       @bob-b\n/goals/okrs/*/alice")
        + "# mine\n"
    )


def test_what_is_there_stays_as_it_is(repository: Shell) -> None:
    mine = {
        "docs/CODEOWNERS": "* @acme/all",
        ".github/PULL_REQUEST_TEMPLATE.md": "Mine\n",
        ".gitlab/merge_request_templates/default.md": "Mine\n",
    }
    repository.write(mine | {"goals/org.yaml": ORG, "goals/okr.yaml": "language: fr\n"})
    said = paperwork(repository, "gitlab")
    assert (
        "\nMade .gitlab/merge_request_templates/okr-plan.md\nMade .gitlab/okr-plan.yml\nBrought up to date docs/CODEOWNERS\n"
        in said
    )
    assert said.endswith("  Add to .gitlab-ci.yml:  include: [{local: /.gitlab/okr-plan.yml}]\n")
    text = repository.read("docs/CODEOWNERS")
    assert text.startswith("* @acme/all\n\n# >>> okr goals: ")
    assert "\n[okr]\n/goals/okrs/*/company.yaml    @zoe.z\n" in text
    assert "checkins" not in text
    assert "toute personne responsable" in repository.read(".gitlab/merge_request_templates/okr-plan.md")
    paperwork(repository, "github")
    assert repository.read(".github/PULL_REQUEST_TEMPLATE/okr-plan.md").startswith("<!-- Pour un changement")
    for path in (".github/PULL_REQUEST_TEMPLATE.md", ".gitlab/merge_request_templates/default.md"):
        assert repository.read(path) == mine[path]
    # A part of ours without its end is nobody's to guess.
    repository.write({"docs/CODEOWNERS": text.replace("# <<< okr goals\n", "")})
    broken = repository.okr("-C", "goals", "init", "--ci", "gitlab", "--paperwork")
    assert (broken.status, broken.err.startswith("error: CODEOWNERS has a line “# >>> okr goals: whose")) == (
        1,
        True,
    )


def test_a_cycle_is_opened_with_its_paperwork(repository: Shell) -> None:
    repository.write({"goals/org.yaml": ORG})
    done = repository.okr("-C", "goals", "plan", "open", "2027-Q1", "--paperwork", "github", "--json")
    assert json.loads(done.out)["paperwork"] == {
        "made": [".github/pull_request_template.md", ".github/CODEOWNERS", ".github/workflows/okr-plan.yml"],
        "updated": [], "kept": [], "nobody": ["shop"],
    }  # fmt: skip
    done = repository.okr("-C", "goals", "plan", "open", "2027-Q2", "--paperwork", "gitlab")
    assert "\nMade .gitlab/okr-plan.yml\n" in done.out
    for arguments, error in (
        (["plan", "open", "2027-Q3", "--paperwork", "svn"], "error: --paperwork: okr does not know “svn”"),
        (["init", "--paperwork"], "error: --paperwork is for a CI system."),
    ):
        refused = repository.okr("-C", "goals", *arguments)
        assert (refused.status, refused.err.splitlines()[0]) == (2, error)
    assert not (repository.folder / "goals/okrs/2027-Q3").exists()
    repository.write({"goals/org.yaml": "teams: [\n"})
    broken = repository.okr("-C", "goals", "init", "--ci", "github", "--paperwork")
    assert (broken.status, broken.err.startswith("goals/org.yaml:")) == (1, False)
    assert "org.yaml:1:" in broken.err


def test_where_the_paperwork_fails_no_cycle_is_opened(repository: Shell) -> None:
    """Whether its files can't be read, which is seen before, or not be written, which is not."""
    repository.write({"goals/org.yaml": ORG})
    repository.git("add", "--all")
    repository.git(
        "-c", "user.name=A", "-c", "user.email=a@x.example", "commit", "--quiet", "--message=Begin"
    )
    command = ("-C", "goals", "plan", "open", "2027-Q1", "--branch", "--paperwork", "github")
    before = repository.git("status", "--porcelain", "--untracked-files=all")
    owners = repository.folder / ".github/CODEOWNERS"
    owners.mkdir(parents=True)
    for more in ((), ("--dry-run",)):
        done = repository.okr(*command, *more)
        assert (done.status, done.out) == (1, "")
        assert done.err.startswith("error: .github/CODEOWNERS can't be read: it is a folder")
    owners.rmdir()
    owners.parent.rmdir()
    owners.parent.symlink_to("nowhere")
    done = repository.okr(*command)
    assert (done.status, done.out) == (1, "")
    owners.parent.unlink()
    assert not (repository.folder / "goals/okrs/2027-Q1").exists()
    assert repository.git("status", "--porcelain", "--untracked-files=all") == before
    assert repository.git("branch", "--list", "plan-*") == ""
    assert repository.okr(*command).status == 0


# The scripts, run as the systems run them.


@pytest.fixture
def pull_request(repository: Shell) -> str:
    """A branch that plans a quarter, checked out; the commit that it is compared with."""
    repository.write({f"goals/{path}": text for path, text in SMALL_WORKSPACE.items()})
    repository.git("config", "user.name", "Alice")
    repository.git("config", "user.email", "alice@acme.example")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Base")
    assert repository.okr("-C", "goals", "plan", "open", "2027-Q1", "--branch").status == 0
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Plan 2027-Q1")
    return repository.git("rev-parse", "HEAD^").strip()


def github_steps() -> tuple[dict[str, str], str, str]:
    job = read_yaml(comment_text("github", "goals", own_requirement()))["jobs"]["plan"]
    *_, write, post = job["steps"]
    return job["env"], write["run"], post["run"]


def test_github_gets_one_comment_that_is_brought_up_to_date(
    repository: Shell, runner: dict[str, str], comments: Path, pull_request: str
) -> None:
    env, write, post = github_steps()
    variables = runner | env | {
        "GITHUB_WORKSPACE": str(repository.folder), "OKR_BASE": pull_request, "GH_TOKEN": "token",
        "OKR_REPOSITORY": "acme/goals", "OKR_PULL_REQUEST": "7",
    }  # fmt: skip
    before = len(json.loads(comments.read_text()))
    for text in ("Make our brand known", "Make our brand loved"):
        plan = "goals/okrs/2027-Q1/marketing.yaml"
        repository.write(
            {plan: repository.read(plan).replace("title: Make our brand", f"title: {text}, ", 1)}
        )
        repository.git("commit", "--quiet", "--all", "--message", text)
        for script in (write, post):
            done = run_script(repository, script, **variables)
            assert (done.returncode, done.stderr) == (0, ""), done.stdout
        *others, ours = (each["body"] for each in json.loads(comments.read_text()))
        assert len(others) == before
        assert ours.startswith(f"{MARK}\n<!-- okr diff: goals -->\n")
        assert "\n<!-- okr plan: goals -->\n## Plan for 2027-Q1\n" in ours
        assert text in ours
    page = Path(runner["GITHUB_STEP_SUMMARY"]).read_text()
    assert page.count("## Plan for 2027-Q1") == 2


def test_github_is_told_what_can_not_be_told(
    repository: Shell, runner: dict[str, str], pull_request: str
) -> None:
    env, write, _ = github_steps()
    variables = runner | env | {"GITHUB_WORKSPACE": str(repository.folder), "OKR_BASE": pull_request}
    repository.write({"goals/okrs/2027-Q1/marketing.yaml": "objectives: [\n"})
    repository.git("commit", "--quiet", "--all", "--message", "Break it")
    assert run_script(repository, write, **variables).returncode == 0
    body = (Path(runner["RUNNER_TEMP"]) / "comment.md").read_text().splitlines()
    assert body == [
        MARK,
        "What changes in our goals can not be told: `okr validate` says what is wrong with the files.",
        "",
        "The plans can not be summed up: `okr validate` says what is wrong with the files.",
    ]


def test_github_takes_no_comment_that_is_too_long(
    repository: Shell, runner: dict[str, str], pull_request: str, tmp_path: Path
) -> None:
    # An okr whose answers are as long as they may be.
    program = tmp_path / "long/okr"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nhead -c 64000 /dev/zero | tr '\\0' x\necho\n")
    program.chmod(0o755)
    env, write, _ = github_steps()
    variables = runner | env | {
        "GITHUB_WORKSPACE": str(repository.folder), "OKR_BASE": pull_request,
        "PATH": f"{program.parent}{os.pathsep}{runner['PATH']}",
    }  # fmt: skip
    assert run_script(repository, write, **variables).returncode == 0
    body = (Path(runner["RUNNER_TEMP"]) / "comment.md").read_text()
    assert body.endswith("xx\n\nThe plans at a glance are on the page of the run: they did not fit here.\n")
    assert len(body) < 65_000


class GitLab(BaseHTTPRequestHandler):
    """As much of GitLab as notes need: two to a page, whatever is asked for."""

    notes: list[dict[str, Any]]

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/api/v4/user":
            self.answer({"id": 5})
            return
        page = int(query.rpartition("page=")[2])
        following = str(page + 1) if len(self.notes) > 2 * page else ""
        self.answer(self.notes[2 * page - 2 : 2 * page], following)

    def do_POST(self) -> None:
        self.notes.append({"id": len(self.notes) + 1, "author": {"id": 5}, "body": self.given()})
        self.answer({})

    def do_PUT(self) -> None:
        number = int(self.path.rpartition("/")[2])
        self.notes[number - 1]["body"] = self.given()
        self.answer({})

    def given(self) -> str:
        assert self.path.startswith("/api/v4/projects/9/merge_requests/7/notes")
        text: str = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        return text

    def answer(self, data: object, following: str = "") -> None:
        assert self.headers["PRIVATE-TOKEN"] == "token"  # of nobody's
        self.send_response(200)
        self.send_header("X-Next-Page", following)
        self.end_headers()
        self.wfile.write(json.dumps(data).encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def gitlab() -> Iterator[str]:
    """The address of a GitLab with three notes, one of them somebody else's that looks like ours."""
    GitLab.notes = [
        {"id": 1, "author": {"id": 4}, "body": f"{MARK}\nforged"},
        {"id": 2, "author": {"id": 5}, "body": "another"},
        {"id": 3, "author": {"id": 5}, "body": "a third"},
    ]
    server = HTTPServer(("127.0.0.1", 0), GitLab)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api/v4"
    server.shutdown()
    server.server_close()


def test_gitlab_gets_one_comment_that_is_brought_up_to_date(
    repository: Shell, gitlab: str, pull_request: str
) -> None:
    job = read_yaml(comment_text("gitlab", "goals", own_requirement()))["okr-plan"]
    _, write, post = job["script"]
    variables = job["variables"] | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "CI_MERGE_REQUEST_DIFF_BASE_SHA": pull_request,
        "CI_API_V4_URL": gitlab, "CI_PROJECT_ID": "9", "CI_MERGE_REQUEST_IID": "7",
    }  # fmt: skip
    assert run_script(repository, write, **variables).returncode == 0
    done = run_script(repository, post, **variables)
    assert (done.returncode, done.stdout) == (
        0, "There is no OKR_TOKEN, so no comment; what changes is in okr-plan.md.\n"
    )  # fmt: skip
    for addition in ("", "once more"):
        with (repository.folder / "okr-plan.md").open("a") as file:
            file.write(addition)
        done = run_script(repository, post, **(variables | {"OKR_TOKEN": "token"}))
        assert (done.returncode, done.stderr) == (0, "")
        *others, ours = (each["body"] for each in GitLab.notes)
        assert others == [f"{MARK}\nforged", "another", "a third"]
        assert ours.startswith(f"{MARK}\n<!-- okr diff: goals -->\n")
        assert ours.endswith(addition)


def test_what_a_comment_says_itself_is_in_the_workspaces_language(shell: Shell) -> None:
    assert not any("'" in said for words in SAID.values() for said in words.values())  # the shell's quotes
    made = shell.okr("init", "--language", "fr", "--ci", "github", "--paperwork")
    assert made.status == 0, made.err
    text = shell.read(".github/workflows/okr-plan.yml")
    assert all(said in text for said in SAID["fr"].values())
    assert "can not be told" not in text
    job = read_yaml(comment_text("gitlab", "goals", own_requirement(), "fr"))["okr-plan"]
    assert SAID["fr"]["untold"] in job["script"][1]
