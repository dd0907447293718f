"""The workspace as tables: `okr query`, `okr export`, and `okr report` as CSV, JSON, workbook, calendar and digest."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import openpyxl
import pytest
from icalendar import Calendar

from okr.operations.tables import COLUMNS
from tests.cli.history_shell import LOG, PLAN, Team
from tests.cli.screens import screen, use_example

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

PAGE = (Path(__file__).parents[2] / "docs/tables.md").read_text(encoding="utf-8")


@pytest.fixture
def startup(shell: Shell) -> Shell:
    """The start-up's quarter."""
    return use_example(shell, "startup")


@pytest.fixture
def team(workspace: Shell) -> Team:
    """The small workspace in a repository, with a target that moved and a check-in that was taken back."""
    team = Team(workspace)
    team.git("alice", "2026-10-12", "init", "--quiet", "--initial-branch=main")
    workspace.write({"kpis.yaml": "kpis:\n  - {id: traffic, name: Traffic, unit: visits, at_least: 5}\n"})
    team.append("checkins/kpis.yaml", "- {date: 2026-11-02, kpi: traffic, value: 4}")
    team.append(
        LOG, '- {date: "2026-11-09T09:31:07+02:00", kr: brand/visits, value: 1, by: alice, note: wrong}'
    )
    team.append(
        LOG, '- {date: 2026-11-10, kr: brand/visits, retracts: "2026-11-09T09:31:07+02:00", by: alice}'
    )
    team.commit("alice", "2026-11-10", "Plan the quarter")
    team.edit(PLAN, "to: 100000", "to: 80000")
    team.commit("bob", "2026-11-21", "Ask for less")
    return team


def rows(team: Team | Shell, question: str) -> list[dict[str, object]]:
    outcome = team.okr("query", question, "--json")
    assert (outcome.status, outcome.err) == (0, "")
    found: list[dict[str, object]] = json.loads(outcome.out)["rows"]
    return found


def parquet(path: Path) -> list[tuple[object, ...]]:
    found = duckdb.read_parquet(str(path)).fetchall()
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_is_explained(name: str) -> None:
    section = PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    explained = {
        word.strip("`")
        for line in section.splitlines()
        if line.startswith("| `")
        for word in line.split(" | ")[0][2:].split(", ")
    }
    assert explained == {column.name for column in COLUMNS[name]}


@pytest.mark.unmeasured
def test_scores_are_what_status_says(team: Team) -> None:
    status = json.loads(team.okr("status", "--json").out)["owners"][0]["objectives"]
    asked = rows(
        team,
        "select ref, score, value, target, status, checkins from key_results where cycle = '2026-Q4' order by line",
    )
    said = [each for objective in status for each in objective["key_results"]]
    assert [row["ref"] for row in asked] == [each["ref"] for each in said]
    assert [row["score"] for row in asked] == [each["score"] for each in said]
    assert [row["status"] for row in asked] == [each["status"] for each in said]
    assert (asked[0]["value"], asked[0]["target"], asked[0]["checkins"]) == (47500, 80000, 2)
    assert rows(team, "select milestone from key_results where key_result = 'launch'") == [
        {"milestone": "signed"}
    ]
    assert rows(team, "select owner, count(*) as n from objectives group by 1 order by 1") == [
        {"owner": "company", "n": 2}, {"owner": "marketing", "n": 2},
    ]  # fmt: skip


@pytest.mark.unmeasured
def test_what_was_taken_back_is_marked(team: Team) -> None:
    assert rows(team, "select day, time, value, note, retracted from checkins where retracted") == [
        {
            "day": "2026-11-09",
            "time": "2026-11-09T07:31:07+00:00",
            "value": 1,
            "note": "wrong",
            "retracted": True,
        }
    ]
    assert rows(team, "select kpi, value, cycle from checkins where kpi is not null") == [
        {"kpi": "traffic", "value": 4, "cycle": None}
    ]
    assert rows(team, "select kpi, value, within from kpis") == [
        {"kpi": "traffic", "value": 4, "within": False}
    ]
    assert rows(team, "select id, kind, team, lead from people where lead is not null") == [
        {"id": "marketing", "kind": "team", "team": "company", "lead": "alice"}
    ]


