from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import TODAY

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

HOSTILE = '"<!channel> *bold* @bob #12 [x](http://e) _a_ s_n | ~~ \\e[2J `rm`"'


def test_everybody_by_name_with_the_days(repository: Shell) -> None:
    outcome = repository.okr("due")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "Acme · 2026-Q4                                                       23 Nov 2026",
        "1 Oct – 31 Dec 2026 · day 54 of 92, 38 left",
        "",
        "Alice Martin                                                     4 check-ins due",
        "  Answer within 4 hours                                             46 days late",
        "      marketing/speed/hours · no check-in yet · Marketing",
        "  Keep the site up 99.9% of the time                                46 days late",
        "      marketing/speed/uptime · no check-in yet · Marketing",
        "  Reach 100,000 monthly visits                                      35 days late",
        "      marketing/brand/visits · last on 12 Oct · Marketing",
        "  The new site is live                                              35 days late",
        "      marketing/brand/launch · last on 12 Oct · Marketing",
        "",
        "4 check-ins due. One after the other:",
        "  okr checkin",
        "  walks you through yours; `--owner ID` through another's.",
        "4 check-ins are due in 2026: `okr due --cycle 2026`.",
    ]


@pytest.mark.parametrize("columns", ["40", "60", "80", "120"])
def test_it_fits(repository: Shell, columns: str) -> None:
    lines = repository.okr("due", COLUMNS=columns).out.splitlines()
    assert max(map(len, lines)) <= int(columns)


def test_who_is_not_in_org_yaml_is_told_so(repository: Shell) -> None:
    repository.git("config", "user.name", "Zoë Ng")
    repository.git("config", "user.email", "zoe@acme.example")
    said = " ".join(repository.okr("due", "--mine").out.split())
    assert said.endswith(
        "org.yaml lists nobody called zoe-ng: add the e-mail address that git uses to yourself there, or "
        "`okr new person zoe-ng --email ADDRESS --team TEAM`."
    )


def test_json_lists_what_is_due_the_latest_first(repository: Shell) -> None:
    answer = json.loads(repository.okr("due", "--format", "json").out)
    assert (answer["schema"], answer["as_of"], answer["cycle"]) == (1, "2026-11-23", "2026-Q4")
    assert answer["due"][1:3] == [
        {
            "ref": "2026-Q4/marketing/speed/uptime", "title": "Keep the site up 99.9% of the time",
            "person": "alice", "owner": "marketing", "last_checkin": None, "due": "2026-10-08", "days_late": 46,
        },
        {
            "ref": "2026-Q4/marketing/brand/visits", "title": "Reach 100,000 monthly visits", "person": "alice",
            "owner": "marketing", "last_checkin": "2026-10-12", "due": "2026-10-19", "days_late": 35,
        },
    ]  # fmt: skip
    assert answer["elsewhere"] == [{"cycle": "2026", "due": 4}]
    assert json.loads(repository.okr("due", "--json", "--mine").out) == answer | {"elsewhere": []}


def test_markdown_is_a_list_to_tick_off(repository: Shell) -> None:
    outcome = repository.okr("due", "--format", "markdown")
    assert outcome.out.splitlines()[:8] == [
        "## Check-ins due on 23 Nov 2026",
        "",
        "Acme, 2026-Q4: 4 check-ins are due. In 2026, 4 are due.",
        "",
        "### Alice Martin",
        "",
        "- [ ] Answer within 4 hours (46 days late): `okr checkin marketing/speed/hours VALUE`",
        "- [ ] Keep the site up 99\\.9% of the time (46 days late): `okr checkin marketing/speed/uptime VALUE`",
    ]


def test_slack_gets_a_message_for_each_person(repository: Shell) -> None:
    outcome = repository.okr("due", "--format", "slack", "--cycle", "2026-Q4")
    assert outcome.out.splitlines()[:4] == [
        "*Check-ins: Acme, 2026-Q4* – 4 check-ins are due.",
        "",
        "*Alice Martin*",
        "• Answer within 4 hours (46 days late): `okr checkin marketing/speed/hours VALUE`",
    ]


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        (
            "slack",
            "• &lt;!channel&gt; ∗bold∗ @\u200bbob #\u200b12 [x](http://e) ＿a＿ s_n | ∼∼ \\u001b[2J ˋrmˋ (46",
        ),
        (
            "markdown",
            "- [ ] \\<\\!channel\\> \\*bold\\* @\u200bbob \\#\u200b12 \\[x\\]\\(http\\://e\\) \\_a\\_ s\\_n \\| \\~\\~ \\\\u001b\\[2J \\`rm\\` (46",
        ),
        ("text", "  <!channel> *bold* @bob #12 [x](http://e) _a_ s_n | ~~"),
    ],
)
def test_hostile_titles_stay_words(repository: Shell, form: str, shown: str) -> None:
    path = "okrs/2026-Q4/marketing.yaml"
    repository.write({path: repository.read(path).replace("Answer within 4 hours", HOSTILE)})
    out = repository.okr("due", "--format", form).out
    assert shown in out
    assert "\x1b" not in out


