"""Files that let a CI system check a workspace: a workflow for GitHub, a job for GitLab. Nothing is ever overwritten.

What they run is `okr validate`; the texts stand here because `ci/gitlab/okr.yml`, too, is made from them. How okr is
installed stands here for all files of this kind: those of `pages_files.py` and of `planning/paperwork_texts.py` as well.
"""

from __future__ import annotations

import json
import re
from importlib import metadata
from string import Template
from textwrap import indent
from typing import TYPE_CHECKING, Literal, TypeAlias

from okr import __version__
from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.files import is_taken, write_new_file
from okr.operations.starting.pages_files import PAGES, PATHS
from okr.operations.surroundings import folder_in_repository, repository_top

if TYPE_CHECKING:
    from pathlib import Path

CiSystem: TypeAlias = Literal["github", "gitlab"]

_GITHUB = """\
# Checks the goals in every pull request, and on the main branch. Findings show beside the lines they are about and
# on the run's page. Made by `okr init --ci github`; yours from now on.
name: okr

on:
  pull_request:
  push:
    branches: [main, master]

permissions:
  contents: read

concurrency:
  group: okr-$${{ github.ref }}
  cancel-in-progress: true

jobs:
  validate:
    name: Check the goals
    runs-on: ubuntu-latest
    timeout-minutes: 10
    env:
$source
      # What to report on: empty for everything; for what a pull request changes,
      # $${{ github.base_ref && format('origin/{0}...', github.base_ref) }} with `fetch-depth: 0` at the checkout.
      OKR_CHANGED_SINCE: ""
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
$install
      - name: Check the goals
        run: >-
          okr validate --format github --output "markdown=$$RUNNER_TEMP/okr.md"
          $${OKR_CHANGED_SINCE:+--changed-since="$$OKR_CHANGED_SINCE"} -- "$$OKR_WORKSPACE"
      - name: Show the findings on the run's page
        if: $${{ !cancelled() }}
        run: test ! -f "$$RUNNER_TEMP/okr.md" || cat "$$RUNNER_TEMP/okr.md" >> "$$GITHUB_STEP_SUMMARY"
"""

_GITLAB = """\
# Checks the goals in every merge request, and on the default branch. Findings show in the merge request: as code
# quality, and as tests.
okr:
  image: python:3.13
  variables:
$source
    # What to report on: empty for everything; for what a merge request changes, $$CI_MERGE_REQUEST_DIFF_BASE_SHA with
    # `GIT_DEPTH: "0"` beside it.
    OKR_CHANGED_SINCE: ""
  rules:
    - if: $$CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $$CI_COMMIT_BRANCH == $$CI_DEFAULT_BRANCH
  script:
$install
    - >-
      okr validate --format concise --output gitlab=gl-code-quality-report.json --output junit=okr-junit.xml
      $${OKR_CHANGED_SINCE:+--changed-since="$$OKR_CHANGED_SINCE"} -- "$$OKR_WORKSPACE"
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
      junit: okr-junit.xml
"""

_SOURCE_LINES = """\
# Where okr comes from: anything that `pip install` takes.
OKR_REQUIREMENT: $requirement
# The folder of the workspace in this repository.
OKR_WORKSPACE: $folder"""
_SOURCE: dict[CiSystem, str] = {
    "github": indent(_SOURCE_LINES, " " * 6),
    "gitlab": indent(_SOURCE_LINES, " " * 4),
}
_INSTALL: dict[CiSystem, str] = {
    "github": """\
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - name: Install okr
        run: python -m pip install --quiet --disable-pip-version-check "$$OKR_REQUIREMENT\"""",
    "gitlab": '    - python -m pip install --quiet --disable-pip-version-check "$$OKR_REQUIREMENT"',
}
GITLAB_MAIN = ".gitlab-ci.yml"
_GITLAB_BESIDE = ".gitlab/okr.yml"

_TEXTS: dict[CiSystem, str] = {"github": _GITHUB, "gitlab": _GITLAB}
_UNFIT = re.compile(r"[^\w ./@+,=~()'-]")


@dataclass(frozen=True, slots=True)
class CiFiles:
    """What was made for a CI system.

    Attributes:
        top: the repository's root, or the workspace's where it is in none.
        path: the file, relative to it.
        made: whether it was made; False where it was there already.
        requirement: what the file installs okr from.
        include: a file that has to include this one by hand, there or not; or None.
    """

    top: Path
    path: str
    made: bool
    requirement: str
    include: str | None = None


