"""`okr report --format html`: the files it writes, what they say, and what they never do."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import html5lib
import pytest

from tests.cli.history_shell import LOG, PLAN, Team
from tests.cli.screens import use_example

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell

HTML = "{http://www.w3.org/1999/xhtml}"
HOSTILE = (
    "</title><script>alert(1)</script> & 'x' <img src=x onerror=alert(1)> \u202egnol 🎯 {{ 7*7 }} "
    + "long " * 2000
)


def everything(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def parsed(page: Path) -> ET.Element:
    """A page, read strictly: any error in it is raised."""
    found = html5lib.HTMLParser(strict=True).parse(page.read_bytes())
    assert isinstance(found, ET.Element)
    return found


def words(page: Path) -> str:
    return " ".join(" ".join(parsed(page).find(f"{HTML}body").itertext()).split())  # type: ignore[union-attr] # every page has one


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", ["english", "french", "past"])
def test_every_page_is_valid_and_every_link_leads_somewhere(
    request: pytest.FixtureRequest, name: str
) -> None:
    site: Path = request.getfixturevalue(name)
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 8
    for page in pages:
        root = parsed(page)
        identifiers = [each.get("id") for each in root.iter() if each.get("id")]
        assert len(identifiers) == len(set(identifiers)), page
        for each in root.iter():
            assert "style" not in each.attrib
            assert not any(key.startswith("on") for key in each.attrib)
            address = each.get("href") or each.get("src")
            if address and not address.startswith("#"):
                assert (page.parent / address.partition("#")[0]).resolve().is_relative_to(site.resolve())
                assert (page.parent / address.partition("#")[0]).exists(), (page, address)
            for reference in (each.get("aria-labelledby") or "").split():
                assert reference in identifiers
        images = [each for each in root.iter() if each.tag.endswith("svg")]
        assert all(
            each.get("aria-hidden") or (each.get("role") == "img" and len(each) > 2) for each in images
        )


def test_the_pages_say_what_status_says(english: Path) -> None:
    index = words(english / "index.html")
    for said in (
        "Pipewright · 2026-Q4",
        "day 54 of 92, 38 left",
        "expected by today 0.59",
        "Growth",
        "Priya Raman",
    ):
        assert said in index
    objective = words(english / "objectives/2026-Q4/growth/word-of-mouth.html")
    for said in (
        "1,010 teams ( 16 Nov 2026 )", "from 862 to 1,200 teams · Weight 2", "Supports Become a tool developers would miss",
        "Forecast 0.91 (0.57 – 1.00), 31 Dec 2026", "Growth is steady, but steady will not do",
    ):  # fmt: skip
        assert said in objective
    assert (
        "check-in values: 874 teams (5 Oct 2026) → 1,010 teams (16 Nov 2026); target: 1,200 teams"
        in objective
    )
    assert "key result 92% of teams still with us after a quarter Pipewright · 2026" in words(
        english / "map.html"
    )
    assert "not audited. " in words(english / "record.html")  # the example lies in no repository of its own


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", ["english", "past"])
@pytest.mark.parametrize("page", ["index.html", "review.html"])
def test_a_key_result_by_itself_leads_to_its_place_and_says_whose_it_is(
    request: pytest.FixtureRequest, name: str, page: str
) -> None:
    site: Path = request.getfixturevalue(name)
    rows = parsed(site / page).findall(f".//{HTML}li[@class='key-result']")
    assert rows or (name, page) == ("past", "index.html")
    owners = {each.text for each in parsed(site / "index.html").findall(f".//{HTML}h3/{HTML}a")}
    for row in rows:
        link = row.find(f".//{HTML}span[@class='title']/{HTML}a")
        facts = row.find(f"{HTML}p[@class='facts']")
        assert link is not None
        assert facts is not None
        assert (facts.text or "").partition(" · ")[0] in owners
        target, _, part = link.attrib["href"].partition("#")
        heading = parsed(site / target).find(f".//{HTML}section[@id='{part}']/{HTML}h2")
        assert heading is not None
        assert heading.text == link.text


def test_charts_say_what_their_heights_are(english: Path) -> None:
    said = (english / "objectives/2026-Q4/growth/word-of-mouth.html").read_text(encoding="utf-8")
    labels = re.findall(r'class="label" x="482" y="[\d.]+">([^<]+)<', said)
    assert labels[:2] == ["target 1,200", "862 teams"]
    assert {"stretch 21%", "target 18%", "commit 14%", "11%"} <= set(labels)
    said = (english / "objectives/2026/company/business.html").read_text(encoding="utf-8")
    assert "target 1,800,000<" in said


@pytest.mark.unmeasured
def test_in_french(french: Path) -> None:
    index = words(french / "index.html")
    for said in (
        "Vue d’ensemble",
        "1er oct. 2026 – 31 déc. 2026",
        "Demande de l’attention",
        "jour 54 sur 92, 38 restants",
        "en bonne voie",
    ):
        assert said in index
    for page in french.rglob("*.html"):
        assert parsed(page).get("lang") == "fr"
        assert not re.search(r"\b(on track|at risk|forecast|expected|Overview|check-ins)\b", words(page)), (
            page
        )


def test_a_closed_cycle_is_looked_back_on(past: Path) -> None:
    review = words(past / "review.html")
    for said in (
        "The scheduler took the whole summer",
        "Hits 4",
        "Misses 6",
        "Brier score 0.23",
        "partly met",
    ):
        assert said in review


@pytest.mark.unmeasured
def test_the_same_report_has_the_same_bytes(shell: Shell) -> None:
    use_example(shell, "startup")
    for name in ("one", "two"):
        assert shell.okr("report", "-o", name).status == 0
    assert everything(shell.folder / "one") == everything(shell.folder / "two")


def test_any_number_of_processes_gives_the_same_report(team: Team) -> None:
    team.append(LOG, "- {date: 2026-11-09, kr: brand/visits, value: 61000, by: bob}")
    team.edit(PLAN, "title: Answer within 4 hours", "title: Answer within an afternoon")
    team.commit("alice", "2026-11-20", "Check in for somebody else, and change the plan")
    for number in ("1", "3"):
        assert team.shell.okr("report", "-o", number, OKR_PROCESSES=number).status == 0
    one = everything(team.shell.folder / "1")
    assert one == everything(team.shell.folder / "3")
    assert b"an afternoon" in one["review.html"]
    assert b"says it is by bob" in one["record.html"]
    team.shell.write({"checkins/2026-Q1/marketing.yaml": "- {date: [\n"})  # only an audit reads it
    broken = [team.shell.okr("report", "-o", "none", OKR_PROCESSES=number) for number in ("1", "3")]
    assert [each.status for each in broken] == [1, 1]
    assert broken[0].err == broken[1].err
    assert "checkins/2026-Q1/marketing.yaml:1" in broken[0].err


@pytest.fixture
def team(workspace: Shell) -> Team:
    """The small workspace in a repository, committed."""
    team = Team(workspace)
    team.git("alice", "2026-10-12", "init", "--quiet", "--initial-branch=main")
    team.commit("alice", "2026-10-12", "Plan the quarter")
    return team


def test_a_commit_gives_the_same_bytes_on_any_day(team: Team) -> None:
    for name in ("one", "two"):
        command = (sys.executable, "-m", "okr", "report", "--at", "HEAD", "-o", name)
        assert team.shell.run(*command).status == 0
        team.append(LOG, "- {date: 2026-11-09, kr: brand/visits, value: 61000, by: alice}")
    one = everything(team.shell.folder / "one")
    assert one == everything(team.shell.folder / "two")
    assert f"commit {team.shell.git('rev-parse', 'HEAD')[:12]}".encode() in one["index.html"].lower().replace(
        b"<code>", b""
    )


@pytest.mark.unmeasured
def test_only_what_changed_is_written(team: Team) -> None:
    first = team.okr("report", "-o", "site")
    assert first.err.startswith("11 pages in site: 11 written.\n")
    stamps = {path: path.stat().st_mtime_ns for path in (team.shell.folder / "site").rglob("*.html")}
    again = team.okr("report", "-o", "site")
    assert again.err.startswith("11 pages in site: 0 written, 11 as they were.\n")
    team.edit(PLAN, "title: Answer within 4 hours", "title: Answer within an afternoon")
    team.commit("alice", "2026-11-22")
    third = team.okr("report", "-o", "site")
    assert third.status == 0
    changed = {path.name for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp}
    assert changed == {"index.html", "marketing.html", "speed.html", "review.html"}


@pytest.mark.unmeasured
def test_pages_of_nobody_any_more_go_and_nothing_else_does(team: Team) -> None:
    assert team.okr("report", "-o", "site").status == 0
    site = team.shell.folder / "site"
    (site / "CNAME").write_text("okr.example\n")
    (site / "owners" / "own.html").write_text("mine\n")
    changed = site / "objectives/2026-Q4/marketing/speed.html"
    changed.write_text("changed by hand\n")
    plan = team.shell.read(PLAN)
    team.shell.write({PLAN: plan[: plan.index("  - id: speed")]})
    outcome = team.okr("report", "-o", "site")
    assert outcome.status == 0
    # A page that somebody changed holds their work: it stays.
    assert changed.read_text() == "changed by hand\n"
    assert (site / "CNAME").read_text() == "okr.example\n"
    assert (site / "owners" / "own.html").read_text() == "mine\n"
    team.shell.write({PLAN: plan})
    assert "was not made by okr report" in team.okr("report", "-o", "site").err
    changed.unlink()
    assert team.okr("report", "-o", "site").status == 0
    team.shell.write({PLAN: plan[: plan.index("  - id: speed")]})
    assert "1 removed" in team.okr("report", "-o", "site").err
    assert not changed.exists()


def test_what_is_somebody_elses_is_not_written_over(team: Team) -> None:
    team.shell.write({"site/index.html": "my own\n"})
    outcome = team.okr("report", "-o", "site")
    assert (outcome.status, team.shell.read("site/index.html")) == (1, "my own\n")
    assert "site/index.html was not made by okr report" in outcome.err


@pytest.mark.parametrize("link", ["owners", "index.html"])
def test_nothing_is_written_through_a_link(team: Team, link: str) -> None:
    outside = team.shell.folder.parent / "outside"
    outside.mkdir()
    (outside / "page").write_text("mine\n")
    (team.shell.folder / "site").mkdir()
    (team.shell.folder / "site" / link).symlink_to(outside if link == "owners" else outside / "page")
    outcome = team.okr("report", "-o", "site")
    assert outcome.status == 1
    assert f"site/{link} is a link; nothing is written through it" in outcome.err
    assert [path.name for path in outside.iterdir()] == ["page"]
    assert (outside / "page").read_text() == "mine\n"


def test_a_manifest_of_somebody_elses_leads_nowhere(team: Team) -> None:
    (team.shell.folder.parent / "precious").write_text("")
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # what no bytes come to
    team.shell.write(
        {"site/okr-report.json": f'{{"schema": 1, "files": {{"../../precious": "{nothing}", "a//b": 1}}}}\n'}
    )
    assert team.okr("report", "-o", "site").status == 0
    assert (team.shell.folder.parent / "precious").exists()
    team.shell.write({"site/okr-report.json": "no json\n"})
    refused = team.okr("report", "-o", "site", "--language", "fr")
    assert "was not made by okr report" in refused.err


def test_where_it_can_not_write_it_says_so(team: Team) -> None:
    team.shell.write({"file": ""})
    outcome = team.okr("report", "-o", "file/site")
    assert (outcome.status, outcome.out) == (1, "")
    assert "file/site can't be written: Not a directory" in outcome.err
    missing = team.okr("report")
    assert (missing.status, missing.out) == (2, "")
    assert "`-o public`" in missing.err


def test_without_the_extra_it_says_what_to_install(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)  # what an import finds where a package is not installed
    outcome = team.okr("report", "-o", "site")
    assert (outcome.status, outcome.out) == (1, "")
    assert "`pip install 'okr[report]'` installs it" in outcome.err


def test_the_record_is_audited(team: Team) -> None:
    team.append(LOG, "- {date: 2026-11-09, kr: brand/visits, value: 61000, by: bob}")
    team.commit("alice", "2026-11-20", "Check in for somebody else")
    assert team.okr("report", "-o", "site").status == 0
    record = words(team.shell.folder / "site/record.html")
    assert "4 lines of the logs were traced" in record
    assert "Bob" in record or "bob" in record
    assert team.okr("report", "-o", "plain", "--no-audit").status == 0
    assert "The record was not audited." in words(team.shell.folder / "plain/record.html")


@pytest.mark.unmeasured
def test_text_from_files_stays_text(team: Team) -> None:
    quoted = "'" + HOSTILE.replace("'", "''") + "'"
    plan = team.shell.read(PLAN).replace("Make our brand the one people think of first", quoted)
    plan = plan.replace("Reach 100,000 monthly visits", quoted).replace("owner: alice", f"why: {quoted}", 1)
    team.shell.write({
        PLAN: plan, "okr.yaml": f"name: {quoted}\n",
        LOG: team.shell.read(LOG) + f"- {{date: 2026-11-20, kr: brand/visits, value: 61000, by: bob, note: {quoted}}}\n",
        "kpis.yaml": f"kpis:\n  - {{id: traffic, name: {quoted}, unit: {quoted}, why: {quoted}}}\n",
    })  # fmt: skip
    outcome = team.okr("report", "-o", "site", "--no-audit")
    assert outcome.status == 0, outcome.err
    for page in (team.shell.folder / "site").rglob("*.html"):
        root = parsed(page)
        assert [each.text for each in root.iter(f"{HTML}img")] == []
        scripts = list(root.iter(f"{HTML}script"))
        assert len(scripts) == (1 if page.name == "map.html" else 0)
        assert "\u202e" not in page.read_text()
        assert "49" not in words(page).replace("2049", "") or "{{ 7*7 }}" in words(page)
    assert "<script>alert(1)</script> & 'x'" in words(
        team.shell.folder / "site/objectives/2026-Q4/marketing/brand.html"
    )


def test_a_broken_file_gives_no_report(team: Team) -> None:
    team.shell.write({PLAN: "objectives: [\n"})
    outcome = team.okr("report", "-o", "site")
    assert (outcome.status, (team.shell.folder / "site").exists()) == (1, False)


DIVISION = """\
objectives:
  - id: year
    title: A year to remember
    key_results:
      - {id: a, title: 9 songs, unit: songs, from: 1, to: 9}
