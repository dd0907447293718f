"""What is judged at a glance comes to the very same as what is judged line by line."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from okr import documents
from okr.contents import KeyResult, Log, Record
from okr.documents import Document
from okr.rules.catalogue import catalogue
from okr.rules.engine import Examination, examine
from okr.rules.glance import JUDGED, JUDGED_OF_KEY_RESULTS, finds_nothing, is_measured_plainly
from okr.rules.log_facts import facts_of
from okr.sources import Folder, Overlay
from okr.workspace import Workspace
from tests.mutating import mutated

PLAN = """\
objectives:
  - id: brand
    title: Make our brand the one people think of first
    key_results:
      - {id: visits, title: Visits a month, from: 42000, to: 100000}
      - {id: hours, title: Hours until an answer, from: 31, to: 6, stretch: 4}
      - {id: stalls, title: Stalls at fairs, formerly: booths, at_most: 5}
  - id: speed
    title: Answer people while they still remember the question
    formerly: [pace]
    key_results:
      - {id: pilot, title: A pilot at three customers, milestones: {signed: 0.3, "on": 0.6, live-at-all: 1.0}}
      - {id: nps, title: The score that people give us, kpi: nps, from: 31, to: 55}
"""
FILES = {
    "okr.yaml": "name: Acme\ncheckin_every: 14\n",
    ".gitattributes": "checkins/** merge=union\n",
    "org.yaml": "teams:\n  - {id: company, formerly: firm}\npeople:\n  - {id: alice}\n  - {id: bob, formerly: robert}\n",
    "kpis.yaml": "kpis:\n  - {id: nps, name: Net promoter score}\n",
    "checkins/kpis.yaml": "- {date: 2026-10-03, kpi: nps, value: 60}\n",
    "okrs/2026-Q4/company.yaml": PLAN,
}
LOG = "checkins/2026-Q4/company.yaml"
USUAL = (
    ("2026-10-05", "2026-10-12", "2026-11-02", "2026-11-16", '"2026-11-23T09:31:07+02:00"', '"2026-11-24T08:31:07+01:00"'),
    ("brand/visits", "brand/hours", "brand/stalls"),
    (", value: 47500", ", value: 2", ", value: 3.5", ", value: 99999.999"),
    (", confidence: 0.5", ", confidence: 1", ", confidence: 0", ", confidence: 1.0", ""),
    (", by: alice", ", by: bob", ""),
    (", note: Three weeks late", ', note: "Late, because of the fair"', ", note: 3 weeks late (é)", ", note: Été déjà", ""),
)  # fmt: skip
ODD = (
    ("2026-09-30", "2027-01-01", "2026-12-24", '"2026-11-23"', "2026-02-30", "2026-11-31", "0001-01-01", '"2026-11-24T09:31:07+02:00"',
     '"2026-11-25T00:30:07+02:00"', '"2026-12-31T23:59:59-12:00"', '"2026-11-23T09:31+02:00"', '"2026-11-23T09:31:07"', "nil"),
    ("speed/pilot", "speed/nps", "brand/booths", "pace/pilot", "brand", "brand/visit", "2026-Q4/company/brand/visits", "null"),
    (", value: signed", ", value: on", ', value: "on"', ", value: true", ", value: live-at-all", ", value: null", ", value: -1",
     ", value: 1e3", ", value: 1000000000000000000", ", value: many", ", value: 007", ', value: "7"', ""),
    (", confidence: 2", ", confidence: 7", ', confidence: "0.5"', ", confidence: 1.01", ", confidence: null"),
    (", by: robert", ", by: carol", ", by: company", ", by: null", ", by: 7", ", by: Alice Martin", ', by: "alice"'),
    (", note: null", ", note: 12", ", note: true", ", note: TRUE", ", retracts: 2026-10-05", ", value: 7", ', note: "x, by: bob"',
     ", nots: x", ", note: a b ", ", note: 12 ", ", note: -1 a", ", note: \u2028", ", note: a\tb", "  "),
)  # fmt: skip
LINES = (
    "# A log.\n", "\n", "# okr: ignore[OKR505] they say so\n", "- date: 2026-10-05\n  kr: brand/visits\n  value: 1\n",
    " - {date: 2026-10-05, kr: brand/visits, value: 1}\n", "- {date: 2026-10-05, kr: brand/visits,\n   value: 1}\n", "#\x07\n",
    "- {date: 2026-10-05, kr: brand/visits, value: 1}  # okr: ignore[OKR5] they say so\n", "- one\n", "<<<<<<< ours\n", "# \t\n",
)  # fmt: skip
DAYS = (date(2026, 9, 1), date(2026, 11, 23), date(2026, 11, 24), date(2026, 12, 30), date(2027, 2, 1))


RETRACTING = 0.3
DATES = (
    "2026-10-05",
    "2026-10-12",
    "2026-11-02",
    '"2026-11-23T09:31:07+02:00"',
    '"2026-11-23T08:31:07+01:00"',
)


def a_line(chance: random.Random, oddity: float) -> str:
    if chance.random() < oddity / 4:
        return chance.choice(LINES)
    if chance.random() < oddity / 2:
        also = chance.choice(["", "", "", ", confidence: 0.5"])
        subject, date, day = chance.choice(USUAL[1]), chance.choice(DATES), chance.choice(DATES)
        return f"- {{date: {day}, kr: {subject}{also}, retracts: {date}, by: bob, note: no}}\n"
    parts = [
        chance.choice(odd if chance.random() < oddity / 4 else usual)
        for usual, odd in zip(USUAL, ODD, strict=True)
    ]
    return f"- {{date: {parts[0]}, kr: {''.join(parts[1:])}}}\n"


def a_workspace(chance: random.Random) -> dict[str, str]:
    oddity = chance.choice([0, 0, 0.1, 0.4])
    files = dict(FILES)
    head = chance.choice(["", "", "# Ours.\n", "# Ours.\n# It only grows.\n"])
    lines = [a_line(chance, oddity) for _ in range(chance.choice([1, 2, 5, 12]))]
    if chance.random() < RETRACTING:  # one that is there is taken back, and another one made in its place
        date, _, rest = chance.choice(lines).removeprefix("- {date: ").partition(", kr: ")
        subject = rest.partition(",")[0] or "brand/visits"
        lines += [
            f"- {{date: {chance.choice(DATES)}, kr: {subject}, {said}}}\n"
            for said in (f"retracts: {date}, by: bob", "value: 3")
        ]
    files[LOG] = (head + "".join(lines)).removesuffix(chance.choice(["", "", "\n"]))
    if chance.random() < oddity:
        path = chance.choice([LOG, "okrs/2026-Q4/company.yaml"])
        files[path] = mutated(files[path], chance)
    if chance.random() < oddity / 2:
        files["checkins/2026-Q4/firm.yaml"] = a_line(chance, oddity)
    if chance.random() < oddity / 2:
        files["okrs/2026-Q4/cycle.yaml"] = chance.choice(
            ["state: closed\n", "starts: 2026-10-08\n", "state: planning\n"]
        )
    return files


def opened(files: dict[str, str], as_of: date) -> Workspace:
    content = {path: text.encode() for path, text in files.items()}
    return Workspace(Overlay(Folder(Path("nowhere")), content), as_of=as_of, title="acme")


def as_said(log: Log) -> list[str]:
    """What each record says and where, whole numbers told from others."""
    return [f"{vars(each.definition)} {each.source.place('value')}" for each in log.records]


def line_by_line(files: dict[str, str], as_of: date) -> tuple[Workspace, Examination]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "read_log_table", lambda _: None)
        workspace = opened(files, as_of)
        return workspace, examine(workspace)


@pytest.mark.unmeasured
def test_random_logs_come_to_the_same_line_by_line() -> None:
    chance = random.Random(7)
    looked, passed, plans = 0, 0, set()
    for _ in range(200):
        files, as_of = a_workspace(chance), chance.choice(DAYS)
        slow, expected = line_by_line(files, as_of)
        workspace = opened(files, as_of)
        assert examine(workspace) == expected, files
        for log, other in zip(workspace.logs("2026-Q4"), slow.logs("2026-Q4"), strict=True):
            if log.document.table is not None:
                looked += 1
                assert (log.document, log.records) == (other.document, other.records)
                assert as_said(log) == as_said(other)
                assert facts_of(log, workspace) == facts_of(other, slow)
                passed += finds_nothing(log, workspace)
        plans |= {
            each.code for each in expected.diagnostics if each.finding.path == "okrs/2026-Q4/company.yaml"
        }
    assert looked > 100
    assert looked * 0.9 > passed > 40
    assert {"OKR420", "OKR515"} <= plans


NUMBERS = ("0", "1", "-3", "100", "1e-300", "2e-300", "0.1", "+30%", "-0%", "unknown", "1e15", '"7"', "null")
KEYS = ("from", "to", "commit", "stretch", "at_least", "at_most", "weight", "grade")
OTHERS = (
    "kpi: nps", "kpi: none", "unit: visits", "milestones: {a: 0.5, b: 1}", "milestones: {}", "grade_reason: so it was",
    "fron: 3", "tags: [a]", "tags: {a: b}", "next: keep", "owner: alice",
)  # fmt: skip


@pytest.mark.unmeasured
def test_a_key_result_measured_plainly_is_left_alone_by_rules_on_measures() -> None:
    chance = random.Random(3)
    rules = [rule for rule in catalogue() if rule.subject in {KeyResult, Document}]
    assert {rule.code for rule in rules} > JUDGED_OF_KEY_RESULTS
    plain = found = 0
    for _ in range(300):
        said = [f"{key}: {chance.choice(NUMBERS)}" for key in ("from", "to") if chance.random() < 0.95]
        said += [f"{key}: {chance.choice(NUMBERS)}" for key in KEYS[2:] if chance.random() < 0.05]
        said += [each for each in OTHERS if chance.random() < 0.04]
        text = (
            f"objectives:\n  - {{id: a, title: A, key_results: [{{id: b, title: B, {', '.join(said)}}}]}}\n"
        )
        workspace = opened(FILES | {"okrs/2026-Q4/company.yaml": text}, date(2026, 10, 20))
        workspace.load_everything()
        for plan in workspace.plans("2026-Q4"):
            for key_result in (each for objective in plan.objectives for each in objective.key_results):
                findings = [
                    finding
                    for rule in rules
                    if rule.code in JUDGED_OF_KEY_RESULTS
                    for finding in rule.findings(key_result, workspace, None)
                ]
                assert not (findings and is_measured_plainly(key_result)), text
                plain += is_measured_plainly(key_result)
                found += bool(findings)
            if not workspace.problems_of(plan.document):
                assert not any(
                    [*rule.findings(plan.document, workspace, None)]
                    for rule in rules
                    if rule.subject is Document
                )
    assert plain > 30 < found


def test_every_rule_on_logs_is_known_at_a_glance() -> None:
    assert {rule.code for rule in catalogue() if rule.subject in {Log, Record}} == JUDGED


def test_a_log_as_they_mostly_are_needs_no_look_at_its_lines() -> None:
    lines = "- {date: 2026-10-12, kr: brand/visits, value: 47500, confidence: 0.5, by: alice, note: Late}\n"
    plan = {"okrs/2026-Q4/company.yaml": PLAN.partition("      - {id: nps")[0]}
    workspace = opened(FILES | plan | {LOG: lines}, date(2026, 10, 20))
    codes = {each.code for each in examine(workspace).diagnostics}
    assert not codes & JUDGED
    (log,) = workspace.logs("2026-Q4")
    for thing, name in ((log, "records"), (log.document, "root")):
        with pytest.raises(AttributeError):
            object.__getattribute__(thing, name)  # what is there already
    assert [record.definition.kr for record in log.records] == ["brand/visits"]
    lines += """\
- {date: "2026-10-12T09:31:07+02:00", kr: brand/visits, retracts: 2026-10-12, by: alice}
- {date: "2026-10-12T09:31:07+02:00", kr: brand/visits, value: 47501, by: alice}
"""
    corrected = opened(FILES | plan | {LOG: lines}, date(2026, 10, 20))
    assert [finds_nothing(each, corrected) for each in corrected.logs("2026-Q4")] == [True]
    for thing in (log, log.document):
        with pytest.raises(AttributeError, match="nothing"):
            _ = thing.nothing
