from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import CTRL_C, CTRL_D, ENTER, TAB, Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell

LOG = "checkins/2026-Q4/marketing.yaml"
HOSTILE = '"[red]x[/red] \\e[2J\\u202eevil\\u2028[/]"'


def head(shell: Shell) -> str:
    return shell.git("log", "-1", "--format=%s").strip()


def drafts(shell: Shell) -> list[str]:
    folder = shell.folder / ".git/okr"
    return sorted(path.name for path in folder.glob("*")) if folder.exists() else []


def skip_all(terminal: Terminal, count: int) -> None:
    for _ in range(count):
        terminal.answer("Value", "s")


def test_a_whole_round_is_one_commit(repository: Shell) -> None:
    terminal = Terminal(repository, "checkin")
    terminal.answer("Value:", "20")
    terminal.answer("Confidence:", "60%")
    terminal.answer("Note:", "Two more people answer")
    terminal.answer("Value:", "s")
    terminal.answer("Value [47,500 visits]:", "+13.5k")
    terminal.answer("Confidence [0.7]:", "")
    terminal.answer("Note:", "")
    terminal.answer("Value [signed]:", "beta")
    terminal.answer("Confidence [0.8]:", "-")
    terminal.answer("Note:", "")
    terminal.asks("Record in one commit?")
    summary = terminal.lines[-11:]
    terminal.type(ENTER)
    assert terminal.ends() == 0
    assert summary == [
        "3 check-ins to record ──────────────────────────────────────────────────────────",
        "  Answer within 4 hours",
        "      20 hours · score 0.00 → 0.27 · confidence 0.6",
        "      Two more people answer",
        "  Reach 100,000 monthly visits",
        "      47,500 → 61,000 visits (+13,500) · score 0.09 → 0.33 · confidence 0.7",
        "  The new site is live",
        "      signed → beta · score 0.30 → 0.70",
        "  Skipped:",
        "      marketing/speed/uptime",
        "  Record in one commit?                              Enter records · b goes back",
    ]
    assert repository.read(LOG).splitlines()[2:] == [
        "- {date: 2026-11-23, kr: brand/visits, value: 61000, confidence: 0.7, by: alice}",
        "- {date: 2026-10-12, kr: brand/launch, value: signed, confidence: 0.8, by: bob}",
        "- {date: 2026-11-23, kr: brand/launch, value: beta, by: alice}",
        "- {date: 2026-11-23, kr: speed/hours, value: 20, confidence: 0.6, by: alice, note: Two more people answer}",
    ]
    assert head(repository) == "okr: 3 check-ins of marketing by alice"
    assert terminal.lines[-1] == (
        f"Recorded 3 check-ins, committed as {repository.git('rev-parse', '--short=7', 'HEAD').strip()}."
    )
    assert repository.git("status", "--porcelain") == ""
    assert drafts(repository) == []


@pytest.mark.unmeasured
def test_what_is_shown_of_a_key_result(repository: Shell) -> None:
    terminal = Terminal(repository, "checkin", NO_COLOR="1")
    skip_all(terminal, 2)
    terminal.asks("Value [47,500 visits]:")
    shown = terminal.lines[-11:]
    terminal.type(CTRL_C)
    assert terminal.ends() == 130
    assert shown == [
        "3 of 4 ──────────────────────────────────────────────────────────── 35 days late",
        "Reach 100,000 monthly visits",
        "marketing/brand/visits · from 42,000 to 100,000 visits",
        "  target 100,000 │                                  ┊           · · · · · · ·",
        "                 │                              · · · · · · · ·",
        "                 │                · · · · · · ·     ┊",
        "          42,000 │· ▁▁▁▁▁▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃",
        "                  1 Oct                                                 31 Dec",
        "  12 Oct: 47,500 visits, confidence 0.7, by alice",
        "  █▊░░░░░░░░░│░░░░░░░░  score 0.09  expected 0.59  forecast 0.73",
        "  Value [47,500 visits]:                      s skips · b goes back · ? explains",
    ]
    # No colour: the only rendition ever set is none.
    assert set(re.findall(rb"\x1b\[([0-9;]*)m", terminal.raw)) <= {b"0", b""}


