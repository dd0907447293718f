from __future__ import annotations

import json
from datetime import date

import pytest

from okr.files import FileChanged
from okr.operations.adding.adding import NewTeam, add_team, write_addition
from okr.operations.schemas import schema_of
from okr.sources import Folder
from okr.workspace import Workspace
from tests.cli.conftest import SMALL_WORKSPACE, Shell

PLAN = "okrs/2026-Q4/marketing.yaml"


def added(shell: Shell, *arguments: str) -> str:
    outcome = shell.okr("new", *arguments)
    assert outcome.status == 0, outcome.err
    return outcome.out


def test_an_objective_goes_to_the_end_of_its_plan(workspace: Shell) -> None:
    outcome = workspace.okr(
        "new", "objective", "Make every visitor feel at home", "--owner", "marketing", "--id", "home",
        "--why", "They leave: too soon", "--type", "committed", "--supports", "lead", "--accountable", "alice",
        "--tag", "site", "--depends-on", "brand/visits",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    assert outcome.out == (
        "Added the objective 2026-Q4/marketing/home\n"
        f"  {PLAN}:21\n"
        "Next:\n"
        "  okr new key-result TITLE --objective 2026-Q4/marketing/home --from 0 --to 100 --unit UNIT\n"
    )
    assert outcome.err == "note: until it has 2 key results, `okr validate` reports OKR203.\n"
    assert workspace.read(PLAN) == SMALL_WORKSPACE[PLAN] + (
        "  - id: home\n"
        "    title: Make every visitor feel at home\n"
        '    why: "They leave: too soon"\n'
        "    owner: alice\n"
        "    type: committed\n"
        "    supports: 2026/company/lead\n"
        "    depends_on: marketing/brand/visits\n"
        "    tags: [site]\n"
    )


def test_a_plan_is_made_where_there_is_none(workspace: Shell) -> None:
    added(workspace, "objective", "Feel at home", "--owner", "bob", "--cycle", "2027-q1")
    assert workspace.read("okrs/2027-Q1/bob.yaml") == (
        "# yaml-language-server: $schema=../../.okr/schema/plan.json\n"
        "# The plan of Bob Stone for 2027-Q1: few objectives, each with a few key results. `okr validate` checks it.\n"
        "objectives:\n"
        "  - id: feel-at-home\n"
        "    title: Feel at home\n"
    )


@pytest.mark.unmeasured
def test_a_plan_is_built_step_by_step(workspace: Shell) -> None:
    first = workspace.okr("new", "objective", "Feel at home", "--owner", "bob")
    assert first.out.splitlines()[2:] == [
        "Made .okr/schema/plan.json too, by which editors check it: commit both",
        "Next:",
        "  okr new key-result TITLE --objective 2026-Q4/bob/feel-at-home --from 0 --to 100 --unit UNIT",
        "  okr new objective TITLE --owner bob --cycle 2026-Q4",
    ]
    assert json.loads(workspace.read(".okr/schema/plan.json")) == schema_of("plan")
    assert first.err.splitlines()[:2] == [
        "note: until bob has 2 objectives in 2026-Q4, `okr validate` reports OKR201.",
        "note: until it has 2 key results, `okr validate` reports OKR203.",
    ]
    key_result = ("new", "key-result", "--objective", "feel-at-home", "--from", "0", "--to")
    second = workspace.okr(*key_result, "10", "10 guests stay")
    assert second.out.splitlines()[2:] == [
        "Next:",
        "  okr new key-result TITLE --objective 2026-Q4/bob/feel-at-home --from 0 --to 100 --unit UNIT",
    ]
    assert second.err == "note: until its objective has 2 key results, `okr validate` reports OKR203.\n"
    third = workspace.okr(*key_result, "20", "20 guests return")
    assert third.out.splitlines()[2:] == [
        "Next:",
        "  okr show 2026-Q4/bob/feel-at-home/20-guests-return",
        "  okr validate",
        "  git add okrs/2026-Q4/bob.yaml",
    ]
    assert third.err == ""


def test_while_planning_a_step_brings_only_a_warning(workspace: Shell) -> None:
    workspace.write({"okrs/2026-Q4/cycle.yaml": "state: planning\n"})
    outcome = workspace.okr("new", "objective", "Make everyone feel at home", "--owner", "marketing")
    first = outcome.err.splitlines()[0]
    assert first == "note: until it has 2 key results, `okr validate` reports OKR203, as a warning."


def test_ids_made_from_titles_are_new_and_read_as_text(workspace: Shell) -> None:
    workspace.write({"checkins/2026-Q4/bob.yaml": "- {date: 2026-10-05, kr: on/x, value: 1}\n"})
    title = added(workspace, "objective", "On", "--owner", "bob").splitlines()[0]
    assert title == "Added the objective 2026-Q4/bob/on-2"
    added(workspace, "objective", "True", "--owner", "bob")
    added(workspace, "objective", "True", "--owner", "bob")
    assert 'id: "true"\n    title: "True"\n' in workspace.read("okrs/2026-Q4/bob.yaml")
    assert "\n\n  - id: true-2\n" in workspace.read("okrs/2026-Q4/bob.yaml")


KEY_RESULTS = {
    "a number": (
        ["--from", "42k", "--to", "100,000", "--unit", "visits", "--weight", "2", "--accountable", "bob"],
        {"owner": "bob", "unit": "visits", "from": "42000", "to": "100000", "weight": "2"},
    ),
    "a share of the baseline": (["--from", "240", "--to", "+30%"], {"from": "240", "to": "+30%"}),
    "less than the baseline": (["--from", "240", "--to", "-12.5%"], {"from": "240", "to": '"-12.5%"'}),
    "below zero": (["--from=-5", "--to", "=-1.5"], {"from": "-5", "to": "-1.5"}),
    "percent": (["--from", "12%", "--to", "20%"], {"unit": '"%"', "from": "12", "to": "20"}),
    "thresholds": (
        ["--from", "1", "--commit", "2", "--to", "3", "--stretch", "4"],
        {"from": "1", "commit": "2", "to": "3", "stretch": "4"},
    ),
    "bounds": (["--at-least", "1", "--at-most", "5"], {"at_least": "1", "at_most": "5"}),
    "milestones": (
        ["--milestone", "signed=0.3", "--milestone", "in use=70%", "--milestone", "yes=1"],
        {"milestones": '{signed: 0.3, in use: 0.7, "yes": 1.0}'},
    ),
}  # fmt: skip


@pytest.mark.unmeasured
@pytest.mark.parametrize(("options", "keys"), KEY_RESULTS.values(), ids=KEY_RESULTS)
def test_a_key_result_is_measured_in_any_way(
    workspace: Shell, options: list[str], keys: dict[str, str]
) -> None:
    told = added(
        workspace, "key-result", "The outcome we want", "--objective", "speed", "--id", "new", *options
    )
    assert told.splitlines()[:2] == ["Added the key result 2026-Q4/marketing/speed/new", f"  {PLAN}:21"]
    lead, rest = SMALL_WORKSPACE[PLAN], ""
    flow = f"      - {{id: new, title: The outcome we want, {', '.join(f'{k}: {v}' for k, v in keys.items())}}}\n"
    assert workspace.read(PLAN) == lead + flow + rest
    assert workspace.okr("validate").status == 0


def test_a_key_result_may_draw_on_a_kpi(workspace: Shell) -> None:
    added(workspace, "kpi", "site", "--name", "Visits: site", "--unit", "visits", "--owner", "marketing",
          "--at-least", "10k", "--why", "It all begins there")  # fmt: skip
    assert workspace.read("kpis.yaml") == (
        "# yaml-language-server: $schema=.okr/schema/kpis.json\n"
        "# KPIs are measured all year round; a key result may take its numbers from one with `kpi: ID`.\n"
        "kpis:\n"
        "  - id: site\n"
        '    name: "Visits: site"\n'
        "    unit: visits\n"
        "    owner: marketing\n"
        "    why: It all begins there\n"
        "    at_least: 10000\n"
    )
    added(workspace, "key-result", "20,000 visits", "--objective", "brand", "--kpi", "site", "--from", "1000",
          "--to", "20000")  # fmt: skip
    assert (
        '      - {id: 20000-visits, title: "20,000 visits", kpi: site, from: 1000, to: 20000}\n  - id: speed\n'
        in workspace.read(PLAN)
    )


def test_numbers_are_read_in_the_language_of_the_workspace(workspace: Shell) -> None:
    workspace.write({"okr.yaml": "name: Acme\nlanguage: fr\n"})
    added(
        workspace,
        "key-result",
        "Répondre en 2,5 heures",
        "--objective",
        "speed",
        "--from",
        "1 000",
        "--to",
        "2,5",
    )
    assert "from: 1000, to: 2.5}" in workspace.read(PLAN)


def test_teams_and_people_go_to_org(workspace: Shell) -> None:
    added(workspace, "team", "design", "--name", "Design, Research", "--parent", "company", "--lead", "bob")
    added(workspace, "person", "eve", "--name", "Ève", "--email", "eve@acme.example", "--team", "design")
    added(workspace, "person", "mo", "--email", "a@x.example", "--email", "b@x.example")
    assert workspace.read("org.yaml") == SMALL_WORKSPACE["org.yaml"].replace(
        "people:\n", '  - {id: design, name: "Design, Research", parent: company, lead: bob}\npeople:\n'
    ) + (
        "  - {id: eve, name: Ève, email: eve@acme.example, team: design}\n"
        "  - {id: mo, email: [a@x.example, b@x.example]}\n"
    )


def test_org_is_made_where_there_is_none(shell: Shell) -> None:
    shell.write({"okr.yaml": "language: fr\n"})
    added(shell, "team", "on")
    assert shell.read("org.yaml") == (
        "# yaml-language-server: $schema=.okr/schema/org.json\n"
        "# Les équipes et les personnes : tous ceux à qui l'on peut confier un objectif, un résultat clé ou un KPI.\n"
        "teams:\n"
        '  - {id: "on"}\n'
    )


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "# Ours\r\nobjectives:\r\n-   id: a   \r\n    title: 'One'  # x\r\n\r\n# end",
            "# Ours\r\nobjectives:\r\n-   id: a   \r\n    title: 'One'  # x\r\n\r\n-   id: b\r\n    title: Two\r\n\r\n# end",
        ),
        ("{objectives: [{id: a, title: One}]}", "{objectives: [{id: a, title: One}, {id: b, title: Two}]}"),
        (
            "objectives:\n  - {id: a, title: One}\n",
            "objectives:\n  - {id: a, title: One}\n\n  - {id: b, title: Two}\n",
        ),
        ("objectives: []\n", "objectives:\n  - id: b\n    title: Two\n"),
    ],
    ids=["CRLF, dashes at the margin, a comment at the end", "braces", "items in braces", "an empty list"],
)
def test_every_other_byte_of_a_plan_stays(workspace: Shell, before: str, after: str) -> None:
    workspace.write({"okrs/2026-Q4/bob.yaml": before})
    added(workspace, "objective", "Two", "--owner", "bob", "--id", "b")
    assert workspace.read("okrs/2026-Q4/bob.yaml") == after


