"""The texts of the paperwork: a pull request's description in English and French, and what comments on it.

Templates only, for `filled` of `starting/ci_files.py`; `paperwork.py` says with what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from okr.operations.starting.ci_files import CiSystem
    from okr.quantities import Language

DESCRIPTIONS: dict[Language, str] = {
    "en": """\
<!-- For a change of plans. A comment below says what changes in our goals; `okr plan summary` describes a whole cycle. -->

## What we want to reach, and why now


## What we leave

<!-- What is not carried over, and what we learned from it. -->

## Before this is merged

- [ ] `okr validate` finds nothing that should be mended
- [ ] `okr plan check` asks nothing that we have no answer to
- [ ] everybody who is accountable for something has read it
- [ ] a target or baseline of a cycle under way moves only for a reason that stands here
""",
    "fr": """\
<!-- Pour un changement de plan. Un commentaire ci-dessous dit ce qui change dans nos objectifs ; `okr plan summary` décrit tout un cycle. -->

## Ce que nous voulons atteindre, et pourquoi maintenant


## Ce que nous laissons

<!-- Ce qui n'est pas reconduit, et ce que nous en avons appris. -->

## Avant de fusionner

- [ ] `okr validate` ne trouve rien qu'il faille corriger
- [ ] `okr plan check` ne pose aucune question restée sans réponse
- [ ] toute personne responsable de quelque chose l'a relu
- [ ] dans un cycle en cours, une cible ou une base ne bouge que pour une raison écrite ici
""",
}

_GITHUB = """\
# Says in each pull request that touches a plan what changes in our goals, and sums the cycle's plans up: in one comment, brought
# up to date by each run, and on the run's page. Made by `okr init --ci github --paperwork`; yours from now on.
name: okr plan

on:
  # Not pull_request_target: what a stranger proposes is read here with a token that can change nothing.
  pull_request:
    paths: $paths

permissions: {}

concurrency:
  group: okr-plan-$${{ github.ref }}
  cancel-in-progress: true

jobs:
  plan:
    name: Say what changes in our goals
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
      pull-requests: write # for the comment; a pull request from a fork has none, and gets no comment
    env:
$source
      # The comment's first line, hidden: by it the comment is found again.
      OKR_MARK: $mark
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
          persist-credentials: false
$install
      - name: Write what changes
        env:
          OKR_BASE: $${{ github.event.pull_request.base.sha }}
        run: |
          cd "$$RUNNER_TEMP"
          workspace="$$GITHUB_WORKSPACE/$$OKR_WORKSPACE"
          okr -C "$$workspace" diff --format markdown "$$OKR_BASE...HEAD" > diff.md ||
            echo '$untold' > diff.md
          okr -C "$$workspace" plan summary > summary.md ||
            echo '$unsummed' > summary.md
          printf '%s\\n' "$$OKR_MARK" > comment.md
          cat diff.md >> comment.md
          printf '\\n' >> comment.md
          # GitHub refuses a comment of more than 65,536 characters.
          if [ "$$(cat comment.md summary.md | wc -m)" -le 65000 ]; then
            cat summary.md >> comment.md
          else
            printf '%s\\n' '$elsewhere' >> comment.md
          fi
          cat diff.md summary.md >> "$$GITHUB_STEP_SUMMARY"
      - name: Comment on the pull request
        if: $${{ github.event.pull_request.head.repo.full_name == github.repository }}
        env:
          GH_TOKEN: $${{ github.token }}
          OKR_REPOSITORY: $${{ github.repository }}
          OKR_PULL_REQUEST: $${{ github.event.pull_request.number }}
        run: |
          comments="repos/$$OKR_REPOSITORY/issues/$$OKR_PULL_REQUEST/comments"
          last="$$(gh api --paginate "$$comments" --jq \\
            '.[] | select(.user.type == "Bot" and (.body | split("\\n")[0] | rtrimstr("\\r")) == env.OKR_MARK) | .id' | tail -n 1)"
          if [ -n "$$last" ]; then
            gh api --silent --method PATCH "repos/$$OKR_REPOSITORY/issues/comments/$$last" --field "body=@$$RUNNER_TEMP/comment.md"
          else
            gh api --silent --method POST "$$comments" --field "body=@$$RUNNER_TEMP/comment.md"
          fi