def check_all_in(shell: Shell, *, day: str) -> None:
    for reference, value in (("visits", "50000"), ("launch", "beta"), ("hours", "20"), ("uptime", "99.9")):
        outcome = shell.okr("checkin", reference, value, "--date", day)
        assert outcome.status == 0, outcome.err


@pytest.mark.unmeasured
def test_check_ends_with_1_where_something_is_due(repository: Shell) -> None:
    assert repository.okr("due", "--check").status == 1
    check_all_in(repository, day="2026-11-17")
    assert repository.okr("due", "--check", "--owner", "marketing").status == 0
    assert repository.okr("due", "--check", "--owner", "marketing", "--as-of", "2026-11-24").status == 1


@pytest.mark.unmeasured
@pytest.mark.parametrize("form", ["text", "markdown", "slack", "json"])
def test_check_counts_what_is_due_in_another_running_cycle(repository: Shell, form: str) -> None:
    check_all_in(repository, day="2026-11-17")
    asked = ("due", "--check", "--format", form)
    outcome = repository.okr(*asked)
    assert (outcome.status, "2026" in outcome.out) == (1, True)
    assert repository.okr(*asked, "--owner", "company").status == 1
    assert repository.okr(*asked, "--cycle", "2026-Q4").status == 0
    assert repository.okr(*asked, "--cycle", "2026").status == 1
    repository.write({"okrs/2026/cycle.yaml": "state: closed\n"})
    assert repository.okr(*asked).status == 0


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            "text",
            "No check-in is due. The next is on 24 Nov 2026: marketing/brand/visits, Reach 100,000 monthly visits.",
        ),
        ("markdown", "Acme, 2026-Q4: no check-in is due; the next is on 24 Nov 2026."),
        ("slack", "*Check-ins: Acme, 2026-Q4* – no check-in is due; the next is on 24 Nov 2026."),
    ],
)
def test_nothing_due(repository: Shell, form: str, said: str) -> None:
    check_all_in(repository, day="2026-11-17")
    assert said in " ".join(repository.okr("due", "--format", form).out.split())


def test_who_has_annual_goals_alone_hears_of_them(repository: Shell) -> None:
    said = "4 check-ins are due in 2026: `okr due --owner company --cycle 2026`."
    out = repository.okr("due", "--owner", "company").out
    assert "No check-in of Acme is due, and none will be in 2026-Q4." in out
    assert out.splitlines()[-1] == said
    assert (
        json.loads(repository.okr("due", "--owner", "company", "--cycle", "2026", "--json").out)["elsewhere"]
        == []
    )
    repository.okr("checkin", "2026/company/lead/share", "12", "--date", "2026-11-22")
    assert "3 check-ins are due in 2026" in repository.okr("due").out


@pytest.mark.parametrize(
    ("cycle_file", "day", "said"),
    [
        ("state: closed\n", "2026-11-23", "2026-Q4 is closed: nothing is due in it any more."),
        (
            "state: planning\n",
            "2026-11-23",
            "2026-Q4 is still being planned: nothing is due before `okr plan start 2026-Q4`.",
        ),
        (None, "2026-09-20", "2026-Q4 has not begun: nothing is due before 1 Oct 2026."),
        (None, "2027-01-02", "2026-Q4 is over: `okr cycle close 2026-Q4` grades its key results"),
    ],
    ids=["closed", "planning", "not begun", "over"],
)
def test_a_cycle_that_is_not_running_has_nothing_due(
    repository: Shell, cycle_file: str | None, day: str, said: str
) -> None:
    if cycle_file:
        repository.write({"okrs/2026-Q4/cycle.yaml": cycle_file})
    outcome = repository.okr("due", "--cycle", "2026-Q4", "--check", "--as-of", day)
    assert outcome.status == 0
    assert said in " ".join(outcome.out.split())
    assert (
        "no check-in is due."
        in repository.okr("due", "--cycle", "2026-Q4", "--format", "markdown", "--as-of", day).out
    )