@pytest.mark.unmeasured
def test_a_dry_run_shows_the_change_and_writes_nothing(workspace: Shell) -> None:
    assert added(workspace, "team", "design", "--dry-run") == (
        "--- a/org.yaml\n+++ b/org.yaml\n@@ -1,6 +1,7 @@\n"
        " teams:\n"
        "   - {id: company, name: Acme}\n"
        "   - {id: marketing, name: Marketing, parent: company, lead: alice}\n"
        "+  - {id: design}\n"
        " people:\n"
        "   - {id: alice, name: Alice Martin, email: alice@acme.example, team: marketing}\n"
        "   - {id: bob, name: Bob Stone, email: bob@acme.example, team: marketing}\n"
    )
    assert workspace.read("org.yaml") == SMALL_WORKSPACE["org.yaml"]
    assert added(workspace, "objective", "Two", "--owner", "bob", "--dry-run").startswith(
        "--- /dev/null\n+++ b/okrs/2026-Q4/bob.yaml\n@@ -0,0 +1,5 @@\n"
    )
    told = workspace.okr("new", "objective", "Two", "--owner", "bob", "--dry-run").err.splitlines()
    schema = "note: .okr/schema/plan.json would be made as well: the schema that the first line names."
    assert schema in told
    assert not (workspace.folder / "okrs/2026-Q4/bob.yaml").exists()
    assert not (workspace.folder / ".okr").exists()


