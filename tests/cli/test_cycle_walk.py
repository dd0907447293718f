from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import CTRL_C, CTRL_D, ENTER, Terminal
from tests.cli.test_cycle import COMMENTED, FACTS, LOG, OVER, PLAN, commit, okr, state, words
from tests.faults.test_repository_states import hook

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

CLOSE = ("--as-of", OVER, "cycle", "close", "2026-Q4")


@pytest.fixture
def repository(repository: Shell) -> Shell:
    """The small workspace, its plan written by hand, with a grade that Bob has given already."""
    commit(repository, {PLAN: COMMENTED, LOG: repository.read(LOG).replace("\n", "\r\n")})
    return repository


def drafts(shell: Shell) -> list[str]:
    folder = shell.folder / ".git/okr"
    return sorted(path.name[:8] for path in folder.glob("*")) if folder.exists() else []


def take_all(terminal: Terminal, *prompts: str) -> None:
    """Enter at each of these questions."""
    for prompt in prompts:
        terminal.answer(prompt, "")


def test_a_whole_walk_is_one_commit(repository: Shell) -> None:
    before = state(repository)
    terminal = Terminal(repository, *CLOSE, NO_COLOR="1")
    terminal.answer("Grade [0.09]:", "b")
    terminal.answer("Grade [0.09]:", "?")
    terminal.answer("Grade [0.09]:", "-")
    terminal.answer("Grade [0.09]:", "40%")
    terminal.answer("Reason:", "")
    terminal.answer("Reason:", "It came late")
    terminal.answer("Learned [Nothing yet]:", "b")
    terminal.answer("Reason [It came late]:", "?")
    terminal.answer("Reason [It came late]:", "")
    terminal.answer("Learned [Nothing yet]:", "Begin in September [x]")
    terminal.answer("Next [carry]:", "?")
    terminal.answer("Next [carry]:", "later")
    terminal.answer("Next [carry]:", "k")
    terminal.answer("Grade [0.30]:", "0.9")
    terminal.answer("Reason:", "b")
    terminal.answer("Grade [0.9]:", "0.3")
    terminal.answer("Learned:", "?")
    take_all(terminal, "Learned:", "Next [carry]:")
    terminal.asks("Grade [0.50]:")
    header = terminal.lines[-9:]
    take_all(terminal, "Grade [0.50]:", "Reason [Ill]:", "Learned:")
    terminal.answer("Next [carry]:", "-")
    terminal.answer("Grade [0.00]:", "s")
    terminal.answer("Review:", "?")
    terminal.answer("Review:", "b")
    take_all(terminal, "Grade [0.00]:", "Learned:", "Next [keep]:")
    terminal.answer("Review:", "We planned too much.")
    assert state(repository) == before
    terminal.answer("Close 2026-Q4 in one commit?", "what")
    terminal.asks("Close 2026-Q4 in one commit?")
    summary = terminal.lines[-16:-3]
    terminal.type(ENTER)
    assert terminal.ends() == 0
    assert header == [
        "3 of 4 ─────────────────────────────────────────────────────────────── marketing",
        "Answer within 4 hours",
        "marketing/speed/hours · from 26 to 4 hours",
        "Answer everyone while they still remember the question",
        "committed: only in full a success",
        "  no check-in yet",
        "  ░░░░░░░░░░░░░░░░░░░░  score 0.00  ○ never started",
        "  The plan has the grade 0.50 already: Ill",
        "  Grade [0.50]:                     s takes the score · b goes back · ? explains",
    ]
    assert summary == [
        "2026-Q4, closed ────────────────────────────────────────────────────────────────",
        "Marketing                                                                   0.31",
        "  Reach 100,000 monthly visits                                              0.40",
        "      score 0.09: It came late · keep · learned: Begin in September [x]",
        "  The new site is live                                                      0.30",
        "      carry",
        "  Answer within 4 hours                                                     0.50",
        "      score 0.00: Ill",
        "  Keep the site up 99.9% of the time                                        0.00",
        "      keep",
        "",
        "  We planned too much.",
        "",
    ]
    told = words(terminal.text)
    for sentence in (
        "This is the first question. s skips it, Ctrl-C leaves.",
        "Every key result gets a grade. Enter takes the one in brackets.",
        "give another grade where the number tells half the story, with a reason. Enter takes the score, 0.09.",
        "A grade that is not the score needs a reason. b goes back to the grade: Enter takes the score.",
        "Why the grade is not the score, 0.09, in one line.",
        "it is read when the next cycle is planned. Enter leaves it out, or keeps what is there; - takes it out.",
        "keep: goes on as it is. carry: goes on from its last value. drop: left behind. The first letter will do.",
        "“later” says nothing of what comes next. Write keep, carry or drop.",
        "It is kept in the cycle's cycle.yaml.",
        "Enter closes it, b goes back, Ctrl-C leaves and keeps what was entered.",
    ):
        assert sentence in told, sentence
    assert repository.read(PLAN) == (
        COMMENTED.replace(
            "    learned: Nothing yet     #",
            "    grade: 0.4\n    grade_reason: It came late\n    learned: Begin in September [x]     #",
        )
        .replace("\n    # the graph", "\n    next: keep\n    # the graph")
        .replace("live: 1.0} }", "live: 1.0}, grade: 0.3, next: carry }")
        .replace("    at_least: 99.9\n", "    at_least: 99.9\n    grade: 0.0\n    next: keep\n")
    )
    assert repository.git("show", "--format=%s", "--name-only", "HEAD").split("\n") == [
        "okr: close 2026-Q4 (marketing 0.31)", "", FACTS, PLAN, "",
    ]  # fmt: skip
    assert repository.git("status", "--porcelain") == ""
    assert drafts(repository) == []


