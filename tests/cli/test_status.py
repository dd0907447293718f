from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.screens import answer, screen, use_example, widest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

HOSTILE = '"[red]x[/red] :smile: \\e[2J\\u202eevil\\u2028[/]"'


def test_small_workspace(workspace: Shell) -> None:
    outcome = workspace.okr("status")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == screen("small-status", outcome.out)


@pytest.mark.parametrize("name", ["startup", "agence"])
def test_examples_at_80_columns(shell: Shell, name: str) -> None:
    outcome = use_example(shell, name).okr("status")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == screen(f"{name}-status", outcome.out)
    assert widest(outcome.out) == 80


def test_wide_table(shell: Shell) -> None:
    outcome = use_example(shell, "startup").okr("status", COLUMNS="160")
    assert outcome.out == screen("startup-status-wide", outcome.out)
    assert widest(outcome.out) == 160


@pytest.mark.parametrize("columns", ["40", "57", "80", "100", "120", "140", "200"])
def test_fits_every_width(shell: Shell, columns: str) -> None:
    outcome = use_example(shell, "agence").okr("status", COLUMNS=columns)
    # A command to copy stays in one piece.
    folded = [line for line in outcome.out.splitlines() if not line.startswith("  okr ")]
    assert widest("\n".join(folded)) <= int(columns)


def test_closed_cycle_shows_outcomes(shell: Shell) -> None:
    outcome = use_example(shell, "startup").okr("status", "--cycle", "FY26-Q3")
    assert outcome.out == screen("startup-status-closed", outcome.out)
    for prospect in ("on track", "at risk", "off track", "forecast", "attention"):
        assert prospect not in outcome.out


def test_json_is_exact(workspace: Shell) -> None:
    # visits: 5,500 of 58,000 visits at weight 2; launch: 0.3 at weight 1; 54 of 92 days have passed.
    found = answer(workspace.okr("status", "--json"))
    forecasts = {"forecast", "forecast_low", "forecast_high"}
    (owner,) = found.pop("owners")
    assert found == {
        "schema": 1, "workspace": "Acme", "cycle": "2026-Q4", "as_of": "2026-11-23", "at": None, "elapsed": 0.586957,
    }  # fmt: skip
    brand, speed = owner.pop("objectives")
    assert owner == {"id": "marketing", "name": "Marketing", "kind": "team", "score": 0.081609}
    visits, launch = brand.pop("key_results")
    assert {key: value for key, value in brand.items() if key not in forecasts} == {
        "ref": "2026-Q4/marketing/brand", "title": "Make our brand the one people think of first",
        "type": "aspirational", "owner": "alice", "supports": ["2026/company/lead"],
        "score": 0.163218, "status": "stale",
    }  # fmt: skip
    assert {key: value for key, value in visits.items() if key not in forecasts} == {
        "ref": "2026-Q4/marketing/brand/visits", "title": "Reach 100,000 monthly visits", "owner": "alice",
        "kind": "number", "from": 42000, "to": 100000, "at_least": None, "at_most": None, "kpi": None,
        "unit": "visits", "weight": 2, "value": 47500, "progress": 0.094828, "score": 0.094828,
        "expected": 0.586957, "confidence": 0.7, "status": "stale", "grade": None,
        "last_checkin": "2026-10-12", "checkins": 2,
    }  # fmt: skip
    assert (launch["kind"], launch["from"], launch["to"], launch["value"]) == (
        "milestones", None, "live", "signed",
    )  # fmt: skip
    assert (speed["type"], speed["status"], speed["forecast"]) == ("committed", "not started", None)
    uptime = speed["key_results"][1]
    assert (uptime["kind"], uptime["from"], uptime["to"], uptime["at_least"], uptime["value"]) == (
        "bounds", None, None, 99.9, None,
    )  # fmt: skip


def test_whole_numbers_stay_whole(workspace: Shell) -> None:
    out = workspace.okr("status", "visits", "--json").out
    assert '"from": 42000,' in out
    assert '"to": 100000,' in out
    assert '"value": 47500,' in out


def test_relative_target_and_kpi_baseline_are_reckoned(shell: Shell) -> None:
    found = answer(use_example(shell, "startup").okr("status", "growth", "--json"))
    teams, signups = found["owners"][0]["objectives"][0]["key_results"][:2]
    assert (teams["kind"], teams["kpi"], teams["from"], teams["to"], teams["unit"]) == (
        "kpi", "active-teams", 862, 1200, "teams",
    )  # fmt: skip
    assert (signups["from"], signups["to"]) == (240, 312)