REFUSED = {
    "an unknown owner": (
        ["objective", "X", "--owner", "marketng"], 2, "org.yaml knows no team or person “marketng”.\n  Did you mean marketing?",
    ),
    "an owner like no other": (
        ["objective", "X", "--owner", "zzz"], 2, "There are alice, bob, company, marketing",
    ),
    "a number in an objective": (["objective", "Reach 100,000 visits", "--owner", "bob"], 1, "OKR401"),
    "too many objectives": (["objective", "Third", "--owner", "company", "--cycle", "2026"], 1, "OKR202"),
    "an unknown reference": (
        ["objective", "X", "--owner", "bob", "--supports", "leed"], 2, "There is no objective or key result “leed”",
    ),
    "a type that is none": (["objective", "X", "--owner", "bob", "--type", "moonshot"], 1, "OKR115"),
    "an id that is taken": (
        ["objective", "X", "--owner", "marketing", "--id", "brand"], 2,
        f"The id brand is, or was, another objective or key result's: {PLAN}:2",
    ),
    "an id that is none": (["objective", "X", "--owner", "bob", "--id", "No Id"], 2, "Such as no-id;"),
    "an unknown cycle": (["objective", "X", "--owner", "bob", "--cycle", "2026-Q7"], 2, "There is no cycle"),
    "a closed cycle": (["objective", "X", "--owner", "bob", "--cycle", "2025"], 1, "The cycle 2025 is closed"),
    "a key result of a key result": (
        ["key-result", "X", "--objective", "brand/visits", "--to", "1"], 2,
        "“brand/visits” is a key result.\n  Name its objective: --objective 2026-Q4/marketing/brand",
    ),
    "no metric": (["key-result", "X", "--objective", "brand"], 2, "Nothing says how the key result is measured"),
    "no baseline": (
        ["key-result", "X", "--objective", "brand", "--to", "5"], 2, "--to says where to, but not from where",
    ),
    "a number that is none": (
        ["key-result", "X", "--objective", "brand", "--from", "1", "--to", "many"], 2, '--to: “many” is not a number.',
    ),
    "a change for a target": (
        ["key-result", "X", "--objective", "brand", "--from", "1", "--to", "+500"], 2,
        "--to: “+500” is a change, not a number.\n  Write the number itself, without a sign, or a share of the baseline",
    ),
    "a change for a bound": (
        ["key-result", "X", "--objective", "brand", "--at-least", "-5%"], 2, "Write =-5% for a number below zero",
    ),
    "two units": (
        ["key-result", "X", "--objective", "brand", "--at-least", "5%", "--unit", "visits"], 2,
        "--at-least is in %, but --unit says “visits”",
    ),
    "a milestone without a score": (
        ["key-result", "X", "--objective", "brand", "--milestone", "live"], 2, "--milestone: “live” has no score",
    ),
    "a milestone with a bad score": (
        ["key-result", "X", "--objective", "brand", "--milestone", "live=so"], 2, "--milestone live: ",
    ),
    "a milestone twice": (
        ["key-result", "X", "--objective", "brand", "--milestone", "a=0.5", "--milestone", "a=1"], 2, "is there twice",
    ),
    "a ladder that does not end": (
        ["key-result", "X", "--objective", "brand", "--milestone", "a=0.5"], 1, "OKR406",
    ),
    "an unknown KPI": (["key-result", "X", "--objective", "brand", "--kpi", "k", "--to", "1"], 1, "OKR607"),
    "a person's id for a team": (["team", "alice"], 2, "The id alice is, or was, another team or person's: org.yaml:5"),
    "a name for a team's id": (["team", "The Team"], 2, "`okr new team the-team --name 'The Team'`."),
    "an unknown parent": (["team", "x", "--parent", "nobody"], 1, "OKR603"),
    "a KPI that is there": (["kpi", "k", "--name", "K"], 2, "The id k is, or was, another KPI's: kpis.yaml:1"),
    "text that is none": (["team", "x", "--name", "\udcff"], 1, "is not valid text"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "status", "said"), REFUSED.values(), ids=REFUSED)