def test_ctrl_c_leaves_everything_and_offers_what_was_entered(repository: Shell) -> None:
    before = state(repository)
    first = Terminal(repository, *CLOSE)
    first.answer("Grade [0.09]:", "0.4")
    first.answer("Reason:", "It came late")
    first.answer("Learned [Nothing yet]:", "-")
    take_all(first, "Next [carry]:", "Grade [0.30]:")
    first.asks("Learned:")
    first.type(CTRL_C)
    assert first.ends() == 130
    assert words(first.text).endswith(
        "Nothing was changed. What you entered for 2 key results is kept: the next `okr cycle close 2026-Q4` offers it "
        "again."
    )
    assert state(repository) == before
    assert drafts(repository) == ["closing-"]

    hook("pre-commit", "[ -e allowed ]")(repository)
    again = Terminal(repository, *CLOSE)
    again.answer("Go on with them? [Y/n]", "")
    take_all(again, "Learned:", "Next [carry]:")
    again.answer("Grade [0.50]", "s")
    again.answer("Grade [0.00]", "s")
    again.answer("Review:", "Done")
    take_all(again, "Close 2026-Q4 in one commit?")
    assert again.ends() == 1
    assert "You entered answers for 2 key results that were not recorded." in again.text
    assert "(pre-commit) refused the commit" in words(again.text)
    assert state(repository) == before
    assert drafts(repository) == ["closing-"]


def test_what_has_changed_meanwhile_is_not_closed_over(repository: Shell) -> None:
    terminal = Terminal(repository, *CLOSE, "--no-commit")
    terminal.answer("Grade [0.09]:", "s")
    take_all(terminal, "Grade [0.30]:", "Learned:", "Next [carry]:")
    terminal.answer("Grade [0.50]:", "s")
    terminal.answer("Grade [0.00]:", "s")
    terminal.answer("Review:", "")
    terminal.asks("Close 2026-Q4?")
    assert okr(repository, "checkin", "visits", "71000", "--date", "2026-12-20").status == 0
    terminal.answer("Close 2026-Q4?", "")
    terminal.answer("Grade [0.50]:", "s")
    terminal.answer("Review:", "")
    terminal.asks("Close 2026-Q4?")
    text = repository.read(PLAN)
    repository.write({PLAN: text.replace("  - id: uptime\n", "  - id: up\n")})
    terminal.answer("Close 2026-Q4?", "")
    assert terminal.ends() == 1
    told = words(terminal.text)
    for sentence in (
        "Meanwhile a check-in was made on 2026-Q4/marketing/brand/visits. Nothing of yours was recorded.",
        "The plans have other key results than when this began. Nothing was recorded.",
        "What you entered for 1 key result is kept",
    ):
        assert sentence in told, sentence
    assert repository.read(PLAN) == text.replace("  - id: uptime\n", "  - id: up\n")
    again = Terminal(repository, *CLOSE, "--no-commit")
    again.answer("Go on with them? [Y/n]", "n")
    again.asks("Grade [0.50]:")
    again.type(CTRL_D)
    assert again.ends() == 130
    assert again.lines[-1] == "Nothing was changed."
    assert drafts(repository) == []


def test_the_review_in_an_editor_and_a_dry_run(repository: Shell) -> None:
    before = state(repository)
    script = repository.home / "edit"
    script.write_text(
        '#!/bin/sh\ncp "$1" "$HOME/seen"\n'
        'printf "# A title\\n\\nWe planned too much.  \\n" | cat - "$1" > "$1.new"\nmv "$1.new" "$1"\n'
    )
    script.chmod(0o755)
    terminal = Terminal(repository, *CLOSE, "--dry-run", EDITOR=str(script))
    for grade in ("0.09", "0.30", "0.50", "0.00"):
        terminal.answer(f"Grade [{grade}]", "s")
    terminal.answer("Review:", "e")
    assert terminal.ends() == 0
    assert terminal.lines[-6:] == [
        "  # A title", "", "  We planned too much.", "",
        f"Nothing was written: 2026-Q4 would be closed, in {PLAN},", f"{FACTS}.",
    ]  # fmt: skip
    assert state(repository) == before
    assert drafts(repository) == []

    outcome = repository.okr(*CLOSE, "--all-scores", "--editor", EDITOR=str(script))
    assert outcome.status == 0, outcome.err
    assert (
        repository.read(FACTS)
        == "state: closed\nclosed: 2027-01-04\nreview: |-\n  # A title\n\n  We planned too much.\n"
    )
    seen = (repository.home / "seen").read_text().split("\n")
    assert seen[0] == ""
    assert seen[1].endswith(">8 ------------------------")
    assert "# Marketing, 0.08" in seen
    assert "#   0.09  Reach 100,000 monthly visits" in seen

    assert okr(repository, "cycle", "reopen", "2026-Q4").status == 0
    failing = repository.okr(*CLOSE, "--all-scores", "--editor", EDITOR="false")
    assert failing.status == 1
    assert "The editor ended with status 1; nothing was recorded." in failing.err