"""


def test_a_team_without_a_plan_has_a_page_on_those_below_it(shell: Shell) -> None:
    shell.write({
        "okr.yaml": "name: Acme\n",
        "org.yaml": "teams:\n  - {id: acme, name: Acme}\n  - {id: a, name: Alpha, parent: acme}\n  - {id: b, name: Beta, parent: a}\n"
        "  - {id: c, name: Gamma & Co, parent: a}\n  - {id: d, name: Delta, parent: b}\npeople:\n  - {id: zoe, name: Zoe, team: d}\n",
        "okrs/2026/a.yaml": DIVISION,
        **{f"okrs/2026-Q4/{owner}.yaml": DIVISION.replace("year", owner).replace("id: a,", "id: songs,") for owner in ("c", "d", "zoe")},
        "checkins/2026-Q4/d.yaml": "- {date: 2026-11-20, kr: d/songs, value: 8}\n",
    })  # fmt: skip
    assert shell.okr("report", "-o", "site").status == 0
    owners = shell.folder / "site/owners"
    assert sorted(path.name for path in owners.iterdir()) == [
        f"{each}.html" for each in ("a", "acme", "b", "c", "d", "zoe")
    ]
    alpha = words(owners / "a.html")
    for part in (
        "Acme Alpha Team · 2026-Q4 No plan of its own in this cycle.",
        "Objectives 2026 A year to remember ○ not started 0.00",
        "Below 3 owners 3 key results: ● on track 1 ○ not started 2 Beta (2 owners) Gamma & Co 0.00",
    ):
        assert part in alpha
    assert "Delta" not in alpha
    assert "Beta Delta Team · 2026-Q4" in words(owners / "d.html")
    assert "Below 1 owner 1 key result: ○ not started 1 Zoe 0.00" in words(owners / "d.html")
    year = parsed(shell.folder / "site/objectives/2026/a/year.html")
    links = {each.get("href"): each.text for each in year.iter(f"{HTML}a")}
    assert links["../../../owners/a.html"] == "Alpha"
    again = shell.okr("report", "-o", "site")  # what goes on at any distance below is what a page is made of
    assert " 0 written" in again.err
    shell.write({"checkins/2026-Q4/zoe.yaml": "- {date: 2026-11-20, kr: zoe/songs, value: 8}\n"})
    assert shell.okr("report", "-o", "site").status == 0
    assert "● on track 2 ○ not started 1" in words(owners / "acme.html")


def test_many_owners_are_shown_below_the_team_above_them(shell: Shell) -> None:
    teams = [f"  - {{id: t{number}, name: T{number}, parent: {'ab'[number % 2]}}}" for number in range(12)]
    divisions = ["teams:", "  - {id: a, name: Alpha}", "  - {id: b, name: Beta & Co, parent: a}"]
    shell.write({
        "okr.yaml": "name: Acme\n", "org.yaml": "\n".join([*divisions, *teams, ""]),
        **{f"okrs/2026-Q4/{owner}.yaml": "objectives: []\n" for owner in ("a", *(f"t{number}" for number in range(12)))},
    })  # fmt: skip
    assert shell.okr("report", "-o", "site").status == 0
    root = parsed(shell.folder / "site/index.html")
    assert [f"{each.tag.removeprefix(HTML)} {''.join(each.itertext())}" for each in root.iter() if each.tag in {f"{HTML}h3", f"{HTML}h4"}] == [
        "h3 Alpha",
        "h3 Alpha", *(f"h4 T{number}" for number in range(0, 12, 2)),
        "h3 Beta & Co", *(f"h4 T{number}" for number in range(1, 12, 2)),
    ]  # fmt: skip
    links = {each.get("href"): each.text for each in root.iter(f"{HTML}a")}
    assert (links["#below-a"], links["#below-b"]) == ("Alpha", "Beta & Co")
    assert (links["owners/a.html"], links["owners/b.html"], links["owners/t3.html"]) == (
        "Alpha",
        "Beta & Co",
        "T3",
    )
    (finder,) = (each for each in root.iter(f"{HTML}ul") if each.get("class") == "finder")
    found = " ".join("".join(finder.itertext()).split())
    assert found == "Alpha Alpha: T0, T2, T4, T6, T8, T10 Beta & Co: T1, T3, T5, T7, T9, T11"
    (shell.folder / "okrs/2026-Q4/a.yaml").unlink()
    assert shell.okr("report", "-o", "site").status == 0
    few = parsed(shell.folder / "site/index.html")  # twelve fit a glance
    assert not list(few.iter(f"{HTML}h4"))
