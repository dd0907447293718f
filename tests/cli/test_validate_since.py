"""`okr validate --changed-since`, and what the rules on history compare with when nothing is asked for."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tests.cli.conftest import SMALL_WORKSPACE, Shell

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Outcome

PLAN, YEAR, LOG = "okrs/2026-Q4/marketing.yaml", "okrs/2026/company.yaml", "checkins/2026-Q4/marketing.yaml"
NUMBERED = (
    SMALL_WORKSPACE[PLAN]
    .replace("Make our brand the one people think of first", "Win 7 fans")
    .replace("Answer everyone while they still remember the question", "Answer 9 calls")
)
"""Each objective breaks OKR401."""


def commit(shell: Shell, message: str = "Work") -> str:
    shell.git("add", "--all")
    shell.git("commit", "--quiet", "--message", message)
    return shell.git("rev-parse", "HEAD").strip()


def edit(shell: Shell, path: str, *pairs: tuple[str, str]) -> None:
    text = shell.read(path)
    for old, new in pairs:
        assert old in text, (path, old)
        text = text.replace(old, new, 1)
    shell.write({path: text})


def since(shell: Shell, revision: str = "HEAD", *arguments: str) -> Outcome:
    return shell.okr("validate", "--changed-since", revision, "--format", "concise", *arguments)


def found(outcome: Outcome) -> list[str]:
    """`path:line CODE` of each finding."""
    lines = (re.match(r"(.+:\d+):\d+: (OKR\d+) ", line) for line in outcome.out.splitlines())
    return [f"{line[1]} {line[2]}" for line in lines if line]


@pytest.fixture
def numbered(repository: Shell) -> Shell:
    """A repository whose plan has a finding in each objective."""
    repository.write({PLAN: NUMBERED})
    commit(repository)
    return repository


# What is reported.


def test_only_what_changed_is_reported(numbered: Shell) -> None:
    nothing = since(numbered)
    assert (nothing.status, nothing.out) == (0, "")
    assert (
        nothing.err
        == f"Since HEAD ({numbered.git('rev-parse', 'HEAD')[:7]}), 0 files differ. 2 findings elsewhere left out.\n"
    )
    edit(numbered, PLAN, ("    owner: alice\n", "    owner: bob\n"))
    outcome = since(numbered)
    assert (outcome.status, found(outcome)) == (1, [f"{PLAN}:3 OKR401"])
    assert "1 file differs. 1 finding elsewhere left out.\n" in outcome.err
    assert numbered.okr("validate", "--format", "concise").out.count("OKR401") == 2


def test_a_key_result_belongs_to_its_objective(numbered: Shell) -> None:
    edit(numbered, PLAN, ("unit: hours", "unit: h"))
    assert found(since(numbered)) == [f"{PLAN}:15 OKR401"]


def test_comments_order_and_layout_are_no_change(numbered: Shell) -> None:
    brand, speed = NUMBERED.index("  - id: brand"), NUMBERED.index("  - id: speed")
    turned = "objectives:\n" + NUMBERED[speed:] + "# ours\n" + NUMBERED[brand:speed]
    numbered.write(
        {PLAN: turned.replace("title: Answer 9 calls", "title:  'Answer 9 calls'").replace("\n", "\r\n")}
    )
    outcome = since(numbered)
    assert (outcome.status, found(outcome)) == (0, [])
    assert "1 file differs. 2 findings elsewhere left out.\n" in outcome.err


@pytest.mark.parametrize(
    ("path", "old", "new", "wanted"),
    [
        pytest.param(YEAR, "  - id: lead", "  - id: leader", [f"{PLAN}:5 OKR302", f"{PLAN}:17 OKR302"], id="what is supported"),
        pytest.param(
            "okr.yaml", "name: Acme\n", "name: Acme\nlimits: {objectives: {min: 1, max: 1}}\n",
            [f"{YEAR}:7 OKR202", f"{PLAN}:14 OKR202"], id="the limits",
        ),
        pytest.param("org.yaml", "  - {id: alice", "  - {id: alicia", [f"{LOG}:1 OKR514", f"{PLAN}:4 OKR602"], id="the people"),
    ],
)  # fmt: skip
def test_what_a_change_causes_elsewhere_is_reported(
    repository: Shell, path: str, old: str, new: str, wanted: list[str]
) -> None:
    edit(repository, path, (old, new))
    lines = found(since(repository))
    for each in wanted:
        place, code = each.split(" ")
        assert any(line.startswith(f"{place} {code}") for line in lines), (each, lines)


def test_that_nobody_supports_an_objective_any_more_is_reported(repository: Shell) -> None:
    repository.write({PLAN: repository.read(PLAN).replace("    supports: 2026/company/lead\n", "")})
    lines = found(since(repository))
    assert [line for line in lines if line.startswith(YEAR)] == [f"{YEAR}:3 OKR310"]


def test_more_of_the_same_is_new(repository: Shell) -> None:
    limits = "name: Acme\nlimits: {objectives: {min: 1, max: 1}}\n"
    repository.write({"okr.yaml": limits})
    commit(repository)
    assert found(since(repository)) == []
    third = (
        "  - id: third\n    title: Be bold\n"
        + NUMBERED[NUMBERED.index("    key_results") : NUMBERED.index("  - id: speed")]
    )
    repository.write({PLAN: repository.read(PLAN) + third})
    outcome = since(repository, "HEAD", "--select", "OKR202")
    assert "marketing has 3 objectives" in outcome.out
    assert found(outcome) == [f"{PLAN}:14 OKR202"]


def test_a_log_a_team_and_a_setting_are_told_apart_by_line(repository: Shell) -> None:
    repository.write(
        {
            LOG: SMALL_WORKSPACE[LOG].replace("brand/launch", "brand/lunch"),
            "org.yaml": SMALL_WORKSPACE["org.yaml"].replace("lead: alice", "lead: alise"),
            "okr.yaml": "name: Acme\nyear_starts: 13\n",
        }
    )
    commit(repository)
    edit(repository, "okr.yaml", ("name: Acme", "name: Acme Ltd"))
    repository.write({LOG: repository.read(LOG) + "- {date: 2026-10-19, kr: brand/visit, value: 48000}\n"})
    edit(repository, "org.yaml", ("name: Bob Stone", "name: Bob Stones"))
    lines = found(since(repository))
    assert lines == [f"{LOG}:4 OKR501", "okr.yaml:2 OKR115"]  # what can't be read is always reported


def test_a_finding_that_only_moved_is_not_new(repository: Shell) -> None:
    twice = "  - {id: dup, name: One}\n  - {id: dup, name: Two}\n"
    repository.write({"org.yaml": SMALL_WORKSPACE["org.yaml"].replace("people:\n", f"{twice}people:\n")})
    commit(repository)
    assert "team on line 4 has it" in repository.okr("validate").out
    repository.write({"org.yaml": "# Who we are\n\n" + repository.read("org.yaml")})
    assert found(since(repository)) == []


def test_a_comment_that_no_longer_silences_brings_its_finding_back(repository: Shell) -> None:
    reason = "  # okr: ignore[OKR401] it is a slogan"
    repository.write({PLAN: NUMBERED.replace("title: Win 7 fans", f"title: Win 7 fans{reason}")})
    commit(repository)
    outcome = repository.okr("validate", "--changed-since", "HEAD")
    assert outcome.out == "0 files, nothing to report.\n"
    edit(repository, PLAN, (reason, ""))
    assert found(since(repository)) == [f"{PLAN}:3 OKR401"]


def test_new_and_removed_files(numbered: Shell) -> None:
    numbered.write({"okrs/2026-Q4/alice.yaml": NUMBERED})
    assert {line.rsplit(":", 1)[0] for line in found(since(numbered))} >= {"okrs/2026-Q4/alice.yaml"}
    (numbered.folder / "okrs/2026-Q4/alice.yaml").unlink()
    (numbered.folder / LOG).unlink()
    outcome = numbered.okr("validate", "--changed-since", "HEAD")
    assert (
        f"error[OKR703 check-in-removed]: this log has been removed, with 3 lines of its\nrecord\n --> {LOG} (gone)\n"
        in outcome.out
    )
    assert outcome.out.endswith("1 error in 1 of 1 file.\n")


def test_attributes_count(repository: Shell) -> None:
    repository.write({".gitattributes": "* text\n"})
    assert found(since(repository)) == [".gitattributes:1 OKR511"]
    commit(repository)
    assert found(since(repository)) == []


# What it goes with.


def test_paths_rules_severities_and_baselines_restrict_it_further(numbered: Shell) -> None:
    edit(numbered, PLAN, ("    owner: alice\n", "    owner: bob\n"), ("to: 100000", "to: 90000"))
    assert found(since(numbered)) == [f"{PLAN}:3 OKR401", f"{PLAN}:8 OKR411", f"{PLAN}:11 OKR704"]
    assert found(since(numbered, "HEAD", "--select", "OKR7")) == [f"{PLAN}:11 OKR704"]
    assert found(since(numbered, "HEAD", "okrs/2026")) == []
    assert since(numbered, "HEAD", "--select", "OKR7").status == 0
    assert since(numbered, "HEAD", "--select", "OKR7", "--strict").status == 1
    assert numbered.okr("validate", "--write-baseline", "known.json").status == 0
    assert since(numbered, "HEAD", "--baseline", "known.json").out == ""
    both = since(numbered, "HEAD", "--write-baseline", "known.json")
    assert (both.status, both.out) == (2, "")
    assert "Give one of the two." in both.err


def test_every_format_says_only_that(numbered: Shell) -> None:
    edit(numbered, PLAN, ("    owner: alice\n", "    owner: bob\n"))
    formats = ("text", "json", "jsonl", "github", "gitlab", "sarif", "junit", "markdown", "concise")
    outputs = [option for each in formats for option in ("--output", f"{each}=found.{each}")]
    outcome = numbered.okr("validate", "--changed-since", "HEAD~1...", *outputs)
    assert outcome.status == 1
    for each in formats:
        text = numbered.read(f"found.{each}")
        assert "Win 7 fans" in text or "“7”" in text, each
        assert "Answer 9 calls" in text or "“9”" in text, each  # HEAD~1 had neither
    outcome = numbered.okr("validate", "--changed-since", "HEAD", *outputs)
    assert "“9”" not in "".join(numbered.read(f"found.{each}") for each in formats)
    answer = json.loads(numbered.read("found.json"))
    assert answer["changed_since"] == {"asked": "HEAD", "commit": numbered.git("rev-parse", "HEAD").strip()}
    assert (answer["files"], answer["summary"]["errors"]) == (1, 1)
    suites = ET.fromstring(numbered.read("found.junit"))
    assert [suite.get("name") for suite in suites] == [PLAN]


@pytest.mark.unmeasured
def test_only_files_that_differ_are_mended(repository: Shell) -> None:
    unquoted = [(path, text.replace("2026-10-05", '"2026-10-05"')) for path, text in SMALL_WORKSPACE.items()]
    repository.write(dict(unquoted))
    edit(repository, "org.yaml", ("parent: company", "parent: comapny"))
    edit(repository, YEAR, ("title: Lead our market", "titel: Lead our market"))
    commit(repository)
    edit(repository, "org.yaml", ("name: Bob Stone", "name: Robert Stone"))
    shown = repository.okr("validate", "--changed-since", "HEAD", "--diff", "--unsafe-fixes")
    assert "org.yaml" in shown.out
    assert YEAR not in shown.out
    outcome = repository.okr("validate", "--changed-since", "HEAD", "--fix", "--unsafe-fixes")
    assert "parent: company" in repository.read("org.yaml")
    assert "titel: Lead" in repository.read(YEAR)
    assert outcome.status == 1  # a file that can't be read is always reported


# Which revision.


@pytest.mark.unmeasured
def test_a_branch_is_compared_with_where_it_left_the_other(numbered: Shell) -> None:
    numbered.git("switch", "--quiet", "--create", "plan")
    edit(numbered, PLAN, ("    owner: alice\n", "    owner: bob\n"))
    commit(numbered)
    numbered.git("switch", "--quiet", "main")
    edit(numbered, YEAR, ("Be a place where people want to stay", "Be a place where 99 people stay"))
    edit(numbered, PLAN, ("to: 100000", "to: 200000"), ("Reach 100,000", "Reach 200,000"))
    commit(numbered)
    numbered.git("switch", "--quiet", "plan")
    left = numbered.git("merge-base", "main", "plan").strip()
    outcome = since(numbered, "main...")
    assert found(outcome) == [f"{PLAN}:3 OKR401"]
    assert outcome.err.startswith(f"Since main... ({left[:7]}), 1 file differs.")
    assert f"{PLAN}:11 OKR704" in found(since(numbered, "main"))  # main has moved on
    assert since(numbered, left[:9]).err.startswith(f"Since {left[:7]}, 1 file")
    numbered.git("tag", "start", left)
    assert found(since(numbered, "start")) == [f"{PLAN}:3 OKR401"]


def test_a_day_stands_for_its_last_commit(repository: Shell) -> None:
    day = {"GIT_COMMITTER_DATE": "2026-10-20T12:00:00+00:00"}
    repository.write({PLAN: NUMBERED})
    repository.git("add", "--all")
    assert repository.run("git", "commit", "--quiet", "--message", "x", "--amend", **day).status == 0
    edit(repository, PLAN, ("    owner: alice\n", "    owner: bob\n"))
    assert found(since(repository, "2026-10-20")) == [f"{PLAN}:3 OKR401"]
    assert since(repository, "2026-10-19").err.startswith(
        "error: The current branch has no commit of 2026-10-19"
    )
    assert since(repository, "2026-02-30").err.startswith(
        "error: --changed-since: there is no day 2026-02-30"
    )


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("nothing", "There is no commit “nothing” in this repository."),
        ("--output=x", "There is no commit “--output=x” in this repository."),
        ("", "There is no commit “” in this repository."),
        ("...", "There is no commit “” in this repository."),
        ("main..", "--changed-since: “main..” names two commits."),
        ("main...HEAD", "--changed-since: “main...HEAD” names two commits."),
    ],
)
def test_what_is_no_revision(repository: Shell, revision: str, message: str) -> None:
    outcome = since(repository, revision)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.splitlines()[0] == f"error: {message}"


def test_without_a_repository_nothing_can_be_compared(workspace: Shell) -> None:
    outcome = since(workspace)
    assert (outcome.status, outcome.out) == (1, "")
    assert "is in no git repository" in outcome.err
    assert workspace.okr("validate").out == "5 files, nothing to report.\n"


def test_a_shallow_clone_says_how_to_get_the_rest(numbered: Shell, tmp_path: Path) -> None:
    numbered.git("branch", "old", "HEAD~1")
    numbered.git("switch", "--quiet", "--create", "plan")
    edit(numbered, PLAN, ("    owner: alice\n", "    owner: bob\n"))
    commit(numbered)
    numbered.git("switch", "--quiet", "main")
    edit(numbered, YEAR, ("Lead our market", "Lead all markets"))
    commit(numbered)
    url, clone = f"file://{numbered.folder}", tmp_path / "clone"
    numbered.git(
        "clone", "--quiet", "--depth", "1", "--no-single-branch", "--branch", "plan", url, str(clone)
    )
    shallow = Shell(clone, numbered.home)
    outcome = since(shallow, "origin/main...")
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == (
        "error: This branch and origin/main have no commit in common here.\n"
        "  This clone is shallow: `git fetch --unshallow` brings the older commits; in CI, fetch all of the history.\n"
    )
    assert "--unshallow" in since(shallow, "HEAD~1").err
    assert since(shallow, "origin/main").status == 1
    shallow.git("fetch", "--quiet", "--unshallow")
    assert found(since(shallow, "origin/main...")) == [f"{PLAN}:3 OKR401"]


def test_unrelated_histories_have_no_such_commit(repository: Shell) -> None:
    repository.git("switch", "--quiet", "--orphan", "other")
    repository.write(SMALL_WORKSPACE)
    commit(repository)
    outcome = since(repository, "main...")
    assert outcome.err.splitlines()[1] == "  Leave the three dots out to compare with main itself."
    assert since(repository, "main").err.startswith("Since main (")


def test_a_workspace_in_a_folder_and_one_that_is_new_there(shell: Shell) -> None:
    shell.git("init", "--quiet", "--initial-branch=main")
    shell.git("config", "user.name", "Alice Martin")
    shell.git("config", "user.email", "alice@acme.example")
    shell.write({"README.md": "Ours\n"})
    first = commit(shell)
    shell.write(
        {f"goals/{path}": text for path, text in SMALL_WORKSPACE.items()} | {f"goals/{PLAN}": NUMBERED}
    )
    commit(shell)
    edit(shell, f"goals/{PLAN}", ("    owner: alice\n", "    owner: bob\n"))
    outcome = since(shell, "HEAD", "goals")
    assert found(outcome) == [f"goals/{PLAN}:3 OKR401"]
    new = since(shell, first, "goals")
    assert found(new) == [f"goals/{PLAN}:3 OKR401", f"goals/{PLAN}:15 OKR401"]
    assert new.err == f"{first[:7]} has no workspace in this folder: everything is new.\n"
    assert shell.okr("-C", "goals/okrs", "validate", "--changed-since", "HEAD", "--json").status == 1


# Without being asked.


def history(shell: Shell, **variables: str) -> list[str]:
    """The findings of the rules on history, with the last commit."""
    outcome = shell.okr("validate", "--format", "concise", "--select", "OKR7", **variables)
    assert outcome.err == ""
    return found(outcome)


def test_what_is_not_committed_is_compared_with_the_last_commit(repository: Shell) -> None:
    index = (repository.folder / ".git/index").stat()
    edit(repository, LOG, ("44000", "54000"))
    assert history(repository) == [f"{LOG}:1 OKR702"]
    assert json.loads(repository.okr("validate", "--json").out)["changed_since"] is None
    after = (repository.folder / ".git/index").stat()
    assert (after.st_mtime_ns, after.st_ino) == (index.st_mtime_ns, index.st_ino)
    commit(repository)
    assert history(repository) == []
    assert found(since(repository, "HEAD~1")) == [f"{LOG}:1 OKR702"]


def test_where_there_is_no_history_it_is_silent(workspace: Shell, tmp_path: Path) -> None:
    assert history(workspace) == []
    workspace.git("init", "--quiet")
    assert history(workspace) == []  # no commit yet
    programs = tmp_path / "programs"
    programs.mkdir()
    assert history(workspace, PATH=str(programs)) == []  # no git
    (workspace.folder / ".git/HEAD").write_text("nonsense")
    assert history(workspace) == []  # not a repository that git can read


def test_in_the_middle_of_a_merge_it_is_silent(repository: Shell) -> None:
    repository.git("switch", "--quiet", "--create", "other")
    edit(repository, PLAN, ("to: 100000", "to: 90000"), ("Reach 100,000", "Reach 90,000"))
    commit(repository)
    repository.git("switch", "--quiet", "main")
    repository.write({"README.md": "Ours\n"})
    commit(repository)
    repository.git("merge", "--no-commit", "--no-ff", "--quiet", "other")
    assert history(repository) == []
    repository.git("merge", "--abort")
    edit(repository, PLAN, ("to: 100000", "to: 90000"))
    assert history(repository) == [f"{PLAN}:11 OKR704"]


def test_a_cycle_opened_corrected_and_closed_again_on_a_branch(repository: Shell) -> None:
    facts = "okrs/2026-Q4/cycle.yaml"
    repository.write({facts: "state: closed\n"})
    commit(repository)
    repository.git("switch", "--quiet", "--create", "correct")
    repository.write({facts: "state: active\n"})
    edit(repository, PLAN, ("from: 42000", "from: 43000"))
    commit(repository)
    assert found(since(repository, "main...", "--select", "OKR7")) == [f"{facts}:1 OKR710"]
    repository.write({facts: "state: closed\n"})
    edit(repository, PLAN, ("to: 100000", "to: 90000"))
    commit(repository)
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "correct")
    outcome = since(repository, "HEAD^1", "--select", "OKR7")
    assert found(outcome) == [f"{facts}:1 OKR710", f"{PLAN}:11 OKR704"]
    assert "2026-Q4 was closed, has been opened again, and is closed once more" in outcome.out
    edit(repository, PLAN, ("from: 43000", "from: 42000"))
    assert found(since(repository, "HEAD", "--select", "OKR7")) == [f"{PLAN}:10 OKR701"]


def test_what_a_sparse_checkout_leaves_out_is_not_removed(repository: Shell) -> None:
    repository.git("sparse-checkout", "set", "--no-cone", "/*", "!/checkins/")
    assert not (repository.folder / LOG).exists()
    outcome = repository.okr("validate", "--format", "concise", "--select", "OKR7")
    assert (found(outcome), outcome.err.startswith("note: This checkout is sparse: ")) == ([], True)
    outcome = since(repository)
    assert (found(outcome), "sparse" in outcome.err) == ([], False)
    repository.git("rm", "--quiet", "--sparse", YEAR, LOG)
    assert history(repository) == [f"{LOG}:1 OKR703", f"{YEAR}:1 OKR707", f"{YEAR}:1 OKR707"]


def test_a_check_in_a_correction_and_an_undo_are_no_violation(repository: Shell) -> None:
    start = repository.git("rev-parse", "HEAD").strip()
    assert repository.okr("checkin", "visits", "61000").status == 0
    assert repository.okr("checkin", "visits", "62000", "--replace").status == 0
    assert repository.okr("undo", "visits").status == 0
    outcome = since(repository, start, "--select", "OKR7", "--strict")
    assert (outcome.status, outcome.out) == (0, "")