@pytest.mark.parametrize(
    ("arguments", "refs"),
    [
        pytest.param(["marketing"], ["brand", "brand/visits", "brand/launch", "speed", "speed/hours", "speed/uptime"], id="owner"),
        pytest.param(["--owner", "marketing"], ["brand", "brand/visits", "brand/launch", "speed", "speed/hours", "speed/uptime"], id="owner option"),
        pytest.param(["speed"], ["speed", "speed/hours", "speed/uptime"], id="objective"),
        pytest.param(["marketing/brand/launch"], ["brand", "brand/launch"], id="key result"),
    ],
)  # fmt: skip
def test_shows_what_is_asked_for(workspace: Shell, arguments: list[str], refs: list[str]) -> None:
    found = answer(workspace.okr("status", *arguments, "--json"))
    shown = [
        each["ref"].removeprefix("2026-Q4/marketing/")
        for owner in found["owners"]
        for objective in owner["objectives"]
        for each in (objective, *objective["key_results"])
    ]
    assert shown == refs
    # A part is shown with the scores of the whole.
    assert found["owners"][0]["score"] == 0.081609


def test_reference_to_another_cycle_shows_that_cycle(workspace: Shell) -> None:
    assert answer(workspace.okr("status", "lead", "--json"))["cycle"] == "2026"
    assert answer(workspace.okr("status", "company", "--json"))["cycle"] == "2026"
    assert answer(workspace.okr("status", "company", "--cycle", "2026-Q4", "--json"))["owners"] == []


def test_advice_for_another_cycle_names_it(workspace: Shell) -> None:
    out = workspace.okr("status", "--cycle", "2026").out
    assert "  okr checkin 2026/company/lead/share VALUE\n" in out


def test_mine_is_what_git_says_i_am_accountable_for(repository: Shell) -> None:
    repository.write(
        {
            "okrs/2026-Q4/bob.yaml": """\
objectives:
  - id: learn
    title: Learn to listen
    supports: marketing/brand
    key_results:
      - {id: talks, title: Hold 30 interviews, from: 0, to: 30}
      - {id: alice-too, title: Share 10 notes, owner: alice, from: 0, to: 10}
"""
        }
    )
    found = answer(repository.okr("status", "--mine", "--json"))
    mine = {owner["id"]: [each["ref"] for each in owner["objectives"]] for owner in found["owners"]}
    assert mine == {"marketing": ["2026-Q4/marketing/brand"], "bob": ["2026-Q4/bob/learn"]}
    (learn,) = found["owners"][1]["objectives"]
    assert [each["ref"] for each in learn["key_results"]] == ["2026-Q4/bob/learn/alice-too"]
    repository.git("config", "user.email", "bob@acme.example")
    own = answer(repository.okr("status", "--mine", "--json"))["owners"]
    assert [owner["id"] for owner in own] == ["bob"]
    assert len(own[0]["objectives"][0]["key_results"]) == 2


def test_mine_without_anything(repository: Shell) -> None:
    repository.git("config", "user.email", "zoe@elsewhere.example")
    repository.git("config", "user.name", "Zoé Dupont")
    outcome = repository.okr("status", "--mine")
    assert outcome.status == 0
    assert "zoe-dupont is accountable for nothing in 2026-Q4." in outcome.out
    annual = repository.read("okrs/2026/company.yaml")
    repository.write(
        {
            "okrs/2026/company.yaml": annual.replace(
                "    key_results:", "    owner: zoe-dupont\n    key_results:", 1
            )
        }
    )
    assert (
        "zoe-dupont is accountable for nothing in 2026-Q4, but for something in 2026: `okr status --mine --cycle 2026`."
        in " ".join(repository.okr("status", "--mine").out.split())
    )


def test_mine_without_a_repository(workspace: Shell) -> None:
    outcome = workspace.okr("status", "--mine")
    assert (outcome.status, outcome.out) == (1, "")
    assert "this workspace is in no git repository" in outcome.err
    assert "Say it with --owner ID" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        pytest.param(["vists"], 2, "Did you mean marketing/brand/visits?", id="near miss"),
        pytest.param(["--owner", "marketng"], 2, "Did you mean marketing?", id="owner"),
        pytest.param(["--cycle", "spring"], 2, "Cycles here: 2026, 2026-Q4", id="unknown cycle"),
        pytest.param(["brand", "--owner", "marketing"], 2, "both say what to show", id="reference and owner"),
        pytest.param(["2026-Q4/marketing/brand", "--cycle", "2026"], 2, "Leave out one of the two", id="two cycles"),
    ],
)  # fmt: skip
def test_refusals(workspace: Shell, arguments: list[str], status: int, message: str) -> None:
    outcome = workspace.okr("status", *arguments)
    assert (outcome.status, outcome.out) == (status, "")
    assert message in outcome.err