def test_how_plans_have_changed(team: Team) -> None:
    (moved,) = rows(team, "select * from plan_changes where change = 'retargeted'")
    assert (moved["day"], moved["ref"], moved["key"], moved["old"], moved["new"], moved["author"]) == (
        "2026-11-21", "2026-Q4/marketing/brand/visits", "to", "100000", "80000", "Bob Stone",
    )  # fmt: skip
    assert rows(team, "select count(*) as n from plan_changes where change = 'objective-added'") == [{"n": 4}]


def test_another_moment_is_asked_too(team: Team) -> None:
    outcome = team.okr(
        "query", "select target from key_results where key_result = 'visits'", "--at", "HEAD~", "--json"
    )
    assert json.loads(outcome.out)["rows"] == [{"target": 100000}]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("selec 1", "The query is no SQL"),
        ("select 1; select 2", "The query has 2 statements"),
        ("select nope from people", "The columns of people are id, name, kind, team, lead, email"),
        ("select * from nothing", "The tables are objectives, key_results, checkins, kpis, people, plan_changes"),
        ("select * from read_csv('/etc/passwd')", "disabled by configuration"),
        ("copy people to 'stolen.csv'", "a statement of kind COPY, and nothing can be changed by SQL"),
        ("install httpfs", "of kind LOAD"),
        ("set enable_external_access = true", "of kind SET"),
        ("with old as (from people) delete from people", "of kind DELETE"),
        ("drop table people", "of kind DROP"),
        (" -- nothing", "The query is empty"),
    ],
)  # fmt: skip
def test_a_question_that_can_not_be_answered(team: Team, question: str, said: str) -> None:
    before = sorted(team.shell.folder.rglob("*"))
    outcome = team.okr("query", question)
    assert (outcome.status, outcome.out) == (2, "")
    assert said in " ".join(outcome.err.split())
    assert sorted(team.shell.folder.rglob("*")) == before


def test_as_a_table_csv_and_parquet(team: Team) -> None:
    question = "select key_result, score, last_checkin from key_results where cycle = '2026-Q4' order by line limit 2"
    table = team.okr("query", question).out.splitlines()
    assert next(line.split() for line in table if line.strip()) == ["key_result", "score", "last_checkin"]
    assert [line.split() for line in table if line.strip()][-1] == ["launch", "0.3", "2026-10-12"]
    assert team.okr("query", question, "--format", "csv").out == (
        "key_result,score,last_checkin\nvisits,0.144737,2026-10-12\nlaunch,0.3,2026-10-12\n"
    )
    assert team.okr("query", "-", "--format", "csv", stdin="select 1 as one").out == "one\n1\n"
    assert team.okr("query", question, "--format", "parquet", "-o", "answer.parquet").status == 0
    found = parquet(team.shell.folder / "answer.parquet")
    assert found[1] == ("launch", 0.3, date(2026, 10, 12))
    other = question.replace("limit 2", "limit 1")
    assert team.okr("query", other, "--format", "parquet", "-o", "answer.parquet").status == 0
    assert parquet(team.shell.folder / "answer.parquet") == found[:1]
    assert team.okr("query", "select error('no')", "--format", "parquet", "-o", "answer.parquet").status == 2
    assert parquet(team.shell.folder / "answer.parquet") == found[:1]
    assert team.okr("query", question, "--format", "parquet").status == 2
    assert team.okr("query", question, "-o", "x").status == 2
    assert team.okr("query", question, "--format", "csv", "--json").status == 2
    failed = team.okr("query", question, "--format", "parquet", "-o", "no/such/folder/x.parquet")
    assert failed.status == 1
    assert "can't be written" in failed.err