"""

_GITLAB = """\
# Says in each merge request that touches a plan what changes in our goals, and sums the cycle's plans up: in a file that the merge
# request links to and, where the variable OKR_TOKEN holds a project access token with the scope `api`, in one comment, brought up
# to date by each pipeline. Made by `okr init --ci gitlab --paperwork`; yours from now on.
#
# A pipeline of a fork's merge request runs in the fork, and never sees the token.
okr-plan:
  image: python:3.13
  variables:
$source
    # The comment's first line, hidden: by it the comment is found again.
    OKR_MARK: $mark
    # The whole history: the two sides of a merge request may have parted long ago.
    GIT_DEPTH: "0"
  rules:
    - if: $$CI_PIPELINE_SOURCE == "merge_request_event"
      changes: $paths
  script:
$install
    - |
      okr -C "$$OKR_WORKSPACE" diff --format markdown "$$CI_MERGE_REQUEST_DIFF_BASE_SHA...HEAD" > diff.md ||
        echo '$untold' > diff.md
      okr -C "$$OKR_WORKSPACE" plan summary > summary.md ||
        echo '$unsummed' > summary.md
      printf '%s\\n' "$$OKR_MARK" > okr-plan.md
      cat diff.md >> okr-plan.md
      printf '\\n' >> okr-plan.md
      cat summary.md >> okr-plan.md
    - |
      if [ -z "$${OKR_TOKEN:-}" ]; then
        echo "There is no OKR_TOKEN, so no comment; what changes is in okr-plan.md."
        exit 0
      fi
      python - <<'END'
      import json, os, urllib.request

      api = os.environ["CI_API_V4_URL"]
      notes = f"{api}/projects/{os.environ['CI_PROJECT_ID']}/merge_requests/{os.environ['CI_MERGE_REQUEST_IID']}/notes"


      def call(method, url, data=None):
          headers = {"PRIVATE-TOKEN": os.environ["OKR_TOKEN"], "Content-Type": "application/json"}
          body = None if data is None else json.dumps(data).encode()
          with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method)) as answer:
              return json.load(answer), answer.headers.get("X-Next-Page")


      with open("okr-plan.md", encoding="utf-8") as file:
          text = file.read()
      mark = text.partition("\\n")[0]
      own, _ = call("GET", f"{api}/user")
      found, page = [], "1"
      while page:
          listed, page = call("GET", f"{notes}?per_page=100&page={page}")
          found += [each["id"] for each in listed if each["author"]["id"] == own["id"] and each["body"].startswith(mark)]
      if found:
          call("PUT", f"{notes}/{max(found)}", {"body": text})
      else:
          call("POST", notes, {"body": text})
      END
  artifacts:
    expose_as: What changes in our goals
    paths: [okr-plan.md]
"""

SAID: dict[Language, dict[str, str]] = {
    "en": {
        "untold": "What changes in our goals can not be told: `okr validate` says what is wrong with the files.",
        "unsummed": "The plans can not be summed up: `okr validate` says what is wrong with the files.",
        "elsewhere": "The plans at a glance are on the page of the run: they did not fit here.",
    },
    "fr": {
        "untold": "On ne peut pas dire ce qui change dans nos objectifs : `okr validate` dit ce qui ne va pas dans les fichiers.",
        "unsummed": "On ne peut pas résumer les plans : `okr validate` dit ce qui ne va pas dans les fichiers.",
        "elsewhere": "Les plans en bref sont sur la page de cette exécution : ils n’ont pas tenu ici.",
    },
}
"""What the comments say themselves, for the shell between straight quotes: without any, and on one line."""

COMMENTS: dict[CiSystem, str] = {"github": _GITHUB, "gitlab": _GITLAB}