def test_back_question_marks_and_bad_input(repository: Shell) -> None:
    terminal = Terminal(repository, "checkin", "--owner", "marketing")
    terminal.answer("Value:", "b")
    terminal.answer("Value:", "?")
    terminal.answer("Value:", "4 hours")
    terminal.answer("Value:", "20")
    terminal.answer("Confidence:", "7")
    terminal.answer("Confidence:", "b")
    terminal.answer("Value [20]:", "18")
    terminal.answer("Confidence:", "?")
    terminal.answer("Confidence:", "")
    terminal.answer("Note:", "?")
    terminal.answer("Note:", "")
    terminal.answer("Value:", "b")
    terminal.answer("Value [18]:", "")
    terminal.answer("Confidence:", "0.5")
    terminal.answer("Note:", "Better")
    skip_all(terminal, 2)
    terminal.answer("Value [signed]:", "betta")
    terminal.answer("Value [signed]:", "?")
    terminal.answer("Value [signed]:", "s")
    terminal.answer("Record in one commit?", "what")
    terminal.answer("Record in one commit?", "b")
    terminal.answer("Value [signed]:", "")
    terminal.answer("Confidence [0.8]:", "")
    terminal.answer("Note:", "")
    terminal.answer("Record in one commit?", "")
    assert terminal.ends() == 0
    text = " ".join(terminal.text.split())
    for sentence in (
        "This is the first question. s skips it, Ctrl-C leaves.",
        "The score is the share of that way. Enter leaves it out. - leaves the value out.",
        "“4 hours” has “hours” behind the number. Write 4 alone: the plan already says the unit.",
        "The confidence “7” is not from 0 to 1. Write 0.7 or 70%.",
        "How sure you are that the target will be reached by 31 Dec 2026",
        "What is behind it, in one line",
        "“betta” is no milestone of “The new site is live”. Did you mean “beta”? Its milestones: signed, beta, live.",
        "The milestone that is reached by now: signed, beta, live. Tab completes it.",
        "Enter keeps signed: it is checked in once more, as of today.",
        "Enter records, b goes back, Ctrl-C leaves and keeps what was entered.",
    ):
        assert sentence in text, sentence
    assert repository.read(LOG).splitlines()[3:] == [
        "- {date: 2026-11-23, kr: brand/launch, value: signed, confidence: 0.8, by: alice}",
        "- {date: 2026-11-23, kr: speed/hours, value: 18, confidence: 0.5, by: alice, note: Better}",
    ]


@pytest.mark.unmeasured
def test_ctrl_c_changes_nothing_and_offers_what_was_entered_again(repository: Shell) -> None:
    before = repository.git("rev-parse", "HEAD"), repository.read(LOG)
    terminal = Terminal(repository, "checkin")
    terminal.answer("Value:", "20")
    terminal.answer("Confidence:", "0.6")
    terminal.answer("Note:", "Two more people")
    terminal.answer("Value:", "99.95")
    terminal.asks("Confidence:")
    terminal.type(CTRL_C)
    assert terminal.ends() == 130
    assert "Nothing was recorded. What you entered for 2 key results is kept: the next" in terminal.text
    assert (repository.git("rev-parse", "HEAD"), repository.read(LOG)) == before
    assert repository.git("status", "--porcelain") == ""
    [kept] = drafts(repository)
    assert (repository.folder / ".git/okr" / kept).stat().st_mode & 0o777 == 0o600

    again = Terminal(repository, "checkin")
    again.answer("Go on with them? [Y/n]", "")
    again.answer("Confidence:", "")
    again.answer("Note:", "")
    skip_all(again, 2)
    again.answer("Record in one commit?", "")
    assert again.ends() == 0
    assert "You entered answers for 2 key results that were not recorded." in again.text
    assert repository.read(LOG).splitlines()[3:] == [
        "- {date: 2026-11-23, kr: speed/hours, value: 20, confidence: 0.6, by: alice, note: Two more people}",
        "- {date: 2026-11-23, kr: speed/uptime, value: 99.95, by: alice}",
    ]
    assert drafts(repository) == []


@pytest.mark.unmeasured
def test_what_was_entered_can_be_dropped(repository: Shell) -> None:
    first = Terminal(repository, "checkin")
    first.answer("Value:", "20")
    first.asks("Confidence:")
    first.type(CTRL_D)
    assert first.ends() == 130
    again = Terminal(repository, "checkin")
    again.answer("Go on with them? [Y/n]", "maybe")
    again.answer("Go on with them? [Y/n]", "n")
    again.asks("Value:")
    again.type(CTRL_C)
    assert again.ends() == 130
    assert drafts(repository) == []
    assert again.lines[-1] == "Nothing was recorded."