def test_what_to_type_in_another_cycle(repository: Shell) -> None:
    out = repository.okr("due", "--cycle", "2026", "--owner", "company").out
    assert "  okr checkin --owner company --cycle 2026\n" in out
    assert "2026/company/lead/share · no check-in yet" in out


def test_mine_is_what_i_am_asked_for(repository: Shell) -> None:
    repository.git("config", "user.name", "Bob Stone")
    repository.git("config", "user.email", "bob@acme.example")
    out = repository.okr("due", "--mine").out
    assert " ".join(out.split()).endswith(
        "No check-in of Bob Stone is due, and none will be in 2026-Q4. 4 check-ins of others are due: "
        "`okr due` shows whose, `okr checkin --all` walks you through them."
    )
    check_all_in(repository, day="2026-11-17")
    assert (
        "No check-in of Bob Stone is due, and none will be in 2026-Q4.\n"
        in repository.okr("due", "--mine").out
    )
    yearly = repository.okr("due", "--mine", "--cycle", "2026", "--at", "HEAD", "--as-of", TODAY)
    assert " ".join(yearly.out.split()).endswith("4 check-ins of others are due.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--mine", "--owner", "bob"), "--mine and --owner"),
        (("--owner", "nobody"), "There is no owner"),
        (
            ("--owner", "nobody"),
            "  The owners are:\n    alice\n    bob\n    company\n    marketing\n",
        ),
        (("--owner", "marketting"), "  Did you mean marketing?\n"),
        (("--format", "html"), "html"),
        (("--format", "markdown", "--json"), "--json and --format markdown contradict each other"),
        (("--json", "--format", "text"), "--json and --format text contradict each other"),
    ],
)
def test_wrong_command_lines(repository: Shell, arguments: tuple[str, ...], said: str) -> None:
    outcome = repository.okr("due", *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert said in outcome.err


def test_a_broken_file_is_an_error_of_the_whole_answer(repository: Shell) -> None:
    repository.write({"checkins/2026-Q4/marketing.yaml": "- {date: 2026"})
    outcome = repository.okr("due", "--check")
    assert (outcome.status, outcome.out) == (1, "")


@pytest.mark.parametrize("cycle", ["2025-Q1", "2027-Q3"])
def test_a_cycle_without_plans_is_said_to_have_none_as_in_status(repository: Shell, cycle: str) -> None:
    start = {
        "2025-Q1": "`okr new objective` with `--cycle 2025-Q1` starts one.",
        "2027-Q3": "`okr plan open 2027-Q3` makes everybody's.",
    }[cycle]
    told = repository.okr("due", "--cycle", cycle)
    words = " ".join(told.out.split())
    assert words.endswith(
        f"There is no plan for {cycle} yet. {start} There are plans for 2026, 2026-Q4: `okr status --cycle 2026-Q4`."
    )
    assert " ".join(repository.okr("status", "--cycle", cycle).out.split()).endswith(
        words.partition(" · ")[2][60:]
    )
    assert (
        "there is no plan for this cycle."
        in repository.okr("due", "--cycle", cycle, "--format", "markdown").out
    )


def test_what_markdown_and_slack_say_to_type_can_be_typed(repository: Shell) -> None:
    for form in ("markdown", "slack"):
        out = repository.okr("due", "--format", form).out
        assert out.splitlines()[-1] == (
            "In place of VALUE, type the number or the milestone of today."
            " `okr checkin` asks for one after the other."
        )
        commands = [line.split("`")[1] for line in out.splitlines() if "VALUE`" in line]
        assert len(commands) == 4
        typed = commands[0].replace("VALUE", "20").split()[1:]
        assert repository.okr(*typed, "--dry-run").status == 0


def test_teams_are_told_apart_from_people(repository: Shell) -> None:
    assert repository.okr("new", "team", "support", "--name", "Support", "--parent", "company").status == 0
    plan = repository.read("okrs/2026-Q4/marketing.yaml")
    repository.write({"okrs/2026-Q4/support.yaml": plan})
    said = "8 check-ins due from 1 person and 1 team. One after the other:"
    assert said in repository.okr("due").out.splitlines()
    repository.write({"okrs/2026-Q4/support.yaml": plan.replace("owner: alice", "owner: bob")})
    said = "8 check-ins due from 2 people and 1 team. One after the other:"
    assert said in repository.okr("due").out.splitlines()
