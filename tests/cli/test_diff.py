"""`okr diff`: what changes in goals between two revisions, or a revision and the working tree."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.history_shell import LOG, PLAN, Team

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

GOLDEN = Path(__file__).parent / "golden" / "small-diff.txt"
COMPANY = "okrs/2026/company.yaml"
SALES = """\
objectives:
  - id: deals
    title: Be the first call of everyone who buys
    supports: 2026/company/lead
    key_results:
      - {id: won, title: Win more deals, unit: EUR, from: 0, to: 2000000}
      - {id: calls, title: Talk to more people, unit: calls, from: 10, to: 40}
  - id: speed
    title: Answer everyone while they still remember the question
    type: committed
    supports: 2026/company/lead
    key_results:
      - {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}
      - {id: uptime, title: Keep the site up 99.9% of the time, unit: "%", at_least: 99.9}
"""
SPEED = SALES[SALES.index("  - id: speed") :]


@pytest.fixture
def team(workspace: Shell) -> Team:
    """The small workspace, committed on main."""
    found = Team(workspace)
    found.git("alice", "2026-10-01", "init", "--quiet", "--initial-branch=main")
    found.commit("alice", "2026-10-12", "Plan the quarter")
    return found


def branch(team: Team) -> None:
    """A branch on which nearly everything changes, and a check-in on main meanwhile."""
    team.git("bob", "2026-11-01", "switch", "--quiet", "--create", "plan")
    shell = team.shell
    team.edit(PLAN, "to: 100000", "to: 80000")
    team.edit(PLAN, "weight: 2", "weight: 3\n        owner: bob")
    team.edit(PLAN, SPEED, "")
    team.edit(PLAN, "    supports: 2026/company/lead\n", "")
    shell.write({"okrs/2026-Q4/sales.yaml": SALES, "okrs/2026-Q4/cycle.yaml": "state: planning\n"})
    team.edit(COMPANY, "Lead our market", "Be the one that others look to")
    team.edit("org.yaml", "people:", "  - {id: sales, name: Sales, parent: company}\npeople:")
    team.edit("org.yaml", "{id: bob, name: Bob Stone", "{id: robert, name: Robert Stone, formerly: [bob]")
    team.append("okr.yaml", "limits: {objectives: {min: 2, max: 4}}")
    team.append(LOG, "- {date: 2026-10-26, kr: brand/visits, value: 61000, confidence: 0.8, by: alice}")
    shell.write({"kpis.yaml": "kpis:\n  - {id: nps, name: Promoters, unit: points, at_least: 30}\n"})
    shell.write({"checkins/kpis.yaml": "- {date: 2026-10-20, kpi: nps, value: 34}\n"})
    team.commit("bob", "2026-11-02", "Plan anew")
    team.git("alice", "2026-11-03", "switch", "--quiet", "main")
    team.append(LOG, "- {date: 2026-11-02, kr: brand/launch, value: beta, by: bob}")
    team.commit("alice", "2026-11-03", "Check in")
    team.git("bob", "2026-11-03", "switch", "--quiet", "plan")


def test_a_branch_reads_as_what_changes_in_goals(team: Team) -> None:
    branch(team)
    shell = team.shell
    outcome = shell.okr("diff", "main...")
    assert (outcome.status, outcome.err) == (0, "")
    ids = {shell.git("rev-parse", name).strip()[:7]: name for name in ("main~", "HEAD")}
    told = re.sub("|".join(ids), lambda found: ids[found[0]], outcome.out)
    assert told == GOLDEN.read_text(encoding="utf-8")
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_a_screen_reader_gets_words_in_place_of_signs(team: Team) -> None:
    branch(team)
    lines = team.shell.okr("diff", "main...", "marketing", "--plain").out.splitlines()
    assert lines[2:] == [
        "",
        "Marketing, 2026-Q4; 2 to 1 objective, score 0.08 to 0.45",
        "changed: Make our brand the one people think of first; brand; 0.16 to 0.45",
        "no longer supports 2026/company/lead",
        "changed: Reach 100,000 monthly visits; visits; 0.09 to 0.50",
        "target 100,000 to 80,000 visits (−20%), easier to reach",
        "weight 2 to 3",
        "accountable none to robert",
        "1 check-in added: 47,500 to 61,000 visits",
        "confidence 0.7 to 0.8",
        "moved: Answer everyone while they still remember the question; moved to 2026-Q4/sales/speed",
        "",
        "Sales, 2026-Q4; new plan; 2 objectives",
        "moved: Answer everyone while they still remember the question; speed",
        "moved from 2026-Q4/marketing/speed",
        "",
        "What that does",
        "look at: marketing has 1 objective in 2026-Q4, at least 2 are asked for; warning OKR201 okrs/2026-Q4/marketing.yaml:2",
        "look at: the title says “100,000”, but `to` is “80000”; warning OKR411 okrs/2026-Q4/marketing.yaml:7",
        "look at: the target of “visits” was 100000 and is 80000, which is easier to reach, and 2026-Q4 has begun; warning OKR704 okrs/2026-Q4/marketing.yaml:10",
        "look at: the weight of “visits” was raised, so that the others weigh less, from 2 to 3 after 2026-Q4 had begun; warning OKR706 okrs/2026-Q4/marketing.yaml:11",
        "changed: 2026/company/lead: in 2026-Q4 1 more supports it, 1 no longer does; Be the one that others look to",
        "changed: “brand” supports nothing, though company has objectives in 2026; info OKR308 okrs/2026-Q4/marketing.yaml:3",
    ]


def test_where_two_branches_have_parted_only_one_side_counts(team: Team) -> None:
    branch(team)
    parted, apart = (answer(team.shell, f"main{dots}plan") for dots in ("...", ".."))
    assert parted["old"]["commit"] == team.shell.git("merge-base", "main", "plan").strip()
    assert apart["old"] == {"asked": "main", "commit": team.shell.git("rev-parse", "main").strip()}
    assert launch(parted) is None
    assert launch(apart) == {"added": 0, "removed": 1, "taken_back": 0}
    assert parted["fork"] == "main"
    left, here = (team.shell.git("rev-parse", name).strip() for name in ("main", "plan"))
    first = team.shell.okr("diff", f"{left}...plan").out.splitlines()[0]
    assert first == f"Acme · plan ({here[:7]}) since it left {left[:7]} at {parted['old']['commit'][:7]}"
    team.git("alice", "2026-11-04", "checkout", "--quiet", "--detach", "plan")
    assert answer(team.shell, "main...")["owners"] == parted["owners"]
    assert (
        answer(team.shell, "..main", "marketing")["owners"]
        == answer(team.shell, "plan..main", "marketing")["owners"]
    )
    # A day is the last commit of the branch up to its end.
    assert answer(team.shell, "2026-10-31..HEAD")["owners"] == parted["owners"]


def answer(shell: Shell, *arguments: str) -> dict[str, Any]:
    outcome = shell.okr("diff", *arguments, "--json")
    assert (outcome.status, outcome.err) == (0, "")
    found = json.loads(outcome.out)
    assert isinstance(found, dict)
    return found


def launch(found: dict[str, Any]) -> object:
    lines = [
        key_result["checkins"]
        for owner in found["owners"]
        for objective in owner["objectives"]
        for key_result in objective["key_results"]
        if key_result["ref"] == "2026-Q4/marketing/brand/launch"
    ]
    return lines[0] if lines else None


def test_the_working_tree_counts_whole_and_nothing_is_touched(team: Team) -> None:
    shell = team.shell
    shell.write(
        {".gitignore": "alice.yaml\n", "okrs/2026-Q4/alice.yaml": SALES, "okrs/2026-Q4/bob.yaml": SALES}
    )
    team.edit(PLAN, "to: 100000", "to: 90000")
    shell.git("add", "okrs/2026-Q4/bob.yaml", PLAN)
    team.edit(PLAN, "to: 90000", "to: 80000")  # what is staged is not what is there
    status = shell.git("status", "--porcelain")
    index = shell.folder.joinpath(".git/index").read_bytes()
    outcome = shell.okr("diff", "--exit-code")
    assert outcome.status == 1
    assert re.findall(r"^(\S.*) · 2026-Q4", outcome.out, re.MULTILINE) == [
        "Marketing",
        "Alice Martin",
        "Bob Stone",
    ]
    assert "target 100,000 → 80,000 visits (−20%)" in outcome.out
    assert shell.folder.joinpath(".git/index").read_bytes() == index
    assert shell.git("status", "--porcelain") == status
    assert shell.okr("diff", "HEAD").out == outcome.out


@pytest.mark.unmeasured
def test_comments_order_layout_and_line_ends_are_no_change(team: Team) -> None:
    shell = team.shell
    plan = shell.read(PLAN)
    reordered = "# agreed\nobjectives:\n" + SPEED + plan[plan.index("  - id: brand") : plan.index(SPEED)]
    shell.write({PLAN: reordered.replace("\n", "\r\n"), COMPANY: shell.read(COMPANY).replace("\n", "\r\n")})
    shell.folder.joinpath("org.yaml").touch()
    head = team.head()
    for arguments in ((), ("--exit-code",), ("HEAD", "marketing")):
        outcome = shell.okr("diff", *arguments)
        about = " · marketing" if "marketing" in arguments else ""
        expected = f"Acme · HEAD ({head}) → working tree{about}\nNo change in our goals.\n"
        assert (outcome.status, outcome.out) == (0, expected)
    assert "No change in our goals." in shell.okr("diff", "--format", "html").out
    assert answer(shell)["changed"] is False


def test_what_is_asked_about_limits_what_is_shown(team: Team) -> None:
    branch(team)
    shell = team.shell

    def shown(*arguments: str) -> tuple[list[str], list[str], list[str]]:
        found = answer(shell, "main...", *arguments)
        objectives = [each for owner in found["owners"] for each in owner["objectives"]]
        return (
            [each["ref"] for each in objectives],
            [each["path"] for each in found["findings"]],
            found["refs"],
        )

    sales = ["2026-Q4/sales/deals", "2026-Q4/sales/speed"]
    assert shown("sales") == (sales, [], ["sales"])
    assert shown("okrs/2026-Q4/sales.yaml") == (sales, [], ["2026-Q4/sales"])
    assert shown("okrs/2026") == (["2026/company/lead"], [], ["2026"])
    assert shown("--cycle", "2026")[0] == ["2026/company/lead"]
    assert shown("visits") == (["2026-Q4/marketing/brand"], [PLAN] * 3, ["2026-Q4/marketing/brand/visits"])
    assert shown("kpis/nps") == ([], [], ["kpis/nps"])
    assert shown("--cycle", "2025-q4") == ([], [], [])
    assert answer(shell, "main...", "kpis/nps")["kpis"][0]["value"] == {"old": None, "new": 34}
    # What is only on the old side is understood as well; without a revision the working tree is compared.
    assert shown("marketing/speed")[0] == ["2026-Q4/sales/speed"]
    inside = replace(shell, folder=shell.folder / "okrs")
    assert answer(inside, "main...", "2026-Q4/marketing.yaml")["refs"] == ["2026-Q4/marketing"]
    assert answer(shell, "marketing")["owners"] == []


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["mian"], 2, "error: “mian” names no commit, and there is no owner, objective or key result “mian”.\n  Did you mean main?\n"),
        (["yesterday"], 2, "yesterday”.\n  A day is named in figures here, such as 2026-11-23.\n"),
        (["20.11.2026..HEAD"], 2, "  A day is written as 2026-11-20. See `git log"),
        (["nowhere..HEAD"], 2, "There is no commit “nowhere” in this repository."),
        (["main...nowhere"], 2, "There is no commit “nowhere” in this repository."),
        (["main", "brnd"], 2, "There is no owner, objective or key result “brnd”.\n  The nearest are:\n    marketing/brand\n"),
        (["HEAD", "main"], 2, "There is no owner, objective or key result “main”; it is a commit.\n  Two are compared as `okr diff HEAD..main`.\n"),
        (["--", "--output=x"], 2, "“--output=x” names no commit"),
        (["--", "-x..HEAD"], 2, "There is no commit “-x” in this repository."),
        (["--output=x"], 2, "No such option"),
        (["2026-02-30"], 2, "There is no day 2026-02-30."),
        (["--cycle", "nope"], 2, "There is no cycle “nope”."),
        (["HEAD", "org.yaml"], 2, "org.yaml is neither a plan nor a log"),
        (["--json", "--format", "html"], 2, "contradict each other"),
        (["main..lonely"], 0, ""),
        (["main...lonely"], 1, "error: main and lonely have no commit in common here.\n  `main..lonely` compares the two as they are.\n"),
        (["lonely..empty"], 1, "neither side has a workspace in this folder: there is no okr.yaml at "),
    ],
)  # fmt: skip
def test_what_can_not_be_compared_is_said(
    refused: Shell, arguments: list[str], status: int, said: str
) -> None:
    outcome = refused.okr("diff", *arguments)
    assert outcome.status == status
    assert said.casefold() in outcome.err.casefold()
    assert bool(outcome.out) == (status == 0)


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The small workspace, and two branches that have neither a workspace nor an ancestor in common with it."""
    from tests.cli.conftest import SMALL_WORKSPACE, Shell

    top = tmp_path_factory.mktemp("refused")
    shell = Shell(top / "work", top / "home")
    shell.folder.mkdir()
    shell.home.mkdir()
    shell.write(SMALL_WORKSPACE)
    team = Team(shell)
    team.git("alice", "2026-10-01", "init", "--quiet", "--initial-branch=main")
    team.commit("alice", "2026-10-12", "Plan the quarter")
    tree = shell.run("git", "mktree", stdin="").out.strip()
    for name in ("lonely", "empty"):
        commit = team.git("alice", "2026-10-13", "commit-tree", "-m", name, tree).strip()
        shell.git("branch", name, commit)
    return shell