@pytest.mark.parametrize("arguments", ['query "from checkins" -o x', "export -o x"])
def test_a_full_disk_is_no_bug(team: Team, arguments: str) -> None:
    script = f"ulimit -f 0; {sys.executable} -m okr {arguments} --format parquet 2>&1 | cat"
    done = subprocess.run(
        ["bash", "-c", script], cwd=team.shell.folder, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("error: The answer finds no room among the temporary files: "), done.stdout
    assert not (team.shell.folder / "x").exists()


def test_ctrl_c_ends_a_question_that_has_no_end(team: Team) -> None:
    endless = "with recursive t(x) as (select 1 union all select x + 1 from t) select count(*) from t"
    command = [sys.executable, "-m", "okr", "query", endless]
    with subprocess.Popen(
        command, cwd=team.shell.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as asking:
        try:
            while _processor_seconds(asking.pid) < ASKING:
                time.sleep(0.05)
            asking.send_signal(signal.SIGINT)
            assert asking.communicate(timeout=60) == ("", "Interrupted.\n")
        finally:
            asking.kill()
    assert asking.returncode == 130


ASKING = 1.5
"""Seconds of processor time after which it is no longer about to begin."""


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.unmeasured
def test_wide_answers_fold(startup: Shell) -> None:
    out = startup.okr(
        "query", "select ref, title, note from checkins join key_results using (ref) where note is not null"
    ).out
    assert max(map(len, out.splitlines())) <= 80
    assert "…" not in out


def test_an_answer_of_too_many_columns_is_told_row_by_row(startup: Shell) -> None:
    outcome = startup.okr(
        "query", "from key_results where key_result = 'pipeline' or key_result = 'rehearsal'"
    )
    lines = outcome.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[:3] == [
        "row 1 of 2",
        "  ref            2026-Q4/growth/german-market/pipeline",
        "  cycle          2026-Q4",
    ]
    assert "  value          44000" in lines
    assert lines.index("row 2 of 2") == len(COLUMNS["key_results"]) + 2
    assert startup.okr("query", "from key_results where false").out == "no rows\n"
    question = "select 1 as LONG, * from key_results limit 1".replace("LONG", "x" * 200)
    long = startup.okr("query", question).out.splitlines()
    assert [max(map(len, long)), long[4]] == [80, f"{' ' * 30}1"]
    wide = startup.okr("query", "from people", COLUMNS="160").out
    assert wide.split("\n", 1)[0].split() == ["id", "name", "kind", "team", "lead", "email"]


def test_export_writes_every_table(team: Team) -> None:
    outcome = team.okr("export", "-o", "warehouse")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "6 files in warehouse: 6 written.\n")
    for name, columns in COLUMNS.items():
        read = list(csv.reader(io.StringIO(team.shell.read(f"warehouse/{name}.csv"))))
        assert read[0] == [column.name for column in columns]
        assert len(read) > 1
    assert team.okr("export", "-o", "lines", "--format", "jsonl", "--table", "kpis").status == 0
    assert json.loads(team.shell.read("lines/kpis.jsonl"))["kpi"] == "traffic"
    assert team.okr("export", "-o", "parquet", "--format", "parquet").status == 0
    for name in COLUMNS:
        assert len(parquet(team.shell.folder / f"parquet/{name}.parquet")) == len(rows(team, f"from {name}"))
    unknown = team.okr("export", "-o", "x", "--table", "nothing")
    assert (unknown.status, (team.shell.folder / "x").exists()) == (2, False)


def test_a_report_and_an_export_share_a_folder_and_leave_each_other_alone(team: Team) -> None:
    folder = team.shell.folder / "shared"
    folder.mkdir()
    team.shell.write({"shared/okr-export.json": "[1]\n"})
    refused = team.okr("export", "-o", "shared")
    assert (refused.status, team.shell.read("shared/okr-export.json")) == (1, "[1]\n")
    assert "shared/okr-export.json was not made by okr export; it would be written over" in refused.err
    (folder / "okr-export.json").unlink()
    assert team.okr("report", "-o", "shared", "--no-audit").status == 0
    pages = {path for path in folder.rglob("*") if path.is_file()}
    assert team.okr("export", "-o", "warehouse").status == 0
    mine = team.shell.read("warehouse/kpis.csv")
    team.shell.write({"shared/kpis.csv": mine})  # what is there already, byte for byte
    exported = team.okr("export", "-o", "shared")
    assert exported.err.startswith("6 files in shared: 5 written, 1 as they were.\n")
    tables = {path for path in folder.rglob("*") if path.is_file()} - pages
    assert "removed" not in team.okr("report", "-o", "shared", "--no-audit").err
    assert {path for path in folder.rglob("*") if path.is_file()} == pages | tables
    # An export of one table takes away its own others, and neither a page nor what somebody else had put there.
    assert "4 removed" in team.okr("export", "-o", "shared", "--table", "people").err
    left = {path for path in folder.rglob("*") if path.is_file()} - pages
    assert {path.name for path in left} == {"people.csv", "kpis.csv", "okr-export.json"}
    assert team.shell.read("shared/kpis.csv") == mine


@pytest.mark.unmeasured
@pytest.mark.parametrize("table", ["key_results", "checkins"])
def test_csv_of_the_cycle(startup: Shell, table: str) -> None:
    assert startup.okr("report", "--format", "csv", "--table", table).out == screen(
        f"startup-report-{table}", startup.okr("report", "--format", "csv", "--table", table).out
    )


def test_csv_of_another_cycle(startup: Shell) -> None:
    read = list(
        csv.DictReader(io.StringIO(startup.okr("report", "--format", "csv", "--cycle", "2026-Q3").out))
    )
    assert {row["cycle"] for row in read} == {"2026-Q3"}
    assert len(read) == 11


def test_json_of_the_cycle(startup: Shell) -> None:
    found = json.loads(startup.okr("report", "--format", "json").out)
    assert (found["schema"], found["workspace"], found["as_of"]) == (1, "Pipewright", "2026-11-23")
    assert set(found) == {"schema", "workspace", "as_of", *COLUMNS}
    assert {row["cycle"] for row in found["key_results"]} == {"2026-Q4"}
    assert {row["cycle"] for row in found["checkins"]} == {"2026-Q4", None}
    assert found["plan_changes"] == []  # the example lies in no repository


def test_markdown_and_digest(startup: Shell) -> None:
    for name, options in (("markdown", ()), ("digest", ("--digest",))):
        outcome = startup.okr("report", "--format", "markdown", *options)
        assert (outcome.status, outcome.err) == (0, "")
        assert outcome.out == screen(f"startup-report-{name}", outcome.out)
    over = startup.okr("report", "--format", "markdown", "--digest", "--cycle", "2026-Q3").out
    assert "4 of 10 key results hit what they aimed at." in over


@pytest.mark.unmeasured
def test_a_workbook(startup: Shell) -> None:
    assert startup.okr("report", "--format", "xlsx", "-o", "okr.xlsx").status == 0
    content = (startup.folder / "okr.xlsx").read_bytes()
    assert startup.okr("report", "--format", "xlsx", "-o", "again.xlsx").status == 0
    assert (startup.folder / "again.xlsx").read_bytes() == content
    book = openpyxl.load_workbook(startup.folder / "okr.xlsx")
    assert book.sheetnames == list(COLUMNS)
    sheet = book["key_results"]
    head = [cell.value for cell in sheet[1]]
    first = dict(zip(head, [cell.value for cell in sheet[2]], strict=True))
    assert (first["ref"], first["value"], first["target"]) == (
        "2026-Q4/growth/word-of-mouth/teams",
        1010,
        1200,
    )
    assert str(first["last_checkin"]) == "2026-11-16 00:00:00"
    refused = startup.okr("report", "--format", "xlsx")
    assert (refused.status, refused.out) == (2, "")


def test_a_calendar(startup: Shell) -> None:
    out = startup.okr("report", "--format", "ics").out
    events = Calendar.from_ical(out).walk("VEVENT")
    told = {str(event["SUMMARY"]): event.decoded("DTSTART") for event in events}
    assert told["Pipewright: review of 2026-Q4"] == date(2026, 12, 31)
    assert told["Pipewright: last day of 2026-Q4"] == date(2026, 12, 31)
    assert told["Check in: Service restored in 15 minutes (Platform)"] == date(2026, 11, 23)  # overdue: today
    assert "last day of 2026-Q3" not in str(told)
    assert len({str(event["UID"]) for event in events}) == len(events)
    later = startup.okr("--as-of", "2026-11-24", "report", "--format", "ics").out
    assert {str(event["UID"]) for event in Calendar.from_ical(later).walk("VEVENT")} <= {
        str(event["UID"]) for event in events
    }
    own = Calendar.from_ical(startup.okr("report", "--format", "ics", "--owner", "tom").out).walk("VEVENT")
    checkins = [str(event["DESCRIPTION"]) for event in own if str(event["SUMMARY"]).startswith("Check in")]
    assert checkins
    assert all("asked of Tom Becker" in text for text in checkins)


def test_a_badge(startup: Shell) -> None:
    for reference, said in (
        ("growth", "Growth 2026-Q4: 0.50 yellow"), ("word-of-mouth/teams", "1,200 teams active every week: 0.44 on track"),
        ("platform/speed", "Make waiting for a build a thing of the past: 0.56 at risk"),
    ):  # fmt: skip
        outcome = startup.okr("badge", reference)
        assert (outcome.status, outcome.err) == (0, "")
        drawn = ET.fromstring(outcome.out)
        assert drawn.get("aria-label") == said
    assert startup.okr("badge", "growth", "-o", "growth.svg").out == ""
    assert startup.read("growth.svg") == startup.okr("badge", "growth").out
    missing = startup.okr("badge", "priya", "--cycle", "2026-Q3")
    assert (missing.status, missing.out) == (1, "")
    (startup.folder / "link.svg").symlink_to("okr.yaml")
    assert startup.okr("badge", "growth", "-o", "link.svg").status == 1
    assert "growth.svg can't be written" in startup.okr("badge", "growth", "-o", "okr.yaml/growth.svg").err


def test_hostile_words_are_no_formula_markup_or_mention(team: Team) -> None:
    hostile = '=HYPERLINK("http://x") <b>*@team* [x](y)\\e[31m'
    plan = team.shell.read(PLAN).replace(
        "Reach 100,000 monthly visits", '"' + hostile.replace('"', '\\"') + '"'
    )
    team.shell.write({PLAN: plan})
    team.append(LOG, '- {date: 2026-11-20, kr: brand/visits, value: 61000, by: bob, note: "+1 @all blocked"}')
    written = team.okr("report", "--format", "csv").out
    assert ",\"'=HYPERLINK(" in written
    assert "\x1b" not in written
    assert ",'+1 @all blocked," in team.okr("report", "--format", "csv", "--table", "checkins").out
    assert (
        "'=HYPER"
        in team.okr(
            "query", "select title from key_results where key_result = 'visits'", "--format", "csv"
        ).out
    )
    told = team.okr("report", "--format", "markdown", "--digest").out
    assert "@team" not in told
    assert "\\<b\\>" in told
    assert team.okr("report", "--format", "xlsx", "-o", "x.xlsx").status == 0
    cells = [
        cell
        for line in openpyxl.load_workbook(team.shell.folder / "x.xlsx")["key_results"].iter_rows()
        for cell in line
    ]
    assert [cell.data_type for cell in cells if str(cell.value).startswith("=HYPER")] == ["s"]
    assert "<b>" not in team.okr("badge", "visits").out
    summaries = [
        str(event["SUMMARY"])
        for event in Calendar.from_ical(team.okr("report", "--format", "ics").out).walk("VEVENT")
    ]
    assert not any("\x1b" in each for each in summaries)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--digest",), "--digest goes with --format markdown only"),
        (("--format", "json", "--table", "kpis"), "--table goes with --format csv only"),
        (("--owner", "tom"), "--owner does not go with --format html"),
        (("--format", "csv", "--table", "nothing"), "There is no table “nothing”"),
    ],
)  # fmt: skip
def test_options_of_another_format_are_refused(startup: Shell, options: tuple[str, ...], said: str) -> None:
    outcome = startup.okr("report", "-o", "x", *options)
    assert (outcome.status, (startup.folder / "x").exists()) == (2, False)
    assert said in " ".join(outcome.err.split())