def test_cycle_without_plans(workspace: Shell) -> None:
    out = workspace.okr("status", "--cycle", "2027-Q1").out
    assert "1 Jan – 31 Mar 2027 · begins in 39 days, on 1 Jan 2027" in out
    said = "There is no plan for 2027-Q1 yet. `okr plan open 2027-Q1` makes everybody's."
    assert said in " ".join(out.split())
    assert "`okr status --cycle 2026-Q4`" in out
    assert workspace.okr("cycle", "show", "2027-Q1").err.splitlines()[1] == (
        "  `okr plan open 2027-Q1` makes a plan. Cycles here: 2026, 2026-Q4."
    )
    workspace.write({"okrs/2027-Q1/cycle.yaml": "state: active\n"})
    shown = workspace.okr("cycle", "show", "2027-Q1").out
    assert "There is no plan in 2027-Q1 yet. `okr plan open 2027-Q1` makes everybody's." in shown
    workspace.write({"okrs/2027-Q1/cycle.yaml": "state: planning\n"})
    assert "`okr new objective` with `--cycle" in workspace.okr("status", "--cycle", "2027-Q1").out


def test_somebody_without_a_plan_is_told_what_they_have_to_do_with(workspace: Shell) -> None:
    def said(*arguments: str) -> str:
        return " ".join(workspace.okr("status", *arguments).out.split()).partition(" bob has no plan for ")[2]

    assert said("bob") == "2026-Q4, but belongs to marketing: `okr status marketing`."
    assert said("bob", "--cycle", "2026").startswith("2026 yet. `okr new objective`")
    plan = "okrs/2026-Q4/marketing.yaml"
    text = workspace.read(plan).replace("id: launch,", "id: launch, owner: bob,")
    workspace.write({plan: text.replace("type: committed", "type: committed\n    owner: bob")})
    accountable = "2026-Q4, but is accountable for marketing/brand/launch and 1 more: "
    assert said("bob") == f"{accountable}`okr due --owner bob`."
    assert said("bob", "--as-of", "2027-01-10", "--cycle", "2026-Q4") == (
        f"{accountable}`okr status 2026-Q4/marketing/brand/launch`."
    )
    workspace.write({"okrs/2026/bob.yaml": "objectives: []\n"})
    assert said("bob", "--cycle", "2026-Q4") == (
        f"{accountable}`okr due --owner bob`. There are plans for 2026: `okr status --cycle 2026`."
    )


@pytest.mark.parametrize(
    ("as_of", "facts", "words"),
    [
        ("2026-09-20", "", ["begins in 11 days, on 1 Oct 2026", "Nothing is due before the cycle begins."]),
        ("2026-10-03", "", ["day 3 of 92, 89 left", "None needs attention."]),
        (
            "2026-10-03",
            "state: planning\n",
            ["89 left · planning", "planned: `okr plan start 2026-Q4` starts it"],
        ),
        ("2026-12-31", "", ["day 92 of 92, the last one", "expected by today 1.00"]),
        (
            "2027-01-02",
            "",
            [
                "ended 2 days ago, on 31 Dec 2026 · not closed yet",
                "`okr cycle close 2026-Q4` grades its key results",
            ],
        ),
        (
            "2027-01-02",
            "state: closed\n",
            ["ended 2 days ago, on 31 Dec 2026 · closed", "The cycle is closed."],
        ),
    ],
    ids=["not begun", "young", "planning", "last day", "over", "closed"],
)
def test_time(workspace: Shell, as_of: str, facts: str, words: list[str]) -> None:
    if facts:
        workspace.write({"okrs/2026-Q4/cycle.yaml": facts})
    out = workspace.okr("status", "--cycle", "2026-Q4", "--as-of", as_of).out
    for each in words:
        assert each in out.replace("\n", " ")