def test_without_a_commit_there_is_nothing_to_compare_with(workspace: Shell) -> None:
    outside = workspace.okr("diff")
    assert (outside.status, outside.out) == (1, "")
    assert "is in no git repository: there is nothing to compare its files with" in outside.err
    workspace.git("init", "--quiet")
    unborn = workspace.okr("diff")
    assert unborn.err == (
        "error: Nothing has been committed here yet: there is nothing to compare the files with.\n"
        "  Commit the plans first, with `git add` and `git commit`.\n"
    )
    assert unborn.status == 1
    bare = workspace.folder / "bare.git"
    workspace.git("init", "--quiet", "--bare", str(bare))
    workspace.folder.joinpath("okr.yaml").rename(workspace.folder / "was.yaml")
    assert "is a bare repository: it has no files" in workspace.okr("-C", str(bare), "diff").err


def test_a_workspace_in_a_folder_of_a_shallow_clone(team: Team) -> None:
    shell = team.shell
    shell.folder.joinpath("company").mkdir()
    for name in ("okr.yaml", "org.yaml", "okrs", "checkins"):
        shell.git("mv", name, f"company/{name}")
    team.commit("alice", "2026-11-01", "Move it")
    team.edit(f"company/{PLAN}", "to: 100000", "to: 80000")
    team.commit("alice", "2026-11-02", "Ask for less")
    shell.git("clone", "--quiet", "--depth", "2", f"file://{shell.folder}", "clone")
    inside = replace(shell, folder=shell.folder / "clone")
    found = answer(inside, "-C", "company", "HEAD~..HEAD")
    assert [each["ref"] for each in found["owners"][0]["objectives"]] == ["2026-Q4/marketing/brand"]
    comment = inside.okr("-C", "company", "diff", "HEAD~", "--format", "markdown").out
    assert comment.startswith("<!-- okr diff: company -->\n### Acme: what changes in our goals\n")
    # Where the workspace was elsewhere, or not there yet, all of it is new.
    assert {
        each["presence"]
        for each in answer(replace(shell, folder=shell.folder / "company"), "HEAD~2..")["owners"]
    } == {"added"}
    shell.git("branch", "first", "main~2")
    shell.git("clone", "--quiet", "--depth", "1", "--no-single-branch", f"file://{shell.folder}", "shallow")
    apart = replace(shell, folder=shell.folder / "shallow").okr("-C", "company", "diff", "origin/first...")
    assert apart.status == 1
    assert apart.err == (
        "error: origin/first and HEAD have no commit in common here.\n"
        "  This clone is shallow: `git fetch --unshallow` brings the older commits; in CI, fetch all of the history.\n"
    )
    cut = inside.okr("-C", "company", "diff", "HEAD~3..")
    assert cut.status == 2
    assert "This clone is shallow: `git fetch --unshallow` brings the older commits." in cut.err
    alone = replace(shell, folder=shell.folder / "shallow").okr("-C", "company", "diff", "HEAD~1")
    assert "  This clone is shallow: `git fetch --unshallow` brings the older commits. " in alone.err


