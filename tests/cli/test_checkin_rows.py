from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

LOG = "checkins/2026-Q4/marketing.yaml"

CSV = """ref,value,confidence,date,note
visits,61000,0.7,2026-11-20,"Campaign: live, at last"
marketing/brand/launch,beta,,,
hours,+0,70%,,
"""
CSV_ROWS = CSV.replace("hours,+0,70%,,\n", "hours,12,70%,,\n")
JSON_ROWS = """[
  {"ref": "visits", "value": 61000, "confidence": 0.7, "date": "2026-11-20", "note": "Campaign: live, at last"},
  {"ref": "marketing/brand/launch", "value": "beta"},
  {"ref": "hours", "value": 12, "confidence": "70%"}
]
"""
JSON_LINES = """{"ref": "visits", "value": 61000, "confidence": 0.7, "date": "2026-11-20", "note": "Campaign: live, at last"}

{"ref": "marketing/brand/launch", "value": "beta"}
{"ref": "hours", "value": 12, "confidence": 0.7}
"""
YAML_ROWS = """
# of this week
- {ref: visits, value: 61000, confidence: 0.7, date: 2026-11-20, note: "Campaign: live, at last"}
- ref: marketing/brand/launch
  value: beta
- {ref: hours, value: 12, confidence: 70%}
"""


@pytest.mark.parametrize(
    "rows",
    [CSV_ROWS, "\ufeff" + CSV_ROWS.replace("\n", "\r\n"), JSON_ROWS, JSON_LINES, YAML_ROWS],
    ids=["csv", "csv with BOM and CRLF", "json", "json lines", "yaml"],
)
def test_all_rows_go_into_one_commit(repository: Shell, rows: str) -> None:
    outcome = repository.okr("checkin", "--from", "-", stdin=rows)
    assert outcome.status == 0, outcome.err
    added = [
        line[1:] for line in repository.git("show", "--format=", "HEAD").splitlines() if line.startswith("+-")
    ]
    assert added == [
        '- {date: 2026-11-20, kr: brand/visits, value: 61000, confidence: 0.7, by: alice, note: "Campaign: live, at last"}',
        "- {date: 2026-11-23, kr: brand/launch, value: beta, by: alice}",
        "- {date: 2026-11-23, kr: speed/hours, value: 12, confidence: 0.7, by: alice}",
    ]
    assert repository.git("log", "-1", "--format=%B").strip() == (
        "okr: 3 check-ins of marketing by alice\n"
        "\n"
        "marketing/brand/visits 47500 → 61000 visits (0.09 → 0.33): Campaign: live, at last\n"
        "marketing/brand/launch signed → beta (0.30 → 0.70)\n"
        "marketing/speed/hours 12 hours (0.64)\n"
        "\n"
        "OKR-Checkin: 2026-Q4/marketing/brand/visits date=2026-11-20 value=61000 confidence=0.7\n"
        "OKR-Checkin: 2026-Q4/marketing/brand/launch date=2026-11-23 value=beta\n"
        "OKR-Checkin: 2026-Q4/marketing/speed/hours date=2026-11-23 value=12 confidence=0.7"
    )
    assert (
        len(
            repository.git("log", "-1", "--format=%(trailers:key=OKR-Checkin,valueonly)").strip().splitlines()
        )
        == 3
    )