def test_what_would_be_wrong_is_refused(
    workspace: Shell, request: pytest.FixtureRequest, arguments: list[str], status: int, said: str
) -> None:
    workspace.write({"okrs/2025/cycle.yaml": "state: closed\n"})
    if "KPI that is there" in request.node.name:
        workspace.write({"kpis.yaml": "kpis: [{id: k, name: K}]\n"})
    if "too many" in request.node.name:
        workspace.write({"okr.yaml": "limits: {objectives: {min: 1, max: 2}}\n"})
    names = [path for path in workspace.folder.rglob("*") if path.is_file()]
    before = {path: path.read_bytes() for path in names}
    outcome = workspace.okr("new", *arguments)
    assert (outcome.status, outcome.out) == (status, ""), outcome.err
    assert said in outcome.err
    assert {path: path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file()} == before


def test_what_was_wrong_before_is_no_obstacle(workspace: Shell) -> None:
    workspace.write(
        {"okrs/2026-Q4/bob.yaml": "objectives:\n  - id: a\n    title: Reach 100 visits\n    colour: 1\n"}
    )
    assert workspace.okr("validate").status == 1
    added(workspace, "team", "design")
    outcome = workspace.okr("new", "objective", "Two", "--owner", "bob", "--id", "b")
    assert outcome.status == 0, outcome.err


