"""The files by which a CI system publishes the report as a site on every push: GitHub Pages, GitLab Pages.

Made only where asked for, for who may read the pages is the repository's to say. Their paths and how they are written are
`ci_files.py`'s business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from okr.operations.starting.ci_files import CiSystem

_GITHUB = """\
# Publishes how our goals stand as a site, on every push and once a day. Made by `okr init --ci github --pages`; yours from now on.
# The repository's settings say who may read it, and must name GitHub Actions as the source of its pages.
name: okr pages

on:
  push:
    branches: [main, master]
  schedule:
    - cron: "17 5 * * *"
  workflow_dispatch:

permissions: {}

concurrency:
  group: okr-pages
  cancel-in-progress: false

jobs:
  build:
    name: Write the pages
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
    env:
$source
    steps:
      - uses: actions/checkout@v4
        with:
          # The page on the record asks the whole history.
          fetch-depth: 0
          persist-credentials: false
$install
      - name: Write the pages
        run: okr -C "$$OKR_WORKSPACE" report --output "$$RUNNER_TEMP/site"
      - uses: actions/upload-pages-artifact@v3
        with:
          path: $${{ runner.temp }}/site
  deploy:
    name: Publish them
    needs: build
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      pages: write  # to publish them
      id-token: write  # to prove that this run may
    environment:
      name: github-pages
      url: $${{ steps.publish.outputs.page_url }}
    steps:
      - id: publish
        uses: actions/deploy-pages@v4
"""

_GITLAB = """\
# Publishes how our goals stand as a site, on every push to the default branch. Made by `okr init --ci gitlab --pages`; yours
# from now on. The project's settings say who may read it.
pages:
  stage: deploy
  image: python:3.13
  variables:
    # The page on the record asks the whole history.
    GIT_DEPTH: "0"
$source
  rules:
    - if: $$CI_COMMIT_BRANCH == $$CI_DEFAULT_BRANCH
  script:
$install
    - okr -C "$$OKR_WORKSPACE" report --output "$$CI_PROJECT_DIR/public"
  artifacts:
    paths:
      - public
"""

PAGES: dict[CiSystem, str] = {"github": _GITHUB, "gitlab": _GITLAB}
"""Templates, for `filled` of `ci_files.py`."""

PATHS: dict[CiSystem, str] = {"github": ".github/workflows/okr-pages.yml", "gitlab": ".gitlab/okr-pages.yml"}