def test_a_side_that_can_not_be_read_is_named_with_its_place(team: Team) -> None:
    shell = team.shell
    whole = shell.read(PLAN)
    team.edit(PLAN, "to: 100000", "too: 100000")
    team.commit("bob", "2026-11-01", "Break it")
    new = shell.okr("diff", "HEAD~..HEAD", "--json")
    assert (new.status, new.out) == (1, "")
    assert new.err.startswith(f"HEAD:{PLAN}:11:9: error: OKR112 ")
    assert new.err.endswith(
        "error: 1 error keeps okr from comparing: HEAD can't be read whole.\n"
        "  Mend the new side, then try again; `okr validate` explains each.\n"
    )
    shell.write({PLAN: whole})
    old = shell.okr("diff").err
    assert old.startswith(f"HEAD:{PLAN}:11:9: error: OKR112 ")
    assert old.endswith(
        f"  Compare from a commit in which it is whole: `git log -- {PLAN}` lists those that touched it.\n"
    )
    shell.write({PLAN: "objectives: [\n"})
    both = shell.okr("diff").err
    assert f"\n{PLAN}:" in both
    assert "keep okr from comparing: HEAD and the working tree can't be read whole." in both
    # A file that is broken on both sides alike does not matter to what else changes.
    shell.write({PLAN: shell.git("show", f"HEAD:{PLAN}")})
    team.edit(COMPANY, "to: 20", "to: 30")
    assert "target 20 → 30% (+50%)" in shell.okr("diff").out