@pytest.mark.unmeasured
def test_what_was_checked_in_since_is_not_offered_again(repository: Shell) -> None:
    first = Terminal(repository, "checkin")
    first.answer("Value:", "20")
    first.asks("Confidence:")
    first.type(CTRL_C)
    first.ends()
    assert repository.okr("checkin", "hours", "19").status == 0
    again = Terminal(repository, "checkin")
    again.asks("Value:")
    again.type(CTRL_C)
    again.ends()
    assert "What you had entered for marketing/speed/hours is dropped" in again.text
    assert "1 of 3" in again.text


@pytest.mark.unmeasured
def test_what_was_entered_on_a_given_day_is_as_old_as_that_day(repository: Shell) -> None:
    """A day far ahead: the last check-in is later than the clock, and earlier than what was entered."""
    plan = repository.read("okrs/2026-Q4/marketing.yaml").replace("    supports: 2026/company/lead\n", "")
    log = "- {date: 2126-10-12, kr: speed/hours, value: 22}\n"
    repository.write({"okrs/2126-Q4/marketing.yaml": plan, "checkins/2126-Q4/marketing.yaml": log})
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Far ahead")
    for asked, typed in (("Value [22 hours]:", "20"), ("Go on with them? [Y/n]", "")):
        terminal = Terminal(repository, "checkin", "--as-of", "2126-11-23")
        if typed:
            skip_all(terminal, 3)
        terminal.answer(asked, typed)
        terminal.asks("Confidence:" if typed else "Value:")
        terminal.type(CTRL_C)
        assert terminal.ends() == 130


def test_somebody_faster_is_noticed_and_nothing_is_lost(repository: Shell) -> None:
    terminal = Terminal(repository, "checkin")
    skip_all(terminal, 2)
    terminal.answer("Value [47,500 visits]:", "")
    terminal.answer("Confidence [0.7]:", "")
    terminal.answer("Note:", "Nothing moved")
    skip_all(terminal, 1)
    terminal.asks("Record in one commit?")
    assert repository.okr("checkin", "visits", "55000", "--by", "bob").status == 0
    terminal.type(ENTER)
    terminal.answer("Value [55,000 visits]:", "56000")
    terminal.answer("Confidence [0.7]:", "")
    terminal.answer("Note [Nothing moved]:", "-")
    terminal.answer("Record in one commit?", "")
    assert terminal.ends() == 0
    text = " ".join(terminal.text.split())
    assert (
        "Meanwhile a check-in was made on 2026-Q4/marketing/brand/visits. Nothing of yours was recorded."
        in text
    )
    assert repository.read(LOG).splitlines()[2:4] == [
        "- {date: 2026-11-23, kr: brand/visits, value: 55000, by: bob}",
        '- {date: "2026-11-23T00:00:00+00:00", kr: brand/visits, value: 56000, confidence: 0.7, by: alice}',
    ]


def test_what_the_rules_refuse_is_asked_for_again(repository: Shell) -> None:
    terminal = Terminal(repository, "checkin", "--date", "2026-09-30")
    terminal.answer("Value:", "20")
    terminal.answer("Confidence:", "")
    terminal.answer("Note:", "")
    skip_all(terminal, 3)
    terminal.answer("Record in one commit?", "")
    terminal.answer("Value [20]:", "s")
    assert terminal.ends() == 0
    assert "2026-09-30" in terminal.text
    assert terminal.lines[-1] == "Nothing was entered, so nothing is recorded."
    assert repository.git("status", "--porcelain") == ""


def test_a_hook_that_refuses_leaves_the_answers_for_the_next_time(repository: Shell) -> None:
    hook = repository.folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not on a Monday >&2\nexit 1\n")
    hook.chmod(0o755)
    before = repository.read(LOG)
    terminal = Terminal(repository, "checkin")
    terminal.answer("Value:", "20")
    terminal.answer("Confidence:", "")
    terminal.answer("Note:", "")
    skip_all(terminal, 3)
    terminal.answer("Record in one commit?", "")
    assert terminal.ends() == 1
    assert "not on a Monday" in terminal.text
    assert "What you entered for 1 key result is kept" in terminal.text
    assert repository.read(LOG) == before
    assert len(drafts(repository)) == 1


def test_what_keeps_a_commit_from_being_made_is_said_before_the_questions(repository: Shell) -> None:
    repository.git("checkout", "--quiet", "--detach")
    terminal = Terminal(repository, "checkin")
    assert terminal.ends() == 1
    assert "1 of 4" not in terminal.text