def test_one_bad_row_keeps_all_out_and_every_bad_row_is_named_with_its_line(repository: Shell) -> None:
    before, head = repository.read(LOG), repository.git("rev-parse", "HEAD")
    rows = (
        "ref,value,confidence,date,note\n"
        "visits,61000,,,\n"
        "nowhere,5,,,\n"
        "launch,betta,,,\n"
        "\n"
        "hours,12,7,,\n"
        'visits,62000,,2027-01-05,"two\nlines"\n'
        "uptime,99,,,,extra\n"
    )
    repository.write({"week.csv": rows})
    outcome = repository.okr("checkin", "--from", "week.csv")
    assert outcome.status == 1
    lines = outcome.err.splitlines()
    assert lines[0] == "error: Nothing was recorded: 5 rows are at fault."
    assert [line.strip().split(" ")[0] for line in lines[1:6]] == [
        "week.csv:3:", "week.csv:4:", "week.csv:6:", "week.csv:7:", "week.csv:9:",
    ]  # fmt: skip
    assert lines[2].endswith("Did you mean “beta”? Its milestones: signed, beta, live.")
    assert "OKR50" in lines[4]
    assert (repository.read(LOG), repository.git("rev-parse", "HEAD")) == (before, head)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "holds no check-in"),
        ("visits,61000\n", "no column `ref`"),
        ("[{]", "standard input:1: this is not JSON"),
        ('[\n{"ref": "visits", "value": 1}\n{"ref": "x"}]', "standard input:3: this is not JSON"),
        ('{"ref": "visits", "value": 1} 2\n', "more than one value"),
        ("[1, 2]", "not a check-in"),
        ('[{"ref": "visits", "value": [1]}]', "neither a text nor a number"),
        ('[{"ref": "visits", "valeu": 1}]', "no column “valeu”"),
        ('ref,value\n"visits,1\n', "not CSV"),
        ("[" * 100000, "not JSON"),
    ],
)
def test_what_is_no_list_of_check_ins_is_explained(repository: Shell, rows: str, said: str) -> None:
    head = repository.git("rev-parse", "HEAD")
    outcome = repository.okr("checkin", "--from", "-", stdin=rows)
    assert outcome.status in {1, 2}
    assert said in outcome.err
    assert "Traceback" not in outcome.err
    assert repository.git("rev-parse", "HEAD") == head


def test_semicolons_and_tabs_separate_as_well(repository: Shell) -> None:
    assert (
        repository.okr("checkin", "--from", "-", "--dry-run", stdin="ref;value\nvisits;61000\n").status == 0
    )
    assert (
        repository.okr("checkin", "--from", "-", "--dry-run", stdin="ref\tvalue\nvisits\t61000\n").status == 0
    )


def test_changes_in_one_file_add_up_and_numbers_sent_as_such_mean_themselves(repository: Shell) -> None:
    rows = (
        '[{"ref": "visits", "value": "+500", "date": "2026-11-20"}, {"ref": "visits", "value": "+500"},'
        ' {"ref": "hours", "value": -3}]'
    )
    outcome = repository.okr("checkin", "--from", "-", "--json", stdin=rows)
    assert outcome.status == 0, outcome.err
    assert [each["value"] for each in json.loads(outcome.out)["checkins"]] == [48000, 48500, -3]


def test_a_remedy_that_begins_with_a_file_names_it_as_it_is(repository: Shell) -> None:
    outcome = repository.okr("checkin", "--from", "-", stdin="ref,value\nkpis/calls,7\n")
    assert "  standard input:2: There is no KPI “kpis/calls”. kpis.yaml lists the KPIs.\n" in outcome.err


def test_a_row_may_say_who(repository: Shell) -> None:
    outcome = repository.okr(
        "checkin", "--from", "-", "--json", stdin="ref,value,by\nvisits,61000,bob\nhours,9,\n"
    )
    assert [each["by"] for each in json.loads(outcome.out)["checkins"]] == ["bob", "alice"]


def test_from_goes_with_nothing_that_rows_say(repository: Shell) -> None:
    outcome = repository.okr("checkin", "visits", "--from", "-", stdin="")
    assert outcome.status == 2
    assert "does not go with --from" in outcome.err
    missing = repository.okr("checkin", "--from", "nowhere.csv")
    assert missing.status == 2
    assert "nowhere.csv can't be read" in missing.err


def test_every_bad_json_line_is_named(repository: Shell) -> None:
    rows = '{"ref": "visits", "value": 1}\n{"ref": "visits"\n[1]\n{"ref": "hours", "value": 1} 2\n{"ref": "nowhere", "value": 1}\n'
    outcome = repository.okr("checkin", "--from", "-", stdin=rows)
    assert outcome.status == 1
    named = [line.strip().split(" ")[1].removeprefix("input:") for line in outcome.err.splitlines()[1:5]]
    assert named == ["2:", "3:", "4:", "5:"]


def test_the_same_file_sent_twice_counts_once(repository: Shell) -> None:
    rows = "ref,value,date\nvisits,61000,2026-11-20\n"
    assert repository.okr("checkin", "--from", "-", stdin=rows).status == 0
    again = repository.okr("checkin", "--from", "-", stdin=rows)
    assert again.status == 1
    assert (
        "standard input:2: 2026-Q4/marketing/brand/visits has this very check-in of 2026-11-20 already."
        in again.err
    )
