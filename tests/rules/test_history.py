"""OKR7xx: what the rules on history say of two versions of a workspace, as of 23 November 2026."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from okr.rules.earlier import Earlier
from okr.rules.engine import diagnose, examine
from tests.rules.cases import earlier

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace

PLAN, LOG = "okrs/2026-Q4/marketing.yaml", "checkins/2026-Q4/marketing.yaml"
OLD, OLD_LOG, FACTS = (
    "okrs/2026-Q3/marketing.yaml",
    "checkins/2026-Q3/marketing.yaml",
    "okrs/2026-Q3/cycle.yaml",
)
COMING, YEAR = "okrs/2027-Q1/marketing.yaml", "okrs/2026/company.yaml"

BRAND = """\
objectives:
  - id: brand
    title: Make our brand the one people think of first
    supports: 2026/company/lead
    key_results:
      - {id: visits, title: Many visits every month, unit: visits, from: 42000, to: 100000, weight: 2}
      - {id: launch, title: The new site is live, milestones: {signed: 0.3, beta: 0.7, live: 1.0}}
  - id: speed
    title: Answer everyone while they still remember the question
    owner: alice
    key_results:
      - {id: hours, title: Answers come soon, unit: hours, from: 26, commit: 10, to: 4, stretch: 2}
      - {id: uptime, title: The site stays up, unit: "%", at_least: 99.9}
"""
FILES = {
    "okr.yaml": "rules: {OKR1: off, OKR2: off, OKR3: off, OKR4: off, OKR5: off, OKR6: off}\n",
    "org.yaml": """\
teams:
  - {id: company, name: Acme}
  - {id: marketing, name: Marketing, formerly: growth}
people:
  - {id: alice, name: Alice Martin, email: alice@acme.example}
  - {id: bob, name: Bob Stone, email: bob@acme.example}
""",
    "kpis.yaml": "kpis:\n  - {id: nps, name: Customers who recommend us, unit: points, at_least: 40}\n",
    YEAR: """\
objectives:
  - id: lead
    title: Lead our market
    formerly: first
    key_results:
      - {id: share, title: Our market share, unit: "%", from: 12, to: +50%}
      - {id: nps, title: Customers recommend us, kpi: nps, to: 60}
""",
    PLAN: BRAND,
    OLD: BRAND.replace("weight: 2", "grade: 0.6, learned: Pages first").replace(" + ", ""),
    FACTS: "state: closed\nreview: A good one.\n",
    COMING: BRAND.replace("2026/company/lead", "2027/company/lead"),
    LOG: """\