def test_grades_are_shown_as_such(workspace: Shell) -> None:
    text = workspace.read("okrs/2026-Q4/marketing.yaml").replace("weight: 2", "weight: 2\n        grade: 0.5")
    workspace.write({"okrs/2026-Q4/marketing.yaml": text, "okrs/2026-Q4/cycle.yaml": "state: closed\n"})
    out = workspace.okr("status", "--as-of", "2027-01-15", "--cycle", "2026-Q4").out
    assert "47,500 visits (42,000 → 100,000) · 12 Oct · weight 2 · graded" in out
    assert "4 key results. 1 graded." in out


def test_guardrail_and_singular_words(workspace: Shell) -> None:
    workspace.write(
        {
            "okrs/2026-Q4/marketing.yaml": """\
objectives:
  - id: brand
    title: Be loved
    key_results:
      - {id: noise, title: At most 3 complaints, at_most: 3, weight: 0}
      - {id: range, title: Between 2 and 4, at_least: 2, at_most: 4, unit: days}
      - {id: none, title: No metric}
""",
            "checkins/2026-Q4/marketing.yaml": "- {date: 2026-11-22, kr: brand/noise, value: 5, confidence: 0.9}\n",
        }
    )
    out = workspace.okr("status").out
    assert "5 (at most 3) · confidence 0.9 > forecast 0.00 · yesterday · guardrail" in out
    assert "nothing measured yet (between 2 and 4 days) · no check-in" in out
    assert "no metric · no check-in" in out
    assert "1 objective, 3 key results; 3 need attention" in out
    wide = workspace.okr("status", COLUMNS="150").out
    assert "0.9 above" in wide
    assert "At most 3 complaints  guardrail" in wide


def test_one_needs_attention(workspace: Shell) -> None:
    workspace.write(
        {
            "okrs/2026-Q4/marketing.yaml": """\
objectives:
  - id: brand
    title: Be loved
    key_results:
      - {id: calls, title: Make 100 calls, from: 0, to: 100}
""",
            "checkins/2026-Q4/marketing.yaml": "- {date: 2026-11-23, kr: brand/calls, value: 10}\n",
        }
    )
    out = workspace.okr("status").out
    assert "1 needs attention: ▼ 1 off track." in out
    assert "The most pressing is marketing/brand/calls:\n  okr show marketing/brand/calls\n" in out
    assert "10 (0 → 100) · forecast 0.17 · today" in out


def test_french_figures(shell: Shell) -> None:
    out = use_example(shell, "agence").okr("status", "jules").out
    assert "8\u202f210 abonnés (7\u202f100 → 9\u202f000)" in out
    assert "47\u202f% (35\u202f% → 60\u202f%)" in out


def test_unknown_baseline(shell: Shell) -> None:
    out = use_example(shell, "startup").okr("status", "--cycle", "2027-Q1").out
    assert "nothing measured yet (unknown → 250 sign-ups)" in out


def test_hostile_text_stays_text(workspace: Shell) -> None:
    plan = workspace.read("okrs/2026-Q4/marketing.yaml")
    workspace.write(
        {
            "okrs/2026-Q4/marketing.yaml": plan.replace(
                "Make our brand the one people think of first", HOSTILE
            ).replace("unit: visits", f"unit: {HOSTILE}"),
            "okr.yaml": f"name: {HOSTILE}\n",
        }
    )
    for arguments in (("status",), ("tree",), ("show", "visits"), ("show", "brand")):
        for columns in ("80", "160"):
            out = workspace.okr(*arguments, COLUMNS=columns).out
            assert "[red]x[/red] :smile:" in out
            for unsafe in ("\x1b", "\u202e", "\u2028"):
                assert unsafe not in out
    name = json.loads(workspace.okr("status", "--json").out)["workspace"]
    assert name == "[red]x[/red] :smile: \x1b[2J\u202eevil\u2028[/]"


def test_broken_file_is_an_error_of_the_whole_answer(workspace: Shell) -> None:
    workspace.write({"okrs/2026-Q4/bob.yaml": "objectives: [\n"})
    for arguments in ((), ("--json",), ("nothing-like-this",)):
        outcome = workspace.okr("status", *arguments)
        assert (outcome.status, outcome.out) == (1, "")
        assert "okrs/2026-Q4/bob.yaml:" in outcome.err
        assert "Mend it, then try again; `okr validate` explains it." in outcome.err