HOSTILE = "x \\u202e<b>@all</b> **y** ![z](http://e.example) | `q` \\e[31mred ]]> &amp; #12"


def test_what_files_say_is_text_in_every_format(team: Team) -> None:
    shell = team.shell
    team.edit(PLAN, "title: Make our brand the one people think of first", f'title: "{HOSTILE}"')
    team.edit("org.yaml", "name: Marketing", f'name: "{HOSTILE}"')
    shell.write({"okr.yaml": f'name: "{HOSTILE}"\n'})
    text, markdown, page, data = (
        shell.okr("diff", "--format", each).out for each in ("text", "markdown", "html", "json")
    )
    for each in (text, markdown, page, data):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", each)
    assert "x \\u202e<b>@all</b> **y** ![z](http://e.example)" in " ".join(text.split())
    body = markdown.replace("&#8203;", "").split("-->", 1)[1]
    assert not re.search(r"<(?!/?sub>)|[@`|\[\]]|\*\*y|http:", body)
    assert "&#60;b&#62;&#64;all&#60;&#47;b&#62; &#42;&#42;y&#42;&#42;" in body
    found = Page(page)
    assert found.tags <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "section", "ul", "li", "span", "small", "strong",
    }  # fmt: skip
    assert (
        "x \\u202e<b>@all</b> **y** ![z](http://e.example) | `q` \\u001b[31mred ]]> &amp; #12" in found.text
    )
    assert json.loads(data)["owners"][0]["name"].startswith("x \u202e<b>@all</b>")


