"""`okr review` where many owners have a plan: counted by the team above them, and a few of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

TEAMS = [(f"{division}-{number}", division) for division in ("sales", "works") for number in range(1, 9)]
PLAN = """\
objectives:
  - id: aim
    title: Become the team that everybody wants
    key_results:
      - {id: a, title: 40 talks, unit: talks, from: 0, to: 40}
      - {id: b, title: 50 shops, unit: shops, from: 0, to: 50}
"""


@pytest.fixture
def group(shell: Shell) -> Shell:
    """Sixteen teams below two others; in each the talks have moved, and in those of sales the shops too."""
    above = "".join(f"  - {{id: {team}, parent: {division}}}\n" for team, division in TEAMS)
    shell.write({
        "okr.yaml": "name: Acme\n",
        "org.yaml": f"teams:\n  - {{id: sales, name: Sales & Co}}\n  - {{id: works, name: Works}}\n{above}",
        **{f"okrs/2026-Q4/{team}.yaml": PLAN for team, _ in TEAMS},
        **{
            f"checkins/2026-Q4/{team}.yaml": "- {date: 2026-10-05, kr: aim/a, value: 1}\n- {date: 2026-11-21, kr: aim/a, value: 30}\n"
            + ("- {date: 2026-11-22, kr: aim/b, value: 9}\n" if division == "sales" else "")
            for team, division in TEAMS
        },
    })  # fmt: skip
    return shell


def test_a_few_of_each_kind_and_the_counts_by_team(group: Shell) -> None:
    told = group.okr("review").out.splitlines()
    assert told[2:8] == [
        "Since 16 Nov, 24 of 32 key results have moved.",
        "",
        "By team",
        "  Sales & Co (8)                       16 of 16 moved · 8 need attention · 0 due",
        "  Works (8)                             8 of 16 moved · 8 need attention · 8 due",
        "",
    ]
    assert told.count("  and 14 more: `okr review --owner ID/...` tells those of a team and all below") == 1
    assert sum(line.endswith("at risk") or "on track" in line for line in told) >= 10
    text = "\n".join(told)
    assert text.partition("Moved  24")[2].partition("Did not move")[0].count("talks ") == 10 * 2
    some = group.okr("review", "--owner", "works/...").out
    assert "By team" not in some
    assert some.count("40 talks") == 8


def test_in_markdown(group: Shell) -> None:
    told = group.okr("review", "--format", "markdown").out.splitlines()
    start = told.index("## By team")
    assert told[start + 1 : start + 6] == [
        "",
        "| | Moved | Need attention | Due |",
        "| --- | --- | --- | --- |",
        "| Sales &#38; Co &#40;8&#41; | 16 of 16 | 8 | 0 |",
        "| Works &#40;8&#41; | 8 of 16 | 8 | 8 |",
    ]
    moved = told[told.index("## Moved") + 2 : told.index("## Did not move") - 1]
    assert (len(moved), moved[-1]) == (11, "- and 14 more: `okr review --owner ID/...`")
    group.write({"okr.yaml": "name: Acme\nlanguage: fr\n"})
    french = group.okr("review", "--format", "markdown").out.splitlines()
    assert "| Works &#40;8&#41; | 8 sur 16 | 8 | 8 |" in french
    assert "- et 14 de plus\u00a0: `okr review --owner ID/...`" in french


def test_the_look_back(group: Shell) -> None:
    told = group.okr("review", "2026-Q4", "--as-of", "2027-01-10").out
    assert "Become the team" not in told.partition("Hits")[0].partition("Grades by owner")[2]
    assert "  and 6 more: `okr review 2026-Q4 --owner ID/...` tells those of a team and all\n" in told
    assert told.count("shops") + told.count("talks") < 80
    one = group.okr("review", "2026-Q4", "--owner", "sales-1", "--as-of", "2027-01-10").out
    assert "Become the team" in one
    for language, more in (
        ("en", "- and 6 more: `okr review --owner ID/...`"),
        ("fr", "- et 6 de plus\u00a0: `okr review --owner ID/...`"),
    ):
        group.write({"okr.yaml": f"name: Acme\nlanguage: {language}\n"})
        markdown = group.okr("review", "2026-Q4", "--format", "markdown", "--as-of", "2027-01-10").out
        assert more in markdown.splitlines()
        assert "Become the team" not in markdown
        assert "| **works-8** | |" in markdown


def test_the_digest(group: Shell) -> None:
    told = group.okr("report", "--format", "markdown", "--digest").out.splitlines()
    assert told[1:5] == [
        "",
        "- Sales & Co (8): 16 of 16 moved · 8 need attention · 0 due",
        "- Works (8): 8 of 16 moved · 8 need attention · 8 due",
        "",
    ]
    french = group.okr("report", "--format", "markdown", "--digest", "--language", "fr").out.splitlines()
    assert french[3] == "- Works (8)\u00a0: 8 sur 16 ont bougé · à risque\u00a0: 8 · à faire\u00a0: 8"


def test_on_the_site(group: Shell) -> None:
    assert group.okr("report", "-o", "site", "--language", "fr").status == 0
    page = (group.folder / "site/review.html").read_text()
    assert (
        '<tr><td><a href="owners/works.html">Works</a> (8)</td><td><span class="number">8</span> sur 16</td><td>8</td><td>8</td></tr>'
        in page
    )
    assert '<li><a href="#unmoved">N’a pas bougé</a></li>' in page
    assert '<h2 id="unmoved">' in page
    assert "depuis le 16 nov. 2026" in page