def test_a_broken_file_is_not_added_to(workspace: Shell) -> None:
    workspace.write({"org.yaml": "teams: [\n"})
    outcome = workspace.okr("new", "team", "design")
    assert outcome.status == 1
    assert "org.yaml can't be changed safely: it has errors" in outcome.err
    assert workspace.read("org.yaml") == "teams: [\n"


def test_it_works_from_any_folder_below(workspace: Shell) -> None:
    below = Shell(workspace.folder / "okrs/2026-Q4", workspace.home)
    assert added(below, "team", "design").splitlines()[-1] == "  git add ../../org.yaml"
    outcome = workspace.okr("-C", "checkins", "new", "team", "sales")
    assert outcome.status == 0, outcome.err
    assert "  - {id: design}\n  - {id: sales}\npeople:\n" in workspace.read("org.yaml")


def test_two_people_at_once_do_not_overwrite_each_other(workspace: Shell) -> None:
    loaded = Workspace(Folder(workspace.folder), as_of=date(2026, 11, 23), title="work")
    prepared = add_team(loaded, NewTeam("design"))
    added(workspace, "team", "sales")
    meanwhile = workspace.read("org.yaml")
    with pytest.raises(FileChanged):
        write_addition(workspace.folder, prepared)
    assert workspace.read("org.yaml") == meanwhile


def test_owners_are_anybody_where_there_is_no_org(shell: Shell) -> None:
    shell.write({"okr.yaml": "name: Acme\n"})
    assert added(shell, "objective", "Begin", "--owner", "us").startswith(
        "Added the objective 2026-Q4/us/begin\n"
    )
    refused = shell.okr("new", "objective", "Begin", "--owner", "Us All")
    assert (refused.status, refused.err) == (
        2, "error: --owner: “Us All” is no id.\n  Write it with lower-case letters: us-all.\n"
    )  # fmt: skip


def test_text_that_commands_a_terminal_stays_text(workspace: Shell) -> None:
    told = added(
        workspace, "objective", "\x1b[2Jaway\n- id: forged", "--owner", "bob", "--id", "x", "--dry-run"
    )
    assert "\x1b" not in told
    assert '+    title: "\\x1b[2Jaway\\n- id: forged"\n' in told


def test_a_former_id_of_a_team_finds_its_plan(workspace: Shell) -> None:
    org = SMALL_WORKSPACE["org.yaml"].replace("lead: alice}", "lead: alice, formerly: [brand-team]}")
    workspace.write({"org.yaml": org, "okrs/2027-Q1/brand-team.yaml": "objectives:\n"})
    added(workspace, "objective", "Two", "--owner", "brand-team", "--cycle", "2027-Q1", "--id", "b")
    assert workspace.read("okrs/2027-Q1/brand-team.yaml") == "objectives:\n  - id: b\n    title: Two\n"


def test_help_shows_examples(shell: Shell) -> None:
    shown = shell.okr("new", "key-result", "--help").out
    assert 'okr new key-result "Grow sign-ups by 30%" --objective brand \\' in shown
    assert "objective" in shell.okr("new", "--help").out


def test_what_else_stands_among_objectives_is_no_bug_of_ours(workspace: Shell) -> None:
    workspace.write({PLAN: workspace.read(PLAN) + "  - just text\n"})
    added(workspace, "key-result", "More", "--objective", "marketing/brand", "--from", "0", "--to", "1")
    assert "      - {id: more, title: More, from: 0, to: 1}\n" in workspace.read(PLAN)