class Page(HTMLParser):
    """What a page consists of; every tag that needs it is closed in order, and the policy allows the one style sheet."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.policy = ""
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []
        style = source.partition("<style>")[2].partition("</style>")[0]
        digest = b64encode(sha256(style.encode()).digest()).decode()
        assert (
            self.policy
            == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        said = dict(attrs)
        if said.get("http-equiv") == "Content-Security-Policy":
            self.policy = said["content"] or ""
        assert said.keys() <= {"class", "lang", "charset", "http-equiv", "content", "name", "title"}
        if tag == "li":
            assert self._open[-1] == "ul"
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_comment_that_gets_too_long_says_what_is_left_out(team: Team) -> None:
    objectives = "".join(
        f"  - id: o{n}\n    title: {'Do it well ' * 40}\n    key_results: [{{id: a, title: Do it, from: 1, to: {n + 2}}}]\n"
        for n in range(150)
    )
    team.shell.write({"okrs/2026-Q4/bob.yaml": f"objectives:\n{objectives}"})
    comment = team.shell.okr("diff", "--format", "markdown").out
    assert 60_000 < len(comment) < 65_000
    assert re.search(r"\n\d+ lines did not fit here; `okr diff` shows them all\.\n$", comment)
    assert comment.index("**What that does**") < comment.index("Bob Stone")
    assert "bob has 150 objectives in 2026-Q4, at most 3 are asked for" in comment


def test_links_are_followed_on_both_sides(team: Team) -> None:
    shell = team.shell
    shell.folder.joinpath("okrs/2026-Q3").symlink_to("2026-Q4")
    team.commit("alice", "2026-11-01", "Plan alike")
    team.edit(PLAN, "to: 100000", "to: 80000")
    assert [each["cycle"] for each in answer(shell)["owners"]] == ["2026-Q3", "2026-Q4"]
    team.commit("alice", "2026-11-02", "Aim lower")
    assert [each["cycle"] for each in answer(shell, "HEAD~1..")["owners"]] == ["2026-Q3", "2026-Q4"]