def test_nothing_due_says_when_the_next_is(repository: Shell) -> None:
    for reference, value in (("visits", "50000"), ("launch", "beta"), ("hours", "20"), ("uptime", "99.9")):
        assert repository.okr("checkin", reference, value).status == 0
    terminal = Terminal(repository, "checkin")
    assert terminal.ends() == 0
    assert terminal.lines == [
        "No check-in of Alice Martin is due. The next is on 30 Nov 2026:",
        "marketing/brand/visits, Reach 100,000 monthly visits.",
    ]


def test_a_narrow_window(repository: Shell) -> None:
    terminal = Terminal(repository, "checkin", columns=40)
    skip_all(terminal, 2)
    terminal.answer("Value [47,500 visits]:", "61k")
    terminal.answer("Confidence [0.7]:", "?")
    terminal.answer("Confidence [0.7]:", "")
    terminal.asks("Note:")
    assert max(map(len, terminal.lines)) <= 40
    assert "Reach 100,000 monthly visits" in terminal.text
    terminal.type(CTRL_C)
    assert terminal.ends() == 130


def test_hostile_words_stay_words(repository: Shell) -> None:
    plan = repository.read("okrs/2026-Q4/marketing.yaml")
    plan = plan.replace("Answer within 4 hours", HOSTILE).replace("unit: hours", f"unit: {HOSTILE}")
    log = repository.read(LOG) + f"- {{date: 2026-10-06, kr: speed/hours, value: 25, note: {HOSTILE}}}\n"
    repository.write({"okrs/2026-Q4/marketing.yaml": plan, LOG: log})
    repository.git("commit", "--quiet", "--all", "--message", "By hand")
    terminal = Terminal(repository, "checkin", NO_COLOR="1")
    skip_all(terminal, 1)
    terminal.answer("Value [25 [red]x[/red]", "24")
    terminal.answer("Confidence", "?")
    terminal.asks("Confidence")
    terminal.type(CTRL_C)
    assert terminal.ends() == 130
    assert b"\x1b[2J" not in terminal.raw
    assert "\u202e" not in terminal.raw.decode()
    assert "[red]x[/red] \\u001b[2J\\u202eevil [/]" in terminal.text


@pytest.mark.unmeasured
def test_milestones_are_completed(repository: Shell) -> None:
    terminal = Terminal(repository, "checkin")
    skip_all(terminal, 3)
    terminal.asks("Value [signed]:")
    terminal.type("li")
    terminal.asks("Value [signed]: li")
    terminal.type(TAB)
    terminal.asks("Value [signed]: live")
    terminal.type(ENTER)
    terminal.answer("Confidence [0.8]:", "")
    terminal.answer("Note:", "")
    terminal.answer("Record in one commit?", "")
    assert terminal.ends() == 0
    assert "kr: brand/launch, value: live, confidence: 0.8" in repository.read(LOG)


def test_a_kpi_is_measured(repository: Shell) -> None:
    repository.write(
        {
            "kpis.yaml": "kpis:\n  - {id: site, name: Visits to the site, unit: visits, owner: bob}\n",
            "checkins/kpis.yaml": "- {date: 2026-10-30, kpi: site, value: 42000}\n"
            "- {date: 2026-11-02, kpi: site, value: 43000}\n",
            "okrs/2026-Q4/bob.yaml": "objectives:\n  - id: seen\n    title: Be seen\n    key_results:\n"
            "      - {id: reach, title: Reach many, kpi: site, from: 40000, to: 60000}\n"
            "      - {id: shares, title: Be shared, unit: shares, from: 0, to: 10}\n",
        }
    )
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "Watch the site")
    terminal = Terminal(repository, "checkin", "--owner", "bob")
    skip_all(terminal, 1)
    terminal.answer("Value [43,000 visits]:", "?")
    terminal.answer("Value [43,000 visits]:", "44k")
    terminal.answer("Note:", "Counted twice")
    terminal.answer("Record in one commit?", "")
    assert terminal.ends() == 0
    assert "Every key result that draws on it moves." in " ".join(terminal.text.split())
    assert repository.read("checkins/kpis.yaml").endswith(
        "- {date: 2026-11-23, kpi: site, value: 44000, by: alice, note: Counted twice}\n"
    )


def test_a_note_alone_is_no_check_in(repository: Shell) -> None:
    terminal = Terminal(repository, "checkin")
    terminal.answer("Value:", "")
    terminal.answer("Confidence:", "")
    terminal.answer("Note:", "Hello")
    terminal.answer("Note:", "-")
    skip_all(terminal, 3)
    assert terminal.ends() == 0
    assert "A note alone is no check-in" in terminal.text
    assert terminal.lines[-1] == "Nothing was entered, so nothing is recorded."