def test_a_named_owner_needs_no_other_file(workspace: Shell) -> None:
    workspace.write({"okrs/2026-Q4/bob.yaml": "objectives: [\n"})
    assert answer(workspace.okr("status", "marketing", "--json"))["owners"][0]["id"] == "marketing"
    assert workspace.okr("status", "marketing/brand").status == 0


def test_without_org_owners_are_whoever_has_a_plan(workspace: Shell) -> None:
    (workspace.folder / "org.yaml").unlink()
    found = answer(workspace.okr("status", "--json"))
    assert [(owner["id"], owner["kind"]) for owner in found["owners"]] == [("marketing", "owner")]
    assert workspace.okr("status").out.splitlines()[3].startswith("marketing   ")


def test_colour_only_where_it_is_wanted(workspace: Shell) -> None:
    assert "\x1b" not in workspace.okr("status").out
    assert "\x1b" not in workspace.okr("--no-color", "status").out


def test_mine_without_an_identity(repository: Shell) -> None:
    repository.git("config", "--unset", "user.name")
    repository.git("config", "--unset", "user.email")
    repository.git("config", "user.useConfigOnly", "true")
    outcome = repository.okr("status", "--mine")
    assert (outcome.status, outcome.out) == (1, "")
    assert "git config user.name NAME" in outcome.err


def test_a_wide_title_is_folded_below_itself(workspace: Shell) -> None:
    plan = workspace.read("okrs/2026-Q4/marketing.yaml")
    long = "Reach 100,000 monthly visits of people who have never heard of us before and come back twice"
    workspace.write({"okrs/2026-Q4/marketing.yaml": plan.replace("Reach 100,000 monthly visits", long)})
    lines = workspace.okr("status", COLUMNS="160").out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("    Reach 100,000"))
    assert lines[at + 1].startswith("    ")
    assert lines[at + 1].split()[0] in long.split()
    assert max(map(len, lines)) <= 160


@pytest.mark.unmeasured
def test_a_title_that_has_no_end_is_cut_where_many_are_shown(repository: Shell) -> None:
    endless = " ".join(["visits"] * 1400)
    plan = repository.read("okrs/2026-Q4/marketing.yaml").replace("Reach 100,000 monthly visits", endless)
    repository.write({"okrs/2026-Q4/marketing.yaml": plan})
    cut = f"{endless[:239].rstrip()}…"
    for command in ("status", "review", "due", "show marketing/brand", "checkin visits 60000 --no-commit"):
        outcome = repository.okr(*command.split())
        assert outcome.status == 0, command
        said = outcome.out.split()
        assert 0 < said.count(cut.rsplit(maxsplit=1)[-1]) <= 3, command
        assert said.count("visits") < 40 * said.count(cut.rsplit(maxsplit=1)[-1]), command
    plain = repository.okr("status", "--plain").out
    assert cut in plain
    assert repository.okr("show", "visits").out.split().count("visits") > 1400
    for command in ("status", "show visits"):
        assert endless in repository.okr(*command.split(), "--json").out


@pytest.mark.unmeasured
@pytest.mark.parametrize("columns", range(40, 100, 3))
def test_a_sign_stays_with_its_words(workspace: Shell, columns: int) -> None:
    lines = workspace.okr("status", COLUMNS=str(columns)).out.splitlines()
    assert not [line for line in lines if line.endswith(("▼ 1", "▼ 2", "… 1", "… 2", "○ 1", "○ 2", "…", "○"))]


def test_bars_and_signs_in_ascii(workspace: Shell) -> None:
    done = workspace.okr("status", PYTHONIOENCODING="ascii")
    assert (done.status, done.err) == (0, "")
    assert "?" not in done.out
    assert "#" in done.out
    told = done.out.splitlines()
    shown = workspace.okr("status").out.splitlines()
    assert list(map(len, told)) == list(map(len, shown))


def test_a_log_that_leads_out_of_the_workspace_is_not_looked_into_for_what_waits(repository: Shell) -> None:
    before = repository.okr("status")
    (repository.home / "notes.yaml").write_text("- {date: 2026-11-02, kpi: users, value: 5}\n")
    repository.write({"checkins/2026-Q3/marketing.yaml": ""})
    (repository.folder / "checkins/kpis.yaml").symlink_to(repository.home / "notes.yaml")
    assert repository.okr("status") == before
    (repository.folder / "checkins/kpis.yaml").unlink()
    (repository.folder / "checkins/kpis.yaml").symlink_to("/proc/self/mem")
    assert repository.okr("status") == before  # it can't even be read