@pytest.mark.parametrize(
    ("package", "extra", "command"),
    [
        ("duckdb", "sql", "query 1"), ("duckdb", "sql", "export -o x --format parquet"),
        ("xlsxwriter", "xlsx", "report --format xlsx -o x"), ("icalendar", "ics", "report --format ics"),
    ],
)  # fmt: skip
def test_a_missing_extra_is_named(
    startup: Shell, monkeypatch: pytest.MonkeyPatch, package: str, extra: str, command: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)  # what an import finds where a package is not installed
    outcome = startup.okr(*command.split())
    assert (outcome.status, outcome.out) == (1, "")
    assert f"`pip install 'okr[{extra}]'` installs it" in outcome.err


@pytest.mark.parametrize(
    "given",
    [
        "badge marketing -o okrs/2026-Q4/marketing.yaml", "report -o okrs", "export -o checkins/2026-Q4/all",
        "report --format csv -o org.yaml", "query from$kpis --format parquet -o checkins/2026-Q4/marketing.yaml",
    ],
)  # fmt: skip
def test_nothing_is_written_among_plans_logs_and_settings(repository: Shell, given: str) -> None:
    *arguments, target = [each.replace("$", " ") for each in given.split()]
    outcome = repository.okr(*arguments, target)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith(
        f"error: {target} is where the workspace {repository.folder} keeps its plans, logs and settings; "
        "nothing is written there.\n"
    )
    assert repository.git("status", "--porcelain") == ""