@pytest.mark.parametrize(
    ("options", "question", "said"),
    [
        (("--dry-run",), "Show what would happen?", "Nothing was written: 1 check-in would be recorded."),
        (("--no-commit",), "Record?", "Recorded 1 check-in, and committed nothing."),
    ],
    ids=["dry-run", "no-commit"],
)
def test_without_a_commit(repository: Shell, options: tuple[str, ...], question: str, said: str) -> None:
    before = repository.git("rev-parse", "HEAD")
    terminal = Terminal(repository, "checkin", "--all", "--by", "bob", *options)
    terminal.answer("Value:", "20")
    terminal.answer("Confidence:", "")
    terminal.answer("Note:", "")
    skip_all(terminal, 3)
    terminal.answer(question, "")
    assert terminal.ends() == 0
    assert terminal.lines[-1] == said
    assert repository.git("rev-parse", "HEAD") == before
    assert ("value: 20, by: bob" in repository.read(LOG)) == (options == ("--no-commit",))
    assert drafts(repository) == []


def test_in_a_plain_folder_drafts_are_the_users(workspace: Shell) -> None:
    options = ("checkin", "--owner", "alice", "--no-commit", "--cycle", "2026-Q4")
    terminal = Terminal(workspace, *options)
    terminal.answer("Value:", "20")
    terminal.asks("Confidence:")
    terminal.type(CTRL_C)
    assert terminal.ends() == 130
    assert len(list((workspace.home / ".local/state/okr").iterdir())) == 1
    again = Terminal(workspace, *options)
    again.answer("Go on with them? [Y/n]", "y")
    again.asks("Confidence:")
    again.type(CTRL_C)
    again.ends()


def test_a_draft_that_cannot_be_kept_is_said_once(repository: Shell) -> None:
    (repository.folder / ".git/okr").write_text("in the way")
    terminal = Terminal(repository, "checkin")
    terminal.answer("Value:", "20")
    terminal.answer("Confidence:", "")
    terminal.asks("Note:")
    terminal.type(CTRL_C)
    assert terminal.ends() == 130
    assert terminal.text.count("can't be kept") == 1
    assert terminal.lines[-1] == "Nothing was recorded."


def test_no_terminal_is_refused_with_what_to_use_instead(repository: Shell) -> None:
    outcome = repository.okr("checkin")
    assert (outcome.status, outcome.out) == (2, "")
    for way in ("okr checkin REF VALUE", "--from FILE", "--editor"):
        assert way in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--note", "x"),
        ("-c", "0.5"),
        ("--replace",),
        ("--json",),
        ("--mine", "--all"),
        ("visits", "5", "--all"),
        ("--commit-pending", "--dry-run"),
        ("--from", "-", "--editor"),
    ],
    ids=" ".join,
)
def test_options_that_make_no_sense_together(repository: Shell, arguments: tuple[str, ...]) -> None:
    outcome = repository.okr("checkin", *arguments)
    assert (outcome.status, outcome.out) == (2, "")


# Recorded but not committed


def leave_one_pending(shell: Shell) -> None:
    assert shell.okr("checkin", "2026/company/lead/share", "13", "--no-commit").status == 0


def test_a_check_in_left_uncommitted_is_offered_first(repository: Shell) -> None:
    leave_one_pending(repository)
    terminal = Terminal(repository, "checkin", "visits", "60000")
    terminal.answer("Commit it now? [Y/n]", "perhaps")
    terminal.answer("Commit it now? [Y/n]", "")
    assert terminal.ends() == 0
    assert "1 check-in was recorded but not committed (2026/company/lead/share)." in terminal.text
    assert "“perhaps” is neither y nor n. Enter means y." in terminal.text
    assert repository.git("rev-list", "--count", "HEAD").strip() == "3"


@pytest.mark.parametrize("key", ["n" + ENTER, CTRL_D], ids=["no", "ctrl-d"])
@pytest.mark.parametrize("arguments", [("launch", "live"), ()], ids=["one", "round"])
def test_without_it_nothing_goes_on(repository: Shell, arguments: tuple[str, ...], key: str) -> None:
    assert repository.okr("checkin", "launch", "beta", "--no-commit").status == 0
    log = repository.read(LOG)
    terminal = Terminal(repository, "checkin", *arguments)
    terminal.asks("Commit it now? [Y/n]")
    terminal.type(key)
    assert terminal.ends() == 1
    assert " ".join(terminal.text.split()).endswith(
        "error: Nothing was recorded: a commit of the same log would take it along. `okr checkin --commit-pending`"
        f" commits it; or take its line out of {LOG} by hand. Then try again."
    )
    assert repository.read(LOG) == log
    assert repository.git("rev-list", "--count", "HEAD").strip() == "1"