- {date: 2026-10-05, kr: brand/visits, value: 44000, confidence: 0.6, by: alice, note: quick wins}
- {date: 2026-10-12, kr: brand/visits, value: 47500, by: alice}
- {date: "2026-10-12T09:31:07+02:00", kr: brand/launch, value: signed, by: bob}
- {date: 2026-10-19, kr: brand/visits, value: 47600, by: alice}
""",
    OLD_LOG: "- {date: 2026-07-06, kr: brand/visits, value: 40000, by: alice}\n",
    "checkins/kpis.yaml": "- {date: 2026-11-02, kpi: nps, value: 38, by: bob}\n",
}
"""Every rule but those on history is off."""

Edits = dict[str, str | list[tuple[str, str]] | None]


def edited(files: dict[str, str], edits: Edits) -> dict[str, str]:
    found = dict(files)
    for path, edit in edits.items():
        if edit is None:
            del found[path]
        elif isinstance(edit, str):
            found[path] = edit
        else:
            for old, new in edit:
                assert old in found[path], (path, old)
                found[path] = found[path].replace(old, new, 1)
    return found


def said(open_workspace: OpenWorkspace, edits: Edits, before: Edits | None = None) -> list[str]:
    """What is found after some edits: `severity CODE path:line message`."""
    then = edited(FILES, before or {})
    now = open_workspace(edited(then, edits))
    return [
        f"{each.severity} {each.code} {each.finding.path}:{each.finding.place.line} {each.finding.message}"
        for each in diagnose(now, earlier(now, then))
    ]


CLOSED = "2026-Q3 is closed, but"
BEGUN = "and 2026-Q4 has begun"
CASES: dict[str, tuple[Edits, list[str]]] = {
    # A closed cycle.
    "a target": (
        {OLD: [("to: 100000", "to: 90000")]},
        [f"error OKR701 {OLD}:6 {CLOSED} `to` of “visits” has been changed from 100000 to 90000"],
    ),
    "a grade": (
        {OLD: [("grade: 0.6", "grade: 0.9")]},
        [f"error OKR701 {OLD}:6 {CLOSED} `grade` of “visits” has been changed from 0.6 to 0.9"],
    ),
    "a ladder": (
        {OLD: [("beta: 0.7", "beta: 0.8")]},
        [f"error OKR701 {OLD}:7 {CLOSED} `milestones` of “launch” has been changed"],
    ),
    "words": (
        {OLD: [("Pages first", "Pages last"), ("    owner: alice\n", "    owner: bob\n"), ("Many visits", "More visits")]},
        [
            f"warning OKR701 {OLD}:6 {CLOSED} `title` of “visits” has been changed from “Many visits every month” to “More visits every month”",
            f"warning OKR701 {OLD}:6 {CLOSED} `learned` of “visits” has been changed from “Pages first” to “Pages last”",
            f"warning OKR701 {OLD}:10 {CLOSED} `owner` of “speed” has been changed from “alice” to “bob”",
        ],
    ),
    "more and less of it": (
        {OLD: [("- {id: launch", "- {id: other"), ("    supports: 2026/company/lead\n", "")]},
        [
            f"warning OKR701 {OLD}:2 {CLOSED} `supports` of “brand” has been changed",
            f"error OKR701 {OLD}:2 {CLOSED} the key result “launch” has been removed",
            f"error OKR701 {OLD}:6 {CLOSED} the key result “other” has been added",
        ],
    ),
    "an objective": (
        {OLD: BRAND[: BRAND.index("  - id: speed")].replace("weight: 2", "grade: 0.6, learned: Pages first")},
        [f"error OKR701 {OLD}:1 {CLOSED} the objective “speed” has been removed"],
    ),
    "its log": (
        {OLD_LOG: FILES[OLD_LOG] + "- {date: 2026-07-13, kr: brand/visits, value: 50000}\n- {date: 2026-07-14, kr: brand/visits, retracts: 2026-07-06}\n"},
        [
            f"error OKR701 {OLD_LOG}:2 {CLOSED} a check-in has been added",
            f"error OKR701 {OLD_LOG}:3 {CLOSED} a line that takes one back has been added",
        ],
    ),
    "its facts": (
        {FACTS: "state: closed\nreview: A bad one.\nends: 2026-09-29\nstarts: 2026-07-01\n"},
        [
            f"warning OKR701 {FACTS}:2 {CLOSED} `review` has been changed from “A good one.” to “A bad one.”",
            f"error OKR701 {FACTS}:3 {CLOSED} `ends` has been changed from nothing to “2026-09-29”",
            f"error OKR701 {FACTS}:4 {CLOSED} `starts` has been changed from nothing to “2026-07-01”",
        ],
    ),
    "the file that closes it": (
        {FACTS: None},
        [
            f"error OKR701 {FACTS}:1 {CLOSED} the file that says so has been removed",
        ],
    ),
    "all of it": (
        {FACTS: None, OLD: None, OLD_LOG: None},
        [
            f"error OKR703 {OLD_LOG}:1 this log has been removed, with 1 line of its record",
            f"error OKR701 {FACTS}:1 {CLOSED} the file that says so has been removed",
            f"error OKR701 {OLD}:1 {CLOSED} the objective “brand” has been removed with its plan",
            f"error OKR701 {OLD}:1 {CLOSED} the objective “speed” has been removed with its plan",
        ],
    ),
    "opened again": (
        {FACTS: [("closed", "active")], OLD: [("to: 100000", "to: 120000"), ("grade: 0.6, ", "")], OLD_LOG: FILES[OLD_LOG] + "- {date: 2026-07-13, kr: brand/visits, value: 50000}\n"},
        [f"info OKR710 {FACTS}:1 2026-Q3 was closed, and is active again"],
    ),
    "opened again without a word of its state": (
        {FACTS: "review: A good one.\n"},
        [f"info OKR710 {FACTS}:1 2026-Q3 was closed, and is active again"],
    ),
    "opened again, and made easier": (
        {FACTS: [("closed", "active")], OLD: [("to: 100000", "to: 50000")]},
        [
            f"info OKR710 {FACTS}:1 2026-Q3 was closed, and is active again",
            f"warning OKR704 {OLD}:6 the target of “visits” was 100000 and is 50000, which is easier to reach, and 2026-Q3 has begun",
        ],
    ),
    # A log.
    "lines changed": (
        {LOG: [("value: 44000, confidence: 0.6", "value: 54000, confidence: 0.9"), ("by: bob", "by: alice"), ("2026-10-19", "2026-10-26")]},
        [
            f"error OKR702 {LOG}:1 the check-in of brand/visits of 2026-10-05 (value 44000, confidence 0.6, by alice) has been changed: `value` from 44000 to 54000, `confidence` from 0.6 to 0.9",
            f"error OKR702 {LOG}:3 the check-in of brand/launch of 2026-10-12T09:31:07+02:00 (value signed, by bob) has been changed: `by` from “bob” to “alice”",
            f"error OKR702 {LOG}:4 the check-in of brand/visits of 2026-10-19 (value 47600, by alice) has been changed: `date` from “2026-10-19” to “2026-10-26”",
        ],
    ),
    "a note gone": (
        {LOG: [(", note: quick wins", "")]},
        [f"error OKR702 {LOG}:1 the check-in of brand/visits of 2026-10-05 (value 44000, confidence 0.6, by alice) has been changed: `note` from “quick wins” to nothing"],
    ),
    "lines removed": (
        {LOG: "- {date: 2026-10-12, kr: brand/visits, value: 47500, by: alice}\n"},
        [
            f"error OKR703 {LOG}:1 the check-in of brand/launch of 2026-10-12T09:31:07+02:00 (value signed, by bob) has been removed",
            f"error OKR703 {LOG}:1 the check-in of brand/visits of 2026-10-05 (value 44000, confidence 0.6, by alice) has been removed",
            f"error OKR703 {LOG}:1 the check-in of brand/visits of 2026-10-19 (value 47600, by alice) has been removed",
        ],
    ),
    "a log removed": ({LOG: None}, [f"error OKR703 {LOG}:1 this log has been removed, with 4 lines of its record"]),
    "a measurement": (
        {"checkins/kpis.yaml": "- {date: 2026-11-02, kpi: nps, value: 41, by: bob}\n"},
        ["error OKR702 checkins/kpis.yaml:1 the check-in of kpis/nps of 2026-11-02 (value 38, by bob) has been changed: `value` from 38 to 41"],
    ),
    # Targets, baselines and weights.
    "targets lowered": (
        {PLAN: [("to: 100000", "to: 90000"), ("to: 4, stretch: 2", "to: 5"), ("99.9", "99.5"), ("beta: 0.7", "beta: 0.8")]},
        [
            f"warning OKR704 {PLAN}:6 the target of “visits” was 100000 and is 90000, which is easier to reach, {BEGUN}",
            f"warning OKR704 {PLAN}:7 the ladder of milestones of “launch” has been changed, which is easier to reach, {BEGUN}",
            f"warning OKR704 {PLAN}:12 the target of “hours” was 4 and is 5, the stretch target was 2 and is nothing, which is easier to reach, {BEGUN}",
            f"warning OKR704 {PLAN}:13 the lower bound of “uptime” was 99.9 and is 99.5, which is easier to reach, {BEGUN}",
        ],
    ),
    "measured otherwise": (
        {PLAN: [("from: 42000, to: 100000", "at_least: 50000")], YEAR: [("kpi: nps, to: 60", "unit: points, to: 60"), ("to: +50%", "to: +40%")]},
        [
            f"warning OKR704 {PLAN}:6 “visits” was measured by a number when 2026-Q4 began, and is now measured by bounds",
            f"warning OKR704 {YEAR}:6 the target of “share” was “+50%” and is “+40%”, which is easier to reach, and 2026 has begun",
            f"warning OKR704 {YEAR}:7 “nps” was measured by a KPI when 2026 began, and is now measured by a number",
        ],
    ),
    "a target without a baseline": (
        {YEAR: [("to: 60", "to: 50")]},
        [f"warning OKR704 {YEAR}:7 the target of “nps” was 60 and is 50, and 2026 has begun"],
    ),
    "another KPI": (
        {YEAR: [("kpi: nps", "kpi: stars")]},
        [f"warning OKR704 {YEAR}:7 the KPI of “nps” was “nps” and is “stars”, and 2026 has begun"],
    ),
    "no metric any more": (
        {PLAN: [("from: 42000, to: 100000, ", "")]},
        [f"warning OKR704 {PLAN}:6 “visits” was measured by a number when 2026-Q4 began, and is now measured not at all"],
    ),
    "baselines": (
        {PLAN: [("from: 42000", "from: 30000"), ("from: 26", "from: 30")]},
        [
            f"warning OKR705 {PLAN}:6 the baseline of “visits” was 42000 and is 30000: scores rise by that, {BEGUN}",
            f"warning OKR705 {PLAN}:12 the baseline of “hours” was 26 and is 30: scores rise by that, {BEGUN}",
        ],
    ),
    "a baseline forgotten": (
        {PLAN: [("from: 42000", "from: unknown")]},
        [f"warning OKR705 {PLAN}:6 the baseline of “visits” was 42000 and is “unknown”, {BEGUN}"],
    ),
    "a weight lowered": (
        {PLAN: [(", weight: 2", "")]},
        [f"warning OKR706 {PLAN}:6 the weight of “visits” was lowered from 2 to 1 after 2026-Q4 had begun"],
    ),
    "a weight raised": (
        {PLAN: [("{signed: 0.3, beta: 0.7, live: 1.0}}", "{signed: 0.3, beta: 0.7, live: 1.0}, weight: 3}")]},
        [f"warning OKR706 {PLAN}:7 the weight of “launch” was raised, so that the others weigh less, from 1 to 3 after 2026-Q4 had begun"],
    ),
    "dropped": (
        {PLAN: BRAND[: BRAND.index("      - {id: launch")]},
        [
            f"warning OKR707 {PLAN}:1 the objective “speed” was dropped after 2026-Q4 had begun",
            f"warning OKR707 {PLAN}:2 the key result “launch” was dropped after 2026-Q4 had begun",
        ],
    ),
    "a plan dropped": (
        {YEAR: None},
        [f"warning OKR707 {YEAR}:1 the objective “lead” was dropped after 2026 had begun"],
    ),
    # Ids.
    "renamed": (
        {
            PLAN: [("id: brand", "id: fame"), ("id: hours", "id: answers")],
            "org.yaml": [("id: bob", "id: robert"), ("id: company", "id: acme")],
            "kpis.yaml": [("id: nps", "id: fans")],
        },
        [
            "warning OKR708 kpis.yaml:2 this seems to be “nps” under another id, but doesn't say so",
            f"warning OKR708 {PLAN}:2 this seems to be “brand” under another id, but doesn't say so",
            f"warning OKR708 {PLAN}:12 this seems to be “hours” under another id, but doesn't say so",
            "warning OKR708 org.yaml:2 this seems to be “company” under another id, but doesn't say so",
            "warning OKR708 org.yaml:6 this seems to be “bob” under another id, but doesn't say so",
        ],
    ),
    "no longer says what it was": (
        {YEAR: [("    formerly: first\n", "")], "org.yaml": [("formerly: growth", "formerly: [sales, sale]")]},
        [
            f"warning OKR708 {YEAR}:2 “lead” was called “first” before, and no longer says so",
            "warning OKR708 org.yaml:3 “marketing” was called “growth” before, and no longer says so",
        ],
    ),
    "a former id for another": (
        {
            YEAR: FILES[YEAR].replace("    formerly: first\n", "")
            + "  - id: first\n    title: Be somewhere else\n    key_results:\n      - {id: x, title: Somewhere, unit: places, from: 0, to: 1}\n"
        },
        [f"error OKR709 {YEAR}:7 “first” was an id of “lead” before: logs and references that name it come to mean this one"],
    ),
    "something else": (
        {
            PLAN: [("Answers come soon, unit: hours, from: 26, commit: 10, to: 4, stretch: 2", "Happy callers, unit: people, from: 0, to: 300")],
            "org.yaml": [("{id: bob, name: Bob Stone, email: bob@acme.example}", "{id: bob, name: Robert Smith, email: smith@acme.example}")],
            "kpis.yaml": [("Customers who recommend us, unit: points, at_least: 40", "Cash at the end of the month, unit: EUR")],
        },
        [
            "warning OKR709 kpis.yaml:2 “nps” stood for something else: “Customers who recommend us”",
            f"warning OKR709 {PLAN}:12 “hours” stood for something else: “Answers come soon”",
            "warning OKR709 org.yaml:6 “bob” stood for something else: “Bob Stone”",
        ],
    ),
    "a team and a person": (
        {"org.yaml": "teams:\n  - {id: bob, name: Bobs}\n  - {id: marketing, name: Marketing, formerly: growth}\npeople:\n  - {id: company, name: Acme}\n"},
        [
            "error OKR709 org.yaml:2 “bob” was a person, and is a team now",
            "error OKR709 org.yaml:5 “company” was a team, and is a person now",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edits", "wanted"), CASES.values(), ids=CASES.keys())
def test_what_is_found(open_workspace: OpenWorkspace, edits: Edits, wanted: list[str]) -> None:
    assert said(open_workspace, edits) == wanted


REORDERED = "".join(reversed(FILES[LOG].splitlines(keepends=True)))
NOTHING: dict[str, Edits] = {
    "nothing": {},
    "closing a cycle": {
        "okrs/2026-Q4/cycle.yaml": "state: closed\nreview: Done.\n",
        PLAN: [("weight: 2", "weight: 2, grade: 0.8, grade_reason: Late but there, learned: Ask sooner, next: carry")],
    },
    "one layout for another": {
        OLD: FILES[OLD].replace("\n", "\r\n").replace("id: brand", "id:   brand # ours"),
        LOG: "# ours\n" + REORDERED.replace("2026-10-05", '"2026-10-05"').replace("44000", "44000.0"),
    },
    "more of a log": {LOG: FILES[LOG] + "- {date: 2026-11-20, kr: brand/visits, retracts: 2026-10-05, by: alice}\n"},
    "one of two equal lines removed": {},
    "harder": {
        PLAN: [
            ("to: 100000", "to: 120000"), ("from: 26", "from: 20"), ("99.9", "99.95"), ("beta: 0.7", "beta: 0.6"),
            ("commit: 10", "commit: 9"),
        ],
        YEAR: [("to: +50%", "to: +60%")],
    },
    "alike in weight": {PLAN: [("weight: 2", "weight: 4"), ("live: 1.0}", "live: 1.0}, weight: 2")]},
    "a cycle that has not begun": {
        COMING: BRAND.replace("100000", "90000").replace("id: hours", "id: replies").replace("id: brand", "id: fame"),
    },
    "renamed as one should": {
        PLAN: [("  - id: brand\n", "  - id: fame\n    formerly: brand\n"),
               ("id: visits", "id: traffic, formerly: [visits]")],
        OLD: [("  - id: brand\n", "  - id: fame\n    formerly: [brand]\n"), ("2026/company/lead", "2026/company/top")],
        YEAR: [("id: lead", "id: top"), ("formerly: first", "formerly: [first, lead]")],
        "org.yaml": [("id: alice", "id: alice-m, formerly: alice"), ("Acme", "Acme Ltd")],
        "kpis.yaml": [("id: nps, name: Customers who recommend us", "id: fans, name: Fans, formerly: nps")],
    },
    "by the new ids": {
        "org.yaml": [("id: alice", "id: alice-m, formerly: alice")],
        OLD: [("owner: alice", "owner: alice-m")],
        LOG: [("by: alice", "by: alice-m")],
        OLD_LOG: [("by: alice", "by: alice-m")],
    },
    "an owner by another id": {
        "org.yaml": [("id: marketing, name: Marketing, formerly: growth", "id: fame, name: Fame, formerly: [growth, marketing]")],
        OLD: None, PLAN: None, LOG: None,
        "okrs/2026-Q3/fame.yaml": FILES[OLD], "okrs/2026-Q4/fame.yaml": FILES[PLAN],
        "checkins/2026-Q4/fame.yaml": FILES[LOG],
    },
    "an owner whom no org.yaml names": {
        PLAN: None, LOG: None, "okrs/2026-Q4/fame.yaml": FILES[PLAN], "checkins/2026-Q4/fame.yaml": FILES[LOG],
    },
    "what can't be read": {OLD: "objectives: [\n", LOG: FILES[LOG].replace("44000", "[]"), PLAN: "objectives: 3\n",
                           YEAR: YEAR, "kpis.yaml": "kpis: 1\n"},
    "an unreadable state": {FACTS: "state: shut\n", OLD: [("to: 100000", "to: 90000")]},
    "an unreadable org.yaml": {"org.yaml": "teams: 3\n", PLAN: None, LOG: None},
}  # fmt: skip


@pytest.mark.parametrize("edits", NOTHING.values(), ids=NOTHING.keys())
def test_what_is_not_found(open_workspace: OpenWorkspace, edits: Edits) -> None:
    assert [each for each in said(open_workspace, edits) if "OKR7" in each] == []


def test_of_two_equal_lines_one_is_enough(open_workspace: OpenWorkspace) -> None:
    twice: Edits = {LOG: FILES[LOG] + FILES[LOG].splitlines()[1] + "\n"}
    assert said(open_workspace, {LOG: FILES[LOG]}, before=twice) == []


def test_a_line_whose_value_is_no_number_is_the_same_still(open_workspace: OpenWorkspace) -> None:
    no_number = FILES[LOG] + "- {date: 2026-11-19, kr: brand/visits, value: .nan}\n"
    more: Edits = {LOG: no_number + "- {date: 2026-11-20, kr: brand/visits, value: 50000}\n"}
    assert said(open_workspace, more, before={LOG: no_number}) == []


def test_a_line_that_takes_back_stays_as_well(open_workspace: OpenWorkspace) -> None:
    back = FILES[LOG] + "- {date: 2026-11-20, kr: brand/visits, retracts: 2026-10-05, by: alice}\n"
    assert said(open_workspace, {LOG: FILES[LOG]}, before={LOG: back}) == [
        f"error OKR703 {LOG}:1 the line that takes back the check-in of brand/visits of 2026-10-05 has been removed"
    ]


def test_a_renaming_that_is_taken_back(open_workspace: OpenWorkspace) -> None:
    renamed = edited(FILES, NOTHING["an owner by another id"])
    now = open_workspace(FILES)
    found = [each for each in diagnose(now, earlier(now, renamed)) if each.code != "OKR708"]
    assert found == []


@pytest.mark.parametrize(
    ("facts", "begun"),
    [
        ({}, {"2026", "2026-Q3", "2026-Q4"}),
        ({FACTS: "state: closed\n", "okrs/2026-Q4/cycle.yaml": "state: planning\n"}, {"2026"}),
        ({"okrs/2027-Q1/cycle.yaml": "state: active\n"}, {"2026", "2026-Q3", "2026-Q4", "2027-Q1"}),
        ({"okrs/2026-Q4/cycle.yaml": "state: nonsense\n"}, {"2026", "2026-Q3"}),
        ({"okrs/2026-Q4/cycle.yaml": "starts: 2026-11-23\nends: 2026-12-31\n"}, {"2026", "2026-Q3"}),
        ({"okrs/2026-Q4/cycle.yaml": "starts: 2026-11-22\nends: 2026-12-31\n"}, {"2026", "2026-Q3", "2026-Q4"}),
    ],
    ids=["by their first day", "planned or closed", "called active", "unreadable", "on its first day", "on its second day"],
)  # fmt: skip
def test_which_cycles_have_begun(
    open_workspace: OpenWorkspace, facts: dict[str, str], begun: set[str]
) -> None:
    files = {path: text for path, text in FILES.items() if path != FACTS} | facts
    now = open_workspace(files)
    both = Earlier(now, earlier(now, files))
    assert {cycle for cycle in both.cycles if both.has_begun(cycle)} == begun
    assert not both.has_begun("2031")


def test_a_comment_silences_it_and_is_never_unused(open_workspace: OpenWorkspace) -> None:
    reason = BRAND.replace("weight: 2}", "weight: 2} # okr: ignore[target-lowered] agreed with the board")
    now = open_workspace(
        FILES | {"okr.yaml": "name: Acme\nrules: {OKR119: error}\n", PLAN: reason.replace("100000", "90000")}
    )
    found = examine(now, then=earlier(now, FILES))
    assert "OKR704" in {each.code for each in found.suppressed}
    assert "OKR704" not in {each.code for each in found.diagnostics}
    for then in (None, now):
        assert {"OKR119", "OKR704"} & {each.code for each in examine(now, then=then).diagnostics} == set()


def test_severities_are_the_workspaces(open_workspace: OpenWorkspace) -> None:
    off: Edits = {
        "okr.yaml": FILES["okr.yaml"].replace("}", ", OKR7: off, OKR704: error}"),
        PLAN: [("100000", "90000"), ("42000", "0")],
    }
    assert [re.split(" ", each)[:2] for each in said(open_workspace, off)] == [["error", "OKR704"]]


def test_what_is_the_same_in_both_is_read_once(open_workspace: OpenWorkspace) -> None:
    now = open_workspace(FILES)
    then = earlier(now, edited(FILES, {PLAN: [("100000", "90000")]}))
    assert then.document(OLD) is now.document(OLD) is not None
    assert then.document(PLAN) != now.document(PLAN)
    assert then.document("okrs/2030/none.yaml") is None
