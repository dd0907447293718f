"""`--plain`: what a screen reader reads, of every command that draws."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.screens import use_example

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

DRAWN = re.compile(r"[█▉▊▋▌▍▎▏░│├└┼┤┊▁▂▃▄▅▆▇✓●▲▼○›→\u2800-\u28ff]| {2}")


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]{4,}", text))


@pytest.mark.parametrize(
    "command",
    [
        "status",
        "tree",
        "show teams",
        "show word-of-mouth",
        "show kpis/active-teams",
        "due",
        "review",
        "review 2026-Q3",
    ],
)
def test_nothing_is_drawn_and_every_word_is_said(shell: Shell, command: str) -> None:
    use_example(shell, "startup")
    plain, drawn = (shell.okr(*command.split(), *options) for options in (("--plain",), ()))
    assert (plain.status, plain.err) == (0, "")
    assert not DRAWN.search(plain.out), DRAWN.search(plain.out)
    # The legend of a chart, which is not drawn.
    assert words_of(drawn.out) - words_of(plain.out) <= {
        "today",
        "target",
        "forecast",
        "with",
        "interval",
        "after",
        "check",
    }
    assert "\n\n\n" not in plain.out


def test_a_key_result_is_said_in_two_lines(workspace: Shell) -> None:
    lines = workspace.okr("status", "marketing/brand/visits", "--plain", COLUMNS="40").out.splitlines()
    at = lines.index("Reach 100,000 monthly visits; 0.09; stale")
    assert (
        lines[at + 1]
        == "47,500 visits (42,000 to 100,000), forecast 0.73, confidence 0.7, 42 days ago, weight 2"
    )


def test_a_check_in_is_said_with_its_headings(workspace: Shell) -> None:
    said = workspace.okr("show", "visits", "--plain").out.splitlines()
    assert "date 5 Oct; value 44,000; score 0.03; conf. 0.6; by alice; note SEO quick wins are live" in said


def test_initiatives_say_whether_they_are_done(shell: Shell) -> None:
    use_example(shell, "startup")
    said = shell.okr("show", "growth/word-of-mouth/signups", "--plain").out.splitlines()
    assert [line.partition(",")[0] + ", " + line.split(", ")[1] for line in said if line.startswith("initiatives")] == [
        "initiatives; Referral link in every build report, done",
        "initiatives; Thank-you credit for both sides, not done",
    ]  # fmt: skip


def test_a_hostile_title_stays_plain(workspace: Shell) -> None:
    plan = workspace.read("okrs/2026-Q4/marketing.yaml")
    workspace.write({"okrs/2026-Q4/marketing.yaml": plan.replace("title: Reach", 'title: "\\e[31m ▲▲▲▲ Reach')
        .replace("monthly visits", 'monthly visits"', 1)})  # fmt: skip
    outcome = workspace.okr("status", "--plain")
    assert (outcome.status, outcome.err) == (0, "")
    assert "\x1b" not in outcome.out
    assert "▲▲▲▲ Reach 100,000 monthly visits; 0.09; stale" in outcome.out