@pytest.mark.parametrize(
    "command", [("status",), ("due", "--json"), ("show", "visits"), ("tree",)], ids=lambda words: words[0]
)
def test_what_is_read_next_notes_what_was_left_uncommitted(
    repository: Shell, command: tuple[str, ...]
) -> None:
    before = repository.okr(*command)
    leave_one_pending(repository)
    outcome = repository.okr(*command)
    assert (before.status, before.err, outcome.status) == (0, "", 0)
    assert outcome.err == (
        "note: 1 check-in was recorded but not committed (2026/company/lead/share)."
        " `okr checkin --commit-pending` commits it.\n"
    )


def test_such_a_note_is_folded_at_blanks_on_a_terminal(repository: Shell) -> None:
    repository.write(
        {LOG: repository.read(LOG) + "- {date: 2026-11-22, kr: speed/uptime, value: 99, by: bob}\n"}
    )
    terminal = Terminal(repository, "due")
    assert terminal.ends() == 0
    assert terminal.lines[-2:] == [
        "note: 1 check-in was recorded but not committed",
        "(2026-Q4/marketing/speed/uptime). `okr checkin --commit-pending` commits it.",
    ]


def test_looking_for_it_is_one_git_process_and_none_outside_repositories(
    repository: Shell, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    repository.okr("status", GIT_TRACE2_EVENT=str(trace))
    started = [json.loads(line) for line in trace.read_text().splitlines()]
    assert ["status" in each["argv"] for each in started if each["event"] == "start"] == [True]
    trace.unlink()
    (repository.folder / ".git").rename(tmp_path / "aside")
    repository.okr("status", GIT_TRACE2_EVENT=str(trace))
    assert not trace.exists()


@pytest.mark.unmeasured
@pytest.mark.parametrize("typed", ["", "5\x7f"], ids=["nothing", "erased"])
@pytest.mark.parametrize("answers", [0, 1, 3])
def test_ctrl_d_leaves_as_ctrl_c_does(repository: Shell, answers: int, typed: str) -> None:
    terminal = Terminal(repository, "checkin")
    for prompt, answer in (("Value:", "20"), ("Confidence:", "0.5"), ("Note:", ""))[:answers]:
        terminal.answer(prompt, answer)
    terminal.asks(("Value:", "Confidence:", "", "Value:")[answers])
    terminal.type(typed + CTRL_D)
    assert terminal.ends() == 130
    kept = " What you entered for 1 key result is kept: the next `okr checkin` offers it again."
    assert " ".join(terminal.text.split()).endswith("Nothing was recorded." + (kept if answers else ""))
    assert len(drafts(repository)) == (1 if answers else 0)


def test_the_round_offers_it_too_and_ctrl_c_leaves(repository: Shell) -> None:
    leave_one_pending(repository)
    terminal = Terminal(repository, "checkin")
    terminal.asks("Commit it now? [Y/n]")
    terminal.type(CTRL_C)
    assert terminal.ends() == 130
    assert repository.git("rev-list", "--count", "HEAD").strip() == "1"


def test_elsewhere_a_note_names_what_commits_it(repository: Shell) -> None:
    leave_one_pending(repository)
    outcome = repository.okr("checkin", "visits", "60000")
    assert outcome.status == 0
    assert outcome.err == (
        "note: 1 check-in was recorded but not committed (2026/company/lead/share)."
        " `okr checkin --commit-pending` commits it.\n"
    )
    repository.write({"notes.txt": "mine\n"})
    done = repository.okr("checkin", "--commit-pending")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("Committed 1 check-in recorded before, as ")
    assert repository.git("log", "-1", "--format=%B").strip() == (
        "okr: company/lead/share 13\n\nOKR-Checkin: 2026/company/lead/share date=2026-11-23 value=13"
    )
    assert repository.git("show", "--format=", "--name-only").split() == ["checkins/2026/company.yaml"]
    assert repository.git("status", "--porcelain") == "?? notes.txt\n"
    assert repository.okr("checkin", "--commit-pending").out == "Every check-in is committed already.\n"


def test_a_log_changed_by_hand_is_not_committed_in_passing(repository: Shell) -> None:
    repository.write({LOG: repository.read(LOG).replace("44000", "45000"), "checkins/2026-Q4/README": "x"})
    assert repository.okr("checkin", "--commit-pending").out == "Every check-in is committed already.\n"
    assert repository.git("rev-list", "--count", "HEAD").strip() == "1"


def test_what_is_left_uncommitted_meanwhile_in_the_same_log_goes_along(repository: Shell) -> None:
    terminal = Terminal(repository, "checkin")
    terminal.asks("Value:")
    assert repository.okr("checkin", "launch", "beta", "--no-commit", "--by", "bob").status == 0
    terminal.answer("Value:", "20")
    terminal.answer("Confidence:", "")
    terminal.answer("Note:", "")
    skip_all(terminal, 3)
    terminal.answer("Record in one commit?", "")
    assert terminal.ends() == 0
    assert terminal.lines[-1] == "1 check-in recorded before was committed as well."
    assert repository.git("status", "--porcelain") == ""


def test_an_owner_who_does_not_exist_comes_before_the_missing_terminal(repository: Shell) -> None:
    outcome = repository.okr("checkin", "--owner", "bobb")
    assert (outcome.status, outcome.err) == (2, "error: There is no owner “bobb”.\n  Did you mean bob?\n")


# In an editor


def edited(shell: Shell, script: str, *options: str) -> tuple[int, str, str]:
    """Runs the form with a script for an editor: what it reads from is `$1`, the form."""
    path = shell.folder.parent / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    # With an argument of its own, as people write it.
    outcome = shell.okr("checkin", "--editor", *options, GIT_EDITOR=f"{path} --wait")
    return outcome.status, outcome.out, outcome.err


FILL = r"""sed -i -e '/^\[marketing\/brand\/visits\]/,/^note:/{s/^value:.*/value: 61k/;s/^confidence:.*/confidence: =/;
s/^note:.*/note: Live: at last\n  and loud/}' "$2" """


def test_a_form_is_recorded_in_one_commit(repository: Shell) -> None:
    status, out, err = edited(repository, f'cp "$2" "$0.seen"\n{FILL}')
    assert (status, err) == (0, "")
    assert out.startswith("Recorded 1 check-in, committed as ")
    assert (
        '- {date: 2026-11-23, kr: brand/visits, value: 61000, confidence: 0.7, by: alice, note: "Live: at last and loud"}'
        in repository.read(LOG)
    )
    form = (repository.folder.parent / "editor.seen").read_text()
    assert form.startswith("# Acme, 2026-Q4, 2026-11-23: 4 check-ins are due.\n#\n")
    assert (
        "\n[marketing/brand/visits]\n"
        "# Reach 100,000 monthly visits\n"
        "# from 42,000 to 100,000 visits\n"
        "# score 0.09, expected 0.59, forecast 0.73\n"
        "# 12 Oct: 47,500 visits, confidence 0.7, by alice\n"
        "value:\nconfidence:\nnote:\n"
    ) in form


def test_a_form_saved_as_it_was_records_nothing(repository: Shell) -> None:
    assert edited(repository, ":") == (0, "Nothing was entered, so nothing is recorded.\n", "")
    assert repository.git("rev-list", "--count", "HEAD").strip() == "1"


def test_errors_are_written_into_the_form_and_it_comes_back(repository: Shell) -> None:
    # The first time, two mistakes; the second time, they are put right.
    script = r"""
if grep -q '^#!' "$2"; then cp "$2" "$0.seen"; sed -i 's/^value: many/value: 61k/; s/^confidence: 7/confidence: 0.7/' "$2"
else sed -i '/^\[marketing\/brand\/visits\]/,/^note:/{s/^value:.*/value: many/;s/^confidence:.*/confidence: 7/}' "$2"; fi"""
    status, _, err = edited(repository, script)
    assert (status, err) == (0, "")
    form = (repository.folder.parent / "editor.seen").read_text()
    assert form.startswith("#! 2 things are wrong below.")
    assert "\n#! “many” is not a number. Write it plainly" in form
    assert "\n#! The confidence “7” is not from 0 to 1. Write 0.7 or 70%.\nconfidence: 7\n" in form
    assert "value: 61000, confidence: 0.7" in repository.read(LOG)


def test_a_form_closed_with_errors_in_it_is_kept(repository: Shell) -> None:
    wrong = r"""grep -q '^#!' "$2" || sed -i '/^\[marketing\/brand\/visits\]/,/^note:/s/^value:.*/value: many/' "$2" """
    status, out, err = edited(repository, wrong)
    assert (status, out) == (1, "")
    assert err == (
        "error: The form was closed unchanged, with errors in it:\n"
        "  [marketing/brand/visits] “many” is not a number."
        " Write it plainly, such as 61000, +500, 61k, 1.2M or 45%.\n"
        "  Nothing was recorded. What you wrote is kept: `okr checkin --editor` opens it again.\n"
    )
    assert len(drafts(repository)) == 1
    # What can't be read is not offered again as if it could.
    status, out, _ = edited(repository, 'cp "$2" "$0.seen"')
    assert (status, out) == (0, "Nothing was entered, so nothing is recorded.\n")
    assert drafts(repository) == []


def test_what_a_failing_editor_saved_comes_back(repository: Shell) -> None:
    status, out, err = edited(repository, f"{FILL}\nexit 3")
    assert (status, out) == (1, "")
    assert "The editor ended with status 3" in err
    status, out, err = edited(repository, ":")
    assert (status, err) == (0, "")
    assert "value: 61000, confidence: 0.7, by: alice" in repository.read(LOG)


def test_a_form_that_the_rules_refuse_comes_back(repository: Shell) -> None:
    script = f"""grep -q '^#!' "$2" && cp "$2" "$0.seen" || {FILL}"""
    status, out, err = edited(repository, script, "--date", "2026-09-30")
    assert (status, out) == (1, "")
    assert "closed unchanged" in err
    form = (repository.folder.parent / "editor.seen").read_text()
    assert re.search(r"\n#! .*2026-09-30.*(\n#!   .*)*\n\[marketing/brand/visits\]\n", form)
    assert repository.git("status", "--porcelain") == ""


def test_a_form_over_a_log_that_has_grown_shows_what_is_new(repository: Shell) -> None:
    faster = "git -c core.hooksPath=/dev/null diff --quiet"
    script = rf"""
if grep -q '^#!' "$2"; then cp "$2" "$0.seen"; sed -i 's/^value: 61k/value: 62k/' "$2"
else {faster}; env -u GIT_EDITOR "$OKR_PYTHON" -m okr --as-of 2026-11-23 checkin visits 55000 --by bob >&2; {FILL}
fi"""
    path = repository.folder.parent / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    outcome = repository.okr("checkin", "--editor", GIT_EDITOR=f"{path} --wait", OKR_PYTHON=sys.executable)
    assert outcome.status == 0, outcome.err
    form = (repository.folder.parent / "editor.seen").read_text()
    assert "#! Meanwhile a check-in was made on 2026-Q4/marketing/brand/visits." in form
    assert "# 23 Nov: 55,000 visits, by bob\n" in form
    assert "value: 62000, confidence: 0.7, by: alice" in repository.read(LOG)


@pytest.mark.unmeasured
def test_a_form_tells_of_what_was_left_behind(repository: Shell) -> None:
    terminal = Terminal(repository, "checkin")
    terminal.answer("Value:", "20")
    terminal.asks("Confidence:")
    terminal.type(CTRL_C)
    terminal.ends()
    repository.okr("checkin", "hours", "19")
    leave_one_pending(repository)
    status, out, err = edited(repository, ":")
    assert (status, out) == (0, "Nothing was entered, so nothing is recorded.\n")
    assert err == (
        "note: 1 check-in was recorded but not committed (2026/company/lead/share)."
        " `okr checkin --commit-pending` commits it.\n"
        "What you had entered for marketing/speed/hours is dropped: no check-in is due there any more.\n"
    )


def test_a_note_alone_is_marked_in_the_form(repository: Shell) -> None:
    script = r"""grep -q '^#!' "$2" && cp "$2" "$0.seen" || sed -i '0,/^note:/s/^note:/note: Hello/' "$2" """
    status, _, _ = edited(repository, script)
    assert status == 1
    form = (repository.folder.parent / "editor.seen").read_text()
    assert (
        "#! A note alone is no check-in: it needs a value or a confidence; = keeps the\n#!   last one.\nnote: Hello\n"
        in form
    )


def test_nothing_due_opens_no_editor(repository: Shell) -> None:
    status, out, _ = edited(repository, "exit 9", "--owner", "bob")
    assert status == 0
    assert out.startswith("No check-in of Bob Stone is due")


def test_without_any_editor_that_works(repository: Shell) -> None:
    outcome = repository.okr("checkin", "--editor", TERM="dumb")
    assert outcome.status == 1
    assert "No editor is named" in outcome.err


def test_json_of_what_was_recorded_is_for_one_key_result(repository: Shell) -> None:
    status, _, _ = edited(repository, FILL)
    assert status == 0
    answer = json.loads(repository.okr("show", "visits", "--json").out)
    assert answer["checkins"][-1]["value"] == 61000