def add_ci_files(root: Path, system: CiSystem) -> CiFiles:
    """Makes the file by which a CI system checks a workspace, at the root of its repository.

    Where GitLab's own file is there already, the job goes into a file beside it, for that one to include.

    Args:
        root: the workspace's root.
        system: for which.

    Raises:
        OkrError: the file can't be written, or the workspace's folder has a name that CI files can't hold.
    """
    top = repository_top(root) or root
    requirement = own_requirement()
    text = ci_text(system, folder_in_repository(root) or ".", requirement)
    path = ".github/workflows/okr.yml" if system == "github" else GITLAB_MAIN
    include = None
    if system == "gitlab" and is_taken(top / path):
        path, include = _GITLAB_BESIDE, path
    if is_taken(top / path):
        return CiFiles(top, path, made=False, requirement=requirement, include=include)
    write_new_file(top / path, text.encode(), root=top)
    return CiFiles(top, path, made=True, requirement=requirement, include=include)


def add_pages_files(root: Path, system: CiSystem) -> CiFiles:
    """Makes the file by which a CI system publishes the report of a workspace, at the root of its repository.

    Args:
        root: the workspace's root.
        system: for which.

    Raises:
        OkrError: the file can't be written, or the workspace's folder has a name that CI files can't hold.
    """
    top = repository_top(root) or root
    # The pages need an extra.
    requirement = own_requirement().replace("okr", "okr[report]", 1)
    text = filled(PAGES[system], system, folder_in_repository(root) or ".", requirement)
    path, include = PATHS[system], GITLAB_MAIN if system == "gitlab" else None
    made = not is_taken(top / path)
    if made:
        write_new_file(top / path, text.encode(), root=top)
    return CiFiles(top, path, made=made, requirement=requirement, include=include)


def ci_text(system: CiSystem, folder: str, requirement: str) -> str:
    """The file's text.

    Args:
        system: for which.
        folder: the workspace, as its repository names it; `.` for the repository itself.
        requirement: what `pip install` is to be given.

    Raises:
        OkrError: the folder's name can't stand in the file, because the CI system would read it otherwise.
    """
    return filled(_TEXTS[system], system, folder, requirement)


def filled(text: str, system: CiSystem, folder: str, requirement: str, **more: object) -> str:
    """A template of a CI system's file with what okr is, and where, filled in as YAML needs it.

    Args:
        text: the template; `$source` and `$install` stand on lines of their own.
        system: for which.
        folder: the workspace, as its repository names it; `.` for the repository itself.
        requirement: what `pip install` is to be given.
        more: what else is filled in, by its name.

    Raises:
        OkrError: the folder's name can't stand in the file, because the CI system would read it otherwise.
    """
    if _UNFIT.search(folder):
        raise OkrError(
            f"the folder “{folder}” has a name that CI files can't hold",
            "rename it, or write the file by hand; docs/ci.md shows how",
        )
    source, install = (Template(each[system]) for each in (_SOURCE, _INSTALL))
    quoted = {key: json.dumps(given, ensure_ascii=False) for key, given in more.items()}
    of_okr = {"requirement": json.dumps(requirement), "folder": json.dumps(folder, ensure_ascii=False)}
    return Template(text).substitute(quoted, source=source.substitute(of_okr), install=install.substitute())


def own_requirement() -> str:
    """What `pip install` has to be given for this okr: the repository and commit it came from, else its version."""
    installed = next(iter(metadata.distributions(name="okr")), None)
    return requirement_from(installed.read_text("direct_url.json") if installed else None)


def requirement_from(direct_url: str | None) -> str:
    """The requirement for what an installer noted down, as PEP 610 says, of where it took okr from.

    Args:
        direct_url: the text of `direct_url.json`; None where okr came from an index.
    """
    came = json.loads(direct_url) if direct_url else {}
    source, url = came.get("vcs_info", {}), str(came.get("url", ""))
    if source.get("vcs") == "git" and re.fullmatch(r"https://[\w.:-]+/[\w./~+-]+", url):
        return f"okr @ git+{url}@{source['commit_id']}"
    return f"okr=={__version__}"
